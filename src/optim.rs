//! # Chapter 10. Update rules
//!
//! *The gradient says which way is down. Is that way the best one, and how far should a
//! step go?*
//!
//! The step of chapter 9 forgets every gradient once it has used it, and it takes one rate
//! for every weight. With a memory of one or two numbers for each weight, descent can reach
//! in 80 steps what took it 200.
//!
//! ## The ravine
//!
//! Take two weights and the loss ½(x² + 100y²). It is a ravine along x: its walls, in the
//! direction y, are a hundred times as steep as its floor. The gradient is (x, 100y), so
//! one plain step of rate r multiplies x by 1 − r and y by 1 − 100r.
//!
//! What y needs and what x needs contradict each other. Above rate 0.02 the factor of y
//! is below −1, and each step lands higher on the opposite wall: at 0.021, from (−9, 1), the
//! loss is 9.5e9 after 100 steps. At 0.019 it holds, but x shrinks by 1.9 % a step, and the loss
//! needs 217 steps to get below 0.01. The steepest weight sets the rate for all the others.
//!
//! Networks have such ravines: an input ten times as large makes the gradient of its weight
//! ten times as large. There are two cures. *Momentum* sums the steps: those across cancel,
//! those along accumulate. *RMSProp* gives each weight a rate of its own. *Adam* does both.
//!
//! <!-- figure: ravine
//! Forty steps of each rule from the same place, (−9, 1), with the loss ½(x² + 100y²). The
//! scale of y is drawn about twice as large as that of x. At rates of 0.019, 0.005,
//! 0.08 and 0.3 the loss is below 0.01, and stays there for 100 steps more, after 217, 89, 113 and
//! 76 steps.
//! -->
//!
//! ## A worked example
//!
//! Two weights, and what each rule remembers of earlier steps. The rate is ½.
//!
//! **Momentum**, which keeps ¾ of the velocity v:
//!
//! ```text
//!   w = 10   1      dw = 2  -4      v = -8   4
//!
//!   ¾·v           = -6   3
//!   ½·dw          =  1  -2
//!   v = ¾v − ½dw  = -7   5
//!   w = w + v     =  3   6
//! ```
//!
//! The second weight moves up by 5, and its gradient alone would have moved it by 2: 3 are
//! left over from the steps before.
//!
//! **RMSProp**, which remembers a mean of squared gradients and keeps ¾ of it:
//!
//! ```text
//!   w = 10   1      dw = 2  -4      squares = 20  16
//!
//!   ¾·squares + ¼·dw²  = 15 + 1   12 + 4
//!   squares            = 16       16
//!   root               =  4        4
//!   ½·dw / root        =  0.25    -0.5
//!   w                  =  9.75     1.5
//! ```
//!
//! **Adam**, at its first step, with both means still 0; it keeps ½ of the mean of the
//! gradients, m, and 15/16 of the mean of their squares, which is called v here:
//!
//! ```text
//!   w = 10   1      dw = 2  -4      m = 0  0   v = 0  0   t = 1
//!
//!   m = ½m + ½dw            = 1     -2
//!   v = 15/16·v + 1/16·dw²  = 0.25   1
//!   m / (1 − ½)             = 2     -4
//!   v / (1 − 15/16)         = 4     16
//!   root                    = 2      4
//!   ½·m / root              = 0.5   -0.5
//!   w                       = 9.5    1.5
//! ```
//!
//! The two gradients differ, the two steps do not: ½, the rate.
//!
//! ## A velocity
//!
//! Across the ravine the gradient changes sign at every step; along it, it does not. A
//! sum of the steps therefore keeps what they agree on. But a sum that forgets nothing
//! could never stop, so each step first shrinks what is there:
//!
//! ```math
//! v \leftarrow \mu v - r\,dw, \qquad w \leftarrow w + v
//! ```
//!
//! v is the *velocity*, r the rate (chapter 9's η), and μ the *momentum*, usually 0.9. Think of a ball that
//! rolls down the loss, with friction.
//!
//! <!-- code: optim::momentum -->
//!
//! `w` and `v` are `&mut` because both must be new when the function returns. `ndarray`'s
//! [`Zip`](ndarray::Zip) walks arrays of one shape together, whatever their shape and their
//! order in memory, and hands each round one entry of each: `&mut` where it may change.
//!
//! How much does memory add? Under a constant gradient, v settles where a step leaves it as it
//! is, at v = μv − r·dw, which gives
//!
//! ```math
//! v = -\frac{r}{1 - \mu}\,dw
//! ```
//!
//! With μ = 0.9 that is ten plain steps in one. It takes time to get there: 1, 1.9 and 2.71
//! plain steps at the first three, 6.5 at the tenth, 8.8 at the twentieth. So when you
//! switch momentum on, start with a smaller rate than before. A ball also runs past the
//! bottom and has to come back.
//!
//! ## A rate for every weight
//!
//! A weight whose gradients are always large should have a small rate. What says how large
//! they are is the root of a running mean of their squares (*RMS*, root mean square).
//! Squares, since the sign must not count; a running mean, since the slope changes along
//! the way:
//!
//! ```math
//! s \leftarrow \delta s + (1 - \delta)\,dw^2, \qquad
//! w \leftarrow w - r\,\frac{dw}{\sqrt{s} + \varepsilon}
//! ```
//!
//! δ, the decay, is the share of the old mean that stays, and ε = 1e-8 keeps a weight that
//! has never had a gradient from dividing 0 by 0. All of it is done entry by entry.
//!
//! <!-- code: optim::rmsprop -->
//!
//! Multiply the loss by 1000, and dw and the root both grow by 1000: the step stays as it
//! was. In the long run a step is about one rate long, in the units of the weight, whatever
//! the slope.
//!
//! Not at the start. s begins at 0, and with δ = 0.99 the first step adds a hundredth of
//! dw². The root is a tenth of |dw|, and the first step is *ten rates* long. Under a
//! constant gradient the second is 7.1, the tenth still 3.2, the hundredth 1.26. In the
//! figure the first step goes 0.8 in both directions, at rate 0.08.
//!
//! ## Both together
//!
//! Put momentum's mean of gradients over RMSProp's root:
//!
//! ```math
//! m \leftarrow \beta_1 m + (1 - \beta_1)\,dw, \qquad
//! v \leftarrow \beta_2 v + (1 - \beta_2)\,dw^2
//! ```
//!
//! v is now the mean of squares, as in Adam's paper, not a velocity. The usual numbers are
//! β₁ = 0.9 and β₂ = 0.999. Both means begin at 0 and are too small at first. By how much
//! can be said exactly: under a constant gradient, m after t steps is 1 − β₁ᵗ of it.
//! Dividing by that share repairs it. This is the *bias correction*:
//!
//! ```math
//! \hat m = \frac{m}{1 - \beta_1^t}, \qquad
//! \hat v = \frac{v}{1 - \beta_2^t}, \qquad
//! w \leftarrow w - r\,\frac{\hat m}{\sqrt{\hat v} + \varepsilon}
//! ```
//!
//! <!-- code: optim::adam -->
//!
//! The division of m by its share may be left to the rate, r/(1 − β₁ᵗ), which is computed once
//! and not for every weight.
//!
//! At t = 1 the corrected means are dw and dw², so the first step is r·dw/|dw|: the rate,
//! whatever the gradient. With rate 1 and the gradients 0.001, 1 and 1000 it is 0.99999,
//! 1 and 1; what is missing from the first is ε.
//!
//! The two corrections fade at different times. These are the shares that m and v have
//! reached, and how many rates long a step under a constant gradient would be without
//! correction:
//!
//! ```text
//!     t     1 − 0.9ᵗ   1 − 0.999ᵗ   step
//!     1      0.1        0.001        3.2
//!    10      0.651      0.010        6.5
//!   100      1.000      0.095        3.2
//!  1000      1          0.632        1.26
//!  3000      1          0.950        1.03
//! ```
//!
//! So without it Adam would not be too slow at first, as one might think, but too fast: v
//! lags further behind than m, and v is what we divide by.
//!
//! What Adam does not fix is the rate. It makes one rate fit weights of every slope; which
//! rate, you still have to find. In the ravine 0.3 needs 76 steps and 0.1 needs 176: when a
//! step is about as long as the rate, the rate says how far 100 steps can go. Nor does
//! dividing by a root bring the weights to rest. RMSProp at rate 0.1 has the loss of the
//! ravine below 1e-20 after 300 steps, and jumps above 1 at step 350, for a few steps: as the
//! gradients vanish, the root forgets the large ones, until one step is too long for the walls. So the rate is
//! usually lowered along the way.
//!
//! [`Optimizer`] keeps the memory of a whole network, and counts t.
//!
//! ## On images
//!
//! Do the rules do for 348,710 parameters what they do for two? A network with five hidden
//! layers of 100 units trains for five epochs on 4000 of chapter 7's shapes, once by each
//! rule, with the same first weights and the same batches.
//!
//! <!-- figure: update-rules
//! Each number is a mean over five seeds; the loss is a mean over ten steps as well. Four
//! rates are those of the course's notebook. The grey line is plain descent at ten times its rate.
//! -->
//!
//! After five epochs plain descent has 30 % of new images right, momentum at the same rate 78 %,
//! and Adam 86 %.
//!
//! Is that the memory, or is it that momentum takes ten plain steps in one? The grey line
//! answers: at ten times the rate, plain descent gets to 74 %. So most of what momentum has gained
//! here is longer steps. Before you call one rule better than another, find a good rate for
//! each.
//!
//! The same once more, with the first 4000 photographs of CIFAR-10 to train on and 1000 of its
//! test images as new ones:
//!
//! <!-- figure: update-rules-cifar10
//! The same trainings on photographs. The loss drops after 40, 80, … steps, where a new epoch
//! begins and the images are ones that the network has seen before.
//! -->
//!
//! ```text
//!                          training   new
//!     plain descent, 0.005    38 %    31 %
//!     plain descent, 0.05     49 %    34 %
//!     momentum                53 %    36 %
//!     RMSProp                 54 %    35 %
//!     Adam                    58 %    37 %
//! ```
//!
//! The better rule learns faster, and that is all we ask of it. Most of what it learns from
//! 4000 photographs does not hold for new ones. For that there are other remedies: chapters
//! 13 and 15.
//!
//! ## What goes wrong
//!
//! > **Pitfall: the velocity is not stored.** Compute `momentum * v - rate * dw`, add it to
//! > `w`, forget to write it to `v`, and each step is a plain one.
//!
//! > **You would see.** No error, and a loss that falls as without momentum. In the worked
//! > example `w` is right, [3, 6], and `v` is still [−8, 4].
//!
//! > **Pitfall: no bias correction.** Adam trains, and its first steps are 3 to 6.5 rates
//! > long. A rate that was just small enough is then too large.
//!
//! > **You would see.** In the worked example `w = [9, 2]`: steps of 1 instead of ½.
//!
//! > **Pitfall: t counts from 0.** Then 1 − β⁰ = 0, m̂ and the root of v̂ are both infinite, and
//! > ∞/∞ is NaN: every weight, after one step. [`adam`] refuses `t = 0`.
//!
//! > **You would see.** `optim::adam: t counts the steps from 1; it is 0`
//!
//! > **Pitfall: ε inside the root.** √(s + ε) looks the same, but √1e-8 is 1e-4, which is ten
//! > thousand times as much as intended. A weight whose gradients are smaller than that
//! > hardly moves.
//!
//! > **You would see.** For a gradient of 1e-6, a first step by Adam of 0.01 of the rate instead
//! > of 0.99.
//!
//! > **Pitfall: a gradient that is too large to be squared.** In `f32` the square of 1e30 is
//! > infinite. So is the mean, and it stays so: that weight never moves again.
//!
//! > **You would see.** No NaN, as dw / ∞ is 0: a weight that is the same to the last bit,
//! > step after step.
//!
//! > **Pitfall: a number from another book.** Some libraries write `v = μv + dw` and
//! > `w = w − r·v`. As long as the rate stays the same, the steps are the same. Others take
//! > a mean, `v = μv + (1 − μ)dw`, and their steps are ten times shorter at μ = 0.9. Some
//! > put ε inside the root. A rate means something only with its formula.
//!
//! ## Check yourself
//!
//! **With momentum 0.9, the gradient has been constant for a long time and now becomes 0.
//! What does the weight do?**
//!
//! - [ ] A. It stops: the gradient is 0
//! - [ ] B. It goes on, each step nine tenths of the one before
//! - [ ] C. It goes on at the same speed
//!
//! <details><summary>Answer</summary>
//!
//! **B.** v ← 0.9·v − 0. It moves by another 0.9 + 0.81 + … = 9 times its last step.
//!
//! - **A** takes the gradient for the step. The gradient only changes the velocity.
//! - **C** forgets the friction, without which nothing would ever come to rest.
//! </details>
//!
//! **Somebody multiplies the loss by 100. Which rules need another rate?**
//!
//! - [ ] A. Plain descent and momentum
//! - [ ] B. All of them
//! - [ ] C. None, as the lowest place stays where it is
//!
//! <details><summary>Answer</summary>
//!
//! **A.** Their steps grow with the gradient, by a factor of 100.
//!
//! - **B** overlooks that RMSProp and Adam divide by the size of the gradients, which is 100
//!   times as large too.
//! - **C** is right about the place, but the rate belongs to the way there.
//! </details>
//!
//! **Adam's first step, rate 0.001, gradient −5. By how much does the weight change?**
//!
//! - [ ] A. +0.005
//! - [ ] B. +0.001
//! - [ ] C. +0.0001, since m is only a tenth of the gradient
//!
//! <details><summary>Answer</summary>
//!
//! **B.** m̂ = −5 and v̂ = 25, and −5 / √25 = −1: the weight moves by +0.001, the rate.
//!
//! - **A** is the plain step. Here the size of the gradient cancels.
//! - **C** corrects v and forgets to correct m.
//! </details>
//!
//! ## Exercise
//!
//! Write [`momentum`], then [`rmsprop`], then [`adam`]. All three change the weights and
//! their memory in place.
//!
//! ```sh
//! fully-connected check optim
//! cargo test --test chapters optim::
//! cargo test --doc optim
//! ```
//!
//! ## Further reading
//!
//! - [Why momentum really works](https://distill.pub/2017/momentum/) (Goh): the ravine, with
//!   sliders for rate and momentum, and the theory behind both.
//! - [Adam: a method for stochastic optimization](https://arxiv.org/abs/1412.6980) (Kingma
//!   and Ba): the paper; its algorithm 1 is [`adam`].
//! - [Neural networks, part 3](https://cs231n.github.io/neural-networks-3/) (CS231n): update
//!   rules side by side, and how to lower the rate over time.
//!
//! Next: [chapter 11, batch normalization](crate::batch_norm).

