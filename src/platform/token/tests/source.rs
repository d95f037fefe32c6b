//! When a token is kept, and when a new one is made.

use std::sync::Arc;

use super::support::{FakeClock, at_ms, default_key};
use crate::platform::token::inspect::inspect;
use crate::platform::token::source::NumberedToken;
use crate::platform::token::{Identity, SeedTokens, Stopwatch};

/// A source, and the clocks that it goes by.
struct Set {
    clock: Arc<FakeClock>,
    tokens: SeedTokens,
}

impl Set {
    fn new() -> Self {
        let clock = Arc::new(FakeClock::at_noon());
        let stopwatch = Arc::clone(&clock) as Arc<dyn Stopwatch>;
        let tokens = SeedTokens::with_stopwatch(default_key(), Identity::default(), stopwatch);
        Self { clock, tokens }
    }

    fn ask(&self) -> NumberedToken {
        self.tokens.bearer(self.clock.wall()).ok().unwrap()
    }

    fn number(&self) -> u64 {
        self.ask().number
    }
}

#[test]
fn a_token_is_kept_until_less_than_forty_seconds_are_left() {
    let set = Set::new();
    assert_eq!(set.number(), 1);
    set.clock.pass(80);
    assert_eq!(set.number(), 1);
    set.clock.pass(1);
    assert_eq!(set.number(), 2);
    set.clock.pass(3600);
    assert_eq!(set.number(), 3);
}

#[test]
fn every_token_given_out_has_life_left_and_passes_everywhere() {
    let set = Set::new();
    for _ in 0..50 {
        let token = set.ask();
        let later = set.clock.wall() + std::time::Duration::from_secs(39);
        for moment in [set.clock.wall(), later] {
            let verdicts = inspect(token.token.expose(), moment, Some(&default_key())).verdicts;
            let passes = verdicts
                .iter()
                .all(|verdict| verdict.refusals.is_empty() && verdict.limitations.is_empty());
            assert!(passes, "{verdicts:?}");
        }
        set.clock.pass(7);
    }
}

#[test]
fn whoever_asks_at_once_gets_one_token() {
    let set = Set::new();
    for expected in [1, 2] {
        let given: Vec<NumberedToken> = std::thread::scope(|scope| {
            let asking: Vec<_> = (0..32).map(|_| scope.spawn(|| set.ask())).collect();
            asking
                .into_iter()
                .map(|asked| asked.join().unwrap())
                .collect()
        });
        assert!(given.iter().all(|token| token.number == expected));
        // Everybody's token is refused, and everybody says so: that makes one new token.
        for token in &given {
            set.tokens.refused(token);
        }
    }
    assert_eq!(set.number(), 3);
}

#[test]
fn a_late_refusal_of_an_old_token_changes_nothing() {
    let set = Set::new();
    let first = set.ask();
    set.tokens.refused(&first);
    let second = set.ask();
    assert_eq!(second.number, 2);
    set.tokens.refused(&first);
    assert_eq!(set.number(), 2);
    set.tokens.refused(&second);
    assert_eq!(set.number(), 3);
}

#[test]
fn a_caller_that_cannot_say_which_gets_another_one() {
    let set = Set::new();
    let first = set.ask();
    let renewed = set.tokens.renewed(set.clock.wall()).ok().unwrap();
    let current = set.ask();
    assert!(current.number > first.number);
    assert_eq!(current.token.expose(), renewed.expose());
}

#[test]
fn a_new_token_follows_what_was_learned_of_the_servers_time() {
    let set = Set::new();
    let first = set.ask();
    let theirs = at_ms(-600_000);
    let refused = |token: &NumberedToken| {
        let verdicts = inspect(token.token.expose(), theirs, None).verdicts;
        verdicts.iter().any(|verdict| !verdict.refusals.is_empty())
    };
    assert!(
        refused(&first),
        "iat lies ahead of a server that is ten minutes behind"
    );
    set.tokens.learn(theirs, at_ms(0), at_ms(10));
    let second = set.ask();
    assert_eq!(second.number, 2);
    assert!(!refused(&second));
}

#[test]
fn a_better_estimate_of_the_same_time_keeps_the_token() {
    let set = Set::new();
    set.tokens.learn(at_ms(0), at_ms(0), at_ms(5_000));
    assert_eq!(set.number(), 1);
    set.tokens.learn(at_ms(0), at_ms(0), at_ms(10));
    assert_eq!(set.number(), 1);
}

#[test]
fn a_machine_that_slept_does_not_use_what_expired_meanwhile() {
    let set = Set::new();
    assert_eq!(set.number(), 1);
    set.clock.set_wall(at_ms(3_600_000));
    assert_eq!(set.number(), 2);
}

#[test]
fn a_clock_that_was_set_back_does_not_stretch_a_tokens_life() {
    let set = Set::new();
    assert_eq!(set.number(), 1);
    set.clock.pass(100);
    set.clock.set_wall(at_ms(0));
    assert_eq!(set.number(), 2);
}
