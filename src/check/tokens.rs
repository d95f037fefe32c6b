//! W07xx: tokens.

use super::context::CheckContext;
use super::endpoint::Endpoint;
use super::messages;
use super::plugin_on_side::PluginOnSide;
use super::sink::FindingSink;
use crate::domain::{Reading, Side};
use crate::i18n::Text;

/// What is seen of a plugin that refuses: the statuses with a token and without one.
pub(super) const REFUSED: &str = "401 / 401";

/// W0701: Plugin refuses tokens of this platform.
///
/// A plugin that answers 401 with and without a token has another seed. Source: docs/platform/tokens.md#signing-seed
pub(super) fn taken<'a>(context: &CheckContext<'a>, sink: &mut FindingSink<'a>) {
    let Some(probes) = context.facts.token_probes else {
        sink.skip(None, Text::new("check-skip-probes"));
        return;
    };
    for (row, own) in context.plugin_rows(Side::New, sink) {
        if own.instances.is_empty() {
            continue;
        }
        sink.count_subject();
        let probe = match probes.get(&row.name) {
            None => {
                sink.undetermined(Side::New, row.name.to_string(), None);
                continue;
            }
            Some(Reading::Unknown(failure)) => {
                sink.read_failed(Side::New, Some(row.name.to_string()), failure);
                continue;
            }
            Some(Reading::Known(probe)) => probe,
        };
        if !probe.is_refused() {
            continue;
        }
        let plugin = PluginOnSide {
            inventory: context.new,
            row,
            own,
        };
        let message = Text::new("check-seed-not-taken");
        let hint = Text::new("check-seed-not-taken-hint").with("name", row.name.as_str());
        let seen = messages::seen(REFUSED);
        let draft = plugin
            .draft(message, Endpoint::GatewayRoutes, seen)
            .hint(hint);
        let source = format!("GET {}/{}", context.new.identity.gateway, row.name);
        sink.report(draft.read_by(source));
    }
}
