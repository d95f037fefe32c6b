//! Digests of static files, by the tag that a portal told with them.
//!
//! A tag of nginx is made of a file's time and length, and `unzip` gives a file the time that the
//! archive has for it: a package that was built anew can put other bytes under the same tag. So an
//! entry is also bound to the row of `resource-files`, which a v4 writes anew at each registration.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cached::Cached;
use crate::domain::{FilePath, FileState, ServedFile};

/// What was kept of each portal's files, by the portal's address, then by path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::platform) struct FileCache(BTreeMap<String, BTreeMap<String, Cached<FileDoc>>>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct FileDoc {
    row: String,
    etag: String,
    length: u64,
    digest: String,
}

/// A file that a side lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) struct ListedFile<'a> {
    /// Its path.
    pub(in crate::platform) path: &'a FilePath,
    /// Id of its row in `resource-files`.
    pub(in crate::platform) row: &'a str,
}

/// How a file is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) enum FetchMode {
    /// Whether it is still the one of this tag, and its bytes where it is not.
    Unless(String),
    /// All of it, whatever is kept: it is this file's turn.
    Anew,
    /// Nothing is kept: its head, and its bytes if they can be kept by a tag.
    First,
}

impl FileCache {
    /// Forgets the files that nobody asks for any more, and other portals.
    pub(in crate::platform) fn retain(&mut self, portals: &[&str], listed: &[ListedFile<'_>]) {
        self.0
            .retain(|portal, _| portals.contains(&portal.as_str()));
        for files in self.0.values_mut() {
            files.retain(|kept, _| listed.iter().any(|it| it.path.as_str() == kept));
        }
    }

    /// How each of a portal's files is asked for: the one that was read longest ago anew.
    pub(in crate::platform) fn fetch_modes(
        &self,
        portal: &str,
        listed: &[ListedFile<'_>],
        check: u64,
    ) -> Vec<FetchMode> {
        let Some(files) = self.0.get(portal) else {
            return vec![FetchMode::First; listed.len()];
        };
        let oldest = files
            .iter()
            .map(|(path, kept)| (kept.read_in_check, path))
            .min()
            .filter(|(read_in_check, _)| *read_in_check < check)
            .map(|(_, path)| path.as_str());
        let way = |file: &ListedFile<'_>| match files.get(file.path.as_str()) {
            Some(kept) if kept.value.row != file.row => FetchMode::First,
            Some(_) if oldest == Some(file.path.as_str()) => FetchMode::Anew,
            Some(kept) => FetchMode::Unless(kept.value.etag.clone()),
            None => FetchMode::First,
        };
        listed.iter().map(way).collect()
    }

    /// A kept file, as it was served.
    pub(in crate::platform) fn served(&self, portal: &str, path: &FilePath) -> Option<FileState> {
        let kept = &self.0.get(portal)?.get(path.as_str())?.value;
        Some(FileState::Served(ServedFile {
            length: Some(kept.length),
            etag: Some(kept.etag.clone()),
            digest: Some(kept.digest.clone()),
        }))
    }

    /// Keeps what was just read, if a tag and a digest are known, and forgets what was kept before.
    pub(in crate::platform) fn store(
        &mut self,
        portal: &str,
        ListedFile { path, row }: ListedFile<'_>,
        state: &FileState,
        check: u64,
    ) {
        let files = self.0.entry(portal.to_owned()).or_default();
        match FileDoc::of(row, state) {
            Some(value) => {
                let kept = Cached {
                    read_in_check: check,
                    value,
                };
                files.insert(path.as_str().to_owned(), kept);
            }
            None => drop(files.remove(path.as_str())),
        }
    }

    /// Whether what a portal serves now belies what is kept: other bytes under the same tag, or the
    /// bytes as something that no browser runs, which a tag does not tell. Then none of the portal's
    /// tags says anything.
    pub(in crate::platform) fn contradicts_cache(
        &self,
        portal: &str,
        path: &FilePath,
        now: &FileState,
    ) -> bool {
        let kept = self
            .0
            .get(portal)
            .and_then(|files| files.get(path.as_str()));
        match (now, kept) {
            (FileState::NotAScript { .. }, _) => true,
            (FileState::Served(file), Some(kept)) => {
                let same_tag = file.etag.as_ref() == Some(&kept.value.etag);
                same_tag && FileDoc::of(&kept.value.row, now).as_ref() != Some(&kept.value)
            }
            _ => false,
        }
    }
}

impl FileDoc {
    fn of(row: &str, state: &FileState) -> Option<Self> {
        let FileState::Served(file) = state else {
            return None;
        };
        // A tag that a header cannot carry is none.
        let etag = file.etag.as_ref().filter(|tag| is_tag(tag))?;
        Some(Self {
            row: row.to_owned(),
            etag: etag.clone(),
            length: file.length?,
            digest: file.digest.clone()?,
        })
    }
}

/// `"…"` or `W/"…"` (RFC 9110, 8.8.3), as a whole: a text that was cut or escaped for people is none.
fn is_tag(text: &str) -> bool {
    let opaque = text.strip_prefix("W/").unwrap_or(text);
    let inner = opaque
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner.is_some_and(|inner| {
        inner
            .bytes()
            .all(|byte| byte == b'!' || (0x23..=0x7e).contains(&byte))
    })
}
