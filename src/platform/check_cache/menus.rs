//! Whether a menu that was read in an earlier check is active now.

use std::collections::BTreeMap;

use crate::domain::{MenuItem, Package, PackageId};

/// Which active packages bring a menu of a code.
#[derive(Default)]
pub(in crate::platform) struct MenuOwners(BTreeMap<String, usize>);

impl MenuOwners {
    /// Counts what an active package brings.
    pub(in crate::platform) fn count(&mut self, menus: &[MenuItem]) {
        for menu in menus {
            *self.0.entry(menu.code.clone()).or_default() += 1;
        }
    }

    fn is_only_owner(&self, code: &str) -> bool {
        self.0.get(code) == Some(&1)
    }
}

/// A package's menus as they are now, where `my-menus` of this check tells it; `None` if the package
/// must be asked.
///
/// `my-menus` has one entry for each code: of all active packages that bring it an active one where
/// there is one (v4: `services/database/menu.go`, `isBetterThanExistOne`; `docs/platform/endpoints.md#menus`). So an entry
/// that is not active says that none of them is, and one that is says it of the package that is alone
/// with the code, or that the entry names. `owners` must count every active package. A package that is
/// not active has no entry there, and nobody sees its menus: they stay as they were read.
pub(in crate::platform) fn current_menus(
    package: &Package,
    kept: &[MenuItem],
    owners: &MenuOwners,
    mine: &[MenuItem],
) -> Option<Vec<MenuItem>> {
    if !package.status.is_active() {
        return Some(kept.to_vec());
    }
    let now = kept.iter().map(|menu| {
        let shown = mine.iter().find(|shown| shown.code == menu.code)?;
        let settled =
            !shown.active || owners.is_only_owner(&menu.code) || names(shown, &package.id);
        settled.then(|| MenuItem {
            active: shown.active,
            ..menu.clone()
        })
    });
    now.collect()
}

/// Packages that a v3 took in have their id in the entry; a v4 leaves it out.
fn names(shown: &MenuItem, package: &PackageId) -> bool {
    shown.source == package.as_str()
}
