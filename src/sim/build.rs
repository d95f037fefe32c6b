//! Worlds and packages put together in a line, for tests and the ready-made worlds.

use super::faults::{Fault, FaultError};
use super::wire::SideName;
use super::world::{
    DatabaseMode, Dependency, FilesAtStart, Instance, MadeBy, Package, SideSpec, Ui, Variable,
    World,
};

/// Adds a fault to a world if its side and plugin exist.
pub fn apply_fault(world: &mut World, spec: &str) -> Result<(), FaultError> {
    let fault = Fault::parse(spec)?;
    if fault.side == SideName::Old && world.old.is_none() {
        return Err(FaultError::NoOldSide);
    }
    let mut known = world.content.packages.iter().chain(&world.uploads);
    if let Some(plugin) = fault.plugin
        && !known.any(|package| package.name == plugin)
    {
        return Err(FaultError::NoPlugin(plugin));
    }
    world.faults.push(spec.to_owned());
    Ok(())
}

impl Package {
    /// A registered package without pages or instances.
    pub fn new(name: &str, version: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            ..Self::default()
        }
    }

    /// The same with another status.
    #[must_use]
    pub fn status(mut self, status: &str) -> Self {
        status.clone_into(&mut self.status);
        self
    }

    /// The same with pages under `index_dir` (`""` for a zip with `index.html` at its root).
    #[must_use]
    pub fn with_ui(mut self, index_dir: &str) -> Self {
        self.ui = Some(Ui {
            index_dir: index_dir.to_owned(),
            files: Vec::new(),
        });
        self
    }

    /// The same, needing `name` at `version`.
    #[must_use]
    pub fn needs(mut self, name: &str, version: &str) -> Self {
        self.dependencies.push(Dependency {
            name: name.to_owned(),
            version: version.to_owned(),
        });
        self
    }

    /// The same with one more running instance.
    #[must_use]
    pub fn running(mut self) -> Self {
        self.instances.push(Instance {
            made_by: self.made_by,
            ..Instance::default()
        });
        self
    }

    /// The same, written by that generation of the platform.
    #[must_use]
    pub fn made_by(mut self, made_by: MadeBy) -> Self {
        self.made_by = made_by;
        for instance in &mut self.instances {
            instance.made_by = made_by;
        }
        self
    }

    /// The same, uploaded at `yyyy-MM-dd HH:mm:ss`.
    #[must_use]
    pub fn uploaded(mut self, timestamp: &str) -> Self {
        timestamp.clone_into(&mut self.upload_timestamp);
        self
    }

    /// Whether v3 and the menu queries count this package as active
    /// (`docs/platform/registration.md#statuses-of-a-package`).
    pub fn is_active(&self) -> bool {
        matches!(self.status.as_str(), "REGISTERED" | "RUNNING" | "STOPPED")
    }
}

impl World {
    /// The same world with a new side of that version.
    #[must_use]
    pub fn new_version(mut self, version: &str) -> Self {
        version.clone_into(&mut self.new.version);
        self
    }

    /// The same world with an old side of that version, its pages in place.
    #[must_use]
    pub fn old_version(mut self, version: &str) -> Self {
        let old = self.old.get_or_insert_with(|| SideSpec {
            files: FilesAtStart::Active,
            ..SideSpec::default()
        });
        version.clone_into(&mut old.version);
        self
    }

    /// The same world without an old side (in-place upgrade).
    #[must_use]
    pub fn without_old(mut self) -> Self {
        self.old = None;
        self
    }

    /// The same world with separate databases.
    #[must_use]
    pub fn separate_databases(mut self) -> Self {
        self.database = DatabaseMode::Separate;
        self
    }

    /// The same world with that many portals on the new and on the old side.
    #[must_use]
    pub fn portals(mut self, new: usize, old: usize) -> Self {
        self.new.portals = new;
        if let Some(side) = &mut self.old {
            side.portals = old;
        }
        self
    }

    /// The same world with one more package.
    #[must_use]
    pub fn package(mut self, package: Package) -> Self {
        self.content.packages.push(package);
        self
    }

    /// The same world with one more variable.
    #[must_use]
    pub fn variable(mut self, variable: Variable) -> Self {
        self.content.variables.push(variable);
        self
    }

    /// The same world with a fault; see [`super::apply_fault`] for a checked way.
    #[must_use]
    pub fn fault(mut self, spec: &str) -> Self {
        self.faults.push(spec.to_owned());
        self
    }

    /// The same world where one registration alone takes that many milliseconds.
    #[must_use]
    pub fn service_time_ms(mut self, milliseconds: f64) -> Self {
        self.timing.service_time_ms = milliseconds;
        self
    }

    /// The same world with another seed for what is random.
    #[must_use]
    pub fn random_seed(mut self, seed: u64) -> Self {
        self.random_seed = seed;
        self
    }

    /// The first package of that name and version, to change it before the start.
    pub fn package_mut(&mut self, name: &str, version: &str) -> Option<&mut Package> {
        self.content
            .packages
            .iter_mut()
            .find(|package| package.name == name && package.version == version)
    }
}
