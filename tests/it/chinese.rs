//! Chinese output holds no English: every Latin word in it is a name, a command, a code or a value of
//! the platform, listed in `chinese.txt`.

#![cfg(feature = "sim")]

use std::collections::{BTreeMap, BTreeSet};

use wecubectl::sim::{World, apply_fault, fault_names, scenario, scenarios};

use crate::support::{Site, TestEnv};

/// The Latin words that may stand alone in Chinese text.
fn names() -> BTreeSet<&'static str> {
    let lines = include_str!("chinese.txt").lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
}

/// Words of two letters and more that are no part of a path, address, flag, variable or identifier.
fn latin_words(text: &str) -> impl Iterator<Item = &str> {
    let outside_code = text.split('`').step_by(2);
    let tokens = outside_code.flat_map(|part| {
        part.split(|c: char| !(c.is_ascii_alphanumeric() || "-_./:=@%$<>&?*+#~".contains(c)))
    });
    tokens
        .map(|token| token.trim_matches(|c: char| ".:?".contains(c)))
        .filter(|token| token.len() > 1 && token.chars().all(|c| c.is_ascii_alphabetic()))
}

/// Word → a line with it.
type Found = BTreeMap<String, String>;

/// What follows one of these is quoted from a platform.
const QUOTES: [&str; 7] = [
    "应答：",
    "拒绝：",
    "停止：",
    "失败：",
    "开头是：",
    "个：",
    "HTTP ",
];

fn own(line: &str) -> &str {
    let quotes = QUOTES.iter().filter_map(|quote| line.find(quote));
    &line[..quotes.min().unwrap_or(line.len())]
}

fn note(found: &mut Found, from: &str, text: &str) {
    let names = names();
    for line in text.lines() {
        for word in latin_words(own(line)) {
            if !names.contains(word) {
                let place = || format!("{from}: {}", line.trim());
                found.entry(word.to_owned()).or_insert_with(place);
            }
        }
    }
}

async fn walk(found: &mut Found, from: &str, world: World, commands: &[&[&str]]) {
    let site = Site::of(world).await;
    let host = fs_err::read_to_string("/proc/sys/kernel/hostname").unwrap();
    for command in commands {
        let output = site.run(&[command, &["--lang", "zh"][..]].concat()).await;
        let from = format!("{from}, {}", command.join(" "));
        for text in [output.stdout, output.stderr] {
            note(found, &from, &text.replace(host.trim(), "HOST"));
        }
    }
}

#[track_caller]
fn assert_none(found: &Found) {
    let lines: Vec<String> = found
        .iter()
        .map(|(word, at)| format!("{word:20} {at}"))
        .collect();
    assert!(
        found.is_empty(),
        "English in Chinese output:\n{}",
        lines.join("\n")
    );
}

const APPLY: &[&str] = &["apply", "--yes", "--unknown-after", "1s", "--settle", "1s"];

#[tokio::test(flavor = "multi_thread")]
async fn scenarios_print_no_english_in_chinese() {
    let mut found = Found::new();
    for name in scenarios() {
        let world = scenario(name).unwrap().world;
        let commands: [&[&str]; 7] = [
            &["plan"],
            APPLY,
            &["plan"],
            &["compare", "--deep"],
            &["check"],
            &["run", "list"],
            &["run", "show"],
        ];
        walk(&mut found, name, world, &commands).await;
    }
    assert_none(&found);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes four minutes"]
async fn faults_print_no_english_in_chinese() {
    let mut found = Found::new();
    for name in fault_names() {
        let arguments = ["=wecmdb", "=403,wecmdb", "=wecmdb,403", "=403", ""];
        let mut world = World::demo();
        let fault = arguments
            .into_iter()
            .map(|argument| format!("{name}{argument}"))
            .find(|fault| apply_fault(&mut world, fault).is_ok())
            .unwrap();
        let apply = [APPLY, &["--request-timeout", "2s"]].concat();
        walk(
            &mut found,
            &fault,
            world,
            &[&["check"], &apply, &["compare"]],
        )
        .await;
    }
    assert_none(&found);
}

#[test]
fn help_and_explanations_print_no_english_in_chinese() {
    let env = TestEnv::new();
    let mut found = Found::new();
    for list in [&["explain"][..], &["check", "--list"], &["demo", "--list"]] {
        let output = env.run(&[list, &["--lang", "zh"]].concat());
        let lines = output.stdout.lines();
        // The first column has the codes.
        let titles = lines.filter_map(|line| line.split_once("  "));
        for (_, title) in titles {
            note(&mut found, &list.join(" "), title);
        }
    }
    let page = include_str!("../../docs/reference.zh-CN.md");
    note(&mut found, "docs/reference.zh-CN.md", page);
    assert_none(&found);
}

#[test]
fn catalogue_has_no_english_in_chinese() {
    let mut found = Found::new();
    for entry in fs_err::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/i18n/zh-CN")).unwrap() {
        let path = entry.unwrap().path();
        let source = fs_err::read_to_string(&path).unwrap();
        let lines = source.lines().filter(|line| !line.starts_with('#'));
        let values = lines.map(|line| line.split_once(" = ").map_or(line, |(_, value)| value));
        for value in values {
            note(
                &mut found,
                &path.display().to_string(),
                &without_selectors(value),
            );
        }
    }
    assert_none(&found);
}

/// A pattern without what Fluent reads: placeables, variants.
fn without_selectors(value: &str) -> String {
    let mut depth = 0;
    let value = value.trim().trim_start_matches('*');
    let value = value
        .split_once(']')
        .filter(|_| value.starts_with('['))
        .map_or(value, |(_, rest)| rest);
    value
        .chars()
        .filter(|c| {
            depth += i32::from(*c == '{');
            let keep = depth == 0;
            depth -= i32::from(*c == '}');
            keep
        })
        .collect()
}
