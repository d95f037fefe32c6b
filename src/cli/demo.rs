//! `demo`: the main job on simulated instances that start for it and end with it.

use std::time::Duration;

use super::apply::{RunOptions, carry_out};
use super::args::{DemoArgs, PaceArg};
use super::context::Context;
use super::errors::CliError;
use super::job::{self, Inventories};
use super::session::Session;
use super::{runtime, sim};
use crate::apply::{ApplyOptions, Pace, ProofTimings, VariableTimings};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::files::{Access, create};
use crate::i18n::{Catalog, Lang, Text};
use crate::report::{Cell, Column, RecordTable};
use crate::settings::{ConnectFlags, Files, Given, SelectFlags, Settings, resolve};
use crate::sim::{Addresses, Scenario, scenario, scenarios, serve};

/// Runs a scenario, or lists them.
pub(super) fn run(args: DemoArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    if args.list {
        return list(context);
    }
    let chosen = scenario(&args.scenario).ok_or_else(|| sim::unknown_scenario(&args.scenario))?;
    runtime::block_on(play(chosen, &args, context))
}

fn list(context: &Context<'_>) -> Result<Outcome, CommandError> {
    let mut sheet = RecordTable::new(
        "demo --list",
        "scenarios",
        &[Column::Name, Column::Summary, Column::ExitCode],
    );
    let english = Catalog::new(Lang::En);
    for name in scenarios() {
        let Some(scenario) = scenario(name) else {
            continue;
        };
        let text = summary(scenario.name);
        let words = english.render(&text);
        sheet.row([
            Cell::plain(name),
            Cell::text(text, words),
            Cell::number(scenario.expected_exit),
        ]);
    }
    context.show_table(&sheet)
}

fn summary(name: &str) -> Text {
    match name {
        "blocked-dependency" => Text::new("sim-scenario-blocked-dependency"),
        "overload" => Text::new("sim-scenario-overload"),
        "duplicate-variable" => Text::new("sim-scenario-duplicate-variable"),
        "two-versions" => Text::new("sim-scenario-two-versions"),
        "old-breaks" => Text::new("sim-scenario-old-breaks"),
        "mixed-files" => Text::new("sim-scenario-mixed-files"),
        "unknown-outcome" => Text::new("sim-scenario-unknown-outcome"),
        _ => Text::new("sim-scenario-coexistence"),
    }
}

async fn play(
    chosen: Scenario,
    args: &DemoArgs,
    context: &Context<'_>,
) -> Result<Outcome, CommandError> {
    context.ui.notice(
        &Text::new("cli-demo-begins")
            .with("name", chosen.name)
            .nested("summary", summary(chosen.name)),
    );
    let running = serve(chosen.world).await.map_err(CliError::DemoStart)?;
    let folder = tempfile::tempdir().map_err(CliError::DemoStart)?;
    let seed = folder.path().join("seed");
    create(&seed, running.endpoints().seed.as_bytes(), Access::Private)?;
    let endpoints = running.endpoints();
    let mut connect = connect_to(&endpoints.new, endpoints.old.as_ref());
    connect.seed_file = Some(seed);
    let given = Given {
        connect,
        select: SelectFlags {
            parallel: args.parallel.or(chosen.parallel),
            // The simulated gateway is on loopback, and so are the simulated plugins.
            gateway_url: Some(endpoints.new.gateway.clone()),
            ..SelectFlags::default()
        },
        state_dir: Some(folder.path().join("state")),
        ..Given::default()
    };
    // Configuration files describe other instances.
    let settings = resolve(given, &Files::default())?;
    let mut options = options(&settings, chosen.unknown_after_ms);
    if args.pace == PaceArg::Fixed {
        options.pace = Pace::Fixed;
    }
    let session = Session::connect(settings, context).await?;
    let observed = Inventories::observe(&session).await?;
    let plan = job::make_plan(&session, &observed, context)?;
    let how = RunOptions {
        command: "demo",
        yes: true,
        report: args.report.as_deref(),
        options: Some(options),
    };
    let outcome = carry_out(&session, &observed, plan, &how, context).await;
    running.stop().await;
    outcome
}

/// The flags that name the simulated instances.
fn connect_to(new: &Addresses, old: Option<&Addresses>) -> ConnectFlags {
    ConnectFlags {
        new_core: Some(new.core.clone()),
        new_gateway: Some(new.gateway.clone()),
        new_portal: new.portal.clone(),
        old_core: old.map(|old| old.core.clone()),
        old_gateway: old.map(|old| old.gateway.clone()),
        old_portal: old.map(|old| old.portal.clone()).unwrap_or_default(),
        deep: true,
        ..ConnectFlags::default()
    }
}

/// Timings for registrations that take tens of milliseconds.
fn options(settings: &Settings, unknown_after_ms: Option<u64>) -> ApplyOptions {
    let unknown_after = unknown_after_ms.map_or(Duration::from_secs(3), Duration::from_millis);
    let ms = Duration::from_millis;
    let usual = ApplyOptions::default();
    ApplyOptions {
        parallel: settings.parallel,
        unknown_after,
        lost_holds: unknown_after.min(usual.lost_holds),
        proof: ProofTimings {
            poll_first: ms(20),
            poll_longest: ms(200),
            state_grace: ms(200),
            page_grace: ms(300),
            ..usual.proof
        },
        variable: VariableTimings {
            quiet: ms(50),
            settle: ms(500),
        },
        ..usual
    }
}
