//! W04xx: what users of one side have and users of the other have not.

use super::collect::{CheckContext, FindingDraft, FindingSink};
use super::plugins::each;
use super::words::{self, Listing};
use crate::compare::{Aspect, Cause, Cell, ContentConflict, ContentKey, Note, PluginRow, State};
use crate::domain::{Severity, Side, Version};
use crate::i18n::Text;
use crate::plan::{DatabaseRelation, Notice};

/// What makes a plugin visible, the way through the gateway aside: that is a matter of one side, and
/// looked at there.
const SEEN_BY: [Aspect; 5] = [
    Aspect::Package,
    Aspect::Running,
    Aspect::Menus,
    Aspect::ResourceFiles,
    Aspect::StaticFiles,
];

fn listing(aspect: Aspect) -> Listing {
    match aspect {
        Aspect::Package => Listing::Packages,
        Aspect::Running => Listing::Instances,
        Aspect::Menus => Listing::Menus,
        Aspect::ResourceFiles | Aspect::StaticFiles => Listing::ResourceFiles,
        Aspect::Route | Aspect::Reachable => Listing::GatewayRoutes,
    }
}

/// What `there` shows and `here` does not, and what keeps that from being told.
fn lost<'a>(
    scene: &CheckContext<'a>,
    here: Side,
    out: &mut FindingSink<'a>,
    message: fn() -> Text,
) {
    let there = here.other();
    for side in scene.sides() {
        // The menus that are granted are compared by what our token sees on each side.
        if let Some(failure) = side.my_menus.failure() {
            out.unread(side.side(), None, failure);
        }
    }
    for row in scene.pairs(out) {
        out.looked();
        let mut lost: Vec<(Aspect, &Cell)> = Vec::new();
        for aspect in SEEN_BY {
            let (shown, elsewhere) = (row.side(here).cell(aspect), row.side(there).cell(aspect));
            match (elsewhere.state, shown.state) {
                (State::Visible, State::Hidden) => lost.push((aspect, shown)),
                (State::Visible | State::Unknown, State::Unknown) => {
                    out.not_told(here, row.name.to_string(), shown.causes.first());
                }
                (State::Unknown, State::Hidden) => {
                    out.not_told(there, row.name.to_string(), elsewhere.causes.first());
                }
                _ => {}
            }
        }
        let Some((aspect, cause)) = lost
            .iter()
            .find_map(|(aspect, cell)| Some((aspect, cell.causes.first()?)))
        else {
            continue;
        };
        let seen = lost.iter().filter_map(|(aspect, cell)| {
            let side = scene.side(here)?;
            let cause = cell.causes.first()?;
            Some((Some(here), listing(*aspect).of(side), cause.text()))
        });
        out.wrong(FindingDraft {
            side: None,
            subject: row.name.to_string(),
            message: message()
                .with("name", row.name.as_str())
                .count("count", lost.len())
                .nested("aspect", aspect.label())
                .nested("cause", cause.text()),
            hint: cause.hint(here),
            seen: seen.collect(),
        });
    }
}

/// W0401: what the old side shows, the new one shows.
pub(super) fn lost_on_new<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    lost(scene, Side::New, out, || Text::new("check-lost-on-new"));
}

/// W0402: and the other way round.
pub(super) fn only_on_new<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    lost(scene, Side::Old, out, || Text::new("check-only-on-new"));
}

fn pair_told(
    scene: &CheckContext<'_>,
    row: &PluginRow,
    message: Text,
    hint: Text,
    listing: Listing,
) -> FindingDraft {
    let versions = |side: Side| {
        let side = row.side(side);
        let package = side
            .package
            .as_ref()
            .map(|package| package.version.as_str());
        let listed = join(&side.listed);
        format!("{} ({listed})", package.unwrap_or("-"))
    };
    let seen = scene.sides().map(|side| {
        (
            Some(side.side()),
            listing.of(side),
            words::seen(versions(side.side())),
        )
    });
    FindingDraft {
        side: None,
        subject: row.name.to_string(),
        message,
        hint: Some(hint),
        seen: seen.collect(),
    }
}

