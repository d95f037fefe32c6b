//! What people read of a run. One function per type; the words are in `i18n/*/apply.ftl`.

use std::time::Duration;

use super::model::{
    BrokenPage, DifferingPage, Event, NoEffect, NotStarted, PackageResult, StepFailure, StepResult,
    StopCause, UnknownCause, VariableAction, VariableResult,
};
use crate::domain::{FilePath, FileState, GATEWAY_URL_NEW, SystemVariable, Version};
use crate::i18n::Text;
use crate::plan::StepId;
use crate::plan::messages::{read_failure, skip_reason, undecided};

/// Why a step failed.
pub fn failure(failure: &StepFailure) -> Text {
    match failure {
        StepFailure::Refused(error) => Text::new("apply-refused")
            .nested("message", error.detail.message())
            .with("cause", error.cause),
        StepFailure::Drifted { what } => Text::new("apply-drifted").nested("what", what.clone()),
        StepFailure::Unchecked { failure } => {
            Text::new("apply-unchecked").nested("failure", read_failure(failure))
        }
        StepFailure::NotRetried => Text::new("apply-not-retried"),
    }
}

/// Why a step was not started.
pub fn not_started(why: NotStarted) -> Text {
    match why {
        NotStarted::CanaryFailed => Text::new("apply-not-started-canary"),
        NotStarted::RunStopped => Text::new("apply-not-started-stopped"),
    }
}

/// What should have changed and did not.
pub fn no_effect(no_effect: &NoEffect) -> Text {
    match no_effect {
        NoEffect::Status { is } => Text::new("apply-no-effect-status").with("is", is),
        NoEffect::RowsNotRenewed => Text::new("apply-no-effect-rows"),
        NoEffect::UploadTimeNotMoved => Text::new("apply-no-effect-upload-time"),
        NoEffect::UpdateNotMarked => Text::new("apply-no-effect-update-time"),
        NoEffect::UiNotActive => Text::new("apply-no-effect-ui-active"),
        NoEffect::NothingListed => Text::new("apply-no-effect-not-listed"),
        NoEffect::PagesHidden { pages: hidden } => Text::new("apply-no-effect-hidden")
            .count("count", hidden.len())
            .nested("pages", pages(hidden)),
        NoEffect::ContentDiffers { pages: differing } => Text::new("apply-no-effect-differs")
            .count("count", differing.len())
            .nested("pages", differing_pages(differing)),
    }
}

/// Why it is not known how a step ended.
pub fn unknown(cause: &UnknownCause) -> Text {
    match cause {
        UnknownCause::AnswerLost { error } => {
            Text::new("apply-unknown-answer-lost").nested("cause", error.detail.message())
        }
        UnknownCause::NoTrace { error } => {
            Text::new("apply-unknown-no-trace").nested("cause", error.detail.message())
        }
        UnknownCause::StateUnread { failure } => {
            Text::new("apply-unknown-state").nested("failure", read_failure(failure))
        }
        UnknownCause::PagesUnread { pages: unread } => {
            Text::new("apply-unknown-pages").nested("pages", pages(unread))
        }
        UnknownCause::Interrupted => Text::new("apply-unknown-interrupted"),
    }
}

/// What became of the variable.
pub fn variable(result: &VariableResult) -> Text {
    let named = |key: Text| key.with("name", GATEWAY_URL_NEW);
    match result {
        VariableResult::Unchanged { row: Some(row) } => {
            named(Text::new("apply-variable-unchanged")).with("value", row.effective())
        }
        VariableResult::Unchanged { row: None } => named(Text::new("apply-variable-absent")),
        VariableResult::Created {
            row,
            removed_own: false,
        } => named(Text::new("apply-variable-created")).with("value", row.effective()),
        VariableResult::Created {
            row,
            removed_own: true,
        } => named(Text::new("apply-variable-created-elsewhere")).with("value", row.effective()),
        VariableResult::Updated { before, after } => named(Text::new("apply-variable-updated"))
            .nested("before", row(before))
            .nested("after", row(after)),
        VariableResult::Drifted { rows: now, .. } => {
            named(Text::new("apply-variable-drifted")).nested("rows", rows(now))
        }
        VariableResult::Failed { failure } => {
            named(Text::new("apply-variable-failed")).nested("failure", read_failure(failure))
        }
        VariableResult::Undecided { effective, wanted } => {
            undecided(effective.as_deref(), wanted).message
        }
        VariableResult::NoEffect { rows: now } => {
            named(Text::new("apply-variable-no-effect")).nested("rows", rows(now))
        }
    }
}

/// Why a run stopped early.
pub fn stop(cause: &StopCause) -> Text {
    match cause {
        StopCause::Canary(error) => Text::new("apply-stop-canary")
            .nested("message", error.detail.message())
            .with("cause", error.cause),
        StopCause::BrokeOtherSide => Text::new("apply-stop-broke-other-side"),
        StopCause::Variable => Text::new("apply-stop-variable"),
        StopCause::Journal(error) => {
            Text::new("apply-stop-journal").nested("error", error.0.clone())
        }
        StopCause::Interrupted => Text::new("apply-stop-interrupted"),
        StopCause::Terminated => Text::new("apply-stop-terminated"),
        StopCause::Deadline => Text::new("apply-stop-deadline"),
    }
}

