//! The compose files of a deployment and their projects.

use std::path::{Path, PathBuf};

use crate::deploy::env::Service;

/// A deployment below a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// Its root, absolute.
    pub root: PathBuf,
    /// Prefix of its compose projects; without one a project has the name of its directory, as in the
    /// WeCube upgrade guide.
    pub prefix: Option<String>,
}

/// The compose file of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComposeFile {
    /// Its component.
    pub component: Service,
    /// The file.
    pub path: PathBuf,
    /// Name of its project.
    pub project: String,
}

impl Deployment {
    /// The four files, in order of starting.
    pub fn files(&self) -> Vec<ComposeFile> {
        let of = |component: Service| ComposeFile {
            component,
            path: self.file(component),
            project: self.project(component),
        };
        Service::ALL.into_iter().map(of).collect()
    }

    /// The flags that name this deployment.
    pub fn flags(&self) -> String {
        let root = self.root.display().to_string();
        let mut words = vec!["--root", &root];
        if let Some(prefix) = &self.prefix {
            words.extend(["--project-prefix", prefix]);
        }
        shlex::try_join(words.iter().copied()).unwrap_or_else(|_| words.join(" "))
    }

    /// The compose file of a component.
    pub fn file(&self, component: Service) -> PathBuf {
        self.folder(component).join(component.compose_file())
    }

    /// The directory of a component.
    pub fn folder(&self, component: Service) -> PathBuf {
        self.root.join(component.name())
    }

    /// The compose project of a component.
    pub fn project(&self, component: Service) -> String {
        match &self.prefix {
            Some(prefix) => format!("{prefix}-{}", component.name()),
            None => component.name().to_owned(),
        }
    }

    /// Whether a directory is that of a component, also by another path.
    pub fn is_folder_of(&self, component: Service, folder: &Path) -> bool {
        let ours = self.folder(component);
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        real(&ours) == real(folder)
    }
}
