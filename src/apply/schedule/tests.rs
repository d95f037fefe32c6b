//! The state machine step by step.

use std::time::Duration;

use super::{Blocked, Decision, Ended, Scheduler};
use crate::apply::options::{ApplyOptions, EarlierRuns, Pace};
use crate::apply::testing::{PlanOf, named, refusal, step};
use crate::domain::{Side, Transience};
use crate::plan::{DatabaseRelation, Plan, StepId};

const START: Duration = Duration::ZERO;

fn machine(plan: &Plan, parallel: usize) -> Scheduler {
    let options = ApplyOptions {
        parallel,
        pace: Pace::Fixed,
        ..ApplyOptions::default()
    };
    Scheduler::new(plan, &options).0
}

/// All that may start now, in order; checks hold, and requests leave at once.
fn started(machine: &mut Scheduler, now: Duration) -> Vec<String> {
    let mut names = Vec::new();
    loop {
        while let Some(id) = machine.next_check(now) {
            machine.on_checked(&id);
        }
        let Some(id) = machine.next(now) else {
            return names;
        };
        machine.on_sent(&id, now);
        names.push(id.to_string());
    }
}

fn proven(machine: &mut Scheduler, id: &StepId, now: Duration) {
    machine.on_accepted(id, now);
    assert_eq!(machine.on_ended(id, Ended::Proven), []);
}

fn new(name: &str) -> StepId {
    named::id(Side::New, name)
}

fn plan_of(names: &[&str]) -> Plan {
    PlanOf::steps(names.iter().map(|name| step(Side::New, name)).collect())
}

#[test]
fn the_longest_chain_goes_first_and_there_are_no_barriers() {
    let mut plan = plan_of(&["a", "b", "c", "d", "e"]);
    plan.steps[1].priority = Duration::from_secs(7);
    plan.steps[3].priority = Duration::from_secs(3);
    plan.steps[4].after.insert(new("d"));
    plan.steps[4].priority = Duration::from_secs(2);
    let mut machine = machine(&plan, 2);
    assert_eq!(started(&mut machine, START), ["new:b", "new:d"]);
    proven(&mut machine, &new("d"), START);
    let next = started(&mut machine, START);
    assert_eq!(
        next,
        ["new:e"],
        "what d freed goes before a and c, while b still runs"
    );
}

#[test]
fn what_earlier_runs_measured_tells_the_longest_chain() {
    let mut plan = plan_of(&["a", "b", "c", "d"]);
    plan.steps[2].after.insert(new("b"));
    let durations = [("a", 3000), ("b", 100), ("c", 200), ("d", 400)]
        .map(|(name, ms)| (new(name), Duration::from_millis(ms)));
    let options = ApplyOptions {
        parallel: 4,
        pace: Pace::Fixed,
        earlier: EarlierRuns {
            durations: durations.into(),
            ..EarlierRuns::default()
        },
        ..ApplyOptions::default()
    };
    let mut machine = Scheduler::new(&plan, &options).0;
    let order = ["new:a", "new:d", "new:b"];
    assert_eq!(started(&mut machine, START), order);
}

#[test]
fn a_place_is_free_when_the_answer_is_there_but_dependents_wait_for_the_proof() {
    let mut plan = plan_of(&["a", "b", "c"]);
    plan.steps[1].after.insert(new("a"));
    let mut machine = machine(&plan, 1);
    assert_eq!(started(&mut machine, START), ["new:a"]);
    machine.on_accepted(&new("a"), START);
    assert_eq!(started(&mut machine, START), ["new:c"]);
    machine.on_accepted(&new("c"), START);
    assert_eq!(started(&mut machine, START), [""; 0]);
    assert_eq!(machine.on_ended(&new("a"), Ended::Proven), []);
    assert_eq!(started(&mut machine, START), ["new:b"]);
}

#[test]
fn proof_is_awaited_by_what_it_frees_by_all_if_it_is_the_canary_and_by_the_end_of_the_run() {
    let mut plan = plan_of(&["a", "b", "c", "d", "e"]);
    plan.steps[4].after.extend([new("b"), new("c")]);
    plan.canary = Some(new("a"));
    let mut machine = machine(&plan, 9);
    let accepted = |machine: &mut Scheduler, name| {
        machine.on_accepted(&new(name), START);
        machine.proof_is_awaited(&new(name), START)
    };
    assert_eq!(started(&mut machine, START), ["new:a"]);
    assert!(accepted(&mut machine, "a"), "the canary");
    assert_eq!(machine.on_ended(&new("a"), Ended::Proven), []);
    machine.start_others();
    assert_eq!(started(&mut machine, START).len(), 3);
    assert!(!accepted(&mut machine, "b"), "e also waits for c");
    assert!(accepted(&mut machine, "c"), "e may start then");
    assert!(accepted(&mut machine, "d"), "nothing else goes on");
    for name in ["d", "c", "b"] {
        assert_eq!(machine.on_ended(&new(name), Ended::Proven), []);
    }
    assert_eq!(machine.next_check(START), Some(new("e")));
}

