//! Names that a link in the prose can use, and where in the book each of them is.

use super::source::{Item, Kind, Source};
use std::collections::{BTreeMap, HashMap};

/// The crate, as its API documentation names it.
const CRATE: &str = "fully_connected";

/// Crates whose documentation is elsewhere, and its address.
const ELSEWHERE: [(&str, &str); 5] = [
    ("alloc", "https://doc.rust-lang.org/alloc/"),
    ("core", "https://doc.rust-lang.org/core/"),
    ("ndarray", "https://docs.rs/ndarray/latest/ndarray/"),
    ("rand", "https://docs.rs/rand/latest/rand/"),
    ("std", "https://doc.rust-lang.org/std/"),
];

/// Names that every module has in scope without a `use`.
const PRELUDE: [&str; 12] = [
    "Box", "Clone", "Copy", "Default", "Drop", "Fn", "FnMut", "Iterator", "Option",
    "Result", "String", "Vec",
];

const PRIMITIVES: [&str; 12] = [
    "bool", "char", "f32", "f64", "i32", "i64", "str", "u8", "u32", "u64", "usize",
    "slice",
];

/// Every name of the crate.
#[derive(Debug, Default)]
pub struct Symbols {
    /// `affine::forward`, `overfit::History::record_loss`: the address.
    targets: BTreeMap<String, String>,
    /// Names that stand for others in a module: `affine` + `Scalar` is `scalar::Scalar`. The
    /// crate's root is the module with the empty name.
    imports: HashMap<(String, String), String>,
    /// The address of the API documentation, with a slash at its end.
    api: String,
}

/// The place of a link: names are looked up from there.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The module; empty for the crate's root and for pages without one.
    pub module: &'a str,
    /// The type that `Self` is.
    pub owner: Option<&'a str>,
}

impl Symbols {
    /// An empty table, for a book whose API documentation is at `api`.
    pub fn new(api: &str) -> Symbols {
        Symbols {
            api: api.to_owned(),
            ..Symbols::default()
        }
    }

    /// Adds a chapter, which is a page of its own.
    pub fn add_chapter(&mut self, module: &str, source: &Source) {
        let page = format!("{module}.md");
        self.targets.insert(module.to_owned(), page.clone());
        for item in &source.items {
            let target = format!("{page}#{}", anchor(item));
            let path = format!("{module}::{}", item.path());
            for member in &item.members {
                let name = format!("{path}::{}", member.name);
                self.targets.insert(name, target.clone());
            }
            self.targets.insert(path, target);
        }
        self.add_imports(module, &source.imports);
    }

    /// Adds a module that the book shows in its API documentation only.
    pub fn add_appendix(&mut self, module: &str, source: &Source) {
        let page = self.module_api(module);
        self.targets.insert(module.to_owned(), page);
        for item in &source.items {
            let path = format!("{module}::{}", item.path());
            let target = self.item_api(module, item, &source.items);
            for member in &item.members {
                let kind = match (item.kind, member.variant) {
                    (Kind::Trait, _) => "tymethod",
                    (_, true) => "variant",
                    (_, false) => "structfield",
                };
                let name = &member.name;
                self.targets.insert(
                    format!("{path}::{name}"),
                    format!("{target}#{kind}.{name}"),
                );
            }
            self.targets.insert(path, target);
        }
        self.add_imports(module, &source.imports);
    }

    /// Adds `use` declarations of a module, those of the crate's root under the empty name.
    pub fn add_imports(&mut self, module: &str, declarations: &str) {
        for declaration in declarations.split(';') {
            let declaration =
                declaration.split_whitespace().collect::<Vec<_>>().join(" ");
            let uses = declaration.trim_start_matches("pub ");
            let Some(tree) = uses.strip_prefix("use ") else {
                continue;
            };
            for path in expanded(tree) {
                let path = path.trim_start_matches("crate::").to_owned();
                let name = path.rsplit("::").next().unwrap_or(&path).to_owned();
                self.imports.insert((module.to_owned(), name), path);
            }
        }
    }

    /// The API documentation of a module.
    pub fn module_api(&self, module: &str) -> String {
        format!("{}{CRATE}/{module}/index.html", self.api)
    }

    /// The source of a module within the API documentation.
    pub fn source_api(&self, module: &str) -> String {
        format!("{}src/{CRATE}/{module}.rs.html", self.api)
    }

