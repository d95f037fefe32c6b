//! One instance, connected: [`Reader`] for whoever may look, [`Writer`] for who was confirmed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use secrecy::SecretString;

use super::connect_settings::ConnectSettings;
use super::driver::{self, CallInfo, Driver, NextPage};
use super::endpoints::{self, VariableFilter};
use super::identify::{Identified, identify, recheck_version, tell_apart};
use super::login::UserTokens;
use super::request::{ApiRequest, Via};
use super::retry::RetryPolicy;
use super::roles::{WrongAddresses, judge};
use super::shared_read::SharedRead;
use super::token::{ClockSkew, SeedTokens};
use super::transport::{
    BearerFuture, Credentials, Freshness, Limits, Transport, TransportSettings,
};
use super::wire::{Expect, ListedPackage, decode};
use crate::confirm::Confirmation;
use crate::domain::{
    FailureCause, Generation, InstanceIdentity, PackageId, PlatformVersion, ReadFailure,
    ResourceFile, Role, Side, SystemVariable, TlsSetupFault, VariableId,
};
use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::poll::{Dated, Demand};
use crate::secret::Secret;

/// Why instances could not be connected to.
#[derive(Debug)]
pub enum ConnectError {
    /// TLS cannot be set up.
    Tls(TlsSetupFault),
    /// Addresses are not what they were given as.
    WrongAddresses(WrongAddresses),
}

impl Failure for ConnectError {
    fn outcome(&self) -> Outcome {
        Outcome::Usage
    }

    fn message(&self) -> Text {
        match self {
            Self::Tls(fault) => fault.message(),
            Self::WrongAddresses(wrong) => wrong.message(),
        }
    }

    fn messages(&self) -> Vec<Text> {
        match self {
            Self::Tls(fault) => fault.messages(),
            Self::WrongAddresses(wrong) => wrong.messages(),
        }
    }

    fn hints(&self) -> Vec<Text> {
        match self {
            Self::Tls(fault) => fault.hints(),
            Self::WrongAddresses(wrong) => wrong.hints(),
        }
    }
}

/// Connects to instances: each address of each is asked what it is, and all are judged together
/// before anything else. An instance that did not say its version is a failure of its own.
///
/// # Errors
///
/// If TLS cannot be set up, or an address is not what it was given as.
pub async fn connect(
    wanted: Vec<(ConnectSettings, Tokens)>,
) -> Result<BTreeMap<Side, Result<Reader, ReadFailure>>, ConnectError> {
    let opening = wanted.into_iter().map(|(settings, tokens)| async move {
        let transport = transport(&settings, &tokens).map_err(ConnectError::Tls)?;
        let known = match settings.last {
            Some(last) => recheck_version(&transport, last).await.transpose(),
            None => None,
        };
        let identified = match known {
            Some(version) => Identified {
                version,
                claims: Vec::new(),
            },
            None => identify(&transport, &settings).await,
        };
        Ok((settings, tokens, transport, identified))
    });
    let mut opened = futures::future::try_join_all(opening).await?;
    let v4 = |identified: &Identified| {
        let version = identified.version.as_ref();
        let is_v4 = version.is_ok_and(PlatformVersion::may_be_v4);
        is_v4 && !identified.claims.is_empty()
    };
    if opened.len() > 1 && opened.iter().all(|(.., identified)| v4(identified)) {
        let mut sides: Vec<_> = opened
            .iter_mut()
            .map(|(settings, _, transport, identified)| (&*transport, &*settings, identified))
            .collect();
        tell_apart(&mut sides).await;
    }
    let claims: Vec<_> = opened
        .iter()
        .flat_map(|(.., identified)| identified.claims.clone())
        .collect();
    let mut unproven = judge(&claims).map_err(ConnectError::WrongAddresses)?;
    let readers = opened.into_iter().map(|(settings, tokens, transport, it)| {
        let side = settings.identity.side;
        let unproven = unproven.remove(&side).unwrap_or_default();
        let through = it.claims.first().map(|core| core.is == Ok(Role::Gateway));
        let reader = it.version.map(|version| Reader {
            inner: Arc::new(Inner {
                core_is_gateway: through
                    .unwrap_or(settings.identity.core == settings.identity.gateway),
                driver: Driver::for_version(&version, settings.generation),
                settings,
                transport,
                tokens,
                version,
                unproven,
                packages: SharedRead::new(),
                resource_files: SharedRead::new(),
            }),
        });
        (side, reader)
    });
    Ok(readers.collect())
}

