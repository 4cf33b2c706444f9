//! Why a network did not learn: what the numbers say about it.

use crate::cli::curve::short;
use fully_connected::overfit::History;
use fully_connected::{FullyConnectedNet, affine, relu};
use ndarray::Array4;
use std::fmt;

/// Scores that differ by less than this say nothing about an image.
const SILENT: f64 = 1e-3;

/// The standard deviation of what goes from layer to layer: the images, the output of
/// each hidden layer, the scores.
pub struct Signal(Vec<f64>);

impl Signal {
    /// Sends the images through the network as it is now.
    pub fn through(net: &FullyConnectedNet<f64>, images: &Array4<f64>) -> Signal {
        let mut signal = vec![images.std(0.0)];
        let (n, channels, height, width) = images.dim();
        let mut x = images
            .to_shape((n, channels * height * width))
            .expect("rows hold as many numbers as images");
        let layers = net.parameters().layers();
        for (i, layer) in layers.iter().enumerate() {
            let out = if i + 1 < layers.len() {
                relu::affine_relu_forward(x, &layer.w, &layer.b).0
            } else {
                affine::forward(x, &layer.w, &layer.b).0
            };
            signal.push(out.std(0.0));
            x = out.into();
        }
        Signal(signal)
    }

    fn scores(&self) -> f64 {
        self.0[self.0.len() - 1]
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.0.iter().map(|&std| short(std)).collect();
        write!(
            f,
            "standard deviation, images to scores: {}",
            numbers.join(" → ")
        )
    }
}

/// The likeliest reason why the images are not learned.
pub fn reason(before: &Signal, history: &History) -> String {
    let (first, last) = (history.losses.first(), history.losses.last());
    if before.scores() < SILENT {
        format!(
            "Before training the scores differ by {} only: weights this small shrink \
             the signal",
            short(before.scores())
        )
    } else if last >= first {
        "The loss does not fall".to_owned()
    } else {
        "The loss falls".to_owned()
    }
}
