use crate::data;
use crate::picture::assert_picture;
use crate::support::{
    assert_close, assert_panics, assert_refused, courses_three_layer_net,
    courses_two_layer_inputs, courses_two_layer_net, labels, random, random_net,
};
use crate::teach::{given, teach};
use approx::{assert_abs_diff_eq, assert_relative_eq};
use fully_connected::Options;
use fully_connected::gradient_check::{
    Check, STEP, Verdict, check, check_net, numeric_gradient, relative_error,
};
use ndarray::{Array, Array1, Array2, ArrayD, Ix2, array, s};
use std::fmt::Write;

/// `Σ aᵢ·sin(xᵢ)`, a bent function whose slopes are known: `aᵢ·cos(xᵢ)`.
fn waves(x: &Array1<f64>, a: &Array1<f64>) -> f64 {
    x.iter().zip(a).map(|(x, a)| a * x.sin()).sum()
}

fn slopes_of_waves(x: &Array1<f64>, a: &Array1<f64>) -> Array1<f64> {
    x.mapv(f64::cos) * a
}

/// `|x₀| + x₁² + … + x₁₉²`: twenty numbers, one kink.
fn one_kink(x: &Array1<f64>) -> f64 {
    x[0].abs() + x.slice(s![1..]).mapv(|x| x * x).sum()
}

/// A point for [`one_kink`] with `x₀` as given, and its slopes but for the first.
fn near_the_kink(x0: f64, slope: f64) -> (Array1<f64>, Array1<f64>) {
    let mut x = random(20, 1);
    x[0] = x0;
    let mut slopes = &x * 2.0;
    slopes[0] = slope;
    (x, slopes)
}

#[test]
fn the_slope_of_a_square_is_twice_the_number() {
    let _test = teach("gradient_check::numeric_gradient");
    let x = random((3, 2, 4), 1);
    let grad = numeric_gradient(|x| x.mapv(|x| x * x).sum(), &x, STEP);
    assert_close("grad", &grad, &(&x * 2.0), 1e-9);
}

#[test]
fn the_slopes_of_waves_are_found() {
    let _test = teach("gradient_check::numeric_gradient");
    let (x, a) = (random(20, 1), random(20, 2));
    let grad = numeric_gradient(|x| waves(x, &a), &x, STEP);
    assert_close("grad", &grad, &slopes_of_waves(&x, &a), 1e-9);
}

#[test]
fn large_numbers_have_large_slopes() {
    let _test = teach("gradient_check::numeric_gradient");
    let x = random(20, 1) * 1e4;
    for sign in [1.0, -1.0] {
        let grad = numeric_gradient(|x| sign * x.mapv(|x| x * x).sum(), &x, 1e-2);
        assert_close("grad", &grad, &(&x * (2.0 * sign)), 1e-7);
    }
}

#[test]
fn the_difference_is_taken_on_both_sides() {
    let _test = teach("gradient_check::numeric_gradient");
    // x³ at 1 with h = 1/10: (1.331 − 0.729)/0.2. On one side only: 3.31 or 2.71.
    let grad = numeric_gradient(|x| x[0] * x[0] * x[0], &array![1.0], 0.1);
    assert_abs_diff_eq!(grad[0], 3.01, epsilon = 1e-13);
    // |x| at 1/20 with h = 1/10 steps over the kink: (0.15 − 0.05)/0.2.
    let grad = numeric_gradient(|x| x[0].abs(), &array![0.05], 0.1);
    assert_abs_diff_eq!(grad[0], 0.5, epsilon = 1e-14);
}

#[test]
fn only_one_number_moves_at_a_time_and_every_one_is_put_back() {
    let _test = teach("gradient_check::numeric_gradient");
    // x + h − h is x for most numbers, but not for those that are small beside h.
    let mut x = random((3, 4), 1);
    x[[1, 2]] = 1e-12;
    x[[0, 1]] = 1e-7 / 3.0;
    (x[[0, 0]], x[[2, 1]]) = (1e6 / 3.0, -1e6 / 3.0);
    let mut moved = Array2::<usize>::zeros((3, 4));
    let f = |probe: &Array2<f64>| {
        let changed: Vec<_> = probe
            .indexed_iter()
            .filter(|(at, probe)| **probe != x[*at])
            .map(|(at, _)| at)
            .collect();
        assert!(changed.len() <= 1, "{changed:?} differ from x");
        changed.iter().for_each(|&at| moved[at] += 1);
        probe.sum()
    };
    numeric_gradient(f, &x, STEP);
    assert!(moved.iter().all(|&times| times > 0), "{moved}");
}

