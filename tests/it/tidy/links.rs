//! Every page and heading that a source or a page links to exists.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A link in `file` that leads nowhere.
pub(super) fn broken(root: &Path) -> Vec<String> {
    let mut pages = Pages::default();
    let mut broken = Vec::new();
    for file in files(root) {
        let text = fs_err::read_to_string(root.join(&file)).unwrap();
        let markdown = is_markdown(&file);
        let folder = Path::new(&file).parent().unwrap_or(Path::new(""));
        let mut links: Vec<(PathBuf, String)> = cited(&text)
            .into_iter()
            .map(|link| (PathBuf::from(&link), link))
            .collect();
        if markdown {
            let relative = markdown_links(&text);
            links = relative
                .into_iter()
                .map(|link| {
                    let target = if link.starts_with('#') {
                        PathBuf::from(format!("{file}{link}"))
                    } else {
                        folder.join(&link)
                    };
                    (target, link)
                })
                .collect();
        }
        for (target, link) in links {
            if let Some(why) = pages.fault(root, &target.to_string_lossy()) {
                broken.push(format!("{file}: {link}: {why}"));
            }
        }
    }
    broken
}

/// Sources and pages, with `/`, below `root`.
pub(super) fn files(root: &Path) -> Vec<String> {
    let mut found: Vec<String> = [
        "README.md",
        "README.zh-CN.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "SECURITY.zh-CN.md",
        "test.sh",
        "Cargo.toml",
    ]
    .map(str::to_owned)
    .to_vec();
    for folder in ["src", "tests", "benches", "docs"] {
        super::visit(&root.join(folder), &mut |path| {
            if path
                .extension()
                .is_some_and(|ext| ext == "rs" || ext == "md" || ext == "ftl")
            {
                let name = path.strip_prefix(root).unwrap().to_string_lossy();
                found.push(name.replace('\\', "/"));
            }
        });
    }
    found
}

fn is_markdown(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|ext| ext == "md")
}

/// Links of the form `docs/PAGE.md#HEADING` in a source.
fn cited(text: &str) -> Vec<String> {
    text.match_indices("docs/")
        .filter(|(at, _)| {
            !text[..*at]
                .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '_' | '.'))
        })
        .filter_map(|(at, _)| {
            let link: String = text[at..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '#'))
                .collect();
            let link = link.trim_end_matches('.');
            let page = link.split('#').next().unwrap_or_default();
            // `CODE.md` is a placeholder.
            let stem = Path::new(page).file_stem()?.to_str()?;
            let placeholder = stem != "README" && !stem.contains(|c: char| !c.is_ascii_uppercase());
            (is_markdown(page) && !placeholder).then(|| link.to_owned())
        })
        .collect()
}

/// Targets of `[text](target)` outside of code blocks, without those on other machines.
fn markdown_links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    for line in outside_code(text) {
        for piece in line.split("](").skip(1) {
            let target = piece.split(')').next().unwrap_or_default();
            if !target.contains("://") && !target.starts_with("mailto:") {
                links.push(target.to_owned());
            }
        }
    }
    links
}

fn outside_code(text: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        inside ^= fence;
        !inside && !fence
    })
}

/// Headings of the pages read so far; `None` for a file that does not exist.
#[derive(Default)]
struct Pages(BTreeMap<String, Option<Vec<String>>>);

impl Pages {
    fn fault(&mut self, root: &Path, link: &str) -> Option<&'static str> {
        let (page, heading) = link.split_once('#').unwrap_or((link, ""));
        let page = normal(page);
        let headings = self.0.entry(page.clone()).or_insert_with(|| {
            let path = root.join(&page);
            if path.is_dir() {
                return Some(Vec::new());
            }
            fs_err::read_to_string(path)
                .ok()
                .map(|text| headings(&text))
        });
        match headings {
            None => Some("the file does not exist"),
            Some(known) if !heading.is_empty() && !known.iter().any(|one| one == heading) => {
                Some("the heading does not exist")
            }
            Some(_) => None,
        }
    }
}

/// Resolves `..` in a relative path.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The anchors that a web view of Markdown gives to headings.
fn headings(text: &str) -> Vec<String> {
    outside_code(text)
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect()
}
