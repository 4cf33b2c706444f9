//! # Chapter 5. The forward pass
//!
//! *We have layers. How do they become a network of any depth, and what must it remember
//! on the way?*
//!
//! Every answer that a network gives, from "this is a cat" to the next word of a sentence,
//! is one trip of numbers through its layers. The trip is a short loop. What needs thought is
//! the luggage: to learn, the network makes the same trip backwards (chapter 6), and at each
//! layer it needs what that layer saw on the way out.
//!
//! So the loop does two things. It hands the output of each layer to the next. And it puts
//! the cache that each layer returns on a pile, from which the way back takes them: last in,
//! first out. Such a pile is a *stack*.
//!
//! <!-- figure: network-graph
//! The forward pass of a network of three layers, from the bottom up. Each layer puts its
//! cache on the stack. The last one has no ReLU, and so no sums to remember.
//! -->
//!
//! The last layer is different: it is affine *alone*. "Not a ship, and even less a frog" is
//! worth saying, and takes two negative scores. A ReLU would turn both into 0, and through a
//! ReLU that is off no gradient comes back to change that (chapter 2).
//!
//! ## A worked example
//!
//! Two inputs, two hidden units, two classes. The batch has two examples, one in each row:
//!
//! ```text
//! x =  1  2     W1 = 1 -1     b1 = 0 -2
//!     -1 -1          1  1
//!
//! x·W1 + b1  =   3 -1     the sums
//!               -2 -2
//!
//! ReLU       h = 3  0
//!                0  0
//!
//!               W2 = 1  2     b2 = 0 -1
//!                    5  3
//!
//! h·W2 + b2  =   3  5     the scores
//!                0 -1
//! ```
//!
//! The first example's sums are 1·1 + 2·1 + 0 = 3 and 1·(−1) + 2·1 − 2 = −1. The second
//! hidden unit is off, so its weights, 5 and 3, have no say: the scores are 3·1 + 0 = 3
//! and 3·2 − 1 = 5. For the second example both units are off, and only the last
//! layer's biases are left.
//!
//! ## The mathematics
//!
//! Number the layers from 1 to $`L`$, and write $`h_i`$ for what layer $`i`$ hands on:
//!
//! ```math
//! \begin{aligned}
//! h_0 &= x \\
//! h_i &= \max(0,\; h_{i-1} W_i + b_i), \qquad i = 1, \dots, L - 1 \\
//! \mathrm{scores} &= h_{L-1} W_L + b_L
//! \end{aligned}
//! ```
//!
//! This is an *L-layer network*, and $`L - 1`$ of its layers are hidden. With $`L = 1`$ the
//! loop runs zero times, and the network is a linear classifier.
//!
//! Every cache holds the layer's input, which `dW` will be made of. A hidden layer's holds
//! its sums too, because they say which units were on.
//!
//! <!-- code: forward::forward -->
//!
//! No array is copied on the way. Each output is *moved* into the cache of the layer
//! that reads it, and `x` is borrowed if we lend it. With 100 images of 3072 numbers
//! that saves copying 307,200 numbers at each step.
//!
//! Without labels the scores are all we want, and
//! [`scores`](FullyConnectedNet::scores) drops the caches. With labels,
//! [`loss`](FullyConnectedNet::loss) goes on from here.
//!
//! ## What goes wrong
//!
//! > **Pitfall: ReLU at the end.** The loop runs over *all* layers, and the scores get a
//! > ReLU. The first loss of the network that chapter 8 checks is then 2.3031 instead of
//! > 2.3005, and nobody would notice. The worked example does: its −1 becomes 0.
//!
//! > **Pitfall: no ReLU in the middle.** Two affine maps in a row are one affine map,
//! > so the network can do no more than a linear classifier. To find out, set all
//! > biases to 0 and *add* two inputs: only in a linear network do the scores add up,
//! > too.
//! >
//! > The checks of chapter 8 do not find it. The first losses barely change, and all gradients
//! > are right, for a linear network:
//! >
//! > ```text
//! >   reg   first loss   no ReLU
//! >     0       2.3005    2.3012
//! >  3.14       7.0521    7.0512
//! > ```
//!
//! > **Pitfall: the same input everywhere.** The call says `x` in each turn of the
//! > loop, and `x` never changes. The shapes catch it, unless all layers have the same
//! > size. In the worked example they do, and the first scores are 11 7 instead of 3 5.
//!
//! ## Check yourself
//!
//! **A network is described as 3072-100-100-100-100-10. How many ReLUs does its forward
//! pass apply?**
//!
//! - [ ] A. Four
//! - [ ] B. Five
//! - [ ] C. Six
//!
//! <details><summary>Answer</summary>
//!
//! **A.** Six sizes are five layers, and the last one is affine alone.
//!
//! - **B** gives the scores a ReLU: there are five layers, but only hidden layers have one.
//! - **C** counts the sizes. A layer lies *between* two sizes, and the 3072 inputs are the
//!   image itself, which no ReLU touches.
//! </details>
//!
//! <details><summary>To predict, we need no caches. What does it cost to make them
//! anyway?</summary>
//!
//! Memory until the scores are computed, and no time worth measuring: moving an array
//! into a cache copies its shape and its address, not its contents.
//! </details>
//!
//! <details><summary>How many multiplications does one example cost in a network of
//! 3072-100-100-10? Which layer has most of them?</summary>
//!
//! One for each weight: 307,200 + 10,000 + 1,000. The first layer has 97 % of them.
//! </details>
//!
//! ## Exercise
//!
//! Write the loop in [`FullyConnectedNet::forward`]: hidden layers, then the last one.
//!
//! ```sh
//! fully-connected check forward
//! cargo test --test chapters forward::
//! cargo test --doc forward
//! ```
//!
//! ## Further reading
//!
//! - *Dive into Deep Learning*,
//!   [Forward Propagation, Backward Propagation, and Computational
//!   Graphs](https://d2l.ai/chapter_multilayer-perceptrons/backprop.html): the same pass
//!   drawn operation by operation, and why training needs more memory than prediction.
//!
//! Next: [chapter 6, the backward pass](crate::backward).

