//! All permutations of the addresses of a pair.

use super::*;
use crate::i18n::{Catalog, Lang};

const OLD: &str = "v3.2.6";

/// A server of a simulated pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Server {
    side: Side,
    role: Role,
}

fn servers() -> [Server; 6] {
    [
        (Side::New, Role::Core),
        (Side::New, Role::Gateway),
        (Side::New, Role::Portal),
        (Side::Old, Role::Core),
        (Side::Old, Role::Gateway),
        (Side::Old, Role::Portal),
    ]
    .map(|(side, role)| Server { side, role })
}

/// What a server answers that is given at the place of another one.
fn claim(place: Server, server: Server, new: &str) -> Claim {
    let version = match server.side {
        Side::New => new,
        Side::Old => OLD,
    };
    Claim {
        side: place.side,
        role: place.role,
        address: address(server),
        is: Ok(server.role),
        is_foreign: false,
        leads_to: LeadsTo::Version(PlatformVersion::parse(version)),
    }
}

fn address(server: Server) -> Address {
    Address::new(format!("http://{}-{}", server.side, server.role.as_str()))
}

fn claims(given: &[Server], new: &str) -> Vec<Claim> {
    let places = servers().into_iter().zip(given);
    places
        .map(|(place, server)| claim(place, *server, new))
        .collect()
}

fn permutations(of: &[Server]) -> Vec<Vec<Server>> {
    if of.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (at, first) in of.iter().enumerate() {
        let mut rest = of.to_vec();
        rest.remove(at);
        all.extend(permutations(&rest).into_iter().map(|mut rest| {
            rest.insert(0, *first);
            rest
        }));
    }
    all
}

#[test]
fn every_wrong_permutation_is_refused_with_the_right_addresses() {
    let right = servers();
    let mut swapped = right;
    swapped.rotate_left(3);
    let all = permutations(&right);
    assert_eq!(all.len(), 720);
    let mut passed = 0;
    for given in all {
        let judged = judge(&claims(&given, "v4.0.0"));
        // Whole sides that are exchanged are the plan's to refuse.
        if given == right || given == swapped {
            assert_eq!(judged, Ok(BTreeMap::new()), "{given:?}");
            passed += 1;
            continue;
        }
        let Err(WrongAddresses(wrong)) = judged else {
            panic!("passes: {given:?}");
        };
        // Taking each hint gives one of the two right arrangements, if each server is told by its role.
        let mut repaired = claims(&given, "v4.0.0");
        for it in &wrong {
            let place = repaired
                .iter_mut()
                .find(|claim| (claim.side, claim.role) == (it.side, it.given_as));
            if let (Some(place), Some(right)) = (place, &it.right) {
                let server = right.as_str();
                let server = servers()
                    .into_iter()
                    .find(|it| address(*it).as_str() == server);
                let at = Server {
                    side: it.side,
                    role: it.given_as,
                };
                *place = claim(at, server.unwrap(), "v4.0.0");
            }
        }
        let given_roles_are_right = given
            .iter()
            .zip(right)
            .all(|(server, place)| server.role == place.role);
        if given_roles_are_right {
            assert_eq!(judge(&repaired), Ok(BTreeMap::new()), "{given:?} {wrong:?}");
        }
    }
    assert_eq!(passed, 2);
}

#[test]
fn permutations_of_one_side_name_the_right_address() {
    let right = servers();
    for given in permutations(&right[..3]) {
        let judged = judge(&claims(&given, "v4.0.0"));
        if given == right[..3] {
            assert_eq!(judged, Ok(BTreeMap::new()));
            continue;
        }
        let Err(WrongAddresses(wrong)) = judged else {
            panic!("passes: {given:?}");
        };
        for it in wrong {
            let right = Server {
                side: it.side,
                role: it.given_as,
            };
            assert_eq!(it.right, Some(address(right)), "{given:?}");
        }
    }
}

