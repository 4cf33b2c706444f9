//! # Chapter 1. The affine layer
//!
//! *How does a list of numbers become a list of scores, and which way should each weight
//! move to make the scores better?*
//!
//! Nearly every number that a neural network learns is a weight in a layer like this one.
//! See how one weight finds out which way to move, and you know how all of them do.
//!
//! A photograph enters the network as a list of numbers, one for each pixel and colour.
//! Each output of the layer is a *weighted sum* of them: every input times a weight of
//! its own, all added up, plus a constant, the *bias*. A map of this kind is called
//! *affine*.
//!
//! ## What a weighted sum does
//!
//! It compares. Write the weights of one output in the shape of the image, and they are
//! a *template*: a positive weight asks for a filled pixel in its place, a negative
//! weight for an empty pixel. The output is then a *score*: it says how well the image
//! fits the template.
//!
//! <!-- figure: affine-template
//! Two outputs, and so two templates of nine weights; each filled pixel is a 1, each
//! empty one a 0. Each template finds its own bar and is left cold by the other. But a
//! template compares place by place: move the bar aside, and it no longer fits (−3).
//! -->
//!
//! Or think of the inputs as coordinates. Two of them make a point in a plane, and each
//! score lies over the plane like a tilted roof. The weights say which way the roof
//! tilts and how steeply, the bias how high it lies.
//!
//! <!-- figure: affine-plane
//! The layer of the worked example below. Left, its third score, which grows along the
//! arrow of its weights, (3, 4); the dot is the input (1, 2). Right, which score is the
//! largest. The borders are straight whatever the weights, which is why we need chapter
//! 2.
//! -->
//!
//! ## A worked example
//!
//! Take an input of two numbers, `x = 1 2`, and three outputs. (One input is called an
//! *example*; a network learns from many.) The weights form a table with a row for each
//! input and a column for each output:
//!
//! ```text
//!             w =  1  0  3
//!                  0  1  4
//!             b = 10 20 30
//!
//! x = 1 2   out = 11 22 41
//! ```
//!
//! The third output is 1·3 + 2·4 + 30 = 41.
//!
//! That was the *forward pass*. To learn, the network must be told how wrong it is, in one
//! number, the smaller the better: the *loss*. (Chapter 3 makes one; until then any number
//! that depends on the outputs will do.) The *backward pass* answers one question for
//! every number that went in: nudge it, and how does the loss change?
//!
//! Suppose the rest of the network has told us the answer for the outputs:
//! `dout = 1 −3 2`. Raise the third output a little, and the loss rises by twice as much;
//! raise the second, and it *falls* by three times as much. What about the first input? It
//! reaches output 1 with weight 1 and output 3 with weight 3, so nudging it moves the loss
//! by 1·1 + 3·2 = 7 times the nudge. The second input reaches outputs 2 and 3: 1·(−3) +
//! 4·2 = 5.
//!
//! And the weight 4, which carries the second input to the third output? Nudge it, and
//! that output moves by twice the nudge, since the input is 2, and the loss by 2·2 = 4
//! times the nudge. It is the same for every weight: *its input times its output's*
//! `dout`. A bias is a weight whose input is always 1.
//!
//! ```text
//! dx = 7 5     dw = 1 -3 2     db = 1 -3 2
//!                   2 -6 4
//! ```
//!
//! These are *gradients*. The gradient of an array has the shape of the array and holds,
//! for each entry, the slope of the loss: how much the loss rises for each unit by which
//! that entry rises. We write `dx` for the gradient of `x`, and so on; `dout` was one too.
//! (They are names for whole arrays of slopes, not the infinitesimal *dx* of calculus.)
//!
//! <!-- figure: affine-graph
//! The example in one drawing. Read the blue boxes from left to right, then the orange
//! ones back. The sum hands `dout` on as it is; at the product each factor receives
//! `dout` times the *other* factor.
//! -->
//!
//! Usually several examples go through together, as a *batch*. They share the weights, so
//! a weight now has several ways to move the loss, one through each example, and the
//! slopes add up:
//!
//! ```text
//! x =  1 2    dout = 1 -3 2    dw = 11 17 12
//!     10 1           1  2 1          3 -4  5
//!
//!                              db =  2 -1  3
//! ```
//!
//! The top left entry is 1·1 + 10·1 = 11.
//!
//! ## What a gradient is for
//!
//! A gradient points uphill. To make the loss smaller, move every weight a little the
//! other way, and repeat. This is *gradient descent*, and it is how every network in
//! this book learns:
//!
//! ```text
//! out = x·w + b            forward
//! dw  = slopes of the loss backward
//! w   = w - rate·dw        a step downhill
//! ```
//!
//! The *learning rate* sets how long the steps are. Take one weight, which starts at 0.
//! Its input is 2, its output should be 6, and the loss is half the square of the
//! error, $`\tfrac12 (2w - 6)^2`$. The slope of half a square is the number that is
//! squared, so `dout` is 2w − 6, and `dw`, input times `dout`, is twice that. The best
//! weight is 3:
//!
//! ```text
//! rate    w after 1 to 5 steps
//! 0.02    0.24   0.46   0.66   0.85   1.02
//! 0.2     2.40   2.88   2.98   3.00   3.00
//! 0.55    6.60  -1.32   8.18  -3.22  10.46
//! ```
//!
//! <!-- figure: descent
//! The same steps, drawn on the loss. With too small a rate they take for ever. With
//! too large a one each leaps over the lowest point, lands where the slope is steeper
//! still, and the next leaps back still farther: the loss grows without end.
//! -->
//!
//! A gradient says which way, and how much it would matter. It does not say how far to go.
//! That is chapter 9's business; until then we make sure that the direction is right.
//!
//! ## Shapes
//!
//! A batch of N examples is one array; M is the number of outputs. An example may have
//! a shape of its own, such as (3, 32, 32) for a small colour photograph; the layer
//! lays it out as one row of $`D = d_1 \cdots d_k`$ numbers. The first axis, which
//! counts the examples, is left alone. (NumPy: `x.reshape(N, -1)`.)
//!
//! ```text
//! x     (N, d₁, …, dₖ)  seen as  (N, D)
//! w     (D, M)
//! b     (M,)            added to every row
//! out   (N, M)
//! ```
//!
//! ## The mathematics
//!
//! The forward pass is the weighted sum, once for each example n and output m. A matrix
//! product is shorthand for exactly such sums:
//!
//! ```math
//! \mathrm{out}_{nm} = \sum_{d=1}^{D} x_{nd}\, w_{dm} + b_m
//! ```
//!
//! ```math
//! \mathrm{out} = x\,w + b
//! ```
//!
//! <!-- code: affine::forward -->
//!
//! Backward, write $`L`$ for the loss and $`\partial L / \partial w_{dm}`$ for its
//! derivative with respect to this one weight, all other numbers held fixed: the slope
//! that we counted out above. The *chain rule* is the rule we used there. Follow every
//! path from the number to the loss; along a path, multiply; over the paths, add. The
//! weight $`w_{dm}`$ reaches output $`m`$ of every example, with factor $`x_{nd}`$. The
//! input $`x_{nd}`$ reaches every output of its own example, with factor $`w_{dm}`$. The
//! bias reaches output $`m`$ of every example, with factor 1:
//!
//! ```math
//! \frac{\partial L}{\partial w_{dm}} = \sum_n x_{nd}\,\mathrm{dout}_{nm}
//! ```
//!
//! ```math
//! \frac{\partial L}{\partial x_{nd}} = \sum_m \mathrm{dout}_{nm}\, w_{dm}
//! ```
//!
//! ```math
//! \frac{\partial L}{\partial b_m} = \sum_n \mathrm{dout}_{nm}
//! ```
//!
//! The first two look like matrix products, but for one thing. In the product $`x\,w`$
//! the index that is summed over, $`d`$, is in the middle: last in $`x_{nd}`$, first in
//! $`w_{dm}`$. In $`x_{nd}\,\mathrm{dout}_{nm}`$ the summed $`n`$ comes first in both.
//! So mirror `x` in its diagonal, which turns its rows into columns. That is the
//! *transpose*, $`(x^{\mathsf T})_{dn} = x_{nd}`$, and now $`n`$ is in the middle:
//!
//! ```math
//! \frac{\partial L}{\partial w_{dm}}
//!   = \sum_n (x^{\mathsf T})_{dn}\,\mathrm{dout}_{nm}
//! ```
//!
//! ```math
//! dw = x^{\mathsf T}\,\mathrm{dout}
//! ```
//!
//! In the same way $`m`$ gets to the middle, and the bias needs no product at all:
//!
//! ```math
//! dx = \mathrm{dout}\; w^{\mathsf T}
//! ```
//!
//! ```math
//! db = \sum_n \mathrm{dout}_{n}
//! ```
//!
//! <!-- code: affine::backward -->
//!
//! **Shapes force the products.** Nobody remembers these formulas for long, and nobody
//! has to. A gradient has the shape of the thing it is the gradient of, so `dw` must be
//! (D, M). We have `x`, (N, D), and `dout`, (N, M), and only one product of the two is
//! (D, M): `x` mirrored, times `dout`. For `dx`, there is only one way to multiply (N,
//! M) and (D, M) into (N, D). This works as long as N, D and M differ, which is why we
//! test with sizes that do.
//!
//! ## What the code remembers
//!
//! Which numbers of the forward pass does the backward pass need? `dw` needs `x`; `dx`
//! needs `w`, which the network still has; nothing needs `out`. So [`forward`] returns,
//! beside the outputs, a [`Cache`] that holds `x`. [`backward`] takes it *by value*: in
//! Rust an argument passed without `&` is *moved*, handed over for good. A cache belongs
//! to one forward pass, and using it for two backward passes does not compile.
//!
//! [`param_grads`] is [`backward`] without `dx`, for a network's first layer: nobody
//! asks how the loss changes with the photograph, and leaving that out saves one of the
//! layer's three products (one forward, two backward).
//!
//! > **Note: reading the Rust.** `x` gives an array away, `&x` lends it. A `CowArray`
//! > holds either kind; `<'a>` says that what is lent must live long enough.
//! > `&ArrayRef2<T>` is any array with two axes, lent. `T` is `f32` or `f64`. In
//! > `x.dot(w) + b` you can forget all of it.
//!
//! ## What goes wrong
//!
//! > **Pitfall: the average.** "The loss is a mean over the batch, so `db` should be the
//! > mean of `dout`." No: the 1/N is in the loss, and `dout` brings it along. An affine
//! > layer only ever sums.
//!
//! > **You would see.** The biases learn N times too slowly, and nothing crashes. The test
//! > compares with numbers that are known to be right, and says
//! >
//! > ```text
//! > affine::backward: db is 1/5 of what it
//! > should be, and N = 5. …
//! >   db[0]: expected -1.12387,
//! >   yours -0.224775
//! >   (yours ÷ expected = 0.2)
//! > ```
//!
//! > **Pitfall: `w` instead of `wᵀ`.** In a layer of 100 inputs and 100 outputs
//! > `dout.dot(w)` runs and is wrong. In the example above it stops.
//!
//! > **You would see.** ndarray refuses `dout`, 1 × 3, times `w`, 2 × 3:
//! >
//! > ```text
//! > ndarray: inputs 1 × 3 and 2 × 3 are not
//! > compatible for matrix multiplication
//! > ```
//! >
//! > The sizes in the middle must be equal; here 3 meets 2. Transpose `w`, and 3 meets 3.
//!
//! > **Pitfall: scrambled rows.** Flattening must keep each example in one row. A reshape
//! > to (D, N) followed by a transpose has the right shape and mixes the pixels of
//! > different photographs. Nothing crashes.
//!
//! ## Check yourself
//!
//! **A weight is 0, and so it contributes nothing to the output. Its input is 3 and its
//! output's `dout` is 2. What is its gradient?**
//!
//! - [ ] A. 0, since it plays no part
//! - [ ] B. 6
//! - [ ] C. 2, as for a bias
//!
//! <details><summary>Answer</summary>
//!
//! **B.** The gradient asks what *would* happen if the weight moved: its input times its
//! output's `dout`, 3·2. The weight's own value does not occur in it.
//!
//! - **A** takes what the weight contributes now for what it would contribute if it moved.
//!   It is an *input* of 0 that makes the gradient of its weights 0.
//! - **C** forgets the input. Only where the input is 1, as it is for a bias, is `dout`
//!   the whole answer.
//! </details>
//!
//! **Ten examples go through a layer. The rest of the network sends the same `dout` for
//! each of them. Compared with one example, `db` is**
//!
//! - [ ] A. the same
//! - [ ] B. ten times as large
//! - [ ] C. a tenth
//!
//! <details><summary>Answer</summary>
//!
//! **B.** All ten share the bias. Nudge it, and all ten move the loss.
//!
//! - **A** averages over the batch. If the loss is a mean, `dout` has been divided by ten
//!   already.
//! - **C** divides by ten once more.
//! </details>
//!
//! <details><summary>Why does <code>backward</code> need <code>dout</code> and not
//! the loss itself?</summary>
//!
//! The layer does not know what comes after it. `dout` is everything that the rest of
//! the network has to say. That is what makes layers pluggable: each needs only its own
//! derivatives and the message from the layer after it.
//! </details>
//!
//! <details><summary>Two affine layers in a row: what can they compute that one
//! cannot?</summary>
//!
//! Nothing. `(x·w₁ + b₁)·w₂ + b₂` is `x·(w₁·w₂) + (b₁·w₂ + b₂)`, one affine map with other
//! weights. Depth begins to pay when something bends in between: the next chapter.
//! </details>
//!
//! ## Exercise
//!
//! In your workbook (`fully-connected new DIR` makes one) write [`forward`], one line of
//! mathematics, then [`backward`]: `dw` and `db` in [`param_grads`], and `dx`. The shapes
//! are checked for you, and `x` arrives as N rows.
//!
//! ```sh
//! # in your workbook:
//! fully-connected check affine
//! # or by hand, the tests and the examples:
//! cargo test --test chapters affine::
//! cargo test --doc affine
//! ```
//!
//! ## Further reading
//!
//! - [Backpropagation, intuitions](https://cs231n.github.io/optimization-2/) (CS231n): the
//!   same rules one number at a time, on circuits of single sums and products. Best at
//!   what each kind of gate does to a gradient.
//! - [Linear classification](https://cs231n.github.io/linear-classify/) (CS231n):
//!   templates learned from real photographs, and a demo in which you drag the lines
//!   yourself.
//! - [Gradient descent](https://www.3blue1brown.com/lessons/gradient-descent)
//!   (3Blue1Brown): descent in motion, with some 13,000 weights and biases instead of one.
//!
//! Next: [chapter 2, ReLU](crate::relu).

