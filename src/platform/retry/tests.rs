//! The whole table as a snapshot, then what the snapshot cannot say.

use std::fmt::Write as _;
use std::time::{Duration, UNIX_EPOCH};

use proptest::prelude::*;

use super::{
    Attempt, AttemptResult, Fault, MAX_ASKED_WAIT, RetryDecision, RetryPolicy, Sent, TokenUse,
    http_date, retry_after,
};
use crate::platform::request::Replay;

const REPLAYS: [Replay; 3] = [Replay::Safe, Replay::Idempotent, Replay::Never];
const FAULTS: [Fault; 14] = [
    Fault::Resolve,
    Fault::Refused,
    Fault::Connect,
    Fault::ConnectTimeout,
    Fault::Tls,
    Fault::FirstByteTimeout,
    Fault::IdleTimeout,
    Fault::TotalTimeout,
    Fault::Reset,
    Fault::Truncated,
    Fault::Protocol,
    Fault::TooLarge,
    Fault::NoToken,
    Fault::BadRequest,
];
const STATUSES: [u16; 16] = [
    200, 204, 301, 302, 400, 401, 403, 404, 405, 408, 409, 429, 500, 502, 503, 504,
];

fn first(replay: Replay, seen: AttemptResult) -> Attempt {
    Attempt {
        replay,
        seen,
        nth: 1,
        asked_wait: None,
        token: TokenUse::Carried,
        left: Duration::from_secs(30),
        jitter: 0.5,
    }
}

fn word(verdict: RetryDecision) -> String {
    match verdict {
        RetryDecision::Accept => "accept".into(),
        RetryDecision::RenewToken => "renew".into(),
        RetryDecision::GiveUp => "give up".into(),
        RetryDecision::RetryAfter(wait) => format!("{} ms", wait.as_millis()),
    }
}

#[test]
fn the_whole_table() {
    let mut rows = Vec::new();
    for status in STATUSES {
        rows.push((format!("status {status}"), AttemptResult::Status(status)));
    }
    rows.push(("core's own 401".to_owned(), AttemptResult::TokenRefused));
    for fault in FAULTS {
        for sent in [Sent::No, Sent::Maybe] {
            rows.push((
                format!("{fault:?}, sent {sent:?}"),
                AttemptResult::Fault(fault, sent),
            ));
        }
    }
    let mut table = format!("{:32}{:10}{:12}{}\n", "seen", "Safe", "Idempotent", "Never");
    for (name, seen) in rows {
        let [safe, idempotent, never] =
            REPLAYS.map(|replay| word(RetryPolicy::default().decide(&first(replay, seen))));
        writeln!(table, "{name:32}{safe:10}{idempotent:12}{never}").unwrap();
    }
    insta::assert_snapshot!(table);
}

#[test]
fn waits_double_up_to_the_cap_and_end_with_the_attempts() {
    let policy = RetryPolicy {
        attempts: 9,
        ..RetryPolicy::default()
    };
    let waits: Vec<String> = (1..=9)
        .map(|nth| {
            let attempt = Attempt {
                nth,
                jitter: 0.999_999,
                left: Duration::from_mins(10),
                ..first(Replay::Safe, AttemptResult::Status(503))
            };
            match policy.decide(&attempt) {
                RetryDecision::RetryAfter(wait) => format!("{:.1}", wait.as_secs_f64()),
                other => word(other),
            }
        })
        .collect();
    insta::assert_snapshot!(waits.join(" "), @"0.2 0.5 1.0 2.0 4.0 5.0 5.0 5.0 accept");
}

#[test]
fn a_second_401_counts_and_one_without_token_is_never_renewed() {
    let policy = RetryPolicy::default();
    for replay in REPLAYS {
        for (token, verdict) in [
            (TokenUse::Carried, RetryDecision::RenewToken),
            (TokenUse::Renewed, RetryDecision::Accept),
            (TokenUse::None, RetryDecision::Accept),
        ] {
            let attempt = Attempt {
                token,
                ..first(replay, AttemptResult::TokenRefused)
            };
            assert_eq!(policy.decide(&attempt), verdict, "{replay:?} {token:?}");
        }
    }
}

