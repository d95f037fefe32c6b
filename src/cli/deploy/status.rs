//! `deploy status`: the four, and go or no go.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::engine::EngineArgs;
use super::images::interrupted;
use super::up::{DeploymentArgs, Scene, health_cell};
use crate::cli::context::Context;
use crate::cli::runtime;
use crate::deploy::host::Container;
use crate::deploy::status::{CheckState, Login, Status, look};
use crate::domain::Address;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::report::{Cell, Column, Meaning, RecordTable};
use crate::secret::{Secret, read_secret};
use crate::settings::{parse_address, show_duration};

#[derive(Clone, Debug, Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    #[command(flatten)]
    pub(crate) deployment: DeploymentArgs,
    #[arg(long, value_name = "USER", requires = "password_file")]
    pub(crate) login: Option<String>,
    #[arg(long, value_name = "FILE", requires = "login")]
    pub(crate) password_file: Option<PathBuf>,
    #[arg(long, value_name = "URL")]
    pub(crate) balancer: Option<String>,
}

/// What `--login` and `--balancer` come to.
pub(super) struct Asked {
    user: Option<String>,
    password: Option<Secret>,
    /// The load balancer.
    pub(super) balancer: Option<Address>,
}

impl Asked {
    /// Who signs in, where somebody is to.
    pub(super) fn as_login(&self) -> Option<Login<'_>> {
        match (&self.user, &self.password) {
            (Some(user), Some(password)) => Some(Login { user, password }),
            _ => None,
        }
    }
}

impl StatusArgs {
    /// Reads the password and the address.
    pub(super) fn login(&self, context: &Context<'_>) -> Result<Asked, CommandError> {
        let password = self.password_file.as_deref();
        let balancer = self.balancer.as_deref().map(parse_address).transpose();
        Ok(Asked {
            user: self.login.clone(),
            password: password
                .map(|path| read_password(path, context))
                .transpose()?,
            balancer: balancer.map_err(|error| CommandError::usage(error.text()))?,
        })
    }
}

/// Runs it.
pub(super) fn run(args: StatusArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let asked = args.login(context)?;
    let looked = async {
        let scene = Scene::open(&args.engine, &args.deployment, context).await?;
        let (prepared, conflicts) = scene.survey().await?;
        let balancer = asked.balancer.as_ref();
        Ok(look(&prepared, &conflicts, asked.as_login(), balancer).await)
    };
    let status = runtime::block_on_told(looked, interrupted)?;
    context.sheet(&sheet("deploy status", &status, context))
}

/// The password of a file that nobody else may read.
fn read_password(path: &std::path::Path, context: &Context<'_>) -> Result<Secret, CommandError> {
    let (secret, wide) = read_secret(path).map_err(|error| CommandError::usage(error.text()))?;
    match wide {
        None => Ok(secret),
        Some(wide) => {
            context.ui.warn(&wide.text());
            Err(
                CommandError::usage(Text::new("deploy-password-wide").with("path", path.display()))
                    .hint(Text::new("deploy-password-wide-hint").with("path", path.display())),
            )
        }
    }
}

/// The page: the four, what was looked at, and one last line.
pub(super) fn sheet(command: &'static str, status: &Status, context: &Context<'_>) -> RecordTable {
    let columns = [
        Column::Component,
        Column::Container,
        Column::Image,
        Column::Version,
        Column::Status,
        Column::Health,
        Column::Address,
        Column::Age,
    ];
    let mut sheet = RecordTable::new(command, "containers", &columns);
    for row in &status.rows {
        let container = row.container.as_ref();
        let health = row
            .health
            .as_ref()
            .map_or_else(Cell::none, |answer| health_cell(answer).0);
        let tag = row.image.rsplit_once(':').map(|(_, tag)| tag);
        sheet.row([
            Cell::words(row.component),
            container.map_or_else(Cell::none, |one| Cell::words(&one.name)),
            Cell::words(&row.image),
            tag.map_or_else(Cell::none, Cell::words),
            container.map_or_else(Cell::none, |one| Cell::words(&one.status)),
            health,
            Cell::words(&row.address),
            age(container),
        ]);
    }
    sheet.section(
        "checks",
        Text::new("deploy-status-checks"),
        &[Column::Check, Column::Result, Column::Reason],
    );
    for check in &status.checks {
        let (result, machine, meaning) = match check.state {
            CheckState::Good => (Text::new("deploy-check-good"), "good", Meaning::Good),
            CheckState::Bad => (Text::new("deploy-check-bad"), "bad", Meaning::Bad),
            CheckState::NotTried => (
                Text::new("deploy-check-not-tried"),
                "not_tried",
                Meaning::Quiet,
            ),
        };
        let words = context.ui.catalog().render(&check.text);
        let english = crate::i18n::Catalog::new(crate::i18n::Lang::En).render(&check.text);
        sheet.row([
            Cell::words(check.what),
            Cell::text(result, machine).meaning(meaning),
            Cell::shown(words, english),
        ]);
    }
    if status.is_go() {
        let tried = status
            .checks
            .iter()
            .all(|check| check.state != CheckState::NotTried);
        let last = if tried {
            Text::new("deploy-status-go")
        } else {
            Text::new("deploy-status-go-without-login")
        };
        sheet.outcome(Outcome::Ok).verdict(Meaning::Good, last)
    } else {
        let reasons = status.reasons();
        let catalog = context.ui.catalog();
        let first = reasons.first().map(|check| catalog.render(&check.text));
        let first = first.unwrap_or_default();
        let last = if reasons.len() == 1 {
            Text::new("deploy-status-no-go").with("first", first)
        } else {
            Text::new("deploy-status-no-go-more")
                .with("first", first)
                .with("count", reasons.len())
        };
        sheet.outcome(Outcome::Findings).verdict(Meaning::Bad, last)
    }
}

/// How long its process runs.
fn age(container: Option<&Container>) -> Cell {
    let runs = container.filter(|container| container.runs());
    let started = runs.and_then(|container| container.started_at.parse::<Timestamp>().ok());
    let Some(started) = started else {
        return Cell::none();
    };
    let seconds = Timestamp::now()
        .as_second()
        .saturating_sub(started.as_second());
    let seconds = u64::try_from(seconds).unwrap_or(0);
    let rounded = match seconds {
        0..120 => seconds,
        120..7200 => seconds / 60 * 60,
        _ => seconds / 3600 * 3600,
    };
    Cell::shown(
        show_duration(std::time::Duration::from_secs(rounded)),
        seconds,
    )
}
