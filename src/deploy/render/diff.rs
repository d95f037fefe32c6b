//! A diff with secrets hidden.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use crate::deploy::mask::{MASKED, sounds_secret};

/// Context lines of a change.
const CONTEXT: usize = 3;

/// A unified diff. It compares the real lines, so that a changed secret is a change, and hides
/// everything after the texts of `secret_keys` and after every name that sounds secret (the old file
/// may be written by hand).
pub fn masked_diff(name: &str, before: &str, after: &str, secret_keys: &[String]) -> String {
    let (shown_before, shown_after) = (masked(before, secret_keys), masked(after, secret_keys));
    let diff = TextDiff::from_lines(before, after);
    let mut out = format!("--- {name}\n+++ {name}\n");
    for group in diff.grouped_ops(CONTEXT) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            continue;
        };
        let (old, new) = (
            first.old_range().start..last.old_range().end,
            first.new_range().start..last.new_range().end,
        );
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "@@ -{},{} +{},{} @@",
            old.start + 1,
            old.len(),
            new.start + 1,
            new.len()
        );
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (sign, line) = match change.tag() {
                ChangeTag::Delete => ('-', change.old_index().and_then(|at| shown_before.get(at))),
                ChangeTag::Insert => ('+', change.new_index().and_then(|at| shown_after.get(at))),
                ChangeTag::Equal => (' ', change.new_index().and_then(|at| shown_after.get(at))),
            };
            let _ = writeln!(out, "{sign}{}", line.map_or(MASKED, String::as_str));
        }
    }
    out
}

/// The lines with secrets hidden.
fn masked(text: &str, secret_keys: &[String]) -> Vec<String> {
    let mut in_secret = false;
    text.lines()
        .map(|line| {
            let begins = begins_something(line);
            if in_secret && !begins {
                return MASKED.to_owned();
            }
            let hidden = hide(line, secret_keys);
            in_secret = hidden.is_some();
            hidden.unwrap_or_else(|| line.to_owned())
        })
        .collect()
}

/// Whether a line begins an entry instead of continuing a text over several lines.
fn begins_something(line: &str) -> bool {
    let bare = line.trim_start();
    let key = bare.find(':').is_some_and(|at| {
        let word = &bare[..at];
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        !word.is_empty() && word.chars().all(plain)
    });
    bare.starts_with("- ") || bare.starts_with('#') || key
}

fn hide(line: &str, secret_keys: &[String]) -> Option<String> {
    let by_key = secret_keys
        .iter()
        .filter(|key| !key.is_empty())
        .find_map(|key| Some(line.find(key.as_str())? + key.len()));
    let end = by_key.or_else(|| {
        let end = line.find(['=', ':'])?;
        let word = line[..end].to_ascii_lowercase();
        let secret = sounds_secret(&word);
        let number = line[end + 1..]
            .trim_matches(['"', '\'', ' '])
            .parse::<u32>()
            .is_ok();
        (secret && !number).then_some(end + 1)
    })?;
    let rest = &line[end..];
    Some(if rest.trim_matches(['"', '\'', ' ']).is_empty() {
        line.to_owned()
    } else {
        format!("{}{MASKED}", &line[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diff_shows_a_changed_secret_as_hidden_change() {
        let before = "a: 1\n      - \"db_pass=old one\"\nb: 2\n";
        let after = "a: 1\n      - \"db_pass=new one\"\nb: 3\n";
        insta::assert_snapshot!(masked_diff("f.yml", before, after, &["db_pass=".into()]), @r#"
        --- f.yml
        +++ f.yml
        @@ -1,3 +1,3 @@
         a: 1
        -      - "db_pass=******
        -b: 2
        +      - "db_pass=******
        +b: 3
        "#);
    }

    #[test]
    fn diff_hides_secrets_over_several_lines_and_of_foreign_files() {
        let before = "  - \"X=one\n    two rest\"\n  S3_SECRET_KEY: three\n  PASSWD_SEED=four\n";
        let shown = masked_diff("f", before, "", &["X=".into()]);
        for secret in ["one", "two", "three", "four"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn diff_of_equal_files_has_no_hunk() {
        assert!(!masked_diff("f", "a\n", "a\n", &[]).contains("@@"));
    }
}
