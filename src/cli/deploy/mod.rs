//! `deploy`: the steps before the main job, one file each.

mod all;
mod dirs;
mod engine;
mod gate;
mod images;
mod init;
mod lint;
mod migrate;
mod render;
mod status;
mod up;

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::args::GlobalArgs;
use super::context::Context;
use crate::deploy::env::{EnvFile, NameFault, Service, Values};
use crate::deploy::render::{RenderFault, Rendered, Template, own_templates};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::settings::file_unreadable;

#[derive(Debug, Subcommand)]
#[expect(
    clippy::large_enum_variant,
    reason = "made once, from the command line"
)]
pub(crate) enum DeployCommand {
    Init(init::InitArgs),
    Lint(lint::LintArgs),
    #[command(subcommand)]
    Migrate(migrate::MigrateCommand),
    Render(render::RenderArgs),
    #[command(subcommand)]
    Images(images::ImagesCommand),
    Dirs(dirs::DirsArgs),
    Up(up::UpArgs),
    Down(up::DownArgs),
    Status(status::StatusArgs),
    All(all::AllArgs),
}

impl DeployCommand {
    /// The name in JSON.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Init(_) => "deploy init",
            Self::Lint(_) => "deploy lint",
            Self::Migrate(_) => "deploy migrate",
            Self::Render(_) => "deploy render",
            Self::Images(command) => command.name(),
            Self::Dirs(_) => "deploy dirs",
            Self::Up(_) => "deploy up",
            Self::Down(_) => "deploy down",
            Self::Status(_) => "deploy status",
            Self::All(_) => "deploy all",
        }
    }
}

/// Runs a step.
pub(super) fn run(command: DeployCommand, context: &Context<'_>) -> Result<Outcome, CommandError> {
    match command {
        DeployCommand::Init(args) => init::run(args, context),
        DeployCommand::Lint(args) => lint::run(args, context),
        DeployCommand::Migrate(command) => migrate::run(command, context),
        DeployCommand::Render(args) => render::run(args, context),
        DeployCommand::Images(command) => images::run(command, context),
        DeployCommand::Dirs(args) => dirs::run(args, context),
        DeployCommand::Up(args) => up::up(args, context),
        DeployCommand::Down(args) => up::down(args, context),
        DeployCommand::Status(args) => status::run(args, context),
        DeployCommand::All(args) => all::run(args, context),
    }
}

/// The env file's path and values, and what is wrong with its names.
pub(super) struct Read {
    /// The env file.
    pub(super) path: PathBuf,
    /// Its values.
    pub(super) values: Values,
    /// Names that are missing, unknown or unused.
    pub(super) faults: Vec<NameFault>,
}

/// Reads the values of the env file that the flags or the configuration name.
pub(super) fn read(context: &Context<'_>) -> Result<Read, CommandError> {
    let (path, file) = context.files.env().ok_or_else(|| {
        CommandError::usage(Text::new("env-no-file")).hint(Text::new("env-no-file-hint"))
    })?;
    let (values, faults) = Values::read(file.clone());
    Ok(Read {
        path: path.to_owned(),
        values,
        faults,
    })
}

impl Read {
    /// The values, where nothing that must be given is missing. What nothing reads is a warning, but
    /// for names that `used` has.
    pub(super) fn complete(
        self,
        context: &Context<'_>,
        used: &[String],
    ) -> Result<Values, CommandError> {
        let missing = |fault: &&NameFault| matches!(fault, NameFault::Missing { .. });
        let messages: Vec<Text> = self
            .faults
            .iter()
            .filter(missing)
            .map(|fault| in_file(&self.path, fault.text()))
            .collect();
        for fault in self.faults.iter().filter(|fault| !missing(fault)) {
            let known = matches!(fault, NameFault::Unknown { name, .. } if used.contains(name));
            if !known {
                context.ui.warn(&in_file(&self.path, fault.text()));
            }
        }
        if messages.is_empty() {
            return Ok(self.values);
        }
        Err(CommandError {
            outcome: Outcome::Usage,
            messages,
            causes: Vec::new(),
            hints: vec![Text::new("env-missing-hint")],
        })
    }
}

