//! # Chapter 9. Overfitting fifty images
//!
//! *Loss and gradients are right. Does the network learn?*
//!
//! Before we ask a network to recognize photographs that it has never seen, we ask for
//! something easier: learn fifty by heart. With 318,410 parameters for fifty labels it
//! has all the freedom that it needs. If it cannot reach 100 %, then something is broken
//! (the update, the step size, the initial scale), and we know it after a second and not
//! after a night. Learning by heart is called *overfitting*. Later it is the thing to
//! avoid; here it is the goal.
//!
//! ## An example for the head
//!
//! *Gradient descent*: move each parameter against its gradient, in proportion to it. With
//! a *learning rate* of 0.1:
//!
//! ```text
//!  w = 3    dw =  2      w − 0.1·2    = 2.8      the loss falls as w falls
//!  b = 1    db = -5      b − 0.1·(-5) = 1.5      the loss falls as b rises
//! ```
//!
//! And the *accuracy*: the share of examples whose largest score stands at their label.
//!
//! ```text
//!  scores  3  5 -1    label 1    largest at 1    right
//!          4  0  2    label 2    largest at 0    wrong      accuracy 1/2
//! ```
//!
//! ## Shapes
//!
//! A step draws a *batch*: 25 of the 50 images, each draw independent of the others, so one
//! image may come twice and another not at all. That is *stochastic* gradient descent, SGD.
//! 50 images and batches of 25 make 2 steps an *epoch*; 20 epochs are 40 steps. The
//! accuracy is taken on all 50, after each epoch.
//!
//! ```text
//!  images (50, 3, 32, 32) ──draw──► batch (25, 3072) ──► loss, gradients ──► step
//!                            ▲                                                │
//!                            └───────────────── 40 times ─────────────────────┘
//! ```
//!
//! Where do the images come from? [`synthetic`](crate::synthetic) makes fifty that have
//! the statistics of photographs, so that nothing needs to be downloaded;
//! [`cifar10`](crate::cifar10) reads the real ones. Pixels run from 0 to 255, the mean
//! image is subtracted, and nothing is divided by 255: the scales and rates below belong
//! to inputs of that size, and with divided pixels none of them works.
//!
//! ## The mathematics
//!
//! ```math
//! \theta \leftarrow \theta - \eta\, \frac{\partial L}{\partial \theta}
//! ```
//!
//! for every parameter $`\theta`$, with learning rate $`\eta`$.
//!
//! <!-- code: overfit::sgd_step -->
//!
//! [`sgd_step`] and [`accuracy`] are a few lines each. [`train`] puts them in a loop. The
//! appendix [`training`](crate::training) helps, with [`Batches`], which draws and gathers,
//! and with [`History`], which records and looks at what it records: if the loss is no
//! longer a finite number, training stops with [`Error::Diverged`], which names the step.
//! (Without that, a diverged network goes on to the end, and since NaN is not larger than
//! anything, it calls every image an aeroplane: class 0.) [`FullyConnectedNet::accuracy`]
//! scores all examples and takes your [`accuracy`] of the scores.
//!
//! <!-- code: overfit::accuracy -->
//!
//! <!-- code: overfit::train -->
//!
//! ```
//! use fully_connected::overfit::{Training, train};
//! use fully_connected::{FullyConnectedNet, Options};
//! use ndarray::array;
//!
//! // Four points that no line can separate: the corners of a square, crosswise.
//! let x = array![[1., 1.], [-1., -1.], [1., -1.], [-1., 1.]];
//! let y = [0, 0, 1, 1];
//!
//! let options = Options { weight_scale: 1., ..Options::new(2, &[16], 2) };
//! let mut net = FullyConnectedNet::<f64>::new(options)?;
//! let training = Training { epochs: 100, batch: 4, learning_rate: 0.3, seed: 0 };
//! let history = train(&mut net, &x, &y, &training, |_| ())?;
//! assert_eq!(history.accuracies.last(), Some(&1.0));
//! # Ok::<(), fully_connected::Error>(())
//! ```
//!
//! (`|_| ()` is a function that does nothing; it is called after each epoch.)
//!
//! ## Which is harder, three layers or five?
//!
//! Two knobs, the weight scale and the learning rate. The three-layer network (two hidden
//! layers of 100) reaches 100 % within 20 epochs with weight scale 0.02 and rate 0.01,
//! for each of ten seeds. The five-layer network (four hidden layers of 100) does so with
//! weight scale 0.1 and rate 0.001. The notes that this course is often learned from
//! print these two numbers *the other way round*, scale 0.001 and rate 0.1. Whoever
//! copies them sees a network that never gets past 16 %. That is 8 of 50, the share of
//! the largest class: the network gives every image the same answer.
//!
//! <!-- figure: overfit-curves
//! Loss and accuracy of both networks, and of the five-layer one with its two numbers
//! exchanged, whose curve goes nowhere.
//! -->
//!
//! The slip teaches more than the right values do. The course asks at this point which
//! network is more sensitive to the initial scale, and the notes answer: the deeper,
//! since it has more parameters. Let us measure. [`layer_stds`] gives the standard
//! deviation of the sums that each layer of a fresh five-layer network computes, on the
//! crate's own fifty images: how much the numbers differ, and so how much they can tell
//! about the image.
//!
//! ```text
//!  weight scale     layer 1   layer 2   layer 3   layer 4    scores     first loss
//!        0.001         3.5     0.025   0.00018  0.0000014   0.000000009    2.30
//!        0.01         35       2.5     0.18     0.014       0.00087        2.30
//!        0.1         348       249      183      138         87           141
//!     √(2/100)       492       498      519      551        494           797
//! ```
//!
//! Chapter 4 says why. Each hidden layer multiplies the size of what passes through it by
//! about $`\sigma\sqrt{100/2} = 7.07\,\sigma`$, its *gain*: 0.007 in the first row, 0.7
//! in the third. Gains multiply. And the gradients, on their way down through the same
//! weights, lose as much: in the first row the gradient of each weight table has a norm
//! of 1e-6, and only that of the last biases, 0.14, is worth the name. At the end nothing
//! depends on the image any more. The scores are the last biases, and those can learn no
//! more than how common each class is. A rate of 0.1 does not mend that, and neither do
//! more epochs.
//!
//! <!-- figure: activation-histograms
//! What each layer computes before its ReLU, on an axis that a row shares. At 0.001
//! every layer after the first is a needle at 0; at 0.141 all five have the same width.
//! -->
//!
//! In the last row, where the scale is $`\sqrt{2/100} = 0.141`$, the gain is 1, and the
//! sums keep their size. With $`\sqrt{2/\text{fan-in}}`$ for each layer this is
//! *He initialization* (He et al., "Delving Deep into Rectifiers", 2015).
//!
//! So it is not the *number* of parameters: the five-layer network has 338,610, only 6 %
//! more than the other. It is the *product of the gains*, which has two factors more. At
//! a rate of 0.0005 the three-layer network learns with any scale from 0.05 to 0.3, a
//! factor of 6; the five-layer network from 0.07 to 0.15, a factor of 2. (The book's page
//! on inline question 1 goes on from here.)
//!
//! <!-- figure: rate-scale-map
//! In the strongest colour all ten networks learn. With five layers that band begins at a
//! larger scale, and it is flatter: a given rate (a column) meets it in fewer scales.
//! -->
//!
//! <!-- figure: loss-surface
//! The loss, the paler the lower, of a network with one unit in each hidden layer, over
//! the weight that these share and the last one. With two layers all three starts reach
//! the valley. With five the small start stands on a plain, and one step from the large
//! one leads past the valley to where the units are off for good.
//! -->
//!
//! ## What goes wrong
//!
//! > **Pitfall: uphill.** `w += rate·dw`. The loss rises from the first step, and is NaN at
//! > the tenth.
//!
//! > **Pitfall: the accuracy stands at the largest class** and the loss near 2.3. The
//! > scores do not depend on the input. Look at [`layer_stds`], and raise the weight scale.
//!
//! > **You would see.** The swapped values, in `cargo run -- overfit`:
//! >
//! > ```text
//! > std of each layer before training: 3.48 → 0.0249 → 1.8e-4 → 1.4e-6 → 8.7e-9
//! > ✗ Not learned: 16 % at the end
//! > ```
//!
//! > **Pitfall: the loss is NaN** after a few steps. The learning rate is too large for
//! > these inputs. The three-layer setting stands nearer to that edge than it looks: with
//! > a rate of 0.02 instead of 0.01 it no longer learns (16 to 64 % over ten seeds).
//!
//! > **Pitfall: `argmax` along the wrong axis.** The largest score of each *row* is the
//! > prediction. Along the columns it is the example that likes a class best.
//!
//! ## Why?
//!
//! **A five-layer network stays at 16 %, with scores that differ by 1e-8. What helps?**
//!
//! - [ ] A. 500 epochs instead of 20
//! - [ ] B. A rate of 1 instead of 0.1
//! - [ ] C. A weight scale of 0.1, and a rate to suit it
//!
//! <details><summary>Answer</summary>
//!
//! **C.** After 500 epochs the loss is 2.1957. Giving every image the same answer, the
//! share of each class, costs 2.1951: all that the last biases can learn, they have
//! learned. A faster walk to the same place does not help either. (At a scale of 0.1 the
//! rate has to come down to 0.001; at a rate of 0.1 nearly every network diverges: nine of
//! the map's ten, and with `overfit --seed` 0 to 9 all of them.)
//! </details>
//!
//! <details><summary>Draw the batches without replacement, each image once an epoch. Does
//! the network learn sooner or later?</summary>
//!
//! Sooner, as a rule. With replacement, an image is missed by both batches of an epoch with
//! probability (49/50)⁵⁰ = 36 %. The course draws with replacement, and so do we, so that
//! curves can be compared.
//! </details>
//!
//! <details><summary>Training accuracy is 100 %. What does that say about new
//! images?</summary>
//!
//! Nothing. The synthetic images have labels that were dealt out like cards, and they are
//! learned by heart as readily as photographs.
//! </details>
//!
//! ## Exercise
//!
//! Write [`sgd_step`], then [`accuracy`], then the loop in [`train`].
//!
//! ```sh
//! fully-connected check overfit
//! cargo test --test chapters overfit::
//! cargo test --doc overfit
//! ```
//!
//! Then see *your* network learn. `fully-connected learn` compiles your workbook's crate and
//! shows what it does: the loss before training, the gradient check, fifty images with three
//! layers (`cargo run --release --example learn` does it by hand). And a puzzle, with five:
//! `fully-connected learn --layers 5` takes the weight scale and the rate of three and learns
//! nothing. Which of `--weight-scale` and `--rate` is to blame, and how far can each be turned?
//!
//! In a clone of the crate it is `cargo run -- overfit`, and for the slip
//! `cargo run -- overfit --layers 5 --weight-scale 1e-3 --rate 1e-1`.

