//! Appendix: what a careful training uses: its plan, its examples, its record.
//!
//! The loop itself is written in [chapter 15](crate::good_model).

use crate::images::Images;
use crate::optim::{Adam, Rule};
use crate::options::refuse;
use crate::{Error, FullyConnectedNet, Scalar, overfit, training};
use ndarray::{Array2, ArrayRef2, ArrayRef3, Axis};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;
use std::any::type_name;
use std::ops::{ControlFlow, Range};

/// How to train: the knobs of [`good_model::train`](crate::good_model::train).
///
/// Start from the default and change what you like:
///
/// ```
/// use fully_connected::plan::Plan;
///
/// let plan = Plan::<f32> { epochs: 3, seed: 7, ..Plan::default() };
/// assert_eq!((plan.batch, plan.rate, plan.decay), (100, 1e-3, 0.9));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Plan<T> {
    /// How many epochs to train. Default 10.
    pub epochs: usize,
    /// How many examples a step takes, at least 1. Default 100.
    pub batch: usize,
    /// The learning rate of epoch 1, a number above 0. Default 1e-3.
    pub rate: f64,
    /// What the rate is multiplied by from one epoch to the next, in (0, 1]. Default 0.9.
    pub decay: f64,
    /// The update rule. Default: Adam, with the course's numbers.
    pub rule: Rule<T>,
    /// The seed of the orders and the masks. Default 0.
    pub seed: u64,
    /// The epoch to begin with, at least 1. Default 1. A training that goes on from the
    /// network of another begins with the epoch after its last: the rate, the orders and the
    /// masks are then those of one long training. The state of the rule begins at 0.
    pub first: usize,
}

impl<T: Scalar> Default for Plan<T> {
    fn default() -> Self {
        Plan {
            epochs: 10,
            batch: 100,
            rate: 1e-3,
            decay: 0.9,
            rule: Rule::Adam(Adam::default()),
            seed: 0,
            first: 1,
        }
    }
}

/// The most epochs, and the most examples in a batch.
const MOST: usize = 1_000_000;

impl<T: Scalar> Plan<T> {
    /// Refuses, by name, what is out of range. The numbers of the rule are refused by
    /// [`Optimizer::new`](crate::optim::Optimizer::new).
    pub(crate) fn check(&self) -> Result<(), Error> {
        let range = format!("at most {MOST}");
        if self.epochs > MOST {
            return refuse("epochs", &range, &self.epochs);
        }
        if self.batch == 0 {
            return refuse("batch", "at least 1", &self.batch);
        }
        if self.batch > MOST {
            return refuse("batch", &range, &self.batch);
        }
        let rate = T::of(self.rate);
        if !(rate > T::zero() && rate.is_finite()) {
            let range = format!("a number above 0, finite in {}", type_name::<T>());
            return refuse("rate", &range, &self.rate);
        }
        if !(self.decay > 0.0 && self.decay <= 1.0) {
            return refuse("decay", "in (0, 1]", &self.decay);
        }
        if self.first == 0 {
            return refuse("first", "at least 1", &self.first);
        }
        if self.first > MOST {
            return refuse("first", &range, &self.first);
        }
        Ok(())
    }

    /// The numbers of the epochs, counted from 1 (from `first`).
    pub fn numbers(&self) -> Range<usize> {
        self.first..self.first + self.epochs
    }
}

/// A set of examples, from which batches are gathered.
///
/// A set in memory as floats is [`Rows`], images that stay bytes are [`Centered`].
pub trait Examples<T> {
    /// How many there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills a batch with the examples of these numbers, counted from 0: `x` becomes `(n, D)`,
    /// `y` their `n` labels. Both are used again as they are if they have the right size.
    ///
    /// # Panics
    ///
    /// If there is no example of such a number.
    fn gather(&self, numbers: &[usize], x: &mut Array2<T>, y: &mut Vec<usize>);
}

/// Examples in memory, as the network takes them.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a, T> {
    x: &'a ArrayRef2<T>,
    y: &'a [usize],
}

