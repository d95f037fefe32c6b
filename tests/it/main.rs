//! The one integration test binary.

#![expect(clippy::unwrap_used, reason = "a test may end where it stands")]

mod bad_input;
mod by_hand;
mod check;
mod check_alarm;
mod check_cost;
mod check_host;
mod check_login;
mod check_schedule;
mod check_sim;
mod check_situations;
mod chinese;
mod cli_pages;
mod demo;
mod deploy_all;
mod deploy_docker;
mod deploy_env;
mod deploy_images;
mod faults;
mod file_attacks;
mod html;
mod in_flight;
mod judge;
mod kills;
mod main_job;
mod migrate;
mod migrate_cut;
mod migrate_families;
mod migrate_generated;
mod migrate_hostile;
mod migrate_rehearsal;
mod migrate_setups;
mod migrate_stops;
mod migrate_waits;
mod portals;
mod roles;
mod sim_client;
mod sim_contract;
mod sim_faults;
mod sim_quirks;
mod sim_recordings;
mod sim_sides;
mod support;
mod tidy;
