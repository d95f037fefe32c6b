//! The messages of a plan: each value as a message and, if manual action is needed, the next command or
//! action. Everything here is a [`Text`]; tables and JSON are laid out by `report`.

use super::advice::{Notice, Refusal, RemedyStep, SameInstance};
use super::model::{RegisterReason, SideEffect, SkippedPackage, VariablePlan};
use super::reason::SkipReason;
use crate::domain::{
    Dependency, Edition, FailureCause, Generation, PackageStatus, PluginName, ReadFailure, Reading,
    Side, SystemVariable, Version,
};
use crate::error::Failure as _;
use crate::i18n::{Text, flag};

/// A message and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The fact.
    pub message: Text,
    /// The next command or action; `None` if no action is needed.
    pub hint: Option<Text>,
}

impl Explanation {
    fn only(message: Text) -> Self {
        Self {
            message,
            hint: None,
        }
    }

    fn and(message: Text, hint: Text) -> Self {
        Self {
            message,
            hint: Some(hint),
        }
    }
}

/// Why nothing is done for a package.
pub fn skip_reason(reason: &SkipReason) -> Text {
    match reason {
        SkipReason::NoUi => Text::new("plan-reason-no-ui"),
        SkipReason::AlreadyVisible => Text::new("plan-reason-already-visible"),
        SkipReason::NotRunning => Text::new("plan-reason-not-running"),
        SkipReason::NotForThisSide { needs } => {
            Text::new("plan-reason-not-for-this-side").with("needs", needs)
        }
        SkipReason::Excluded => Text::new("plan-reason-excluded"),
        SkipReason::PlatformTooOld { wanted, is } => Text::new("plan-reason-platform-too-old")
            .with("wanted", wanted)
            .with("is", is),
        SkipReason::DependencyFailed { on } => {
            Text::new("plan-reason-dependency-failed").with("on", on)
        }
        SkipReason::Cycle { path } => {
            let path: Vec<&str> = path.iter().map(PluginName::as_str).collect();
            Text::new("plan-reason-cycle").with("path", path.join(" → "))
        }
        SkipReason::NotRegistered { status } => {
            Text::new("plan-reason-not-registered").with("status", status.as_str())
        }
        SkipReason::NotOnThisSide { other_runs } => {
            Text::new("plan-reason-not-on-this-side").with("version", other_runs)
        }
        SkipReason::TooManyVersions { others } => {
            Text::new("plan-reason-too-many-versions").count("others", *others)
        }
        SkipReason::StaticPath {
            folder,
            row: Some(row),
        } => Text::new("plan-reason-static-path")
            .with("folder", folder)
            .with("row", row),
        SkipReason::StaticPath { folder, row: None } => {
            Text::new("plan-reason-static-path-set").with("folder", folder)
        }
        SkipReason::PagesUnknown { first: None, .. } => Text::new("plan-reason-no-portal"),
        SkipReason::PagesUnknown {
            unknown,
            first: Some((portal, state)),
        } => Text::new("plan-reason-pages-unknown")
            .count("count", *unknown)
            .with("portal", portal)
            .nested("state", state.text()),
        SkipReason::Unreadable { failure } => {
            Text::new("plan-reason-unreadable").nested("failure", read_failure(failure))
        }
        SkipReason::OtherVersionActive { running, active } => {
            Text::new("plan-reason-other-version-active")
                .with("running", running)
                .with("active", active)
        }
        SkipReason::TwoEditions { editions } => {
            let editions: Vec<&str> = editions.iter().map(edition).collect();
            Text::new("plan-reason-two-editions").with("editions", editions.join(", "))
        }
        SkipReason::DependencyTooOld {
            wanted,
            registered,
            generation,
        } => {
            let text = match generation {
                Generation::V3 => Text::new("plan-reason-dependency-older-v3"),
                Generation::V4 => Text::new("plan-reason-dependency-older"),
            };
            declared(text, wanted).with("registered", registered)
        }
        SkipReason::DependencyMissing { wanted } => {
            declared(Text::new("plan-reason-dependency-missing"), wanted)
        }
        SkipReason::VersionUnreadable { wanted, found } => {
            declared(Text::new("plan-reason-version-unreadable"), wanted).with("found", found)
        }
        SkipReason::VersionUnclear {
            running,
            shown,
            picked,
        } => unclear(running, shown.as_ref(), picked.as_ref()),
    }
}

