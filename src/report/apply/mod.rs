//! What a run came to, for people and for machines. What must be repaired is said first.

mod document;
mod groups;
mod table;

pub(super) use document::package_doc;

use std::collections::BTreeMap;

use super::block::{Block, Group, Meaning, Todo, Words};
use super::compare::{comparison_blocks, summary};
use super::document::Document;
use super::html::Titled;
use super::plan;
use super::render::{Report, Shape};
use crate::apply::messages;
use crate::apply::{
    ApplyReport, BrokenPage, PackageResult, Repair, RepairOption, Restores, StepResult,
    VariableDiff, VariableResult, repairs,
};
use crate::compare::{Comparison, side_label};
use crate::domain::SystemVariable;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Text, clean};
use crate::journal::quoted;
use crate::plan::{Plan, SkipReason, SkippedPackage};

/// What `apply` says, or another command that registers.
#[derive(Clone, Copy, Debug)]
pub struct RunReport<'a> {
    /// The command, as typed (`apply`, `plugin register`).
    pub command: &'static str,
    /// What was planned.
    pub plan: &'a Plan,
    /// What it came to.
    pub report: &'a ApplyReport,
    /// Old and new afterwards, where there are two sides that answered.
    pub comparison: Option<&'a Comparison>,
    /// How the run ended.
    pub outcome: Outcome,
    /// The run's name in the journal, where one was kept.
    pub run: Option<&'a str>,
}

impl Report for RunReport<'_> {
    fn blocks(&self, catalog: &Catalog, shape: Shape) -> Vec<Block> {
        let page = Page { run: self, catalog };
        let mut blocks = page.broken();
        blocks.extend(page.stopped());
        blocks.extend(page.variable());
        blocks.extend(table::results(self.report, catalog, shape));
        blocks.push(Block::Line(Words::plain(page.counts())));
        blocks.extend(groups::groups(self.report, catalog));
        let left = page.skipped();
        blocks.extend(plan::blocked(&left, &self.plan.notices, catalog));
        blocks.extend(plan::skipped(&left, catalog));
        blocks.extend(page.unasked());
        blocks.extend(page.variable_changes());
        blocks.extend(page.schedule());
        blocks.extend(page.kept());
        blocks.extend(page.comparison(shape));
        let (meaning, text) = super::outcome::verdict(self.outcome);
        blocks.push(Block::Verdict(Words::new(meaning, catalog.render(&text))));
        blocks
    }

    fn document(&self) -> Document {
        document::document(self)
    }

    fn tsv(&self) -> String {
        document::tsv(self.report)
    }
}

impl Titled for RunReport<'_> {
    fn title(&self) -> Text {
        Text::new("report-title-apply")
    }
}

struct Page<'a> {
    run: &'a RunReport<'a>,
    catalog: &'a Catalog,
}

