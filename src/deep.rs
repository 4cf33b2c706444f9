//! # Chapter 14. The whole network
//!
//! *We can normalize, and we can drop. Where in the network do the two belong, and what
//! does the network become that it was not before?*
//!
//! Chapter 9 left a puzzle behind: a network of five layers that learns with one weight
//! scale, and with another is dead at any rate. The three chapters before this one have the
//! parts of an answer. Here we put them into the two loops, and the dead network learns.
//!
//! Take it as it was, 3072-100-100-100-100-10 with a weight scale of 0.001, and let it make
//! 30 steps at a rate of 1, each with all fifty images (the program shows it outside a
//! workbook, when it is called without arguments):
//!
//! ```text
//! plain                       8 of 50 right, loss 2.20
//! with batch normalization   50 of 50 right, loss 0.02
//! ```
//!
//! Eight is the size of the largest class. The plain network has learned which answer is
//! given most often, and nothing of the images.
//!
//! ## Where each goes
//!
//! A hidden layer had two steps and now has four. The order is
//!
//! ```text
//! affine → norm → ReLU → dropout
//! ```
//!
//! and only two of the four are there in every network.
//!
//! *The norm stands in front of the ReLU.* What it should hold steady are the sums: how
//! many of them are above 0 decides how many units are on. After the ReLU all numbers are 0
//! or more, and a norm would centre them again, so that half of what the ReLU let through
//! would be negative. (Some people do it all the same, and it works, as long as both loops
//! agree. The tests ask for the order above.)
//!
//! *Dropout stands at the end.* A unit that is silent should be silent for the next layer.
//! In front of the norm, its 0 would enter a mean and a variance, and be shifted to some
//! other number. Whether dropout comes before or after the ReLU makes no
//! difference, since a mask is never negative:
//! $`m \max(0, z) = \max(0, m z)`$ for $`m \ge 0`$.
//!
//! *The last layer has neither.* Its outputs are scores, and the softmax needs to be free
//! to make one of them large; normalized scores could never be far apart. And a dropped
//! score gives 0 to a class that may well be right.
//!
//! ## Two kinds of pass
//!
//! A plain network has one forward pass. This one has two, because both parts act
//! differently when the network is asked and when it learns:
//!
//! | | to learn | to predict |
//! |---|---|---|
//! | batch norm | the moments of this batch | the running averages |
//! | layer norm | the moments of each example | the same |
//! | dropout | a mask | nothing |
//!
//! So a pass is told what it is for. [`Pass`] says it: `Test`, `Train { seed, step }`, or
//! `Masks`. [`scores`](FullyConnectedNet::scores) is a test pass,
//! [`loss`](FullyConnectedNet::loss) a training pass.
//!
//! **The loss changes nothing.** A training pass of batch normalization has something to
//! tell: the moments of its batch, which the running averages should take in. It would be
//! convenient to do that on the way up, and many libraries do. But then a loss changes the
//! network. The gradient check computes two losses for each parameter; after it the
//! averages would be those of thousands of networks that never were. So our pass hands the
//! moments *out*, beside loss and gradients, and whoever makes the step calls
//! [`remember`](FullyConnectedNet::remember) after it.
//!
//! **No generator inside.** A network that drew its masks from a generator of its own would
//! have a different loss each time it is asked, and the gradient check would subtract the
//! losses of two different networks. So masks *follow* from three numbers: the seed, the
//! step and the layer. The same three give the same mask, however often we ask. The next
//! step has other masks, and no layer has the mask of another. A pass can also be *given*
//! its masks; that is how we replay NumPy's.
//!
//! ## A worked example
//!
//! Two inputs, two hidden units, two classes, four examples, batch normalization, and
//! dropout with a keep ratio of ½, so that what is kept counts twice. (ε is left out, so
//! that the numbers are whole.)
//!
//! ```text
//!  x =  4  1   W1 = 1  1   gamma = 2  3   mask = 2  0   W2 = 1 -1
//!       2 -1        1 -1    beta = 1 -1          0  2        2  1
//!       2  3                                     2  2
//!       0  1                                     0  0   b2 = 0  1
//!
//! up
//!      sums   normed   gamma, beta   ReLU   dropout = h   scores
//!      5  3    1  1       3  2       3  2      6  0        6 -5
//!      1  3   -1  1      -1  2       0  2      0  4        8  5
//!      5 -1    1 -1       3 -4       3  0      6  0        6 -5
//!      1 -1   -1 -1      -1 -4       0  0      0  0        0  1
//! mean 3  1
//!  std 2  2
//! ```
//!
//! The first unit's sums are 5, 1, 5, 1: mean 3, standard deviation 2. So they become 1,
//! −1, 1, −1, and times 2 plus 1 that is 3, −1, 3, −1. ReLU takes the negative ones away.
//! The mask keeps the unit in the first and the third example, doubled, and the second
//! example loses a number that was 0 already.
//!
//! Down. Let the slopes of the scores be 2 for the first class of the first example, 1 for
//! that of the third, and 0 elsewhere:
//!
//! ```text
//!  dscores       dh     mask, ReLU     × gamma     dsums
//!   2  0        2  4       4  0         8  0        1  0
//!   0  0        0  0       0  0         0  0        0  0
//!   1  0        1  2       2  0         4  0       -1  0
//!   0  0        0  0       0  0         0  0        0  0
//!
//! dgamma = 6  0     dW1 =  2  0     dW2 = 18  0
//!  dbeta = 6  0           -2  0            0  0
//!                   db1 =  0  0
//! ```
//!
//! *The mask and the ReLU each stop something.* In the first example the second unit was
//! dropped: its slope of 4 ends there. In the third it was kept, but the ReLU was off.
//!
//! *The norm takes back two shares.* The first unit's slopes at the norm are 8, 0, 4, 0.
//! Their mean is 3, and so is the mean of each times its normed number. The first share is
//! taken from all, the second with the sign of the normed number: 8 − 3 − 3 = 2 for the
//! first example, 0 − 3 + 3 = 0 for the second. Divided by the standard deviation, 2, that
//! is the column `dsums`.
//!
//! *`db1` is 0*, and not by chance. The biases of a layer in front of batch normalization
//! are added to all examples alike, and the mean takes them away again. They have no
//! effect, so their gradient is 0: they are *dead*. `beta` does what they did. (In front of
//! *layer* normalization they live: the mean there is over the units, whose biases differ.
//! And the last layer's live, because nothing follows it.) Computed, `db1` comes out as
//! rounding errors of 1e-17 or less, and a relative error of those means nothing.
//!
//! *And a test pass* of the first example alone, with running averages of mean 1 1 and
//! standard deviation 2 1: its sums 5 3 become 2 2, then 5 5, nothing is dropped, and the
//! scores are 15 1. No other example has a say.
//!
//! ## The mathematics
//!
//! With $`\hat a_i`$ for the normed sums and $`m_i`$ for the mask of layer $`i`$, the way
//! up is
//!
//! ```math
//! \begin{aligned}
//! a_i &= h_{i-1} W_i + b_i \\
//! h_i &= m_i \odot \max\bigl(0,\; \gamma_i \odot \hat a_i + \beta_i\bigr), \qquad i = 1, \dots, L - 1 \\
//! \mathrm{scores} &= h_{L-1} W_L + b_L
//! \end{aligned}
//! ```
//!
//! Each step leaves a cache, and a hidden layer's four are kept together, as a
//! [`HiddenCache`]:
//!
//! <!-- code: deep::forward -->
//!
//! `self.normalize` and `self.drop_out` are given. They know the options, and which pass
//! this is: the first calls chapter 11 or 12 or nothing, the second chapter 13 or nothing.
//! So the loop itself has no `if`. Both count the hidden layers from 0. Their ways back are
//! given too, the method `self.normalize_backward` and the function `drop_out_backward`.
//!
//! On the way down nothing is new but the order, which is the way up in reverse. The slope
//! that comes out of the affine layer above meets dropout first, then the ReLU, then the
//! norm, and last its own affine layer:
//!
//! <!-- code: deep::backward -->
//!
//! One turn of the loop begins *between* two layers: with the affine half of the layer
//! above, whose `dx` the rest of this layer takes down. That is why the first layer's
//! affine half is left over for the end, and is asked for no `dx`. And there are two lists
//! now. `Gradients::from` takes them as a pair, the layers' and the norms', the first layer
//! first in both.
//!
//! [`FullyConnectedNet::loss_in`] puts it together: forward, softmax, backward, and the
//! penalty of chapter 7, on the `W`s alone. `gamma` and `beta` are free, for the reason
//! that biases are: they multiply no pixel. A penalty on `gamma` would fight the one thing
//! that it is for, to let the network choose its scale.
//!
//! ## Is it right?
//!
//! The first two losses of chapter 8 once more, of the same networks with the same draws:
//!
//! | | reg 0 | reg 3.14 |
//! |---|---|---|
//! | plain | 2.300479 | 7.052115 |
//! | batch norm | 2.261196 | 6.996533 |
//! | layer norm | 2.237831 | 7.102138 |
//! | dropout, keep 0.8 | 2.301211 | 6.844625 |
//! | batch norm, dropout | 2.092466 | 6.997234 |
//! | layer norm, dropout | 2.310120 | 6.964018 |
//!
//! (`sanity --normalization batchnorm --keep-ratio 0.8` prints the fifth row to twelve digits, with
//! all gradients; they are NumPy's, computed apart from this crate.) All are near ln 10 =
//! 2.3026, and those with the penalty near 7.01. But at reg 0 those with a norm are not *as*
//! near. A plain network with small weights gives every class nearly the same score. Here each
//! hidden unit is of size about 1, whatever the weights are, so the scores differ by some
//! tenths from the start, and which class they favour is luck.
//!
//! The reg 3.14 losses with dropout seem to belong to other weights, and do. The course's
//! dropout layers seed NumPy's generator anew, with 123, in each pass. So all of its masks
//! begin with the same numbers, and the second network's weights are drawn from where the
//! last mask stopped. A generator that is shared is changed by whoever uses it.
//!
//! ## The map again
//!
//! How does the signal fare on its way up, before any training? The standard deviation of
//! the sums, layer by layer:
//!
//! | weight scale | | 1 | 2 | 3 | 4 | scores |
//! |---|---|---|---|---|---|---|
//! | 0.001 | plain | 3.48 | 0.0249 | 0.000183 | 1.38e-6 | 8.73e-9 |
//! | 0.001 | batch norm | 3.48 | 0.00713 | 0.00616 | 0.00615 | 0.00657 |
//! | 0.1 | plain | 348 | 249 | 183 | 138 | 87.3 |
//! | 0.1 | batch norm | 348 | 0.713 | 0.711 | 0.724 | 0.789 |
//!
//! In the plain network each layer multiplies by about the same factor, and four of them make
//! its fourth power. With the norm each layer begins anew: the scale of its weights shows in its
//! own sums, and not in what the next layer is given. So the scale of the scores is that of
//! *one* layer, not of five.
//!
//! What does that do to training? The book's page "Why depth is touchy" has a map of it: ten
//! networks at each of 294 settings of weight scale and rate. Here are its five layers once
//! more, and the same networks, with the same weights and batches, with batch normalization. A
//! network has learned if all fifty images were right after one of its 20 epochs.
//!
//! <!-- figure: rate-scale-map-batchnorm
//! Which weight scales and learning rates learn all fifty images in 40 steps. The plain band
//! leans, and is narrow; above it training diverges, below it stands still. With batch
//! normalization the settings at which all ten learn form an upright block, and nothing diverges.
//! Where it is empty, none learns, and none diverges. The map ends at a rate of 0.2.
//! -->
//!
//! *Nothing diverges.* Of the plain networks some do, at 83 of the 294 settings.
//!
//! *Scale and rate are no longer one choice.* With the plain network one had to know that
//! a scale of 0.05 wants a rate of 0.01, and a scale of 0.2 one of 0.0001. With the norm all
//! ten networks learn at a rate of 0.2 with every scale from 0.07 to 1.
//!
//! *It is not larger.* All ten learn at 18 settings, and with the plain network at 23. Large
//! weights have small gradients here (a question below asks why), so slow rates get nowhere
//! in 40 steps. And below a scale of 0.05 the map looks emptier than it is,
//! for it counts only networks that have *all* fifty right: with a scale of 0.02 and a rate
//! of 0.1 network 0 ends with 48, and network 1 with 45. Normalization takes the cliffs away.
//! It does not choose the rate.
//!
//! ## What goes wrong
//!
//! > **Pitfall: dropout at test time.** The scores of a trained network change from call to
//! > call, and the accuracy is lower than it should be. Nothing crashes.
//!
//! > **Pitfall: the batch's moments at test time.** Fine on a batch of 1000, poor on single
//! > images, and on a single image always the same answer: a batch of one is its own mean,
//! > so every unit is `beta`.
//!
//! > **Pitfall: nobody calls `remember`.** The training loss falls nicely, and the test
//! > pass knows nothing: the remembered variance is still 0, so at each hidden layer it
//! > divides by the root of ε, 0.003. The scores are thousands of times too large, or
//! > billions.
//!
//! > **Pitfall: `gamma` and `beta` exchanged, or their list not reversed.** Same shapes, if
//! > the hidden layers have one size. The gradient check names them.
//!
//! > **Pitfall: new masks in each loss.** The gradient check fails in every parameter, by
//! > amounts that change from run to run. Your gradients may be right. Hold the masks
//! > still: one pass, one step.
//!
//! ## Check yourself
//!
//! **A network with batch normalization predicts one photograph. Where do mean and variance
//! come from?**
//!
//! - [ ] A. From that photograph
//! - [ ] B. From the batches of training, as remembered
//! - [ ] C. From the last batch
//!
//! <details><summary>Answer</summary>
//!
//! **B.** The running averages stand in for the whole training set.
//!
//! - **A** is what happens if a test pass is a training pass: one example minus its own
//!   mean is 0, and all photographs get one answer.
//! - **C** would work after a fashion, and be as noisy as one batch is. The averages
//!   remember about the last ten.
//! </details>
//!
//! **Which parameters of a network with batch normalization have no effect at all?**
//!
//! - [ ] A. The biases of the hidden layers
//! - [ ] B. All biases
//! - [ ] C. `beta`, because it is added after the mean was taken away
//!
//! <details><summary>Answer</summary>
//!
//! **A.** The mean takes them away again.
//!
//! - **B** forgets that nothing follows the last layer: its biases move the scores.
//! - **C** has the order right and the effect wrong. What is added *after* the mean was
//!   taken away stays.
//! </details>
//!
//! **You multiply all weights of a hidden layer with batch normalization by 10. What do the
//! scores do?**
//!
//! - [ ] A. They are ten times as large
//! - [ ] B. Hardly anything
//! - [ ] C. It depends on the later layers
//!
//! <details><summary>Answer</summary>
//!
//! **B.** Sums, mean and standard deviation are all ten times as large, and the norm
//! divides. Only ε, which stays as it is, counts for less.
//!
//! - **A** is the plain network.
//! - **C** looks too far: what the next layer is given has not changed.
//! </details>
//!
//! <details><summary>Its gradient is then ten times <em>smaller</em>. Why?</summary>
//!
//! The same loss, and a weight that is ten times as large: the same relative change needs
//! ten times the step. So large weights move little and small ones much, which is why the
//! rate matters less than it did.
//! </details>
//!
//! <details><summary>Two networks are to be trained with the <em>same</em> masks. What must
//! they share?</summary>
//!
//! The seed, the batch size and the sizes of the hidden layers: a mask follows from seed,
//! step and layer, and has the shape of what it masks. The weights may differ.
//! </details>
//!
//! ## Exercise
//!
//! Write the two loops: [`FullyConnectedNet::forward_in`] and
//! [`FullyConnectedNet::backward_from`].
//!
//! ```sh
//! fully-connected check deep
//! cargo test --test chapters deep::
//! cargo test --doc deep
//! ```
//!
//! ## Further reading
//!
//! - [Batch normalization](https://arxiv.org/abs/1502.03167), by Ioffe and Szegedy (2015),
//!   puts the norm where we do, between the affine map and the activation function, and
//!   says why.
//! - [Understanding the disharmony between dropout and batch
//!   normalization](https://arxiv.org/abs/1801.05134), by Li, Chen, Hu and Yang (2018): the
//!   norm of our next layer comes after a dropout, and its running averages are those of
//!   masked activations, which no test pass has. The paper shows what that costs and what to
//!   do about it.
//!
//! Next: [chapter 15, a good model](crate::good_model).