fn declared(text: Text, wanted: &Dependency) -> Text {
    text.with("name", &wanted.name)
        .with("wanted", &wanted.version)
}

fn unclear(running: &[Version], shown: Option<&Version>, picked: Option<&Version>) -> Text {
    match (running, shown, picked) {
        (_, _, Some(picked)) => Text::new("plan-reason-version-picked").with("picked", picked),
        ([_, _, ..], _, _) => {
            Text::new("plan-reason-version-several").with("running", listed(running))
        }
        ([running], Some(shown), None) => Text::new("plan-reason-version-shown")
            .with("running", running)
            .with("shown", shown),
        _ => Text::new("plan-reason-version-unclear"),
    }
}

fn edition(edition: &Edition) -> &str {
    match edition {
        Edition::Community => "community",
        Edition::Enterprise => "enterprise",
        Edition::Other(text) => text,
    }
}

fn listed(versions: &[Version]) -> String {
    let versions: Vec<&str> = versions.iter().map(Version::as_str).collect();
    versions.join(", ")
}

/// A package that is not registered: why, and what to do about it.
pub fn skipped_package(left: &SkippedPackage) -> Explanation {
    Explanation {
        message: skip_reason(&left.reason),
        hint: next_step(&[left]),
    }
}

/// What to do about packages that are not registered for the same reason. A step that can name one
/// package only names the first.
pub fn next_step(left: &[&SkippedPackage]) -> Option<Text> {
    let unverified = || {
        let names = left.iter().map(|left| left.name.as_str());
        let flags = names.map(|name| flag("--register-unverified", name));
        flags.collect::<Vec<_>>().join(" ")
    };
    let left = left.first()?;
    let upload = || Text::new("plan-next-upload").with("side", left.side);
    Some(match &left.reason {
        SkipReason::DependencyTooOld { .. }
        | SkipReason::DependencyMissing { .. }
        | SkipReason::VersionUnreadable { .. }
        | SkipReason::NotRegistered {
            status: PackageStatus::Decommissioned,
        }
        | SkipReason::NotOnThisSide { .. } => upload(),
        SkipReason::PlatformTooOld { .. } => Text::new("plan-next-skip").with("name", &left.name),
        SkipReason::DependencyFailed { on } => Text::new("plan-next-first").with("on", on),
        SkipReason::VersionUnclear { .. } | SkipReason::OtherVersionActive { .. } => {
            Text::new("plan-next-pick").with("name", &left.name)
        }
        SkipReason::TwoEditions { .. } => Text::new("plan-next-show")
            .with("side", left.side)
            .with("name", &left.name),
        SkipReason::Cycle { .. } | SkipReason::NotRegistered { .. } => {
            register(left.side, &left.name, left.version.as_ref())
        }
        SkipReason::TooManyVersions { .. } => Text::new("plan-next-decommission")
            .nested("side", left.side.label())
            .with("name", &left.name),
        SkipReason::Unreadable { .. } => Text::new("plan-next-again"),
        SkipReason::StaticPath { folder, .. } => Text::new("plan-next-static-path")
            .nested("side", left.side.label())
            .with("folder", folder)
            .with("flags", unverified()),
        SkipReason::PagesUnknown { .. } => {
            Text::new("plan-next-unverified").with("flags", unverified())
        }
        SkipReason::NoUi
        | SkipReason::AlreadyVisible
        | SkipReason::NotRunning
        | SkipReason::NotForThisSide { .. }
        | SkipReason::Excluded => return None,
    })
}

