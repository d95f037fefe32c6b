//! Numeric users of an image and of this host.

/// An owner of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// User.
    pub uid: u32,
    /// Group.
    pub gid: u32,
}

/// A line of a `passwd` file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Name.
    pub name: String,
    /// Numbers.
    pub owner: Owner,
}

/// Accounts of a `passwd` file; other lines are ignored.
fn accounts(passwd: &str) -> impl Iterator<Item = Account> {
    passwd.lines().filter_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let [name, _, uid, gid, ..] = fields.as_slice() else {
            return None;
        };
        Some(Account {
            name: (*name).to_owned(),
            owner: Owner {
                uid: uid.parse().ok()?,
                gid: gid.parse().ok()?,
            },
        })
    })
}

/// The numeric owner of an image's `USER`: `6001:6000`, `6001`, or a name of its own `passwd` file. For
/// a group given by name, the account's group is used. An empty `USER` is root.
pub fn account_of_image(user: &str, passwd: Option<&str>) -> Option<Owner> {
    let (name, group) = match user.split_once(':') {
        Some((name, group)) => (name, Some(group)),
        None => (user, None),
    };
    let group = group.and_then(|group| group.parse().ok());
    if name.is_empty() {
        return Some(Owner {
            uid: 0,
            gid: group.unwrap_or(0),
        });
    }
    let listed = |fits: &dyn Fn(&Account) -> bool| accounts(passwd.unwrap_or_default()).find(fits);
    if let Ok(uid) = name.parse() {
        let known = listed(&|account| account.owner.uid == uid);
        let gid = group
            .or(known.map(|account| account.owner.gid))
            .unwrap_or(0);
        return Some(Owner { uid, gid });
    }
    let known = listed(&|account| account.name == name)?;
    Some(Owner {
        uid: known.owner.uid,
        gid: group.unwrap_or(known.owner.gid),
    })
}

/// The account of that name on this host.
pub fn account_of_host(name: &str, passwd: &str) -> Option<Owner> {
    accounts(passwd)
        .find(|account| account.name == name)
        .map(|account| account.owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_of_image_reads_every_form_of_user() {
        let passwd = "root:x:0:0:root:/root:/bin/ash\napp:x:6001:6000::/home/app:\nbroken\n";
        let of = |user: &str| account_of_image(user, Some(passwd)).map(|it| (it.uid, it.gid));
        assert_eq!(of(""), Some((0, 0)));
        assert_eq!(of("app"), Some((6001, 6000)));
        assert_eq!(of("6001"), Some((6001, 6000)));
        assert_eq!(of("7"), Some((7, 0)));
        assert_eq!(of("7:8"), Some((7, 8)));
        assert_eq!(of("app:apps"), Some((6001, 6000)));
        assert_eq!(of("nobody"), None);
        assert_eq!(account_of_image("app", None), None);
        let host = account_of_host("app", passwd);
        assert_eq!(host.map(|owner| owner.uid), Some(6001));
    }
}
