use crate::data;
use crate::support::{
    assert_close, assert_finite, assert_panics, linspace, random, random_net,
};
use crate::teach::{given, teach};
use fully_connected::optim::{self, Adam, Optimizer, RmsProp, Rule};
use fully_connected::{Error, FullyConnectedNet, Normalization, Options};
use ndarray::{
    Array, Array1, Array2, Axis, Dimension, Ix2, Ix3, ShapeBuilder, array, s,
};

/// The inputs of the course's checks.
fn courses(start: f64, end: f64) -> Array2<f64> {
    linspace(start, end, (4, 5))
}

/// What `step` leaves of `w` and the states, which begin at 0, after each of the four steps
/// whose gradients are in the file: compared with the file's arrays of these names.
fn assert_four_steps<const N: usize>(
    names: [&str; N],
    mut step: impl FnMut(u64, &mut Array2<f64>, &Array2<f64>, &mut [Array2<f64>]),
) {
    let data = data!("optim");
    let mut w = data.array::<Ix2>("w");
    let mut state = vec![Array2::zeros(w.dim()); N - 1];
    for (t, dw) in (1..).zip(data.array::<Ix3>("dw").outer_iter()) {
        step(t, &mut w, &dw.to_owned(), &mut state);
        for (name, got) in names.iter().zip(std::iter::once(&w).chain(&state)) {
            let expected = data.array::<Ix3>(name);
            let expected = expected.index_axis(Axis(0), t as usize - 1);
            assert_close(&format!("{name}, step {t}"), got, &expected, 1e-13);
        }
    }
}

#[test]
fn momentum_gives_the_courses_numbers() {
    let _test = teach("optim::momentum");
    let data = data!("optim");
    let (mut w, mut v) = (courses(-0.4, 0.6), courses(0.6, 0.9));

    optim::momentum(&mut w, &courses(-0.6, 0.4), &mut v, 1e-3, 0.9);

    let velocity = data.array::<Ix2>("course_momentum_velocity");
    assert_close("v", &v, &velocity, 1e-13);
    assert_close("w", &w, &data.array::<Ix2>("course_momentum_w"), 1e-13);
}

#[test]
fn four_steps_of_momentum_are_those_computed_apart() {
    let _test = teach("optim::momentum");
    let names = ["momentum_w", "momentum_velocity"];
    assert_four_steps(names, |_, w, dw, state| {
        optim::momentum(w, dw, &mut state[0], 1e-2, 0.9);
    });
}

#[test]
fn without_momentum_it_is_gradient_descent() {
    let _test = teach("optim::momentum");
    let (w, dw) = (random((5, 3), 1), random((5, 3), 2));
    let (mut moved, mut v) = (w.clone(), random((5, 3), 3));

    optim::momentum(&mut moved, &dw, &mut v, 0.3, 0.0);

    assert_close("w", &moved, &(&w - &(&dw * 0.3)), 1e-14);
    assert_close("v", &v, &(&dw * -0.3), 1e-14);
}

#[test]
fn without_a_gradient_the_velocity_fades_and_w_rolls_on() {
    let _test = teach("optim::momentum");
    let (mut w, mut v) = (array![0.], array![8.]);
    let steps = [4., 6., 7.].map(|expected| {
        optim::momentum(&mut w, &array![0.], &mut v, 1., 0.5);
        (w[0], expected)
    });
    assert!(steps.iter().all(|(w, expected)| w == expected), "{steps:?}");
    assert_eq!(v, array![1.]);
}

#[test]
fn a_constant_slope_makes_momentum_ten_times_as_fast() {
    let _test = teach("optim::momentum");
    // The velocity tends to −rate·dw / (1 − momentum).
    let (mut w, mut v) = (array![0.], array![0.]);
    for _ in 0..500 {
        optim::momentum(&mut w, &array![2.], &mut v, 0.1, 0.9);
    }
    assert_close("v", &v, &array![-2.], 1e-12);
}

/// A gradient of a million is as good as any: nothing is clipped.
#[test]
fn a_velocity_may_be_as_large_as_its_gradients() {
    let _test = teach("optim::momentum");
    let (mut w, mut v) = (array![0., 0.], array![0., 0.]);
    optim::momentum(&mut w, &array![1e6, -1e6], &mut v, 0.5, 0.9);
    assert_close("v", &v, &array![-5e5, 5e5], 1e-12);
    assert_close("w", &w, &array![-5e5, 5e5], 1e-12);
}

