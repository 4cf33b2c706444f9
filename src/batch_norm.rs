//! # Chapter 11. Batch normalization
//!
//! *Each layer's sums depend on all layers before it. Can we fix their scale, whatever the
//! weights are?*
//!
//! <!-- code: batch_norm::moments -->
//!
//! <!-- code: batch_norm::forward -->
//!
//! <!-- code: batch_norm::remember -->
//!
//! <!-- code: batch_norm::test_forward -->
//!
//! <!-- code: batch_norm::backward -->
//!
//! <!-- code: batch_norm::backward_short -->
//!
//! Next: [chapter 12, layer normalization](crate::layer_norm).

use crate::{Moments, Scalar};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView1, ArrayView2};

/// Added to the variance, inside the root, so that nothing is divided by 0.
pub const EPSILON: f64 = 1e-5;

/// How much of the running averages stays when a batch is remembered.
pub const MOMENTUM: f64 = 0.9;

/// What [`backward`] must remember.
#[derive(Debug, Clone)]
pub struct Cache<T: Scalar> {
    normalized: Array2<T>,
    std: Array1<T>,
}

/// The gradient of each argument of [`forward`], in its shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Grads<T> {
    /// ∂L/∂x, `(N, M)`.
    pub dx: Array2<T>,
    /// ∂L/∂gamma, `(M,)`.
    pub dgamma: Array1<T>,
    /// ∂L/∂beta, `(M,)`.
    pub dbeta: Array1<T>,
}

/// The mean and the variance of each unit over the batch.
///
/// `x` is `(N, M)`. The variance divides by `N`.
///
/// # Panics
///
/// If the batch is empty.
pub fn moments<T: Scalar>(x: &ArrayRef2<T>) -> Moments<T> {
    assert!(
        x.nrows() > 0,
        "batch_norm::moments: the batch must have at least one example; x is {:?}",
        x.shape(),
    );
    let x = x.view();
    // exercise: batch_norm::moments
    use ndarray::Axis;

    let n = T::of(x.nrows() as f64);
    let mean = x.sum_axis(Axis(0)) / n;
    let var = (&x - &mean).pow2().sum_axis(Axis(0)) / n;
    Moments { mean, var }
    // end: batch_norm::moments
}

/// The training pass: each unit with mean 0 and variance 1 over the batch, then scaled by
/// `gamma` and shifted by `beta`.
///
/// `x` and the result are `(N, M)`, `gamma` and `beta` are `(M,)`. The [`moments`] of the batch
/// come out as well, to be [remembered](remember).
///
/// # Panics
///
/// If the batch is empty, or `gamma` or `beta` does not have `M` entries.
#[doc(alias = "batchnorm_forward")]
pub fn forward<T: Scalar>(
    x: &ArrayRef2<T>,
    gamma: &ArrayRef1<T>,
    beta: &ArrayRef1<T>,
) -> (Array2<T>, Cache<T>, Moments<T>) {
    assert_units("batch_norm::forward", x, ("gamma", gamma));
    assert_units("batch_norm::forward", x, ("beta", beta));
    let moments = moments(x);
    let (x, gamma, beta) = (x.view(), gamma.view(), beta.view());
    let epsilon = T::of(EPSILON);
    // exercise: batch_norm::forward
    let std = moments.var.mapv(|var| (var + epsilon).sqrt());
    let normalized = (&x - &moments.mean) / &std;
    let out = &normalized * &gamma + &beta;
    (out, Cache { normalized, std }, moments)
    // end: batch_norm::forward
}

/// Folds the moments of a batch into the running averages: 0.9 of the old, 0.1 of the batch.
///
/// # Panics
///
/// If the two do not have one number of units.
pub fn remember<T: Scalar>(running: &mut Moments<T>, batch: &Moments<T>) {
    assert!(
        running.mean.len() == batch.mean.len() && running.var.len() == batch.var.len(),
        "batch_norm::remember: the batch must have as many units as the running averages, {}; \
         it has {}",
        running.mean.len(),
        batch.mean.len(),
    );
    let momentum = T::of(MOMENTUM);
    let one = T::one();
    // exercise: batch_norm::remember
    let mix = |old: &mut T, &new: &T| *old = momentum * *old + (one - momentum) * new;
    running.mean.zip_mut_with(&batch.mean, mix);
    running.var.zip_mut_with(&batch.var, mix);
    // end: batch_norm::remember
}

