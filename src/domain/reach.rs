//! Whether a plugin can be reached through a gateway.

use std::io;

use super::failure_cause::FailureCause;
use crate::i18n::{Text, io_message};

/// Whether a plugin's instance can be reached through a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The plugin answered (any answer that is the plugin's own).
    Reached {
        /// HTTP status, without a token.
        status: u16,
    },
    /// Not reached: the gateway has no route to it, or gets no answer from it.
    Down {
        /// What was seen.
        cause: ReachCause,
    },
    /// The gateway's 404 means unknown or down, and neither its routes nor a connection of our own
    /// settles it; or the gateway itself did not answer.
    Unknown {
        /// What was seen.
        cause: ReachCause,
    },
}

/// What was seen of a plugin that was not reached.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReachCause {
    /// At the gateway.
    pub gateway: GatewayFinding,
    /// At each running instance, by its address, if the gateway answered.
    pub instances: Vec<(String, PortProbe)>,
}

/// What the gateway says of a plugin that it does not pass on to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GatewayFinding {
    /// It has no route.
    NoRoute,
    /// It gets no answer.
    NoAnswer,
    /// `404 page not found`.
    NotFound,
    /// `404 page not found`, although it lists a route.
    NotFoundDespiteRoute,
    /// It, or a proxy before it, gets no answer.
    Unclear,
    /// It did not answer itself.
    Silent(FailureCause),
}

/// What a connection of our own to an instance came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PortProbe {
    /// The port refuses.
    Refused,
    /// The port is open and answers HTTP.
    Answers {
        /// HTTP status.
        status: u16,
        /// Whether the body is gin's own `404 page not found`.
        gin_not_found: bool,
    },
    /// The port is open and answers nothing that we understand.
    Open,
    /// The platform lists no address.
    NoAddress,
    /// The address means the gateway's own host, which is not this one.
    GatewayLoopback,
    /// No connection in time.
    Timeout,
    /// No connection from this host for another reason.
    NoConnection(io::ErrorKind),
}

impl ReachCause {
    /// What was seen, in the reader's language.
    pub fn message(&self) -> Text {
        let gateway = match &self.gateway {
            GatewayFinding::NoRoute => Text::new("reach-no-route"),
            GatewayFinding::NoAnswer => Text::new("reach-no-answer"),
            GatewayFinding::NotFound => Text::new("reach-not-found"),
            GatewayFinding::NotFoundDespiteRoute => Text::new("reach-not-found-despite-route"),
            GatewayFinding::Unclear => Text::new("reach-unclear"),
            GatewayFinding::Silent(cause) => {
                return Text::new("reach-gateway-silent").nested("cause", cause.message());
            }
        };
        let probes = self.instances.iter().map(|(at, probe)| probe.message(at));
        let instances = probes.reduce(|all, next| {
            Text::new("reach-list")
                .nested("all", all)
                .nested("next", next)
        });
        Text::new("reach-seen").nested("gateway", gateway).nested(
            "instances",
            instances.unwrap_or_else(|| Text::new("reach-no-address")),
        )
    }
}

impl PortProbe {
    fn message(self, address: &str) -> Text {
        let text = match self {
            Self::Refused => Text::new("reach-port-refused"),
            Self::Answers { status, .. } => Text::new("reach-port-answers").with("status", status),
            Self::Open => Text::new("reach-port-open"),
            Self::NoAddress => Text::new("reach-port-no-address"),
            Self::GatewayLoopback => Text::new("reach-port-loopback"),
            Self::Timeout => Text::new("reach-port-timeout"),
            Self::NoConnection(kind) => Text::new("reach-port-no-connection")
                .nested("reason", io_message(&io::Error::from(kind))),
        };
        text.with("address", address)
    }
}
