//! Chapter 9: how large the sums are, layer by layer, at four weight scales.

use super::sums::{NAMES, SCALES, sums};
use crate::drawing::chart::{Panel, Scale, digits, powers};
use crate::drawing::palette::{BLUE, GREEN, INK, MAGENTA, ORANGE};
use crate::drawing::shapes::{Anchor, dot, text};
use crate::drawing::svg::Svg;
use crate::fifty::Images;

/// The places where the weight scales and the gains are written, beside the lines.
const SCALE: f64 = 356.0;
const GAIN: f64 = 478.0;

/// The figure.
pub fn draw() -> String {
    let images = Images::synthetic();
    let mut svg = Svg::new(
        "scale-through-layers",
        430.0,
        "The size of the sums through five layers, at four weight scales",
        "The standard deviation of each layer's sums on a logarithmic axis, from layer 1 to \
         the scores: dots are measured, straight lines predicted by the gain, and the dots \
         lie on the lines. At weight scale 0.141 level at about \
         500, at 0.1 falling slightly from 348 to 87, at 0.01 from 35 to 0.0009, at 0.001 \
         steeply from 3.5 to 9e-9. Each layer multiplies by about σ√(100/2), which is 1, \
         0.71, 0.071 and 0.0071.",
    );
    let panel = Panel {
        x: Scale::linear((1.0, 5.0), (58.0, 340.0)),
        y: Scale::log((1e-9, 1e3), (390.0, 46.0)),
    };
    svg.add(text(SCALE, 32.0, Anchor::Start, INK, "σ"));
    svg.add(text(GAIN, 32.0, Anchor::End, INK, "gain σ√50"));
    panel.title(&mut svg, "std of the sums, by layer");
    panel.y_axis(&mut svg, &powers(-9, 3, 3));
    let names = ["layer 1", "2", "3", "4", "scores"];
    let ticks: Vec<_> = (1..).map(f64::from).zip(names.map(str::to_owned)).collect();
    panel.x_axis(&mut svg, &ticks, "");
    let colours = [MAGENTA, GREEN, ORANGE, BLUE];
    for (i, (scale, colour)) in SCALES.into_iter().zip(colours).enumerate() {
        let stds: Vec<f64> =
            sums(5, scale, &images).iter().map(|s| s.std(0.0)).collect();
        let gain = scale * f64::sqrt(50.0);
        let expected = |i: i32| (f64::from(i + 1), stds[0] * gain.powi(i));
        svg.add(
            panel
                .line((0..5).map(expected), colour)
                .set("stroke-width", 1.5),
        );
        let points: Vec<_> = (1..).map(f64::from).zip(stds).collect();
        for &point in &points {
            svg.add(dot(panel.at(point), 5.5, colour));
        }
        // The two uppermost lines end close to each other.
        let apart = [6.0, 6.0, 13.0, 5.0][i];
        let y = panel.y.at(points[4].1) + apart;
        svg.add(text(SCALE, y, Anchor::Start, colour, NAMES[i]));
        svg.add(text(GAIN, y, Anchor::End, colour, &digits(gain, 2)));
    }
    svg.finish()
}
