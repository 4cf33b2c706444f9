//! `sanity`: is the loss right before training, and are the gradients?

use crate::cli::failure::Failure;
use crate::cli::numbers::{joined, plain, short};
use crate::cli::outcome::Outcome;
use crate::cli::style::{self, BAD, QUIET, styled, verdict};
use crate::cli::values::{
    Sizes, check_size, count, normalization, not_negative, positive, share,
};
use crate::cli::whose::Whose;
use clap::Parser;
use fully_connected::experiments::{self, Experiment, Seen, Subjects};
use fully_connected::gradient_check::{self, Check, Verdict};
use fully_connected::{FullyConnectedNet, Normalization};
use ndarray::{Array2, ArrayView1, Axis};
use std::fmt;
use std::io::{self, Write};

/// The gradient check computes two losses for each parameter, and each loss takes time
/// in proportion to the parameters; so many take a minute.
const MOST_NUMBERS: u128 = 100_000;

/// Check the initial loss and every gradient of a small network
///
/// Builds a network for each strength of regularization, compares its loss with what
/// theory predicts for random weights, and its gradients with numeric ones.
///
/// The random numbers are NumPy's (RandomState), drawn in the order of the Python
/// notebook: the examples, the labels, then the weights of one network after the other.
/// With the default options all digits are the notebook's own.
///
/// A loss with normalization or dropout is that of a training pass. As in the notebook, each
/// dropout layer seeds the generator anew with 123 and draws its mask, and the next network's
/// weights follow the last mask.
#[derive(Debug, Parser)]
#[command(after_long_help = EXAMPLES)]
pub struct Sanity {
    /// Sizes of the hidden layers, first to last; `none` for a linear classifier
    #[arg(long, value_name = "SIZES", default_value = "20,30")]
    hidden: Sizes,

    /// Size of an example: one number, or a shape such as 3,4,4
    #[arg(long, value_name = "SHAPE", default_value = "15")]
    input: Sizes,

    /// Number of classes
    #[arg(long, value_name = "C", default_value = "10", value_parser = count)]
    classes: usize,

    /// Number of examples
    #[arg(long, value_name = "N", default_value = "2", value_parser = count)]
    examples: usize,

    /// Strengths of the L2 regularization: a network is built for each
    #[arg(
        long,
        value_name = "REGS",
        default_value = "0,3.14",
        value_delimiter = ',',
        allow_negative_numbers = true,
        value_parser = not_negative
    )]
    reg: Vec<f64>,

    /// Standard deviation of the initial weights
    #[arg(long, value_name = "STD", default_value = "0.05",
        allow_negative_numbers = true, value_parser = positive)]
    weight_scale: f64,

    /// What stands in front of each ReLU: none, batchnorm or layernorm
    #[arg(long, value_name = "NORM", default_value = "none",
        value_parser = normalization)]
    normalization: Normalization,

    /// Probability of keeping an activation; 1 is no dropout
    #[arg(long, value_name = "P", default_value = "1",
        allow_negative_numbers = true, value_parser = share)]
    keep_ratio: f64,

    /// Seed of the random numbers
    #[arg(long, default_value = "231")]
    seed: u32,
}

const EXAMPLES: &str = "\
Examples:
  fully-connected sanity                         the notebook's networks
  fully-connected sanity --hidden 8,8,8,8        more layers
  fully-connected sanity --hidden none --reg 1   one layer, regularized
  fully-connected sanity --normalization batchnorm --keep-ratio 0.8";

/// What was found out about the networks.
#[derive(Debug, Default)]
struct Found {
    losses: Vec<f64>,
    /// Those of a network together, with the network's number.
    checks: Vec<(usize, Check)>,
}

impl Sanity {
    /// The default options: the notebook's networks.
    pub fn usual() -> Sanity {
        Sanity::try_parse_from(["sanity"]).expect("the defaults are good options")
    }

