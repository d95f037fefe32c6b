//! Whether every portal that serves a path serves the same.
//!
//! 200 is not enough: on v3 a plugin was seen with another plugin's files under its own path, while
//! every answer was OK (`docs/platform/registration.md#mixed-files-on-v3`). If most portals agree, the others are
//! odd; if there is no majority, each may be right, and the report shows all.

use std::collections::{BTreeMap, BTreeSet};

use super::cause::{ContentConflict, ContentKey, OddOneOut, ServedContent};
use super::view::PluginView;
use crate::domain::{Address, FilePath, FileState, ServedFile, Side, Version};

/// The paths of a row whose content differs.
pub(super) struct Contents {
    conflicts: BTreeMap<FilePath, (ContentConflict, BTreeSet<ContentKey>)>,
}

impl Contents {
    /// Looks at every path that both sides, or several portals of one, list with the same version:
    /// other versions have other content by right.
    pub(super) fn of(old: &PluginView<'_>, new: &PluginView<'_>) -> Self {
        let mut served: BTreeMap<(&FilePath, &Version), Vec<Served<'_>>> = BTreeMap::new();
        for (side, view) in [(Side::Old, old), (Side::New, new)] {
            let rows: BTreeSet<_> = view
                .pages
                .iter()
                .flatten()
                .map(|row| (&row.path, &row.package_version))
                .collect();
            for (path, version) in rows {
                let files = view.served(path);
                let files = files.map(|(portal, file)| Served { side, portal, file });
                served.entry((path, version)).or_default().extend(files);
            }
        }
        let mut conflicts = BTreeMap::new();
        for ((path, _), files) in served {
            if let Some((conflict, right)) = judge(path, &files) {
                conflicts.insert(path.clone(), (conflict, right));
            }
        }
        Self { conflicts }
    }

    /// What is wrong with the content that a portal serves at a path.
    pub(super) fn odd(
        &self,
        path: &FilePath,
        side: Side,
        portal: &Address,
    ) -> Option<&ContentConflict> {
        let (conflict, right) = self.conflicts.get(path)?;
        let mut seen = conflict.seen.iter();
        let content = seen.find(|content| content.side == side && content.portal == *portal)?;
        (!right.contains(&content.key)).then_some(conflict)
    }
}

struct Served<'a> {
    side: Side,
    portal: &'a Address,
    file: &'a ServedFile,
}

/// The conflict at a path and the content of the majority, if there is one.
fn judge(path: &FilePath, files: &[Served<'_>]) -> Option<(ContentConflict, BTreeSet<ContentKey>)> {
    let by_digest = files.iter().all(|served| served.file.digest.is_some());
    let mut seen: Vec<ServedContent> = files
        .iter()
        .filter_map(|served| {
            let digest = served.file.digest.clone().map(ContentKey::Digest);
            let length = served.file.length.map(ContentKey::Length);
            Some(ServedContent {
                side: served.side,
                portal: served.portal.clone(),
                key: if by_digest { digest } else { length }?,
            })
        })
        .collect();
    seen.sort();
    let mut portals: BTreeMap<&ContentKey, usize> = BTreeMap::new();
    for content in &seen {
        *portals.entry(&content.key).or_default() += 1;
    }
    if portals.len() < 2 {
        return None;
    }
    let most = portals.values().copied().max().unwrap_or(0);
    let mut leading = portals.iter().filter(|(_, count)| **count == most);
    let right = match (leading.next(), leading.next()) {
        (Some((key, _)), None) => BTreeSet::from([(*key).clone()]),
        _ => BTreeSet::new(),
    };
    let verdict = if right.is_empty() {
        OddOneOut::Undecided
    } else {
        OddOneOut::Minority
    };
    let path = path.clone();
    Some((
        ContentConflict {
            path,
            seen,
            verdict,
        },
        right,
    ))
}

impl PluginView<'_> {
    /// Portals that serve a path as they should, and what.
    fn served(&self, path: &FilePath) -> impl Iterator<Item = (&Address, &ServedFile)> {
        let answers = self.index.inventory.files.get(path).into_iter().flatten();
        let portals = &self.index.inventory.identity.portals;
        answers.filter_map(|(portal, state)| match state {
            FileState::Served(file) if file.length != Some(0) && portals.contains(portal) => {
                Some((portal, file))
            }
            _ => None,
        })
    }
}
