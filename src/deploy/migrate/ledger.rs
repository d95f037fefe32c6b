//! The ledger: a table of ours in the schema itself that says of each statement whether it was begun
//! and whether it has taken effect. What it holds and what a changed script means is pure; `record`
//! reads and writes it.

use super::known::known_script;
use super::split::{SplitFault, Statement, sha256, split};

/// The ledger's table.
pub(super) const TABLE: &str = "wecubectl_migration";

/// What makes the ledger's table. The script's name is part of the key, so it is kept short enough
/// for an index of old row formats.
pub(super) const CREATE: &str = "CREATE TABLE IF NOT EXISTS `wecubectl_migration` (\
    `script` varchar(120) CHARACTER SET utf8 COLLATE utf8_bin NOT NULL,\
    `number` int NOT NULL,\
    `checksum` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,\
    `state` varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,\
    `total` int NOT NULL,\
    `script_checksum` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,\
    `head` varchar(200) CHARACTER SET utf8 COLLATE utf8_bin NOT NULL,\
    `error` varchar(500) CHARACTER SET utf8 COLLATE utf8_bin DEFAULT NULL,\
    `started` datetime(3) NOT NULL,\
    `ended` datetime(3) DEFAULT NULL,\
    `version` varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,\
    PRIMARY KEY (`script`,`number`)) ENGINE=InnoDB";

/// Columns that a ledger of the first release does not have.
pub(super) const ADDED: [(&str, &str); 2] = [
    (
        "state_before",
        "char(64) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL",
    ),
    ("connection", "bigint unsigned DEFAULT NULL"),
];

/// What the ledger says of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerState {
    /// Begun; whether it took effect is not known.
    Started,
    /// It took effect.
    Done,
    /// It was true before it was begun.
    AlreadyTrue,
    /// The operator went on with what was there (`--keep-table`).
    Kept,
}

impl LedgerState {
    /// The word in the table and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Done => "done",
            Self::AlreadyTrue => "already_true",
            Self::Kept => "kept",
        }
    }

    /// The state of a word in the table; what nobody of ours wrote counts as begun.
    pub fn of(word: &str) -> Self {
        match word {
            "done" => Self::Done,
            "already_true" => Self::AlreadyTrue,
            "kept" => Self::Kept,
            _ => Self::Started,
        }
    }
}

/// A row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    /// Name of the script's file, without its directory.
    pub script: String,
    /// Place of the statement in it, from 1.
    pub number: usize,
    /// Checksum of the statement.
    pub checksum: String,
    /// What became of it.
    pub state: LedgerState,
    /// How many statements the script had.
    pub total: usize,
    /// Checksum of the whole script.
    pub script_checksum: String,
    /// What the server answered to it, if it refused.
    pub error: Option<String>,
    /// Checksum of the objects that it names, before it was begun.
    pub before: Option<String>,
    /// The connection that carried it out.
    pub connection: Option<u64>,
}

impl LedgerRow {
    /// Begun, and neither done nor refused: it was cut off.
    pub fn cut_off(&self) -> bool {
        self.state == LedgerState::Started && self.error.is_none()
    }
}

/// A script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Name of its file, without its directory.
    pub name: String,
    /// Checksum of the whole file.
    pub checksum: String,
    /// Its length in bytes.
    pub bytes: usize,
    /// Its statements.
    pub statements: Vec<Statement>,
}

impl Script {
    /// A script from its text.
    pub fn parse(name: impl Into<String>, text: &str) -> Result<Self, SplitFault> {
        Ok(Self {
            name: name.into(),
            checksum: sha256(text.as_bytes()),
            bytes: text.len(),
            statements: split(text)?,
        })
    }
}

/// How a script differs from what the ledger knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptChange {
    /// A statement that was carried out reads otherwise now.
    Edited {
        /// The script.
        script: String,
        /// The statement.
        number: usize,
        /// The line where it stands.
        line: usize,
    },
    /// A statement that was carried out stands elsewhere now.
    Moved {
        /// The script.
        script: String,
        /// Where it stood.
        number: usize,
        /// Where it stands.
        now: usize,
    },
    /// A statement that was carried out is gone.
    Gone {
        /// The script.
        script: String,
        /// Where it stood.
        number: usize,
    },
    /// The script has fewer statements than when it was begun.
    Shortened {
        /// The script.
        script: String,
        /// How many it had.
        before: usize,
        /// How many it has.
        now: usize,
    },
    /// Another known edition of the script was carried out.
    OtherEdition {
        /// The script.
        script: String,
        /// The version of the script.
        version: &'static str,
        /// The versions of the platform that have the edition which was carried out.
        done: &'static str,
        /// Those that have the edition given now.
        given: &'static str,
    },
    /// Something else changed: comments, or statements that were not yet carried out.
    Behind {
        /// The script.
        script: String,
    },
}

impl ScriptChange {
    /// The script.
    pub fn script(&self) -> &str {
        match self {
            Self::Edited { script, .. }
            | Self::Moved { script, .. }
            | Self::Gone { script, .. }
            | Self::Shortened { script, .. }
            | Self::OtherEdition { script, .. }
            | Self::Behind { script } => script,
        }
    }