    fn item_api(&self, module: &str, item: &Item, all: &[Item]) -> String {
        let named = |kind: Kind, name: &str| {
            let word = match kind {
                Kind::Alias => "type",
                Kind::Constant => "constant",
                Kind::Enum => "enum",
                Kind::Function => "fn",
                Kind::Struct => "struct",
                Kind::Trait => "trait",
                Kind::Implementation | Kind::Module => return self.module_api(module),
            };
            format!("{}{CRATE}/{module}/{word}.{name}.html", self.api)
        };
        match &item.owner {
            None => named(item.kind, &item.name),
            Some(owner) => {
                let is_owner =
                    |other: &&Item| other.owner.is_none() && other.name == *owner;
                let kind = all.iter().find(is_owner).map_or(Kind::Struct, |i| i.kind);
                format!("{}#method.{}", named(kind, owner), item.name)
            }
        }
    }

    /// The address of what `link` names, as rustdoc would find it.
    ///
    /// # Errors
    ///
    /// If there is no such thing.
    pub fn resolve(&self, link: &str, scope: Scope) -> Result<String, String> {
        let link = link.trim().trim_matches('`');
        let name = link.rsplit_once('@').map_or(link, |(_, name)| name);
        let name = name.trim_end_matches("()").trim_end_matches('!');
        let name = match (name.strip_prefix("Self::"), scope.owner) {
            (Some(rest), Some(owner)) => format!("{owner}::{rest}"),
            _ => name.to_owned(),
        };
        let found = match name.strip_prefix("crate::") {
            Some(path) => self.from("", path, 0),
            None => self
                .from(scope.module, &name, 0)
                .or_else(|| self.from("", &name, 0)),
        };
        found.or_else(|| elsewhere(&name)).ok_or_else(|| {
            format!(
                "the link `{link}` names nothing: no item, module or import of the crate, \
                 and nothing of std or ndarray"
            )
        })
    }

    /// Looks `path` up in `module`, through its imports.
    fn from(&self, module: &str, path: &str, depth: usize) -> Option<String> {
        if let Some(target) = self.targets.get(&within(module, path)) {
            return Some(target.clone());
        }
        let (first, rest) = match path.split_once("::") {
            Some((first, rest)) => (first, format!("::{rest}")),
            None => (path, String::new()),
        };
        let key = (module.to_owned(), first.to_owned());
        // A chain of re-exports is short; the limit is for one that bites its tail.
        let import = self.imports.get(&key).filter(|_| depth < 8)?;
        let whole = format!("{import}{rest}");
        self.from("", &whole, depth + 1)
            .or_else(|| self.grown(&whole))
            .or_else(|| elsewhere(&whole))
    }

    /// A method that a later chapter adds to a type: `init::FullyConnectedNet::loss` is in
    /// `regularization`.
    fn grown(&self, path: &str) -> Option<String> {
        let (_, method) = path.split_once("::")?;
        if !method.contains("::") {
            return None;
        }
        let suffix = format!("::{method}");
        let mut found = self
            .targets
            .iter()
            .filter(|(name, _)| name.ends_with(&suffix));
        found.next().map(|(_, target)| target.clone())
    }
}

/// The name of an item within its page.
pub fn anchor(item: &Item) -> String {
    match item.kind {
        Kind::Implementation => {
            let words = item.name.split(|c: char| !c.is_alphanumeric());
            let words = words.filter(|word| !word.is_empty());
            words.collect::<Vec<_>>().join("-")
        }
        _ => item.path().replace("::", "."),
    }
}

fn within(module: &str, path: &str) -> String {
    match module {
        "" => path.to_owned(),
        module => format!("{module}::{path}"),
    }
}

/// The documentation of another crate. Its own search finds the page, because what kind
/// of thing a name is cannot be seen from here.
fn elsewhere(path: &str) -> Option<String> {
    let first = path.split("::").next().unwrap_or(path);
    if PRIMITIVES.contains(&path) {
        let std = "https://doc.rust-lang.org/std/";
        return Some(format!("{std}primitive.{path}.html"));
    }
    if PRELUDE.contains(&first) {
        return elsewhere(&format!("std::{path}"));
    }
    let (name, base) = ELSEWHERE.iter().find(|(name, _)| *name == first)?;
    match path[name.len()..].strip_prefix("::") {
        None => Some((*base).to_owned()),
        Some(rest) => Some(format!("{base}?search={rest}&go_to_first=true")),
    }
}

