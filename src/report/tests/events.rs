//! Events as JSON lines, as words and as progress.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::apply::testing::state;
use crate::apply::*;
use crate::domain::*;
use crate::i18n::{Catalog, Lang};
use crate::plan::{SkipReason, StepId};
use crate::report::*;

fn id(name: &str) -> StepId {
    StepId {
        side: Side::New,
        name: PluginName::new(name),
    }
}

fn settled(name: &str, result: StepResult) -> Event {
    Event::Finished(PackageResult {
        id: id(name),
        version: Some(Version::new("v2.0.7")),
        package: Some(PackageId::new("plugin_1")),
        result,
        attempts: 1,
        duration: Duration::from_millis(1043),
        reading_age: None,
    })
}

/// One of every kind, as a run tells them; the name is hostile.
fn events(name: &str) -> Vec<Event> {
    let row = SystemVariable {
        id: VariableId::new("sys_var_1"),
        name: GATEWAY_URL_NEW.to_owned(),
        value: "http://new:8005".to_owned(),
        default_value: String::new(),
        scope: "global".to_owned(),
        source: "system".to_owned(),
        status: "active".to_owned(),
        package_name: String::new(),
    };
    let path = FilePath::new("/ui-resources/a.js");
    vec![
        Event::VariableWriteStarted {
            action: VariableAction::Create,
            before: None,
            after: Some(row.clone()),
        },
        Event::VariableFinished(VariableResult::Created {
            row,
            removed_own: false,
        }),
        Event::Started {
            id: id(name),
            has_ui: true,
            before: state(name),
            package: PackageId::new("plugin_1"),
            version: Version::new("v2.0.7"),
            attempt: 1,
            in_flight: 1,
            canary: true,
        },
        Event::Deferred {
            id: id(name),
            message: crate::domain::FailureCause::Said("exit status 255".to_owned()),
            limit: 2,
        },
        Event::AnswerLost {
            id: id(name),
            cause: crate::domain::FailureCause::Said("reset".to_owned()),
        },
        Event::Verifying { id: id(name) },
        settled(name, StepResult::Done),
        Event::PageBroken(BrokenPage {
            side: Side::Old,
            name: PluginName::new(name),
            path,
            portal: "http://old-portal:8080".to_owned(),
            state: FileState::Missing,
            predicted: false,
        }),
        Event::Stopping(StopCause::BrokeOtherSide),
    ]
}

#[test]
fn every_event_is_one_line_of_json() {
    let mut out = Vec::new();
    let mut sink = NdjsonEvents::new(&mut out);
    let events = events("监控\n\u{1b}[2J\u{9b}");
    for event in &events {
        sink.on_event(event).unwrap();
    }
    let text = String::from_utf8(out).unwrap();
    assert!(
        !text.chars().any(|c| c.is_control() && c != '\n'),
        "{text:?}"
    );
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), events.len());
    let kinds: Vec<_> = lines
        .iter()
        .filter_map(|line| line["event"].as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "variable_intended",
            "variable_settled",
            "started",
            "deferred",
            "watching",
            "proving",
            "settled",
            "broke",
            "stopping"
        ]
    );
    for line in &lines {
        assert!(
            line["at_ms"].is_u64() && line["message"].is_string(),
            "{line}"
        );
    }
    assert_eq!(lines[6]["package"]["result"], "done");
    assert_eq!(lines[2]["step"], "new:监控\n\u{1b}[2J\u{9b}");
}

#[test]
fn without_a_terminal_every_event_is_a_plain_line() {
    for lang in [Lang::En, Lang::Zh] {
        let mut out = Vec::new();
        let mut sink = PlainEvents::new(&mut out, Catalog::new(lang));
        let events = events("evil\n\u{1b}[2J");
        for event in &events {
            sink.on_event(event).unwrap();
        }
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().count(), events.len(), "{text}");
        assert!(
            !text.chars().any(|c| c.is_control() && c != '\n'),
            "{text:?}"
        );
    }
}

/// A reader that went away.
struct Gone;

impl std::io::Write for Gone {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }
}

#[test]
fn a_reader_that_went_away_stops_no_run() {
    for event in events("monitor") {
        assert_eq!(NdjsonEvents::new(Gone).on_event(&event), Ok(()));
        let mut plain = PlainEvents::new(Gone, Catalog::new(Lang::En));
        assert_eq!(plain.on_event(&event), Ok(()));
    }
}

/// A terminal that keeps what is written.
#[derive(Clone, Debug, Default)]
struct Screen(Arc<Mutex<String>>);

impl Screen {
    fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }
}

impl indicatif::TermLike for Screen {
    fn width(&self) -> u16 {
        80
    }

    fn move_cursor_up(&self, _: usize) -> std::io::Result<()> {
        Ok(())
    }

    fn move_cursor_down(&self, _: usize) -> std::io::Result<()> {
        Ok(())
    }

    fn move_cursor_right(&self, _: usize) -> std::io::Result<()> {
        Ok(())
    }

    fn move_cursor_left(&self, _: usize) -> std::io::Result<()> {
        Ok(())
    }

    fn write_line(&self, text: &str) -> std::io::Result<()> {
        self.write_str(text)?;
        self.write_str("\n")
    }

    fn write_str(&self, text: &str) -> std::io::Result<()> {
        self.0.lock().unwrap().push_str(text);
        Ok(())
    }

    fn clear_line(&self) -> std::io::Result<()> {
        Ok(())
    }

    fn flush(&self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn progress_shows_what_each_package_waits_for() {
    let screen = Screen::default();
    let target = indicatif::ProgressDrawTarget::term_like(Box::new(screen.clone()));
    let mut progress = Progress::on(target, Catalog::new(Lang::En), 3);
    let started = |name: &str, attempt| Event::Started {
        id: id(name),
        has_ui: true,
        before: state(name),
        package: PackageId::new("plugin_1"),
        version: Version::new("v2.0.7"),
        attempt,
        in_flight: 2,
        canary: false,
    };
    progress.on_event(&started("monitor", 1)).unwrap();
    progress.on_event(&started("wecmdb", 2)).unwrap();
    progress
        .on_event(&Event::Verifying { id: id("monitor") })
        .unwrap();
    assert_eq!(
        progress.waiting(),
        [
            (
                "monitor".to_owned(),
                "waiting until the effect is visible".to_owned()
            ),
            (
                "wecmdb".to_owned(),
                "waiting for the response to the registration (attempt 2)".to_owned()
            ),
        ]
    );
    let deferred = Event::Deferred {
        id: id("wecmdb"),
        message: crate::domain::FailureCause::Said("exit status 255\u{1b}[2J".to_owned()),
        limit: 2,
    };
    progress.on_event(&deferred).unwrap();
    progress
        .on_event(&settled("monitor", StepResult::Done))
        .unwrap();
    assert_eq!(progress.waiting(), []);
    assert_eq!(progress.done(), (1, 3));
    let blocked = StepResult::Blocked(SkipReason::DependencyFailed {
        on: PluginName::new("wecmdb"),
    });
    progress.on_event(&settled("capacity", blocked)).unwrap();
    assert_eq!(progress.done(), (2, 3));
    progress.finish();
    let text = screen.text();
    assert!(text.contains("will try again"), "{text:?}");
    assert!(
        text.contains("\\u{1b}[2J"),
        "the message was cleaned: {text:?}"
    );
    assert!(
        text.contains("depends on wecmdb, which was not registered and verified"),
        "{text:?}"
    );
}
