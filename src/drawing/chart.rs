//! Axes: where a number lies on the page, and the lines and words that say so.

use super::palette::{Colour, GRID, INK, MUTED};
use super::shapes::{Anchor, heading, line, number_text, path, region, text};
use super::svg::{Element, Svg, TEXT, thinned};

/// From numbers to places, in proportion to the number or to its logarithm.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    log: bool,
    domain: (f64, f64),
    range: (f64, f64),
}

impl Scale {
    /// `domain.0` lies at `range.0`, `domain.1` at `range.1`, and all else in proportion.
    pub fn linear(domain: (f64, f64), range: (f64, f64)) -> Scale {
        Scale {
            log: false,
            domain,
            range,
        }
    }

    /// The same for the logarithms.
    ///
    /// # Panics
    ///
    /// If an end of the domain is not positive.
    pub fn log(domain: (f64, f64), range: (f64, f64)) -> Scale {
        assert!(
            domain.0 > 0.0 && domain.1 > 0.0,
            "chart::Scale::log: both ends of the domain must be positive; they are \
             {domain:?}"
        );
        Scale {
            log: true,
            domain: (domain.0.log10(), domain.1.log10()),
            range,
        }
    }

    /// The place of `x`.
    pub fn at(&self, x: f64) -> f64 {
        let x = if self.log { x.log10() } else { x };
        let share = (x - self.domain.0) / (self.domain.1 - self.domain.0);
        self.range.0 + share * (self.range.1 - self.range.0)
    }
}

/// The powers of ten from `10^first` to `10^last`, every `step`-th, with their names as
/// the book writes them: `1e-3`, and plain numbers near 1.
pub fn powers(first: i32, last: i32, step: usize) -> Vec<(f64, String)> {
    (first..=last)
        .step_by(step)
        .map(|power| (10_f64.powi(power), power_of_ten(power)))
        .collect()
}

fn power_of_ten(power: i32) -> String {
    match power {
        -2..=3 => 10_f64.powi(power).to_string(),
        _ => format!("1e{power}"),
    }
}

/// A number in about so many digits, never more than four of them after the point; with an
/// exponent where it is very small or very large.
pub fn digits(x: f64, count: i32) -> String {
    match x.abs() {
        0.0 => "0".to_owned(),
        size @ 0.001..100_000.0 => {
            let decimals = count - 1 - size.log10().floor() as i32;
            format!("{x:.*}", decimals.clamp(0, 4) as usize)
        }
        _ => format!("{x:.1e}"),
    }
}

/// Ticks whose labels are the numbers themselves.
pub fn ticks(values: &[f64]) -> Vec<(f64, String)> {
    values.iter().map(|&x| (x, number_text(x))).collect()
}

/// Ticks at 0 and at five round whole numbers up to `last` at most.
pub fn counts(last: usize) -> Vec<(f64, String)> {
    let mut round = (0..).flat_map(|power| [1, 2, 5].map(|d| d * 10_usize.pow(power)));
    let step = round.find(|step| last / step <= 5).unwrap_or(last);
    let values = (0..=last).step_by(step);
    values
        .map(|value| (value as f64, value.to_string()))
        .collect()
}

/// A part of the figure with two axes.
#[derive(Debug, Clone, Copy)]
pub struct Panel {
    /// Across.
    pub x: Scale,
    /// Up.
    pub y: Scale,
}

impl Panel {
    fn left(&self) -> f64 {
        self.x.range.0
    }

    fn right(&self) -> f64 {
        self.x.range.1
    }

    fn bottom(&self) -> f64 {
        self.y.range.0
    }

    fn top(&self) -> f64 {
        self.y.range.1
    }

