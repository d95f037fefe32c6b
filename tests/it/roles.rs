//! Addresses that are given for one another: every command ends before it writes.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
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
/// A gateway that was just started has no routes to be told by; what it is, is asked again at the end.
#[tokio::test(flavor = "multi_thread")]
async fn gateway_of_two_v4_that_was_just_started_is_told_apart_in_the_end() {
    let world = World::demo().old_version("v4.0.0").new_version("v4.5.6");
    let site = site_of(world.fault("route-late=8000")).await;
    let planned = site.run_json(&["plan"]).await;
    assert!(
        planned.stdout.contains("both instances answer alike"),
        "{planned:#?}"
    );
    let applied = site.run_json(&["apply", "--yes"]).await;
    assert_eq!(applied.code, Some(0), "{applied:#?}");
    assert!(
        !applied.stdout.contains("both instances answer alike"),
        "{applied:#?}"
    );
}

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
    let closed = "http://127.0.0.1:1";
    let site = site_of(World::demo()).await;
    for place in [1, 2, 4, 5] {
        let mut given = site.addresses();
        given[place] = closed.to_owned();
        let output = site.run_with(&["apply", "--yes"], &given).await;
        assert_eq!(output.code, Some(21), "{place}: {output:#?}");
        assert!(output.stderr.contains(closed), "{output:#?}");
    }
    assert_eq!(site.writes(), 0);
}

/// A whole answer to a path, or none.
type Answer = fn(&str) -> Option<&'static str>;

const S3_404: &str = "HTTP/1.1 404 Not Found\r\nContent-Type: application/xml\r\nContent-Length: 45\r\nConnection: close\r\n\r\n<?xml version=\"1.0\"?><Error>NoSuchKey</Error>";
const TEXT: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\nConnection: close\r\n\r\nportal";
const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 13\r\nConnection: close\r\n\r\n<html></html>";
const PAGE: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\nConnection: close\r\n\r\n<html></html>";

/// A server that answers some paths itself and forwards the others.
async fn in_front_of(server: &str, own: Answer) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = server.trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let server = server.clone();
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(client.read_u8().await?);
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let path = head.split(' ').nth(1).unwrap_or_default();
                if let Some(answer) = own(path) {
                    return client.write_all(answer.as_bytes()).await;
                }
                let mut upstream = TcpStream::connect(server).await?;
                let once = head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
                upstream.write_all(once.as_bytes()).await?;
                tokio::io::copy(&mut upstream, &mut client).await?;
                client.shutdown().await
            });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn server_that_forwards_nothing_to_core_is_a_wrong_address() {
    let site = site_of(World::demo()).await;
    let all = site.addresses();
    let servers: [Answer; 2] = [
        |_| Some(S3_404),
        // The page of any other web site.
        |path| Some(if path == "/" { PAGE } else { S3_404 }),
    ];
    for server in servers {
        let foreign = in_front_of(&all[2], server).await;
        for place in [1, 2, 5] {
            let mut given = all.clone();
            given[place].clone_from(&foreign);
            for command in COMMANDS {
                let output = site.run_with(command, &given).await;
                assert_eq!(output.code, Some(2), "{place} {command:?}: {output:#?}");
                assert!(output.stderr.contains(&foreign), "{output:#?}");
            }
        }
    }
    assert_eq!(site.writes(), 0);
}

/// What makes a portal is that it serves files itself and forwards the rest, whatever is at `/`.
#[tokio::test(flavor = "multi_thread")]
async fn portal_with_an_unusual_index_is_a_portal() {
    let servers: [Answer; 3] = [
        |path| (path == "/").then_some(TEXT),
        |path| (path == "/").then_some(FORBIDDEN),
        |path| (path == "/").then_some(S3_404),
    ];
    for server in servers {
        let site = site_of(World::plugins(2)).await;
        let mut given = site.addresses();
        given[2] = in_front_of(&given[2], server).await;
        let apply = site.run_with(&["apply", "--yes"], &given).await;
        assert_eq!(apply.code, Some(0), "{apply:#?}");
    }
}

/// Behind a login the portal forwards nothing that tells what it is: 404 for a file proves nothing.
#[tokio::test(flavor = "multi_thread")]
async fn missing_files_of_an_unidentified_portal_are_unknown() {
    let site = site_of(World::plugins(2)).await;
    let mut given = site.addresses();
    let login: Answer = |path| (!path.starts_with("/ui-resources/")).then_some(FORBIDDEN);
    given[2] = in_front_of(&given[2], login).await;
    let plan = site.run_with(&["plan", "-o", "json"], &given).await;
    assert_eq!(
        plan.json()["plan"]["steps"],
        serde_json::json!([]),
        "{plan:#?}"
    );
    let blocked = &plan.json()["plan"]["blocked"][0]["reason"];
    assert_eq!(blocked["code"], "pages_unknown", "{plan:#?}");
    let apply = site.run_with(&["apply", "--yes"], &given).await;
    assert_eq!(apply.code, Some(11), "{apply:#?}");
    assert!(site.running.ledger().registrations.is_empty());
}
