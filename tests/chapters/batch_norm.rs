use crate::data;
use crate::support::{
    assert_close, assert_finite, assert_gradient, assert_panics, linspace, random,
};
use crate::teach::{given, teach};
use fully_connected::batch_norm::{self, Cache, EPSILON, Grads};
use fully_connected::numpy::RandomState;
use fully_connected::{Moments, relu};
use ndarray::{
    Array1, Array2, ArrayRef1, ArrayRef2, Axis, Ix1, Ix2, ShapeBuilder, array,
    concatenate, s,
};

type Backward = fn(&ArrayRef2<f64>, Cache<f64>, &ArrayRef1<f64>) -> Grads<f64>;

fn numpy_normals(random: &mut RandomState, shape: (usize, usize)) -> Array2<f64> {
    Array2::from_shape_simple_fn(shape, || random.randn())
}

/// Means and standard deviations of the columns.
fn columns(a: &ArrayRef2<f64>) -> (Array1<f64>, Array1<f64>) {
    let mean = a.mean_axis(Axis(0)).expect("a row at least");
    (mean, a.std_axis(Axis(0), 0.))
}

/// A batch with its gamma, its beta and a gradient of the output.
fn example() -> (Array2<f64>, Array1<f64>, Array1<f64>, Array2<f64>) {
    let x = random((5, 3), 1) * array![2., 0.5, 30.] + array![1., 0.5, -20.];
    (x, random(3, 2), random(3, 3), random((5, 3), 4))
}

#[test]
fn moments_are_those_computed_apart() {
    let _test = teach("batch_norm::moments");
    let data = data!("batch_norm");
    let (mean, var) = (data.array::<Ix2>("mean"), data.array::<Ix2>("var"));
    for (i, name) in ["x", "x2", "x3"].into_iter().enumerate() {
        let moments = batch_norm::moments(&data.array::<Ix2>(name));
        for unit in 0..4 {
            let (got, expected) = (moments.mean[unit], mean[[i, unit]]);
            assert_close("mean", &array![got], &array![expected], 1e-12);
            let (got, expected) = (moments.var[unit], var[[i, unit]]);
            assert_close("var", &array![got], &array![expected], 1e-12);
        }
    }
}

#[test]
fn the_variance_is_that_of_the_batch_itself() {
    let _test = teach("batch_norm::moments");
    // Divided by N = 2, not by 1.
    let moments = batch_norm::moments(&array![[1., -4.], [3., -4.]]);
    assert_eq!(moments.mean, array![2., -4.]);
    assert_eq!(moments.var, array![1., 0.]);
}

#[test]
fn one_example_varies_not_at_all() {
    let _test = teach("batch_norm::moments");
    let moments = batch_norm::moments(&array![[3., -2., 0.1]]);
    assert_eq!(moments.mean, array![3., -2., 0.1]);
    assert_eq!(moments.var, array![0., 0., 0.]);
}

#[test]
fn a_large_mean_does_not_drown_the_variance() {
    let _test = teach("batch_norm::moments");
    // The mean of the squares less the square of the mean would lose all digits.
    let moments = batch_norm::moments(&array![[1e9 + 1.], [1e9 + 3.]]);
    assert_eq!(moments.mean, array![1e9 + 2.]);
    assert_eq!(moments.var, array![1.]);
}

#[test]
fn forward_gives_the_numbers_computed_apart() {
    let _test = teach("batch_norm::forward");
    let data = data!("batch_norm");
    let (gamma, beta) = (data.array::<Ix1>("gamma"), data.array::<Ix1>("beta"));
    let (out, _, moments) = batch_norm::forward(&data.array::<Ix2>("x"), &gamma, &beta);
    assert_close("out", &out, &data.array::<Ix2>("out"), 1e-12);
    let mean = data.array::<Ix2>("mean");
    assert_close("mean", &moments.mean, &mean.row(0), 1e-12);
}

