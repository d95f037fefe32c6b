//! W01xx: the instances themselves.

use super::collect::{CheckContext, FindingDraft, FindingSink};
use super::words::{self, Listing};
use crate::compare::side_label;
use crate::domain::{
    Address, FailureKind, FileState, Inventory, PlatformVersion, ReadFailure, Reading, Severity,
};
use crate::i18n::Text;
use crate::plan::{DatabaseRelation, MAX_CLOCK_OFFSET_S, Refusal, SeedRelation};

/// From here on a v4 whose clock is behind takes no token: they are dated back by a minute.
const TOKENS_DATED_BACK_S: i64 = 60;

/// The readings by which core and gateway tell that they answer.
fn failures(side: &Inventory) -> Vec<&ReadFailure> {
    let readings = [
        side.version.failure(),
        side.packages.failure(),
        side.my_menus.failure(),
        side.resource_files.failure(),
        side.variables.failure(),
        side.core_routes.failure(),
        side.gateway_routes.failure(),
    ];
    readings.into_iter().flatten().collect()
}

fn is_no_platform(failure: &ReadFailure) -> bool {
    matches!(
        failure.kind,
        FailureKind::Unreachable
            | FailureKind::NoAnswer
            | FailureKind::NotWecube
            | FailureKind::Redirected
    )
}

/// W0101: core, gateway and each portal answer.
pub(super) fn reachable(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    if scene.policy.old_is_configured {
        scene.need_old(out);
    }
    for side in scene.sides() {
        let of_core = [&side.packages.failure(), &side.version.failure()];
        let of_core = of_core.into_iter().flatten().find(|it| is_no_platform(it));
        answers(side, &side.identity.core, of_core.copied(), out);
        let of_gateway = side.gateway_routes.failure();
        let of_gateway = of_gateway.filter(|failure| is_no_platform(failure));
        answers(side, &side.identity.gateway, of_gateway, out);
        for portal in &side.identity.portals {
            portal_answers(side, portal, out);
        }
    }
}

fn answers(
    side: &Inventory,
    at: &Address,
    failure: Option<&ReadFailure>,
    out: &mut FindingSink<'_>,
) {
    out.looked();
    if let Some(failure) = failure {
        out.wrong(FindingDraft {
            side: Some(side.side()),
            subject: at.to_string(),
            message: Text::new("check-unreachable")
                .nested("side", side_label(side.side()))
                .with("address", at)
                .nested("detail", failure.cause.message()),
            hint: Some(words::failure_hint(side.side(), failure)),
            seen: vec![(
                Some(side.side()),
                failure.target.clone(),
                words::failure(failure),
            )],
        });
    }
}

/// A portal is silent where it gave no answer for any file that it was asked for.
fn portal_answers(side: &Inventory, portal: &Address, out: &mut FindingSink<'_>) {
    let asked = side
        .files
        .iter()
        .filter_map(|(path, by)| Some((path, by.get(portal)?)));
    let asked: Vec<_> = asked.collect();
    let silent = asked.iter().find_map(|(path, state)| match state {
        FileState::Unknown { cause } => Some((path, cause)),
        _ => None,
    });
    let all = asked
        .iter()
        .all(|(_, state)| matches!(state, FileState::Unknown { .. }));
    out.looked();
    match silent {
        Some((path, cause)) if all => out.wrong(FindingDraft {
            side: Some(side.side()),
            subject: portal.to_string(),
            message: Text::new("check-unreachable-portal")
                .nested("side", side_label(side.side()))
                .with("address", portal)
                .nested("detail", cause.message()),
            hint: Some(Text::new("check-hint-unreachable").nested("side", side_label(side.side()))),
            seen: vec![(
                Some(side.side()),
                format!("GET {portal}{path}"),
                words::seen_text(cause.message()),
            )],
        }),
        _ => {}
    }
}

/// W0102: the version is told, and begins with numbers.
pub(super) fn version(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    for side in scene.sides() {
        out.looked();
        let version: &PlatformVersion = match &side.version {
            Reading::Known(version) => version,
            Reading::Unknown(failure) => {
                out.unread(side.side(), None, failure);
                continue;
            }
        };
        if version.numbers.is_none() {
            out.wrong(FindingDraft {
                side: Some(side.side()),
                subject: side.side().to_string(),
                message: Text::new("check-version")
                    .nested("side", side_label(side.side()))
                    .with("version", &version.text),
                hint: Some(Text::new("check-version-hint")),
                seen: vec![(
                    Some(side.side()),
                    Listing::Version.of(side),
                    words::seen(&version.text),
                )],
            });
        }
    }
}

/// W0103: core says of itself that it is well.
pub(super) fn health(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    for side in scene.sides() {
        let subject = side.side().to_string();
        match scene.facts.health.get(&side.side()) {
            None => out.skip(Some(subject), Text::new("check-skip-health")),
            Some(Reading::Known(())) => out.looked(),
            Some(Reading::Unknown(failure)) => {
                out.looked();
                if !matches!(
                    failure.kind,
                    FailureKind::ServerError | FailureKind::Refused
                ) {
                    out.unread(side.side(), None, failure);
                    continue;
                }
                out.wrong(FindingDraft {
                    side: Some(side.side()),
                    subject,
                    message: Text::new("check-health")
                        .nested("side", side_label(side.side()))
                        .nested("detail", failure.cause.message()),
                    hint: Some(Text::new("check-health-hint")),
                    seen: vec![(
                        Some(side.side()),
                        failure.target.clone(),
                        words::failure(failure),
                    )],
                });
            }
        }
    }
}

