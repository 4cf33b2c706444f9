//! A loss curve for the terminal.

use crate::cli::numbers::short;
use crate::cli::style::{self, BRIGHT, QUIET, styled};
use fully_connected::plan::Epoch;
use std::io::{self, Write};

/// The chart's width in characters, but for the last dot, where there is room.
const WIDTH: usize = 60;
/// The characters of a line that are not the chart's, the watcher's margin among them.
const BESIDE: usize = 15;
/// The chart's height in lines, but for the last dot. Every second line has a label.
const HEIGHT: usize = 6;
/// Smaller losses are drawn here: 0 has no logarithm, and below this nothing is left to
/// learn.
pub const FLOOR: f64 = 1e-3;

/// The dots of a character in braille, from U+2800: two columns, four rows.
const DOTS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// Draws the losses, one a step, on a logarithmic scale. One alone makes no curve.
pub fn draw(out: &mut impl Write, losses: &[f64]) -> io::Result<()> {
    let width = style::width().saturating_sub(BESIDE).clamp(16, WIDTH);
    draw_within(width, out, losses)
}

fn draw_within(width: usize, out: &mut impl Write, losses: &[f64]) -> io::Result<()> {
    if losses.len() < 2 {
        return Ok(());
    }
    let logarithms: Vec<f64> = losses.iter().map(|l| l.max(FLOOR).log10()).collect();
    let (low, high) = range(&logarithms);

    let cut = losses.iter().any(|&loss| loss < FLOOR);
    let cut = if cut { ", drawn down to 0.001" } else { "" };
    let title = format!("  loss, logarithmic{cut}");
    writeln!(out, "  {}", styled(QUIET, title))?;
    for (i, row) in rows(width, &logarithms, low, high).iter().enumerate() {
        let axis = if i % 2 == 0 {
            let share = i as f64 / HEIGHT as f64;
            format!("{:>8} ┤", short(10_f64.powf(high - share * (high - low))))
        } else {
            format!("{:>8} │", "")
        };
        writeln!(out, "  {}{}", styled(QUIET, axis), styled(BRIGHT, row))?;
    }
    let last = format!("step {}", losses.len());
    let steps = format!(
        "{:>8} └ {:<gap$}{last}",
        "",
        "step 1",
        gap = width - last.len()
    );
    writeln!(out, "  {}", styled(QUIET, steps))
}

/// Draws both accuracies, one below the other on the same axis. One epoch makes no curve.
pub fn accuracies(out: &mut impl Write, epochs: &[Epoch]) -> io::Result<()> {
    if epochs.len() < 2 {
        return Ok(());
    }
    let width = style::width().saturating_sub(BESIDE).clamp(16, WIDTH);
    let training: Vec<f64> = epochs.iter().map(|e| 100.0 * e.training).collect();
    let validation: Vec<f64> = epochs.iter().map(|e| 100.0 * e.validation).collect();
    let both = || training.iter().chain(&validation).copied();
    let low = both().fold(f64::INFINITY, f64::min).floor();
    let high = both()
        .fold(f64::NEG_INFINITY, f64::max)
        .ceil()
        .max(low + 1.0);
    for (name, values) in [("training", &training), ("validation", &validation)] {
        let title = format!("  {name} accuracy, in percent");
        writeln!(out, "  {}", styled(QUIET, title))?;
        for (i, row) in rows(width, values, low, high).iter().enumerate() {
            let axis = match i {
                0 => format!("{high:>8} ┤"),
                HEIGHT => format!("{low:>8} ┤"),
                _ => format!("{:>8} │", ""),
            };
            writeln!(out, "  {}{}", styled(QUIET, axis), styled(BRIGHT, row))?;
        }
    }
    let named = |epoch: Option<&Epoch>| epoch.map(|e| format!("epoch {}", e.number));
    let first = named(epochs.first()).unwrap_or_default();
    let last = named(epochs.last()).unwrap_or_default();
    let gap = width - last.len();
    let line = format!("{:>8} └ {first:<gap$}{last}", "");
    writeln!(out, "  {}", styled(QUIET, line))
}

/// Values in characters of braille, joined by lines of dots.
fn rows(width: usize, values: &[f64], low: f64, high: f64) -> Vec<String> {
    let mut characters = vec![vec![0x2800; width + 1]; HEIGHT + 1];
    let right = (2 * width) as f64 / (values.len() - 1) as f64;
    let down = (4 * HEIGHT) as f64 / (high - low);
    let place = |i: usize| {
        let (x, y) = (i as f64 * right, (high - values[i]) * down);
        (x.round() as i32, y.round() as i32)
    };
    for i in 1..values.len() {
        let (from, to) = (place(i - 1), place(i));
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let steps = dx.abs().max(dy.abs());
        for step in 0..=steps {
            let part = |d: i32| step * d / steps.max(1);
            let (x, y) = (from.0 + part(dx), from.1 + part(dy));
            let (x, y) = (x as usize, y as usize);
            characters[y / 4][x / 2] |= DOTS[y % 4][x % 2];
        }
    }
    let text =
        |row: &Vec<u32>| row.iter().copied().filter_map(char::from_u32).collect();
    characters.iter().map(text).collect()
}

/// From the least to the greatest, and a factor of 2 wide at least: a curve that hardly
/// moves shall look so.
fn range(logarithms: &[f64]) -> (f64, f64) {
    let low = logarithms.iter().copied().fold(f64::INFINITY, f64::min);
    let high = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let missing = (2_f64.log10() - (high - low)).max(0.0);
    (low - missing / 2.0, high + missing / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(losses: &[f64]) -> String {
        let mut out = anstream::StripStream::new(Vec::new());
        draw_within(WIDTH, &mut out, losses).unwrap();
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
    fn draws_as_wide_as_it_is_told() {
        let mut out = anstream::StripStream::new(Vec::new());
        draw_within(25, &mut out, &[100.0, 10.0, 1.0]).unwrap();
        let curve = String::from_utf8(out.into_inner()).unwrap();
        let most = curve.lines().map(|row| row.chars().count()).max();
        assert_eq!(most, Some(25 + BESIDE - 2), "{curve}");
        assert!(curve.lines().last().unwrap().ends_with("step 3"), "{curve}");
    }

    #[test]
    fn draws_nothing_of_a_single_loss() {
        assert_eq!(drawn(&[1.0]), "");
    }
}
