//! Help in the reader's language: texts, headings, possible and default values.

use clap::builder::PossibleValue;
use clap::{Arg, Args as _, Command, Id};

use super::args::ConnectArgs;
use crate::i18n::{Catalog, Text};

/// Key of a command's own help: `help-plugin-list`; `help-about` for the program.
fn command_key(path: &[String]) -> String {
    match path {
        [] => "help-about".to_owned(),
        path => format!("help-{}", path.join("-")),
    }
}

/// Keys of an argument's help, most specific first: `help-arg-plugin-list-side`, `help-arg-side`.
fn argument_keys(path: &[String], id: &str) -> [String; 2] {
    let id = id.replace('_', "-");
    [
        format!("help-arg-{}-{id}", path.join("-")),
        format!("help-arg-{id}"),
    ]
}

/// The command with its help in the catalogue's language.
pub(crate) fn localise(mut command: Command, catalog: &Catalog) -> Command {
    // Gives every command its full name, its inherited arguments, --help and --version.
    command.build();
    let connect = ConnectArgs::augment_args(Command::new("connect"));
    let connection = connect.get_arguments().map(Arg::get_id).cloned().collect();
    let localiser = Localiser {
        catalog,
        connection,
    };
    let command = localiser.command(command, &[]);
    match catalog.plain("help-after") {
        Some(after) => command.after_help(after),
        None => command,
    }
}

struct Localiser<'a> {
    catalog: &'a Catalog,
    /// The options of every command that connects.
    connection: Vec<Id>,
}

impl Localiser<'_> {
    fn say(&self, text: &Text) -> String {
        self.catalog.render(text)
    }

    fn command(&self, mut command: Command, path: &[String]) -> Command {
        if let Some(about) = self.catalog.plain(&command_key(path)) {
            command = command.about(about);
        }
        let usage = self.usage(&mut command);
        command = command
            .override_usage(usage)
            .help_template(format!(
                "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}",
                self.say(&Text::new("cli-help-usage"))
            ))
            .subcommand_help_heading(self.say(&Text::new("cli-help-commands")))
            .mut_args(|arg| self.argument(arg, path));
        let names: Vec<String> = command
            .get_subcommands()
            .map(|sub| sub.get_name().to_owned())
            .collect();
        for name in names {
            let below = [path, std::slice::from_ref(&name)].concat();
            command = command.mut_subcommand(name, |sub| self.command(sub, &below));
        }
        command
    }

    /// clap's own usage line with its two English placeholders translated.
    fn usage(&self, command: &mut Command) -> String {
        let usage = command.render_usage().to_string();
        usage
            .trim_start_matches("Usage: ")
            .replace("[OPTIONS]", &self.say(&Text::new("cli-help-some-options")))
            .replace("<COMMAND>", &self.say(&Text::new("cli-help-some-command")))
    }

    fn argument(&self, arg: Arg, path: &[String]) -> Arg {
        let keys = argument_keys(path, arg.get_id().as_str());
        let help = keys.iter().find_map(|key| self.catalog.plain(key));
        let mut help = help.unwrap_or_default();
        if arg.get_action().takes_values() {
            let values = arg.get_possible_values();
            let values: Vec<_> = values.iter().map(PossibleValue::get_name).collect();
            let defaults = arg.get_default_values().iter();
            let defaults: Vec<_> = defaults.map(|value| value.to_string_lossy()).collect();
            for (key, values) in [
                ("cli-help-values", values.join(", ")),
                ("cli-help-default", defaults.join(", ")),
            ] {
                if !values.is_empty() {
                    help.push(' ');
                    help.push_str(&self.say(&Text::new(key).with("values", values)));
                }
            }
        }
        let heading = match arg.get_id().as_str() {
            _ if arg.is_positional() => Text::new("cli-help-arguments"),
            "output" | "quiet" | "verbose" | "color" | "lang" => Text::new("cli-help-output"),
            "config" | "env_file" | "state_dir" | "help" | "version" => {
                Text::new("cli-help-global")
            }
            id if self.connection.iter().any(|known| known == id) => {
                Text::new("cli-help-connection")
            }
            _ => Text::new("cli-help-options"),
        };
        arg.help(help)
            .help_heading(self.say(&heading))
            .hide_possible_values(true)
            .hide_default_value(true)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::command::Cli;
    use crate::i18n::Lang;

    /// Visits every command and argument: its keys, of which one must have a message.
    fn visit(command: &Command, path: &[String], each: &mut impl FnMut(&[String])) {
        each(&[command_key(path)]);
        for arg in command.get_arguments() {
            each(&argument_keys(path, arg.get_id().as_str()));
        }
        for sub in command.get_subcommands() {
            let below = [path, &[sub.get_name().to_owned()]].concat();
            visit(sub, &below, each);
        }
    }

    #[test]
    fn every_command_and_flag_has_help_in_both_languages() {
        for lang in [Lang::En, Lang::Zh] {
            let catalog = Catalog::new(lang);
            let (mut missing, mut used) = (Vec::new(), BTreeSet::new());
            let mut command = Cli::command();
            command.build();
            visit(
                &command,
                &[],
                &mut |keys| match keys.iter().find(|key| catalog.has(key)) {
                    Some(key) => {
                        used.insert(key.clone());
                    }
                    None => missing.push(keys[keys.len() - 1].clone()),
                },
            );
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

    #[test]
    fn chinese_help_has_no_english_heading() {
        let mut command = localise(Cli::command(), &Catalog::new(Lang::Zh));
        let mut pages = vec![command.render_help().to_string()];
        let subcommands = command.get_subcommands_mut();
        pages.extend(subcommands.map(|sub| sub.render_help().to_string()));
        for page in pages {
            for english in [
                "Usage",
                "Commands:",
                "Options:",
                "Arguments:",
                "OPTIONS",
                "possible values",
                "default:",
                "Print help",
                "COMMAND>",
            ] {
                assert!(!page.contains(english), "{english} in:\n{page}");
            }
        }
    }
}
