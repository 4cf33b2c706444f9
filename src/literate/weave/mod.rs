//! Weave: the chapters' sources as the pages of a book.
//!
//! Text in, text out. [`source`] takes a `.rs` file apart, [`symbols`] knows the address of
//! every name of the crate, [`markdown`] turns prose into what mdBook reads, with formulas
//! from [`math`], figures from [`figure`], [`blocks`] and [`choices`] of the book's own, all
//! by way of [`edits`], and [`listing`] shows the code. [`api`] typesets the formulas in the
//! pages of rustdoc.

pub mod api;
pub mod blocks;
pub mod choices;
pub mod edits;
pub mod figure;
pub mod listing;
pub mod markdown;
pub mod math;
pub mod source;
pub mod symbols;
#[cfg(test)]
mod tests;

use super::manifest;
use super::markers::regions;
use super::problem::Problem;
use listing::Shown;
use markdown::{Page, Shared, Voice};
use source::{Item, Prose, Source};
use std::collections::HashMap;
use symbols::{Symbols, anchor};

/// The texts that a book is woven from.
#[derive(Debug, Default)]
pub struct Texts {
    /// The crate's root, `lib.rs`.
    pub root: String,
    /// The chapters in reading order.
    pub chapters: Vec<Text>,
    /// The modules that are shown in the API documentation only.
    pub appendices: Vec<Text>,
    /// The pages that no chapter owns.
    pub pages: Vec<Text>,
    /// The figures: SVG by name, and by `name.html` what one of them is operated with.
    pub figures: HashMap<String, String>,
    /// The address of the API documentation, with a slash at the end.
    pub api: String,
    /// The address of the repository; empty while there is none.
    pub repository: String,
}

/// One text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The module of a source, or the page's name without `.md`.
    pub name: String,
    /// The file, for messages.
    pub file: String,
    /// The text itself.
    pub text: String,
}

/// The heading of the fold with everything of a chapter's file that its prose does not show.
const WHOLE: &str = "## The whole file {#the-whole-file}";

/// Every page as mdBook's Markdown: the chapters, then the other pages, by name.
///
/// # Errors
///
/// Everything that cannot be woven, with file and line.
pub fn weave(texts: &Texts) -> Result<HashMap<String, String>, Vec<Problem>> {
    let mut symbols = Symbols::new(&texts.api);
    symbols.add_imports("", &re_exports(&texts.root));
    let read = |text: &Text| (text.clone(), source::read(&text.text));
    let chapters: Vec<(Text, Source)> = texts.chapters.iter().map(read).collect();
    for (text, source) in &chapters {
        symbols.add_chapter(&text.name, source);
    }
    for (text, source) in texts.appendices.iter().map(read) {
        symbols.add_appendix(&text.name, &source);
    }
    let all = texts.chapters.iter().chain(&texts.pages);
    let pages: Vec<String> = all.map(|text| format!("{}.md", text.name)).collect();
    let shared = Shared {
        symbols: &symbols,
        pages: &pages,
        figures: &texts.figures,
        repository: &texts.repository,
    };

    let mut problems = Vec::new();
    let mut woven = HashMap::new();
    for (number, (text, source)) in (1..).zip(&chapters) {
        let known = |name: &str| {
            manifest::exercise(name).is_some() || manifest::is_helpers(name)
        };
        let regions = match regions(&text.file, &text.text, known) {
            Ok(regions) => listing::lines(&text.text, source, &regions),
            Err(error) => {
                problems.push(error);
                continue;
            }
        };
        let name = format!("{}.md", text.name);
        let page = Page::new(&shared, &text.file, &name, &text.name);
        let mut page = page.numbered(number).with(regions);
        let content = chapter(&mut page, &text.name, source, &symbols);
        problems.append(&mut page.problems);
        woven.insert(text.name.clone(), content);
    }
    for text in &texts.pages {
        let name = format!("{}.md", text.name);
        let mut page = Page::new(&shared, &text.file, &name, "");
        let prose = Prose {
            text: text.text.clone(),
            line: 1,
        };
        let content =
            page.weave(&prose, Voice::Page) + "\n" + &page.formulas.outlines();
        problems.append(&mut page.problems);
        woven.insert(text.name.clone(), content);
    }
    if problems.is_empty() {
        Ok(woven)
    } else {
        problems.sort();
        Err(problems)
    }
}

/// The `pub use` lines of a root; a root's other items are of no interest.
fn re_exports(root: &str) -> String {
    let lines = root.lines().filter(|line| line.starts_with("pub use "));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// A chapter: its prose, and in a fold all of its file that the prose does not show.
fn chapter(
    page: &mut Page,
    module: &str,
    source: &Source,
    symbols: &Symbols,
) -> String {
    let prose = page.weave(&source.prose, Voice::Page);
    page.check_regions();
    let mut out = with_links_below_title(&prose, module, symbols);
    out += &format!(
        "\n\n{WHOLE}\n\n<details class=\"file\"><summary>Signatures, checks, types and \
         examples: the rest of <code>src/{module}.rs</code></summary>\n\n"
    );
    if !source.imports.is_empty() {
        out += "<div class=\"listing\">\n\n";
        out += &listing::fenced(&source.imports);
        out += "</div>\n\n";
    }
    let mut shown = Shown::new();
    for item in &source.items {
        let place = format!(
            "<a href=\"{}#{}\">src/{module}.rs:{}</a>",
            symbols.source_api(module),
            item.line,
            item.line
        );
        out += &woven_item(page, item, &place, &mut shown);
    }
    out + "</details>\n\n" + &page.formulas.outlines() + "\n"
}

/// The prose with links below its title: to the source, and to the API documentation.
fn with_links_below_title(prose: &str, module: &str, symbols: &Symbols) -> String {
    let (title, rest) = prose.split_once('\n').unwrap_or((prose, ""));
    let (api, code) = (symbols.module_api(module), symbols.source_api(module));
    format!(
        "{title}\n\n<p class=\"elsewhere\"><a href=\"{code}\">src/{module}.rs</a> \
         <a href=\"{api}\">API documentation</a></p>\n\n{rest}"
    )
}

/// An item: heading, prose, listing.
fn woven_item(page: &mut Page, item: &Item, place: &str, shown: &mut Shown) -> String {
    let mut out = format!("### `{}` {{#{}}}\n\n", item.path(), anchor(item));
    if let Some(prose) = &item.prose {
        out += &page.weave(
            prose,
            Voice::Item(item.owner.as_deref().or(Some(&item.name))),
        );
        out += "\n\n";
    }
    out + &listing::listing(&item.code, place, shown)
}
