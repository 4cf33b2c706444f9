//! The marked regions of a chapter: the lines that a student writes.
//!
//! A region stands between two comments, each on a line of its own, and takes the
//! indentation of the first:
//!
//! ```text
//!     // exercise: affine::forward
//!     let out = x.dot(w) + b;
//!     (out, Cache { rows: x, shape })
//!     // end: affine::forward
//! ```
//!
//! The markers are found as text, and not by a parser that prints what it has read, so that
//! comments and layout survive. An exercise may have several regions; a region has no other
//! inside.

use super::problem::Problem;
use std::ops::Range;

const BEGIN: &str = "// exercise:";
const END: &str = "// end:";

/// The lines of one region, without its markers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// The exercise that the markers name.
    pub exercise: String,
    /// The bytes of the source between the two marker lines.
    pub body: Range<usize>,
    /// The white space before the first marker.
    pub indent: String,
    /// The line of the first marker, counted from 1.
    pub line: usize,
}

/// The regions of `source` in order. `file` is for messages; `known` says which exercises
/// there are.
///
/// # Errors
///
/// A nested, unclosed, unopened or unknown marker, with file and line.
pub fn regions(
    file: &str,
    source: &str,
    known: impl Fn(&str) -> bool,
) -> Result<Vec<Region>, Problem> {
    let (regions, damage) = sound_regions(source, known);
    match damage.into_iter().next() {
        None => Ok(regions),
        Some(Damage { line, what, .. }) => Err(Problem {
            file: file.to_owned(),
            line,
            what,
        }),
    }
}

/// A marker without its counterpart, or in the wrong place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The exercises whose regions nobody can tell because of it.
    pub exercises: Vec<String>,
    /// The line, counted from 1.
    pub line: usize,
    /// A sentence about what is wrong there.
    pub what: String,
}

/// The regions of `source` whose two markers belong together, in order, and what is wrong
/// with the other markers.
pub fn sound_regions(
    source: &str,
    known: impl Fn(&str) -> bool,
) -> (Vec<Region>, Vec<Damage>) {
    let mut regions: Vec<Region> = Vec::new();
    let mut damage = Vec::new();
    let mut open: Option<Region> = None;
    let mut at = 0;
    for (number, text) in source.split_inclusive('\n').enumerate() {
        let line = number + 1;
        let mut fail = |exercises: &[&str], what: String| {
            damage.push(Damage {
                exercises: exercises.iter().map(|&name| name.to_owned()).collect(),
                line,
                what,
            });
        };
        let (start, end) = (at, at + text.len());
        at = end;
        let trimmed = text.trim();
        if let Some(name) = trimmed.strip_prefix(BEGIN) {
            let name = name.trim();
            if let Some(outer) = &open {
                let what = format!(
                    "exercise `{name}` begins inside `{}`, which began at line {} \
                     and has no end",
                    outer.exercise, outer.line
                );
                fail(&[&outer.exercise], what);
            }
            if !known(name) {
                fail(&[name], format!("there is no exercise `{name}`"));
            }
            let indent = &text[..text.len() - text.trim_start().len()];
            open = Some(Region {
                exercise: name.to_owned(),
                body: end..end,
                indent: indent.to_owned(),
                line,
            });
        } else if let Some(name) = trimmed.strip_prefix(END) {
            let name = name.trim();
            match open.take() {
                Some(mut region) if region.exercise == name => {
                    region.body.end = start;
                    regions.push(region);
                }
                Some(region) => {
                    let what = format!(
                        "`{name}` ends here, but `{}` began at line {}",
                        region.exercise, region.line
                    );
                    fail(&[&region.exercise, name], what);
                }
                None => {
                    fail(&[name], format!("`{name}` ends here and has not begun"));
                }
            }
        }
    }
    if let Some(region) = open {
        damage.push(Damage {
            line: region.line,
            what: format!("exercise `{}` has no end", region.exercise),
            exercises: vec![region.exercise],
        });
    }
    (regions, damage)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Result<Vec<Region>, String> {
        regions("a.rs", source, |name| name.starts_with("a::"))
            .map_err(|e| e.to_string())
    }

    #[test]
    fn finds_the_body_between_the_markers() {
        let source = "fn f() {\n    // exercise: a::f\n    1\n    // end: a::f\n}\n";
        let regions = read(source).unwrap();
        assert_eq!(regions.len(), 1);
        assert_eq!(regions[0].exercise, "a::f");
        assert_eq!(&source[regions[0].body.clone()], "    1\n");
        assert_eq!(regions[0].indent, "    ");
        assert_eq!(regions[0].line, 2);
    }

    #[test]
    fn an_exercise_may_have_several_regions_and_an_empty_one() {
        let source =
            "// exercise: a::f\n// end: a::f\n// exercise: a::f\n2\n// end: a::f";
        let regions = read(source).unwrap();
        let bodies = regions.iter().map(|r| &source[r.body.clone()]);
        assert_eq!(bodies.collect::<Vec<_>>(), ["", "2\n"]);
    }

    #[test]
    fn says_where_a_marker_is_nested_unclosed_unopened_crossed_or_unknown() {
        let cases = [
            (
                "// exercise: a::f\n// exercise: a::g\n",
                "a.rs:2: exercise `a::g` begins inside `a::f`, which began at line 1 and \
                 has no end",
            ),
            (
                "\n// exercise: a::f\n",
                "a.rs:2: exercise `a::f` has no end",
            ),
            (
                "// end: a::f\n",
                "a.rs:1: `a::f` ends here and has not begun",
            ),
            (
                "// exercise: a::f\n\n// end: a::g\n",
                "a.rs:3: `a::g` ends here, but `a::f` began at line 1",
            ),
            ("// exercise: b::f\n", "a.rs:1: there is no exercise `b::f`"),
        ];
        for (source, message) in cases {
            assert_eq!(read(source).unwrap_err(), message);
        }
    }

    #[test]
    fn beside_a_damaged_marker_the_sound_regions_are_found() {
        let source = "// exercise: a::f\n1\n// exercise: a::g\n2\n// end: a::g\n\
                      // end: a::f\n// exercise: a::h\n3\n// end: a::h\n";
        let (regions, damage) = sound_regions(source, |_| true);
        let found = regions.iter().map(|r| &source[r.body.clone()]);
        assert_eq!(found.collect::<Vec<_>>(), ["2\n", "3\n"]);
        assert!(damage.iter().all(|damage| damage.exercises == ["a::f"]));
        assert_eq!(damage.len(), 2);
    }
}
