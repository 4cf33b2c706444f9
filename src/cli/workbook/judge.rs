//! Verdicts on exercises, from the endings of their tests and examples, as a student reads
//! them.

use super::process::MOST_OUTPUT;
use super::standing::Standing;
use super::trial::{Ended, Endings, Fault};
use crate::cli::style::{HEADING, QUIET, styled};
use anstream::adapter::strip_str;
use fully_connected::literate::manifest::{EXERCISES, Exercise};

/// The most names of failing tests that are listed.
const MOST_NAMES: usize = 8;
/// The most lines that are shown of a test's output.
const MOST_LINES: usize = 24;
/// The most findings that are shown.
const MOST_FINDINGS: usize = 3;

/// The verdict on an exercise.
#[derive(Debug)]
pub struct Verdict {
    /// The exercise.
    pub exercise: &'static Exercise,
    /// Its standing.
    pub standing: Standing,
    /// The details where it is wrong.
    pub wrong: Option<Wrong>,
}

/// A failure of tests or examples, for the student.
#[derive(Debug)]
pub struct Wrong {
    /// The lines that say the cause.
    cause: Vec<String>,
    /// The names of the tests and examples that failed.
    failed: Vec<String>,
    /// The number of those that were run.
    run: usize,
}

impl Verdict {
    /// The verdict on an exercise about which nothing can be said.
    pub fn untested(exercise: &'static Exercise) -> Verdict {
        Verdict {
            exercise,
            standing: Standing::Untested,
            wrong: None,
        }
    }

    /// The verdict on an exercise with a test or an example that failed.
    pub fn wrong(exercise: &'static Exercise, wrong: Wrong) -> Verdict {
        Verdict {
            exercise,
            standing: Standing::Wrong,
            wrong: Some(wrong),
        }
    }
}

/// The verdict on an exercise by the endings of its tests. With a stub left it is wrong or
/// open, even if its tests pass.
pub fn judge(
    exercise: &'static Exercise,
    has_stub: bool,
    endings: &Endings,
) -> Verdict {
    let tests = exercise.tests();
    let tests = tests
        .iter()
        .filter_map(|name| Some((*name, endings.get(*name)?)));
    let tests: Vec<_> = tests.collect();
    let failed = failing(tests.iter().copied());
    if !failed.is_empty() {
        let mut verdict = Verdict::wrong(exercise, Wrong::of(&failed, tests.len()));
        if !has_stub && let Some(other) = blamed(exercise, &failed) {
            verdict.standing = Standing::Waiting(other.to_owned());
        }
        return verdict;
    }
    let waits = tests.iter().filter_map(|(_, ended)| reached(ended));
    let waits: Vec<_> = waits.collect();
    let standing = match waits.first() {
        _ if has_stub || waits.contains(&exercise.name) => Standing::Open,
        Some(other) => Standing::Waiting((*other).to_owned()),
        None => Standing::Solved,
    };
    Verdict {
        exercise,
        standing,
        wrong: None,
    }
}

/// The earlier exercise whose mistake explains each of the failures. About this exercise
/// they say nothing, then.
fn blamed(exercise: &Exercise, failed: &[(&str, &Ended)]) -> Option<&'static str> {
    let earlier: Vec<_> = EXERCISES
        .iter()
        .take_while(|e| e.name != exercise.name)
        .collect();
    let names = failed.iter().map(|(_, ended)| {
        let Ended::Failed(Fault { finding, .. }) = ended else {
            return None;
        };
        let finding = finding.as_deref()?;
        let of = |e: &&&Exercise| {
            let rest = finding.strip_prefix(e.name);
            rest.is_some_and(|rest| rest.starts_with(": "))
        };
        earlier.iter().find(of).map(|e| e.name)
    });
    let names: Option<Vec<_>> = names.collect();
    names?
        .into_iter()
        .min_by_key(|name| earlier.iter().position(|e| e.name == *name))
}

/// The exercise whose stub a test or an example has reached.
fn reached(ended: &Ended) -> Option<&'static str> {
    match ended {
        Ended::Waits(exercise) => Some(exercise),
        _ => None,
    }
}

/// The tests or examples that neither passed nor wait for an exercise.
pub fn failing<'a>(
    endings: impl Iterator<Item = (&'a str, &'a Ended)>,
) -> Vec<(&'a str, &'a Ended)> {
    endings
        .filter(|(_, ended)| **ended != Ended::Passed && reached(ended).is_none())
        .collect()
}

/// The failure of what is given, by the endings of its tests and the examples of the
/// appendices that failed. Given code waits for no exercise.
pub fn judge_given(tests: &Endings, examples: &[(&str, &Ended)]) -> Option<Wrong> {
    let failed = tests.iter().filter(|(_, ended)| **ended != Ended::Passed);
    let mut failed: Vec<_> =
        failed.map(|(name, ended)| (name.as_str(), ended)).collect();
    failed.extend(examples);
    (!failed.is_empty()).then(|| Wrong::of(&failed, tests.len() + examples.len()))
}

