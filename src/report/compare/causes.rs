//! The causes of what is not visible: each once, with every plugin that has it.

use std::collections::{BTreeMap, BTreeSet};

use super::table::meaning;
use crate::compare::{Aspect, AspectResult, Cause, Comparison, PluginRow, PluginSide, State};
use crate::domain::Side;
use crate::error::Failure as _;
use crate::i18n::{Catalog, Text, clean};
use crate::report::block::{Block, Group, Meaning, Words, folded_items};
use crate::report::render::Shape;

/// Where a cause was seen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    One(Side),
    Both,
}

/// One cause of one aspect on one side or on both. The order is that of the report.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// What differs, then what is not known, then what is alike.
    rank: u8,
    aspect: Aspect,
    place: Place,
    code: &'static str,
}

struct Found<'a> {
    state: State,
    cause: &'a Cause,
    plugins: Vec<(String, &'a Cause)>,
}

/// A group for each cause of what is hidden or unknown, and a line for each cause that does not apply.
/// A page for people folds the members of a group.
pub(super) fn causes(comparison: &Comparison, catalog: &Catalog, shape: Shape) -> Vec<Block> {
    let mut groups: BTreeMap<Key, Found<'_>> = BTreeMap::new();
    for row in &comparison.plugins {
        for aspect in Aspect::ALL {
            collect(row, aspect, &mut groups);
        }
    }
    let mut blocks = Vec::new();
    if !groups.is_empty() {
        let heading = Text::new("compare-heading-causes");
        blocks.push(Block::Heading(catalog.render(&heading)));
    }
    for (key, found) in groups {
        let mut group = group(&key, &found, catalog);
        if let Shape::Page(_) = shape {
            group.items = folded_items(group.items, catalog);
        }
        blocks.push(Block::Group(group));
    }
    let lines = not_applicable(comparison, catalog);
    if !lines.is_empty() {
        let heading = Text::new("compare-heading-not-applicable");
        blocks.push(Block::Heading(catalog.render(&heading)));
        blocks.extend(lines.into_iter().map(Group::said).map(Block::Group));
    }
    blocks
}

fn collect<'a>(row: &'a PluginRow, aspect: Aspect, groups: &mut BTreeMap<Key, Found<'a>>) {
    let rank = match row.result(aspect) {
        AspectResult::Differs => 0,
        AspectResult::Unknown => 1,
        AspectResult::Same => 2,
    };
    let told = [Side::Old, Side::New].map(|side| told(row.side(side), aspect));
    for (side, causes, others) in [
        (Side::Old, &told[0], &told[1]),
        (Side::New, &told[1], &told[0]),
    ] {
        for cause in causes {
            let on_both = others.contains(cause);
            if on_both && side == Side::New {
                continue;
            }
            let key = Key {
                rank,
                aspect,
                place: if on_both {
                    Place::Both
                } else {
                    Place::One(side)
                },
                code: cause.code(),
            };
            let found = groups.entry(key).or_insert_with(|| Found {
                state: row.side(side).cell(aspect).state,
                cause,
                plugins: Vec::new(),
            });
            let name = clean(row.name.as_str()).into_owned();
            found.plugins.push((name, cause));
        }
    }
}

/// The causes of what is hidden or unknown in an aspect, without those that an earlier aspect leads to: a
/// plugin that is not listed has no static files either.
fn told(side: &PluginSide, aspect: Aspect) -> Vec<&Cause> {
    let cell = side.cell(aspect);
    if !matches!(cell.state, State::Hidden | State::Unknown) {
        return Vec::new();
    }
    let leads = |earlier: Aspect, cause: &Cause| {
        let before = side.cell(earlier);
        let explains = before.state == State::Hidden || before.state == cell.state;
        before.causes.contains(cause) || (explains && leads_to(earlier, aspect, cause))
    };
    let mut causes: Vec<&Cause> = cell.causes.iter().collect();
    for earlier in Aspect::ALL.into_iter().take_while(|it| *it != aspect) {
        let before = side.cell(earlier).state;
        if matches!(before, State::Hidden | State::Unknown) {
            causes.retain(|cause| !leads(earlier, cause));
        }
    }
    causes
}

