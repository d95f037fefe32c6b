//! `deploy up` and `deploy down`.

use super::cells::{bad, good, message};
use crate::deploy::env::Service;
use crate::deploy::host::Container;
use crate::deploy::up::record::StartedContainer;
use crate::deploy::up::{ComponentOutcome, StartAction, StartPlan, StartReport, StartResult};
use crate::domain::Address;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::platform::HealthAnswer;
use crate::report::block::Meaning;
use crate::report::columns::Column;
use crate::report::records::{Cell, RecordTable};

/// How a start ended.
pub fn start_outcome(report: &StartReport) -> Outcome {
    let good = report.outcomes.iter().filter(|one| is_good(one)).count();
    let kept = |one: &ComponentOutcome| one.action == StartAction::Keep;
    if report.record_failed.is_some() {
        Outcome::Failed
    } else if good == report.outcomes.len() {
        if report.outcomes.iter().all(kept) {
            Outcome::NothingToDo
        } else {
            Outcome::Ok
        }
    } else if good > 0 {
        Outcome::Partial
    } else {
        Outcome::Failed
    }
}

fn is_good(outcome: &ComponentOutcome) -> bool {
    outcome.result.as_ref().is_some_and(StartResult::is_good)
}

/// A start: the components, the log of a failed one, the addresses for a load balancer.
pub fn start_table(
    command: &'static str,
    report: &StartReport,
    plan: &StartPlan,
    balancer: Option<&(Address, HealthAnswer)>,
) -> RecordTable {
    let columns = [
        Column::Component,
        Column::Container,
        Column::Id,
        Column::Action,
        Column::Result,
        Column::Reason,
    ];
    let mut table = RecordTable::new(command, "containers", &columns);
    for one in &report.outcomes {
        let (result, reason) = result_cells(one.result.as_ref());
        let action = match one.action {
            StartAction::Keep => Cell::text(Text::new("deploy-action-keep"), "keep"),
            StartAction::Create => Cell::text(Text::new("deploy-action-create"), "start"),
            StartAction::Recreate => Cell::text(Text::new("deploy-action-recreate"), "renew"),
        };
        let [name, id] = container_cells(one.container.as_ref());
        table.row([Cell::plain(one.component), name, id, action, result, reason]);
    }
    for one in report.outcomes.iter().filter(|one| !one.log.is_empty()) {
        let title = Text::new("deploy-log-title").with("component", one.component);
        table.section("log", title, &[Column::Text]);
        for line in &one.log {
            table.row([Cell::plain(line)]);
        }
    }
    let columns = [Column::Component, Column::Address, Column::Result];
    let title = Text::new("deploy-addresses-title");
    table.section("addresses", title, &columns);
    for unit in &plan.units {
        if matches!(unit.component, Service::Portal | Service::Gateway) {
            table.row([
                Cell::plain(unit.component),
                Cell::plain(&unit.endpoint.address),
                Cell::none(),
            ]);
        }
    }
    let mut outcome = start_outcome(report);
    let mut verdict = start_verdict(report, plan);
    if let Some((address, answer)) = balancer {
        table.row([
            Cell::text(Text::new("deploy-balancer"), "balancer"),
            Cell::plain(address),
            health_cell(answer),
        ]);
        if !matches!(answer, HealthAnswer::Healthy { .. }) {
            outcome = Outcome::Partial;
            verdict = Text::new("deploy-up-balancer-failed").with("address", address);
        }
    }
    let meaning = if outcome.code() == 0 {
        Meaning::Good
    } else {
        Meaning::Bad
    };
    table.verdict(meaning, verdict).outcome(outcome)
}

fn start_verdict(report: &StartReport, plan: &StartPlan) -> Text {
    let failed = report.outcomes.iter().find(|one| !is_good(one));
    match failed {
        None if start_outcome(report) == Outcome::NothingToDo => {
            Text::new("deploy-up-nothing").count("count", report.outcomes.len())
        }
        None => Text::new("deploy-up-done")
            .count("count", report.outcomes.len())
            .with("flags", plan.deployment.flags()),
        Some(failed) => {
            let good = report.outcomes.iter().filter(|one| is_good(one)).count();
            let result = failed.result.as_ref().map(StartResult::message);
            Text::new("deploy-up-failed")
                .with("component", failed.component)
                .nested(
                    "result",
                    result.unwrap_or_else(|| Text::new("deploy-start-not-reached")),
                )
                .count("good", good)
                .with("count", report.outcomes.len())
        }
    }
}

