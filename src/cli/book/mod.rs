//! `book`: the chapters as a book to read in a browser.

mod api;
pub mod weave;

use super::failure::Failure;
use super::outcome::Outcome;
use super::style::{BRIGHT, QUIET, styled, verdict};
use clap::Args;
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The file that `book/src` brings into every book, and that tells a book from another folder.
const MARK: &str = "fully-connected-book.txt";

/// The picture that a shared link shows.
const PICTURE: &str = "open-graph.png";

/// Build the book: the chapters typeset, with figures and the API documentation.
///
/// It needs the repository, and is built from the sources as they are now.
#[derive(Args)]
pub struct Book {
    /// The folder for the book; it must not exist, be empty, or hold a book of ours.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Show the first page in the browser.
    #[arg(long)]
    open: bool,

    /// Leave the API documentation out; links to it lead to docs.rs.
    #[arg(long)]
    no_api: bool,
}

impl Book {
    /// Builds the book beside its place and then puts it there, so that a book that
    /// cannot be built leaves the last one alone.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        let root = repository()?;
        let place = match &self.out {
            Some(place) => place.clone(),
            None => root.join("target").join("book"),
        };
        if !may_be_replaced(&place) {
            return Err(Failure::NotABook(place));
        }
        let failed = |error| Failure::Write(place.clone(), error);
        let parent = match place.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent).map_err(failed)?;
        let beside = tempfile::Builder::new().prefix(".book-").tempdir_in(parent);
        let beside = beside.map_err(failed)?;
        let whole = beside.path().join("book");

        let documenting = if self.no_api {
            None
        } else {
            Some(api::start(&root).map_err(|error| {
                Failure::Book(format!("cargo doc cannot be started: {error}"))
            })?)
        };
        let start = Instant::now();
        let pages = build(&root, &whole, documenting.is_some())
            .map_err(|error| Failure::Book(format!("{error:#}")))?;
        let took = styled(QUIET, in_seconds(start.elapsed()));
        writeln!(out, "{} {took}", verdict(true, format!("{pages} pages")))?;
        // The first API documentation takes a while, and the pages are news until then.
        out.flush()?;
        if let Some(documenting) = documenting {
            let made = documenting.finish(&whole.join("api"));
            made.map_err(|what| Failure::Book(format!("API documentation: {what}")))?;
            writeln!(out, "{}", verdict(true, "API documentation"))?;
        }
        put(&whole, &place, &beside.path().join("old")).map_err(failed)?;

        let first = place.join("index.html");
        let first = first.canonicalize().map_err(failed)?;
        writeln!(out, "  {}", link(&first))?;
        if self.open {
            opener::open(&first).map_err(|error| {
                Failure::Book(format!("the browser cannot be opened: {error}"))
            })?;
        }
        Ok(Outcome::Done)
    }
}

/// The pages, by mdBook; how many there are.
fn build(
    root: &Path,
    to: &Path,
    with_api: bool,
) -> mdbook_driver::errors::Result<usize> {
    let book = root.join("book");
    let mut config = Config::from_disk(book.join("book.toml"))?;
    config.build.build_dir = std::path::absolute(to)?;
    if with_api {
        config.set(weave::API, "api/")?;
    }
    let mut mdbook = MDBook::load_with_config(book, config)?;
    mdbook.with_preprocessor(weave::Weaver);
    mdbook.build()?;
    picture_for_links(to, env!("CARGO_PKG_HOMEPAGE"))?;
    Ok(mdbook.book.chapters().count())
}

/// The picture that a shared link shows, and its address in each page. Such an address is
/// absolute: while the book has none, `home` is empty, and there is no picture either.
fn picture_for_links(pages: &Path, home: &str) -> io::Result<()> {
    if home.is_empty() {
        return Ok(());
    }
    let mark = "<meta property=\"og:type\"";
    let address = format!("{}/{PICTURE}", home.trim_end_matches('/'));
    let meta = format!("<meta property=\"og:image\" content=\"{address}\">\n{mark}");
    for entry in fs::read_dir(pages)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "html") {
            let html = fs::read_to_string(&path)?;
            fs::write(&path, html.replacen(mark, &meta, 1))?;
        }
    }
    fs::write(
        pages.join(PICTURE),
        fully_connected::figures::wall::open_graph(),
    )
}

