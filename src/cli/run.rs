//! `run list` and `run show`: earlier runs, from the journal.

use jiff::{Timestamp, Unit};

use super::args::RunCommand;
use super::context::Context;
use super::errors::UsageError;
use super::state;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::journal::format::Record;
use crate::journal::{Run, RunState, StateDir, list_runs, read_run, undo};
use crate::report::{Cell, Column, RecordTable};

/// Runs a run command.
pub(super) fn run(command: RunCommand, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let state = existing(context)?;
    match command {
        RunCommand::List => {
            let runs = list_runs(&state)?;
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
                    Cell::plain(summary.id),
                    time(began),
                    Cell::plain(command),
                    outcome,
                ]);
            }
            context.show_table(&sheet)
        }
        RunCommand::Show { run, undo } => {
            let run = read_run(&state, run.as_deref().unwrap_or("last"))?;
            if undo {
                show_undo(&run, context)
            } else {
                context.show_table(&show(&run))
            }
        }
    }
}

/// The place that the next run would write to, if it has runs; else the first that has some; the
/// named one if one is named.
fn existing(context: &Context<'_>) -> Result<StateDir, CommandError> {
    let settings = context.settings(super::args::ConnectArgs::default(), None)?;
    let places = state::candidates(settings.state_dir, context);
    let with_runs = || places.iter().filter(|place| place.join("runs").is_dir());
    let writable = |place: &&std::path::PathBuf| StateDir::open(place).is_ok();
    let there = with_runs().find(writable).or_else(|| with_runs().next());
    there
        .or(places.first())
        .map(|place| StateDir::existing(place))
        .ok_or_else(|| UsageError::NoStateDirectory.into())
}

fn ended(run: &Run) -> Cell {
    match &run.state {
        RunState::Ended(end) => outcome(&end.outcome),
        RunState::GoingOn => Cell::text(Text::new("cli-run-going-on"), "going_on"),
        RunState::CutOff => Cell::text(Text::new("cli-run-cut-off"), "cut_off"),
    }
}

/// The word for people of an outcome; a later version may have written one that is not known here.
fn outcome(word: &str) -> Cell {
    let mut outcomes = Outcome::ALL.iter();
    match outcomes.find(|outcome| outcome.as_str() == word) {
        Some(outcome) => Cell::text(outcome.label(), word),
        None => Cell::plain(word),
    }
}

fn show(run: &Run) -> RecordTable {
    let mut sheet = RecordTable::new("run show", "properties", &[Column::Key, Column::Value]);
    let head = &run.head;
    let mut fact = |text: Text, key: &str, value: Cell| sheet.row([Cell::text(text, key), value]);
    let who = |words: &Option<String>| Cell::plain(words.as_deref().unwrap_or_default());
    fact(Text::new("cli-run-run"), "run", Cell::plain(&head.run));
    let command = Cell::plain(&head.command);
    fact(Text::new("cli-run-command"), "command", command);
    let started = Cell::plain(&run.began);
    fact(Text::new("cli-run-started"), "started", started);
    fact(Text::new("cli-run-outcome"), "outcome", ended(run));
    fact(Text::new("cli-run-user"), "user", who(&head.who.user));
    fact(Text::new("cli-run-host"), "host", who(&head.who.host));
    for (text, key, record) in [
        (Text::new("cli-run-new"), "new", &head.new),
        (Text::new("cli-run-old"), "old", &head.old),
    ] {
        if let Some(record) = record {
            let version = record.version.as_deref().unwrap_or_default();
            let words = format!("{} {version}", record.core);
            fact(text, key, Cell::plain(words.trim_end()));
        }
    }
    sheet.section(
        "events",
        Text::new("cli-run-events"),
        &[Column::Time, Column::Event, Column::Details],
    );
    for line in &run.lines {
        let (kind, fields) = fields(&line.record);
        let details = match (&line.text, &line.record) {
            (Some(text), _) => Cell::text(text.clone(), fields),
            (None, Record::Ended(end)) => outcome(&end.outcome).machine(fields),
            (None, _) => Cell::plain(fields),
        };
        let event = Cell::text(event(&line.record), kind);
        sheet.row([time(&line.at), event, details]);
    }
    sheet
}

fn event(record: &Record) -> Text {
    match record {
        Record::Run(_) => Text::new("cli-run-event-run"),
        Record::VariableWriteStarted(_) => Text::new("cli-run-event-variable-write-started"),
        Record::VariableFinished(_) => Text::new("cli-run-event-variable-finished"),
        Record::Started(_) => Text::new("cli-run-event-started"),
        Record::Deferred(_) => Text::new("cli-run-event-deferred"),
        Record::AnswerLost(_) => Text::new("cli-run-event-answer-lost"),
        Record::Verifying(_) => Text::new("cli-run-event-verifying"),
        Record::Finished(_) => Text::new("cli-run-event-finished"),
        Record::PageBroken(_) => Text::new("cli-run-event-page-broken"),
        Record::Stopping(_) => Text::new("cli-run-event-stopping"),
        Record::Ended(_) => Text::new("cli-run-event-ended"),
        Record::Unknown => Text::new("cli-run-event-unknown"),
    }
}

/// A line for machines: its kind and the rest of it.
fn fields(record: &Record) -> (String, String) {
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
        let line = line.map_or_else(Cell::none, Cell::plain);
        let why = context.ui.catalog().render(&command.text);
        sheet.row([line, Cell::plain(why)]);
    }
    if commands.is_empty() {
        context.ui.notice(&Text::new("cli-run-nothing-to-undo"));
    }
    context.show_table(&sheet)
}

/// A time of the journal, for people without the parts of a second.
fn time(at: &str) -> Cell {
    let time = at
        .parse::<Timestamp>()
        .and_then(|at| at.round(Unit::Second));
    let shown = time.map_or_else(|_| at.to_owned(), |at| at.to_string());
    Cell::localised(shown, at)
}
