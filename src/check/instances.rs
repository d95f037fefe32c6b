//! W01xx: the instances themselves.

use super::context::CheckContext;
use super::endpoint::Endpoint;
use super::messages;
use super::sink::{FindingDraft, FindingSink};
use crate::domain::{
    Address, FailureCause, FailureKind, FileState, Inventory, PlatformVersion, ReadFailure, Reading,
};
use crate::i18n::Text;
use crate::plan::{DatabaseRelation, MAX_CLOCK_OFFSET_S, Refusal, SeedRelation};

/// A v4 that is further behind refuses tokens: they are dated back by a minute.
const TOKENS_DATED_BACK_S: i64 = 60;

/// Failed readings of core and gateway.
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

/// W0101: Core, gateway or portal does not respond as a WeCube platform.
pub(super) fn reachable(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    if context.policy.old_is_configured {
        context.require_old(sink);
    }
    for side in context.sides() {
        let of_core = [&side.packages.failure(), &side.version.failure()];
        let of_core = of_core
            .into_iter()
            .flatten()
            .find(|it| it.kind.is_no_platform());
        answers(side, &side.identity.core, of_core.copied(), sink);
        let of_gateway = side.gateway_routes.failure();
        let of_gateway = of_gateway.filter(|failure| failure.kind.is_no_platform());
        // One server at one address is one finding.
        let is_one = side.identity.gateway == side.identity.core;
        let of_gateway = of_gateway.filter(|_| !is_one || of_core.is_none());
        answers(side, &side.identity.gateway, of_gateway, sink);
        for portal in &side.identity.portals {
            portal_answers(side, portal, sink);
        }
        // What does not answer at all is reported above.
        for failure in side.unproven.iter().filter(|it| !it.kind.is_no_platform()) {
            sink.read_failed(side.side(), Some(failure.target.clone()), failure);
        }
    }
}

fn answers(
    side: &Inventory,
    at: &Address,
    failure: Option<&ReadFailure>,
    sink: &mut FindingSink<'_>,
) {
    sink.count_subject();
    let Some(failure) = failure else { return };
    if failure.origin() == at.as_str() {
        sink.report(
            FindingDraft::on(
                side.side(),
                at.to_string(),
                Text::new("check-unreachable")
                    .with("address", at)
                    .nested("detail", failure.cause.message()),
            )
            .hint(messages::failure_hint(side.side(), failure))
            .seen_at(
                side.side(),
                failure.target.clone(),
                messages::failure(failure),
            ),
        );
    } else {
        // It was not asked, because another server did not respond.
        sink.read_failed(side.side(), Some(at.to_string()), failure);
    }
}

/// A portal is down if it answered for none of its files, or the same error for all of them.
fn portal_answers(side: &Inventory, portal: &Address, sink: &mut FindingSink<'_>) {
    let asked = side
        .files
        .iter()
        .filter_map(|(path, by)| Some((path, by.get(portal)?)));
    let asked: Vec<_> = asked.collect();
    sink.count_subject();
    let Some((path, first)) = asked.first() else {
        return;
    };
    let silent = |state: &FileState| matches!(state, FileState::Unknown { .. });
    let same = |state: &FileState| {
        state == *first && matches!(state, FileState::Forbidden | FileState::Unexpected { .. })
    };
    let (message, hint, seen) = match first {
        FileState::Unknown { cause } if asked.iter().all(|(_, state)| silent(state)) => {
            let (message, hint) = match cause {
                FailureCause::ServesWhatIsNotThere(_) => (
                    Text::new("check-portal-serves-all"),
                    Text::new("check-portal-serves-all-hint").with("address", portal),
                ),
                _ => (
                    Text::new("check-unreachable-portal"),
                    Text::new("check-hint-unreachable").nested("side", side.side().label()),
                ),
            };
            let detail = cause.message();
            (message.nested("detail", detail.clone()), hint, detail)
        }
        _ if asked.len() > 1 && asked.iter().all(|(_, state)| same(state)) => {
            let status = match first {
                FileState::Unexpected { status } => *status,
                _ => 403,
            };
            let message = Text::new("check-portal-answers").with("status", status);
            let hint = Text::new("check-portal-answers-hint").with("address", portal);
            (message.clone(), hint, message)
        }
        _ => return,
    };
    sink.report(
        FindingDraft::on(
            side.side(),
            portal.to_string(),
            message.with("address", portal),
        )
        .hint(hint)
        .seen_at(
            side.side(),
            format!("GET {portal}{path}"),
            seen.with("address", portal),
        ),
    );
}

/// W0102: The platform version does not begin with a number.
pub(super) fn version(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    for side in context.sides() {
        sink.count_subject();
        let version: &PlatformVersion = match &side.version {
            Reading::Known(version) => version,
            Reading::Unknown(failure) => {
                sink.read_failed(side.side(), None, failure);
                continue;
            }
        };
        if version.numbers.is_none() {
            sink.report(
                FindingDraft::on(
                    side.side(),
                    side.side().to_string(),
                    Text::new("check-version").with("version", &version.text),
                )
                .hint(Text::new("check-version-hint"))
                .seen(side, Endpoint::Version, messages::seen(&version.text)),
            );
        }
    }
}

