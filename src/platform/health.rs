//! One server's own health question, and signing in as the portal's page does.
//!
//! Each of the four answers something that needs no account: auth-server its login route (a name that
//! nobody has gets a refusal in the platform's own shape, out of its database), core `route-items`
//! (which reads its database), the gateway its own `route-items`, the portal `/`
//! (`portal-plugins-and-peers.md`, B; `api.md`, 1.6 and 1.7).

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockEncryptMut as _, KeyIvInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::endpoints;
use super::request::{ApiRequest, Body, Method, RawAnswer, Replay, Via};
use super::retry::RetryPolicy;
use super::token::{Identity, SeedTokens, SigningKey};
use super::transport::{
    BearerFuture, Credentials, Freshness, Limits, TlsError, Transport, TransportError,
    TransportSettings, Trust,
};
use super::wire::{Expect, Judgement, decode, excerpt, judge};
use crate::domain::{Address, FailureKind, InstanceIdentity, Side};
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
        /// Version that core says, where it was asked with a token.
        version: Option<String>,
    },
    /// Nobody answers, in one line.
    Silent(String),
    /// Somebody answers, but not as it must, in one line.
    Wrong(String),
}

/// What became of signing in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// Signed in.
    Ok {
        /// Whether the password was sent encrypted (v4.2.0 and later want it).
        encrypted: bool,
    },
    /// The platform said no, in its words.
    Refused(String),
    /// It could not be asked.
    NotAsked(String),
}

/// One server, asked without an instance around it.
pub struct Health {
    transport: Transport,
    has_key: bool,
}

/// Nobody to sign for.
struct NoToken;

impl Credentials for NoToken {
    fn bearer(&self, _: Freshness) -> BearerFuture<'_> {
        Box::pin(async { Err("no seed is known".to_owned()) })
    }

    fn learn(&self, _: SystemTime, _: SystemTime, _: SystemTime) {}
}

impl Health {
    /// A server by its address. With a key core is asked for its version too.
    pub fn new(
        address: &Address,
        trust: &Trust,
        key: Option<SigningKey>,
    ) -> Result<Self, TlsError> {
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
                .data(
                    "gateway.route_items",
                    "/gateway/v1/route-items",
                    Expect::Gateway,
                )
                .await
                .map(|_| None),
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
        match judge(&answer, Expect::Core) {
            Judgement::Ok(_) => Ok(None),
            Judgement::Refused { message, .. } => {
                if names_a_database(&message) {
                    Err(HealthAnswer::Wrong(excerpt(&message)))
                } else {
                    Ok(None)
                }
            }
            Judgement::Foreign { detail, .. } => Err(HealthAnswer::Wrong(detail)),
        }
    }

    async fn core(&self, expect: Expect) -> Result<Option<String>, HealthAnswer> {
        self.data("route_items", "/platform/v1/route-items", expect)
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
            .map_err(|failure| HealthAnswer::Wrong(failure.detail))?;
        Ok(data.as_str().map(ToOwned::to_owned))
    }

    /// The list of an answer of the platform.
    async fn data(
        &self,
        op: &'static str,
        path: &str,
        expect: Expect,
    ) -> Result<Value, HealthAnswer> {
        let answer = self.call(&get(op, path)).await.map_err(silent)?;
        let data = decode(op, path, &answer, expect)
            .map_err(|failure| HealthAnswer::Wrong(failure.detail))?;
        if data.is_array() || data.is_null() {
            Ok(data)
        } else {
            Err(HealthAnswer::Wrong(excerpt(&data.to_string())))
        }
    }

    async fn page(&self) -> Result<(), HealthAnswer> {
        let answer = self.call(&get("portal.home", "/")).await.map_err(silent)?;
        let kind = answer.content_type.as_deref().unwrap_or_default();
        if answer.status == 200 && kind.contains("text/html") && !answer.body.is_empty() {
            return Ok(());
        }
        let words = format!("HTTP {}, {kind}", answer.status);
        Err(HealthAnswer::Wrong(excerpt(&words)))
    }

