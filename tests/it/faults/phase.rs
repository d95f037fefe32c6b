//! The phases: which requests of a command a fault strikes.

use wecubectl::sim::{SideName, Via};

use super::wire::Request;

/// A command under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Command {
    Apply,
    Compare,
    Check,
}

/// What a phase is to the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Without it nothing can be decided.
    Gate,
    /// It tells what a plugin needs.
    Need,
    /// It is compared and checked, and decides about no write.
    Aspect,
    /// As `Aspect`, answered by a plugin: whatever it says, it is reached.
    Plugin,
    /// Signing in.
    Login,
    /// The static files on the new portal, before anything is written.
    File,
    /// A write.
    Write,
    /// It is read back after a write.
    Proof,
    /// The static files on the new portal after a registration.
    FileProof,
}

/// Requests of one kind.
pub(super) struct Phase {
    pub(super) name: &'static str,
    pub(super) commands: &'static [Command],
    pub(super) role: Role,
    /// Whether every fault is tried; the common ones are tried at every phase.
    pub(super) is_key: bool,
    /// Whether the answer is JSON of the platform.
    pub(super) is_json: bool,
    /// Whether a request is one of the phase; the second argument: whether a write came before.
    pub(super) is_hit: fn(&Request, bool) -> bool,
}

use Command::{Apply, Check, Compare};
use Role::{Aspect, File, FileProof, Gate, Login, Need, Plugin, Proof, Write};
use SideName::{New, Old};

const ALL: &[Command] = &[Apply, Compare, Check];

const fn phase(
    name: &'static str,
    commands: &'static [Command],
    role: Role,
    is_hit: fn(&Request, bool) -> bool,
) -> Phase {
    Phase {
        name,
        commands,
        role,
        is_key: false,
        is_json: !matches!(role, File | FileProof | Plugin),
        is_hit,
    }
}

const fn key(
    name: &'static str,
    commands: &'static [Command],
    role: Role,
    is_hit: fn(&Request, bool) -> bool,
) -> Phase {
    Phase {
        is_key: true,
        ..phase(name, commands, role, is_hit)
    }
}

/// Every phase.
pub(super) const PHASES: &[Phase] = &[
    key("new core: version", ALL, Gate, |it, _| {
        it.is_core(New, "/platform/v1/appinfo/version")
    }),
    phase("old core: version", ALL, Gate, |it, _| {
        it.is_core(Old, "/platform/v1/appinfo/version")
    }),
    phase("old core: health", &[Check], Aspect, |it, _| {
        it.is_core(Old, "/platform/v1/health-check")
    }),
    key("new core: packages", ALL, Gate, |it, written| {
        it.is_core(New, "/platform/v1/packages") && !written
    }),
    phase("old core: packages", ALL, Gate, |it, written| {
        it.is_core(Old, "/platform/v1/packages") && !written
    }),
    phase("new core: variables", ALL, Gate, |it, written| {
        it.is_core(New, "/platform/v1/system-variables/retrieve") && !written
    }),
    key("new core: resource files", ALL, Need, |it, written| {
        it.is_core(New, "/platform/v1/resource-files") && !written
    }),
    phase("old core: resource files", ALL, Aspect, |it, written| {
        it.is_core(Old, "/platform/v1/resource-files") && !written
    }),
    phase("old core: instances", ALL, Aspect, |it, written| {
        it.side == Old && it.path.ends_with("/instances") && !written
    }),
    phase("old core: dependencies", ALL, Aspect, |it, written| {
        it.side == Old && it.path.ends_with("/dependencies") && !written
    }),
    phase("old core: own menus", ALL, Aspect, |it, _| {
        it.is_core(Old, "/platform/v1/my-menus")
    }),
    phase("old gateway: routes", ALL, Aspect, |it, _| {
        it.side == Old && it.via == Via::Gateway && it.path == "/gateway/v1/route-items"
    }),
    Phase {
        is_json: false,
        ..phase("old portal: static files", ALL, Aspect, |it, written| {
            it.is_static_file(Old) && !written
        })
    },
    phase("new core: instances", ALL, Need, |it, written| {
        it.side == New && it.path.ends_with("/instances") && !written
    }),
    phase("new core: dependencies", ALL, Need, |it, written| {
        it.side == New && it.path.ends_with("/dependencies") && !written
    }),
    phase(
        "new core: menus of the plugins",
        ALL,
        Aspect,
        |it, written| it.side == New && it.path.ends_with("/menus") && !written,
    ),
    phase("new core: own menus", ALL, Aspect, |it, _| {
        it.is_core(New, "/platform/v1/my-menus")
    }),
    phase("new core: routes", ALL, Aspect, |it, _| {
        it.is_core(New, "/platform/v1/route-items")
    }),
    phase("new gateway: routes", ALL, Aspect, |it, _| {
        it.side == New && it.via == Via::Gateway && it.path == "/gateway/v1/route-items"
    }),
    key("new gateway: plugins", ALL, Plugin, |it, _| {
        it.side == New
            && it.via == Via::Gateway
            && it.path.split('/').count() == 3
            && it.path.ends_with('/')
    }),
    phase("new gateway: key of the login", &[Check], Login, |it, _| {
        it.side == New && it.path == "/auth/v1/api/seed"
    }),
    key("new gateway: login", &[Check], Login, |it, _| {
        it.side == New && it.path == "/auth/v1/api/login"
    }),
    key("new portal: static files", ALL, File, |it, written| {
        it.is_static_file(New) && !written
    }),
    phase(
        "new core: mark of the run is created",
        &[Apply],
        Write,
        |it, _| {
            it.is_core(New, "/platform/v1/system-variables/create")
                && !it.mentions("GATEWAY_URL_NEW")
        },
    ),
    key("new core: variable is created", &[Apply], Write, |it, _| {
        it.is_core(New, "/platform/v1/system-variables/create") && it.mentions("GATEWAY_URL_NEW")
    }),
    phase(
        "new core: variables after the create",
        &[Apply],
        Proof,
        |it, written| it.is_core(New, "/platform/v1/system-variables/retrieve") && written,
    ),
    key("new core: registration", &[Apply], Write, |it, _| {
        it.is_register()
    }),
    key(
        "new core: packages after a write",
        &[Apply],
        Proof,
        |it, written| it.is_core(New, "/platform/v1/packages") && written,
    ),
    phase(
        "new core: resource files after a write",
        &[Apply],
        Proof,
        |it, written| it.is_core(New, "/platform/v1/resource-files") && written,
    ),
    key(
        "new portal: static files after a write",
        &[Apply],
        FileProof,
        |it, written| it.is_static_file(New) && written,
    ),
];

impl Request {
    fn is_core(&self, side: SideName, path: &str) -> bool {
        self.side == side && self.via == Via::Core && self.path == path
    }

    fn is_static_file(&self, side: SideName) -> bool {
        self.side == side && self.via == Via::Portal && self.path.starts_with("/ui-resources/")
    }
}
