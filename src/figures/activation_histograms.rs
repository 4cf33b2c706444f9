//! Histograms of what the layers of a fresh network compute: five layers at four weight scales;
//! and two to ten layers at any of fourteen, to be chosen.
//!
//! The sums before ReLU, not the activations after it: they have the shape of a bell in
//! every layer, the scores too, which have no ReLU, and [`layer_stds`] measures them.
//!
//! [`layer_stds`]: crate::overfit::layer_stds

use super::controls::{Controls, array, string};
use super::map::LETTERS;
use super::sums::{NAMES, SCALES, sums};
use crate::drawing::chart::digits;
use crate::drawing::palette::{BLUE, Colour, GREEN, INK, MAGENTA, MUTED, ORANGE};
use crate::drawing::shapes::{Anchor, heading, line, path, region, text};
use crate::drawing::svg::{Element, Svg};
use crate::fifty::Images;
use crate::softmax;
use ndarray::Array2;
use std::f64::consts::SQRT_2;

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
    let axis = format!("each axis ±{}", digits(reach, 2));
    svg.add(text(478.0, top, Anchor::End, MUTED, &axis));
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

/// The weight scales to choose from: about three a decade, and √(2/100), where the gain is 1.
pub const CHOICES: [f64; 14] = [
    1e-3,
    2e-3,
    5e-3,
    1e-2,
    2e-2,
    3e-2,
    5e-2,
    7e-2,
    1e-1,
    SQRT_2 / 10.0,
    2e-1,
    3e-1,
    5e-1,
    1.0,
];

/// The numbers of layers to choose from.
pub const DEPTHS: std::ops::RangeInclusive<usize> = 2..=10;

/// The bins of a histogram in the page, from −3 to 3 of its own standard deviations.
const FINE: usize = 30;
const LINE: f64 = 38.0;
const AXIS: (f64, f64) = (76.0, 396.0);

/// Depth and weight scale to choose. The biases are 0 and ReLU keeps proportions: so with
/// the weights `σ` times as large, the sums of layer `l` are `σˡ` times as large and their histogram has
/// the same shape. The page multiplies, and a test compares; the losses are the crate's.
pub fn touch() -> String {
    let mut svg = Svg::new(
        "activation-histograms-touch",
        34.0 + LINE * 10.0 + 30.0,
        "What each layer computes before training",
        "A row for each layer with the histogram of its sums, all rows over one axis, and \
         the standard deviation at the right. The sentence under the controls says the numbers.",
    );
    svg.add(text(0.0, 20.0, Anchor::Start, INK, "").set("class", "gain"));
    svg.add(text(478.0, 20.0, Anchor::End, MUTED, "std"));
    for layer in 0..10 {
        let base = 34.0 + LINE * (layer + 1) as f64;
        let class = ["l0", "l1", "l2", "l3", "l4", "l5", "l6", "l7", "l8", "l9"][layer];
        let empty = |x, anchor, colour| text(x, base - 4.0, anchor, colour, "");
        let row = Element::new("g").set("class", class);
        svg.add(
            row.child(line((AXIS.0, base), (AXIS.1, base), MUTED, 1.0))
                .child(
                    path([], BLUE, 1.5)
                        .set("fill", BLUE)
                        .set("transform", format!("translate(0 {base})").as_str()),
                )
                .child(empty(0.0, Anchor::Start, INK))
                .child(empty(478.0, Anchor::End, BLUE)),
        );
    }
    let tick = |x, class| text(x, 54.0, Anchor::Middle, MUTED, "").set("class", class);
    let middle = (AXIS.0 + AXIS.1) / 2.0;
    svg.add(
        Element::new("g")
            .set("class", "axis")
            .child(tick(AXIS.0, "least"))
            .child(text(middle, 54.0, Anchor::Middle, MUTED, "0"))
            .child(tick(AXIS.1, "most")),
    );

    let images = Images::synthetic();
    let (mut stds, mut shapes, mut losses) = (Vec::new(), Vec::new(), Vec::new());
    for depth in DEPTHS {
        let sums = sums(depth, 1.0, &images);
        stds.push(array(sums.iter().map(|s| format!("{:.5e}", s.std(0.0)))));
        shapes.push(array(sums.iter().map(|s| string(&shape(s)))));
        let loss = |scale: &f64| {
            let scores = &sums[depth - 1] * scale.powi(depth as i32);
            let (loss, _) = softmax::loss(&scores, &images.y).expect("fifty labels");
            format!("{loss:.5e}")
        };
        losses.push(array(CHOICES.iter().map(loss)));
    }
    let scales = array(CHOICES);
    let [stds, shapes, losses] = [stds, shapes, losses].map(array);
    Controls::new("activation-histograms", "histograms", "Weight scale and depth to choose")
        .drawing(svg)
        .slider("scale", "weight scale σ", [0.0, 13.0], 1, 6.0)
        .slider("depth", "layers", [2.0, 10.0], 1, 5.0)
        .says()
        .data(&format!(
            "{{\"scales\":{scales},\"stds\":{stds},\"losses\":{losses},\"shapes\":{shapes}}}"
        ))
        .finish()
}

/// A histogram over three standard deviations to either side: a letter a bin, the last of
/// [`LETTERS`] for the highest.
fn shape(sums: &Array2<f64>) -> String {
    let mut counts = [0_usize; FINE];
    let std = sums.std(0.0);
    for sum in sums {
        let place = (sum / std / REACH + 1.0) / 2.0 * FINE as f64;
        if (0.0..FINE as f64).contains(&place) {
            counts[place as usize] += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(1).max(1);
    let letter = |count: &usize| char::from(LETTERS[(count * 63 + most / 2) / most]);
    counts.iter().map(letter).collect()
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
