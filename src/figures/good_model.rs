//! Chapter 15: loss and both accuracies of a careful training, epoch by epoch.
//!
//! The outcome of the training is a text file, `book/data/good-model.txt`. The figure is drawn
//! from it; a test computes its first epoch again.

use crate::drawing::chart::{Panel, Scale, ticks};
use crate::drawing::palette::{BLUE, GREEN, INK, MUTED, ORANGE};
use crate::drawing::shapes::{Anchor, line, ring};
use crate::drawing::svg::Svg;
use crate::good_model;
use crate::plan::{Centered, Epoch, Plan};
use crate::{FullyConnectedNet, Normalization, Options, shapes};
use std::fmt::Write;
use std::ops::ControlFlow;

/// The file as it was when the crate was compiled.
pub const DATA: &str = include_str!("../../book/data/good-model.txt");

/// How many epochs the file has.
pub const EPOCHS: usize = 30;
/// How many images there are to train on.
const TRAINING: usize = 2000;
/// How many there are for validation.
const VALIDATION: usize = 500;

/// The first epochs of the training: all of them, or fewer.
pub fn train(epochs: usize) -> Vec<Epoch> {
    let images = shapes::images(TRAINING, 0);
    let others = shapes::images(VALIDATION, 1_000_000);
    let mean = images.mean();
    let options = Options {
        normalization: Normalization::BatchNorm,
        dropout_keep_ratio: 0.8,
        ..Options::new((3, 32, 32), &[100, 50], 10)
    };
    let mut net = FullyConnectedNet::<f32>::new(options).expect("good options");
    let plan = Plan {
        epochs,
        ..Plan::default()
    };
    let sets = (Centered::new(&images, &mean), Centered::new(&others, &mean));
    let watch = |_: good_model::Event| ControlFlow::Continue(());
    let report = good_model::train(&mut net, (&sets.0, &sets.1), &plan, watch);
    report.expect("good examples").record.epochs
}

/// Trains the network and returns the file's new text. `done` is called at the end.
pub fn compute(done: impl Fn(usize, usize)) -> String {
    let mut text = HEADER.to_owned();
    for epoch in train(EPOCHS) {
        let Epoch {
            number,
            loss,
            training,
            validation,
            ..
        } = epoch;
        let right = |share: f64| (share * VALIDATION as f64).round();
        let (training, validation) = (right(training), right(validation));
        let _ = writeln!(text, "{number} {loss:.3} {training} {validation}");
    }
    done(1, 1);
    text
}

/// The head of the file, which says what it holds.
const HEADER: &str = "\
# How does a careful training go?
#
# A network (f32) of 3072-100-50-10 units, with batch normalization and keep 0.8, trains on
# shapes::images(2000, 0) less their mean image by the default plan: Adam with rate 0.001, times
# 0.9 an epoch, batches of 100, seed 0. `loss` is the mean of the epoch's steps, `training`
# counts the right answers after it on 500 of those images, `validation` those on
# shapes::images(500, 1000000).
#
# Made by: cargo run --release --features book -- figures --good-model
#
# epoch loss training validation
";

/// One line of the file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// The number of the epoch.
    pub number: f64,
    /// The mean loss of its steps.
    pub loss: f64,
    /// The accuracy on training images, from 0 to 1.
    pub training: f64,
    /// The accuracy on the images for validation, from 0 to 1.
    pub validation: f64,
}

/// The lines of the file.
pub fn known() -> Vec<Known> {
    let lines = DATA.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let numbers: Option<Vec<f64>> =
                line.split(' ').map(|word| word.parse().ok()).collect();
            let [number, loss, training, validation] = numbers?.try_into().ok()?;
            Some(Known {
                number,
                loss,
                training: training / VALIDATION as f64,
                validation: validation / VALIDATION as f64,
            })
        })
        .collect()
}

/// The epoch whose parameters are put back: of the highest validation accuracies the first.
pub fn best(known: &[Known]) -> Known {
    let mut best = known[0];
    for &epoch in known {
        if epoch.validation > best.validation {
            best = epoch;
        }
    }
    best
}

/// The figure.
pub fn draw() -> String {
    let known = known();
    let best = best(&known);
    let (first, last) = (known[0], known[known.len() - 1]);
    let percent = |share: f64| (100.0 * share).round();
    let mut svg = Svg::new(
        "good-model",
        560.0,
        "Loss and both accuracies of a careful training, by epoch",
        format!(
            "Two panels over {EPOCHS} epochs. Above, the mean loss of an epoch falls from {:.1} \
             to {:.1}. Below, the accuracy on training images rises from {} to {} percent, and \
             that on the images for validation from {} to {} percent. Validation is best after \
             epoch {}, with {} percent; a ring and an upright line mark it.",
            first.loss,
            last.loss,
            percent(first.training),
            percent(last.training),
            percent(first.validation),
            percent(last.validation),
            best.number,
            percent(best.validation),
        ),
    );
    let epochs = Scale::linear((0.0, EPOCHS as f64), (58.0, 466.0));
    let numbers = ticks(&[0.0, 10.0, 20.0, 30.0]);

    let loss = Panel {
        x: epochs,
        y: Scale::linear((0.0, 2.5), (200.0, 40.0)),
    };
    loss.title(&mut svg, "mean loss of an epoch");
    loss.y_axis(&mut svg, &ticks(&[0.0, 0.5, 1.0, 1.5, 2.0, 2.5]));
    loss.x_axis(&mut svg, &numbers, "epoch");
    let points = known.iter().map(|epoch| (epoch.number, epoch.loss));
    svg.add(loss.line(points, BLUE));

    let accuracy = Panel {
        x: epochs,
        y: Scale::linear((0.0, 1.0), (500.0, 290.0)),
    };
    accuracy.title(&mut svg, "accuracy, %");
    let shares = [0.0, 0.25, 0.5, 0.75, 1.0];
    accuracy.y_axis(&mut svg, &shares.map(|y| (y, (100.0 * y).to_string())));
    accuracy.x_axis(&mut svg, &numbers, "epoch");
    let (foot, head) = (
        accuracy.at((best.number, 0.0)),
        accuracy.at((best.number, best.validation)),
    );
    svg.add(line(foot, head, MUTED, 1.0).set("stroke-dasharray", "5 4"));
    let points = known.iter().map(|epoch| (epoch.number, epoch.training));
    svg.add(accuracy.line(points, ORANGE));
    let points = known.iter().map(|epoch| (epoch.number, epoch.validation));
    svg.add(accuracy.line(points, GREEN));
    svg.add(ring(head, 5.0, GREEN));
    let end = Anchor::End;
    let label = format!("best: epoch {}", best.number);
    accuracy.label(&mut svg, (best.number - 0.3, 0.05), end, INK, &label);
    accuracy.label(&mut svg, (7.6, 0.86), end, ORANGE, "training");
    accuracy.label(&mut svg, (11.0, 0.58), Anchor::Start, GREEN, "validation");
    svg.finish()
}
