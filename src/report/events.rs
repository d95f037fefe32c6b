//! A run's events as they come: one JSON object a line, or one line of words.

use std::io::Write;
use std::time::Instant;

use serde_json::{Value, json};

use super::apply::package_doc;
use super::document::{english, safe};
use crate::apply::messages;
use crate::apply::{Event, EventSink, SinkError};
use crate::domain::{GATEWAY_URL_NEW, SystemVariable};
use crate::i18n::Catalog;
use crate::plan::StepId;

/// One JSON object for each event (`-o ndjson`). The document is the last line.
pub struct NdjsonEvents<W> {
    out: W,
    began: Instant,
}

impl<W: Write + Send> NdjsonEvents<W> {
    /// Events are written to `out`; `at_ms` counts from now.
    pub fn new(out: W) -> Self {
        Self {
            out,
            began: Instant::now(),
        }
    }
}

impl<W: Write + Send> EventSink for NdjsonEvents<W> {
    fn on_event(&mut self, event: &Event) -> Result<(), SinkError> {
        let at = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let line = safe(&event_json(event, at).to_string());
        // A reader that went away does not stop a run whose journal is kept.
        let _gone = writeln!(self.out, "{line}").and_then(|()| self.out.flush());
        Ok(())
    }
}

/// One line of words for each event, for standard error when it is no terminal.
pub struct PlainEvents<W> {
    out: W,
    catalog: Catalog,
}

impl<W: Write + Send> PlainEvents<W> {
    /// Events are written to `out` in the catalogue's language.
    pub fn new(out: W, catalog: Catalog) -> Self {
        Self { out, catalog }
    }
}

impl<W: Write + Send> EventSink for PlainEvents<W> {
    fn on_event(&mut self, event: &Event) -> Result<(), SinkError> {
        let words = self.catalog.render(&messages::event(event));
        // Standard error that is gone does not stop a run.
        let _gone = writeln!(self.out, "{words}").and_then(|()| self.out.flush());
        Ok(())
    }
}

/// An event as JSON: `event` names it, `message` says it.
fn event_json(event: &Event, at_ms: u64) -> Value {
    let mut value = match event {
        Event::VariableWriteStarted {
            action,
            before,
            after,
        } => json!({
            "event": "variable_intended",
            "name": GATEWAY_URL_NEW,
            "action": action.code(),
            "before": before.as_ref().map(SystemVariable::effective),
            "after": after.as_ref().map(SystemVariable::effective),
        }),
        Event::VariableFinished(result) => json!({
            "event": "variable_settled",
            "name": GATEWAY_URL_NEW,
            "result": result.code(),
        }),
        Event::Started {
            id,
            package,
            version,
            attempt,
            in_flight,
            canary,
            ..
        } => {
            of_step("started", id)
                .with("id", package.as_str())
                .with("version", version.as_str())
                .with("attempt", *attempt)
                .with("in_flight", *in_flight)
                .with("canary", *canary)
                .0
        }
        Event::Deferred { id, message, limit } => {
            of_step("deferred", id)
                .with("limit", *limit)
                .with("answer", english(&message.message()))
                .0
        }
        Event::AnswerLost { id, cause } => {
            of_step("watching", id)
                .with("cause", english(&cause.message()))
                .0
        }
        Event::Verifying { id } => of_step("proving", id).0,
        Event::Finished(result) => {
            let package = serde_json::to_value(package_doc(result)).unwrap_or_default();
            of_step("settled", &result.id).with("package", package).0
        }
        Event::PageBroken(page) => json!({
            "event": "broke",
            "side": page.side.as_str(),
            "name": page.name.as_str(),
            "path": page.path.as_str(),
            "portal": page.portal,
        }),
        Event::Stopping(_) => json!({"event": "stopping"}),
    };
    value["at_ms"] = at_ms.into();
    value["message"] = english(&messages::event(event)).into();
    value
}

struct Fields(Value);

impl Fields {
    fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0[key] = value.into();
        self
    }
}

fn of_step(event: &str, id: &StepId) -> Fields {
    Fields(json!({
        "event": event,
        "step": id.to_string(),
        "side": id.side.as_str(),
        "name": id.name.as_str(),
    }))
}