#[test]
fn rmsprop_gives_the_courses_numbers() {
    let _test = teach("optim::rmsprop");
    let data = data!("optim");
    let (mut w, mut squares) = (courses(-0.4, 0.6), courses(0.6, 0.9));
    let dw = courses(-0.6, 0.4);

    optim::rmsprop(&mut w, &dw, &mut squares, 1e-2, RmsProp::default());

    let cache = data.array::<Ix2>("course_rmsprop_cache");
    assert_close("squares", &squares, &cache, 1e-13);
    assert_close("w", &w, &data.array::<Ix2>("course_rmsprop_w"), 1e-13);
}

#[test]
fn four_steps_of_rmsprop_are_those_computed_apart() {
    let _test = teach("optim::rmsprop");
    let names = ["rmsprop_w", "rmsprop_cache"];
    assert_four_steps(names, |_, w, dw, state| {
        optim::rmsprop(w, dw, &mut state[0], 1e-2, RmsProp::default());
    });
}

#[test]
fn the_first_step_of_rmsprop_is_ten_rates_long() {
    let _test = teach("optim::rmsprop");
    // √(0.01·dw²) is a tenth of |dw|.
    let (mut w, mut squares) = (array![0., 0., 0.], array![0., 0., 0.]);
    let dw = array![3., -0.002, 500.];
    optim::rmsprop(&mut w, &dw, &mut squares, 0.25, RmsProp::default());
    assert_close("w", &w, &array![-2.5, 2.5, -2.5], 1e-4);
}

#[test]
fn epsilon_stands_outside_the_root() {
    let _test = teach("optim::rmsprop");
    let rule = RmsProp {
        decay: 0.,
        epsilon: 1.,
    };
    let (mut w, mut squares) = (array![0.], array![0.]);
    optim::rmsprop(&mut w, &array![3.], &mut squares, 4., rule);
    // 4·3 / (√9 + 1)
    assert_close("w", &w, &array![-3.], 1e-14);
}

#[test]
fn adam_gives_the_numbers_of_its_formula() {
    let _test = teach("optim::adam");
    let data = data!("optim");
    let (mut w, mut m, mut v) =
        (courses(-0.4, 0.6), courses(0.6, 0.9), courses(0.7, 0.5));
    let dw = courses(-0.6, 0.4);

    // The course's check: t is 5 before the step, and counted first.
    optim::adam(&mut w, &dw, &mut m, &mut v, 6, 1e-2, Adam::default());

    assert_close("m", &m, &data.array::<Ix2>("course_adam_m"), 1e-13);
    assert_close("v", &v, &data.array::<Ix2>("course_adam_v"), 1e-13);
    assert_close("w", &w, &data.array::<Ix2>("course_adam_w"), 1e-13);
}

#[test]
fn four_steps_of_adam_are_those_computed_apart() {
    let _test = teach("optim::adam");
    assert_four_steps(["adam_w", "adam_m", "adam_v"], |t, w, dw, state| {
        let [m, v] = state else { panic!("two states") };
        optim::adam(w, dw, m, v, t, 1e-3, Adam::default());
    });
}

#[test]
fn the_first_step_of_adam_is_one_rate_long_whatever_the_gradient() {
    let _test = teach("optim::adam");
    let zeros = || Array1::zeros(4);
    let (mut w, mut m, mut v) = (zeros(), zeros(), zeros());
    let dw = array![3., -0.002, 500., -1e-4];
    optim::adam(&mut w, &dw, &mut m, &mut v, 1, 0.25, Adam::default());
    assert_close("w", &w, &array![-0.25, 0.25, -0.25, 0.25], 2e-4);
}

#[test]
fn the_same_gradient_for_ever_gives_steps_of_one_rate() {
    let _test = teach("optim::adam");
    let (mut w, mut m, mut v) = (array![0., 0.], array![0., 0.], array![0., 0.]);
    for t in 1..=50 {
        let before = w.clone();
        optim::adam(
            &mut w,
            &array![3., -70.],
            &mut m,
            &mut v,
            t,
            0.25,
            Adam::default(),
        );
        let moved = &w - &before;
        assert_close(&format!("step {t}"), &moved, &array![-0.25, 0.25], 1e-7);
    }
}

