//! The worlds in which each code is shown: changed while they are served ([`LIVE`]), or so from their
//! start ([`worlds`]).

use wecubectl::sim::{Dependency, FilesAtStart, Instance, MadeBy, Menu, Variable};
use wecubectl::sim::{Package, SideName, World, WorldState};

use super::ROLE;

pub(super) fn plugin(name: &str) -> Package {
    let mut package = Package::new(name, "v2.0.0")
        .with_ui("plugin")
        .needs("platform", "v2.9.0")
        .made_by(MadeBy::V4);
    package.ui_active = true;
    package.menus.push(Menu {
        code: format!("{}_PAGE", name.to_uppercase()),
        category: "ADMIN".to_owned(),
        display_name: name.to_owned(),
        local_display_name: name.to_owned(),
        path: format!("/{name}/page"),
    });
    package.authorities.push(wecubectl::sim::Authority {
        role: ROLE.to_owned(),
        menus: vec![format!("{}_PAGE", name.to_uppercase())],
    });
    package.instances.push(launched_by_v4());
    package
}

pub(super) fn launched_by_v4() -> Instance {
    Instance {
        made_by: MadeBy::V4,
        ..Instance::default()
    }
}

/// v3.2.6 beside a v4.5.6 on one database, with two plugins that are visible on both; all is well but
/// what the platform's addresses make of it: see [`healthy`].
pub(super) fn pair() -> World {
    let mut world = World {
        old: Some(wecubectl::sim::SideSpec::default()),
        ..World::default()
    }
    .new_version("v4.5.6")
    .old_version("v3.2.6")
    .portals(2, 1)
    .package(plugin("alpha"))
    .package({
        let mut beta = plugin("beta");
        beta.dependencies.push(Dependency {
            name: "alpha".to_owned(),
            version: "v1.0.0".to_owned(),
        });
        beta
    });
    world.new.files = FilesAtStart::Active;
    if let Some(old) = &mut world.old {
        old.files = FilesAtStart::Active;
    }
    world
}

/// Changes what is served.
pub(super) struct Shown {
    pub(super) code: &'static str,
    pub(super) how: fn(&mut WorldState),
}

pub(super) fn row<'a>(state: &'a mut WorldState, name: &str) -> &'a mut Package {
    let rows = &mut state.database_mut(SideName::New).packages;
    let row = rows.iter_mut().find(|row| row.package.name == name);
    &mut row.expect("the plugin").package
}

pub(super) fn variable(state: &mut WorldState) -> &mut Variable {
    let rows = &mut state.database_mut(SideName::New).variables;
    rows.iter_mut()
        .find(|row| row.name == "GATEWAY_URL_NEW")
        .expect("the row")
}

pub(super) fn fault(state: &mut WorldState, spec: &str) {
    state.add_fault(spec).unwrap();
}

