//! No command: the whole assignment at work.

use crate::cli::failure::Failure;
use crate::cli::normalized;
use crate::cli::numbers::{capital, chapters};
use crate::cli::outcome::Outcome;
use crate::cli::overfit::Overfit;
use crate::cli::sanity::Sanity;
use crate::cli::style::{self, BRIGHT, HEADING, QUIET, styled, verdict};
use crate::cli::whose::Whose;
use std::env;
use std::fs;
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
    outcome = outcome.and(normalized::show(out)?);
    start(outcome, out)?;
    Ok(outcome)
}

fn welcome(out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "{}",
        styled(HEADING, "Fully Connected: a neural network, built by hand")
    )?;
    let text = format!(
        "{} chapters lead from a matrix product to a network that learns. This is what \
         they build, at work: is its loss right, are its gradients, can it learn, and what \
         if it is deep?",
        capital(&chapters())
    );
    writeln!(out, "{}", textwrap::fill(&text, style::width().min(79)))
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
    let commands: &[_] = if is_in_a_clone() {
        &IN_A_CLONE
    } else {
        &ANYWHERE
    };
    for (command, what) in commands {
        let command = styled(BRIGHT, format_args!("{command:<37}"));
        writeln!(out, "  {command}  {}", styled(QUIET, what))?;
    }
    Ok(())
}

/// Whether cargo finds this crate in the folder where the program runs.
fn is_in_a_clone() -> bool {
    let here = env::current_dir().unwrap_or_default();
    let mut manifests = here.ancestors().map(|folder| folder.join("Cargo.toml"));
    let manifest = manifests.find(|path| path.is_file());
    let text = manifest.and_then(|path| fs::read_to_string(path).ok());
    let name = concat!("name = \"", env!("CARGO_PKG_NAME"), "\"");
    text.is_some_and(|text| text.lines().any(|line| line.trim_end() == name))
}

const ANYWHERE: [(&str, &str); 4] = [
    (
        "fully-connected new my-network",
        "make a workbook: fill it in yourself",
    ),
    (
        "fully-connected sanity --hidden 8,8,8",
        "the two checks on a network of yours",
    ),
    (
        "fully-connected overfit --layers 4",
        "fifty images, with options of yours",
    ),
    ("fully-connected help overfit", "what the options are"),
];

const IN_A_CLONE: [(&str, &str); 7] = [
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
