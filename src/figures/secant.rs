//! Chapter 8: a slope measured on one side and on both.

use crate::drawing::chart::{Panel, Scale, ticks};
use crate::drawing::palette::{BLUE, GREEN, INK, MUTED, ORANGE};
use crate::drawing::shapes::{Anchor, dot, line};
use crate::drawing::svg::Svg;
use crate::gradient_check::numeric_gradient;
use ndarray::{Array1, array};

const AT: f64 = 3.0;
const STEP: f64 = 1.0;

fn square(x: f64) -> f64 {
    x * x
}

/// The slope at 3 with a step of 1: on one side, and the chapter's central difference.
pub fn slopes() -> [f64; 2] {
    let one_side = (square(AT + STEP) - square(AT)) / STEP;
    let both_sides = |x: &Array1<f64>| square(x[0]);
    [one_side, numeric_gradient(both_sides, &array![AT], STEP)[0]]
}

/// The figure.
pub fn draw() -> String {
    let [one_side, both_sides] = slopes();
    let mut svg = Svg::new(
        "secant",
        466.0,
        "A slope measured on one side and on both",
        format!(
            "The curve x squared from 1.4 to 4.4. A line from its point at 3 to the one at 4 \
             is steeper than the curve is at 3: its slope is {one_side}. A line from the \
             point at 2 to the one at 4 has the slope {both_sides}; it is parallel to the \
             tangent at 3, a thin line, and so it has the right slope."
        ),
    );
    let panel = Panel {
        x: Scale::linear((1.4, 4.6), (20.0, 466.0)),
        y: Scale::linear((0.0, 19.0), (410.0, 20.0)),
    };
    panel.x_axis(&mut svg, &ticks(&[2.0, 3.0, 4.0]), "x");
    let place = |x: f64| (x, square(x));
    let tangent = |x: f64| (x, square(AT) + both_sides * (x - AT));
    let ends = [tangent(1.6), tangent(4.5)].map(|p| panel.at(p));
    svg.add(line(ends[0], ends[1], MUTED, 1.5));
    let one = |x: f64| (x, square(AT) + one_side * (x - AT));
    let ends = [one(1.9), one(4.4)].map(|p| panel.at(p));
    let beyond = line(ends[0], ends[1], ORANGE, 1.5);
    svg.add(beyond.set("stroke-dasharray", "6 5"));
    let curve = (0..=60).map(|i| place(1.4 + 0.05 * f64::from(i)));
    svg.add(panel.line(curve, BLUE));
    for (from, to, colour) in [(AT, AT + STEP, ORANGE), (AT - STEP, AT + STEP, GREEN)] {
        let (from, to) = (panel.at(place(from)), panel.at(place(to)));
        svg.add(line(from, to, colour, 3.0));
    }
    for (x, colour) in [(2.0, GREEN), (3.0, INK), (4.0, INK)] {
        svg.add(dot(panel.at(place(x)), 5.5, colour));
    }
    let words = format!("both sides: slope {both_sides}");
    panel.label(&mut svg, (2.62, 10.6), Anchor::End, GREEN, &words);
    let words = format!("one side: slope {one_side}");
    panel.label(&mut svg, (3.66, 10.6), Anchor::Start, ORANGE, &words);
    let words = format!("slope at 3: {both_sides}");
    panel.label(&mut svg, (2.5, 2.6), Anchor::Start, MUTED, &words);
    panel.label(&mut svg, (4.2, 18.2), Anchor::End, BLUE, "x²");
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slopes_are_those_that_the_chapter_prints() {
        assert_eq!(slopes(), [7.0, 6.0]);
    }
}