/// Reads of one instance. Cheap to clone.
#[derive(Clone)]
pub struct Reader {
    inner: Arc<Inner>,
}

struct Inner {
    settings: ConnectSettings,
    transport: Transport,
    tokens: Tokens,
    driver: Driver,
    version: PlatformVersion,
    unproven: Vec<ReadFailure>,
    /// A gateway answers at core's address.
    core_is_gateway: bool,
    packages: SharedRead<Arc<[ListedPackage]>>,
    resource_files: SharedRead<Arc<[ResourceFile]>>,
}

/// Where the tokens of an instance come from.
#[derive(Clone)]
pub enum Tokens {
    /// Signed here, with the platform's seed.
    Seed(Arc<SeedTokens>),
    /// From signing in.
    User(Arc<UserTokens>),
}

impl Tokens {
    /// Signed here with the seed.
    pub fn of_seed(tokens: SeedTokens) -> Self {
        Self::Seed(Arc::new(tokens))
    }

    /// Signs in where a user has to; what keeps him from it. What the platform refused once is not
    /// asked again.
    pub async fn sign_in(&self) -> Result<(), ReadFailure> {
        match self {
            Self::Seed(_) => Ok(()),
            Self::User(tokens) => tokens.sign_in().await,
        }
    }

    fn credentials(&self) -> Arc<dyn Credentials> {
        match self {
            Self::Seed(tokens) => tokens.clone(),
            Self::User(tokens) => tokens.clone(),
        }
    }
}

/// Rows that all who wait for the same listing share.
type Listing<T> = Result<Arc<[T]>, ReadFailure>;
/// And since when they are so.
type DatedListing<T> = Result<Dated<Arc<[T]>>, ReadFailure>;

impl Credentials for SeedTokens {
    fn bearer(&self, freshness: Freshness) -> BearerFuture<'_> {
        let now = SystemTime::now();
        let minted = match freshness {
            Freshness::Current => self.token(now),
            Freshness::New => self.renewed(now),
        };
        let token = minted
            .map(|token| SecretString::from(token.expose().to_owned()))
            .map_err(FailureCause::from);
        Box::pin(async move { token })
    }

    fn seed(&self) -> Option<SecretString> {
        Some(SeedTokens::seed(self))
    }

    fn learn(&self, told: SystemTime, asked_at: SystemTime, heard_at: SystemTime) {
        Self::learn(self, told, asked_at, heard_at);
    }
}

impl Reader {
    /// The same instance, asked with other tokens; nothing is sent for it.
    pub fn with_tokens(&self, tokens: Tokens) -> Result<Self, TlsSetupFault> {
        let settings = self.inner.settings.clone();
        Ok(Self {
            inner: Arc::new(Inner {
                transport: transport(&settings, &tokens)?,
                settings,
                tokens,
                driver: self.inner.driver.clone(),
                version: self.inner.version.clone(),
                unproven: self.inner.unproven.clone(),
                core_is_gateway: self.inner.core_is_gateway,
                packages: SharedRead::new(),
                resource_files: SharedRead::new(),
            }),
        })
    }

    /// What connects to the same instance again, which asks again what its addresses are.
    pub fn connection(&self) -> (ConnectSettings, Tokens) {
        let settings = ConnectSettings {
            last: None,
            ..self.inner.settings.clone()
        };
        (settings, self.inner.tokens.clone())
    }

    /// Whether each address is proven to be what it was given as.
    pub fn is_proven(&self) -> bool {
        self.inner.unproven.is_empty()
    }

    /// Where it answers.
    pub fn identity(&self) -> &InstanceIdentity {
        &self.inner.settings.identity
    }

    /// Which generation it is.
    pub fn generation(&self) -> Generation {
        self.inner.driver.generation()
    }

