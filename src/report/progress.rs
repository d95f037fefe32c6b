//! Progress on a terminal: how much is done, and what each package in flight waits for.
//!
//! It draws on standard error, so that standard output stays data alone. Where standard error is no
//! terminal, [`super::PlainEvents`] says a line for each event instead.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::apply::messages;
use crate::apply::{Event, EventSink, SinkError, StepResult};
use crate::i18n::{Catalog, Text, clean};
use crate::plan::StepId;

/// How often the time in flight is drawn anew.
const TICK: Duration = Duration::from_millis(120);

/// Bars of a run.
pub struct Progress {
    catalog: Catalog,
    bars: MultiProgress,
    overall: ProgressBar,
    in_flight: BTreeMap<StepId, ProgressBar>,
    failed: usize,
}

impl Progress {
    /// Progress of a run of so many steps, drawn on standard error.
    pub fn new(catalog: Catalog, steps: usize) -> Self {
        Self::on(ProgressDrawTarget::stderr(), catalog, steps)
    }

    pub(super) fn on(target: ProgressDrawTarget, catalog: Catalog, steps: usize) -> Self {
        let bars = MultiProgress::with_draw_target(target);
        let length = u64::try_from(steps).unwrap_or(u64::MAX);
        let overall = bars.add(ProgressBar::new(length).with_style(overall_style()));
        overall.enable_steady_tick(TICK);
        Self {
            catalog,
            bars,
            overall,
            in_flight: BTreeMap::new(),
            failed: 0,
        }
    }

    /// Takes the bars away, so that what is printed next stands alone.
    pub fn finish(&mut self) {
        for (_, bar) in std::mem::take(&mut self.in_flight) {
            bar.finish_and_clear();
        }
        self.overall.finish_and_clear();
    }

    /// What is in flight and what it waits for.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> Vec<(String, String)> {
        let bars = self.in_flight.values();
        bars.map(|bar| (bar.prefix(), bar.message())).collect()
    }

    /// How many steps have ended, of how many.
    #[cfg(test)]
    pub(super) fn done(&self) -> (u64, u64) {
        (self.overall.position(), self.overall.length().unwrap_or(0))
    }

    /// A line above the bars that stays.
    fn say(&self, text: &Text) {
        // A terminal that is gone does not stop a run.
        let _gone = self.bars.println(self.catalog.render(text));
    }

    fn waits(&mut self, id: &StepId, text: &Text) {
        let words = self.catalog.render(text);
        let bar = self.in_flight.entry(id.clone()).or_insert_with(|| {
            let bar = ProgressBar::new_spinner().with_style(step_style());
            let bar = self.bars.add(bar);
            bar.set_prefix(clean(id.name.as_str()).into_owned());
            bar.enable_steady_tick(TICK);
            bar
        });
        bar.set_message(words);
    }

    fn leaves(&mut self, id: &StepId) {
        if let Some(bar) = self.in_flight.remove(id) {
            bar.finish_and_clear();
        }
    }

    fn settled(&mut self, event: &Event, id: &StepId, result: &StepResult) {
        self.leaves(id);
        self.overall.inc(1);
        if !matches!(result, StepResult::Done | StepResult::Skipped(_)) {
            self.failed += 1;
            self.say(&messages::event(event));
        }
        let text = Text::new("report-progress-failed").count("count", self.failed);
        if self.failed > 0 {
            self.overall.set_message(self.catalog.render(&text));
        }
    }
}

impl EventSink for Progress {
    fn on_event(&mut self, event: &Event) -> Result<(), SinkError> {
        match event {
            Event::Started { id, attempt, .. } => {
                let text = if *attempt > 1 {
                    Text::new("report-progress-again").with("attempt", attempt)
                } else {
                    Text::new("report-progress-register")
                };
                self.waits(id, &text);
            }
            Event::Verifying { id } => self.waits(id, &Text::new("report-progress-proof")),
            Event::AnswerLost { id, .. } => self.waits(id, &Text::new("report-progress-lost")),
            Event::Deferred { id, .. } => {
                self.leaves(id);
                self.say(&messages::event(event));
            }
            Event::Finished(result) => self.settled(event, &result.id, &result.result),
            Event::VariableWriteStarted { .. }
            | Event::VariableFinished(_)
            | Event::PageBroken(_)
            | Event::Stopping(_) => self.say(&messages::event(event)),
        }
        Ok(())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

fn overall_style() -> ProgressStyle {
    style("{bar:30} {pos}/{len}  {elapsed}  {msg}").progress_chars("=> ")
}

fn step_style() -> ProgressStyle {
    style("  {spinner} {prefix}  {msg}  {elapsed}").tick_chars("|/-\\ ")
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the template is a literal and parses")
}
