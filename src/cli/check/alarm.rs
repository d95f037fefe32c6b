//! Tells somebody else: a command of the operator's, and a URL that expects to be requested.

use std::path::Path;
use std::time::Duration;

use super::super::context::Context;
use super::super::{runtime, session};
use crate::deploy::host::Program;
use crate::error::{CommandError, Failure as _};
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::platform::{Trust, ping};
use crate::report::CheckReport;
use crate::secret::{Secret, read_secret};
use crate::settings::Settings;

/// The longest that a command of `--notify` may run.
const NOTIFY: Duration = Duration::from_mins(1);

/// Runs the command of `--notify` with the findings on its standard input; whether it ended with 0. That
/// it did not is a warning.
pub(super) fn notify(
    command: &str,
    report: &CheckReport<'_>,
    context: &Context<'_>,
) -> Result<bool, CommandError> {
    let catalog = context.ui.catalog();
    let shell = Program::new("sh")
        .arg("-c")
        .input(report.findings_alone(catalog, context.look()))
        .env("WECUBECTL_SUBJECT", &report.subject(catalog))
        .env("WECUBECTL_PAIR", report.name.unwrap_or_default())
        .env(
            "WECUBECTL_EXIT_CODE",
            &report.results.outcome().code().to_string(),
        );
    let ran = runtime::block_on(async { Ok(shell.run(&[command], NOTIFY).await) })?;
    let cause = match ran {
        Ok(ran) if ran.is_ok() => return Ok(true),
        Ok(ran) => Text::new("monitor-notify-ended")
            .with("code", ran.code.map_or("-".to_owned(), |it| it.to_string()))
            .with("lines", ran.last_lines()),
        Err(error) => error.message(),
    };
    context
        .ui
        .warn(&Text::new("monitor-notify").nested("cause", cause));
    Ok(false)
}

/// The URL could not be read, which has been said.
pub(super) struct Unread;

/// The URL of `--ping-file`, or of the configuration. That it cannot be read is a warning.
pub(super) fn ping_url(
    typed: Option<&Path>,
    context: &Context<'_>,
) -> Result<Option<Secret>, Unread> {
    let Some(path) = typed.or(context.files.ping_file()) else {
        return Ok(None);
    };
    match read_secret(path) {
        Ok((url, loose)) => {
            if let Some(loose) = loose {
                context.ui.warn(&loose.text());
            }
            Ok(Some(url))
        }
        Err(error) => {
            context
                .ui
                .warn(&Text::new("monitor-ping").nested("cause", error.message()));
            Err(Unread)
        }
    }
}

/// Requests the URL after a run that ended like this; whether that succeeded. It changes no result.
pub(super) fn send_ping(
    url: &Secret,
    outcome: Outcome,
    settings: Option<&Settings>,
    context: &Context<'_>,
) -> bool {
    if outcome == Outcome::Locked {
        return true;
    }
    let trust = settings.and_then(|settings| session::trust(settings).ok());
    let trust = trust.unwrap_or(Trust::SYSTEM);
    let sent = runtime::block_on(async { Ok(ping(url, outcome.code() == 0, &trust).await) });
    let cause = match sent {
        Ok(Ok(())) => return true,
        Ok(Err(Some(cause))) => Some(cause.message()),
        Ok(Err(None)) => Some(Text::new("monitor-ping-url")),
        Err(error) => error.messages.into_iter().next(),
    };
    let cause = cause.unwrap_or_else(|| Text::new("monitor-interrupted"));
    context
        .ui
        .warn(&Text::new("monitor-ping").nested("cause", cause));
    false
}
