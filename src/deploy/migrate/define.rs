//! What `CREATE`, `ALTER`, `DROP` and `RENAME` make and remove, clause by clause. Pure.

use super::lex::{Token, TokenKind, listed};
use super::object::{Key, ObjectKind};
use super::statement::{Kind, Reader};

const ENGINES: &str = "innodb myisam memory aria";

/// Table options that say nothing of other files, servers or tables.
const TABLE_OPTIONS: &str = "engine auto_increment charset character collate comment row_format key_block_size default \
    stats_persistent stats_auto_recalc stats_sample_pages pack_keys checksum min_rows max_rows";

impl Reader {
    pub(super) fn create(&mut self, at: usize) {
        self.out.kind = Kind::Definition;
        let mut next = at + 1;
        let replace = self.is(next, "or") && self.is(next + 1, "replace");
        if replace {
            next += 2;
        }
        let noise = "temporary unique fulltext spatial online offline aggregate undefined merge temptable algorithm sql security invoker definer";
        let temporary = self.is(next, "temporary");
        loop {
            if self.is(next, "definer") && self.punct(next + 1, '=') {
                // `DEFINER = user@host` or `CURRENT_USER[()]`.
                next += 3;
                while self.punct(next, '@') || self.punct(next, '(') || self.punct(next, ')') || self.tokens.get(next).is_some_and(|token| matches!(&token.kind, TokenKind::Word(word) if word.starts_with('@'))) {
                    let bare = matches!(&self.tokens[next].kind, TokenKind::Word(word) if word == "@");
                    next += 1 + usize::from(bare);
                }
            } else if self.any(next, noise) || self.punct(next, '=') {
                next += 1;
            } else {
                break;
            }
        }
        let object = self.words(next, 1).to_lowercase();
        if replace {
            self.destructive(&format!("create or replace {object}"));
        }
        next += 1;
        match object.as_str() {
            "table" => {
                next = self.lenient(next);
                let Some((table, behind)) = self.name(next) else {
                    return;
                };
                self.out.table = Some(table.clone());
                if temporary {
                    self.out.kind = Kind::Control;
                } else {
                    self.out.makes.push(Key::table(&table));
                }
                self.table_body(behind);
            }
            "index" => {
                next = self.lenient(next);
                let Some((index, _)) = self.name(next) else {
                    return;
                };
                if let Some(on) = self.tokens.iter().position(|token| token.is("on")) {
                    self.set_table(on + 1);
                }
                let table = self.out.table.clone().unwrap_or_default();
                self.out
                    .makes
                    .push(Key::new(ObjectKind::Index, &table, &index));
            }
            "view" | "trigger" | "procedure" | "function" | "event" => {
                next = self.lenient(next);
                let Some((name, _)) = self.name(next) else {
                    return;
                };
                let kind = match object.as_str() {
                    "view" => ObjectKind::View,
                    "trigger" => ObjectKind::Trigger,
                    "event" => ObjectKind::Event,
                    _ => ObjectKind::Routine,
                };
                self.out.makes.push(Key::new(kind, "", &name));
                let body = "drop truncate prepare execute call alter global delete";
                if object == "event" {
                    self.unlisted("create event");
                } else if let Some(word) = body.split(' ').find(|word| self.has(word)) {
                    self.destructive(&format!("{word} in create {object}"));
                }
            }
            "database" | "schema" | "user" | "role" | "server" | "tablespace" | "logfile"
            | "resource" | "undo" => {
                self.refuse(&format!("create {object}"));
            }
            _ => self.unlisted(&format!("create {object}")),
        }
    }

    /// Options and what follows the columns of a `CREATE TABLE`.
    fn table_body(&mut self, mut at: usize) {
        if self.is(at, "like") {
            return;
        }
        let mut selects = !self.punct(at, '(');
        if !selects {
            selects = self.is(at + 1, "select");
            if self.is(at + 1, "like") {
                return;
            }
            at = self.closing(at);
        }
        let rest: Vec<Token> = self.tokens[at..].to_vec();
        let mut place = 0;
        while let Some(token) = rest.get(place) {
            if token.is_any("select as ignore replace with") {
                selects = true;
                break;
            }
            let Some(name) = token.name().map(str::to_lowercase) else {
                place += 1;
                continue;
            };
            place += self.table_option(&name, &rest, place);
        }
        if selects && self.out.kind == Kind::Definition {
            self.out.kind = Kind::DefinitionAndRows;
        }
    }

    /// Checks an option and says how many tokens it takes.
    fn table_option(&mut self, name: &str, tokens: &[Token], place: usize) -> usize {
        if !listed(TABLE_OPTIONS, name) {
            self.unlisted(name);
            return 1;
        }
        if name == "default" {
            return 1;
        }
        let mut behind = place + 1;
        if name == "character" {
            behind += 1;
        }
        if tokens.get(behind).is_some_and(|token| token.punct('=')) {
            behind += 1;
        }
        let value = tokens
            .get(behind)
            .and_then(Token::name)
            .unwrap_or_default()
            .to_lowercase();
        if name == "engine" && !listed(ENGINES, &value) {
            self.unlisted(&format!("engine {value}"));
        }
        behind + 1 - place
    }

