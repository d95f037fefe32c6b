//! The plan as JSON, findings and tab-separated values.

use crate::domain::{GATEWAY_URL_NEW, PluginName, Side, SystemVariable};
use crate::plan::messages::{self, Explanation};
use crate::plan::{
    NotServed, Notice, Plan, Refusal, SideEffect, SideFacts, SkippedPackage, Step, StepId,
    VariablePlan,
};
use crate::report::compare::side_doc;
use crate::report::document::{
    ActionDoc, FileDoc, FindingDoc, PlanDoc, ReasonDoc, RemedyDoc, SkippedPackageDoc, StepDoc,
    VariableDoc, english,
};
use crate::report::tsv::Tsv;

/// The plan in JSON.
pub(super) fn plan_doc(plan: &Plan) -> PlanDoc {
    let side = |side: &SideFacts| side_doc(&side.identity, &side.version);
    PlanDoc {
        new: plan.new.as_ref().map(side),
        old: plan.old.as_ref().map(side),
        relation: plan.relation.code(),
        refusals: plan.refusals.iter().map(refusal_doc).collect(),
        steps: plan.steps.iter().map(|step| step_doc(plan, step)).collect(),
        canary: plan.canary.as_ref().map(ToString::to_string),
        skipped: skipped_docs(plan, false),
        blocked: skipped_docs(plan, true),
        notices: told(plan).map(notice_doc).collect(),
        remedies: plan.notices.iter().filter_map(remedy_doc).collect(),
    }
}

/// The notices without the remedies, which have a list of their own.
fn told(plan: &Plan) -> impl Iterator<Item = &Notice> {
    let notices = plan.notices.iter();
    notices.filter(|notice| !matches!(notice, Notice::Remedy { .. }))
}

fn refusal_doc(refusal: &Refusal) -> ReasonDoc {
    ReasonDoc {
        code: refusal.code(),
        message: english(&messages::refusal(refusal).message),
    }
}

/// Each static file of a plugin that a portal does not serve.
fn files(plan: &Plan, side: Side, name: &PluginName) -> Vec<FileDoc> {
    let id = StepId {
        side,
        name: name.clone(),
    };
    let files = plan.not_served.get(&id).into_iter().flatten();
    let file = |it: &NotServed| FileDoc {
        path: it.path.to_string(),
        portal: it.portal.to_string(),
        code: it.state.code(),
        message: english(&it.state.text()),
    };
    files.map(file).collect()
}

fn step_doc(plan: &Plan, step: &Step) -> StepDoc {
    let effects = step.effects.iter().map(|effect| ReasonDoc {
        code: effect.code(),
        message: english(&messages::side_effect(effect)),
    });
    StepDoc {
        step: step.id.to_string(),
        side: step.id.side.as_str(),
        name: step.id.name.to_string(),
        version: step.version.to_string(),
        id: step.package.to_string(),
        has_ui: step.has_ui,
        reason: ReasonDoc {
            code: step.reason.code(),
            message: english(&messages::register_reason(&step.reason)),
        },
        after: step.after.iter().map(ToString::to_string).collect(),
        effects: effects.collect(),
        files: files(plan, step.id.side, &step.id.name),
    }
}

fn skipped_docs(plan: &Plan, blocking: bool) -> Vec<SkippedPackageDoc> {
    let skipped = plan.skipped.iter();
    skipped
        .filter(|it| it.reason.is_blocking() == blocking)
        .map(|left| skipped_doc(plan, left))
        .collect()
}

fn skipped_doc(plan: &Plan, left: &SkippedPackage) -> SkippedPackageDoc {
    SkippedPackageDoc {
        side: left.side.as_str(),
        name: left.name.to_string(),
        version: left.version.as_ref().map(ToString::to_string),
        id: left.package.as_ref().map(ToString::to_string),
        result: result_of(left),
        reason: ReasonDoc {
            code: left.reason.code(),
            message: english(&messages::skip_reason(&left.reason)),
        },
        files: files(plan, left.side, &left.name),
    }
}

fn result_of(left: &SkippedPackage) -> &'static str {
    if left.reason.is_blocking() {
        "blocked"
    } else {
        "skipped"
    }
}

fn notice_doc(notice: &Notice) -> ReasonDoc {
    ReasonDoc {
        code: notice.code(),
        message: english(&messages::notice(notice).message),
    }
}

