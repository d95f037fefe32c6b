//! Pull, save, load and verify: the four images at the same time.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use futures::future::join_all;

use super::checksums::{ChecksumError, Checksums};
use super::name::ImageRef;
use super::tarball::{TarFault, TarImage, check_tar, sum_of};
use crate::confirm::Confirmation;
use crate::deploy::env::Service;
use crate::deploy::host::{Engine, EngineError, EngineFacts, Image};
use crate::error::{CommandError, Failure};
use crate::exit::Outcome;
use crate::files::{Access, Directory, Existing, FileError, names_in, open};
use crate::i18n::Text;

/// The state of an image on the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageState {
    /// The wanted image exists.
    Present(Image),
    /// No image has the name.
    Missing,
    /// Another image has the name.
    Different {
        /// That image.
        image: Image,
        /// The difference.
        reason: Text,
    },
}

impl ImageState {
    /// Whether the wanted image exists.
    pub fn is_present(&self) -> bool {
        matches!(self, Self::Present(_))
    }
}

/// The result for one image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageResult {
    /// It was transferred.
    Done,
    /// It was there already.
    Already,
    /// The transfer failed.
    Failed(Text),
}

/// An image and its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageOutcome {
    /// The image.
    pub wanted: ImageRef,
    /// The result.
    pub result: ImageResult,
    /// Its id, if it is known.
    pub id: Option<String>,
    /// The tar that was written or read.
    pub tar: Option<PathBuf>,
}

/// Progress of a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageEvent {
    /// A transfer started.
    Started(Service),
    /// Some layers arrived.
    Layers {
        /// The image's service.
        component: Service,
        /// Layers that are complete.
        done: usize,
        /// Layers known so far.
        total: usize,
    },
    /// A transfer finished.
    Finished(Service),
}

/// Receives progress.
type OnEvent<'a> = &'a (dyn Fn(ImageEvent) + Sync);

/// Why nothing was loaded.
#[derive(Debug)]
pub enum LoadError {
    /// The directory or its checksum file cannot be read.
    Folder(PathBuf, ChecksumError),
    /// Tars with faults; never empty.
    Tars(Vec<(PathBuf, TarFault)>),
    /// No tar holds these images.
    Missing(Vec<ImageRef>),
    /// Tars with names that are not wanted; never empty. Loading would move them to other images.
    Unexpected(Vec<(PathBuf, String)>),
}

impl Failure for LoadError {
    fn outcome(&self) -> Outcome {
        match self {
            Self::Folder(..) => Outcome::Usage,
            _ => Outcome::Failed,
        }
    }

    fn message(&self) -> Text {
        match self {
            Self::Folder(folder, error) => Text::new("deploy-load-folder")
                .with("folder", folder.display())
                .nested("error", error.message()),
            Self::Tars(faults) => Text::new("deploy-load-nothing").count("count", faults.len()),
            Self::Missing(wanted) => Text::new("deploy-load-missing").with("images", names(wanted)),
            Self::Unexpected(tags) => Text::new("deploy-load-nothing").count("count", tags.len()),
        }
    }

    fn messages(&self) -> Vec<Text> {
        let mut messages = vec![self.message()];
        if let Self::Tars(faults) = self {
            messages.extend(faults.iter().map(|(path, fault)| {
                let text = Text::new("deploy-load-tar").with("path", path.display());
                text.nested("fault", fault.message())
            }));
        }
        if let Self::Unexpected(tags) = self {
            messages.extend(tags.iter().map(|(path, name)| {
                let text = Text::new("deploy-load-unexpected").with("path", path.display());
                text.with("name", name)
            }));
        }
        messages
    }

    fn hints(&self) -> Vec<Text> {
        match self {
            Self::Folder(..) => Vec::new(),
            Self::Tars(_) => vec![Text::new("deploy-load-tar-hint")],
            Self::Missing(_) => vec![Text::new("deploy-load-missing-hint")],
            Self::Unexpected(_) => vec![Text::new("deploy-load-unexpected-hint")],
        }
    }
}

/// Why nothing could be saved into a directory.
#[derive(Debug)]
pub struct SaveError {
    folder: PathBuf,
    error: ChecksumError,
}

impl Failure for SaveError {
    fn outcome(&self) -> Outcome {
        Outcome::Failed
    }

    fn message(&self) -> Text {
        Text::new("deploy-tar-unwritable")
            .with("path", self.folder.display())
            .nested("error", self.error.message())
    }
}