#[test]
fn forward_gives_the_courses_means_and_deviations() {
    let _test = teach("batch_norm::forward");
    let data = data!("batch_norm");
    let mut numpy = RandomState::new(231);
    let x = numpy_normals(&mut numpy, (200, 50));
    let w1 = numpy_normals(&mut numpy, (50, 60));
    let w2 = numpy_normals(&mut numpy, (60, 3));
    let a = relu::forward(x.dot(&w1)).0.dot(&w2);
    let (mean, std) = columns(&a);
    let expected = |name: &str| data.array::<Ix1>(name);
    assert_close(
        "before, mean",
        &mean,
        &expected("course_forward_means"),
        1e-10,
    );
    assert_close("before, std", &std, &expected("course_forward_stds"), 1e-10);

    let (out, _, _) = batch_norm::forward(&a, &Array1::ones(3), &Array1::zeros(3));
    let (mean, std) = columns(&out);
    assert!(mean.iter().all(|mean| mean.abs() < 1e-13), "{mean}");
    assert_close("std", &std, &expected("course_forward_plain_stds"), 1e-10);

    let (gamma, beta) = (array![1., 2., 3.], array![11., 12., 13.]);
    let (out, _, _) = batch_norm::forward(&a, &gamma, &beta);
    let (mean, std) = columns(&out);
    assert_close(
        "mean",
        &mean,
        &expected("course_forward_scaled_means"),
        1e-10,
    );
    assert_close("std", &std, &expected("course_forward_scaled_stds"), 1e-10);
}

#[test]
fn each_unit_has_mean_beta_and_deviation_gamma() {
    let _test = teach("batch_norm::forward");
    let (x, _, _, _) = example();
    let (gamma, beta) = (array![2., 0.5, 3.], array![-1., 0., 8.]);
    let (out, _, _) = batch_norm::forward(&x, &gamma, &beta);
    let (mean, std) = columns(&out);
    assert!((&mean - &beta).iter().all(|e| e.abs() < 1e-13), "{mean}");
    assert_close("std", &std, &gamma, 1e-4);
}

#[test]
fn a_unit_may_be_shifted_and_scaled_before_it() {
    let _test = teach("batch_norm::forward");
    let (x, gamma, beta, _) = example();
    let (out, _, _) = batch_norm::forward(&x, &gamma, &beta);
    // As far as ε lets it.
    let (moved, _, _) = batch_norm::forward(&(&x * 1000. + 77.), &gamma, &beta);
    assert_close("out", &moved, &out, 1e-3);
    let (shifted, _, _) = batch_norm::forward(&(&x + 77.), &gamma, &beta);
    assert_close("out", &shifted, &out, 1e-11);
}

#[test]
fn the_cache_holds_the_normalized_batch_and_the_deviations() {
    let _test = teach("batch_norm::forward");
    let (x, gamma, beta, _) = example();
    let (out, cache, moments) = batch_norm::forward(&x, &gamma, &beta);
    let std = moments.var.mapv(|var| (var + EPSILON).sqrt());
    assert_close("std", &cache.std(), &std, 1e-14);
    let again = &cache.normalized() * &gamma + &beta;
    assert_close("gamma·normalized + beta", &again, &out, 1e-13);
}

/// A batch of many, one of which is far off: normalized it is at the root of how many the others
/// are.
fn many_and_one_far_off() -> Array2<f64> {
    let mut x = Array2::zeros((20_001, 2));
    x[[7, 0]] = 1.0;
    x[[9, 1]] = -1.0;
    x
}

#[test]
fn a_batch_may_be_large() {
    let _test = teach("batch_norm::moments");
    let Moments { mean, var } = batch_norm::moments(&many_and_one_far_off());
    let share = 1. / 20_001.;
    assert_close("mean", &mean, &array![share, -share], 1e-12);
    let expected = share - share * share;
    assert_close("var", &var, &array![expected, expected], 1e-9);
}

#[test]
fn one_far_off_in_a_large_batch_stays_so() {
    let _test = teach("batch_norm::forward");
    let x = many_and_one_far_off() * 1e6;
    let (gamma, beta) = (array![1., 1000.], array![3000., 0.]);
    let (out, cache, _) = batch_norm::forward(&x, &gamma, &beta);
    let far = 20_000_f64.sqrt();
    let cells = array![cache.normalized()[[7, 0]], cache.normalized()[[9, 1]]];
    assert_close("normalized", &cells, &array![far, -far], 1e-9);
    let cells = array![out[[7, 0]], out[[9, 1]], out[[0, 0]]];
    let expected = array![3000. + far, -1000. * far, 3000. - 1. / far];
    assert_close("out", &cells, &expected, 1e-9);
}

