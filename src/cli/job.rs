//! What `plan`, `apply`, `compare` and `demo` share: observe both sides, plan, compare.

use super::context::Context;
use super::errors::UsageError;
use super::session::Session;
use crate::compare::{Comparison, compare};
use crate::domain::{Capabilities, Inventory, PlatformVersion, Side};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::plan::{
    GatewayUrl, Plan, PlanInput, PlanOptions, Selection, gateway_url_choice, messages, not_a_pair,
    plan, validate_selection,
};

/// The inventories of both sides.
pub(super) struct Inventories {
    /// The new side, if it was asked.
    pub(super) new: Option<Inventory>,
    /// The old side, if there is one.
    pub(super) old: Option<Inventory>,
}

impl Inventories {
    /// Reads both sides at once, the bytes of static files with `--deep`. A side that cannot list its packages is an error; whatever else
    /// could not be read is unknown.
    pub(super) async fn observe(session: &Session) -> Result<Self, CommandError> {
        Self::read(session, session.settings.deep).await
    }

    /// The same with the bytes of static files, as `check` reads them: on v3 a plugin was seen with
    /// another one's files of the same length (`docs/platform/registration.md#mixed-files-on-v3`).
    pub(super) async fn observe_bytes(session: &Session) -> Result<Self, CommandError> {
        Self::read(session, true).await
    }

    async fn read(session: &Session, deep: bool) -> Result<Self, CommandError> {
        let (new, old) = futures::join!(
            session.observe_if_any(Side::New, deep),
            session.observe_if_any(Side::Old, deep),
        );
        let (new, old) = (new?, old?);
        for side in [&new, &old].into_iter().flatten() {
            if let Some(failure) = side.packages.failure() {
                return Err(failure.clone().into());
            }
        }
        Ok(Self { new, old })
    }

    /// The sides must be an old instance and a new one.
    pub(super) fn require_pair(&self) -> Result<(), CommandError> {
        let sides = self.new.as_ref().zip(self.old.as_ref());
        match sides.and_then(|(new, old)| not_a_pair(new, old)) {
            None => Ok(()),
            Some(refusal) => {
                let said = messages::refusal(&refusal);
                let mut error = CommandError::new(Outcome::Unsafe, said.message);
                error.hints.extend(said.hint);
                Err(error)
            }
        }
    }

    /// Both inventories as the plan's input.
    pub(super) fn input<'a>(&'a self, options: &'a PlanOptions) -> PlanInput<'a> {
        PlanInput {
            new: self.new.as_ref(),
            old: self.old.as_ref(),
            options,
        }
    }

    /// The comparison of the plugins that the patterns of `--plugin` and `--skip-plugin` select.
    pub(super) fn comparison(
        &self,
        only: &[String],
        skip: &[String],
        context: &Context<'_>,
    ) -> Result<Comparison, CommandError> {
        let (Some(old), Some(new)) = (&self.old, &self.new) else {
            return Err(UsageError::NoOldToCompare.into());
        };
        let selection = Selection::of_globs(only, skip);
        warn_of_unmatched_skips(&selection.unmatched_skips(&[old, new])?, context);
        let mut comparison = compare(old, new);
        comparison.plugins.retain(|row| selection.takes(&row.name));
        Ok(comparison)
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
        Some(new) => gateway_url_choice(explicit, new),
        None => GatewayUrl::Value(explicit.unwrap_or_default().to_owned()),
    };
    PlanOptions {
        write_to: settings.write_to,
        all_running: settings.all_running,
        only: settings.plugins.clone(),
        skip: settings.skip_plugins.clone(),
        picks: settings.picks.clone(),
        register_unverified: settings.register_unverified.clone(),
        gateway_url,
        upgrade: settings.upgrade,
        static_folder: settings.static_folder.clone(),
        seeds: session.seeds,
        target,
    }
}

/// Plans, after `--plugin`, `--skip-plugin` and `--pick-version` were checked.
pub(super) fn make_plan(
    session: &Session,
    inventories: &Inventories,
    context: &Context<'_>,
) -> Result<Plan, CommandError> {
    let options = plan_options(session, inventories.new.as_ref(), None);
    let input = inventories.input(&options);
    warn_of_unmatched_skips(&validate_selection(input)?, context);
    Ok(plan(input))
}

/// Warns of `--skip-plugin` patterns that match no plugin.
pub(super) fn warn_of_unmatched_skips(globs: &[String], context: &Context<'_>) {
    for glob in globs {
        let text = Text::new("cli-skip-no-match").with("glob", glob.escape_default());
        context.ui.warn(&text);
    }
}
