//! # Chapter 4. Initialization
//!
//! *Before a network can learn, its weights need values. Why not all the same, and how large?*
//!
//! A network begins as random numbers, and it matters a great deal how large they are. Take
//! ten five-layer networks whose random weights are about 0.1 in size: with a suitable
//! learning rate, all ten learn the fifty images of chapter 9. With weights of about 0.001
//! none does, whatever the rate: at fourteen rates, not one network of 140. Nothing
//! crashes. The loss stays where it is.
//!
//! The figure shows why. Fifty images are sent through such a network before any training,
//! and we look at the sums that each of its layers computes. The *weight scale* is the
//! typical size of a weight, the standard deviation of the numbers drawn.
//!
//! <!-- figure: activation-histograms
//! The sums in a fresh five-layer network, all units and all fifty images together, with
//! the standard deviation, or width, of each histogram. At 0.001 every layer after the
//! first is a needle at 0. At 0.141 all five are about equally wide. In print there are
//! four weight scales; in the book the scale can be moved.
//! -->
//!
//! ## Why the weights must differ
//!
//! Let all weights start at the same value, say at 0. Two units of a layer then compute the
//! same sum. They also have the same weights going *out*, so the same gradient comes back to
//! both. They take the same step, and are the same unit again. A hidden layer of a hundred
//! such units is one unit, written a hundred times.
//!
//! Only units with the same weights on *both* sides stay twins. Here the incoming weights
//! of two units are equal, and the gradient at the scores is −1 1. What comes back to a
//! unit (chapter 1) is each score's gradient times the weight that leads to that score:
//!
//! ```text
//! x = 1 2     W1 = 1 1     h = 3 3
//!                  1 1
//!
//! outgoing:       equal    not equal
//! W2               2 1        2 1
//!                  2 1        0 1
//!
//! back to h      -1 -1      -1  1
//!
//! dW1            -1 -1      -1  1
//!                -2 -2      -2  2
//! ```
//!
//! With equal outgoing weights each unit gets −1·2 + 1·1 = −1: the columns of `dW1` are
//! equal, and the units stay equal for ever. With different ones the second unit gets
//! −1·0 + 1·1 = 1, and the first step already drives the twins apart. Drawing every weight
//! at random, from a normal distribution with mean 0, *breaks the symmetry* at both ends.
//!
//! ## How large? The gain of a layer
//!
//! Follow the numbers through one hidden layer of $`D`$ inputs. We measure their size by
//! the *mean square*, the average of the squares, because it is easy to follow through a
//! sum. For numbers with mean 0 it is the *variance*; its root, the size of a typical
//! number, is the *standard deviation*. Each step ends with an example, in italics:
//! $`D = 100`$ inputs with mean square 1, weights with standard deviation $`\sigma = 0.1`$.
//!
//! 1. **One product.** A fresh weight $`w`$ is independent of the input $`x`$ that it
//!    meets, so the mean square of $`w x`$ is $`\sigma^2`$ times that of $`x`$. *Here
//!    0.01·1 = 0.01.*
//! 2. **A sum of D products.** $`(a + b)^2 = a^2 + 2ab + b^2`$. For independent $`a`$ and $`b`$
//!    with mean 0 the middle term averages out, and the mean squares add. *Here 100·0.01 = 1.*
//! 3. **ReLU.** Every weight is as likely to be $`w`$ as $`-w`$, so every sum is as likely to be
//!    $`s`$ as $`-s`$. ReLU turns the negative half into 0, and half of the mean square goes
//!    with it. *Here 1·½ = 0.5.*
//! 4. **Back to a size.** A layer multiplies the mean square by $`\sigma^2 D / 2`$, and the
//!    size of the numbers by its root, the *gain*:
//!
//! ```math
//! \text{gain} = \sigma \sqrt{D / 2}
//! ```
//!
//! *Here √0.5 = 0.71.* With a weight scale of 0.1 the figure's widths are 348, 249, 183,
//! 138 and 87, which are factors of 0.72, 0.74, 0.75 and 0.63. A single network strays a
//! little from the average.
//!
//! Gains *multiply*. Of a signal of size 1, hidden layers of 100 units leave:
//!
//! | σ | gain of a layer | after four layers |
//! |---|---|---|
//! | 0.001 | 0.00707 | 0.0000000025 |
//! | 0.1 | 0.707 | 0.25 |
//! | 0.141 | 1 | 1 |
//! | 1 | 7.07 | 2500 |
//!
//! ## Vanishing and exploding gradients
//!
//! The gradient comes down through the same weights. A layer's `dx` is again a sum, over
//! the layer's outputs, and the mask of ReLU drops half of its terms. So it, too, is
//! multiplied by such a gain at each layer. At $`\sigma = 0.001`$ the gradient of the
//! five-layer network's `W1` has a *norm*, the root of the sum of its squares, of
//! 0.0000012, and no step along it gets anywhere. These are *vanishing gradients*. With a
//! gain of 7 the scores, the loss and the gradients become huge, and the first step throws
//! the weights far away: *exploding gradients*. Each further layer makes both worse, which
//! is why deep networks are touchy.
//!
//! The remedy is to choose $`\sigma`$ so that the gain is 1.
//!
//! - **He initialization**: $`\sigma = \sqrt{2 / D}`$, with $`D`$ the *fan-in*, the layer's
//!   number of inputs. That is the formula above, solved for a gain of 1. For 100 inputs it
//!   is 0.141, where the figure's five widths are about equal; for an image of 3072
//!   numbers, 0.0255. (He et al., 2015. PyTorch calls it Kaiming, his given name.)
//! - **Xavier initialization**: $`\sigma = \sqrt{2 / (D + M)}`$. Without ReLU nothing is
//!   halved. The way up then asks for $`\sigma^2 = 1/D`$, and the way down, whose sums run
//!   over the *fan-out* $`M`$, for $`1/M`$. Xavier's choice lies between the two. (Glorot
//!   and Bengio, 2010; Xavier is Glorot's given name.)
//!
//! Our network, like the course's, has one option for all of its layers,
//! [`weight_scale`](Options::weight_scale), and leaves the choice to us. Chapter 9 chooses.
//!
//! ## A worked example
//!
//! Examples of 4 numbers, hidden layers of 3 and 5 units, 2 classes. Write the sizes in a row,
//! `4 3 5 2`. Each layer lies between two neighbours, so two hidden sizes make *three* layers:
//!
//! ```text
//! sizes   4       3       5       2
//!            W1      W2      W3
//!           (4,3)   (3,5)   (5,2)
//!         b1 (3)  b2 (5)  b3 (2)
//! ```
//!
//! The shape of `Wi` is (fan-in, fan-out), and `bi` has fan-out entries. We count layers
//! from 1, as the course does.
//!
//! <!-- code: init::layer_sizes -->
//!
//! To draw a table of weights, multiply *standard* normal numbers, whose standard deviation
//! is 1, by the weight scale. If the source of such numbers gives 1, −2, 0.5, 3, and the
//! weight scale is 0.1, a (2, 2) table is filled row by row, and the biases are 0:
//!
//! ```text
//! W = 0.1  -0.2       b = 0  0
//!     0.05  0.3
//! ```
//!
//! ```math
//! W_{dm} = \sigma z_{dm}, \quad z_{dm} \sim \mathcal N(0, 1), \qquad b_m = 0
//! ```
//!
//! <!-- code: init::draw_layer -->
//!
//! (Read ∼ as “is drawn from”, and $`\mathcal N(0, 1)`$ as the standard normal
//! distribution.) The biases may be equal: the weights have already broken the symmetry.
//!
//! The numbers come from *any* source that the caller passes: from [`standard_normals`], a
//! generator with a seed, so that a run can be repeated on any machine; from a test, four
//! numbers of its own; or from [`numpy`](crate::numpy), which replays the generator of the
//! Python notebook. That is how chapter 8 can begin with the notebook's own weights and
//! print the same digits.
//!
//! ## The first loss is a test
//!
//! Small weights give scores near 0. Ten equal scores give each class the probability 1/10,
//! so the loss is near ln 10 = 2.303, whatever the images are. We know the first loss
//! before the program has run, and one that is far from ln C, with C classes, is the
//! cheapest bug report you will ever get.
//!
//! <!-- figure: initial-loss
//! The first loss of fresh networks on fifty images: the median of ten networks, and in the
//! lighter band all ten. While weights are small it is ln 10. Then it follows the scores, which
//! grow as σ³ with three layers and as σ⁵ with five. The lines cross where the gain is 1, near
//! 0.141: there the two additional layers change nothing.
//! -->
//!
//! ## What goes wrong
//!
//! > **Pitfall: variance for standard deviation.** A student's write-up of this assignment
//! > (this project began from one) calls `weight_scale` a variance. NumPy's `normal(0, scale)`
//! > takes a standard deviation, and so do we. Read 0.05 as a variance, and the weights are
//! > √0.05 = 0.224, 4.5 times too large. For the network of chapter 8 that means, with and
//! > without the penalty of chapter 7, whose strength is `reg`:
//! >
//! > ```text
//! >   reg  first loss  expected
//! >     0      2.2298     2.303
//! >  3.14     97.3557     7.01
//! > ```
//! >
//! > Who would notice the first line? Everybody notices the second. All gradients agree with
//! > their measured slopes: they are right, for the wrong weights.
//!
//! > **Pitfall: `hidden[i + 1]`.** The same write-up has `(layer_dims[i], hidden_dims[i + 1])`
//! > for the shape of a weight table. With one hidden layer that index is out of range; with
//! > two, `W1` comes out as (4, 5). The list to index is the one with the input and the classes
//! > in it.
//!
//! > **Pitfall: a new generator for each layer.** With the same seed, `W1` and `W2` begin
//! > with the same numbers. One generator serves the whole network, and each layer goes on
//! > where the last one stopped.
//!
//! > **Pitfall: zeros.** With all weights 0 the first loss is exactly ln C, which looks
//! > perfect. But all hidden units are 0 and so are all weights on the way back: only the
//! > last biases ever learn. Of the fifty images of chapter 9 such a network never names
//! > more than 16 % rightly, the share of the most common class.
//!
//! ## Check yourself
//!
//! **All weights are 0.01 instead of random. Layer 1 has a hundred units. After a thousand
//! steps, how many different columns does `W1` have?**
//!
//! - [ ] A. A hundred
//! - [ ] B. Ten, one for each class
//! - [ ] C. One
//!
//! <details><summary>Answer</summary>
//!
//! **C.** All hundred units began with the same weights, incoming and outgoing, so they got the
//! same gradient at each step.
//!
//! - **A** hopes that different images pull units apart. They pull all units of the layer in the
//!   same direction: nothing says which unit is which.
//! - **B** gives each class a unit of its own. Each class has a score; a hidden unit
//!   belongs to no class.
//! </details>
//!
//! **A layer has 800 inputs and is followed by ReLU. Which weight scale keeps the signal's
//! size?**
//!
//! - [ ] A. 0.05
//! - [ ] B. 0.0025
//! - [ ] C. 0.035
//!
//! <details><summary>Answer</summary>
//!
//! **A.** √(2/800) = √0.0025 = 0.05.
//!
//! - **B** is the variance, 2/800. Its root is the scale.
//! - **C** is √(1/800): it forgets the half that ReLU drops, and the signal shrinks to 0.71 of
//!   its size at each layer.
//! </details>
//!
//! <details><summary>Would a uniform distribution with the same standard deviation do as
//! well?</summary>
//!
//! The steps above only ask for mean 0, independence, symmetry and a mean square, so yes. The tests
//! here tell the two apart all the same, because the exercise says normal, and a result can
//! be reproduced only if everybody draws from the same distribution.
//! </details>
//!
//! ## Exercise
//!
//! Write [`layer_sizes`], then [`draw_layer`].
//!
//! ```sh
//! fully-connected check init
//! cargo test --test chapters init::
//! cargo test --doc init
//! ```
//!
//! ## Further reading
//!
//! - deeplearning.ai, [Initializing neural
//!   networks](https://www.deeplearning.ai/ai-notes/initialization/): set the initialization,
//!   and watch a small network learn, or fail to, in the page.
//! - *Dive into Deep Learning*, [Numerical Stability and
//!   Initialization](https://d2l.ai/chapter_multilayer-perceptrons/numerical-stability-and-init.html):
//!   the gradient as a product of matrices, and what sigmoid units do to it.
//! - He et al., [Delving Deep into Rectifiers](https://arxiv.org/abs/1502.01852), section 2.2:
//!   this chapter's argument, by those who found it, both ways through the network.
//!
//! Next: [chapter 5, the forward pass](crate::forward).

