//! `token mint` and `token inspect`.

use std::path::Path;
use std::time::SystemTime;

use super::args::{ConnectArgs, OutputArg, TokenCommand};
use super::context::Context;
use super::{runtime, seeds, session};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::{Lang, Text};
use crate::platform::token::{Identity, Inspection, inspect, mint};
use crate::report::{Cell, Column, RecordTable};
use crate::secret::Secret;
use crate::settings::SeedSource;

/// Runs a token command.
pub(super) fn run(command: TokenCommand, context: &Context<'_>) -> Result<Outcome, CommandError> {
    match command {
        TokenCommand::Mint { part, offline } => {
            let side = part.side.side();
            let settings = context.settings_of_reads(part.connect, None)?;
            let keys = seeds::keys(&settings, &[side], context)?;
            let offline_key = keys
                .of(side)
                .filter(|_| offline || settings.side(side).is_none());
            let token = if let Some(key) = offline_key {
                let identity = Identity::new(&settings.user, &settings.authorities)?;
                mint(key, &identity, SystemTime::now())?.token
            } else {
                runtime::block_on(session::token(&settings, &keys, side))?
            };
            print(&token, context)
        }
        TokenCommand::Inspect { file, seed_file } => {
            let settings = context.settings(ConnectArgs::default(), None)?;
            let seed = seed_file.map(SeedSource::File).or(settings.seed);
            let key = seed.map(|seed| seeds::key_of(&seed, context)).transpose()?;
            let token = read(&file, context)?;
            let inspection = inspect(token.expose(), SystemTime::now(), key.as_ref());
            context.show_table(&sheet(&inspection, context))
        }
    }
}

/// The one place that prints a token: its purpose. Only to standard output, alone on its line.
fn print(token: &Secret, context: &Context<'_>) -> Result<Outcome, CommandError> {
    if context.output() == OutputArg::Table {
        context.data(&format!("{}\n", token.expose()))?;
        context.ui.notice(&Text::new("cli-token-minted"));
        return Ok(Outcome::Ok);
    }
    let mut sheet = RecordTable::new("token mint", "tokens", &[Column::Token]);
    sheet.row([Cell::plain(token.expose())]);
    context.show_table(&sheet)
}

fn read(path: &Path, context: &Context<'_>) -> Result<Secret, CommandError> {
    seeds::read(&SeedSource::File(path.to_owned()), context)
}

fn sheet(inspection: &Inspection, context: &Context<'_>) -> RecordTable {
    let catalog = context.ui.catalog();
    let mut sheet = RecordTable::new(
        "token inspect",
        "checks",
        &[Column::Verifier, Column::Accepted, Column::Reason],
    );
    for verdict in &inspection.verdicts {
        let reasons = verdict.reasons();
        let reasons = reasons.iter().map(|reason| catalog.render(reason));
        let why: Vec<String> = reasons.collect();
        sheet.row([
            Cell::plain(verdict.reader.as_str()),
            Cell::flag(verdict.refusals.is_empty()),
            Cell::plain(why.join(if context.ui.catalog().lang() == Lang::Zh {
                "；"
            } else {
                "; "
            })),
        ]);
    }
    sheet.section(
        "claims",
        Text::new("cli-token-claims"),
        &[Column::Name, Column::Value],
    );
    if let Some(algorithm) = &inspection.algorithm {
        sheet.row([Cell::plain("alg"), Cell::plain(algorithm)]);
    }
    for (name, value) in &inspection.claims {
        let shown = match value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        sheet.row([Cell::plain(name), Cell::plain(shown)]);
    }
    if let Some(ours) = inspection.signed_by_key {
        sheet.row([
            Cell::text(Text::new("cli-token-signed"), "signed_by_seed"),
            Cell::flag(ours),
        ]);
    }
    sheet
}
