//! W0301–W0305: each plugin of each side, its package, instances, dependencies and menus.

use std::collections::BTreeSet;

use super::collect::{CheckContext, FindingDraft, FindingSink, known};
use super::words::{self, Listing};
use crate::compare::{Aspect, Cause, PluginRow, PluginSide, State, side_label};
use crate::domain::{Inventory, PluginName, Reading, Severity, Side};
use crate::i18n::Text;
use crate::plan::{SkipReason, unmet};

/// What one plugin of one side is.
pub(super) struct PluginOnSide<'a> {
    pub(super) inventory: &'a Inventory,
    pub(super) row: &'a PluginRow,
    pub(super) own: &'a PluginSide,
}

impl PluginOnSide<'_> {
    pub(super) fn side(&self) -> Side {
        self.inventory.side()
    }

    /// `NAME VERSION`, or the name alone where no package stands for it.
    pub(super) fn subject(&self) -> String {
        match &self.own.package {
            Some(package) => format!("{} {}", self.row.name, package.version),
            None => self.row.name.to_string(),
        }
    }

    /// The version that stands for it, for a command.
    pub(super) fn version(&self) -> &str {
        let package = self.own.package.as_ref();
        package.map_or("VERSION", |package| package.version.as_str())
    }

    pub(super) fn is_active(&self) -> bool {
        let package = self.own.package.as_ref();
        package.is_some_and(|package| package.status.is_active())
    }

    pub(super) fn runs(&self) -> bool {
        !self.own.instances.is_empty()
    }

    /// As [`Self::runs`]; where that is not known, it is said to `out`.
    pub(super) fn known_to_run(&self, out: &mut FindingSink<'_>) -> bool {
        let cell = self.own.cell(Aspect::Running);
        if !self.runs() && cell.state == State::Unknown {
            self.not_told(cell.causes.first(), out);
        }
        self.runs()
    }

    /// Says to `out` that the comparison could not tell.
    pub(super) fn not_told(&self, cause: Option<&Cause>, out: &mut FindingSink<'_>) {
        out.not_told(self.side(), self.row.name.to_string(), cause);
    }

    /// The state of an aspect with its first cause, where both are known; that it is not known is said
    /// to `out`.
    pub(super) fn judged(
        &self,
        aspect: Aspect,
        out: &mut FindingSink<'_>,
    ) -> Option<(State, &Cause)> {
        let cell = self.own.cell(aspect);
        let cause = cell.causes.first();
        if cell.state == State::Unknown {
            self.not_told(cause, out);
            return None;
        }
        Some((cell.state, cause?))
    }

    /// Values that most messages name.
    pub(super) fn words(&self, text: Text) -> Text {
        text.nested("side", side_label(self.side()))
            .with("name", self.row.name.as_str())
    }

    /// The command that registers it.
    pub(super) fn register(&self) -> Text {
        Text::new("check-hint-register")
            .with("side", self.side())
            .with("name", self.row.name.as_str())
            .with("version", self.version())
    }

    pub(super) fn told(
        &self,
        message: Text,
        hint: Option<Text>,
        listing: Listing,
        seen: Text,
    ) -> FindingDraft {
        FindingDraft {
            side: Some(self.side()),
            subject: self.subject(),
            message,
            hint,
            seen: vec![(Some(self.side()), listing.of(self.inventory), seen)],
        }
    }
}

/// Each wanted plugin of each side.
pub(super) fn each<'a>(
    scene: &CheckContext<'a>,
    out: &mut FindingSink<'a>,
) -> Vec<PluginOnSide<'a>> {
    if scene.policy.old_is_configured {
        scene.need_old(out);
    }
    let mut seats = Vec::new();
    for inventory in scene.sides() {
        for (row, own) in scene.plugins(inventory.side(), out) {
            out.looked();
            seats.push(PluginOnSide {
                inventory,
                row,
                own,
            });
        }
    }
    seats
}

/// W0301: what runs or is listed is registered.
pub(super) fn registered<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    for seat in each(scene, out) {
        let Some((State::Hidden, cause)) = seat.judged(Aspect::Package, out) else {
            continue;
        };
        let message = seat
            .words(Text::new("check-not-registered"))
            .nested("cause", cause.text());
        let hint = match cause {
            Cause::Demoted { .. } => Text::new("compare-hint-one-version"),
            _ => seat.register(),
        };
        out.wrong(seat.told(message, Some(hint), Listing::Packages, cause.text()));
    }
}

/// W0302: an instance of what is registered runs. One that brings no pages, and that nothing which runs
/// depends on, is missed by nobody who could be asked: worth knowing only.
pub(super) fn running<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    for seat in each(scene, out) {
        let Some((State::Hidden | State::NotApplicable, cause)) = seat.judged(Aspect::Running, out)
        else {
            continue;
        };
        if !seat.is_active() || matches!(cause, Cause::NotForThisSide { .. }) {
            continue;
        }
        let runs = matches!(
            cause,
            Cause::OtherVersionRuns { .. } | Cause::Demoted { .. }
        );
        let cause = if runs { cause } else { &Cause::NoInstance };
        let message = seat
            .words(Text::new("check-not-running"))
            .nested("cause", cause.text());
        let hint = Text::new("check-hint-launch")
            .with("name", seat.row.name.as_str())
            .with("version", seat.version());
        let severity = if runs || has_ui(&seat) || is_depended_on(&seat) {
            Severity::Warning
        } else {
            Severity::Info
        };
        let told = seat.told(message, Some(hint), Listing::Instances, cause.text());
        out.wrong_as(severity, told);
    }
}

fn has_ui(seat: &PluginOnSide<'_>) -> bool {
    let package = seat.own.package.as_ref();
    let package = package.and_then(|package| seat.inventory.package(&package.id));
    package.is_none_or(|package| package.has_ui)
}

