//! What a check keeps from one check to the next, so that it need not ask for all of it again.
//!
//! Beside what answered at core's address, these are kept, of a kind that the platform itself does not
//! change under the same name:
//!
//! - [`packages`]: what a package declared in its `register.xml` (dependencies, menus), by its id,
//!   version and moment of upload. Both generations write these rows at upload and at no other time
//!   (v4: `services/database/package.go`, `UploadPackage`, v4.0.0 to v4.5.6); only a menu's `active`
//!   moves, and that is taken from `my-menus` of the same check, or asked for.
//! - Instances of a package before v4.2, whose lists name none ([`instances`]): they are believed while
//!   core's routes, of which it has one for each that runs, lead to the same addresses.
//! - What our token sees of the menus, if it does not see all of them: `all-menus` is read in each check
//!   then and tells what is active, and `my-menus` in every other one.
//! - [`files`]: the digest of a static file by the `ETag` that a portal told with it. Each check asks
//!   whether that tag still holds (`If-None-Match`), so a changed file is read again, and so is one that
//!   was registered again.
//!
//! Nothing that is kept is believed where something is not well: then what packages declared is
//! forgotten ([`CheckCache::invalidate`]), so that a cause that is gone is gone in the next check. And nothing is
//! believed for ever: each check asks for the oldest entry of either kind anew,
//! and where the platform then says something else, everything of that kind is forgotten and read in
//! the same check. Looks are counted, not timed, so that a clock that jumps changes nothing.

mod cached;
mod files;
mod instances;
mod menus;
mod packages;

#[cfg(test)]
mod tests;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::domain::{
    Address, Generation, InstanceIdentity, Inventory, MenuItem, PackageListing, ReadFailure,
    Reading,
};

pub(in crate::platform) use files::{FetchMode, FileCache, ListedFile};
pub(in crate::platform) use instances::{are_still_running, instances_from_listing};
pub(in crate::platform) use menus::{MenuOwners, current_menus};
use packages::MenuDoc;
pub(in crate::platform) use packages::{DeclarationKind, Declarations, PackageCache};

/// Number of the format; a text in another one is not read.
const FORMAT: u32 = 1;

/// What was kept of one instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckCache {
    format: u32,
    /// Version of the program that wrote it: another one may read answers in another way.
    program: String,
    /// Looks so far.
    check: u64,
    /// What answered at core's address in the last check.
    core: Option<GenerationDoc>,
    /// The addresses of the instance that were found to be what they were given as.
    proven: Vec<String>,
    packages: PackageCache,
    /// `my-menus` of a check in which it did not have every menu.
    my_menus: Option<Vec<MenuDoc>>,
    files: FileCache,
}

