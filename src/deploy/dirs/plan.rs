//! All directories of a deployment: who owns them, their states, and their creation.

use std::path::Path;

use super::layout::{DirAttributes, DirSpec, layout};
use super::owner::{Owner, account_of_image};
use super::tree::{DirChange, DirError, DirState, DirTree, Obstacles};
use crate::confirm::Confirmation;
use crate::deploy::env::Service;
use crate::deploy::host::{Engine, EngineError};
use crate::deploy::images::ImageRef;

/// The owners of the directories.
#[derive(Clone, Debug, Default)]
pub struct DirOwners {
    /// User of each image; `None` if it is unknown.
    pub images: Vec<(Service, Option<Owner>)>,
    /// Owner of the static files.
    pub ssh: Option<Owner>,
}

impl DirOwners {
    /// The attributes that a directory must have.
    fn attributes(&self, spec: &DirSpec) -> DirAttributes {
        let known = self
            .images
            .iter()
            .find(|(service, _)| *service == spec.component);
        spec.attributes(known.and_then(|(_, owner)| *owner), self.ssh)
    }
}

/// The user of each image, by number. A user name is looked up in the image's own `/etc/passwd`.
pub async fn image_owners(
    engine: &Engine,
    wanted: &[ImageRef],
) -> Result<Vec<(Service, Option<Owner>)>, EngineError> {
    let mut owners = Vec::new();
    for one in wanted {
        let owner = match engine.image(&one.reference).await? {
            None => None,
            Some(image) => {
                let user = image.user.split(':').next().unwrap_or_default();
                let passwd = if user.bytes().all(|b| b.is_ascii_digit()) {
                    None
                } else {
                    engine.file_of_image(&image.id, "/etc/passwd").await?
                };
                let passwd = passwd.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                account_of_image(&image.user, passwd.as_deref())
            }
        };
        owners.push((one.component, owner));
    }
    Ok(owners)
}

/// A directory, what it must be, and its state.
#[derive(Clone, Debug)]
pub struct PlannedDir {
    /// The directory.
    pub spec: DirSpec,
    /// The attributes that it must have.
    pub attributes: DirAttributes,
    /// Its state.
    pub state: DirState,
}

/// The states of all directories.
pub fn plan_dirs(root: &Path, owners: &DirOwners) -> Result<Vec<PlannedDir>, DirError> {
    let tree = DirTree::open(root)?;
    let plan = |spec: DirSpec| {
        let attributes = owners.attributes(&spec);
        Ok(PlannedDir {
            state: tree.state(&spec.path, attributes)?,
            attributes,
            spec,
        })
    };
    layout().into_iter().map(plan).collect()
}

impl PlannedDir {
    /// The number of directories to create or change. An error if something else has one's path.
    pub fn count_changes(planned: &[Self]) -> Result<usize, Obstacles> {
        let obstacles: Vec<_> = planned
            .iter()
            .filter_map(|dir| match &dir.state {
                DirState::Blocked(obstacle) => Some(obstacle.clone()),
                _ => None,
            })
            .collect();
        if obstacles.is_empty() {
            let changes = planned.iter().filter(|dir| dir.state != DirState::Good);
            Ok(changes.count())
        } else {
            Err(Obstacles(obstacles))
        }
    }
}

/// Creates missing directories and corrects the others, in order.
pub fn ensure_all(
    root: &Path,
    owners: &DirOwners,
    confirmation: &Confirmation,
) -> Result<Vec<(DirSpec, DirAttributes, DirChange)>, DirError> {
    let mut tree = DirTree::open(root)?;
    tree.create(confirmation)?;
    let ensure = |spec: DirSpec| {
        let attributes = owners.attributes(&spec);
        let change = tree.ensure(&spec.path, attributes, confirmation)?;
        Ok((spec, attributes, change))
    };
    layout().into_iter().map(ensure).collect()
}
