//! The prose of a page: Markdown to Markdown, with what only the book understands done.
//!
//! The parser says where each construct stands, and the text between them stays as its
//! author wrote it.

use super::blocks::{boxed, question, section};
use super::choices::choices;
use super::edits::{Edit, Spanned, applied, line_of};
use super::figure;
use super::listing::{Lines, width};
use super::math::Formulas;
use super::source::Prose;
use super::symbols::{Scope, Symbols};
use crate::literate::problem::Problem;
use pulldown_cmark::{
    BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd,
};
use std::collections::HashMap;
use std::ops::Range;

/// The things that all pages of a book share.
pub struct Shared<'a> {
    /// The addresses that links lead to.
    pub symbols: &'a Symbols,
    /// The pages, as links in Markdown name them: `welcome.md`.
    pub pages: &'a [String],
    /// The SVG of a figure by its name, and by `name.html` what it is operated with.
    pub figures: &'a HashMap<String, String>,
    /// The address of the repository; empty while there is none.
    pub repository: &'a str,
}

/// A page in the making.
pub struct Page<'a> {
    shared: &'a Shared<'a>,
    /// The source, for messages.
    file: &'a str,
    /// The page's own name, `affine.md`.
    name: &'a str,
    /// The page's module, empty if it has none.
    module: &'a str,
    /// The number of its chapter, for the numbers of its figures.
    chapter: Option<usize>,
    /// Its formulas so far.
    pub formulas: Formulas,
    /// Its figures so far.
    figures: Vec<String>,
    /// The regions of its source.
    regions: Vec<Lines>,
    /// Everything that could not be woven.
    pub problems: Vec<Problem>,
}

/// The speaker of a prose: whose documentation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice<'a> {
    /// A page's, or a module's.
    Page,
    /// An item's, with the type that `Self` is.
    Item(Option<&'a str>),
}

/// A link without an address gets this before its name until it has one.
const UNRESOLVED: &str = "item:";

/// The address of the repository, in prose.
const REPOSITORY: &str = "repository:";

impl<'a> Page<'a> {
    /// An empty page.
    pub fn new(
        shared: &'a Shared<'a>,
        file: &'a str,
        name: &'a str,
        module: &'a str,
    ) -> Page<'a> {
        Page {
            shared,
            file,
            name,
            module,
            chapter: None,
            formulas: Formulas::default(),
            figures: Vec::new(),
            regions: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// The same page as a numbered chapter.
    pub fn numbered(self, chapter: usize) -> Page<'a> {
        let chapter = Some(chapter);
        Page { chapter, ..self }
    }

