//! Chapter 9: ten of the fifty images, and how sure the network becomes of their labels.

use crate::cifar10::CLASSES;
use crate::drawing::palette::{INK, MUTED, ramp};
use crate::drawing::shapes::{Anchor, text};
use crate::drawing::svg::{Element, Svg, TEXT, round};
use crate::fifty::Images;
use crate::figures::overfit_curves::runs;
use crate::overfit::{Batches, sgd_step};
use crate::synthetic;
use ndarray::{Array4, ArrayView3};

const EPOCHS: usize = 20;
const STEPS: usize = 2;
const TOP: f64 = 62.0;
const ROW: f64 = 44.0;
/// Cells of a thumbnail on each side, each the mean of two by two pixels; and their size.
const CELLS: usize = 16;
const CELL: f64 = 2.5;
/// The first column of probabilities, and the width of one.
const LEFT: f64 = 154.0;
const WIDE: f64 = 15.5;

/// The probability of each image's own label, `[epoch][image]`, for the three-layer run of
/// the figure `overfit-curves`.
pub fn probabilities(images: &Images) -> Vec<Vec<f64>> {
    let [run, ..] = runs();
    let mut net = run.net();
    let x = images.x.to_shape((images.y.len(), 3072));
    let x = x.expect("an image is 3072 numbers");
    let mut batches = Batches::new(&x, &images.y, 25, run.batches);
    let own = |net: &crate::FullyConnectedNet<f64>| -> Vec<f64> {
        let scores = net.scores(&x);
        let rows = scores.rows().into_iter().zip(&images.y);
        rows.map(|(row, &label)| {
            let sum: f64 = row.iter().map(|s| (s - row[label]).exp()).sum();
            1.0 / sum
        })
        .collect()
    };
    let mut all = vec![own(&net)];
    for _ in 0..EPOCHS {
        for _ in 0..STEPS {
            let (x, y) = batches.draw();
            let (_, grads) = net.loss(x, y).expect("labels of the images");
            sgd_step(net.parameters_mut(), &grads, run.rate);
        }
        all.push(own(&net));
    }
    all
}

/// The shade of a probability.
fn shade(p: f64) -> usize {
    match p {
        0.9.. => 7,
        0.7.. => 5,
        0.5.. => 4,
        0.3.. => 3,
        0.1.. => 2,
        _ => 0,
    }
}

/// The figure.
pub fn draw() -> String {
    let images = Images::synthetic();
    let pixels: Array4<u8> = synthetic::images(images.y.len(), 0).pixels;
    let shown = (0..CLASSES.len())
        .map(|class| images.y.iter().position(|&label| label == class))
        .map(|first| first.expect("every class has an image"));
    let shown: Vec<usize> = shown.collect();
    let probabilities = probabilities(&images);
    let all_right = probabilities
        .iter()
        .position(|epoch| shown.iter().all(|&image| epoch[image] > 0.5))
        .expect("they are learned");

    let mut svg = Svg::new(
        "learned-by-heart",
        TOP + ROW * CLASSES.len() as f64 + 26.0,
        "Ten made-up images, learned by heart",
        format!(
            "Ten rows, one image of each class: a small texture without any object, its \
             label, and 21 cells for the epochs 0 to 20. A cell is the stronger, the more \
             probability the network gives to the image's own label. At epoch 0 most cells \
             are pale; from epoch {all_right} on all ten are above one half, and at the end \
             all are of the strongest shade."
        ),
    );
    svg.add(text(
        0.0,
        20.0,
        Anchor::Start,
        INK,
        "probability of its own label",
    ));
    for (i, p) in [0.0, 0.2, 0.4, 0.6, 0.8, 0.95].into_iter().enumerate() {
        let x = 270.0 + 20.0 * i as f64;
        svg.add(cells(&[(x, 6.0, 20.0)], 18.0, shade(p)));
    }
    svg.add(text(262.0, 20.0, Anchor::End, MUTED, "0"));
    svg.add(text(398.0, 20.0, Anchor::Start, MUTED, "1"));
    for epoch in [0, 5, 10, 15, 20] {
        let x = LEFT + (epoch as f64 + 0.5) * WIDE;
        svg.add(text(
            x,
            TOP - 10.0,
            Anchor::Middle,
            MUTED,
            &epoch.to_string(),
        ));
    }
    svg.add(text(LEFT - 12.0, TOP - 10.0, Anchor::End, MUTED, "epoch"));
    for (row, &image) in shown.iter().enumerate() {
        let top = TOP + ROW * row as f64;
        thumbnail(&mut svg, top, &pixels.index_axis(ndarray::Axis(0), image));
        let baseline = top + CELLS as f64 * CELL / 2.0 + TEXT * 0.36;
        svg.add(text(50.0, baseline, Anchor::Start, INK, CLASSES[row]));
        for level in [0, 2, 3, 4, 5, 7] {
            let mut runs: Vec<(f64, f64, f64)> = Vec::new();
            for (epoch, of_all) in probabilities.iter().enumerate() {
                if shade(of_all[image]) == level {
                    let x = LEFT + WIDE * epoch as f64;
                    extend(&mut runs, x, top, WIDE);
                }
            }
            svg.add(cells(&runs, CELLS as f64 * CELL, level));
        }
    }
    svg.finish()
}

/// The brightness of an image, `(3, 32, 32)`, in eight shades.
fn thumbnail(svg: &mut Svg, top: f64, pixels: &ArrayView3<u8>) {
    for level in 0..8 {
        let mut runs = Vec::new();
        for i in 0..CELLS {
            for j in 0..CELLS {
                let sum: usize = (0..12)
                    .map(|k| [k / 4, 2 * i + k / 2 % 2, 2 * j + k % 2])
                    .map(|place| usize::from(pixels[place]))
                    .sum();
                if sum / 12 / 32 == level {
                    let (x, y) = (CELL * j as f64, top + CELL * i as f64);
                    extend(&mut runs, x, y, CELL);
                }
            }
        }
        svg.add(cells(&runs, CELL, level));
    }
}

/// Adds a cell to runs `(left, top, width)`: to the last of them, if it follows on that.
fn extend(runs: &mut Vec<(f64, f64, f64)>, x: f64, y: f64, width: f64) {
    match runs.last_mut() {
        Some(run) if run.1 == y && (run.0 + run.2 - x).abs() < 1e-6 => run.2 += width,
        _ => runs.push((x, y, width)),
    }
}

fn cells(runs: &[(f64, f64, f64)], high: f64, level: usize) -> Element {
    let d: String = runs
        .iter()
        .map(|&(x, y, width)| {
            let [x, y, width, high] = [x, y, width, high].map(round);
            format!("M{x} {y}h{width}v{high}h-{width}z")
        })
        .collect();
    Element::new("path")
        .set("d", d.as_str())
        .set("fill", ramp(level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_probabilities_are_those_of_the_run_that_the_curves_show() {
        let images = Images::synthetic();
        let all = probabilities(&images);
        let [run, ..] = runs();
        let last = run.train(&images).history.accuracies;
        assert_eq!(last.last(), Some(&1.0));
        assert!(all[EPOCHS].iter().all(|&p| p > 0.5));
        assert!(all[0].iter().any(|&p| p < 0.1));
    }
}
