//! Who runs this program. Read from `/proc` and `/etc`, so that no environment is asked that a user
//! can set at will.

use std::path::Path;

use super::format::Who;
use crate::files::{MIB, read_text};

/// Who runs this process, as far as that can be told.
pub fn who() -> Who {
    let uid = rustix::process::geteuid().as_raw();
    let users = read_text(Path::new("/etc/passwd"), 16 * MIB).ok();
    let user = users.and_then(|users| user_name(&users, uid));
    Who {
        uid: Some(uid),
        user,
        host: host_name(),
        pid: std::process::id(),
    }
}

/// This machine's name.
pub(super) fn host_name() -> Option<String> {
    let name = read_text(Path::new("/proc/sys/kernel/hostname"), MIB).ok()?;
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// The name of a user id in the text of `/etc/passwd`.
fn user_name(users: &str, uid: u32) -> Option<String> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let id = fields.nth(1)?;
        (id.parse() == Ok(uid) && !name.is_empty()).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_number() {
        let users = "root:x:0:0:root:/root:/bin/sh\n#comment\nops:x:1000:1000::/home/ops:/bin/sh\n";
        assert_eq!(user_name(users, 1000).as_deref(), Some("ops"));
        assert_eq!(user_name(users, 0).as_deref(), Some("root"));
        assert_eq!(user_name(users, 7), None);
    }

    #[test]
    fn this_process_is_somebodys() {
        let who = who();
        assert_eq!(who.pid, std::process::id());
        assert!(who.uid.is_some());
    }
}
