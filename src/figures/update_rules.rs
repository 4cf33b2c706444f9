//! Chapter 10: how the four update rules train one network, on images made up and on photographs.
//!
//! The trainings take a minute, and the photographs are not in the repository, so their outcome
//! is a text file, `book/data/update-rules.txt`. The figures are drawn from it; a test computes
//! the runs on made-up images again.

use crate::drawing::chart::{Panel, Scale, counts, ticks};
use crate::drawing::palette::{BLUE, GREEN, MAGENTA, MUTED, ORANGE};
use crate::drawing::shapes::Anchor;
use crate::drawing::svg::Svg;
use crate::images::Images;
use crate::optim::{Adam, RmsProp, Rule};
use crate::plan::{Centered, Plan};
use crate::{Error, FullyConnectedNet, Options, cifar10, good_model, shapes};
use std::ops::ControlFlow;
use std::path::Path;

/// The file as it was when the crate was compiled.
pub const DATA: &str = include_str!("../../book/data/update-rules.txt");

/// How many epochs a run has.
pub const EPOCHS: usize = 5;
/// The seeds of each rule.
pub const SEEDS: u64 = 5;
/// The steps of an epoch.
const STEPS: usize = 40;
/// How many images there are to train on, and how many others.
const TRAINING: usize = 4000;
const OTHERS: usize = 1000;
/// How many steps a number of the file is the mean loss of.
const MEAN_OF: usize = 10;

/// The rules with the notebook's rates, and their names in the file; between them, plain descent
/// at ten times its rate.
pub fn rules() -> [(&'static str, Rule<f32>, f64); 5] {
    [
        ("sgd", Rule::Sgd, 5e-3),
        ("sgd-tenfold", Rule::Sgd, 5e-2),
        ("momentum", Rule::Momentum(0.9), 5e-3),
        ("rmsprop", Rule::RmsProp(RmsProp::default()), 1e-4),
        ("adam", Rule::Adam(Adam::default()), 1e-3),
    ]
}

/// Images to train on, and others.
pub struct Sets {
    /// Their name in the file.
    name: &'static str,
    training: Images,
    others: Images,
}

impl Sets {
    /// The images of [`shapes`](crate::shapes).
    pub fn made_up() -> Sets {
        Sets {
            name: "shapes",
            training: shapes::images(TRAINING, 0),
            others: shapes::images(OTHERS, 1_000_000),
        }
    }

    /// The first images of `data_batch_1.bin` and of `test_batch.bin` in a folder.
    ///
    /// # Errors
    ///
    /// As [`cifar10::open`], for either file.
    pub fn photographs(folder: &Path) -> Result<Sets, Error> {
        let first = |name, n| Ok(cifar10::read_first(&[folder.join(name)], n)?.images);
        Ok(Sets {
            name: "cifar10",
            training: first("data_batch_1.bin", TRAINING)?,
            others: first("test_batch.bin", OTHERS)?,
        })
    }
}

/// What was seen of one training.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The mean loss of each ten steps.
    pub losses: Vec<f64>,
    /// After each epoch, the accuracy on 1000 of the training images.
    pub training: Vec<f64>,
    /// And on the 1000 others.
    pub others: Vec<f64>,
}

impl Run {
    /// Trains a network by this rule.
    pub fn compute(sets: &Sets, (rule, rate): (Rule<f32>, f64), seed: u64) -> Run {
        let mut net = FullyConnectedNet::<f32>::new(Options {
            weight_scale: 5e-2,
            seed,
            ..Options::new((3, 32, 32), &[100; 5], 10)
        })
        .expect("good options");
        let plan = Plan {
            epochs: EPOCHS,
            rate,
            decay: 1.0,
            rule,
            seed,
            ..Plan::default()
        };
        let mean = sets.training.mean();
        let (training, others) = (
            Centered::new(&sets.training, &mean),
            Centered::new(&sets.others, &mean),
        );
        let watch = |_: good_model::Event| ControlFlow::Continue(());
        let report = good_model::train(&mut net, (&training, &others), &plan, watch);
        let record = report.expect("good examples").record;
        let losses = record.losses.chunks(MEAN_OF);
        Run {
            losses: losses
                .map(|l| l.iter().sum::<f64>() / l.len() as f64)
                .collect(),
            training: record.epochs.iter().map(|epoch| epoch.training).collect(),
            others: record.epochs.iter().map(|epoch| epoch.validation).collect(),
        }
    }

    /// Its line in the file, after the names and the seed.
    fn line(&self) -> String {
        let losses = self.losses.iter().map(|loss| format!("{loss:.3}"));
        let right = |share: &f64| (share * OTHERS as f64).round().to_string();
        let counts = self.training.iter().chain(&self.others).map(right);
        losses.chain(counts).collect::<Vec<_>>().join(" ")
    }
}

/// Trains every network and returns the file's new text. `done` is called after each one with
/// how many are finished, and of how many.
///
/// # Errors
///
/// As [`Sets::photographs`].
pub fn compute(folder: &Path, done: impl Fn(usize, usize)) -> Result<String, Error> {
    let sets = [Sets::made_up(), Sets::photographs(folder)?];
    let of = sets.len() * rules().len() * SEEDS as usize;
    let mut text = HEADER.to_owned();
    let mut finished = 0;
    for sets in &sets {
        for (name, rule, rate) in rules() {
            for seed in 0..SEEDS {
                let line = Run::compute(sets, (rule, rate), seed).line();
                text += &format!("{} {name} {seed} {line}\n", sets.name);
                finished += 1;
                done(finished, of);
            }
        }
    }
    Ok(text)
}

