//! The figures' colours: names that the book's themes give values to, and the values.
//!
//! A figure says `var(--fig-1, #…)`, never a colour alone. In the book the stylesheet
//! [`css`] decides by theme; a figure opened by itself carries both sets with it and asks
//! the browser which one is wanted.

use std::fmt;

/// A colour by name; it prints as a CSS `var()` whose fallback is the light value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(usize);

/// Name, value on a light page, value on a dark one.
type Row = (&'static str, &'static str, &'static str);

/// Text in the colours `1` to `6`, `ink` and `muted` has a contrast of 4.5 or more on
/// each of the book's pages; a test computes it.
const TABLE: [Row; 18] = [
    ("1", "#0a5fa3", "#6db5f5"),
    ("2", "#9c4300", "#f5a45c"),
    ("3", "#12694a", "#5fd0a2"),
    ("4", "#9a2a66", "#f291c1"),
    ("5", "#5b3fb0", "#b9a6fa"),
    ("6", "#6b5800", "#dcc65a"),
    ("ink", "#1f2328", "#dfe3e8"),
    ("muted", "#545b63", "#9aa5b1"),
    ("grid", "#d5d9de", "#343c47"),
    ("surface", "#ffffff", "#0f1419"),
    ("ramp-0", "#eaf1f8", "#182430"),
    ("ramp-1", "#d0e1f0", "#1c3348"),
    ("ramp-2", "#aecce6", "#214663"),
    ("ramp-3", "#85b2d9", "#285c84"),
    ("ramp-4", "#5896c9", "#3576a7"),
    ("ramp-5", "#3079b4", "#4d93c8"),
    ("ramp-6", "#155d97", "#79b4e2"),
    ("ramp-7", "#0a4170", "#b4d8f5"),
];

/// Blue.
pub const BLUE: Colour = Colour(0);
/// Orange.
pub const ORANGE: Colour = Colour(1);
/// Green.
pub const GREEN: Colour = Colour(2);
/// Magenta.
pub const MAGENTA: Colour = Colour(3);
/// Text and what must be seen.
pub const INK: Colour = Colour(6);
/// Text beside it: ticks, remarks.
pub const MUTED: Colour = Colour(7);
/// Lines in the background.
pub const GRID: Colour = Colour(8);
/// The page.
pub const SURFACE: Colour = Colour(9);

/// Step `i` of eight on the way from the page to the strongest blue.
///
/// # Panics
///
/// If `i` is 8 or more.
pub fn ramp(i: usize) -> Colour {
    assert!(i < 8, "palette::ramp: i must be 0 to 7; it is {i}");
    Colour(10 + i)
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, light, _) = TABLE[self.0];
        write!(f, "var(--fig-{name}, {light})")
    }
}

/// The rules for a figure that is opened alone. `svg:root` is no part of a page, so they
/// stay without effect, and harmless, where the figure is inlined.
pub fn own_style() -> String {
    let light = variables(|row| row.1, "");
    let dark = variables(|row| row.2, "");
    format!(
        "<style>svg:root{{{light}font-family:system-ui,sans-serif;\
         background:var(--fig-surface)}}@media (prefers-color-scheme:dark){{svg:root{{{dark}}}}}</style>"
    )
}

/// A figure with colours instead of variables, which only browsers know. It still asks a
/// browser whether the page is dark.
pub fn fixed(svg: &str) -> String {
    let (_, surface, on_dark) = TABLE[SURFACE.0];
    let mut fixed = svg.to_owned();
    let mut rules = format!("svg:root{{background:{on_dark}}}");
    for (i, (_, light, dark)) in TABLE.iter().enumerate() {
        fixed = fixed.replace(&Colour(i).to_string(), light);
        for name in ["fill", "stroke"] {
            if fixed.contains(&format!("{name}=\"{light}\"")) {
                rules += &format!("[{name}=\"{light}\"]{{{name}:{dark}}}");
            }
        }
    }
    let style = format!(
        "<style>svg:root{{font-family:system-ui,sans-serif;background:{surface}}}\
         @media (prefers-color-scheme:dark){{{rules}}}</style>"
    );
    fixed.replace(&own_style(), &style)
}

/// The contrast of two colours such as `#1f2328`, as WCAG 2 defines it.
///
/// # Panics
///
/// If one of them is not written as such.
pub fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance, as WCAG 2 defines it.
fn luminance(hex: &str) -> f64 {
    let channel = |i: usize| {
        let byte = u8::from_str_radix(&hex[i..i + 2], 16).expect("a colour in hex");
        let share = f64::from(byte) / 255.0;
        if share <= 0.04045 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

/// The book's stylesheet for all figures.
pub fn css() -> String {
    let light = variables(|row| row.1, "\n    ");
    let dark = variables(|row| row.2, "\n    ");
    format!(
        "\
/* The figures' colours. Made by `cargo run --features book -- figures` from
   src/drawing/palette.rs; a change belongs there. */

svg.fig {{
    display: block;
    width: 100%;
    max-width: 480px;
    height: auto;
    margin: 1.5em auto;
    font-family: inherit;
    font-variant-numeric: tabular-nums;
}}

:root, html.light, html.rust {{{light}
}}

@media not print {{
html.navy, html.coal, html.ayu {{{dark}
}}
}}

/* The page is mdBook's own colour in each theme. */
html.light, html.rust, html.navy, html.coal, html.ayu {{
    --fig-surface: var(--bg);
}}
"
    )
}

fn variables(value: impl Fn(&Row) -> &'static str, before: &str) -> String {
    TABLE
        .iter()
        .map(|row| format!("{before}--fig-{}:{};", row.0, value(row)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pages of mdBook's themes that take the light values, and the others.
    const LIGHT: [&str; 2] = ["#ffffff", "#e1e1db"];
    const DARK: [&str; 4] = ["#161923", "#141617", "#0f1419", "#000000"];

    #[test]
    fn contrast_is_that_of_wcag() {
        assert_eq!(contrast("#000000", "#ffffff"), 21.0);
        assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.01);
    }

    #[test]
    fn text_can_be_read_on_every_page() {
        for (name, light, dark) in &TABLE[..8] {
            for page in LIGHT {
                let contrast = contrast(light, page);
                assert!(contrast >= 4.5, "{name} on {page}: {contrast}");
            }
            for page in DARK {
                let contrast = contrast(dark, page);
                assert!(contrast >= 4.5, "{name} on {page}: {contrast}");
            }
        }
    }

    #[test]
    fn the_ramp_leaves_the_page_step_by_step() {
        let away = |value: fn(&Row) -> &'static str, page| {
            TABLE[10..]
                .iter()
                .map(move |row| contrast(value(row), page))
        };
        for steps in [
            away(|row| row.1, "#ffffff").collect::<Vec<_>>(),
            away(|row| row.2, "#0f1419").collect(),
        ] {
            assert!(
                steps.windows(2).all(|pair| pair[0] * 1.1 < pair[1]),
                "{steps:?}"
            );
        }
    }

    #[test]
    fn a_colour_names_its_variable_and_its_light_value() {
        assert_eq!(BLUE.to_string(), "var(--fig-1, #0a5fa3)");
        assert_eq!(ramp(7).to_string(), "var(--fig-ramp-7, #0a4170)");
    }
}
