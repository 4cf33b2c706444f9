//! No command: the whole assignment at work.

use crate::cli::failure::Failure;
use crate::cli::numbers::{capital, chapters};
use crate::cli::outcome::Outcome;
use crate::cli::overfit::Overfit;
use crate::cli::sanity::Sanity;
use crate::cli::style::{self, BRIGHT, HEADING, QUIET, styled, verdict};
use crate::cli::whose::Whose;
use std::io::{self, Write};

/// Shows every part with the default options, and how to go on.
pub fn run(out: &mut impl Write) -> Result<Outcome, Failure> {
    welcome(out)?;
    let sanity = Sanity::usual();
    let mut outcome = sanity.show(&Whose::Program, false, out)?;
    for layers in [3, 5] {
        let overfit = Overfit::with_layers(layers);
        let bar = Some(overfit.progress());
        let (learned, _) = overfit.show(&Whose::Program, bar, out)?;
        outcome = outcome.and(learned);
    }
    start(outcome, out)?;
    Ok(outcome)
}

fn welcome(out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "{}",
        styled(HEADING, "Fully Connected: a neural network, built by hand")
    )?;
    writeln!(
        out,
        "{} chapters lead from a matrix product to a network that learns. This is what\n\
         they build, at work: is its loss right, are its gradients, can it learn?",
        capital(&chapters())
    )
}

fn start(outcome: Outcome, out: &mut impl Write) -> io::Result<()> {
    let good = outcome == Outcome::Done;
    let text = if good {
        "Everything works: the losses, the gradients, the learning"
    } else {
        "Not everything works; see the lines with a ✗ above"
    };
    writeln!(out, "\n{}", verdict(good, text))?;

    style::heading(out, "Where to start", "")?;
    for (command, what) in COMMANDS {
        let command = styled(BRIGHT, format_args!("{command:<36}"));
        writeln!(out, "  {command}  {}", styled(QUIET, what))?;
    }
    Ok(())
}

const COMMANDS: [(&str, &str); 7] = [
    ("cargo doc --open", "read the chapters; affine is the first"),
    ("cargo test --doc affine", "run the examples of a chapter"),
    (
        "cargo run -- new ../my-network",
        "make a workbook: fill it in yourself",
    ),
    ("cargo test", "run every test"),
    (
        "cargo run -- sanity --hidden 8,8,8",
        "the two checks on a network of yours",
    ),
    (
        "cargo run -- overfit --layers 4",
        "fifty images, with options of yours",
    ),
    ("cargo run -- help overfit", "what the options are"),
];