#[test]
fn epsilon_is_under_the_root() {
    let _test = teach("batch_norm::forward");
    // The variance is ε itself: the deviation √(2·ε).
    let x = array![[EPSILON.sqrt()], [-EPSILON.sqrt()]];
    let (out, _, _) = batch_norm::forward(&x, &array![1.], &array![0.]);
    assert_close(
        "out",
        &out,
        &array![[0.5_f64.sqrt()], [-0.5_f64.sqrt()]],
        1e-12,
    );
}

#[test]
fn one_example_and_constant_units_give_beta() {
    let _test = teach("batch_norm::forward");
    let (gamma, beta) = (array![2., 3.], array![5., -7.]);
    let (out, _, _) = batch_norm::forward(&array![[1e6, -0.3]], &gamma, &beta);
    assert_eq!(out, array![[5., -7.]]);
    let x = array![[4., 1e6], [4., 1e6], [4., 1e6]];
    let (out, _, _) = batch_norm::forward(&x, &gamma, &beta);
    assert_eq!(out, array![[5., -7.], [5., -7.], [5., -7.]]);
}

#[test]
fn huge_inputs_and_tiny_ones_leave_numbers() {
    let _test = teach("batch_norm::forward");
    let (x, gamma, beta, _) = example();
    for k in [1e-300, 1e-20, 1e6, 1e100] {
        let (out, _, moments) = batch_norm::forward(&(&x * k), &gamma, &beta);
        assert_finite("out", &out);
        assert_finite("var", &moments.var);
    }
    let (x, gamma, beta) = (
        x.mapv(|x| x as f32),
        gamma.mapv(|x| x as f32),
        beta.mapv(|x| x as f32),
    );
    for k in [1e-30_f32, 1e10] {
        let (out, _, _) = batch_norm::forward(&(&x * k), &gamma, &beta);
        assert_finite("out", &out);
    }
}

#[test]
fn remember_keeps_nine_tenths() {
    let _test = teach("batch_norm::remember");
    let (mean, var) = (array![10., 0.], array![20., 0.]);
    let mut running = Moments { mean, var };
    let (mean, var) = (array![30., 1.], array![60., 2.]);
    batch_norm::remember(&mut running, &Moments { mean, var });
    assert_close("mean", &running.mean, &array![12., 0.1], 1e-14);
    assert_close("var", &running.var, &array![24., 0.2], 1e-14);
}

#[test]
fn large_averages_are_kept_whole() {
    let _test = teach("batch_norm::remember");
    let moments = || Moments {
        mean: array![-5000., 5000.],
        var: array![1e6, 4e6],
    };
    let mut running = moments();
    batch_norm::remember(&mut running, &moments());
    assert_close("mean", &running.mean, &moments().mean, 1e-14);
    assert_close("var", &running.var, &moments().var, 1e-14);
}

#[test]
fn running_averages_are_those_computed_apart() {
    let _test = teach("batch_norm::remember");
    let data = data!("batch_norm");
    let mut running = Moments::zeros(4);
    let expected = |name| data.array::<Ix2>(name);
    for (i, name) in ["x", "x2", "x3"].into_iter().enumerate() {
        let batch = Moments {
            mean: expected("mean").row(i).to_owned(),
            var: expected("var").row(i).to_owned(),
        };
        batch_norm::remember(&mut running, &batch);
        let mean = expected("running_mean");
        assert_close(&format!("mean, {name}"), &running.mean, &mean.row(i), 1e-12);
        let var = expected("running_var");
        assert_close(&format!("var, {name}"), &running.var, &var.row(i), 1e-12);
    }
}

