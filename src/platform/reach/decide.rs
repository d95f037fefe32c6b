//! What the gateway's answer, its routes and our own probe come to: a pure table.

use crate::domain::{FailureCause, GatewayFinding, PortProbe, Reach, ReachCause};
use crate::platform::wire::PluginAnswer;

/// What was seen of one plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReachEvidence {
    /// Who answered at the gateway; or why nobody did.
    pub(super) gateway: Result<PluginAnswer, FailureCause>,
    /// HTTP status of its answer; 0 if there is none.
    pub(super) status: u16,
    /// Whether the gateway forwards this context.
    pub(super) route: Route,
    /// Our own connection to each running instance, with its address.
    pub(super) probes: Vec<(String, PortProbe)>,
}

/// Whether the gateway forwards a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// It lists a route.
    Listed,
    /// It lists routes, but none of this context.
    Missing,
    /// Its routes could not be read.
    Unknown,
}

/// Decides.
pub(super) fn decide(evidence: ReachEvidence) -> Reach {
    let ReachEvidence {
        gateway,
        status,
        route,
        probes,
    } = evidence;
    let answer = match gateway {
        Ok(answer) => answer,
        Err(cause) => {
            return Reach::Unknown {
                cause: ReachCause {
                    gateway: GatewayFinding::Silent(cause),
                    instances: Vec::new(),
                },
            };
        }
    };
    let listed = route == Route::Listed;
    let (is_down, gateway) = match answer {
        PluginAnswer::Plugin => return Reach::Reached { status },
        // A v3 gateway says which of the two it is.
        PluginAnswer::NoRoute => (true, GatewayFinding::NoRoute),
        PluginAnswer::UnknownOrDown if route == Route::Missing => (true, GatewayFinding::NoRoute),
        PluginAnswer::Down => (true, GatewayFinding::NoAnswer),
        PluginAnswer::UnknownOrDown if all_refused(&probes) => (true, GatewayFinding::NotFound),
        PluginAnswer::UnknownOrDown if listed && instance_says_gin_404(&probes) => {
            return Reach::Reached { status };
        }
        PluginAnswer::UnknownOrDown if listed && instance_answers(&probes) => {
            (true, GatewayFinding::NotFoundDespiteRoute)
        }
        PluginAnswer::UnknownOrDown => (false, GatewayFinding::NotFound),
        PluginAnswer::Unclear => (all_refused(&probes), GatewayFinding::Unclear),
    };
    let cause = ReachCause {
        gateway,
        instances: probes,
    };
    if is_down {
        Reach::Down { cause }
    } else {
        Reach::Unknown { cause }
    }
}

fn all_refused(probes: &[(String, PortProbe)]) -> bool {
    !probes.is_empty() && probes.iter().all(|(_, probe)| *probe == PortProbe::Refused)
}

/// An instance answers our own call with the very words that the gateway gave: they are the
/// plugin's, passed on.
fn instance_says_gin_404(probes: &[(String, PortProbe)]) -> bool {
    probes.iter().any(|(_, probe)| {
        matches!(
            probe,
            PortProbe::Answers {
                gin_not_found: true,
                ..
            }
        )
    })
}

/// Every instance that answers our own call says something else: the gateway's words are its own.
fn instance_answers(probes: &[(String, PortProbe)]) -> bool {
    probes
        .iter()
        .any(|(_, probe)| matches!(probe, PortProbe::Answers { .. }))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::i18n::english;

    #[test]
    fn the_whole_table() {
        let answers = [
            Ok(PluginAnswer::Plugin),
            Ok(PluginAnswer::NoRoute),
            Ok(PluginAnswer::Down),
            Ok(PluginAnswer::UnknownOrDown),
            Ok(PluginAnswer::Unclear),
            Err(FailureCause::ConnectTimeout),
        ];
        let probes = [
            PortProbe::Refused,
            PortProbe::Answers {
                status: 404,
                gin_not_found: true,
            },
            PortProbe::Answers {
                status: 200,
                gin_not_found: false,
            },
            PortProbe::Open,
            PortProbe::Timeout,
        ];
        let mut table = String::new();
        for gateway in &answers {
            for route in [Route::Listed, Route::Missing, Route::Unknown] {
                for probe in &probes {
                    let seen = ReachEvidence {
                        gateway: gateway.clone(),
                        status: 200,
                        route,
                        probes: vec![("H:1".to_owned(), *probe)],
                    };
                    let (word, cause) = match decide(seen) {
                        Reach::Reached { .. } => ("reached", String::new()),
                        Reach::Down { cause } => ("down", english(&cause.message())),
                        Reach::Unknown { cause } => ("unknown", english(&cause.message())),
                    };
                    let gateway = match gateway {
                        Ok(answer) => format!("{answer:?}"),
                        Err(_) => "silent".to_owned(),
                    };
                    let probe = match probe {
                        PortProbe::Answers { gin_not_found, .. } => {
                            format!("gin404={gin_not_found}")
                        }
                        other => format!("{other:?}"),
                    };
                    let route = format!("{route:?}");
                    let row = format!("{gateway:15}{route:9}{probe:14}{word:9}{cause}");
                    writeln!(table, "{}", row.trim_end()).unwrap();
                }
            }
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn one_open_instance_keeps_a_plugin_from_being_down() {
        let seen = |probes| ReachEvidence {
            gateway: Ok(PluginAnswer::UnknownOrDown),
            status: 404,
            route: Route::Listed,
            probes,
        };
        let refused = ("H:1".to_owned(), PortProbe::Refused);
        let mute = ("H:2".to_owned(), PortProbe::Open);
        assert!(matches!(
            decide(seen(vec![refused.clone(), mute])),
            Reach::Unknown { .. }
        ));
        assert!(matches!(
            decide(seen(vec![refused.clone(), refused])),
            Reach::Down { .. }
        ));
        assert!(matches!(decide(seen(Vec::new())), Reach::Unknown { .. }));
    }
}
