//! Plans, conflicts and faults as messages.

use super::ledger::{LedgerState, ScriptChange};
use super::model::{Conflict, Mark, Unrehearsed};
use super::plan::Action;
use super::run::Progress;
use super::split::SplitFault;
use crate::i18n::Text;

impl SplitFault {
    /// The fault, for people.
    pub fn message(&self) -> Text {
        match self {
            Self::OpenQuote { line, quote } => Text::new("migrate-split-quote")
                .with("line", line)
                .with("quote", quote),
            Self::OpenComment { line } => Text::new("migrate-split-comment").with("line", line),
            Self::NoDelimiter { line } => Text::new("migrate-split-delimiter").with("line", line),
            Self::ClientCommand { line, command } => Text::new("migrate-split-client")
                .with("line", line)
                .with("command", command),
        }
    }
}

impl ScriptChange {
    /// The change, for people.
    pub fn message(&self) -> Text {
        let text = match self {
            Self::Edited { number, line, .. } => Text::new("migrate-change-edited")
                .with("number", number)
                .with("line", line),
            Self::Moved { number, now, .. } => Text::new("migrate-change-moved")
                .with("number", number)
                .with("now", now),
            Self::Gone { number, .. } => Text::new("migrate-change-gone").with("number", number),
            Self::Shortened { before, now, .. } => Text::new("migrate-change-shortened")
                .with("before", before)
                .with("now", now),
            Self::OtherEdition {
                version,
                done,
                given,
                ..
            } => Text::new("migrate-change-edition")
                .with("version", version)
                .with("done", done)
                .with("given", given),
            Self::Behind { .. } => Text::new("migrate-change-behind"),
        };
        text.with("script", self.script())
    }
}

impl Conflict {
    /// The conflict, for people.
    pub fn message(&self) -> Text {
        let joined = |names: &[String]| names.join(", ");
        match self {
            Self::Different { object, .. } => {
                Text::new("migrate-conflict-different").with("object", object)
            }
            Self::Partly { there, left } => Text::new("migrate-conflict-partly")
                .with("there", joined(there))
                .with("left", joined(left)),
            Self::Exists { objects } => {
                Text::new("migrate-conflict-exists").with("objects", joined(objects))
            }
            Self::Absent { objects } => {
                Text::new("migrate-conflict-absent").with("objects", joined(objects))
            }
            Self::Refused { code, message } => Text::new("migrate-conflict-refused")
                .with("code", code)
                .with("message", message),
            Self::Rows { object, query } => Text::new("migrate-conflict-rows")
                .with("object", object)
                .with("query", query),
            Self::Narrows { columns } => {
                Text::new("migrate-conflict-narrows").with("columns", joined(columns))
            }
            Self::Undecided => Text::new("migrate-conflict-undecided"),
            Self::CutOff { section: None } => Text::new("migrate-conflict-cut-off"),
            Self::CutOff {
                section: Some((first, last)),
            } => Text::new("migrate-conflict-section")
                .with("first", first)
                .with("last", last),
            Self::Destructive { what } => {
                Text::new("migrate-conflict-destructive").with("what", what)
            }
            Self::Forbidden { what } => Text::new("migrate-conflict-forbidden").with("what", what),
            Self::OtherSchema { name } => {
                Text::new("migrate-conflict-other-schema").with("name", name)
            }
            Self::Referenced { by } => Text::new("migrate-conflict-referenced").with("by", by),
            Self::Elsewhere { table, schema } => Text::new("migrate-conflict-elsewhere")
                .with("table", table)
                .with("schema", schema),
            Self::TooLong { bytes, limit } => Text::new("migrate-conflict-too-long")
                .with("bytes", bytes)
                .with("limit", limit),
        }
    }

    /// How to resolve it, with its statement's script and number.
    pub fn remedy(&self, script: &str, number: usize) -> Text {
        let place = format!("{script}:{number}");
        let text = match self {
            Self::Different { object, .. } => {
                Text::new("migrate-remedy-different").with("object", object)
            }
            Self::Exists { .. }
            | Self::Partly { .. }
            | Self::Absent { .. }
            | Self::Undecided
            | Self::CutOff { section: None } => Text::new("migrate-remedy-decide"),
            Self::CutOff { section: Some(_) } => Text::new("migrate-remedy-section"),
            Self::Refused { .. } => Text::new("migrate-remedy-refused"),
            Self::Rows { .. } => Text::new("migrate-remedy-rows"),
            Self::Narrows { .. } | Self::Destructive { .. } => {
                Text::new("migrate-remedy-destructive")
            }
            Self::Forbidden { .. } | Self::OtherSchema { .. } => {
                Text::new("migrate-remedy-forbidden")
            }
            Self::Referenced { .. } => Text::new("migrate-remedy-referenced"),
            Self::Elsewhere { .. } => Text::new("migrate-remedy-elsewhere"),
            Self::TooLong { bytes, .. } => {
                Text::new("migrate-remedy-too-long").with("bytes", bytes.next_multiple_of(1024))
            }
        };
        text.with("place", place)
    }

