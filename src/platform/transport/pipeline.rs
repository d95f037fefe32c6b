//! The pipeline itself. Read [`Transport::call_within`] from top to bottom: it is the written order.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, HeaderName, HeaderValue, IF_NONE_MATCH,
};
use secrecy::ExposeSecret;
use tokio::time::{Instant, sleep, timeout_at};
use url::Url;

use super::attempt::{TimedResponse, attempt};
use super::client::Clients;
use super::concurrency::ConcurrencyLimits;
use super::credentials::{Credentials, Freshness};
use super::error::{AttemptError, TransportError};
use super::limits::Limits;
use super::mask::Mask;
use super::origin::Origins;
use super::tls::{self, TlsWanted, Trust};
use crate::domain::{FailureCause, InstanceIdentity, TlsFault, TlsSetupFault};
use crate::platform::request::{ApiRequest, Body, Method, RawAnswer, Replay, Via};
use crate::platform::retry::{
    Attempt, AttemptResult, Fault, RetryDecision, RetryPolicy, TokenUse, retry_after,
};
use crate::platform::wire::envelope::is_core_token_refusal;

/// The header that both v4 generations write into their access log.
const REQUEST_ID: HeaderName = HeaderName::from_static("requestid");

/// What a transport is built from.
pub(in crate::platform) struct TransportSettings<'a> {
    /// Where the instance answers.
    pub(in crate::platform) identity: &'a InstanceIdentity,
    /// Whom to trust.
    pub(in crate::platform) trust: &'a Trust,
    /// Times and sizes of a read.
    pub(in crate::platform) limits: Limits,
    /// When calls are sent again.
    pub(in crate::platform) policy: RetryPolicy,
    /// The end of the run, which all calls share.
    pub(in crate::platform) deadline: Option<Instant>,
}

/// All calls of one instance.
pub(in crate::platform) struct Transport {
    clients: Clients,
    origins: Origins,
    concurrency: ConcurrencyLimits,
    limits: Limits,
    policy: RetryPolicy,
    credentials: Arc<dyn Credentials>,
    /// The last token, and what hides it.
    mask: Mutex<Option<(HeaderValue, Arc<Mask>)>>,
    run: String,
    calls: AtomicU64,
    core_refusals: AtomicU64,
    deadline: Option<Instant>,
    is_deadline_lifted: AtomicBool,
}

impl Transport {
    /// Sets a transport up; nothing is sent.
    pub(in crate::platform) fn new(
        settings: &TransportSettings<'_>,
        credentials: Arc<dyn Credentials>,
    ) -> Result<Self, TlsSetupFault> {
        let origins = Origins::new(settings.identity)
            .map_err(|error| TlsSetupFault::Setup(error.to_string()))?;
        let wanted = if origins.all().any(|url| url.scheme() == "https") {
            TlsWanted::Yes
        } else {
            TlsWanted::No
        };
        let config = tls::config(settings.trust, wanted)?;
        Ok(Self {
            clients: Clients::build(&config, settings.limits.connect)
                .map_err(|error| TlsSetupFault::Setup(error.to_string()))?,
            concurrency: ConcurrencyLimits::new(settings.identity.portals.len()),
            origins,
            limits: settings.limits,
            policy: settings.policy,
            credentials,
            mask: Mutex::default(),
            run: format!("wecubectl-{:08x}", fastrand::u32(..)),
            calls: AtomicU64::new(0),
            core_refusals: AtomicU64::new(0),
            deadline: settings.deadline,
            is_deadline_lifted: AtomicBool::new(false),
        })
    }

    /// The origins that this transport calls.
    pub(in crate::platform) fn origins(&self) -> &Origins {
        &self.origins
    }

    /// Method and address of a request, for errors.
    pub(in crate::platform) fn target(&self, request: &ApiRequest) -> String {
        let address = self.origins.address(request);
        let address = address.map(String::from).unwrap_or_default();
        format!("{} {address}", method(request.method))
    }

