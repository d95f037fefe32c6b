//! The state directory: the lock and the journal of a run.

use std::path::PathBuf;

use jiff::Timestamp;

use super::context::Context;
use crate::apply::{ApplyReport, EarlierRuns, MarkOwner};
use crate::domain::{Address, Side};
use crate::error::{CommandError, Failure as _};
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::journal::{Holder, Journal, Lock, LockError, RunStart, StateDir, earlier_runs, who};
use crate::plan::Plan;

/// What is held while a run writes.
pub(super) struct Kept {
    /// Where it is kept.
    pub(super) state: StateDir,
    /// Released by the system when the process ends, however it ends.
    _lock: Lock,
}

/// Where state may be: what was named, else the system's place, else the user's.
pub(super) fn candidates(named: Option<PathBuf>, context: &Context<'_>) -> Vec<PathBuf> {
    if let Some(named) = named {
        return vec![named];
    }
    let mut places = vec![PathBuf::from("/var/lib/wecubectl")];
    if let Some(state) = context.env.get("XDG_STATE_HOME") {
        places.push(PathBuf::from(state).join("wecubectl"));
    } else if let Some(home) = context.env.get("HOME") {
        places.push(PathBuf::from(home).join(".local/state/wecubectl"));
    }
    places
}

/// Takes the locks of the instances of a run, for as long as what it gives is kept.
pub(super) fn hold(
    named: Option<PathBuf>,
    targets: &[Address],
    command: &str,
    context: &Context<'_>,
) -> Result<Kept, CommandError> {
    let (state, lock) = lock(named, targets, command, context)?;
    Ok(Kept { state, _lock: lock })
}

/// Takes the locks of instances, for as long as what it gives is kept.
pub(super) fn lock(
    named: Option<PathBuf>,
    targets: &[Address],
    command: &str,
    context: &Context<'_>,
) -> Result<(StateDir, Lock), CommandError> {
    let state = StateDir::choose(&candidates(named, context))?;
    let holder = Holder {
        who: who(),
        since: Timestamp::now().to_string(),
        command: command.to_owned(),
    };
    let lock = Lock::acquire(&state, targets, &holder).map_err(|error| match error {
        LockError::Held { .. } => CommandError::from(error).hint(Text::new("cli-locked-hint")),
        other => other.into(),
    })?;
    Ok((state, lock))
}

impl Kept {
    /// Begins the journal.
    pub(super) fn begin(
        &self,
        plan: &Plan,
        command: &str,
        context: &Context<'_>,
    ) -> Result<Journal, CommandError> {
        let start = RunStart {
            command,
            version: env!("CARGO_PKG_VERSION"),
            who: who(),
            plan,
        };
        let journal = Journal::begin(&self.state, &start, Timestamp::now)?;
        let said = Text::new("cli-journal").with("run", journal.id());
        context
            .ui
            .notice(&said.with("path", journal.path().display()));
        Ok(journal)
    }

    /// What runs on the same instances before this one left open.
    pub(super) fn earlier(&self, plan: &Plan) -> Result<EarlierRuns, CommandError> {
        Ok(earlier_runs(&self.state, plan, Timestamp::now())?)
    }

    /// Who runs, as the mark on the platform says it.
    pub(super) fn owner(&self, cores: Vec<(Side, Address)>) -> Result<MarkOwner, CommandError> {
        let who = who();
        Ok(MarkOwner {
            state: self.state.id()?,
            who: format!(
                "{}@{}",
                who.user.as_deref().unwrap_or("?"),
                who.host.as_deref().unwrap_or("?")
            ),
            cores,
        })
    }
}

/// Writes the journal's last line; that it cannot be written does not change what was done.
pub(super) fn end(
    journal: Journal,
    report: &ApplyReport,
    outcome: Outcome,
    context: &Context<'_>,
) -> String {
    let run = journal.id().to_owned();
    if let Err(error) = journal.end(report, outcome) {
        context.ui.warn(&error.message());
    }
    run
}
