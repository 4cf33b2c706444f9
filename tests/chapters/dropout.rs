use crate::data;
use crate::support::{
    assert_close, assert_finite, assert_gradient, assert_panics, random,
};
use crate::teach::{given, teach};
use fully_connected::dropout;
use fully_connected::numpy::RandomState;
use ndarray::{Array1, Array2, Ix1, Ix2, array, s};

/// NumPy's uniforms.
fn numpy(random: &mut RandomState) -> impl Iterator<Item = f64> {
    std::iter::repeat_with(|| random.random_sample())
}

/// The uniforms of a list.
fn listed(uniforms: &[f64]) -> impl Iterator<Item = f64> {
    uniforms.iter().copied()
}

#[test]
fn the_mask_is_the_reference_mask() {
    let _test = teach("dropout::mask");
    let data = data!("dropout");
    let mut random = RandomState::new(123);
    let mask: Array2<f64> = dropout::mask((3, 4), 0.6, &mut numpy(&mut random));
    assert_close("mask", &mask, &data.array::<Ix2>("mask"), 1e-14);

    let mut random = RandomState::new(123);
    let mask: Array2<f64> = dropout::mask((10, 10), 0.2, &mut numpy(&mut random));
    assert_close("mask", &mask, &data.array::<Ix2>("course_mask"), 1e-14);
}

#[test]
fn an_entry_is_kept_if_its_uniform_is_below_keep() {
    let _test = teach("dropout::mask");
    let mut uniforms = listed(&[0.3, 0.25, 0.0, 0.9, 0.2, 0.24]);
    let mask: Array2<f64> = dropout::mask((2, 3), 0.25, &mut uniforms);
    assert_eq!(mask, array![[0., 0., 4.], [0., 4., 4.]]);
}

#[test]
fn each_entry_takes_one_uniform() {
    let _test = teach("dropout::mask");
    let mut uniforms = listed(&[0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.7, 0.8]);
    let _: Array2<f64> = dropout::mask((3, 2), 0.5, &mut uniforms);
    assert_eq!(
        uniforms.next(),
        Some(0.7),
        "3·2 uniforms are taken, no more"
    );

    let _: Array2<f64> = dropout::mask((0, 2), 0.5, &mut uniforms);
    assert_eq!(uniforms.next(), Some(0.8), "no entry, no uniform");

    let mut uniforms = listed(&[0.1, 0.9, 0.7]);
    let _: Array2<f64> = dropout::mask((1, 2), 1., &mut uniforms);
    assert_eq!(uniforms.next(), Some(0.7), "with keep 1 as with any other");
}

#[test]
fn the_share_that_is_kept_is_keep_and_the_mean_of_a_mask_is_1() {
    let _test = teach("dropout::mask");
    for keep in [0.2, 0.5, 0.9] {
        let mask: Array2<f64> =
            dropout::mask((200, 200), keep, &mut dropout::uniforms(7, 0, 0));
        let kept = mask.iter().filter(|&&m| m > 0.).count() as f64 / 40_000.;
        // Five standard deviations of a share of 40,000.
        let width = 5. * (keep * (1. - keep) / 40_000.).sqrt();
        assert!((kept - keep).abs() < width, "keep {keep}: {kept} were kept");
        let mean = mask.sum() / 40_000.;
        assert!(
            (mean - 1.).abs() < width / keep,
            "keep {keep}: the mean is {mean}"
        );
    }
}

#[test]
fn each_example_has_units_dropped_of_its_own() {
    let _test = teach("dropout::mask");
    let mask: Array2<f64> =
        dropout::mask((20, 30), 0.5, &mut dropout::uniforms(7, 0, 0));
    for n in 1..20 {
        assert_ne!(mask.row(n), mask.row(0), "examples 0 and {n}");
    }
    for m in 1..30 {
        assert_ne!(mask.column(m), mask.column(0), "units 0 and {m}");
    }
}

#[test]
fn keep_1_keeps_everything_as_it_is() {
    let _test = teach("dropout::backward");
    let x = random((5, 3), 1);
    let mask: Array2<f64> = dropout::mask((5, 3), 1., &mut dropout::uniforms(0, 0, 0));
    let (out, cache) = dropout::forward(&x, mask);
    assert_eq!(out, x);
    assert_eq!(dropout::backward(&x, cache), x);
}