    /// Its word in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Different { .. } => "different",
            Self::Partly { .. } => "partly",
            Self::Exists { .. } => "exists",
            Self::Absent { .. } => "absent",
            Self::Refused { .. } => "refused",
            Self::Rows { .. } => "rows",
            Self::Narrows { .. } => "narrows",
            Self::Undecided => "undecided",
            Self::CutOff { .. } => "cut_off",
            Self::Destructive { .. } => "destructive",
            Self::Forbidden { .. } => "forbidden",
            Self::OtherSchema { .. } => "other_schema",
            Self::Referenced { .. } => "referenced",
            Self::Elsewhere { .. } => "elsewhere",
            Self::TooLong { .. } => "too_long",
        }
    }
}

impl Action {
    /// Its word in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Recorded(state) => state.as_str(),
            Self::Session { recorded: true, .. } => LedgerState::Done.as_str(),
            Self::Session { .. } => "session",
            Self::Run => "run",
            Self::Compare => "compare",
            Self::AlreadyTrue { .. } => "already_true",
            Self::Keep => "keep",
            Self::Conflict(_) => "conflict",
        }
    }

    /// The action, for people.
    pub fn message(&self) -> Text {
        match self {
            Self::Recorded(_) | Self::Session { recorded: true, .. } => {
                Text::new("migrate-action-recorded")
            }
            Self::Session { .. } => Text::new("migrate-action-session"),
            Self::Run => Text::new("migrate-action-run"),
            Self::Compare => Text::new("migrate-action-compare"),
            Self::AlreadyTrue { later: false } => Text::new("migrate-action-true"),
            Self::AlreadyTrue { later: true } => Text::new("migrate-action-true-later"),
            Self::Keep => Text::new("migrate-action-keep"),
            Self::Conflict(conflict) => conflict.message(),
        }
    }
}

impl Mark {
    /// Its word in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::WithRows => "with_rows",
            Self::Probed => "probed",
            Self::StructureOnly => "structure_only",
            Self::NotRehearsed(_) => "not_rehearsed",
        }
    }

    /// How it was rehearsed, for people.
    pub fn message(&self) -> Text {
        match self {
            Self::WithRows => Text::new("migrate-mark-rows"),
            Self::Probed => Text::new("migrate-mark-probed"),
            Self::StructureOnly => Text::new("migrate-mark-structure"),
            Self::NotRehearsed(Unrehearsed::NotRun) => Text::new("migrate-mark-not-run"),
            Self::NotRehearsed(Unrehearsed::NamesSchema(name)) => {
                Text::new("migrate-mark-schema").with("schema", name)
            }
            Self::NotRehearsed(Unrehearsed::NotCopied(name)) => {
                Text::new("migrate-mark-not-copied").with("object", name)
            }
            Self::NotRehearsed(Unrehearsed::Behind(place)) => {
                Text::new("migrate-mark-behind").with("place", place)
            }
        }
    }
}

impl Progress {
    /// For people; nothing if they need not know.
    pub fn message(&self) -> Option<Text> {
        match self {
            Self::Begins {
                script,
                number,
                total,
                head,
            } => Some(
                Text::new("migrate-progress-begins")
                    .with("number", number)
                    .with("total", total)
                    .with("script", script)
                    .with("head", head),
            ),
            Self::Waits {
                number,
                total,
                seconds,
                waiting,
            } => {
                let peers = waiting.peers.iter();
                let peers: Vec<String> = peers
                    .map(|peer| format!("{} ({}@{})", peer.id, peer.user, peer.host))
                    .collect();
                let text = match (peers.is_empty(), waiting.certain) {
                    (true, _) => Text::new("migrate-progress-waits-unknown"),
                    (false, true) => {
                        Text::new("migrate-progress-waits").with("peers", peers.join(", "))
                    }
                    (false, false) => {
                        Text::new("migrate-progress-waits-likely").with("peers", peers.join(", "))
                    }
                };
                Some(
                    text.with("number", number)
                        .with("total", total)
                        .with("seconds", seconds),
                )
            }
            Self::Executed { .. } => None,
        }
    }
}
