//! Chapter 1: gradient descent on one weight, with a rate that is too small, right, and
//! too large.

use crate::affine;
use crate::drawing::chart::{Panel, Scale, ticks};
use crate::drawing::palette::{BLUE, INK, MAGENTA, ORANGE};
use crate::drawing::shapes::{Anchor, arrow, dot, text};
use crate::drawing::svg::Svg;
use ndarray::{Array2, array};

/// The rates, and what they are.
pub const RATES: [(f64, &str); 3] =
    [(0.02, "too small"), (0.2, "right"), (0.55, "too large")];

/// The loss of a layer with the one weight `w`, and its slope: the input is 2, the output
/// should be 6, and the loss is half the square of what is missing.
pub fn loss(w: f64) -> (f64, f64) {
    let w: Array2<f64> = array![[w]];
    let (out, cache) = affine::forward(array![[2.]], &w, &array![0.]);
    let dout = out - 6.0;
    let loss = dout[[0, 0]].powi(2) / 2.0;
    let (dw, _db) = affine::param_grads(&dout, cache);
    (loss, dw[[0, 0]])
}

/// The weight at the start, 0, and after each of five steps.
pub fn walk(rate: f64) -> Vec<f64> {
    let step = |w: &f64| Some(w - rate * loss(*w).1);
    std::iter::successors(Some(0.0), step).take(6).collect()
}

/// The figure.
pub fn draw() -> String {
    let mut svg = Svg::new(
        "descent",
        690.0,
        "Gradient descent with three rates",
        "Three times the same parabola, the loss over the weight w, lowest at w = 3, with \
         five steps from w = 0. At rate 0.02 the steps are short and end near w = 1, far \
         from the bottom. At rate 0.2 they reach the bottom. At rate 0.55 each step leaps \
         over the bottom to a higher place on the other side.",
    );
    for (i, (rate, what)) in RATES.into_iter().enumerate() {
        let top = 36.0 + 228.0 * i as f64;
        panel(&mut svg, top, (rate, what), i == 0);
    }
    svg.finish()
}

fn panel(svg: &mut Svg, top: f64, (rate, what): (f64, &str), first: bool) {
    let panel = Panel {
        x: Scale::linear((-5.0, 11.0), (38.0, 466.0)),
        y: Scale::linear((0.0, 120.0), (top + 140.0, top)),
    };
    panel.title(svg, &format!("rate {rate}: {what}"));
    panel.y_axis(svg, &ticks(&[0.0, 60.0, 120.0]));
    panel.x_axis(svg, &ticks(&[-3.0, 0.0, 3.0, 6.0, 9.0]), "");
    panel.label(svg, (11.0, -30.0), Anchor::End, INK, "w");
    let curve = (-94..=214)
        .map(|i| f64::from(i) / 20.0)
        .map(|w| (w, loss(w).0));
    svg.add(panel.line(curve, BLUE));
    let places: Vec<_> = walk(rate)
        .into_iter()
        .map(|w| panel.at((w, loss(w).0)))
        .collect();
    for (i, pair) in places.windows(2).enumerate() {
        let length = (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1);
        if length > 30.0 {
            svg.add(arrow(pair[0], pair[1], ORANGE));
        }
        if i > 0 {
            svg.add(dot(pair[0], 4.0, ORANGE));
        }
    }
    svg.add(dot(places[5], 4.0, ORANGE));
    svg.add(dot(places[0], 6.0, MAGENTA));
    if first {
        let (x, y) = places[0];
        svg.add(text(x + 12.0, y - 8.0, Anchor::Start, MAGENTA, "start"));
    }
}
