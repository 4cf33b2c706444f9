//! Chapter 9: how large the sums are, layer by layer, at four weight scales.

use super::chart::{Panel, Scale, powers};
use super::palette::{BLUE, GREEN, MAGENTA, MUTED, ORANGE};
use super::runs::Images;
use super::shapes::{Anchor, dot, text};
use super::sums::{SCALES, sums};
use super::svg::Svg;

/// The figure.
pub fn draw() -> String {
    let images = Images::load();
    let mut svg = Svg::new(
        "scale-through-layers",
        440.0,
        "The size of the sums through five layers, at four weight scales",
        "The standard deviation of each layer's sums on a logarithmic axis, from layer 1 to \
         the scores. Four lines, nearly straight: at weight scale 0.141 level at about \
         500, at 0.1 falling slightly from 348 to 87, at 0.01 from 35 to 0.0009, at 0.001 \
         steeply from 3.5 to 9e-9. Thin lines show what the factor σ√(100/2) predicts; \
         they run along the measured ones.",
    );
    let panel = Panel {
        x: Scale::linear((1.0, 5.0), (58.0, 380.0)),
        y: Scale::log((1e-9, 1e3), (390.0, 40.0)),
    };
    panel.title(&mut svg, "standard deviation of the sums");
    panel.y_axis(&mut svg, &powers(-9, 3, 3));
    let names = ["layer 1", "2", "3", "4", "scores"];
    let ticks: Vec<_> = (1..).map(f64::from).zip(names.map(str::to_owned)).collect();
    panel.x_axis(&mut svg, &ticks, "");
    let colours = [MAGENTA, GREEN, ORANGE, BLUE];
    for (scale, colour) in SCALES.into_iter().zip(colours) {
        let stds: Vec<f64> =
            sums(5, scale, &images).iter().map(|s| s.std(0.0)).collect();
        let gain = scale * f64::sqrt(100.0 / 2.0);
        let expected = |i: i32| (f64::from(i + 1), stds[0] * gain.powi(i));
        svg.add(
            panel
                .line((0..5).map(expected), MUTED)
                .set("stroke-width", 1.0),
        );
        let points: Vec<_> = (1..).map(f64::from).zip(stds).collect();
        svg.add(panel.line(points.iter().copied(), colour));
        for &point in &points {
            svg.add(dot(panel.at(point), 4.5, colour));
        }
        let (x, y) = panel.at(points[4]);
        let y = if scale == 0.141 { y - 2.0 } else { y + 9.0 };
        svg.add(text(
            x + 12.0,
            y,
            Anchor::Start,
            colour,
            &format!("σ = {scale}"),
        ));
    }
    svg.finish()
}