    /// What this version cannot do or tell, for people.
    pub fn limits(&self) -> Vec<Text> {
        self.inner.driver.limits()
    }

    /// Server clock minus ours in seconds, if a `Date` was seen.
    pub fn clock_offset_s(&self) -> Option<i64> {
        match &self.inner.tokens {
            Tokens::Seed(tokens) => tokens.clock_offset_s(),
            Tokens::User(tokens) => tokens.clock_offset_s(),
        }
    }

    /// The difference between the clocks, if the operator should know of it.
    pub fn skew(&self) -> Option<ClockSkew> {
        match &self.inner.tokens {
            Tokens::Seed(tokens) => tokens.skew(),
            Tokens::User(tokens) => tokens.skew(),
        }
    }

    /// A token in the instance's clock; `None` if nobody here holds the seed.
    pub fn token(&self) -> Option<Result<Secret, super::token::MintError>> {
        match &self.inner.tokens {
            Tokens::Seed(tokens) => Some(tokens.token(SystemTime::now())),
            Tokens::User(_) => None,
        }
    }

    /// How often core's own port refused a connection so far; 0 if its address is that of a gateway
    /// or portal, which can refuse while core goes on.
    pub fn core_refusals(&self) -> u64 {
        let identity = self.identity();
        let core = &identity.core;
        if *core == identity.gateway || identity.portals.contains(core) {
            return 0;
        }
        self.inner.transport.core_refusals()
    }

    /// From now on nothing is cut off by the end of the run: something is being written.
    pub fn lift_deadline(&self) {
        self.inner.transport.lift_deadline();
    }

    /// Calls that were made so far, by whatever door.
    pub fn calls(&self) -> u64 {
        let of_user = match &self.inner.tokens {
            Tokens::Seed(_) => 0,
            Tokens::User(tokens) => tokens.calls(),
        };
        self.inner.transport.calls() + of_user
    }

    /// All system variables, sorted by name and id.
    pub async fn variables(&self) -> Result<Vec<SystemVariable>, ReadFailure> {
        self.retrieve(VariableFilter::All).await
    }

    /// The rows of one exact name.
    pub async fn variables_named(&self, name: &str) -> Result<Vec<SystemVariable>, ReadFailure> {
        self.retrieve(VariableFilter::Named(name.to_owned())).await
    }

    async fn retrieve(&self, filter: VariableFilter) -> Result<Vec<SystemVariable>, ReadFailure> {
        let mut pages = self.driver().variables(filter);
        loop {
            let request = pages.request();
            let page = self
                .read(&request, |asked, data| pages.take(asked, data))
                .await?;
            if let NextPage::Done(rows) = page {
                return Ok(rows);
            }
        }
    }

    /// Packages of every status and edition; one listing serves all whose demand it meets.
    pub(super) async fn packages(&self, demand: Demand) -> DatedListing<ListedPackage> {
        let read = || async { self.list_packages(&self.driver().list_packages()).await };
        self.inner.packages.read(demand, read).await
    }

    /// Packages as [`Self::packages`] lists them, in one request: from v4.2 on without those that were
    /// decommissioned.
    pub(super) async fn present_packages(&self) -> Listing<ListedPackage> {
        let mut requests = self.driver().list_packages();
        requests.truncate(1);
        self.list_packages(&requests).await
    }

    /// Ids of the packages of every status and edition.
    pub async fn package_ids(&self) -> Result<BTreeSet<PackageId>, ReadFailure> {
        let listed = self.packages(Demand::now()).await?;
        Ok(listed
            .value
            .iter()
            .map(|row| row.package.id.clone())
            .collect())
    }

    async fn list_packages(&self, requests: &[ApiRequest]) -> Listing<ListedPackage> {
        let reads = requests
            .iter()
            .map(|request| self.read(request, driver::listed_packages));
        let listings = futures::future::try_join_all(reads).await?;
        Ok(driver::packages(listings).into())
    }

    /// Rows of `resource-files`; one listing serves all whose demand it meets.
    pub(super) async fn resource_files(&self, demand: Demand) -> DatedListing<ResourceFile> {
        let request = endpoints::resource_files();
        let read = || async {
            let rows = self.read(&request, driver::resource_files).await;
            rows.map(Arc::from)
        };
        self.inner.resource_files.read(demand, read).await
    }

