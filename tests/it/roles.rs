//! Addresses that are given for one another: every command ends before it writes.

use wecubectl::sim::{Addresses, SideName, World};

use crate::support::{Output, Site};

async fn site_of(world: World) -> Site {
    Site::of(world.service_time_ms(5.0)).await
}

impl Site {
    /// Core, gateway and portal of the new side, then of the old one.
    fn addresses(&self) -> [String; 6] {
        let of = |side: &Addresses| {
            [
                side.core.clone(),
                side.gateway.clone(),
                side.portal[0].clone(),
            ]
        };
        let endpoints = self.running.endpoints();
        let old = endpoints.old.as_ref().unwrap();
        let all = [of(&endpoints.new), of(old)].concat();
        all.try_into().unwrap()
    }

    /// Runs a command with addresses in that order.
    async fn run_with(&self, command: &[&str], addresses: &[String]) -> Output {
        const FLAGS: [&str; 6] = [
            "--new-core",
            "--new-gateway",
            "--new-portal",
            "--old-core",
            "--old-gateway",
            "--old-portal",
        ];
        let mut args = command.to_vec();
        let given = FLAGS.iter().zip(addresses);
        args.extend(given.flat_map(|(flag, address)| [*flag, address.as_str()]));
        self.run(&args).await
    }

    fn writes(&self) -> u64 {
        let ledger = self.running.ledger();
        ledger.writes_to(SideName::New) + ledger.writes_to(SideName::Old)
    }
}

const COMMANDS: [&[&str]; 5] = [
    &["plan"],
    &["apply", "--yes"],
    &["compare"],
    &["check"],
    &["plugin", "register", "wecmdb", "--yes"],
];

#[tokio::test(flavor = "multi_thread")]
async fn wrong_role_ends_every_command_before_the_first_write() {
    let site = site_of(World::demo()).await;
    let all = site.addresses();
    // Which address is given at each place.
    for order in [
        [1, 0, 2, 3, 4, 5],
        [0, 2, 1, 3, 4, 5],
        [2, 1, 0, 3, 4, 5],
        [1, 2, 0, 3, 4, 5],
        [2, 0, 1, 3, 4, 5],
        [0, 1, 2, 4, 3, 5],
        [0, 1, 2, 3, 5, 4],
        [3, 1, 2, 0, 4, 5],
        [0, 4, 2, 3, 1, 5],
        [0, 1, 5, 3, 4, 2],
        [0, 4, 5, 3, 1, 2],
    ] {
        let given = order.map(|at: usize| all[at].clone());
        for command in COMMANDS {
            let output = site.run_with(command, &given).await;
            assert_eq!(output.code, Some(2), "{order:?} {command:?}: {output:#?}");
            let wrong = order.iter().enumerate().filter(|(place, at)| place != *at);
            let named = wrong.filter(|(_, at)| output.stderr.contains(all[**at].as_str()));
            assert!(named.count() > 0, "{order:?} {command:?}: {output:#?}");
        }
    }
    assert_eq!(site.writes(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn swapped_sides_are_unsafe_for_every_command() {
    let site = site_of(World::demo()).await;
    let mut swapped = site.addresses();
    swapped.rotate_left(3);
    let codes = [14, 14, 14, 10, 14];
    for (command, code) in COMMANDS.iter().zip(codes) {
        let output = site.run_with(command, &swapped).await;
        assert_eq!(output.code, Some(code), "{command:?}: {output:#?}");
    }
    assert_eq!(site.writes(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn gateways_and_portals_of_two_v4_are_told_apart() {
    let world = World::demo().old_version("v4.0.0").new_version("v4.5.6");
    let site = site_of(world).await;
    let all = site.addresses();
    for order in [[0, 4, 2, 3, 1, 5], [0, 1, 5, 3, 4, 2]] {
        let given = order.map(|at: usize| all[at].clone());
        for command in [["plan"].as_slice(), &["apply", "--yes"], &["compare"]] {
            let output = site.run_with(command, &given).await;
            assert_eq!(output.code, Some(2), "{order:?} {command:?}: {output:#?}");
        }
    }
    let right = site.run_with(&["plan"], &all).await;
    assert_eq!(right.code, Some(0), "{right:#?}");
    assert_eq!(site.writes(), 0);
}

/// A gateway forwards to core, so it may stand for core; that is said, and nothing counts as verified.
#[tokio::test(flavor = "multi_thread")]
async fn merged_roles_are_told_and_do_not_count_as_verified() {
    let site = site_of(World::demo()).await;
    let mut given = site.addresses();
    given[0] = given[1].clone();
    let plan = site.run_with(&["plan"], &given).await;
    assert_eq!(plan.code, Some(0), "{plan:#?}");
    let words: Vec<&str> = plan.stdout.split_whitespace().collect();
    let told = words.join(" ").contains("also answers as a gateway");
    assert!(told, "{plan:#?}");
    let compare = site.run_with(&["compare"], &given).await;
    assert_eq!(compare.code, Some(10), "{compare:#?}");
    let apply = site.run_with(&["apply", "--yes"], &given).await;
    assert_eq!(apply.code, Some(11), "{apply:#?}");
    assert!(!apply.stdout.contains("Done"), "{}", apply.stdout);
    // One address for gateway and portal: its value is written only if it is given by hand.
    let site = site_of(World::demo()).await;
    let mut given = site.addresses();
    given[1] = given[2].clone();
    let apply = site.run_with(&["apply", "--yes"], &given).await;
    assert_eq!((apply.code, site.writes()), (Some(2), 0), "{apply:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn server_that_refuses_connections_stops_apply_before_the_first_write() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let site = site_of(World::demo()).await;
    for place in [1, 2, 4, 5] {
        let mut given = site.addresses();
        given[place].clone_from(&closed);
        let output = site.run_with(&["apply", "--yes"], &given).await;
        assert_eq!(output.code, Some(21), "{place}: {output:#?}");
        assert!(output.stderr.contains(&closed), "{output:#?}");
    }
    assert_eq!(site.writes(), 0);
}
