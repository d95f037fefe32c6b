//! What is news.

use proptest::prelude::*;

use super::super::*;
use crate::domain::{Severity, Side};
use crate::i18n::Text;

const NOW: i64 = 1_800_000_000;
const DAY: u64 = 86_400;
const CODES: [&str; 3] = ["W0301", "W0307", "W0401"];

fn policy(least: usize, of: usize) -> NewsPolicy {
    NewsPolicy {
        remind_s: DAY,
        least,
        of,
    }
}

fn finding(code: &'static str, certainty: Certainty) -> Finding {
    Finding {
        code,
        certainty,
        side: Some(Side::New),
        ..Finding::test(String::new())
    }
}

fn results(findings: Vec<Finding>) -> CheckResults {
    CheckResults {
        findings,
        ..CheckResults::default()
    }
}

fn found(codes: &[&'static str]) -> CheckResults {
    let findings = codes.iter().map(|code| finding(code, Certainty::Confirmed));
    results(findings.collect())
}

/// Runs in which `x` finds something and `.` does not, a quarter of an hour apart; `!` where it is told
/// as new and `~` where it is told as gone.
fn told(runs: &str, policy: NewsPolicy) -> String {
    let mut history = Some(History::default());
    let mut told = String::new();
    for (nth, run) in runs.chars().enumerate() {
        let results = found(if run == 'x' { &CODES[..1] } else { &[] });
        let at = NOW + 900 * i64::try_from(nth).unwrap();
        let (news, next) = decide(history.as_ref(), &results, at, policy);
        assert_eq!(news.changed, news.due, "{runs} {nth}");
        told.push(match (news.changed, news.recovered.is_empty()) {
            (false, _) => '.',
            (true, true) => '!',
            (true, false) => '~',
        });
        history = Some(next);
    }
    told
}

#[test]
fn finding_is_told_once_and_when_it_is_gone() {
    for (least, of, runs, expected) in [
        (1, 1, "..xxxx..x.", "..!...~.!~"),
        (2, 2, "x.x.xx", ".....!"),
        (2, 3, "x.xx.x..", "..!...~."),
        (3, 5, "xxx..x...", "..!...~.."),
        (1, 3, "x..x....", "!.....~."),
    ] {
        assert_eq!(
            told(runs, policy(least, of)),
            expected,
            "{least}/{of} {runs}"
        );
    }
}

#[test]
fn without_history_everything_is_told_at_once() {
    let (news, next) = decide(None, &found(&CODES), NOW, policy(3, 5));
    assert!(news.changed && news.due);
    // The checks that follow have no gap to make up for.
    let (news, _) = decide(Some(&next), &found(&CODES), NOW + 900, policy(3, 5));
    assert!(!news.due && news.recovered.is_empty(), "{news:?}");
    let (news, _) = decide(None, &found(&[]), NOW, policy(1, 1));
    assert!(!news.due);
}

#[test]
fn findings_that_stay_are_told_again_after_a_day() {
    let (_, history) = decide(None, &found(&CODES), NOW, policy(1, 1));
    let day = i64::try_from(DAY).unwrap();
    for (at, due) in [
        (NOW + 1, false),
        (NOW + day - 1, false),
        (NOW + day, true),
        // The stored time is in the future: a clock was set.
        (NOW - 1, true),
        (NOW - 10 * day, true),
    ] {
        let (news, _) = decide(Some(&history), &found(&CODES), at, policy(1, 1));
        assert_eq!((news.due, news.changed), (due, false), "{at}");
    }
    let (news, _) = decide(Some(&History::default()), &found(&[]), NOW, policy(1, 1));
    assert!(!news.due, "nothing is left to be reminded of");
}

#[test]
fn worse_is_news_and_better_is_not() {
    use Certainty::{Confirmed, Unknown};
    // What earlier releases stored: 2 is unknown, 3 and 5 are a confirmed warning and error.
    for (before, stored, after, changed) in [
        (Unknown, None, Confirmed, true),
        (Unknown, Some(2), Confirmed, true),
        (Confirmed, None, Unknown, false),
        (Confirmed, None, Confirmed, false),
        (Confirmed, Some(3), Confirmed, false),
        (Confirmed, Some(5), Confirmed, false),
    ] {
        let of = |certainty| results(vec![finding("W0301", certainty)]);
        let (_, history) = decide(None, &of(before), NOW, policy(1, 1));
        let mut document = serde_json::to_value(&history).unwrap();
        if let Some(stored) = stored {
            document["findings"]["W0301 new test"]["told"] = stored.into();
        }
        let history: History = serde_json::from_value(document).unwrap();
        let (news, _) = decide(Some(&history), &of(after), NOW + 900, policy(1, 1));
        assert_eq!(news.changed, changed, "{before:?} {stored:?} {after:?}");
    }
}

#[test]
fn what_is_not_evaluated_is_neither_gone_nor_new() {
    let (_, history) = decide(None, &found(&["W0307", "W0401"]), NOW, policy(1, 1));
    let cause = |certainty| {
        let mut core = finding("W0101", Certainty::Confirmed);
        let hidden = ["W0307", "W0401"].map(|code| Explained {
            code,
            subject: "test".to_owned(),
            severity: Severity::Error,
            key: format!("{code} new test"),
            certainty,
        });
        core.explains.extend(hidden);
        results(vec![core])
    };
    let skipped = CheckResults {
        skipped: ["W0307", "W0401"]
            .map(|code| Skipped {
                code,
                subject: None,
                reason: Text::new("check-skip-probes"),
            })
            .into(),
        ..CheckResults::default()
    };
    for (why, results, changed) in [
        ("not evaluated", cause(Certainty::Unknown), true),
        ("explained", cause(Certainty::Confirmed), true),
        ("skipped", skipped, false),
    ] {
        let (news, next) = decide(Some(&history), &results, NOW + 900, policy(1, 1));
        // Only the cause is news.
        assert_eq!(news.changed, changed, "{why}");
        assert_eq!(news.recovered, [], "{why}");
        let (news, _) = decide(
            Some(&next),
            &found(&["W0307", "W0401"]),
            NOW + 1800,
            policy(1, 1),
        );
        let gone: Vec<&str> = news.recovered.iter().map(|(key, _)| key.as_str()).collect();
        let expected: &[&str] = if changed { &["W0101 new test"] } else { &[] };
        assert_eq!(gone, expected, "{why}");
        assert_eq!(news.changed, changed, "{why}");
    }
}

#[test]
fn accepted_finding_is_gone_without_a_word() {
    let (_, history) = decide(None, &found(&CODES), NOW, policy(1, 1));
    let mut all = found(&CODES);
    all.accepted = std::mem::take(&mut all.findings);
    let (news, next) = decide(Some(&history), &all, NOW + 900, policy(1, 1));
    assert!(!news.changed && news.recovered.is_empty(), "{news:?}");
    assert!(
        decide(Some(&next), &found(&CODES), NOW, policy(1, 1))
            .0
            .changed
    );
}

#[test]
fn sightings_count_from_the_first() {
    let mut history = None;
    for nth in 0..5_i64 {
        let (news, next) = decide(
            history.as_ref(),
            &found(&CODES[..1]),
            NOW + 900 * nth,
            policy(1, 1),
        );
        let seen = news.sightings["W0301 new test"];
        assert_eq!(
            (seen.since_s, seen.times),
            (NOW, u64::try_from(nth + 1).unwrap())
        );
        history = Some(next);
    }
}

fn run() -> impl Strategy<Value = CheckResults> {
    let certainty = prop_oneof![
        Just(None),
        Just(Some(Certainty::Unknown)),
        Just(Some(Certainty::Confirmed))
    ];
    (
        prop::collection::vec(certainty, CODES.len()),
        prop::collection::vec(any::<bool>(), CODES.len()),
    )
        .prop_map(|(found, skipped)| {
            let mut results = CheckResults::default();
            for ((code, certainty), skip) in CODES.into_iter().zip(found).zip(skipped) {
                match certainty {
                    Some(certainty) => results.findings.push(finding(code, certainty)),
                    None if skip => results.skipped.push(Skipped {
                        code,
                        subject: None,
                        reason: Text::new("check-skip-probes"),
                    }),
                    None => {}
                }
            }
            results
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Somebody who reads only what is told always knows what is found.
    #[test]
    fn reader_of_the_news_knows_every_finding(runs in prop::collection::vec(run(), 1..20)) {
        let mut history = None;
        let mut known = std::collections::BTreeMap::<String, Certainty>::new();
        for (results, at) in runs.iter().zip(NOW..) {
            let (news, next) = decide(history.as_ref(), results, at, policy(1, 1));
            if news.due {
                for finding in &results.findings {
                    known.insert(finding.key(), finding.certainty);
                }
                for (key, _) in &news.recovered {
                    prop_assert!(known.remove(key).is_some(), "{key} was never told");
                }
            }
            for finding in &results.findings {
                prop_assert!(known.get(&finding.key()).is_some_and(|it| *it <= finding.certainty));
            }
            let unread = |key: &String| results.skipped.iter().any(|it| key.starts_with(it.code));
            let found = |key: &String| results.findings.iter().any(|it| it.key() == *key);
            prop_assert!(known.keys().all(|key| found(key) || unread(key)), "{known:?}");
            // The same again is nothing new.
            let (again, _) = decide(Some(&next), results, at, policy(1, 1));
            prop_assert!(!again.due && again.recovered.is_empty());
            history = Some(next);
        }
    }

    /// The outcome of a check and what is told of it agree without a history.
    #[test]
    fn nothing_known_tells_everything(results in run(), least in 1_usize..5, more in 0_usize..5) {
        let (news, _) = decide(None, &results, NOW, policy(least, least + more));
        prop_assert_eq!(news.due, !results.findings.is_empty());
    }
}
