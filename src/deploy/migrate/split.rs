//! A script into its statements, as the server and its ordinary client read it: quotes, comments,
//! `DELIMITER`, conditional comments, backslash escapes, a BOM, CRLF. Pure.
//!
//! A statement begins at its first character that is no blank and no comment and ends at its last one,
//! so that an edited comment around it leaves its checksum alone. Comments inside belong to it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::lex::{Span, borders, span};

/// One statement of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its place in the script, from 1.
    pub number: usize,
    /// The line where it begins, from 1.
    pub line: usize,
    /// Its text without the delimiter.
    pub text: String,
    /// SHA-256 of the text, in hexadecimal digits.
    pub checksum: String,
}

impl Statement {
    /// Its text on one line.
    pub fn head(&self) -> String {
        self.text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Why a script cannot be split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SplitFault {
    /// A quote is not closed.
    OpenQuote {
        /// The line where it opens.
        line: usize,
        /// The quote.
        quote: char,
    },
    /// A comment is not closed.
    OpenComment {
        /// The line where it opens.
        line: usize,
    },
    /// `DELIMITER` without a delimiter.
    NoDelimiter {
        /// Its line.
        line: usize,
    },
    /// A command of the client (`\.`, `\G`, `source`), which no server understands.
    ClientCommand {
        /// Its line.
        line: usize,
        /// What stands there.
        command: String,
    },
}

/// SHA-256 in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _infallible = write!(digits, "{byte:02x}");
    }
    digits
}

/// Splits a script.
pub fn split(text: &str) -> Result<Vec<Statement>, SplitFault> {
    let mut splitter = Splitter {
        text: text.strip_prefix('\u{feff}').unwrap_or(text),
        at: 0,
        line: 1,
        delimiter: ";".to_owned(),
        open: None,
        end: 0,
        conditional: None,
        found: Vec::new(),
    };
    splitter.all()?;
    Ok(splitter.found)
}

struct Splitter<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    delimiter: String,
    /// Where the statement began: position and line.
    open: Option<(usize, usize)>,
    /// Behind its last character that is neither blank nor comment.
    end: usize,
    /// The line where a conditional comment opened.
    conditional: Option<usize>,
    found: Vec<Statement>,
}

