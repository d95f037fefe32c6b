//! What is accepted, and for how long.

use super::super::*;
use super::world::{Change, World, healthy};
use crate::domain::{FailureKind, FileState, Severity};
use crate::exit::Outcome;

fn broken() -> World {
    let mut world = healthy();
    world.new = world.new.no_gateway_route("billing");
    world.policy.before_retiring_old = false;
    world
}

#[test]
fn baseline_accepts_through_last_day() {
    let checked = broken().check();
    assert_eq!(checked.outcome(), Outcome::Findings);
    let baseline = Baseline::from(&checked, "2026-12-31");
    let count = checked.findings.len();
    for day in ["2026-11-23", "2026-12-31"] {
        let after = baseline.apply(&checked, day);
        assert_eq!(after.outcome(), Outcome::Ok, "{day}");
        assert_eq!(after.accepted.len(), count);
    }
    let expired = baseline.apply(&checked, "2027-01-01");
    assert_eq!(expired.outcome(), Outcome::Findings);
    assert!(expired.accepted.is_empty());
    let catalog = crate::i18n::Catalog::new(crate::i18n::Lang::En);
    let words = catalog.render(&expired.findings[0].message);
    assert!(words.contains("was accepted until 2026-12-31"), "{words}");
}

#[test]
fn baseline_accepts_no_new_or_more_serious_finding() {
    let baseline = Baseline::from(&broken().check(), "2026-12-31");
    // An earlier release found the same and called it a warning.
    let mut earlier = baseline.clone();
    for accepted in &mut earlier.accepted {
        accepted.severity = Severity::Warning;
    }
    let after = earlier.apply(&broken().check(), "2026-11-24");
    let codes: Vec<_> = after.findings.iter().map(|it| it.code).collect();
    assert_eq!(codes, ["W0314"]);
    let mut more = broken();
    more.new = more.new.file("wecmdb", FileState::Empty);
    let after = baseline.apply(&more.check(), "2026-11-24");
    assert!(after.findings.iter().any(|it| it.code == "W0310"));
    assert!(after.accepted.iter().any(|it| it.code == "W0314"));
}

#[test]
fn baseline_of_unknown_accepts_no_confirmed_finding() {
    let mut world = healthy();
    world.new = world.new.dead(FailureKind::NoAnswer);
    let baseline = Baseline::from(&world.check(), "2026-12-31");
    let mut world = healthy();
    world.new.version = crate::domain::Reading::Known(crate::domain::PlatformVersion::parse("x"));
    let after = baseline.apply(&world.check(), "2026-11-24");
    assert!(after.findings.iter().any(|it| it.code == "W0102"));
}

/// What a told finding explains is accepted with it, and stays accepted without it.
#[test]
fn baseline_of_folded_findings_accepts_what_they_explain() {
    let mut world = healthy();
    world.new = world.new.file("billing", FileState::Missing);
    let folded = fold(world.check());
    let baseline = Baseline::from(&folded, "2026-12-31");
    assert_eq!(baseline.apply(&world.check(), "2026-11-24").findings, []);
    assert_eq!(baseline.unused(&folded), Vec::<&Accepted>::new());
}

/// Earlier releases stored whatever was unknown as a warning.
#[test]
fn baseline_of_earlier_release_accepts_unknown() {
    let mut world = healthy();
    world.new = world.new.dead(FailureKind::ServerError);
    let mut baseline = Baseline::from(&world.check(), "2026-12-31");
    for accepted in &mut baseline.accepted {
        accepted.severity = Severity::Warning;
    }
    let after = baseline.apply(&world.check(), "2026-11-24");
    let unknown = |it: &&Finding| it.certainty == Certainty::Unknown;
    assert_eq!(after.findings.iter().find(unknown), None);
}

#[test]
fn unused_baseline_entry_is_listed() {
    let baseline = Baseline::from(&broken().check(), "2026-12-31");
    assert!(baseline.unused(&broken().check()).is_empty());
    let unused = baseline.unused(&healthy().check());
    assert_eq!(unused.len(), baseline.accepted.len());
}
