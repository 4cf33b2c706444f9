//! What the chapters' tests share: numbers from files, comparisons, a gradient check.

use crate::teach::expected_panic;
use fully_connected::init::standard_normals;
use fully_connected::{Error, FullyConnectedNet, Options, Scalar};
use ndarray::{
    Array, Array1, Array2, ArrayD, ArrayRef, ArrayRef2, Dimension, Ix2, IxDyn,
    ShapeBuilder,
};
use std::collections::HashMap;
use std::fmt::Debug;

/// The arrays of `tests/data/NAME.txt`, by name.
#[macro_export]
macro_rules! data {
    ($name:literal) => {
        $crate::support::Data::parse(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/data/",
            $name,
            ".txt"
        )))
    };
}

/// Arrays by name, from a text file.
///
/// A line `x 2 3` names an array and gives its shape; the lines after it hold its
/// numbers in row-major order. A line that starts with `#` is a comment.
pub struct Data {
    arrays: HashMap<&'static str, (Vec<usize>, Vec<f64>)>,
}

impl Data {
    pub fn parse(text: &'static str) -> Data {
        let mut arrays = HashMap::new();
        let mut current: Option<&mut (Vec<usize>, Vec<f64>)> = None;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let name = words.next().expect("the line starts with a name");
                let shape = words.map(|n| n.parse().expect("a size")).collect();
                current = Some(arrays.entry(name).or_insert((shape, Vec::new())));
            } else if let Some((_, numbers)) = &mut current {
                numbers.extend(words.map(|n| n.parse::<f64>().expect("a number")));
            }
        }
        Data { arrays }
    }

    /// The array of that name.
    pub fn array<D: Dimension>(&self, name: &str) -> Array<f64, D> {
        let (shape, numbers) = &self.arrays[name];
        ArrayD::from_shape_vec(IxDyn(shape), numbers.clone())
            .expect("as many numbers as the shape says")
            .into_dimensionality()
            .expect("as many axes as the test says")
    }

    /// The labels of that name.
    pub fn labels(&self, name: &str) -> Vec<usize> {
        self.arrays[name].1.iter().map(|&y| y as usize).collect()
    }
}

/// Evenly spaced numbers from `start` to `end` in row-major order, as NumPy's
/// `linspace(start, end, N).reshape(shape)`.
pub fn linspace<Sh: ShapeBuilder>(
    start: f64,
    end: f64,
    shape: Sh,
) -> Array<f64, Sh::Dim> {
    let shape = shape.into_shape_with_order();
    Array1::linspace(start, end, shape.size())
        .into_shape_with_order(shape.raw_dim().clone())
        .expect("as many numbers as the shape says")
}

/// Standard normal numbers, the same for the same seed.
pub fn random<Sh: ShapeBuilder>(shape: Sh, seed: u64) -> Array<f64, Sh::Dim> {
    let mut normals = standard_normals(seed);
    Array::from_shape_simple_fn(shape, || normals.next().expect("an endless source"))
}

/// Labels 0, 1, …, `classes` − 1, 0, 1, … in a fixed disorder.
pub fn labels(n: usize, classes: usize) -> Vec<usize> {
    (0..n).map(|i| (7 * i + 3) % classes).collect()
}

/// A network with random parameters; the biases too, which a new network has at 0.
///
/// A weight has the standard deviation √(2 / fan_in), so that the numbers keep their
/// size from layer to layer, a bias 1/2.
pub fn random_net(options: Options, seed: u64) -> FullyConnectedNet<f64> {
    let mut net = FullyConnectedNet::new(options).expect("good options");
    for (i, name) in net.parameters().names().into_iter().enumerate() {
        let mut parameter = net.parameters_mut().get_mut(&name).expect("its own name");
        let scale = match parameter.shape() {
            [fan_in, _] => (2.0 / *fan_in as f64).sqrt(),
            _ => 0.5,
        };
        let shape = parameter.raw_dim();
        parameter.assign(&(random(shape, seed * 100 + i as u64) * scale));
    }
    net
}

/// The course's two-layer network, 5-50-7, all of whose parameters are formulas.
pub fn courses_two_layer_net(reg: f64) -> FullyConnectedNet<f64> {
    let options = Options {
        reg,
        ..Options::new(5, &[50], 7)
    };
    let mut net = FullyConnectedNet::new(options).unwrap();
    let parameters = net.parameters_mut();
    parameters.set("W1", &linspace(-0.7, 0.3, (5, 50))).unwrap();
    parameters.set("b1", &linspace(-0.1, 0.9, 50)).unwrap();
    parameters.set("W2", &linspace(-0.3, 0.4, (50, 7))).unwrap();
    parameters.set("b2", &linspace(-0.9, 0.1, 7)).unwrap();
    net
}

/// The course's three examples for it; the numbers fill the columns first.
pub fn courses_two_layer_inputs() -> Array2<f64> {
    linspace(-5.5, 4.5, (5, 3)).reversed_axes()
}

/// The course's 15-20-30-10 network with the weights that a file holds.
pub fn courses_three_layer_net(data: &Data, reg: f64) -> FullyConnectedNet<f64> {
    let options = Options {
        reg,
        weight_scale: 5e-2,
        ..Options::new(15, &[20, 30], 10)
    };
    let mut net = FullyConnectedNet::new(options).unwrap();
    for name in ["W1", "W2", "W3"] {
        let w = data.array::<Ix2>(name);
        net.parameters_mut().set(name, &w).unwrap();
    }
    net
}

