//! The services of a compose file, with their environments as compose resolves them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_saphyr::Spanned;

use super::dotenv;
use super::interpolate::{Cause, Resolved, Unresolved, interpolate, no_placeholder};
use crate::files::FileError;

/// A variable of a service.
pub(super) struct Entry {
    /// The value.
    pub(super) value: Resolved,
    /// The words as they are written, each with its value; only if the whole is not known.
    pub(super) words: Vec<(String, Resolved)>,
    /// The file.
    pub(super) path: PathBuf,
    /// The line, from 1.
    pub(super) line: usize,
}

/// A service.
#[derive(Default)]
pub(super) struct OldService {
    /// Its name and the name of its image.
    pub(super) title: String,
    /// Its variables.
    pub(super) entries: BTreeMap<String, Entry>,
    /// An `env_file` that does not exist: it may set any variable.
    pub(super) missing: Option<Unresolved>,
    /// Ports and volumes as they are written, resolved.
    pub(super) ports: Vec<String>,
    pub(super) volumes: Vec<String>,
}

/// Reads a file that a compose file names; `None` if it does not exist.
pub(super) type ReadFile<'a> = dyn Fn(&Path) -> Result<Option<String>, FileError> + 'a;

/// Why the text is not taken as a compose file.
pub(super) enum NotCompose {
    /// It has no services.
    NoServices,
    /// It has, but is not valid YAML at this line, from 1.
    Yaml(usize),
    /// A file that it names cannot be read.
    File(FileError),
}

/// What the variables of a compose file stand for, by [`interpolate`].
pub(super) type Lookup<'a> = dyn Fn(&str) -> Option<Resolved> + 'a;

#[derive(Deserialize)]
struct FileWire {
    services: BTreeMap<String, ServiceWire>,
}

#[derive(Default, Deserialize)]
struct ServiceWire {
    #[serde(default)]
    image: Option<String>,
    #[serde(default)]
    environment: Items,
    #[serde(default)]
    env_file: Items,
    #[serde(default)]
    ports: Items,
    #[serde(default)]
    volumes: Items,
}

/// A scalar, a list or a map: what a section of compose may be. Each item with its line.
#[derive(Default)]
struct Items(Vec<(Option<String>, Value, usize)>);

impl<'de> Deserialize<'de> for Items {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ItemsVisitor;
        impl<'de> Visitor<'de> for ItemsVisitor {
            type Value = Items;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a list or a map")
            }

            fn visit_str<E>(self, text: &str) -> Result<Items, E> {
                Ok(Items(vec![(None, Value::from(text), 0)]))
            }

            fn visit_unit<E>(self) -> Result<Items, E> {
                Ok(Items::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Items, A::Error> {
                let mut items = Items::default();
                while let Some(item) = list.next_element::<Spanned<Value>>()? {
                    items.push(None, item);
                }
                Ok(items)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Items, A::Error> {
                let mut items = Items::default();
                while let Some((name, item)) = map.next_entry::<String, Spanned<Value>>()? {
                    items.push(Some(name), item);
                }
                Ok(items)
            }
        }
        deserializer.deserialize_any(ItemsVisitor)
    }
}

impl Items {
    fn push(&mut self, name: Option<String>, item: Spanned<Value>) {
        let line = usize::try_from(item.defined.line()).unwrap_or_default();
        self.0.push((name, item.value, line));
    }

