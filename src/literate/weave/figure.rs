//! Figures: SVG files, put into the page so that they take its colours.

use std::collections::HashSet;

/// An SVG file made fit for a page: no prologue, no blank line (Markdown would end the
/// block there), and its ids behind `prefix`, because a page may hold several figures.
///
/// # Errors
///
/// If it is no SVG, or has no role and title for those who cannot see it.
pub fn inlined(svg: &str, prefix: &str) -> Result<String, String> {
    let start = svg.find("<svg").ok_or("it has no <svg> element")?;
    let end = svg.rfind("</svg>").ok_or("its <svg> element has no end")?;
    let svg = &svg[start..end + "</svg>".len()];
    let head = &svg[..svg.find('>').unwrap_or(svg.len())];
    if !head.contains("role=\"img\"") || !svg.contains("<title") {
        return Err("its <svg> needs role=\"img\" and a <title>".to_owned());
    }
    let svg = in_company(svg);
    let lines = svg.lines().filter(|line| !line.trim().is_empty());
    let svg = lines.collect::<Vec<_>>().join("\n");
    Ok(prefixed(&svg, prefix))
}

/// Without the style that the file needs only where it stands alone.
fn in_company(svg: &str) -> String {
    let Some((before, rest)) = svg.split_once("<style>svg:root") else {
        return svg.to_owned();
    };
    let (_, after) = rest.split_once("</style>").unwrap_or(("", rest));
    format!("{before}{after}")
}

/// Puts `prefix` before each id, and before each mention of one.
fn prefixed(svg: &str, prefix: &str) -> String {
    let ids = ids(svg);
    let mut out = String::with_capacity(svg.len());
    let mut rest = svg;
    // An id is declared or mentioned in the value of an attribute, after `#` or alone.
    while let Some(at) = rest.find(['"', '#']) {
        let (before, from) = rest.split_at(at);
        out += before;
        let mark = &from[..1];
        let mentions = out.ends_with(['"', '(', '\'']);
        let after = &from[1..];
        out += mark;
        rest = after;
        let attribute = before.trim_end_matches('=').rsplit([' ', '\n']).next();
        let is_list = mark == "\""
            && before.ends_with('=')
            && attribute.is_some_and(|name| {
                ["id", "aria-labelledby", "aria-describedby"].contains(&name)
            });
        if is_list {
            let end = after.find('"').unwrap_or(after.len());
            let words = after[..end].split_whitespace().map(|word| {
                let known = ids.contains(word);
                format!("{}{word}", if known { prefix } else { "" })
            });
            out += &words.collect::<Vec<_>>().join(" ");
            rest = &after[end..];
        } else if mark == "#" && mentions {
            let end = after.find(|c: char| !c.is_alphanumeric() && !"-_.:".contains(c));
            if ids.contains(&after[..end.unwrap_or(after.len())]) {
                out += prefix;
            }
        }
    }
    out + rest
}

fn ids(svg: &str) -> HashSet<&str> {
    let declared = svg.split(" id=\"").skip(1);
    declared.filter_map(|rest| rest.split('"').next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str = "<?xml version=\"1.0\"?>\n<svg class=\"fig\" role=\"img\" \
        aria-labelledby=\"t d\">\n\n<title id=\"t\">T</title><desc id=\"d\">D #t (1)</desc>\n\
        <path fill=\"url(#g)\" stroke=\"#fff\" id=\"g\"/><use href=\"#g\"/></svg>\n";

    #[test]
    fn ids_and_their_mentions_get_the_prefix_and_colours_do_not() {
        assert_eq!(
            inlined(SVG, "relu-").unwrap(),
            "<svg class=\"fig\" role=\"img\" aria-labelledby=\"relu-t relu-d\">\n\
             <title id=\"relu-t\">T</title><desc id=\"relu-d\">D #t (1)</desc>\n\
             <path fill=\"url(#relu-g)\" stroke=\"#fff\" id=\"relu-g\"/>\
             <use href=\"#relu-g\"/></svg>"
        );
    }

    #[test]
    fn the_style_of_a_file_that_stands_alone_stays_behind() {
        let alone = "<svg role=\"img\"><title>T</title><style>svg:root{a:b}</style>\
                     <style>.c{d:e}</style></svg>";
        let page = "<svg role=\"img\"><title>T</title><style>.c{d:e}</style></svg>";
        assert_eq!(inlined(alone, "").as_deref(), Ok(page));
    }

    #[test]
    fn a_figure_that_says_nothing_to_a_screen_reader_is_refused() {
        let mute = "<svg><title>T</title></svg>";
        assert!(inlined(mute, "").unwrap_err().contains("role=\"img\""));
        let untitled = "<svg role=\"img\"></svg>";
        assert!(inlined(untitled, "").unwrap_err().contains("<title>"));
        assert_eq!(inlined("", "").unwrap_err(), "it has no <svg> element");
    }
}
