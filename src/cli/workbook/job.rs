//! What the watcher has done in the background at each save: the first open exercise is
//! tested, and the next one as long as they pass.

use super::cargo::{Built, build};
use super::check::{Report, examine, record};
use super::copy::{Copy, Examples, Purpose, of_chapter, of_others, other_chapters};
use super::judge::{Verdict, judge};
use super::place::Workbook;
use super::process::Cancel;
use super::sources::{Sources, Written};
use super::standing::first_open;
use super::trial::{Endings, examples, tests, tests_in};
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
        let progress = &mut |line: &str| say(Note::Building(line.to_owned()));
        let report = examine(workbook, &every, time, cancel, progress)?;
        return Ok(Situation::Report(report));
    }
    loop {
        let sources = Sources::read(workbook);
        let open = first_open(&every, &sources, &workbook.state()?);
        let Some(exercise) = open else {
            return Ok(Situation::AllDone);
        };
        say(Note::At(exercise));
        let trial = Trial {
            exercise,
            copy: Copy::of(workbook, Purpose::Watch),
            written: sources.written(exercise),
            sources,
            started: Instant::now(),
            time,
            cancel,
        };
        if let Some(situation) = trial.run(workbook, say)? {
            return Ok(situation);
        }
    }
}

/// One exercise, put to the test.
struct Trial<'a> {
    exercise: &'static Exercise,
    copy: Copy,
    written: Written,
    sources: Sources,
    started: Instant,
    time: Duration,
    cancel: &'a Cancel,
}

impl Trial<'_> {
    /// Where it ends, unless the exercise is solved.
    fn run(
        &self,
        workbook: &Workbook,
        say: &mut dyn FnMut(Note),
    ) -> Result<Option<Situation>, Failure> {
        let exercise = self.exercise;
        self.copy.refresh(workbook, Examples::Of(exercise))?;
        let mut endings = Endings::new();

        // The chapter's own tests come first, in a program of their own: it is there in
        // half the time.
        let chapter = exercise.chapter();
        match self.build(&of_chapter(chapter), say)? {
            // Built all the same: what takes long the first time is then out of the way.
            Built::Program(_) if self.written == Written::Not => {
                return Ok(Some(Situation::ToWrite(exercise)));
            }
            Built::Program(program) => {
                let names = tests_in(exercise, chapter);
                endings.extend(self.tests(&program, &names)?);
            }
            Built::Errors(errors) => return Ok(Some(Situation::Errors(errors))),
        }
        let verdict = judge(exercise, &self.written, &endings);
        if verdict != Verdict::Solved {
            return self.ends_with(workbook, verdict).map(Some);
        }
        say(Note::TestsPass(exercise, self.started.elapsed()));

        let others = other_chapters(exercise);
        if !others.is_empty() {
            match self.build(&of_others(exercise), say)? {
                Built::Program(program) => {
                    let names = others.iter().flat_map(|c| tests_in(exercise, c));
                    let names: Vec<_> = names.collect();
                    endings.extend(self.tests(&program, &names)?);
                }
                Built::Errors(errors) => return Ok(Some(Situation::Errors(errors))),
            }
        }
        let doc = exercise.tests.doc;
        endings.extend(examples(
            &self.copy,
            &self.sources,
            doc,
            self.time,
            self.cancel,
        )?);
        let verdict = judge(exercise, &self.written, &endings);
        if verdict != Verdict::Solved {
            return self.ends_with(workbook, verdict).map(Some);
        }
        record(workbook, &self.sources, [(exercise, &verdict)].into_iter())?;
        say(Note::Solved(exercise, self.started.elapsed()));
        Ok(None)
    }

    fn build(
        &self,
        program: &str,
        say: &mut dyn FnMut(Note),
    ) -> Result<Built, Failure> {
        let progress = &mut |line: &str| say(Note::Building(line.to_owned()));
        build(&self.copy, program, self.cancel, progress)
    }

    fn tests(
        &self,
        program: &std::path::Path,
        names: &[&str],
    ) -> Result<Endings, Failure> {
        tests(program, &self.copy, names, self.time, self.cancel)
    }

    fn ends_with(
        &self,
        workbook: &Workbook,
        verdict: Verdict,
    ) -> Result<Situation, Failure> {
        let of = [(self.exercise, &verdict)];
        record(workbook, &self.sources, of.into_iter())?;
        let took = self.started.elapsed();
        Ok(Situation::Verdict(self.exercise, verdict, took))
    }
}