    /// Runs both checks on every network.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        self.check_size()?;
        let whose = Whose::here("deep", &self.experiment().without(), out)?;
        self.show(&whose, true, out)
    }

    /// Shows both checks: the initial loss of every network, the gradients of all, or of the
    /// last alone, which has every term in its loss.
    pub fn show(
        &self,
        whose: &Whose,
        all: bool,
        out: &mut impl Write,
    ) -> Result<Outcome, Failure> {
        let experiment = experiments::Sanity {
            all,
            ..self.experiment()
        };
        let subjects = experiment.subjects()?;
        let mut found = Found::default();
        let ended =
            whose.see(&Experiment::Sanity(experiment), &mut |seen| match seen {
                Seen::Loss(loss) => found.losses.push(loss),
                Seen::Gradient(net, check) => found.checks.push((net, check)),
                _ => {}
            });
        let mut outcome = self.initial_losses(&subjects, &found.losses, out)?;
        for (nth, net) in subjects.nets.iter().enumerate() {
            let checks = found.checks.iter().filter(|(net, _)| *net == nth);
            let checks: Vec<_> = checks.map(|(_, check)| check).collect();
            if !checks.is_empty() {
                outcome = outcome.and(gradients(&checks, net.options().reg, out)?);
            }
        }
        ended.map(|()| outcome)
    }

    fn experiment(&self) -> experiments::Sanity {
        experiments::Sanity {
            hidden: self.hidden.0.clone(),
            input: self.input.0.clone(),
            classes: self.classes,
            examples: self.examples,
            reg: self.reg.clone(),
            weight_scale: self.weight_scale,
            normalization: self.normalization,
            keep_ratio: self.keep_ratio,
            seed: self.seed,
            all: true,
        }
    }

    /// What stands between the layers, and which pass that is.
    fn training_pass(&self) -> Option<String> {
        let norm = match self.normalization {
            Normalization::None => None,
            Normalization::BatchNorm => Some("batch normalization".to_owned()),
            Normalization::LayerNorm => Some("layer normalization".to_owned()),
        };
        let dropout = (self.keep_ratio < 1.0)
            .then(|| format!("dropout that keeps {}", plain(self.keep_ratio)));
        let both: Vec<_> = norm.into_iter().chain(dropout).collect();
        (!both.is_empty()).then(|| format!("a training pass with {}", both.join(", ")))
    }

    fn check_size(&self) -> Result<(), Failure> {
        let why = "the gradient check";
        check_size(&self.sizes(), self.examples, MOST_NUMBERS, why)
    }

    /// All sizes from the input to the classes.
    fn sizes(&self) -> Sizes {
        let saturating = |product: usize, &n: &usize| product.saturating_mul(n);
        let mut sizes = vec![self.input.0.iter().fold(1, saturating)];
        sizes.extend(&self.hidden.0);
        sizes.push(self.classes);
        Sizes(sizes)
    }

    /// The table of initial losses.
    fn initial_losses(
        &self,
        subjects: &Subjects,
        losses: &[f64],
        out: &mut impl Write,
    ) -> Result<Outcome, Failure> {
        let about = format!(
            "network {}, weight scale {}, N = {}",
            self.sizes(),
            plain(self.weight_scale),
            self.examples
        );
        style::heading(out, "The loss before training", &about)?;
        if let Some(line) = self.training_pass() {
            writeln!(out, "  {line}")?;
        }
        let titles = format!("  {:>6}  {:>16}    predicted", "reg", "loss");
        writeln!(out, "{}", styled(QUIET, titles))?;
        let mut outcome = Outcome::Done;
        for (net, &loss) in subjects.nets.iter().zip(losses) {
            let prediction = Prediction::of(net, &subjects.scores(net));
            let good = prediction.holds(loss);
            let reg = net.options().reg;
            let prediction = verdict(good, prediction);
            writeln!(out, "  {reg:>6}  {loss:>16.12}  {prediction}")?;
            outcome = outcome.and(Outcome::done_if(good));
        }
        let width = style::width().saturating_sub(4).min(72);
        for line in textwrap::wrap(EXPLANATION, width) {
            writeln!(out, "  {}", styled(QUIET, line))?;
        }
        Ok(outcome)
    }
}

const EXPLANATION: &str = "\
A network that knows nothing gives each of C classes about 1/C: a loss of ln C. Each of \
n weights adds about ½·reg·(weight scale)². After the ± stands how far the scores differ \
already, plus the luck of the draw: where it is large, the prediction says little.";

/// The loss that theory predicts for a network with random weights.
struct Prediction {
    value: f64,
    /// The distance from `value` that the loss may have.
    margin: f64,
    formula: String,
}

