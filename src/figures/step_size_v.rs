//! Chapter 8: the error of a numeric gradient against its step; and a step to choose, with the
//! secant on the curve and the digits that are left of the difference.

use super::controls::{Controls, array, string};
use crate::drawing::chart::{Panel, Scale, digits, powers, ticks};
use crate::drawing::palette::{BLUE, Colour, GREEN, INK, MUTED, ORANGE};
use crate::drawing::shapes::{Anchor, dot, path, ring, text};
use crate::drawing::svg::{Element, Svg, Value};
use crate::gradient_check::{STEP, numeric_gradient};
use ndarray::array;
use std::f64::consts::E;

/// `eˣ`, rounded correctly (but for one `x` in a billion): the sum of its series in
/// numbers of twice the digits.
///
/// The right half of this figure is made of last bits, and those of `f64::exp` differ
/// between machines. Here every operation is one that IEEE 754 defines to the last bit.
pub fn exp(x: f64) -> f64 {
    // Horner's form of 1 + x(1 + x/2(1 + x/3(…))). A number is high + low.
    let (mut high, mut low) = (1.0, 0.0);
    for n in (1..=40).rev().map(f64::from) {
        let product = high * x;
        let rest = high.mul_add(x, -product) + low * x;
        let quotient = product / n;
        let rest = (quotient.mul_add(-n, product) + rest) / n;
        high = 1.0 + quotient;
        // What this addition rounded away, of the two that were added.
        let added = high - 1.0;
        low = (1.0 - (high - added)) + (quotient - added) + rest;
    }
    high + low
}

/// The errors for `eˣ` at 1, whose slope is e, with the step `h`.
pub struct Errors {
    /// `(f(x + h) − f(x)) / h`, in `f64`.
    pub one_side: f64,
    /// The chapter's central difference, in `f64`.
    pub both_sides: f64,
    /// The same in `f32`.
    pub single: f64,
}

/// The distance of each from e, as the chapter's table has it.
pub fn errors(h: f64) -> Errors {
    let error = |slope: f64| (slope - E).abs();
    let central = numeric_gradient(|x| exp(x[0]), &array![1.0], h)[0];
    let exp32 = |x: f32| exp(f64::from(x)) as f32;
    let h32 = h as f32;
    let central32 = (exp32(1.0 + h32) - exp32(1.0 - h32)) / (2.0 * h32);
    Errors {
        one_side: error((exp(1.0 + h) - exp(1.0)) / h),
        both_sides: error(central),
        single: error(f64::from(central32)),
    }
}

/// The steps of the figure, two a decade from 1e-13 to 1. Decimal text, and not a power that is
/// computed, is the same number everywhere.
pub fn steps() -> Vec<f64> {
    let names = names();
    let steps = names.iter().map(|name| name.parse().expect("a number"));
    steps.collect()
}

fn names() -> Vec<String> {
    let step = |power: i32| ["1", "3"].map(|digit| format!("{digit}e-{power}"));
    let names = (1..=13).rev().flat_map(step);
    names.chain(["1".to_owned()]).collect()
}

/// The least error that has a place; 0 happens, and has none on a logarithmic axis.
const LEAST: f64 = 1e-12;

fn panel(top: f64, bottom: f64) -> Panel {
    Panel {
        x: Scale::log((5e-14, 2.0), (64.0, 466.0)),
        y: Scale::log((LEAST, 10.0), (bottom, top)),
    }
}

/// The errors of one way to differentiate, a dot a step with a thin line through them.
fn series(
    svg: &mut Svg,
    panel: &Panel,
    colour: Colour,
    from: f64,
    error: impl Fn(f64) -> f64,
) {
    let steps = steps().into_iter().filter(|&h| h >= from);
    let points = steps.map(|h| (h, error(h).max(LEAST)));
    let points: Vec<_> = points.collect();
    let thin = panel.line(points.iter().copied(), colour);
    svg.add(thin.set("stroke-width", 1.5));
    for &point in &points {
        svg.add(dot(panel.at(point), 3.5, colour));
    }
}

