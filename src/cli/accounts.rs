//! Login files → tokens of a user, for a host that must not hold the seed.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::context::Context;
use super::errors::UsageError;
use super::seeds::NoKey;
use super::{runtime, session};
use crate::domain::Side;
use crate::error::{CommandError, Failure};
use crate::exit::Outcome;
use crate::i18n::Text;
use crate::platform::{Account, AccountError, Reader, Tokens, UserTokens};
use crate::secret::{Secret, SecretError, SecretSource, read_secret};
use crate::settings::Settings;

/// Tokens of each side that the settings know, from the account in its file; nothing is sent yet. The
/// old side takes the new one's account where it has no file of its own: on one database the accounts
/// are the same.
pub(super) fn tokens(
    settings: &Settings,
    file: &Path,
    old_file: Option<&Path>,
    context: &Context<'_>,
) -> Result<BTreeMap<Side, Tokens>, CommandError> {
    let trust = session::trust(settings)?;
    let shared = read(file, context)?;
    let mut tokens = BTreeMap::new();
    for side in [&settings.new, &settings.old].into_iter().flatten() {
        let account = match old_file.filter(|_| side.identity.side == Side::Old) {
            Some(own) => account(own, &read(own, context)?)?,
            None => account(file, &shared)?,
        };
        let made = UserTokens::new(account, &side.identity.gateway, &trust)?;
        tokens.insert(side.identity.side, Tokens::User(Arc::new(made)));
    }
    session::check_network(settings, context)?;
    Ok(tokens)
}

/// One side, read by its account.
pub(super) async fn reader(
    settings: &Settings,
    side: Side,
    mut users: BTreeMap<Side, Tokens>,
) -> Result<Reader, CommandError> {
    let (Some(own), Some(tokens)) = (settings.side(side), users.remove(&side)) else {
        return Err(UsageError::SideUnknown(side).into());
    };
    tokens.sign_in().await?;
    let deadline = session::end_of_run(settings);
    let mut readers = session::connect(settings, vec![(own, tokens, None)], deadline).await?;
    let reader = readers.remove(&side).ok_or(UsageError::SideUnknown(side))?;
    Ok(reader?)
}

fn read(file: &Path, context: &Context<'_>) -> Result<Secret, CommandError> {
    let path = file.to_owned();
    let read = runtime::unless_signalled(move || read_secret(&path));
    let read = read.map_err(runtime::interrupted)?;
    let (secret, wide) = match read.ok_or(NoKey::Missing)? {
        Ok(read) => read,
        // What is missing then is the account, not a seed.
        Err(SecretError::Empty { .. }) => (Secret::new(""), None),
        Err(error) => return Err(error.into()),
    };
    if let Some(wide) = wide {
        context.ui.warn(&wide.text());
    }
    Ok(secret)
}

fn account(file: &Path, text: &Secret) -> Result<Account, CommandError> {
    let fault = |fault| LoginFileError {
        place: SecretSource::from_path(file),
        fault,
    };
    Ok(Account::parse(text).map_err(fault)?)
}

/// A login file holds no account.
#[derive(Debug)]
struct LoginFileError {
    place: SecretSource,
    fault: AccountError,
}

impl Failure for LoginFileError {
    fn outcome(&self) -> Outcome {
        Outcome::Usage
    }

    fn message(&self) -> Text {
        Text::new("cli-login-file")
            .nested("place", self.place.text())
            .nested("cause", self.fault.text())
    }

    fn hints(&self) -> Vec<Text> {
        vec![Text::new("cli-login-file-hint")]
    }
}
