//! # ReLU
use crate::Scalar;
use crate::affine;
use ndarray::{
    Array, Array1, Array2, ArrayRef, ArrayRef1, ArrayRef2, CowArray, Dimension, Ix2,
    Zip,
};

/// What the backward pass must remember.
#[derive(Debug, Clone)]
pub struct Cache<'a, T: Scalar, D: Dimension> {
    x: CowArray<'a, T, D>,
}

pub fn forward<'a, T: Scalar, D: Dimension>(
    x: impl Into<CowArray<'a, T, D>>,
) -> (Array<T, D>, Cache<'a, T, D>) {
    let x = x.into();
    // exercise: relu::forward
    let zero = T::zero();
    let out = x.mapv(|x| if x <= zero { zero } else { x });
    (out, Cache { x })
    // end: relu::forward
}

pub fn backward<T: Scalar, D: Dimension>(
    dout: &ArrayRef<T, D>,
    cache: Cache<'_, T, D>,
) -> Array<T, D> {
    let x = cache.x;
    assert!(
        dout.shape() == x.shape(),
        "relu::backward: dout must have the shape of x, {:?}; it is {:?}",
        x.shape(),
        dout.shape(),
    );
    // exercise: relu::backward
    let zero = T::zero();
    Zip::from(&x)
        .and(dout)
        .map_collect(|&x, &dout| if x <= zero { zero } else { dout })
    // end: relu::backward
}

/// What the sandwich must remember.
#[derive(Debug, Clone)]
pub struct AffineReluCache<'a, T: Scalar, D: Dimension> {
    affine: affine::Cache<'a, T, D>,
    relu: Cache<'static, T, Ix2>,
}

pub fn affine_relu_forward<'a, T: Scalar, D: Dimension>(
    x: impl Into<CowArray<'a, T, D>>,
    w: &ArrayRef2<T>,
    b: &ArrayRef1<T>,
) -> (Array2<T>, AffineReluCache<'a, T, D>) {
    let (scores, affine) = affine::forward(x, w, b);
    let (out, relu) = forward(scores);
    (out, AffineReluCache { affine, relu })
}

pub fn affine_relu_backward<T: Scalar, D: Dimension>(
    dout: &ArrayRef2<T>,
    cache: AffineReluCache<'_, T, D>,
    w: &ArrayRef2<T>,
) -> affine::Grads<T, D> {
    affine::backward(&backward(dout, cache.relu), cache.affine, w)
}

pub fn affine_relu_param_grads<T: Scalar, D: Dimension>(
    dout: &ArrayRef2<T>,
    cache: AffineReluCache<'_, T, D>,
) -> (Array2<T>, Array1<T>) {
    affine::param_grads(&backward(dout, cache.relu), cache.affine)
}
