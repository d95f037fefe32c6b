//! W04xx: what users of one side have and users of the other have not.

use std::collections::BTreeMap;

use super::context::CheckContext;
use super::endpoint::Endpoint;
use super::messages;
use super::pages::content_key;
use super::plugin_on_side::plugins;
use super::retire::asked;
use super::sink::{FindingDraft, FindingSink};
use crate::compare::{Aspect, Cause, Cell, ContentConflict, Note, PluginRow, State};
use crate::domain::{FilePath, Side, Version};
use crate::i18n::Text;
use crate::plan::Notice;

/// The aspects of visibility. Routes are a matter of one side and have checks of their own.
const SEEN_BY: [Aspect; 5] = [
    Aspect::Package,
    Aspect::Running,
    Aspect::Menus,
    Aspect::ResourceFiles,
    Aspect::StaticFiles,
];

fn listing(aspect: Aspect) -> Endpoint {
    match aspect {
        Aspect::Package => Endpoint::Packages,
        Aspect::Running => Endpoint::Instances,
        Aspect::Menus => Endpoint::Menus,
        Aspect::ResourceFiles | Aspect::StaticFiles => Endpoint::ResourceFiles,
        Aspect::Route | Aspect::Reachable => Endpoint::GatewayRoutes,
    }
}

/// Reports plugins that are visible on the other side and not `here`.
fn lost<'a>(context: &CheckContext<'a>, here: Side, sink: &mut FindingSink<'a>) {
    let there = here.other();
    for side in context.sides() {
        // Granted menus are compared by what the token sees on each side.
        if let Some(failure) = side.my_menus.failure() {
            sink.read_failed(side.side(), None, failure);
        }
    }
    for row in context.pairs(sink) {
        sink.count_subject();
        let mut lost: Vec<(Aspect, &Cell)> = Vec::new();
        for aspect in SEEN_BY {
            let (shown, elsewhere) = (row.side(here).cell(aspect), row.side(there).cell(aspect));
            match (elsewhere.state, shown.state) {
                (State::Visible, State::Hidden) => lost.push((aspect, shown)),
                (State::Visible | State::Unknown, State::Unknown) => {
                    sink.undetermined(here, row.name.to_string(), shown.causes.first());
                }
                (State::Unknown, State::Hidden) => {
                    sink.undetermined(there, row.name.to_string(), elsewhere.causes.first());
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
            let side = context.side(here)?;
            let cause = cell.causes.first()?;
            Some((Some(here), listing(*aspect).on(side), cause.text()))
        });
        sink.report(
            FindingDraft::pair(
                row.name.to_string(),
                Text::new("check-lost")
                    .count("count", lost.len())
                    .nested("aspect", aspect.label())
                    .nested("cause", cause.text()),
            )
            .hint(cause.hint(here))
            .seen_all(seen),
        );
    }
}

/// W0401: Plugin visible on the old instance is not visible on the new one.
pub(super) fn lost_on_new<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    lost(context, Side::New, sink);
}

/// W0402: Plugin visible on the new instance is not visible on the old one.
pub(super) fn only_on_new<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    lost(context, Side::Old, sink);
}

fn pair_draft(
    context: &CheckContext<'_>,
    row: &PluginRow,
    message: Text,
    hint: Text,
    listing: Endpoint,
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
    let seen = context.sides().map(|side| {
        (
            Some(side.side()),
            listing.on(side),
            messages::seen(versions(side.side())),
        )
    });
    FindingDraft::pair(row.name.to_string(), message)
        .hint(hint)
        .seen_all(seen)
}

/// W0403: Both instances use different versions of a plugin.
pub(super) fn versions_differ<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    for row in context.pairs(sink) {
        sink.count_subject();
        let differ = row.notes.iter().find(|note| {
            matches!(
                note,
                Note::VersionsDiffer { .. } | Note::PagesOfOtherVersions { .. }
            )
        });
        let Some(note) = differ.filter(|_| not_shown(row).is_none()) else {
            continue;
        };
        let message = note.text();
        let hint = Text::new("compare-hint-one-version");
        sink.report(pair_draft(context, row, message, hint, Endpoint::Packages));
    }
}

/// Reports notes of each plugin.
fn side_notes<'a>(
    context: &CheckContext<'a>,
    sink: &mut FindingSink<'a>,
    message: fn() -> Text,
    hint: fn() -> Text,
    wanted: fn(&Note) -> bool,
) {
    for plugin in plugins(context, sink) {
        if let Some(failure) = plugin.inventory.packages.failure() {
            sink.read_failed(plugin.side(), Some(plugin.row.name.to_string()), failure);
        } else if plugin.own.cell(Aspect::Running).state == State::Unknown {
            let cause = plugin.own.cell(Aspect::Running).causes.first();
            plugin.undetermined(cause, sink);
        }
        for note in plugin.row.notes.iter().filter(|note| wanted(note)) {
            let side = match note {
                Note::SeveralRunning { side, .. }
                | Note::PagesOfAVersionThatDoesNotRun { side, .. } => *side,
                _ => continue,
            };
            // A side is compared with itself, so each note appears twice.
            if side != Side::New {
                continue;
            }
            let (shown, running) = note_versions(note);
            let message = message().with("shown", &shown).with("running", &running);
            let seen = messages::seen(format!("{shown} / {running}"));
            sink.report(
                plugin
                    .draft(message, Endpoint::Instances, seen)
                    .hint(hint()),
            );
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

/// W0404: Several versions of a plugin run at the same time.
pub(super) fn several_running<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    side_notes(
        context,
        sink,
        || Text::new("check-several-running"),
        || Text::new("check-several-running-hint"),
        |note| matches!(note, Note::SeveralRunning { .. }),
    );
}

/// W0405: Users get the pages of a version that does not run.
pub(super) fn shown_does_not_run<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    side_notes(
        context,
        sink,
        || Text::new("check-shown-not-run"),
        || Text::new("compare-hint-one-version"),
        |note| matches!(note, Note::PagesOfAVersionThatDoesNotRun { .. }),
    );
}

/// Versions that the new side lists and the old one does not show, and whether users of the old side
/// lost their page by it.
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

/// W0406: Old instance shows another version than the one registered on the new instance.
pub(super) fn not_shown_on_old<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    let message = || Text::new("check-not-shown-on-old");
    other_version(context, sink, message, |taken| !taken);
}

