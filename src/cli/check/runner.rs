//! Reads both sides and runs the checks. A side that is down does not prevent the check of the other.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use tokio::time::Instant;

use super::super::context::Context;
use super::super::errors::UsageError;
use super::super::seeds::Keys;
use super::super::{check_cache, job, session};
use super::journal_facts::journal_facts;
use super::memory;
use crate::check::{
    CheckInput, CheckResults, Facts, GivenGateway, Policy, RunningCounts, check, expect_running,
    is_selected,
};
use crate::domain::{
    FailureKind, GATEWAY_URL, Instance, InstanceId, Inventory, LaunchedBy, PluginName, ReadFailure,
    Reading, Side, SystemVariable, TokenProbe,
};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::journal::StateDir;
use crate::plan::{GatewayUrl, SeedRelation, Selection, gateway_url_choice};
use crate::platform::{
    CheckCache, Health, HealthAnswer, HealthQuestion, ObserveOptions, Reader, Tokens,
    given_gateways, granted_menus, health_unless_known, observe, observe_cached, role_menus,
    token_probes, unread_inventory,
};
use crate::report::SideSummary;
use crate::settings::{Settings, SideSettings, parse_address};

/// Reads both sides and runs the checks, as often as `--wait-until-ok` asks.
pub(super) struct CheckRunner<'a> {
    settings: Settings,
    state: Option<StateDir>,
    policy: &'a Policy,
    tokens: TokenSource,
    context: &'a Context<'a>,
    /// Answers of each side that later runs need not request again; `None` without a state directory.
    caches: Option<BTreeMap<Side, CheckCache>>,
    /// Whether the caches hold what an earlier run kept.
    rests_on_kept: bool,
    /// What ran in earlier checks, and in this one so far.
    ran: BTreeMap<Side, RunningCounts>,
    /// When the time of the run is over.
    deadline: Option<Instant>,
    calls: u64,
    sides: Vec<SideSummary>,
}

/// Where tokens come from.
pub(super) enum TokenSource {
    /// The signing seed of each side.
    Seeds(Keys),
    /// A user of each side, logged in once.
    Users(BTreeMap<Side, Tokens>),
}

impl TokenSource {
    /// Whether both sides have the same seed; `None` with logins.
    fn relation(&self) -> Option<SeedRelation> {
        match self {
            Self::Seeds(keys) => Some(keys.relation),
            Self::Users(_) => None,
        }
    }

    /// Tokens for a side. If the login fails, the side cannot be read.
    async fn tokens(
        &self,
        settings: &Settings,
        side: Side,
    ) -> Result<Option<Result<Tokens, ReadFailure>>, CommandError> {
        match self {
            Self::Seeds(keys) => {
                let tokens = keys.of(side).map(|key| session::seed_tokens(settings, key));
                Ok(tokens.transpose()?.map(Ok))
            }
            Self::Users(users) => Ok(match users.get(&side) {
                Some(tokens) => Some(tokens.sign_in().await.map(|()| tokens.clone())),
                None => None,
            }),
        }
    }
}

/// A side before it is read.
enum Opened {
    /// Core was asked what it is.
    Connected(Result<Reader, ReadFailure>),
    /// The login failed.
    NoLogin(ReadFailure),
}

/// What was read of a side.
struct SideReading {
    inventory: Inventory,
    /// What containers of a v3 were given.
    given_gateways: BTreeMap<InstanceId, String>,
    health: Option<Reading<()>>,
    role_menus: Option<Reading<BTreeSet<String>>>,
    token_probes: Option<BTreeMap<PluginName, Reading<TokenProbe>>>,
    calls: u64,
}

impl<'a> CheckRunner<'a> {
    pub(super) fn new(
        settings: Settings,
        tokens: TokenSource,
        state: Option<StateDir>,
        ran: BTreeMap<Side, RunningCounts>,
        policy: &'a Policy,
        context: &'a Context<'a>,
    ) -> Self {
        let caches = state
            .as_ref()
            .map(|state| check_cache::load(state, &settings));
        let mut all = caches.iter().flat_map(BTreeMap::values);
        Self {
            rests_on_kept: all.any(|cache| *cache != CheckCache::default()),
            ran,
            deadline: None,
            caches,
            settings,
            tokens,
            state,
            policy,
            context,
            calls: 0,
            sides: Vec::new(),
        }
    }

