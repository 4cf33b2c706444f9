//! Appendix: the gradient checker, which tells a wrong gradient from noise and from a kink.
//!
//! [Chapter 8](crate::gradient_check) measures a gradient, and says which differences are
//! noise and what a kink does to the measurement. [`check`] applies these rules to a function,
//! [`check_net`] to every parameter of a network.

use crate::gradient_check::{STEP, entry, numeric_gradient, relative_error};
use crate::{Error, FullyConnectedNet};
use ndarray::{Array, ArrayD, ArrayRef, Dimension};

/// What the check of one gradient found.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The name of the parameter.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// The Euclidean norm of the analytic gradient.
    pub analytic_norm: f64,
    /// The Euclidean norm of the numeric gradient.
    pub numeric_norm: f64,
    /// The course's figure, [`relative_error`]: to be looked at, and no part of the
    /// verdict.
    pub relative_error: f64,
    /// How many entries stood at a kink, or within a step of one.
    pub kinks: usize,
    /// Whether the two gradients are the same.
    pub verdict: Verdict,
}

/// Whether an analytic and a numeric gradient are the same.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Every entry agrees.
    Agrees,
    /// At least one entry does not. This is the worst of them.
    Differs {
        /// Its position, counted from 0 in row-major order.
        entry: usize,
        /// The numeric gradient there.
        numeric: f64,
        /// The analytic gradient there.
        analytic: f64,
    },
    /// An entry of one of the two is NaN or infinite.
    NotFinite,
    /// More than a tenth of the entries stood on a kink, with a gradient that is the slope
    /// of neither side: too little was compared.
    TooManyKinks,
}

impl Verdict {
    /// Whether the verdict is [`Agrees`](Verdict::Agrees).
    pub fn passed(&self) -> bool {
        *self == Verdict::Agrees
    }
}

/// Compares the gradient `analytic` of `f` at `x` with a numeric one.
///
/// `x` and `analytic` have one shape. Which differences are noise, and what is done about
/// kinks, [chapter 8](crate::gradient_check) says.
///
/// ```
/// # use fully_connected::checker::{Verdict, check};
/// # use ndarray::{Array1, array};
/// let cubes = |x: &Array1<f64>| x.mapv(|x| x * x * x).sum();
/// let x = array![1., 2.];
///
/// assert!(check("x", cubes, &x, &array![3., 12.]).verdict.passed());
///
/// let wrong = check("x", cubes, &x, &array![3., 13.]).verdict;
/// assert!(matches!(wrong, Verdict::Differs { entry: 1, .. }));
/// ```
///
/// # Panics
///
/// If `analytic` does not have the shape of `x`.
pub fn check<D: Dimension>(
    name: &str,
    mut f: impl FnMut(&Array<f64, D>) -> f64,
    x: &ArrayRef<f64, D>,
    analytic: &ArrayRef<f64, D>,
) -> Check {
    assert!(
        analytic.shape() == x.shape(),
        "checker::check: the gradient of {name} must have its shape, {:?}; it has \
         {:?}",
        x.shape(),
        analytic.shape(),
    );
    let numeric = numeric_gradient(&mut f, x, STEP);
    let relative_error = relative_error(&numeric, analytic);
    let mut x = x.as_standard_layout().into_owned();
    let value = f(&x);

    let finite = numeric.iter().chain(analytic).all(|g| g.is_finite());
    let (mut kinks, mut between) = (0, 0);
    let mut verdict = if finite {
        Verdict::Agrees
    } else {
        Verdict::NotFinite
    };
    let mut worst = 1.0;
    for (i, (&numeric, &analytic)) in numeric.iter().zip(analytic).enumerate() {
        let excess = (numeric - analytic).abs() / tolerance(analytic, value, STEP);
        if !finite || excess <= 1.0 {
            continue;
        }
        let old = *entry(&mut x, i);
        let along = |at: f64| {
            *entry(&mut x, i) = at;
            f(&x)
        };
        let kink = kink(along, old, analytic);
        *entry(&mut x, i) = old;
        if let Some(kink) = kink {
            kinks += 1;
            between += usize::from(kink == Kink::Between);
        } else if excess > worst {
            worst = excess;
            verdict = Verdict::Differs {
                entry: i,
                numeric,
                analytic,
            };
        }
    }
    if verdict.passed() && 10 * between > x.len() {
        verdict = Verdict::TooManyKinks;
    }

    let norm = |a: &ArrayRef<f64, D>| a.iter().map(|g| g * g).sum::<f64>().sqrt();
    Check {
        name: name.to_owned(),
        shape: x.shape().to_vec(),
        analytic_norm: norm(analytic),
        numeric_norm: norm(&numeric),
        relative_error,
        kinks,
        verdict,
    }
}

