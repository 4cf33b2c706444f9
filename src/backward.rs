//! # Chapter 6. The backward pass
//!
//! *The loss knows how it changes with each score. How does a weight at the far end of the
//! network learn its share?*
//!
//! A network of 318,410 numbers has called a cat an aeroplane, and each of the numbers had
//! a part in it. Which should rise, which should fall, and how much does each one matter?
//! We could try: nudge one, run the network again, look at the loss. That is 318,410 runs
//! for a single step of learning. *Backpropagation* answers all 318,410 questions for about
//! the price of one more run. Practically every neural network you have heard of was
//! trained with it.
//!
//! It is one rule about slopes, applied in a clever order: first the rule, then a network,
//! then the order.
//!
//! ## Along a chain, slopes multiply
//!
//! Take a number `x` through three steps:
//!
//! ```text
//! x = 2
//! u = 3·x   = 6
//! v = u − 4 = 2
//! L = v²    = 4
//! ```
//!
//! How fast does `L` move when `x` does? Each step alone is easy. `u` moves 3 times as
//! fast as `x`. `v` moves exactly as `u` does. And $`v^2`$ has the slope $`2v`$, so `L`
//! moves 4 times as fast as `v`. Like the ratios of gears, the three multiply:
//! `3·1·4 = 12`. Try it: `x = 2.01` gives `L = 2.03² = 4.1209`, a rise of 0.1209 for a
//! nudge of 0.01. (The odd 0.0009 comes from the bend of the curve; the smaller the
//! nudge, the less it matters.)
//!
//! Now the same product, started at the *end*. As in chapter 1, `dv` is short for the slope
//! of `L` with respect to `v`: how much `L` rises for each unit by which `v` rises.
//!
//! ```text
//! dL          = 1
//! dv = dL·2v  = 4
//! du = dv·1   = 4
//! dx = du·3   = 12
//! ```
//!
//! Each line takes the slope from the line before and multiplies it by the slope of *one*
//! step. No step has to know the others. And notice `2v`: on the way back we need a number
//! from the way up. Keeping it is what a *cache* is for.
//!
//! <!-- figure: slope-chain
//! Values go to the right, slopes come back to the left, multiplied at each step by its own
//! slope. The slope of the last step is made of v.
//! -->
//!
//! ## Where paths meet, slopes add
//!
//! In a network almost every number is used more than once: a pixel by every hidden unit, a
//! hidden unit by every score. So let us use `x` twice:
//!
//! ```text
//! x = 2
//! a = x + 1 = 3
//! b = 4·x   = 8
//! L = a·b   = 24
//! ```
//!
//! A nudge of `x` now reaches `L` along two paths. A product's slope with respect to one
//! factor is the *other* factor, so `da = b = 8` and `db = a = 3`. Through `a`, which moves
//! exactly as `x` does, that makes `8·1 = 8`. Through `b`, which moves 4 times as fast,
//! `3·4 = 12`. Both happen at once, so they add up:
//!
//! ```text
//! dx = 8·1 + 3·4 = 20
//! ```
//!
//! Try it: `x = 2.01` gives `3.01·8.04 = 24.2004`, a rise of 0.2004. Neither path alone
//! accounts for that.
//!
//! <!-- figure: slope-fan-out
//! Values in the boxes, slopes in orange. Along each path the slopes multiply; at x, where
//! the paths meet again, they add.
//! -->
//!
//! **Multiply along each path, add over all paths.** That is the whole chain rule. Up to
//! its scores our network is made of three kinds of step, and many of its numbers are used
//! more than once. Each passes the slope back in its own way:
//!
//! | | what happens to the slope that comes back |
//! |---|---|
//! | a sum | every term receives it unchanged |
//! | a product | each factor receives it times the *other* factor |
//! | ReLU | it goes on where the input was above 0, and stops elsewhere |
//! | a number used several times | what comes back from each use is added up |
//!
//! ## A worked example
//!
//! The network of [chapter 5](crate::forward) and the first of its two examples, with the
//! numbers that we computed there. To stay with whole numbers, our loss is for once the
//! first score minus the second, `L = 3 − 5 = −2`; so `dscores = 1 −1`. (The softmax of
//! chapter 3 would send down fractions, and nothing below would change but the digits.)
//!
//! ```text
//!           W1 =  1 -1     b1 = 0 -2
//!                 1  1
//!           W2 =  1  2     b2 = 0 -1
//!                 5  3
//!
//! up         x =  1  2
//!         sums =  3 -1     x·W1 + b1
//!            h =  3  0     ReLU
//!       scores =  3  5     h·W2 + b2
//!
//! down
//!      dscores =  1 -1
//!
//!          dW2 =  3 -3     hᵀ·dscores
//!                 0  0
//!          db2 =  1 -1
//!           dh = -1  2     dscores·W2ᵀ
//!
//!        dsums = -1  0     where sums > 0
//!
//!          dW1 = -1  0     xᵀ·dsums
//!                -2  0
//!          db1 = -1  0
//! ```
//!
//! *Paths add.* The first hidden unit reaches both scores, with the weights 1 and 2 in its
//! row of `W2`. So its slope is `1·1 + (−1)·2 = −1`: the slope of each score, times the
//! weight that leads there.
//!
//! *The mask stops a slope.* For the second hidden unit the same sum is `1·5 + (−1)·3 = 2`:
//! if its output rose, the loss would rise twice as fast. But it cannot: the unit's sum is
//! −1, and ReLU makes 0 of that and of everything near it. So the 2 ends here, and the
//! unit's column of `dW1` is 0. Forget the mask, and the column reads 2 and 4, a gradient
//! for weights that change nothing.
//!
//! *So does an input of 0.* The same unit's *row* of `dW2` is 0 too, for another reason: a
//! weight's gradient is its input times its output's slope, and here the input is 0.
//!
//! Try it. Raise the weight from the second input to the first unit from 1 to 1.1. The
//! unit's sum becomes 3.2, the scores 3.2 and 5.4, and the loss −2.2. It fell by 0.2 for a
//! nudge of 0.1: a slope of −2, as `dW1` says. Raise the weight beside it, which leads to
//! the second unit, and that unit's sum becomes −0.8. Nothing else moves: slope 0.
//!
//! <!-- figure: network-paths
//! The weight in green reaches the loss along the two orange paths. Together they make its
//! gradient. The second unit is off, and no slope gets past it.
//! -->
//!
//! ## Why backwards?
//!
//! We followed one weight along its paths, and there were two. How many are there in a
//! network of 3072-100-100-100-100-10? A weight of the first layer leads to one unit, and
//! every way from there through three more hidden layers to one of ten scores is a path:
//! 100·100·100·10, ten million of them. With 307,200 such weights that makes three million
//! million paths, for one step of learning.
//!
//! But the paths share nearly all of their length, and once we know a unit's slope, it no
//! longer matters along which paths it came. So start at the loss, and at each unit *add up
//! first, then hand on*. Now every connection is used once, and all gradients of all five
//! layers take 369,200 multiplications.
//!
//! <!-- figure: paths-and-sweep
//! From the first of three layers 27 paths lead to the loss (one in orange). A sweep from
//! the right uses each of the 21 arrows once.
//! -->
//!
//! One can also sweep *forwards*: start at one weight, and carry the slopes of everything
//! after it up to the loss. But that takes a sweep for each weight. Backwards it takes a
//! sweep for each *result*, and the loss is a single number. That is why we go backwards.
//!
//! ## The mathematics
//!
//! Now with whole layers. A matrix product adds up over paths, so
//! [`affine::backward`](crate::affine::backward) does the adding, and
//! [`relu::backward`](crate::relu::backward) the masking. All that is left to say is who
//! hands what to whom. The input of a layer is the output of the layer below, so the `dx`
//! that a layer finds *is* the `dout` of the layer below.
//!
//! With $`h_i`$ as in chapter 5, $`a_i = h_{i-1} W_i + b_i`$ for the sums that enter ReLU
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
//! holds and 0 elsewhere.) The first line is the softmax's. The second is an affine
//! layer's `dx`, then a ReLU's mask; the third is an affine layer's `dw` and `db`. We
//! have written all three already. What is new is the loop:
//!
//! <!-- code: backward::backward -->
//!
//! [`FullyConnectedNet::forward`] left a list of caches, and the loop takes the list apart
//! from its end. Each layer gives `dw` and `db`, which are kept, and `dx`, which becomes
//! the next `dout`. The first layer is asked for `dw` and `db` alone, for nobody asks how
//! the loss changes with the photograph. A pair is kept as `Layer { w: dw, b: db }`, and
//! `Gradients::from` takes a `Vec` of them, the first layer first. The result has a gradient
//! for each parameter, in its shape and under its name; that is why the type [`Gradients`]
//! is the type [`Parameters`](crate::Parameters) by another name.
//!
//! <!-- figure: backward-walk
//! The worked example. Going up, each layer puts a cache on the stack; coming down, it takes
//! its cache and `dout`, keeps `dW` and `db`, and hands `dx` on. In the book it goes step by
//! step, also with the wrong cache or without the mask.
//! -->
//!
//! [`FullyConnectedNet::data_loss`] puts the forward pass, the softmax and the backward
//! pass together. It is called the *data* loss because the next chapter adds a second
//! term.
//!
//! ## What goes wrong
//!
//! > **Pitfall: the wrong cache.** Layer `i` takes the cache of layer `i − 1`, or the
//! > list runs forwards. With layers of different sizes the shape check speaks up. With
//! > hidden layers all of one size, as in the exercise with five layers, it runs and
//! > learns nothing sensible. Caches that are used up make the mistake hard to write; a
//! > list that is walked by index makes it easy.
//!
//! > **You would see.** Layer 2 of 15-20-30-10 receives the slope meant for layer 3:
//! >
//! > ```text
//! > relu::backward: dout must have
//! > the shape of x, [2, 30]; it is [2, 10]
//! > ```
//! >
//! > Walk the list forwards, and the shape wanted is `[2, 20]`.
//!
//! > **Pitfall: `dout` is not handed on.** Without `dout = dx` every layer is told what
//! > only the *last* one should hear.
//!
//! > **Pitfall: gradients in the order of the walk.** The walk finds `W3` first. Pushed
//! > onto a list, the gradients are in reverse. It comes to light where they are used: `the
//! > gradients must have the shapes of the parameters`.
//!
//! ## What a library does
//!
//! You have differentiated a network by hand. PyTorch, JAX and TensorFlow do it for almost
//! any program, and the trick fits on a page. While the program computes, write down every
//! step: the value, the numbers that it was made from, and its slope with respect to each.
//! This record is called a *tape*. Then walk along the tape backwards, multiply, and add
//! where paths meet. That is *automatic differentiation*, or *autograd*, in *reverse mode*.
//!
//! ```
//! /// A number on the tape, and its slope with respect to the numbers it was made from.
//! struct Entry {
//!     value: f64,
//!     from: Vec<(usize, f64)>,                      // (place on the tape, slope)
//! }
//!
//! struct Tape(Vec<Entry>);
//!
//! impl Tape {
//!     fn record(&mut self, value: f64, from: &[(usize, f64)]) -> usize {
//!         self.0.push(Entry { value, from: from.to_vec() });
//!         self.0.len() - 1                          // a number is known by its place
//!     }
//!
//!     fn number(&mut self, value: f64) -> usize {
//!         self.record(value, &[])
//!     }
//!
//!     fn add(&mut self, i: usize, j: usize) -> usize {
//!         let sum = self.0[i].value + self.0[j].value;
//!         self.record(sum, &[(i, 1.), (j, 1.)])
//!     }
//!
//!     fn mul(&mut self, i: usize, j: usize) -> usize {
//!         let (a, b) = (self.0[i].value, self.0[j].value);
//!         self.record(a * b, &[(i, b), (j, a)])     // the other factor
//!     }
//!
//!     fn relu(&mut self, i: usize) -> usize {
//!         let on = if self.0[i].value > 0. { 1. } else { 0. };
//!         self.record(self.0[i].value * on, &[(i, on)])
//!     }
//!
//!     /// The slope of the number at `last` with respect to every number on the tape.
//!     fn backward(&self, last: usize) -> Vec<f64> {
//!         let mut d = vec![0.; self.0.len()];
//!         d[last] = 1.;
//!         for i in (0..=last).rev() {
//!             for &(j, slope) in &self.0[i].from {
//!                 d[j] += d[i] * slope;             // paths add
//!             }
//!         }
//!         d
//!     }
//! }
//!
//! // x used twice: L = (x + 1)·(4·x).
//! let mut tape = Tape(Vec::new());
//! let [x, one, four] = [2., 1., 4.].map(|value| tape.number(value));
//! let a = tape.add(x, one);
//! let b = tape.mul(four, x);
//! let l = tape.mul(a, b);
//! assert_eq!(tape.backward(l)[x], 20.);
//!
//! // The worked example. A layer, number by number; w row by row:
//! fn affine(tape: &mut Tape, x: &[usize], w: &[usize], b: &[usize]) -> Vec<usize> {
//!     let mut out = b.to_vec();
//!     for m in 0..b.len() {
//!         for d in 0..x.len() {
//!             let product = tape.mul(x[d], w[d * b.len() + m]);
//!             out[m] = tape.add(out[m], product);
//!         }
//!     }
//!     out
//! }
//!
//! let mut tape = Tape(Vec::new());
//! let x = [1., 2.].map(|value| tape.number(value));
//! let w1 = [1., -1., 1., 1.].map(|value| tape.number(value));
//! let b1 = [0., -2.].map(|value| tape.number(value));
//! let w2 = [1., 2., 5., 3.].map(|value| tape.number(value));
//! let b2 = [0., -1.].map(|value| tape.number(value));
//! let minus = tape.number(-1.);
//!
//! let sums = affine(&mut tape, &x, &w1, &b1);
//! let h: Vec<usize> = sums.iter().map(|&sum| tape.relu(sum)).collect();
//! let scores = affine(&mut tape, &h, &w2, &b2);
//! let less = tape.mul(minus, scores[1]);
//! let loss = tape.add(scores[0], less);
//!
//! let d = tape.backward(loss);
//! assert_eq!(w1.map(|i| d[i]), [-1., 0., -2., 0.]);
//! assert_eq!(b1.map(|i| d[i]), [-1., 0.]);
//! assert_eq!(w2.map(|i| d[i]), [3., -3., 0., 0.]);
//! assert_eq!(b2.map(|i| d[i]), [1., -1.]);
//! ```
//!
//! The gradients are those that we worked out, and `Tape::backward` knows nothing of
//! layers. A program with loops and branches would do as well, because the tape holds what
//! was computed and not how. The `+=` is the rule that paths add; with `=` in its place the
//! first example gives 8 instead of 20.
//!
//! In PyTorch the same example is
//!
//! ```python
//! x = torch.tensor([[1., 2.]])
//! W1 = torch.tensor([[1., -1.], [1., 1.]], requires_grad=True)
//! # b1, W2 and b2 likewise
//!
//! h = torch.relu(x @ W1 + b1)
//! scores = h @ W2 + b2
//! loss = scores[0, 0] - scores[0, 1]
//! loss.backward()
//! W1.grad                # the gradient, [[-1, 0], [-2, 0]]
//! ```
//!
//! What does `loss.backward()` have that our forty lines lack?
//!
//! - *Arrays.* An entry is a whole array. `x @ W1` is *one* entry, and its way back is the
//!   two matrix products of chapter 1. That is where the speed comes from.
//! - *Operations.* Hundreds of them, each with its way back, for processors and graphics
//!   cards. Somebody wrote every one, as you wrote affine, ReLU and softmax.
//! - *Only what is wanted.* `requires_grad` marks the arrays whose gradients somebody asks
//!   for. (For the same reason our first layer computes no `dx`.)
//! - *A tape that is spent.* Once walked, it is given up to free its memory, and a second
//!   `backward()` is an error when the program runs. Our caches are spent too, and a second
//!   use does not compile.
//! - *Addition between calls, too.* Gradients are added to what `W1.grad` held before, so a
//!   training loop must clear them first, with `zero_grad()`.
//!
//! What it does not have is an opinion. A loss that lacks a term, a unit that is off for
//! good, a signal that has shrunk to nothing: it differentiates them as faithfully as
//! anything else. To see those, you have to know what is on the tape.
//!
//! ## Check yourself
//!
//! **The loss is multiplied by 3. What happens to the gradient of `W1`, ten layers below?**
//!
//! - [ ] A. It is multiplied by 3
//! - [ ] B. It is multiplied by 3 once for each layer, so by 3 to the tenth
//! - [ ] C. It depends on which units are on
//!
//! <details><summary>Answer</summary>
//!
//! **A.** Every step of the walk multiplies the slope that arrives by something that does
//! not depend on it. So a factor that enters at the top comes out once in every gradient.
//!
//! - **B** believes that each layer applies the 3 again. It enters once, at the top. What
//!   does pile up from layer to layer are the *weights*: chapter 4.
//! - **C** is true of the gradient, not of the factor. Which units are on was decided on
//!   the way up, before any slope came down.
//! </details>
//!
//! **In the worked example `dh` is 2 for the second hidden unit, and its column of `dW1` is
//! 0. Why?**
//!
//! - [ ] A. Because the unit's output is 0
//! - [ ] B. Because the unit's sum is negative
//! - [ ] C. Because the unit's inputs are small
//!
//! <details><summary>Answer</summary>
//!
//! **B.** Where the sum is negative, ReLU is flat: a small move of the sum moves nothing
//! after it. The mask says so, and the 2 goes no further.
//!
//! - **A** is why its row of `dW2` is 0. There the output is the *input* of a weight. `dW1`
//!   does not contain it at all.
//! - **C** looks for it in the inputs, 1 and 2. With a slope of 2 they would give the
//!   column 2 and 4.
//! </details>
//!
//! <details><summary>Is a backward pass more expensive than a forward pass?</summary>
//!
//! For a layer, twice as expensive: one matrix product forward, two backward (`dw` and
//! `dx`). For a *network* it depends on the first layer, which needs no `dx`. In
//! 3072-100-100-10 that layer has 307,200 of the 318,200 weights. So forward takes
//! 318,200 multiplications for each image and backward 329,200: hardly more, 1.03 times
//! as many.
//! </details>
//!
//! <details><summary>Where is the 1/N of the mean, in all of this?</summary>
//!
//! In `dscores`, and from there in every gradient. To divide again anywhere is to divide
//! twice.
//! </details>
//!
//! <details><summary>Which values of the forward pass does the walk never use?</summary>
//!
//! The scores, once the softmax has made `dscores` of them; and how *large* the sums
//! before a ReLU were, since only their signs count.
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
//! ## Further reading
//!
//! - C. Olah, [Calculus on Computational
//!   Graphs](https://colah.github.io/posts/2015-08-Backprop/): forward and backward sweeps
//!   side by side, with the best drawings of why the second one wins.
//! - [CS231n, Backpropagation, Intuitions](https://cs231n.github.io/optimization-2/): the
//!   official notes. Larger expressions taken apart step by step, and the habit of seeing a
//!   formula as gates.
//! - A. Karpathy, [micrograd](https://github.com/karpathy/micrograd): the tape again, in a
//!   hundred lines of Python with operators overloaded, so that `a * b` records itself.
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
        let x = self.rows(x.into());
        if let Some(result) = self.data_loss_if_deep(&x, y) {
            return result;
        }
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
    /// parameters.set("W2", &array![[1., 2.], [5., 3.]])?;
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
        self.assert_plain("FullyConnectedNet::backward");
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