impl Page<'_> {
    fn say(&self, text: &Text) -> String {
        self.catalog.render(text)
    }

    fn heading(&self, text: &Text) -> Block {
        Block::Heading(self.say(text))
    }

    /// What the other side lost, and the commands that bring it back.
    fn broken(&self) -> Vec<Block> {
        let broken = &self.run.report.broken;
        if broken.is_empty() {
            return Vec::new();
        }
        let mut blocks = vec![self.heading(&Text::new("report-apply-repair"))];
        for repair in repairs(self.run.report, self.run.plan) {
            let title = self.say(
                &Text::new("report-apply-lost")
                    .nested("side", side_label(repair.lost_by))
                    .with("name", &repair.name),
            );
            blocks.push(Block::Group(Group::said(Words::new(Meaning::Bad, title))));
            let ways = repair.ways.iter().enumerate();
            let steps = ways.map(|(at, way)| self.repair(&repair, at, way));
            blocks.push(Block::Steps(steps.collect()));
        }
        let title = Text::new("report-apply-broken").count("count", broken.len());
        blocks.push(Block::Group(self.pages(&title, Meaning::Bad, broken)));
        blocks
    }

    fn repair(&self, repair: &Repair, at: usize, way: &RepairOption) -> Todo {
        let text = match (way.restores, at) {
            (Restores::PreviousPages, _) => Text::new("report-apply-repair-before"),
            (Restores::RegisteredPages, 0) => Text::new("report-apply-repair-copy"),
            (Restores::RegisteredPages, _) => Text::new("report-apply-repair-instead"),
        };
        let text = text
            .nested("side", side_label(repair.lost_by))
            .with("name", &repair.name)
            .with("version", &way.version);
        Todo {
            what: self.say(&text),
            how: Some(self.say(&repair_command(repair, way))),
        }
    }

    fn pages(&self, title: &Text, meaning: Meaning, pages: &[BrokenPage]) -> Group {
        let mut alike: BTreeMap<_, Vec<&BrokenPage>> = BTreeMap::new();
        for page in pages {
            let state = self.say(&messages::file_state(&page.state));
            let key = (&page.name, &page.portal, state);
            alike.entry(key).or_default().push(page);
        }
        let items = alike.into_iter().map(|((name, portal, state), pages)| {
            let first = pages.iter().map(|page| &page.path).min();
            let seen = Text::new("report-apply-page")
                .count("count", pages.len())
                .with("first", first.map_or("", |path| path.as_str()))
                .with("portal", portal)
                .with("state", state);
            (clean(name.as_str()).into_owned(), self.say(&seen))
        });
        Group {
            title: Words::new(meaning, self.say(title)),
            items: items.collect(),
            next: None,
        }
    }

    fn stopped(&self) -> Option<Block> {
        let stop = self.run.report.stopped.as_ref()?;
        let words = self.say(&messages::stop(stop));
        Some(Block::Line(Words::new(Meaning::Bad, words)))
    }

    fn variable(&self) -> Vec<Block> {
        let meaning = match &self.run.report.variable {
            VariableResult::Unchanged { .. } => Meaning::Plain,
            VariableResult::Created { .. } | VariableResult::Updated { .. } => Meaning::Good,
            VariableResult::Drifted { .. }
            | VariableResult::Failed { .. }
            | VariableResult::NoEffect { .. } => Meaning::Bad,
        };
        let words = self.say(&messages::variable(&self.run.report.variable));
        vec![
            self.heading(&Text::new("report-plan-variable")),
            Block::Group(Group::said(Words::new(meaning, words))),
        ]
    }

    /// The numbers add up to the total.
    fn counts(&self) -> String {
        let packages = &self.run.report.packages;
        let count = |word: &str| {
            let results = packages.iter().map(|package| package.result.as_str());
            results.filter(|result| *result == word).count()
        };
        let text = Text::new("report-apply-counts")
            .count("total", packages.len())
            .count("done", count("done"))
            .count("failed", count("failed"))
            .count("skipped", count("skipped"))
            .count("blocked", count("blocked"))
            .count("no-effect", count("no_effect"))
            .count("unknown", count("unknown"));
        self.say(&text)
    }

    fn skipped(&self) -> Vec<SkippedPackage> {
        let packages = self.run.report.packages.iter();
        packages.filter_map(skipped).collect()
    }

    fn unasked(&self) -> Option<Block> {
        let unasked = &self.run.report.unasked;
        let title = Text::new("report-apply-unasked").count("count", unasked.len());
        (!unasked.is_empty()).then(|| Block::Group(self.pages(&title, Meaning::Warning, unasked)))
    }

    fn variable_changes(&self) -> Vec<Block> {
        let changes = &self.run.report.variable_changes;
        let lines = changes.iter().map(|change| {
            let meaning = if change.predicted {
                Meaning::Plain
            } else {
                Meaning::Warning
            };
            let words = self.say(&change_text(change));
            Block::Group(Group::said(Words::new(meaning, words)))
        });
        let mut blocks: Vec<Block> = lines.collect();
        if !blocks.is_empty() {
            blocks.insert(0, self.heading(&Text::new("report-apply-variables")));
        }
        blocks
    }

    fn schedule(&self) -> Option<Block> {
        let schedule = &self.run.report.schedule;
        if schedule.work.is_zero() {
            return None;
        }
        let seconds = |duration: std::time::Duration| format!("{:.1}", duration.as_secs_f64());
        let text = Text::new("report-apply-schedule")
            .with("wall", seconds(schedule.wall))
            .with("work", seconds(schedule.work))
            .with("chain", seconds(schedule.critical_path))
            .count("peak", schedule.peak)
            .count("parallel", schedule.parallel);
        Some(Block::Line(Words::new(Meaning::Quiet, self.say(&text))))
    }

    fn comparison(&self, shape: Shape) -> Vec<Block> {
        let Some(comparison) = self.run.comparison else {
            return Vec::new();
        };
        let mut blocks = vec![self.heading(&Text::new("report-title-compare"))];
        blocks.extend(comparison_blocks(comparison, self.catalog, shape));
        blocks.push(Block::Line(summary(comparison, self.catalog)));
        blocks
    }

    fn kept(&self) -> Option<Block> {
        let text = Text::new("report-apply-kept").with("run", self.run.run?);
        Some(Block::Line(Words::new(Meaning::Quiet, self.say(&text))))
    }
}

/// A package that was left out, as the plan has them.
pub(super) fn skipped(package: &PackageResult) -> Option<SkippedPackage> {
    let reason: &SkipReason = match &package.result {
        StepResult::Skipped(reason) | StepResult::Blocked(reason) => reason,
        _ => return None,
    };
    Some(SkippedPackage {
        side: package.id.side,
        name: package.id.name.clone(),
        version: package.version.clone(),
        package: package.package.clone(),
        reason: reason.clone(),
    })
}

/// The command of a repair.
fn repair_command(repair: &Repair, way: &RepairOption) -> Text {
    Text::new("report-apply-repair-command")
        .with("side", way.side)
        .with("name", quoted(repair.name.as_str()))
        .with("version", quoted(way.version.as_str()))
}

fn change_text(change: &VariableDiff) -> Text {
    let row = |row: Option<&SystemVariable>| match row {
        Some(row) => Text::new("report-variable-row")
            .with("value", row.effective())
            .with("status", &row.status),
        None => Text::new("report-variable-no-row"),
    };
    let text = if change.predicted {
        Text::new("report-variable-predicted")
    } else {
        Text::new("report-variable-unpredicted")
    };
    text.with("name", &change.name)
        .nested("before", row(change.before.as_ref()))
        .nested("after", row(change.after.as_ref()))
}
