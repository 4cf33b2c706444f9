//! Appendix: what a careful training uses: its plan, its examples, its record.
//!
//! The loop itself is written in [chapter 15](crate::good_model).

use crate::images::Images;
use crate::optim::{Adam, Rule};
use crate::options::refuse;
use crate::{Error, FullyConnectedNet, Scalar, overfit};
use ndarray::{Array2, ArrayRef2, ArrayRef3, Axis};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;
use std::any::type_name;
use std::fmt;
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
        self.losses.push(loss.as_f64());
        if loss.is_finite() {
            return Ok(());
        }
        Err(Error::Diverged {
            step: self.losses.len(),
            loss: loss.as_f64(),
        })
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

/// Something in a record that is worth a look, with its numbers. As a string, a sentence.
///
/// It says what was seen, not why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sign {
    /// The first data loss is more than twice, or less than half, that of equal scores.
    FirstLoss {
        /// The first loss without the penalty.
        loss: f64,
        /// How many classes there are.
        classes: usize,
    },
    /// The second and third epoch have hardly less loss than the first.
    NotFalling {
        /// The mean losses of the first three epochs, penalty included.
        losses: [f64; 3],
        /// The number of the first of them.
        from: usize,
    },
    /// Training accuracy is at least 15 points above validation accuracy.
    Gap {
        /// The last epoch.
        last: Epoch,
    },
    /// The last planned epoch is the best, and validation accuracy has risen three times in a
    /// row, by a point or more.
    StillRising {
        /// The epoch before the three.
        since: Epoch,
        /// The last epoch.
        last: Epoch,
    },
    /// Validation was best in the first half of the epochs, and is at least 2 points lower now.
    BestEarly {
        /// After which epoch it was best: 0 for the network as it came.
        best: usize,
        /// The validation accuracy then, from 0 to 1.
        accuracy: f64,
        /// The last epoch.
        last: Epoch,
    },
}

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |share: f64| 100.0 * share;
        match *self {
            Sign::FirstLoss { loss, classes } => {
                let than = (classes as f64).ln();
                let far = if loss > than { "above" } else { "below" };
                write!(
                    f,
                    "The first data loss is {loss:.3}, far {far} the {than:.3} of {classes} \
                     equal scores."
                )
            }
            Sign::NotFalling { losses, from } => write!(
                f,
                "The loss hardly falls: its mean was {:.3} in epoch {from}, then {:.3} and {:.3}.",
                losses[0], losses[1], losses[2]
            ),
            Sign::Gap { last } => write!(
                f,
                "After epoch {} the training accuracy is {:.1} % and the validation accuracy \
                 {:.1} %, {:.1} points lower.",
                last.number,
                percent(last.training),
                percent(last.validation),
                percent(last.training - last.validation)
            ),
            Sign::StillRising { since, last } => write!(
                f,
                "Validation accuracy was still rising at the end: {:.1} % after epoch {}, {:.1} % \
                 after epoch {}, the last.",
                percent(since.validation),
                since.number,
                percent(last.validation),
                last.number
            ),
            Sign::BestEarly {
                best,
                accuracy,
                last,
            } => {
                match best {
                    0 => write!(f, "Validation was best before training")?,
                    epoch => write!(f, "Validation was best after epoch {epoch}")?,
                }
                write!(
                    f,
                    ", with {:.1} %; after epoch {} it is {:.1} %.",
                    percent(accuracy),
                    last.number,
                    percent(last.validation)
                )
            }
        }
    }
}

/// What is worth a look in the record of a training with that many classes: nothing, or a
/// sentence for each sign that [`Sign`] lists, in that order.
///
/// Epochs that were cut short are left out. The first loss is judged in a training that begins
/// with epoch 1, for one that goes on does not begin by guessing.
///
/// ```
/// use fully_connected::plan::{Record, signs};
///
/// let record = Record { losses: vec![30.0], ..Record::default() };
/// let said: Vec<_> = signs(&record, 10).iter().map(ToString::to_string).collect();
/// assert_eq!(said, ["The first data loss is 30.000, far above the 2.303 of 10 equal scores."]);
/// ```
pub fn signs(record: &Record, classes: usize) -> Vec<Sign> {
    let whole = |epoch: &&Epoch| epoch.steps >= record.steps;
    let epochs: Vec<Epoch> = record.epochs.iter().filter(whole).copied().collect();
    let mut signs = Vec::new();
    signs.extend(first_loss(record, classes));
    signs.extend(not_falling(&epochs, classes));
    signs.extend(gap(&epochs));
    signs.extend(still_rising(record, &epochs));
    signs.extend(best_early(record, &epochs));
    signs
}