/// W0411: Users of the old instance lost a page to a version registered on the new one.
///
/// A v4.0 or v4.1 on the same database does that.
/// Source: docs/platform/two-instances.md#another-version-takes-a-page-away
pub(super) fn page_taken<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    let message = || Text::new("check-page-taken");
    other_version(context, sink, message, |taken| taken);
}

fn other_version<'a>(
    context: &CheckContext<'a>,
    sink: &mut FindingSink<'a>,
    message: fn() -> Text,
    is_wrong: fn(bool) -> bool,
) {
    for row in context.pairs(sink) {
        sink.count_subject();
        let cell = row.old.cell(Aspect::StaticFiles);
        if cell.state == State::Unknown {
            sink.undetermined(Side::Old, row.name.to_string(), cell.causes.first());
        }
        let Some((versions, _)) = not_shown(row).filter(|(_, taken)| is_wrong(*taken)) else {
            continue;
        };
        let message = message()
            .with("versions", versions)
            .with("shown", join(&row.old.listed));
        let hint = Text::new("check-not-shown-on-old-hint").with("name", row.name.as_str());
        sink.report(pair_draft(
            context,
            row,
            message,
            hint,
            Endpoint::ResourceFiles,
        ));
    }
}

/// W0407: Taskman is too old for v4.
pub(super) fn taskman(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    sink.count_subject();
    let side = context.new;
    if let Some(failure) = side.packages.failure() {
        sink.read_failed(side.side(), None, failure);
    }
    for notice in &context.plan.notices {
        if let Notice::TaskmanTooOld { version } = notice {
            sink.report(
                FindingDraft::on(
                    side.side(),
                    format!("taskman {version}"),
                    crate::plan::messages::notice(notice).message,
                )
                .hint(Text::new("check-taskman-hint"))
                .seen(side, Endpoint::Packages, messages::seen(version)),
            );
        }
    }
}

/// W0408: Plugin requires a newer platform than the new instance. On the old one that is expected.
pub(super) fn gated<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    let plugins = plugins(context, sink).into_iter();
    for plugin in plugins.filter(|plugin| plugin.side() == Side::New) {
        let cell = plugin.own.cell(Aspect::Package);
        if cell.state == State::Unknown {
            plugin.undetermined(cell.causes.first(), sink);
        }
        for cause in &cell.causes {
            let Cause::NotForThisSide { .. } = cause else {
                continue;
            };
            let message = Text::new("check-gated")
                .with("version", plugin.version())
                .nested("cause", cause.text());
            sink.report(
                plugin
                    .draft(message, Endpoint::Dependencies, cause.text())
                    .hint(Text::new("check-gated-hint")),
            );
        }
    }
}

/// W0409: Plugin pages depend on orchestrations, which v3 and v4 do not share.
pub(super) fn orchestrations(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    if !asked(context, sink) || context.require_old(sink).is_none() {
        return;
    }
    sink.count_subject();
    for side in context.sides() {
        if let Some(failure) = side.packages.failure() {
            sink.read_failed(side.side(), None, failure);
        }
    }
    for notice in &context.plan.notices {
        if let Notice::OrchestrationPages { name } = notice {
            sink.report(
                FindingDraft::pair(
                    name.to_string(),
                    crate::plan::messages::notice(notice).message,
                )
                .hint(Text::new("check-orchestrations-hint")),
            );
        }
    }
}

/// W0410: Both instances serve different static files of the same version.
pub(super) fn content_differs<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    for row in context.pairs(sink) {
        sink.count_subject();
        for side in [Side::Old, Side::New] {
            let cell = row.side(side).cell(Aspect::StaticFiles);
            if cell.state == State::Unknown {
                sink.undetermined(side, row.name.to_string(), cell.causes.first());
            }
        }
        let causes = &row.new.cell(Aspect::StaticFiles).causes;
        let across: BTreeMap<&FilePath, &ContentConflict> = causes
            .iter()
            .chain(&row.old.cell(Aspect::StaticFiles).causes)
            .filter_map(|cause| match cause {
                Cause::ContentDiffers { conflicts } => Some(conflicts),
                _ => None,
            })
            .flatten()
            .filter(|conflict| conflict.across_sides())
            .map(|conflict| (&conflict.path, conflict))
            .collect();
        let Some(first) = across.keys().next() else {
            continue;
        };
        let seen = across.values().flat_map(|conflict| {
            conflict.seen.iter().map(|content| {
                let key = content_key(&content.key);
                let source = format!("GET {}{}", content.portal, conflict.path);
                (Some(content.side), source, messages::seen(key))
            })
        });
        sink.report(
            FindingDraft::pair(
                row.name.to_string(),
                Text::new("check-content-differs")
                    .count("count", across.len())
                    .with("first", first),
            )
            .hint(Text::new("compare-hint-content"))
            .seen_all(seen),
        );
    }
}