fn explanation(name: &str, ended: &Ended) -> String {
    match ended {
        Ended::Passed => String::new(),
        Ended::Waits(exercise) => format!("{name} needs {exercise}, which is a stub."),
        Ended::Failed(fault) => failure(fault),
        Ended::TooLong(time) => format!(
            "{name} did not end within {} s and was stopped. Is there a loop without end?",
            time.as_secs()
        ),
        Ended::TooMuch => {
            format!("{name} printed more than {MOST_OUTPUT} MiB and was stopped.")
        }
        Ended::Crashed(words) if words.contains("overflowed its stack") => format!(
            "{name}: the stack overflowed. Does a function call itself without end?"
        ),
        Ended::Crashed(words) => {
            format!(
                "The test program ended within {name}:\n{}",
                shortened(words.trim())
            )
        }
        Ended::NotCounted(why) => format!("{name} does not count: {why}."),
    }
}

/// What a failing test printed, and its panic's message and place.
fn failure(fault: &Fault) -> String {
    let before = fault.said.join("\n");
    match &fault.panic {
        None => before,
        Some((place, message)) => {
            let gap = if before.is_empty() { "" } else { "\n\n" };
            format!("{before}{gap}{}\n    at {place}", shortened(message))
        }
    }
}

fn shortened(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    if lines.len() <= MOST_LINES {
        return text.to_owned();
    }
    let left_out = lines.len() - MOST_LINES;
    format!(
        "{}\n… {left_out} more lines",
        lines[..MOST_LINES].join("\n")
    )
}

impl Wrong {
    /// Puts other lines in the place of those that say the cause.
    pub fn tell(&mut self, told: impl Fn(String) -> String) {
        self.cause = self.cause.drain(..).map(told).collect();
    }

    /// The failure of these tests or examples, of as many as were run.
    pub fn of(failed: &[(&str, &Ended)], run: usize) -> Wrong {
        let findings = findings(failed);
        // A test that did not come to an end outweighs what the others found, and those
        // that were not run because of it.
        let worst = failed
            .iter()
            .filter(|(_, ended)| !matches!(ended, Ended::Failed(_)))
            .min_by_key(|(_, ended)| matches!(ended, Ended::NotCounted(_)));
        let cause = if worst.is_none() && !findings.is_empty() {
            headed(&findings)
        } else {
            let (name, ended) = worst.unwrap_or(&failed[0]);
            let text = explanation(name, ended);
            text.lines().map(str::to_owned).collect()
        };
        Wrong {
            cause,
            failed: failed.iter().map(|(name, _)| (*name).to_owned()).collect(),
            run,
        }
    }

    /// The cause, in plain words.
    pub fn cause(&self) -> String {
        strip_str(&self.cause.join("\n")).to_string()
    }

    /// The names of the tests and examples that failed.
    pub fn failed(&self) -> &[String] {
        &self.failed
    }

    /// The number of tests and examples that were run.
    pub fn run(&self) -> usize {
        self.run
    }

    /// The lines for a student: the cause first, then the tests' names.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = self.cause.clone();
        lines.push(String::new());
        let count = format!("{} of {} did not pass:", self.failed.len(), self.run);
        lines.push(styled(QUIET, count));
        for name in self.failed.iter().take(MOST_NAMES) {
            lines.push(styled(QUIET, format_args!("  {name}")));
        }
        if self.failed.len() > MOST_NAMES {
            let more = self.failed.len() - MOST_NAMES;
            lines.push(styled(QUIET, format_args!("  and {more} more")));
        }
        lines
    }
}

/// The mistakes that the failing tests name, each once; the last is followed by what the
/// student's own code printed.
fn findings(failed: &[(&str, &Ended)]) -> Vec<String> {
    let mut findings: Vec<String> = Vec::new();
    let mut said = Vec::new();
    for (_, ended) in failed {
        let Ended::Failed(fault) = ended else {
            continue;
        };
        let Some(new) = &fault.finding else {
            continue;
        };
        if said.is_empty() {
            said.clone_from(&fault.said);
        }
        if !findings.contains(new) {
            findings.push(new.clone());
        }
    }
    findings.truncate(MOST_FINDINGS);
    if let (Some(last), false) = (findings.last_mut(), said.is_empty()) {
        *last += "\n  your code printed:";
        for line in said {
            *last += &format!("\n    {line}");
        }
    }
    findings
}