    /// The same page with the regions of its source, each of which its prose is to show.
    pub fn with(self, regions: Vec<Lines>) -> Page<'a> {
        Page { regions, ..self }
    }

    /// Notes a problem for each region that the prose has not shown.
    pub fn check_regions(&mut self) {
        let missing: Vec<Problem> = self
            .regions
            .iter()
            .filter(|region| !region.placed)
            .map(|region| Problem {
                file: self.file.to_owned(),
                line: region.line,
                what: format!(
                    "the prose does not show these lines: where it speaks of them it \
                     needs `<!-- code: {} -->`",
                    region.exercise
                ),
            })
            .collect();
        self.problems.extend(missing);
    }

    /// The prose as mdBook's Markdown. What is wrong with it is added to the problems.
    pub fn weave(&mut self, prose: &Prose, voice: Voice) -> String {
        let text = prose.text.as_str();
        let owner = match voice {
            Voice::Page => None,
            Voice::Item(owner) => owner,
        };
        let scope = Scope {
            module: self.module,
            owner,
        };
        let callback = |link: BrokenLink| {
            let name = link.reference.to_string();
            is_path(&name)
                .then(|| (format!("{UNRESOLVED}{name}").into(), CowStr::from("")))
        };
        let parser =
            Parser::new_with_broken_link_callback(text, options(), Some(callback));
        let events: Vec<Spanned> = parser.into_offset_iter().collect();

        let mut edits: Vec<Edit> = Vec::new();
        let (mut depth, mut in_block) = (0, false);
        for (i, (event, range)) in events.iter().enumerate() {
            let edited = match event {
                Event::Code(code) => match self.formula(text, range, code) {
                    Ok(edits) if edits.is_empty() => Ok(whole_code(text, range, code)),
                    edits => edits,
                },
                Event::Text(_) if !in_block => Ok(unbroken(text, range)),
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    self.block(text, range, info, &events[i + 1..])
                }
                Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    ..
                }) => self.link(text, range, *link_type, dest_url, scope),
                Event::Start(Tag::Image { .. }) => {
                    if matches!(&events[i + 1].0, Event::End(_)) {
                        Err("an image needs a text for those who cannot see it".into())
                    } else {
                        Ok(Vec::new())
                    }
                }
                Event::Start(Tag::Heading { level, .. }) if voice != Voice::Page => {
                    Ok(vec![section(text, range, *level as usize)])
                }
                Event::Start(Tag::Paragraph) if i > 0 && voice == Voice::Page => {
                    Ok(question(&events, i))
                }
                Event::Start(Tag::BlockQuote(None)) if depth == 0 => {
                    Ok(boxed(text, range))
                }
                Event::Start(Tag::List(None)) if depth == 0 => {
                    choices(text, &events, i)
                }
                Event::Start(Tag::HtmlBlock) => {
                    self.html_block(text, range, prose.line)
                }
                Event::InlineHtml(html) if directive(html).is_some() => {
                    Err("a directive stands on lines of its own".to_owned())
                }
                _ => Ok(Vec::new()),
            };
            match edited {
                Ok(new) => edits.extend(new),
                Err(what) => {
                    let line = line_of(text, range.start, prose.line);
                    self.problem(line, what);
                }
            }
            match event {
                Event::Start(Tag::CodeBlock(_)) => in_block = true,
                Event::End(TagEnd::CodeBlock) => in_block = false,
                Event::Start(Tag::BlockQuote(_) | Tag::List(_)) => depth += 1,
                Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_)) => depth -= 1,
                _ => {}
            }
        }
        self.check_folds(text, &events, prose.line);
        applied(text, edits)
    }

    /// A fold that nobody closes would swallow the rest of the page.
    fn check_folds(&mut self, text: &str, events: &[Spanned], first_line: usize) {
        let mut open = Vec::new();
        for (event, range) in events {
            let Event::Html(html) = event else { continue };
            let line = line_of(text, range.start, first_line);
            open.extend(html.matches("<details").map(|_| line));
            for _ in html.matches("</details>") {
                if open.pop().is_none() {
                    self.problem(line, "this </details> closes nothing".to_owned());
                }
            }
        }
        for line in open {
            self.problem(line, "this <details> has no </details>".to_owned());
        }
    }

    /// Notes a problem.
    pub fn problem(&mut self, line: usize, what: String) {
        self.problems.push(Problem {
            file: self.file.to_owned(),
            line,
            what,
        });
    }

    /// A code span between dollars, with the punctuation that must not leave it.
    fn formula(
        &mut self,
        text: &str,
        range: &Range<usize>,
        tex: &str,
    ) -> Result<Vec<Edit>, String> {
        let (before, after) = (&text[..range.start], &text[range.end..]);
        if !before.ends_with('$') || !after.starts_with('$') {
            return Ok(Vec::new());
        }
        let svg = self.formulas.inline(tex)?;
        let is_opened = before[..before.len() - 1].ends_with('(');
        let opening = if is_opened { "(" } else { "" };
        let closing = &after[1..];
        let is_text = |c: char| !".,;:!?)".contains(c);
        let closing = &closing[..closing.find(is_text).unwrap_or(closing.len())];
        let start = range.start - 1 - opening.len();
        let end = range.end + 1 + closing.len();
        let svg = match opening.len() + closing.len() {
            0 => svg,
            _ => format!("<span class=\"together\">{opening}{svg}{closing}</span>"),
        };
        Ok(vec![(start..end, svg)])
    }

    /// A fenced block: a formula, or code whose language rustdoc leaves unsaid.
    fn block(
        &mut self,
        text: &str,
        range: &Range<usize>,
        info: &str,
        content: &[Spanned],
    ) -> Result<Vec<Edit>, String> {
        let lines = content.iter().map_while(|(event, _)| match event {
            Event::Text(line) => Some(line.as_ref()),
            _ => None,
        });
        let content: String = lines.collect();
        if info == "math" {
            let mut display = self.formulas.display(&content)?;
            if text[range.clone()].ends_with('\n') {
                display.push('\n');
            }
            return Ok(vec![(range.clone(), display)]);
        }
        let block = &text[range.clone()];
        let fence = block.len() - block.trim_start_matches(['`', '~']).len();
        let line = block.find('\n').unwrap_or(block.len());
        let info = self.language(info);
        // Lines that rustdoc hides are hidden here too.
        let is_shown = |line: &&str| info != "rust" || !line.starts_with("# ");
        let info = info.clone() + &width(content.lines().filter(is_shown));
        Ok(vec![(range.start + fence..range.start + line, info)])
    }

    /// The language of a block, and what a reader must know of it.
    fn language(&self, info: &str) -> String {
        let words: Vec<&str> =
            info.split([',', ' ']).filter(|w| !w.is_empty()).collect();
        let rustdoc = ["compile_fail", "ignore", "no_run", "rust", "should_panic"];
        let is_rust =
            |word: &&str| rustdoc.contains(word) || word.starts_with("edition");
        match words.first() {
            None if self.module.is_empty() => "text".to_owned(),
            None => "rust".to_owned(),
            Some(first) if is_rust(first) => {
                let told = ["compile_fail", "should_panic"];
                let told = words.iter().filter(|word| told.contains(word));
                let told = told.flat_map(|word| [",", word]);
                "rust".to_owned() + &told.collect::<String>()
            }
            Some(_) => info.to_owned(),
        }
    }

    /// A link, with its address as a page of the book needs it.
    fn link(
        &self,
        text: &str,
        range: &Range<usize>,
        kind: LinkType,
        address: &str,
        scope: Scope,
    ) -> Result<Vec<Edit>, String> {
        if matches!(kind, LinkType::Autolink | LinkType::Email) {
            return Ok(Vec::new());
        }
        let link = &text[range.clone()];
        if address == REPOSITORY && self.shared.repository.is_empty() {
            // Its text alone.
            let end = link.rfind("](").unwrap_or(link.len());
            let (open, close) =
                (range.start..range.start + 1, range.start + end..range.end);
            return Ok(vec![(open, String::new()), (close, String::new())]);
        }
        let target = self.address(address, scope)?;
        // From here on the old address goes and the new one comes.
        let old = match kind {
            LinkType::Inline => link.rfind("](").map_or(link.len(), |at| at + 1),
            LinkType::Shortcut | LinkType::ShortcutUnknown => link.len(),
            _ => link.rfind('[').unwrap_or(link.len()),
        };
        let edit = (range.start + old..range.end, format!("({target})"));
        Ok(vec![edit])
    }

    fn address(&self, address: &str, scope: Scope) -> Result<String, String> {
        if address == REPOSITORY {
            return Ok(self.shared.repository.to_owned());
        }
        let named = address.strip_prefix(UNRESOLVED);
        if named.is_none() {
            if address.contains("://") || address.starts_with(['#', '/']) {
                return Ok(address.to_owned());
            }
            let (page, _) = address.split_once('#').unwrap_or((address, ""));
            if page.ends_with(".md") {
                let known = self.shared.pages.iter().any(|known| known == page);
                let missing =
                    || format!("the link to `{page}` leads to no page of the book");
                return known.then(|| address.to_owned()).ok_or_else(missing);
            }
        }
        let target = self
            .shared
            .symbols
            .resolve(named.unwrap_or(address), scope)?;
        // On its own page an anchor is enough.
        let on_page = target.strip_prefix(self.name);
        let on_page = on_page.filter(|rest| rest.starts_with('#'));
        Ok(on_page.map_or(target.clone(), str::to_owned))
    }

    /// A directive, or HTML in which there may be formulas.
    fn html_block(
        &mut self,
        text: &str,
        range: &Range<usize>,
        first_line: usize,
    ) -> Result<Vec<Edit>, String> {
        let html = &text[range.clone()];
        if let Some((word, rest)) = directive(html) {
            let line = line_of(text, range.start, first_line);
            return match word {
                "code" => Ok(vec![(range.clone(), self.code(rest.trim())?)]),
                "figure" => Ok(vec![(range.clone(), self.figure(rest, line)?)]),
                _ => Err(format!(
                    "there is no directive `{word}`; there are `code` and `figure`"
                )),
            };
        }
        let mut edits = Vec::new();
        let mut from = 0;
        while let Some(start) = html[from..].find("$`").map(|i| from + i) {
            let Some(end) = html[start + 2..].find("`$").map(|i| start + 2 + i) else {
                break;
            };
            let code = range.start + start + 1..range.start + end + 1;
            edits.extend(self.formula(text, &code, &html[start + 2..end])?);
            from = end + 2;
        }
        Ok(edits)
    }

    /// The lines of an exercise, `affine::backward`, or of one of its regions,
    /// `affine::backward 2`.
    fn code(&mut self, name: &str) -> Result<String, String> {
        let (exercise, nth) = match name.rsplit_once(' ') {
            Some((exercise, nth)) => (exercise.trim(), nth.parse::<usize>().ok()),
            None => (name, None),
        };
        let numbered = name.contains(' ');
        let is_meant = |region: &&mut Lines| {
            region.exercise == exercise && (!numbered || Some(region.nth) == nth)
        };
        let meant: Vec<&mut Lines> = self.regions.iter_mut().filter(is_meant).collect();
        if meant.is_empty() {
            return Err(format!("there are no lines of `{name}` in this file"));
        }
        let mut out = String::new();
        for region in meant {
            if region.placed {
                return Err(format!("the lines of `{name}` are on this page already"));
            }
            region.placed = true;
            out += &region.listing();
        }
        Ok(out)
    }

    /// A figure with its caption, which is Markdown of its own.
    fn figure(&mut self, rest: &str, line: usize) -> Result<String, String> {
        let (name, caption) = rest.split_once('\n').unwrap_or((rest, ""));
        let name = name.trim();
        let Some(svg) = self.shared.figures.get(name) else {
            return Err(format!(
                "there is no figure `{name}`; it would be book/src/figures/{name}.svg"
            ));
        };
        if caption.trim().is_empty() {
            return Err(format!("the figure `{name}` has no caption"));
        }
        // Its ids would be given twice.
        if self.figures.iter().any(|other| other == name) {
            return Err(format!("the figure `{name}` is on this page already"));
        }
        self.figures.push(name.to_owned());
        let number = match self.chapter {
            Some(chapter) => format!("{chapter}.{}", self.figures.len()),
            None => self.figures.len().to_string(),
        };
        let svg = figure::inlined(svg, name).map_err(|problem| {
            format!("the figure `{name}` is not fit for a page: {problem}")
        })?;
        let controls = self.shared.figures.get(&format!("{name}.html"));
        let controls = controls.map_or("", String::as_str);
        let caption = self.weave(
            &Prose {
                text: caption.to_owned(),
                line: line + 1,
            },
            Voice::Page,
        );
        let caption = caption.trim();
        Ok(format!(
            "<figure id=\"figure-{name}\">\n<div class=\"drawing\">\n{svg}\n</div>\n{controls}\
             <figcaption>\n\n**Figure {number}.** {caption}\n\n</figcaption>\n</figure>\n\n"
        ))
    }
}

