//! Which engine, and what a person is told when it does not do it.

use clap::Args;

use crate::cli::context::Context;
use crate::deploy::host::{Engine, EngineError, EngineFacts, RunError};
use crate::deploy::images::{Wanted, wanted};
use crate::error::CommandError;
use crate::exit::Outcome;
use crate::i18n::Text;

/// Flags of every step that talks to Docker.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct EngineArgs {
    /// Handed to Docker as it is.
    #[arg(long, value_name = "HOST", conflicts_with = "context")]
    pub(crate) host: Option<String>,
    /// Handed to Docker as it is.
    #[arg(long, value_name = "CONTEXT")]
    pub(crate) context: Option<String>,
}

impl EngineArgs {
    /// The engine, once it has answered.
    pub(super) async fn open(&self) -> Result<(Engine, EngineFacts), CommandError> {
        let engine = Engine::new(self.host.clone(), self.context.clone());
        let facts = engine.facts().await.map_err(|error| failed(&error))?;
        Ok((engine, facts))
    }
}

/// What the engine refused, for people.
pub(super) fn failed(error: &EngineError) -> CommandError {
    let outcome = match error {
        EngineError::Down { .. } => Outcome::Unreachable,
        EngineError::Run(RunError::NotThere { .. }) => Outcome::Usage,
        _ => Outcome::Failed,
    };
    CommandError::new(outcome, error.text()).hint(error.hint())
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
    /// The four images: the version from the flag or the env file.
    pub(super) fn wanted(&self, context: &Context<'_>) -> Result<Vec<Wanted>, CommandError> {
        let told = self.wecube_version.as_deref();
        let version = told.or_else(|| context.files.env()?.1.get("WECUBE_VERSION"));
        let version = version.ok_or_else(|| {
            CommandError::usage(Text::new("deploy-version-missing"))
                .hint(Text::new("deploy-version-missing-hint"))
        })?;
        let tag_like = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if version.starts_with(['.', '-']) || !version.chars().all(tag_like) {
            let text = Text::new("deploy-version-not-a-tag").with("version", version);
            return Err(CommandError::usage(text));
        }
        let values = super::values_or_defaults(context);
        let default = values.string("image_prefix");
        let prefix = self.registry.as_deref().unwrap_or(&default);
        if prefix.contains("://") || prefix.contains(char::is_whitespace) {
            let text = Text::new("deploy-registry-not-a-prefix").with("prefix", prefix);
            return Err(CommandError::usage(text));
        }
        let mut images = wanted(prefix, version);
        for given in &self.digest {
            let (name, digest) = given.split_once('=').unwrap_or_default();
            let hex = digest.strip_prefix("sha256:").unwrap_or_default();
            let is_digest = hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit());
            let image = images
                .iter_mut()
                .find(|image| image.component.name() == name);
            if let Some(image) = image.filter(|_| is_digest) {
                image.digest = Some(digest.to_lowercase());
            } else {
                let text = Text::new("deploy-digest-malformed").with("given", given);
                return Err(CommandError::usage(text));
            }
        }
        Ok(images)
    }
}
