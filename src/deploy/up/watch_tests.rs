//! Starts of every kind, one observation at a time.

use proptest::prelude::*;

use super::*;

const TIMEOUT: u64 = 60;

fn expected() -> Expected {
    Expected {
        image_id: "sha256:new".to_owned(),
        version: Some("v4.0.0".to_owned()),
        restarts_before: 0,
        timeout_s: TIMEOUT,
    }
}

fn container(status: &str, restarts: u64) -> Container {
    Container {
        id: "c0ffee".to_owned(),
        name: "platform-core-v4.0.0".to_owned(),
        image_id: "sha256:new".to_owned(),
        status: status.to_owned(),
        started_at: format!("start {restarts}"),
        exit_code: 3,
        restarts,
        ..Container::default()
    }
}

fn seen(
    container: Container,
    answer: impl Into<Option<HealthAnswer>>,
    elapsed_s: u64,
) -> Observation {
    Observation {
        container: Some(container),
        answer: answer.into(),
        elapsed_s,
    }
}

fn healthy(version: &str) -> HealthAnswer {
    HealthAnswer::Healthy {
        version: Some(version.to_owned()),
    }
}

fn silent() -> HealthAnswer {
    HealthAnswer::Silent(crate::domain::FailureCause::Said(
        "connection refused".to_owned(),
    ))
}

fn last(looks: &[Observation]) -> WatchDecision {
    let mut watch = StartWatch::new(expected());
    let mut step = WatchDecision::Ended(StartResult::Gone);
    for look in looks {
        step = watch.observe(look);
    }
    step
}

fn word(step: WatchDecision) -> String {
    match step {
        WatchDecision::Ended(verdict) => verdict.as_str().to_owned(),
        WatchDecision::Wait(waiting) => format!("waits: {waiting:?}"),
    }
}

#[test]
fn observe_decides_every_kind_of_start() {
    let runs = || container("running", 0);
    let old = Container {
        image_id: "sha256:old".to_owned(),
        ..runs()
    };
    let wrong = || {
        HealthAnswer::Wrong(crate::domain::FailureCause::Said(
            "HTTP 200: HTML".to_owned(),
        ))
    };
    for (looks, verdict) in [
        (
            vec![
                seen(runs(), healthy("v4.0.0"), 1),
                seen(runs(), healthy("v4.0.0"), 2),
            ],
            "healthy",
        ),
        (
            vec![
                seen(runs(), silent(), 59),
                seen(runs(), healthy("v4.0.0"), 61),
                seen(runs(), healthy("v4.0.0"), 62),
            ],
            "healthy",
        ),
        (vec![seen(runs(), silent(), 60)], "slow"),
        (vec![seen(runs(), None, 60)], "slow"),
        (
            vec![seen(container("restarting", 3), None, 2)],
            "crash_loop",
        ),
        (
            vec![seen(container("running", 1), silent(), 60)],
            "crash_loop",
        ),
        (
            vec![seen(container("restarting", 1), None, 60)],
            "crash_loop",
        ),
        (
            vec![
                seen(container("exited", 0), None, 1),
                seen(container("exited", 0), None, 2),
            ],
            "ended",
        ),
        (vec![seen(old, healthy("v4.0.0"), 1)], "old_container"),
        (vec![seen(runs(), wrong(), 60)], "wrong_answer"),
        (vec![seen(runs(), healthy("v3.2.6"), 1)], "other_version"),
        (
            vec![Observation {
                container: None,
                answer: None,
                elapsed_s: 1,
            }],
            "gone",
        ),
    ] {
        assert_eq!(word(last(&looks)), verdict);
    }
}

#[test]
fn one_answer_is_not_enough_and_a_new_process_must_answer_again() {
    let answered = seen(container("running", 0), healthy("v4.0.0"), 1);
    assert_eq!(
        last(std::slice::from_ref(&answered)),
        WatchDecision::Wait(WaitReason::Again)
    );
    let restarted = seen(container("running", 1), healthy("v4.0.0"), 2);
    assert_eq!(
        last(&[answered, restarted]),
        WatchDecision::Wait(WaitReason::Again)
    );
}

#[test]
fn restarts_of_an_earlier_start_do_not_count() {
    let mut watch = StartWatch::new(Expected {
        restarts_before: 40,
        ..expected()
    });
    let step = watch.observe(&seen(container("running", 41), silent(), 5));
    assert!(matches!(step, WatchDecision::Wait(_)), "{step:?}");
}

fn any_look() -> impl Strategy<Value = Observation> {
    let status = prop_oneof!["running", "restarting", "exited", "created"];
    let answer = prop_oneof![
        Just(None),
        Just(Some(silent())),
        Just(Some(healthy("v4.0.0"))),
        Just(Some(HealthAnswer::Wrong(
            crate::domain::FailureCause::Said("x".to_owned())
        )))
    ];
    (status, 0u64..3, answer).prop_map(|(status, restarts, answer)| {
        let answer = answer.filter(|_| status == "running");
        seen(container(&status, restarts), answer, 0)
    })
}

proptest! {
    /// Whatever happens, it ends soon after the patience does, and healthy is said only of what
    /// answered last.
    #[test]
    fn a_watch_ends_and_never_calls_healthy_what_does_not_answer(looks in prop::collection::vec(any_look(), 70)) {
        let mut watch = StartWatch::new(expected());
        for (second, look) in looks.into_iter().enumerate() {
            let look = Observation { elapsed_s: second as u64, ..look };
            if let WatchDecision::Ended(verdict) = watch.observe(&look) {
                let answers = matches!(look.answer, Some(HealthAnswer::Healthy { .. }));
                prop_assert_eq!(verdict.is_good(), answers);
                return Ok(());
            }
            let again = matches!(look.answer, Some(HealthAnswer::Healthy { .. }));
            prop_assert!(look.elapsed_s < TIMEOUT || again || look.container.unwrap().status == "exited");
        }
    }
}

#[test]
fn a_crash_loop_that_runs_just_now_is_told_by_how_it_ended() {
    let running = |restarts| Container {
        exit_code: 0,
        ..container("running", restarts)
    };
    let step = last(&[
        seen(running(3), silent(), 1),
        seen(container("restarting", 4), None, 2),
    ]);
    assert!(
        matches!(
            step,
            WatchDecision::Ended(StartResult::CrashLoop {
                exit_code: 3,
                restarts: 4,
                ..
            })
        ),
        "{step:?}"
    );
    let step = last(&[
        seen(container("restarting", 2), None, 1),
        seen(running(3), silent(), 2),
    ]);
    assert!(
        matches!(
            step,
            WatchDecision::Ended(StartResult::CrashLoop { exit_code: 3, .. })
        ),
        "{step:?}"
    );
}
