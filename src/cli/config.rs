//! `config init` and `config show`.

use std::path::Path;

use super::args::{ConfigCommand, OutputArg};
use super::context::Context;
use super::errors::UsageError;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::files::{Access, create};
use crate::i18n::Text;
use crate::report::{Cell, Column, RecordTable};
use crate::settings::template;

/// Runs a configuration command.
pub(super) fn run(command: ConfigCommand, context: &Context<'_>) -> Result<Outcome, CommandError> {
    match command {
        ConfigCommand::Init { file } => init(&file, context),
        ConfigCommand::Show { connect, select } => {
            let settings = context.settings(connect, Some(select))?;
            let mut sheet = RecordTable::new(
                "config show",
                "settings",
                &[Column::Key, Column::Value, Column::Source],
            );
            for effective in &settings.effective {
                let source = context.ui.catalog().render(&effective.source.text());
                sheet.row([
                    Cell::plain(&effective.key),
                    Cell::plain(&effective.value),
                    Cell::localised(source, effective.source.as_str()),
                ]);
            }
            context.show_table(&sheet)
        }
    }
}

/// Writes the template, 0600, and never over a file that is there.
fn init(path: &Path, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let text = template(context.ui.catalog().lang());
    create(path, text.as_bytes(), Access::Private).map_err(|error| match error.kind() {
        Some(std::io::ErrorKind::AlreadyExists) => UsageError::ConfigExists(path.to_owned()).into(),
        _ => CommandError::from(error),
    })?;
    let written = Text::new("cli-config-written").with("path", path.display());
    context.ui.notice(&written);
    if context.output() == OutputArg::Table {
        return Ok(Outcome::Ok);
    }
    let mut sheet = RecordTable::new("config init", "files", &[Column::Path]);
    sheet.row([Cell::plain(path.display())]);
    context.show_table(&sheet)
}
