//! The modules of a crate as their files tell them: what each defines, and what it imports.

use super::graph::Imports;
use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree, Visibility};

type ModulePath = Vec<String>;

/// All modules that have a file, without those that only tests see.
pub struct Source {
    modules: BTreeMap<ModulePath, Module>,
}

/// One file.
struct Module {
    file: String,
    /// Names of the items defined in it.
    defines: BTreeSet<String>,
    uses: Vec<Use>,
    /// Every path that stands in its code.
    paths: Vec<Vec<String>>,
}

/// One name brought in by a `use`.
struct Use {
    path: Vec<String>,
    /// What it is called here; `*` for everything.
    name: String,
    is_public: bool,
}

/// The Rust files below a folder, in order.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.extension().is_some_and(|ending| ending == "rs") => files.push(path),
                false => {}
            }
        }
    }
    files.sort();
    files
}

impl Source {
    /// Reads every file below `src`.
    pub fn read(src: &Path) -> Self {
        let mut modules = BTreeMap::new();
        let mut only_tests = Vec::new();
        for file in files_below(src) {
            let relative = file.strip_prefix(src).unwrap();
            let mut path: ModulePath = relative
                .with_extension("")
                .iter()
                .map(|part| part.to_str().unwrap().to_owned())
                .collect();
            if path.last().is_some_and(|last| last == "mod") || path == ["lib"] {
                path.pop();
            }
            let text = std::fs::read_to_string(&file).unwrap();
            let parsed = syn::parse_file(&text).unwrap();
            let mut reader = Reader::default();
            reader.visit_file(&parsed);
            only_tests.extend(
                reader
                    .only_tests
                    .into_iter()
                    .map(|name| joined(&path, &[name])),
            );
            let module = Module {
                file: format!("src/{}", relative.to_str().unwrap()),
                defines: reader.defines,
                uses: reader.uses,
                paths: reader.paths,
            };
            modules.insert(path, module);
        }
        modules.retain(|path, _| !only_tests.iter().any(|hidden| path.starts_with(hidden)));
        Self { modules }
    }

    /// Each file with those that define what it imports; re-exports are followed and do not count.
    pub fn imports(&self) -> Imports {
        let of = |(path, module): (&ModulePath, &Module)| {
            let mut found: BTreeSet<String> = BTreeSet::new();
            for wanted in self.wanted(path, module) {
                if let Some(defining) = self.defining(&wanted, 0)
                    && defining != path
                {
                    found.insert(self.modules[defining].file.clone());
                }
            }
            (module.file.clone(), found)
        };
        self.modules.iter().map(of).collect()
    }

    /// The absolute paths of everything of the crate that the module reads.
    fn wanted(&self, path: &ModulePath, module: &Module) -> Vec<Vec<String>> {
        let mut wanted = Vec::new();
        for used in module
            .uses
            .iter()
            .filter(|used| !used.is_public && used.name != "*")
        {
            let absolute = self.absolute(path, &used.path);
            // What a whole module is imported for shows where its name stands.
            wanted.extend(absolute.filter(|target| !self.modules.contains_key(target)));
        }
        for used in &module.paths {
            let imported = module.uses.iter().find(|import| import.name == used[0]);
            let full = match imported {
                Some(import) => joined(&import.path, &used[1..]),
                None => used.clone(),
            };
            wanted.extend(self.absolute(path, &full));
        }
        wanted
    }

    /// A path as seen from the root of the crate; none for other crates' and for local names.
    fn absolute(&self, from: &ModulePath, path: &[String]) -> Option<Vec<String>> {
        let mut base = from.clone();
        let mut rest = path;
        match rest.first()?.as_str() {
            // Nothing but the word is the crate itself, as in `pub(crate)`.
            "crate" => return (rest.len() > 1).then(|| rest[1..].to_vec()),
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|first| first == "super") {
                    base.pop()?;
                    rest = &rest[1..];
                }
            }
            child => {
                let child = joined(from, &[child.to_owned()]);
                self.modules.get(&child)?;
            }
        }
        Some(joined(&base, rest))
    }

    /// The module whose file defines what `path` names.
    fn defining(&self, path: &[String], depth: usize) -> Option<&ModulePath> {
        if depth > 16 {
            return None;
        }
        for length in (0..=path.len()).rev() {
            let Some((module_path, module)) = self.modules.get_key_value(&path[..length]) else {
                continue;
            };
            let Some(name) = path.get(length) else {
                return Some(module_path);
            };
            if module.defines.contains(name) {
                return Some(module_path);
            }
            let named = module.uses.iter().find(|used| used.name == *name);
            let target = named.and_then(|used| self.absolute(module_path, &used.path));
            if let Some(target) = target {
                return self.defining(&joined(&target, &path[length + 1..]), depth + 1);
            }
            for glob in module.uses.iter().filter(|used| used.name == "*") {
                let target = self.absolute(module_path, &glob.path);
                let target = target.filter(|target| {
                    self.modules
                        .get(target)
                        .is_some_and(|module| module.defines.contains(name))
                });
                if let Some((target, _)) =
                    target.and_then(|target| self.modules.get_key_value(&target))
                {
                    return Some(target);
                }
            }
            return None;
        }
        None
    }
}

