//! `deploy images`.

use super::cells::{bad, good, message};
use crate::deploy::images::{ImageOutcome, ImageRef, ImageResult, ImageState};
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::report::block::Meaning;
use crate::report::columns::Column;
use crate::report::records::{Cell, RecordTable};

/// A transfer of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageAction {
    /// From a registry.
    Pull,
    /// Into tars.
    Save,
    /// From tars.
    Load,
}

impl ImageAction {
    /// The command in JSON.
    pub fn command(self) -> &'static str {
        match self {
            Self::Pull => "deploy images pull",
            Self::Save => "deploy images save",
            Self::Load => "deploy images load",
        }
    }

    fn verdict(self) -> Text {
        match self {
            Self::Pull => Text::new("deploy-images-pulled"),
            Self::Save => Text::new("deploy-images-saved"),
            Self::Load => Text::new("deploy-images-loaded"),
        }
    }
}

/// The outcome of a transfer.
pub fn images_table(action: ImageAction, outcomes: &[ImageOutcome]) -> RecordTable {
    let columns = [
        Column::Component,
        Column::Image,
        Column::Result,
        Column::Id,
        Column::Reason,
    ];
    let mut table = RecordTable::new(action.command(), "images", &columns);
    for one in outcomes {
        let (result, reason) = match &one.result {
            ImageResult::Done => (good(Text::new("deploy-image-done"), "done"), Cell::none()),
            ImageResult::Already => (
                Cell::text(Text::new("deploy-image-already"), "skipped"),
                Cell::none(),
            ),
            ImageResult::Failed(cause) => (
                bad(Text::new("deploy-image-failed"), "failed"),
                message(cause.clone()),
            ),
        };
        let shown = match &one.tar {
            Some(tar) => format!("{} ({})", one.wanted.reference, tar.display()),
            None => one.wanted.reference.clone(),
        };
        table.row([
            Cell::plain(one.wanted.component),
            Cell::localised(shown, &one.wanted.reference),
            result,
            one.id.as_ref().map_or_else(Cell::none, Cell::plain),
            reason,
        ]);
    }
    let count = |is: fn(&ImageResult) -> bool| {
        let results = outcomes.iter().map(|one| &one.result);
        results.filter(|result| is(result)).count()
    };
    let done = count(|result| *result == ImageResult::Done);
    let already = count(|result| *result == ImageResult::Already);
    let failed = outcomes.len() - done - already;
    let (meaning, outcome) = match (done, already, failed) {
        (0, 0, _) => (Meaning::Bad, Outcome::Failed),
        (0, _, 0) => (Meaning::Good, Outcome::NothingToDo),
        (_, _, 0) => (Meaning::Good, Outcome::Ok),
        _ => (Meaning::Bad, Outcome::Partial),
    };
    let verdict = action
        .verdict()
        .count("done", done)
        .count("already", already)
        .count("failed", failed);
    table.verdict(meaning, verdict).outcome(outcome)
}

/// The states of the images.
pub fn image_states_table(states: &[(ImageRef, ImageState)]) -> RecordTable {
    let columns = [
        Column::Component,
        Column::Image,
        Column::State,
        Column::Id,
        Column::Reason,
    ];
    let mut table = RecordTable::new("deploy images verify", "images", &columns);
    for (wanted, state) in states {
        let (shown, id, reason) = match state {
            ImageState::Present(image) => (
                good(Text::new("deploy-image-present"), "there"),
                Cell::plain(&image.id),
                Cell::none(),
            ),
            ImageState::Missing => (
                bad(Text::new("deploy-image-absent"), "missing"),
                Cell::none(),
                Cell::none(),
            ),
            ImageState::Different { image, reason } => (
                bad(Text::new("deploy-image-different"), "other"),
                Cell::plain(&image.id),
                message(reason.clone()),
            ),
        };
        table.row([
            Cell::plain(wanted.component),
            Cell::plain(&wanted.reference),
            shown,
            id,
            reason,
        ]);
    }
    let faults = states.iter().filter(|(_, state)| !state.is_present());
    let faults = faults.count();
    if faults == 0 {
        let verdict = Text::new("deploy-images-present").count("count", states.len());
        table.verdict(Meaning::Good, verdict)
    } else {
        let verdict = Text::new("deploy-images-absent")
            .count("faults", faults)
            .with("count", states.len())
            .with(
                "flags",
                states
                    .first()
                    .map_or_else(String::new, |(it, _)| it.flags()),
            );
        table
            .verdict(Meaning::Bad, verdict)
            .outcome(Outcome::Findings)
    }
}
