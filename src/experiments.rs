//! The course's experiments: whether a network's loss and gradients are right, whether
//! it can learn fifty images by heart, and how well it does on images it has never seen.
//!
//! The runner makes them with this crate's own code. In a workbook this file belongs to the
//! example `learn`, which makes them with the student's, and reports to the runner what it
//! sees, a line each: so the words of its command line and of its report stand here too.

use crate::careful::{Network, RULES, Train};
use crate::checker::check_gradients_of;
use crate::deep::Pass;
use crate::dropout;
use crate::fifty::Images;
use crate::folder::Folder;
use crate::gradient_check::{Check, Verdict, check_net};
use crate::numpy::RandomState;
use crate::overfit::{History, Training, layer_stds, train};
use crate::plan::{End, Plan};
use crate::{Error, FullyConnectedNet, Normalization, Options};
use ndarray::{Array2, IxDyn};
use std::fmt::{self, Display};
use std::path::PathBuf;
use std::str::FromStr;

/// Numbers in an image, `3·32·32`, and classes of CIFAR-10.
pub const INPUTS: usize = 3072;
/// The number of CIFAR-10's classes.
pub const CLASSES: usize = 10;

/// An experiment.
#[derive(Debug, Clone, PartialEq)]
pub enum Experiment {
    /// The initial losses and the gradients of small networks.
    Sanity(Sanity),
    /// Fifty images, learned by heart.
    Overfit(Overfit),
    /// A network trained with care, on the images of a folder.
    Train(Train, Folder),
    /// The scores that a network gives the images of a folder.
    Scores(Network, Folder),
}

/// What an experiment has seen.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// The initial loss of the next network.
    Loss(f64),
    /// The check of a gradient of that network, counted from 0.
    Gradient(usize, Check),
    /// The standard deviations of each layer's sums before training.
    Stds(Vec<f64>),
    /// The loss of a step.
    Step(f64),
    /// The accuracy after an epoch.
    Epoch(f64),
    /// A careful training begins.
    Begun {
        /// How many steps an epoch has.
        steps: usize,
        /// The penalty of the network as it came.
        penalty: f64,
        /// The validation accuracy of the network as it came.
        before: f64,
    },
    /// Both accuracies after an epoch of it, on training and on validation images.
    Measured(f64, f64),
    /// It has ended: the best epoch, its validation accuracy, and how.
    Ended(usize, f64, End),
}

impl Experiment {
    /// Makes it, and says what it sees as it goes.
    ///
    /// # Errors
    ///
    /// If an option or a file is refused, or training diverges.
    pub fn run(&self, say: &mut dyn FnMut(Seen)) -> Result<(), Error> {
        match self {
            Experiment::Sanity(sanity) => sanity.run(say),
            Experiment::Overfit(overfit) => overfit.run(say),
            Experiment::Train(train, folder) => train.run(folder, say),
            Experiment::Scores(network, folder) => network.run(folder),
        }
    }
}

/// Small networks, one for each strength of regularization.
///
/// The random numbers are NumPy's, drawn in the order of the Python notebook: the examples,
/// the labels, then the weights of one network after the other. The notebook's dropout layers
/// seed the generator anew, with [`MASK_SEED`], before they draw their masks: all masks begin
/// alike, and the next network's weights are drawn from where the last mask stopped.
#[derive(Debug, Clone, PartialEq)]
pub struct Sanity {
    /// The sizes of the hidden layers.
    pub hidden: Vec<usize>,
    /// The shape of an example.
    pub input: Vec<usize>,
    /// The number of classes.
    pub classes: usize,
    /// The number of examples.
    pub examples: usize,
    /// The strengths of regularization.
    pub reg: Vec<f64>,
    /// The standard deviation of the weights.
    pub weight_scale: f64,
    /// What stands in front of each ReLU.
    pub normalization: Normalization,
    /// The probability of keeping an activation.
    pub keep_ratio: f64,
    /// The seed of the random numbers.
    pub seed: u32,
    /// Whether the gradients of all networks are checked, or of the last one alone.
    pub all: bool,
}

