//! Tangle: a chapter with stubs for the student's regions, and back.

use super::manifest;
use super::markers::{Region, regions};
use super::problem::Problem;
use std::collections::HashMap;

const HELPERS_STUB: &str = "// Functions of your own, if you want any, go here.";

/// The chapter `source` with each region replaced by its stub.
///
/// # Errors
///
/// If a marker is damaged, or names no exercise.
pub fn stub(file: &str, source: &str) -> Result<String, Problem> {
    replace(file, source, |region, nth| {
        let stub = match manifest::exercise(&region.exercise) {
            Some(exercise) => exercise.stubs.get(nth).copied()?,
            None => HELPERS_STUB,
        };
        Some(indented(stub, &region.indent))
    })
}

/// The chapter `source` with each region's body taken from the same region of `solution`.
///
/// # Errors
///
/// If a marker of either is damaged, or `solution` lacks a region.
pub fn solve(file: &str, source: &str, solution: &str) -> Result<String, Problem> {
    transplant(file, source, solution, |_| true)
}

/// As [`solve`], for the regions of those exercises only that `wanted` names.
///
/// # Errors
///
/// As [`solve`].
pub fn transplant(
    file: &str,
    source: &str,
    donor: &str,
    wanted: impl Fn(&str) -> bool,
) -> Result<String, Problem> {
    let bodies = bodies(file, donor)?;
    replace(file, source, |region, nth| {
        if !wanted(&region.exercise) {
            return Some(source[region.body.clone()].to_owned());
        }
        bodies.get(&(region.exercise.clone(), nth)).cloned()
    })
}

/// The bodies of all regions, by exercise and by number within it, from 0.
///
/// # Errors
///
/// If a marker is damaged.
pub fn bodies(
    file: &str,
    source: &str,
) -> Result<HashMap<(String, usize), String>, Problem> {
    let numbered = numbered(regions(file, source, is_known)?);
    let bodies = numbered.map(|(region, nth)| {
        let body = source[region.body.clone()].to_owned();
        ((region.exercise, nth), body)
    });
    Ok(bodies.collect())
}

/// The chapter `source` without the bodies of its regions, but for those that `kept` names.
///
/// # Errors
///
/// If a marker is damaged.
pub fn skeleton(
    file: &str,
    source: &str,
    kept: impl Fn(&str) -> bool,
) -> Result<String, Problem> {
    replace(file, source, |region, _| {
        let body = &source[region.body.clone()];
        Some(if kept(&region.exercise) {
            body.to_owned()
        } else {
            String::new()
        })
    })
}

/// The lines of `source` outside its regions, each with its number, counted from 1.
///
/// # Errors
///
/// If a marker is damaged.
pub fn given_lines<'a>(
    file: &str,
    source: &'a str,
) -> Result<Vec<(usize, &'a str)>, Problem> {
    let regions = regions(file, source, is_known)?;
    let mut at = 0;
    let mut lines = Vec::new();
    for (number, line) in source.split_inclusive('\n').enumerate() {
        if !regions.iter().any(|region| region.body.contains(&at)) {
            lines.push((number + 1, line.trim_end()));
        }
        at += line.len();
    }
    Ok(lines)
}

/// Whether that is the name of an exercise or of a chapter's helpers.
pub fn is_known(name: &str) -> bool {
    manifest::exercise(name).is_some() || manifest::is_helpers(name)
}

/// Each region with its number among the regions of its exercise, from 0.
fn numbered(regions: Vec<Region>) -> impl Iterator<Item = (Region, usize)> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    regions.into_iter().map(move |region| {
        let count = seen.entry(region.exercise.clone()).or_default();
        *count += 1;
        (region, *count - 1)
    })
}

fn replace(
    file: &str,
    source: &str,
    body: impl Fn(&Region, usize) -> Option<String>,
) -> Result<String, Problem> {
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    for (region, nth) in numbered(regions(file, source, is_known)?) {
        let Some(new) = body(&region, nth) else {
            return Err(Problem {
                file: file.to_owned(),
                line: region.line,
                what: format!(
                    "region {} of `{}` has no counterpart",
                    nth + 1,
                    region.exercise
                ),
            });
        };
        out += &source[at..region.body.start];
        out += &new;
        at = region.body.end;
    }
    out += &source[at..];
    Ok(out)
}

/// `text` with `indent` before each line that is not empty.
fn indented(text: &str, indent: &str) -> String {
    let line = |line: &str| match line {
        "" => "\n".to_owned(),
        line => format!("{indent}{line}\n"),
    };
    text.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::literate::carried::source;
    use crate::literate::manifest::{CHAPTERS, EXERCISES};

    fn chapters() -> impl Iterator<Item = (&'static str, &'static str)> {
        CHAPTERS.iter().map(|chapter| (*chapter, source(chapter)))
    }

    #[test]
    fn a_solved_stub_is_the_source() {
        for (chapter, source) in chapters() {
            let stubbed = stub(chapter, source).unwrap();
            assert_ne!(stubbed, source);
            assert_eq!(solve(chapter, &stubbed, source).unwrap(), source);
        }
    }

    #[test]
    fn every_exercise_has_its_regions_in_its_chapter_and_a_title_and_a_stub_for_each() {
        let regions: Vec<_> = chapters()
            .flat_map(|(chapter, source)| bodies(chapter, source).unwrap())
            .map(|((exercise, _), _)| exercise)
            .collect();
        for exercise in EXERCISES.iter() {
            let found = regions.iter().filter(|name| *name == exercise.name);
            assert_eq!(found.count(), exercise.stubs.len(), "{}", exercise.name);
            let several = exercise.stubs.len() > 1;
            let parts = if several { exercise.stubs.len() } else { 0 };
            assert_eq!(exercise.parts.len(), parts, "{}", exercise.name);
        }
    }

    #[test]
    fn a_stub_begins_its_message_with_its_name() {
        for exercise in EXERCISES.iter() {
            for stub in &exercise.stubs {
                let message = stub.split_once("todo!(").map_or("", |(_, rest)| rest);
                let message = message.trim_start().trim_start_matches('"');
                let begin = format!("{}: ", exercise.name);
                assert!(message.starts_with(&begin), "no {begin:?} begins: {stub}");
            }
        }
    }

    #[test]
    fn one_exercise_alone_can_be_solved() {
        let source = source("relu");
        let stubbed = stub("relu", source).unwrap();
        let half = transplant("relu", &stubbed, source, |e| e == "relu::forward");
        let half = half.unwrap();
        assert!(!half.contains("todo!(\n        \"relu::forward"));
        assert!(half.contains("todo!(\n        \"relu::backward"));
    }

    #[test]
    fn a_region_that_the_donor_lacks_is_an_error_with_its_line() {
        let source = "fn f() {\n// exercise: relu::forward\n// end: relu::forward\n}\n";
        let error = solve("relu.rs", source, "").unwrap_err();
        assert_eq!(
            error.to_string(),
            "relu.rs:2: region 1 of `relu::forward` has no counterpart"
        );
    }
}
