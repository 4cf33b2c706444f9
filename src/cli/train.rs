//! `train`: a network for images that it has never seen.

use crate::cli::curve;
use crate::cli::data;
use crate::cli::failure::Failure;
use crate::cli::new_file::NewFile;
use crate::cli::numbers::plain;
use crate::cli::outcome::Outcome;
use crate::cli::outputs::{Made, Outputs};
use crate::cli::plot;
use crate::cli::progress::{Steps, Waiting};
use crate::cli::scored::Scored;
use crate::cli::style::{self, QUIET, styled};
use crate::cli::threads::{run_on, threads};
use crate::cli::values::{
    Sizes, check_size, count, in_f32, normalization, not_negative, png_path, positive,
    share, svg_path,
};
use crate::cli::whose::Whose;
use crate::cli::workbook::process::{catch_signals, interrupted};
use clap::Args;
use clap::builder::PossibleValuesParser;
use fully_connected::careful::{self, Network, RULES};
use fully_connected::cifar10::{self, Sets};
use fully_connected::drawing::tiles;
use fully_connected::experiments::{CLASSES, INPUTS};
use fully_connected::images::Split;
use fully_connected::plan::{End, Event, Plan, Record, Report};
use fully_connected::saved::{self, Saved};
use fully_connected::shapes::{self, SHAPES};
use fully_connected::signs::signs;
use fully_connected::{Error, FullyConnectedNet, Normalization, good_model};
use ndarray::{Array3, Ix3};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::{Duration, Instant};

/// What can be done without the data.
pub const MEANWHILE: &str = "--shapes in its place takes made-up images, in seconds";

/// As numbers of 4 bytes, with gradients, the rule's state and the best network: about 1 GB.
const MOST_NUMBERS: u128 = 50_000_000;
/// A terminal with fewer columns has no room for rates and times.
const NARROW: usize = 52;
/// Made-up images to train on and to choose by, and to report on.
const MADE_UP: (usize, usize) = (5000, 1000);
/// The seed of the made-up images to report on.
const OTHERS: u64 = 1_000_000;

/// Train a good model
///
/// Trains a network on CIFAR-10, or on made-up images, and keeps the parameters of the epoch
/// with the best validation accuracy. The last 1000 images for training (a fifth, of fewer
/// than 5000) are kept for validation; the test images are looked at once, at the end.
/// Ctrl-C stops after the step, and still reports and saves the best so far.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Train {
    /// CIFAR-10: a folder, batch files, or the archive as it is distributed
    #[arg(long, value_name = "PATH", num_args = 1..)]
    data: Vec<PathBuf>,

    /// Take an archive that is not the one that is distributed
    #[arg(long, requires = "data", conflicts_with = "shapes")]
    unchecked: bool,

    /// Train on the program's made-up images of ten shapes
    #[arg(long, conflicts_with = "data")]
    shapes: bool,

    /// Sizes of the hidden layers, or `none`
    #[arg(long, value_name = "SIZES", default_value = "256,128")]
    hidden: Sizes,

    /// none, batchnorm or layernorm
    #[arg(long, value_name = "WORD", default_value = "batchnorm",
        value_parser = normalization)]
    normalization: Normalization,

    /// Probability of keeping an activation; 1 is no dropout
    #[arg(long, value_name = "P", default_value = "0.9", value_parser = share)]
    keep_ratio: f64,

    /// The update rule
    #[arg(long, default_value = "adam", value_parser = PossibleValuesParser::new(RULES))]
    rule: String,

    /// Learning rate of the first epoch
    #[arg(long, default_value = "0.001", allow_negative_numbers = true,
        value_parser = |text: &str| positive(text).and_then(in_f32))]
    rate: f64,

    /// What the rate is multiplied by from one epoch to the next
    #[arg(long, value_name = "SHARE", default_value = "0.9", value_parser = share)]
    decay: f64,

    /// Number of epochs
    #[arg(long, value_name = "N", default_value = "10", value_parser = count)]
    epochs: usize,

    /// Number of the first epoch: those before it were made by the network of --from
    #[arg(long, value_name = "N", default_value = "1", value_parser = count)]
    first: usize,

    /// Images in a batch
    #[arg(long, value_name = "N", default_value = "100", value_parser = count)]
    batch: usize,

    /// Strength of the L2 penalty
    #[arg(long, default_value = "0", allow_negative_numbers = true,
        value_parser = |text: &str| not_negative(text).and_then(in_f32))]
    reg: f64,

    /// Standard deviation of the initial weights; `he`: √(2 / inputs) in each layer
    #[arg(
        long,
        value_name = "STD",
        default_value = "he",
        allow_negative_numbers = true
    )]
    weight_scale: Scale,

    /// Seed of the weights, the orders and the masks
    #[arg(long, default_value = "0")]
    seed: u64,

    /// Threads of the matrix products, 1 to 4: as many as cores, unless said; in a workbook
    /// always one. The digits do not depend on it
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<usize>,

    /// Without Part I's network, trained in the end to compare
    #[arg(long)]
    alone: bool,

    /// Draw loss and both accuracies into a new SVG file
    #[arg(long, value_name = "FILE.svg", value_parser = svg_path)]
    plot: Option<PathBuf>,

    /// Draw the first layer's weights into a new PNG file
    #[arg(long, value_name = "FILE.png", value_parser = png_path)]
    weights: Option<PathBuf>,

    /// Save the best network into a new file
    #[arg(long, value_name = "FILE.safetensors")]
    save: Option<PathBuf>,

    /// Go on from a saved network; the rule's state begins anew, and rate and orders too, unless
    /// --first says which epoch it is
    #[arg(long, value_name = "FILE", conflicts_with_all =
        ["hidden", "normalization", "keep_ratio", "reg", "weight_scale"])]
    from: Option<PathBuf>,

    /// Replace files that exist
    #[arg(long)]
    force: bool,
}

