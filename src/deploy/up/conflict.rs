//! What speaks against a start, found before anything is done.

use std::path::PathBuf;

use crate::deploy::env::Service;
use crate::i18n::Text;

/// One thing that speaks against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// The compose file is not there.
    NoFile {
        /// Where it must be.
        path: PathBuf,
    },
    /// The compose file has not the one service that it must have.
    Services {
        /// The file.
        path: PathBuf,
        /// How many it has.
        count: usize,
    },
    /// The compose file publishes no port that its component listens on.
    NoPort {
        /// The file.
        path: PathBuf,
    },
    /// The image is not there.
    NoImage {
        /// Its name.
        image: String,
    },
    /// Another container has the port, or will have it.
    PortOfContainer {
        /// Whose port.
        component: Service,
        /// Address and port.
        port: String,
        /// The container.
        container: String,
    },
    /// A program of this host has the port.
    PortOfProgram {
        /// Whose port.
        component: Service,
        /// Address and port.
        port: String,
    },
    /// This host has no such address.
    NoSuchAddress {
        /// The address.
        address: String,
    },
    /// A container that is not this deployment's has the name.
    Name {
        /// The name.
        name: String,
        /// Whether it runs.
        runs: bool,
    },
    /// Another deployment uses the compose project: compose would take its container away.
    Project {
        /// The project.
        project: String,
        /// The container that would go.
        container: String,
    },
    /// A container that is to be replaced is not there.
    NothingToReplace {
        /// Its name.
        name: String,
    },
    /// A container that is to be replaced is one of this deployment.
    ReplacesItself {
        /// Its name.
        name: String,
    },
}

impl Conflict {
    /// What a person reads.
    pub fn text(&self) -> Text {
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
            Self::Project { .. } => Text::new("deploy-conflict-project-hint"),
            Self::NothingToReplace { .. } | Self::ReplacesItself { .. } => {
                Text::new("deploy-conflict-replace-hint")
            }
        }
    }
}
