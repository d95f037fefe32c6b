//! What the gateway's answer, its routes and our own knock come to: a pure table.

use crate::domain::Reach;
use crate::platform::wire::PluginAnswer;

/// What was seen of one plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// Who answered at the gateway; or why nobody did.
    pub(super) gateway: Result<PluginAnswer, String>,
    /// HTTP status of its answer; 0 where there is none.
    pub(super) status: u16,
    /// Whether the gateway forwards this context.
    pub(super) route: Route,
    /// Our own connection to each running instance, with its address.
    pub(super) knocks: Vec<(String, Knock)>,
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
pub(super) enum Knock {
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
    NoWay(String),
}

/// The verdict.
pub(super) fn judge(seen: &Seen) -> Reach {
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
    let knocked = words(&seen.knocks);
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
            if all_refused(&seen.knocks) {
                down(what)
            } else if route == Route::Listed && says_so_itself(&seen.knocks) {
                Reach::Reached {
                    status: seen.status,
                }
            } else if route == Route::Listed && says_otherwise(&seen.knocks) {
                down("the gateway answers 404 page not found although it has a route")
            } else {
                unknown(what)
            }
        }
        (PluginAnswer::Unclear, _) if all_refused(&seen.knocks) => {
            down("the gateway, or what is before it, gets no answer")
        }
        (PluginAnswer::Unclear, _) => unknown("the gateway, or what is before it, gets no answer"),
    }
}

fn all_refused(knocks: &[(String, Knock)]) -> bool {
    !knocks.is_empty() && knocks.iter().all(|(_, knock)| *knock == Knock::Refused)
}

/// An instance answers our own call with the very words that the gateway gave: they are the
/// plugin's, passed on.
fn says_so_itself(knocks: &[(String, Knock)]) -> bool {
    knocks.iter().any(|(_, knock)| {
        matches!(
            knock,
            Knock::Answers {
                gin_not_found: true,
                ..
            }
        )
    })
}

/// Every instance that answers our own call says something else: the gateway's words are its own.
fn says_otherwise(knocks: &[(String, Knock)]) -> bool {
    knocks
        .iter()
        .any(|(_, knock)| matches!(knock, Knock::Answers { .. }))
}

fn words(knocks: &[(String, Knock)]) -> String {
    if knocks.is_empty() {
        return "no instance has an address".to_owned();
    }
    let each = knocks.iter().map(|(address, knock)| match knock {
        Knock::Refused => format!("{address} refuses the connection"),
        Knock::Answers { status, .. } => format!("{address} answers HTTP {status}"),
        Knock::Mute => format!("{address} is open"),
        Knock::NoWay(why) => format!("{address}: {why}"),
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
        let knocks = [
            Knock::Refused,
            Knock::Answers {
                status: 404,
                gin_not_found: true,
            },
            Knock::Answers {
                status: 200,
                gin_not_found: false,
            },
            Knock::Mute,
            Knock::NoWay("no connection in time".to_owned()),
        ];
        let mut table = String::new();
        for gateway in &answers {
            for route in [Route::Listed, Route::Missing, Route::Unknown] {
                for knock in &knocks {
                    let seen = Seen {
                        gateway: gateway.clone(),
                        status: 200,
                        route,
                        knocks: vec![("H:1".to_owned(), knock.clone())],
                    };
                    let (word, cause) = match judge(&seen) {
                        Reach::Reached { .. } => ("reached", String::new()),
                        Reach::Down { cause } => ("down", cause),
                        Reach::Unknown { cause } => ("unknown", cause),
                    };
                    let gateway = match gateway {
                        Ok(answer) => format!("{answer:?}"),
                        Err(_) => "silent".to_owned(),
                    };
                    let knock = match knock {
                        Knock::Answers { gin_not_found, .. } => format!("gin404={gin_not_found}"),
                        Knock::NoWay(_) => "NoWay".to_owned(),
                        other => format!("{other:?}"),
                    };
                    let route = format!("{route:?}");
                    let row = format!("{gateway:15}{route:9}{knock:14}{word:9}{cause}");
                    writeln!(table, "{}", row.trim_end()).unwrap();
                }
            }
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn one_open_instance_keeps_a_plugin_from_being_down() {
        let seen = |knocks| Seen {
            gateway: Ok(PluginAnswer::UnknownOrDown),
            status: 404,
            route: Route::Listed,
            knocks,
        };
        let refused = ("H:1".to_owned(), Knock::Refused);
        let mute = ("H:2".to_owned(), Knock::Mute);
        assert!(matches!(
            judge(&seen(vec![refused.clone(), mute])),
            Reach::Unknown { .. }
        ));
        assert!(matches!(
            judge(&seen(vec![refused.clone(), refused])),
            Reach::Down { .. }
        ));
        assert!(matches!(judge(&seen(Vec::new())), Reach::Unknown { .. }));
    }
}
