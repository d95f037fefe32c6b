//! Asks every portal for every path.

use std::collections::BTreeMap;
use std::sync::Mutex;

use futures::{StreamExt, stream};

use super::verdict::{Asked, Verdict, verdict};
use crate::domain::{Address, FailureKind, FilePath, FileState};
use crate::platform::endpoints::{ProbePath, StaticMethod, static_file, static_file_unless};
use crate::platform::memory::{FileMemory, ListedFile, Way};
use crate::platform::transport::{Transport, TransportError};

/// Requests to one portal at once; the transport's own lane is as wide.
const AT_ONCE: usize = 4;
/// A portal that could not be connected to so many times in a row is not asked for the rest: a
/// thousand files would wait for a thousand time-outs.
const GIVE_UP_AFTER: usize = 3;

/// How closely a file is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) enum Depth {
    /// Status, type and length.
    Head,
    /// The bytes, too (`--deep`).
    Bytes,
}

/// Asks the portals of one side.
pub(in crate::platform) struct Prober<'a> {
    transport: &'a Transport,
    portals: &'a [Address],
}

impl<'a> Prober<'a> {
    /// A prober of these portals, in the order in which the transport knows them.
    pub(in crate::platform) fn new(transport: &'a Transport, portals: &'a [Address]) -> Self {
        Self { transport, portals }
    }

    /// What each portal answers for each path.
    pub(in crate::platform) async fn ask<'p>(
        &self,
        paths: impl IntoIterator<Item = &'p FilePath>,
        depth: Depth,
    ) -> Answers {
        let paths: Vec<&FilePath> = paths.into_iter().collect();
        let hows = vec![How::At(depth); paths.len()];
        let portals = self.portals.iter().enumerate().map(|(index, address)| {
            let asked = self.portal(index, &paths, &hows);
            async move { (address, asked.await) }
        });
        let states = futures::future::join_all(portals).await;
        answers(&paths, states)
    }

    /// The same, with what is kept of earlier looks: bytes are read only where they may have changed,
    /// and kept for the next look.
    pub(in crate::platform) async fn ask_again(
        &self,
        listed: &[ListedFile<'_>],
        (memory, look): (&mut FileMemory, u64),
    ) -> Answers {
        let paths: Vec<&FilePath> = listed.iter().map(|file| file.path).collect();
        let addresses: Vec<&str> = self.portals.iter().map(Address::as_str).collect();
        memory.retain(&addresses, listed);
        let kept = &*memory;
        let portals = self.portals.iter().enumerate().map(|(index, address)| {
            let (portal, paths) = (address.as_str(), &paths);
            async move {
                let hows = hows(kept, portal, listed, look);
                let states = self.portal(index, paths, &hows).await;
                let mut asked_anew = paths.iter().zip(&hows).zip(&states);
                let belied = asked_anew.any(|((path, how), state)| {
                    *how == How::At(Depth::Bytes) && kept.is_belied(portal, path, state)
                });
                if belied {
                    let first = vec![How::First; paths.len()];
                    let states = self.portal(index, paths, &first).await;
                    return (address, first, states);
                }
                (address, hows, states)
            }
        });
        let mut states = Vec::new();
        for (address, hows, of_portal) in futures::future::join_all(portals).await {
            for ((file, how), state) in listed.iter().zip(&hows).zip(&of_portal) {
                // What is still the same was not read in this look.
                if !matches!(how, How::Unless(_, kept) if kept == state) {
                    memory.note(address.as_str(), *file, state, look);
                }
            }
            states.push((address, of_portal));
        }
        answers(&paths, states)
    }

    /// What one portal answers, in the order of the paths.
    async fn portal(&self, index: usize, paths: &[&FilePath], hows: &[How]) -> Vec<FileState> {
        let portal = Portal {
            transport: self.transport,
            index,
            unreached: Mutex::new(Unreached::default()),
        };
        let asked = paths.iter().zip(hows);
        let asked: Vec<_> = asked.map(|(path, how)| portal.state(path, how)).collect();
        stream::iter(asked).buffered(AT_ONCE).collect().await
    }
}

/// What each portal (by its address) answered for each path.
pub(in crate::platform) type Answers = BTreeMap<FilePath, BTreeMap<Address, FileState>>;

