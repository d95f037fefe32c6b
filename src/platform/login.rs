//! Signing in with user and password, as the portal's page does (`docs/platform/tokens.md#login-and-refresh`), and tokens from it.
//!
//! The calls go to auth-server through the gateway. From v4.2.0 on the password is sent sealed with a
//! key that auth-server tells; before that in the clear, as those versions want it.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockEncryptMut as _, KeyIvInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::request::{ApiRequest, Body, Method, RawAnswer, Replay, Via};
use super::retry::RetryPolicy;
use super::token::{ClockSkew, ServerClock};
use super::transport::{
    BearerFuture, Credentials, Freshness, Limits, Transport, TransportError, TransportSettings,
    Trust,
};
use super::wire::{EnvelopeResult, Expect, Rows, TokenDto, decode_data, excerpt, read_envelope};
use crate::domain::{
    Address, FailureCause, FailureKind, InstanceIdentity, ReadFailure, Side, TlsSetupFault,
};
use crate::i18n::Text;
use crate::secret::Secret;

/// Longest wait for an answer; auth-server reads its database for it.
const PATIENCE: Duration = Duration::from_secs(15);
/// Largest answer that is taken: two tokens with every authority of a user.
const BODY_CAP: usize = 1024 * 1024;
/// A token with less life left than this is replaced before it is used.
const RENEW_BELOW: Duration = Duration::from_secs(40);
/// How long a token is used where the answer does not say how long it lives.
const LIFE_UNTOLD: Duration = Duration::from_mins(1);
/// Calls that are refused at the same time share one new sign-in: a token that is younger than this is
/// not replaced because core refused it. Another one would be refused as well.
const JUST_MADE: Duration = Duration::from_secs(5);

/// Who signs in.
pub struct Account {
    user: String,
    password: Secret,
}

/// Why a login file holds no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountError {
    /// The first line is empty.
    NoUser,
    /// There is no second line, or nothing in it.
    NoPassword,
    /// There is something behind it.
    MoreLines,
}

impl AccountError {
    /// The error, for people.
    pub fn text(self) -> Text {
        match self {
            Self::NoUser => Text::new("platform-account-no-user"),
            Self::NoPassword => Text::new("platform-account-no-password"),
            Self::MoreLines => Text::new("platform-account-more-lines"),
        }
    }
}

impl Account {
    /// Reads a login file: the user in the first line, the password in the second, as it is.
    pub fn parse(file: &Secret) -> Result<Self, AccountError> {
        let mut lines = file.expose().split('\n');
        let mut line = || {
            lines
                .next()
                .map(|line| line.strip_suffix('\r').unwrap_or(line))
        };
        let user = line().unwrap_or_default().trim();
        let password = line().unwrap_or_default();
        if user.is_empty() {
            return Err(AccountError::NoUser);
        }
        if password.is_empty() {
            return Err(AccountError::NoPassword);
        }
        if lines.any(|line| !line.trim().is_empty()) {
            return Err(AccountError::MoreLines);
        }
        Ok(Self {
            user: user.to_owned(),
            password: Secret::new(password),
        })
    }
}

/// What became of signing in.
pub(super) enum SignInResult {
    /// Signed in.
    Ok {
        /// The access token.
        token: SecretString,
        /// How long it lives from now on.
        life: Duration,
        /// Whether the password was sent sealed.
        encrypted: bool,
    },
    /// The platform said no.
    Refused(FailureCause),
    /// It could not be asked, or answered something else.
    NotAsked {
        /// Why.
        kind: FailureKind,
        /// Why exactly.
        cause: FailureCause,
    },
}

/// Signs in through an address that forwards to auth-server (`Via::Core` of that transport).
pub(super) async fn sign_in(transport: &Transport, user: &str, password: &Secret) -> SignInResult {
    let seed = match transport.call(&get("auth.seed", "/auth/v1/api/seed")).await {
        Ok(answer) => answer,
        Err(error) => return not_asked(error.kind(), error.cause),
    };
    let key = login_seed(&seed);
    let asked_at = server_time(&seed);
    let first = send(transport, user, password, key.as_deref(), asked_at).await;
    // The hundred seconds of the vector ended on the way, so that it could not be read.
    let late = |answer: &RawAnswer| {
        let refused = matches!(
            read_envelope(answer, Expect::Through),
            EnvelopeResult::Refused { .. }
        );
        key.is_some() && refused && iv(asked_at) != iv(server_time(answer))
    };
    let answer = match first {
        Ok(answer) if late(&answer) => {
            let now = server_time(&answer);
            send(transport, user, password, key.as_deref(), now).await
        }
        answer => answer,
    };
    match answer {
        Ok(answer) => granted(&answer, key.is_some()),
        Err(error) => not_asked(error.kind(), error.cause),
    }
}

