//! Simulated WeCube instances: what `demo` and `sim serve` start and what tests run against.
//!
//! Written from the recorded answers in `fixtures/platform/` and the facts in
//! `docs/platform/README.md`, never from the client: the simulator imports nothing of this crate,
//! so that it cannot repeat a mistake of the client. If a recording and the simulator differ, the
//! simulator is wrong (`tests/it/sim_contract.rs`).
//!
//! Reading order: `world` (the start), `state` (what changes), `core_v3` and `core_v4` (answers of
//! core), `register`, `copying` and `host` (the slow part), `portal`, `gateway`, `server`
//! (listeners), `faults`, `ledger`.
//!
//! Not simulated: launching and removing instances, workflows, data models, resource servers,
//! plugin configurations, the content of an uploaded zip.

mod auth;
mod build;
mod catalogue;
mod copying;
mod core;
mod core_rows;
mod core_v3;
mod core_v4;
mod database;
mod disk;
mod faults;
mod gateway;
mod host;
mod ids;
mod instances;
mod ledger;
mod menus;
mod portal;
mod register;
mod routes;
mod scenarios;
mod server;
mod shared;
mod state;
mod token;
mod upload;
mod variables_v3;
mod variables_v4;
mod version;
mod wire;
mod world;

pub use build::apply_fault;
pub use catalogue::plugins;
pub use database::{Database, FileRow};
pub use disk::{Disk, DiskFile};
pub use faults::{FaultError, WantedArgument, fault_names};
pub use ledger::{LedgerSnapshot, Registration, RequestEntry};
pub use scenarios::{Scenario, scenario, scenarios};
pub use server::{Addresses, Endpoints, Running, ServeOptions, serve, serve_with};
pub use state::{SideState, WorldState};
pub use wire::{SideName, Via};
pub use world::{
    Authority, Content, DEFAULT_SEED, Dependency, FilesAtStart, Instance, MadeBy, Menu, Package,
    SideSpec, Timing, Ui, Variable, World, WorldError,
};