use crate::options::refuse;
use crate::{Error, Gradients, Parameters, Scalar};
use ndarray::{ArrayRef, Dimension};

/// One step of gradient descent with momentum: the velocity keeps a share of what it was, and
/// the gradient pushes it.
///
/// `v ← momentum·v − rate·dw`, then `w ← w + v`. `w`, `dw` and `v` have one shape, any shape.
///
/// ```
/// # use fully_connected::optim;
/// # use ndarray::array;
/// let (mut w, mut v) = (array![10.], array![-4.]);
/// optim::momentum(&mut w, &array![2.], &mut v, 0.5, 0.75);
/// assert_eq!(v, array![-4.]);                   // 0.75·(-4) - 0.5·2
/// assert_eq!(w, array![6.]);
/// ```
///
/// # Panics
///
/// If the three do not have one shape.
#[doc(alias = "sgd_momentum")]
pub fn momentum<T: Scalar, D: Dimension>(
    w: &mut ArrayRef<T, D>,
    dw: &ArrayRef<T, D>,
    v: &mut ArrayRef<T, D>,
    rate: T,
    momentum: T,
) {
    assert_one_shape("optim::momentum", w, dw, ("v", v));
    // exercise: optim::momentum
    use ndarray::Zip;

    Zip::from(w).and(dw).and(v).for_each(|w, &dw, v| {
        *v = momentum * *v - rate * dw;
        *w += *v;
    });
    // end: optim::momentum
}

