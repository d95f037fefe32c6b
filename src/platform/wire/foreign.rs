//! Bodies that are not the platform's envelope but its frameworks': Spring's error body (v3) and
//! gin's text (v4); and what they mean where a plugin was asked through a gateway.

use super::fields::{Fields, number_of, text_of};
use crate::platform::request::RawAnswer;

/// Which framework of a v3 wrote an error body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) enum Framework {
    /// Spring MVC: core, auth-server.
    SpringServlet,
    /// Spring `WebFlux`: the gateway. Its bodies carry a `requestId` (`gateway-unknown-context` of
    /// v3.2.6), core's do not (`unknown-path`).
    SpringGateway,
}

/// Spring's own error body: `{timestamp, status: 404, error: "Not Found", path}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) struct Spring {
    /// Who wrote it.
    pub(in crate::platform) framework: Framework,
    /// `error`, as given.
    pub(in crate::platform) error: String,
}

/// Reads Spring's body; `None` if the fields or the HTTP status say that it is something else.
pub(super) fn spring(http: u16, fields: &Fields<'_>) -> Option<Spring> {
    let told = fields.status.and_then(number_of);
    if told != Some(i64::from(http)) || fields.timestamp.is_none() {
        return None;
    }
    let framework = if fields.request_id.is_some() {
        Framework::SpringGateway
    } else {
        Framework::SpringServlet
    };
    let error = text_of(fields.error?);
    Some(Spring { framework, error })
}

/// Gin's body for an unknown path. It writes `text/plain`; the text alone decides.
pub(super) fn is_gin_not_found(http: u16, text: &str) -> bool {
    http == 404 && text == "404 page not found"
}

/// Who answered when a plugin's context was asked through a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) enum PluginAnswer {
    /// The plugin, whatever it said: the way to it works.
    Plugin,
    /// The v3 gateway: it has no route to that context.
    NoRoute,
    /// The v3 gateway: it has a route and got no answer.
    Down,
    /// `404 page not found`: the v4 gateway's answer for an unknown context and for a plugin that is
    /// down, and also the own answer of a plugin that is written with gin.
    UnknownOrDown,
    /// A proxy before the gateway could not reach it or did not try (407, 429, 502, 503, 504), or a v4
    /// gateway's empty 200.
    Unclear,
}

/// Tells who answered a request of [`crate::platform::endpoints::plugin_context`].
pub(in crate::platform) fn plugin_answer(answer: &RawAnswer) -> PluginAnswer {
    let text = std::str::from_utf8(&answer.body)
        .unwrap_or("\u{fffd}")
        .trim();
    if is_gin_not_found(answer.status, text) {
        return PluginAnswer::UnknownOrDown;
    }
    if matches!(answer.status, 407 | 429 | 502..=504) || (answer.status == 200 && text.is_empty()) {
        return PluginAnswer::Unclear;
    }
    let spring = Fields::first(text)
        .ok()
        .and_then(|(fields, _)| spring(answer.status, &fields))
        .filter(|spring| spring.framework == Framework::SpringGateway);
    match spring {
        Some(_) if answer.status == 404 => PluginAnswer::NoRoute,
        Some(_) if answer.status >= 500 => PluginAnswer::Down,
        _ => PluginAnswer::Plugin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::wire::testing::{answer, recorded};

    #[test]
    fn who_answered_is_told_by_the_recorded_bodies() {
        for (version, name, expected) in [
            ("v3.2.6", "gateway-plugin", PluginAnswer::Plugin),
            ("v3.2.6", "gateway-plugin-down", PluginAnswer::Down),
            ("v3.2.6", "gateway-unknown-context", PluginAnswer::NoRoute),
            // A plugin's own Spring 404 or 500 (no `requestId`) is an answer of the plugin.
            ("v3.2.6", "unknown-path", PluginAnswer::Plugin),
            ("v3.2.6", "bad-token-auth-server", PluginAnswer::Plugin),
            ("v4.0.0", "gateway-plugin-down", PluginAnswer::UnknownOrDown),
            (
                "v4.0.0",
                "gateway-unknown-context",
                PluginAnswer::UnknownOrDown,
            ),
            ("v4.5.6", "gateway-plugin-down", PluginAnswer::UnknownOrDown),
            (
                "v4.5.6",
                "gateway-unknown-context",
                PluginAnswer::UnknownOrDown,
            ),
        ] {
            let got = plugin_answer(&recorded(version, name).answer);
            assert_eq!(got, expected, "{version}/{name}");
        }
    }

    #[test]
    fn a_refusing_plugin_is_reached_and_a_proxy_error_settles_nothing() {
        for (status, body, expected) in [
            (401, r#"{"status":"ERROR"}"#, PluginAnswer::Plugin),
            (404, "<html>nginx</html>", PluginAnswer::Plugin),
            (500, "boom", PluginAnswer::Plugin),
            (
                407,
                "<html>log in to the proxy</html>",
                PluginAnswer::Unclear,
            ),
            (429, "", PluginAnswer::Unclear),
            (502, "<html>bad gateway</html>", PluginAnswer::Unclear),
            (504, "", PluginAnswer::Unclear),
            (200, "", PluginAnswer::Unclear),
        ] {
            assert_eq!(
                plugin_answer(&answer(status, None, body)),
                expected,
                "{status} {body}"
            );
        }
    }
}
