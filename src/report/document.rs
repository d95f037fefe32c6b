//! The JSON document of every command (`docs/cli.md`, "Output"). A document has the four keys of every
//! command and the keys that its command sets. Texts in it are English.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::exit::Outcome;
pub(super) use crate::i18n::english;
use crate::i18n::is_unsafe;

/// Version of the schema; it changes when a key changes its meaning or goes away.
pub const SCHEMA_VERSION: u32 = 2;

/// The result of a command. A key that its command does not set is not in the document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Document {
    schema_version: u32,
    /// The command, as typed (`plugin list`).
    pub command: String,
    /// How it ended.
    pub outcome: &'static str,
    /// Its exit code.
    pub exit_code: u8,
    /// The system variable: `plan`, `apply`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variable: Option<VariableDoc>,
    /// Every package with its result: `apply`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packages: Option<Vec<PackageDoc>>,
    /// Figures of the schedule: `apply`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<ScheduleDoc>,
    /// Old and new side by side: `compare`, `apply`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<ComparisonDoc>,
    /// What an operator should look at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub findings: Option<Vec<FindingDoc>>,
    /// What else checks came to: `check`.
    #[serde(flatten)]
    pub checks: Option<ChecksDoc>,
    /// The plan: `plan`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanDoc>,
    #[serde(flatten)]
    tables: Pairs<Vec<Record>>,
}

/// A row of a table: keys and values in the order of the columns.
pub(super) type Record = Pairs<Value>;

/// Keys and values in an order of their own.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pairs<T>(pub(super) Vec<(&'static str, T)>);

impl<T: Serialize> Serialize for Pairs<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl Document {
    /// A document that says how a command ended and nothing else yet.
    pub fn new(command: impl Into<String>, outcome: Outcome) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            command: command.into(),
            outcome: outcome.as_str(),
            exit_code: outcome.code(),
            variable: None,
            packages: None,
            schedule: None,
            comparison: None,
            findings: None,
            checks: None,
            plan: None,
            tables: Pairs(Vec::new()),
        }
    }

    /// Adds a table under a key of its own.
    pub(super) fn add_table(&mut self, key: &'static str, records: Vec<Record>) {
        self.tables.0.push((key, records));
    }

    /// Over several lines, with a line end.
    pub fn pretty(&self) -> String {
        serde_json::to_string_pretty(self)
            .map_or_else(|error| failed(&error), |text| safe(&text) + "\n")
    }

    /// On one line, with a line end: the last of `ndjson`.
    pub fn line(&self) -> String {
        serde_json::to_string(self).map_or_else(|error| failed(&error), |text| safe(&text) + "\n")
    }
}

/// JSON may hold characters that steer a terminal as they are (U+009B, text that turns its direction);
/// it can say them as escapes too. Outside of strings there are none but line ends.
pub(super) fn safe(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_unsafe(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _infallible = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    text
}

/// Every key is text and every value has a form in JSON, so that this is never seen.
fn failed(error: &serde_json::Error) -> String {
    format!(
        "{}\n",
        serde_json::json!({"schema_version": SCHEMA_VERSION, "error": error.to_string()})
    )
}

/// The variable.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VariableDoc {
    /// Its name.
    pub name: &'static str,
    /// What was, or will be, done.
    pub action: &'static str,
    /// Its value before; `None` if there was no row.
    pub before: Option<String>,
    /// Its value after; `None` if there is no row or it is not known.
    pub after: Option<String>,
}

/// A package and its result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PackageDoc {
    /// Plugin.
    pub name: String,
    /// Version; `None` if several stand to choice.
    pub version: Option<String>,
    /// Package id; `None` if several stand to choice.
    pub id: Option<String>,
    /// The side that was written.
    pub side: &'static str,
    /// `done`, `failed`, `skipped`, `blocked`, `no_effect`, `unknown`.
    pub result: &'static str,
    /// Register calls made.
    pub attempts: u32,
    /// From the first call to the proof.
    pub duration_ms: u64,
    /// Why it is not done.
    pub reason: Option<ReasonDoc>,
    /// Each static file that keeps it from being verified.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileDoc>,
}

