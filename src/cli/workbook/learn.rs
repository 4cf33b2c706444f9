//! `learn`: the student's own network, trained.

use super::check::Limit;
use super::example::Example;
use super::place::Workbook;
use super::process::{Cancel, catch_signals};
use super::screen::fitted;
use super::snapshot::Snapshot;
use super::standing::Standing;
use crate::cli::failure::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::overfit::Overfit;
use crate::cli::progress::Waiting;
use crate::cli::sanity::Sanity;
use crate::cli::style::{self, BRIGHT, HEADING, Lines, QUIET, styled, verdict};
use crate::cli::values::{count, positive};
use crate::cli::whose::Whose;
use clap::Args;
use fully_connected::experiments::{self, Experiment, Seen};
use fully_connected::literate::manifest::{END_OF_PART_I, Exercise, exercises_up_to};
use std::io::{self, Write};
use std::time::Duration;

/// Train the network that you have built
///
/// Compiles your crate as it stands, and shows what it does: the loss before training, the
/// gradient check, fifty images learned by heart with three layers. Needs the exercises of
/// Part I, chapters 1 to 9.
///
/// With an option it only trains. Five layers are a puzzle: with the weight scale and the
/// rate of three they learn nothing.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Learn {
    /// Number of affine layers, the last one included [default: 3]
    #[arg(long, value_name = "L", value_parser = count)]
    layers: Option<usize>,

    /// Standard deviation of the initial weights [default: 0.02]
    #[arg(long, value_name = "STD", allow_negative_numbers = true,
        value_parser = positive)]
    weight_scale: Option<f64>,

    /// Learning rate [default: 0.01]
    #[arg(long, value_name = "RATE", allow_negative_numbers = true,
        value_parser = positive)]
    rate: Option<f64>,

    /// Number of epochs [default: 20]
    #[arg(long, value_name = "N", value_parser = count)]
    epochs: Option<usize>,

    #[command(flatten)]
    limit: Limit,
}

const EXAMPLES: &str = "\
Examples:
  fully-connected learn
  fully-connected learn --layers 5                       learns nothing (exits with 1)
  fully-connected learn --layers 5 --weight-scale 0.04   does it now?

`fully-connected overfit` has more options.";

/// The student's network, built.
#[derive(Debug)]
pub struct Student {
    workbook: Workbook,
    pub(super) example: Example,
    pub(super) time: Duration,
    cancel: Cancel,
    /// The exercises that were wrong when they were last tested.
    wrong: Vec<&'static str>,
    /// The number of exercises that it needs.
    needed: usize,
    /// The number of those whose solutions were put in.
    given: usize,
}

impl Student {
    /// Builds it, if the exercises of the chapters up to `last`, but those of the chapters
    /// `without`, are written; else says which is open.
    pub fn of(
        workbook: &Workbook,
        last: &str,
        without: &[&str],
    ) -> Result<Result<Student, String>, Failure> {
        Student::within(workbook, last, without, Limit::default())
    }

    fn within(
        workbook: &Workbook,
        last: &str,
        without: &[&str],
        limit: Limit,
    ) -> Result<Result<Student, String>, Failure> {
        catch_signals();
        let waiting = Waiting::new();
        let progress = &mut |what: &str| waiting.show(what);
        Student::built(
            workbook,
            exercises_up_to(last, without),
            limit.time(),
            &Cancel::default(),
            progress,
        )
    }

