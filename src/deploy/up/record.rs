//! The containers that this program started; only these may `down` remove.
//!
//! A file in the state directory, written atomically before and after each start. A start that was
//! killed in between is found by its compose project and directory.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::unit::Deployment;
use crate::confirm::Confirmation;
use crate::deploy::env::Service;
use crate::deploy::host::{Container, Engine, EngineError};
use crate::error::Failure;
use crate::exit::Outcome;
use crate::files::{Access, Directory, FileError, MIB};
use crate::i18n::{Text, quoted};

/// The record of one deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartRecord {
    /// Root of the deployment.
    pub root: PathBuf,
    /// Containers that were started, in order.
    pub started: Vec<StartedContainer>,
    /// Containers that were stopped and kept.
    pub replaced: Vec<ReplacedContainer>,
}

/// A container that was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartedContainer {
    /// Name of its component.
    pub component: String,
    /// Its compose project.
    pub project: String,
    /// Its id; `None` until it has started.
    pub id: Option<String>,
    /// Id of the container before it, which is not ours.
    pub before: Option<String>,
}

/// A container that was stopped and kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplacedContainer {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// Its restart policy before it was stopped.
    pub restart_policy: String,
    /// Its record as started, if this program started it.
    #[serde(default)]
    pub started: Option<StartedContainer>,
    /// Stopped by a rollback: the next start uses it again.
    #[serde(default)]
    pub rolled_back: bool,
}

impl ReplacedContainer {
    /// Records a container before it is stopped.
    pub fn of(container: &Container) -> Self {
        Self {
            name: container.name.clone(),
            id: container.id.clone(),
            restart_policy: container.restart_policy.clone(),
            started: None,
            rolled_back: false,
        }
    }

    /// The commands that start it again.
    pub fn restore_command(&self, docker: &str) -> String {
        let policy = if self.restart_policy.is_empty() {
            "no"
        } else {
            &self.restart_policy
        };
        let (policy, name) = (quoted(policy), quoted(&self.name));
        format!("{docker} update --restart={policy} {name} && {docker} start {name}")
    }
}

/// The record file of a deployment.
#[derive(Clone, Debug)]
pub struct RecordFile {
    folder: PathBuf,
    name: String,
}

impl RecordFile {
    /// The file in a state directory: one per root, prefix and engine.
    pub fn of(state: &Path, deployment: &Deployment, endpoint: &str) -> Self {
        let prefix = deployment.prefix.as_deref().unwrap_or_default();
        let words = format!("{}\0{prefix}\0{endpoint}", deployment.root.display());
        let digest = Sha256::digest(words.as_bytes());
        let mut name: String = digest[..8]
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .filter_map(|digit| char::from_digit(u32::from(digit), 16))
            .collect();
        name.push_str(".json");
        Self {
            folder: state.join("deploy"),
            name,
        }
    }

    /// Its path.
    pub fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// Reads it; empty if there is none.
    pub fn read(&self) -> Result<StartRecord, RecordError> {
        let folder = Directory::existing_private(&self.folder)?;
        let bytes = match folder {
            Some(folder) => folder.read(&self.name, 16 * MIB)?,
            None => None,
        };
        let Some(bytes) = bytes else {
            return Ok(StartRecord::default());
        };
        serde_json::from_slice(&bytes).map_err(|error| RecordError::Json(self.path(), error.line()))
    }

    /// Writes it atomically with mode 0600.
    pub fn write(&self, record: &StartRecord) -> Result<(), RecordError> {
        let text = serde_json::to_string_pretty(record)
            .map_err(|error| RecordError::Json(self.path(), error.line()))?;
        let folder = Directory::private(&self.folder)?;
        Ok(folder.replace(self.name.as_ref(), text.as_bytes(), Access::Private)?)
    }
}

/// The record file could not be read or written.
#[derive(Debug)]
pub enum RecordError {
    /// Not a record; the line.
    Json(PathBuf, usize),
    /// The file itself.
    File(FileError),
}

impl From<FileError> for RecordError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl Failure for RecordError {
    fn outcome(&self) -> Outcome {
        Outcome::Failed
    }

    fn message(&self) -> Text {
        let (path, cause) = match self {
            Self::Json(path, line) => (
                path,
                Text::new("deploy-record-malformed").with("line", line),
            ),
            Self::File(error) => (&error.path, error.fault.text()),
        };
        Text::new("deploy-record-failed")
            .with("path", path.display())
            .nested("error", cause)
    }

    fn hints(&self) -> Vec<Text> {
        match self {
            Self::Json(..) => Vec::new(),
            Self::File(error) => error.hints(),
        }
    }
}

