//! Whether pages are proven visible, and what follows.

use std::collections::BTreeSet;

use crate::domain::{
    Address, FailureCause, FilePath, FileState, Inventory, PluginName, Reading, Side, Version,
};
use crate::plan::testing::{
    Pair, Release, failure, inventory, outline, pkg, serve, serve_all, served, set_pages_of, step,
};
use crate::plan::{RegisterReason, SkipReason, WriteTo};

#[test]
fn pages_proven_only_by_every_portal() {
    let html = FileState::NotAScript {
        content_type: "text/html".to_owned(),
    };
    let lost = FileState::Unknown {
        cause: FailureCause::Said("reset".to_owned()),
    };
    let hidden = |hidden| RegisterReason::PagesHidden { hidden, listed: 2 };
    for (state, reason) in [
        (FileState::Missing, hidden(2)),
        (FileState::Empty, hidden(2)),
        (html, hidden(2)),
        (served(7), RegisterReason::ContentDiffers),
    ] {
        let mut pair = Pair::shared(Release::V400, &[pkg("monitor", "v2.0.7")]);
        set_pages_of(&mut pair.new, "monitor", &state);
        let plan = pair.plan();
        assert_eq!(plan.steps[0].reason, reason, "{state:?}");
    }
    // What a registration cannot cure is not registered, unless somebody insists.
    let status = |status| FileState::Unexpected { status };
    let unknown = [301, 302, 401, 407, 429, 500, 502, 503].map(status);
    for state in unknown.into_iter().chain([FileState::Forbidden, lost]) {
        let mut pair = Pair::shared(Release::V400, &[pkg("monitor", "v2.0.7")]);
        set_pages_of(&mut pair.new, "monitor", &state);
        let plan = pair.plan();
        assert!(plan.steps.is_empty(), "{state:?}");
        let SkipReason::PagesUnknown { unknown, first } = &plan.skipped[0].reason else {
            panic!("{state:?}: {:?}", plan.skipped);
        };
        let portal = pair.new.identity.portals[0].clone();
        assert_eq!((*unknown, first), (2, &Some((portal, state))));
        pair.options.register_unverified = BTreeSet::from([PluginName::new("monitor")]);
        assert_eq!(pair.plan().steps[0].reason, RegisterReason::PagesUnknown);
    }
}

#[test]
fn unknown_pages_block_no_dependents() {
    let packages = [
        pkg("wecmdb", "v2.0.10"),
        pkg("monitor", "v2.0.7").needs("wecmdb", "v2.0.0"),
    ];
    let mut pair = Pair::shared(Release::V400, &packages);
    set_pages_of(
        &mut pair.new,
        "wecmdb",
        &FileState::Unexpected { status: 502 },
    );
    let plan = pair.plan();
    let names = plan.steps.iter().map(|step| step.id.name.as_str());
    assert_eq!(names.collect::<Vec<_>>(), ["monitor"]);
}

/// Each registration by that core would move more rows to where no portal looks.
#[test]
fn row_in_another_folder_registers_nothing() {
    let packages = [pkg("wecmdb", "v2.0.10"), pkg("monitor", "v2.0.7")];
    let mut pair = Pair::shared(Release::V400, &packages);
    let moved = FilePath::new("/static/wecmdb/v2.0.10/js/app0.js");
    if let Reading::Known(rows) = &mut pair.new.resource_files {
        rows[0].path = moved.clone();
    }
    let portal = pair.new.identity.portals[0].clone();
    let states = [(portal, FileState::Missing)].into_iter().collect();
    pair.new.files.insert(moved.clone(), states);
    let plan = pair.plan();
    assert!(plan.steps.is_empty());
    let folder = "static".to_owned();
    let reason = SkipReason::StaticPath {
        folder,
        row: Some(moved),
    };
    assert!(
        plan.skipped.iter().all(|left| left.reason == reason),
        "{:?}",
        plan.skipped
    );
    pair.options.register_unverified = BTreeSet::from([PluginName::new("wecmdb")]);
    assert_eq!(pair.plan().steps.len(), 1);
}

