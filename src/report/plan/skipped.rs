//! Skipped and blocked packages, grouped by reason.

use std::collections::BTreeMap;

use crate::i18n::{Catalog, Text, clean};
use crate::plan::messages;
use crate::plan::{Notice, RemedyStep, SkipReason, SkippedPackage};
use crate::report::block::{Block, Group, Meaning, Todo, Words};

/// Blocked packages, each with its next step or its whole remedy.
pub(in crate::report) fn blocked(
    left: &[SkippedPackage],
    notices: &[Notice],
    catalog: &Catalog,
) -> Vec<Block> {
    let blocked: Vec<_> = left.iter().filter(|it| it.reason.is_blocking()).collect();
    if blocked.is_empty() {
        let ways = remedies(notices, catalog);
        let heading = Text::new("plan-heading-remedies");
        let heading = (!ways.is_empty()).then(|| Block::Heading(catalog.render(&heading)));
        return heading.into_iter().chain(ways).collect();
    }
    let heading = Text::new("plan-heading-blocked").count("count", blocked.len());
    let mut blocks = vec![Block::Heading(catalog.render(&heading))];
    blocks.extend(groups(&blocked, Meaning::Bad, notices, catalog));
    blocks.extend(remedies(notices, catalog));
    blocks
}

/// Skipped packages.
pub(in crate::report) fn skipped(left: &[SkippedPackage], catalog: &Catalog) -> Vec<Block> {
    let skipped: Vec<_> = left.iter().filter(|it| !it.reason.is_blocking()).collect();
    if skipped.is_empty() {
        return Vec::new();
    }
    let heading = Text::new("plan-heading-skipped").count("count", skipped.len());
    let mut blocks = vec![Block::Heading(catalog.render(&heading))];
    blocks.extend(groups(&skipped, Meaning::Quiet, &[], catalog));
    blocks
}

/// One group for each message, with one next step. JSON has one for each package.
fn groups(
    left: &[&SkippedPackage],
    meaning: Meaning,
    notices: &[Notice],
    catalog: &Catalog,
) -> Vec<Block> {
    let has_way_out = |left: &SkippedPackage| {
        let mut notices = notices.iter();
        notices.any(|it| matches!(it, Notice::Remedy { name, .. } if *name == left.name))
    };
    let both_sides = left.iter().any(|it| it.side != left[0].side);
    let mut by_words: BTreeMap<(&'static str, String), Vec<&SkippedPackage>> = BTreeMap::new();
    for it in left {
        let message = catalog.render(&messages::skip_reason(&it.reason));
        let key = (it.reason.code(), message);
        by_words.entry(key).or_default().push(it);
    }
    let groups = by_words.into_iter().map(|((_, message), members)| {
        let names = members.iter().map(|it| named(it, both_sides, catalog));
        let names: Vec<_> = names.collect();
        let title = Text::new("plan-skipped-group")
            .with("names", names.join(", "))
            .with("reason", message);
        let same = left
            .iter()
            .filter(|it| it.reason.code() == members[0].reason.code() && !members.contains(it));
        let hint = messages::next_step(&members.iter().chain(same).copied().collect::<Vec<_>>());
        // A whole remedy says more than its first step.
        let needed = members
            .iter()
            .any(|it| it.reason.is_blocking() && !has_way_out(it));
        Block::Group(Group {
            title: Words::new(meaning, catalog.render(&title)),
            items: Vec::new(),
            next: hint.filter(|_| needed).map(|hint| catalog.render(&hint)),
        })
    });
    groups.collect()
}

fn named(left: &SkippedPackage, with_side: bool, catalog: &Catalog) -> String {
    let name = clean(left.name.as_str());
    let named = match (&left.version, &left.reason) {
        // The reason names the versions.
        (_, SkipReason::VersionUnclear { .. }) | (None, _) => name.into_owned(),
        (Some(version), _) => format!("{name} {}", clean(version.as_str())),
    };
    if with_side {
        format!("{}: {named}", catalog.render(&left.side.label()))
    } else {
        named
    }
}

/// The remedy of each block, step by step.
fn remedies(notices: &[Notice], catalog: &Catalog) -> Vec<Block> {
    let mut blocks = Vec::new();
    for notice in notices {
        let Notice::Remedy { actions, .. } = notice else {
            continue;
        };
        let title = catalog.render(&messages::notice(notice).message);
        let title = Words::new(Meaning::Strong, title);
        blocks.push(Block::Group(Group::said(title)));
        let steps = actions.iter().map(|action| todo(action, catalog));
        blocks.push(Block::Steps(steps.collect()));
    }
    blocks
}

fn todo(action: &RemedyStep, catalog: &Catalog) -> Todo {
    let words = messages::remedy_step(action);
    Todo {
        what: catalog.render(&words.message),
        how: words.hint.as_ref().map(|hint| catalog.render(hint)),
    }
}
