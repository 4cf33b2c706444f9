//! The worked examples of chapter `good_model`, whole and with each step left out.

use approx::assert_relative_eq;
use fully_connected::good_model::{Best, keep, put_back, rate};
use fully_connected::{FullyConnectedNet, Moments, Normalization, Options, batch_norm};
use ndarray::{Array1, array};

const VALIDATION: [f64; 5] = [0.4, 0.7, 0.6, 0.7, 0.65];

#[test]
fn five_epochs_at_half_the_rate_each() {
    let rates = [1, 2, 3, 4, 5].map(|epoch| rate(8., 0.5, epoch));
    assert_eq!(rates, [8., 4., 2., 1., 0.5]);
    // Decay before epoch 1, no decay, decay at each of two steps an epoch.
    assert_ne!(rates, [1, 2, 3, 4, 5].map(|epoch| rate(8., 0.5, epoch + 1)));
    assert_ne!(rates, [8.; 5]);
    let at_each_step = [1, 2, 3, 4, 5].map(|epoch| rate(8., 0.5, 2 * epoch - 1));
    assert_ne!(rates, at_each_step);
}

/// Makes every parameter and running average that number.
fn set(net: &mut FullyConnectedNet<f64>, number: f64) {
    let names: Vec<_> = net.parameters().iter().map(|(name, _)| name).collect();
    for name in names {
        net.parameters_mut().get_mut(&name).unwrap().fill(number);
    }
    for moments in net.running_mut() {
        moments.mean.fill(number);
        moments.var.fill(number);
    }
}

#[test]
fn the_second_epoch_is_put_back() {
    let options = Options {
        normalization: Normalization::BatchNorm,
        ..Options::new(1, &[1], 2)
    };
    let mut net = FullyConnectedNet::new(options).unwrap();
    let mut best = Best::new(&net, 0.1);
    let mut seen = Vec::new();
    for (epoch, accuracy) in (1..).zip(VALIDATION) {
        set(&mut net, epoch as f64);
        keep(&mut best, &net, epoch, accuracy);
        seen.push(best.epoch);
    }
    assert_eq!(seen, [1, 2, 2, 2, 2]);
    let last = net.clone();
    put_back(&mut net, best);
    assert_eq!(net.running()[0].mean, array![2.]);
    let mut second = last.clone();
    set(&mut second, 2.);
    assert_eq!(net.parameters(), second.parameters());
    // Nothing put back; the later of two equals.
    assert_ne!(net.parameters(), last.parameters());
    let later = (1..)
        .zip(VALIDATION)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap();
    assert_eq!(later.0, 4);
}

#[test]
fn one_unit_with_its_averages_and_with_those_of_another_epoch() {
    let normalized = |w: f64, mean: f64, var: f64| {
        let running = Moments {
            mean: array![mean],
            var: array![var],
        };
        let (gamma, beta) = (Array1::ones(1), Array1::zeros(1));
        let out = batch_norm::test_forward(&array![[5. * w]], &gamma, &beta, &running);
        assert!(out[(0, 0)].is_finite());
        out[(0, 0)]
    };
    // ε, which the page leaves out, is 1e-5.
    assert_relative_eq!(normalized(2., 8., 4.), 1., epsilon = 1e-5);
    assert_relative_eq!(normalized(3., 12., 9.), 1., epsilon = 1e-5);
    assert_relative_eq!(normalized(2., 12., 9.), -2. / 3., epsilon = 1e-5);
}

/// The best of twenty networks that guess, on a hundred images with ten classes.
#[test]
fn the_best_of_twenty_who_guess() {
    let (n, p) = (100, 0.1_f64);
    let mut probability = (1. - p).powi(n);
    let (mut at_most, mut mean) = (0., 0.);
    for right in 0..=n {
        at_most += probability;
        mean += 1. - f64::powi(at_most, 20);
        probability *= f64::from(n - right) / f64::from(right + 1) * p / (1. - p);
    }
    assert_eq!(format!("{mean:.1}"), "15.9");
    // The spread of a share of 1000 images, and the rate within an epoch that decays at each
    // step.
    let spread = (0.56_f64 * 0.44 / 1000.).sqrt();
    assert_eq!(format!("{:.1}", 100. * spread), "1.6");
    assert_eq!(format!("{:.2}", rate(1., 0.9, 10)), "0.39");
    assert!(rate(1., 0.9, 44) > 0.01 && rate(1., 0.9, 45) < 0.01);
    assert_eq!(format!("{:.0e}", rate(1., 0.9, 491)), "4e-23");
}
