//! # Chapter 12. Layer normalization
//!
//! *Batch normalization needs a batch. What if an example is to be normalized by itself?*
//!
//! A network with batch normalization gives an image one score while it trains, which depends
//! on the images that happened to come along, and another when it is used. With a batch of two
//! the company decides almost everything. Normalize along the rows instead of the columns, and all
//! of that is gone.
//!
//! Batch normalization takes a unit and looks at all examples: one mean for each column of `x`.
//! *Layer normalization* takes an example and looks at all units of the layer: one mean for each
//! row. [Ba, Kiros and Hinton](https://arxiv.org/abs/1607.06450) proposed it in 2016, and
//! many of today's language models use it or a variant.
//!
//! <!-- figure: row-and-column
//! The same two examples of four units. Above `x`, below what both make of it (without epsilon,
//! scale and shift). On the left the output of a unit depends on its column, on the right that
//! of an example on its row. The second unit comes out −1, 1 on the left, since 5 is less than
//! 9; on the right it is 1, 1, since each is more than the mean of its row.
//! -->
//!
//! ## A worked example
//!
//! Two examples, four units. In the first row the mean is 3 and the variance 4, in the second
//! 6 and 9; the standard deviations are 2 and 3.
//!
//! ```text
//!               x        x - mean         x̂
//! row 1    1  5  1  5   -2  2 -2  2   -1  1 -1  1
//! row 2    3  9  9  3   -3  3  3 -3   -1  1  1 -1
//!
//! gamma    1  2  1  3
//! beta     0  0 10  0
//!
//! out     -1  2  9  3
//!         -1  2 11 -3
//! ```
//!
//! Mean and standard deviation belong to a row. Scale and shift belong to a unit, and so to a
//! column, as in chapter 11: numbers are normalized by row and scaled by column.
//!
//! Now backward, with `dout` of 4, 0, 0, 4 and 12, 0, 0, 0. Multiply by gamma; then three
//! steps, all along the row:
//!
//! ```text
//!                          row 1            row 2
//! dout                4   0   0   4   12   0   0   0
//! dout·gamma          4   0   0  12   12   0   0   0
//!   its mean                  4                3
//!   the mean of it times x̂    2               -3
//! minus the mean      0  -4  -4   8    9  -3  -3  -3
//! minus x̂·(2 or -3)   2  -6  -2   6    6   0   0  -6
//! dx: ÷ std           1  -3  -1   3    2   0   0  -2
//! ```
//!
//! and two sums down the columns:
//!
//! ```text
//! dbeta              16   0   0   4    of dout
//! dgamma            -16   0   0   4    of dout·x̂
//! ```
//!
//! (Epsilon changes the sixth decimal.)
//!
//! ## What changes from chapter 11
//!
//! | | batch normalization | layer normalization |
//! |---|---|---|
//! | mean and variance of | a unit, over N examples | an example, over M units |
//! | an output depends on | the whole batch | its own example |
//! | in a test pass | running averages | the same as in training |
//! | to be remembered | running mean and variance | nothing |
//! | gamma and beta | one for each unit | one for each unit |
//! | dgamma, dbeta are sums over | the batch | the batch |
//! | the sums in dx run along | the column | the row |
//! | fails if | the batch has one example | the layer has one unit |
//!
//! The sums are where mistakes live. A unit's gamma is used by every example, so its
//! gradient is a sum over examples. A row's mean is used by every unit in the row, so the way
//! back through it is a sum over units. *A gradient is summed over whoever uses the thing.*
//!
//! ## The mathematics
//!
//! An example should give the same whether its numbers came out large or small. So subtract its
//! mean and divide by its standard deviation; with M units in row i,
//!
//! ```math
//! \mu_i = \frac1M \sum_j x_{ij}
//! \qquad
//! s_i = \sqrt{\frac1M \sum_j (x_{ij} - \mu_i)^2 + \varepsilon}
//! ```
//!
//! The small ε, 1e-5, keeps an example of equal numbers from being divided by 0. Some units may do
//! better with another scale or centre, so each gets its own, to be learned:
//!
//! ```math
//! \hat x_{ij} = \frac{x_{ij} - \mu_i}{s_i}
//! \qquad
//! \mathrm{out}_{ij} = \gamma_j \hat x_{ij} + \beta_j
//! ```
//!
//! <!-- code: layer_norm::forward -->
//!
//! Nothing is kept but what backward needs. There is no second function for tests.
//!
//! For the way back, let $`g_{ij} = \mathrm{dout}_{ij}\,\gamma_j`$ be what arrives at
//! $`\hat x`$. If the mean and the standard deviation were constants, dx would be g/s. They are
//! not. Raise a whole row by 1, and the mean takes it away again: no such direction may be left in
//! dx, so the mean of g goes. Stretch the row about its mean, and the standard deviation takes
//! that away (but for ε): the part of g along $`\hat x`$ goes too.
//!
//! ```math
//! dx_{ij} = \frac{1}{s_i} \Bigl( g_{ij}
//!   - \frac1M \sum_k g_{ik}
//!   - \hat x_{ij} \cdot \frac1M \sum_k g_{ik} \hat x_{ik} \Bigr)
//! ```
//!
//! This is chapter 11's formula with the axes exchanged, with one exception. There gamma could be
//! taken out of both sums, since down a column it is one number, and what was left in them was
//! dbeta and dgamma. Along a row it changes from term to term and has to stay inside.
//!
//! <!-- code: layer_norm::backward -->
//!
//! ## One unit
//!
//! With M = 1 the mean of a row is its only number. The normalized x is 0, `out` is beta,
//! whatever came in, and dx is 0: such a layer has forgotten its input. It is batch normalization
//! of a batch of one, seen from the other side. The more units there are, the less it matters
//! that two numbers of each example, its mean and its standard deviation, have been given away.
//!
//! <!-- figure: norm-and-batch
//! Five hidden layers of 100 units after ten epochs on 500 made-up images: accuracy on 500
//! others, the mean of three seeds. With batches of two, batch normalization is left with a
//! guess, 10 %, and layer normalization with 18 %: at this rate the gradients of so few images are
//! too noisy for both. With batches of ten and of fifty batch normalization is ahead on average:
//! 40 and 46 % against 36 and 43 %.
//! -->
//!
//! ## What goes wrong
//!
//! > **Pitfall: the other axis.** Sum over axis 0, and you have written batch normalization a
//! > second time. The gradient check is satisfied: forward and backward agree. Look at one row of
//! > `out` with gamma 1 and beta 0: its mean must be 0.
//!
//! > **Pitfall: everything turned.** Transposing `x`, calling chapter 11 and transposing back
//! > gives the right $`\hat x`$, but gamma and beta then belong to examples: there must be N of
//! > them, and with a batch of another size even those no longer fit.
//!
//! > **Pitfall: gamma after the sums.** `(dout − mean(dout) − …)·gamma/s` was right in chapter 11,
//! > and is right here as long as all gammas are equal. They are at the start: all are 1. A
//! > gradient check of a fresh network cannot reveal this; draw gamma at random first.
//!
//! > **You would see.** Nothing, while it trains: the loss falls with the first and the third.
//!
//! ## Check yourself
//!
//! **Of these ways to prepare images, which is a cousin of batch normalization, and which of layer
//! normalization?**
//!
//! 1. Every image is divided by its brightest pixel.
//! 2. From every pixel, the mean of that pixel over all training images is subtracted.
//! 3. Every pixel becomes 1 if it is above 128, else 0.
//! 4. From every image its own mean brightness is subtracted, and the image is divided by its
//!    own contrast.
//!
//! - [ ] A. 2 is the cousin of batch normalization, 4 that of layer normalization
//! - [ ] B. 4 is the cousin of batch normalization, 2 that of layer normalization
//! - [ ] C. 2 is the cousin of batch normalization, 1 that of layer normalization
//!
//! <details><summary>Answer</summary>
//!
//! **A.** In 2 a number is compared with the same pixel in other images, in 4 with other pixels
//! of the same image.
//!
//! - **B** has the axes exchanged: it takes "batch" for the thing that is kept apart, and it is
//!   the thing that is summed over.
//! - **C** takes 1 for a normalization because it looks at one image alone. It does, but it fixes
//!   the largest number, not mean and variance. And 3 looks at nothing but the pixel.
//! </details>
//!
//! **A trained network with layer normalization is to score a single image. What does it use for
//! mean and variance?**
//!
//! - [ ] A. The running averages, as always in a test pass
//! - [ ] B. Those of the image's own units, in each layer
//! - [ ] C. It cannot: the variance of one example is 0
//!
//! <details><summary>Answer</summary>
//!
//! **B.** As in training.
//!
//! - **A** is chapter 11. There are no running averages here: no example is compared with another.
//! - **C** takes the variance down the column. Along the row there are M numbers.
//! </details>
//!
//! <details><summary>A hidden layer has 4 units. Is layer normalization a good idea?</summary>
//!
//! Hardly. Of 4 numbers, mean and standard deviation take away two degrees of freedom, half of
//! what there was. In the worked example nothing is left of the 9 that was so much larger than the
//! 5. With 100 units, 98 of 100 remain.
//! </details>
//!
//! ## Exercise
//!
//! Write [`forward`], then [`backward`].
//!
//! ```sh
//! fully-connected check layer_norm
//! cargo test --test chapters layer_norm::
//! cargo test --doc layer_norm
//! ```
//!
//! ## Further reading
//!
//! - [Layer normalization](https://arxiv.org/abs/1607.06450) (Ba, Kiros and Hinton, 2016):
//!   section 5.1 lists what leaves each kind of normalization as it was.
//! - [Group normalization](https://arxiv.org/abs/1803.08494) (Wu and He, 2018): neither the
//!   whole row nor one column, and a picture of all the choices.
//!
//! Next: [chapter 13, dropout](crate::dropout).

