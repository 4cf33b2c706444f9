//! # Chapter 8. The gradient check
//!
//! *The network runs, and it returns a loss and gradients of the right shapes. How do we
//! know that the numbers are right?*
//!
//! A wrong gradient seldom crashes. The loss still falls, only less far, and you spend a
//! week on the learning rate. Two tests of a few seconds would have told you. One is of the
//! *loss*: before any training we can predict it with pencil and paper. The other is of the
//! *gradients*: a gradient is a slope, and a slope can be measured. Nudge one weight up a
//! little, then down a little, and see how much the loss changes.
//!
//! What we measure is the *numeric* gradient; what the backward pass computes is the
//! *analytic* one. Measuring takes two losses for each weight, far too slow to train
//! with, but it shares not one line with the backward pass. If the two agree to six
//! digits, the gradient is that of the loss as we wrote it. (Whether it is the right
//! loss is for the first test to say.)
//!
//! ## A worked example
//!
//! The slope of $`x^2`$ at 3 is 6. Measure it with a step of 1, on one side and on both:
//!
//! ```text
//! one side     (4² − 3²) / 1 = 7    wrong by 1
//! both sides   (4² − 2²) / 2 = 6    right
//! ```
//!
//! The curve bends between 3 and 4, and the one-sided measurement takes the bend for slope.
//! The two-sided one, the *central difference*, looks as far to the left as to the right,
//! and the bend cancels.
//!
//! <!-- figure: secant
//! The slope of x² at 3, with a step of 1. The line through both sides is parallel to the
//! tangent (grey); the line to one side is too steep.
//! -->
//!
//! With several numbers, nudge one at a time, and put it back before the next. For $`f =
//! x^2 y`$ at `x = 3`, `y = −1`:
//!
//! ```text
//! x   (4²·(−1) − 2²·(−1)) / 2 = −6
//! y   (3²·0 − 3²·(−2)) / 2    = 9
//! ```
//!
//! If `x` were left where its last nudge took it, at 2, the second line would say 4.
//!
//! ## The loss before training
//!
//! The course's example has 2 examples of 15 numbers, hidden layers of 20 and 30, 10
//! classes, and a weight scale of 0.05. What should its first loss be?
//!
//! *Without a penalty*: small weights make ten small scores, nearly equal, and the loss is
//! near ln 10 = 2.3026 ([chapter 4](crate::init)). *With `reg` = 3.14* the penalty is
//! added. There are 15·20 + 20·30 + 30·10 = 1200 weights, and a weight with standard
//! deviation 0.05 has a square of 0.0025 on average:
//!
//! ```math
//! \ln 10 + \tfrac12 \cdot 3.14 \cdot 1200 \cdot 0.0025 = 2.3026 + 4.71 = 7.0126
//! ```
//!
//! The network says 2.3005 and 7.0521. Not equal, since the weights are random (the penalty
//! alone has a standard deviation of 0.19), but near. And these are the very numbers that
//! the course's Python notebook prints, because [`numpy`](crate::numpy) replays the random
//! numbers that NumPy draws with seed 231, one by one:
//!
//! ```
//! use fully_connected::numpy::RandomState;
//! use fully_connected::{FullyConnectedNet, Options};
//!
//! let mut random = RandomState::new(231);               // np.random.seed(231), once
//! let x = random.randn_array((2, 15));
//! let y = [random.randint(10), random.randint(10)];
//!
//! for (reg, expected) in [(0., 2.3004790897684924), (3.14, 7.052114776533016)] {
//!     let options = Options {
//!         reg,
//!         weight_scale: 5e-2,
//!         ..Options::new(15, &[20, 30], 10)
//!     };
//!     let net = FullyConnectedNet::with_normals(options, random.normals())?;
//!     let (loss, _grads) = net.loss(&x, &y)?;
//!     assert!(f64::abs(loss - expected) < 1e-12);
//! }
//! # Ok::<(), fully_connected::Error>(())
//! ```
//!
//! > **Note.** `cargo run -- sanity` runs this test, and prints a ± after each
//! > prediction. That is a bound, not a typical distance: how far apart the scores of
//! > this very network lie, since scores that differ by at most `s` move the loss by at
//! > most `s`. With a penalty, room for the luck of the draw is added, so much that
//! > right code exceeds it in fewer than one of 80,000 draws.
//!
//! "About 2.3 and about 7" is a weaker test than it looks. Without its ReLUs the same
//! network gives 2.3012 and 7.0512, and looks just as right. The predictions catch a
//! wrong logarithm, a sum in place of a mean, a missing penalty. What they miss is left
//! to the second test.
//!
//! ## The mathematics
//!
//! ```math
//! \frac{\partial f}{\partial x} \approx \frac{f(x + h) - f(x - h)}{2h}
//! ```
//!
//! <!-- code: gradient_check::numeric_gradient -->
//!
//! How small should the step $`h`$ be? Not as small as possible. Two errors pull in
//! opposite directions.
//!
//! The *method* errs because a curve is not a straight line. Taylor's series says by how
//! much: the terms in $`f''`$, the bend, cancel, and $`h^2 f'''/6`$ remains. A step ten
//! times smaller makes this error a hundred times smaller.
//!
//! The *arithmetic* errs because the two losses are rounded to about 16 digits. The smaller
//! the step, the more of these digits agree; the subtraction removes them, and dividing by
//! $`2h`$ magnifies what is left, the last and rounded ones. This error *grows* as $`1/h`$.
//!
//! Measured, for $`e^x`$ at 1, whose slope is e:
//!
//! ```text
//!           error of the slope
//!     h    one side   both sides
//!  1e-1     1.4e-1      4.5e-3
//!  1e-2     1.4e-2      4.5e-5
//!  1e-3     1.4e-3      4.5e-7
//!  1e-4     1.4e-4      4.5e-9
//!  1e-5     1.4e-5      5.9e-11
//!  1e-6     1.4e-6      1.6e-10
//!  1e-8     6.6e-9      6.6e-9
//! 1e-10     1.5e-6      6.7e-7
//! 1e-12     4.3e-4      2.1e-4
//! ```
//!
//! In the right column the error falls a hundredfold with each row, until rounding takes
//! over. The course takes $`h = 10^{-5}`$, near the bottom of the V.
//!
//! <!-- figure: step-size-v
//! On the right arm of each V the error is the method's, on the left arm the
//! rounding's. In `f32` (two-sided, too) the tip of the V lies about a million times
//! higher. In the book the step can be chosen: the fewer digits of the two values
//! differ, the fewer are left for the slope.
//! -->
//!
//! ## How near is near enough?
//!
//! The course compares the two gradients by their *relative error*, the difference
//! measured against the size of the numbers,
//!
//! ```math
//! \frac{|a - b|}{\max(10^{-8},\ |a| + |b|)}
//! ```
//!
//! and takes the largest over all entries.
//!
//! <!-- code: gradient_check::relative_error -->
//!
//! It is a good number to look at, and a poor judge. The losses of our example are
//! about 2.3, rounded to within about 2.2e-16 of that, and divided by $`2h`$ the
//! rounding becomes 2.6e-11. This is the *noise floor*: no digit of a slope below it
//! can be trusted, whatever the code. Now, `W2` has an entry whose true gradient is
//! 5.7e-7. Noise alone gives it a relative error of 2.2e-5, in any correct
//! implementation, in Python as here. A limit of 1e-6 would call it wrong.
//!
//! So this crate's checker, [`check`], is content where the numeric and the analytic
//! gradient agree to a millionth, and measures every other entry again, with the step
//! that suits it. With a longer step rounding counts for less. The error of the method,
//! which is then larger, can be removed, because it shrinks in a known way from $`h`$
//! to $`h/2`$ to $`h/4`$ (*Richardson's extrapolation*). How much of the loss is
//! rounding is measured too: the checker moves a few numbers by a hair, over which the
//! loss is as good as a straight line, and looks at how far the computed losses stray
//! from one. A gradient is wrong if it lies outside what the best of these measurements
//! leaves in doubt.
//!
//! Where even the best measurement is not good to a hundredth of the gradient, nor to a
//! ten-thousandth of the largest gradient in the array, rounding has *drowned* the
//! gradient. The check then says that it cannot tell, and how large gradient and noise are.
//! That is no fault of the code: with weights of 0.001 and five layers, the first layers
//! move the loss by less than its last digit. Larger weights, fewer layers or fewer
//! examples help.
//!
//! ## Kinks
//!
//! ReLU has a corner at 0, a *kink*, and a step across it measures a mixture of two slopes.
//! At 0.4 the slope of ReLU is 1. But:
//!
//! ```text
//! step 1      (1.4 − 0) / 2     = 0.7
//! step 0.3    (0.7 − 0.1) / 0.6 = 1
//! ```
//!
//! <!-- figure: kink
//! The long step crosses the kink and measures the slope of the dashed line. The short one
//! stays on one side, and is right.
//! -->
//!
//! In a network, the nudge of one weight moves the sums of many units, and any of them may
//! cross 0. In the course's example that is rare: the sum nearest to 0 is 1.2e-4 away from
//! it, too far for a step of 1e-5. With small weights, the sums of the deeper layers are
//! smaller than the step, and it happens all the time.
//!
//! But as long as no unit switches on or off, the loss is smooth. And how far a nudge
//! may go before one does can be computed: until then, every sum moves in proportion to
//! the nudge. So [`check_net`] works out how far each entry can go, down and up, before
//! a unit switches, and stays within that; if one side has much more room, it measures
//! there. (It computes the sums from the parameters, apart from the forward pass that
//! is being checked.) An entry with a kink within a step has been compared like all the
//! others; the report counts it under `kinks`. If an entry is *on* a kink, so that no
//! room is left either way, there is no slope to compare with, and the check says that
//! it cannot tell.
//!
//! Of any other function [`check`] knows only its values. There a kink betrays itself:
//! the slopes to its left and right differ by more than rounding and curvature explain,
//! at every step that reaches it. Shorter steps are tried until one fits between the
//! kinks. If none does, a gradient that equals the slope of one side passes, and of any
//! other the check says that it cannot tell.
//!
//! Everything here is `f64`: in `f32` the noise floor is near 1e-2. [`numeric_gradient`]
//! and [`relative_error`] are the two exercises; the rules above are in the appendix
//! [`checker`](crate::checker).
//!
//! ## What goes wrong
//!
//! > **Pitfall: the nudge that stays.** Entry 0 is nudged and not put back. All later
//! > slopes are measured at another place. Restore the *saved* value: `x + h − h` is not
//! > always `x`.
//!
//! > **Pitfall: dividing by `h`.** Two-sided differences are divided by `2h`.
//!
//! > **You would see.** All numeric norms twice the analytic ones. In the report of
//! > `sanity`:
//! >
//! > ```text
//! > parameter  shape        ‖analytic‖   ‖numeric‖  kinks
//! > W1         15 × 20        0.073351    0.146701      0  ✗ they differ
//! >            worst at [7, 19]: analytic -1.8600e-2, numeric -3.7201e-2
//! > ```
//! >
//! > A factor of exactly 2 in *every* parameter is no bug of the backward pass.
//!
//! > **Pitfall: NaN agrees with everything.** `if error > 1e-6 { fail }` lets NaN pass,
//! > because NaN compares false. So does a maximum built with `f64::max`, which drops NaN.
//! > Ask whether the numbers are finite first, and write the test so that only success
//! > compares true.
//!
//! > **Pitfall: green, and wrong.** The check compares your loss with your gradient. A
//! > mistake that is in both (no penalty at all, a factor ½ missing twice, a sum for a
//! > mean) is invisible to it. That is what the first test, of the loss, is for.
//!
//! ## Check yourself
//!
//! **The check agrees for every parameter. What does that prove?**
//!
//! - [ ] A. The loss is right
//! - [ ] B. The gradient is that of the loss as coded, at this point
//! - [ ] C. The network will learn
//!
//! <details><summary>Answer</summary>
//!
//! **B.** If the loss is wrong, a gradient that is wrong in the same way agrees with it.
//!
//! - **A** takes agreement for truth. Both gradients are those of the same loss, right or
//!   wrong.
//! - **C** takes a right gradient for a good one. Scale and rate can still be hopeless:
//!   chapter 9.
//! </details>
//!
//! **A central difference with h = 1e-5 is accurate to about 1e-10. What does h = 1e-12
//! give?**
//!
//! - [ ] A. A more accurate slope
//! - [ ] B. A slope with three or four right digits
//! - [ ] C. The same, since `f64` has 16 digits
//!
//! <details><summary>Answer</summary>
//!
//! **B.** The error is 2.1e-4, says the table. The two losses agree in all but their last
//! digits, and those are what the subtraction leaves.
//!
//! - **A** is right on paper, where nothing is rounded.
//! - **C** counts the digits of the losses. Their difference has only the few in which they
//!   differ.
//! </details>
//!
//! <details><summary>If the numeric gradient is so reliable, why not train with it?</summary>
//!
//! A network of 3072-100-100-10 has 318,410 parameters, so a numeric gradient takes 636,820
//! losses. Backpropagation takes less than the time of three.
//! </details>
//!
//! <details><summary>Why check with few examples and a tiny network?</summary>
//!
//! For speed. And the more is averaged, the smaller each gradient, and the nearer to the
//! noise. A mistake in a formula does not need a large network to show.
//! </details>
//!
//! <details><summary>The check passes at the start. Why might one run it again after some
//! training?</summary>
//!
//! At the start the biases are 0 and all scores are nearly equal. A term that multiplies a
//! bias, or that matters only when the network is sure of something, has no effect yet.
//! </details>
//!
//! ## Exercise
//!
//! Write [`numeric_gradient`], then [`relative_error`].
//!
//! ```sh
//! fully-connected check gradient_check
//! cargo test --test chapters gradient_check::
//! cargo test --doc gradient_check
//! ```
//!
//! ## Further reading
//!
//! - [CS231n, Neural Networks 3](https://cs231n.github.io/neural-networks-3/): the official
//!   notes on checking what is too large to be checked whole, and rules of thumb for the
//!   relative error.
//! - [Numerical differentiation](https://en.wikipedia.org/wiki/Numerical_differentiation)
//!   on Wikipedia: the best step by formula, and the *complex step*, which subtracts
//!   nothing and so has no left half of the V.
//!
//! Next: [chapter 9, overfitting fifty images](crate::overfit).

