//! Chapter 3: what a probability costs, and how strongly each loss pulls at the right score.

use crate::drawing::chart::{Panel, Scale, ticks};
use crate::drawing::palette::{BLUE, INK, MUTED, ORANGE};
use crate::drawing::shapes::{Anchor, dot, text};
use crate::drawing::svg::Svg;
use crate::softmax;
use ndarray::array;

/// The loss of a network that gives the right one of two classes the probability `p`, and
/// the slope with respect to its score.
pub fn loss_and_slope(p: f64) -> (f64, f64) {
    let scores = array![[p.ln(), (1.0 - p).ln()]];
    let (loss, dscores) = softmax::loss(&scores, &[0]).expect("a label below 2");
    (loss, dscores[[0, 0]])
}

/// The same for the loss `1 − p`.
pub fn shortfall_and_slope(p: f64) -> (f64, f64) {
    (1.0 - p, -p * (1.0 - p))
}

/// The figure.
pub fn draw() -> String {
    let mut svg = Svg::new(
        "surprise",
        312.0,
        "What a probability costs, and how the loss pulls at the score",
        "Two graphs over the probability p of the right class. Left, the loss: −ln p falls \
         from beyond 4 near p = 0 to 0 at p = 1, with 2.3 at one tenth and 1.39 at one \
         quarter; 1 − p is a straight line from 1 to 0. Right, how strongly each pulls the \
         right score up: for −ln p the pull is 1 at p = 0 and falls in a straight line to \
         0 at p = 1; for 1 − p it is 0 at both ends and a quarter at most between.",
    );
    // −ln p is 4.4 at the first of these.
    let all: Vec<f64> = (6..500).map(|i| f64::from(i) / 500.0).collect();
    let panel = |left: f64, top: f64| Panel {
        x: Scale::linear((0.0, 1.0), (left, left + 186.0)),
        y: Scale::linear((0.0, top), (240.0, 44.0)),
    };

    let loss = panel(30.0, 4.5);
    svg.add(text(30.0, 22.0, Anchor::Start, INK, "loss"));
    loss.y_axis(&mut svg, &ticks(&[0.0, 1.0, 2.0, 3.0, 4.0]));
    loss.x_axis(&mut svg, &ticks(&[0.0, 0.5, 1.0]), "p");
    let straight = all.iter().map(|&p| (p, shortfall_and_slope(p).0));
    svg.add(loss.line(straight, ORANGE));
    let curve = all.iter().map(|&p| (p, loss_and_slope(p).0));
    svg.add(loss.line(curve, BLUE).set("stroke-width", 4.0));
    for (p, words) in [(0.1, "1/10: 2.30"), (0.25, "1/4: 1.39")] {
        let (x, y) = loss.at((p, loss_and_slope(p).0));
        svg.add(dot((x, y), 5.0, BLUE));
        svg.add(text(x + 10.0, y, Anchor::Start, MUTED, words));
    }
    loss.label(&mut svg, (0.12, 3.6), Anchor::Start, BLUE, "−ln p");
    loss.label(&mut svg, (0.03, 0.42), Anchor::Start, ORANGE, "1 − p");

    let pull = panel(286.0, 1.0);
    svg.add(text(
        286.0,
        22.0,
        Anchor::Start,
        INK,
        "pull on the right score",
    ));
    pull.y_axis(&mut svg, &ticks(&[0.0, 0.5, 1.0]));
    pull.x_axis(&mut svg, &ticks(&[0.0, 0.5, 1.0]), "p");
    let all = || (0..=100).map(|i| f64::from(i) / 100.0);
    let weak = all().map(|p| (p, -shortfall_and_slope(p).1));
    svg.add(pull.line(weak, ORANGE));
    let inner = all().filter(|p| (0.005..0.995).contains(p));
    let strong = inner.map(|p| (p, -loss_and_slope(p).1));
    svg.add(pull.line(strong, BLUE).set("stroke-width", 4.0));
    pull.label(&mut svg, (0.36, 0.74), Anchor::Start, BLUE, "−ln p");
    pull.label(&mut svg, (0.36, 0.08), Anchor::Start, ORANGE, "1 − p");
    svg.finish()
}
