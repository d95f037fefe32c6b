//! What a statement is, as far as that can be told without a server: its kind, whether it is on the list
//! of what upgrade scripts need, and the names in it. Pure; the server says what a statement does.

use std::collections::BTreeSet;

use super::lex::{Token, TokenKind, borders, listed, tokens};
use super::object::Key;

/// What a statement is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Changes definitions alone.
    Definition,
    /// Changes definitions and rows (`CREATE TABLE … SELECT`), or in a way that no definition shows.
    DefinitionAndRows,
    /// Changes rows.
    Rows,
    /// `SET` of the session: carried out again in each run.
    Session,
    /// Transactions, locks, prepared statements.
    Control,
    /// Reads.
    Query,
    /// `USE` of a schema.
    Use(String),
    /// Anything else.
    #[default]
    Opaque,
}

/// Whether a statement may be carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Permit {
    /// It is on the list.
    #[default]
    Allowed,
    /// It destroys: only with `--allow-destructive`; what of it, in SQL words.
    Destructive(String),
    /// It is not on the list: only with `--allow-destructive`, and never rehearsed.
    Unlisted(String),
    /// Never: what of it, in SQL words.
    Refused(String),
}

/// An `INSERT … VALUES`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Insert {
    /// Byte positions of its table's name.
    pub(super) target: (usize, usize),
    /// The columns named; empty if none are.
    pub(super) columns: Vec<String>,
    /// Whether the value of each place is a literal in all rows.
    pub(super) literal: Vec<bool>,
    /// `IGNORE` or `ON DUPLICATE KEY`: a row that is there is no error.
    pub(super) tolerant: bool,
}

/// What is known of a statement.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts of one statement"
)]
pub(super) struct Outline {
    pub(super) kind: Kind,
    pub(super) permit: Permit,
    /// The first table that it names.
    pub(super) table: Option<String>,
    /// Objects that it makes under a name.
    pub(super) makes: Vec<Key>,
    /// Objects that it removes or renames.
    pub(super) removes: Vec<Key>,
    /// Keys without a name that it adds to its table: columns, whether it is a foreign key.
    pub(super) unnamed: Vec<(Vec<String>, bool)>,
    /// `IF [NOT] EXISTS`: the server passes over what is there or absent.
    pub(super) lenient: bool,
    /// It only sets properties of what is there (`MODIFY`): a second time changes nothing.
    pub(super) repeatable: bool,
    /// It changes columns that are there (`MODIFY`, `CHANGE`).
    pub(super) modifies: bool,
    /// It may change tables that it does not name (`RENAME`, `DROP`).
    pub(super) wide: bool,
    /// It names a collation or a character set.
    pub(super) collates: bool,
    /// It is an `INSERT … VALUES`.
    pub(super) insert: Option<Insert>,
    /// Its condition, if it is an `UPDATE` or `DELETE` of one table with a `WHERE`: byte positions.
    pub(super) condition: Option<(usize, usize)>,
    /// All names in it.
    pub(super) names: BTreeSet<String>,
    /// Schemas that it names before a table.
    pub(super) schemas: Vec<String>,
    /// First parts of dotted names: schemas, tables or aliases.
    pub(super) qualifiers: BTreeSet<String>,
    /// All texts in it.
    pub(super) texts: Vec<String>,
}

impl Outline {
    /// It sets columns that are there, and does nothing else.
    pub(super) fn only_modifies(&self) -> bool {
        self.modifies && self.repeatable && self.makes.is_empty() && self.removes.is_empty()
    }

    /// Whether it names something, in whatever letters.
    pub(super) fn names_it(&self, name: &str) -> bool {
        self.names.iter().any(|one| one.eq_ignore_ascii_case(name))
    }

    /// A schema that a text of it names.
    pub(super) fn schema_in_text(&self, schemas: &BTreeSet<String>) -> Option<String> {
        let texts = self.texts.join(" ").to_lowercase();
        let words: BTreeSet<&str> = texts
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .collect();
        let named = |schema: &&String| words.contains(schema.to_lowercase().as_str());
        schemas.iter().find(named).cloned()
    }