use crate::affine;
use crate::relu::{self, AffineReluCache};
use crate::{FullyConnectedNet, Scalar};
use ndarray::{Array1, Array2, ArrayRef2, CowArray, Dimension, Ix2};

/// What one layer remembers of the forward pass.
///
/// Its two methods are the layer's backward pass; the match on what kind of layer it was
/// is made once, here.
#[derive(Debug, Clone)]
pub enum LayerCache<'a, T: Scalar> {
    /// A hidden layer: affine, then ReLU.
    Hidden(AffineReluCache<'a, T, Ix2>),
    /// The last layer: affine alone.
    Last(affine::Cache<'a, T, Ix2>),
}

impl<T: Scalar> LayerCache<'_, T> {
    /// The gradients `dx`, `dw`, `db` of the layer, from `dout` at its output, `(N, M)`,
    /// and its weights `w`, `(D, M)`.
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Options};
    /// use ndarray::array;
    ///
    /// let mut net = FullyConnectedNet::<f64>::new(Options::new(2, &[], 2))?;
    /// let w = array![[1., 2.], [5., 3.]];
    /// net.parameters_mut().set("W1", &w)?;
    /// let (_scores, mut caches) = net.forward(array![[3., 0.]]);
    /// let cache = caches.pop().expect("one for each layer");
    ///
    /// let grads = cache.backward(&array![[1., -1.]], &w);
    /// assert_eq!(grads.dx, array![[-1., 2.]]);          // 1·1 - 1·2, 1·5 - 1·3
    /// assert_eq!(grads.dw, array![[3., -3.], [0., 0.]]);
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If `dout` or `w` does not have the shape that the forward pass implies.
    pub fn backward(
        self,
        dout: &ArrayRef2<T>,
        w: &ArrayRef2<T>,
    ) -> affine::Grads<T, Ix2> {
        match self {
            LayerCache::Hidden(cache) => relu::affine_relu_backward(dout, cache, w),
            LayerCache::Last(cache) => affine::backward(dout, cache, w),
        }
    }

    /// The gradients `(dw, db)` alone, which is all that the first layer needs.
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Options};
    /// use ndarray::array;
    ///
    /// let mut net = FullyConnectedNet::<f64>::new(Options::new(2, &[], 2))?;
    /// let w = array![[1., 2.], [5., 3.]];
    /// net.parameters_mut().set("W1", &w)?;
    /// let (_scores, mut caches) = net.forward(array![[3., 0.]]);
    /// let cache = caches.pop().expect("one for each layer");
    ///
    /// let (dw, db) = cache.param_grads(&array![[1., -1.]]);
    /// assert_eq!(dw, array![[3., -3.], [0., 0.]]);
    /// assert_eq!(db, array![1., -1.]);
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If `dout` does not have the shape of the layer's output.
    pub fn param_grads(self, dout: &ArrayRef2<T>) -> (Array2<T>, Array1<T>) {
        match self {
            LayerCache::Hidden(cache) => relu::affine_relu_param_grads(dout, cache),
            LayerCache::Last(cache) => affine::param_grads(dout, cache),
        }
    }
}

