//! Chapter 1: weights as templates, and the scores of images that fit them or do not.

use crate::affine;
use crate::drawing::palette::{BLUE, Colour, INK, MUTED, ORANGE, SURFACE, ramp};
use crate::drawing::shapes::{Anchor, number_text, plain, rectangle, text};
use crate::drawing::svg::{Svg, TEXT};
use ndarray::{Array2, ArrayView1, Axis, array};

const SIDE: usize = 3;
/// The side of a pixel, in a template and in an image.
const WEIGHT: f64 = 34.0;
const PIXEL: f64 = 24.0;
/// Where the templates' columns and the images' rows begin.
const COLUMNS: [f64; 2] = [206.0, 352.0];
const ROWS: f64 = 196.0;
const STEP: f64 = 96.0;

/// Three images of 3 by 3 pixels, a row each: a bar upright in the middle, one that lies,
/// and an upright one at the left.
pub fn images() -> Array2<f64> {
    array![
        [0., 1., 0., 0., 1., 0., 0., 1., 0.],
        [0., 0., 0., 1., 1., 1., 0., 0., 0.],
        [1., 0., 0., 1., 0., 0., 1., 0., 0.],
    ]
}

/// The weights of two outputs, a column each: 2 where the template has its bar, −1
/// elsewhere.
pub fn templates() -> Array2<f64> {
    let bars = images();
    let (both, _) = bars.view().split_at(Axis(0), 2);
    both.t().mapv(|on| 3.0 * on - 1.0)
}

/// The score of each image for each template.
pub fn scores() -> Array2<f64> {
    let (scores, _cache) = affine::forward(images(), &templates(), &array![0., 0.]);
    scores
}

/// The figure.
pub fn draw() -> String {
    let mut svg = Svg::new(
        "affine-template",
        480.0,
        "Weights as templates",
        "A table. Its columns are two templates of 3 by 3 weights: upright has 2 in its \
         middle column and −1 elsewhere, horizontal has 2 in its middle row and −1 elsewhere. \
         Its rows are three images. An upright bar in the middle scores 6 and 0, a horizontal \
         bar 0 and 6, an upright bar at the left edge −3 and 0.",
    );
    for (weights, (x, name)) in templates()
        .columns()
        .into_iter()
        .zip(COLUMNS.into_iter().zip(["upright", "horizontal"]))
    {
        let middle = x + WEIGHT * 1.5;
        svg.add(text(middle, 20.0, Anchor::Middle, INK, name));
        grid(&mut svg, (x, 36.0), WEIGHT, weights, |w| {
            if w > 0.0 { ramp(2) } else { SURFACE }
        });
        for (i, &w) in weights.iter().enumerate() {
            let (x, y) = place((x, 36.0), WEIGHT, i);
            let colour = if w > 0.0 { INK } else { ORANGE };
            let at = (x + WEIGHT / 2.0, y + WEIGHT / 2.0 + TEXT * 0.36);
            svg.add(plain(at.0, at.1, Anchor::Middle, colour, &number_text(w)));
        }
    }
    svg.add(text(0.0, 84.0, Anchor::Start, MUTED, "the weights"));
    svg.add(text(0.0, 106.0, Anchor::Start, MUTED, "of two outputs"));
    svg.add(text(
        0.0,
        176.0,
        Anchor::Start,
        MUTED,
        "three images, and their scores",
    ));
    let largest = |row: ArrayView1<f64>| row.iter().copied().fold(0.0, f64::max);
    for (i, (pixels, scores)) in
        images().rows().into_iter().zip(scores().rows()).enumerate()
    {
        let y = ROWS + STEP * i as f64;
        grid(&mut svg, (30.0, y), PIXEL, pixels, |on| {
            if on > 0.0 { ramp(6) } else { SURFACE }
        });
        let baseline = y + PIXEL * 1.5 + 9.0;
        for (&score, x) in scores.iter().zip(COLUMNS) {
            let wins = score > 0.0 && score == largest(scores);
            let (colour, weight) = if wins { (BLUE, "600") } else { (MUTED, "400") };
            let number = plain(
                x + WEIGHT * 1.5,
                baseline,
                Anchor::Middle,
                colour,
                &number_text(score),
            );
            svg.add(number.set("font-size", 28.0).set("font-weight", weight));
        }
    }
    svg.finish()
}

/// The top left corner of cell `i`.
fn place((x, y): (f64, f64), side: f64, i: usize) -> (f64, f64) {
    let (row, column) = (i / SIDE, i % SIDE);
    (x + side * column as f64, y + side * row as f64)
}

fn grid(
    svg: &mut Svg,
    corner: (f64, f64),
    side: f64,
    values: ArrayView1<f64>,
    fill: impl Fn(f64) -> Colour,
) {
    for (i, &value) in values.iter().enumerate() {
        let cell = place(corner, side, i);
        svg.add(rectangle(cell, (side, side), fill(value), Some(MUTED)).set("rx", 0.0));
    }
}
