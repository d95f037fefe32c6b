//! What packages declared, and their instances where no listing names them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cached::Cached;
use crate::domain::{
    Dependency, Instance, InstanceId, InstanceStatus, MenuItem, Package, PackageId, PluginName,
    Version,
};

/// What packages of one instance declared, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::platform) struct PackageCache(BTreeMap<String, CachedPackage>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct CachedPackage {
    name: String,
    version: String,
    uploaded: Option<String>,
    dependencies: Option<Cached<Vec<DependencyDoc>>>,
    menus: Option<Cached<Vec<MenuDoc>>>,
    instances: Option<Cached<Vec<InstanceDoc>>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct DependencyDoc {
    name: String,
    version: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct InstanceDoc {
    id: String,
    host: String,
    port: u16,
    container: String,
    /// Its state, unless it runs.
    stopped: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MenuDoc {
    code: String,
    category: String,
    source: String,
    display_name: String,
    path: String,
    active: bool,
}

/// Which of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::platform) enum DeclarationKind {
    Dependencies,
    Menus,
    Instances,
}

/// What was read of a package, or is kept of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) enum Declarations {
    Dependencies(Vec<Dependency>),
    /// As they were when they were read: whether one is active may have changed since.
    Menus(Vec<MenuItem>),
    /// As they were when they were read.
    Instances(Vec<Instance>),
}

impl PackageCache {
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

    /// Takes the entry out that was read longest ago, so that it is asked for again; `None` if all of
    /// them are of this check.
    pub(in crate::platform) fn take_oldest(
        &mut self,
        check: u64,
    ) -> Option<(PackageId, Declarations)> {
        let entries = self.0.iter().flat_map(|(id, kept)| {
            let dependencies = kept.dependencies.as_ref().map(|it| it.read_in_check);
            let menus = kept.menus.as_ref().map(|it| it.read_in_check);
            let dependencies = dependencies
                .map(|read_in_check| (read_in_check, id, DeclarationKind::Dependencies));
            let menus = menus.map(|read_in_check| (read_in_check, id, DeclarationKind::Menus));
            let instances = kept.instances.as_ref();
            let instances = instances.map(|it| (it.read_in_check, id, DeclarationKind::Instances));
            [dependencies, menus, instances].into_iter().flatten()
        });
        let (read_in_check, id, kind) = entries.min()?;
        if read_in_check >= check {
            return None;
        }
        let id = PackageId::new(id.clone());
        let contents = self.get(&id, kind)?;
        let kept = self.0.get_mut(id.as_str())?;
        match kind {
            DeclarationKind::Dependencies => kept.dependencies = None,
            DeclarationKind::Menus => kept.menus = None,
            DeclarationKind::Instances => kept.instances = None,
        }
        Some((id, contents))
    }

    /// What is kept of a package.
    pub(in crate::platform) fn get(
        &self,
        id: &PackageId,
        kind: DeclarationKind,
    ) -> Option<Declarations> {
        let kept = self.0.get(id.as_str())?;
        Some(match kind {
            DeclarationKind::Dependencies => {
                let docs = &kept.dependencies.as_ref()?.value;
                Declarations::Dependencies(docs.iter().map(DependencyDoc::to_domain).collect())
            }
            DeclarationKind::Menus => {
                let docs = &kept.menus.as_ref()?.value;
                Declarations::Menus(docs.iter().map(MenuDoc::to_domain).collect())
            }
            DeclarationKind::Instances => {
                let docs = &kept.instances.as_ref()?.value;
                Declarations::Instances(docs.iter().map(|doc| doc.to_domain(id)).collect())
            }
        })
    }

    /// Keeps what was just read of a package.
    pub(in crate::platform) fn store(
        &mut self,
        package: &Package,
        contents: &Declarations,
        check: u64,
    ) {
        let kept = self
            .0
            .entry(package.id.as_str().to_owned())
            .or_insert_with(|| CachedPackage::of(package));
        match contents {
            Declarations::Dependencies(all) => {
                let value = all.iter().map(DependencyDoc::of).collect();
                kept.dependencies = Some(Cached {
                    read_in_check: check,
                    value,
                });
            }
            Declarations::Menus(all) => {
                let value = all.iter().map(MenuDoc::of).collect();
                kept.menus = Some(Cached {
                    read_in_check: check,
                    value,
                });
            }
            Declarations::Instances(all) => {
                let value = all.iter().map(InstanceDoc::of).collect();
                kept.instances = Some(Cached {
                    read_in_check: check,
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

impl CachedPackage {
    fn of(package: &Package) -> Self {
        Self {
            name: package.name.as_str().to_owned(),
            version: package.version.as_str().to_owned(),
            uploaded: package.uploaded.clone(),
            dependencies: None,
            menus: None,
            instances: None,
        }
    }

    fn is_of(&self, package: &Package) -> bool {
        self.name == package.name.as_str()
            && self.version == package.version.as_str()
            && self.uploaded == package.uploaded
    }
}

impl Declarations {
    /// Which of the three it is.
    pub(in crate::platform) fn kind(&self) -> DeclarationKind {
        match self {
            Self::Dependencies(_) => DeclarationKind::Dependencies,
            Self::Menus(_) => DeclarationKind::Menus,
            Self::Instances(_) => DeclarationKind::Instances,
        }
    }

    /// Whether a package declares the same in both: an entry's `active` is no declaration.
    pub(in crate::platform) fn same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Dependencies(a), Self::Dependencies(b)) => a == b,
            (Self::Instances(a), Self::Instances(b)) => a == b,
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
            name: PluginName::new(self.name.as_str()),
            version: Version::new(self.version.as_str()),
        }
    }
}

impl InstanceDoc {
    fn of(instance: &Instance) -> Self {
        Self {
            id: instance.id.as_str().to_owned(),
            host: instance.host.clone(),
            port: instance.port,
            container: instance.container_name.clone(),
            stopped: match &instance.status {
                InstanceStatus::Running => None,
                InstanceStatus::Other(state) => Some(state.clone()),
            },
        }
    }

    fn to_domain(&self, package: &PackageId) -> Instance {
        Instance {
            id: InstanceId::new(self.id.as_str()),
            package: package.clone(),
            host: self.host.clone(),
            port: self.port,
            container_name: self.container.clone(),
            status: match &self.stopped {
                None => InstanceStatus::Running,
                Some(state) => InstanceStatus::Other(state.clone()),
            },
        }
    }
}

impl MenuDoc {
    pub(super) fn of(menu: &MenuItem) -> Self {
        Self {
            code: menu.code.clone(),
            category: menu.category.clone(),
            source: menu.source.clone(),
            display_name: menu.display_name.clone(),
            path: menu.path.clone(),
            active: menu.active,
        }
    }

    pub(super) fn to_domain(&self) -> MenuItem {
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
