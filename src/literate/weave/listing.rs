//! Listings: an item's code, with what the student writes folded away.

use crate::literate::manifest;
use crate::literate::markers::regions;
use std::fmt::Write;

/// The code of an item, as Markdown, below a line that says `place`.
pub fn listing(code: &str, place: &str) -> String {
    // The markers were checked with the whole source, where the lines are right.
    let regions = regions("", code, |_| true).unwrap_or_default();
    let mut out =
        format!("<div class=\"listing\">\n<p class=\"place\">{place}</p>\n\n");
    let mut at = 0;
    for region in regions {
        let before = &code[at..region.body.start];
        let marker = before.trim_end().rfind('\n').map_or(0, |end| end + 1);
        out += &fenced(&before[..marker]);
        let task = manifest::exercise(&region.exercise).map_or("", |e| e.title);
        let task = task.replace('&', "&amp;").replace('<', "&lt;");
        let _ = write!(
            out,
            "<div class=\"your-part\">\n<p><strong>Your part</strong> {task}</p>\n\
             <details><summary>Show the solution</summary>\n\n{}</details>\n</div>\n\n",
            fenced(&code[region.body.clone()]),
        );
        let end = code[region.body.end..].find('\n');
        at = end.map_or(code.len(), |end| region.body.end + end + 1);
    }
    out += &fenced(&code[at..]);
    out + "</div>\n\n"
}

/// A block of Rust; nothing if there is nothing in it.
pub fn fenced(code: &str) -> String {
    let code = code.trim_matches('\n');
    match code.is_empty() {
        true => String::new(),
        false => format!("```rust\n{code}\n```\n\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_solution_is_folded_behind_its_task() {
        let code = "fn f(x: f64) -> f64 {\n    check(x);\n    // exercise: affine::forward\n    \
                    x\n    // end: affine::forward\n}\n";
        assert_eq!(
            listing(code, "a.rs"),
            "<div class=\"listing\">\n<p class=\"place\">a.rs</p>\n\n```rust\nfn f(x: f64) -> f64 {\n    check(x);\n```\n\n\
             <div class=\"your-part\">\n<p><strong>Your part</strong> out = x·w + b</p>\n\
             <details><summary>Show the solution</summary>\n\n```rust\n    x\n```\n\n\
             </details>\n</div>\n\n```rust\n}\n```\n\n</div>\n\n"
        );
    }

    #[test]
    fn code_that_is_given_is_shown_whole() {
        assert_eq!(
            listing("const N: u8 = 1;\n", "a.rs"),
            "<div class=\"listing\">\n<p class=\"place\">a.rs</p>\n\n\
             ```rust\nconst N: u8 = 1;\n```\n\n</div>\n\n"
        );
    }
}