/// W0403: both sides have one version of each plugin.
pub(super) fn versions_differ<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    for row in scene.pairs(out) {
        out.looked();
        let differ = row.notes.iter().find(|note| {
            matches!(
                note,
                Note::VersionsDiffer { .. } | Note::PagesOfOtherVersions { .. }
            )
        });
        let Some(note) = differ.filter(|_| not_shown(row).is_none()) else {
            continue;
        };
        let message = Text::new("check-versions-differ")
            .with("name", row.name.as_str())
            .nested("note", note.text());
        let hint = Text::new("compare-hint-one-version");
        out.wrong(pair_told(scene, row, message, hint, Listing::Packages));
    }
}

/// Notes of each plugin of each side; on one database the old side's are the new one's.
fn side_notes<'a>(
    scene: &CheckContext<'a>,
    out: &mut FindingSink<'a>,
    message: fn() -> Text,
    hint: fn() -> Text,
    wanted: fn(&Note) -> bool,
) {
    let shared = matches!(scene.plan.relation, DatabaseRelation::Shared { .. });
    let mut said = std::collections::BTreeSet::new();
    for seat in each(scene, out) {
        if let Some(failure) = seat.inventory.packages.failure() {
            out.unread(seat.side(), Some(seat.row.name.to_string()), failure);
        } else if seat.own.cell(Aspect::Running).state == State::Unknown {
            let cause = seat.own.cell(Aspect::Running).causes.first();
            seat.not_told(cause, out);
        }
        for note in seat.row.notes.iter().filter(|note| wanted(note)) {
            let side = match note {
                Note::SeveralRunning { side, .. }
                | Note::PagesOfAVersionThatDoesNotRun { side, .. } => *side,
                _ => continue,
            };
            // A side stands beside itself, so each note is there twice.
            if side != Side::New || (shared && !said.insert((&seat.row.name, note.code()))) {
                continue;
            }
            let (shown, running) = note_versions(note);
            let message = seat
                .words(message())
                .with("shown", &shown)
                .with("running", &running);
            let seen = words::seen(format!("{shown} / {running}"));
            out.wrong(seat.told(message, Some(hint()), Listing::Instances, seen));
        }
    }
}

fn note_versions(note: &Note) -> (String, String) {
    match note {
        Note::SeveralRunning { versions, .. } => (String::new(), join(versions)),
        Note::PagesOfAVersionThatDoesNotRun { shown, running, .. } => (join(shown), join(running)),
        _ => Default::default(),
    }
}

fn join(versions: &[Version]) -> String {
    let versions: Vec<&str> = versions.iter().map(Version::as_str).collect();
    versions.join(", ")
}

/// W0404: one version of a name runs.
pub(super) fn several_running<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    side_notes(
        scene,
        out,
        || Text::new("check-several-running"),
        || Text::new("check-several-running-hint"),
        |note| matches!(note, Note::SeveralRunning { .. }),
    );
}

/// W0405: the pages are of the version that runs.
pub(super) fn shown_does_not_run<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    side_notes(
        scene,
        out,
        || Text::new("check-shown-not-run"),
        || Text::new("compare-hint-one-version"),
        |note| matches!(note, Note::PagesOfAVersionThatDoesNotRun { .. }),
    );
}

/// Versions whose pages the new side lists and the old one does not show, and whether the old side's
/// users have lost their page by it.
fn not_shown(row: &PluginRow) -> Option<(String, bool)> {
    let causes = &row.old.cell(Aspect::StaticFiles).causes;
    let taken = causes.iter().find_map(|cause| match cause {
        Cause::OtherVersion { listed, .. } => Some(listed),
        _ => None,
    });
    if let Some(listed) = taken {
        return Some((join(listed), true));
    }
    let here = row.new.listed.iter();
    let not_there: Vec<Version> = here
        .filter(|version| !row.old.listed.contains(version))
        .cloned()
        .collect();
    let some = !row.old.listed.is_empty() && !not_there.is_empty();
    some.then(|| (join(&not_there), false))
}

/// W0406: what was registered on new is what old shows. A v4.0 or v4.1 takes the old side's page away
/// by it, on one database.
pub(super) fn not_shown_on_old<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    for row in scene.pairs(out) {
        out.looked();
        let cell = row.old.cell(Aspect::StaticFiles);
        if cell.state == State::Unknown {
            out.not_told(Side::Old, row.name.to_string(), cell.causes.first());
        }
        let Some((versions, taken)) = not_shown(row) else {
            continue;
        };
        let (severity, text) = if taken {
            (Severity::Error, Text::new("check-page-taken"))
        } else {
            (Severity::Warning, Text::new("check-not-shown-on-old"))
        };
        let message = text
            .with("name", row.name.as_str())
            .with("versions", versions)
            .with("shown", join(&row.old.listed));
        let hint = Text::new("check-not-shown-on-old-hint").with("name", row.name.as_str());
        let told = pair_told(scene, row, message, hint, Listing::ResourceFiles);
        out.wrong_as(severity, told);
    }
}

