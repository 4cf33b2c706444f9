//! The numbers that the layers of a fresh network compute: the sums before each ReLU, and at the end
//! the scores.

use super::runs::Run;
use crate::fifty::Images;
use crate::{affine, relu};
use ndarray::{Array2, CowArray};
use std::f64::consts::SQRT_2;

/// Four weight scales for five layers: the three of chapter 9's table that fail, learn
/// and keep their size, and one between.
pub const SCALES: [f64; 4] = [1e-3, 1e-2, 1e-1, SQRT_2 / 10.0];

/// Their names: the last is √(2/100).
pub const NAMES: [&str; 4] = ["0.001", "0.01", "0.1", "0.141"];

/// The sums of each layer, `(50, M)` each; the last are the scores. The network is the
/// runner's, with seed 0.
pub fn sums(layers: usize, weight_scale: f64, images: &Images) -> Vec<Array2<f64>> {
    let run = Run {
        layers,
        weight_scale,
        rate: 0.0,
        weights: 0,
        batches: 0,
    };
    let net = run.net();
    let mut x = CowArray::from(images.x.view().into_dyn());
    let mut all = Vec::new();
    for layer in net.parameters().layers() {
        let (sums, _) = affine::forward(x, &layer.w, &layer.b);
        let (out, _) = relu::forward(&sums);
        all.push(sums);
        x = out.into_dyn().into();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::overfit::layer_stds;

    #[test]
    fn the_sums_are_those_whose_spread_the_chapter_measures() {
        let images = Images::synthetic();
        let sums = sums(5, 1e-1, &images);
        let run = Run {
            layers: 5,
            weight_scale: 1e-1,
            rate: 0.0,
            weights: 0,
            batches: 0,
        };
        let stds = layer_stds(&run.net(), &images.x);
        assert_eq!(sums.len(), 5);
        for (sums, std) in sums.iter().zip(stds) {
            assert_eq!(sums.std(0.0), std);
        }
    }
}
