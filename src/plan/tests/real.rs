//! The sixteen plugins of `fixtures/plugins.json`, as they stood between v3.2.6 and v4.0.0.

use std::collections::BTreeMap;

use crate::domain::{PlatformVersion, Side};
use crate::i18n::{Catalog, Lang};
use crate::plan::testing::{
    Pair, Pkg, Release, english, inventory, left, notices, options, outline, pkg, reason, step,
};
use crate::plan::{Notice, forecast, messages};

/// The packages of that era, with other versions if given. alicloud, huaweicloud and kubernetes
/// have no released version there.
fn plugins(other: &[(&str, &str)]) -> Vec<Pkg> {
    let text = include_str!("../../../fixtures/plugins.json");
    let all: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
    let text = |value: &serde_json::Value, key: &str| value[key].as_str().map(str::to_owned);
    let mut chosen: BTreeMap<String, Pkg> = BTreeMap::new();
    for plugin in &all {
        let name = text(plugin, "name").unwrap();
        let version = text(plugin, "version").unwrap_or_else(|| "v1.0.0".to_owned());
        let asked = other.iter().find(|(other, _)| *other == name);
        let taken = match asked {
            Some((_, asked)) => version == *asked,
            None => text(plugin, "era").is_some_and(|era| era.starts_with("v3.2.6")),
        };
        if !taken {
            continue;
        }
        let mut package = pkg(&name, &version);
        if plugin["has_ui"] != serde_json::Value::Bool(true) {
            package = package.no_ui();
        }
        for wanted in plugin["dependencies"].as_array().unwrap() {
            let (on, version) = (text(wanted, "name"), text(wanted, "version"));
            package = package.needs(&on.unwrap(), &version.unwrap());
        }
        chosen.insert(name, package);
    }
    chosen.into_values().collect()
}

#[test]
fn the_fixture_has_sixteen_plugins() {
    assert_eq!(plugins(&[]).len(), 16);
}

#[test]
fn all_but_terminal_pass_on_v4_0_0() {
    let plan = Pair::shared(Release::V400, &plugins(&[])).plan();
    insta::assert_snapshot!(outline(&plan), @"
    new:wecmdb v2.0.10: 2 of 2 static files missing on the portal
    new:monitor v2.0.7: 2 of 2 static files missing on the portal after new:wecmdb
    new:artifacts v1.1.10: 2 of 2 static files missing on the portal after new:wecmdb
    new:capacity v1.0.5: 2 of 2 static files missing on the portal after new:monitor
    new:itsdangerous v0.2.1: 2 of 2 static files missing on the portal
    new:service-mgmt v0.7.1: 2 of 2 static files missing on the portal
    new:taskman v1.1.0: 2 of 2 static files missing on the portal after new:wecmdb
    new:terraform v0.5.2: 2 of 2 static files missing on the portal
    new:alicloud v1.0.0 no_ui: no UI
    new:bdp v0.1.6 no_ui: no UI
    new:huaweicloud v1.0.0 no_ui: no UI
    new:kubernetes v1.0.0 no_ui: no UI
    new:notification v0.2.0 no_ui: no UI
    new:qcloud v1.8.10 no_ui: no UI
    new:saltstack v1.10.14 no_ui: no UI
    new:terminal v1.0.1 dependency_too_old: requires itsdangerous newer than v0.2.1; v0.2.1 is registered
    ");
    let terminal = left(&plan, Side::New, "terminal").unwrap();
    let said = messages::skipped_package(terminal);
    assert_eq!(
        english(&said.message),
        "requires itsdangerous newer than v0.2.1; v0.2.1 is registered"
    );
    assert_eq!(
        english(&said.hint.unwrap()),
        "wecubectl plugin upload --side new FILE"
    );
    assert_eq!(
        Catalog::new(Lang::Zh).render(&said.message),
        "要求比 v0.2.1 更新的 itsdangerous，已注册的是 v0.2.1"
    );
}

#[test]
fn newer_itsdangerous_unblocks_terminal() {
    let packages = plugins(&[("itsdangerous", "v0.2.5")]);
    for release in [Release::V400, Release::V456] {
        let plan = Pair::shared(release, &packages).plan();
        let terminal = step(&plan, Side::New, "terminal").unwrap();
        assert_eq!(terminal.after.len(), 1);
        let blocked = plan.skipped.iter().filter(|left| left.reason.is_blocking());
        assert_eq!(blocked.count(), 0, "{}", outline(&plan));
    }
}

#[test]
fn newer_packages_need_newer_platform() {
    let later = [
        ("wecmdb", "v2.4.2"),
        ("monitor", "v3.7.4"),
        ("taskman", "v1.5.0"),
    ];
    let plan = Pair::shared(Release::V400, &plugins(&later)).plan();
    for (name, _) in later {
        assert_eq!(reason(&plan, name).code(), "platform_too_old", "{name}");
    }
    for name in ["artifacts", "capacity"] {
        let registered = "what they depend on is registered";
        assert!(step(&plan, Side::New, name).is_some(), "{registered}");
    }
    let plan = Pair::shared(Release::V456, &plugins(&later)).plan();
    for (name, _) in later {
        assert!(step(&plan, Side::New, name).is_some(), "{name}");
    }
}

#[test]
fn taskman_v1_1_0_is_skipped_on_v3() {
    let mut pair = Pair::shared(Release::V400, &plugins(&[]));
    crate::plan::testing::hide_all(&mut pair.old);
    pair.options.write_to = crate::plan::WriteTo::Both;
    let plan = pair.plan();
    let old = left(&plan, Side::Old, "taskman").unwrap();
    assert_eq!(old.reason.code(), "not_for_this_side");
    assert!(!old.reason.is_blocking());
    assert!(step(&plan, Side::New, "taskman").is_some());
    assert!(
        step(&plan, Side::Old, "terminal").is_some(),
        "v3 takes equal"
    );
}

#[test]
fn forecast_predicts_terminal_block() {
    let packages = plugins(&[("taskman", "v1.0.0")]);
    let old = inventory(Side::Old, Release::V326, &packages);
    let mut options = options();
    let version = PlatformVersion::parse("v4.0.0");
    options.target = Some((version, Release::V400.capabilities()));
    let plan = forecast(&old, &options);
    let refused: Vec<&str> = plan
        .notices
        .iter()
        .filter_map(|notice| match notice {
            Notice::TargetRefuses { name, .. } => Some(name.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(refused, ["terminal"], "{}", notices(&plan));
}
