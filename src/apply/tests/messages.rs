//! Every text of this room can be rendered, whole, in both languages.

use std::time::Duration;

use super::*;
use crate::apply::testing::{refusal, state, variable};
use crate::apply::{
    BrokenPage, DifferingPage, Event, MarkError, NoEffect, NotStarted, SinkError, StepFailure,
    StopCause, UnknownCause, VariableAction, VariableResult, messages,
};
use crate::domain::{
    FailureKind, FilePath, FileState, PackageId, PluginName, ReadFailure, RegisterError,
    ServedFile, Transience, VariableId, Version,
};
use crate::error::Failure as _;
use crate::i18n::{Catalog, Lang, Text};
use crate::plan::SkipReason;

fn error() -> RegisterError {
    refusal(Transience::Permanent)
}

fn unread(kind: FailureKind) -> ReadFailure {
    ReadFailure {
        kind,
        operation: "packages.list",
        target: "GET http://new:8000/platform/v1/packages".to_owned(),
        cause: if kind == FailureKind::NotAsked {
            crate::domain::FailureCause::Unspecified
        } else {
            crate::domain::FailureCause::Said("connection refused".to_owned())
        },
    }
}

fn served(length: Option<u64>) -> ServedFile {
    ServedFile {
        length,
        etag: None,
        digest: None,
    }
}

fn pages(count: usize) -> Vec<(FilePath, String, FileState)> {
    let page = |n| {
        let path = FilePath::new(format!("/ui-resources/a/v1/{n}.js"));
        (path, "http://new:8080".to_owned(), FileState::Missing)
    };
    (0..count).map(page).collect()
}

fn failures() -> Vec<StepFailure> {
    vec![
        StepFailure::Refused(error()),
        StepFailure::Drifted {
            what: Text::new("apply-drift-ui-active"),
        },
        StepFailure::Unchecked {
            failure: unread(FailureKind::Unreachable),
        },
        StepFailure::Unchecked {
            failure: unread(FailureKind::NotAsked),
        },
        StepFailure::NotRetried,
    ]
}

fn no_effects() -> Vec<NoEffect> {
    let differing = DifferingPage {
        path: FilePath::new("/a.js"),
        served: vec![
            ("http://a".to_owned(), served(Some(1))),
            ("http://b".to_owned(), served(None)),
        ],
    };
    vec![
        NoEffect::Status {
            is: "UNREGISTERED".to_owned(),
        },
        NoEffect::RowsNotRenewed,
        NoEffect::UploadTimeNotMoved,
        NoEffect::UpdateNotMarked,
        NoEffect::UiNotActive,
        NoEffect::NothingListed,
        NoEffect::PagesHidden { pages: pages(1) },
        NoEffect::PagesHidden { pages: pages(3) },
        NoEffect::ContentDiffers {
            pages: vec![differing.clone()],
        },
        NoEffect::ContentDiffers {
            pages: vec![differing.clone(), differing],
        },
    ]
}

fn doubts() -> Vec<UnknownCause> {
    let cause = crate::domain::FailureCause::Said("connection reset".to_owned());
    let error = crate::domain::RegisterError::lost(cause);
    vec![
        UnknownCause::AnswerLost {
            error: error.clone(),
        },
        UnknownCause::NoTrace { error },
        UnknownCause::StateUnread {
            failure: unread(FailureKind::NoAnswer),
        },
        UnknownCause::PagesUnread { pages: pages(2) },
        UnknownCause::Interrupted,
    ]
}

fn variables() -> Vec<VariableResult> {
    let row = variable("1", "http://new:8005");
    let created = |removed_own| VariableResult::Created {
        row: row.clone(),
        removed_own,
    };
    vec![
        VariableResult::Unchanged {
            row: Some(row.clone()),
        },
        VariableResult::Unchanged { row: None },
        created(false),
        created(true),
        VariableResult::Updated {
            before: row.clone(),
            after: row.clone(),
        },
        VariableResult::Drifted {
            planned: None,
            rows: vec![row.clone(), row.clone()],
        },
        VariableResult::Failed {
            failure: unread(FailureKind::Refused),
        },
        VariableResult::Undecided {
            effective: None,
            wanted: "http://new:8005".to_owned(),
        },
        VariableResult::NoEffect { rows: Vec::new() },
    ]
}

fn stops() -> Vec<StopCause> {
    vec![
        StopCause::Canary(error()),
        StopCause::BrokeOtherSide,
        StopCause::Variable,
        StopCause::Journal(SinkError(Text::new("apply-stop-variable"))),
        StopCause::Interrupted,
        StopCause::Terminated,
    ]
}

fn results() -> Vec<StepResult> {
    let on = PluginName::new("a");
    let mut results = vec![
        StepResult::Done,
        StepResult::Skipped(SkipReason::NoUi),
        StepResult::Blocked(SkipReason::DependencyFailed { on }),
        StepResult::Blocked(SkipReason::TooManyVersions { others: 3 }),
    ];
    results.extend(failures().into_iter().map(StepResult::Failed));
    results.extend(no_effects().into_iter().map(StepResult::NoEffect));
    results.extend(
        doubts()
            .into_iter()
            .map(|cause| StepResult::Unknown { cause }),
    );
    results
}

