//! Puts the words of the message library into the command line: help, in the language asked for.

use clap::Command;

use crate::i18n::Catalog;

/// Key of a command's own help: `help-plugin-list`.
pub(super) fn command_key(path: &[String]) -> String {
    format!("help-{}", path.join("-"))
}

/// Keys of a flag's help, the most particular first: `help-arg-plugin-list-side`, `help-arg-side`.
pub(super) fn argument_keys(path: &[String], id: &str) -> [String; 2] {
    let id = id.replace('_', "-");
    [
        format!("help-arg-{}-{id}", path.join("-")),
        format!("help-arg-{id}"),
    ]
}

/// The command with its help in the catalogue's language.
pub(crate) fn localise(command: Command, catalog: &Catalog) -> Command {
    let command = with_words(command, catalog, &[]);
    match catalog.plain("help-after") {
        Some(after) => command.after_help(after),
        None => command,
    }
}

fn with_words(mut command: Command, catalog: &Catalog, path: &[String]) -> Command {
    let key = if path.is_empty() {
        "help-about".to_owned()
    } else {
        command_key(path)
    };
    if let Some(about) = catalog.plain(&key) {
        command = command.about(about);
    }
    command = command.mut_args(|arg| {
        let words = argument_keys(path, arg.get_id().as_str())
            .into_iter()
            .find_map(|key| catalog.plain(&key));
        match words {
            Some(words) => arg.help(words),
            None => arg,
        }
    });
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    for name in names {
        let mut below = path.to_vec();
        below.push(name.clone());
        command = command.mut_subcommand(name, |sub| with_words(sub, catalog, &below));
    }
    command
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::args::Cli;
    use crate::i18n::Lang;

    fn wanted(
        command: &Command,
        path: &[String],
        missing: &mut Vec<String>,
        used: &mut BTreeSet<String>,
        catalog: &Catalog,
    ) {
        let key = if path.is_empty() {
            "help-about".to_owned()
        } else {
            command_key(path)
        };
        if !catalog.has(&key) {
            missing.push(key.clone());
        }
        used.insert(key);
        for arg in command
            .get_arguments()
            .filter(|arg| arg.get_id() != "help" && !(path.is_empty() && arg.get_id() == "version"))
        {
            let keys = argument_keys(path, arg.get_id().as_str());
            match keys.iter().find(|key| catalog.has(key)) {
                Some(key) => {
                    used.insert(key.clone());
                }
                None => missing.push(keys[1].clone()),
            }
        }
        for sub in command.get_subcommands() {
            let mut below = path.to_vec();
            below.push(sub.get_name().to_owned());
            wanted(sub, &below, missing, used, catalog);
        }
    }

    #[test]
    fn every_command_and_flag_has_help_in_both_languages() {
        for lang in [Lang::En, Lang::Zh] {
            let catalog = Catalog::new(lang);
            let (mut missing, mut used) = (Vec::new(), BTreeSet::new());
            wanted(&Cli::command(), &[], &mut missing, &mut used, &catalog);
            assert!(missing.is_empty(), "{lang:?}: no help for {missing:#?}");
            let source = fs_err::read_to_string(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/src/i18n/en/help.ftl"
            ))
            .unwrap();
            for line in source.lines().filter(|line| line.starts_with("help-")) {
                let key = line.split('=').next().unwrap_or_default().trim();
                assert!(
                    used.contains(key) || key == "help-after",
                    "{key} is no command's and no flag's"
                );
            }
        }
    }
}
