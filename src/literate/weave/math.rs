//! Formulas as pictures in the text: TeX to inline SVG, typeset by RaTeX.
//!
//! A formula refers to the outlines of its glyphs, and a page brings each outline once.
//! Lengths are thousandths of an em, whole numbers. The colour is that of the text.

use ratex_layout::{LayoutOptions, layout, to_display_list, validate_layout};
use ratex_svg::{SvgOptions, render_to_svg};
use ratex_types::color::Color;
use ratex_types::display_item::{DisplayItem, DisplayList};
use ratex_types::math_style::MathStyle;
use ratex_types::path_command::PathCommand;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write;

/// Units of an em.
const EM: f64 = 1000.0;

/// The widest display, in em, that fits on a phone without scrolling.
const NARROW: f64 = 17.0;

/// The formulas of one page.
#[derive(Debug, Default)]
pub struct Formulas {
    glyphs: BTreeMap<Glyph, String>,
}

/// A glyph: the font, as RaTeX names it, and the character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Glyph {
    font: String,
    character: u32,
}

impl Glyph {
    /// Its name in the page: `Math-Italic` 120 is `gmi-78`.
    fn id(&self) -> String {
        let letters = self
            .font
            .chars()
            .filter(|c| c.is_uppercase() || c.is_numeric());
        let font: String = letters.flat_map(char::to_lowercase).collect();
        format!("g{font}-{:x}", self.character)
    }

    /// Its outline at the size of one em, as the data of an SVG path.
    fn outline(&self) -> Result<String, String> {
        let list = DisplayList {
            items: vec![DisplayItem::GlyphPath {
                x: 0.0,
                y: 0.0,
                scale: 1.0,
                font: self.font.clone(),
                char_code: self.character,
                color: Color::BLACK,
            }],
            ..DisplayList::new()
        };
        let options = SvgOptions {
            font_size: EM,
            padding: 0.0,
            embed_glyphs: true,
            ..SvgOptions::default()
        };
        // A character that the fonts lack comes back as text, or as a picture.
        let svg = render_to_svg(&list, &options);
        let path = svg.split("<path d=\"").nth(1);
        let outline = path.and_then(|rest| rest.split('"').next());
        outline.map(rounded).ok_or_else(|| {
            let character = char::from_u32(self.character).unwrap_or('\u{fffd}');
            format!("the fonts for mathematics have no `{character}`")
        })
    }
}

impl Formulas {
    /// A formula in a line of text.
    ///
    /// # Errors
    ///
    /// A sentence about what is wrong with the TeX.
    pub fn inline(&mut self, tex: &str) -> Result<String, String> {
        let list = typeset(tex, MathStyle::Text)?;
        self.svg(&list, tex)
    }

    /// A formula on lines of its own, which can be scrolled where it is wider than a phone.
    ///
    /// # Errors
    ///
    /// As [`inline`](Self::inline).
    pub fn display(&mut self, tex: &str) -> Result<String, String> {
        let list = typeset(tex, MathStyle::Display)?;
        let svg = self.svg(&list, tex)?;
        let focus = if list.width > NARROW {
            " tabindex=\"0\" role=\"group\" aria-label=\"Formula\""
        } else {
            ""
        };
        Ok(format!("<span class=\"display\"{focus}>{svg}</span>"))
    }

    /// The outlines of all glyphs so far, to be put into the page once.
    pub fn outlines(&self) -> String {
        if self.glyphs.is_empty() {
            return String::new();
        }
        let outlines = self.glyphs.iter().map(|(glyph, outline)| {
            format!("<path id=\"{}\" d=\"{outline}\"/>", glyph.id())
        });
        format!(
            "<svg class=\"glyphs\" aria-hidden=\"true\" width=\"0\" height=\"0\"><defs>\
             {}</defs></svg>",
            outlines.collect::<String>()
        )
    }

