//! What the gateway's answer, its routes and our own probe come to: a pure table.

use crate::domain::Reach;
use crate::platform::wire::PluginAnswer;

/// What was seen of one plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReachEvidence {
    /// Who answered at the gateway; or why nobody did.
    pub(super) gateway: Result<PluginAnswer, String>,
    /// HTTP status of its answer; 0 where there is none.
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

/// What our own connection to an instance came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PortProbe {
    /// The port refuses.
    Refused,
    /// The port is open, and answers HTTP of that status; whether the body is gin's own 404.
    Answers {
        /// HTTP status.
        status: u16,
        /// `404 page not found`.
        gin_not_found: bool,
    },
    /// The port is open, and says nothing that we understand.
    Mute,
    /// No connection, so nothing is known.
    NotProbed(String),
}

/// The verdict.
pub(super) fn decide(seen: &ReachEvidence) -> Reach {
    let answer = match &seen.gateway {
        Ok(PluginAnswer::Plugin) => {
            return Reach::Reached {
                status: seen.status,
            };
        }
        Ok(answer) => *answer,
        Err(why) => {
            return Reach::Unknown {
                cause: format!("the gateway did not answer: {why}"),
            };
        }
    };
    let knocked = words(&seen.probes);
    let down = |what: &str| Reach::Down {
        cause: format!("{what}; {knocked}"),
    };
    let unknown = |what: &str| Reach::Unknown {
        cause: format!("{what}; {knocked}"),
    };
    match (answer, seen.route) {
        (PluginAnswer::Plugin, _) => Reach::Reached {
            status: seen.status,
        },
        // A v3 gateway says which of the two it is.
        (PluginAnswer::NoRoute, _) | (PluginAnswer::UnknownOrDown, Route::Missing) => {
            down("the gateway has no route to it")
        }
        (PluginAnswer::Down, _) => down("the gateway gets no answer from it"),
        (PluginAnswer::UnknownOrDown, route) => {
            let what = "the gateway answers 404 page not found";
            if all_refused(&seen.probes) {
                down(what)
            } else if route == Route::Listed && instance_says_gin_404(&seen.probes) {
                Reach::Reached {
                    status: seen.status,
                }
            } else if route == Route::Listed && instance_answers(&seen.probes) {
                down("the gateway answers 404 page not found although it has a route")
            } else {
                unknown(what)
            }
        }
        (PluginAnswer::Unclear, _) if all_refused(&seen.probes) => {
            down("the gateway, or what is before it, gets no answer")
        }
        (PluginAnswer::Unclear, _) => unknown("the gateway, or what is before it, gets no answer"),
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

fn words(probes: &[(String, PortProbe)]) -> String {
    if probes.is_empty() {
        return "no instance has an address".to_owned();
    }
    let each = probes.iter().map(|(address, probe)| match probe {
        PortProbe::Refused => format!("{address} refuses the connection"),
        PortProbe::Answers { status, .. } => format!("{address} answers HTTP {status}"),
        PortProbe::Mute => format!("{address} is open"),
        PortProbe::NotProbed(why) => format!("{address}: {why}"),
    });
    each.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn the_whole_table() {
        let answers = [
            Ok(PluginAnswer::Plugin),
            Ok(PluginAnswer::NoRoute),
            Ok(PluginAnswer::Down),
            Ok(PluginAnswer::UnknownOrDown),
            Ok(PluginAnswer::Unclear),
            Err("no connection in time".to_owned()),
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
            PortProbe::Mute,
            PortProbe::NotProbed("no connection in time".to_owned()),
        ];
        let mut table = String::new();
        for gateway in &answers {
            for route in [Route::Listed, Route::Missing, Route::Unknown] {
                for probe in &probes {
                    let seen = ReachEvidence {
                        gateway: gateway.clone(),
                        status: 200,
                        route,
                        probes: vec![("H:1".to_owned(), probe.clone())],
                    };
                    let (word, cause) = match decide(&seen) {
                        Reach::Reached { .. } => ("reached", String::new()),
                        Reach::Down { cause } => ("down", cause),
                        Reach::Unknown { cause } => ("unknown", cause),
                    };
                    let gateway = match gateway {
                        Ok(answer) => format!("{answer:?}"),
                        Err(_) => "silent".to_owned(),
                    };
                    let probe = match probe {
                        PortProbe::Answers { gin_not_found, .. } => {
                            format!("gin404={gin_not_found}")
                        }
                        PortProbe::NotProbed(_) => "NotProbed".to_owned(),
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
        let mute = ("H:2".to_owned(), PortProbe::Mute);
        assert!(matches!(
            decide(&seen(vec![refused.clone(), mute])),
            Reach::Unknown { .. }
        ));
        assert!(matches!(
            decide(&seen(vec![refused.clone(), refused])),
            Reach::Down { .. }
        ));
        assert!(matches!(decide(&seen(Vec::new())), Reach::Unknown { .. }));
    }
}
