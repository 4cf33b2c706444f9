//! # Chapter 10. Update rules
//!
//! *The gradient says which way. How far, and is that way the best one?*
//!
//! <!-- code: optim::momentum -->
//!
//! <!-- code: optim::rmsprop -->
//!
//! <!-- code: optim::adam -->
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
    /// How much of the old mean square stays at each step, from 0 to 1.
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
    /// How much of the old mean of the gradients stays at each step, from 0 to 1.
    pub beta1: T,
    /// How much of the old mean of their squares stays at each step, from 0 to 1.
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
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// One step: every parameter moves by the rule.
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
