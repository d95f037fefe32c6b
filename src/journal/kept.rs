//! What a command keeps of an instance for its next time. It saves work and proves nothing: whoever
//! reads it must be as right without it.

use std::io::{self, Write as _};
use std::path::PathBuf;

use super::state_dir::{StateDir, StateError, file_name, make};
use crate::domain::Address;

/// What was kept under this name of an instance; nothing where nothing can be read.
pub fn kept(state: &StateDir, name: &str, target: &Address) -> Option<String> {
    fs_err::read_to_string(path_of(state, name, target)).ok()
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
    fn what_cannot_be_kept_names_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::open(folder.path()).unwrap();
        fs_err::write(folder.path().join("kept"), "in the way").unwrap();
        let error = keep(&state, "looks", &Address::new("http://a"), "text").unwrap_err();
        assert!(error.to_string().contains("kept"), "{error}");
    }
}
