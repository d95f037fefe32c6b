//! The import graph of `src`: which file uses what another file defines.
//!
//! Every path counts: `use` with braces and aliases, `crate::…`, `super::…` and `self::…` in
//! expressions, types, attributes and macro calls. A re-export resolves to the file that defines the
//! name. Code under `#[cfg(test)]` does not count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;

/// Path of a module below the crate, as segments.
type ModulePath = Vec<String>;

/// One import: `from` uses `name`, which `to` defines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Import {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) name: String,
    /// A `pub use` only hands a name on.
    pub(super) reexport: bool,
    /// The name was found through a re-export of a `mod.rs` above `from`.
    pub(super) through: Option<String>,
}

#[derive(Default)]
pub(super) struct Graph {
    pub(super) imports: BTreeSet<Import>,
    /// All files that ship, test files left out.
    pub(super) files: BTreeSet<String>,
}

enum Name {
    Defined,
    Alias(Vec<String>),
}

struct Module {
    file: String,
    names: BTreeMap<String, Name>,
    globs: Vec<Vec<String>>,
    /// Tokens of the items, without `use`, test code and nested modules.
    code: Vec<TokenStream>,
    /// Paths of `use` items; true if they re-export.
    uses: Vec<(Vec<String>, bool)>,
}

impl Graph {
    /// Reads `src/lib.rs` and `src/main.rs` below `root` and every module that they declare.
    pub(super) fn read(root: &Path) -> Self {
        let mut modules = BTreeMap::new();
        read_file(root, "lib.rs", Vec::new(), &mut modules);
        let mut graph = Self::default();
        for (path, module) in &modules {
            graph.files.insert(module.file.clone());
            for (target, reexport) in &module.uses {
                graph.add(&modules, path, target, *reexport);
            }
            for code in &module.code {
                let mut paths = BTreeSet::new();
                collect_paths(code.clone(), &mut paths);
                for target in paths {
                    graph.add(&modules, path, &target, false);
                }
            }
        }
        graph
    }

    fn add(
        &mut self,
        modules: &BTreeMap<ModulePath, Module>,
        at: &ModulePath,
        path: &[String],
        reexport: bool,
    ) {
        let Some(found) = resolve(modules, at, path, 0) else {
            return;
        };
        let from = &modules[at].file;
        if *from != found.file {
            let above = found.through.filter(|file| {
                file.strip_suffix("mod.rs")
                    .is_some_and(|folder| from.starts_with(folder) && from != file)
            });
            self.imports.insert(Import {
                from: from.clone(),
                to: found.file,
                name: path.join("::"),
                reexport,
                through: above,
            });
        }
    }

    /// Groups of files that import each other in a circle, largest first.
    pub(super) fn cycles(&self) -> Vec<Vec<String>> {
        let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for import in &self.imports {
            next.entry(&import.from).or_default().insert(&import.to);
        }
        let reached: BTreeMap<&str, BTreeSet<&str>> = self
            .files
            .iter()
            .map(|file| {
                let mut seen = BTreeSet::new();
                let mut open = vec![file.as_str()];
                while let Some(file) = open.pop() {
                    let new = next.get(file).into_iter().flatten();
                    open.extend(new.filter(|to| seen.insert(**to)));
                }
                (file.as_str(), seen)
            })
            .collect();
        let mut groups: BTreeSet<Vec<String>> = BTreeSet::new();
        for (file, seen) in &reached {
            if seen.contains(file) {
                let circle = seen.iter().filter(|other| reached[**other].contains(file));
                groups.insert(circle.map(|other| (*other).to_owned()).collect());
            }
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
        groups
    }

    /// The imports between the files of one group.
    pub(super) fn within<'a>(&'a self, group: &'a [String]) -> impl Iterator<Item = &'a Import> {
        self.imports
            .iter()
            .filter(move |import| group.contains(&import.from) && group.contains(&import.to))
    }
}

fn read_file(
    root: &Path,
    file: &str,
    path: ModulePath,
    modules: &mut BTreeMap<ModulePath, Module>,
) {
    let text = fs_err::read_to_string(root.join(file)).unwrap();
    let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("src/{file}: {error}"));
    read_items(root, file, path, parsed.items, modules);
}

