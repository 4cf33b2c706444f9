//! Appendix: the gradient checker, which tells a wrong gradient from noise and from a kink.
//!
//! [Chapter 8](crate::gradient_check) measures a gradient, and says which differences are
//! noise and what a kink does to the measurement. [`check`] applies these rules to a function,
//! [`check_net`] to every parameter of a network.

use crate::gradient_check::{STEP, entry, numeric_gradient, relative_error};
use crate::{Error, FullyConnectedNet, Gradients, Layer, Normalization};
use ndarray::{Array, Array2, ArrayD, ArrayRef, ArrayRef2, Axis, Dimension, Zip};

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
    /// The entries that could not be compared, counted from 0 in row-major order: rounding
    /// drowns their gradient, or they stand on a kink.
    pub untold: Vec<usize>,
    /// Whether the two gradients are the same.
    pub verdict: Verdict,
}

/// Whether an analytic and a numeric gradient are the same.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Every entry that could be compared agrees.
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
    /// No entry differs, but there are some that could not be compared, [`Check::untold`].
    /// This is the one of them with the largest gradient.
    CannotTell {
        /// Its position, counted from 0 in row-major order.
        entry: usize,
        /// The analytic gradient there.
        analytic: f64,
        /// How far off the best measurement may be, by rounding or by a kink.
        noise: f64,
    },
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
    f: impl FnMut(&Array<f64, D>) -> f64,
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
    compare(name, f, x, analytic, Scale::default(), |_| None)
}

/// Checks the gradient of every parameter of a network, penalty included.
///
/// `x` is `(N, d₁, …, dₖ)`, `y` holds `N` labels. It takes two losses for each parameter,
/// and some more for each one whose gradient has to be measured again, so keep the network
/// small: the course's example, 1260 parameters, takes a few hundredths of a second.
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
    check_gradients(net, x, y, &grads)
}

/// Checks gradients that came from elsewhere: [`check_net`] is this with those of
/// [`FullyConnectedNet::loss`].
///
/// ```
/// use fully_connected::{FullyConnectedNet, Options, checker};
/// use ndarray::array;
///
/// let net = FullyConnectedNet::new(Options::new(2, &[], 3))?;
/// let (x, y) = (array![[1., 2.], [3., -4.]], [2, 0]);
/// let (_loss, mut grads) = net.loss(&x, &y)?;
/// grads.get_mut("W1")?[[1, 2]] *= 1.0001;
/// let checks = checker::check_gradients(&net, &x, &y, &grads)?;
/// assert!(!checks[0].verdict.passed());         // W1
/// assert!(checks[1].verdict.passed());          // b1
/// # Ok::<(), fully_connected::Error>(())
/// ```
///
/// # Errors and panics
///
/// As [`FullyConnectedNet::loss`]; it panics if the gradients do not have the shapes of the
/// parameters, too.
pub fn check_gradients<D: Dimension>(
    net: &FullyConnectedNet<f64>,
    x: &ArrayRef<f64, D>,
    y: &[usize],
    grads: &Gradients<f64>,
) -> Result<Vec<Check>, Error> {
    let loss = |net: &FullyConnectedNet<f64>| net.loss_value(x.view(), y);
    let units = Units::of(net, &net.rows(x.view().into()));
    check_all(net, loss, y.len(), grads, units.as_ref())
}

/// Checks the gradients of another loss: of a pass that is given its masks, say.
///
/// `loss` computes it for a network with a nudged parameter; it is the mean of `terms` losses,
/// give or take a penalty. Of its kinks nothing is known, as with [`check`].
///
/// ```
/// use fully_connected::deep::Pass;
/// use fully_connected::{FullyConnectedNet, Normalization, Options, checker};
/// use ndarray::array;
///
/// let options = Options {
///     normalization: Normalization::LayerNorm,
///     weight_scale: 1.,
///     ..Options::new(2, &[4], 3)
/// };
/// let net = FullyConnectedNet::<f64>::new(options)?;
/// let (x, y) = (array![[1., 2.], [3., -4.]], [2, 0]);
/// let masks = [array![[2., 0., 2., 2.], [2., 2., 0., 2.]]];
/// let pass = Pass::Masks(&masks);
///
/// let step = net.loss_in(&pass, &x, &y)?;
/// let loss = |net: &FullyConnectedNet<f64>| Ok(net.loss_in(&pass, &x, &y)?.loss);
/// for check in checker::check_gradients_of(&net, loss, 2, &step.grads)? {
///     assert!(check.verdict.passed(), "{check:?}");
/// }
/// # Ok::<(), fully_connected::Error>(())
/// ```
///
/// # Errors and panics
///
/// The errors of `loss`; it panics if the gradients do not have the shapes of the parameters.
pub fn check_gradients_of(
    net: &FullyConnectedNet<f64>,
    loss: impl Fn(&FullyConnectedNet<f64>) -> Result<f64, Error>,
    terms: usize,
    grads: &Gradients<f64>,
) -> Result<Vec<Check>, Error> {
    check_all(net, loss, terms, grads, None)
}

