//! `check`: the whole workbook, or a chapter, once.

use super::copy::Purpose;
use super::examine::{Examination, Progress, Report};
use super::judge::Wrong;
use super::names;
use super::place::Workbook;
use super::process::{Cancel, catch_signals};
use super::snapshot::Snapshot;
use crate::cli::failure::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::style::{BRIGHT, QUIET, styled, verdict};
use clap::Args;
use fully_connected::literate::manifest::EXERCISES;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::Write;
use std::time::Duration;

const WAITING: &str =
    "Another check of this workbook is at work; this one waits for its end.";

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
        let workbook = Workbook::find()?;
        let exercises = match &self.name {
            Some(name) => names::exercises(name)?,
            None => EXERCISES.iter().collect(),
        };
        let snapshot = Snapshot::take(&workbook)?;
        catch_signals();
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {msg}");
        bar.set_style(style.expect("the template is valid"));
        bar.enable_steady_tick(Duration::from_millis(100));
        let examination = Examination {
            workbook: &workbook,
            snapshot: &snapshot,
            purpose: Purpose::Check,
            exercises: &exercises,
            time: self.limit.time(),
            cancel: &Cancel::default(),
        };
        let report = examination.run(&mut |progress| match progress {
            Progress::Doing(what) => bar.set_message(what.to_owned()),
            Progress::Waiting => bar.suspend(|| eprintln!("{WAITING}")),
            Progress::TestsPass => {}
        });
        bar.finish_and_clear();
        let report = report?;
        for line in report.lines() {
            writeln!(out, "{line}")?;
        }
        Ok(Outcome::done_if(report.is_done()))
    }
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
        for verdict in &self.verdicts {
            lines.push(verdict.standing.line(verdict.exercise));
            lines.extend(verdict.wrong.iter().flat_map(indented));
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
        let all = self.verdicts.len();
        let mut left = self.verdicts.iter().filter(|v| !v.standing.is_done());
        let count = format!("{} of {all} exercises done", all - left.clone().count());
        if self.is_done() {
            return verdict(true, count);
        }
        match left.next() {
            Some(next) if self.errors.is_empty() => {
                format!("{count}; next is {}", styled(BRIGHT, next.exercise.name))
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
