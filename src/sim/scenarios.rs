//! The worlds of `demo --scenario NAME`.

use super::catalogue;
use super::world::{Menu, Package, Variable, World};

/// A world to show, with the hints that the demo command needs.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name.
    pub name: &'static str,
    /// One line in English: what it shows.
    pub summary: &'static str,
    /// The world.
    pub world: World,
    /// How many registers the demo asks for at once; none: the client's default.
    pub parallel: Option<usize>,
    /// After how many milliseconds an outcome counts as unknown; none: the client's default.
    pub unknown_after_ms: Option<u64>,
    /// The exit code that `demo` ends with.
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
    let made = match name {
        "coexistence" => plain(
            "coexistence",
            "v3.2.6 beside a new v4.0.0 on one database: everything converges",
            World::demo(),
            0,
        ),
        "blocked-dependency" => plain(
            "blocked-dependency",
            "terminal needs a newer itsdangerous on v4; healthy on v3.2.6",
            with_older_itsdangerous(),
            13,
        ),
        "overload" => Scenario {
            parallel: Some(60),
            ..plain(
                "overload",
                "sixty plugins at once: sshd drops connections until fewer are in flight",
                World::plugins(60).service_time_ms(40.0),
                0,
            )
        },
        "duplicate-variable" => plain(
            "duplicate-variable",
            "GATEWAY_URL_NEW is there twice, with two values",
            World::demo()
                .variable(Variable::global("GATEWAY_URL_NEW", "http://127.0.0.1:8005"))
                .variable(Variable::global("GATEWAY_URL_NEW", "http://127.0.0.1:8006")),
            14,
        ),
        "two-versions" => plain(
            "two-versions",
            "two versions of one plugin are registered and running",
            with_two_versions(),
            13,
        ),
        "old-breaks" => plain(
            "old-breaks",
            "both static paths overlap: registering on new takes a page from the old portal",
            World::demo().fault("old-breaks=terraform"),
            11,
        ),
        "mixed-files" => plain(
            "mixed-files",
            "the old portal serves another plugin's bytes under one plugin's paths",
            World::demo().fault("old:mixed-files=terraform"),
            10,
        ),
        "unknown-outcome" => Scenario {
            unknown_after_ms: Some(1500),
            ..plain(
                "unknown-outcome",
                "two answers are lost; one register had its effect, the other never has",
                World::demo()
                    .fault("lost-answer=monitor,300")
                    .fault("lost-for-good=terraform"),
                11,
            )
        },
        _ => return None,
    };
    Some(made)
}

fn plain(name: &'static str, summary: &'static str, world: World, expected_exit: u8) -> Scenario {
    Scenario {
        name,
        summary,
        world,
        parallel: None,
        unknown_after_ms: None,
        expected_exit,
    }
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
    fn every_name_has_a_scenario() {
        for name in scenarios() {
            let scenario = scenario(name).unwrap();
            assert_eq!(scenario.name, *name);
            assert!(scenario.world.check().is_ok(), "{name}");
        }
        assert!(scenario("nonsense").is_none());
    }

    #[test]
    fn the_blocked_pair_is_the_measured_one() {
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
