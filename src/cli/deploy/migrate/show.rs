//! What `deploy migrate` shows: scripts, conflicts with how to resolve them, differences side by side, findings.

use super::job::Job;
use crate::cli::context::Context;
use crate::deploy::migrate::{Action, Mark, Rebuild, Status};
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
    statements: bool,
) -> Result<Outcome, CommandError> {
    context.show_table(&tables(command, jobs, statements).outcome(outcome(jobs)))
}

pub(super) fn tables(command: &'static str, jobs: &[Job], statements: bool) -> RecordTable {
    let columns = [
        Column::Script,
        Column::Schema,
        Column::Statements,
        Column::Recorded,
        Column::ToRun,
        Column::ToRecord,
        Column::Conflicts,
    ];
    let mut table = RecordTable::new(command, "scripts", &columns);
    for job in jobs {
        for (at, script) in job.scripts.iter().enumerate() {
            let count = |counts: &dyn Fn(&Action) -> bool| {
                let steps = job
                    .found
                    .plan
                    .steps
                    .iter()
                    .filter(|step| step.place.0 == at);
                Cell::number(steps.filter(|step| counts(&step.action)).count())
            };
            table.row([
                Cell::plain(&script.name),
                Cell::plain(&job.settings.schema),
                Cell::number(script.statements.len()),
                count(&|action| {
                    matches!(
                        action,
                        Action::Recorded(_) | Action::Session { recorded: true, .. }
                    )
                }),
                count(&|action| matches!(action, Action::Run | Action::Compare)),
                count(&|action| matches!(action, Action::AlreadyTrue { .. } | Action::Keep)),
                count(&|action| matches!(action, Action::Conflict(_))),
            ]);
        }
    }
    if statements {
        steps_of(&mut table, jobs);
    }
    conflicts_of(&mut table, jobs);
    findings_of(&mut table, jobs);
    verdict(table, jobs)
}

fn verdict(table: RecordTable, jobs: &[Job]) -> RecordTable {
    let sum = |count: &dyn Fn(&Job) -> usize| jobs.iter().map(count).sum::<usize>();
    let conflicts = sum(&|job| job.found.plan.conflicts().len() + job.found.plan.stopped_by.len());
    let findings = sum(&|job| job.findings.iter().filter(|finding| finding.stops).count());
    let text = match outcome(jobs) {
        Outcome::Unsafe => {
            Text::new("migrate-verdict-stopped").count("conflicts", conflicts + findings)
        }
        Outcome::NothingToDo => {
            Text::new("migrate-verdict-done").with("total", sum(&|job| job.found.plan.steps.len()))
        }
        _ => Text::new("migrate-verdict-left")
            .count("run", sum(&|job| job.found.plan.to_run()))
            .with("record", sum(&|job| job.found.plan.to_record()))
            .with("recorded", sum(&|job| job.found.plan.recorded())),
    };
    let meaning = if outcome(jobs) == Outcome::Unsafe {
        Meaning::Bad
    } else {
        Meaning::Good
    };
    table.verdict(meaning, text)
}

/// How a statement was rehearsed, and how the server changes the table.
fn details(mark: Option<&Mark>, rebuild: Option<Rebuild>) -> Cell {
    match (mark, rebuild) {
        (Some(mark), Some(Rebuild { algorithm, bytes })) => {
            let text = match algorithm {
                "INSTANT" => Text::new("migrate-mark-instant"),
                _ => Text::new("migrate-mark-rebuild")
                    .with("algorithm", algorithm)
                    .with("mib", bytes.div_ceil(1024 * 1024)),
            };
            let machine = format!("{} {algorithm} {bytes}", mark.as_str());
            Cell::text(text.nested("mark", mark.message()), machine)
        }
        (Some(mark), None) => Cell::text(mark.message(), mark.as_str()),
        _ => Cell::none(),
    }
}

