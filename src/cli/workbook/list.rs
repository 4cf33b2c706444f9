//! `list`: every exercise and its standing.

use super::place::Workbook;
use super::snapshot::Snapshot;
use super::standing::Standing;
use crate::cli::failure::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::style::{BRIGHT, QUIET, styled};
use clap::Args;
use fully_connected::literate::manifest::Exercise;
use std::io::Write;

/// List the exercises and how each stands
///
/// An exercise is shown as solved or wrong if the last check or the watcher found so and
/// it was not changed since; otherwise it is shown as not tested.
#[derive(Debug, Args)]
pub struct List {}

impl List {
    /// Prints the list.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        let workbook = Workbook::find()?;
        for line in lines(&Snapshot::take(&workbook)?) {
            writeln!(out, "{line}")?;
        }
        Ok(Outcome::Done)
    }
}

/// The list, line by line.
pub fn lines(snapshot: &Snapshot) -> Vec<String> {
    let standings = snapshot.all();
    let is_done = |(_, standing): &&(&Exercise, Standing)| standing.is_done();
    let next = standings.iter().find(|exercise| !is_done(exercise));
    let mut lines = Vec::new();
    for (exercise, standing) in &standings {
        let is_next = next.is_some_and(|(next, _)| next.name == exercise.name);
        let mark = styled(BRIGHT, if is_next { "→" } else { " " });
        let mut line = format!("{mark} {}", standing.line(exercise));
        if let Some(number) = snapshot.sources.line(exercise)
            && has_room(standing)
        {
            let place = format_args!("  src/{}.rs:{number}", exercise.chapter());
            line += &styled(QUIET, place);
        }
        lines.push(line);
    }
    let is_lost = |(_, standing): &(_, Standing)| matches!(standing, Standing::Lost(_));
    if standings.iter().any(is_lost) {
        lines.push(String::new());
        lines.extend(ABOUT_MARKERS.lines().map(str::to_owned));
    }
    let done = standings.iter().filter(is_done).count();
    lines.push(String::new());
    lines.push(format!("{done} of {} done", standings.len()));
    lines
}

const ABOUT_MARKERS: &str = "\
The comments `// exercise: …` and `// end: …` say which lines are yours. Put back the one
that is missing, each on a line of its own; or `fully-connected reset CHAPTER` makes the
chapter anew, and keeps what you have in .backups.";

/// Whether a line of 80 columns has room for a place too, and a student needs it.
fn has_room(standing: &Standing) -> bool {
    matches!(
        standing,
        Standing::Open | Standing::Wrong | Standing::Untested
    )
}
