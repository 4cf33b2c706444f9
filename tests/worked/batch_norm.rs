//! The worked example of chapter `batch_norm`, whole and with each step left out.

use fully_connected::{Moments, batch_norm};
use ndarray::{Array1, Array2, Axis, array};

fn inputs() -> (Array2<f64>, Array1<f64>, Array1<f64>, Array2<f64>) {
    (
        array![[1., 110.], [3., 130.], [4., 140.], [5., 150.], [7., 170.]],
        array![4., 2.],
        array![1., -1.],
        array![[0., 20.], [0., 0.], [2., 0.], [2., 0.], [6., 0.]],
    )
}

/// The normalized numbers of both units.
fn normalized() -> Array2<f64> {
    array![[-1.5, -1.5], [-0.5, -0.5], [0., 0.], [0.5, 0.5], [1.5, 1.5]]
}

fn near(found: &Array2<f64>, shown: &Array2<f64>) -> bool {
    found.shape() == shown.shape()
        && (found - shown)
            .iter()
            .all(|off| off.is_finite() && off.abs() < 1e-4)
}

fn sum(a: &Array2<f64>) -> Array1<f64> {
    a.sum_axis(Axis(0))
}

#[test]
fn five_examples_forward() {
    let (x, gamma, beta, _) = inputs();
    let (out, _, moments) = batch_norm::forward(&x, &gamma, &beta);
    assert_eq!(moments.mean, array![4., 140.]);
    assert_eq!(moments.var, array![4., 400.]);
    let shown = array![[-5., -4.], [-1., -2.], [1., -1.], [3., 0.], [7., 2.]];
    assert!(near(&out, &shown), "{out}");

    let (mean, std) = (array![4., 140.], array![2., 20.]);
    assert_eq!((&x - &mean) / &std, normalized());
    assert_eq!(normalized() * &gamma + &beta, shown);
    // Without the mean, the division, the root, the scale, the shift; with N - 1.
    assert!(!near(&(&x / &std * &gamma + &beta), &shown));
    assert!(!near(&((&x - &mean) * &gamma + &beta), &shown));
    assert!(!near(
        &((&x - &mean) / &moments.var * &gamma + &beta),
        &shown
    ));
    assert!(!near(&(normalized() + &beta), &shown));
    assert!(!near(&(normalized() * &gamma), &shown));
    let unbiased = (&moments.var * 1.25).sqrt();
    assert!(!near(&((&x - &mean) / &unbiased * &gamma + &beta), &shown));
}

#[test]
fn five_examples_back() {
    let (x, gamma, beta, dout) = inputs();
    let shown = array![[2., 0.7], [-2., -0.7], [0., -0.4], [-2., -0.1], [2., 0.5]];
    for backward in [batch_norm::backward, batch_norm::backward_short] {
        let (_, cache, _) = batch_norm::forward(&x, &gamma, &beta);
        let grads = backward(&dout, cache, &gamma);
        assert!(near(&grads.dx, &shown), "{}", grads.dx);
        assert_eq!(grads.dbeta, array![10., 20.]);
        assert_eq!(grads.dgamma.mapv(f64::round), array![10., -30.]);
    }
    // It asks for no common change, and for none along the normalized numbers.
    let none = |a: Array1<f64>| a.iter().all(|a| a.abs() < 1e-12);
    assert!(none(sum(&shown)) && none(sum(&(&shown * &normalized()))));
}

/// The first unit, step by step: `dx` with the way through the variance, and that through the
/// mean, or without.
fn steps(variance: bool, mean: bool) -> Vec<f64> {
    let (x, _, _, dout) = inputs();
    let hat = normalized().column(0).to_owned();
    let centered = x.column(0).to_owned() - 4.;
    let dhat = dout.column(0).to_owned() * 4.;
    let dstd = -(&dhat * &hat).sum() / 2.;
    let dvar = dstd / (2. * 2.);
    assert_eq!((dstd, dvar), (-20., -5.));
    let through = centered * (2. / 5. * dvar);
    assert_eq!(through, array![6., 2., 0., -2., -6.]);
    let mut dcentered = dhat / 2.;
    if variance {
        dcentered += &through;
    }
    let dmean = -dcentered.sum();
    assert_eq!(dmean, -20.);
    if mean {
        dcentered += dmean / 5.;
    }
    dcentered.to_vec()
}

#[test]
fn the_first_unit_step_by_step() {
    assert_eq!(steps(true, true), [2., -2., 0., -2., 2.]);
    assert_eq!(steps(true, false), [6., 2., 4., 2., 6.]);
    assert_eq!(steps(false, false), [0., 0., 4., 4., 12.]);
    assert_eq!(steps(false, true), [-4., -4., 0., 0., 8.]);
}

#[test]
fn the_second_unit_in_short() {
    let dout = array![20., 0., 0., 0., 0.];
    let hat = normalized().column(1).to_owned();
    let (dbeta, dgamma) = (dout.sum(), (&dout * &hat).sum());
    assert_eq!((dbeta, dgamma), (20., -30.));
    let without_mean = &dout - dbeta / 5.;
    assert_eq!(without_mean, array![16., -4., -4., -4., -4.]);
    let rest = &without_mean - &hat * (dgamma / 5.);
    assert_eq!(rest, array![7., -7., -4., -1., 5.]);
    let scaled = |a: &Array1<f64>| a * 2. / 20.;
    let shown = array![0.7, -0.7, -0.4, -0.1, 0.5];
    assert_eq!(scaled(&rest), shown);
    // Without the mean, without the part along the numbers, without gamma or the deviation.
    assert_ne!(scaled(&(&dout - &hat * (dgamma / 5.))), shown);
    assert_ne!(scaled(&without_mean), shown);
    assert_ne!(&rest / 20., shown);
    assert_ne!(&rest * 2., shown);
}

#[test]
fn the_answer_of_the_last_example() {
    let (x, gamma, beta, _) = inputs();
    let last = x.slice(ndarray::s![4.., ..]).to_owned();
    let running = Moments {
        mean: array![3., 150.],
        var: array![16., 100.],
    };
    let of = |running: &Moments<f64>| {
        batch_norm::test_forward(&last, &gamma, &beta, running)
    };
    assert!(near(&of(&running), &array![[5., 3.]]));
    // With the deviation in the place of the variance.
    let wrong = Moments {
        var: array![4., 10.],
        ..running.clone()
    };
    assert!(!near(&of(&wrong), &array![[5., 3.]]));
    // With a 9 beside it, alone, and in the test pass among all.
    let train = |x: Array2<f64>| batch_norm::forward(&x, &array![4.], &array![1.]).0;
    assert!(near(&train(array![[7.], [9.]]), &array![[-3.], [5.]]));
    assert_eq!(train(array![[7.]]), array![[1.]]);
    let all = batch_norm::test_forward(&x, &gamma, &beta, &running);
    assert_eq!(all.row(4), of(&running).row(0));
}

#[test]
fn what_is_remembered_of_a_mean_of_four() {
    let batch = Moments {
        mean: array![4.],
        var: array![4.],
    };
    let mut running = Moments::zeros(1);
    let mut after = |batches: usize| {
        for _ in 0..batches {
            batch_norm::remember(&mut running, &batch);
        }
        assert_eq!(running.mean, running.var);
        format!("{:.2}", running.mean[0])
    };
    let found = [after(1), after(1), after(8), after(40)];
    assert_eq!(found, ["0.40", "0.76", "2.61", "3.98"]);
}