impl Default for Sanity {
    /// The notebook's networks.
    #[allow(clippy::approx_constant, reason = "the notebook's 3.14 is no π")]
    fn default() -> Sanity {
        Sanity {
            hidden: vec![20, 30],
            input: vec![15],
            classes: 10,
            examples: 2,
            reg: vec![0.0, 3.14],
            weight_scale: 0.05,
            normalization: Normalization::None,
            keep_ratio: 1.0,
            seed: 231,
            all: true,
        }
    }
}

/// The chapters of which it is true.
pub(crate) fn those(chapters: &[(&'static str, bool)]) -> Vec<&'static str> {
    let chapters = chapters.iter().filter(|(_, is_so)| *is_so);
    chapters.map(|(chapter, _)| *chapter).collect()
}

/// The seed of the masks in the notebook.
pub const MASK_SEED: u32 = 123;

/// The examples, their labels, and the networks.
pub struct Subjects {
    /// `(N, D)`.
    pub x: Array2<f64>,
    /// `N` labels.
    pub y: Vec<usize>,
    /// The networks, one for each strength of regularization.
    pub nets: Vec<FullyConnectedNet<f64>>,
    /// The masks of each hidden layer, in all networks the same; none without dropout.
    pub masks: Vec<Array2<f64>>,
}

impl Subjects {
    /// The training pass through a network with normalization or dropout.
    fn pass(&self) -> Pass<'_, f64> {
        if self.masks.is_empty() {
            Pass::Train { seed: 0, step: 0 }
        } else {
            Pass::Masks(&self.masks)
        }
    }

    /// The scores that the loss before training is computed from.
    pub fn scores(&self, net: &FullyConnectedNet<f64>) -> Array2<f64> {
        if net.is_plain() {
            return net.scores(&self.x);
        }
        let (scores, _caches, _moments) = net.forward_in(&self.pass(), &self.x);
        scores
    }

    /// The loss before training.
    fn loss(&self, net: &FullyConnectedNet<f64>) -> Result<f64, Error> {
        if net.is_plain() {
            return net.loss_value(&self.x, &self.y);
        }
        Ok(net.loss_in(&self.pass(), &self.x, &self.y)?.loss)
    }

    /// The check of every gradient.
    fn checks(&self, net: &FullyConnectedNet<f64>) -> Result<Vec<Check>, Error> {
        if net.is_plain() {
            return check_net(net, &self.x, &self.y);
        }
        let step = net.loss_in(&self.pass(), &self.x, &self.y)?;
        let loss = |net: &FullyConnectedNet<f64>| self.loss(net);
        check_gradients_of(net, loss, self.y.len(), &step.grads)
    }
}

impl Sanity {
    /// Draws everything from one generator, in the notebook's order.
    ///
    /// # Errors
    ///
    /// If an option is refused.
    pub fn subjects(&self) -> Result<Subjects, Error> {
        let mut numpy = RandomState::new(self.seed);
        let shape = (self.examples, self.input.iter().product());
        let x = Array2::from_shape_simple_fn(shape, || numpy.randn());
        let y = (0..self.examples)
            .map(|_| numpy.randint(self.classes))
            .collect();
        let (mut nets, mut masks) = (Vec::new(), Vec::new());
        for &reg in &self.reg {
            let options = Options {
                reg,
                weight_scale: self.weight_scale,
                normalization: self.normalization,
                dropout_keep_ratio: self.keep_ratio,
                ..Options::new(IxDyn(&self.input), &self.hidden, self.classes)
            };
            let net = FullyConnectedNet::with_normals(options, numpy.normals())?;
            nets.push(net);
            if self.keep_ratio < 1.0 {
                masks = self.masks(&mut numpy);
            }
        }
        Ok(Subjects { x, y, nets, masks })
    }

    /// The masks of a pass, each drawn from a generator that was seeded anew.
    fn masks(&self, numpy: &mut RandomState) -> Vec<Array2<f64>> {
        let mask = |&units: &usize| {
            *numpy = RandomState::new(MASK_SEED);
            let mut uniforms = std::iter::repeat_with(|| numpy.random_sample());
            dropout::mask((self.examples, units), self.keep_ratio, &mut uniforms)
        };
        self.hidden.iter().map(mask).collect()
    }

    /// The chapters that the networks do not need.
    pub fn without(&self) -> Vec<&'static str> {
        let norm = self.normalization;
        let is_plain = norm == Normalization::None && self.keep_ratio == 1.0;
        those(&[
            // Nothing is learned.
            ("overfit", true),
            ("optim", true),
            ("batch_norm", norm != Normalization::BatchNorm),
            ("layer_norm", norm != Normalization::LayerNorm),
            ("dropout", self.keep_ratio == 1.0),
            ("deep", is_plain),
        ])
    }

    /// The number of the first network whose gradients are checked.
    pub fn first_checked(&self) -> usize {
        if self.all {
            0
        } else {
            self.reg.len().saturating_sub(1)
        }
    }

    fn run(&self, say: &mut dyn FnMut(Seen)) -> Result<(), Error> {
        let subjects = self.subjects()?;
        for net in &subjects.nets {
            say(Seen::Loss(subjects.loss(net)?));
        }
        let nets = subjects.nets.iter().enumerate();
        for (nth, net) in nets.skip(self.first_checked()) {
            for check in subjects.checks(net)? {
                say(Seen::Gradient(nth, check));
            }
        }
        Ok(())
    }
}

/// Fifty images, and a network to learn them by heart.
#[derive(Debug, Clone, PartialEq)]
pub struct Overfit {
    /// The number of affine layers, the last one included, at least 1.
    pub layers: usize,
    /// The size of each hidden layer.
    pub hidden: usize,
    /// The standard deviation of the weights.
    pub weight_scale: f64,
    /// The learning rate.
    pub rate: f64,
    /// The number of epochs.
    pub epochs: usize,
    /// The number of images that a step draws.
    pub batch: usize,
    /// The seed of the weights and of the batches.
    pub seed: u64,
    /// CIFAR-10's files; without any, the images are made up.
    pub data: Vec<PathBuf>,
}

impl Default for Overfit {
    /// The course's three layers.
    fn default() -> Overfit {
        Overfit {
            layers: 3,
            hidden: 100,
            weight_scale: 2e-2,
            rate: 1e-2,
            epochs: 20,
            batch: 25,
            seed: 0,
            data: Vec::new(),
        }
    }
}

impl Overfit {
    /// The weight scale and the rate with which a network of so many layers learns.
    pub fn good(layers: usize) -> (f64, f64) {
        let usual = Overfit::default();
        if layers == usual.layers {
            (usual.weight_scale, usual.rate)
        } else {
            (1e-1, 1e-3)
        }
    }

    fn run(&self, say: &mut dyn FnMut(Seen)) -> Result<(), Error> {
        let images = Images::load(&self.data)?;
        let hidden = vec![self.hidden; self.layers - 1];
        let mut net = FullyConnectedNet::<f64>::new(Options {
            weight_scale: self.weight_scale,
            seed: self.seed,
            ..Options::new((3, 32, 32), &hidden, CLASSES)
        })?;
        say(Seen::Stds(layer_stds(&net, &images.x)));
        let training = Training {
            epochs: self.epochs,
            batch: self.batch,
            learning_rate: self.rate,
            seed: self.seed,
        };
        let mut said = (0, 0);
        let mut tell = |history: &History| {
            let History {
                losses, accuracies, ..
            } = history;
            for loss in losses.iter().skip(said.0) {
                say(Seen::Step(*loss));
            }
            for accuracy in accuracies.iter().skip(said.1) {
                say(Seen::Epoch(*accuracy));
            }
            said = (losses.len(), accuracies.len());
        };
        let history = train(&mut net, &images.x, &images.y, &training, &mut tell)?;
        // A loop that does not call back is told of at its end.
        tell(&history);
        Ok(())
    }
}

// The words.

impl Experiment {
    /// The command line of the example `learn` that asks for it.
    pub fn words(&self) -> Vec<String> {
        let (name, options) = match self {
            Experiment::Sanity(s) => {
                let options = vec![
                    ("hidden", listed(&s.hidden)),
                    ("input", listed(&s.input)),
                    ("classes", s.classes.to_string()),
                    ("examples", s.examples.to_string()),
                    ("reg", listed(&s.reg)),
                    ("weight-scale", s.weight_scale.to_string()),
                    ("normalization", s.normalization.to_string()),
                    ("keep-ratio", s.keep_ratio.to_string()),
                    ("seed", s.seed.to_string()),
                    ("all", s.all.to_string()),
                ];
                ("sanity", options)
            }
            Experiment::Overfit(o) => {
                let mut options = vec![
                    ("layers", o.layers.to_string()),
                    ("hidden", o.hidden.to_string()),
                    ("weight-scale", o.weight_scale.to_string()),
                    ("rate", o.rate.to_string()),
                    ("epochs", o.epochs.to_string()),
                    ("batch", o.batch.to_string()),
                    ("seed", o.seed.to_string()),
                ];
                let files = o.data.iter().map(|file| file.display().to_string());
                options.extend(files.map(|file| ("data", file)));
                ("overfit", options)
            }
            Experiment::Train(train, folder) => {
                let plan = &train.plan;
                let mut options = network_words(&train.network, folder);
                options.extend([
                    ("rule", train.rule.clone()),
                    ("rate", plan.rate.to_string()),
                    ("decay", plan.decay.to_string()),
                    ("epochs", plan.epochs.to_string()),
                    ("batch", plan.batch.to_string()),
                    ("order", plan.seed.to_string()),
                    ("first", plan.first.to_string()),
                ]);
                ("train", options)
            }
            Experiment::Scores(network, folder) => {
                ("scores", network_words(network, folder))
            }
        };
        let options = options.into_iter();
        let words = options.flat_map(|(name, value)| [format!("--{name}"), value]);
        std::iter::once(name.to_owned()).chain(words).collect()
    }

    /// The experiment that a command line asks for.
    ///
    /// # Errors
    ///
    /// A sentence about the word that cannot be read.
    pub fn of_words(words: &[String]) -> Result<Experiment, String> {
        let (kind, words) = match words.split_first() {
            Some((kind, rest)) if KINDS.contains(&kind.as_str()) => {
                (kind.as_str(), rest)
            }
            _ => ("overfit", words),
        };
        let (mut sanity, mut overfit) = (Sanity::default(), Overfit::default());
        let (mut network, mut plan) = (Network::default(), Plan::default());
        let (mut rule, mut folder) = ("adam".to_owned(), Folder(PathBuf::new()));
        for pair in words.chunks(2) {
            let [name, value] = pair else {
                return Err(format!("`{}` needs a value", pair[0]));
            };
            match (kind, name.as_str()) {
                ("sanity", "--hidden") => sanity.hidden = list(name, value)?,
                ("sanity", "--input") => sanity.input = list(name, value)?,
                ("sanity", "--classes") => sanity.classes = read(name, value)?,
                ("sanity", "--examples") => sanity.examples = read(name, value)?,
                ("sanity", "--reg") => sanity.reg = list(name, value)?,
                ("sanity", "--weight-scale") => {
                    sanity.weight_scale = read(name, value)?
                }
                ("sanity", "--normalization") => {
                    sanity.normalization = read(name, value)?;
                }
                ("sanity", "--keep-ratio") => sanity.keep_ratio = read(name, value)?,
                ("sanity", "--seed") => sanity.seed = read(name, value)?,
                ("sanity", "--all") => sanity.all = read(name, value)?,
                ("overfit", "--layers") => overfit.layers = read(name, value)?,
                ("overfit", "--hidden") => overfit.hidden = read(name, value)?,
                ("overfit", "--weight-scale") => {
                    overfit.weight_scale = read(name, value)?;
                }
                ("overfit", "--rate") => overfit.rate = read(name, value)?,
                ("overfit", "--epochs") => overfit.epochs = read(name, value)?,
                ("overfit", "--batch") => overfit.batch = read(name, value)?,
                ("overfit", "--seed") => overfit.seed = read(name, value)?,
                ("overfit", "--data") => overfit.data.push(value.into()),
                ("train", "--rule") if RULES.contains(&value.as_str()) => {
                    rule = value.clone();
                }
                ("train", "--rate") => plan.rate = read(name, value)?,
                ("train", "--decay") => plan.decay = read(name, value)?,
                ("train", "--epochs") => plan.epochs = read(name, value)?,
                ("train", "--batch") => plan.batch = read(name, value)?,
                ("train", "--order") => plan.seed = read(name, value)?,
                ("train", "--first") => plan.first = read(name, value)?,
                ("train" | "scores", "--folder") => folder.0 = value.into(),
                ("train" | "scores", "--hidden") => network.hidden = list(name, value)?,
                ("train" | "scores", "--normalization") => {
                    network.normalization = read(name, value)?;
                }
                ("train" | "scores", "--keep-ratio") => {
                    network.keep_ratio = read(name, value)?;
                }
                ("train" | "scores", "--reg") => network.reg = read(name, value)?,
                ("train" | "scores", "--weight-scale") => {
                    network.weight_scale = Some(read(name, value)?);
                }
                ("train" | "scores", "--seed") => network.seed = read(name, value)?,
                _ => return Err(format!("there is no option `{name}`")),
            }
        }
        if overfit.layers == 0 {
            return Err("`--layers` must be at least 1".to_owned());
        }
        Ok(match kind {
            "sanity" => Experiment::Sanity(sanity),
            "train" => Experiment::Train(Train::new(network, &rule, plan), folder),
            "scores" => Experiment::Scores(network, folder),
            _ => Experiment::Overfit(overfit),
        })
    }
}

/// The words by which the experiments are asked for.
const KINDS: [&str; 4] = ["sanity", "overfit", "train", "scores"];

fn network_words(network: &Network, folder: &Folder) -> Vec<(&'static str, String)> {
    let mut words = vec![
        ("folder", folder.0.display().to_string()),
        ("hidden", listed(&network.hidden)),
        ("normalization", network.normalization.to_string()),
        ("keep-ratio", network.keep_ratio.to_string()),
        ("reg", network.reg.to_string()),
        ("seed", network.seed.to_string()),
    ];
    let scale = network.weight_scale.iter();
    words.extend(scale.map(|scale| ("weight-scale", scale.to_string())));
    words
}

impl Display for Seen {
    /// A line of the report: a word, then numbers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Seen::Loss(loss) => write!(f, "loss {loss}"),
            Seen::Stds(stds) => write!(f, "stds {}", listed(stds)),
            Seen::Step(loss) => write!(f, "step {loss}"),
            Seen::Epoch(accuracy) => write!(f, "epoch {accuracy}"),
            Seen::Begun {
                steps,
                penalty,
                before,
            } => write!(f, "begun {steps} {penalty} {before}"),
            Seen::Measured(training, validation) => {
                write!(f, "measured {training} {validation}")
            }
            Seen::Ended(best, accuracy, end) => {
                write!(f, "ended {best} {accuracy} ")?;
                match end {
                    End::Done => write!(f, "done"),
                    End::Stopped => write!(f, "stopped"),
                    End::Diverged { step, loss } => write!(f, "diverged {step} {loss}"),
                }
            }
            Seen::Gradient(nth, check) => {
                let Check { name, shape, .. } = check;
                write!(f, "gradient {nth} {name} {} ", listed(shape))?;
                let norms = (check.analytic_norm, check.numeric_norm);
                write!(f, "{} {} {} ", norms.0, norms.1, check.relative_error)?;
                write!(f, "{} {} ", check.kinks, listed(&check.untold))?;
                match check.verdict {
                    Verdict::Agrees => write!(f, "agrees"),
                    Verdict::NotFinite => write!(f, "not-finite"),
                    Verdict::CannotTell {
                        entry,
                        analytic,
                        noise,
                    } => write!(f, "cannot-tell {entry} {analytic} {noise}"),
                    Verdict::Differs {
                        entry,
                        numeric,
                        analytic,
                    } => write!(f, "differs {entry} {numeric} {analytic}"),
                }
            }
        }
    }
}

