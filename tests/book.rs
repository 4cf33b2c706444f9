//! The book, as a reader gets it: every page is there, every link leads somewhere, nothing
//! is asked from a server, and what cannot be woven is said with file and line.

use fully_connected::drawing::palette::contrast;
use fully_connected::literate::manifest::{CHAPTERS, EXERCISES};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

mod html;
use html::{Tag, tags};

/// The pages, in reading order: all that `SUMMARY.md` links to, be they Markdown or a source.
fn pages() -> &'static [String] {
    static PAGES: OnceLock<Vec<String>> = OnceLock::new();
    PAGES.get_or_init(|| {
        let summary = fs::read_to_string(repository().join("book/src/SUMMARY.md"));
        let summary = summary.expect("the book has a summary");
        let links = summary.split("](").skip(1);
        let files = links.filter_map(|rest| rest.split(')').next());
        let pages = files.map(|file| {
            let stem = Path::new(file).file_stem().expect("a file has a name");
            stem.to_str().expect("a name in UTF-8").to_owned()
        });
        pages.collect()
    })
}

/// What a page may weigh, in bytes.
const LARGEST: usize = 500_000;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn runner(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fully-connected"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the runner starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A book without API documentation, built once.
fn book() -> &'static Path {
    static BOOK: OnceLock<TempDir> = OnceLock::new();
    let folder = BOOK.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder for the book");
        let out = folder.path().to_str().expect("a path in UTF-8");
        let output = runner(repository(), &["book", "--no-api", "--out", out]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        folder
    });
    folder.path()
}

fn page(name: &str) -> String {
    let path = book().join(format!("{name}.html"));
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// What stands between `<main>` and `</main>`: the book's own, without mdBook's frame.
fn content(name: &str) -> String {
    let page = page(name);
    let start = page.find("<main>").expect("a page has <main>");
    let end = page.find("</main>").expect("which ends");
    page[start..end].to_owned()
}

/// Every file of a folder, relative to it, with `/`.
fn files(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, prefix: &str, files: &mut Vec<String>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let entry = entry.expect("an entry");
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                walk(&entry.path(), &format!("{name}/"), files);
            } else {
                files.push(name);
            }
        }
    }
    let mut all = Vec::new();
    walk(folder, "", &mut all);
    all.sort();
    all
}

#[test]
fn every_page_is_there_and_light_enough() {
    let pages = files(book()).into_iter();
    let pages: BTreeSet<String> = pages.filter(|f| f.ends_with(".html")).collect();
    let own = self::pages();
    assert!(own.len() > CHAPTERS.len(), "only {own:?}");
    for chapter in CHAPTERS.iter() {
        let has_page = own.iter().any(|page| page == chapter);
        assert!(has_page, "SUMMARY.md does not name src/{chapter}.rs");
    }
    let own = own.iter().map(String::as_str).chain(["index", "toc"]);
    assert_eq!(pages, own.map(|name| format!("{name}.html")).collect());
    for name in self::pages() {
        let size = page(name).len();
        assert!(size < LARGEST, "{name}.html weighs {size} bytes");
    }
}

#[test]
fn nothing_is_left_for_the_reader_to_decode() {
    for name in pages() {
        let content = content(name);
        for leftover in ["$<code>", "language-math", "<!--", "item:", "{#", "<p>[!"] {
            assert!(!content.contains(leftover), "{leftover} in {name}.html");
        }
        let unresolved = content.contains("[<code>");
        assert!(!unresolved, "a link without an address in {name}.html");
    }
}

#[test]
fn every_exercise_has_its_lines_in_the_prose_and_all_else_is_in_one_fold() {
    for chapter in CHAPTERS.iter() {
        let mine = EXERCISES.iter().filter(|e| e.chapter() == *chapter);
        let regions: usize = mine.map(|exercise| exercise.stubs.len()).sum();
        let content = content(chapter);
        let (prose, rest) = content
            .split_once("<details class=\"file\">")
            .expect("a chapter ends with the whole file");
        let lines = "<details class=\"lines\"";
        assert_eq!(prose.matches(lines).count(), regions, "{chapter}");
        assert_eq!(rest.matches(lines).count(), 0, "{chapter}");
        assert_eq!(rest.matches("Shown above: ").count(), regions, "{chapter}");
        assert_eq!(prose.matches("class=\"listing\"").count(), 0, "{chapter}");
        assert!(
            !content.contains("// exercise:"),
            "a marker in {chapter}.html"
        );
    }
}

#[test]
fn formulas_say_their_tex_and_every_glyph_is_there_once() {
    let mut formulas = 0;
    for name in pages() {
        let tags = tags(&content(name));
        let ids = ids(&tags);
        for tag in &tags {
            if tag.name == "svg" && tag.attribute("class") == Some("math") {
                formulas += 1;
                assert!(
                    tag.attribute("aria-label")
                        .is_some_and(|tex| !tex.is_empty())
                );
                assert_eq!(tag.attribute("role"), Some("img"));
            }
            if tag.name == "use" {
                let glyph = tag
                    .attribute("href")
                    .and_then(|href| href.strip_prefix('#'));
                let glyph = glyph.expect("a glyph is on the page");
                assert_eq!(ids.get(glyph), Some(&1), "{glyph} in {name}.html");
            }
        }
    }
    assert!(formulas > 50, "only {formulas} formulas");
}

