//! The rules of `docs/architecture.md#rules`, checked against the sources.

mod graph;
mod links;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use self::graph::Graph;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The module of the crate that a file below `src` belongs to.
fn module_of(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or_default()
}

struct Source {
    /// Path below `src`, with `/`.
    name: String,
    /// The text without comments, so that prose may speak of what code may not use.
    code: String,
    /// The text as it is.
    text: String,
}

impl Source {
    fn module(&self) -> &str {
        module_of(&self.name)
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
    let root = root().join("src");
    let mut found = Vec::new();
    visit(&root, &mut |path| {
        if path.extension().is_none_or(|extension| extension != "rs") {
            return;
        }
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
        } else {
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

#[test]
fn pure_modules_have_no_async_clock_file_or_environment() {
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
        "Timestamp::now",
        "Zoned::now",
        "fastrand",
        "std::process",
        "thread::",
    ];
    nobody(&offenders(|source| {
        let pure = matches!(source.module(), "plan" | "compare" | "check" | "domain");
        (pure && !source.is_test())
            .then(|| first_of(source.shipped(), &forbidden))
            .flatten()
    }));
}

#[test]
fn files_do_not_import_each_other_in_a_circle() {
    let graph = Graph::read(&root().join("src"));
    let cycles = graph.cycles();
    let told: Vec<String> = cycles
        .iter()
        .map(|cycle| {
            let ties: Vec<String> = graph
                .within(cycle)
                .map(|tie| format!("  {} uses {} of {}", tie.from, tie.name, tie.to))
                .collect();
            format!("{} files in a circle:\n{}", cycle.len(), ties.join("\n"))
        })
        .collect();
    nobody(&told);
}

#[test]
fn modules_import_only_lower_layers() {
    let layers = layers();
    let graph = Graph::read(&root().join("src"));
    let mut against = Vec::new();
    for import in &graph.imports {
        let (from, to) = (module_of(&import.from), module_of(&import.to));
        if from == to || matches!(from, "main" | "lib") {
            continue;
        }
        let may = layers
            .get(from)
            .unwrap_or_else(|| panic!("docs/architecture.md, Modules: {from} is missing"));
        if !may.iter().any(|module| module == to) {
            against.push(format!("src/{}: {} of {to}", import.from, import.name));
        }
    }
    nobody(&against);
}

/// The table "Modules" of `docs/architecture.md`: what each module may import.
fn layers() -> BTreeMap<String, Vec<String>> {
    let page = fs_err::read_to_string(root().join("docs/architecture.md")).unwrap();
    let table = page.split("\n## Modules\n").nth(1).unwrap_or_default();
    let table = table.split("\n## ").next().unwrap_or_default();
    let words = |cell: &str| -> Vec<String> {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    let mut layers = BTreeMap::new();
    for row in table.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let may = words(cells.get(2).copied().unwrap_or_default());
        for module in words(cells[0]) {
            layers.insert(module, may.clone());
        }
    }
    assert!(layers.len() > 10, "no table of modules was found");
    layers
}

#[test]
fn modules_that_could_be_crates_have_one_door() {
    let graph = Graph::read(&root().join("src"));
    for (module, may) in [
        ("sim", &[][..]),
        (
            "deploy/migrate",
            &[
                "i18n", "exit", "error", "files", "names", "secret", "confirm",
            ][..],
        ),
    ] {
        let folder = format!("{module}/");
        let face = fs_err::read_to_string(root().join(format!("src/{module}/mod.rs"))).unwrap();
        let open: Vec<String> = face
            .lines()
            .filter(|line| line.starts_with("pub mod") || line.starts_with("pub(crate) mod"))
            .map(|line| format!("src/{module}/mod.rs: {line}"))
            .collect();
        if module == "sim" {
            nobody(&open);
        }
        let foreign: Vec<String> = graph
            .imports
            .iter()
            .filter(|import| import.from.starts_with(&folder) && !import.to.starts_with(&folder))
            .filter(|import| !may.contains(&module_of(&import.to)))
            .map(|import| format!("src/{}: {}", import.from, import.name))
            .collect();
        nobody(&foreign);
    }
}

#[test]
fn links_lead_to_pages_and_headings_that_exist() {
    nobody(&links::broken(root()));
}

#[test]
fn nothing_cites_a_document_outside_of_the_repository() {
    let outside = [
        concat!("measured", ".md"),
        concat!("`api", ".md"),
        concat!("fact ", "sheet"),
        concat!("portal-plugins", "-and-peers"),
        concat!("upgrade-", "document.md"),
    ];
    let cites = |file: &String| {
        let text = fs_err::read_to_string(root().join(file)).unwrap();
        let cited = first_of(&text, &outside)?;
        Some(format!("{file}: {cited}"))
    };
    nobody(
        &links::files(root())
            .iter()
            .filter_map(cites)
            .collect::<Vec<_>>(),
    );
}

#[test]
fn architecture_page_names_only_existing_paths() {
    let page = fs_err::read_to_string(root().join("docs/architecture.md")).unwrap();
    let named = page.split('`').skip(1).step_by(2);
    let missing: Vec<String> = named
        .filter(|word| {
            ["src/", "tests/", "docs/", "fixtures/"]
                .iter()
                .any(|start| word.starts_with(start))
        })
        .filter(|path| !root().join(path).exists())
        .map(str::to_owned)
        .collect();
    nobody(&missing);
}

#[test]
fn the_walk_of_the_architecture_page_names_what_is_there() {
    let page = fs_err::read_to_string(root().join("docs/architecture.md")).unwrap();
    let walk = page
        .split("\n## How one plugin is re-registered\n")
        .nth(1)
        .and_then(|rest| rest.split("\n## ").next())
        .unwrap_or_default();
    let mut steps = 0;
    for step in walk
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()))
    {
        let mut text = String::new();
        for word in step.split('`').skip(1).step_by(2) {
            if word.starts_with("src/") {
                text = fs_err::read_to_string(root().join(word)).unwrap();
                steps += 1;
            } else {
                let defined = ["fn ", "struct ", "enum ", "trait "]
                    .iter()
                    .any(|kind| text.contains(&format!("{kind}{word}")));
                assert!(defined, "{step}: {word} is not there");
            }
        }
    }
    assert!(steps >= 8, "only {steps} steps name a file");
}

#[test]
fn reqwest_only_in_platform_and_clap_only_in_cli() {
    nobody(&offenders(|source| {
        let shipped = if source.is_test() {
            ""
        } else {
            source.shipped()
        };
        let http = source.module() != "platform" && shipped.contains("reqwest");
        let clap = source.module() != "cli" && shipped.contains("clap::");
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

/// Only `files` opens, reads, writes and removes files: its rules for sizes, links, owners and modes
/// hold for all of them. A folder of its own for a program that is started, or for a simulation, is
/// made by `tempfile`.
#[test]
fn files_are_read_and_written_by_the_module_files_alone() {
    let scratch = ["deploy/host/engine.rs", "deploy/host/ssh.rs", "cli/demo.rs"];
    let forbidden = [
        "fs_err",
        "tokio::fs",
        "std::fs::{self",
        "use std::fs;",
        "std::fs::read",
        "std::fs::write",
        "std::fs::DirBuilder",
        "std::fs::create_dir",
        "std::fs::remove",
        "File::open",
        "File::create",
        "OpenOptions",
    ];
    nobody(&offenders(|source| {
        // What is asked of the kernel about this process is no file of anybody.
        let generator = source.name == "cli/reference.rs"; // a test that writes pages
        if matches!(source.module(), "files" | "signals") || source.is_test() || generator {
            return None;
        }
        let temporary = ["tempfile"].iter().find(|word| {
            source.shipped().contains(**word) && !scratch.contains(&source.name.as_str())
        });
        first_of(source.shipped(), &forbidden).or_else(|| temporary.map(|word| (*word).to_owned()))
    }));
}

#[test]
fn no_module_imports_cli() {
    nobody(&offenders(|source| {
        let outside = !matches!(source.module(), "cli" | "main" | "lib");
        (outside && source.shipped().contains("crate::cli")).then(|| "crate::cli".to_owned())
    }));
}

#[test]
fn plan_compare_and_check_take_no_confirmation() {
    nobody(&offenders(|source| {
        let pure = matches!(source.module(), "plan" | "compare" | "check");
        (pure && source.code.contains("Confirmation")).then(|| "Confirmation".to_owned())
    }));
    // The right to write is made where a plan was shown, nowhere else.
    nobody(&offenders(|source| {
        let made = first_of(
            source.shipped(),
            &["Confirmation::typed", "Confirmation::by_flag"],
        );
        made.filter(|_| source.module() != "cli" && !source.is_test())
    }));
}

#[test]
fn domain_does_not_use_serde() {
    nobody(&offenders(|source| {
        (source.module() == "domain")
            .then(|| first_of(&source.code, &["serde"]))
            .flatten()
    }));
}

#[test]
fn files_are_documented_short_and_without_leftovers() {
    nobody(&offenders(|source| {
        let lines = source.text.lines().count();
        if !source.text.starts_with("//!") && !source.is_test() {
            Some("no module documentation at its top".to_owned())
        } else if lines > 620 {
            Some(format!("{lines} lines; split it"))
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
fn public_files_name_no_home_directory() {
    for name in [
        "README.md",
        "README.zh-CN.md",
        "CHANGELOG.md",
        "test.sh",
        "Cargo.toml",
    ] {
        let text = fs_err::read_to_string(root().join(name)).unwrap();
        for path in ["/home/", "/Users/"] {
            assert!(!text.contains(path), "{name} names {path}");
        }
    }
}