    /// As [`of`](Student::of), for the exercises `needed` and with limits of its own.
    /// `progress` hears what cargo is doing.
    pub fn built(
        workbook: &Workbook,
        needed: impl Iterator<Item = &'static Exercise>,
        time: Duration,
        cancel: &Cancel,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Result<Student, String>, Failure> {
        let snapshot = Snapshot::take(workbook)?;
        let standings: Vec<_> = needed
            .map(|exercise| (exercise.name, snapshot.standing(exercise)))
            .collect();
        let named = |is: fn(&Standing) -> bool| {
            let those = standings.iter().filter(move |(_, standing)| is(standing));
            those.map(|(name, _)| *name).collect::<Vec<_>>()
        };
        let open = named(|s| matches!(s, Standing::Open | Standing::Lost(_)));
        match open[..] {
            [] => {}
            [one] => return Ok(Err(format!("{one} is open"))),
            [first, ..] => {
                let more = open.len() - 1;
                return Ok(Err(format!("{first} is open, and {more} more")));
            }
        }
        let wrong = named(|s| *s == Standing::Wrong);
        let given = named(|s| *s == Standing::Given).len();
        progress("building your crate");
        Ok(Ok(Student {
            example: Example::build(workbook, snapshot, cancel, progress)?,
            workbook: workbook.clone(),
            time,
            cancel: cancel.clone(),
            wrong,
            needed: standings.len(),
            given,
        }))
    }

    /// Says that it is the student's, and what is known to be wrong with it.
    pub fn say_whose(&self, out: &mut impl Write) -> io::Result<()> {
        let src = self.workbook.root.join("src");
        let whose = styled(HEADING, "Your own network");
        let remark = format!("built from {}", src.display());
        writeln!(out, "{whose}  {}", styled(QUIET, remark))?;
        if let Some(first) = self.wrong.first() {
            let text = format!("{first} was wrong when it was last tested");
            writeln!(out, "  {}", verdict(false, text))?;
        }
        Ok(())
    }

    /// Makes an experiment with it.
    pub fn see(
        &self,
        experiment: &Experiment,
        say: &mut dyn FnMut(Seen),
    ) -> Result<(), Failure> {
        self.example
            .run(experiment, self.time, &self.cancel, say, &mut || {})
    }
}

impl Learn {
    /// Trains, if every exercise is written.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        let workbook = Workbook::find()?;
        let width = style::terminal_width().unwrap_or(usize::MAX);
        let mut written = Ok(());
        let out = &mut Lines::new(|line: &str| {
            for line in fitted(line, width) {
                if written.is_ok() {
                    written = writeln!(out, "{line}").and_then(|()| out.flush());
                }
            }
        });
        let outcome = self.show(&workbook, out);
        written?;
        outcome
    }

    fn show(
        &self,
        workbook: &Workbook,
        out: &mut impl Write,
    ) -> Result<Outcome, Failure> {
        let student = match Student::within(workbook, END_OF_PART_I, &[], self.limit)? {
            Ok(student) => student,
            Err(open) => {
                let text = format!("your network cannot learn yet: {open}");
                writeln!(out, "{}", verdict(false, text))?;
                writeln!(
                    out,
                    "  `fully-connected list` shows how each exercise stands."
                )?;
                return Ok(Outcome::NotYet);
            }
        };
        let set = self.weight_scale.or(self.rate).is_some();
        if !set && self.layers.or(self.epochs).is_none() {
            return finale(student, true, out);
        }
        student.say_whose(out)?;
        let usual = experiments::Overfit::default();
        let overfit = Overfit::with(
            self.layers.unwrap_or(usual.layers),
            self.weight_scale.unwrap_or(usual.weight_scale),
            self.rate.unwrap_or(usual.rate),
            self.epochs,
        );
        overfit.check_size()?;
        let bar = Some(overfit.progress());
        let (outcome, _) = overfit.show(&Whose::Students(student), bar, out)?;
        Ok(outcome)
    }
}

/// All that the course led to, with the student's own network. The bar of the training is
/// shown on a terminal if `bar` says so.
pub fn finale(
    student: Student,
    bar: bool,
    out: &mut impl Write,
) -> Result<Outcome, Failure> {
    student.say_whose(out)?;
    let (needed, given) = (student.needed, student.given);
    let whose = Whose::Students(student);
    let sane = Sanity::usual().show(&whose, false, out)?;
    let overfit = Overfit::with_layers(experiments::Overfit::default().layers);
    let bar = bar.then(|| overfit.progress());
    let (learned, _) = overfit.show(&whose, bar, out)?;
    let outcome = sane.and(learned);
    if outcome != Outcome::Done {
        let text =
            "First `fully-connected check`: it says which exercise is not right yet.";
        writeln!(out, "\n{}", verdict(false, text))?;
        return Ok(outcome);
    }
    let yours = match given {
        0 => "every line of it yours.".to_owned(),
        _ => format!("{} exercises of it yours, {given} given.", needed - given),
    };
    let text = format!("You have built a network that learns, {yours}");
    writeln!(out, "\n{}", verdict(true, text))?;
    style::heading(out, "A puzzle: five layers", "")?;
    let width = style::width().saturating_sub(4).min(76);
    for line in textwrap::wrap(PUZZLE, width) {
        writeln!(out, "  {line}")?;
    }
    for command in ["", " --weight-scale 0.03 --rate 0.01"] {
        let command = format!("fully-connected learn --layers 5{command}");
        writeln!(out, "    {}", styled(BRIGHT, command))?;
    }
    Ok(outcome)
}

const PUZZLE: &str = "With the weight scale and the rate of three layers, five learn \
    nothing. Which of the two is to blame, and how far can you turn each?";
