//! Listeners: one door for core, gateway and each portal of each side, the ledger, the plugin
//! instances, and the foreign origin of the redirect fault.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderMap, header},
    response::Response,
};
use futures::stream;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use super::faults::Kind;
use super::instances;
use super::ledger::LedgerSnapshot;
use super::shared::Shared;
use super::state::WorldState;
use super::wire::{Answer, Delivery, Request, SideName, Via, v4_not_found};
use super::world::World;
use super::{core, gateway, portal};

/// The longest request body that is read.
const BODY_LIMIT: usize = 256 << 20;

/// Where a side is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Addresses {
    /// platform-core, `http://127.0.0.1:PORT`.
    pub core: String,
    /// platform-gateway.
    pub gateway: String,
    /// Each portal.
    pub portal: Vec<String>,
}

/// Where everything is reached: the JSON line of `sim serve`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Endpoints {
    /// The instance that is upgraded to.
    pub new: Addresses,
    /// The instance that is upgraded from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Addresses>,
    /// The signing seed.
    pub seed: String,
    /// The ledger as JSON.
    pub ledger: String,
}

/// How to serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServeOptions {
    /// Address that every door listens on; the ports are free ones.
    pub listen: IpAddr,
    /// Port of the ledger; 0 for a free one.
    pub ledger_port: u16,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
            ledger_port: 0,
        }
    }
}

/// A simulator that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    endpoints: Endpoints,
    shared: Shared,
    tasks: Vec<AbortHandle>,
}

/// Starts a world on 127.0.0.1.
pub async fn serve(world: World) -> std::io::Result<Running> {
    serve_with(world, ServeOptions::default()).await
}

/// Starts a world.
pub async fn serve_with(world: World, options: ServeOptions) -> std::io::Result<Running> {
    let mut state = WorldState::of(&world);
    let opened = instances::open(&mut state, options.listen).await?;
    let shared = Shared::new(&world, state);
    let mut tasks: Vec<AbortHandle> = opened
        .into_iter()
        .map(|listener| instances::answer(listener, shared.clone()))
        .collect();
    let mut opening = Opening {
        shared: &shared,
        options,
        tasks: &mut tasks,
    };
    let new = opening.side(SideName::New, world.new.portals).await?;
    let old = match &world.old {
        Some(side) => Some(opening.side(SideName::Old, side.portals).await?),
        None => None,
    };
    let foreign = opening.door(SideName::New, Via::Foreign, 0).await?;
    shared.set_foreign(foreign);
    let ledger = opening.ledger().await?;
    Ok(Running {
        endpoints: Endpoints {
            new,
            old,
            seed: world.seed,
            ledger,
        },
        shared,
        tasks,
    })
}

impl Running {
    /// Where everything is reached.
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// What has happened so far.
    pub fn ledger(&self) -> LedgerSnapshot {
        self.shared.ledger().snapshot()
    }

    /// Reads or changes the world while it runs.
    pub fn with_world<R>(&self, f: impl FnOnce(&mut WorldState) -> R) -> R {
        f(&mut self.shared.state())
    }

    /// Stops listening; what is under way is cut off.
    pub async fn stop(self) {
        drop(self);
        tokio::task::yield_now().await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shared.stop();
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Doors while they are opened.
struct Opening<'a> {
    shared: &'a Shared,
    options: ServeOptions,
    tasks: &'a mut Vec<AbortHandle>,
}

/// What a door knows about itself.
#[derive(Debug, Clone)]
struct Door {
    shared: Shared,
    side: SideName,
    via: Via,
    portal: usize,
}

impl Opening<'_> {
    async fn side(&mut self, side: SideName, portals: usize) -> std::io::Result<Addresses> {
        let core = self.door(side, Via::Core, 0).await?;
        let gateway = self.door(side, Via::Gateway, 0).await?;
        let mut portal = Vec::new();
        for number in 0..portals {
            portal.push(self.door(side, Via::Portal, number).await?);
        }
        Ok(Addresses {
            core,
            gateway,
            portal,
        })
    }

    async fn door(&mut self, side: SideName, via: Via, portal: usize) -> std::io::Result<String> {
        let door = Door {
            shared: self.shared.clone(),
            side,
            via,
            portal,
        };
        let router = Router::new().fallback(handle).with_state(door);
        self.open(0, router).await
    }

    async fn ledger(&mut self) -> std::io::Result<String> {
        let router = Router::new()
            .fallback(show_ledger)
            .with_state(self.shared.clone());
        let url = self.open(self.options.ledger_port, router).await?;
        Ok(format!("{url}/ledger"))
    }

    async fn open(&mut self, port: u16, router: Router) -> std::io::Result<String> {
        let listener = TcpListener::bind((self.options.listen, port)).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            drop(axum::serve(listener, router).await);
        });
        self.tasks.push(task.abort_handle());
        Ok(format!("http://{address}"))
    }
}

async fn show_ledger(State(shared): State<Shared>) -> axum::Json<LedgerSnapshot> {
    axum::Json(shared.ledger().snapshot())
}

