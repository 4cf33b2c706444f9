//! # Chapter 6. The backward pass
//!
//! *The loss knows how it changes with each score. How does every weight, ten layers below,
//! get to know its share?*
//!
//! By walking the network backwards, one layer at a time. The softmax hands `dscores` to
//! the last layer. That layer works out the gradients of its own `W` and `b`, and `dx`,
//! the gradient of its input. Its input was the output of the layer below, so that
//! layer's `dout` *is* this `dx`. And so on, down to the first layer. This is
//! *backpropagation*: the chain rule, applied to whole layers, from the end to the
//! beginning.
//!
//! ## An example for the head
//!
//! The network of chapter 5, with the numbers that it had on its way up. For whole numbers
//! we pretend that the loss sends down `dscores = [1, −1]`:
//!
//! ```text
//!  up    x = 1 2      sums = 3 -1      h = 3 0      scores = 3 5
//!
//!  down                                             dscores = 1 -1
//!
//!  layer 2      dW2 = hᵀ·dscores =  3 -3            db2 = 1 -1
//!                                   0  0
//!               dh  = dscores·W2ᵀ = (1·1 - 1·2, 1·5 - 1·5) = -1 0
//!
//!  ReLU         dsums = -1 0            where sums > 0
//!
//!  layer 1      dW1 = xᵀ·dsums   = -1  0            db1 = -1 0
//!                                  -2  0
//! ```
//!
//! The second hidden unit is off. Its row of `dW2` and its column of `dW1` are 0: it played
//! no part, and nothing about it is worth changing for this example.
//!
//! ## Shapes
//!
//! ```text
//!  dW1 db1              dW2 db2              dW3 db3
//!     ▲                    ▲                    ▲
//!     │      dout = dx     │      dout = dx     │
//!  layer 1 ◄──────────── layer 2 ◄──────────── layer 3 ◄──────── dscores
//!            (N,H₁)               (N,H₂)                 (N,C)
//! ```
//!
//! One gradient for each parameter, in its shape and under its name. That is why the type
//! [`Gradients`] is the type [`Parameters`](crate::Parameters) by another name.
//!
//! ## The mathematics
//!
//! With $`h_i`$ as in chapter 5, $`a_i = h_{i-1} W_i + b_i`$ for what enters ReLU
//! number $`i`$, and $`\delta_i = \partial L / \partial a_i`$:
//!
//! ```math
//! \begin{aligned}
//! \delta_L &= \mathrm{dscores} \\
//! \delta_i &= \bigl(\delta_{i+1} W_{i+1}^{\mathsf T}\bigr) \odot \mathbf 1[a_i > 0],
//!   \qquad i = L - 1, \dots, 1 \\
//! dW_i &= h_{i-1}^{\mathsf T}\, \delta_i, \qquad db_i = \sum_n \delta_{i,n}
//! \end{aligned}
//! ```
//!
//! ($`\odot`$ multiplies entry by entry; $`\mathbf 1[\ldots]`$ is 1 where the condition
//! holds and 0 elsewhere.) Each of the three lines is a function that we have written
//! already.
//!
//! <!-- code: backward::backward -->
//!
//! What makes this fast is the order. Started from the loss, each layer costs two matrix
//! products, and one pass gives *all* gradients. Started from a weight, we should have to
//! follow its influence all the way up, and in a network of 3072-100-100-10 do so for each
//! of 318,200 weights.
//!
//! <!-- figure: backward-walk
//! The same stack, from the top down. Each layer takes its cache and the message from
//! above, keeps two gradients, and hands the third on.
//! -->
//!
//! [`FullyConnectedNet::backward`] takes the list of caches apart from its end. The first
//! layer is asked for its parameters' gradients alone: below it there is only the data, and
//! `dx` would be thrown away. In a network on images that layer is the large one.
//!
//! [`FullyConnectedNet::data_loss`] puts forward, softmax and backward together. It is
//! called the *data* loss because the next chapter adds a second term.
//!
//! ## What goes wrong
//!
//! > **Pitfall: the wrong cache.** Layer `i` takes the cache of layer `i − 1`, or the list
//! > runs forwards. With layers of different sizes the shape check speaks up. With all
//! > hidden layers of one size, as in the exercise with five layers, it runs and learns
//! > nothing sensible. Caches that are *spent* make this hard to write, and lists that are
//! > walked with an index make it easy.
//!
//! > **Pitfall: gradients in the order of the walk.** The walk finds `W3` first. Push them
//! > onto a list and the list is backwards. It comes to light where it is used: `the
//! > gradients must have the shapes of the parameters`.
//!
//! > **Pitfall: `dout` not handed on.** `dout = dx` is the whole idea; leave it out and
//! > each layer is told what the *last* one should hear.
//!
//! > **You would see.** Layer 2 of 15-20-30-10 receives the message for layer 3:
//! >
//! > ```text
//! > relu::backward: dout must have the shape of x, [2, 30]; it is [2, 10]
//! > ```
//! >
//! > Walk the list forwards, and it is `[2, 20]` that is wanted.
//!
//! ## Why?
//!
//! **The loss is multiplied by 3. What happens to the gradient of `W1`, ten layers below?**
//!
//! - [ ] A. It is multiplied by 3
//! - [ ] B. By 3 once for each layer, so by 3¹⁰
//! - [ ] C. It depends on which units are on
//!
//! <details><summary>Answer</summary>
//!
//! **A.** Every step of the walk is linear in `dout`, so a factor that enters at the top
//! comes out once in every gradient. What piles up from layer to layer are the *weights*:
//! chapter 9.
//! </details>
//!
//! <details><summary>Where is the 1/N of the mean, in all of this?</summary>
//!
//! In `dscores`, and from there in every gradient. To divide again anywhere is to divide
//! twice.
//! </details>
//!
//! <details><summary>Is a backward pass more expensive than a forward pass?</summary>
//!
//! About twice: a layer forward is one product, backward two, `dw` and `dx`. For
//! 3072-100-100-10 without the first `dx`, there are three products forward and five
//! backward, and of the two large ones each pass has one.
//! </details>
//!
//! <details><summary>Which values of the forward pass does the walk never use?</summary>
//!
//! The scores of the last layer, once the softmax has made `dscores` of them; and how
//! *large* the sums before a ReLU were, since only their signs count.
//! </details>
//!
//! ## Exercise
//!
//! Write the loop in [`FullyConnectedNet::backward`], from the last layer to the first.
//!
//! ```sh
//! fully-connected check backward
//! cargo test --test chapters backward::
//! cargo test --doc backward
//! ```
//!
//! Next: [chapter 7, L2 regularization](crate::regularization).