/// W0104: the clocks agree with ours.
pub(super) fn clock(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    for side in scene.sides() {
        out.looked();
        let Some(offset_s) = side.clock_offset_s else {
            let cause = match side.version.failure() {
                Some(failure) => words::failure(failure),
                None => Text::new("check-clock-not-told"),
            };
            let source = Listing::Version.of(side);
            out.unknown(Some(side.side()), None, cause, Some(source));
            continue;
        };
        if offset_s.abs() <= MAX_CLOCK_OFFSET_S {
            continue;
        }
        let refuses = offset_s < -TOKENS_DATED_BACK_S;
        let severity = if refuses {
            Severity::Error
        } else {
            Severity::Warning
        };
        let told = FindingDraft {
            side: Some(side.side()),
            subject: side.side().to_string(),
            message: Text::new("check-clock")
                .nested("side", side_label(side.side()))
                .with("seconds", offset_s),
            hint: Some(Text::new("check-clock-hint")),
            seen: vec![(
                Some(side.side()),
                Listing::Version.of(side),
                words::seen(format!("Date: {offset_s:+} s")),
            )],
        };
        out.wrong_as(severity, told);
    }
}

/// W0105: the token is accepted.
pub(super) fn token(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    for side in scene.sides() {
        out.looked();
        let failed = failures(side);
        let refused = failed
            .iter()
            .find(|it| it.kind == FailureKind::TokenRefused);
        match (refused, side.packages.failure()) {
            (Some(failure), _) => out.wrong(FindingDraft {
                side: Some(side.side()),
                subject: side.identity.core.to_string(),
                message: Text::new("check-token")
                    .nested("side", side_label(side.side()))
                    .nested("detail", failure.cause.message()),
                hint: Some(Text::new("check-hint-token").nested("side", side_label(side.side()))),
                seen: vec![(
                    Some(side.side()),
                    failure.target.clone(),
                    words::failure(failure),
                )],
            }),
            (None, Some(failure)) if failure.kind != FailureKind::PermissionDenied => {
                out.unread(side.side(), None, failure);
            }
            _ => {}
        }
    }
}

/// W0106: sides that share plugins have one seed.
pub(super) fn seeds(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    if scene.need_old(out).is_none() {
        return;
    }
    let Some(seeds) = scene.facts.seeds else {
        out.skip(None, Text::new("check-skip-seeds"));
        return;
    };
    out.looked();
    match (seeds, &scene.plan.relation) {
        (SeedRelation::Different, DatabaseRelation::Shared { .. }) => {
            let words = crate::plan::messages::refusal(&Refusal::SeedsDiffer);
            out.wrong(FindingDraft {
                side: None,
                subject: "seed".to_owned(),
                message: words.message,
                hint: words.hint,
                seen: shared_ids(scene),
            });
        }
        (SeedRelation::Different, DatabaseRelation::Unknown) => {
            let cause = Text::new("check-unknown-relation");
            out.unknown(None, Some("seed".to_owned()), cause, None);
        }
        _ => {}
    }
}

fn shared_ids(scene: &CheckContext<'_>) -> Vec<(Option<crate::domain::Side>, String, Text)> {
    let DatabaseRelation::Shared {
        packages,
        instances,
    } = &scene.plan.relation
    else {
        return Vec::new();
    };
    let seen = Text::new("check-seen-shared")
        .count("packages", *packages)
        .count("instances", *instances);
    scene
        .sides()
        .map(|side| (Some(side.side()), Listing::Packages.of(side), seen.clone()))
        .collect()
}

/// W0107: the new side is the new one, and not the old one once more.
pub(super) fn new_is_new(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    out.looked();
    let new = scene.new;
    if let Some(failure) = new.version.failure() {
        out.unread(new.side(), None, failure);
    }
    let refusals = scene.plan.refusals.iter().filter(|refusal| {
        matches!(
            refusal,
            Refusal::OneInstance { .. }
                | Refusal::NewIsOld { .. }
                | Refusal::NewOlderThanOld { .. }
        )
    });
    for refusal in refusals {
        let words = crate::plan::messages::refusal(refusal);
        let subject = match refusal {
            Refusal::OneInstance { .. } => "one instance",
            _ => "version",
        };
        let seen = scene.sides().map(|side| {
            let version = side.version.known().map_or("", |version| &version.text);
            (
                Some(side.side()),
                Listing::Version.of(side),
                words::seen(version),
            )
        });
        out.wrong(FindingDraft {
            side: None,
            subject: subject.to_owned(),
            message: words.message,
            hint: words.hint,
            seen: seen.collect(),
        });
    }
}

/// W0108: nobody is applying while this is read.
pub(super) fn applying(scene: &CheckContext<'_>, out: &mut FindingSink<'_>) {
    out.looked();
    if scene.facts.apply_in_progress {
        out.wrong(FindingDraft {
            side: None,
            subject: "apply".to_owned(),
            message: Text::new("check-applying"),
            hint: Some(Text::new("check-applying-hint")),
            seen: Vec::new(),
        });
    }
}