/// W0103: Core reports that it is unhealthy.
pub(super) fn health(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    for side in context.sides() {
        let subject = side.side().to_string();
        match context.facts.health.get(&side.side()) {
            None => sink.skip(Some(subject), Text::new("check-skip-health")),
            Some(Reading::Known(())) => sink.count_subject(),
            Some(Reading::Unknown(failure)) => {
                sink.count_subject();
                if !matches!(
                    failure.kind,
                    FailureKind::ServerError | FailureKind::Refused
                ) {
                    sink.read_failed(side.side(), None, failure);
                    continue;
                }
                sink.report(
                    FindingDraft::on(
                        side.side(),
                        subject,
                        Text::new("check-health").nested("detail", failure.cause.message()),
                    )
                    .hint(Text::new("check-health-hint"))
                    .seen_at(
                        side.side(),
                        failure.target.clone(),
                        messages::failure(failure),
                    ),
                );
            }
        }
    }
}

/// W0104: Clock is off by more than 30 seconds.
///
/// Source: docs/platform/tokens.md#token-rules
pub(super) fn clock(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    let off = |offset_s: i64| offset_s.abs() > MAX_CLOCK_OFFSET_S && !refuses_tokens(offset_s);
    clock_offset(context, sink, off);
}

/// W0109: Clock is more than 60 seconds behind: new tokens are refused.
///
/// Source: docs/platform/tokens.md#token-rules
pub(super) fn clock_behind(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    clock_offset(context, sink, refuses_tokens);
}

fn refuses_tokens(offset_s: i64) -> bool {
    offset_s < -TOKENS_DATED_BACK_S
}

fn clock_offset(context: &CheckContext<'_>, sink: &mut FindingSink<'_>, wrong: fn(i64) -> bool) {
    for side in context.sides() {
        sink.count_subject();
        let Some(offset_s) = side.clock_offset_s else {
            if let Some(failure) = side.version.failure() {
                sink.read_failed(side.side(), None, failure);
            } else {
                let cause = Text::new("check-clock-not-told");
                let source = Endpoint::Version.on(side);
                sink.unknown(Some(side.side()), None, cause, Some(source));
            }
            continue;
        };
        if !wrong(offset_s) {
            continue;
        }
        let draft = FindingDraft::on(
            side.side(),
            side.side().to_string(),
            Text::new("check-clock").with("seconds", offset_s),
        )
        .hint(Text::new("check-clock-hint"))
        .seen(
            side,
            Endpoint::Version,
            messages::seen(format!("Date: {offset_s:+} s")),
        );
        sink.report(draft);
    }
}

/// W0105: Token refused.
pub(super) fn token(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    for side in context.sides() {
        sink.count_subject();
        let failed = failures(side);
        let refused = failed
            .iter()
            .find(|it| it.kind == FailureKind::TokenRefused);
        match (refused, side.packages.failure()) {
            (Some(failure), _) => sink.report(
                FindingDraft::on(
                    side.side(),
                    side.identity.core.to_string(),
                    Text::new("check-token").nested("detail", failure.cause.message()),
                )
                .hint(Text::new("check-hint-token").nested("side", side.side().label()))
                .seen_at(
                    side.side(),
                    failure.target.clone(),
                    messages::failure(failure),
                ),
            ),
            (None, Some(failure)) if failure.kind != FailureKind::PermissionDenied => {
                sink.read_failed(side.side(), None, failure);
            }
            _ => {}
        }
    }
}

/// W0106: Both instances share plugins but have different signing seeds.
///
/// Source: docs/platform/tokens.md#signing-seed
pub(super) fn seeds(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    if context.require_old(sink).is_none() {
        return;
    }
    let Some(seeds) = context.facts.seeds else {
        sink.skip(None, Text::new("check-skip-seeds"));
        return;
    };
    sink.count_subject();
    match (seeds, &context.plan.relation) {
        (SeedRelation::Different, DatabaseRelation::Shared { .. }) => {
            let words = crate::plan::messages::refusal(&Refusal::SeedsDiffer);
            sink.report(
                FindingDraft::pair("seed", words.message)
                    .hint(words.hint)
                    .seen_all(shared_ids(context)),
            );
        }
        (SeedRelation::Different, DatabaseRelation::Unknown) => {
            let cause = Text::new("check-unknown-relation");
            sink.unknown(None, Some("seed".to_owned()), cause, None);
        }
        _ => {}
    }
}

fn shared_ids(context: &CheckContext<'_>) -> Vec<(Option<crate::domain::Side>, String, Text)> {
    let DatabaseRelation::Shared {
        packages,
        instances,
    } = &context.plan.relation
    else {
        return Vec::new();
    };
    let seen = Text::new("check-seen-shared")
        .count("packages", *packages)
        .count("instances", *instances);
    context
        .sides()
        .map(|side| (Some(side.side()), Endpoint::Packages.on(side), seen.clone()))
        .collect()
}

/// W0107: The instance given as new is not the new one.
pub(super) fn new_is_new(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    sink.count_subject();
    let new = context.new;
    if let Some(failure) = new.version.failure() {
        sink.read_failed(new.side(), None, failure);
    }
    let refusals = context.plan.refusals.iter().filter(|refusal| {
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
        let seen = context.sides().map(|side| {
            let version = side.version.known().map_or("", |version| &version.text);
            (
                Some(side.side()),
                Endpoint::Version.on(side),
                messages::seen(version),
            )
        });
        sink.report(
            FindingDraft::pair(subject, words.message)
                .hint(words.hint)
                .seen_all(seen),
        );
    }
}

/// W0108: Wecubectl apply is running.
pub(super) fn applying(context: &CheckContext<'_>, sink: &mut FindingSink<'_>) {
    sink.count_subject();
    if context.facts.apply_in_progress {
        sink.report(
            FindingDraft::pair("apply", Text::new("check-applying"))
                .hint(Text::new("check-applying-hint")),
        );
    }
}