/// Markdown as mdBook reads it.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
}

/// Code in a sentence that is short, and has a space: a line of text does not end in it.
fn whole_code(text: &str, range: &Range<usize>, code: &str) -> Vec<Edit> {
    const LONGEST: usize = 20;
    let in_formula = text[..range.start].ends_with('$');
    if in_formula || !code.contains(' ') || code.chars().count() > LONGEST {
        return Vec::new();
    }
    let special = [
        ('&', "&amp;"),
        ('<', "&lt;"),
        ('>', "&gt;"),
        ('|', "&#124;"),
        // mdBook's typography would make one dash of two, and curl quotes.
        ('-', "&#45;"),
        ('.', "&#46;"),
        ('"', "&#34;"),
        ('\'', "&#39;"),
    ];
    let escape = |c: char| {
        let entity = special.iter().find(|(special, _)| *special == c);
        entity.map_or(c.to_string(), |(_, entity)| (*entity).to_owned())
    };
    // What Markdown would read in it is left to Markdown.
    if code.contains(['*', '_', '[', '`', '\\', '$', '~', '^']) {
        return Vec::new();
    }
    let code: String = code.chars().map(escape).collect();
    vec![(
        range.clone(),
        format!("<code class=\"whole\">{code}</code>"),
    )]
}

