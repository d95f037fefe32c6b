//! Whom TLS trusts.

use crate::i18n::english;
use std::sync::Arc;

use tokio::io::AsyncWriteExt;

use super::{limits, policy, read};
use crate::domain::{FailureCause, FailureKind, ReadFailure, TlsFault, TlsSetupFault};
use crate::error::Failure as _;
use crate::platform::retry::{Fault, Sent};
use crate::platform::testing::{Act, FakeCredentials, RawServer, TlsServer, identity, json};
use crate::platform::transport::TransportError;
use crate::platform::transport::{
    Authorities, ClientCertificate, Transport, TransportSettings, Trust,
};
use crate::secret::Secret;

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

const SELF_SIGNED: &[u8] = include_bytes!("../../../../fixtures/tls/self-signed.pem");
const SELF_SIGNED_KEY: &[u8] = include_bytes!("../../../../fixtures/tls/self-signed.key");

fn given(pem: &[u8]) -> Trust {
    Trust {
        authorities: Authorities::WithCa(pem.to_vec()),
        client: None,
    }
}

fn any() -> Trust {
    Trust {
        authorities: Authorities::AnyCertificate,
        client: None,
    }
}

#[tokio::test]
async fn self_signed_certificate_is_trusted_if_it_was_given_and_has_the_name() {
    let server = TlsServer::start_as(SELF_SIGNED, SELF_SIGNED_KEY, None, json("{}"));
    let ours = given(SELF_SIGNED);
    assert_eq!(call(&server.address, &ours).await, Ok(200));
    let other_name = server.address.replace("127.0.0.1", "127.0.0.2");
    for trust in [&Trust::SYSTEM, &given(TlsServer::AUTHORITY)] {
        let error = call(&server.address, trust).await.unwrap_err();
        assert_eq!((error.fault, error.sent), (Fault::Tls, Sent::No));
        assert_eq!(error.cause, FailureCause::Tls(TlsFault::UnknownIssuer));
        let hints = ReadFailure::from(error).hints();
        assert!(english(&hints[0]).contains("--ca-file FILE"), "{hints:?}");
    }
    assert!(call(&other_name, &ours).await.is_err());
}

#[tokio::test]
async fn client_certificate_is_given_to_a_server_that_wants_one() {
    let clients = include_bytes!("../../../../fixtures/tls/client-ca.pem");
    let server = TlsServer::start_as(SELF_SIGNED, SELF_SIGNED_KEY, Some(clients), json("{}"));
    let error = call(&server.address, &given(SELF_SIGNED)).await;
    let cause = FailureCause::Tls(TlsFault::ClientCertificate);
    assert_eq!(error.unwrap_err().cause, cause);
    let with = |key: &str| Trust {
        client: Some(ClientCertificate {
            chain: include_bytes!("../../../../fixtures/tls/client.pem").to_vec(),
            key: Secret::new(key),
        }),
        ..given(SELF_SIGNED)
    };
    let key = include_str!("../../../../fixtures/tls/client.key");
    assert_eq!(call(&server.address, &with(key)).await, Ok(200));
    let identity = identity(&server.address, &server.address, &[]);
    let settings = TransportSettings {
        identity: &identity,
        trust: &with("no key"),
        limits: limits(),
        policy: policy(),
        deadline: None,
    };
    let credentials = Arc::new(FakeCredentials::default());
    let refused = Transport::new(&settings, credentials).err();
    assert_eq!(refused, Some(TlsSetupFault::ClientCertificate));
}

#[tokio::test]
async fn a_certificate_is_trusted_by_its_authority_or_by_nobody_but_insecure() {
    let server = TlsServer::start(json("{}"));
    let ours = given(TlsServer::AUTHORITY);
    assert_eq!(call(&server.address, &ours).await, Ok(200));
    assert_eq!(call(&server.address, &any()).await, Ok(200));

    let other = given(SELF_SIGNED);
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
    let any = any();
    tokio::select! {
        () = plain => {}
        result = call(&address, &any) => {
            let error = result.unwrap_err();
            assert_eq!((error.fault, error.sent, error.attempts), (Fault::Tls, Sent::No, 1), "{error:?}");
            assert_eq!(error.kind(), FailureKind::NotWecube);
            let hints = ReadFailure::from(error).hints();
            let other = address.replace("https", "http");
            assert!(english(&hints[0]).ends_with(&other), "{hints:?}");
        }
    }
}

#[tokio::test]
async fn http_to_a_server_with_tls_is_named_with_the_right_address() {
    let server = TlsServer::start(json("{}"));
    let address = server.address.replace("https", "http");
    let error = call(&address, &Trust::SYSTEM).await.unwrap_err();
    assert_eq!(error.cause.tls(), Some(&TlsFault::OnlyTls), "{error:?}");
    assert_eq!(error.kind(), FailureKind::NotWecube);
    let hints = ReadFailure::from(error).hints();
    assert!(english(&hints[0]).ends_with(&server.address), "{hints:?}");

    // A server that breaks connections is no TLS server.
    let server = RawServer::start([const { Act::Reset }; 5]).await;
    let error = call(&server.address, &Trust::SYSTEM).await.unwrap_err();
    assert_eq!(error.fault, Fault::Reset);
}

#[test]
fn a_file_without_a_certificate_is_an_error_that_says_so() {
    let identity = identity("http://127.0.0.1:1", "http://127.0.0.1:1", &[]);
    let with = |pem: &[u8]| {
        let settings = TransportSettings {
            identity: &identity,
            trust: &given(pem),
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
