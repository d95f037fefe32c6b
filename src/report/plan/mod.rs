//! The plan, for people and for machines.

mod document;
mod effects;
mod skipped;

pub(super) use document::{blocked as blocked_finding, plan_variable_doc};
pub(super) use skipped::{blocked, skipped};

use super::block::{Block, Field, Grid, Group, Head, Meaning, Words};
use super::document::Document;
use super::html::Titled;
use super::render::{Report, Shape};
use crate::exit::Outcome;
use crate::i18n::{Catalog, Text, clean};
use crate::plan::messages::{self, Explanation};
use crate::plan::{DatabaseRelation, Notice, Plan, SideFacts, Step, StepId};

/// What `plan` says, and what `apply` shows before it asks.
#[derive(Clone, Copy, Debug)]
pub struct PlanReport<'a> {
    /// The command, as typed: `plan`, or the one that shows the plan before it asks.
    pub command: &'static str,
    /// The plan.
    pub plan: &'a Plan,
    /// How the command ended.
    pub outcome: Outcome,
    /// What to do next, where the caller knows more than the outcome says.
    pub next: Option<&'a Text>,
}

impl Report for PlanReport<'_> {
    fn blocks(&self, catalog: &Catalog, _: Shape) -> Vec<Block> {
        let page = Page {
            plan: self.plan,
            catalog,
        };
        let mut blocks = vec![page.sides()];
        blocks.extend(page.refusals());
        blocks.extend(page.variable());
        blocks.extend(page.steps());
        blocks.extend(effects::effects(self.plan, catalog));
        let left = &self.plan.skipped;
        blocks.extend(skipped::blocked(left, &self.plan.notices, catalog));
        blocks.extend(skipped::skipped(left, catalog));
        blocks.extend(page.notices());
        blocks.push(Block::Line(Words::plain(page.counts())));
        blocks.push(Block::Verdict(self.verdict(catalog)));
        blocks
    }

    fn document(&self) -> Document {
        let mut document = Document::new(self.command, self.outcome);
        document.variable = Some(plan_variable_doc(&self.plan.variable));
        document.plan = Some(document::plan_doc(self.plan));
        document.findings = Some(document::findings(self.plan));
        document
    }

    fn tsv(&self) -> String {
        document::tsv(self.plan)
    }
}

impl Titled for PlanReport<'_> {
    fn title(&self) -> Text {
        Text::new("report-title-plan")
    }
}

impl PlanReport<'_> {
    fn verdict(&self, catalog: &Catalog) -> Words {
        let (meaning, text) = match (self.outcome, self.next) {
            (Outcome::Ok, None) => self.what_then(),
            (outcome, _) => super::outcome::verdict(outcome),
        };
        let ended = catalog.render(&text);
        let words = match self.next {
            None => ended,
            // A plan that could be made has not ended anything.
            Some(next) if self.outcome == Outcome::Ok => {
                catalog.render(&Text::new("report-next").nested("next", next.clone()))
            }
            Some(next) => catalog.render(
                &Text::new("report-ended-and-next")
                    .with("ended", ended)
                    .nested("next", next.clone()),
            ),
        };
        Words::new(meaning, words)
    }

    /// What follows from a plan that could be made; nothing was written by it.
    fn what_then(&self) -> (Meaning, Text) {
        let mut left = self.plan.skipped.iter();
        if self.plan.new.is_none() {
            (Meaning::Plain, Text::new("report-plan-forecast"))
        } else if !self.plan.steps.is_empty() || self.plan.variable.writes() {
            super::outcome::verdict(Outcome::WorkToDo)
        } else if left.any(|it| it.reason.is_blocking()) {
            (Meaning::Warning, Text::new("report-plan-only-blocked"))
        } else {
            super::outcome::verdict(Outcome::NothingToDo)
        }
    }
}

/// A message with what to do next, as a group that holds nothing else.
pub(super) fn told(words: &Explanation, meaning: Meaning, catalog: &Catalog) -> Group {
    Group {
        title: Words::new(meaning, catalog.render(&words.message)),
        items: Vec::new(),
        next: words.hint.as_ref().map(|hint| catalog.render(hint)),
    }
}

struct Page<'a> {
    plan: &'a Plan,
    catalog: &'a Catalog,
}