fn result_cells(result: Option<&StartResult>) -> (Cell, Cell) {
    let Some(result) = result else {
        let text = Text::new("deploy-start-not-reached");
        let cell = Cell::text(text, "not_reached").meaning(Meaning::Quiet);
        return (cell, Cell::none());
    };
    let cell = Cell::text(result.message(), result.as_str());
    if result.is_good() {
        (cell.meaning(Meaning::Good), Cell::none())
    } else {
        (cell.meaning(Meaning::Bad), message(result.hint()))
    }
}

fn container_cells(container: Option<&Container>) -> [Cell; 2] {
    match container {
        None => [Cell::none(), Cell::none()],
        Some(one) => [
            Cell::plain(&one.name),
            Cell::localised(one.short_id(), &one.id),
        ],
    }
}

/// A health answer.
pub(super) fn health_cell(answer: &HealthAnswer) -> Cell {
    match answer {
        HealthAnswer::Healthy { version } => {
            let text = match version {
                Some(version) => Text::new("deploy-start-healthy-version").with("version", version),
                None => Text::new("deploy-start-healthy"),
            };
            good(text, "healthy")
        }
        HealthAnswer::Silent(words) => {
            let text = Text::new("deploy-health-silent").nested("words", words.message());
            bad(text, "silent")
        }
        HealthAnswer::Wrong(words) => {
            let text = Text::new("deploy-start-wrong-answer").nested("words", words.message());
            bad(text, "wrong_answer")
        }
    }
}

/// The containers that `deploy rollback` stopped, and those that it started again.
pub fn rolled_back_table(stopped: &[Container], started: &[Container]) -> RecordTable {
    let columns = [Column::Container, Column::Id, Column::Result];
    let mut table = RecordTable::new("deploy rollback", "containers", &columns);
    let mut row = |container: &Container, result: Cell| {
        let [name, id] = container_cells(Some(container));
        table.row([name, id, result]);
    };
    for container in stopped {
        let stopped = Text::new("deploy-rollback-stopped");
        row(container, good(stopped, "stopped"));
    }
    for container in started {
        let result = if container.is_running() {
            good(Text::new("deploy-rollback-runs"), "runs")
        } else {
            bad(Text::new("deploy-rollback-ended"), "ended")
        };
        row(container, result);
    }
    let ended = started.iter().filter(|one| !one.is_running()).count();
    if started.is_empty() {
        table
            .verdict(Meaning::Good, Text::new("deploy-rollback-nothing"))
            .outcome(Outcome::NothingToDo)
    } else if ended > 0 {
        let verdict = Text::new("deploy-rollback-failed").count("count", ended);
        table
            .verdict(Meaning::Bad, verdict)
            .outcome(Outcome::Failed)
    } else {
        let verdict = Text::new("deploy-rollback-done").count("count", started.len());
        table.verdict(Meaning::Good, verdict)
    }
}

/// The containers that `deploy down` removed.
pub fn removed_table(removed: &[(StartedContainer, Container)]) -> RecordTable {
    let columns = [
        Column::Component,
        Column::Container,
        Column::Id,
        Column::Result,
    ];
    let mut table = RecordTable::new("deploy down", "containers", &columns);
    for (started, container) in removed {
        let [name, id] = container_cells(Some(container));
        table.row([
            Cell::plain(&started.component),
            name,
            id,
            good(Text::new("deploy-down-removed"), "removed"),
        ]);
    }
    if removed.is_empty() {
        table
            .verdict(Meaning::Good, Text::new("deploy-down-nothing"))
            .outcome(Outcome::NothingToDo)
    } else {
        let verdict = Text::new("deploy-down-done").count("count", removed.len());
        table.verdict(Meaning::Good, verdict)
    }
}