/// What [`rmsprop`] is told besides the rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RmsProp<T> {
    /// How much of the old mean square stays at each step, in [0, 1).
    pub decay: T,
    /// Added to the root, so that nothing is divided by 0.
    pub epsilon: T,
}

impl<T: Scalar> Default for RmsProp<T> {
    /// The course's numbers: 0.99 and 1e-8.
    fn default() -> Self {
        RmsProp {
            decay: T::of(0.99),
            epsilon: T::of(1e-8),
        }
    }
}

/// One step of RMSProp: each entry moves by its gradient, divided by the root of the running
/// mean of its squares.
///
/// `w`, `dw` and `squares` have one shape, any shape.
///
/// ```
/// # use fully_connected::optim::{self, RmsProp};
/// # use ndarray::array;
/// let (mut w, mut squares) = (array![10.], array![20.]);
/// let rule = RmsProp { decay: 0.75, epsilon: 1e-8 };
/// optim::rmsprop(&mut w, &array![2.], &mut squares, 0.5, rule);
/// assert_eq!(squares, array![16.]);             // 0.75·20 + 0.25·2²
/// assert!(f64::abs(w[0] - 9.75) < 1e-8);        // 10 - 0.5·2/4
/// ```
///
/// A finite gradient whose square is not (in `f32`, from about 1e19) makes the entry of `squares`
/// infinite, and that of `w` stays where it is from then on.
///
/// # Panics
///
/// If the three do not have one shape.
pub fn rmsprop<T: Scalar, D: Dimension>(
    w: &mut ArrayRef<T, D>,
    dw: &ArrayRef<T, D>,
    squares: &mut ArrayRef<T, D>,
    rate: T,
    RmsProp { decay, epsilon }: RmsProp<T>,
) {
    assert_one_shape("optim::rmsprop", w, dw, ("squares", squares));
    let one = T::one();
    // exercise: optim::rmsprop
    use ndarray::Zip;

    Zip::from(w)
        .and(dw)
        .and(squares)
        .for_each(|w, &dw, squares| {
            *squares = decay * *squares + (one - decay) * dw * dw;
            *w -= rate * dw / (squares.sqrt() + epsilon);
        });
    // end: optim::rmsprop
}

