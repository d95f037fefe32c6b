//! The command line reference in `docs/`, generated from the command line itself. A test keeps the
//! files and the flags the same; `WECUBECTL_UPDATE_DOCS=1 cargo test reference` writes them anew.

use std::fmt::Write as _;

use clap::{ArgAction, Command, CommandFactory as _};

use super::command::Cli;
use super::localise::localise;
use crate::i18n::{Catalog, Lang};

/// The reference as Markdown.
fn markdown(lang: Lang) -> String {
    let root = localise(Cli::command(), &Catalog::new(lang));
    let mut page = match lang {
        Lang::En => "# Command line reference\n\nGenerated from the program; [cli.md](cli.md) has the exit codes and formats.\n".to_owned(),
        Lang::Zh => "# 命令行参考\n\n由程序生成；约定见 [cli.zh-CN.md](cli.zh-CN.md)。\n".to_owned(),
    };
    let (flags, global) = match lang {
        Lang::En => ("Options", "Options of every command"),
        Lang::Zh => ("选项", "所有命令通用的选项"),
    };
    write_flags(&mut page, &root, global, true);
    for command in root.get_subcommands() {
        write_command(&mut page, command, &[], flags);
    }
    page
}

fn write_command(page: &mut String, command: &Command, path: &[&str], flags: &str) {
    let path: Vec<&str> = path.iter().copied().chain([command.get_name()]).collect();
    let about = command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default();
    let positionals: String = command
        .get_positionals()
        .map(|arg| {
            let name = arg
                .get_value_names()
                .and_then(|names| names.first())
                .map_or("", |name| name);
            if arg.is_required_set() {
                format!(" {name}")
            } else {
                format!(" [{name}]")
            }
        })
        .collect();
    push(
        page,
        format_args!("\n## {}{positionals}\n\n{about}\n", path.join(" ")),
    );
    write_flags(page, command, flags, false);
    for sub in command.get_subcommands() {
        write_command(page, sub, &path, flags);
    }
}

fn write_flags(page: &mut String, command: &Command, title: &str, global: bool) {
    let mut rows = String::new();
    for arg in command.get_arguments() {
        let inherited = arg.is_global_set() && !global;
        if inherited
            || matches!(
                arg.get_action(),
                ArgAction::Help | ArgAction::HelpLong | ArgAction::Version
            )
        {
            continue;
        }
        let value = arg
            .get_value_names()
            .map(|names| names.join(" "))
            .unwrap_or_default();
        let takes_value = arg.get_action().takes_values();
        let name = match (arg.get_short(), arg.get_long()) {
            (Some(short), Some(long)) => format!("-{short}, --{long}"),
            (None, Some(long)) => format!("--{long}"),
            _ => value.clone(),
        };
        let shown = if takes_value && arg.get_long().is_some() {
            format!("{name} {value}")
        } else {
            name
        };
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        push(&mut rows, format_args!("| `{shown}` | {help} |\n"));
    }
    if !rows.is_empty() {
        push(page, format_args!("\n| {title} | |\n|---|---|\n{rows}"));
    }
}

fn push(page: &mut String, words: std::fmt::Arguments<'_>) {
    page.write_fmt(words).expect("a String takes everything");
}

#[test]
fn the_reference_in_docs_is_that_of_the_program() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for (lang, name) in [(Lang::En, "reference.md"), (Lang::Zh, "reference.zh-CN.md")] {
        let (path, made) = (root.join(name), markdown(lang));
        #[expect(clippy::disallowed_methods, reason = "a switch of this test alone")]
        if std::env::var_os("WECUBECTL_UPDATE_DOCS").is_some() {
            fs_err::write(&path, &made).unwrap();
        }
        let there = fs_err::read_to_string(&path).unwrap_or_default();
        assert!(
            made == there,
            "docs/{name} is not the program's: WECUBECTL_UPDATE_DOCS=1 cargo test reference"
        );
    }
}