impl FromStr for Seen {
    type Err = ();

    fn from_str(line: &str) -> Result<Seen, ()> {
        seen(line).ok_or(())
    }
}

fn seen(line: &str) -> Option<Seen> {
    let (kind, rest) = line.split_once(' ')?;
    let number = |word: &str| word.parse::<f64>().ok();
    Some(match kind {
        "loss" => Seen::Loss(number(rest)?),
        "stds" => Seen::Stds(list("", rest).ok()?),
        "step" => Seen::Step(number(rest)?),
        "epoch" => Seen::Epoch(number(rest)?),
        "begun" => {
            let words: Vec<&str> = rest.split(' ').collect();
            let [steps, penalty, before] = words[..] else {
                return None;
            };
            Seen::Begun {
                steps: steps.parse().ok()?,
                penalty: number(penalty)?,
                before: number(before)?,
            }
        }
        "measured" => {
            let (training, validation) = rest.split_once(' ')?;
            Seen::Measured(number(training)?, number(validation)?)
        }
        "ended" => {
            let words: Vec<&str> = rest.split(' ').collect();
            let [best, accuracy, end @ ..] = &words[..] else {
                return None;
            };
            let end = match end {
                ["done"] => End::Done,
                ["stopped"] => End::Stopped,
                ["diverged", step, loss] => End::Diverged {
                    step: step.parse().ok()?,
                    loss: number(loss)?,
                },
                _ => return None,
            };
            Seen::Ended(best.parse().ok()?, number(accuracy)?, end)
        }
        "gradient" => {
            let words: Vec<&str> = rest.split(' ').collect();
            let [
                nth,
                name,
                shape,
                analytic,
                numeric,
                error,
                kinks,
                untold,
                verdict @ ..,
            ] = &words[..]
            else {
                return None;
            };
            let verdict = match verdict {
                ["agrees"] => Verdict::Agrees,
                ["not-finite"] => Verdict::NotFinite,
                ["cannot-tell", entry, analytic, noise] => Verdict::CannotTell {
                    entry: entry.parse().ok()?,
                    analytic: number(analytic)?,
                    noise: number(noise)?,
                },
                ["differs", entry, numeric, analytic] => Verdict::Differs {
                    entry: entry.parse().ok()?,
                    numeric: number(numeric)?,
                    analytic: number(analytic)?,
                },
                _ => return None,
            };
            let check = Check {
                name: (*name).to_owned(),
                shape: list("", shape).ok()?,
                analytic_norm: number(analytic)?,
                numeric_norm: number(numeric)?,
                relative_error: number(error)?,
                kinks: kinks.parse().ok()?,
                untold: list("", untold).ok()?,
                verdict,
            };
            Seen::Gradient(nth.parse().ok()?, check)
        }
        _ => return None,
    })
}