/// The repository: where we are, or what cargo runs us from.
fn repository() -> Result<PathBuf, Failure> {
    let here = std::env::current_dir()?;
    let cargo = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let candidates = here.ancestors().map(Path::to_owned).chain(cargo);
    let is_ours = |root: &PathBuf| {
        root.join("book/book.toml").is_file() && root.join("src/affine.rs").is_file()
    };
    candidates.into_iter().find(is_ours).ok_or_else(|| {
        Failure::Book(
            "the book is built in a clone of the repository: there is no \
             book/book.toml in this folder or above it"
                .to_owned(),
        )
    })
}

/// Whether nothing stands there, or an empty folder, or a book of ours.
fn may_be_replaced(place: &Path) -> bool {
    match fs::symlink_metadata(place) {
        Err(_) => true,
        Ok(found) if found.is_dir() => {
            let is_empty = fs::read_dir(place).is_ok_and(|mut e| e.next().is_none());
            is_empty || place.join(MARK).is_file()
        }
        Ok(_) => false,
    }
}

/// Moves the new book to its place and the old one out of it.
fn put(new: &Path, place: &Path, old: &Path) -> io::Result<()> {
    if !place.exists() {
        return fs::rename(new, place);
    }
    fs::rename(place, old)?;
    fs::rename(new, place).inspect_err(|_| {
        // The old book is better than none. If it cannot go back either, the error that
        // is on its way says where things stand.
        let _ = fs::rename(old, place);
    })
}

fn in_seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// The address of a file, which a terminal makes something to click on.
fn link(file: &Path) -> String {
    let url = address(file);
    let shown = styled(BRIGHT, &url);
    if io::stdout().is_terminal() {
        format!("\x1b]8;;{url}\x1b\\{shown}\x1b]8;;\x1b\\")
    } else {
        shown
    }
}

/// A `file://` address: what is no letter or digit there is written as its bytes.
fn address(file: &Path) -> String {
    let path = file.display().to_string().replace('\\', "/");
    // Windows: canonical paths begin with //?/, and a drive follows three slashes.
    let path = path.trim_start_matches("//?");
    let slash = if path.starts_with('/') { "" } else { "/" };
    let mut address = format!("file://{slash}");
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => address.push(byte.into()),
            b'/' | b'-' | b'_' | b'.' | b'~' | b':' => address.push(byte.into()),
            byte => address += &format!("%{byte:02X}"),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_escapes_what_a_url_cannot_hold() {
        let address = address(Path::new("/a b/é#1/index.html"));
        assert_eq!(address, "file:///a%20b/%C3%A9%231/index.html");
    }

    #[test]
    fn a_shared_link_has_a_picture_once_the_book_has_an_address() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("a.html");
        let html = "<head>\n<meta property=\"og:type\" content=\"article\">";
        fs::write(&page, html).unwrap();
        picture_for_links(folder.path(), "").unwrap();
        assert_eq!(fs::read_to_string(&page).unwrap(), html);
        assert!(!folder.path().join(PICTURE).exists());

        picture_for_links(folder.path(), "https://a.b/book/").unwrap();
        let address = "\n<meta property=\"og:image\" \
                       content=\"https://a.b/book/open-graph.png\">\n<meta";
        assert!(fs::read_to_string(&page).unwrap().contains(address));
        let picture = fs::read(folder.path().join(PICTURE)).unwrap();
        assert_eq!(&picture[1..4], b"PNG");
        assert!(picture.len() < 300_000, "{}", picture.len());
    }

    #[test]
    fn only_nothing_an_empty_folder_or_a_book_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("place");
        assert!(may_be_replaced(&place));
        fs::create_dir(&place).unwrap();
        assert!(may_be_replaced(&place));
        fs::write(place.join("mine.txt"), "mine").unwrap();
        assert!(!may_be_replaced(&place));
        fs::write(place.join(MARK), "").unwrap();
        assert!(may_be_replaced(&place));
        assert!(!may_be_replaced(&place.join("mine.txt")));
    }
}