    /// The place of a pair of numbers.
    pub fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.x.at(x), self.y.at(y))
    }

    /// A heading above the panel: what is measured upwards.
    pub fn title(&self, svg: &mut Svg, words: &str) {
        svg.add(heading(0.0, self.top() - 14.0, INK, words));
    }

    /// Lines across at the ticks, with their labels at the left.
    pub fn y_axis(&self, svg: &mut Svg, ticks: &[(f64, String)]) {
        for (value, label) in ticks {
            let y = self.y.at(*value);
            svg.add(line((self.left(), y), (self.right(), y), GRID, 1.0));
            let baseline = y + TEXT * 0.36;
            svg.add(text(self.left() - 8.0, baseline, Anchor::End, MUTED, label));
        }
    }

    /// The base line with ticks below it, their labels, and what is measured.
    pub fn x_axis(&self, svg: &mut Svg, ticks: &[(f64, String)], words: &str) {
        let y = self.bottom();
        svg.add(line((self.left(), y), (self.right(), y), MUTED, 1.5));
        for (value, label) in ticks {
            let x = self.x.at(*value);
            svg.add(line((x, y), (x, y + 6.0), MUTED, 1.5));
            svg.add(text(x, y + 25.0, Anchor::Middle, MUTED, label));
        }
        svg.add(text(self.right(), y + 49.0, Anchor::End, INK, words));
    }

    /// Words where a pair of numbers lies.
    pub fn label(
        &self,
        svg: &mut Svg,
        at: (f64, f64),
        anchor: Anchor,
        colour: Colour,
        words: &str,
    ) {
        let (x, y) = self.at(at);
        svg.add(text(x, y, anchor, colour, words));
    }

    /// A line through pairs of numbers, less those that it does not need.
    pub fn line(
        &self,
        points: impl IntoIterator<Item = (f64, f64)>,
        colour: Colour,
    ) -> Element {
        let places: Vec<_> = points.into_iter().map(|p| self.at(p)).collect();
        path(thinned(&places, 0.15), colour, 2.5)
    }

    /// The band between two lines, given as `(x, low, high)`.
    pub fn band(&self, points: &[(f64, f64, f64)], colour: Colour) -> Element {
        let low = points.iter().map(|&(x, low, _)| self.at((x, low)));
        let high = points.iter().rev().map(|&(x, _, high)| self.at((x, high)));
        region(low.chain(high), colour).set("fill-opacity", "0.25")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_scale_keeps_proportions() {
        let scale = Scale::linear((0.0, 4.0), (100.0, 20.0));
        assert_eq!([0.0, 1.0, 4.0].map(|x| scale.at(x)), [100.0, 80.0, 20.0]);
    }

    #[test]
    fn a_logarithmic_scale_keeps_ratios() {
        let scale = Scale::log((1e-2, 1e2), (0.0, 400.0));
        for (x, place) in [(1e-2, 0.0), (0.1, 100.0), (1.0, 200.0), (1e2, 400.0)] {
            assert!((scale.at(x) - place).abs() < 1e-9, "{x}");
        }
    }

    #[test]
    #[should_panic = "both ends of the domain must be positive; they are (0.0, 1.0)"]
    fn a_logarithmic_scale_refuses_zero() {
        Scale::log((0.0, 1.0), (0.0, 1.0));
    }

    #[test]
    fn counts_are_round_and_few() {
        let labels = |last| counts(last).into_iter().map(|tick| tick.1);
        assert_eq!(labels(1).collect::<Vec<_>>(), ["0", "1"]);
        assert_eq!(
            labels(40).collect::<Vec<_>>(),
            ["0", "10", "20", "30", "40"]
        );
        assert_eq!(labels(70).next_back().as_deref(), Some("60"));
        assert_eq!(labels(50_000_000).count(), 6);
    }

    #[test]
    fn numbers_have_as_many_digits_as_asked_for() {
        let numbers = [1e172, 1234.0, 64.13, 2.504, 0.1234, 0.0123456, 1.5e-4, 0.0];
        let three = [
            "1.0e172", "1234", "64.1", "2.50", "0.123", "0.0123", "1.5e-4", "0",
        ];
        assert_eq!(numbers.map(|x| digits(x, 3)), three);
        let numbers = [348.2, 3.449, 0.178, 0.0246, 0.00707, 1.83e-4, 0.0];
        let two = ["348", "3.4", "0.18", "0.025", "0.0071", "1.8e-4", "0"];
        assert_eq!(numbers.map(|x| digits(x, 2)), two);
    }

    #[test]
    fn powers_of_ten_are_written_as_the_book_writes_them() {
        let labels: Vec<_> = powers(-6, 3, 3).into_iter().map(|tick| tick.1).collect();
        assert_eq!(labels, ["1e-6", "1e-3", "1", "1000"]);
        assert_eq!(ticks(&[-1.0, 0.5])[0].1, "−1");
    }
}
