//! One look at both sides. A side that is down does not keep the other from being checked.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::super::context::Context;
use super::super::seeds::Keys;
use super::super::{check_cache, job, session};
use super::lock;
use crate::check::{CheckInput, CheckResults, Facts, Policy, TokenProbe, check};
use crate::domain::{FailureKind, Inventory, PluginName, ReadFailure, Reading, Side};
use crate::error::CommandError;
use crate::i18n::Text;
use crate::journal::StateDir;
use crate::plan::{GatewayUrl, SeedRelation, Selection, gateway_url_choice, instance_hosts};
use crate::platform::{
    CheckCache, ObserveOptions, Reader, Tokens, granted_menus, health, observe, observe_cached,
    token_probes, unread_inventory,
};
use crate::report::SideSummary;
use crate::settings::{Settings, SideSettings};

/// What looks are made with.
pub(super) struct Look<'a> {
    settings: Settings,
    state: Option<StateDir>,
    policy: &'a Policy,
    signing: Signing,
    context: &'a Context<'a>,
    /// What is kept of each side from look to look; nothing without a state directory.
    memories: Option<BTreeMap<Side, CheckCache>>,
    calls: u64,
    sides: Vec<SideSummary>,
}

/// What tokens come from.
pub(super) enum Signing {
    /// The seed of each side.
    Seeds(Keys),
    /// A user who signs in at each side; who it is is asked once, however often is looked.
    Users(BTreeMap<Side, Tokens>),
}

impl Signing {
    /// Whether both sides were given one seed, where seeds are known.
    fn relation(&self) -> Option<SeedRelation> {
        match self {
            Self::Seeds(keys) => Some(keys.relation),
            Self::Users(_) => None,
        }
    }

    /// Tokens of a side that is to be asked. A user who cannot sign in keeps the side from being read.
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

/// A side that was looked at.
struct Seen {
    inventory: Inventory,
    health: Option<Reading<()>>,
    role_menus: Option<Reading<BTreeSet<String>>>,
    token_probes: Option<BTreeMap<PluginName, Reading<TokenProbe>>>,
    calls: u64,
}

impl<'a> Look<'a> {
    pub(super) fn new(
        settings: Settings,
        signing: Signing,
        state: Option<StateDir>,
        policy: &'a Policy,
        context: &'a Context<'a>,
    ) -> Self {
        let memories = state
            .as_ref()
            .map(|state| check_cache::load(state, &settings));
        Self {
            memories,
            settings,
            signing,
            state,
            policy,
            context,
            calls: 0,
            sides: Vec::new(),
        }
    }

    /// Calls of all looks so far.
    pub(super) fn calls(&self) -> u64 {
        self.calls
    }

    /// Something is not well: the next look takes nothing from memory that may have to do with it.
    pub(super) fn doubt(&mut self) {
        for memory in self.memories.iter_mut().flat_map(BTreeMap::values_mut) {
            memory.invalidate();
        }
    }

    /// Keeps for the next check what this one need not ask again.
    pub(super) fn keep(&self) {
        if let (Some(state), Some(memories)) = (&self.state, &self.memories) {
            check_cache::store(state, &self.settings, memories, self.context);
        }
    }

    /// The sides as they were seen last, the old one first.
    pub(super) fn into_sides(self) -> Vec<SideSummary> {
        self.sides
    }

    /// The terminal and the words.
    pub(super) fn context(&self) -> &Context<'a> {
        self.context
    }

