use crate::data;
use crate::support::{
    assert_close, assert_finite, assert_gradient, assert_panics,
    assert_rows_sum_to_zero, random,
};
use crate::teach::{given, teach};
use fully_connected::batch_norm::{EPSILON, Grads};
use fully_connected::layer_norm;
use fully_connected::numpy::RandomState;
use ndarray::{Array1, Array2, ArrayRef2, Axis, Ix1, Ix2, array, s};

/// Out, and the gradients.
fn both(
    x: &ArrayRef2<f64>,
    gamma: &Array1<f64>,
    beta: &Array1<f64>,
    dout: &ArrayRef2<f64>,
) -> (Array2<f64>, Grads<f64>) {
    let (out, cache) = layer_norm::forward(x, gamma, beta);
    (out, layer_norm::backward(dout, cache, gamma))
}

/// Five examples of three units, and what else a pass there and back takes.
fn inputs() -> (Array2<f64>, Array1<f64>, Array1<f64>, Array2<f64>) {
    let x = random((5, 3), 1) * 2.0 + 1.0;
    (x, random(3, 2), random(3, 3), random((5, 3), 4))
}

fn plain(m: usize) -> (Array1<f64>, Array1<f64>) {
    (Array1::ones(m), Array1::zeros(m))
}

#[test]
fn forward_gives_the_reference_numbers() {
    let _test = teach("layer_norm::forward");
    let data = data!("layer_norm");
    for prefix in ["", "course_"] {
        let named = |name| format!("{prefix}{name}");
        let x = data.array::<Ix2>(&named("x"));
        let gamma = data.array::<Ix1>(&named("gamma"));
        let beta = data.array::<Ix1>(&named("beta"));
        let (out, _) = layer_norm::forward(&x, &gamma, &beta);
        assert_close("out", &out, &data.array::<Ix2>(&named("out")), 1e-12);
    }
}

#[test]
fn backward_gives_the_reference_numbers() {
    let _test = teach("layer_norm::backward");
    let data = data!("layer_norm");
    for prefix in ["", "course_"] {
        let named = |name| format!("{prefix}{name}");
        let x = data.array::<Ix2>(&named("x"));
        let gamma = data.array::<Ix1>(&named("gamma"));
        let beta = data.array::<Ix1>(&named("beta"));
        let dout = data.array::<Ix2>(&named("dout"));
        let (_, grads) = both(&x, &gamma, &beta, &dout);
        assert_close("dx", &grads.dx, &data.array::<Ix2>(&named("dx")), 1e-10);
        let dgamma = data.array::<Ix1>(&named("dgamma"));
        assert_close("dgamma", &grads.dgamma, &dgamma, 1e-12);
        let dbeta = data.array::<Ix1>(&named("dbeta"));
        assert_close("dbeta", &grads.dbeta, &dbeta, 1e-12);
    }
}

#[test]
fn the_courses_check_of_means_and_deviations() {
    let _test = teach("layer_norm::forward");
    let data = data!("layer_norm");
    let mut random = RandomState::new(231);
    let x: Array2<f64> = random.randn_array((4, 50));
    let (w1, w2) = (random.randn_array((50, 60)), random.randn_array((60, 3)));
    let a = x
        .dot::<Array2<f64>>(&w1)
        .mapv(|sum| if sum > 0. { sum } else { 0. });
    let a = a.dot::<Array2<f64>>(&w2);
    let row_means = |a: &Array2<f64>| a.sum_axis(Axis(1)) / 3.;
    let row_stds = |a: &Array2<f64>| a.std_axis(Axis(1), 0.);

    let (gamma, beta) = plain(3);
    let (out, _) = layer_norm::forward(&a, &gamma, &beta);
    assert_finite("out", &out);
    assert!(row_means(&out).iter().all(|mean| mean.abs() < 1e-12));
    let stds = data.array::<Ix1>("course_forward_plain_stds");
    assert_close("the deviations", &row_stds(&out), &stds, 1e-10);

    let (out, _) = layer_norm::forward(&a, &(gamma * 3.), &(beta + 5.));
    let means = data.array::<Ix1>("course_forward_scaled_means");
    assert_close("the means", &row_means(&out), &means, 1e-10);
    let stds = data.array::<Ix1>("course_forward_scaled_stds");
    assert_close("the deviations", &row_stds(&out), &stds, 1e-10);
}

