//! The messages of one language.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::clean::clean;
use super::shell::{arg, flag_of};
use super::text::{Arg, Text};

/// Language of what people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// The language of a locale name (`zh_CN.UTF-8`, `zh`, `en_GB`): Chinese for `zh*`, else English.
    pub fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("zh") {
            Self::Zh
        } else {
            Self::En
        }
    }

    fn sources(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::En => EN,
            Self::Zh => ZH,
        }
    }

    fn tag(self) -> unic_langid::LanguageIdentifier {
        match self {
            Self::En => "en".parse().unwrap_or_default(),
            Self::Zh => "zh-CN".parse().unwrap_or_default(),
        }
    }
}

macro_rules! sources {
    ($($module:literal),* $(,)?) => {
        const EN: &[(&str, &str)] = &[$(($module, include_str!(concat!("en/", $module, ".ftl")))),*];
        const ZH: &[(&str, &str)] = &[$(($module, include_str!(concat!("zh-CN/", $module, ".ftl")))),*];
    };
}
sources![
    "apply", "check", "cli", "codes", "columns", "compare", "deploy", "env", "explain", "files",
    "help", "io", "journal", "migrate", "monitor", "plan", "platform", "report", "settings", "sim"
];

type Function = for<'a> fn(&[FluentValue<'a>], &FluentArgs<'_>) -> FluentValue<'a>;

/// What messages may call, to put values into commands.
const FUNCTIONS: [(&str, Function); 2] = [("ARG", arg), ("FLAG", flag_of)];

/// The messages of one language, ready to render.
pub struct Catalog {
    lang: Lang,
    program: String,
    /// Parsed for the first message: a check that prints nothing needs none.
    bundle: OnceLock<FluentBundle<FluentResource>>,
}

/// A text in English, for machine formats.
pub fn english(text: &Text) -> String {
    static ENGLISH: OnceLock<Catalog> = OnceLock::new();
    ENGLISH.get_or_init(|| Catalog::new(Lang::En)).render(text)
}

impl Catalog {
    /// Loads a language. The sources are compiled in and checked by tests, so it cannot fail at run
    /// time: a message that does not parse renders as its key.
    pub fn new(lang: Lang) -> Self {
        Self::with_program(lang, "wecubectl".to_owned())
    }

    /// The same, with the words by which commands to copy begin: the program and the flags that every
    /// one of them needs again. Messages say it by the term `-wecubectl`.
    pub fn with_program(lang: Lang, program: String) -> Self {
        Self {
            lang,
            program,
            bundle: OnceLock::new(),
        }
    }

    fn bundle(&self) -> &FluentBundle<FluentResource> {
        self.bundle.get_or_init(|| {
            let mut bundle = FluentBundle::new_concurrent(vec![self.lang.tag()]);
            bundle.set_use_isolating(false);
            for (name, function) in FUNCTIONS {
                // Each name is there once.
                let _unused = bundle.add_function(name, function);
            }
            for (_, source) in self.lang.sources() {
                let resource = match FluentResource::try_new((*source).to_owned()) {
                    Ok(resource) | Err((resource, _)) => resource,
                };
                bundle.add_resource_overriding(resource);
            }
            bundle.add_resource_overriding(term("-wecubectl", &self.program));
            bundle
        })
    }

    /// How commands to copy begin.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Whether there are words for a key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle()
            .get_message(key)
            .is_some_and(|message| message.value().is_some())
    }

    /// Keys that begin with a prefix, in the order of the sources.
    pub fn keys<'a>(&self, prefix: &'a str) -> impl Iterator<Item = &'static str> + use<'a> {
        let lines = self
            .lang
            .sources()
            .iter()
            .flat_map(|(_, source)| source.lines());
        let keys = lines.filter_map(|line| Some(line.split_once(" =")?.0));
        keys.filter(move |key| key.starts_with(prefix))
    }

    /// The words of a message. Values that are words of others are cleaned ([`clean`]), so that nothing
    /// of theirs reaches a terminal.
    pub fn render(&self, text: &Text) -> String {
        let mut args = FluentArgs::new();
        for (name, arg) in &text.args {
            let value = match arg {
                Arg::Words(words) => FluentValue::from(clean(words).into_owned()),
                Arg::Count(count) => FluentValue::from(*count),
                Arg::Message(message) => FluentValue::from(self.render(message)),
            };
            args.set(name.as_ref(), value);
        }
        self.words(&text.key, &args)
    }

    /// The words of a key that has no values (help texts, whose keys are made at run time).
    pub fn plain(&self, key: &str) -> Option<String> {
        self.has(key).then(|| self.words(key, &FluentArgs::new()))
    }

    fn words(&self, key: &str, args: &FluentArgs<'_>) -> String {
        let Some(pattern) = self
            .bundle()
            .get_message(key)
            .and_then(|message| message.value())
        else {
            return key.to_owned();
        };
        let mut errors = Vec::new();
        self.bundle()
            .format_pattern(pattern, Some(args), &mut errors)
            .into_owned()
    }
}

