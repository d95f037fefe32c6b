//! What a plan holds beside its steps: why nothing may be written, what an operator should know, and
//! the remedy of each block.

use super::reason::SkipReason;
use crate::domain::{Address, PluginName, ReadFailure, Side, SystemVariable, VariableId, Version};

/// Why nothing may be written (exit 14, or 2 for a value that must be given).
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Refusal {
    /// Both URLs are one instance.
    OneInstance {
        /// The evidence.
        evidence: SameInstance,
    },
    /// The seeds differ while data is shared.
    SeedsDiffer,
    /// `new` answers as a v3.
    NewIsOld {
        /// What it answers as.
        version: String,
    },
    /// `new` is older than `old`.
    NewOlderThanOld {
        /// New's version.
        new: String,
        /// Old's version.
        old: String,
    },
    /// Several rows are named `GATEWAY_URL_NEW`, and the variable is to be set.
    SeveralVariableRows {
        /// The rows.
        rows: Vec<SystemVariable>,
        /// The value that one row shall have; a placeholder if it must be asked for.
        wanted: String,
    },
}

impl Refusal {
    /// The code in JSON.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

/// The evidence that two addresses are one instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SameInstance {
    /// The same normalised address of core, gateway or a portal.
    SameAddress(Address),
    /// The same version and shared ids.
    SameVersionAndIds(String),
}

/// What an operator should know beforehand.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Notice {
    /// The clock of a side differs by more than 30 s.
    ClockSkew {
        /// The side.
        side: Side,
        /// Server clock minus ours, in seconds.
        offset_s: i64,
    },
    /// One database: what a registration changes reaches both sides, and equal listings prove nothing.
    SharedDatabase,
    /// Two databases: packages must be uploaded and registered on each.
    SeparateDatabases,
    /// It is unknown whether the database is shared.
    RelationUnknown,
    /// taskman older than v1.1.0 on a v4.
    TaskmanTooOld {
        /// Its version.
        version: Version,
    },
    /// A plugin whose pages configure orchestrations, which are not common to both generations.
    OrchestrationPages {
        /// The plugin.
        name: PluginName,
    },
    /// A row literally named `system__global__GATEWAY_URL_NEW`.
    MisreadVariable {
        /// The row.
        id: VariableId,
    },
    /// The variable's `packageName` is a plugin's name: registering that plugin switches it off.
    VariableOwnedByPlugin {
        /// The plugin.
        name: PluginName,
    },
    /// v3 is written: one registration in flight, folders emptied first, timestamps moved, roles granted.
    WritesToV3,
    /// Several versions of a name are active.
    SeveralVersions {
        /// The side.
        side: Side,
        /// The plugin.
        name: PluginName,
        /// The versions.
        versions: Vec<Version>,
    },
    /// Instances that were launched by a v3 carry the old gateway until they are launched again.
    LaunchedByV3 {
        /// How many.
        instances: usize,
    },
    /// Something could not be read; what depends on it is not concluded.
    NotRead {
        /// The side.
        side: Side,
        /// The cause.
        failure: ReadFailure,
    },
    /// `--target`: the new platform refuses this registration.
    TargetRefuses {
        /// The plugin.
        name: PluginName,
        /// Its version.
        version: Version,
        /// Why.
        reason: SkipReason,
    },
    /// `--target`: a system variable would switch when the plugin is registered there.
    TargetSwitchesVariable {
        /// The plugin.
        plugin: PluginName,
        /// The variable's name.
        variable: String,
        /// The status it would have.
        to_active: bool,
    },
    /// How to resolve a block, step by step.
    Remedy {
        /// The plugin that is blocked.
        name: PluginName,
        /// The sequence.
        actions: Vec<RemedyStep>,
    },
}

impl Notice {
    /// The code in JSON.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

/// One step of a remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemedyStep {
    /// Upload a newer package to a side (`plugin upload FILE`).
    Upload {
        /// The side.
        side: Side,
        /// What to bring.
        name: PluginName,
        /// It must be newer than this.
        newer_than: Version,
        /// Whether equal is enough (v3's rule).
        equal_is_enough: bool,
    },
    /// Register it there (`plugin register`).
    Registration {
        /// The side.
        side: Side,
        /// The plugin.
        name: PluginName,
        /// Its version; `None` for the one that an earlier action uploads.
        version: Option<Version>,
    },
    /// Launch it in the portal of that side, and remove the old instance.
    Launch {
        /// The side.
        side: Side,
        /// The plugin.
        name: PluginName,
    },
    /// What the old side loses by it until the next action.
    OldSideLoses {
        /// The plugin.
        name: PluginName,
        /// The version that it shows now.
        shows: Version,
    },
    /// Bring the platform itself to a version (or a package that asks for less).
    UpgradePlatform {
        /// The side.
        side: Side,
        /// The version that the package declares.
        at_least: Version,
    },
    /// Run the main job again.
    ApplyAgain,
    /// Choose a version (`--pick-version`).
    PickVersion {
        /// The plugin.
        name: PluginName,
        /// The choices.
        versions: Vec<Version>,
    },
    /// Decommission one edition or version in the portal.
    Decommission {
        /// The side.
        side: Side,
        /// The plugin.
        name: PluginName,
    },
}
