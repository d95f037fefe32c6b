//! A saved image, read through whole: nothing is believed that is not in it with its digest.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::{Component as Part, Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::i18n::Text;

/// Largest manifest or configuration; real ones have some KB.
const JSON_CAP: u64 = 8 * 1024 * 1024;
/// Two blocks of zeros end every tar.
const END: u64 = 1024;

/// What a tar holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TarImage {
    /// Names that its image gets.
    pub names: Vec<String>,
    /// Id of its image: `sha256:` and the digest of its configuration.
    pub id: String,
}

/// What is wrong with a tar.
#[derive(Debug, thiserror::Error)]
pub enum TarFault {
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(#[from] io::Error),
    /// It is compressed.
    #[error("it is compressed")]
    Compressed,
    /// It ends in the middle.
    #[error("it is cut off")]
    CutOff,
    /// Nothing in it says what image it is.
    #[error("it is not a saved image: {0}")]
    NotAnImage(String),
    /// A piece that its manifest names is not in it.
    #[error("{0} is not in it")]
    Lacks(String),
    /// A piece is not what it is named or listed as.
    #[error("{0} was altered")]
    Altered(String),
    /// The whole is not what the checksum file says.
    #[error("its checksum is another")]
    Checksum,
}

impl TarFault {
    /// What a person reads.
    pub fn text(&self) -> Text {
        match self {
            Self::Unreadable(error) => Text::new("deploy-tar-unreadable").with("error", error),
            Self::Compressed => Text::new("deploy-tar-compressed"),
            Self::CutOff => Text::new("deploy-tar-cut-off"),
            Self::NotAnImage(why) => Text::new("deploy-tar-not-an-image").with("why", why),
            Self::Lacks(name) => Text::new("deploy-tar-lacks").with("name", name),
            Self::Altered(name) => Text::new("deploy-tar-altered").with("name", name),
            Self::Checksum => Text::new("deploy-tar-checksum"),
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
struct ConfigWire {
    rootfs: RootfsWire,
}

#[derive(Deserialize)]
struct RootfsWire {
    diff_ids: Vec<String>,
}

/// What was in the tar.
#[derive(Default)]
struct Pieces {
    digests: BTreeMap<PathBuf, String>,
    links: BTreeMap<PathBuf, PathBuf>,
    json: BTreeMap<PathBuf, Vec<u8>>,
}

/// Reads a tar through. `sum` is what its SHA-256 must be, where that is known.
pub fn check_tar(path: &Path, sum: Option<&str>) -> Result<Vec<TarImage>, TarFault> {
    let mut file = fs_err::File::open(path)?.into_parts().0;
    let packing = packing(&mut file)?;
    match packing {
        Packing::None => look_at_its_ends(&mut file)?,
        Packing::Gzip => {}
        Packing::Other => return Err(TarFault::Compressed),
    }
    let mut hashed = Hashed {
        inner: io::BufReader::with_capacity(1 << 18, file),
        hash: Sha256::new(),
    };
    let read = match packing {
        Packing::Gzip => unpacked(&mut hashed)?,
        _ => pieces(&mut hashed),
    };
    // What stands behind the end of the archive belongs to the checksum.
    io::copy(&mut hashed, &mut io::sink())?;
    let whole = hex(&hashed.hash.finalize());
    if sum.is_some_and(|sum| sum != whole) {
        return Err(TarFault::Checksum);
    }
    images(&read?)
}

/// How a file is packed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Packing {
    None,
    Gzip,
    /// By something that Docker reads and we do not look into: zstd, bzip2, xz.
    Other,
}

fn packing(file: &mut File) -> io::Result<Packing> {
    let mut first = Vec::new();
    file.by_ref().take(2).read_to_end(&mut first)?;
    file.rewind()?;
    Ok(match first.as_slice() {
        [0x1f, 0x8b] => Packing::Gzip,
        [0x28, 0xb5] | b"BZ" | [0xfd, 0x37] => Packing::Other,
        _ => Packing::None,
    })
}

/// The pieces of what `gzip` packed. One that was cut off, or whose bytes do not have the checksum at its
/// end, does not unpack.
fn unpacked(from: &mut impl Read) -> Result<Result<Pieces, TarFault>, TarFault> {
    let mut unpacked = MultiGzDecoder::new(from);
    let read = pieces(&mut unpacked);
    io::copy(&mut unpacked, &mut io::sink()).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => TarFault::CutOff,
        _ => broken(&error),
    })?;
    Ok(read)
}

/// SHA-256 of a file, in hex.
pub(super) fn sum_of(path: &Path) -> io::Result<String> {
    let mut hashed = Hashed {
        inner: io::BufReader::with_capacity(1 << 18, fs_err::File::open(path)?),
        hash: Sha256::new(),
    };
    io::copy(&mut hashed, &mut io::sink())?;
    Ok(hex(&hashed.hash.finalize()))
}

fn look_at_its_ends(file: &mut File) -> Result<(), TarFault> {
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

fn pieces(from: &mut impl Read) -> Result<Pieces, TarFault> {
    let mut pieces = Pieces::default();
    let mut archive = tar::Archive::new(from);
    for entry in archive.entries().map_err(|error| broken(&error))? {
        let mut entry = entry.map_err(|error| broken(&error))?;
        let path = tidy(&entry.path().map_err(|error| broken(&error))?);
        let kind = entry.header().entry_type();
        if kind.is_symlink() || kind.is_hard_link() {
            let target = entry.link_name().map_err(|error| broken(&error))?;
            let target = target.map(std::borrow::Cow::into_owned).unwrap_or_default();
            let target = match path.parent() {
                Some(folder) if kind.is_symlink() => folder.join(target),
                _ => target,
            };
            pieces.links.insert(path, tidy(&target));
            continue;
        }
        if !kind.is_file() {
            continue;
        }
        let size = entry.header().size().map_err(|error| broken(&error))?;
        let mut hash = Sha256::new();
        if size <= JSON_CAP {
            let mut bytes = Vec::new();
            entry
                .read_to_end(&mut bytes)
                .map_err(|error| broken(&error))?;
            hash.update(&bytes);
            if bytes
                .first()
                .is_some_and(|byte| matches!(byte, b'{' | b'['))
            {
                pieces.json.insert(path.clone(), bytes);
            }
        } else {
            let mut hashing = Hashed {
                inner: &mut entry,
                hash,
            };
            io::copy(&mut hashing, &mut io::sink()).map_err(|error| broken(&error))?;
            hash = hashing.hash;
        }
        pieces.digests.insert(path, hex(&hash.finalize()));
    }
    Ok(pieces)
}

/// The archive's own structure is broken: the reader's words tell a cut from other damage.
fn broken(error: &io::Error) -> TarFault {
    let cut = error.kind() == io::ErrorKind::UnexpectedEof || error.to_string().contains("EOF");
    if cut {
        TarFault::CutOff
    } else {
        TarFault::NotAnImage(error.to_string())
    }
}

fn images(pieces: &Pieces) -> Result<Vec<TarImage>, TarFault> {
    let manifest = pieces
        .json
        .get(Path::new("manifest.json"))
        .ok_or_else(|| TarFault::NotAnImage("manifest.json is not in it".to_owned()))?;
    let wires: Vec<ManifestWire> = serde_json::from_slice(manifest)
        .map_err(|error| TarFault::NotAnImage(format!("manifest.json: {error}")))?;
    if wires.is_empty() {
        return Err(TarFault::NotAnImage(
            "manifest.json names no image".to_owned(),
        ));
    }
    wires.iter().map(|wire| image(wire, pieces)).collect()
}

fn image(wire: &ManifestWire, pieces: &Pieces) -> Result<TarImage, TarFault> {
    let (path, digest) = pieces.find(&wire.config)?;
    // Its name is its digest, with `.json` in the older layout.
    if named_digest(&wire.config) != digest {
        return Err(TarFault::Altered(wire.config.clone()));
    }
    let bytes = pieces
        .json
        .get(path)
        .ok_or_else(|| TarFault::NotAnImage(format!("{}: no JSON", wire.config)))?;
    let config: ConfigWire = serde_json::from_slice(bytes)
        .map_err(|error| TarFault::NotAnImage(format!("{}: {error}", wire.config)))?;
    let diff_ids = &config.rootfs.diff_ids;
    if diff_ids.len() != wire.layers.len() {
        return Err(TarFault::NotAnImage(format!(
            "{} layers, {} listed",
            wire.layers.len(),
            diff_ids.len()
        )));
    }
    for (layer, listed) in wire.layers.iter().zip(diff_ids) {
        let (_, digest) = pieces.find(layer)?;
        // A compressed layer has the digest that it is named by, a plain one that which is listed.
        if listed.trim_start_matches("sha256:") != digest && named_digest(layer) != digest {
            return Err(TarFault::Altered(layer.clone()));
        }
    }
    Ok(TarImage {
        names: wire.repo_tags.clone().unwrap_or_default(),
        id: format!("sha256:{digest}"),
    })
}

impl Pieces {
    /// A piece and its digest, where it is in the tar or where a link in the tar leads to it.
    fn find(&self, name: &str) -> Result<(&Path, &str), TarFault> {
        let mut path = tidy(Path::new(name));
        for _ in 0..8 {
            if let Some((path, digest)) = self.digests.get_key_value(&path) {
                return Ok((path, digest));
            }
            match self.links.get(&path) {
                Some(target) => path.clone_from(target),
                None => break,
            }
        }
        Err(TarFault::Lacks(name.to_owned()))
    }
}

fn named_digest(name: &str) -> &str {
    let last = name.rsplit('/').next().unwrap_or_default();
    last.trim_end_matches(".json")
}

/// The path without `.` and `..`, relative.
fn tidy(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for part in path.components() {
        match part {
            Part::Normal(name) => tidied.push(name),
            Part::ParentDir => {
                tidied.pop();
            }
            Part::CurDir | Part::RootDir | Part::Prefix(_) => {}
        }
    }
    tidied
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
