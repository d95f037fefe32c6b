//! The house's invariants, read off the sources (`docs/architecture.md`, "Invariants").

use std::path::{Path, PathBuf};

struct Source {
    /// Path below `src`, with `/`.
    name: String,
    /// The text without comments, so that prose may speak of what code may not use.
    code: String,
    /// The text as it is.
    text: String,
}

impl Source {
    fn room(&self) -> &str {
        self.name.split(['/', '.']).next().unwrap_or_default()
    }

    fn is_test(&self) -> bool {
        self.name.ends_with("tests.rs")
            || self.name.contains("/tests/")
            || self.name.ends_with("testing.rs")
    }

    /// Code before the unit tests at the end of the file.
    fn shipped(&self) -> &str {
        self.code
            .split("#[cfg(test)]\nmod ")
            .next()
            .unwrap_or_default()
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    visit(&root, &mut |path| {
        let text = fs_err::read_to_string(path).unwrap();
        let name = path
            .strip_prefix(&root)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        let code = text
            .lines()
            .map(|line| {
                if line.trim_start().starts_with("//") {
                    ""
                } else {
                    line
                }
            })
            .collect::<Vec<_>>()
            .join("\n");
        found.push(Source { name, code, text });
    });
    assert!(found.len() > 40, "only {} sources were found", found.len());
    found
}

fn visit(dir: &Path, each: &mut impl FnMut(&Path)) {
    let mut paths: Vec<PathBuf> = fs_err::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            visit(&path, each);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            each(&path);
        }
    }
}

/// Every source of which `offends` is true, with what offends.
fn offenders(offends: impl Fn(&Source) -> Option<String>) -> Vec<String> {
    sources()
        .iter()
        .filter_map(|source| Some(format!("src/{}: {}", source.name, offends(source)?)))
        .collect()
}

fn first_of(code: &str, words: &[&str]) -> Option<String> {
    words
        .iter()
        .find(|word| code.contains(**word))
        .map(|word| (*word).to_owned())
}

#[track_caller]
fn nobody(offenders: &[String]) {
    assert!(offenders.is_empty(), "\n{}", offenders.join("\n"));
}

/// Rooms of ours that a source names by `crate::ROOM`.
fn rooms_named(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for piece in code.split("crate::").skip(1) {
        // `use crate::{a::X, b::Y}` is not used in this house; names stand behind `crate::` one by one.
        let room: String = piece
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        rooms.push(if room.is_empty() {
            "{".to_owned()
        } else {
            room
        });
    }
    rooms
}

#[test]
fn pure_rooms_are_synchronous_and_see_no_world() {
    let forbidden = [
        "async ",
        ".await",
        "tokio::",
        "reqwest",
        "std::fs",
        "fs_err",
        "std::env",
        "std::net",
        "SystemTime",
        "Instant::",
        "jiff::",
        "fastrand",
        "std::process",
        "thread::",
    ];
    nobody(&offenders(|source| {
        let pure = matches!(source.room(), "plan" | "compare" | "check" | "domain");
        (pure && !source.is_test())
            .then(|| first_of(source.shipped(), &forbidden))
            .flatten()
    }));
}

#[test]
fn each_room_imports_only_what_it_may() {
    let may: &[(&str, &[&str])] = &[
        ("domain", &["domain"]),
        ("i18n", &["i18n"]),
        ("plan", &["plan", "domain", "i18n"]),
        ("compare", &["compare", "domain", "plan", "i18n", "exit"]),
        (
            "check",
            &["check", "domain", "plan", "compare", "i18n", "exit"],
        ),
        (
            "deploy",
            &[
                "deploy", "platform", "domain", "i18n", "secret", "confirm", "exit",
            ],
        ),
        (
            "settings",
            // `deploy` for the env file's reader: there is one in the house.
            &["settings", "domain", "plan", "deploy", "i18n", "secret"],
        ),
        (
            "platform",
            &[
                "platform", "domain", "i18n", "secret", "confirm", "plan", "apply",
            ],
        ),
        ("apply", &["apply", "domain", "plan", "i18n", "exit"]),
        (
            "journal",
            &["journal", "domain", "plan", "apply", "i18n", "exit"],
        ),
        (
            "report",
            &[
                "report", "domain", "plan", "compare", "check", "deploy", "apply", "journal",
                "i18n", "exit", "error", "ui",
            ],
        ),
        ("ui", &["error", "i18n", "settings"]),
        ("sim", &["sim"]),
    ];
    nobody(&offenders(|source| {
        if source.is_test() {
            return None;
        }
        let (_, may) = may.iter().find(|(room, _)| *room == source.room())?;
        let named = rooms_named(source.shipped());
        named
            .into_iter()
            .find(|room| !may.contains(&room.as_str()))
            .map(|room| format!("crate::{room}"))
    }));
}

