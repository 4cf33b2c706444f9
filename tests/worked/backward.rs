//! The worked example of chapter `backward`, whole and with each step left out.

use fully_connected::{FullyConnectedNet, Options, affine, relu};
use ndarray::{Array1, Array2, array};

/// The slope of `f` at `x`, by a nudge as small as the chapter's.
fn nudged(f: impl Fn(f64) -> f64, x: f64) -> f64 {
    f(x + 0.01) - f(x)
}

#[test]
fn slopes_multiply_along_the_chain() {
    let x = 2.0;
    let (u, v, l) = (3.0 * x, 3.0 * x - 4.0, (3.0 * x - 4.0_f64).powi(2));
    assert_eq!([u, v, l], [6.0, 2.0, 4.0]);

    let (dv, du) = (2.0 * v, 2.0 * v * 1.0);
    let dx = du * 3.0;
    assert_eq!([dv, du, dx], [4.0, 4.0, 12.0]);
    let rise = nudged(|x| (3.0 * x - 4.0).powi(2), x);
    assert!((rise - 0.1209).abs() < 1e-12);

    // Without the first step, without the last, with u or L where v is meant.
    assert_eq!([dv, du, 3.0 * 1.0], [4.0, 4.0, 3.0]);
    for wrong in [du, 3.0, 2.0 * u * 3.0, 2.0 * l * 3.0] {
        assert_ne!(wrong, dx);
    }
}

#[test]
fn slopes_add_over_the_paths() {
    let x = 2.0;
    let (a, b) = (x + 1.0, 4.0 * x);
    assert_eq!([a, b, a * b], [3.0, 8.0, 24.0]);

    let (through_a, through_b) = (b * 1.0, a * 4.0);
    assert_eq!([through_a, through_b], [8.0, 12.0]);
    assert_eq!(through_a + through_b, 20.0);
    let rise = nudged(|x| (x + 1.0) * (4.0 * x), x);
    assert!((rise - 0.2004).abs() < 1e-12);

    // One path alone, or each factor's slope its own value.
    for wrong in [through_a, through_b, a * 1.0 + b * 4.0] {
        assert_ne!(wrong, through_a + through_b);
    }
}

/// The numbers that the example shows on its way down.
#[derive(Debug, PartialEq)]
struct Down {
    dw2: Array2<f64>,
    db2: Array1<f64>,
    dh: Array2<f64>,
    dsums: Array2<f64>,
    dw1: Array2<f64>,
    db1: Array1<f64>,
}

/// A step of the way down that can be left out.
#[derive(Clone, Copy, PartialEq)]
enum Without {
    Nothing,
    Mask,
    FirstScore,
    SecondScore,
    /// `dout = dx`.
    HandingOn,
    /// The ReLU on the way up: `dW2` is made of the sums.
    Relu,
}

fn parameters() -> (Array2<f64>, Array1<f64>, Array2<f64>, Array1<f64>) {
    (
        array![[1., -1.], [1., 1.]],
        array![0., -2.],
        array![[1., 2.], [5., 3.]],
        array![0., -1.],
    )
}

fn down(without: Without) -> Down {
    let (w1, b1, w2, b2) = parameters();
    let x = array![[1., 2.]];
    let (sums, cache1) = affine::forward(&x, &w1, &b1);
    assert_eq!(sums, array![[3., -1.]]);
    let (h, mask) = relu::forward(sums.clone());
    assert_eq!(h, array![[3., 0.]]);
    let input = if without == Without::Relu { sums } else { h };
    let (scores, cache2) = affine::forward(&input, &w2, &b2);
    if without != Without::Relu {
        assert_eq!(scores, array![[3., 5.]]);
    }

    let mut dscores = array![[1., -1.]];
    match without {
        Without::FirstScore => dscores[[0, 0]] = 0.0,
        Without::SecondScore => dscores[[0, 1]] = 0.0,
        _ => (),
    }
    let affine::Grads { dx, dw, db } = affine::backward(&dscores, cache2, &w2);
    let (dh, dw2, db2) = (dx, dw, db);
    let handed = match without {
        Without::HandingOn => &dscores,
        _ => &dh,
    };
    let dsums = match without {
        Without::Mask => handed.clone(),
        _ => relu::backward(handed, mask),
    };
    let (dw1, db1) = affine::param_grads(&dsums, cache1);
    Down {
        dw2,
        db2,
        dh,
        dsums,
        dw1,
        db1,
    }
}

