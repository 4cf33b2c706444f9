//! # Chapter 9. Overfitting fifty images
//!
//! *Loss and gradients are right. Does the network learn?*
//!
//! You train a network on a million photographs, all night long, and in the morning it
//! knows nothing. Where do you look? It could be anything. So first ask for something that
//! must not fail: let it learn fifty images by heart. It has 318,410 numbers to remember
//! fifty labels with. If it does not get all fifty right, something is broken (the update,
//! the step size, the initial scale), and we know it after a second and not after a night.
//!
//! Learning by heart is called *overfitting*. Later it is the thing to avoid; here it is
//! the goal.
//!
//! ## A worked example
//!
//! [Chapter 1](crate::affine) said what a gradient is for: move each parameter against its
//! gradient, in proportion to it. Here with a *learning rate* of 0.1:
//!
//! ```text
//!         gradient    one step
//! w = 3   dw =  2     3 − 0.1·2    = 2.8
//! b = 1   db = −5     1 − 0.1·(−5) = 1.5
//! ```
//!
//! The loss falls as `w` falls and as `b` rises, so that is where they go.
//!
//! Did it help? That can be counted: the *accuracy* is the share of examples whose largest
//! score is that of their label.
//!
//! ```text
//! classes  0  1  2
//!          3  5 −1    label 1    right
//!          4  0  2    label 2    wrong
//! accuracy 1/2
//! ```
//!
//! ## Batches and epochs
//!
//! A step does not look at all images. It draws a *batch*, here 25 of the fifty, and takes
//! the gradient of their loss. Each draw is independent of the others, so an image may come
//! twice and another not at all. The gradient of a batch points in roughly the right
//! direction, for half the work; with a million images, for a tiny fraction of it. This is
//! *stochastic* gradient descent, *SGD*.
//!
//! An *epoch* is as many steps as it takes to draw as many images as there are: with
//! fifty images and batches of 25, two. So 20 epochs are 40 steps. After each epoch we
//! take the accuracy on all fifty.
//!
//! The images are made by a formula ([`synthetic`](crate::synthetic)), so that nothing has
//! to be downloaded: textures with the statistics of photographs, and labels dealt out like
//! cards. For learning by heart that does not matter. ([`cifar10`](crate::cifar10) reads
//! real photographs.) Pixels run from 0 to 255, the mean image is subtracted, and nothing
//! is divided by 255: the scales and rates below belong to inputs of that size, and with
//! divided pixels none of them works.
//!
//! ## The mathematics
//!
//! The step, for every parameter $`\theta`$, with the learning rate $`\eta`$:
//!
//! ```math
//! \theta \leftarrow \theta - \eta\, \frac{\partial L}{\partial \theta}
//! ```
//!
//! <!-- code: overfit::sgd_step -->
//!
//! The accuracy:
//!
//! <!-- code: overfit::accuracy -->
//!
//! And the loop around both:
//!
//! <!-- code: overfit::train -->
//!
//! The appendix [`training`](crate::training) helps, with [`Batches`], which draws and
//! gathers, and with [`History`], which records and looks at what it records: if the loss
//! is no longer a finite number, training stops with [`Error::Diverged`], which names the
//! step. (Without that, a diverged network goes on to the end, and since NaN is not larger
//! than anything, it calls every image an aeroplane: class 0.)
//!
//! Try it on four points first, the corners of a square, labelled crosswise. No straight
//! line separates the two classes. A network with 16 hidden units does:
//!
//! ```
//! use fully_connected::overfit::{Training, train};
//! use fully_connected::{FullyConnectedNet, Options};
//! use ndarray::array;
//!
//! let x = array![[1., 1.], [-1., -1.], [1., -1.], [-1., 1.]];
//! let y = [0, 0, 1, 1];
//!
//! let options = Options { weight_scale: 1., ..Options::new(2, &[16], 2) };
//! let mut net = FullyConnectedNet::<f64>::new(options)?;
//! let training = Training { epochs: 100, batch: 4, learning_rate: 0.3, seed: 0 };
//! let history = train(&mut net, &x, &y, &training, |_| ())?;   // nothing after an epoch
//! assert_eq!(history.accuracies.last(), Some(&1.0));
//! # Ok::<(), fully_connected::Error>(())
//! ```
//!
//! <!-- figure: crosswise
//! The stronger the colour, the likelier the network finds class 1 (the squares). Each
//! hidden unit folds the plane along a line, and the border between the classes bends
//! where it crosses such a fold.
//! -->
//!
//! ## Which is harder, three layers or five?
//!
//! Now the fifty images, and two knobs to turn: the weight scale and the learning rate. The
//! three-layer network (two hidden layers of 100) reaches 100 % within 20 epochs with scale
//! 0.02 and rate 0.01, for each of ten seeds. The five-layer network (four hidden layers of
//! 100) does so with scale 0.1 and rate 0.001.
//!
//! This project began with a student's write-up of the assignment, and there these last two
//! numbers are printed *the other way round*: scale 0.001, rate 0.1. Whoever copies them
//! sees a network that never gets past 16 %. That is 8 of 50, the share of the largest
//! class: the network gives every image the same answer.
//!
//! <!-- figure: overfit-curves
//! Both networks learn within 40 steps. The five-layer one with scale and rate exchanged
//! goes nowhere.
//! -->
//!
//! The slip teaches more than the right values do. Look inside: [`layer_stds`] gives the
//! standard deviation of the sums that each layer computes before any training. It says how
//! much these numbers differ, from unit to unit and from image to image, and where they
//! hardly differ they cannot tell one image from another.
//!
//! ```text
//! standard deviation of each layer's sums
//! scale    layer 1   layer 2    scores
//! 0.001      3.5      0.025     8.7e-9
//! 0.1      348      249        87
//! ```
//!
//! [Chapter 4](crate::init) says why. Each hidden layer multiplies the size of what passes
//! through it by its *gain*, about 7.07 times the weight scale. That is 0.7 in the second
//! row, and 0.007 in the first, at *every* layer. After four of them the scores of two
//! images differ in the ninth decimal. The gradients, on their way down through the same
//! weights, shrink as much: that of each weight table has a norm near 1e-6. This is the
//! *vanishing gradient* again. Only the last biases have a gradient worth the name, 0.14,
//! and they see no image. All they can learn is how common each class is. A rate of 0.1
//! does not mend that, and neither do more epochs.
//!
//! So it is not that five layers have more parameters: they have 338,610, just 6 %
//! more. It is that their signal is multiplied by two more gains. (The book's page "Why
//! depth is touchy" measures it, with 5,880 networks.)
//!
//! <!-- figure: loss-surface
//! Two networks small enough to draw: one unit in each hidden layer, all hidden weights
//! equal to a, the last two weights −c and c. The data: four examples, whose input is
//! always 1 and whose labels are 1, 1, 1 and 0. The nearer to the colour of the page,
//! the lower the loss. With two layers all three starts find the valley. With five, the
//! small start lies on a plain and hardly moves, and the large one leaps across the
//! valley to where the units are off for good.
//! -->
//!
//! ## What goes wrong
//!
//! > **Pitfall: uphill.** `w += rate·dw`. The loss rises from the first step, and is NaN at
//! > the tenth.
//!
//! > **Pitfall: the accuracy stays at the largest class**, with a loss near 2.3. The scores
//! > do not depend on the input. Look at [`layer_stds`], and raise the weight scale.
//!
//! > **You would see.** What `overfit` prints for the exchanged numbers:
//! >
//! > ```text
//! > std of each layer before training:
//! >     3.48 → 0.0249 → 1.8e-4 → 1.4e-6 → 8.7e-9
//! > ✗ Not learned: 16 % at the end
//! > ```
//!
//! > **Pitfall: the loss is NaN** after a few steps. The learning rate is too large for
//! > these inputs. The three-layer setting is nearer to that edge than it looks: with a
//! > rate of 0.02 instead of 0.01 it no longer learns (16 to 64 % over ten seeds).
//!
//! > **Pitfall: `argmax` along the wrong axis.** The largest score of each *row* is the
//! > prediction. Along the columns one finds the example that likes a class best.
//!
//! ## Check yourself
//!
//! **A five-layer network stays at 16 %, with scores that differ by 1e-8. What helps?**
//!
//! - [ ] A. 500 epochs instead of 20
//! - [ ] B. A rate of 1 instead of 0.1
//! - [ ] C. A weight scale of 0.1, and a rate to suit it
//!
//! <details><summary>Answer</summary>
//!
//! **C.** At a scale of 0.1 the scores differ by tens. (The rate has to come down to 0.001;
//! at 0.1 nearly every such network diverges.)
//!
//! - **A** believes that a small signal only needs time. After 500 epochs the loss is
//!   2.1957. A network that answers every image with the share of each class has a loss
//!   of 2.1951: what the last biases can learn, they have learned.
//! - **B** believes that a large rate makes up for a small gradient. It takes the last
//!   biases, whose gradient is not small, to the same place sooner.
//! </details>
//!
//! **Training accuracy is 100 %. What does that say about new images?**
//!
//! - [ ] A. The network will do well on them too
//! - [ ] B. It will at least do better than chance
//! - [ ] C. Nothing
//!
//! <details><summary>Answer</summary>
//!
//! **C.** The labels were dealt out like cards, so about new images there is nothing to
//! know. They were learned by heart all the same.
//!
//! - **A** takes remembering for understanding.
//! - **B** believes that something general must have rubbed off. Where the labels have to
//!   do with the images it may; the accuracy on the *training* images does not say whether
//!   it has.
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
//! ## Look what you have built
//!
//! <!-- figure: learned-by-heart
//! Ten of the fifty images. From left to right the epochs; the stronger the colour, the
//! more probability the three-layer network gives to the image's own label. First it
//! guesses. At the end it is sure of every one.
//! -->
//!
//! Nine chapters ago this was a weighted sum. Now it looks at 3072 numbers and names a
//! picture. In 40 steps the loss of its batches falls from 2.83 to 0.01; after epoch 8
//! all fifty images are right for the first time. Every gradient in it was worked out
//! by hand, checked against a measured slope, and written down in some sixty lines. If
//! somebody says "and then we call `loss.backward()`", you know what happens.
//!
//! In a workbook, see *yours* do it: `fully-connected learn` compiles your crate, and shows
//! the loss before training, the gradient check and the fifty images. Then a puzzle:
//! `fully-connected learn --layers 5` takes the weight scale and the rate of the
//! three-layer network, and learns nothing. Which of `--weight-scale` and `--rate` is to
//! blame, and how far can each be turned?
//!
//! The picture also shows what it cannot do. These are clouds of colour, and that one
//! of them is called a ship is the luck of the draw. The network has *remembered*;
//! there was nothing to understand. The surprise on which the whole field rests is that
//! a network able to remember anything will, given real photographs, find what they
//! have in common as well.
//!
//! ## Where to go from here
//!
//! - *The puzzle of depth.* The book's page "Why depth is touchy" follows the exchanged
//!   numbers to the end.
//! - *Real photographs.* `fully-connected overfit --data data_batch_1.bin` takes the first
//!   fifty of a file of CIFAR-10. The same settings work.
//! - *Images that are new.* For those you want better steps (momentum, Adam), layers
//!   that keep the signal at one size (batch and layer normalization), and something
//!   against learning by heart (dropout). That is Part II: [chapter 10](crate::optim) takes
//!   the first step.
//!
//! ## Further reading
//!
//! - A. Karpathy, [A Recipe for Training Neural
//!   Networks](https://karpathy.github.io/2019/04/25/recipe/): the habits of chapters 4, 8
//!   and 9 as a routine for real projects, from a first look at the data to the last
//!   percent.
//! - G. Goh, [Why Momentum Really Works](https://distill.pub/2017/momentum/): what gradient
//!   descent does in a valley, with figures that move.
//! - C. Zhang and others, [Understanding deep learning requires rethinking
//!   generalization](https://arxiv.org/abs/1611.03530): real networks learn random labels
//!   by heart, so what makes them generalize? The experiment of this chapter, in earnest.

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
    assert!(
        parameters.norms.is_empty(),
        "overfit::sgd_step steps weights and biases only; these parameters have gamma and \
         beta as well, which optim::Optimizer (chapter 10) steps too"
    );
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

/// The share of examples whose largest score is that of their label, from 0 to 1; NaN if any
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
    net.refuse_deep("good_model::train (chapter 15)")?;
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
    net.assert_plain("overfit::layer_stds");
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
