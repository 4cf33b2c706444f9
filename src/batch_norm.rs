//! # Chapter 11. Batch normalization
//!
//! *Each layer's sums depend on all layers before it. Can we fix their scale, whatever the
//! weights are?*
//!
//! Chapter 9 found networks that cannot learn at any rate. Every layer multiplied the scale of
//! the numbers by the same factor, and after five layers nothing was left of them, or they had
//! exploded. One could choose the first weights with care. But then the weights move, all
//! layers at once, and each layer is fed by the layers that moved before it.
//!
//! *Batch normalization* does not choose. It measures: in each layer, over the examples of the
//! batch, it takes the mean of each unit away and divides by the standard deviation. Whatever
//! the weights made of the scale, the ReLU is given numbers around 0, about as large as 1.
//!
//! <!-- figure: batch-norm-scale
//! Five hidden layers of 100 units after ten epochs on 500 made-up images, against the standard deviation of their
//! first weights: the line is the mean of three seeds, the band holds all three. Without
//! normalization nothing is learned up to a scale of 0.001; with it something always is.
//! -->
//!
//! Where the first weights have a standard deviation of 0.001 or less, the plain network is left
//! with a guess, 10 %. The same network with batch normalization gets at least 41 % of the
//! training images right at every scale, and near 0.03, where the plain one is best as well, both
//! name about half of the other images. Normalization does *not* do everything: at 0.1 and 0.3
//! both learn the training images, and the plain network does poorly on others; at 1 both learn
//! only half. A gradient step changes a large weight by a small share of it, so most of its
//! random start remains.
//!
//! ## A worked example
//!
//! Five examples, two units. The second unit is the first one times 10 and plus 100. (By hand we
//! leave ε out, a hundred-thousandth that guards against division by 0; it changes the sixth
//! digit.)
//!
//! ```text
//!           unit 1                    unit 2
//!         x  x - mean    x̂  out     x  x - mean    x̂  out
//!         1     -3    -1.5   -5   110    -30    -1.5   -4
//!         3     -1    -0.5   -1   130    -10    -0.5   -2
//!         4      0     0      1   140      0     0     -1
//!         5      1     0.5    3   150     10     0.5    0
//!         7      3     1.5    7   170     30     1.5    2
//!
//! mean    4                       140
//!  var    4                       400
//!  std    2                        20
//! gamma   4                         2
//!  beta   1                        -1
//! ```
//!
//! The variance is the mean of the squares: (9 + 1 + 0 + 1 + 9) / 5 = 4. *Both units come out
//! of the division as the same x̂.* What a positive factor or an added number did to a whole unit
//! is gone. Then each is multiplied by its `gamma` and shifted by its `beta`:
//! 4 · −1.5 + 1 = −5.
//!
//! Now backward, for the first unit, with `dout` of 0, 0, 2, 2 and 6. We go the same way in
//! reverse, one small step at a time:
//!
//! ```text
//!      dout   0   0   2   2   6
//!     dbeta          10           sum of dout
//!    dgamma          10           sum of dout·x̂
//!        dx̂   0   0   8   8  24   dout·4
//!      dstd         -20           -sum of dx̂·x̂ / 2
//!      dvar          -5           dstd / (2·2)
//!   one way   0   0   4   4  12   dx̂ / 2
//! the other   6   2   0  -2  -6   (x - mean)·dvar·2/5
//! dcentered   6   2   4   2   6   both
//!     dmean         -20           -sum of dcentered
//!        dx   2  -2   0  -2   2   dcentered + dmean / 5
//! ```
//!
//! Look at the last row. It sums to 0, and so do its products with x̂: −3 + 1 + 0 − 1 + 3. If
//! all five numbers of the unit rise by the same amount, or all move away from the mean in
//! proportion, the output stays as it was. A gradient that asked for either would ask in vain.
//!
//! That suggests a shorter way. Take from `dout` its mean, `dbeta` / 5, and x̂ times `dgamma` / 5
//! (both sums happen to be 10); multiply by gamma / std. For the second unit, let only the first
//! example's `dout` be other than 0:
//!
//! ```text
//!       dout             20   0   0   0   0
//!      dbeta, dgamma           20, -30
//! minus the mean, 4      16  -4  -4  -4  -4
//! minus x̂ · -6            7  -7  -4  -1   5
//!         dx = · 2/20    .7 -.7 -.4 -.1  .5
//! ```
//!
//! *Four examples whose `dout` is 0 still get a gradient.* Each has a part in the mean and the
//! variance by which the first was normalized. This is what is new here: until now, the
//! examples of a batch had nothing to do with each other before the loss.
//!
//! **When it is used,** the network must not look at the batch. In a training pass the 7 of unit
//! 1 became an `out` of 7. Together with a 9 alone it would be −1 after the division, and come out as
//! −3; and all by itself, as its own mean, it would be 0, and come out as `beta`, like every
//! other number. An answer should not depend on who else is asking. So while training we keep
//! *running averages* of mean and variance, and a test pass takes those. Say they are 3 and 16
//! for unit 1, and 150 and 100 for unit 2: the last example, 7 and 170, becomes 1 and 2, and then
//! 4 · 1 + 1 = 5 and 2 · 2 − 1 = 3.
//!
//! ## The mathematics
//!
//! `x` is `(N, M)`: `N` examples of `M` units. Each unit, a column, is treated by itself.
//!
//! **Moments.** To fix the scale we must know it. The mean over the batch says where a unit lies,
//! the variance how far its numbers are spread:
//!
//! ```math
//! \mu = \frac{1}{N} \sum_i x_i, \qquad \sigma^2 = \frac{1}{N} \sum_i (x_i - \mu)^2
//! ```
//!
//! We divide by N, not by N − 1. Statistics uses N − 1 to estimate the variance of a
//! population from a sample. Here we want *these* N numbers to have variance 1, and a batch of
//! one should not divide by 0.
//!
//! <!-- code: batch_norm::moments -->
//!
//! **Forward.** Dividing by the standard deviation makes the variance 1. But a unit may say the
//! same of every example; its variance is 0. So ε = 1e-5 is added to the variance, inside the
//! root:
//!
//! ```math
//! s = \sqrt{\sigma^2 + \varepsilon}, \qquad \hat x_i = \frac{x_i - \mu}{s},
//! \qquad \mathrm{out}_i = \gamma \hat x_i + \beta
//! ```
//!
//! Why γ and β? With mean 0 about half of a unit's numbers are cut off by the ReLU, in every
//! unit of every layer. That is a good place to begin, but it need not stay that way. A unit may
//! be worth more if it speaks rarely, or loudly. So the network learns two numbers for each unit.
//! They start at 1 and 0, where they do nothing. One parameter then sets the scale, and no longer
//! whatever all the weights below happen to make.
//!
//! <!-- code: batch_norm::forward -->
//!
//! The bias of the affine layer before it is now *dead*: it adds the same to all examples, the
//! mean takes that away, and its gradient is 0. β does its work. We leave it where it is, so that
//! an affine layer is the same everywhere; chapter 14 meets it again.
//!
//! **Remember.** A test pass needs the moments of all training examples, as the *present*
//! weights make them. Measuring them anew costs a pass over everything. Instead each batch
//! adds its share to what is known, and old shares fade as the weights that made them do:
//!
//! ```math
//! \mathrm{running} \leftarrow 0.9 \cdot \mathrm{running} + 0.1 \cdot \mathrm{batch}
//! ```
//!
//! for mean and variance alike. They start at 0. If every batch has the mean 4, the running mean
//! is 0.4, then 0.76, and after ten batches 2.61, 65 % of it. After fifty it is 3.98. Nobody
//! corrects for that, as Adam does: a test pass makes sense after some dozens of batches.
//!
//! <!-- code: batch_norm::remember -->
//!
//! **Test pass.** The same formula with the running averages. They are numbers now, fixed before
//! the examples came, so each example has its answer to itself:
//!
//! <!-- code: batch_norm::test_forward -->
//!
//! **Backward, along the graph.** From one `x` three ways lead to the outputs: straight through
//! its own x̂, through the variance, and through the mean, which all examples share. Chapter 6's
//! rule holds: slopes multiply along a way, and ways add.
//!
//! ```text
//! x ──→ centered = x − mean ────────→ x̂ = centered / std ──→ out = gamma · x̂ + beta
//!   └→ mean ──↗        └→ var → std ──↗
//! ```
//!
//! From right to left, each step with its slope:
//!
//! | step | its slopes | so |
//! |---|---|---|
//! | out = γ x̂ + β | ∂/∂β = 1, ∂/∂γ = x̂, ∂/∂x̂ = γ | dβ = Σ dout, dγ = Σ dout · x̂, dx̂ = γ · dout |
//! | x̂ = centered / s | ∂/∂centered = 1 / s, ∂/∂s = −x̂ / s | ds = −Σ dx̂ · x̂ / s |
//! | s = √(var + ε) | ∂/∂var = 1 / 2s | dvar = ds / 2s |
//! | var = Σ centered² / N | ∂/∂centered = 2 · centered / N | dcentered = dx̂ / s + dvar · 2 · centered / N |
//! | centered = x − mean | ∂/∂mean = −1, ∂/∂x = 1 | dmean = −Σ dcentered |
//! | mean = Σ x / N | ∂/∂x = 1 / N | dx = dcentered + dmean / N |
//!
//! A sum stands wherever one number went out to all examples: β, γ, s and the mean. In the
//! fourth and in the last row two ways meet, and are added. The cache does not keep `centered`;
//! it is s · x̂. That is the code, row by row:
//!
//! <!-- code: batch_norm::backward -->
//!
//! (The mean has another way, through the variance, and its slope there is −2/N times the sum of
//! the centered numbers. That sum is 0. The code's dmean, which sums all of dcentered,
//! includes it.)
//!
//! **Backward, multiplied out.** Substitute the rows into one another. Since centered = s x̂, the way
//! through the variance is dvar · 2 s x̂ / N, where dvar = −γ dγ / 2s²; it comes to
//! −(γ / s) · x̂ dγ / N. Then dcentered has the sum (γ / s) · dβ, because the x̂ sum to 0, and the
//! mean takes away an Nth of that:
//!
//! ```math
//! dx_i = \frac{\gamma}{s}
//! \Bigl( \mathrm{dout}_i - \frac{d\beta}{N} - \hat x_i \frac{d\gamma}{N} \Bigr)
//! ```
//!
//! The shape has a reason. Forward takes two things out of `x`: what is common to all examples,
//! and how far they are spread along x̂. Nudging `x` by either changes no output (but for ε), so
//! backward must take the same two out of the gradient. dβ / N is the mean of dout; x̂ dγ / N is the
//! part of it that runs along x̂, as x̂ has the mean square 1. What is left is passed on, times
//! the slope γ / s of the straight way.
//!
//! Weights ten times as large make s ten times as large: the output hardly changes, and the
//! gradient of `x` is a tenth.
//!
//! <!-- code: batch_norm::backward_short -->
//!
//! For N = 1, x̂ is 0 and dout is its own mean: `dx` is 0. A network whose batches have one
//! example learns nothing below its last normalization.
//!
//! (With ε the mean square of x̂ is a little less than 1. The formula is exact all the same: the
//! multiplying out did not use it.)
//!
//! ## Why does it help?
//!
//! Its inventors, Ioffe and Szegedy, meant to stop each layer's inputs from wandering while the
//! layers below it learn. Santurkar and others later shook the inputs on purpose, *after* the
//! normalization, and the networks learned as well as before. They point to another effect: the
//! loss changes more evenly, so that a gradient is still right a long step away. That it helps is
//! not in dispute.
//!
//! It has a price. An example's gradient depends on its neighbours, so small batches are noisy: the
//! next chapter has a figure of what a batch of two does.
//!
//! ## What goes wrong
//!
//! > **Pitfall: N − 1.** Variance 5 instead of 4 in the worked example.
//!
//! > **You would see.** Outputs that are too small by the factor √((N − 1) / N): by about a tenth
//! > for five examples, a hundredth for fifty. With one example, 0 / 0, and every number is NaN.
//!
//! > **Pitfall: ε outside the root.** `std + ε` agrees in five digits where the variance is
//! > near 1. Where it is 1e-8, as with very small weights, `√(var + ε)` is 0.0032 and `√var + ε` is
//! > 0.00011: outputs that are 29 times too large.
//!
//! > **Pitfall: mean and variance as constants.** `dx = dout · gamma / std` is the straight way
//! > alone.
//!
//! > **You would see.** A right loss, and a gradient check that fails for every weight *below*
//! > the last normalization and for none above it; its own `dgamma` and `dbeta` are right. In the worked
//! > example `dx` would be 0, 0, 4, 4, 12. With only the mean's way left out it is 6, 2, 4, 2,
//! > 6. It does not sum to 0: a quick test.
//!
//! > **Pitfall: the batch's moments in a test pass.** The accuracy looks fine with 500 images
//! > at once. Asked for one image, the network gives the same answer to all of them, as each is
//! > its own mean.
//!
//! > **Pitfall: the shares exchanged.** With 0.1 of the old and 0.9 of the batch, the running
//! > averages are nearly those of the last batch, and the accuracy jumps from one step to the
//! > next while the training loss falls calmly.
//!
//! > **Pitfall: the standard deviation stored in place of the variance.** The test pass takes its root
//! > once more. Training goes well, since no training pass reads the averages; a unit with variance
//! > 400 is then divided by 4.5 instead of 20 in the test pass.
//!
//! ## Check yourself
//!
//! **A layer's weights and biases are all multiplied by 10, and its batch normalization stays as
//! it is. What happens to its output?**
//!
//! - [ ] A. It becomes ten times as large
//! - [ ] B. It hardly changes
//! - [ ] C. It keeps its scale, but is shifted by the larger biases
//!
//! <details><summary>Answer</summary>
//!
//! **B.** x − mean and std are both ten times as large. Only ε counts a little less.
//!
//! - **A** has in mind the affine layer, whose output does grow. The division undoes it.
//! - **C** takes the mean for something that is fixed. It moves with the biases, and is taken
//!   away.
//! </details>
//!
//! **All five entries of a unit's `dout` are 3. What is its `dx`, in a training pass?**
//!
//! - [ ] A. 3 · gamma / std, five times
//! - [ ] B. 0, five times
//! - [ ] C. It depends on x̂
//!
//! <details><summary>Answer</summary>
//!
//! **B.** A slope that is the same for all asks that all move together. `x` cannot make
//! them: the mean goes along. `dbeta` is 15, and β can do it.
//!
//! - **A** takes mean and variance for constants, as a test pass does.
//! - **C** thinks of the way through the variance. It carries the sum of 3 · x̂, and that is 0.
//! </details>
//!
//! **Why are the running averages not used in the training pass?**
//!
//! - [ ] A. It would be slower
//! - [ ] B. They come from old weights, and with them as constants the scale is not held
//! - [ ] C. They are less exact than the mean of one batch
//!
//! <details><summary>Answer</summary>
//!
//! **B.** A step that doubles the weights would double the outputs, as in a plain network, until
//! the averages have followed some steps later. The gradient would know nothing of that.
//!
//! - **A** is the wrong way round: no moments to compute, and no way through them.
//! - **C** forgets that they average many batches. They are steadier than a batch, and late.
//! </details>
//!
//! ## Exercise
//!
//! Write [`moments`], [`forward`], [`remember`] and [`test_forward`], then [`backward`] along
//! the graph, on paper first, and [`backward_short`].
//!
//! ```sh
//! fully-connected check batch_norm
//! cargo test --test chapters batch_norm::
//! cargo test --doc batch_norm
//! ```
//!
//! ## Further reading
//!
//! - [Batch normalization: accelerating deep network training by reducing internal covariate
//!   shift](https://arxiv.org/abs/1502.03167), by Ioffe and Szegedy (2015): the method, with the
//!   backward pass in section 3.
//! - [How does batch normalization help optimization?](https://arxiv.org/abs/1805.11604), by
//!   Santurkar, Tsipras, Ilyas and Mądry (2018): the experiment with shaken inputs, and what they
//!   think it is instead.
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
/// ```
/// # use fully_connected::batch_norm;
/// # use ndarray::array;
/// let x = array![[1., 110.], [3., 130.], [4., 140.], [5., 150.], [7., 170.]];
/// let moments = batch_norm::moments(&x);
/// assert_eq!(moments.mean, array![4., 140.]);
/// assert_eq!(moments.var, array![4., 400.]);          // divided by 5, not by 4
/// ```
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
/// come out as well, to be [remembered](remember). Where the squares of `x − mean` are too large
/// for `T` (from about 1e154 in `f64` and 1e19 in `f32`), the variance is infinite, and the unit
/// gives its `beta`.
///
/// ```
/// # use fully_connected::batch_norm;
/// # use ndarray::array;
/// let x = array![[1.], [3.], [4.], [5.], [7.]];       // mean 4, deviation 2
/// let (gamma, beta) = (array![4.], array![1.]);
///
/// let (out, _cache, moments) = batch_norm::forward(&x, &gamma, &beta);
/// let out = out.mapv(f64::round);                     // epsilon shows in the sixth digit
/// assert_eq!(out, array![[-5.], [-1.], [1.], [3.], [7.]]);
/// assert_eq!(moments.mean, array![4.]);
/// ```
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
/// ```
/// # use fully_connected::batch_norm;
/// # use fully_connected::Moments;
/// # use ndarray::array;
/// let mut running = Moments { mean: array![10.], var: array![100.] };
/// let batch = Moments { mean: array![20.], var: array![0.] };
/// batch_norm::remember(&mut running, &batch);
/// let rounded = |a: &ndarray::Array1<f64>| a.mapv(f64::round);
/// assert_eq!(rounded(&running.mean), array![11.]);    // 9 + 2
/// assert_eq!(rounded(&running.var), array![90.]);     // 90 + 0
/// ```
///
/// # Panics
///
/// If the two differ in their number of units.
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
/// ```
/// # use fully_connected::batch_norm;
/// # use fully_connected::Moments;
/// # use ndarray::array;
/// let running = Moments { mean: array![3.], var: array![16.] };
/// let (gamma, beta) = (array![4.], array![1.]);
///
/// let out = batch_norm::test_forward(&array![[7.]], &gamma, &beta, &running);
/// assert_eq!(out.mapv(f64::round), array![[5.]]);     // 4 · (7 - 3) / 4 + 1
///
/// // In a training pass an example alone is its own mean, and beta is all that comes out.
/// let (out, ..) = batch_norm::forward(&array![[7.]], &gamma, &beta);
/// assert_eq!(out, array![[1.]]);
/// ```
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
/// ```
/// # use fully_connected::batch_norm;
/// # use ndarray::array;
/// let x = array![[1.], [3.], [4.], [5.], [7.]];       // x̂ is -3/2, -1/2, 0, 1/2, 3/2
/// let (gamma, beta) = (array![4.], array![1.]);
/// let (_out, cache, _moments) = batch_norm::forward(&x, &gamma, &beta);
///
/// let dout = array![[0.], [0.], [2.], [2.], [6.]];
/// let grads = batch_norm::backward(&dout, cache, &gamma);
/// assert_eq!(grads.dbeta, array![10.]);
/// assert_eq!(grads.dgamma.mapv(f64::round), array![10.]);
/// assert_eq!(grads.dx.mapv(f64::round), array![[2.], [-2.], [0.], [-2.], [2.]]);
/// ```
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
///
/// ```
/// # use fully_connected::batch_norm;
/// # use ndarray::array;
/// let x = array![[1.], [3.], [4.], [5.], [7.]];
/// let (gamma, beta) = (array![4.], array![1.]);
/// let (_out, cache, _moments) = batch_norm::forward(&x, &gamma, &beta);
///
/// let dout = array![[0.], [0.], [2.], [2.], [6.]];
/// let grads = batch_norm::backward_short(&dout, cache, &gamma);
/// assert_eq!(grads.dx.mapv(f64::round), array![[2.], [-2.], [0.], [-2.], [2.]]);
/// ```
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
    ///
    /// ```
    /// # use fully_connected::batch_norm;
    /// # use ndarray::array;
    /// let x = array![[1.], [5.]];                   // mean 3, variance 4
    /// let (_out, cache, _) = batch_norm::forward(&x, &array![10.], &array![7.]);
    /// let rounded = cache.normalized().mapv(|x: f64| (x * 1000.).round() / 1000.);
    /// assert_eq!(rounded, array![[-1.], [1.]]);
    /// ```
    pub fn normalized(&self) -> ArrayView2<'_, T> {
        self.normalized.view()
    }

    /// The standard deviation of each unit, `√(var + ε)`, `(M,)`.
    ///
    /// ```
    /// # use fully_connected::batch_norm::{self, EPSILON};
    /// # use ndarray::array;
    /// let x = array![[1.], [5.]];                   // mean 3, variance 4
    /// let (_out, cache, _) = batch_norm::forward(&x, &array![1.], &array![0.]);
    /// assert_eq!(cache.std(), array![(4. + EPSILON).sqrt()]);
    /// ```
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
