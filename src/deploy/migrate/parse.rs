//! Reads a statement's words: the little of SQL's grammar that definitions of tables and rows need.
//! Pure; what it does not know ends it with nothing.

use super::facts::{Index, IndexKind};
use super::lex::{What, Word, words};
use super::statement::{Clause, CreateTable, ForeignKey, Insert, Kind, Value};

/// What a statement is.
pub(super) fn kind(text: &str) -> Kind {
    let words = words(text);
    let mut cursor = Cursor {
        text,
        words: &words,
        at: 0,
    };
    cursor.kind().unwrap_or(Kind::Other)
}

struct Cursor<'a> {
    text: &'a str,
    words: &'a [Word],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<&'a Word> {
        self.words.get(self.at)
    }

    fn take(&mut self, keyword: &str) -> bool {
        let found = self.peek().is_some_and(|word| word.is(keyword));
        self.at += usize::from(found);
        found
    }

    fn take_sign(&mut self, sign: char) -> bool {
        let found = self.peek().is_some_and(|word| word.sign(sign));
        self.at += usize::from(found);
        found
    }

    fn take_all(&mut self, keywords: &[&str]) -> bool {
        let start = self.at;
        if keywords.iter().all(|keyword| self.take(keyword)) {
            return true;
        }
        self.at = start;
        false
    }

    fn name(&mut self) -> Option<String> {
        let name = self.peek()?.name()?.to_owned();
        self.at += 1;
        Some(name)
    }

    /// A table's name; one with a schema is `schema.table`, which no table of ours is called.
    fn table(&mut self) -> Option<String> {
        let name = self.name()?;
        if self.take_sign('.') {
            return Some(format!("{name}.{}", self.name()?));
        }
        Some(name)
    }

    fn rest(&self) -> &'a str {
        self.peek()
            .map_or("", |word| self.text[word.start..].trim_end())
    }

    fn kind(&mut self) -> Option<Kind> {
        let first = self.peek()?;
        self.at = 1;
        let head = match &first.what {
            What::Plain(word) => word.to_ascii_lowercase(),
            _ => return None,
        };
        match head.as_str() {
            "create" => self.create(),
            "alter" => {
                self.take("ignore");
                if !self.take("table") {
                    return None;
                }
                let table = self.table()?;
                let clauses = self.pieces(self.words.len());
                let clauses = clauses.into_iter().map(|piece| clause(self.text, piece));
                Some(Kind::AlterTable {
                    table,
                    clauses: clauses.collect(),
                })
            }
            "drop" => self.drop(),
            "insert" => self.insert(),
            "update" | "delete" | "replace" => {
                while ["low_priority", "quick", "ignore", "delayed", "from", "into"]
                    .iter()
                    .any(|word| self.take(word))
                {}
                Some(Kind::Rows {
                    table: self.table()?,
                })
            }
            "set" => {
                let global = self.words.iter().any(|word| {
                    ["global", "persist", "password", "@@global"]
                        .iter()
                        .any(|name| word.is(name))
                });
                Some(if global { Kind::Other } else { Kind::Session })
            }
            "use" => Some(Kind::Use {
                schema: self.name()?,
            }),
            _ => None,
        }
    }

    fn create(&mut self) -> Option<Kind> {
        let start = self.at;
        if self.take("table") {
            return self.create_table();
        }
        self.at = start;
        let kind = if self.take("unique") {
            IndexKind::Unique
        } else if self.take("fulltext") {
            IndexKind::Fulltext
        } else {
            IndexKind::Plain
        };
        if !self.take("index") {
            return None;
        }
        let name = self.name()?;
        self.index_type();
        if !self.take("on") {
            return None;
        }
        let table = self.table()?;
        let columns = self.key_parts()?;
        let index = Index {
            name,
            kind,
            columns,
        };
        Some(Kind::AlterTable {
            table,
            clauses: vec![Clause::AddIndex(index)],
        })
    }

    fn create_table(&mut self) -> Option<Kind> {
        self.take_all(&["if", "not", "exists"]);
        let table = self.table()?;
        if !self.take_sign('(') {
            return None;
        }
        let close = self.closing()?;
        let pieces = self.pieces(close);
        self.at = close + 1;
        let options = self.rest().to_owned();
        if self.words[close + 1..]
            .iter()
            .any(|word| word.is("select") || word.is("partition"))
        {
            return None;
        }
        let (mut body, mut foreign_keys) = (Vec::new(), Vec::new());
        for piece in pieces {
            let first = piece.first()?;
            if first.is("like") || first.is("select") {
                return None;
            }
            let mut cursor = Cursor {
                text: self.text,
                words: piece,
                at: 0,
            };
            match cursor.foreign_key() {
                Some(key) => foreign_keys.push(key),
                None => body.push(&self.text[first.start..piece.last()?.end]),
            }
        }
        Some(Kind::CreateTable(CreateTable {
            table,
            body: body.join(",\n"),
            options,
            foreign_keys,
        }))
    }

    fn drop(&mut self) -> Option<Kind> {
        if self.take("index") {
            let name = self.name()?;
            self.take("on");
            let table = self.table()?;
            return Some(Kind::AlterTable {
                table,
                clauses: vec![Clause::DropIndex(name)],
            });
        }
        if !self.take("table") {
            return None;
        }
        self.take_all(&["if", "exists"]);
        let mut tables = vec![self.table()?];
        while self.take_sign(',') {
            tables.push(self.table()?);
        }
        Some(Kind::DropTable { tables })
    }

    fn insert(&mut self) -> Option<Kind> {
        let mut plain = true;
        while ["low_priority", "delayed", "high_priority", "ignore"]
            .iter()
            .any(|word| self.take(word))
        {
            plain = false;
        }
        self.take("into");
        let table = self.table()?;
        let opaque = Some(Kind::Rows {
            table: table.clone(),
        });
        let mut columns = Vec::new();
        if self.take_sign('(') {
            loop {
                columns.push(self.name()?);
                if !self.take_sign(',') {
                    break;
                }
            }
            if !self.take_sign(')') {
                return opaque;
            }
        }
        if !plain || !(self.take("values") || self.take("value")) {
            return opaque;
        }
        let mut rows = Vec::new();
        while self.take_sign('(') {
            let Some(close) = self.closing() else {
                return opaque;
            };
            let row = self
                .pieces(close)
                .into_iter()
                .map(|piece| value(self.text, piece));
            rows.push(row.collect());
            self.at = close + 1;
            if !self.take_sign(',') {
                break;
            }
        }
        // `ON DUPLICATE KEY UPDATE` decides by itself.
        if self.peek().is_some() || rows.is_empty() {
            return opaque;
        }
        Some(Kind::Insert(Insert {
            table,
            columns,
            rows,
        }))
    }

    /// The word that closes the parenthesis just opened.
    fn closing(&self) -> Option<usize> {
        let mut depth = 1_usize;
        for (at, word) in self.words.iter().enumerate().skip(self.at) {
            if word.sign('(') {
                depth += 1;
            } else if word.sign(')') {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        None
    }

    /// Words up to `end`, cut at the commas outside of parentheses.
    fn pieces(&self, end: usize) -> Vec<&'a [Word]> {
        let (mut pieces, mut depth, mut start) = (Vec::new(), 0_usize, self.at);
        for at in self.at..end {
            let word = &self.words[at];
            if word.sign('(') {
                depth += 1;
            } else if word.sign(')') {
                depth = depth.saturating_sub(1);
            } else if word.sign(',') && depth == 0 {
                pieces.push(&self.words[start..at]);
                start = at + 1;
            }
        }
        pieces.push(&self.words[start..end]);
        pieces.retain(|piece| !piece.is_empty());
        pieces
    }

    fn index_type(&mut self) {
        if self.take("using") {
            self.at += 1;
        }
    }

    /// `(a, b(10) DESC)`
    fn key_parts(&mut self) -> Option<Vec<(String, Option<u32>)>> {
        self.index_type();
        if !self.take_sign('(') {
            return None;
        }
        let mut parts = Vec::new();
        loop {
            let name = self.name()?;
            let mut prefix = None;
            if self.take_sign('(') {
                prefix = Some(self.name()?.parse().ok()?);
                self.take_sign(')');
            }
            if !self.take("asc") {
                self.take("desc");
            }
            parts.push((name, prefix));
            if !self.take_sign(',') {
                break;
            }
        }
        self.take_sign(')').then_some(parts)
    }

    fn names(&mut self) -> Option<Vec<String>> {
        Some(
            self.key_parts()?
                .into_iter()
                .map(|(name, _)| name)
                .collect(),
        )
    }

    /// `[CONSTRAINT name] FOREIGN KEY …`
    fn foreign_key(&mut self) -> Option<ForeignKey> {
        let mut name = None;
        if self.take("constraint") && !self.peek()?.is("foreign") {
            name = Some(self.name()?);
        }
        if !self.take_all(&["foreign", "key"]) {
            return None;
        }
        if !self.peek()?.sign('(') {
            name = name.or(Some(self.name()?));
        }
        let columns = self.names()?;
        if !self.take("references") {
            return None;
        }
        let table = self.table()?;
        let to = self.names()?;
        let rules: Vec<String> = self.words[self.at..]
            .iter()
            .filter_map(|word| Some(word.name()?.to_ascii_uppercase()))
            .collect();
        // What is not said is this: the server leaves it out of its own words too.
        let rules = rules
            .join(" ")
            .replace("ON DELETE RESTRICT", "")
            .replace("ON UPDATE RESTRICT", "");
        Some(ForeignKey {
            name,
            columns,
            table,
            to,
            rules: rules.trim().to_owned(),
        })
    }

    fn index(&mut self) -> Option<Index> {
        let mut name = None;
        if self.take("constraint") && !(self.peek()?.is("unique") || self.peek()?.is("primary")) {
            name = Some(self.name()?);
        }
        let kind = if self.take_all(&["primary", "key"]) {
            name = Some("PRIMARY".to_owned());
            IndexKind::Primary
        } else if self.take("unique") {
            let _either = self.take("index") || self.take("key");
            IndexKind::Unique
        } else if self.take("fulltext") {
            let _either = self.take("index") || self.take("key");
            IndexKind::Fulltext
        } else if self.take("index") || self.take("key") {
            IndexKind::Plain
        } else {
            return None;
        };
        let unnamed = self.peek()?.sign('(') || self.peek()?.is("using");
        if !unnamed {
            name = self.name().or(name);
        }
        let columns = self.key_parts()?;
        // A name that the server gives: the first column's.
        let name = name.or_else(|| columns.first().map(|(column, _)| column.clone()))?;
        Some(Index {
            name,
            kind,
            columns,
        })
    }
}

