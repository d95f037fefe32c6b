//! A running world: what [`super::Running::with_world`] hands out, for tests that change things
//! while the simulator runs.

use std::collections::HashMap;

use super::database::{Database, PackageRow};
use super::disk::{Disk, DiskFile};
use super::faults::{Fault, Faults, Kind};
use super::ids::{IdMaker, http_date, stored_time};
use super::routes::{Route, RouteTable};
use super::version::PlatformVersion;
use super::wire::SideName;
use super::world::{DatabaseMode, FilesAtStart, MadeBy, SideSpec, Timing, World};

/// Everything that can change while a world runs.
#[derive(Debug)]
pub struct WorldState {
    /// The instance that is upgraded to.
    pub new: SideState,
    /// The instance that is upgraded from.
    pub old: Option<SideState>,
    /// One database when shared, else the new side's and then the old side's.
    pub databases: Vec<Database>,
    /// The faults in force.
    pub faults: Faults,
    /// Packages that can be uploaded.
    pub uploads: Vec<super::world::Package>,
    /// How long things take.
    pub timing: Timing,
    /// Makes row ids.
    pub ids: IdMaker,
    /// Decides what is left to chance.
    pub random: fastrand::Rng,
}

/// One instance of the platform while it runs.
#[derive(Debug)]
pub struct SideState {
    /// As the world describes it.
    pub spec: SideSpec,
    /// Its version, and what follows from that.
    pub version: PlatformVersion,
    /// Seed with which it verifies tokens.
    pub seed: String,
    /// Seconds by which its clock is ahead.
    pub clock_offset_s: i64,
    /// Which of [`WorldState::databases`] it works on.
    pub database: usize,
    /// The portals' disks.
    pub disks: Vec<Disk>,
    /// The gateway's table.
    pub routes: RouteTable,
    /// Registers that have finished, well or not.
    pub registers_done: u64,
    /// v3: packages whose register works in the folder of that millisecond.
    pub folders: HashMap<u128, Vec<String>>,
}

impl WorldState {
    /// A world at its start.
    pub fn of(world: &World) -> Self {
        let mut ids = IdMaker::new(world.random_seed);
        let faults = Faults::of(&world.faults);
        let mut new = SideState::of(&world.new, SideName::New, world, &faults);
        let mut old = world
            .old
            .as_ref()
            .map(|spec| SideState::of(spec, SideName::Old, world, &faults));
        // The rows of a shared database were written by the platform that was there first.
        let writer = old.as_ref().unwrap_or(&new);
        let mut databases = vec![match world.database {
            DatabaseMode::Shared => {
                Database::of(&world.content, &writer.version, &writer.root(), &mut ids)
            }
            DatabaseMode::Separate => {
                Database::of(&world.content, &new.version, &new.root(), &mut ids)
            }
        }];
        if let Some(side) = &mut old
            && world.database == DatabaseMode::Separate
        {
            let content = world.old_content.as_ref().unwrap_or(&world.content);
            databases.push(Database::of(content, &side.version, &side.root(), &mut ids));
            side.database = 1;
        }
        for side in [Some(&new), old.as_ref()].into_iter().flatten() {
            databases[side.database].has_v4_3_rows |= side.version.adds_menus();
        }
        new.fill_disks(SideName::New, &databases, &faults);
        if let Some(side) = &mut old {
            side.fill_disks(SideName::Old, &databases, &faults);
        }
        Self {
            new,
            old,
            databases,
            faults,
            uploads: world.uploads.clone(),
            timing: world.timing.clone(),
            ids,
            random: fastrand::Rng::with_seed(world.random_seed ^ 0x5eed),
        }
    }

    /// One of the sides.
    ///
    /// # Panics
    /// If the old side is asked for and there is none.
    pub fn side(&self, name: SideName) -> &SideState {
        match name {
            SideName::New => &self.new,
            SideName::Old => self.old.as_ref().expect("this world has an old side"),
        }
    }

    /// One of the sides, to change it.
    ///
    /// # Panics
    /// If the old side is asked for and there is none.
    pub fn side_mut(&mut self, name: SideName) -> &mut SideState {
        match name {
            SideName::New => &mut self.new,
            SideName::Old => self.old.as_mut().expect("this world has an old side"),
        }
    }

    /// The database that a side works on.
    pub fn database(&self, name: SideName) -> &Database {
        &self.databases[self.side(name).database]
    }

    /// The database that a side works on, to change it.
    pub fn database_mut(&mut self, name: SideName) -> &mut Database {
        let index = self.side(name).database;
        &mut self.databases[index]
    }

    /// The package of that name and version as that side knows it, to change it.
    pub fn package_mut(
        &mut self,
        side: SideName,
        name: &str,
        version: &str,
    ) -> Option<&mut PackageRow> {
        self.database_mut(side).find_mut(name, version)
    }