impl<'a, T: Scalar> Rows<'a, T> {
    /// The rows of `x`, `(N, D)`, and their `N` labels `y`.
    ///
    /// # Errors
    ///
    /// [`Error::LabelCount`] if there is not one label for each row.
    pub fn new(x: &'a ArrayRef2<T>, y: &'a [usize]) -> Result<Self, Error> {
        if x.nrows() == y.len() {
            return Ok(Rows { x, y });
        }
        Err(Error::LabelCount {
            labels: y.len(),
            examples: x.nrows(),
        })
    }
}

impl<T: Scalar> Examples<T> for Rows<'_, T> {
    fn len(&self) -> usize {
        self.y.len()
    }

    fn gather(&self, numbers: &[usize], x: &mut Array2<T>, y: &mut Vec<usize>) {
        let shape = (numbers.len(), self.x.ncols());
        if x.dim() != shape {
            *x = Array2::zeros(shape);
        }
        y.clear();
        for (&number, mut row) in numbers.iter().zip(x.axis_iter_mut(Axis(0))) {
            row.assign(&self.x.row(number));
            y.push(self.y[number]);
        }
    }
}

/// Images that stay bytes until a batch is gathered: pixels minus the mean image.
#[derive(Debug, Clone, Copy)]
pub struct Centered<'a> {
    images: &'a Images,
    mean: &'a ArrayRef3<f64>,
}

impl<'a> Centered<'a> {
    /// These images, seen as pixels minus `mean`, `(channels, height, width)`: the mean image
    /// of those to train on.
    ///
    /// # Panics
    ///
    /// If `mean` has not the shape of one image.
    pub fn new(images: &'a Images, mean: &'a ArrayRef3<f64>) -> Self {
        assert!(
            mean.shape() == &images.pixels.shape()[1..],
            "plan::Centered: mean must have the shape of one image, {:?}; it is {:?}",
            &images.pixels.shape()[1..],
            mean.shape(),
        );
        Centered { images, mean }
    }
}

impl<T: Scalar> Examples<T> for Centered<'_> {
    fn len(&self) -> usize {
        self.images.len()
    }

    fn gather(&self, numbers: &[usize], x: &mut Array2<T>, y: &mut Vec<usize>) {
        self.images.gather(numbers, self.mean, x, y);
    }
}

/// One batch, in arrays that are filled anew at each step.
#[derive(Debug)]
pub struct Batch<T> {
    x: Array2<T>,
    y: Vec<usize>,
}

impl<T: Scalar> Default for Batch<T> {
    fn default() -> Self {
        Batch {
            x: Array2::zeros((0, 0)),
            y: Vec::new(),
        }
    }
}

impl<T: Scalar> Batch<T> {
    /// The examples of these numbers, `(n, D)`, and their labels.
    pub fn gather<E: Examples<T>>(
        &mut self,
        examples: &E,
        numbers: &[usize],
    ) -> (&Array2<T>, &[usize]) {
        examples.gather(numbers, &mut self.x, &mut self.y);
        (&self.x, &self.y)
    }
}

/// Some of a set of examples, on which accuracy is measured.
#[derive(Debug, Clone)]
pub struct Part<'a, E> {
    /// The set.
    pub examples: &'a E,
    /// Which of them, counted from 0.
    pub numbers: Vec<usize>,
}

/// The accuracy of the network on a part of a set of examples, in test passes, from 0 to 1;
/// NaN if any score is not finite.
///
/// # Errors
///
/// As [`overfit::accuracy`]: a label names no class, or there are no examples.
pub fn accuracy_on<T: Scalar, E: Examples<T>>(
    net: &FullyConnectedNet<T>,
    part: &Part<'_, E>,
) -> Result<f64, Error> {
    const AT_A_TIME: usize = 1000;
    let mut batch = Batch::default();
    let n = part.numbers.len();
    let mut right = 0.0;
    for numbers in part.numbers.chunks(AT_A_TIME) {
        let (x, y) = batch.gather(part.examples, numbers);
        right += overfit::accuracy(&net.scores(x), y)? * numbers.len() as f64;
    }
    if n == 0 {
        return Err(Error::EmptyBatch);
    }
    // A share of whole numbers again, whatever the parts were rounded to.
    Ok(if right.is_finite() {
        right.round() / n as f64
    } else {
        f64::NAN
    })
}