    /// Calls that were made so far.
    pub(in crate::platform) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// How often the address of core refused a connection.
    pub(in crate::platform) fn core_refusals(&self) -> u64 {
        self.core_refusals.load(Ordering::Relaxed)
    }

    /// From now on no call is cut off by the end of the run: something is being written.
    pub(in crate::platform) fn lift_deadline(&self) {
        self.is_deadline_lifted.store(true, Ordering::Relaxed);
    }

    fn deadline(&self) -> Option<Instant> {
        let is_lifted = self.is_deadline_lifted.load(Ordering::Relaxed);
        self.deadline.filter(|_| !is_lifted)
    }

    /// Times and sizes of a read.
    pub(in crate::platform) fn limits(&self) -> Limits {
        self.limits
    }

    /// Makes a call within the limits of a read.
    pub(in crate::platform) async fn call(
        &self,
        request: &ApiRequest,
    ) -> Result<RawAnswer, TransportError> {
        self.call_within(request, &self.limits).await
    }

    /// Makes a call: a place in the limit, then attempts until one stands, all within the budget.
    pub(in crate::platform) async fn call_within(
        &self,
        request: &ApiRequest,
        limits: &Limits,
    ) -> Result<RawAnswer, TransportError> {
        let Some(url) = self.origins.address(request) else {
            let failed = AttemptError::unsent(
                Fault::BadRequest,
                FailureCause::BadPath(request.path.escape_debug().to_string()),
            );
            return Err(failed.into_error(request, &request.path, None, 0));
        };
        let proxy = self.clients.proxy_of(&url);
        let run_ends = self.deadline();
        let place = self.concurrency.acquire(request);
        let Some(_permit) = before(run_ends, place).await else {
            let failed = AttemptError::run_is_over();
            return Err(failed.into_error(request, url.as_str(), None, 0));
        };
        let end = Instant::now() + limits.budget;
        let call = Call {
            transport: self,
            request,
            url,
            proxy,
            limits,
            deadline: run_ends.map_or(end, |run_ends| run_ends.min(end)),
            run_ends,
            id: format!(
                "{}-{}",
                self.run,
                self.calls.fetch_add(1, Ordering::Relaxed)
            ),
        };
        call.run().await
    }
}

/// One call on its way.
struct Call<'a> {
    transport: &'a Transport,
    request: &'a ApiRequest,
    url: Url,
    /// The proxy that it passes.
    proxy: Option<String>,
    limits: &'a Limits,
    deadline: Instant,
    run_ends: Option<Instant>,
    id: String,
}

/// What `waiting` gives; `None` if the run ends before.
async fn before<T>(end: Option<Instant>, waiting: impl Future<Output = T>) -> Option<T> {
    match end {
        Some(end) if Instant::now() >= end => None,
        Some(end) => timeout_at(end, waiting).await.ok(),
        None => Some(waiting.await),
    }
}

