//! Whom to trust: the system's authorities, an authority of the operator's, or anybody.
//!
//! The crypto provider (ring) is put into this configuration, not installed for the whole process.

use crate::domain::TlsSetupFault;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

/// Whom to trust.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// The system's authorities.
    #[default]
    System,
    /// These too: the bytes of a PEM file (`--ca-file`).
    WithCa(Vec<u8>),
    /// Any certificate (`--insecure`).
    AnyCertificate,
}

/// The TLS configuration. The system's authorities are read only where an address needs them
/// (`wanted`): a machine without any can still speak plain HTTP.
pub(super) fn config(trust: &Trust, wanted: TlsWanted) -> Result<ClientConfig, TlsSetupFault> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| TlsSetupFault::Setup(error.to_string()))?;
    let extra = match trust {
        Trust::System => Vec::new(),
        Trust::WithCa(pem) => certificates(pem)?,
        Trust::AnyCertificate => {
            let verifier = Arc::new(AcceptAnyCertificate { provider });
            return Ok(builder
                .dangerous()
                .with_custom_certificate_verifier(verifier)
                .with_no_client_auth());
        }
    };
    if wanted == TlsWanted::No {
        return Ok(builder
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth());
    }
    let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(extra, provider)
        .map_err(|error| TlsSetupFault::Setup(error.to_string()))?;
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

/// Whether any address of an instance is `https`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TlsWanted {
    /// One is.
    Yes,
    /// None is.
    No,
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

/// `--insecure`: takes any certificate, but still wants its key to be the server's.
#[derive(Debug)]
struct AcceptAnyCertificate {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AcceptAnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
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
