//! What the watcher has done in the background at each save: the first open exercise is
//! tested, and the next one as long as they pass.

use super::copy::Purpose;
use super::examine::{Examination, Progress, Report};
use super::judge::Verdict;
use super::place::Workbook;
use super::process::Cancel;
use super::sources::{Sources, Written};
use super::standing::first_open;
use crate::cli::failure::Failure;
use fully_connected::literate::manifest::{EXERCISES, Exercise};
use std::time::{Duration, Instant};

/// What is told while the work goes on.
#[derive(Debug)]
pub enum Note {
    /// It is about this exercise.
    At(&'static Exercise),
    /// Cargo is at that.
    Building(String),
    /// Its chapter's tests have passed, in that time; the rest follows.
    TestsPass(&'static Exercise, Duration),
    /// All have passed, in that time.
    Solved(&'static Exercise, Duration),
}

/// Where the work has come to.
#[derive(Debug)]
pub enum Situation {
    /// Every exercise is done.
    AllDone,
    /// The exercise is to be written.
    ToWrite(&'static Exercise),
    /// It does not compile.
    Errors(Vec<String>),
    /// The exercise does not pass.
    Verdict(&'static Exercise, Verdict, Duration),
    /// A check of everything.
    Report(Report),
}

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// The first open exercise, and those after it while they pass.
    NextExercise,
    /// Everything.
    CheckAll,
}

/// Does it.
pub fn work(
    task: Task,
    workbook: &Workbook,
    time: Duration,
    cancel: &Cancel,
    say: &mut dyn FnMut(Note),
) -> Result<Situation, Failure> {
    let every: Vec<_> = EXERCISES.iter().collect();
    if task == Task::CheckAll {
        let examination = Examination {
            workbook,
            purpose: Purpose::Check,
            exercises: &every,
            time,
            cancel,
        };
        let report = examination.run(&mut |progress| {
            if let Progress::Doing(what) = progress {
                say(Note::Building(what.to_owned()));
            }
        })?;
        return Ok(Situation::Report(report));
    }
    loop {
        let sources = Sources::read(workbook);
        let open = first_open(&every, &sources, &workbook.state()?);
        let Some(exercise) = open else {
            return Ok(Situation::AllDone);
        };
        say(Note::At(exercise));
        let started = Instant::now();
        let examination = Examination {
            workbook,
            purpose: Purpose::Watch,
            exercises: &[exercise],
            time,
            cancel,
        };
        let report = examination.run(&mut |progress| match progress {
            Progress::Doing(what) => say(Note::Building(what.to_owned())),
            Progress::TestsPass => say(Note::TestsPass(exercise, started.elapsed())),
        })?;
        if !report.errors.is_empty() {
            return Ok(Situation::Errors(report.errors));
        }
        let verdict = report.verdicts.into_iter().next();
        let (_, verdict) = verdict.expect("the exercise was examined");
        if !verdict.is_done() {
            if sources.written(exercise) == Written::Not {
                return Ok(Situation::ToWrite(exercise));
            }
            return Ok(Situation::Verdict(exercise, verdict, started.elapsed()));
        }
        say(Note::Solved(exercise, started.elapsed()));
    }
}