/// The network with the same options and parameters, rounded to `f32`.
pub fn in_f32(net: &FullyConnectedNet<f64>) -> FullyConnectedNet<f32> {
    let mut single = FullyConnectedNet::new(net.options().clone()).expect("the same");
    for (name, parameter) in net.parameters().iter() {
        let parameter = parameter.mapv(|w| w as f32);
        let set = single.parameters_mut().set(&name, &parameter);
        set.expect("the same names and shapes");
    }
    single
}

/// Asserts that `got` is `expected` to `tolerance` times its largest entry.
#[track_caller]
pub fn assert_close<T: Scalar, U: Scalar, D: Dimension<Pattern: Debug>>(
    name: &str,
    got: &ArrayRef<T, D>,
    expected: &ArrayRef<U, D>,
    tolerance: f64,
) {
    assert_eq!(got.shape(), expected.shape(), "the shape of {name}");
    let scale = expected
        .iter()
        .fold(0.0, |most: f64, e| most.max(e.as_f64().abs()));
    let pairs = got.indexed_iter().zip(expected);
    for ((index, got), expected) in pairs {
        let (got, expected) = (got.as_f64(), expected.as_f64());
        assert!(
            (got - expected).abs() <= tolerance * scale,
            "{name}{index:?} is {got:e}; expected {expected:e}, to {tolerance:e} of the \
             largest entry {scale:e}",
        );
    }
}

/// Asserts that every entry is finite.
#[track_caller]
pub fn assert_finite<T: Scalar, D: Dimension<Pattern: Debug>>(
    name: &str,
    got: &ArrayRef<T, D>,
) {
    for (index, value) in got.indexed_iter() {
        assert!(value.is_finite(), "{name}{index:?} is {value}");
    }
}

/// Asserts that every row of a gradient with respect to scores sums to 0.
#[track_caller]
pub fn assert_rows_sum_to_zero<T: Scalar>(dx: &ArrayRef2<T>, tolerance: f64) {
    for (i, row) in dx.rows().into_iter().enumerate() {
        let sum: f64 = row.iter().map(|d| d.as_f64()).sum();
        assert!(
            sum.abs() < tolerance,
            "row {i} of dx sums to {sum:e}, not 0"
        );
    }
}

/// Checks `gradient`, that of `f` at `x`, along random directions.
///
/// A step along a direction `v` of length 1 changes `f` by the gradient's part along
/// `v`. Every entry of the gradient has a share in every direction, so one wrong entry
/// shows in all of them.
#[track_caller]
pub fn assert_gradient<D: Dimension<Pattern: Debug>>(
    name: &str,
    mut f: impl FnMut(&Array<f64, D>) -> f64,
    x: &ArrayRef<f64, D>,
    gradient: &ArrayRef<f64, D>,
) {
    const STEP: f64 = 1e-5;
    assert_eq!(gradient.shape(), x.shape(), "the shape of {name}");
    assert_finite(name, gradient);
    let length = |a: &ArrayRef<f64, D>| a.iter().map(|a| a * a).sum::<f64>().sqrt();
    let value = f(&x.to_owned());
    let tolerance = 1e-7 * length(gradient) + 1e-9 * value.abs().max(1.0);
    for seed in 0..8 {
        let mut v = random(x.raw_dim(), 7_000 + seed);
        v /= length(&v);
        let mut at = |step: f64| {
            let mut x = x.to_owned();
            x.scaled_add(step, &v);
            f(&x)
        };
        let measured = (at(STEP) - at(-STEP)) / (2.0 * STEP);
        let claimed: f64 = gradient.iter().zip(&v).map(|(g, v)| g * v).sum();
        assert!(
            (measured - claimed).abs() < tolerance,
            "{name} says the slope along random direction {seed} is {claimed:e}; \
             measured, it is {measured:e}"
        );
    }
}

/// Checks a network's gradients of `loss`, parameter by parameter.
#[track_caller]
pub fn assert_net_gradients<'a>(
    net: &FullyConnectedNet<f64>,
    gradients: impl Iterator<Item = (String, ndarray::ArrayViewD<'a, f64>)>,
    loss: impl Fn(&FullyConnectedNet<f64>) -> f64,
) {
    let mut checked = Vec::new();
    for (name, gradient) in gradients {
        let parameter = net.parameters().get(&name).expect("a parameter's name");
        let mut probe = net.clone();
        let loss_at = |w: &ArrayD<f64>| {
            probe.parameters_mut().set(&name, w).expect("its own shape");
            loss(&probe)
        };
        assert_gradient(&format!("d{name}"), loss_at, &parameter, &gradient);
        checked.push(name);
    }
    assert_eq!(
        checked,
        net.parameters().names(),
        "a gradient for each parameter"
    );
}

/// Asserts that `f` panics and that its message holds each of `words`.
#[track_caller]
pub fn assert_panics<R>(words: &[&str], f: impl FnOnce() -> R) {
    let Some(message) = expected_panic(f) else {
        panic!("it must panic with a message that says {words:?}");
    };
    assert_says(&message, words);
}

/// Asserts that `result` is an error whose message holds each of `words`.
#[track_caller]
pub fn assert_refused<R>(result: Result<R, Error>, words: &[&str]) {
    match result {
        Ok(_) => panic!("it must be refused with an error that says {words:?}"),
        Err(error) => assert_says(&error.to_string(), words),
    }
}

#[track_caller]
fn assert_says(message: &str, words: &[&str]) {
    for word in words {
        assert!(message.contains(word), "{message:?} does not say {word:?}");
    }
}
