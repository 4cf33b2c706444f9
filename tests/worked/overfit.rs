//! The worked example of chapter `overfit`, whole and with each step left out; and the
//! numbers of its text.

use fully_connected::overfit::{
    Batches, Training, accuracy, layer_stds, sgd_step, train,
};
use fully_connected::synthetic::{self, LABEL_COUNTS};
use fully_connected::{Error, FullyConnectedNet, Options};
use ndarray::{Array2, Axis, array};

#[test]
fn a_step_goes_down() {
    let step = |w: f64, dw: f64| w - 0.1 * dw;
    let close = |a: f64, b: f64| (a - b).abs() < 1e-12;
    assert!(close(step(3.0, 2.0), 2.8));
    assert!(close(step(1.0, -5.0), 1.5));
    // Without the rate, and uphill.
    assert!(!close(3.0 - 2.0, 2.8) && !close(1.0 + 5.0, 1.5));
    assert!(!close(3.0 + 0.1 * 2.0, 2.8) && !close(1.0 - 0.1 * 5.0, 1.5));

    // The crate's own step does the same.
    let mut net = FullyConnectedNet::new(Options::new(1, &[], 2)).unwrap();
    net.parameters_mut().set("W1", &array![[3., 0.]]).unwrap();
    net.parameters_mut().set("b1", &array![1., 0.]).unwrap();
    let mut grads = net.parameters().clone();
    grads.set("W1", &array![[2., 0.]]).unwrap();
    grads.set("b1", &array![-5., 0.]).unwrap();
    sgd_step(net.parameters_mut(), &grads, 0.1);
    let layer = &net.parameters().layers()[0];
    assert!(close(layer.w[[0, 0]], 2.8) && close(layer.b[0], 1.5));
}

#[test]
fn the_accuracy_is_taken_row_by_row() {
    let scores = array![[3., 5., -1.], [4., 0., 2.]];
    let labels = [1, 2];
    assert_eq!(accuracy(&scores, &labels).unwrap(), 0.5);
    // The smallest score for the largest, and the label counted from 1.
    assert_ne!(accuracy(&(-&scores), &labels).unwrap(), 0.5);
    assert_ne!(accuracy(&scores, &[0, 1]).unwrap(), 0.5);
    // Along the columns there are three answers for two examples.
    let along = scores.map_axis(Axis(0), |column| usize::from(column[1] > column[0]));
    assert_eq!(along, array![1, 0, 1]);
}

const FIVE: [usize; 4] = [100; 4];

fn images() -> (Array2<f64>, Vec<usize>) {
    let images = synthetic::images(50, 0);
    let x = images.centered::<f64>(&images.mean());
    let x = x.into_shape_with_order((50, 3072)).unwrap();
    (x, images.labels)
}

/// The runner's network with seed 0.
fn net(hidden: &[usize], weight_scale: f64) -> FullyConnectedNet<f64> {
    let options = Options {
        weight_scale,
        ..Options::new(3072, hidden, 10)
    };
    FullyConnectedNet::new(options).unwrap()
}

/// Two significant digits.
fn printed(x: f64) -> String {
    format!("{x:.1e}")
}

#[test]
fn the_spreads_are_those_of_the_text() {
    let (x, _) = images();
    let stds = layer_stds(&net(&FIVE, 1e-3), &x);
    let all: Vec<_> = stds.iter().map(|&std| printed(std)).collect();
    assert_eq!(all, ["3.5e0", "2.5e-2", "1.8e-4", "1.4e-6", "8.7e-9"]);
    let stds = layer_stds(&net(&FIVE, 1e-1), &x);
    let rounded: Vec<_> = stds.iter().map(|std| format!("{std:.0}")).collect();
    assert_eq!(rounded, ["348", "249", "183", "138", "87"]);
}

#[test]
fn with_a_small_scale_only_the_last_biases_hear_anything() {
    let (x, y) = images();
    let (_, grads) = net(&FIVE, 1e-3).loss(&x, &y).unwrap();
    for layer in grads.layers() {
        let norm = layer.w.iter().map(|w| w * w).sum::<f64>().sqrt();
        assert!((5e-7..5e-6).contains(&norm), "{norm:e}");
    }
    let last = &grads.layers()[4].b;
    assert_eq!(format!("{:.2}", last.dot(last).sqrt()), "0.14");

    let counts = LABEL_COUNTS.iter().map(|&count| count as f64 / 50.0);
    let best: f64 = counts.map(|p| -p * p.ln()).sum();
    assert_eq!(format!("{best:.4}"), "2.1951");
    assert_eq!(LABEL_COUNTS.iter().max(), Some(&8));
}

