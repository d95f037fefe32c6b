//! W07xx: tokens.

use super::collect::{CheckContext, FindingSink};
use super::words::{self, Listing};
use crate::domain::{Reading, Side};
use crate::i18n::Text;

/// What is seen of a plugin that refuses: the statuses with a token and without one.
pub(super) const REFUSED: &str = "401 / 401";

/// W0701: each running plugin takes tokens of this seed. One that answers 401 to a token as it does to
/// none was given another.
pub(super) fn taken<'a>(scene: &CheckContext<'a>, out: &mut FindingSink<'a>) {
    let Some(probes) = scene.facts.token_probes else {
        out.skip(None, Text::new("check-skip-probes"));
        return;
    };
    for (row, own) in scene.plugins(Side::New, out) {
        if own.instances.is_empty() {
            continue;
        }
        out.looked();
        let probe = match probes.get(&row.name) {
            None => {
                out.not_told(Side::New, row.name.to_string(), None);
                continue;
            }
            Some(Reading::Unknown(failure)) => {
                out.unread(Side::New, Some(row.name.to_string()), failure);
                continue;
            }
            Some(Reading::Known(probe)) => probe,
        };
        if !probe.is_refused() {
            continue;
        }
        let seat = super::plugins::PluginOnSide {
            inventory: scene.new,
            row,
            own,
        };
        let message = seat.words(Text::new("check-seed-not-taken"));
        let hint = Text::new("check-seed-not-taken-hint").with("name", row.name.as_str());
        let seen = words::seen(REFUSED);
        let told = seat.told(message, Some(hint), Listing::GatewayRoutes, seen);
        let source = format!("GET {}/{}", scene.new.identity.gateway, row.name);
        out.wrong(told.read_by(Some(source)));
    }
}
