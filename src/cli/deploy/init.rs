//! `deploy init`: a commented env file and a `wecubectl.toml`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::context::Context;
use crate::deploy::env::{OldInstance, starter};
use crate::deploy::host::{facts, files};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::report::{Cell, Column, RecordTable};
use crate::settings::{file_unreadable, template};

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    #[arg(value_name = "FILE", default_value = "upgrade.env")]
    file: PathBuf,
    #[arg(long, value_name = "FILE")]
    from_old: Option<PathBuf>,
    #[arg(long, value_name = "VERSION", default_value = "v4.0.0")]
    target: String,
}

/// Reads the old instance's file.
pub(super) fn read_old(path: &Path) -> Result<OldInstance, CommandError> {
    let text = fs_err::read_to_string(path)
        .map_err(|error| CommandError::usage(file_unreadable(path, &error)))?;
    OldInstance::read(&text).map_err(|_| {
        CommandError::usage(Text::new("env-old-unknown").with("path", path.display()))
            .hint(Text::new("env-old-unknown-hint"))
    })
}

/// Runs it.
pub(super) fn run(args: InitArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let old = args.from_old.as_deref().map(read_old).transpose()?;
    let config = args.file.with_file_name("wecubectl.toml");
    for path in [&args.file, &config] {
        if path.symlink_metadata().is_ok() {
            return Err(exists(path));
        }
    }
    let catalog = context.ui.catalog();
    let addresses = facts::addresses();
    let text = starter(old.as_ref(), &args.target, &addresses, &|text| {
        catalog.render(text)
    });
    let absolute = std::path::absolute(&args.file).unwrap_or_else(|_| args.file.clone());
    let named = toml::Value::from(absolute.display().to_string());
    let settings: String = template(catalog.lang())
        .lines()
        .map(|line| {
            if line.starts_with("#= env_file") {
                format!("env_file = {named}\n")
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    for (path, text) in [(&args.file, text.expose()), (&config, &settings)] {
        files::write_new(path, text).map_err(|trouble| {
            if trouble.error.kind() == std::io::ErrorKind::AlreadyExists {
                exists(path)
            } else {
                CommandError::new(Outcome::Failed, trouble.text())
            }
        })?;
    }
    let mut sheet = RecordTable::new("deploy init", "files", &[Column::Path, Column::Result]);
    for path in [&args.file, &config] {
        let created = files::Change::Created;
        sheet.row([
            Cell::words(path.display()),
            Cell::text(created.text(), created.as_str()),
        ]);
    }
    if let Some(old) = &old {
        sheet.section(
            "not_found",
            Text::new("env-init-lacks"),
            &[Column::Name, Column::Description],
        );
        for name in old.lacks() {
            let about = crate::deploy::env::variable(name);
            let about = about.map(|variable| Cell::text(variable.about(), name));
            sheet.row([Cell::words(name), about.unwrap_or_else(Cell::none)]);
        }
        if old.get("JWT_SIGNING_KEY").is_none() {
            context.ui.say(&Text::new("env-init-default-seed"));
        }
    }
    let ended = context.sheet(&sheet)?;
    context
        .ui
        .say(&Text::new("env-init-next").with("config", config.display()));
    Ok(ended)
}

fn exists(path: &Path) -> CommandError {
    CommandError::usage(Text::new("cli-config-exists").with("path", path.display()))
        .hint(Text::new("cli-config-exists-hint"))
}