    fn svg(&mut self, list: &DisplayList, tex: &str) -> Result<String, String> {
        let mut body = String::new();
        for item in &list.items {
            self.draw(item, &mut body)?;
        }
        let label = attribute(tex);
        let (width, height) = (units(list.width), units(list.height + list.depth));
        Ok(format!(
            "<svg class=\"math\" role=\"img\" aria-label=\"{label}\" \
             viewBox=\"0 0 {width} {height}\" style=\"width:{}em;height:{}em;\
             vertical-align:{}em\">{body}</svg>",
            ems(list.width),
            ems(list.height + list.depth),
            ems(-list.depth),
        ))
    }

    fn draw(&mut self, item: &DisplayItem, body: &mut String) -> Result<(), String> {
        // Writing to a string cannot fail.
        let _ = match item {
            DisplayItem::GlyphPath {
                x,
                y,
                scale,
                font,
                char_code,
                color,
            } => {
                let glyph = Glyph {
                    font: font.clone(),
                    character: *char_code,
                };
                let (id, fill) = (glyph.id(), paint(color, "fill"));
                if let Entry::Vacant(new) = self.glyphs.entry(glyph) {
                    let outline = new.key().outline()?;
                    new.insert(outline);
                }
                let (x, y) = (units(*x), units(*y));
                if *scale == 1.0 {
                    write!(body, "<use href=\"#{id}\" x=\"{x}\" y=\"{y}\"{fill}/>")
                } else {
                    write!(
                        body,
                        "<use href=\"#{id}\" transform=\"translate({x} {y}) \
                         scale({scale:.3})\"{fill}/>"
                    )
                }
            }
            DisplayItem::Line {
                x,
                y,
                width,
                thickness,
                color,
                dashed: false,
            } => rectangle(body, *x, y - thickness / 2.0, *width, *thickness, color),
            DisplayItem::Rect {
                x,
                y,
                width,
                height,
                color,
            } => rectangle(body, *x, *y, *width, *height, color),
            DisplayItem::Path {
                x,
                y,
                commands,
                fill: true,
                color,
            } => {
                // Parts may overlap. As one path, they could cut holes into each other.
                let fill = paint(color, "fill");
                for part in commands.split_inclusive(|c| *c == PathCommand::Close) {
                    let _ = write!(body, "<path d=\"{}\"{fill}/>", path(*x, *y, part));
                }
                Ok(())
            }
            DisplayItem::Path {
                x,
                y,
                commands,
                fill: false,
                color,
            } => {
                let stroke = paint(color, "stroke");
                let d = path(*x, *y, commands);
                write!(
                    body,
                    "<path d=\"{d}\" fill=\"none\" stroke-width=\"40\"{stroke}/>"
                )
            }
            DisplayItem::Line { dashed: true, .. } => {
                return Err("dashed lines in formulas are not drawn".to_owned());
            }
        };
        Ok(())
    }
}

/// TeX, set and measured.
fn typeset(tex: &str, style: MathStyle) -> Result<DisplayList, String> {
    let nodes = ratex_parser::parser::parse(tex).map_err(|error| {
        let tex = tex.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("the formula `{tex}` cannot be read: {}", error.message)
    })?;
    let boxes = layout(&nodes, &LayoutOptions::default().with_style(style));
    validate_layout(&boxes)?;
    Ok(to_display_list(&boxes))
}

fn rectangle(
    body: &mut String,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    color: &Color,
) -> std::fmt::Result {
    // A fraction bar of 40 units must not lose a twentieth to rounding.
    let [x, y, width, height] = [x, y, width, height].map(|v| tenths(v * EM));
    let fill = paint(color, "fill");
    write!(
        body,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"{fill}/>"
    )
}

/// The colour, where it is not that of the text.
fn paint(color: &Color, attribute: &str) -> String {
    if *color == Color::BLACK {
        return match attribute {
            "fill" => String::new(),
            _ => format!(" {attribute}=\"currentColor\""),
        };
    }
    let byte = |part: f32| (part.clamp(0.0, 1.0) * 255.0).round() as u8;
    let (r, g, b) = (byte(color.r), byte(color.g), byte(color.b));
    format!(" {attribute}=\"#{r:02x}{g:02x}{b:02x}\"")
}

