//! # Chapter 2. ReLU
//!
//! *Two affine layers in a row are one affine layer. What is the least we can put
//! between them so that they no longer are?*
//!
//! Without this chapter, a hundred layers can do what one can: draw straight borders.
//! With it, two layers can draw a border around an island, for the price of one
//! comparison per number.
//!
//! The least is one bend. The *rectified linear unit*, ReLU, passes a positive number
//! on and turns a negative one into 0. It has nothing to learn and treats every number
//! by itself. A function put between layers in this way is called an *activation
//! function*.
//!
//! <!-- figure: relu-graph
//! ReLU and its slope. To the right of 0 it changes nothing; to the left it lets nothing
//! through. At 0 there is a *kink*, where the slope could be called 0 or 1; we call it 0.
//! -->
//!
//! A unit, one output of an affine layer followed by ReLU, is thus either *on*, and
//! behaves as the affine layer made it, or *off*, and says nothing.
//!
//! ## What bends add up to
//!
//! Take one input and three units with weight 1 and the biases 0, −1 and −2. They
//! switch on at 0, at 1 and at 2. The next layer adds them with the weights 1, −2 and
//! 1, which makes
//!
//! ```math
//! \max(0, x) - 2\max(0, x - 1) + \max(0, x - 2)
//! ```
//!
//! Walk from left to right. Up to 0 all are off. Then the first rises with slope 1. At 1
//! the second comes in with −2, and the slope becomes −1; at 2 the third adds 1, and it is
//! 0 again. Halfway, at ½ and at 1½, the sum is ½. That is a tent: nothing, up to 1, down,
//! nothing.
//!
//! <!-- figure: relu-tent
//! Above, the three units, each already multiplied by its weight in the next layer, and
//! their sum. Below, the same trick with a unit for each piece, made to join points of
//! a wave. With 4 pieces the network misses the wave by 0.21 at most, with 8 by 0.07,
//! with 16 by 0.02. In the long run, twice as many units leave a quarter of the error.
//! -->
//!
//! So a layer can draw any zigzag, and with enough units a zigzag comes as near as one
//! likes to any smooth curve, *on a bounded stretch*: beyond the last bend the network
//! goes straight on for ever, and a wave does not. With more inputs the same holds on
//! any bounded region, and not for ReLU alone: almost any activation function that is
//! not a polynomial will do, as [Leshno, Lin, Pinkus and
//! Schocken](https://doi.org/10.1016/S0893-6080(05)80131-5) proved (*Neural Networks*
//! 6, 1993). The theorem says that such weights exist. Whether descent finds them is
//! another question.
//!
//! With two inputs the bend of a unit is a line: on one side of it the unit is off.
//! Several units cut the plane into pieces, like folds in a sheet of paper, and on each
//! piece the network is a different affine map.
//!
//! <!-- figure: relu-plane
//! Two inputs, three units, each of which switches on beyond its dashed line and pulls the
//! output down. Lines of equal output bend at every fold, and here they close: the output
//! is above 0 on an island in the middle, which no straight border could enclose.
//! -->
//!
//! ## A worked example
//!
//! ```text
//!    x = -1   0    2  -3   4
//!  out =  0   0    2   0   4
//!
//! dout = 10  20  -30  40  50
//!   dx =  0   0  -30   0  50
//! ```
//!
//! Where `x` was 2, nudging it nudges the output by as much, so `dout` passes
//! unchanged, −30 as it is. Where `x` was −1, nudging it changes nothing: the output
//! stays 0, and so the gradient is 0. What decides is whether `x` was positive; `dout`
//! has no say.
//!
//! ## The mathematics
//!
//! The output is the larger of 0 and x. By the chain rule, `dx` is `dout` times the slope
//! of that, which is 1 or 0:
//!
//! ```math
//! \mathrm{out} = \max(0, x)
//! ```
//!
//! ```math
//! dx =
//! \begin{cases}
//!   \mathrm{dout} & \text{if } x > 0 \\
//!   0             & \text{if } x \le 0
//! \end{cases}
//! ```
//!
//! All four arrays have one shape, with any number of axes; there is nothing to
//! flatten. (Why the code asks `x <= zero` is explained below, under NaN.)
//!
//! <!-- code: relu::forward -->
//!
//! <!-- code: relu::backward -->
//!
//! At exactly 0 any slope from 0 to 1 would do, and the convention is 0. Chapter 8, which
//! measures slopes, meets the kink again.
//!
//! The cache is `x`. One bit for each number would do, "were you positive?", but for
//! 100 units and a batch of 100 the whole of `x` takes 40 kB in `f32`, so we keep it
//! simple.
//!
//! Affine and then ReLU is what every hidden layer does, so the two come together as a
//! *sandwich*, as CS231n calls it: [`affine_relu_forward`] and
//! [`affine_relu_backward`]. Backward is forward read from right to left, with each
//! function replaced by its own backward, and the whole of chapter 6 is that sentence
//! with a loop around it.
//!
//! ## A unit that dies
//!
//! A unit that is off passes no gradient on. If it is off for *every* example, the
//! gradients of its weights and its bias are 0, and they never move again: it is
//! *dead*. One long step is enough. Take a unit with weight 1 and bias 1 and the inputs
//! 1 and 2, both of which should give 1; the loss is half the sum of the squared
//! errors. The sums in the table are w·x + b, before ReLU:
//!
//! ```text
//!                  sums      dw      db
//! at the start     2, 3       5       3
//! after a step of
//!   rate 0.1     1.2, 1.7   1.6     0.9
//!   rate 1        -6, -10     0       0
//! ```
//!
//! At rate 1 the step lands at weight −4 and bias −2, where both sums are negative.
//! From there on both gradients are 0, and nothing brings the unit back unless the
//! layers before it change what it is fed.
//!
//! The *leaky* ReLU is a common remedy: a slope of 0.01, say, instead of 0 on the left.
//! The dead unit above would then have dw = −0.0326 and db = −0.0216, small, but
//! leading back. This book uses the plain ReLU, with steps that are not so long.
//!
//! ## What goes wrong
//!
//! > **Pitfall: the mask from `dout`.** `dx = dout where dout > 0` runs, has the right
//! > shape, and throws away every gradient that is negative. The mask comes from `x`.
//!
//! > **You would see.** The first loss is right. The gradient check of chapter 8 compares
//! > our gradients, *analytic*, with measured slopes, *numeric*. Of the 30 biases of layer
//! > 2 it says
//! >
//! > ```text
//! > worst at [13]: analytic 0.0000e0,
//! >               numeric -8.5395e-2
//! > ```
//! >
//! > A 0 where the measured slope is negative is this mistake's signature. Trained on
//! > fifty images, the network gets stuck with 16 % of them right.
//!
//! > **Pitfall: NaN.** A computation that has gone wrong gives NaN, *not a number*, and
//! > a NaN should stay one until somebody sees it. NumPy's `maximum(0, nan)` is NaN.
//! > Rust's `f64::max(NaN, 0.0)` is `0.0`: it returns the other operand. A ReLU written
//! > with `.max(0.0)` turns a broken network into one that looks alive: feed it images
//! > of nothing but NaN, and it reports a loss of 2.303, which is what ten equal scores
//! > always cost (chapter 3). Ask the question the other way round: replace by 0 what
//! > is *known* to be at most 0. NaN compares false with everything, and so it is
//! > passed on.
//!
//! > **Pitfall: an integer mask.** A student's write-up of the assignment, from which this
//! > project began (we call it *the notes*), has
//! > `mask = np.int64(x > 0); dx = dout * mask`. In NumPy that turns a `float32` network
//! > into `float64` without a word. Here it does not compile.
//!
//! ## Check yourself
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
//! gradient is not a negative output: it says that the loss falls when `x` rises.
//!
//! - **A** applies ReLU to the gradient. The backward pass applies its *slope*, at `x`.
//! - **C** multiplies by `x`, as for a weight. The slope of max(0, x) at 3 is 1, not 3.
//! </details>
//!
//! **A network has one input and one hidden layer of 5 units. At how many places can its
//! output bend?**
//!
//! - [ ] A. 1, at 0
//! - [ ] B. 5 at most
//! - [ ] C. 2⁵ = 32, one for each pattern of on and off
//!
//! <details><summary>Answer</summary>
//!
//! **B.** Each unit switches where its own sum w·x + b is 0, and with one input that is
//! one place at most.
//!
//! - **A** looks at ReLU's own input. The weights and biases before it move the bend to
//!   anywhere.
//! - **C** counts patterns. Most never occur: walk along the line, and you pass at most
//!   5 switches and meet at most 6 patterns.
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
//! ## Further reading
//!
//! - [Neural networks, part 1](https://cs231n.github.io/neural-networks-1/) (CS231n):
//!   the other activation functions, the case for and against each, and pictures of
//!   what 3, 6 and 20 hidden units can separate.
//! - [A visual proof that neural nets can compute any
//!   function](http://neuralnetworksanddeeplearning.com/chap4.html) (Nielsen): the
//!   argument from tents, for units with an S-shaped curve, with sliders to build your
//!   own.
//! - [Neural networks, manifolds, and
//!   topology](https://colah.github.io/posts/2014-03-NN-Manifolds-Topology/) (Olah): the
//!   other view, in which a layer bends not the function but the plane under it.
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
/// let dx = relu::backward(&array![10., 20., -30., 40., 50.], cache);
/// assert_eq!(dx, array![0., 0., -30., 0., 50.]); // at 0 the slope is 0
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
