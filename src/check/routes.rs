//! W0313–W0316: the way from a gateway to each plugin.

use std::collections::BTreeSet;

use super::context::CheckContext;
use super::endpoint::Endpoint;
use super::plugin_on_side::{PluginOnSide, plugins};
use super::sink::{FindingSink, known};
use crate::compare::{Aspect, Cause, State};
use crate::i18n::Text;

/// W0313: Core has no route to a running plugin.
pub(super) fn core<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    let mut offered = std::collections::BTreeMap::new();
    for side in context.sides() {
        let routes = known(&side.core_routes, side.side(), sink);
        let contexts = routes.map(|routes| {
            let contexts = routes.iter().map(|route| &route.context);
            contexts.collect::<BTreeSet<_>>()
        });
        offered.insert(side.side(), contexts);
    }
    for plugin in plugins(context, sink) {
        let Some(Some(contexts)) = offered.get(&plugin.side()) else {
            continue;
        };
        let lacks = plugin.is_active() && !contexts.contains(&plugin.row.name);
        if lacks && plugin.known_to_run(sink) {
            let message = Text::new("check-no-core-route");
            let hint = Text::new("check-hint-relaunch").with("name", plugin.row.name.as_str());
            let seen = Text::new("check-seen-no-row");
            sink.report(plugin.draft(message, Endpoint::CoreRoutes, seen).hint(hint));
        }
    }
}

fn route(plugin: &PluginOnSide<'_>, cause: &Cause, sink: &mut FindingSink<'_>) {
    let draft = plugin
        .draft(cause.text(), Endpoint::GatewayRoutes, cause.text())
        .hint(Text::new("check-hint-route"));
    sink.report(draft);
}

/// W0314: Gateway has not loaded the route to a running plugin.
///
/// The gateway loads routes every minute, a v3 every ten. Source: docs/platform/gateway.md#routes
pub(super) fn gateway<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    for plugin in plugins(context, sink) {
        if let Some((State::Hidden, cause @ Cause::NoRoute { .. })) =
            plugin.judged(Aspect::Route, sink)
            && plugin.known_to_run(sink)
        {
            route(&plugin, cause, sink);
        }
    }
}

/// W0315: Gateway route leads to an instance that does not run, while others run.
pub(super) fn elsewhere<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    for plugin in plugins(context, sink) {
        if let Some((State::Hidden, cause @ Cause::RouteElsewhere { .. })) =
            plugin.judged(Aspect::Route, sink)
            && plugin.known_to_run(sink)
        {
            route(&plugin, cause, sink);
        }
    }
}

/// W0316: Plugin does not respond through the gateway.
///
/// Without a right route W0314 or W0315 is the finding.
/// Source: docs/platform/gateway.md#a-plugin-that-does-not-answer
pub(super) fn reached<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    for plugin in plugins(context, sink) {
        let no_route = plugin.own.cell(Aspect::Route).state == State::Hidden;
        if let Some((State::Hidden, cause @ Cause::Down { .. })) =
            plugin.judged(Aspect::Reachable, sink)
            && !no_route
        {
            let hint = cause.hint(plugin.side());
            let draft = plugin
                .draft(cause.text(), Endpoint::GatewayRoutes, cause.text())
                .hint(hint);
            let gateway = &plugin.inventory.identity.gateway;
            let source = format!("GET {gateway}/{}", plugin.row.name);
            sink.report(draft.read_by(source));
        }
    }
}