fn remedy_doc(notice: &Notice) -> Option<RemedyDoc> {
    let Notice::Remedy { name, actions } = notice else {
        return None;
    };
    let actions = actions.iter().map(|action| {
        let Explanation { message, hint } = messages::remedy_step(action);
        ActionDoc {
            message: english(&message),
            how: hint.as_ref().map(english),
        }
    });
    Some(RemedyDoc {
        name: name.to_string(),
        actions: actions.collect(),
    })
}

/// The variable in a plan.
pub(in crate::report) fn plan_variable_doc(variable: &VariablePlan) -> VariableDoc {
    let effective = |row: &SystemVariable| Some(row.effective().to_owned());
    let (before, after) = match variable {
        VariablePlan::Create { value } => (None, Some(value.clone())),
        VariablePlan::Keep { row } => (effective(row), effective(row)),
        VariablePlan::Update { before, after } => (effective(before), effective(after)),
        VariablePlan::NotAsked { effective, .. } => {
            let effective = effective.known().cloned().flatten();
            (effective.clone(), effective)
        }
        VariablePlan::Undecided { effective, .. } => (effective.clone(), effective.clone()),
        VariablePlan::Several { .. }
        | VariablePlan::ValueNeeded { .. }
        | VariablePlan::Unreadable { .. } => (None, None),
    };
    VariableDoc {
        name: GATEWAY_URL_NEW,
        action: variable.code(),
        before,
        after,
    }
}

/// Refusals and blocks are errors; notices and harmful side effects are warnings.
pub(super) fn findings(plan: &Plan) -> Vec<FindingDoc> {
    let mut findings = Vec::new();
    for refusal in &plan.refusals {
        let words = messages::refusal(refusal);
        findings.push(finding(refusal.code(), "error", "plan", &words));
    }
    if let VariablePlan::Undecided { effective, wanted } = &plan.variable {
        findings.push(variable_blocked(effective.as_deref(), wanted));
    }
    findings.extend(plan.skipped.iter().filter_map(blocked));
    for step in &plan.steps {
        for effect in &step.effects {
            if let SideEffect::OtherSideLosesPage { side, .. } = effect {
                let words = Explanation {
                    message: messages::side_effect(effect),
                    hint: None,
                };
                let subject = format!("{} {} ({})", step.id.name, step.version, side);
                findings.push(finding(effect.code(), "warning", &subject, &words));
            }
        }
    }
    for notice in told(plan) {
        let severity = match notice {
            Notice::SharedDatabase | Notice::SeparateDatabases => "info",
            _ => "warning",
        };
        let words = messages::notice(notice);
        findings.push(finding(notice.code(), severity, "plan", &words));
    }
    findings
}

/// The finding of a variable that an operator must decide on.
pub(in crate::report) fn variable_blocked(effective: Option<&str>, wanted: &str) -> FindingDoc {
    let words = messages::undecided(effective, wanted);
    finding("variable_blocked", "error", GATEWAY_URL_NEW, &words)
}

/// The finding of a blocked package.
pub(in crate::report) fn blocked(left: &SkippedPackage) -> Option<FindingDoc> {
    let version = left.version.as_ref();
    let version = version.map_or(String::new(), |version| format!(" {version}"));
    let subject = format!("{}{version}", left.name);
    let words = messages::skipped_package(left);
    let needed = left.reason.is_blocking();
    needed.then(|| finding(left.reason.code(), "error", &subject, &words))
}

fn finding(
    code: &'static str,
    severity: &'static str,
    subject: &str,
    words: &Explanation,
) -> FindingDoc {
    FindingDoc {
        code,
        severity,
        subject: subject.to_owned(),
        message: english(&words.message),
        hint: words.hint.as_ref().map(english),
        seen: None,
    }
}

/// One record for each package: registers first, in their order.
pub(super) fn tsv(plan: &Plan) -> String {
    let mut tsv = Tsv::new(&[
        "side", "name", "version", "id", "action", "code", "message", "after",
    ]);
    for step in &plan.steps {
        let doc = step_doc(plan, step);
        tsv.row([
            doc.side,
            &doc.name,
            &doc.version,
            &doc.id,
            "register",
            doc.reason.code,
            &doc.reason.message,
            &doc.after.join(","),
        ]);
    }
    for left in &plan.skipped {
        let doc = skipped_doc(plan, left);
        tsv.row([
            doc.side,
            &doc.name,
            doc.version.as_deref().unwrap_or_default(),
            doc.id.as_deref().unwrap_or_default(),
            doc.result,
            doc.reason.code,
            &doc.reason.message,
            "",
        ]);
    }
    tsv.finish()
}
