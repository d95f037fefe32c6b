//! What differs between versions of the platform, and one way to ask them all.
//!
//! [`Driver::for_version`] picks a row of the one table of capabilities ([`table`]); from then on
//! nobody asks for a version again. [`read`] turns `data` of each call into `domain` values;
//! [`variables`] reads system variables page by page where the version pages; [`mod@detect`] tells
//! the generation of an unknown platform without a token.

mod detect;
mod read;
mod select;
mod table;
mod variables;

#[cfg(test)]
mod tests;

pub(in crate::platform) use detect::{Detection, detect};
pub(in crate::platform) use read::{
    CallInfo, container_variable, created_variable, dependencies, instances, launched,
    listed_packages, menus, package_ref, packages, resource_files, role_id, role_menus, routes,
    version,
};
pub(in crate::platform) use select::Driver;
pub use select::capabilities_of;
pub(in crate::platform) use variables::NextPage;