use crate::Scalar;
use ndarray::{
    Array, Array1, Array2, ArrayRef1, ArrayRef2, ArrayView, CowArray, Dimension, Ix2,
};

/// What [`backward`] must remember of the forward pass: the input.
///
/// It holds `x` as `N` rows of `D` numbers, moved or borrowed, and the shape that `x` had.
/// A cache is spent by the backward pass, once. This does not compile:
///
/// ```compile_fail,E0382
/// # use fully_connected::affine;
/// # use ndarray::array;
/// # let (w, b) = (array![[2.], [3.]], array![0.]);
/// let (out, cache) = affine::forward(array![[1., 4.]], &w, &b);
/// let once = affine::backward(&out, cache, &w);
/// let twice = affine::backward(&out, cache, &w); // error: use of moved value
/// ```
///
/// Two forward passes make two caches, and this does:
///
/// ```
/// # use fully_connected::affine;
/// # use ndarray::array;
/// # let (w, b) = (array![[2.], [3.]], array![0.]);
/// let x = array![[1., 4.]];
/// let (out, cache) = affine::forward(&x, &w, &b);
/// let once = affine::backward(&out, cache, &w);
/// let (_, cache) = affine::forward(&x, &w, &b);
/// let twice = affine::backward(&out, cache, &w);
/// assert_eq!(once, twice);
/// ```
#[derive(Debug, Clone)]
pub struct Cache<'a, T: Scalar, D: Dimension> {
    rows: CowArray<'a, T, Ix2>,
    shape: D,
}