/// What [`adam`] is told besides the rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adam<T> {
    /// How much of the old mean of the gradients stays at each step, in [0, 1).
    pub beta1: T,
    /// How much of the old mean of their squares stays at each step, in [0, 1).
    pub beta2: T,
    /// Added to the root, so that nothing is divided by 0.
    pub epsilon: T,
}

impl<T: Scalar> Default for Adam<T> {
    /// The course's numbers: 0.9, 0.999 and 1e-8.
    fn default() -> Self {
        Adam {
            beta1: T::of(0.9),
            beta2: T::of(0.999),
            epsilon: T::of(1e-8),
        }
    }
}

/// One step of Adam: the running mean of the gradients, divided by the root of the running mean
/// of their squares, both corrected for having started at 0.
///
/// `w`, `dw`, `m` and `v` have one shape, any shape. `t` counts the steps from 1: it is the
/// number of gradients that `m` and `v` have seen, this one included.
///
/// ```
/// # use fully_connected::optim::{self, Adam};
/// # use ndarray::array;
/// let (mut w, mut m, mut v) = (array![10.], array![0.], array![0.]);
/// let rule = Adam { beta1: 0.5, beta2: 0.9375, epsilon: 1e-8 };
/// optim::adam(&mut w, &array![2.], &mut m, &mut v, 1, 0.5, rule);
/// assert_eq!((m, v), (array![1.], array![0.25]));
/// assert!(f64::abs(w[0] - 9.5) < 1e-8);         // corrected 2 and 4: 10 - 0.5·2/2
/// ```
///
/// A finite gradient whose square is not (in `f32`, from about 1e19) makes the entry of `v`
/// infinite, and that of `w` stays where it is from then on.
///
/// # Panics
///
/// If the four do not have one shape, or if `t` is 0.
pub fn adam<T: Scalar, D: Dimension>(
    w: &mut ArrayRef<T, D>,
    dw: &ArrayRef<T, D>,
    m: &mut ArrayRef<T, D>,
    v: &mut ArrayRef<T, D>,
    t: u64,
    rate: T,
    Adam {
        beta1,
        beta2,
        epsilon,
    }: Adam<T>,
) {
    assert_one_shape("optim::adam", w, dw, ("m", m));
    assert_one_shape("optim::adam", w, dw, ("v", v));
    assert!(t > 0, "optim::adam: t counts the steps from 1; it is 0");
    let one = T::one();
    // A power of 2³¹ steps is 0 in both types.
    let t = i32::try_from(t).unwrap_or(i32::MAX);
    // exercise: optim::adam
    use ndarray::Zip;

    let (correct1, correct2) = (one - beta1.powi(t), one - beta2.powi(t));
    Zip::from(w).and(dw).and(m).and(v).for_each(|w, &dw, m, v| {
        *m = beta1 * *m + (one - beta1) * dw;
        *v = beta2 * *v + (one - beta2) * dw * dw;
        *w -= rate / correct1 * *m / ((*v / correct2).sqrt() + epsilon);
    });
    // end: optim::adam
}

