//! Chapter 4: the first loss against the weight scale.

use super::runs::Run;
use crate::drawing::chart::{Panel, Scale, powers};
use crate::drawing::palette::{BLUE, MUTED, ORANGE};
use crate::drawing::shapes::{Anchor, line, text};
use crate::drawing::svg::Svg;
use crate::fifty::Images;

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

/// Twelve scales a decade from 1e-3 to 1, ten networks each.
pub fn losses(layers: usize, images: &Images) -> Vec<Point> {
    let scales = (-36..=0).map(|twelfth| 10_f64.powf(f64::from(twelfth) / 12.0));
    let empty = |scale| Point {
        scale,
        losses: Vec::new(),
    };
    let mut points: Vec<Point> = scales.map(empty).collect();
    for weights in 0..10 {
        // A network of scale σ has σ times the weights of the one of scale 1.
        let run = Run {
            layers,
            weight_scale: 1.0,
            rate: 0.0,
            weights,
            batches: 0,
        };
        let net = run.net();
        for point in &mut points {
            let mut net = net.clone();
            for name in net.parameters().names() {
                let parameter = net.parameters_mut().get_mut(&name);
                parameter
                    .expect("its own name")
                    .map_inplace(|w| *w *= point.scale);
            }
            let loss = net.loss_value(&images.x, &images.y);
            point
                .losses
                .push(loss.expect("fifty labels for fifty images"));
        }
    }
    for point in &mut points {
        point.losses.sort_by(f64::total_cmp);
    }
    points
}

/// The figure.
pub fn draw() -> String {
    let images = Images::synthetic();
    let mut svg = Svg::new(
        "initial-loss",
        400.0,
        "The loss of a fresh network against its weight scale",
        "Both axes are logarithmic. Up to a weight scale of about 0.01 with three layers, \
         and of about 0.03 with five, the first loss is ln 10, 2.30. Beyond that it rises, \
         soon along straight lines, of slope 3 for three layers and slope 5 for five. The \
         two curves cross at 0.141, where each layer's gain is 1. Ten networks, the bands, \
         differ by less than a factor of two.",
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
    // Where the gain is 1 the depth makes no difference, and the curves cross.
    let even = panel.x.at(f64::sqrt(2.0 / 100.0));
    svg.add(
        line((even, 340.0), (even, 40.0), MUTED, 1.0).set("stroke-dasharray", "5 4"),
    );
    svg.add(text(even + 8.0, 322.0, Anchor::Start, MUTED, "σ = 0.141"));
    svg.add(text(even + 8.0, 300.0, Anchor::Start, MUTED, "gain 1"));
    for (layers, colour) in [(3, BLUE), (5, ORANGE)] {
        let points = losses(layers, &images);
        let range = |p: &Point| (p.scale, p.losses[0], p.losses[p.losses.len() - 1]);
        let ranges: Vec<_> = points.iter().map(range).collect();
        svg.add(panel.band(&ranges, colour));
        svg.add(panel.line(points.iter().map(|p| (p.scale, p.median())), colour));
    }
    panel.label(&mut svg, (0.2, 3e6), Anchor::End, ORANGE, "5 layers: as σ⁵");
    panel.label(&mut svg, (0.026, 3e3), Anchor::End, BLUE, "3 layers: as σ³");
    panel.label(
        &mut svg,
        (1.1e-3, 4.5),
        Anchor::Start,
        MUTED,
        "ln 10 = 2.30",
    );
    panel.label(
        &mut svg,
        (1.2e-3, 3e7),
        Anchor::Start,
        MUTED,
        "bands: ten networks",
    );
    svg.finish()
}
