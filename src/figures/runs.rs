//! The runs that several figures show: networks that learn fifty images by heart.

use crate::deep::Pass;
use crate::fifty::Images;
use crate::optim::{Optimizer, Rule};
use crate::overfit::{Batches, History, Training, train};
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
        let result = if net.is_plain() {
            let mut keep = |so_far: &History| history.clone_from(so_far);
            train(&mut net, x, y, &training, &mut keep).map(drop)
        } else {
            self.train_deep(net, x, y, &training, &mut history)
        };
        let diverged = match result {
            Ok(()) => false,
            Err(Error::Diverged { .. }) => true,
            Err(error) => panic!("{error}"),
        };
        Outcome { history, diverged }
    }

    /// The same steps on the same batches, for a network with normalization or dropout.
    fn train_deep<D: Dimension>(
        &self,
        mut net: FullyConnectedNet<f64>,
        x: &ArrayRef<f64, D>,
        y: &[usize],
        training: &Training,
        history: &mut History,
    ) -> Result<(), Error> {
        let x = x.to_shape((y.len(), net.options().inputs()));
        let x = x.expect("a row for each label");
        let mut batches = Batches::new(&x, y, training.batch, training.seed);
        let mut optimizer = Optimizer::new(Rule::Sgd, net.parameters())?;
        for _ in 0..training.epochs {
            for _ in 0..y.len() / training.batch {
                let (batch_x, batch_y) = batches.draw();
                let pass = Pass::Train {
                    seed: self.weights,
                    step: optimizer.steps(),
                };
                let step = net.loss_in(&pass, batch_x, batch_y)?;
                history.record_loss(step.loss)?;
                optimizer.step(
                    net.parameters_mut(),
                    &step.grads,
                    training.learning_rate,
                );
                net.remember(&step.moments);
            }
            history.record_accuracy(net.accuracy(&x, y)?)?;
        }
        Ok(())
    }
}