/// Panics, in the name of `function`, unless the arrays have one shape.
fn assert_one_shape<T: Scalar, D: Dimension>(
    function: &str,
    w: &ArrayRef<T, D>,
    dw: &ArrayRef<T, D>,
    (name, state): (&str, &ArrayRef<T, D>),
) {
    assert!(
        w.shape() == dw.shape() && w.shape() == state.shape(),
        "{function}: w, dw and {name} must have one shape; they have {:?}, {:?} and {:?}",
        w.shape(),
        dw.shape(),
        state.shape(),
    );
}

/// An update rule and its numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule<T> {
    /// Plain gradient descent: `w ← w − rate·dw`.
    Sgd,
    /// [`momentum`], with this share of the velocity kept; 0.9 is usual.
    Momentum(T),
    /// [`rmsprop`].
    RmsProp(RmsProp<T>),
    /// [`adam`].
    Adam(Adam<T>),
}

impl<T: Scalar> Rule<T> {
    /// Refuses, by name, what is out of range.
    fn check(self) -> Result<(), Error> {
        let share = |name, x: T| {
            let fine = x >= T::zero() && x < T::one();
            if fine {
                Ok(())
            } else {
                refuse(name, "in [0, 1)", &x)
            }
        };
        let epsilon = |x: T| {
            let fine = x > T::zero() && x.is_finite();
            if fine {
                Ok(())
            } else {
                refuse("epsilon", "a finite number above 0", &x)
            }
        };
        match self {
            Rule::Sgd => Ok(()),
            Rule::Momentum(momentum) => share("momentum", momentum),
            Rule::RmsProp(rule) => {
                share("decay", rule.decay)?;
                epsilon(rule.epsilon)
            }
            Rule::Adam(rule) => {
                share("beta1", rule.beta1)?;
                share("beta2", rule.beta2)?;
                epsilon(rule.epsilon)
            }
        }
    }
}

