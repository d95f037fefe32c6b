//! A simulated platform, or two: what `demo` and `sim serve` start and what tests run against.
//!
//! It models a platform as far as our client and the portals' visibility reach, written from the
//! recorded answers in `fixtures/platform` and the fact sheets, never from our own client: this
//! module imports nothing of the crate's other rooms, or it would share their mistakes. Where a
//! recording and the simulator differ, the simulator is wrong (`tests/it/sim_contract.rs`).
//!
//! Reading order: [`world`] (what there is), [`state`] (what can change), `core_v3` and
//! `core_v4` (what core answers), `register`, `copying` and [`host`] (the one thing that takes
//! time), `portal` and [`gateway`] (the other doors), `server` (listeners), [`faults`], [`ledger`].
//!
//! Absent on purpose: launching and removing instances, workflows, data models, resource servers,
//! plugin configurations, reading a plugin's zip.

pub mod catalogue;
pub mod disk;
pub mod faults;
pub mod host;
pub mod ids;
pub mod ledger;
pub mod scenarios;
pub mod state;
pub mod token;
pub mod version;
pub mod wire;
pub mod world;

mod auth;
mod build;
mod copying;
mod core;
mod core_v3;
mod core_v4;
pub mod database;
pub mod gateway;
mod instances;
mod menus;
mod portal;
mod register;
mod server;
mod upload;
mod variables_v3;
mod variables_v4;

pub use faults::{FaultError, apply_fault};
pub use ledger::{LedgerSnapshot, Registration, RequestEntry};
pub use scenarios::{Scenario, scenario, scenarios};
pub use server::{Addresses, Endpoints, Running, ServeOptions, serve, serve_with};
pub use state::{SideState, WorldState};
pub use wire::{SideName, Via};
pub use world::{
    Content, Instance, MadeBy, Package, SideSpec, Timing, Variable, World, WorldError,
};