/// How far apart the two gradients may be: the noise of a loss of size `value`, which
/// grows as the step shrinks, and a millionth of the gradient.
fn tolerance(analytic: f64, value: f64, h: f64) -> f64 {
    2e-10 * value.abs().max(1.0) * (STEP / h) + 1e-6 * analytic.abs()
}

/// How a gradient agrees with a function that has a kink.
#[derive(PartialEq)]
enum Kink {
    /// It is the slope of one side.
    OneSide,
    /// We stand on the kink, and it lies between the slopes of the two sides.
    Between,
}

/// The kink that explains why the numeric slope of `f` at `x` is not `analytic`, if there
/// is one.
///
/// Three points give the slope of a side, `(4·f(x + h) − f(x + 2h) − 3·f(x)) / 2h`, in
/// which curvature drops out as it does in the central difference. (Put `a + b·h + c·h²`
/// for `f(x + h)`: what remains is `b`.) The price is four times the noise.
fn kink(mut f: impl FnMut(f64) -> f64, x: f64, analytic: f64) -> Option<Kink> {
    let value = f(x);
    let mut side = |h: f64| (4.0 * f(x + h) - f(x + 2.0 * h) - 3.0 * value) / (2.0 * h);
    for part in [1.0, 10.0, 100.0] {
        let h = STEP / part;
        let noise = 4.0 * tolerance(analytic, value, h);
        let (left, right) = (side(-h), side(h));
        if (right - left).abs() <= 2.0 * noise {
            continue;
        }
        if (left - analytic).abs() <= noise || (right - analytic).abs() <= noise {
            return Some(Kink::OneSide);
        }
        if part == 100.0 && (left < analytic) == (analytic < right) {
            return Some(Kink::Between);
        }
    }
    None
}

/// Checks the gradient of every parameter of a network, penalty included.
///
/// `x` is `(N, d₁, …, dₖ)`, `y` holds `N` labels. It takes two losses for each parameter,
/// so keep the network small: the course's example, 1260 parameters, takes a few
/// hundredths of a second.
///
/// ```
/// use fully_connected::{FullyConnectedNet, Options, checker};
/// use ndarray::array;
///
/// let options = Options { reg: 0.5, weight_scale: 1., ..Options::new(2, &[4], 3) };
/// let net = FullyConnectedNet::new(options)?;
/// for check in checker::check_net(&net, &array![[1., 2.], [3., -4.]], &[2, 0])? {
///     assert!(check.verdict.passed(), "{check:?}");
/// }
/// # Ok::<(), fully_connected::Error>(())
/// ```
///
/// # Errors and panics
///
/// As [`FullyConnectedNet::loss`].
pub fn check_net<D: Dimension>(
    net: &FullyConnectedNet<f64>,
    x: &ArrayRef<f64, D>,
    y: &[usize],
) -> Result<Vec<Check>, Error> {
    let (_, grads) = net.loss(x.view(), y)?;
    let mut probe = net.clone();
    let mut checks = Vec::new();
    for (i, (name, analytic)) in grads.iter().enumerate() {
        let parameter = net.parameters().get(&name)?;
        let loss_at = |nudged: &ArrayD<f64>| {
            let parameter = probe.parameters.arrays_mut().nth(i);
            parameter.expect("one for each gradient").assign(nudged);
            let loss = probe.loss_value(x.view(), y);
            loss.expect("the shapes and labels of the first loss")
        };
        checks.push(check(&name, loss_at, &parameter, &analytic));
        probe.parameters.set(&name, &parameter)?;
    }
    Ok(checks)
}
