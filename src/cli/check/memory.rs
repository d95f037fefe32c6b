//! What a check must remember of earlier ones, as JSON in the state directory. What cannot be read or
//! stored is a warning, also with `-q`: without it the next check sees less.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::args::CheckArgs;
use super::super::context::Context;
use super::error::CheckError;
use crate::check::{History, RunningCounts};
use crate::domain::{Address, PluginName, Side};
use crate::error::Failure as _;
use crate::i18n::Text;
use crate::journal::{StateDir, keep, kept};
use crate::settings::Settings;

const RUNNING: &str = "running";
const HISTORY: &str = "history";

/// What was stored under a name; `None` if it is the first time, or cannot be read.
pub(super) fn load<T: DeserializeOwned>(
    state: &StateDir,
    name: &str,
    target: &Address,
    context: &Context<'_>,
) -> Option<T> {
    let stored = kept(state, name, target).map_err(|error| error.message());
    let parsed = stored.and_then(|text| {
        let parsed = text.map(|text| serde_json::from_str(&text)).transpose();
        parsed.map_err(|error| {
            Text::new("monitor-baseline-json")
                .count("line", error.line())
                .count("column", error.column())
        })
    });
    parsed.unwrap_or_else(|cause| {
        let text = Text::new("monitor-memory-unread").with("name", name);
        context.ui.warn(&text.nested("cause", cause));
        None
    })
}

/// Stores a document under a name.
pub(super) fn store(
    state: &StateDir,
    name: &str,
    target: &Address,
    document: &impl Serialize,
    context: &Context<'_>,
) {
    let text = serde_json::to_string(document).unwrap_or_default();
    if let Err(error) = keep(state, name, target, &text) {
        let text = Text::new("monitor-memory-unstored").with("name", name);
        context.ui.warn(&text.nested("cause", error.message()));
    }
}

/// How many instances of each plugin ran in earlier checks, without those that `--accept-gone` names.
pub(super) fn load_running(
    state: Option<&StateDir>,
    settings: &Settings,
    accepted: &[String],
    context: &Context<'_>,
) -> Result<BTreeMap<Side, RunningCounts>, CheckError> {
    let mut running = BTreeMap::new();
    for side in settings.sides() {
        let (Some(state), Some(known)) = (state, settings.side(side)) else {
            continue;
        };
        let stored: Option<BTreeMap<String, usize>> =
            load(state, RUNNING, &known.identity.core, context);
        let stored = stored.unwrap_or_default().into_iter();
        let stored: RunningCounts = stored
            .map(|(name, count)| (PluginName::new(name), count))
            .collect();
        running.insert(side, stored);
    }
    for name in accepted {
        let plugin = PluginName::new(name.as_str());
        let forgotten = running
            .values_mut()
            .filter_map(|of_side: &mut RunningCounts| of_side.remove(&plugin));
        if forgotten.count() == 0 {
            return Err(CheckError::NeverRan(name.clone()));
        }
    }
    Ok(running)
}

/// Stores what the next check expects to run.
pub(super) fn store_running(
    state: Option<&StateDir>,
    settings: &Settings,
    running: &BTreeMap<Side, RunningCounts>,
    context: &Context<'_>,
) {
    for (side, running) in running {
        let (Some(state), Some(known)) = (state, settings.side(*side)) else {
            continue;
        };
        let names = running.iter();
        let names: BTreeMap<&str, usize> =
            names.map(|(name, count)| (name.as_str(), *count)).collect();
        store(state, RUNNING, &known.identity.core, &names, context);
    }
}

/// The key of a history: the instances and what of them is checked.
fn selection(settings: &Settings, args: &CheckArgs) -> Address {
    let cores = settings.sides().into_iter();
    let cores = cores.filter_map(|side| Some(settings.side(side)?.identity.core.as_str()));
    let cores: Vec<&str> = cores.collect();
    Address::new(format!(
        "{cores:?} {:?} {:?} {:?} {:?} {:?} {:?} {} {:?}",
        args.code,
        args.skip_code,
        settings.plugins,
        settings.skip_plugins,
        args.severity,
        args.role,
        args.before_retiring_old,
        args.baseline,
    ))
}

/// What `--on-change` told so far; `None` if that is unknown, which is a warning.
pub(super) fn load_history(
    state: Option<&StateDir>,
    settings: &Settings,
    args: &CheckArgs,
    context: &Context<'_>,
) -> Option<History> {
    let Some(state) = state else {
        context.ui.warn(&Text::new("monitor-memory-none"));
        return None;
    };
    load(state, HISTORY, &selection(settings, args), context)
}

/// Stores what was told.
pub(super) fn store_history(
    state: Option<&StateDir>,
    settings: &Settings,
    args: &CheckArgs,
    history: &History,
    context: &Context<'_>,
) {
    if let Some(state) = state {
        store(state, HISTORY, &selection(settings, args), history, context);
    }
}