#[test]
fn a_tiny_keep_keeps_nothing_and_makes_no_nan() {
    let _test = teach("dropout::backward");
    let x = random((5, 3), 1);
    let mask: Array2<f64> =
        dropout::mask((5, 3), 1e-300, &mut dropout::uniforms(0, 0, 0));
    let (out, cache) = dropout::forward(&x, mask);
    assert_eq!(out, Array2::<f64>::zeros((5, 3)));
    assert_eq!(dropout::backward(&x, cache), Array2::<f64>::zeros((5, 3)));
}

#[test]
fn the_courses_check_of_the_means() {
    let _test = teach("dropout::forward");
    let data = data!("dropout");
    let mut random = RandomState::new(231);
    let x: Array2<f64> = random.randn_array((500, 500)) + 10.;
    let keeps = data.array::<Ix1>("course_keep");
    let (mut means, mut zeros) = (Vec::new(), Vec::new());
    for &keep in &keeps {
        let mask = dropout::mask((500, 500), keep, &mut numpy(&mut random));
        let (out, _) = dropout::forward(&x, mask);
        assert_finite("out", &out);
        means.push(out.sum() / 250_000.);
        zeros.push(out.iter().filter(|&&out| out == 0.).count() as f64 / 250_000.);
    }
    let expected = data.array::<Ix1>("course_mean_out");
    assert_close("the means", &Array1::from(means), &expected, 1e-10);
    let expected = data.array::<Ix1>("course_zeros");
    assert_close("the zeros", &Array1::from(zeros), &expected, 1e-10);
}

#[test]
fn forward_gives_the_reference_numbers() {
    let _test = teach("dropout::forward");
    let data = data!("dropout");
    let (x, mask) = (data.array::<Ix2>("x"), data.array::<Ix2>("mask"));
    let (out, _) = dropout::forward(&x, mask);
    assert_close("out", &out, &data.array::<Ix2>("out"), 1e-14);
}

#[test]
fn the_cache_holds_the_mask() {
    let _test = teach("dropout::forward");
    let data = data!("dropout");
    let (x, mask) = (data.array::<Ix2>("x"), data.array::<Ix2>("mask"));
    let (_, cache) = dropout::forward(&x, mask.clone());
    assert_eq!(cache.mask(), mask);
}

#[test]
fn large_activations_are_not_cut_off() {
    let _test = teach("dropout::forward");
    let x = array![[5000., -5000., 7.]];
    let (out, _) = dropout::forward(&x, array![[2., 2., 1000.]]);
    assert_eq!(out, array![[10_000., -10_000., 7000.]]);
}

#[test]
fn what_a_small_keep_keeps_counts_much() {
    let _test = teach("dropout::mask");
    let mask: Array2<f64> =
        dropout::mask((1, 3), 0.001, &mut listed(&[0.0005, 0.5, 0.]));
    assert_close("the mask", &mask, &array![[1000., 0., 1000.]], 1e-12);
}

#[test]
fn backward_gives_the_reference_numbers() {
    let _test = teach("dropout::backward");
    let data = data!("dropout");
    let (x, mask) = (data.array::<Ix2>("x"), data.array::<Ix2>("mask"));
    let (_, cache) = dropout::forward(&x, mask);
    let dx = dropout::backward(&data.array::<Ix2>("dout"), cache);
    assert_close("dx", &dx, &data.array::<Ix2>("dx"), 1e-14);

    let relu = data!("relu_backward");
    let mask = data.array::<Ix2>("course_mask");
    let (out, cache) = dropout::forward(&(relu.array::<Ix2>("x") + 10.), mask);
    let dx = dropout::backward(&relu.array::<Ix2>("dout"), cache);
    assert_close("out", &out, &data.array::<Ix2>("course_out"), 1e-14);
    assert_close("dx", &dx, &data.array::<Ix2>("course_dx"), 1e-14);
}

#[test]
fn backward_gives_the_slopes_of_forward() {
    let _test = teach("dropout::backward");
    let (x, dout) = (random((5, 3), 1), random((5, 3), 2));
    // Factors of every kind, so that no other mask would do.
    let mask = random((5, 3), 3).mapv(|m| if m < 0. { 0. } else { 1. + m });
    let (_, cache) = dropout::forward(&x, mask.clone());
    let dx = dropout::backward(&dout, cache);
    let sum = |x: &Array2<f64>| (dropout::forward(x, mask.clone()).0 * &dout).sum();
    assert_gradient("dx", sum, &x, &dx);
}