/// The head of the file, which says what it holds.
const HEADER: &str = "\
# How do the four update rules train one network?
#
# Networks with five hidden layers of 100 units (f32), weight scale 0.05, train for 5 epochs in
# batches of 100, at the rates of the course's notebook: sgd and momentum 0.005, rmsprop 0.0001,
# adam 0.001; and sgd-tenfold, which is sgd at 0.05. The pixels are less the mean image of those to train on. `shapes`: 4000 images of
# shapes::images(4000, 0), 1000 others of shapes::images(1000, 1000000). `cifar10`: the first
# 4000 training images of CIFAR-10 and its first 1000 test images, which nothing was chosen by.
#
# Twenty losses, each the mean of ten steps; then, after each epoch, how many of 1000 training
# images are right; then how many of the 1000 others.
#
# Made by: cargo run --release --features book -- figures --update-rules FOLDER
# (with CIFAR-10's data_batch_1.bin and test_batch.bin in it)
#
# images rule seed losses training others
";

/// The runs of the file for some images and a rule, one for each seed.
pub fn known(images: &str, rule: &str) -> Vec<Run> {
    let begin = format!("{images} {rule} ");
    let lines = DATA.lines().filter_map(|line| line.strip_prefix(&begin));
    lines.filter_map(run).collect()
}

fn run(line: &str) -> Option<Run> {
    let words = line.split(' ').skip(1);
    let numbers: Option<Vec<f64>> = words.map(|word| word.parse().ok()).collect();
    let mut losses = numbers?;
    let n = EPOCHS * STEPS / MEAN_OF;
    if losses.len() != n + 2 * EPOCHS {
        return None;
    }
    let shares: Vec<_> = losses
        .split_off(n)
        .iter()
        .map(|n| n / OTHERS as f64)
        .collect();
    let (training, others) = shares.split_at(EPOCHS);
    Some(Run {
        losses,
        training: training.to_vec(),
        others: others.to_vec(),
    })
}

/// The mean over runs of what `of` picks, number by number.
pub fn mean(runs: &[Run], of: fn(&Run) -> &[f64]) -> Vec<f64> {
    let count = of(&runs[0]).len();
    (0..count)
        .map(|i| runs.iter().map(|run| of(run)[i]).sum::<f64>() / runs.len() as f64)
        .collect()
}

/// What the figures call the rules, with their rates.
const LABELS: [&str; 5] = [
    "plain descent, 0.005",
    "plain descent, 0.05",
    "momentum, 0.005",
    "RMSProp, 0.0001",
    "Adam, 0.001",
];

/// The figure of the made-up images.
pub fn made_up() -> String {
    draw(
        "shapes",
        Svg::new(
            "update-rules",
            690.0,
            "Four update rules on made-up images",
            "Two panels. Above, the loss over 200 steps: with plain descent at rate 0.005 it falls \
             from 2.4 to 1.9, with RMSProp and with plain descent at 0.05 to 0.8, with momentum to \
             0.5, with Adam to 0.3. Below, the accuracy on 1000 other images over five epochs, \
             which ends at 30 percent for plain descent at 0.005, 67 for RMSProp, 74 for plain \
             descent at 0.05, 78 for momentum and 86 for Adam.",
        ),
    )
}

/// The figure of the photographs.
pub fn photographs() -> String {
    draw(
        "cifar10",
        Svg::new(
            "update-rules-cifar10",
            690.0,
            "Four update rules on CIFAR-10",
            "Two panels. Above, the loss over 200 steps, from about 2.3: it falls to 1.8 with \
             plain descent at rate 0.005, to 1.6 with plain descent at 0.05, to 1.5 with momentum \
             and RMSProp, and to 1.4 with Adam, with a drop at the beginning of each epoch. Below, \
             the accuracy on 1000 other images over five epochs: all end between 31 and 37 \
             percent.",
        ),
    )
}

/// The losses above, the accuracy on others below.
fn draw(images: &str, mut svg: Svg) -> String {
    let steps = (EPOCHS * STEPS) as f64;
    let losses = Panel {
        x: Scale::linear((0.0, steps), (58.0, 466.0)),
        y: Scale::linear((0.0, 2.5), (310.0, 40.0)),
    };
    let others = Panel {
        x: Scale::linear((0.0, EPOCHS as f64), (58.0, 466.0)),
        y: Scale::linear((0.0, 0.9), (630.0, 420.0)),
    };
    losses.title(&mut svg, "loss");
    losses.y_axis(&mut svg, &ticks(&[0.0, 1.0, 2.0]));
    losses.x_axis(
        &mut svg,
        &ticks(&[0.0, 40.0, 80.0, 120.0, 160.0, 200.0]),
        "step",
    );
    others.title(&mut svg, "accuracy on 1000 other images, %");
    let percent = [0.0, 0.2, 0.4, 0.6, 0.8].map(|y| (y, (100.0 * y).to_string()));
    others.y_axis(&mut svg, &percent);
    others.x_axis(&mut svg, &counts(EPOCHS), "epoch");
    let colours = [BLUE, MUTED, ORANGE, GREEN, MAGENTA];
    for (i, ((name, ..), colour)) in rules().into_iter().zip(colours).enumerate() {
        let runs = known(images, name);
        let loss = mean(&runs, |run| &run.losses).into_iter().enumerate();
        let middle = |i: usize| (i as f64 + 0.5) * MEAN_OF as f64;
        svg.add(losses.line(loss.map(|(i, loss)| (middle(i), loss)), colour));
        let right = mean(&runs, |run| &run.others).into_iter().enumerate();
        svg.add(others.line(right.map(|(i, share)| ((i + 1) as f64, share)), colour));
        losses.label(
            &mut svg,
            (4.0, 0.84 - 0.195 * i as f64),
            Anchor::Start,
            colour,
            LABELS[i],
        );
    }
    svg.finish()
}
