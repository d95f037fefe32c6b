//! What a journal's lines look like on disk: JSON, one record a line, with a version of its own.
//!
//! The first line is a [`RunRecord`], the last an [`EndRecord`]; what is between is what the run told.
//! A line that is not whole, or of a kind that this version does not know, is skipped by the reader.
//! No secret is in it: of system variables other than `GATEWAY_URL_NEW` only name, owner and status
//! are kept, never the value.

use serde::{Deserialize, Serialize};

use crate::domain::Side;
use crate::i18n::Text;

/// The version that this program writes, and the highest that it reads. Version 1 had other words for
/// some kinds of records; they are read as aliases.
pub const FORMAT: u32 = 2;

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// When it was written, RFC 3339, UTC.
    pub at: String,
    /// What it says.
    #[serde(flatten)]
    pub record: Record,
    /// What it says for people, in any language; journals of earlier versions do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Record {
    /// The first line.
    Run(Box<RunRecord>),
    /// A write of the variable is about to leave.
    #[serde(alias = "variable_intended")]
    VariableWriteStarted(VariableWriteStarted),
    /// What became of the variable.
    #[serde(alias = "variable_settled")]
    VariableFinished(VariableFinished),
    /// A registration is about to leave.
    Started(Started),
    /// It is tried again later.
    Deferred(StepNote),
    /// Its answer was lost.
    #[serde(alias = "watching")]
    AnswerLost(StepNote),
    /// Its effect is being read.
    #[serde(alias = "proving")]
    Verifying(StepNote),
    /// A package ended.
    #[serde(alias = "settled")]
    Finished(Finished),
    /// A page of the other side broke.
    #[serde(alias = "broke")]
    PageBroken(PageRecord),
    /// Nothing new is started any more.
    Stopping(Note),
    /// The last line.
    Ended(Box<EndRecord>),
    /// Of a later version.
    #[serde(other)]
    Unknown,
}

/// Who began what on which instances, and how things were.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// See [`FORMAT`].
    pub format: u32,
    /// The run's id, also the file's name.
    pub run: String,
    /// The command, e.g. `apply`.
    pub command: String,
    /// Version of this program.
    pub version: String,
    /// Who ran it.
    pub who: Who,
    /// The new instance.
    pub new: Option<SideRecord>,
    /// The old instance.
    pub old: Option<SideRecord>,
    /// `single`, `shared`, `separate`, `unknown`.
    pub relation: String,
    /// The canary.
    pub canary: Option<StepName>,
    /// The registers that were planned.
    pub steps: Vec<StepRecord>,
    /// What was left out.
    #[serde(alias = "left_out")]
    pub skipped: Vec<SkippedRecord>,
    /// The rows of `GATEWAY_URL_NEW` before.
    pub variable_before: Vec<VariableRow>,
}

/// Who runs it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// Numeric user id.
    pub uid: Option<u32>,
    /// User name.
    pub user: Option<String>,
    /// Host name.
    pub host: Option<String>,
    /// Process id.
    pub pid: u32,
}

/// A side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideRecord {
    /// platform-core.
    pub core: String,
    /// platform-gateway.
    pub gateway: String,
    /// Portals.
    pub portals: Vec<String>,
    /// Version, if it was told.
    pub version: Option<String>,
}

/// A step's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StepName {
    /// `new` or `old`.
    pub side: String,
    /// The plugin.
    pub name: String,
}

/// A planned register and how its package was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepRecord {
    /// Side and plugin.
    #[serde(flatten)]
    pub step: StepName,
    /// Its version.
    pub version: String,
    /// Its package.
    pub package: String,
    /// Its status before.
    pub status: String,
    /// `uiActive` before.
    pub ui_active: Option<bool>,
    /// Other versions that lose their status or their pages by it.
    pub takes_from: Vec<OtherVersion>,
    /// System variables that it switches.
    pub switches: Vec<Switch>,
    /// The version that the other side shows and loses by it.
    pub other_side_loses: Option<String>,
}

/// Another version of a plugin, as it was before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherVersion {
    /// Its package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// What it loses.
    pub loses: Loss,
}

/// What another version loses by a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// Its status REGISTERED.
    Registered,
    /// `uiActive`.
    UiActive,
}

/// A system variable whose status changes; its value is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switch {
    /// The side through which it is read and set back, `new` or `old`.
    #[serde(default = "new_side")]
    pub side: String,
    /// Row id.
    pub id: String,
    /// Name, with its owner if known.
    pub name: String,
    /// The status before.
    pub before: Option<String>,
    /// The status after.
    pub after: Option<String>,
}

