//! Chapter 7: one image of each class of [`shapes`](crate::shapes).

use crate::drawing::palette::{MUTED, ramp};
use crate::drawing::shapes::{Anchor, text};
use crate::drawing::svg::{Element, Svg};
use crate::shapes::{self, SHAPES};
use ndarray::{Array2, ArrayView3};

/// A pixel of the picture is the mean of two by two of the image and all three channels.
const SIDE: usize = 16;
const PIXEL: f64 = 5.0;
const COLUMN: f64 = 100.0;
const ROW: f64 = 116.0;

/// The figure.
pub fn draw() -> String {
    let mut svg = Svg::new(
        "ten-shapes",
        2.0 * ROW,
        "One image of each of the ten shapes",
        "Ten coarse, noisy pictures: a disc, a ring, a square, a frame, a triangle, a \
         diamond, a plus, a cross, three bars across, three bars down. They differ in size, \
         place and contrast; some are darker than their background.",
    );
    // Ten images in a row are one of each class.
    let images = shapes::images(10, 0);
    for (pixels, &label) in images.pixels.outer_iter().zip(&images.labels) {
        let corner = ((label % 5) as f64 * COLUMN, (label / 5) as f64 * ROW);
        let levels = levels(pixels);
        for level in 0..8 {
            svg.add(cells(&levels, level, corner));
        }
        let x = corner.0 + SIDE as f64 * PIXEL / 2.0;
        let y = corner.1 + SIDE as f64 * PIXEL + 20.0;
        svg.add(text(x, y, Anchor::Middle, MUTED, SHAPES[label]));
    }
    svg.finish()
}

/// The brightness of the image at half its resolution, in eight steps.
fn levels(pixels: ArrayView3<u8>) -> Array2<usize> {
    Array2::from_shape_fn((SIDE, SIDE), |(row, column)| {
        let corners = [(0, 0), (0, 1), (1, 0), (1, 1)];
        let channels = pixels.outer_iter();
        let sum: f64 = channels
            .flat_map(|p| corners.map(|(r, c)| p[[2 * row + r, 2 * column + c]]))
            .map(f64::from)
            .sum();
        let mean = sum / 12.0;
        ((mean - 40.0) / 200.0 * 8.0).clamp(0.0, 7.0) as usize
    })
}

/// All cells of one level, neighbours in a row as one rectangle.
fn cells(levels: &Array2<usize>, level: usize, corner: (f64, f64)) -> Element {
    let mut path = String::new();
    for (row, levels) in levels.outer_iter().enumerate() {
        let mut column = 0;
        for run in levels.to_vec().chunk_by(|a, b| a == b) {
            if run[0] == level {
                let x = corner.0 + column as f64 * PIXEL;
                let y = corner.1 + row as f64 * PIXEL;
                let width = run.len() as f64 * PIXEL;
                path += &format!("M{x} {y}h{width}v{PIXEL}h-{width}z");
            }
            column += run.len();
        }
    }
    Element::new("path")
        .set("d", path.as_str())
        .set("fill", ramp(level))
        .set("shape-rendering", "crispEdges")
}