impl<T: Scalar, D: Dimension> Cache<'_, T, D> {
    /// The input that it holds, in the shape that it had.
    ///
    /// ```
    /// # use fully_connected::affine;
    /// # use ndarray::array;
    /// let x = array![[[1.], [4.]]];
    /// let (_out, cache) = affine::forward(&x, &array![[2.], [3.]], &array![0.]);
    /// assert_eq!(cache.x(), x);
    /// ```
    ///
    /// # Panics
    ///
    /// If the cache was not made of `x` as rows.
    pub fn x(&self) -> ArrayView<'_, T, D> {
        assert!(
            self.rows.len() == self.shape.size(),
            "affine::forward: the cache must hold x, {:?}, as rows; it holds {:?}",
            self.shape.slice(),
            self.rows.shape(),
        );
        let x = self.rows.view().into_shape_with_order(self.shape.clone());
        x.expect("rows in row-major order")
    }
}

/// The gradient of the loss with respect to each argument of [`forward`], in its shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Grads<T, D: Dimension> {
    /// ∂L/∂x, `(N, d₁, …, dₖ)`.
    pub dx: Array<T, D>,
    /// ∂L/∂w, `(D, M)`.
    pub dw: Array2<T>,
    /// ∂L/∂b, `(M,)`.
    pub db: Array1<T>,
}

