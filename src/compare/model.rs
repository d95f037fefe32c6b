//! The comparison as a value.

use super::cause::{Cause, ContentConflict};
use crate::domain::{
    Address, FilePath, InstanceId, InstanceIdentity, LaunchedBy, PackageId, PackageStatus,
    PlatformVersion, PluginName, ReadFailure, Reading, Side, Version,
};
use crate::exit::Outcome;

/// Old and new side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The first instance given.
    pub old: SideHeader,
    /// The second instance given.
    pub new: SideHeader,
    /// One row for each plugin that is active, running or listed on some side, sorted by name.
    pub plugins: Vec<PluginRow>,
    /// Listings that could not be read, so that rows may be missing.
    pub unread: Vec<Unread>,
}

/// Which instance a side is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideHeader {
    /// Where it answers.
    pub identity: InstanceIdentity,
    /// Its version, as the instance reports it.
    pub version: Reading<PlatformVersion>,
}

/// A listing that the rows are made from and that could not be read, or an address that is not proven
/// to be what it was given as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The side.
    pub side: Side,
    /// The cause.
    pub failure: ReadFailure,
}

/// One plugin on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginRow {
    /// The plugin.
    pub name: PluginName,
    /// What the old side has.
    pub old: PluginSide,
    /// What the new side has.
    pub new: PluginSide,
    /// What an operator should know of this row beside its states.
    pub notes: Vec<Note>,
}

/// One plugin on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginSide {
    /// The package that stands for the plugin here: before all the active one whose pages are listed.
    pub package: Option<PackageFact>,
    /// Versions that are active, sorted.
    pub active: Vec<Version>,
    /// Versions whose pages `resource-files` lists, sorted.
    pub listed: Vec<Version>,
    /// Running containers of every version, sorted by id.
    pub instances: Vec<InstanceFact>,
    /// What each portal of the side serves of the listed pages, sorted by address.
    pub portals: Vec<PortalPages>,
    /// A cell for each of [`Aspect::ALL`], in that order.
    pub cells: [Cell; 7],
}

/// A package in a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageFact {
    /// Row id.
    pub id: PackageId,
    /// Version.
    pub version: Version,
    /// Status.
    pub status: PackageStatus,
}

/// A running container in a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceFact {
    /// Row id.
    pub id: InstanceId,
    /// Version of the package that it was launched from.
    pub version: Version,
    /// Host address.
    pub host: String,
    /// Host port.
    pub port: u16,
    /// Which gateway it calls.
    pub gateway: CalledGateway,
}

/// Which gateway a container carries in its environment. It was put there at launch; the variable
/// never changes a running container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum CalledGateway {
    /// Launched by a v3, which knows `GATEWAY_URL` only: the old gateway, until it is launched again
    /// (`docs/platform/two-instances.md#who-made-a-row`).
    OldGateway,
    /// Launched by a v4: the gateway that the variables named at that moment, which cannot be read
    /// afterwards.
    AsSetAtLaunch,
    /// The form of its id is neither.
    Unknown,
}

impl CalledGateway {
    /// Judged by who launched it.
    pub fn of(maker: LaunchedBy) -> Self {
        match maker {
            LaunchedBy::V3 => Self::OldGateway,
            LaunchedBy::V4 => Self::AsSetAtLaunch,
            LaunchedBy::Unknown => Self::Unknown,
        }
    }

    /// The value in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What one portal serves of a plugin's listed pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalPages {
    /// The portal.
    pub portal: Address,
    /// Hidden if a page is, else unknown if a page is, else visible.
    pub state: State,
    /// Pages that it serves as it should.
    pub served: usize,
    /// Pages that are listed.
    pub listed: usize,
    /// Why it does not serve the others.
    pub causes: Vec<Cause>,
}

impl PortalPages {
    /// Each page that the portal does not serve as it should, and why.
    pub fn files(&self) -> impl Iterator<Item = (&FilePath, &Cause)> {
        let causes = self.causes.iter();
        causes.flat_map(|cause| cause.paths().into_iter().map(move |path| (path, cause)))
    }
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Aspect {
    /// The package is active.
    Package,
    /// A container of that package is running.
    Running,
    /// The menus that the package brings are there and active.
    Menus,
    /// `resource-files` lists its pages.
    ResourceFiles,
    /// Every portal serves them.
    StaticFiles,
    /// The gateway has a route.
    Route,
    /// The plugin answers through the gateway.
    Reachable,
}

impl Aspect {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 7] = [
        Self::Package,
        Self::Running,
        Self::Menus,
        Self::ResourceFiles,
        Self::StaticFiles,
        Self::Route,
        Self::Reachable,
    ];

    /// The key in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What a side shows of an aspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// It is there, proven.
    Visible,
    /// It is not there, proven.
    Hidden,
    /// Nothing may be concluded.
    Unknown,
    /// It cannot be there, or needs not.
    NotApplicable,
}

impl State {
    /// The value in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// One aspect on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The state.
    pub state: State,
    /// Why, with what was seen; the first is shown if there is room for one only. Empty if it
    /// is visible.
    pub causes: Vec<Cause>,
}