/// Sends the password, sealed if there is a key for it. The server takes the vector from its own
/// clock, so `at` is the server's time in seconds since 1970.
async fn send(
    transport: &Transport,
    user: &str,
    password: &Secret,
    key: Option<&str>,
    at: u64,
) -> Result<RawAnswer, TransportError> {
    let sealed = key.and_then(|key| encrypt(password, key, &iv(at)));
    let sent = sealed.as_deref().unwrap_or_else(|| password.expose());
    let request = login(json!({"username": user, "password": sent}));
    transport.call(&request).await
}

/// The server's time as its answer tells it, else ours, in seconds since 1970.
fn server_time(answer: &RawAnswer) -> u64 {
    let time = answer.date.unwrap_or_else(SystemTime::now);
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

/// Reads the answer to a password.
fn granted(answer: &RawAnswer, encrypted: bool) -> SignInResult {
    match read_envelope(answer, Expect::Through) {
        EnvelopeResult::Ok(data) => match access_token(data) {
            Some((token, expires)) => SignInResult::Ok {
                token,
                life: life(expires.as_deref(), answer.date),
                encrypted,
            },
            None => not_asked(FailureKind::NotWecube, FailureCause::NoAccessToken),
        },
        // auth-server without its database says it in a refusal: that is no word on the password.
        EnvelopeResult::Refused { message, .. } if names_a_database(&message) => not_asked(
            FailureKind::ServerError,
            FailureCause::Said(excerpt(&message)),
        ),
        EnvelopeResult::Refused { message, .. } => {
            SignInResult::Refused(FailureCause::Said(excerpt(&message)))
        }
        EnvelopeResult::Foreign {
            kind: FailureKind::TokenRefused,
            cause,
        } => SignInResult::Refused(cause),
        EnvelopeResult::Foreign { kind, cause } => not_asked(kind, cause),
    }
}

/// Words of Go's database driver and of `MySQL` in a refusal of auth-server.
pub(super) fn names_a_database(message: &str) -> bool {
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

fn not_asked(kind: FailureKind, cause: FailureCause) -> SignInResult {
    SignInResult::NotAsked { kind, cause }
}

/// The access token and when it expires. v3 lists the refresh token first, v4 the access token; an
/// entry of v4 may be null.
fn access_token(data: &str) -> Option<(SecretString, Option<String>)> {
    let Rows(tokens) = decode_data::<Rows<Option<TokenDto>>>("", "", data).ok()?;
    let mut tokens = tokens.into_iter().flatten();
    tokens.find_map(TokenDto::into_access_token)
}

/// How long a token lives: `expiration` counts milliseconds on v3 and seconds on v4, by the server's
/// clock.
fn life(expires: Option<&str>, server_now: Option<SystemTime>) -> Duration {
    const FIRST_IN_MILLISECONDS: u64 = 100_000_000_000;
    let told = expires.and_then(|text| text.trim().parse::<u64>().ok());
    let until = told.map(|told| {
        if told >= FIRST_IN_MILLISECONDS {
            Duration::from_millis(told)
        } else {
            Duration::from_secs(told)
        }
    });
    let now = server_now.unwrap_or_else(SystemTime::now);
    let now = now.duration_since(SystemTime::UNIX_EPOCH).ok();
    match (until, now) {
        (Some(until), Some(now)) => until.saturating_sub(now),
        _ => LIFE_UNTOLD,
    }
}

/// A GET without a token, asked once.
pub(super) fn get(op: &'static str, path: &str) -> ApiRequest {
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

/// A login; never sent twice by itself: accounts are locked by wrong ones.
pub(super) fn login(body: Value) -> ApiRequest {
    ApiRequest {
        method: Method::Post,
        body: Body::Json(body),
        ..get("auth.login", "/auth/v1/api/login")
    }
}

/// The key of `GET /auth/v1/api/seed`: sixteen characters, from v4.2.0 on.
fn login_seed(answer: &RawAnswer) -> Option<String> {
    match read_envelope(answer, Expect::Through) {
        EnvelopeResult::Ok(data) => {
            let seed: String = serde_json::from_str(data).ok()?;
            (seed.len() == 16).then_some(seed)
        }
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

/// Nobody to sign for.
pub(super) struct NoToken;

impl Credentials for NoToken {
    fn bearer(&self, _: Freshness) -> BearerFuture<'_> {
        Box::pin(async { Err(FailureCause::NoSeed) })
    }

    fn learn(&self, _: SystemTime, _: SystemTime, _: SystemTime) {}
}

/// The tokens of a user, from signing in at one instance. The password goes to that instance's gateway
/// and nowhere else.
pub struct UserTokens {
    account: Account,
    transport: Transport,
    target: String,
    clock: ServerClock,
    state: Mutex<State>,
}

enum State {
    New,
    Held {
        token: SecretString,
        made: Instant,
        good_until: Instant,
    },
    /// Said once; asked again, the account might be locked.
    Refused(ReadFailure),
}

impl UserTokens {
    /// For an account of the instance behind a gateway; nothing is sent.
    pub fn new(account: Account, gateway: &Address, trust: &Trust) -> Result<Self, TlsSetupFault> {
        let identity = InstanceIdentity {
            side: Side::New,
            core: gateway.clone(),
            gateway: gateway.clone(),
            portals: Vec::new(),
        };
        let settings = TransportSettings {
            identity: &identity,
            trust,
            limits: Limits::read(PATIENCE, BODY_CAP),
            policy: RetryPolicy::default(),
            deadline: None,
        };
        let transport = Transport::new(&settings, Arc::new(NoToken))?;
        let target = transport.target(&login(Value::Null));
        Ok(Self {
            account,
            transport,
            target,
            clock: ServerClock::default(),
            state: Mutex::new(State::New),
        })
    }

    /// Signs in, unless that was done. What the platform refused once is not asked again.
    pub async fn sign_in(&self) -> Result<(), ReadFailure> {
        self.bearer_or_failure(Freshness::Current).await.map(drop)
    }

    /// Calls that were made so far.
    pub(super) fn calls(&self) -> u64 {
        self.transport.calls()
    }

    /// Server clock minus ours in seconds, if a `Date` was seen.
    pub(super) fn clock_offset_s(&self) -> Option<i64> {
        self.clock.offset_s()
    }

    /// The difference between the clocks, if the operator should know of it.
    pub(super) fn skew(&self) -> Option<ClockSkew> {
        self.clock.skew()
    }

    async fn bearer_or_failure(&self, freshness: Freshness) -> Result<SecretString, ReadFailure> {
        // Held while signing in: whoever asks meanwhile shares what comes of it.
        let mut state = self.state.lock().await;
        let now = Instant::now();
        match &*state {
            State::Refused(failure) => return Err(failure.clone()),
            State::Held {
                token,
                made,
                good_until,
            } => {
                let wanted = match freshness {
                    Freshness::Current => now < *good_until,
                    Freshness::New => now.duration_since(*made) < JUST_MADE,
                };
                if wanted {
                    return Ok(token.clone());
                }
            }
            State::New => {}
        }
        let (user, password) = (&self.account.user, &self.account.password);
        let failure = |kind, cause| ReadFailure {
            kind,
            operation: "auth.login",
            target: self.target.clone(),
            cause,
        };
        match sign_in(&self.transport, user, password).await {
            SignInResult::Ok { token, life, .. } => {
                let made = Instant::now();
                *state = State::Held {
                    token: token.clone(),
                    made,
                    good_until: made + life.saturating_sub(RENEW_BELOW).max(JUST_MADE),
                };
                Ok(token)
            }
            SignInResult::Refused(cause) => {
                let refused = failure(FailureKind::TokenRefused, cause);
                *state = State::Refused(refused.clone());
                Err(refused)
            }
            SignInResult::NotAsked { kind, cause } => Err(failure(kind, cause)),
        }
    }
}

impl Credentials for UserTokens {
    fn bearer(&self, freshness: Freshness) -> BearerFuture<'_> {
        let making: std::pin::Pin<Box<dyn Future<Output = _> + Send>> =
            Box::pin(self.bearer_or_failure(freshness));
        Box::pin(async move { making.await.map_err(|failure: ReadFailure| failure.cause) })
    }

    fn learn(&self, told: SystemTime, asked_at: SystemTime, heard_at: SystemTime) {
        self.clock.learn(told, asked_at, heard_at);
    }
}

#[cfg(test)]
mod tests;
