//! The comparison as JSON, findings and tab-separated values.

use std::collections::BTreeMap;

use crate::compare::{Aspect, AspectResult, Cause, Cell, Comparison, PluginRow, PluginSide, State};
use crate::domain::{InstanceIdentity, PlatformVersion, Reading, Side};
use crate::i18n::Text;
use crate::report::document::{
    AspectDoc, ComparisonDoc, FileDoc, FindingDoc, InstanceDoc, PluginDoc, PluginSideDoc,
    PortalDoc, ReasonDoc, SideDoc, english,
};
use crate::report::tsv::Tsv;

/// The comparison in JSON.
pub(in crate::report) fn comparison_doc(comparison: &Comparison) -> ComparisonDoc {
    ComparisonDoc {
        old: side_doc(&comparison.old.identity, &comparison.old.version),
        new: side_doc(&comparison.new.identity, &comparison.new.version),
        plugins: comparison.plugins.iter().map(plugin_doc).collect(),
        differences: comparison.differences(),
        unknowns: comparison.unknowns(),
    }
}

/// A side in JSON.
pub(in crate::report) fn side_doc(
    identity: &InstanceIdentity,
    version: &Reading<PlatformVersion>,
) -> SideDoc {
    SideDoc {
        version: version.known().map(|version| version.text.clone()),
        core: identity.core.to_string(),
        gateway: identity.gateway.to_string(),
        portals: identity.portals.iter().map(ToString::to_string).collect(),
    }
}

fn plugin_doc(row: &PluginRow) -> PluginDoc {
    let aspects = Aspect::ALL.into_iter().map(|aspect| {
        let (old, new) = (row.old.cell(aspect), row.new.cell(aspect));
        let doc = AspectDoc {
            old: old.state.as_str(),
            new: new.state.as_str(),
            cause: row.cause(aspect).map(Cause::code),
            old_causes: causes(&old.causes),
            new_causes: causes(&new.causes),
        };
        (aspect.as_str(), doc)
    });
    let notes = row.notes.iter().map(|note| ReasonDoc {
        code: note.code(),
        message: english(&note.text()),
    });
    PluginDoc {
        name: row.name.to_string(),
        old: plugin_side_doc(&row.old),
        new: plugin_side_doc(&row.new),
        aspects: aspects.collect::<BTreeMap<_, _>>(),
        notes: notes.collect(),
    }
}

fn plugin_side_doc(side: &PluginSide) -> PluginSideDoc {
    let instances = side.instances.iter().map(|instance| InstanceDoc {
        id: instance.id.to_string(),
        version: instance.version.to_string(),
        address: format!("{}:{}", instance.host, instance.port),
        gateway: instance.gateway.as_str(),
    });
    let portals = side.portals.iter().map(|portal| PortalDoc {
        portal: portal.portal.to_string(),
        state: portal.state.as_str(),
        served: portal.served,
        listed: portal.listed,
        causes: causes(&portal.causes),
        files: portal
            .files()
            .map(|(path, cause)| FileDoc {
                path: path.to_string(),
                portal: portal.portal.to_string(),
                code: cause.code(),
                message: english(&cause.label()),
            })
            .collect(),
    });
    PluginSideDoc {
        id: side.package.as_ref().map(|it| it.id.to_string()),
        version: side.package.as_ref().map(|it| it.version.to_string()),
        active: side.active.iter().map(ToString::to_string).collect(),
        instances: instances.collect(),
        portals: portals.collect(),
    }
}

fn causes(causes: &[Cause]) -> Vec<ReasonDoc> {
    let causes = causes.iter().map(|cause| ReasonDoc {
        code: cause.code(),
        message: english(&cause.text()),
    });
    causes.collect()
}

/// A finding for each aspect that differs or is not known, each listing that could not be read, and
/// each note.
pub(in crate::report) fn findings(comparison: &Comparison) -> Vec<FindingDoc> {
    let mut findings = Vec::new();
    for unread in &comparison.unread {
        findings.push(FindingDoc {
            code: "not_read",
            severity: "error",
            subject: unread.side.to_string(),
            message: english(&unread.failure.located_cause().message()),
            hint: Cause::NotRead(unread.failure.clone())
                .hint(unread.side)
                .map(|hint| english(&hint)),
            seen: None,
        });
    }
    for row in &comparison.plugins {
        for aspect in Aspect::ALL {
            findings.extend(finding(row, aspect));
        }
        findings.extend(row.notes.iter().map(|note| FindingDoc {
            code: note.code(),
            severity: "warning",
            subject: row.name.to_string(),
            message: english(&note.text()),
            hint: None,
            seen: None,
        }));
    }
    findings
}

fn finding(row: &PluginRow, aspect: Aspect) -> Option<FindingDoc> {
    let (state, severity) = match row.result(aspect) {
        AspectResult::Same => return None,
        AspectResult::Differs => (State::Hidden, "error"),
        AspectResult::Unknown => (State::Unknown, "warning"),
    };
    let with = |side: Side| {
        let cell: &Cell = row.side(side).cell(aspect);
        let cause = cell.causes.first().filter(|_| cell.state == state)?;
        Some((side, cause))
    };
    let (side, cause) = with(Side::New).or_else(|| with(Side::Old))?;
    let message = Text::new("report-compare-finding")
        .nested("side", side.label())
        .nested("aspect", aspect.label())
        .nested("state", state.label())
        .nested("cause", cause.text());
    let version = row.side(side).package.as_ref();
    let version = version.map_or(String::new(), |it| format!(" {}", it.version));
    Some(FindingDoc {
        code: cause.code(),
        severity,
        subject: format!("{}{version}", row.name),
        message: english(&message),
        hint: cause.hint(side).map(|hint| english(&hint)),
        seen: None,
    })
}

/// One record for each plugin and aspect.
pub(in crate::report) fn tsv(comparison: &Comparison) -> String {
    let mut tsv = Tsv::new(&[
        "name",
        "aspect",
        "old",
        "new",
        "verdict",
        "old_version",
        "new_version",
        "old_cause",
        "new_cause",
        "old_message",
        "new_message",
    ]);
    for row in &comparison.plugins {
        let version = |side: &PluginSide| {
            let package = side.package.as_ref();
            package.map_or(String::new(), |it| it.version.to_string())
        };
        let versions = (version(&row.old), version(&row.new));
        for aspect in Aspect::ALL {
            let (old, new) = (row.old.cell(aspect), row.new.cell(aspect));
            let code = |cell: &Cell| cell.causes.first().map_or("", Cause::code);
            let message = |cell: &Cell| {
                let cause = cell.causes.first();
                cause.map_or(String::new(), |cause| english(&cause.text()))
            };
            tsv.row([
                row.name.as_str(),
                aspect.as_str(),
                old.state.as_str(),
                new.state.as_str(),
                row.result(aspect).code(),
                &versions.0,
                &versions.1,
                code(old),
                code(new),
                &message(old),
                &message(new),
            ]);
        }
    }
    tsv.finish()
}