impl Page<'_> {
    fn say(&self, text: &Text) -> String {
        self.catalog.render(text)
    }

    fn heading(&self, text: &Text) -> Block {
        Block::Heading(self.say(text))
    }

    fn sides(&self) -> Block {
        let sides = [&self.plan.old, &self.plan.new];
        let mut facts: Vec<_> = sides
            .into_iter()
            .flatten()
            .map(|side| {
                let label = self.say(&messages::side(side.identity.side));
                (label, Words::plain(side_line(side, self.catalog)))
            })
            .collect();
        let relation = match self.plan.relation {
            DatabaseRelation::Single => Text::new("report-relation-single"),
            DatabaseRelation::Shared {
                packages,
                instances,
            } => Text::new("report-relation-shared")
                .count("packages", packages)
                .count("instances", instances),
            DatabaseRelation::Separate => Text::new("report-relation-separate"),
            DatabaseRelation::Unknown => Text::new("report-relation-unknown"),
        };
        let label = self.say(&Text::new("report-label-database"));
        facts.push((label, Words::plain(self.say(&relation))));
        Block::Facts(facts)
    }

    fn refusals(&self) -> Vec<Block> {
        let refusals = self.plan.refusals.iter();
        let groups = refusals.map(|refusal| {
            Block::Group(told(
                &messages::refusal(refusal),
                Meaning::Bad,
                self.catalog,
            ))
        });
        self.under(&Text::new("report-plan-refused"), groups.collect())
    }

    fn under(&self, heading: &Text, mut blocks: Vec<Block>) -> Vec<Block> {
        if !blocks.is_empty() {
            blocks.insert(0, self.heading(heading));
        }
        blocks
    }

    fn variable(&self) -> Vec<Block> {
        if self.plan.new.is_none() {
            // `plan --target`: the variable is the new instance's, and there is none yet.
            return Vec::new();
        }
        let words = messages::variable(&self.plan.variable);
        let meaning = match (self.plan.variable.writes(), &words.hint) {
            (true, _) => Meaning::Strong,
            (false, Some(_)) => Meaning::Warning,
            (false, None) => Meaning::Plain,
        };
        let group = Block::Group(told(&words, meaning, self.catalog));
        self.under(&Text::new("report-plan-variable"), vec![group])
    }

    fn steps(&self) -> Vec<Block> {
        let steps = &self.plan.steps;
        let heading = Text::new("report-plan-steps").count("count", steps.len());
        if steps.is_empty() {
            let none = self.say(&Text::new("report-plan-no-steps"));
            return vec![
                self.heading(&heading),
                Block::Group(Group::said(Words::plain(none))),
            ];
        }
        let heads = [
            Head::numbers("#"),
            Head::words(self.say(&Text::new("report-head-side"))),
            Head::words(self.say(&Text::new("report-head-plugin"))),
            Head::words(self.say(&Text::new("report-head-version"))),
            Head::words(self.say(&Text::new("report-head-why"))),
            Head::words(self.say(&Text::new("report-head-after"))),
        ];
        // The canary goes before all, wherever it stands among those that could go one by one.
        let is_canary = |step: &&Step| self.plan.canary.as_ref() == Some(&step.id);
        let first = steps.iter().filter(is_canary);
        let others = steps.iter().filter(|step| !is_canary(step));
        let rows = first.chain(others).enumerate();
        let rows = rows.map(|(at, step)| self.step(at + 1, step));
        let table = Block::Table(Grid {
            heads: heads.to_vec(),
            rows: rows.collect(),
        });
        vec![self.heading(&heading), table]
    }

    fn step(&self, number: usize, step: &Step) -> Vec<Field> {
        let data = |field: Field| {
            field
                .data("plugin", clean(step.id.name.as_str()))
                .data("side", step.id.side.as_str())
        };
        vec![
            Field::plain(number.to_string()),
            Field::plain(self.say(&messages::side(step.id.side))),
            data(Field::plain(clean(step.id.name.as_str()))),
            Field::plain(clean(step.version.as_str())),
            Field::plain(self.say(&messages::register_reason(&step.reason))),
            Field::plain(self.after(step)),
        ]
    }

    /// What it waits for; the canary goes before all, and all others wait for it.
    fn after(&self, step: &Step) -> String {
        if self.plan.canary.as_ref() == Some(&step.id) {
            return self.say(&Text::new("report-plan-first-alone"));
        }
        if step.after.is_empty() {
            return "-".to_owned();
        }
        let on_this_side = |id: &StepId| id.side == step.id.side;
        let names = step.after.iter().map(|id| {
            if on_this_side(id) {
                clean(id.name.as_str()).into_owned()
            } else {
                clean(&id.to_string()).into_owned()
            }
        });
        names.collect::<Vec<_>>().join(", ")
    }

    fn notices(&self) -> Vec<Block> {
        let notices = self.plan.notices.iter();
        let notices = notices.filter(|notice| !matches!(notice, Notice::Remedy { .. }));
        let groups = notices.map(|notice| {
            Block::Group(told(
                &messages::notice(notice),
                Meaning::Warning,
                self.catalog,
            ))
        });
        self.under(&Text::new("report-worth-knowing"), groups.collect())
    }

    fn counts(&self) -> String {
        let left = self.plan.skipped.iter();
        let blocked = left.filter(|it| it.reason.is_blocking()).count();
        let text = Text::new("report-plan-counts")
            .count("steps", self.plan.steps.len())
            .count("variable", usize::from(self.plan.variable.writes()))
            .count("skipped", self.plan.skipped.len() - blocked)
            .count("blocked", blocked);
        self.say(&text)
    }
}

/// Version, addresses and, where it is off, the clock of a side.
fn side_line(side: &SideFacts, catalog: &Catalog) -> String {
    super::compare::address_line(&side.identity, &side.version, catalog)
}
