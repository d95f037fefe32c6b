//! The ledger: a table of ours in the schema itself that says of each statement whether it was begun
//! and whether it has taken effect. What it holds and what a changed script means is pure; `record`
//! reads and writes it.

use super::known::{KnownScript, known_script};
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
pub struct ScriptChange {
    /// The script.
    pub script: String,
    /// What changed.
    pub change: Change,
}

/// What changed in a script. Numbers are those of statements, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A statement that was carried out reads otherwise now: its number and line.
    Edited(usize, usize),
    /// A statement that was carried out stands elsewhere now: where it stood, where it stands.
    Moved(usize, usize),
    /// A statement that was carried out is gone.
    Gone(usize),
    /// The script has fewer statements than when it was begun: how many it had, how many it has.
    Shortened(usize, usize),
    /// Another known edition of the script was carried out: that one, the one given.
    OtherEdition(KnownScript, KnownScript),
    /// Something else changed: comments, or statements that were not yet carried out.
    Behind,
}

impl ScriptChange {
    /// Whether it stops a run that was not told to take the script as it is now.
    pub fn stops(&self) -> bool {
        self.change != Change::Behind
    }
}

/// What changed in the scripts since the ledger was written.
pub(super) fn changes(scripts: &[Script], ledger: &[LedgerRow]) -> Vec<ScriptChange> {
    let mut found = Vec::new();
    for script in scripts {
        let rows = ledger.iter().filter(|row| row.script == script.name);
        let of_script = of_script(script, &rows.collect::<Vec<_>>());
        found.extend(of_script.into_iter().map(|change| ScriptChange {
            script: script.name.clone(),
            change,
        }));
    }
    found
}

fn of_script(script: &Script, rows: &[&LedgerRow]) -> Vec<Change> {
    if let Some(edition) = other_edition(script, rows) {
        return vec![edition];
    }
    let found: Vec<Change> = rows.iter().filter_map(|row| change(script, row)).collect();
    let total = rows.iter().map(|row| row.total).max().unwrap_or(0);
    let now = script.statements.len();
    if !found.is_empty() {
        found
    } else if now < total {
        vec![Change::Shortened(total, now)]
    } else if rows
        .iter()
        .any(|row| row.script_checksum != script.checksum)
    {
        vec![Change::Behind]
    } else {
        Vec::new()
    }
}

fn other_edition(script: &Script, rows: &[&LedgerRow]) -> Option<Change> {
    let given = known_script(&script.checksum)?;
    let done = known_script(&rows.first()?.script_checksum)?;
    let other = done.version == given.version && done != given;
    other.then_some(Change::OtherEdition(done, given))
}

fn change(script: &Script, row: &LedgerRow) -> Option<Change> {
    let mut all = script.statements.iter();
    let here = script.statements.get(row.number.checked_sub(1)?);
    if here.is_some_and(|statement| statement.checksum == row.checksum) {
        return None;
    }
    let elsewhere = all.find(|statement| statement.checksum == row.checksum);
    Some(match (elsewhere, here) {
        (Some(now), _) => Change::Moved(row.number, now.number),
        (None, Some(here)) => Change::Edited(row.number, here.line),
        (None, None) => Change::Gone(row.number),
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
        for (text, count, wanted) in [
            ("a;b;c;d;", 3, vec![]),
            ("a;\nx;c;d;", 3, vec![Change::Edited(2, 2)]),
            (
                "b;a;c;d;",
                3,
                vec![Change::Moved(1, 2), Change::Moved(2, 1)],
            ),
            ("a;b;", 3, vec![Change::Gone(3)]),
            ("a;b;c;", 2, vec![Change::Shortened(4, 3)]),
            ("a;b;c;x;", 3, vec![Change::Behind]),
            ("a;b;c;d;e;", 3, vec![Change::Behind]),
            ("x;y;", 0, vec![]),
        ] {
            let found = changes(&now(text), &rows(&before, count)).into_iter();
            let found: Vec<_> = found.map(|one| one.change).collect();
            assert_eq!(found, wanted, "{text}");
        }
    }

    #[test]
    fn another_edition_of_a_known_script_is_one_change() {
        let (mut done, mut given) = (
            Script::parse("s", "a;b;c;").unwrap(),
            Script::parse("s", "x;y;").unwrap(),
        );
        for (one, other, wanted) in [
            // v4.0.0.sql of v4.0.0 and of the link in the upgrade document; two editions of 4.5.7; 4.1.0.
            ("3181a7d97a69", "f851d2bedb93", true),
            ("0b76f3f54b1d", "dafac773aa08", true),
            ("3181a7d97a69", "8115208709a9", false),
        ] {
            let whole = |start: &str| {
                let lines = include_str!("known.tsv")
                    .lines()
                    .filter_map(|line| line.rsplit('\t').next());
                lines
                    .into_iter()
                    .find(|sum| sum.starts_with(start))
                    .unwrap()
                    .to_owned()
            };
            (done.checksum, given.checksum) = (whole(one), whole(other));
            let found = changes(&[given.clone()], &rows(&done, 3));
            let edition = matches!(found[0].change, Change::OtherEdition(..));
            assert_eq!(edition && found.len() == 1, wanted, "{one} {other}");
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
