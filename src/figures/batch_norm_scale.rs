//! Chapter 11: the accuracy after ten epochs against the scale of the initial weights, with
//! batch normalization and without.
//!
//! The trainings take a minute, so their outcome is a text file,
//! `book/data/batch-norm-scale.txt`. The figure is drawn from it; a test computes some of its
//! lines again.

use super::careful;
use crate::drawing::chart::{Panel, Scale, powers};
use crate::drawing::palette::{BLUE, ORANGE};
use crate::drawing::shapes::Anchor;
use crate::drawing::svg::Svg;
use crate::plan::Plan;
use crate::{Normalization, Options};

/// The file as it was when the crate was compiled.
pub const DATA: &str = include_str!("../../book/data/batch-norm-scale.txt");

/// The standard deviations of the initial weights.
pub const SCALES: [f64; 9] = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0];

/// The seeds of each setting.
pub const SEEDS: u64 = 3;

/// Without and with.
pub const NORMS: [Normalization; 2] = [Normalization::None, Normalization::BatchNorm];

/// How many images each accuracy is a share of.
const IMAGES: f64 = 500.0;

/// What one network has learned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Whether its hidden layers have batch normalization.
    pub normalized: bool,
    /// The standard deviation of the initial weights.
    pub scale: f64,
    /// The seed of the images, the weights and the orders.
    pub seed: u64,
    /// How many of its 500 training images it gets right.
    pub training: f64,
    /// How many of 500 others.
    pub others: f64,
}

impl Outcome {
    /// Trains the network.
    pub fn compute(normalization: Normalization, scale: f64, seed: u64) -> Outcome {
        let options = Options {
            weight_scale: scale,
            normalization,
            seed,
            ..Options::new((3, 32, 32), &[100; 5], 10)
        };
        let plan = Plan {
            epochs: 10,
            batch: 50,
            rate: 1e-3,
            decay: 1.0,
            seed,
            ..Plan::default()
        };
        let epochs = careful::accuracies(options, &plan);
        let (training, others) = *epochs.last().expect("ten epochs");
        Outcome {
            normalized: normalization == Normalization::BatchNorm,
            scale,
            seed,
            training: (training * IMAGES).round(),
            others: (others * IMAGES).round(),
        }
    }

    /// Its line in the file.
    fn line(&self) -> String {
        let norm = if self.normalized { "batch" } else { "none" };
        let Outcome {
            scale,
            seed,
            training,
            others,
            ..
        } = self;
        format!("{norm} {scale} {seed} {training} {others}\n")
    }
}

/// The outcomes of the file.
pub fn known() -> Vec<Outcome> {
    let lines = DATA.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(outcome).collect()
}

fn outcome(line: &str) -> Option<Outcome> {
    let mut words = line.split(' ');
    Some(Outcome {
        normalized: words.next()? == "batch",
        scale: words.next()?.parse().ok()?,
        seed: words.next()?.parse().ok()?,
        training: words.next()?.parse().ok()?,
        others: words.next()?.parse().ok()?,
    })
}

/// Trains every network and returns the file's new text. `done` is called after each one
/// with how many are finished, and of how many.
pub fn compute(done: impl Fn(usize, usize)) -> String {
    let mut text = HEADER.to_owned();
    let settings: Vec<_> = NORMS
        .into_iter()
        .flat_map(|norm| SCALES.map(|scale| (norm, scale)))
        .flat_map(|(norm, scale)| (0..SEEDS).map(move |seed| (norm, scale, seed)))
        .collect();
    for (i, &(norm, scale, seed)) in settings.iter().enumerate() {
        text += &Outcome::compute(norm, scale, seed).line();
        done(i + 1, settings.len());
    }
    text
}

/// The head of the file, which says what it holds.
const HEADER: &str = "\
# How much does the scale of the initial weights decide?
#
# Networks with five hidden layers of 100 units (f32) train on shapes::images(500, seed) less
# their mean image: 10 epochs, batches of 50, by Adam with rate 0.001. `training` counts the
# right answers on those 500 images, `others` those on shapes::images(500, 1000000).
#
# Made by: cargo run --release --features book -- figures --batch-norm-scale
#
# norm weight-scale seed training others
";

/// The least, the mean and the greatest share of right answers that `of` picks, over the
/// seeds.
pub fn range(
    outcomes: &[Outcome],
    (normalized, scale): (bool, f64),
    of: fn(&Outcome) -> f64,
) -> (f64, f64, f64) {
    let wanted = |o: &&Outcome| (o.normalized, o.scale) == (normalized, scale);
    let found = outcomes.iter().filter(wanted);
    let shares: Vec<f64> = found.map(|o| of(o) / IMAGES).collect();
    let least = shares.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = shares.iter().copied().fold(0.0, f64::max);
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    (least, mean, greatest)
}

/// What a panel shows of a network.
type Share = fn(&Outcome) -> f64;

/// The figure.
pub fn draw() -> String {
    let outcomes = known();
    let mut svg = Svg::new(
        "batch-norm-scale",
        640.0,
        "Accuracy against the scale of the initial weights",
        "Two panels, with the scale from 0.0001 to 1 on a logarithmic axis. Above, the accuracy \
         on 500 training images: without batch normalization 10 percent up to a scale of \
         0.001, then rising to nearly 100 at 0.1 and falling to 49 at 1; with it about 50 up \
         to 0.003, 95 and more from 0.03 to 0.3, and 52 at 1. Below, on 500 other images: \
         without it 10 percent up to 0.001, 48 at 0.03, and 10 at 1; with it 32 or more up to \
         0.001, 50 at 0.03, and 12 at 1.",
    );
    let panels: [(f64, &str, Share); 2] = [
        (40.0, "on the 500 training images, %", |o| o.training),
        (336.0, "on 500 other images, %", |o| o.others),
    ];
    for (i, (top, title, of)) in panels.into_iter().enumerate() {
        let panel = Panel {
            x: Scale::log((7e-5, 1.4), (58.0, 466.0)),
            y: Scale::linear((0.0, 1.0), (top + 220.0, top)),
        };
        panel.title(&mut svg, title);
        let percent = [0.0, 0.25, 0.5, 0.75, 1.0].map(|y| (y, (100.0 * y).to_string()));
        panel.y_axis(&mut svg, &percent);
        let words = if i == 1 {
            "scale of the initial weights"
        } else {
            ""
        };
        panel.x_axis(&mut svg, &powers(-4, 0, 1), words);
        for (normalized, colour) in [(false, ORANGE), (true, BLUE)] {
            let ranges = SCALES.map(|scale| {
                let (low, mean, high) = range(&outcomes, (normalized, scale), of);
                (scale, low, mean, high)
            });
            let band = ranges.map(|(scale, low, _, high)| (scale, low, high));
            svg.add(panel.band(&band, colour));
            let line = ranges.map(|(scale, _, mean, _)| (scale, mean));
            svg.add(panel.line(line, colour));
        }
        if i == 1 {
            panel.label(
                &mut svg,
                (9e-5, 0.9),
                Anchor::Start,
                BLUE,
                "with batch normalization",
            );
            panel.label(&mut svg, (9e-5, 0.78), Anchor::Start, ORANGE, "without");
        }
    }
    svg.finish()
}
