//! # Overfitting fifty images
use crate::{Error, FullyConnectedNet, Gradients, Parameters, Scalar, affine};
use ndarray::{Array2, ArrayRef, ArrayRef2, Dimension};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

pub fn sgd_step<T: Scalar>(
    parameters: &mut Parameters<T>,
    grads: &Gradients<T>,
    learning_rate: T,
) {
    let pairs = parameters.layers.iter_mut().zip(&grads.layers);
    // exercise: overfit::sgd_step
    for (layer, grad) in pairs {
        layer.w.scaled_add(-learning_rate, &grad.w);
        layer.b.scaled_add(-learning_rate, &grad.b);
    }
    // end: overfit::sgd_step
}

/// How to train.
#[derive(Debug, Clone, PartialEq)]
pub struct Training {
    /// How many epochs.
    pub epochs: usize,
    /// How many examples a step draws, with replacement.
    pub batch: usize,
    /// The learning rate.
    pub learning_rate: f64,
    /// The seed of the generator that draws the batches.
    pub seed: u64,
}

/// What training has seen so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// The loss at each step, before the step.
    pub losses: Vec<f64>,
    /// The accuracy on the training set after each epoch.
    pub accuracies: Vec<f64>,
}

/// Draws batches with replacement.
pub struct Batches<'a, T: Scalar> {
    x: &'a ArrayRef2<T>,
    y: &'a [usize],
    generator: ChaCha8Rng,
    batch_x: Array2<T>,
    batch_y: Vec<usize>,
}

impl<'a, T: Scalar> Batches<'a, T> {
    /// Batches of `size` examples.
    pub fn new(x: &'a ArrayRef2<T>, y: &'a [usize], size: usize, seed: u64) -> Self {
        Batches {
            x,
            y,
            generator: ChaCha8Rng::seed_from_u64(seed),
            batch_x: Array2::zeros((size, x.ncols())),
            batch_y: vec![0; size],
        }
    }

    /// The next batch.
    pub fn draw(&mut self) -> (&Array2<T>, &[usize]) {
        for (mut row, label) in
            self.batch_x.rows_mut().into_iter().zip(&mut self.batch_y)
        {
            let i = self.generator.random_range(0..self.y.len());
            row.assign(&self.x.row(i));
            *label = self.y[i];
        }
        (&self.batch_x, &self.batch_y)
    }
}

pub fn accuracy<T: Scalar>(scores: &ArrayRef2<T>, y: &[usize]) -> f64 {
    // exercise: overfit::accuracy
    let right = scores
        .rows()
        .into_iter()
        .zip(y)
        .filter(|(row, label)| argmax(row) == **label)
        .count();
    right as f64 / y.len() as f64
    // end: overfit::accuracy
}

fn argmax<T: Scalar>(row: &ndarray::ArrayRef1<T>) -> usize {
    let mut best = 0;
    for (i, &score) in row.iter().enumerate() {
        if score > row[best] {
            best = i;
        }
    }
    best
}

pub fn train<T: Scalar, D: Dimension>(
    net: &mut FullyConnectedNet<T>,
    x: &ArrayRef<T, D>,
    y: &[usize],
    training: &Training,
    mut after_epoch: impl FnMut(&History),
) -> Result<History, Error> {
    let (x, _) = affine::rows(x.view().into());
    let steps = (y.len() / training.batch).max(1);
    let mut batches = Batches::new(&x, y, training.batch, training.seed);
    let mut history = History::default();
    let learning_rate = T::of(training.learning_rate);
    // exercise: overfit::train
    for _ in 0..training.epochs {
        for _ in 0..steps {
            let (batch_x, batch_y) = batches.draw();
            let (loss, grads) = net.loss(batch_x, batch_y)?;
            history.losses.push(loss.as_f64());
            sgd_step(&mut net.parameters, &grads, learning_rate);
        }
        history.accuracies.push(accuracy(&net.scores(x.view()), y));
        after_epoch(&history);
    }
    Ok(history)
    // end: overfit::train
}