/// One database, changed while it is served.
pub(super) const LIVE: &[Shown] = &[
    Shown {
        code: "W0304",
        how: |w| {
            let rows = &mut w.database_mut(SideName::New).packages;
            let row = rows.iter_mut().find(|row| row.package.name == "beta");
            row.expect("the plugin").menus[0].greyed = true;
        },
    },
    Shown {
        code: "W0313",
        how: |w| fault(w, "core-route-missing=beta"),
    },
    Shown {
        code: "W0315",
        how: |w| {
            // Launched again on another port; the gateways load their routes every minute.
            let instance = &mut row(w, "beta").instances[0];
            instance.port += 1;
        },
    },
    Shown {
        code: "W0101",
        how: |w| fault(w, "old:core-down"),
    },
    Shown {
        code: "W0103",
        how: |w| fault(w, "unwell"),
    },
    Shown {
        code: "W0104",
        how: |w| w.new.clock_offset_s = 120,
    },
    Shown {
        code: "W0109",
        how: |w| w.new.clock_offset_s = -120,
    },
    Shown {
        code: "W0105",
        how: |w| w.new.seed = "AnotherSeedOfThisPlatform".into(),
    },
    Shown {
        code: "W0201",
        how: |w| {
            w.database_mut(SideName::New)
                .variables
                .retain(|row| row.name != "GATEWAY_URL_NEW");
        },
    },
    Shown {
        code: "W0202",
        how: |w| {
            let twin = Variable {
                id: "sys_var_000186a1aaaaaaaaaaaaa".to_owned(),
                ..variable(w).clone()
            };
            w.database_mut(SideName::New).variables.push(twin);
        },
    },
    Shown {
        code: "W0203",
        how: |w| variable(w).status = "inactive".into(),
    },
    Shown {
        code: "W0204",
        how: |w| variable(w).value = Some("http://10.9.9.9:8005".to_owned()),
    },
    Shown {
        code: "W0205",
        how: |w| variable(w).package_name = Some("alpha".to_owned()),
    },
    Shown {
        code: "W0206",
        how: |w| add(w, "system__global__GATEWAY_URL_NEW", "x"),
    },
    Shown {
        code: "W0301",
        how: |w| row(w, "beta").status = "UNREGISTERED".into(),
    },
    Shown {
        code: "W0302",
        how: |w| row(w, "beta").instances.clear(),
    },
    Shown {
        code: "W0303",
        how: |w| row(w, "alpha").version = "v1.0.0".into(),
    },
    Shown {
        code: "W0306",
        how: |w| row(w, "beta").ui_active = false,
    },
    Shown {
        code: "W0307",
        how: |w| clear(w, SideName::New, "beta"),
    },
    Shown {
        code: "W0308",
        how: |w| fault(w, "forbidden-file=beta"),
    },
    Shown {
        code: "W0309",
        how: |w| fault(w, "html-script=beta"),
    },
    Shown {
        code: "W0310",
        how: |w| fault(w, "empty-file=beta"),
    },
    Shown {
        code: "W0311",
        how: |w| fault(w, "portal-502=beta"),
    },
    Shown {
        code: "W0312",
        how: |w| other_bytes(w, SideName::New, 1),
    },
    Shown {
        code: "W0316",
        how: |w| fault(w, "plugin-down=beta"),
    },
    Shown {
        code: "W0317",
        how: |w| row(w, "beta").instances.clear(),
    },
    Shown {
        code: "W0319",
        how: |w| {
            let beta = row(w, "beta");
            beta.instances.clear();
            beta.ui = None;
        },
    },
    Shown {
        code: "W0401",
        how: |w| clear(w, SideName::New, "beta"),
    },
    Shown {
        code: "W0402",
        how: |w| clear(w, SideName::Old, "beta"),
    },
    Shown {
        code: "W0410",
        how: |w| other_bytes(w, SideName::Old, 0),
    },
    Shown {
        code: "W0411",
        how: |w| {
            // Registered on new, and its files never copied to the old portals.
            let rows = &mut w.database_mut(SideName::New).packages;
            let beta = rows.iter().find(|row| row.package.name == "beta");
            let mut later = beta.expect("the plugin").clone();
            later.package.id.push_str("-later");
            later.package.version = "v2.0.1".into();
            later.package.upload_timestamp = "2024-04-01 00:00:00".into();
            later.package.ui_active = false;
            later.package.instances.clear();
            for file in &mut later.files {
                file.related_path = file.related_path.replace("v2.0.0", "v2.0.1");
            }
            rows.push(later);
        },
    },
    Shown {
        code: "W0501",
        how: |w| row(w, "beta").instances[0].id = "vBKYDgiB2HoH".into(),
    },
    Shown {
        code: "W0502",
        how: |w| row(w, "beta").instances[0].id = "p_docker_0000ffffaaaaaaaaaaaaa".into(),
    },
    Shown {
        code: "W0503",
        how: |w| {
            let rows = &mut w.database_mut(SideName::New).variables;
            rows.iter_mut()
                .filter(|row| row.name == "GATEWAY_URL")
                .for_each(|row| row.value = Some("http://10.9.9.9:19110".to_owned()));
        },
    },
    Shown {
        code: "W0506",
        how: |w| clear(w, SideName::New, "beta"),
    },
    Shown {
        code: "W0601",
        how: |w| {
            row(w, "alpha").ui_active = false;
            row(w, "beta").ui_active = false;
        },
    },
    Shown {
        code: "W0602",
        how: |w| row(w, "beta").register_done = false,
    },
    Shown {
        code: "W0701",
        how: |w| fault(w, "other-seed=beta"),
    },
];

