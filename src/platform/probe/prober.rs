//! Asks every portal for every path.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

use futures::future::join;
use futures::{FutureExt, StreamExt, stream};

use super::classify::{Classified, Fetched, classify};
use crate::domain::{
    Address, FailureCause, FailureKind, FilePath, FileState, FileVerdict, PageStates, PortalStates,
    ReadFailure,
};
use crate::platform::check_cache::{FetchMode, FileCache, ListedFile};
use crate::platform::endpoints::{
    ProbePath, StaticMethod, invented_file, static_file, static_file_unless,
};
use crate::platform::transport::{Transport, TransportError};

/// Requests to one portal at once; the transport's own lane is as wide.
const AT_ONCE: usize = 4;
/// A portal that did not answer, or was overloaded, so many times in a row is not asked for the rest: a
/// thousand files would wait for a thousand time-outs.
const GIVE_UP_AFTER: usize = 3;

/// How closely a file is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform) enum Depth {
    /// Status, type and length.
    Head,
    /// The same, and of one file of each plugin the bytes.
    Sample,
    /// The bytes, too (`--deep`).
    Bytes,
}

/// Asks the portals of one side.
pub(in crate::platform) struct Prober<'a> {
    transport: &'a Transport,
    portals: &'a [Address],
    unproven: &'a [ReadFailure],
}

impl<'a> Prober<'a> {
    /// A prober of these portals, in the order in which the transport knows them; `unproven` are the
    /// addresses that did not prove to be what they were given as.
    pub(in crate::platform) fn new(
        transport: &'a Transport,
        portals: &'a [Address],
        unproven: &'a [ReadFailure],
    ) -> Self {
        Self {
            transport,
            portals,
            unproven,
        }
    }

    /// Why nothing counts as missing on a portal: it is not known to be one.
    fn unidentified(&self, portal: &Address) -> Option<&FailureCause> {
        let of_portal = |failure: &&ReadFailure| {
            matches!(failure.cause, FailureCause::NotIdentified(_))
                && failure.origin() == portal.as_str()
        };
        Some(&self.unproven.iter().find(of_portal)?.cause)
    }

