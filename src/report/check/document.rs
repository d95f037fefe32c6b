//! The document of `check`, its lines and its tab-separated values.

use serde_json::json;

use super::model::{CheckReport, moment};
use crate::check::{Evidence, Explained, Finding, Skipped};
use crate::domain::Side;
use crate::report::document::{
    ChecksDoc, Document, EvaluatedDoc, EvidenceDoc, ExplainedDoc, FindingDoc, RecoveredDoc,
    SeenDoc, SkippedDoc, english, safe,
};
use crate::report::tsv::Tsv;

pub(super) fn document(report: &CheckReport<'_>) -> Document {
    let results = report.results;
    let mut document = Document::new("check", results.outcome());
    document.findings = Some(
        results
            .findings
            .iter()
            .map(|finding| finding_doc(report, finding))
            .collect(),
    );
    document.checks = Some(ChecksDoc {
        accepted: results
            .accepted
            .iter()
            .map(|finding| finding_doc(report, finding))
            .collect(),
        recovered: report
            .recovered()
            .map(|(finding, seen)| RecoveredDoc {
                finding,
                since: moment(seen.since_s),
                times: seen.times,
            })
            .collect(),
        skipped: results.skipped.iter().map(skipped_doc).collect(),
        evaluated: results
            .evaluated
            .iter()
            .map(|(code, subjects)| EvaluatedDoc {
                code,
                subjects: *subjects,
            })
            .collect(),
    });
    document
}

/// An event for each finding; the document is the last line.
pub(super) fn lines(report: &CheckReport<'_>) -> String {
    let mut text = String::new();
    for finding in &report.results.findings {
        let mut event = json!({"event": "finding"});
        let Ok(fields) = serde_json::to_value(finding_doc(report, finding)) else {
            continue;
        };
        if let (Some(event), Some(fields)) = (event.as_object_mut(), fields.as_object()) {
            event.extend(fields.clone());
        }
        text.push_str(&safe(&event.to_string()));
        text.push('\n');
    }
    text.push_str(&document(report).line());
    text
}

pub(super) fn tsv(report: &CheckReport<'_>) -> String {
    let mut tsv = Tsv::new(&[
        "code",
        "severity",
        "certainty",
        "side",
        "subject",
        "message",
        "hint",
        "since",
        "times",
    ]);
    for finding in &report.results.findings {
        let seen = report.sightings(finding);
        let since = seen.map(|seen| moment(seen.since_s)).unwrap_or_default();
        let times = seen.map(|seen| seen.times.to_string()).unwrap_or_default();
        let hint = finding.hint.as_ref().map(english).unwrap_or_default();
        tsv.row([
            finding.code,
            finding.severity.as_str(),
            finding.certainty.as_str(),
            finding.side.map_or("", Side::as_str),
            &finding.subject,
            &english(&finding.message),
            &hint,
            &since,
            &times,
        ]);
    }
    tsv.finish()
}

fn finding_doc(report: &CheckReport<'_>, finding: &Finding) -> FindingDoc {
    let seen = report.sightings(finding);
    FindingDoc {
        code: finding.code,
        severity: finding.severity.as_str(),
        subject: finding.subject.clone(),
        message: english(&finding.message),
        hint: finding.hint.as_ref().map(english),
        seen: Some(SeenDoc {
            certainty: finding.certainty.as_str(),
            side: finding.side.map(Side::as_str),
            since: seen.map(|seen| moment(seen.since_s)),
            times: seen.map(|seen| seen.times),
            evidence: finding.evidence.iter().map(evidence_doc).collect(),
            explains: finding.explains.iter().map(explained_doc).collect(),
        }),
    }
}

fn evidence_doc(evidence: &Evidence) -> EvidenceDoc {
    EvidenceDoc {
        side: evidence.side.map(Side::as_str),
        source: evidence.source.clone(),
        seen: english(&evidence.seen),
        at: evidence.at.clone(),
    }
}

fn explained_doc(explained: &Explained) -> ExplainedDoc {
    ExplainedDoc {
        code: explained.code,
        subject: explained.subject.clone(),
        certainty: explained.certainty.as_str(),
    }
}

fn skipped_doc(skipped: &Skipped) -> SkippedDoc {
    SkippedDoc {
        code: skipped.code,
        subject: skipped.subject.clone(),
        reason: english(&skipped.reason),
    }
}
