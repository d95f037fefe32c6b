//! A proxy of our own between the binary and the simulated pair: one listener for each server, each
//! request compared with the trap that is set, and answered as the fault says.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;
use wecubectl::sim::{Addresses, Endpoints, SideName, Via};

use super::wire::{Answer, Exchange, Piece, Request};

/// What becomes of a request while its client gets the faulty answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// It does not reach the platform.
    Never,
    /// It reaches the platform, which works on after the client has its answer.
    Early,
    /// The platform has answered before the client hears.
    After,
}

/// A fault, set for the requests of a phase.
pub(super) struct Trap {
    /// Whether a request is one of the phase; the second argument: whether a write came before.
    pub(super) is_hit: fn(&Request, bool) -> bool,
    /// Only the first one.
    pub(super) once: bool,
    /// What becomes of the request.
    pub(super) reach: Reach,
    /// What the client gets.
    pub(super) wire: fn(&Exchange<'_>) -> Vec<Piece>,
}

/// What the proxy saw.
#[derive(Default)]
pub(super) struct Seen {
    /// Requests that the fault struck.
    pub(super) struck: usize,
    /// Each `Authorization` header once, without `Bearer `.
    pub(super) tokens: Vec<String>,
    /// Each registration that was sent, by path, in order.
    pub(super) registers: Vec<String>,
    /// A registration that was sent while one of the same package was under way.
    pub(super) overlaps: Vec<String>,
    under_way: Vec<String>,
    written: bool,
    shut: Vec<(SideName, Via)>,
}

/// The proxy while it runs.
pub(super) struct Proxy {
    shared: Arc<Shared>,
    endpoints: Endpoints,
    /// Never listen: a port that refuses is given to nobody else while it must refuse.
    ports: Vec<TcpSocket>,
    doors: JoinSet<()>,
}

struct Shared {
    trap: Option<Trap>,
    seen: Mutex<Seen>,
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One server behind the proxy.
#[derive(Clone)]
struct Door {
    side: SideName,
    via: Via,
    upstream: String,
    shared: Arc<Shared>,
}

impl Proxy {
    /// Stands before every server of a pair.
    pub(super) fn start(real: &Endpoints, trap: Option<Trap>) -> Self {
        let seen = Mutex::new(Seen::default());
        let mut proxy = Self {
            shared: Arc::new(Shared { trap, seen }),
            endpoints: real.clone(),
            ports: Vec::new(),
            doors: JoinSet::new(),
        };
        let mut endpoints = real.clone();
        proxy.side(SideName::New, &mut endpoints.new);
        if let Some(old) = &mut endpoints.old {
            proxy.side(SideName::Old, old);
        }
        Self { endpoints, ..proxy }
    }

    fn side(&mut self, side: SideName, at: &mut Addresses) {
        let all = [(Via::Core, &mut at.core), (Via::Gateway, &mut at.gateway)];
        let portals = at.portal.iter_mut().map(|portal| (Via::Portal, portal));
        for (via, address) in all.into_iter().chain(portals) {
            let upstream = address.trim_start_matches("http://").to_owned();
            let port = bound(0);
            let at = port.local_addr().unwrap();
            *address = format!("http://{at}");
            let door = Door {
                side,
                via,
                upstream,
                shared: self.shared.clone(),
            };
            self.doors
                .spawn(door.open(bound(at.port()).listen(128).unwrap()));
            self.ports.push(port);
        }
    }

    /// The addresses to give to the binary.
    pub(super) fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// What was seen so far.
    pub(super) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.shared.seen()
    }
}

/// A socket of a port, any free one if it is 0.
fn bound(port: u16) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket
        .bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .unwrap();
    socket
}

/// What a connection does next.
#[derive(PartialEq)]
enum Next {
    KeepAlive,
    Close,
}