/// How often each id is given.
fn ids(tags: &[Tag]) -> BTreeMap<String, usize> {
    let mut ids = BTreeMap::new();
    for id in tags.iter().filter_map(|tag| tag.attribute("id")) {
        *ids.entry(id.to_owned()).or_default() += 1;
    }
    ids
}

/// Every link within a folder of HTML that leads to no file or to no id, and every id that
/// is given twice.
fn broken_links(folder: &Path) -> Vec<String> {
    let pages: BTreeMap<String, Vec<Tag>> = files(folder)
        .into_iter()
        .filter(|file| file.ends_with(".html"))
        .map(|file| {
            let html = fs::read_to_string(folder.join(&file)).expect("HTML is text");
            (file, tags(&html))
        })
        .collect();
    let ids: BTreeMap<&String, BTreeMap<String, usize>> =
        pages.iter().map(|(file, tags)| (file, ids(tags))).collect();
    let mut broken = Vec::new();
    for (file, tags) in &pages {
        for (id, count) in &ids[file] {
            if *count > 1 {
                broken.push(format!("{file}: the id {id} is given {count} times"));
            }
        }
        for tag in tags {
            for name in ["href", "src"] {
                let Some(link) = tag.attribute(name) else {
                    continue;
                };
                let mut schemes = ["data:", "javascript:", "mailto:"].into_iter();
                if link.contains("://")
                    || schemes.any(|scheme| link.starts_with(scheme))
                {
                    continue;
                }
                let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
                let path = path.split('?').next().unwrap_or(path);
                let target = match path {
                    "" => file.clone(),
                    path => joined(file, path),
                };
                if !folder.join(&target).is_file() {
                    broken.push(format!("{file}: {link} leads to no file"));
                } else if let (Some(ids), false) = (
                    ids.get(&target),
                    anchor.is_empty() || anchor.starts_with(char::is_numeric),
                ) && !ids.contains_key(&decoded(anchor))
                {
                    broken.push(format!("{file}: {link} leads to no id"));
                }
            }
        }
    }
    broken
}

