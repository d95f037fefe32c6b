//! `explain`: what a code means and what to do, offline.

use super::args::ExplainArgs;
use super::context::Context;
use crate::apply::{REGISTER_CAUSES, cause_text};
use crate::check::catalogue;
use crate::deploy::lint::LintCode;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::{Catalog, Text};
use crate::report::{Cell, Column, RecordTable};

/// Codes of reasons, of causes that hide a page, and of outcomes; `explain-CODE` has their words.
const CODES: [&str; 108] = [
    "answer_lost",
    "pages_unread",
    "canary_stopped",
    "stopped",
    "drifted",
    "ok",
    "findings",
    "version_unreadable",
    "no_ui",
    "already_visible",
    "not_running",
    "not_for_this_side",
    "excluded",
    "dependency_too_old",
    "dependency_missing",
    "platform_too_old",
    "dependency_blocked",
    "dependency_failed",
    "version_unclear",
    "two_editions",
    "cycle",
    "not_registered",
    "not_on_this_side",
    "too_many_versions",
    "unreadable",
    "missing",
    "forbidden",
    "not_a_script",
    "empty",
    "content_differs",
    "other_version",
    "not_listed",
    "converged",
    "nothing_to_do",
    "same",
    "failed",
    "usage",
    "different",
    "work_to_do",
    "partial",
    "no_effect",
    "blocked",
    "unsafe",
    "not_confirmed",
    "no_permission",
    "unreachable",
    "not_wecube",
    "locked",
    "interrupted",
    "unchecked",
    "no_trace",
    "state_unread",
    "rows_not_renewed",
    "upload_time_not_moved",
    "update_not_marked",
    "ui_not_active",
    "pages_hidden",
    "clock_skew",
    "shared_database",
    "separate_databases",
    "relation_unknown",
    "taskman_too_old",
    "orchestration_pages",
    "misread_variable",
    "variable_owned_by_plugin",
    "writes_to_v3",
    "several_versions",
    "launched_by_v3",
    "not_read",
    "target_refuses",
    "target_switches_variable",
    "remedy",
    "broke_other_side",
    "other_side_unread",
    "variable_switched",
    "one_instance",
    "seeds_differ",
    "new_is_old",
    "new_older_than_old",
    "several_variable_rows",
    "pages_unknown",
    "all_running",
    "named",
    "demotes",
    "takes_ui_active",
    "other_side_loses_page",
    "switches_variable",
    "empties_folder",
    "moves_upload_time",
    "grants_roles",
    "demoted",
    "runs_nowhere",
    "no_menus",
    "no_instance",
    "other_version_runs",
    "menu_absent",
    "menu_inactive",
    "unexpected",
    "no_answer",
    "no_route",
    "route_elsewhere",
    "down",
    "unsettled",
    "not_asked",
    "pages_of_other_versions",
    "versions_differ",
    "several_running",
    "pages_of_a_version_that_does_not_run",
];

/// Explains a code, or lists all of them.
pub(super) fn run(args: ExplainArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let catalog = context.ui.catalog();
    let mut sheet = RecordTable::new("explain", "codes", &[Column::Code, Column::Explanation]);
    if let Some(typed) = args.code {
        let code = code_of(&typed);
        let words = explanation(&code, catalog).ok_or_else(|| {
            CommandError::usage(
                Text::new("cli-explain-unknown").with("code", typed.escape_default()),
            )
            .hint(Text::new("cli-explain-unknown-hint"))
        })?;
        let code = check_code(&code).map_or(code, str::to_owned);
        sheet.row([Cell::words(code), Cell::words(words)]);
    } else {
        let causes = REGISTER_CAUSES.iter();
        let causes = causes.filter(|code| !CODES.contains(*code)).copied();
        for code in CODES.into_iter().chain(causes) {
            let words = explanation(code, catalog).unwrap_or_default();
            sheet.row([Cell::words(code), Cell::words(words)]);
        }
        let checks = catalogue().iter().map(|entry| entry.code);
        for code in checks.chain(LintCode::ALL.iter().map(|code| code.as_str())) {
            let words = explanation(&code.to_ascii_lowercase(), catalog).unwrap_or_default();
            sheet.row([Cell::words(code), Cell::words(words)]);
        }
    }
    context.sheet(&sheet)
}

