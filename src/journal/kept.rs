//! What a command keeps of an instance for its next time.

use super::state_dir::{StateDir, StateError, file_name};
use crate::domain::Address;
use crate::files::{Access, MIB};

/// More than a check of ten thousand packages keeps.
const LIMIT: u64 = 32 * MIB;

/// What was kept under this name of an instance; `None` if nothing was. Only a regular file of a
/// reasonable size is read.
pub fn kept(state: &StateDir, name: &str, target: &Address) -> Result<Option<String>, StateError> {
    let folder = state.directory("kept")?;
    let text = folder.read(name_of(name, target), LIMIT)?;
    Ok(text.map(|text| String::from_utf8_lossy(&text).into_owned()))
}

/// Keeps a text, whole or not at all, for its owner alone.
pub fn keep(state: &StateDir, name: &str, target: &Address, text: &str) -> Result<(), StateError> {
    let name = name_of(name, target);
    let folder = state.directory("kept")?;
    Ok(folder.replace(name.as_ref(), text.as_bytes(), Access::Private)?)
}

fn name_of(name: &str, target: &Address) -> String {
    format!("{name}-{}.json", file_name(target))
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
        assert_eq!(kept(&state, "looks", &a), Ok(None));
        keep(&state, "looks", &a, "first, and longer").unwrap();
        keep(&state, "looks", &a, "second").unwrap();
        assert_eq!(kept(&state, "looks", &a), Ok(Some("second".to_owned())));
        assert_eq!(kept(&state, "looks", &b), Ok(None));
        assert_eq!(kept(&state, "others", &a), Ok(None));
        let modes: Vec<u32> = fs_err::read_dir(folder.path().join("kept"))
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
        let path = folder.path().join("kept").join(name_of("looks", &address));
        let link = folder.path().join("elsewhere");
        fs_err::rename(&path, &link).unwrap();
        std::os::unix::fs::symlink(&link, &path).unwrap();
        assert!(kept(&state, "looks", &address).is_err(), "a link");
        fs_err::remove_file(&path).unwrap();
        fs_err::create_dir(&path).unwrap();
        assert!(kept(&state, "looks", &address).is_err(), "a folder");
        fs_err::remove_dir(&path).unwrap();
        let huge = fs_err::File::create(&path).unwrap();
        huge.set_len(LIMIT + 1).unwrap();
        assert!(kept(&state, "looks", &address).is_err(), "huge");
    }

    #[test]
    fn what_cannot_be_kept_names_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::open(folder.path()).unwrap();
        fs_err::write(folder.path().join("kept"), "in the way").unwrap();
        let error = keep(&state, "looks", &Address::new("http://a"), "text").unwrap_err();
        assert!(matches!(error, StateError::File(error) if error.path.ends_with("kept")));
    }
}