/// A link from a page, as a path from the folder.
fn joined(file: &str, link: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// A fragment with its `%xx` as characters.
fn decoded(fragment: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = fragment.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    text(&bytes)
}

#[test]
fn every_link_and_every_anchor_resolves() {
    let broken = broken_links(book());
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_broken_link_a_missing_anchor_and_a_double_id_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let html = "<a id=x href='no.html'></a><a id=\"x\" href=\"#y\"></a>\
                <a href=\"a.html#x\"></a><script>'<a href=\"z.html\">'</script>";
    fs::write(folder.path().join("a.html"), html).unwrap();
    assert_eq!(
        broken_links(folder.path()),
        [
            "a.html: the id x is given 2 times",
            "a.html: no.html leads to no file",
            "a.html: #y leads to no id",
        ]
    );
}

/// Links that leave the book are for the reader to follow; nothing else may leave it.
#[test]
fn nothing_is_asked_from_a_server() {
    for name in pages() {
        for tag in tags(&page(name)) {
            if tag.name == "a" {
                continue;
            }
            for attribute in ["href", "src", "srcset", "poster", "data", "action"] {
                let value = tag.attribute(attribute).unwrap_or_default();
                let leaves = value.contains("//") && !value.starts_with("data:");
                assert!(!leaves, "{name}.html asks for {value}");
            }
        }
    }
    let styles = files(book())
        .into_iter()
        .filter(|file| file.ends_with(".css"));
    for file in styles {
        let style = fs::read_to_string(book().join(&file)).unwrap();
        assert!(!style.contains("@import"), "{file} imports");
        for url in style.split("url(").skip(1) {
            let url = url.trim_start_matches(['"', '\'']);
            assert!(url.starts_with("data:"), "{file} asks for {url:.40}");
        }
    }
    let fonts = files(book())
        .into_iter()
        .find(|file| file.contains(".woff"));
    assert_eq!(fonts, None);
}

/// The README is shown on a registry too, where there are no files beside it.
#[test]
fn the_readme_and_the_changelog_lead_to_no_file_beside_them() {
    for file in ["README.md", "CHANGELOG.md"] {
        let text = fs::read_to_string(repository().join(file)).unwrap();
        for link in text.split("](").skip(1) {
            let link = link.split(')').next().unwrap_or_default();
            let stays = link.starts_with("https://") || link.starts_with('#');
            assert!(stays, "{file} links to {link}");
        }
    }
}

/// The example of the first page is that of the crate's documentation, which runs.
#[test]
fn the_first_pages_example_is_the_crates() {
    let read = |file: &str| fs::read_to_string(repository().join(file)).unwrap();
    let (page, lib) = (read("book/src/welcome.md"), read("src/lib.rs"));
    let page = page.split("```rust\n").nth(1).expect("an example");
    let page: Vec<&str> = page.lines().take_while(|line| *line != "```").collect();
    let lib = lib.lines().skip_while(|line| *line != "//! ```").skip(1);
    let lib = lib.take_while(|line| *line != "//! ```");
    let lib = lib.map(|line| line.strip_prefix("//! ").unwrap_or(""));
    let lib: Vec<&str> = lib.filter(|line| !line.starts_with("# ")).collect();
    assert_eq!(page, lib);
}

#[test]
fn headings_are_in_order_and_pictures_have_texts() {
    for name in pages() {
        let tags = tags(&content(name));
        let level = |tag: &Tag| {
            let level = tag.name.strip_prefix('h')?.parse::<u8>().ok()?;
            (1..=6).contains(&level).then_some(level)
        };
        let levels: Vec<u8> = tags.iter().filter_map(level).collect();
        assert_eq!(
            levels.first(),
            Some(&1),
            "{name}.html begins with its title"
        );
        let titles = levels.iter().filter(|level| **level == 1).count();
        assert_eq!(titles, 1, "{name}.html has one title");
        for pair in levels.windows(2) {
            let [above, below] = [pair[0], pair[1]];
            assert!(
                below <= above + 1,
                "h{below} follows h{above} in {name}.html"
            );
        }
        for tag in tags {
            if tag.name == "img" {
                assert!(tag.attribute("alt").is_some_and(|alt| !alt.is_empty()));
            }
        }
    }
}

/// Each pair of colours that text is read in, with the least contrast that WCAG 2 asks for:
/// 4.5 for text, 3 for drawings.
#[test]
fn contrast_is_sufficient_in_both_themes() {
    let read = |file: &str| {
        let path = repository().join("book/theme").join(file);
        fs::read_to_string(path).unwrap()
    };
    let (pages, figures) = (read("fully-connected.css"), read("figures.css"));
    let block = |style: &str, selector: &str| {
        let start = style
            .find(selector)
            .unwrap_or_else(|| panic!("{selector} is there"));
        style[start..]
            .split('}')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    for theme in ["html.light,", "html.navy,"] {
        // A figure stands on the page: its surface is the page's.
        let theme = block(&pages, theme) + &block(&figures, theme);
        let color = |name: &str| {
            let name = if name == "--fig-surface" {
                "--bg"
            } else {
                name
            };
            let mut after = theme.split(name).skip(1);
            let value = after.find_map(|rest| rest.strip_prefix(':'));
            let value = value.unwrap_or_else(|| panic!("{name} is set"));
            value.trim_start()[..7].to_owned()
        };
        let text = [
            ("--fg", "--bg"),
            ("--muted", "--bg"),
            ("--links", "--bg"),
            ("--links", "--pitfall-bg"),
            ("--links", "--note-bg"),
            ("--links", "--exercise-bg"),
            ("--links", "--screen-bg"),
            ("--inline-code-color", "--bg"),
            ("--code-fg", "--code-bg"),
            ("--code-comment", "--code-bg"),
            ("--code-keyword", "--code-bg"),
            ("--code-string", "--code-bg"),
            ("--code-number", "--code-bg"),
            ("--code-title", "--code-bg"),
            ("--code-type", "--code-bg"),
            ("--code-comment", "--exercise-bg"),
            ("--code-keyword", "--exercise-bg"),
            ("--code-string", "--exercise-bg"),
            ("--code-number", "--exercise-bg"),
            ("--code-title", "--exercise-bg"),
            ("--code-type", "--exercise-bg"),
            ("--pitfall", "--pitfall-bg"),
            ("--pitfall", "--code-bg"),
            ("--screen", "--screen-bg"),
            ("--note", "--note-bg"),
            ("--exercise", "--exercise-bg"),
            ("--fg", "--pitfall-bg"),
            ("--fg", "--note-bg"),
            ("--fg", "--exercise-bg"),
            ("--fg", "--screen-bg"),
            ("--fg", "--search-mark-bg"),
            ("--fig-ink", "--fig-surface"),
            ("--fig-muted", "--fig-surface"),
            ("--sidebar-fg", "--sidebar-bg"),
            ("--sidebar-active", "--sidebar-bg"),
            ("--sidebar-non-existant", "--sidebar-bg"),
            ("--searchbar-fg", "--searchbar-bg"),
            ("--searchresults-header-fg", "--bg"),
            ("--links", "--searchresults-li-bg"),
            ("--fg", "--theme-popup-bg"),
            ("--fg", "--theme-hover"),
            ("--icons", "--bg"),
            ("--icons", "--theme-popup-bg"),
        ];
        let drawn =
            (1..=6).map(|i| (format!("--fig-{i}"), "--fig-surface".to_owned(), 3.0));
        let text = text.map(|(a, b)| (a.to_owned(), b.to_owned(), 4.5));
        for (front, back, least) in text.into_iter().chain(drawn) {
            let ratio = contrast(&color(&front), &color(&back));
            assert!(ratio >= least, "{front} on {back}: {ratio:.2}");
        }
    }
}

/// The sources of the book in a folder of their own, to be damaged there.
struct Copy {
    folder: TempDir,
}

impl Copy {
    fn new() -> Copy {
        let folder = tempfile::tempdir().unwrap();
        for tree in ["book", "src"] {
            for file in files(&repository().join(tree)) {
                let to = folder.path().join(tree).join(&file);
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::copy(repository().join(tree).join(&file), to).unwrap();
            }
        }
        Copy { folder }
    }

    /// Puts `new` before the line of `file` that is `line`; returns the number of the
    /// first new line.
    fn insert(&self, file: &str, line: &str, new: &str) -> usize {
        let path = self.folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        let at = text.lines().position(|l| l == line);
        let at = at.unwrap_or_else(|| panic!("{file} has the line {line}"));
        let mut lines: Vec<&str> = text.lines().collect();
        lines.insert(at, new);
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        at + 1
    }

    fn build(&self) -> Output {
        let out = self.out();
        let out = out.to_str().unwrap();
        runner(self.folder.path(), &["book", "--no-api", "--out", out])
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    fn refused(&self) -> String {
        let output = self.build();
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
        assert_eq!(text(&output.stdout), "");
        text(&output.stderr)
    }
}

#[test]
fn what_cannot_be_woven_is_said_with_file_and_line() {
    let heading = "//! ## Exercise";
    let choices = "//! **Which?**\n//!\n//! - [ ] A. One\n//! - [ ] B. Two\n//!\n\
                   //! <details><summary>Answer</summary>\n//!\n//! **C.** Neither.\n\
                   //! </details>\n//!";
    let cases = [
        (
            "//! See [`nothing`].\n//!",
            0,
            "the link `nothing` names nothing",
        ),
        (
            "//! See [x](crate::no).\n//!",
            0,
            "the link `crate::no` names nothing",
        ),
        (
            "//! See [x](no.md).\n//!",
            0,
            "the link to `no.md` leads to no page",
        ),
        (
            "//! <!-- figur: x -->\n//!",
            0,
            "there is no directive `figur`; there are `code` and `figure`",
        ),
        (
            "//! <!-- code: affine::no -->\n//!",
            0,
            "there are no lines of `affine::no` in this file",
        ),
        (
            "//! <!-- code: affine::backward 3 -->\n//!",
            0,
            "there are no lines of `affine::backward 3` in this file",
        ),
        (
            "//! <!-- code: affine::forward -->\n//!",
            0,
            "the lines of `affine::forward` are on this page already",
        ),
        (
            "//! <!-- figure: no-such\n//! Caption.\n//! -->\n//!",
            0,
            "there is no figure `no-such`; it would be book/src/figures/no-such.svg",
        ),
        (
            "//! A\n//! $`\\frac{1}`$.\n//!",
            1,
            "the formula `\\frac{1}` cannot be read",
        ),
        (
            "//! ```math\n//! \\nosuch\n//! ```\n//!",
            0,
            "the formula `\\nosuch`",
        ),
        (choices, 2, "the answer is `C`, and the choices are A, B"),
        (
            "//! <details><summary>Q</summary>\n//!\n//! A\n//!",
            0,
            "this <details> has no",
        ),
        ("//! ![](x.png)\n//!", 0, "an image needs a text"),
    ];
    for (new, below, what) in cases {
        let copy = Copy::new();
        let line = copy.insert("src/affine.rs", heading, new) + below;
        let said = copy.refused();
        let expected = format!("error: src/affine.rs:{line}: {what}");
        assert!(said.starts_with(&expected), "{said}\n{expected}");
    }
}

#[test]
fn a_region_that_the_prose_does_not_show_is_said_with_file_and_line() {
    let copy = Copy::new();
    let path = copy.folder.path().join("src/affine.rs");
    let source = fs::read_to_string(&path).unwrap();
    let directive = "//! <!-- code: affine::backward -->\n";
    let part = "//! <!-- code: affine::backward 1 -->\n";
    assert!(source.contains(directive));
    fs::write(&path, source.replace(directive, part)).unwrap();
    let line = source.rfind("// exercise: affine::backward\n").unwrap();
    let line = source[..line].matches('\n').count() + 1;
    let said = copy.refused();
    let expected = format!(
        "error: src/affine.rs:{line}: the prose does not show these lines: where it \
         speaks of them it needs `<!-- code: affine::backward -->`"
    );
    assert!(said.starts_with(&expected), "{said}\n{expected}");
}

#[test]
fn a_problem_of_an_item_or_of_a_page_has_its_own_line() {
    let copy = Copy::new();
    let item = "#[doc(alias = \"affine_forward\")]";
    let first = copy.insert("src/affine.rs", item, "/// [`nothing`]");
    let title = fs::read_to_string(repository().join("book/src/colophon.md")).unwrap();
    let title = title.lines().next().unwrap();
    let second = copy.insert("book/src/colophon.md", title, "[`affine::nothing`]\n");
    let marker = copy.insert("src/relu.rs", "// end: relu::helpers", "// end: relu::x");
    let said = copy.refused();
    assert!(
        said.starts_with("error: 3 things cannot be woven\n"),
        "{said}"
    );
    let expected = [
        format!("  book/src/colophon.md:{second}: the link `affine::nothing`"),
        format!("  src/affine.rs:{first}: the link `nothing`"),
        format!("  src/relu.rs:{marker}: `relu::x` ends here"),
    ];
    for line in expected {
        assert!(said.contains(&line), "{said}\n{line}");
    }
}

#[test]
fn what_the_sources_may_hold_comes_out_as_the_book_shows_it() {
    let copy = Copy::new();
    let new = "//! <!-- figure: square\n//! A square with $`x`$ and [`forward`].\n//! -->\n//!\n\
               //! **Which?**\n//!\n//! - [ ] A. One, `a`\n//! - [ ] B. Two\n//!\n\
               //! <details><summary>Answer with $`y`$</summary>\n//!\n\
               //! **B.** Because.\n//! </details>\n//!\n\
               //! > **You would see.** This:\n//! >\n//! > ```text\n//! > 1 2\n//! > ```\n//!";
    copy.insert("src/affine.rs", "//! ## Exercise", new);
    let svg = "<svg class=\"fig\" role=\"img\" viewBox=\"0 0 9 9\"><title>A square</title>\n\n\
               <clipPath id=\"square-c\"><path d=\"M0 0H9V9Z\"/></clipPath>\
               <g clip-path=\"url(#square-c)\"/></svg>";
    let figures = copy.folder.path().join("book/src/figures");
    fs::create_dir_all(&figures).unwrap();
    fs::write(figures.join("square.svg"), svg).unwrap();
    let output = copy.build();
    assert!(output.status.success(), "{}", text(&output.stderr));

    let page = fs::read_to_string(copy.out().join("affine.html")).unwrap();
    let expected = [
        "<figure id=\"figure-square\">",
        "<clippath id=\"square-c\">",
        "<g clip-path=\"url(#square-c)\"",
        "<a href=\"#forward\"><code>forward</code></a>",
        "<div class=\"choices\" data-answer=\"B\">\n<p><strong>Which?</strong></p>",
        "<summary>Answer with <svg class=\"math\"",
        "<aside class=\"box screen\">\n<p><strong>You would see.</strong> This:</p>",
        "<pre><code class=\"language-text\">1 2\n</code></pre>",
    ];
    for text in expected {
        assert!(page.contains(text), "no {text}");
    }
    assert_eq!(broken_links(&copy.out()), [""; 0]);
}

#[test]
fn what_is_no_book_of_ours_is_never_replaced_and_a_failed_build_keeps_the_last() {
    let copy = Copy::new();
    fs::create_dir(copy.out()).unwrap();
    fs::write(copy.out().join("mine.txt"), "mine").unwrap();
    let said = copy.refused();
    assert!(
        said.contains("exists already, holds no book of ours"),
        "{said}"
    );
    assert_eq!(files(&copy.out()), ["mine.txt"]);

    fs::remove_file(copy.out().join("mine.txt")).unwrap();
    assert!(copy.build().status.success());
    let first = files(&copy.out());
    assert!(copy.build().status.success(), "a book of ours is replaced");
    assert_eq!(files(&copy.out()), first);

    copy.insert("src/affine.rs", "//! ## Exercise", "//! [`nothing`]\n//!");
    copy.refused();
    assert_eq!(files(&copy.out()), first);
    let beside = fs::read_dir(copy.folder.path()).unwrap();
    assert_eq!(
        beside.count(),
        3,
        "book, src and out, and nothing half-made"
    );
}

#[test]
fn the_book_needs_the_repository() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_fully-connected"))
        .args(["book", "--no-api", "--out", "out"])
        .current_dir(folder.path())
        .env_remove("CARGO_MANIFEST_DIR")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(
        said.contains("built in a clone of the repository"),
        "{said}"
    );
}

#[test]
fn weave_answers_mdbook() {
    let supports = runner(repository(), &["weave", "supports", "html"]);
    assert_eq!(supports.status.code(), Some(0));
    let other = runner(repository(), &["weave", "what"]);
    assert_eq!(other.status.code(), Some(2));
    assert_eq!(
        text(&other.stderr),
        "error: weave answers `supports`, and not `what`\n"
    );
}

/// Needs the program `mdbook` 0.5:
/// `cargo test --features book --test book -- --ignored stock_mdbook`
#[test]
#[ignore = "needs the program mdbook 0.5"]
fn stock_mdbook_makes_the_same_book() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("mdbook")
        .args(["build", "book", "--dest-dir"])
        .arg(folder.path())
        .current_dir(repository())
        .output()
        .expect("the program mdbook starts");
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("WARN"), "{said}");
    let (theirs, ours) = (comparable(folder.path()), comparable(book()));
    let names = theirs.keys().chain(ours.keys());
    let differ: BTreeSet<_> = names
        .filter(|&name| theirs.get(name) != ours.get(name))
        .collect();
    assert!(differ.is_empty(), "{differ:?}");
}

