//! One server's own health question, and signing in as the portal's page does.
//!
//! Each of the four answers something that needs no account: auth-server its login route (a name that
//! nobody has gets a refusal in the platform's own shape, out of its database), core `route-items`
//! (which reads its database), the gateway its own `route-items`, the portal `/`
//! (`docs/platform/gateway.md#health-and-version`).

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::endpoints;
use super::login::{NoToken, SignInResult, get, login, names_a_database, sign_in};
use super::request::{ApiRequest, RawAnswer, Replay};
use super::retry::RetryPolicy;
use super::token::{Identity, SeedTokens, SigningKey};
use super::transport::{Credentials, Limits, Transport, TransportError, TransportSettings, Trust};
use super::wire::{EnvelopeResult, Expect, decode, excerpt, read_envelope};
use crate::domain::{Address, FailureCause, FailureKind, InstanceIdentity, Side, TlsSetupFault};
use crate::secret::Secret;

/// Longest wait for an answer to a health question.
const PATIENCE: Duration = Duration::from_secs(5);
/// Largest answer that is taken: a list of routes, a page.
const BODY_CAP: usize = 4 * 1024 * 1024;
/// A name that nobody has.
const NOBODY: &str = "wecubectl-health-question";

/// What a server is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthQuestion {
    /// auth-server's login route.
    Auth,
    /// core's routes, then its version with a token.
    Core,
    /// The gateway's routes.
    Gateway,
    /// The portal's page.
    Portal,
    /// The portal's page, and core through portal and gateway.
    Through,
}

/// What it answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HealthAnswer {
    /// As it must; core with its version.
    Healthy {
        /// Version that core says, if it was asked with a token.
        version: Option<String>,
    },
    /// Nobody answers.
    Silent(FailureCause),
    /// Somebody answers, but not as it must.
    Wrong(FailureCause),
}

/// What became of signing in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// Signed in.
    Ok {
        /// Whether the password was sent encrypted (v4.2.0 and later want it).
        encrypted: bool,
    },
    /// The platform said no.
    Refused(FailureCause),
    /// It could not be asked.
    NotAsked(FailureCause),
}

/// One server, asked without an instance around it.
pub struct Health {
    transport: Transport,
    has_key: bool,
}

impl Health {
    /// A server by its address. With a key core is asked for its version too.
    pub fn new(
        address: &Address,
        trust: &Trust,
        key: Option<SigningKey>,
    ) -> Result<Self, TlsSetupFault> {
        let identity = InstanceIdentity {
            side: Side::New,
            core: address.clone(),
            gateway: address.clone(),
            portals: vec![address.clone()],
        };
        let has_key = key.is_some();
        let credentials: Arc<dyn Credentials> = match key {
            Some(key) => Arc::new(SeedTokens::new(key, Identity::default())),
            None => Arc::new(NoToken),
        };
        let settings = TransportSettings {
            identity: &identity,
            trust,
            limits: Limits::read(PATIENCE, BODY_CAP),
            policy: RetryPolicy::default(),
            deadline: None,
        };
        Ok(Self {
            transport: Transport::new(&settings, credentials)?,
            has_key,
        })
    }

    /// Asks once.
    pub async fn ask(&self, question: HealthQuestion) -> HealthAnswer {
        let answer = match question {
            HealthQuestion::Auth => self.login_route().await,
            HealthQuestion::Core => self.core(Expect::Core).await,
            HealthQuestion::Gateway => self
                .list(
                    "gateway.route_items",
                    "/gateway/v1/route-items",
                    Expect::Gateway,
                )
                .await
                .map(|()| None),
            HealthQuestion::Portal => self.page().await.map(|()| None),
            HealthQuestion::Through => match self.page().await {
                Ok(()) => self.core(Expect::Through).await,
                Err(answer) => Err(answer),
            },
        };
        match answer {
            Ok(version) => HealthAnswer::Healthy { version },
            Err(answer) => answer,
        }
    }

    async fn login_route(&self) -> Result<Option<String>, HealthAnswer> {
        let body = json!({"username": NOBODY, "password": NOBODY});
        let answer = self.call(&login(body)).await.map_err(silent)?;
        match read_envelope(&answer, Expect::Core) {
            EnvelopeResult::Ok(_) => Ok(None),
            EnvelopeResult::Refused { message, .. } => {
                if names_a_database(&message) {
                    Err(HealthAnswer::Wrong(FailureCause::Said(excerpt(&message))))
                } else {
                    Ok(None)
                }
            }
            EnvelopeResult::Foreign { cause, .. } => Err(HealthAnswer::Wrong(cause)),
        }
    }

    async fn core(&self, expect: Expect) -> Result<Option<String>, HealthAnswer> {
        self.list("route_items", "/platform/v1/route-items", expect)
            .await?;
        if !self.has_key {
            return Ok(None);
        }
        let request = ApiRequest {
            replay: Replay::Never,
            ..endpoints::version(true)
        };
        let answer = self.call(&request).await.map_err(silent)?;
        let data = decode(request.op, "", &answer, expect)
            .map_err(|failure| HealthAnswer::Wrong(failure.cause))?;
        Ok(serde_json::from_str(data).ok())
    }

    /// Whether an answer of the platform is a list.
    async fn list(&self, op: &'static str, path: &str, expect: Expect) -> Result<(), HealthAnswer> {
        let answer = self.call(&get(op, path)).await.map_err(silent)?;
        let data = decode(op, path, &answer, expect)
            .map_err(|failure| HealthAnswer::Wrong(failure.cause))?;
        if data.starts_with('[') || data == "null" {
            Ok(())
        } else {
            Err(HealthAnswer::Wrong(FailureCause::Said(excerpt(data))))
        }
    }

    async fn page(&self) -> Result<(), HealthAnswer> {
        let answer = self.call(&get("portal.home", "/")).await.map_err(silent)?;
        let kind = answer.content_type.as_deref().unwrap_or_default();
        if answer.status == 200 && kind.contains("text/html") && !answer.body.is_empty() {
            return Ok(());
        }
        let words = format!("HTTP {}, {kind}", answer.status);
        Err(HealthAnswer::Wrong(FailureCause::Said(excerpt(&words))))
    }

    /// Signs in as the portal's page does: encrypted where the platform gives a key for it.
    pub async fn sign_in(&self, user: &str, password: &Secret) -> SignIn {
        match sign_in(&self.transport, user, password).await {
            SignInResult::Ok { encrypted, .. } => SignIn::Ok { encrypted },
            SignInResult::Refused(cause) => SignIn::Refused(cause),
            SignInResult::NotAsked { cause, .. } => SignIn::NotAsked(cause),
        }
    }

    async fn call(&self, request: &ApiRequest) -> Result<RawAnswer, TransportError> {
        self.transport.call(request).await
    }
}

fn silent(error: TransportError) -> HealthAnswer {
    match error.kind() {
        FailureKind::Unreachable | FailureKind::NoAnswer => HealthAnswer::Silent(error.cause),
        _ => HealthAnswer::Wrong(error.cause),
    }
}
