//! `overfit`: can a network learn fifty images by heart?

use crate::cli::curve;
use crate::cli::diagnosis::reason;
use crate::cli::failure::Failure;
use crate::cli::new_file::NewFile;
use crate::cli::numbers::{joined, plain, short};
use crate::cli::outcome::Outcome;
use crate::cli::plot;
use crate::cli::progress::Progress;
use crate::cli::style::{self, verdict};
use crate::cli::values::{Sizes, check_size, count, positive, svg_path};
use crate::cli::whose::Whose;
use clap::Args;
use fully_connected::experiments::{self, CLASSES, Experiment, INPUTS, Seen};
use fully_connected::fifty::Images;
use fully_connected::overfit::History;
use std::io::Write;
use std::path::PathBuf;

/// As numbers of 8 bytes, with gradients and copies: about 2 GB.
const MOST_NUMBERS: u128 = 50_000_000;

/// Learn fifty images by heart
///
/// A network that cannot reach 100 % on fifty images has a mistake in its code or in its
/// options. Shows the loss at each step, the accuracy, and where the signal went if it
/// fails.
///
/// The images are made by the program, with the statistics of CIFAR-10's; --data takes
/// CIFAR-10's own. Pixels are 0 to 255 less the mean image, and are not divided by 255:
/// the defaults of weight scale and rate are for that.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Overfit {
    /// Number of affine layers, the last one included
    #[arg(long, value_name = "L", default_value_t = USUAL.layers, value_parser = count)]
    layers: usize,

    /// Size of each hidden layer
    #[arg(long, value_name = "SIZE", default_value_t = USUAL.hidden, value_parser = count)]
    hidden: usize,

    /// Standard deviation of the initial weights
    /// [default: 0.02 for 3 layers, else 0.1]
    #[arg(long, value_name = "STD", allow_negative_numbers = true,
        value_parser = positive)]
    weight_scale: Option<f64>,

    /// Learning rate [default: 0.01 for 3 layers, else 0.001]
    #[arg(long, value_name = "RATE", allow_negative_numbers = true,
        value_parser = positive)]
    rate: Option<f64>,

    /// Number of epochs; each takes 50 / batch steps, at least 1
    #[arg(long, value_name = "N", default_value_t = USUAL.epochs, value_parser = count)]
    epochs: usize,

    /// Images in a batch, drawn with replacement
    #[arg(long, value_name = "N", default_value_t = USUAL.batch, value_parser = count)]
    batch: usize,

    /// Seed of the weights and of the batches
    #[arg(long, default_value_t = USUAL.seed)]
    seed: u64,

    /// CIFAR-10 binary batches: learn their first 50 images, less the mean of all
    #[arg(long, value_name = "FILE", num_args = 1..)]
    data: Vec<PathBuf>,

    /// Draw loss and accuracy into a new SVG file
    #[arg(long, value_name = "FILE.svg", value_parser = svg_path)]
    plot: Option<PathBuf>,

    /// Let --plot replace a file that exists
    #[arg(long, requires = "plot")]
    force: bool,
}

/// The default options.
const USUAL: Overfit = Overfit {
    layers: 3,
    hidden: 100,
    weight_scale: None,
    rate: None,
    epochs: 20,
    batch: 25,
    seed: 0,
    data: Vec::new(),
    plot: None,
    force: false,
};

const EXAMPLES: &str = "\
Examples:
  fully-connected overfit
  fully-connected overfit --layers 5
  fully-connected overfit --data data_batch_1.bin --plot loss.svg

With weights that are too small for five layers, nothing is learned:
  fully-connected overfit --layers 5 --weight-scale 0.001 --rate 0.1";

impl Overfit {
    /// The default options, but for the number of layers.
    pub fn with_layers(layers: usize) -> Overfit {
        Overfit { layers, ..USUAL }
    }

    /// The default options with another weight scale and rate.
    pub fn with(
        layers: usize,
        weight_scale: f64,
        rate: f64,
        epochs: Option<usize>,
    ) -> Overfit {
        Overfit {
            epochs: epochs.unwrap_or(USUAL.epochs),
            weight_scale: Some(weight_scale),
            rate: Some(rate),
            ..Overfit::with_layers(layers)
        }
    }

