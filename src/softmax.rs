//! # Chapter 3. Softmax and its loss
//!
//! *The network gives ten scores, and we know which of the ten is right. How wrong is it,
//! in one number, and which way should each score move?*
//!
//! This number is all that a network ever hears of the truth: it learns by making this
//! one number smaller, and by nothing else. What we choose to call wrong is what it
//! will avoid.
//!
//! A score by itself means nothing: 3 may be a lot or a little. What counts is how far
//! it is above the others. So we turn the scores of one example into probabilities
//! (that is *softmax*), look up the probability that the network gave to the right
//! class, and make the loss large where that probability is small.
//!
//! ## Why an exponential
//!
//! Probabilities are positive and add up to 1. To make scores positive, many functions
//! would do; one fits what an affine layer does. A score is a *sum*: each input adds
//! its bit of evidence for the class. But independent evidence *multiplies* the odds,
//! the ratio of one class's probability to another's: if one pixel doubles the odds of
//! a cat and another trebles them, both together make them six times what they were. So
//! adding to a score must multiply the odds, and the function that turns sums into
//! products is the exponential. One point more multiplies the odds by *e* = 2.718…. So
//! softmax takes the exponential of every score and divides each by the sum of them
//! all, so that they add up to 1.
//!
//! It follows that only differences count. Add 100 to all scores, and every exponential
//! is multiplied by the same number, which the division cancels.
//!
//! ## Why a logarithm
//!
//! How good are these probabilities, over a thousand examples? One honest answer is the
//! probability that they give to the whole truth, the product of a thousand numbers,
//! one for the right class of each example; to make that product large is the principle
//! of *maximum likelihood*. The product itself is too small to work with, but its
//! logarithm is a sum, with one term for each example. Flip the sign, so that less is
//! better, and each example costs −ln p.
//!
//! That is also a good measure of *surprise*. What was certain, p = 1, costs 0. One chance
//! in ten costs 2.3, one in a thousand 6.9: each factor of ten costs the same again. Two
//! independent surprises cost their sum. (All logarithms here are natural, to the base
//! *e*.)
//!
//! And −ln p teaches best where it matters most. The simpler loss 1 − p would do to
//! *judge* a network, but look how it would pull at the score of the right class when
//! the network is certain and wrong:
//!
//! <!-- figure: surprise
//! Left, two losses for the probability p of the right class. Right, how much the loss
//! falls for each point by which the right score rises. At p = 1/1000 the pull of −ln p is
//! 0.999, that of 1 − p only 0.000999: it would leave alone the very example that needs
//! help.
//! -->
//!
//! The logarithm undoes the exponential, so the slope never fades where the answer is
//! wrong. Softmax and this loss, the *cross-entropy*, are made for each other.
//!
//! ## A worked example
//!
//! Two examples and three classes, with scores chosen so that their exponentials are whole
//! numbers. In the first the right class is the second, in the other it is the first:
//!
//! ```text
//! scores     0     ln 2   ln 5
//! exp        1     2      5      sum 8
//! p          1/8   1/4*   5/8
//!
//! scores     ln 3  0      0
//! exp        3     1      1      sum 5
//! p          3/5*  1/5    1/5
//! ```
//!
//! The right classes are marked with a star. The first example costs −ln ¼ = ln 4 = 1.386,
//! the other −ln ⅗ = 0.511, and the loss is the mean of the two, 0.949. And the slope of
//! the loss for each score, `dscores`? It is the probabilities, with 1 taken off at the
//! right class, divided by the number of examples, 2:
//!
//! ```text
//! p, less 1 at *   1/8   -3/4    5/8
//!                 -2/5    1/5    1/5
//!
//! dscores          1/16  -3/8    5/16
//!                 -1/5    1/10   1/10
//! ```
//!
//! Raise the second score of the first example a little, and its loss falls by three
//! quarters of that. In the other example, where the network is surer of the right class,
//! the pull is only two fifths. Raise a wrong score, and the loss grows in proportion to
//! that class's probability. Each row adds up to 0, as it must: raise all scores of a row
//! by the same amount, and no probability changes.
//!
//! ## The mathematics
//!
//! For one example with scores $`s`$ and label $`y`$, take the exponential of each
//! score and divide by their sum; then take minus the logarithm of the right class's
//! share:
//!
//! ```math
//! p_j = \frac{e^{s_j}}{\sum_k e^{s_k}}
//! ```
//!
//! ```math
//! L = -\ln p_y = \ln \sum_k e^{s_k} - s_y
//! ```
//!
//! The right-hand form, in which the logarithm has undone one of the exponentials, is
//! the one to differentiate and also, below, the one to compute. The derivative of ln u
//! is 1/u times the derivative of u. So the derivative of $`\ln \sum_k e^{s_k}`$ with
//! respect to $`s_j`$ is $`e^{s_j} / \sum_k e^{s_k}`$, which is $`p_j`$ again. The
//! derivative of $`s_y`$ is 1 for $`j = y`$ and 0 otherwise, written
//! $`\mathbf 1[j = y]`$. The loss of a batch is the mean of its examples' losses, so
//! each example $`i`$ gets a factor 1/N:
//!
//! ```math
//! \frac{\partial L}{\partial s_{ij}}
//!   = \frac{p_{ij} - \mathbf 1[j = y_i]}{N}
//! ```
//!
//! This is the *only* place in the whole network where 1/N appears. `dscores`, (N, C)
//! for N examples and C classes, is the `dout` of the last layer, and the gradient of
//! every layer before it inherits the factor.
//!
//! ## Two ways for a correct formula to fail
//!
//! **Overflow.** In `f64`, `exp(710)` is infinite; in `f32`, `exp(89)` already is. Steps
//! that are too long soon make scores of that size (further down, a loss of 3.0e61).
//! Infinity divided by infinity is NaN, and one NaN ends the run. Add 1000 to the scores
//! of our first example, and the formula as it is gives NaN. But only differences matter,
//! so from each row we may subtract its largest score, $`m = \max_k s_k`$. The largest
//! exponent is then 0, and nothing can overflow:
//!
//! ```math
//! \ln \sum_k e^{s_k} = m + \ln \sum_k e^{s_k - m}
//! ```
//!
//! **Underflow.** After the shift it is the other end that gives way. If another class
//! is ahead of the right one by 746 (104 in `f32`), then $`e^{s_y - m}`$ is 0, the
//! probability of the right class is 0, and −ln 0 is infinite. A student's write-up of
//! the assignment, *the notes* from which this project began, computes exactly that,
//! the logarithm of a probability. The cure costs nothing: use
//! $`\ln \sum_k e^{s_k} - s_y`$, with shifted scores in both places. The sum is at
//! least 1, because the largest term is $`e^0`$, and the loss comes out as 746, which
//! is what it is. This is the *log-sum-exp* form. In the table, in `f64`, another class
//! is ahead by the number on the left. Then come the exponential of that lead, which
//! overflows without the shift; the probability of the right class, after the shift;
//! minus its logarithm; and our form:
//!
//! ```text
//!  ahead  exp      right     -ln of   log-
//!     by  of it    p           that  sum-exp
//!     10  2.20e4   4.54e-5     10.0     10.0
//!    100  2.69e43  3.72e-44   100.0    100.0
//!    709  8.2e307  1.2e-308   709.0    709.0
//!    710  inf      4.5e-309   710.0    710.0
//!    745  inf      5e-324     744.4    745.0
//!    746  inf      0            inf    746.0
//! ```
//!
//! <!-- figure: softmax-growing-score
//! One score grows: its probability nears 1 and takes from all the others. In the book
//! the three scores can be moved: add 100 to all and nothing changes, unless the shift
//! is left out and the arithmetic is in `f32`.
//! -->
//!
//! <!-- code: softmax::loss -->
//!
//! [`loss`] goes through the rows once: shift, remember the right class's shifted score,
//! exponentiate, sum, divide, subtract 1. The loss and the gradient share every step,
//! which is why one function returns both. The losses are added in `f64` even for scores
//! in `f32`, since each addition rounds to the seven digits of a *growing* sum: the mean
//! of 100,000 losses of ln 10 = 2.3026, added one by one in `f32`, is 2.3005.
//!
//! Labels come from outside, so a label of 10 among ten classes is an [`Error`] that
//! the caller can handle: the function returns a `Result`, the pair or the error, and
//! the `?` in the code examples takes the pair out or hands the error on. A wrong
//! *shape* is the programmer's mistake, and stops with a panic.
//!
//! ## What goes wrong
//!
//! > **Pitfall: one maximum for all.** Subtracting the largest score of the whole *matrix*
//! > prevents overflow just as well. But a row whose scores are all 800 below it
//! > underflows entirely: the sum is 0, and the row is NaN. The maximum is per row.
//!
//! > **Pitfall: `p[:, y] -= 1`.** In NumPy that subtracts 1 in *every* row, at each class
//! > that occurs in `y`. One entry per row is meant. You see it in the row sums: they are
//! > no longer 0.
//!
//! > **Pitfall: the sum for the mean.** Leave out 1/N in the loss *and* in the
//! > gradient, and a gradient check is content: the two agree. The steps are N times
//! > too long. What gives it away is the loss before training, 2.3 times N instead of
//! > 2.3.
//!
//! > **You would see.** Before training, in the check of chapter 8 with N = 2, the
//! > strength of regularization (here none), the loss, and what was predicted:
//! >
//! > ```text
//! > reg           loss    predicted
//! >   0 4.600958179537  ✗ 2.3026 …
//! > ```
//! >
//! > And after chapter 9's 20 *epochs*, or passes over all the data, with N = 25:
//! >
//! > ```text
//! > The loss rose from 70.8 to 3.0e61:
//! > the steps were too long.
//! > ```
//!
//! > **Pitfall: another logarithm.** Ten equal scores give a loss of ln 10 = 2.303. If
//! > yours starts at 1.000, it was `log10`.
//!
//! ## Check yourself
//!
//! **All scores of an example are multiplied by 2. What happens to its probabilities?**
//!
//! - [ ] A. They stay as they are, since only differences matter
//! - [ ] B. They double
//! - [ ] C. They move apart: the largest grows
//!
//! <details><summary>Answer</summary>
//!
//! **C.** The differences double too. Scores 0, ln 2, ln 5 become 0, ln 4, ln 25, and
//! the probabilities 1/30, 4/30, 25/30. Adding changes nothing; multiplying makes the
//! network surer.
//!
//! - **A** is true of adding. Multiplying by 2 squares the odds.
//! - **B** cannot be: they would add up to 2.
//! </details>
//!
//! **A network is certain, and wrong: it gives the right class the probability 1/1000.
//! Which way does the loss pull the right score, and how hard?**
//!
//! - [ ] A. Up, with a slope of almost −1
//! - [ ] B. Up, with a slope of −1000, since ln p is that steep there
//! - [ ] C. Hardly at all: where p is small, changing the score changes little
//!
//! <details><summary>Answer</summary>
//!
//! **A.** The slope is p − 1 = −0.999. No example pulls harder than 1, and none that is
//! wrong pulls weakly.
//!
//! - **B** differentiates with respect to p. But a small p moves little with its score,
//!   and the two cancel.
//! - **C** would be right for the loss 1 − p. The logarithm makes up for it.
//! </details>
//!
//! <details><summary>Why must each row of the gradient add up to 0?</summary>
//!
//! Adding a constant to all scores of a row changes nothing, so the slope in that
//! direction is 0, and the slope in that direction is the sum of the row. Forget the −1,
//! and the rows add up to 1/N: training pushes *all* scores down until the loss is
//! infinite (chapter 9's three-layer network: at step 27).
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
//! ## Further reading
//!
//! - [Linear classification](https://cs231n.github.io/linear-classify/#softmax) (CS231n):
//!   this loss beside its rival, the hinge loss of support vector machines, and what each
//!   is content with.
//! - [Softmax
//!   regression](https://d2l.ai/chapter_linear-classification/softmax-regression.html)
//!   (Dive into Deep Learning): the likelihood argument in full, and a first taste of
//!   information theory.
//! - [Visual information
//!   theory](https://colah.github.io/posts/2015-09-Visual-Information/) (Olah): where the
//!   logarithm comes from, as the length of a message. Cross-entropy in pictures.
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
