//! Baseline files: findings that a person accepts until a date.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::args::CheckArgs;
use super::super::context::Context;
use super::error::CheckError;
use crate::check::{Accepted, Baseline, Certainty, CheckResults};
use crate::domain::Severity;
use crate::files::{Access, MIB, read, replace};
use crate::i18n::Text;

/// The format of the file.
const FORMAT: u32 = 1;
/// Default of `--baseline-expires`.
const ACCEPTED_FOR: Duration = Duration::from_hours(90 * 24);

/// The accepted findings, and the file for `--save-baseline`.
pub(super) struct Acceptance {
    baseline: Baseline,
    today: String,
    save: Option<(PathBuf, String)>,
}

#[derive(Serialize, Deserialize)]
struct FileDoc {
    format: u32,
    accepted: Vec<AcceptedDoc>,
}

#[derive(Serialize, Deserialize)]
struct AcceptedDoc {
    finding: String,
    #[serde(with = "SeverityDoc")]
    severity: Severity,
    #[serde(with = "CertaintyDoc", alias = "standing")]
    certainty: Certainty,
    expires: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Severity", rename_all = "lowercase")]
enum SeverityDoc {
    Info,
    Warning,
    Error,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Certainty", rename_all = "lowercase")]
enum CertaintyDoc {
    #[serde(alias = "wrong")]
    Confirmed,
    Unknown,
}

impl Acceptance {
    /// Reads `--baseline` and validates `--save-baseline`.
    pub(super) fn read(args: &CheckArgs) -> Result<Self, CheckError> {
        let now = Timestamp::now();
        let expires = match &args.baseline_expires {
            Some(typed) => date(typed)?,
            None => date_of(now.checked_add(ACCEPTED_FOR).unwrap_or(now)),
        };
        if let Some(path) = args.save_baseline.as_deref()
            && path.exists()
            && !args.yes
        {
            return Err(CheckError::BaselineExists(path.to_owned()));
        }
        let baseline = match &args.baseline {
            Some(path) => parse(path)?,
            None => Baseline::default(),
        };
        Ok(Self {
            baseline,
            today: date_of(now),
            save: args.save_baseline.clone().map(|path| (path, expires)),
        })
    }

    /// Moves accepted findings out of the results.
    pub(super) fn apply(&self, checked: &CheckResults) -> CheckResults {
        self.baseline.apply(checked, &self.today)
    }

    /// Reports entries that match no finding any more.
    pub(super) fn report_unused(&self, checked: &CheckResults, context: &Context<'_>) {
        let unused = self.baseline.unused(checked).len();
        if unused > 0 {
            context
                .ui
                .notice(&Text::new("monitor-baseline-unused").count("count", unused));
        }
    }

    /// Saves all findings and returns the results with them accepted; `None` without `--save-baseline`.
    pub(super) fn save(
        &self,
        checked: &CheckResults,
        context: &Context<'_>,
    ) -> Result<Option<CheckResults>, CheckError> {
        let Some((path, expires)) = &self.save else {
            return Ok(None);
        };
        let baseline = Baseline::from(checked, expires);
        replace(path, &to_json(&baseline), Access::Private)?;
        let text = Text::new("monitor-baseline-saved")
            .with("path", path.display())
            .with("expires", expires)
            .count("count", baseline.accepted.len());
        context.ui.notice(&text);
        let earlier = checked.accepted.clone();
        let mut left = baseline.apply(checked, &self.today);
        left.accepted.extend(earlier);
        left.accepted.sort_by_key(crate::check::Finding::key);
        left.accepted.dedup();
        Ok(Some(left))
    }
}

fn to_json(baseline: &Baseline) -> Vec<u8> {
    let accepted = baseline.accepted.iter().map(|it| AcceptedDoc {
        finding: it.key.clone(),
        severity: it.severity,
        certainty: it.certainty,
        expires: it.expires.clone(),
    });
    let doc = FileDoc {
        format: FORMAT,
        accepted: accepted.collect(),
    };
    let mut text = serde_json::to_vec_pretty(&doc).unwrap_or_default();
    text.push(b'\n');
    text
}

/// A baseline that cannot be read is an error: without it accepted findings would raise an alarm.
fn parse(path: &Path) -> Result<Baseline, CheckError> {
    let unreadable = |error: Text| CheckError::BaselineUnreadable {
        path: path.to_owned(),
        error,
    };
    let text = read(path, 16 * MIB)?;
    let doc: FileDoc = serde_json::from_slice(&text).map_err(|error| {
        unreadable(
            Text::new("monitor-baseline-json")
                .count("line", error.line())
                .count("column", error.column()),
        )
    })?;
    if doc.format != FORMAT {
        let text = Text::new("monitor-baseline-format").with("format", doc.format);
        return Err(unreadable(text));
    }
    let accepted = doc.accepted.into_iter().map(|it| {
        Ok(Accepted {
            key: it.finding,
            severity: it.severity,
            certainty: it.certainty,
            expires: date(&it.expires)?,
        })
    });
    Ok(Baseline {
        accepted: accepted.collect::<Result<_, CheckError>>()?,
    })
}

/// Normalises a date (`YYYY-MM-DD`).
fn date(typed: &str) -> Result<String, CheckError> {
    let date: Result<jiff::civil::Date, _> = typed.parse();
    date.map(|date| date.to_string())
        .map_err(|_| CheckError::BadDate(typed.to_owned()))
}

/// The day in UTC.
fn date_of(time: Timestamp) -> String {
    time.to_string().chars().take(10).collect()
}
