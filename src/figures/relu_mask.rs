//! Chapter 2: which numbers ReLU lets through, there and back.

use crate::drawing::palette::{BLUE, Colour, GREEN, INK, MUTED, ORANGE, SURFACE, ramp};
use crate::drawing::shapes::{Anchor, number_text, plain, rectangle, text};
use crate::drawing::svg::{Svg, TEXT};
use crate::relu;
use ndarray::{Array1, array};

const LEFT: f64 = 118.0;
const COLUMN: f64 = 72.0;
const HEIGHT: f64 = 38.0;

/// The figure.
pub fn draw() -> String {
    let x = array![-1., 0., 2., -3., 4.];
    let dout = array![10., 20., 30., 40., 50.];
    let (out, cache) = relu::forward(&x);
    let dx = relu::backward(&dout, cache);
    let on: Vec<bool> = x.iter().map(|&x| x > 0.0).collect();

    let mut svg = Svg::new(
        "relu-mask",
        330.0,
        "ReLU and its mask",
        "Five numbers x in a row: −1 0 2 −3 4. Where x is above 0, at the third and the \
         fifth, the column is a lane that runs through the whole figure: out is x there, \
         and dx is dout. In the other columns out is 0 and dx is 0.",
    );
    for (j, _) in on.iter().enumerate().filter(|(_, on)| **on) {
        let lane = (LEFT + j as f64 * COLUMN + 4.0, 4.0);
        svg.add(rectangle(lane, (COLUMN - 8.0, 322.0), ramp(1), None));
    }
    let mut row = |y: f64, name: &str, words: Vec<(String, Colour)>, frame: Colour| {
        let baseline = y + HEIGHT / 2.0 + TEXT * 0.36;
        svg.add(text(0.0, baseline, Anchor::Start, frame, name));
        for (j, (word, colour)) in words.into_iter().enumerate() {
            let x = LEFT + j as f64 * COLUMN;
            let cell = ((x + 9.0, y), (COLUMN - 18.0, HEIGHT));
            svg.add(rectangle(cell.0, cell.1, SURFACE, Some(frame)));
            svg.add(plain(
                x + COLUMN / 2.0,
                baseline,
                Anchor::Middle,
                colour,
                &word,
            ));
        }
    };
    let shown = |numbers: &Array1<f64>, dim_zeros: bool| {
        let numbers = numbers.iter();
        let colour = |&x: &f64| if dim_zeros && x == 0.0 { MUTED } else { INK };
        numbers.map(|x| (number_text(*x), colour(x))).collect()
    };
    let mask = on.iter().map(|&on| {
        let (word, colour) = if on { ("yes", GREEN) } else { ("no", MUTED) };
        (word.to_owned(), colour)
    });
    row(14.0, "x", shown(&x, false), BLUE);
    row(64.0, "x > 0?", mask.collect(), GREEN);
    row(114.0, "out", shown(&out, true), BLUE);
    row(228.0, "dout", shown(&dout, false), ORANGE);
    row(278.0, "dx", shown(&dx, true), ORANGE);
    svg.add(text(0.0, 197.0, Anchor::Start, MUTED, "and back:"));
    svg.finish()
}
