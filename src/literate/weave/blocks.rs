//! Blocks that a book shows in its own way: boxes, a page's question, what an item's
//! documentation says under a heading.

use super::edits::{Edit, Spanned, end_of};
use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};
use std::ops::Range;

/// Blockquotes that are boxes, by the word that they start with.
const BOXES: [(&str, &str); 4] = [
    ("Pitfall", "pitfall"),
    ("You would see", "screen"),
    ("Note", "note"),
    ("Exercise", "exercise"),
];

/// `# Panics` in the documentation of an item, whose own heading is a third: a level
/// below, and no entry of the table of contents.
pub fn section(text: &str, range: &Range<usize>, level: usize) -> Edit {
    let title = text[range.clone()].trim().trim_start_matches('#').trim();
    let level = (level + 3).min(6);
    let heading = format!("<h{level} class=\"aspect\">{title}</h{level}>\n\n");
    (range.clone(), heading)
}

/// The paragraph below a title, if all of it is emphasized: what the page asks.
pub fn question(events: &[Spanned], at: usize) -> Vec<Edit> {
    let title = Event::End(TagEnd::Heading(HeadingLevel::H1));
    let emphasis = Event::Start(Tag::Emphasis);
    let end = end_of(events, at);
    let is_question = events[at - 1].0 == title
        && events
            .get(at + 1)
            .is_some_and(|(event, _)| *event == emphasis)
        && end_of(events, at + 1) + 1 == end;
    if !is_question {
        return Vec::new();
    }
    let range = &events[at].1;
    let open = "<div class=\"question\">\n\n".to_owned();
    let close = "\n\n</div>\n\n".to_owned();
    vec![
        (range.start..range.start, open),
        (range.end..range.end, close),
    ]
}

/// A blockquote that starts with one of the words for boxes.
pub fn boxed(text: &str, range: &Range<usize>) -> Vec<Edit> {
    let quote = &text[range.clone()];
    let said = quote.trim_start_matches(['>', ' ']);
    let kind = BOXES.iter().find(|(word, _)| {
        let rest = said.strip_prefix("**").and_then(|s| s.strip_prefix(word));
        rest.is_some_and(|rest| rest.starts_with(['.', ':']))
    });
    let Some((_, class)) = kind else {
        return Vec::new();
    };
    let mut edits = vec![(
        range.start..range.start,
        format!("<aside class=\"box {class}\">\n\n"),
    )];
    let mut at = range.start;
    for line in quote.split_inclusive('\n') {
        let mark = match line.strip_prefix('>') {
            Some(rest) => 1 + usize::from(rest.starts_with(' ')),
            None => 0,
        };
        edits.push((at..at + mark, String::new()));
        at += line.len();
    }
    edits.push((range.end..range.end, "\n\n</aside>\n\n".to_owned()));
    edits
}

#[cfg(test)]
mod tests {
    use crate::literate::weave::tests::{woven, woven_item};

    #[test]
    fn a_quote_that_starts_with_a_word_for_boxes_is_one() {
        assert_eq!(
            woven("> **Pitfall: x.** One\n> two\n>\n> > three\n\nAfter\n"),
            "<aside class=\"box pitfall\">\n\n**Pitfall: x.** One\ntwo\n\n> three\n\n\n\
             </aside>\n\n\nAfter\n"
        );
        assert!(woven("> **You would see.** x\n").contains("class=\"box screen\""));
        let quote = "> **Notes** are no note\n\n> and this is a quote\n";
        assert_eq!(woven(quote), quote);
    }

    #[test]
    fn an_emphasized_paragraph_below_the_title_is_the_question_of_the_page() {
        assert_eq!(
            woven("# T\n\n*Why\nnot?*\n\n*no*\n"),
            "# T\n\n<div class=\"question\">\n\n*Why\nnot?*\n\n\n</div>\n\n\n*no*\n"
        );
        let text = "# T\n\n*Why* not?\n";
        assert_eq!(woven(text), text);
    }

    #[test]
    fn the_sections_of_an_item_are_below_its_heading() {
        assert_eq!(
            woven_item("A.\n\n# Panics\n\nIf b.\n"),
            "A.\n\n<h4 class=\"aspect\">Panics</h4>\n\n\nIf b.\n"
        );
    }
}
