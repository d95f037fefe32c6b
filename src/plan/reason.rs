//! Why a package is not registered: skipped, or blocked until somebody acts.

use crate::domain::{
    Address, Dependency, Edition, FilePath, FileState, Generation, PackageStatus, PluginName,
    ReadFailure, Version,
};

/// Why nothing is done for a package.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum SkipReason {
    /// It brings no pages.
    NoUi,
    /// Its pages are proven visible.
    AlreadyVisible,
    /// No instance is running.
    NotRunning,
    /// It is not for this side's platform version (taskman v1.1.0 on v3, …).
    NotForThisSide {
        /// What it needs.
        needs: Version,
    },
    /// `--plugin` or `--skip-plugin` leaves it out.
    Excluded,
    /// A dependency is registered, but not new enough for this side's rule.
    DependencyTooOld {
        /// What is declared.
        wanted: Dependency,
        /// The newest one registered.
        registered: Version,
        /// The side's rule.
        generation: Generation,
    },
    /// A dependency is not registered at all.
    DependencyMissing {
        /// What is declared.
        wanted: Dependency,
    },
    /// v3 cannot read one of two versions that it would have to compare, and refuses the registration.
    VersionUnreadable {
        /// What is declared (`platform` for the platform itself).
        wanted: Dependency,
        /// What it is compared with.
        found: String,
    },
    /// The platform is older than the package declares.
    PlatformTooOld {
        /// What is declared.
        wanted: Version,
        /// What the platform is.
        is: String,
    },
    /// A dependency's register failed in this run.
    DependencyFailed {
        /// That dependency.
        on: PluginName,
    },
    /// The version that runs is not the one that the old portal shows, or several run.
    VersionUnclear {
        /// Versions that own a running instance.
        running: Vec<Version>,
        /// The version that the old side lists pages of.
        shown: Option<Version>,
        /// A `--pick-version` that names none of them.
        picked: Option<Version>,
    },
    /// The portal shows the pages of another version than the one that runs, because somebody
    /// registered it (v4.2 on: `uiActive`).
    OtherVersionActive {
        /// The version that runs.
        running: Version,
        /// The version whose pages are active.
        active: Version,
    },
    /// Community and enterprise copies of one name and version.
    TwoEditions {
        /// The editions.
        editions: Vec<Edition>,
    },
    /// Packages that depend on each other.
    Cycle {
        /// The path, first and last equal.
        path: Vec<PluginName>,
    },
    /// The package that owns the running instance is not REGISTERED.
    NotRegistered {
        /// Its status.
        status: PackageStatus,
    },
    /// Separate databases: the new side does not have the package that the old side runs.
    NotOnThisSide {
        /// The version that the other side runs.
        other_runs: Version,
    },
    /// v3 refuses a registration while more than two other versions are active.
    TooManyVersions {
        /// How many other versions are active.
        others: usize,
    },
    /// The rows of the side are in another folder than its portals serve, so each registration takes
    /// pages away.
    StaticPath {
        /// The folder that the rows name.
        folder: String,
        /// A row whose file the portal lacks; none if the environment file alone says so.
        row: Option<FilePath>,
    },
    /// The portals' answers do not tell whether its static files are there.
    PagesUnknown {
        /// How many files.
        unknown: usize,
        /// A portal and its answer; `None` if no portal was asked.
        first: Option<(Address, FileState)>,
    },
    /// What is needed to decide could not be read.
    Unreadable {
        /// The cause.
        failure: ReadFailure,
    },
}

impl SkipReason {
    /// The code in JSON (`docs/cli.md`).
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// Whether manual action is needed (blocked), or none (skipped).
    pub fn is_blocking(&self) -> bool {
        !matches!(
            self,
            Self::NoUi
                | Self::AlreadyVisible
                | Self::NotRunning
                | Self::NotForThisSide { .. }
                | Self::Excluded
        )
    }
}