/// Why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReasonDoc {
    /// The code.
    pub code: &'static str,
    /// The words.
    pub message: String,
}

/// Figures of the schedule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScheduleDoc {
    /// The upper bound of calls in flight.
    pub parallel: usize,
    /// The most that were in flight at once.
    pub peak: usize,
    /// The longest chain of measured durations along dependencies.
    pub critical_path_ms: u64,
    /// The sum of all durations.
    pub work_ms: u64,
    /// From the first call to the last proof.
    pub wall_ms: u64,
}

/// What an operator should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingDoc {
    /// The code; `wecubectl explain` knows it.
    pub code: &'static str,
    /// `error`, `warning` or `info`.
    pub severity: &'static str,
    /// What it is about.
    pub subject: String,
    /// What is so.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// What a check concluded it from, for `check`.
    #[serde(flatten)]
    pub seen: Option<SeenDoc>,
}

/// What a check concluded a finding from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeenDoc {
    /// `confirmed` or `unknown`.
    pub certainty: &'static str,
    /// `new` or `old`; none for a pair.
    pub side: Option<&'static str>,
    /// When it was found first, with `--on-change`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// In how many checks, with `--on-change`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// What was read.
    pub evidence: Vec<EvidenceDoc>,
    /// Findings that it explains.
    pub explains: Vec<ExplainedDoc>,
}

/// A finding that another one explains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainedDoc {
    /// Its code.
    pub code: &'static str,
    /// What it is about.
    pub subject: String,
    /// `confirmed`; `unknown` if the check could not be evaluated.
    pub certainty: &'static str,
}

/// What was read, from where, when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EvidenceDoc {
    /// `new` or `old`; none for both.
    pub side: Option<&'static str>,
    /// Method and address, or the listing's name.
    pub source: String,
    /// What it said.
    pub seen: String,
    /// When, RFC 3339 in UTC.
    pub at: String,
}

/// What checks came to beside their findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChecksDoc {
    /// Found and accepted by the baseline.
    pub accepted: Vec<FindingDoc>,
    /// Told by an earlier check and gone, with `--on-change`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recovered: Vec<RecoveredDoc>,
    /// Not evaluated, and why.
    pub skipped: Vec<SkippedDoc>,
    /// Evaluated, with how many subjects each looked at.
    pub evaluated: Vec<EvaluatedDoc>,
}

/// A finding that an earlier check told and that is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecoveredDoc {
    /// Code, side and subject.
    pub finding: String,
    /// When it was found first.
    pub since: String,
    /// In how many checks.
    pub times: u64,
}

/// A check that was not evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SkippedDoc {
    /// Its code.
    pub code: &'static str,
    /// What it would have been about; none for the whole check.
    pub subject: Option<String>,
    /// Why not.
    pub reason: String,
}

/// A check that was evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EvaluatedDoc {
    /// Its code.
    pub code: &'static str,
    /// How many subjects it looked at.
    pub subjects: usize,
}

/// Old and new side by side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparisonDoc {
    /// The sides.
    pub old: SideDoc,
    /// The sides.
    pub new: SideDoc,
    /// Row by row.
    pub plugins: Vec<PluginDoc>,
    /// Aspects that differ.
    pub differences: usize,
    /// Aspects and listings that are not known.
    pub unknowns: usize,
}

/// A side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SideDoc {
    /// Its version; `None` if it could not be read.
    pub version: Option<String>,
    /// platform-core.
    pub core: String,
    /// platform-gateway.
    pub gateway: String,
    /// Every portal.
    pub portals: Vec<String>,
}

/// A plugin on both sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PluginDoc {
    /// Its name.
    pub name: String,
    /// What the sides have of it.
    pub old: PluginSideDoc,
    /// What the sides have of it.
    pub new: PluginSideDoc,
    /// By aspect.
    pub aspects: BTreeMap<&'static str, AspectDoc>,
    /// What else is worth knowing.
    pub notes: Vec<ReasonDoc>,
}

