//! `hint`: from a question to an outline.

use super::names;
use super::place::Workbook;
use super::sources::Sources;
use super::standing::first_open;
use crate::cli::failure::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::style::{HEADING, QUIET, styled, verdict};
use clap::Args;
use fully_connected::literate::manifest::{EXERCISES, Exercise};
use std::io::Write;

/// Show a hint: first a question, then the formula, then an outline with shapes
///
/// Each call for the same exercise goes one level further.
#[derive(Debug, Args)]
pub struct Hint {
    /// An exercise, or a chapter for its first open one [default: the first open one]
    #[arg(value_name = "EXERCISE")]
    name: Option<String>,

    /// The level to show, whatever was shown before
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=3))]
    level: Option<u8>,
}

impl Hint {
    /// Prints a hint.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        let workbook = Workbook::find()?;
        let state = workbook.state()?;
        let sources = Sources::read(&workbook);
        let exercise = match &self.name {
            Some(name) => Some(names::exercise(name, |of_chapter| {
                first_open(of_chapter, &sources, &state).or(of_chapter.first().copied())
            })?),
            None => {
                let every: Vec<_> = EXERCISES.iter().collect();
                first_open(&every, &sources, &state)
            }
        };
        let Some(exercise) = exercise else {
            writeln!(out, "{}", verdict(true, "every exercise is done; name one"))?;
            return Ok(Outcome::Done);
        };
        for line in lines(&workbook, exercise, self.level.map(usize::from))? {
            writeln!(out, "{line}")?;
        }
        Ok(Outcome::Done)
    }
}

/// The next hint of an exercise, or that of a level; it is remembered as shown.
pub fn lines(
    workbook: &Workbook,
    exercise: &Exercise,
    level: Option<usize>,
) -> Result<Vec<String>, Failure> {
    let most = exercise.hints.len();
    let shown = workbook
        .state()?
        .hints
        .get(exercise.name)
        .copied()
        .unwrap_or(0);
    let level = level.unwrap_or(shown + 1).clamp(1, most);
    workbook.update(|state| {
        let shown = state.hints.entry(exercise.name.to_owned()).or_default();
        *shown = (*shown).max(level);
    })?;
    let title = styled(HEADING, exercise.name);
    let remark = styled(QUIET, format_args!("hint {level} of {most}"));
    let mut lines = vec![format!("{title}  {remark}")];
    let hint = exercise.hints[level - 1].lines();
    lines.extend(
        hint.flat_map(|line| fitted(line, 76))
            .map(|line| format!("  {line}")),
    );
    Ok(lines)
}

/// A line of prose broken to a width. A line of code, which is indented or made of columns,
/// is left as it is.
fn fitted(line: &str, width: usize) -> Vec<String> {
    if line.starts_with(' ') || line.contains("  ") {
        return vec![line.to_owned()];
    }
    let broken = textwrap::wrap(line, width);
    broken.into_iter().map(|line| line.into_owned()).collect()
}
