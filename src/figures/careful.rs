//! Chapters 12 and 13: accuracies of networks with a normalization or dropout, on images that
//! they were trained on and on others.
//!
//! The trainings take minutes, so their outcome is a text file, `book/data/careful.txt`. The
//! figures are drawn from it; a test computes some of its lines again.

use crate::drawing::chart::{Panel, Scale, ticks};
use crate::drawing::palette::{BLUE, Colour, GREEN, MUTED, ORANGE};
use crate::drawing::shapes::Anchor;
use crate::drawing::svg::Svg;
use crate::good_model;
use crate::plan::{Centered, Plan};
use crate::{FullyConnectedNet, Normalization, Options, shapes};
use std::ops::ControlFlow;

/// The file as it was when the crate was compiled.
pub const DATA: &str = include_str!("../../book/data/careful.txt");

/// The batches of the runs with a normalization.
pub const BATCHES: [usize; 4] = [2, 5, 10, 50];
/// The keep ratios of the runs with dropout; 1 is without.
pub const KEEPS: [f64; 3] = [1.0, 0.5, 0.25];
/// The seeds of each setting.
pub const SEEDS: u64 = 3;

const NORMS: [Normalization; 2] = [Normalization::BatchNorm, Normalization::LayerNorm];

/// One network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// The normalization: five hidden layers of 100 units with one, a single one of 500 without.
    pub normalization: Normalization,
    /// The probability of keeping.
    pub keep: f64,
    /// The examples of a step.
    pub batch: usize,
    /// The seed of weights, orders, masks, and training images.
    pub seed: u64,
}

impl Setting {
    /// All settings, in the order of the file.
    pub fn all() -> Vec<Setting> {
        let of = |normalization, keep, batch| {
            (0..SEEDS).map(move |seed| Setting {
                normalization,
                keep,
                batch,
                seed,
            })
        };
        let norms = NORMS.into_iter();
        let norms = norms.flat_map(|norm| BATCHES.map(|batch| (norm, batch)));
        let dropout = KEEPS
            .into_iter()
            .flat_map(|keep| of(Normalization::None, keep, 100));
        norms
            .flat_map(|(norm, batch)| of(norm, 1.0, batch))
            .chain(dropout)
            .collect()
    }

    /// The accuracies after each of `epochs`, on the 500 training images and on 500 others.
    pub fn train(&self, epochs: usize) -> Vec<(f64, f64)> {
        let plain = self.normalization == Normalization::None;
        let hidden = if plain { vec![500] } else { vec![100; 5] };
        let options = Options {
            normalization: self.normalization,
            dropout_keep_ratio: self.keep,
            seed: self.seed,
            ..Options::new((3, 32, 32), &hidden, 10)
        };
        let plan = Plan {
            epochs,
            batch: self.batch,
            rate: 3e-4,
            decay: 1.0,
            seed: self.seed,
            ..Plan::default()
        };
        accuracies(options, &plan)
    }

    /// How many epochs the file has of it.
    pub fn epochs(&self) -> usize {
        if self.normalization == Normalization::None {
            30
        } else {
            10
        }
    }

    /// The beginning of its lines in the file.
    fn name(&self) -> String {
        let norm = match self.normalization {
            Normalization::None => "none",
            Normalization::BatchNorm => "batch",
            Normalization::LayerNorm => "layer",
        };
        format!("{norm} {} {} {}", self.keep, self.batch, self.seed)
    }

    /// Its lines, with as many epochs.
    pub fn lines(&self, epochs: usize) -> String {
        let accuracies = self.train(epochs).into_iter().enumerate();
        let right = |share: f64| (share * 500.0).round();
        accuracies
            .map(|(i, (training, validation))| {
                let (name, epoch) = (self.name(), i + 1);
                format!("{name} {epoch} {} {}\n", right(training), right(validation))
            })
            .collect()
    }

    /// The accuracies of the file, after each epoch.
    pub fn known(&self) -> Vec<(f64, f64)> {
        let begin = self.name() + " ";
        let lines = DATA.lines().filter_map(|line| line.strip_prefix(&begin));
        let share =
            |word: Option<&str>| word?.parse::<f64>().ok().map(|right| right / 500.0);
        lines
            .filter_map(|line| {
                let mut words = line.split(' ').skip(1);
                Some((share(words.next())?, share(words.next())?))
            })
            .collect()
    }
}

/// Trains a network on 500 images and returns the accuracies after each epoch, on these and on
/// 500 others. The plan's seed is that of the training images.
pub fn accuracies(options: Options, plan: &Plan<f32>) -> Vec<(f64, f64)> {
    let images = shapes::images(500, plan.seed);
    let others = shapes::images(500, 1_000_000);
    let mean = images.mean();
    let mut net = FullyConnectedNet::<f32>::new(options).expect("good options");
    let sets = (Centered::new(&images, &mean), Centered::new(&others, &mean));
    let watch = |_: good_model::Event| ControlFlow::Continue(());
    let report = good_model::train(&mut net, (&sets.0, &sets.1), plan, watch);
    let epochs = report.expect("good examples").record.epochs;
    epochs
        .iter()
        .map(|epoch| (epoch.training, epoch.validation))
        .collect()
}

