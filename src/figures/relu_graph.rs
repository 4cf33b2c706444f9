//! Chapter 2: ReLU and its slope.

use crate::drawing::chart::{Panel, Scale, ticks};
use crate::drawing::palette::{BLUE, Colour, MUTED, ORANGE};
use crate::drawing::shapes::{Anchor, dot, line};
use crate::drawing::svg::Svg;
use crate::relu;
use ndarray::{Array1, array};

/// ReLU of `x`, and its slope there.
pub fn relu_and_slope(x: f64) -> (f64, f64) {
    let (out, cache) = relu::forward(array![x]);
    let dx: Array1<f64> = relu::backward(&array![1.0], cache);
    (out[0], dx[0])
}

/// The figure.
pub fn draw() -> String {
    let mut svg = Svg::new(
        "relu-graph",
        270.0,
        "ReLU and its slope",
        "Two graphs over x from −3 to 3. Left, max(0, x): flat at 0 for negative x, then \
         rising with x, with a kink at 0. Right, its slope: 0 for negative x and at 0, 1 \
         for positive x.",
    );
    let points = |from: i32, to: i32| (from..=to).map(|i| f64::from(i) / 10.0);
    let panel = |svg: &mut Svg, left: f64, words: &str, top: f64, colour: Colour| {
        let panel = Panel {
            x: Scale::linear((-3.0, 3.0), (left, left + 190.0)),
            y: Scale::linear((0.0, top), (200.0, 44.0)),
        };
        panel.label(svg, (-3.0, top * 1.12), Anchor::Start, colour, words);
        panel.x_axis(svg, &ticks(&[-3.0, 0.0, 3.0]), "x");
        panel
    };
    let left = panel(&mut svg, 30.0, "out = max(0, x)", 3.0, BLUE);
    left.y_axis(&mut svg, &ticks(&[0.0, 3.0]));
    let out = points(-30, 30).map(|x| (x, relu_and_slope(x).0));
    thick(&mut svg, &left, out, BLUE);

    let right = panel(&mut svg, 280.0, "its slope", 1.0, ORANGE);
    right.y_axis(&mut svg, &ticks(&[0.0, 1.0]));
    let slope = |x: f64| (x, relu_and_slope(x).1);
    thick(&mut svg, &right, points(-30, 0).map(slope), ORANGE);
    thick(&mut svg, &right, points(1, 30).map(slope), ORANGE);
    let (at, up) = (right.at((0.0, 0.0)), right.at((0.0, 1.0)));
    svg.add(line(at, up, MUTED, 1.0).set("stroke-dasharray", "4 4"));
    svg.add(dot(right.at(slope(0.0)), 5.0, ORANGE));
    svg.finish()
}

fn thick(
    svg: &mut Svg,
    panel: &Panel,
    points: impl IntoIterator<Item = (f64, f64)>,
    colour: Colour,
) {
    svg.add(panel.line(points, colour).set("stroke-width", 4.0));
}
