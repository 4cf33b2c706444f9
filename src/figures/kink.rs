//! Chapter 8: a step across the kink of a ReLU, and one that stays on one side.

use crate::drawing::chart::{Panel, Scale, ticks};
use crate::drawing::palette::{BLUE, GREEN, INK, MUTED, ORANGE};
use crate::drawing::shapes::{Anchor, dot, line};
use crate::drawing::svg::Svg;
use crate::gradient_check::numeric_gradient;
use crate::relu;
use ndarray::{Array1, array};

/// The place of the measurement, and the two steps.
pub const AT: f64 = 0.4;
/// The step that reaches the kink.
pub const LONG: f64 = 1.0;
/// The step that does not.
pub const SHORT: f64 = 0.3;

fn value(x: f64) -> f64 {
    relu::forward(array![x]).0[0]
}

/// The slope at [`AT`], measured with step `h`.
pub fn slope(h: f64) -> f64 {
    let sum = |x: &Array1<f64>| relu::forward(x).0.sum();
    numeric_gradient(sum, &array![AT], h)[0]
}

/// The figure.
pub fn draw() -> String {
    let (long, short) = (slope(LONG), slope(SHORT));
    let mut svg = Svg::new(
        "kink",
        330.0,
        "A long step and a short one beside the kink of ReLU",
        format!(
            "ReLU, flat to the left of 0 and rising with slope 1 to the right. Around x = \
             {AT} a step of {LONG} reaches from −0.6, on the flat part, to 1.4; the line \
             through these two points has the slope {long:.1}. A step of {SHORT} reaches \
             from 0.1 to 0.7, and the line through those has the slope {short:.0}, which is \
             right."
        ),
    );
    let panel = Panel {
        x: Scale::linear((-1.0, 1.8), (20.0, 466.0)),
        y: Scale::linear((0.0, 1.6), (270.0, 30.0)),
    };
    panel.x_axis(&mut svg, &ticks(&[-1.0, 0.0, 1.0]), "");
    let curve = [-1.0, 0.0, 1.6].map(|x| (x, value(x)));
    svg.add(panel.line(curve, BLUE));
    let ends = |h: f64| [AT - h, AT + h].map(|x| (x, value(x)));
    let [from, to] = ends(LONG);
    let dashed = line(panel.at(from), panel.at(to), ORANGE, 2.5);
    svg.add(dashed.set("stroke-dasharray", "7 5"));
    for end in [from, to] {
        svg.add(dot(panel.at(end), 6.0, ORANGE));
    }
    let [from, to] = ends(SHORT);
    svg.add(line(panel.at(from), panel.at(to), GREEN, 5.0));
    for end in [from, to] {
        svg.add(dot(panel.at(end), 6.0, GREEN));
    }
    svg.add(dot(panel.at((AT, value(AT))), 4.0, INK));
    let words = format!("step {LONG}: slope {long:.1}");
    panel.label(&mut svg, (-0.95, 0.62), Anchor::Start, ORANGE, &words);
    let words = format!("step {SHORT}: slope {short:.0}");
    panel.label(&mut svg, (0.62, 0.3), Anchor::Start, GREEN, &words);
    panel.label(&mut svg, (1.28, 1.5), Anchor::End, BLUE, "ReLU");
    panel.label(&mut svg, (AT, 0.06), Anchor::Middle, MUTED, "x = 0.4");
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slopes_are_those_that_the_chapter_prints() {
        assert!((slope(LONG) - 0.7).abs() < 1e-12);
        assert!((slope(SHORT) - 1.0).abs() < 1e-12);
    }
}
