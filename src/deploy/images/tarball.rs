//! Verifies a saved image: every part must be in the tar and have its digest.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::{Component, Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::i18n::{Text, io_message};

/// Largest manifest or configuration in bytes; real ones have some KB.
const JSON_CAP: u64 = 8 * 1024 * 1024;
/// Two blocks of zeros end every tar.
const END: u64 = 1024;

/// An image in a tar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TarImage {
    /// Its names.
    pub names: Vec<String>,
    /// Its id: `sha256:` and the digest of its configuration.
    pub id: String,
}

/// A fault of a tar.
#[derive(Debug)]
pub enum TarFault {
    /// It cannot be read.
    Unreadable(Text),
    /// It is compressed with something other than gzip.
    Compressed,
    /// It is truncated.
    CutOff,
    /// It is not a saved image.
    NotAnImage(ManifestFault),
    /// A part that its manifest names is missing.
    Missing(String),
    /// A part does not have its digest.
    Altered(String),
    /// The tar does not have the checksum of the checksum file.
    Checksum,
}

/// Why a tar is not a saved image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManifestFault {
    /// The archive's own structure is damaged.
    Archive,
    /// `manifest.json` is missing.
    NoManifest,
    /// `manifest.json` names no image.
    NoImage,
    /// This part is not the JSON that `docker save` writes.
    Json(String),
    /// The manifest names more or fewer layers than the configuration.
    Layers {
        /// Layers in the manifest.
        named: usize,
        /// Layers in the configuration.
        listed: usize,
    },
}

impl From<io::Error> for TarFault {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(io_message(&error))
    }
}

impl TarFault {
    /// The fault.
    pub fn message(&self) -> Text {
        match self {
            Self::Unreadable(cause) => {
                Text::new("deploy-tar-unreadable").nested("error", cause.clone())
            }
            Self::Compressed => Text::new("deploy-tar-compressed"),
            Self::CutOff => Text::new("deploy-tar-cut-off"),
            Self::NotAnImage(fault) => {
                Text::new("deploy-tar-not-an-image").nested("fault", fault.message())
            }
            Self::Missing(name) => Text::new("deploy-tar-missing").with("name", name),
            Self::Altered(name) => Text::new("deploy-tar-altered").with("name", name),
            Self::Checksum => Text::new("deploy-tar-checksum"),
        }
    }
}