#[test]
fn backward_gives_the_slopes_of_forward() {
    let _test = teach("layer_norm::backward");
    let (x, gamma, beta, dout) = inputs();
    let (_, grads) = both(&x, &gamma, &beta, &dout);

    let sum = |out: Array2<f64>| (out * &dout).sum();
    let of_x = |x: &Array2<f64>| sum(layer_norm::forward(x, &gamma, &beta).0);
    assert_gradient("dx", of_x, &x, &grads.dx);
    let of_gamma = |gamma: &Array1<f64>| sum(layer_norm::forward(&x, gamma, &beta).0);
    assert_gradient("dgamma", of_gamma, &gamma, &grads.dgamma);
    let of_beta = |beta: &Array1<f64>| sum(layer_norm::forward(&x, &gamma, beta).0);
    assert_gradient("dbeta", of_beta, &beta, &grads.dbeta);
}

#[test]
fn each_example_has_mean_0_and_variance_1() {
    let _test = teach("layer_norm::forward");
    let x = random((5, 9), 1) * 4. + 7.;
    let (gamma, beta) = plain(9);
    let (out, _) = layer_norm::forward(&x, &gamma, &beta);
    assert_finite("out", &out);
    for (n, row) in out.rows().into_iter().enumerate() {
        let mean = row.sum() / 9.;
        let var = row.mapv(|z| z * z).sum() / 9.;
        assert!(mean.abs() < 1e-12, "row {n} of out has mean {mean:e}");
        assert!((var - 1.).abs() < 1e-4, "row {n} of out has variance {var}");
    }
}

#[test]
fn epsilon_is_added_to_the_variance() {
    let _test = teach("layer_norm::forward");
    // The variance is EPSILON too, and so the root is of twice that.
    let root = EPSILON.sqrt();
    let (gamma, beta) = plain(2);
    let (out, _) = layer_norm::forward(&array![[root, -root]], &gamma, &beta);
    let half = 0.5_f64.sqrt();
    assert_close("out", &out, &array![[half, -half]], 1e-12);
}

#[test]
fn no_example_sees_another() {
    let _test = teach("layer_norm::backward");
    let (x, gamma, beta, dout) = inputs();
    let (out, grads) = both(&x, &gamma, &beta, &dout);
    let mut sums = Grads {
        dx: Array2::zeros((5, 3)),
        dgamma: Array1::zeros(3),
        dbeta: Array1::zeros(3),
    };
    for n in 0..5 {
        let row = s![n..n + 1, ..];
        let (alone, of_one) = both(&x.slice(row), &gamma, &beta, &dout.slice(row));
        assert_close("out", &alone, &out.slice(row), 1e-12);
        assert_close("dx", &of_one.dx, &grads.dx.slice(row), 1e-12);
        sums.dgamma += &of_one.dgamma;
        sums.dbeta += &of_one.dbeta;
    }
    assert_close("dgamma", &grads.dgamma, &sums.dgamma, 1e-12);
    assert_close("dbeta", &grads.dbeta, &sums.dbeta, 1e-12);
}

#[test]
fn dx_says_that_a_shift_changes_nothing_and_a_scale_almost_nothing() {
    let _test = teach("layer_norm::backward");
    let (x, gamma, beta, dout) = inputs();
    let (out, grads) = both(&x, &gamma, &beta, &dout);
    let (shifted, _) = both(&(&x + 100.), &gamma, &beta, &dout);
    assert_close("out of x + 100", &shifted, &out, 1e-11);
    let (scaled, _) = both(&(&x * 100.), &gamma, &beta, &dout);
    assert_close("out of 100·x", &scaled, &out, 1e-4);

    assert_finite("dx", &grads.dx);
    assert_rows_sum_to_zero(&grads.dx, 1e-12);
    let along = (&grads.dx * &x).sum_axis(Axis(1));
    assert!(along.iter().all(|sum| sum.abs() < 1e-3), "{along}");
}

#[test]
fn a_single_unit_is_beta_and_lets_nothing_back() {
    let _test = teach("layer_norm::backward");
    let x = array![[3.], [-7.], [0.]];
    let (out, grads) = both(&x, &array![5.], &array![2.], &array![[1.], [10.], [100.]]);
    assert_eq!(out, array![[2.], [2.], [2.]]);
    assert_eq!(grads.dx, Array2::<f64>::zeros((3, 1)));
    assert_eq!(grads.dgamma, array![0.]);
    assert_eq!(grads.dbeta, array![111.]);
}

