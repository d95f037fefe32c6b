//! Which plugins `--plugin`, `--skip-plugin` and `--pick-version` select. Names are case-sensitive, as
//! the platform's are.

use std::collections::BTreeSet;

use wildmatch::WildMatch;

use super::model::{PlanInput, PlanOptions};
use crate::domain::{Inventory, PluginName, Version};
use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::Text;

/// The patterns of `--plugin` and `--skip-plugin`: `*` and `?` are wildcards.
#[derive(Debug)]
pub struct Selection {
    only: Vec<WildMatch>,
    skip: Vec<WildMatch>,
}

impl Selection {
    pub(super) fn new(options: &PlanOptions) -> Self {
        Self::of_globs(&options.only, &options.skip)
    }

    /// Reads the patterns of `--plugin` (none means all) and `--skip-plugin`.
    pub fn of_globs(only: &[String], skip: &[String]) -> Self {
        let read = |globs: &[String]| globs.iter().map(|glob| WildMatch::new(glob)).collect();
        Self {
            only: read(only),
            skip: read(skip),
        }
    }

    /// Whether a plugin is selected.
    pub fn takes(&self, name: &PluginName) -> bool {
        let matches = |glob: &WildMatch| glob.matches(name.as_str());
        (self.only.is_empty() || self.only.iter().any(matches)) && !self.skip.iter().any(matches)
    }

    /// The `--skip-plugin` patterns that match no package of `sides`: worth a warning and no more,
    /// since one script serves sites with different plugins. Empty if a side's packages could not be
    /// read.
    ///
    /// # Errors
    ///
    /// If a `--plugin` pattern matches none: nothing would be done, and everything would look well.
    pub fn unmatched_skips(&self, sides: &[&Inventory]) -> Result<Vec<String>, SelectionError> {
        let Some(names) = names(sides) else {
            return Ok(Vec::new());
        };
        let unmatched = |glob: &&WildMatch| !names.iter().any(|name| glob.matches(name.as_str()));
        match self.only.iter().find(unmatched) {
            Some(glob) => Err(SelectionError::NoMatch(glob.to_string())),
            None => Ok(self
                .skip
                .iter()
                .filter(unmatched)
                .map(ToString::to_string)
                .collect()),
        }
    }
}

/// An option that names what is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelectionError {
    /// A `--plugin` pattern matches no plugin.
    NoMatch(String),
    /// This flag names a plugin that no side has.
    UnknownPlugin(&'static str, PluginName),
    /// `--pick-version` names a version that no side has.
    UnknownVersion(PluginName, Version),
}

impl Failure for SelectionError {
    fn outcome(&self) -> Outcome {
        Outcome::Usage
    }

    fn message(&self) -> Text {
        match self {
            Self::NoMatch(glob) => {
                Text::new("plan-selection-no-match").with("glob", glob.escape_default())
            }
            Self::UnknownPlugin(flag, name) => Text::new("plan-selection-unknown-plugin")
                .with("flag", flag)
                .with("name", name),
            Self::UnknownVersion(name, version) => Text::new("plan-selection-unknown-version")
                .with("name", name)
                .with("version", version),
        }
    }

    fn hints(&self) -> Vec<Text> {
        vec![match self {
            Self::NoMatch(_) => Text::new("plan-selection-no-match-hint"),
            Self::UnknownPlugin(..) | Self::UnknownVersion(..) => {
                Text::new("plan-selection-unknown-hint")
            }
        }]
    }
}

/// Checks `--plugin` and `--pick-version` against the packages of both sides, and returns the
/// `--skip-plugin` patterns without a match.
///
/// # Errors
///
/// If `--plugin` or `--pick-version` names what no side has.
pub fn validate_selection(input: PlanInput<'_>) -> Result<Vec<String>, SelectionError> {
    let sides = input.sides();
    let unmatched = Selection::new(input.options).unmatched_skips(&sides)?;
    let Some(names) = names(&sides) else {
        return Ok(unmatched);
    };
    let picked = input
        .options
        .picks
        .keys()
        .map(|name| ("--pick-version", name));
    let unverified = input.options.register_unverified.iter();
    let unverified = unverified.map(|name| ("--register-unverified", name));
    for (flag, name) in picked.chain(unverified) {
        if !names.contains(name) {
            return Err(SelectionError::UnknownPlugin(flag, name.clone()));
        }
    }
    for (name, version) in &input.options.picks {
        let mut packages = sides
            .iter()
            .filter_map(|side| side.packages.known())
            .flatten();
        if !packages.any(|package| package.name == *name && package.version == *version) {
            return Err(SelectionError::UnknownVersion(
                name.clone(),
                version.clone(),
            ));
        }
    }
    Ok(unmatched)
}

/// The names of all packages; `None` if those of a side could not be read.
fn names<'a>(sides: &[&'a Inventory]) -> Option<BTreeSet<&'a PluginName>> {
    let listed: Option<Vec<_>> = sides.iter().map(|side| side.packages.known()).collect();
    Some(listed?.into_iter().flatten().map(|it| &it.name).collect())
}
