//! What counts as proven, per platform version; the traces are those of
//! `docs/platform/registration.md#traces-of-a-registration`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use super::*;
use crate::apply::proof::{Expectation, OtherSideCall, PageCheck, drift};
use crate::apply::testing::{Entry, PlanOf, facts, ready, state, step, v3, v4, v4_5};
use crate::apply::{Effects, NoEffect};
use crate::domain::{
    Address, Capabilities, FilePath, FileState, PackageId, PackageState, PackageStatus, PageStates,
    PortalStates, ReadFailure, RegisterAnswer, ResourceFileId, ServedFile, SystemVariable,
    VariableId,
};
use crate::i18n::english;
use crate::plan::{RegisterReason, Step};
use crate::poll::{Dated, Demand};

/// The state after a registration that left every trace of its version.
fn after(can: &Capabilities, before: &PackageState) -> PackageState {
    let mut now = before.clone();
    now.status = PackageStatus::Registered;
    if can.renews_resource_ids {
        now.file_rows = BTreeSet::from([ResourceFileId::new("new-row")]);
    }
    if can.moves_upload_time {
        now.uploaded = Some("1".to_owned());
    }
    if can.marks_update {
        now.updated_time = Some("2026-01-01 00:00:01".to_owned());
    }
    if can.ui_active {
        now.ui_active = Some(true);
    }
    now
}

fn before(can: &Capabilities) -> PackageState {
    PackageState {
        updated_time: can.marks_update.then(|| "2026-01-01 00:00:00".to_owned()),
        ui_active: can.ui_active.then_some(false),
        ..state("a")
    }
}

type Change = fn(&mut PackageState);

/// What is concluded where one trace is not as it should be.
fn judged(can: &Capabilities, step: &Step, change: Change) -> Result<(), NoEffect> {
    let before = before(can);
    let mut now = after(can, &before);
    change(&mut now);
    Expectation::of(step, can, &before).judge(&now)
}

const NOTHING: Change = |_| {};
const OLD_ROWS: Change = |now| now.file_rows = state("a").file_rows;
const SOME_OLD_ROWS: Change = |now| now.file_rows.extend(state("a").file_rows);
const NO_ROWS: Change = |now| {
    now.file_rows.clear();
    now.pages.clear();
};
const DEMOTED: Change = |now| now.status = PackageStatus::Unregistered;
const OLD_UPLOAD: Change = |now| now.uploaded = state("a").uploaded;
const OLD_UPDATE: Change = |now| now.updated_time = Some("2026-01-01 00:00:00".to_owned());
const NOT_ACTIVE: Change = |now| now.ui_active = Some(false);

#[test]
fn each_version_leaves_its_own_traces() {
    let ui = step(Side::New, "a");
    let status = Err(NoEffect::Status {
        is: "UNREGISTERED".to_owned(),
    });
    let table: &[(Capabilities, Change, Result<(), NoEffect>)] = &[
        (v4(), NOTHING, Ok(())),
        (v4(), DEMOTED, status.clone()),
        (v4(), OLD_ROWS, Err(NoEffect::RowsNotRenewed)),
        (v4(), SOME_OLD_ROWS, Err(NoEffect::RowsNotRenewed)),
        (v4(), NO_ROWS, Err(NoEffect::NothingListed)),
        (v4(), OLD_UPLOAD, Ok(())),
        (v4_5(), NOTHING, Ok(())),
        (v4_5(), NOT_ACTIVE, Err(NoEffect::UiNotActive)),
        (v4_5(), OLD_ROWS, Err(NoEffect::RowsNotRenewed)),
        // Two registers within one second carry one time: renewed rows are proof enough.
        (v4_5(), OLD_UPDATE, Ok(())),
        (v3(), NOTHING, Ok(())),
        (v3(), OLD_ROWS, Ok(())),
        (v3(), OLD_UPLOAD, Err(NoEffect::UploadTimeNotMoved)),
        (v3(), NO_ROWS, Err(NoEffect::NothingListed)),
        (v3(), DEMOTED, status),
    ];
    for (row, (can, change, expected)) in table.iter().enumerate() {
        assert_eq!(judged(can, &ui, *change), *expected, "row {row}");
    }
}