    /// Trains, and shows how it went.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        self.check_size()?;
        let plot = match &self.plot {
            Some(path) => Some(NewFile::at(path, self.force)?.probe()?),
            None => None,
        };
        // No gradient is checked here.
        let whose = Whose::here("overfit", &["gradient_check"], out)?;
        let (outcome, history) = self.show(&whose, Some(self.progress()), out)?;
        if let Some(file) = plot {
            let network = self.sizes().to_string();
            let path = file.write(&plot::svg(&history, &network, &self.describe()))?;
            writeln!(out, "  Plot: {}", path.display())?;
        }
        Ok(outcome)
    }

    /// Trains, shows how it went, and returns the history too.
    pub fn show(
        &self,
        whose: &Whose,
        progress: Option<Progress>,
        out: &mut impl Write,
    ) -> Result<(Outcome, History), Failure> {
        let images = Images::load(&self.data)?;
        let title = format!("Learning by heart, {} layers", self.layers);
        let remark = format!("{}, {}", self.sizes(), images.origin);
        style::heading(out, &title, &remark)?;
        writeln!(out, "  {}", self.describe())?;
        out.flush()?;

        let (mut stds, mut history) = (Vec::new(), History::default());
        let mut said = Ok(());
        let experiment = Experiment::Overfit(self.experiment());
        let ended = whose.see(&experiment, &mut |seen| match seen {
            Seen::Stds(seen) => {
                let arrows: Vec<String> = seen.iter().copied().map(short).collect();
                let arrows = joined(&arrows, " → ");
                said = writeln!(out, "  std of each layer before training: {arrows}");
                stds = seen;
            }
            Seen::Step(loss) => history.losses.push(loss),
            Seen::Epoch(accuracy) => {
                history.accuracies.push(accuracy);
                if let Some(progress) = &progress {
                    progress.show(&history);
                }
            }
            _ => {}
        });
        drop(progress);
        said?;
        ended?;
        curve::draw(out, &history.losses)?;

        let learned = history.epoch_of_full_accuracy();
        let end = 100.0 * history.accuracies.last().copied().unwrap_or_default();
        let text = match learned {
            Some(epoch) => format!(
                "All {} images were right at epoch {}; {end:.0} % at the end",
                images.y.len(),
                epoch
            ),
            None => format!("Not learned: {end:.0} % at the end"),
        };
        writeln!(out, "  {}", verdict(learned.is_some(), text))?;
        if learned.is_none() {
            writeln!(out, "  {}", reason(&stds, &history))?;
        }
        Ok((Outcome::done_if(learned.is_some()), history))
    }

    /// A bar for its epochs.
    pub fn progress(&self) -> Progress {
        Progress::new(self.epochs)
    }

    /// Refuses a network that would take all memory.
    pub fn check_size(&self) -> Result<(), Failure> {
        check_size(&self.sizes(), self.batch, MOST_NUMBERS, "the runner")
    }

    fn experiment(&self) -> experiments::Overfit {
        experiments::Overfit {
            layers: self.layers,
            hidden: self.hidden,
            weight_scale: self.weight_scale(),
            rate: self.rate(),
            epochs: self.epochs,
            batch: self.batch,
            seed: self.seed,
            data: self.data.clone(),
        }
    }

    /// All sizes from the input to the classes.
    fn sizes(&self) -> Sizes {
        let mut sizes = vec![INPUTS];
        sizes.resize(self.layers, self.hidden);
        sizes.push(CLASSES);
        Sizes(sizes)
    }

    fn describe(&self) -> String {
        format!(
            "weight scale {}, rate {}, batch {}, epochs {}, seed {}",
            plain(self.weight_scale()),
            plain(self.rate()),
            self.batch,
            self.epochs,
            self.seed
        )
    }

    fn weight_scale(&self) -> f64 {
        let (usual, _) = experiments::Overfit::good(self.layers);
        self.weight_scale.unwrap_or(usual)
    }

    fn rate(&self) -> f64 {
        let (_, usual) = experiments::Overfit::good(self.layers);
        self.rate.unwrap_or(usual)
    }
}
