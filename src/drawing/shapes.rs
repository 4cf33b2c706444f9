//! Shapes that figures are made of: text, lines, arrows, boxes, grids of numbers.

use super::palette::{Colour, INK, MUTED, SURFACE};
use super::svg::{Element, Svg, TEXT, along};
use ndarray::ArrayView2;

/// The place of a text relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// To the right of it.
    Start,
    /// Around it.
    Middle,
    /// To the left of it.
    End,
}

impl Anchor {
    fn name(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// Text with its baseline at `y`. It has a rim of the page's colour, so that a line
/// behind it does not run through its letters.
pub fn text(x: f64, y: f64, anchor: Anchor, colour: Colour, text: &str) -> Element {
    let element = Element::new("text").set("x", x).set("y", y);
    let element = match anchor {
        Anchor::Start => element,
        _ => element.set("text-anchor", anchor.name()),
    };
    element
        .set("fill", colour)
        .set("stroke", SURFACE)
        .set("stroke-width", 5.0)
        .set("stroke-linejoin", "round")
        .set("paint-order", "stroke")
        .text(text)
}

/// The same, bold: a heading.
pub fn heading(x: f64, y: f64, colour: Colour, words: &str) -> Element {
    text(x, y, Anchor::Start, colour, words).set("font-weight", "600")
}

/// Text over a coloured cell: no rim.
pub fn plain(x: f64, y: f64, anchor: Anchor, colour: Colour, text: &str) -> Element {
    Element::new("text")
        .set("x", x)
        .set("y", y)
        .set("text-anchor", anchor.name())
        .set("fill", colour)
        .text(text)
}

/// A straight line.
pub fn line(from: (f64, f64), to: (f64, f64), colour: Colour, width: f64) -> Element {
    Element::new("line")
        .set("x1", from.0)
        .set("y1", from.1)
        .set("x2", to.0)
        .set("y2", to.1)
        .set("stroke", colour)
        .set("stroke-width", width)
}

/// A line through points.
pub fn path(
    points: impl IntoIterator<Item = (f64, f64)>,
    colour: Colour,
    width: f64,
) -> Element {
    Element::new("path")
        .set("d", along(points).as_str())
        .set("fill", "none")
        .set("stroke", colour)
        .set("stroke-width", width)
        .set("stroke-linejoin", "round")
}

/// A filled region with a border through points.
pub fn region(points: impl IntoIterator<Item = (f64, f64)>, colour: Colour) -> Element {
    let d = format!("{}Z", along(points));
    Element::new("path")
        .set("d", d.as_str())
        .set("fill", colour)
}

/// A dot.
pub fn dot((x, y): (f64, f64), radius: f64, colour: Colour) -> Element {
    Element::new("circle")
        .set("cx", x)
        .set("cy", y)
        .set("r", radius)
        .set("fill", colour)
}

/// A ring with a rim of the page's colour on both sides, to be seen on any ground.
pub fn ring(centre: (f64, f64), radius: f64, colour: Colour) -> Element {
    let circle = |width: f64, colour: Colour| {
        dot(centre, radius, colour)
            .set("fill-opacity", 0.0)
            .set("stroke", colour)
            .set("stroke-width", width)
    };
    Element::new("g")
        .child(circle(6.0, SURFACE))
        .child(circle(3.0, colour))
}

/// A cross with such a rim.
pub fn cross((x, y): (f64, f64), size: f64, colour: Colour) -> Element {
    let d = format!(
        "{}{}",
        along([(x - size, y - size), (x + size, y + size)]),
        along([(x - size, y + size), (x + size, y - size)])
    );
    let stroke = |width: f64, colour: Colour| {
        Element::new("path")
            .set("d", d.as_str())
            .set("stroke", colour)
            .set("stroke-width", width)
    };
    Element::new("g")
        .child(stroke(7.0, SURFACE))
        .child(stroke(3.0, colour))
}

/// A line with a head at its end.
pub fn arrow(from: (f64, f64), to: (f64, f64), colour: Colour) -> Element {
    arrow_along(&[from, to], colour)
}

/// A line through points with a head at its end.
pub fn arrow_along(points: &[(f64, f64)], colour: Colour) -> Element {
    const LENGTH: f64 = 11.0;
    const HALF: f64 = 5.0;
    let [.., before, tip] = *points else {
        panic!("shapes::arrow_along: an arrow needs at least two points");
    };
    let (dx, dy) = (tip.0 - before.0, tip.1 - before.1);
    let length = (dx * dx + dy * dy).sqrt();
    let (ux, uy) = (dx / length, dy / length);
    let neck = (tip.0 - LENGTH * ux, tip.1 - LENGTH * uy);
    let head = [
        tip,
        (neck.0 - HALF * uy, neck.1 + HALF * ux),
        (neck.0 + HALF * uy, neck.1 - HALF * ux),
    ];
    let mut shaft = points.to_vec();
    shaft.pop();
    shaft.push(neck);
    Element::new("g")
        .child(path(shaft, colour, 2.0))
        .child(region(head, colour))
}

/// A rectangle with round corners.
pub fn rectangle(
    (x, y): (f64, f64),
    (width, height): (f64, f64),
    fill: Colour,
    stroke: Option<Colour>,
) -> Element {
    let rectangle = Element::new("rect")
        .set("x", x)
        .set("y", y)
        .set("width", width)
        .set("height", height)
        .set("rx", 5.0)
        .set("fill", fill);
    match stroke {
        Some(stroke) => rectangle.set("stroke", stroke).set("stroke-width", 1.5),
        None => rectangle,
    }
}

/// The side of a cell in a grid of numbers.
pub const CELL: f64 = 30.0;

/// A grid of numbers with its top left corner at `(x, y)`, framed in `colour`.
pub fn numbers(
    svg: &mut Svg,
    (x, y): (f64, f64),
    numbers: ArrayView2<f64>,
    colour: Colour,
) {
    let (rows, columns) = numbers.dim();
    let size = (columns as f64 * CELL, rows as f64 * CELL);
    svg.add(rectangle((x, y), size, SURFACE, Some(colour)));
    unframed_numbers(svg, (x, y), numbers);
}

/// The numbers of a grid alone, for a frame that is drawn before.
pub fn unframed_numbers(svg: &mut Svg, (x, y): (f64, f64), numbers: ArrayView2<f64>) {
    for ((i, j), number) in numbers.indexed_iter() {
        let (x, y) = (x + j as f64 * CELL, y + i as f64 * CELL);
        let colour = if *number == 0.0 { MUTED } else { INK };
        let baseline = y + CELL / 2.0 + TEXT * 0.36;
        svg.add(plain(
            x + CELL / 2.0,
            baseline,
            Anchor::Middle,
            colour,
            &number_text(*number),
        ));
    }
}

/// A number as a figure shows it, with a minus sign and not a hyphen.
pub fn number_text(x: f64) -> String {
    x.to_string().replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_number_has_a_minus_sign() {
        assert_eq!(number_text(-3.0), "−3");
        assert_eq!(number_text(0.5), "0.5");
    }

    #[test]
    #[should_panic = "an arrow needs at least two points"]
    fn refuses_an_arrow_without_a_length() {
        arrow_along(&[(0.0, 0.0)], INK);
    }
}
