//! `deploy status`: the four components, and go or no go.

use std::path::{Path, PathBuf};

use clap::Args;

use super::errors::{DeployInputError, interrupted};
use super::session::{DeploySession, DeploymentArgs, EngineArgs};
use crate::cli::context::Context;
use crate::cli::runtime;
use crate::deploy::status::{LoginAccount, Status, survey};
use crate::domain::Address;
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::report::deploy::status_table;
use crate::secret::{Secret, read_secret};
use crate::settings::parse_address;

#[derive(Clone, Debug, Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    #[command(flatten)]
    pub(crate) deployment: DeploymentArgs,
    #[command(flatten)]
    pub(crate) tests: StatusTestArgs,
}

/// What `deploy status` tests besides the components.
#[derive(Clone, Debug, Args)]
pub(crate) struct StatusTestArgs {
    #[arg(long, value_name = "USER", requires = "password_file")]
    pub(crate) login: Option<String>,
    #[arg(long, value_name = "FILE", requires = "login")]
    pub(crate) password_file: Option<PathBuf>,
    #[arg(long, value_name = "URL")]
    pub(crate) balancer: Option<String>,
}

/// The values of [`StatusTestArgs`].
pub(super) struct StatusTests {
    account: Option<(String, Secret)>,
    balancer: Option<Address>,
}

impl StatusTestArgs {
    /// Reads the password and the address.
    pub(super) fn read(&self, context: &Context<'_>) -> Result<StatusTests, CommandError> {
        let account = match (&self.login, &self.password_file) {
            (Some(user), Some(path)) => Some((user.clone(), read_password(path, context)?)),
            _ => None,
        };
        Ok(StatusTests {
            account,
            balancer: parse_balancer(self.balancer.as_deref())?,
        })
    }
}

impl StatusTests {
    /// Surveys a deployment.
    pub(super) async fn survey(&self, session: &DeploySession) -> Result<Status, CommandError> {
        let (plan, conflicts) = session.survey().await?;
        let login = self.account.as_ref();
        let login = login.map(|(user, password)| LoginAccount { user, password });
        Ok(survey(&plan, &conflicts, login, self.balancer.as_ref()).await)
    }
}

/// The address of `--balancer`.
pub(super) fn parse_balancer(given: Option<&str>) -> Result<Option<Address>, CommandError> {
    Ok(given.map(parse_address).transpose()?)
}

pub(super) fn run(args: &StatusArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let tests = args.tests.read(context)?;
    let surveyed = async {
        let session = DeploySession::open(&args.engine, &args.deployment, context).await?;
        let status = tests.survey(&session).await?;
        Ok(status_table("deploy status", &status, &session.deployment))
    };
    context.show_table(&runtime::block_on_told(surveyed, interrupted)?)
}

/// Reads a password from a file that nobody else may read.
fn read_password(path: &Path, context: &Context<'_>) -> Result<Secret, CommandError> {
    let (secret, wide) = read_secret(path)?;
    let Some(wide) = wide else {
        return Ok(secret);
    };
    context.ui.warn(&wide.text());
    Err(DeployInputError::PasswordFileReadable(path.to_owned()).into())
}
