//! What a figure is operated with: sliders, switches and buttons around a drawing of its own.
//!
//! The block stands hidden in the page, below the still picture. The script
//! `book/theme/touch.js` shows it instead, finds the parts by their names and classes, and
//! moves them; without the script, and on paper, the still picture is there. Numbers that
//! the crate has computed come along as JSON.

use crate::drawing::svg::{Svg, escape};
use std::fmt::{Display, Write};

/// A block under construction: a drawing, its controls, its data.
#[derive(Debug)]
pub struct Controls {
    figure: &'static str,
    html: String,
}

impl Controls {
    /// A block for the figure `figure`, which begins each id, and whose part of the script has
    /// the name `script`. `label` says what can be done here.
    pub fn new(figure: &'static str, script: &str, label: &str) -> Controls {
        let label = escape(label);
        Controls {
            figure,
            html: format!(
                "<div class=\"touch\" data-touch=\"{script}\" role=\"group\" \
                 aria-label=\"{label}\" hidden=\"\">\n"
            ),
        }
    }

    /// A drawing that the script changes.
    pub fn drawing(mut self, svg: Svg) -> Controls {
        self.html += &svg.part();
        self
    }

    /// The beginning of a group of controls that stand in one row where there is room.
    pub fn row(mut self) -> Controls {
        self.html += "<div class=\"row\">\n";
        self
    }

    /// The end of that row.
    pub fn end(mut self) -> Controls {
        self.html += "</div>\n";
        self
    }

    /// A slider from `range[0]` to `range[1]`. `step` is a number, or `any`.
    pub fn slider(
        mut self,
        name: &str,
        label: &str,
        range: [f64; 2],
        step: impl Display,
        value: f64,
    ) -> Controls {
        let id = format!("{}-{name}", self.figure);
        let [least, most] = range;
        let _ = writeln!(
            self.html,
            "<div class=\"slider\"><label for=\"{id}\">{}</label><input type=\"range\" \
             id=\"{id}\" name=\"{name}\" min=\"{least}\" max=\"{most}\" step=\"{step}\" \
             value=\"{value}\"/><output for=\"{id}\" aria-live=\"off\"></output></div>",
            escape(label)
        );
        self
    }

    /// A button that does something each time.
    pub fn button(mut self, name: &str, label: &str) -> Controls {
        let label = escape(label);
        let _ = writeln!(
            self.html,
            "<button type=\"button\" name=\"{name}\">{label}</button>"
        );
        self
    }

    /// A box to tick.
    pub fn switch(mut self, name: &str, label: &str) -> Controls {
        let label = escape(label);
        let _ = writeln!(
            self.html,
            "<label><input type=\"checkbox\" name=\"{name}\"/> {label}</label>"
        );
        self
    }

    /// One of several values, of which `chosen` is the first.
    pub fn choice(
        mut self,
        name: &str,
        label: &str,
        values: &[usize],
        chosen: usize,
    ) -> Controls {
        let figure = self.figure;
        let _ = write!(self.html, "<fieldset><legend>{}</legend>", escape(label));
        for value in values {
            let checked = if *value == chosen {
                " checked=\"\""
            } else {
                ""
            };
            let _ = write!(
                self.html,
                "<label><input type=\"radio\" name=\"{figure}-{name}\" value=\"{value}\"\
                 {checked}/> {value}</label>"
            );
        }
        self.html += "</fieldset>\n";
        self
    }

    /// The place of the sentence that says what there is to see, also to who cannot see it.
    pub fn says(mut self) -> Controls {
        self.html += "<output class=\"says\"></output>\n";
        self
    }

    /// The numbers that the script shows, as JSON.
    pub fn data(mut self, json: &str) -> Controls {
        let _ = writeln!(
            self.html,
            "<script type=\"application/json\">{json}</script>"
        );
        self
    }

    /// The finished block.
    pub fn finish(self) -> String {
        self.html + "</div>\n"
    }
}

/// A JSON array of things that are JSON already.
pub fn array(items: impl IntoIterator<Item = impl Display>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    format!("[{}]", items.join(","))
}

/// A JSON string. No text of a figure has a backslash, a quote or a tag in it.
///
/// # Panics
///
/// If `text` has.
pub fn string(text: &str) -> String {
    let plain = !text.contains(['"', '\\', '<', '\n']);
    assert!(
        plain,
        "controls::string: the text must need no escape; it is {text:?}"
    );
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_hidden_and_names_its_controls() {
        let html = Controls::new("fig", "play", "A & B")
            .row()
            .slider("h", "step", [0.0, 2.5], "any", 1.0)
            .switch("off", "off")
            .end()
            .choice("layers", "layers", &[3, 5], 5)
            .data(&array([string("a"), array([1, 2])]))
            .finish();
        assert_eq!(
            html,
            "<div class=\"touch\" data-touch=\"play\" role=\"group\" aria-label=\"A &amp; B\" \
             hidden=\"\">\n<div class=\"row\">\n\
             <div class=\"slider\"><label for=\"fig-h\">step</label><input type=\"range\" \
             id=\"fig-h\" name=\"h\" min=\"0\" max=\"2.5\" step=\"any\" value=\"1\"/>\
             <output for=\"fig-h\" aria-live=\"off\"></output></div>\n\
             <label><input type=\"checkbox\" name=\"off\"/> off</label>\n\
             </div>\n\
             <fieldset><legend>layers</legend>\
             <label><input type=\"radio\" name=\"fig-layers\" value=\"3\"/> 3</label>\
             <label><input type=\"radio\" name=\"fig-layers\" value=\"5\" checked=\"\"/> 5\
             </label></fieldset>\n\
             <script type=\"application/json\">[\"a\",[1,2]]</script>\n</div>\n"
        );
    }

    #[test]
    #[should_panic = "the text must need no escape; it is \"a\\\"b\""]
    fn refuses_a_text_with_a_quote() {
        string("a\"b");
    }
}