impl Call<'_> {
    /// Attempts until one stands.
    async fn run(self) -> Result<RawAnswer, TransportError> {
        let mut token = if self.carries_token() {
            TokenUse::Carried
        } else {
            TokenUse::None
        };
        let mut nth = 1;
        loop {
            let result = self.once(token, nth).await;
            let is_over = self.run_ends.is_some_and(|end| Instant::now() >= end);
            let result = result.map_err(|failed| match failed.fault {
                _ if !is_over => failed,
                Fault::ConnectTimeout | Fault::NoToken => AttemptError::run_is_over(),
                _ => AttemptError::after_send(Fault::RunOver, FailureCause::RunOver),
            });
            let attempt = Attempt {
                replay: self.request.replay,
                seen: seen(&result),
                nth,
                asked_wait: result.as_ref().ok().and_then(asked_wait),
                token,
                left: self.left(),
                jitter: fastrand::f64(),
            };
            match self.transport.policy.decide(&attempt) {
                RetryDecision::Accept | RetryDecision::GiveUp => {
                    let result = self.name_tls(result).await;
                    let (request, url) = (self.request, self.url.as_str());
                    return result
                        .map_err(|failed| failed.into_error(request, url, self.proxy, nth));
                }
                RetryDecision::RenewToken => token = TokenUse::Renewed,
                RetryDecision::RetryAfter(wait) => sleep(wait).await,
            }
            nth += 1;
        }
    }

    /// Says it if a server that was asked by `http` wants TLS: it breaks the connection, answers by an
    /// alert, or by HTTP 400.
    async fn name_tls(
        &self,
        result: Result<RawAnswer, AttemptError>,
    ) -> Result<RawAnswer, AttemptError> {
        let is_likely = match &result {
            Ok(answer) => {
                answer.status == 400 && answer.body.windows(5).any(|word| word == b"HTTPS")
            }
            Err(failed) => matches!(failed.fault, Fault::Reset | Fault::Protocol),
        };
        let is_read = self.request.replay == Replay::Safe && self.url.scheme() == "http";
        if is_likely && is_read && self.proxy.is_none() && tls::is_spoken(&self.url).await {
            let cause = FailureCause::Tls(TlsFault::OnlyTls);
            return Err(AttemptError::unsent(Fault::Tls, cause));
        }
        result
    }

    /// One attempt: token, headers, time-outs, trace, HTTP.
    async fn once(&self, token: TokenUse, nth: u32) -> Result<RawAnswer, AttemptError> {
        let started = Instant::now();
        let result = self.send(token).await;
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (op, via, id) = (self.request.op, &self.request.via, self.id.as_str());
        match &result {
            Ok(answer) => {
                let (status, bytes) = (answer.status, answer.body.len());
                tracing::debug!(op, ?via, id, nth, status, ms, bytes, "answered");
            }
            Err(failed) => {
                let (fault, sent) = (failed.fault, failed.sent);
                if fault == Fault::Refused && *via == Via::Core {
                    let refusals = &self.transport.core_refusals;
                    refusals.fetch_add(1, Ordering::Relaxed);
                }
                tracing::debug!(op, ?via, id, nth, ?fault, ?sent, ms, "no answer");
            }
        }
        result
    }

    async fn send(&self, token: TokenUse) -> Result<RawAnswer, AttemptError> {
        let bearer = self.bearer(token).await?;
        let mask = self.mask(bearer.as_ref());
        let client = self.transport.clients.of(self.request, &self.url);
        let mut builder = client
            .request(method(self.request.method), self.url.clone())
            .header(REQUEST_ID, &self.id);
        if !matches!(self.request.via, Via::Portal(_)) {
            // The platform words its errors by it; the cause table knows the English ones.
            builder = builder
                .header(ACCEPT_LANGUAGE, "en")
                .header(ACCEPT, "application/json, */*;q=0.5");
        }
        if let Some(bearer) = bearer {
            builder = builder.header(AUTHORIZATION, bearer);
        }
        if let Some(tag) = &self.request.unless {
            builder = builder.header(IF_NONE_MATCH, tag);
        }
        let request = self
            .with_body(builder)?
            .build()
            .map_err(|error| AttemptError::before_head(&error))?;
        let limits = Limits {
            attempt: self.limits.attempt.min(self.left()),
            ..*self.limits
        };
        let TimedResponse {
            mut answer,
            asked_at,
            head_at,
        } = attempt(client.execute(request), self.request.method, &limits, &mask).await?;
        answer.proxy.clone_from(&self.proxy);
        if let (Via::Core, Some(told)) = (&self.request.via, answer.date) {
            self.transport.credentials.learn(told, asked_at, head_at);
        }
        Ok(answer)
    }

    fn with_body(
        &self,
        builder: reqwest::RequestBuilder,
    ) -> Result<reqwest::RequestBuilder, AttemptError> {
        match &self.request.body {
            Body::None if self.request.method == Method::Post => {
                // Some proxies refuse a POST that does not tell its length.
                Ok(builder.header(reqwest::header::CONTENT_LENGTH, 0))
            }
            Body::None => Ok(builder),
            Body::Json(value) => Ok(builder.json(value)),
            Body::File { field, name, bytes } => {
                let part = reqwest::multipart::Part::bytes(bytes.clone())
                    .file_name(name.clone())
                    .mime_str("application/zip")
                    .map_err(|error| {
                        AttemptError::unsent(
                            Fault::BadRequest,
                            FailureCause::BadRequest(error.to_string()),
                        )
                    })?;
                let form = reqwest::multipart::Form::new().part(*field, part);
                Ok(builder.multipart(form))
            }
        }
    }

    /// The `Authorization` header, marked so that nothing prints it.
    async fn bearer(&self, token: TokenUse) -> Result<Option<HeaderValue>, AttemptError> {
        let freshness = match token {
            TokenUse::None => return Ok(None),
            TokenUse::Carried => Freshness::Current,
            TokenUse::Renewed => Freshness::New,
        };
        let making = self.transport.credentials.bearer(freshness);
        let secret = timeout_at(self.deadline, making)
            .await
            .map_err(|_| AttemptError::unsent(Fault::NoToken, FailureCause::TokenTimeout))?
            .map_err(|cause| {
                AttemptError::unsent(Fault::NoToken, FailureCause::NoToken(Box::new(cause)))
            })?;
        let mut value = HeaderValue::try_from(format!("Bearer {}", secret.expose_secret()))
            .map_err(|_| AttemptError::unsent(Fault::NoToken, FailureCause::TokenUnsendable))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }

    /// Hides what nobody may read: the seed, and the request's token or the password of a sign-in. That
    /// of a token is made once.
    fn mask(&self, bearer: Option<&HeaderValue>) -> Arc<Mask> {
        let mut last = self
            .transport
            .mask
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let password = match &self.request.body {
            Body::Json(value) => value.get("password").and_then(serde_json::Value::as_str),
            _ => None,
        };
        let seed = self.transport.credentials.seed();
        let seed = seed.as_ref().map(ExposeSecret::expose_secret);
        match (bearer, &*last) {
            (Some(bearer), Some((of, mask))) if of == bearer => Arc::clone(mask),
            (Some(bearer), _) => {
                let token = bearer.to_str().unwrap_or_default();
                let token = token.trim_start_matches("Bearer ");
                let mask = Arc::new(Mask::of(seed.into_iter().chain([token])));
                *last = Some((bearer.clone(), Arc::clone(&mask)));
                mask
            }
            (None, Some((_, mask))) if password.is_none() => Arc::clone(mask),
            (None, _) => Arc::new(Mask::of(seed.into_iter().chain(password))),
        }
    }

    /// A portal never sees the token, whatever a request says.
    fn carries_token(&self) -> bool {
        self.request.token && matches!(self.request.via, Via::Core | Via::Gateway)
    }

    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

impl AttemptError {
    fn into_error(
        self,
        request: &ApiRequest,
        address: &str,
        proxy: Option<String>,
        attempts: u32,
    ) -> TransportError {
        TransportError {
            op: request.op,
            target: format!("{} {address}", method(request.method)),
            fault: self.fault,
            sent: self.sent,
            cause: self.cause.through(proxy),
            attempts,
        }
    }
}

fn seen(result: &Result<RawAnswer, AttemptError>) -> AttemptResult {
    match result {
        Ok(answer) if is_core_token_refusal(answer) => AttemptResult::TokenRefused,
        Ok(answer) => AttemptResult::Status(answer.status),
        Err(failed) => AttemptResult::Fault(failed.fault, failed.sent),
    }
}

fn asked_wait(answer: &RawAnswer) -> Option<Duration> {
    retry_after(
        answer.retry_after.as_deref()?,
        answer.date,
        SystemTime::now(),
    )
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Head => reqwest::Method::HEAD,
        Method::Post => reqwest::Method::POST,
    }
}