/// A line of the run as it goes on.
pub fn event(event: &Event) -> Text {
    match event {
        Event::VariableWriteStarted {
            action,
            before,
            after,
        } => intended(*action, before.as_ref(), after.as_ref()),
        Event::VariableFinished(result) => variable(result),
        Event::Started { .. } => started(event),
        Event::Deferred { id, message, limit } => Text::new("apply-event-deferred")
            .nested("step", step(id, None))
            .with("limit", limit)
            .nested("message", message.message()),
        Event::AnswerLost { id, cause } => Text::new("apply-event-answer-lost")
            .nested("step", step(id, None))
            .nested("cause", cause.message()),
        Event::Verifying { id } => {
            Text::new("apply-event-verifying").nested("step", step(id, None))
        }
        Event::Finished(result) => settled(result),
        Event::PageBroken(page) => broken(page),
        Event::Stopping(cause) => stop(cause),
    }
}

/// A page of the other side that broke.
pub fn broken(broken: &BrokenPage) -> Text {
    Text::new("apply-event-page-broken")
        .nested("side", broken.side.label())
        .with("name", &broken.name)
        .nested("page", page(&broken.path, &broken.portal, &broken.state))
}

/// A step: side, plugin, version.
pub fn step(id: &StepId, version: Option<&Version>) -> Text {
    match version {
        Some(version) => Text::new("apply-step")
            .nested("side", id.side.label())
            .with("name", &id.name)
            .with("version", version),
        None => Text::new("apply-step-unversioned")
            .nested("side", id.side.label())
            .with("name", &id.name),
    }
}

fn started(event: &Event) -> Text {
    let Event::Started {
        id,
        version,
        attempt,
        in_flight,
        canary,
        ..
    } = event
    else {
        return Text::new("apply-event-started");
    };
    let text = if *attempt > 1 {
        Text::new("apply-event-started-again")
            .with("attempt", attempt)
            .with("in_flight", in_flight)
    } else if *canary {
        Text::new("apply-event-canary")
    } else {
        Text::new("apply-event-started").with("in_flight", in_flight)
    };
    text.nested("step", step(id, Some(version)))
}

fn settled(result: &PackageResult) -> Text {
    let text = match &result.result {
        StepResult::Done => Text::new("apply-event-done").with("seconds", seconds(result.duration)),
        StepResult::Failed(why) => Text::new("apply-event-failed").nested("why", failure(why)),
        StepResult::NotStarted(why) => {
            Text::new("apply-event-not-started").nested("why", not_started(*why))
        }
        StepResult::NoEffect(why) => {
            Text::new("apply-event-no-effect").nested("why", no_effect(why))
        }
        StepResult::Unknown { cause } => {
            Text::new("apply-event-unknown").nested("why", unknown(cause))
        }
        StepResult::Skipped(reason) => {
            Text::new("apply-event-skipped").nested("why", skip_reason(reason))
        }
        StepResult::Blocked(reason) => {
            Text::new("apply-event-blocked").nested("why", skip_reason(reason))
        }
    };
    text.nested("step", step(&result.id, result.version.as_ref()))
}

fn intended(
    action: VariableAction,
    before: Option<&SystemVariable>,
    after: Option<&SystemVariable>,
) -> Text {
    let value = |row: Option<&SystemVariable>| row.map_or("", SystemVariable::effective).to_owned();
    let text = match action {
        VariableAction::Create => {
            Text::new("apply-event-variable-create").with("value", value(after))
        }
        VariableAction::Update => Text::new("apply-event-variable-update")
            .with("before", value(before))
            .with("after", value(after)),
        VariableAction::RemoveOwn => Text::new("apply-event-variable-remove")
            .with("id", before.map_or("", |row| row.id.as_str())),
    };
    text.with("name", GATEWAY_URL_NEW)
}

fn page(path: &FilePath, portal: &str, state: &FileState) -> Text {
    Text::new("apply-page")
        .with("path", path)
        .with("portal", portal)
        .nested("state", state.text())
}

/// The first of several pages, and how many more.
fn pages(pages: &[(FilePath, String, FileState)]) -> Text {
    let Some((path, portal, state)) = pages.first() else {
        return Text::new("apply-page-empty");
    };
    first_of(page(path, portal, state), pages.len())
}

fn differing_pages(pages: &[DifferingPage]) -> Text {
    let all = pages.iter().flat_map(|page| {
        let path = &page.path;
        page.served
            .iter()
            .map(move |(portal, file)| (path, portal, file))
    });
    let texts: Vec<_> = all
        .map(|(path, portal, file)| page(path, portal, &FileState::Served(file.clone())))
        .collect();
    // Two portals are what shows the difference.
    let mut texts = texts.into_iter();
    match (texts.next(), texts.next()) {
        (Some(first), Some(second)) => {
            let two = Text::new("apply-both")
                .nested("first", first)
                .nested("second", second);
            first_of(two, 1 + texts.len())
        }
        (Some(only), None) => only,
        _ => Text::new("apply-page-empty"),
    }
}

fn first_of(first: Text, count: usize) -> Text {
    if count <= 1 {
        return first;
    }
    Text::new("apply-page-more")
        .nested("first", first)
        .count("more", count - 1)
}

fn row(row: &SystemVariable) -> Text {
    Text::new("apply-variable-row")
        .with("value", row.effective())
        .with("status", &row.status)
        .with("id", &row.id)
}

fn rows(rows: &[SystemVariable]) -> Text {
    let texts = rows.iter().map(row);
    texts
        .reduce(|first, second| {
            Text::new("apply-both")
                .nested("first", first)
                .nested("second", second)
        })
        .unwrap_or_else(|| Text::new("apply-variable-no-row"))
}

fn seconds(duration: Duration) -> String {
    format!("{:.1}", duration.as_secs_f64())
}
