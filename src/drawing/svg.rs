//! A small SVG writer: elements with attributes, text escaped, numbers rounded.
//!
//! # Rounding
//!
//! The committed figures are compared byte by byte with what the code gives, on any
//! machine, while `exp`, `ln` and matrix products differ in their last bits between
//! machines. So a coordinate keeps one decimal. What is left is a number that lies so near
//! the border between two roundings that a last bit decides. Borders at 0.05 would be the
//! worst choice, since exact halves do occur in a layout; [`round`] puts them at
//! 0.0500317 and so on, where nothing lies but by accident.
//!
//! Accidents are rare. Training carries a last bit far, and yet, with another last bit in
//! every weight, the losses of the figure `overfit-curves` change by 5e-12 of themselves at
//! most: less than 1e-8 of the 0.1 between two borders. The one figure that is *made* of
//! last bits, `step-size-v`, computes with operations that are the same everywhere.

use super::palette::{self, Colour};
use std::fmt::Write;

/// One decimal, rounded at a border that no coordinate is meant to lie on.
pub fn round(x: f64) -> f64 {
    let rounded = ((x - 3.17e-5) * 10.0).round() / 10.0;
    // No −0.
    rounded + 0.0
}

/// A value that an attribute can be set to.
pub trait Value {
    /// As it stands between the quotes.
    fn text(&self) -> String;
}

impl Value for f64 {
    fn text(&self) -> String {
        assert!(self.is_finite(), "an SVG attribute cannot be {self}");
        round(*self).to_string()
    }
}

impl Value for &str {
    fn text(&self) -> String {
        escape(self)
    }
}

impl Value for Colour {
    fn text(&self) -> String {
        self.to_string()
    }
}

/// `text` with the five characters that mean something in XML written as entities.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// An element under construction.
#[derive(Debug, Clone)]
pub struct Element {
    tag: &'static str,
    attributes: Vec<(&'static str, String)>,
    content: String,
}

impl Element {
    /// An element without attributes or content.
    pub fn new(tag: &'static str) -> Element {
        Element {
            tag,
            attributes: Vec::new(),
            content: String::new(),
        }
    }

    /// Sets an attribute, anew if it was set before.
    pub fn set(mut self, name: &'static str, value: impl Value) -> Element {
        let text = value.text();
        match self.attributes.iter_mut().find(|(set, _)| *set == name) {
            Some(attribute) => attribute.1 = text,
            None => self.attributes.push((name, text)),
        }
        self
    }

    /// Adds text.
    pub fn text(mut self, text: &str) -> Element {
        self.content.push_str(&escape(text));
        self
    }

    /// Adds a child.
    pub fn child(mut self, child: Element) -> Element {
        self.content.push_str(&child.write());
        self
    }

    fn write(&self) -> String {
        let Element { tag, content, .. } = self;
        let attributes: String = self
            .attributes
            .iter()
            .map(|(name, value)| format!(" {name}=\"{value}\""))
            .collect();
        if content.is_empty() {
            format!("<{tag}{attributes}/>")
        } else {
            format!("<{tag}{attributes}>{content}</{tag}>")
        }
    }
}

/// A figure under construction. Coordinates are those of the viewBox: x to the right, y
/// down, and 18 units are the height of a line's type.
#[derive(Debug)]
pub struct Svg {
    name: &'static str,
    height: f64,
    title: String,
    description: String,
    body: Vec<Element>,
}

/// The width of every figure. On a telephone the figure is about 350 pixels wide, and type
/// of [`TEXT`] units is then 13 pixels high.
pub const WIDTH: f64 = 480.0;

/// The height of type.
pub const TEXT: f64 = 18.0;

impl Svg {
    /// An empty figure. `name` begins each id; `title` says what it is and `description`
    /// what there is to see, for whoever cannot see it.
    pub fn new(
        name: &'static str,
        height: f64,
        title: &str,
        description: impl Into<String>,
    ) -> Svg {
        Svg {
            name,
            height,
            title: title.to_owned(),
            description: description.into(),
            body: Vec::new(),
        }
    }

    /// Draws an element over those before it.
    pub fn add(&mut self, element: Element) {
        self.body.push(element);
    }

    /// An id that no other figure of the page has.
    pub fn id(&self, name: &str) -> String {
        format!("{}-{name}", self.name)
    }

    /// The finished text: the opening tag alone on its line, no empty line, so that it is
    /// one block of HTML in Markdown.
    pub fn finish(self) -> String {
        self.written(&format!("{}\n", palette::own_style()))
    }

    /// The finished text for a place in a page, where the page's style holds.
    pub fn part(self) -> String {
        self.written("")
    }