#[test]
fn a_numeric_gradient_has_the_shape_of_x_whatever_its_order_in_memory() {
    let _test = teach("gradient_check::numeric_gradient");
    let x = random((4, 6), 1);
    let view = x.slice(s![.., ..;-2]);
    let view = view.t();
    let weights = random((3, 4), 2);
    let f = |x: &Array2<f64>| (x * &weights).sum();
    assert_close("grad", &numeric_gradient(f, &view, STEP), &weights, 1e-9);

    let scalar = ndarray::arr0(3.0);
    let grad = numeric_gradient(|x| x[()] * x[()], &scalar, STEP);
    assert_abs_diff_eq!(grad[()], 6.0, epsilon = 1e-9);
    let none = Array2::<f64>::zeros((0, 3));
    assert_eq!(numeric_gradient(|_| 0.0, &none, STEP).dim(), (0, 3));
}

#[test]
fn the_relative_error_is_the_largest_by_the_size_of_both() {
    let _test = teach("gradient_check::relative_error");
    assert_relative_eq!(
        relative_error(&array![1., 2., -4.], &array![1.01, 2.2, -4.]),
        0.2 / 4.2,
        max_relative = 1e-14
    );
    assert_eq!(relative_error(&array![1.], &array![-1.]), 1.0);
    assert_eq!(relative_error(&array![3.], &array![1.]), 0.5);
    assert_eq!(relative_error(&array![3e6], &array![1e6]), 0.5);
    assert_eq!(relative_error(&array![-3e6], &array![-1e6]), 0.5);
    assert_eq!(relative_error(&array![[0., 5.]], &array![[0., 5.]]), 0.0);
}

#[test]
fn the_relative_error_of_next_to_nothing_is_small() {
    let _test = teach("gradient_check::relative_error");
    // The floor 10⁻⁸ stands in for the size: 10⁻¹⁰/10⁻⁸.
    let error = relative_error(&array![1e-10], &array![0.]);
    assert_relative_eq!(error, 1e-2, max_relative = 1e-12);
}

#[test]
fn the_relative_error_is_nan_as_soon_as_one_entry_is() {
    let _test = teach("gradient_check::relative_error");
    let nan = f64::NAN;
    for a in [[nan, 1., 2.], [1., nan, 2.], [1., 2., nan], [nan; 3]] {
        let a = Array1::from(a.to_vec());
        assert!(relative_error(&a, &array![1., 5., 2.]).is_nan());
        assert!(relative_error(&array![1., 5., 2.], &a).is_nan());
    }
}

#[test]
fn the_relative_error_of_two_shapes_is_refused() {
    let _test = given();
    assert_panics(&["relative_error", "[2]", "[1]"], || {
        relative_error(&array![1., 2.], &array![1.])
    });
}

#[test]
fn a_right_gradient_agrees() {
    let _test = teach("gradient_check::relative_error");
    let (x, a) = (random(20, 1), random(20, 2));
    let slopes = slopes_of_waves(&x, &a);

    let found = check("x", |x| waves(x, &a), &x, &slopes);

    assert_eq!(found.verdict, Verdict::Agrees);
    assert!(found.verdict.passed());
    assert_eq!((found.name.as_str(), &found.shape[..]), ("x", &[20][..]));
    assert_eq!(found.kinks, 0);
    let norm = slopes.dot(&slopes).sqrt();
    assert_relative_eq!(found.analytic_norm, norm, max_relative = 1e-12);
    assert_relative_eq!(found.numeric_norm, norm, max_relative = 1e-9);
    assert!(found.relative_error < 1e-6, "{}", found.relative_error);
}

