//! `predict`: what a saved network says of images.

use crate::cli::data;
use crate::cli::failure::Failure;
use crate::cli::outcome::Outcome;
use crate::cli::scored::Scored;
use crate::cli::style;
use crate::cli::train::{MEANWHILE, Model, sets};
use crate::cli::whose::Whose;
use clap::Args;
use fully_connected::careful::Network;
use std::io::Write;
use std::path::PathBuf;

/// Ask a saved network
///
/// Shows how many images a network that `train` saved has right, which classes it confuses,
/// and where it is surest and wrong. Asks it about the test images; where --data names none,
/// about all that it names.
#[derive(Debug, Args)]
pub struct Predict {
    /// The network, a file that `train --save` made
    #[arg(long, value_name = "FILE")]
    model: PathBuf,

    /// CIFAR-10: a folder, batch files, or the archive as it is distributed
    #[arg(long, value_name = "PATH", num_args = 1..)]
    data: Vec<PathBuf>,

    /// Take an archive that is not the one that is distributed
    #[arg(long, requires = "data", conflicts_with = "shapes")]
    unchecked: bool,

    /// Take the program's made-up images of ten shapes
    #[arg(long, conflicts_with = "data")]
    shapes: bool,
}

impl Predict {
    /// Asks, and shows the answers.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        if self.data.is_empty() && !self.shapes {
            return Err(Failure::Unusable(data::how_to_get(MEANWHILE)));
        }
        let model = Model::load(&self.model)?;
        let (sets, names) = sets(&self.data, self.unchecked)?;
        let (images, which) = if sets.test.is_empty() {
            (sets.train, "images")
        } else {
            (sets.test, "test images")
        };
        let whose = Whose::here("deep", &Network::of(&model.net).without(), out)?;
        let scores = whose.scores(&model.net, &images, &model.mean)?;
        let scored = Scored::of(&scores, &images.labels)?;
        style::heading(out, "A saved network", &self.model.display().to_string())?;
        writeln!(out, "  {}", scored.summary(which))?;
        scored.table(names, out)?;
        scored.mistakes(names, out)?;
        Ok(Outcome::Done)
    }
}
