//! Scripts whose checksums are known: which version of the platform a file is of. The upgrade document
//! links to files on `master`, and there `v4.0.0.sql` is another file than at the tag v4.0.0.

/// A file that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownScript {
    /// The script's version.
    pub version: &'static str,
    /// The versions of the platform that have this file.
    pub of: &'static str,
    checksum: &'static str,
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

const fn known(version: &'static str, of: &'static str, checksum: &'static str) -> KnownScript {
    KnownScript {
        version,
        of,
        checksum,
    }
}

/// Known scripts of core (measured at the tags).
const CORE: [KnownScript; 10] = [
    known(
        "4.0.0",
        "v4.0.0–v4.1.0",
        "3181a7d97a693f1aa0a9a3fc442e68e22056b7d2cba4432373df79505d0b1500",
    ),
    known(
        "4.0.0",
        "v4.2.0–",
        "f851d2bedb93cd79015e2aa2dd5bcb600d8865e4dc5f6d614c3644987db50c3e",
    ),
    known(
        "4.1.0",
        "v4.5.6",
        "8115208709a992f32e889eabb13bf02f04815a71ae7d224453d45b28452cb42e",
    ),
    known(
        "4.2.0",
        "v4.5.6",
        "4ed180d4380a64ec5a7fe40ce6dd802ce77aacbc2fc92c422a21aeba6c6de7cd",
    ),
    known(
        "4.3.0",
        "v4.5.6",
        "3d191233aee6d2e65cfaff691adf7c5308ee79b7b92814b2a20ebd7d28072382",
    ),
    known(
        "4.3.1",
        "v4.5.6",
        "18b81ce28b21af905f2434b2d08f59ddc1dbe87bb12a6bf4e3c7bbc3bf77aa2d",
    ),
    known(
        "4.4.0",
        "v4.5.6",
        "c8695af0e0d5fc1682905bef77440ce7aaccbabc9deb5fa4f1b0c979dbeaa338",
    ),
    known(
        "4.5.3",
        "v4.5.6",
        "4ad8134cd559ae72a326e3c4cf03981ebb5954b6ebdf13d5e7f3305053830e98",
    ),
    known(
        "4.5.5",
        "v4.5.6",
        "9507d452d4013f02d80c3c93bec5d7034482527bc81606092fa10d7d7295f365",
    ),
    known(
        "4.5.6",
        "v4.5.6",
        "e6e38d0a3a0cb9d89dab7e105a9410c12210c59695d9bcc94436d36858472919",
    ),
];

/// Known scripts of auth-server.
const AUTH: [KnownScript; 4] = [
    known(
        "4.0.0",
        "v4.0.0–",
        "bf23240875d5eed8444d3b7c99e5424de370af7a09af911af76deb5054d5f563",
    ),
    known(
        "4.1.0",
        "v4.5.6",
        "77dafa590ab31d78d4940beee5791cdf97a49a8daf2ee416b9ef2ef488124e3a",
    ),
    known(
        "4.3.1",
        "v4.5.6",
        "6a687536a04836fe106c691efdc7fc9746aa8f6e1e83fd8deac45ef550162698",
    ),
    known(
        "4.4.0",
        "v4.5.6",
        "954e03d483fbdb9ba528e4d82afef1e86821db4cbcd42fa45011e2fd7458c2a6",
    ),
];

/// The known script of a checksum.
pub fn known_script(checksum: &str) -> Option<(Target, KnownScript)> {
    let of = |target, scripts: &[KnownScript]| {
        let found = scripts.iter().find(|script| script.checksum == checksum);
        found.map(|script| (target, *script))
    };
    of(Target::Core, &CORE).or_else(|| of(Target::Auth, &AUTH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_of_one_name_are_told_apart() {
        let of = |start: &str| {
            let found = CORE
                .iter()
                .find(|script| script.checksum.starts_with(start))
                .unwrap();
            known_script(found.checksum).unwrap().1.of
        };
        assert_eq!(of("3181a7"), "v4.0.0–v4.1.0");
        assert_eq!(of("f851d2"), "v4.2.0–");
        assert_eq!(known_script("00"), None);
        for script in CORE.iter().chain(&AUTH) {
            assert_eq!(script.checksum.len(), 64, "{}", script.version);
        }
    }
}