pub use crate::training::{Batches, History, Training};

use crate::{Error, FullyConnectedNet, Gradients, Parameters, Scalar};
use crate::{affine, relu, softmax};
use ndarray::{Array2, ArrayRef, ArrayRef2, Axis, CowArray, Dimension};

/// One step of gradient descent: every parameter moves by `−learning_rate` times its
/// gradient.
///
/// ```
/// use fully_connected::{FullyConnectedNet, Options, overfit};
/// use ndarray::array;
///
/// let mut net = FullyConnectedNet::<f64>::new(Options::new(1, &[], 2))?;
/// net.parameters_mut().set("W1", &array![[3., 1.]])?;
/// let mut grads = net.parameters().clone();
/// grads.set("W1", &array![[2., -4.]])?;
/// grads.set("b1", &array![1., 0.])?;
///
/// overfit::sgd_step(net.parameters_mut(), &grads, 0.5);
/// assert_eq!(net.parameters().get("W1")?, array![[2., 3.]].into_dyn());  // 3 - 0.5·2
/// assert_eq!(net.parameters().get("b1")?, array![-0.5, 0.].into_dyn());
/// # Ok::<(), fully_connected::Error>(())
/// ```
///
/// # Panics
///
/// If the gradients do not have the shapes of the parameters.
#[doc(alias = "sgd")]
pub fn sgd_step<T: Scalar>(
    parameters: &mut Parameters<T>,
    grads: &Gradients<T>,
    learning_rate: T,
) {
    grads.assert_shapes_of(parameters, "overfit::sgd_step");
    #[allow(unused, reason = "another way may do without")]
    let pairs = parameters.layers.iter_mut().zip(&grads.layers);
    // exercise: overfit::sgd_step
    for (layer, grad) in pairs {
        layer.w.scaled_add(-learning_rate, &grad.w);
        layer.b.scaled_add(-learning_rate, &grad.b);
    }
    // end: overfit::sgd_step
}

