//! Ready-made worlds: the sixteen real plugins for `demo`, and N plugins with pages for loads.

use serde_json::Error;

use super::world::{
    Content, FilesAtStart, Instance, MadeBy, Menu, Package, SideSpec, Timing, Ui, World,
};

/// The real plugins (from their `register.xml`), trimmed; see `fixtures/plugins.json`.
const PLUGINS: &str = include_str!("../../fixtures/worlds/plugins.json");

/// Milliseconds of one registration in demo worlds: fast, with everything else as measured.
const DEMO_SERVICE_MS: f64 = 50.0;

/// Every plugin of the catalogue, several versions of some.
pub fn plugins() -> Result<Vec<Package>, Error> {
    serde_json::from_str(PLUGINS)
}

impl World {
    /// v3.2.6 with the sixteen real plugins, beside a new v4.0.0, on one database.
    ///
    /// As measured: taskman v1.1.0 is there but not registered (it wants v4), bdp has no instance,
    /// all others run. itsdangerous is v0.2.5, so that terminal passes on v4.
    ///
    /// # Panics
    /// Never: the embedded catalogue is read by a test.
    pub fn demo() -> Self {
        let all = plugins().expect("the embedded catalogue is valid");
        let wanted = |package: &&Package| match package.name.as_str() {
            "itsdangerous" => package.version == "v0.2.5",
            _ => package.era == "v3.2.6-v4.0.0",
        };
        let packages = all
            .iter()
            .filter(wanted)
            .zip(20_u32..)
            .map(|(package, second)| placed(package.clone(), second))
            .collect();
        Self {
            new: SideSpec::default(),
            old: Some(SideSpec {
                version: "v3.2.6".to_owned(),
                files: FilesAtStart::Active,
                ..SideSpec::default()
            }),
            content: Content {
                packages,
                ..Content::default()
            },
            uploads: all,
            timing: Timing {
                service_time_ms: DEMO_SERVICE_MS,
                no_ui_ms: 1.0,
                ..Timing::default()
            },
            ..Self::default()
        }
    }

    /// A new v4.0.0 and an old v3.2.6 with `n` plugins `bulk000`…, each with pages and a running
    /// instance, with the measured times ([`Timing::default`]).
    pub fn plugins(n: usize) -> Self {
        let packages = (0..n).map(bulk).collect();
        Self {
            content: Content {
                packages,
                ..Content::default()
            },
            ..Self::default()
        }
        .old_version("v3.2.6")
    }
}

/// A catalogue entry as the recorded v3.2.6 had it.
fn placed(mut package: Package, second: u32) -> Package {
    package.upload_timestamp = format!("2024-03-02 09:26:{:02}", second % 60);
    package.made_by = MadeBy::V3;
    match package.name.as_str() {
        "taskman" => package.status("UNREGISTERED"),
        "bdp" => package,
        _ => package.running(),
    }
}

/// One of the plugins of a load: five files, one menu.
fn bulk(number: usize) -> Package {
    let name = format!("bulk{number:03}");
    let mut package = Package::new(&name, "v1.0.0").needs("platform", "v2.9.0");
    package.ui = Some(Ui {
        index_dir: "plugin".to_owned(),
        files: [
            "css/app.css",
            "img/logo.png",
            "index.html",
            "js/app.js",
            "js/vendor.js",
        ]
        .map(str::to_owned)
        .to_vec(),
    });
    package.menus.push(Menu {
        code: format!("BULK_{number:03}"),
        category: "ADMIN".to_owned(),
        display_name: format!("Bulk {number}"),
        local_display_name: format!("批量 {number}"),
        path: format!("/bulk{number:03}/page"),
    });
    package.upload_timestamp = format!("2024-03-02 10:{:02}:{:02}", number / 60 % 60, number % 60);
    package.instances.push(Instance::default());
    package
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_has_sixteen_plugins() {
        let world = World::demo();
        assert_eq!(world.content.packages.len(), 16);
        assert_eq!(world.uploads.len(), 25);
        assert!(world.check().is_ok());
    }

    #[test]
    fn a_world_survives_its_own_file() {
        let world = World::demo().fault("host-down");
        let text = serde_json::to_string(&world).unwrap();
        let mut again = World::from_json(&text).unwrap();
        again.uploads.clone_from(&world.uploads);
        again.content.clone_from(&world.content);
        assert_eq!(again, world);
    }
}