use crate::{Error, Layer, Moments, Options, Parameters, Scalar};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// A fully-connected network of any depth: affine and ReLU for each hidden layer, affine
/// alone for the last, softmax loss.
///
/// The type is born in this chapter and grows with the next ones:
///
/// | chapter | adds |
/// |---|---|
/// | 5, [`forward`](crate::forward) | [`forward`](Self::forward), [`scores`](Self::scores) |
/// | 6, [`backward`](crate::backward) | [`backward`](Self::backward), [`data_loss`](Self::data_loss) |
/// | 7, [`regularization`](crate::regularization) | [`loss`](Self::loss), which is the whole loss, and [`loss_value`](Self::loss_value) |
/// | 9, [`overfit`](crate::overfit) | [`accuracy`](Self::accuracy) |
#[derive(Debug, Clone, PartialEq)]
pub struct FullyConnectedNet<T> {
    pub(crate) options: Options,
    pub(crate) parameters: Parameters<T>,
    /// The running averages of batch normalization, which chapter 11 explains.
    pub(crate) running: Vec<Moments<T>>,
}

impl<T: Scalar> FullyConnectedNet<T> {
    /// A network with random weights, drawn with the option `seed`.
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Options};
    ///
    /// let options = Options { seed: 7, ..Options::new((3, 32, 32), &[100, 100], 10) };
    /// let net = FullyConnectedNet::<f32>::new(options.clone())?;
    /// assert_eq!(net.parameters().get("W1")?.shape(), [3072, 100]);
    /// assert_eq!(net, FullyConnectedNet::new(options)?);  // same seed, same network
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Option`] if an option is out of its range; [`Options`] lists the ranges.
    pub fn new(options: Options) -> Result<Self, Error> {
        let normals = standard_normals(options.seed);
        FullyConnectedNet::with_normals(options, normals)
    }

    /// A network whose weights are drawn from `normals`, any source of standard normal
    /// numbers: `W1` first, row by row.
    ///
    /// Pass an iterator by `&mut` to go on with it afterwards.
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Options};
    /// use ndarray::array;
    ///
    /// let options = Options { weight_scale: 0.5, ..Options::new(2, &[], 2) };
    /// let normals = [1., -2., 4., 6.].into_iter();
    /// let net = FullyConnectedNet::<f64>::with_normals(options, normals)?;
    /// assert_eq!(net.parameters().get("W1")?, array![[0.5, -1.], [2., 3.]].into_dyn());
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    ///
    /// # Panics
    ///
    /// If `normals` ends too soon.
    pub fn with_normals(
        options: Options,
        mut normals: impl Iterator<Item = f64>,
    ) -> Result<Self, Error> {
        options.check::<T>()?;
        let sizes = layer_sizes(options.inputs(), &options.hidden, options.classes);
        let draw = |size| draw_layer(size, options.weight_scale, &mut normals);
        let layers: Vec<_> = sizes.into_iter().map(draw).collect();
        Ok(FullyConnectedNet {
            parameters: Parameters::from((layers, options.norms())),
            running: options.running(),
            options,
        })
    }

    /// How the network was built.
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Options};
    ///
    /// let net = FullyConnectedNet::<f64>::new(Options::new(2, &[3], 4))?;
    /// assert_eq!((&net.options().hidden[..], net.options().classes), (&[3][..], 4));
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The parameters, to be read: `net.parameters().get("W1")?`.
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Options};
    ///
    /// let net = FullyConnectedNet::<f64>::new(Options::new(2, &[3], 4))?;
    /// assert_eq!(net.parameters().get("W2")?.shape(), [3, 4]);
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    pub fn parameters(&self) -> &Parameters<T> {
        &self.parameters
    }

    /// The parameters, to be changed: `net.parameters_mut().set("W1", &w)?`.
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Options};
    /// use ndarray::array;
    ///
    /// let mut net = FullyConnectedNet::<f64>::new(Options::new(2, &[], 2))?;
    /// net.parameters_mut().set("b1", &array![5., 7.])?;
    /// assert_eq!(net.parameters().get("b1")?, array![5., 7.].into_dyn());
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    pub fn parameters_mut(&mut self) -> &mut Parameters<T> {
        &mut self.parameters
    }
}

/// An endless source of standard normal numbers: mean 0, standard deviation 1.
///
/// The generator is ChaCha8, seeded with `seed`: the same numbers on every run.
///
/// ```
/// # use fully_connected::init::standard_normals;
/// let first: Vec<f64> = standard_normals(7).take(1000).collect();
/// assert!(standard_normals(7).take(1000).eq(first.iter().copied()));
/// assert!((first.iter().sum::<f64>() / 1000.).abs() < 0.2);   // the mean is about 0
/// ```
pub fn standard_normals(seed: u64) -> impl Iterator<Item = f64> {
    StandardNormal.sample_iter(ChaCha8Rng::seed_from_u64(seed))
}