/// The figure.
pub fn draw() -> String {
    let mut svg = Svg::new(
        "step-size-v",
        520.0,
        "The error of a numeric gradient against its step",
        "Both axes are logarithmic; the step h grows to the right. For e to the x at 1, the \
         error of the one-sided difference falls with slope 1 as h shrinks, down to 7e-9 \
         at h = 1e-8, and that of the central difference with slope 2, down to some 1e-11 \
         near h = 1e-5. With smaller steps both rise again along one line of slope −1: \
         there it is rounding. The central difference in f32 is best at h = 1e-2, with an \
         error of 4e-5, and at h = 1e-5 its error is 1e-2.",
    );
    let panel = panel(40.0, 460.0);
    panel.title(&mut svg, "error of the slope of eˣ at 1");
    panel.y_axis(&mut svg, &powers(-12, 0, 3));
    panel.x_axis(&mut svg, &powers(-12, 0, 3), "step h");
    series(&mut svg, &panel, GREEN, 1e-7, |h| errors(h).single);
    series(&mut svg, &panel, ORANGE, 0.0, |h| errors(h).one_side);
    series(&mut svg, &panel, BLUE, 0.0, |h| errors(h).both_sides);
    svg.add(ring(panel.at((STEP, errors(STEP).both_sides)), 7.0, BLUE));
    for (at, anchor, colour, words) in [
        ((1.6, 1e-7), Anchor::End, BLUE, "both sides"),
        ((2e-7, 2.5e-7), Anchor::End, ORANGE, "one side"),
        ((2.2e-6, 1.2), Anchor::Start, GREEN, "both sides, f32"),
        ((2.5e-5, 2.4e-11), Anchor::Start, BLUE, "h = 1e-5"),
        ((7e-14, 2.6e-9), Anchor::Start, MUTED, "◀ rounding"),
        ((1.6, 2.6e-9), Anchor::End, MUTED, "method ▶"),
    ] {
        panel.label(&mut svg, at, anchor, colour, words);
    }
    svg.finish()
}

/// A step, and where everything is at it.
struct Shown {
    name: String,
    h: f64,
    /// `f(1 − h)` and `f(1 + h)`.
    values: [f64; 2],
    slope: f64,
}

impl Shown {
    fn new(name: String) -> Shown {
        let h = name.parse().expect("a number");
        let slope = numeric_gradient(|x| exp(x[0]), &array1(1.0), h)[0];
        Shown {
            name,
            h,
            values: [exp(1.0 - h), exp(1.0 + h)],
            slope,
        }
    }

    /// The digits that both values begin with, and the rest of each: 17 of them, which
    /// tell any two numbers apart.
    fn digits(&self) -> (String, [String; 2]) {
        let [below, above] = self.values.map(|value| format!("{value:.16}"));
        let pairs = below.chars().zip(above.chars());
        let common = pairs.take_while(|(one, other)| one == other).count();
        (
            below[..common].to_owned(),
            [&below, &above].map(|value| value[common..].to_owned()),
        )
    }

    fn said(&self) -> String {
        let (common, [rest, _]) = self.digits();
        let count = |digits: &str| digits.chars().filter(char::is_ascii_digit).count();
        let common = match count(&common) {
            0 => "No digit agrees".to_owned(),
            1 => "The first digit agrees".to_owned(),
            count => format!("The first {count} digits agree"),
        };
        let error = (self.slope - E).abs();
        format!(
            "h = {}. {common}; {} are left to tell the slope. It comes out as {:.12}, and is \
             off by {}.",
            self.name,
            count(&rest),
            self.slope,
            digits(error, 2)
        )
    }
}

fn array1(x: f64) -> ndarray::Array1<f64> {
    array![x]
}

