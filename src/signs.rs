//! Appendix: what is worth a look in the record of a training.
//!
//! Which curves mean what, and what to try then, [chapter 15](crate::good_model) says.

use crate::plan::{Epoch, Record};
use std::fmt;

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
/// use fully_connected::plan::Record;
/// use fully_connected::signs::signs;
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
    // Next to a penalty so large the data loss has no digits left in f32.
    if record.penalty > 1e5 {
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
        for (loss, penalty) in [
            (7.3, 5.0),
            (4.5, 0.0),
            (1.2, 0.0),
            (1e30, 1e30),
            (f64::NAN, 0.0),
        ] {
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
