//! What travels: the envelope, the shapes in it, and how they become `domain` values.
//!
//! [`envelope`] is the one place that decides success (architecture, invariant 7). The DTOs are
//! tolerant: unknown fields are ignored, `null`, missing and `""` are one, a null list is an empty
//! one. Their conversions destructure exhaustively, so that a field which is read is also used.

mod bounded;
pub(in crate::platform) mod envelope;
mod excerpt;
mod fields;
mod foreign;
mod launch;
mod menu;
mod package;
mod route;
mod token;
mod tolerant;
mod variable;

#[cfg(test)]
pub(in crate::platform) mod testing;
#[cfg(test)]
mod tests;

pub(in crate::platform) use envelope::{EnvelopeResult, Expect, decode, read_envelope};
pub(in crate::platform) use excerpt::{escape_line, excerpt};
pub(in crate::platform) use foreign::{PluginAnswer, plugin_answer};
pub(in crate::platform) use launch::{ContainersDto, LaunchedDto};
pub(in crate::platform) use menu::{MenuDto, RoleDto, RoleMenusDto, own_menus_v3, own_menus_v4};
pub(in crate::platform) use package::{
    DependencyTreeDto, InstanceDto, InstanceRow, ListedPackage, PackageDto, PackageRefDto,
    ResourceFileDto,
};
pub(in crate::platform) use route::RouteItemDto;
pub(in crate::platform) use token::TokenDto;
pub(in crate::platform) use tolerant::{Rows, decode_data};
pub(in crate::platform) use variable::{VariableDto, VariablePageDto};
