//! What lies on a portal's disk, and the bytes of plugin files.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::database::zip_entries;
use super::world::Package;

/// 1980-01-01, the time that the recorded archives gave to their files (`pair-portal-js.json`).
const ARCHIVE_TIME: u64 = 315_532_800;

/// One portal's files under `/ui-resources`.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    files: BTreeMap<String, DiskFile>,
}

/// A file on a portal's disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskFile {
    /// Its bytes.
    pub body: Vec<u8>,
    /// Whether nginx may read it; if not, 403.
    pub readable: bool,
    /// Seconds since 1970; `unzip` keeps the archive's.
    pub modified_s: u64,
}

impl DiskFile {
    /// A readable file with the archive's time.
    pub fn new(body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            readable: true,
            modified_s: ARCHIVE_TIME,
        }
    }

    /// nginx's `ETag`: time and size in hexadecimal.
    pub fn etag(&self) -> String {
        format!("\"{:x}-{:x}\"", self.modified_s, self.body.len())
    }
}

impl Disk {
    /// The file at a path such as `/ui-resources/wecmdb/v2.0.10/plugin/js/app.js`.
    pub fn get(&self, path: &str) -> Option<&DiskFile> {
        self.files.get(path)
    }

    /// The file at a path, to change it.
    pub fn get_mut(&mut self, path: &str) -> Option<&mut DiskFile> {
        self.files.get_mut(path)
    }

    /// Puts a file.
    pub fn put(&mut self, path: &str, file: DiskFile) {
        self.files.insert(path.to_owned(), file);
    }

    /// Removes a file; whether it was there.
    pub fn remove(&mut self, path: &str) -> bool {
        self.files.remove(path).is_some()
    }

    /// Whether some file lies under that directory.
    pub fn has_directory(&self, path: &str) -> bool {
        let prefix = format!("{}/", path.trim_end_matches('/'));
        self.files
            .range(prefix.clone()..)
            .next()
            .is_some_and(|(first, _)| first.starts_with(&prefix))
    }

    /// All paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// `rm -rf` of a package version's directory (v3 does so before it copies).
    pub fn clear_package(&mut self, name: &str, version: &str) {
        let prefix = format!("/ui-resources/{name}/{version}/");
        self.files.retain(|path, _| !path.starts_with(&prefix));
    }

    /// Unzips a package's `ui.zip` over what is there.
    pub fn unzip(&mut self, package: &Package) {
        for entry in zip_entries(package) {
            let body = file_body(package, &entry);
            self.put(&place(package, &entry), DiskFile::new(body));
        }
    }

    /// What a shared working folder does: `package`'s paths, another plugin's bytes.
    pub fn unzip_mixed(&mut self, package: &Package, other: &Package) {
        let theirs = zip_entries(other);
        for (number, entry) in zip_entries(package).into_iter().enumerate() {
            let source = theirs.get(number).unwrap_or(&entry);
            let body = file_body(other, source);
            self.put(&place(package, &entry), DiskFile::new(body));
        }
    }

    /// Puts the archive itself, as `scp` does before it is unzipped.
    pub fn put_zip(&mut self, package: &Package) {
        let body = format!("PK {} {}", package.name, package.version);
        self.put(&place(package, "ui.zip"), DiskFile::new(body));
    }

    /// Removes the archive (v4.2+ does so after unzipping).
    pub fn remove_zip(&mut self, package: &Package) {
        self.remove(&place(package, "ui.zip"));
    }
}

/// Where an entry of a package's zip lies on the disk.
pub(super) fn place(package: &Package, entry: &str) -> String {
    format!("/ui-resources/{}/{}/{entry}", package.name, package.version)
}

/// The bytes of an entry: they name the plugin, and their length depends on the kind of file alone,
/// so that another plugin's file under the same path has the same `ETag`.
pub(super) fn file_body(package: &Package, entry: &str) -> Vec<u8> {
    let (head, length) = if entry.contains(".js") {
        ("/* js */", 2002)
    } else if entry.contains(".css") {
        ("/* css */", 310)
    } else if entry.contains(".html") {
        ("<!doctype html>", 420)
    } else {
        ("bin", 128)
    };
    let mut text = String::with_capacity(length + 80);
    while text.len() < length {
        let written = writeln!(text, "{head} {} {} {entry}", package.name, package.version);
        debug_assert!(written.is_ok(), "writing to a String cannot fail");
    }
    text.truncate(length);
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_etag_is_the_recorded_one() {
        let package = Package::new("wecmdb", "v2.0.10").with_ui("plugin");
        let mut disk = Disk::default();
        disk.unzip(&package);
        let path = "/ui-resources/wecmdb/v2.0.10/plugin/js/chunk-0.wecmdb.js";
        assert_eq!(disk.get(path).unwrap().etag(), "\"12cea600-7d2\"");
    }

    #[test]
    fn mixed_files_differ_only_in_their_bytes() {
        let mine = Package::new("a", "v1.0.0").with_ui("plugin");
        let theirs = Package::new("other", "v1.0.0").with_ui("");
        let (mut good, mut bad) = (Disk::default(), Disk::default());
        good.unzip(&mine);
        bad.unzip_mixed(&mine, &theirs);
        let path = "/ui-resources/a/v1.0.0/plugin/css/app.css";
        assert_eq!(
            good.get(path).unwrap().etag(),
            bad.get(path).unwrap().etag()
        );
        assert_ne!(good.get(path), bad.get(path));
    }

    #[test]
    fn directories_are_known_by_their_files() {
        let mut disk = Disk::default();
        disk.unzip(&Package::new("a", "v1.0.0").with_ui("plugin"));
        assert!(disk.has_directory("/ui-resources/a/v1.0.0/plugin/js/"));
        assert!(!disk.has_directory("/ui-resources/a/v1.0.0/plugin/j"));
    }
}