    /// Names of tables in small letters, as some servers keep them.
    pub(super) fn lower_tables(&mut self) {
        self.table = self.table.as_ref().map(|table| table.to_lowercase());
        for key in self.makes.iter_mut().chain(&mut self.removes) {
            key.table = key.table.to_lowercase();
        }
        self.names = self.names.iter().map(|name| name.to_lowercase()).collect();
    }
}

/// Session variables that upgrade scripts set.
const VARIABLES: &str = "autocommit foreign_key_checks unique_checks check_constraint_checks sql_mode sql_notes \
    sql_warnings sql_safe_updates time_zone character_set_client character_set_results character_set_connection \
    collation_connection names group_concat_max_len lock_wait_timeout innodb_lock_wait_timeout timestamp insert_id \
    last_insert_id sql_quote_show_create max_statement_time innodb_strict_mode explicit_defaults_for_timestamp \
    transaction character charset";

/// What is never carried out: it reaches beyond the schema or breaks what protects the run.
const NEVER: &str = "grant revoke shutdown restart kill flush reset purge install uninstall load change clone import \
    binlog xa stop backup cache help handler raise lock_tables_for_backup denied signal resignal";

pub(super) struct Reader {
    pub(super) tokens: Vec<Token>,
    pub(super) out: Outline,
}

/// Understands a statement. A conditional comment may count or not: if the statement is another one without it,
/// nothing is known of it.
pub(super) fn outline(text: &str) -> Outline {
    let (all, bare) = (tokens(text, true), tokens(text, false));
    let other = (!bare.is_empty() && bare.len() < all.len()).then(|| Reader::read(bare));
    let mut reader = Reader::read(all);
    if let Some(other) = other.map(|other| other.out) {
        if other.kind != reader.out.kind || other.table != reader.out.table {
            reader.out.kind = Kind::Opaque;
            reader.unlisted("/*! … */");
        }
        match &other.permit {
            Permit::Allowed => {}
            Permit::Destructive(what) => reader.destructive(what),
            Permit::Unlisted(what) => reader.unlisted(what),
            Permit::Refused(what) => reader.refuse(what),
        }
    }
    if !borders(text).is_empty() {
        reader.refuse("; in a statement");
    }
    reader.out
}