/// The lines of findings, the first line of each in bold, an empty line between two.
fn headed(findings: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    for finding in findings {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let mut rest = finding.lines();
        lines.extend(rest.next().map(|first| styled(HEADING, first)));
        lines.extend(rest.map(str::to_owned));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use fully_connected::literate::manifest;

    fn exercise() -> &'static Exercise {
        manifest::exercise("relu::forward").unwrap()
    }

    fn endings(failed: &[(&str, Ended)]) -> Endings {
        let tests = exercise().tests().into_iter();
        let mut endings: Endings =
            tests.map(|name| (name.to_owned(), Ended::Passed)).collect();
        for (name, ended) in failed {
            endings.insert((*name).to_owned(), ended.clone());
        }
        endings
    }

    fn panicked(finding: Option<&str>) -> Ended {
        Ended::Failed(Fault {
            finding: finding.map(str::to_owned),
            panic: Some(("a.rs:1:1".to_owned(), "3 is not 4".to_owned())),
            said: vec![],
        })
    }

    fn verdict(failed: &[(&str, Ended)]) -> Verdict {
        judge(exercise(), false, &endings(failed))
    }

    const NUMBERS: &str = "relu::forward_gives_the_courses_numbers";
    const INFINITY: &str = "relu::infinity_passes_and_its_opposite_does_not";
    const ELSEWHERE: Ended = Ended::Waits("affine::forward");

    #[test]
    fn blocked_is_not_wrong() {
        let standing = |failed: &[(&str, Ended)]| verdict(failed).standing;
        assert_eq!(standing(&[]), Standing::Solved);
        let waiting = Standing::Waiting("affine::forward".to_owned());
        assert_eq!(standing(&[(NUMBERS, ELSEWHERE)]), waiting);
        let own = Ended::Waits("relu::forward");
        assert_eq!(standing(&[(NUMBERS, own)]), Standing::Open);
        let untouched = judge(exercise(), true, &Endings::new());
        assert_eq!(untouched.standing, Standing::Open);
    }

    #[test]
    fn what_is_wrong_outweighs_what_waits() {
        let verdict = verdict(&[(NUMBERS, ELSEWHERE), (INFINITY, panicked(None))]);
        let wrong = verdict.wrong.unwrap();
        assert_eq!(wrong.failed, [INFINITY]);
        assert_eq!(wrong.lines()[0], "3 is not 4");
        assert_eq!(wrong.lines()[1], "    at a.rs:1:1");
    }

    #[test]
    fn a_finding_is_shown_first_and_once() {
        let found = panicked(Some("relu::forward: NaN became 0.\n  [3]: yours 0"));
        let verdict = verdict(&[(NUMBERS, found.clone()), (INFINITY, found)]);
        let wrong = verdict.wrong.unwrap();
        let text = wrong.lines().join("\n");
        assert_eq!(text.matches("NaN became 0").count(), 1, "{text}");
        assert!(text.find("NaN became 0") < text.find(NUMBERS), "{text}");
        assert!(!text.contains("3 is not 4"), "{text}");
    }

    #[test]
    fn a_failure_that_an_earlier_mistake_explains_is_no_mistake_of_this_one() {
        let earlier = panicked(Some("affine::backward: db is 1/5.\n  more"));
        let seen = verdict(&[(NUMBERS, earlier.clone())]);
        let waiting = Standing::Waiting("affine::backward".to_owned());
        assert_eq!(seen.standing, waiting);
        assert!(seen.wrong.unwrap().cause().contains("db is 1/5"));

        let partly = verdict(&[(NUMBERS, earlier), (INFINITY, panicked(None))]);
        assert_eq!(partly.standing, Standing::Wrong);
        let later = panicked(Some("softmax::loss: the loss is a sum."));
        assert_eq!(verdict(&[(NUMBERS, later)]).standing, Standing::Wrong);
    }

    #[test]
    fn a_test_without_end_outweighs_those_that_were_not_run_because_of_it() {
        let mut endings = endings(&[(INFINITY, panicked(None))]);
        let names = exercise().tests();
        let not_run = Ended::NotCounted("not run".to_owned());
        endings.insert(names[0].to_owned(), not_run);
        let endless = Ended::TooLong(std::time::Duration::from_secs(2));
        endings.insert(names[1].to_owned(), endless);
        let wrong = judge(exercise(), false, &endings).wrong.unwrap();
        let cause = &wrong.lines()[0];
        assert!(cause.contains("did not end within 2 s"), "{cause}");
    }

    #[test]
    fn a_test_without_an_outcome_is_no_test_passed() {
        let mut endings = endings(&[]);
        let gone = Ended::NotCounted("deleted".to_owned());
        endings.insert(NUMBERS.to_owned(), gone);
        let verdict = judge(exercise(), false, &endings);
        assert_eq!(verdict.standing, Standing::Wrong);
    }
}
