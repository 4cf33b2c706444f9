use crate::data;
use crate::support::{
    assert_close, assert_finite, assert_gradient, assert_refused,
    assert_rows_sum_to_zero, labels, random,
};
use crate::teach::{given, teach};
use approx::{assert_abs_diff_eq, assert_relative_eq};
use fully_connected::softmax;
use ndarray::{Array2, Ix2, array, s};
use std::f64::consts::LN_10;

#[test]
fn loss_gives_the_courses_numbers() {
    let _test = teach("softmax::loss");
    let data = data!("softmax_loss");

    let (loss, dx) = softmax::loss(&data.array::<Ix2>("x"), &data.labels("y")).unwrap();

    // NumPy 2.4.6, log of the sum of exponentials less the score of the label.
    assert_abs_diff_eq!(loss, 2.302545844500738, epsilon = 1e-12);
    assert_close("dx", &dx, &data.array::<Ix2>("dx"), 1e-12);
}

#[test]
fn equal_scores_lose_the_logarithm_of_the_number_of_classes() {
    let _test = teach("softmax::loss");
    let (loss, dx) = softmax::loss(&Array2::from_elem((5, 10), 7.0), &[3; 5]).unwrap();
    assert_abs_diff_eq!(loss, LN_10, epsilon = 1e-14);
    // (1/10 − 1)/5 for the label, (1/10)/5 for the others
    assert_abs_diff_eq!(dx[[0, 3]], -0.18, epsilon = 1e-15);
    assert_abs_diff_eq!(dx[[0, 4]], 0.02, epsilon = 1e-15);
}

#[test]
fn the_loss_is_a_mean_over_the_examples() {
    let _test = teach("softmax::loss");
    // Scores ln 1, ln 3: the probabilities are 1/4 and 3/4.
    let scores = array![[0., 3_f64.ln()], [0., 3_f64.ln()]];

    let (loss, dx) = softmax::loss(&scores, &[0, 1]).unwrap();

    assert_relative_eq!(loss, (4_f64.ln() + (4_f64 / 3.).ln()) / 2.);
    let expected = array![[-3. / 8., 3. / 8.], [1. / 8., -1. / 8.]];
    assert_close("dx", &dx, &expected, 1e-15);
}

#[test]
fn dx_is_the_slope_of_the_loss() {
    let _test = teach("softmax::loss");
    let scores = random((5, 4), 1) * 3.0;
    let y = labels(5, 4);

    let (_, dx) = softmax::loss(&scores, &y).unwrap();

    let loss = |scores: &Array2<f64>| softmax::loss(scores, &y).unwrap().0;
    assert_gradient("dx", loss, &scores, &dx);
}

#[test]
fn every_row_of_dx_sums_to_zero() {
    let _test = teach("softmax::loss");
    let scores = random((7, 5), 1) * 10.0;
    let (_, dx) = softmax::loss(&scores, &labels(7, 5)).unwrap();
    assert_rows_sum_to_zero(&dx, 1e-15);

    let (_, dx) = softmax::loss(&scores.mapv(|s| s as f32), &labels(7, 5)).unwrap();
    // Whoever takes the logarithms of the probabilities first rounds these, and exp makes
    // the rounding a share of each probability: of a row, up to 2⁻²⁰, for scores below 32.
    assert_rows_sum_to_zero(&dx, 2e-7);
}

#[test]
fn only_the_labels_score_is_pulled_up() {
    let _test = teach("softmax::loss");
    let y = labels(7, 5);
    let (_, dx) = softmax::loss(&random((7, 5), 1), &y).unwrap();
    for ((n, c), &d) in dx.indexed_iter() {
        assert_eq!(
            d < 0.0,
            c == y[n],
            "dx[{n}, {c}] is {d}, the label {}",
            y[n]
        );
    }
}

