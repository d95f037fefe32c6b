//! A TLS server whose certificate no system trusts.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, Stream};

const CERTIFICATE: &[u8] = include_bytes!("../../../fixtures/tls/server.pem");
const KEY: &[u8] = include_bytes!("../../../fixtures/tls/server.key");

/// A server on loopback that answers each connection once; its thread ends with the test.
pub(in crate::platform) struct TlsServer {
    /// `https://127.0.0.1:PORT`.
    pub(in crate::platform) address: String,
}

impl TlsServer {
    /// The authority that signed its certificate, in PEM.
    pub(in crate::platform) const AUTHORITY: &'static [u8] =
        include_bytes!("../../../fixtures/tls/ca.pem");

    /// Starts it.
    pub(in crate::platform) fn start(answer: Vec<u8>) -> Self {
        Self::start_as(CERTIFICATE, KEY, None, answer)
    }

    /// Starts it with another certificate; with `clients` it wants one of that authority.
    pub(in crate::platform) fn start_as(
        certificate: &[u8],
        key: &[u8],
        clients: Option<&[u8]>,
        answer: Vec<u8>,
    ) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                let authority = CertificateDer::from_pem_slice(authority).unwrap();
                roots.add(authority).unwrap();
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let config = builder
            .with_single_cert(
                vec![CertificateDer::from_pem_slice(certificate).unwrap()],
                PrivateKeyDer::from_pem_slice(key).unwrap(),
            )
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("https://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let mut session = ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut tls = Stream::new(&mut session, &mut stream);
                let mut head = [0; 4096];
                if tls.read(&mut head).is_ok() {
                    drop(tls.write_all(&answer));
                    tls.conn.send_close_notify();
                    drop(tls.flush());
                }
            }
        });
        Self { address }
    }
}
