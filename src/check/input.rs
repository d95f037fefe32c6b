//! Input of the checks.

use std::collections::{BTreeMap, BTreeSet};

use crate::compare::Comparison;
use crate::domain::{FailureCause, InstanceId, Inventory, PluginName, Reading, Side, TokenProbe};
use crate::plan::{SeedRelation, Upgrade};

/// Input of the checks.
#[derive(Clone, Debug)]
pub struct CheckInput<'a> {
    /// The new side.
    pub new: &'a Inventory,
    /// The old side, if it was read.
    pub old: Option<&'a Inventory>,
    /// `compare::compare(old, new)`; computed if it is `None`.
    pub comparison: Option<&'a Comparison>,
    /// Facts that are not in the inventories.
    pub facts: Facts<'a>,
    /// What to check.
    pub policy: &'a Policy,
}

/// How many instances of each plugin of a side ran in an earlier check.
pub type RunningCounts = BTreeMap<PluginName, usize>;

/// What to check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The expected value of `GATEWAY_URL_NEW`; `None` if it must not be guessed: then it is not compared.
    pub gateway_url: Option<String>,
    /// The role of `--role`.
    pub role: Option<String>,
    /// Also run the checks of `--before-retiring-old`.
    pub before_retiring_old: bool,
    /// Codes or their beginnings (`W03`) to run; empty means all.
    pub only_codes: Vec<String>,
    /// Codes or their beginnings to skip.
    pub skip_codes: Vec<String>,
    /// Plugins that must have a running instance on the new side.
    pub expect_running: Vec<PluginName>,
    /// `--plugin` globs; empty means all.
    pub only_plugins: Vec<String>,
    /// `--skip-plugin` globs.
    pub skip_plugins: Vec<String>,
    /// When the inventories were read, RFC 3339 in UTC.
    pub at: String,
    /// Whether an old instance that is not configured keeps running.
    pub upgrade: Upgrade,
    /// Whether an old side is configured. If so and it was not read, checks that need it are unknown;
    /// otherwise they are skipped.
    pub old_is_configured: bool,
}

/// The gateway that a v3 gave to an instance that it launched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenGateway {
    /// `GATEWAY_URL` of its container, or the variable of that name if that is not told.
    pub address: String,
    /// Whether a gateway answers there, or why not.
    pub answer: Result<(), FailureCause>,
}

/// Facts that are not in the inventories. Each may be absent: checks that need it are then skipped or
/// unknown.
#[derive(Clone, Debug, Default)]
pub struct Facts<'a> {
    /// Whether both sides have the same seed; `None` if a side uses a login.
    pub seeds: Option<SeedRelation>,
    /// When `GATEWAY_URL_NEW` got its value according to the journal, RFC 3339 in UTC.
    pub gateway_variable_set_at: Option<&'a str>,
    /// What plugins answered on the new gateway, with a token of this seed and without one.
    pub token_probes: Option<&'a BTreeMap<PluginName, Reading<TokenProbe>>>,
    /// The gateway that a v3 gave to each instance that it launched; none if an old side is
    /// configured or the address is not known.
    pub given_gateways: BTreeMap<InstanceId, GivenGateway>,
    /// What ran in an earlier check, by side.
    pub ran_before: BTreeMap<Side, RunningCounts>,
    /// An apply is in progress.
    pub apply_in_progress: bool,
    /// The health check of each core that was asked.
    pub health: BTreeMap<Side, Reading<()>>,
    /// Codes of the menus granted to the role, by side.
    pub role_menus: BTreeMap<Side, Reading<BTreeSet<String>>>,
}
