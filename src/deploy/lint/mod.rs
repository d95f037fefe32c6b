//! What breaks later, pure: values, facts of the host and what was reached → findings.
//!
//! Each rule has a stable code in [`CATALOGUE`]; `explain CODE` and `docs/codes/CODE.md` say what it
//! means. Findings do not keep `render` from writing; [`gate()`] keeps the containers from being started.

mod catalogue;
mod gate;
mod host;
mod model;
mod reach;
mod values;

pub use crate::platform::BucketAnswer;
pub use catalogue::{CATALOGUE, Entry, explanation};
pub use gate::{Refused, gate};
pub use model::{FileFacts, Finding, Reached, SshAnswer, Subject, Tried};
pub use reach::{bucket_words, ssh_words};

use crate::deploy::env::{NameFault, OldInstance, Values};
use crate::deploy::host::facts::HostFacts;

/// What lint looks at.
pub struct Scene<'a> {
    /// The env file's values.
    pub values: &'a Values,
    /// What is wrong with its names.
    pub names: &'a [NameFault],
    /// What was seen of its files.
    pub files: &'a FileFacts,
    /// This host, where it was asked.
    pub host: Option<&'a HostFacts>,
    /// The old instance's file, where one is given.
    pub old: Option<&'a OldInstance>,
    /// What was tried to reach.
    pub reached: &'a [Reached],
}

/// Every finding, the gravest first, then by code and subject.
pub fn lint(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    values::look(scene, &mut found);
    host::look(scene, &mut found);
    reach::look(scene, &mut found);
    found.sort_by(|left, right| {
        (right.severity, left.code, &left.subject).cmp(&(left.severity, right.code, &right.subject))
    });
    found
}

#[cfg(test)]
mod tests;