fn path(x: f64, y: f64, commands: &[PathCommand]) -> String {
    let at = |px: f64, py: f64| format!("{} {}", units(x + px), units(y + py));
    let commands = commands.iter().map(|command| match command {
        PathCommand::MoveTo { x, y } => format!("M{}", at(*x, *y)),
        PathCommand::LineTo { x, y } => format!("L{}", at(*x, *y)),
        PathCommand::CubicTo {
            x1,
            y1,
            x2,
            y2,
            x,
            y,
        } => format!("C{} {} {}", at(*x1, *y1), at(*x2, *y2), at(*x, *y)),
        PathCommand::QuadTo { x1, y1, x, y } => {
            format!("Q{} {}", at(*x1, *y1), at(*x, *y))
        }
        PathCommand::Close => "Z".to_owned(),
    });
    commands.collect()
}

/// An outline with whole numbers, which the fonts' own units are.
fn rounded(outline: &str) -> String {
    let mut out = String::with_capacity(outline.len());
    let mut rest = outline;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && !"-.".contains(c));
        let (number, after) = rest.split_at(end.unwrap_or(rest.len()));
        match number.parse::<f64>() {
            Ok(number) => {
                // A minus separates as a space does.
                let number = format!("{}", number.round() as i64);
                if number.starts_with('-') && out.ends_with(' ') {
                    out.pop();
                }
                out += &number;
                rest = after;
            }
            Err(_) => {
                let follows_letter = out.ends_with(|c: char| c.is_ascii_alphabetic());
                if !first.is_whitespace() {
                    if out.ends_with(' ') {
                        out.pop();
                    }
                    out.push(first);
                } else if !follows_letter && !out.ends_with(' ') {
                    out.push(' ');
                }
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn units(ems: f64) -> i64 {
    (ems * EM).round() as i64
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// To the same grid as the units.
fn ems(value: f64) -> f64 {
    // Adding 0 makes 0 of -0.
    (value * EM).round() / EM + 0.0
}

/// Text for an attribute that stands in Markdown, in a table even.
fn attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for c in words.chars() {
        match c {
            '&' | '<' | '>' | '"' | '|' | '`' => {
                let _ = write!(out, "&#{};", c as u32);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_stands_on_its_baseline_and_says_its_tex() {
        let svg = Formulas::default().inline(r"w_{dm} < |x|").unwrap();
        assert!(svg.contains("aria-label=\"w_{dm} &#60; &#124;x&#124;\""));
        assert!(svg.contains("vertical-align:-0."));
        assert!(!svg.contains("fill="), "the colour is the text's");
    }

    #[test]
    fn a_page_brings_each_outline_once() {
        let mut formulas = Formulas::default();
        let a = formulas.inline("x + x").unwrap();
        let b = formulas.inline("x").unwrap();
        assert_eq!(a.matches("#gmi-78").count(), 2);
        assert_eq!(b.matches("#gmi-78").count(), 1);
        let outlines = formulas.outlines();
        assert_eq!(outlines.matches("id=\"gmi-78\"").count(), 1);
        assert_eq!(outlines.matches("<path ").count(), 2);
    }

    #[test]
    fn only_a_wide_display_takes_the_focus() {
        let mut formulas = Formulas::default();
        let short = formulas.display("x").unwrap();
        let long = formulas.display(&"x + ".repeat(20)).unwrap();
        assert!(!short.contains("tabindex"));
        assert!(long.contains("tabindex=\"0\""));
    }

    #[test]
    fn what_cannot_be_read_or_drawn_is_an_error() {
        let mut formulas = Formulas::default();
        let error = formulas.inline(r"\frac{1}").unwrap_err();
        assert!(
            error.starts_with(r"the formula `\frac{1}` cannot be read: "),
            "{error}"
        );
        let error = formulas.inline(r"\text{ก}").unwrap_err();
        assert_eq!(error, "the fonts for mathematics have no `ก`");
    }

    #[test]
    fn outlines_have_whole_numbers_and_no_more_spaces_than_they_need() {
        assert_eq!(rounded("M 1.6 -2.2 L 3 4 Z M0 0"), "M2-2L3 4ZM0 0");
    }
}
