//! # Chapter 13. Dropout
//!
//! *A network can lean on a few of its units. What if none of them can be relied on?*
//!
//! With five hundred images and more than a million weights, a network need not understand
//! anything: it finds a unit for each oddity of each image and learns them by heart. *Dropout*
//! makes that hard. At every training step, and for each image anew, it throws a random part of
//! the units away. Whatever the network has to say must be known in more than one place.
//! [Srivastava and others](https://jmlr.org/papers/v15/srivastava14a.html) described it in 2014.
//!
//! ## A worked example
//!
//! We keep a quarter of the numbers. For each we draw a number u, uniform from 0 to 1, and keep
//! what has u below 0.25. What is kept is multiplied by 1/0.25 = 4.
//!
//! ```text
//!    x       1     2     3          4    -5    -6
//!    u       0.1   0.9   0.2        0.3   0.8   0.05
//! mask       4     0     4          0     0     4
//!  out       4     0    12          0     0   -24
//!
//! dout      10    20   -30         40    50    60
//!   dx      40     0  -120          0     0   240
//! ```
//!
//! Backward uses the same mask. Where it is 0, nudging x does nothing to the output; where it is
//! 4, a nudge arrives four times as large.
//!
//! ## Why the factor
//!
//! A unit in the next layer adds up what it gets. When the network is used, nothing is dropped
//! any more, and the sums must be of the size that the layers were trained on.
//!
//! Take a sum of two, 6 + 2, and keep each with probability ½. There are four cases, all equally
//! likely:
//!
//! ```text
//!                    without a factor     with the factor 2
//! both are kept             8                    16
//! the 6 alone               6                    12
//! the 2 alone               2                     4
//! neither                   0                     0
//! mean                      4                     8
//! ```
//!
//! Without a factor the sum in training is on average half of what it will be in use. With it,
//! the mean is 8 = 6 + 2, that of the plain sum. Only the mean is preserved; single cases lie
//! further apart than before, and that noise is what dropout is for.
//!
//! In general an entry is $`x/\mathrm{keep}`$ with the probability keep, else 0, so its expectation
//! is
//!
//! ```math
//! \mathrm{keep} \cdot \frac{x}{\mathrm{keep}} + (1 - \mathrm{keep}) \cdot 0 = x
//! ```
//!
//! It can be measured. The course draws 500 × 500 numbers with the mean 10 and passes them
//! through three masks (NumPy's generator with seed 231; the crate draws the same):
//!
//! | keep | mean before | mean after | share that became 0 |
//! |---|---|---|---|
//! | 0.25 | 10.0002 | 10.0141 | 0.7498 |
//! | 0.4 | 10.0002 | 9.9779 | 0.6008 |
//! | 0.7 | 10.0002 | 9.9878 | 0.3007 |
//!
//! The name for this is *inverted* dropout. The other way round works too: train without a factor
//! and multiply by keep in use. But then whoever uses the network must know how it was trained.
//! Inverted, the test pass is the identity: there is no code for it at all, and none to forget.
//!
//! ## The mathematics
//!
//! A mask has an entry for every number of the batch, so that two images lose different units:
//!
//! ```math
//! \mathrm{mask}_{ij} =
//! \begin{cases}
//!   1/\mathrm{keep} & \text{if } u_{ij} < \mathrm{keep} \\
//!   0                & \text{otherwise}
//! \end{cases}
//! ```
//!
//! Both ways, multiply by it:
//!
//! ```math
//! \mathrm{out} = x \odot \mathrm{mask}
//! \qquad
//! dx = \mathrm{dout} \odot \mathrm{mask}
//! ```
//!
//! where ⊙ multiplies entry by entry. For the gradient the mask is a constant: the dice have
//! been thrown, and x had no influence on them.
//!
//! <!-- code: dropout::mask -->
//!
//! <!-- code: dropout::forward -->
//!
//! <!-- code: dropout::backward -->
//!
//! Be careful with the word: `keep` is the probability of *keeping*. The assignment calls it
//! p, and there p = 1 turns dropout off. In PyTorch, `Dropout(p)` *drops* with probability p.
//!
//! The random numbers come from outside, from [`uniforms`]: whoever names the same seed, step
//! and layer gets the same mask again. Without that, a gradient check would compare two networks
//! with different units missing.
//!
//! ## What it is good for, and what not
//!
//! Dropout is a *regularizer*, like the penalty of chapter 7: it makes it harder to fit the
//! training images, in the hope that what is still learned holds for others. It helps where a
//! network has far more parameters than examples. It costs time, since each step learns from a part of
//! the network. Where the network does not even fit its training images, it does harm: there is
//! nothing to hold back.
//!
//! <!-- figure: dropout-curves
//! One hidden layer of 500 units, trained on 500 made-up images; the mean of three seeds. Without
//! dropout the training images are learned by heart after ten epochs, and 43 % of 500 other
//! images are right after thirty. With keep 0.5 it is 50 %, with keep 0.25 it is 53 %. The training
//! images take both of them longer, and after ten epochs keep 0.25 is still behind on the others too.
//! -->
//!
//! ## What goes wrong
//!
//! > **Pitfall: a mask of its own for the way back.** Draw again in `backward`, and the gradient
//! > belongs to a network that has never been run. Shapes and sizes are right, and the loss may
//! > even fall; a gradient check fails. The mask of the forward pass goes into the cache.
//!
//! > **Pitfall: the factor forgotten, one way.** Forward with 1/keep and backward without: every
//! > gradient below this layer is keep times what it should be, at each such layer once more. With
//! > keep 0.5 and four layers of dropout, plain gradient descent moves the first layer at a
//! > sixteenth of its rate. (Adam hides it: it divides by the size of the gradients.)
//!
//! > **Pitfall: keep and drop exchanged.** With 0.5 nobody can see it. Test with 0.2: a mask
//! > of a thousand entries has about 800 zeros.
//!
//! > **You would see.** Dropout left on in use: score the same image twice, with fresh masks, and
//! > the scores differ. The factor left out: what the network says in use is not what it said in
//! > training, as the sums are on average 1/keep times too large.
//!
//! ## Check yourself
//!
//! **What happens if the factor 1/keep is left out, both ways, and nothing is done about it in
//! use?**
//!
//! - [ ] A. Nothing: the network learns weights that are larger
//! - [ ] B. In use, the sums of each next layer are on average 1/keep times what they were in
//!   training
//! - [ ] C. The gradient is wrong
//!
//! <details><summary>Answer</summary>
//!
//! **B.** Trained on half of its units, the network suddenly hears all of them.
//!
//! - **A** is true of training, and that is the trouble: the larger weights meet the full sum.
//! - **C** is not so: `dx = dout·mask` is right for whichever mask there was.
//! </details>
//!
//! **Why does each image get a mask of its own, rather than one for the whole batch?**
//!
//! - [ ] A. With one mask, the means would not stay
//! - [ ] B. With one mask, a step would teach a single thinned network; with many, its gradient is
//!   a mean over many of them
//! - [ ] C. With one mask, the gradient check would fail
//!
//! <details><summary>Answer</summary>
//!
//! **B.** Both are right on average. With one mask the units that are off learn nothing at all in
//! this step, and the noise of the step does not average out.
//!
//! - **A:** an entry's expectation does not ask what happens to other entries.
//! - **C:** a mask is a constant for the gradient, whatever its pattern.
//! </details>
//!
//! **A network of 100 hidden units fits its training images just well enough. Dropout with keep
//! 0.5 is to be added. What about its size?**
//!
//! - [ ] A. Leave it: the factor 2 makes up for the missing units
//! - [ ] B. About 200 units, so that some 100 are there at each step
//! - [ ] C. About 50 units, as half of them were superfluous
//!
//! <details><summary>Answer</summary>
//!
//! **B**, as a first guess. The smaller keep, the less a network of a given size can hold.
//!
//! - **A** confuses the size of a sum with how much it can express. A doubled number is one number.
//! - **C** halves the network, and then dropout halves it again: some 25 units are there at each
//!   step.
//! </details>
//!
//! ## Exercise
//!
//! Write [`mask`], [`forward`] and [`backward`].
//!
//! ```sh
//! fully-connected check dropout
//! cargo test --test chapters dropout::
//! cargo test --doc dropout
//! ```
//!
//! ## Further reading
//!
//! - [Dropout: a simple way to prevent neural networks from
//!   overfitting](https://jmlr.org/papers/v15/srivastava14a.html) (Srivastava, Hinton,
//!   Krizhevsky, Sutskever and Salakhutdinov, 2014): section 7.3 varies keep, with the size
//!   of the layer fixed and with the product of the two fixed.
//! - [Neural networks, part 2](https://cs231n.github.io/neural-networks-2/#reg) (CS231n):
//!   dropout beside the other ways to regularize.
//!
//! Next: [chapter 14, the whole network](crate::deep).