#[test]
fn after_many_steps_nothing_is_left_to_correct() {
    let _test = teach("optim::adam");
    // m / (√v + ε), as no power of beta is left: also for a t that no i32 holds.
    for t in [100_000, 1 << 40] {
        let (mut w, mut m, mut v) = (array![1.], array![0.5], array![4.]);
        optim::adam(
            &mut w,
            &array![0.5],
            &mut m,
            &mut v,
            t,
            0.1,
            Adam::default(),
        );
        let root = (0.999 * 4. + 0.001 * 0.25_f64).sqrt();
        assert_close("w", &w, &array![1. - 0.1 * 0.5 / (root + 1e-8)], 1e-13);
    }
}

#[test]
fn adams_epsilon_stands_outside_the_root() {
    let _test = teach("optim::adam");
    let rule = Adam {
        beta1: 0.,
        beta2: 0.,
        epsilon: 1.,
    };
    let (mut w, mut m, mut v) = (array![0.], array![7.], array![7.]);
    optim::adam(&mut w, &array![3.], &mut m, &mut v, 1, 4., rule);
    assert_close("w", &w, &array![-3.], 1e-14);
}

#[test]
fn a_mean_may_be_as_large_as_its_gradients() {
    let _test = teach("optim::adam");
    let (mut w, mut m, mut v) = (array![0., 0.], array![0., 0.], array![0., 0.]);
    let dw = array![1e6, -1e6];
    optim::adam(&mut w, &dw, &mut m, &mut v, 1, 0.5, Adam::default());
    assert_close("m", &m, &array![1e5, -1e5], 1e-12);
    assert_close("v", &v, &array![1e9, 1e9], 1e-12);
    assert_close("w", &w, &array![-0.5, 0.5], 1e-12);
}

/// Runs `step` on arrays of many shapes and orders in memory, and compares with itself on
/// lists of the same numbers.
fn assert_entry_by_entry(step: impl Fn(ArrayMut, &Array<f64, ndarray::IxDyn>)) {
    fn of<Sh: ShapeBuilder>(shape: Sh, seed: u64) -> Array<f64, ndarray::IxDyn> {
        random(shape, seed).into_dyn()
    }
    let listed =
        |a: &Array<f64, ndarray::IxDyn>| Array::from_iter(a.iter().copied()).into_dyn();
    let sets = [
        (of(7, 1), of(7, 2)),
        (of((5, 3, 2), 1), of((5, 3, 2), 2)),
        (of((5, 3).f(), 1), of((5, 3), 2)),
        (of((0, 3), 1), of((0, 3), 2)),
    ];
    for (w, dw) in sets {
        let (mut a, mut b) = (w.clone(), listed(&w));
        let mut states = [w.mapv(|x| x * x), w.mapv(f64::abs)];
        let mut lists = [listed(&states[0]), listed(&states[1])];
        let [first, second] = &mut states;
        step((&mut a, first, second), &dw);
        let [first, second] = &mut lists;
        step((&mut b, first, second), &listed(&dw));
        assert_eq!(listed(&a), b);
        assert_eq!(listed(&states[0]), lists[0]);
        assert_eq!(listed(&states[1]), lists[1]);
    }
    // Every other column of a larger array.
    let mut wide = random((4, 6), 1);
    let (dw, state) = (of((4, 3), 2), of((4, 3), 3).mapv(|x| x * x));
    let mut narrow = wide.slice(s![.., ..;2]).to_owned().into_dyn();
    let kept = wide.slice(s![.., 1..;2]).to_owned();
    let (mut first, mut second) = (state.clone(), state.clone());
    step((&mut narrow, &mut first, &mut second), &dw);
    let mut view = wide.slice_mut(s![.., ..;2]).into_dyn();
    let (mut first, mut second) = (state.clone(), state);
    step((&mut view, &mut first, &mut second), &dw);
    assert_eq!(view, narrow);
    assert_eq!(wide.slice(s![.., 1..;2]), kept);
}

type Entries = ndarray::ArrayRef<f64, ndarray::IxDyn>;
type ArrayMut<'a> = (&'a mut Entries, &'a mut Entries, &'a mut Entries);

