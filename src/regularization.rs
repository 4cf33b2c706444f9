//! # Chapter 7. L2 regularization
//!
//! *Many networks get every training image right. Which of them should we prefer?*
//!
//! A network that has learned its training images by heart has not shown that it can do
//! anything else. What we want are right answers on images that it has never seen,
//! *held-out* images, and two networks that are equally good in training can differ a lot
//! on those. This chapter adds to the loss a term that prefers small weights, and asks
//! whether small weights are better.
//!
//! ## Two ways to the same score
//!
//! Four pixels, all 2, and two lists of weights that a unit might have:
//!
//! ```text
//! x      =  2   2   2   2
//!
//! spread =  1   1   1   1     score 8
//! picky  =  4   0   0   0     score 8
//! ```
//!
//! On this image the two cannot be told apart. Now let the first pixel be 3 instead of 2. The
//! spread weights say 9, the picky ones 12: an error of 1 against one of 4. The picky unit has
//! staked everything on one pixel, and a smudge on that pixel fools it.
//!
//! The sum of the squares tells them apart without any smudge: 1 + 1 + 1 + 1 = 4, against
//! 16 for the picky ones. Of all weights that give this image the score 8, the spread ones
//! have the smallest sum of squares. So let squares cost something, and training will use
//! all that it can see, a little of each. The cost is called a *penalty*; the method is
//! called *L2 regularization* or *weight decay*.
//!
//! ## Does it help?
//!
//! To find out we need images whose classes can be learned. Here are ten shapes, of random
//! size, place and colour, covered in noise ([`shapes`](crate::shapes) draws them):
//!
//! <!-- figure: ten-shapes
//! One image of each class, coarsened, and without its colour. The brighter a pixel, the
//! more its shade stands out from the page.
//! -->
//!
//! A network with one hidden layer of 100 units learns 500 such images, and then names the
//! shape in 1000 others. We repeat that for several strengths of the penalty, called `reg`
//! in code and λ in formulas, with five networks each, every one with its own training
//! images.
//!
//! <!-- figure: held-out
//! Accuracy on 1000 held-out images: the median of five networks, and in the lighter band all
//! five. Blue networks begin with a weight scale of 0.01, green ones with 0.001. Dashed: the blue
//! ones on their own training images.
//! -->
//!
//! Look at the blue networks first. Without a penalty they know all of their 500 images by
//! heart, and name 45 to 47 % of the others. With `reg` 10 they are right on 89 to 90 % of
//! what they were trained on, and on 55 to 60 % of the others: *worse on what they have
//! seen, better on what they have not*. With `reg` 100 the penalty outweighs everything.
//! All weights decay to nothing, and one in ten is what guessing gets.
//!
//! What did the penalty take away? Mostly what the weights *began* with: 300,000 random
//! numbers that no image ever asked for. Training had no reason to change them, and they
//! answer every new image with noise. The green networks confirm it. Their weights begin
//! ten times smaller, and they name 60 to 64 % without any penalty; a penalty adds nothing
//! here. (Chapter 4's five layers could not even start from 0.001. In a network of two, too
//! few gains are multiplied to do harm.) So small weights do pay, and the penalty is one
//! way to have them. Whether it helps in a given case is not a matter of faith: ask
//! held-out images.
//!
//! ## A worked example
//!
//! One table of weights, `reg = 0.1`:
//!
//! ```text
//! W = 1 -2     ΣW² = 1 + 4 + 9 + 0 = 14
//!     3  0
//!
//! penalty = ½ · 0.1 · 14 = 0.7
//!
//! reg·W = 0.1 -0.2     added to dW
//!         0.3  0
//! ```
//!
//! ## The mathematics
//!
//! The penalty sums over the weights of *all* layers. The ½ is there for the gradient's sake:
//! the derivative of ½w² is w, without a 2. There is no 1/N, because the penalty belongs to the
//! network and not to the batch. And biases are free: a bias multiplies no pixel, so it cannot
//! stake anything on one.
//!
//! ```math
//! L = L_{\text{data}} + \tfrac12\,\lambda \sum_{i} \sum_{d,m} (W_i)_{dm}^2
//! ```
//!
//! <!-- code: regularization::penalty -->
//!
//! From now on *the loss* is this sum. Its gradient is the sum of two gradients, and that of
//! the penalty is the table of weights itself, times λ:
//!
//! ```math
//! \frac{\partial L}{\partial W_i}
//!   = \frac{\partial L_{\text{data}}}{\partial W_i} + \lambda W_i
//! ```
//!
//! <!-- code: regularization::add_penalty_gradient -->
//!
//! So two forces act on each weight. The data pull it to where their loss is smaller; the
//! penalty pulls it towards 0, the harder the larger it is. Where the data do not pull, each step
//! of gradient descent multiplies the weight by 1 − rate·reg: it *decays*.
//!
//! <!-- figure: penalty
//! The smallest network there is: one input, no hidden layer, two classes whose weights are −w
//! and w, and two examples, 1 of class 1 and −1 of class 0. Above, with reg = 0.1: the penalty
//! counts both weights, ½·0.1·2w². The data loss falls for ever, the penalty rises, and their
//! sum has a lowest point. Below, training (400 steps, rate 0.5) finds it, and with reg = 0.01
//! one further out; without a penalty the weight grows on and on.
//! -->
//!
//! [`FullyConnectedNet::loss`] is now whole. [`FullyConnectedNet::loss_value`] is the loss
//! alone, for whoever needs many losses and no gradient, as the next chapter does.
//!
//! ## What goes wrong
//!
//! The numbers belong to the network that chapter 8 checks, whose first loss should be 7.0521
//! with `reg` 3.14.
//!
//! > **Pitfall: forgotten in the gradient.** The loss has the penalty, and `dW` does not.
//! > The gradient check finds it at once: the gradient of `W1` has a norm (chapter 4) of
//! > 0.0595; measured, it is 2.78.
//!
//! > **Pitfall: forgotten in both.** Loss and gradient agree with each other, so the gradient
//! > check is content. The first loss gives it away: 2.30.
//!
//! > **Pitfall: the last layer left out.** A loop runs over the hidden layers only, in loss
//! > and gradient alike. Again all gradients agree, and again the first loss is wrong:
//! > 5.9404. The missing 1.11 is the price of the 300 weights of `W3`.
//!
//! > **Pitfall: the factor ½.** `reg·ΣW²` with the gradient `2·reg·W` is a correct pair. It
//! > is a different penalty, of twice the strength: the first loss is 11.80.
//!
//! > **Pitfall: biases.** At the start all biases are 0, and so is a penalty on them. A
//! > test that only looks at fresh networks cannot see it; the tests here set the biases
//! > first.
//!
//! ## Check yourself
//!
//! **The data have no opinion on a weight of 2. The rate is 0.01, `reg` is 0.1. Where is
//! the weight after 693 steps of gradient descent?**
//!
//! - [ ] A. At 0
//! - [ ] B. At 1
//! - [ ] C. At 2 − 693·0.001 = 1.307
//!
//! <details><summary>Answer</summary>
//!
//! **B.** Each step multiplies it by 1 − 0.01·0.1 = 0.999, and 0.999⁶⁹³ is one half.
//!
//! - **A** takes decay for a deadline. The pull weakens with the weight, so it never gets to 0.
//! - **C** takes the same 0.001 away at each step, as if the pull did not depend on the weight.
//! </details>
//!
//! **Training accuracy falls from 100 % to 89 % when you turn the penalty on. What do you
//! do?**
//!
//! - [ ] A. Turn it off again
//! - [ ] B. Compare both networks on held-out images
//! - [ ] C. Double it
//!
//! <details><summary>Answer</summary>
//!
//! **B.** In the figure that very fall comes with a rise on new images, from 45 % to 58 %
//! (medians).
//!
//! - **A** trusts the training images, which a network can know by heart.
//! - **C** trusts the penalty. A little further, at `reg` 30, both accuracies collapse.
//! </details>
//!
//! <details><summary>Why is <code>reg</code> a number that we choose, and not one that the
//! network learns?</summary>
//!
//! Because the training loss would choose 0. Any penalty makes the training loss larger;
//! what it may make smaller is the loss on images that the network has not seen, and
//! training does not look at those. So we choose it as in the figure: on held-out images.
//! </details>
//!
//! ## Exercise
//!
//! Write [`penalty`], then [`add_penalty_gradient`].
//!
//! ```sh
//! fully-connected check regularization
//! cargo test --test chapters regularization::
//! cargo test --doc regularization
//! ```
//!
//! ## Further reading
//!
//! - *Dive into Deep Learning*, [Weight
//!   Decay](https://d2l.ai/chapter_linear-regression/weight-decay.html): the smallest case
//!   there is, 20 examples of 200 numbers, where the loss on held-out data explodes without a
//!   penalty.
//! - CS231n, [Linear classification](https://cs231n.github.io/linear-classify/): how the
//!   penalty picks one of the many classifiers that fit, and what that has to do with
//!   margins.
//!
//! Next: [chapter 8, the gradient check](crate::gradient_check).

