//! What a check keeps from one look to the next, so that it need not ask for all of it again.
//!
//! Beside what answered at core's address, two things are kept, both of a kind that the platform itself does not change under the same name:
//!
//! - [`packages`]: what a package declared in its `register.xml` (dependencies, menus), by its id,
//!   version and moment of upload. Both generations write these rows at upload and at no other time
//!   (v4: `services/database/package.go`, `UploadPackage`, v4.0.0 to v4.5.6); only a menu's `active`
//!   moves, and that is taken from `my-menus` of the same look, or asked for.
//! - [`files`]: the digest of a static file by the `ETag` that a portal told with it. Each look asks
//!   whether that tag still holds (`If-None-Match`), so a changed file is read again, and so is one that
//!   was registered again.
//!
//! Nothing that is kept is believed where something is not well: then what packages declared is
//! forgotten ([`Memory::doubt`]), so that a cause that is gone is gone in the next look. And nothing is
//! believed for ever: each look asks for the oldest entry of either kind anew,
//! and where the platform then says something else, everything of that kind is forgotten and read in
//! the same look. Looks are counted, not timed, so that a clock that jumps changes nothing.

mod files;
mod instances;
mod kept;
mod menus;
mod packages;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::domain::{Generation, Inventory, Reading};

pub(in crate::platform) use files::{FileMemory, ListedFile, Way};
pub(in crate::platform) use instances::instances_told;
pub(in crate::platform) use menus::{Rivals, menus_now};
pub(in crate::platform) use packages::{Contents, PackageMemory, What};

/// Number of the format; a text in another one is not read.
const FORMAT: u32 = 1;

/// What was kept of one instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    format: u32,
    /// Version of the program that wrote it: another one may read answers in another way.
    program: String,
    /// Looks so far.
    look: u64,
    /// What answered at core's address in the last look.
    core: Option<GenerationDoc>,
    packages: PackageMemory,
    files: FileMemory,
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

impl Default for Memory {
    fn default() -> Self {
        Self {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            look: 0,
            core: None,
            packages: PackageMemory::default(),
            files: FileMemory::default(),
        }
    }
}

impl Memory {
    /// Reads what [`Memory::to_text`] wrote; an empty memory where it is anything else. Nothing is lost
    /// by that but time: all is asked again.
    pub fn parse(text: &str) -> Self {
        let empty = Self::default();
        match serde_json::from_str::<Self>(text) {
            Ok(memory) if memory.format == FORMAT && memory.program == empty.program => memory,
            _ => empty,
        }
    }

    /// As JSON, the same for the same memory.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Keeps what packages declared as it was just read for another purpose, and forgets what was kept of
    /// packages before. Files stay as they were: a portal says itself whether they are still the same.
    pub fn learn(&mut self, inventory: &Inventory) {
        if inventory.version.known().is_some() {
            self.core = Some(GenerationDoc::of(inventory.capabilities.generation));
        }
        self.packages.clear();
        for package in inventory.packages.known().into_iter().flatten() {
            let dependencies = inventory.dependencies.get(&package.id);
            let menus = inventory.package_menus.get(&package.id);
            let dependencies = dependencies
                .and_then(Reading::known)
                .map(|all| Contents::Dependencies(all.clone()));
            let menus = menus
                .and_then(Reading::known)
                .map(|all| Contents::Menus(all.clone()));
            for contents in [dependencies, menus].into_iter().flatten() {
                self.packages.keep(package, &contents, self.look);
            }
        }
    }

    /// Forgets what packages declared: something is not well, and what says so must be as it is now.
    pub fn doubt(&mut self) {
        self.packages.clear();
    }

    /// Which generation answered at core's address in the last look.
    pub fn core(&self) -> Option<Generation> {
        self.core.map(|core| match core {
            GenerationDoc::V3 => Generation::V3,
            GenerationDoc::V4 => Generation::V4,
        })
    }

    /// A new look begins.
    pub(in crate::platform) fn begin_look(&mut self, core: Generation) {
        self.look += 1;
        self.core = Some(GenerationDoc::of(core));
    }

    /// The part for packages, and the number of the look.
    pub(in crate::platform) fn packages(&mut self) -> (&mut PackageMemory, u64) {
        (&mut self.packages, self.look)
    }

    /// The part for files, and the number of the look.
    pub(in crate::platform) fn files(&mut self) -> (&mut FileMemory, u64) {
        (&mut self.files, self.look)
    }
}