/// W0407: taskman is one that a v4 takes.
pub(super) fn taskman(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    out.looked();
    let side = scene.new;
    if let Some(failure) = side.packages.failure() {
        out.unread(side.side(), None, failure);
    }
    for notice in &scene.plan.notices {
        if let Notice::TaskmanTooOld { version } = notice {
            out.wrong(FindingDraft {
                side: Some(side.side()),
                subject: format!("taskman {version}"),
                message: crate::plan::messages::notice(notice).message,
                hint: Some(Text::new("check-taskman-hint")),
                seen: vec![(
                    Some(side.side()),
                    Listing::Packages.of(side),
                    words::seen(version),
                )],
            });
        }
    }
}

/// W0408: the package that stands for a plugin is one for this side's platform.
pub(super) fn gated<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    for seat in each(scene, out) {
        let cell = seat.own.cell(Aspect::Package);
        if cell.state == State::Unknown {
            seat.not_told(cell.causes.first(), out);
        }
        for cause in &cell.causes {
            let Cause::NotForThisSide { .. } = cause else {
                continue;
            };
            let message = seat
                .words(Text::new("check-gated"))
                .with("version", seat.version())
                .nested("cause", cause.text());
            let (severity, hint) = match seat.side() {
                Side::New => (Severity::Warning, Text::new("check-gated-hint")),
                Side::Old => (Severity::Info, Text::new("check-gated-hint-old")),
            };
            let told = seat.told(message, Some(hint), Listing::Dependencies, cause.text());
            out.wrong_as(severity, told);
        }
    }
}

/// W0409: pages that configure orchestrations, which the generations do not have in common.
pub(super) fn orchestrations(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    if scene.need_old(out).is_none() {
        return;
    }
    out.looked();
    for side in scene.sides() {
        if let Some(failure) = side.packages.failure() {
            out.unread(side.side(), None, failure);
        }
    }
    for notice in &scene.plan.notices {
        if let Notice::OrchestrationPages { name } = notice {
            out.wrong(FindingDraft {
                side: None,
                subject: name.to_string(),
                message: crate::plan::messages::notice(notice).message,
                hint: Some(Text::new("check-orchestrations-hint")),
                seen: Vec::new(),
            });
        }
    }
}

/// W0410: the same page has the same bytes on both sides.
pub(super) fn content_differs<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    for row in scene.pairs(out) {
        out.looked();
        for side in [Side::Old, Side::New] {
            let cell = row.side(side).cell(Aspect::StaticFiles);
            if cell.state == State::Unknown {
                out.not_told(side, row.name.to_string(), cell.causes.first());
            }
        }
        let causes = &row.new.cell(Aspect::StaticFiles).causes;
        let across: Vec<&ContentConflict> = causes
            .iter()
            .chain(&row.old.cell(Aspect::StaticFiles).causes)
            .filter_map(|cause| match cause {
                Cause::ContentDiffers { conflicts } => Some(conflicts),
                _ => None,
            })
            .flatten()
            .filter(|conflict| conflict.across_sides())
            .collect();
        let Some(first) = across.first() else {
            continue;
        };
        let paths: std::collections::BTreeSet<_> = across.iter().map(|it| &it.path).collect();
        let seen = first.seen.iter().map(|content| {
            let key = match &content.key {
                ContentKey::Length(bytes) => format!("{bytes} B"),
                ContentKey::Digest(hex) => format!("sha256 {}", hex.get(..12).unwrap_or(hex)),
            };
            let source = format!("GET {}{}", content.portal, first.path);
            (Some(content.side), source, words::seen(key))
        });
        out.wrong(FindingDraft {
            side: None,
            subject: row.name.to_string(),
            message: Text::new("check-content-differs")
                .with("name", row.name.as_str())
                .count("count", paths.len())
                .with("first", &first.path),
            hint: Some(Text::new("compare-hint-content")),
            seen: seen.collect(),
        });
    }
}
