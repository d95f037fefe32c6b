//! Whom TLS trusts.

use crate::i18n::english;
use std::sync::Arc;

use tokio::io::AsyncWriteExt;

use super::{limits, policy, read};
use crate::domain::{FailureKind, TlsSetupFault};
use crate::platform::retry::{Fault, Sent};
use crate::platform::testing::{FakeCredentials, TlsServer, identity, json};
use crate::platform::transport::TransportError;
use crate::platform::transport::{Transport, TransportSettings, Trust};

async fn call(address: &str, trust: &Trust) -> Result<u16, TransportError> {
    let identity = identity(address, address, &[]);
    let settings = TransportSettings {
        identity: &identity,
        trust,
        limits: limits(),
        policy: policy(),
        deadline: None,
    };
    let transport = Transport::new(&settings, Arc::new(FakeCredentials::default())).unwrap();
    transport.call(&read()).await.map(|answer| answer.status)
}

#[tokio::test]
async fn a_certificate_is_trusted_by_its_authority_or_by_nobody_but_insecure() {
    let server = TlsServer::start(json("{}"));
    let ours = Trust::WithCa(TlsServer::AUTHORITY.to_vec());
    assert_eq!(call(&server.address, &ours).await, Ok(200));
    assert_eq!(call(&server.address, &Trust::AnyCertificate).await, Ok(200));

    // The server's own certificate is no authority.
    let other = Trust::WithCa(include_bytes!("../../../../fixtures/tls/server.pem").to_vec());
    let error = call(&server.address, &other).await.unwrap_err();
    assert_eq!(
        (error.fault, error.sent, error.attempts),
        (Fault::Tls, Sent::No, 1)
    );
    assert_eq!(error.kind(), FailureKind::Unreachable);
    assert!(
        english(&error.cause.message()).contains("certificate"),
        "{error:?}"
    );
}

#[tokio::test]
async fn tls_to_a_server_without_tls_is_a_tls_fault() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let plain = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await
            .unwrap();
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = plain => {}
        result = call(&address, &Trust::AnyCertificate) => {
            let error = result.unwrap_err();
            assert_eq!((error.fault, error.sent, error.attempts), (Fault::Tls, Sent::No, 1), "{error:?}");
        }
    }
}

#[test]
fn a_file_without_a_certificate_is_an_error_that_says_so() {
    let identity = identity("http://127.0.0.1:1", "http://127.0.0.1:1", &[]);
    let with = |pem: &[u8]| {
        let settings = TransportSettings {
            identity: &identity,
            trust: &Trust::WithCa(pem.to_vec()),
            limits: limits(),
            policy: policy(),
            deadline: None,
        };
        Transport::new(&settings, Arc::new(FakeCredentials::default())).err()
    };
    assert!(matches!(with(b"hello"), Some(TlsSetupFault::NoCertificate)));
    assert!(matches!(
        with(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        Some(TlsSetupFault::BadCertificate { number: 1, .. })
    ));
    assert!(with(TlsServer::AUTHORITY).is_none());
}
