//! Statements of a script that depend on the session: user variables, temporary tables, prepared
//! statements, locks, transactions, `LAST_INSERT_ID()`. They form a section that is carried out as a whole. Pure.

use super::lex::{Token, TokenKind, tokens};
use super::split::Statement;
use super::statement::{Kind, Outline};

/// A section: places of its first and last statement, both counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) first: usize,
    pub(super) last: usize,
    /// It can be one transaction: rows alone, and no commit before its end.
    pub(super) atomic: bool,
    /// It ends with a `COMMIT` of its own.
    pub(super) commits: bool,
}

struct Finder<'a> {
    outlines: &'a [Outline],
    tokens: Vec<Vec<Token>>,
    ranges: Vec<(usize, usize)>,
}

/// The sections of a script, in order.
pub(super) fn sections(statements: &[Statement], outlines: &[Outline]) -> Vec<Section> {
    let tokens = statements
        .iter()
        .map(|statement| tokens(&statement.text, true))
        .collect();
    let mut finder = Finder {
        outlines,
        tokens,
        ranges: Vec::new(),
    };
    finder.variables();
    finder.functions();
    finder.temporary_and_prepared();
    finder.brackets();
    finder.merged()
}

fn is(tokens: &[Token], at: usize, keyword: &str) -> bool {
    tokens.get(at).is_some_and(|token| token.is(keyword))
}

