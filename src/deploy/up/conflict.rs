//! Conflicts that prevent a start, found before anything is changed.

use std::path::PathBuf;

use crate::deploy::env::Service;
use crate::error::Failure;
use crate::exit::Outcome;
use crate::i18n::Text;

/// One conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartConflict {
    /// The compose file is missing.
    NoFile {
        /// Its path.
        path: PathBuf,
    },
    /// The compose file does not have exactly one service.
    Services {
        /// The file.
        path: PathBuf,
        /// How many it has.
        count: usize,
    },
    /// The compose file does not publish the port of its component.
    NoPort {
        /// The file.
        path: PathBuf,
    },
    /// The image is missing.
    NoImage {
        /// Its name.
        image: String,
    },
    /// Another container uses the port, or will when it runs.
    PortOfContainer {
        /// The component.
        component: Service,
        /// Address and port.
        port: String,
        /// The container.
        container: String,
    },
    /// A program of this host uses the port.
    PortOfProgram {
        /// The component.
        component: Service,
        /// Address and port.
        port: String,
    },
    /// This host has no such address.
    NoSuchAddress {
        /// The address.
        address: String,
    },
    /// A container of something else has the name.
    Name {
        /// The name.
        name: String,
        /// Whether it runs.
        runs: bool,
    },
    /// Another deployment uses the compose project; compose would remove its container.
    Project {
        /// The project.
        project: String,
        /// That container.
        container: String,
    },
    /// A core runs on the same database that the guide forbids beside this one.
    ForbiddenBeside {
        /// Its container.
        container: String,
        /// Its version.
        version: String,
        /// The version to start.
        wanted: String,
    },
    /// The container of `--replace` does not exist.
    NothingToReplace {
        /// Its name.
        name: String,
    },
    /// The container of `--replace` belongs to this deployment.
    ReplacesItself {
        /// Its name.
        name: String,
    },
}

impl StartConflict {
    /// The conflict.
    pub fn message(&self) -> Text {
        match self {
            Self::NoFile { path } => {
                Text::new("deploy-conflict-no-file").with("path", path.display())
            }
            Self::Services { path, count } => Text::new("deploy-conflict-services")
                .with("path", path.display())
                .with("count", count),
            Self::NoPort { path } => {
                Text::new("deploy-conflict-no-port").with("path", path.display())
            }
            Self::NoImage { image } => Text::new("deploy-conflict-no-image").with("image", image),
            Self::PortOfContainer {
                component,
                port,
                container,
            } => Text::new("deploy-conflict-port-of-container")
                .with("component", component)
                .with("port", port)
                .with("container", container),
            Self::PortOfProgram { component, port } => Text::new("deploy-conflict-port-of-program")
                .with("component", component)
                .with("port", port),
            Self::NoSuchAddress { address } => {
                Text::new("deploy-conflict-no-such-address").with("address", address)
            }
            Self::Name { name, runs: true } => {
                Text::new("deploy-conflict-name-runs").with("name", name)
            }
            Self::Name { name, runs: false } => {
                Text::new("deploy-conflict-name").with("name", name)
            }
            Self::Project { project, container } => Text::new("deploy-conflict-project")
                .with("project", project)
                .with("container", container),
            Self::ForbiddenBeside {
                container,
                version,
                wanted,
            } => Text::new("deploy-conflict-forbidden")
                .with("container", container)
                .with("version", version)
                .with("wanted", wanted),
            Self::NothingToReplace { name } => {
                Text::new("deploy-conflict-nothing-to-replace").with("name", name)
            }
            Self::ReplacesItself { name } => {
                Text::new("deploy-conflict-replaces-itself").with("name", name)
            }
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Text {
        match self {
            Self::NoFile { .. } | Self::Services { .. } | Self::NoPort { .. } => {
                Text::new("deploy-conflict-file-hint")
            }
            Self::NoImage { .. } => Text::new("deploy-conflict-image-hint"),
            Self::PortOfContainer { .. } | Self::PortOfProgram { .. } => {
                Text::new("deploy-conflict-port-hint")
            }
            Self::NoSuchAddress { .. } => Text::new("deploy-conflict-address-hint"),
            Self::Name { .. } => Text::new("deploy-conflict-name-hint"),
            Self::ForbiddenBeside { .. } => Text::new("deploy-conflict-forbidden-hint"),
            Self::Project { .. } => Text::new("deploy-conflict-project-hint"),
            Self::NothingToReplace { .. } | Self::ReplacesItself { .. } => {
                Text::new("deploy-conflict-replace-hint")
            }
        }
    }
}

/// All conflicts of a start; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflicts(pub Vec<StartConflict>);

impl Failure for Conflicts {
    fn outcome(&self) -> Outcome {
        Outcome::Unsafe
    }

    fn message(&self) -> Text {
        Text::new("deploy-conflicts").count("count", self.0.len())
    }

    fn messages(&self) -> Vec<Text> {
        let each = self.0.iter().map(StartConflict::message);
        std::iter::once(self.message()).chain(each).collect()
    }

    fn hints(&self) -> Vec<Text> {
        let mut hints = Vec::new();
        for hint in self.0.iter().map(StartConflict::hint) {
            if !hints.contains(&hint) {
                hints.push(hint);
            }
        }
        hints
    }
}