use crate::Scalar;
use ndarray::{Array2, ArrayRef2, ArrayView2};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// What [`backward`] must remember: the mask.
#[derive(Debug, Clone)]
pub struct Cache<T: Scalar> {
    mask: Array2<T>,
}

/// A mask: each entry is `1 / keep` with the probability `keep`, else 0.
///
/// An entry is kept if the next of `uniforms` is below `keep`, row by row. `uniforms` is any
/// source of numbers that are uniform in [0, 1).
///
/// ```
/// # use fully_connected::dropout;
/// # use ndarray::array;
/// let mut uniforms = [0.1, 0.9, 0.2, 0.3, 0.8, 0.05].into_iter();
/// let mask = dropout::mask::<f64>((2, 3), 0.25, &mut uniforms);
/// assert_eq!(mask, array![[4., 0., 4.], [0., 0., 4.]]); // 1/0.25 = 4
/// ```
///
/// # Panics
///
/// If `keep` is not in (0, 1], if `1 / keep` is not finite in `T`, or if `uniforms` ends too
/// soon.
pub fn mask<T: Scalar>(
    shape: (usize, usize),
    keep: f64,
    uniforms: &mut impl Iterator<Item = f64>,
) -> Array2<T> {
    assert!(
        keep > 0.0 && keep <= 1.0,
        "dropout::mask: keep, the probability of keeping an entry, must be in (0, 1]; it is \
         {keep}"
    );
    assert!(
        T::of(1.0 / keep).is_finite(),
        "dropout::mask: 1/keep must be finite in {}; keep is {keep:e}",
        std::any::type_name::<T>(),
    );
    let mut uniform = || {
        uniforms.next().unwrap_or_else(|| {
            panic!(
                "dropout::mask: the source of uniforms ended; a mask of {shape:?} needs {} of \
                 them",
                shape.0 * shape.1
            )
        })
    };
    // exercise: dropout::mask
    let kept = T::of(1.0 / keep);
    let draw = || if uniform() < keep { kept } else { T::zero() };
    Array2::from_shape_simple_fn(shape, draw)
    // end: dropout::mask
}

