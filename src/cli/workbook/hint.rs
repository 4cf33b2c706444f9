//! `hint`: from a question to an outline.

use super::names;
use super::place::Workbook;
use super::snapshot::Snapshot;
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
        let exercises = match &self.name {
            Some(name) => names::exercises(name)?,
            None => EXERCISES.iter().collect(),
        };
        let open = Snapshot::take(&workbook)?.first_open(exercises.iter().copied());
        let exercise = open.or(self.name.is_some().then(|| exercises[0]));
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

/// The next hint of an exercise, or the one of a level, which is remembered as shown.
pub fn lines(
    workbook: &Workbook,
    exercise: &Exercise,
    level: Option<usize>,
) -> Result<Vec<String>, Failure> {
    let most = exercise.hints.len();
    let mut shown = 0;
    let mut was_the_last = false;
    workbook.update(|state| {
        let before = state.hints.entry(exercise.name.to_owned()).or_default();
        was_the_last = level.is_none() && *before == most;
        shown = level.unwrap_or(*before + 1).clamp(1, most);
        *before = shown.max(*before);
    })?;
    let title = styled(HEADING, exercise.name);
    let remark = styled(QUIET, format_args!("hint {shown} of {most}"));
    let mut lines = vec![format!("{title}  {remark}")];
    let hint = exercise.hints[shown - 1].lines();
    lines.extend(
        hint.flat_map(|line| fitted(line, 76))
            .map(|line| format!("  {line}")),
    );
    if was_the_last {
        let name = exercise.name;
        let no_more = format!(
            "  There are no more. `fully-connected give {name}` puts the solution in, and keeps \
             what you wrote."
        );
        lines.push(styled(QUIET, no_more));
    }
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