#[test]
fn without_pages_there_is_less_to_see() {
    let no_ui = Step {
        has_ui: false,
        ..step(Side::New, "a")
    };
    assert_eq!(judged(&v4(), &no_ui, OLD_ROWS), Ok(()));
    assert_eq!(judged(&v4(), &no_ui, NO_ROWS), Ok(()));
    assert_eq!(judged(&v4_5(), &no_ui, NOT_ACTIVE), Ok(()));
    let unmarked = Err(NoEffect::UpdateNotMarked);
    assert_eq!(judged(&v4_5(), &no_ui, OLD_UPDATE), unmarked);
    assert_eq!(
        judged(&v3(), &no_ui, OLD_UPLOAD),
        Err(NoEffect::UploadTimeNotMoved)
    );
}

#[test]
fn what_was_named_by_hand_may_be_unlisted_for_want_of_an_instance() {
    let named = Step {
        reason: RegisterReason::Named,
        ..step(Side::New, "a")
    };
    assert_eq!(judged(&v4_5(), &named, NO_ROWS), Ok(()));
    let unmarked: Change = |now| {
        NO_ROWS(now);
        OLD_UPDATE(now);
    };
    assert_eq!(
        judged(&v4_5(), &named, unmarked),
        Err(NoEffect::UpdateNotMarked)
    );
    assert_eq!(judged(&v4(), &named, NO_ROWS), Err(NoEffect::NothingListed));
}

#[test]
fn what_a_lost_register_leaves_and_which_times_must_move() {
    let ui = step(Side::New, "a");
    let no_ui = Step {
        has_ui: false,
        ..ui.clone()
    };
    for (step, can, registered, trace, time) in [
        (&ui, v4(), true, true, false),
        (&no_ui, v4(), true, false, false),
        (&no_ui, v4(), false, true, false),
        (&ui, v4_5(), true, true, false),
        (&no_ui, v4_5(), true, true, true),
        (&ui, v3(), true, true, true),
        (&no_ui, v3(), true, true, true),
    ] {
        let mut before = before(&can);
        if !registered {
            before.status = PackageStatus::Unregistered;
        }
        let expectation = Expectation {
            has_ui: step.has_ui,
            named: false,
            can: &can,
            before: &before,
        };
        assert_eq!(expectation.leaves_trace(), trace, "{can:?}");
        assert_eq!(expectation.needs_time_to_move(), time, "{can:?}");
    }
}

#[test]
fn drift_is_what_no_part_of_this_run_explains() {
    let planned = state("a");
    let with = |change: Change| {
        let mut now = planned.clone();
        change(&mut now);
        now
    };
    let drifted = |now: &PackageState, twin| drift(&planned, now, twin);
    assert_eq!(drifted(&planned, OtherSideCall::NotSent), None);
    assert_eq!(drifted(&with(NO_ROWS), OtherSideCall::NotSent), None);
    assert_eq!(
        drifted(&with(DEMOTED), OtherSideCall::NotSent).map(|what| english(&what)),
        Some("its status was REGISTERED and is UNREGISTERED".to_owned())
    );
    assert!(drifted(&with(DEMOTED), OtherSideCall::Sent).is_some());
    let unregistered = with(DEMOTED);
    assert!(drift(&unregistered, &planned, OtherSideCall::NotSent).is_some());
    assert_eq!(drift(&unregistered, &planned, OtherSideCall::Sent), None);
    let active = with(|now| now.ui_active = Some(true));
    let taken = with(|now| now.ui_active = Some(false));
    assert!(drift(&active, &taken, OtherSideCall::NotSent).is_some());
    assert_eq!(drift(&taken, &active, OtherSideCall::NotSent), None);
    assert_eq!(drift(&taken, &taken, OtherSideCall::NotSent), None);
    assert_eq!(drift(&active, &active, OtherSideCall::NotSent), None);
}