/// The names of images, for a sentence.
pub fn names(wanted: &[ImageRef]) -> String {
    let names: Vec<&str> = wanted.iter().map(|one| one.reference.as_str()).collect();
    names.join(", ")
}

/// The states of images on the engine.
pub async fn image_states(
    engine: &Engine,
    facts: &EngineFacts,
    wanted: &[ImageRef],
) -> Result<Vec<(ImageRef, ImageState)>, EngineError> {
    let states = wanted.iter().map(|one| async move {
        let image = engine.image(&one.reference).await?;
        let state = image.map_or(ImageState::Missing, |image| compare(one, image, facts));
        Ok((one.clone(), state))
    });
    join_all(states).await.into_iter().collect()
}

fn compare(wanted: &ImageRef, image: Image, facts: &EngineFacts) -> ImageState {
    let other_machine = !image.architecture.is_empty()
        && !facts.architecture.is_empty()
        && image.architecture != facts.architecture;
    if other_machine {
        let reason = Text::new("deploy-image-architecture")
            .with("image", &image.architecture)
            .with("engine", &facts.architecture);
        return ImageState::Different { image, reason };
    }
    if let Some(digest) = &wanted.digest {
        let matches = |known: &String| known.ends_with(digest.as_str());
        if image.id != *digest && !image.digests.iter().any(matches) {
            let reason = Text::new("deploy-image-digest").with("digest", digest);
            return ImageState::Different { image, reason };
        }
    }
    ImageState::Present(image)
}

/// Pulls the images that are not present.
pub async fn pull(
    engine: &Engine,
    facts: &EngineFacts,
    wanted: &[ImageRef],
    _: &Confirmation,
    on_event: OnEvent<'_>,
) -> Result<Vec<ImageOutcome>, EngineError> {
    let states = image_states(engine, facts, wanted).await?;
    let pulls = states.into_iter().map(|(wanted, state)| async move {
        if let ImageState::Present(image) = state {
            return outcome(wanted, Ok((ImageResult::Already, image.id)), None);
        }
        on_event(ImageEvent::Started(wanted.component));
        let pulled = pull_one(engine, facts, &wanted, on_event).await;
        on_event(ImageEvent::Finished(wanted.component));
        outcome(wanted, pulled.map(|id| (ImageResult::Done, id)), None)
    });
    Ok(join_all(pulls).await)
}

async fn pull_one(
    engine: &Engine,
    facts: &EngineFacts,
    wanted: &ImageRef,
    on_event: OnEvent<'_>,
) -> Result<String, Text> {
    let by_digest = wanted
        .digest
        .as_ref()
        .map(|digest| format!("{}@{digest}", wanted.repository()));
    let reference = by_digest.as_deref().unwrap_or(&wanted.reference);
    let (mut known, mut complete) = (BTreeSet::new(), BTreeSet::new());
    let pulled = engine.pull(reference, |line| {
        let Some((layer, state)) = line.split_once(": ") else {
            return;
        };
        let is_layer = layer.len() == 12 && layer.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_layer {
            return;
        }
        known.insert(layer.to_owned());
        if state == "Pull complete" || state == "Already exists" {
            complete.insert(layer.to_owned());
        }
        on_event(ImageEvent::Layers {
            component: wanted.component,
            done: complete.len(),
            total: known.len(),
        });
    });
    pulled.await.map_err(|error| error.message())?;
    if by_digest.is_some() {
        let tagged = engine.tag(reference, &wanted.reference).await;
        tagged.map_err(|error| error.message())?;
    }
    verify_arrival(engine, facts, wanted).await
}

/// The id of an image that was just transferred, if it is the wanted one.
async fn verify_arrival(
    engine: &Engine,
    facts: &EngineFacts,
    wanted: &ImageRef,
) -> Result<String, Text> {
    let image = engine.image(&wanted.reference).await;
    let image = image.map_err(|error| error.message())?;
    match image.map(|image| compare(wanted, image, facts)) {
        Some(ImageState::Present(image)) => Ok(image.id),
        Some(ImageState::Different { reason, .. }) => Err(reason),
        Some(ImageState::Missing) | None => Err(Text::new("deploy-image-did-not-arrive")),
    }
}

