//! `explain`: what a code means and what to do, offline. The pages in `docs/codes/` have the same texts.

use super::args::ExplainArgs;
use super::context::Context;
use crate::apply::{cause_text, register_causes};
use crate::check::{Check, catalogue};
use crate::deploy::lint::LintCode;
use crate::error::{CommandError, Failure};
use crate::exit::Outcome;
use crate::i18n::{Catalog, Lang, Text};
use crate::report::{Cell, Column, RecordTable};

/// No code has this name.
struct UnknownCode(String);

impl Failure for UnknownCode {
    fn outcome(&self) -> Outcome {
        Outcome::Usage
    }

    fn message(&self) -> Text {
        Text::new("cli-explain-unknown").with("code", self.0.escape_default())
    }

    fn hints(&self) -> Vec<Text> {
        vec![Text::new("cli-explain-unknown-hint")]
    }
}

/// Explains a code, or lists all of them.
pub(super) fn run(args: ExplainArgs, context: &Context<'_>) -> Result<Outcome, CommandError> {
    let catalog = context.ui.catalog();
    let mut sheet = RecordTable::new("explain", "codes", &[Column::Code, Column::Explanation]);
    let codes = match args.code {
        Some(typed) => vec![code_of(&typed).ok_or(UnknownCode(typed))?],
        None => all_codes(),
    };
    for code in codes {
        let text = explanation(&code, catalog).unwrap_or_default();
        sheet.row([Cell::plain(code), Cell::plain(text)]);
    }
    context.show_table(&sheet)
}

/// Every code: reasons, causes and outcomes, then checks, then `deploy lint`.
fn all_codes() -> Vec<String> {
    // Each message of explain.ftl is a code. A test compares them with the codes in the source.
    let mut codes: Vec<String> = Catalog::new(Lang::En)
        .keys("explain-")
        .filter(|key| !key.starts_with("explain-W"))
        .map(|key| key.trim_start_matches("explain-").replace('-', "_"))
        .collect();
    let causes = register_causes().map(str::to_owned);
    let causes: Vec<String> = causes.filter(|code| !codes.contains(code)).collect();
    codes.extend(causes);
    codes.extend(catalogue().iter().map(|check| check.code.to_owned()));
    codes.extend(LintCode::ALL.iter().map(|code| code.as_str().to_owned()));
    codes
}

/// The code, however it is typed: `no-ui`, `NO_UI`, `w0301`, or the number of an exit code.
fn code_of(typed: &str) -> Option<String> {
    let typed = typed.trim();
    // Several outcomes exit with 0 or 10; the first one of that number is explained.
    let by_number = typed.parse::<u8>().ok().and_then(|number| {
        let mut outcomes = Outcome::ALL.iter();
        outcomes.find(|outcome| outcome.code() == number)
    });
    let typed = by_number.map_or_else(|| typed.replace('-', "_"), |it| it.as_str().to_owned());
    let mut codes = all_codes().into_iter();
    codes.find(|code| code.eq_ignore_ascii_case(&typed))
}

fn check_of(code: &str) -> Option<&'static Check> {
    catalogue().iter().find(|check| check.code == code)
}