    pub(super) fn alter(&mut self, at: usize) {
        self.out.kind = Kind::Definition;
        let mut next = at + 1;
        while self.any(next, "online ignore") {
            if self.is(next, "ignore") {
                self.destructive("alter ignore table");
            }
            next += 1;
        }
        if !self.is(next, "table") {
            let object = self.words(next, 1).to_lowercase();
            if listed("view procedure function event sequence", &object) {
                self.unlisted(&format!("alter {object}"));
            } else {
                self.refuse(&format!("alter {object}"));
            }
            return;
        }
        next = self.lenient(next + 1);
        next = self.set_table(next);
        while self.any(next, "wait nowait") {
            next += 1 + usize::from(self.is(next, "wait"));
        }
        self.out.repeatable = true;
        for (start, end) in self.commas(next, self.tokens.len()) {
            self.clause(start, end);
        }
    }

    fn part(&self, kind: ObjectKind, name: &str) -> Key {
        Key::new(kind, self.out.table.as_deref().unwrap_or_default(), name)
    }

    fn clause(&mut self, start: usize, end: usize) {
        let first = self.words(start, 1).to_lowercase();
        let set = matches!(
            first.as_str(),
            "modify"
                | "comment"
                | "engine"
                | "convert"
                | "default"
                | "charset"
                | "character"
                | "collate"
                | "row_format"
                | "auto_increment"
                | "algorithm"
                | "lock"
                | "force"
        );
        self.out.repeatable &= set || first == "change" || first == "alter";
        match first.as_str() {
            "add" => self.add(start + 1),
            "modify" => {
                self.out.modifies = true;
                let at = start + 1 + usize::from(self.is(start + 1, "column"));
                self.lenient(at);
            }
            "change" => {
                self.out.modifies = true;
                let at = start + 1 + usize::from(self.is(start + 1, "column"));
                let at = self.lenient(at);
                let names = self
                    .name(at)
                    .and_then(|(old, next)| Some((old, self.name(next)?.0)));
                if let Some((old, new)) = names.filter(|(old, new)| !old.eq_ignore_ascii_case(new))
                {
                    self.out.repeatable = false;
                    self.out.wide = true;
                    self.out.removes.push(self.part(ObjectKind::Column, &old));
                    self.out.makes.push(self.part(ObjectKind::Column, &new));
                }
            }
            "rename" => {
                self.out.wide = true;
                let kind = match self.words(start + 1, 1).to_lowercase().as_str() {
                    "column" => ObjectKind::Column,
                    "index" | "key" => ObjectKind::Index,
                    _ => {
                        let at = start
                            + 1
                            + usize::from(
                                self.any(start + 1, "to as") || self.punct(start + 1, '='),
                            );
                        let table = self.out.table.clone().unwrap_or_default();
                        self.out.removes.push(Key::table(&table));
                        if let Some((new, _)) = self.name(at) {
                            self.out.makes.push(Key::table(&new));
                        }
                        return;
                    }
                };
                let at = self.lenient(start + 2);
                if let Some((old, next)) = self.name(at) {
                    self.out.removes.push(self.part(kind, &old));
                    if let Some((new, _)) = self.name(next + 1) {
                        self.out.makes.push(self.part(kind, &new));
                    }
                }
            }
            "drop" => self.drop_clause(start),
            "alter" => {
                let index = self.any(start + 1, "index key check constraint");
                if index {
                    self.unlisted(&self.words(start, 2));
                }
            }
            "convert" | "algorithm" | "lock" | "force" | "order" => {}
            option => {
                let tokens: Vec<Token> = self.tokens[start..end].to_vec();
                let option = option.to_owned();
                let mut place = 0;
                while place < tokens.len() {
                    let name = tokens[place].name().map(str::to_lowercase);
                    place += match name {
                        Some(name) => self.table_option(&name, &tokens, place),
                        None => 1,
                    };
                }
                if option.is_empty() {
                    self.unlisted("alter table");
                }
            }
        }
    }