/// Computes `out = x·w + b` for every example of the batch.
///
/// `x` is `(N, d₁, …, dₖ)` with `D = d₁·…·dₖ`, `w` is `(D, M)`, `b` is `(M,)`, and `out` is
/// `(N, M)`. Pass `x` by value to move it into the cache, or `&x` or `x.view()` to lend it.
///
/// ```
/// # use fully_connected::affine;
/// # use ndarray::array;
/// let x = array![[1., 2.]];                     // N = 1, D = 2
/// let w = array![[1., 0., 3.],
///                [0., 1., 4.]];                 // M = 3
/// let b = array![10., 20., 30.];
///
/// let (out, _cache) = affine::forward(&x, &w, &b);
/// assert_eq!(out, array![[11., 22., 41.]]);     // 1·3 + 2·4 + 30 = 41
///
/// // An example may have a shape of its own: here 2 × 1, still two numbers.
/// let column = array![[[1.], [2.]]];            // (1, 2, 1)
/// let (same, _cache) = affine::forward(&column, &w, &b);
/// assert_eq!(same, out);
/// ```
///
/// # Panics
///
/// If `x` has no axis, `w` does not have `D` rows, or `b` not `M` entries.
#[doc(alias = "affine_forward")]
pub fn forward<'a, T: Scalar, D: Dimension>(
    x: impl Into<CowArray<'a, T, D>>,
    w: &ArrayRef2<T>,
    b: &ArrayRef1<T>,
) -> (Array2<T>, Cache<'a, T, D>) {
    let (x, shape) = rows(x.into());
    assert!(
        x.ncols() == w.nrows(),
        "affine::forward: w must have D = {} rows, one for each number of an example of \
         x {:?}; it is {:?}",
        x.ncols(),
        shape.slice(),
        w.shape(),
    );
    assert!(
        b.len() == w.ncols(),
        "affine::forward: b must have M = {} entries, one for each column of w {:?}; it \
         has {}",
        w.ncols(),
        w.shape(),
        b.len(),
    );
    // exercise: affine::forward
    let out = x.dot(w) + b;
    (out, Cache { rows: x, shape })
    // end: affine::forward
}

