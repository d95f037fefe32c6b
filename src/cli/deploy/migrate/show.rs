//! What `deploy migrate` shows: scripts, statements that are left, differences side by side, findings.

use super::Job;
use crate::cli::context::Context;
use crate::deploy::migrate::{Action, Meaning as Means, Status};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::report::{Cell, Column, Meaning, RecordTable};

pub(super) fn outcome(jobs: &[Job]) -> Outcome {
    if jobs.iter().any(Job::stops) {
        Outcome::Unsafe
    } else if jobs.iter().all(|job| job.found.status() == Status::Done) {
        Outcome::NothingToDo
    } else {
        Outcome::Ok
    }
}

pub(super) fn show(
    context: &Context<'_>,
    command: &'static str,
    jobs: &[Job],
    each: bool,
) -> Result<Outcome, CommandError> {
    context.sheet(&sheet(command, jobs, each).outcome(outcome(jobs)))
}

pub(super) fn sheet(command: &'static str, jobs: &[Job], each: bool) -> RecordTable {
    let columns = [
        Column::Script,
        Column::Schema,
        Column::Statements,
        Column::Recorded,
        Column::ToRun,
        Column::ToRecord,
        Column::Conflicts,
    ];
    let mut sheet = RecordTable::new(command, "scripts", &columns);
    for job in jobs {
        for (at, script) in job.scripts.iter().enumerate() {
            let steps = || {
                job.found
                    .plan
                    .steps
                    .iter()
                    .filter(move |step| step.place.0 == at)
            };
            let count = |counts: &dyn Fn(&Action) -> bool| {
                Cell::number(steps().filter(|step| counts(&step.action)).count())
            };
            sheet.row([
                Cell::words(&script.name),
                Cell::words(&job.settings.schema),
                Cell::number(script.statements.len()),
                count(&|action| {
                    matches!(
                        action,
                        Action::Recorded(_) | Action::Session { recorded: true, .. }
                    )
                }),
                count(&|action| matches!(action, Action::Run { .. })),
                count(&|action| matches!(action, Action::AlreadyTrue { .. } | Action::Keep(_))),
                count(&|action| matches!(action, Action::Conflict(_))),
            ]);
        }
    }
    if each {
        steps_of(&mut sheet, jobs);
    }
    conflicts_of(&mut sheet, jobs);
    findings_of(&mut sheet, jobs);
    sheet
}

fn steps_of(sheet: &mut RecordTable, jobs: &[Job]) {
    let title = Text::new("migrate-section-steps");
    sheet.section(
        "steps",
        title,
        &[
            Column::Script,
            Column::Statement,
            Column::State,
            Column::Text,
        ],
    );
    for job in jobs {
        for step in &job.found.plan.steps {
            if matches!(step.action, Action::Recorded(_) | Action::Session { .. }) {
                continue;
            }
            let script = &job.scripts[step.place.0];
            let statement = &script.statements[step.place.1];
            let head = statement
                .text
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            let meaning = match step.action {
                Action::Conflict(_) => Meaning::Bad,
                _ => Meaning::Plain,
            };
            sheet.row([
                Cell::words(&script.name),
                Cell::number(statement.number),
                Cell::text(step.action.text(), step.action.as_str()).meaning(meaning),
                Cell::words(head.chars().take(70).collect::<String>()),
            ]);
        }
    }
}

fn conflicts_of(sheet: &mut RecordTable, jobs: &[Job]) {
    let found = jobs.iter().any(|job| {
        job.found
            .plan
            .conflicts()
            .iter()
            .any(|(_, conflict)| !conflict.differences().is_empty())
    });
    if !found {
        return;
    }
    let title = Text::new("migrate-section-differences");
    let columns = [
        Column::Script,
        Column::Statement,
        Column::Name,
        Column::Wanted,
        Column::Present,
        Column::Means,
    ];
    sheet.section("differences", title, &columns);
    for job in jobs {
        for (place, conflict) in job.found.plan.conflicts() {
            let script = &job.scripts[place.0];
            for difference in conflict.differences() {
                let one = |words: &Option<String>| words.clone().map_or(Cell::none(), Cell::words);
                let means = difference.meanings.iter().map(Means::text);
                sheet.row([
                    Cell::words(&script.name),
                    Cell::number(script.statements[place.1].number),
                    Cell::words(&difference.name),
                    one(&difference.wanted),
                    one(&difference.present),
                    Cell::text(all(means), difference.meanings.len()),
                ]);
            }
        }
    }
}

/// Several sentences as one message.
fn all(texts: impl Iterator<Item = Text>) -> Text {
    texts
        .reduce(|one, two| {
            Text::new("migrate-and")
                .nested("one", one)
                .nested("two", two)
        })
        .unwrap_or_else(|| Text::new("report-none"))
}

fn findings_of(sheet: &mut RecordTable, jobs: &[Job]) {
    let title = Text::new("migrate-section-findings");
    sheet.section(
        "findings",
        title,
        &[Column::Schema, Column::Key, Column::State, Column::Text],
    );
    let state = |stops: bool| {
        if stops {
            Cell::text(Text::new("migrate-stops"), "stops").meaning(Meaning::Bad)
        } else {
            Cell::text(Text::new("migrate-note"), "note").meaning(Meaning::Quiet)
        }
    };
    for job in jobs {
        let schema = &job.settings.schema;
        for change in &job.found.plan.changes {
            let stops = job.found.plan.stopped_by.contains(change);
            sheet.row([
                Cell::words(schema),
                Cell::words("script_changed"),
                state(stops),
                Cell::text(change.text(), change.script()),
            ]);
        }
        for finding in &job.findings {
            sheet.row([
                Cell::words(schema),
                Cell::words(finding.code),
                state(finding.stops),
                Cell::text(finding.text.clone(), finding.text.key()),
            ]);
        }
        if let Some(peer) = &job.found.runner {
            let text = Text::new("migrate-runs-now")
                .with("schema", schema)
                .with("id", peer.id)
                .with("user", &peer.user)
                .with("host", &peer.host);
            sheet.row([
                Cell::words(schema),
                Cell::words("running"),
                state(false),
                Cell::text(text, peer.id),
            ]);
        }
    }
}
