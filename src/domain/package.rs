//! Packages, their instances, menus, files and routes.

use super::id::{InstanceId, LaunchedBy, PackageId, PluginName, ResourceFileId};
use super::static_file::FilePath;
use super::version::Version;

/// An uploaded plugin package: one name, version and edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Row id.
    pub id: PackageId,
    /// Plugin name.
    pub name: PluginName,
    /// Version text.
    pub version: Version,
    /// Status column.
    pub status: PackageStatus,
    /// Edition; name and version alone are not unique (`docs/platform/endpoints.md#packages`).
    pub edition: Edition,
    /// Whether the package brought a `ui.zip`.
    pub has_ui: bool,
    /// `uploadTimestamp` normalised to text that moves when the platform moves it; `None` if the
    /// column is null or the zero time. v3 gives local time without zone, v4 RFC 3339: compare only
    /// readings of the same side.
    pub uploaded: Option<String>,
    /// `uiActive` (v4.2 on).
    pub ui_active: Option<bool>,
    /// `registerDone` (v4.2 on).
    pub register_done: Option<bool>,
    /// `updatedTime` (v4.2 on), as given.
    pub updated_time: Option<String>,
    /// `updatedBy` (v4.2 on), as given.
    pub updated_by: Option<String>,
}

/// Status of a package (`docs/platform/registration.md#statuses-of-a-package`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PackageStatus {
    /// Uploaded, or demoted by the registration of another version (v4.0, v4.1).
    Unregistered,
    /// Active.
    Registered,
    /// Active as v3 declares but never writes it; v4 counts it neither as a dependency nor as one to
    /// demote.
    Running,
    /// As [`PackageStatus::Running`].
    Stopped,
    /// Removed. A v4 register would revive it.
    Decommissioned,
    /// A text that neither generation knows.
    Other(String),
}

impl PackageStatus {
    /// Reads the platform's text.
    pub fn parse(text: &str) -> Self {
        match text {
            "UNREGISTERED" => Self::Unregistered,
            "REGISTERED" => Self::Registered,
            "RUNNING" => Self::Running,
            "STOPPED" => Self::Stopped,
            "DECOMMISSIONED" => Self::Decommissioned,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The platform's text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Unregistered => "UNREGISTERED",
            Self::Registered => "REGISTERED",
            Self::Running => "RUNNING",
            Self::Stopped => "STOPPED",
            Self::Decommissioned => "DECOMMISSIONED",
            Self::Other(text) => text,
        }
    }

    /// Active in the sense of menus, resource files and routes.
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Registered | Self::Running | Self::Stopped)
    }
}

/// Edition of a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edition {
    /// `community`, or no edition told.
    Community,
    /// `enterprise`.
    Enterprise,
    /// A text that neither generation knows.
    Other(String),
}

impl Edition {
    /// The platform's text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Community => "community",
            Self::Enterprise => "enterprise",
            Self::Other(text) => text,
        }
    }
}

/// A container of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Row id; its form tells who launched it.
    pub id: InstanceId,
    /// The package that it was launched from.
    pub package: PackageId,
    /// Host address.
    pub host: String,
    /// Host port.
    pub port: u16,
    /// Container name; may be empty.
    pub container_name: String,
    /// State of the container as the platform has it.
    pub status: InstanceStatus,
}

impl Instance {
    /// Which generation launched it: v3 ones carry the old gateway's address until launched again.
    pub fn launched_by(&self) -> LaunchedBy {
        LaunchedBy::of(self.id.as_str())
    }
}

/// `containerStatus` of an instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InstanceStatus {
    /// `RUNNING`.
    Running,
    /// Anything else (`REMOVED`, empty).
    Other(String),
}

/// A declared, direct dependency of a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    /// Name of the package wanted; `platform` is the platform itself.
    pub name: PluginName,
    /// Version declared.
    pub version: Version,
}

impl Dependency {
    /// Whether it is a gate on the platform's version, not an edge to a plugin.
    pub fn is_platform(&self) -> bool {
        self.name.as_str() == "platform"
    }
}

/// A menu entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MenuItem {
    /// Code; the only key that both generations share.
    pub code: String,
    /// Parent's id or code; empty for a root menu.
    pub category: String,
    /// Who brought it: a package id, `SYSTEM`, or empty.
    pub source: String,
    /// Local name, else name; may be empty.
    pub display_name: String,
    /// Route path; may be empty.
    pub path: String,
    /// Whether an instance has been launched for it.
    pub active: bool,
}

/// A row of `resource-files`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResourceFile {
    /// Row id.
    pub id: ResourceFileId,
    /// Plugin name.
    pub package_name: PluginName,
    /// Plugin version.
    pub package_version: Version,
    /// Path from the portal's root.
    pub path: FilePath,
}

/// A route item of core or of a gateway.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteItem {
    /// Plugin name (v3's gateway says `name#1`; normalised).
    pub context: PluginName,
    /// Host.
    pub host: String,
    /// Port, as text in both generations.
    pub port: String,
    /// Path; none for the default route of an instance.
    pub path: Option<String>,
}
