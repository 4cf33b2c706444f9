//! Chapter 8: the error of a numeric gradient against its step.

use crate::drawing::chart::{Panel, Scale, powers};
use crate::drawing::palette::{BLUE, Colour, GREEN, MUTED, ORANGE};
use crate::drawing::shapes::{Anchor, dot, line};
use crate::drawing::svg::Svg;
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

/// The steps of the figure, two a decade. Decimal text, and not a power that is computed,
/// is the same number everywhere.
pub fn steps() -> Vec<f64> {
    let step = |power: i32| {
        ["1", "3"].map(|digit| {
            let text = format!("{digit}e-{power}");
            text.parse::<f64>().expect("a number")
        })
    };
    let mut steps: Vec<f64> = (1..=13).rev().flat_map(step).collect();
    steps.pop();
    steps
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
         there it is rounding. In f32 the central difference is best at h = 1e-2, with an \
         error of 4e-5, and at h = 1e-5 its error is 1e-2.",
    );
    let panel = Panel {
        x: Scale::log((5e-14, 2e-1), (64.0, 466.0)),
        y: Scale::log((1e-12, 1.0), (460.0, 40.0)),
    };
    panel.title(&mut svg, "error of the slope");
    panel.y_axis(&mut svg, &powers(-12, 0, 3));
    panel.x_axis(&mut svg, &powers(-13, -1, 3), "step h");
    let x = panel.x.at(STEP);
    svg.add(line((x, 460.0), (x, 40.0), MUTED, 1.0).set("stroke-dasharray", "5 4"));

    // What Taylor's series and half a unit in the last place predict.
    let unit = f64::EPSILON / 2.0;
    let unit32 = f64::from(f32::EPSILON) / 2.0;
    type Line<'a> = (&'a dyn Fn(f64) -> f64, f64, f64, Colour);
    let lines: [Line; 5] = [
        (&|h| E * h / 2.0, 2e-8, 1e-1, ORANGE),
        (&|h| E * h * h / 6.0, 8e-6, 1e-1, BLUE),
        (&|h| E * unit / h, 1e-13, 1e-5, MUTED),
        (&|h| E * unit32 / h, 1.7e-7, 6e-3, MUTED),
        (&|h| E * h * h / 6.0, 6e-3, 1e-1, GREEN),
    ];
    for (error, from, to, colour) in lines {
        let ends = [from, to].map(|h| (h, error(h)));
        svg.add(panel.line(ends, colour).set("stroke-width", 1.5));
    }
    for h in steps() {
        let errors = errors(h);
        let mut point = |error: f64, radius, colour| {
            // An error of 0 happens, and has no place on a logarithmic axis.
            if error > 1e-12 {
                svg.add(dot(panel.at((h, error)), radius, colour));
            }
        };
        if h >= 1e-7 {
            point(errors.single, 4.0, GREEN);
        }
        point(errors.one_side, 5.0, ORANGE);
        point(errors.both_sides, 3.5, BLUE);
    }
    panel.label(&mut svg, (1e-5, 1.6), Anchor::Middle, MUTED, "h = 1e-5");
    panel.label(&mut svg, (3e-7, 1.2e-6), Anchor::End, ORANGE, "one side");
    panel.label(&mut svg, (0.2, 1.5e-9), Anchor::End, BLUE, "both sides");
    panel.label(&mut svg, (4e-4, 2e-2), Anchor::Start, GREEN, "f32");
    panel.label(
        &mut svg,
        (4e-12, 2e-3),
        Anchor::Start,
        MUTED,
        "rounding, 1/h",
    );
    svg.finish()
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
