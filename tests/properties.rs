//! What holds for every network and every batch, tried on random ones.
//!
//! A failing case is made smaller by proptest and printed as a seed with sizes; the arrays
//! come from the seed.

use approx::{assert_abs_diff_eq, assert_relative_eq};
use fully_connected::init::standard_normals;
use fully_connected::overfit::{accuracy, sgd_step};
use fully_connected::regularization::penalty;
use fully_connected::{FullyConnectedNet, Gradients, Options, Scalar};
use fully_connected::{affine, relu, softmax};
use ndarray::{Array, Array1, Array2, ArrayRef, Axis, Dimension, ShapeBuilder, s};
use ndarray::{concatenate, stack};
use proptest::prelude::*;

mod fuzz;

fn random<Sh: ShapeBuilder>(shape: Sh, seed: u64) -> Array<f64, Sh::Dim> {
    let mut normals = standard_normals(seed);
    Array::from_shape_simple_fn(shape, || normals.next().expect("an endless source"))
}

fn random_labels(n: usize, classes: usize, seed: u64) -> Vec<usize> {
    let label = |z: &f64| (z.abs() * 1e6) as usize % classes;
    random(n, seed).iter().map(label).collect()
}

/// The positions 0 to n − 1 in a random order.
fn random_order(n: usize, seed: u64) -> Vec<usize> {
    let keys = random(n, seed);
    let mut order: Vec<_> = (0..n).collect();
    order.sort_by(|&a, &b| keys[a].total_cmp(&keys[b]));
    order
}

/// A network, a batch and its labels.
#[derive(Debug, Clone)]
struct Case {
    n: usize,
    d: usize,
    hidden: Vec<usize>,
    classes: usize,
    reg: f64,
    seed: u64,
}

fn case() -> impl Strategy<Value = Case> {
    let hidden = prop::collection::vec(1..8_usize, 0..4);
    let reg = prop_oneof![Just(0.0), 0.01..4.0];
    (
        1..9_usize,
        1..9_usize,
        hidden,
        1..7_usize,
        reg,
        any::<u64>(),
    )
        .prop_map(|(n, d, hidden, classes, reg, seed)| Case {
            n,
            d,
            hidden,
            classes,
            reg,
            seed,
        })
}

impl Case {
    /// The network, with biases that are not 0.
    fn net(&self) -> FullyConnectedNet<f64> {
        let options = Options {
            reg: self.reg,
            weight_scale: 0.6,
            seed: self.seed,
            ..Options::new(self.d, &self.hidden, self.classes)
        };
        let mut net = FullyConnectedNet::new(options).expect("good options");
        for i in 1..=self.hidden.len() + 1 {
            let name = format!("b{i}");
            let mut b = net.parameters_mut().get_mut(&name).expect("its own name");
            let shape = b.raw_dim();
            b.assign(&(random(shape, self.seed ^ i as u64) * 0.5));
        }
        net
    }

    fn x(&self) -> Array2<f64> {
        random((self.n, self.d), self.seed.wrapping_add(1))
    }

    fn y(&self) -> Vec<usize> {
        random_labels(self.n, self.classes, self.seed.wrapping_add(2))
    }
}

#[track_caller]
fn assert_close<T: Scalar, U: Scalar, D: Dimension>(
    got: &ArrayRef<T, D>,
    expected: &ArrayRef<U, D>,
    tolerance: f64,
) {
    assert_eq!(got.shape(), expected.shape());
    let size = expected
        .iter()
        .fold(1.0, |m: f64, e| m.max(e.as_f64().abs()));
    for (got, expected) in got.iter().zip(expected) {
        let difference = (got.as_f64() - expected.as_f64()).abs();
        assert!(difference <= tolerance * size, "{got} is not {expected}");
    }
}

#[track_caller]
fn assert_all_close<T: Scalar, U: Scalar>(
    got: &Gradients<T>,
    expected: &Gradients<U>,
    tolerance: f64,
) {
    assert_eq!(got.names(), expected.names());
    for ((_, got), (_, expected)) in got.iter().zip(expected.iter()) {
        assert_close(&got, &expected, tolerance);
    }
}