fn check_all(
    net: &FullyConnectedNet<f64>,
    loss: impl Fn(&FullyConnectedNet<f64>) -> Result<f64, Error>,
    terms: usize,
    grads: &Gradients<f64>,
    units: Option<&Units<'_>>,
) -> Result<Vec<Check>, Error> {
    grads.assert_shapes_of(net.parameters(), "checker::check_gradients");
    loss(net)?;
    let mut probe = net.clone();
    let mut checks = Vec::new();
    for (i, (name, analytic)) in grads.iter().enumerate() {
        let parameter = net.parameters().get(&name)?;
        let loss_at = |nudged: &ArrayD<f64>| {
            let parameter = probe.parameters.arrays_mut().nth(i);
            parameter.expect("one for each gradient").assign(nudged);
            loss(&probe).expect("the shapes and labels of the first loss")
        };
        // Without norms parameters come in pairs, the weights of a layer and its biases.
        let columns = (i % 2 == 0).then(|| parameter.shape().last().copied());
        let smooth = |entry: usize| {
            let (row, column) = match columns.flatten() {
                Some(columns) => (Some(entry / columns), entry % columns),
                None => (None, entry),
            };
            units.map(|units| units.smooth(i / 2, row, column))
        };
        let scale = Scale {
            terms,
            largest: largest_beside(net, grads, &name),
        };
        checks.push(compare(
            &name, loss_at, &parameter, &analytic, scale, smooth,
        ));
        probe.parameters.set(&name, &parameter)?;
    }
    Ok(checks)
}

/// What the numbers are measured by that a check compares.
#[derive(Debug, Clone, Copy, Default)]
struct Scale {
    /// The number of losses of which the value of the function is the mean, if it is one.
    terms: usize,
    /// The size of the largest gradient beside those that are checked.
    largest: f64,
}

/// For a bias in front of batch normalization the size of the largest gradient of its layer,
/// else 0.
///
/// Such a bias has no effect. Its gradient is 0, which is found to be so if what it is
/// measured to be, noise, is small beside the gradients of its layer.
fn largest_beside(
    net: &FullyConnectedNet<f64>,
    grads: &Gradients<f64>,
    name: &str,
) -> f64 {
    if net.options().normalization != Normalization::BatchNorm {
        return 0.0;
    }
    let largest = |entries: &mut dyn Iterator<Item = &f64>| {
        entries.fold(0.0, |most: f64, g| most.max(g.abs()))
    };
    let pairs = grads.layers().iter().zip(grads.norms());
    let mut dead = pairs
        .enumerate()
        .filter(|(i, _)| *name == format!("b{}", i + 1));
    dead.next().map_or(0.0, |(_, (layer, norm))| {
        largest(&mut layer.w.iter().chain(&norm.gamma).chain(&norm.beta))
    })
}