#[test]
fn static_folder_of_the_environment_file_registers_nothing_that_is_missing() {
    let packages = [pkg("wecmdb", "v2.0.10"), pkg("monitor", "v2.0.7")];
    let mut pair = Pair::shared(Release::V400, &packages);
    pair.options.static_folder = Some("static".to_owned());
    set_pages_of(&mut pair.new, "wecmdb", &FileState::Missing);
    serve(&mut pair.new, "monitor");
    let plan = pair.plan();
    assert!(plan.steps.is_empty(), "{:?}", plan.steps);
    let reasons: Vec<_> = plan.skipped.iter().map(|left| left.reason.code()).collect();
    assert_eq!(reasons, ["already_visible", "static_path"]);
    // The file is that of the new instance: it says nothing of the old one, of any version.
    let mut pair = Pair::shared(Release::V456, &packages);
    pair.options.static_folder = Some("static".to_owned());
    pair.options.write_to = WriteTo::Old;
    for release in [Release::V326, Release::V400] {
        pair.old = inventory(Side::Old, release, &packages);
        set_pages_of(&mut pair.old, "wecmdb", &FileState::Missing);
        assert_eq!(pair.plan().steps.len(), 1, "{release:?}");
    }
}

#[test]
fn one_missing_page_hides_plugin() {
    let mut pair = Pair::shared(Release::V400, &[pkg("monitor", "v2.0.7")]);
    let second = Address::new("http://10.0.0.3:8080");
    pair.new.identity.portals.push(second.clone());
    serve_all(&mut pair.new);
    assert!(pair.plan().steps.is_empty());
    let page = pair.new.files.keys().next().unwrap().clone();
    let answers = pair.new.files.get_mut(&page).unwrap();
    answers.insert(second.clone(), FileState::Missing);
    let reason = RegisterReason::PagesHidden {
        hidden: 1,
        listed: 2,
    };
    assert_eq!(pair.plan().steps[0].reason, reason);
    pair.new.files.get_mut(&page).unwrap().remove(&second);
    assert!(pair.plan().steps.is_empty());
}

#[test]
fn no_portal_or_no_rows_proves_nothing() {
    let mut pair = Pair::shared(Release::V400, &[pkg("monitor", "v2.0.7")]);
    serve_all(&mut pair.new);
    let mut blind = pair.clone();
    blind.new.identity.portals.clear();
    let nobody = SkipReason::PagesUnknown {
        unknown: 0,
        first: None,
    };
    assert_eq!(blind.plan().skipped[0].reason, nobody);
    pair.new.resource_files = Reading::Unknown(failure("resource-files"));
    let failure = failure("resource-files");
    let reason = SkipReason::Unreadable { failure };
    assert_eq!(pair.plan().skipped[0].reason, reason);
}

#[test]
fn differing_content_found_by_digest() {
    let mut pair = Pair::shared(Release::V400, &[pkg("monitor", "v2.0.7")]);
    serve_all(&mut pair.new);
    let digest = |inventory: &mut Inventory, text: &str| {
        for state in inventory
            .files
            .values_mut()
            .flat_map(|answers| answers.iter_mut().map(|(_, state)| state))
        {
            if let FileState::Served(file) = state {
                file.digest = Some(text.to_owned());
            }
        }
    };
    digest(&mut pair.new, "aa");
    assert!(pair.plan().steps.is_empty(), "the old side told no digest");
    digest(&mut pair.old, "bb");
    assert_eq!(pair.plan().steps[0].reason, RegisterReason::ContentDiffers);
}

#[test]
fn rows_of_another_version_are_ignored() {
    let packages = [
        pkg("labplug", "v1.0.0").unlisted(),
        pkg("labplug", "v1.1.0").idle(),
    ];
    let mut pair = Pair::shared(Release::V400, &packages);
    serve_all(&mut pair.new);
    pair.options
        .picks
        .insert(PluginName::new("labplug"), Version::new("v1.0.0"));
    assert_eq!(pair.plan().steps[0].reason, RegisterReason::NotListed);
}

/// A v3 always writes to the folder that its portals serve.
#[test]
fn row_in_another_folder_holds_up_no_v3() {
    for (release, is_registered) in [(Release::V326, true), (Release::V400, false)] {
        let packages = [pkg("wecmdb", "v2.0.10")];
        let mut pair = Pair::shared(Release::V456, &packages);
        pair.old = inventory(Side::Old, release, &packages);
        pair.options.write_to = WriteTo::Old;
        let moved = FilePath::new("/static/wecmdb/v2.0.10/js/app0.js");
        let Reading::Known(rows) = &mut pair.old.resource_files else {
            panic!("rows are known");
        };
        rows[0].path = moved.clone();
        let portal = pair.old.identity.portals[0].clone();
        let states = [(portal, FileState::Missing)].into_iter().collect();
        pair.old.files.insert(moved, states);
        let plan = pair.plan();
        let found = step(&plan, Side::Old, "wecmdb").is_some();
        assert_eq!(found, is_registered, "{release:?}: {}", outline(&plan));
    }
}
