//! Chapter 7: the accuracy on images that were not trained on, against the strength of the
//! penalty.
//!
//! Seventy trainings take minutes, so their outcome is a text file, `book/data/held-out.txt`.
//! The figure is drawn from it; a test computes some of its lines again.

use crate::drawing::chart::{Panel, Scale, ticks};
use crate::drawing::palette::{BLUE, GREEN, INK, MUTED};
use crate::drawing::shapes::{Anchor, text};
use crate::drawing::svg::Svg;
use crate::images::Images;
use crate::overfit::{Training, train};
use crate::{FullyConnectedNet, Options, shapes};
use std::fmt;

/// The file as it was when the crate was compiled.
pub const DATA: &str = include_str!("../../book/data/held-out.txt");

/// The standard deviations of the initial weights.
pub const SCALES: [f64; 2] = [1e-2, 1e-3];

/// The strengths of the penalty.
pub const REGS: [f64; 7] = [0.0, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0];

/// The number of networks for each scale and strength.
pub const SEEDS: u64 = 5;

/// The images that a network is trained on, and those that it is tested on.
const TRAINING: usize = 500;
const HELD_OUT: usize = 1000;
/// No network is trained on images of this seed.
const HELD_OUT_SEED: u64 = 1_000_000;

/// What one network has learned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// The standard deviation of the initial weights.
    pub weight_scale: f64,
    /// The strength of the penalty.
    pub reg: f64,
    /// The seed of the training images and the weights; the batches have 1000 more.
    pub seed: u64,
    /// How many of its 500 training images it gets right.
    pub training: usize,
    /// How many of the 1000 held-out images it gets right.
    pub held_out: usize,
}

impl Outcome {
    /// Trains the network.
    pub fn compute(weight_scale: f64, reg: f64, seed: u64) -> Outcome {
        let images = shapes::images(TRAINING, seed);
        let mean = images.mean();
        let mut net = FullyConnectedNet::<f32>::new(Options {
            weight_scale,
            reg,
            seed,
            ..Options::new((3, 32, 32), &[100], 10)
        })
        .expect("good options");
        let training = Training {
            epochs: 40,
            batch: 50,
            learning_rate: 1e-3,
            seed: 1000 + seed,
        };
        let x = images.centered(&mean);
        train(&mut net, &x, &images.labels, &training, |_| ()).expect("it learns");
        let right = |images: &Images| {
            let accuracy = net.accuracy(images.centered(&mean), &images.labels);
            let share = accuracy.expect("a label for each image");
            (share * images.labels.len() as f64).round() as usize
        };
        Outcome {
            weight_scale,
            reg,
            seed,
            training: right(&images),
            held_out: right(&shapes::images(HELD_OUT, HELD_OUT_SEED)),
        }
    }
}

/// A line of the file.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outcome {
            weight_scale,
            reg,
            seed,
            training,
            held_out,
        } = self;
        write!(f, "{weight_scale} {reg} {seed} {training} {held_out}")
    }
}

/// The lines of a file.
///
/// # Errors
///
/// The line that is not an outcome, and what one looks like.
pub fn parse(text: &str) -> Result<Vec<Outcome>, String> {
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| !line.starts_with('#'))
        .map(|(i, line)| {
            outcome(line).ok_or_else(|| {
                format!("line {}: expected {COLUMNS}, found {line:?}", i + 1)
            })
        })
        .collect()
}

const COLUMNS: &str = "`weight-scale reg seed training held-out`";

fn outcome(line: &str) -> Option<Outcome> {
    let mut words = line.split(' ');
    let outcome = Outcome {
        weight_scale: words.next()?.parse().ok()?,
        reg: words.next()?.parse().ok()?,
        seed: words.next()?.parse().ok()?,
        training: words.next()?.parse().ok()?,
        held_out: words.next()?.parse().ok()?,
    };
    words.next().is_none().then_some(outcome)
}

/// Trains every network and returns the file's new text. `done` is called after each one
/// with how many are finished, and of how many.
pub fn compute(done: impl Fn(usize, usize)) -> String {
    let mut text = HEADER.to_owned();
    let settings: Vec<_> = (0..SEEDS)
        .flat_map(|seed| SCALES.map(|scale| (scale, seed)))
        .flat_map(|(scale, seed)| REGS.map(|reg| (scale, reg, seed)))
        .collect();
    for (i, &(scale, reg, seed)) in settings.iter().enumerate() {
        text.push_str(&format!("{}\n", Outcome::compute(scale, reg, seed)));
        done(i + 1, settings.len());
    }
    text
}