/// A code as it may be typed: `no-ui`, `NO_UI`, or an exit code's number.
fn code_of(typed: &str) -> String {
    let by_number = typed.parse::<u8>().ok().and_then(|number| {
        // 0 and 10 have several words; the first that says the number is explained.
        let found = Outcome::ALL
            .iter()
            .find(|outcome| outcome.code() == number)?;
        Some(found.as_str().to_owned())
    });
    by_number.unwrap_or_else(|| typed.trim().to_ascii_lowercase().replace('-', "_"))
}

/// The code of a check, as it is written, where it was typed in lower case.
fn check_code(code: &str) -> Option<&'static str> {
    let mut codes = catalogue().iter().map(|entry| entry.code);
    codes.find(|known| known.eq_ignore_ascii_case(code))
}

fn explanation(code: &str, catalog: &Catalog) -> Option<String> {
    if check_code(code).is_some() {
        return catalog.plain(&format!("explain-{code}"));
    }
    // `w0801` is how a typed code comes; the catalogue has `W0801`.
    if let Some(code) = LintCode::parse(code) {
        let (means, next) = (code.explanation(), code.remedy());
        return Some(format!(
            "{} {}",
            catalog.render(&means),
            catalog.render(&next)
        ));
    }
    if REGISTER_CAUSES.contains(&code) && !CODES.contains(&code) {
        let (means, next) = cause_text(code);
        return Some(format!(
            "{} {}",
            catalog.render(&means),
            catalog.render(&next)
        ));
    }
    CODES
        .contains(&code)
        .then(|| catalog.plain(&format!("explain-{}", code.replace('_', "-"))))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn every_code_has_words_in_both_languages_and_every_word_a_code() {
        for lang in [Lang::En, Lang::Zh] {
            let catalog = Catalog::new(lang);
            for code in CODES.iter().chain(&REGISTER_CAUSES) {
                assert!(
                    explanation(code, &catalog).is_some_and(|words| words.len() > 10),
                    "{lang:?} {code}"
                );
            }
            for code in LintCode::ALL {
                let words = explanation(&code_of(code.as_str()), &catalog);
                assert!(
                    words.is_some_and(|words| words.len() > 20 && !words.contains("env-w")),
                    "{lang:?} {code}"
                );
            }
        }
        let source = include_str!("../i18n/en/explain.ftl");
        for line in source.lines().filter(|line| line.starts_with("explain-")) {
            let key = line.split(" =").next().unwrap_or_default();
            let code = key.trim_start_matches("explain-").replace('-', "_");
            assert!(
                CODES.contains(&code.as_str()),
                "{code} is explained and not listed"
            );
        }
    }

    /// Every code that a report can say, read off the functions that say them.
    #[test]
    fn every_code_that_is_said_is_explained() {
        let sources = [
            include_str!("../plan/model.rs"),
            include_str!("../report/plan/document.rs"),
            include_str!("../report/apply/groups.rs"),
            include_str!("../report/apply/document.rs"),
            include_str!("../report/compare/document.rs"),
            include_str!("../compare/messages.rs"),
        ];
        let mut said = Vec::new();
        for source in sources {
            for body in source.split("fn code").skip(1) {
                let body = body.split("\n}\n").next().unwrap_or_default();
                let body = body.split("\n    }\n").next().unwrap_or_default();
                let arms = body.lines().filter_map(|line| line.split("=> \"").nth(1));
                said.extend(arms.filter_map(|arm| arm.split('"').next()));
            }
            let fields = source
                .split("code = \"")
                .chain(source.split("code: \""))
                .skip(1);
            said.extend(fields.filter_map(|rest| rest.split('"').next()));
        }
        said.retain(|code| code.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        assert!(said.len() > 70, "only {} codes were found", said.len());
        for code in said {
            assert!(CODES.contains(&code), "{code} is said and not explained");
        }
    }

    #[test]
    fn a_check_is_explained_however_its_code_is_typed() {
        let catalog = Catalog::new(Lang::En);
        for typed in ["W0101", "w0101", " W0101 "] {
            let words = explanation(&code_of(typed), &catalog).unwrap_or_default();
            assert!(
                words.contains("Core, the gateway or a portal"),
                "{typed}: {words}"
            );
        }
        assert_eq!(explanation(&code_of("W9999"), &catalog), None);
    }

    #[test]
    fn every_exit_code_is_explained() {
        let catalog = Catalog::new(Lang::En);
        for outcome in Outcome::ALL {
            let code = code_of(&outcome.code().to_string());
            assert!(
                explanation(&code, &catalog).is_some(),
                "{outcome:?}: {code}"
            );
        }
    }
}