#[test]
fn momentum_treats_every_entry_by_itself_in_any_shape() {
    let _test = teach("optim::momentum");
    assert_entry_by_entry(|(w, v, _), dw| optim::momentum(w, dw, v, 0.3, 0.8));
}

#[test]
fn rmsprop_treats_every_entry_by_itself_in_any_shape() {
    let _test = teach("optim::rmsprop");
    assert_entry_by_entry(|(w, s, _), dw| {
        optim::rmsprop(w, dw, s, 0.3, RmsProp::default());
    });
}

#[test]
fn adam_treats_every_entry_by_itself_in_any_shape() {
    let _test = teach("optim::adam");
    assert_entry_by_entry(|(w, m, v), dw| {
        optim::adam(w, dw, v, m, 4, 0.3, Adam::default());
    });
}

/// A valley 100 times as steep across as along: ½(x² + 100·y²).
fn gradient_of_the_ravine(w: &Array1<f32>) -> Array1<f32> {
    array![w[0], 100. * w[1]]
}

#[test]
fn momentum_finds_the_bottom_of_a_ravine_in_f32() {
    let _test = teach("optim::momentum");
    let (mut w, mut v) = (array![10_f32, 1.], array![0_f32, 0.]);
    for _ in 0..1000 {
        let dw = gradient_of_the_ravine(&w);
        optim::momentum(&mut w, &dw, &mut v, 0.015, 0.9);
        assert_finite("w", &w);
    }
    assert!(w.iter().all(|w| w.abs() < 1e-3), "{w}");
}

#[test]
fn rmsprop_comes_near_the_bottom_of_a_ravine_in_f32() {
    let _test = teach("optim::rmsprop");
    let (mut w, mut squares) = (array![10_f32, 1.], array![0_f32, 0.]);
    for _ in 0..1000 {
        let dw = gradient_of_the_ravine(&w);
        optim::rmsprop(&mut w, &dw, &mut squares, 0.02, RmsProp::default());
        assert_finite("w", &w);
    }
    assert!(w.iter().all(|w| w.abs() < 0.1), "{w}");
}

#[test]
fn adam_finds_the_bottom_of_a_ravine_in_f32() {
    let _test = teach("optim::adam");
    let (mut w, mut m, mut v) =
        (array![10_f32, 1.], array![0_f32, 0.], array![0_f32, 0.]);
    for t in 1..=1000 {
        let dw = gradient_of_the_ravine(&w);
        optim::adam(&mut w, &dw, &mut m, &mut v, t, 0.1, Adam::default());
        assert_finite("w", &w);
    }
    assert!(w.iter().all(|w| w.abs() < 1e-2), "{w}");
}

#[test]
fn arrays_of_different_shapes_are_refused_by_name() {
    let _test = given();
    let a = |n: usize| Array1::<f64>::zeros(n);
    assert_panics(&["optim::momentum", "v ", "[2]", "[3]"], || {
        optim::momentum(&mut a(2), &a(2), &mut a(3), 0.1, 0.9);
    });
    assert_panics(&["optim::rmsprop", "dw", "[2]", "[3]"], || {
        optim::rmsprop(&mut a(2), &a(3), &mut a(2), 0.1, RmsProp::default());
    });
    assert_panics(&["optim::adam", "m ", "[2]", "[1]"], || {
        optim::adam(
            &mut a(2),
            &a(2),
            &mut a(1),
            &mut a(2),
            1,
            0.1,
            Adam::default(),
        );
    });
    assert_panics(&["optim::adam", "v ", "[2]", "[1]"], || {
        optim::adam(
            &mut a(2),
            &a(2),
            &mut a(2),
            &mut a(1),
            1,
            0.1,
            Adam::default(),
        );
    });
    assert_panics(&["optim::adam", "t ", "from 1", "0"], || {
        optim::adam(
            &mut a(2),
            &a(2),
            &mut a(2),
            &mut a(2),
            0,
            0.1,
            Adam::default(),
        );
    });
}