/// ChaCha has many streams for one seed; 0 to 2 are taken, by weights and made-up images.
const STREAM: u64 = 3;
/// The numbers of an epoch are this many words of the stream after those of the one before.
const WORDS_AN_EPOCH: u128 = 1 << 36;

/// The numbers from 0 to `n − 1`, shuffled: every order is as likely as every other. Each seed
/// and epoch has its own.
///
/// ```
/// # use fully_connected::plan::order;
/// let mut first = order(5, 7, 1);
/// assert_eq!(first, order(5, 7, 1));
/// first.sort();
/// assert_eq!(first, [0, 1, 2, 3, 4]);
/// ```
pub fn order(n: usize, seed: u64, epoch: usize) -> Vec<usize> {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(STREAM);
    generator.set_word_pos(epoch as u128 * WORDS_AN_EPOCH);
    let mut numbers: Vec<usize> = (0..n).collect();
    numbers.shuffle(&mut generator);
    numbers
}

/// What training has seen so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    /// How many steps an epoch has.
    pub steps: usize,
    /// The number of the last epoch that is planned.
    pub last: usize,
    /// The penalty of the network as it came, which is part of the first loss.
    pub penalty: f64,
    /// The validation accuracy of the network as it came, from 0 to 1; NaN if its scores
    /// were not finite.
    pub before: f64,
    /// The loss of each step's batch, before the step, penalty included.
    pub losses: Vec<f64>,
    /// The epochs that have ended.
    pub epochs: Vec<Epoch>,
}

/// What was seen of one epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Epoch {
    /// Its number, from 1.
    pub number: usize,
    /// How many steps it had: fewer than planned if training was told to stop.
    pub steps: usize,
    /// The mean loss of its steps.
    pub loss: f64,
    /// The accuracy after it on a sample of the examples to train on, from 0 to 1.
    pub training: f64,
    /// The accuracy after it on the examples for validation, from 0 to 1.
    pub validation: f64,
}

impl Record {
    /// Records the loss of a step.
    ///
    /// # Errors
    ///
    /// [`Error::Diverged`] if it is not finite.
    pub fn record_loss<T: Scalar>(&mut self, loss: T) -> Result<(), Error> {
        training::record_loss(&mut self.losses, loss)
    }

    /// Records both accuracies after the epoch of that number.
    ///
    /// # Errors
    ///
    /// [`Error::Diverged`] if one is not finite: the last step can leave weights whose loss
    /// nobody has computed yet, and the accuracy of scores that are not finite is NaN.
    pub fn record_epoch(
        &mut self,
        number: usize,
        training: f64,
        validation: f64,
    ) -> Result<(), Error> {
        if !(training.is_finite() && validation.is_finite()) {
            return Err(Error::Diverged {
                step: self.losses.len(),
                loss: f64::NAN,
            });
        }
        let before: usize = self.epochs.iter().map(|epoch| epoch.steps).sum();
        let losses = &self.losses[before..];
        self.epochs.push(Epoch {
            number,
            steps: losses.len(),
            loss: losses.iter().sum::<f64>() / losses.len() as f64,
            training,
            validation,
        });
        Ok(())
    }
}

/// What whoever watches a training is told.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// A step has been made.
    Step(&'a Record),
    /// An epoch has ended, and both accuracies have been measured.
    Epoch(&'a Record),
}

/// Watches a training: is told after each step and each epoch, and may say
/// [`ControlFlow::Break`], which ends the training there.
pub type Watch<'a> = dyn FnMut(Event) -> ControlFlow<()> + 'a;

/// How a training ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum End {
    /// All epochs were made.
    Done,
    /// The one who watched said so.
    Stopped,
    /// A loss or a score was not finite.
    Diverged {
        /// At which step, from 1.
        step: usize,
        /// The loss there, NaN or infinite; NaN if it was scores.
        loss: f64,
    },
}

/// What a training leaves behind, besides the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What it has seen.
    pub record: Record,
    /// The epoch whose parameters the network has: 0 if none was better than the network as
    /// it came.
    pub best: usize,
    /// Its validation accuracy, from 0 to 1.
    pub accuracy: f64,
    /// How it ended.
    pub end: End,
}
