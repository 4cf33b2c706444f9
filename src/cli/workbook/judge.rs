//! From the endings of tests to what a student is told.

use super::libtest::{finding, panic, said_before, waits_for};
use super::place::CameOut;
use super::sources::Written;
use super::trial::{Ended, Endings};
use crate::cli::style::{BAD, BRIGHT, GOOD, HEADING, QUIET, styled};
use fully_connected::literate::manifest::Exercise;

/// How many names of failing tests are listed.
const MOST_NAMES: usize = 8;
/// How many lines are shown of what a test printed.
const MOST_LINES: usize = 24;

/// How an exercise stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every test and example of it passed.
    Solved,
    /// So they did, and the solution was put in.
    Given,
    /// It is not written, or in part.
    Open,
    /// Its tests reach another exercise that is not written.
    Waiting(&'static str),
    /// A test or an example failed.
    Wrong(Wrong),
    /// Nothing could be tested.
    Untested,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What the tests say is wrong; each once.
    findings: Vec<String>,
    /// If they say nothing, what the first failing test came to.
    first: String,
    /// The names of all that failed.
    failed: Vec<String>,
    /// How many were run.
    of: usize,
}

impl Verdict {
    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        matches!(self, Verdict::Solved | Verdict::Given)
    }

    /// What is remembered of it.
    pub fn came_out(&self) -> Option<CameOut> {
        match self {
            Verdict::Solved | Verdict::Given => Some(CameOut::Solved),
            Verdict::Wrong(_) => Some(CameOut::Wrong),
            Verdict::Waiting(other) => Some(CameOut::Waiting((*other).to_owned())),
            Verdict::Open | Verdict::Untested => None,
        }
    }
}

/// How an exercise stands, by the endings of its tests.
pub fn judge(exercise: &Exercise, written: &Written, endings: &Endings) -> Verdict {
    let names = exercise.tests().into_iter();
    let of_it: Vec<(&str, &Ended)> = names
        .filter_map(|name| endings.get(name).map(|ended| (name, ended)))
        .collect();
    let failed = failing(of_it.iter().copied());
    if !failed.is_empty() {
        return Verdict::Wrong(Wrong::of(&failed, of_it.len()));
    }
    let waits: Vec<_> = of_it.iter().flat_map(|(_, ended)| reached(ended)).collect();
    if waits.contains(&exercise.name) || *written == Written::Not {
        return Verdict::Open;
    }
    match waits.first() {
        Some(other) => Verdict::Waiting(other),
        None => Verdict::Solved,
    }
}

/// The exercises whose stub a test or an example has reached.
fn reached(ended: &Ended) -> Vec<&'static str> {
    match ended {
        Ended::Failed(printed) => waits_for(printed),
        _ => Vec::new(),
    }
}

/// Tests or examples that neither passed nor wait for an exercise.
pub fn failing<'a>(
    endings: impl Iterator<Item = (&'a str, &'a Ended)>,
) -> Vec<(&'a str, &'a Ended)> {
    endings
        .filter(|(_, ended)| **ended != Ended::Passed && reached(ended).is_empty())
        .collect()
}

/// What is wrong with what is given: its tests, and the examples of the appendices that
/// fail.
pub fn judge_given(
    endings: &Endings,
    tests: &[&str],
    examples: &[(&str, &Ended)],
) -> Option<Wrong> {
    let mut failed: Vec<_> = tests
        .iter()
        .filter_map(|name| endings.get(*name).map(|ended| (*name, ended)))
        .filter(|(_, ended)| **ended != Ended::Passed)
        .collect();
    failed.extend(examples);
    (!failed.is_empty()).then(|| Wrong::of(&failed, tests.len() + examples.len()))
}

