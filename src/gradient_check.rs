//! # Chapter 8. The gradient check
//!
//! *The network runs and returns a loss and gradients of the right shapes. How do we know
//! that the numbers are right?*
//!
//! Twice over. First the loss: before any training we can predict it with pencil and
//! paper. Then the gradients: a gradient is a slope, and a slope can be *measured*. Nudge
//! one weight up a little, and down a little, and see how much the loss changes. That is
//! the *numeric* gradient; the one from the backward pass is called *analytic*. It takes
//! two losses for each weight, far too slow to train with, and shares not one line with
//! the backward pass. When the two agree to seven digits, the gradient is that of the
//! loss as we coded it. Whether that loss is the right one, the first check says.
//!
//! ## An example for the head
//!
//! The slope of $`x^2`$ at 3 is 6. Measure it with a step of 1, on one side and on both:
//!
//! ```text
//! one side     (4² − 3²) / 1 = 7           wrong by 1
//! both sides   (4² − 2²) / 2 = 6           right
//! ```
//!
//! The one-sided difference is off because the curve bends between 3 and 4. The two-sided
//! one, the *central difference*, looks as far to the left as to the right, and the bend
//! cancels.
//!
//! ## The initial loss
//!
//! The course's example: 2 examples of 15 numbers, hidden layers of 20 and 30, 10 classes,
//! `weight_scale` 0.05, everything drawn by NumPy's generator with seed 231. What should
//! the loss be?
//!
//! *Without a penalty*, ten small scores, nearly equal, so ln 10 = 2.3026. *With
//! `reg` = 3.14* the penalty comes on top. There are 15·20 + 20·30 + 30·10 = 1200 weights,
//! and a weight with standard deviation 0.05 has a square of 0.0025 on average:
//!
//! ```math
//! \ln 10 + \tfrac12 \cdot 3.14 \cdot 1200 \cdot 0.0025 = 2.3026 + 4.71 = 7.0126
//! ```
//!
//! The network says 2.3005 and 7.0521. Not equal, since the weights are random (the penalty
//! has a standard deviation of 0.19), but near. (`cargo run -- sanity` prints the check; after
//! its ± stands how far off the loss may be in all but one of 80,000 draws.) And these are
//! the very numbers that the Python notebook prints, because [`numpy`](crate::numpy) replays
//! its random numbers one by one:
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
//! "About 2.3 and about 7" is a weaker test than it looks. Without its ReLUs the same
//! network gives 2.3012 and 7.0512. The predictions catch a wrong logarithm, a sum for a
//! mean, a missing penalty. What they miss is for the next test.
//!
//! ## The mathematics
//!
//! ```math
//! \frac{\partial f}{\partial x} \approx \frac{f(x + h) - f(x - h)}{2h}
//! ```
//!
//! <!-- code: gradient_check::numeric_gradient -->
//!
//! Taylor's series says how good that is. The terms in $`f''`$, the bend, cancel, and
//! what remains is $`h^2 f'''/6`$: a step ten times smaller, an error a hundred times
//! smaller. But the two losses are rounded, each to about 16 digits, and they agree in
//! most of them. Their difference keeps what is left, and dividing by $`2h`$ magnifies it.
//! That part of the error *grows* as $`1/h`$. Measured, for $`e^x`$ at 1:
//!
//! ```text
//!     h    one side   both sides
//!  1e-1     1.4e-1      4.5e-3
//!  1e-2     1.4e-2      4.5e-5
//!  1e-3     1.4e-3      4.5e-7      a hundredth at each step
//!  1e-4     1.4e-4      4.5e-9
//!  1e-5     1.4e-5      5.9e-11     ◄ the course's h
//!  1e-6     1.4e-6      1.6e-10
//!  1e-8     6.6e-9      6.6e-9      rounding takes over
//! 1e-10     1.5e-6      6.7e-7
//! 1e-12     4.3e-4      2.1e-4
//! ```
//!
//! The course takes $`h = 10^{-5}`$, near the bottom of the V.
//!
//! <!-- figure: step-size-v
//! To the right of the V the method errs, to the left the rounding. Two sides gain two
//! decades for each decade of step, one side gains one. In `f32` the tip of the V lies about
//! a million times higher.
//! -->
//!
//! ## How near is near enough?
//!
//! The course's figure is the *relative error*, the difference measured against the size
//! of the two numbers:
//!
//! ```math
//! \frac{|a - b|}{\max(10^{-8},\ |a| + |b|)}
//! ```
//!
//! <!-- code: gradient_check::relative_error -->
//!
//! The largest of them over all entries counts. It is a good figure to look at, and a poor
//! judge. The losses here are about 2.3, rounded at about 2.2e-16 of that, and divided by
//! $`2h`$ the rounding becomes 2.5e-11. This is the *noise floor*: no digit below it can
//! be trusted, whatever the code. Now `W2` has an entry whose true gradient is
//! 5.7e-7. The noise alone gives it a relative error of 2.2e-5, twice as bad as that of the
//! next entry, which is small too, in every correct implementation, in Python as here.
//!
//! So [`check`] is content where numeric and analytic gradient agree to a millionth, and
//! measures every other entry again, with the step that suits it. It takes longer steps
//! too, in which rounding counts for less, and lets the error of the long step drop out:
//! from the slopes over $`h`$, $`h/2`$ and $`h/4`$ one can tell how the error shrinks, and
//! go on to where it is gone (*Richardson's extrapolation*). How much of a loss is rounding
//! it measures as well: it moves a few numbers by a hair, and looks at what a straight line
//! does not explain. The gradient is wrong if it lies outside of what the best of these
//! slopes leaves in doubt.
//!
//! Where the best measurement is not good to a hundredth of the gradient, nor to a
//! ten-thousandth of the largest gradient in the array, rounding has *drowned* the gradient.
//! The check then says that it cannot tell, and how large gradient and noise are. That is
//! no fault of the code: with weights of 0.001 and five layers, the first layers move the
//! loss by less than its last digit. Larger weights, fewer layers or fewer examples help.
//!
//! ## Kinks
//!
//! ReLU bends at 0. If the nudge carries a unit's sum across 0, the loss has one slope on
//! one side of the step and another on the other, and the measured slope is a mixture of
//! the two. The gradient is right, the measurement is wrong. In the course's example that is
//! rare: the nearest sum is 1.2e-4 from 0, and a step of 1e-5 does not reach it. With small
//! weights the sums of the deeper layers are smaller than the step, and it happens all the
//! time.
//!
//! But *as long as no unit is switched on or off the loss is smooth*, and how far that is
//! can be computed: while the same units stay on, every sum moves in proportion to the nudge.
//! So [`check_net`] knows how far each entry can be moved, down and up, and stays within, on
//! the longer side if one side is much longer. It computes the sums from the parameters, and
//! apart from the forward pass that is to be checked. An entry with a kink within a step has
//! been compared like all others; the report counts it under `kinks`. If we stand *on* a
//! kink, down and up, there is no slope to compare with: cannot tell.
//!
//! Of any other function nothing is known beforehand, and [`check`] looks at the values
//! alone. Where there is a kink the slopes of the two sides differ, by more than noise and
//! more than curvature, and that shows at every step that reaches it; a shorter step gets
//! between the kinks. If none does, the slope of either side will do, and of no other
//! gradient it can tell.
//!
//! [`numeric_gradient`] measures, [`relative_error`] compares; these two are yours. The
//! appendix [`checker`](crate::checker) holds the rest: [`check`] puts them together with
//! the rules above, and [`check_net`] goes through all parameters of a network. Everything
//! is `f64`: in `f32` the noise floor is at 1e-2.
//!
//! ## What goes wrong
//!
//! > **Pitfall: the nudge that stays.** Entry 0 is nudged and not put back. All later
//! > slopes are measured at another place. Restore the *saved* value: `x + h − h` is not
//! > always `x`.
//!
//! > **Pitfall: dividing by `h`.** Two-sided differences are divided by `2h`.
//!
//! > **You would see.** All numeric norms twice the analytic ones:
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
//! > mistake that sits in both (no penalty at all, a factor ½ missing twice, a sum for a
//! > mean) is invisible to it. That is what the initial losses are for.
//!
//! ## Why?
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
//! A is for the initial losses, and C for chapter 9.
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
//! Speed is one reason. The other: the more is averaged, the smaller each gradient, and the
//! nearer to the noise. A mistake in a formula does not need a large network to show.
//! </details>
//!
//! <details><summary>The check passes at the start. Why might one run it again after some
//! training?</summary>
//!
//! At the start the biases are 0 and all scores are nearly equal. A term that multiplies a
//! bias, or that matters only when the network is sure of something, has nothing to show
//! for itself yet.
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
/// let sum_of_squares = |x: &ndarray::Array1<f64>| x.dot(x);
/// let grad = numeric_gradient(sum_of_squares, &array![3., -1.], 1.);
/// assert_eq!(grad, array![6., -2.]);            // (4² - 2²) / 2, (0² - 2²) / 2
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