#[test]
fn the_example_gives_what_the_chapter_shows() {
    let shown = Down {
        dw2: array![[3., -3.], [0., 0.]],
        db2: array![1., -1.],
        dh: array![[-1., 2.]],
        dsums: array![[-1., 0.]],
        dw1: array![[-1., 0.], [-2., 0.]],
        db1: array![-1., 0.],
    };
    assert_eq!(down(Without::Nothing), shown);
}

#[test]
fn each_step_of_the_example_is_needed() {
    let whole = down(Without::Nothing);
    for without in [
        Without::Mask,
        Without::FirstScore,
        Without::SecondScore,
        Without::HandingOn,
    ] {
        assert_ne!(down(without).dw1, whole.dw1);
    }
    assert_ne!(down(Without::Relu).dw2, whole.dw2);
    // "Forget the mask, and that column reads 2 and 4."
    assert_eq!(down(Without::Mask).dw1, array![[-1., 2.], [-2., 4.]]);
}

#[test]
fn a_nudge_finds_the_same_slopes() {
    let loss = |w1: Array2<f64>| {
        let mut net = FullyConnectedNet::new(Options::new(2, &[2], 2)).unwrap();
        let (_, b1, w2, b2) = parameters();
        net.parameters_mut().set("W1", &w1).unwrap();
        net.parameters_mut().set("b1", &b1).unwrap();
        net.parameters_mut().set("W2", &w2).unwrap();
        net.parameters_mut().set("b2", &b2).unwrap();
        let scores = net.scores(array![[1., 2.]]);
        scores[[0, 0]] - scores[[0, 1]]
    };
    let close = |a: f64, b: f64| (a - b).abs() < 1e-12;
    let (w1, ..) = parameters();
    assert!(close(loss(w1), -2.0));
    assert!(close(loss(array![[1., -1.], [1.1, 1.]]), -2.2));
    assert!(close(loss(array![[1., -1.], [1., 1.1]]), -2.0));
}

/// The weights of each layer of a network of these sizes.
fn weights(sizes: &[u64]) -> Vec<u64> {
    sizes.windows(2).map(|pair| pair[0] * pair[1]).collect()
}

#[test]
fn the_counts_are_those_of_the_chapter() {
    let weights3 = weights(&[3072, 100, 100, 10]);
    let biases = 100 + 100 + 10;
    let forward: u64 = weights3.iter().sum();
    let backward = 2 * forward - weights3[0];
    assert_eq!(forward + biases, 318_410);
    assert_eq!(
        (forward, weights3[0], backward),
        (318_200, 307_200, 329_200)
    );
    assert_eq!(format!("{:.2}", backward as f64 / forward as f64), "1.03");

    let five = weights(&[3072, 100, 100, 100, 100, 10]);
    assert_eq!(100 * 100 * 100 * 10, 10_000_000);
    let paths = five[0] * 10_000_000;
    assert_eq!(paths, 3_072_000_000_000);
    assert_eq!(2 * five.iter().sum::<u64>() - five[0], 369_200);
}

/// The first example of "What a library does": each number with its slope with respect to
/// those that it was made from.
#[test]
fn without_adding_up_the_tape_keeps_one_path() {
    let (x, one, four, a, b) = (0, 1, 2, 3, 4);
    let tape: [&[(usize, f64)]; 6] = [
        &[],
        &[],
        &[],
        &[(x, 1.), (one, 1.)],
        &[(four, 2.), (x, 4.)],
        &[(a, 8.), (b, 3.)],
    ];
    let walk = |adds: bool| {
        let mut d = [0., 0., 0., 0., 0., 1.];
        for i in (0..6).rev() {
            for &(j, slope) in tape[i] {
                d[j] = if adds { d[j] } else { 0. } + d[i] * slope;
            }
        }
        d[x]
    };
    assert_eq!((walk(true), walk(false)), (20., 8.));
}