/// The check itself.
///
/// `smooth` says of each entry how far it can be moved, if that is known.
fn compare<D: Dimension>(
    name: &str,
    mut f: impl FnMut(&Array<f64, D>) -> f64,
    x: &ArrayRef<f64, D>,
    analytic: &ArrayRef<f64, D>,
    Scale { terms, largest }: Scale,
    smooth: impl Fn(usize) -> Option<Smooth>,
) -> Check {
    let numeric = numeric_gradient(&mut f, x, STEP);
    let relative_error = relative_error(&numeric, analytic);
    let mut x = x.as_standard_layout().into_owned();
    let finite = numeric.iter().chain(analytic).all(|g| g.is_finite());
    let largest = analytic.iter().fold(largest, |most, g| most.max(g.abs()));

    let mut rounding = None;
    let (mut kinks, mut untold) = (0, Vec::new());
    let mut worst: Option<(f64, Verdict)> = None;
    let mut hidden: Option<(f64, Verdict)> = None;
    for (i, (&numeric, &analytic)) in numeric.iter().zip(analytic).enumerate() {
        if !finite || (numeric - analytic).abs() <= ROUGHLY * analytic.abs() {
            continue;
        }
        let rounding =
            *rounding.get_or_insert_with(|| rounding_of(&mut f, &mut x, terms));
        let old = *entry(&mut x, i);
        let mut along = Along {
            f: |by: f64| {
                *entry(&mut x, i) = old + by;
                f(&x)
            },
            rounding,
            value: 0.0,
        };
        let found = along.look(numeric, analytic, largest, smooth(i));
        *entry(&mut x, i) = old;
        match found {
            Found::Agrees { kink } => kinks += usize::from(kink),
            Found::Differs { numeric, excess } => {
                if worst.as_ref().is_none_or(|(most, _)| excess > *most) {
                    let differs = Verdict::Differs {
                        entry: i,
                        numeric,
                        analytic,
                    };
                    worst = Some((excess, differs));
                }
            }
            Found::Untold { noise } => {
                untold.push(i);
                let size = analytic.abs();
                if hidden.as_ref().is_none_or(|(most, _)| size > *most) {
                    let cannot_tell = Verdict::CannotTell {
                        entry: i,
                        analytic,
                        noise,
                    };
                    hidden = Some((size, cannot_tell));
                }
            }
        }
    }
    let verdict = match worst.or(hidden) {
        _ if !finite => Verdict::NotFinite,
        Some((_, verdict)) => verdict,
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
        untold,
        verdict,
    }
}

/// Two slopes that differ by less than this share of the analytic one are the same.
const ROUGHLY: f64 = 1e-6;

/// A measurement tells something if it is good to this share of the entry's gradient, or to
/// the other share of the largest gradient in the array.
const TELLING: (f64, f64) = (1e-2, 1e-4);

/// How far off rounding makes a value of `f`, near `x`.
///
/// A few numbers are moved by a hair, up and down. What a straight line does not explain is
/// rounding: it is the second difference of three values, and so √6 times that of one. It is
/// no less than half of the last digit, and for a mean of `terms` numbers grows with their
/// root: so many roundings add up.
fn rounding_of<D: Dimension>(
    f: &mut impl FnMut(&Array<f64, D>) -> f64,
    x: &mut Array<f64, D>,
    terms: usize,
) -> f64 {
    const HAIR: f64 = 1.0 / (1_u64 << 40) as f64;
    let value = f(x);
    let mut most = 0.0_f64;
    for i in (0..x.len()).step_by(x.len().div_ceil(8)) {
        let old = *entry(x, i);
        *entry(x, i) = old + HAIR;
        let above = f(x);
        *entry(x, i) = old - HAIR;
        let below = f(x);
        *entry(x, i) = old;
        most = most.max((above - value + (below - value)).abs());
    }
    // The logarithm of a sum of exponentials is that of a number of 1 or more.
    let size = value.abs().max(if terms > 0 { 1.0 } else { 0.0 });
    let sum = f64::EPSILON / 4.0 * (1.0 + (terms.max(1) as f64).sqrt()) * size;
    sum.max(most / 6_f64.sqrt())
}

/// How far an entry can be moved before the function bends.
#[derive(Debug, Clone, Copy)]
struct Smooth {
    /// Downwards, upwards: to the next kink.
    reach: [f64; 2],
    /// Beyond this step curvature is too strong.
    step: f64,
}

/// What a closer look at an entry found.
enum Found {
    /// The gradient is the slope; near a kink, the slope of the side on which we stand.
    Agrees { kink: bool },
    /// It is another slope, by so many times what is allowed.
    Differs { numeric: f64, excess: f64 },
    /// The best measurement may be so far off, and tells nothing.
    Untold { noise: f64 },
}

/// A measured slope, and how far off it may be.
#[derive(Debug, Clone, Copy)]
struct Slope {
    slope: f64,
    doubt: f64,
}