pub(in crate::platform) fn digest(json: &str) -> String {
    BASE64_STANDARD.encode(Sha256::digest(json))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum GenerationDoc {
    V3,
    V4,
}

impl GenerationDoc {
    fn of(generation: Generation) -> Self {
        match generation {
            Generation::V3 => Self::V3,
            Generation::V4 => Self::V4,
        }
    }
}

impl Default for CheckCache {
    fn default() -> Self {
        Self {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            check: 0,
            core: None,
            proven: Vec::new(),
            packages: PackageCache::default(),
            my_menus: None,
            files: FileCache::default(),
        }
    }
}

impl CheckCache {
    /// Reads what [`CheckCache::to_text`] wrote; an empty memory where it is anything else, by a single
    /// bit. Nothing is lost by that but time: all is asked again.
    pub fn parse(text: &str) -> Self {
        let empty = Self::default();
        let json = text
            .split_once('\n')
            .and_then(|(told, json)| (told == digest(json)).then_some(json));
        match json.map(serde_json::from_str::<Self>) {
            Some(Ok(memory)) if memory.format == FORMAT && memory.program == empty.program => {
                memory
            }
            _ => empty,
        }
    }

    /// A digest, and JSON on the next line; the same for the same memory.
    pub fn to_text(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        [&digest(&json), "\n", &json].concat()
    }

    /// Keeps what packages declared as it was just read for another purpose, and forgets what was kept of
    /// packages before. Files stay as they were: a portal says itself whether they are still the same.
    pub fn learn(&mut self, inventory: &Inventory) {
        if inventory.version.known().is_some() {
            self.core = Some(GenerationDoc::of(inventory.capabilities.generation));
            self.proven = proven(&inventory.identity, &inventory.unproven);
        }
        self.packages.clear();
        for package in inventory.packages.known().into_iter().flatten() {
            let dependencies = inventory.dependencies.get(&package.id);
            let menus = inventory.package_menus.get(&package.id);
            let dependencies = dependencies
                .and_then(Reading::known)
                .map(|all| Declarations::Dependencies(all.clone()));
            let menus = menus
                .and_then(Reading::known)
                .map(|all| Declarations::Menus(all.clone()));
            // From v4.2 on the list names them.
            let unlisted = inventory.capabilities.listing != PackageListing::TwoCalls;
            let instances = inventory.instances.get(&package.id).filter(|_| unlisted);
            let instances = instances
                .and_then(Reading::known)
                .map(|all| Declarations::Instances(all.clone()));
            for contents in [dependencies, menus, instances].into_iter().flatten() {
                self.packages.store(package, &contents, self.check);
            }
        }
    }

    /// Forgets what packages declared: something is not well, and what says so must be as it is now.
    pub fn invalidate(&mut self) {
        self.packages.clear();
        self.my_menus = None;
    }

    /// Which generation answered at core's address in the last check, if all of these addresses were
    /// found to be what they are given as.
    pub fn core(&self, identity: &InstanceIdentity) -> Option<Generation> {
        let core = self.core.filter(|_| self.proven == proven(identity, &[]));
        core.map(|core| match core {
            GenerationDoc::V3 => Generation::V3,
            GenerationDoc::V4 => Generation::V4,
        })
    }

    /// A new check begins.
    pub(in crate::platform) fn begin_check(
        &mut self,
        core: Generation,
        identity: &InstanceIdentity,
        unproven: &[ReadFailure],
    ) {
        self.check += 1;
        self.core = Some(GenerationDoc::of(core));
        self.proven = proven(identity, unproven);
    }

    /// What an earlier check saw of `my-menus`, if it does not have every menu.
    pub(in crate::platform) fn my_menus(&self) -> Option<Vec<MenuItem>> {
        let menus = self.my_menus.as_ref()?.iter();
        Some(menus.map(MenuDoc::to_domain).collect())
    }

    /// Whether this check takes `my-menus` from an earlier one, if it may.
    pub(in crate::platform) fn spares_my_menus(&self) -> bool {
        self.check % 2 == 1
    }

    /// Keeps `my-menus`; `None` if it has every menu, or could not be read.
    pub(in crate::platform) fn keep_my_menus(&mut self, menus: Option<&[MenuItem]>) {
        self.my_menus = menus.map(|menus| menus.iter().map(MenuDoc::of).collect());
    }

    /// The part for packages, and the number of the check.
    pub(in crate::platform) fn packages(&mut self) -> (&mut PackageCache, u64) {
        (&mut self.packages, self.check)
    }

    /// The part for files, and the number of the check.
    pub(in crate::platform) fn files(&mut self) -> (&mut FileCache, u64) {
        (&mut self.files, self.check)
    }
}

/// All addresses of an instance; none if one of them is not proven.
fn proven(identity: &InstanceIdentity, unproven: &[ReadFailure]) -> Vec<String> {
    if !unproven.is_empty() {
        return Vec::new();
    }
    let servers = [&identity.core, &identity.gateway].into_iter();
    let all = servers.chain(&identity.portals);
    all.map(Address::to_string).collect()
}