#[test]
fn what_must_be_alone_waits_for_the_side_to_be_empty() {
    let mut plan = plan_of(&["a", "b", "c"]);
    plan.steps[0].priority = Duration::from_secs(9);
    let mut machine = machine(&plan, 2);
    assert_eq!(started(&mut machine, START), ["new:a", "new:b"]);
    let ambiguous = refusal(Transience::Ambiguous);
    let first = machine.on_refused(&new("a"), &ambiguous, START);
    assert_eq!(first, Decision::Deferred { limit: 2 });
    assert_eq!(started(&mut machine, START), ["new:c"]);
    let wake = machine.next_wake(START).unwrap();
    proven(&mut machine, &new("b"), wake);
    assert_eq!(started(&mut machine, wake), ["new:a"]);
    // Again, while the others do well: now it has to be alone.
    machine.on_refused(&new("a"), &ambiguous, wake);
    let later = machine.next_wake(wake).unwrap();
    assert_eq!(started(&mut machine, later), [""; 0], "c is still there");
    proven(&mut machine, &new("c"), later);
    assert_eq!(started(&mut machine, later), ["new:a"]);
    assert_eq!(
        machine.on_refused(&new("a"), &ambiguous, later),
        Decision::Final
    );
}

#[test]
fn nothing_runs_beside_what_the_canary_needs() {
    let mut plan = plan_of(&["a", "b", "c"]);
    plan.canary = Some(new("c"));
    plan.steps[2].after = [new("a"), new("b")].into();
    let mut machine = machine(&plan, 4);
    assert_eq!(started(&mut machine, START), ["new:a"]);
    machine.on_refused(&new("a"), &refusal(Transience::Overload), START);
    assert_eq!(started(&mut machine, START), ["new:b"]);
    let wake = machine.next_wake(START).unwrap();
    assert_eq!(started(&mut machine, wake), [""; 0], "b is still there");
    proven(&mut machine, &new("b"), wake);
    assert_eq!(started(&mut machine, wake), ["new:a"]);
}

#[test]
fn failure_that_others_share_is_not_tried_alone() {
    let plan = plan_of(&["a", "b", "c"]);
    let ambiguous = refusal(Transience::Ambiguous);
    for others_fail in [true, false] {
        let mut machine = machine(&plan, 4);
        assert_eq!(started(&mut machine, START).len(), 3);
        machine.on_refused(&new("a"), &ambiguous, START);
        let wake = machine.next_wake(START).unwrap();
        assert_eq!(started(&mut machine, wake), ["new:a"]);
        if others_fail {
            machine.on_refused(&new("b"), &ambiguous, wake);
        }
        machine.on_refused(&new("a"), &ambiguous, wake);
        let later = wake + Duration::from_mins(1);
        let again = started(&mut machine, later);
        assert_eq!(
            again.contains(&"new:a".to_owned()),
            others_fail,
            "{again:?}"
        );
    }
}

#[test]
fn tries_beside_others_do_not_count_as_tries_alone() {
    let plan = plan_of(&["a", "b"]);
    let overload = refusal(Transience::Overload);
    let mut machine = machine(&plan, 2);
    assert_eq!(started(&mut machine, START), ["new:a", "new:b"]);
    let mut now = START;
    // Both fail until each has to be alone.
    let first = loop {
        machine.on_refused(&new("b"), &overload, now);
        machine.on_refused(&new("a"), &overload, now);
        now += Duration::from_mins(1);
        let again = started(&mut machine, now);
        if again.len() < 2 {
            break again;
        }
    };
    let [first] = first.as_slice() else {
        panic!("{first:?}");
    };
    let first = new(first.trim_start_matches("new:"));
    let alone = machine.on_refused(&first, &overload, now);
    assert!(matches!(alone, Decision::Deferred { .. }), "{alone:?}");
}

