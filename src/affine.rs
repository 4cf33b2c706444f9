//! # The affine layer
use crate::Scalar;
use ndarray::{
    Array, Array1, Array2, ArrayRef1, ArrayRef2, Axis, CowArray, Dimension, Ix2,
};

/// What the backward pass must remember: the input.
#[derive(Debug, Clone)]
pub struct Cache<'a, T: Scalar, D: Dimension> {
    rows: CowArray<'a, T, Ix2>,
    shape: D,
}

/// The gradient of the loss with respect to each argument of [`forward`].
#[derive(Debug, Clone, PartialEq)]
pub struct Grads<T, D: Dimension> {
    /// ∂L/∂x, in the shape of `x`, `(N, d₁, …, dₖ)`.
    pub dx: Array<T, D>,
    /// ∂L/∂w, `(D, M)`.
    pub dw: Array2<T>,
    /// ∂L/∂b, `(M,)`.
    pub db: Array1<T>,
}

pub fn forward<'a, T: Scalar, D: Dimension>(
    x: impl Into<CowArray<'a, T, D>>,
    w: &ArrayRef2<T>,
    b: &ArrayRef1<T>,
) -> (Array2<T>, Cache<'a, T, D>) {
    let (x, shape) = rows(x.into());
    assert!(
        x.ncols() == w.nrows(),
        "affine::forward: w must have D = {} rows, one for each number of an example \
         of x {:?}; it is {:?}",
        x.ncols(),
        shape.slice(),
        w.shape(),
    );
    assert!(
        b.len() == w.ncols(),
        "affine::forward: b must have M = {} entries, one for each column of w {:?}; \
         it has {}",
        w.ncols(),
        w.shape(),
        b.len(),
    );
    // exercise: affine::forward
    let out = x.dot(w) + b;
    (out, Cache { rows: x, shape })
    // end: affine::forward
}

pub fn param_grads<T: Scalar, D: Dimension>(
    dout: &ArrayRef2<T>,
    cache: Cache<'_, T, D>,
) -> (Array2<T>, Array1<T>) {
    let x = cache.rows;
    assert!(
        dout.nrows() == x.nrows(),
        "affine::backward: dout must have N = {} rows, one for each example of x {:?}; \
         it is {:?}",
        x.nrows(),
        cache.shape.slice(),
        dout.shape(),
    );
    // exercise: affine::backward
    let dw = x.t().dot(dout);
    let db = dout.sum_axis(Axis(0));
    (dw, db)
    // end: affine::backward
}

pub fn backward<T: Scalar, D: Dimension>(
    dout: &ArrayRef2<T>,
    cache: Cache<'_, T, D>,
    w: &ArrayRef2<T>,
) -> Grads<T, D> {
    let shape = cache.shape.clone();
    let (dw, db) = param_grads(dout, cache);
    assert!(
        dw.dim() == w.dim(),
        "affine::backward: w must be (D, M) = {:?}, as it was in the forward pass; it is {:?}",
        dw.shape(),
        w.shape(),
    );
    // exercise: affine::backward
    let dx = dout.dot(&w.t());
    Grads {
        dx: unrows(dx, shape),
        dw,
        db,
    }
    // end: affine::backward
}

/// Lays each example out as one row.
pub(crate) fn rows<'a, T: Scalar, D: Dimension>(
    x: CowArray<'a, T, D>,
) -> (CowArray<'a, T, Ix2>, D) {
    let shape = x.raw_dim();
    assert!(
        shape.ndim() > 0,
        "affine::forward: x must be (N, d₁, …, dₖ); it has no axis"
    );
    let n = shape[0];
    let d: usize = shape.slice()[1..].iter().product();
    let rows = if x.is_standard_layout() {
        x.into_shape_with_order((n, d))
    } else {
        CowArray::from(x.as_standard_layout().into_owned())
            .into_shape_with_order((n, d))
    };
    (
        rows.expect("as many numbers as before, in row-major order"),
        shape,
    )
}

fn unrows<T: Scalar, D: Dimension>(dx: Array2<T>, shape: D) -> Array<T, D> {
    dx.to_shape(shape)
        .expect("dx has a row for each example")
        .into_owned()
}
