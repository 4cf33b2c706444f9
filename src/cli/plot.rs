//! Loss and accuracy as an SVG.

use crate::cli::curve::{FLOOR, short};
use crate::cli::failure::Failure;
use fully_connected::overfit::History;
use plotters::coord::ranged1d::ValueFormatter;
use plotters::prelude::*;
use std::error::Error;

/// In pixels.
const SIZE: (u32, u32) = (720, 480);
const LOSS_HEIGHT: u32 = 280;

// Nothing is painted behind the plot, so that it shows on any page. On white and on
// black each of these colours has a contrast of at least 4:1: its relative luminance
// lies between 0.15 and 0.21.
const GREY: RGBColor = RGBColor(0x77, 0x77, 0x77);
const BLUE: RGBColor = RGBColor(0x3b, 0x78, 0xe0);
const ORANGE: RGBColor = RGBColor(0xc8, 0x5a, 0x1e);

/// Draws the loss at each step over the accuracy after each epoch.
pub fn svg(history: &History, title: &str) -> Result<String, Failure> {
    let mut svg = String::new();
    draw(history, title, &mut svg).map_err(|error| Failure::Plot(error.to_string()))?;
    Ok(svg)
}

fn draw(
    history: &History,
    title: &str,
    svg: &mut String,
) -> Result<(), Box<dyn Error>> {
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    let root = root.titled(title, text_style())?;
    let (upper, lower) = root.split_vertically(LOSS_HEIGHT);

    let losses = numbered(&history.losses, |loss| loss.max(FLOOR));
    let (range, decades) = decades(&losses);
    let y = range.log_scale().with_key_points(decades);
    let mut chart = builder(&upper).build_cartesian_2d(x_range(&losses), y)?;
    axes(&mut chart, "step", "training loss", &|loss| short(*loss))?;
    chart.draw_series(line(&losses, BLUE))?;

    let accuracies = numbered(&history.accuracies, |accuracy| accuracy);
    let mut chart =
        builder(&lower).build_cartesian_2d(x_range(&accuracies), 0.0..1.0)?;
    let percent = |accuracy: &f64| format!("{:.0} %", 100.0 * accuracy);
    axes(&mut chart, "epoch", "training accuracy", &percent)?;
    chart.draw_series(line(&accuracies, ORANGE))?;

    root.present()?;
    Ok(())
}

/// Counts from 1: the first step, the first epoch.
fn numbered(values: &[f64], y: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    let numbers = (1..=values.len()).map(|i| i as f64);
    numbers.zip(values.iter().map(|&value| y(value))).collect()
}

fn x_range(points: &[(f64, f64)]) -> std::ops::Range<f64> {
    0.0..points.len() as f64
}

/// The powers of ten around the losses, as a range and one by one.
fn decades(losses: &[(f64, f64)]) -> (std::ops::Range<f64>, Vec<f64>) {
    let exponents = || losses.iter().map(|(_, loss)| loss.log10());
    let low = exponents().fold(f64::INFINITY, f64::min).floor() as i32;
    let high = exponents().fold(f64::NEG_INFINITY, f64::max).ceil() as i32;
    let high = high.max(low + 1);
    let power = |exponent: i32| 10_f64.powi(exponent);
    (power(low)..power(high), (low..=high).map(power).collect())
}

fn builder<'a, 'b>(
    area: &'a DrawingArea<SVGBackend<'b>, plotters::coord::Shift>,
) -> ChartBuilder<'a, 'b, SVGBackend<'b>> {
    let mut builder = ChartBuilder::on(area);
    builder
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(72);
    builder
}

fn axes<X, Y>(
    chart: &mut ChartContext<'_, SVGBackend<'_>, Cartesian2d<X, Y>>,
    x: &str,
    y: &str,
    y_label: &dyn Fn(&f64) -> String,
) -> Result<(), Box<dyn Error>>
where
    X: Ranged<ValueType = f64> + ValueFormatter<f64>,
    Y: Ranged<ValueType = f64> + ValueFormatter<f64>,
{
    chart
        .configure_mesh()
        .disable_x_mesh()
        .y_labels(6)
        .light_line_style(TRANSPARENT)
        .bold_line_style(GREY.mix(0.4))
        .axis_style(GREY)
        .label_style(text_style())
        .x_label_formatter(&|x| format!("{x}"))
        .y_label_formatter(y_label)
        .x_desc(x)
        .y_desc(y)
        .draw()?;
    Ok(())
}

/// A line with a dot at each value, so that a single value shows as well.
fn line(
    points: &[(f64, f64)],
    colour: RGBColor,
) -> LineSeries<SVGBackend<'static>, (f64, f64)> {
    let dots = if points.len() <= 100 { 2 } else { 0 };
    LineSeries::new(points.iter().copied(), colour.stroke_width(2)).point_size(dots)
}

fn text_style() -> TextStyle<'static> {
    TextStyle::from(("sans-serif", 13)).color(&GREY)
}