    fn written(self, style: &str) -> String {
        let (title, description) = (self.id("title"), self.id("desc"));
        let view = format!("0 0 {WIDTH} {}", round(self.height));
        let labelled = format!("{title} {description}");
        let mut text = format!(
            "<svg class=\"fig\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" \
             viewBox=\"{view}\" aria-labelledby=\"{labelled}\" font-size=\"{TEXT}\">\n\
             <title id=\"{title}\">{}</title>\n<desc id=\"{description}\">{}</desc>\n{style}",
            escape(&self.title),
            escape(&self.description),
        );
        for element in &self.body {
            text.push_str(&element.write());
            text.push('\n');
        }
        text.push_str("</svg>\n");
        text
    }

    /// The finished text for a file that stands alone, where it may be opened by a program
    /// that knows no CSS.
    pub fn alone(self) -> String {
        palette::fixed(&self.finish())
    }
}

/// The `d` of a path along `points`.
///
/// A point that rounds to the one before it is left out.
pub fn along(points: impl IntoIterator<Item = (f64, f64)>) -> String {
    let mut d = String::new();
    let mut last = None;
    for (x, y) in points {
        let point = (x.text(), y.text());
        if last.as_ref() != Some(&point) {
            let command = if last.is_none() { "M" } else { "L" };
            let _ = write!(d, "{command}{} {}", point.0, point.1);
            last = Some(point);
        }
    }
    d
}

/// The fewest of `points` that a line through them needs, to within `tolerance`.
///
/// Each is compared with a few hundred before it at most: a line that stays straight for
/// longer keeps a point that it could do without, and takes no time to speak of.
pub fn thinned(points: &[(f64, f64)], tolerance: f64) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
    let mut start = 0;
    for end in 2..points.len() {
        let chord = (points[start], points[end]);
        let far = |&point: &(f64, f64)| distance(point, chord) > tolerance;
        if end - start > 500 || points[start + 1..end].iter().any(far) {
            start = end - 1;
            kept.push(points[start]);
        }
    }
    kept.extend(points.iter().skip(1).next_back());
    kept
}

/// The distance of a point from a segment.
fn distance(point: (f64, f64), (from, to): ((f64, f64), (f64, f64))) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (px, py) = (point.0 - from.0, point.1 - from.1);
    let squared = dx * dx + dy * dy;
    let share = if squared > 0.0 {
        (px * dx + py * dy) / squared
    } else {
        0.0
    };
    let share = share.clamp(0.0, 1.0);
    let (x, y) = (px - share * dx, py - share * dy);
    (x * x + y * y).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_xml_gives_a_meaning() {
        assert_eq!(
            escape("a < b & \"c\" > 'd'"),
            "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;"
        );
        let element = Element::new("text").set("id", "a\"b").text("1 < 2");
        assert_eq!(element.write(), "<text id=\"a&quot;b\">1 &lt; 2</text>");
    }

    #[test]
    fn an_attribute_set_twice_stands_once() {
        let element = Element::new("g").set("x", 1.0).set("y", 2.0).set("x", 3.0);
        assert_eq!(element.write(), "<g x=\"3\" y=\"2\"/>");
    }

    #[test]
    fn exact_halves_are_no_border() {
        for x in [0.05, 0.25, 17.35, -0.05, 300.85] {
            for last_bit in [-1e-9, 0.0, 1e-9] {
                assert_eq!(round(x + last_bit), round(x), "{x}");
            }
        }
        assert_eq!(round(2.3), 2.3);
        assert_eq!(round(-0.01).to_string(), "0");
    }

    #[test]
    #[should_panic = "an SVG attribute cannot be NaN"]
    fn refuses_a_coordinate_that_is_no_number() {
        Element::new("circle").set("cx", f64::NAN).write();
    }

    #[test]
    fn a_path_skips_points_that_round_to_one() {
        let points = [(0.0, 1.0), (0.01, 1.01), (2.0, 3.5)];
        assert_eq!(along(points), "M0 1L2 3.5");
    }

    #[test]
    fn thinning_keeps_corners_and_ends() {
        let points = [
            (0.0, 0.0),
            (1.0, 0.1),
            (2.0, 0.0),
            (2.0, 1.0),
            (2.1, 2.0),
            (2.0, 3.0),
        ];
        assert_eq!(thinned(&points, 0.2), [(0.0, 0.0), (2.0, 0.0), (2.0, 3.0)]);
        assert_eq!(thinned(&points, 0.01), points);
        // A ring comes back to where it began.
        let ring = [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 0.0)];
        assert_eq!(thinned(&ring, 0.2), ring);
    }

    #[test]
    fn the_opening_tag_stands_alone_and_no_line_is_empty() {
        let text = Svg::new("name", 10.0, "A & B", "what").finish();
        let first = text.lines().next().unwrap();
        assert!(first.starts_with("<svg class=\"fig\"") && first.ends_with('>'));
        assert!(text.contains("<title id=\"name-title\">A &amp; B</title>"));
        assert!(text.lines().all(|line| !line.trim().is_empty()));
    }
}