/// What a side has of a plugin.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PluginSideDoc {
    /// Package id.
    pub id: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Every version that is active.
    pub active: Vec<String>,
    /// Running containers.
    pub instances: Vec<InstanceDoc>,
    /// What each portal serves.
    pub portals: Vec<PortalDoc>,
}

/// A running container.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InstanceDoc {
    /// Row id.
    pub id: String,
    /// Version of its package.
    pub version: String,
    /// `host:port`.
    pub address: String,
    /// `old_gateway`, `as_set_at_launch`, `unknown`.
    pub gateway: &'static str,
}

/// What a portal serves of a plugin's pages.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PortalDoc {
    /// The portal.
    pub portal: String,
    /// As an aspect's.
    pub state: &'static str,
    /// Pages that it serves as it should.
    pub served: usize,
    /// Pages that are listed.
    pub listed: usize,
    /// Why it does not serve the others.
    pub causes: Vec<ReasonDoc>,
    /// Each page that it does not serve as it should.
    pub files: Vec<FileDoc>,
}

/// A page that a portal does not serve as it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileDoc {
    /// Its path.
    pub path: String,
    /// The portal.
    pub portal: String,
    /// The code of the cause.
    pub code: &'static str,
    /// How the portal answers.
    pub message: String,
}

/// An aspect on both sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AspectDoc {
    /// `visible`, `hidden`, `unknown`, `not_applicable`.
    pub old: &'static str,
    /// `visible`, `hidden`, `unknown`, `not_applicable`.
    pub new: &'static str,
    /// The code of the one cause to look at; `None` if both are visible.
    pub cause: Option<&'static str>,
    /// Every cause on the old side.
    pub old_causes: Vec<ReasonDoc>,
    /// Every cause on the new side.
    pub new_causes: Vec<ReasonDoc>,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanDoc {
    /// The new side, as far as it answered.
    pub new: Option<SideDoc>,
    /// The old side, if there is one.
    pub old: Option<SideDoc>,
    /// `single`, `shared`, `separate`, `unknown`.
    pub relation: &'static str,
    /// Why nothing may be written.
    pub refusals: Vec<ReasonDoc>,
    /// Registers in an order in which they can be carried out one by one.
    pub steps: Vec<StepDoc>,
    /// The step that goes first, alone.
    pub canary: Option<String>,
    /// What is left out, and why.
    pub skipped: Vec<SkippedPackageDoc>,
    /// Packages that need manual action.
    pub blocked: Vec<SkippedPackageDoc>,
    /// What to know beforehand.
    pub notices: Vec<ReasonDoc>,
    /// For each blocked plugin what to do, in order.
    pub remedies: Vec<RemedyDoc>,
}

/// A registration.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepDoc {
    /// `side:name`.
    pub step: String,
    /// The side that is written.
    pub side: &'static str,
    /// Plugin.
    pub name: String,
    /// Version.
    pub version: String,
    /// Package id.
    pub id: String,
    /// Whether it brings pages.
    pub has_ui: bool,
    /// Why it is in.
    pub reason: ReasonDoc,
    /// Steps that must be proven first, as `side:name`.
    pub after: Vec<String>,
    /// What else the registration does.
    pub effects: Vec<ReasonDoc>,
    /// Each static file that a portal does not serve.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileDoc>,
}

/// A package that is left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SkippedPackageDoc {
    /// The side that would have been written.
    pub side: &'static str,
    /// Plugin.
    pub name: String,
    /// Version; `None` if several stand to choice.
    pub version: Option<String>,
    /// Package id; `None` if several stand to choice.
    pub id: Option<String>,
    /// `skipped` where nobody is needed, `blocked` where a person is.
    pub result: &'static str,
    /// Why.
    pub reason: ReasonDoc,
    /// Each static file that a portal does not serve.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileDoc>,
}

/// How to resolve a block.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RemedyDoc {
    /// The plugin that is blocked.
    pub name: String,
    /// What to do, in order.
    pub actions: Vec<ActionDoc>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActionDoc {
    /// What it is.
    pub message: String,
    /// The command, or where to do it by hand.
    pub how: Option<String>,
}
