//! `check`: the whole workbook, or a chapter, once.

use super::cargo::{Built, build};
use super::copy::{ALL_CHAPTERS, Copy, Examples, Purpose};
use super::judge::{Verdict, Wrong, headline, judge, judge_given};
use super::names;
use super::place::{Record, Workbook};
use super::process::{Cancel, catch_signals};
use super::sources::{Sources, Written, not_counted};
use super::trial::{self, Ended};
use crate::cli::failure::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::style::{BRIGHT, QUIET, styled, verdict};
use clap::Args;
use fully_connected::literate::manifest::{EXERCISES, Exercise, GIVEN};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::Write;
use std::time::Duration;

/// Check the workbook, or a chapter of it, once
///
/// The tests, their data, the snapshots and Cargo.toml are this program's own, whatever
/// stands in the workbook; what differs there is named and does not count. Only `src` is
/// yours.
#[derive(Debug, Args)]
pub struct Check {
    /// A chapter or an exercise, such as affine or affine::forward [default: all]
    #[arg(value_name = "CHAPTER")]
    name: Option<String>,

    #[command(flatten)]
    limit: Limit,
}

/// How long a test may take.
#[derive(Debug, Clone, Copy, Args)]
pub struct Limit {
    /// Seconds after which a test is taken to be without end
    #[arg(long, value_name = "SECONDS", default_value = "20",
        value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
}

impl Limit {
    /// The limit where none is said.
    pub fn usual() -> Limit {
        Limit { timeout: 20 }
    }

    /// The time that a test has.
    pub fn time(self) -> Duration {
        Duration::from_secs(self.timeout)
    }
}

/// What a check found.
#[derive(Debug)]
pub struct Report {
    /// How each exercise stands.
    verdicts: Vec<(&'static Exercise, Verdict)>,
    /// What the compiler found wrong.
    errors: Vec<String>,
    /// What is wrong with what is given.
    given: Option<Wrong>,
    /// Tests, data and snapshots that the workbook has otherwise.
    not_counted: Vec<String>,
    /// Given code that was changed.
    changed: Vec<String>,
}

impl Check {
    /// Checks, and says what is right and what is not.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        let workbook = Workbook::find()?;
        let exercises = match &self.name {
            Some(name) => names::exercises(name)?,
            None => EXERCISES.iter().collect(),
        };
        catch_signals();
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {msg}");
        bar.set_style(style.expect("the template is valid"));
        bar.enable_steady_tick(Duration::from_millis(100));
        let report = examine(
            &workbook,
            &exercises,
            self.limit.time(),
            &Cancel::default(),
            &mut |line| bar.set_message(line.to_owned()),
        );
        bar.finish_and_clear();
        let report = report?;
        for line in report.lines() {
            writeln!(out, "{line}")?;
        }
        Ok(Outcome::done_if(report.is_done()))
    }
}

