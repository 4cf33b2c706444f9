//! Our side of the comparison of an epoch with PyTorch: takes the steps of chapter 15.
//!
//! `epoch.py` starts this with the keep ratio, and talks to it in lines of JSON: in goes a
//! number of steps, out come their losses and seconds, again and again.

#[path = "../problem/mod.rs"]
#[allow(dead_code, reason = "the other benchmarks use all of it")]
mod problem;

use fully_connected::deep::{Pass, Step};
use fully_connected::images::Images;
use fully_connected::optim::{Adam, Optimizer, Rule};
use fully_connected::plan::{Batch, Centered};
use fully_connected::{FullyConnectedNet, Normalization, Options};
use ndarray::{Array, Array4};
use problem::{BATCH, CLASSES, IMAGES, PIXELS, uniform};
use std::io::stdin;
use std::time::Instant;

const HIDDEN: [usize; 2] = [256, 128];
const RATE: f32 = 1e-3;

fn main() {
    let argument = std::env::args().nth(1);
    let Some(keep) = argument.and_then(|keep| keep.parse().ok()) else {
        println!("benches/peers/epoch.py starts this program; run that instead");
        return;
    };
    let images = images();
    let mean = images.mean();
    let examples = Centered::new(&images, &mean);
    let mut net = net(keep);
    let mut optimizer = Optimizer::new(Rule::Adam(Adam::default()), net.parameters())
        .expect("the usual rule");
    let mut batch = Batch::default();
    let mut step = 0;
    for line in stdin().lines().map_while(Result::ok) {
        let steps: u64 = line.trim().parse().expect("a number of steps");
        let (mut losses, mut seconds) = (Vec::new(), Vec::new());
        for _ in 0..steps {
            let start = Instant::now();
            let numbers = rows(step);
            let (x, y) = batch.gather(&examples, &numbers);
            let pass = Pass::Train { seed: 0, step };
            let seen = net.loss_in(&pass, x, y).expect("good labels");
            let Step {
                loss,
                grads,
                moments,
            } = seen;
            optimizer.step(net.parameters_mut(), &grads, RATE);
            net.remember(&moments);
            drop(grads);
            seconds.push(start.elapsed().as_secs_f64());
            losses.push(loss);
            step += 1;
        }
        println!(r#"{{"losses": {losses:?}, "seconds": {seconds:?}}}"#);
    }
}

/// The row numbers of a step's batch, scattered over the whole set.
fn rows(step: u64) -> Vec<usize> {
    let first = step as usize * BATCH;
    (first..first + BATCH).map(|i| i * 1663 % IMAGES).collect()
}

/// Images of bytes, and labels that a network can learn: the brightest of ten pixels.
fn images() -> Images {
    let bytes = uniform(0, 128.0, (IMAGES, 3, 32, 32)).mapv(|x: f32| (x + 128.0) as u8);
    let pixels: Array4<u8> = bytes;
    let labels = pixels.outer_iter().map(|image| {
        let first: Vec<u8> = image.iter().take(CLASSES).copied().collect();
        (0..CLASSES)
            .rev()
            .max_by_key(|&class| first[class])
            .expect("ten pixels")
    });
    Images {
        labels: labels.collect(),
        pixels,
    }
}

fn net(keep: f64) -> FullyConnectedNet<f32> {
    let mut net = FullyConnectedNet::new(Options {
        normalization: Normalization::BatchNorm,
        dropout_keep_ratio: keep,
        ..Options::new(PIXELS, &HIDDEN, CLASSES)
    })
    .expect("the options are in range");
    let sizes = [PIXELS, HIDDEN[0], HIDDEN[1], CLASSES];
    for (i, pair) in sizes.windows(2).enumerate() {
        let scale = (6.0 / pair[0] as f32).sqrt();
        let w: Array<f32, _> = uniform(2 + i as u32, scale, (pair[0], pair[1]));
        let set = net.parameters_mut().set(&format!("W{}", i + 1), &w);
        set.expect("the shape it has");
    }
    net
}
