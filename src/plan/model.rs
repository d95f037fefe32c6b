//! The plan as a value. It leaves nothing to decide (`docs/architecture.md`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use super::advice::{Notice, Refusal};
use super::reason::SkipReason;
use crate::domain::{
    Address, Capabilities, FilePath, FileState, InstanceIdentity, Inventory, PackageId,
    PackageState, PlatformVersion, PluginName, ReadFailure, Reading, Side, SystemVariable,
    VariableId, Version,
};

/// All that a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct PlanInput<'a> {
    /// The new instance. For `plan --target` it is absent: then the old side alone is judged.
    pub new: Option<&'a Inventory>,
    /// The old instance, if there is one.
    pub old: Option<&'a Inventory>,
    /// What the operator asked for.
    pub options: &'a PlanOptions,
}

impl<'a> PlanInput<'a> {
    /// The sides that are there, the new one first.
    pub fn sides(&self) -> Vec<&'a Inventory> {
        self.new.into_iter().chain(self.old).collect()
    }
}

/// What the operator asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanOptions {
    /// Which sides may be written.
    pub write_to: WriteTo,
    /// Re-register all running plugins, even if their pages are already visible.
    pub all_running: bool,
    /// `--plugin` globs; empty means all.
    pub only: Vec<String>,
    /// `--skip-plugin` globs.
    pub skip: Vec<String>,
    /// `--register-unverified NAME`: registered although its static files could not be checked.
    pub register_unverified: BTreeSet<PluginName>,
    /// `--pick-version NAME=VERSION`.
    pub picks: BTreeMap<PluginName, Version>,
    /// The value that `GATEWAY_URL_NEW` shall have.
    pub gateway_url: GatewayUrl,
    /// What is said of an old instance that is not configured.
    pub upgrade: Upgrade,
    /// The folder that the environment file lets the static resource path of the new core end in, if
    /// it is another one than portals serve.
    pub static_folder: Option<String>,
    /// Whether the two seeds given are the same key.
    pub seeds: SeedRelation,
    /// `plan --target`: the platform version that an old side alone is judged for.
    pub target: Option<(PlatformVersion, Capabilities)>,
}

/// `--write-to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteTo {
    /// The new instance only (default).
    New,
    /// The old instance only.
    Old,
    /// Both: first new, then old.
    Both,
}

/// Whether an old instance keeps running, if none is configured. The variable depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Upgrade {
    /// Nobody said.
    #[default]
    Unstated,
    /// `--coexisting`: an old instance keeps running.
    Coexisting,
    /// `--in-place`: the new instance replaced it.
    InPlace,
}

/// The value that the variable shall have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GatewayUrl {
    /// Given, or the new gateway's address if that is certain to be right.
    Value(String),
    /// Must be asked for: the new gateway is on loopback while plugin instances run on other hosts,
    /// or several cores or portals are given; the candidate is what would have been taken.
    Ask {
        /// The new gateway's address.
        candidate: String,
    },
}

/// Whether both sides were given the same seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeedRelation {
    /// One seed, or two that decode to the same key.
    Same,
    /// Two keys.
    Different,
}

/// The plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The new side, as far as it answered.
    pub new: Option<SideFacts>,
    /// The old side, if there is one.
    pub old: Option<SideFacts>,
    /// Whether both sides share a database.
    pub relation: DatabaseRelation,
    /// Why nothing may be written; empty when the plan is safe.
    pub refusals: Vec<Refusal>,
    /// What is done about the variable.
    pub variable: VariablePlan,
    /// Registrations, in an order in which they can be carried out one by one.
    pub steps: Vec<Step>,
    /// The step that goes first, alone.
    pub canary: Option<StepId>,
    /// Every other plugin of a written side that is running, active or was named, and why nothing is
    /// done for it. A plugin is here or among the steps, once for each written side; with several
    /// versions it is still one entry, since a run never registers two versions of a name.
    pub skipped: Vec<SkippedPackage>,
    /// Each static file that a portal does not serve, of the steps and of what is blocked.
    pub not_served: BTreeMap<StepId, Vec<NotServed>>,
    /// What an operator should know beforehand.
    pub notices: Vec<Notice>,
    /// The system variables as they were, for the comparison after: of each database that the run may
    /// change, by the side through which it is read (one if both sides share it). A side whose
    /// variables could not be read is not here.
    pub variables_before: BTreeMap<Side, Vec<SystemVariable>>,
}

/// A static file that a portal does not serve, or does not say whether it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotServed {
    /// Its path.
    pub path: FilePath,
    /// The portal.
    pub portal: Address,
    /// What the portal answers.
    pub state: FileState,
}

/// What the plan says of a side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideFacts {
    /// Where it answers.
    pub identity: InstanceIdentity,
    /// Addresses that are not proven to be what they were given as, and why.
    pub unproven: Vec<ReadFailure>,
    /// Its version, as the instance reports it.
    pub version: Reading<PlatformVersion>,
    /// What that version can and does.
    pub capabilities: Capabilities,
    /// Server clock minus ours, in seconds.
    pub clock_offset_s: Option<i64>,
}

/// Whether both sides share a database.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum DatabaseRelation {
    /// There is one side only.
    Single,
    /// The same ids of packages and instances on both.
    Shared {
        /// How many package ids are on both sides.
        packages: usize,
        /// How many instance ids are on both sides.
        instances: usize,
    },
    /// No package id is on both sides, and both have some; or only package ids are, and what runs is
    /// not: a copied database.
    Separate,
    /// Unknown: one side lists nothing, or could not be read.
    Unknown,
}

