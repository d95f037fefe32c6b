//! What `plan`, `apply`, `compare` and `demo` share: observe both sides, plan, compare.

use wildmatch::WildMatch;

use super::session::Session;
use crate::compare::{Comparison, compare};
use crate::domain::{
    Capabilities, FailureKind, Inventory, PlatformVersion, PluginName, ReadFailure, Side, Version,
};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::plan::messages::read_failure;
use crate::plan::{
    GatewayUrl, Plan, PlanInput, PlanOptions, gateway_url_choice, instance_hosts, plan,
    unknown_picks, unmatched_globs,
};
use crate::ui::Ui;

/// What both sides hold.
pub(super) struct Seen {
    /// The new side, where it was asked.
    pub(super) new: Option<Inventory>,
    /// The old side, where there is one.
    pub(super) old: Option<Inventory>,
}

impl Seen {
    /// Reads both sides at once. What keeps the run from going on is an error; the rest is kept as
    /// unknown.
    pub(super) async fn observe(session: &Session) -> Result<Self, CommandError> {
        let (new, old) = futures::join!(
            session.observe_if_any(Side::New),
            session.observe_if_any(Side::Old),
        );
        let (new, old) = (new?, old?);
        for side in [&new, &old].into_iter().flatten() {
            if let Some(failure) = side.packages.failure() {
                return Err(kept_out(failure));
            }
        }
        Ok(Self { new, old })
    }

    /// Both inventories as the plan's input.
    pub(super) fn input<'a>(&'a self, options: &'a PlanOptions) -> PlanInput<'a> {
        PlanInput {
            new: self.new.as_ref(),
            old: self.old.as_ref(),
            options,
        }
    }

    /// The comparison, of the plugins that the globs choose.
    pub(super) fn comparison(
        &self,
        only: &[String],
        skip: &[String],
    ) -> Result<Comparison, CommandError> {
        let (Some(old), Some(new)) = (&self.old, &self.new) else {
            return Err(CommandError::usage(Text::new("cli-compare-needs-old")));
        };
        let mut comparison = compare(old, new);
        let hit = |glob: &String, name: &PluginName| WildMatch::new(glob).matches(name.as_str());
        for glob in only.iter().chain(skip) {
            if !comparison.plugins.iter().any(|row| hit(glob, &row.name)) {
                return Err(no_match(glob));
            }
        }
        comparison.plugins.retain(|row| {
            let wanted = only.is_empty() || only.iter().any(|glob| hit(glob, &row.name));
            wanted && !skip.iter().any(|glob| hit(glob, &row.name))
        });
        Ok(comparison)
    }
}

/// A side could not even list its packages.
pub(super) fn kept_out(failure: &ReadFailure) -> CommandError {
    let outcome = match failure.kind {
        FailureKind::TokenRefused | FailureKind::PermissionDenied => Outcome::NoPermission,
        FailureKind::Unreachable | FailureKind::NoAnswer | FailureKind::ServerError => {
            Outcome::Unreachable
        }
        FailureKind::NotWecube | FailureKind::Redirected => Outcome::NotWecube,
        _ => Outcome::Failed,
    };
    let hint = match outcome {
        Outcome::NoPermission => Some(Text::new("cli-hint-no-permission")),
        Outcome::Unreachable => {
            Some(Text::new("cli-hint-unreachable").with("target", address(failure)))
        }
        Outcome::NotWecube => {
            Some(Text::new("cli-hint-not-wecube").with("target", address(failure)))
        }
        _ if failure.kind == FailureKind::TooLarge => Some(Text::new("cli-hint-too-large")),
        _ => None,
    };
    let error = CommandError::new(outcome, read_failure(failure));
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// What the operator asked for, as the plan wants it.
pub(super) fn plan_options(
    session: &Session,
    new: Option<&Inventory>,
    target: Option<(PlatformVersion, Capabilities)>,
) -> PlanOptions {
    let settings = &session.settings;
    let explicit = settings.gateway_url.as_deref();
    let gateway_url = match new {
        Some(new) => gateway_url_choice(explicit, &new.identity, 1, instance_hosts(new)),
        None => GatewayUrl::Value(explicit.unwrap_or_default().to_owned()),
    };
    PlanOptions {
        write_to: settings.write_to,
        all_running: settings.all_running,
        only: settings.plugins.clone(),
        skip: settings.skip_plugins.clone(),
        picks: settings.picks.clone(),
        gateway_url,
        seeds: session.seeds,
        target,
    }
}

/// Plans, after what was typed has been held against what is there.
pub(super) fn make_plan(session: &Session, seen: &Seen) -> Result<Plan, CommandError> {
    let options = plan_options(session, seen.new.as_ref(), None);
    let input = seen.input(&options);
    held_against(input)?;
    Ok(plan(input))
}

/// `--plugin` and `--pick-version` must name what is there.
pub(super) fn held_against(input: PlanInput<'_>) -> Result<(), CommandError> {
    if let Some(glob) = unmatched_globs(&input.sides(), &input.options.only).first() {
        return Err(no_match(glob));
    }
    if let Some(name) = unknown_picks(input).first() {
        let error = CommandError::usage(Text::new("cli-pick-unknown").with("name", name));
        return Err(error.hint(Text::new("cli-pick-unknown-hint")));
    }
    let there = |name: &PluginName, version: &Version| {
        let sides = [input.new, input.old].into_iter().flatten();
        let mut packages = sides.filter_map(|side| side.packages.known()).flatten();
        packages.any(|package| package.name == *name && package.version == *version)
    };
    let mut picks = input.options.picks.iter();
    match picks.find(|(name, version)| !there(name, version)) {
        None => Ok(()),
        Some((name, version)) => {
            let text = Text::new("cli-pick-no-version")
                .with("name", name)
                .with("version", version);
            Err(CommandError::usage(text).hint(Text::new("cli-pick-unknown-hint")))
        }
    }
}

/// `--skip-plugin` globs that match no plugin: known blocks go away, so that is worth a word and no more.
pub(super) fn warn_of_unmatched_skips(plan: &Plan, skips: &[String], ui: &Ui) {
    let steps = plan.steps.iter().map(|step| &step.id.name);
    let names: Vec<&PluginName> = steps
        .chain(plan.skipped.iter().map(|left| &left.name))
        .collect();
    for glob in skips {
        if !names
            .iter()
            .any(|name| WildMatch::new(glob).matches(name.as_str()))
        {
            ui.warn(&Text::new("cli-skip-no-match").with("glob", glob.escape_default()));
        }
    }
}

pub(super) fn no_match(glob: &str) -> CommandError {
    CommandError::usage(Text::new("cli-glob-no-match").with("glob", glob.escape_default()))
        .hint(Text::new("cli-glob-no-match-hint"))
}

/// Whether carrying the plan out would write.
pub(super) fn has_work(plan: &Plan) -> bool {
    plan.refusals.is_empty() && (plan.variable.writes() || !plan.steps.is_empty())
}

/// The address of a failed call, without its method.
fn address(failure: &ReadFailure) -> &str {
    failure.target.rsplit(' ').next().unwrap_or_default()
}
