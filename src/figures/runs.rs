//! The runs that several figures show: networks that learn fifty images by heart.

use crate::fifty::Images;
use crate::overfit::{History, Training, train};
use crate::{Error, FullyConnectedNet, Options};
use ndarray::{ArrayRef, Dimension};

/// One training of chapter 9: 20 epochs with batches of 25.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// The number of affine layers; the hidden ones have 100 units each.
    pub layers: usize,
    /// The standard deviation of the initial weights.
    pub weight_scale: f64,
    /// The learning rate.
    pub rate: f64,
    /// The seed of the weights.
    pub weights: u64,
    /// The seed of the batches.
    pub batches: u64,
}

/// The end of a [`Run`].
pub struct Outcome {
    /// The losses and accuracies up to the last finished epoch.
    pub history: History,
    /// Whether a loss or a score was not finite.
    pub diverged: bool,
}

impl Run {
    /// A fresh network.
    pub fn net(&self) -> FullyConnectedNet<f64> {
        let options = Options {
            weight_scale: self.weight_scale,
            seed: self.weights,
            ..Options::new(3072, &vec![100; self.layers - 1], 10)
        };
        FullyConnectedNet::new(options).expect("good options")
    }

    /// Trains a fresh network.
    pub fn train(&self, images: &Images) -> Outcome {
        self.train_net(self.net(), &images.x, &images.y)
    }

    /// Trains this network on these images, with the rate and the batches of the run.
    pub fn train_net<D: Dimension>(
        &self,
        mut net: FullyConnectedNet<f64>,
        x: &ArrayRef<f64, D>,
        y: &[usize],
    ) -> Outcome {
        let training = Training {
            epochs: 20,
            batch: 25,
            learning_rate: self.rate,
            seed: self.batches,
        };
        let mut history = History::default();
        let result = train(&mut net, x, y, &training, |so_far| {
            history.clone_from(so_far);
        });
        let diverged = match result {
            Ok(_) => false,
            Err(Error::Diverged { .. }) => true,
            Err(error) => panic!("{error}"),
        };
        Outcome { history, diverged }
    }
}
