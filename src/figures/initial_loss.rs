//! Chapter 4: the first loss against the weight scale.

use super::chart::{Panel, Scale, powers};
use super::palette::{BLUE, MUTED, ORANGE};
use super::runs::{Images, Run};
use super::shapes::{Anchor, line, text};
use super::svg::Svg;

/// The first losses of ten networks at one weight scale.
pub struct Point {
    /// The weight scale.
    pub scale: f64,
    /// The ten losses, least first.
    pub losses: Vec<f64>,
}

impl Point {
    /// Half of the losses are at most this.
    pub fn median(&self) -> f64 {
        let middle = self.losses.len() / 2;
        (self.losses[middle - 1] + self.losses[middle]) / 2.0
    }
}

/// Six scales a decade from 1e-3 to 1, ten networks each.
pub fn losses(layers: usize, images: &Images) -> Vec<Point> {
    let scales = (-18..=0).map(|sixth| 10_f64.powf(f64::from(sixth) / 6.0));
    let loss = |weight_scale, weights| {
        let run = Run {
            layers,
            weight_scale,
            rate: 0.0,
            weights,
            batches: 0,
        };
        let loss = run.net().loss_value(&images.x, &images.y);
        loss.expect("fifty labels for fifty images")
    };
    scales
        .map(|scale| {
            let mut losses: Vec<f64> = (0..10).map(|seed| loss(scale, seed)).collect();
            losses.sort_by(f64::total_cmp);
            Point { scale, losses }
        })
        .collect()
}

/// The figure.
pub fn draw() -> String {
    let images = Images::load();
    let mut svg = Svg::new(
        "initial-loss",
        400.0,
        "The loss of a fresh network against its weight scale",
        "Both axes are logarithmic. Up to a weight scale of about 0.01 with three layers, \
         and of about 0.03 with five, the first loss is ln 10, 2.30. Beyond that it rises, \
         soon along straight lines, of slope 3 for three layers and slope 5 for five. Ten \
         networks differ by less than a factor of two.",
    );
    let panel = Panel {
        x: Scale::log((1e-3, 1.0), (52.0, 466.0)),
        y: Scale::log((1.0, 1e8), (340.0, 40.0)),
    };
    panel.title(&mut svg, "first loss");
    panel.y_axis(&mut svg, &powers(0, 8, 2));
    panel.x_axis(&mut svg, &powers(-3, 0, 1), "weight scale σ");
    let guess = panel.y.at(f64::ln(10.0));
    svg.add(
        line((52.0, guess), (466.0, guess), MUTED, 1.0).set("stroke-dasharray", "5 4"),
    );
    for (layers, colour) in [(3, BLUE), (5, ORANGE)] {
        let points = losses(layers, &images);
        let range = |p: &Point| (p.scale, p.losses[0], p.losses[p.losses.len() - 1]);
        let ranges: Vec<_> = points.iter().map(range).collect();
        svg.add(panel.band(&ranges, colour));
        svg.add(panel.line(points.iter().map(|p| (p.scale, p.median())), colour));
    }
    let mut label = |at, anchor, colour, words| {
        let (x, y) = panel.at(at);
        svg.add(text(x, y, anchor, colour, words));
    };
    label((0.2, 3e6), Anchor::End, ORANGE, "5 layers: as σ⁵");
    label((0.026, 3e3), Anchor::End, BLUE, "3 layers: as σ³");
    label((1.1e-3, 4.5), Anchor::Start, MUTED, "ln 10 = 2.30");
    svg.finish()
}
