//! The page of a run. What must be repaired is said first.

use std::collections::{BTreeMap, BTreeSet};

use super::run_report::{RunReport, change_text, repair_command, skipped, static_path};
use super::{document, groups, table};
use crate::apply::messages;
use crate::apply::{
    ApplyReport, BrokenPage, PackageResult, Repair, RepairOption, Restores, StepResult, StopCause,
    VariableResult, repairs,
};
use crate::exit::Outcome;
use crate::i18n::{Catalog, Lang, Text, clean, flag};
use crate::plan::messages::undecided;

use crate::report::block::{Block, Group, Meaning, Todo, Words};
use crate::report::compare::{comparison_blocks, summary};
use crate::report::document::Document;
use crate::report::html::Titled;
use crate::report::plan;
use crate::report::render::{Report, Shape};

impl Report for RunReport<'_> {
    fn blocks(&self, catalog: &Catalog, shape: Shape) -> Vec<Block> {
        let page = Page { run: self, catalog };
        let is_step = |package: &&PackageResult| {
            let mut steps = self.plan.steps.iter();
            steps.any(|step| step.id == package.id)
        };
        let packages = &self.report.packages;
        let mut blocks = vec![Block::Verdict(page.verdict())];
        blocks.extend(page.broken());
        blocks.extend(page.stopped());
        blocks.extend(page.variable());
        match shape {
            Shape::Page(_) => {
                let steps = packages.iter().filter(is_step);
                blocks.extend(table::results(steps, catalog));
            }
            Shape::Html => blocks.extend(table::results(packages.iter(), catalog)),
        }
        blocks.extend(groups::groups(self.report, catalog));
        if !self.plan_shown {
            let left = packages.iter().filter(|package| !is_step(package));
            let left: Vec<_> = left.filter_map(skipped).collect();
            blocks.extend(plan::blocked(&left, &self.plan.notices, catalog));
            blocks.extend(plan::skipped(&left, catalog));
            blocks.extend(plan::notices(self.plan, catalog));
        }
        blocks.extend(page.unasked());
        blocks.extend(page.variable_changes());
        blocks.extend(page.schedule());
        blocks.extend(page.kept());
        blocks.extend(page.comparison(shape));
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
        let predicted = broken.iter().all(|page| page.predicted);
        let (heading, meaning) = if predicted {
            (Text::new("report-apply-predicted"), Meaning::Warning)
        } else {
            (Text::new("report-apply-repair"), Meaning::Bad)
        };
        let mut blocks = vec![self.heading(&heading)];
        for repair in repairs(self.run.report, self.run.plan) {
            let title = self.say(
                &Text::new("report-apply-lost")
                    .nested("side", repair.lost_by.label())
                    .with("name", &repair.name),
            );
            blocks.push(Block::Group(Group::said(Words::new(meaning, title))));
            let ways = repair.ways.iter().enumerate();
            let steps = ways.map(|(at, way)| self.repair(&repair, at, way));
            let path = repair.moved.iter().map(|moved| Todo {
                what: self.say(&static_path(moved)),
                how: None,
            });
            blocks.push(Block::Steps(steps.chain(path).collect()));
        }
        let title = Text::new("report-apply-broken").count("count", broken.len());
        blocks.push(Block::Group(self.pages(&title, meaning, broken)));
        blocks
    }

    fn repair(&self, repair: &Repair, at: usize, way: &RepairOption) -> Todo {
        let text = match (way.restores, at) {
            (Restores::PreviousPages, _) => Text::new("report-apply-repair-before"),
            (Restores::RegisteredPages, 0) => Text::new("report-apply-repair-copy"),
            (Restores::RegisteredPages, _) => Text::new("report-apply-repair-instead"),
        };
        let text = text
            .nested("side", repair.lost_by.label())
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
            let state = self.say(&page.state.text());
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
            VariableResult::Undecided { .. } => Meaning::Warning,
            VariableResult::Drifted { .. }
            | VariableResult::Failed { .. }
            | VariableResult::NoEffect { .. } => Meaning::Bad,
        };
        let words = self.say(&messages::variable(&self.run.report.variable));
        let mut group = Group::said(Words::new(meaning, words));
        if let VariableResult::Undecided { effective, wanted } = &self.run.report.variable {
            let hint = undecided(effective.as_deref(), wanted).hint;
            group.next = hint.map(|hint| self.say(&hint));
        }
        let heading = self.heading(&Text::new("report-plan-variable"));
        vec![heading, Block::Group(group)]
    }

    /// How it ended, the numbers (they add up to the total), the next command.
    fn verdict(&self) -> Words {
        let (meaning, ended) = self.ended();
        let text = Text::new("apply-verdict")
            .nested("ended", ended)
            .count("total", self.run.report.packages.len())
            .with("counts", self.counts());
        let mut words = self.say(&text);
        if let Some(next) = self.next() {
            if self.catalog.lang() == Lang::En {
                words.push(' ');
            }
            words.push_str(&self.say(&next));
        }
        Words::new(meaning, words)
    }

    fn ended(&self) -> (Meaning, Text) {
        match self.run.outcome {
            Outcome::Converged => (Meaning::Good, Text::new("apply-ended-converged")),
            Outcome::NothingToDo => (Meaning::Good, Text::new("apply-ended-nothing-to-do")),
            Outcome::Blocked => (Meaning::Warning, Text::new("apply-ended-blocked")),
            Outcome::Different => (Meaning::Bad, Text::new("apply-ended-different")),
            Outcome::Partial => (Meaning::Bad, self.partial()),
            Outcome::NoEffect => (Meaning::Bad, Text::new("apply-ended-no-effect")),
            Outcome::NoPermission => (Meaning::Bad, Text::new("apply-ended-no-permission")),
            Outcome::Unreachable => (Meaning::Bad, Text::new("apply-ended-unreachable")),
            Outcome::NotWecube => (Meaning::Bad, Text::new("apply-ended-not-wecube")),
            Outcome::Interrupted | Outcome::Terminated => {
                (Meaning::Warning, Text::new("apply-ended-interrupted"))
            }
            _ => (Meaning::Bad, Text::new("apply-ended-failed")),
        }
    }

    /// What the numbers beside it and the variable bear out.
    fn partial(&self) -> Text {
        let ApplyReport {
            variable,
            broken,
            stopped,
            ..
        } = self.run.report;
        let done = self.count("done") > 0 || variable.is_written();
        let failed = self.count("failed") + self.count("not_started") > 0
            || matches!(stopped, Some(StopCause::Journal(_)))
            || matches!(
                variable,
                VariableResult::Drifted { .. } | VariableResult::Failed { .. }
            );
        let unknown = self.count("unknown") > 0;
        if failed && !done {
            Text::new("apply-ended-failed")
        } else if done && (failed || unknown) {
            Text::new("apply-ended-partial")
        } else if !unknown && broken.iter().any(|page| !page.predicted) {
            Text::new("apply-ended-different")
        } else {
            Text::new("apply-ended-unverified")
        }
    }

    /// Packages with a result.
    fn count(&self, result: &str) -> usize {
        let packages = self.run.report.packages.iter();
        packages.filter(|it| it.result.as_str() == result).count()
    }

    /// How many packages have each result; results that no package has are left out.
    fn counts(&self) -> String {
        let count = |text: Text, result: &str| {
            let count = self.count(result);
            (count > 0).then(|| self.say(&text.count("count", count)))
        };
        let counts = [
            count(Text::new("apply-count-done"), "done"),
            count(Text::new("apply-count-failed"), "failed"),
            count(Text::new("apply-count-no-effect"), "no_effect"),
            count(Text::new("apply-count-unknown"), "unknown"),
            count(Text::new("apply-count-not-started"), "not_started"),
            count(Text::new("apply-count-blocked"), "blocked"),
            count(Text::new("apply-count-skipped"), "skipped"),
        ];
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        let separator = match self.catalog.lang() {
            Lang::En => ", ",
            Lang::Zh => "，",
        };
        counts.join(separator)
    }

    fn next(&self) -> Option<Text> {
        match self.run.outcome {
            Outcome::NothingToDo => None,
            Outcome::Converged if self.run.comparison.is_some() => None,
            Outcome::Converged | Outcome::Different => Some(Text::new("apply-next-compare")),
            Outcome::Blocked => {
                let packages = self.run.report.packages.iter();
                let blocked = packages.filter(|it| matches!(it.result, StepResult::Blocked(_)));
                let names: BTreeSet<_> = blocked.map(|it| it.id.name.as_str()).collect();
                if names.is_empty() {
                    return Some(Text::new("apply-next-variable"));
                }
                let flags = names
                    .into_iter()
                    .map(|name| format!(" {}", flag("--skip-plugin", name)));
                Some(Text::new("apply-next-blocked").with("flags", flags.collect::<String>()))
            }
            Outcome::Interrupted | Outcome::Terminated => Some(Text::new("apply-next-interrupted")),
            _ => Some(Text::new("apply-next-causes")),
        }
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
        let packages = self.run.report.packages.iter();
        let registered = packages.filter(|package| package.attempts > 0).count();
        let text = Text::new("report-apply-schedule")
            .with("wall", seconds(schedule.wall))
            .count("count", registered)
            .count("peak", schedule.peak);
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