/// An update rule for a whole network: it carries the state of every parameter.
///
/// ```
/// use fully_connected::optim::{Optimizer, Rule};
/// use fully_connected::{FullyConnectedNet, Options};
/// use ndarray::array;
///
/// let mut net = FullyConnectedNet::<f64>::new(Options::new(1, &[], 2))?;
/// net.parameters_mut().set("W1", &array![[3., 1.]])?;
/// let mut grads = net.parameters().clone();
/// grads.set("W1", &array![[2., -4.]])?;
///
/// let mut optimizer = Optimizer::new(Rule::Momentum(0.5), net.parameters())?;
/// optimizer.step(net.parameters_mut(), &grads, 0.5);
/// assert_eq!(net.parameters().get("W1")?, array![[2., 3.]].into_dyn());  // 3 - 0.5·2
/// optimizer.step(net.parameters_mut(), &grads, 0.5);
/// assert_eq!(net.parameters().get("W1")?, array![[0.5, 6.]].into_dyn()); // 2 - 0.5·1 - 0.5·2
/// # Ok::<(), fully_connected::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Optimizer<T> {
    rule: Rule<T>,
    /// The velocities, or Adam's means; not kept by the other rules.
    means: Option<Parameters<T>>,
    /// The mean squares of RMSProp and Adam.
    squares: Option<Parameters<T>>,
    steps: u64,
}