const EXAMPLES: &str = "\
Examples:
  fully-connected train --shapes --epochs 3
  fully-connected train --data cifar-10-binary.tar.gz --save good.safetensors
  fully-connected predict --model good.safetensors --data cifar-10-binary.tar.gz";

/// The standard deviation of the initial weights.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Scale {
    He,
    Std(f64),
}

impl FromStr for Scale {
    type Err = String;

    fn from_str(text: &str) -> Result<Scale, String> {
        match text.trim() {
            "he" => Ok(Scale::He),
            number => match positive(number) {
                Ok(std) => in_f32(std).map(Scale::Std),
                Err(_) => Err(format!(
                    "`{text}` is neither `he` nor a finite number greater than 0"
                )),
            },
        }
    }
}

/// A network for images of CIFAR-10's size, and the mean image it was trained with.
pub struct Model {
    /// The network.
    pub net: FullyConnectedNet<f32>,
    /// The mean image, `(3, 32, 32)`.
    pub mean: Array3<f64>,
}

impl Model {
    /// The network of a file, which must be for such images and ten classes.
    pub fn load(path: &Path) -> Result<Model, Failure> {
        let Saved { net, mean } = Saved::<f32>::load(path)?;
        let (input, classes) = (net.options().input.clone(), net.options().classes);
        match mean.into_dimensionality::<Ix3>() {
            Ok(mean) if mean.dim() == (3, 32, 32) && classes == CLASSES => {
                Ok(Model { net, mean })
            }
            _ => Err(Failure::Unusable(format!(
                "{}: its network must take images of the shape [3, 32, 32] and know \
                 {CLASSES} classes; it takes {input:?} and knows {classes}",
                path.display()
            ))),
        }
    }
}

/// The images that `--data` names, or the made-up ones, and the names of their classes.
pub fn sets(
    data: &[PathBuf],
    unchecked: bool,
) -> Result<(Sets, &'static [&'static str; CLASSES]), Failure> {
    if !data.is_empty() {
        return Ok((data::read(data, unchecked)?, &cifar10::CLASSES));
    }
    let (train, test) = MADE_UP;
    let sets = Sets {
        train: shapes::images(train, 0),
        test: shapes::images(test, OTHERS),
    };
    Ok((sets, &SHAPES))
}

