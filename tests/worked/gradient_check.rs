//! The worked example of chapter `gradient_check`, whole and with each step left out.

#![allow(clippy::approx_constant, reason = "3.14 is the course's reg, not π")]

use fully_connected::gradient_check::{STEP, numeric_gradient, relative_error};
use fully_connected::numpy::RandomState;
use fully_connected::{FullyConnectedNet, Options, affine, relu, softmax};
use ndarray::{Array1, Array2, array};

#[test]
fn two_sides_cancel_the_bend_and_one_does_not() {
    let square = |x: f64| x * x;
    let one_side = (square(4.0) - square(3.0)) / 1.0;
    let both_sides = (square(4.0) - square(2.0)) / 2.0;
    assert_eq!((one_side, both_sides), (7.0, 6.0));
    // Divided by h and not by 2h.
    assert_ne!(square(4.0) - square(2.0), 6.0);
}

#[test]
fn a_nudge_that_stays_changes_the_next_slope() {
    let f = |x: f64, y: f64| x * x * y;
    let slopes = |put_back: bool| {
        let (mut x, y) = (3.0, -1.0);
        let dx = (f(x + 1.0, y) - f(x - 1.0, y)) / 2.0;
        if !put_back {
            x -= 1.0;
        }
        (dx, (f(x, y + 1.0) - f(x, y - 1.0)) / 2.0)
    };
    assert_eq!(slopes(true), (-6.0, 9.0));
    assert_eq!(slopes(false), (-6.0, 4.0));

    let f = |at: &Array1<f64>| at[0] * at[0] * at[1];
    assert_eq!(numeric_gradient(f, &array![3., -1.], 1.0), array![-6., 9.]);
}

#[test]
fn a_step_across_a_kink_mixes_two_slopes() {
    let value = |x: f64| relu::forward(array![x]).0[0];
    let slope = |h: f64| (value(0.4 + h) - value(0.4 - h)) / (2.0 * h);
    assert!((slope(1.0) - 0.7).abs() < 1e-12);
    assert!((slope(0.3) - 1.0).abs() < 1e-12);
}

/// The course's network, its two examples and their labels.
fn courses() -> (FullyConnectedNet<f64>, Array2<f64>, [usize; 2]) {
    let mut random = RandomState::new(231);
    let x = random.randn_array((2, 15));
    let y = [random.randint(10), random.randint(10)];
    let options = Options {
        weight_scale: 5e-2,
        ..Options::new(15, &[20, 30], 10)
    };
    let net = FullyConnectedNet::with_normals(options, random.normals()).unwrap();
    (net, x, y)
}

/// A number with so many significant digits, as the text prints it.
fn printed(x: f64, digits: usize) -> String {
    format!("{x:.*e}", digits - 1)
}

#[test]
fn the_worst_entry_of_w2_is_below_what_the_relative_error_can_judge() {
    let (net, x, y) = courses();
    let (loss, grads) = net.loss(&x, &y).unwrap();
    assert_eq!(printed(loss * f64::EPSILON / (2.0 * STEP), 2), "2.6e-11");

    let analytic = &grads.layers()[1].w;
    let loss = |w: &Array2<f64>| {
        let mut net = net.clone();
        net.parameters_mut().set("W2", w).unwrap();
        net.loss_value(&x, &y).unwrap()
    };
    let numeric = numeric_gradient(loss, &net.parameters().layers()[1].w, STEP);
    let error = |a: &f64, b: &f64| (a - b).abs() / (a.abs() + b.abs()).max(1e-8);
    let pairs = analytic.iter().zip(&numeric);
    let (a, b) = pairs
        .max_by(|(a, b), (c, d)| error(a, b).total_cmp(&error(c, d)))
        .unwrap();
    assert_eq!(printed(error(a, b), 2), "2.2e-5");
    assert_eq!(printed(a.abs(), 2), "5.7e-7");
    assert!(relative_error(analytic, &numeric) > 1e-6);
}

#[test]
fn the_nearest_sum_is_farther_from_its_kink_than_the_step() {
    let (net, x, _) = courses();
    let mut nearest = f64::INFINITY;
    let mut h = x;
    for layer in &net.parameters().layers()[..2] {
        let (sums, _) = affine::forward(&h, &layer.w, &layer.b);
        nearest = sums.iter().fold(nearest, |least, sum| least.min(sum.abs()));
        h = relu::forward(&sums).0;
    }
    assert_eq!(printed(nearest, 2), "1.2e-4");
    assert!(nearest > STEP);
}

/// "Without its ReLUs the same network gives 2.3012 and 7.0512."
#[test]
fn a_linear_network_passes_the_test_of_the_loss() {
    let mut random = RandomState::new(231);
    let x: Array2<f64> = random.randn_array((2, 15));
    let y = [random.randint(10), random.randint(10)];
    for (reg, expected) in [(0.0, "2.3012"), (3.14, "7.0512")] {
        let options = Options {
            weight_scale: 5e-2,
            ..Options::new(15, &[20, 30], 10)
        };
        let net =
            FullyConnectedNet::<f64>::with_normals(options, random.normals()).unwrap();
        let mut h = x.clone();
        let mut squares = 0.0;
        for layer in net.parameters().layers() {
            let (sums, _) = affine::forward(&h, &layer.w, &layer.b);
            squares += layer.w.iter().map(|w| w * w).sum::<f64>();
            h = sums;
        }
        let (loss, _) = softmax::loss(&h, &y).unwrap();
        assert_eq!(format!("{:.4}", loss + 0.5 * reg * squares), expected);
    }
}

#[test]
fn the_predictions_are_arithmetic() {
    let weights = 15 * 20 + 20 * 30 + 30 * 10;
    assert_eq!(weights, 1200);
    let penalty = 0.5 * 3.14 * f64::from(weights) * 0.0025;
    assert_eq!(format!("{penalty:.2}"), "4.71");
    assert_eq!(format!("{:.4}", f64::ln(10.0) + penalty), "7.0126");
    // A square of a normal with standard deviation σ has the standard deviation √2·σ².
    let spread = 0.5 * 3.14 * f64::sqrt(2.0 * f64::from(weights)) * 0.0025;
    assert_eq!(format!("{spread:.2}"), "0.19");
    assert_eq!(2 * 318_410, 636_820);
}
