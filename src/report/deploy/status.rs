//! `deploy status`.

use super::cells::{bad, good, message, optional};
use std::time::Duration;

use jiff::Timestamp;

use super::start::health_cell;
use crate::deploy::host::Container;
use crate::deploy::status::{CheckState, Status};
use crate::deploy::up::Deployment;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::report::block::Meaning;
use crate::report::columns::Column;
use crate::report::records::{Cell, RecordTable};
use crate::settings::show_duration;

/// The components, the checks, and go or no go.
pub fn status_table(
    command: &'static str,
    status: &Status,
    deployment: &Deployment,
) -> RecordTable {
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
    let mut table = RecordTable::new(command, "containers", &columns);
    for one in &status.components {
        let container = one.container.as_ref();
        let words = |of: fn(&Container) -> &str| {
            container.map_or_else(Cell::none, |it| Cell::plain(of(it)))
        };
        let tag = one.image.rsplit_once(':').map(|(_, tag)| tag);
        table.row([
            Cell::plain(one.component),
            words(|it| &it.name),
            Cell::plain(&one.image),
            optional(tag),
            words(|it| &it.status),
            one.health.as_ref().map_or_else(Cell::none, health_cell),
            Cell::plain(&one.address),
            age(container),
        ]);
    }
    let title = Text::new("deploy-status-checks");
    let columns = [Column::Check, Column::Result, Column::Reason];
    table.section("checks", title, &columns);
    for check in &status.checks {
        let result = match check.state {
            CheckState::Good => good(Text::new("deploy-check-good"), "good"),
            CheckState::Bad => bad(Text::new("deploy-check-bad"), "bad"),
            CheckState::NotTested => {
                let text = Text::new("deploy-check-not-tested");
                Cell::text(text, "not_tried").meaning(Meaning::Quiet)
            }
        };
        table.row([
            Cell::text(check.kind.message(), check.kind.as_str()),
            result,
            message(check.message.clone()),
        ]);
    }
    let Some(first) = status.failed().next() else {
        let tested = |state: CheckState| state != CheckState::NotTested;
        let verdict = if status.checks.iter().all(|check| tested(check.state)) {
            Text::new("deploy-status-go")
        } else {
            Text::new("deploy-status-go-without-login").with("flags", deployment.flags())
        };
        return table.verdict(Meaning::Good, verdict);
    };
    let verdict = match status.failed().count() {
        1 => Text::new("deploy-status-no-go"),
        count => Text::new("deploy-status-no-go-more").with("count", count),
    };
    let verdict = verdict.nested("first", first.message.clone());
    table
        .verdict(Meaning::Bad, verdict)
        .outcome(Outcome::Findings)
}

/// How long a container's process has been running.
fn age(container: Option<&Container>) -> Cell {
    let running = container.filter(|container| container.is_running());
    let started = running.and_then(|it| it.started_at.parse::<Timestamp>().ok());
    let Some(started) = started else {
        return Cell::none();
    };
    let seconds = Timestamp::now().as_second() - started.as_second();
    let seconds = u64::try_from(seconds).unwrap_or(0);
    let rounded = match seconds {
        0..120 => seconds,
        120..7200 => seconds / 60 * 60,
        _ => seconds / 3600 * 3600,
    };
    Cell::localised(show_duration(Duration::from_secs(rounded)), seconds)
}