    /// Looks at both sides and judges. `waited_out` says that this is the last look of several.
    pub(super) async fn look(&mut self, waited_out: bool) -> Result<CheckResults, CommandError> {
        let mut memories = self.memories.take();
        let mut of_new = memories.as_mut().and_then(|all| all.remove(&Side::New));
        let mut of_old = memories.as_mut().and_then(|all| all.remove(&Side::Old));
        let (new, old) = futures::join!(
            self.side(self.settings.new.as_ref(), Side::New, of_new.as_mut()),
            self.side(self.settings.old.as_ref(), Side::Old, of_old.as_mut()),
        );
        let (new, old) = (new?, old?);
        let back = [(Side::New, of_new), (Side::Old, of_old)];
        self.memories = memories.map(|_| {
            let back = back.into_iter();
            back.filter_map(|(side, memory)| Some((side, memory?)))
                .collect()
        });
        let Some(new) = new else {
            return Err(CommandError::usage(
                Text::new("cli-needs-side").with("side", Side::New),
            ));
        };
        for seen in [Some(&new), old.as_ref()].into_iter().flatten() {
            self.calls += seen.calls;
        }
        self.matches(&new, old.as_ref())?;
        let checked = self.judge(&new, old.as_ref(), waited_out);
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

    fn judge(&self, new: &Seen, old: Option<&Seen>, waited_out: bool) -> CheckResults {
        let journal_facts = lock::journal_facts(self.state.as_ref(), &new.inventory);
        let policy = Policy {
            at: Timestamp::now().to_string(),
            waited_out,
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
                seeds: self.signing.relation(),
                gateway_variable_set_at: journal_facts.set_at.as_deref(),
                token_probes: new.token_probes.as_ref(),
                apply_in_progress: journal_facts.applying,
                health: health.collect(),
                role_menus: menus.collect::<BTreeMap<_, _>>(),
            },
            policy: &policy,
        })
    }

    /// The value that the variable shall have, where it must not be guessed none.
    fn gateway_url(&self, new: &Inventory) -> Option<String> {
        let explicit = self.settings.gateway_url.as_deref();
        match gateway_url_choice(explicit, &new.identity, 1, instance_hosts(new)) {
            GatewayUrl::Value(value) => Some(value),
            GatewayUrl::Ask { .. } => None,
        }
    }

    /// A `--plugin` pattern that matches no plugin is an error; a `--skip-plugin` pattern is a warning of
    /// the first of several looks.
    fn matches(&self, new: &Seen, old: Option<&Seen>) -> Result<(), CommandError> {
        let sides = [Some(new), old].into_iter().flatten();
        let sides: Vec<_> = sides.map(|seen| &seen.inventory).collect();
        let selection = Selection::of_globs(&self.settings.plugins, &self.settings.skip_plugins);
        let unmatched = selection.unmatched_skips(&sides)?;
        if self.sides.is_empty() {
            job::warn_of_unmatched_skips(&unmatched, self.context);
        }
        Ok(())
    }

    async fn side(
        &self,
        side: Option<&SideSettings>,
        which: Side,
        memory: Option<&mut CheckCache>,
    ) -> Result<Option<Seen>, CommandError> {
        let Some(side) = side else { return Ok(None) };
        let tokens = match self.signing.tokens(&self.settings, which).await? {
            None => return Ok(None),
            Some(Err(failure)) => return Ok(Some(shut_out(side, failure))),
            Some(Ok(tokens)) => tokens,
        };
        let last = memory.as_ref().and_then(|memory| memory.core());
        let reader = session::open(&self.settings, side, tokens, last).await?;
        Ok(Some(match reader {
            Ok(reader) => self.read(&reader, side, memory).await?,
            Err(failure) => down(side, &failure),
        }))
    }

    async fn read(
        &self,
        reader: &Reader,
        side: &SideSettings,
        memory: Option<&mut CheckCache>,
    ) -> Result<Seen, CommandError> {
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
        let (inventory, health, role_menus) = futures::join!(observed, health(reader), role_menus);
        let token_probes = match side.identity.side {
            Side::New => Some(token_probes(reader, &inventory).await),
            Side::Old => None,
        };
        Ok(Seen {
            inventory,
            health: Some(health),
            role_menus: role_menus?,
            token_probes,
            calls: reader.calls(),
        })
    }

    /// The menus that a token sees whose only authority is the role; none where nobody here holds the
    /// seed that such a token is made with.
    async fn menus_of(
        &self,
        role: &str,
        reader: &Reader,
    ) -> Result<Option<Reading<BTreeSet<String>>>, CommandError> {
        let Signing::Seeds(keys) = &self.signing else {
            return Ok(None);
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
        let as_role = as_role.map_err(|error| session::no_tls(&error))?;
        Ok(Some(granted_menus(&as_role).await))
    }
}

/// A user could not sign in: nothing was asked but the gateway. Where it said no, that is the word on the
/// token; where it did not answer as it must, it is the gateway that did not.
fn shut_out(side: &SideSettings, failure: ReadFailure) -> Seen {
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

fn down(side: &SideSettings, failure: &ReadFailure) -> Seen {
    Seen {
        inventory: unread_inventory(side.identity.clone(), failure),
        health: Some(Reading::Unknown(failure.clone())),
        role_menus: Some(Reading::Unknown(failure.clone())),
        token_probes: None,
        calls: 1,
    }
}