/// The head of the file, which says what it holds.
const HEADER: &str = "\
# How many shapes does a network name that it was not trained on?
#
# Networks with one hidden layer of 100 units (f32) train on shapes::images(500, seed) less
# their mean image: 40 epochs, batches of 50 drawn with seed 1000 + seed, rate 0.001.
# `training` counts the right answers on those 500 images, `held-out` those on
# shapes::images(1000, 1000000).
#
# Made by: cargo run --release --features book -- figures --held-out
#
# weight-scale reg seed training held-out
";

/// The least, the median and the greatest of a share, for the networks of one setting.
pub fn range(
    outcomes: &[Outcome],
    (weight_scale, reg): (f64, f64),
    share: fn(&Outcome) -> f64,
) -> (f64, f64, f64) {
    let wanted = |o: &&Outcome| (o.weight_scale, o.reg) == (weight_scale, reg);
    let mut shares: Vec<_> = outcomes.iter().filter(wanted).map(share).collect();
    shares.sort_by(f64::total_cmp);
    let last = shares.len() - 1;
    (shares[0], shares[last / 2], shares[last])
}

/// The share of held-out images that are right.
pub fn held_out(outcome: &Outcome) -> f64 {
    outcome.held_out as f64 / HELD_OUT as f64
}

/// The share of training images that are right.
pub fn training(outcome: &Outcome) -> f64 {
    outcome.training as f64 / TRAINING as f64
}

/// Where a strength lies on the logarithmic axis; 0 has a place of its own at the left.
fn place(reg: f64) -> f64 {
    if reg == 0.0 { 0.08 } else { reg }
}

/// The figure.
pub fn draw() -> String {
    let outcomes = parse(DATA).expect("the file is one that `compute` has made");
    let mut svg = Svg::new(
        "held-out",
        400.0,
        "Held-out accuracy against the strength of the penalty",
        "The strength runs from 0 to 100 on a logarithmic axis. For networks that begin with \
         weights of 0.01 the accuracy on held-out images rises from below one half without a \
         penalty to about 60 percent at strength 10, and falls to 10 percent, a guess, at \
         100. For networks that begin with weights of 0.001 it begins near 60 percent, stays \
         there up to strength 10, and falls in the same way. The accuracy on the training \
         images is 100 percent up to strength 3 and falls from there.",
    );
    let panel = Panel {
        x: Scale::log((0.05, 150.0), (58.0, 466.0)),
        y: Scale::linear((0.0, 1.0), (336.0, 40.0)),
    };
    panel.title(&mut svg, "accuracy, %");
    let percent = [0.0, 0.25, 0.5, 0.75, 1.0].map(|y| (y, (100.0 * y).to_string()));
    panel.y_axis(&mut svg, &percent);
    let mut at = ticks(&[0.3, 1.0, 3.0, 10.0, 30.0, 100.0]);
    at.insert(0, (place(0.0), "0".to_owned()));
    panel.x_axis(&mut svg, &at, "strength of the penalty, reg");

    let known = |share: fn(&Outcome) -> f64, scale: f64| {
        REGS.map(|reg| {
            let (low, middle, high) = range(&outcomes, (scale, reg), share);
            (place(reg), low, middle, high)
        })
    };
    let line = |share: fn(&Outcome) -> f64, scale, colour| {
        panel.line(
            known(share, scale).map(|(x, _, middle, _)| (x, middle)),
            colour,
        )
    };
    svg.add(line(training, SCALES[0], MUTED).set("stroke-dasharray", "5 4"));
    for (scale, colour) in SCALES.into_iter().zip([BLUE, GREEN]) {
        let band = known(held_out, scale).map(|(x, low, _, high)| (x, low, high));
        svg.add(panel.band(&band, colour));
        svg.add(line(held_out, scale, colour));
    }
    panel.label(
        &mut svg,
        (0.1, 0.9),
        Anchor::Start,
        MUTED,
        "on the training images",
    );
    panel.label(
        &mut svg,
        (0.1, 0.7),
        Anchor::Start,
        GREEN,
        "weights begin at 0.001",
    );
    panel.label(
        &mut svg,
        (0.1, 0.35),
        Anchor::Start,
        BLUE,
        "weights begin at 0.01",
    );
    let guess = panel.y.at(0.1);
    svg.add(text(62.0, guess + 6.0, Anchor::Start, INK, "a guess: 10 %"));
    svg.finish()
}
