//! The env files of compose: `.env`, `env_file`, `--env-file`. A shell reads some of them too.

use std::collections::BTreeMap;

use super::interpolate::{Cause, Resolved, interpolate};

/// An assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Assigned {
    /// Its value, without quotes and comment.
    pub(super) value: Resolved,
    /// Its line, from 1.
    pub(super) line: usize,
}

/// Reads the assignments. A later one of the same name counts. A value may use variables of lines
/// before it, and those of `outer`.
pub(super) fn read(
    text: &str,
    outer: &dyn Fn(&str) -> Option<Resolved>,
) -> BTreeMap<String, Assigned> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut found: BTreeMap<String, Assigned> = BTreeMap::new();
    for (line, content) in (1..).zip(text.lines()) {
        let content = content.trim();
        let content = content.strip_prefix("export ").unwrap_or(content).trim();
        let Some((name, value)) = content.split_once('=') else {
            continue;
        };
        let name = name.trim_end();
        let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if name.is_empty() || !is_name(name) {
            continue;
        }
        let value = {
            let lookup = |name: &str| {
                let own = found.get(name).map(|one| one.value.clone());
                own.or_else(|| outer(name))
            };
            value_of(value.trim(), &lookup)
        };
        found.insert(name.to_owned(), Assigned { value, line });
    }
    found
}

fn value_of(value: &str, lookup: &dyn Fn(&str) -> Option<Resolved>) -> Resolved {
    if value.starts_with('\'') {
        // Literal; also in several pieces, as a shell reads it.
        return match shlex::split(value).as_deref() {
            Some([one]) => Ok(one.clone()),
            Some([one, comment, ..]) if comment.starts_with('#') => Ok(one.clone()),
            _ => Err(Cause::OpenQuote),
        };
    }
    if let Some(quoted) = value.strip_prefix('"') {
        let (mut inner, mut letters) = (String::new(), quoted.chars());
        loop {
            match letters.next().ok_or(Cause::OpenQuote)? {
                '"' => return interpolate(&inner, true, lookup),
                '\\' => match letters.next().ok_or(Cause::OpenQuote)? {
                    'n' => inner.push('\n'),
                    '$' => inner.push_str("$$"),
                    escaped @ ('"' | '\\' | '`') => inner.push(escaped),
                    other => inner.extend(['\\', other]),
                },
                letter => inner.push(letter),
            }
        }
    }
    let value = if value.starts_with('#') {
        ""
    } else {
        value.split(" #").next().unwrap_or_default().trim_end()
    };
    interpolate(value, true, lookup)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_takes_the_forms_of_compose_and_of_a_shell() {
        let text = "\u{feff}# note\nA=1\r\nexport B = two words # why\nC='it'\\''s $A #1' # why\n\
            D=\"$A-${B}\\\"\\$x\\n\"\nE=\nF=a#b\nG='open\nH=${NO:-d} $\nI=$NO\nA=2\nnonsense\nJ=${A}\n\
            P=--a=b --c.signing-key=X\n";
        let outer = |name: &str| (name == "OUT").then(|| Ok("o".to_owned()));
        let found = read(text, &outer);
        let value = |text: &str| Ok(text.to_owned());
        for (name, line, wanted) in [
            ("A", 11, value("2")),
            ("B", 3, value("two words")),
            ("C", 4, value("it's $A #1")),
            ("D", 5, value("1-two words\"$x\n")),
            ("E", 6, value("")),
            ("F", 7, value("a#b")),
            ("G", 8, Err(Cause::OpenQuote)),
            ("H", 9, value("d $")),
            ("I", 10, Err(Cause::Variable("NO".to_owned()))),
            ("J", 13, value("2")),
            ("P", 14, value("--a=b --c.signing-key=X")),
        ] {
            assert_eq!(
                found.get(name),
                Some(&Assigned {
                    value: wanted,
                    line
                }),
                "{name}"
            );
        }
        let from_outer = read("A=${OUT}", &outer);
        assert_eq!(from_outer["A"].value, value("o"));
        assert_eq!(found.len(), 11);
    }

    proptest::proptest! {
        #[test]
        fn single_quoted_values_are_read_back(value in "[^\\x00-\\x1f\\x7f\u{85}\u{2028}\u{2029}]*") {
            let line = format!("A='{}'", value.replace('\'', "'\\''"));
            let found = read(&line, &|_| None);
            proptest::prop_assert_eq!(&found["A"].value, &Ok(value));
        }
    }
}
