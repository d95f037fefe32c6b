//! Both instances, connected: readers, the seeds' relation, and writers for who was confirmed.

use std::collections::BTreeMap;

use tokio::time::Instant;

use super::context::Context;
use super::errors::UsageError;
use super::seeds::{self, Keys, NoKey};
use crate::adapter::{InstanceEffects, SideAccess};
use crate::confirm::Confirmation;
use crate::domain::{Address, Generation, Inventory, ReadFailure, Side};
use crate::error::CommandError;
use crate::files::{MIB, read};
use crate::i18n::Text;
use crate::plan::{SeedRelation, WriteTo};
use crate::platform::token::{Identity, SeedTokens, SigningKey};
use crate::platform::{
    self, Authorities, ClientCertificate, ConnectSettings, ObserveOptions, Reader, Tokens, Trust,
    Writer, is_proxy, observe,
};
use crate::secret::{Secret, loose_file, read_secret};
use crate::settings::{PROXY_NAMES, Settings, SideSettings};

/// What was asked for, and the instances that answered.
pub(super) struct Session {
    /// The settings.
    pub(super) settings: Settings,
    /// Whether both sides were given one seed.
    pub(super) seeds: SeedRelation,
    /// When the time of the run is over.
    pub(super) deadline: Option<Instant>,
    new: Option<Reader>,
    old: Option<Reader>,
}

/// The addresses of a side must be known.
pub(super) fn require_side(settings: &Settings, side: Side) -> Result<(), CommandError> {
    if settings.side(side).is_some() {
        return Ok(());
    }
    Err(UsageError::SideUnknown(side).into())
}

/// The new side's addresses must be known; the old side's too where it is to be written.
pub(super) fn require_new(settings: &Settings) -> Result<(), CommandError> {
    if settings.write_to != WriteTo::New {
        require_side(settings, Side::Old)?;
    }
    require_side(settings, Side::New)
}

/// The addresses of both sides must be known.
pub(super) fn require_both(settings: &Settings) -> Result<(), CommandError> {
    require_side(settings, Side::New)?;
    require_side(settings, Side::Old)
}

impl Session {
    /// Connects to every side that the settings know.
    pub(super) async fn connect(
        settings: Settings,
        context: &Context<'_>,
    ) -> Result<Self, CommandError> {
        let keys = keys(&settings, context)?;
        let (new, old) = connect_both(&settings, &keys).await?;
        let readers = (new?, old?);
        Ok(Self::with(settings, &keys, readers, context))
    }

    /// Connects to a side; the other one too, if it answers. That it does not is said.
    pub(super) async fn connect_with_optional(
        mut settings: Settings,
        side: Side,
        context: &Context<'_>,
    ) -> Result<Self, CommandError> {
        let mut keys = keys(&settings, context)?;
        let (new, old) = connect_both(&settings, &keys).await?;
        let (own, other) = match side {
            Side::New => (new, old),
            Side::Old => (old, new),
        };
        let own = own?;
        let other = match other {
            Ok(reader) => reader,
            Err(error) => {
                let left_out =
                    Text::new("cli-other-side-left-out").nested("side", side.other().label());
                context.ui.warn(&left_out);
                context.ui.error(&error);
                settings.leave_out(side.other());
                keys.relation = SeedRelation::Same;
                None
            }
        };
        let readers = match side {
            Side::New => (own, other),
            Side::Old => (other, own),
        };
        Ok(Self::with(settings, &keys, readers, context))
    }

    fn with(
        settings: Settings,
        keys: &Keys,
        (new, old): (Option<Reader>, Option<Reader>),
        context: &Context<'_>,
    ) -> Self {
        let told = context.global.verbose > 0;
        for (side, reader) in [(Side::Old, &old), (Side::New, &new)]
            .into_iter()
            .filter(|_| told)
        {
            for limit in reader.iter().flat_map(Reader::limits) {
                context.ui.notice(
                    &Text::new("cli-limit")
                        .nested("side", side.label())
                        .nested("limit", limit),
                );
            }
        }
        Self {
            deadline: end_of_run(&settings),
            settings,
            seeds: keys.relation,
            new,
            old,
        }
    }

    /// Connects to one side alone.
    pub(super) async fn connect_only(
        mut settings: Settings,
        side: Side,
        context: &Context<'_>,
    ) -> Result<Self, CommandError> {
        settings.leave_out(side.other());
        let session = Self::connect(settings, context).await?;
        session.warn_of_skew(context);
        Ok(session)
    }