#[test]
fn one_wrong_entry_is_found_and_named() {
    let _test = teach("gradient_check::relative_error");
    let (x, a) = (random((4, 5), 1), random((4, 5), 2));
    let f = |x: &Array2<f64>| (x.mapv(f64::sin) * &a).sum();
    let right = x.mapv(f64::cos) * &a;
    for wrong in [|g: f64| -g, |g| g * 2.0, |g| g + 1e-3, |_| 0.0] {
        let mut slopes = right.clone();
        slopes[[2, 3]] = wrong(slopes[[2, 3]]);
        let found = check("x", f, &x, &slopes);
        let Verdict::Differs {
            entry,
            numeric,
            analytic,
        } = found.verdict
        else {
            panic!("{:?}", found.verdict);
        };
        assert_eq!((entry, analytic), (13, slopes[[2, 3]]));
        assert_relative_eq!(numeric, right[[2, 3]], max_relative = 1e-6);
        assert!(!found.verdict.passed());
        assert_eq!(found.kinks, 0);
    }
}

#[test]
fn an_entry_wrong_by_one_in_ten_thousand_is_found_whatever_its_size() {
    let _test = teach("gradient_check::relative_error");
    // Noise is larger at smaller steps; what noise could hide there is no kink.
    for size in [1e3, 1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5] {
        let (x, mut a) = (random(20, 1), Array1::ones(20));
        a[7] = size / x[7].cos();
        let mut slopes = slopes_of_waves(&x, &a);
        slopes[7] *= 1.0 + 1e-4;

        let found = check("x", |x| waves(x, &a), &x, &slopes);

        let verdict = found.verdict;
        let named = matches!(verdict, Verdict::Differs { entry: 7, .. });
        assert!(named, "{verdict:?}, {} kinks, size {size}", found.kinks);
    }
}

#[test]
fn a_gradient_wrong_everywhere_is_no_field_of_kinks() {
    let _test = teach("gradient_check::relative_error");
    let (x, a) = (random(20, 1), random(20, 2));
    let slopes = slopes_of_waves(&x, &a) * 1.001;
    let found = check("x", |x| waves(x, &a), &x, &slopes);
    let verdict = found.verdict;
    assert!(matches!(verdict, Verdict::Differs { .. }), "{verdict:?}");
}

#[test]
fn nan_never_passes() {
    let _test = teach("gradient_check::relative_error");
    let x = random(20, 1);
    let f = |x: &Array1<f64>| x.mapv(|x| x * x).sum();
    let all = Array1::from_elem(20, f64::NAN);
    assert_eq!(check("x", f, &x, &all).verdict, Verdict::NotFinite);
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for at in [0, 11, 19] {
            let mut one = &x * 2.0;
            one[at] = bad;
            assert_eq!(check("x", f, &x, &one).verdict, Verdict::NotFinite);
        }
    }
    let lost = check("x", |_: &Array1<f64>| f64::NAN, &x, &(&x * 2.0));
    assert_eq!(lost.verdict, Verdict::NotFinite);
}

#[test]
fn a_kink_within_a_step_is_counted_and_forgiven() {
    let _test = teach("gradient_check::relative_error");
    for (x0, slope) in [(3e-6, 1.0), (-3e-6, -1.0), (9e-6, 1.0), (5e-7, 1.0)] {
        let (x, slopes) = near_the_kink(x0, slope);
        let found = check("x", one_kink, &x, &slopes);
        assert_eq!(
            (found.verdict, found.kinks),
            (Verdict::Agrees, 1),
            "at {x0}"
        );
    }
}

#[test]
fn at_the_kink_itself_the_slope_of_either_side_will_do() {
    let _test = teach("gradient_check::relative_error");
    for slope in [-1.0, 1.0] {
        let (x, slopes) = near_the_kink(0.0, slope);
        let found = check("x", one_kink, &x, &slopes);
        assert_eq!(
            (found.verdict, found.kinks),
            (Verdict::Agrees, 1),
            "{slope}"
        );
    }
    // The middle slope, 0, is what the central difference gives.
    let (x, slopes) = near_the_kink(0.0, 0.0);
    assert_eq!(check("x", one_kink, &x, &slopes).verdict, Verdict::Agrees);
}

#[test]
fn at_the_kink_itself_no_other_slope_passes() {
    let _test = teach("gradient_check::relative_error");
    // There may be two kinks, one a hair to the left and one a hair to the right, and any
    // slope between them: nobody can tell.
    for slope in [0.5, -0.25, 1.1, 7.0] {
        let (x, slopes) = near_the_kink(0.0, slope);
        let found = check("x", one_kink, &x, &slopes);
        let told = matches!(found.verdict, Verdict::CannotTell { entry: 0, .. });
        assert!(told, "{:?} for {slope}", found.verdict);
        assert_eq!(found.untold, [0]);
    }
}