#[test]
fn the_same_batch_again_and_again_is_what_is_remembered() {
    let _test = teach("batch_norm::remember");
    let (mean, var) = (array![3., -5.], array![7., 0.25]);
    let batch = Moments { mean, var };
    let mut running = Moments::zeros(2);
    for _ in 0..400 {
        batch_norm::remember(&mut running, &batch);
    }
    assert_close("mean", &running.mean, &batch.mean, 1e-14);
    assert_close("var", &running.var, &batch.var, 1e-14);
}

#[test]
fn the_test_pass_gives_the_numbers_computed_apart() {
    let _test = teach("batch_norm::test_forward");
    let data = data!("batch_norm");
    let running = Moments {
        mean: data.array::<Ix2>("running_mean").row(2).to_owned(),
        var: data.array::<Ix2>("running_var").row(2).to_owned(),
    };
    let (gamma, beta) = (data.array::<Ix1>("gamma"), data.array::<Ix1>("beta"));
    let x = data.array::<Ix2>("x_test");
    let out = batch_norm::test_forward(&x, &gamma, &beta, &running);
    assert_close("out", &out, &data.array::<Ix2>("test_out"), 1e-12);
}

#[test]
fn a_test_pass_cuts_nothing_off() {
    let _test = teach("batch_norm::test_forward");
    let running = Moments {
        mean: array![-5000., 5000.],
        var: array![1e6, 0.04 - EPSILON],
    };
    let x = array![[1000., 4000.], [-9000., 5600.]];
    let out = batch_norm::test_forward(&x, &array![50., 1.], &array![1., 2.], &running);
    let expected = array![[301., -4998.], [-199., 3002.]];
    assert_close("out", &out, &expected, 1e-9);
}

#[test]
fn the_test_pass_gives_the_courses_means_and_deviations() {
    let _test = teach("batch_norm::test_forward");
    let data = data!("batch_norm");
    let mut numpy = RandomState::new(231);
    let w1 = numpy_normals(&mut numpy, (50, 60));
    let w2 = numpy_normals(&mut numpy, (60, 3));
    let mut batch = || {
        let x = numpy_normals(&mut numpy, (200, 50));
        relu::forward(x.dot(&w1)).0.dot(&w2)
    };
    let (gamma, beta) = (Array1::ones(3), Array1::zeros(3));
    let mut running = Moments::zeros(3);
    for _ in 0..50 {
        let (_, _, moments) = batch_norm::forward(&batch(), &gamma, &beta);
        batch_norm::remember(&mut running, &moments);
    }
    let expected = |name: &str| data.array::<Ix1>(name);
    let mean = expected("course_test_running_mean");
    assert_close("running mean", &running.mean, &mean, 1e-10);
    let var = expected("course_test_running_var");
    assert_close("running var", &running.var, &var, 1e-10);

    let out = batch_norm::test_forward(&batch(), &gamma, &beta, &running);
    let (mean, std) = columns(&out);
    assert_close("mean", &mean, &expected("course_test_means"), 1e-10);
    assert_close("std", &std, &expected("course_test_stds"), 1e-10);
}

#[test]
fn in_a_test_pass_an_example_stands_alone() {
    let _test = teach("batch_norm::test_forward");
    let (x, gamma, beta, _) = example();
    let (mean, var) = (array![1., 0., -10.], array![4., 1., 700.]);
    let running = Moments { mean, var };
    let all = batch_norm::test_forward(&x, &gamma, &beta, &running);
    for i in 0..5 {
        let one = x.slice(s![i..i + 1, ..]);
        let alone = batch_norm::test_forward(&one, &gamma, &beta, &running);
        assert_eq!(alone, all.slice(s![i..i + 1, ..]), "example {i}");
    }
    let none =
        batch_norm::test_forward(&Array2::zeros((0, 3)), &gamma, &beta, &running);
    assert_eq!(none.dim(), (0, 3));
}

#[test]
fn with_the_batchs_own_moments_the_test_pass_is_the_training_pass() {
    let _test = teach("batch_norm::test_forward");
    let (x, gamma, beta, _) = example();
    let (out, _, moments) = batch_norm::forward(&x, &gamma, &beta);
    let test = batch_norm::test_forward(&x, &gamma, &beta, &moments);
    assert_close("out", &test, &out, 1e-13);
}