/// Saves the images as tars in a directory, with a checksum file. A tar with the same image is kept.
pub async fn save(
    engine: &Engine,
    folder: &Path,
    wanted: &[ImageRef],
    on_event: OnEvent<'_>,
) -> Result<Vec<ImageOutcome>, SaveError> {
    let failed = |error: ChecksumError| SaveError {
        folder: folder.to_owned(),
        error,
    };
    let place = Directory::of_outputs(folder).map_err(|error| failed(error.into()))?;
    let place = &place;
    let known = Checksums::read(folder).map_err(failed)?;
    let work = wanted.iter().map(|wanted| {
        let known = &known;
        async move {
            let name = wanted.tar_name();
            let path = folder.join(&name);
            on_event(ImageEvent::Started(wanted.component));
            let saved = save_one(engine, wanted, place, known.get(&name)).await;
            on_event(ImageEvent::Finished(wanted.component));
            let sum = saved.as_ref().ok().map(|(_, _, sum)| (name, sum.clone()));
            let tar = saved.is_ok().then_some(path);
            let result = saved.map(|(result, id, _)| (result, id));
            (outcome(wanted.clone(), result, tar), sum)
        }
    });
    let (outcomes, sums): (Vec<_>, Vec<_>) = join_all(work).await.into_iter().unzip();
    let mut checksums = known.clone();
    for (name, sum) in sums.into_iter().flatten() {
        checksums.set(&name, &sum);
    }
    if checksums != known {
        checksums
            .write(folder)
            .map_err(|error| failed(error.into()))?;
    }
    Ok(outcomes)
}

async fn save_one(
    engine: &Engine,
    wanted: &ImageRef,
    folder: &Directory,
    sum: Option<&str>,
) -> Result<(ImageResult, String, String), Text> {
    let image = engine.image(&wanted.reference).await;
    let image = image
        .map_err(|error| error.message())?
        .ok_or_else(|| Text::new("deploy-image-missing").with("image", &wanted.reference))?;
    let name = wanted.tar_name();
    let path = folder.path_of(&name);
    if let Some(sum) = sum {
        let kept = verify_tar(path.clone(), Some(sum.to_owned())).await;
        if kept.is_ok_and(|images| images.iter().any(|one| one.id == image.id)) {
            return Ok((ImageResult::Already, image.id, sum.to_owned()));
        }
    }
    let unwritable = |error: io::Error| FileError::writing(&path, error).message();
    let draft = folder.draft(name.as_ref(), Access::Private);
    let draft = draft.map_err(|error| error.message())?;
    let file = || draft.file().try_clone().map_err(unwritable);
    let saved = engine.save(&wanted.reference, file()?).await;
    saved.map_err(|error| error.message())?;
    let images = verify(file()?, None).await;
    images.map_err(|fault| fault.message())?;
    let sum = sum_of(draft.file()).map_err(unwritable)?;
    draft
        .keep(Existing::Replace)
        .map_err(|error| error.message())?;
    Ok((ImageResult::Done, image.id, sum))
}

/// An image in one of the tars of a directory.
#[derive(Clone)]
struct FoundImage {
    tar: PathBuf,
    name: String,
    id: String,
}

/// Loads the images from tars. If any tar has a fault, nothing is loaded.
pub async fn load(
    engine: &Engine,
    facts: &EngineFacts,
    folder: &Path,
    wanted: &[ImageRef],
    _: &Confirmation,
    on_event: OnEvent<'_>,
) -> Result<Vec<ImageOutcome>, CommandError> {
    let found = read_folder(folder).await?;
    let (mut plan, mut missing) = (Vec::new(), Vec::new());
    for one in wanted {
        // The exact name is preferred to that of another registry.
        let exact = found.iter().find(|image| image.name == one.reference);
        let alike = || found.iter().find(|image| one.is_named_like(&image.name));
        match exact.or_else(alike) {
            Some(image) => plan.push((one.clone(), image.clone())),
            None => missing.push(one.clone()),
        }
    }
    if !missing.is_empty() {
        return Err(LoadError::Missing(missing).into());
    }
    let unexpected = unexpected(&found, plan.iter().map(|(_, image)| image));
    if !unexpected.is_empty() {
        return Err(LoadError::Unexpected(unexpected).into());
    }
    let states = image_states(engine, facts, wanted).await?;
    let mut outcomes = Vec::new();
    for ((wanted, found), (_, state)) in plan.into_iter().zip(states) {
        let result = if matches!(&state, ImageState::Present(image) if image.id == found.id) {
            Ok((ImageResult::Already, found.id.clone()))
        } else {
            on_event(ImageEvent::Started(wanted.component));
            let loaded = load_one(engine, facts, &wanted, &found).await;
            on_event(ImageEvent::Finished(wanted.component));
            loaded.map(|id| (ImageResult::Done, id))
        };
        outcomes.push(outcome(wanted, result, Some(found.tar)));
    }
    Ok(outcomes)
}