    /// What each portal answers for each path, and whether it also answers for a file that nobody has.
    pub(in crate::platform) async fn ask_all<'p>(
        &self,
        paths: impl IntoIterator<Item = &'p FilePath>,
        depth: Depth,
    ) -> Answers {
        let paths: Vec<&FilePath> = paths.into_iter().collect();
        let invented = self.ask_invented(&paths);
        let (mut answers, invented) = join(self.ask(paths.iter().copied(), depth), invented).await;
        doubt(&mut answers, &invented);
        answers
    }

    /// What each portal answers for each path.
    pub(in crate::platform) async fn ask<'p>(
        &self,
        paths: impl IntoIterator<Item = &'p FilePath>,
        depth: Depth,
    ) -> Answers {
        let paths: Vec<&FilePath> = paths.into_iter().collect();
        let queries = match depth {
            Depth::Sample => {
                let mut queries = vec![FileQuery::At(Depth::Head); paths.len()];
                read_samples(&paths, &mut queries);
                queries
            }
            depth => vec![FileQuery::At(depth); paths.len()],
        };
        let portals = self.portals.iter().enumerate().map(|(index, address)| {
            let asked = self.portal(index, &paths, &queries);
            async move { (address, asked.await) }
        });
        let states = futures::future::join_all(portals).await;
        self.answers(&paths, states)
    }

    /// As [`Self::ask`], with what is kept of earlier looks: bytes are read only if they may have changed,
    /// and kept for the next check.
    pub(in crate::platform) async fn ask_cached(
        &self,
        listed: &[ListedFile<'_>],
        (cache, check): (&mut FileCache, u64),
    ) -> Answers {
        let paths: Vec<&FilePath> = listed.iter().map(|file| file.path).collect();
        let addresses: Vec<&str> = self.portals.iter().map(Address::as_str).collect();
        cache.retain(&addresses, listed);
        let kept = &*cache;
        let portals = self.portals.iter().enumerate().map(|(index, address)| {
            let (portal, paths) = (address.as_str(), &paths);
            async move {
                let mut queries = queries(kept, portal, listed, check);
                read_samples(paths, &mut queries);
                let states = self.portal(index, paths, &queries).await;
                let mut asked_anew = paths.iter().zip(&queries).zip(&states);
                let contradicted = asked_anew.any(|((path, query), state)| {
                    *query == FileQuery::At(Depth::Bytes)
                        && kept.contradicts_cache(portal, path, state)
                });
                if contradicted {
                    let mut first = vec![FileQuery::First; paths.len()];
                    read_samples(paths, &mut first);
                    let states = self.portal(index, paths, &first).await;
                    return (address, first, states);
                }
                (address, queries, states)
            }
        });
        let mut states = Vec::new();
        for (address, queries, of_portal) in futures::future::join_all(portals).await {
            for ((file, query), state) in listed.iter().zip(&queries).zip(&of_portal) {
                // What is still the same was not read in this check.
                if !matches!(query, FileQuery::Unless(_, kept) if kept == state) {
                    cache.store(address.as_str(), *file, state, check);
                }
            }
            states.push((address, of_portal));
        }
        self.answers(&paths, states)
    }

    /// As [`Self::ask_all`], with what is kept of earlier looks.
    pub(in crate::platform) async fn ask_all_cached(
        &self,
        listed: &[ListedFile<'_>],
        cache: (&mut FileCache, u64),
    ) -> Answers {
        let paths: Vec<&FilePath> = listed.iter().map(|file| file.path).collect();
        let asked = self.ask_cached(listed, cache);
        let (mut answers, invented) = join(asked, self.ask_invented(&paths)).await;
        doubt(&mut answers, &invented);
        answers
    }

    /// Asks each portal for a file that nobody has, beside those that are listed: why nothing that it
    /// serves there says anything, unless it answers 404.
    async fn ask_invented(&self, paths: &[&FilePath]) -> BTreeMap<Address, FailureCause> {
        let root = paths.first().and_then(|path| path.root());
        let invented = root.map(|root| FilePath::new(invented_file(root)));
        let Some(path) = invented else {
            return BTreeMap::new();
        };
        let (paths, queries) = ([&path], [FileQuery::At(Depth::Bytes)]);
        let asked = self.portals.iter().enumerate().map(|(index, portal)| {
            let asked = self.portal(index, &paths, &queries);
            asked.map(move |mut states| (portal.clone(), states.pop()))
        });
        let states = futures::future::join_all(asked).await;
        let doubts = states.into_iter().filter_map(|(portal, state)| {
            let cause = match state {
                Some(FileState::Missing) => return None,
                Some(FileState::Unknown { cause }) => cause,
                Some(FileState::Forbidden) => FailureCause::ServesWhatIsNotThere(403),
                Some(FileState::Unexpected { status }) => {
                    FailureCause::ServesWhatIsNotThere(status)
                }
                _ => FailureCause::ServesWhatIsNotThere(200),
            };
            Some((portal, cause))
        });
        doubts.collect()
    }

    /// What one portal answers, in the order of the paths.
    async fn portal(
        &self,
        index: usize,
        paths: &[&FilePath],
        queries: &[FileQuery],
    ) -> Vec<FileState> {
        let portal = Portal {
            transport: self.transport,
            index,
            unreached: Mutex::new(Unreached::default()),
        };
        stream::iter(0..paths.len())
            .map(|n| portal.state(paths[n], &queries[n]))
            .buffered(AT_ONCE)
            .collect()
            .await
    }

    fn answers(&self, paths: &[&FilePath], states: Vec<(&Address, Vec<FileState>)>) -> Answers {
        let mut found: Answers = paths
            .iter()
            .map(|path| ((*path).clone(), PortalStates::with_capacity(states.len())))
            .collect();
        for (address, states) in states {
            let unidentified = self.unidentified(address);
            for (path, state) in paths.iter().zip(states) {
                let state = match unidentified {
                    Some(cause) if state.verdict() == FileVerdict::Missing => {
                        let cause = cause.clone();
                        FileState::Unknown { cause }
                    }
                    _ => state,
                };
                if let Some(portals) = found.get_mut(*path) {
                    portals.insert(address.clone(), state);
                }
            }
        }
        found
    }
}

/// What each portal (by its address) answered for each path.
pub(in crate::platform) type Answers = PageStates;

/// HEAD is no proof: of each version of each plugin one file is read, another one in every run.
fn read_samples(paths: &[&FilePath], queries: &mut [FileQuery]) {
    static RUN: LazyLock<usize> = LazyLock::new(|| fastrand::usize(..));
    for at in samples(paths, *RUN) {
        if matches!(queries[at], FileQuery::At(Depth::Head) | FileQuery::First) {
            queries[at] = FileQuery::At(Depth::Bytes);
        }
    }
}

/// The number of one path of each version of each plugin; the same run takes the same ones.
fn samples(paths: &[&FilePath], run: usize) -> Vec<usize> {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, path) in paths.iter().enumerate() {
        groups.entry(path.package_directory()).or_default().push(at);
    }
    let sample = |group: Vec<usize>| group[run % group.len()];
    groups.into_values().map(sample).collect()
}

/// What a portal serves that also serves what nobody has says nothing.
fn doubt(answers: &mut Answers, invented: &BTreeMap<Address, FailureCause>) {
    for states in answers.values_mut() {
        for (portal, state) in states {
            let is_content = matches!(
                state,
                FileState::Served(_) | FileState::NotAScript { .. } | FileState::Empty
            );
            if let Some(cause) = invented.get(portal).filter(|_| is_content) {
                let cause = cause.clone();
                *state = FileState::Unknown { cause };
            }
        }
    }
}

/// How one file is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum FileQuery {
    /// Always the same way.
    At(Depth),
    /// Its bytes unless it is still the one of that tag, which then is in this state.
    Unless(String, FileState),
    /// Its head, and its bytes if they can be kept by a tag.
    First,
}

