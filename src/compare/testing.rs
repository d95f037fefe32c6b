//! Inventories for tests: a healthy side by a few words, then one thing is changed.

use std::collections::BTreeMap;

use crate::domain::*;

/// A failure to read, for tests.
pub(crate) fn failure() -> ReadFailure {
    ReadFailure {
        kind: FailureKind::PermissionDenied,
        operation: "packages.list",
        target: "GET http://core/platform/v1/packages".to_owned(),
        cause: crate::domain::FailureCause::Said("Access is denied".to_owned()),
    }
}

/// What a v3.2.6 and a v4.0.0 can, as far as a comparison could ask.
pub(crate) fn capabilities(generation: Generation) -> Capabilities {
    let v3 = generation == Generation::V3;
    Capabilities {
        generation,
        listing: if v3 {
            PackageListing::Always
        } else {
            PackageListing::AllParameter
        },
        demotes_siblings: !v3,
        ui_active: false,
        listing_needs_ui_active: false,
        listing_needs_instance: false,
        marks_update: false,
        renews_resource_ids: !v3,
        moves_upload_time: v3,
        revives_decommissioned: !v3,
        menu_permissions: false,
        empties_before_copy: v3,
        one_register_at_a_time: v3,
        max_other_active_versions: v3.then_some(2),
        version_rule: if v3 { VersionRule::V3 } else { VersionRule::V4 },
    }
}

/// A side that answers everything and has nothing yet.
pub(crate) fn empty(side: Side, version: &str, portals: &[&str]) -> Inventory {
    let generation = if version.contains('3') {
        Generation::V3
    } else {
        Generation::V4
    };
    Inventory {
        identity: InstanceIdentity {
            side,
            core: Address::new(format!("http://{side}-core:8000")),
            gateway: Address::new(format!("http://{side}-gateway:8005")),
            portals: portals.iter().map(|it| Address::new(*it)).collect(),
        },
        unproven: Vec::new(),
        version: Reading::Known(PlatformVersion::parse(version)),
        capabilities: capabilities(generation),
        clock_offset_s: Some(0),
        packages: Reading::Known(Vec::new()),
        instances: BTreeMap::new(),
        dependencies: BTreeMap::new(),
        package_menus: BTreeMap::new(),
        my_menus: Reading::Known(Vec::new()),
        resource_files: Reading::Known(Vec::new()),
        core_routes: Reading::Known(Vec::new()),
        gateway_routes: Reading::Known(Vec::new()),
        variables: Reading::Known(Vec::new()),
        files: BTreeMap::new(),
        reach: BTreeMap::new(),
    }
}

/// The old side with one portal.
pub(crate) fn old_side() -> Inventory {
    empty(Side::Old, "v3.2.6", &["http://old-portal:8080"])
}

/// The new side with one portal.
pub(crate) fn new_side() -> Inventory {
    empty(Side::New, "v4.0.0", &["http://new-portal:8080"])
}

pub(crate) fn id(name: &str, version: &str) -> PackageId {
    PackageId::new(format!("plugin_{name}_{version}"))
}

pub(crate) fn page_path(name: &str, version: &str) -> FilePath {
    FilePath::new(format!("/ui-resources/{name}/{version}/plugin/js/app.js"))
}

fn known<T>(reading: &mut Reading<Vec<T>>) -> &mut Vec<T> {
    match reading {
        Reading::Known(rows) => rows,
        Reading::Unknown(_) => panic!("known in tests"),
    }
}

/// Steps by which a test makes or changes a side.
pub(crate) trait Build: Sized {
    fn inventory(&mut self) -> &mut Inventory;

    /// A package without instance, menus or listed pages.
    fn package(mut self, name: &str, version: &str, status: &str, has_ui: bool) -> Self {
        let inventory = self.inventory();
        known(&mut inventory.packages).push(Package {
            id: id(name, version),
            name: PluginName::new(name),
            version: Version::new(version),
            status: PackageStatus::parse(status),
            edition: Edition::Community,
            has_ui,
            uploaded: None,
            ui_active: None,
            register_done: None,
            updated_time: None,
            updated_by: None,
        });
        let id = id(name, version);
        inventory
            .instances
            .insert(id.clone(), Reading::Known(Vec::new()));
        inventory
            .dependencies
            .insert(id.clone(), Reading::Known(Vec::new()));
        inventory
            .package_menus
            .insert(id, Reading::Known(Vec::new()));
        self
    }