#[test]
fn nan_stays_nan_where_it_is_kept() {
    let _test = teach("dropout::backward");
    let (out, cache) = dropout::forward(&array![[f64::NAN, 1.]], array![[2., 2.]]);
    assert!(out[[0, 0]].is_nan(), "the output is {out}");
    assert_eq!(out[[0, 1]], 2.);
    let dx = dropout::backward(&array![[1., f64::NAN]], cache);
    assert_eq!(dx[[0, 0]], 2.);
    assert!(dx[[0, 1]].is_nan(), "the gradient is {dx}");
}

#[test]
fn the_order_of_the_numbers_in_memory_does_not_matter() {
    let _test = teach("dropout::backward");
    let (x, dout, mask) = (random((3, 5), 1), random((10, 3), 2), random((5, 3), 3));
    let dout = dout.slice(s![..;-2, ..]);
    let (out, cache) = dropout::forward(&x.t(), mask.clone());
    let dx = dropout::backward(&dout, cache);
    for ((n, m), &factor) in mask.indexed_iter() {
        assert_eq!(out[[n, m]], x[[m, n]] * factor);
        assert_eq!(dx[[n, m]], dout[[n, m]] * factor);
    }
}

#[test]
fn single_precision_agrees_with_double() {
    let _test = teach("dropout::backward");
    let uniforms = || dropout::uniforms(7, 3, 1);
    let mask: Array2<f64> = dropout::mask((5, 3), 0.7, &mut uniforms());
    let mask32: Array2<f32> = dropout::mask((5, 3), 0.7, &mut uniforms());
    assert_close("mask", &mask32, &mask, 1e-6);
    let x = random((5, 3), 1);
    let x32 = x.mapv(|x| x as f32);
    let (out, _) = dropout::forward(&x, mask);
    let (out32, cache) = dropout::forward(&x32, mask32);
    assert_close("out", &out32, &out, 1e-6);
    assert_close("dx", &dropout::backward(&x32, cache), &out, 1e-6);
}

#[test]
fn mask_refuses_a_keep_that_is_no_probability() {
    let _test = given();
    for keep in [0., -0.5, 1.1, f64::NAN] {
        assert_panics(
            &["dropout::mask", "keep", "(0, 1]", &keep.to_string()],
            || dropout::mask::<f64>((1, 1), keep, &mut listed(&[0.5])),
        );
    }
    // 1/keep is infinite, and infinity times 0 would be NaN.
    assert_panics(&["dropout::mask", "1/keep", "f32", "1e-40"], || {
        dropout::mask::<f32>((1, 1), 1e-40, &mut listed(&[0.5]))
    });
    assert_panics(&["dropout::mask", "1/keep", "f64"], || {
        dropout::mask::<f64>((1, 1), 1e-320, &mut listed(&[0.5]))
    });
}

#[test]
fn mask_names_a_source_that_ends_too_soon() {
    let _test = teach("dropout::mask");
    assert_panics(&["dropout::mask", "ended", "(2, 3)", "6"], || {
        dropout::mask::<f64>((2, 3), 0.5, &mut listed(&[0.5; 5]))
    });
}

#[test]
fn forward_names_the_mask_of_the_wrong_shape() {
    let _test = given();
    assert_panics(&["dropout::forward", "mask ", "[5, 3]", "[5, 1]"], || {
        dropout::forward(&random((5, 3), 1), random((5, 1), 2));
    });
}

#[test]
fn backward_names_the_argument_of_the_wrong_shape() {
    let _test = teach("dropout::forward");
    let (_, cache) = dropout::forward(&random((5, 3), 1), random((5, 3), 2));
    assert_panics(&["dropout::backward", "dout ", "[5, 3]", "[5, 1]"], || {
        dropout::backward(&random((5, 1), 3), cache);
    });
}

#[test]
fn uniforms_are_their_own_for_every_seed_step_and_layer() {
    let _test = given();
    let first = |seed, step, layer| -> Vec<f64> {
        dropout::uniforms(seed, step, layer).take(100).collect()
    };
    let all = [
        first(0, 0, 0),
        first(1, 0, 0),
        first(0, 1, 0),
        first(0, 0, 1),
        first(0, 1, 1),
    ];
    for (i, some) in all.iter().enumerate() {
        assert!(some.iter().all(|u| (0. ..1.).contains(u)));
        for other in &all[..i] {
            assert!(some.iter().zip(other).all(|(a, b)| a != b));
        }
    }
    assert_eq!(all[4], first(0, 1, 1), "and the same each time");
}
