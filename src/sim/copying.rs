//! The slow part of a registration: from S3 through a working directory to each static host, and what
//! it leaves on the portals' disks (`docs/platform/registration.md#messages-of-v4`; recordings
//! `register-static-*.json`).

use std::time::Duration;

use super::database::zip_entries;
use super::faults::Kind;
use super::host::{Step, Usage};
use super::shared::Shared;
use super::state::WorldState;
use super::wire::SideName;
use super::world::{Package, Timing};

/// Why a registration ended badly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// v4's code; -1 for a plain error.
    pub(super) code: i64,
    /// v4's message; v3 puts a sentence before it.
    pub(super) message: String,
}

impl Refusal {
    /// A plain error.
    pub(super) fn plain(message: impl Into<String>) -> Self {
        Self {
            code: -1,
            message: message.into(),
        }
    }
}

/// Copies the pages to each static host in turn; the first that fails ends it, earlier ones keep
/// what they got.
pub(super) async fn copy(
    shared: &Shared,
    side: SideName,
    package: &Package,
    ui_only: bool,
) -> Result<(), Refusal> {
    let (usage, service_ms) = {
        let state = shared.state();
        let v3 = state.side(side).version.is_v3();
        let usage = if v3 { Usage::V3 } else { Usage::V4 };
        (usage, state.timing.service_time_ms)
    };
    if let Some(first) = shared.hosts(side).first() {
        first.prelude(usage, service_ms).await;
    }
    let moment = shared.since_start();
    let job = CopyJob::start(&mut shared.state(), side, package, moment)?;
    for (portal, host) in shared.hosts(side).iter().enumerate() {
        for step in [Step::Directory, Step::Copy, Step::Unzip] {
            job.refused(&shared.state(), step)?;
            host.step(usage, service_ms, step)
                .await
                .map_err(|step| job.dropped(step))?;
            job.effect(&mut shared.state(), portal, step, ui_only);
        }
    }
    let has_index = zip_entries(package)
        .iter()
        .any(|entry| entry.ends_with("index.html"));
    if !job.v3 && !has_index {
        return Err(Refusal::plain("can not find index.html in ui package"));
    }
    Ok(())
}

/// Copying of one package: its effects and its error messages.
struct CopyJob {
    v3: bool,
    side: SideName,
    package: Package,
    target: String,
    zip: String,
    folder: u128,
}

impl CopyJob {
    /// Takes the package from S3 into a working folder; v3 names it by the millisecond alone, so
    /// that two registers can share one.
    fn start(
        state: &mut WorldState,
        side: SideName,
        package: &Package,
        moment: Duration,
    ) -> Result<Self, Refusal> {
        let name = &package.name;
        let gone = state.faults.hits(side, Kind::UiZipMissing, name);
        // Measured at eight in flight: up to five refusals in a run of sixty, three plugins with
        // another one's files in five runs.
        let lock_fails = state.random.u8(..4) != 0;
        // Where registers are made faster than measured, so is the clock that names the folder.
        let scale = state.timing.service_time_ms / Timing::default().service_time_ms;
        let millisecond = Duration::from_secs_f64((scale / 1000.0).clamp(1e-6, 1.0))
            .as_nanos()
            .max(1);
        let here = state.side_mut(side);
        let v3 = here.version.is_v3();
        let folder = moment.as_nanos() / millisecond;
        let nanos = moment.as_nanos() + 1_700_000_000_000_000_000;
        let zip = if v3 {
            format!("/tmp/{}/ui.zip", nanos / 1_000_000)
        } else {
            format!("/tmp/{nanos}/ui.zip")
        };
        if gone && v3 {
            return Err(Refusal::plain(
                "The specified key does not exist. (Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey; Request ID: g89g7wKWWkZxiEmaMT9UmqkcFWpxdhxKG9B47P8aCcHk3uGqFraV)",
            ));
        }
        if gone {
            return Err(Refusal::plain(format!(
                "download s3 file {name}/{}/ui.zip to path:{zip} fail,The specified key does not exist. ",
                package.version
            )));
        }
        if v3 {
            let sharers = here.folders.entry(folder).or_default();
            if !sharers.is_empty() && lock_fails {
                return Err(Refusal::plain(format!("Fail to lock {zip}")));
            }
            sharers.push(package.id.clone());
        }
        Ok(Self {
            v3,
            side,
            target: format!("{}/{name}/{}", here.spec.static_path, package.version),
            package: package.clone(),
            zip,
            folder,
        })
    }

    /// What a fault of the host refuses before a connection is opened.
    fn refused(&self, state: &WorldState, step: Step) -> Result<(), Refusal> {
        let done = state.side(self.side).registers_done;
        let down = state.faults.find(self.side, Kind::HostDown, "");
        if down.is_some_and(|fault| done >= fault.amount()) {
            return Err(self.failed(
                step,
                255,
                "There was a problem while connecting to 127.0.0.1:22",
            ));
        }
        if state.faults.has(self.side, Kind::HostWrongPassword) {
            return Err(self.failed(step, 5, "authentication failed"));
        }
        let name = &self.package.name;
        if step == Step::Copy && state.faults.hits(self.side, Kind::NotWritable, name) {
            return Err(self.failed(step, 1, ""));
        }
        Ok(())
    }