use crate::batch_norm::{self, Grads};
use crate::{
    Error, FullyConnectedNet, Gradients, Moments, Norm, Normalization, Scalar, affine,
    dropout, layer_norm, regularization, relu, softmax,
};
use ndarray::{Array2, CowArray, Dimension, Ix2};

/// What a pass through the network is for.
#[derive(Debug, Clone, Copy)]
pub enum Pass<'a, T> {
    /// To predict: the running averages in place of the batch's moments, and no dropout.
    Test,
    /// To learn: the batch's own moments, and masks that follow from seed, step and layer.
    Train {
        /// The seed of the masks.
        seed: u64,
        /// The step, from 0: each has its own masks.
        step: u64,
    },
    /// To learn with these masks, one for each hidden layer, `(N, M)` each.
    Masks(&'a [Array2<T>]),
}

/// What one hidden layer remembers of the forward pass.
#[derive(Debug, Clone)]
pub struct HiddenCache<'a, T: Scalar> {
    /// Of the affine layer.
    pub affine: affine::Cache<'a, T, Ix2>,
    /// Of the normalization.
    pub norm: NormCache<T>,
    /// Of the ReLU.
    pub relu: relu::Cache<'static, T, Ix2>,
    /// Of the dropout; none without it.
    pub dropout: Option<dropout::Cache<T>>,
}