use crate::{Error, FullyConnectedNet, Gradients, Parameters, Scalar, softmax};
use ndarray::{ArrayRef2, CowArray, Dimension};

/// The L2 penalty `½·reg·ΣW²`, over the weights of all layers; biases are free.
///
/// ```
/// use fully_connected::{FullyConnectedNet, Options, regularization};
/// use ndarray::array;
///
/// let mut net = FullyConnectedNet::<f64>::new(Options::new(2, &[], 2))?;
/// net.parameters_mut().set("W1", &array![[1., -2.], [3., 0.]])?;
/// net.parameters_mut().set("b1", &array![50., 50.])?;
///
/// // ½ · 0.5 · (1 + 4 + 9 + 0) = 3.5
/// assert_eq!(regularization::penalty(net.parameters(), 0.5), 3.5);
/// # Ok::<(), fully_connected::Error>(())
/// ```
#[doc(alias = "weight_decay")]
pub fn penalty<T: Scalar>(parameters: &Parameters<T>, reg: T) -> T {
    #[allow(unused, reason = "another way may do without")]
    let layers = &parameters.layers;
    // exercise: regularization::penalty
    let squares: T = layers.iter().map(|layer| sum_of_squares(&layer.w)).sum();
    T::of(0.5) * reg * squares
    // end: regularization::penalty
}