    /// What a connection dropped by sshd looks like.
    fn dropped(&self, step: Step) -> Refusal {
        let status = if step == Step::Copy { 1 } else { 255 };
        self.failed(
            step,
            status,
            "There was a problem while connecting to 127.0.0.1:22",
        )
    }

    fn failed(&self, step: Step, status: u8, v3_cause: &str) -> Refusal {
        let host = "127.0.0.1";
        Refusal::plain(match (self.v3, step) {
            (true, Step::Copy) => "Put file to remote host meet error: ".to_owned(),
            (true, _) => {
                format!("Run remote command meet error: failed to init executor:{v3_cause}")
            }
            (false, Step::Directory) => format!(
                "scp file,try to mkdir target dir path {} in {host} fail,exit status {status} ",
                self.target
            ),
            (false, Step::Copy) => {
                format!(
                    "scp file {} to target {host} fail,exit status {status} ",
                    self.zip
                )
            }
            (false, Step::Unzip) => {
                format!("run remote ssh command to target {host} fail,exit status {status} ")
            }
        })
    }

    /// What a finished step leaves on a portal's disk.
    fn effect(&self, state: &mut WorldState, portal: usize, step: Step, ui_only: bool) {
        let name = &self.package.name;
        let last = portal + 1 == state.side(self.side).disks.len();
        if last && state.faults.hits(self.side, Kind::PortalLacks, name) {
            return;
        }
        let other = if step == Step::Unzip {
            self.other(state)
        } else {
            None
        };
        let here = state.side_mut(self.side);
        let tidies = here.version.has_ui_active() && !ui_only;
        let disk = &mut here.disks[portal];
        match step {
            // v3 removes the directory before it copies: a failure then leaves nothing.
            Step::Directory if self.v3 => disk.clear_package(name, &self.package.version),
            Step::Directory => {}
            Step::Copy => disk.put_zip(&self.package),
            Step::Unzip => {
                match other {
                    Some(other) => disk.unzip_mixed(&self.package, &other),
                    None => disk.unzip(&self.package),
                }
                if tidies {
                    disk.remove_zip(&self.package);
                }
            }
        }
    }

    /// Whose files lie in the working folder, if not our own.
    fn other(&self, state: &WorldState) -> Option<Package> {
        let name = &self.package.name;
        let database = state.database(self.side);
        if state.faults.hits(self.side, Kind::MixedFiles, name) {
            return database
                .packages
                .iter()
                .map(|row| &row.package)
                .find(|package| package.ui.is_some() && package.name != *name)
                .cloned();
        }
        let sharers = state.side(self.side).folders.get(&self.folder)?;
        let id = sharers.last().filter(|id| **id != self.package.id)?;
        database.by_id(id).map(|row| row.package.clone())
    }
}

#[cfg(test)]
mod tests {
    use futures::StreamExt as _;
    use tokio::time::Instant;

    use super::super::world::World;
    use super::*;

    /// Sixty plugins with pages, copied for a plain client with `in_flight` calls, on the default
    /// world: seconds, failures.
    async fn run(side: SideName, in_flight: usize, seed: u64) -> (f64, f64) {
        let world = World::plugins(60).random_seed(seed);
        let shared = Shared::new(&world, WorldState::of(&world));
        let start = Instant::now();
        let failed = futures::stream::iter(&world.content.packages)
            .map(|package| {
                let package = {
                    let state = shared.state();
                    let row = state.database(side).find(&package.name, &package.version);
                    row.unwrap().package.clone()
                };
                let shared = &shared;
                async move { copy(shared, side, &package, false).await.is_err() }
            })
            .buffer_unordered(in_flight)
            .filter(|failed| futures::future::ready(*failed))
            .fold(0.0, |sum, _| futures::future::ready(sum + 1.0))
            .await;
        (start.elapsed().as_secs_f64(), failed)
    }

    /// The mean of some seeds is within a fifth of what was measured, wall and failures.
    async fn reproduces(side: SideName, table: [(usize, f64, f64); 6], harmless: f64) {
        for (in_flight, wall, failed) in table {
            let (mut seconds, mut failures) = (0.0, 0.0);
            for seed in 1..=6 {
                let (took, lost) = run(side, in_flight, seed).await;
                seconds += took / 6.0;
                failures += lost / 6.0;
            }
            assert!(
                (seconds - wall).abs() <= wall / 5.0,
                "{in_flight} in flight: {seconds:.1} s, measured {wall} s"
            );
            let near = (failures - failed).abs() <= failed / 5.0;
            assert!(
                near || (failed == 0.0 && failures <= harmless),
                "{in_flight} in flight: {failures:.1} failed, measured {failed}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn v4_is_as_measured() {
        let table = [
            (1, 58.0, 0.0),
            (4, 20.4, 0.0),
            (8, 21.0, 0.0),
            (16, 17.1, 22.0),
            (32, 12.5, 39.0),
            (60, 12.0, 39.0),
        ];
        reproduces(SideName::New, table, 0.0).await;
    }

    /// At eight in flight 0 to 5 failures were measured, of the shared working folder.
    #[tokio::test(start_paused = true)]
    async fn v3_is_as_measured() {
        let table = [
            (1, 35.7, 0.0),
            (4, 9.8, 0.0),
            (8, 6.25, 0.0),
            (16, 4.2, 23.0),
            (32, 3.1, 39.0),
            (60, 2.7, 40.0),
        ];
        reproduces(SideName::Old, table, 5.0).await;
    }
}
