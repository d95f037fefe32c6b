//! W06xx: traps of later upgrades.

use super::context::CheckContext;
use super::endpoint::Endpoint;
use super::messages;
use super::sink::{FindingDraft, FindingSink, known};
use crate::domain::{Inventory, Package, PackageStatus};
use crate::i18n::Text;

/// The chosen registered packages of the sides whose version has `uiActive`.
fn marked<'a>(
    context: &CheckContext<'a>,
    sink: &mut FindingSink<'_>,
) -> Vec<(&'a Inventory, Vec<&'a Package>)> {
    let mut found = Vec::new();
    for side in context.sides() {
        if side.version.known().is_some() && !side.capabilities.ui_active {
            let subject = Some(side.side().to_string());
            sink.skip(subject, Text::new("check-skip-no-ui-active"));
            continue;
        }
        let Some(packages) = known(&side.packages, side.side(), sink) else {
            continue;
        };
        let registered = packages.iter().filter(|package| {
            package.status == PackageStatus::Registered && context.selection.takes(&package.name)
        });
        found.push((side, registered.collect()));
    }
    found
}

/// W0601: All plugins have lost uiActive: no plugin page loads.
///
/// The database script of v4.2.0 takes it from all. Source: docs/platform/versions.md#changes-from-version-to-version
pub(super) fn ui_lost(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    for (side, registered) in marked(context, sink) {
        let with_ui: Vec<&Package> = registered.into_iter().filter(|it| it.has_ui).collect();
        sink.count_subject();
        if let Some(package) = with_ui.iter().find(|package| package.ui_active.is_none()) {
            let cause = Text::new("check-unknown-not-marked");
            let source = Some(Endpoint::Packages.on(side));
            sink.unknown(
                Some(side.side()),
                Some(package.name.to_string()),
                cause,
                source,
            );
            continue;
        }
        let lost = with_ui.iter().all(|it| it.ui_active == Some(false));
        if with_ui.is_empty() || !lost {
            continue;
        }
        sink.report(
            FindingDraft::on(
                side.side(),
                side.side().to_string(),
                Text::new("check-ui-lost").count("count", with_ui.len()),
            )
            .hint(Text::new("check-ui-lost-hint"))
            .seen(
                side,
                Endpoint::Packages,
                messages::seen(format!("uiActive: 0/{}", with_ui.len())),
            ),
        );
    }
}

/// W0602: Registration of a plugin was not completed.
pub(super) fn not_done(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    for (side, registered) in marked(context, sink) {
        for package in registered {
            sink.count_subject();
            match package.register_done {
                Some(true) => {}
                None => {
                    let cause = Text::new("check-unknown-not-marked");
                    let subject = Some(package.name.to_string());
                    let source = Some(Endpoint::Packages.on(side));
                    sink.unknown(Some(side.side()), subject, cause, source);
                }
                Some(false) => sink.report(
                    FindingDraft::on(
                        side.side(),
                        format!("{} {}", package.name, package.version),
                        Text::new("check-register-not-done"),
                    )
                    .hint(
                        Text::new("check-register-not-done-hint")
                            .with("name", package.name.as_str()),
                    )
                    .seen(
                        side,
                        Endpoint::Packages,
                        messages::seen("registerDone: false"),
                    ),
                ),
            }
        }
    }
}