/// A core that did not say its version takes no address of the other side for its own.
#[test]
fn gateway_whose_core_is_down_is_no_wrong_address() {
    let mut given = claims(&servers(), "v4.0.0");
    given[0] = claim(servers()[0], servers()[1], "v4.0.0");
    for claim in given.iter_mut().filter(|claim| claim.side == Side::New) {
        claim.leads_to = LeadsTo::Untold(ReadFailure {
            kind: FailureKind::NoAnswer,
            operation: "core.version",
            target: String::new(),
            cause: FailureCause::GatewayNotFound,
        });
    }
    assert_eq!(
        judge(&given).map(|unproven| unproven[&Side::New].len()),
        Ok(3)
    );
}

#[test]
fn addresses_of_two_v4_that_cannot_be_told_apart_are_unproven() {
    let mut given = claims(&servers(), "v4.0.0");
    for claim in &mut given {
        claim.leads_to = match claim.role {
            Role::Core => LeadsTo::Version(PlatformVersion::parse(match claim.side {
                Side::New => "v4.5.6",
                Side::Old => "v4.0.0",
            })),
            _ => LeadsTo::SomeV4,
        };
    }
    let unproven = judge(&given).unwrap();
    assert_eq!(unproven[&Side::New].len(), 2);
    assert_eq!(unproven[&Side::Old].len(), 2);
    assert!(
        unproven
            .values()
            .flatten()
            .all(|it| it.cause == FailureCause::OfEitherInstance)
    );
    // One side alone has nothing that it could be confused with.
    assert_eq!(judge(&given[..3]), Ok(BTreeMap::new()));
}

/// One address for several roles: a balancer, or a mistake.
#[test]
fn merged_roles_are_unproven_and_a_portal_is_never_core() {
    let [core, gateway, portal, ..] = servers();
    for (given, expected) in [
        ([gateway, gateway, portal], Ok("core")),
        ([core, portal, portal], Ok("gateway")),
        ([gateway, portal, portal], Ok("core gateway")),
        ([portal, portal, portal], Err("core")),
        ([core, core, core], Err("gateway portal")),
        ([core, core, portal], Err("gateway")),
        ([core, gateway, gateway], Err("portal")),
        ([gateway, core, portal], Err("core gateway")),
        ([portal, gateway, gateway], Err("core portal")),
    ] {
        let words = |roles: Vec<&str>| roles.join(" ");
        let judged = match judge(&claims(&given, "v4.0.0")) {
            Ok(unproven) => Ok(words(
                unproven.values().flatten().map(|it| it.operation).collect(),
            )),
            Err(wrong) => Err(words(
                wrong.0.iter().map(|it| it.given_as.as_str()).collect(),
            )),
        };
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(judged, expected, "{given:?}");
    }
}

#[test]
fn role_follows_from_what_only_one_server_answers() {
    use Signature::{Absent, Present};
    let failed = |kind| ReadFailure {
        kind,
        operation: "core.version",
        target: "GET /".to_owned(),
        cause: FailureCause::Unspecified,
    };
    let unclear = || Signature::Unclear(failed(FailureKind::ServerError));
    let down = || Err(failed(FailureKind::NoAnswer));
    let foreign = || Err(failed(FailureKind::NotWecube));
    for (page, routes, core, expected) in [
        (Present, Present, Ok(()), Some(Role::Portal)),
        (Present, unclear(), down(), Some(Role::Portal)),
        (Present, Present, foreign(), None),
        (Absent, Present, Ok(()), Some(Role::Gateway)),
        (Absent, Present, down(), Some(Role::Gateway)),
        (Absent, Absent, Ok(()), Some(Role::Core)),
        (Absent, Absent, down(), None),
        (unclear(), Present, Ok(()), None),
        (Absent, unclear(), Ok(()), None),
    ] {
        let case = format!("{page:?} {routes:?} {core:?}");
        assert_eq!(role_of(page, routes, core).ok(), expected, "{case}");
    }
}