#[test]
fn a_rule_out_of_its_range_is_refused_by_name() {
    let _test = teach("optim::momentum");
    let net = random_net(Options::new(3, &[2], 2), 1);
    let rules = [
        (Rule::Momentum(1.0), "`momentum`", "1.0"),
        (Rule::Momentum(-0.1), "`momentum`", "-0.1"),
        (Rule::Momentum(f64::NAN), "`momentum`", "NaN"),
        (
            Rule::RmsProp(RmsProp {
                decay: 1.0,
                epsilon: 1e-8,
            }),
            "`decay`",
            "1.0",
        ),
        (
            Rule::RmsProp(RmsProp {
                decay: 0.9,
                epsilon: 0.0,
            }),
            "`epsilon`",
            "0.0",
        ),
        (
            Rule::Adam(Adam {
                beta1: 1.5,
                ..Adam::default()
            }),
            "`beta1`",
            "1.5",
        ),
        (
            Rule::Adam(Adam {
                beta2: f64::INFINITY,
                ..Adam::default()
            }),
            "`beta2`",
            "inf",
        ),
        (
            Rule::Adam(Adam {
                epsilon: f64::NAN,
                ..Adam::default()
            }),
            "`epsilon`",
            "NaN",
        ),
    ];
    for (rule, name, got) in rules {
        let error: Error = Optimizer::new(rule, net.parameters()).unwrap_err();
        let text = error.to_string();
        assert!(text.contains(name) && text.ends_with(got), "{text}");
    }
}

/// Whether one step and a second of the optimizer are those of `step`, array by array. The
/// network has gamma and beta as well.
fn assert_steps_every_parameter(
    rule: Rule<f64>,
    mut step: impl FnMut(u64, &mut Array1<f64>, &Array1<f64>, &mut [Array1<f64>; 2]),
) {
    let options = Options {
        normalization: Normalization::BatchNorm,
        ..Options::new(3, &[4, 2], 2)
    };
    let mut net = random_net(options.clone(), 1);
    let grads = [random_net(options.clone(), 2), random_net(options, 3)];
    let list = |a: ndarray::ArrayViewD<f64>| Array::from_iter(a.iter().copied());
    let mut expected: Vec<_> = net.parameters().iter().map(|(_, w)| list(w)).collect();
    let mut states: Vec<_> = expected
        .iter()
        .map(|w| [Array1::zeros(w.len()), Array1::zeros(w.len())])
        .collect();
    let mut optimizer = Optimizer::new(rule, net.parameters()).unwrap();
    for (t, grads) in (1..).zip(&grads) {
        optimizer.step(net.parameters_mut(), grads.parameters(), 0.1);
        let all = expected.iter_mut().zip(&mut states);
        for ((w, state), (_, dw)) in all.zip(grads.parameters().iter()) {
            step(t, w, &list(dw), state);
        }
    }
    assert_eq!(optimizer.steps(), 2);
    assert_eq!(expected.len(), 10);
    for ((name, w), expected) in net.parameters().iter().zip(&expected) {
        assert_close(&name, &list(w), expected, 1e-14);
    }
}

#[test]
fn an_optimizer_of_plain_steps_moves_every_parameter() {
    let _test = teach("optim::momentum");
    assert_steps_every_parameter(Rule::Sgd, |_, w, dw, _| w.scaled_add(-0.1, dw));
}

#[test]
fn an_optimizer_carries_the_velocity_of_every_parameter() {
    let _test = teach("optim::momentum");
    assert_steps_every_parameter(Rule::Momentum(0.7), |_, w, dw, [v, _]| {
        optim::momentum(w, dw, v, 0.1, 0.7);
    });
}

#[test]
fn an_optimizer_carries_the_squares_of_every_parameter() {
    let _test = teach("optim::rmsprop");
    let rule = RmsProp::default();
    assert_steps_every_parameter(Rule::RmsProp(rule), |_, w, dw, [squares, _]| {
        optim::rmsprop(w, dw, squares, 0.1, rule);
    });
}

#[test]
fn an_optimizer_carries_adams_means_and_counts_its_steps() {
    let _test = teach("optim::adam");
    let rule = Adam::default();
    assert_steps_every_parameter(Rule::Adam(rule), |t, w, dw, [m, v]| {
        optim::adam(w, dw, m, v, t, 0.1, rule);
    });
}

