//! Pull, save, load and look, four at a time.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use futures::future::join_all;

use super::name::Wanted;
use super::sums::Sums;
use super::tarball::{TarFault, TarImage, check_tar, sum_of};
use crate::confirm::Confirmation;
use crate::deploy::env::Service;
use crate::deploy::host::{Engine, EngineError, EngineFacts, Image};
use crate::i18n::Text;

/// What an image is on the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageState {
    /// It is there.
    There(Image),
    /// It is not.
    Missing,
    /// Another image has its name.
    Other {
        /// That image.
        image: Image,
        /// Why it is another.
        why: Text,
    },
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageResult {
    /// It was carried.
    Done,
    /// It was there already.
    Already,
    /// It could not be.
    Failed(Text),
}

/// What became of one image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageOutcome {
    /// The image.
    pub wanted: Wanted,
    /// What was done.
    pub result: ImageResult,
    /// Its id, where it is known.
    pub id: Option<String>,
    /// Its tar, where one was written or read.
    pub tar: Option<PathBuf>,
}

/// What is told while images are carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageEvent {
    /// Work on an image begins.
    Began(Service),
    /// Layers of an image that are there, and layers known so far.
    Layers {
        /// Whose image.
        component: Service,
        /// Layers that are there.
        done: usize,
        /// Layers known.
        total: usize,
    },
    /// Work on an image ended.
    Ended(Service),
}

/// Why nothing was loaded.
#[derive(Debug)]
pub enum LoadRefusal {
    /// The directory or its checksum file cannot be read.
    Folder(io::Error),
    /// Tars that are not whole, each with what is wrong; those that the checksum file lists and that
    /// are not there.
    Tars(Vec<(PathBuf, TarFault)>),
    /// No tar holds these images.
    Lacks(Vec<Wanted>),
    /// The engine does not answer.
    Engine(EngineError),
}

/// What the four images are on the engine.
pub async fn look(
    engine: &Engine,
    facts: &EngineFacts,
    wanted: &[Wanted],
) -> Result<Vec<(Wanted, ImageState)>, EngineError> {
    let states = wanted.iter().map(|one| async move {
        let image = engine.image(&one.reference).await?;
        let state = match image {
            None => ImageState::Missing,
            Some(image) => judge(one, image, facts),
        };
        Ok((one.clone(), state))
    });
    join_all(states).await.into_iter().collect()
}

fn judge(wanted: &Wanted, image: Image, facts: &EngineFacts) -> ImageState {
    let other_machine = !image.architecture.is_empty()
        && !facts.architecture.is_empty()
        && image.architecture != facts.architecture;
    if other_machine {
        let why = Text::new("deploy-image-architecture")
            .with("image", &image.architecture)
            .with("engine", &facts.architecture);
        return ImageState::Other { image, why };
    }
    if let Some(digest) = &wanted.digest {
        let has = image.id == *digest
            || image
                .digests
                .iter()
                .any(|known| known.ends_with(digest.as_str()));
        if !has {
            let why = Text::new("deploy-image-digest").with("digest", digest);
            return ImageState::Other { image, why };
        }
    }
    ImageState::There(image)
}

/// Pulls what is not there, all at once.
pub async fn pull(
    engine: &Engine,
    facts: &EngineFacts,
    wanted: &[Wanted],
    _: &Confirmation,
    tell: &(dyn Fn(ImageEvent) + Sync),
) -> Result<Vec<ImageOutcome>, EngineError> {
    let states = look(engine, facts, wanted).await?;
    let pulls = states.into_iter().map(|(wanted, state)| async move {
        if let ImageState::There(image) = state {
            return outcome(wanted, ImageResult::Already, Some(image.id), None);
        }
        tell(ImageEvent::Began(wanted.component));
        let result = pull_one(engine, facts, &wanted, tell).await;
        tell(ImageEvent::Ended(wanted.component));
        match result {
            Ok(id) => outcome(wanted, ImageResult::Done, Some(id), None),
            Err(text) => outcome(wanted, ImageResult::Failed(text), None, None),
        }
    });
    Ok(join_all(pulls).await)
}

