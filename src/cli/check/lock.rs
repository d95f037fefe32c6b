//! One check at a time for a pair of instances.

use std::time::Duration;

use jiff::Timestamp;

use super::super::context::Context;
use super::super::state::candidates;
use crate::domain::Address;
use crate::error::{CommandError, Failure as _};
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::journal::{Holder, Lock, LockError, StateDir, who};
use crate::settings::Settings;

/// How long the holder may take to write its name after it took the lock.
const TO_WRITE: Duration = Duration::from_millis(500);
/// What clocks of two processes of one host may differ by: one of them was set meanwhile.
const AHEAD_S: i64 = 60;

/// Another check holds the lock.
pub(super) enum Refused {
    /// To be reported.
    Reported(CommandError),
    /// Not reported: `-q`, and the other check is within its time.
    Silent(CommandError),
}

/// The state directory. Without one the check runs all the same, unlocked, and warns.
pub(super) fn state(settings: &Settings, context: &Context<'_>) -> Option<StateDir> {
    let candidates = candidates(settings.state_dir.clone(), context);
    match StateDir::choose(&candidates) {
        Ok(state) => Some(state),
        Err(error) => {
            let text = Text::new("monitor-no-state").nested("cause", error.message());
            context.ui.notice(&text);
            None
        }
    }
}

/// Takes the lock of `check`. `apply` has a lock of its own: they do not exclude each other. `limit` is
/// the longest that a check of these settings runs.
pub(super) fn acquire(
    state: Option<&StateDir>,
    settings: &Settings,
    limit: Duration,
    context: &Context<'_>,
) -> Result<Option<Lock>, Refused> {
    let Some(state) = state else { return Ok(None) };
    let cores = [settings.new.as_ref(), settings.old.as_ref()];
    let cores = cores.into_iter().flatten();
    let cores: Vec<_> = cores.map(|side| side.identity.core.as_str()).collect();
    let target = [Address::new(format!("check {}", cores.join(" ")))];
    let now = Timestamp::now();
    let holder = Holder {
        who: who(),
        since: now.to_string(),
        command: "check".to_owned(),
    };
    let mut taken = Lock::acquire(state, &target, &holder);
    if matches!(taken, Err(LockError::Held { holder: None, .. })) {
        std::thread::sleep(TO_WRITE);
        taken = Lock::acquire(state, &target, &holder);
    }
    match taken {
        Ok(lock) => Ok(Some(lock)),
        Err(LockError::Held { target, holder }) => {
            let doubt = doubt(holder.as_deref(), now, limit);
            let mut told = CommandError::from(LockError::Held { target, holder });
            if let Some(doubt) = doubt {
                // Not `locked`, which cron and systemd take for a check that is being done.
                told.outcome = Outcome::Failed;
                return Err(Refused::Reported(told.hint(doubt)));
            }
            Err(if context.ui.prints_notices() {
                Refused::Reported(told)
            } else {
                Refused::Silent(told)
            })
        }
        // A file system without locks is like no state directory.
        Err(error) => {
            context
                .ui
                .notice(&Text::new("monitor-no-state").nested("cause", error.message()));
            Ok(None)
        }
    }
}

/// Why the holder of the lock is no check that will end by itself; `None` if it is within its time.
fn doubt(holder: Option<&Holder>, now: Timestamp, limit: Duration) -> Option<Text> {
    let since: Option<Timestamp> = holder.and_then(|holder| holder.since.parse().ok());
    let Some(since) = since else {
        return Some(Text::new("monitor-lock-unreadable"));
    };
    let age_s = now.as_second() - since.as_second();
    if age_s < -AHEAD_S {
        return Some(Text::new("monitor-lock-future"));
    }
    let age = Duration::from_secs(u64::try_from(age_s).unwrap_or_default());
    let minutes = usize::try_from(age.as_secs() / 60).unwrap_or_default();
    (age > limit).then(|| Text::new("monitor-lock-old").count("minutes", minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_holder_within_its_time_is_not_doubted() {
        let now: Timestamp = "2026-11-29T03:00:00Z".parse().unwrap();
        for (since, expected) in [
            (None, Some("monitor-lock-unreadable")),
            (Some(""), Some("monitor-lock-unreadable")),
            (Some("soon"), Some("monitor-lock-unreadable")),
            (Some("2026-11-29T03:00:00Z"), None),
            (Some("2026-11-29T03:00:30Z"), None),
            (Some("2026-11-29T03:02:00Z"), Some("monitor-lock-future")),
            (Some("2027-11-29T03:00:00Z"), Some("monitor-lock-future")),
            (Some("2026-11-29T02:51:00Z"), None),
            (Some("2026-11-29T02:49:00Z"), Some("monitor-lock-old")),
            (Some("1970-01-01T00:00:00Z"), Some("monitor-lock-old")),
        ] {
            let holder = since.map(|since| Holder {
                who: who(),
                since: since.to_owned(),
                command: "check".to_owned(),
            });
            let doubt = doubt(holder.as_ref(), now, Duration::from_mins(10));
            assert_eq!(doubt.as_ref().map(Text::key), expected, "{since:?}");
        }
    }
}