/// What a normalization remembers.
#[derive(Debug, Clone)]
pub enum NormCache<T: Scalar> {
    /// There is none.
    None,
    /// Batch normalization, in a training pass.
    Batch(batch_norm::Cache<T>),
    /// Layer normalization.
    Layer(layer_norm::Cache<T>),
    /// Batch normalization in a test pass, through which there is no way back.
    Test,
}

/// What the layers of a network remember of the forward pass.
#[derive(Debug, Clone)]
pub struct Caches<'a, T: Scalar> {
    /// The hidden layers, first to last.
    pub hidden: Vec<HiddenCache<'a, T>>,
    /// The last layer: affine alone.
    pub last: affine::Cache<'a, T, Ix2>,
}

/// What a training pass gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Step<T> {
    /// The loss of the batch, penalty included.
    pub loss: T,
    /// The gradient of every parameter.
    pub grads: Gradients<T>,
    /// The moments of the batch in each hidden layer with batch normalization, for
    /// [`remember`](FullyConnectedNet::remember).
    pub moments: Vec<Moments<T>>,
}

/// What a way up to the loss leaves, and the way down begins with.
pub(crate) struct Up<'a, T: Scalar> {
    pub(crate) loss: T,
    pub(crate) dscores: Array2<T>,
    pub(crate) caches: Caches<'a, T>,
    moments: Vec<Moments<T>>,
}