/// Names in the tars of chosen images that were not chosen: the engine loads every name of a tar.
fn unexpected<'a>(
    found: &[FoundImage],
    chosen: impl Iterator<Item = &'a FoundImage> + Clone,
) -> Vec<(PathBuf, String)> {
    let is_chosen = |one: &FoundImage| chosen.clone().any(|it| it.name == one.name);
    let is_loaded = |one: &FoundImage| chosen.clone().any(|it| it.tar == one.tar);
    let others = found.iter().filter(|one| is_loaded(one) && !is_chosen(one));
    others
        .map(|one| (one.tar.clone(), one.name.clone()))
        .collect()
}

/// Every image of every tar of a directory.
async fn read_folder(folder: &Path) -> Result<Vec<FoundImage>, LoadError> {
    let failed = |error| LoadError::Folder(folder.to_owned(), error);
    let sums = Checksums::read(folder).map_err(failed)?;
    let mut tars: BTreeSet<PathBuf> = BTreeSet::new();
    let names = names_in(folder).map_err(|error| failed(error.into()))?;
    let names = names.into_iter().map(|name| folder.join(name));
    tars.extend(names.filter(|path| is_tar(path)));
    // A listed tar that is missing is reported as unreadable.
    tars.extend(sums.names().map(|name| folder.join(name)));
    let reads = tars.into_iter().map(|path| {
        let name = path.file_name().map(|name| name.to_string_lossy());
        let sum = name.and_then(|name| sums.get(&name).map(ToOwned::to_owned));
        async move { (path.clone(), verify_tar(path, sum).await) }
    });
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for (tar, images) in join_all(reads).await {
        match images {
            Ok(images) => {
                for image in images {
                    found.extend(image.names.into_iter().map(|name| FoundImage {
                        tar: tar.clone(),
                        name,
                        id: image.id.clone(),
                    }));
                }
            }
            Err(fault) => faults.push((tar, fault)),
        }
    }
    if faults.is_empty() {
        Ok(found)
    } else {
        Err(LoadError::Tars(faults))
    }
}

fn is_tar(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_lowercase();
    let endings = [".tar", ".tar.gz", ".tgz", ".tar.xz"];
    endings.iter().any(|ending| name.ends_with(ending))
}

async fn load_one(
    engine: &Engine,
    facts: &EngineFacts,
    wanted: &ImageRef,
    found: &FoundImage,
) -> Result<String, Text> {
    let loaded = engine.load(&found.tar).await;
    loaded.map_err(|error| error.message())?;
    if found.name != wanted.reference {
        let tagged = engine.tag(&found.name, &wanted.reference).await;
        tagged.map_err(|error| error.message())?;
    }
    verify_arrival(engine, facts, wanted).await
}

async fn verify_tar(path: PathBuf, sum: Option<String>) -> Result<Vec<TarImage>, TarFault> {
    let file = open(&path).map_err(|error| TarFault::Unreadable(error.fault.text()))?;
    verify(file, sum).await
}

/// Verifies a tar on a thread that may block.
async fn verify(file: File, sum: Option<String>) -> Result<Vec<TarImage>, TarFault> {
    let read = tokio::task::spawn_blocking(move || check_tar(&file, sum.as_deref()));
    read.await
        .unwrap_or_else(|error| Err(io::Error::other(error).into()))
}

fn outcome(
    wanted: ImageRef,
    result: Result<(ImageResult, String), Text>,
    tar: Option<PathBuf>,
) -> ImageOutcome {
    let (result, id) = match result {
        Ok((result, id)) => (result, Some(id)),
        Err(text) => (ImageResult::Failed(text), None),
    };
    ImageOutcome {
        wanted,
        result,
        id,
        tar,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unexpected_names_the_tags_that_would_move() {
        let image = |tar: &str, name: &str| FoundImage {
            tar: tar.into(),
            name: name.to_owned(),
            id: String::new(),
        };
        let found = [
            image("core.tar", "platform-core:v4.0.0"),
            image("core.tar", "nginx:1"),
            image("other.tar", "redis:7"),
        ];
        assert_eq!(
            unexpected(&found, found[..1].iter()),
            [("core.tar".into(), "nginx:1".to_owned())]
        );
        assert_eq!(unexpected(&found, found[..2].iter()), []);
    }
}
