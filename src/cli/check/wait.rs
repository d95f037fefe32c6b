//! `--wait-until-ok`: repeats the check until it is OK or the time is over, by the monotonic clock.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::runner::CheckRunner;
use crate::check::CheckResults;
use crate::domain::Severity;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;

/// The first pause.
const FIRST: Duration = Duration::from_secs(1);
/// The longest one.
const LONGEST: Duration = Duration::from_secs(15);

/// Pauses between checks: each is 1.5 times the one before; none passes the end.
struct Pauses {
    next: Duration,
    end: Instant,
}

impl Pauses {
    fn new(wait: Duration) -> Self {
        Self {
            next: FIRST,
            end: Instant::now() + wait,
        }
    }

    /// The next pause; `None` if the time is over.
    fn next(&mut self, now: Instant) -> Option<Duration> {
        let left = self.end.checked_duration_since(now)?;
        if left.is_zero() {
            return None;
        }
        let pause = self.next.min(left);
        self.next = (self.next * 3 / 2).min(LONGEST);
        Some(pause)
    }

    /// Whether the time is over.
    fn over(&self, now: Instant) -> bool {
        now >= self.end
    }
}

/// Checks once, or until the results are OK. `left` removes accepted and hidden findings.
pub(super) async fn until_ok(
    runner: &mut CheckRunner<'_>,
    wait: Option<Duration>,
    left: impl Fn(&CheckResults) -> CheckResults,
) -> Result<CheckResults, CommandError> {
    let Some(wait) = wait else {
        return runner.run(false, &left).await;
    };
    let mut pauses = Pauses::new(wait);
    let mut said = BTreeSet::new();
    loop {
        let checked = runner.run(pauses.over(Instant::now()), &left).await?;
        let rest = left(&checked);
        if rest.outcome() == Outcome::Ok {
            return Ok(checked);
        }
        runner.invalidate_caches();
        let Some(pause) = pauses.next(Instant::now()) else {
            return Ok(checked);
        };
        let waiting = waiting_for(&rest);
        if waiting != said {
            let names: Vec<&str> = waiting.iter().map(String::as_str).collect();
            let text = Text::new("monitor-waiting").with("what", names.join(", "));
            runner.context().ui.say(&text);
            said = waiting;
        }
        sleep(pause).await;
    }
}

fn waiting_for(checked: &CheckResults) -> BTreeSet<String> {
    let serious = checked
        .findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info);
    serious
        .map(|finding| format!("{} {}", finding.code, finding.subject))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_15_s_and_end_in_time() {
        let mut pauses = Pauses::new(Duration::from_secs(90));
        let start = pauses.end.checked_sub(Duration::from_secs(90)).unwrap();
        let mut now = start;
        let mut seen = Vec::new();
        while let Some(pause) = pauses.next(now) {
            now += pause;
            seen.push(pause);
            assert!(now <= pauses.end);
        }
        assert_eq!(now, pauses.end, "the last look is at the end");
        assert!(pauses.over(now));
        assert_eq!(seen[0], FIRST);
        assert!(seen.contains(&LONGEST) && seen.iter().all(|pause| *pause <= LONGEST));
    }

    #[test]
    fn wait_of_zero_checks_once() {
        let mut pauses = Pauses::new(Duration::ZERO);
        let end = pauses.end;
        assert!(pauses.over(end));
        assert_eq!(pauses.next(end), None);
    }
}
