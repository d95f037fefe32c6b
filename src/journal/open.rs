//! What earlier runs sent without learning how it ended. Nothing is concluded from it: the run asks the
//! instance before its first write.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::format::{Record, Started, StepRecord, TraceRecord};
use super::reader::{ReadError, Run, list_runs};
use super::state_dir::StateDir;
use crate::apply::{EarlierRuns, OpenRegistration};
use crate::domain::{
    Address, PackageId, PackageState, PackageStatus, PluginName, ResourceFileId, Side,
};
use crate::plan::{Plan, StepId};

/// What runs on the cores of a plan left open, as far as `state` knows them. Only for who holds the
/// locks of these cores: then none of the runs is going on.
pub fn earlier_runs(
    state: &StateDir,
    plan: &Plan,
    now: Timestamp,
) -> Result<EarlierRuns, ReadError> {
    let mut open = BTreeMap::new();
    let mut creating = None;
    let mut durations = BTreeMap::new();
    let mut runs = list_runs(state)?;
    runs.reverse();
    for run in runs.iter().filter_map(|summary| summary.run.as_ref().ok()) {
        creating = open_create(run, plan, now, creating);
        fold(run, plan, now, &mut open);
        durations.extend(measured(run, plan));
    }
    Ok(EarlierRuns {
        open: open.into_values().collect(),
        creating,
        durations,
    })
}

/// How long the registrations took that a run needed one call for.
fn measured(run: &Run, plan: &Plan) -> impl Iterator<Item = (StepId, Duration)> {
    run.lines.iter().filter_map(move |line| match &line.record {
        Record::Finished(step) if step.result == "done" && step.attempts == 1 => {
            let id = StepId {
                side: side_of(run, plan, &step.step.side)?,
                name: PluginName::new(step.step.name.as_str()),
            };
            Some((id, Duration::from_millis(step.duration_ms)))
        }
        _ => None,
    })
}

type Open = BTreeMap<(Side, String), OpenRegistration>;

/// Adds what a run left open, and takes away what it settled: it sends a package only after the
/// register of an earlier run has ended.
fn fold(run: &Run, plan: &Plan, now: Timestamp, open: &mut Open) {
    for line in &run.lines {
        match &line.record {
            Record::Started(started) => {
                let name = &started.step.name;
                let Some(side) = side_of(run, plan, &started.step.side) else {
                    continue;
                };
                let planned = run.head.steps.iter().find(|step| step.step == started.step);
                let registration = OpenRegistration {
                    id: StepId {
                        side,
                        name: PluginName::new(name.as_str()),
                    },
                    package: PackageId::new(started.package.as_str()),
                    before: before(started, planned),
                    age: age(&line.at, now),
                    run: run.head.run.clone(),
                };
                open.insert((side, name.clone()), registration);
            }
            Record::Deferred(step) | Record::Verifying(step) => {
                close(run, plan, &step.step.side, &step.step.name, open);
            }
            Record::Finished(step) if step.attempts > 0 && step.result != "unknown" => {
                close(run, plan, &step.step.side, &step.step.name, open);
            }
            _ => {}
        }
    }
}

fn close(run: &Run, plan: &Plan, side: &str, name: &str, open: &mut Open) {
    if let Some(side) = side_of(run, plan, side) {
        open.remove(&(side, name.to_owned()));
    }
}

/// The side of the plan that a run knew as `side`.
fn side_of(run: &Run, plan: &Plan, side: &str) -> Option<Side> {
    let record = if side == Side::New.as_str() {
        run.head.new.as_ref()
    } else {
        run.head.old.as_ref()
    };
    let core = Address::new(record?.core.as_str());
    let facts = [&plan.new, &plan.old].into_iter().flatten();
    let mut sides = facts.map(|facts| &facts.identity);
    sides.find(|side| side.core == core).map(|side| side.side)
}