/// The values of the env file where one is named, else what is so without one. What is wrong with a
/// file's names is `lint`'s to say.
pub(super) fn values_or_defaults(context: &Context<'_>) -> Values {
    let file = context.files.env().map(|(_, file)| file.clone());
    Values::read(file.unwrap_or_default()).0
}

/// The root of the deployment, absolute: of the flag, else of the env file, else the document's.
pub(super) fn root(flag: Option<&Path>, context: &Context<'_>) -> Result<PathBuf, CommandError> {
    let root = match flag {
        Some(root) => root.to_owned(),
        None => values_or_defaults(context).root(),
    };
    std::path::absolute(&root).map_err(|error| CommandError::usage(file_unreadable(&root, &error)))
}

/// A fault with the file that it is in.
pub(super) fn in_file(path: &Path, fault: Text) -> Text {
    Text::new("settings-env-fault")
        .with("path", path.display())
        .nested("fault", fault)
}

/// A file that could not be read as an env file, with the faults of its names too: all at once.
pub(super) fn with_names(mut error: CommandError, global: &GlobalArgs) -> CommandError {
    let text = global.env_file.as_ref().map(fs_err::read_to_string);
    if let (Some(path), Some(Ok(text))) = (&global.env_file, text) {
        let (file, faults) = EnvFile::read(&text);
        // The value of a line with a fault is not missing.
        let broken = |fault: &NameFault| match fault {
            NameFault::Missing { name, .. } => faults
                .iter()
                .any(|fault| fault.name.as_deref() == Some(*name)),
            NameFault::Unknown { .. } | NameFault::Unused { .. } => false,
        };
        let names = Values::read(file).1;
        let names = names.iter().filter(|fault| !broken(fault));
        error
            .messages
            .extend(names.map(|fault| in_file(path, fault.text())));
    }
    error
}

/// Our templates, or the operator's own four.
pub(super) fn templates(folder: Option<&Path>) -> Result<Vec<Template>, CommandError> {
    let Some(folder) = folder else {
        return Ok(own_templates());
    };
    let files = four_files(folder, Text::new("env-templates-hint"))?;
    let template = |(service, path, text): (Service, PathBuf, String)| Template {
        service,
        origin: path.display().to_string(),
        text,
    };
    Ok(files.into_iter().map(template).collect())
}

/// The four compose files of a folder; those that cannot be read are told all at once.
fn four_files(folder: &Path, hint: Text) -> Result<Vec<(Service, PathBuf, String)>, CommandError> {
    let (mut found, mut messages) = (Vec::new(), Vec::new());
    for service in Service::ALL {
        let path = folder.join(service.compose_file());
        match fs_err::read_to_string(&path) {
            Ok(text) => found.push((service, path, text)),
            Err(error) => messages.push(file_unreadable(&path, &error)),
        }
    }
    if messages.is_empty() {
        return Ok(found);
    }
    Err(CommandError {
        outcome: Outcome::Usage,
        messages,
        causes: Vec::new(),
        hints: vec![hint],
    })
}

/// The four compose files of the env file's values; every fault of the templates at once.
pub(super) fn rendered(
    context: &Context<'_>,
    folder: Option<&Path>,
) -> Result<(Values, Vec<Rendered>), CommandError> {
    let templates = templates(folder)?;
    let read = read(context)?;
    let done = crate::deploy::render::render(&templates, &read.values);
    let used: Vec<String> = match &done {
        Ok(done) => done.iter().flat_map(|one| one.used.clone()).collect(),
        Err(_) => Vec::new(),
    };
    let values = read.complete(context, &used)?;
    let done = done.map_err(|faults| CommandError {
        outcome: Outcome::Usage,
        messages: faults.iter().map(RenderFault::text).collect(),
        causes: Vec::new(),
        hints: Vec::new(),
    })?;
    Ok((values, done))
}

/// What this binary does where ssh starts it to be told a password.
pub(super) fn askpass(socket: &str) -> std::process::ExitCode {
    crate::deploy::host::ssh::answer(socket, &mut std::io::stdout().lock())
}