impl Reader {
    pub(super) fn is(&self, at: usize, keyword: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(keyword))
    }

    pub(super) fn any(&self, at: usize, keywords: &str) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.is_any(keywords))
    }

    pub(super) fn punct(&self, at: usize, punct: char) -> bool {
        self.tokens.get(at).is_some_and(|token| token.punct(punct))
    }

    pub(super) fn has(&self, keyword: &str) -> bool {
        self.tokens.iter().any(|token| token.is(keyword))
    }

    pub(super) fn destructive(&mut self, what: &str) {
        if self.out.permit == Permit::Allowed {
            self.out.permit = Permit::Destructive(what.to_uppercase());
        }
    }

    pub(super) fn unlisted(&mut self, what: &str) {
        if matches!(self.out.permit, Permit::Allowed | Permit::Destructive(_)) {
            self.out.permit = Permit::Unlisted(what.to_uppercase());
        }
    }

    pub(super) fn refuse(&mut self, what: &str) {
        self.out.permit = Permit::Refused(what.to_uppercase());
    }

    /// Words from a place on, for a message.
    pub(super) fn words(&self, from: usize, count: usize) -> String {
        let tokens = self.tokens.iter().skip(from).take(count);
        let words = tokens.map_while(|token| match &token.kind {
            TokenKind::Word(word) => Some(word.as_str()),
            _ => None,
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// A name, perhaps with a schema before it, and what stands behind.
    pub(super) fn name(&self, at: usize) -> Option<(String, usize)> {
        let first = self.tokens.get(at)?.name()?.to_owned();
        if self.punct(at + 1, '.') {
            let second = self.tokens.get(at + 2)?.name()?.to_owned();
            return Some((second, at + 3));
        }
        Some((first, at + 1))
    }

    pub(super) fn set_table(&mut self, at: usize) -> usize {
        match self.name(at) {
            Some((table, next)) => {
                self.out.table.get_or_insert(table);
                next
            }
            None => at,
        }
    }

    /// Passes `IF [NOT] EXISTS`.
    pub(super) fn lenient(&mut self, at: usize) -> usize {
        if !self.is(at, "if") {
            return at;
        }
        self.out.lenient = true;
        let not = usize::from(self.is(at + 1, "not"));
        at + 2 + not
    }

    fn read(tokens: Vec<Token>) -> Self {
        let names = tokens
            .iter()
            .filter_map(|token| token.name().map(str::to_owned))
            .collect();
        let out = Outline {
            names,
            ..Outline::default()
        };
        let mut reader = Self { tokens, out };
        reader.all();
        reader
    }

    fn all(&mut self) {
        self.out.collates = self.has("collate") || self.has("charset") || self.has("character");
        let mut start = 0;
        if self.is(0, "set") && self.is(1, "statement") {
            self.set_targets(2);
            start = self
                .tokens
                .iter()
                .position(|token| token.is("for"))
                .map_or(0, |at| at + 1);
        }
        self.verb(start);
        self.everywhere(start);
    }

    fn verb(&mut self, at: usize) {
        let Some(first) = self
            .tokens
            .get(at)
            .and_then(Token::name)
            .map(str::to_lowercase)
        else {
            if self.punct(at, '(') {
                self.out.kind = Kind::Query;
            } else {
                self.unlisted("?");
            }
            return;
        };
        let second = self.words(at, 2).to_lowercase();
        match first.as_str() {
            "set" => {
                self.out.kind = Kind::Session;
                self.set_targets(at + 1);
            }
            "use" => {
                self.out.kind =
                    Kind::Use(self.name(at + 1).map(|(name, _)| name).unwrap_or_default());
            }
            "with"
                if self
                    .tokens
                    .iter()
                    .any(|token| token.is_any("insert update delete replace")) =>
            {
                self.unlisted("with");
            }
            "select" | "show" | "desc" | "describe" | "with" | "values" | "table" => {
                self.out.kind = Kind::Query;
            }
            "insert" | "replace" | "update" | "delete" => self.rows(at, &first),
            "create" => self.create(at),
            "alter" => self.alter(at),
            "drop" => self.drop(at),
            "rename" => self.rename(at),
            "truncate" => {
                self.out.kind = Kind::DefinitionAndRows;
                let next = at + 1 + usize::from(self.is(at + 1, "table"));
                self.set_table(next);
                self.destructive("truncate");
            }
            "analyze" if self.any(at + 1, "table") => self.out.kind = Kind::Query,
            "begin" if self.tokens.len() > at + 1 && !self.is(at + 1, "work") => {
                self.unlisted("begin … end");
            }
            "begin" | "commit" | "rollback" | "savepoint" | "unlock" => {
                self.out.kind = Kind::Control;
            }
            "start" if second == "start transaction" => self.out.kind = Kind::Control,
            "release" if second == "release savepoint" => self.out.kind = Kind::Control,
            "lock" if self.any(at + 1, "table tables") => self.out.kind = Kind::Control,
            "deallocate" => self.out.kind = Kind::Control,
            "prepare" | "execute" => {
                self.out.kind = Kind::Control;
                let immediate = self.is(at + 1, "immediate");
                self.unlisted(if immediate {
                    "execute immediate"
                } else {
                    &first
                });
            }
            "analyze" | "explain" | "start" | "lock" | "release" => self.refuse(&second),
            word if listed(NEVER, word) => self.refuse(&second),
            _ => self.unlisted(&second),
        }
    }

    fn set_targets(&mut self, from: usize) {
        let end = if self.is(1, "statement") {
            self.tokens.iter().position(|token| token.is("for"))
        } else {
            None
        };
        let end = end.unwrap_or(self.tokens.len());
        for (start, stop) in self.commas(from, end) {
            self.modes(start, stop);
            let mut at = start;
            let word = |at: usize| {
                self.tokens
                    .get(at)
                    .and_then(Token::name)
                    .unwrap_or_default()
                    .to_lowercase()
            };
            let mut name = word(at);
            if listed("session local @@session @@local", &name) {
                at += 1 + usize::from(self.punct(at + 1, '.'));
                name = word(at);
            }
            let plain = name.strip_prefix("@@").unwrap_or(&name).to_owned();
            if listed(
                "global persist persist_only password role default resource",
                &plain,
            ) {
                self.refuse(&format!("set {plain}"));
            } else if name.starts_with('@') && !name.starts_with("@@") || listed(VARIABLES, &plain)
            {
            } else {
                self.unlisted(&format!("set {plain}"));
            }
        }
    }

    /// A mode in which quotes mean something else than they do here is never set.
    fn modes(&mut self, from: usize, to: usize) {
        const OTHERS: &str = "ansi db2 maxdb mssql oracle postgresql";
        let tokens = &self.tokens[from..to];
        let of_mode = tokens
            .iter()
            .any(|token| token.is_any("sql_mode @@sql_mode"));
        let numbered = |mode: &str| mode != "0" && mode.bytes().all(|byte| byte.is_ascii_digit());
        let refused = |mode: &String| {
            listed("ansi_quotes no_backslash_escapes", mode)
                || of_mode && (listed(OTHERS, mode) || !mode.is_empty() && numbered(mode))
        };
        let refused = tokens.iter().find_map(|token| match &token.kind {
            TokenKind::Word(text) | TokenKind::Text(text) => text
                .split(',')
                .map(|mode| mode.trim().to_lowercase())
                .find(refused),
            TokenKind::Name(_) | TokenKind::Punct(_) => None,
        });
        if let Some(mode) = refused {
            self.refuse(&format!("set {mode}"));
        }
    }

    /// Parts between commas that stand in no parentheses.
    pub(super) fn commas(&self, from: usize, to: usize) -> Vec<(usize, usize)> {
        let (mut found, mut depth, mut start) = (Vec::new(), 0_i32, from);
        for at in from..to {
            if self.punct(at, '(') {
                depth += 1;
            } else if self.punct(at, ')') {
                depth -= 1;
            } else if self.punct(at, ',') && depth == 0 {
                found.push((start, at));
                start = at + 1;
            }
        }
        if start < to {
            found.push((start, to));
        }
        found
    }

    /// The place behind the parenthesis that closes the one at `at`.
    pub(super) fn closing(&self, at: usize) -> usize {
        let mut depth = 0_i32;
        for place in at..self.tokens.len() {
            if self.punct(place, '(') {
                depth += 1;
            } else if self.punct(place, ')') {
                depth -= 1;
                if depth == 0 {
                    return place + 1;
                }
            }
        }
        self.tokens.len()
    }

    fn rows(&mut self, at: usize, verb: &str) {
        self.out.kind = Kind::Rows;
        let skipped = "low_priority delayed high_priority quick ignore into from";
        let mut next = at + 1;
        while self.any(next, skipped) {
            next += 1;
        }
        let target = next;
        next = self.set_table(next);
        let conditions = self.tokens.iter().position(|token| token.is("where"));
        if verb == "delete" {
            let constant = conditions.is_none_or(|at| {
                let words = self.tokens[at + 1..].iter();
                !words.clone().any(|token| {
                    token.name().is_some()
                        && !token.literal()
                        && !token.is_any("or and not limit is")
                })
            });
            if constant {
                self.destructive("delete without where");
            }
        }
        let single = matches!(verb, "update" | "delete")
            && (self.is(next, "set") || self.is(next, "where"))
            && !self
                .tokens
                .iter()
                .any(|token| token.is_any("limit order returning join"));
        if let (true, Some(at)) = (single, conditions) {
            let end = self.tokens.last().map_or(0, |token| token.end);
            self.out.condition = self.tokens.get(at + 1).map(|token| (token.start, end));
        }
        if verb == "insert" {
            let tolerant = self.is(at + 1, "ignore") || self.has("duplicate");
            self.insert(target, next, tolerant);
        }
    }

    fn insert(&mut self, target: usize, mut at: usize, tolerant: bool) {
        let mut columns = Vec::new();
        if self.punct(at, '(') {
            let end = self.closing(at);
            for (start, stop) in self.commas(at + 1, end - 1) {
                let Some((name, next)) = self.name(start) else {
                    return;
                };
                if next != stop {
                    return;
                }
                columns.push(name);
            }
            at = end;
        }
        if !self.any(at, "values value") {
            return;
        }
        at += 1;
        let mut literal: Vec<bool> = Vec::new();
        while self.punct(at, '(') {
            let end = self.closing(at);
            for (place, (start, stop)) in self.commas(at + 1, end - 1).into_iter().enumerate() {
                let value = self.tokens[start..stop].iter();
                let bare = |token: &Token| {
                    token.literal() || token.punct('-') || token.punct('+') || token.punct('.')
                };
                let one = start < stop && value.clone().all(bare);
                match literal.get_mut(place) {
                    Some(all) => *all &= one,
                    None => literal.push(one),
                }
            }
            at = end + usize::from(self.punct(end, ','));
        }
        let target = (
            self.tokens[target].start,
            self.tokens[self.name(target).map_or(target, |(_, next)| next - 1)].end,
        );
        self.out.insert = Some(Insert {
            target,
            columns,
            literal,
            tolerant,
        });
    }

    /// What counts wherever it stands: files, locks, other schemas.
    fn everywhere(&mut self, start: usize) {
        let calls = "release_lock release_all_locks get_lock load_file";
        for at in 0..self.tokens.len() {
            if self.any(at, calls) && self.punct(at + 1, '(') {
                self.refuse(&self.words(at, 1));
            }
            if self.is(at, "into") && self.any(at + 1, "outfile dumpfile") {
                self.refuse(&self.words(at, 2));
            }
            let global = matches!(&self.tokens[at].kind, TokenKind::Word(word) if word.eq_ignore_ascii_case("@@global"));
            if global && at > 0 && self.is(at - 1, "set") {
                self.refuse("set global");
            }
        }
        let lists = self.any(start, "drop rename truncate lock alter");
        let on = self.any(start, "create drop");
        let before = "table tables into from join update references exists like ignore view procedure function trigger event call";
        for at in 0..self.tokens.len() {
            let dotted = self.tokens[at].name().is_some()
                && self.punct(at + 1, '.')
                && self
                    .tokens
                    .get(at + 2)
                    .is_some_and(|token| token.name().is_some());
            let behind_dot = at > 0 && self.punct(at - 1, '.');
            if !dotted || behind_dot {
                continue;
            }
            let first = self.tokens[at].name().unwrap_or_default().to_owned();
            if first.starts_with(|c: char| c.is_ascii_digit()) || first.starts_with('@') {
                continue;
            }
            self.out.qualifiers.insert(first.clone());
            let third = self.punct(at + 3, '.')
                && self
                    .tokens
                    .get(at + 4)
                    .is_some_and(|token| token.name().is_some());
            let placed = at > 0
                && (self.any(at - 1, before)
                    || on && self.is(at - 1, "on")
                    || lists && (self.any(at - 1, "to as") || self.punct(at - 1, ',')));
            if third || placed {
                self.out.schemas.push(first);
            }
        }
        let texts = self.tokens.iter().filter_map(|token| match &token.kind {
            TokenKind::Text(text) => Some(text.clone()),
            _ => None,
        });
        self.out.texts = texts.collect();
    }
}

#[cfg(test)]
mod tests;