    /// Says where clocks are apart, for commands that have no notices of their own.
    pub(super) fn warn_of_skew(&self, context: &Context<'_>) {
        for reader in [&self.old, &self.new].into_iter().flatten() {
            if let Some(skew) = reader.skew() {
                context.ui.warn(&skew.text(reader.identity().core.as_str()));
            }
        }
    }

    fn readers(&self) -> impl Iterator<Item = &Reader> {
        [&self.new, &self.old].into_iter().flatten()
    }

    /// Whether each address is proven to be what it was given as.
    pub(super) fn is_proven(&self) -> bool {
        self.readers().all(Reader::is_proven)
    }

    /// The same instances, asked again what their addresses are, if that was not proven for each: two
    /// v4 are told apart by the routes of their gateways, which one that was just started has not
    /// loaded yet.
    pub(super) async fn prove_addresses(&self) -> Result<Option<Self>, CommandError> {
        if self.is_proven() {
            return Ok(None);
        }
        let connections = self.readers().map(Reader::connection);
        let mut again = platform::connect(connections.collect()).await?;
        let (new, old) = (again.remove(&Side::New), again.remove(&Side::Old));
        Ok(Some(Self {
            settings: self.settings.clone(),
            seeds: self.seeds,
            new: new.transpose()?,
            old: old.transpose()?,
            deadline: self.deadline,
        }))
    }

    /// The reader of a side.
    pub(super) fn reader(&self, side: Side) -> Result<&Reader, CommandError> {
        let reader = match side {
            Side::New => self.new.as_ref(),
            Side::Old => self.old.as_ref(),
        };
        Ok(reader.ok_or(UsageError::SideUnknown(side))?)
    }

    /// Whether both sides are there and were not left out.
    pub(super) fn has_both(&self) -> bool {
        self.new.is_some() && self.old.is_some()
    }

    /// Reads everything of a side; `deep`: the bytes of static files too.
    pub(super) async fn observe(&self, side: Side, deep: bool) -> Result<Inventory, CommandError> {
        Ok(observe(self.reader(side)?, ObserveOptions { deep }).await)
    }

    /// Reads a side, if it is there.
    pub(super) async fn observe_if_any(
        &self,
        side: Side,
        deep: bool,
    ) -> Result<Option<Inventory>, CommandError> {
        match self.reader(side) {
            Ok(_) => self.observe(side, deep).await.map(Some),
            Err(_) => Ok(None),
        }
    }

    /// Core's addresses of sides, which locks are taken on.
    pub(super) fn cores(&self, sides: &[Side]) -> Vec<Address> {
        let known = sides.iter().filter_map(|side| self.settings.side(*side));
        known.map(|side| side.identity.core.clone()).collect()
    }

    /// Core's address of a side, for questions.
    pub(super) fn address(&self, side: Side) -> String {
        self.settings
            .side(side)
            .map(|s| s.identity.core.to_string())
            .unwrap_or_default()
    }

    /// The writer of one side.
    pub(super) fn writer(
        &self,
        side: Side,
        confirmation: &Confirmation,
    ) -> Result<Writer, CommandError> {
        self.lift_deadline();
        Ok(Writer::new(self.reader(side)?.clone(), confirmation))
    }

    /// Both sides, to be read only.
    pub(super) fn reads(&self) -> InstanceEffects {
        self.effects_with(|_, reader| SideAccess::Read(reader))
    }

    /// What a plan may do: it writes to the sides in `written` and reads the other one.
    pub(super) fn effects(&self, written: &[Side], confirmation: &Confirmation) -> InstanceEffects {
        self.lift_deadline();
        self.effects_with(|side, reader| {
            if written.contains(&side) {
                SideAccess::Write(Writer::new(reader, confirmation))
            } else {
                SideAccess::Read(reader)
            }
        })
    }

    /// Whoever writes reads back, however long it takes.
    fn lift_deadline(&self) {
        for reader in self.readers() {
            reader.lift_deadline();
        }
    }

    fn effects_with(&self, access: impl Fn(Side, Reader) -> SideAccess) -> InstanceEffects {
        let new = self.new.clone().map(|reader| access(Side::New, reader));
        let old = self.old.clone().map(|reader| access(Side::Old, reader));
        InstanceEffects {
            new,
            old,
            register_time: self.settings.unknown_after,
            deep: self.settings.deep,
        }
    }
}