/// Journals of before this was kept were of the new side's variables.
fn new_side() -> String {
    Side::New.as_str().to_owned()
}

/// A row of `GATEWAY_URL_NEW`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariableRow {
    /// Row id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
    /// Default value.
    pub default_value: String,
    /// Scope.
    pub scope: String,
    /// Source.
    pub source: String,
    /// Status.
    pub status: String,
    /// Owner.
    pub package_name: String,
}

/// What was left out of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedRecord {
    /// Side and plugin.
    #[serde(flatten)]
    pub step: StepName,
    /// Its version.
    pub version: Option<String>,
    /// Why, as in JSON output.
    pub code: String,
}

/// A write of the variable is about to leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariableWriteStarted {
    /// `create`, `update`, `remove_own`.
    pub action: String,
    /// The row before.
    pub before: Option<VariableRow>,
    /// The row that shall be.
    pub after: Option<VariableRow>,
}

/// What became of the variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariableFinished {
    /// `unchanged`, `created`, `updated`, `drifted`, `failed`, `no_effect`.
    pub result: String,
    /// The row before, if it was updated.
    pub before: Option<VariableRow>,
    /// The row now, if there is one.
    pub after: Option<VariableRow>,
    /// Whether a row of this run's own was removed again.
    pub removed_own: bool,
    /// In words.
    pub detail: String,
}

impl VariableFinished {
    /// Whether the run gave the variable the value that it had then.
    pub fn is_written(&self) -> bool {
        matches!(self.result.as_str(), "created" | "updated")
    }
}

/// A registration is about to leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// Side and plugin.
    #[serde(flatten)]
    pub step: StepName,
    /// Its package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// Which call, from 1.
    pub attempt: u32,
    /// Calls in flight with it.
    pub in_flight: usize,
    /// Whether it is the canary.
    pub canary: bool,
    /// What its effect is told by.
    #[serde(default)]
    pub before: Option<TraceRecord>,
}

/// What a package looked like before its registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceRecord {
    /// Whether it has pages.
    pub has_ui: bool,
    /// Its status.
    pub status: String,
    /// `uploadTimestamp`.
    pub uploaded: Option<String>,
    /// `updatedTime`.
    pub updated_time: Option<String>,
    /// `uiActive`.
    pub ui_active: Option<bool>,
    /// Ids of its rows in `resource-files`.
    pub file_rows: Vec<String>,
}

/// Something about a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepNote {
    /// Side and plugin.
    #[serde(flatten)]
    pub step: StepName,
    /// In words.
    pub detail: String,
}

/// Something about the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// In words.
    pub detail: String,
}

/// A package ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// Side and plugin.
    #[serde(flatten)]
    pub step: StepName,
    /// Its version.
    pub version: Option<String>,
    /// `done`, `failed`, `skipped`, `blocked`, `no_effect`, `unknown`.
    pub result: String,
    /// Calls made.
    pub attempts: u32,
    /// From the first call to the answer of the last one, or to the end where none came.
    pub duration_ms: u64,
    /// How long before this record the reading began that shows the effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading_age_ms: Option<u64>,
    /// In words.
    pub detail: String,
}

/// A page of the other side that broke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRecord {
    /// Side and plugin.
    #[serde(flatten)]
    pub step: StepName,
    /// Its path.
    pub path: String,
    /// The portal.
    pub portal: String,
    /// In words.
    pub detail: String,
}

/// How the run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EndRecord {
    /// The word of the outcome.
    pub outcome: String,
    /// The exit code.
    pub exit_code: u8,
    /// How many packages ended in which way, by the words of [`Finished::result`].
    pub counts: std::collections::BTreeMap<String, usize>,
    /// Variables that are not as they were, as far as that could be read.
    pub switched: Vec<Switch>,
    /// Pages of the other side that broke.
    pub broken: usize,
    /// Figures of the schedule, in milliseconds.
    pub schedule: ScheduleRecord,
}

/// Figures of the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleRecord {
    /// Upper bound.
    pub parallel: usize,
    /// The most in flight.
    pub peak: usize,
    /// The longest chain.
    pub critical_path_ms: u64,
    /// The sum of all durations.
    pub work_ms: u64,
    /// From the first call to the last proof.
    pub wall_ms: u64,
}