impl Prediction {
    /// For a network whose loss is computed from these scores.
    fn of(net: &FullyConnectedNet<f64>, scores: &Array2<f64>) -> Prediction {
        let options = net.options();
        let weights: usize = net.parameters().layers().iter().map(|l| l.w.len()).sum();
        let classes = options.classes as f64;
        let penalty =
            |squares: f64| 0.5 * options.reg * options.weight_scale.powi(2) * squares;

        // With equal scores the loss is ln C. Scores that lie within s of each other
        // move it by s at most.
        let spread = |scores: ArrayView1<f64>| {
            let ends = (f64::INFINITY, f64::NEG_INFINITY);
            let (low, high) =
                scores.fold(ends, |(low, high), &s| (low.min(s), high.max(s)));
            high - low
        };
        let spreads = scores.map_axis(Axis(1), spread);
        let data_margin = spreads.fold(0.0_f64, |most, &s| most.max(s));

        // The squares of n standard normals add up to n, give or take 2√(nt) + 2t in all
        // but 2 of e^t cases (Laurent and Massart 2000, lemma 1); 2/e¹² is 1 in 81,000.
        let n = weights as f64;
        let t = 12.0;
        let formula = match options.reg {
            0.0 => format!("ln {classes}"),
            reg => format!("ln {classes} + ½·{reg}·{}²·{n}", options.weight_scale),
        };
        Prediction {
            value: classes.ln() + penalty(n),
            margin: data_margin + penalty(2.0 * (n * t).sqrt() + 2.0 * t),
            formula,
        }
    }

    /// Whether the loss is where it is expected. NaN is not.
    fn holds(&self, loss: f64) -> bool {
        // Rounding moves a loss, too.
        let rounding = 1e-12 * self.value.max(1.0);
        (loss - self.value).abs() <= self.margin + rounding
    }
}

impl fmt::Display for Prediction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Prediction {
            value,
            margin,
            formula,
        } = self;
        write!(f, "{value:.4} ± {:<6} = {formula}", short(*margin))
    }
}

/// The table of gradients, one row a parameter.
fn gradients(
    checks: &[&Check],
    reg: f64,
    out: &mut impl Write,
) -> Result<Outcome, Failure> {
    let title = format!("The gradients at reg {reg}");
    let about = format!(
        "numeric: central differences, h = {:?}",
        gradient_check::STEP
    );
    style::heading(out, &title, &about)?;
    let titles = format!(
        "  {:<9}  {:<11}  {:>10}  {:>10}  {:>5}",
        "parameter", "shape", "‖analytic‖", "‖numeric‖", "kinks"
    );
    let is_wide = style::width() >= WIDE;
    if is_wide {
        writeln!(out, "{}", styled(QUIET, titles))?;
    }
    for check in checks {
        gradient_row(check, is_wide, out)?;
    }
    let untold = |check: &Check| matches!(check.verdict, Verdict::CannotTell { .. });
    if checks.iter().copied().any(untold) {
        for line in WHAT_TO_TRY.lines() {
            writeln!(out, "  {}", styled(QUIET, line))?;
        }
    }
    let good = checks.iter().all(|check| check.verdict.passed());
    Ok(Outcome::done_if(good))
}

/// The columns that the whole table needs, with the watcher's margin.
const WIDE: usize = 78;

fn gradient_row(check: &Check, is_wide: bool, out: &mut impl Write) -> io::Result<()> {
    let (analytic, numeric) = (check.analytic_norm, check.numeric_norm);
    let shape = joined(&check.shape, " × ");
    write!(out, "  {:<9}  {shape:<11}  ", check.name)?;
    if is_wide {
        let kinks = check.kinks;
        write!(out, "{analytic:>10.6}  {numeric:>10.6}  {kinks:>5}  ")?;
    }
    let words = in_words(&check.verdict);
    writeln!(out, "{}", verdict(check.verdict.passed(), words))?;
    let at = |entry| position(entry, &check.shape);
    let line = match check.verdict {
        Verdict::Differs {
            entry,
            numeric,
            analytic,
        } => format!(
            "worst at {:?}: analytic {analytic:.4e}, numeric {numeric:.4e}",
            at(entry)
        ),
        Verdict::CannotTell {
            entry,
            analytic,
            noise,
        } => format!(
            "{} of {}, largest at {:?}: analytic {analytic:.1e}, noise {noise:.1e}",
            check.untold.len(),
            check.shape.iter().product::<usize>(),
            at(entry)
        ),
        _ => return Ok(()),
    };
    writeln!(out, "             {}", styled(BAD, line))
}

const WHAT_TO_TRY: &str = "\
Where rounding drowns a gradient nothing can be said for it or against it. The
loss is rounded at its 16th digit, and these weights move it by hardly more.
Try a larger --weight-scale, fewer layers in --hidden, or fewer --examples.";