/// Keys of the sides that the settings know, and what is to be said of how they are asked.
pub(super) fn keys(settings: &Settings, context: &Context<'_>) -> Result<Keys, CommandError> {
    let keys = seeds::keys(settings, &settings.sides(), context)?;
    check_network(settings, context)?;
    Ok(keys)
}

/// Refuses a proxy that the HTTP client would pass by. Says that nobody's certificate is looked at, or
/// that others may read our key.
pub(super) fn check_network(settings: &Settings, context: &Context<'_>) -> Result<(), UsageError> {
    for name in PROXY_NAMES {
        if context.env.get(name).is_some_and(|proxy| !is_proxy(proxy)) {
            return Err(UsageError::Proxy(name));
        }
    }
    if settings.insecure {
        context.ui.warn(&Text::new("cli-insecure"));
    }
    let key = settings.client_certificate.as_ref().map(|(_, key)| key);
    if let Some(loose) = key.and_then(|key| loose_file(key)) {
        context.ui.warn(&loose.text());
    }
    Ok(())
}

/// A side that was asked for: its reader, or why core did not say what it is.
type Connected = Result<Option<Reader>, CommandError>;

/// Connects to both sides at once, each as far as the settings know it.
async fn connect_both(
    settings: &Settings,
    keys: &Keys,
) -> Result<(Connected, Connected), CommandError> {
    let sides = [&settings.new, &settings.old].into_iter().flatten();
    let mut wanted = Vec::new();
    for side in sides {
        if let Some(key) = keys.of(side.identity.side) {
            wanted.push((side, seed_tokens(settings, key)?, None));
        }
    }
    let mut readers = connect(settings, wanted, end_of_run(settings)).await?;
    let mut of = |side| {
        let reader = readers.remove(&side).transpose();
        reader.map_err(CommandError::from)
    };
    Ok((of(Side::New), of(Side::Old)))
}

/// A token in a side's clock, for `token mint`.
pub(super) async fn token(
    settings: &Settings,
    keys: &Keys,
    side: Side,
) -> Result<Secret, CommandError> {
    let mut settings = settings.clone();
    settings.leave_out(side.other());
    let (new, old) = connect_both(&settings, keys).await?;
    let reader = match side {
        Side::New => new?,
        Side::Old => old?,
    };
    let reader = reader.ok_or(UsageError::SideUnknown(side))?;
    let minted = reader.token().ok_or(NoKey::Missing)?;
    Ok(minted?)
}

/// Tokens of the identity that the settings name.
pub(super) fn seed_tokens(settings: &Settings, key: &SigningKey) -> Result<Tokens, CommandError> {
    let identity = Identity::new(&settings.user, &settings.authorities)?;
    Ok(Tokens::of_seed(SeedTokens::new(key.clone(), identity)))
}

/// Connects with tokens from wherever they come; of a side that did not say what it is, why. With
/// each side comes what answered there the last time, if that is known; what has no answer by the
/// deadline is unknown.
pub(super) async fn connect(
    settings: &Settings,
    wanted: Vec<(&SideSettings, Tokens, Option<Generation>)>,
    deadline: Option<Instant>,
) -> Result<BTreeMap<Side, Result<Reader, ReadFailure>>, CommandError> {
    let mut all = Vec::new();
    for (side, tokens, last) in wanted {
        let connect = ConnectSettings {
            identity: side.identity.clone(),
            trust: trust(settings)?,
            request_timeout: settings.request_timeout,
            deadline,
            body_limit: settings.body_limit,
            generation: side.generation,
            last,
        };
        all.push((connect, tokens));
    }
    Ok(platform::connect(all).await?)
}

/// When the time of a run that begins now is over.
pub(super) fn end_of_run(settings: &Settings) -> Option<Instant> {
    settings.deadline.map(|time| Instant::now() + time)
}

/// Whom the settings trust, and the client certificate.
pub(super) fn trust(settings: &Settings) -> Result<Trust, CommandError> {
    let authorities = match &settings.ca_file {
        _ if settings.insecure => Authorities::AnyCertificate,
        Some(path) => Authorities::WithCa(read(path, 4 * MIB)?),
        None => Authorities::System,
    };
    let client = match &settings.client_certificate {
        None => None,
        Some((chain, key)) => Some(ClientCertificate {
            chain: read(chain, MIB)?,
            key: read_secret(key)?.0,
        }),
    };
    Ok(Trust {
        authorities,
        client,
    })
}