impl DatabaseRelation {
    /// The code in JSON.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

/// A step's name: a side and a plugin. Never two versions of a name in one run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId {
    /// The side that is written.
    pub side: Side,
    /// The plugin.
    pub name: PluginName,
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.side, self.name)
    }
}

/// One registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Side and plugin.
    pub id: StepId,
    /// The package to register.
    pub package: PackageId,
    /// Its version.
    pub version: Version,
    /// Whether it brings pages.
    pub has_ui: bool,
    /// Why it is in.
    pub reason: RegisterReason,
    /// Steps that must be proven first.
    pub after: BTreeSet<StepId>,
    /// Length of the longest chain of work from this step on, this step included; the higher, the
    /// earlier it is started.
    pub priority: Duration,
    /// Side effects of the registration.
    pub effects: Vec<SideEffect>,
    /// What was there before; what must still be true when it is carried out, and what the proof
    /// compares with.
    pub before: PackageState,
    /// Pages that the other side lists for this plugin on a shared database and serves now: asked
    /// again afterwards.
    pub watched: BTreeSet<FilePath>,
}

/// Why a package is re-registered.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum RegisterReason {
    /// Its pages are not visible on the side: so many of so many.
    PagesHidden {
        /// Pages that are not visible.
        hidden: usize,
        /// Pages that the side lists.
        listed: usize,
    },
    /// The side lists no page for it (v4.2.1 on: no `uiActive`).
    NotListed,
    /// Whether its pages are visible could not be read.
    PagesUnknown,
    /// A page has other bytes than the same path elsewhere.
    ContentDiffers,
    /// `--all-running`.
    AllRunning,
    /// Named by hand (`plugin register`).
    Named,
}

impl RegisterReason {
    /// The code in JSON.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

/// A side effect of a registration.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum SideEffect {
    /// v4.0, v4.1: another REGISTERED version becomes UNREGISTERED.
    Demotes {
        /// The package that is demoted.
        package: PackageId,
        /// Its version.
        version: Version,
        /// Whether instances of it are running.
        running: bool,
    },
    /// v4.2 on: another version loses `uiActive`.
    TakesUiActive {
        /// The package.
        package: PackageId,
        /// Its version.
        version: Version,
    },
    /// On a shared database, the other side's rows will name a version whose files its portals lack.
    OtherSideLosesPage {
        /// The side that loses it.
        side: Side,
        /// The version that it shows now.
        shows: Version,
    },
    /// A system variable is switched.
    SwitchesVariable {
        /// Row id.
        id: VariableId,
        /// Name.
        name: String,
        /// The status it will have.
        to_active: bool,
    },
    /// v3: the plugin's folder on the static host is emptied before the copy.
    EmptiesFolder,
    /// v3: `uploadTimestamp` moves, which can change the version that both sides list.
    MovesUploadTime,
    /// v3: the roles that the package names are created and granted.
    GrantsRoles,
}

impl SideEffect {
    /// The code in JSON.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

/// A package that is not registered, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedPackage {
    /// The side that would have been written.
    pub side: Side,
    /// Plugin.
    pub name: PluginName,
    /// Version; `None` if there are several to choose from.
    pub version: Option<Version>,
    /// Package id; `None` if there are several to choose from.
    pub package: Option<PackageId>,
    /// The reason.
    pub reason: SkipReason,
}

/// What is done about `GATEWAY_URL_NEW`.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum VariablePlan {
    /// There is no row: one is created with every field.
    Create {
        /// Its value.
        value: String,
    },
    /// One row, active, with the right value.
    Keep {
        /// The row.
        row: SystemVariable,
    },
    /// One row with another value, or not active: it is written whole.
    Update {
        /// The row as it is.
        before: SystemVariable,
        /// The row as it will be.
        after: SystemVariable,
    },
    /// Several rows: refused (see [`Refusal::SeveralVariableRows`]).
    #[strum(serialize = "refused")]
    Several {
        /// The rows.
        rows: Vec<SystemVariable>,
        /// The value that one row shall have; a placeholder if it must be asked for.
        wanted: String,
    },
    /// It need not be set: no old instance keeps running, a launch uses the new gateway already, or
    /// new is not written.
    NotAsked {
        /// `GATEWAY_URL_NEW`, else `GATEWAY_URL`, as a launch would use it.
        effective: Reading<Option<String>>,
        /// Whether that is the wanted value.
        matches: bool,
    },
    /// No old side is configured, nobody said whether one keeps running, and a launch would not use
    /// the new gateway: an operator must decide.
    #[strum(serialize = "blocked")]
    Undecided {
        /// What a launch would use.
        effective: Option<String>,
        /// What it should use if an old instance keeps running.
        wanted: String,
    },
    /// The value must be given by hand (`--gateway-url`).
    ValueNeeded {
        /// What would have been taken.
        candidate: String,
    },
    /// Variables could not be read.
    Unreadable {
        /// The cause.
        failure: ReadFailure,
    },
}

impl VariablePlan {
    /// The code in JSON.
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// Whether carrying it out writes.
    pub fn writes(&self) -> bool {
        matches!(self, Self::Create { .. } | Self::Update { .. })
    }
}