fn events() -> Vec<Event> {
    let id = new("monitor");
    let started = |attempt, canary| Event::Started {
        id: id.clone(),
        has_ui: true,
        before: state("monitor"),
        package: PackageId::new("1"),
        version: Version::new("v2.0.7"),
        attempt,
        in_flight: 3,
        canary,
    };
    let intended = |action| Event::VariableWriteStarted {
        action,
        before: Some(variable("1", "http://old:8005")),
        after: Some(variable("1", "http://new:8005")),
    };
    let mut events = vec![
        intended(VariableAction::Create),
        intended(VariableAction::Update),
        intended(VariableAction::RemoveOwn),
        started(1, false),
        started(1, true),
        started(2, true),
        Event::Deferred {
            id: id.clone(),
            message: error().detail,
            limit: 2,
        },
        Event::AnswerLost {
            id: id.clone(),
            cause: crate::domain::FailureCause::Said("connection reset".to_owned()),
        },
        Event::Verifying { id: id.clone() },
    ];
    events.extend(variables().into_iter().map(Event::VariableFinished));
    events.extend(stops().into_iter().map(Event::Stopping));
    let states = [
        FileState::Served(served(Some(1))),
        FileState::Served(served(None)),
        FileState::Missing,
        FileState::Forbidden,
        FileState::NotAScript {
            content_type: String::new(),
        },
        FileState::NotAScript {
            content_type: "text/html".to_owned(),
        },
        FileState::Empty,
        FileState::Unexpected { status: 502 },
        FileState::Unknown {
            cause: crate::domain::FailureCause::Said("timed out".to_owned()),
        },
    ];
    events.extend(states.map(|state| {
        Event::PageBroken(BrokenPage {
            side: Side::Old,
            name: PluginName::new("monitor"),
            path: FilePath::new("/a.js"),
            portal: "http://old:8080".to_owned(),
            state,
            predicted: false,
        })
    }));
    events.extend(results().into_iter().map(|result| {
        Event::Finished(PackageResult {
            id: id.clone(),
            version: Some(Version::new("v2.0.7")),
            package: None,
            result,
            attempts: 1,
            duration: Duration::from_millis(1043),
            reading_age: None,
        })
    }));
    events
}

#[test]
fn every_event_has_whole_words_in_both_languages() {
    for lang in [Lang::En, Lang::Zh] {
        let catalog = Catalog::new(lang);
        for event in events() {
            let words = catalog.render(&messages::event(&event));
            assert!(!words.contains(['{', '}']), "{words}: {event:?}");
            assert!(!words.contains("apply-"), "{words}: {event:?}");
            assert!(!words.contains('\n'), "{words}");
        }
    }
}

#[test]
fn they_read_well() {
    let english = Catalog::new(Lang::En);
    let lines: Vec<_> = events()
        .iter()
        .map(|e| english.render(&messages::event(e)))
        .collect();
    let some = [0, 3, 4, 5, 6].map(|n| lines[n].as_str());
    insta::assert_snapshot!(some.join("\n"), @r"
    GATEWAY_URL_NEW: creating it with the value http://new:8005
    monitor v2.0.7 (new): registering, 3 in flight
    monitor v2.0.7 (new): registering it alone, before all others
    monitor v2.0.7 (new): registering again (call 2), 3 in flight
    monitor (new): will try again, with at most 2 in flight: run remote ssh command to target H fail,exit status 255
    ");
    let hidden = messages::no_effect(&NoEffect::PagesHidden { pages: pages(3) });
    insta::assert_snapshot!(english.render(&hidden), @"the platform answered OK, but 3 static files are missing: /ui-resources/a/v1/0.js on http://new:8080: not found (404), and 2 more");
    let chinese = Catalog::new(Lang::Zh);
    insta::assert_snapshot!(chinese.render(&hidden), @"平台应答成功，但缺少 3 个静态文件：/ui-resources/a/v1/0.js（门户 http://new:8080）：文件不存在（404），另有 2 项");
}

/// The hint says which row of which side it is, or what to do about the answer.
#[test]
fn error_of_the_mark_says_what_was_written() {
    let held = MarkError::Held {
        side: Side::New,
        who: "root@a".to_owned(),
        id: VariableId::new("row-1"),
    };
    let english = Catalog::new(Lang::En);
    for (error, said, hinted) in [
        (
            held,
            "another run writes to the same platform: root@a. Nothing was written",
            "variable unset --side new --id row-1 WECUBECTL_RUN",
        ),
        (
            MarkError::Unread(unread(FailureKind::NoAnswer)),
            "could not be read. Nothing was written",
            "check the address",
        ),
        (
            MarkError::Unconfirmed(unread(FailureKind::NoAnswer)),
            "may still be created",
            "check the address",
        ),
        (
            MarkError::Unconfirmed(unread(FailureKind::Unreachable)),
            "was refused. Nothing was written",
            "check the address",
        ),
    ] {
        let message = english.render(&error.message());
        assert!(message.contains(said), "{message}");
        let hints: String = error.hints().iter().map(|it| english.render(it)).collect();
        assert!(hints.contains(hinted), "{hints}");
    }
}

#[test]
fn codes_in_json_are_those_of_the_variants() {
    let found = [
        NotStarted::CanaryFailed.code(),
        NoEffect::RowsNotRenewed.code(),
        VariableAction::RemoveOwn.code(),
    ];
    assert_eq!(found, ["canary_stopped", "rows_not_renewed", "remove_own"]);
}
