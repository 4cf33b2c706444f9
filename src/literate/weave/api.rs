//! The pages of rustdoc: their formulas, which rustdoc shows as TeX, as pictures.

use super::math::Formulas;

const STYLE: &str = "<style>svg.math{font-size:1.1em;overflow:visible;fill:currentColor}\
    .display{display:block;overflow-x:auto;overflow-y:hidden;text-align:center;\
    margin:1em 0;padding:.3em 0;flex:1}svg.glyphs{position:absolute}</style>";

/// A page of rustdoc with its formulas typeset, or nothing if there are none.
///
/// # Errors
///
/// A formula that cannot be read.
pub fn typeset(html: &str) -> Result<Option<String>, String> {
    let mut formulas = Formulas::default();
    let inline = replaced(html, "$<code>", "</code>$", |tex| formulas.inline(tex))?;
    let whole = replaced(
        &inline,
        "<pre class=\"language-math\"><code>",
        "</code></pre>",
        |tex| formulas.display(tex),
    )?;
    let outlines = formulas.outlines();
    if outlines.is_empty() {
        return Ok(None);
    }
    let whole = whole.replacen("</head>", &format!("{STYLE}</head>"), 1);
    let end = whole.rfind("</body>").unwrap_or(whole.len());
    let (before, after) = whole.split_at(end);
    Ok(Some(format!("{before}{outlines}{after}")))
}

/// The text with everything from `open` to `close` replaced by what `new` makes of it.
fn replaced(
    html: &str,
    open: &str,
    close: &str,
    mut new: impl FnMut(&str) -> Result<String, String>,
) -> Result<String, String> {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find(open) {
        let inner = &rest[start + open.len()..];
        let Some(end) = inner.find(close) else { break };
        out += &rest[..start];
        out += &new(&unescaped(&inner[..end]))?;
        rest = &inner[end + close.len()..];
    }
    Ok(out + rest)
}

fn unescaped(html: &str) -> String {
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    let replace = |text: String, (entity, c): (&str, &str)| text.replace(entity, c);
    entities.into_iter().fold(html.to_owned(), replace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_formula_become_pictures() {
        let html = "<html><head></head><body><p>$<code>a &lt; b</code>$</p>\
            <pre class=\"language-math\"><code>x &amp;= 1\n</code></pre></body></html>";
        let html =
            html.replace("x &amp;= 1", r"\begin{aligned} x &amp;= 1 \end{aligned}");
        let page = typeset(&html).unwrap().unwrap();
        assert!(page.contains("aria-label=\"a &#60; b\""));
        assert!(page.contains("aria-label=\"\\begin{aligned} x &#38;= 1"));
        assert!(page.contains("<style>"));
        assert!(page.ends_with("</defs></svg></body></html>"));
    }

    #[test]
    fn a_page_without_formulas_stays_as_it_is() {
        assert_eq!(typeset("<p>5 $ and <code>x</code></p>"), Ok(None));
    }
}