/// The training pass: `x` times the mask, entry by entry.
///
/// `x`, `mask` and the result are `(N, M)`.
///
/// ```
/// # use fully_connected::dropout;
/// # use ndarray::array;
/// let x = array![[1., 2., 3.], [4., -5., -6.]];
/// let mask = array![[4., 0., 4.], [0., 0., 4.]];
/// let (out, _cache) = dropout::forward(&x, mask);
/// assert_eq!(out, array![[4., 0., 12.], [0., 0., -24.]]);
/// ```
///
/// # Panics
///
/// If the mask does not have the shape of `x`.
#[doc(alias = "dropout_forward")]
pub fn forward<T: Scalar>(x: &ArrayRef2<T>, mask: Array2<T>) -> (Array2<T>, Cache<T>) {
    assert!(
        x.shape() == mask.shape(),
        "dropout::forward: the mask must have the shape of x, {:?}; it is {:?}",
        x.shape(),
        mask.shape(),
    );
    let x = x.view();
    // exercise: dropout::forward
    let out = &x * &mask;
    (out, Cache { mask })
    // end: dropout::forward
}

/// The gradient of `x`, from `dout = ∂L/∂out`.
///
/// `dout` and the result are `(N, M)`.
///
/// ```
/// # use fully_connected::dropout;
/// # use ndarray::array;
/// let x = array![[1., 2., 3.], [4., -5., -6.]];
/// let (_out, cache) = dropout::forward(&x, array![[4., 0., 4.], [0., 0., 4.]]);
/// let dx = dropout::backward(&array![[10., 20., -30.], [40., 50., 60.]], cache);
/// assert_eq!(dx, array![[40., 0., -120.], [0., 0., 240.]]);
/// ```
///
/// # Panics
///
/// If `dout` does not have the shape of `x`.
#[doc(alias = "dropout_backward")]
pub fn backward<T: Scalar>(dout: &ArrayRef2<T>, cache: Cache<T>) -> Array2<T> {
    let mask = cache.mask;
    assert!(
        dout.shape() == mask.shape(),
        "dropout::backward: dout must have the shape of x, {:?}; it is {:?}",
        mask.shape(),
        dout.shape(),
    );
    let dout = dout.view();
    // exercise: dropout::backward
    &dout * &mask
    // end: dropout::backward
}

impl<T: Scalar> Cache<T> {
    /// The mask, `(N, M)`.
    ///
    /// ```
    /// # use fully_connected::dropout;
    /// # use ndarray::array;
    /// let (_out, cache) = dropout::forward(&array![[7., 8.]], array![[2., 0.]]);
    /// assert_eq!(cache.mask(), array![[2., 0.]]);
    /// ```
    pub fn mask(&self) -> ArrayView2<'_, T> {
        self.mask.view()
    }
}

/// ChaCha has many streams for one seed. The first few are taken (weights, batches, images made
/// up); masks begin here, with a stream for each layer.
const FIRST_STREAM: u64 = 1 << 32;
/// The numbers of a step are this many words of the stream after those of the step before.
const WORDS_A_STEP: u128 = 1 << 32;

/// An endless source of numbers uniform in [0, 1), its own for every seed, step and layer.
///
/// Whoever asks for the same seed, step and layer again gets the same numbers again, so a pass
/// with dropout can be repeated, and its gradients checked.
///
/// ```
/// # use fully_connected::dropout::uniforms;
/// let first: Vec<f64> = uniforms(7, 0, 0).take(3).collect();
/// assert!(uniforms(7, 0, 0).take(3).eq(first.iter().copied()));
/// assert!(uniforms(7, 1, 0).take(3).ne(first.iter().copied()));
/// assert!(first.iter().all(|u| (0. ..1.).contains(u)));
/// ```
pub fn uniforms(seed: u64, step: u64, layer: usize) -> impl Iterator<Item = f64> {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(FIRST_STREAM + layer as u64);
    generator.set_word_pos(u128::from(step) * WORDS_A_STEP);
    std::iter::repeat_with(move || generator.random())
}

// exercise: dropout::helpers
// end: dropout::helpers