    /// Requests so far.
    pub(super) fn calls(&self) -> u64 {
        self.calls
    }

    /// After a finding: the next run requests again whatever may have changed.
    pub(super) fn invalidate_caches(&mut self) {
        for memory in self.caches.iter_mut().flat_map(BTreeMap::values_mut) {
            memory.invalidate();
        }
    }

    /// Saves for the next check what need not be asked again, and what ran.
    pub(super) fn store(&self) {
        memory::store_running(self.state.as_ref(), &self.settings, &self.ran, self.context);
        if let (Some(state), Some(caches)) = (&self.state, &self.caches) {
            check_cache::store(state, &self.settings, caches, self.context);
        }
    }

    /// The sides as they were read last, the old one first.
    pub(super) fn into_sides(self) -> Vec<SideSummary> {
        self.sides
    }

    /// Terminal and language.
    pub(super) fn context(&self) -> &Context<'a> {
        self.context
    }

    /// Runs the checks. Findings that may rest on what an earlier run kept are not told: everything is
    /// read then. `left` removes accepted and hidden findings.
    pub(super) async fn run(
        &mut self,
        left: &impl Fn(&CheckResults) -> CheckResults,
    ) -> Result<CheckResults, CommandError> {
        self.deadline = session::end_of_run(&self.settings);
        let checked = self.look().await?;
        if !self.rests_on_kept || left(&checked).outcome() == Outcome::Ok {
            return Ok(checked);
        }
        self.rests_on_kept = false;
        for cache in self.caches.iter_mut().flat_map(BTreeMap::values_mut) {
            *cache = CheckCache::default();
        }
        self.look().await
    }

    /// Reads both sides and judges what was read.
    async fn look(&mut self) -> Result<CheckResults, CommandError> {
        let mut caches = self.caches.take();
        let mut of_new = caches.as_mut().and_then(|all| all.remove(&Side::New));
        let mut of_old = caches.as_mut().and_then(|all| all.remove(&Side::Old));
        let kept = [(Side::New, &of_new), (Side::Old, &of_old)];
        let mut opened = self.open(&kept).await?;
        let (new, old) = (opened.remove(&Side::New), opened.remove(&Side::Old));
        let (new, old) = futures::join!(
            self.side(self.settings.new.as_ref(), new, of_new.as_mut()),
            self.side(self.settings.old.as_ref(), old, of_old.as_mut()),
        );
        let (new, old) = (new?, old?);
        let back = [(Side::New, of_new), (Side::Old, of_old)];
        self.caches = caches.map(|_| {
            let back = back.into_iter();
            back.filter_map(|(side, memory)| Some((side, memory?)))
                .collect()
        });
        let Some(new) = new else {
            return Err(UsageError::SideUnknown(Side::New).into());
        };
        for seen in [Some(&new), old.as_ref()].into_iter().flatten() {
            self.calls += seen.calls;
        }
        self.require_matches(&new, old.as_ref())?;
        let given = self.given_gateways(&new).await?;
        let checked = self.judge(&new, old.as_ref(), given);
        for seen in [Some(&new), old.as_ref()].into_iter().flatten() {
            let ran = self.ran.entry(seen.inventory.side()).or_default();
            *ran = expect_running(ran, &seen.inventory);
        }
        self.sides = old
            .into_iter()
            .chain([new])
            .map(|seen| SideSummary {
                identity: seen.inventory.identity,
                version: seen.inventory.version,
            })
            .collect();
        Ok(checked)
    }

    fn judge(
        &self,
        new: &SideReading,
        old: Option<&SideReading>,
        given_gateways: BTreeMap<InstanceId, GivenGateway>,
    ) -> CheckResults {
        let journal = journal_facts(self.state.as_ref(), &new.inventory);
        let policy = Policy {
            at: Timestamp::now().to_string(),
            gateway_url: self.gateway_url(&new.inventory),
            ..self.policy.clone()
        };
        let sides = || [(Side::New, Some(new)), (Side::Old, old)].into_iter();
        let health = sides().filter_map(|(side, seen)| Some((side, seen?.health.clone()?)));
        let menus = sides().filter_map(|(side, seen)| Some((side, seen?.role_menus.clone()?)));
        check(CheckInput {
            new: &new.inventory,
            old: old.map(|seen| &seen.inventory),
            comparison: None,
            facts: Facts {
                seeds: self.tokens.relation(),
                gateway_variable_set_at: journal.set_at.as_deref(),
                given_gateways,
                token_probes: new.token_probes.as_ref(),
                ran_before: self.ran.clone(),
                apply_in_progress: journal.applying,
                health: health.collect(),
                role_menus: menus.collect::<BTreeMap<_, _>>(),
            },
            policy: &policy,
        })
    }

    /// Without an old side: the gateway that each instance of a v3 was given, asked whether it answers.
    async fn given_gateways(
        &self,
        new: &SideReading,
    ) -> Result<BTreeMap<InstanceId, GivenGateway>, CommandError> {
        let variables = new.inventory.variables.known().into_iter().flatten();
        let mut rows = variables.filter(|row| row.name == GATEWAY_URL && row.is_active());
        let by_variable = rows.next().map(SystemVariable::effective);
        let (mut given, mut asked) = (BTreeMap::new(), BTreeMap::new());
        for instance in self.launched_by_v3(&new.inventory) {
            let told = new.given_gateways.get(&instance.id).map(String::as_str);
            let Some(text) = told.or(by_variable) else {
                continue;
            };
            let Ok(address) = parse_address(text) else {
                continue;
            };
            if !asked.contains_key(text) {
                let health = Health::new(&address, &session::trust(&self.settings)?, None)?;
                let answer = match health.ask(HealthQuestion::Gateway).await {
                    HealthAnswer::Healthy { .. } => Ok(()),
                    HealthAnswer::Silent(cause) | HealthAnswer::Wrong(cause) => Err(cause),
                };
                let address = text.to_owned();
                asked.insert(text, GivenGateway { address, answer });
            }
            given.insert(instance.id.clone(), asked[text].clone());
        }
        Ok(given)
    }

    /// The instances of a v3, if there is no old side whose gateway they call.
    fn launched_by_v3<'i>(&self, new: &'i Inventory) -> impl Iterator<Item = &'i Instance> {
        let instances = new.instances.values().filter_map(Reading::known).flatten();
        let is_alone = self.settings.old.is_none();
        instances.filter(move |it| is_alone && it.launched_by() == LaunchedBy::V3)
    }

    /// The expected value of the variable; `None` if it must not be guessed.
    fn gateway_url(&self, new: &Inventory) -> Option<String> {
        let explicit = self.settings.gateway_url.as_deref();
        match gateway_url_choice(explicit, new) {
            GatewayUrl::Value(value) => Some(value),
            GatewayUrl::Ask { .. } => None,
        }
    }

    /// A `--plugin` pattern that matches no plugin is an error; a `--skip-plugin` pattern is a warning, in the
    /// first run only.
    fn require_matches(
        &self,
        new: &SideReading,
        old: Option<&SideReading>,
    ) -> Result<(), CommandError> {
        let sides = [Some(new), old].into_iter().flatten();
        let sides: Vec<_> = sides.map(|seen| &seen.inventory).collect();
        let selection = Selection::of_globs(&self.settings.plugins, &self.settings.skip_plugins);
        let unmatched = selection.unmatched_skips(&sides)?;
        if self.sides.is_empty() {
            job::warn_of_unmatched_skips(&unmatched, self.context);
        }
        Ok(())
    }

    /// Logs in and connects to both sides.
    async fn open(
        &self,
        kept: &[(Side, &Option<CheckCache>)],
    ) -> Result<BTreeMap<Side, Opened>, CommandError> {
        let (mut opened, mut wanted) = (BTreeMap::new(), Vec::new());
        for (which, cache) in kept {
            let Some(side) = self.settings.side(*which) else {
                continue;
            };
            match self.tokens.tokens(&self.settings, *which).await? {
                None => {}
                Some(Err(failure)) => drop(opened.insert(*which, Opened::NoLogin(failure))),
                Some(Ok(tokens)) => {
                    let last = cache.as_ref().and_then(|it| it.core(&side.identity));
                    wanted.push((side, tokens, last));
                }
            }
        }
        // Sides are told apart by both: unless both are known from the last time, both are asked.
        if wanted.iter().any(|(.., last)| last.is_none()) {
            for (.., last) in &mut wanted {
                *last = None;
            }
        }
        let readers = session::connect(&self.settings, wanted, self.deadline).await?;
        let readers = readers.into_iter();
        opened.extend(readers.map(|(side, reader)| (side, Opened::Connected(reader))));
        Ok(opened)
    }

    async fn side(
        &self,
        side: Option<&SideSettings>,
        opened: Option<Opened>,
        memory: Option<&mut CheckCache>,
    ) -> Result<Option<SideReading>, CommandError> {
        let (Some(side), Some(opened)) = (side, opened) else {
            return Ok(None);
        };
        Ok(Some(match opened {
            Opened::Connected(Ok(reader)) => self.read(&reader, side, memory).await?,
            Opened::Connected(Err(failure)) => down(side, &failure),
            Opened::NoLogin(failure) => login_failed(side, failure),
        }))
    }

    async fn read(
        &self,
        reader: &Reader,
        side: &SideSettings,
        memory: Option<&mut CheckCache>,
    ) -> Result<SideReading, CommandError> {
        let options = ObserveOptions {
            deep: self.settings.deep,
        };
        let role_menus = async {
            match &self.policy.role {
                Some(role) => self.menus_of(role, reader).await,
                None => Ok(None),
            }
        };
        let observed = async {
            match memory {
                Some(memory) => observe_cached(reader, options, memory).await,
                None => observe(reader, options).await,
            }
        };
        let (inventory, role_menus) = futures::join!(observed, role_menus);
        let health = health_unless_known(reader, &inventory).await;
        let token_probes = match side.identity.side {
            Side::New => Some(token_probes(reader, &inventory).await),
            Side::Old => None,
        };
        let judged = ["W0501", "W0508"];
        let judged = judged.iter().any(|code| is_selected(code, self.policy));
        let packages = match side.identity.side {
            Side::New if judged => self
                .launched_by_v3(&inventory)
                .map(|it| &it.package)
                .collect(),
            _ => BTreeSet::new(),
        };
        let given_gateways = given_gateways(reader, packages).await;
        Ok(SideReading {
            inventory,
            given_gateways,
            health: Some(health),
            role_menus: role_menus?,
            token_probes,
            calls: reader.calls(),
        })
    }

    /// The menus that a token with only this role sees; with a login, which cannot sign such a token, those
    /// that the platform says the role is granted.
    async fn menus_of(
        &self,
        role: &str,
        reader: &Reader,
    ) -> Result<Option<Reading<BTreeSet<String>>>, CommandError> {
        let TokenSource::Seeds(keys) = &self.tokens else {
            return Ok(Some(role_menus(reader, role).await));
        };
        let Some(key) = keys.of(reader.identity().side) else {
            return Ok(None);
        };
        let settings = Settings {
            authorities: vec![role.to_owned()],
            ..self.settings.clone()
        };
        let tokens = session::seed_tokens(&settings, key)?;
        let as_role = reader.with_tokens(tokens);
        let as_role = as_role?;
        Ok(Some(granted_menus(&as_role).await))
    }
}

/// The login failed: only the gateway was asked. A refused login is a refused token; any other failure is
/// the gateway not responding.
fn login_failed(side: &SideSettings, failure: ReadFailure) -> SideReading {
    if failure.kind == FailureKind::TokenRefused {
        return down(side, &failure);
    }
    let not_asked = ReadFailure {
        kind: FailureKind::NotAsked,
        ..failure.clone()
    };
    let mut seen = down(side, &not_asked);
    seen.inventory.gateway_routes = Reading::Unknown(failure);
    seen
}

fn down(side: &SideSettings, failure: &ReadFailure) -> SideReading {
    SideReading {
        inventory: unread_inventory(side.identity.clone(), failure),
        given_gateways: BTreeMap::new(),
        health: Some(Reading::Unknown(failure.clone())),
        role_menus: Some(Reading::Unknown(failure.clone())),
        token_probes: None,
        calls: 1,
    }
}
