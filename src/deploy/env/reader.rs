//! Reads the env file as a shell would read it.
//!
//! Quotes, `export`, comments, continued lines, CRLF and a BOM are allowed. Anything that a shell would
//! expand or execute is an error with its line. All faults are reported at once.

use std::collections::BTreeMap;

use crate::i18n::Text;
use crate::secret::Secret;

/// An env file's assignments, in order of their names.
#[derive(Clone, Default)]
pub struct EnvFile {
    values: BTreeMap<String, Assigned>,
}

/// One assignment. It may be a secret, so it is not shown.
#[derive(Clone)]
struct Assigned {
    value: Secret,
    line: usize,
}

/// A fault of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvFault {
    /// Line, from 1.
    pub line: usize,
    /// The variable, if the line names one.
    pub name: Option<String>,
    /// The kind of fault.
    pub kind: EnvFaultKind,
}

/// Kinds of fault of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvFaultKind {
    /// Not `NAME=VALUE`.
    NotAnAssignment,
    /// A shell would expand or execute it: `$`, a backquote, `;`, `|`, `&`, `<`, `>`, `(`, `)`, a `~` that
    /// stands for a home directory, after `export` also `*`, `?`, `[`, `{` (not every shell takes
    /// them as they are there).
    WouldExpand {
        /// The character.
        character: char,
    },
    /// A quote is not closed.
    OpenQuote,
    /// A backslash is the last character of the file: shells differ in what they make of it.
    OpenEscape,
    /// A NUL byte: no shell keeps it.
    Nul,
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
    /// The fault. It does not quote the value, which may be a secret.
    pub fn text(&self) -> Text {
        let text = match &self.kind {
            EnvFaultKind::NotAnAssignment => Text::new("env-fault-not-an-assignment"),
            EnvFaultKind::WouldExpand { character } => {
                Text::new("env-fault-would-expand").with("character", character)
            }
            EnvFaultKind::OpenQuote => Text::new("env-fault-open-quote"),
            EnvFaultKind::OpenEscape => Text::new("env-fault-open-escape"),
            EnvFaultKind::Nul => Text::new("env-fault-nul"),
            EnvFaultKind::MoreWords => Text::new("env-fault-more-words"),
            EnvFaultKind::Twice { name, first } => Text::new("env-fault-twice")
                .with("name", name)
                .with("first", first),
        };
        text.with("line", self.line)
    }
}

impl EnvFile {
    /// Reads a file without faults.
    pub fn parse(text: &str) -> Result<Self, Vec<EnvFault>> {
        let (file, faults) = Self::read(text);
        if faults.is_empty() {
            Ok(file)
        } else {
            Err(faults)
        }
    }

