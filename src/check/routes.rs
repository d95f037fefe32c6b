//! W0313–W0316: the way from a gateway to each plugin.

use std::collections::BTreeSet;

use super::collect::{CheckContext, FindingDraft, FindingSink, known};
use super::plugins::{PluginOnSide, each};
use super::words::Listing;
use crate::compare::{Aspect, Cause, State};
use crate::domain::Severity;
use crate::i18n::Text;

/// Until routes have been waited for, what the gateway may yet load is a warning.
fn severity(scene: &CheckContext<'_>) -> Severity {
    if scene.policy.waited_out {
        Severity::Error
    } else {
        Severity::Warning
    }
}

/// W0313: core offers a route to each plugin that runs.
pub(super) fn core<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    let mut offered = std::collections::BTreeMap::new();
    for side in scene.sides() {
        let routes = known(&side.core_routes, side.side(), out);
        let contexts = routes.map(|routes| {
            let contexts = routes.iter().map(|route| &route.context);
            contexts.collect::<BTreeSet<_>>()
        });
        offered.insert(side.side(), contexts);
    }
    for seat in each(scene, out) {
        let Some(Some(contexts)) = offered.get(&seat.side()) else {
            continue;
        };
        let lacks = seat.is_active() && !contexts.contains(&seat.row.name);
        if lacks && seat.known_to_run(out) {
            let message = seat.words(Text::new("check-no-core-route"));
            let hint = Text::new("check-hint-relaunch").with("name", seat.row.name.as_str());
            let seen = Text::new("check-seen-no-row");
            out.wrong(seat.told(message, Some(hint), Listing::CoreRoutes, seen));
        }
    }
}

fn route(
    scene: &CheckContext<'_>,
    seat: &PluginOnSide<'_>,
    cause: &Cause,
    message: Text,
    out: &mut FindingSink<'_>,
) {
    let message = seat.words(message).nested("cause", cause.text());
    let hint = Some(Text::new("check-hint-route"));
    let told: FindingDraft = seat.told(message, hint, Listing::GatewayRoutes, cause.text());
    out.wrong_as(severity(scene), told);
}

/// W0314: the gateway has loaded it. It does so every minute, a v3 every ten, so it is a warning until
/// that was waited for.
pub(super) fn gateway<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    for seat in each(scene, out) {
        if let Some((State::Hidden, cause @ Cause::NoRoute { .. })) =
            seat.judged(Aspect::Route, out)
            && seat.known_to_run(out)
        {
            let message = Text::new("check-no-gateway-route");
            route(scene, &seat, cause, message, out);
        }
    }
}

/// W0315: the gateway's routes lead to instances that run.
pub(super) fn elsewhere<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    for seat in each(scene, out) {
        if let Some((State::Hidden, cause @ Cause::RouteElsewhere { .. })) =
            seat.judged(Aspect::Route, out)
        {
            let message = Text::new("check-route-elsewhere");
            route(scene, &seat, cause, message, out);
        }
    }
}

/// W0316: the plugin answers through it. Where the gateway has no right route yet, that is the finding.
pub(super) fn reached<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    for seat in each(scene, out) {
        let no_route = seat.own.cell(Aspect::Route).state == State::Hidden;
        if let Some((State::Hidden, cause @ Cause::Down { .. })) =
            seat.judged(Aspect::Reachable, out)
            && !no_route
        {
            let message = seat
                .words(Text::new("check-unreached"))
                .nested("cause", cause.text());
            let hint = cause.hint(seat.side());
            let told = seat.told(message, hint, Listing::GatewayRoutes, cause.text());
            let gateway = &seat.inventory.identity.gateway;
            let source = format!("GET {gateway}/{}", seat.row.name);
            out.wrong(told.read_by(Some(source)));
        }
    }
}
