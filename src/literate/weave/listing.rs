//! Listings: an item's code, with what the student writes folded away.

use crate::literate::manifest;
use crate::literate::markers::regions;
use std::collections::HashMap;
use std::fmt::Write;

/// The number of regions of each exercise that a page has shown so far.
pub type Shown = HashMap<String, usize>;

/// The code of an item, as Markdown, below a line that says `place`. Each region stands
/// under its own title, so `shown` goes from one listing of a page to the next.
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
        let exercise = manifest::exercise(&region.exercise);
        let nth = shown.entry(region.exercise).or_default();
        let task = exercise.map_or("", |e| e.parts.get(*nth).unwrap_or(&e.title));
        *nth += 1;
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
    if code.is_empty() {
        String::new()
    } else {
        format!("```rust\n{code}\n```\n\n")
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
            listing(code, "a.rs", &mut Shown::new()),
            "<div class=\"listing\">\n<p class=\"place\">a.rs</p>\n\n```rust\nfn f(x: f64) -> f64 {\n    check(x);\n```\n\n\
             <div class=\"your-part\">\n<p><strong>Your part</strong> out = x·w + b</p>\n\
             <details><summary>Show the solution</summary>\n\n```rust\n    x\n```\n\n\
             </details>\n</div>\n\n```rust\n}\n```\n\n</div>\n\n"
        );
    }

    #[test]
    fn code_that_is_given_is_shown_whole() {
        assert_eq!(
            listing("const N: u8 = 1;\n", "a.rs", &mut Shown::new()),
            "<div class=\"listing\">\n<p class=\"place\">a.rs</p>\n\n\
             ```rust\nconst N: u8 = 1;\n```\n\n</div>\n\n"
        );
    }

    #[test]
    fn each_region_of_an_exercise_stands_under_its_own_title() {
        let code =
            "    // exercise: affine::backward\n    1\n    // end: affine::backward\n";
        let mut shown = Shown::new();
        let first = listing(code, "a.rs", &mut shown);
        let second = listing(code, "a.rs", &mut shown);
        assert!(first.contains("<strong>Your part</strong> dw and db from dout</p>"));
        assert!(second.contains("<strong>Your part</strong> dx from dout and w</p>"));
    }
}
