//! The corpora of the fuzz targets (`docs/fuzzing.md`), each case through its target.

#[expect(unreachable_pub, reason = "a library of its own in the other package")]
#[path = "../../fuzz/src/lib.rs"]
mod targets;

use std::path::Path;

type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 9] = [
    ("check_cache", targets::check_cache),
    ("compose", targets::compose),
    ("config", targets::config),
    ("env_file", targets::env_file),
    ("envelope", targets::envelope),
    ("sql_split", targets::sql_split),
    ("tar", targets::tar),
    ("token", targets::token),
    ("versions", targets::versions),
];

#[test]
fn every_case_of_the_corpora_holds() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let entries = |folder: &Path| {
        let entries = fs_err::read_dir(folder).unwrap();
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let folders = entries(&corpora).into_iter();
    let names: Vec<_> = folders
        .map(|folder| folder.file_name().unwrap().to_owned())
        .collect();
    assert_eq!(names, TARGETS.map(|(name, _)| name));
    for (name, target) in TARGETS {
        let cases = entries(&corpora.join(name));
        assert!(cases.len() > 2, "{name}");
        for case in cases {
            let data = fs_err::read(&case).unwrap();
            let held = std::panic::catch_unwind(|| target(&data));
            assert!(held.is_ok(), "{}", case.display());
        }
    }
}