fn served(length: Option<u64>, digest: Option<&str>) -> FileState {
    FileState::Served(ServedFile {
        length,
        etag: None,
        digest: digest.map(str::to_owned),
    })
}

fn seen(states: &[(&str, FileState)]) -> PageStates {
    let path = FilePath::new("/a.js");
    let portals = states.iter().cloned();
    let portals = portals.map(|(portal, state)| (Address::new(portal), state));
    BTreeMap::from([(path, portals.collect())])
}

#[test]
fn every_portal_must_serve_the_same() {
    let paths = BTreeSet::from([FilePath::new("/a.js")]);
    let portals = ["p1", "p2"].map(Address::new);
    let words = |verdict: &PageCheck| {
        let lengths = [
            verdict.hidden.len(),
            verdict.unread.len(),
            verdict.differing.len(),
        ];
        (lengths, verdict.open().len())
    };
    let nowhere = PageStates::new();
    let judged = |a: FileState, b: FileState, elsewhere: &PageStates| {
        words(&PageCheck::of(
            &paths,
            &portals,
            &seen(&[("p1", a), ("p2", b)]),
            elsewhere,
        ))
    };
    let good = served(Some(7), None);
    assert_eq!(judged(good.clone(), good.clone(), &nowhere), ([0, 0, 0], 0));
    assert_eq!(
        judged(good.clone(), FileState::Missing, &nowhere),
        ([1, 0, 0], 1)
    );
    assert_eq!(
        judged(good.clone(), served(Some(8), None), &nowhere),
        ([0, 0, 1], 1)
    );
    assert_eq!(
        judged(good.clone(), served(None, None), &nowhere),
        ([0, 0, 0], 0)
    );
    assert_eq!(
        judged(
            served(Some(7), Some("x")),
            served(Some(7), Some("y")),
            &nowhere
        ),
        ([0, 0, 1], 1),
        "the same length, other bytes"
    );
    let other = seen(&[("old", served(Some(9), None))]);
    assert_eq!(judged(good.clone(), good.clone(), &other), ([0, 0, 1], 1));
    let gone = seen(&[("old", FileState::Missing)]);
    assert_eq!(judged(good.clone(), good.clone(), &gone), ([0, 0, 0], 0));
    let silent = PageCheck::of(&paths, &portals, &seen(&[("p1", good)]), &nowhere);
    assert_eq!(
        words(&silent),
        ([0, 1, 0], 1),
        "a portal that was not asked"
    );
}

/// A v3 on which one plugin gets another one's files, and the answer is OK.
struct MixedFiles(World);

impl Effects for MixedFiles {
    async fn register(&self, side: Side, package: &PackageId) -> RegisterAnswer {
        self.0.register(side, package).await
    }

    fn core_refusals(&self, side: Side) -> u64 {
        self.0.core_refusals(side)
    }

    fn core_time(&self, side: Side) -> SystemTime {
        self.0.core_time(side)
    }

    async fn package_state(
        &self,
        side: Side,
        id: &PackageId,
        demand: Demand,
    ) -> Result<Dated<PackageState>, ReadFailure> {
        self.0.package_state(side, id, demand).await
    }

    async fn pages(&self, side: Side, paths: &[FilePath]) -> PageStates {
        let mut pages = self.0.pages(side, paths).await;
        let files = pages.values_mut().flat_map(PortalStates::iter_mut);
        for (_, file) in files {
            if let FileState::Served(file) = file {
                file.length = Some(if side == Side::Old { 4242 } else { 100 });
            }
        }
        pages
    }

    async fn variables(&self, side: Side) -> Result<Vec<SystemVariable>, ReadFailure> {
        self.0.variables(side).await
    }

