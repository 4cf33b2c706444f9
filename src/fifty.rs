//! The images that a network learns by heart: the crate's own, or CIFAR-10's.

use crate::{Error, cifar10, synthetic};
use ndarray::Array4;
use std::path::PathBuf;

/// The number of images, if the files hold as many.
const COUNT: usize = 50;

/// The synthetic images are the same in every run; a run's seed changes the network.
const SEED: u64 = 0;

/// Images with the mean image subtracted.
pub struct Images {
    /// `(N, 3, 32, 32)`, in units of a pixel.
    pub x: Array4<f64>,
    /// The label of each image.
    pub y: Vec<usize>,
    /// A description in words.
    pub origin: String,
}

impl Images {
    /// The crate's own fifty: `synthetic::images(50, 0)`.
    pub fn synthetic() -> Images {
        let images = synthetic::images(COUNT, SEED);
        Images {
            x: images.centered(&images.mean()),
            y: images.labels,
            origin: format!("{COUNT} synthetic images"),
        }
    }

    /// The first images of the files; without files, synthetic ones.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or is not as CIFAR-10's are.
    pub fn load(files: &[PathBuf]) -> Result<Images, Error> {
        if files.is_empty() {
            return Ok(Images::synthetic());
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