impl Slope {
    /// Whether it may be the gradient.
    fn fits(&self, analytic: f64) -> bool {
        (self.slope - analytic).abs() <= self.doubt + ROUGHLY * analytic.abs()
    }

    /// The one that is less in doubt; NaN is in doubt.
    fn better(self, other: Option<Slope>) -> Option<Slope> {
        let both = other.into_iter().chain([self]);
        both.filter(|slope| slope.doubt.is_finite())
            .min_by(|a, b| a.doubt.total_cmp(&b.doubt))
    }
}

/// A function of one number, by how much that number is moved.
struct Along<F> {
    f: F,
    /// Its value where nothing is moved.
    value: f64,
    /// How far off rounding makes a value.
    rounding: f64,
}

impl<F: FnMut(f64) -> f64> Along<F> {
    /// Measures the slope as well as it can be measured, and compares.
    ///
    /// `numeric` is the slope by central differences, `largest` the size of the largest
    /// gradient in the array.
    fn look(
        &mut self,
        numeric: f64,
        analytic: f64,
        largest: f64,
        smooth: Option<Smooth>,
    ) -> Found {
        self.value = (self.f)(0.0);
        let noise = TWO_SIDES[2] * self.rounding / STEP;
        let differs = |measured: f64| Found::Differs {
            numeric: measured,
            excess: (measured - analytic).abs() / (noise + ROUGHLY * analytic.abs()),
        };

        // Whoever measures wrong finds the right slope wrong, and no kink is to blame.
        let ours = ((self.f)(STEP) - (self.f)(-STEP)) / (2.0 * STEP);
        let miss = (numeric - ours).abs();
        if miss > noise + 1e-9 * ours.abs() {
            return differs(numeric);
        }

        let telling = TELLING.0 * analytic.abs();
        let telling = telling.max(TELLING.1 * largest);
        let found = |best: Slope, kink: bool| {
            if !best.fits(analytic) {
                differs(best.slope)
            } else if best.doubt > telling {
                Found::Untold { noise: best.doubt }
            } else {
                Found::Agrees { kink }
            }
        };
        if let Some(smooth) = smooth {
            match self.between_kinks(smooth) {
                (None, _) => {
                    return Found::Untold {
                        noise: analytic.abs(),
                    };
                }
                // Where the forward pass is wrong the kinks are elsewhere.
                (Some(best), bent) if best.fits(analytic) || !bent => {
                    let [left, right] = smooth.reach;
                    return found(best, left.min(right) < STEP);
                }
                _ => {}
            }
        }

        let (centre, sides, kink) = self.anywhere(analytic);
        if let Some(centre) = centre
            && centre.doubt <= telling.max(TELLING.0 * centre.slope.abs())
        {
            // Kinks that are nearer than a step, and so shallow that rounding hides them,
            // could make so much.
            let hidden = Slope {
                doubt: centre.doubt.max(noise),
                ..centre
            };
            return found(
                if centre.fits(analytic) {
                    centre
                } else {
                    hidden
                },
                kink,
            );
        }

        // There is a kink near by, and each side has a slope of its own. If the gradient is
        // neither of them there may be another kink on the other side, or we stand on it.
        let nearest = sides.into_iter().flatten().min_by(|a, b| {
            let [a, b] = [a, b].map(|side| (side.slope - analytic).abs());
            a.total_cmp(&b)
        });
        match nearest {
            Some(side) if side.fits(analytic) => found(side, true),
            Some(side) => Found::Untold {
                noise: (side.slope - analytic).abs(),
            },
            None => Found::Untold {
                noise: analytic.abs(),
            },
        }
    }