proptest! {
    #![proptest_config(fuzz::cases())]

    #[test]
    fn a_batch_twice_over_has_the_same_loss_and_gradients(case in case()) {
        let (net, x, y) = (case.net(), case.x(), case.y());
        let (loss, grads) = net.loss(&x, &y).unwrap();

        let twice = concatenate![Axis(0), x, x];
        let (loss_twice, grads_twice) = net.loss(&twice, &y.repeat(2)).unwrap();

        assert_relative_eq!(loss_twice, loss, max_relative = 1e-12);
        assert_all_close(&grads_twice, &grads, 1e-12);
    }

    #[test]
    fn the_order_of_the_examples_does_not_matter(case in case()) {
        let (net, x, y) = (case.net(), case.x(), case.y());
        let (loss, grads) = net.loss(&x, &y).unwrap();

        let order = random_order(case.n, case.seed);
        let y_too: Vec<_> = order.iter().map(|&i| y[i]).collect();
        let (loss_too, grads_too) = net.loss(x.select(Axis(0), &order), &y_too).unwrap();

        assert_relative_eq!(loss_too, loss, max_relative = 1e-12);
        assert_all_close(&grads_too, &grads, 1e-12);
    }

    #[test]
    fn examples_in_another_order_permute_dx(case in case()) {
        let (x, y) = (random((case.n, case.classes), case.seed), case.y());
        let (_, dx) = softmax::loss(&x, &y).unwrap();

        let order = random_order(case.n, case.seed);
        let y_too: Vec<_> = order.iter().map(|&i| y[i]).collect();
        let (_, dx_too) = softmax::loss(&x.select(Axis(0), &order), &y_too).unwrap();

        assert_close(&dx_too, &dx.select(Axis(0), &order), 1e-15);
    }

    #[test]
    fn classes_in_another_order_permute_dx_and_keep_the_loss(case in case()) {
        let (x, y) = (random((case.n, case.classes), case.seed) * 3.0, case.y());
        let (loss, dx) = softmax::loss(&x, &y).unwrap();

        let order = random_order(case.classes, case.seed);
        let moved_to = |label| order.iter().position(|&c| c == label).unwrap();
        let y_too: Vec<_> = y.iter().map(|&label| moved_to(label)).collect();
        let (loss_too, dx_too) =
            softmax::loss(&x.select(Axis(1), &order), &y_too).unwrap();

        assert_abs_diff_eq!(loss_too, loss, epsilon = 1e-13);
        assert_close(&dx_too, &dx.select(Axis(1), &order), 1e-14);
    }

    #[test]
    fn hidden_units_in_another_order_keep_the_scores(case in case(), units in 1..8_usize) {
        let hidden = [&[units], &case.hidden[..]].concat();
        let case = Case { hidden, ..case };
        let (net, x) = (case.net(), case.x());
        let order = random_order(case.hidden[0], case.seed);
        let layers = net.parameters().layers();
        let mut moved = net.clone();
        let parameters = moved.parameters_mut();
        parameters.set("W1", &layers[0].w.select(Axis(1), &order)).unwrap();
        parameters.set("b1", &layers[0].b.select(Axis(0), &order)).unwrap();
        parameters.set("W2", &layers[1].w.select(Axis(0), &order)).unwrap();
        assert_close(&moved.scores(&x), &net.scores(&x), 1e-13);
    }

    #[test]
    fn the_penalty_is_half_of_reg_times_the_squares_of_the_weights(case in case()) {
        let (net, x, y) = (case.net(), case.x(), case.y());
        let mut free = Case { reg: 0.0, ..case.clone() }.net();
        for (name, parameter) in net.parameters().iter() {
            free.parameters_mut().set(&name, &parameter).unwrap();
        }
        let (with, grads) = net.loss(&x, &y).unwrap();
        let (without, mut expected) = free.loss(&x, &y).unwrap();

        let mut squares = 0.0;
        for (i, layer) in (1..).zip(net.parameters().layers()) {
            squares += layer.w.iter().map(|w| w * w).sum::<f64>();
            let mut dw = expected.get_mut(&format!("W{i}")).unwrap();
            dw += &(&layer.w * case.reg);
        }
        let half = 0.5 * case.reg * squares;
        assert_abs_diff_eq!(with - without, half, epsilon = 1e-12 * (1.0 + with.abs()));
        assert_abs_diff_eq!(penalty(net.parameters(), case.reg), half, epsilon = 1e-12 * (1.0 + half));
        assert_all_close(&grads, &expected, 1e-13);
    }

    #[test]
    fn a_batch_split_in_two_averages_to_the_whole(case in case(), at: usize) {
        let case = Case { n: case.n + 1, ..case };
        let at = 1 + at % (case.n - 1);
        let (net, x, y) = (case.net(), case.x(), case.y());
        let (loss, grads) = net.data_loss(&x, &y).unwrap();

        let (left, left_grads) = net.data_loss(x.slice(s![..at, ..]), &y[..at]).unwrap();
        let (right, right_grads) = net.data_loss(x.slice(s![at.., ..]), &y[at..]).unwrap();

        let share = at as f64 / case.n as f64;
        let mean = share * left + (1.0 - share) * right;
        assert_abs_diff_eq!(mean, loss, epsilon = 1e-12 * (1.0 + loss));
        for (name, grad) in grads.iter() {
            let left = left_grads.get(&name).unwrap();
            let right = right_grads.get(&name).unwrap();
            assert_close(&(&left * share + &right * (1.0 - share)), &grad, 1e-12);
        }
    }

    #[test]
    fn an_example_scores_in_a_batch_as_it_does_alone(case in case()) {
        let (net, x) = (case.net(), case.x());
        let scores = net.scores(&x);
        for n in 0..case.n {
            let alone = net.scores(x.slice(s![n..=n, ..]));
            assert_close(&scores.slice(s![n..=n, ..]), &alone, 1e-13);
        }
    }

    #[test]
    fn examples_of_any_shape_are_worth_their_rows(
        (n, d1, d2, d3) in (1..5_usize, 1..4_usize, 1..4_usize, 1..4_usize),
        m in 1..5_usize,
        seed: u64,
    ) {
        let x = random((n, d1, d2, d3), seed);
        let flat = x.to_shape((n, d1 * d2 * d3)).unwrap().into_owned();
        let w = random((d1 * d2 * d3, m), seed ^ 1);
        let (b, dout) = (random(m, seed ^ 2), random((n, m), seed ^ 3));

        let (out, cache) = affine::forward(&x, &w, &b);
        let grads = affine::backward(&dout, cache, &w);
        let (flat_out, cache) = affine::forward(&flat, &w, &b);
        let flat_grads = affine::backward(&dout, cache, &w);

        prop_assert_eq!(out, flat_out);
        prop_assert_eq!(grads.dx.shape(), x.shape());
        prop_assert!(grads.dx.iter().eq(&flat_grads.dx));
        prop_assert_eq!(grads.dw, flat_grads.dw);
        prop_assert_eq!(grads.db, flat_grads.db);
    }

    #[test]
    fn affine_is_linear_but_for_its_bias(
        (n, d, m) in (1..6_usize, 1..8_usize, 1..6_usize),
        (p, q) in (-3.0..3.0, -3.0..3.0),
        seed: u64,
    ) {
        let (u, v) = (random((n, d), seed), random((n, d), seed ^ 1));
        let (w, b) = (random((d, m), seed ^ 2), random(m, seed ^ 3));
        let zero = Array1::zeros(m);

        let (together, _) = affine::forward(&u * p + &v * q, &w, &b);

        let (of_u, _) = affine::forward(&u, &w, &zero);
        let (of_v, _) = affine::forward(&v, &w, &zero);
        let sum: Array2<f64> = of_u * p + of_v * q + &b;
        assert_close(&together, &sum, 1e-12);
    }

    #[test]
    fn affine_backward_is_the_transpose_of_forward(
        (n, d, m) in (1..6_usize, 1..8_usize, 1..6_usize),
        seed: u64,
    ) {
        // ⟨dout, x·w⟩ = ⟨dx, x⟩ = ⟨dw, w⟩
        let (x, w) = (random((n, d), seed), random((d, m), seed ^ 1));
        let dout = random((n, m), seed ^ 2);
        let (out, cache) = affine::forward(&x, &w, &Array1::zeros(m));
        let grads = affine::backward(&dout, cache, &w);
        let product = (&dout * &out).sum();
        assert_abs_diff_eq!((&grads.dx * &x).sum(), product, epsilon = 1e-11);
        assert_abs_diff_eq!((&grads.dw * &w).sum(), product, epsilon = 1e-11);
        assert_close(&grads.db, &dout.sum_axis(Axis(0)), 1e-14);
    }

    #[test]
    fn relu_keeps_what_it_has_kept_and_splits_a_number_in_two(
        x in prop::collection::vec(prop_oneof![any::<f64>(), Just(0.0)], 0..20),
    ) {
        let x = Array1::from(x.into_iter().map(|x| if x.is_nan() { 1.0 } else { x }).collect::<Vec<_>>());
        let (once, _) = relu::forward(&x);
        let (twice, _) = relu::forward(&once);
        prop_assert_eq!(&twice, &once);
        let (opposite, _) = relu::forward(-&x);
        prop_assert_eq!(once - opposite, x);
    }

    #[test]
    fn relu_passes_back_what_it_let_through(
        (n, d, seed) in (0..6_usize, 1..6_usize, any::<u64>()),
    ) {
        let (x, dout) = (random((n, d), seed), random((n, d), seed ^ 1));
        let (out, cache) = relu::forward(&x);
        let dx = relu::backward(&dout, cache);
        for ((x, out), (dout, dx)) in x.iter().zip(&out).zip(dout.iter().zip(&dx)) {
            let open = *x > 0.0;
            prop_assert_eq!(*out, if open { *x } else { 0.0 });
            prop_assert_eq!(*dx, if open { *dout } else { 0.0 });
        }
    }

    #[test]
    fn a_number_added_to_each_row_of_scores_changes_nothing(
        case in case(),
        size in prop_oneof![Just(1.0), Just(1e3), Just(1e5)],
    ) {
        let (scores, y) = (random((case.n, case.classes), case.seed) * 3.0, case.y());
        let shifts = random((case.n, 1), case.seed ^ 1) * size;
        let (loss, dx) = softmax::loss(&scores, &y).unwrap();
        let (shifted, dx_shifted) = softmax::loss(&(&scores + &shifts), &y).unwrap();
        assert_abs_diff_eq!(shifted, loss, epsilon = 1e-15 * size * 100.0);
        assert_close(&dx_shifted, &dx, 1e-15 * size * 100.0);
    }

    #[test]
    fn softmax_is_finite_and_its_rows_sum_to_zero(
        case in case(),
        size in prop_oneof![Just(1e-3), Just(1.0), Just(1e3), Just(1e5)],
    ) {
        let (scores, y) = (random((case.n, case.classes), case.seed) * size, case.y());
        let (loss, dx) = softmax::loss(&scores, &y).unwrap();
        prop_assert!(loss.is_finite() && loss >= 0.0, "the loss is {}", loss);
        for row in dx.rows() {
            prop_assert!(row.sum().abs() < 1e-15, "{}", row);
            prop_assert!(row.iter().filter(|d| **d < 0.0).count() <= 1);
        }

        let (loss, dx) = softmax::loss(&scores.mapv(|s| s as f32), &y).unwrap();
        prop_assert!(loss.is_finite() && loss >= 0.0, "the loss is {} in f32", loss);
        prop_assert!(dx.rows().into_iter().all(|row| row.sum().abs() < 1e-6));
    }

    #[test]
    fn a_higher_score_of_the_label_lowers_the_loss(case in case(), more in 1e-3..10.0) {
        let case = Case { classes: case.classes + 1, ..case };
        let (mut scores, y) = (random((case.n, case.classes), case.seed), case.y());
        let (before, _) = softmax::loss(&scores, &y).unwrap();
        scores[[0, y[0]]] += more;
        let (after, _) = softmax::loss(&scores, &y).unwrap();
        prop_assert!(after < before, "{} is not below {}", after, before);
    }

    #[test]
    fn a_step_of_rate_zero_goes_nowhere_and_a_step_back_returns(
        case in case(),
        rate in 1e-3..1.0,
    ) {
        let mut net = case.net();
        let start = net.clone();
        let (_, grads) = net.loss(case.x(), &case.y()).unwrap();
        sgd_step(net.parameters_mut(), &grads, 0.0);
        prop_assert_eq!(&net, &start);
        sgd_step(net.parameters_mut(), &grads, rate);
        sgd_step(net.parameters_mut(), &grads, -rate);
        assert_all_close(net.parameters(), start.parameters(), 1e-14);
    }

    #[test]
    fn single_precision_agrees_with_double(case in case()) {
        let (net, x, y) = (case.net(), case.x(), case.y());
        let mut single =
            FullyConnectedNet::<f32>::new(net.options().clone()).unwrap();
        for (name, parameter) in net.parameters().iter() {
            let parameter = parameter.mapv(|w| w as f32);
            single.parameters_mut().set(&name, &parameter).unwrap();
        }
        let x32 = x.mapv(|x| x as f32);
        assert_close(&single.scores(&x32), &net.scores(&x), 1e-4);
        let (loss, _) = net.loss(&x, &y).unwrap();
        let (loss32, _) = single.loss(&x32, &y).unwrap();
        assert_relative_eq!(f64::from(loss32), loss, max_relative = 1e-4, epsilon = 1e-4);
    }

    #[test]
    fn the_same_numbers_in_another_order_in_memory_give_the_same(case in case()) {
        let (net, x, y) = (case.net(), case.x(), case.y());
        let (loss, grads) = net.loss(&x, &y).unwrap();
        let by_column = x.t().as_standard_layout().into_owned();
        let wide = stack![Axis(1), x, x];

        for view in [by_column.t(), wide.slice(s![.., 1, ..])] {
            let (loss_too, grads_too) = net.loss(view, &y).unwrap();
            assert_relative_eq!(loss_too, loss, max_relative = 1e-13);
            assert_all_close(&grads_too, &grads, 1e-13);
        }
    }
}