use crate::Scalar;
use crate::batch_norm::{EPSILON, Grads, assert_units};
#[allow(unused, reason = "another way may do without")]
use ndarray::Axis;
use ndarray::{Array2, ArrayRef1, ArrayRef2, ArrayView2};

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
/// ```
/// # use fully_connected::layer_norm;
/// # use ndarray::array;
/// let x = array![[1., 5., 1., 5.],              // mean 3, deviation 2: -1, 1, -1, 1
///                [3., 9., 9., 3.]];             // mean 6, deviation 3: -1, 1, 1, -1
/// let (gamma, beta) = (array![1., 2., 1., 3.], array![0., 0., 10., 0.]);
///
/// let (out, _cache) = layer_norm::forward(&x, &gamma, &beta);
/// let out = out.mapv(f64::round);               // epsilon shows in the sixth digit
/// assert_eq!(out, array![[-1., 2., 9., 3.], [-1., 2., 11., -3.]]);
/// ```
///
/// Where the squares of an example's `x − mean` are too large for `T` (from about 1e154 in `f64` and
/// 1e19 in `f32`), its variance is infinite, and it gives `beta`; where its sum is, NaN.
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
/// ```
/// # use fully_connected::layer_norm;
/// # use ndarray::array;
/// let x = array![[1., 5., 1., 5.], [3., 9., 9., 3.]];
/// let gamma = array![1., 2., 1., 3.];
/// let (_out, cache) = layer_norm::forward(&x, &gamma, &array![0., 0., 10., 0.]);
///
/// let dout = array![[4., 0., 0., 4.], [12., 0., 0., 0.]];
/// let grads = layer_norm::backward(&dout, cache, &gamma);
/// assert_eq!(grads.dbeta, array![16., 0., 0., 4.]);
/// assert_eq!(grads.dgamma.mapv(f64::round), array![-16., 0., 0., 4.]);
/// assert_eq!(grads.dx.mapv(f64::round), array![[1., -3., -1., 3.], [2., 0., 0., -2.]]);
/// ```
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

