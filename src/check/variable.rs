//! W02xx: the variable that new instances take the gateway's address from.

use super::collect::{CheckContext, FindingDraft, FindingSink, known};
use super::words::{self, Listing};
use crate::domain::{GATEWAY_URL_NEW, MISREAD_VARIABLE_NAME, Side, SystemVariable};
use crate::i18n::Text;
use crate::plan::{host_of, instance_hosts, is_local, same_url};

/// The new side's rows of that name; what keeps them from being known is said to `out`.
fn rows<'a>(
    scene: &CheckContext<'a>,
    name: &str,
    out: &mut FindingSink<'_>,
) -> Option<Vec<&'a SystemVariable>> {
    let all = known(&scene.new.variables, Side::New, out)?;
    out.looked();
    let mut rows: Vec<_> = all.iter().filter(|row| row.name == name).collect();
    rows.sort();
    Some(rows)
}

fn told(
    scene: &CheckContext<'_>,
    row: Option<&SystemVariable>,
    message: Text,
    hint: Text,
) -> FindingDraft {
    let seen = match row {
        Some(row) => words::seen(format!(
            "{}: value {:?}, default {:?}, status {:?}, packageName {:?}, source {:?}",
            row.id, row.value, row.default_value, row.status, row.package_name, row.source
        )),
        None => Text::new("check-seen-no-row"),
    };
    FindingDraft {
        side: Some(Side::New),
        subject: row.map_or(GATEWAY_URL_NEW, |row| &row.name).to_owned(),
        message,
        hint: Some(hint),
        seen: vec![(Some(Side::New), Listing::Variables.of(scene.new), seen)],
    }
}

/// The command that sets it right.
fn set(scene: &CheckContext<'_>) -> Text {
    let value = scene.policy.gateway_url.as_deref().unwrap_or("URL");
    Text::new("check-variable-set").with("value", value)
}

/// W0201: it is there. Beside an old side only: without one, `GATEWAY_URL` serves.
pub(super) fn missing(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    if scene.old.is_none() && !scene.policy.old_is_configured {
        out.skip(None, Text::new("check-skip-variable"));
        return;
    }
    if rows(scene, GATEWAY_URL_NEW, out).is_some_and(|rows| rows.is_empty()) {
        let message = Text::new("check-variable-missing");
        out.wrong(told(scene, None, message, set(scene)));
    }
}

/// W0202: it is there once.
pub(super) fn several(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    let rows = rows(scene, GATEWAY_URL_NEW, out).unwrap_or_default();
    if rows.len() > 1 {
        let message = Text::new("check-variable-several").count("count", rows.len());
        let hint = Text::new("check-variable-repair").with(
            "value",
            scene.policy.gateway_url.as_deref().unwrap_or("URL"),
        );
        let mut found = told(scene, None, message, hint);
        found.seen = rows
            .iter()
            .flat_map(|row| {
                told(
                    scene,
                    Some(row),
                    Text::new("check-variable-missing"),
                    set(scene),
                )
                .seen
            })
            .collect();
        out.wrong(found);
    }
}

/// W0203: it is active.
pub(super) fn inactive(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    let rows = rows(scene, GATEWAY_URL_NEW, out).unwrap_or_default();
    if let Some(row) = rows.first()
        && !rows.iter().any(|row| row.is_active())
    {
        let message = Text::new("check-variable-inactive").with("status", &row.status);
        out.wrong(told(scene, Some(row), message, set(scene)));
    }
}

/// W0204: it has the value that is wanted, and one that instances on other hosts can use.
pub(super) fn value(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    let rows = rows(scene, GATEWAY_URL_NEW, out).unwrap_or_default();
    let wanted = scene.policy.gateway_url.as_deref();
    if wanted.is_none() {
        let subject = Some(GATEWAY_URL_NEW.to_owned());
        out.skip(subject, Text::new("check-skip-no-value"));
    }
    // Of several rows a launch takes whichever comes last, so each must be right.
    let wrong = rows.iter().find_map(|row| {
        let value = row.effective();
        let elsewhere = || instance_hosts(scene.new).find(|host| !is_local(host));
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
        out.wrong(told(scene, Some(row), message, set(scene)));
    }
}

/// W0205: no plugin owns it, whose next register would switch it.
pub(super) fn owned(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    let rows = rows(scene, GATEWAY_URL_NEW, out).unwrap_or_default();
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
        let hint = Text::new("check-variable-owned-hint").with(
            "value",
            scene.policy.gateway_url.as_deref().unwrap_or("URL"),
        );
        out.wrong(told(scene, Some(row), message, hint));
    }
}

/// W0206: no row is named by the label of the upgrade document, which no launch looks for.
pub(super) fn misread(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    let rows = rows(scene, MISREAD_VARIABLE_NAME, out).unwrap_or_default();
    if let Some(row) = rows.first() {
        let message = Text::new("check-variable-misread").with("name", MISREAD_VARIABLE_NAME);
        let hint = Text::new("check-variable-misread-hint");
        out.wrong(told(scene, Some(row), message, hint));
    }
}