impl Train {
    /// Trains, and shows how it went.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        if self.data.is_empty() && !self.shapes {
            return Err(Failure::Unusable(data::how_to_get(MEANWHILE)));
        }
        if self.first > 1 && self.from.is_none() {
            return Err(Failure::Unusable(format!(
                "--first {} counts on from the epochs of a saved network: add --from",
                self.first
            )));
        }
        let threads = run_on(self.threads)?;
        let outputs = self.outputs()?;
        let from = self.from.as_deref().map(Model::load).transpose()?;
        let (from, old_mean) = from.map(|model| (model.net, model.mean)).unzip();
        let train = self.train(from.as_ref())?;
        let whose = Whose::here("good_model", &train.without(), out)?;
        let (sets, names) = sets(&self.data, self.unchecked)?;
        let kept = Split::usual(sets.train.len());
        if kept == 0 {
            return Err(too_few(&sets, &self.data));
        }
        let split = Split::new(sets.train, kept, sets.test)?;
        // A network that goes on sees images as it has seen them before.
        let mean = old_mean.as_ref().unwrap_or(&split.mean);

        self.introduce(&train, &split, (&whose, threads), out)?;
        catch_signals();
        let mut screen = Screen::new(out, &train.plan);
        let images = (&split.train, &split.validation);
        let trained = whose.train(&train, images, mean, from.as_ref(), &mut |event| {
            screen.hear(event)
        });
        let written = screen.finish();
        let (net, report) = trained?;

        // What was asked for is made first, whether or not anyone reads what is said.
        let made = self.make(outputs, &train.network, (&net, mean), &report)?;
        let shown = written.map_err(Failure::from).and_then(|()| {
            show(&report, &made, out)?;
            if split.test.is_empty() || is_hopeless(&report) {
                return Ok(());
            }
            let scores = whose.scores(&net, &split.test, mean)?;
            let scored = Scored::of(&scores, &split.test.labels)?;
            writeln!(out, "  {}", scored.summary("test images"))?;
            scored.table(names, out)?;
            if report.end == End::Done && from.is_none() && !self.alone {
                self.compare(&whose, &split, out)?;
            }
            Ok(())
        });
        if let Some(failure) = made.failure {
            return Err(failure);
        }
        match (shown, report.end) {
            // It was stopped because nobody reads.
            (Err(failure), End::Stopped) if failure.is_closed_pipe() => {
                Err(Failure::Interrupted)
            }
            (Err(failure), _) => Err(failure),
            (Ok(()), End::Done) => Ok(Outcome::Done),
            (Ok(()), End::Stopped) => Err(Failure::Interrupted),
            (Ok(()), End::Diverged { step, loss }) => {
                Err(diverged(&report.record, step, loss))
            }
        }
    }

    /// Makes the files that are wanted.
    fn make(
        &self,
        outputs: Outputs,
        network: &Network,
        (net, mean): (&FullyConnectedNet<f32>, &Array3<f64>),
        report: &Report,
    ) -> Result<Made, Failure> {
        let mut made = Made::default();
        if !is_hopeless(report) {
            made.write_or_rescue("Saved", outputs.save, &saved::to_bytes(net, mean));
        }
        made.write("Plot", outputs.plot, || {
            let network = described(network);
            plot::trained(&report.record, &network, &self.describe()).into_bytes()
        });
        let w = net.parameters().get("W1")?.to_owned();
        let w = w.into_dimensionality().expect("weights are a matrix");
        made.write("Weights", outputs.weights, || tiles::png::<f32>(&w));
        Ok(made)
    }

    /// Trains Part I's network on the same images for as long, and says what it has.
    fn compare(
        &self,
        whose: &Whose,
        split: &Split,
        out: &mut impl Write,
    ) -> Result<(), Failure> {
        let part_one = careful::Train::part_one(&self.plan());
        let waiting = Waiting::new();
        let images = (&split.train, &split.validation);
        let watch = &mut |event: Event| {
            if let Event::Epoch(record) = event {
                let epochs = record.epochs.len();
                waiting.show(&format!(
                    "Part I's network, to compare: epoch {epochs} of {}",
                    self.epochs
                ));
            }
            if interrupted() {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        };
        let (net, report) = whose.train(&part_one, images, &split.mean, None, watch)?;
        drop(waiting);
        match report.end {
            End::Done => {}
            End::Stopped => return Err(Failure::Interrupted),
            End::Diverged { step, loss } => {
                let why = diverged(&report.record, step, loss);
                return Ok(writeln!(out, "\nPart I's network, to compare: {why}")?);
            }
        }
        let scores = whose.scores(&net, &split.test, &split.mean)?;
        let scored = Scored::of(&scores, &split.test.labels)?;
        let network = sizes(&part_one.network).to_string();
        let share = 100.0 * scored.accuracy();
        let remark = format!(
            "({network}, weight scale {}, sgd, rate {}, decay {})",
            part_one.network.weight_scale.map_or("he".to_owned(), plain),
            plain(part_one.plan.rate),
            plain(part_one.plan.decay)
        );
        Ok(writeln!(
            out,
            "\nPart I's network, trained for as long, has {share:.1} %  {}",
            styled(QUIET, remark)
        )?)
    }

    /// The files to be made, checked before anything long begins.
    fn outputs(&self) -> Result<Outputs, Failure> {
        let at = |path: &Option<PathBuf>| {
            let file = path.as_deref().map(|path| NewFile::at(path, self.force));
            file.transpose()
        };
        let outputs = Outputs {
            save: at(&self.save)?,
            plot: at(&self.plot)?,
            weights: at(&self.weights)?,
        };
        outputs.check(&self.data, self.from.as_deref())
    }

    /// What is to be trained, and how.
    fn train(
        &self,
        from: Option<&FullyConnectedNet<f32>>,
    ) -> Result<careful::Train, Failure> {
        let network = match from {
            Some(net) => Network::of(net),
            None => Network {
                hidden: self.hidden.0.clone(),
                normalization: self.normalization,
                keep_ratio: self.keep_ratio,
                reg: self.reg,
                weight_scale: match self.weight_scale {
                    Scale::He => None,
                    Scale::Std(std) => Some(std),
                },
                seed: self.seed,
            },
        };
        check_size(&sizes(&network), self.batch, MOST_NUMBERS, "the runner")?;
        Ok(careful::Train::new(network, &self.rule, self.plan()))
    }

    fn plan(&self) -> Plan<f32> {
        Plan {
            epochs: self.epochs,
            batch: self.batch,
            rate: self.rate,
            decay: self.decay,
            seed: self.seed,
            first: self.first,
            ..Plan::default()
        }
    }

    fn introduce(
        &self,
        train: &careful::Train,
        split: &Split,
        (whose, threads): (&Whose, usize),
        out: &mut impl Write,
    ) -> io::Result<()> {
        style::heading(out, "A good model", &described(&train.network))?;
        let of = if self.shapes {
            "made-up images"
        } else {
            "images"
        };
        let on = match (whose, threads) {
            (Whose::Students(_), _) if self.threads.is_some_and(|n| n > 1) => {
                "1 thread, as always in a workbook".to_owned()
            }
            (Whose::Students(_), _) | (_, 1) => "1 thread".to_owned(),
            (Whose::Program, n) => format!("{n} threads"),
        };
        writeln!(
            out,
            "  {} {of} to train on, {} for validation, {} to test; {on}",
            split.train.len(),
            split.validation.len(),
            split.test.len()
        )?;
        writeln!(out, "  {}", self.describe())?;
        out.flush()
    }

    fn describe(&self) -> String {
        let scale = match (&self.from, self.weight_scale) {
            (Some(_), _) => "from a saved network".to_owned(),
            (_, Scale::He) => "weight scale he".to_owned(),
            (_, Scale::Std(std)) => format!("weight scale {}", plain(std)),
        };
        format!(
            "{scale}, {}, rate {}, decay {}, batch {}, epochs {}, seed {}",
            self.rule,
            plain(self.rate),
            plain(self.decay),
            self.batch,
            self.epochs,
            self.seed
        )
    }
}

