//! A chapter's source, taken apart: prose, imports, items.
//!
//! Lines are enough for this, because the sources are formatted: what begins in the first
//! column ends there, and what a block holds is indented by four.

/// Markdown, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose {
    /// The text, without the comment marks.
    pub text: String,
    /// The line of the source that holds its first line, counted from 1.
    pub line: usize,
}

/// The contents of a source, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The module's own prose.
    pub prose: Prose,
    /// The `use` declarations.
    pub imports: String,
    /// Functions, types, methods.
    pub items: Vec<Item>,
}

/// A function, a type, a method, or an implementation that is told as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The kind of item.
    pub kind: Kind,
    /// Its name; that of a method without its type.
    pub name: String,
    /// The type that a method belongs to.
    pub owner: Option<String>,
    /// Its documentation.
    pub prose: Option<Prose>,
    /// The code, a method within its `impl`, search aliases left out.
    pub code: String,
    /// The line of the source in which the item is declared, counted from 1.
    pub line: usize,
    /// Fields and variants, which links can name.
    pub members: Vec<Member>,
}

/// A field of a struct or a variant of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Whether it is a variant.
    pub variant: bool,
}

/// The kinds of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `const`
    Constant,
    /// `enum`
    Enum,
    /// `fn`
    Function,
    /// `impl`, as a whole
    Implementation,
    /// `mod`
    Module,
    /// `struct`
    Struct,
    /// `trait`
    Trait,
    /// `type`
    Alias,
}