/// Compares a backward pass with numbers computed apart, of a batch and of the course's.
fn assert_numbers(backward: Backward) {
    let data = data!("batch_norm");
    for course in ["", "course_"] {
        let two = |name: &str| data.array::<Ix2>(&format!("{course}{name}"));
        let one = |name: &str| data.array::<Ix1>(&format!("{course}{name}"));
        let gamma = one("gamma");
        let (_, cache, _) = batch_norm::forward(&two("x"), &gamma, &one("beta"));
        let grads = backward(&two("dout"), cache, &gamma);
        assert_close("dbeta", &grads.dbeta, &one("dbeta"), 1e-12);
        assert_close("dgamma", &grads.dgamma, &one("dgamma"), 1e-11);
        // Unit by unit: their sizes differ.
        let dx = two("dx");
        for unit in 0..dx.ncols() {
            let name = format!("dx of unit {unit}");
            assert_close(&name, &grads.dx.column(unit), &dx.column(unit), 1e-9);
        }
    }
}

fn assert_slopes(backward: Backward) {
    let (x, gamma, beta, dout) = example();
    let (_, cache, _) = batch_norm::forward(&x, &gamma, &beta);
    let grads = backward(&dout, cache, &gamma);
    let sum = |out: Array2<f64>| (out * &dout).sum();
    let of_x = |x: &Array2<f64>| sum(batch_norm::forward(x, &gamma, &beta).0);
    assert_gradient("dx", of_x, &x, &grads.dx);
    let of_gamma = |gamma: &Array1<f64>| sum(batch_norm::forward(&x, gamma, &beta).0);
    assert_gradient("dgamma", of_gamma, &gamma, &grads.dgamma);
    let of_beta = |beta: &Array1<f64>| sum(batch_norm::forward(&x, &gamma, beta).0);
    assert_gradient("dbeta", of_beta, &beta, &grads.dbeta);
}

/// What forward takes out, the gradient of x does not have: a shift of all examples, and, but
/// for ε, a stretch along the normalized ones.
fn assert_nothing_along_what_is_taken_out(backward: Backward) {
    let (x, gamma, beta, dout) = example();
    let (_, cache, _) = batch_norm::forward(&x, &gamma, &beta);
    let dx = backward(&dout, cache, &gamma).dx;
    assert_finite("dx", &dx);
    let largest = dx.iter().fold(0., |most: f64, dx| most.max(dx.abs()));
    for sum in dx.sum_axis(Axis(0)) {
        assert!(sum.abs() < 1e-13 * largest, "a column of dx sums to {sum}");
    }
    let normalized = batch_norm::forward(&x, &Array1::ones(3), &Array1::zeros(3)).0;
    for sum in (&dx * &normalized).sum_axis(Axis(0)) {
        assert!(sum.abs() < 1e-3 * largest, "along x̂ it is {sum}");
    }
}

fn assert_edges(backward: Backward) {
    // One example, whatever it is: out is beta.
    let (gamma, beta) = (array![2., 3.], array![5., -7.]);
    let (_, cache, _) = batch_norm::forward(&array![[1e6, -0.3]], &gamma, &beta);
    let grads = backward(&array![[4., -5.]], cache, &gamma);
    assert_eq!(grads.dx, array![[0., 0.]]);
    assert_eq!(grads.dgamma, array![0., 0.]);
    assert_eq!(grads.dbeta, array![4., -5.]);

    // Constant units: no x̂, and a slope of gamma / √ε for what is left of dout.
    let x = array![[4., 1.], [4., 1.]];
    let (_, cache, _) = batch_norm::forward(&x, &gamma, &beta);
    let grads = backward(&array![[1., 0.], [3., 0.]], cache, &gamma);
    let slope = 2. / EPSILON.sqrt();
    let expected = array![[-slope, 0.], [slope, 0.]];
    assert_close("dx", &grads.dx, &expected, 1e-12);

    let (x, gamma, beta, dout) = example();
    for k in [1e-20, 1e100] {
        let (_, cache, _) = batch_norm::forward(&(&x * k), &gamma, &beta);
        let grads = backward(&dout, cache, &gamma);
        assert_finite("dx", &grads.dx);
        assert_finite("dgamma", &grads.dgamma);
    }
    // dout counts whole.
    let (_, cache, _) = batch_norm::forward(&x, &gamma, &beta);
    let Grads { dx, dgamma, .. } = backward(&dout, cache.clone(), &gamma);
    for k in [1e6, -1e6] {
        let larger = backward(&(&dout * k), cache.clone(), &gamma);
        assert_close("dx", &larger.dx, &(&dx * k), 1e-12);
        assert_close("dgamma", &larger.dgamma, &(&dgamma * k), 1e-12);
    }
}