    /// Reads the good lines, and reports the faults of the others.
    pub fn read(text: &str) -> (Self, Vec<EnvFault>) {
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
            let mut name = None;
            let mut fault = |name, kind| faults.push(EnvFault { line, name, kind });
            match reader.assignment(&mut name) {
                Ok(Some((name, value))) => {
                    if let Some(first) = file.line(&name) {
                        let twice = EnvFaultKind::Twice {
                            name: name.clone(),
                            first,
                        };
                        fault(Some(name), twice);
                    } else {
                        let value = Secret::new(value);
                        file.values.insert(name, Assigned { value, line });
                    }
                }
                Ok(None) => {}
                Err(kind) => {
                    fault(name, kind);
                    reader.skip_line();
                }
            }
        }
        (file, faults)
    }

    /// A value that is assigned and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.assigned(name)
            .map(Secret::expose)
            .filter(|value| !value.is_empty())
    }

    /// A value that is assigned; it may be empty.
    pub fn assigned(&self, name: &str) -> Option<&Secret> {
        Some(&self.values.get(name)?.value)
    }

    /// The line of an assignment, from 1.
    pub fn line(&self, name: &str) -> Option<usize> {
        Some(self.values.get(name)?.line)
    }

    /// The names assigned, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// The file with one value added or replaced.
    #[must_use]
    pub fn with(mut self, name: &str, value: Secret) -> Self {
        let line = self.line(name).unwrap_or_default();
        self.values
            .insert(name.to_owned(), Assigned { value, line });
        self
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

    /// The next character of a value, which no NUL may be, escaped or not.
    fn next(&mut self, at_end: EnvFaultKind) -> Result<char, EnvFaultKind> {
        match self.bump().ok_or(at_end)? {
            '\0' => Err(EnvFaultKind::Nul),
            character => Ok(character),
        }
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

    /// The assignment of a line; `None` if it only exports a name. Sets `named` once the name is read.
    fn assignment(
        &mut self,
        named: &mut Option<String>,
    ) -> Result<Option<(String, String)>, EnvFaultKind> {
        let mut name = self.name();
        let exported = name == "export" && self.peek().is_some_and(|c| c == ' ' || c == '\t');
        if exported {
            self.skip_blanks();
            name = self.name();
        }
        let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if exported && starts_well && matches!(self.peek(), None | Some('\n')) {
            return Ok(None);
        }
        if !starts_well || self.peek() != Some('=') {
            return Err(EnvFaultKind::NotAnAssignment);
        }
        *named = Some(name.clone());
        self.bump();
        let value = self.value(exported)?;
        self.skip_blanks();
        match self.peek() {
            None => {}
            Some('\n') => {
                self.bump();
            }
            // A `#` that follows a value without a blank is read as part of it above.
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

    fn value(&mut self, exported: bool) -> Result<String, EnvFaultKind> {
        let mut value = String::new();
        // Whether a `~` here would be a home directory: at the start, and behind an unquoted `:` or `=`.
        let mut at_home = true;
        while let Some(character) = self.peek() {
            let behind = at_home;
            at_home = false;
            match character {
                ' ' | '\t' | '\n' => break,
                '\'' => self.single_quoted(&mut value)?,
                '"' => self.double_quoted(&mut value)?,
                '\\' => {
                    self.bump();
                    // A shell joins the next line; any other character stands for itself.
                    match self.next(EnvFaultKind::OpenEscape)? {
                        '\n' => at_home = behind,
                        escaped => value.push(escaped),
                    }
                }
                '\0' => return Err(EnvFaultKind::Nul),
                '$' | '`' | ';' | '|' | '&' | '<' | '>' | '(' | ')' => {
                    return Err(EnvFaultKind::WouldExpand { character });
                }
                '~' if behind => return Err(EnvFaultKind::WouldExpand { character }),
                '*' | '?' | '[' | '{' if exported => {
                    return Err(EnvFaultKind::WouldExpand { character });
                }
                _ => {
                    at_home = matches!(character, ':' | '=');
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
            match self.next(EnvFaultKind::OpenQuote)? {
                '\'' => return Ok(()),
                character => value.push(character),
            }
        }
    }

    fn double_quoted(&mut self, value: &mut String) -> Result<(), EnvFaultKind> {
        self.bump();
        loop {
            match self.next(EnvFaultKind::OpenQuote)? {
                '"' => return Ok(()),
                character @ ('$' | '`') => return Err(EnvFaultKind::WouldExpand { character }),
                '\\' => match self.next(EnvFaultKind::OpenQuote)? {
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
            .map(|(name, assigned)| (name, assigned.value.expose().to_owned()))
            .collect()
    }

    fn faults(text: &str) -> Vec<EnvFault> {
        EnvFile::parse(text).err().unwrap_or_default()
    }

    #[test]
    fn parse_reads_values_as_a_shell_does() {
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
            ("A=*?[x]{a,b}!", "*?[x]{a,b}!"),
            ("A=a#b'c'#d #e", "a#bc#d"),
            ("A=x\nexport A", "x"),
            ("A=\\~", "~"),
        ] {
            assert_eq!(read(text), [("A".to_owned(), value.to_owned())], "{text:?}");
        }
    }

    #[test]
    fn parse_refuses_what_a_shell_would_expand() {
        for (text, character) in [
            ("\nA=$B", '$'),
            ("\nA=\"x$(id)\"", '$'),
            ("\nA=`id`", '`'),
            ("\nA=x;id", ';'),
            ("\nA=~/x", '~'),
            ("\nA=x:~/x", '~'),
            ("\nexport A=*", '*'),
            ("\nA=x|y", '|'),
            ("\nA=x&", '&'),
        ] {
            let kind = EnvFaultKind::WouldExpand { character };
            let name = Some("A".to_owned());
            assert_eq!(
                faults(text),
                [EnvFault {
                    line: 2,
                    name,
                    kind
                }],
                "{text:?}"
            );
        }
    }

    #[test]
    fn parse_reports_all_faults_at_once() {
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
