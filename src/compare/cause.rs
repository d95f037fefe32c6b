//! Why an aspect is not visible, with what was seen.

use std::collections::BTreeSet;

use crate::domain::{
    Address, FailureCause, FilePath, GatewayFinding, PackageStatus, ReachCause, ReadFailure, Side,
    Version,
};

/// Why an aspect is not visible, and what was seen.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Cause {
    /// The side has no package of that name.
    NotOnThisSide,
    /// It has one, which is not active.
    NotRegistered {
        /// Its status.
        status: PackageStatus,
    },
    /// Another version was registered, and this one is not active any more.
    Demoted {
        /// The version that runs or ran.
        version: Version,
        /// The versions that are active instead.
        by: Vec<Version>,
    },
    /// The package needs a newer platform than the side is.
    NotForThisSide {
        /// What it needs.
        needs: Version,
        /// What the side is.
        is: String,
    },
    /// It is registered, and no container of it runs on either side.
    RunsNowhere,
    /// The package brings no pages.
    NoUi,
    /// The package brings no menus.
    NoMenus,
    /// No container of it runs on this side.
    NoInstance,
    /// Containers of other versions run, of the one that is shown none.
    OtherVersionRuns {
        /// The versions that run.
        running: Vec<Version>,
    },
    /// Menus that the other side has are missing.
    MenuAbsent {
        /// Their codes.
        codes: BTreeSet<String>,
    },
    /// Menus are there, but greyed: no container was launched for them.
    MenuInactive {
        /// Their codes.
        codes: BTreeSet<String>,
    },
    /// `resource-files` has no script and no style sheet of it.
    NotListed,
    /// The rows name a version whose files the portal never got.
    OtherVersion {
        /// The versions that the rows name.
        listed: Vec<Version>,
        /// The versions that run or stand for the plugin.
        expected: Vec<Version>,
    },
    /// 404.
    Missing(Pages),
    /// 403.
    Forbidden(Pages),
    /// 200, but HTML or another type.
    NotAScript {
        /// The pages.
        pages: Pages,
        /// The content type; empty if there is none.
        content_type: String,
    },
    /// 200 with no bytes.
    Empty(Pages),
    /// Another HTTP status.
    Unexpected {
        /// The pages.
        pages: Pages,
        /// The status.
        status: u16,
    },
    /// The same path has other content on another portal.
    ContentDiffers {
        /// Each path, and what each portal serves.
        conflicts: Vec<ContentConflict>,
    },
    /// The portal gave no answer.
    NoAnswer {
        /// The pages.
        pages: Pages,
        /// The error of the transport.
        seen: FailureCause,
    },
    /// The gateway has no route of that context.
    NoRoute {
        /// Whether core has one, so that the gateway would get it at its next load.
        core: CoreRoute,
    },
    /// The gateway's routes lead to ports where no container of the plugin runs.
    RouteElsewhere {
        /// `host:port` of each.
        to: BTreeSet<String>,
    },
    /// Neither the gateway nor a connection of our own reaches it.
    Down {
        /// What was seen.
        seen: ReachCause,
    },
    /// The gateway's answer means unknown or down, and it is unknown which.
    Unsettled {
        /// What was seen.
        seen: ReachCause,
    },
    /// It could not be read.
    NotRead(ReadFailure),
    /// It was not asked.
    NotAsked,
}

impl Cause {
    /// Whether nothing is known because the gateway itself did not answer.
    pub fn is_silent_gateway(&self) -> bool {
        matches!(self, Self::Unsettled { seen } if matches!(seen.gateway, GatewayFinding::Silent(_)))
    }

    /// The pages that it is about.
    pub fn paths(&self) -> Vec<&FilePath> {
        match self {
            Self::Missing(pages)
            | Self::Forbidden(pages)
            | Self::Empty(pages)
            | Self::NotAScript { pages, .. }
            | Self::Unexpected { pages, .. }
            | Self::NoAnswer { pages, .. } => pages.paths.iter().collect(),
            Self::ContentDiffers { conflicts } => conflicts.iter().map(|it| &it.path).collect(),
            _ => Vec::new(),
        }
    }
}

/// Whether core offers a route that the gateway does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CoreRoute {
    /// It does.
    Offers,
    /// It does not.
    Lacks,
    /// Core's routes could not be read.
    Unread,
}

