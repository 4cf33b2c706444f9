//! Loss and accuracy as an SVG.

use crate::cli::curve::FLOOR;
use crate::cli::failure::Failure;
use fully_connected::overfit::History;
use plotters::coord::ranged1d::ValueFormatter;
use plotters::prelude::*;
use std::error::Error;
use std::ops::Range;

/// In pixels.
const SIZE: (u32, u32) = (720, 480);
const LOSS_HEIGHT: u32 = 280;

/// Greater losses are drawn here: the power of ten above them must be finite.
const CEILING: f64 = 1e300;

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

    let losses: Vec<f64> = history
        .losses
        .iter()
        .map(|l| l.clamp(FLOOR, CEILING))
        .collect();
    let (range, decades) = decades(&losses);
    let y = range.log_scale().with_key_points(decades);
    let mut chart = builder(&upper).build_cartesian_2d(0..losses.len(), y)?;
    let cut = history.losses.iter().any(|&loss| loss < FLOOR);
    let loss = if cut {
        "training loss (0.001 and up)"
    } else {
        "training loss"
    };
    axes(&mut chart, "step", loss, &|loss| power_of_ten(*loss))?;
    chart.draw_series(line(&losses, BLUE))?;

    let accuracies = &history.accuracies;
    let mut chart =
        builder(&lower).build_cartesian_2d(0..accuracies.len(), 0.0..1.0)?;
    let percent = |accuracy: &f64| format!("{:.0} %", 100.0 * accuracy);
    axes(&mut chart, "epoch", "training accuracy", &percent)?;
    chart.draw_series(line(accuracies, ORANGE))?;

    root.present()?;
    Ok(())
}

/// The powers of ten around the losses, as a range and one by one, but no more than ten.
fn decades(losses: &[f64]) -> (Range<f64>, Vec<f64>) {
    let exponents = || losses.iter().map(|loss| loss.log10());
    let low = exponents().fold(f64::INFINITY, f64::min).floor() as i32;
    let high = exponents().fold(f64::NEG_INFINITY, f64::max).ceil() as i32;
    let high = high.max(low + 1);
    let power = |exponent: i32| 10_f64.powi(exponent);
    let every = (high - low) as usize / 10 + 1;
    let points = (low..=high).step_by(every).map(power).collect();
    (power(low)..power(high), points)
}

fn power_of_ten(y: f64) -> String {
    match y {
        100_000.0.. => format!("{y:.0e}"),
        1.0.. => format!("{y:.0}"),
        _ => format!("{y:.3}").trim_end_matches('0').to_owned(),
    }
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
    X: Ranged<ValueType = usize> + ValueFormatter<usize>,
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
        .y_label_formatter(y_label)
        .x_desc(x)
        .y_desc(y)
        .draw()?;
    Ok(())
}

/// Joins the values, which are counted from 1: the first step, the first epoch. Each has
/// a dot while they are few, so that a single one shows as well.
fn line(
    values: &[f64],
    colour: RGBColor,
) -> LineSeries<SVGBackend<'static>, (usize, f64)> {
    let dots = if values.len() <= 100 { 3 } else { 0 };
    let style = colour.filled().stroke_width(2);
    LineSeries::new((1..).zip(values.iter().copied()), style).point_size(dots)
}

fn text_style() -> TextStyle<'static> {
    // The library writes this as a font of 13 pixels.
    TextStyle::from(("sans-serif", 16)).color(&GREY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_shows_on_white_and_on_black() {
        // Contrast and relative luminance as in WCAG 2.
        let linear = |value: u8| match f64::from(value) / 255.0 {
            v if v <= 0.04045 => v / 12.92,
            v => ((v + 0.055) / 1.055).powf(2.4),
        };
        for RGBColor(red, green, blue) in [GREY, BLUE, ORANGE] {
            let luminance =
                0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
            assert!(1.05 / (luminance + 0.05) >= 4.0, "on white: {luminance}");
            assert!((luminance + 0.05) / 0.05 >= 4.0, "on black: {luminance}");
        }
    }

    #[test]
    fn draws_losses_of_any_size() {
        for losses in [vec![2.3], vec![0.0; 3], vec![1e172, 2.3], vec![f64::MAX; 2]] {
            let history = History {
                accuracies: vec![0.5; losses.len()],
                losses,
            };
            let svg = svg(&history, "any").unwrap();
            assert!(svg.trim_end().ends_with("</svg>"), "{svg}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }

    #[test]
    fn labels_powers_of_ten_without_rounding_them() {
        let (range, points) = decades(&[0.0123, 230.0]);
        assert_eq!(range, 0.01..1000.0);
        let labels: Vec<String> = points.into_iter().map(power_of_ten).collect();
        assert_eq!(labels, ["0.01", "0.1", "1", "10", "100", "1000"]);
        assert!(decades(&[1e-3, 1e300]).1.len() <= 11);
    }
}
