//! A loss curve for the terminal.

use crate::cli::numbers::short;
use crate::cli::style::{BRIGHT, QUIET, styled};
use std::io::{self, Write};
use textplots::{
    Chart, LabelBuilder, LabelFormat, Plot, Shape, TickDisplay, TickDisplayBuilder,
};

/// The chart's width in characters, but for the last dot.
const WIDTH: usize = 60;
/// The chart's height in lines, but for the last dot. Every second line has a label.
const HEIGHT: usize = 6;
/// Smaller losses are drawn here: 0 has no logarithm, and below this nothing is left to
/// learn.
pub const FLOOR: f64 = 1e-3;

/// Draws the losses, one a step, on a logarithmic scale. One alone makes no curve.
pub fn draw(out: &mut impl Write, losses: &[f64]) -> io::Result<()> {
    if losses.len() < 2 {
        return Ok(());
    }
    let steps = 1..=losses.len();
    let points: Vec<(f32, f32)> = steps
        .zip(losses)
        .map(|(step, loss)| (step as f32, loss.max(FLOOR).log10() as f32))
        .collect();
    let (low, high) = range(points.iter().map(|point| point.1));

    // A character is two dots wide and four high.
    let (width, height) = (2 * WIDTH as u32, 4 * HEIGHT as u32);
    let last = losses.len() as f32;
    let mut chart = Chart::new_with_y_range(width, height, 1.0, last, low, high);
    let line = Shape::Lines(&points);
    let chart = chart
        .lineplot(&line)
        .x_label_format(LabelFormat::None)
        .y_label_format(LabelFormat::Custom(Box::new(|y| {
            short(10_f64.powf(f64::from(y)))
        })))
        .y_tick_display(TickDisplay::Dense);
    chart.figures();

    let cut = losses.iter().any(|&loss| loss < FLOOR);
    let cut = if cut { ", drawn down to 0.001" } else { "" };
    let title = format!("  loss, logarithmic{cut}");
    writeln!(out, "  {}", styled(QUIET, title))?;
    for row in chart.to_string().lines().take(HEIGHT + 1) {
        // The library puts the label behind the dots; we want it in front.
        let (dots, label) = row.split_once(' ').unwrap_or((row, ""));
        let axis = if label.is_empty() { "│" } else { "┤" };
        let axis = styled(QUIET, format_args!("{label:>8} {axis}"));
        writeln!(out, "  {axis}{}", styled(BRIGHT, dots))?;
    }
    let last = format!("step {}", losses.len());
    let steps = format!(
        "{:>8} └ {:<gap$}{last}",
        "",
        "step 1",
        gap = WIDTH - last.len()
    );
    writeln!(out, "  {}", styled(QUIET, steps))
}

/// From the least to the greatest, and a factor of 2 wide at least: a curve that hardly
/// moves shall look so.
fn range(logarithms: impl Iterator<Item = f32>) -> (f32, f32) {
    let ends = (f32::INFINITY, f32::NEG_INFINITY);
    let (low, high) = logarithms.fold(ends, |(low, high), y| (low.min(y), high.max(y)));
    let missing = (2_f32.log10() - (high - low)).max(0.0);
    (low - missing / 2.0, high + missing / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(losses: &[f64]) -> String {
        let mut out = anstream::StripStream::new(Vec::new());
        draw(&mut out, losses).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn draws_from_the_greatest_loss_to_the_least() {
        let curve = drawn(&[100.0, 10.0, 1.0]);
        let rows: Vec<&str> = curve.lines().collect();
        assert_eq!(rows.len(), HEIGHT + 3, "{curve}");
        assert!(rows[1].starts_with("       100 ┤⠉"), "{curve}");
        assert!(rows[HEIGHT + 1].starts_with("      1.00 ┤⠀"), "{curve}");
        assert!(rows[HEIGHT + 2].ends_with("step 3"), "{curve}");
        assert!(rows.iter().all(|row| row.chars().count() <= 76), "{curve}");
    }

    #[test]
    fn draws_a_loss_that_stands_still_in_the_middle() {
        let curve = drawn(&[2.5; 40]);
        let rows: Vec<&str> = curve.lines().collect();
        for (i, row) in rows[1..HEIGHT + 2].iter().enumerate() {
            let empty = row.chars().skip(12).all(|c| c == '\u{2800}');
            assert_eq!(!empty, i == HEIGHT / 2, "{curve}");
        }
    }

    #[test]
    fn draws_losses_of_zero_on_the_floor() {
        let curve = drawn(&[1.0, 0.0, 0.0]);
        assert!(curve.contains("    0.0010 ┤"), "{curve}");
        assert!(curve.contains("drawn down to 0.001"), "{curve}");
        assert!(!drawn(&[1.0, 0.1]).contains("drawn down to"));
    }

    #[test]
    fn draws_nothing_of_a_single_loss() {
        assert_eq!(drawn(&[1.0]), "");
    }
}
