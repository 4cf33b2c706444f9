//! `weave`: the chapters' sources become pages, inside mdBook.
//!
//! mdBook reads the sources, because `SUMMARY.md` names them, and hands them on. What comes
//! back is Markdown, and a page's name instead of a source's.

use crate::cli::failure::Failure;
use crate::cli::outcome::Outcome;
use clap::Args;
use fully_connected::literate::manifest::APPENDICES;
use fully_connected::literate::problem::Problem;
use fully_connected::literate::weave::{Text, Texts, weave};
use mdbook_preprocessor::book::{Book, Chapter};
use mdbook_preprocessor::errors::{Error, Result};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, parse_input};
use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The name of the preprocessor in `book.toml`.
pub const NAME: &str = "weave";
/// The key in `book.toml` that says where the API documentation is.
pub const API: &str = "preprocessor.weave.api";

/// A preprocessor for mdBook: reads a book from standard input, writes it woven.
#[derive(Args)]
pub struct Weave {
    /// `supports RENDERER`: what mdBook asks first. Every renderer is supported.
    #[arg(value_name = "QUESTION", num_args = 0..=2)]
    question: Vec<String>,
}

impl Weave {
    /// Speaks mdBook's protocol on standard input and `out`.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        match self.question.first().map(String::as_str) {
            Some("supports") => return Ok(Outcome::Done),
            Some(other) => {
                let problem = format!("weave answers `supports`, and not `{other}`");
                return Err(Failure::Book(problem));
            }
            None => {}
        }
        let woven = parse_input(io::stdin().lock())
            .and_then(|(context, book)| Weaver.run(&context, book))
            .map_err(|error| Failure::Book(format!("{error:#}")))?;
        let json = serde_json::to_string(&woven);
        let json = json.map_err(|error| Failure::Book(error.to_string()))?;
        writeln!(out, "{json}")?;
        Ok(Outcome::Done)
    }
}

/// The same, for an mdBook in this program.
pub struct Weaver;

impl Preprocessor for Weaver {
    fn name(&self) -> &str {
        NAME
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let texts = texts(context, &book)?;
        let mut woven =
            weave(&texts).map_err(|problems| Error::new(Problems(problems)))?;
        book.for_each_chapter_mut(|chapter| {
            if let Some((name, _)) = named(chapter)
                && let Some(content) = woven.remove(&name)
            {
                chapter.content = content;
                chapter.path = Some(PathBuf::from(name + ".md"));
            }
        });
        Ok(book)
    }
}

/// All that is wrong with a book's texts.
#[derive(Debug)]
struct Problems(Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0[..] {
            [one] => write!(f, "{one}"),
            all => {
                write!(f, "{} things cannot be woven", all.len())?;
                all.iter()
                    .try_for_each(|problem| write!(f, "\n  {problem}"))
            }
        }
    }
}

impl std::error::Error for Problems {}

/// The page that a chapter of mdBook becomes, and whether its text is a source.
fn named(chapter: &Chapter) -> Option<(String, bool)> {
    let path = chapter.path.as_ref()?;
    let is_source = path.extension().is_some_and(|ending| ending == "rs");
    let name = if is_source {
        path.file_stem()?.to_str()?.to_owned()
    } else {
        // A page in a folder keeps the folder.
        path.with_extension("").to_str()?.replace('\\', "/")
    };
    Some((name, is_source))
}

/// The texts that mdBook has read, and those that it has not.
fn texts(context: &PreprocessorContext, book: &Book) -> Result<Texts> {
    let root = context.root.parent().unwrap_or(Path::new(".."));
    let pages = context.root.join(&context.config.book.src);
    let read = |path: PathBuf| {
        fs::read_to_string(&path).map_err(|error| {
            Error::msg(format!("cannot read {}: {error}", path.display()))
        })
    };
    let api: Option<String> = context.config.get(API)?;
    let api = api.ok_or_else(|| Error::msg(format!("book.toml does not set {API}")))?;
    let mut texts = Texts {
        root: read(root.join("src/lib.rs"))?,
        api,
        repository: env!("CARGO_PKG_REPOSITORY").to_owned(),
        figures: figures(&[pages.join("figures"), context.root.join("touch")])?,
        ..Texts::default()
    };
    for chapter in book.chapters() {
        let Some((name, is_source)) = named(chapter) else {
            continue;
        };
        let (file, list) = if is_source {
            (format!("src/{name}.rs"), &mut texts.chapters)
        } else {
            (format!("book/src/{name}.md"), &mut texts.pages)
        };
        let text = chapter.content.clone();
        list.push(Text { name, file, text });
    }
    for name in APPENDICES.iter() {
        let file = format!("src/{name}.rs");
        let text = read(root.join(&file))?;
        let name = (*name).to_owned();
        texts.appendices.push(Text { name, file, text });
    }
    Ok(texts)
}

/// The figures by name, and what they are operated with by `name.html`. A book without the
/// folders has none.
fn figures(folders: &[PathBuf]) -> Result<HashMap<String, String>> {
    let mut figures = HashMap::new();
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let Some(file) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let name = file.strip_suffix(".svg");
            if let Some(name) = name.or_else(|| file.ends_with(".html").then_some(file))
            {
                figures.insert(name.to_owned(), fs::read_to_string(&path)?);
            }
        }
    }
    Ok(figures)
}
