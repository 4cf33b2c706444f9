//! Figures: SVG files, put into the page so that they take its colours.

/// The SVG file of the figure `name` made fit for a page: no prologue, no blank line
/// (Markdown would end the block there).
///
/// # Errors
///
/// If it is no SVG, has no role and title for those who cannot see it, or has an id that
/// does not begin with `name-`: a page may hold several figures.
pub fn inlined(svg: &str, name: &str) -> Result<String, String> {
    let start = svg.find("<svg").ok_or("it has no <svg> element")?;
    let end = svg.rfind("</svg>").ok_or("its <svg> element has no end")?;
    let svg = &svg[start..end + "</svg>".len()];
    let head = &svg[..svg.find('>').unwrap_or(svg.len())];
    if !head.contains("role=\"img\"") || !svg.contains("<title") {
        return Err("its <svg> needs role=\"img\" and a <title>".to_owned());
    }
    let prefix = format!("{name}-");
    let mut ids = svg
        .split(" id=")
        .skip(1)
        .map(|rest| rest.trim_start_matches(['"', '\'']));
    if let Some(id) = ids.find(|id| !id.starts_with(&prefix)) {
        let id = id.split(['"', '\'']).next().unwrap_or(id);
        return Err(format!("its id `{id}` does not begin with `{prefix}`"));
    }
    let svg = in_company(svg);
    let lines = svg.lines().filter(|line| !line.trim().is_empty());
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// The figure without the style that its file needs only where it stands alone.
fn in_company(svg: &str) -> String {
    let Some((before, rest)) = svg.split_once("<style>svg:root") else {
        return svg.to_owned();
    };
    let (_, after) = rest.split_once("</style>").unwrap_or(("", rest));
    format!("{before}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prologue_and_blank_lines_go() {
        let svg = "<?xml version=\"1.0\"?>\n<svg role=\"img\">\n\n<title id=\"relu-t\">T\
                   </title></svg>\n";
        let page = "<svg role=\"img\">\n<title id=\"relu-t\">T</title></svg>";
        assert_eq!(inlined(svg, "relu").as_deref(), Ok(page));
    }

    #[test]
    fn an_id_that_another_figure_may_have_is_refused() {
        for id in ["\"g\"", "'g'"] {
            let svg =
                format!("<svg role=\"img\"><title>T</title>\n<path id={id}/></svg>");
            assert_eq!(
                inlined(&svg, "relu").unwrap_err(),
                "its id `g` does not begin with `relu-`"
            );
        }
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
