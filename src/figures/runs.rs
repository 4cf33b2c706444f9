//! The runs that several figures show: fifty images, and networks that learn them.

use crate::overfit::{History, Training, train};
use crate::{Error, FullyConnectedNet, Options, synthetic};
use ndarray::Array2;

/// The fifty images of chapter 9, a row each, and their labels.
pub struct Images {
    /// `(50, 3072)`, pixels less the mean image.
    pub x: Array2<f64>,
    /// Their labels.
    pub y: Vec<usize>,
}

impl Images {
    /// `synthetic::images(50, 0)`, as the runner's `overfit` takes them.
    pub fn load() -> Images {
        let images = synthetic::images(50, 0);
        let x = images.centered::<f64>(&images.mean());
        let x = x.into_shape_with_order((50, 3072));
        Images {
            x: x.expect("50 images of 3072 numbers in row-major order"),
            y: images.labels,
        }
    }
}

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

/// How a [`Run`] ended.
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
        let training = Training {
            epochs: 20,
            batch: 25,
            learning_rate: self.rate,
            seed: self.batches,
        };
        let mut history = History::default();
        let result =
            train(&mut self.net(), &images.x, &images.y, &training, |so_far| {
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