/// A large batch, of which one example is far off and another has all the slope: with x̂ = √20000
/// there and −1/√20000 here, dx is gamma/std·(1 − (1 + x̂²)/20001) here, and among the others
/// −gamma/std·(1 + x̂²)/20001.
fn assert_large_numbers_count_whole(backward: Backward) {
    let x = many_and_one_far_off() * 1e6;
    let mut dout = Array2::zeros(x.dim());
    dout[[0, 0]] = 1000.;
    let (gamma, beta) = (array![2., 3.], array![0., 0.]);
    let (_, cache, moments) = batch_norm::forward(&x, &gamma, &beta);
    let grads = backward(&dout, cache.clone(), &gamma);
    let cells = array![grads.dx[[0, 0]], grads.dx[[1, 0]]];
    let share = (1. + 1. / 20_000.) / 20_001.;
    let unit = 1000. * 2. / moments.var[0].sqrt();
    assert_close("dx", &cells, &(array![1. - share, -share] * unit), 1e-9);
    for one in [1000., -1000.] {
        let grads = backward(&Array2::from_elem(x.dim(), one), cache.clone(), &gamma);
        let sum = 20_001. * one;
        assert_close("dbeta", &grads.dbeta, &array![sum, sum], 1e-12);
    }
}

#[test]
fn backward_of_a_large_batch_counts_it_whole() {
    let _test = teach("batch_norm::backward");
    assert_large_numbers_count_whole(batch_norm::backward);
}

#[test]
fn the_short_form_of_a_large_batch_counts_it_whole() {
    let _test = teach("batch_norm::backward_short");
    assert_large_numbers_count_whole(batch_norm::backward_short);
}

#[test]
fn backward_gives_the_numbers_computed_apart() {
    let _test = teach("batch_norm::backward");
    assert_numbers(batch_norm::backward);
}

#[test]
fn backward_gives_the_slopes_of_forward() {
    let _test = teach("batch_norm::backward");
    assert_slopes(batch_norm::backward);
}

#[test]
fn the_gradient_has_nothing_of_what_forward_takes_out() {
    let _test = teach("batch_norm::backward");
    assert_nothing_along_what_is_taken_out(batch_norm::backward);
}

#[test]
fn backward_of_one_example_and_of_constant_units() {
    let _test = teach("batch_norm::backward");
    assert_edges(batch_norm::backward);
}

#[test]
fn the_short_form_gives_the_numbers_computed_apart() {
    let _test = teach("batch_norm::backward_short");
    assert_numbers(batch_norm::backward_short);
}

#[test]
fn the_short_form_gives_the_slopes_of_forward() {
    let _test = teach("batch_norm::backward_short");
    assert_slopes(batch_norm::backward_short);
}

#[test]
fn the_short_form_has_nothing_of_what_forward_takes_out() {
    let _test = teach("batch_norm::backward_short");
    assert_nothing_along_what_is_taken_out(batch_norm::backward_short);
}

#[test]
fn the_short_form_of_one_example_and_of_constant_units() {
    let _test = teach("batch_norm::backward_short");
    assert_edges(batch_norm::backward_short);
}

#[test]
fn both_backwards_agree() {
    let _test = teach("batch_norm::backward_short");
    for (n, m) in [(2, 1), (5, 3), (9, 4), (50, 2)] {
        let x = random((n, m), 1) * 3. - 2.;
        let (gamma, beta, dout) = (random(m, 2), random(m, 3), random((n, m), 4));
        let (_, cache, _) = batch_norm::forward(&x, &gamma, &beta);
        let long = batch_norm::backward(&dout, cache.clone(), &gamma);
        let short = batch_norm::backward_short(&dout, cache, &gamma);
        assert_close("dx", &short.dx, &long.dx, 1e-9);
        assert_close("dgamma", &short.dgamma, &long.dgamma, 1e-12);
        assert_close("dbeta", &short.dbeta, &long.dbeta, 1e-12);
    }
}