/// Every file of a book and what it holds, but for the words of the search index: they
/// depend on the version of the index's maker, which the program `mdbook` brings itself, and
/// a hash of them is in the index's name.
fn comparable(book: &Path) -> BTreeMap<String, Vec<u8>> {
    let hash = files(book)
        .into_iter()
        .find_map(|file| {
            let rest = file.strip_prefix("searchindex-")?;
            Some(rest.strip_suffix(".js")?.to_owned())
        })
        .expect("a book has an index for its search");
    let read = |file: String| {
        let bytes = fs::read(book.join(&file)).unwrap();
        if file.starts_with("searchindex-") {
            return ("searchindex.js".to_owned(), Vec::new());
        }
        match String::from_utf8(bytes) {
            Ok(text) => (file, text.replace(&hash, "").into_bytes()),
            Err(binary) => (file, binary.into_bytes()),
        }
    };
    files(book).into_iter().map(read).collect()
}

/// Runs `cargo doc`: `cargo test --features book --test book -- --ignored api`
#[test]
#[ignore = "runs cargo doc"]
fn the_api_documentation_is_linked_both_ways_and_typeset() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let output = runner(repository(), &["book", "--out", out]);
    assert!(output.status.success(), "{}", text(&output.stderr));

    let api = folder.path().join("api/fully_connected");
    let chapter = fs::read_to_string(folder.path().join("affine.html")).unwrap();
    assert!(chapter.contains("href=\"api/fully_connected/affine/index.html\""));
    let module = fs::read_to_string(api.join("affine/index.html")).unwrap();
    assert!(module.contains("<a href=\"../../../affine.html\">Read the chapter"));
    assert!(module.contains("aria-label=\"x_{nd}\""));
    for file in files(&api).iter().filter(|file| file.ends_with(".html")) {
        let html = fs::read_to_string(api.join(file)).unwrap();
        assert!(!html.contains("$<code>"), "TeX in {file}");
        assert!(!html.contains("language-math"), "TeX in {file}");
    }
    // rustdoc gives some ids twice, and links its search and its lines by script.
    let broken = broken_links(folder.path());
    let ours = broken.iter().filter(|problem| {
        !problem.starts_with("api/") || problem.contains("leads to no file")
    });
    assert_eq!(ours.collect::<Vec<_>>(), [""; 0]);
}

