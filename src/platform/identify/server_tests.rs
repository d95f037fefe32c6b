//! What servers are that answer as those of a platform do, or otherwise.

use std::sync::Arc;
use std::time::Duration;

use wiremock::matchers::{any, header_exists, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::platform::retry::RetryPolicy;
use crate::platform::testing::{FakeCredentials, identity, ok};
use crate::platform::transport::{Limits, TransportSettings, Trust};

const VERSION: &str = "/platform/v1/appinfo/version";
const ROUTES: &str = "/gateway/v1/route-items";
const LOADED: &str = "/gateway/v1/loaded-routes";

/// How a server answers.
#[derive(Clone, Copy, Default)]
struct Server {
    /// The version that it tells, and whether it wants a token for it.
    version: Option<(&'static str, bool)>,
    /// What stands at `/`.
    home: Option<(u16, &'static str)>,
    has_routes: bool,
    /// The name in the only route that is loaded.
    loaded: Option<&'static str>,
    /// What stands everywhere else; `None`: what a v4's framework says.
    elsewhere: Option<(u16, &'static str)>,
}

const CORE: Server = Server {
    version: Some(("v4.0.0", true)),
    home: None,
    has_routes: false,
    loaded: None,
    elsewhere: None,
};
const GATEWAY: Server = Server {
    has_routes: true,
    ..CORE
};
const PORTAL: Server = Server {
    home: Some((200, "<html>")),
    elsewhere: Some((404, "<html>nginx</html>")),
    ..GATEWAY
};

fn text((status, body): (u16, &str)) -> ResponseTemplate {
    let kind = if body.starts_with('<') {
        "text/html"
    } else {
        "text/plain"
    };
    ResponseTemplate::new(status).set_body_raw(body, kind)
}

impl Server {
    async fn start(self) -> MockServer {
        let server = MockServer::start().await;
        let mut answers = Vec::new();
        if let Some((version, wants_token)) = self.version {
            let told = ok(&format!("\"{version}\""));
            if wants_token {
                let with_token = Mock::given(path(VERSION)).and(header_exists("authorization"));
                answers.push(with_token.respond_with(told));
                let refused = r#"{"code":10000004,"status":"ERROR","message":"no token"}"#;
                let refused = ResponseTemplate::new(401).set_body_raw(refused, "application/json");
                answers.push(Mock::given(path(VERSION)).respond_with(refused));
            } else {
                answers.push(Mock::given(path(VERSION)).respond_with(told));
            }
        }
        if let Some(home) = self.home {
            answers.push(Mock::given(path("/")).respond_with(text(home)));
        }
        if self.has_routes {
            answers.push(Mock::given(path(ROUTES)).respond_with(ok("[]")));
        }
        if let Some(name) = self.loaded {
            let routes = format!(r#"[{{"Context":"{name}"}}]"#);
            answers.push(Mock::given(path(LOADED)).respond_with(ok(&routes)));
        } else if self.has_routes {
            answers.push(Mock::given(path(LOADED)).respond_with(ok("[]")));
        }
        let elsewhere = self.elsewhere.unwrap_or((404, "404 page not found"));
        answers.push(Mock::given(any()).respond_with(text(elsewhere)));
        for answer in answers {
            answer.mount(&server).await;
        }
        server
    }
}

/// A side of three servers.
struct Side {
    servers: [MockServer; 3],
    settings: ConnectSettings,
    transport: Transport,
}

impl Side {
    async fn of(core: Server, gateway: Server, portal: Server) -> Self {
        let servers = [
            core.start().await,
            gateway.start().await,
            portal.start().await,
        ];
        let [core, gateway, portal] = [0, 1, 2].map(|at| servers[at].uri());
        let settings = ConnectSettings {
            identity: identity(&core, &gateway, &[&portal]),
            trust: Trust::SYSTEM,
            request_timeout: Duration::from_secs(5),
            deadline: None,
            body_limit: 1 << 20,
            generation: None,
            last: None,
        };
        let transport = Transport::new(
            &TransportSettings {
                identity: &settings.identity,
                trust: &settings.trust,
                limits: Limits::read(Duration::from_secs(5), 1 << 20),
                policy: RetryPolicy {
                    attempts: 1,
                    base: Duration::from_millis(1),
                    cap: Duration::from_millis(2),
                },
                deadline: None,
            },
            Arc::new(FakeCredentials::default()),
        );
        Self {
            servers,
            settings,
            transport: transport.unwrap(),
        }
    }

    async fn identify(&self) -> Identified {
        identify(&self.transport, &self.settings).await
    }

    /// How many requests with a token the server of that number got.
    async fn tokens(&self, at: usize) -> usize {
        let requests = self.servers[at].received_requests().await;
        let requests = requests.unwrap_or_default();
        let tokens = requests.iter();
        tokens
            .filter(|it| it.headers.contains_key("authorization"))
            .count()
    }
}

fn version(text: &str) -> LeadsTo {
    LeadsTo::Version(PlatformVersion::parse(text))
}

#[tokio::test]
async fn servers_of_a_platform_are_known_by_their_answers() {
    let own_page = Server {
        home: Some((302, "")),
        ..PORTAL
    };
    let of_v3 = |server| Server {
        version: Some(("v3.2.6", false)),
        ..server
    };
    for (side, told, leads_to) in [
        ([CORE, GATEWAY, PORTAL], "v4.0.0", LeadsTo::SomeV4),
        ([CORE, GATEWAY, own_page], "v4.0.0", LeadsTo::SomeV4),
        (
            [CORE, GATEWAY, PORTAL].map(of_v3),
            "v3.2.6",
            version("v3.2.6"),
        ),
    ] {
        let [core, gateway, portal] = side;
        let side = Side::of(core, gateway, portal).await;
        let found = side.identify().await;
        assert_eq!(found.version, Ok(PlatformVersion::parse(told)));
        let roles: Vec<_> = found.claims.iter().map(|it| it.is.clone()).collect();
        assert_eq!(roles, [Role::Core, Role::Gateway, Role::Portal].map(Ok));
        let others: Vec<_> = found.claims[1..].iter().map(|it| &it.leads_to).collect();
        assert_eq!(others, [&leads_to, &leads_to]);
        assert!(found.claims.iter().all(|it| !it.is_foreign));
        assert_eq!((side.tokens(1).await, side.tokens(2).await), (0, 0));
    }
}

#[tokio::test]
async fn other_servers_are_told_from_those_of_a_platform() {
    let everything = |status, body| Server {
        version: None,
        has_routes: false,
        home: Some((status, body)),
        elsewhere: Some((status, body)),
        ..CORE
    };
    let gateway_alone = Server {
        version: None,
        has_routes: true,
        elsewhere: Some((404, "<html>nginx</html>")),
        ..CORE
    };
    let gateway_of_nginx = Server {
        home: Some((404, "404 page not found")),
        elsewhere: Some((404, "<html>nginx</html>")),
        ..GATEWAY
    };
    let page_of_nginx = Server {
        home: Some((404, "<html>nginx</html>")),
        ..GATEWAY
    };
    for (what, server, is_foreign, role_as_gateway, role_as_portal) in [
        ("a page that says 404", page_of_nginx, false, None, None),
        (
            "404 at every name",
            everything(404, "<html>"),
            true,
            None,
            None,
        ),
        (
            "a page at every name",
            everything(200, "<html>"),
            false,
            None,
            None,
        ),
        ("routes without core", gateway_alone, false, None, None),
        ("core", CORE, false, Some(Role::Core), Some(Role::Core)),
        (
            "a gateway",
            GATEWAY,
            false,
            Some(Role::Gateway),
            Some(Role::Gateway),
        ),
        // Static files of its own make a portal, but a gateway is not asked for any.
        (
            "a gateway behind nginx",
            gateway_of_nginx,
            false,
            Some(Role::Gateway),
            Some(Role::Portal),
        ),
    ] {
        let found = Side::of(CORE, server, server).await.identify().await;
        let [_, gateway, portal] = &found.claims[..] else {
            panic!("three claims");
        };
        let roles = [gateway, portal].map(|it| it.is.clone().ok());
        assert_eq!(roles, [role_as_gateway, role_as_portal], "{what}");
        let foreign = [gateway.is_foreign, portal.is_foreign];
        assert_eq!(foreign, [is_foreign; 2], "{what}");
    }
}

#[tokio::test]
async fn wrong_server_in_the_place_of_core_is_explained_and_gets_no_token() {
    let side = Side::of(PORTAL, GATEWAY, PORTAL).await;
    let failure = side.identify().await.version.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Ambiguous);
    assert_eq!(failure.cause, FailureCause::AnswersAs(Role::Portal));
    assert_eq!(side.tokens(0).await, 0);

    let gateway_alone = Server {
        version: None,
        ..GATEWAY
    };
    for (server, kind) in [
        (gateway_alone, FailureKind::Unreachable),
        (
            Server {
                version: None,
                ..CORE
            },
            FailureKind::NotWecube,
        ),
    ] {
        let side = Side::of(server, GATEWAY, PORTAL).await;
        let failure = side.identify().await.version.unwrap_err();
        assert_eq!(failure.kind, kind, "{failure:?}");
    }
}

#[tokio::test]
async fn failure_names_the_request_that_left_a_role_open() {
    let broken = Server {
        home: Some((404, "404 page not found")),
        has_routes: false,
        elsewhere: Some((500, "<html>")),
        ..CORE
    };
    let found = Side::of(CORE, broken, PORTAL).await.identify().await;
    let failure = found.claims[1].is.clone().unwrap_err();
    assert_eq!(failure.operation, "routes.gateway");
}

#[tokio::test]
async fn core_that_was_known_is_asked_for_its_version_alone() {
    let v3 = Server {
        version: Some(("v3.2.6", false)),
        ..CORE
    };
    let other = Server {
        version: None,
        elsewhere: Some((200, "<html>")),
        ..CORE
    };
    for (server, last, told, tokens) in [
        (CORE, Generation::V4, Some("v4.0.0"), 1),
        (v3, Generation::V3, Some("v3.2.6"), 0),
        (CORE, Generation::V3, None, 0),
        (other, Generation::V4, None, 1),
    ] {
        let side = Side::of(server, GATEWAY, PORTAL).await;
        let found = recheck_version(&side.transport, last).await.unwrap();
        assert_eq!(found, told.map(PlatformVersion::parse));
        assert_eq!(side.tokens(0).await, tokens);
    }
}

/// The portals of two v4 are told apart by the routes that the gateways behind them have loaded.
#[tokio::test]
async fn two_of_one_generation_are_told_apart_by_their_routes() {
    let of = |version, loaded| {
        move |server| Server {
            version: Some((version, true)),
            loaded,
            ..server
        }
    };
    let (first, second) = (version("v4.0.0"), version("v4.5.6"));
    for (loaded, portals, expected) in [
        ([Some("a"), Some("b")], [0, 1], [&first, &second]),
        ([Some("a"), Some("b")], [1, 0], [&second, &first]),
        // Gateways that have loaded the same, or nothing, tell nothing.
        ([Some("a"), Some("a")], [0, 1], [&LeadsTo::SomeV4; 2]),
        ([None, None], [0, 1], [&LeadsTo::SomeV4; 2]),
    ] {
        let [old, new] = [of("v4.0.0", loaded[0]), of("v4.5.6", loaded[1])];
        let behind = |at: usize| if at == 0 { old(PORTAL) } else { new(PORTAL) };
        let one = Side::of(old(CORE), old(GATEWAY), behind(portals[0])).await;
        let two = Side::of(new(CORE), new(GATEWAY), behind(portals[1])).await;
        let (mut of_one, mut of_two) = join(one.identify(), two.identify()).await;
        tell_apart(&mut [
            (&one.transport, &one.settings, &mut of_one),
            (&two.transport, &two.settings, &mut of_two),
        ])
        .await;
        let gateways = [&of_one, &of_two].map(|it| &it.claims[1].leads_to);
        assert_eq!(gateways, [&first, &second]);
        let found = [&of_one, &of_two].map(|it| &it.claims[2].leads_to);
        assert_eq!(found, expected, "{loaded:?} {portals:?}");
    }
}
