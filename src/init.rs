//! # Chapter 4. Initialization
//!
//! *Before a network can learn, its weights need values. Which, and why not 0?*
//!
//! Here the network is born: a list of layers, each with a weight table and a row of
//! biases. The biases start at 0. The weights must not. Two hidden units that start with
//! the same weights compute the same output, so they get the same gradient, take the same
//! step, and have the same weights again. A layer of a hundred such units is one unit,
//! written a hundred times, and no amount of training tells them apart. To break the
//! symmetry each weight is drawn at random, from a normal distribution with mean 0. Its
//! standard deviation is the option [`weight_scale`](Options::weight_scale).
//!
//! ## An example for the head
//!
//! Examples of 4 numbers, hidden layers of 3 and 5 units, 2 classes. Write the sizes in a
//! row, `4 3 5 2`. Each layer of weights stands between two neighbours:
//!
//! ```text
//! sizes    4      3      5      2
//!            W1     W2     W3
//!          (4,3)  (3,5)  (5,2)        and b1 (3), b2 (5), b3 (2)
//! ```
//!
//! Two hidden sizes make *three* affine layers. And the draw: a source of normal numbers
//! gives 1, −2, 0.5, 3, and the weight scale is 0.1. A (2, 2) table of weights is filled
//! row by row:
//!
//! ```text
//! W =  0.1   -0.2         b = 0  0
//!      0.05   0.3
//! ```
//!
//! ## Shapes
//!
//! `Wi` is (size of layer i − 1, size of layer i), where layer 0 is the input and the last
//! layer is the classes: (*fan-in*, *fan-out*). `bi` has fan-out entries. The names count
//! from 1, as the course's do, and the network knows its parameters by them:
//!
//! ```
//! use fully_connected::{FullyConnectedNet, Options};
//!
//! let net = FullyConnectedNet::<f64>::new(Options::new(4, &[3, 5], 2))?;
//! assert_eq!(net.parameters().names(), ["W1", "b1", "W2", "b2", "W3", "b3"]);
//! assert_eq!(net.parameters().get("W2")?.shape(), [3, 5]);
//! # Ok::<(), fully_connected::Error>(())
//! ```
//!
//! ## The mathematics
//!
//! ```math
//! W_{dm} = \sigma z_{dm}, \quad z_{dm} \sim \mathcal N(0, 1), \qquad b_m = 0
//! ```
//!
//! where $`\sigma`$ is the weight scale. It is a *standard deviation*, the typical size of
//! a weight. Its square is the variance.
//!
//! How large should it be? Follow one hidden unit. It adds up $`D`$ products $`x_d w_d`$.
//! Variances of independent terms add, so the sum has standard deviation
//! $`\sigma \sqrt{D}`$ times the typical size of $`x`$. ReLU then drops one half of the
//! distribution, and half of the mean square goes with it. Layer by layer, the activations
//! are therefore multiplied by about
//!
//! ```math
//! \sigma \sqrt{D / 2}
//! ```
//!
//! With 100 inputs that is $`7.07\,\sigma`$. A scale of 0.141 keeps the size; 0.001 divides
//! it by 141 *at each layer*. Chapter 9 shows what five layers make of that.
//!
//! And the first loss: small weights give scores near 0, ten equal scores give each class
//! the probability 1/10, and the loss is near ln 10 = 2.303. A first loss that is far
//! from ln C is the cheapest bug report you will ever get. The biases do not disturb it,
//! which is one reason why they start at 0. The other is that they need no symmetry
//! broken: the weights have done that.
//!
//! <!-- figure: initial-loss
//! The first loss of fresh networks on images. At small weight scales it is ln 10. Then
//! it climbs, as the third power of the scale with three layers and as the fifth with
//! five.
//! -->
//!
//! [`Options`] says what to build; [`FullyConnectedNet::new`] builds it, or refuses with an
//! [`Error`] that names the option. [`layer_sizes`] turns the sizes into pairs.
//! [`draw_layer`] fills one layer from *any* source of standard normal numbers. Mostly
//! that is [`standard_normals`], a generator with a name (ChaCha8) and a seed, so that a
//! run can be repeated on any machine. A test may pass four numbers of its own. And
//! [`numpy`](crate::numpy) replays the generator of the Python notebook, which is how
//! chapter 8 shows the notebook's own digits.
//!
//! <!-- code: init::layer_sizes -->
//!
//! <!-- code: init::draw_layer -->
//!
//! One generator serves the whole network, and each layer takes up where the last one
//! stopped.
//!
//! Two more kinds of parameters arrive with batch and layer normalization in Part II: a
//! scale `gamma`, which starts at 1, and a shift `beta`, which starts at 0, for each hidden
//! unit and for *both* kinds of normalization. Until they are built, the constructor
//! refuses the option.
//!
//! ## What goes wrong
//!
//! > **Pitfall: variance for standard deviation.** The notes that this course is often
//! > learned from call `weight_scale` a variance. NumPy's `normal(0, scale)` takes a
//! > standard deviation. Read 0.05 as a variance and the weights are 4.5 times too large.
//! > In chapter 8's network the first loss becomes 2.23 instead of 2.30 (who would
//! > notice?), and with the penalty of chapter 7 it becomes 97.4 instead of 7.05 (everybody
//! > would).
//!
//! > **You would see.** In the check of chapter 8, where `reg` is the penalty's strength,
//! >
//! > ```text
//! >   reg              loss    predicted
//! >     0    2.229774207572  ✓ 2.3026 ± 2.01   = ln 10
//! >  3.14   97.355686703087  ✗ 7.0126 ± 3.79   = ln 10 + ½·3.14·0.05²·1200
//! > ```
//! >
//! > All gradients agree with their measured slopes: they are right, for the wrong weights.
//!
//! > **Pitfall: `hidden[i + 1]`.** The same notes write
//! > `(layer_dims[i], hidden_dims[i + 1])` for the shape of a weight table. With one
//! > hidden layer the index is out of range; with two, `W1` comes out as (4, 5) first.
//! > The list to index is the one that holds the input and the classes too.
//!
//! > **Pitfall: a new generator for each layer.** With the same seed, `W1` and `W2` begin
//! > with the same numbers.
//!
//! > **Pitfall: zeros.** All weights 0 gives a first loss of exactly ln C, which looks
//! > perfect. The gradient of every weight table is then 0, and nothing but the last bias
//! > ever learns. On fifty images it ends at 16 %.
//!
//! ## Why?
//!
//! **All weights are 0.01 instead of random. Layer 1 has a hundred units. After a thousand
//! steps, how many different columns has `W1`?**
//!
//! - [ ] A. A hundred
//! - [ ] B. Ten, one for each class
//! - [ ] C. One
//!
//! <details><summary>Answer</summary>
//!
//! **C.** All hundred units saw the same inputs, had the same outgoing weights, and so got
//! the same gradient at each step.
//! </details>
//!
//! <details><summary>Would a uniform distribution with the same standard deviation do as
//! well?</summary>
//!
//! For training, about as well: what matters is mean, spread and independence, because a
//! sum of hundreds of terms is close to normal in either case. The tests here tell the two
//! apart all the same (by the fourth moment), because the exercise says normal, and a
//! result can only be reproduced if everybody draws from the same distribution.
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
//! Next: [chapter 5, the forward pass](crate::forward).

use crate::{Error, Layer, Options, Parameters, Scalar};
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
    /// [`Error::Option`] if an option is out of its range or not built yet; [`Options`]
    /// lists the ranges.
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
            options,
            parameters: Parameters::from(layers),
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
