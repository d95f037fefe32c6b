//! Whom to trust: the system's authorities, certificates of the operator's, or anybody; and who we are.
//!
//! The crypto provider (ring) is put into this configuration, not installed for the whole process.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier as Platform;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use crate::domain::TlsSetupFault;
use crate::names::socket_addresses;
use crate::secret::Secret;

/// Whom to trust, and who we are.
#[derive(Clone, Default)]
pub struct Trust {
    /// Whom to trust.
    pub authorities: Authorities,
    /// The client's own certificate, if the servers want one.
    pub client: Option<ClientCertificate>,
}

impl Trust {
    /// The system's authorities, without a client certificate.
    pub const SYSTEM: Self = Self {
        authorities: Authorities::System,
        client: None,
    };
}

/// Whom to trust.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Authorities {
    /// The system's authorities.
    #[default]
    System,
    /// These too, and these certificates themselves: the bytes of a PEM file (`--ca-file`).
    WithCa(Vec<u8>),
    /// Any certificate (`--insecure`).
    AnyCertificate,
}

/// A client certificate with its chain, and its key (`--client-cert`, `--client-key`).
#[derive(Clone)]
pub struct ClientCertificate {
    /// PEM of the certificates.
    pub chain: Vec<u8>,
    /// PEM of the key.
    pub key: Secret,
}

/// The TLS configuration. The system's authorities are read only if an address needs them
/// (`wanted`): a machine without any can still speak plain HTTP.
pub(super) fn config(trust: &Trust, wanted: TlsWanted) -> Result<ClientConfig, TlsSetupFault> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| TlsSetupFault::Setup(error.to_string()))?;
    let given = match &trust.authorities {
        Authorities::WithCa(pem) => certificates(pem)?,
        _ => Vec::new(),
    };
    let any = trust.authorities == Authorities::AnyCertificate;
    let builder = if wanted == TlsWanted::No && !any {
        builder.with_root_certificates(RootCertStore::empty())
    } else {
        let platform = || Platform::new_with_extra_roots(given.clone(), Arc::clone(&provider));
        let platform = (!any).then(platform).transpose();
        let platform = platform.map_err(|error| TlsSetupFault::Setup(error.to_string()))?;
        let verifier = Verifier {
            provider,
            given,
            platform,
        };
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
    };
    let Some(client) = &trust.client else {
        return Ok(builder.with_no_client_auth());
    };
    let chain = CertificateDer::pem_slice_iter(&client.chain).collect::<Result<Vec<_>, _>>();
    let key = PrivateKeyDer::from_pem_slice(client.key.expose().as_bytes());
    // The library's words on a key could hold some of it.
    let (Ok(chain), Ok(key)) = (chain, key) else {
        return Err(TlsSetupFault::ClientCertificate);
    };
    builder
        .with_client_auth_cert(chain, key)
        .map_err(|_| TlsSetupFault::ClientCertificate)
}

/// Whether any address of an instance is `https`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TlsWanted {
    /// One is.
    Yes,
    /// None is.
    No,
}

/// Whether the port of an `http` address answers a TLS greeting.
pub(super) async fn is_spoken(url: &Url) -> bool {
    matches!(
        timeout(PROBE, first_byte(url)).await,
        Ok(Some(ALERT | HANDSHAKE))
    )
}

const PROBE: Duration = Duration::from_secs(2);
/// The first byte of a TLS record.
const ALERT: u8 = 0x15;
const HANDSHAKE: u8 = 0x16;

async fn first_byte(url: &Url) -> Option<u8> {
    let (host, port) = (url.host_str()?, url.port_or_known_default()?);
    let host = host.trim_matches(['[', ']']);
    let name = ServerName::try_from(host.to_owned()).ok()?;
    let config = config(&Trust::SYSTEM, TlsWanted::No).ok()?;
    let mut greeting = Vec::new();
    rustls::ClientConnection::new(Arc::new(config), name)
        .ok()?
        .write_tls(&mut greeting)
        .ok()?;
    let addresses = socket_addresses(host, port).await.ok()?;
    let mut stream = TcpStream::connect(&*addresses).await.ok()?;
    stream.write_all(&greeting).await.ok()?;
    stream.read_u8().await.ok()
}

/// Every certificate of a PEM file.
fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsSetupFault> {
    let mut store = RootCertStore::empty();
    let mut found = Vec::new();
    for (index, read) in CertificateDer::pem_slice_iter(pem).enumerate() {
        let bad = |reason: String| TlsSetupFault::BadCertificate {
            number: index + 1,
            reason,
        };
        let certificate = read.map_err(|error| bad(error.to_string()))?;
        store
            .add(certificate.clone())
            .map_err(|error| bad(error.to_string()))?;
        found.push(certificate);
    }
    if found.is_empty() {
        return Err(TlsSetupFault::NoCertificate);
    }
    Ok(found)
}

/// Asks the platform's verifier, and takes a certificate that was given itself: a server's own is no
/// authority, although nobody else signed it.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    given: Vec<CertificateDer<'static>>,
    /// `None` with `--insecure`: any certificate does, but its key must be the server's.
    platform: Option<Platform>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        use rustls::{CertificateError as Bad, Error};
        let Some(platform) = &self.platform else {
            return Ok(ServerCertVerified::assertion());
        };
        let verified =
            platform.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match verified {
            Err(Error::InvalidCertificate(
                Bad::Expired
                | Bad::ExpiredContext { .. }
                | Bad::NotValidYet
                | Bad::NotValidYetContext { .. },
            )) => verified,
            Err(Error::InvalidCertificate(_)) if self.given.contains(end_entity) => {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            _ => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
