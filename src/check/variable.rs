//! W02xx: the variable that new instances take the gateway's address from.

use super::context::CheckContext;
use super::endpoint::Endpoint;
use super::messages;
use super::sink::{FindingDraft, FindingSink, known};
use crate::domain::{GATEWAY_URL_NEW, MISREAD_VARIABLE_NAME, Side, SystemVariable};
use crate::i18n::Text;
use crate::plan::{Upgrade, host_of, instance_hosts, is_local, same_url};

/// The new side's rows of that name. A failed reading goes to the sink.
fn rows<'a>(
    context: &CheckContext<'a>,
    name: &str,
    sink: &mut FindingSink<'_>,
) -> Option<Vec<&'a SystemVariable>> {
    let all = known(&context.new.variables, Side::New, sink)?;
    sink.count_subject();
    let mut rows: Vec<_> = all.iter().filter(|row| row.name == name).collect();
    rows.sort();
    Some(rows)
}

fn seen(row: &SystemVariable) -> Text {
    messages::seen(format!(
        "{}: value {:?}, default {:?}, status {:?}, packageName {:?}, source {:?}",
        row.id, row.value, row.default_value, row.status, row.package_name, row.source
    ))
}

fn draft(
    context: &CheckContext<'_>,
    row: &SystemVariable,
    message: Text,
    hint: Text,
) -> FindingDraft {
    FindingDraft::on(Side::New, &*row.name, message)
        .hint(hint)
        .seen(context.new, Endpoint::Variables, seen(row))
}

/// The expected value, or a placeholder if it must not be guessed.
fn wanted<'a>(context: &CheckContext<'a>) -> &'a str {
    context.policy.gateway_url.as_deref().unwrap_or("URL")
}

/// The command that sets the variable.
fn set(context: &CheckContext<'_>) -> Text {
    Text::new("check-variable-set").with("value", wanted(context))
}

/// W0201: `GATEWAY_URL_NEW` is missing.
///
/// Checked beside an old instance only: without one plugins use `GATEWAY_URL`.
/// Source: `docs/platform/variables.md#gateway_url_new`
pub(super) fn missing(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    let policy = context.policy;
    let coexisting = policy.old_is_configured || policy.upgrade == Upgrade::Coexisting;
    if context.old.is_none() && !coexisting {
        sink.skip(None, Text::new("check-skip-variable"));
        return;
    }
    if rows(context, GATEWAY_URL_NEW, sink).is_some_and(|rows| rows.is_empty()) {
        let message = Text::new("check-variable-missing");
        let no_row = Text::new("check-seen-no-row");
        sink.report(
            FindingDraft::on(Side::New, GATEWAY_URL_NEW, message)
                .hint(set(context))
                .seen(context.new, Endpoint::Variables, no_row),
        );
    }
}

/// W0202: `GATEWAY_URL_NEW` exists more than once.
pub(super) fn several(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    let rows = rows(context, GATEWAY_URL_NEW, sink).unwrap_or_default();
    if rows.len() > 1 {
        let message = Text::new("check-variable-several").count("count", rows.len());
        let hint = Text::new("check-variable-repair").with("value", wanted(context));
        let mut found = FindingDraft::on(Side::New, GATEWAY_URL_NEW, message).hint(hint);
        for row in &rows {
            found = found.seen(context.new, Endpoint::Variables, seen(row));
        }
        sink.report(found);
    }
}

/// W0203: `GATEWAY_URL_NEW` is not active.
pub(super) fn inactive(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    let rows = rows(context, GATEWAY_URL_NEW, sink).unwrap_or_default();
    if let Some(row) = rows.first()
        && !rows.iter().any(|row| row.is_active())
    {
        let message = Text::new("check-variable-inactive").with("status", &row.status);
        sink.report(draft(context, row, message, set(context)));
    }
}

/// W0204: `GATEWAY_URL_NEW` has a wrong value.
pub(super) fn value(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    let rows = rows(context, GATEWAY_URL_NEW, sink).unwrap_or_default();
    let wanted = context.policy.gateway_url.as_deref();
    if wanted.is_none() {
        let subject = Some(GATEWAY_URL_NEW.to_owned());
        sink.skip(subject, Text::new("check-skip-no-value"));
    }
    // Of several rows a launch takes whichever comes last, so each must be right.
    let wrong = rows.iter().find_map(|row| {
        let value = row.effective();
        let elsewhere = || instance_hosts(context.new).find(|host| !is_local(host));
        match wanted {
            _ if value.trim().is_empty() => Some((row, Text::new("check-variable-empty"))),
            Some(wanted) if !same_url(value, wanted) => {
                let message = Text::new("check-variable-value")
                    .with("value", value)
                    .with("wanted", wanted);
                Some((row, message))
            }
            _ if is_local(host_of(value)) => elsewhere().map(|host| {
                let message = Text::new("check-variable-local")
                    .with("value", value)
                    .with("host", host);
                (row, message)
            }),
            _ => None,
        }
    });
    if let Some((row, message)) = wrong {
        sink.report(draft(context, row, message, set(context)));
    }
}

/// W0205: `GATEWAY_URL_NEW` belongs to a plugin.
///
/// Source: docs/platform/variables.md#variables-of-a-plugin
pub(super) fn owned(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    let rows = rows(context, GATEWAY_URL_NEW, sink).unwrap_or_default();
    let owner = |row: &SystemVariable| {
        let of_package = !row.package_name.is_empty() && row.package_name != "system";
        let of_version = row.source.contains("__");
        match (of_package, of_version) {
            (true, _) => Some(row.package_name.clone()),
            (false, true) => Some(row.source.clone()),
            (false, false) => None,
        }
    };
    if let Some((row, owner)) = rows.iter().find_map(|row| Some((row, owner(row)?))) {
        let message = Text::new("check-variable-owned").with("owner", owner);
        let hint = Text::new("check-variable-owned-hint").with("value", wanted(context));
        sink.report(draft(context, row, message, hint));
    }
}

/// W0206: A system variable is named `system__global__GATEWAY_URL_NEW`.
pub(super) fn misread(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    let rows = rows(context, MISREAD_VARIABLE_NAME, sink).unwrap_or_default();
    if let Some(row) = rows.first() {
        let message = Text::new("check-variable-misread").with("name", MISREAD_VARIABLE_NAME);
        let hint = Text::new("check-variable-misread-hint");
        sink.report(draft(context, row, message, hint));
    }
}
