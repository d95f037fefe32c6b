//! Which directories, and whose.

use std::path::PathBuf;

use super::owner::Owner;
use crate::deploy::env::Service;

/// What a directory is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The component's own directory, where its compose file is.
    Home,
    /// Its log, written by the container's user.
    Log,
    /// Private keys, put there by the operator, read by the container's user.
    Certs,
    /// On the way to another.
    Way,
    /// Pages of the plugins: written over ssh by core, read by the portal's nginx.
    UiResources,
}

/// A directory of the layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// Path below the root.
    pub path: PathBuf,
    /// Whose it is.
    pub component: Service,
    /// What it is for.
    pub purpose: Purpose,
}

/// Owner and mode that a directory must have; what is not said is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Owner.
    pub owner: Option<Owner>,
    /// Permission bits.
    pub mode: u32,
    /// Whether more permission than that is left as it is.
    pub at_least: bool,
}

/// The document's directories, each after the one that it is in.
pub fn layout() -> Vec<Want> {
    let mut wants = Vec::new();
    for component in Service::ALL {
        let mut add = |below: &str, purpose: Purpose| {
            let mut path = PathBuf::from(component.name());
            if !below.is_empty() {
                path.push(below);
            }
            wants.push(Want {
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
                add("data", Purpose::Way);
                add("data/ui-resources", Purpose::UiResources);
            }
        }
    }
    wants
}

impl Want {
    /// Owner and mode that it must have. `user` is the user of the component's image, where that is
    /// known; `ssh` the account that core copies pages with.
    pub fn need(&self, user: Option<Owner>, ssh: Option<Owner>) -> Need {
        let plain = |owner| Need {
            owner,
            mode: 0o755,
            at_least: true,
        };
        match self.purpose {
            Purpose::Home | Purpose::Certs | Purpose::Way => plain(None),
            Purpose::Log => match user {
                Some(owner) => plain(Some(owner)),
                // As in the document, where nobody can say who writes there.
                None => world(),
            },
            Purpose::UiResources => match ssh {
                Some(owner) => plain(Some(owner)),
                None => world(),
            },
        }
    }
}

fn world() -> Need {
    Need {
        owner: None,
        mode: 0o777,
        at_least: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_directories_are_all_there() {
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
    fn only_an_unknown_user_opens_a_log_to_the_world() {
        let app = Owner {
            uid: 6001,
            gid: 6000,
        };
        for want in layout() {
            let known = want.need(Some(app), Some(app));
            assert_eq!(known.mode, 0o755, "{want:?}");
            let unknown = want.need(None, Some(app));
            let opened = unknown.mode == 0o777;
            assert_eq!(opened, want.purpose == Purpose::Log, "{want:?}");
        }
    }
}