/// The `(fan_in, fan_out)` of each affine layer, first to last.
///
/// ```
/// # use fully_connected::init;
/// assert_eq!(init::layer_sizes(4, &[3, 5], 2), [(4, 3), (3, 5), (5, 2)]);
/// assert_eq!(init::layer_sizes(4, &[], 2), [(4, 2)]);     // a linear classifier
/// ```
pub fn layer_sizes(
    input: usize,
    hidden: &[usize],
    classes: usize,
) -> Vec<(usize, usize)> {
    // exercise: init::layer_sizes
    let sizes = [&[input], hidden, &[classes]].concat();
    sizes.windows(2).map(|pair| (pair[0], pair[1])).collect()
    // end: init::layer_sizes
}

/// One layer: `w` of shape `(fan_in, fan_out)`, each weight the next of `normals` times
/// `weight_scale`, row by row; `b` of `fan_out` zeros.
///
/// ```
/// # use fully_connected::init;
/// # use ndarray::array;
/// let mut normals = [1., -2., 0.5, 3.].into_iter();
/// let layer = init::draw_layer::<f64>((2, 2), 0.5, &mut normals);
/// assert_eq!(layer.w, array![[0.5, -1.], [0.25, 1.5]]);
/// assert_eq!(layer.b, array![0., 0.]);
/// ```
///
/// # Panics
///
/// If `normals` ends before the last weight is drawn.
pub fn draw_layer<T: Scalar>(
    (fan_in, fan_out): (usize, usize),
    weight_scale: f64,
    normals: &mut impl Iterator<Item = f64>,
) -> Layer<T> {
    #[allow(unused, reason = "another way may do without")]
    let mut normal = || {
        normals.next().unwrap_or_else(|| {
            panic!(
                "init::draw_layer: the source of normals ended; a layer of {fan_in} by \
                 {fan_out} needs {} of them",
                fan_in * fan_out
            )
        })
    };
    // exercise: init::draw_layer
    use ndarray::{Array1, Array2};

    let draw = || T::of(weight_scale * normal());
    let w = Array2::from_shape_simple_fn((fan_in, fan_out), draw);
    let b = Array1::zeros(fan_out);
    Layer { w, b }
    // end: init::draw_layer
}

// exercise: init::helpers
// end: init::helpers