impl<T: Scalar> Cache<T> {
    /// The normalized examples, before `gamma` and `beta`, `(N, M)`.
    ///
    /// ```
    /// # use fully_connected::layer_norm;
    /// # use ndarray::array;
    /// let x = array![[1., 5.]];                     // mean 3, variance 4
    /// let (_out, cache) = layer_norm::forward(&x, &array![10., 10.], &array![7., 7.]);
    /// let rounded = cache.normalized().mapv(|x: f64| (x * 1000.).round() / 1000.);
    /// assert_eq!(rounded, array![[-1., 1.]]);
    /// ```
    pub fn normalized(&self) -> ArrayView2<'_, T> {
        self.normalized.view()
    }

    /// The standard deviation of each example, `√(var + ε)`, as a column, `(N, 1)`.
    ///
    /// ```
    /// # use fully_connected::{batch_norm::EPSILON, layer_norm};
    /// # use ndarray::array;
    /// let x = array![[1., 5.]];                     // mean 3, variance 4
    /// let (_out, cache) = layer_norm::forward(&x, &array![1., 1.], &array![0., 0.]);
    /// assert_eq!(cache.std(), array![[(4. + EPSILON).sqrt()]]);
    /// ```
    pub fn std(&self) -> ArrayView2<'_, T> {
        self.std.view()
    }
}

// exercise: layer_norm::helpers
// end: layer_norm::helpers
