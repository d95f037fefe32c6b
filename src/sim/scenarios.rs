//! The worlds of `demo --scenario NAME`.

use super::catalogue;
use super::world::{Menu, Package, Variable, World};

/// A world to show, with what the demo command needs to know.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name.
    pub name: &'static str,
    /// The world.
    pub world: World,
    /// Registrations in flight at once; `None`: the client's default.
    pub parallel: Option<usize>,
    /// Milliseconds until an outcome counts as unknown; `None`: the client's default.
    pub unknown_after_ms: Option<u64>,
    /// The exit code of the demo.
    pub expected_exit: u8,
}

const NAMES: [&str; 8] = [
    "coexistence",
    "blocked-dependency",
    "overload",
    "duplicate-variable",
    "two-versions",
    "old-breaks",
    "mixed-files",
    "unknown-outcome",
];

/// All names, the default first.
pub fn scenarios() -> &'static [&'static str] {
    &NAMES
}

/// The scenario of that name.
pub fn scenario(name: &str) -> Option<Scenario> {
    let name = NAMES.into_iter().find(|known| *known == name)?;
    let (world, expected_exit) = match name {
        "blocked-dependency" => (with_older_itsdangerous(), 13),
        "overload" => (World::plugins(60).service_time_ms(40.0), 0),
        "duplicate-variable" => {
            let row = |value| Variable::global("GATEWAY_URL_NEW", value);
            let world = World::demo().variable(row("http://127.0.0.1:8005"));
            (world.variable(row("http://127.0.0.1:8006")), 14)
        }
        "two-versions" => (with_two_versions(), 13),
        "old-breaks" => (World::demo().fault("old-breaks=terraform"), 11),
        "mixed-files" => (World::demo().fault("old:mixed-files=terraform"), 10),
        "unknown-outcome" => {
            let world = World::demo().fault("lost-answer=monitor,300");
            (world.fault("lost-for-good=terraform"), 11)
        }
        _ => (World::demo(), 0),
    };
    Some(Scenario {
        name,
        world,
        parallel: (name == "overload").then_some(60),
        unknown_after_ms: (name == "unknown-outcome").then_some(1500),
        expected_exit,
    })
}

/// The pair as it was measured: terminal v1.0.1 needs itsdangerous v0.2.1, and exactly that is
/// there.
fn with_older_itsdangerous() -> World {
    let mut world = World::demo();
    let older = catalogue::plugins()
        .into_iter()
        .flatten()
        .find(|package| package.name == "itsdangerous" && package.version == "v0.2.1");
    if let (Some(older), Some(place)) = (older, world.package_mut("itsdangerous", "v0.2.5")) {
        *place = Package {
            upload_timestamp: place.upload_timestamp.clone(),
            instances: place.instances.clone(),
            ..older
        };
    }
    world
}

fn with_two_versions() -> World {
    let labplug = |version: &str, time: &str| {
        let mut package = Package::new("labplug", version)
            .with_ui("plugin")
            .needs("platform", "v2.9.0")
            .uploaded(time)
            .running();
        package.menus.push(Menu {
            code: "LABPLUG_PAGE".to_owned(),
            category: "ADMIN".to_owned(),
            display_name: "Lab Plug".to_owned(),
            local_display_name: "实验插件".to_owned(),
            path: "/labplug/page".to_owned(),
        });
        package
    };
    World::demo()
        .package(labplug("v1.0.0", "2024-03-02 09:51:54"))
        .package(labplug("v1.1.0", "2024-03-02 09:52:54"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_valid_world() {
        for name in scenarios() {
            let scenario = scenario(name).unwrap();
            assert_eq!(scenario.name, *name);
            assert!(scenario.world.check().is_ok(), "{name}");
        }
        assert!(scenario("nonsense").is_none());
    }

    #[test]
    fn blocked_dependency_has_the_measured_versions() {
        let world = with_older_itsdangerous();
        let dependency = &world
            .content
            .packages
            .iter()
            .find(|package| package.name == "itsdangerous")
            .unwrap();
        assert_eq!(dependency.version, "v0.2.1");
        assert_eq!(dependency.instances.len(), 1);
    }
}