async fn pull_one(
    engine: &Engine,
    facts: &EngineFacts,
    wanted: &Wanted,
    tell: &(dyn Fn(ImageEvent) + Sync),
) -> Result<String, Text> {
    let by_digest = wanted
        .digest
        .as_ref()
        .map(|digest| format!("{}@{digest}", wanted.repository()));
    let reference = by_digest.as_deref().unwrap_or(&wanted.reference);
    let (mut known, mut there) = (BTreeSet::new(), BTreeSet::new());
    let pulled = engine.pull(reference, |line| {
        let Some((layer, words)) = line.split_once(": ") else {
            return;
        };
        let is_layer = layer.len() == 12 && layer.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_layer {
            return;
        }
        known.insert(layer.to_owned());
        if words == "Pull complete" || words == "Already exists" {
            there.insert(layer.to_owned());
        }
        tell(ImageEvent::Layers {
            component: wanted.component,
            done: there.len(),
            total: known.len(),
        });
    });
    pulled.await.map_err(|error| error.text())?;
    if by_digest.is_some() {
        engine
            .tag(reference, &wanted.reference)
            .await
            .map_err(|error| error.text())?;
    }
    arrived(engine, facts, wanted).await
}

/// Looks whether an image is there now, and is the one that was wanted.
async fn arrived(engine: &Engine, facts: &EngineFacts, wanted: &Wanted) -> Result<String, Text> {
    match engine.image(&wanted.reference).await {
        Ok(Some(image)) => match judge(wanted, image, facts) {
            ImageState::There(image) => Ok(image.id),
            ImageState::Other { why, .. } => Err(why),
            ImageState::Missing => Err(Text::new("deploy-image-did-not-arrive")),
        },
        Ok(None) => Err(Text::new("deploy-image-did-not-arrive")),
        Err(error) => Err(error.text()),
    }
}

/// Saves the four as tars in a directory, with a checksum file. A tar that is there and holds the
/// same image is left as it is.
pub async fn save(
    engine: &Engine,
    folder: &Path,
    wanted: &[Wanted],
    tell: &(dyn Fn(ImageEvent) + Sync),
) -> io::Result<Vec<ImageOutcome>> {
    fs_err::create_dir_all(folder)?;
    let known = Sums::read(folder)?.unwrap_or_default();
    let work = wanted.iter().map(|wanted| {
        let known = &known;
        async move {
            let name = wanted.tar_name();
            let path = folder.join(&name);
            tell(ImageEvent::Began(wanted.component));
            let saved = save_one(engine, wanted, &path, known.get(&name)).await;
            tell(ImageEvent::Ended(wanted.component));
            match saved {
                Ok((result, id, sum)) => {
                    let outcome = outcome(wanted.clone(), result, Some(id), Some(path));
                    (outcome, Some((name, sum)))
                }
                Err(text) => (
                    outcome(wanted.clone(), ImageResult::Failed(text), None, None),
                    None,
                ),
            }
        }
    });
    let (outcomes, written): (Vec<_>, Vec<_>) = join_all(work).await.into_iter().unzip();
    let mut sums = known.clone();
    for (name, sum) in written.into_iter().flatten() {
        sums.set(&name, &sum);
    }
    if sums != known {
        sums.write(folder)?;
    }
    Ok(outcomes)
}

async fn save_one(
    engine: &Engine,
    wanted: &Wanted,
    path: &Path,
    sum: Option<&str>,
) -> Result<(ImageResult, String, String), Text> {
    let image = engine.image(&wanted.reference).await;
    let image = image
        .map_err(|error| error.text())?
        .ok_or_else(|| Text::new("deploy-image-missing").with("image", &wanted.reference))?;
    if let Some(sum) = sum {
        let there = read_through(path.to_owned(), Some(sum.to_owned())).await;
        let same = there.is_ok_and(|images| images.iter().any(|one| one.id == image.id));
        if same {
            return Ok((ImageResult::Already, image.id, sum.to_owned()));
        }
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let unwritable = |error: io::Error| {
        Text::new("deploy-tar-unwritable")
            .with("path", path.display())
            .with("error", error)
    };
    // One name for each tar: what a killed run left is written over.
    let partial = folder.join(format!(".{}.partial", wanted.tar_name()));
    match fs_err::remove_file(&partial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unwritable(error)),
        _ => {}
    }
    let partial = tempfile::Builder::new()
        .prefix(partial.file_name().unwrap_or_default())
        .rand_bytes(0)
        .tempfile_in(folder)
        .map_err(unwritable)?;
    let file = partial.as_file().try_clone().map_err(unwritable)?;
    engine
        .save(&wanted.reference, file)
        .await
        .map_err(|error| error.text())?;
    partial.as_file().sync_all().map_err(unwritable)?;
    let images = read_through(partial.path().to_owned(), None).await;
    images.map_err(|fault| fault.text())?;
    let sum = sum_of(partial.path()).map_err(unwritable)?;
    partial
        .persist(path)
        .map_err(|error| unwritable(error.error))?;
    Ok((ImageResult::Done, image.id, sum))
}