/// Reads a request, notes it, lets the faults have it first, answers it.
async fn handle(State(door): State<Door>, incoming: axum::extract::Request) -> Response {
    if door.shared.is_stopped() {
        return respond(Answer::closed());
    }
    let (parts, body) = incoming.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let request = Request {
        side: door.side,
        via: door.via,
        portal: door.portal,
        method: parts.method.as_str().to_owned(),
        path: percent_decoded(parts.uri.path()),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        authorization: text(&parts.headers, &header::AUTHORIZATION),
        if_none_match: text(&parts.headers, &header::IF_NONE_MATCH),
        host: text(&parts.headers, &header::HOST).unwrap_or_default(),
        content_type: text(&parts.headers, &header::CONTENT_TYPE).unwrap_or_default(),
        body: body.to_vec(),
    };
    let shared = &door.shared;
    let since = shared.since_start();
    let sequence = shared.ledger().request(&request, since);
    let answer = answer(shared, &request).await;
    let status = (answer.delivery != Delivery::Closed).then_some(answer.status);
    shared.ledger().answered(sequence, status);
    respond(answer)
}

async fn answer(shared: &Shared, request: &Request) -> Answer {
    if let Some(answer) = struck(shared, request) {
        return answer;
    }
    let answer = match request.via {
        Via::Core if request.path.starts_with("/platform/") => core::answer(shared, request).await,
        Via::Core => v4_not_found(),
        Via::Gateway => gateway::answer(shared, request).await,
        Via::Portal => portal::answer(shared, request).await,
        Via::Foreign => Answer::html(200, "<html>elsewhere</html>"),
    };
    let strikes = |kind| shared.state().faults.strike(request.side, kind, "");
    if is_small_write(request) && strikes(Kind::LostWrite) {
        return Answer::closed();
    }
    if is_api(request) && strikes(Kind::Truncated) {
        return Answer {
            delivery: Delivery::Truncated,
            ..answer
        };
    }
    answer
}

/// Writes of a system variable and uploads.
fn is_small_write(request: &Request) -> bool {
    let variable = request.path.contains("/system-variables/")
        && !request.path.ends_with("/retrieve")
        && request.method == "POST";
    variable || (request.method == "POST" && request.path.ends_with("/v1/packages"))
}

/// Requests that faults of the API concern: not the portals' files, not the foreign origin.
fn is_api(request: &Request) -> bool {
    ["/platform/", "/auth/", "/gateway/"]
        .iter()
        .any(|prefix| request.path.starts_with(prefix))
        && request.via != Via::Foreign
}

/// What a fault answers in place of the platform.
fn struck(shared: &Shared, request: &Request) -> Option<Answer> {
    if !is_api(request) {
        return None;
    }
    let faults = &mut shared.state().faults;
    let side = request.side;
    if faults.has(side, Kind::CoreDown) && request.path.starts_with("/platform/") {
        return Some(match request.via {
            Via::Core => Answer::closed(),
            _ => v4_not_found(),
        });
    }
    let needs_database =
        request.path.starts_with("/platform/") && !request.path.ends_with("/appinfo/version");
    if needs_database && faults.has(side, Kind::DatabaseDown) {
        let body = r#"{"code":-2,"message":"database is unavailable"}"#;
        return Some(Answer::new(500, "application/json", body));
    }
    let later = |status, text: &str| Answer::html(status, text).header("Retry-After", "1");
    let mut strikes = |kind| faults.strike(side, kind, "");
    if strikes(Kind::Busy) {
        return Some(later(503, "<html><h1>503 Service Unavailable</h1></html>"));
    }
    if strikes(Kind::TooMany) {
        return Some(later(429, "<html><h1>429 Too Many Requests</h1></html>"));
    }
    if strikes(Kind::LoginPage) {
        let body = "<!DOCTYPE html><html><head><title>Single sign-on</title></head><body><form action=\"/login\"></form></body></html>";
        return Some(Answer::html(200, body));
    }
    if strikes(Kind::Empty200) {
        return Some(Answer::new(200, "application/json", ""));
    }
    strikes(Kind::Redirect).then(|| {
        let target = format!("{}{}", shared.foreign(), request.path);
        Answer::html(302, "").header("Location", &target)
    })
}

/// Turns an answer into bytes on the wire.
fn respond(answer: Answer) -> Response {
    let mut builder = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        builder = builder.header(name, value);
    }
    let body = match answer.delivery {
        Delivery::Closed => broken(Vec::new()),
        Delivery::Truncated => {
            builder = builder.header(header::CONTENT_LENGTH, answer.body.len());
            let half = answer.body.len() / 2;
            broken(answer.body[..half].to_vec())
        }
        Delivery::Whole => {
            if let Some(length) = answer.head_length {
                builder = builder.header(header::CONTENT_LENGTH, length);
            }
            Body::from(answer.body)
        }
    };
    builder.body(body).unwrap_or_default()
}

/// A body that breaks the connection after its first bytes (before them, when there are none).
fn broken(first: Vec<u8>) -> Body {
    let end = || Err::<Vec<u8>, _>(std::io::Error::other("the simulator closes the connection"));
    if first.is_empty() {
        return Body::from_stream(stream::iter([end()]));
    }
    let parts = stream::unfold(Some(first), move |first| async move {
        match first {
            Some(bytes) if !bytes.is_empty() => Some((Ok(bytes), Some(Vec::new()))),
            Some(_) => {
                tokio::time::sleep(Duration::from_millis(5)).await;
                Some((end(), None))
            }
            None => None,
        }
    });
    Body::from_stream(parts)
}

fn text(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    headers
        .get(name)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn percent_decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = (*first == b'%')
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|two| std::str::from_utf8(two).ok())
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        if let Some(byte) = hex {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