/// The share of examples whose largest score stands at their label, from 0 to 1; NaN if any
/// score is not finite, because no class is then the likeliest.
///
/// `scores` is `(N, C)`, `y` holds `N` labels. Where several scores are largest, the first
/// of them counts.
///
/// ```
/// # use fully_connected::overfit;
/// # use ndarray::array;
/// let scores = array![[3., 5., -1.],
///                     [4., 0.,  2.]];
/// assert_eq!(overfit::accuracy(&scores, &[1, 2])?, 0.5);
/// # Ok::<(), fully_connected::Error>(())
/// ```
///
/// # Errors
///
/// As [`softmax::loss`]: the labels do not fit, or there are none.
pub fn accuracy<T: Scalar>(scores: &ArrayRef2<T>, y: &[usize]) -> Result<f64, Error> {
    softmax::check_labels(scores.dim(), y)?;
    if scores.iter().any(|score| !score.is_finite()) {
        return Ok(f64::NAN);
    }
    // exercise: overfit::accuracy
    let mut right = 0;
    for (row, &label) in scores.rows().into_iter().zip(y) {
        let mut best = 0;
        for (class, &score) in row.iter().enumerate() {
            if score > row[best] {
                best = class;
            }
        }
        if best == label {
            right += 1;
        }
    }
    Ok(f64::from(right) / y.len() as f64)
    // end: overfit::accuracy
}