fn queries(
    cache: &FileCache,
    portal: &str,
    listed: &[ListedFile<'_>],
    check: u64,
) -> Vec<FileQuery> {
    let modes = cache.fetch_modes(portal, listed, check);
    let query = |(file, way): (&ListedFile<'_>, FetchMode)| match way {
        FetchMode::Anew => FileQuery::At(Depth::Bytes),
        FetchMode::First => FileQuery::First,
        FetchMode::Unless(tag) => match cache.served(portal, file.path) {
            Some(state) => FileQuery::Unless(tag, state),
            None => FileQuery::First,
        },
    };
    listed.iter().zip(modes).map(query).collect()
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
    last: Option<FailureCause>,
}

impl Portal<'_> {
    async fn state(&self, path: &FilePath, query: &FileQuery) -> FileState {
        let checked = match ProbePath::new(path) {
            Ok(checked) => checked,
            Err(fault) => {
                let cause = FailureCause::from(fault);
                return FileState::Unknown { cause };
            }
        };
        if let Some(cause) = self.given_up() {
            return FileState::Unknown { cause };
        }
        let result = self.fetch(path, &checked, query).await;
        self.note(&result);
        match result {
            Ok(Classified::State(state)) => state,
            // A whole answer is never asked for again.
            Ok(Classified::NeedsBody) => FileState::Unknown {
                cause: FailureCause::NoLength,
            },
            Err(error) => FileState::Unknown { cause: error.cause },
        }
    }

    async fn fetch(
        &self,
        path: &FilePath,
        checked: &ProbePath,
        query: &FileQuery,
    ) -> Result<Classified, TransportError> {
        let first = match query {
            FileQuery::At(Depth::Bytes) => return self.once(path, checked, Fetched::Digest).await,
            FileQuery::Unless(tag, kept) => return self.unless(path, checked, tag, kept).await,
            FileQuery::At(Depth::Head | Depth::Sample) | FileQuery::First => {
                self.once(path, checked, Fetched::Head).await?
            }
        };
        match first {
            Classified::NeedsBody => self.once(path, checked, Fetched::Whole).await,
            Classified::State(FileState::Served(file))
                if *query == FileQuery::First && file.etag.is_some() =>
            {
                self.once(path, checked, Fetched::Digest).await
            }
            settled @ Classified::State(_) => Ok(settled),
        }
    }

    async fn once(
        &self,
        path: &FilePath,
        checked: &ProbePath,
        asked: Fetched,
    ) -> Result<Classified, TransportError> {
        let method = match asked {
            Fetched::Head => StaticMethod::Head,
            Fetched::Whole | Fetched::Digest => StaticMethod::Get,
        };
        let request = static_file(self.index, checked, method);
        let answer = self.transport.call(&request).await?;
        Ok(classify(path, asked, &answer))
    }

    /// The bytes, unless they are still those of a tag.
    async fn unless(
        &self,
        path: &FilePath,
        checked: &ProbePath,
        tag: &str,
        kept: &FileState,
    ) -> Result<Classified, TransportError> {
        let request = static_file_unless(self.index, checked, tag.to_owned());
        let answer = self.transport.call(&request).await?;
        Ok(match answer.status {
            304 => Classified::State(kept.clone()),
            _ => classify(path, Fetched::Digest, &answer),
        })
    }

    fn note(&self, result: &Result<Classified, TransportError>) {
        let mut unreached = self
            .unreached
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let cause = match result {
            Err(error)
                if matches!(
                    error.kind(),
                    FailureKind::Unreachable | FailureKind::NoAnswer
                ) =>
            {
                Some(error.cause.clone())
            }
            // The transport has asked again as often as it does.
            Ok(Classified::State(FileState::Unexpected {
                status: status @ (429 | 502..=504),
            })) => Some(FailureCause::Http(*status)),
            Ok(Classified::State(FileState::Unknown { cause }))
                if matches!(cause.root(), FailureCause::Http(429 | 502..=504)) =>
            {
                Some(cause.clone())
            }
            _ => None,
        };
        match cause {
            Some(cause) => {
                unreached.in_a_row += 1;
                unreached.last = Some(cause);
            }
            None => unreached.in_a_row = 0,
        }
    }

    fn given_up(&self) -> Option<FailureCause> {
        let unreached = self
            .unreached
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let last = unreached.last.clone()?;
        (unreached.in_a_row >= GIVE_UP_AFTER).then(|| FailureCause::NotAsked(Box::new(last)))
    }
}

#[cfg(test)]
mod sample_tests {
    use super::{FilePath, samples};

    #[test]
    fn one_file_of_each_plugin_is_read_and_every_file_has_its_turn() {
        let paths = [
            "a/v1/1.js",
            "a/v1/2.js",
            "a/v1/3.css",
            "a/v2/1.js",
            "b/v1/1.js",
        ];
        let paths = paths.map(|path| FilePath::new(format!("/ui-resources/{path}")));
        let paths: Vec<&FilePath> = paths.iter().collect();
        let mut read = std::collections::BTreeSet::new();
        for run in 0..3 {
            let samples = samples(&paths, run);
            assert_eq!(samples.len(), 3, "{run}: {samples:?}");
            read.extend(samples);
        }
        assert_eq!(read.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    }
}