#[test]
fn a_number_added_to_a_row_changes_nothing() {
    let _test = teach("softmax::loss");
    let scores = random((6, 5), 1);
    let y = labels(6, 5);
    let (loss, dx) = softmax::loss(&scores, &y).unwrap();

    let shifts = array![[0.], [1.], [-1.], [1000.], [-1000.], [64.]];
    let (shifted_loss, shifted_dx) = softmax::loss(&(&scores + &shifts), &y).unwrap();
    assert_abs_diff_eq!(shifted_loss, loss, epsilon = 1e-12);
    assert_close("dx", &shifted_dx, &dx, 1e-11);

    let single = |v: &f64| *v as f32;
    let (loss32, dx32) = softmax::loss(&(&scores + &shifts).map(single), &y).unwrap();
    assert_abs_diff_eq!(f64::from(loss32), loss, epsilon = 1e-4);
    assert_close("dx in f32", &dx32, &dx, 1e-3);
}

#[test]
fn large_scores_give_a_finite_loss() {
    let _test = teach("softmax::loss");
    // Right by 200,000; wrong by 200,000; a tie; all far below 0. The mean is
    // (0 + 200,000 + ln 2 + ln 2)/4.
    let scores = array![[1e5, -1e5], [1e5, -1e5], [1e5, 1e5], [-1e5, -1e5]];
    let y = [0, 1, 0, 1];
    let expected = (2e5 + 2. * 2_f64.ln()) / 4.;
    let slopes = array![[0., 0.], [1., -1.], [-0.5, 0.5], [0.5, -0.5]] / 4.;

    let (loss, dx) = softmax::loss(&scores, &y).unwrap();
    assert_relative_eq!(loss, expected, max_relative = 1e-15);
    // The logarithm of a probability, near 100,000, is rounded by up to 2⁻³⁷.
    assert_close("dx", &dx, &slopes, 2_f64.powi(-37));

    let (loss, dx) = softmax::loss(&scores.mapv(|s| s as f32), &y).unwrap();
    assert_relative_eq!(f64::from(loss), expected, max_relative = 1e-6);
    // In f32 by up to 2⁻⁸.
    assert_close("dx in f32", &dx, &slopes, 2_f64.powi(-8));
}

#[test]
fn a_probability_too_small_for_a_float_has_a_finite_loss() {
    let _test = teach("softmax::loss");
    // e^−800 is 0 in f64, and −ln 0 would be infinite.
    let (loss, dx) = softmax::loss(&array![[0., 800.]], &[0]).unwrap();
    assert_eq!(loss, 800.);
    assert_eq!(dx, array![[-1., 1.]]);

    let (loss, _) = softmax::loss(&array![[0_f32, 200.]], &[0]).unwrap();
    assert_eq!(loss, 200.);
}

#[test]
fn rows_of_very_different_sizes_do_not_disturb_each_other() {
    let _test = teach("softmax::loss");
    // Every row is the same but for a shift, from −100,000 to 100,000.
    let n = 10_000;
    let y = vec![1; n];
    let shift = |i: usize| 1e5 * (2.0 * i as f64 / (n - 1) as f64 - 1.0);
    let row = [0.0, 1.0, 2.0];
    let scores = Array2::from_shape_fn((n, 3), |(i, c)| shift(i) + row[c]);
    // ln(e⁰ + e¹ + e²) − 1
    let expected = (1.0 + 1_f64.exp() + 2_f64.exp()).ln() - 1.0;

    let (loss, dx) = softmax::loss(&scores, &y).unwrap();
    assert_abs_diff_eq!(loss, expected, epsilon = 1e-9);
    assert_finite("dx", &dx);
    // A logarithm near 100,000 is rounded by up to 2⁻³⁷, here and in f32 by up to 2⁻⁸.
    let rounding = |most: f64| most.exp_m1() / n as f64;
    assert_rows_sum_to_zero(&dx, 1e-18 + rounding(2_f64.powi(-37)));

    // In f32 the numbers near 100,000 lie 1/128 apart.
    let (loss, dx) = softmax::loss(&scores.mapv(|s| s as f32), &y).unwrap();
    assert_abs_diff_eq!(f64::from(loss), expected, epsilon = 1e-2);
    assert_finite("dx in f32", &dx);
    assert_rows_sum_to_zero(&dx, 1e-10 + rounding(2_f64.powi(-8)));
}

