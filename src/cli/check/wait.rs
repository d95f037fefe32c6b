//! `--wait-until-ok`: repeats the check until it is OK or the time is over, by the monotonic clock.

use std::collections::BTreeSet;
use std::time::Duration;

use super::runner::CheckRunner;
use crate::check::CheckResults;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::poll::Poll;

/// The first pause.
const FIRST: Duration = Duration::from_secs(1);
/// The longest one.
const LONGEST: Duration = Duration::from_secs(15);

/// Checks once, or until the results are OK. `left` removes accepted and hidden findings.
pub(super) async fn until_ok(
    runner: &mut CheckRunner<'_>,
    wait: Option<Duration>,
    left: impl Fn(&CheckResults) -> CheckResults,
) -> Result<CheckResults, CommandError> {
    let Some(wait) = wait else {
        return runner.run(&left).await;
    };
    let mut poll = Poll::new(FIRST, LONGEST);
    let mut said = BTreeSet::new();
    loop {
        let checked = runner.run(&left).await?;
        let rest = left(&checked);
        if rest.outcome() == Outcome::Ok {
            return Ok(checked);
        }
        runner.invalidate_caches();
        if poll.is_over(wait) {
            return Ok(checked);
        }
        let waiting = waiting_for(&rest);
        if waiting != said {
            let names: Vec<&str> = waiting.iter().map(String::as_str).collect();
            let text = Text::new("monitor-waiting").with("what", names.join(", "));
            runner.context().ui.notice(&text);
            said = waiting;
        }
        poll.again(wait).await;
    }
}

fn waiting_for(checked: &CheckResults) -> BTreeSet<String> {
    let faults = checked.findings.iter().filter(|finding| finding.is_fault());
    faults
        .map(|finding| format!("{} {}", finding.code, finding.subject))
        .collect()
}
