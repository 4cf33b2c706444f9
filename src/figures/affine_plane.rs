//! Chapter 1: the scores of the worked example over the plane of its two inputs.

use crate::affine;
use crate::drawing::chart::{Panel, Scale, ticks};
use crate::drawing::palette::{INK, MAGENTA, MUTED, SURFACE, ramp};
use crate::drawing::shapes::{Anchor, arrow, dot, number_text, plain, region, text};
use crate::drawing::svg::Svg;
use ndarray::{Array1, Array2, array};

/// The example's weights and biases.
pub fn layer() -> (Array2<f64>, Array1<f64>) {
    (array![[1., 0., 3.], [0., 1., 4.]], array![10., 20., 30.])
}

/// The three scores of the input `(x₁, x₂)`.
pub fn scores(x1: f64, x2: f64) -> [f64; 3] {
    let (w, b) = layer();
    let (out, _cache) = affine::forward(array![[x1, x2]], &w, &b);
    [out[[0, 0]], out[[0, 1]], out[[0, 2]]]
}

/// The figure.
pub fn draw() -> String {
    let mut svg = Svg::new(
        "affine-plane",
        312.0,
        "Scores over the plane of the inputs",
        "Two maps of the plane of the inputs x1 and x2. Left, the third score: straight \
         parallel lines at equal distances where it is 10, 20, 30, 40 and 50, an arrow \
         across them from the origin in the direction 3, 4, and the example 1, 2 just \
         beyond the line of 40. Right, over a larger part of the plane, which score is the \
         largest: three regions with straight borders that meet in one point.",
    );
    levels(&mut svg);
    winners(&mut svg);
    svg.finish()
}

fn levels(svg: &mut Svg) {
    let (from, to) = (-5.0, 5.0);
    let panel = Panel {
        x: Scale::linear((from, to), (32.0, 226.0)),
        y: Scale::linear((from, to), (246.0, 46.0)),
    };
    svg.add(text(32.0, 22.0, Anchor::Start, INK, "the third score"));
    let square = [(from, from), (to, from), (to, to), (from, to)];
    svg.add(region(square.map(|p| panel.at(p)), ramp(0)));
    for (score, shade) in [10.0, 20.0, 30.0, 40.0, 50.0].into_iter().zip(1..) {
        let above = |(x1, x2): (f64, f64)| scores(x1, x2)[2] - score;
        let part = part_where(&square, above);
        svg.add(region(part.into_iter().map(|p| panel.at(p)), ramp(shade)));
    }
    // On each line, its score.
    for (score, place) in [
        (10.0, (-4.2, -1.85)),
        (20.0, (-4.2, 0.65)),
        (30.0, (-4.2, 3.15)),
        (40.0, (-2.2, 4.15)),
        (50.0, (4.1, 1.92)),
    ] {
        let (x, y) = panel.at(place);
        svg.add(plain(x, y + 6.0, Anchor::Middle, INK, &number_text(score)));
    }
    svg.add(arrow(panel.at((0.0, 0.0)), panel.at((3.0, 4.0)), INK));
    let (x, y) = panel.at((1.0, 2.0));
    svg.add(dot((x, y), 6.0, MAGENTA));
    svg.add(plain(x - 10.0, y - 5.0, Anchor::End, INK, "41"));
    axes(svg, &panel, 32.0, &[-4.0, 0.0, 4.0]);
}

fn winners(svg: &mut Svg) {
    let (from, to) = (-15.0, 15.0);
    let panel = Panel {
        x: Scale::linear((from, to), (284.0, 478.0)),
        y: Scale::linear((from, to), (246.0, 46.0)),
    };
    svg.add(text(284.0, 22.0, Anchor::Start, INK, "the largest score"));
    let square = [(from, from), (to, from), (to, to), (from, to)];
    let shades = [ramp(1), ramp(3), ramp(5)];
    let places = [(7.0, -11.5), (-8.0, -9.0), (2.0, 5.0)];
    for (winner, (shade, place)) in shades.into_iter().zip(places).enumerate() {
        let mut part = square.to_vec();
        for other in (0..3).filter(|&other| other != winner) {
            part = part_where(&part, |(x1, x2)| {
                let scores = scores(x1, x2);
                scores[winner] - scores[other]
            });
        }
        svg.add(region(part.into_iter().map(|p| panel.at(p)), shade));
        let (x, y) = panel.at(place);
        let colour = if winner == 2 { SURFACE } else { INK };
        let words = ["first", "second", "third"][winner];
        svg.add(plain(x, y, Anchor::Middle, colour, words));
    }
    axes(svg, &panel, 284.0, &[-10.0, 0.0, 10.0]);
}

/// Ticks below, and the names of both inputs.
fn axes(svg: &mut Svg, panel: &Panel, left: f64, values: &[f64]) {
    panel.x_axis(svg, &ticks(values), "x₁ →");
    for (value, label) in ticks(values) {
        let y = panel.y.at(value) + 6.0;
        svg.add(text(left - 6.0, y, Anchor::End, MUTED, &label));
    }
    svg.add(text(left - 6.0, 56.0, Anchor::End, INK, "↑"));
    svg.add(text(left - 6.0, 40.0, Anchor::End, INK, "x₂"));
}

/// The part of a convex polygon where a linear function is not negative.
pub fn part_where(
    polygon: &[(f64, f64)],
    value: impl Fn((f64, f64)) -> f64,
) -> Vec<(f64, f64)> {
    let mut part = Vec::new();
    for (i, &from) in polygon.iter().enumerate() {
        let to = polygon[(i + 1) % polygon.len()];
        let (at_from, at_to) = (value(from), value(to));
        if at_from >= 0.0 {
            part.push(from);
        }
        if (at_from >= 0.0) != (at_to >= 0.0) {
            let share = at_from / (at_from - at_to);
            part.push((
                from.0 + share * (to.0 - from.0),
                from.1 + share * (to.1 - from.1),
            ));
        }
    }
    part
}
