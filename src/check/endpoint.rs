//! The requests that evidence names.

use crate::domain::Inventory;

/// A listing of an instance, named by the request that reads it.
#[derive(Clone, Copy)]
pub(super) enum Endpoint {
    Version,
    Packages,
    Menus,
    RoleMenus,
    ResourceFiles,
    Variables,
    CoreRoutes,
    GatewayRoutes,
    Instances,
    Dependencies,
}

impl Endpoint {
    /// Method and address.
    pub(super) fn on(self, inventory: &Inventory) -> String {
        let (core, gateway) = (&inventory.identity.core, &inventory.identity.gateway);
        match self {
            Self::Version => format!("GET {core}/platform/v1/appinfo/version"),
            Self::Packages => format!("GET {core}/platform/v1/packages"),
            Self::Menus => format!("GET {core}/platform/v1/packages/ID/menus"),
            Self::RoleMenus => format!("GET {core}/platform/v1/roles/ID/menus"),
            Self::ResourceFiles => format!("GET {core}/platform/v1/resource-files"),
            Self::Variables => format!("POST {core}/platform/v1/system-variables/retrieve"),
            Self::CoreRoutes => format!("GET {core}/platform/v1/route-items"),
            Self::GatewayRoutes => format!("GET {gateway}/gateway/v1/route-items"),
            Self::Instances => format!("GET {core}/platform/v1/packages/ID/instances"),
            Self::Dependencies => format!("GET {core}/platform/v1/packages/ID/dependencies"),
        }
    }
}