/// Numbers with commas between; none at all is `none`.
fn listed(items: &[impl Display]) -> String {
    if items.is_empty() {
        return "none".to_owned();
    }
    let items: Vec<_> = items.iter().map(ToString::to_string).collect();
    items.join(",")
}

fn list<T: FromStr>(name: &str, text: &str) -> Result<Vec<T>, String> {
    if text == "none" {
        return Ok(Vec::new());
    }
    text.split(',').map(|item| read(name, item)).collect()
}

fn read<T: FromStr>(name: &str, text: &str) -> Result<T, String> {
    let wrong = |_| format!("`{name}` cannot be `{text}`");
    text.trim().parse().map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_an_experiment_ask_for_it() {
        let sanity = Sanity {
            hidden: Vec::new(),
            weight_scale: 1e-30,
            normalization: Normalization::LayerNorm,
            keep_ratio: 0.8,
            all: false,
            ..Sanity::default()
        };
        let overfit = Overfit {
            layers: 5,
            rate: 0.1,
            data: vec!["a b".into(), "c".into()],
            ..Overfit::default()
        };
        let network = Network {
            hidden: vec![20],
            normalization: Normalization::LayerNorm,
            keep_ratio: 0.7,
            reg: 1e-3,
            weight_scale: Some(0.02),
            seed: 4,
        };
        let plan = Plan {
            epochs: 3,
            batch: 7,
            rate: 0.1,
            decay: 0.95,
            seed: 5,
            first: 2,
            ..Plan::default()
        };
        let folder = Folder("a b".into());
        let scores = Experiment::Scores(Network::default(), folder.clone());
        let trainings = RULES.map(|rule| {
            let train = Train::new(network.clone(), rule, plan.clone());
            Experiment::Train(train, folder.clone())
        });
        let others = [
            Experiment::Sanity(sanity),
            Experiment::Overfit(overfit),
            scores,
        ];
        for experiment in others.into_iter().chain(trainings) {
            let again = Experiment::of_words(&experiment.words());
            assert_eq!(again, Ok(experiment));
        }
        let usual = Experiment::Overfit(Overfit::default());
        assert_eq!(Experiment::of_words(&[]), Ok(usual));
        for (words, problem) in [
            ("--layers", "`--layers` needs a value"),
            ("--layers x", "`--layers` cannot be `x`"),
            ("--layers 0", "`--layers` must be at least 1"),
            ("sanity --rate 1", "there is no option `--rate`"),
            ("train --rule newton", "there is no option `--rule`"),
        ] {
            let words: Vec<_> = words.split(' ').map(str::to_owned).collect();
            assert_eq!(Experiment::of_words(&words), Err(problem.to_owned()));
        }
    }

    #[test]
    fn what_is_seen_is_read_again_as_it_was() {
        let check = |verdict| Check {
            name: "W1".to_owned(),
            shape: vec![15, 20],
            analytic_norm: 2.0 / 3.0,
            numeric_norm: 1e-300,
            relative_error: 0.1,
            kinks: 3,
            untold: vec![7, 20],
            verdict,
        };
        let differs = Verdict::Differs {
            entry: 7,
            numeric: -1.5,
            analytic: f64::INFINITY,
        };
        let verdicts = [
            Verdict::Agrees,
            Verdict::NotFinite,
            Verdict::CannotTell {
                entry: 20,
                analytic: 1e-12,
                noise: 2.5e-11,
            },
            differs,
        ];
        let gradients = verdicts.map(|v| Seen::Gradient(1, check(v)));
        let others = [
            Seen::Loss(1.0 / 3.0),
            Seen::Stds(vec![1.0, 0.1]),
            Seen::Stds(Vec::new()),
            Seen::Step(f64::INFINITY),
            Seen::Epoch(0.98),
            Seen::Begun {
                steps: 490,
                penalty: 0.1,
                before: 0.098,
            },
            Seen::Measured(0.5, 0.49),
            Seen::Ended(9, 0.58, End::Done),
            Seen::Ended(0, 0.1, End::Stopped),
            Seen::Ended(
                2,
                0.2,
                End::Diverged {
                    step: 7,
                    loss: f64::INFINITY,
                },
            ),
        ];
        for seen in others.into_iter().chain(gradients) {
            assert_eq!(seen.to_string().parse(), Ok(seen));
        }
        for nonsense in ["", "loss", "loss x", "step 1 2", "shapes ok", "gradient 1"] {
            assert_eq!(nonsense.parse::<Seen>(), Err(()));
        }
    }
}
