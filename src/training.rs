//! Appendix: what a training loop uses: its settings, its batches and its history.
//!
//! The loop itself is written in [chapter 9](crate::overfit).

use crate::options::refuse;
use crate::{Error, Scalar};
use ndarray::{Array2, ArrayRef2};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use std::any::type_name;

/// How to train: the knobs of [`overfit::train`](crate::overfit::train).
#[derive(Debug, Clone, PartialEq)]
pub struct Training {
    /// How often to go through as many examples as there are.
    pub epochs: usize,
    /// How many examples a step draws, at least 1.
    pub batch: usize,
    /// The learning rate, finite in the network's type of number.
    pub learning_rate: f64,
    /// The seed of the generator that draws the batches.
    pub seed: u64,
}

/// The most examples in a batch. A batch is one array, and must fit into memory.
const LARGEST_BATCH: usize = 1_000_000;

impl Training {
    /// Refuses, by name, what is out of range.
    pub(crate) fn check<T: Scalar>(&self) -> Result<(), Error> {
        if self.batch == 0 {
            return refuse("batch", "at least 1", &self.batch);
        }
        if self.batch > LARGEST_BATCH {
            let range = format!("at most {LARGEST_BATCH}");
            return refuse("batch", &range, &self.batch);
        }
        if !T::of(self.learning_rate).is_finite() {
            let range = format!("a finite number in {}", type_name::<T>());
            return refuse("learning_rate", &range, &self.learning_rate);
        }
        Ok(())
    }
}

/// Adds the loss of a step to those before it. One that is not finite is the last.
pub(crate) fn record_loss<T: Scalar>(
    losses: &mut Vec<f64>,
    loss: T,
) -> Result<(), Error> {
    losses.push(loss.as_f64());
    if loss.is_finite() {
        return Ok(());
    }
    Err(Error::Diverged {
        step: losses.len(),
        loss: loss.as_f64(),
    })
}

/// What training has seen so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// The loss of each step's batch, before the step.
    pub losses: Vec<f64>,
    /// The accuracy on all examples after each epoch, from 0 to 1.
    pub accuracies: Vec<f64>,
}

impl History {
    /// Records the loss of a step.
    ///
    /// # Errors
    ///
    /// [`Error::Diverged`] if it is not finite.
    pub fn record_loss<T: Scalar>(&mut self, loss: T) -> Result<(), Error> {
        record_loss(&mut self.losses, loss)
    }

    /// Records the accuracy on all examples after an epoch, from 0 to 1.
    ///
    /// # Errors
    ///
    /// [`Error::Diverged`] if it is not finite: the last step can make weights whose loss
    /// nobody has computed yet, and the [accuracy](crate::overfit::accuracy) of their scores
    /// is NaN.
    pub fn record_accuracy(&mut self, accuracy: f64) -> Result<(), Error> {
        if !accuracy.is_finite() {
            return Err(Error::Diverged {
                step: self.losses.len(),
                loss: f64::NAN,
            });
        }
        self.accuracies.push(accuracy);
        Ok(())
    }

    /// The first epoch, counted from 1, that ended with every example right.
    pub fn epoch_of_full_accuracy(&self) -> Option<usize> {
        let first = self.accuracies.iter().position(|&share| share == 1.0);
        first.map(|epoch| epoch + 1)
    }
}

/// Draws batches of examples, with replacement, into one array that it keeps.
///
/// A batch of 100 images of 3072 numbers is a megabyte in `f32`. It is filled anew at each
/// step, and lent to the network, which borrows it for its caches.
#[derive(Debug)]
pub struct Batches<'a, T: Scalar> {
    x: &'a ArrayRef2<T>,
    y: &'a [usize],
    generator: ChaCha8Rng,
    batch_x: Array2<T>,
    batch_y: Vec<usize>,
}

impl<'a, T: Scalar> Batches<'a, T> {
    /// Batches of `size` examples from `x`, `(N, D)`, and its `N` labels `y`.
    ///
    /// # Panics
    ///
    /// If there is not one label for each row of `x`, or no row at all.
    pub fn new(x: &'a ArrayRef2<T>, y: &'a [usize], size: usize, seed: u64) -> Self {
        assert!(
            x.nrows() == y.len() && !y.is_empty(),
            "training::Batches: x must have a row for each label, and at least one; it is \
             {:?} and there are {} labels",
            x.shape(),
            y.len(),
        );
        Batches {
            x,
            y,
            generator: ChaCha8Rng::seed_from_u64(seed),
            batch_x: Array2::zeros((size, x.ncols())),
            batch_y: vec![0; size],
        }
    }

    /// The next batch: examples, `(size, D)`, and their labels.
    pub fn draw(&mut self) -> (&Array2<T>, &[usize]) {
        let rows = self.batch_x.rows_mut().into_iter();
        for (mut row, label) in rows.zip(&mut self.batch_y) {
            let i = self.generator.random_range(0..self.y.len());
            row.assign(&self.x.row(i));
            *label = self.y[i];
        }
        (&self.batch_x, &self.batch_y)
    }
}