/// Meaning and action of a code. Backticks are for the pages only.
fn explanation(code: &str, catalog: &Catalog) -> Option<String> {
    let join = |texts: &[Text]| {
        let texts: Vec<String> = texts.iter().map(|text| catalog.render(text)).collect();
        // A table breaks lines at spaces, in Chinese too.
        texts.join(" ")
    };
    let text = if let Some(check) = check_of(code) {
        let stop = match catalog.lang() {
            Lang::En => ".",
            Lang::Zh => "。",
        };
        let title = catalog.render(&check.title());
        let rest = join(&[check.meaning(), check.action()]);
        format!("{title}{stop} {rest}")
    } else if let Some(code) = LintCode::parse(code) {
        join(&[code.explanation(), code.remedy()])
    } else if let Some(text) = catalog.plain(&format!("explain-{}", code.replace('_', "-"))) {
        text
    } else if register_causes().any(|cause| cause == code) {
        let (meaning, action) = cause_text(code);
        join(&[meaning, action])
    } else {
        return None;
    };
    Some(text.replace('`', ""))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use strum::VariantNames as _;

    use super::*;
    use crate::apply::{NoEffect, NotStarted, UnknownCause};
    use crate::compare::{Cause, Note};
    use crate::domain::Severity;
    use crate::plan::{Notice, Refusal, RegisterReason, SideEffect, SkipReason};

    #[test]
    fn every_code_has_an_explanation_in_both_languages() {
        for lang in [Lang::En, Lang::Zh] {
            let catalog = Catalog::new(lang);
            for code in all_codes() {
                let text = explanation(&code, &catalog).unwrap_or_default();
                assert!(text.chars().count() > 10, "{lang:?} {code}: {text}");
                assert!(!text.contains("env-w"), "{lang:?} {code}: {text}");
            }
        }
    }

    /// Every code that a report contains: variants of the enums that have codes, and literals.
    #[test]
    fn every_code_in_the_source_is_explained() {
        let mut found = BTreeSet::new();
        for folder in ["plan", "compare", "apply", "report"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("src")
                .join(folder);
            for path in sources(&folder) {
                let source = fs_err::read_to_string(&path).unwrap();
                let fields = source.split("code = \"").chain(source.split("code: \""));
                found.extend(
                    fields
                        .skip(1)
                        .filter_map(|rest| rest.split('"').next().map(str::to_owned)),
                );
            }
        }
        let variants = [
            Cause::VARIANTS,
            Note::VARIANTS,
            SkipReason::VARIANTS,
            Refusal::VARIANTS,
            RegisterReason::VARIANTS,
            SideEffect::VARIANTS,
            Notice::VARIANTS,
            NoEffect::VARIANTS,
            NotStarted::VARIANTS,
            UnknownCause::VARIANTS,
        ];
        found.extend(variants.concat().into_iter().map(str::to_owned));
        found.retain(|code| {
            code.len() > 1 && code.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        });
        assert!(found.len() > 70, "only {} codes were found", found.len());
        let known = all_codes();
        for code in found {
            assert!(known.contains(&code), "{code} has no explanation");
        }
    }

    fn sources(folder: &Path) -> Vec<PathBuf> {
        let mut paths = Vec::new();
        for entry in fs_err::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() && name != "tests" {
                paths.extend(sources(&path));
            } else if path.extension().is_some_and(|it| it == "rs") && name != "tests.rs" {
                paths.push(path);
            }
        }
        paths
    }

    #[test]
    fn explain_accepts_a_check_code_in_any_case() {
        let catalog = Catalog::new(Lang::En);
        for typed in ["W0101", "w0101", " W0101 "] {
            let code = code_of(typed).unwrap();
            let text = explanation(&code, &catalog).unwrap_or_default();
            assert!(text.contains("Core, the gateway or a portal"), "{text}");
        }
        assert_eq!(code_of("W9999"), None);
    }

    #[test]
    fn explain_accepts_every_exit_code() {
        for outcome in Outcome::ALL {
            let code = code_of(&outcome.code().to_string());
            assert!(code.is_some(), "{outcome:?}");
        }
    }

    /// A code with its texts, as its page shows them.
    struct Page {
        code: &'static str,
        command: &'static str,
        severity: Severity,
        title: Option<Text>,
        meaning: Text,
        source: Option<Text>,
        action: Text,
    }

    fn pages() -> Vec<Page> {
        let checks = catalogue().iter().map(|check| Page {
            code: check.code,
            command: "wecubectl check",
            severity: check.severity,
            title: Some(check.title()),
            meaning: check.meaning(),
            source: Some(check.source()),
            action: check.action(),
        });
        let lints = LintCode::ALL.iter().map(|code| Page {
            code: code.as_str(),
            command: if code.as_str() < "W0900" {
                "wecubectl deploy lint"
            } else {
                "wecubectl deploy lint --reach"
            },
            severity: code.severity(),
            title: None,
            meaning: code.explanation(),
            source: None,
            action: code.remedy(),
        });
        checks.chain(lints).collect()
    }

    impl Page {
        /// The title; that of a `deploy lint` code is the first sentence of its meaning.
        fn title(&self, catalog: &Catalog) -> String {
            if let Some(title) = &self.title {
                return catalog.render(title);
            }
            let meaning = catalog.render(&self.meaning);
            let stop = match catalog.lang() {
                Lang::En => ". ",
                Lang::Zh => "。",
            };
            let first = meaning.split(stop).next().unwrap_or_default();
            first.trim_end_matches('.').replace('`', "")
        }

        fn markdown(&self) -> String {
            let (en, zh) = (Catalog::new(Lang::En), Catalog::new(Lang::Zh));
            let mut page = format!("# {}: {}\n", self.code, self.title(&en));
            let heads = ["What it means", "How wecubectl finds it", "What to do"];
            let severity = self.severity.as_str();
            let found_by = format!("Found by `{}`, severity: {severity}.", self.command);
            page.push_str(&self.section(&en, &found_by, heads));
            page.extend([format!("\n## 中文：{}\n", self.title(&zh))]);
            let heads = ["含义", "依据", "处理"];
            let severity = zh.render(&self.severity.text());
            let found_by = format!("由 `{}` 发现，级别：{severity}。", self.command);
            page.push_str(&self.section(&zh, &found_by, heads));
            page
        }

        fn section(&self, catalog: &Catalog, found_by: &str, heads: [&str; 3]) -> String {
            let mut section = format!("\n{found_by}\n");
            let texts = [
                Some(&self.meaning),
                self.source.as_ref(),
                Some(&self.action),
            ];
            for (head, text) in heads.into_iter().zip(texts) {
                if let Some(text) = text {
                    section.extend([format!("\n**{head}**\n\n{}\n", catalog.render(text))]);
                }
            }
            section
        }
    }

    fn index() -> String {
        let (en, zh) = (Catalog::new(Lang::En), Catalog::new(Lang::Zh));
        let mut page = "# Codes of findings\n\n\
            `wecubectl check` and `wecubectl deploy lint` report findings with these codes. A code never \
            changes its meaning. `wecubectl explain CODE` prints the same texts offline, in English and \
            in Chinese.\n\n\
            If a check cannot read what it needs, it reports that with its code and the certainty \
            `unknown`. A code has one severity.\n\n\
            These pages are generated: `WECUBECTL_UPDATE_DOCS=1 cargo test pages_of_codes`.\n\n\
            | code | finding | 发现 | severity |\n|---|---|---|---|\n"
            .to_owned();
        for it in pages() {
            page.extend([format!(
                "| [{0}]({0}.md) | {1} | {2} | {3} |\n",
                it.code,
                it.title(&en),
                it.title(&zh),
                it.severity.as_str()
            )]);
        }
        page
    }

    #[test]
    fn pages_of_codes_are_those_of_the_program() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes");
        let mut files: Vec<(String, String)> = pages()
            .iter()
            .map(|page| (format!("{}.md", page.code), page.markdown()))
            .collect();
        files.push(("README.md".to_owned(), index()));
        #[expect(clippy::disallowed_methods, reason = "a switch of this test alone")]
        if std::env::var_os("WECUBECTL_UPDATE_DOCS").is_some() {
            for (name, text) in &files {
                fs_err::write(folder.join(name), text).unwrap();
            }
        }
        for (name, text) in &files {
            let there = fs_err::read_to_string(folder.join(name)).unwrap_or_default();
            assert!(
                there == *text,
                "{name} differs: WECUBECTL_UPDATE_DOCS=1 cargo test pages_of_codes"
            );
        }
        let names: BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        for entry in fs_err::read_dir(&folder).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().into_owned();
            assert!(
                names.contains(name.as_str()),
                "docs/codes/{name} has no code"
            );
        }
    }
}
