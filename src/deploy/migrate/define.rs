//! What `CREATE`, `ALTER`, `DROP` and `RENAME` make and remove, clause by clause. Pure.

use super::lex::{Token, TokenKind, listed};
use super::object::{Key, ObjectKind};
use super::statement::{Kind, Reader};

const ENGINES: &str = "innodb myisam memory aria";

/// Table options that say nothing of other files, servers or tables.
const TABLE_OPTIONS: &str = "engine auto_increment charset character collate comment row_format key_block_size default \
    stats_persistent stats_auto_recalc stats_sample_pages pack_keys checksum min_rows max_rows";

impl Reader {
    fn key(&self, kind: ObjectKind, name: &str) -> Key {
        let table = self.out.table.as_deref().unwrap_or_default();
        match kind {
            ObjectKind::Table => Key::table(name),
            ObjectKind::View | ObjectKind::Trigger | ObjectKind::Routine | ObjectKind::Event => {
                Key::new(kind, "", name)
            }
            _ => Key::new(kind, table, name),
        }
    }

    /// Notes that the object named at a place is made, and says what stands behind.
    fn makes(&mut self, kind: ObjectKind, at: usize) -> usize {
        let Some((name, next)) = self.name(at) else {
            return at;
        };
        self.out.makes.push(self.key(kind, &name));
        next
    }

    fn removes(&mut self, kind: ObjectKind, at: usize) -> usize {
        let Some((name, next)) = self.name(at) else {
            return at;
        };
        self.out.removes.push(self.key(kind, &name));
        next
    }

    /// The table of `CREATE INDEX … ON` and `DROP INDEX … ON`.
    fn set_table_behind_on(&mut self) {
        if let Some(on) = self.tokens.iter().position(|token| token.is("on")) {
            self.set_table(on + 1);
        }
    }

    /// What stands behind `DEFINER = user@host` or `CURRENT_USER[()]`.
    fn behind_definer(&self, at: usize) -> usize {
        let of_account = |at: usize| {
            let host = self.tokens.get(at).is_some_and(
                |token| matches!(&token.kind, TokenKind::Word(word) if word.starts_with('@')),
            );
            host || self.punct(at, '@') || self.punct(at, '(') || self.punct(at, ')')
        };
        let mut next = at + 3;
        while of_account(next) {
            next += 1 + usize::from(self.is(next, "@"));
        }
        next
    }

