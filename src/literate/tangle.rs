//! Tangle: a chapter with stubs for the student's regions, and back.

use super::manifest;
use super::markers::{MarkerError, Region, regions};
use std::collections::HashMap;

const HELPERS_STUB: &str = "// Functions of your own, if you want any, go here.";

/// The chapter `source` with each region replaced by its stub.
///
/// # Errors
///
/// If a marker is damaged, or names no exercise.
pub fn stub(file: &str, source: &str) -> Result<String, MarkerError> {
    replace(file, source, |region, nth| {
        let stub = match manifest::exercise(&region.exercise) {
            Some(exercise) => exercise.stubs.get(nth)?,
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
pub fn solve(file: &str, source: &str, solution: &str) -> Result<String, MarkerError> {
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
) -> Result<String, MarkerError> {
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
) -> Result<HashMap<(String, usize), String>, MarkerError> {
    let numbered = numbered(regions(file, source, is_known)?);
    let bodies = numbered.map(|(region, nth)| {
        let body = source[region.body.clone()].to_owned();
        ((region.exercise, nth), body)
    });
    Ok(bodies.collect())
}

fn is_known(name: &str) -> bool {
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
) -> Result<String, MarkerError> {
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    for (region, nth) in numbered(regions(file, source, is_known)?) {
        let Some(new) = body(&region, nth) else {
            return Err(MarkerError {
                file: file.to_owned(),
                line: region.line,
                problem: format!(
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
