//! Running tests and examples until each has an outcome, whatever the student's code does.

use super::cargo;
use super::copy::{Copy, file_of, module_of};
use super::libtest::{self, Outcome};
use super::process::{self, Cancel, End, Pipes, Time};
use super::sources::Sources;
use crate::cli::failure::Failure;
use fully_connected::literate::manifest::{EXERCISES, Exercise};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// A test program that crashes is run again for the tests that it has not come to, but
/// not for ever.
const MOST_RUNS: usize = 20;

/// How a test or an example ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It passed.
    Passed,
    /// It failed, having printed that.
    Failed(String),
    /// It took longer than that, and was ended.
    TooLong(Duration),
    /// It printed without end, and was ended.
    TooMuch,
    /// The program ended in the middle of it, with these last words.
    Crashed(String),
    /// It has no outcome that counts, and why.
    NotCounted(String),
}

/// How tests and examples ended, by their names in the manifest.
pub type Endings = BTreeMap<String, Ended>;

/// Runs those tests of a program.
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
        command.args(&left).current_dir(&copy.dir);
        cargo::quiet(&mut command);
        let time_each = Time::EachTest(time);
        let ran = process::run(command, Pipes::Merged, time_each, cancel, &mut |_| {})?;
        let outcomes = libtest::one_by_one(&ran.out, &left);
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
    let owner = EXERCISES.iter().find(|e| e.tests.unit.contains(&test));
    let tests = owner.map_or(&[][..], |exercise| exercise.tests.unit);
    left.retain(|name| {
        let given_up = tests.contains(name);
        if given_up {
            let why = format!("not run after {test}");
            endings.insert((*name).to_owned(), Ended::NotCounted(why));
        }
        !given_up
    });
}

/// Runs those examples.
pub fn examples(
    copy: &Copy,
    sources: &Sources,
    names: &[&str],
    time: Duration,
    cancel: &Cancel,
) -> Result<Endings, Failure> {
    if names.is_empty() {
        return Ok(Endings::new());
    }
    let mut filters: Vec<&str> = names.iter().map(|name| item_of(name)).collect();
    filters.sort_unstable();
    filters.dedup();
    let ran = cargo::examples(copy, &filters, time, cancel)?;
    let found = libtest::examples(&ran.out);
    let ending = |name: &&str| {
        let Some(example) = found.iter().find(|example| example.name == **name) else {
            return match ran.end {
                End::TimedOut => Ended::TooLong(time),
                End::Flooded => Ended::TooMuch,
                End::Exited(_) if found.is_empty() && !ran.err.is_empty() => {
                    Ended::NotCounted(format!(
                        "it did not run: {}",
                        last_lines(&ran.err)
                    ))
                }
                End::Exited(_) => Ended::NotCounted(format!(
                    "it is not in {} any more, or has moved",
                    file_of(name)
                )),
            };
        };
        if !sources
            .own_examples(module_of(name))
            .contains(&example.at.1)
        {
            return Ended::NotCounted(format!(
                "the example at {}:{} was changed",
                example.at.0, example.at.1
            ));
        }
        match &example.outcome {
            Outcome::Passed => Ended::Passed,
            Outcome::Failed(printed) | Outcome::Unfinished(printed) => {
                Ended::Failed(printed.clone())
            }
        }
    };
    Ok(names
        .iter()
        .map(|name| ((*name).to_owned(), ending(name)))
        .collect())
}

/// The item of a doctest of the manifest: `affine::forward` of `affine::forward #1`.
fn item_of(doctest: &str) -> &str {
    doctest.split(' ').next().unwrap_or(doctest)
}

fn last_lines(text: &str) -> String {
    let lines: Vec<_> = text.trim().lines().collect();
    lines[lines.len().saturating_sub(6)..].join("\n")
}

/// The tests of an exercise in a chapter.
pub fn tests_in(exercise: &'static Exercise, chapter: &str) -> Vec<&'static str> {
    let tests = exercise.tests.unit.iter().copied();
    tests.filter(|test| module_of(test) == chapter).collect()
}
