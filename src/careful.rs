//! The experiment of chapter 15: a network for images that it has never seen, trained with care
//! and asked.
//!
//! The runner makes it with this crate's own code. In a workbook this file belongs to the example
//! `learn`, as [`experiments`](crate::experiments) does: there the images come from a folder.

use crate::experiments::{CLASSES, Overfit, Seen, those};
use crate::folder::{Folder, numbers, set_numbers};
use crate::images::Images;
use crate::optim::{Adam, RmsProp, Rule};
use crate::plan::{Batch, Centered, Event, Plan};
use crate::{Error, FullyConnectedNet, Normalization, Options, good_model};
use ndarray::{Array2, ArrayRef3};
use std::ops::ControlFlow;

/// A network for images of CIFAR-10's size.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// The sizes of the hidden layers.
    pub hidden: Vec<usize>,
    /// What stands in front of each ReLU.
    pub normalization: Normalization,
    /// The probability of keeping an activation.
    pub keep_ratio: f64,
    /// The strength of regularization.
    pub reg: f64,
    /// The standard deviation of the weights; without one it is √(2 / inputs) in each layer.
    pub weight_scale: Option<f64>,
    /// The seed of the weights.
    pub seed: u64,
}

impl Default for Network {
    fn default() -> Network {
        Network {
            hidden: vec![256, 128],
            normalization: Normalization::BatchNorm,
            keep_ratio: 0.9,
            reg: 0.0,
            weight_scale: None,
            seed: 0,
        }
    }
}

/// As many images are asked about at a time.
const AT_A_TIME: usize = 1000;

impl Network {
    /// What is known of a network that is there.
    pub fn of(net: &FullyConnectedNet<f32>) -> Network {
        let options = net.options();
        Network {
            hidden: options.hidden.clone(),
            normalization: options.normalization,
            keep_ratio: options.dropout_keep_ratio,
            reg: options.reg,
            weight_scale: Some(options.weight_scale),
            seed: options.seed,
        }
    }

    /// The chapters that it does not need to give scores in test passes.
    pub fn without(&self) -> Vec<&'static str> {
        let norm = self.normalization;
        let is_plain = norm == Normalization::None && self.keep_ratio == 1.0;
        those(&[
            ("softmax", true),
            ("backward", true),
            ("regularization", true),
            ("gradient_check", true),
            ("overfit", true),
            ("optim", true),
            ("batch_norm", norm != Normalization::BatchNorm),
            ("layer_norm", norm != Normalization::LayerNorm),
            // Nothing is dropped.
            ("dropout", true),
            ("deep", is_plain),
        ])
    }

    /// A new one.
    ///
    /// # Errors
    ///
    /// If an option is refused.
    pub fn build(&self) -> Result<FullyConnectedNet<f32>, Error> {
        let mut net = FullyConnectedNet::new(Options {
            reg: self.reg,
            weight_scale: self.weight_scale.unwrap_or(1.0),
            normalization: self.normalization,
            dropout_keep_ratio: self.keep_ratio,
            seed: self.seed,
            ..Options::new((3, 32, 32), &self.hidden, CLASSES)
        })?;
        if self.weight_scale.is_none() {
            for layer in 1..=self.hidden.len() + 1 {
                let mut w = net.parameters_mut().get_mut(&format!("W{layer}"))?;
                let std = (2.0 / w.shape()[0] as f64).sqrt() as f32;
                w.mapv_inplace(|normal| std * normal);
            }
        }
        Ok(net)
    }

    /// The scores that such a network gives images in test passes, `(N, C)`.
    pub fn scores(
        net: &FullyConnectedNet<f32>,
        images: &Images,
        mean: &ArrayRef3<f64>,
    ) -> Array2<f32> {
        let examples = Centered::new(images, mean);
        let mut batch = Batch::default();
        let mut all = Vec::with_capacity(images.len() * CLASSES);
        let numbers: Vec<usize> = (0..images.len()).collect();
        for numbers in numbers.chunks(AT_A_TIME) {
            let (x, _) = batch.gather(&examples, numbers);
            all.extend(net.scores(x));
        }
        Array2::from_shape_vec((images.len(), CLASSES), all)
            .expect("a score for each image and class")
    }

    /// The one whose numbers lie in the folder, or a new one.
    fn of_folder(&self, folder: &Folder) -> Result<FullyConnectedNet<f32>, Error> {
        let mut net = self.build()?;
        if let Some(numbers) = folder.numbers(Folder::FROM) {
            set_numbers(&mut net, &numbers);
        }
        Ok(net)
    }

    /// Answers with the scores of the images in the folder.
    pub(crate) fn run(&self, folder: &Folder) -> Result<(), Error> {
        let net = self.of_folder(folder)?;
        let scores =
            Network::scores(&net, &folder.images(Folder::ASKED), &folder.mean());
        folder
            .write_numbers(Folder::SCORES, &scores.into_raw_vec_and_offset().0)
            .expect("the folder can be written");
        Ok(())
    }
}