fn steps_of(table: &mut RecordTable, jobs: &[Job]) {
    let columns = [
        Column::Script,
        Column::Statement,
        Column::State,
        Column::Details,
        Column::Text,
    ];
    table.section("steps", Text::new("migrate-section-steps"), &columns);
    for job in jobs {
        for step in &job.found.plan.steps {
            if matches!(step.action, Action::Recorded(_) | Action::Session { .. }) {
                continue;
            }
            let script = &job.scripts[step.place.0];
            let statement = &script.statements[step.place.1];
            let meaning = match step.action {
                Action::Conflict(_) => Meaning::Bad,
                _ => Meaning::Plain,
            };
            table.row([
                Cell::plain(&script.name),
                Cell::number(statement.number),
                Cell::text(step.action.message(), step.action.as_str()).meaning(meaning),
                details(step.mark.as_ref(), step.rebuild),
                Cell::plain(statement.head()),
            ]);
        }
    }
}

fn conflicts_of(table: &mut RecordTable, jobs: &[Job]) {
    let conflicts = || {
        jobs.iter().flat_map(|job| {
            job.found
                .plan
                .conflicts()
                .into_iter()
                .map(move |one| (job, one))
        })
    };
    if conflicts().next().is_none() {
        return;
    }
    let columns = [
        Column::Script,
        Column::Statement,
        Column::Text,
        Column::Reason,
        Column::Action,
    ];
    table.section(
        "conflicts",
        Text::new("migrate-section-conflicts"),
        &columns,
    );
    for (job, (place, conflict)) in conflicts() {
        let script = &job.scripts[place.0];
        let statement = &script.statements[place.1];
        table.row([
            Cell::plain(&script.name),
            Cell::number(statement.number),
            Cell::plain(statement.head().chars().take(70).collect::<String>()),
            Cell::text(conflict.message(), conflict.as_str()).meaning(Meaning::Bad),
            Cell::text(
                conflict.remedy(&script.name, statement.number),
                format!("{}:{}", script.name, statement.number),
            ),
        ]);
    }
    if conflicts().all(|(_, (_, conflict))| conflict.differences().is_empty()) {
        return;
    }
    let columns = [
        Column::Script,
        Column::Statement,
        Column::Name,
        Column::Wanted,
        Column::Present,
    ];
    table.section(
        "differences",
        Text::new("migrate-section-differences"),
        &columns,
    );
    for (job, (place, conflict)) in conflicts() {
        let script = &job.scripts[place.0];
        for difference in conflict.differences() {
            let one = |words: &Option<String>| words.clone().map_or(Cell::none(), Cell::plain);
            table.row([
                Cell::plain(&script.name),
                Cell::number(script.statements[place.1].number),
                Cell::plain(difference.key.path()),
                one(&difference.wanted),
                one(&difference.present),
            ]);
        }
    }
}

fn findings_of(table: &mut RecordTable, jobs: &[Job]) {
    let columns = [Column::Schema, Column::Key, Column::State, Column::Text];
    table.section("findings", Text::new("migrate-section-findings"), &columns);
    let state = |stops: bool| {
        if stops {
            Cell::text(Text::new("migrate-stops"), "stops").meaning(Meaning::Bad)
        } else {
            Cell::text(Text::new("migrate-note"), "note").meaning(Meaning::Quiet)
        }
    };
    for job in jobs {
        let schema = &job.settings.schema;
        let mut row = |key: &str, stops: bool, text: Text, machine: String| {
            table.row([
                Cell::plain(schema),
                Cell::plain(key),
                state(stops),
                Cell::text(text, machine),
            ]);
        };
        for change in &job.found.plan.changes {
            let stops = job.found.plan.stopped_by.contains(change);
            row(
                "script_changed",
                stops,
                change.message(),
                change.script.clone(),
            );
        }
        for finding in &job.findings {
            row(
                finding.code,
                finding.stops,
                finding.text.clone(),
                finding.text.key().to_owned(),
            );
        }
        if let Some(peer) = &job.found.runner {
            let text = Text::new("migrate-runs-now")
                .with("schema", schema)
                .with("id", peer.id)
                .with("user", &peer.user)
                .with("host", &peer.host);
            row("running", false, text, peer.id.to_string());
        }
    }
}
