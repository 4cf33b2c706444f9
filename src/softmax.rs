//! # Chapter 3. Softmax and its loss
//!
//! *The network gives ten scores, and we know which of the ten is right. How wrong is it,
//! in one number, and which way should each score move?*
//!
//! A score by itself means nothing: 3 may be much or little. What counts is how far it
//! stands above the others. *Softmax* turns the scores of one example into probabilities,
//! positive and adding up to 1, in such a way that only the differences matter. The loss
//! is then the surprise at the truth: minus the logarithm of the probability that the
//! network gave to the right class. Probability 1 costs 0, probability 1/10 costs 2.3,
//! probability 1/1000 costs 6.9: the more certain and wrong, the more. This is the
//! *cross-entropy* of the label and the prediction. (All logarithms here are natural, to
//! the base *e*.)
//!
//! ## An example for the head
//!
//! Three classes, with scores chosen so that their exponentials are whole numbers:
//!
//! ```text
//!  scores   0    ln 2   ln 5
//!     exp   1     2      5          sum 8
//!       p  1/8   1/4    5/8
//! ```
//!
//! Say the right class is the middle one. Its probability is 1/4, and the loss is
//! $`-\ln \tfrac14 = \ln 4 = 1.386`$. And the slope of the loss for each score, `dscores`?
//! It is the probabilities, with 1 taken off at the right class:
//!
//! ```text
//! dscores  1/8  −3/4    5/8         sum 0
//! ```
//!
//! Raise the middle score by a little, and the loss falls by three quarters of that. The
//! surer the network is of the right class, the less there is to gain: at a probability
//! of 3/4 it would be one quarter. Raise one of the others and the loss grows, in
//! proportion to the probability that it takes for itself. The three numbers add up to 0,
//! as they must: raise all three scores by the same amount and no probability changes.
//!
//! ## Shapes
//!
//! ```text
//! scores   (N, C)   a row for each example, a column for each class
//! y        N labels, each a class from 0 to C − 1
//! loss     one number, the mean over the N examples
//! dscores  (N, C)   one number for each score
//! ```
//!
//! ## The mathematics
//!
//! For one example with scores $`s`$ and label $`y`$:
//!
//! ```math
//! p_j = \frac{e^{s_j}}{\sum_k e^{s_k}},
//! \qquad
//! L = -\ln p_y = \ln \sum_k e^{s_k} - s_y
//! ```
//!
//! The right-hand form is the one to differentiate, and also, below, the one to compute.
//! The derivative of $`\ln \sum_k e^{s_k}`$ by $`s_j`$ is
//! $`e^{s_j} / \sum_k e^{s_k} = p_j`$; the derivative of $`s_y`$ is 1 for $`j = y`$ and 0
//! otherwise, which we write $`\mathbf 1[j = y]`$. The loss of a batch is the mean of its
//! examples' losses, so each gets a factor 1/N:
//!
//! ```math
//! \frac{\partial L}{\partial s_{ij}}
//!   = \frac{p_{ij} - \mathbf 1[j = y_i]}{N}
//! ```
//!
//! This is the *only* place in the whole network where 1/N appears. `dscores` is the
//! `dout` of the last layer, and so everything below inherits the factor.
//!
//! ## Two ways for a correct formula to fail
//!
//! **Overflow.** In `f64`, `exp(710)` is infinite; in `f32`, `exp(89)` already is. Scores
//! of that size are nothing strange in the first steps of training on pixels from 0
//! to 255. Infinity divided by infinity is NaN, and one NaN ends the run. Since only
//! differences matter, we subtract the largest score of each row from that row. The
//! largest exponent is then 0, and nothing can overflow:
//!
//! ```math
//! \ln \sum_k e^{s_k} = m + \ln \sum_k e^{s_k - m}, \qquad m = \max_k s_k
//! ```
//!
//! **Underflow.** With the shift, the other end gives way. If another class is ahead of the
//! right one by 746 (104 in `f32`), then $`e^{s_y - m}`$ is 0, the probability of the right
//! class is 0, and `−ln 0` is infinite. The notes that this course is often learned from
//! compute that, the log of a probability. The fix costs nothing: use the form
//! $`\ln \sum_k e^{s_k} - s_y`$, with shifted scores in both places. The sum is at least 1,
//! because the largest term is $`e^0`$; and the loss comes out as 746, which is what it is.
//! This is the *log-sum-exp* form.
//!
//! ```text
//! ahead by    exp of it    right probability    −ln of that    log-sum-exp
//!       10      2.20e4               4.54e-5         10.000         10.000
//!      100      2.69e43              3.72e-44       100            100
//!      709      8.22e307             1.22e-308      709            709
//!      710      inf                  4.48e-309      710            710
//!      745      inf                  5e-324         744.4          745
//!      746      inf                  0              inf            746
//! ```
//!
//! <!-- figure: softmax-growing-score
//! Above, one score grows: its probability nears 1 and takes from all others. Below,
//! how far it may grow: the naive form gives NaN beyond 88 in `f32` and 709 in `f64`,
//! the shifted one has no end.
//! -->
//!
//! <!-- code: softmax::loss -->
//!
//! [`loss`] goes through the rows once. It starts `dscores` as a copy of the scores and
//! works in place: shift, remember the right class's shifted score, exponentiate, sum,
//! divide, subtract 1. The loss and the gradient share every step, which is why one
//! function returns both. The sum over the examples is kept in `f64` even for scores in
//! `f32`: each addition rounds to the seven digits of a *growing* sum, and the mean of
//! 100,000 losses of ln 10 = 2.3026, added one by one in `f32`, is 2.3005.
//!
//! Labels come from outside, from a file or from a student's keyboard. A label of 10 among
//! ten classes is an [`Error`] that the caller can handle, so the function returns a
//! `Result`: either the pair or the error. The `?` in the examples takes the pair out, or
//! hands the error on. A wrong *shape* is the programmer's mistake, and stops with a panic.
//!
//! ## What goes wrong
//!
//! > **Pitfall: one maximum for all.** Subtracting the largest score of the whole *matrix*
//! > prevents overflow just as well. But a row whose scores are all 800 below it underflows
//! > entirely: the sum is 0, and the row is NaN. The maximum is per row.
//!
//! > **Pitfall: `p[:, y] -= 1`.** In NumPy that subtracts 1 in *every* row, at each class
//! > that occurs in `y`. One entry per row is meant. You see it in the row sums: they are
//! > no longer 0.
//!
//! > **Pitfall: the sum for the mean.** Leave out 1/N in the loss *and* in the gradient,
//! > and a gradient check is content: the two agree. The steps are N times too large. What
//! > betrays it is the initial loss, 2.3 times N instead of 2.3.
//!
//! > **You would see.** Before training, in the check of chapter 8 with N = 2, and after
//! > the 20 epochs of chapter 9 with N = 25:
//! >
//! > ```text
//! >   reg              loss    predicted
//! >     0    4.600958179537  ✗ 2.3026 ± 0.0225 = ln 10
//! >
//! > The loss rose from 70.8 to 3.0e61: the steps were too long.
//! > ```
//!
//! > **Pitfall: another logarithm.** Ten equal scores give a loss of ln 10 = 2.303. If
//! > yours starts at 1.000, it was `log10`.
//!
//! ## Why?
//!
//! **All scores of an example are multiplied by 2. What do its probabilities do?**
//!
//! - [ ] A. They stay as they are, since only differences matter
//! - [ ] B. They double
//! - [ ] C. They move apart: the largest grows
//!
//! <details><summary>Answer</summary>
//!
//! **C.** The differences double too. Scores 0, ln 2, ln 5 become 0, ln 4, ln 25, and the
//! probabilities 1/30, 4/30, 25/30. Adding changes nothing; multiplying makes surer.
//! </details>
//!
//! <details><summary>Why must each row of the gradient add up to 0?</summary>
//!
//! Adding a constant to all scores of a row changes nothing, so the slope in that direction
//! is 0, and the slope in that direction is the sum of the row. Forget the −1, and the rows
//! add up to 1/N: training pushes *all* scores down until the loss is NaN (chapter 9's
//! three-layer network: at step 26).
//! </details>
//!
//! <details><summary>Can the loss be exactly 0? Can it be negative?</summary>
//!
//! In exact arithmetic it is positive. In floating point it is 0 when the right class is
//! ahead by more than about 37 (`f64`; 17 in `f32`), because then the sum rounds to 1. It
//! is never negative: the shifted sum is at least 1 and the shifted score of the right
//! class at most 0. A negative loss means a flipped sign.
//! </details>
//!
//! ## Exercise
//!
//! Write [`loss`]: the mean loss and `dscores`, safe for scores of ±100,000 in `f32`.
//!
//! ```sh
//! fully-connected check softmax
//! cargo test --test chapters softmax::
//! cargo test --doc softmax
//! ```
//!
//! Next: [chapter 4, initialization](crate::init).

