//! Listings: the regions that the prose shows where it speaks of them, and the code of an
//! item around them.

use super::source::Source;
use super::symbols::anchor;
use crate::literate::manifest;
use crate::literate::markers::{Region, regions};
use std::collections::HashMap;

/// The lines of a region, as a page shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// The exercise.
    pub exercise: String,
    /// Which of the exercise's regions it is, counted from 1.
    pub nth: usize,
    /// The title.
    pub task: String,
    /// The code, without the indentation that all of it has.
    pub code: String,
    /// The line of the source that holds its first marker, counted from 1.
    pub line: usize,
    /// The item around it: its path and its anchor.
    pub item: Option<(String, String)>,
    /// Whether the page has shown it.
    pub placed: bool,
}

impl Lines {
    /// The name of the listing within its page.
    pub fn id(&self) -> String {
        id(&self.exercise, self.nth)
    }

    /// The listing, as Markdown: open for those who read; the page's switch closes it for
    /// those who write.
    pub fn listing(&self) -> String {
        let (id, task, code) = (self.id(), escaped(&self.task), fenced(&self.code));
        let place = self.item.as_ref().map_or(String::new(), |(path, anchor)| {
            format!(
                "<p class=\"place\">from <a href=\"#{anchor}\"><code>{path}</code></a></p>\n"
            )
        });
        format!(
            "<details class=\"lines\" id=\"{id}\" open>\n<summary><strong>Your part</strong> \
             {task}</summary>\n\n{code}{place}</details>\n\n"
        )
    }
}

/// The regions of a chapter that hold anything, in the order of the source `text`.
pub fn lines(text: &str, source: &Source, regions: &[Region]) -> Vec<Lines> {
    let mut shown = Shown::new();
    let filled = regions.iter().filter(|region| !region.body.is_empty());
    let lines = filled.map(|region| {
        let nth = shown.entry(region.exercise.clone()).or_default();
        *nth += 1;
        let mut before = source.items.iter().rev();
        let around = before.find(|item| item.line <= region.line);
        let code = text[region.body.clone()].split_inclusive('\n');
        let code = code.map(|line| line.strip_prefix(&region.indent).unwrap_or(line));
        Lines {
            exercise: region.exercise.clone(),
            nth: *nth,
            task: task(&region.exercise, *nth).to_owned(),
            code: code.collect(),
            line: region.line,
            item: around.map(|item| (item.path(), anchor(item))),
            placed: false,
        }
    });
    lines.collect()
}

/// The number of regions of each exercise that a page has shown so far.
pub type Shown = HashMap<String, usize>;

/// The code of an item, as Markdown, below a line that says `place`. Its regions stand
/// elsewhere on the page, under a name with their number, so `shown` goes from one listing
/// of a page to the next.
pub fn listing(code: &str, place: &str, shown: &mut Shown) -> String {
    // The markers were checked with the whole source, where the lines are right.
    let regions = regions("", code, |_| true).unwrap_or_default();
    let mut out =
        format!("<div class=\"listing\">\n<p class=\"place\">{place}</p>\n\n");
    let mut at = 0;
    for region in regions {
        let before = &code[at..region.body.start];
        let marker = before.trim_end().rfind('\n').map_or(0, |end| end + 1);
        out += &fenced(&before[..marker]);
        let nth = shown.entry(region.exercise.clone()).or_default();
        *nth += 1;
        let id = id(&region.exercise, *nth);
        let task = escaped(task(&region.exercise, *nth));
        out += &format!(
            "<p class=\"shown\">Shown above: <a href=\"#{id}\">{task}</a></p>\n\n"
        );
        let end = code[region.body.end..].find('\n');
        at = end.map_or(code.len(), |end| region.body.end + end + 1);
    }
    out += &fenced(&code[at..]);
    out + "</div>\n\n"
}

/// The title of an exercise, or of its `nth` region.
fn task(exercise: &str, nth: usize) -> &'static str {
    let exercise = manifest::exercise(exercise);
    exercise.map_or("", |e| e.parts.get(nth - 1).unwrap_or(&e.title))
}

fn id(exercise: &str, nth: usize) -> String {
    let name = exercise.replace("::", "-");
    match nth {
        1 => format!("code-{name}"),
        nth => format!("code-{name}-{nth}"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A block of Rust; nothing if there is nothing in it.
pub fn fenced(code: &str) -> String {
    let code = code.trim_matches('\n');
    if code.is_empty() {
        String::new()
    } else {
        let width = width(code.lines());
        format!("```rust{width}\n{code}\n```\n\n")
    }
}

/// What a block's language is followed by where a line of it is longer than forty
/// characters: `,w48` if the longest has 45 to 48. The style sets it the smaller.
pub fn width<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let columns = lines.map(|line| line.chars().count()).max().unwrap_or(0);
    match columns.next_multiple_of(4).min(100) {
        0..=40 => String::new(),
        columns => format!(",w{columns}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    const CODE: &str = "fn f(x: f64) -> f64 {\n    check(x);\n    // exercise: affine::forward\n    \
                        let y = x;\n    if y { \n        1\n    }\n    // end: affine::forward\n}\n";

    #[test]
    fn the_lines_of_a_region_lose_their_indentation_and_know_their_function() {
        let regions = regions("a.rs", CODE, |_| true).unwrap();
        let lines = lines(CODE, &source::read(CODE), &regions);
        assert_eq!(
            lines[0].listing(),
            "<details class=\"lines\" id=\"code-affine-forward\" open>\n\
             <summary><strong>Your part</strong> out = x·w + b</summary>\n\n\
             ```rust\nlet y = x;\nif y { \n    1\n}\n```\n\n\
             <p class=\"place\">from <a href=\"#f\"><code>f</code></a></p>\n</details>\n\n"
        );
        assert_eq!(lines[0].line, 3);
    }

    #[test]
    fn in_its_function_a_region_is_a_link_to_its_lines() {
        assert_eq!(
            listing(CODE, "a.rs", &mut Shown::new()),
            "<div class=\"listing\">\n<p class=\"place\">a.rs</p>\n\n```rust\nfn f(x: f64) -> f64 {\n    check(x);\n```\n\n\
             <p class=\"shown\">Shown above: <a href=\"#code-affine-forward\">out = x·w + b</a></p>\n\n\
             ```rust\n}\n```\n\n</div>\n\n"
        );
    }

    #[test]
    fn code_without_a_region_is_shown_whole() {
        assert_eq!(
            listing("const N: u8 = 1;\n", "a.rs", &mut Shown::new()),
            "<div class=\"listing\">\n<p class=\"place\">a.rs</p>\n\n\
             ```rust\nconst N: u8 = 1;\n```\n\n</div>\n\n"
        );
    }

    #[test]
    fn each_region_of_an_exercise_has_its_own_title_and_name() {
        let code = "fn f() {\n    // exercise: affine::backward\n    1\n    // end: affine::backward\n}\n";
        let mut shown = Shown::new();
        let first = listing(code, "a.rs", &mut shown);
        let second = listing(code, "a.rs", &mut shown);
        assert!(first.contains("#code-affine-backward\">dw and db from dout</a>"));
        assert!(second.contains("#code-affine-backward-2\">dx from dout and w</a>"));
        let twice = code.repeat(2);
        let regions = regions("a.rs", &twice, |_| true).unwrap();
        let lines = lines(&twice, &source::read(&twice), &regions);
        assert_eq!(lines[1].id(), "code-affine-backward-2");
        assert_eq!(lines[1].task, "dx from dout and w");
    }
}