#[test]
fn the_order_of_the_numbers_in_memory_does_not_matter() {
    let _test = teach("batch_norm::backward_short");
    let (x, gamma, beta, dout) = example();
    let mut turned = Array2::zeros((5, 3).f());
    turned.assign(&x);
    let wide = concatenate![Axis(1), dout, dout];
    let dout_view = wide.slice(s![.., ..3]);
    let (out, cache, _) = batch_norm::forward(&x, &gamma, &beta);
    let (same, same_cache, _) = batch_norm::forward(&turned, &gamma, &beta);
    assert_close("out", &same, &out, 1e-14);
    let dx = batch_norm::backward_short(&dout, cache, &gamma).dx;
    let same = batch_norm::backward_short(&dout_view, same_cache, &gamma).dx;
    assert_close("dx", &same, &dx, 1e-12);
}

#[test]
fn single_precision_agrees_with_double() {
    let _test = teach("batch_norm::backward_short");
    let (x, gamma, beta, dout) = example();
    let (out, cache, _) = batch_norm::forward(&x, &gamma, &beta);
    let dx = batch_norm::backward_short(&dout, cache, &gamma).dx;
    let single = |v: &f64| *v as f32;
    let gamma32 = gamma.map(single);
    let (out32, cache, moments) =
        batch_norm::forward(&x.map(single), &gamma32, &beta.map(single));
    let dx32 = batch_norm::backward_short(&dout.map(single), cache, &gamma32).dx;
    assert_close("out", &out32, &out, 1e-5);
    for unit in 0..3 {
        assert_close("dx", &dx32.column(unit), &dx.column(unit), 1e-4);
    }
    let mut running = Moments::zeros(3);
    batch_norm::remember(&mut running, &moments);
    let out =
        batch_norm::test_forward(&x.map(single), &gamma32, &beta.map(single), &running);
    assert_finite("out", &out);
}

#[test]
fn an_empty_batch_and_wrong_shapes_are_refused_by_name() {
    let _test = given();
    let three = || Array1::<f64>::zeros(3);
    let x = linspace(0., 1., (5, 3));
    assert_panics(
        &["batch_norm::moments", "at least one example", "[0, 3]"],
        || {
            batch_norm::moments(&Array2::<f64>::zeros((0, 3)));
        },
    );
    assert_panics(&["batch_norm::forward", "gamma", "M = 3", "has 2"], || {
        batch_norm::forward(&x, &Array1::zeros(2), &three());
    });
    assert_panics(&["batch_norm::forward", "beta", "M = 3", "has 4"], || {
        batch_norm::forward(&x, &three(), &Array1::zeros(4));
    });
    assert_panics(&["batch_norm::remember", "3", "has 2"], || {
        batch_norm::remember(&mut Moments::<f64>::zeros(3), &Moments::zeros(2));
    });
    assert_panics(
        &["batch_norm::test_forward", "running.mean", "has 2"],
        || {
            batch_norm::test_forward(&x, &three(), &three(), &Moments::zeros(2));
        },
    );
}

#[test]
fn backward_names_the_argument_of_the_wrong_shape() {
    let _test = teach("batch_norm::forward");
    let (x, gamma, beta, dout) = example();
    let (_, cache, _) = batch_norm::forward(&x, &gamma, &beta);
    assert_panics(
        &["batch_norm::backward:", "dout", "[5, 3]", "[4, 3]"],
        || {
            batch_norm::backward(&dout.slice(s![..4, ..]), cache.clone(), &gamma);
        },
    );
    assert_panics(
        &["batch_norm::backward_short", "gamma", "M = 3", "has 2"],
        || {
            batch_norm::backward_short(&dout, cache.clone(), &array![1., 2.]);
        },
    );
}