impl<T: Scalar> FullyConnectedNet<T> {
    /// The [`accuracy`] of the network's scores for a set of examples.
    ///
    /// `x` is `(N, d₁, …, dₖ)`, moved or lent; `y` holds `N` labels. The examples are scored
    /// at most 1,000 at a time, so that a large set needs no caches of its size.
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Options};
    /// use ndarray::array;
    ///
    /// let mut net = FullyConnectedNet::<f64>::new(Options::new(1, &[], 2))?;
    /// net.parameters_mut().set("W1", &array![[1., -1.]])?;
    ///
    /// // A positive number is class 0, a negative one class 1.
    /// assert_eq!(net.accuracy(array![[3.], [-2.], [5.], [4.]], &[0, 1, 1, 0])?, 0.75);
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`softmax::loss`]: the labels do not fit, or there are none.
    ///
    /// # Panics
    ///
    /// If an example of `x` does not have the shape that the option `input` says, and is
    /// no row of as many numbers either.
    pub fn accuracy<'a, D: Dimension>(
        &self,
        x: impl Into<CowArray<'a, T, D>>,
        y: &[usize],
    ) -> Result<f64, Error> {
        const AT_A_TIME: usize = 1000;
        let x = self.rows(x.into());
        let shape = (x.nrows(), self.options.classes);
        softmax::check_labels(shape, y)?;
        let mut scores = Array2::<T>::zeros(shape);
        let parts = scores.axis_chunks_iter_mut(Axis(0), AT_A_TIME);
        for (mut part, x) in parts.zip(x.axis_chunks_iter(Axis(0), AT_A_TIME)) {
            part.assign(&self.scores(x));
        }
        accuracy(&scores, y)
    }
}