    pub(super) fn driver(&self) -> &Driver {
        &self.inner.driver
    }

    pub(super) fn version(&self) -> &PlatformVersion {
        &self.inner.version
    }

    /// Addresses that are not proven to be what they were given as.
    pub(super) fn unproven(&self) -> &[ReadFailure] {
        &self.inner.unproven
    }

    pub(super) fn transport(&self) -> &Transport {
        &self.inner.transport
    }

    /// What a framework's own 404 means to a request. The gateway answers one too while core is down,
    /// so if it answers at core's address nothing may be concluded from it.
    pub(super) fn expect(&self, via: &Via) -> Expect {
        match via {
            Via::Core if self.inner.core_is_gateway => Expect::Through,
            Via::Core => Expect::Core,
            Via::Gateway => Expect::Gateway,
            Via::Portal(_) => Expect::Through,
        }
    }

    /// Calls, decides success, reads the data.
    pub(super) async fn read<T>(
        &self,
        request: &ApiRequest,
        take: impl FnOnce(CallInfo<'_>, &str) -> Result<T, ReadFailure>,
    ) -> Result<T, ReadFailure> {
        self.read_within(request, &self.inner.transport.limits(), take)
            .await
    }

    /// As [`Self::read`], with limits of its own.
    async fn read_within<T>(
        &self,
        request: &ApiRequest,
        limits: &Limits,
        take: impl FnOnce(CallInfo<'_>, &str) -> Result<T, ReadFailure>,
    ) -> Result<T, ReadFailure> {
        let answer = self.inner.transport.call_within(request, limits).await?;
        let target = self.inner.transport.target(request);
        let data = decode(request.op, &target, &answer, self.expect(&request.via))?;
        take(
            CallInfo {
                op: request.op,
                target: &target,
            },
            data,
        )
    }
}

fn transport(settings: &ConnectSettings, tokens: &Tokens) -> Result<Transport, TlsSetupFault> {
    let wanted = TransportSettings {
        identity: &settings.identity,
        trust: &settings.trust,
        limits: Limits::read(settings.request_timeout, settings.body_limit),
        policy: RetryPolicy::default(),
        deadline: settings.deadline,
    };
    Transport::new(&wanted, tokens.credentials())
}

/// Writes to one instance. Made only from a [`Confirmation`].
#[derive(Clone)]
pub struct Writer {
    reader: Reader,
}

impl Writer {
    /// The right to write, for the instance of a reader.
    pub fn new(reader: Reader, _confirmed: &Confirmation) -> Self {
        Self { reader }
    }

    /// The reads of the same instance.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Creates a variable with every field but its id, which the platform chooses.
    pub async fn create_variable(
        &self,
        row: &SystemVariable,
    ) -> Result<Option<VariableId>, ReadFailure> {
        let request = endpoints::create_variable(row);
        self.reader
            .read(&request, |asked, data| {
                driver::created_variable(asked, &row.name, data)
            })
            .await
    }

    /// Writes a whole row.
    pub async fn update_variable(&self, row: &SystemVariable) -> Result<(), ReadFailure> {
        self.reader
            .read(&endpoints::update_variable(row), |_, _| Ok(()))
            .await
    }

    /// Removes a row.
    pub async fn delete_variable(&self, id: &VariableId) -> Result<(), ReadFailure> {
        let request = self.reader.driver().delete_variable(id);
        self.reader.read(&request, |_, _| Ok(())).await
    }

    /// Uploads a package and says the id that the platform gave it, if it says one.
    pub async fn upload(
        &self,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Option<PackageId>, ReadFailure> {
        let request = endpoints::upload(name.to_owned(), bytes);
        let limits = self.reader.transport().limits();
        let limits = limits.with_answer_after(UPLOAD_TIME);
        self.reader
            .read_within(&request, &limits, driver::package_ref)
            .await
    }
}

/// A package of some hundred megabytes over a slow line, unpacked and put into S3 before the answer.
const UPLOAD_TIME: Duration = Duration::from_mins(15);
