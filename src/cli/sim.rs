//! `sim serve`: simulated instances by themselves, to practise on.

use std::path::Path;

use super::args::SimCommand;
use super::context::Context;
use super::errors::{CliError, UsageError};
use super::runtime;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::files::{MIB, read_text};
use crate::sim::{ServeOptions, World, apply_fault, scenario, serve_with};

/// Serves until a signal ends it; prints one JSON line with the addresses when it is ready.
pub(super) fn run(command: SimCommand, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let SimCommand::Serve {
        world,
        scenario,
        listen,
        packages,
        service_time_ms,
        host_capacity,
        ssh_limit,
        fault,
    } = command;
    let mut world = choose(world.as_deref(), scenario.as_deref(), packages)?;
    if let Some(ms) = service_time_ms {
        world.timing.service_time_ms = ms;
    }
    if let Some(capacity) = host_capacity {
        world.timing.host_capacity = capacity;
    }
    if let Some(limit) = ssh_limit {
        world.timing.ssh_limit = limit;
    }
    for spec in &fault {
        apply_fault(&mut world, spec).map_err(|error| UsageError::SimFault {
            fault: spec.clone(),
            error,
        })?;
    }
    runtime::block_on_uncut(async {
        let options = ServeOptions {
            listen: listen.ip(),
            ledger_port: listen.port(),
        };
        let running = serve_with(world, options)
            .await
            .map_err(|error| CliError::SimListen {
                address: listen.to_string(),
                error,
            })?;
        let line = serde_json::to_string(running.endpoints())
            .map_err(|error| CliError::Output(error.into()))?;
        context.data(&format!("{line}\n"))?;
        runtime::until_signal().await;
        running.stop().await;
        Ok(Outcome::Ok)
    })
}

fn choose(
    world: Option<&Path>,
    name: Option<&str>,
    packages: Option<usize>,
) -> Result<World, CommandError> {
    if let Some(path) = world {
        let text = read_text(path, 64 * MIB)?;
        return World::from_json(&text).map_err(|error| {
            UsageError::SimWorld {
                path: path.to_owned(),
                error,
            }
            .into()
        });
    }
    match (name, packages) {
        (Some(name), _) => Ok(scenario(name).ok_or_else(|| unknown_scenario(name))?.world),
        (None, Some(packages)) => Ok(World::plugins(packages)),
        (None, None) => Ok(World::demo()),
    }
}

/// The error for a scenario that is not there; it lists those that are.
pub(super) fn unknown_scenario(name: &str) -> CommandError {
    UsageError::UnknownScenario(name.to_owned()).into()
}