#[test]
fn a_kink_excuses_no_wrong_slope() {
    let _test = teach("gradient_check::relative_error");
    for (x0, slope) in [(3e-6, 1.1), (3e-6, -1.0), (3e-6, 0.0), (3e-6, 1.0001)] {
        let (x, slopes) = near_the_kink(x0, slope);
        let verdict = check("x", one_kink, &x, &slopes).verdict;
        let named = matches!(verdict, Verdict::Differs { entry: 0, .. });
        assert!(named, "{verdict:?} at {x0} for {slope}");
    }
}

#[test]
fn far_from_the_kink_there_is_none() {
    let _test = teach("gradient_check::relative_error");
    let (x, slopes) = near_the_kink(3e-5, 1.0);
    let found = check("x", one_kink, &x, &slopes);
    assert_eq!((found.verdict, found.kinks), (Verdict::Agrees, 0));
}

#[test]
fn a_shallow_kink_is_a_kink_too() {
    let _test = teach("gradient_check::relative_error");
    // A ReLU behind small weights bends the loss by little.
    for bend in [1.0, 1e-2, 1e-4, 1e-6] {
        let f = |x: &Array1<f64>| bend * x[0].max(0.0) + x.mapv(|x| x * x).sum();
        let mut x = random(20, 1);
        x[0] = 2e-6;
        let mut slopes = &x * 2.0;
        slopes[0] += bend;
        let found = check("x", f, &x, &slopes);
        assert_eq!((found.verdict, found.kinks), (Verdict::Agrees, 1), "{bend}");
    }
}

#[test]
fn one_unit_at_its_kink_fails_no_right_gradient() {
    let _test = teach("gradient_check::relative_error");
    // A ReLU near its kink bends the loss along every number that feeds it.
    let x = Array1::from_elem(20, 3e-6);
    let f = |x: &Array1<f64>| x.mapv(f64::abs).sum();
    let found = check("x", f, &x, &Array1::ones(20));
    assert_eq!((found.verdict, found.kinks), (Verdict::Agrees, 20));
    let mut wrong = Array1::ones(20);
    wrong[4] = -1.0;
    let verdict = check("x", f, &x, &wrong).verdict;
    assert!(
        matches!(verdict, Verdict::Differs { entry: 4, .. }),
        "{verdict:?}"
    );
}

#[test]
fn what_stands_on_kinks_is_not_compared() {
    let _test = teach("gradient_check::relative_error");
    let x = Array1::zeros(20);
    let f = |x: &Array1<f64>| x.mapv(f64::abs).sum();
    let found = check("x", f, &x, &Array1::from_elem(20, 0.5));
    assert!(matches!(found.verdict, Verdict::CannotTell { .. }));
    assert_eq!(found.untold, Vec::from_iter(0..20));
}

#[test]
fn a_kink_on_each_side_within_a_step_blames_nobody() {
    let _test = teach("gradient_check::relative_error");
    let f = |x: &Array1<f64>| (x[0] - 3e-6).max(0.0) + 2.0 * (-x[0] - 3e-6).max(0.0);
    let found = check("x", f, &array![0.0], &array![0.0]);
    assert_eq!(found.verdict, Verdict::Agrees);
    // And one that is shallow, at two thirds of a step.
    let f = |x: &Array1<f64>| 1e-3 * (x[0] - 2e-5 / 3.0).max(0.0);
    let found = check("x", f, &array![0.0], &array![0.0]);
    assert_eq!(found.verdict, Verdict::Agrees);
}

#[test]
fn a_network_on_a_kink_is_not_blamed() {
    let _test = teach("gradient_check::relative_error");
    // Both slopes of W1 are -1/2, and by the convention it is 0.
    let mut net = random_net(Options::new(1, &[1], 2), 1);
    let parameters = net.parameters_mut();
    parameters.set("W1", &array![[0.0]]).unwrap();
    parameters.set("b1", &array![0.0]).unwrap();
    parameters.set("W2", &array![[1.0, -1.0]]).unwrap();
    let checks = check_net(&net, &array![[1.0], [-1.0]], &[0, 1]).unwrap();
    assert_eq!(checks[0].untold, [0]);
    for check in checks {
        let differs = matches!(check.verdict, Verdict::Differs { .. });
        assert!(!differs, "{check:?}");
    }
}