impl Door {
    /// Accepts until a fault shuts the door; then its port refuses.
    async fn open(self, listener: TcpListener) {
        let mut connections = JoinSet::new();
        while !self.is_shut() {
            let accepted = tokio::time::timeout(Duration::from_millis(20), listener.accept());
            if let Ok(Ok((client, _))) = accepted.await {
                connections.spawn(self.clone().serve(client));
            }
        }
        drop(listener);
        connections.join_all().await;
    }

    fn is_shut(&self) -> bool {
        self.shared.seen().shut.contains(&(self.side, self.via))
    }

    async fn serve(self, mut client: TcpStream) {
        client.set_nodelay(true).unwrap();
        while let Some(request) = Request::read(&mut client, self.side, self.via).await {
            if self.is_shut() {
                reset(client);
                return;
            }
            if self.answer(&mut client, request).await == Next::Close {
                return;
            }
        }
    }

    async fn answer(&self, client: &mut TcpStream, request: Request) -> Next {
        let is_struck = self.note(&request);
        let Some(trap) = self.shared.trap.as_ref().filter(|_| is_struck) else {
            return match self.forward(&request).await {
                Some(answer) => play(client, vec![Piece::Bytes(answer.bytes())]).await,
                None => Next::Close,
            };
        };
        let answer = match trap.reach {
            Reach::Never => None,
            Reach::After => self.forward(&request).await,
            Reach::Early => {
                let (door, request) = (self.clone(), request.clone());
                drop(tokio::spawn(async move { door.forward(&request).await }));
                None
            }
        };
        let pieces = (trap.wire)(&Exchange {
            request: &request,
            answer: answer.as_ref(),
        });
        if pieces.contains(&Piece::Shut) {
            self.shared.seen().shut.push((self.side, self.via));
        }
        play(client, pieces).await
    }

    /// Notes a request; whether the fault strikes it.
    fn note(&self, request: &Request) -> bool {
        let mut seen = self.shared.seen();
        if let Some(token) = &request.token
            && !seen.tokens.contains(token)
        {
            seen.tokens.push(token.clone());
        }
        if request.is_register() {
            if seen.under_way.contains(&request.path) {
                seen.overlaps.push(request.path.clone());
            }
            seen.registers.push(request.path.clone());
        }
        let struck = self.shared.trap.as_ref().is_some_and(|trap| {
            (trap.is_hit)(request, seen.written) && !(trap.once && seen.struck > 0)
        });
        seen.struck += usize::from(struck);
        seen.written |= request.is_write();
        struck
    }

    /// Hands a request on; `None` if the platform closed the connection instead of answering.
    async fn forward(&self, request: &Request) -> Option<Answer> {
        if request.is_register() {
            self.shared.seen().under_way.push(request.path.clone());
        }
        let answer = async {
            let mut upstream = TcpStream::connect(&self.upstream).await.ok()?;
            upstream.write_all(&request.bytes()).await.ok()?;
            let mut bytes = Vec::new();
            upstream.read_to_end(&mut bytes).await.ok()?;
            Answer::parse(&bytes)
        }
        .await;
        let mut seen = self.shared.seen();
        if let Some(at) = seen.under_way.iter().position(|path| *path == request.path) {
            seen.under_way.remove(at);
        }
        answer
    }
}

/// Sends an answer piece by piece.
async fn play(client: &mut TcpStream, pieces: Vec<Piece>) -> Next {
    for piece in pieces {
        match piece {
            Piece::Bytes(bytes) => {
                if client.write_all(&bytes).await.is_err() {
                    return Next::Close;
                }
            }
            Piece::Wait(time) => tokio::time::sleep(time).await,
            Piece::Close => return Next::Close,
            Piece::Reset | Piece::Shut => {
                client.set_zero_linger().unwrap();
                return Next::Close;
            }
            Piece::Silence => {
                // Until the client goes.
                let mut rest = [0; 64];
                while client.read(&mut rest).await.is_ok_and(|read| read > 0) {}
                return Next::Close;
            }
        }
    }
    Next::KeepAlive
}

fn reset(client: TcpStream) {
    client.set_zero_linger().unwrap();
}