fn read_items(
    root: &Path,
    file: &str,
    path: ModulePath,
    items: Vec<syn::Item>,
    modules: &mut BTreeMap<ModulePath, Module>,
) {
    let mut module = Module {
        file: file.to_owned(),
        names: BTreeMap::new(),
        globs: Vec::new(),
        code: Vec::new(),
        uses: Vec::new(),
    };
    for item in items {
        if is_test(&item) {
            continue;
        }
        match item {
            syn::Item::Mod(nested) => {
                let name = nested.ident.to_string();
                let mut below = path.clone();
                below.push(name.clone());
                match nested.content {
                    Some((_, items)) => read_items(root, file, below, items, modules),
                    None => read_file(root, &file_of(root, file, &name), below, modules),
                }
            }
            syn::Item::Use(import) => {
                let reexport = !matches!(import.vis, syn::Visibility::Inherited);
                read_use(&import.tree, &mut Vec::new(), reexport, &mut module);
            }
            item => {
                if let Some(name) = name_of(&item) {
                    module.names.insert(name, Name::Defined);
                }
                module.code.push(item.to_token_stream());
            }
        }
    }
    modules.insert(path, module);
}

/// The file of `mod NAME;` in `file`.
fn file_of(root: &Path, file: &str, name: &str) -> String {
    let folder = match file.rsplit_once('/') {
        Some((folder, "mod.rs")) => format!("{folder}/"),
        None if matches!(file, "lib.rs" | "main.rs") => String::new(),
        _ => format!("{}/", file.trim_end_matches(".rs")),
    };
    let flat = format!("{folder}{name}.rs");
    if root.join(&flat).exists() {
        flat
    } else {
        format!("{folder}{name}/mod.rs")
    }
}

fn is_test(item: &syn::Item) -> bool {
    let attributes = match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .meta
                .to_token_stream()
                .into_iter()
                .any(|token| token.to_string().contains("test"))
    })
}

