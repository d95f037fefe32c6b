//! The `docker` command.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::inspect::{self, Container, Image};
use super::run::{Program, Ran, RunError};
use crate::i18n::Text;

/// Longest wait for a question to the engine; one over ssh opens a connection for each.
const QUESTION: Duration = Duration::from_mins(1);
/// Longest wait for what moves an image or stops a container.
const WORK: Duration = Duration::from_hours(2);

/// A Docker engine, asked through its command.
#[derive(Clone, Debug)]
pub struct Engine {
    docker: Program,
    host: Option<String>,
    context: Option<String>,
}

/// What an engine says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineFacts {
    /// Its version.
    pub version: String,
    /// Its architecture, in Go's words (`amd64`).
    pub architecture: String,
    /// Where it answers (`unix:///var/run/docker.sock`, `ssh://host`).
    pub endpoint: String,
}

impl EngineFacts {
    /// Whether it runs on this machine: ports and directories are then ours to look at.
    pub fn is_local(&self) -> bool {
        self.endpoint.starts_with("unix:")
    }
}

/// Why the engine did not do it.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The command left nothing.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The engine does not answer.
    #[error("the Docker engine does not answer: {said}")]
    Down {
        /// The command's words.
        said: String,
    },
    /// The command refused.
    #[error("{what}: {said}")]
    Refused {
        /// What was asked (`docker pull`).
        what: &'static str,
        /// Its words.
        said: String,
    },
    /// The answer could not be read.
    #[error("the answer of {what} could not be read: {why}")]
    Unreadable {
        /// What was asked.
        what: &'static str,
        /// Why.
        why: String,
    },
}