/// A network for images that it has never seen, and how it is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct Train {
    /// The network.
    pub network: Network,
    /// The name of the update rule, one of [`RULES`].
    pub rule: String,
    /// All else of the plan.
    pub plan: Plan<f32>,
}

/// The names of the update rules.
pub const RULES: [&str; 4] = ["sgd", "momentum", "rmsprop", "adam"];

impl Train {
    /// A network that is trained by the rule of that name, and in all else as the plan says.
    pub fn new(network: Network, rule: &str, plan: Plan<f32>) -> Train {
        let named = match rule {
            "sgd" => Rule::Sgd,
            "momentum" => Rule::Momentum(0.9),
            "rmsprop" => Rule::RmsProp(RmsProp::default()),
            _ => Rule::Adam(Adam::default()),
        };
        Train {
            network,
            rule: rule.to_owned(),
            plan: Plan {
                rule: named,
                ..plan
            },
        }
    }

    /// Part I's network of three layers, with its weight scale and rate.
    pub fn part_one(plan: &Plan<f32>) -> Train {
        let usual = Overfit::default();
        let network = Network {
            hidden: vec![usual.hidden; usual.layers - 1],
            normalization: Normalization::None,
            keep_ratio: 1.0,
            reg: 0.0,
            weight_scale: Some(usual.weight_scale),
            seed: plan.seed,
        };
        let plan = Plan {
            rate: usual.rate,
            decay: 0.9,
            first: 1,
            ..plan.clone()
        };
        Train::new(network, "sgd", plan)
    }

    /// The chapters that it does not need.
    pub fn without(&self) -> Vec<&'static str> {
        let Network {
            normalization: norm,
            keep_ratio,
            ..
        } = self.network;
        those(&[
            ("gradient_check", true),
            ("optim", self.plan.rule == Rule::Sgd),
            ("batch_norm", norm != Normalization::BatchNorm),
            ("layer_norm", norm != Normalization::LayerNorm),
            ("dropout", keep_ratio == 1.0),
        ])
    }

    /// Trains it on the images in the folder, and answers with the numbers of its best epoch.
    pub(crate) fn run(
        &self,
        folder: &Folder,
        say: &mut dyn FnMut(Seen),
    ) -> Result<(), Error> {
        let mut net = self.network.of_folder(folder)?;
        let mean = folder.mean();
        let [train, validation] =
            [Folder::TRAIN, Folder::VALIDATION].map(|name| folder.images(name));
        let sets = (
            &Centered::new(&train, &mean),
            &Centered::new(&validation, &mean),
        );
        let mut is_first = true;
        let report = good_model::train(&mut net, sets, &self.plan, |event| {
            let (Event::Step(record) | Event::Epoch(record)) = event;
            if is_first {
                is_first = false;
                say(Seen::Begun {
                    steps: record.steps,
                    penalty: record.penalty,
                    before: record.before,
                });
            }
            let last = match event {
                Event::Step(record) => record.losses.last().copied().map(Seen::Step),
                Event::Epoch(record) => record
                    .epochs
                    .last()
                    .map(|epoch| Seen::Measured(epoch.training, epoch.validation)),
            };
            last.into_iter().for_each(&mut *say);
            if folder.path(Folder::STOP).exists() {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
        folder
            .write_numbers(Folder::BEST, &numbers(&net))
            .expect("the folder can be written");
        say(Seen::Ended(report.best, report.accuracy, report.end));
        Ok(())
    }
}