#[test]
fn the_run_starts_and_ends_as_the_text_says() {
    let (x, y) = images();
    let training = Training {
        epochs: 20,
        batch: 25,
        learning_rate: 1e-2,
        seed: 0,
    };
    let mut net = net(&[100, 100], 2e-2);
    let history = train(&mut net, &x, &y, &training, |_| ()).unwrap();
    assert_eq!(history.losses.len(), 40);
    assert_eq!(format!("{:.2}", history.losses[0]), "2.83");
    assert_eq!(format!("{:.2}", history.losses[39]), "0.01");
    assert_eq!(history.epoch_of_full_accuracy(), Some(8));
    assert!(history.accuracies[9..].iter().all(|&a| a == 1.0));
}

#[test]
fn uphill_ends_at_the_tenth_step() {
    let (x, y) = images();
    let mut net = net(&[100, 100], 2e-2);
    let mut batches = Batches::new(&x, &y, 25, 0);
    let mut losses = Vec::new();
    loop {
        let (x, y) = batches.draw();
        let (loss, grads) = match net.loss(x, y) {
            Ok(found) => found,
            Err(Error::Diverged { .. }) => break,
            Err(error) => panic!("{error}"),
        };
        losses.push(loss);
        if !loss.is_finite() || losses.len() > 40 {
            break;
        }
        sgd_step(net.parameters_mut(), &grads, -1e-2);
    }
    assert!(losses[1] > losses[0]);
    assert_eq!(losses.len(), 10);
    assert!(losses[9].is_nan());
}

#[test]
fn the_counts_are_arithmetic() {
    let parameters = |sizes: &[usize]| -> usize {
        sizes.windows(2).map(|p| (p[0] + 1) * p[1]).sum()
    };
    let three = parameters(&[3072, 100, 100, 10]);
    let five = parameters(&[3072, 100, 100, 100, 100, 10]);
    assert_eq!((three, five), (318_410, 338_610));
    assert_eq!(100 * (five - three) / three, 6);
    assert_eq!(format!("{:.2}", (49.0_f64 / 50.0).powi(50)), "0.36");
    assert_eq!(2 * 21 * 14 * 10, 5880);
}

/// The essay on depth: the price of two layers.
#[test]
fn the_gradient_of_the_first_layer_shrinks_by_two_gains() {
    let (x, y) = images();
    let norm = |hidden: &[usize]| {
        let (_, grads) = net(hidden, 1e-3).loss(&x, &y).unwrap();
        let w = &grads.layers()[0].w;
        w.iter().map(|w| w * w).sum::<f64>().sqrt()
    };
    let (three, five) = (norm(&[100, 100]), norm(&FIVE));
    assert_eq!(
        (printed(three), printed(five)),
        ("2.5e-2".into(), "1.2e-6".into())
    );
    let ratio = three / five;
    assert!((19_000.0..22_000.0).contains(&ratio), "{ratio}");
}

/// The essay on depth: what part of the variance of each layer's sums is between images.
#[test]
fn a_shrinking_part_of_the_spread_is_about_the_image() {
    let (images, _) = images();
    let mut shares = [0.0; 5];
    for seed in 0..20 {
        let options = Options {
            weight_scale: 0.02_f64.sqrt(),
            seed,
            ..Options::new(3072, &FIVE, 10)
        };
        let net = FullyConnectedNet::<f64>::new(options).unwrap();
        let mut x = images.clone();
        for (layer, share) in net.parameters().layers().iter().zip(&mut shares) {
            let sums = x.dot(&layer.w) + &layer.b;
            let between = sums.var_axis(Axis(0), 0.0).mean().unwrap();
            *share += between / sums.var(0.0) / 20.0;
            x = sums.mapv(|sum| sum.max(0.0));
        }
    }
    let shares = shares.map(|share| format!("{share:.2}"));
    assert_eq!(shares[..4], ["1.00", "0.67", "0.51", "0.41"]);
}
