//! Menus.

use serde::Deserialize;

use super::tolerant::{Flag, Rows, Txt};
use crate::domain::MenuItem;

/// A row of `my-menus`, `all-menus` and `packages/{id}/menus`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::platform) struct MenuDto {
    #[serde(default)]
    code: Txt,
    #[serde(default)]
    category: Txt,
    #[serde(default)]
    source: Txt,
    #[serde(default)]
    display_name: Txt,
    #[serde(default)]
    local_display_name: Txt,
    #[serde(default)]
    path: Txt,
    #[serde(default)]
    active: Flag,
    /// v4, in `packages/{id}/menus` only: blank for the platform's own.
    #[serde(default)]
    plugin_package_id: Txt,
}

/// A row of `roles/retrieve`.
#[derive(Debug, Deserialize)]
pub(in crate::platform) struct RoleDto {
    id: Txt,
    name: Txt,
}

impl RoleDto {
    /// Its id, if it has that name.
    pub(in crate::platform) fn id_of(self, name: &str) -> Option<String> {
        (self.name.0 == name).then_some(self.id.0)
    }
}

/// `roles/{id}/menus`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::platform) struct RoleMenusDto {
    pub(in crate::platform) menu_list: Rows<MenuDto>,
}

impl MenuDto {
    /// The domain's entry. A missing `active` is false: the portal greys such an entry.
    pub(in crate::platform) fn into_domain(self) -> MenuItem {
        let Self {
            code: Txt(code),
            category: Txt(category),
            source: Txt(source),
            display_name: Txt(name),
            local_display_name: Txt(local_name),
            path: Txt(path),
            active: Flag(active),
            plugin_package_id: _,
        } = self;
        MenuItem {
            code,
            category,
            source,
            display_name: if local_name.is_empty() {
                name
            } else {
                local_name
            },
            path,
            active: active.unwrap_or(false),
        }
    }
}

/// The menus that a package itself brings, of a v3's `packages/{id}/menus`: rows of `menu_items` have
/// the source `SYSTEM` in every version's data, a package's rows have its id (or nothing, if a v4
/// uploaded it, since that does not write the column).
pub(in crate::platform) fn own_menus_v3(rows: Vec<MenuDto>) -> Vec<MenuItem> {
    own(rows, |row| row.source.0 != "SYSTEM")
}

/// The same of a v4, which names the package in each of its rows and leaves it blank for the others.
pub(in crate::platform) fn own_menus_v4(rows: Vec<MenuDto>) -> Vec<MenuItem> {
    own(rows, |row| !row.plugin_package_id.0.is_empty())
}

fn own(rows: Vec<MenuDto>, is_own: impl Fn(&MenuDto) -> bool) -> Vec<MenuItem> {
    rows.into_iter()
        .filter(|row| is_own(row))
        .map(MenuDto::into_domain)
        .collect()
}