/// Trains every network and returns the file's new text. `done` is called after each one
/// with how many are finished, and of how many.
pub fn compute(done: impl Fn(usize, usize)) -> String {
    let settings = Setting::all();
    let mut text = HEADER.to_owned();
    for (i, setting) in settings.iter().enumerate() {
        text += &setting.lines(setting.epochs());
        done(i + 1, settings.len());
    }
    text
}

/// The head of the file, which says what it holds.
const HEADER: &str = "\
# What do a normalization and dropout do to the accuracy?
#
# Networks (f32) train on shapes::images(500, seed) less their mean image, by Adam with rate
# 0.0003. With a normalization they have five hidden layers of 100 units, without one a
# single layer of 500, with the weight scale 0.01. `training` counts the right answers on those
# 500 images after the epoch, `validation` those on shapes::images(500, 1000000).
#
# Made by: cargo run --release --features book -- figures --careful
#
# norm keep batch seed epoch training validation
";

/// The mean over the seeds of what `of` picks.
pub fn mean(normalization: Normalization, keep: f64, batch: usize) -> Vec<(f64, f64)> {
    let runs = (0..SEEDS).map(|seed| {
        let setting = Setting {
            normalization,
            keep,
            batch,
            seed,
        };
        setting.known()
    });
    let runs: Vec<_> = runs.collect();
    let sum = |epoch: usize, of: fn(&(f64, f64)) -> f64| {
        runs.iter().map(|run| of(&run[epoch])).sum::<f64>() / SEEDS as f64
    };
    (0..runs[0].len())
        .map(|epoch| (sum(epoch, |a| a.0), sum(epoch, |a| a.1)))
        .collect()
}

fn percent() -> [(f64, String); 5] {
    [0.0, 0.25, 0.5, 0.75, 1.0].map(|y| (y, (100.0 * y).to_string()))
}

/// Accuracy on other images against the size of the batch.
pub fn batches() -> String {
    let mut svg = Svg::new(
        "norm-and-batch",
        340.0,
        "Accuracy of both normalizations against the size of the batch",
        "The batch has 2, 5, 10 or 50 examples. With batch normalization the accuracy on \
         other images is 10, 25, 40 and 46 percent, with layer normalization 18, 29, 36 and 43 \
         percent: both rise with the batch, and the first more steeply.",
    );
    let panel = Panel {
        x: Scale::log((1.7, 60.0), (58.0, 466.0)),
        y: Scale::linear((0.0, 1.0), (276.0, 40.0)),
    };
    panel.title(&mut svg, "accuracy on other images, %");
    panel.y_axis(&mut svg, &percent());
    panel.x_axis(
        &mut svg,
        &ticks(&[2.0, 5.0, 10.0, 50.0]),
        "examples in a batch",
    );
    let names = [
        ("batch normalization", 0.93, BLUE),
        ("layer normalization", 0.8, ORANGE),
    ];
    for (norm, (name, y, colour)) in NORMS.into_iter().zip(names) {
        let last = |batch| mean(norm, 1.0, batch).last().map_or(0.0, |a| a.1);
        let points = BATCHES.map(|batch| (batch as f64, last(batch)));
        svg.add(panel.line(points, colour));
        panel.label(&mut svg, (1.9, y), Anchor::Start, colour, name);
    }
    svg.finish()
}

/// Both accuracies, epoch by epoch, without dropout and with it.
pub fn dropout() -> String {
    let mut svg = Svg::new(
        "dropout-curves",
        620.0,
        "Accuracy with and without dropout",
        "Two panels over 30 epochs. Above, the accuracy on the 500 training images, which \
         rises fastest without dropout and slowest with keep 0.25; all end near 100 percent. \
         Below, the accuracy on 500 other images, which ends at 43 percent without dropout, at \
         50 with keep 0.5 and at 53 with keep 0.25.",
    );
    let panels = [
        (40.0, "on the 500 training images, %"),
        (340.0, "on 500 other images, %"),
    ];
    for (i, (top, title)) in panels.into_iter().enumerate() {
        let panel = Panel {
            x: Scale::linear((0.0, 30.0), (58.0, 466.0)),
            y: Scale::linear((0.0, 1.0), (top + 220.0, top)),
        };
        panel.title(&mut svg, title);
        panel.y_axis(&mut svg, &percent());
        panel.x_axis(&mut svg, &ticks(&[0.0, 10.0, 20.0, 30.0]), "epoch");
        let colours: [Colour; 3] = [MUTED, BLUE, GREEN];
        let names = ["without dropout", "keep 0.5", "keep 0.25"];
        for (j, (keep, colour)) in KEEPS.into_iter().zip(colours).enumerate() {
            let accuracies =
                mean(Normalization::None, keep, 100).into_iter().enumerate();
            let points = accuracies.map(|(epoch, (training, validation))| {
                let share = if i == 0 { training } else { validation };
                ((epoch + 1) as f64, share)
            });
            svg.add(panel.line(points, colour));
            let y = if i == 0 { 0.34 } else { 0.95 } - 0.12 * j as f64;
            panel.label(&mut svg, (29.0, y), Anchor::End, colour, names[j]);
        }
    }
    svg.finish()
}
