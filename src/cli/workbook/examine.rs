//! An examination: exercises built, run and judged. `check` examines a whole workbook or a
//! part of it, `watch` the first open exercise.

use super::cargo::{Built, build};
use super::copy::{Copy, Part, Purpose};
use super::judge::{Verdict, Wrong, failing, judge, judge_given};
use super::lock::Lock;
use super::place::Workbook;
use super::process::Cancel;
use super::snapshot::Snapshot;
use super::sources::not_counted;
use super::standing::Standing;
use super::trial::{self, Ended, Endings, ExampleEnded};
use crate::cli::failure::Failure;
use fully_connected::literate::manifest::{
    APPENDICES, EXERCISES, Exercise, given_tests,
};
use std::time::Duration;

/// Exercises to be examined, and how.
pub struct Examination<'a> {
    /// Their workbook.
    pub workbook: &'a Workbook,
    /// The workbook as it is read once for the examination.
    pub snapshot: &'a Snapshot,
    /// The command that asks for it. The watcher builds one chapter's tests alone, and runs
    /// the examples once these pass.
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
    /// This goes on.
    Doing(&'a str),
    /// Another check goes on, and this one waits for its end.
    Waiting,
    /// The tests have passed; the examples follow.
    TestsPass,
}

/// The findings of an examination.
#[derive(Debug, Default)]
pub struct Report {
    /// The verdict on each exercise.
    pub verdicts: Vec<Verdict>,
    /// The compiler's errors.
    pub errors: Vec<String>,
    /// Where there are such errors, the exercises that were checked before, are done, and
    /// have not been changed since.
    pub still_done: Vec<(&'static Exercise, Standing)>,
    /// The failure of given code, if it fails.
    pub given: Option<Wrong>,
    /// Tests, data, snapshots and settings that are not as they were made.
    pub not_counted: Vec<String>,
    /// The places where given code was changed.
    pub changed: Vec<String>,
}

/// The words for that many errors of the compiler, which follow.
pub fn does_not_compile(errors: usize) -> String {
    match errors {
        0 | 1 => "it does not compile".to_owned(),
        _ => format!("it does not compile: {errors} errors"),
    }
}

impl Examination<'_> {
    /// Examines, and remembers the verdicts.
    pub fn run(&self, say: &mut dyn FnMut(Progress<'_>)) -> Result<Report, Failure> {
        let sources = &self.snapshot.sources;
        let mut report = Report::default();
        if self.purpose == Purpose::Check {
            report.not_counted = not_counted(self.workbook);
            report.changed = sources.given_code_changed(self.workbook);
        }
        let wait = &mut || say(Progress::Waiting);
        let _alone = match self.purpose {
            Purpose::Check => {
                Some(Lock::of("check", self.workbook, self.cancel, wait)?)
            }
            // The watcher has its own for as long as it runs.
            Purpose::Watch => None,
            // Its folder is nobody else's, and a `learn` takes its own.
            Purpose::Submission | Purpose::Learn => None,
        };
        let copy = Copy::of(self.workbook, self.purpose);
        say(Progress::Doing("building"));
        let part = match self.purpose {
            Purpose::Watch => Part::Chapter(self.exercises[0].chapter()),
            Purpose::Check | Purpose::Learn | Purpose::Submission => Part::Whole,
        };
        copy.refresh(self.workbook, part)?;
        let progress = &mut |line: &str| say(Progress::Doing(line));
        let program = match build(&copy, self.cancel, progress)? {
            Built::Program(program) => program,
            Built::Errors(errors) => {
                report.errors =
                    errors.into_iter().map(|e| sources.told_error(e)).collect();
                let exercises = self.exercises.iter().copied();
                let known = exercises.clone().map(|e| (e, self.snapshot.standing(e)));
                report.still_done =
                    known.filter(|(_, standing)| standing.is_done()).collect();
                report.verdicts = exercises.map(Verdict::untested).collect();
                return Ok(report);
            }
        };
        let bench = Bench {
            tests: &|names| {
                trial::tests(&program, &copy, names, self.time, self.cancel)
            },
            examples: &|modules| {
                trial::examples(&copy, sources, modules, self.time, self.cancel)
            },
        };
        (report.verdicts, report.given) = self.judge_on(&bench, say)?;
        self.snapshot.record(self.workbook, &report.verdicts)?;
        let verdicts = report.verdicts.iter_mut();
        let wrong = verdicts.filter_map(|verdict| verdict.wrong.as_mut());
        for wrong in wrong.chain(&mut report.given) {
            wrong.tell(|line| sources.told(line));
        }
        for verdict in &mut report.verdicts {
            if verdict.standing == Standing::Solved
                && self.snapshot.is_given(verdict.exercise)
            {
                verdict.standing = Standing::Given;
            }
        }
        Ok(report)
    }

    /// The verdicts on the exercises and, if all of them are examined, the failure of given
    /// code.
    fn judge_on(
        &self,
        bench: &Bench,
        say: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(Vec<Verdict>, Option<Wrong>), Failure> {
        say(Progress::Doing("running the tests"));
        let (mut verdicts, stopped) = self.judge_tests(bench, self.exercises)?;
        let whole = self.exercises.len() == EXERCISES.len();
        let given = if whole {
            (bench.tests)(&given_tests())?
        } else {
            Endings::new()
        };

        let solved = verdicts
            .iter()
            .filter(|v| v.standing == Standing::Solved)
            .map(|v| v.exercise.chapter());
        let mut chapters: Vec<_> = solved.collect();
        chapters.dedup();
        if self.purpose == Purpose::Watch && !chapters.is_empty() {
            say(Progress::TestsPass);
        }
        let mut examples = Vec::new();
        if stopped {
            // An example would run into the same loop, and rustdoc keeps all that it
            // prints. An exercise that passed its tests alone is not solved.
            for verdict in &mut verdicts {
                if verdict.standing == Standing::Solved {
                    verdict.standing = Standing::Untested;
                }
            }
        } else {
            let mut modules = chapters.clone();
            if whole {
                modules.extend(APPENDICES.iter());
            }
            if !modules.is_empty() {
                say(Progress::Doing("running the examples"));
                examples = (bench.examples)(&modules)?;
            }
        }
        for chapter in chapters {
            self.judge_examples(bench, chapter, &examples, &mut verdicts)?;
        }
        // An appendix's example may use an exercise that is wrong, which says nothing
        // about the appendix.
        let at_fault = verdicts.iter().any(|v| v.wrong.is_some());
        let appendices: &[&str] = if at_fault { &[] } else { &APPENDICES };
        let given = judge_given(&given, &failing_of(&examples, appendices));
        Ok((verdicts, given))
    }

    /// The verdicts on exercises by their tests alone, and whether one had to be ended.
    /// Nothing of an untouched exercise is run. With damaged markers the tests decide.
    fn judge_tests(
        &self,
        bench: &Bench,
        exercises: &[&'static Exercise],
    ) -> Result<(Vec<Verdict>, bool), Failure> {
        let stubs = |exercise: &Exercise| {
            let left = self.snapshot.sources.stubs_left(exercise);
            left.unwrap_or_default()
        };
        let touched = exercises.iter().filter(|e| stubs(e) < e.stubs.len());
        let names: Vec<_> = touched.flat_map(|e| e.tests()).collect();
        let endings = (bench.tests)(&names)?;
        let verdicts = exercises
            .iter()
            .map(|exercise| judge(exercise, stubs(exercise) > 0, &endings));
        let stopped = endings.values().any(Ended::is_stopped);
        Ok((verdicts.collect(), stopped))
    }

    /// Makes the solved exercises of a chapter wrong if one of its examples fails. If the
    /// tests of another exercise fail, the example may well fail because of that one: in
    /// the same chapter it says nothing about the others, and those of a later chapter wait.
    fn judge_examples(
        &self,
        bench: &Bench,
        chapter: &str,
        examples: &[ExampleEnded],
        verdicts: &mut [Verdict],
    ) -> Result<(), Failure> {
        let failed = failing_of(examples, &[chapter]);
        if failed.is_empty() {
            return Ok(());
        }
        let is_examined = |exercise: &Exercise| {
            self.exercises.iter().any(|e| e.name == exercise.name)
        };
        let last = EXERCISES.iter().rposition(|e| e.chapter() == chapter);
        let so_far = &EXERCISES[..=last.unwrap_or_default()];
        let others: Vec<_> = so_far.iter().filter(|e| !is_examined(e)).collect();
        let (others, _) = self.judge_tests(bench, &others)?;
        let is_wrong = |name: &str| {
            let mut all = others.iter().chain(verdicts.iter());
            all.any(|v| v.exercise.name == name && v.standing == Standing::Wrong)
        };
        let wrong = so_far.iter().find(|e| is_wrong(e.name));
        let mut of_chapter: Vec<_> = verdicts
            .iter_mut()
            .filter(|v| v.exercise.chapter() == chapter)
            .collect();
        if let Some(wrong) = wrong {
            if wrong.chapter() != chapter {
                for verdict in of_chapter {
                    if verdict.standing == Standing::Solved {
                        verdict.standing = Standing::Waiting(wrong.name.to_owned());
                    }
                }
            }
            return Ok(());
        }
        let count = examples.iter().filter(|e| e.module == chapter).count();
        for verdict in &mut of_chapter {
            if verdict.standing == Standing::Solved {
                let run = verdict.exercise.tests().len() + count;
                **verdict = Verdict::wrong(verdict.exercise, Wrong::of(&failed, run));
            }
        }
        Ok(())
    }
}

/// The ways to run tests, and the examples of modules, by their names.
struct Bench<'a> {
    tests: &'a Run<'a, Endings>,
    examples: &'a Run<'a, Vec<ExampleEnded>>,
}

type Run<'a, T> = dyn Fn(&[&'static str]) -> Result<T, Failure> + 'a;