#[test]
fn what_the_server_asks_for_is_waited_for_where_the_budget_lasts() {
    let policy = RetryPolicy::default();
    let asked = |wait, left| {
        policy.decide(&Attempt {
            asked_wait: Some(Duration::from_secs(wait)),
            left: Duration::from_secs(left),
            ..first(Replay::Safe, AttemptResult::Status(429))
        })
    };
    assert_eq!(
        asked(3, 30),
        RetryDecision::RetryAfter(Duration::from_millis(3125))
    );
    assert_eq!(asked(30, 30), RetryDecision::Accept);
    let exactly = Attempt {
        asked_wait: Some(Duration::from_secs(3)),
        left: Duration::from_millis(3125),
        ..first(Replay::Safe, AttemptResult::Status(429))
    };
    assert_eq!(policy.decide(&exactly), RetryDecision::Accept);
    assert_eq!(
        asked(0, 30),
        RetryDecision::RetryAfter(Duration::from_millis(125))
    );
}

#[test]
fn retry_after_is_read_as_seconds_or_a_date_and_garbage_is_nothing() {
    let now = UNIX_EPOCH + Duration::from_secs(784_111_777);
    let skewed = now + Duration::from_hours(2);
    for (told, answered_at, wait) in [
        ("0", None, Some(0)),
        ("7", None, Some(7)),
        (" 7 ", None, Some(7)),
        ("30", None, Some(30)),
        ("31", None, Some(30)),
        ("99999999999999999999999", None, Some(30)),
        ("Sun, 06 Nov 1994 08:49:47 GMT", None, Some(10)),
        ("Sun, 06 Nov 1994 08:49:27 GMT", None, Some(0)),
        ("Sun, 06 Nov 1994 10:49:42 GMT", Some(skewed), Some(5)),
        ("Sun, 06 Nov 1994 10:49:42 GMT", None, Some(30)),
        ("", None, None),
        ("-1", None, None),
        ("1.5", None, None),
        ("soon", None, None),
        ("７", None, None),
        ("1994-11-06T08:49:47Z", None, None),
    ] {
        let wait: Option<u64> = wait;
        assert_eq!(
            retry_after(told, answered_at, now),
            wait.map(Duration::from_secs),
            "{told:?}"
        );
    }
}

#[test]
fn http_dates() {
    let at = |seconds| Some(UNIX_EPOCH + Duration::from_secs(seconds));
    assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), at(784_111_777));
    assert_eq!(http_date("Thu, 01 Jan 1970 00:00:00 GMT"), at(0));
    assert_eq!(http_date("yesterday"), None);
}

proptest! {
    #[test]
    fn no_wait_is_longer_than_what_is_left_and_none_asked_is_over_the_cap(
        nth in 1..20_u32,
        asked in proptest::option::of(0..100_u64),
        left_ms in 0..60_000_u64,
        jitter in 0.0..1.0_f64,
        status in 100..600_u16,
    ) {
        let attempt = Attempt {
            nth,
            asked_wait: asked.map(|s| Duration::from_secs(s).min(MAX_ASKED_WAIT)),
            left: Duration::from_millis(left_ms),
            jitter,
            ..first(Replay::Safe, AttemptResult::Status(status))
        };
        if let RetryDecision::RetryAfter(wait) = RetryPolicy::default().decide(&attempt) {
            prop_assert!(wait < attempt.left);
            prop_assert!(wait <= MAX_ASKED_WAIT + Duration::from_secs(1));
            prop_assert!(nth < RetryPolicy::default().attempts);
        }
    }

    #[test]
    fn a_write_that_may_have_been_sent_is_never_repeated(
        fault in proptest::sample::select(&FAULTS[..]),
        status in 100..600_u16,
        nth in 1..5_u32,
        jitter in 0.0..1.0_f64,
    ) {
        for seen in [AttemptResult::Fault(fault, Sent::Maybe), AttemptResult::Status(status)] {
            let attempt = Attempt { nth, jitter, token: TokenUse::Renewed, ..first(Replay::Never, seen) };
            prop_assert!(!matches!(
                RetryPolicy::default().decide(&attempt),
                RetryDecision::RetryAfter(_) | RetryDecision::RenewToken
            ));
        }
    }

    #[test]
    fn any_header_text_is_read_without_a_panic(told in ".{0,40}") {
        if let Some(wait) = retry_after(&told, None, UNIX_EPOCH) {
            prop_assert!(wait <= MAX_ASKED_WAIT);
        }
    }
}