/// The spaces at which no line of text ends: within `ln C`, `50 %`, `chapter 6`,
/// `(3, 32, 32)`, `N = 5` and `N − 1`.
fn unbroken(text: &str, range: &Range<usize>) -> Vec<Edit> {
    let sentence = &text[range.clone()];
    let spaces = sentence.match_indices(' ').filter(|(at, _)| {
        let (before, after) = (&sentence[..*at], &sentence[at + 1..]);
        let word = before.rsplit([' ', '(', '\n']).next().unwrap_or("");
        let counted = ["chapter", "Chapter", "Figure", "figure", "layer", "Part"];
        let is_number = after.starts_with(|c: char| c.is_ascii_digit());
        word == "ln"
            || after.starts_with('%') && before.ends_with(|c: char| c.is_ascii_digit())
            || is_number && counted.contains(&word)
            || in_numbers(before, after)
            || in_short_formula(before, after)
    });
    let edit = |(at, _): (usize, &str)| {
        let at = range.start + at;
        (at..at + 1, "\u{a0}".to_owned())
    };
    spaces.map(edit).collect()
}

/// Whether a space is one of the two in `N = 5`: a symbol, = or − or +, something short.
fn in_short_formula(before: &str, after: &str) -> bool {
    let is_operator = |word: &str| ["=", "−", "+"].contains(&word);
    let mut before = before.rsplit([' ', '(', '\n']);
    let mut after = after.split(' ');
    let (Some(last), Some(first)) = (before.next(), after.next()) else {
        return false;
    };
    let (left, right) = if is_operator(first) {
        (Some(last), after.next())
    } else if is_operator(last) {
        (before.next(), Some(first))
    } else {
        return false;
    };
    let is_symbol =
        |word: &str| word.starts_with(char::is_alphabetic) && word.chars().count() <= 2;
    left.is_some_and(is_symbol)
        && right.is_some_and(|word| (1..=7).contains(&word.chars().count()))
}

