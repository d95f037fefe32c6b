//! What cannot be read is a finding of each check that needed it: one for each code and side.

use std::collections::BTreeSet;

use super::super::*;
use super::told;
use super::world::{Change, World, healthy};
use crate::domain::{FailureKind, FileState, Reach, Reading, Side};
use crate::exit::Outcome;

/// Codes that need nothing of a side that could be unread: they look at what the run itself knows, or
/// (W0508) at nothing with an old side.
const NEED_NO_READING: [&str; 3] = ["W0108", "W0103", "W0508"];

fn unknown_of(checked: &CheckResults, side: Side) -> BTreeSet<&'static str> {
    let unknown = checked
        .findings
        .iter()
        .filter(|finding| finding.certainty == Certainty::Unknown);
    let of_side = unknown.filter(|finding| finding.side == Some(side));
    of_side.map(|finding| finding.code).collect()
}

fn dead(side: Side, kind: FailureKind) -> World {
    let mut world = healthy();
    match side {
        Side::New => world.new = world.new.dead(kind),
        Side::Old => world.old(|old| old.dead(kind)),
    }
    world
}

fn once_for_each_code_and_side(checked: &CheckResults) {
    let mut seen = BTreeSet::new();
    for finding in &checked.findings {
        if finding.certainty == Certainty::Unknown {
            let fresh = seen.insert((finding.code, finding.side));
            assert!(fresh, "{} twice: {:#?}", finding.code, told(checked));
        }
    }
}

#[test]
fn dead_new_side_makes_dependent_checks_unknown() {
    let mut world = dead(Side::New, FailureKind::Unreachable);
    world.seeds = Some(crate::plan::SeedRelation::Different);
    let checked = world.check();
    once_for_each_code_and_side(&checked);
    assert_eq!(checked.outcome(), Outcome::Findings);
    let found: BTreeSet<_> = checked.findings.iter().map(|it| it.code).collect();
    let green: Vec<_> = catalogue()
        .iter()
        .map(|entry| entry.code)
        .filter(|code| !found.contains(code) && !NEED_NO_READING.contains(code))
        .collect();
    assert_eq!(green, Vec::<&str>::new(), "{:#?}", told(&checked));
}

#[test]
fn dead_old_side_is_unknown() {
    let checked = dead(Side::Old, FailureKind::NoAnswer).check();
    once_for_each_code_and_side(&checked);
    assert_eq!(checked.outcome(), Outcome::Findings);
    let wrong: Vec<_> = checked
        .findings
        .iter()
        .filter(|it| it.certainty == Certainty::Confirmed)
        .map(|it| (it.code, it.subject.as_str()))
        .collect();
    assert_eq!(
        wrong,
        [("W0101", "http://old-core:8000")],
        "{:#?}",
        told(&checked)
    );
    let needed = [
        "W0102", "W0104", "W0105", "W0301", "W0302", "W0304", "W0306", "W0307", "W0312", "W0313",
        "W0314", "W0316", "W0401", "W0402", "W0406", "W0410", "W0504", "W0505", "W0506",
    ];
    let unknown = unknown_of(&checked, Side::Old);
    for code in needed {
        assert!(unknown.contains(code), "{code}: {:#?}", told(&checked));
    }
}

#[test]
fn unread_old_side_is_unknown_not_skipped() {
    let mut world = healthy();
    world.old = None;
    let checked = world.check();
    once_for_each_code_and_side(&checked);
    let unknown = unknown_of(&checked, Side::Old);
    for code in ["W0101", "W0301", "W0401", "W0402", "W0410", "W0504"] {
        assert!(unknown.contains(code), "{code}: {:#?}", told(&checked));
    }
    assert_eq!(checked.outcome(), Outcome::Findings);
}

#[test]
fn reading_without_permission_is_unknown_with_reason() {
    let mut world = healthy();
    let failure = crate::compare::testing::failure();
    world.new.variables = Reading::Unknown(failure);
    let checked = world.check();
    let unknown = unknown_of(&checked, Side::New);
    let about_variables = [
        "W0201", "W0202", "W0203", "W0204", "W0205", "W0206", "W0502", "W0503", "W0505", "W0507",
    ];
    assert_eq!(unknown, about_variables.into(), "{:#?}", told(&checked));
    for finding in checked.findings {
        assert_eq!(finding.evidence[0].seen.key(), "check-failure-permission");
    }
}