    /// The best slope where it is known how far there is no kink; and whether there seems to
    /// be one all the same.
    fn between_kinks(&mut self, smooth: Smooth) -> (Option<Slope>, bool) {
        let [left, right] = smooth.reach;
        let (nearer, farther) = (left.min(right), left.max(right));
        let (mut best, mut bent) = (None::<Slope>, false);
        // At this step rounding alone is as much as what the best slope leaves in doubt.
        let idle = |best: Option<Slope>, noise: f64| {
            best.is_some_and(|best| noise >= best.doubt)
        };
        for h in steps(nearer, smooth.step).take(4) {
            if idle(best, TWO_SIDES[0] * self.rounding / h) {
                break;
            }
            let (below, above) = (self.side(-h), self.side(h));
            let slopes = self.both(&below, &above, h);
            best = slopes
                .into_iter()
                .fold(best, |best, slope| slope.better(best));
            bent |= self.bend(&below, &above, h).1;
        }
        // On the side where the kink is farther the steps can be longer.
        if farther > 2.0 * nearer {
            let sign = if left > right { -1.0 } else { 1.0 };
            for h in steps(farther, smooth.step).take(4) {
                if idle(best, ONE_SIDE[0] * self.rounding / h) {
                    break;
                }
                let side = self.side(sign * h);
                let slopes = self.one(&side, h);
                best = slopes
                    .into_iter()
                    .fold(best, |best, slope| slope.better(best));
            }
        }
        (best, bent)
    }

    /// The best slopes where nothing is known: of both sides together, of the left one, of
    /// the right one; and whether there is a kink within a step.
    fn anywhere(&mut self, analytic: f64) -> (Option<Slope>, [Option<Slope>; 2], bool) {
        let (mut centre, mut sides) = (None::<Slope>, [None::<Slope>; 2]);
        let mut kink = false;
        for h in steps(f64::INFINITY, 1.0 / 16.0) {
            let (below, above) = (self.side(-h), self.side(h));
            let (bend, bent) = self.bend(&below, &above, h);
            let [_, _, mut both] = self.both(&below, &above, h);
            both.doubt += bend;
            // Kinks can conspire at one step. A closer look has the last word.
            let closer = centre.is_some_and(|centre| {
                let off = (centre.slope - analytic).abs();
                !centre.fits(analytic) && both.fits(analytic) && both.doubt < off / 4.0
            });
            centre = if closer {
                Some(both)
            } else {
                both.better(centre)
            };
            for (best, side) in sides.iter_mut().zip([&below, &above]) {
                *best = self.one(side, h)[2].better(*best);
            }
            kink |= bent && (STEP..2.0 * STEP).contains(&h);
            // A closer look than this shows rounding.
            let useful = centre.map_or(f64::INFINITY, |centre| {
                centre.doubt.max((centre.slope - analytic).abs())
            });
            if TWO_SIDES[2] * self.rounding / h > useful / 2.0 {
                break;
            }
        }
        (centre, sides, kink)
    }

    /// The mean slopes up to `h`, `h/2` and `h/4`, to the left where `h` is negative.
    fn side(&mut self, h: f64) -> [f64; 3] {
        [h, h / 2.0, h / 4.0].map(|h| ((self.f)(h) - self.value) / h)
    }

    /// The slope where we stand, from the mean slopes to one side, in three ways.
    ///
    /// Mean slopes have errors in h, h², …; Richardson's extrapolation lets one after the
    /// other drop out. What it changed last is more than what is left.
    fn one(&self, &[whole, half, quarter]: &[f64; 3], h: f64) -> [Slope; 3] {
        let (once, closer) = (2.0 * half - whole, 2.0 * quarter - half);
        let twice = (4.0 * closer - once) / 3.0;
        self.slopes([whole, once, twice], [half, closer, closer], ONE_SIDE, h)
    }

    /// The same from both sides.
    ///
    /// The means of the two are central differences, with errors in h², h⁴, …
    fn both(&self, below: &[f64; 3], above: &[f64; 3], h: f64) -> [Slope; 3] {
        let [whole, half, quarter] = [0, 1, 2].map(|i| (below[i] + above[i]) / 2.0);
        let (once, closer) = ((4.0 * half - whole) / 3.0, (4.0 * quarter - half) / 3.0);
        let twice = (16.0 * closer - once) / 15.0;
        self.slopes([whole, once, twice], [half, closer, once], TWO_SIDES, h)
    }

    fn slopes(
        &self,
        slopes: [f64; 3],
        compared: [f64; 3],
        noise: [f64; 3],
        h: f64,
    ) -> [Slope; 3] {
        [0, 1, 2].map(|i| Slope {
            slope: slopes[i],
            doubt: noise[i] * self.rounding / h + 2.0 * (slopes[i] - compared[i]).abs(),
        })
    }

