//! The `docker` command.

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::inspect::{self, Container, Image};
use super::process::{ProcessError, ProcessOutput, Program};
use crate::error::Failure;
use crate::exit::Outcome;
use crate::files::{FileError, MIB, read};
use crate::i18n::{Text, io_message};

/// Timeout of a query. Over ssh each query opens its own connection.
const QUERY: Duration = Duration::from_mins(1);
/// Timeout of moving an image or stopping a container.
const TRANSFER: Duration = Duration::from_hours(2);

/// A Docker engine, used through the `docker` command.
#[derive(Clone, Debug)]
pub struct Engine {
    docker: Program,
    host: Option<String>,
    context: Option<String>,
}

/// Properties of an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineFacts {
    /// Its version.
    pub version: String,
    /// Its architecture as Go names it (`amd64`).
    pub architecture: String,
    /// Its address (`unix:///var/run/docker.sock`, `ssh://host`).
    pub endpoint: String,
}

impl EngineFacts {
    /// Whether it runs on this machine, so that ports and directories can be checked here.
    pub fn is_local(&self) -> bool {
        self.endpoint.starts_with("unix:")
    }
}

/// Why a `docker` or compose command failed.
#[derive(Debug)]
pub enum EngineError {
    /// The program could not be run.
    Process(ProcessError),
    /// The engine does not answer; the command's own message.
    Down(String),
    /// The command failed.
    Refused {
        /// The command (`docker pull`).
        command: &'static str,
        /// Its own message.
        output: String,
    },
    /// The output is not what the command promises.
    Unreadable {
        /// The command.
        command: &'static str,
        /// The fault.
        fault: OutputFault,
    },
    /// A temporary file for the command could not be made or read.
    File(io::Error),
    /// A file that the command copied cannot be read.
    Copied(FileError),
}

/// A fault in the output of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputFault {
    /// Not the expected JSON; line and column.
    Json(usize, usize),
    /// Not the YAML of a compose file.
    NotCompose,
    /// A port of this service has an unknown form.
    Port(String),
}

impl OutputFault {
    fn message(&self) -> Text {
        match self {
            Self::Json(line, column) => Text::new("deploy-output-json")
                .with("line", line)
                .with("column", column),
            Self::NotCompose => Text::new("deploy-output-not-compose"),
            Self::Port(service) => Text::new("deploy-output-port").with("service", service),
        }
    }
}

impl From<ProcessError> for EngineError {
    fn from(error: ProcessError) -> Self {
        Self::Process(error)
    }
}

impl Failure for EngineError {
    fn outcome(&self) -> Outcome {
        match self {
            Self::Down(_) => Outcome::Unreachable,
            Self::Process(ProcessError::NotFound { .. }) => Outcome::Usage,
            _ => Outcome::Failed,
        }
    }

    fn message(&self) -> Text {
        match self {
            Self::Process(error) => error.message(),
            Self::Down(output) => Text::new("deploy-engine-down").with("output", output),
            Self::Refused { command, output } => Text::new("deploy-engine-refused")
                .with("command", command)
                .with("output", output),
            Self::Unreadable { command, fault } => Text::new("deploy-engine-unreadable")
                .with("command", command)
                .nested("fault", fault.message()),
            Self::File(error) => Text::new("deploy-engine-file").nested("error", io_message(error)),
            Self::Copied(error) => error.message(),
        }
    }

    fn hints(&self) -> Vec<Text> {
        vec![match self {
            Self::Process(ProcessError::NotFound { .. }) => {
                Text::new("deploy-engine-not-found-hint")
            }
            Self::Down(_) => Text::new("deploy-engine-down-hint"),
            _ => Text::new("deploy-engine-hint"),
        }]
    }
}

