//! What triggers each code: one thing changed on the healthy pair.

use super::world::{Change, World, rows};
use crate::compare::testing::{Build, served};
use crate::domain::Severity::{self, Error, Info, Warning};
use crate::domain::*;
use crate::plan::SeedRelation;

pub(super) struct Case {
    pub(super) code: &'static str,
    pub(super) why: &'static str,
    /// What the finding is about.
    pub(super) subject: &'static str,
    pub(super) severity: Severity,
    pub(super) breaks: fn(&mut World),
}

const fn case(
    code: &'static str,
    why: &'static str,
    subject: &'static str,
    severity: Severity,
    breaks: fn(&mut World),
) -> Case {
    Case {
        code,
        why,
        subject,
        severity,
        breaks,
    }
}

fn failed(kind: FailureKind) -> ReadFailure {
    ReadFailure {
        kind,
        operation: "core.health",
        target: "GET http://new-core:8000/platform/v1/health-check".to_owned(),
        cause: crate::domain::FailureCause::Said("HTTP 500".to_owned()),
    }
}

fn silent() -> FileState {
    FileState::Unknown {
        cause: crate::domain::FailureCause::Said("connection refused".to_owned()),
    }
}

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    case("W0101", "core is down", "http://old-core:8000", Error, |w| {
        let failure = ReadFailure { target: "GET http://old-core:8000/platform/v1/packages".to_owned(), ..failed(FailureKind::Unreachable) };
        w.old(|mut side| { side.packages = Reading::Unknown(failure); side });
    }),
    case("W0101", "the gateway does not answer", "http://new-gateway:8005", Error, |w| {
        let target = "GET http://new-gateway:8005/gateway/v1/route-items".to_owned();
        w.new.gateway_routes = Reading::Unknown(ReadFailure { target, ..failed(FailureKind::NoAnswer) });
    }),
    case("W0101", "a portal is down", "http://new-portal-2:8080", Error, |w| {
        for (name, version) in [("wecmdb", "v2.0.10"), ("billing", "v2.0.7")] {
            w.new = w.new.clone().on_portal("http://new-portal-2:8080", name, version, silent());
        }
    }),
    case("W0101", "a portal refuses every file", "http://new-portal-2:8080", Error, |w| {
        for (name, version) in [("wecmdb", "v2.0.10"), ("billing", "v2.0.7")] {
            w.new = w.new.clone().on_portal("http://new-portal-2:8080", name, version, FileState::Unexpected { status: 301 });
        }
    }),
    case("W0102", "core's variable version is no number", "new", Warning, |w| {
        w.new.version = Reading::Known(PlatformVersion::parse("latest"));
    }),
    case("W0103", "health-check answers 500", "new", Error, |w| {
        w.health.insert(Side::New, Reading::Unknown(failed(FailureKind::ServerError)));
    }),
    case("W0104", "a clock is ahead", "old", Warning, |w| w.old(|mut side| { side.clock_offset_s = Some(45); side })),
    case("W0109", "a clock is so far behind that tokens are of the future", "new", Error, |w| w.new.clock_offset_s = Some(-90)),
    case("W0105", "a seed is wrong", "http://new-core:8000", Error, |w| {
        w.new.packages = Reading::Unknown(failed(FailureKind::TokenRefused));
    }),
    case("W0106", "seeds differ on one database", "seed", Error, |w| w.seeds = Some(SeedRelation::Different)),
    case("W0107", "new answers as a v3", "version", Error, |w| {
        w.new.version = Reading::Known(PlatformVersion::parse("v3.3.0"));
        w.new.capabilities = w.old.as_ref().expect("there is one").capabilities.clone();
    }),
    case("W0107", "one address for both", "one instance", Error, |w| {
        w.new.identity.core = Address::new("http://old-core:8000");
    }),
    case("W0108", "an apply is in progress", "apply", Info, |w| w.applying = true),

    case("W0201", "nobody set it", "GATEWAY_URL_NEW", Error, |w| w.both(|side| side.no_variable("GATEWAY_URL_NEW"))),
    case("W0202", "it was made twice", "GATEWAY_URL_NEW", Error, |w| {
        w.both(|side| side.set("GATEWAY_URL_NEW", super::world::GATEWAY, "sys_var_66000101aaaaaaaaaaaaa"));
    }),
    case("W0203", "a registration switched it off", "GATEWAY_URL_NEW", Error, |w| {
        w.both(|side| side.variable("GATEWAY_URL_NEW", |row| row.status = "inactive".to_owned()));
    }),
    case("W0204", "another value", "GATEWAY_URL_NEW", Error, |w| {
        w.both(|side| side.variable("GATEWAY_URL_NEW", |row| row.value = "http://old-gateway:8005".to_owned()));
    }),
    case("W0204", "no value", "GATEWAY_URL_NEW", Error, |w| {
        w.both(|side| side.variable("GATEWAY_URL_NEW", |row| row.value.clear()));
    }),
    case("W0204", "loopback, and instances elsewhere", "GATEWAY_URL_NEW", Error, |w| {
        w.policy.gateway_url = Some("http://127.0.0.1:8005".to_owned());
        w.both(|side| side.variable("GATEWAY_URL_NEW", |row| row.value = "http://127.0.0.1:8005".to_owned()));
    }),
    case("W0205", "a plugin owns it", "GATEWAY_URL_NEW", Warning, |w| {
        w.both(|side| side.variable("GATEWAY_URL_NEW", |row| row.package_name = "billing".to_owned()));
    }),
    case("W0205", "its source is a package", "GATEWAY_URL_NEW", Warning, |w| {
        w.both(|side| side.variable("GATEWAY_URL_NEW", |row| row.source = "billing__v2.0.7".to_owned()));
    }),
    case("W0206", "the document's label as a name", "system__global__GATEWAY_URL_NEW", Warning, |w| {
        w.both(|side| side.set("system__global__GATEWAY_URL_NEW", "x", "sys_var_66000101aaaaaaaaaaaaa"));
    }),

    case("W0301", "it runs and was unregistered", "billing v2.0.7", Error, |w| {
        w.both(|side| side.packages("billing", |it| it.status = PackageStatus::Unregistered));
    }),
    case("W0302", "its last instance was removed", "billing v2.0.7", Warning, |w| {
        w.both(|side| side.instances("billing", Vec::clear));
    }),
    case("W0302", "what others depend on does not run", "salt v1.0", Warning, |w| {
        w.both(|side| side.package("salt", "v1.0", "REGISTERED", false).depends("billing", "v2.0.7", "salt", "v0.9"));
    }),
    case("W0319", "nobody misses it", "salt v1.0", Info, |w| {
        w.both(|side| side.package("salt", "v1.0", "REGISTERED", false));
    }),
    case("W0303", "exactly what is wanted is not new enough for a v4", "billing v2.0.7", Warning, |w| {
        w.both(|side| side.packages("wecmdb", |it| it.version = Version::new("v1.5.0")));
    }),
    case("W0304", "its menu is greyed", "billing v2.0.7", Error, |w| {
        w.both(|side| side.menus("billing", |it| it.active = false));
    }),
    case("W0305", "the role lost a menu", "billing v2.0.7", Error, |w| {
        w.role_menus.insert(Side::New, Reading::Known(["wecmdb_MENU".to_owned()].into()));
    }),
    case("W0305", "the role lost all menus", "OPS", Error, |w| {
        w.role_menus.insert(Side::New, Reading::Known(std::collections::BTreeSet::new()));
    }),
    case("W0320", "there is no such role", "OPS", Warning, |w| {
        for side in [Side::New, Side::Old] {
            w.role_menus.insert(side, Reading::Known(std::collections::BTreeSet::new()));
        }
    }),
    case("W0320", "the role has none anywhere", "billing v2.0.7", Warning, |w| {
        for side in [Side::New, Side::Old] {
            w.role_menus.insert(side, Reading::Known(["wecmdb_MENU".to_owned()].into()));
        }
    }),
    case("W0306", "no row names it", "billing v2.0.7", Error, |w| w.new = w.new.clone().not_listed("billing")),
    case("W0307", "404", "billing v2.0.7", Error, |w| w.new = w.new.clone().file("billing", FileState::Missing)),
    case("W0308", "403", "billing v2.0.7", Error, |w| w.new = w.new.clone().file("billing", FileState::Forbidden)),
    case("W0309", "HTML", "billing v2.0.7", Error, |w| {
        w.new = w.new.clone().file("billing", FileState::NotAScript { content_type: "text/html".to_owned() });
    }),
    case("W0310", "no bytes", "billing v2.0.7", Error, |w| w.new = w.new.clone().file("billing", FileState::Empty)),
    case("W0311", "502", "billing v2.0.7", Error, |w| {
        w.new = w.new.clone().file("billing", FileState::Unexpected { status: 502 });
    }),
    case("W0312", "a half-copied cluster", "billing v2.0.7", Error, |w| {
        w.new = w.new.clone().on_portal("http://new-portal-2:8080", "billing", "v2.0.7", served(999));
    }),
    case("W0313", "core offers none", "billing v2.0.7", Error, |w| w.new = w.new.clone().no_core_route("billing")),
    case("W0314", "not loaded", "billing v2.0.7", Error, |w| w.new = w.new.clone().no_gateway_route("billing")),
    case("W0315", "the route of a container that is gone", "billing v2.0.7", Error, |w| {
        for route in rows(&mut w.new.gateway_routes) {
            if route.context.as_str() == "billing" {
                route.port = "29999".to_owned();
            }
        }
    }),
    case("W0318", "just launched, and its route is not loaded yet", "billing v2.0.7", Warning, |w| {
        w.launched_ago(60);
        w.new = w.new.clone().no_gateway_route("billing");
    }),
    case("W0317", "an earlier check saw its only instance", "wecmdb", Error, |w| {
        w.both(|side| side.instances("wecmdb", Vec::clear));
    }),
    case("W0317", "one of two instances is gone", "wecmdb", Error, |w| {
        w.ran_before.insert(Side::New, super::super::RunningCounts::from([(PluginName::new("wecmdb"), 2)]));
    }),
    case("W0317", "the configuration expects what was never there", "nowhere", Error, |w| {
        w.policy.expect_running.push(PluginName::new("nowhere"));
    }),
    case("W0316", "its port refuses", "billing v2.0.7", Error, |w| {
        w.new = w.new.clone().reach("billing", Reach::Down { cause: crate::domain::ReachCause { gateway: crate::domain::GatewayFinding::NoAnswer, instances: Vec::new() } });
    }),

    case("W0401", "its pages are not on the new portals", "billing", Error, |w| {
        w.new = w.new.clone().file("billing", FileState::Missing);
    }),
    case("W0402", "its pages are not on the old portal", "billing", Warning, |w| {
        w.old(|side| side.file("billing", FileState::Missing));
    }),
    case("W0403", "a plugin without pages in two versions", "salt", Warning, |w| {
        w.new = w.new.clone().package("salt", "v1.1", "REGISTERED", false).running("salt", "v1.1", "p_docker_66000200bbbbbbbbbbbbb", 20_100);
        w.old(|side| side.package("salt", "v1.0", "REGISTERED", false).running("salt", "v1.0", "p_docker_66000200ccccccccccccc", 20_101));
    }),
    case("W0404", "the old version was left running", "billing v2.0.7", Warning, |w| {
        w.both(|side| {
            side.package("billing", "v2.0.6", "REGISTERED", true)
                .running("billing", "v2.0.6", "p_docker_66000200bbbbbbbbbbbbb", 20_100)
        });
    }),
    case("W0405", "the version that was registered was not launched", "billing v2.1.0", Warning, |w| {
        w.both(|side| {
            side.not_listed("billing")
                .package("billing", "v2.1.0", "REGISTERED", true)
                .menu("billing", "v2.1.0", "billing_MENU", true)
                .listed("billing", "v2.1.0", &served(1))
        });
    }),
    case("W0411", "a v4.0.0 took the page away", "billing", Error, |w| {
        w.both(|side| {
            side.not_listed("billing")
                .packages("billing", |it| it.status = PackageStatus::Unregistered)
                .package("billing", "v2.1.0", "REGISTERED", true)
                .listed("billing", "v2.1.0", &served(1))
        });
        w.old(|side| side.file("billing", FileState::Missing));
    }),
    case("W0406", "a v4.5 shows the new version, the old side still the old one", "billing", Warning, |w| {
        w.both(|side| side.package("billing", "v2.1.0", "REGISTERED", true));
        w.new = w.new.clone().not_listed("billing").listed("billing", "v2.1.0", &served(1));
    }),
    case("W0407", "a taskman for v3", "taskman v1.0.0", Error, |w| w.both(|side| side.plugin("taskman", "v1.0.0"))),
    case("W0408", "needs a newer platform than new is", "billing v2.0.7", Warning, |w| {
        w.new = w.new.clone().gated("billing", "v2.0.7", "v9.0.0");
    }),
    case("W0409", "monitoring configures orchestrations", "monitor", Info, |w| w.both(|side| side.plugin("monitor", "v2.0.7"))),
    case("W0410", "other bytes on the old portal", "billing", Error, |w| {
        w.old(|side| side.file("billing", served(7)));
    }),

    case("W0501", "a v3 launched it", "billing v2.0.7 10.0.0.5:20007", Error, |w| {
        w.both(|side| side.instance_id("billing", "vBKYDgiB2HoH"));
    }),
    case("W0508", "a v3 launched it, and there is no old side", "billing v2.0.7 10.0.0.5:20007", Warning, |w| {
        w.old = None;
        w.policy.old_is_configured = false;
        w.policy.before_retiring_old = false;
        w.new = w.new.clone().instance_id("billing", "vBKYDgiB2HoH");
    }),
    case("W0502", "older than the variable's row", "billing v2.0.7 10.0.0.5:20007", Error, |w| {
        w.both(|side| side.instance_id("billing", "p_docker_660000ffaaaaaaaaaaaaa"));
    }),
    case("W0502", "older than the journal's word", "billing v2.0.7 10.0.0.5:20007", Error, |w| {
        w.both(|side| side.instance_id("wecmdb", "p_docker_66100000aaaaaaaaaaaaa"));
        w.set_at = Some("2024-03-28T00:00:00Z".to_owned());
    }),
    case("W0503", "still the old gateway", "GATEWAY_URL", Warning, |w| {
        w.both(|side| side.variable("GATEWAY_URL", |row| row.value = "http://old-gateway:8005".to_owned()));
    }),
    case("W0504", "the new gateway has none", "billing", Error, |w| w.new = w.new.clone().no_gateway_route("billing")),
    case("W0505", "two databases", "S3_ACCESS (global)", Error, |w| w.new = w.new.clone().no_variable("S3_ACCESS")),
    case("W0506", "not on the new portals", "billing", Error, |w| {
        w.new = w.new.clone().file("billing", FileState::Missing);
    }),
    case("W0507", "a variable leads to the old portal", "PORTAL", Warning, |w| {
        w.both(|side| side.set("PORTAL", "http://old-portal:8080/#/home", "sys_var_66000001bbbbbbbbbbbbb"));
    }),

    case("W0601", "the script of v4.2 was just run", "new", Error, |w| {
        for package in rows(&mut w.new.packages) {
            package.ui_active = Some(false);
        }
    }),
    case("W0602", "the wizard was left half-way", "billing v2.0.7", Warning, |w| {
        w.new = w.new.clone().packages("billing", |it| it.register_done = Some(false));
    }),
    case("W0701", "its container has another seed", "billing v2.0.7", Error, |w| {
        let probe = crate::domain::TokenProbe { with: Some(401), without: 401 };
        w.probes.insert(PluginName::new("billing"), Reading::Known(probe));
    }),
];