/// Whether the text before and after a space is of one list such as `(15, 20)`.
fn in_numbers(before: &str, after: &str) -> bool {
    let is_list = |c: char| c.is_ascii_digit() || ", ".contains(c);
    let open = before.trim_end_matches(is_list);
    let close = after.trim_start_matches(is_list);
    before.ends_with(',') && open.ends_with('(') && close.starts_with(')')
}

/// Whether text in brackets is meant as a path: rustdoc's rule.
fn is_path(text: &str) -> bool {
    let path = text.trim_matches('`');
    let is_part = |c: char| c.is_alphanumeric() || "_:@()!<>".contains(c);
    !path.is_empty() && path.chars().all(is_part)
}

/// The word and the rest of `<!-- word: rest -->`.
fn directive(html: &str) -> Option<(&str, &str)> {
    let inner = html.trim().strip_prefix("<!--")?.strip_suffix("-->")?;
    let (word, rest) = inner.split_once(':')?;
    let word = word.trim();
    let is_word =
        !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '-');
    is_word.then_some((word, rest))
}

#[cfg(test)]
mod tests {
    use crate::literate::weave::tests::{problem, woven, woven_from};

    #[test]
    fn the_repository_is_linked_once_it_has_an_address() {
        let text = "In [the *repository*](repository:), or [x](https://y.z).";
        assert_eq!(woven(text), "In the *repository*, or [x](https://y.z).");
        assert_eq!(
            woven_from("https://a.b/c", text),
            "In [the *repository*](https://a.b/c), or [x](https://y.z)."
        );
    }

    #[test]
    fn links_get_addresses_and_what_is_no_link_stays() {
        let cases = [
            (
                "[`affine::forward`]",
                "[`affine::forward`](affine.md#forward)",
            ),
            ("[f][affine::forward]", "[f](affine.md#forward)"),
            ("[f](affine::forward)", "[f](affine.md#forward)"),
            ("[*one* `two`](affine)", "[*one* `two`](affine.md)"),
            ("[1](affine.md#x)", "[1](affine.md#x)"),
            ("[a](https://b.c/d)", "[a](https://b.c/d)"),
            ("<https://b.c/d>", "<https://b.c/d>"),
            ("x[i / 2], [1, 2] and `a[b]`", "x[i / 2], [1, 2] and `a[b]`"),
        ];
        for (text, expected) in cases {
            assert_eq!(woven(text), expected);
        }
    }

    #[test]
    fn a_formula_keeps_its_punctuation_and_stands_anywhere() {
        let text = woven("A ($`x`$), `b`.\n\n| $`y`$ |\n|---|\n| `$` |\n");
        assert!(text.starts_with("A <span class=\"together\">(<svg class=\"math\""));
        assert!(text.contains("</svg>),</span> `b`.\n\n| <svg"));
        assert!(text.contains("| `$` |"));
        let quoted = woven("> ```math\n> x\n> ```\n> y\n");
        assert!(quoted.starts_with("> <span class=\"display\"><svg"));
        assert!(quoted.ends_with("</svg></span>\n> y\n"), "{quoted}");
        let folded = woven("<details><summary>$`x`$?</summary>\n\ny\n</details>\n");
        assert!(folded.contains("<summary><span class=\"together\"><svg"));
        assert_eq!(woven("5 $ for `x` or 6 $"), "5 $ for `x` or 6 $");
    }