impl EngineError {
    /// The error of a command that failed. Every command reports a stopped engine in the same way.
    pub(super) fn of(command: &'static str, ran: &ProcessOutput) -> Self {
        let output = ran.last_lines();
        let lower = output.to_lowercase();
        let down = [
            "cannot connect to the docker daemon",
            "error during connect",
            "couldn't connect to docker daemon",
            "is the docker daemon running",
            "permission denied while trying to connect",
            "connection aborted",
        ];
        if down.iter().any(|part| lower.contains(part)) {
            Self::Down(output)
        } else {
            Self::Refused { command, output }
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
    /// The engine of a host or a context, or the one of the environment if neither is given.
    pub fn new(host: Option<String>, context: Option<String>) -> Self {
        let mut docker = Program::new("docker");
        if let Some(host) = &host {
            docker = docker.arg("--host").arg(host);
        }
        if let Some(context) = &context {
            docker = docker.arg("--context").arg(context);
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

    /// Lets another program use the same engine.
    pub(super) fn apply_to(&self, program: Program) -> Program {
        let program = match &self.host {
            Some(host) => program.env("DOCKER_HOST", host),
            None => program,
        };
        match &self.context {
            Some(context) => program.env("DOCKER_CONTEXT", context),
            None => program,
        }
    }

    /// The command line that a person types for this engine.
    pub fn command_line(&self) -> String {
        let flags = [("--host", &self.host), ("--context", &self.context)];
        let given = flags
            .iter()
            .filter_map(|(flag, value)| Some([*flag, value.as_deref()?]));
        let words: Vec<&str> = std::iter::once("docker").chain(given.flatten()).collect();
        shlex::try_join(words.iter().copied()).unwrap_or_else(|_| words.join(" "))
    }

    async fn query(
        &self,
        command: &'static str,
        args: &[&str],
    ) -> Result<ProcessOutput, EngineError> {
        self.run(command, args, QUERY).await
    }

    async fn run(
        &self,
        command: &'static str,
        args: &[&str],
        timeout: Duration,
    ) -> Result<ProcessOutput, EngineError> {
        checked(command, self.docker.run(args, timeout).await?)
    }

    /// Version, architecture and address of the engine. An error if it does not answer.
    pub async fn facts(&self) -> Result<EngineFacts, EngineError> {
        let command = "docker version";
        let ran = self
            .query(command, &["version", "--format", "{{json .Server}}"])
            .await?;
        let wire: ServerWire =
            serde_json::from_str(ran.stdout.trim()).map_err(|error| unreadable(command, &error))?;
        let endpoint = if let Some(host) = &self.host {
            host.clone()
        } else {
            let format = "{{.Endpoints.docker.Host}}";
            let asked = self
                .query(
                    "docker context",
                    &["context", "inspect", "--format", format],
                )
                .await;
            // An old docker without contexts uses this machine.
            asked.map_or_else(|_| "unix:".to_owned(), |ran| ran.stdout.trim().to_owned())
        };
        Ok(EngineFacts {
            version: wire.version,
            architecture: wire.arch,
            endpoint,
        })
    }

    /// An image by its name; `None` if it does not exist.
    pub async fn image(&self, reference: &str) -> Result<Option<Image>, EngineError> {
        let command = "docker image inspect";
        match self.query(command, &["image", "inspect", reference]).await {
            Ok(ran) => inspect::images(&ran.stdout)
                .map(|images| images.into_iter().next())
                .map_err(|error| unreadable(command, &error)),
            Err(error) => unless_missing(error, None),
        }
    }

    /// Pulls an image and passes each line of Docker's output to `line`.
    pub async fn pull(&self, reference: &str, line: impl FnMut(&str)) -> Result<(), EngineError> {
        let args = ["pull", reference];
        let ran = self.docker.run_with_lines(&args, TRANSFER, line).await?;
        checked("docker pull", ran).map(drop)
    }

    /// Gives an image another name.
    pub async fn tag(&self, from: &str, to: &str) -> Result<(), EngineError> {
        self.query("docker tag", &["tag", from, to]).await.map(drop)
    }

    /// Writes an image as a tar to a file.
    pub async fn save(&self, reference: &str, file: File) -> Result<(), EngineError> {
        let args = ["save", reference];
        let ran = self.docker.run_into(&args, file, TRANSFER).await?;
        checked("docker save", ran).map(drop)
    }

    /// Loads the images of a tar.
    pub async fn load(&self, tar: &Path) -> Result<(), EngineError> {
        let tar = tar.to_string_lossy();
        let args = ["load", "--quiet", "--input", &tar];
        self.run("docker load", &args, TRANSFER).await.map(drop)
    }

    /// A container by its id or name; `None` if it does not exist.
    pub async fn container(&self, id: &str) -> Result<Option<Container>, EngineError> {
        let command = "docker inspect";
        let args = ["inspect", "--type", "container", id];
        match self.query(command, &args).await {
            Ok(ran) => inspect::containers(&ran.stdout)
                .map(|found| found.into_iter().next())
                .map_err(|error| unreadable(command, &error)),
            Err(error) => unless_missing(error, None),
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
        let ran = self.query("docker ps", &args).await?;
        let ids: Vec<&str> = ran
            .stdout
            .lines()
            .map(str::trim)
            .filter(|id| !id.is_empty())
            .collect();
        let mut found = Vec::new();
        for id in ids {
            // It may have been removed since `docker ps`.
            found.extend(self.container(id).await?);
        }
        Ok(found)
    }

    /// The last lines of a container's log, both streams in order of time.
    pub async fn logs(&self, id: &str, lines: usize) -> Result<Vec<String>, EngineError> {
        let count = lines.to_string();
        let args = ["logs", "--timestamps", "--tail", &count, id];
        let ran = self.query("docker logs", &args).await?;
        let mut log: Vec<&str> = ran.stdout.lines().chain(ran.stderr.lines()).collect();
        log.sort_by_key(|line| line.split(' ').next().unwrap_or_default());
        let first = log.len().saturating_sub(lines);
        let without_time =
            |line: &&str| line.split_once(' ').map_or("", |(_, text)| text).to_owned();
        Ok(log[first..].iter().map(without_time).collect())
    }

    /// Stops a container and keeps the engine from starting it again, also after a reboot.
    pub async fn stop(&self, id: &str) -> Result<(), EngineError> {
        self.set_restart(id, "no").await?;
        self.run("docker stop", &["stop", id], TRANSFER)
            .await
            .map(drop)
    }

    /// Starts a container again with its restart policy.
    pub async fn start(&self, id: &str, policy: &str) -> Result<(), EngineError> {
        self.set_restart(id, policy).await?;
        self.run("docker start", &["start", id], TRANSFER)
            .await
            .map(drop)
    }

    /// Sets a container's restart policy.
    pub async fn set_restart(&self, id: &str, policy: &str) -> Result<(), EngineError> {
        let policy = if policy.is_empty() { "no" } else { policy };
        let flag = format!("--restart={policy}");
        self.query("docker update", &["update", &flag, id])
            .await
            .map(drop)
    }

    /// Gives a container another name.
    pub async fn rename(&self, id: &str, name: &str) -> Result<(), EngineError> {
        self.query("docker rename", &["rename", id, name])
            .await
            .map(drop)
    }

    /// Removes a stopped container by its id. Its volumes are left alone.
    pub async fn remove(&self, id: &str) -> Result<(), EngineError> {
        match self.query("docker rm", &["rm", id]).await {
            Ok(_) => Ok(()),
            Err(error) => unless_missing(error, ()),
        }
    }

    /// Removes the network of a compose project unless something still uses it.
    pub async fn remove_network(&self, name: &str) -> Result<bool, EngineError> {
        match self
            .query("docker network rm", &["network", "rm", name])
            .await
        {
            Ok(_) => Ok(true),
            Err(EngineError::Refused { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A file of an image, read through a container that is created, never started, and removed.
    pub async fn file_of_image(
        &self,
        image: &str,
        path: &str,
    ) -> Result<Option<Vec<u8>>, EngineError> {
        let made = self.query("docker create", &["create", image, "-"]).await?;
        let id = made.stdout.trim().to_owned();
        let folder = tempfile::tempdir().map_err(EngineError::File)?;
        let target = folder.path().join("file");
        let from = format!("{id}:{path}");
        let copied = self
            .query("docker cp", &["cp", &from, &target.to_string_lossy()])
            .await;
        self.remove(&id).await?;
        match copied {
            Ok(_) => read(&target, 16 * MIB)
                .map(Some)
                .map_err(EngineError::Copied),
            Err(EngineError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn checked(command: &'static str, ran: ProcessOutput) -> Result<ProcessOutput, EngineError> {
    if ran.is_ok() {
        Ok(ran)
    } else {
        Err(EngineError::of(command, &ran))
    }
}

fn unreadable(command: &'static str, error: &serde_json::Error) -> EngineError {
    let fault = OutputFault::Json(error.line(), error.column());
    EngineError::Unreadable { command, fault }
}

/// `docker` answers "No such …" for what does not exist.
fn unless_missing<T>(error: EngineError, missing: T) -> Result<T, EngineError> {
    match &error {
        EngineError::Refused { output, .. } if output.to_lowercase().contains("no such") => {
            Ok(missing)
        }
        _ => Err(error),
    }
}