    /// Whether it stops a run that was not told to take the script as it is now.
    pub fn stops(&self) -> bool {
        !matches!(self, Self::Behind { .. })
    }
}

/// What changed in the scripts since the ledger was written.
pub(super) fn changes(scripts: &[Script], ledger: &[LedgerRow]) -> Vec<ScriptChange> {
    let mut found = Vec::new();
    for script in scripts {
        let rows: Vec<&LedgerRow> = ledger
            .iter()
            .filter(|row| row.script == script.name)
            .collect();
        let before = found.len();
        if let Some(edition) = other_edition(script, &rows) {
            found.push(edition);
            continue;
        }
        for row in &rows {
            found.extend(change(script, row));
        }
        let total = rows.iter().map(|row| row.total).max().unwrap_or(0);
        if found.len() == before && script.statements.len() < total {
            let (name, now) = (script.name.clone(), script.statements.len());
            found.push(ScriptChange::Shortened {
                script: name,
                before: total,
                now,
            });
        }
        if found.len() == before
            && rows
                .iter()
                .any(|row| row.script_checksum != script.checksum)
        {
            found.push(ScriptChange::Behind {
                script: script.name.clone(),
            });
        }
    }
    found
}

fn other_edition(script: &Script, rows: &[&LedgerRow]) -> Option<ScriptChange> {
    let given = known_script(&script.checksum)?;
    let done = known_script(&rows.first()?.script_checksum)?;
    (done.version == given.version && done.of != given.of).then(|| ScriptChange::OtherEdition {
        script: script.name.clone(),
        version: given.version,
        done: done.of,
        given: given.of,
    })
}

fn change(script: &Script, row: &LedgerRow) -> Option<ScriptChange> {
    let here = script.statements.get(row.number.checked_sub(1)?);
    if here.is_some_and(|statement| statement.checksum == row.checksum) {
        return None;
    }
    let (name, number) = (script.name.clone(), row.number);
    let elsewhere = script
        .statements
        .iter()
        .find(|statement| statement.checksum == row.checksum);
    Some(match (elsewhere, here) {
        (Some(now), _) => ScriptChange::Moved {
            script: name,
            number,
            now: now.number,
        },
        (None, Some(here)) => ScriptChange::Edited {
            script: name,
            number,
            line: here.line,
        },
        (None, None) => ScriptChange::Gone {
            script: name,
            number,
        },
    })
}

/// The numbers of a name, then the name.
pub fn version_key(name: &str) -> (Vec<u64>, String) {
    let stem = name.strip_suffix(".sql").unwrap_or(name);
    let numbers = stem
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok());
    (numbers.collect(), name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(script: &Script, count: usize) -> Vec<LedgerRow> {
        let rows = script
            .statements
            .iter()
            .take(count)
            .map(|statement| LedgerRow {
                script: script.name.clone(),
                number: statement.number,
                checksum: statement.checksum.clone(),
                state: LedgerState::Done,
                total: script.statements.len(),
                script_checksum: script.checksum.clone(),
                error: None,
                before: None,
                connection: None,
            });
        rows.collect()
    }

    #[test]
    fn an_edited_shortened_or_reordered_script_is_noticed() {
        let before = Script::parse("s", "a;b;c;d;").unwrap();
        let now = |text| [Script::parse("s", text).unwrap()];
        let script = || "s".to_owned();
        for (text, count, wanted) in [
            ("a;b;c;d;", 3, vec![]),
            (
                "a;\nx;c;d;",
                3,
                vec![ScriptChange::Edited {
                    script: script(),
                    number: 2,
                    line: 2,
                }],
            ),
            (
                "b;a;c;d;",
                3,
                vec![
                    ScriptChange::Moved {
                        script: script(),
                        number: 1,
                        now: 2,
                    },
                    ScriptChange::Moved {
                        script: script(),
                        number: 2,
                        now: 1,
                    },
                ],
            ),
            (
                "a;b;",
                3,
                vec![ScriptChange::Gone {
                    script: script(),
                    number: 3,
                }],
            ),
            (
                "a;b;c;",
                2,
                vec![ScriptChange::Shortened {
                    script: script(),
                    before: 4,
                    now: 3,
                }],
            ),
            (
                "a;b;c;x;",
                3,
                vec![ScriptChange::Behind { script: script() }],
            ),
            (
                "a;b;c;d;e;",
                3,
                vec![ScriptChange::Behind { script: script() }],
            ),
            ("x;y;", 0, vec![]),
        ] {
            assert_eq!(changes(&now(text), &rows(&before, count)), wanted, "{text}");
        }
    }

    #[test]
    fn names_sort_by_their_versions() {
        let mut names = [
            "v4.10.0.sql",
            "v4.3.1.sql",
            "v4.3.0.sql",
            "auth_4.0.0.sql",
            "v3.sql",
        ];
        names.sort_by_cached_key(|name| version_key(name));
        assert_eq!(
            names,
            [
                "v3.sql",
                "auth_4.0.0.sql",
                "v4.3.0.sql",
                "v4.3.1.sql",
                "v4.10.0.sql"
            ]
        );
    }
}