impl Cell {
    pub(super) fn visible() -> Self {
        Self {
            state: State::Visible,
            causes: Vec::new(),
        }
    }

    pub(super) fn hidden(cause: Cause) -> Self {
        Self {
            state: State::Hidden,
            causes: vec![cause],
        }
    }

    pub(super) fn unknown(cause: Cause) -> Self {
        Self {
            state: State::Unknown,
            causes: vec![cause],
        }
    }

    pub(super) fn not_applicable(cause: Cause) -> Self {
        Self {
            state: State::NotApplicable,
            causes: vec![cause],
        }
    }
}

/// What an operator should know of a row beside its states.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Note {
    /// Users of the sides get pages of different versions.
    PagesOfOtherVersions {
        /// Versions that the old side lists.
        old: Vec<Version>,
        /// Versions that the new side lists.
        new: Vec<Version>,
    },
    /// Different packages stand for the plugin.
    VersionsDiffer {
        /// The old side's version.
        old: Version,
        /// The new side's version.
        new: Version,
    },
    /// Containers of several versions run at once, and the gateway asks any of them.
    SeveralRunning {
        /// The side.
        side: Side,
        /// The versions.
        versions: Vec<Version>,
    },
    /// The side shows the pages of one version while containers of others run.
    PagesOfAVersionThatDoesNotRun {
        /// The side.
        side: Side,
        /// The versions whose pages are listed.
        shown: Vec<Version>,
        /// The versions that run.
        running: Vec<Version>,
    },
}

impl Note {
    /// Its place in a row: by kind, then by side.
    pub(super) fn place(&self) -> (u8, Option<Side>) {
        match self {
            Self::PagesOfOtherVersions { .. } => (0, None),
            Self::VersionsDiffer { .. } => (1, None),
            Self::SeveralRunning { side, .. } => (2, Some(*side)),
            Self::PagesOfAVersionThatDoesNotRun { side, .. } => (3, Some(*side)),
        }
    }
}

/// How an aspect of a row compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum AspectResult {
    /// Both sides are alike.
    Same,
    /// One side shows it, the other does not, or they show different content.
    Differs,
    /// A side is not known.
    Unknown,
}

impl AspectResult {
    /// The code in JSON.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

impl PluginSide {
    /// The cell of an aspect.
    pub fn cell(&self, aspect: Aspect) -> &Cell {
        &self.cells[aspect as usize]
    }
}

impl PluginRow {
    /// One side of the row.
    pub fn side(&self, side: Side) -> &PluginSide {
        match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        }
    }

    /// How an aspect compares.
    ///
    /// Hidden on one side alone is a difference, whatever the other says. Hidden on both is none,
    /// unless users get different content of one path, which is one whatever else is unknown.
    pub fn result(&self, aspect: Aspect) -> AspectResult {
        let (old, new) = (self.old.cell(aspect), self.new.cell(aspect));
        let states = [old.state, new.state];
        let one_hidden = states.contains(&State::Hidden) && states != [State::Hidden; 2];
        let across = |cell: &Cell| {
            cell.causes.iter().any(|cause| match cause {
                Cause::ContentDiffers { conflicts } => {
                    conflicts.iter().any(ContentConflict::across_sides)
                }
                _ => false,
            })
        };
        if across(old) || across(new) {
            AspectResult::Differs
        } else if states.contains(&State::Unknown) {
            AspectResult::Unknown
        } else if one_hidden {
            AspectResult::Differs
        } else {
            AspectResult::Same
        }
    }

    /// The one cause to say of an aspect: of what is hidden before what is unknown before what cannot
    /// be there; of two alike, the new side's.
    pub fn cause(&self, aspect: Aspect) -> Option<&Cause> {
        let cells = [self.new.cell(aspect), self.old.cell(aspect)];
        let order = [State::Hidden, State::Unknown, State::NotApplicable];
        order.iter().find_map(|state| {
            let mut alike = cells.iter().filter(|cell| cell.state == *state);
            alike.find_map(|cell| cell.causes.first())
        })
    }

    fn count(&self, verdict: AspectResult) -> usize {
        let aspects = Aspect::ALL.into_iter();
        aspects.filter(|it| self.result(*it) == verdict).count()
    }

    /// Aspects that differ.
    pub fn differences(&self) -> usize {
        self.count(AspectResult::Differs)
    }

    /// Aspects that cannot be compared because a side is not known.
    pub fn unknowns(&self) -> usize {
        self.count(AspectResult::Unknown)
    }
}

impl Comparison {
    /// Aspects that differ, over all rows.
    pub fn differences(&self) -> usize {
        self.plugins.iter().map(PluginRow::differences).sum()
    }

    /// Aspects and listings that are not known, over all rows.
    pub fn unknowns(&self) -> usize {
        let rows: usize = self.plugins.iter().map(PluginRow::unknowns).sum();
        rows + self.unread.len()
    }

    /// `same` only if nothing differs and nothing is unknown.
    pub fn outcome(&self) -> Outcome {
        if self.differences() == 0 && self.unknowns() == 0 {
            Outcome::Same
        } else {
            Outcome::Different
        }
    }

    /// The header of a side.
    pub fn header(&self, side: Side) -> &SideHeader {
        match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        }
    }
}
