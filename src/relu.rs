//! # Chapter 2. ReLU
//!
//! *Two affine layers in a row are one affine layer. What is the least we can put between
//! them so that they are not?*
//!
//! One bend. The *rectified linear unit*, ReLU, passes a positive number on and turns a
//! negative one into 0. It has no parameters and treats every number on its own. After it,
//! a unit is either *on*, and behaves as the affine layer made it, or *off*, and says
//! nothing. Which units are on changes from example to example, so the network is a
//! different affine map in different parts of its input space. Enough flat pieces come as
//! near as one likes to any curved surface.
//!
//! ## An example for the head
//!
//! ```text
//!    x = -1   0   2  -3   4
//!  out =  0   0   2   0   4        what is negative becomes 0
//!
//! dout = 10  20  30  40  50
//!   dx =  0   0  30   0  50        dout, where x was positive
//! ```
//!
//! Where `x` was 2, nudging it nudges the output by as much, so `dout` passes through
//! unchanged. Where `x` was −1, nudging it changes nothing: the output stays 0, and the
//! gradient is 0. What decides is the *sign of `x`*; `dout` has no say.
//!
//! ## Shapes
//!
//! Whatever comes in goes out: `x`, `out`, `dout` and `dx` all have one shape, with any
//! number of axes. There is nothing to flatten.
//!
//! ## The mathematics
//!
//! ```math
//! \mathrm{out} = \max(0, x)
//! \qquad\qquad
//! \frac{\partial L}{\partial x} =
//! \begin{cases}
//!   \mathrm{dout} & \text{if } x > 0 \\
//!   0             & \text{if } x \le 0
//! \end{cases}
//! ```
//!
//! <!-- code: relu::forward -->
//!
//! At exactly 0 the function has a *kink*: slope 0 on its left, 1 on its right, and no
//! derivative. We need some number there. Any between the two would do; the convention
//! is 0. Chapter 8, which measures slopes, meets the kink again.
//!
//! <!-- code: relu::backward -->
//!
//! <!-- figure: relu-mask
//! The mask is made on the way up, from the signs of `x`. On the way down the same mask
//! lies over `dout`, and nothing else of `x` is asked for.
//! -->
//!
//! [`forward`] is one expression, and the cache is `x`. We could keep less: the backward
//! pass asks one question of each number, "were you positive?", and a bit would answer it.
//! But between two layers of 100 units at batch 100 there are 40 kB in `f32`, so the plain
//! choice is the good one.
//!
//! Affine and then ReLU is what every hidden layer does, so the course gives the two
//! together as a *sandwich*, and so do we: [`affine_relu_forward`] and
//! [`affine_relu_backward`]. Read the second one. Backward is forward read from right to
//! left, with each function replaced by its own backward, and the whole of chapter 6 is
//! that sentence with a loop around it.
//!
//! ## What goes wrong
//!
//! > **Pitfall: the mask from `dout`.** `dx = dout where dout > 0` runs, has the right
//! > shape, and throws away every gradient that is negative. The mask comes from `x`.
//!
//! > **You would see.** The first loss is right. The gradient check of chapter 8 compares
//! > our gradients, *analytic*, with measured slopes, *numeric*, and says of the 30 biases
//! > of layer 2
//! >
//! > ```text
//! > b2         30             0.153596    0.189019      0  ✗ they differ
//! >            worst at [13]: analytic 0.0000e0, numeric -8.5395e-2
//! > ```
//! >
//! > A 0 where the measured slope is negative is this mistake's signature. Trained on
//! > fifty images, the network stops at 16 %.
//!
//! > **Pitfall: NaN.** A computation that has gone wrong gives NaN, *not a number*, and a
//! > NaN should stay one until somebody sees it. NumPy's `maximum(0, nan)` is NaN. Rust's
//! > `f64::max(NaN, 0.0)` is `0.0`: it returns the other operand. A ReLU written with
//! > `.max(0.0)` turns a broken network into one that looks alive: feed it images of
//! > nothing but NaN, and it reports a loss of 2.303, which is ln 10, since all scores
//! > are 0. Ask the question the other way round: replace by 0 what is *known* to be at
//! > most 0, and NaN, which compares false with everything, is passed on.
//!
//! > **Pitfall: an integer mask.** The notes that this course is often learned from write
//! > `mask = np.int64(x > 0); dx = dout * mask`. In NumPy that turns a `float32` network
//! > into `float64` without a word. Here it does not compile.
//!
//! ## Why?
//!
//! **A unit had `x = 3` and hears `dout = −7`. What is its `dx`?**
//!
//! - [ ] A. 0, since a negative number is cut off
//! - [ ] B. −7
//! - [ ] C. −21
//!
//! <details><summary>Answer</summary>
//!
//! **B.** The unit was on, with slope 1, and passes on whatever it hears. A negative
//! gradient is no negative activation: it says that the loss falls when `x` rises.
//! </details>
//!
//! <details><summary>A unit is off for every example of the training set. What happens to
//! its weights?</summary>
//!
//! Nothing. Its `dx` is 0 for every example, so the `dw` and `db` of the affine layer
//! below it are 0 in its column. Such a unit is called *dead*. It stays off unless the
//! layers below change what reaches it.
//! </details>
//!
//! <details><summary>Why is slope 0 at 0 harmless, when the two sides disagree so
//! much?</summary>
//!
//! Because a sum of thousands of products almost never lands on 0 exactly. It does happen
//! where everything is 0: all weights, or an input of zeros with biases of 0. The
//! convention decides what such a network does, so it has to be the same everywhere.
//! </details>
//!
//! ## Exercise
//!
//! Write [`forward`], then [`backward`]. Both keep NaN.
//!
//! ```sh
//! fully-connected check relu
//! cargo test --test chapters relu::
//! cargo test --doc relu
//! ```
//!
//! Next: [chapter 3, softmax and its loss](crate::softmax).

