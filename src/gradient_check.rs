//! # The gradient check
use crate::{Error, FullyConnectedNet};
use ndarray::{Array, ArrayRef, Dimension};

/// The step of the numeric gradient, the course's choice.
pub const STEP: f64 = 1e-5;

pub fn numeric_gradient<D: Dimension>(
    mut f: impl FnMut(&Array<f64, D>) -> f64,
    x: &ArrayRef<f64, D>,
    h: f64,
) -> Array<f64, D> {
    let mut x = x.as_standard_layout().into_owned();
    let mut grad = Array::zeros(x.raw_dim());
    // exercise: gradient_check::numeric_gradient
    for (i, slope) in grad.iter_mut().enumerate() {
        let old = *entry(&mut x, i);
        *entry(&mut x, i) = old + h;
        let above = f(&x);
        *entry(&mut x, i) = old - h;
        let below = f(&x);
        *entry(&mut x, i) = old;
        *slope = (above - below) / (2.0 * h);
    }
    grad
    // end: gradient_check::numeric_gradient
}

/// Entry `i` of `x`, counted in row-major order.
fn entry<D: Dimension>(x: &mut Array<f64, D>, i: usize) -> &mut f64 {
    &mut x.as_slice_mut().expect("x is in row-major order")[i]
}

pub fn relative_error<D: Dimension>(a: &ArrayRef<f64, D>, b: &ArrayRef<f64, D>) -> f64 {
    assert!(
        a.shape() == b.shape(),
        "gradient_check::relative_error: a and b must have one shape; they are {:?} \
         and {:?}",
        a.shape(),
        b.shape(),
    );
    let pairs = a.iter().zip(b);
    // exercise: gradient_check::relative_error
    pairs
        .map(|(a, b)| (a - b).abs() / (a.abs() + b.abs()).max(1e-8))
        .fold(
            0.0,
            |worst, e| if e > worst || e.is_nan() { e } else { worst },
        )
    // end: gradient_check::relative_error
}

/// What a check of one gradient found.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The parameter.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Euclidean norm of the analytic gradient.
    pub analytic_norm: f64,
    /// Euclidean norm of the numeric gradient.
    pub numeric_norm: f64,
    /// The course's figure: the largest elementwise relative error.
    pub relative_error: f64,
    /// How many entries stood at a kink or within a step of one.
    pub kinks: usize,
    /// The verdict.
    pub verdict: Verdict,
}

/// Whether two gradients are the same.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Every entry agrees.
    Agrees,
    /// At least one entry does not; this is the worst.
    Differs {
        /// Its position, in row-major order.
        entry: usize,
        /// The numeric gradient there.
        numeric: f64,
        /// The analytic gradient there.
        analytic: f64,
    },
    /// An entry of one of the two is NaN or infinite.
    NotFinite,
    /// More than one entry in ten stood on a kink itself, where any slope between the
    /// two sides' will do: too little was compared.
    TooManyKinks,
}

impl Verdict {
    /// Whether the gradients agree.
    pub fn passed(&self) -> bool {
        *self == Verdict::Agrees
    }
}

pub fn check<D: Dimension>(
    name: &str,
    mut f: impl FnMut(&Array<f64, D>) -> f64,
    x: &ArrayRef<f64, D>,
    analytic: &ArrayRef<f64, D>,
) -> Check {
    let numeric = numeric_gradient(&mut f, x, STEP);
    let mut at = x.as_standard_layout().into_owned();
    let value = f(&at);
    let relative_error = relative_error(&numeric, analytic);
    let finite = numeric.iter().chain(analytic).all(|g| g.is_finite());

    let (mut kinks, mut between) = (0, 0);
    let mut worst: Option<(f64, usize, f64, f64)> = None;
    for (i, (&numeric, &analytic)) in numeric.iter().zip(analytic).enumerate() {
        let excess = (numeric - analytic).abs() / tolerance(analytic, value, STEP);
        if excess <= 1.0 || !finite {
            continue;
        }
        let old = *entry(&mut at, i);
        let along = |x: f64| {
            *entry(&mut at, i) = x;
            f(&at)
        };
        match kink(along, old, analytic) {
            Some(kink) => {
                kinks += 1;
                between += usize::from(kink == Kink::Between);
            }
            None if worst.is_none_or(|(most, ..)| excess > most) => {
                worst = Some((excess, i, numeric, analytic));
            }
            None => {}
        }
        *entry(&mut at, i) = old;
    }

    let verdict = match worst {
        _ if !finite => Verdict::NotFinite,
        Some((_, entry, numeric, analytic)) => Verdict::Differs {
            entry,
            numeric,
            analytic,
        },
        None if between * 10 > x.len() => Verdict::TooManyKinks,
        None => Verdict::Agrees,
    };
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

/// How far a numeric slope may be from the analytic one.
fn tolerance(analytic: f64, value: f64, h: f64) -> f64 {
    2e-10 * value.abs().max(1.0) * (STEP / h) + 1e-6 * analytic.abs()
}

/// How an analytic slope agrees with a function that has a kink.
#[derive(PartialEq)]
enum Kink {
    /// It is the slope on one side.
    OneSide,
    /// It lies between the slopes of the two sides, and `x` is on the kink.
    Between,
}

/// The kink within two steps of `x` that explains why a central difference misses the
/// `analytic` slope, if there is one.
///
/// The slope on each side comes from three points, so that curvature, which is the same
/// on both sides, drops out: `f'(x) = (4f(x + h) − f(x + 2h) − 3f(x))/2h + O(h²)`. The two
/// must differ by more than noise. Smaller steps look closer, and noise grows with them;
/// where noise could hide a mistake there is no excuse.
fn kink(mut f: impl FnMut(f64) -> f64, x: f64, analytic: f64) -> Option<Kink> {
    let value = f(x);
    let mut side = |h: f64| (4.0 * f(x + h) - f(x + 2.0 * h) - 3.0 * value) / (2.0 * h);
    for h in [STEP, STEP / 10.0, STEP / 100.0] {
        let (left, right) = (side(-h), side(h));
        let noise = 4.0 * tolerance(analytic, value, h);
        let (lower, upper) = (left.min(right), left.max(right));
        if upper - lower <= 2.0 * noise {
            continue;
        }
        if (left - analytic).abs() <= noise || (right - analytic).abs() <= noise {
            return Some(Kink::OneSide);
        }
        let is_smallest = h < STEP / 50.0;
        if is_smallest && (lower..=upper).contains(&analytic) {
            return Some(Kink::Between);
        }
    }
    None
}

pub fn check_net<D: Dimension>(
    net: &FullyConnectedNet<f64>,
    x: &ArrayRef<f64, D>,
    y: &[usize],
) -> Result<Vec<Check>, Error> {
    let (_, grads) = net.loss(x.view(), y)?;
    let mut probe = net.clone();
    let mut checks = Vec::new();
    for (name, analytic) in grads.iter() {
        let parameter = net.parameters().get(&name)?;
        let loss_at = |w: &ndarray::ArrayD<f64>| {
            probe.parameters.set(&name, w).expect("the shape it had");
            probe
                .loss_value(x.view(), y)
                .expect("the labels were checked")
        };
        checks.push(check(&name, loss_at, &parameter, &analytic));
        probe.parameters.set(&name, &parameter)?;
    }
    Ok(checks)
}