/// Trains a network by stochastic gradient descent and returns what it saw on the way.
///
/// `x` is `(N, d₁, …, dₖ)`, `y` holds `N` labels. An epoch has `N / batch` steps, rounded
/// down, and at least one. After each epoch `after_epoch` is shown the history so far.
///
/// ```
/// use fully_connected::overfit::{Training, train};
/// use fully_connected::{FullyConnectedNet, Options};
/// use ndarray::array;
///
/// let mut net = FullyConnectedNet::<f64>::new(Options::new(1, &[], 2))?;
/// let training = Training { epochs: 10, batch: 2, learning_rate: 0.1, seed: 0 };
/// let mut epochs = 0;
/// let history = train(&mut net, &array![[1.], [-1.]], &[0, 1], &training, |_| epochs += 1)?;
/// assert_eq!((epochs, history.losses.len(), history.accuracies.len()), (10, 10, 10));
/// # Ok::<(), fully_connected::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Diverged`] as soon as a loss is not finite, [`Error::Option`] if `batch` is 0
/// or `learning_rate` not finite in `T`, and the errors of [`softmax::loss`] for labels.
///
/// # Panics
///
/// If an example of `x` does not have the shape that the network's option `input` says, and is
/// no row of as many numbers either.
pub fn train<T: Scalar, D: Dimension>(
    net: &mut FullyConnectedNet<T>,
    x: &ArrayRef<T, D>,
    y: &[usize],
    training: &Training,
    mut after_epoch: impl FnMut(&History),
) -> Result<History, Error> {
    training.check::<T>()?;
    let x = net.rows(x.view().into());
    softmax::check_labels((x.nrows(), net.options.classes), y)?;
    let steps = (y.len() / training.batch).max(1);
    let mut batches = Batches::new(&x, y, training.batch, training.seed);
    let learning_rate = T::of(training.learning_rate);
    let mut history = History::default();
    // exercise: overfit::train
    for _ in 0..training.epochs {
        for _ in 0..steps {
            let (batch_x, batch_y) = batches.draw();
            let (loss, grads) = net.loss(batch_x, batch_y)?;
            history.record_loss(loss)?;
            sgd_step(net.parameters_mut(), &grads, learning_rate);
        }
        history.record_accuracy(net.accuracy(&x, y)?)?;
        after_epoch(&history);
    }
    Ok(history)
    // end: overfit::train
}

/// The standard deviation of the sums of each layer, before any ReLU; the last entry is
/// that of the scores.
///
/// `x` is `(N, d₁, …, dₖ)`. Numbers that shrink from layer to layer say that the weights
/// are too small, numbers that grow that they are too large.
///
/// ```
/// use fully_connected::{FullyConnectedNet, Options, overfit};
/// use ndarray::array;
///
/// let mut net = FullyConnectedNet::<f64>::new(Options::new(1, &[1], 1))?;
/// net.parameters_mut().set("W1", &array![[3.]])?;
/// net.parameters_mut().set("W2", &array![[2.]])?;
///
/// // Sums 3 and -3, then 6 and 0: standard deviations 3 and 3.
/// assert_eq!(overfit::layer_stds(&net, &array![[1.], [-1.]]), [3., 3.]);
/// # Ok::<(), fully_connected::Error>(())
/// ```
///
/// # Panics
///
/// If an example of `x` does not have the shape that the option `input` says, and is
/// no row of as many numbers either.
pub fn layer_stds<'a, T: Scalar, D: Dimension>(
    net: &FullyConnectedNet<T>,
    x: impl Into<CowArray<'a, T, D>>,
) -> Vec<f64> {
    let mut x = net.rows(x.into());
    let mut stds = Vec::new();
    for layer in &net.parameters.layers {
        let (sums, _) = affine::forward(x, &layer.w, &layer.b);
        stds.push(sums.mapv(T::as_f64).std(0.0));
        let (out, _) = relu::forward(sums);
        x = out.into();
    }
    stds
}

// exercise: overfit::helpers
// end: overfit::helpers