/// The examples of modules that neither passed nor wait for an exercise.
fn failing_of<'a>(
    examples: &'a [ExampleEnded],
    modules: &[&str],
) -> Vec<(&'a str, &'a Ended)> {
    let of_them = examples.iter().filter(|e| modules.contains(&e.module));
    failing(of_them.map(|e| (e.name.as_str(), &e.ended)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::workbook::place::State;
    use crate::cli::workbook::sources::Sources;
    use crate::cli::workbook::trial::Fault;
    use fully_connected::literate::manifest::exercise;
    use fully_connected::literate::{tangle, workbook};
    use std::cell::RefCell;

    /// A bench on which everything passes but what is told here.
    struct Told {
        tests: Vec<(&'static str, Ended)>,
        examples: Vec<(&'static str, Ended)>,
        ran: RefCell<Vec<String>>,
    }

    impl Told {
        fn tests(&self, names: &[&str]) -> Endings {
            let mut ran = self.ran.borrow_mut();
            ran.extend(names.iter().map(|name| (*name).to_owned()));
            let ending = |name: &str| {
                let told = self.tests.iter().find(|(told, _)| *told == name);
                told.map_or(Ended::Passed, |(_, ended)| ended.clone())
            };
            let endings = names.iter().map(|name| ((*name).to_owned(), ending(name)));
            endings.collect()
        }

        fn examples(&self, modules: &[&'static str]) -> Vec<ExampleEnded> {
            let mut ran = self.ran.borrow_mut();
            ran.extend(modules.iter().map(|module| format!("examples of {module}")));
            let told = self.examples.iter().filter(|(m, _)| modules.contains(m));
            let ended = |(module, ended): &(&'static str, Ended)| ExampleEnded {
                module,
                name: format!("the example of {module}"),
                ended: ended.clone(),
            };
            told.map(ended).collect()
        }
    }

    type Pairs<'a> = &'a [(&'static str, Ended)];

    fn told(tests: Pairs, examples: Pairs) -> Told {
        Told {
            tests: tests.to_vec(),
            examples: examples.to_vec(),
            ran: RefCell::default(),
        }
    }

    /// A workbook whose chapters have these texts.
    fn workbook(text: impl Fn(&'static str) -> String) -> Snapshot {
        Snapshot {
            sources: Sources::of(text),
            state: State::default(),
        }
    }

    fn solution(chapter: &str) -> String {
        workbook::source(chapter).to_owned()
    }

    /// The standings of the exercises of these names, and whether given code fails.
    fn judged(
        snapshot: &Snapshot,
        purpose: Purpose,
        names: &[&str],
        told: &Told,
    ) -> (Vec<Standing>, bool) {
        let exercises = names.iter().map(|name| exercise(name).unwrap());
        let root = "judging reads and writes no file".into();
        let examination = Examination {
            workbook: &Workbook { root },
            snapshot,
            purpose,
            exercises: &exercises.collect::<Vec<_>>(),
            time: Duration::from_secs(1),
            cancel: &Cancel::default(),
        };
        let bench = Bench {
            tests: &|names| Ok(told.tests(names)),
            examples: &|modules| Ok(told.examples(modules)),
        };
        let (verdicts, given) = examination.judge_on(&bench, &mut |_| {}).unwrap();
        let standings = verdicts.into_iter().map(|verdict| verdict.standing);
        (standings.collect(), given.is_some())
    }

    fn failed(words: &str) -> Ended {
        let said = vec![words.to_owned()];
        Ended::Failed(Fault {
            said,
            ..Fault::default()
        })
    }

    fn waits(name: &'static str) -> Ended {
        Ended::Waits(name)
    }

    const RELU: [&str; 2] = ["relu::forward", "relu::backward"];

    #[test]
    fn an_example_that_fails_makes_its_chapter_wrong_unless_it_waits() {
        let book = workbook(solution);
        let not_counted = Ended::NotCounted("deleted".to_owned());
        for (ended, standing) in [
            (failed("no"), Standing::Wrong),
            (not_counted, Standing::Wrong),
            (waits(RELU[1]), Standing::Solved),
            (Ended::Passed, Standing::Solved),
        ] {
            let bench = told(&[], &[("relu", ended)]);
            for purpose in [Purpose::Check, Purpose::Watch] {
                let (standings, _) = judged(&book, purpose, &RELU[..1], &bench);
                assert_eq!(standings[0], standing);
            }
            let (standings, _) = judged(&book, Purpose::Check, &RELU, &bench);
            assert!(standings.iter().all(|each| *each == standing));
        }
    }

    #[test]
    fn an_example_that_fails_while_another_exercise_is_wrong_blames_no_other() {
        let book = workbook(solution);
        let test = exercise(RELU[1]).unwrap().tests()[0];
        let bench = told(&[(test, failed("no"))], &[("relu", failed("no"))]);
        let both = judged(&book, Purpose::Check, &RELU, &bench).0;
        assert_eq!(both, [Standing::Solved, Standing::Wrong]);
        let first = judged(&book, Purpose::Watch, &RELU[..1], &bench).0;
        assert_eq!(first, [Standing::Solved]);
        // In a later chapter an exercise is neither solved nor blamed.
        let bench = told(&[(test, failed("no"))], &[("softmax", failed("no"))]);
        let names = ["relu::backward", "softmax::loss"];
        let apart = judged(&book, Purpose::Check, &names, &bench).0;
        let waiting = Standing::Waiting("relu::backward".to_owned());
        assert_eq!(apart, [Standing::Wrong, waiting.clone()]);
        let alone = judged(&book, Purpose::Check, &names[1..], &bench).0;
        assert_eq!(alone, [waiting]);
        // In an earlier one it excuses nothing.
        let bench = told(&[(test, failed("no"))], &[("affine", failed("no"))]);
        let names = ["affine::forward", "relu::backward"];
        let apart = judged(&book, Purpose::Check, &names, &bench).0;
        assert_eq!(apart, [Standing::Wrong, Standing::Wrong]);
    }

    #[test]
    fn nothing_of_an_untouched_exercise_is_run() {
        let book = workbook(|chapter| {
            let (stubs, solution) = (workbook::stubbed(chapter), solution(chapter));
            tangle::transplant("", &stubs, &solution, |name| name == RELU[0]).unwrap()
        });
        let bench = told(&[], &[]);
        let (standings, _) = judged(&book, Purpose::Watch, &RELU[1..], &bench);
        assert_eq!(standings, [Standing::Open]);
        assert!(bench.ran.borrow().is_empty());

        judged(&book, Purpose::Check, &["softmax::loss", RELU[0]], &bench);
        let ran = bench.ran.borrow();
        let examples = ran.iter().filter(|ran| ran.starts_with("examples"));
        assert!(examples.eq(["examples of relu"]));
    }

    #[test]
    fn a_half_written_exercise_is_tested_and_open_unless_it_is_wrong() {
        let several = EXERCISES.iter().find(|e| e.stubs.len() > 1).unwrap();
        // The last of its regions is the stub.
        let region = |text: &str| {
            let mut bodies = tangle::bodies("", text).unwrap();
            let last = (several.name.to_owned(), several.stubs.len() - 1);
            bodies.remove(&last).unwrap()
        };
        let stub = region(&workbook::stubbed(several.chapter()));
        let written = region(workbook::source(several.chapter()));
        let book = workbook(|name| solution(name).replacen(&written, &stub, 1));
        assert_eq!(book.sources.stubs_left(several), Ok(1));

        let test = several.tests()[0];
        for (ended, standing) in [
            (waits(several.name), Standing::Open),
            (Ended::Passed, Standing::Open),
            (failed("no"), Standing::Wrong),
        ] {
            let bench = told(&[(test, ended)], &[]);
            let names = [several.name];
            assert_eq!(judged(&book, Purpose::Watch, &names, &bench).0, [standing]);
        }
    }

    #[test]
    fn after_a_test_without_end_no_example_is_run_and_no_exercise_is_solved() {
        let book = workbook(solution);
        let test = exercise("affine::forward").unwrap().tests()[0];
        let given = given_tests()[0];
        let bench = told(&[(test, Ended::TooMuch), (given, failed("no"))], &[]);
        let names: Vec<_> = EXERCISES.iter().map(|e| e.name).collect();
        let (standings, given_fails) = judged(&book, Purpose::Check, &names, &bench);
        assert_eq!(standings[0], Standing::Wrong);
        assert!(standings[1..].iter().all(|s| *s == Standing::Untested));
        assert!(given_fails);
        let ran = bench.ran.borrow();
        assert!(!ran.iter().any(|ran| ran.starts_with("examples")));
    }

    #[test]
    fn given_code_is_tested_with_the_whole_workbook_only() {
        let book = workbook(workbook::stubbed);
        let names: Vec<_> = EXERCISES.iter().map(|e| e.name).collect();
        for bench in [
            told(&[(given_tests()[0], failed("no"))], &[]),
            told(&[], &[(APPENDICES[0], failed("no"))]),
        ] {
            assert!(judged(&book, Purpose::Check, &names, &bench).1);
            assert!(!judged(&book, Purpose::Check, &names[1..], &bench).1);
        }
    }
}
