//! `run list` and `run show`: earlier runs, from the journal.

use super::args::RunCommand;
use super::context::Context;
use super::state;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::journal::format::Record;
use crate::journal::{ReadError, Run, RunState, StateDir, list_runs, read_run, undo};
use crate::report::{Cell, Column, RecordTable};

/// Runs a run command.
pub(super) fn run(command: RunCommand, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let state = existing(context)?;
    match command {
        RunCommand::List => {
            let runs = list_runs(&state).map_err(|error| unreadable(&error))?;
            let mut sheet = RecordTable::new(
                "run list",
                "runs",
                &[
                    Column::Run,
                    Column::Started,
                    Column::Command,
                    Column::Outcome,
                ],
            );
            for summary in runs {
                let (began, command, outcome) = match &summary.run {
                    Ok(run) => (run.began.as_str(), run.head.command.as_str(), ended(run)),
                    Err(cause) => ("", "", Cell::text(cause.clone(), "unreadable")),
                };
                sheet.row([
                    Cell::words(summary.id),
                    Cell::words(began),
                    Cell::words(command),
                    outcome,
                ]);
            }
            context.sheet(&sheet)
        }
        RunCommand::Show { run, undo } => {
            let run = read_run(&state, run.as_deref().unwrap_or("last"))
                .map_err(|error| unreadable(&error))?;
            if undo {
                show_undo(&run, context)
            } else {
                context.sheet(&show(&run))
            }
        }
    }
}

/// The place that the next run would write to, where it has runs; else the first that has some; the
/// named one where one is named.
fn existing(context: &Context<'_>) -> Result<StateDir, CommandError> {
    let settings = context.settings(super::args::ConnectArgs::default(), None)?;
    let places = state::candidates(settings.state_dir, context);
    let with_runs = || places.iter().filter(|place| place.join("runs").is_dir());
    let writable = |place: &&std::path::PathBuf| StateDir::open(place).is_ok();
    let there = with_runs().find(writable).or_else(|| with_runs().next());
    there
        .or(places.first())
        .map(|place| StateDir::existing(place))
        .ok_or_else(|| CommandError::usage(Text::new("cli-no-state")))
}

fn unreadable(error: &ReadError) -> CommandError {
    CommandError::new(Outcome::Failed, error.text()).hint(Text::new("cli-run-hint"))
}

fn ended(run: &Run) -> Cell {
    match &run.state {
        RunState::Ended(end) => Cell::words(&end.outcome),
        RunState::GoingOn => Cell::text(Text::new("cli-run-going-on"), "going_on"),
        RunState::CutOff => Cell::text(Text::new("cli-run-cut-off"), "cut_off"),
    }
}

fn show(run: &Run) -> RecordTable {
    let mut sheet = RecordTable::new("run show", "properties", &[Column::Key, Column::Value]);
    let head = &run.head;
    let mut fact = |key: &str, value: Cell| sheet.row([Cell::words(key), value]);
    fact("run", Cell::words(&head.run));
    fact("command", Cell::words(&head.command));
    fact("started", Cell::words(&run.began));
    fact("outcome", ended(run));
    fact(
        "user",
        Cell::words(head.who.user.as_deref().unwrap_or_default()),
    );
    fact(
        "host",
        Cell::words(head.who.host.as_deref().unwrap_or_default()),
    );
    for (side, record) in [("new", &head.new), ("old", &head.old)] {
        if let Some(record) = record {
            let version = record.version.as_deref().unwrap_or_default();
            fact(
                side,
                Cell::words(format!("{} {version}", record.core).trim_end()),
            );
        }
    }
    sheet.section(
        "events",
        Text::new("cli-run-events"),
        &[Column::Time, Column::Event, Column::Details],
    );
    for line in &run.lines {
        let (event, what) = told(&line.record);
        sheet.row([Cell::words(&line.at), Cell::words(event), Cell::words(what)]);
    }
    sheet
}

/// A line as its kind and the rest of it.
fn told(record: &Record) -> (String, String) {
    let Ok(serde_json::Value::Object(mut fields)) = serde_json::to_value(record) else {
        return (String::new(), String::new());
    };
    if matches!(record, Record::Started(_)) {
        // What the next run compares with says nothing to a person.
        fields.remove("before");
    }
    let kind = fields
        .remove("record")
        .and_then(|kind| kind.as_str().map(str::to_owned))
        .unwrap_or_default();
    let words =
        fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| match value {
                serde_json::Value::String(text) => format!("{key}={text}"),
                other => format!("{key}={other}"),
            });
    (kind, words.collect::<Vec<_>>().join(" "))
}

fn show_undo(run: &Run, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let commands = undo(run);
    let mut sheet = RecordTable::new(
        "run show --undo",
        "commands",
        &[Column::Command, Column::Reason],
    );
    for command in &commands {
        let program = context.ui.catalog().program();
        let line = command.line_after(program);
        let line = line.map_or_else(Cell::none, Cell::words);
        let why = context.ui.catalog().render(&command.text);
        sheet.row([line, Cell::words(why)]);
    }
    if commands.is_empty() {
        context.ui.say(&Text::new("cli-run-nothing-to-undo"));
    }
    context.sheet(&sheet)
}
