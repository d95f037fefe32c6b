//! The directories, their owners and modes.

use std::path::PathBuf;

use super::owner::Owner;
use crate::deploy::env::Service;

/// The purpose of a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The component's own directory, with its compose file.
    Home,
    /// Its log, written by the container's user.
    Log,
    /// Private keys; the operator puts them there, the container's user reads them.
    Certs,
    /// Parent of another directory.
    Parent,
    /// Static files of the plugins; core writes them over ssh, the portal's nginx reads them.
    UiResources,
}

/// A directory of the layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirSpec {
    /// Path below the root.
    pub path: PathBuf,
    /// Its component.
    pub component: Service,
    /// Its purpose.
    pub purpose: Purpose,
}

/// The owner and mode that a directory must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirAttributes {
    /// Owner; `None` keeps the present one.
    pub owner: Option<Owner>,
    /// Permission bits.
    pub mode: u32,
    /// Whether more permission than that is left as it is.
    pub at_least: bool,
}

/// The guide's directories, each after its parent.
pub fn layout() -> Vec<DirSpec> {
    let mut specs = Vec::new();
    for component in Service::ALL {
        let mut add = |below: &str, purpose: Purpose| {
            let mut path = PathBuf::from(component.name());
            if !below.is_empty() {
                path.push(below);
            }
            specs.push(DirSpec {
                path,
                component,
                purpose,
            });
        };
        add("", Purpose::Home);
        match component {
            Service::Auth | Service::Core => {
                add("logs", Purpose::Log);
                add("certs", Purpose::Certs);
            }
            Service::Gateway => add("logs", Purpose::Log),
            Service::Portal => {
                add("log", Purpose::Log);
                add("data", Purpose::Parent);
                add("data/ui-resources", Purpose::UiResources);
            }
        }
    }
    specs
}

impl DirSpec {
    /// Its owner and mode. `user` is the user of the component's image, `ssh` the account with which core
    /// copies static files; a directory whose writer is unknown is world-writable, as in the guide.
    pub fn attributes(&self, user: Option<Owner>, ssh: Option<Owner>) -> DirAttributes {
        let plain = |owner| DirAttributes {
            owner,
            mode: 0o755,
            at_least: true,
        };
        match self.purpose {
            Purpose::Home | Purpose::Certs | Purpose::Parent => plain(None),
            Purpose::Log => match user {
                Some(owner) => plain(Some(owner)),
                None => world(),
            },
            Purpose::UiResources => match ssh {
                Some(owner) => plain(Some(owner)),
                None => world(),
            },
        }
    }
}

fn world() -> DirAttributes {
    DirAttributes {
        owner: None,
        mode: 0o777,
        at_least: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_has_the_guides_directories_after_their_parents() {
        let paths: Vec<String> = layout()
            .iter()
            .map(|want| want.path.display().to_string())
            .collect();
        for made in [
            "platform-auth-server/logs",
            "platform-core/logs",
            "platform-gateway/logs",
            "wecube-portal/log",
            "platform-auth-server/certs",
            "platform-core/certs",
            "wecube-portal/data/ui-resources",
        ] {
            assert!(paths.contains(&made.to_owned()), "{made}");
        }
        for (at, path) in paths.iter().enumerate() {
            let above = path.rsplit_once('/').map(|(above, _)| above.to_owned());
            assert!(
                above.is_none_or(|above| paths[..at].contains(&above)),
                "{path}"
            );
        }
    }

    #[test]
    fn only_the_log_of_an_unknown_user_is_world_writable() {
        let app = Owner {
            uid: 6001,
            gid: 6000,
        };
        for want in layout() {
            let known = want.attributes(Some(app), Some(app));
            assert_eq!(known.mode, 0o755, "{want:?}");
            let unknown = want.attributes(None, Some(app));
            let opened = unknown.mode == 0o777;
            assert_eq!(opened, want.purpose == Purpose::Log, "{want:?}");
        }
    }
}