#[test]
fn the_loss_is_never_negative() {
    let _test = teach("softmax::loss");
    for scale in [1e-3, 1., 1e3] {
        let scores = random((50, 3), 1) * scale;
        let (loss, _) = softmax::loss(&scores, &labels(50, 3)).unwrap();
        assert!(loss >= 0.0, "the loss is {loss} for scores of {scale}");
    }
}

#[test]
fn an_example_adds_its_own_share_and_no_other() {
    let _test = teach("softmax::loss");
    let scores = random((5, 4), 1);
    let y = labels(5, 4);
    let (loss, dx) = softmax::loss(&scores, &y).unwrap();

    let mut sum = 0.0;
    for (n, &label) in y.iter().enumerate() {
        let (one, one_dx) =
            softmax::loss(&scores.slice(s![n..=n, ..]), &[label]).unwrap();
        sum += one;
        assert_close(
            "dx of a row",
            &(one_dx / 5.),
            &dx.slice(s![n..=n, ..]),
            1e-14,
        );
    }
    assert_relative_eq!(loss, sum / 5., max_relative = 1e-14);
}

#[test]
fn one_class_leaves_nothing_to_lose() {
    let _test = teach("softmax::loss");
    let (loss, dx) = softmax::loss(&array![[3.], [-4.]], &[0, 0]).unwrap();
    assert_eq!(loss, 0.0);
    assert_eq!(dx, array![[0.], [0.]]);
}

#[test]
fn the_order_of_the_scores_in_memory_does_not_matter() {
    let _test = teach("softmax::loss");
    let scores = random((4, 10), 1);
    let scores = scores.slice(s![.., ..;-2]);
    let y = labels(5, 4);
    let (loss, dx) = softmax::loss(&scores.t(), &y).unwrap();

    let copy = scores.t().as_standard_layout().into_owned();
    let (copy_loss, copy_dx) = softmax::loss(&copy, &y).unwrap();
    assert_relative_eq!(loss, copy_loss, max_relative = 1e-14);
    assert_close("dx", &dx, &copy_dx, 1e-14);
}

#[test]
fn nan_is_not_hidden() {
    let _test = teach("softmax::loss");
    let (loss, dx) = softmax::loss(&array![[0., f64::NAN], [0., 1.]], &[0, 0]).unwrap();
    assert!(loss.is_nan(), "the loss is {loss}");
    assert!(dx[[0, 0]].is_nan(), "dx[0, 0] is {}", dx[[0, 0]]);
    assert_finite("dx[1..]", &dx.slice(s![1.., ..]));
}

#[test]
fn a_label_without_a_class_is_refused() {
    let _test = given();
    let scores = random((5, 4), 1);
    assert_refused(
        softmax::loss(&scores, &[0, 1, 2, 4, 9]),
        &["y[3]", "4 classes"],
    );
    let none = Array2::<f64>::zeros((2, 0));
    assert_refused(softmax::loss(&none, &[0, 0]), &["y[0]", "0 classes"]);
}

#[test]
fn one_label_for_each_example_is_needed() {
    let _test = given();
    let scores = random((5, 4), 1);
    assert_refused(softmax::loss(&scores, &[0; 4]), &["4 labels", "5 examples"]);
    assert_refused(softmax::loss(&scores, &[0; 6]), &["6 labels", "5 examples"]);
    assert_refused(softmax::loss(&scores, &[]), &["0 labels", "5 examples"]);
}

#[test]
fn an_empty_batch_is_refused() {
    let _test = given();
    let none = Array2::<f64>::zeros((0, 4));
    assert_refused(softmax::loss(&none, &[]), &["empty"]);
}
