//! The runner, a guest in the house: it calls the library as any program would, and no
//! chapter knows of it.
//!
//! Each command is a file: it has its options, and a `run` that writes to `out` and says
//! how it ended. What is written may carry colours; the stream takes them out where
//! nobody sees them.

#[cfg(feature = "book")]
mod book;
mod curve;
mod data;
mod demo;
mod diagnosis;
mod failure;
mod fitted;
#[cfg(feature = "book")]
mod figures;
mod new;
mod new_file;
#[cfg(not(feature = "book"))]
mod no_book;
mod normalized;
mod numbers;
mod outcome;
mod outputs;
mod overfit;
mod plot;
mod predict;
mod progress;
mod sanity;
mod scored;
mod style;
mod threads;
mod train;
mod values;
mod whose;
mod workbook;

use anstream::AutoStream;
use clap::{Parser, Subcommand};
use failure::Failure;
use fitted::Fitted;
use outcome::Outcome;
use std::io::{self, Write};
use std::process::ExitCode;

/// A fully-connected neural network, built by hand.
///
/// Without a command, a workbook is watched by anyone inside it. Elsewhere the whole
/// assignment runs in a few seconds: the initial loss, the gradient check, and fifty
/// images learned by heart.
#[derive(Parser)]
#[command(
    name = "fully-connected",
    version,
    max_term_width = 88,
    after_help = EXIT_CODES,
    after_long_help = EXIT_CODES
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

const EXIT_CODES: &str = "\
Exit codes:
    0  done
    1  not yet: an exercise is open or wrong, a check failed, a goal was not reached
    2  wrong usage or environment: no workbook, no cargo, a file that cannot be written
  130  ended by Ctrl-C (which is `q` on the watcher's screen)

Colour appears on terminals only; NO_COLOR=1 turns it off there too.";

#[derive(Subcommand)]
enum Command {
    New(new::New),
    Watch(workbook::watch::Watch),
    Check(workbook::check::Check),
    List(workbook::list::List),
    Hint(workbook::hint::Hint),
    Solution(workbook::solution::Solution),
    Give(workbook::replace::Give),
    Reset(workbook::replace::Reset),
    Update(workbook::update::Update),
    Learn(workbook::learn::Learn),
    Sanity(sanity::Sanity),
    Overfit(overfit::Overfit),
    Train(train::Train),
    Predict(predict::Predict),
    #[cfg(feature = "book")]
    Figures(figures::Figures),
    #[cfg(feature = "book")]
    Book(book::Book),
    #[cfg(not(feature = "book"))]
    Book(no_book::Book),
    #[command(hide = true)]
    Limited(workbook::limits::Limited),
    #[cfg(feature = "book")]
    #[command(hide = true)]
    Weave(book::weave::Weave),
}

/// Runs what the command line asks for.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let mut out = Fitted::lines(AutoStream::auto(io::stdout().lock()));
    let mut screen = Fitted::screen(AutoStream::auto(io::stdout()));
    let outcome = match cli.command {
        None if workbook::place::Workbook::around_here().is_some() => {
            workbook::watch::Watch::default().run(&mut screen)
        }
        None => demo::run(&mut out),
        Some(Command::New(new)) => new.run(&mut out),
        Some(Command::Watch(watch)) => watch.run(&mut screen),
        Some(Command::Check(check)) => check.run(&mut out),
        Some(Command::List(list)) => list.run(&mut out),
        Some(Command::Hint(hint)) => hint.run(&mut out),
        Some(Command::Solution(solution)) => solution.run(&mut out),
        Some(Command::Give(give)) => give.run(&mut out),
        Some(Command::Reset(reset)) => reset.run(&mut out),
        Some(Command::Update(update)) => update.run(&mut out),
        Some(Command::Learn(learn)) => learn.run(&mut out),
        Some(Command::Limited(limited)) => limited.run(),
        Some(Command::Sanity(sanity)) => sanity.run(&mut out),
        Some(Command::Overfit(overfit)) => overfit.run(&mut out),
        Some(Command::Train(train)) => train.run(&mut out),
        Some(Command::Predict(predict)) => predict.run(&mut out),
        #[cfg(feature = "book")]
        Some(Command::Figures(figures)) => figures.run(&mut out),
        Some(Command::Book(book)) => book.run(&mut out),
        #[cfg(feature = "book")]
        Some(Command::Weave(weave)) => weave.run(&mut out),
    };
    let outcome = outcome.and_then(|outcome| {
        out.flush()?;
        screen.flush()?;
        Ok(outcome)
    });
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::NotYet) => ExitCode::from(1),
        Err(failure) => report(&failure),
    }
}

/// Says on standard error what went wrong, in one line.
fn report(failure: &Failure) -> ExitCode {
    if !failure.is_closed_pipe() {
        let mut err = AutoStream::auto(io::stderr().lock());
        let (bad, end) = (style::ERROR, style::ERROR.render_reset());
        // If standard error is closed as well, there is nobody left to tell.
        let _ = writeln!(err, "{bad}error:{end} {failure}");
    }
    ExitCode::from(failure.exit_code())
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
