//! Seed files → keys, with every rule of both generations said before anything is sent.

use std::path::Path;

use super::context::Context;
use crate::domain::Side;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::plan::SeedRelation;
use crate::platform::token::{SeedError, SigningKey, start_script_hazard, v3_key, v4_key};
use crate::secret::{Secret, read_secret};
use crate::settings::{EnvFile, SeedSource, Settings};

/// Keys of both sides.
pub(super) struct Keys {
    /// The new side's.
    pub(super) new: SigningKey,
    /// The old side's.
    pub(super) old: SigningKey,
    /// Whether they are one.
    pub(super) relation: SeedRelation,
}

impl Keys {
    /// The key of a side.
    pub(super) fn of(&self, side: Side) -> &SigningKey {
        match side {
            Side::New => &self.new,
            Side::Old => &self.old,
        }
    }
}

/// Reads the seeds that the settings name. A wide mode is a warning, a rule that is broken an error.
pub(super) fn keys(settings: &Settings, context: &Context<'_>) -> Result<Keys, CommandError> {
    let source = settings.seed.as_ref().ok_or_else(|| {
        CommandError::usage(Text::new("cli-seed-missing")).hint(Text::new("cli-seed-missing-hint"))
    })?;
    let seed = read(source, context)?;
    let new = v4_key(&seed).map_err(|error| refused(source, &seed, error))?;
    if let Some(position) = start_script_hazard(&seed) {
        context.ui.warn(
            &Text::new("cli-seed-hazard")
                .with("source", source)
                .count("position", position),
        );
    }
    let old = match &settings.old_seed {
        None => new.clone(),
        Some(source) => key_of(source, context)?,
    };
    let relation = if new.same_as(&old) {
        SeedRelation::Same
    } else {
        SeedRelation::Different
    };
    Ok(Keys { new, old, relation })
}

/// The key of a seed that either generation may have made: the old side's, or that of a token to
/// inspect. Which generation it is, is not known yet; a v3 takes all that a v4 takes.
pub(super) fn key_of(
    source: &SeedSource,
    context: &Context<'_>,
) -> Result<SigningKey, CommandError> {
    let seed = read(source, context)?;
    v4_key(&seed)
        .or_else(|_| v3_key(&seed))
        .map_err(|error| refused(source, &seed, error))
}

fn read(source: &SeedSource, context: &Context<'_>) -> Result<Secret, CommandError> {
    let path = match source {
        SeedSource::File(path) => path.as_path(),
        SeedSource::Stdin => Path::new("-"),
        SeedSource::EnvFile(path) => return read_env(path),
    };
    let (seed, wide) = read_secret(path).map_err(|error| CommandError::usage(error.text()))?;
    if let Some(wide) = wide {
        context.ui.warn(&wide.text());
    }
    Ok(seed)
}

fn read_env(path: &Path) -> Result<Secret, CommandError> {
    let unreadable =
        || CommandError::usage(Text::new("cli-seed-not-in-env-file").with("path", path.display()));
    let text = fs_err::read_to_string(path).map_err(|_| unreadable())?;
    let file = EnvFile::parse(&text).map_err(|_| unreadable())?;
    Ok(Secret::new(
        file.get("JWT_SIGNING_KEY")
            .ok_or_else(unreadable)?
            .to_owned(),
    ))
}

/// A seed that a v4 refuses: the rule, the position, and what becomes of it on a v3.
fn refused(source: &SeedSource, seed: &Secret, error: SeedError) -> CommandError {
    let text = Text::new("cli-seed-refused")
        .with("source", source)
        .nested("rule", error.text());
    let hint = match v3_key(seed) {
        Ok(_) => Text::new("cli-seed-refused-hint"),
        Err(_) => Text::new("cli-seed-missing-hint"),
    };
    CommandError::new(Outcome::Usage, text).hint(hint)
}