    /// By how much the slopes of the two sides differ, and whether that is a kink: neither
    /// rounding nor curvature.
    fn bend(&self, below: &[f64; 3], above: &[f64; 3], h: f64) -> (f64, bool) {
        let [left, right] = [below, above].map(|side| self.one(side, h)[2]);
        let bend = (right.slope - left.slope).abs();
        let size = left.slope.abs().max(right.slope.abs());
        (
            bend,
            bend > 2.0 * ONE_SIDE[2] * self.rounding / h + 1e-3 * size,
        )
    }
}

/// How much of the rounding of a value, divided by the step, a slope from both sides may
/// have in each of the three ways: five times its standard deviation, 0.71, 1.9, 4.1.
const TWO_SIDES: [f64; 3] = [3.5, 10.0, 20.0];

/// The same for a slope from one side: 1.4, 6.1, 13.4.
const ONE_SIDE: [f64; 3] = [7.0, 30.0, 67.0];

/// Smaller and smaller steps, of four binary digits each, so that hardly a number is rounded
/// by being moved.
fn steps(reach: f64, largest: f64) -> impl Iterator<Item = f64> {
    let first = (0.98 * reach).min(largest);
    let digit = first.log2().floor().exp2() / 8.0;
    let first = (first / digit).floor() * digit;
    std::iter::successors(Some(first), |h| Some(h / 8.0)).take_while(|&h| h > 1e-15)
}

/// What goes into each layer of a network, and the sums of its hidden units.
///
/// It is computed apart from the forward pass that is checked: with the parameters, and
/// nothing else of it.
struct Units<'a> {
    layers: &'a [Layer<f64>],
    inputs: Vec<Array2<f64>>,
    sums: Vec<Array2<f64>>,
}

impl<'a> Units<'a> {
    /// None for a network with normalization or dropout, where sums do not move in proportion
    /// or the masks are not known.
    fn of(net: &'a FullyConnectedNet<f64>, x: &ArrayRef2<f64>) -> Option<Units<'a>> {
        if !net.is_plain() {
            return None;
        }
        let layers = net.parameters().layers();
        let (mut inputs, mut sums) = (vec![x.to_owned()], Vec::new());
        for (i, layer) in layers[..layers.len() - 1].iter().enumerate() {
            sums.push(inputs[i].dot(&layer.w) + &layer.b);
            inputs.push(sums[i].mapv(|sum| if sum > 0.0 { sum } else { 0.0 }));
        }
        Some(Units {
            layers,
            inputs,
            sums,
        })
    }

    /// How far a weight, or where `row` is none a bias, can be moved until a unit is
    /// switched on or off; and how far until the scores have moved by much.
    ///
    /// As long as no unit is switched, every sum moves in proportion.
    fn smooth(&self, layer: usize, row: Option<usize>, column: usize) -> Smooth {
        let mut reach = [f64::INFINITY; 2];
        let outs = self.layers[layer].b.len();
        let mut moved = Array2::zeros((self.inputs[layer].nrows(), outs));
        match row {
            Some(row) => moved
                .column_mut(column)
                .assign(&self.inputs[layer].column(row)),
            None => moved.column_mut(column).fill(1.0),
        }
        for (sums, next) in self.sums[layer..].iter().zip(&self.layers[layer + 1..]) {
            Zip::from(&mut moved).and(sums).for_each(|moved, &sum| {
                if *moved != 0.0 {
                    let kink = -sum / *moved;
                    // At 0 a unit is off, and it is switched on by moving upwards.
                    let up = kink > 0.0 || (sum == 0.0 && *moved > 0.0);
                    let side = &mut reach[usize::from(up)];
                    *side = side.min(kink.abs());
                }
                if sum <= 0.0 {
                    *moved = 0.0;
                }
            });
            moved = moved.dot(&next.w);
        }
        let spread = moved.map_axis(Axis(1), |scores| {
            let most = scores.fold(f64::NEG_INFINITY, |most, &s| most.max(s));
            most - scores.fold(f64::INFINITY, |least, &s| least.min(s))
        });
        let spread = spread.fold(0.0_f64, |most, &s| most.max(s));
        Smooth {
            reach,
            step: (0.03 / spread).min(1.0),
        }
    }
}