    async fn create_variable(
        &self,
        side: Side,
        row: &SystemVariable,
    ) -> Result<Option<VariableId>, ReadFailure> {
        self.0.create_variable(side, row).await
    }

    async fn update_variable(&self, side: Side, row: &SystemVariable) -> Result<(), ReadFailure> {
        self.0.update_variable(side, row).await
    }

    async fn delete_variable(&self, side: Side, id: &VariableId) -> Result<(), ReadFailure> {
        self.0.delete_variable(side, id).await
    }
}

#[tokio::test(start_paused = true)]
async fn on_v3_another_plugins_files_are_found_by_the_other_sides_copy() {
    let mut on_old = step(Side::Old, "a");
    on_old.watched = on_old.before.pages.clone();
    let plan = PlanOf::steps(vec![on_old]);
    let world = MixedFiles(World::of(&plan));
    let mut sink = crate::apply::FanOut::new(Vec::new());
    let (plan, cancel) = (ready(&plan), CancelSignal::new());
    let report = run(&plan, &world, None, &options(), &mut sink, &cancel).await;
    let StepResult::NoEffect(NoEffect::ContentDiffers { pages }) =
        &on(&report, Side::Old, "a").result
    else {
        panic!("{:?}", report.packages);
    };
    assert_eq!(pages[0].served.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_time_that_is_the_only_trace_is_given_time_to_move() {
    let plan = PlanOf::steps(vec![step(Side::Old, "a"), step(Side::New, "b")]);
    let world = World::of(&plan);
    let report = apply(&plan, &world).await;
    assert_eq!(count(&report, is_done), 2);
    let log = world.log();
    let begun = |id: StepId| {
        let mut log = log.iter();
        let (at, _) = log
            .find(|(_, entry)| *entry == Entry::Begun(id.clone()))
            .unwrap();
        *at
    };
    assert_eq!(begun(new("b")), Duration::ZERO);
    assert_eq!(begun(old("a")), Duration::from_secs(2));
    assert!(facts(Side::Old, v3()).capabilities.moves_upload_time);
}

#[tokio::test(start_paused = true)]
async fn time_that_moved_since_the_plan_is_given_time_to_move_again() {
    for (moved, waited) in [(false, 0), (true, 2)] {
        let mut later = step(Side::Old, "b");
        later.after = [old("a")].into();
        later.before.updated_time = Some("2026-01-01 00:00:00".to_owned());
        let plan = PlanOf::steps(vec![step(Side::Old, "a"), later]);
        for of_upload in [true, false] {
            let world = World::of(&plan);
            if moved {
                world.change(&plan.steps[1].package, |state| {
                    if of_upload {
                        state.uploaded = Some("9".to_owned());
                    } else {
                        state.updated_time = Some("2026-01-01 00:00:09".to_owned());
                    }
                });
            }
            let report = apply(&plan, &world).await;
            assert_eq!(count(&report, is_done), 2);
            let log = world.log();
            let at = |wanted: &Entry| log.iter().find(|(_, entry)| entry == wanted).unwrap().0;
            let ended = at(&Entry::Ended(old("a")));
            let begun = at(&Entry::Begun(old("b")));
            assert_eq!(
                begun.saturating_sub(ended).as_secs(),
                waited,
                "{moved} {of_upload}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn copy_of_the_other_side_is_compared_on_a_v3_only() {
    let mut on_new = step(Side::New, "a");
    on_new.watched = on_new.before.pages.clone();
    let plan = PlanOf::steps(vec![on_new]);
    let world = MixedFiles(World::of(&plan));
    let mut sink = crate::apply::FanOut::new(Vec::new());
    let (plan, cancel) = (ready(&plan), CancelSignal::new());
    let report = run(&plan, &world, None, &options(), &mut sink, &cancel).await;
    assert_eq!(count(&report, is_done), 1, "{report:?}");
}