fn answers(paths: &[&FilePath], states: Vec<(&Address, Vec<FileState>)>) -> Answers {
    let mut found: Answers = paths
        .iter()
        .map(|path| ((*path).clone(), BTreeMap::new()))
        .collect();
    for (address, states) in states {
        for (path, state) in paths.iter().zip(states) {
            if let Some(portals) = found.get_mut(*path) {
                portals.insert(address.clone(), state);
            }
        }
    }
    found
}

/// How one file is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum How {
    /// Always the same way.
    At(Depth),
    /// Its bytes unless it is still the one of that tag, which then is in this state.
    Unless(String, FileState),
    /// Its head, and its bytes where they can be kept by a tag.
    First,
}

fn hows(memory: &FileMemory, portal: &str, listed: &[ListedFile<'_>], look: u64) -> Vec<How> {
    let ways = memory.ways(portal, listed, look);
    let how = |(file, way): (&ListedFile<'_>, Way)| match way {
        Way::Anew => How::At(Depth::Bytes),
        Way::First => How::First,
        Way::Unless(tag) => match memory.served(portal, file.path) {
            Some(state) => How::Unless(tag, state),
            None => How::First,
        },
    };
    listed.iter().zip(ways).map(how).collect()
}

/// One portal while it is asked.
struct Portal<'a> {
    transport: &'a Transport,
    index: usize,
    unreached: Mutex<Unreached>,
}

#[derive(Default)]
struct Unreached {
    in_a_row: usize,
    last: String,
}

impl Portal<'_> {
    async fn state(&self, path: &FilePath, how: &How) -> FileState {
        let checked = match ProbePath::new(path) {
            Ok(checked) => checked,
            Err(why) => {
                return FileState::Unknown {
                    cause: format!("not asked: the path {why}"),
                };
            }
        };
        if let Some(cause) = self.given_up() {
            return FileState::Unknown { cause };
        }
        let result = self.verdict(path, &checked, how).await;
        self.note(result.as_ref().err());
        match result {
            Ok(Verdict::State(state)) => state,
            // A whole answer is never asked for again.
            Ok(Verdict::AskWhole) => FileState::Unknown {
                cause: "the portal tells no length".to_owned(),
            },
            Err(error) => FileState::Unknown {
                cause: error.detail,
            },
        }
    }

    async fn verdict(
        &self,
        path: &FilePath,
        checked: &ProbePath,
        how: &How,
    ) -> Result<Verdict, TransportError> {
        let first = match how {
            How::At(Depth::Bytes) => return self.once(path, checked, Asked::Digest).await,
            How::Unless(tag, kept) => return self.unless(path, checked, tag, kept).await,
            How::At(Depth::Head) | How::First => self.once(path, checked, Asked::Head).await?,
        };
        match first {
            Verdict::AskWhole => self.once(path, checked, Asked::Whole).await,
            Verdict::State(FileState::Served(file))
                if *how == How::First && file.etag.is_some() =>
            {
                self.once(path, checked, Asked::Digest).await
            }
            settled @ Verdict::State(_) => Ok(settled),
        }
    }

    async fn once(
        &self,
        path: &FilePath,
        checked: &ProbePath,
        asked: Asked,
    ) -> Result<Verdict, TransportError> {
        let method = match asked {
            Asked::Head => StaticMethod::Head,
            Asked::Whole | Asked::Digest => StaticMethod::Get,
        };
        let request = static_file(self.index, checked, method);
        let answer = self.transport.call(&request).await?;
        Ok(verdict(path, asked, &answer))
    }

    /// The bytes, unless they are still those of a tag.
    async fn unless(
        &self,
        path: &FilePath,
        checked: &ProbePath,
        tag: &str,
        kept: &FileState,
    ) -> Result<Verdict, TransportError> {
        let request = static_file_unless(self.index, checked, tag.to_owned());
        let answer = self.transport.call(&request).await?;
        Ok(match answer.status {
            304 => Verdict::State(kept.clone()),
            _ => verdict(path, Asked::Digest, &answer),
        })
    }

    fn note(&self, error: Option<&TransportError>) {
        let mut unreached = self
            .unreached
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        match error {
            Some(error)
                if matches!(
                    error.kind(),
                    FailureKind::Unreachable | FailureKind::NoAnswer
                ) =>
            {
                unreached.in_a_row += 1;
                unreached.last.clone_from(&error.detail);
            }
            _ => unreached.in_a_row = 0,
        }
    }

    fn given_up(&self) -> Option<String> {
        let unreached = self
            .unreached
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        (unreached.in_a_row >= GIVE_UP_AFTER).then(|| format!("not asked: {}", unreached.last))
    }
}
