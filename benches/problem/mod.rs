//! The problem that the benchmarks time: a 3072-100-100-10 network, 100 images a step.
//!
//! Its numbers come from a formula, not from a generator, so that `peers/step.py` makes
//! the very same ones and a loss computed there can be compared with ours.

use fully_connected::{FullyConnectedNet, Options};
use ndarray::{Array, Array2, Dimension, ShapeBuilder};

/// How many images the training set holds: 49 MB in `f32`, more than most caches keep,
/// so that a batch is gathered from memory as in real training.
pub const IMAGES: usize = 4000;
/// How many numbers an image has.
pub const PIXELS: usize = 3072;
/// How many hidden units each of the two hidden layers has.
pub const HIDDEN: usize = 100;
/// How many classes there are.
pub const CLASSES: usize = 10;
/// How many images a step sees.
pub const BATCH: usize = 100;
/// The strength of the L2 penalty.
pub const REG: f32 = 0.1;
/// The learning rate; small enough that training neither diverges nor turns tiny
/// rounding differences into different losses.
pub const LEARNING_RATE: f32 = 1e-4;

/// `f32` numbers spread evenly over `[-scale, scale)`, other ones for each `stream`.
///
/// Number `i` is the 32-bit finalizer of MurmurHash3 (a public-domain hash by Austin
/// Appleby) at `stream · 2²⁴ + i`. Its upper 24 bits fit an `f32` exactly, so the only
/// rounding is the product with `scale`, and every language rounds that alike.
pub fn uniform<D: Dimension>(
    stream: u32,
    scale: f32,
    shape: impl ShapeBuilder<Dim = D>,
) -> Array<f32, D> {
    let mut i = 0;
    Array::from_shape_simple_fn(shape, || {
        let bits = hash(stream, i) >> 8;
        i += 1;
        scale * (bits as f32 / 8_388_608.0 - 1.0)
    })
}

fn hash(stream: u32, i: u32) -> u32 {
    let mut h = (stream << 24) + i;
    h = (h ^ (h >> 16)).wrapping_mul(0x85eb_ca6b);
    h = (h ^ (h >> 13)).wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

/// The images and their labels. The pixels' standard deviation is 64, as CIFAR-10's is.
pub fn training_set() -> (Array2<f32>, Vec<usize>) {
    let x = uniform(0, 111.0, (IMAGES, PIXELS));
    let y = (0..IMAGES as u32)
        .map(|i| hash(1, i) as usize % CLASSES)
        .collect();
    (x, y)
}

/// The network before its first step, no bias zero.
pub fn net() -> FullyConnectedNet<f32> {
    let mut options = Options::new(PIXELS, &[HIDDEN, HIDDEN], CLASSES);
    options.reg = REG.into();
    let mut net = FullyConnectedNet::new(options).expect("the options are in range");
    let parameters = net.parameters_mut();
    let mut set = |name, value: Array<f32, _>| {
        parameters.set(name, &value).expect("the shape it has");
    };
    set("W1", uniform(2, 0.01, (PIXELS, HIDDEN)).into_dyn());
    set("b1", uniform(3, 0.1, HIDDEN).into_dyn());
    set("W2", uniform(4, 0.1, (HIDDEN, HIDDEN)).into_dyn());
    set("b2", uniform(5, 0.1, HIDDEN).into_dyn());
    set("W3", uniform(6, 0.1, (HIDDEN, CLASSES)).into_dyn());
    set("b3", uniform(7, 0.1, CLASSES).into_dyn());
    net
}