/// Adds the gradient of the penalty, `reg·W`, to the gradient of each weight table.
///
/// ```
/// use fully_connected::{FullyConnectedNet, Options, regularization};
/// use ndarray::array;
///
/// let mut net = FullyConnectedNet::<f64>::new(Options::new(2, &[], 2))?;
/// net.parameters_mut().set("W1", &array![[1., -2.], [3., 0.]])?;
///
/// let mut grads = net.parameters().clone();     // any gradients, to add to
/// grads.set("W1", &array![[10., 10.], [10., 10.]])?;
/// regularization::add_penalty_gradient(&mut grads, net.parameters(), 0.5);
/// assert_eq!(grads.get("W1")?, array![[10.5, 9.], [11.5, 10.]].into_dyn());
/// # Ok::<(), fully_connected::Error>(())
/// ```
///
/// # Panics
///
/// If the gradients do not have the shapes of the parameters.
pub fn add_penalty_gradient<T: Scalar>(
    grads: &mut Gradients<T>,
    parameters: &Parameters<T>,
    reg: T,
) {
    grads.assert_shapes_of(parameters, "regularization::add_penalty_gradient");
    #[allow(unused, reason = "another way may do without")]
    let pairs = grads.layers.iter_mut().zip(&parameters.layers);
    // exercise: regularization::add_penalty_gradient
    for (grad, layer) in pairs {
        grad.w.scaled_add(reg, &layer.w);
    }
    // end: regularization::add_penalty_gradient
}

