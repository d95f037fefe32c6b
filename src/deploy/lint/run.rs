//! Runs all rules.

use super::model::{Finding, LintInput};
use super::{host, old, reach, values};

/// All findings, errors first, then by code and subject.
pub fn lint(input: &LintInput<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    values::check(input, &mut found);
    old::check(input, &mut found);
    host::check(input, &mut found);
    reach::check(input, &mut found);
    found.sort_by(|left, right| {
        (right.severity(), left.code, &left.subject).cmp(&(
            left.severity(),
            right.code,
            &right.subject,
        ))
    });
    found
}