    #[test]
    fn a_figure_has_a_number_and_a_caption_that_is_woven_too() {
        let text = woven("<!-- figure: one\nThe [`affine::forward`].\n-->\n");
        assert_eq!(
            text,
            "<figure id=\"figure-one\">\n<div class=\"drawing\">\n<svg role=\"img\">\
             <title id=\"one-t\">T</title></svg>\n</div>\n<figcaption>\n\n\
             **Figure 3.1.** The [`affine::forward`](affine.md#forward).\n\n\
             </figcaption>\n</figure>\n\n"
        );
        let caption = "A\n\n<!-- figure: one\nB\n[`no`] C\n-->\n";
        assert!(problem(caption).starts_with("a.md:5: the link `no`"));
        let operated = woven("<!-- figure: two\nC\n-->\n");
        assert!(operated.contains("</svg>\n</div>\n<div>play</div>\n<figcaption>\n"));
        let mute = problem("<!-- figure: one -->\n");
        assert_eq!(mute, "a.md:1: the figure `one` has no caption");
        let twice = "<!-- figure: one\nA\n-->\n\n".repeat(2);
        assert_eq!(
            problem(&twice),
            "a.md:5: the figure `one` is on this page already"
        );
        let inside = problem("Text <!-- figure: one --> text\n");
        assert_eq!(inside, "a.md:1: a directive stands on lines of its own");
    }

    #[test]
    fn code_of_an_item_is_rust_and_of_a_page_is_text() {
        assert_eq!(woven("```\nx\n```\n"), "```text\nx\n```\n");
        let page = woven("```compile_fail,E0382\nx\n```\n");
        assert_eq!(page, "```rust,compile_fail\nx\n```\n");
        assert_eq!(woven("```sh\nx\n```\n"), "```sh\nx\n```\n");
    }

    #[test]
    fn the_longest_line_of_a_block_is_said_if_it_is_long() {
        let text = |n: usize| format!("```text\nx\n{}\n```\n", "é".repeat(n));
        assert_eq!(woven(&text(40)), text(40));
        assert!(woven(&text(41)).starts_with("```text,w44\n"));
        assert!(woven(&text(200)).starts_with("```text,w100\n"));
        let hidden = format!("```rust\n# {}\nx\n```\n", "y".repeat(50));
        assert!(woven(&hidden).starts_with("```rust\n"));
    }

    #[test]
    fn no_line_ends_within_what_belongs_together() {
        assert_eq!(
            woven("Near ln C, 50 % in chapter 6: (3, 32, 32) and (a, 2)."),
            "Near ln\u{a0}C, 50\u{a0}% in chapter\u{a0}6: (3,\u{a0}32,\u{a0}32) and (a, 2)."
        );
        assert_eq!(
            woven("At β₁ = 0.9, by N − 1; v = the mean, out = 3, and x = y + 10."),
            "At β₁\u{a0}=\u{a0}0.9, by N\u{a0}−\u{a0}1; v\u{a0}=\u{a0}the mean, out = 3, and \
             x\u{a0}=\u{a0}y\u{a0}+\u{a0}10."
        );
        assert_eq!(
            woven("| `(3, 32)` |\n|---|\n| `a \\| b` |\n"),
            "| <code class=\"whole\">(3, 32)</code> |\n|---|\n\
             | <code class=\"whole\">a &#124; b</code> |\n"
        );
        assert_eq!(
            woven("`cargo run -- sanity`"),
            "<code class=\"whole\">cargo run &#45;&#45; sanity</code>"
        );
        let long = "`let long = code(that, may, break)` and `$x y$`";
        assert_eq!(woven(long), long);
        let block = "```text\nln C\n```\n";
        assert_eq!(woven(block), block);
    }

    #[test]
    fn folds_are_closed() {
        let open = problem("a\n\n<details><summary>Q</summary>\n\nb\n");
        assert_eq!(open, "a.md:3: this <details> has no </details>");
        let closed = problem("a\n\n</details>\n");
        assert_eq!(closed, "a.md:3: this </details> closes nothing");
    }
}