impl ManifestFault {
    fn message(&self) -> Text {
        match self {
            Self::Archive => Text::new("deploy-tar-archive"),
            Self::NoManifest => Text::new("deploy-tar-no-manifest"),
            Self::NoImage => Text::new("deploy-tar-no-image"),
            Self::Json(name) => Text::new("deploy-tar-json").with("name", name),
            Self::Layers { named, listed } => Text::new("deploy-tar-layers")
                .with("named", named)
                .with("listed", listed),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ManifestWire {
    config: String,
    #[serde(default)]
    repo_tags: Option<Vec<String>>,
    layers: Vec<String>,
}

#[derive(Deserialize)]
struct IndexWire {
    manifests: Vec<IndexManifestWire>,
}

#[derive(Deserialize)]
struct IndexManifestWire {
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct ConfigWire {
    rootfs: RootfsWire,
}

#[derive(Deserialize)]
struct RootfsWire {
    diff_ids: Vec<String>,
}

/// The parts of a tar.
#[derive(Default)]
struct Parts {
    digests: BTreeMap<PathBuf, String>,
    links: BTreeMap<PathBuf, PathBuf>,
    json: BTreeMap<PathBuf, Vec<u8>>,
}

/// Verifies a tar. `sum` is its SHA-256, if the checksum file has one.
pub fn check_tar(mut file: &File, sum: Option<&str>) -> Result<Vec<TarImage>, TarFault> {
    file.rewind()?;
    let compression = compression(&mut file)?;
    match compression {
        Compression::None => check_end(&mut file)?,
        Compression::Gzip => {}
        Compression::Other => return Err(TarFault::Compressed),
    }
    let mut hashed = Hashed {
        inner: io::BufReader::with_capacity(1 << 18, file),
        hash: Sha256::new(),
    };
    let read = match compression {
        Compression::Gzip => unpacked(&mut hashed)?,
        _ => read_parts(&mut hashed),
    };
    // The checksum covers bytes after the end of the archive too.
    io::copy(&mut hashed, &mut io::sink())?;
    let whole = hex(&hashed.hash.finalize());
    if sum.is_some_and(|sum| sum != whole) {
        return Err(TarFault::Checksum);
    }
    images(&read?)
}

/// How a file is compressed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compression {
    None,
    Gzip,
    /// zstd, bzip2 or xz: Docker reads it, this program does not.
    Other,
}

fn compression(file: &mut &File) -> io::Result<Compression> {
    let mut first = Vec::new();
    file.by_ref().take(2).read_to_end(&mut first)?;
    file.rewind()?;
    Ok(match first.as_slice() {
        [0x1f, 0x8b] => Compression::Gzip,
        [0x28, 0xb5] | b"BZ" | [0xfd, 0x37] => Compression::Other,
        _ => Compression::None,
    })
}

/// The parts of a gzip file. A truncated or altered one fails to unpack.
fn unpacked(from: &mut impl Read) -> Result<Result<Parts, TarFault>, TarFault> {
    let mut unpacked = MultiGzDecoder::new(from);
    let read = read_parts(&mut unpacked);
    io::copy(&mut unpacked, &mut io::sink()).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => TarFault::CutOff,
        _ => damaged(&error),
    })?;
    Ok(read)
}

/// SHA-256 of a file, in hex.
pub(super) fn sum_of(mut file: &File) -> io::Result<String> {
    file.rewind()?;
    let mut hashed = Hashed {
        inner: io::BufReader::with_capacity(1 << 18, file),
        hash: Sha256::new(),
    };
    io::copy(&mut hashed, &mut io::sink())?;
    Ok(hex(&hashed.hash.finalize()))
}

fn check_end(file: &mut &File) -> Result<(), TarFault> {
    let length = file.metadata()?.len();
    if length < END {
        return Err(TarFault::CutOff);
    }
    file.seek(SeekFrom::End(-1024))?;
    let mut last = [0; 1024];
    file.read_exact(&mut last)?;
    file.rewind()?;
    if last.iter().any(|byte| *byte != 0) {
        return Err(TarFault::CutOff);
    }
    Ok(())
}

fn read_parts(from: &mut impl Read) -> Result<Parts, TarFault> {
    let mut parts = Parts::default();
    let mut archive = tar::Archive::new(from);
    for entry in archive.entries().map_err(|error| damaged(&error))? {
        let mut entry = entry.map_err(|error| damaged(&error))?;
        let path = normalise(&entry.path().map_err(|error| damaged(&error))?);
        let kind = entry.header().entry_type();
        if kind.is_symlink() || kind.is_hard_link() {
            let target = entry.link_name().map_err(|error| damaged(&error))?;
            let target = target.map(std::borrow::Cow::into_owned).unwrap_or_default();
            let target = match path.parent() {
                Some(folder) if kind.is_symlink() => folder.join(target),
                _ => target,
            };
            parts.links.insert(path, normalise(&target));
            continue;
        }
        if !kind.is_file() {
            continue;
        }
        let size = entry.header().size().map_err(|error| damaged(&error))?;
        let mut hash = Sha256::new();
        if size <= JSON_CAP {
            let mut bytes = Vec::new();
            entry
                .read_to_end(&mut bytes)
                .map_err(|error| damaged(&error))?;
            hash.update(&bytes);
            if bytes
                .first()
                .is_some_and(|byte| matches!(byte, b'{' | b'['))
            {
                parts.json.insert(path.clone(), bytes);
            }
        } else {
            let mut hashing = Hashed {
                inner: &mut entry,
                hash,
            };
            io::copy(&mut hashing, &mut io::sink()).map_err(|error| damaged(&error))?;
            hash = hashing.hash;
        }
        parts.digests.insert(path, hex(&hash.finalize()));
    }
    Ok(parts)
}

/// The archive's structure is damaged. The reader's message tells a truncated archive.
fn damaged(error: &io::Error) -> TarFault {
    let cut = error.kind() == io::ErrorKind::UnexpectedEof || error.to_string().contains("EOF");
    if cut {
        TarFault::CutOff
    } else {
        TarFault::NotAnImage(ManifestFault::Archive)
    }
}

fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8], name: &str) -> Result<T, TarFault> {
    serde_json::from_slice(bytes)
        .map_err(|_| TarFault::NotAnImage(ManifestFault::Json(name.to_owned())))
}

