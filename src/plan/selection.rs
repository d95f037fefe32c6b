//! Which plugins `--plugin` and `--skip-plugin` select. Names are case-sensitive, as the platform's
//! are.

use std::collections::BTreeSet;

use wildmatch::WildMatch;

use super::model::{PlanInput, PlanOptions};
use crate::domain::{Inventory, PluginName};

/// The globs of one run, read once.
#[derive(Debug)]
pub struct Selection {
    only: Vec<WildMatch>,
    skip: Vec<WildMatch>,
}

impl Selection {
    /// Reads the globs.
    pub(super) fn new(options: &PlanOptions) -> Self {
        Self::of_globs(&options.only, &options.skip)
    }

    /// Reads the globs of `--plugin` (none means all) and `--skip-plugin`.
    pub fn of_globs(only: &[String], skip: &[String]) -> Self {
        let read = |globs: &[String]| globs.iter().map(|glob| WildMatch::new(glob)).collect();
        Self {
            only: read(only),
            skip: read(skip),
        }
    }

    /// Whether a plugin is selected.
    pub fn takes(&self, name: &PluginName) -> bool {
        let name = name.as_str();
        (self.only.is_empty() || self.only.iter().any(|glob| glob.matches(name)))
            && !self.skip.iter().any(|glob| glob.matches(name))
    }
}

/// The `--plugin` globs that match no package of either side: a usage error, since nothing would be
/// done and nobody told. Empty where the packages of a side could not be read. A `--skip-plugin`
/// that matches nothing is no error: one script serves sites with other plugins.
pub fn unmatched_globs(sides: &[&Inventory], only: &[String]) -> Vec<String> {
    let Some(names) = names(sides) else {
        return Vec::new();
    };
    let unmatched = |glob: &&String| {
        let glob = WildMatch::new(glob);
        !names.iter().any(|name| glob.matches(name.as_str()))
    };
    only.iter().filter(unmatched).cloned().collect()
}

/// The names of `--pick-version` that no package of either side has, under the same condition.
pub fn unknown_picks(input: PlanInput<'_>) -> Vec<PluginName> {
    let Some(names) = names(&input.sides()) else {
        return Vec::new();
    };
    let picks = input.options.picks.keys();
    picks
        .filter(|name| !names.contains(name))
        .cloned()
        .collect()
}

/// The names of all packages of the sides; none where those of a side could not be read.
fn names<'a>(sides: &[&'a Inventory]) -> Option<BTreeSet<&'a PluginName>> {
    let listed: Option<Vec<_>> = sides.iter().map(|side| side.packages.known()).collect();
    Some(listed?.into_iter().flatten().map(|it| &it.name).collect())
}
