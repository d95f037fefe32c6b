//! The messages of a comparison.

use std::fmt::Display;

use super::cause::{Cause, ContentConflict, ContentKey, CoreRoute, OddOneOut, Pages};
use super::model::{Aspect, CalledGateway, Note, State};
use crate::domain::{FilePath, GatewayFinding, PortProbe, ReachCause, Side};
use crate::error::Failure as _;
use crate::i18n::{Text, few};

/// How many names of a long list are shown before `+7`.
const NAMED: usize = 3;

impl Aspect {
    /// Head of its column.
    pub fn label(self) -> Text {
        match self {
            Self::Package => Text::new("compare-aspect-package"),
            Self::Running => Text::new("compare-aspect-running"),
            Self::Menus => Text::new("compare-aspect-menus"),
            Self::ResourceFiles => Text::new("compare-aspect-resource-files"),
            Self::StaticFiles => Text::new("compare-aspect-static-files"),
            Self::Route => Text::new("compare-aspect-route"),
            Self::Reachable => Text::new("compare-aspect-reachable"),
        }
    }
}

impl State {
    /// The label for people.
    pub fn label(self) -> Text {
        match self {
            Self::Visible => Text::new("compare-state-visible"),
            Self::Hidden => Text::new("compare-state-hidden"),
            Self::Unknown => Text::new("compare-state-unknown"),
            Self::NotApplicable => Text::new("compare-state-not-applicable"),
        }
    }
}

impl CalledGateway {
    /// The label for people.
    pub fn label(self) -> Text {
        match self {
            Self::OldGateway => Text::new("compare-calls-old-gateway"),
            Self::AsSetAtLaunch => Text::new("compare-calls-as-set"),
            Self::Unknown => Text::new("compare-calls-unknown"),
        }
    }
}

impl Cause {
    /// The code in JSON (`docs/cli.md`).
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// Two or three words, for a table.
    pub fn label(&self) -> Text {
        match self {
            Self::NotOnThisSide => Text::new("compare-short-not-on-this-side"),
            Self::NotRegistered { .. } => Text::new("compare-short-not-registered"),
            Self::Demoted { .. } => Text::new("compare-short-demoted"),
            Self::NotForThisSide { .. } => Text::new("compare-short-not-for-this-side"),
            Self::RunsNowhere => Text::new("compare-short-runs-nowhere"),
            Self::NoUi => Text::new("compare-short-no-ui"),
            Self::NoMenus => Text::new("compare-short-no-menus"),
            Self::NoInstance => Text::new("compare-short-no-instance"),
            Self::OtherVersionRuns { .. } => Text::new("compare-short-other-version-runs"),
            Self::MenuAbsent { .. } => Text::new("compare-short-menu-absent"),
            Self::MenuInactive { .. } => Text::new("compare-short-menu-inactive"),
            Self::NotListed => Text::new("compare-short-not-listed"),
            Self::OtherVersion { .. } => Text::new("compare-short-other-version"),
            Self::Missing(_) => Text::new("compare-short-missing"),
            Self::Forbidden(_) => Text::new("compare-short-forbidden"),
            Self::NotAScript { .. } => Text::new("compare-short-not-a-script"),
            Self::Empty(_) => Text::new("compare-short-empty"),
            Self::Unexpected { status, .. } => {
                Text::new("compare-short-unexpected").with("status", status)
            }
            Self::ContentDiffers { .. } => Text::new("compare-short-content-differs"),
            Self::NoAnswer { .. } => Text::new("compare-short-no-answer"),
            Self::NoRoute { .. } => Text::new("compare-short-no-route"),
            Self::RouteElsewhere { .. } => Text::new("compare-short-route-elsewhere"),
            Self::Down { .. } => Text::new("compare-short-down"),
            Self::Unsettled { .. } => Text::new("compare-short-unsettled"),
            Self::NotRead(_) => Text::new("compare-short-not-read"),
            Self::NotAsked => Text::new("compare-short-not-asked"),
        }
    }