fn in_words(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Agrees => "they agree",
        Verdict::Differs { .. } => "they differ",
        Verdict::NotFinite => "NaN or infinite",
        Verdict::CannotTell { .. } => "cannot tell",
    }
}

/// The index of an entry that was counted in row-major order.
fn position(entry: usize, shape: &[usize]) -> Vec<usize> {
    let mut rest = entry;
    let mut index: Vec<usize> = shape
        .iter()
        .rev()
        .map(|&n| {
            let i = rest % n;
            rest /= n;
            i
        })
        .collect();
    index.reverse();
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sanity(options: &[&str]) -> Sanity {
        Sanity::parse_from([&["sanity"], options].concat())
    }

    #[test]
    fn predicts_what_the_notebook_expects() {
        let sanity = sanity(&[]);
        let subjects = sanity.experiment().subjects().unwrap();
        let prediction = |i: usize| {
            let net = &subjects.nets[i];
            Prediction::of(net, &subjects.scores(net))
        };
        // ½ · 3.14 · 0.0025 · 1200 = 4.71
        assert!((prediction(0).value - 10_f64.ln()).abs() < 1e-6);
        assert!((prediction(1).value - 10_f64.ln() - 4.71).abs() < 1e-6);
        assert_eq!(prediction(1).formula, "ln 10 + ½·3.14·0.05²·1200");
    }

    #[test]
    fn refuses_the_losses_of_known_mistakes() {
        let sanity = sanity(&[]);
        let subjects = sanity.experiment().subjects().unwrap();
        let prediction = |i: usize| {
            let net = &subjects.nets[i];
            Prediction::of(net, &subjects.scores(net))
        };
        assert!(prediction(0).holds(2.3004790897684924));
        assert!(prediction(1).holds(7.052114776533016));
        // The loss summed over the two examples; no last layer in the penalty; no ½;
        // the penalty divided by N; the weight scale as a variance.
        assert!(!prediction(0).holds(2.0 * 2.3004790897684924));
        for wrong in [
            5.940411485412347,
            11.802581337290956,
            4.676881496154046,
            97.4,
        ] {
            assert!(!prediction(1).holds(wrong), "{wrong}");
        }
        assert!(!prediction(0).holds(f64::NAN));
    }

    #[test]
    fn predicts_the_loss_of_networks_of_all_sizes() {
        for seed in 0..200 {
            let hidden = ["none", "1", "7", "3,4,5"][seed % 4];
            let input = ["1", "2", "3,4"][seed % 3];
            let scale = ["1e-3", "0.1", "3"][seed % 5 % 3];
            let seed = seed.to_string();
            let sanity = sanity(&[
                "--hidden",
                hidden,
                "--input",
                input,
                "--weight-scale",
                scale,
                "--seed",
                &seed,
                "--classes",
                "3",
                "--reg",
                "0,1",
            ]);
            let subjects = sanity.experiment().subjects().unwrap();
            let (x, y) = (&subjects.x, &subjects.y);
            let losses = subjects
                .nets
                .iter()
                .map(|net| net.loss_value(x, y).unwrap());
            let losses: Vec<_> = losses.collect();
            let outcome = sanity.initial_losses(&subjects, &losses, &mut io::sink());
            assert_eq!(outcome.unwrap(), Outcome::Done, "{sanity:?}");
        }
    }

    #[test]
    fn shows_where_two_gradients_differ_the_most() {
        let check = Check {
            name: "W1".to_owned(),
            shape: vec![2, 5],
            analytic_norm: 1.0,
            numeric_norm: 2.0,
            relative_error: 0.5,
            kinks: 0,
            untold: Vec::new(),
            verdict: Verdict::Differs {
                entry: 7,
                numeric: 2.0,
                analytic: 1.0,
            },
        };
        let mut out = anstream::StripStream::new(Vec::new());
        gradient_row(&check, true, &mut out).unwrap();
        let row = String::from_utf8(out.into_inner()).unwrap();
        let worst = "worst at [1, 2]: analytic 1.0000e0, numeric 2.0000e0\n";
        assert!(row.contains("✗ they differ\n"), "{row}");
        assert!(row.ends_with(worst), "{row}");
        assert!(row.lines().all(|line| line.chars().count() <= 80), "{row}");
    }

    #[test]
    fn finds_the_index_of_an_entry() {
        assert_eq!(position(7, &[2, 5]), [1, 2]);
        assert_eq!(position(3, &[4]), [3]);
    }
}
