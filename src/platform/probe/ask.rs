//! Asks every portal for every path.

use std::collections::BTreeMap;
use std::sync::Mutex;

use futures::{StreamExt, stream};

use super::verdict::{Asked, Verdict, verdict};
use crate::domain::{Address, FailureKind, FilePath, FileState};
use crate::platform::endpoints::{ProbePath, StaticMethod, static_file};
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
        paths: impl IntoIterator<Item = &'p FilePath> + Clone,
        depth: Depth,
    ) -> BTreeMap<FilePath, BTreeMap<Address, FileState>> {
        let portals = self.portals.iter().enumerate().map(|(index, address)| {
            let portal = Portal {
                transport: self.transport,
                index,
                depth,
                unreached: Mutex::new(Unreached::default()),
            };
            let paths: Vec<_> = paths.clone().into_iter().collect();
            async move {
                let asked: Vec<_> = paths.into_iter().map(|path| portal.state(path)).collect();
                let states: Vec<_> = stream::iter(asked).buffered(AT_ONCE).collect().await;
                (address, states)
            }
        });
        let mut found: BTreeMap<FilePath, BTreeMap<Address, FileState>> = BTreeMap::new();
        for path in paths.clone() {
            found.entry(path.clone()).or_default();
        }
        for (address, states) in futures::future::join_all(portals).await {
            for (path, state) in paths.clone().into_iter().zip(states) {
                if let Some(portals) = found.get_mut(path) {
                    portals.insert(address.clone(), state);
                }
            }
        }
        found
    }
}

/// One portal while it is asked.
struct Portal<'a> {
    transport: &'a Transport,
    index: usize,
    depth: Depth,
    unreached: Mutex<Unreached>,
}

#[derive(Default)]
struct Unreached {
    in_a_row: usize,
    last: String,
}

impl Portal<'_> {
    async fn state(&self, path: &FilePath) -> FileState {
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
        let result = match self.depth {
            Depth::Bytes => self.once(path, &checked, Asked::Digest).await,
            Depth::Head => self.once(path, &checked, Asked::Head).await,
        };
        let result = match result {
            Ok(Verdict::AskWhole) => self.once(path, &checked, Asked::Whole).await,
            settled => settled,
        };
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
