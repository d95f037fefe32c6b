//! What packages declared.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::kept::Kept;
use crate::domain::{Dependency, MenuItem, Package, PackageId, PluginName, Version};

/// What packages of one instance declared, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::platform) struct PackageMemory(BTreeMap<String, KeptPackage>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KeptPackage {
    name: String,
    version: String,
    uploaded: Option<String>,
    dependencies: Option<Kept<Vec<DependencyDoc>>>,
    menus: Option<Kept<Vec<MenuDoc>>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct DependencyDoc {
    name: String,
    version: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct MenuDoc {
    code: String,
    category: String,
    source: String,
    display_name: String,
    path: String,
    active: bool,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::platform) enum What {
    Dependencies,
    Menus,
}

/// What was read of a package, or is kept of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) enum Contents {
    Dependencies(Vec<Dependency>),
    /// As they were when they were read: whether one is active may have changed since.
    Menus(Vec<MenuItem>),
}

impl PackageMemory {
    /// Forgets what is not of these packages, or of an earlier upload under the same id.
    pub(in crate::platform) fn retain(&mut self, packages: &[&Package]) {
        let there: BTreeMap<&str, &Package> = packages
            .iter()
            .map(|package| (package.id.as_str(), *package))
            .collect();
        self.0.retain(|id, kept| {
            there
                .get(id.as_str())
                .is_some_and(|package| kept.is_of(package))
        });
    }

    /// Takes the entry out that was read longest ago, so that it is asked for again; none where all of
    /// them are of this look.
    pub(in crate::platform) fn take_oldest(&mut self, look: u64) -> Option<(PackageId, Contents)> {
        let entries = self.0.iter().flat_map(|(id, kept)| {
            let dependencies = kept.dependencies.as_ref().map(|it| it.read_in);
            let menus = kept.menus.as_ref().map(|it| it.read_in);
            let dependencies = dependencies.map(|read_in| (read_in, id, What::Dependencies));
            let menus = menus.map(|read_in| (read_in, id, What::Menus));
            dependencies.into_iter().chain(menus)
        });
        let (read_in, id, what) = entries.min()?;
        if read_in >= look {
            return None;
        }
        let id = PackageId::new(id.clone());
        let contents = self.get(&id, what)?;
        let kept = self.0.get_mut(id.as_str())?;
        match what {
            What::Dependencies => kept.dependencies = None,
            What::Menus => kept.menus = None,
        }
        Some((id, contents))
    }

    /// What is kept of a package.
    pub(in crate::platform) fn get(&self, id: &PackageId, what: What) -> Option<Contents> {
        let kept = self.0.get(id.as_str())?;
        Some(match what {
            What::Dependencies => {
                let docs = &kept.dependencies.as_ref()?.value;
                Contents::Dependencies(docs.iter().map(DependencyDoc::to_domain).collect())
            }
            What::Menus => {
                let docs = &kept.menus.as_ref()?.value;
                Contents::Menus(docs.iter().map(MenuDoc::to_domain).collect())
            }
        })
    }

    /// Keeps what was just read of a package.
    pub(in crate::platform) fn keep(&mut self, package: &Package, contents: &Contents, look: u64) {
        let kept = self
            .0
            .entry(package.id.as_str().to_owned())
            .or_insert_with(|| KeptPackage::of(package));
        match contents {
            Contents::Dependencies(all) => {
                let value = all.iter().map(DependencyDoc::of).collect();
                kept.dependencies = Some(Kept {
                    read_in: look,
                    value,
                });
            }
            Contents::Menus(all) => {
                let value = all.iter().map(MenuDoc::of).collect();
                kept.menus = Some(Kept {
                    read_in: look,
                    value,
                });
            }
        }
    }

    /// Forgets everything.
    pub(in crate::platform) fn clear(&mut self) {
        self.0.clear();
    }
}

impl KeptPackage {
    fn of(package: &Package) -> Self {
        Self {
            name: package.name.as_str().to_owned(),
            version: package.version.as_str().to_owned(),
            uploaded: package.uploaded.clone(),
            dependencies: None,
            menus: None,
        }
    }

    fn is_of(&self, package: &Package) -> bool {
        self.name == package.name.as_str()
            && self.version == package.version.as_str()
            && self.uploaded == package.uploaded
    }
}

impl Contents {
    /// Which of the two it is.
    pub(in crate::platform) fn what(&self) -> What {
        match self {
            Self::Dependencies(_) => What::Dependencies,
            Self::Menus(_) => What::Menus,
        }
    }

    /// Whether a package declares the same in both: an entry's `active` is no declaration.
    pub(in crate::platform) fn declares_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Dependencies(a), Self::Dependencies(b)) => a == b,
            (Self::Menus(a), Self::Menus(b)) => {
                let declared = |all: &[MenuItem]| -> Vec<MenuItem> {
                    let still = all.iter().cloned();
                    still
                        .map(|menu| MenuItem {
                            active: false,
                            ..menu
                        })
                        .collect()
                };
                declared(a) == declared(b)
            }
            _ => false,
        }
    }
}

impl DependencyDoc {
    fn of(dependency: &Dependency) -> Self {
        Self {
            name: dependency.name.as_str().to_owned(),
            version: dependency.version.as_str().to_owned(),
        }
    }

    fn to_domain(&self) -> Dependency {
        Dependency {
            name: PluginName::new(&self.name),
            version: Version::new(&self.version),
        }
    }
}

impl MenuDoc {
    fn of(menu: &MenuItem) -> Self {
        Self {
            code: menu.code.clone(),
            category: menu.category.clone(),
            source: menu.source.clone(),
            display_name: menu.display_name.clone(),
            path: menu.path.clone(),
            active: menu.active,
        }
    }

    fn to_domain(&self) -> MenuItem {
        MenuItem {
            code: self.code.clone(),
            category: self.category.clone(),
            source: self.source.clone(),
            display_name: self.display_name.clone(),
            path: self.path.clone(),
            active: self.active,
        }
    }
}
