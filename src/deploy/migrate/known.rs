//! Scripts whose checksums are known: which version of the platform a file is of. The upgrade document
//! links to files on `master`, and there `v4.0.0.sql` is another file than at the tag v4.0.0.

/// Schema, version, editions (tags, or a branch with the begin of the checksum), checksum; measured in
/// the public repository. `v4.5.8.sql` lies among core's scripts, and one edition of it is for auth-server.
const KNOWN: &str = include_str!("known.tsv");

/// A file that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownScript {
    /// Whose schema it is for.
    pub target: Target,
    /// The script's version.
    pub version: &'static str,
    /// The versions of the platform that have this file.
    pub of: &'static str,
}

/// Whose schema a script is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// platform-core's.
    Core,
    /// auth-server's.
    Auth,
}

impl Target {
    /// The word in JSON and in flags.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Auth => "auth",
        }
    }
}

/// The known script of a checksum.
pub fn known_script(checksum: &str) -> Option<KnownScript> {
    let line = KNOWN.lines().find(|line| line.ends_with(checksum))?;
    let mut words = line.split('\t');
    let target = if words.next()? == "auth" {
        Target::Auth
    } else {
        Target::Core
    };
    let (version, of) = (words.next()?, words.next()?);
    (words.next()? == checksum).then_some(KnownScript {
        target,
        version,
        of,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_file_is_found_by_its_checksum() {
        for line in KNOWN.lines() {
            let words: Vec<&str> = line.split('\t').collect();
            let found = known_script(words[3]).unwrap();
            assert_eq!(
                [found.target.as_str(), found.version, found.of],
                words[..3],
                "{line}"
            );
            assert_eq!(words[3].len(), 64, "{line}");
        }
        assert_eq!(known_script("00"), None);
    }
}