#[test]
fn message_names_the_address_and_hint_the_flag() {
    let [core, gateway, portal, ..] = servers();
    let wrong = judge(&claims(&[gateway, core, portal], "v4.0.0")).unwrap_err();
    let render = |text: &Text| Catalog::new(Lang::En).render(text);
    assert_eq!(
        wrong.messages().iter().map(render).collect::<Vec<_>>(),
        [
            "http://new-gateway is given as the core of the new instance, but a gateway answers there",
            "http://new-core is given as the gateway of the new instance, but a core answers there",
        ]
    );
    assert_eq!(
        render(&wrong.hints()[0]),
        "use the address that is the core of the new instance: --new-core http://new-core"
    );
}

/// Which addresses are wrong if several lead to the other instance: whole sides count as exchanged if
/// most addresses of each say so and the new one is older.
#[test]
fn exchanged_cores_are_told_from_exchanged_addresses() {
    // Who is given at the places of core, gateway and portal of new, then of old, as a place of the
    // right order; whose instance is not told; the wrong places.
    for (given, untold, expected) in [
        ([3, 1, 2, 0, 4, 5], &[][..], "new core, old core"),
        (
            [0, 4, 5, 3, 1, 2],
            &[],
            "new gateway, new portal, old gateway, old portal",
        ),
        // On both sides, or one, what is told leads to either core as often.
        ([3, 1, 2, 0, 4, 5], &[2, 5], "new gateway, old gateway"),
        (
            [3, 1, 2, 0, 4, 5],
            &[2],
            "new gateway, old gateway, old portal",
        ),
        (
            [3, 1, 2, 0, 4, 5],
            &[5],
            "new gateway, new portal, old gateway",
        ),
        // Only one side's addresses lead to the other core.
        ([3, 1, 2, 0, 1, 2], &[], "new gateway, new portal"),
        ([3, 4, 5, 0, 4, 5], &[], "old gateway, old portal"),
    ] {
        let mut claims = claims(&given.map(|at: usize| servers()[at]), "v4.0.0");
        for at in untold {
            claims[*at].leads_to = LeadsTo::Untold(ReadFailure {
                kind: FailureKind::NoAnswer,
                operation: "core.version",
                target: String::new(),
                cause: FailureCause::Broken,
            });
        }
        let wrong = judge(&claims).err().map(|it| it.0).unwrap_or_default();
        let places = wrong.iter();
        let places = places.map(|it| format!("{} {}", it.side, it.given_as.as_str()));
        let places: Vec<_> = places.collect();
        assert_eq!(places.join(", "), expected, "{given:?} {untold:?}");
    }
}

/// A portal that is given as the gateway is right only if it is that portal.
#[test]
fn gateway_that_is_a_portal_must_be_the_given_one() {
    let [core, _, portal, ..] = servers();
    for (address, is_right) in [
        ("http://new-portal", true),
        ("http://another-portal", false),
    ] {
        let mut given = claims(&[core, portal, portal], "v4.0.0");
        given[2].address = Address::new(address);
        assert_eq!(judge(&given).is_ok(), is_right, "{address}");
    }
}

/// A portal that answers, but not as one, is unproven for that reason.
#[test]
fn unproven_portal_says_whether_it_answered() {
    for (at, kind, has_answered) in [
        (2, FailureKind::ServerError, true),
        (2, FailureKind::NotWecube, true),
        (2, FailureKind::NoAnswer, false),
        (2, FailureKind::Unreachable, false),
        (1, FailureKind::ServerError, false),
    ] {
        let mut given = claims(&servers()[..3], "v4.0.0");
        given[at].is = Err(ReadFailure {
            kind,
            operation: "home",
            target: "GET /".to_owned(),
            cause: FailureCause::Http(500),
        });
        let unproven = judge(&given).unwrap().remove(&Side::New).unwrap();
        let expected = if has_answered {
            FailureCause::NotIdentified(Box::new(FailureCause::Http(500)))
        } else {
            FailureCause::Http(500)
        };
        let found: Vec<_> = unproven.iter().map(|it| (it.kind, &it.cause)).collect();
        assert_eq!(found, [(kind, &expected)], "{at}");
    }
}