/// Pages that one or more portals do not serve, for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    /// Their paths.
    pub paths: BTreeSet<FilePath>,
    /// The portals.
    pub portals: BTreeSet<Address>,
}

/// One path with different content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentConflict {
    /// The path.
    pub path: FilePath,
    /// What each portal that serves it tells, sorted by side and address.
    pub seen: Vec<ServedContent>,
    /// Whether there is a majority.
    pub verdict: OddOneOut,
}

impl ContentConflict {
    /// Whether users of one side get content that no user of the other side gets.
    pub fn across_sides(&self) -> bool {
        let of = |side: Side| -> BTreeSet<&ContentKey> {
            let seen = self.seen.iter().filter(|content| content.side == side);
            seen.map(|content| &content.key).collect()
        };
        let (old, new) = (of(Side::Old), of(Side::New));
        !old.is_empty() && !new.is_empty() && old != new
    }
}

/// What one portal serves at a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServedContent {
    /// The side that the portal belongs to.
    pub side: Side,
    /// The portal.
    pub portal: Address,
    /// What was compared.
    pub key: ContentKey,
}

/// What contents are told apart by: the digest if every portal's is known, else the length.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContentKey {
    /// SHA-256 in hex.
    Digest(String),
    /// Bytes.
    Length(u64),
}

/// Whether most portals agree on a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OddOneOut {
    /// Most portals agree, the others are odd.
    Minority,
    /// No content has most portals: each may be the right one.
    Undecided,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsettled(gateway: GatewayFinding) -> Cause {
        let instances = Vec::new();
        Cause::Unsettled {
            seen: ReachCause { gateway, instances },
        }
    }

    #[test]
    fn gateway_is_silent_if_it_did_not_answer_itself() {
        let silent = GatewayFinding::Silent(FailureCause::Broken);
        let down = Cause::Down {
            seen: ReachCause {
                gateway: silent.clone(),
                instances: Vec::new(),
            },
        };
        for (cause, is_silent) in [
            (unsettled(silent), true),
            (unsettled(GatewayFinding::NotFound), false),
            (unsettled(GatewayFinding::NoAnswer), false),
            (down, false),
            (Cause::NotAsked, false),
        ] {
            assert_eq!(cause.is_silent_gateway(), is_silent, "{cause:?}");
        }
    }

    #[test]
    fn cause_about_pages_names_each_of_them() {
        let paths = ["/a.js", "/b.js"].map(FilePath::new);
        let pages = Pages {
            paths: paths.clone().into(),
            portals: BTreeSet::new(),
        };
        let conflicts = paths.clone().map(|path| ContentConflict {
            path,
            seen: Vec::new(),
            verdict: OddOneOut::Undecided,
        });
        for cause in [
            Cause::Missing(pages.clone()),
            Cause::Forbidden(pages.clone()),
            Cause::Empty(pages.clone()),
            Cause::NotAScript {
                pages: pages.clone(),
                content_type: String::new(),
            },
            Cause::Unexpected {
                pages: pages.clone(),
                status: 502,
            },
            Cause::NoAnswer {
                pages,
                seen: FailureCause::Broken,
            },
            Cause::ContentDiffers {
                conflicts: conflicts.into(),
            },
        ] {
            assert_eq!(cause.paths(), paths.each_ref(), "{cause:?}");
        }
        assert!(Cause::NotListed.paths().is_empty());
    }

    #[test]
    fn conflict_is_across_sides_if_their_contents_differ() {
        let seen = |side, digest: &str| ServedContent {
            side,
            portal: Address::new("http://portal"),
            key: ContentKey::Digest(digest.to_owned()),
        };
        let (old, new) = (Side::Old, Side::New);
        for (contents, expected) in [
            (vec![(old, "a"), (new, "b")], true),
            (vec![(old, "a"), (old, "b"), (new, "a")], true),
            (vec![(old, "a"), (old, "b"), (new, "a"), (new, "b")], false),
            (vec![(new, "a"), (new, "b")], false),
            (vec![(old, "a"), (old, "b")], false),
        ] {
            let contents = contents.into_iter();
            let conflict = ContentConflict {
                path: FilePath::new("/a.js"),
                seen: contents.map(|(side, digest)| seen(side, digest)).collect(),
                verdict: OddOneOut::Undecided,
            };
            assert_eq!(conflict.across_sides(), expected, "{conflict:?}");
        }
    }
}
