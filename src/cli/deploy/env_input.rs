//! The env file, the templates, and the root directory of a deployment.

use std::path::{Path, PathBuf};

use clap::Args;

use super::errors::DeployInputError;
use crate::cli::args::GlobalArgs;
use crate::cli::context::Context;
use crate::deploy::env::{EnvFile, NameFault, Service, ValueFault, Values};
use crate::deploy::old::{OldFile, OldInstance};
use crate::deploy::render::{
    RenderFault, Rendered, Template, builtin_templates, placeholders, render, unset_by,
};
use crate::error::CommandError;
use crate::files::{FileError, MIB, read_text};
use crate::i18n::Text;
use crate::secret::{LooseMode, read_private};

/// The env file and its values.
pub(super) struct EnvInput {
    /// The env file.
    pub(super) path: PathBuf,
    /// Its mode, if others on the host may use it.
    pub(super) wide_mode: Option<u32>,
    /// Its values.
    pub(super) values: Values,
    /// Names that are missing, unknown or unused.
    pub(super) faults: Vec<NameFault>,
}

/// Reads the env file of the flags or the configuration.
pub(super) fn read_env(context: &Context<'_>) -> Result<EnvInput, CommandError> {
    let (path, file) = context.files.env().ok_or(DeployInputError::NoEnvFile)?;
    let (values, faults) = Values::read(file.clone());
    Ok(EnvInput {
        path: path.to_owned(),
        wide_mode: context.files.loose_env().map(|loose| loose.mode),
        values,
        faults,
    })
}

impl EnvInput {
    /// Leaves out the faults of names that the templates make none: a variable of one's own that a
    /// template names, a required one that no template names.
    pub(super) fn for_templates(mut self, templates: &[Template]) -> Self {
        let named = placeholders(templates);
        self.faults.retain(|fault| match fault {
            // Others are derived from these.
            NameFault::Missing { name, .. } => {
                ["HOSTIP", "WECUBE_VERSION"].contains(name) || named.contains(*name)
            }
            NameFault::Unknown { name, .. } => !named.contains(name),
            NameFault::Unused { .. } => true,
        });
        self
    }

    /// The values; an error if required ones are missing. Warns about other faults of names.
    fn complete(self, context: &Context<'_>) -> Result<Values, CommandError> {
        let mut missing = Vec::new();
        for fault in &self.faults {
            let message = in_file(&self.path, fault);
            match fault {
                NameFault::Missing { .. } => missing.push(message),
                NameFault::Unknown { .. } | NameFault::Unused { .. } => context.ui.warn(&message),
            }
        }
        let wrong = self.values.faults();
        if missing.is_empty() && !wrong.is_empty() {
            let at = |fault: &ValueFault| match fault.line {
                Some(line) => Text::new("env-fault-at-line").with("line", line),
                None => Text::new("env-fault-in-file"),
            };
            let message = |fault: &ValueFault| {
                at(fault)
                    .with("path", self.path.display())
                    .nested("fault", fault.message.clone())
            };
            return Err(DeployInputError::WrongValues(wrong.iter().map(message).collect()).into());
        }
        if missing.is_empty() {
            Ok(self.values)
        } else {
            Err(DeployInputError::MissingVariables(missing).into())
        }
    }
}

/// The values of the env file, or the defaults without one. Lint reports faults of its names.
pub(super) fn values_or_defaults(context: &Context<'_>) -> Values {
    let file = context.files.env().map(|(_, file)| file.clone());
    Values::read(file.unwrap_or_default()).0
}

/// The absolute root of the deployment: from the flag, else from the env file, else the default.
pub(super) fn root(flag: Option<&Path>, context: &Context<'_>) -> Result<PathBuf, CommandError> {
    let root = match flag {
        Some(root) => root.to_owned(),
        None => values_or_defaults(context).root(),
    };
    Ok(std::path::absolute(&root).map_err(|error| FileError::reading(&root, error))?)
}

/// Flags that name the files of the old instance.
#[derive(Clone, Debug, Args)]
pub(crate) struct OldArgs {
    #[arg(long, value_name = "FILE")]
    from_old: Vec<PathBuf>,
    #[arg(long, value_name = "FILE", requires = "from_old")]
    old_env_file: Option<PathBuf>,
}