fn register(side: Side, name: &PluginName, version: Option<&Version>) -> Text {
    let text = match version {
        Some(version) => Text::new("plan-next-register").with("version", version),
        None => Text::new("plan-next-register-uploaded"),
    };
    text.with("side", side).with("name", name)
}

/// Why a package is registered.
pub fn register_reason(reason: &RegisterReason) -> Text {
    match reason {
        RegisterReason::PagesHidden { hidden, listed } => Text::new("plan-reason-to-pages-hidden")
            .count("hidden", *hidden)
            .count("listed", *listed),
        RegisterReason::NotListed => Text::new("plan-reason-to-not-listed"),
        RegisterReason::PagesUnknown => Text::new("plan-reason-to-pages-unknown"),
        RegisterReason::ContentDiffers => Text::new("plan-reason-to-content-differs"),
        RegisterReason::AllRunning => Text::new("plan-reason-to-all-running"),
        RegisterReason::Named => Text::new("plan-reason-to-named"),
    }
}

/// A side effect of a registration.
pub fn side_effect(effect: &SideEffect) -> Text {
    match effect {
        SideEffect::Demotes {
            version,
            running: true,
            ..
        } => Text::new("plan-effect-demotes-running").with("version", version),
        SideEffect::Demotes { version, .. } => {
            Text::new("plan-effect-demotes").with("version", version)
        }
        SideEffect::TakesUiActive { version, .. } => {
            Text::new("plan-effect-takes-ui-active").with("version", version)
        }
        SideEffect::OtherSideLosesPage { side: loser, shows } => {
            Text::new("plan-effect-other-side-loses")
                .nested("side", loser.label())
                .with("shows", shows)
        }
        SideEffect::SwitchesVariable {
            id,
            name,
            to_active,
        } => {
            let text = if *to_active {
                Text::new("plan-effect-variable-on")
            } else {
                Text::new("plan-effect-variable-off")
            };
            text.with("name", name).with("id", id)
        }
        SideEffect::EmptiesFolder => Text::new("plan-effect-empties-folder"),
        SideEffect::MovesUploadTime => Text::new("plan-effect-moves-upload-time"),
        SideEffect::GrantsRoles => Text::new("plan-effect-grants-roles"),
    }
}

/// Why nothing may be written, and what to do about it.
pub fn refusal(refusal: &Refusal) -> Explanation {
    match refusal {
        Refusal::OneInstance { evidence } => Explanation::and(
            match evidence {
                SameInstance::SameAddress(address) => {
                    Text::new("plan-refusal-same-address").with("address", address)
                }
                SameInstance::SameVersionAndIds(version) => {
                    Text::new("plan-refusal-same-version").with("version", version)
                }
            },
            Text::new("plan-refusal-next-addresses"),
        ),
        Refusal::SeedsDiffer => Explanation::and(
            Text::new("plan-refusal-seeds-differ"),
            Text::new("plan-refusal-next-seeds"),
        ),
        Refusal::NewIsOld { version } => Explanation::and(
            Text::new("plan-refusal-new-is-old").with("version", version),
            Text::new("plan-refusal-next-versions"),
        ),
        Refusal::NewOlderThanOld { new, old } => Explanation::and(
            Text::new("plan-refusal-new-older")
                .with("new", new)
                .with("old", old),
            Text::new("plan-refusal-next-versions"),
        ),
        Refusal::SeveralVariableRows { rows, wanted } => Explanation::and(
            Text::new("plan-refusal-several-rows")
                .count("count", rows.len())
                .with("rows", variable_rows(rows)),
            Text::new("plan-refusal-next-several").with("value", wanted),
        ),
    }
}

/// Rows with their values.
pub fn variable_rows(rows: &[SystemVariable]) -> String {
    let row = |row: &SystemVariable| format!("{} = {} [{}]", row.id, row.effective(), row.status);
    let rows: Vec<String> = rows.iter().map(row).collect();
    rows.join(", ")
}

