//! Edits of a text: what the parser found in it, and what is to stand there instead.

use pulldown_cmark::Event;
use std::ops::Range;

/// The text that replaces a range of the source.
pub type Edit = (Range<usize>, String);
/// An event of the parser, and where it stands.
pub type Spanned<'t> = (Event<'t>, Range<usize>);

/// The index of the event that ends what begins at `start`.
pub fn end_of(events: &[Spanned], start: usize) -> usize {
    let mut depth = 0;
    let end = events[start..].iter().position(|(event, _)| {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    start + end.unwrap_or(events.len() - 1 - start)
}

/// The line of the byte `at` in a text whose first line has the number `first`.
pub fn line_of(text: &str, at: usize, first: usize) -> usize {
    first + text[..at].matches('\n').count()
}

/// The text with its edits, outer ones before those inside them.
pub fn applied(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::with_capacity(text.len() * 2);
    let mut at = 0;
    for (range, new) in edits {
        if range.start < at {
            continue;
        }
        out += &text[at..range.start];
        out += &new;
        at = range.end;
    }
    out + &text[at..]
}