/// What a browser wants for itself, whatever the page: an empty one has it ask for these too.
const ITS_OWN: [&str; 11] = [
    "accounts.google.com",
    "android.clients.google.com",
    "clients2.google.com",
    "content-autofill.googleapis.com",
    "edgedl.me.gvt1.com",
    "mtalk.google.com",
    "optimizationguide-pa.googleapis.com",
    "redirector.gvt1.com",
    "safebrowsing.googleapis.com",
    "update.googleapis.com",
    "www.google.com",
];

/// A page in a browser that has no network: its document, what its scripts complained
/// about, and what it asked a server for.
fn browsed(page: &str) -> (String, Vec<String>, Vec<String>) {
    // Whatever the browser wants from a server, it has to ask this one.
    let proxy = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = proxy.local_addr().expect("its number").port();
    let asked = std::thread::spawn(move || {
        let mut asked = Vec::new();
        for stream in proxy.incoming() {
            let mut line = String::new();
            let mut reader = BufReader::new(stream.expect("a connection"));
            let _ = reader.read_line(&mut line);
            match line.trim() {
                "enough" => break,
                own if ITS_OWN.iter().any(|host| own.contains(host)) => {}
                line => asked.push(line.to_owned()),
            }
        }
        asked
    });
    let profile = tempfile::tempdir().expect("a folder for the browser");
    let program = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
    let output = Command::new(program)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--window-size=1200,900",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
        ])
        .args(["--disable-sync", "--enable-logging=stderr", "--v=0"])
        .args(["--virtual-time-budget=10000", "--dump-dom"])
        .arg(format!("--proxy-server=http://127.0.0.1:{port}"))
        .arg("--proxy-bypass-list=<-loopback>")
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(page)
        .output()
        .expect("chromium starts");
    let mut last = TcpStream::connect(("127.0.0.1", port)).expect("the proxy is there");
    last.write_all(b"enough\n").expect("and listens");
    drop(last);
    let said = text(&output.stderr);
    let complaints = said.lines().filter(|line| line.contains(":CONSOLE"));
    (
        text(&output.stdout),
        complaints.map(str::to_owned).collect(),
        asked.join().expect("the proxy ends"),
    )
}