/// Added one by one in `f32`, these losses have a mean of 2.3005.
#[test]
fn the_mean_of_many_losses_keeps_its_digits_in_single_precision() {
    let scores = Array2::<f32>::zeros((100_000, 10));
    let (loss, _) = softmax::loss(&scores, &[7; 100_000]).unwrap();
    assert_relative_eq!(f64::from(loss), f64::ln(10.0), max_relative = 1e-6);
}

#[test]
fn the_accuracy_of_a_network_is_that_of_its_scores_however_many() {
    let options = Options {
        weight_scale: 1.0,
        ..Options::new((2, 3), &[5], 4)
    };
    let net = FullyConnectedNet::<f64>::new(options).unwrap();
    for n in [1, 999, 1000, 1001, 2500] {
        let mut x = random((n, 2, 3), 1);
        let y = random_labels(n, 4, 2);
        let expected = accuracy(&net.scores(&x), &y).unwrap();
        assert_eq!(net.accuracy(&x, &y).unwrap(), expected, "{n} examples");

        x[[n - 1, 1, 2]] = f64::NAN;
        assert!(net.accuracy(x, &y).unwrap().is_nan(), "{n} examples");
    }
}

#[test]
fn a_learning_rate_that_is_infinite_in_f32_is_refused() {
    use fully_connected::overfit::{Training, train};
    let mut net = FullyConnectedNet::<f32>::new(Options::new(2, &[], 2)).unwrap();
    let training = Training {
        epochs: 1,
        batch: 1,
        learning_rate: 1e300,
        seed: 0,
    };
    let x = ndarray::array![[1.0_f32, 2.0]];
    let error = train(&mut net, &x, &[0], &training, |_| ()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "option `learning_rate` must be a finite number in f32; it is 1e300"
    );
}