    /// The items of a list with their variables resolved; of a map, the value of one of the keys.
    fn texts(&self, keys: [&str; 2], lookup: &Lookup<'_>) -> Vec<String> {
        let text = |(_, value, _): &(_, Value, _)| {
            let value = keys.iter().find_map(|key| value.get(key)).unwrap_or(value);
            interpolate(&scalar(value)?, false, lookup).ok()
        };
        self.0.iter().filter_map(text).collect()
    }
}

/// A scalar as text; `None` for no value.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The services of a compose file.
pub(super) fn services(
    path: &Path,
    text: &str,
    lookup: &Lookup<'_>,
    read: &ReadFile<'_>,
) -> Result<Vec<OldService>, NotCompose> {
    let has_services = text.lines().any(|line| {
        let key = line.trim_start_matches(['{', ' ', '"']);
        key.starts_with("services") && line.contains(':')
    });
    if !has_services {
        return Err(NotCompose::NoServices);
    }
    let file: FileWire = serde_saphyr::from_str(text).map_err(|error| {
        let line = error.location().map_or(1, |at| at.line());
        NotCompose::Yaml(usize::try_from(line).unwrap_or(1))
    })?;
    let mut found = Vec::new();
    for (name, wire) in file.services {
        let image = wire.image.as_deref().unwrap_or_default();
        let mut service = OldService {
            title: format!("{name} {image}"),
            ports: wire.ports.texts(["published", "published"], lookup),
            volumes: wire.volumes.texts(["source", "source"], lookup),
            ..OldService::default()
        };
        service.env_files(path, &wire.env_file, lookup, read)?;
        for item in wire.environment.0 {
            service.environment(path, item, lookup);
        }
        found.push(service);
    }
    Ok(found)
}

impl OldService {
    fn env_files(
        &mut self,
        path: &Path,
        items: &Items,
        lookup: &Lookup<'_>,
        read: &ReadFile<'_>,
    ) -> Result<(), NotCompose> {
        let folder = path.parent().unwrap_or(Path::new("."));
        for (_, value, line) in &items.0 {
            let required = value.get("required") != Some(&Value::Bool(false));
            let Some(named) = scalar(value.get("path").unwrap_or(value)) else {
                continue;
            };
            let file = interpolate(&named, false, lookup).map(|named| folder.join(named));
            let text = match &file {
                Ok(file) => read(file).map_err(NotCompose::File)?,
                Err(_) => None,
            };
            let file = file.unwrap_or_else(|_| folder.join(named));
            match text {
                Some(text) => self.add_file(&file, &text, lookup),
                None if required => {
                    let at = Some((path.to_owned(), *line));
                    let cause = Cause::EnvFile(file);
                    self.missing = Some(Unresolved { cause, at });
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Adds the assignments of an env file.
    pub(super) fn add_file(&mut self, path: &Path, text: &str, lookup: &Lookup<'_>) {
        for (name, one) in dotenv::read(text, lookup) {
            let entry = Entry {
                words: Vec::new(),
                value: one.value.and_then(no_placeholder),
                path: path.to_owned(),
                line: one.line,
            };
            self.entries.insert(name, entry);
        }
    }

    fn environment(
        &mut self,
        path: &Path,
        (key, value, line): (Option<String>, Value, usize),
        lookup: &Lookup<'_>,
    ) {
        let text = scalar(&value);
        let (name, raw) = match (key, text) {
            (Some(key), text) => (key, text),
            (None, Some(text)) => match text.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (text, None),
            },
            (None, None) => return,
        };
        // Without a value it comes from where compose runs.
        let raw = raw.unwrap_or_else(|| format!("${{{name}}}"));
        let resolve = |text: &str| interpolate(text, false, lookup).and_then(no_placeholder);
        let value = resolve(&raw);
        let words = match value {
            Ok(_) => Vec::new(),
            Err(_) => shlex::split(&raw).unwrap_or_default(),
        };
        let words = words.into_iter().map(|word| {
            let value = resolve(&word);
            (word, value)
        });
        let entry = Entry {
            words: words.collect(),
            value,
            path: path.to_owned(),
            line,
        };
        self.entries.insert(name, entry);
    }

    /// Adds the same service of a later compose file.
    pub(super) fn override_with(&mut self, later: Self) {
        self.title = later.title;
        self.entries.extend(later.entries);
        self.missing = self.missing.take().or(later.missing);
        self.ports.extend(later.ports);
        self.volumes.extend(later.volumes);
    }
}

/// Looks variables up in the env file of the compose project.
pub(super) fn project_lookup(text: Option<&str>) -> impl Fn(&str) -> Option<Resolved> {
    let found = text.map(|text| dotenv::read(text, &|_| None));
    move |name| {
        let one = found.as_ref()?.get(name)?;
        // A variable that is not set there may be set elsewhere, so the cause stays.
        Some(one.value.clone())
    }
}
