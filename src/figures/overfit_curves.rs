//! Chapter 9: loss and accuracy of both networks, and of the five layers with weight scale
//! and rate exchanged.

use super::runs::Run;
use crate::drawing::chart::{Panel, Scale, powers, ticks};
use crate::drawing::palette::{BLUE, Colour, MAGENTA, ORANGE};
use crate::drawing::shapes::{Anchor, text};
use crate::drawing::svg::Svg;
use crate::fifty::Images;
use crate::overfit::History;

/// The three runs: as the runner's `overfit` makes them, with seed 0.
pub fn runs() -> [Run; 3] {
    let run = |layers, weight_scale, rate| Run {
        layers,
        weight_scale,
        rate,
        weights: 0,
        batches: 0,
    };
    [run(3, 2e-2, 1e-2), run(5, 1e-1, 1e-3), run(5, 1e-3, 1e-1)]
}

const COLOURS: [Colour; 3] = [BLUE, ORANGE, MAGENTA];

/// The figure.
pub fn draw() -> String {
    let images = Images::synthetic();
    let histories = runs().map(|run| run.train(&images).history);
    let last = |i: usize| 100.0 * histories[i].accuracies.last().unwrap_or(&0.0);
    let mut svg = Svg::new(
        "overfit-curves",
        650.0,
        "Loss and accuracy while fifty images are learned by heart",
        format!(
            "Two panels over 40 steps. Above, the loss of each batch on a logarithmic axis: \
             three layers (weight scale 0.02, rate 0.01) start near 3, five layers (0.1, \
             0.001) above 100; both fall far below 1. Five layers with the two numbers \
             exchanged (0.001, 0.1) stay at 2.3. Below, the accuracy on all fifty: the \
             first two end at {:.0} and {:.0} percent, the third stays at {:.0}.",
            last(0),
            last(1),
            last(2)
        ),
    );
    loss(&mut svg, &histories);
    accuracy(&mut svg, &histories);
    svg.finish()
}

fn loss(svg: &mut Svg, histories: &[History; 3]) {
    let panel = Panel {
        x: Scale::linear((0.0, 40.0), (56.0, 466.0)),
        y: Scale::log((1e-5, 1e3), (290.0, 40.0)),
    };
    panel.title(svg, "loss");
    panel.y_axis(svg, &powers(-5, 3, 2));
    panel.x_axis(svg, &ticks(&[0.0, 10.0, 20.0, 30.0, 40.0]), "step");
    for (history, colour) in histories.iter().zip(COLOURS) {
        let losses = history.losses.iter().enumerate();
        let points = losses.map(|(i, &loss)| ((i + 1) as f64, loss));
        svg.add(panel.line(points, colour));
    }
    panel.label(
        svg,
        (8.0, 110.0),
        Anchor::Start,
        ORANGE,
        "5 layers: scale 0.1, rate 0.001",
    );
    panel.label(
        svg,
        (40.0, 4.5),
        Anchor::End,
        MAGENTA,
        "as printed: scale 0.001, rate 0.1",
    );
    panel.label(svg, (1.0, 0.03), Anchor::Start, BLUE, "3 layers:");
    panel.label(
        svg,
        (1.0, 0.004),
        Anchor::Start,
        BLUE,
        "scale 0.02, rate 0.01",
    );
}

fn accuracy(svg: &mut Svg, histories: &[History; 3]) {
    let panel = Panel {
        x: Scale::linear((0.0, 40.0), (56.0, 466.0)),
        y: Scale::linear((0.0, 1.0), (590.0, 400.0)),
    };
    panel.title(svg, "accuracy on all fifty, in percent");
    let percent = [0.0, 0.5, 1.0].map(|x| (x, format!("{}", 100.0 * x)));
    panel.y_axis(svg, &percent);
    panel.x_axis(svg, &ticks(&[0.0, 10.0, 20.0, 30.0, 40.0]), "step");
    for (history, colour) in histories.iter().zip(COLOURS) {
        let accuracies = history.accuracies.iter().enumerate();
        let points = accuracies.map(|(i, &share)| (2.0 * (i + 1) as f64, share));
        svg.add(panel.line(points, colour));
    }
    let (x, y) = panel.at((40.0, 0.16));
    let words = "16 %: the largest class";
    svg.add(text(x, y - 10.0, Anchor::End, MAGENTA, words));
}