pub(super) fn add(state: &mut WorldState, name: &str, value: &str) {
    let row = Variable {
        id: "sys_var_000186a2aaaaaaaaaaaaa".to_owned(),
        ..Variable::global(name, value)
    };
    state.database_mut(SideName::New).variables.push(row);
}

pub(super) fn clear(state: &mut WorldState, side: SideName, name: &str) {
    state.side_mut(side).clear_package(name, "v2.0.0");
}

pub(super) fn is_script(path: &str) -> bool {
    let extension = std::path::Path::new(path).extension();
    extension.is_some_and(|extension| extension == "js")
}

pub(super) fn other_bytes(state: &mut WorldState, side: SideName, disk: usize) {
    let disk = &mut state.side_mut(side).disks[disk];
    let path = disk
        .paths()
        .find(|path| path.contains("/beta/") && is_script(path));
    let path = path.expect("a script").to_owned();
    disk.put(&path, wecubectl::sim::DiskFile::new("other bytes"));
}

/// Worlds that are so from their start.
pub(super) fn worlds() -> Vec<(&'static str, World)> {
    let with = |change: fn(&mut World)| {
        let mut world = pair();
        change(&mut world);
        world
    };
    let without_pages = |version: &str| Package::new("salt", version).made_by(MadeBy::V4);
    let mut apart = pair().separate_databases();
    apart.old_content = Some(apart.content.clone());
    if let Some(old) = &mut apart.old_content {
        let mut salt = without_pages("v1.0.0");
        salt.instances.push(launched_by_v4());
        old.packages.push(salt);
        old.variables.push(Variable::global("ONLY_OLD", "x"));
    }
    let mut newer = without_pages("v1.1.0");
    newer.instances.push(launched_by_v4());
    let differ = {
        let mut world = apart.clone();
        world.content.packages.push(newer);
        world
    };
    let lost = {
        let mut world = apart.clone();
        world.content.packages[1].authorities.clear();
        world
    };
    vec![
        ("W0102", with(|w| w.new.version = "latest".into())),
        ("W0107", pair().new_version("v3.2.6")),
        ("W0305", lost),
        ("W0320", with(|w| w.content.packages[1].authorities.clear())),
        (
            "W0314",
            with(|w| w.faults.push("route-missing=beta".to_owned())),
        ),
        (
            "W0318",
            with(|w| {
                // A minute before the check.
                w.content.packages[1].instances[0].id = "p_docker_6b03abf4aaaaaaaaaaaaa".into();
                w.faults.push("route-missing=beta".to_owned());
            }),
        ),
        ("W0403", differ),
        (
            "W0404",
            with(|w| {
                let mut second = plugin("beta");
                second.version = "v2.0.1".into();
                w.content.packages.push(second);
            }),
        ),
        (
            "W0405",
            with(|w| {
                let mut second = plugin("beta");
                second.version = "v2.0.1".into();
                second.instances.clear();
                second.upload_timestamp = "2024-04-01 00:00:00".into();
                w.content.packages[1].ui_active = false;
                w.content.packages.push(second);
            }),
        ),
        (
            "W0406",
            with(|w| {
                // v4.5 shows what has its uiActive, v3 what was uploaded last.
                let mut second = plugin("beta");
                second.version = "v2.0.1".into();
                second.upload_timestamp = "2023-04-01 00:00:00".into();
                w.content.packages[1].ui_active = false;
                w.content.packages.push(second);
            }),
        ),
        (
            "W0407",
            with(|w| {
                let mut taskman = plugin("taskman");
                taskman.version = "v1.0.0".into();
                w.content.packages.push(taskman);
            }),
        ),
        (
            "W0408",
            with(|w| w.content.packages[1].dependencies[0].version = "v9.0.0".into()),
        ),
        (
            "W0409",
            with(|w| w.content.packages.push(plugin("monitor"))),
        ),
        ("W0504", apart.clone()),
        ("W0505", apart),
    ]
}