/// Whether a package with a running instance declares it as a dependency, or may: one whose
/// dependencies could not be read.
fn is_depended_on(seat: &PluginOnSide<'_>) -> bool {
    let packages = seat.inventory.packages.known().into_iter().flatten();
    let mut running = packages.filter(|package| {
        let running = seat.inventory.running_instances(&package.id);
        running.is_some_and(|running| !running.is_empty())
    });
    running.any(|package| {
        let declared = seat.inventory.dependencies.get(&package.id);
        declared.and_then(Reading::known).is_none_or(|declared| {
            let mut names = declared.iter().map(|wanted| &wanted.name);
            names.any(|name| *name == seat.row.name)
        })
    })
}

/// W0303: the new side would register each active package again.
pub(super) fn dependencies<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    let side = scene.new;
    let Some(packages) = known(&side.packages, side.side(), out) else {
        return;
    };
    for package in packages {
        if package.status.is_active() && scene.selection.takes(&package.name) {
            out.looked();
        }
    }
    for refused in unmet(side) {
        let package = refused.package;
        if !scene.selection.takes(&package.name) {
            continue;
        }
        let subject = format!("{} {}", package.name, package.version);
        for reason in refused.reasons {
            if let SkipReason::Unreadable { failure } = &reason {
                out.unread(side.side(), Some(package.name.to_string()), failure);
                continue;
            }
            let cause = crate::plan::messages::skip_reason(&reason);
            let hint = Text::new("check-hint-plan").with("name", package.name.as_str());
            out.wrong(FindingDraft {
                side: Some(side.side()),
                subject: subject.clone(),
                message: Text::new("check-dependency")
                    .with("subject", &subject)
                    .nested("cause", cause.clone()),
                hint: Some(hint),
                seen: vec![(Some(side.side()), Listing::Dependencies.of(side), cause)],
            });
        }
    }
}

/// W0304: menus of what runs are active.
pub(super) fn menus<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    for seat in each(scene, out) {
        let cell = seat.own.cell(Aspect::Menus);
        if cell.state == State::Unknown {
            seat.not_told(cell.causes.first(), out);
        }
        let greyed = cell
            .causes
            .iter()
            .find(|cause| matches!(cause, Cause::MenuInactive { .. }));
        if let Some(cause) = greyed
            && seat.known_to_run(out)
        {
            let message = seat
                .words(Text::new("check-menus-greyed"))
                .nested("cause", cause.text());
            let hint = Text::new("check-hint-relaunch").with("name", seat.row.name.as_str());
            out.wrong(seat.told(message, Some(hint), Listing::Menus, cause.text()));
        }
    }
}

/// W0305: the role that was asked for is granted a menu of each plugin that has some, and the same ones
/// on both sides.
pub(super) fn role<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    let Some(role) = &scene.policy.role else {
        out.skip(None, Text::new("check-skip-no-role"));
        return;
    };
    for seat in each(scene, out) {
        let side = seat.side();
        let Some(brought) = menu_codes(&seat, out) else {
            continue;
        };
        if brought.is_empty() {
            continue;
        }
        let Some(granted) = granted(scene, side, &seat.row.name, out) else {
            continue;
        };
        let elsewhere = scene.facts.role_menus.get(&side.other());
        let elsewhere = elsewhere.and_then(Reading::known);
        let lost: Vec<&String> = brought
            .iter()
            .filter(|code| {
                !granted.contains(*code) && elsewhere.is_some_and(|it| it.contains(*code))
            })
            .collect();
        let (severity, codes) = if !lost.is_empty() {
            (Severity::Error, lost)
        } else if brought.is_disjoint(granted) {
            (Severity::Warning, brought.iter().collect())
        } else {
            continue;
        };
        let text = match severity {
            Severity::Error => Text::new("check-role-lost"),
            _ => Text::new("check-role-none"),
        };
        let message = seat
            .words(text)
            .with("role", role)
            .with("codes", words::few(&codes));
        let hint = Text::new("check-hint-grant")
            .with("role", role)
            .with("side", side)
            .with("name", seat.row.name.as_str());
        let seen = Text::new("check-seen-granted").count("count", granted.len());
        let core = &seat.inventory.identity.core;
        let source = format!("GET {core}/platform/v1/roles/ID/menus");
        let told = seat.told(message, Some(hint), Listing::Menus, seen);
        out.wrong_as(severity, told.read_by(Some(source)));
    }
}

/// The codes of the menus that the package brings.
fn menu_codes(seat: &PluginOnSide<'_>, out: &mut FindingSink<'_>) -> Option<BTreeSet<String>> {
    let package = seat
        .own
        .package
        .as_ref()
        .filter(|it| it.status.is_active())?;
    match seat.inventory.package_menus.get(&package.id) {
        Some(Reading::Known(menus)) => Some(menus.iter().map(|menu| menu.code.clone()).collect()),
        Some(Reading::Unknown(failure)) => {
            out.unread(seat.side(), Some(seat.row.name.to_string()), failure);
            None
        }
        None => {
            seat.not_told(None, out);
            None
        }
    }
}

fn granted<'a>(
    scene: &CheckContext<'a>,
    side: Side,
    name: &PluginName,
    out: &mut FindingSink<'_>,
) -> Option<&'a BTreeSet<String>> {
    match scene.facts.role_menus.get(&side) {
        Some(Reading::Known(codes)) => Some(codes),
        Some(Reading::Unknown(failure)) => {
            out.unread(side, Some(name.to_string()), failure);
            None
        }
        None => {
            out.not_told(side, name.to_string(), None);
            None
        }
    }
}
