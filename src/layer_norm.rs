//! # Chapter 12. Layer normalization
//!
//! *Batch normalization needs a batch. What if an example is to be normalized by itself?*
//!
//! <!-- code: layer_norm::forward -->
//!
//! <!-- code: layer_norm::backward -->
//!
//! Next: [chapter 13, dropout](crate::dropout).

use crate::Scalar;
use crate::batch_norm::{EPSILON, Grads, assert_units};
use ndarray::{Array2, ArrayRef1, ArrayRef2, Axis};

/// What [`backward`] must remember.
#[derive(Debug, Clone)]
pub struct Cache<T: Scalar> {
    normalized: Array2<T>,
    /// The standard deviation of each example, as a column, `(N, 1)`.
    std: Array2<T>,
}

/// Each example with mean 0 and variance 1 over its units, then each unit scaled by `gamma` and
/// shifted by `beta`.
///
/// `x` and the result are `(N, M)`, `gamma` and `beta` are `(M,)`. An example's result does not
/// depend on the others, so there is one pass for training and test.
///
/// # Panics
///
/// If `x` has no column, or `gamma` or `beta` does not have `M` entries.
#[doc(alias = "layernorm_forward")]
pub fn forward<T: Scalar>(
    x: &ArrayRef2<T>,
    gamma: &ArrayRef1<T>,
    beta: &ArrayRef1<T>,
) -> (Array2<T>, Cache<T>) {
    assert!(
        x.ncols() > 0,
        "layer_norm::forward: an example must have at least one unit; x is {:?}",
        x.shape(),
    );
    assert_units("layer_norm::forward", x, ("gamma", gamma));
    assert_units("layer_norm::forward", x, ("beta", beta));
    let (x, gamma, beta) = (x.view(), gamma.view(), beta.view());
    let epsilon = T::of(EPSILON);
    // exercise: layer_norm::forward
    let m = T::of(x.ncols() as f64);
    let mean = x.sum_axis(Axis(1)).insert_axis(Axis(1)) / m;
    let centered = &x - &mean;
    let var = centered.pow2().sum_axis(Axis(1)).insert_axis(Axis(1)) / m;
    let std = var.mapv(|var| (var + epsilon).sqrt());
    let normalized = centered / &std;
    let out = &normalized * &gamma + &beta;
    (out, Cache { normalized, std })
    // end: layer_norm::forward
}

/// The gradient of each argument, from `dout = ∂L/∂out`.
///
/// `dout` is `(N, M)`, `gamma` is the `(M,)` of the forward pass.
///
/// # Panics
///
/// If `dout` or `gamma` does not have the shape that the forward pass implies.
#[doc(alias = "layernorm_backward")]
pub fn backward<T: Scalar>(
    dout: &ArrayRef2<T>,
    cache: Cache<T>,
    gamma: &ArrayRef1<T>,
) -> Grads<T> {
    let Cache { normalized, std } = cache;
    assert!(
        dout.shape() == normalized.shape(),
        "layer_norm::backward: dout must have the shape of x, {:?}; it is {:?}",
        normalized.shape(),
        dout.shape(),
    );
    assert_units("layer_norm::backward", dout, ("gamma", gamma));
    let (dout, gamma) = (dout.view(), gamma.view());
    // exercise: layer_norm::backward
    let m = T::of(dout.ncols() as f64);
    let mean = |a: &Array2<T>| a.sum_axis(Axis(1)).insert_axis(Axis(1)) / m;

    let dbeta = dout.sum_axis(Axis(0));
    let dgamma = (&dout * &normalized).sum_axis(Axis(0));
    let dnormalized = &dout * &gamma;
    let along = &normalized * &mean(&(&dnormalized * &normalized));
    let dx = (&dnormalized - &mean(&dnormalized) - along) / &std;
    Grads { dx, dgamma, dbeta }
    // end: layer_norm::backward
}

// exercise: layer_norm::helpers
// end: layer_norm::helpers