#[test]
fn unknown_plugins_become_one_finding() {
    let mut world = healthy();
    for n in 0..16 {
        let name = format!("p{n:02}");
        world.both(|side| side.plugin(&name, "v1.0.0"));
        let reach = Reach::Unknown {
            cause: crate::domain::ReachCause {
                gateway: crate::domain::GatewayFinding::NotFound,
                instances: Vec::new(),
            },
        };
        world.new = world.new.reach(&name, reach);
    }
    let checked = world.check();
    let found: Vec<_> = checked
        .findings
        .iter()
        .filter(|it| it.code == "W0316")
        .collect();
    assert_eq!(found.len(), 1);
    let catalog = crate::i18n::Catalog::new(crate::i18n::Lang::En);
    let words = catalog.render(&found[0].message);
    assert!(
        words.contains("16 (p00, p01, p02, p03, p04, +11)"),
        "{words}"
    );
}

#[test]
fn launch_after_row_without_journal_is_unknown() {
    let mut world = healthy();
    world.set_at = None;
    let checked = world.check();
    assert_eq!(unknown_of(&checked, Side::New), ["W0502"].into());
}

#[test]
fn portal_silent_for_one_file_makes_it_unknown() {
    let mut world = healthy();
    let silent = FileState::Unknown {
        cause: crate::domain::FailureCause::Said("reset".to_owned()),
    };
    let portal = "http://new-portal-1:8080";
    world.new = world.new.on_portal(portal, "billing", "v2.0.7", silent);
    let checked = world.check();
    let unknown = unknown_of(&checked, Side::New);
    for code in [
        "W0307", "W0308", "W0309", "W0310", "W0311", "W0312", "W0401",
    ] {
        assert!(unknown.contains(code), "{code}: {:#?}", told(&checked));
    }
    let wrong = checked.findings.iter();
    assert_eq!(
        wrong
            .filter(|it| it.certainty == Certainty::Confirmed)
            .count(),
        0
    );
}

/// What one reading of a side is made unknown by.
type Blinds = fn(&mut crate::domain::Inventory, crate::domain::ReadFailure);

fn emptied<K: Ord + Clone, V>(
    map: &mut std::collections::BTreeMap<K, Reading<V>>,
    failure: &crate::domain::ReadFailure,
) {
    for reading in map.values_mut() {
        *reading = Reading::Unknown(failure.clone());
    }
}

const READINGS: [(&str, Blinds); 14] = [
    ("version", |it, why| it.version = Reading::Unknown(why)),
    ("clock", |it, _| it.clock_offset_s = None),
    ("packages", |it, why| it.packages = Reading::Unknown(why)),
    ("instances", |it, why| emptied(&mut it.instances, &why)),
    ("instances not asked", |it, _| it.instances.clear()),
    ("dependencies", |it, why| {
        emptied(&mut it.dependencies, &why);
    }),
    ("menus", |it, why| emptied(&mut it.package_menus, &why)),
    ("my menus", |it, why| it.my_menus = Reading::Unknown(why)),
    ("resource files", |it, why| {
        it.resource_files = Reading::Unknown(why);
    }),
    ("core routes", |it, why| {
        it.core_routes = Reading::Unknown(why);
    }),
    ("gateway routes", |it, why| {
        it.gateway_routes = Reading::Unknown(why);
    }),
    ("variables", |it, why| it.variables = Reading::Unknown(why)),
    ("files", |it, _| it.files.clear()),
    ("reach", |it, _| it.reach.clear()),
];

/// Only v4's dependencies are judged, so a v3 that did not tell them leaves nothing open; the old
/// side's variables are looked at before it is retired only.
const NOT_NEEDED: [(Side, &str); 2] = [(Side::Old, "dependencies"), (Side::Old, "variables")];

#[test]
fn every_failed_reading_is_reported() {
    for side in [Side::New, Side::Old] {
        for (name, blinds) in READINGS {
            let mut world = healthy();
            world.policy.before_retiring_old = false;
            let failure = crate::compare::testing::failure();
            match side {
                Side::New => blinds(&mut world.new, failure),
                Side::Old => world.old(|mut old| {
                    blinds(&mut old, failure);
                    old
                }),
            }
            let checked = world.check();
            let green = checked.outcome() == Outcome::Ok;
            assert_eq!(green, NOT_NEEDED.contains(&(side, name)), "{side} {name}");
            once_for_each_code_and_side(&checked);
        }
    }
}

/// Being unable to see one thing must not make another finding go away silently: what was wrong is
/// still wrong, or its check says that it cannot tell, or the cause is told by [`Certainty::Unknown`].
#[test]
fn failed_reading_keeps_finding_or_reports_unknown() {
    for case in super::cases::CASES {
        for (name, blinds) in READINGS {
            let mut world = healthy();
            (case.breaks)(&mut world);
            blinds(&mut world.new, crate::compare::testing::failure());
            let checked = world.check();
            let told = checked.findings.iter().any(|finding| {
                finding.code == case.code || finding.certainty == Certainty::Unknown
            });
            assert!(told, "{} ({}) without {name}", case.code, case.why);
        }
    }
}