impl Splitter<'_> {
    fn rest(&self) -> &[u8] {
        &self.text.as_bytes()[self.at..]
    }

    fn skip(&mut self, bytes: usize) {
        let end = (self.at + bytes).min(self.text.len());
        let passed = &self.text.as_bytes()[self.at..end];
        self.line += passed.split(|byte| *byte == b'\n').count() - 1;
        self.at = end;
    }

    fn code(&mut self, bytes: usize) {
        if self.open.is_none() {
            self.open = Some((self.at, self.line));
        }
        self.skip(bytes);
        self.end = self.at;
    }

    fn all(&mut self) -> Result<(), SplitFault> {
        while self.at < self.text.len() {
            self.one()?;
        }
        if let Some(line) = self.conditional {
            return Err(SplitFault::OpenComment { line });
        }
        self.close();
        Ok(())
    }

    fn one(&mut self) -> Result<(), SplitFault> {
        if self.open.is_none() && self.command()? {
            return Ok(());
        }
        let delimits = self.conditional.is_none()
            && !self.delimiter.is_empty()
            && self.rest().starts_with(self.delimiter.as_bytes());
        if delimits {
            self.close();
            self.skip(self.delimiter.len());
            return Ok(());
        }
        let (span, length) = span(self.rest(), self.conditional.is_some());
        let line = self.line;
        let open = SplitFault::OpenComment {
            line: self.conditional.unwrap_or(line),
        };
        let Some(length) = length else {
            return Err(match span {
                Span::Quoted(quote) => SplitFault::OpenQuote {
                    line,
                    quote: char::from(quote),
                },
                _ => open,
            });
        };
        let closes = |bytes: &[u8]| bytes.windows(2).any(|pair| pair == b"*/");
        match span {
            // A server that leaves out a conditional comment ends it at its first closing mark, whatever it is in.
            Span::Quoted(_) | Span::Line
                if self.conditional.is_some() && closes(&self.rest()[..length]) =>
            {
                return Err(open);
            }
            Span::Open if self.conditional.is_some() => return Err(open),
            Span::Open => {
                self.conditional = Some(line);
                self.code(length);
            }
            Span::Close => {
                self.conditional = None;
                self.code(length);
            }
            Span::Line | Span::Comment => self.skip(length),
            Span::Quoted(_) => self.code(length),
            Span::Plain => match self.rest()[0] {
                b'\\' => return Err(self.client_command()),
                byte if byte.is_ascii_whitespace() || byte == 0x0b => self.skip(1),
                _ => self.code(1),
            },
        }
        Ok(())
    }

    /// A line that is the client's own: `DELIMITER` is carried out, others are faults.
    fn command(&mut self) -> Result<bool, SplitFault> {
        let rest = &self.text[self.at..];
        let line = rest.split('\n').next().unwrap_or_default().trim_end();
        let mut words = line.split_ascii_whitespace();
        let first = words.next().unwrap_or_default();
        if rest.starts_with(char::is_whitespace) {
            return Ok(false);
        }
        if first.eq_ignore_ascii_case("delimiter") {
            let Some(delimiter) = words.next() else {
                return Err(SplitFault::NoDelimiter { line: self.line });
            };
            delimiter.clone_into(&mut self.delimiter);
            self.skip_line();
            return Ok(true);
        }
        if first.eq_ignore_ascii_case("source") {
            return Err(self.client_command());
        }
        Ok(false)
    }

    fn client_command(&self) -> SplitFault {
        let rest = self.text[self.at..].split('\n').next();
        SplitFault::ClientCommand {
            line: self.line,
            command: rest.unwrap_or_default().chars().take(40).collect(),
        }
    }

    fn skip_line(&mut self) {
        let length = self.rest().iter().position(|byte| *byte == b'\n');
        self.skip(length.unwrap_or(self.rest().len()));
    }

    fn close(&mut self) {
        let Some((start, mut line)) = self.open.take() else {
            return;
        };
        let whole = &self.text[start..self.end];
        // Under another delimiter the client sends several statements as one, and the server takes them apart.
        let mut ends = if self.delimiter == ";" || whole.contains("/*!") || whole.contains("/*M!") {
            Vec::new()
        } else {
            borders(whole)
        };
        ends.push(whole.len());
        let mut from = 0;
        for end in ends {
            let text = whole[from..end].trim_ascii();
            let before = whole[from..end].len() - whole[from..end].trim_ascii_start().len();
            line += newlines(&whole[from..from + before]);
            if !text.is_empty() {
                self.found.push(Statement {
                    number: self.found.len() + 1,
                    line,
                    checksum: sha256(text.as_bytes()),
                    text: text.to_owned(),
                });
            }
            line += newlines(&whole[from + before..end]);
            from = (end + 1).min(whole.len());
        }
    }
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(script: &str) -> Vec<String> {
        let statements = split(script).unwrap();
        statements.into_iter().map(|one| one.text).collect()
    }

    #[test]
    fn delimiters_in_quotes_and_comments_do_not_split() {
        for (script, wanted) in [
            ("a;b", vec!["a", "b"]),
            ("a;;\n ; b ;", vec!["a", "b"]),
            ("select ';' ; b", vec!["select ';'", "b"]),
            (r"select 'it\'s;' ; b", vec![r"select 'it\'s;'", "b"]),
            ("select 'a''; ' ; b", vec!["select 'a''; '", "b"]),
            ("select \"a\\\";\";b", vec!["select \"a\\\";\"", "b"]),
            ("select `a\\`;b", vec!["select `a\\`", "b"]),
            ("-- a;\nb;# c;\nd", vec!["b", "d"]),
            ("select 1--1;b", vec!["select 1--1", "b"]),
            ("--\nb", vec!["b"]),
            ("a -- ;\n + b;c", vec!["a -- ;\n + b", "c"]),
            ("/* a; */ b /* ; */ ; c", vec!["b", "c"]),
            ("a /* ; */ b", vec!["a /* ; */ b"]),
            (
                "/*!40101 SET NAMES utf8 */;b",
                vec!["/*!40101 SET NAMES utf8 */", "b"],
            ),
            (
                "/*!50003 select ';' */;b",
                vec!["/*!50003 select ';' */", "b"],
            ),
            (
                "/*M!100100 set x=1 */;b",
                vec!["/*M!100100 set x=1 */", "b"],
            ),
            ("/*!1 a /* ; */ b */;c", vec!["/*!1 a /* ; */ b */", "c"]),
            ("\u{feff}a;\r\nb\r\n;", vec!["a", "b"]),
            (
                "delimiter //\ncreate procedure p() begin a; b; end//\nDELIMITER ;\nc;",
                vec!["create procedure p() begin a; b; end", "c"],
            ),
            // The server takes several statements that the client sends as one apart.
            ("DELIMITER $$\r\na;b$$\r\n", vec!["a", "b"]),
            (
                "delimiter //\ncreate procedure p() select case when 1 then 2 end; drop table a//",
                vec![
                    "create procedure p() select case when 1 then 2 end",
                    "drop table a",
                ],
            ),
            (
                "delimiter //\ncreate trigger g after insert on a for each row if new.b then set @c = 1; end if; d//",
                vec![
                    "create trigger g after insert on a for each row if new.b then set @c = 1; end if",
                    "d",
                ],
            ),
            (
                "delimiter //\nbegin; a; commit//",
                vec!["begin", "a", "commit"],
            ),
            ("select 2*/* ; */3;b", vec!["select 2*/* ; */3", "b"]),
            ("select '中文；;' ; b", vec!["select '中文；;'", "b"]),
            ("", vec![]),
            ("-- nothing", vec![]),
        ] {
            assert_eq!(texts(script), wanted, "{script:?}");
        }
    }

    #[test]
    fn what_is_open_at_the_end_is_named_with_its_line() {
        assert_eq!(
            split("a;\nselect 'b;\nc"),
            Err(SplitFault::OpenQuote {
                line: 2,
                quote: '\''
            })
        );
        assert_eq!(
            split("a;\n\n/* b"),
            Err(SplitFault::OpenComment { line: 3 })
        );
        assert_eq!(split("/*!4 b"), Err(SplitFault::OpenComment { line: 1 }));
        assert_eq!(
            split("delimiter \n"),
            Err(SplitFault::NoDelimiter { line: 1 })
        );
        // A server that leaves a conditional comment out ends it at the first mark.
        for script in ["/*!8 ' */ b '*/", "/*!8 -- */\nb*/", "/*!8 /*! a */ */"] {
            assert_eq!(
                split(script),
                Err(SplitFault::OpenComment { line: 1 }),
                "{script}"
            );
        }
        for (script, command) in [("a;\nsource b.sql", "source b.sql"), ("a;\n\\. b", "\\. b")] {
            let command = command.to_owned();
            assert_eq!(
                split(script),
                Err(SplitFault::ClientCommand { line: 2, command })
            );
        }
    }

    #[test]
    fn a_comment_around_a_statement_leaves_its_checksum_alone() {
        let (one, other) = (
            split("a b;").unwrap(),
            split("-- new\n a b /* x */ ;").unwrap(),
        );
        assert_eq!(one[0].checksum, other[0].checksum);
        assert_eq!(other[0].line, 2);
        assert_ne!(split("a  b;").unwrap()[0].checksum, one[0].checksum);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic_and_numbers_run(script in r"(?s)[a;'`#/*!\\ \n\r-]{0,60}|\PC{0,40}") {
            if let Ok(statements) = split(&script) {
                for (at, one) in statements.iter().enumerate() {
                    prop_assert_eq!(one.number, at + 1);
                    prop_assert!(!one.text.is_empty());
                    prop_assert!(script.contains(&one.text));
                }
            }
        }
    }
}