use crate::{Error, Scalar};
use ndarray::{Array2, ArrayRef2};

/// The mean cross-entropy loss of a batch, and its gradient `dscores`.
///
/// `scores` is `(N, C)`, `y` holds `N` labels from `0` to `C − 1`; the loss is in nats (the
/// logarithm is natural), `dscores` is `(N, C)`.
///
/// ```
/// # use fully_connected::softmax;
/// # use ndarray::array;
/// let scores = array![[0., f64::ln(2.), f64::ln(5.)]];   // exp: 1, 2, 5
/// let (loss, dscores) = softmax::loss(&scores, &[1])?;
/// assert!((loss - f64::ln(4.)).abs() < 1e-12);           // p = 2/8
///
/// let expected = array![[0.125, -0.75, 0.625]];          // 1/8, 2/8 - 1, 5/8
/// assert!((dscores - expected).iter().all(|e| e.abs() < 1e-12));
///
/// // Certain and wrong: finite, and as large as it should be.
/// let (loss, _) = softmax::loss(&array![[0.0_f32, 1e5]], &[0])?;
/// assert_eq!(loss, 1e5);
/// # Ok::<(), fully_connected::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::LabelCount`] if `y` does not have `N` labels, [`Error::EmptyBatch`] if `N` is
/// 0, [`Error::Label`] if a label is `C` or more.
///
/// ```
/// # use fully_connected::softmax;
/// # use ndarray::array;
/// let error = softmax::loss(&array![[1., 2., 3.]], &[3]).unwrap_err();
/// assert_eq!(error.to_string(), "y[0] is 3; with 3 classes a label must be below 3");
/// ```
#[doc(alias = "softmax_loss")]
#[doc(alias = "cross_entropy")]
pub fn loss<T: Scalar>(
    scores: &ArrayRef2<T>,
    y: &[usize],
) -> Result<(T, Array2<T>), Error> {
    check_labels(scores.dim(), y)?;
    #[allow(unused, reason = "another way may do without")]
    let n = T::of(y.len() as f64);
    // exercise: softmax::loss
    let mut loss = 0.0;
    let mut dscores = scores.to_owned();
    for (mut row, &label) in dscores.rows_mut().into_iter().zip(y) {
        let max = row.fold(T::neg_infinity(), |max, &s| max.max(s));
        row -= max;
        let right = row[label];
        row.mapv_inplace(T::exp);
        let sum = row.sum();
        loss += (sum.ln() - right).as_f64();
        row /= sum;
        row[label] -= T::one();
    }
    dscores /= n;
    Ok((T::of(loss / n.as_f64()), dscores))
    // end: softmax::loss
}

/// Refuses labels that are not one for each example, each of them a class.
pub(crate) fn check_labels(
    (examples, classes): (usize, usize),
    y: &[usize],
) -> Result<(), Error> {
    if y.len() != examples {
        return Err(Error::LabelCount {
            labels: y.len(),
            examples,
        });
    }
    if y.is_empty() {
        return Err(Error::EmptyBatch);
    }
    match y.iter().position(|&label| label >= classes) {
        Some(index) => Err(Error::Label {
            index,
            label: y[index],
            classes,
        }),
        None => Ok(()),
    }
}

// exercise: softmax::helpers
// end: softmax::helpers
