//! Everything that was read from one platform instance.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use litemap::LiteMap;

use super::capabilities::Capabilities;
use super::id::{PackageId, PluginName};
use super::package::{
    Dependency, Instance, InstanceStatus, MenuItem, Package, ResourceFile, RouteItem,
};
use super::reach::Reach;
use super::reading::{ReadFailure, Reading};
use super::role::Role;
use super::static_file::{FilePath, FileState};
use super::variable::SystemVariable;
use super::version::PlatformVersion;
use crate::i18n::Text;

/// Which of the two platform instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The one that was there before.
    Old,
    /// The one that was just started.
    New,
}

impl Side {
    /// `old` or `new`, as in flags and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::New => "new",
        }
    }

    /// "old" or "new", for people.
    pub fn label(self) -> Text {
        match self {
            Self::Old => Text::new("side-old"),
            Self::New => Text::new("side-new"),
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Old => Self::New,
            Self::New => Self::Old,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A normalised address of one of an instance's servers: scheme, host and port, lower case, default
/// port left out, no trailing slash, no user, no query (`http://10.0.0.1:8005`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Arc<str>);

impl Address {
    /// Wraps a text that `settings` has normalised.
    pub fn new(normalised: impl Into<Arc<str>>) -> Self {
        Self(normalised.into())
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What each portal answered for each path.
pub type PageStates = BTreeMap<FilePath, PortalStates>;

/// What each portal answered for a path. There are few portals and many paths: a map that takes no more than its rows.
pub type PortalStates = LiteMap<Address, FileState>;

/// Where an instance answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceIdentity {
    /// Which side it is.
    pub side: Side,
    /// platform-core.
    pub core: Address,
    /// platform-gateway.
    pub gateway: Address,
    /// Every portal of that side.
    pub portals: Vec<Address>,
}

/// What a plugin's context answered through a gateway: HTTP statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenProbe {
    /// With a token; `None` if it was not asked with one, because without one it does not answer 401.
    pub with: Option<u16>,
    /// Without one.
    pub without: u16,
}

impl TokenProbe {
    /// The plugin answers 401 to a token as it does to none: it was given another seed.
    pub fn is_refused(self) -> bool {
        self.with == Some(401) && self.without == 401
    }
}

/// Everything that was read from one platform instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inventory {
    /// Where it answers.
    pub identity: InstanceIdentity,
    /// Addresses that are not proven to be what they were given as, and why.
    pub unproven: Vec<ReadFailure>,
    /// Its version as it tells it.
    pub version: Reading<PlatformVersion>,
    /// What that version can and does.
    pub capabilities: Capabilities,
    /// Server clock minus ours in seconds, if a `Date` was seen.
    pub clock_offset_s: Option<i64>,
    /// Packages of every status and edition, sorted by name, version, id.
    pub packages: Reading<Vec<Package>>,
    /// Instances by package, for each package of `packages` that is not UNREGISTERED-and-new only
    /// where asked; all container states.
    pub instances: BTreeMap<PackageId, Reading<Vec<Instance>>>,
    /// Direct dependencies by package, for packages that are active or own an instance.
    pub dependencies: BTreeMap<PackageId, Reading<Vec<Dependency>>>,
    /// Menus that a package brings (system menus left out), by package.
    pub package_menus: BTreeMap<PackageId, Reading<Vec<MenuItem>>>,
    /// Menus that our token's authorities see.
    pub my_menus: Reading<Vec<MenuItem>>,
    /// Rows of `resource-files`.
    pub resource_files: Reading<Vec<ResourceFile>>,
    /// Route items of core.
    pub core_routes: Reading<Vec<RouteItem>>,
    /// Route items that the gateway forwards by.
    pub gateway_routes: Reading<Vec<RouteItem>>,
    /// System variables, all of them.
    pub variables: Reading<Vec<SystemVariable>>,
    /// What each portal (by its address) answered for each `.js` and `.css` that this side lists.
    pub files: PageStates,
    /// Reachability through this side's gateway, for plugins with a running instance.
    pub reach: BTreeMap<PluginName, Reach>,
}

impl Inventory {
    /// Whether every address that was given for a role is proven to have it.
    pub fn is_proven(&self, role: Role) -> bool {
        let mut unproven = self.unproven.iter();
        !unproven.any(|failure| failure.operation == role.as_str())
    }

    /// Which side it is.
    pub fn side(&self) -> Side {
        self.identity.side
    }

    /// The package of that id.
    pub fn package(&self, id: &PackageId) -> Option<&Package> {
        self.packages
            .known()?
            .iter()
            .find(|package| package.id == *id)
    }

    /// The package's containers in state RUNNING; `None` if that could not be read.
    pub fn running_instances(&self, id: &PackageId) -> Option<Vec<&Instance>> {
        let instances = self.instances.get(id)?.known()?;
        Some(
            instances
                .iter()
                .filter(|i| i.status == InstanceStatus::Running)
                .collect(),
        )
    }

    /// What could not be read, once for each operation.
    pub fn failures(&self) -> Vec<&ReadFailure> {
        let listings = [
            self.version.failure(),
            self.packages.failure(),
            self.my_menus.failure(),
            self.resource_files.failure(),
            self.core_routes.failure(),
            self.gateway_routes.failure(),
            self.variables.failure(),
        ];
        let mut failures: Vec<&ReadFailure> = self.unproven.iter().collect();
        failures.extend(listings.into_iter().flatten());
        let by_package = (self.instances.values().filter_map(Reading::failure))
            .chain(self.dependencies.values().filter_map(Reading::failure))
            .chain(self.package_menus.values().filter_map(Reading::failure));
        for failure in by_package {
            if !failures.iter().any(|it| it.operation == failure.operation) {
                failures.push(failure);
            }
        }
        failures
    }

    /// Rows of `resource-files` of a plugin that a browser loads.
    pub fn pages_of<'a>(
        &'a self,
        name: &'a PluginName,
    ) -> Option<impl Iterator<Item = &'a ResourceFile>> {
        let rows = self.resource_files.known()?;
        Some(
            rows.iter()
                .filter(move |row| row.package_name == *name && row.path.is_script_or_style()),
        )
    }
}