fn value(text: &str, piece: &[Word]) -> Value {
    let (start, end) = match (piece.first(), piece.last()) {
        (Some(first), Some(last)) => (first.start, last.end),
        _ => (0, 0),
    };
    let number = |word: &Word| match &word.what {
        What::Plain(word) => word.starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    };
    let constant = |word: &Word| ["null", "true", "false"].iter().any(|name| word.is(name));
    let literal = match piece {
        [one] => matches!(one.what, What::Text(_)) || number(one) || constant(one),
        // b'1', x'ff', -1
        [sign, one] => {
            (["b", "x", "n"].iter().any(|name| sign.is(name)) && matches!(one.what, What::Text(_)))
                || (sign.sign('-') && number(one))
        }
        [whole, dot, part] => number(whole) && dot.sign('.') && number(part),
        _ => false,
    };
    Value {
        text: text[start..end].to_owned(),
        literal,
    }
}

fn clause(text: &str, words: &[Word]) -> Clause {
    let mut cursor = Cursor { text, words, at: 0 };
    cursor.clause().unwrap_or(Clause::Other)
}

impl Cursor<'_> {
    fn clause(&mut self) -> Option<Clause> {
        if self.take("add") {
            return self.add();
        }
        if self.take("modify") {
            self.take("column");
            let name = self.name()?;
            return Some(Clause::ModifyColumn {
                name,
                definition: self.definition()?,
            });
        }
        if self.take("change") {
            self.take("column");
            let (old, name) = (self.name()?, self.name()?);
            let definition = self.definition()?;
            return Some(if old.eq_ignore_ascii_case(&name) {
                Clause::ModifyColumn { name, definition }
            } else {
                Clause::RenameColumn {
                    old,
                    name,
                    definition,
                }
            });
        }
        if self.take("rename") {
            if self.peek()?.is("column") || self.peek()?.is("index") || self.peek()?.is("key") {
                return None;
            }
            let _either = self.take("to") || self.take("as");
            return Some(Clause::RenameTo(self.table()?));
        }
        if !self.take("drop") {
            return None;
        }
        if self.take_all(&["primary", "key"]) {
            return Some(Clause::DropIndex("PRIMARY".to_owned()));
        }
        if self.take_all(&["foreign", "key"]) {
            return Some(Clause::DropForeignKey(self.name()?));
        }
        if self.take("index") || self.take("key") {
            return Some(Clause::DropIndex(self.name()?));
        }
        if ["constraint", "check", "partition"]
            .iter()
            .any(|word| self.take(word))
        {
            return None;
        }
        self.take("column");
        self.take_all(&["if", "exists"]);
        Some(Clause::DropColumn(self.name()?))
    }

    fn add(&mut self) -> Option<Clause> {
        let start = self.at;
        if let Some(key) = self.foreign_key() {
            return Some(Clause::AddForeignKey(key));
        }
        self.at = start;
        if let Some(index) = self.index() {
            return Some(Clause::AddIndex(index));
        }
        self.at = start;
        if ["partition", "check", "constraint", "spatial"]
            .iter()
            .any(|word| self.take(word))
        {
            return None;
        }
        self.take("column");
        self.take_all(&["if", "not", "exists"]);
        if self.peek()?.sign('(') {
            return None;
        }
        let name = self.name()?;
        Some(Clause::AddColumn {
            name,
            definition: self.definition()?,
        })
    }

    /// A column's definition, without `FIRST` and `AFTER column` at its end.
    fn definition(&self) -> Option<String> {
        let mut words = &self.words[self.at..];
        if words.last()?.is("first") {
            words = &words[..words.len() - 1];
        } else if words.len() > 2 && words[words.len() - 2].is("after") {
            words = &words[..words.len() - 2];
        }
        Some(self.text[words.first()?.start..words.last()?.end].to_owned())
    }
}