/// What a script says of a page in a browser: it is given `say`, and the page has a fragment
/// and a window `width` pixels wide. `before` runs before the page's own scripts.
fn asked(book: &Path, page: &str, (before, script): (&str, &str)) -> String {
    let (name, fragment) = page.split_once('#').unwrap_or((page, ""));
    let html = fs::read_to_string(book.join(format!("{name}.html"))).unwrap();
    let say = "const say = what => { const pre = document.createElement('pre'); \
               pre.id = 'said'; pre.textContent = what; document.body.append(pre); };";
    let script = format!("<script>{say}{script}</script></body>");
    let html = html.replacen("<head>", &format!("<head><script>{before}</script>"), 1);
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let file = format!("asked-{}.html", ASKED.fetch_add(1, Ordering::Relaxed));
    fs::write(book.join(&file), html.replacen("</body>", &script, 1)).unwrap();
    let address = format!("file://{}/{file}#{fragment}", book.display());
    let (document, complaints, _) = browsed(&address);
    assert_eq!(complaints, [""; 0], "{page}");
    fs::remove_file(book.join(file)).unwrap();
    let said = document.split("<pre id=\"said\">").nth(1);
    let said = said.unwrap_or_else(|| panic!("{page}: the script said nothing"));
    said.split("</pre>").next().unwrap_or_default().to_owned()
}