fn explanation(name: &str, ended: &Ended) -> String {
    match ended {
        Ended::Passed => String::new(),
        Ended::Failed(printed) => failure(printed),
        Ended::TooLong(time) => format!(
            "{name} did not end within {} s and was stopped. Is there a loop without end?",
            time.as_secs()
        ),
        Ended::TooMuch => format!(
            "{name} printed without end and was stopped. Is there a loop that prints?"
        ),
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

/// What a failing test printed and what its panic says.
fn failure(printed: &str) -> String {
    let headings = ["Test executable failed", "stderr:", "stdout:"];
    let before: Vec<_> = printed
        .lines()
        .take_while(|line| !line.contains(" panicked at "))
        .filter(|line| !headings.iter().any(|heading| line.starts_with(heading)))
        .collect();
    let before = before.join("\n");
    let before = shortened(before.trim_matches('\n'));
    match panic(printed) {
        None => before,
        Some((place, message)) => {
            let gap = if before.is_empty() { "" } else { "\n\n" };
            format!("{before}{gap}{}\n    at {place}", shortened(&message))
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
    /// What those tests or examples that failed say, of as many as were run.
    pub fn of(failed: &[(&str, &Ended)], of: usize) -> Wrong {
        let mut findings: Vec<String> = Vec::new();
        let mut said = Vec::new();
        for (_, ended) in failed {
            if let Ended::Failed(printed) = ended {
                let Some(new) = finding(printed) else {
                    continue;
                };
                if said.is_empty() {
                    said = said_before(printed);
                }
                if !findings.contains(&new) {
                    findings.push(new);
                }
            }
        }
        if let (Some(last), false) = (findings.last_mut(), said.is_empty()) {
            *last += "\n  your code printed:";
            for line in said {
                *last += &format!("\n    {line}");
            }
        }
        let worst = failed
            .iter()
            .find(|(_, ended)| !matches!(ended, Ended::Failed(_)));
        let (name, ended) = worst.unwrap_or(&failed[0]);
        Wrong {
            findings: if worst.is_some() {
                Vec::new()
            } else {
                findings
            },
            first: explanation(name, ended),
            failed: failed.iter().map(|(name, _)| (*name).to_owned()).collect(),
            of,
        }
    }

    /// What a student reads: the cause first, then the tests' names.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (i, finding) in self.findings.iter().take(3).enumerate() {
            if i > 0 {
                lines.push(String::new());
            }
            for (j, line) in finding.lines().enumerate() {
                let style = if j == 0 {
                    HEADING
                } else {
                    anstyle::Style::new()
                };
                lines.push(styled(style, line));
            }
        }
        if self.findings.is_empty() {
            lines.extend(self.first.lines().map(str::to_owned));
        }
        lines.push(String::new());
        let count = format!("{} of {} did not pass:", self.failed.len(), self.of);
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

/// One line: a sign, the exercise, and how it stands.
pub fn headline(exercise: &Exercise, verdict: &Verdict) -> String {
    let name = format!("{:<36}", exercise.name);
    match verdict {
        Verdict::Solved => format!(
            "{} {}",
            styled(GOOD, format_args!("✓ {name}")),
            exercise.title
        ),
        Verdict::Given => format!("{} given", styled(GOOD, format_args!("◆ {name}"))),
        Verdict::Open => format!("○ {name} to be written"),
        Verdict::Waiting(other) => format!(
            "{} waiting for {other}",
            styled(BRIGHT, format_args!("… {name}"))
        ),
        Verdict::Wrong(_) => {
            format!("{} not right yet", styled(BAD, format_args!("✗ {name}")))
        }
        Verdict::Untested => format!("? {name} not tested"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fully_connected::literate::manifest;

    fn exercise() -> &'static Exercise {
        manifest::exercise("relu::forward").unwrap()
    }

    fn endings(failed: &[(&str, &str)]) -> Endings {
        let tests = exercise().tests().into_iter();
        let mut endings: Endings =
            tests.map(|name| (name.to_owned(), Ended::Passed)).collect();
        for (name, printed) in failed {
            endings.insert((*name).to_owned(), Ended::Failed((*printed).to_owned()));
        }
        endings
    }

    fn verdict(failed: &[(&str, &str)]) -> Verdict {
        judge(exercise(), &Written::Fully, &endings(failed))
    }

    const NUMBERS: &str = "relu::forward_gives_the_courses_numbers";
    const INFINITY: &str = "relu::infinity_passes_and_its_opposite_does_not";
    const ELSEWHERE: &str = "thread 'x' (1) panicked at src/affine.rs:9:5:\n\
        not yet implemented: affine::forward: out = x·w + b";

    #[test]
    fn blocked_is_not_wrong() {
        assert_eq!(verdict(&[]), Verdict::Solved);
        assert_eq!(
            verdict(&[(NUMBERS, ELSEWHERE)]),
            Verdict::Waiting("affine::forward")
        );
        let own = ELSEWHERE.replace("affine", "relu");
        assert_eq!(verdict(&[(NUMBERS, &own)]), Verdict::Open);
    }

    #[test]
    fn what_is_wrong_outweighs_what_waits() {
        let wrong = "thread 'x' (1) panicked at a.rs:1:1:\n3 is not 4";
        let verdict = verdict(&[(NUMBERS, ELSEWHERE), (INFINITY, wrong)]);
        let Verdict::Wrong(wrong) = verdict else {
            panic!("{verdict:?}")
        };
        assert_eq!(wrong.failed, [INFINITY]);
        assert_eq!(wrong.lines()[0], "3 is not 4");
        assert_eq!(wrong.lines()[1], "    at a.rs:1:1");
    }

    #[test]
    fn a_finding_is_shown_first_and_once() {
        let printed = "relu::forward: NaN became 0.\n  [3]: yours 0\n\nthread 'x' (1) \
                       panicked at a.rs:1:1:\nno";
        let verdict = verdict(&[(NUMBERS, printed), (INFINITY, printed)]);
        let Verdict::Wrong(wrong) = verdict else {
            panic!("{verdict:?}")
        };
        let text = wrong.lines().join("\n");
        assert_eq!(text.matches("NaN became 0").count(), 1, "{text}");
        assert!(text.find("NaN became 0") < text.find(NUMBERS), "{text}");
        assert!(!text.contains("panicked"), "{text}");
    }

    #[test]
    fn a_test_without_an_outcome_is_no_test_passed() {
        let mut endings = endings(&[]);
        let gone = Ended::NotCounted("deleted".to_owned());
        endings.insert(NUMBERS.to_owned(), gone);
        let verdict = judge(exercise(), &Written::Fully, &endings);
        assert!(!verdict.is_done());
    }
}
