//! The upgrade document's variables, read as the shell would read its block.
//!
//! Quotes, `export`, comments, continued lines, CRLF and a BOM are read; what a shell would expand
//! or execute is an error that names the line and is never carried out. All faults are reported at
//! once.

use std::collections::BTreeMap;

use crate::i18n::Text;

/// An env file's assignments, in order of their names.
#[derive(Default)]
pub struct EnvFile {
    values: BTreeMap<String, Assigned>,
}

/// One assignment. It may be a secret, so it is not shown.
struct Assigned {
    value: String,
    line: usize,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvFault {
    /// Line, from 1.
    pub line: usize,
    /// The kind of fault.
    pub kind: EnvFaultKind,
}

/// Kinds of fault of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvFaultKind {
    /// Not `NAME=VALUE`.
    NotAnAssignment,
    /// A shell would expand or execute it: `$`, a backquote, `;`, `|`, `&`, `<`, `>`, `(`, `)`.
    WouldExpand {
        /// The character.
        character: char,
    },
    /// A quote is not closed.
    OpenQuote,
    /// More words behind the value: a shell would run them as a command.
    MoreWords,
    /// The name was assigned before.
    Twice {
        /// The name.
        name: String,
        /// The line of the first.
        first: usize,
    },
}

impl EnvFault {
    /// The fault, for people.
    pub fn text(&self) -> Text {
        let text = match &self.kind {
            EnvFaultKind::NotAnAssignment => Text::new("settings-env-not-an-assignment"),
            EnvFaultKind::WouldExpand { character } => {
                Text::new("settings-env-would-expand").with("character", character)
            }
            EnvFaultKind::OpenQuote => Text::new("settings-env-open-quote"),
            EnvFaultKind::MoreWords => Text::new("settings-env-more-words"),
            EnvFaultKind::Twice { name, first } => Text::new("settings-env-twice")
                .with("name", name)
                .with("first", first),
        };
        text.with("line", self.line)
    }
}

impl EnvFile {
    /// Reads a whole file.
    pub fn parse(text: &str) -> Result<Self, Vec<EnvFault>> {
        let text = text
            .strip_prefix('\u{feff}')
            .unwrap_or(text)
            .replace("\r\n", "\n");
        let (mut file, mut faults) = (Self::default(), Vec::new());
        let mut reader = Reader {
            rest: &text,
            line: 1,
        };
        while let Some(line) = reader.next_assignment_line() {
            match reader.assignment() {
                Ok(Some((name, value))) => match file.values.get(&name) {
                    Some(earlier) => {
                        let kind = EnvFaultKind::Twice {
                            name,
                            first: earlier.line,
                        };
                        faults.push(EnvFault { line, kind });
                    }
                    None => {
                        file.values.insert(name, Assigned { value, line });
                    }
                },
                Ok(None) => {}
                Err(kind) => {
                    faults.push(EnvFault { line, kind });
                    reader.skip_line();
                }
            }
        }
        if faults.is_empty() {
            Ok(file)
        } else {
            Err(faults)
        }
    }