    /// Signs in as the portal's page does: encrypted where the platform gives a key for it.
    pub async fn sign_in(&self, user: &str, password: &Secret) -> SignIn {
        let (seed, told) = match self.call(&get("auth.seed", "/auth/v1/api/seed")).await {
            Ok(answer) => (login_seed(&answer), answer.date),
            Err(error) => return SignIn::NotAsked(error.detail),
        };
        // The server takes the vector from its own clock.
        let now = told.unwrap_or_else(SystemTime::now);
        let now = now
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let encrypted = seed.and_then(|seed| encrypt(password, &seed, &iv(now.as_secs())));
        let sent = encrypted.as_deref().unwrap_or_else(|| password.expose());
        let body = json!({"username": user, "password": sent});
        let answer = match self.call(&login(body)).await {
            Ok(answer) => answer,
            Err(error) => return SignIn::NotAsked(error.detail),
        };
        match judge(&answer, Expect::Through) {
            Judgement::Ok(data) => {
                let tokens = data.as_array().into_iter().flatten();
                let signed = tokens.filter(|token| token["token"].is_string()).count() > 0;
                if signed {
                    SignIn::Ok {
                        encrypted: encrypted.is_some(),
                    }
                } else {
                    SignIn::NotAsked("the answer holds no token".to_owned())
                }
            }
            Judgement::Refused { message, .. } => SignIn::Refused(excerpt(&message)),
            Judgement::Foreign {
                kind: FailureKind::TokenRefused,
                detail,
            } => SignIn::Refused(detail),
            Judgement::Foreign { detail, .. } => SignIn::NotAsked(detail),
        }
    }

    async fn call(&self, request: &ApiRequest) -> Result<RawAnswer, TransportError> {
        self.transport.call(request).await
    }
}

fn silent(error: TransportError) -> HealthAnswer {
    match error.kind() {
        FailureKind::Unreachable | FailureKind::NoAnswer => HealthAnswer::Silent(error.detail),
        _ => HealthAnswer::Wrong(error.detail),
    }
}

fn get(op: &'static str, path: &str) -> ApiRequest {
    ApiRequest {
        op,
        via: Via::Core,
        method: Method::Get,
        path: path.to_owned(),
        query: Vec::new(),
        body: Body::None,
        unless: None,
        token: false,
        // Asked anew by who waits, each time on a connection of its own.
        replay: Replay::Never,
    }
}

fn login(body: Value) -> ApiRequest {
    ApiRequest {
        method: Method::Post,
        body: Body::Json(body),
        ..get("auth.login", "/auth/v1/api/login")
    }
}

/// Words of Go's database driver and of `MySQL` in a refusal of auth-server.
fn names_a_database(message: &str) -> bool {
    let message = message.to_lowercase();
    let words = [
        "dial tcp",
        "connection refused",
        "bad connection",
        "invalid connection",
        "access denied for user",
        "unknown database",
        "doesn't exist",
        "unknown column",
        "error 1",
    ];
    words.iter().any(|word| message.contains(word))
}

/// The key of `GET /auth/v1/api/seed`: sixteen characters, from v4.2.0 on.
fn login_seed(answer: &RawAnswer) -> Option<String> {
    match judge(answer, Expect::Through) {
        Judgement::Ok(Value::String(seed)) if seed.len() == 16 => Some(seed),
        _ => None,
    }
}

/// The initialisation vector of a moment: the hundred seconds that it is in, as sixteen digits.
fn iv(unix_seconds: u64) -> String {
    (unix_seconds / 100 * 100_000_000).to_string()
}

/// AES-128-CBC with PKCS 7, as Base64. The portal of v4.5.1 and later sends its vector too, which
/// v4.2.0 to v4.5.0 could not read; without one every version takes it from its own clock.
fn encrypt(password: &Secret, seed: &str, iv: &str) -> Option<String> {
    let encryptor = cbc::Encryptor::<aes::Aes128>::new_from_slices(seed.as_bytes(), iv.as_bytes());
    let sealed = encryptor
        .ok()?
        .encrypt_padded_vec_mut::<Pkcs7>(password.expose().as_bytes());
    Some(STANDARD.encode(sealed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_sealed_as_the_portal_seals_it() {
        assert_eq!(iv(1_763_884_799), "1763884700000000");
        // Made with: openssl enc -aes-128-cbc -K (hex of the seed) -iv (hex of the vector) -base64
        let sealed = encrypt(
            &Secret::new("WeCube@1234"),
            "0123456789abcdef",
            "1763884700000000",
        );
        assert_eq!(sealed.as_deref(), Some("z+ZJLM5ayK33GjC0bgQbrg=="));
        assert_eq!(
            encrypt(&Secret::new("x"), "short", "1763884700000000"),
            None
        );
    }

    #[test]
    fn a_database_that_is_down_is_told_from_a_wrong_password() {
        for (message, named) in [
            (
                "server error happened (Bad credential:bad password.)",
                false,
            ),
            ("server error happened (user not exist)", false),
            (
                "server error happened (dial tcp 10.0.0.9:3306: connect: connection refused)",
                true,
            ),
            (
                "server error happened (Error 1146: Table 'auth_server.auth_sys_user' doesn't exist)",
                true,
            ),
        ] {
            assert_eq!(names_a_database(message), named, "{message}");
        }
    }
}
