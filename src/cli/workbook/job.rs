//! The work that is done in the background for the watcher: at each save the first open
//! exercise, and the next one as long as they pass; or everything.

use super::copy::Purpose;
use super::examine::{Examination, Progress, Report};
use super::judge::Verdict;
use super::learn::{Student, finale};
use super::place::Workbook;
use super::process::Cancel;
use super::snapshot::Snapshot;
use crate::cli::failure::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::style::Lines;
use fully_connected::literate::manifest::{EXERCISES, Exercise};
use std::time::{Duration, Instant};

/// News of the work while it goes on.
#[derive(Debug)]
pub enum Note {
    /// The work has come to this exercise.
    At(&'static Exercise),
    /// This is being built or run.
    Building(String),
    /// The exercise's tests have passed, in this time; the examples follow.
    TestsPass(&'static Exercise, Duration),
    /// The exercise is solved, after this time.
    Solved(&'static Exercise, Duration),
    /// Every exercise is done, and the student's network learns.
    Learning,
    /// A line of what it does.
    Learned(String),
}

/// The end of the work.
#[derive(Debug)]
pub enum Situation {
    /// Every exercise is done, and the student's network has been at work, or could not be.
    AllDone(Option<Failure>),
    /// The compiler found these errors.
    Errors(Vec<String>),
    /// The exercise is not done, found in this time.
    NotDone(Verdict, Duration),
    /// Everything was checked.
    Report(Report),
}

/// Examines: for `watch` the first open exercise and those after it while they pass,
/// for `check` everything.
pub fn work(
    purpose: Purpose,
    workbook: &Workbook,
    time: Duration,
    cancel: &Cancel,
    say: &mut dyn FnMut(Note),
) -> Result<Situation, Failure> {
    loop {
        let snapshot = Snapshot::take(workbook)?;
        let exercises: Vec<_> = match purpose {
            Purpose::Watch => {
                snapshot.first_open(EXERCISES.iter()).into_iter().collect()
            }
            _ => EXERCISES.iter().collect(),
        };
        let Some(&exercise) = exercises.first() else {
            say(Note::Learning);
            return match learn(workbook, time, cancel, say) {
                Ok(_) => Ok(Situation::AllDone(None)),
                Err(Failure::Interrupted) => Err(Failure::Interrupted),
                Err(failure) => Ok(Situation::AllDone(Some(failure))),
            };
        };
        if purpose == Purpose::Watch {
            say(Note::At(exercise));
        }
        let started = Instant::now();
        let examination = Examination {
            workbook,
            snapshot: &snapshot,
            purpose,
            exercises: &exercises,
            time,
            cancel,
        };
        let mut report = examination.run(&mut |progress| match progress {
            Progress::Doing(what) => say(Note::Building(what.to_owned())),
            Progress::Waiting => {
                say(Note::Building("another check goes on".to_owned()))
            }
            Progress::TestsPass => say(Note::TestsPass(exercise, started.elapsed())),
        })?;
        if purpose == Purpose::Check {
            return Ok(Situation::Report(report));
        }
        if !report.errors.is_empty() {
            return Ok(Situation::Errors(report.errors));
        }
        let verdict = report.verdicts.remove(0);
        if !verdict.standing.is_done() {
            return Ok(Situation::NotDone(verdict, started.elapsed()));
        }
        say(Note::Solved(exercise, started.elapsed()));
    }
}

/// The student's network at work, each line a note.
fn learn(
    workbook: &Workbook,
    time: Duration,
    cancel: &Cancel,
    say: &mut dyn FnMut(Note),
) -> Result<Outcome, Failure> {
    let progress = &mut |what: &str| say(Note::Building(what.to_owned()));
    let student = Student::built(workbook, EXERCISES.iter(), time, cancel, progress)?;
    let student = student.map_err(Failure::Stopped)?;
    let mut out = Lines::new(|line: &str| say(Note::Learned(line.to_owned())));
    finale(student, false, &mut out)
}