pub use crate::checker::{Check, Verdict, check, check_net};

use ndarray::{Array, ArrayRef, Dimension};

/// The step of the numeric gradient, 10⁻⁵: the course's choice, and near the best one for
/// `f64`.
pub const STEP: f64 = 1e-5;

/// The gradient of `f` at `x`, measured by central differences with step `h`.
///
/// It has the shape of `x` and takes two calls of `f` for each entry. `f` sees `x` with one
/// entry nudged; `x` itself is not changed.
///
/// ```
/// # use fully_connected::gradient_check::numeric_gradient;
/// # use ndarray::array;
/// let f = |x: &ndarray::Array1<f64>| x[0] * x[0] * x[1];
/// let grad = numeric_gradient(f, &array![3., -1.], 1.);
/// assert_eq!(grad, array![-6., 9.]);            // (4² - 2²)·(-1) / 2, 3²·(0 + 2) / 2
/// ```
///
/// # Panics
///
/// If `h` is not positive and finite.
#[doc(alias = "eval_numerical_gradient")]
pub fn numeric_gradient<D: Dimension>(
    mut f: impl FnMut(&Array<f64, D>) -> f64,
    x: &ArrayRef<f64, D>,
    h: f64,
) -> Array<f64, D> {
    assert!(
        h > 0.0 && h.is_finite(),
        "gradient_check::numeric_gradient: the step h must be positive and finite; it is {h}"
    );
    let mut x = x.as_standard_layout().into_owned();
    #[allow(unused, reason = "another way may do without")]
    let mut grad = Array::<f64, D>::zeros(x.raw_dim());
    // exercise: gradient_check::numeric_gradient
    for (i, slope) in grad.iter_mut().enumerate() {
        let old = *entry(&mut x, i);
        *entry(&mut x, i) = old + h;
        let above = f(&x);
        *entry(&mut x, i) = old - h;
        let below = f(&x);
        *entry(&mut x, i) = old;
        *slope = (above - below) / (2.0 * h);
    }
    grad
    // end: gradient_check::numeric_gradient
}