#[test]
fn both_sides_share_the_bound_and_the_old_v3_takes_one() {
    let mut plan = plan_of(&["a", "b", "c"]);
    for name in ["x", "y"] {
        plan.steps.push(step(Side::Old, name));
    }
    let mut machine = machine(&plan, 3);
    assert_eq!(started(&mut machine, START), ["old:x", "new:a", "new:b"]);
    machine.on_lost(&named::id(Side::Old, "x"), START);
    let much_later = Duration::from_mins(4);
    assert_eq!(
        started(&mut machine, much_later),
        [""; 0],
        "it may still be running"
    );
    machine.on_ended(&named::id(Side::Old, "x"), Ended::Unknown);
    assert_eq!(started(&mut machine, much_later), ["old:y"]);
}

#[test]
fn on_one_database_the_same_plugin_goes_new_first() {
    let mut plan = plan_of(&["a"]);
    plan.steps.push(step(Side::Old, "a"));
    for (ended, next) in [
        (Ended::Proven, vec!["old:a"]),
        (Ended::Failed, vec!["old:a"]),
        (Ended::Unknown, vec![]),
    ] {
        let mut machine = machine(&plan, 8);
        assert_eq!(started(&mut machine, START), ["new:a"]);
        let blocked = machine.on_ended(&new("a"), ended);
        assert_eq!(started(&mut machine, START), next);
        let may_still_run = Blocked {
            id: named::id(Side::Old, "a"),
            on: new("a").name,
        };
        let expected = if next.is_empty() {
            vec![may_still_run]
        } else {
            vec![]
        };
        assert_eq!(blocked, expected);
    }
    plan.relation = DatabaseRelation::Separate;
    let at_once = started(&mut machine(&plan, 8), START);
    assert_eq!(at_once, ["old:a", "new:a"]);
}

#[test]
fn checks_are_made_ahead_but_not_far() {
    let mut machine = machine(&plan_of(&["a", "b", "c", "d", "e", "f"]), 2);
    let checks = |machine: &mut Scheduler| {
        let ids = std::iter::from_fn(|| machine.next_check(START));
        ids.collect::<Vec<_>>()
    };
    let first = checks(&mut machine);
    assert_eq!(first, ["a", "b", "c"].map(new), "two places, and one ahead");
    assert_eq!(machine.next(START), None, "nothing is sent unchecked");
    for id in &first {
        machine.on_checked(id);
    }
    for id in &first[..2] {
        assert_eq!(machine.next(START).as_ref(), Some(id));
        machine.on_sent(id, START);
    }
    assert_eq!(machine.next(START), None);
    assert_eq!(checks(&mut machine), []);
    machine.on_accepted(&new("a"), START);
    assert_eq!(
        machine.next(START),
        Some(new("c")),
        "its check is done already"
    );
    machine.on_sent(&new("c"), START);
    let ahead = checks(&mut machine);
    assert_eq!(ahead, [new("d")]);
    // What does not hold any more gives its place in the row to the next.
    machine.on_ended(&new("d"), Ended::Failed);
    assert_eq!(checks(&mut machine), [new("e")]);
}

#[test]
fn waits_grow_and_are_spread() {
    let overload = refusal(Transience::Overload);
    let waits = |seed| -> Vec<Duration> {
        let options = ApplyOptions {
            seed,
            ..ApplyOptions::default()
        };
        let (mut machine, _) = Scheduler::new(&plan_of(&["a"]), &options);
        let mut now = START;
        (0..6)
            .map(|_| {
                assert_eq!(started(&mut machine, now), ["new:a"]);
                machine.on_refused(&new("a"), &overload, now);
                let wake = machine.next_wake(now).unwrap();
                let wait = wake.saturating_sub(now);
                now = wake;
                wait
            })
            .collect()
    };
    let (one, other) = (waits(1), waits(2));
    assert_ne!(one, other);
    for wait in [one, other] {
        for (n, wait) in wait.into_iter().enumerate() {
            let middle = Duration::from_millis(500) * 2_u32.pow(u32::try_from(n).unwrap());
            let middle = middle.min(Duration::from_secs(15));
            assert!(wait >= middle / 2 && wait < middle * 3 / 2, "{n}: {wait:?}");
        }
    }
}

#[test]
fn nothing_starts_after_it_was_shut() {
    let mut machine = machine(&plan_of(&["a", "b"]), 1);
    assert_eq!(started(&mut machine, START), ["new:a"]);
    machine.stop();
    proven(&mut machine, &new("a"), START);
    assert_eq!(started(&mut machine, START), [""; 0]);
    assert_eq!(machine.next_wake(START), None);
    assert_eq!(machine.unended(), 1);
}