/// The state before the registration and whether the package has pages. A journal of before this was
/// kept tells enough only if the status was to change.
fn before(started: &Started, planned: Option<&StepRecord>) -> Option<(PackageState, bool)> {
    let state = |status: &str, ui_active| PackageState {
        status: PackageStatus::parse(status),
        uploaded: None,
        updated_time: None,
        ui_active,
        file_rows: std::collections::BTreeSet::new(),
        pages: std::collections::BTreeSet::new(),
    };
    let Some(trace) = &started.before else {
        let planned = planned.map(|step| state(&step.status, step.ui_active))?;
        let tells = planned.status != PackageStatus::Registered;
        return tells.then_some((planned, false));
    };
    let TraceRecord {
        has_ui,
        status,
        uploaded,
        updated_time,
        ui_active,
        file_rows,
    } = trace;
    let before = PackageState {
        uploaded: uploaded.clone(),
        updated_time: updated_time.clone(),
        file_rows: file_rows.iter().cloned().map(ResourceFileId::new).collect(),
        ..state(status, *ui_active)
    };
    Some((before, *has_ui))
}

/// How long ago a run sent a create of the variable whose end it did not learn.
fn open_create(
    run: &Run,
    plan: &Plan,
    now: Timestamp,
    mut sent: Option<Duration>,
) -> Option<Duration> {
    if side_of(run, plan, Side::New.as_str()).is_none() {
        return sent;
    }
    for line in &run.lines {
        match &line.record {
            Record::VariableWriteStarted(write) if write.action == "create" => {
                sent = Some(age(&line.at, now));
            }
            Record::VariableFinished(_) => sent = None,
            _ => {}
        }
    }
    sent
}

