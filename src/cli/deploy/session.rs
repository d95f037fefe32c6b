//! The engine, the images and the deployment that a command works on.

use std::path::PathBuf;

use clap::Args;

use super::env_input::{root, values_or_defaults};
use super::errors::DeployInputError;
use crate::cli::args::ConnectArgs;
use crate::cli::context::Context;
use crate::cli::state;
use crate::deploy::host::{Compose, Engine, EngineFacts};
use crate::deploy::images::{ImageRef, image_refs};
use crate::deploy::up::record::RecordFile;
use crate::deploy::up::{Deployment, StartConflict, StartPlan, prepare, survey};
use crate::error::CommandError;
use crate::journal::StateDir;

/// Flags of every command that uses Docker.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct EngineArgs {
    /// Passed to Docker unchanged.
    #[arg(long, value_name = "HOST", conflicts_with = "context")]
    pub(crate) host: Option<String>,
    /// Passed to Docker unchanged.
    #[arg(long, value_name = "CONTEXT")]
    pub(crate) context: Option<String>,
}

impl EngineArgs {
    /// Connects to the engine.
    pub(super) async fn connect(&self) -> Result<(Engine, EngineFacts), CommandError> {
        let engine = Engine::new(self.host.clone(), self.context.clone());
        let facts = engine.facts().await?;
        Ok((engine, facts))
    }

    /// Connects to the engine of this machine.
    pub(super) async fn connect_local(&self) -> Result<(Engine, EngineFacts), CommandError> {
        let (engine, facts) = self.connect().await?;
        if facts.is_local() {
            Ok((engine, facts))
        } else {
            Err(DeployInputError::RemoteEngine(facts.endpoint).into())
        }
    }
}

/// Flags that name the images.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ImageArgs {
    #[arg(long, value_name = "VERSION")]
    pub(crate) wecube_version: Option<String>,
    #[arg(long, value_name = "PREFIX")]
    pub(crate) registry: Option<String>,
    #[arg(long, value_name = "NAME=DIGEST")]
    pub(crate) digest: Vec<String>,
}

impl ImageArgs {
    /// The four images. The version comes from the flag or the env file.
    pub(super) fn images(&self, context: &Context<'_>) -> Result<Vec<ImageRef>, CommandError> {
        let version = self.wecube_version.as_deref();
        let version = version.or_else(|| context.files.env()?.1.get("WECUBE_VERSION"));
        let version = version.ok_or(DeployInputError::NoVersion)?;
        let tag_char = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if version.starts_with(['.', '-']) || !version.chars().all(tag_char) {
            return Err(DeployInputError::Version(version.to_owned()).into());
        }
        let values = values_or_defaults(context);
        let default = values.string("image_prefix");
        let prefix = self.registry.as_deref().unwrap_or(&default);
        if prefix.contains("://") || prefix.contains(char::is_whitespace) {
            return Err(DeployInputError::Registry(prefix.to_owned()).into());
        }
        let mut images = image_refs(prefix, version);
        for given in &self.digest {
            let (name, digest) = given.split_once('=').unwrap_or_default();
            let hex = digest.strip_prefix("sha256:").unwrap_or_default();
            let is_digest = hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit());
            let image = images
                .iter_mut()
                .find(|image| is_digest && image.component.name() == name)
                .ok_or_else(|| DeployInputError::Digest(given.clone()))?;
            image.digest = Some(digest.to_lowercase());
        }
        Ok(images)
    }
}

/// Flags that name the deployment.
#[derive(Clone, Debug, Args)]
pub(crate) struct DeploymentArgs {
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    #[arg(long, value_name = "NAME")]
    pub(crate) project_prefix: Option<String>,
}

impl DeploymentArgs {
    fn deployment(&self, context: &Context<'_>) -> Result<Deployment, CommandError> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        if let Some(prefix) = &self.project_prefix
            && !(prefix.starts_with(|c: char| c.is_ascii_alphanumeric())
                && prefix.chars().all(allowed))
        {
            return Err(DeployInputError::ProjectPrefix(prefix.clone()).into());
        }
        Ok(Deployment {
            root: root(self.root.as_deref(), context)?,
            prefix: self.project_prefix.clone(),
        })
    }
}

/// An engine with compose, and a deployment.
pub(super) struct DeploySession {
    pub(super) engine: Engine,
    pub(super) facts: EngineFacts,
    pub(super) compose: Compose,
    pub(super) deployment: Deployment,
}

impl DeploySession {
    /// Connects to the engine and finds compose.
    pub(super) async fn open(
        engine: &EngineArgs,
        deployment: &DeploymentArgs,
        context: &Context<'_>,
    ) -> Result<Self, CommandError> {
        let deployment = deployment.deployment(context)?;
        let (engine, facts) = engine.connect().await?;
        let compose = Compose::find(&engine).await?;
        Ok(Self {
            engine,
            facts,
            compose,
            deployment,
        })
    }

    /// Plans a start; an error if there are conflicts.
    pub(super) async fn prepare(&self, replace: &[String]) -> Result<StartPlan, CommandError> {
        let (engine, facts) = (&self.engine, &self.facts);
        prepare(engine, facts, &self.compose, &self.deployment, replace).await
    }

    /// Plans a start and returns its conflicts.
    pub(super) async fn survey(&self) -> Result<(StartPlan, Vec<StartConflict>), CommandError> {
        let (engine, facts) = (&self.engine, &self.facts);
        Ok(survey(engine, facts, &self.compose, &self.deployment, &[]).await?)
    }

    /// The record of started containers.
    pub(super) fn record(&self, context: &Context<'_>) -> Result<RecordFile, CommandError> {
        let settings = context.settings(ConnectArgs::default(), None)?;
        let candidates = state::candidates(settings.state_dir, context);
        let state = StateDir::choose(&candidates)?;
        Ok(RecordFile::of(
            state.path(),
            &self.deployment,
            &self.facts.endpoint,
        ))
    }
}
