//! The worked examples of chapter `optim`, whole and with each step left out.

use fully_connected::optim::{self, Adam, RmsProp};
use ndarray::{Array1, array};

const W: [f64; 2] = [10., 1.];
const DW: [f64; 2] = [2., -4.];
const RATE: f64 = 0.5;

/// Both entries of what `entry` makes of 0 and of 1.
fn both(entry: impl Fn(usize) -> f64) -> [f64; 2] {
    [entry(0), entry(1)]
}

fn assert_near(found: &Array1<f64>, expected: [f64; 2]) {
    for (f, e) in found.iter().zip(expected) {
        assert!(
            f.is_finite() && (f - e).abs() < 1e-7,
            "{found}, not {expected:?}"
        );
    }
}

#[test]
fn momentum_adds_to_what_it_remembers() {
    let start = [-8., 4.];
    let (mut w, mut v) = (Array1::from_iter(W), Array1::from_iter(start));
    optim::momentum(&mut w, &Array1::from_iter(DW), &mut v, RATE, 0.75);
    assert_eq!(v, array![-7., 5.]);
    assert_eq!(w, array![3., 6.]);

    // With any share, rate and sign.
    let step = |share: f64, rate: f64| both(|i| W[i] + share * start[i] + rate * DW[i]);
    assert_eq!(step(0.75, -0.5), [3., 6.]);
    for (share, rate) in [(0., -0.5), (1., -0.5), (0.75, 0.), (0.75, -1.), (0.75, 0.5)]
    {
        let other = step(share, rate);
        assert!((0..2).all(|i| other[i] != w[i]), "{share} {rate}");
    }
    // Moved by the old velocity; the velocity subtracted.
    assert!((0..2).all(|i| W[i] + start[i] != w[i] && W[i] - v[i] != w[i]));
}

#[test]
fn rmsprop_divides_by_the_root_of_a_mean() {
    let start = [20., 16.];
    let (mut w, mut squares) = (Array1::from_iter(W), Array1::from_iter(start));
    let rule = RmsProp {
        decay: 0.75,
        epsilon: 1e-8,
    };
    optim::rmsprop(&mut w, &Array1::from_iter(DW), &mut squares, RATE, rule);
    assert_eq!(squares, array![16., 16.]);
    assert_near(&w, [9.75, 1.5]);

    let step =
        |mean: [f64; 2], rate: f64| both(|i| W[i] - rate * DW[i] / mean[i].sqrt());
    assert_near(&w, step([16., 16.], RATE));
    // The old mean; the squares alone; their sum; without a square; without a root.
    let unsquared = both(|i| (0.75 * start[i] + 0.25 * DW[i]).abs());
    for mean in [start, [4., 16.], [19., 28.], unsquared, [256., 256.]] {
        let other = step(mean, RATE);
        assert!((0..2).any(|i| (other[i] - w[i]).abs() > 1e-3), "{mean:?}");
    }
    assert!((step([16., 16.], 1.)[0] - w[0]).abs() > 1e-3);
}

#[test]
fn adam_begins_with_a_step_of_the_rate() {
    let (mut w, mut m, mut v) = (
        Array1::from_iter(W),
        array![0.0f64, 0.0],
        array![0.0f64, 0.0],
    );
    let rule = Adam {
        beta1: 0.5,
        beta2: 0.9375,
        epsilon: 1e-8,
    };
    optim::adam(
        &mut w,
        &Array1::from_iter(DW),
        &mut m,
        &mut v,
        1,
        RATE,
        rule,
    );
    assert_eq!(m, array![1., -2.]);
    assert_eq!(v, array![0.25, 1.]);
    assert_near(&w, [9.5, 1.5]);

    let step = |m: [f64; 2], v: [f64; 2]| both(|i| W[i] - RATE * m[i] / v[i].sqrt());
    assert_near(&w, step([2., -4.], [4., 16.]));
    // Without both corrections, as chapter 10 says; with one of them; without the root.
    assert_eq!(step([1., -2.], [0.25, 1.]), [9., 2.]);
    for (m, v) in [
        ([1., -2.], [0.25, 1.]),
        ([1., -2.], [4., 16.]),
        ([2., -4.], [0.25, 1.]),
        ([2., -4.], [16., 256.]),
    ] {
        assert!(
            (0..2).all(|i| (step(m, v)[i] - w[i]).abs() > 1e-3),
            "{m:?} {v:?}"
        );
    }
}

/// How long each step is under a constant gradient.
fn lengths(steps: u64, mut step: impl FnMut(&mut Array1<f64>, u64)) -> Vec<f64> {
    let mut w = array![0.0];
    (1..=steps)
        .map(|t| {
            let before = w[0];
            step(&mut w, t);
            before - w[0]
        })
        .collect()
}

#[test]
fn steps_are_as_long_as_the_chapter_says() {
    let near = |found: f64, expected: f64, digit: f64| {
        let close = (found - expected).abs() <= digit;
        assert!(close, "{found}, not {expected}");
    };
    let mut v = array![0.0];
    let momentum = lengths(200, |w, _| {
        optim::momentum(w, &array![3.], &mut v, 1.0, 0.9)
    });
    for (t, rates) in [
        (1, 1.),
        (2, 1.9),
        (3, 2.71),
        (10, 6.5),
        (20, 8.8),
        (200, 10.),
    ] {
        near(momentum[t - 1] / 3.0, rates, 0.05);
    }
    let mut squares = array![0.0];
    let rule = RmsProp::default();
    let rmsprop = lengths(100, |w, _| {
        optim::rmsprop(w, &array![3.], &mut squares, 1.0, rule)
    });
    for (t, rates) in [(1, 10.), (2, 7.1), (10, 3.2), (100, 1.26)] {
        near(rmsprop[t - 1], rates, 0.05);
    }
    for (gradient, rates) in [(0.001, 0.99999), (1., 1.), (1000., 1.), (1e-6, 0.99)] {
        let (mut m, mut v) = (array![0.0], array![0.0]);
        let adam = lengths(1, |w, t| {
            optim::adam(
                w,
                &array![gradient],
                &mut m,
                &mut v,
                t,
                1.0,
                Adam::default(),
            );
        });
        near(adam[0], rates, 1e-4);
    }
    for (t, m, v, rates) in [
        (1, 0.1, 0.001, 3.2),
        (10, 0.651, 0.010, 6.5),
        (100, 1.0, 0.095, 3.2),
        (1000, 1.0, 0.632, 1.26),
        (3000, 1.0, 0.950, 1.03),
    ] {
        let shares = (1.0 - 0.9_f64.powi(t), 1.0 - 0.999_f64.powi(t));
        near(shares.0, m, 5e-4);
        near(shares.1, v, 5e-4);
        near(shares.0 / shares.1.sqrt(), rates, 0.05);
    }
}
