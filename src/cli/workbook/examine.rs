//! An examination: exercises built, run and judged. `check` examines a whole workbook or a
//! part of it, `watch` the first open exercise.

use super::cargo::{Built, build};
use super::copy::{Copy, Part, Purpose};
use super::judge::{Verdict, Wrong, failing, judge, judge_given};
use super::place::Workbook;
use super::process::Cancel;
use super::sources::{Sources, Written, not_counted};
use super::trial::{self, Ended, Endings, ExampleEnded};
use crate::cli::failure::Failure;
use fully_connected::literate::manifest::{
    APPENDICES, CHAPTERS, EXERCISES, Exercise, given_tests,
};
use std::path::Path;
use std::time::Duration;

/// Exercises to be examined, and how.
pub struct Examination<'a> {
    /// Their workbook.
    pub workbook: &'a Workbook,
    /// On whose behalf. The watcher builds one chapter's tests alone, and runs the examples
    /// once these pass.
    pub purpose: Purpose,
    /// The exercises; for the watcher, one.
    pub exercises: &'a [&'static Exercise],
    /// The time that a test has.
    pub time: Duration,
    /// Calls the examination off.
    pub cancel: &'a Cancel,
}

/// News of an examination that goes on.
#[derive(Debug)]
pub enum Progress<'a> {
    /// It is at that.
    Doing(&'a str),
    /// The tests have passed; the examples follow.
    TestsPass,
}

