//! Chapter 12: the numbers that one output is computed from, in batch normalization a column,
//! in layer normalization a row.

use crate::drawing::palette::{BLUE, Colour, INK, MUTED, ORANGE, SURFACE};
use crate::drawing::shapes::{Anchor, CELL, plain, rectangle, text, unframed_numbers};
use crate::drawing::svg::Svg;
use crate::{batch_norm, layer_norm};
use ndarray::{Array1, Array2, array};

/// The chapter's example.
fn x() -> Array2<f64> {
    array![[1., 5., 1., 5.], [3., 9., 9., 3.]]
}

/// What both make of it, with gamma 1 and beta 0, rounded to whole numbers.
pub fn normalized() -> (Array2<f64>, Array2<f64>) {
    let (gamma, beta) = (Array1::ones(4), Array1::zeros(4));
    let (of_batch, ..) = batch_norm::forward(&x(), &gamma, &beta);
    let (of_layer, _) = layer_norm::forward(&x(), &gamma, &beta);
    (of_batch.mapv(f64::round), of_layer.mapv(f64::round))
}

/// The figure.
pub fn draw() -> String {
    let mut svg = Svg::new(
        "row-and-column",
        250.0,
        "Which numbers an output depends on",
        "The same table of two examples by four units, twice. Left, batch normalization: the \
         column of the third unit is marked, 1 and 9, and becomes −1 and 1. Right, layer \
         normalization: the row of the second example is marked, 3, 9, 9, 3, and becomes \
         −1, 1, 1, −1.",
    );
    let (of_batch, of_layer) = normalized();
    let column = ((2.0, 0.0), (1.0, 2.0));
    let row = ((0.0, 1.0), (4.0, 1.0));
    panel(&mut svg, 60.0, "batch: a column", BLUE, column, &of_batch);
    panel(&mut svg, 300.0, "layer: a row", ORANGE, row, &of_layer);
    svg.finish()
}

/// A place and a size, in cells.
type Part = ((f64, f64), (f64, f64));

fn panel(
    svg: &mut Svg,
    left: f64,
    title: &str,
    colour: Colour,
    part: Part,
    out: &Array2<f64>,
) {
    svg.add(text(left, 24.0, Anchor::Start, colour, title));
    for (top, name, table) in [(44.0, "x", &x()), (154.0, "x̂", out)] {
        let ((column, row), (width, height)) = part;
        let corner = (left + column * CELL, top + row * CELL);
        let size = (width * CELL, height * CELL);
        let whole = (table.ncols() as f64 * CELL, table.nrows() as f64 * CELL);
        svg.add(rectangle((left, top), whole, SURFACE, Some(MUTED)));
        svg.add(rectangle(corner, size, SURFACE, Some(colour)));
        unframed_numbers(svg, (left, top), table.view());
        svg.add(plain(left - 14.0, top + CELL + 6.0, Anchor::End, INK, name));
    }
}