#[test]
fn only_platform_knows_http_and_only_cli_knows_clap() {
    nobody(&offenders(|source| {
        let shipped = if source.is_test() {
            ""
        } else {
            source.shipped()
        };
        let http = source.room() != "platform" && shipped.contains("reqwest");
        let clap = source.room() != "cli" && shipped.contains("clap");
        let starts = source.name.starts_with("deploy/host/");
        let process = !starts && shipped.contains("process::Command");
        [
            (http, "reqwest"),
            (clap, "clap"),
            (process, "process::Command"),
        ]
        .into_iter()
        .find_map(|(found, word)| found.then(|| word.to_owned()))
    }));
}

#[test]
fn nobody_imports_cli() {
    nobody(&offenders(|source| {
        let outside = !matches!(source.room(), "cli" | "main" | "lib");
        (outside && source.shipped().contains("crate::cli")).then(|| "crate::cli".to_owned())
    }));
}

#[test]
fn plan_and_compare_cannot_be_given_the_right_to_write() {
    nobody(&offenders(|source| {
        let pure = matches!(source.room(), "plan" | "compare" | "check");
        (pure && source.code.contains("Confirmation")).then(|| "Confirmation".to_owned())
    }));
    // The right to write is made where a plan was shown, nowhere else.
    nobody(&offenders(|source| {
        let made = first_of(
            source.shipped(),
            &["Confirmation::typed", "Confirmation::by_flag"],
        );
        made.filter(|_| source.room() != "cli")
    }));
}

#[test]
fn domain_knows_no_wire_format() {
    nobody(&offenders(|source| {
        (source.room() == "domain")
            .then(|| first_of(&source.code, &["serde"]))
            .flatten()
    }));
}

#[test]
fn every_file_says_what_it_is_and_stays_readable() {
    nobody(&offenders(|source| {
        let lines = source.text.lines().count();
        if !source.text.starts_with("//!") && !source.is_test() {
            Some("no module documentation at its top".to_owned())
        } else if lines > 620 {
            Some(format!("{lines} lines; split it by noun"))
        } else {
            first_of(
                if source.is_test() {
                    ""
                } else {
                    source.shipped()
                },
                &[
                    "#[allow(",
                    "todo!(",
                    "unimplemented!(",
                    "println!(",
                    "dbg!(",
                    "process::exit",
                ],
            )
        }
    }));
}

#[test]
fn secrets_have_no_words() {
    nobody(&offenders(|source| {
        let named = ["Secret", "SigningKey", "HeaderToken", "MintedToken"];
        let traits = ["Debug", "Display", "Serialize"];
        named
            .iter()
            .flat_map(|name| traits.iter().map(move |word| format!("{word} for {name}")))
            .find(|words| source.shipped().contains(&format!("{words} ")))
    }));
}

#[test]
fn public_words_do_not_speak_of_a_machine() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in [
        "README.md",
        "README.zh-CN.md",
        "CHANGELOG.md",
        "test.sh",
        "Cargo.toml",
    ] {
        let text = fs_err::read_to_string(root.join(name)).unwrap();
        for path in ["/home/", "/Users/"] {
            assert!(!text.contains(path), "{name} names {path}");
        }
    }
}
