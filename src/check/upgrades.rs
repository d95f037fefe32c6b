//! W06xx: traps of later upgrades.

use super::collect::{CheckContext, FindingDraft, FindingSink, known};
use super::words::{self, Listing};
use crate::domain::{Inventory, Package, PackageStatus};
use crate::i18n::Text;

/// The wanted packages of the sides whose version marks them; what keeps them from being known is said.
fn marked<'a>(
    scene: &CheckContext<'a>,
    out: &mut FindingSink<'_>,
) -> Vec<(&'a Inventory, Vec<&'a Package>)> {
    let mut found = Vec::new();
    for side in scene.sides() {
        if side.version.known().is_some() && !side.capabilities.ui_active {
            let subject = Some(side.side().to_string());
            out.skip(subject, Text::new("check-skip-no-ui-active"));
            continue;
        }
        let Some(packages) = known(&side.packages, side.side(), out) else {
            continue;
        };
        let registered = packages.iter().filter(|package| {
            package.status == PackageStatus::Registered && scene.selection.takes(&package.name)
        });
        found.push((side, registered.collect()));
    }
    found
}

/// W0601: some plugin has its `uiActive`. The database script of v4.2.0 takes it from all.
pub(super) fn ui_lost(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    for (side, registered) in marked(scene, out) {
        let with_ui: Vec<&Package> = registered.into_iter().filter(|it| it.has_ui).collect();
        out.looked();
        if let Some(package) = with_ui.iter().find(|package| package.ui_active.is_none()) {
            let cause = Text::new("check-unknown-not-marked");
            let source = Some(Listing::Packages.of(side));
            out.unknown(
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
        out.wrong(FindingDraft {
            side: Some(side.side()),
            subject: side.side().to_string(),
            message: Text::new("check-ui-lost").count("count", with_ui.len()),
            hint: Some(Text::new("check-ui-lost-hint")),
            seen: vec![(
                Some(side.side()),
                Listing::Packages.of(side),
                words::seen(format!("uiActive: 0/{}", with_ui.len())),
            )],
        });
    }
}

/// W0602: the registration wizard was gone through to its end.
pub(super) fn not_done(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    for (side, registered) in marked(scene, out) {
        for package in registered {
            out.looked();
            match package.register_done {
                Some(true) => {}
                None => {
                    let cause = Text::new("check-unknown-not-marked");
                    let subject = Some(package.name.to_string());
                    let source = Some(Listing::Packages.of(side));
                    out.unknown(Some(side.side()), subject, cause, source);
                }
                Some(false) => out.wrong(FindingDraft {
                    side: Some(side.side()),
                    subject: format!("{} {}", package.name, package.version),
                    message: Text::new("check-register-not-done")
                        .with("name", package.name.as_str())
                        .with("version", &package.version),
                    hint: Some(
                        Text::new("check-register-not-done-hint")
                            .with("name", package.name.as_str()),
                    ),
                    seen: vec![(
                        Some(side.side()),
                        Listing::Packages.of(side),
                        words::seen("registerDone: false"),
                    )],
                }),
            }
        }
    }
}