fn joined(path: &[String], rest: &[String]) -> Vec<String> {
    path.iter().chain(rest).cloned().collect()
}

fn is_only_for_tests(attributes: &[Attribute]) -> bool {
    let is_test = |attribute: &Attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|name| name == "test")
    };
    attributes.iter().any(is_test)
}

/// Collects what a file defines and reads.
#[derive(Default)]
struct Reader {
    defines: BTreeSet<String>,
    uses: Vec<Use>,
    paths: Vec<Vec<String>>,
    /// Child modules that only tests see.
    only_tests: Vec<String>,
}

impl Reader {
    fn add_use(&mut self, path: Vec<String>, tree: &UseTree, is_public: bool) {
        let mut add = |path: Vec<String>, name: String| {
            let path = match path.last() {
                Some(last) if last == "self" => path[..path.len() - 1].to_vec(),
                _ => path,
            };
            let name = match (name.as_str(), path.last()) {
                ("self", Some(last)) => last.clone(),
                _ => name,
            };
            self.uses.push(Use {
                path,
                name,
                is_public,
            });
        };
        match tree {
            UseTree::Path(step) => {
                let path = joined(&path, &[step.ident.to_string()]);
                self.add_use(path, &step.tree, is_public);
            }
            UseTree::Name(last) => {
                let name = last.ident.to_string();
                add(joined(&path, std::slice::from_ref(&name)), name);
            }
            UseTree::Rename(last) => {
                add(
                    joined(&path, &[last.ident.to_string()]),
                    last.rename.to_string(),
                );
            }
            UseTree::Glob(_) => add(path, "*".into()),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_use(path.clone(), tree, is_public);
                }
            }
        }
    }

    /// Paths in what a macro is given, which is not parsed.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.end_path(&mut path);
                    }
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' && !path.is_empty() => colons += 1,
                TokenTree::Group(group) => {
                    self.end_path(&mut path);
                    self.read_tokens(group.stream());
                }
                _ => {
                    self.end_path(&mut path);
                    colons = 0;
                }
            }
        }
        self.end_path(&mut path);
    }

    fn end_path(&mut self, path: &mut Vec<String>) {
        if !path.is_empty() {
            self.paths.push(std::mem::take(path));
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = match item {
            Item::Const(item) => (&item.attrs, Some(&item.ident)),
            Item::Enum(item) => (&item.attrs, Some(&item.ident)),
            Item::Fn(item) => (&item.attrs, Some(&item.sig.ident)),
            Item::Macro(item) => (&item.attrs, item.ident.as_ref()),
            Item::Mod(item) => (&item.attrs, None),
            Item::Static(item) => (&item.attrs, Some(&item.ident)),
            Item::Struct(item) => (&item.attrs, Some(&item.ident)),
            Item::Trait(item) => (&item.attrs, Some(&item.ident)),
            Item::Type(item) => (&item.attrs, Some(&item.ident)),
            Item::Use(item) => (&item.attrs, None),
            Item::Impl(item) => (&item.attrs, None),
            _ => return visit::visit_item(self, item),
        };
        if is_only_for_tests(attributes) {
            if let Item::Mod(module) = item {
                self.only_tests.push(module.ident.to_string());
            }
            return;
        }
        self.defines.extend(name.map(ToString::to_string));
        if let Item::Use(item) = item {
            let is_public = !matches!(item.vis, Visibility::Inherited);
            self.add_use(Vec::new(), &item.tree, is_public);
        }
        visit::visit_item(self, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter();
        self.paths
            .push(segments.map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        self.read_tokens(invocation.tokens.clone());
        visit::visit_macro(self, invocation);
    }
}
