//! The images to be learned by heart: the crate's own, or CIFAR-10's.

use crate::cli::failure::Failure;
use fully_connected::{cifar10, synthetic};
use ndarray::Array4;
use std::path::PathBuf;

/// How many, if the files hold as many.
const COUNT: usize = 50;

/// The synthetic images are the same in every run; `--seed` changes the network.
const SEED: u64 = 0;

/// Images with the mean image subtracted.
pub struct Images {
    /// `(N, 3, 32, 32)`, in units of a pixel.
    pub x: Array4<f64>,
    /// Their labels.
    pub y: Vec<usize>,
    /// What they are, in words.
    pub origin: String,
}

impl Images {
    /// The first images of the files; without files, synthetic ones.
    pub fn load(files: &[PathBuf]) -> Result<Images, Failure> {
        if files.is_empty() {
            let images = synthetic::images(COUNT, SEED);
            return Ok(Images {
                x: images.centered(&images.mean()),
                y: images.labels,
                origin: format!("{COUNT} synthetic images"),
            });
        }
        let first = cifar10::read_first(files, COUNT)?;
        Ok(Images {
            x: first.images.centered(&first.mean),
            origin: format!(
                "the first {} of {} images",
                first.images.labels.len(),
                first.read
            ),
            y: first.images.labels,
        })
    }
}