/// Loads the four from tars. Each tar is read through first; where one is not whole, nothing is
/// loaded.
pub async fn load(
    engine: &Engine,
    facts: &EngineFacts,
    folder: &Path,
    wanted: &[Wanted],
    _: &Confirmation,
    tell: &(dyn Fn(ImageEvent) + Sync),
) -> Result<Vec<ImageOutcome>, LoadRefusal> {
    let found = read_folder(folder).await?;
    let mut plan = Vec::new();
    let mut lacks = Vec::new();
    for one in wanted {
        let holds = |image: &&(PathBuf, String, String)| one.is_named_like(&image.1);
        // The very name before one of another registry.
        let exact = found.iter().find(|image| image.1 == one.reference);
        match exact.or_else(|| found.iter().find(holds)) {
            Some(image) => plan.push((one.clone(), image.clone())),
            None => lacks.push(one.clone()),
        }
    }
    if !lacks.is_empty() {
        return Err(LoadRefusal::Lacks(lacks));
    }
    let states = look(engine, facts, wanted)
        .await
        .map_err(LoadRefusal::Engine)?;
    let mut outcomes = Vec::new();
    for ((wanted, (tar, name, id)), (_, state)) in plan.into_iter().zip(states) {
        if matches!(&state, ImageState::There(image) if image.id == id) {
            outcomes.push(outcome(wanted, ImageResult::Already, Some(id), Some(tar)));
            continue;
        }
        tell(ImageEvent::Began(wanted.component));
        let loaded = load_one(engine, facts, &wanted, &tar, &name).await;
        tell(ImageEvent::Ended(wanted.component));
        outcomes.push(match loaded {
            Ok(id) => outcome(wanted, ImageResult::Done, Some(id), Some(tar)),
            Err(text) => outcome(wanted, ImageResult::Failed(text), None, Some(tar)),
        });
    }
    Ok(outcomes)
}

/// Every image of every tar of a directory: tar, name, id.
async fn read_folder(folder: &Path) -> Result<Vec<(PathBuf, String, String)>, LoadRefusal> {
    let sums = Sums::read(folder)
        .map_err(LoadRefusal::Folder)?
        .unwrap_or_default();
    let mut tars: BTreeSet<PathBuf> = BTreeSet::new();
    for entry in fs_err::read_dir(folder).map_err(LoadRefusal::Folder)? {
        let path = entry.map_err(LoadRefusal::Folder)?.path();
        let is_tar = path.extension().is_some_and(|extension| extension == "tar");
        if is_tar || is_compressed_tar(&path) {
            tars.insert(path);
        }
    }
    // What the checksum file lists and is not there is caught as unreadable.
    tars.extend(sums.names().map(|name| folder.join(name)));
    let reads = tars.into_iter().map(|path| {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let sum = name.and_then(|name| sums.get(&name).map(ToOwned::to_owned));
        async move { (path.clone(), read_through(path, sum).await) }
    });
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for (path, read) in join_all(reads).await {
        match read {
            Ok(images) => found.extend(images.into_iter().flat_map(|image| {
                let names = image.names.into_iter();
                let (path, id) = (path.clone(), image.id);
                names.map(move |name| (path.clone(), name, id.clone()))
            })),
            Err(fault) => faults.push((path, fault)),
        }
    }
    if faults.is_empty() {
        Ok(found)
    } else {
        Err(LoadRefusal::Tars(faults))
    }
}

fn is_compressed_tar(path: &Path) -> bool {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase());
    name.is_some_and(|name| {
        [".tar.gz", ".tgz", ".tar.xz"]
            .iter()
            .any(|end| name.ends_with(end))
    })
}

async fn load_one(
    engine: &Engine,
    facts: &EngineFacts,
    wanted: &Wanted,
    tar: &Path,
    name: &str,
) -> Result<String, Text> {
    engine.load(tar).await.map_err(|error| error.text())?;
    if name != wanted.reference {
        engine
            .tag(name, &wanted.reference)
            .await
            .map_err(|error| error.text())?;
    }
    arrived(engine, facts, wanted).await
}

/// Reads a tar through on a thread that may block.
async fn read_through(path: PathBuf, sum: Option<String>) -> Result<Vec<TarImage>, TarFault> {
    let read = tokio::task::spawn_blocking(move || check_tar(&path, sum.as_deref()));
    read.await
        .unwrap_or_else(|error| Err(TarFault::Unreadable(io::Error::other(error))))
}

fn outcome(
    wanted: Wanted,
    result: ImageResult,
    id: Option<String>,
    tar: Option<PathBuf>,
) -> ImageOutcome {
    ImageOutcome {
        wanted,
        result,
        id,
        tar,
    }
}
