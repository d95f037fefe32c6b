//! `wecubectl`: takes a `WeCube` platform from v3.x to a v4.x that is proven to show what the old one
//! shows.
//!
//! Data flows one way: `cli` → `settings` → `platform::observe` → [`domain`] → [`plan`] /
//! [`compare`] → `apply` → `report` → `ui` → exit code. `docs/architecture.md` has the plan of the
//! house; read [`domain`] first, then [`plan`], then `apply`.

pub mod adapter;
pub mod apply;
pub mod check;
pub mod cli;
pub mod compare;
pub mod confirm;
pub mod deploy;
pub mod domain;
pub mod error;
pub mod exit;
pub mod files;
pub mod i18n;
pub mod journal;
pub mod names;
pub mod plan;
pub mod platform;
pub mod poll;
pub mod report;
pub mod secret;
pub mod settings;
pub mod signals;
#[cfg(feature = "sim")]
pub mod sim;
pub mod ui;
