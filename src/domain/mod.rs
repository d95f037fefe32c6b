//! Values of the domain: what a platform instance holds, without a word on how it was asked.
//!
//! No serde, no IO, no clock. `platform` fills an [`Inventory`], the pure rooms (`plan`, `compare`)
//! read it. Where a fact could not be read it is a [`Reading::Unknown`] with its cause, never an
//! empty list.

mod capabilities;
mod failure_cause;
mod id;
mod inventory;
mod package;
mod reach;
mod reading;
mod registration;
mod role;
mod severity;
mod static_file;
mod tls_fault;
mod variable;
mod version;

pub use capabilities::{Capabilities, Generation, PackageListing};
pub use failure_cause::{BodyFault, FailureCause, FilePathFault};
pub use id::{
    InstanceId, LaunchedBy, PackageId, PluginName, ResourceFileId, VariableId, created_at,
};
pub use inventory::{
    Address, InstanceIdentity, Inventory, PageStates, PortalStates, Side, TokenProbe,
};
pub use package::{
    Dependency, Edition, Instance, InstanceStatus, MenuItem, Package, PackageStatus, ResourceFile,
    RouteItem,
};
pub use reach::{GatewayFinding, PortProbe, Reach, ReachCause};
pub use reading::{FailureKind, ReadFailure, Reading};
pub use registration::{PackageState, RegisterAnswer, RegisterError, Transience};
pub use role::Role;
pub use severity::Severity;
pub use static_file::{FilePath, FileState, FileVerdict, ServedFile};
pub use tls_fault::{TlsFault, TlsSetupFault};
pub use variable::{GATEWAY_URL, GATEWAY_URL_NEW, MISREAD_VARIABLE_NAME, RUN_MARK, SystemVariable};
pub use version::{PlatformVersion, Version, VersionRule, VersionVerdict};