/// With the folds closed, a chapter is mostly its story and its mathematics: signatures,
/// checks and examples for the documentation take less than a fifth of its height.
#[test]
#[ignore = "needs chromium"]
fn in_a_browser_less_than_a_fifth_of_a_chapter_is_interface() {
    let script = "const height = element => element.getBoundingClientRect().height; \
        const all = selector => [...document.querySelectorAll('main ' + selector)]; \
        const interface = [...all('> #the-whole-file'), ...all('> .file'), \
            ...all('pre:has(> .language-rust)').filter(pre => !pre.closest('details'))]; \
        say(interface.map(height).reduce((a, b) => a + b) \
            / height(document.querySelector('main')));";
    for chapter in CHAPTERS.iter() {
        let share: f64 = asked(book(), chapter, ("", script)).parse().unwrap();
        println!("{chapter}: {:.1} %", 100.0 * share);
        assert!((0.001..0.2).contains(&share), "{chapter}: {share}");
    }
}

#[test]
#[ignore = "needs chromium"]
fn in_a_browser_the_switch_the_folds_the_choices_and_the_wall_work() {
    let lines = "const open = () => [...document.querySelectorAll('.lines')].map(l => +l.open).join(''); \
                 const all = s => [...document.querySelectorAll(s)];";
    let forget =
        "Object.defineProperty(window, 'localStorage', { get() { throw Error(); } });";

    // Open to those who read, closed to those who write, and remembered where that can be.
    let write = format!(
        "{lines} const before = open(); all('.mode input')[1].click(); \
         say([before, open(), localStorage.getItem('fully-connected-mode'), \
         all('.mode :checked')[0].value]);"
    );
    let said = asked(book(), "affine", ("", &write));
    assert_eq!(said, "111,000,write,write");
    let kept = "localStorage.setItem('fully-connected-mode', 'write');";
    let again = format!("{lines} say([open(), all('.mode :checked')[0].value]);");
    assert_eq!(asked(book(), "affine", (kept, &again)), "000,write");
    assert_eq!(asked(book(), "affine", (forget, &again)), "111,read");
    let click = format!("{lines} all('.mode input')[1].click(); say(open());");
    assert_eq!(asked(book(), "affine", (forget, &click)), "000");

    // A link into the fold opens it, on arrival and later; one to the lines does not.
    let fold = format!("{lines} say(all('.file')[0].open);");
    assert_eq!(asked(book(), "affine#param_grads", ("", &fold)), "true");
    assert_eq!(asked(book(), "affine#exercise", ("", &fold)), "false");
    let later = format!(
        "{lines} location.hash = '#rows'; setTimeout(() => say([all('.file')[0].open, \
         all('#rows')[0].getBoundingClientRect().top < innerHeight]), 500);"
    );
    assert_eq!(asked(book(), "affine", ("", &later)), "true,true");

    // A wrong choice is said to be wrong, and the right one opens the answer.
    let choose = format!(
        "{lines} const group = all('.choices')[0]; const right = group.dataset.answer; \
         const buttons = [...group.querySelectorAll('button')]; \
         const letter = b => b.textContent.trim()[0]; const said = b => b.nextSibling.textContent; \
         const wrong = buttons.find(b => letter(b) !== right); wrong.click(); \
         const before = [said(wrong).startsWith('✗ ' + letter(wrong) + ' is not it.'), \
         group.querySelector('details').open]; \
         const good = buttons.find(b => letter(b) === right); good.click(); \
         say([...before, said(good).startsWith('✓ ' + right + ' is right.'), \
         group.querySelector('details').open]);"
    );
    let said = asked(book(), "affine", ("", &choose));
    assert_eq!(said, "true,false,true,true");

    // Arrow keys turn the page, but not from a slider.
    let keys = "const press = on => on.dispatchEvent(new KeyboardEvent('keydown', \
                { key: 'ArrowRight', bubbles: true })); let turned = 0; \
                document.addEventListener('keydown', () => turned += 1);";
    let keys = format!(
        "{keys} press(document.querySelector('.player input')); const after = turned; \
         document.querySelector('main').addEventListener('keydown', e => e.preventDefault()); \
         say(after);"
    );
    assert_eq!(asked(book(), "welcome", ("", &keys)), "0");

    // The wall plays by itself to its end, or stands there where motion is not wanted.
    let wall = format!(
        "{lines} const state = () => [all('.player output')[0].textContent, \
         all('#wall-frames rect[stroke=\"var(--fig-3)\"]').length, all('.player button')[0].textContent]; \
         const first = state(); setTimeout(() => say([...first, ...state()]), 9000);"
    );
    let said = asked(book(), "welcome", ("", &wall));
    assert_eq!(said, "step 0 of 40,1,Pause,step 40 of 40,50,Play");
    let still = "const match = window.matchMedia.bind(window); window.matchMedia = query => \
                 query.includes('reduced-motion') ? { matches: true } : match(query);";
    let said = asked(book(), "welcome", (still, &wall));
    assert_eq!(said, "step 40 of 40,50,Play,step 40 of 40,50,Play");

    // The way on has a name.
    let way = format!(
        "{lines} say(all('.nav-wrapper a').map(a => a.ariaLabel + '|' + a.innerText.trim()));"
    );
    let said = asked(book(), "relu", ("", &way));
    assert_eq!(
        said,
        "Previous: 1. The affine layer|1. The affine layer,Next: 3. Softmax and its loss|\
         3. Softmax and its loss"
    );
}

