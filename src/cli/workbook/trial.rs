//! Running tests and examples until each has an outcome, whatever the student's code does.

use super::cargo;
use super::copy::{Copy, with_plain_places};
use super::place::Workbook;
use super::process::{self, Cancel, End, Pipes, Time};
use super::sources::Sources;
use crate::cli::failure::Failure;
use fully_connected::literate::doctests;
use fully_connected::literate::libtest::{self, Outcome};
use fully_connected::literate::manifest::{EXERCISES, Exercise};
use fully_connected::literate::workbook::{self, TESTS_MODULE};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// A test program that crashes is run again for the tests that it has not come to, but
/// not for ever.
const MOST_RUNS: usize = 20;

/// The ending of a test or an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It passed.
    Passed,
    /// It failed, and this is what it printed.
    Failed(String),
    /// It took longer than this, and was ended.
    TooLong(Duration),
    /// It printed without end, and was ended.
    TooMuch,
    /// The program ended in the middle of it, with these last words.
    Crashed(String),
    /// It has no outcome that counts, for this reason.
    NotCounted(String),
}

impl Ended {
    /// Whether it would have gone on for ever.
    pub fn is_endless(&self) -> bool {
        matches!(self, Ended::TooLong(_) | Ended::TooMuch)
    }
}

/// The endings of tests, by their names.
pub type Endings = BTreeMap<String, Ended>;

/// Runs the tests of these names in a test program.
pub fn tests(
    program: &Path,
    copy: &Copy,
    names: &[&str],
    time: Duration,
    cancel: &Cancel,
) -> Result<Endings, Failure> {
    let mut endings = Endings::new();
    let mut left = names.to_vec();
    for _ in 0..MOST_RUNS {
        if left.is_empty() {
            break;
        }
        let mut command = Command::new(program);
        // One by one and nothing held back: so we know which test it is that loops, prints
        // without end or brings the program down.
        command.args([
            "--exact",
            "--test-threads=1",
            "--nocapture",
            "--color=never",
        ]);
        command.args(left.iter().map(|name| format!("{TESTS_MODULE}::{name}")));
        command.current_dir(&copy.dir);
        cargo::quiet(&mut command);
        let time_each = Time::EachPart(time, libtest::test_begins);
        let ran = process::run(command, Pipes::Merged, time_each, cancel, &mut |_| {})?;
        let outcomes =
            libtest::one_by_one(&with_plain_places(&ran.out), TESTS_MODULE, &left);
        if outcomes.is_empty() {
            break;
        }
        left.retain(|name| !outcomes.contains_key(*name));
        for (name, outcome) in outcomes {
            let ended = match (outcome, ran.end) {
                (Outcome::Passed, _) => Ended::Passed,
                (Outcome::Failed(printed), _) => Ended::Failed(printed),
                (Outcome::Unfinished(printed), End::TimedOut) if is_flood(&printed) => {
                    Ended::TooMuch
                }
                (Outcome::Unfinished(_), End::TimedOut) => Ended::TooLong(time),
                (Outcome::Unfinished(_), End::Flooded) => Ended::TooMuch,
                (Outcome::Unfinished(printed), End::Exited(status)) => {
                    Ended::Crashed(format!("{printed}\n{status}"))
                }
            };
            if !matches!(ended, Ended::Passed | Ended::Failed(_)) {
                // Its other tests would most likely end in the same way.
                give_up_its_exercise(&name, &mut left, &mut endings);
            }
            endings.insert(name, ended);
        }
    }
    for name in left {
        let why = "the test program ended before it came to this test";
        endings.insert(name.to_owned(), Ended::NotCounted(why.to_owned()));
    }
    Ok(endings)
}

/// Whether a test that ran out of time had printed more than anybody reads.
fn is_flood(printed: &str) -> bool {
    printed.len() > 1 << 18
}

fn give_up_its_exercise(test: &str, left: &mut Vec<&str>, endings: &mut Endings) {
    let mut all = EXERCISES.iter().map(Exercise::tests);
    let tests = all.find(|tests| tests.contains(&test)).unwrap_or_default();
    left.retain(|name| {
        let given_up = tests.contains(name);
        if given_up {
            let why = format!("not run after {test}");
            endings.insert((*name).to_owned(), Ended::NotCounted(why));
        }
        !given_up
    });
}

/// An example in the documentation, and its ending.
#[derive(Debug)]
pub struct ExampleEnded {
    /// The module that it stands in.
    pub module: &'static str,
    /// The words for it: its file and line.
    pub name: String,
    /// Its ending.
    pub ended: Ended,
}

/// Runs the examples of these modules, and returns the endings of those that the program
/// carries: one that was changed or deleted does not count as passed.
pub fn examples(
    copy: &Copy,
    sources: &Sources,
    modules: &[&'static str],
    time: Duration,
    cancel: &Cancel,
) -> Result<Vec<ExampleEnded>, Failure> {
    let filters: Vec<_> = modules.iter().map(|m| format!("{m}.rs - ")).collect();
    let ran = cargo::examples(copy, &filters, time, cancel)?;
    let found = libtest::examples(&ran.out);
    let without_outcome = || match ran.end {
        End::TimedOut => Ended::TooLong(time),
        End::Flooded => Ended::TooMuch,
        End::Exited(_) if found.is_empty() && !ran.err.is_empty() => {
            Ended::NotCounted(format!("it did not run: {}", last_lines(&ran.err)))
        }
        End::Exited(_) => Ended::NotCounted("rustdoc did not run it".to_owned()),
    };
    let mut endings = Vec::new();
    for &module in modules {
        let file = Workbook::chapter_file(module);
        let mut mine = doctests::examples(sources.text(module).unwrap_or_default());
        for own in doctests::examples(workbook::source(module)) {
            let (line, ended) = match mine.iter().position(|e| e.text == own.text) {
                Some(at) => {
                    let line = mine.remove(at).line;
                    let found = found.iter().find(|e| e.at == (file.clone(), line));
                    (
                        line,
                        found.map_or_else(without_outcome, |e| ended(&e.outcome)),
                    )
                }
                None => {
                    let why = "it was changed or deleted".to_owned();
                    (own.line, Ended::NotCounted(why))
                }
            };
            let name = format!("the example at {file}:{line}");
            endings.push(ExampleEnded {
                module,
                name,
                ended,
            });
        }
    }
    Ok(endings)
}

fn ended(outcome: &Outcome) -> Ended {
    match outcome {
        Outcome::Passed => Ended::Passed,
        Outcome::Failed(printed) | Outcome::Unfinished(printed) => {
            Ended::Failed(printed.clone())
        }
    }
}

fn last_lines(text: &str) -> String {
    let lines: Vec<_> = text.trim().lines().collect();
    lines[lines.len().saturating_sub(6)..].join("\n")
}
