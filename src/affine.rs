//! # Chapter 1. The affine layer
//!
//! *How does a list of numbers become a list of scores, and which way should each weight
//! move to make the scores better?*
//!
//! A photograph enters the network as a list of numbers. What happens to them first, and
//! most often, is a weighted sum: each output adds up all the inputs, every input times a
//! weight of its own, plus a constant. Such a map is *affine*. The weights and constants
//! are what the network learns.
//!
//! To learn, it must be told how wrong it is, in one number, the smaller the better: the
//! *loss*. (Chapter 3 makes one; until then, any number that depends on the outputs will
//! do.) So this layer has two jobs. The *forward pass* computes the sums. The *backward
//! pass* says, for every number that went in, how the loss changes when that number is
//! nudged.
//!
//! ## An example for the head
//!
//! One example of two numbers, `x = [1, 2]`, and three outputs. The weights stand in a
//! table with a row for each input and a column for each output; the constants, called
//! *biases*, make one more row:
//!
//! ```text
//!                  w =  1  0  3
//!                       0  1  4
//!                  b = 10 20 30
//!
//! x = [1, 2]     out = 11 22 41       41 = 1·3 + 2·4 + 30
//! ```
//!
//! Now backwards. Suppose the rest of the network has told us how the loss changes with
//! each output: `dout = [1, 0, 2]`. Raise the third output by a little, and the loss rises
//! by twice as much; the second output does not matter. What of the first input? It
//! reaches output 1 with weight 1 and output 3 with weight 3, so nudging it moves the loss
//! by `1·1 + 0·0 + 2·3 = 7` times the nudge. The second input: `1·0 + 0·1 + 2·4 = 8`.
//!
//! And the weight 4, which carries the second input to the third output? Nudge it, and
//! that output moves by `x₂ = 2` times the nudge, and the loss by `2·2 = 4`. Every weight
//! has the same story: *its input times its output's `dout`*.
//!
//! ```text
//! dx = 7 8      dw = 1 0 2      db = 1 0 2
//!                    2 0 4
//! ```
//!
//! These are *gradients*. The gradient of an array is an array of the same shape that
//! holds, for each entry, the slope of the loss: how much the loss rises for each unit by
//! which the entry rises. We write `dx` for the gradient of `x`, and so on: `dout` was
//! one too.
//!
//! A bias is a weight whose input is always 1, so `db` is `dout` itself. When a *batch*
//! of several examples goes through together, all of them share the same `w` and `b`, and
//! their slopes add up.
//!
//! ## Shapes
//!
//! A batch of `N` examples is one array. An example may have a shape of its own, such as
//! `(3, 32, 32)` for a small colour photograph; the layer does not care which numbers are
//! neighbours, so it lays each example out as one row of `D = d₁·…·dₖ` numbers. The first
//! axis, the one that counts examples, is never touched. (NumPy: `x.reshape(N, -1)`.)
//!
//! ```text
//!  x  (N, d₁, …, dₖ)  seen as  (N, D)        out = x·w + b
//!
//!         D               M                M
//!     ┌───────┐       ┌───────┐        ┌───────┐
//!   N │   x   │   · D │   w   │  + b = │  out  │ N
//!     └───────┘       │       │        └───────┘
//!                     └───────┘
//! ```
//!
//! `b` has `M` entries and is added to every row: *broadcasting*, as in NumPy.
//!
//! ## The mathematics
//!
//! The forward pass, entry by entry, and all at once:
//!
//! ```math
//! \mathrm{out}_{nm} = \sum_{d=1}^{D} x_{nd}\, w_{dm} + b_m
//! \qquad\qquad
//! \mathrm{out} = x\,w + b
//! ```
//!
//! <!-- code: affine::forward -->
//!
//! Write $`L`$ for the loss. $`\partial L / \partial w_{dm}`$ is the derivative of $`L`$
//! by this one weight while all other numbers stand still: the slope that we counted out
//! above. The *chain rule* says how to get it: sum over all the outputs which the number
//! reaches, and for each of them multiply how fast the number moves the output by how
//! fast the output moves $`L`$, which is `dout`. The weight $`w_{dm}`$ reaches output
//! $`m`$ of every example, with factor $`x_{nd}`$. The input $`x_{nd}`$ reaches every
//! output of example $`n`$, with factor $`w_{dm}`$. The bias $`b_m`$ reaches output $`m`$
//! of every example, with factor 1:
//!
//! ```math
//! \frac{\partial L}{\partial w_{dm}} = \sum_n x_{nd}\,\mathrm{dout}_{nm},
//! \qquad
//! \frac{\partial L}{\partial x_{nd}} = \sum_m \mathrm{dout}_{nm}\, w_{dm},
//! \qquad
//! \frac{\partial L}{\partial b_m} = \sum_n \mathrm{dout}_{nm}
//! ```
//!
//! A sum over a shared index is what a matrix product does, once that index stands in the
//! middle. Turning a table on its side ($`\mathsf T`$, *transposed*) brings it there:
//!
//! ```math
//! dw = x^{\mathsf T}\,\mathrm{dout},
//! \qquad
//! dx = \mathrm{dout}\; w^{\mathsf T},
//! \qquad
//! db = \sum_n \mathrm{dout}_{n}
//! ```
//!
//! <!-- code: affine::backward -->
//!
//! **Shapes force the products.** Nobody remembers these formulas for long, and nobody
//! has to. A gradient has the shape of the thing it is the gradient of: `dw` must be
//! `(D, M)`. We have `x`, which is `(N, D)`, and `dout`, which is `(N, M)`. Only one
//! product of the two comes out as `(D, M)`: `x` on its side, times `dout`. The same for
//! `dx`: `(N, M)` and `(D, M)` make `(N, D)` in one way. This works as long as `N`, `D`
//! and `M` differ, which is why one tests with sizes that do.
//!
//! <!-- figure: affine-graph
//! Follow `dout` from right to left. The sum hands it on as it is; at the product each
//! factor receives `dout` times the *other* factor.
//! -->
//!
//! [`forward`] returns the outputs and a [`Cache`]: what the backward pass will need and
//! could not know otherwise. Look at the formulas to see what that is. `dw` needs `x`; `dx`
//! needs `w`, which the network still has; nothing needs `out`. So the cache holds `x`
//! alone. [`backward`] spends it: a cache belongs to one forward pass, and using it twice
//! does not compile.
//!
//! [`param_grads`] is [`backward`] without `dx`. The first layer of a network uses it:
//! nobody asks how the loss changes with the photograph, and that saves one of the layer's
//! three products, `x·w`, `dw` and `dx`.
//!
//! > **Note: reading the Rust.** `x` is given away, `&x` is lent. A `CowArray` holds
//! > either kind, a given array or a lent one; `<'a>` says that what is lent must live
//! > long enough. `&ArrayRef2<T>` is any array with two axes, lent. `T` is `f32` or
//! > `f64`. In `x.dot(w) + b` you can forget all of it.
//!
//! ## What goes wrong
//!
//! > **Pitfall: the average.** "The loss is a mean over the batch, so `db` should be the
//! > mean of `dout`." No: the 1/N is in the loss, and `dout` brings it along. An affine
//! > layer only ever sums.
//!
//! > **You would see.** The biases learn N times too slowly, and nothing crashes. The
//! > test says
//! >
//! > ```text
//! > affine::backward: db is 1/5 of what it should be, and N = 5. …
//! >   db[0]: expected -1.12387, yours -0.224775 (yours ÷ expected = 0.2)
//! > ```
//!
//! > **Pitfall: `w` for `wᵀ`.** In a hidden layer of 100 by 100, `dout.dot(w)` runs and is
//! > wrong. In the example above it stops.
//!
//! > **You would see.**
//! >
//! > ```text
//! > ndarray: inputs 1 × 3 and 2 × 3 are not compatible
//! > for matrix multiplication
//! > ```
//! >
//! > The sizes in the middle must be equal; here 3 meets 2. Turn `w`, and 3 meets 3.
//!
//! > **Pitfall: scrambled rows.** Flattening must keep each example in one row. A reshape
//! > to `(D, N)` followed by a transpose has the right shape and mixes the pixels of
//! > different photographs. Nothing crashes.
//!
//! ## Why?
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
//! output's `dout`, 3·2. The weight's own value does not occur in it. Where the *input*
//! is 0 the weight hears nothing.
//! </details>
//!
//! <details><summary>Why does <code>backward</code> need <code>dout</code> and not
//! the loss itself?</summary>
//!
//! The layer does not know what comes after it. `dout` is everything that the rest of the
//! network has to say. That is what makes layers pluggable: each one needs its own
//! derivative and the message from above.
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
//! are checked for you, and `x` arrives as `N` rows.
//!
//! ```sh
//! fully-connected check affine          # in your workbook; or by hand:
//! cargo test --test chapters affine::   # the tests,
//! cargo test --doc affine               # and the examples
//! ```
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
/// let x = array![[1., 2.], [10., 0.]];          // N = 2 examples
/// let (w, b) = (array![[1., 0., 3.], [0., 1., 4.]], Array1::zeros(3));
/// let (_out, cache) = affine::forward(x, &w, &b);
///
/// let dout = array![[1., 0., 2.],
///                   [1., 1., 1.]];
/// let (dw, db) = affine::param_grads(&dout, cache);
/// assert_eq!(dw, array![[11., 10., 12.],        // 1·1 + 10·1, 1·0 + 10·1, 1·2 + 10·1
///                       [ 2.,  0.,  4.]]);
/// assert_eq!(db, array![2., 1., 3.]);           // a sum over the batch, not a mean
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
/// let dout = array![[1., 0., 2.]];
/// let grads = affine::backward(&dout, cache, &w);
/// assert_eq!(grads.dx, array![[7., 8.]]);       // 1·1 + 2·3, 2·4
/// assert_eq!(grads.dw, array![[1., 0., 2.],
///                             [2., 0., 4.]]);   // each input times each dout
/// assert_eq!(grads.db, array![1., 0., 2.]);
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
