//! The steps of `deploy all`.

use super::cells::good;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::report::block::Meaning;
use crate::report::columns::Column;
use crate::report::records::{Cell, RecordTable};

/// A step of `deploy all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeployStep {
    /// Images.
    Images,
    /// Database scripts.
    Migrate,
    /// Directories.
    Dirs,
    /// Compose files.
    Render,
    /// Containers.
    Up,
}

impl DeployStep {
    fn cell(self) -> Cell {
        match self {
            Self::Images => Cell::text(Text::new("deploy-step-images"), "images"),
            Self::Migrate => Cell::text(Text::new("deploy-step-migrate"), "migrate"),
            Self::Dirs => Cell::text(Text::new("deploy-step-dirs"), "dirs"),
            Self::Render => Cell::text(Text::new("deploy-step-render"), "render"),
            Self::Up => Cell::text(Text::new("deploy-step-up"), "up"),
        }
    }
}

/// A step and the number of its changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepResult {
    step: DeployStep,
    changed: usize,
}

impl StepResult {
    /// The result of a step.
    pub fn new(step: DeployStep, changed: usize) -> Self {
        Self { step, changed }
    }
}

/// Adds the steps. Without any change a good outcome is `nothing_to_do`.
pub fn add_steps(table: RecordTable, steps: &[StepResult]) -> RecordTable {
    let mut table = table;
    let title = Text::new("deploy-all-steps");
    table.section("steps", title, &[Column::Step, Column::Result]);
    for one in steps {
        let result = if one.changed == 0 {
            Cell::text(Text::new("deploy-step-nothing"), 0).meaning(Meaning::Quiet)
        } else {
            let text = Text::new("deploy-step-changed").count("count", one.changed);
            good(text, one.changed)
        };
        table.row([one.step.cell(), result]);
    }
    let idle = steps.iter().all(|one| one.changed == 0);
    if idle && table.ended() == Outcome::Ok {
        table.outcome(Outcome::NothingToDo)
    } else {
        table
    }
}