/// On a screen of 1200 pixels nothing has to be scrolled sideways to be read, and nothing is
/// wider than the text, with all folds open.
#[test]
#[ignore = "needs chromium"]
fn in_a_browser_nothing_is_clipped_on_a_wide_screen() {
    let script = "document.querySelectorAll('details').forEach(fold => fold.open = true); \
        const wide = [...document.querySelectorAll('pre > code, .table-wrapper, .drawing, .display')] \
            .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.slice(0, 40)); \
        say(document.documentElement.scrollWidth > innerWidth ? 'the page' : wide);";
    for page in pages() {
        assert_eq!(asked(book(), page, ("", script)), "", "{page}");
    }
}

/// Words by which people look for what the chapters teach.
#[test]
#[ignore = "needs chromium"]
fn in_a_browser_the_search_finds_what_people_look_for() {
    let base = format!("file://{}", book().display());
    let found = |words: &str| {
        let (document, _, _) = browsed(&format!("{base}/relu.html?search={words}"));
        let results = document.split("<ul id=\"mdbook-searchresults\">").nth(1);
        let results = results.and_then(|rest| rest.split("</ul>").next());
        let links = results.unwrap_or_default().split("<a href=\"").skip(1);
        let pages =
            links.map(|link| link.split('.').next().unwrap_or_default().to_owned());
        pages.collect::<Vec<String>>()
    };
    for (words, page) in [
        ("vanishing%20gradient", "init"),
        ("Xavier", "init"),
        ("He%20initialization", "init"),
        ("backpropagation", "backward"),
    ] {
        let found = found(words);
        assert!(found.iter().any(|name| name == page), "{words}: {found:?}");
    }
    assert_eq!(found("nonsensical"), [""; 0]);
}

/// Scripts of our own, all together, in bytes.
#[test]
fn our_scripts_are_small() {
    let scripts = files(&repository().join("book/theme"));
    let scripts = scripts.iter().filter(|file| file.ends_with(".js"));
    let size = |file: &String| {
        let path = repository().join("book/theme").join(file);
        fs::metadata(path).unwrap().len()
    };
    let sizes: Vec<u64> = scripts.map(size).collect();
    assert!(!sizes.is_empty());
    assert!(sizes.iter().sum::<u64>() < 20_000, "{sizes:?}");
}

/// Needs `chromium`, or another name for it in the variable `CHROMIUM`:
/// `cargo test --features book --test book -- --ignored browser`
#[test]
#[ignore = "needs chromium"]
fn every_page_opens_in_a_browser_from_a_file_without_a_complaint() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let output = runner(repository(), &["book", "--out", out]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let base = format!("file://{}", folder.path().display());
    let api = "api/fully_connected/affine/index";
    for page in pages().iter().map(String::as_str).chain(["index", api]) {
        let (document, complaints, asked) = browsed(&format!("{base}/{page}.html"));
        assert!(document.contains("<main"), "{page}: {document}");
        assert_eq!(complaints, [""; 0], "{page}");
        assert_eq!(asked, [""; 0], "{page}");
    }

    // The search, whose index is a script and no download.
    let (document, complaints, _) =
        browsed(&format!("{base}/relu.html?search=softmax"));
    let results = document.split("<ul id=\"mdbook-searchresults\">").nth(1);
    assert!(
        results
            .unwrap()
            .trim_start()
            .starts_with("<li><a href=\"softmax.html")
    );
    assert_eq!(complaints, [""; 0]);

    // Our own script has run: two themes, and the system's choice.
    let themes = document.matches("role=\"menuitem\"").count();
    assert_eq!(themes, 3);

    // And all of this is seen when it goes wrong.
    let bad = folder.path().join("bad.html");
    let html =
        "<link rel=stylesheet href=http://example.com/x.css><script>nothing()</script>";
    fs::write(&bad, html).unwrap();
    let (_, complaints, asked) = browsed(&format!("{base}/bad.html"));
    assert!(
        complaints[0].contains("nothing is not defined"),
        "{complaints:?}"
    );
    assert!(asked[0].contains("example.com"), "{asked:?}");
}
