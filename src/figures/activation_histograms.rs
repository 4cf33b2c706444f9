//! Chapter 9: histograms of what five layers compute, at four weight scales.
//!
//! The sums before ReLU, not the activations after it: they have the shape of a bell in
//! every layer, the scores too, which have no ReLU, and [`layer_stds`] measures them.
//!
//! [`layer_stds`]: crate::overfit::layer_stds

use super::sums::{NAMES, SCALES, sums};
use crate::drawing::chart::digits;
use crate::drawing::palette::{BLUE, Colour, GREEN, INK, MAGENTA, MUTED, ORANGE};
use crate::drawing::shapes::{Anchor, heading, line, region, text};
use crate::drawing::svg::Svg;
use crate::fifty::Images;
use ndarray::Array2;

const BINS: usize = 41;
/// A histogram reaches so many standard deviations of the first layer to either side.
const REACH: f64 = 3.0;
const COLUMN: f64 = 96.0;
const ROW: f64 = 142.0;
const HIGH: f64 = 64.0;

/// The figure.
pub fn draw() -> String {
    let images = Images::synthetic();
    let mut svg = Svg::new(
        "activation-histograms",
        622.0,
        "What five layers compute before training, at four weight scales",
        "Four rows of five histograms, one for each layer's sums; the five of a row share \
         one axis. At weight scale 0.001 layer 1 is a bell and every later layer a needle \
         at 0, with standard deviations falling to 1e-8. At 0.01 the second layer is a \
         thin peak, the others needles. At 0.1 the bells become narrower slowly. At 0.141 \
         all five are equally wide.",
    );
    for layer in 0..5 {
        let name = ["layer 1", "2", "3", "4", "scores"][layer];
        let x = (layer as f64 + 0.5) * COLUMN;
        svg.add(text(x, 20.0, Anchor::Middle, MUTED, name));
    }
    let colours = [MAGENTA, GREEN, ORANGE, BLUE];
    for (i, (scale, colour)) in SCALES.into_iter().zip(colours).enumerate() {
        let layers = sums(5, scale, &images);
        row(&mut svg, 56.0 + ROW * i as f64, NAMES[i], &layers, colour);
    }
    svg.finish()
}

fn row(svg: &mut Svg, top: f64, scale: &str, layers: &[Array2<f64>], colour: Colour) {
    svg.add(heading(0.0, top, INK, &format!("weight scale {scale}")));
    let reach = REACH * layers[0].std(0.0);
    let base = top + 16.0 + HIGH;
    for (layer, sums) in layers.iter().enumerate() {
        let left = layer as f64 * COLUMN + 4.0;
        let width = COLUMN - 8.0;
        let counts = counts(sums, reach);
        let most = counts.iter().copied().max().unwrap_or(1).max(1);
        let mut points = vec![(left, base)];
        for (bin, &count) in counts.iter().enumerate() {
            let y = base - HIGH * count as f64 / most as f64;
            let edge = |i: usize| left + width * i as f64 / BINS as f64;
            points.extend([(edge(bin), y), (edge(bin + 1), y)]);
        }
        points.push((left + width, base));
        svg.add(region(points, colour));
        svg.add(line((left, base), (left + width, base), MUTED, 1.0));
        let std = digits(sums.std(0.0), 2);
        let x = left + width / 2.0;
        svg.add(text(x, base + 20.0, Anchor::Middle, colour, &std));
    }
}

/// The number of sums that fall into each bin; those beyond `reach` into none.
fn counts(sums: &Array2<f64>, reach: f64) -> Vec<usize> {
    let mut counts = vec![0; BINS];
    for sum in sums {
        let place = (sum / reach + 1.0) / 2.0 * BINS as f64;
        if (0.0..BINS as f64).contains(&place) {
            counts[place as usize] += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn sums_are_counted_in_their_bin_and_those_outside_not_at_all() {
        let counts = counts(&array![[0.0, 0.001], [-0.999, 7.0], [0.999, -1.5]], 1.0);
        assert_eq!((counts[0], counts[20], counts[40]), (1, 2, 1));
        assert_eq!(counts.iter().sum::<usize>(), 4);
    }
}