    /// The sentence, with what was seen.
    pub fn text(&self) -> Text {
        match self {
            Self::Missing(pages) => with_pages(Text::new("compare-cause-missing"), pages),
            Self::Forbidden(pages) => with_pages(Text::new("compare-cause-forbidden"), pages),
            Self::Empty(pages) => with_pages(Text::new("compare-cause-empty"), pages),
            Self::NotAScript {
                pages,
                content_type,
            } if content_type.is_empty() => with_pages(Text::new("compare-cause-no-type"), pages),
            Self::NotAScript {
                pages,
                content_type,
            } => with_pages(Text::new("compare-cause-not-a-script"), pages)
                .with("type", content_type),
            Self::Unexpected { pages, status } => {
                with_pages(Text::new("compare-cause-unexpected"), pages).with("status", status)
            }
            Self::NoAnswer { pages, seen } => {
                with_pages(Text::new("compare-cause-no-answer"), pages)
                    .nested("seen", seen.message())
            }
            Self::ContentDiffers { conflicts } => content_differs(conflicts),
            Self::OtherVersion { listed, expected } => Text::new("compare-cause-other-version")
                .with("listed", join(listed))
                .with("expected", join(expected)),
            Self::MenuAbsent { codes } => Text::new("compare-cause-menu-absent")
                .count("count", codes.len())
                .with("codes", few(codes, NAMED)),
            Self::MenuInactive { codes } => Text::new("compare-cause-menu-inactive")
                .count("count", codes.len())
                .with("codes", few(codes, NAMED)),
            Self::NotListed => Text::new("compare-cause-not-listed"),
            _ => self.text_of_package_or_route(),
        }
    }

    fn text_of_package_or_route(&self) -> Text {
        match self {
            Self::NotOnThisSide => Text::new("compare-cause-not-on-this-side"),
            Self::NotRegistered { status } => {
                Text::new("compare-cause-not-registered").with("status", status.as_str())
            }
            Self::Demoted { version, by } => Text::new("compare-cause-demoted")
                .with("version", version)
                .with("by", join(by)),
            Self::NotForThisSide { needs, is } => Text::new("compare-cause-not-for-this-side")
                .with("needs", needs)
                .with("is", is),
            Self::RunsNowhere => Text::new("compare-cause-runs-nowhere"),
            Self::NoUi => Text::new("compare-cause-no-ui"),
            Self::NoMenus => Text::new("compare-cause-no-menus"),
            Self::NoInstance => Text::new("compare-cause-no-instance"),
            Self::OtherVersionRuns { running } => {
                Text::new("compare-cause-other-version-runs").with("running", join(running))
            }
            Self::NoRoute { core } => match core {
                CoreRoute::Offers => Text::new("compare-cause-no-route-yet"),
                CoreRoute::Lacks => Text::new("compare-cause-no-route-in-core"),
                CoreRoute::Unread => Text::new("compare-cause-no-route"),
            },
            Self::RouteElsewhere { to } => {
                Text::new("compare-cause-route-elsewhere").with("to", few(to, NAMED))
            }
            Self::Down { seen } if awaits_route(seen) => {
                Text::new("compare-cause-route-to-come").nested("seen", seen.message())
            }
            Self::Down { seen } => Text::new("compare-cause-down").nested("seen", seen.message()),
            Self::Unsettled { seen } => {
                Text::new("compare-cause-unsettled").nested("seen", seen.message())
            }
            Self::NotRead(failure) => {
                Text::new("compare-cause-not-read").nested("failure", failure.message())
            }
            _ => Text::new("compare-cause-not-asked"),
        }
    }

