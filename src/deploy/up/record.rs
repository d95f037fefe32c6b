//! What was started here: the only things that `down` may take away.
//!
//! A file in the state directory, written whole, before and after each start: one that was killed
//! between the two is found by its compose project and directory.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::unit::Deployment;
use crate::confirm::Confirmation;
use crate::deploy::env::Service;
use crate::deploy::host::{Container, Engine, EngineError};

/// The record of one deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Root of the deployment.
    pub root: PathBuf,
    /// Containers that were started, in order.
    pub started: Vec<Started>,
    /// Containers that were stopped and kept.
    pub replaced: Vec<Replaced>,
}

/// A container that was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// Name of its component.
    pub component: String,
    /// Its compose project.
    pub project: String,
    /// Its id; none where it was about to be started when the record was written.
    pub id: Option<String>,
    /// Id of the container that was there before it, which is not ours.
    pub before: Option<String>,
}

/// A container that was stopped and kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// Its restart policy before; it is `no` while it is stopped.
    pub restart_policy: String,
}

impl Replaced {
    /// A container before it is stopped.
    pub fn of(container: &Container) -> Self {
        Self {
            name: container.name.clone(),
            id: container.id.clone(),
            restart_policy: container.restart_policy.clone(),
        }
    }

    /// The commands that bring it back.
    pub fn way_back(&self, docker: &str) -> String {
        let policy = if self.restart_policy.is_empty() {
            "no"
        } else {
            &self.restart_policy
        };
        format!(
            "{docker} update --restart={policy} {name} && {docker} start {name}",
            name = self.name
        )
    }
}

/// Where the record of a deployment is kept.
#[derive(Clone, Debug)]
pub struct RecordFile {
    path: PathBuf,
}

impl RecordFile {
    /// The file below a state directory: one for each root, prefix and engine.
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
            path: state.join("deploy").join(name),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads it; an empty record where there is none.
    pub fn read(&self) -> io::Result<Record> {
        match fs_err::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
                let words = format!("{}: {error}", self.path.display());
                io::Error::new(io::ErrorKind::InvalidData, words)
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Record::default()),
            Err(error) => Err(error),
        }
    }

    /// Writes it whole, for its owner alone.
    pub fn write(&self, record: &Record) -> io::Result<()> {
        use std::os::unix::fs::DirBuilderExt as _;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        let text = serde_json::to_string_pretty(record)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

impl Record {
    /// Notes that a component is about to be started.
    pub fn begins(&mut self, component: &str, project: &str, before: Option<&str>) {
        self.started.retain(|one| one.project != project);
        self.started.push(Started {
            component: component.to_owned(),
            project: project.to_owned(),
            id: None,
            before: before.map(ToOwned::to_owned),
        });
    }

    /// Notes the container that a start made.
    pub fn has_begun(&mut self, project: &str, id: &str) {
        let mut of = self.started.iter_mut();
        if let Some(one) = of.find(|one| one.project == project) {
            one.id = Some(id.to_owned());
            one.before = None;
        }
    }

    /// Notes a container that is about to be stopped; what was noted first is kept.
    pub fn replaces(&mut self, container: &Container) {
        if !self.replaced.iter().any(|one| one.id == container.id) {
            self.replaced.push(Replaced::of(container));
        }
    }
}

/// The containers of a record that are still those that were started, the last first. What was made
/// anew by hand since is somebody else's.
pub async fn ours(
    engine: &Engine,
    deployment: &Deployment,
    record: &Record,
) -> Result<Vec<(Started, Container)>, EngineError> {
    let mut found = Vec::new();
    for started in record.started.iter().rev() {
        let container = if let Some(id) = &started.id {
            engine.container(id).await?
        } else {
            // Killed while it was started: by the labels that only our project and directory give.
            let label = format!("com.docker.compose.project={}", started.project);
            let mut services = Service::ALL.into_iter();
            let component = services.find(|one| one.name() == started.component);
            let in_ours = |one: &Container| {
                let folder = one.compose("project.working_dir").unwrap_or_default();
                component.is_some_and(|it| deployment.is_folder_of(it, Path::new(folder)))
            };
            engine.containers(&[label]).await?.into_iter().find(in_ours)
        };
        let is_ours = |one: &Container| {
            one.compose("project") == Some(&started.project)
                && started.before.as_deref() != Some(&one.id)
        };
        if let Some(container) = container.filter(is_ours) {
            found.push((started.clone(), container));
        }
    }
    Ok(found)
}

/// Stops and removes a container by its id, and its project's network where nothing else is on it.
/// Volumes stay.
pub async fn take_away(
    engine: &Engine,
    container: &Container,
    started: &Started,
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
    fn a_record_is_written_whole_and_read_again() {
        use std::os::unix::fs::PermissionsExt as _;
        let state = tempfile::tempdir().unwrap();
        let deployment = Deployment {
            root: PathBuf::from("/data/app/platform"),
            prefix: None,
        };
        let file = RecordFile::of(state.path(), &deployment, "unix:///var/run/docker.sock");
        assert_eq!(file.read().unwrap(), Record::default());
        let mut record = Record::default();
        record.begins("platform-core", "platform-core", None);
        record.begins("platform-core", "platform-core", Some("1"));
        record.has_begun("platform-core", "c0ffee");
        let old = Container {
            name: "old-core".to_owned(),
            id: "1".to_owned(),
            restart_policy: "always".to_owned(),
            ..Container::default()
        };
        record.replaces(&old);
        record.replaces(&Container {
            restart_policy: "no".to_owned(),
            ..old
        });
        file.write(&record).unwrap();
        let read = file.read().unwrap();
        assert_eq!(read, record);
        assert_eq!(read.started.len(), 1);
        assert_eq!(
            read.replaced[0].way_back("docker"),
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
