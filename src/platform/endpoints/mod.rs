//! Requests as pure functions: one for each call of the platform's API that we make, with its exact
//! method, path, query and body. No address, no token, no IO; `transport` adds those.
//!
//! Where generations want different requests the builder takes what differs as an argument, and
//! [`super::driver`] chooses. Paths carry the prefix `/platform` (core) or `/gateway` (gateway); both
//! are the same through a portal. Deliberately absent: decommission, launch and remove, which the
//! main job never calls, since each of them reaches the other side's users too.

mod packages;
mod path;
mod probe;
mod system;
mod variables;

#[cfg(test)]
mod tests;

pub(in crate::platform) use packages::{
    PackageQuery, all_menus, containers, dependencies, instances, my_menus, package_menus,
    packages, register, resource_files, role_menus, roles, upload,
};
pub(in crate::platform) use probe::{
    ProbePath, StaticMethod, invented_file, plugin_context, plugin_context_with_token, static_file,
    static_file_unless,
};
pub(in crate::platform) use system::{
    core_route_items, gateway_loaded_routes, gateway_route_items, health, version,
};
pub(in crate::platform) use variables::{
    VariableFilter, VariablePage, create_variable, delete_variable, retrieve_variables,
    update_variable,
};