/// A clock that was set back makes it young.
fn age(at: &str, now: Timestamp) -> Duration {
    let Ok(at) = at.parse::<Timestamp>() else {
        return Duration::ZERO;
    };
    Duration::try_from(now.duration_since(at)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::testing::PlanOf;

    /// A run of format 1: registers that were not answered, answered, deferred, given up, proven; then
    /// it was killed.
    const FORMER: &str = r#"
{"at":"2026-11-29T00:00:00Z","record":"run","format":1,"run":"FORMER","command":"apply","version":"0.1.0","who":{"uid":0,"user":"root","host":"h","pid":1},"new":{"core":"http://new:8000","gateway":"http://new:8005","portals":["http://new:8080"],"version":"v4.0.0"},"old":null,"relation":"single","canary":null,"steps":[{"side":"new","name":"unanswered","version":"v1","package":"p1","status":"UNREGISTERED","ui_active":null,"takes_from":[],"switches":[],"other_side_loses":null},{"side":"new","name":"again","version":"v1","package":"p3","status":"REGISTERED","ui_active":null,"takes_from":[],"switches":[],"other_side_loses":null}],"left_out":[],"variable_before":[]}
{"at":"2026-11-29T00:00:01Z","record":"variable_intended","action":"create","before":null,"after":null}
{"at":"2026-11-29T00:00:02Z","record":"started","side":"new","name":"unanswered","package":"p1","version":"v1","attempt":1,"in_flight":1,"canary":false}
{"at":"2026-11-29T00:00:02Z","record":"started","side":"new","name":"answered","package":"p2","version":"v1","attempt":1,"in_flight":2,"canary":false}
{"at":"2026-11-29T00:00:02Z","record":"started","side":"new","name":"again","package":"p3","version":"v1","attempt":1,"in_flight":3,"canary":false}
{"at":"2026-11-29T00:00:02Z","record":"started","side":"new","name":"later","package":"p4","version":"v1","attempt":1,"in_flight":4,"canary":false}
{"at":"2026-11-29T00:00:02Z","record":"started","side":"new","name":"lost","package":"p5","version":"v1","attempt":1,"in_flight":5,"canary":false}
{"at":"2026-11-29T00:00:03Z","record":"proving","side":"new","name":"answered","detail":"x"}
{"at":"2026-11-29T00:00:03Z","record":"deferred","side":"new","name":"again","detail":"x"}
{"at":"2026-11-29T00:00:03Z","record":"deferred","side":"new","name":"later","detail":"x"}
{"at":"2026-11-29T00:00:03Z","record":"watching","side":"new","name":"lost","detail":"x"}
{"at":"2026-11-29T00:00:04Z","record":"started","side":"new","name":"again","package":"p3","version":"v1","attempt":2,"in_flight":1,"canary":false}
{"at":"2026-11-29T00:00:05Z","record":"settled","side":"new","name":"lost","version":"v1","result":"unknown","attempts":1,"duration_ms":5,"detail":"x"}
{"at":"2026-11-29T00:00:06Z","record":"star"#;

    /// A run after it, of this format.
    const LATER: &str = r#"
{"at":"2026-11-29T00:01:00Z","record":"run","format":2,"run":"LATER","command":"apply","version":"0.1.0","who":{"uid":0,"user":"root","host":"h","pid":1},"new":{"core":"http://new:8000","gateway":"http://new:8005","portals":["http://new:8080"],"version":"v4.0.0"},"old":null,"relation":"single","canary":null,"steps":[],"skipped":[],"variable_before":[]}
{"at":"2026-11-29T00:01:01Z","record":"variable_finished","result":"created","before":null,"after":null,"removed_own":false,"detail":"x"}
{"at":"2026-11-29T00:01:02Z","record":"started","side":"new","name":"unanswered","package":"p1","version":"v1","attempt":1,"in_flight":1,"canary":false,"before":{"has_ui":true,"status":"REGISTERED","uploaded":"u","updated_time":null,"ui_active":null,"file_rows":["r1"]}}
{"at":"2026-11-29T00:01:03Z","record":"finished","side":"new","name":"unanswered","version":"v1","result":"done","attempts":1,"duration_ms":5,"detail":"x"}
{"at":"2026-11-29T00:01:03Z","record":"finished","side":"new","name":"lost","version":"v1","result":"unknown","attempts":0,"duration_ms":0,"detail":"x"}
{"at":"2026-11-29T00:01:04Z","record":"started","side":"new","name":"fresh","package":"p6","version":"v1","attempt":1,"in_flight":1,"canary":false,"before":{"has_ui":true,"status":"REGISTERED","uploaded":"u","updated_time":null,"ui_active":null,"file_rows":["r1"]}}
"#;

    fn left_open(journals: &[(&str, &str)]) -> EarlierRuns {
        let dir = tempfile::tempdir().unwrap();
        let state = StateDir::open(dir.path()).unwrap();
        for (id, text) in journals {
            fs_err::write(state.path().join("runs").join(format!("{id}.jsonl")), text).unwrap();
        }
        let now = "2026-11-29T00:02:00Z".parse().unwrap();
        earlier_runs(&state, &PlanOf::independent(1), now).unwrap()
    }

    /// Name, age in seconds, and what is known of the state before.
    fn lines(earlier: &EarlierRuns) -> Vec<String> {
        let open = earlier.open.iter().map(|open| {
            let before = match &open.before {
                None => "nothing".to_owned(),
                Some((state, has_ui)) => {
                    format!(
                        "{} {has_ui} {}",
                        state.status.as_str(),
                        state.file_rows.len()
                    )
                }
            };
            format!("{} {} {before}", open.id, open.age.as_secs())
        });
        open.collect()
    }

    #[test]
    fn open_writes_of_former_release_are_found() {
        let earlier = left_open(&[("20261129T000000Z-0000", FORMER)]);
        assert_eq!(
            lines(&earlier),
            [
                "new:again 116 nothing",
                "new:lost 118 nothing",
                "new:unanswered 118 UNREGISTERED false 0",
            ]
        );
        assert_eq!(earlier.creating, Some(Duration::from_secs(119)));
    }

    #[test]
    fn later_run_settles_what_it_sent_itself() {
        let journals = [
            ("20261129T000000Z-0000", FORMER),
            ("20261129T000100Z-0000", LATER),
        ];
        let earlier = left_open(&journals);
        assert_eq!(
            lines(&earlier),
            [
                "new:again 116 nothing",
                "new:fresh 56 REGISTERED true 1",
                "new:lost 118 nothing",
            ]
        );
        let elsewhere = LATER.replace("http://new:8000", "http://elsewhere:8000");
        let earlier = left_open(&[("20261129T000100Z-0000", &elsewhere)]);
        assert_eq!(earlier, EarlierRuns::default());
    }
}