#[test]
fn an_example_of_equal_numbers_is_beta() {
    let _test = teach("layer_norm::backward");
    let beta = array![1., 2., 3.];
    let x = array![[4., 4., 4.], [0., 0., 0.]];
    let dout = array![[1., 2., 6.], [0., 0., 0.]];
    let (out, grads) = both(&x, &array![1., 1., 1.], &beta, &dout);
    assert_eq!(out, array![[1., 2., 3.], [1., 2., 3.]]);
    let root = EPSILON.sqrt();
    let dx = array![[-2. / root, -1. / root, 3. / root], [0., 0., 0.]];
    assert_close("dx", &grads.dx, &dx, 1e-12);
}

#[test]
fn huge_numbers_and_tiny_ones_stay_finite() {
    let _test = teach("layer_norm::backward");
    let (x, gamma, beta, dout) = inputs();
    for k in [1e100, 1e-100] {
        let (out, grads) = both(&(&x * k), &gamma, &beta, &dout);
        assert_finite("out", &out);
        assert_finite("dx", &grads.dx);
        assert_finite("dgamma", &grads.dgamma);
    }
}

#[test]
fn the_cache_holds_the_normalized_examples_and_the_deviations() {
    let _test = teach("layer_norm::forward");
    let (x, gamma, beta, _) = inputs();
    let (out, cache) = layer_norm::forward(&x, &gamma, &beta);
    let again = &cache.normalized() * &gamma + &beta;
    assert_close("gamma·normalized + beta", &again, &out, 1e-13);
    let var = x.var_axis(Axis(1), 0.).insert_axis(Axis(1));
    let std = var.mapv(|var| (var + EPSILON).sqrt());
    assert_close("std", &cache.std(), &std, 1e-13);
}

/// One example of many units, of which the first is far off: normalized it is at the root of how
/// many the others are.
fn one_far_off() -> Array2<f64> {
    let mut x = Array2::zeros((2, 20_001));
    x[[0, 0]] = 1e6;
    x[[1, 0]] = -1e6;
    x
}

#[test]
fn one_far_off_of_many_units_stays_so() {
    let _test = teach("layer_norm::forward");
    let (mut gamma, mut beta) = plain(20_001);
    (gamma[0], beta[1]) = (1000., 3000.);
    let (out, cache) = layer_norm::forward(&one_far_off(), &gamma, &beta);
    let far = 20_000_f64.sqrt();
    let cells = array![cache.normalized()[[0, 0]], cache.normalized()[[1, 0]]];
    assert_close("normalized", &cells, &array![far, -far], 1e-9);
    let cells = array![out[[0, 0]], out[[1, 0]], out[[0, 1]], out[[1, 1]]];
    let expected = array![
        1000. * far,
        -1000. * far,
        3000. - 1. / far,
        3000. + 1. / far
    ];
    assert_close("out", &cells, &expected, 1e-9);
    // Far from 0, and hardly spread.
    let (gamma, beta) = plain(2);
    let far = array![[5e5 - 1., 5e5 + 1.], [-5e5 - 1., -5e5 + 1.]];
    let out = layer_norm::forward(&far, &gamma, &beta).0;
    assert_close("out", &out, &array![[-1., 1.], [-1., 1.]], 1e-5);
}

#[test]
fn a_large_mean_does_not_drown_the_variance() {
    let _test = teach("layer_norm::forward");
    // The mean of the squares less the square of the mean would lose all digits.
    let (gamma, beta) = plain(2);
    let (out, _) = layer_norm::forward(&array![[1e9 + 1., 1e9 + 3.]], &gamma, &beta);
    assert_close("out", &out, &array![[-1., 1.]], 1e-5);
}

#[test]
fn large_slopes_count_whole() {
    let _test = teach("layer_norm::backward");
    let (x, gamma, beta, dout) = inputs();
    let (_, grads) = both(&x, &gamma, &beta, &dout);
    for k in [1e6, -1e6] {
        let (_, larger) = both(&x, &gamma, &beta, &(&dout * k));
        assert_close("dx", &larger.dx, &(&grads.dx * k), 1e-12);
        assert_close("dgamma", &larger.dgamma, &(&grads.dgamma * k), 1e-12);
        assert_close("dbeta", &larger.dbeta, &(&grads.dbeta * k), 1e-12);
    }
    // The slope of one unit of many: gamma/std·(1 − (1 + x̂²)/20001), with x̂ = −1/√20000.
    let (gamma, beta) = plain(20_001);
    let mut dout = Array2::zeros((2, 20_001));
    dout[[0, 1]] = 1000.;
    let (_, grads) = both(&one_far_off(), &gamma, &beta, &dout);
    let share = (1. + 1. / 20_000.) / 20_001.;
    let unit = 1000. / (1e6 * 20_000_f64.sqrt() / 20_001.);
    let cells = array![grads.dx[[0, 1]], grads.dx[[0, 2]]];
    assert_close("dx", &cells, &(array![1. - share, -share] * unit), 1e-9);
}