    pub(super) fn create(&mut self, at: usize) {
        self.out.kind = Kind::Definition;
        let mut next = at + 1;
        let replace = self.is(next, "or") && self.is(next + 1, "replace");
        next += if replace { 2 } else { 0 };
        let noise = "temporary unique fulltext spatial online offline aggregate undefined merge temptable algorithm sql \
            security invoker definer";
        let temporary = self.is(next, "temporary");
        loop {
            if self.is(next, "definer") && self.punct(next + 1, '=') {
                next = self.behind_definer(next);
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
        if listed(
            "database schema user role server tablespace logfile resource undo",
            &object,
        ) {
            return self.refuse(&format!("create {object}"));
        }
        let Some(kind) = ObjectKind::of_word(&object) else {
            return self.unlisted(&format!("create {object}"));
        };
        next = self.lenient(next + 1);
        match kind {
            ObjectKind::Table => {
                self.out.table = self.name(next).map(|(table, _)| table);
                if temporary {
                    self.out.kind = Kind::Control;
                    next = self.set_table(next);
                } else {
                    if replace {
                        self.removes(kind, next);
                        self.out.lenient = true;
                    }
                    next = self.makes(kind, next);
                }
                return self.table_body(next);
            }
            ObjectKind::Index => self.set_table_behind_on(),
            ObjectKind::Event => self.unlisted("create event"),
            _ => {}
        }
        if replace {
            self.removes(kind, next);
            self.out.lenient = true;
        }
        self.makes(kind, next);
        if self.has("soname") {
            return self.refuse("soname");
        }
        let body = "drop truncate prepare execute call alter global delete grant revoke kill shutdown load";
        if let Some(word) = body
            .split(' ')
            .find(|word| kind != ObjectKind::Index && self.has(word))
        {
            self.destructive(&format!("{word} in create {object}"));
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

    fn clause(&mut self, start: usize, end: usize) {
        let first = self.words(start, 1).to_lowercase();
        self.out.repeatable &= listed(
            "modify comment engine convert default charset character collate row_format algorithm lock force change alter",
            &first,
        );
        let column = start + 1 + usize::from(self.is(start + 1, "column"));
        match first.as_str() {
            "add" => self.add(start + 1),
            "modify" => {
                self.out.modifies = true;
                self.lenient(column);
            }
            "change" => {
                self.out.modifies = true;
                let old = self.lenient(column);
                let names = self
                    .name(old)
                    .and_then(|(one, next)| Some((one, next, self.name(next)?.0)));
                if let Some((one, next, other)) = names
                    && !one.eq_ignore_ascii_case(&other)
                {
                    self.out.repeatable = false;
                    self.out.wide = true;
                    self.removes(ObjectKind::Column, old);
                    self.makes(ObjectKind::Column, next);
                }
            }
            "rename" => {
                self.out.wide = true;
                let kind = ObjectKind::of_word(&self.words(start + 1, 1).to_lowercase());
                if let Some(kind @ (ObjectKind::Column | ObjectKind::Index)) = kind {
                    let at = self.lenient(start + 2);
                    let behind = self.removes(kind, at);
                    self.makes(kind, behind + 1);
                } else {
                    let to = self.any(start + 1, "to as") || self.punct(start + 1, '=');
                    let table = self.out.table.clone().unwrap_or_default();
                    self.out.removes.push(Key::table(&table));
                    self.makes(ObjectKind::Table, start + 1 + usize::from(to));
                }
            }
            "drop" => self.drop_clause(start),
            "alter" if self.any(start + 1, "index key check constraint") => {
                self.unlisted(&self.words(start, 2));
            }
            "alter" | "convert" | "algorithm" | "lock" | "force" | "order" => {}
            "" => self.unlisted("alter table"),
            _ => {
                let tokens: Vec<Token> = self.tokens[start..end].to_vec();
                let mut place = 0;
                while place < tokens.len() {
                    let name = tokens[place].name().map(str::to_lowercase);
                    place += name.map_or(1, |name| self.table_option(&name, &tokens, place));
                }
            }
        }
    }

    fn add(&mut self, mut at: usize) {
        let mut constraint = None;
        if self.is(at, "constraint") {
            at = self.lenient(at + 1);
            if !self.any(at, "unique primary foreign check") {
                constraint = Some(at);
                at += 1;
            }
        }
        let kind = self.words(at, 1).to_lowercase();
        let object = match kind.as_str() {
            "primary" => {
                let key = self.key(ObjectKind::Index, "primary");
                return self.out.makes.push(key);
            }
            "partition" | "period" | "system" => return self.unlisted(&format!("add {kind}")),
            "check" => {
                constraint.map(|name| self.makes(ObjectKind::Check, name));
                return;
            }
            "foreign" => {
                at = self.lenient(at + 2);
                ObjectKind::ForeignKey
            }
            "index" | "key" | "unique" | "fulltext" | "spatial" => {
                at += 1;
                while self.any(at, "index key") {
                    at += 1;
                }
                at = self.lenient(at);
                ObjectKind::Index
            }
            _ => {
                at = self.lenient(at + usize::from(kind == "column"));
                if self.punct(at, '(') {
                    for (start, _) in self.commas(at + 1, self.closing(at) - 1) {
                        self.add(start);
                    }
                } else {
                    self.makes(ObjectKind::Column, at);
                }
                return;
            }
        };
        let named = Some(at).filter(|at| !self.punct(*at, '(') && !self.is(*at, "using"));
        let foreign = object == ObjectKind::ForeignKey;
        // The name of a constraint is the foreign key's own, and an index has its own if it has one.
        let name = if foreign {
            constraint.or(named)
        } else {
            named.or(constraint)
        };
        match name {
            Some(name) => {
                self.makes(object, name);
            }
            None => self.add_unnamed(at, foreign),
        }
    }

    fn add_unnamed(&mut self, at: usize, foreign: bool) {
        let Some(open) = (at..self.tokens.len()).find(|at| self.punct(*at, '(')) else {
            return;
        };
        let columns = self.commas(open + 1, self.closing(open) - 1).into_iter();
        let columns = columns.filter_map(|(start, _)| Some(self.name(start)?.0.to_lowercase()));
        self.out.unnamed.push((columns.collect(), foreign));
    }

    fn drop_clause(&mut self, start: usize) {
        let what = self.words(start + 1, 1).to_lowercase();
        let (kind, at) = match what.as_str() {
            "primary" => {
                let key = self.key(ObjectKind::Index, "primary");
                self.out.removes.push(key);
                return self.destructive("drop primary key");
            }
            "partition" | "system" | "period" => return self.unlisted(&format!("drop {what}")),
            "foreign" => (ObjectKind::ForeignKey, start + 3),
            "index" | "key" => (ObjectKind::Index, start + 2),
            "constraint" | "check" => (ObjectKind::Check, start + 2),
            "column" => (ObjectKind::Column, start + 2),
            _ => (ObjectKind::Column, start + 1),
        };
        let at = self.lenient(at);
        self.removes(kind, at);
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
        let temporary = self.is(at + 1, "temporary");
        let mut next = at + 1 + usize::from(temporary);
        let object = self.words(next, 1).to_lowercase();
        if object == "prepare" {
            self.out.kind = Kind::Control;
            return;
        }
        let Some(kind) = ObjectKind::of_word(&object) else {
            return self.refuse(&format!("drop {object}"));
        };
        next = self.lenient(next + 1);
        if temporary {
            self.out.kind = Kind::Control;
            self.set_table(next);
            return;
        }
        match kind {
            ObjectKind::Event => self.unlisted("drop event"),
            _ => self.destructive(&format!("drop {object}")),
        }
        match kind {
            ObjectKind::Index => self.set_table_behind_on(),
            ObjectKind::Table => {
                self.set_table(next);
            }
            _ => {}
        }
        for (start, _) in self.commas(next, self.tokens.len()) {
            self.removes(kind, start);
        }
    }

    pub(super) fn rename(&mut self, at: usize) {
        if !self.any(at + 1, "table tables") {
            return self.refuse(&self.words(at, 2));
        }
        self.out.kind = Kind::Definition;
        self.out.wide = true;
        let from = self.lenient(at + 2);
        self.set_table(from);
        for (start, _) in self.commas(from, self.tokens.len()) {
            let mut next = self.removes(ObjectKind::Table, start);
            while self.any(next, "wait nowait") {
                next += 1 + usize::from(self.is(next, "wait"));
            }
            self.makes(ObjectKind::Table, next + 1);
        }
    }
}