use crate::forward::LayerCache;
use crate::{Error, FullyConnectedNet, Gradients, Scalar, softmax};
use ndarray::{Array2, CowArray, Dimension};

impl<T: Scalar> FullyConnectedNet<T> {
    /// The mean softmax loss of a batch and its gradients, without any penalty.
    ///
    /// `x` is `(N, d₁, …, dₖ)`, moved or lent; `y` holds `N` labels.
    ///
    /// ```
    /// use fully_connected::{FullyConnectedNet, Options};
    /// use ndarray::array;
    ///
    /// // All weights 0: three equal scores, p = 1/3 each.
    /// let options = Options { weight_scale: 0., ..Options::new(2, &[4], 3) };
    /// let net = FullyConnectedNet::<f64>::new(options)?;
    /// let (loss, grads) = net.data_loss(array![[1., 2.]], &[2])?;
    ///
    /// assert!((loss - f64::ln(3.)).abs() < 1e-12);
    /// let third = 1. / 3.;
    /// let expected = array![third, third, third - 1.].into_dyn();
    /// assert!((&grads.get("b2")? - &expected).iter().all(|e| e.abs() < 1e-12));
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
    pub fn data_loss<'a, D: Dimension>(
        &self,
        x: impl Into<CowArray<'a, T, D>>,
        y: &[usize],
    ) -> Result<(T, Gradients<T>), Error> {
        let (scores, caches) = self.forward(x);
        let (loss, dscores) = softmax::loss(&scores, y)?;
        Ok((loss, self.backward(dscores, caches)))
    }

    /// The gradient of every parameter, from `dscores`, `(N, C)`, and the caches of
    /// [`forward`](Self::forward).
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
    /// let (_scores, caches) = net.forward(array![[1., 2.]]);
    /// let grads = net.backward(array![[1., -1.]], caches);
    /// assert_eq!(grads.get("W2")?, array![[3., -3.], [0., 0.]].into_dyn());
    /// assert_eq!(grads.get("b2")?, array![1., -1.].into_dyn());
    /// assert_eq!(grads.get("W1")?, array![[-1., 0.], [-2., 0.]].into_dyn());
    /// assert_eq!(grads.get("b1")?, array![-1., 0.].into_dyn());
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If `dscores` or the caches do not belong to a forward pass of this network.
    pub fn backward(
        &self,
        dscores: Array2<T>,
        caches: Vec<LayerCache<'_, T>>,
    ) -> Gradients<T> {
        let layers = &self.parameters.layers;
        assert!(
            caches.len() == layers.len(),
            "FullyConnectedNet::backward: there must be one cache for each of the {} \
             layers; there are {}",
            layers.len(),
            caches.len(),
        );
        assert!(
            dscores.ncols() == self.options.classes,
            "FullyConnectedNet::backward: dscores must have a column for each of the {} \
             classes; it is {:?}",
            self.options.classes,
            dscores.shape(),
        );
        // exercise: backward::backward
        use crate::{Layer, affine::Grads};

        let mut dout = dscores;
        let mut grads = Vec::with_capacity(layers.len());
        for (i, cache) in caches.into_iter().enumerate().rev() {
            let (dw, db) = if i == 0 {
                cache.param_grads(&dout)
            } else {
                let Grads { dx, dw, db } = cache.backward(&dout, &layers[i].w);
                dout = dx;
                (dw, db)
            };
            grads.push(Layer { w: dw, b: db });
        }
        grads.reverse();
        Gradients::from(grads)
        // end: backward::backward
    }
}

// exercise: backward::helpers
// end: backward::helpers