    /// An instance of it that runs, is routed to and answers.
    fn running(mut self, name: &str, version: &str, instance: &str, port: u16) -> Self {
        let inventory = self.inventory();
        let package = id(name, version);
        let Some(Reading::Known(instances)) = inventory.instances.get_mut(&package) else {
            panic!("the package comes first");
        };
        instances.push(Instance {
            id: InstanceId::new(instance),
            package,
            host: "10.0.0.5".to_owned(),
            port,
            container_name: name.to_owned(),
            status: InstanceStatus::Running,
        });
        let route = RouteItem {
            context: PluginName::new(name),
            host: "10.0.0.5".to_owned(),
            port: port.to_string(),
            path: None,
        };
        known(&mut inventory.core_routes).push(route.clone());
        known(&mut inventory.gateway_routes).push(route);
        inventory
            .reach
            .insert(PluginName::new(name), Reach::Reached { status: 200 });
        self
    }

    /// A menu that it brings.
    fn menu(mut self, name: &str, version: &str, code: &str, active: bool) -> Self {
        let package = id(name, version);
        let Some(Reading::Known(menus)) = self.inventory().package_menus.get_mut(&package) else {
            panic!("the package comes first");
        };
        menus.push(MenuItem {
            code: code.to_owned(),
            category: "JOBS".to_owned(),
            source: package.as_str().to_owned(),
            display_name: code.to_owned(),
            path: "/somewhere".to_owned(),
            active,
        });
        self
    }

    /// Its page is listed, and every portal answers so.
    fn listed(mut self, name: &str, version: &str, state: &FileState) -> Self {
        let inventory = self.inventory();
        known(&mut inventory.resource_files).push(ResourceFile {
            id: ResourceFileId::new(format!("p_ui_{name}")),
            package_name: PluginName::new(name),
            package_version: Version::new(version),
            path: page_path(name, version),
        });
        let portals = inventory.identity.portals.iter();
        let answers = portals.map(|portal| (portal.clone(), state.clone()));
        inventory
            .files
            .insert(page_path(name, version), answers.collect());
        self
    }

    /// One portal answers otherwise.
    fn answers(mut self, portal: &str, path: &FilePath, state: FileState) -> Self {
        let files = self.inventory().files.get_mut(path).expect("a listed page");
        files.insert(Address::new(portal), state);
        self
    }

    /// It needs that platform version.
    fn gated(mut self, name: &str, version: &str, platform: &str) -> Self {
        let requirement = Dependency {
            name: PluginName::new("platform"),
            version: Version::new(platform),
        };
        self.inventory()
            .dependencies
            .insert(id(name, version), Reading::Known(vec![requirement]));
        self
    }

    /// It declares that dependency.
    fn depends(mut self, name: &str, version: &str, on: &str, wanted: &str) -> Self {
        let dependencies = self.inventory().dependencies.entry(id(name, version));
        let dependencies = dependencies.or_insert_with(|| Reading::Known(Vec::new()));
        known(dependencies).push(Dependency {
            name: PluginName::new(on),
            version: Version::new(wanted),
        });
        self
    }

    /// A plugin with a page and a menu, registered, running, served everywhere.
    fn healthy(self, name: &str, version: &str) -> Self {
        let port = 20_000 + u16::try_from(name.len()).expect("a short name");
        let instance = format!("p_docker_{name}");
        self.package(name, version, "REGISTERED", true)
            .running(name, version, &instance, port)
            .menu(name, version, &format!("{name}_MENU"), true)
            .listed(name, version, &served(1000))
    }
}

impl Build for Inventory {
    fn inventory(&mut self) -> &mut Inventory {
        self
    }
}

/// A file of that length.
pub(crate) fn served(length: u64) -> FileState {
    FileState::Served(ServedFile {
        length: Some(length),
        etag: None,
        digest: None,
    })
}