impl Finder<'_> {
    /// From the first statement that sets a user variable to the last that uses it. Variables that only
    /// hold literals and server variables are set again in each run and need no section.
    fn variables(&mut self) {
        let mut names: Vec<String> = Vec::new();
        for token in self.tokens.iter().flatten() {
            if let TokenKind::Word(word) = &token.kind
                && word.starts_with('@')
                && !word.starts_with("@@")
            {
                let name = word.to_lowercase();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        for name in names {
            let uses = |tokens: &[Token]| tokens.iter().any(|token| token.is(&name));
            let all: Vec<usize> = (0..self.tokens.len())
                .filter(|at| uses(&self.tokens[*at]))
                .collect();
            let constant = all.iter().all(|at| {
                !assigns(&self.tokens[*at], &name)
                    || self.outlines[*at].kind == Kind::Session && constant(&self.tokens[*at])
            });
            if let (false, [first, .., last]) = (constant, all.as_slice()) {
                self.ranges.push((*first, *last));
            } else if let (false, [only]) = (constant, all.as_slice()) {
                self.ranges.push((*only, *only));
            }
        }
    }

    /// From the statement on rows before to the one that asks what it did.
    fn functions(&mut self) {
        const ASKS: &str = "last_insert_id row_count found_rows";
        for at in 0..self.tokens.len() {
            let tokens = &self.tokens[at];
            let asks = (0..tokens.len()).any(|place| {
                tokens[place].is_any(ASKS)
                    && tokens.get(place + 1).is_some_and(|next| next.punct('('))
            });
            if asks {
                let rows = (0..at)
                    .rev()
                    .find(|before| matches!(self.outlines[*before].kind, Kind::Rows | Kind::Query));
                self.ranges.push((rows.unwrap_or(at), at));
            }
        }
    }

    fn temporary_and_prepared(&mut self) {
        for at in 0..self.tokens.len() {
            let tokens = &self.tokens[at];
            let temporary =
                is(tokens, 0, "create") && tokens.iter().take(4).any(|token| token.is("temporary"));
            let name = if temporary {
                self.outlines[at].table.clone()
            } else if is(tokens, 0, "prepare") {
                tokens.get(1).and_then(Token::name).map(str::to_owned)
            } else {
                continue;
            };
            let Some(name) = name else { continue };
            let names = |token: &Token| {
                token
                    .name()
                    .is_some_and(|other| other.eq_ignore_ascii_case(&name))
            };
            let last = (at..self.tokens.len())
                .rev()
                .find(|last| self.tokens[*last].iter().any(names));
            self.ranges.push((at, last.unwrap_or(at)));
        }
    }

    /// `BEGIN … COMMIT`, `LOCK TABLES … UNLOCK TABLES`, `autocommit = 0 … 1`.
    fn brackets(&mut self) {
        let count = self.tokens.len();
        let close = |from: usize, closes: &dyn Fn(&[Token]) -> bool| {
            (from + 1..count)
                .find(|at| closes(&self.tokens[*at]))
                .unwrap_or(count - 1)
        };
        let mut found = Vec::new();
        for at in 0..count {
            let tokens = &self.tokens[at];
            if is(tokens, 0, "begin") || is(tokens, 0, "start") {
                let ends = |tokens: &[Token]| {
                    is(tokens, 0, "commit")
                        || is(tokens, 0, "rollback") && !tokens.iter().any(|token| token.is("to"))
                };
                found.push((at, close(at, &ends)));
            } else if is(tokens, 0, "lock") {
                found.push((at, close(at, &|tokens| is(tokens, 0, "unlock"))));
            } else if sets_autocommit(tokens) == Some(false) {
                found.push((
                    at,
                    close(at, &|tokens| sets_autocommit(tokens) == Some(true)),
                ));
            } else if self.outlines[at].kind == Kind::Control {
                found.push((at, at));
            }
        }
        self.ranges.extend(found);
    }

    fn merged(mut self) -> Vec<Section> {
        self.ranges.sort_unstable();
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (first, last) in std::mem::take(&mut self.ranges) {
            match found.last_mut() {
                Some(before) if first <= before.1 => before.1 = before.1.max(last),
                _ => found.push((first, last)),
            }
        }
        found
            .into_iter()
            .map(|(first, last)| self.section(first, last))
            .collect()
    }

    fn section(&self, first: usize, last: usize) -> Section {
        let begins =
            |at: usize| is(&self.tokens[at], 0, "begin") || is(&self.tokens[at], 0, "start");
        let commits = is(&self.tokens[last], 0, "commit");
        let atomic = (first..=last).all(|at| match &self.outlines[at].kind {
            Kind::Rows | Kind::Query => true,
            Kind::Session => sets_autocommit(&self.tokens[at]).is_none(),
            Kind::Control => {
                let tokens = &self.tokens[at];
                let temporary = tokens.iter().take(3).any(|token| token.is("temporary"));
                temporary
                    || begins(at) && at == first
                    || at == last && commits
                    || is(tokens, 0, "savepoint")
                    || is(tokens, 0, "release")
                    || is(tokens, 0, "rollback") && tokens.iter().any(|token| token.is("to"))
            }
            _ => false,
        });
        let begun = begins(first);
        Section {
            first,
            last,
            atomic: atomic && begun == commits,
            commits,
        }
    }
}

fn assigns(tokens: &[Token], name: &str) -> bool {
    let named = |at: usize| tokens[at].is(name);
    (0..tokens.len()).any(|at| {
        let next = |offset: usize, punct: char| {
            tokens
                .get(at + offset)
                .is_some_and(|token| token.punct(punct))
        };
        let variable = |token: &&Token| {
            token.punct(',')
                || matches!(&token.kind, TokenKind::Word(word) if word.starts_with('@'))
        };
        let into = tokens[..at]
            .iter()
            .rev()
            .find(|token| !variable(token))
            .is_some_and(|token| token.is("into"));
        named(at) && (next(1, '=') && is(tokens, 0, "set") || next(1, ':') && next(2, '=') || into)
    })
}

/// A `SET` without calls and questions: literals and variables alone.
fn constant(tokens: &[Token]) -> bool {
    !tokens
        .iter()
        .any(|token| token.punct('(') || token.is("select") || token.punct(':'))
        && !tokens.iter().any(|token| {
            token.is_any("current_timestamp current_date current_time localtime localtimestamp @@timestamp @@last_insert_id @@identity @@rand_seed1")
        })
}

fn sets_autocommit(tokens: &[Token]) -> Option<bool> {
    if !is(tokens, 0, "set") {
        return None;
    }
    let at = tokens
        .iter()
        .position(|token| token.is_any("autocommit @@autocommit"))?;
    let on = tokens[at + 1..]
        .iter()
        .find(|token| !token.punct('=') && !token.punct(':'))?;
    Some(!(on.is("0") || on.is("off") || on.is("false")))
}

#[cfg(test)]
mod tests {
    use super::super::split::split;
    use super::super::statement::outline;
    use super::*;

    #[test]
    fn statements_that_depend_on_the_session_form_sections() {
        for (script, wanted) in [
            ("INSERT INTO a VALUES (1); UPDATE a SET b = 1", vec![]),
            (
                "SET @x = 1; INSERT INTO a VALUES (@x); INSERT INTO b VALUES (@x)",
                vec![],
            ),
            (
                "SET @old = @@sql_mode; SET sql_mode = ''; SET sql_mode = @old",
                vec![],
            ),
            (
                "SET @x = UUID(); INSERT INTO a VALUES (@x); SELECT 1; INSERT INTO b VALUES (@x); SELECT 1",
                vec![(0, 3, true)],
            ),
            (
                "SELECT MAX(id) INTO @x FROM a; INSERT INTO a VALUES (@x)",
                vec![(0, 1, true)],
            ),
            (
                "INSERT INTO a VALUES (1); SET @x = LAST_INSERT_ID(); INSERT INTO b VALUES (@x)",
                vec![(0, 2, true)],
            ),
            (
                "INSERT INTO a VALUES (1); INSERT INTO b VALUES (LAST_INSERT_ID())",
                vec![(0, 1, true)],
            ),
            (
                "BEGIN; INSERT INTO a VALUES (1); COMMIT; INSERT INTO a VALUES (2)",
                vec![(0, 2, true)],
            ),
            (
                "START TRANSACTION; INSERT INTO a VALUES (1); ALTER TABLE a ADD b int; COMMIT",
                vec![(0, 3, false)],
            ),
            ("BEGIN; INSERT INTO a VALUES (1)", vec![(0, 1, false)]),
            (
                "CREATE TEMPORARY TABLE t (id int); INSERT INTO a SELECT * FROM t; DROP TEMPORARY TABLE t",
                vec![(0, 2, true)],
            ),
            (
                "CREATE TEMPORARY TABLE t (id int); ALTER TABLE a ADD b int; INSERT INTO a SELECT * FROM t",
                vec![(0, 2, false)],
            ),
            (
                "LOCK TABLES a WRITE; INSERT INTO a VALUES (1); UNLOCK TABLES; SELECT 1",
                vec![(0, 2, false)],
            ),
            (
                "SET autocommit = 0; INSERT INTO a VALUES (1); SET autocommit = 1",
                vec![(0, 2, false)],
            ),
            (
                "PREPARE s FROM 'x'; EXECUTE s; DEALLOCATE PREPARE s",
                vec![(0, 2, false)],
            ),
        ] {
            let statements = split(script).unwrap();
            let outlines: Vec<_> = statements.iter().map(|one| outline(&one.text)).collect();
            let found = sections(&statements, &outlines);
            let found: Vec<_> = found
                .iter()
                .map(|one| (one.first, one.last, one.atomic))
                .collect();
            assert_eq!(found, wanted, "{script}");
        }
    }
}
