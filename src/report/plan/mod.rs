//! The plan, for people and for machines.

mod document;
mod effects;
mod skipped;

pub(super) use document::{blocked as blocked_finding, plan_variable_doc, variable_blocked};
pub(super) use skipped::{blocked, skipped};

use super::block::{Block, Field, Grid, Group, Head, Meaning, Words};
use super::document::Document;
use super::html::Titled;
use super::render::{Report, Shape};
use crate::exit::Outcome;
use crate::i18n::{Catalog, Text, clean};
use crate::plan::messages::{self, Explanation};
use crate::plan::{DatabaseRelation, Notice, Plan, SideFacts, Step, StepId, VariablePlan};

/// The report of `plan`, and what `apply` shows before it asks.
#[derive(Clone, Copy, Debug)]
pub struct PlanReport<'a> {
    /// The command, as typed: `plan`, or the one that shows the plan before it asks.
    pub command: &'static str,
    /// The plan.
    pub plan: &'a Plan,
    /// How the command ended.
    pub outcome: Outcome,
    /// Whether a command shows the plan before it carries it out.
    pub is_preview: bool,
}

impl Report for PlanReport<'_> {
    fn blocks(&self, catalog: &Catalog, _: Shape) -> Vec<Block> {
        let page = Page {
            plan: self.plan,
            catalog,
        };
        let mut blocks = vec![Block::Verdict(self.verdict(catalog)), page.sides()];
        blocks.extend(page.refusals());
        blocks.extend(page.variable());
        blocks.extend(page.steps());
        blocks.extend(effects::effects(self.plan, catalog));
        let left = &self.plan.skipped;
        blocks.extend(skipped::blocked(left, &self.plan.notices, catalog));
        blocks.extend(skipped::skipped(left, catalog));
        blocks.extend(notices(self.plan, catalog));
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
        Text::new("plan-title")
    }
}

impl PlanReport<'_> {
    /// The outcome, the numbers and the next command.
    fn verdict(&self, catalog: &Catalog) -> Words {
        let plan = self.plan;
        let blocked = plan.skipped.iter().filter(|it| it.reason.is_blocking());
        let blocked = blocked.count();
        let skipped = plan.skipped.len() - blocked;
        let counts = Text::new("plan-verdict-work")
            .count("steps", plan.steps.len())
            .with(
                "variable",
                match plan.variable {
                    VariablePlan::Undecided { .. } => "blocked",
                    VariablePlan::Unreadable { .. } => "unknown",
                    _ if plan.variable.writes() => "set",
                    _ => "kept",
                },
            )
            .count("skipped", skipped)
            .count("blocked", blocked);
        let (meaning, text) = match &plan.variable {
            _ if !plan.refusals.is_empty() => {
                let text = Text::new("plan-verdict-refused");
                (Meaning::Bad, text.count("count", plan.refusals.len()))
            }
            VariablePlan::ValueNeeded { candidate } => {
                let text = Text::new("plan-verdict-value");
                (Meaning::Bad, text.with("candidate", candidate))
            }
            // Nothing is carried out before it can be read.
            VariablePlan::Unreadable { .. } => (Meaning::Bad, counts),
            _ if self.is_preview => (Meaning::Plain, counts),
            _ if plan.new.is_none() => {
                let problems = plan
                    .notices
                    .iter()
                    .filter(|it| is_upgrade_problem(it))
                    .count();
                let text = Text::new("plan-verdict-forecast").count("count", problems);
                (
                    if problems == 0 {
                        Meaning::Good
                    } else {
                        Meaning::Warning
                    },
                    text,
                )
            }
            _ if plan.has_work() => {
                let text = Text::new("plan-verdict-next");
                (Meaning::Warning, text.nested("counts", counts))
            }
            _ if plan.is_blocked() => {
                let text = Text::new("plan-verdict-blocked");
                (Meaning::Warning, text.nested("counts", counts))
            }
            _ => {
                let text = Text::new("plan-verdict-nothing");
                (Meaning::Good, text.count("skipped", skipped))
            }
        };
        Words::new(meaning, catalog.render(&text))
    }
}

/// What must be solved before an upgrade, of what `plan --target` predicts.
fn is_upgrade_problem(notice: &Notice) -> bool {
    matches!(
        notice,
        Notice::TargetRefuses { .. }
            | Notice::TargetSwitchesVariable { .. }
            | Notice::TaskmanTooOld { .. }
    )
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
                let label = self.say(&side.identity.side.label());
                (label, Words::plain(side_line(side, self.catalog)))
            })
            .collect();
        let relation = match self.plan.relation {
            DatabaseRelation::Single => Text::new("plan-relation-single"),
            DatabaseRelation::Shared {
                packages,
                instances,
            } => Text::new("plan-relation-shared")
                .count("packages", packages)
                .count("instances", instances),
            DatabaseRelation::Separate => Text::new("plan-relation-separate"),
            DatabaseRelation::Unknown => Text::new("plan-relation-unknown"),
        };
        let label = self.say(&Text::new("plan-label-database"));
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
        self.under(&Text::new("plan-heading-refused"), groups.collect())
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
        self.under(&Text::new("plan-heading-variable"), vec![group])
    }

    fn steps(&self) -> Vec<Block> {
        let steps = &self.plan.steps;
        let heading = Text::new("plan-heading-steps").count("count", steps.len());
        if steps.is_empty() {
            let none = self.say(&Text::new("plan-no-steps"));
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
            Head::words(self.say(&Text::new("plan-head-reason"))),
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
            Field::plain(self.say(&step.id.side.label())),
            data(Field::plain(clean(step.id.name.as_str()))),
            Field::plain(clean(step.version.as_str())),
            Field::plain(self.say(&messages::register_reason(&step.reason))),
            Field::plain(self.after(step)),
        ]
    }

    /// What it waits for; all others wait for the canary.
    fn after(&self, step: &Step) -> String {
        if self.plan.canary.as_ref() == Some(&step.id) {
            return self.say(&Text::new("plan-first-alone"));
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
}

/// What else an operator should know of a plan.
pub(super) fn notices(plan: &Plan, catalog: &Catalog) -> Vec<Block> {
    // The database line and the remedies say these already.
    let notices = plan.notices.iter().filter(|notice| {
        !matches!(
            notice,
            Notice::Remedy { .. }
                | Notice::SharedDatabase
                | Notice::SeparateDatabases
                | Notice::RelationUnknown
        )
    });
    let groups =
        notices.map(|it| Block::Group(told(&messages::notice(it), Meaning::Warning, catalog)));
    let page = Page { plan, catalog };
    page.under(&Text::new("plan-heading-notices"), groups.collect())
}

/// Version and addresses of a side.
fn side_line(side: &SideFacts, catalog: &Catalog) -> String {
    super::compare::address_line(&side.identity, &side.version, catalog)
}
