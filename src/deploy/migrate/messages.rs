//! Plans, conflicts and faults as messages.

use super::ledger::{Change, LedgerState, ScriptChange};
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
        let text = match &self.change {
            Change::Edited(number, line) => Text::new("migrate-change-edited")
                .with("number", number)
                .with("line", line),
            Change::Moved(number, now) => Text::new("migrate-change-moved")
                .with("number", number)
                .with("now", now),
            Change::Gone(number) => Text::new("migrate-change-gone").with("number", number),
            Change::Shortened(before, now) => Text::new("migrate-change-shortened")
                .with("before", before)
                .with("now", now),
            Change::OtherEdition(done, given) => Text::new("migrate-change-edition")
                .with("version", given.version)
                .with("done", done.of)
                .with("given", given.of),
            Change::Behind => Text::new("migrate-change-behind"),
        };
        text.with("script", &self.script)
    }
}

impl Conflict {
    /// Its word in JSON, the conflict for people, and how to resolve it.
    fn parts(&self) -> (&'static str, Text, Text) {
        let joined = |names: &[String]| names.join(", ");
        let decide = Text::new("migrate-remedy-decide");
        let destructive = Text::new("migrate-remedy-destructive");
        let forbidden = Text::new("migrate-remedy-forbidden");
        match self {
            Self::Different { object, .. } => (
                "different",
                Text::new("migrate-conflict-different").with("object", object),
                Text::new("migrate-remedy-different").with("object", object),
            ),
            Self::Partly { there, left } => {
                let text = Text::new("migrate-conflict-partly").with("there", joined(there));
                let remedy = Text::new("migrate-remedy-partly");
                ("partly", text.with("left", joined(left)), remedy)
            }
            Self::Exists { objects } => {
                let text = Text::new("migrate-conflict-exists");
                ("exists", text.with("objects", joined(objects)), decide)
            }
            Self::Absent { objects } => {
                let text = Text::new("migrate-conflict-absent");
                ("absent", text.with("objects", joined(objects)), decide)
            }
            Self::Refused { code, message } => {
                let text = Text::new("migrate-conflict-refused").with("code", code);
                let text = text.with("message", message);
                ("refused", text, Text::new("migrate-remedy-refused"))
            }
            Self::Rows { object, query } => {
                let text = Text::new("migrate-conflict-rows").with("object", object);
                (
                    "rows",
                    text.with("query", query),
                    Text::new("migrate-remedy-rows"),
                )
            }
            Self::Narrows { columns } => {
                let text = Text::new("migrate-conflict-narrows");
                (
                    "narrows",
                    text.with("columns", joined(columns)),
                    destructive,
                )
            }
            Self::Undecided => ("undecided", Text::new("migrate-conflict-undecided"), decide),
            Self::CutOff { section: None } => {
                ("cut_off", Text::new("migrate-conflict-cut-off"), decide)
            }
            Self::CutOff {
                section: Some((first, last)),
            } => {
                let text = Text::new("migrate-conflict-section").with("first", first);
                let text = text.with("last", last);
                ("cut_off", text, Text::new("migrate-remedy-section"))
            }
            Self::Destructive { what } => {
                let text = Text::new("migrate-conflict-destructive").with("what", what);
                ("destructive", text, destructive)
            }
            Self::Forbidden { what } => {
                let text = Text::new("migrate-conflict-forbidden").with("what", what);
                ("forbidden", text, forbidden)
            }
            Self::OtherSchema { name } => {
                let text = Text::new("migrate-conflict-other-schema").with("name", name);
                ("other_schema", text, forbidden)
            }
            Self::Referenced { by } => {
                let text = Text::new("migrate-conflict-referenced").with("by", by);
                ("referenced", text, Text::new("migrate-remedy-referenced"))
            }
            Self::Elsewhere { table, schema } => {
                let text = Text::new("migrate-conflict-elsewhere").with("table", table);
                (
                    "elsewhere",
                    text.with("schema", schema),
                    Text::new("migrate-remedy-elsewhere"),
                )
            }
            Self::TooLong { bytes, limit } => {
                let text = Text::new("migrate-conflict-too-long").with("bytes", bytes);
                let wanted = bytes.next_multiple_of(1024);
                let remedy = Text::new("migrate-remedy-too-long").with("bytes", wanted);
                ("too_long", text.with("limit", limit), remedy)
            }
        }
    }

    /// The conflict, for people.
    pub fn message(&self) -> Text {
        self.parts().1
    }

    /// How to resolve it, with its statement's script and number.
    pub fn remedy(&self, script: &str, number: usize) -> Text {
        self.parts().2.with("place", format!("{script}:{number}"))
    }

    /// Its word in JSON.
    pub fn as_str(&self) -> &'static str {
        self.parts().0
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