#[test]
fn an_optimizer_refuses_what_belongs_to_another_network() {
    let _test = teach("optim::momentum");
    let mut net = random_net(Options::new(3, &[2], 2), 1);
    let other = random_net(Options::new(3, &[4], 2), 1);
    let mut optimizer =
        Optimizer::new(Rule::Momentum(0.9), other.parameters()).unwrap();
    let grads = net.parameters().clone();
    assert_panics(&["optim::Optimizer::step", "shapes"], || {
        optimizer.step(net.parameters_mut(), &grads, 0.1);
    });
    let mut optimizer = Optimizer::new(Rule::Sgd, net.parameters()).unwrap();
    assert_panics(&["optim::Optimizer::step", "gradients"], || {
        optimizer.step(net.parameters_mut(), other.parameters(), 0.1);
    });
}

/// Numbers so small that their squares are 0 in `f32`, and so large that they are near its end.
#[test]
fn tiny_gradients_and_huge_ones_leave_numbers() {
    let _test = teach("optim::adam");
    fn zeros<D: Dimension>(a: &Array<f32, D>) -> Array<f32, D> {
        Array::zeros(a.raw_dim())
    }
    let dw = array![1e-30_f32, -1e-30, 1e15, -1e15, 0.];
    let (mut w, mut m, mut v) = (zeros(&dw), zeros(&dw), zeros(&dw));
    for t in 1..=10 {
        optim::adam(&mut w, &dw, &mut m, &mut v, t, 1e-3, Adam::default());
        assert_finite("w", &w);
    }
}

/// A mean square that is infinite stays so, and what is divided by it is 0.
#[test]
fn rmsprop_stops_a_weight_whose_gradient_is_too_large_to_be_squared() {
    let _test = teach("optim::rmsprop");
    let (mut w, mut squares) = (array![1_f32, 1.], array![0_f32, 0.]);
    for dw in [array![1e30_f32, 1.], array![1., 1.]] {
        let before = w.clone();
        optim::rmsprop(&mut w, &dw, &mut squares, 1e-3, RmsProp::default());
        assert_eq!(w[0], 1.);
        assert!(w[1] < before[1], "{w}");
    }
}

#[test]
fn adam_stops_a_weight_whose_gradient_is_too_large_to_be_squared() {
    let _test = teach("optim::adam");
    let (mut w, mut m, mut v) =
        (array![1_f32, 1.], array![0_f32, 0.], array![0_f32, 0.]);
    for (t, dw) in (1..).zip([array![1e30_f32, 1.], array![1., 1.]]) {
        let before = w.clone();
        optim::adam(&mut w, &dw, &mut m, &mut v, t, 1e-3, Adam::default());
        assert_eq!(w[0], 1.);
        assert!(w[1] < before[1], "{w}");
    }
}

/// A thousand steps by a rule, in `f32`: the loss is finite all along, and falls.
fn assert_a_thousand_steps_learn(rule: Rule<f32>, rate: f32) {
    let x = random((8, 6), 1).mapv(|x| x as f32);
    let y = [0, 1, 2, 0, 1, 2, 0, 1];
    let mut net = FullyConnectedNet::<f32>::new(Options {
        weight_scale: 0.5,
        ..Options::new(6, &[10, 10], 3)
    })
    .unwrap();
    let mut optimizer = Optimizer::new(rule, net.parameters()).unwrap();
    let mut losses = Vec::new();
    for _ in 0..1000 {
        let (loss, grads) = net.loss(&x, &y).unwrap();
        assert!(loss.is_finite(), "{rule:?}: {loss}");
        losses.push(loss);
        optimizer.step(net.parameters_mut(), &grads, rate);
    }
    assert_eq!(optimizer.steps(), 1000);
    assert!(losses[999] < 0.1 * losses[0], "{rule:?}: {}", losses[999]);
}

#[test]
fn a_thousand_steps_with_momentum_stay_finite_and_learn() {
    let _test = teach("optim::momentum");
    assert_a_thousand_steps_learn(Rule::Sgd, 0.1);
    assert_a_thousand_steps_learn(Rule::Momentum(0.9), 0.01);
}

#[test]
fn a_thousand_steps_of_rmsprop_stay_finite_and_learn() {
    let _test = teach("optim::rmsprop");
    assert_a_thousand_steps_learn(Rule::RmsProp(RmsProp::default()), 1e-3);
}

#[test]
fn a_thousand_steps_of_adam_stay_finite_and_learn() {
    let _test = teach("optim::adam");
    assert_a_thousand_steps_learn(Rule::Adam(Adam::default()), 1e-3);
}