/// The test pass: as [`forward`], with the running averages in place of the batch's moments.
///
/// `x` and the result are `(N, M)`, all else is `(M,)`. An example's result does not depend on
/// the others.
///
/// # Panics
///
/// If `gamma`, `beta` or the running averages do not have `M` entries.
pub fn test_forward<T: Scalar>(
    x: &ArrayRef2<T>,
    gamma: &ArrayRef1<T>,
    beta: &ArrayRef1<T>,
    running: &Moments<T>,
) -> Array2<T> {
    assert_units("batch_norm::test_forward", x, ("gamma", gamma));
    assert_units("batch_norm::test_forward", x, ("beta", beta));
    assert_units(
        "batch_norm::test_forward",
        x,
        ("running.mean", &running.mean),
    );
    assert_units("batch_norm::test_forward", x, ("running.var", &running.var));
    let (x, gamma, beta) = (x.view(), gamma.view(), beta.view());
    let epsilon = T::of(EPSILON);
    // exercise: batch_norm::test_forward
    let std = running.var.mapv(|var| (var + epsilon).sqrt());
    (&x - &running.mean) / &std * &gamma + &beta
    // end: batch_norm::test_forward
}

/// The gradients, derived along the graph: every way from `x` to the output, step by step.
///
/// `dout` is `(N, M)`, `gamma` is the `(M,)` of the forward pass.
///
/// # Panics
///
/// If `dout` or `gamma` does not have the shape that the forward pass implies.
#[doc(alias = "batchnorm_backward")]
pub fn backward<T: Scalar>(
    dout: &ArrayRef2<T>,
    cache: Cache<T>,
    gamma: &ArrayRef1<T>,
) -> Grads<T> {
    cache.assert_fits("batch_norm::backward", dout, gamma);
    let Cache { normalized, std } = cache;
    let (dout, gamma) = (dout.view(), gamma.view());
    // exercise: batch_norm::backward
    use ndarray::Axis;

    let n = T::of(dout.nrows() as f64);
    let two = T::of(2.0);
    let sum = |a: Array2<T>| a.sum_axis(Axis(0));

    let dbeta = dout.sum_axis(Axis(0));
    let dgamma = sum(&dout * &normalized);
    let dnormalized = &dout * &gamma;

    // normalized = centered / std, std = √(var + ε), var = the mean of centered².
    let centered = &normalized * &std;
    let dstd = -sum(&dnormalized * &normalized) / &std;
    let dvar = dstd / &std / two;
    let dcentered = dnormalized / &std + centered * dvar * two / n;

    // centered = x − mean, and the mean is that of x.
    let dmean = -sum(dcentered.clone());
    let dx = dcentered + dmean / n;
    Grads { dx, dgamma, dbeta }
    // end: batch_norm::backward
}

/// The same gradients in the short form, in which the steps have been multiplied out.
///
/// Arguments and panics are those of [`backward`].
#[doc(alias = "batchnorm_backward_alt")]
pub fn backward_short<T: Scalar>(
    dout: &ArrayRef2<T>,
    cache: Cache<T>,
    gamma: &ArrayRef1<T>,
) -> Grads<T> {
    cache.assert_fits("batch_norm::backward_short", dout, gamma);
    let Cache { normalized, std } = cache;
    let (dout, gamma) = (dout.view(), gamma.view());
    // exercise: batch_norm::backward_short
    use ndarray::Axis;

    let n = T::of(dout.nrows() as f64);
    let dbeta = dout.sum_axis(Axis(0));
    let dgamma = (&dout * &normalized).sum_axis(Axis(0));
    let dx = (&dout - (normalized * &dgamma + &dbeta) / n) * (&gamma / &std);
    Grads { dx, dgamma, dbeta }
    // end: batch_norm::backward_short
}

impl<T: Scalar> Cache<T> {
    /// The normalized batch, before gamma and beta, `(N, M)`.
    pub fn normalized(&self) -> ArrayView2<'_, T> {
        self.normalized.view()
    }

    /// The standard deviation of each unit, `√(var + ε)`, `(M,)`.
    pub fn std(&self) -> ArrayView1<'_, T> {
        self.std.view()
    }

    /// Panics, in the name of `function`, unless `dout` and `gamma` fit the forward pass.
    fn assert_fits(&self, function: &str, dout: &ArrayRef2<T>, gamma: &ArrayRef1<T>) {
        assert!(
            dout.shape() == self.normalized.shape(),
            "{function}: dout must have the shape of x, {:?}; it is {:?}",
            self.normalized.shape(),
            dout.shape(),
        );
        assert_units(function, dout, ("gamma", gamma));
    }
}

/// Panics, in the name of `function`, unless there is an entry for each of the `M` units.
pub(crate) fn assert_units<T: Scalar>(
    function: &str,
    x: &ArrayRef2<T>,
    (name, entries): (&str, &ArrayRef1<T>),
) {
    assert!(
        entries.len() == x.ncols(),
        "{function}: {name} must have M = {} entries, one for each unit of x {:?}; it has {}",
        x.ncols(),
        x.shape(),
        entries.len(),
    );
}

// exercise: batch_norm::helpers
// end: batch_norm::helpers
