//! The one table of what each version of the platform can (`docs/platform/versions.md#capability-table`), each row checked
//! against the source of its tag and of the tag before.

use crate::domain::{Capabilities, Generation, PackageListing, VersionRule};

/// A row: the first version that it is true of, and what holds from there to the next row.
pub(super) struct Row {
    /// Major, minor, patch.
    pub(super) from: (u32, u32, u32),
    /// Capabilities.
    pub(super) capabilities: Capabilities,
}

/// Every v3 (v3.2.6 was measured). A v2 has the same back end and is taken for a v3.
pub(super) const V3: Capabilities = Capabilities {
    generation: Generation::V3,
    listing: PackageListing::Always,
    demotes_siblings: false,
    ui_active: false,
    listing_needs_ui_active: false,
    listing_needs_instance: false,
    marks_update: false,
    renews_resource_ids: false,
    moves_upload_time: true,
    revives_decommissioned: false,
    menu_permissions: false,
    empties_before_copy: true,
    one_register_at_a_time: true,
    max_other_active_versions: Some(2),
    version_rule: VersionRule::V3,
};

/// v4.0.0, and v4.1.0 unchanged (`services/database/variable.go`, `RegisterPlugin`).
const V4_0: Capabilities = Capabilities {
    generation: Generation::V4,
    listing: PackageListing::AllParameter,
    demotes_siblings: true,
    ui_active: false,
    listing_needs_ui_active: false,
    listing_needs_instance: false,
    marks_update: false,
    renews_resource_ids: true,
    moves_upload_time: false,
    revives_decommissioned: true,
    menu_permissions: false,
    empties_before_copy: false,
    one_register_at_a_time: false,
    max_other_active_versions: None,
    version_rule: VersionRule::V4,
};

/// v4.2.0: siblings stay REGISTERED, packages have `uiActive`, listings take two calls. A registration
/// marks `updatedTime` for packages with UI only (`UpdatePluginStaticResourceFiles` does,
/// `RegisterPlugin` does not yet), so an unmoved `updatedTime` proves nothing here.
const V4_2_0: Capabilities = Capabilities {
    listing: PackageListing::TwoCalls,
    demotes_siblings: false,
    ui_active: true,
    ..V4_0
};

/// v4.2.1: `resource-files` wants `ui_active=1` and REGISTERED; every registration marks `updatedTime`.
const V4_2_1: Capabilities = Capabilities {
    listing_needs_ui_active: true,
    marks_update: true,
    ..V4_2_0
};

/// v4.4.0: the menu-API permission check (`config/menu-api-map.json` is there from this tag on).
const V4_4: Capabilities = Capabilities {
    menu_permissions: true,
    ..V4_2_1
};

/// v4.5.0: `resource-files` also wants an instance row of the plugin's name
/// (`GetPluginResourceFiles`). Unchanged to v4.5.6.
const V4_5: Capabilities = Capabilities {
    listing_needs_instance: true,
    ..V4_4
};

/// v4 rows, oldest first. v4.1.0, v4.3.x and v4.5.1 to v4.5.6 have none of their own: nothing that
/// matters here changed in them.
pub(super) const V4: [Row; 5] = [
    Row {
        from: (4, 0, 0),
        capabilities: V4_0,
    },
    Row {
        from: (4, 2, 0),
        capabilities: V4_2_0,
    },
    Row {
        from: (4, 2, 1),
        capabilities: V4_2_1,
    },
    Row {
        from: (4, 4, 0),
        capabilities: V4_4,
    },
    Row {
        from: (4, 5, 0),
        capabilities: V4_5,
    },
];

/// The newest version whose source was read. Later ones get the newest row.
pub(super) const NEWEST_READ: (u32, u32, u32) = (4, 5, 6);