/// A step to choose.
pub fn touch() -> String {
    let mut svg = Svg::new(
        "step-size-v-touch",
        616.0,
        "A secant, its digits and its error, for a step to choose",
        "Above, the curve of e to the x with the two points at 1 − h and 1 + h and the line \
         through them. Below it the digits of the two values, those that agree in grey. Then \
         the V of the errors, with a ring at the step. The sentence under the controls says \
         the numbers.",
    );
    let curve = Panel {
        x: Scale::linear((-0.2, 2.2), (38.0, 466.0)),
        y: Scale::linear((0.0, 9.0), (230.0, 36.0)),
    };
    curve.title(&mut svg, "eˣ, and the line through two points of it");
    curve.y_axis(&mut svg, &ticks(&[0.0, 3.0, 6.0, 9.0]));
    curve.x_axis(&mut svg, &ticks(&[0.0, 1.0, 2.0]), "");
    let points = (-10..=109).map(|i| f64::from(i) / 50.0);
    svg.add(curve.line(points.map(|x| (x, exp(x))), MUTED));
    let blank = path([], BLUE, 2.5).set("class", "secant");
    svg.add(blank);
    for class in ["below", "above"] {
        svg.add(dot((0.0, 0.0), 6.0, BLUE).set("class", class));
    }
    for (class, y, label) in [
        ("plus", 284.0, "f(1 + h) ="),
        ("minus", 308.0, "f(1 − h) ="),
    ] {
        svg.add(text(0.0, y, Anchor::Start, INK, label));
        let part = |class, colour| {
            Element::new("tspan")
                .set("fill", colour)
                .set("class", class)
        };
        let (common, rest) = match class {
            "plus" => ("plus0", "plus1"),
            _ => ("minus0", "minus1"),
        };
        let value = text(104.0, y, Anchor::Start, INK, "");
        svg.add(value.child(part(common, MUTED)).child(part(rest, BLUE)));
    }
    let v = panel(356.0, 560.0);
    v.title(&mut svg, "error of the slope");
    v.y_axis(&mut svg, &powers(-12, 0, 3));
    v.x_axis(&mut svg, &powers(-12, 0, 3), "step h");
    series(&mut svg, &v, BLUE, 0.0, |h| errors(h).both_sides);
    svg.add(ring((0.0, 0.0), 8.0, ORANGE).set("class", "here"));

    let frames = names().into_iter().map(|name| {
        let shown = Shown::new(name);
        let (common, [below, above]) = shown.digits();
        let [left, right] = [-0.2, 2.2].map(|x| {
            let middle = (shown.values[0] + shown.values[1]) / 2.0;
            curve.at((x, middle + shown.slope * (x - 1.0)))
        });
        let line = crate::drawing::svg::along([left, right]);
        let move_to =
            |(x, y): (f64, f64)| format!("translate({} {})", x.text(), y.text());
        let [at_below, at_above] = [(-1.0, 0), (1.0, 1)]
            .map(|(side, i)| curve.at((1.0 + side * shown.h, shown.values[i])));
        let error = (shown.slope - E).abs().max(LEAST);
        let here = v.at((shown.h, error));
        array(
            [
                shown.name.clone(),
                line,
                move_to(at_below),
                move_to(at_above),
                move_to(here),
                common.clone(),
                common,
                below,
                above,
                shown.said(),
            ]
            .map(|words| string(&words)),
        )
    });
    Controls::new("step-size-v", "step", "A step to choose")
        .drawing(svg)
        .slider("h", "step h", [0.0, (names().len() - 1) as f64], 1, 0.0)
        .says()
        .data(&array(frames.collect::<Vec<_>>().into_iter().rev()))
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_right_to_the_last_place_or_two() {
        for i in -100..=200 {
            let x = f64::from(i) / 100.0;
            let error = (exp(x) - x.exp()).abs() / x.exp();
            assert!(error <= 2.0 * f64::EPSILON, "{x}: {error}");
        }
        assert_eq!(exp(1.0), E);
        assert_eq!(exp(0.0), 1.0);
    }

    #[test]
    fn errors_are_those_that_the_chapter_prints() {
        for (h, one_side, both_sides) in [
            (1e-1, 1.4e-1, 4.5e-3),
            (1e-2, 1.4e-2, 4.5e-5),
            (1e-3, 1.4e-3, 4.5e-7),
            (1e-4, 1.4e-4, 4.5e-9),
            (1e-5, 1.4e-5, 5.9e-11),
            (1e-6, 1.4e-6, 1.6e-10),
            (1e-8, 6.6e-9, 6.6e-9),
            (1e-10, 1.5e-6, 6.7e-7),
            (1e-12, 4.3e-4, 2.1e-4),
        ] {
            let errors = errors(h);
            assert!((errors.one_side / one_side - 1.0).abs() < 0.05);
            assert!((errors.both_sides / both_sides - 1.0).abs() < 0.05);
        }
    }
}