/// `Σw²`, over all entries.
///
/// ```
/// # use fully_connected::regularization;
/// # use ndarray::array;
/// assert_eq!(regularization::sum_of_squares(&array![[1., -2.], [3., 0.]]), 14.);
/// ```
pub fn sum_of_squares<T: Scalar>(w: &ArrayRef2<T>) -> T {
    let w = w.flatten();
    w.dot(&w)
}

impl<T: Scalar> FullyConnectedNet<T> {
    /// The loss of a batch, penalty included, and the gradient of every parameter.
    ///
    /// `x` is `(N, d₁, …, dₖ)`, moved or lent; `y` holds `N` labels; the strength of the
    /// penalty is the option `reg`.
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Options};
    /// use ndarray::array;
    ///
    /// let options = Options { reg: 0.5, ..Options::new(2, &[], 2) };
    /// let mut net = FullyConnectedNet::<f64>::new(options)?;
    /// net.parameters_mut().set("W1", &array![[1., 1.], [3., 3.]])?;
    ///
    /// // Two equal scores: ln 2. The penalty: ½ · 0.5 · (1 + 1 + 9 + 9) = 5.
    /// let (loss, grads) = net.loss(array![[1., 2.]], &[0])?;
    /// assert!((loss - (f64::ln(2.) + 5.)).abs() < 1e-12);
    ///
    /// // 1·(½ - 1) + 0.5·1 = 0 and 1·½ + 0.5·1 = 1, from the data and from the penalty.
    /// let expected = array![[0., 1.], [0.5, 2.5]].into_dyn();
    /// assert!((&grads.get("W1")? - &expected).iter().all(|e| e.abs() < 1e-12));
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`softmax::loss`]: the labels do not fit, or the batch is empty.
    ///
    /// # Panics
    ///
    /// If an example of `x` does not have the shape that the option `input` says, and is
    /// no row of as many numbers either.
    pub fn loss<'a, D: Dimension>(
        &self,
        x: impl Into<CowArray<'a, T, D>>,
        y: &[usize],
    ) -> Result<(T, Gradients<T>), Error> {
        let reg = T::of(self.options.reg);
        let (data_loss, mut grads) = self.data_loss(x, y)?;
        add_penalty_gradient(&mut grads, &self.parameters, reg);
        Ok((self.penalized(data_loss), grads))
    }

    /// The loss of a batch alone, penalty included, without a backward pass.
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Options};
    /// use ndarray::array;
    ///
    /// let options = Options { reg: 0.5, ..Options::new(2, &[3], 2) };
    /// let net = FullyConnectedNet::<f64>::new(options)?;
    /// let x = array![[1., 2.]];
    /// let (loss, _grads) = net.loss(&x, &[0])?;
    /// assert_eq!(net.loss_value(&x, &[0])?, loss);
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Errors and panics
    ///
    /// As [`loss`](Self::loss).
    pub fn loss_value<'a, D: Dimension>(
        &self,
        x: impl Into<CowArray<'a, T, D>>,
        y: &[usize],
    ) -> Result<T, Error> {
        let x = self.rows(x.into());
        if let Some(result) = self.data_loss_value_if_deep(&x, y) {
            return Ok(self.penalized(result?));
        }
        let (data_loss, _) = softmax::loss(&self.scores(x), y)?;
        Ok(self.penalized(data_loss))
    }

    /// The data loss and the penalty. A penalty of strength 0 is none, even where the sum of
    /// the squares overflows: 0 times infinity would be NaN.
    pub(crate) fn penalized(&self, data_loss: T) -> T {
        let reg = T::of(self.options.reg);
        let penalty = penalty(&self.parameters, reg);
        if reg == T::zero() {
            data_loss
        } else {
            data_loss + penalty
        }
    }
}

// exercise: regularization::helpers
// end: regularization::helpers