impl EngineError {
    /// What a person reads.
    pub fn text(&self) -> Text {
        match self {
            Self::Run(error) => error.text(),
            Self::Down { said } => Text::new("deploy-engine-down").with("said", said),
            Self::Refused { what, said } => Text::new("deploy-engine-refused")
                .with("what", what)
                .with("said", said),
            Self::Unreadable { what, why } => Text::new("deploy-engine-unreadable")
                .with("what", what)
                .with("why", why),
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Text {
        match self {
            Self::Run(RunError::NotThere { .. }) => Text::new("deploy-engine-not-there-hint"),
            Self::Down { .. } => Text::new("deploy-engine-down-hint"),
            _ => Text::new("deploy-engine-hint"),
        }
    }

    /// Reads a refusal: an engine that is not there refuses everything in the same words.
    pub(super) fn of(what: &'static str, ran: &Ran) -> Self {
        let said = ran.said();
        let lower = said.to_lowercase();
        let down = [
            "cannot connect to the docker daemon",
            "error during connect",
            "couldn't connect to docker daemon",
            "is the docker daemon running",
            "permission denied while trying to connect",
            "connection aborted",
        ];
        if down.iter().any(|words| lower.contains(words)) {
            Self::Down { said }
        } else {
            Self::Refused { what, said }
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ServerWire {
    version: String,
    #[serde(default)]
    arch: String,
}

impl Engine {
    /// The engine that `docker` talks to: of a host or a context where one is named, else as the
    /// environment has it.
    pub fn new(host: Option<String>, context: Option<String>) -> Self {
        let mut docker = Program::new("docker");
        if let Some(host) = &host {
            docker = docker.first("--host").first(host);
        }
        if let Some(context) = &context {
            docker = docker.first("--context").first(context);
        }
        Self {
            docker,
            host,
            context,
        }
    }

    /// The `docker` command with its flags.
    pub(super) fn docker(&self) -> &Program {
        &self.docker
    }

    /// Another program that is to talk to the same engine.
    pub(super) fn beside(&self, program: Program) -> Program {
        let program = match &self.host {
            Some(host) => program.env("DOCKER_HOST", host),
            None => program,
        };
        match &self.context {
            Some(context) => program.env("DOCKER_CONTEXT", context),
            None => program,
        }
    }

    /// How a person calls it.
    pub fn shown(&self) -> String {
        let mut shown = "docker".to_owned();
        for (flag, value) in [("--host", &self.host), ("--context", &self.context)] {
            if let Some(value) = value {
                shown.push(' ');
                shown.push_str(flag);
                shown.push(' ');
                shown.push_str(value);
            }
        }
        shown
    }

    async fn ask(&self, what: &'static str, args: &[&str]) -> Result<Ran, EngineError> {
        self.ask_for(what, args, QUESTION).await
    }

    async fn ask_for(
        &self,
        what: &'static str,
        args: &[&str],
        patience: Duration,
    ) -> Result<Ran, EngineError> {
        let ran = self.docker.run(args, patience).await?;
        if ran.is_ok() {
            Ok(ran)
        } else {
            Err(EngineError::of(what, &ran))
        }
    }

    /// Version, architecture and place of the engine; the question whether it is there.
    pub async fn facts(&self) -> Result<EngineFacts, EngineError> {
        let what = "docker version";
        let ran = self
            .ask(what, &["version", "--format", "{{json .Server}}"])
            .await?;
        let wire: ServerWire =
            serde_json::from_str(ran.stdout.trim()).map_err(|error| unreadable(what, &error))?;
        let endpoint = if let Some(host) = &self.host {
            host.clone()
        } else {
            let format = "{{.Endpoints.docker.Host}}";
            let asked = self
                .ask(
                    "docker context",
                    &["context", "inspect", "--format", format],
                )
                .await;
            // A docker command without contexts is one that talks to this machine.
            asked.map_or_else(|_| "unix:".to_owned(), |ran| ran.stdout.trim().to_owned())
        };
        Ok(EngineFacts {
            version: wire.version,
            architecture: wire.arch,
            endpoint,
        })
    }

    /// An image by its name, where it is there.
    pub async fn image(&self, reference: &str) -> Result<Option<Image>, EngineError> {
        let what = "docker image inspect";
        match self.ask(what, &["image", "inspect", reference]).await {
            Ok(ran) => {
                let images =
                    inspect::images(&ran.stdout).map_err(|error| unreadable(what, &error))?;
                Ok(images.into_iter().next())
            }
            Err(error) => absent(error, None),
        }
    }

    /// Pulls an image; each line that Docker says of a layer is handed on.
    pub async fn pull(&self, reference: &str, line: impl FnMut(&str)) -> Result<(), EngineError> {
        let ran = self.docker.watch(&["pull", reference], WORK, line).await?;
        if ran.is_ok() {
            Ok(())
        } else {
            Err(EngineError::of("docker pull", &ran))
        }
    }

    /// Gives an image another name.
    pub async fn tag(&self, from: &str, to: &str) -> Result<(), EngineError> {
        self.ask("docker tag", &["tag", from, to]).await.map(drop)
    }

    /// Writes an image as a tar to a file.
    pub async fn save(&self, reference: &str, file: File) -> Result<(), EngineError> {
        let ran = self
            .docker
            .run_into(&["save", reference], file, WORK)
            .await?;
        if ran.is_ok() {
            Ok(())
        } else {
            Err(EngineError::of("docker save", &ran))
        }
    }

    /// Loads the images of a tar.
    pub async fn load(&self, tar: &Path) -> Result<(), EngineError> {
        let tar = tar.to_string_lossy();
        let args = ["load", "--quiet", "--input", &tar];
        self.ask_for("docker load", &args, WORK).await.map(drop)
    }

    /// A container by its id or name, where it is there.
    pub async fn container(&self, id: &str) -> Result<Option<Container>, EngineError> {
        match self.inspect(&[id]).await {
            Ok(found) => Ok(found.into_iter().next()),
            Err(error) => absent(error, None),
        }
    }

    /// All containers, or those with all these labels (`key=value`).
    pub async fn containers(&self, labels: &[String]) -> Result<Vec<Container>, EngineError> {
        let filters: Vec<String> = labels
            .iter()
            .map(|label| format!("label={label}"))
            .collect();
        let mut args = vec!["ps", "--all", "--quiet", "--no-trunc"];
        for filter in &filters {
            args.extend(["--filter", filter]);
        }
        let ran = self.ask("docker ps", &args).await?;
        let ids: Vec<&str> = ran
            .stdout
            .lines()
            .map(str::trim)
            .filter(|id| !id.is_empty())
            .collect();
        let mut found = Vec::new();
        for id in ids {
            // One that went away between the two questions is none.
            found.extend(self.container(id).await?);
        }
        Ok(found)
    }

    async fn inspect(&self, ids: &[&str]) -> Result<Vec<Container>, EngineError> {
        let what = "docker inspect";
        let mut args = vec!["inspect", "--type", "container"];
        args.extend(ids);
        let ran = self.ask(what, &args).await?;
        inspect::containers(&ran.stdout).map_err(|error| unreadable(what, &error))
    }

    /// The last lines that a container said, both of its streams in their order.
    pub async fn logs(&self, id: &str, lines: usize) -> Result<Vec<String>, EngineError> {
        let count = lines.to_string();
        let args = ["logs", "--timestamps", "--tail", &count, id];
        let ran = self.ask("docker logs", &args).await?;
        let mut said: Vec<&str> = ran.stdout.lines().chain(ran.stderr.lines()).collect();
        said.sort_by_key(|line| line.split(' ').next().unwrap_or_default());
        let last = said.len().saturating_sub(lines);
        let without_time = said[last..].iter().map(|line| {
            line.split_once(' ')
                .map_or("", |(_, words)| words)
                .to_owned()
        });
        Ok(without_time.collect())
    }

    /// Stops a container; the engine will not start it again by itself, not at a restart of the
    /// machine either.
    pub async fn stop(&self, id: &str) -> Result<(), EngineError> {
        self.ask("docker update", &["update", "--restart=no", id])
            .await?;
        self.ask_for("docker stop", &["stop", id], WORK)
            .await
            .map(drop)
    }

    /// Removes a stopped container by its id. Its volumes are left alone.
    pub async fn remove(&self, id: &str) -> Result<(), EngineError> {
        match self.ask("docker rm", &["rm", id]).await {
            Ok(_) => Ok(()),
            Err(error) => absent(error, ()),
        }
    }

    /// Removes the network of a compose project where nothing is on it any more.
    pub async fn remove_network(&self, name: &str) -> Result<bool, EngineError> {
        match self
            .ask("docker network rm", &["network", "rm", name])
            .await
        {
            Ok(_) => Ok(true),
            Err(EngineError::Refused { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The text of a file in an image. A container is made for it, never started, and removed.
    pub async fn file_of_image(
        &self,
        image: &str,
        path: &str,
    ) -> Result<Option<Vec<u8>>, EngineError> {
        let made = self.ask("docker create", &["create", image, "-"]).await?;
        let id = made.stdout.trim().to_owned();
        let folder = tempfile::tempdir().map_err(|error| EngineError::Unreadable {
            what: "docker cp",
            why: error.to_string(),
        })?;
        let target = folder.path().join("file");
        let from = format!("{id}:{path}");
        let copied = self
            .ask("docker cp", &["cp", &from, &target.to_string_lossy()])
            .await;
        self.remove(&id).await?;
        match copied {
            Ok(_) => fs_err::read(&target)
                .map(Some)
                .map_err(|error| EngineError::Unreadable {
                    what: "docker cp",
                    why: error.to_string(),
                }),
            Err(EngineError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn unreadable(what: &'static str, error: &serde_json::Error) -> EngineError {
    EngineError::Unreadable {
        what,
        why: error.to_string(),
    }
}

/// `docker` says of what is not there that there is no such thing.
fn absent<T>(error: EngineError, none: T) -> Result<T, EngineError> {
    match &error {
        EngineError::Refused { said, .. } if said.to_lowercase().contains("no such") => Ok(none),
        _ => Err(error),
    }
}