/// Entry `i` of `x`, counted in row-major order, to be read or set.
pub(crate) fn entry<D: Dimension>(x: &mut Array<f64, D>, i: usize) -> &mut f64 {
    &mut x.as_slice_mut().expect("x is in row-major order")[i]
}

/// The largest elementwise relative error, `|a − b| / max(1e-8, |a| + |b|)`.
///
/// `a` and `b` have one shape. The result is from 0 to 1, or NaN if any entry of either is
/// NaN: a NaN never hides behind a number.
///
/// ```
/// # use fully_connected::gradient_check::relative_error;
/// # use ndarray::array;
/// let error = relative_error(&array![3., 1.], &array![1., 1.]);
/// assert_eq!(error, 0.5);                       // |3 - 1| / (3 + 1)
/// assert!(relative_error(&array![f64::NAN, 1.], &array![1., 1.]).is_nan());
/// ```
///
/// # Panics
///
/// If the shapes differ.
#[doc(alias = "rel_error")]
pub fn relative_error<D: Dimension>(a: &ArrayRef<f64, D>, b: &ArrayRef<f64, D>) -> f64 {
    assert!(
        a.shape() == b.shape(),
        "gradient_check::relative_error: a and b must have one shape; they are {:?} and \
         {:?}",
        a.shape(),
        b.shape(),
    );
    #[allow(unused, reason = "another way may do without")]
    let pairs = a.iter().zip(b);
    // exercise: gradient_check::relative_error
    let errors = pairs.map(|(a, b)| (a - b).abs() / (a.abs() + b.abs()).max(1e-8));
    errors.fold(
        0.0,
        |worst, e| {
            if e > worst || e.is_nan() { e } else { worst }
        },
    )
    // end: gradient_check::relative_error
}

// exercise: gradient_check::helpers
// end: gradient_check::helpers
