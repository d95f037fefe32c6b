//! What checks are made from.

use std::collections::{BTreeMap, BTreeSet};

use crate::compare::Comparison;
use crate::domain::{Inventory, PluginName, Reading, Side, TokenProbe};
use crate::plan::SeedRelation;

/// What checks are made from.
#[derive(Clone, Debug)]
pub struct CheckInput<'a> {
    /// The new side, as it was read.
    pub new: &'a Inventory,
    /// The old side, where one was read.
    pub old: Option<&'a Inventory>,
    /// Both side by side (`compare::compare(old, new)`); made here where it is not given.
    pub comparison: Option<&'a Comparison>,
    /// What is known beside the inventories.
    pub facts: Facts<'a>,
    /// What is wanted.
    pub policy: &'a Policy,
}

/// What is wanted of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The value that `GATEWAY_URL_NEW` shall have; none where it must not be guessed, and then it is
    /// not compared.
    pub gateway_url: Option<String>,
    /// The role whose menus are judged.
    pub role: Option<String>,
    /// Also what must be done before the old side may be switched off.
    pub before_retiring_old: bool,
    /// What routes were waited for has not come in time: their warnings are errors.
    pub waited_out: bool,
    /// Codes that are wanted; empty means all. A beginning of a code (`W03`) means each that begins so.
    pub only_codes: Vec<String>,
    /// Codes that are not wanted, likewise.
    pub skip_codes: Vec<String>,
    /// `--plugin` globs; empty means all.
    pub only_plugins: Vec<String>,
    /// `--skip-plugin` globs.
    pub skip_plugins: Vec<String>,
    /// When the inventories were read, RFC 3339 in UTC.
    pub at: String,
    /// An old side is configured; then one that was not read makes unknown what needs it. Without one,
    /// what needs it is skipped.
    pub old_is_configured: bool,
}

/// What is known beside the inventories. Everything may be left out; what then cannot be told is said.
#[derive(Clone, Debug, Default)]
pub struct Facts<'a> {
    /// Whether both sides were given the same seed; none where a side has no seed (a login).
    pub seeds: Option<SeedRelation>,
    /// When the journal says that `GATEWAY_URL_NEW` got the value it has, RFC 3339 in UTC.
    pub gateway_variable_set_at: Option<&'a str>,
    /// What plugins answered on the new gateway, with a token of this seed and without one.
    pub token_probes: Option<&'a BTreeMap<PluginName, Reading<TokenProbe>>>,
    /// Another process is applying at this moment.
    pub apply_in_progress: bool,
    /// What each side's core says of its own health; a side that was not asked is not in it.
    pub health: BTreeMap<Side, Reading<()>>,
    /// Codes of the menus that the wanted role is granted, by side, where a role is wanted.
    pub role_menus: BTreeMap<Side, Reading<BTreeSet<String>>>,
}
