//! `deploy lint`.

use super::cells::message;
use crate::deploy::lint::{Finding, LintCode};
use crate::domain::Severity;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::report::block::Meaning;
use crate::report::columns::Column;
use crate::report::records::{Cell, RecordTable};

/// The findings of `deploy lint`; `accepted` codes do not count.
pub fn lint_table(findings: &[Finding], accepted: &[LintCode]) -> RecordTable {
    let columns = [
        Column::Code,
        Column::Severity,
        Column::Subject,
        Column::Line,
        Column::Message,
        Column::Accepted,
    ];
    let mut table = RecordTable::new("deploy lint", "findings", &columns);
    for finding in findings {
        let meaning = match finding.severity() {
            Severity::Error => Meaning::Bad,
            Severity::Warning => Meaning::Warning,
            Severity::Info => Meaning::Quiet,
        };
        table.row([
            Cell::plain(finding.code),
            Cell::text(finding.severity().text(), finding.severity().as_str()).meaning(meaning),
            Cell::plain(&finding.subject),
            finding.line.map_or_else(Cell::none, Cell::number),
            message(finding.message.clone()),
            Cell::flag(accepted.contains(&finding.code)),
        ]);
    }
    let count = |severity: Severity| {
        let counts = |one: &&Finding| one.severity() == severity && !accepted.contains(&one.code);
        findings.iter().filter(counts).count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let verdict = match findings.iter().find(|one| !accepted.contains(&one.code)) {
        None => Text::new("env-lint-clean"),
        Some(first) => Text::new("env-lint-found")
            .count("errors", errors)
            .count("warnings", warnings)
            .count("notes", count(Severity::Info))
            .with("code", first.code),
    };
    let (meaning, outcome) = match (errors, warnings) {
        (0, 0) => (Meaning::Good, Outcome::Ok),
        (0, _) => (Meaning::Warning, Outcome::Findings),
        _ => (Meaning::Bad, Outcome::Findings),
    };
    table.verdict(meaning, verdict).outcome(outcome)
}
