//! Seed files → keys, with every rule of both generations said before anything is sent.

use std::path::{Path, PathBuf};

use super::context::Context;
use super::runtime;
use crate::domain::Side;
use crate::error::{CommandError, Failure};
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::plan::SeedRelation;
use crate::platform::token::{SeedError, SigningKey, start_script_hazard, v3_key, v4_key};
use crate::secret::{Secret, read_secret};
use crate::settings::{SeedSource, Settings};

/// Keys of the sides that are asked.
pub(super) struct Keys {
    new: Option<SigningKey>,
    old: Option<SigningKey>,
    /// Whether both are one; so they are where one side is asked alone.
    pub(super) relation: SeedRelation,
}

impl Keys {
    /// The key of a side; none for one that [`keys`] was not asked for.
    pub(super) fn of(&self, side: Side) -> Option<&SigningKey> {
        match side {
            Side::New => self.new.as_ref(),
            Side::Old => self.old.as_ref(),
        }
    }
}

/// Reads the seeds that the settings name, as far as the sides need them: the old side alone needs no
/// seed that a v4 takes. A wide mode is a warning, a rule that is broken an error.
pub(super) fn keys(
    settings: &Settings,
    sides: &[Side],
    context: &Context<'_>,
) -> Result<Keys, CommandError> {
    let shared = settings.seed.as_ref();
    let mut keys = Keys {
        new: None,
        old: None,
        relation: SeedRelation::Same,
    };
    let mut read_already = None;
    if sides.contains(&Side::New) {
        let source = shared.ok_or(NoKey::Missing)?;
        let seed = read(source, context)?;
        keys.new = Some(v4_key(&seed).map_err(|rule| NoKey::refused(source, &seed, rule))?);
        warn_of_hazard(source, &seed, context);
        read_already = Some(seed);
    }
    if sides.contains(&Side::Old) {
        let source = settings.old_seed.as_ref();
        keys.old = Some(match (source, read_already) {
            (None, Some(seed)) => either_key(shared.ok_or(NoKey::Missing)?, &seed)?,
            _ => key_of(source.or(shared).ok_or(NoKey::Missing)?, context)?,
        });
    }
    if let (Some(new), Some(old)) = (&keys.new, &keys.old)
        && !new.same_as(old)
    {
        keys.relation = SeedRelation::Different;
    }
    Ok(keys)
}

/// Why there is no key to sign tokens with.
#[derive(Clone, Debug)]
pub(super) enum NoKey {
    /// No seed is configured.
    Missing,
    /// The env file has none.
    NotInEnvFile(PathBuf),
    /// A rule is broken.
    Refused {
        source: SeedSource,
        rule: SeedError,
        /// Whether a v3 takes it.
        fits_v3: bool,
    },
}

impl NoKey {
    fn refused(source: &SeedSource, seed: &Secret, rule: SeedError) -> Self {
        Self::Refused {
            source: source.clone(),
            rule,
            fits_v3: v3_key(seed).is_ok(),
        }
    }
}

impl Failure for NoKey {
    fn outcome(&self) -> Outcome {
        Outcome::Usage
    }

    fn message(&self) -> Text {
        match self {
            Self::Missing => Text::new("cli-seed-missing"),
            Self::NotInEnvFile(path) => {
                Text::new("cli-seed-not-in-env-file").with("path", path.display())
            }
            Self::Refused { source, rule, .. } => Text::new("cli-seed-refused")
                .with("source", source)
                .nested("rule", rule.text()),
        }
    }

    fn hints(&self) -> Vec<Text> {
        vec![match self {
            Self::Refused { fits_v3: true, .. } => Text::new("cli-seed-refused-hint"),
            _ => Text::new("cli-seed-missing-hint"),
        }]
    }
}

fn warn_of_hazard(source: &SeedSource, seed: &Secret, context: &Context<'_>) {
    if let Some(position) = start_script_hazard(seed) {
        context.ui.warn(
            &Text::new("cli-seed-hazard")
                .with("source", source)
                .count("position", position),
        );
    }
}

/// The key of a seed that either generation may have made: the old side's, or that of a token to
/// inspect. Which generation it is, is not known yet; a v3 takes all that a v4 takes.
pub(super) fn key_of(
    source: &SeedSource,
    context: &Context<'_>,
) -> Result<SigningKey, CommandError> {
    let seed = read(source, context)?;
    if v3_key(&seed).is_ok()
        && let Err(error) = v4_key(&seed)
    {
        context.ui.warn(
            &Text::new("cli-seed-v3-only")
                .with("source", source)
                .nested("rule", error.text()),
        );
    }
    either_key(source, &seed)
}

fn either_key(source: &SeedSource, seed: &Secret) -> Result<SigningKey, CommandError> {
    let key = v4_key(seed).or_else(|_| v3_key(seed));
    Ok(key.map_err(|rule| NoKey::refused(source, seed, rule))?)
}

/// Reads a secret; a signal ends the wait for it. Others who may read it too are a warning.
pub(super) fn read(source: &SeedSource, context: &Context<'_>) -> Result<Secret, CommandError> {
    let path = match source {
        SeedSource::File(path) => path.as_path(),
        SeedSource::Stdin => Path::new("-"),
        SeedSource::EnvFile(path) => return of_env(path, context),
    };
    let path = path.to_owned();
    let read = runtime::unless_signalled(move || read_secret(&path));
    let read = read.map_err(runtime::interrupted)?.ok_or(NoKey::Missing)?;
    let (seed, wide) = read?;
    if let Some(wide) = wide {
        context.ui.warn(&wide.text());
    }
    Ok(seed)
}

fn of_env(path: &Path, context: &Context<'_>) -> Result<Secret, CommandError> {
    let file = context.files.env().map(|(_, file)| file);
    let seed = file.and_then(|file| file.get("JWT_SIGNING_KEY"));
    let seed = seed.ok_or_else(|| NoKey::NotInEnvFile(path.to_owned()))?;
    Ok(Secret::new(seed.to_owned()))
}
