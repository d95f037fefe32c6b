//! What a version of the platform can and does, as far as plan and proof depend on it.

use super::version::VersionRule;

/// Generation of the platform's back end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Generation {
    /// v3.x (Java).
    V3,
    /// v4.x (Go).
    V4,
}

/// How packages of every status are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageListing {
    /// One call returns all (v3).
    Always,
    /// One call with `all=yes` (v4.0, v4.1).
    AllParameter,
    /// Two calls, the second with `withDelete=yes`; instances and menus come with the rows (v4.2 on).
    TwoCalls,
}

/// One row of the table of what each version can (`docs/platform/versions.md#capability-table`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a table of independent yes/no facts"
)]
pub struct Capabilities {
    /// Generation.
    pub generation: Generation,
    /// How packages are listed.
    pub listing: PackageListing,
    /// A registration makes other REGISTERED versions of the name UNREGISTERED (v4.0, v4.1).
    pub demotes_siblings: bool,
    /// Packages carry `uiActive`, and a registration takes it from the other versions (v4.2 on).
    pub ui_active: bool,
    /// `resource-files` lists only packages that are REGISTERED with `uiActive` (v4.2.1 on).
    pub listing_needs_ui_active: bool,
    /// `resource-files` lists only plugins with an instance row (v4.5 on).
    pub listing_needs_instance: bool,
    /// Every registration moves `updatedTime` and `updatedBy` (v4.2.1 on; v4.2.0 does it for packages with
    /// UI only, so there an unmoved one proves nothing).
    pub marks_update: bool,
    /// A registration gives the package's resource files new row ids (v4).
    pub renews_resource_ids: bool,
    /// A registration moves `uploadTimestamp` (v3).
    pub moves_upload_time: bool,
    /// A DECOMMISSIONED package is registered without a word (v4); v3 refuses it.
    pub revives_decommissioned: bool,
    /// Endpoints ask for menu authorities (v4.4 on).
    pub menu_permissions: bool,
    /// A registration empties the plugin's folder before it copies (v3).
    pub empties_before_copy: bool,
    /// Two registers at once may mix their files (v3): one in flight, whatever is asked.
    pub one_register_at_a_time: bool,
    /// More than this many other active versions of a name are refused (v3: 2).
    pub max_other_active_versions: Option<usize>,
    /// How versions are compared.
    pub version_rule: VersionRule,
}