#[test]
fn a_gradient_that_rounding_drowns_is_not_told() {
    let _test = teach("gradient_check::relative_error");
    let options = Options {
        weight_scale: 1e-5,
        ..Options::new(6, &[4, 7, 3], 4)
    };
    let net = fully_connected::FullyConnectedNet::new(options).unwrap();
    let checks = check_net(&net, &random((5, 6), 2), &labels(5, 4)).unwrap();
    let Verdict::CannotTell {
        analytic, noise, ..
    } = checks[0].verdict
    else {
        panic!("{:?}", checks[0]);
    };
    assert!(noise > 1e-2 * analytic.abs(), "{noise:e}, {analytic:e}");
    // The last biases can be told at any scale.
    assert_eq!(checks[7].verdict, Verdict::Agrees);
}

#[test]
fn curvature_is_no_kink() {
    let _test = teach("gradient_check::relative_error");
    // x² bends by 2 everywhere; near 0 its slope is small.
    for x0 in [5e-6, 5e-5, 5e-4] {
        let x = array![x0, 1.0, 2.0];
        let mut slopes = &x * 2.0;
        slopes[0] += 2e-8;
        let f = |x: &Array1<f64>| x.mapv(|x| x * x).sum();
        let verdict = check("x", f, &x, &slopes).verdict;
        let named = matches!(verdict, Verdict::Differs { entry: 0, .. });
        assert!(named, "{verdict:?} at {x0}");
    }
}

#[test]
fn a_check_leaves_f_at_no_other_point() {
    let _test = teach("gradient_check::relative_error");
    // Two kinks and a wrong entry make the check look again; each look moves one number.
    let x = array![3e-6, 1.0, 0.0, 2.0, 3.0];
    let slopes = array![1.0, 2.5, 0.5, 4.0, 6.0];
    let f = |probe: &Array1<f64>| {
        let moved = probe.iter().zip(&x).filter(|(p, x)| p != x).count();
        assert!(moved <= 1, "{probe} differs from {x}");
        probe
            .iter()
            .map(|p| if p.abs() < 0.5 { p.abs() } else { p * p })
            .sum()
    };
    let verdict = check("x", f, &x, &slopes).verdict;
    assert!(
        matches!(verdict, Verdict::Differs { entry: 1, .. }),
        "{verdict:?}"
    );
}

#[test]
fn a_check_of_views_is_a_check_of_their_numbers() {
    let _test = teach("gradient_check::relative_error");
    let x = random((5, 4), 1);
    let slopes = (&x.t() * 2.0).reversed_axes();
    let f = |x: &Array<f64, Ix2>| x.mapv(|x| x * x).sum();
    let found = check("x", f, &x.t(), &slopes.t());
    assert_eq!(found.verdict, Verdict::Agrees);
    assert_eq!(found.shape, [4, 5]);
}

#[test]
fn a_gradient_of_another_shape_is_refused() {
    let _test = given();
    let x = random((5, 4), 1);
    let f = |x: &Array2<f64>| x.sum();
    assert_panics(&["shape", "[5, 4]", "[4, 5]"], || check("x", f, &x, &x.t()));
}

/// One row a parameter: what does not depend on rounding.
fn table(title: &str, checks: &[Check]) -> String {
    let mut table = format!("{title}\n");
    for check in checks {
        let shape = check.shape.iter().map(usize::to_string).collect::<Vec<_>>();
        let verdict = match &check.verdict {
            Verdict::Agrees => "agrees".to_owned(),
            other => format!("{other:?}"),
        };
        writeln!(
            table,
            "{:<4}{:>9}   norm {:.5e}   {} kinks   {verdict}",
            check.name,
            shape.join(" × "),
            check.analytic_norm,
            check.kinks,
        )
        .expect("a string takes all");
    }
    table
}

fn assert_all_agree(checks: &[Check]) {
    for check in checks {
        assert_eq!(check.verdict, Verdict::Agrees, "d{}", check.name);
        let (numeric, analytic) = (check.numeric_norm, check.analytic_norm);
        assert_abs_diff_eq!(numeric, analytic, epsilon = 1e-8 + 1e-6 * analytic);
    }
}