impl Item {
    /// The name by which prose calls it: `forward`, `FullyConnectedNet::loss`.
    pub fn path(&self) -> String {
        match &self.owner {
            Some(owner) => format!("{owner}::{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// Takes the source of a module apart.
pub fn read(source: &str) -> Source {
    let lines: Vec<&str> = source.lines().collect();
    let is_prose = |line: &&&str| line.starts_with("//!");
    let prose = lines.iter().take_while(is_prose).count();
    let mut read = Source {
        prose: Prose {
            text: unmarked(&lines[..prose], "//!"),
            line: 1,
        },
        imports: String::new(),
        items: Vec::new(),
    };
    let mut at = prose;
    while at < lines.len() {
        let block = block_at(&lines, at, "");
        let code = &lines[block.code..block.end];
        let first = code.first().copied().unwrap_or_default();
        let attributes = &lines[block.attributes..block.code];
        if first.trim_start_matches("pub ").starts_with("use ") {
            read.imports += &joined(code);
        } else if attributes.contains(&"#[cfg(test)]") {
            // The tests are told elsewhere.
        } else if let Some(owner) = implemented_type(first) {
            read_methods(&lines, &block, owner, &mut read.items);
        } else if let Some((kind, name)) = declared(first) {
            read.items.push(Item {
                kind,
                name: name.to_owned(),
                owner: None,
                prose: block.prose(&lines, "///"),
                code: listing(&lines[block.attributes..block.end]),
                line: block.code + 1,
                members: members(kind, code),
            });
        }
        at = block.end;
    }
    read
}

/// Lines that belong together: documentation, attributes and plain comments, code.
struct Block {
    docs: usize,
    attributes: usize,
    code: usize,
    end: usize,
}

impl Block {
    fn prose(&self, lines: &[&str], mark: &str) -> Option<Prose> {
        let docs = &lines[self.docs..self.attributes];
        (!docs.is_empty()).then(|| Prose {
            text: unmarked(docs, mark),
            line: self.docs + 1,
        })
    }
}

/// The block that begins at line `at` or after it, its code indented by `indent`.
fn block_at(lines: &[&str], at: usize, indent: &str) -> Block {
    let content = |i: usize| lines[i].strip_prefix(indent).unwrap_or(lines[i]);
    let until = |from: usize, stop: &dyn Fn(&str) -> bool| {
        let is_end = |&i: &usize| stop(content(i));
        (from..lines.len()).find(is_end).unwrap_or(lines.len())
    };
    // A region of the student's own functions is empty here; its markers are no code.
    let is_between = |line: &str| {
        line.is_empty()
            || line.starts_with("// exercise:")
            || line.starts_with("// end:")
    };
    let docs = until(at, &|line| !is_between(line));
    let attributes = until(docs, &|line| !line.starts_with("///"));
    let code = until(attributes, &|line| {
        !line.starts_with("#[") && !line.starts_with("//")
    });
    let last = until(code, &|line| {
        !line.starts_with([' ', '/', '#', ')'])
            && (line.ends_with(';') || line.ends_with('}'))
            || line.starts_with(')') && line.ends_with(';')
    });
    Block {
        docs,
        attributes,
        code,
        end: (last + 1).min(lines.len()),
    }
}

/// The methods of an `impl` one by one, or the whole where it implements a trait.
fn read_methods(lines: &[&str], block: &Block, owner: String, items: &mut Vec<Item>) {
    let head = lines[block.code];
    let whole = || Item {
        kind: Kind::Implementation,
        name: head.trim_end_matches(" {").to_owned(),
        owner: None,
        prose: block.prose(lines, "///"),
        code: listing(&lines[block.attributes..block.end]),
        line: block.code + 1,
        members: Vec::new(),
    };
    if head.contains(" for ") || block.end - block.code < 2 {
        items.push(whole());
        return;
    }
    let inner = &lines[..block.end - 1];
    let mut at = block.code + 1;
    while at < inner.len() {
        let method = block_at(inner, at, "    ");
        let first = inner.get(method.code).map_or("", |line| line.trim_start());
        if let Some((kind, name)) = declared(first) {
            let body = listing(&lines[method.attributes..method.end]);
            items.push(Item {
                kind,
                name: name.to_owned(),
                owner: Some(owner.clone()),
                prose: method.prose(lines, "    ///"),
                code: format!("{head}\n{body}}}\n"),
                line: method.code + 1,
                members: Vec::new(),
            });
        }
        at = method.end;
    }
}

/// The type of `impl<…> Type<…> {` or of `impl<…> Trait for Type {`.
fn implemented_type(line: &str) -> Option<String> {
    let rest = line.strip_prefix("impl")?;
    let rest = match rest.strip_prefix('<') {
        Some(generics) => {
            let mut depth = 1;
            let end = generics.find(|c| {
                depth += i32::from(c == '<') - i32::from(c == '>');
                depth == 0
            })?;
            &generics[end + 1..]
        }
        None => rest,
    };
    let named = rest.rsplit(" for ").next()?.trim_start();
    Some(identifier(named).to_owned())
}

/// The kind and the name of the item that a line declares.
fn declared(line: &str) -> Option<(Kind, &str)> {
    let mut rest = line;
    for word in ["pub(crate) ", "pub "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let kinds = [
        ("const ", Kind::Constant),
        ("enum ", Kind::Enum),
        ("fn ", Kind::Function),
        ("mod ", Kind::Module),
        ("struct ", Kind::Struct),
        ("trait ", Kind::Trait),
        ("type ", Kind::Alias),
    ];
    kinds.into_iter().find_map(|(word, kind)| {
        let name = identifier(rest.strip_prefix(word)?);
        (!name.is_empty()).then_some((kind, name))
    })
}

/// Fields, variants, or a trait's own items.
fn members(kind: Kind, code: &[&str]) -> Vec<Member> {
    let inner = code.iter().filter_map(|line| line.strip_prefix("    "));
    let name = |line: &str| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        let line = line.strip_prefix("pub(crate) ").unwrap_or(line);
        let name = identifier(line);
        let rest = &line[name.len()..];
        match kind {
            Kind::Struct => rest.starts_with(": ").then(|| name.to_owned()),
            Kind::Enum => {
                let starts = name.starts_with(|c: char| c.is_uppercase());
                starts.then(|| name.to_owned())
            }
            Kind::Trait => declared(line).map(|(_, name)| name.to_owned()),
            _ => None,
        }
    };
    let members = inner.filter_map(name).map(|name| Member {
        name,
        variant: kind == Kind::Enum,
    });
    members.collect()
}

fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

/// Documentation without its marks.
fn unmarked(lines: &[&str], mark: &str) -> String {
    let text = lines.iter().map(|line| {
        let rest = line.strip_prefix(mark).unwrap_or(line);
        rest.strip_prefix(' ').unwrap_or(rest)
    });
    joined(&text.collect::<Vec<_>>())
}

/// Code as a reader wants it: without the names that only a search needs.
fn listing(lines: &[&str]) -> String {
    let kept = lines
        .iter()
        .filter(|line| !line.trim_start().starts_with("#[doc(alias"));
    joined(&kept.copied().collect::<Vec<_>>())
}

fn joined(lines: &[&str]) -> String {
    lines.iter().flat_map(|line| [*line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"//! # Chapter 1. Doubling
//!
//! Twice.

use crate::Scalar;
use ndarray::{
    Array1, Array2,
};

/// A pair.
///
/// Of two.
#[derive(Debug)]
pub struct Pair<T> {
    /// The first.
    pub first: T,
    second: T,
}

// A remark.
const TWO: [u8; 2] = [
    1, 1,
];

/// Doubles.
#[doc(alias = "twice")]
pub fn double(
    x: f64,
) -> f64 {
    // exercise: a::double
    x + x
    // end: a::double
}

fn one_line() -> u8 { 1 }

impl<T: Into<Option<T>>> Pair<T> {
    /// The sum.
    pub fn sum(&self) -> T {
        self.first
    }

    fn other(&self) {}
}

impl fmt::Display for Pair<u8> {
    fn fmt(&self) {}
}

// exercise: a::helpers
// end: a::helpers

#[cfg(test)]
mod tests {
    use super::*;
}
"#;

    #[test]
    fn takes_a_source_apart_in_its_order() {
        let source = read(SOURCE);
        assert_eq!(source.prose.text, "# Chapter 1. Doubling\n\nTwice.\n");
        assert!(
            source
                .imports
                .starts_with("use crate::Scalar;\nuse ndarray")
        );
        assert!(source.imports.ends_with("    Array1, Array2,\n};\n"));
        let paths: Vec<_> = source.items.iter().map(Item::path).collect();
        assert_eq!(
            paths,
            [
                "Pair",
                "TWO",
                "double",
                "one_line",
                "Pair::sum",
                "Pair::other",
                "impl fmt::Display for Pair<u8>",
            ]
        );
    }

    #[test]
    fn keeps_comments_and_knows_the_line_of_the_prose() {
        let source = read(SOURCE);
        let pair = &source.items[0];
        let prose = pair.prose.clone().unwrap();
        assert_eq!(
            (prose.text.as_str(), prose.line),
            ("A pair.\n\nOf two.\n", 10)
        );
        assert!(pair.code.starts_with("#[derive(Debug)]\npub struct"));
        assert_eq!(pair.line, 14);
        assert_eq!(source.items[4].line, 39);
        assert!(pair.code.contains("    /// The first.\n"));
        assert!(source.items[1].code.starts_with("// A remark.\nconst TWO"));
        assert!(source.items[1].code.ends_with("];\n"));
    }

    #[test]
    fn a_search_alias_is_no_part_of_the_listing_and_a_method_stands_in_its_impl() {
        let source = read(SOURCE);
        assert!(source.items[2].code.starts_with("pub fn double("));
        assert_eq!(
            source.items[4].code,
            "impl<T: Into<Option<T>>> Pair<T> {\n    pub fn sum(&self) -> T {\n        \
             self.first\n    }\n}\n"
        );
    }

    #[test]
    fn fields_and_variants_can_be_named() {
        let names = |source: &str| {
            let members = read(source).items.remove(0).members;
            members.into_iter().map(|m| m.name).collect::<Vec<_>>()
        };
        assert_eq!(
            names(&SOURCE[SOURCE.find("/// A pair").unwrap()..]),
            ["first", "second"]
        );
        let source =
            "pub enum E {\n    /// a\n    One,\n    Two {\n        x: u8,\n    },\n}\n";
        assert_eq!(names(source), ["One", "Two"]);
    }
}