#[test]
fn nan_stays_in_its_example() {
    let _test = teach("layer_norm::backward");
    let (mut x, gamma, beta, dout) = inputs();
    x[[1, 2]] = f64::NAN;
    let (out, grads) = both(&x, &gamma, &beta, &dout);
    for (n, (out, dx)) in out.rows().into_iter().zip(grads.dx.rows()).enumerate() {
        let nan = |row: ndarray::ArrayView1<f64>| row.iter().all(|z| z.is_nan());
        assert_eq!(nan(out), n == 1, "row {n} of out: {out}");
        assert_eq!(nan(dx), n == 1, "row {n} of dx: {dx}");
    }
}

#[test]
fn an_empty_batch_gives_empty_arrays_and_gradients_of_0() {
    let _test = teach("layer_norm::backward");
    let none = Array2::zeros((0, 3));
    let (gamma, beta) = plain(3);
    let (out, grads) = both(&none, &gamma, &beta, &none);
    assert_eq!(out.dim(), (0, 3));
    assert_eq!(grads.dx.dim(), (0, 3));
    assert_eq!(grads.dgamma, Array1::<f64>::zeros(3));
    assert_eq!(grads.dbeta, Array1::<f64>::zeros(3));
}

#[test]
fn the_order_of_the_numbers_in_memory_does_not_matter() {
    let _test = teach("layer_norm::backward");
    let (x, gamma, beta, dout) = inputs();
    let (out, grads) = both(&x, &gamma, &beta, &dout);
    let (columns, backwards) = (x.t().to_owned(), dout.slice(s![..;-1, ..]).to_owned());
    let (same, again) =
        both(&columns.t(), &gamma, &beta, &backwards.slice(s![..;-1, ..]));
    assert_close("out", &same, &out, 1e-14);
    assert_close("dx", &again.dx, &grads.dx, 1e-13);
    assert_close("dgamma", &again.dgamma, &grads.dgamma, 1e-13);
}

#[test]
fn single_precision_agrees_with_double() {
    let _test = teach("layer_norm::backward");
    let (x, gamma, beta, dout) = inputs();
    let (out, grads) = both(&x, &gamma, &beta, &dout);
    let (x, dout) = (x.mapv(|x| x as f32), dout.mapv(|d| d as f32));
    let (gamma, beta) = (gamma.mapv(|g| g as f32), beta.mapv(|b| b as f32));
    let (out32, cache) = layer_norm::forward(&x, &gamma, &beta);
    let grads32 = layer_norm::backward(&dout, cache, &gamma);
    assert_finite("out", &out32);
    assert_close("out", &out32, &out, 1e-5);
    assert_close("dx", &grads32.dx, &grads.dx, 1e-4);
    assert_close("dgamma", &grads32.dgamma, &grads.dgamma, 1e-5);
    assert_close("dbeta", &grads32.dbeta, &grads.dbeta, 1e-5);
}

#[test]
fn forward_names_the_argument_of_the_wrong_shape() {
    let _test = given();
    let (x, gamma, beta, _) = inputs();
    assert_panics(&["layer_norm::forward", "gamma ", "M = 3", "has 2"], || {
        layer_norm::forward(&x, &array![1., 1.], &beta);
    });
    assert_panics(&["layer_norm::forward", "beta ", "M = 3", "has 5"], || {
        layer_norm::forward(&x, &gamma, &Array1::zeros(5));
    });
    let none = Array1::<f64>::zeros(0);
    assert_panics(&["layer_norm::forward", "one unit", "[5, 0]"], || {
        layer_norm::forward(&Array2::zeros((5, 0)), &none, &none);
    });
}

#[test]
fn backward_names_the_argument_of_the_wrong_shape() {
    let _test = teach("layer_norm::forward");
    let (x, gamma, beta, dout) = inputs();
    let (_, cache) = layer_norm::forward(&x, &gamma, &beta);
    let again = cache.clone();
    assert_panics(
        &["layer_norm::backward", "dout ", "[5, 3]", "[3, 5]"],
        || {
            layer_norm::backward(&dout.t(), cache, &gamma);
        },
    );
    assert_panics(
        &["layer_norm::backward", "gamma ", "M = 3", "has 5"],
        || {
            layer_norm::backward(&dout, again, &Array1::zeros(5));
        },
    );
}