impl<T: Scalar> Optimizer<T> {
    /// An optimizer for these parameters, whose state is 0.
    ///
    /// ```
    /// use fully_connected::optim::{Optimizer, Rule};
    /// use fully_connected::{FullyConnectedNet, Options};
    ///
    /// let net = FullyConnectedNet::<f64>::new(Options::new(1, &[], 2))?;
    /// let error = Optimizer::new(Rule::Momentum(1.), net.parameters()).unwrap_err();
    /// assert_eq!(error.to_string(), "option `momentum` must be in [0, 1); it is 1.0");
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Option`] if a number of the rule is out of its range: shares are in [0, 1),
    /// `epsilon` is above 0.
    pub fn new(rule: Rule<T>, parameters: &Parameters<T>) -> Result<Self, Error> {
        rule.check()?;
        let zeros = || {
            let mut zeros = parameters.clone();
            zeros
                .arrays_mut()
                .for_each(|mut array| array.fill(T::zero()));
            Some(zeros)
        };
        let (means, squares) = match rule {
            Rule::Sgd => (None, None),
            Rule::Momentum(_) => (zeros(), None),
            Rule::RmsProp(_) => (None, zeros()),
            Rule::Adam(_) => (zeros(), zeros()),
        };
        Ok(Optimizer {
            rule,
            means,
            squares,
            steps: 0,
        })
    }

    /// How many steps it has made.
    ///
    /// ```
    /// use fully_connected::optim::{Optimizer, Rule};
    /// use fully_connected::{FullyConnectedNet, Options};
    ///
    /// let mut net = FullyConnectedNet::<f64>::new(Options::new(1, &[], 2))?;
    /// let grads = net.parameters().clone();         // any gradients
    /// let mut optimizer = Optimizer::new(Rule::Sgd, net.parameters())?;
    /// assert_eq!(optimizer.steps(), 0);
    /// optimizer.step(net.parameters_mut(), &grads, 0.1);
    /// assert_eq!(optimizer.steps(), 1);
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// One step: every parameter moves by the rule.
    ///
    /// ```
    /// use fully_connected::optim::{Optimizer, Rule};
    /// use fully_connected::{FullyConnectedNet, Options};
    /// use ndarray::array;
    ///
    /// let mut net = FullyConnectedNet::<f64>::new(Options::new(1, &[], 2))?;
    /// net.parameters_mut().set("W1", &array![[3., 1.]])?;
    /// let mut grads = net.parameters().clone();
    /// grads.set("W1", &array![[2., -4.]])?;
    ///
    /// let mut optimizer = Optimizer::new(Rule::Sgd, net.parameters())?;
    /// optimizer.step(net.parameters_mut(), &grads, 0.5);
    /// assert_eq!(net.parameters().get("W1")?, array![[2., 3.]].into_dyn());  // 3 - 0.5·2
    /// # Ok::<(), fully_connected::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If the parameters are not those of [`new`](Self::new) in shape, or the gradients not
    /// theirs.
    pub fn step(
        &mut self,
        parameters: &mut Parameters<T>,
        grads: &Gradients<T>,
        rate: T,
    ) {
        grads.assert_shapes_of(parameters, "optim::Optimizer::step");
        for state in [&self.means, &self.squares].into_iter().flatten() {
            state.assert_shapes_of(parameters, "optim::Optimizer::step");
        }
        self.steps += 1;
        let mut means = self.means.iter_mut().flat_map(Parameters::arrays_mut);
        let mut squares = self.squares.iter_mut().flat_map(Parameters::arrays_mut);
        for (mut w, dw) in parameters.arrays_mut().zip(grads.arrays()) {
            let mut mean = means.next();
            let mut square = squares.next();
            match (self.rule, &mut mean, &mut square) {
                (Rule::Momentum(share), Some(v), _) => {
                    momentum(&mut w, &dw, v, rate, share)
                }
                (Rule::RmsProp(rule), _, Some(squares)) => {
                    rmsprop(&mut w, &dw, squares, rate, rule);
                }
                (Rule::Adam(rule), Some(m), Some(v)) => {
                    adam(&mut w, &dw, m, v, self.steps, rate, rule);
                }
                _ => w.scaled_add(-rate, &dw),
            }
        }
    }
}

// exercise: optim::helpers
// end: optim::helpers
