//! Baseline files: what a person has looked at and accepts until a day.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::args::CheckArgs;
use super::super::context::Context;
use crate::check::{Accepted, Baseline, Certainty, CheckResults};
use crate::domain::Severity;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;

/// The format of the file.
const FORMAT: u32 = 1;
/// How long a finding is accepted where nobody says.
const ACCEPTED_FOR: Duration = Duration::from_hours(90 * 24);

/// What is accepted, and where what was found is to be saved.
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
    /// Reads `--baseline` and holds what was typed for `--save-baseline` against what is there.
    pub(super) fn read(args: &CheckArgs) -> Result<Self, CommandError> {
        let now = Timestamp::now();
        let expires = match &args.baseline_expires {
            Some(typed) => day(typed)?,
            None => date_of(now.checked_add(ACCEPTED_FOR).unwrap_or(now)),
        };
        if let Some(path) = args.save_baseline.as_deref()
            && path.exists()
            && !args.yes
        {
            let text = Text::new("monitor-baseline-exists").with("path", path.display());
            return Err(CommandError::usage(text).hint(Text::new("monitor-baseline-exists-hint")));
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

    /// What is left of what was found.
    pub(super) fn apply(&self, checked: &CheckResults) -> CheckResults {
        self.baseline.apply(checked, &self.today)
    }

    /// What is accepted and was not found any more.
    pub(super) fn tell_unused(&self, checked: &CheckResults, context: &Context<'_>) {
        let unused = self.baseline.unused(checked).len();
        if unused > 0 {
            context
                .ui
                .say(&Text::new("monitor-baseline-unused").count("count", unused));
        }
    }

    /// Saves what was found, and hands back what is left of it: all that was saved is accepted.
    pub(super) fn save(
        &self,
        checked: &CheckResults,
        context: &Context<'_>,
    ) -> Result<Option<CheckResults>, CommandError> {
        let Some((path, expires)) = &self.save else {
            return Ok(None);
        };
        let baseline = Baseline::from(checked, expires);
        write(path, &baseline).map_err(|error| {
            let text = Text::new("monitor-baseline-unwritable")
                .with("path", path.display())
                .with("error", error);
            CommandError::new(Outcome::Failed, text)
        })?;
        let text = Text::new("monitor-baseline-saved")
            .with("path", path.display())
            .with("expires", expires)
            .count("count", baseline.accepted.len());
        context.ui.say(&text);
        let earlier = checked.accepted.clone();
        let mut left = baseline.apply(checked, &self.today);
        left.accepted.extend(earlier);
        left.accepted.sort_by_key(crate::check::Finding::key);
        left.accepted.dedup();
        Ok(Some(left))
    }
}

/// Written whole or not at all, for its owner alone: it says what is broken.
fn write(path: &Path, baseline: &Baseline) -> std::io::Result<()> {
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
    let text = serde_json::to_string_pretty(&doc)? + "\n";
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A baseline that cannot be read is an error: without it old findings would alarm, and with an empty
/// one in its place nobody would know why.
fn parse(path: &Path) -> Result<Baseline, CommandError> {
    let bad = |error: &dyn std::fmt::Display| {
        let text = Text::new("monitor-baseline-unreadable")
            .with("path", path.display())
            .with("error", error);
        CommandError::usage(text)
    };
    let text = fs_err::read_to_string(path).map_err(|error| bad(&error))?;
    let doc: FileDoc = serde_json::from_str(&text).map_err(|error| bad(&error))?;
    if doc.format != FORMAT {
        return Err(bad(&format!("format {}", doc.format)));
    }
    let accepted = doc.accepted.into_iter().map(|it| {
        Ok(Accepted {
            key: it.finding,
            severity: it.severity,
            certainty: it.certainty,
            expires: day(&it.expires)?,
        })
    });
    Ok(Baseline {
        accepted: accepted.collect::<Result<_, CommandError>>()?,
    })
}

/// A day, `YYYY-MM-DD`.
fn day(typed: &str) -> Result<String, CommandError> {
    let date: Result<jiff::civil::Date, _> = typed.parse();
    date.map(|date| date.to_string()).map_err(|_| {
        CommandError::usage(Text::new("monitor-day-bad").with("value", typed.escape_default()))
    })
}

/// The day in UTC.
fn date_of(time: Timestamp) -> String {
    time.to_string().chars().take(10).collect()
}
