//! The worked examples of chapter `relu`, whole and with each step left out.

use fully_connected::{affine, relu};
use ndarray::{Array1, Array2, array};

#[test]
fn five_numbers_there_and_back() {
    let x = array![-1., 0., 2., -3., 4.];
    let dout = array![10., 20., -30., 40., 50.];
    let (out, cache) = relu::forward(&x);
    let dx = relu::backward(&dout, cache);
    assert_eq!(out, array![0., 0., 2., 0., 4.]);
    assert_eq!(dx, array![0., 0., -30., 0., 50.]);

    // Without the bend, without the mask, with the mask of dout, with slope 1 at 0.
    let masked = |mask: &dyn Fn(usize) -> bool| {
        Array1::from_shape_fn(5, |i| if mask(i) { dout[i] } else { 0.0 })
    };
    assert_ne!(x, out);
    assert_ne!(dout, dx);
    assert_ne!(masked(&|i| dout[i] > 0.0), dx);
    assert_ne!(masked(&|i| x[i] > 0.0 && dout[i] > 0.0), dx);
    assert_ne!(masked(&|i| x[i] >= 0.0), dx);
    assert_eq!(masked(&|i| x[i] > 0.0), dx);
}

/// The output of units that switch on at 0, 1 and 2, added with these weights.
fn tent(x: f64, weights: [f64; 3], relu: bool) -> f64 {
    let (w, b) = (array![[1., 1., 1.]], array![0., -1., -2.]);
    let (sums, _) = affine::forward(array![[x]], &w, &b);
    let h = if relu { relu::forward(sums).0 } else { sums };
    let last = Array2::from_shape_fn((3, 1), |(i, _)| weights[i]);
    affine::forward(h, &last, &array![0.]).0[[0, 0]]
}

#[test]
fn a_tent_of_three_units() {
    let places = [-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0];
    let drawn = |weights, relu| places.map(|x| tent(x, weights, relu));
    let tent = drawn([1., -2., 1.], true);
    assert_eq!(tent, [0.0, 0.0, 0.5, 1.0, 0.5, 0.0, 0.0]);
    // Without ReLU the three are one affine map, here 0. Without a unit it is no tent.
    assert_eq!(drawn([1., -2., 1.], false), [0.0; 7]);
    for weights in [[0., -2., 1.], [1., 0., 1.], [1., -2., 0.]] {
        assert_ne!(drawn(weights, true), tent);
    }
}

/// The sums of a unit for the inputs 1 and 2, which should both give 1, and the gradients
/// of its weight and its bias.
fn unit(w: f64, b: f64) -> ([f64; 2], f64, f64) {
    let (w, b) = (array![[w]], array![b]);
    let x = array![[1.], [2.]];
    let (sums, affine) = affine::forward(&x, &w, &b);
    let (out, cache) = relu::forward(&sums);
    let dsums = relu::backward(&(out - 1.0), cache);
    let (dw, db) = affine::param_grads(&dsums, affine);
    ([sums[[0, 0]], sums[[1, 0]]], dw[[0, 0]], db[0])
}

#[test]
fn a_unit_dies_of_one_long_step() {
    assert_eq!(unit(1.0, 1.0), ([2.0, 3.0], 5.0, 3.0));
    let near = |(sums, dw, db): ([f64; 2], f64, f64), expected: [f64; 4]| {
        let found = [sums[0], sums[1], dw, db];
        found
            .iter()
            .zip(expected)
            .all(|(f, e)| (f - e).abs() < 1e-12)
    };
    // One step of rate 0.1, and one of rate 1.
    assert!(near(unit(1.0 - 0.5, 1.0 - 0.3), [1.2, 1.7, 1.6, 0.9]));
    assert_eq!(unit(1.0 - 5.0, 1.0 - 3.0), ([-6.0, -10.0], 0.0, 0.0));

    // With a slope of 0.01 below 0 it would not be dead.
    let slope = 0.01;
    let douts = [-6.0, -10.0].map(|sum| slope * sum - 1.0);
    let dw: f64 = slope * (douts[0] + 2.0 * douts[1]);
    let db: f64 = slope * (douts[0] + douts[1]);
    assert!((dw - -0.0326).abs() < 1e-12 && (db - -0.0216).abs() < 1e-12);
}
