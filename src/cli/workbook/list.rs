//! `list`: every exercise, and how it stands.

use super::place::{State, Workbook};
use super::sources::Sources;
use super::standing::{Standing, all};
use crate::cli::failure::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::style::{BAD, BRIGHT, GOOD, QUIET, styled};
use anstyle::Style;
use clap::Args;
use fully_connected::literate::manifest::Exercise;
use std::io::Write;

/// List the exercises and how each stands
///
/// What is shown as solved or wrong is what the last check or the watcher found, if the
/// exercise was not changed since; otherwise it is shown as not tested.
#[derive(Debug, Args)]
pub struct List {}

impl List {
    /// Prints the list.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        let workbook = Workbook::find()?;
        let state = workbook.state()?;
        for line in lines(&Sources::read(&workbook), &state) {
            writeln!(out, "{line}")?;
        }
        Ok(Outcome::Done)
    }
}

/// The list, line by line.
pub fn lines(sources: &Sources, state: &State) -> Vec<String> {
    let standings = all(sources, state);
    let next = standings
        .iter()
        .position(|(_, standing)| !standing.is_done());
    let mut lines = Vec::new();
    for (i, (exercise, standing)) in standings.iter().enumerate() {
        let mark = if Some(i) == next { "→" } else { " " };
        lines.push(line(mark, exercise, standing, sources));
    }
    let done = standings
        .iter()
        .filter(|(_, standing)| standing.is_done())
        .count();
    lines.push(String::new());
    lines.push(format!("{done} of {} done", standings.len()));
    lines
}

fn line(
    mark: &str,
    exercise: &Exercise,
    standing: &Standing,
    sources: &Sources,
) -> String {
    let (style, sign, text) = described(standing);
    let mark = styled(BRIGHT, mark);
    let sign = styled(style, format_args!("{sign} {:<36}", exercise.name));
    let place = match sources.line(exercise) {
        Some(line) if has_room(standing) => styled(
            QUIET,
            format_args!("  src/{}.rs:{line}", exercise.chapter()),
        ),
        _ => String::new(),
    };
    format!("{mark} {sign} {text}{place}")
}

/// Whether a line of 80 columns has room for a place too, and a student needs it.
fn has_room(standing: &Standing) -> bool {
    matches!(
        standing,
        Standing::Open | Standing::Wrong | Standing::Untested
    )
}

/// A style, a sign and words for how an exercise stands.
pub fn described(standing: &Standing) -> (Style, &'static str, String) {
    let plain = Style::new();
    match standing {
        Standing::Solved => (GOOD, "✓", "solved".to_owned()),
        Standing::Given => (GOOD, "◆", "given".to_owned()),
        Standing::Open => (plain, "○", "open".to_owned()),
        Standing::Waiting(other) => (BRIGHT, "…", format!("waiting for {other}")),
        Standing::Wrong => (BAD, "✗", "wrong".to_owned()),
        Standing::Untested => (plain, "?", "not tested".to_owned()),
        Standing::Lost(problem) => (BAD, "!", problem.clone()),
    }
}