/// The paths of a `use` tree.
fn expanded(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((prefix, inner)) = tree.split_once('{') else {
        return vec![tree.trim_end_matches("::self").to_owned()];
    };
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    let mut depth = 0;
    let parts = inner.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    parts
        .filter(|part| !part.trim().is_empty())
        .flat_map(|part| expanded(&format!("{prefix}{}", part.trim())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    fn symbols() -> Symbols {
        let mut symbols = Symbols::new("api/");
        let affine = "use crate::Scalar;\nuse ndarray::{Array, Ix2};\n\
                      pub struct Cache {\n    rows: u8,\n}\n\npub fn forward() {}\n";
        let init = "pub struct Net {\n}\n\nimpl Net {\n    pub fn new() {}\n}\n";
        let late = "use crate::{Net, affine};\n\nimpl Net {\n    pub fn loss() {}\n}\n";
        let error =
            "pub enum Error {\n    Label,\n}\n\nimpl Error {\n    fn f() {}\n}\n";
        symbols.add_chapter("affine", &source::read(affine));
        symbols.add_chapter("init", &source::read(init));
        symbols.add_chapter("late", &source::read(late));
        symbols.add_appendix("error", &source::read(error));
        symbols.add_imports("", "pub use error::Error;\npub use init::Net;\n");
        symbols
    }

    #[test]
    fn finds_what_rustdoc_finds() {
        let cases = [
            ("affine", "`forward`", "affine.md#forward"),
            ("affine", "Cache", "affine.md#Cache"),
            ("affine", "fn@forward", "affine.md#forward"),
            ("", "`affine::forward()`", "affine.md#forward"),
            ("late", "affine::Cache", "affine.md#Cache"),
            ("late", "crate::affine", "affine.md"),
            ("late", "`Net::loss`", "late.md#Net.loss"),
            ("affine", "crate::Net::loss", "late.md#Net.loss"),
            ("late", "Net::new", "init.md#Net.new"),
            ("", "mod@error", "api/fully_connected/error/index.html"),
            ("", "Error", "api/fully_connected/error/enum.Error.html"),
            (
                "",
                "Error::Label",
                "api/fully_connected/error/enum.Error.html#variant.Label",
            ),
            (
                "",
                "Error::f",
                "api/fully_connected/error/enum.Error.html#method.f",
            ),
            ("", "`ndarray`", "https://docs.rs/ndarray/latest/ndarray/"),
            (
                "affine",
                "Array",
                "https://docs.rs/ndarray/latest/ndarray/?search=Array&go_to_first=true",
            ),
            (
                "",
                "f64",
                "https://doc.rust-lang.org/std/primitive.f64.html",
            ),
            (
                "",
                "Iterator::take",
                "https://doc.rust-lang.org/std/?search=Iterator::take&go_to_first=true",
            ),
        ];
        let symbols = symbols();
        for (module, link, target) in cases {
            let scope = Scope {
                module,
                owner: None,
            };
            assert_eq!(
                symbols.resolve(link, scope).as_deref(),
                Ok(target),
                "{link}"
            );
        }
    }

    #[test]
    fn self_is_the_type_that_a_method_belongs_to() {
        let scope = Scope {
            module: "init",
            owner: Some("Net"),
        };
        let target = symbols().resolve("Self::new", scope);
        assert_eq!(target.as_deref(), Ok("init.md#Net.new"));
    }

    #[test]
    fn what_there_is_not_is_an_error() {
        let scope = Scope {
            module: "affine",
            owner: None,
        };
        for link in ["`nothing`", "crate::forward", "Net::nothing", "affine::new"] {
            let error = symbols().resolve(link, scope).unwrap_err();
            let name = link.trim_matches('`');
            assert!(error.starts_with(&format!("the link `{name}` names nothing")));
        }
    }

    #[test]
    fn use_trees_are_expanded() {
        assert_eq!(
            expanded("crate::relu::{self, a::{B, C}, D}"),
            [
                "crate::relu",
                "crate::relu::a::B",
                "crate::relu::a::C",
                "crate::relu::D"
            ]
        );
    }
}