    /// Adds a fault from now on.
    pub fn add_fault(&mut self, spec: &str) -> Result<(), super::faults::FaultError> {
        self.faults.add(spec)
    }

    /// Whether something answers behind that plugin's routes.
    pub fn plugin_answers(&self, side: SideName, name: &str) -> bool {
        !self.faults.hits(side, Kind::PluginDown, name)
    }

    /// The routes that core lists: one per RUNNING instance, whatever the package's status.
    pub(super) fn core_routes(&self, side: SideName) -> Vec<Route> {
        let packages = self.database(side).packages.iter().map(|row| &row.package);
        packages
            .filter(|package| {
                !self
                    .faults
                    .hits(side, Kind::CoreRouteMissing, &package.name)
            })
            .flat_map(|package| {
                let running = package.instances.iter().filter(|one| one.is_running());
                running.map(|instance| Route {
                    context: package.name.clone(),
                    host: instance.host.clone(),
                    port: instance.port,
                })
            })
            .collect()
    }

    /// The moment in a side's database, in the form of its generation.
    pub fn stored_now(&self, side: SideName) -> String {
        let side = self.side(side);
        stored_time(side.clock_offset_s, side.made_by())
    }

    /// The `Date` header of a side.
    pub fn date(&self, side: SideName) -> String {
        http_date(self.side(side).clock_offset_s)
    }
}

impl SideState {
    fn of(spec: &SideSpec, name: SideName, world: &World, faults: &Faults) -> Self {
        let version = PlatformVersion::new(&spec.version);
        let mut seed = spec.seed.clone().unwrap_or_else(|| world.seed.clone());
        if faults.has(name, Kind::SeedDiffers) {
            seed = format!("X{seed}");
            seed.truncate(seed.len() - 1);
        }
        let clock = faults.find(name, Kind::Clock, "");
        let late = faults.find(name, Kind::RouteLate, "");
        let mut routes = RouteTable::new(
            late.map_or(world.timing.route_first_load_ms, Fault::amount),
            world.timing.route_refresh_ms,
        );
        if name == SideName::Old {
            // It has run for long.
            routes.load.version = 1000;
        }
        Self {
            spec: spec.clone(),
            seed,
            clock_offset_s: clock.map_or(spec.clock_offset_s, |fault| fault.number),
            database: 0,
            disks: vec![Disk::default(); spec.portals],
            routes,
            registers_done: 0,
            folders: HashMap::new(),
            version,
        }
    }

    /// Which form of ids and times it writes.
    pub fn made_by(&self) -> MadeBy {
        if self.version.is_v3() {
            MadeBy::V3
        } else {
            MadeBy::V4
        }
    }

    /// First part of the paths that it writes: v3 always `ui-resources`, v4 the last part of the
    /// static path (`docs/platform/portal.md#static-path`).
    pub fn root(&self) -> String {
        if self.version.is_v3() {
            return "ui-resources".to_owned();
        }
        let path = &self.spec.static_path;
        path.rsplit('/').next().unwrap_or(path).to_owned()
    }

    /// Puts the pages of active packages on the disks, as earlier registers did, spoilt where a
    /// fault says so.
    fn fill_disks(&mut self, name: SideName, databases: &[Database], faults: &Faults) {
        if self.spec.files == FilesAtStart::Nothing {
            return;
        }
        let keeps_zip = !self.version.has_ui_active();
        let rows = &databases[self.database].packages;
        let with_pages = || {
            rows.iter()
                .map(|row| &row.package)
                .filter(|package| package.is_active() && package.ui.is_some())
        };
        let last = self.disks.len() - 1;
        for package in with_pages() {
            let own = &package.name;
            let other = with_pages()
                .find(|other| other.name != *own)
                .filter(|_| faults.hits(name, Kind::MixedFiles, own));
            let lacks = faults.hits(name, Kind::PortalLacks, own);
            for (number, disk) in self.disks.iter_mut().enumerate() {
                if lacks && number == last {
                    continue;
                }
                match other {
                    Some(other) => disk.unzip_mixed(package, other),
                    None => disk.unzip(package),
                }
                if keeps_zip {
                    disk.put_zip(package);
                }
            }
        }
    }

    /// The file that a portal serves at a path, if it does.
    pub fn file(&self, portal: usize, path: &str) -> Option<&DiskFile> {
        self.disks.get(portal)?.get(path)
    }

    /// Takes a package's pages from the disks of all portals.
    pub fn clear_package(&mut self, name: &str, version: &str) {
        for disk in &mut self.disks {
            disk.clear_package(name, version);
        }
    }
}
