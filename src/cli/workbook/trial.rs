//! Running tests and examples until each has an outcome, whatever the student's code does.

use super::cargo;
use super::copy::{Copy, with_plain_places};
use super::limits;
use super::place::Workbook;
use super::process::{self, Cancel, End, Limits, Pipes};
use super::sources::Sources;
use crate::cli::failure::Failure;
use fully_connected::literate::doctests;
use fully_connected::literate::libtest::{self, Outcome, harmless};
use fully_connected::literate::manifest::{EXERCISES, Exercise};
use fully_connected::literate::report::{self, REPORT, Told};
use fully_connected::literate::workbook::{self, TESTS_MODULE};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// A test program that crashes is run again for the tests that it has not come to, but
/// not for ever.
const MOST_RUNS: usize = 20;

/// The ending of a test or an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It told that it passed.
    Passed,
    /// It reached the stub of this exercise.
    Waits(&'static str),
    /// It failed, in this way.
    Failed(Fault),
    /// It took longer than this, and was ended.
    TooLong(Duration),
    /// It printed more than it may, and was ended.
    TooMuch,
    /// The program ended in the middle of it, with these last words.
    Crashed(String),
    /// It has no outcome that counts, for this reason.
    NotCounted(String),
}

/// The failure of a test or an example.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fault {
    /// The mistake that the test named.
    pub finding: Option<String>,
    /// The place and the message of its panic.
    pub panic: Option<(String, String)>,
    /// The first lines that the student's code printed.
    pub said: Vec<String>,
}

impl Fault {
    /// The failure that was told, by a test that printed this.
    fn of(told: Told, printed: &str) -> Fault {
        let said = libtest::said(printed).into_iter();
        // A finding is printed too, for those who run the tests without this program.
        let finding = told.finding.as_deref().unwrap_or_default();
        let own = said.filter(|line| !finding.lines().any(|found| found == line));
        Fault {
            panic: told
                .panic
                .map(|(at, said)| (with_plain_places(&at), harmless(&said))),
            said: own.map(|line| with_plain_places(&line)).collect(),
            finding: told.finding.map(|finding| harmless(&finding)),
        }
    }
}

impl Ended {
    /// Whether it had to be ended.
    pub fn is_stopped(&self) -> bool {
        matches!(self, Ended::TooLong(_) | Ended::TooMuch)
    }
}

/// The most lines that are kept of what rustdoc says about an example.
const MOST_LINES: usize = 24;

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
        let report = copy.new_report()?;
        command.env(REPORT, &report);
        let limits = Limits::Told {
            report: &report,
            each: time,
            before: time,
        };
        let command = limits::of(copy, command);
        let ran = process::run(command, Pipes::Merged, limits, cancel, &mut |_| {})?;
        let mut printed = libtest::printed(&ran.out, TESTS_MODULE);
        let told = report::read(&read_report(&report)?);
        let before = left.len();
        for told in told {
            let name = told.name.strip_prefix(TESTS_MODULE);
            let Some(name) = name.and_then(|name| name.strip_prefix("::")) else {
                continue;
            };
            let Some(at) = left.iter().position(|own| *own == name) else {
                continue;
            };
            let name = left.remove(at);
            let printed = printed.remove(name).unwrap_or_default();
            let ended = match (told.passed, told.waits, ran.end) {
                (Some(true), ..) => Ended::Passed,
                (Some(false), Some(exercise), _) => Ended::Waits(exercise),
                (Some(false), None, _) => Ended::Failed(Fault::of(told, &printed)),
                (None, _, End::TimedOut(time)) => Ended::TooLong(time),
                (None, _, End::Flooded) => Ended::TooMuch,
                (None, _, End::Exited(status)) => {
                    Ended::Crashed(format!("{}\n{status}", last_lines(&printed)))
                }
            };
            if matches!(
                ended,
                Ended::TooLong(_) | Ended::TooMuch | Ended::Crashed(_)
            ) {
                // Its other tests would most likely end in the same way.
                give_up_its_exercise(name, &mut left, &mut endings);
            }
            endings.insert(name.to_owned(), ended);
        }
        if left.len() == before {
            break;
        }
    }
    for name in left {
        let why = "the test program ended before it came to this test";
        endings.insert(name.to_owned(), Ended::NotCounted(why.to_owned()));
    }
    Ok(endings)
}

fn read_report(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path);
    let bytes =
        bytes.map_err(|e| Failure::Unusable(format!("{}: {e}", path.display())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
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
    let report = copy.new_report()?;
    let ran = cargo::examples(copy, &filters, &report, time, cancel)?;
    let told_of = report::read(&read_report(&report)?);
    let found = libtest::examples(&ran.out);
    let without_outcome = || match ran.end {
        End::TimedOut(time) => Ended::TooLong(time),
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
                    let place = format!("{file}:{line}");
                    let told = told_of.iter().find(|told| told.name == place);
                    let ended = match (found, told) {
                        (Some(found), told) => {
                            example_ended(&found.outcome, own.can_tell(), told)
                        }
                        // Rustdoc was ended while it waited for another one, or its line is
                        // lost in what is printed.
                        (None, Some(told)) if told.passed == Some(true) => {
                            Ended::Passed
                        }
                        (None, None) if !told_of.is_empty() => {
                            let why = "rustdoc was held up before it came to it";
                            Ended::NotCounted(why.to_owned())
                        }
                        (None, _) => without_outcome(),
                    };
                    (line, ended)
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

/// The ending of an example: rustdoc says that it passed and, if it can tell of itself, so
/// does it.
fn example_ended(outcome: &Outcome, tells: bool, told: Option<&Told>) -> Ended {
    match (outcome, told) {
        (Outcome::Passed, None) if !tells => Ended::Passed,
        (Outcome::Passed, Some(told)) if told.passed == Some(true) => Ended::Passed,
        (Outcome::Passed, _) => {
            Ended::NotCounted("it ended before its last line".to_owned())
        }
        (Outcome::Failed(_), Some(told)) if told.waits.is_some() => {
            Ended::Waits(told.waits.expect("it was looked at"))
        }
        (Outcome::Failed(_), Some(told)) if told.panic.is_some() => {
            Ended::Failed(Fault::of(told.clone(), ""))
        }
        (Outcome::Failed(printed), _) => Ended::Failed(Fault {
            said: printed
                .lines()
                .take(MOST_LINES)
                .map(str::to_owned)
                .collect(),
            ..Fault::default()
        }),
    }
}

fn last_lines(text: &str) -> String {
    let text = harmless(text.trim());
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(6)..].join("\n")
}