    /// What to do about it on that side; `None` if no action is needed.
    pub fn hint(&self, side: Side) -> Option<Text> {
        Some(match self {
            Self::NotForThisSide { .. } | Self::RunsNowhere | Self::NoUi | Self::NoMenus => {
                return None;
            }
            Self::NotOnThisSide => Text::new("compare-hint-upload"),
            Self::NotRegistered { .. } | Self::NotListed => match side {
                Side::New => Text::new("compare-hint-register"),
                Side::Old => Text::new("compare-hint-register-old"),
            },
            Self::Demoted { .. } | Self::OtherVersion { .. } | Self::OtherVersionRuns { .. } => {
                Text::new("compare-hint-one-version")
            }
            Self::NoInstance | Self::MenuInactive { .. } => Text::new("compare-hint-launch"),
            Self::MenuAbsent { .. } => Text::new("compare-hint-grant"),
            Self::Missing(pages) if pages.paths.iter().any(FilePath::is_misplaced) => {
                Text::new("compare-hint-static-path")
            }
            Self::Missing(_) | Self::Empty(_) => match side {
                Side::New => Text::new("compare-hint-register"),
                Side::Old => Text::new("compare-hint-register-again-old"),
            },
            Self::Forbidden(_) => Text::new("compare-hint-permission"),
            Self::NotAScript { .. } | Self::Unexpected { .. } => Text::new("compare-hint-between"),
            Self::ContentDiffers { .. } => Text::new("compare-hint-content"),
            Self::NoRoute {
                core: CoreRoute::Lacks,
            } => Text::new("compare-hint-instances"),
            Self::NoRoute { .. } | Self::RouteElsewhere { .. } => {
                Text::new("compare-hint-wait-for-routes")
            }
            Self::Down { .. } => Text::new("compare-hint-down"),
            Self::Unsettled { .. } => Text::new("compare-hint-unsettled"),
            Self::NoAnswer { .. } | Self::NotRead(_) | Self::NotAsked => {
                Text::new("compare-hint-read-again")
            }
        })
    }
}

impl Note {
    /// The code in JSON.
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// The sentence.
    pub fn text(&self) -> Text {
        match self {
            Self::PagesOfOtherVersions { old, new } => Text::new("compare-note-pages-differ")
                .with("old", join(old))
                .with("new", join(new)),
            Self::VersionsDiffer { old, new } => Text::new("compare-note-versions-differ")
                .with("old", old)
                .with("new", new),
            Self::SeveralRunning { side, versions } => Text::new("compare-note-several-running")
                .nested("side", side.label())
                .with("versions", join(versions)),
            Self::PagesOfAVersionThatDoesNotRun {
                side,
                shown,
                running,
            } => Text::new("compare-note-shown-does-not-run")
                .nested("side", side.label())
                .with("shown", join(shown))
                .with("running", join(running)),
        }
    }
}

fn with_pages(text: Text, pages: &Pages) -> Text {
    let first = pages.paths.first();
    text.count("count", pages.paths.len())
        .with("first", first.map_or("", |path| path.as_str()))
        .with("portals", few(&pages.portals, NAMED))
}

/// The first conflict with what each portal serves, and how many there are.
fn content_differs(conflicts: &[ContentConflict]) -> Text {
    let Some(first) = conflicts.first() else {
        return Text::new("compare-short-content-differs");
    };
    let seen = first.seen.iter().map(|content| {
        let content_key = match &content.key {
            ContentKey::Length(bytes) => format!("{bytes} B"),
            ContentKey::Digest(hex) => format!("sha256 {}", hex.get(..12).unwrap_or(hex)),
        };
        format!("{}: {content_key}", content.portal)
    });
    let text = match first.verdict {
        OddOneOut::Minority => Text::new("compare-cause-content-minority"),
        OddOneOut::Undecided => Text::new("compare-cause-content-undecided"),
    };
    text.count("count", conflicts.len())
        .with("first", &first.path)
        .with("seen", join(seen.collect::<Vec<_>>().iter()))
}

fn join<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    items.join(", ")
}

/// Whether the plugin answers, and only the gateway does not know it yet.
fn awaits_route(seen: &ReachCause) -> bool {
    let mut probes = seen.instances.iter().map(|(_, probe)| probe);
    seen.gateway == GatewayFinding::NoRoute
        && probes.any(|probe| matches!(probe, PortProbe::Answers { .. } | PortProbe::Open))
}
