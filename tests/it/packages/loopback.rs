//! Servers on loopback for a program in a root of its own: TLS before a simulated service, and a name
//! server.

use std::net::UdpSocket;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Certificate (`.pem`) or key (`.key`) of `core.bank.example` and `db.bank.example`.
pub(super) fn named(end: &str) -> PathBuf {
    super::root().join("fixtures/tls/named").with_extension(end)
}

/// Speaks TLS and hands everything on to a port of loopback: its own port. It ends with the runtime.
pub(super) async fn tls_before(plain: u16) -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_file(named("pem")).unwrap()],
            PrivateKeyDer::from_pem_file(named("key")).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut outside) = acceptor.accept(stream).await else {
                    return;
                };
                let mut inside = TcpStream::connect(("127.0.0.1", plain)).await.unwrap();
                let _cut_off = copy_bidirectional(&mut outside, &mut inside).await;
            });
        }
    });
    port
}

/// A name server on port 53 of this address: it says that every NAME.bank.example is 127.0.0.1, and
/// that no other name exists. Needs root; it ends with the test's process.
pub(super) fn name_server(address: &str) {
    let socket = UdpSocket::bind((address, 53)).unwrap();
    std::thread::spawn(move || {
        let mut question = [0; 1024];
        while let Ok((length, from)) = socket.recv_from(&mut question) {
            // An empty datagram only asks whether somebody listens.
            if length == 0 {
                continue;
            }
            socket.send_to(&answer(&question[..length]), from).unwrap();
        }
    });
}

/// The answer to a question with one name (RFC 1035, section 4).
fn answer(question: &[u8]) -> Vec<u8> {
    const HEADER: usize = 12;
    const IPV4: [u8; 2] = [0, 1];
    let name = question[HEADER..]
        .iter()
        .position(|byte| *byte == 0)
        .unwrap()
        + 1;
    let end = HEADER + name + 4;
    let first = 1 + usize::from(question[HEADER]);
    let known = question[HEADER + first..HEADER + name] == *b"\x04bank\x07example\0";
    let wants_ipv4 = question[end - 4..end - 2] == IPV4;
    let found = known && wants_ipv4;
    let mut answer = question[..2].to_vec();
    // A response; recursion asked for and available; code 3 is "no such name".
    answer.extend([0x81, if known { 0x80 } else { 0x83 }]);
    answer.extend([0, 1, 0, u8::from(found), 0, 0, 0, 0]);
    answer.extend(&question[HEADER..end]);
    if found {
        // The name of the question, an IPv4 address, for a minute.
        answer.extend([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
    }
    answer
}
