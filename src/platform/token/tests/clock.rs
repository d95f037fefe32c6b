//! What is learned of a server's time.

use std::time::SystemTime;

use proptest::prelude::*;

use super::support::at_ms;
use crate::i18n::{Catalog, Lang};
use crate::platform::token::{ClockSkew, ServerClock};

#[test]
fn an_unknown_server_has_our_time() {
    let server = ServerClock::default();
    assert_eq!((server.offset_s(), server.skew()), (None, None));
    assert_eq!(server.server_now(at_ms(5)), at_ms(5));
}

#[test]
fn the_difference_is_the_servers_time_minus_ours_whatever_its_sign() {
    for offset_s in [0, 1, -1, 29, 3600, -3600, 86_400 * 400, -86_400 * 400] {
        let server = ServerClock::default();
        // Asked at noon, heard 200 ms later; the server read its clock in between.
        let theirs = at_ms(offset_s * 1000);
        server.learn(theirs, at_ms(0), at_ms(200));
        assert_eq!(server.offset_s(), Some(offset_s), "{offset_s}");
    }
}

#[test]
fn a_skew_is_reported_beyond_thirty_seconds() {
    for (offset_s, reported) in [(30, false), (31, true), (-30, false), (-31, true)] {
        let server = ServerClock::default();
        server.learn(at_ms(offset_s * 1000), at_ms(0), at_ms(200));
        let expected = reported.then_some(ClockSkew { offset_s });
        assert_eq!(server.skew(), expected, "{offset_s}");
    }
}

#[test]
fn a_skew_is_told_with_its_direction() {
    for (offset_s, lang, words) in [
        (45, Lang::En, "http://h:8000 is 45 s ahead"),
        (-45, Lang::En, "http://h:8000 is 45 s behind"),
        (45, Lang::Zh, "快 45 秒"),
        (-45, Lang::Zh, "慢 45 秒"),
    ] {
        let said = Catalog::new(lang).render(&ClockSkew { offset_s }.text("http://h:8000"));
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn the_shortest_round_trip_counts() {
    let server = ServerClock::default();
    server.learn(at_ms(12_000), at_ms(0), at_ms(9_000));
    server.learn(at_ms(10_000), at_ms(0), at_ms(100));
    server.learn(at_ms(14_000), at_ms(0), at_ms(5_000));
    assert_eq!(server.offset_s(), Some(10));
}

#[test]
fn a_clock_that_was_set_is_learned_again_however_slow_the_answer() {
    let server = ServerClock::default();
    server.learn(at_ms(0), at_ms(0), at_ms(10));
    server.learn(at_ms(600_000), at_ms(0), at_ms(4_000));
    let offset_s = server.offset_s().unwrap();
    assert!((597..=600).contains(&offset_s), "{offset_s}");
}

#[test]
fn an_answer_over_which_our_own_clock_was_set_back_says_nothing() {
    let server = ServerClock::default();
    server.learn(at_ms(0), at_ms(1_000), at_ms(0));
    assert_eq!(server.offset_s(), None);
}

#[test]
fn times_before_1970_and_far_beyond_do_not_panic() {
    let server = ServerClock::default();
    let long_ago = SystemTime::UNIX_EPOCH - std::time::Duration::from_secs(1 << 40);
    let far = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1 << 44);
    server.learn(long_ago, at_ms(0), at_ms(1));
    server.learn(far, at_ms(0), at_ms(1));
    let _now = server.server_now(long_ago);
    let _now = server.server_now(far);
    assert!(server.skew().is_some());
}

proptest! {
    /// However the answers come, the true difference is met to within a second and half the shortest
    /// round trip: far less than the minute by which `iat` is dated back.
    #[test]
    fn the_error_is_bounded_by_the_best_answer(
        offset_ms in -100_000_000_i64..100_000_000,
        answers in proptest::collection::vec((0_i64..60_000, 0_i64..20_000, 0.0..1.0_f64), 1..12)
    ) {
        let server = ServerClock::default();
        for (asked, round_trip, fraction) in &answers {
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "small")]
            let read_at = asked + (*round_trip as f64 * fraction) as i64;
            let told_ms = (read_at + offset_ms).div_euclid(1000) * 1000;
            server.learn(at_ms(told_ms), at_ms(*asked), at_ms(asked + round_trip));
        }
        let best = answers.iter().map(|(_, round_trip, _)| *round_trip).min().unwrap();
        let error_ms = server.offset_s().unwrap() * 1000 - offset_ms;
        prop_assert!(error_ms.abs() <= 1000 + best / 2 + 1, "{error_ms} ms, best {best} ms");
    }
}