impl OldArgs {
    /// Reads the files; `None` if none is given.
    pub(super) fn read(&self, context: &Context<'_>) -> Result<Option<OldInstance>, CommandError> {
        let read = |path: &Path| private_text(path, &|loose| context.ui.warn(&loose.text()));
        let file = |path: &PathBuf| -> Result<OldFile, FileError> {
            let (path, text) = (path.clone(), read(path)?);
            Ok(OldFile { path, text })
        };
        let files = self
            .from_old
            .iter()
            .map(file)
            .collect::<Result<Vec<_>, _>>()?;
        let env_file = self.old_env_file.as_ref().map(file).transpose()?;
        let named = |path: &Path| match read(path) {
            Err(error) if error.kind() == Some(std::io::ErrorKind::NotFound) => Ok(None),
            text => text.map(Some),
        };
        if files.is_empty() {
            return Ok(None);
        }
        let old = OldInstance::read(&files, env_file.as_ref(), &named);
        Ok(Some(old.map_err(DeployInputError::OldInstance)?))
    }
}

/// Reads a text with secrets in it; `loose` is told if others may read it too.
fn private_text(path: &Path, loose: &dyn Fn(&LooseMode)) -> Result<String, FileError> {
    let (bytes, mode) = read_private(path, MIB)?;
    if let Some(mode) = &mode {
        loose(mode);
    }
    String::from_utf8(bytes).map_err(|_| FileError::reading(path, std::io::ErrorKind::InvalidData))
}

fn in_file(path: &Path, fault: &NameFault) -> Text {
    let message = match fault.line() {
        Some(line) => Text::new("env-fault-at-line").with("line", line),
        None => Text::new("env-fault-in-file"),
    };
    message
        .with("path", path.display())
        .nested("fault", fault.message())
}

/// Adds the faults of the env file's names to the error of a file that cannot be parsed, so that all
/// are reported at once.
pub(crate) fn with_name_faults(mut error: CommandError, global: &GlobalArgs) -> CommandError {
    let text = global.env_file.as_deref().map(|path| read_text(path, MIB));
    if let (Some(path), Some(Ok(text))) = (&global.env_file, text) {
        let (file, faults) = EnvFile::read(&text);
        // A variable whose line has a fault is not missing.
        let reported = |name: &NameFault| {
            matches!(name, NameFault::Missing { name, .. }
                if faults.iter().any(|fault| fault.name.as_deref() == Some(*name)))
        };
        let names = Values::read(file).1;
        let names = names.iter().filter(|name| !reported(name));
        let messages = names.map(|name| in_file(path, name));
        error.messages.extend(messages);
    }
    error
}

/// The four compose files of a directory. Reports all that cannot be read at once, and those that
/// others may read to `loose`.
pub(super) fn compose_files(
    folder: &Path,
    hint: Text,
    loose: impl Fn(&LooseMode),
) -> Result<Vec<(Service, PathBuf, String)>, CommandError> {
    let (mut found, mut unreadable) = (Vec::new(), Vec::new());
    for service in Service::ALL {
        let path = folder.join(service.compose_file());
        match private_text(&path, &loose) {
            Ok(text) => found.push((service, path, text)),
            Err(error) => unreadable.push(error),
        }
    }
    if unreadable.is_empty() {
        Ok(found)
    } else {
        Err(DeployInputError::Files(unreadable, hint).into())
    }
}

/// The built-in templates, or those of a directory.
pub(super) fn templates(folder: Option<&Path>) -> Result<Vec<Template>, CommandError> {
    let Some(folder) = folder else {
        return Ok(builtin_templates());
    };
    // Templates hold no secrets.
    let files = compose_files(folder, Text::new("env-templates-hint"), |_| {})?;
    let template = |(service, path, text): (Service, PathBuf, String)| Template {
        service,
        origin: path.display().to_string(),
        text,
    };
    Ok(files.into_iter().map(template).collect())
}

/// Renders the four compose files from the env file. Reports all faults of the templates at once.
pub(super) fn render_files(
    context: &Context<'_>,
    folder: Option<&Path>,
) -> Result<(Values, Vec<Rendered>), CommandError> {
    let templates = templates(folder)?;
    let input = read_env(context)?.for_templates(&templates);
    let rendered = render(&templates, &input.values);
    for (service, name) in unset_by(&templates, input.values.version()) {
        let message = Text::new("env-lint-template-lacks").with("service", service);
        context.ui.warn(&message.with("name", name));
    }
    let values = input.complete(context)?;
    let messages = |faults: Vec<RenderFault>| faults.iter().map(RenderFault::message).collect();
    let rendered = rendered.map_err(|faults| DeployInputError::Templates(messages(faults)))?;
    Ok((values, rendered))
}
