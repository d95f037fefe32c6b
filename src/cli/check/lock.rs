//! One check at a time for a pair of instances.

use jiff::Timestamp;

use super::super::context::Context;
use super::super::state::candidates;
use crate::domain::Address;
use crate::error::{CommandError, Failure as _};
use crate::i18n::Text;
use crate::journal::{Holder, Lock, LockError, StateDir, who};
use crate::settings::Settings;

/// From this age on the other check is reported as probably hung.
const OLD_S: i64 = 600;

/// Another check holds the lock.
pub(super) enum Refused {
    /// To be reported.
    Reported(CommandError),
    /// Not reported: `-q`, and the other check is young.
    Silent(CommandError),
}

/// The state directory. Without one the check runs all the same, unlocked, and warns.
pub(super) fn state(settings: &Settings, context: &Context<'_>) -> Option<StateDir> {
    let candidates = candidates(settings.state_dir.clone(), context);
    match StateDir::choose(&candidates) {
        Ok(state) => Some(state),
        Err(error) => {
            let text = Text::new("monitor-no-state").nested("cause", error.message());
            context.ui.say(&text);
            None
        }
    }
}

/// Takes the lock of `check`. `apply` has a lock of its own: they do not exclude each other.
pub(super) fn acquire(
    state: Option<&StateDir>,
    settings: &Settings,
    context: &Context<'_>,
) -> Result<Option<Lock>, Refused> {
    let Some(state) = state else { return Ok(None) };
    let cores = [settings.new.as_ref(), settings.old.as_ref()];
    let cores = cores.into_iter().flatten();
    let cores: Vec<_> = cores.map(|side| side.identity.core.as_str()).collect();
    let target = Address::new(format!("check {}", cores.join(" ")));
    let now = Timestamp::now();
    let holder = Holder {
        who: who(),
        since: now.to_string(),
        command: "check".to_owned(),
    };
    match Lock::acquire(state, &[target], &holder) {
        Ok(lock) => Ok(Some(lock)),
        Err(error @ LockError::Held { .. }) => Err(held(error, now, context)),
        // A file system without locks is like no state directory.
        Err(error) => {
            context
                .ui
                .say(&Text::new("monitor-no-state").nested("cause", error.message()));
            Ok(None)
        }
    }
}

fn held(error: LockError, now: Timestamp, context: &Context<'_>) -> Refused {
    let age = match &error {
        LockError::Held {
            holder: Some(holder),
            ..
        } => age_s(&holder.since, now),
        _ => None,
    };
    let old = age.is_some_and(|age| age >= OLD_S);
    let mut told = CommandError::from(error);
    if let Some(age) = age.filter(|_| old) {
        let minutes = usize::try_from(age / 60).unwrap_or_default();
        told = told.hint(Text::new("monitor-lock-old").count("minutes", minutes));
    }
    if old || context.ui.talks() {
        Refused::Reported(told)
    } else {
        Refused::Silent(told)
    }
}

fn age_s(since: &str, now: Timestamp) -> Option<i64> {
    let since: Timestamp = since.parse().ok()?;
    Some(now.as_second() - since.as_second())
}