impl<T: Scalar> FullyConnectedNet<T> {
    /// The scores of a batch, `(N, C)`, and a cache for each layer, first to last.
    ///
    /// `x` is `(N, d₁, …, dₖ)`, moved (`x`) or lent (`&x`, `x.view()`).
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Options};
    /// use ndarray::array;
    ///
    /// let mut net = FullyConnectedNet::<f64>::new(Options::new(2, &[2], 2))?;
    /// let parameters = net.parameters_mut();
    /// parameters.set("W1", &array![[1., -1.], [1., 1.]])?;
    /// parameters.set("b1", &array![0., -2.])?;
    /// parameters.set("W2", &array![[1., 2.], [5., 3.]])?;
    /// parameters.set("b2", &array![0., -1.])?;
    ///
    /// let x = array![[1., 2.]];
    /// let (scores, caches) = net.forward(&x);
    /// assert_eq!(scores, array![[3., 5.]]);         // the hidden units: 3 and 0
    /// assert_eq!(caches.len(), 2);                  // one for each layer
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If an example of `x` does not have the shape that the option `input` says, and is
    /// no row of as many numbers either; or if the network has normalization or dropout,
    /// which [chapter 14](crate::deep) adds.
    pub fn forward<'a, D: Dimension>(
        &self,
        x: impl Into<CowArray<'a, T, D>>,
    ) -> (Array2<T>, Vec<LayerCache<'a, T>>) {
        self.assert_plain("FullyConnectedNet::forward");
        let x = self.rows(x.into());
        let layers = &self.parameters.layers;
        #[allow(unused, reason = "another way may do without")]
        let (last, hidden) = layers.split_last().expect("a network has a last layer");
        // exercise: forward::forward
        let mut x = x;
        let mut caches = Vec::with_capacity(layers.len());
        for layer in hidden {
            let (out, cache) = relu::affine_relu_forward(x, &layer.w, &layer.b);
            caches.push(LayerCache::Hidden(cache));
            x = out.into();
        }
        let (scores, cache) = affine::forward(x, &last.w, &last.b);
        caches.push(LayerCache::Last(cache));
        (scores, caches)
        // end: forward::forward
    }

    /// The scores of a batch, `(N, C)`: the forward pass when there are no labels.
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Options};
    /// use ndarray::array;
    ///
    /// let mut net = FullyConnectedNet::<f64>::new(Options::new(2, &[2], 2))?;
    /// let parameters = net.parameters_mut();
    /// parameters.set("W1", &array![[1., -1.], [1., 1.]])?;
    /// parameters.set("b1", &array![0., -2.])?;
    /// parameters.set("W2", &array![[1., 2.], [5., 3.]])?;
    /// parameters.set("b2", &array![0., -1.])?;
    ///
    /// // The second hidden unit is off: 1·(-1) + 2·1 - 2 = -1.
    /// assert_eq!(net.scores(array![[1., 2.]]), array![[3., 5.]]);
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If an example of `x` does not have the shape that the option `input` says, and is
    /// no row of as many numbers either.
    pub fn scores<'a, D: Dimension>(
        &self,
        x: impl Into<CowArray<'a, T, D>>,
    ) -> Array2<T> {
        let x = self.rows(x.into());
        if let Some(scores) = self.scores_if_deep(&x) {
            return scores;
        }
        let (scores, _caches) = self.forward(x);
        scores
    }

    /// The examples of `x` as rows, `(N, D)`.
    ///
    /// # Panics
    ///
    /// As [`scores`](Self::scores).
    pub(crate) fn rows<'a, D: Dimension>(
        &self,
        x: CowArray<'a, T, D>,
    ) -> CowArray<'a, T, Ix2> {
        let (x, shape) = affine::rows(x);
        let (shape, input) = (shape.slice(), &self.options.input[..]);
        assert!(
            x.ncols() == self.options.inputs(),
            "FullyConnectedNet: an example must have {} numbers, as the option `input` \
             {input:?} says; x is {shape:?}",
            self.options.inputs(),
        );
        // Rows of numbers fit any shape, and any shape fits an input that is one number.
        assert!(
            shape.len() == 2 || input.len() == 1 || shape[1..] == *input,
            "FullyConnectedNet: an example must have the shape {input:?} of the option \
             `input`, or be one row of {} numbers; x is {shape:?}",
            self.options.inputs(),
        );
        x
    }
}

// exercise: forward::helpers
// end: forward::helpers