/// Whether what is wrong with one aspect of a plugin is the reason for a cause in a later one.
fn leads_to(earlier: Aspect, later: Aspect, cause: &Cause) -> bool {
    match (earlier, later) {
        (Aspect::Package, _)
        | (Aspect::Running, Aspect::Menus | Aspect::Route | Aspect::Reachable)
        | (Aspect::Route, Aspect::Reachable) => true,
        // Files can be missing whether or not the plugin runs.
        (Aspect::Running, _) => matches!(cause, Cause::NotListed),
        (Aspect::ResourceFiles, Aspect::StaticFiles) => {
            matches!(
                cause,
                Cause::NotListed | Cause::OtherVersion { .. } | Cause::NotRead(_)
            )
        }
        _ => false,
    }
}

fn group(key: &Key, found: &Found<'_>, catalog: &Catalog) -> Group {
    let (place, side) = match key.place {
        Place::One(side) => (side.label(), side),
        Place::Both => (Text::new("report-both-sides"), Side::New),
    };
    let title = Text::new("compare-group")
        .nested("aspect", key.aspect.label())
        .nested("side", place)
        .nested("cause", found.cause.label())
        .count("count", found.plugins.len());
    let items = found.plugins.iter().map(|(name, cause)| {
        let words = catalog.render(&cause.text());
        (name.clone(), words)
    });
    Group {
        title: Words::new(meaning(found.state), catalog.render(&title)),
        items: items.collect(),
        next: found.cause.hint(side).map(|hint| catalog.render(&hint)),
    }
}

/// What is not applicable, by cause: the plugins and on which side.
fn not_applicable(comparison: &Comparison, catalog: &Catalog) -> Vec<Words> {
    let mut by_cause: BTreeMap<&'static str, (&Cause, Vec<String>)> = BTreeMap::new();
    for row in &comparison.plugins {
        let cells = |side: Side| row.side(side).cells.iter();
        for cell in cells(Side::Old).chain(cells(Side::New)) {
            let Some(cause) = cell.causes.first() else {
                continue;
            };
            if cell.state != State::NotApplicable {
                continue;
            }
            let (_, names) = by_cause
                .entry(cause.code())
                .or_insert_with(|| (cause, Vec::new()));
            let name = clean(row.name.as_str());
            if names.last().map(String::as_str) != Some(&*name) {
                names.push(name.into_owned());
            }
        }
    }
    let lines = by_cause.into_values().map(|(cause, names)| {
        let text = Text::new("compare-list-of-names")
            .nested("cause", cause.label())
            .with("names", names.join(", "));
        Words::new(Meaning::Quiet, catalog.render(&text))
    });
    lines.collect()
}

/// Notes on rows, and listings that could not be read.
pub(super) fn notes(comparison: &Comparison, catalog: &Catalog) -> Vec<Block> {
    let mut lines = Vec::new();
    let mut servers = BTreeSet::new();
    for unread in &comparison.unread {
        let failure = &unread.failure;
        let is_told = !servers.insert((unread.side, failure.origin()));
        if is_told && failure.kind.is_no_platform() {
            continue;
        }
        let text = Text::new("compare-unread")
            .nested("side", unread.side.label())
            .nested("failure", unread.failure.message());
        lines.push(catalog.render(&text));
    }
    for row in &comparison.plugins {
        for note in &row.notes {
            let text = Text::new("compare-note")
                .with("name", &row.name)
                .nested("note", note.text());
            lines.push(catalog.render(&text));
        }
    }
    if lines.is_empty() {
        return Vec::new();
    }
    let heading = catalog.render(&Text::new("compare-heading-notices"));
    let mut blocks = vec![Block::Heading(heading)];
    let lines = lines
        .into_iter()
        .map(|line| Words::new(Meaning::Warning, line));
    blocks.extend(lines.map(Group::said).map(Block::Group));
    blocks
}
