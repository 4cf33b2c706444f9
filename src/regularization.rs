//! # Chapter 7. L2 regularization
//!
//! *Many networks fit the training set. Which of them should we prefer?*
//!
//! The one with smaller weights. A large weight makes the scores hang on one input, or on
//! a difference between two inputs, more than fifty photographs can justify. So we make
//! weights cost something: the *penalty* is half the sum of all their squares, times a
//! strength, called `reg` here and λ in books. It is added to the data loss, and from now
//! on *the loss* is the sum of the two. Each weight then has two forces on it. The data
//! pull it where the loss is smaller; the penalty pulls it towards 0, the harder the
//! larger it is. Hence the other name, *weight decay*.
//!
//! ## An example for the head
//!
//! One table of weights, `reg = 0.1`:
//!
//! ```text
//!      W =  1 -2         ΣW² = 1 + 4 + 9 + 0 = 14
//!           3  0
//!
//! penalty = ½ · 0.1 · 14 = 0.7
//!
//!  reg·W =  0.1 -0.2     added to dW
//!           0.3  0
//! ```
//!
//! The ½ is there for the sake of the gradient: the derivative of ½w² is w.
//!
//! ## Shapes
//!
//! The penalty is one number, over all layers. Its gradient for a table of weights is the
//! table itself times `reg`, so it fits `dW` as it is. Biases have no part in either: a
//! bias multiplies no input, so it cannot make the scores hang on one.
//!
//! ## The mathematics
//!
//! ```math
//! L = L_{\text{data}} + \tfrac12\,\lambda \sum_{i} \sum_{d,m} (W_i)_{dm}^2,
//! \qquad
//! \frac{\partial L}{\partial W_i}
//!   = \frac{\partial L_{\text{data}}}{\partial W_i} + \lambda W_i
//! ```
//!
//! There is no 1/N: the penalty belongs to the network, and not to the batch.
//!
//! <!-- code: regularization::penalty -->
//!
//! <!-- code: regularization::add_penalty_gradient -->
//!
//! <!-- figure: penalty
//! Above, a single weight: the data loss falls for ever, the penalty rises, and their
//! sum has a lowest point. Below, training finds it; without a penalty the weight grows
//! on and on.
//! -->
//!
//! Two small functions, [`penalty`] and [`add_penalty_gradient`], and
//! [`FullyConnectedNet::loss`], which is now whole. [`FullyConnectedNet::loss_value`] is
//! the loss alone, for whoever needs many losses and no gradient, as the next chapter does.
//!
//! The sum of squares runs over 307,200 weights at each step, and how it is written
//! shows. A loop with one running sum must add in order, because floating-point addition
//! may not be rearranged, so each addition waits for the one before.
//! [`sum_of_squares`] asks for the dot product of the weights with themselves, which
//! ndarray computes with eight running sums side by side.
//!
//! ## What goes wrong
//!
//! > **Pitfall: forgotten in the gradient.** The loss has the penalty and `dW` does not.
//! > The gradient check of the next chapter finds it at once: the gradient of `W1` has a
//! > *norm*, the root of the sum of its squares, of 0.0595, and 2.78 is measured.
//!
//! > **Pitfall: forgotten in both.** Loss and gradient agree with each other, so the
//! > gradient check is content. What betrays it: the first loss with `reg` 3.14 is 2.3 and
//! > not 7.
//!
//! > **Pitfall: the last layer left out.** A loop over the hidden layers, and the last `W`
//! > forgotten, in loss and gradient alike. Two published solutions of this course have
//! > that bug.
//!
//! > **You would see.** Every gradient agrees, and yet:
//! >
//! > ```text
//! >   reg              loss    predicted
//! >     0    2.300479089768  ✓ 2.3026 ± 0.0225 = ln 10
//! >  3.14    5.940411485412  ✗ 7.0126 ± 1.07   = ln 10 + ½·3.14·0.05²·1200
//! > ```
//! >
//! > The 1.11 missing from 7.05 are the price of the 300 weights of `W3`.
//!
//! > **Pitfall: the factor ½.** `reg·ΣW²` with the gradient `2·reg·W` is a correct pair. It
//! > is a different penalty, with twice the strength: 11.80 where 7.05 is right.
//!
//! > **Pitfall: biases.** At the start all biases are 0, and a penalty on them is 0 too. A
//! > test that only looks at fresh networks cannot see it; the tests here set the biases
//! > first.
//!
//! ## Why?
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
//! **B.** Each step multiplies it by 1 − rate·reg = 0.999, and 0.999⁶⁹³ is one half. The
//! pull weakens with the weight, so it never gets to 0.
//! </details>
//!
//! <details><summary>Why is <code>reg</code> a number that we choose, and not one that the
//! network learns?</summary>
//!
//! Because the training loss would choose 0. Any penalty makes the training loss larger;
//! what it may make smaller is the loss on images that the network has not seen, and
//! training does not look at those.
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
        let (data_loss, _) = softmax::loss(&self.scores(x), y)?;
        Ok(self.penalized(data_loss))
    }

    /// The data loss and the penalty. A penalty of strength 0 is none, even where the sum of
    /// the squares overflows: 0 times infinity would be NaN.
    fn penalized(&self, data_loss: T) -> T {
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
