//! `plan`: what `apply` would do, and every reason not to.

use super::args::PlanArgs;
use super::context::Context;
use super::errors::UsageError;
use super::job::{self, Inventories};
use super::session::{self, Session};
use super::{html, runtime};
use crate::domain::{PlatformVersion, Side};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::plan::{self, Notice, Obstacle, Plan, PlanInput, validate_selection};
use crate::platform::capabilities_of;
use crate::report::PlanReport;
use crate::settings::Settings;

/// Shows the plan.
pub(super) fn run(args: PlanArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let settings = context.settings_of_reads(args.connect, Some(args.select))?;
    html::check(args.report.as_deref())?;
    let detailed = args.detailed_exitcode;
    let plan = match args.target {
        Some(target) => runtime::block_on(forecast(settings, &target, context))?,
        None => runtime::block_on(planned(settings, context))?,
    };
    let outcome = outcome(&plan, detailed);
    html::conclude(args.report.as_deref(), outcome, context, |outcome| {
        PlanReport {
            command: "plan",
            plan: &plan,
            outcome,
            is_preview: false,
        }
    })
}

async fn planned(settings: Settings, context: &Context<'_>) -> Result<Plan, CommandError> {
    session::require_new(&settings)?;
    let session = Session::connect(settings, context).await?;
    let seen = Inventories::observe(&session).await?;
    let plan = job::make_plan(&session, &seen, context)?;
    Ok(plan)
}

/// The old side alone, judged for a newer platform.
async fn forecast(
    settings: Settings,
    target: &str,
    context: &Context<'_>,
) -> Result<Plan, CommandError> {
    let version = PlatformVersion::parse(target);
    if version.numbers.is_none_or(|numbers| numbers < (4, 0, 0)) {
        return Err(UsageError::TargetTooOld(target.to_owned()).into());
    }
    if settings.old.is_none() {
        return Err(UsageError::TargetWithoutOld.into());
    }
    if let Some(new) = &settings.new {
        let unasked = Text::new("cli-target-new-unasked").with("address", &new.identity.core);
        context.ui.notice(&unasked);
    }
    let settings = Settings {
        new: None,
        ..settings
    };
    let session = Session::connect(settings, context).await?;
    let old = session.observe(Side::Old, session.settings.deep).await?;
    if let Some(failure) = old.packages.failure() {
        return Err(failure.clone().into());
    }
    let capabilities = capabilities_of(&version);
    let options = job::plan_options(&session, None, Some((version, capabilities)));
    let unmatched = validate_selection(PlanInput {
        new: None,
        old: Some(&old),
        options: &options,
    })?;
    job::warn_of_unmatched_skips(&unmatched, context);
    Ok(plan::forecast(&old, &options))
}

/// `plan` exits 0 if it could plan, so that `plan && apply` works; never 0 if it is unsafe.
fn outcome(plan: &Plan, detailed: bool) -> Outcome {
    let mut notices = plan.notices.iter();
    let blocked =
        plan.is_blocked() || notices.any(|notice| matches!(notice, Notice::TargetRefuses { .. }));
    match plan.obstacle() {
        // `apply` says it when it would write.
        None | Some(Obstacle::VariableUnreadable(_)) => {}
        Some(obstacle) => return obstacle.outcome(),
    }
    if !detailed {
        Outcome::Ok
    } else if blocked {
        Outcome::Blocked
    } else if plan.has_work() {
        Outcome::WorkToDo
    } else {
        Outcome::NothingToDo
    }
}