fn name_of(item: &syn::Item) -> Option<String> {
    let ident = match item {
        syn::Item::Const(item) => &item.ident,
        syn::Item::Enum(item) => &item.ident,
        syn::Item::Fn(item) => &item.sig.ident,
        syn::Item::Macro(item) => item.ident.as_ref()?,
        syn::Item::Static(item) => &item.ident,
        syn::Item::Struct(item) => &item.ident,
        syn::Item::Trait(item) => &item.ident,
        syn::Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

fn read_use(tree: &syn::UseTree, before: &mut Vec<String>, reexport: bool, module: &mut Module) {
    let mut add = |path: Vec<String>, name: String| {
        module.names.insert(name, Name::Alias(path.clone()));
        module.uses.push((path, reexport));
    };
    match tree {
        syn::UseTree::Path(part) => {
            before.push(part.ident.to_string());
            read_use(&part.tree, before, reexport, module);
            before.pop();
        }
        syn::UseTree::Name(part) => {
            let mut path = before.clone();
            if part.ident != "self" {
                path.push(part.ident.to_string());
            }
            let name = path.last().cloned().unwrap_or_default();
            add(path, name);
        }
        syn::UseTree::Rename(part) => {
            let mut path = before.clone();
            if part.ident != "self" {
                path.push(part.ident.to_string());
            }
            add(path, part.rename.to_string());
        }
        syn::UseTree::Glob(_) => {
            module.globs.push(before.clone());
            module.uses.push((before.clone(), reexport));
        }
        syn::UseTree::Group(group) => {
            for tree in &group.items {
                read_use(tree, before, reexport, module);
            }
        }
    }
}

struct Found {
    file: String,
    through: Option<String>,
}

/// The file that defines `path` as seen from module `at`; `None` if it is of another crate.
fn resolve(
    modules: &BTreeMap<ModulePath, Module>,
    at: &ModulePath,
    path: &[String],
    depth: usize,
) -> Option<Found> {
    if depth > 20 {
        return None;
    }
    let mut here = at.clone();
    let mut rest = path;
    match path.first()?.as_str() {
        "crate" => {
            here.clear();
            rest = &path[1..];
        }
        "self" => rest = &path[1..],
        "super" => {
            while rest.first().is_some_and(|part| part == "super") {
                here.pop();
                rest = &rest[1..];
            }
        }
        first => {
            let module = &modules[&here];
            let mut below = here.clone();
            below.push(first.to_owned());
            if !module.names.contains_key(first) && !modules.contains_key(&below) {
                return module
                    .globs
                    .iter()
                    .filter(|glob| glob.first().map(String::as_str) != Some(first))
                    .find_map(|glob| {
                        let longer: Vec<String> = glob.iter().chain(path).cloned().collect();
                        let found = resolve(modules, at, &longer, depth + 1)?;
                        (found.file != modules[at].file).then_some(found)
                    });
            }
        }
    }
    while let Some(part) = rest.first() {
        let mut below = here.clone();
        below.push(part.clone());
        if modules.contains_key(&below) {
            here = below;
            rest = &rest[1..];
            continue;
        }
        let module = modules.get(&here)?;
        match module.names.get(part) {
            Some(Name::Defined) => break,
            Some(Name::Alias(target)) => {
                if target.first() == Some(part) && here == *at && target.len() == 1 {
                    return None;
                }
                let longer: Vec<String> = target.iter().chain(&rest[1..]).cloned().collect();
                let mut found = resolve(modules, &here, &longer, depth + 1)?;
                if here != *at && found.through.is_none() {
                    found.through = Some(module.file.clone());
                }
                return Some(found);
            }
            None => {
                let by_glob = module.globs.iter().find_map(|glob| {
                    let longer: Vec<String> = glob.iter().chain(rest).cloned().collect();
                    let found = resolve(modules, &here, &longer, depth + 1)?;
                    (found.file != module.file).then_some(found)
                });
                if let Some(mut found) = by_glob {
                    if here != *at {
                        found.through.get_or_insert(module.file.clone());
                    }
                    return Some(found);
                }
                break;
            }
        }
    }
    Some(Found {
        file: modules.get(&here)?.file.clone(),
        through: None,
    })
}

/// All paths of two segments and more in a piece of code.
fn collect_paths(code: TokenStream, found: &mut BTreeSet<Vec<String>>) {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(word) if word == "pub" => {
                at += 1;
                if let Some(TokenTree::Group(group)) = tokens.get(at)
                    && group.delimiter() == Delimiter::Parenthesis
                    && group.stream().into_iter().next().is_some_and(|first| {
                        matches!(
                            first.to_string().as_str(),
                            "in" | "super" | "crate" | "self"
                        )
                    })
                {
                    at += 1;
                }
            }
            TokenTree::Ident(_) => {
                let mut path = Vec::new();
                at = path_at(&tokens, at, &mut path, found);
                if path.len() > 1 {
                    found.insert(path);
                }
            }
            TokenTree::Group(group) => {
                collect_paths(group.stream(), found);
                at += 1;
            }
            _ => at += 1,
        }
    }
}

/// Reads `a::b::{c, d}` from `at` on; returns where it ends.
fn path_at(
    tokens: &[TokenTree],
    mut at: usize,
    path: &mut Vec<String>,
    found: &mut BTreeSet<Vec<String>>,
) -> usize {
    loop {
        match tokens.get(at) {
            Some(TokenTree::Ident(word)) => path.push(word.to_string()),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                for part in
                    inner.split(|token| matches!(token, TokenTree::Punct(p) if p.as_char() == ','))
                {
                    let mut longer = path.clone();
                    path_at(part, 0, &mut longer, found);
                    if longer.last().is_some_and(|last| last == "self") {
                        longer.pop();
                    }
                    found.insert(longer);
                }
                path.clear();
                return at + 1;
            }
            _ => return at,
        }
        at += 1;
        let colon = |index: usize| matches!(tokens.get(index), Some(TokenTree::Punct(p)) if p.as_char() == ':');
        if !(colon(at) && colon(at + 1)) {
            return at;
        }
        at += 2;
    }
}