/// What an operator should know. The steps of a remedy are rendered by [`remedy_step`], one by one.
pub fn notice(notice: &Notice) -> Explanation {
    let hint = match notice {
        Notice::ClockSkew { .. } => Some(Text::new("plan-notice-clock-next")),
        Notice::MisreadVariable { id } => {
            Some(Text::new("plan-notice-misread-next").with("id", id))
        }
        Notice::VariableOwnedByPlugin { .. } => Some(Text::new("plan-notice-owned-next")),
        Notice::NotRead { failure, .. } if !is_unverified(failure) => {
            Some(Text::new("plan-next-again"))
        }
        _ => None,
    };
    Explanation {
        message: told(notice),
        hint,
    }
}

/// Whether an address answered and what it is was not told apart.
fn is_unverified(failure: &ReadFailure) -> bool {
    matches!(failure.cause, FailureCause::NotIdentified(_))
}

fn told(notice: &Notice) -> Text {
    match notice {
        Notice::ClockSkew {
            side: which,
            offset_s,
        } => Text::new("plan-notice-clock")
            .nested("side", which.label())
            .with("seconds", offset_s),
        Notice::SharedDatabase => Text::new("plan-notice-shared"),
        Notice::SeparateDatabases => Text::new("plan-notice-separate"),
        Notice::RelationUnknown => Text::new("plan-notice-relation-unknown"),
        Notice::TaskmanTooOld { version } => {
            Text::new("plan-notice-taskman").with("version", version)
        }
        Notice::OrchestrationPages { name } => {
            Text::new("plan-notice-orchestrations").with("name", name)
        }
        Notice::MisreadVariable { id } => Text::new("plan-notice-misread").with("id", id),
        Notice::VariableOwnedByPlugin { name } => Text::new("plan-notice-owned").with("name", name),
        Notice::WritesToV3 => Text::new("plan-notice-writes-to-v3"),
        Notice::SeveralVersions {
            side: which,
            name,
            versions,
        } => Text::new("plan-notice-several-versions")
            .nested("side", which.label())
            .with("name", name)
            .with("versions", listed(versions)),
        Notice::LaunchedByV3 { instances } => {
            Text::new("plan-notice-launched-by-v3").count("count", *instances)
        }
        Notice::NotRead { side: _, failure } if is_unverified(failure) => read_failure(failure),
        Notice::NotRead {
            side: which,
            failure,
        } => Text::new("plan-notice-not-read")
            .nested("side", which.label())
            .nested("failure", read_failure(failure)),
        Notice::TargetRefuses {
            name,
            version,
            reason: why,
        } => Text::new("plan-notice-target-refuses")
            .with("name", name)
            .with("version", version)
            .nested("reason", skip_reason(why)),
        Notice::TargetSwitchesVariable {
            plugin,
            variable,
            to_active,
        } => {
            let text = if *to_active {
                Text::new("plan-notice-target-switches-on")
            } else {
                Text::new("plan-notice-target-switches-off")
            };
            text.with("plugin", plugin).with("variable", variable)
        }
        Notice::Remedy { name, .. } => Text::new("plan-notice-remedy").with("name", name),
    }
}