/// The gradients of the parameters alone, `(dw, db)`: [`backward`] without `dx`.
///
/// `dout` is `(N, M)`, `dw` is `(D, M)`, `db` is `(M,)`.
///
/// ```
/// # use fully_connected::affine;
/// # use ndarray::{array, Array1};
/// let x = array![[1., 2.], [10., 1.]];          // N = 2 examples
/// let (w, b) = (array![[1., 0., 3.], [0., 1., 4.]], Array1::zeros(3));
/// let (_out, cache) = affine::forward(x, &w, &b);
///
/// let dout = array![[1., -3., 2.],
///                   [1.,  2., 1.]];
/// let (dw, db) = affine::param_grads(&dout, cache);
/// assert_eq!(dw, array![[11., 17., 12.],        // 1·1 + 10·1, 1·(-3) + 10·2, 1·2 + 10·1
///                       [ 3., -4.,  5.]]);
/// assert_eq!(db, array![2., -1., 3.]);          // a sum over the batch, not a mean
/// ```
///
/// # Panics
///
/// If `dout` does not have `N` rows. How many columns it should have, only `w` knows, which
/// [`backward`] sees.
pub fn param_grads<T: Scalar, D: Dimension>(
    dout: &ArrayRef2<T>,
    cache: Cache<'_, T, D>,
) -> (Array2<T>, Array1<T>) {
    let x = cache.rows;
    assert!(
        dout.nrows() == x.nrows(),
        "affine::backward: dout must have N = {} rows, one for each example of x {:?}; it \
         is {:?}",
        x.nrows(),
        cache.shape.slice(),
        dout.shape(),
    );
    // exercise: affine::backward
    let dw = x.t().dot(dout);
    let db = dout.sum_axis(ndarray::Axis(0));
    (dw, db)
    // end: affine::backward
}