use crate::Scalar;
use crate::affine;
use ndarray::{
    Array, Array1, Array2, ArrayRef, ArrayRef1, ArrayRef2, ArrayView, CowArray,
    Dimension, Ix2,
};

/// What [`backward`] must remember: the input, moved or borrowed.
#[derive(Debug, Clone)]
pub struct Cache<'a, T: Scalar, D: Dimension> {
    x: CowArray<'a, T, D>,
}

impl<T: Scalar, D: Dimension> Cache<'_, T, D> {
    /// The input that it holds.
    ///
    /// ```
    /// # use fully_connected::relu;
    /// # use ndarray::array;
    /// let (_out, cache) = relu::forward(array![-1., 2.]);
    /// assert_eq!(cache.x(), array![-1., 2.]);
    /// ```
    pub fn x(&self) -> ArrayView<'_, T, D> {
        self.x.view()
    }
}

/// Computes `out = max(0, x)`, entry by entry; NaN stays NaN.
///
/// `x` and `out` have one shape, any shape.
///
/// ```
/// # use fully_connected::relu;
/// # use ndarray::array;
/// let x = array![-1., 0., 2., -3., 4.];
/// let (out, _cache) = relu::forward(&x);
/// assert_eq!(out, array![0., 0., 2., 0., 4.]);
///
/// let (out, _cache) = relu::forward(array![f64::NAN, 1.]);
/// assert!(out[0].is_nan());                     // whoever looks can see it
/// ```
#[doc(alias = "relu_forward")]
pub fn forward<'a, T: Scalar, D: Dimension>(
    x: impl Into<CowArray<'a, T, D>>,
) -> (Array<T, D>, Cache<'a, T, D>) {
    let x = x.into();
    #[allow(unused, reason = "another way may do without")]
    let zero = T::zero();
    // exercise: relu::forward
    let out = x.mapv(|x| if x <= zero { zero } else { x });
    (out, Cache { x })
    // end: relu::forward
}

/// The gradient of `x`: `dout` where `x` was positive, 0 elsewhere.
///
/// `dout` and the result have the shape of `x`. Where `x` was NaN, `dout` is passed on, as
/// the forward pass passed the NaN on.
///
/// ```
/// # use fully_connected::relu;
/// # use ndarray::array;
/// let (_out, cache) = relu::forward(array![-1., 0., 2., -3., 4.]);
/// let dx = relu::backward(&array![10., 20., 30., 40., 50.], cache);
/// assert_eq!(dx, array![0., 0., 30., 0., 50.]); // at 0 the slope is 0
/// ```
///
/// # Panics
///
/// If `dout` does not have the shape of `x`.
#[doc(alias = "relu_backward")]
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
    #[allow(unused, reason = "another way may do without")]
    let zero = T::zero();
    // exercise: relu::backward
    ndarray::Zip::from(&x)
        .and(dout)
        .map_collect(|&x, &dout| if x <= zero { zero } else { dout })
    // end: relu::backward
}