fn images(parts: &Parts) -> Result<Vec<TarImage>, TarFault> {
    let name = "manifest.json";
    let manifest = parts.json.get(Path::new(name));
    let manifest = manifest.ok_or(TarFault::NotAnImage(ManifestFault::NoManifest))?;
    let wires: Vec<ManifestWire> = parse(manifest, name)?;
    if wires.is_empty() {
        return Err(TarFault::NotAnImage(ManifestFault::NoImage));
    }
    let mut images: Vec<_> = wires
        .iter()
        .map(|wire| image(wire, parts))
        .collect::<Result<_, _>>()?;
    // Engines take names from these parts too.
    let known: BTreeSet<String> = images
        .iter()
        .flat_map(|it| &it.names)
        .map(|name| short(name))
        .collect();
    let names: Vec<String> = other_names(parts)?
        .into_iter()
        .filter(|name| !known.contains(&short(name)))
        .collect();
    if !names.is_empty() {
        let id = String::new();
        images.push(TarImage { names, id });
    }
    Ok(images)
}

/// The name without the registry and the folder that Docker adds.
fn short(name: &str) -> String {
    let name = name.trim_start_matches("docker.io/");
    name.trim_start_matches("library/").to_owned()
}

/// Names in `index.json` (OCI layout) and in `repositories` (before Docker 1.10).
fn other_names(parts: &Parts) -> Result<Vec<String>, TarFault> {
    let mut names = Vec::new();
    if let Some(index) = parts.json.get(Path::new("index.json")) {
        let index: IndexWire = parse(index, "index.json")?;
        let annotations = index.manifests.into_iter().map(|it| it.annotations);
        names.extend(annotations.filter_map(|mut it| it.remove("io.containerd.image.name")));
    }
    if let Some(repositories) = parts.json.get(Path::new("repositories")) {
        let repositories: BTreeMap<String, BTreeMap<String, String>> =
            parse(repositories, "repositories")?;
        for (name, tags) in repositories {
            names.extend(tags.keys().map(|tag| format!("{name}:{tag}")));
        }
    }
    Ok(names)
}

fn image(wire: &ManifestWire, parts: &Parts) -> Result<TarImage, TarFault> {
    let (path, digest) = parts.find(&wire.config)?;
    // Its name is its digest; the older layout adds `.json`.
    if named_digest(&wire.config) != digest {
        return Err(TarFault::Altered(wire.config.clone()));
    }
    let bytes = parts.json.get(path).map(Vec::as_slice);
    let config: ConfigWire = parse(bytes.unwrap_or_default(), &wire.config)?;
    let diff_ids = &config.rootfs.diff_ids;
    let (named, listed) = (wire.layers.len(), diff_ids.len());
    if named != listed {
        return Err(TarFault::NotAnImage(ManifestFault::Layers {
            named,
            listed,
        }));
    }
    for (layer, listed) in wire.layers.iter().zip(diff_ids) {
        let (_, digest) = parts.find(layer)?;
        // A compressed layer is named by its digest; that of a plain one is listed.
        if listed.trim_start_matches("sha256:") != digest && named_digest(layer) != digest {
            return Err(TarFault::Altered(layer.clone()));
        }
    }
    Ok(TarImage {
        names: wire.repo_tags.clone().unwrap_or_default(),
        id: format!("sha256:{digest}"),
    })
}

impl Parts {
    /// A part and its digest, also through links inside the tar.
    fn find(&self, name: &str) -> Result<(&Path, &str), TarFault> {
        let mut path = normalise(Path::new(name));
        for _ in 0..8 {
            if let Some((path, digest)) = self.digests.get_key_value(&path) {
                return Ok((path, digest));
            }
            match self.links.get(&path) {
                Some(target) => path.clone_from(target),
                None => break,
            }
        }
        Err(TarFault::Missing(name.to_owned()))
    }
}

fn named_digest(name: &str) -> &str {
    let last = name.rsplit('/').next().unwrap_or_default();
    last.trim_end_matches(".json")
}

/// The relative path without `.` and `..`.
fn normalise(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => normal.push(name),
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    normal
}

struct Hashed<R> {
    inner: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(&buffer[..count]);
        Ok(count)
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _infallible = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
#[path = "tarball_tests.rs"]
mod tests;