/// So few images that none can be kept for validation.
fn too_few(sets: &Sets, data: &[PathBuf]) -> Failure {
    let of_them = match (sets.train.len(), sets.test.len()) {
        (0, test @ 1..) => format!("none: all {test} are test images"),
        (n, _) => n.to_string(),
    };
    let named: Vec<_> = data.iter().map(|path| path.display().to_string()).collect();
    Failure::Unusable(format!(
        "{}: at least 5 images to train on are needed, a fifth of which is kept for \
         validation; there are {of_them}",
        named.join(", ")
    ))
}

/// Whether there is nothing to save or ask: the network as it came has no finite scores, and
/// no epoch was better.
fn is_hopeless(report: &Report) -> bool {
    report.best == 0 && report.record.before.is_nan()
}

/// Shows how a training went, and the files that were made.
fn show(report: &Report, made: &Made, out: &mut impl Write) -> Result<(), Failure> {
    let record = &report.record;
    curve::accuracies(out, &record.epochs)?;
    if let (End::Stopped, Some(epoch)) = (report.end, record.epochs.last())
        && epoch.steps < record.steps
    {
        writeln!(
            out,
            "  Stopped within epoch {}, after {} of its {} steps",
            epoch.number, epoch.steps, record.steps
        )?;
    }
    let accuracy = 100.0 * report.accuracy;
    match report.best {
        0 if is_hopeless(report) => writeln!(
            out,
            "  No epoch was better than the network as it came, whose scores are not \
             finite: there is nothing to save"
        )?,
        0 => writeln!(
            out,
            "  No epoch was better than the network as it came: {accuracy:.1} % of the \
             validation images"
        )?,
        best => writeln!(
            out,
            "  Best after epoch {best}: {accuracy:.1} % of the validation images"
        )?,
    }
    for sign in signs(record, CLASSES) {
        writeln!(out, "  {}", styled(QUIET, sign))?;
    }
    for line in &made.lines {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

/// Why a training ended: at a loss that is not finite, or at scores, where the step before had
/// a loss.
fn diverged(record: &Record, step: usize, loss: f64) -> Failure {
    let told = Error::Diverged { step, loss };
    let was_finite = record.losses.last().is_some_and(|loss| loss.is_finite());
    match told.to_string().split_once(": ") {
        Some((_, why)) if was_finite => Failure::Stopped(format!(
            "the scores after step {step} are not finite: {why}"
        )),
        _ => told.into(),
    }
}

/// A network in words.
fn described(network: &Network) -> String {
    format!(
        "{}, {}, keep ratio {}, reg {}",
        sizes(network),
        network.normalization,
        plain(network.keep_ratio),
        plain(network.reg)
    )
}

fn sizes(network: &Network) -> Sizes {
    Sizes([&[INPUTS], &network.hidden[..], &[CLASSES]].concat())
}

/// What is seen while it trains: a bar for the steps of an epoch, and a line for each epoch.
struct Screen<'a, W: Write> {
    out: &'a mut W,
    plan: &'a Plan<f32>,
    steps: Steps,
    /// Whether there is no room for rates and times.
    is_narrow: bool,
    begun: Instant,
    /// When the epoch began.
    epoch: Instant,
    written: io::Result<()>,
}

impl<'a, W: Write> Screen<'a, W> {
    fn new(out: &'a mut W, plan: &'a Plan<f32>) -> Self {
        let mut head = "epoch    loss  train %  valid. %".to_owned();
        let is_narrow = style::width() < NARROW;
        if !is_narrow {
            head += "      rate   time";
        }
        let written = writeln!(out, "  {}", styled(QUIET, head));
        Screen {
            out,
            plan,
            steps: Steps::new(if is_narrow { 6 } else { 20 }),
            is_narrow,
            begun: Instant::now(),
            epoch: Instant::now(),
            written,
        }
    }

    fn hear(&mut self, event: Event) -> ControlFlow<()> {
        match event {
            Event::Step(record) => self.steps.show(
                record,
                self.left(record),
                record.losses.last().copied().unwrap_or(f64::NAN),
            ),
            Event::Epoch(record) => self.line(record),
        }
        if interrupted() || self.written.is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// The time that the steps left will take, if they take as long as those made.
    fn left(&self, record: &Record) -> Duration {
        let made = record.losses.len();
        let left = (self.plan.epochs * record.steps).saturating_sub(made);
        self.begun
            .elapsed()
            .mul_f64(left as f64 / made.max(1) as f64)
    }

    fn line(&mut self, record: &Record) {
        let Some(epoch) = record.epochs.last() else {
            return;
        };
        let rate = good_model::rate(self.plan.rate, self.plan.decay, epoch.number);
        let mut line = format!(
            "  {:>5}  {:>6.3}  {:>7.1}  {:>8.1}",
            epoch.number,
            epoch.loss,
            100.0 * epoch.training,
            100.0 * epoch.validation,
        );
        if !self.is_narrow {
            let seconds = self.epoch.elapsed().as_secs_f64();
            line += &format!("  {rate:>8.2e}  {seconds:>4.1}s");
        }
        self.epoch = Instant::now();
        let out = &mut self.out;
        let written = self
            .steps
            .aside(|| writeln!(out, "{line}").and_then(|()| out.flush()));
        if self.written.is_ok() {
            self.written = written;
        }
    }

    fn finish(self) -> io::Result<()> {
        drop(self.steps);
        self.written
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fully_connected::plan::Epoch;

    #[test]
    fn an_epoch_that_was_cut_short_is_told() {
        let epoch = Epoch {
            number: 3,
            steps: 7,
            loss: 2.0,
            training: 0.3,
            validation: 0.2,
        };
        let record = Record {
            steps: 10,
            losses: vec![2.0; 7],
            epochs: vec![epoch],
            ..Record::default()
        };
        let mut report = Report {
            record,
            best: 3,
            accuracy: 0.2,
            end: End::Stopped,
        };
        let mut shown = |steps| {
            report.record.epochs[0].steps = steps;
            let mut out = anstream::StripStream::new(Vec::new());
            show(&report, &Made::default(), &mut out).unwrap();
            String::from_utf8(out.into_inner()).unwrap()
        };
        let words = "Stopped within epoch 3, after 7 of its 10 steps\n";
        assert!(shown(7).contains(words));
        assert!(!shown(10).contains("Stopped"));
    }
}