fn first_loss(record: &Record, classes: usize) -> Option<Sign> {
    if record.epochs.first().is_some_and(|epoch| epoch.number > 1) {
        return None;
    }
    let loss = record.losses.first()? - record.penalty;
    let guess = (classes as f64).ln();
    let far = loss > 2.0 * guess || loss < 0.5 * guess;
    (classes > 1 && far).then_some(Sign::FirstLoss { loss, classes })
}

fn not_falling(epochs: &[Epoch], classes: usize) -> Option<Sign> {
    let [first, second, third, ..] = epochs else {
        return None;
    };
    let losses = [first.loss, second.loss, third.loss];
    // Where hardly any loss is left, it need not fall.
    let some_left = first.loss > 0.5 * (classes as f64).ln();
    let falls = second.loss.min(third.loss) < 0.99 * first.loss;
    (some_left && !falls).then_some(Sign::NotFalling {
        losses,
        from: first.number,
    })
}

fn gap(epochs: &[Epoch]) -> Option<Sign> {
    let last = *epochs.last()?;
    (last.training - last.validation >= 0.15).then_some(Sign::Gap { last })
}

/// The epoch whose parameters are put back, by its number, and its validation accuracy.
fn best(record: &Record, epochs: &[Epoch]) -> (usize, f64) {
    let before = if record.before.is_nan() {
        0.0
    } else {
        record.before
    };
    let mut best = (0, before);
    for epoch in epochs {
        if epoch.validation > best.1 {
            best = (epoch.number, epoch.validation);
        }
    }
    best
}

fn still_rising(record: &Record, epochs: &[Epoch]) -> Option<Sign> {
    let &[.., since, a, b, last] = epochs else {
        return None;
    };
    let all = [since, a, b, last].map(|epoch| epoch.validation);
    let rises =
        all.is_sorted_by(|x, y| x < y) && last.validation - since.validation >= 0.01;
    let best = best(record, epochs).0 == last.number;
    (rises && best && last.number == record.last)
        .then_some(Sign::StillRising { since, last })
}