    fn add(&mut self, mut at: usize) {
        let mut constraint = None;
        if self.is(at, "constraint") {
            at += 1;
            at = self.lenient(at);
            if !self.any(at, "unique primary foreign check") {
                constraint = self.name(at).map(|(name, _)| name);
                at += 1;
            }
        }
        let kind = self.words(at, 1).to_lowercase();
        match kind.as_str() {
            "primary" => self.out.makes.push(self.part(ObjectKind::Index, "primary")),
            "check" => {
                if let Some(name) = constraint {
                    self.out.makes.push(self.part(ObjectKind::Check, &name));
                }
            }
            "foreign" => {
                at = self.lenient(at + 2);
                let name = constraint.or_else(|| {
                    self.name(at)
                        .filter(|_| !self.punct(at, '('))
                        .map(|(name, _)| name)
                });
                match name {
                    Some(name) => self
                        .out
                        .makes
                        .push(self.part(ObjectKind::ForeignKey, &name)),
                    None => self.add_unnamed(at, true),
                }
            }
            "index" | "key" | "unique" | "fulltext" | "spatial" => {
                at += 1;
                while self.any(at, "index key") {
                    at += 1;
                }
                at = self.lenient(at);
                let name = if self.punct(at, '(') || self.is(at, "using") {
                    None
                } else {
                    self.name(at)
                };
                match name.map(|(name, _)| name).or(constraint) {
                    Some(name) => self.out.makes.push(self.part(ObjectKind::Index, &name)),
                    None => self.add_unnamed(at, false),
                }
            }
            "partition" | "period" | "system" => self.unlisted(&format!("add {kind}")),
            _ => {
                at += usize::from(kind == "column");
                at = self.lenient(at);
                if self.punct(at, '(') {
                    let close = self.closing(at);
                    for (start, _) in self.commas(at + 1, close - 1) {
                        self.add(start);
                    }
                } else if let Some((name, _)) = self.name(at) {
                    self.out.makes.push(self.part(ObjectKind::Column, &name));
                }
            }
        }
    }

    fn add_unnamed(&mut self, at: usize, foreign: bool) {
        let Some(open) = (at..self.tokens.len()).find(|at| self.punct(*at, '(')) else {
            return;
        };
        let close = self.closing(open);
        let columns = self.commas(open + 1, close - 1).into_iter();
        let columns =
            columns.filter_map(|(start, _)| self.name(start).map(|(name, _)| name.to_lowercase()));
        self.out.unnamed.push((columns.collect(), foreign));
    }

    fn drop_clause(&mut self, start: usize) {
        let what = self.words(start + 1, 1).to_lowercase();
        let (kind, at) = match what.as_str() {
            "index" | "key" => (ObjectKind::Index, start + 2),
            "foreign" => (ObjectKind::ForeignKey, start + 3),
            "constraint" | "check" => (ObjectKind::Check, start + 2),
            "primary" => {
                self.out
                    .removes
                    .push(self.part(ObjectKind::Index, "primary"));
                self.destructive("drop primary key");
                return;
            }
            "column" => (ObjectKind::Column, start + 2),
            "partition" | "system" | "period" => {
                self.unlisted(&format!("drop {what}"));
                return;
            }
            _ => (ObjectKind::Column, start + 1),
        };
        let at = self.lenient(at);
        if let Some((name, _)) = self.name(at) {
            self.out.removes.push(self.part(kind, &name));
        }
        let word = if kind == ObjectKind::Column {
            "column"
        } else {
            &what
        };
        self.destructive(&format!("drop {word}"));
    }

    pub(super) fn drop(&mut self, at: usize) {
        self.out.kind = Kind::Definition;
        self.out.wide = true;
        let mut next = at + 1;
        let temporary = self.is(next, "temporary");
        next += usize::from(temporary);
        let object = self.words(next, 1).to_lowercase();
        let kind = match object.as_str() {
            "table" | "tables" => ObjectKind::Table,
            "index" => ObjectKind::Index,
            "view" => ObjectKind::View,
            "trigger" => ObjectKind::Trigger,
            "procedure" | "function" => ObjectKind::Routine,
            "event" => ObjectKind::Event,
            "prepare" => {
                self.out.kind = Kind::Control;
                return;
            }
            _ => return self.refuse(&format!("drop {object}")),
        };
        next = self.lenient(next + 1);
        if temporary {
            self.out.kind = Kind::Control;
            self.set_table(next);
            return;
        }
        if kind == ObjectKind::Event {
            self.unlisted("drop event");
        }
        self.destructive(&format!("drop {object}"));
        if kind == ObjectKind::Index {
            let index = self.name(next).map(|(name, _)| name).unwrap_or_default();
            if let Some(on) = self.tokens.iter().position(|token| token.is("on")) {
                self.set_table(on + 1);
            }
            self.out.removes.push(self.part(ObjectKind::Index, &index));
            return;
        }
        for (start, _) in self.commas(next, self.tokens.len()) {
            if let Some((name, _)) = self.name(start) {
                let key = if kind == ObjectKind::Table {
                    self.out.table.get_or_insert_with(|| name.clone());
                    Key::table(&name)
                } else {
                    Key::new(kind, "", &name)
                };
                self.out.removes.push(key);
            }
        }
    }

    pub(super) fn rename(&mut self, at: usize) {
        if !self.any(at + 1, "table tables") {
            return self.refuse(&self.words(at, 2));
        }
        self.out.kind = Kind::Definition;
        self.out.wide = true;
        let from = self.lenient(at + 2);
        for (start, _) in self.commas(from, self.tokens.len()) {
            let Some((old, mut next)) = self.name(start) else {
                continue;
            };
            while self.any(next, "wait nowait") {
                next += 1 + usize::from(self.is(next, "wait"));
            }
            self.out.table.get_or_insert_with(|| old.clone());
            self.out.removes.push(Key::table(&old));
            if let Some((new, _)) = self.name(next + 1) {
                self.out.makes.push(Key::table(&new));
            }
        }
    }
}
