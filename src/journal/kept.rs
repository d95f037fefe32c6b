//! What a command keeps of an instance for its next time. It saves work and proves nothing: whoever
//! reads it must be as right without it.

use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;

use super::state_dir::{StateDir, StateError, file_name, make};
use crate::domain::Address;

/// More than a check of ten thousand packages keeps.
const MOST: u64 = 32 << 20;

/// What was kept under this name of an instance; nothing where nothing can be read: only a regular
/// file of a reasonable size is.
pub fn kept(state: &StateDir, name: &str, target: &Address) -> Option<String> {
    let path = path_of(state, name, target);
    // Opening a pipe waits for who writes to it.
    let is_small_file = |seen: std::fs::Metadata| seen.is_file() && seen.len() <= MOST;
    if !fs_err::symlink_metadata(&path).is_ok_and(is_small_file) {
        return None;
    }
    let mut text = String::new();
    let file = fs_err::File::open(&path).ok()?;
    file.take(MOST).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Keeps a text, whole or not at all, for its owner alone.
pub fn keep(state: &StateDir, name: &str, target: &Address, text: &str) -> Result<(), StateError> {
    let folder = state.kept();
    make(&folder)?;
    write(state, name, target, text).map_err(|source| StateError::Write {
        path: folder,
        source,
    })
}

fn write(state: &StateDir, name: &str, target: &Address, text: &str) -> io::Result<()> {
    // Made with the mode 0600. It need not outlive a crash of the machine: no sync.
    let mut file = tempfile::NamedTempFile::new_in(state.kept())?;
    file.write_all(text.as_bytes())?;
    file.persist(path_of(state, name, target))
        .map_err(|error| error.error)?;
    Ok(())
}

fn path_of(state: &StateDir, name: &str, target: &Address) -> PathBuf {
    state
        .kept()
        .join(format!("{name}-{}.json", file_name(target)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_text_is_kept_for_its_instance_and_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::open(folder.path()).unwrap();
        let (a, b) = (Address::new("http://a:8000"), Address::new("http://b:8000"));
        assert_eq!(kept(&state, "looks", &a), None);
        keep(&state, "looks", &a, "first, and longer").unwrap();
        keep(&state, "looks", &a, "second").unwrap();
        assert_eq!(kept(&state, "looks", &a).as_deref(), Some("second"));
        assert_eq!(kept(&state, "looks", &b), None);
        assert_eq!(kept(&state, "others", &a), None);
        let modes: Vec<u32> = fs_err::read_dir(state.kept())
            .unwrap()
            .map(|entry| entry.unwrap().metadata().unwrap().permissions().mode() & 0o777)
            .collect();
        assert_eq!(modes, [0o600]);
    }

    #[test]
    fn only_a_regular_file_of_a_reasonable_size_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::open(folder.path()).unwrap();
        let address = Address::new("http://a:8000");
        keep(&state, "looks", &address, "text").unwrap();
        let path = path_of(&state, "looks", &address);
        let link = folder.path().join("elsewhere");
        fs_err::rename(&path, &link).unwrap();
        std::os::unix::fs::symlink(&link, &path).unwrap();
        assert_eq!(kept(&state, "looks", &address), None, "a link");
        fs_err::remove_file(&path).unwrap();
        fs_err::create_dir(&path).unwrap();
        assert_eq!(kept(&state, "looks", &address), None, "a folder");
        fs_err::remove_dir(&path).unwrap();
        let huge = fs_err::File::create(&path).unwrap();
        huge.set_len(MOST + 1).unwrap();
        assert_eq!(kept(&state, "looks", &address), None, "huge");
    }

    #[test]
    fn what_cannot_be_kept_names_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::open(folder.path()).unwrap();
        fs_err::write(folder.path().join("kept"), "in the way").unwrap();
        let error = keep(&state, "looks", &Address::new("http://a"), "text").unwrap_err();
        assert!(matches!(error, StateError::Make { path, .. } if path.ends_with("kept")));
    }
}