fn best_early(record: &Record, epochs: &[Epoch]) -> Option<Sign> {
    let last = *epochs.last()?;
    let (number, accuracy) = best(record, epochs);
    let after = epochs.iter().filter(|epoch| epoch.number > number).count();
    let early = after >= 3 && 2 * after >= epochs.len();
    (early && accuracy - last.validation >= 0.02).then_some(Sign::BestEarly {
        best: number,
        accuracy,
        last,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record of whole epochs, from their losses and accuracies in percent.
    fn record(epochs: &[(f64, f64, f64)]) -> Record {
        let epochs: Vec<Epoch> = (1..)
            .zip(epochs)
            .map(|(number, &(loss, training, validation))| Epoch {
                number,
                steps: 1,
                loss,
                training: training / 100.0,
                validation: validation / 100.0,
            })
            .collect();
        Record {
            steps: 1,
            last: epochs.len(),
            before: 0.1,
            losses: vec![2.303; 1.max(epochs.len())],
            epochs,
            ..Record::default()
        }
    }

    fn said(record: &Record) -> Vec<String> {
        signs(record, 10).iter().map(Sign::to_string).collect()
    }

    /// A training with nothing to say about.
    fn good() -> Record {
        record(&[
            (2.0, 40.0, 38.0),
            (1.6, 48.0, 45.0),
            (1.4, 55.0, 50.0),
            (1.3, 60.0, 53.0),
            (1.2, 62.0, 52.0),
        ])
    }

    #[test]
    fn nothing_is_said_of_a_good_training_or_of_none() {
        assert_eq!(said(&good()), Vec::<String>::new());
        assert_eq!(said(&Record::default()), Vec::<String>::new());
    }

    #[test]
    fn a_first_loss_far_from_equal_scores_is_told_without_its_penalty() {
        let with = |loss, penalty| {
            let mut record = good();
            (record.losses[0], record.penalty) = (loss, penalty);
            record
        };
        let above =
            "The first data loss is 5.000, far above the 2.303 of 10 equal scores.";
        assert_eq!(said(&with(5.5, 0.5)), [above]);
        let below =
            "The first data loss is 1.000, far below the 2.303 of 10 equal scores.";
        assert_eq!(said(&with(6.0, 5.0)), [below]);
        for (loss, penalty) in [(7.3, 5.0), (4.5, 0.0), (1.2, 0.0), (f64::NAN, 0.0)] {
            assert!(said(&with(loss, penalty)).is_empty(), "{loss}");
        }
        // A training that goes on.
        let mut later = with(0.3, 0.0);
        for epoch in &mut later.epochs {
            epoch.number += 5;
        }
        later.last += 5;
        assert!(said(&later).is_empty());
    }

    #[test]
    fn a_loss_that_stands_still_is_told_unless_hardly_any_is_left() {
        let of = |a, b, c| {
            let accuracies = |loss| (loss, 10.0, 10.0);
            record(&[a, b, c, 1.0].map(accuracies))
        };
        let sentence = "The loss hardly falls: its mean was 2.303 in epoch 1, then 2.302 and 2.310.";
        assert_eq!(said(&of(2.303, 2.302, 2.31)), [sentence]);
        assert!(said(&of(2.303, 2.302, 2.2)).is_empty());
        assert!(said(&of(2.303, 2.2, 2.31)).is_empty());
        assert!(said(&of(0.01, 0.01, 0.01)).is_empty());
        let mut two = of(2.303, 2.303, 2.303);
        two.epochs.truncate(2);
        assert!(said(&two).is_empty());
        // The third was cut short.
        let mut stopped = of(2.303, 2.303, 2.303);
        stopped.epochs.truncate(3);
        stopped.steps = 2;
        (stopped.epochs[0].steps, stopped.epochs[1].steps) = (2, 2);
        assert!(said(&stopped).is_empty());
    }

    #[test]
    fn training_far_above_validation_is_told_of_the_last_epoch() {
        let mut record = good();
        record.epochs[4].training = 0.7;
        let sentence = "After epoch 5 the training accuracy is 70.0 % and the validation \
                        accuracy 52.0 %, 18.0 points lower.";
        assert_eq!(said(&record), [sentence]);
        record.epochs[4].training = 0.66;
        record.epochs[2].training = 0.9;
        assert!(said(&record).is_empty());
    }

    #[test]
    fn validation_that_still_rises_is_told_at_the_end_of_the_plan() {
        let of = |validation: [f64; 4]| {
            let accuracies = |v| (1.0, v, v);
            record(&validation.map(accuracies))
        };
        let rising = of([30.0, 31.0, 33.0, 36.0]);
        let sentence = "Validation accuracy was still rising at the end: 30.0 % after epoch 1, \
                        36.0 % after epoch 4, the last.";
        assert_eq!(said(&rising), [sentence]);
        let mut stopped = rising;
        stopped.last = 10;
        assert!(said(&stopped).is_empty());
        for flat in [
            [30.0, 33.0, 33.0, 36.0],
            [30.0, 31.0, 33.0, 32.0],
            [30.0, 30.2, 30.4, 30.6],
        ] {
            assert!(said(&of(flat)).is_empty(), "{flat:?}");
        }
        // It rises, and has been higher.
        let back = [40.0, 30.0, 31.0, 33.0, 39.0].map(|v| (1.0, v, v));
        assert!(said(&record(&back)).is_empty());
    }

    #[test]
    fn a_best_epoch_long_before_the_end_is_told() {
        let of = |validation: [f64; 6]| {
            let accuracies = |v| (1.0, v, v);
            record(&validation.map(accuracies))
        };
        let sentence = "Validation was best after epoch 2, with 50.0 %; after epoch 6 it is 47.0 %.";
        assert_eq!(said(&of([40.0, 50.0, 50.0, 49.0, 48.0, 47.0])), [sentence]);
        for fine in [
            [40.0, 50.0, 50.0, 49.0, 49.0, 49.0],
            [40.0, 45.0, 46.0, 50.0, 48.0, 47.0],
        ] {
            assert!(said(&of(fine)).is_empty(), "{fine:?}");
        }
        let mut spoilt = of([12.0, 11.0, 12.0, 11.0, 12.0, 11.0]);
        spoilt.before = 0.55;
        let sentence = "Validation was best before training, with 55.0 %; after epoch 6 it is 11.0 %.";
        assert_eq!(said(&spoilt), [sentence]);
        // Nothing is known of scores that were not finite.
        spoilt.before = f64::NAN;
        assert!(said(&spoilt).is_empty());
    }
}
