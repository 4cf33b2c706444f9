//! The demo's glance at Part II: a deep network that learns only with normalization.

use crate::cli::failure::Failure;
use crate::cli::numbers::short;
use crate::cli::outcome::Outcome;
use crate::cli::style::{self, verdict};
use fully_connected::deep::Pass;
use fully_connected::optim::{Optimizer, Rule};
use fully_connected::{Error, FullyConnectedNet, Normalization, Options, synthetic};
use std::io::Write;

/// Too small for five layers: without normalization the signal dies on the way up.
const WEIGHT_SCALE: f64 = 1e-3;
const IMAGES: usize = 50;
const STEPS: u64 = 30;
const RATE: f32 = 1.0;

/// Trains the network without normalization and with it, and says what came of both.
pub fn show(out: &mut impl Write) -> Result<Outcome, Failure> {
    let remark = "3072-100-100-100-100-10, 50 synthetic images";
    style::heading(out, "What Part II adds", remark)?;
    writeln!(
        out,
        "  weight scale {WEIGHT_SCALE}, too small for five layers; rate {RATE}, {STEPS} steps"
    )?;
    let (without, loss_without) = learned(Normalization::None)?;
    let (with, loss_with) = learned(Normalization::BatchNorm)?;
    let line = |right: f64, loss: f64| {
        format!(
            "{:>2.0} of {IMAGES} right, loss {}",
            right * IMAGES as f64,
            short(loss)
        )
    };
    writeln!(
        out,
        "    plain                     {}",
        line(without, loss_without)
    )?;
    writeln!(
        out,
        "    with batch normalization  {}",
        line(with, loss_with)
    )?;
    let good = without < 0.5 && with == 1.0;
    let text = if good {
        "Only the one with normalization learns"
    } else {
        "Normalization does not do here what it should"
    };
    writeln!(out, "  {}", verdict(good, text))?;
    Ok(if good { Outcome::Done } else { Outcome::NotYet })
}

/// The share of the images that the network gets right after training, and its last loss.
fn learned(normalization: Normalization) -> Result<(f64, f64), Error> {
    let images = synthetic::images(IMAGES, 0);
    let x = images.centered::<f32>(&images.mean());
    let mut net = FullyConnectedNet::new(Options {
        weight_scale: WEIGHT_SCALE,
        normalization,
        ..Options::new((3, 32, 32), &[100; 4], 10)
    })?;
    let mut optimizer = Optimizer::new(Rule::Sgd, net.parameters())?;
    let mut loss = f32::NAN;
    for step in 0..STEPS {
        let seen = net.loss_in(&Pass::Train { seed: 0, step }, &x, &images.labels)?;
        optimizer.step(net.parameters_mut(), &seen.grads, RATE);
        net.remember(&seen.moments);
        loss = seen.loss;
    }
    Ok((net.accuracy(&x, &images.labels)?, f64::from(loss)))
}