/// One step of a remedy, and its command.
pub fn remedy_step(action: &RemedyStep) -> Explanation {
    match action {
        RemedyStep::Upload {
            side: to,
            name,
            newer_than,
            equal_is_enough,
        } => {
            let text = if *equal_is_enough {
                Text::new("plan-do-upload")
            } else {
                Text::new("plan-do-upload-newer")
            };
            Explanation::and(
                text.with("name", name)
                    .with("than", newer_than)
                    .nested("side", to.label()),
                Text::new("plan-next-upload").with("side", to),
            )
        }
        RemedyStep::Registration {
            side: on,
            name,
            version,
        } => {
            let text = match version {
                Some(version) => Text::new("plan-do-register").with("version", version),
                None => Text::new("plan-do-register-uploaded"),
            };
            Explanation::and(
                text.with("name", name).nested("side", on.label()),
                register(*on, name, version.as_ref()),
            )
        }
        RemedyStep::Launch { side: on, name } => Explanation::and(
            Text::new("plan-do-launch")
                .with("name", name)
                .nested("side", on.label()),
            Text::new("plan-do-launch-next")
                .with("name", name)
                .nested("side", on.label()),
        ),
        RemedyStep::OldSideLoses { name, shows } => Explanation::only(
            Text::new("plan-do-old-side-loses")
                .with("name", name)
                .with("shows", shows),
        ),
        RemedyStep::UpgradePlatform { side: of, at_least } => Explanation::and(
            Text::new("plan-do-upgrade")
                .with("at-least", at_least)
                .nested("side", of.label()),
            Text::new("plan-do-upgrade-next"),
        ),
        RemedyStep::ApplyAgain => {
            Explanation::and(Text::new("plan-do-apply"), Text::new("plan-next-apply"))
        }
        RemedyStep::PickVersion { name, versions } => Explanation::and(
            Text::new("plan-do-pick")
                .with("name", name)
                .with("versions", listed(versions)),
            Text::new("plan-next-pick-one-of").with("name", name).with(
                "version",
                versions.last().map_or("VERSION", Version::as_str),
            ),
        ),
        RemedyStep::Decommission { side: on, name } => Explanation::and(
            Text::new("plan-do-decommission")
                .with("name", name)
                .nested("side", on.label()),
            Text::new("plan-next-decommission")
                .with("name", name)
                .nested("side", on.label()),
        ),
    }
}

/// What is done about the variable.
pub fn variable(variable: &VariablePlan) -> Explanation {
    match variable {
        VariablePlan::Create { value } => {
            Explanation::only(Text::new("plan-variable-create").with("value", value))
        }
        VariablePlan::Keep { row } => {
            Explanation::only(Text::new("plan-variable-keep").with("value", row.effective()))
        }
        VariablePlan::Update { before, after } => Explanation::only(
            Text::new("plan-variable-update")
                .with("before", before.effective())
                .with("before-status", &before.status)
                .with("after", &after.value),
        ),
        VariablePlan::Several { rows, wanted } => Explanation::and(
            Text::new("plan-variable-several").with("rows", variable_rows(rows)),
            Text::new("plan-refusal-next-several").with("value", wanted),
        ),
        VariablePlan::NotAsked { effective, matches } => match effective {
            Reading::Known(Some(effective)) if *matches => {
                Explanation::only(Text::new("plan-variable-not-asked").with("effective", effective))
            }
            Reading::Known(Some(effective)) => Explanation::and(
                Text::new("plan-variable-not-asked-other").with("effective", effective),
                Text::new("plan-variable-next-set"),
            ),
            Reading::Known(None) => Explanation::and(
                Text::new("plan-variable-not-asked-none"),
                Text::new("plan-variable-next-set"),
            ),
            Reading::Unknown(failure) => unreadable(failure),
        },
        VariablePlan::Undecided { effective, wanted } => undecided(effective.as_deref(), wanted),
        VariablePlan::ValueNeeded { candidate } => Explanation::and(
            Text::new("plan-variable-value-needed").with("candidate", candidate),
            Text::new("plan-variable-next-value").with("candidate", candidate),
        ),
        VariablePlan::Unreadable { failure } => unreadable(failure),
    }
}

fn unreadable(failure: &ReadFailure) -> Explanation {
    Explanation::and(
        Text::new("plan-variable-unreadable").nested("failure", read_failure(failure)),
        Text::new("plan-next-again"),
    )
}

/// The variable is not set because nobody said whether an old instance keeps running.
pub fn undecided(effective: Option<&str>, wanted: &str) -> Explanation {
    let message = match effective {
        Some(effective) => Text::new("plan-variable-undecided-other").with("effective", effective),
        None => Text::new("plan-variable-undecided-none"),
    };
    Explanation::and(
        message,
        Text::new("plan-variable-next-undecided").with("wanted", wanted),
    )
}

/// Why something could not be read or written: what kind of failure, where, and the words that were
/// seen there.
pub fn read_failure(failure: &ReadFailure) -> Text {
    failure.message()
}