#[test]
fn no_penalty_is_no_nan_where_the_squares_overflow() {
    let mut net = FullyConnectedNet::<f64>::new(Options::new(1, &[], 2)).unwrap();
    let w = ndarray::array![[1e200, 1e200]];
    net.parameters_mut().set("W1", &w).unwrap();
    let x = ndarray::array![[0.0]];
    let (loss, _) = net.loss(&x, &[0]).unwrap();
    assert_eq!(loss, 2_f64.ln());
    assert_eq!(net.loss_value(&x, &[0]).unwrap(), 2_f64.ln());
}

#[test]
fn an_example_has_the_shape_of_the_option_or_is_a_row() {
    use ndarray::{Array2, Array3};
    let net = FullyConnectedNet::<f64>::new(Options::new((3, 4), &[], 2)).unwrap();
    assert_eq!(net.scores(Array3::zeros((5, 3, 4))).dim(), (5, 2));
    assert_eq!(net.scores(Array2::zeros((5, 12))).dim(), (5, 2));
    let panic = std::panic::catch_unwind(|| net.scores(Array3::zeros((5, 4, 3))));
    let message = panic.unwrap_err();
    let message = message.downcast_ref::<String>().unwrap();
    assert!(message.contains("must have the shape [3, 4]"), "{message}");
    assert!(message.contains("x is [5, 4, 3]"), "{message}");
    let flat = FullyConnectedNet::<f64>::new(Options::new(12, &[], 2)).unwrap();
    assert_eq!(flat.scores(Array3::zeros((5, 4, 3))).dim(), (5, 2));
}
