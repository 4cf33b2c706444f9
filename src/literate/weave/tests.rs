//! A page of one text, for the tests of all that a page is woven by.

use super::markdown::{Page, Shared, Voice};
use super::source::{self, Prose};
use super::symbols::Symbols;
use crate::literate::problem::Problem;
use std::collections::HashMap;

/// A text woven, and the problems with it.
fn weave(text: &str, voice: Voice, repository: &str) -> (String, Vec<String>) {
    let mut symbols = Symbols::new("api/");
    let source = source::read("pub fn forward() {}\n");
    symbols.add_chapter("affine", &source);
    let svg = "<svg role=\"img\"><title id=\"one-t\">T</title></svg>";
    let shared = Shared {
        repository,
        symbols: &symbols,
        pages: &["affine.md".to_owned()],
        figures: &HashMap::from([
            ("one".to_owned(), svg.to_owned()),
            ("two".to_owned(), svg.replace("one-", "two-")),
            ("two.html".to_owned(), "<div>play</div>\n".to_owned()),
        ]),
    };
    let prose = Prose {
        text: text.to_owned(),
        line: 1,
    };
    let mut page = Page::new(&shared, "a.md", "a.md", "").numbered(3);
    let woven = page.weave(&prose, voice);
    let problems = page.problems.iter().map(Problem::to_string);
    (woven, problems.collect())
}

/// The Markdown that a page's text becomes.
pub fn woven(text: &str) -> String {
    let (woven, problems) = weave(text, Voice::Page, "");
    assert_eq!(problems, [""; 0]);
    woven
}

/// The Markdown of a page's text where the repository has an address.
pub fn woven_from(repository: &str, text: &str) -> String {
    weave(text, Voice::Page, repository).0
}

/// The Markdown that an item's documentation becomes.
pub fn woven_item(text: &str) -> String {
    let (woven, problems) = weave(text, Voice::Item(None), "");
    assert_eq!(problems, [""; 0]);
    woven
}

/// The one thing that is wrong with a text.
pub fn problem(text: &str) -> String {
    let (_, mut problems) = weave(text, Voice::Page, "");
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.remove(0)
}
