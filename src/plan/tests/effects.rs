//! What a registration does beside its purpose.

use crate::domain::{FileState, PluginName, Reading, Side, SystemVariable, Version};
use crate::plan::testing::{
    Pair, Pkg, Release, hide_all, inventory, options, outline, pkg, step, variable,
};
use crate::plan::{PlanInput, SideEffect, WriteTo, plan};

fn picked(release: Release, packages: &[Pkg], pick: &str) -> Pair {
    let mut pair = Pair::shared(release, packages);
    let name = packages[0].package.name.clone();
    pair.options.picks.insert(name, Version::new(pick));
    pair
}

#[test]
fn v4_0_demotes_siblings_and_old_side_loses_page() {
    let packages = [
        pkg("labplug", "v1.0.0"),
        pkg("labplug", "v1.1.0").idle().unlisted(),
        pkg("labplug", "v0.9.0").idle().unlisted(),
    ];
    insta::assert_snapshot!(outline(&picked(Release::V400, &packages, "v1.1.0").plan()), @"
    new:labplug v1.1.0: not in the resource file list
      v0.9.0 becomes UNREGISTERED
      v1.0.0 becomes UNREGISTERED while it is running
      the old portal loses its static files: it shows v1.0.0 and has no files of this version
    ");
    // The version that both sides have is registered again: nobody loses anything.
    insta::assert_snapshot!(outline(&Pair::shared(Release::V400, &packages).plan()), @"
    new:labplug v1.0.0: 2 of 2 static files missing on the portal
      v0.9.0 becomes UNREGISTERED
      v1.1.0 becomes UNREGISTERED
    ");
}

#[test]
fn missing_page_is_not_lost_again() {
    let packages = [
        pkg("labplug", "v1.0.0"),
        pkg("labplug", "v1.1.0").idle().unlisted(),
    ];
    let loses = |pair: &Pair| {
        let plan = pair.plan();
        let lost = |effect: &SideEffect| matches!(effect, SideEffect::OtherSideLosesPage { .. });
        let loses = plan.steps[0].effects.iter().any(lost);
        let predicted = |side, name| plan.predicts_loss(side, &PluginName::new(name));
        assert_eq!(predicted(Side::Old, "labplug"), loses);
        assert!(!predicted(Side::New, "labplug"));
        assert!(!predicted(Side::Old, "another"));
        loses
    };
    let mut pair = picked(Release::V400, &packages, "v1.1.0");
    assert!(loses(&pair));
    hide_all(&mut pair.old);
    assert!(!loses(&pair), "the old portal answers 404 already");
    pair.old.files.clear();
    assert!(loses(&pair), "what was not asked may be there");
}

#[test]
fn v4_5_takes_ui_active_and_v3_keeps_its_page() {
    let mut active = pkg("labplug", "v1.0.0");
    active.package.ui_active = Some(true);
    let mut other = pkg("labplug", "v1.4.0").idle().unlisted();
    other.package.ui_active = Some(false);
    let packages = [active, other];
    insta::assert_snapshot!(outline(&picked(Release::V456, &packages, "v1.4.0").plan()), @"
    new:labplug v1.4.0: not in the resource file list
      the resource file list no longer names v1.0.0 (uiActive)
    ");
    let mut without = packages.clone();
    without[1] = without[1].clone().no_ui();
    let mut pair = picked(Release::V456, &without, "v1.4.0");
    pair.options.all_running = true;
    assert!(
        pair.plan().steps[0].effects.is_empty(),
        "without UI, uiActive stays"
    );
}

#[test]
fn two_v4_5_sides_take_each_others_pages() {
    let mut active = pkg("labplug", "v1.0.0");
    active.package.ui_active = Some(true);
    let packages = [active, pkg("labplug", "v1.4.0").idle().unlisted()];
    let mut pair = picked(Release::V456, &packages, "v1.4.0");
    pair.old = inventory(Side::Old, Release::V456, &packages);
    let effects = pair.plan().steps[0].effects.clone();
    assert!(effects.contains(&SideEffect::OtherSideLosesPage {
        side: Side::Old,
        shows: Version::new("v1.0.0"),
    }));
}

#[test]
fn v3_registration_changes_other_side_unless_ui_active() {
    let packages = [
        pkg("labplug", "v1.0.0"),
        pkg("labplug", "v1.1.0").idle().unlisted(),
    ];
    for (release, loses) in [(Release::V400, true), (Release::V456, false)] {
        let mut pair = picked(release, &packages, "v1.1.0");
        pair.new = inventory(Side::New, release, &packages);
        hide_all(&mut pair.old);
        pair.options.write_to = WriteTo::Old;
        let plan = pair.plan();
        let effects = &step(&plan, Side::Old, "labplug").unwrap().effects;
        let lost = SideEffect::OtherSideLosesPage {
            side: Side::New,
            shows: Version::new("v1.0.0"),
        };
        assert_eq!(effects.contains(&lost), loses, "{release:?}");
        for always in [
            SideEffect::EmptiesFolder,
            SideEffect::MovesUploadTime,
            SideEffect::GrantsRoles,
        ] {
            assert!(effects.contains(&always));
        }
    }
}

#[test]
fn separate_databases_lose_no_page() {
    let packages = [
        pkg("labplug", "v1.1.0"),
        pkg("labplug", "v1.0.0").idle().unlisted(),
    ];
    let pair = Pair::separate(&[pkg("labplug", "v1.0.0")], &packages);
    let plan = pair.plan();
    assert_eq!(plan.steps[0].effects.len(), 1, "{}", outline(&plan));
    assert!(plan.steps[0].watched.is_empty());
}

fn owned(id: &str, owner: &str, source: &str, status: &str) -> SystemVariable {
    SystemVariable {
        package_name: owner.to_owned(),
        source: source.to_owned(),
        status: status.to_owned(),
        ..variable(id, &format!("NAME_{id}"), "x")
    }
}

/// The rows that a registration of `plugin v2` on `release` switches, as `id+` or `id-`.
fn switched(release: Release, rows: &[SystemVariable]) -> Vec<String> {
    let packages = [
        pkg("plugin", "v2"),
        pkg("plugin", "v1").idle().unlisted(),
        pkg("other", "v2"),
    ];
    let mut side = inventory(Side::New, release, &packages);
    hide_all(&mut side);
    side.variables = Reading::Known(rows.to_vec());
    let options = options();
    let plan = plan(PlanInput {
        new: Some(&side),
        old: None,
        options: &options,
    });
    let step = step(&plan, Side::New, "plugin").unwrap();
    step.effects
        .iter()
        .filter_map(|effect| match effect {
            SideEffect::SwitchesVariable { id, to_active, .. } => {
                Some(format!("{id}{}", if *to_active { '+' } else { '-' }))
            }
            _ => None,
        })
        .collect()
}

#[test]
fn variables_switch_by_generation() {
    let rows = [
        owned("a", "plugin", "plugin__v1", "active"),
        owned("b", "plugin", "plugin__v2", "active"),
        owned("c", "plugin", "plugin__v2", "inactive"),
        owned("d", "plugin", "system", "active"),
        owned("e", "", "plugin__v1", "active"),
        owned("f", "", "plugin__v2", "inactive"),
        owned("g", "", "plugin__v3", "active"),
        owned("h", "plugin", "plugin__v1", "inactive"),
        owned("i", "other", "other__v2", "active"),
        owned("j", "", "plugin__v2", ""),
        owned("k", "Plugin", "Plugin__v2", "active"),
    ];
    // v4 goes by the owner's name first and by the source last: b is switched off and on again.
    // A blank status is not active, so j is switched on.
    for release in [Release::V400, Release::V456] {
        assert_eq!(switched(release, &rows), ["a-", "c+", "d-", "f+", "j+"]);
    }
    // v3 goes by the sources of the versions that are uploaded: v3 of the plugin is not.
    assert_eq!(switched(Release::V326, &rows), ["a-", "c+", "e-", "f+"]);
}

#[test]
fn gateway_variable_can_be_switched_off() {
    let mut pair = Pair::shared(Release::V400, &[pkg("monitor", "v2.0.7")]);
    pair.variables(&[SystemVariable {
        package_name: "monitor".to_owned(),
        ..variable("sys_var_1", "GATEWAY_URL_NEW", "http://10.0.0.2:8005")
    }]);
    let plan = pair.plan();
    let names = plan.steps[0]
        .effects
        .iter()
        .filter_map(|effect| match effect {
            SideEffect::SwitchesVariable { name, .. } => Some(name.as_str()),
            _ => None,
        });
    assert_eq!(names.collect::<Vec<_>>(), ["GATEWAY_URL_NEW"]);
    let owner = PluginName::new("monitor");
    assert!(
        plan.notices
            .contains(&crate::plan::Notice::VariableOwnedByPlugin { name: owner })
    );
}

#[test]
fn state_before_is_recorded_for_the_proof() {
    let mut packages = [pkg("monitor", "v2.0.7").scripts(3)];
    packages[0].package.updated_time = Some("2024-05-01 00:00:00".to_owned());
    let pair = Pair::shared(Release::V400, &packages);
    let step = &pair.plan().steps[0];
    assert_eq!(step.before.file_rows.len(), 5);
    assert_eq!(step.before.pages.len(), 4);
    assert_eq!(step.before.updated_time, packages[0].package.updated_time);
    assert_eq!(step.before.uploaded, packages[0].package.uploaded);
    assert_eq!(step.watched.len(), 4, "what the old portal serves now");
    let mut pair = pair.clone();
    let lost = step.watched.first().unwrap();
    for (_, state) in pair.old.files.get_mut(lost).unwrap().iter_mut() {
        *state = FileState::Missing;
    }
    let watched = &pair.plan().steps[0].watched;
    assert_eq!(watched.len(), 3, "what it lacks cannot be lost");
    assert!(!watched.contains(lost));
}