impl StartRecord {
    /// Records that a component will be started.
    pub fn set_starting(&mut self, component: &str, project: &str, before: Option<&str>) {
        self.started.retain(|one| one.project != project);
        self.started.push(StartedContainer {
            component: component.to_owned(),
            project: project.to_owned(),
            id: None,
            before: before.map(ToOwned::to_owned),
        });
    }

    /// Records the container of a start.
    pub fn set_started(&mut self, project: &str, id: &str) {
        let mut of = self.started.iter_mut();
        if let Some(one) = of.find(|one| one.project == project) {
            one.id = Some(id.to_owned());
            one.before = None;
        }
    }

    /// Records a container that will be stopped and kept. The first record of a container is kept.
    pub fn set_replaced(&mut self, container: &Container, name: &str) {
        if self.replaced.iter().any(|one| one.id == container.id) {
            return;
        }
        let is_it = |one: &StartedContainer| one.id.as_deref() == Some(&container.id);
        let started = self.started.iter().position(is_it);
        self.replaced.push(ReplacedContainer {
            name: name.to_owned(),
            started: started.map(|at| self.started.remove(at)),
            ..ReplacedContainer::of(container)
        });
    }

    /// Takes a container that runs again from those that were stopped; its restart policy.
    pub fn take_replaced(&mut self, id: &str) -> Option<String> {
        let at = self.replaced.iter().position(|one| one.id == id)?;
        let old = self.replaced.remove(at);
        self.started.extend(old.started);
        Some(old.restart_policy)
    }
}

/// The containers of a record that still exist, last started first. A container that somebody recreated
/// by hand is not ours.
pub async fn recorded_containers(
    engine: &Engine,
    deployment: &Deployment,
    record: &StartRecord,
) -> Result<Vec<(StartedContainer, Container)>, EngineError> {
    let mut found = Vec::new();
    for started in record.started.iter().rev() {
        let container = if let Some(id) = &started.id {
            engine.container(id).await?
        } else {
            // Killed during the start: found by the labels of our project and directory.
            let label = format!("com.docker.compose.project={}", started.project);
            let mut services = Service::ALL.into_iter();
            let component = services.find(|one| one.name() == started.component);
            let in_ours = |one: &Container| {
                let folder = one.compose_label("project.working_dir").unwrap_or_default();
                component.is_some_and(|it| deployment.is_folder_of(it, Path::new(folder)))
            };
            engine.containers(&[label]).await?.into_iter().find(in_ours)
        };
        let is_ours = |one: &Container| {
            one.compose_label("project") == Some(&started.project)
                && started.before.as_deref() != Some(&one.id)
        };
        if let Some(container) = container.filter(is_ours) {
            found.push((started.clone(), container));
        }
    }
    Ok(found)
}

/// Stops and removes a container, and its project's network unless something else uses it. Keeps volumes.
pub async fn remove_container(
    engine: &Engine,
    container: &Container,
    started: &StartedContainer,
    _: &Confirmation,
) -> Result<(), EngineError> {
    engine.stop(&container.id).await?;
    engine.remove(&container.id).await?;
    let network = format!("{}_default", started.project);
    engine.remove_network(&network).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn record_is_read_back_and_keeps_the_first_policy() {
        use std::os::unix::fs::PermissionsExt as _;
        let state = tempfile::tempdir().unwrap();
        let deployment = Deployment {
            root: PathBuf::from("/data/app/platform"),
            prefix: None,
        };
        let file = RecordFile::of(state.path(), &deployment, "unix:///var/run/docker.sock");
        assert_eq!(file.read().unwrap(), StartRecord::default());
        let mut record = StartRecord::default();
        record.set_starting("platform-core", "platform-core", None);
        record.set_starting("platform-core", "platform-core", Some("1"));
        record.set_started("platform-core", "c0ffee");
        let old = Container {
            name: "old-core".to_owned(),
            id: "1".to_owned(),
            restart_policy: "always".to_owned(),
            ..Container::default()
        };
        record.set_replaced(&old, "old-core");
        let stopped = Container {
            restart_policy: "no".to_owned(),
            ..old
        };
        record.set_replaced(&stopped, "old-core");
        file.write(&record).unwrap();
        let read = file.read().unwrap();
        assert_eq!(read, record);
        assert_eq!(read.started.len(), 1);
        assert_eq!(
            read.replaced[0].restore_command("docker"),
            "docker update --restart=always old-core && docker start old-core"
        );
        let mode = fs_err::metadata(file.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let other = Deployment {
            prefix: Some("b".to_owned()),
            ..deployment
        };
        let beside = RecordFile::of(state.path(), &other, "unix:///var/run/docker.sock");
        assert_ne!(beside.path(), file.path());
    }
}