/// What [`affine_relu_backward`] must remember: a cache for each of the two layers.
#[derive(Debug, Clone)]
pub struct AffineReluCache<'a, T: Scalar, D: Dimension> {
    affine: affine::Cache<'a, T, D>,
    relu: Cache<'static, T, Ix2>,
}

/// A hidden layer: affine, then ReLU.
///
/// `x` is `(N, d₁, …, dₖ)`, `w` is `(D, M)`, `b` is `(M,)`, and the result is `(N, M)`, as
/// for [`affine::forward`].
///
/// ```
/// # use fully_connected::relu;
/// # use ndarray::array;
/// let x = array![[1., 2.]];
/// let w = array![[1., 0.], [0., -1.]];
/// let (out, _cache) = relu::affine_relu_forward(&x, &w, &array![10., 1.]);
/// assert_eq!(out, array![[11., 0.]]);           // 2·(-1) + 1 = -1, off
/// ```
///
/// # Panics
///
/// As [`affine::forward`] does.
pub fn affine_relu_forward<'a, T: Scalar, D: Dimension>(
    x: impl Into<CowArray<'a, T, D>>,
    w: &ArrayRef2<T>,
    b: &ArrayRef1<T>,
) -> (Array2<T>, AffineReluCache<'a, T, D>) {
    let (sums, affine) = affine::forward(x, w, b);
    let (out, relu) = forward(sums);
    (out, AffineReluCache { affine, relu })
}

/// The gradients of a hidden layer: ReLU's backward, then the affine layer's.
///
/// ```
/// # use fully_connected::relu;
/// # use ndarray::array;
/// let x = array![[1., 2.]];
/// let w = array![[1., 0.], [0., -1.]];
/// let (_out, cache) = relu::affine_relu_forward(&x, &w, &array![10., 1.]);
///
/// let grads = relu::affine_relu_backward(&array![[1., 1.]], cache, &w);
/// assert_eq!(grads.db, array![1., 0.]);         // the second unit is off
/// assert_eq!(grads.dx, array![[1., 0.]]);
/// ```
///
/// # Panics
///
/// If `dout` or `w` does not have the shape that the forward pass implies.
pub fn affine_relu_backward<T: Scalar, D: Dimension>(
    dout: &ArrayRef2<T>,
    cache: AffineReluCache<'_, T, D>,
    w: &ArrayRef2<T>,
) -> affine::Grads<T, D> {
    let dsums = backward(dout, cache.relu);
    affine::backward(&dsums, cache.affine, w)
}

/// The gradients `(dw, db)` of a hidden layer, without `dx`.
///
/// What [`affine::param_grads`] is to [`affine::backward`], this is to
/// [`affine_relu_backward`].
///
/// ```
/// # use fully_connected::relu;
/// # use ndarray::array;
/// let w = array![[1., 0.], [0., -1.]];
/// let (_out, cache) = relu::affine_relu_forward(array![[1., 2.]], &w, &array![10., 1.]);
///
/// let (dw, db) = relu::affine_relu_param_grads(&array![[1., 1.]], cache);
/// assert_eq!(dw, array![[1., 0.], [2., 0.]]);   // the second unit is off
/// assert_eq!(db, array![1., 0.]);
/// ```
///
/// # Panics
///
/// If `dout` does not have the shape of the layer's output.
pub fn affine_relu_param_grads<T: Scalar, D: Dimension>(
    dout: &ArrayRef2<T>,
    cache: AffineReluCache<'_, T, D>,
) -> (Array2<T>, Array1<T>) {
    let dsums = backward(dout, cache.relu);
    affine::param_grads(&dsums, cache.affine)
}

// exercise: relu::helpers
// end: relu::helpers
