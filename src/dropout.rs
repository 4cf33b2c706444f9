//! # Chapter 13. Dropout
//!
//! *A network can lean on a few of its units. What if none of them can be relied on?*
//!
//! <!-- code: dropout::mask -->
//!
//! <!-- code: dropout::forward -->
//!
//! <!-- code: dropout::backward -->
//!
//! Next: [chapter 14, the whole network](crate::deep).

use crate::Scalar;
use ndarray::{Array2, ArrayRef2};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// What [`backward`] must remember: the mask.
#[derive(Debug, Clone)]
pub struct Cache<T: Scalar> {
    mask: Array2<T>,
}

/// A mask: each entry is `1 / keep` with the probability `keep`, else 0.
///
/// An entry is kept if the next of `uniforms` is below `keep`, row by row. `uniforms` is any
/// source of numbers that are uniform in [0, 1).
///
/// # Panics
///
/// If `keep` is not in (0, 1], if `1 / keep` is not finite in `T`, or if `uniforms` ends too
/// soon.
pub fn mask<T: Scalar>(
    shape: (usize, usize),
    keep: f64,
    uniforms: &mut impl Iterator<Item = f64>,
) -> Array2<T> {
    assert!(
        keep > 0.0 && keep <= 1.0,
        "dropout::mask: keep, the probability of keeping an entry, must be in (0, 1]; it is \
         {keep}"
    );
    assert!(
        T::of(1.0 / keep).is_finite(),
        "dropout::mask: 1/keep must be finite in {}; keep is {keep:e}",
        std::any::type_name::<T>(),
    );
    let mut uniform = || {
        uniforms.next().unwrap_or_else(|| {
            panic!(
                "dropout::mask: the source of uniforms ended; a mask of {shape:?} needs {} of \
                 them",
                shape.0 * shape.1
            )
        })
    };
    // exercise: dropout::mask
    let kept = T::of(1.0 / keep);
    let draw = || if uniform() < keep { kept } else { T::zero() };
    Array2::from_shape_simple_fn(shape, draw)
    // end: dropout::mask
}

/// The training pass: `x` times the mask, entry by entry.
///
/// `x`, `mask` and the result are `(N, M)`.
///
/// # Panics
///
/// If the mask does not have the shape of `x`.
#[doc(alias = "dropout_forward")]
pub fn forward<T: Scalar>(x: &ArrayRef2<T>, mask: Array2<T>) -> (Array2<T>, Cache<T>) {
    assert!(
        x.shape() == mask.shape(),
        "dropout::forward: the mask must have the shape of x, {:?}; it is {:?}",
        x.shape(),
        mask.shape(),
    );
    let x = x.view();
    // exercise: dropout::forward
    let out = &x * &mask;
    (out, Cache { mask })
    // end: dropout::forward
}

/// The gradient of `x`, from `dout = ∂L/∂out`.
///
/// `dout` and the result are `(N, M)`.
///
/// # Panics
///
/// If `dout` does not have the shape of `x`.
#[doc(alias = "dropout_backward")]
pub fn backward<T: Scalar>(dout: &ArrayRef2<T>, cache: Cache<T>) -> Array2<T> {
    let mask = cache.mask;
    assert!(
        dout.shape() == mask.shape(),
        "dropout::backward: dout must have the shape of x, {:?}; it is {:?}",
        mask.shape(),
        dout.shape(),
    );
    let dout = dout.view();
    // exercise: dropout::backward
    &dout * &mask
    // end: dropout::backward
}

/// ChaCha has many streams for one seed. The first few are taken (weights, batches, images made
/// up); masks begin here, with a stream for each layer.
const FIRST_STREAM: u64 = 1 << 32;
/// The numbers of a step are this many words of the stream after those of the step before.
const WORDS_A_STEP: u128 = 1 << 32;

/// An endless source of numbers uniform in [0, 1), its own for every seed, step and layer.
///
/// Whoever asks for the same seed, step and layer again gets the same numbers again, so a pass
/// with dropout can be repeated, and its gradients checked.
///
/// ```
/// # use fully_connected::dropout::uniforms;
/// let first: Vec<f64> = uniforms(7, 0, 0).take(3).collect();
/// assert!(uniforms(7, 0, 0).take(3).eq(first.iter().copied()));
/// assert!(uniforms(7, 1, 0).take(3).ne(first.iter().copied()));
/// assert!(first.iter().all(|u| (0. ..1.).contains(u)));
/// ```
pub fn uniforms(seed: u64, step: u64, layer: usize) -> impl Iterator<Item = f64> {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(FIRST_STREAM + layer as u64);
    generator.set_word_pos(u128::from(step) * WORDS_A_STEP);
    std::iter::repeat_with(move || generator.random())
}

// exercise: dropout::helpers
// end: dropout::helpers