#[test]
fn the_courses_networks_pass() {
    let _test = teach("gradient_check::relative_error");
    let mut picture = String::new();
    for reg in [0.0, 0.7] {
        let net = courses_two_layer_net(reg);
        let checks = check_net(&net, &courses_two_layer_inputs(), &[0, 5, 1]).unwrap();
        assert_all_agree(&checks);
        assert!(checks.iter().all(|check| check.kinks == 0));
        picture += &table(&format!("5-50-7, reg {reg}"), &checks);
        picture += "\n";
    }
    let files = [data!("initial_loss_reg_0"), data!("initial_loss_reg_3_14")];
    for (data, reg) in files.iter().zip([0.0, 3.14]) {
        let net = courses_three_layer_net(data, reg);
        let checks =
            check_net(&net, &data.array::<Ix2>("X"), &data.labels("y")).unwrap();
        assert_all_agree(&checks);
        assert!(checks.iter().all(|check| check.kinks == 0));
        picture += &table(&format!("15-20-30-10, reg {reg}"), &checks);
        picture += "\n";
    }
    assert_picture("gradient_check", picture.trim_end());
}

#[test]
fn noise_in_a_small_slope_is_no_mistake() {
    let _test = teach("gradient_check::relative_error");
    // NumPy finds a relative error of 2.2e-5 in W2, too: one entry whose slope is
    // 5.7e-7, off by the rounding of a loss of 2.3 over a step of 1e-5.
    let data = data!("initial_loss_reg_0");
    let net = courses_three_layer_net(&data, 0.0);

    let checks = check_net(&net, &data.array::<Ix2>("X"), &data.labels("y")).unwrap();

    let w2 = &checks[2];
    assert_eq!((w2.name.as_str(), &w2.verdict), ("W2", &Verdict::Agrees));
    let error = w2.relative_error;
    assert!(
        error > 1e-6 && error < 1e-3,
        "the relative error is {error:e}"
    );
}

#[test]
fn networks_of_one_to_four_layers_with_biases_pass() {
    let _test = teach("gradient_check::relative_error");
    for (seed, hidden) in (1..).zip([&[][..], &[4], &[4, 7], &[4, 7, 3]]) {
        for reg in [0.0, 0.1, 3.14] {
            let options = Options {
                reg,
                ..Options::new((3, 2), hidden, 4)
            };
            let net = random_net(options, seed);
            let checks = check_net(&net, &random((5, 3, 2), 2), &labels(5, 4)).unwrap();
            let names: Vec<_> = checks.iter().map(|check| &check.name).collect();
            assert_eq!(names, net.parameters().names().iter().collect::<Vec<_>>());
            assert_all_agree(&checks);
        }
    }
}

#[test]
fn a_network_whose_gradient_is_wrong_in_one_entry_fails() {
    let _test = teach("gradient_check::relative_error");
    let (x, y) = (random((5, 6), 2), labels(5, 4));
    let options = Options {
        reg: 0.1,
        ..Options::new(6, &[4, 7], 4)
    };
    let net = random_net(options, 1);
    let (_, grads) = net.loss(&x, &y).unwrap();
    for name in grads.names() {
        let mut wrong = grads.get(&name).unwrap().to_owned();
        // The last entry that has a slope: a unit that no example opens has none.
        let slopes = wrong.iter_mut().enumerate();
        let (last, slope) = slopes.filter(|(_, slope)| **slope != 0.0).last().unwrap();
        *slope *= 1.0 + 1e-4;
        let mut probe = net.clone();
        let loss = |w: &ArrayD<f64>| {
            probe.parameters_mut().set(&name, w).unwrap();
            probe.loss_value(&x, &y).unwrap()
        };
        let parameter = net.parameters().get(&name).unwrap();
        let verdict = check(&name, loss, &parameter, &wrong).verdict;
        let named = matches!(verdict, Verdict::Differs { entry, .. } if entry == last);
        assert!(named, "d{name}: {verdict:?}");
    }
}

#[test]
fn a_networks_labels_are_checked() {
    let _test = teach("gradient_check::relative_error");
    let net = random_net(Options::new(6, &[4], 3), 1);
    let x = random((5, 6), 2);
    assert_refused(
        check_net(&net, &x, &[0, 1, 2, 3, 0]),
        &["y[3]", "3 classes"],
    );
    assert_refused(check_net(&net, &x, &[0, 1]), &["2 labels", "5 examples"]);
}