/// Runs the tests of the exercises, and for all of them those of what is given.
pub fn examine(
    workbook: &Workbook,
    exercises: &[&'static Exercise],
    time: Duration,
    cancel: &Cancel,
    progress: &mut dyn FnMut(&str),
) -> Result<Report, Failure> {
    let state = workbook.state()?;
    let sources = Sources::read(workbook);
    let mut report = Report {
        verdicts: Vec::new(),
        errors: Vec::new(),
        given: None,
        not_counted: not_counted(workbook),
        changed: sources.given_code_changed(workbook),
    };
    let copy = Copy::of(workbook, Purpose::Check);
    progress("building");
    copy.refresh(workbook, Examples::All)?;
    let program = match build(&copy, ALL_CHAPTERS, cancel, progress)? {
        Built::Program(program) => program,
        Built::Errors(errors) => {
            report.errors = errors;
            let untested = exercises.iter().map(|e| (*e, Verdict::Untested));
            report.verdicts = untested.collect();
            return Ok(report);
        }
    };

    let begun = exercises
        .iter()
        .filter(|exercise| sources.written(exercise) != Written::Not)
        .map(|exercise| &exercise.tests);
    let whole = exercises.len() == EXERCISES.len();
    let wanted: Vec<_> = begun.chain(whole.then_some(&GIVEN)).collect();
    let unit: Vec<_> = wanted
        .iter()
        .flat_map(|tests| tests.unit)
        .copied()
        .collect();
    let doc: Vec<_> = wanted.iter().flat_map(|tests| tests.doc).copied().collect();

    progress("running the tests");
    let mut endings = trial::tests(&program, &copy, &unit, time, cancel)?;
    if endings.values().any(without_end) {
        // An example would run into the same loop, and rustdoc keeps all that it prints.
        let why = "not run, because a test did not end";
        let skipped = doc.iter().map(|name| ((*name).to_owned(), skip(why)));
        endings.extend(skipped);
    } else {
        progress("running the examples");
        endings.extend(trial::examples(&copy, &sources, &doc, time, cancel)?);
    }

    for exercise in exercises {
        let mut verdict = judge(exercise, &sources.written(exercise), &endings);
        if verdict == Verdict::Solved && sources.is_given(exercise, &state) {
            verdict = Verdict::Given;
        }
        report.verdicts.push((exercise, verdict));
    }
    if whole {
        let names: Vec<_> = GIVEN.unit.iter().chain(GIVEN.doc).copied().collect();
        report.given = judge_given(&endings, &names);
    }
    let verdicts = report.verdicts.iter();
    record(workbook, &sources, verdicts.map(|(e, v)| (*e, v)))?;
    Ok(report)
}

fn without_end(ended: &Ended) -> bool {
    matches!(ended, Ended::TooLong(_) | Ended::TooMuch)
}

fn skip(why: &str) -> Ended {
    Ended::NotCounted(why.to_owned())
}

/// Remembers how exercises came out, and of which sources that is true.
pub fn record<'a>(
    workbook: &Workbook,
    sources: &Sources,
    verdicts: impl Iterator<Item = (&'a Exercise, &'a Verdict)>,
) -> Result<(), Failure> {
    let new: Vec<_> = verdicts
        .map(|(exercise, verdict)| {
            let record = verdict.came_out().map(|came_out| Record {
                of: sources.fingerprint(exercise),
                came_out,
            });
            (exercise.name.to_owned(), record)
        })
        .collect();
    workbook.update(|state| {
        for (name, record) in new {
            match record {
                Some(record) => state.results.insert(name, record),
                None => state.results.remove(&name),
            };
        }
    })
}

impl Report {
    /// Whether everything is done.
    pub fn is_done(&self) -> bool {
        self.errors.is_empty()
            && self.given.is_none()
            && self.verdicts.iter().all(|(_, verdict)| verdict.is_done())
    }

    /// What a student reads.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.errors.is_empty() {
            self.verdict_lines(&mut lines);
        } else {
            lines.push(verdict(false, "it does not compile"));
            for error in &self.errors {
                lines.push(String::new());
                lines.extend(error.lines().map(str::to_owned));
            }
        }
        self.difference_lines(&mut lines);
        lines.push(String::new());
        lines.push(self.last_line());
        lines
    }

    fn verdict_lines(&self, lines: &mut Vec<String>) {
        for (exercise, verdict) in &self.verdicts {
            lines.push(headline(exercise, verdict));
            if let Verdict::Wrong(wrong) = verdict {
                lines.extend(indented(wrong));
            }
        }
        if let Some(wrong) = &self.given {
            lines.push(verdict(false, "what is given does not pass its own tests"));
            lines.extend(indented(wrong));
        }
    }

    fn difference_lines(&self, lines: &mut Vec<String>) {
        let lists = [
            (
                "Not as they were made; the check used its own:",
                &self.not_counted,
            ),
            ("Changed outside the exercises:", &self.changed),
        ];
        for (title, list) in lists {
            if !list.is_empty() {
                lines.push(String::new());
                lines.push(title.to_owned());
                lines.extend(
                    list.iter()
                        .map(|item| styled(QUIET, format_args!("  {item}"))),
                );
            }
        }
    }

    fn last_line(&self) -> String {
        let done = self
            .verdicts
            .iter()
            .filter(|(_, verdict)| verdict.is_done());
        let count =
            format!("{} of {} exercises done", done.count(), self.verdicts.len());
        if self.is_done() {
            return verdict(true, count);
        }
        let next = self.verdicts.iter().find(|(_, verdict)| !verdict.is_done());
        match next {
            Some((exercise, _)) if self.errors.is_empty() => {
                format!("{count}; next is {}", styled(BRIGHT, exercise.name))
            }
            _ => count,
        }
    }
}

fn indented(wrong: &Wrong) -> impl Iterator<Item = String> {
    wrong.lines().into_iter().map(|line| match line.as_str() {
        "" => line,
        _ => format!("    {line}"),
    })
}
