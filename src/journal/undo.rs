//! What brings back what a run changed. Pure.
//!
//! Registers come first, since each switches system variables by itself; then the variables, then
//! `GATEWAY_URL_NEW`. What cannot be brought back is said.

use std::collections::{BTreeMap, BTreeSet};

use super::command::Command;
use super::format::{Loss, OtherVersion, Record, StepName, StepRecord, Switch, VariableRow};
use super::reader::{Run, RunState};
use crate::domain::GATEWAY_URL_NEW;
use crate::i18n::Text;

/// The commands, in the order in which they are to be run; empty if the run changed nothing.
pub fn undo(run: &Run) -> Vec<Command> {
    let sent = sent(run);
    let mut commands = Vec::new();
    for step in run
        .head
        .steps
        .iter()
        .filter(|step| sent.contains(&step.step))
    {
        commands.extend(step.takes_from.iter().map(|other| give_back(step, other)));
    }
    commands.extend(
        switches(run, &sent)
            .into_values()
            .filter_map(|switch| switch_back(&switch)),
    );
    commands.extend(variable(run));
    if !sent.is_empty() {
        commands.push(Command::by_hand(
            Text::new("journal-undo-files").count("count", sent.len()),
        ));
    }
    commands
}

/// Steps whose register was about to leave: it may have taken place whatever was heard of it.
fn sent(run: &Run) -> BTreeSet<StepName> {
    let lines = run.lines.iter();
    lines
        .filter_map(|line| match &line.record {
            Record::Started(started) => Some(started.step.clone()),
            _ => None,
        })
        .collect()
}

fn give_back(step: &StepRecord, other: &OtherVersion) -> Command {
    let text = match other.loses {
        Loss::Registered => Text::new("journal-undo-demotion"),
        Loss::UiActive => Text::new("journal-undo-ui-active"),
    };
    let text = text
        .with("name", &step.step.name)
        .with("version", &other.version)
        .with("registered", &step.version);
    let words = ["plugin", "register", "--side", &step.step.side];
    Command::new(&words, &[&step.step.name, &other.version], text)
}

/// What the plan said of the steps that were sent, and what was really seen at the end.
fn switches(run: &Run, sent: &BTreeSet<StepName>) -> BTreeMap<(String, String), Switch> {
    let steps = run
        .head
        .steps
        .iter()
        .filter(|step| sent.contains(&step.step));
    let predicted = steps.flat_map(|step| &step.switches);
    let seen = match &run.state {
        RunState::Ended(end) => end.switched.as_slice(),
        RunState::GoingOn | RunState::CutOff => &[],
    };
    // On a shared database a row is one, whichever side it was seen from.
    let shared = run.head.relation == "shared";
    let side = |switch: &Switch| {
        if shared {
            String::new()
        } else {
            switch.side.clone()
        }
    };
    let all = predicted.chain(seen);
    all.map(|switch| ((side(switch), switch.id.clone()), switch.clone()))
        .collect()
}

fn switch_back(switch: &Switch) -> Option<Command> {
    let text = |text: Text| text.with("name", &switch.name).with("id", &switch.id);
    match (&switch.before, &switch.after) {
        (Some(before), after) if after.as_ref() != Some(before) => {
            if after.is_none() {
                return Some(Command::by_hand(text(Text::new(
                    "journal-undo-variable-gone",
                ))));
            }
            let words = [
                "variable",
                "set",
                "--side",
                &switch.side,
                "--id",
                &switch.id,
                "--status",
                before,
            ];
            let name = switch.name.split(" (").next().unwrap_or_default();
            let text = text(Text::new("journal-undo-switch")).with("status", before);
            Some(Command::new(&words, &[name], text))
        }
        (None, Some(_)) => Some(Command::by_hand(text(Text::new(
            "journal-undo-variable-new",
        )))),
        _ => None,
    }
}

/// The variable: what was settled, or, if the run was cut off before, what it was about to do.
fn variable(run: &Run) -> Option<Command> {
    let mut found = None;
    for line in &run.lines {
        match &line.record {
            Record::VariableWriteStarted(intended) => match intended.action.as_str() {
                "create" => found = Some(unset(Text::new("journal-undo-variable-maybe"))),
                "update" => found = intended.before.as_ref().map(set_back),
                _ => found = None,
            },
            Record::VariableFinished(settled) => match settled.result.as_str() {
                "created" if settled.removed_own => found = None,
                "created" => found = Some(unset(Text::new("journal-undo-variable-created"))),
                "updated" => found = settled.before.as_ref().map(set_back).or(found),
                "unchanged" | "drifted" => found = None,
                _ => {}
            },
            _ => {}
        }
    }
    found
}

fn unset(text: Text) -> Command {
    let text = text.with("name", GATEWAY_URL_NEW);
    Command::new(&["variable", "unset"], &[GATEWAY_URL_NEW], text)
}

fn set_back(before: &VariableRow) -> Command {
    let value = if before.value.is_empty() {
        &before.default_value
    } else {
        &before.value
    };
    let text = Text::new("journal-undo-variable-updated")
        .with("name", GATEWAY_URL_NEW)
        .with("value", value)
        .with("status", &before.status);
    let words = [
        "variable",
        "set",
        "--id",
        &before.id,
        "--status",
        &before.status,
    ];
    Command::new(&words, &[GATEWAY_URL_NEW, value], text)
}