    /// A value that is assigned and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .map(|assigned| assigned.value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// The names assigned, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.rest = &self.rest[character.len_utf8()..];
        self.line += usize::from(character == '\n');
        Some(character)
    }

    fn skip_line(&mut self) {
        while self.bump().is_some_and(|character| character != '\n') {}
    }

    fn skip_blanks(&mut self) {
        while self
            .peek()
            .is_some_and(|character| character == ' ' || character == '\t')
        {
            self.bump();
        }
    }

    /// Skips blank lines and comments; the number of the line that is left, or none at the end.
    fn next_assignment_line(&mut self) -> Option<usize> {
        loop {
            self.skip_blanks();
            match self.peek()? {
                '\n' => {
                    self.bump();
                }
                '#' => self.skip_line(),
                _ => return Some(self.line),
            }
        }
    }

    fn assignment(&mut self) -> Result<Option<(String, String)>, EnvFaultKind> {
        let mut name = self.name();
        if name == "export" && self.peek().is_some_and(|c| c == ' ' || c == '\t') {
            self.skip_blanks();
            name = self.name();
        }
        let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !starts_well || self.peek() != Some('=') {
            return Err(EnvFaultKind::NotAnAssignment);
        }
        self.bump();
        let value = self.value()?;
        self.skip_blanks();
        match self.peek() {
            None => {}
            Some('\n') => {
                self.bump();
            }
            Some('#') => self.skip_line(),
            Some(_) => return Err(EnvFaultKind::MoreWords),
        }
        Ok(Some((name, value)))
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(character) = self
            .peek()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        {
            name.push(character);
            self.bump();
        }
        name
    }

    fn value(&mut self) -> Result<String, EnvFaultKind> {
        let mut value = String::new();
        while let Some(character) = self.peek() {
            match character {
                ' ' | '\t' | '\n' => break,
                '\'' => self.single_quoted(&mut value)?,
                '"' => self.double_quoted(&mut value)?,
                '\\' => {
                    self.bump();
                    // A shell joins the next line; any other character stands for itself.
                    if let Some(escaped) = self.bump().filter(|escaped| *escaped != '\n') {
                        value.push(escaped);
                    }
                }
                '$' | '`' | ';' | '|' | '&' | '<' | '>' | '(' | ')' => {
                    return Err(EnvFaultKind::WouldExpand { character });
                }
                // A shell expands `~` at the start of a value to a home directory.
                '~' if value.is_empty() => return Err(EnvFaultKind::WouldExpand { character }),
                _ => {
                    value.push(character);
                    self.bump();
                }
            }
        }
        Ok(value)
    }

    fn single_quoted(&mut self, value: &mut String) -> Result<(), EnvFaultKind> {
        self.bump();
        loop {
            match self.bump().ok_or(EnvFaultKind::OpenQuote)? {
                '\'' => return Ok(()),
                character => value.push(character),
            }
        }
    }

    fn double_quoted(&mut self, value: &mut String) -> Result<(), EnvFaultKind> {
        self.bump();
        loop {
            match self.bump().ok_or(EnvFaultKind::OpenQuote)? {
                '"' => return Ok(()),
                character @ ('$' | '`') => return Err(EnvFaultKind::WouldExpand { character }),
                '\\' => match self.bump().ok_or(EnvFaultKind::OpenQuote)? {
                    '\n' => {}
                    escaped @ ('$' | '`' | '"' | '\\') => value.push(escaped),
                    other => value.extend(['\\', other]),
                },
                character => value.push(character),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let file = EnvFile::parse(text).unwrap_or_else(|faults| panic!("{text:?}: {faults:?}"));
        file.values
            .into_iter()
            .map(|(name, assigned)| (name, assigned.value))
            .collect()
    }

    fn faults(text: &str) -> Vec<EnvFault> {
        EnvFile::parse(text).err().unwrap_or_default()
    }

    #[test]
    fn values_are_read_as_a_shell_reads_them() {
        for (text, value) in [
            ("A='x y'", "x y"),
            ("A=\"x y\"", "x y"),
            ("A=x", "x"),
            ("export A=x", "x"),
            ("A=", ""),
            ("A=''", ""),
            ("A='it'\\''s'", "it's"),
            ("A=a'b'\"c\"", "abc"),
            ("A=x # comment", "x"),
            ("A='x#y' # comment", "x#y"),
            ("A=x#y", "x#y"),
            ("A='$HOME `id` \\'", "$HOME `id` \\"),
            ("A=\"\\$x \\\\ \\n\"", "$x \\ \\n"),
            ("A=x\\\ny", "xy"),
            ("A='two\nlines'", "two\nlines"),
            ("\u{feff}A=x\r\n", "x"),
            ("  A=x  ", "x"),
            ("A=密码", "密码"),
            ("A=a~b", "a~b"),
        ] {
            assert_eq!(read(text), [("A".to_owned(), value.to_owned())], "{text:?}");
        }
    }

    #[test]
    fn what_a_shell_would_expand_or_execute_names_its_line() {
        for (text, character) in [
            ("\nA=$B", '$'),
            ("\nA=\"x$(id)\"", '$'),
            ("\nA=`id`", '`'),
            ("\nA=x;id", ';'),
            ("\nA=~/x", '~'),
        ] {
            let kind = EnvFaultKind::WouldExpand { character };
            assert_eq!(faults(text), [EnvFault { line: 2, kind }], "{text:?}");
        }
    }

    #[test]
    fn all_faults_are_reported_at_once() {
        let found = faults("A=1\nnonsense\nA=2\nB=x y\n1C=3\nD=\"open");
        let lines: Vec<usize> = found.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [2, 3, 4, 5, 6]);
        assert_eq!(
            found[1].kind,
            EnvFaultKind::Twice {
                name: "A".into(),
                first: 1
            }
        );
        assert_eq!(found[2].kind, EnvFaultKind::MoreWords);
        assert_eq!(found[4].kind, EnvFaultKind::OpenQuote);
    }

    proptest::proptest! {
        #[test]
        fn never_panics_and_single_quotes_keep_every_byte(value in "[^'\r\u{0}]*", noise in "\\PC*") {
            proptest::prop_assert_eq!(read(&format!("A='{value}'")), [("A".to_owned(), value)]);
            let _outcome = EnvFile::parse(&noise);
        }
    }
}