/// A term with a value that is taken as it is. The line ends here: a file name may hold one.
fn term(name: &str, value: &str) -> FluentResource {
    let mut literal = String::new();
    for c in value.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            c if c.is_control() => literal.push('?'),
            c => literal.push(c),
        }
    }
    match FluentResource::try_new(format!("{name} = {{ \"{literal}\" }}\n")) {
        Ok(resource) | Err((resource, _)) => resource,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use super::*;

    /// Key → variables of every message of a language; panics on what does not parse or is twice there.
    fn messages(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::new();
        for (module, source) in lang.sources() {
            if let Err((_, errors)) = FluentResource::try_new((*source).to_owned()) {
                panic!("{lang:?} {module}.ftl does not parse: {errors:?}");
            }
            let mut key = String::new();
            for line in source.lines() {
                if line.starts_with(|c: char| c.is_ascii_lowercase())
                    && let Some((name, _)) = line.split_once('=')
                {
                    name.trim().clone_into(&mut key);
                    let fresh = found.insert(key.clone(), BTreeSet::new()).is_none();
                    assert!(fresh, "{lang:?} {module}.ftl: {key} is there twice");
                }
                for piece in line.split('$').skip(1) {
                    let name: String = piece
                        .chars()
                        .take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_')
                        .collect();
                    found
                        .get_mut(&key)
                        .expect("a variable belongs to a message")
                        .insert(name);
                }
            }
        }
        found
    }

    #[test]
    fn both_languages_have_the_same_messages_with_the_same_variables() {
        let (en, zh) = (messages(Lang::En), messages(Lang::Zh));
        for (key, variables) in &en {
            let translated = zh
                .get(key)
                .unwrap_or_else(|| panic!("{key} has no Chinese"));
            assert_eq!(variables, translated, "{key}: other variables in Chinese");
        }
        for key in zh.keys() {
            assert!(en.contains_key(key), "{key} has no English");
        }
    }

    #[test]
    fn every_key_in_the_code_has_words_and_every_message_is_used() {
        let known = messages(Lang::En);
        let (mut rendered, mut used) = (BTreeSet::new(), BTreeSet::new());
        visit(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
            &mut |source| {
                for piece in source.split(concat!("Text::", "new(")).skip(1) {
                    let piece = piece.trim_start();
                    if let Some(rest) = piece.strip_prefix('"') {
                        rendered.insert(rest.split('"').next().expect("a literal ends").to_owned());
                    }
                }
                // Tables of keys hold them as literals of their own.
                used.extend(source.split('"').map(str::to_owned));
            },
        );
        for key in &rendered {
            assert!(known.contains_key(key), "{key} has no message");
        }
        for key in known.keys() {
            // Help and explanations are looked up by keys made at run time; their own tests count them.
            if key.starts_with("help-") || key.starts_with("explain-") {
                continue;
            }
            assert!(used.contains(key), "{key} is used nowhere");
        }
    }

    fn visit(dir: &Path, each: &mut impl FnMut(&str)) {
        for entry in fs_err::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, each);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                each(&fs_err::read_to_string(&path).unwrap());
            }
        }
    }

    /// A value in a command is an argument of `ARG` or `FLAG`; `$flags`, `$keep` and `$line`
    /// are quoted where they are made.
    #[test]
    fn values_in_commands_are_quoted() {
        let ours = ["flags", "keep", "line", "side", "code", "id", "us", "run"];
        for lang in [Lang::En, Lang::Zh] {
            for (module, source) in lang.sources() {
                for line in source.lines() {
                    let bare = |words: &str| {
                        let name = words.split(' ').next().unwrap_or_default();
                        !ours.contains(&name)
                    };
                    for begin in ["{ -wecubectl }", "chmod ", "chown ", "curl "] {
                        for command in line.split(begin).skip(1) {
                            let ends = ['，', '；', '。', '：', ',', ';', ':', '.', '(', '（', '`'];
                            let command = command.split(ends).next().unwrap_or_default();
                            let found = command.split("{ $").skip(1).any(bare);
                            assert!(!found, "{module}.ftl: {line}");
                        }
                    }
                    for flag in line.split("--").skip(1) {
                        let value =
                            flag.trim_start_matches(|c: char| c.is_ascii_lowercase() || c == '-');
                        let value = value.strip_prefix(" { $");
                        assert!(!value.is_some_and(bare), "{module}.ftl: {line}");
                    }
                }
            }
        }
    }

    #[test]
    fn commands_to_copy_begin_as_this_one_did() {
        let text = Text::new("plan-next-apply");
        assert_eq!(Catalog::new(Lang::En).render(&text), "wecubectl apply");
        let program = r#"wecubectl --config '/a {b} "c" \\d/数据'"#.to_owned();
        let catalog = Catalog::with_program(Lang::Zh, program.clone());
        assert_eq!(catalog.render(&text), format!("{program} apply"));
    }

    #[test]
    fn chinese_is_chosen_by_the_locale() {
        for (locale, lang) in [
            ("zh_CN.UTF-8", Lang::Zh),
            ("ZH", Lang::Zh),
            ("C", Lang::En),
            ("en_GB", Lang::En),
            ("", Lang::En),
        ] {
            assert_eq!(Lang::of_locale(locale), lang, "{locale}");
        }
    }
}
