//! Equal errors once: the cause, every package that has it, what to do next.

use std::collections::BTreeMap;

use super::label::result;
use crate::apply::{ApplyReport, NoEffect, PackageResult, StepFailure, StepResult};
use crate::apply::{cause_text, messages};
use crate::i18n::{Catalog, Text, clean};
use crate::plan::messages as plan_messages;
use crate::report::block::{Block, Group, Words};

/// A group for each cause of what failed, had no effect or is not known.
pub(super) fn groups(report: &ApplyReport, catalog: &Catalog) -> Vec<Block> {
    let mut by_code: BTreeMap<(u8, &'static str), Members<'_>> = BTreeMap::new();
    let tried = |package: &&PackageResult| !matches!(package.result, StepResult::NotStarted(_));
    for package in report.packages.iter().filter(tried) {
        if let Some((rank, code, text)) = cause(&package.result) {
            let members = by_code.entry((rank, code));
            let members = members.or_insert_with(|| Members {
                result: &package.result,
                packages: Vec::new(),
            });
            members.packages.push((package, text));
        }
    }
    if by_code.is_empty() {
        return Vec::new();
    }
    let heading = catalog.render(&Text::new("report-apply-causes"));
    let mut blocks = vec![Block::Heading(heading)];
    for ((_, code), members) in by_code {
        blocks.push(Block::Group(group(code, &members, catalog)));
    }
    blocks
}

/// Packages with one cause.
struct Members<'a> {
    /// The result that they have in common.
    result: &'a StepResult,
    /// Each with its words.
    packages: Vec<(&'a PackageResult, Text)>,
}

fn group(code: &'static str, members: &Members<'_>, catalog: &Catalog) -> Group {
    let (meaning, label) = result(members.result);
    let title = Text::new("report-apply-group")
        .nested("result", label)
        .with("code", code)
        .count("count", members.packages.len());
    Group {
        title: Words::new(meaning, catalog.render(&title)),
        items: items(members, catalog),
        next: Some(next(members.result, code, catalog)),
    }
}

/// Each package with its words; packages with the same words stand together.
fn items(members: &Members<'_>, catalog: &Catalog) -> Vec<(String, String)> {
    let mut items: Vec<(String, String)> = Vec::new();
    for (package, text) in &members.packages {
        let version = package.version.as_ref();
        let version = version.map_or(String::new(), |it| format!(" {}", clean(it.as_str())));
        let subject = format!("{}{version}", clean(package.id.name.as_str()));
        let words = match package.result {
            // The table has these words.
            StepResult::NoEffect(_) | StepResult::Unknown { .. } => String::new(),
            _ => catalog.render(text),
        };
        match items.iter_mut().find(|(_, other)| *other == words) {
            Some((subjects, _)) => {
                subjects.push_str(", ");
                subjects.push_str(&subject);
            }
            None => items.push((subject, words)),
        }
    }
    items
}

/// What to do next; of a refusal its own next step, of everything else what `explain` says.
fn next(result: &StepResult, code: &str, catalog: &Catalog) -> String {
    if let StepResult::Failed(StepFailure::Refused(_)) = result {
        return catalog.render(&cause_text(code).1);
    }
    let key = format!("explain-{}", code.replace('_', "-"));
    let explained = catalog.plain(&key);
    explained.unwrap_or_else(|| {
        let text = Text::new("report-apply-explain").with("code", code);
        catalog.render(&text)
    })
}

/// What to do next about a result, for machines: of a refusal its own next step.
pub(super) fn hint(result: &StepResult, code: &'static str) -> Text {
    match result {
        StepResult::Failed(StepFailure::Refused(_)) => cause_text(code).1,
        _ => Text::new("report-apply-explain").with("code", code),
    }
}

/// The code of what is not as it should be, with its rank and its words.
pub(super) fn cause(result: &StepResult) -> Option<(u8, &'static str, Text)> {
    match result {
        StepResult::Done | StepResult::Skipped(_) | StepResult::Blocked(_) => None,
        StepResult::Failed(failure) => {
            let text = match failure {
                // The group has the code and its explanation; here are the platform's own words.
                StepFailure::Refused(error) => {
                    Text::new("report-apply-refused").nested("message", error.detail.message())
                }
                _ => messages::failure(failure),
            };
            Some((0, code_of_failure(failure), text))
        }
        StepResult::NotStarted(why) => Some((3, why.code(), messages::not_started(*why))),
        StepResult::NoEffect(what) => Some((1, code_of_no_effect(what), messages::no_effect(what))),
        StepResult::Unknown { cause } => Some((2, cause.code(), messages::unknown(cause))),
    }
}

/// Files in a folder that no portal serves have a cause of their own: no registration cures that.
fn code_of_no_effect(what: &NoEffect) -> &'static str {
    match what {
        NoEffect::PagesHidden { pages } if pages.iter().any(|(path, ..)| path.is_misplaced()) => {
            "static_path"
        }
        _ => what.code(),
    }
}

fn code_of_failure(failure: &StepFailure) -> &'static str {
    match failure {
        StepFailure::Refused(error) => error.cause,
        StepFailure::Drifted { .. } => "drifted",
        StepFailure::Unchecked { .. } => "unchecked",
        StepFailure::NotRetried => "stopped",
    }
}

/// Why a package has its result, in words.
pub(super) fn reason(result: &StepResult, catalog: &Catalog) -> String {
    let text = match result {
        StepResult::Done => return String::new(),
        StepResult::Skipped(reason) | StepResult::Blocked(reason) => {
            plan_messages::skip_reason(reason)
        }
        StepResult::NotStarted(why) => messages::not_started(*why),
        StepResult::Failed(StepFailure::Refused(error)) => cause_text(error.cause).0,
        StepResult::Failed(failure) => messages::failure(failure),
        StepResult::NoEffect(what) => messages::no_effect(what),
        StepResult::Unknown { cause } => messages::unknown(cause),
    };
    catalog.render(&text)
}
