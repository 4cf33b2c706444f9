//! `solution`: the program's solution beside the student's code.

use super::names;
use super::place::Workbook;
use super::snapshot::Snapshot;
use super::standing::Standing;
use crate::cli::failure::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::style::{BAD, GOOD, QUIET, styled, verdict};
use clap::Args;
use fully_connected::literate::manifest::Exercise;
use fully_connected::literate::workbook;
use similar::{ChangeTag, TextDiff};
use std::io::Write;

/// Compare your code with the solution, once yours passes
///
/// Lines with - are yours, lines with + are the solution's.
#[derive(Debug, Args)]
pub struct Solution {
    /// An exercise, or a chapter for all of its exercises
    #[arg(value_name = "EXERCISE")]
    name: String,

    /// Show it even if yours does not pass yet
    #[arg(long)]
    force: bool,
}

impl Solution {
    /// Prints the comparison, or says why not.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        let workbook = Workbook::find()?;
        let exercises = names::exercises(&self.name)?;
        let snapshot = Snapshot::take(&workbook)?;
        let is_open = |exercise: &&&Exercise| {
            !snapshot.standing(exercise).is_done() && !self.force
        };
        if let Some(exercise) = exercises.iter().find(is_open) {
            let text = match snapshot.standing(exercise) {
                Standing::Untested => "has not been tested as it stands",
                _ => "is not solved yet",
            };
            let text = format!("{} {text}", exercise.name);
            writeln!(out, "{}", verdict(false, text))?;
            writeln!(
                out,
                "Let `fully-connected check {0}` test it, or ask for `fully-connected \
                 hint {0}`;\n--force shows the solution now.",
                exercise.name
            )?;
            return Ok(Outcome::NotYet);
        }
        for (i, exercise) in exercises.iter().enumerate() {
            if i > 0 {
                writeln!(out)?;
            }
            let solution = workbook::source(exercise.chapter());
            let (mine, solution) = snapshot
                .sources
                .regions_beside(exercise, solution)
                .map_err(Failure::Unusable)?;
            compare(exercise, &mine, &solution, out)?;
        }
        Ok(Outcome::Done)
    }
}

fn compare(
    exercise: &Exercise,
    mine: &[String],
    solution: &[String],
    out: &mut impl Write,
) -> Result<Outcome, Failure> {
    if mine == solution {
        let text = format!(
            "{}: yours is the solution, letter for letter",
            exercise.name
        );
        writeln!(out, "{}", verdict(true, text))?;
        return Ok(Outcome::Done);
    }
    writeln!(out, "{}  - yours  + the solution", exercise.name)?;
    for (i, (mine, solution)) in mine.iter().zip(solution).enumerate() {
        if i > 0 {
            writeln!(out, "{}", styled(QUIET, "  ⋯"))?;
        }
        for change in TextDiff::from_lines(mine.as_str(), solution).iter_all_changes() {
            let line = change.value().trim_end();
            let line = match change.tag() {
                ChangeTag::Equal => format!("  {line}"),
                ChangeTag::Delete => styled(BAD, format_args!("- {line}")),
                ChangeTag::Insert => styled(GOOD, format_args!("+ {line}")),
            };
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    Ok(Outcome::Done)
}
