//! `check`: the whole workbook, or a chapter, once.

use super::copy::Purpose;
use super::document::{About, Document, DocumentFile};
use super::examine::{Examination, Progress, Report, does_not_compile};
use super::judge::{Verdict, Wrong};
use super::names;
use super::place::Workbook;
use super::process::{Cancel, catch_signals};
use super::snapshot::Snapshot;
use super::standing::Standing;
use super::submission::Submission;
use crate::cli::failure::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::progress::Waiting;
use crate::cli::style::{BRIGHT, QUIET, styled, verdict};
use clap::Args;
use fully_connected::literate::manifest::{EXERCISES, Exercise};
use fully_connected::literate::problem::Problem;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const WAITING: &str =
    "Another check of this workbook is at work; this one waits for its end.";

/// Check the workbook, or a chapter of it, once
///
/// The tests, their data, the snapshots and Cargo.toml are this program's own, whatever
/// stands in the workbook; what differs there is named and does not count. Only `src` is
/// yours.
///
/// With --from the folder need not be trusted: only what stands between the markers of its
/// chapters is compiled, in a workbook of this program's own, under limits on time and output
/// and on Linux on memory, processor time and processes too. That is no sandbox: what is
/// compiled can still read and write files and use the network. For the work of strangers, run
/// the whole in a container.
#[derive(Debug, Args)]
pub struct Check {
    /// A chapter or an exercise, such as affine or affine::forward [default: all]
    #[arg(value_name = "CHAPTER")]
    name: Option<String>,

    /// Writes the result into FILE as JSON too, in one step; a result that is there is replaced,
    /// no other file is
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Checks the regions of the workbook in DIR, which need not be trusted
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,

    /// Builds in DIR, so that many checks build the dependencies once [default: a temporary
    /// folder]
    #[arg(long, value_name = "DIR", requires = "from")]
    target: Option<PathBuf>,

    #[command(flatten)]
    limit: Limit,
}

/// The limit on the time of each test.
#[derive(Debug, Clone, Copy, Args)]
pub struct Limit {
    /// Seconds after which a test is taken to be without end
    #[arg(long, value_name = "SECONDS", default_value_t = Limit::default().timeout,
        value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
}

impl Default for Limit {
    fn default() -> Limit {
        Limit { timeout: 20 }
    }
}

impl Limit {
    /// The time that a test has.
    pub fn time(self) -> Duration {
        Duration::from_secs(self.timeout)
    }
}

impl Check {
    /// Checks, and says how each exercise stands.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        let exercises = match &self.name {
            Some(name) => names::exercises(name)?,
            None => EXERCISES.iter().collect(),
        };
        let json = self.json.as_deref().map(DocumentFile::at).transpose()?;
        let started = Instant::now();
        let (report, about) = match &self.from {
            Some(folder) => self.submission(folder, &exercises)?,
            None => self.workbook(&exercises)?,
        };
        for problem in &about.refused {
            writeln!(
                out,
                "{}",
                verdict(false, format_args!("refused: {problem}"))
            )?;
        }
        for line in report.lines() {
            writeln!(out, "{line}")?;
        }
        for problem in &about.unusual {
            writeln!(
                out,
                "{}",
                styled(QUIET, format_args!("worth a look: {problem}"))
            )?;
        }
        let done = report.is_done() && about.refused.is_empty();
        if let Some(file) = json {
            let took = started.elapsed();
            file.write(&Document::of(&report, About { took, ..about }))?;
        }
        Ok(Outcome::done_if(done))
    }

    fn workbook(
        &self,
        exercises: &[&'static Exercise],
    ) -> Result<(Report, About), Failure> {
        let workbook = Workbook::find()?;
        let snapshot = Snapshot::take(&workbook)?;
        let examination = Examination {
            workbook: &workbook,
            snapshot: &snapshot,
            purpose: Purpose::Check,
            exercises,
            time: self.limit.time(),
            cancel: &Cancel::default(),
        };
        let report = with_spinner(|say| examination.run(say))?;
        Ok((report, About::folder(&workbook.root)))
    }

    fn submission(
        &self,
        folder: &Path,
        exercises: &[&'static Exercise],
    ) -> Result<(Report, About), Failure> {
        let submission = Submission::read(folder)?;
        let told =
            |problems: &[Problem]| problems.iter().map(Problem::to_string).collect();
        let about = About {
            untrusted: true,
            refused: told(&submission.refused),
            unusual: told(&submission.unusual),
            ..About::folder(folder)
        };
        if !about.refused.is_empty() {
            // Nothing of it is compiled.
            let exercises = exercises.iter().copied();
            let report = Report {
                verdicts: exercises.map(Verdict::untested).collect(),
                ..Report::default()
            };
            return Ok((report, about));
        }
        let (target, time) = (self.target.as_deref(), self.limit.time());
        let report =
            with_spinner(|say| submission.check(target, exercises, time, say))?;
        Ok((report, about))
    }
}

/// Shows on a terminal what goes on.
fn with_spinner<R>(
    work: impl FnOnce(&mut dyn FnMut(Progress<'_>)) -> Result<R, Failure>,
) -> Result<R, Failure> {
    catch_signals();
    let waiting = Waiting::new();
    work(&mut |progress| match progress {
        Progress::Doing(what) => waiting.show(what),
        Progress::Waiting => waiting.say(WAITING),
        Progress::TestsPass => {}
    })
}

impl Report {
    /// Whether everything is done.
    pub fn is_done(&self) -> bool {
        self.errors.is_empty()
            && self.given.is_none()
            && self.verdicts.iter().all(|v| v.standing.is_done())
    }

    /// The report as lines, for the student.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.errors.is_empty() {
            self.verdict_lines(&mut lines);
        } else {
            lines.push(verdict(false, does_not_compile(self.errors.len())));
            for error in &self.errors {
                lines.push(String::new());
                lines.extend(error.lines().map(str::to_owned));
            }
            if !self.still_done.is_empty() {
                lines.push(String::new());
                lines.push("Checked before, and not changed since:".to_owned());
                let done = self.still_done.iter();
                lines.extend(done.map(|(exercise, standing)| standing.line(exercise)));
            }
        }
        self.difference_lines(&mut lines);
        lines.push(String::new());
        lines.push(self.last_line());
        lines
    }

    fn verdict_lines(&self, lines: &mut Vec<String>) {
        for verdict in &self.verdicts {
            lines.push(verdict.standing.line(verdict.exercise));
            // What is wrong with another exercise is said there.
            if !self.is_told_elsewhere(verdict) {
                lines.extend(verdict.wrong.iter().flat_map(indented));
            }
        }
        if let Some(wrong) = &self.given {
            lines.push(verdict(false, "what is given does not pass its own tests"));
            lines.extend(indented(wrong));
        }
    }

    fn is_told_elsewhere(&self, verdict: &Verdict) -> bool {
        let Standing::Waiting(other) = &verdict.standing else {
            return false;
        };
        let mut all = self.verdicts.iter();
        all.any(|v| v.exercise.name == other && v.wrong.is_some())
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
        let all = self.verdicts.len();
        let mut left = self.verdicts.iter().filter(|v| !v.standing.is_done());
        let done = if self.errors.is_empty() {
            all - left.clone().count()
        } else {
            self.still_done.len()
        };
        let count = format!("{done} of {all} exercises done");
        if self.is_done() {
            return verdict(true, count);
        }
        match left.next() {
            Some(next) if self.errors.is_empty() => {
                let name = match &next.standing {
                    Standing::Waiting(other) => other,
                    _ => next.exercise.name,
                };
                format!("{count}; next is {}", styled(BRIGHT, name))
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
