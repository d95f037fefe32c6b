//! Signals, and a journal that cannot be written.

use std::time::Duration;

use super::*;
use crate::apply::testing::{Entry, PlanOf, Script, ready, refusal, variable};
use crate::apply::{
    Event, EventSink, NotStarted, Signal, SinkError, StepFailure, StopCause, UnknownCause,
    VariableResult, outcome,
};
use crate::domain::{RegisterError, Transience};
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::plan::VariablePlan;

/// Raises the signals at these times (in milliseconds) and says how long the run took.
async fn interrupted(plan: &Plan, world: &World, at: &[u64]) -> (ApplyReport, Duration) {
    let cancel = CancelSignal::new();
    let begun = tokio::time::Instant::now();
    let options = options();
    let signals = async {
        for at in at {
            tokio::time::sleep_until(begun + Duration::from_millis(*at)).await;
            cancel.raise(Signal::Interrupt);
        }
        std::future::pending::<()>().await;
    };
    let mut sink = world.sink();
    let running = async {
        let report = run(&ready(plan), world, None, &options, &mut sink, &cancel).await;
        (report, begun.elapsed())
    };
    tokio::select! {
        done = running => done,
        () = signals => unreachable!("it waits for ever"),
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_signal_lets_what_is_in_flight_end() {
    let plan = PlanOf::independent(12);
    let world = World::of(&plan);
    let (report, took) = interrupted(&plan, &world, &[1500]).await;
    assert_eq!(report.stopped, Some(StopCause::Interrupted));
    assert_eq!(outcome(&report), Outcome::Interrupted);
    assert_eq!(count(&report, is_done), 5, "{:?}", lines(&report));
    let stopped = count(&report, |r| {
        *r == StepResult::NotStarted(NotStarted::RunStopped)
    });
    assert_eq!(stopped, 7);
    assert_eq!(world.begun().len(), 5);
    assert_eq!(took, Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn after_the_grace_what_is_in_flight_is_unknown() {
    let plan = PlanOf::independent(3);
    let world = World::of(&plan);
    world.script(&new("p0001"), [Script::Vanishes]);
    let (report, took) = interrupted(&plan, &world, &[1500]).await;
    assert_eq!(
        of(&report, "p0001").result,
        StepResult::Unknown {
            cause: UnknownCause::Interrupted
        }
    );
    assert_eq!(count(&report, is_done), 2);
    assert_eq!(took, Duration::from_millis(11_500));
}

#[tokio::test(start_paused = true)]
async fn the_second_signal_does_not_wait() {
    let plan = PlanOf::independent(12);
    let world = World::of(&plan);
    let (report, took) = interrupted(&plan, &world, &[1500, 1600]).await;
    let unknown = count(&report, |r| matches!(r, StepResult::Unknown { .. }));
    assert_eq!((count(&report, is_done), unknown), (1, 4));
    assert_eq!(report.packages.len(), 12);
    assert_eq!(took, Duration::from_millis(1600));
}

#[tokio::test(start_paused = true)]
async fn a_signal_before_anything_leaves_everything() {
    let plan = Plan {
        variable: VariablePlan::Create {
            value: "http://new:8005".to_owned(),
        },
        ..PlanOf::independent(2)
    };
    let world = World::of(&plan);
    let cancel = CancelSignal::new();
    cancel.raise(Signal::Terminate);
    let report = run(
        &ready(&plan),
        &world,
        None,
        &options(),
        &mut world.sink(),
        &cancel,
    )
    .await;
    assert_eq!(world.writes(), 0);
    assert_eq!(report.stopped, Some(StopCause::Terminated));
    assert!(matches!(report.variable, VariableResult::Failed { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_signal_at_any_time_leaves_a_report_that_adds_up() {
    let mut plan = PlanOf::independent(8);
    plan.steps[4].after.insert(new("p0002"));
    plan.steps[5].after.insert(new("p0004"));
    for at in (0..4000).step_by(37) {
        let mut world = World::of(&plan);
        world.latency = Duration::from_millis(300);
        world.script(&new("p0003"), [Script::WorksUnanswered]);
        let (report, _) = interrupted(&plan, &world, &[at]).await;
        assert_eq!(report.packages.len(), 8, "at {at}");
        for package in &report.packages {
            let begun = world.begun().iter().filter(|id| **id == package.id).count();
            assert_eq!(usize::try_from(package.attempts), Ok(begun), "at {at}");
        }
        let log = world.log();
        let told = log
            .iter()
            .filter(|(_, entry)| matches!(entry, Entry::Told(Event::Started { .. })));
        assert_eq!(told.count(), world.begun().len(), "at {at}");
    }
}

/// Fails at the event of that number, and from then on.
struct FullDisk<'a> {
    world: &'a World,
    left: usize,
}

impl EventSink for FullDisk<'_> {
    fn on_event(&mut self, event: &Event) -> Result<(), SinkError> {
        if self.left == 0 {
            return Err(SinkError(Text::new("apply-stop-variable")));
        }
        self.left -= 1;
        self.world.sink().on_event(event)
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_that_the_journal_did_not_keep() {
    let plan = Plan {
        variable: VariablePlan::Create {
            value: "http://new:8005".to_owned(),
        },
        variables_before: [(Side::New, vec![variable("other", "1")])].into(),
        ..PlanOf::independent(4)
    };
    for left in 0..20 {
        let world = World::of(&Plan {
            variables_before: [(Side::New, Vec::new())].into(),
            ..plan.clone()
        });
        let mut sink = FullDisk {
            world: &world,
            left,
        };
        let (plan, cancel) = (ready(&plan), CancelSignal::new());
        let report = run(&plan, &world, None, &options(), &mut sink, &cancel).await;
        let told = world.log();
        let started = told.iter().filter(|(_, entry)| {
            matches!(
                entry,
                Entry::Told(Event::Started { .. } | Event::VariableWriteStarted { .. })
            )
        });
        assert_eq!(started.count(), world.writes(), "journal of {left} events");
        assert_eq!(report.packages.len(), 4);
        let complete = left >= 14;
        assert_eq!(
            matches!(report.stopped, Some(StopCause::Journal(_))),
            !complete,
            "journal of {left} events: {:?}",
            report.stopped
        );
    }
}

#[tokio::test(start_paused = true)]
async fn end_of_the_run_lets_what_is_in_flight_end_and_starts_nothing() {
    let plan = PlanOf::independent(12);
    let world = World::of(&plan);
    let options = ApplyOptions {
        stop_at: Some(tokio::time::Instant::now() + Duration::from_millis(1500)),
        ..options()
    };
    let report = apply_with(&plan, &world, &options).await;
    assert_eq!(report.stopped, Some(StopCause::Deadline));
    assert_eq!(outcome(&report), Outcome::Partial);
    assert_eq!(count(&report, is_done), 5, "{:?}", lines(&report));
    assert_eq!(world.begun().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn run_that_is_over_before_it_begins_writes_nothing() {
    let plan = Plan {
        variable: VariablePlan::Create {
            value: "http://new:8005".to_owned(),
        },
        ..PlanOf::independent(2)
    };
    let world = World::of(&plan);
    let options = ApplyOptions {
        stop_at: Some(tokio::time::Instant::now()),
        ..options()
    };
    let report = apply_with(&plan, &world, &options).await;
    assert_eq!(world.writes(), 0);
    assert_eq!(report.stopped, Some(StopCause::Deadline));
    assert_eq!(outcome(&report), Outcome::Failed);
}

/// The first cause is the one that is told, once.
#[tokio::test(start_paused = true)]
async fn cause_that_comes_after_the_signal_is_not_told() {
    let plan = PlanOf::independent(2);
    let world = World::of(&plan);
    let shared = RegisterError {
        shared: true,
        ..refusal(Transience::Permanent)
    };
    world.script(&new("p0000"), [Script::Refused(shared)]);
    let (report, _) = interrupted(&plan, &world, &[500]).await;
    assert_eq!(
        lines(&report),
        ["new:p0000 failed 1", "new:p0001 not_started 0"]
    );
    assert_eq!(report.stopped, Some(StopCause::Interrupted));
    let log = world.log();
    let told = log
        .iter()
        .filter(|(_, entry)| matches!(entry, Entry::Told(Event::Stopping(_))));
    assert_eq!(told.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_would_have_been_tried_again_failed() {
    let plan = PlanOf::independent(2);
    let world = World::of(&plan);
    let overload = RegisterError {
        retry_after: Some(Duration::from_mins(1)),
        ..refusal(Transience::Overload)
    };
    world.script(&new("p0001"), [Script::Refused(overload)]);
    let (report, took) = interrupted(&plan, &world, &[2100]).await;
    assert!(took < Duration::from_secs(3), "{took:?}");
    assert_eq!(lines(&report), ["new:p0000 done 1", "new:p0001 failed 1"]);
    let expected = StepResult::Failed(StepFailure::NotRetried);
    assert_eq!(of(&report, "p0001").result, expected);
}

/// Once the journal has failed nothing is waited for that would be sent then.
#[tokio::test(start_paused = true)]
async fn run_without_journal_does_not_wait_for_a_retry() {
    let plan = PlanOf::independent(2);
    let minute = Duration::from_mins(1);
    // Five events are told until the refusal, which is the sixth; the next is that of the retry.
    for (left, waits) in [(4, false), (5, false), (6, true)] {
        let world = World::of(&plan);
        let later = RegisterError {
            retry_after: Some(minute),
            ..refusal(Transience::Overload)
        };
        world.script(&new("p0001"), [Script::Refused(later)]);
        let mut sink = FullDisk {
            world: &world,
            left,
        };
        let begun = tokio::time::Instant::now();
        let (plan, cancel) = (ready(&plan), CancelSignal::new());
        let report = run(&plan, &world, None, &options(), &mut sink, &cancel).await;
        assert!(matches!(report.stopped, Some(StopCause::Journal(_))));
        assert_eq!(begun.elapsed() > minute, waits, "journal of {left} events");
    }
}

/// The variable is written, and our second row removed, only if the journal says so.
#[tokio::test(start_paused = true)]
async fn variable_is_not_written_without_journal() {
    let url = "http://new:8005";
    let before = variable("1", "http://wrong:8005");
    let update = VariablePlan::Update {
        before: before.clone(),
        after: variable("1", url),
    };
    let value = url.to_owned();
    let create = VariablePlan::Create { value };
    for (variable_plan, rows, left, writes) in
        [(update, vec![before], 0, 0), (create, Vec::new(), 1, 1)]
    {
        let plan = Plan {
            variable: variable_plan,
            variables_before: [(Side::New, rows)].into(),
            ..PlanOf::independent(0)
        };
        let world = World::of(&plan);
        let other = async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            world.change_variables(|rows| rows.push(variable("0", url)));
        };
        let mut sink = FullDisk {
            world: &world,
            left,
        };
        let (plan, cancel, options) = (ready(&plan), CancelSignal::new(), options());
        let running = run(&plan, &world, None, &options, &mut sink, &cancel);
        let (report, ()) = tokio::join!(running, other);
        assert_eq!((world.writes(), world.variables_now().len()), (writes, 2));
        assert!(matches!(
            report.variable,
            VariableResult::Failed { .. } | VariableResult::NoEffect { .. }
        ));
    }
}
