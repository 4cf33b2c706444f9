//! # Chapter 5. The forward pass
//!
//! *We have layers. How do they become a network of any depth, and what must it remember
//! on the way?*
//!
//! By a loop. The output of one layer is the input of the next; the first input is the
//! batch, and what comes out at the end are the scores. Each layer hands us a cache beside
//! its output, and we keep the caches in a list, in order. The next chapter takes them off
//! the list from the other end.
//!
//! The last layer is different: it is affine *alone*. A ReLU there would turn all negative
//! scores into 0: the network could not say which of those classes is the less likely, and
//! their units would be off and learn nothing from the example.
//!
//! ## An example for the head
//!
//! Two inputs, two hidden units, two classes, one example:
//!
//! ```text
//! x = 1 2      W1 =  1 -1      b1 = 0 -2
//!                    1  1
//!
//!  affine   1·1 + 2·1 + 0 = 3      1·(-1) + 2·1 - 2 = -1
//!  ReLU                     3                         0
//!
//!              W2 =  1  2      b2 = 0 -1
//!                    5  5
//!
//!  affine   3·1 + 0·5 + 0 = 3      3·2 + 0·5 - 1 = 5
//!
//!  scores                   3                      5
//! ```
//!
//! The second hidden unit is off, so its weights, the two fives, have no say in this
//! example's scores.
//!
//! ## Shapes
//!
//! ```text
//!            layer 1                 layer 2                 layer 3
//!  x ──► affine ─► ReLU ──────► affine ─► ReLU ──────► affine ──────► scores
//! (N,D)  (D,H₁)        (N,H₁)  (H₁,H₂)       (N,H₂)   (H₂,C)          (N,C)
//!          │       │              │       │              │
//!          ▼       ▼              ▼       ▼              ▼
//!        x as    sums           the     sums           the
//!        rows                  input                  input            caches
//! ```
//!
//! A network with `L` affine layers is called an `L`-layer network; it has `L − 1` hidden
//! layers. With none at all it is a linear classifier, and the loop runs zero times.
//!
//! <!-- figure: network-graph
//! From the bottom up. Each layer lays its cache on a stack; the last one has no ReLU,
//! and so no sums to remember.
//! -->
//!
//! ## The mathematics
//!
//! ```math
//! \begin{aligned}
//! h_0 &= x \\
//! h_i &= \max(0,\; h_{i-1} W_i + b_i), \qquad i = 1, \dots, L - 1 \\
//! \mathrm{scores} &= h_{L-1} W_L + b_L
//! \end{aligned}
//! ```
//!
//! <!-- code: forward::forward -->
//!
//! [`FullyConnectedNet::forward`] returns the scores and one [`LayerCache`] for each layer.
//! When there are no labels, the scores are all we want: that is
//! [`scores`](FullyConnectedNet::scores), for prediction. With labels,
//! [`loss`](FullyConnectedNet::loss) goes on from here.
//!
//! Nothing of a batch is copied on its way up. Each output is *moved* into the cache of the
//! layer that reads it, and `x` itself is borrowed if we lend it. For a batch of 100 images
//! of 3072 numbers, that saves copying 307,200 numbers at each step.
//!
//! ## What goes wrong
//!
//! > **Pitfall: ReLU at the end.** The loop runs over *all* layers, and the scores get a
//! > ReLU. The first loss of chapter 8's network is then 2.3031 instead of 2.3005. Nobody
//! > sees that. The missing negative scores are seen at once, if one looks for them.
//!
//! > **Pitfall: no ReLU in the middle.** The network is linear, and can never do more
//! > than a linear classifier. Test: *add* two inputs, with all biases 0. Only a linear
//! > network adds the scores too.
//!
//! > **You would see.** Without any ReLU, up or down:
//! >
//! > ```text
//! >   reg              loss    predicted
//! >     0    2.301205964494  ✓ 2.3026 ± 0.0265 = ln 10
//! >  3.14    7.051179505103  ✓ 7.0126 ± 1.08   = ln 10 + ½·3.14·0.05²·1200
//! > ```
//! >
//! > and all gradients agree. Nothing in chapter 8 objects to a linear network. The tests
//! > of this chapter do, because they know the scores.
//!
//! > **Pitfall: the same input everywhere.** `affine_relu_forward(x, …)` with the original
//! > `x` in each turn of the loop. The shapes catch it, unless all layers have one size.
//!
//! ## Why?
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
//! **A.** Six sizes are five layers; the last one is affine alone.
//! </details>
//!
//! <details><summary>How many multiplications does one example cost in a network of
//! 3072-100-100-10? Which layer has most of them?</summary>
//!
//! One for each weight: 307,200 + 10,000 + 1,000. The first layer has 97 % of them.
//! </details>
//!
//! <details><summary>To predict, we need no caches. What does it cost to make them
//! anyway?</summary>
//!
//! Memory for as long as the scores take to compute, and no time worth measuring, because
//! moving an array into a cache copies its address and its shape and not its contents.
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
    /// let w = array![[1., 2.], [5., 5.]];
    /// net.parameters_mut().set("W1", &w)?;
    /// let (_scores, mut caches) = net.forward(array![[3., 0.]]);
    /// let cache = caches.pop().expect("one for each layer");
    ///
    /// let grads = cache.backward(&array![[1., -1.]], &w);
    /// assert_eq!(grads.dx, array![[-1., 0.]]);          // 1·1 - 1·2, 1·5 - 1·5
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
    /// let w = array![[1., 2.], [5., 5.]];
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
    /// parameters.set("W2", &array![[1., 2.], [5., 5.]])?;
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
    /// no row of as many numbers either.
    pub fn forward<'a, D: Dimension>(
        &self,
        x: impl Into<CowArray<'a, T, D>>,
    ) -> (Array2<T>, Vec<LayerCache<'a, T>>) {
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
    /// parameters.set("W2", &array![[1., 2.], [5., 5.]])?;
    /// parameters.set("b2", &array![0., -1.])?;
    ///
    /// // The second hidden unit is off: 1·(-1) + 2·1 - 2 = -1.
    /// assert_eq!(net.scores(array![[1., 2.]]), array![[3., 5.]]);
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// As [`forward`](Self::forward).
    pub fn scores<'a, D: Dimension>(
        &self,
        x: impl Into<CowArray<'a, T, D>>,
    ) -> Array2<T> {
        let (scores, _caches) = self.forward(x);
        scores
    }

    /// The examples of `x` as rows, `(N, D)`.
    ///
    /// # Panics
    ///
    /// As [`forward`](Self::forward).
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