/// The gradient of each argument, from `dout = ∂L/∂out`.
///
/// `dout` is `(N, M)`; `w` is the `(D, M)` of the forward pass. The gradients come in the
/// shapes of what they are gradients of.
///
/// ```
/// # use fully_connected::affine;
/// # use ndarray::array;
/// let x = array![[1., 2.]];
/// let w = array![[1., 0., 3.],
///                [0., 1., 4.]];
/// let b = array![10., 20., 30.];
/// let (_out, cache) = affine::forward(&x, &w, &b);
///
/// let dout = array![[1., -3., 2.]];
/// let grads = affine::backward(&dout, cache, &w);
/// assert_eq!(grads.dx, array![[7., 5.]]);       // 1·1 + 2·3, 1·(-3) + 2·4
/// assert_eq!(grads.dw, array![[1., -3., 2.],
///                             [2., -6., 4.]]);  // each input times each dout
/// assert_eq!(grads.db, array![1., -3., 2.]);
/// ```
///
/// # Panics
///
/// If `dout` is not `(N, M)`, or `w` is not as it was.
#[doc(alias = "affine_backward")]
pub fn backward<T: Scalar, D: Dimension>(
    dout: &ArrayRef2<T>,
    cache: Cache<'_, T, D>,
    w: &ArrayRef2<T>,
) -> Grads<T, D> {
    assert!(
        w.dim() == (cache.rows.ncols(), dout.ncols()),
        "affine::backward: w must be (D, M) = ({}, {}), as x {:?} and dout {:?} ask; it \
         is {:?}",
        cache.rows.ncols(),
        dout.ncols(),
        cache.shape.slice(),
        dout.shape(),
        w.shape(),
    );
    let shape = cache.shape.clone();
    let (dw, db) = param_grads(dout, cache);
    // exercise: affine::backward
    let dx = unrows(dout.dot(&w.t()), shape);
    Grads { dx, dw, db }
    // end: affine::backward
}

/// `x` as `N` rows of `D` numbers, without a copy where the memory allows, and the shape
/// it had.
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
    let in_order = if x.is_standard_layout() {
        x
    } else {
        x.as_standard_layout().into_owned().into()
    };
    let rows = in_order.into_shape_with_order((n, d));
    (rows.expect("the same numbers in row-major order"), shape)
}

/// The inverse of [`rows`]: `N` rows of `D` numbers in the shape that `x` had.
#[allow(unused, reason = "another way may do without")]
fn unrows<T: Scalar, D: Dimension>(rows: Array2<T>, shape: D) -> Array<T, D> {
    rows.into_shape_clone(shape)
        .expect("a row of D numbers for each example")
}

// exercise: affine::helpers
// end: affine::helpers