impl<T: Scalar> FullyConnectedNet<T> {
    /// The scores of a batch, `(N, C)`, what each layer remembers, and the moments of the batch
    /// in each hidden layer with batch normalization (none in a test pass).
    ///
    /// `x` is `(N, d₁, …, dₖ)`, moved (`x`) or lent (`&x`, `x.view()`).
    ///
    /// The chapter's example, whose numbers are whole but for ε:
    ///
    /// ```
    /// use fully_connected::deep::Pass;
    /// use fully_connected::{FullyConnectedNet, Normalization, Options};
    /// use ndarray::array;
    ///
    /// let options = Options {
    ///     normalization: Normalization::BatchNorm,
    ///     dropout_keep_ratio: 0.5,
    ///     ..Options::new(2, &[2], 2)
    /// };
    /// let mut net = FullyConnectedNet::<f64>::new(options)?;
    /// net.parameters_mut().set("W1", &array![[1., 1.], [1., -1.]])?;
    /// net.parameters_mut().set("gamma1", &array![2., 3.])?;
    /// net.parameters_mut().set("beta1", &array![1., -1.])?;
    /// net.parameters_mut().set("W2", &array![[1., -1.], [2., 1.]])?;
    /// net.parameters_mut().set("b2", &array![0., 1.])?;
    ///
    /// let x = array![[4., 1.], [2., -1.], [2., 3.], [0., 1.]];
    /// let masks = [array![[2., 0.], [0., 2.], [2., 2.], [0., 0.]]];
    /// let (scores, _caches, moments) = net.forward_in(&Pass::Masks(&masks), &x);
    /// assert_eq!(scores.mapv(f64::round), array![[6., -5.], [8., 5.], [6., -5.], [0., 1.]]);
    /// assert_eq!(moments[0].mean, array![3., 1.]);
    /// assert_eq!(moments[0].var, array![4., 4.]);
    ///
    /// // Nothing is dropped in a test pass, and there are no moments of a batch.
    /// net.running_mut()[0].mean = array![1., 1.];
    /// net.running_mut()[0].var = array![4., 1.];
    /// let (scores, _caches, moments) = net.forward_in(&Pass::Test, array![[4., 1.]]);
    /// assert_eq!(scores.mapv(f64::round), array![[15., 1.]]);
    /// assert!(moments.is_empty());
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If an example of `x` does not have the shape that the option `input` says, and is
    /// no row of as many numbers either; if the batch is empty and the pass is to learn with
    /// batch normalization; if the pass is given masks that do not fit.
    pub fn forward_in<'a, D: Dimension>(
        &self,
        pass: &Pass<'_, T>,
        x: impl Into<CowArray<'a, T, D>>,
    ) -> (Array2<T>, Caches<'a, T>, Vec<Moments<T>>) {
        let x = self.rows(x.into());
        let layers = &self.parameters.layers;
        let mut moments: Vec<Moments<T>> = Vec::with_capacity(self.running.len());
        self.assert_masks(pass, x.nrows());
        let (last, layers) = layers.split_last().expect("a network has a last layer");
        // exercise: deep::forward
        let mut x = x;
        let mut hidden = Vec::with_capacity(layers.len());
        for (i, layer) in layers.iter().enumerate() {
            let (sums, affine) = affine::forward(x, &layer.w, &layer.b);
            let (normalized, norm) = self.normalize(pass, i, sums, &mut moments);
            let (active, relu) = relu::forward(normalized);
            let (out, dropout) = self.drop_out(pass, i, active);
            hidden.push(HiddenCache {
                affine,
                norm,
                relu,
                dropout,
            });
            x = out.into();
        }
        let (scores, last) = affine::forward(x, &last.w, &last.b);
        (scores, Caches { hidden, last }, moments)
        // end: deep::forward
    }

    /// The gradient of every parameter, from `dscores`, `(N, C)`, and the caches of
    /// [`forward_in`](Self::forward_in).
    ///
    /// The chapter's example again:
    ///
    /// ```
    /// use fully_connected::deep::Pass;
    /// use fully_connected::{FullyConnectedNet, Normalization, Options};
    /// use ndarray::array;
    ///
    /// let options = Options {
    ///     normalization: Normalization::BatchNorm,
    ///     dropout_keep_ratio: 0.5,
    ///     ..Options::new(2, &[2], 2)
    /// };
    /// let mut net = FullyConnectedNet::<f64>::new(options)?;
    /// net.parameters_mut().set("W1", &array![[1., 1.], [1., -1.]])?;
    /// net.parameters_mut().set("gamma1", &array![2., 3.])?;
    /// net.parameters_mut().set("beta1", &array![1., -1.])?;
    /// net.parameters_mut().set("W2", &array![[1., -1.], [2., 1.]])?;
    /// net.parameters_mut().set("b2", &array![0., 1.])?;
    ///
    /// let x = array![[4., 1.], [2., -1.], [2., 3.], [0., 1.]];
    /// let masks = [array![[2., 0.], [0., 2.], [2., 2.], [0., 0.]]];
    /// let (_scores, caches, _moments) = net.forward_in(&Pass::Masks(&masks), &x);
    /// let dscores = array![[2., 0.], [0., 0.], [1., 0.], [0., 0.]];
    /// let grads = net.backward_from(dscores, caches);
    ///
    /// let rounded = |name| Ok::<_, fully_connected::Error>(grads.get(name)?.mapv(f64::round));
    /// assert_eq!(rounded("W1")?, array![[2., 0.], [-2., 0.]].into_dyn());
    /// assert_eq!(rounded("b1")?, array![0., 0.].into_dyn());    // the norm takes it away
    /// assert_eq!(rounded("gamma1")?, array![6., 0.].into_dyn());
    /// assert_eq!(rounded("W2")?, array![[18., 0.], [0., 0.]].into_dyn());
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If `dscores` or the caches do not belong to a forward pass of this network, or that pass
    /// was a test pass and the network has batch normalization.
    pub fn backward_from(
        &self,
        dscores: Array2<T>,
        caches: Caches<'_, T>,
    ) -> Gradients<T> {
        let layers = &self.parameters.layers;
        assert!(
            caches.hidden.len() + 1 == layers.len(),
            "FullyConnectedNet::backward_from: there must be a cache for each of the {} hidden \
             layers; there are {}",
            layers.len() - 1,
            caches.hidden.len(),
        );
        assert!(
            dscores.ncols() == self.options.classes,
            "FullyConnectedNet::backward_from: dscores must have a column for each of the {} \
             classes; it is {:?}",
            self.options.classes,
            dscores.shape(),
        );
        // exercise: deep::backward
        use crate::Layer;

        let Caches { hidden, last } = caches;
        let mut grads = Vec::with_capacity(layers.len());
        let mut norms = Vec::new();
        let mut dsums = dscores;
        let mut cache = last;
        for (i, below) in hidden.into_iter().enumerate().rev() {
            let affine::Grads { dx, dw, db } =
                affine::backward(&dsums, cache, &layers[i + 1].w);
            grads.push(Layer { w: dw, b: db });

            let dactive = drop_out_backward(dx, below.dropout);
            let dnormalized = relu::backward(&dactive, below.relu);
            let (dx, norm) = self.normalize_backward(i, dnormalized, below.norm);
            norms.extend(norm);
            (dsums, cache) = (dx, below.affine);
        }
        let (dw, db) = affine::param_grads(&dsums, cache);
        grads.push(Layer { w: dw, b: db });
        grads.reverse();
        norms.reverse();
        Gradients::from((grads, norms))
        // end: deep::backward
    }

    /// The loss of a batch, penalty included, and its gradients, in a training pass.
    ///
    /// `x` is `(N, d₁, …, dₖ)`, moved or lent; `y` holds `N` labels. Nothing in the network
    /// changes: the moments of the batch come out, for [`remember`](Self::remember). Where the
    /// variance of a unit is too large for `T`, the loss is NaN.
    ///
    /// ```
    /// use fully_connected::deep::Pass;
    /// use fully_connected::{FullyConnectedNet, Normalization, Options};
    /// use ndarray::array;
    ///
    /// let options = Options {
    ///     normalization: Normalization::BatchNorm,
    ///     weight_scale: 0.,
    ///     ..Options::new(1, &[1], 2)
    /// };
    /// let mut net = FullyConnectedNet::<f64>::new(options)?;
    /// net.parameters_mut().set("W1", &array![[1.]])?;
    ///
    /// let pass = Pass::Train { seed: 0, step: 0 };
    /// let step = net.loss_in(&pass, array![[1.], [3.]], &[0, 1])?;
    /// assert_eq!(step.loss, f64::ln(2.));           // two equal scores
    /// assert_eq!(step.moments[0].mean, array![2.]);
    /// assert_eq!(net.running()[0].mean, array![0.]);
    ///
    /// net.remember(&step.moments);                  // 0.9·0 + 0.1·2
    /// assert!((net.running()[0].mean[0] - 0.2).abs() < 1e-12);
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
    /// no row of as many numbers either; if the pass is a test pass, or is given masks that do
    /// not fit.
    pub fn loss_in<'a, D: Dimension>(
        &self,
        pass: &Pass<'_, T>,
        x: impl Into<CowArray<'a, T, D>>,
        y: &[usize],
    ) -> Result<Step<T>, Error> {
        assert!(
            !matches!(pass, Pass::Test),
            "FullyConnectedNet::loss_in: a test pass has no gradients; use Pass::Train or \
             Pass::Masks"
        );
        let x = self.rows(x.into());
        let up = self.data_loss_in(pass, x, y)?;
        let mut step = Step {
            loss: up.loss,
            grads: self.backward_from(up.dscores, up.caches),
            moments: up.moments,
        };
        let reg = T::of(self.options.reg);
        // A pass over all weights that a penalty of strength 0 does not need.
        if reg != T::zero() {
            step.loss = self.penalized(step.loss);
            regularization::add_penalty_gradient(
                &mut step.grads,
                &self.parameters,
                reg,
            );
        }
        Ok(step)
    }

    /// The way up to the mean loss of a batch, without the penalty.
    pub(crate) fn data_loss_in<'a>(
        &self,
        pass: &Pass<'_, T>,
        x: CowArray<'a, T, Ix2>,
        y: &[usize],
    ) -> Result<Up<'a, T>, Error> {
        softmax::check_labels((x.nrows(), self.options.classes), y)?;
        let (scores, caches, moments) = self.forward_in(pass, x);
        let (mut loss, dscores) = softmax::loss(&scores, y)?;
        // Where a variance overflows, a layer gives its beta and hands nothing back, and the loss
        // is finite all the same. Whoever looks should see it.
        let mut variances = moments.iter().flat_map(|batch| &batch.var);
        if !variances.all(|var| var.is_finite()) {
            loss = T::nan();
        }
        Ok(Up {
            loss,
            dscores,
            caches,
            moments,
        })
    }

    /// Folds the moments of a batch into the running averages, layer by layer.
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Normalization, Options};
    ///
    /// let options = Options {
    ///     normalization: Normalization::BatchNorm,
    ///     ..Options::new(1, &[1], 2)
    /// };
    /// use fully_connected::deep::Pass;
    /// use ndarray::array;
    ///
    /// let mut net = FullyConnectedNet::<f64>::new(options)?;
    /// net.parameters_mut().set("W1", &array![[1.]])?;
    /// let pass = Pass::Train { seed: 0, step: 0 };
    /// let step = net.loss_in(&pass, array![[1.], [5.]], &[0, 1])?;
    /// assert_eq!(net.running()[0].mean, array![0.]);     // the loss changes nothing
    ///
    /// net.remember(&step.moments);                       // mean 3, variance 4
    /// assert!((net.running()[0].mean[0] - 0.3).abs() < 1e-12);
    /// assert!((net.running()[0].var[0] - 0.4).abs() < 1e-12);
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If there are not as many as [`loss_in`](Self::loss_in) gives.
    pub fn remember(&mut self, moments: &[Moments<T>]) {
        assert!(
            moments.len() == self.running.len(),
            "FullyConnectedNet::remember: there must be moments for each of the {} layers with \
             batch normalization; there are {}",
            self.running.len(),
            moments.len(),
        );
        for (running, moments) in self.running.iter_mut().zip(moments) {
            batch_norm::remember(running, moments);
        }
    }

    /// The running averages of each hidden layer with batch normalization, first to last.
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Normalization, Options};
    ///
    /// let options = Options {
    ///     normalization: Normalization::BatchNorm,
    ///     ..Options::new(1, &[1], 2)
    /// };
    /// use ndarray::array;
    ///
    /// let net = FullyConnectedNet::<f64>::new(options)?;
    /// assert_eq!(net.running().len(), 1);                // one hidden layer
    /// assert_eq!(net.running()[0].var, array![0.]);      // they begin at 0
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    pub fn running(&self) -> &[Moments<T>] {
        &self.running
    }

    /// The running averages, to be changed.
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Normalization, Options};
    ///
    /// let options = Options {
    ///     normalization: Normalization::BatchNorm,
    ///     ..Options::new(1, &[1], 2)
    /// };
    /// use ndarray::array;
    ///
    /// let mut net = FullyConnectedNet::<f64>::new(options)?;
    /// net.running_mut()[0].mean = array![3.];
    /// assert_eq!(net.running()[0].mean, array![3.]);
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    pub fn running_mut(&mut self) -> &mut [Moments<T>] {
        &mut self.running
    }

    /// The sums of hidden layer `i`, counted from 0, normalized as the options say. In a
    /// training pass of batch normalization the moments of the batch are added to `moments`.
    #[allow(unused, reason = "another way may do without")]
    fn normalize(
        &self,
        pass: &Pass<'_, T>,
        i: usize,
        sums: Array2<T>,
        moments: &mut Vec<Moments<T>>,
    ) -> (Array2<T>, NormCache<T>) {
        let norms = &self.parameters.norms;
        match (self.options.normalization, pass) {
            (Normalization::None, _) => (sums, NormCache::None),
            (Normalization::BatchNorm, Pass::Test) => {
                let Norm { gamma, beta } = &norms[i];
                let out =
                    batch_norm::test_forward(&sums, gamma, beta, &self.running[i]);
                (out, NormCache::Test)
            }
            (Normalization::BatchNorm, _) => {
                let Norm { gamma, beta } = &norms[i];
                let (out, cache, batch) = batch_norm::forward(&sums, gamma, beta);
                moments.push(batch);
                (out, NormCache::Batch(cache))
            }
            (Normalization::LayerNorm, _) => {
                let Norm { gamma, beta } = &norms[i];
                let (out, cache) = layer_norm::forward(&sums, gamma, beta);
                (out, NormCache::Layer(cache))
            }
        }
    }

    /// The gradient of the sums of hidden layer `i`, counted from 0, and those of its `gamma`
    /// and `beta`, if it has them.
    #[allow(unused, reason = "another way may do without")]
    fn normalize_backward(
        &self,
        i: usize,
        dout: Array2<T>,
        cache: NormCache<T>,
    ) -> (Array2<T>, Option<Norm<T>>) {
        let norms = &self.parameters.norms;
        let Grads { dx, dgamma, dbeta } = match cache {
            NormCache::None => return (dout, None),
            NormCache::Batch(cache) => {
                batch_norm::backward_short(&dout, cache, &norms[i].gamma)
            }
            NormCache::Layer(cache) => {
                layer_norm::backward(&dout, cache, &norms[i].gamma)
            }
            NormCache::Test => panic!(
                "FullyConnectedNet::backward_from: a test pass of batch normalization has no \
                 way back; run the forward pass with Pass::Train or Pass::Masks"
            ),
        };
        let norm = Norm {
            gamma: dgamma,
            beta: dbeta,
        };
        (dx, Some(norm))
    }

    /// The activations of hidden layer `i`, counted from 0, with dropout as the pass and the
    /// options say.
    #[allow(unused, reason = "another way may do without")]
    fn drop_out(
        &self,
        pass: &Pass<'_, T>,
        i: usize,
        active: Array2<T>,
    ) -> (Array2<T>, Option<dropout::Cache<T>>) {
        let keep = self.options.dropout_keep_ratio;
        let mask = match *pass {
            Pass::Test => return (active, None),
            Pass::Masks(masks) => masks[i].clone(),
            Pass::Train { .. } if keep == 1.0 => return (active, None),
            Pass::Train { seed, step } => {
                let mut uniforms = dropout::uniforms(seed, step, i);
                dropout::mask(active.dim(), keep, &mut uniforms)
            }
        };
        let (out, cache) = dropout::forward(&active, mask);
        (out, Some(cache))
    }

    /// Panics unless the masks that the pass is given, if any, fit a batch of `n`.
    fn assert_masks(&self, pass: &Pass<'_, T>, n: usize) {
        let Pass::Masks(masks) = pass else { return };
        let expected: Vec<_> = self.options.hidden.iter().map(|&m| (n, m)).collect();
        let got: Vec<_> = masks.iter().map(Array2::dim).collect();
        assert!(
            got == expected,
            "FullyConnectedNet: the masks must have the shapes {expected:?}, one for each hidden \
             layer; they have {got:?}"
        );
    }
}

/// The gradient of the activations before dropout.
#[allow(unused, reason = "another way may do without")]
fn drop_out_backward<T: Scalar>(
    dout: Array2<T>,
    cache: Option<dropout::Cache<T>>,
) -> Array2<T> {
    match cache {
        None => dout,
        Some(cache) => dropout::backward(&dout, cache),
    }
}

// exercise: deep::helpers
// end: deep::helpers