/// The findings of an examination.
#[derive(Debug, Default)]
pub struct Report {
    /// How each exercise stands.
    pub verdicts: Vec<(&'static Exercise, Verdict)>,
    /// What the compiler found wrong.
    pub errors: Vec<String>,
    /// What is wrong with what is given.
    pub given: Option<Wrong>,
    /// Tests, data and snapshots that the workbook has otherwise.
    pub not_counted: Vec<String>,
    /// Given code that was changed.
    pub changed: Vec<String>,
}

impl Examination<'_> {
    /// Examines, and remembers the verdicts.
    pub fn run(&self, say: &mut dyn FnMut(Progress<'_>)) -> Result<Report, Failure> {
        let state = self.workbook.state()?;
        let sources = Sources::read(self.workbook);
        let mut report = Report::default();
        if self.purpose == Purpose::Check {
            report.not_counted = not_counted(self.workbook);
            report.changed = sources.given_code_changed(self.workbook);
        }
        let copy = Copy::of(self.workbook, self.purpose);
        say(Progress::Doing("building"));
        let part = match self.purpose {
            Purpose::Check => Part::Whole,
            Purpose::Watch => Part::Chapter(self.exercises[0].chapter()),
        };
        copy.refresh(self.workbook, part)?;
        let progress = &mut |line: &str| say(Progress::Doing(line));
        let program = match build(&copy, self.cancel, progress)? {
            Built::Program(program) => program,
            Built::Errors(errors) => {
                report.errors = errors;
                let untested = self.exercises.iter().map(|e| (*e, Verdict::Untested));
                report.verdicts = untested.collect();
                return Ok(report);
            }
        };
        let bench = Bench {
            copy: &copy,
            program: &program,
            sources: &sources,
        };
        self.judge_on(&bench, &mut report, say)?;
        for (exercise, verdict) in &mut report.verdicts {
            if *verdict == Verdict::Solved && sources.is_given(exercise, &state) {
                *verdict = Verdict::Given;
            }
        }
        let verdicts = report.verdicts.iter();
        self.workbook
            .record(&sources, verdicts.map(|(e, verdict)| (*e, verdict)))?;
        Ok(report)
    }

    fn judge_on(
        &self,
        bench: &Bench,
        report: &mut Report,
        say: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(), Failure> {
        let whole = self.exercises.len() == EXERCISES.len();
        let mut names = bench.tests_of(self.exercises.iter().copied());
        if whole {
            names.extend(given_tests());
        }
        say(Progress::Doing("running the tests"));
        let mut endings = self.tests(bench, &names)?;
        report.verdicts = self
            .exercises
            .iter()
            .map(|exercise| (*exercise, bench.judge(exercise, &endings)))
            .collect();

        let one_passed = report.verdicts.iter().any(|(_, v)| *v == Verdict::Solved);
        if self.purpose == Purpose::Watch {
            if !one_passed {
                return Ok(());
            }
            say(Progress::TestsPass);
        }
        if endings.values().any(without_end) {
            // An example would run into the same loop, and rustdoc keeps all that it
            // prints. What passed its tests alone has not passed.
            for (_, verdict) in &mut report.verdicts {
                if *verdict == Verdict::Solved {
                    *verdict = Verdict::Untested;
                }
            }
            return Ok(());
        }
        let mut examples = Vec::new();
        if whole || one_passed {
            say(Progress::Doing("running the examples"));
            examples = self.examples(bench, whole)?;
        }
        for chapter in self.chapters() {
            let failed = failing_of(&examples, &[chapter]);
            if failed.is_empty() {
                continue;
            }
            if self.another_is_wrong(bench, chapter, report, &mut endings)? {
                continue;
            }
            let count = examples.iter().filter(|e| e.module == chapter).count();
            for (exercise, verdict) in &mut report.verdicts {
                if exercise.chapter() == chapter && *verdict == Verdict::Solved {
                    let of = exercise.tests().len() + count;
                    *verdict = Verdict::Wrong(Wrong::of(&failed, of));
                }
            }
        }
        if whole {
            let given = given_tests();
            let appendices = failing_of(&examples, &APPENDICES);
            report.given = judge_given(&endings, &given, &appendices);
        }
        Ok(())
    }

    /// Whether the tests of some exercise of the chapter fail, so that a failing example
    /// may well be that one's fault and says nothing of the others.
    fn another_is_wrong(
        &self,
        bench: &Bench,
        chapter: &str,
        report: &Report,
        endings: &mut Endings,
    ) -> Result<bool, Failure> {
        let is_wrong = |verdict: &Verdict| matches!(verdict, Verdict::Wrong(_));
        let mut examined = report.verdicts.iter();
        if examined.any(|(e, verdict)| e.chapter() == chapter && is_wrong(verdict)) {
            return Ok(true);
        }
        let examined = |exercise: &Exercise| {
            self.exercises
                .iter()
                .any(|known| known.name == exercise.name)
        };
        let others = EXERCISES
            .iter()
            .filter(|e| e.chapter() == chapter && !examined(e));
        let others: Vec<_> = others.collect();
        let names = bench.tests_of(others.iter().copied());
        endings.extend(self.tests(bench, &names)?);
        Ok(others.iter().any(|e| is_wrong(&bench.judge(e, endings))))
    }

    /// The chapters that the exercises are of, in order.
    fn chapters(&self) -> Vec<&'static str> {
        let mut chapters: Vec<_> = self.exercises.iter().map(|e| e.chapter()).collect();
        chapters.dedup();
        chapters
    }

    fn tests(&self, bench: &Bench, names: &[&str]) -> Result<Endings, Failure> {
        trial::tests(bench.program, bench.copy, names, self.time, self.cancel)
    }

    fn examples(
        &self,
        bench: &Bench,
        whole: bool,
    ) -> Result<Vec<ExampleEnded>, Failure> {
        let modules = if whole {
            CHAPTERS.iter().chain(APPENDICES.iter()).copied().collect()
        } else {
            self.chapters()
        };
        trial::examples(bench.copy, bench.sources, &modules, self.time, self.cancel)
    }
}

/// What an examination works on.
struct Bench<'a> {
    copy: &'a Copy,
    program: &'a Path,
    sources: &'a Sources,
}

impl Bench<'_> {
    /// The tests of those of the exercises that are written, at least in part.
    fn tests_of(
        &self,
        exercises: impl Iterator<Item = &'static Exercise>,
    ) -> Vec<&'static str> {
        let written = exercises.filter(|e| self.sources.written(e) != Written::Not);
        written.flat_map(Exercise::tests).collect()
    }

    fn judge(&self, exercise: &'static Exercise, endings: &Endings) -> Verdict {
        judge(exercise, &self.sources.written(exercise), endings)
    }
}

fn failing_of<'a>(
    examples: &'a [ExampleEnded],
    modules: &[&str],
) -> Vec<(&'a str, &'a Ended)> {
    let of_them = examples.iter().filter(|e| modules.contains(&e.module));
    failing(of_them.map(|e| (e.name.as_str(), &e.ended)))
}

fn without_end(ended: &Ended) -> bool {
    matches!(ended, Ended::TooLong(_) | Ended::TooMuch)
}
