//! `deploy init`: writes a commented env file and a `wecubectl.toml`.

use std::io;
use std::path::PathBuf;

use clap::Args;

use super::env_input::OldArgs;
use super::errors::DeployInputError;
use crate::cli::context::Context;
use crate::deploy::env::starter;
use crate::deploy::host::facts;
use crate::deploy::old::OldInstance;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::files::{Access, create};
use crate::i18n::Text;
use crate::report::deploy::InitReport;
use crate::settings::template;

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    #[arg(value_name = "FILE", default_value = "upgrade.env")]
    file: PathBuf,
    #[command(flatten)]
    old: OldArgs,
    #[arg(long, value_name = "VERSION", default_value = "v4.0.0")]
    target: String,
}

pub(super) fn run(args: &InitArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let old = args.old.read(context)?;
    let config = args.file.with_file_name("wecubectl.toml");
    for path in [&args.file, &config] {
        if path.symlink_metadata().is_ok() {
            return Err(DeployInputError::Exists(path.clone()).into());
        }
    }
    let catalog = context.ui.catalog();
    let addresses = facts::reachable_addresses();
    let known = |name: &str| old.as_ref()?.get(name).cloned();
    let env = starter(&known, &args.target, &addresses, &|text| {
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
    for (path, text) in [(&args.file, env.expose()), (&config, &settings)] {
        create(path, text.as_bytes(), Access::Private).map_err(|error| match error.kind() {
            Some(io::ErrorKind::AlreadyExists) => DeployInputError::Exists(path.clone()).into(),
            _ => CommandError::from(error),
        })?;
    }
    if old.as_ref().is_some_and(OldInstance::has_built_in_seed) {
        context.ui.warn(&Text::new("env-init-default-seed"));
    }
    let report = InitReport {
        env_file: &args.file,
        config: &config,
        old: old.as_ref(),
    };
    context.show_table(&report.table())
}
