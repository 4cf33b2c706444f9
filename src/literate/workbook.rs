//! The files of a workbook: the crate that a student owns.
//!
//! A workbook holds the chapters with stubs, the appendices, the chapters' tests with
//! their data, and the chapters' snapshots, all but the stubs byte for byte as they are
//! here. Its `Cargo.toml`, `Cargo.lock` and `lib.rs` are made for it, and so is the one test
//! file that compares pictures, which needs insta here. All of it is carried inside this
//! program.

pub use super::carried::{File, STATE, source};

use super::carried::{DATA, SNAPSHOTS, TESTS, source_file};
use super::made::{MADE, Made};
use super::manifest::{APPENDICES, CHAPTERS, in_words};
use super::tangle;
use include_dir::Dir;

/// The test file that a workbook has in a form of its own.
const PICTURE: &str = "tests/chapters/picture.rs";

/// The version of this program, which the workbooks that it makes bear.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The module that [`tests_inside`] puts the tests into, which libtest puts before their names.
pub const TESTS_MODULE: &str = "chapters";

/// The chapter with stubs, as a new workbook has it.
pub fn stubbed(chapter: &str) -> String {
    tangle::stub(&format!("src/{chapter}.rs"), source(chapter))
        .expect("the markers that the program carries are sound")
}

/// Every file of a new workbook but the record of them.
pub fn files() -> Vec<File> {
    let mut files = vec![
        file("Cargo.toml", include_str!("workbook/Cargo.toml.in")),
        file("Cargo.lock", include_str!("workbook/Cargo.lock")),
        file("README.md", &readme()),
        file("rustfmt.toml", include_str!("../../rustfmt.toml")),
        file(".gitignore", "/target\n"),
        file(STATE, &format!("{{\n  \"version\": \"{VERSION}\"\n}}\n")),
        file("src/lib.rs", &lib()),
    ];
    for chapter in CHAPTERS.iter() {
        files.push(file(&format!("src/{chapter}.rs"), &stubbed(chapter)));
    }
    for appendix in APPENDICES.iter() {
        files.push(file(&format!("src/{appendix}.rs"), source(appendix)));
    }
    files.extend(learn());
    files.extend(checked_files());
    files
}

/// The example `learn`: the student's network at work.
pub fn learn() -> Vec<File> {
    let source = |name| source_file(name).expect("the program carries the experiments");
    vec![
        file(
            "examples/learn/main.rs",
            include_str!("workbook/learn.rs.in"),
        ),
        file("examples/learn/careful.rs", source("careful.rs")),
        file("examples/learn/experiments.rs", source("experiments.rs")),
        file("examples/learn/fifty.rs", source("fifty.rs")),
        file("examples/learn/folder.rs", source("folder.rs")),
    ]
}

/// Every file of a new workbook, and the record of them.
pub fn all_files() -> Vec<File> {
    let mut files = files();
    let made = Made::of(&files).to_string();
    files.push(file(MADE, &made));
    files
}

/// The workbook's `lib.rs`: the modules and names of this crate's, under another head.
pub fn lib() -> String {
    let lib = source_file("lib.rs").expect("the program carries src/lib.rs");
    let begin = lib
        .find("// The chapters")
        .expect("lib.rs lists the chapters");
    // What follows needs this program's features.
    let end = lib.find("\n#[cfg(").unwrap_or(lib.len());
    let chapters = in_words(CHAPTERS.len());
    format!(
        "//! My own neural network: {chapters} chapters, filled in by hand.\n\n{}",
        &lib[begin..end]
    )
}

/// The workbook's `README.md`.
fn readme() -> String {
    let names: Vec<_> = CHAPTERS.iter().map(|name| format!("`{name}`")).collect();
    include_str!("workbook/README.md.in")
        .replace("{count}", &in_words(CHAPTERS.len()))
        .replace("{chapters}", &textwrap::fill(&names.join(", "), 88))
}

/// The files that a check trusts, and therefore brings itself: tests, data, snapshots.
pub fn checked_files() -> Vec<File> {
    let mut files = Vec::new();
    collect(&TESTS, "tests/chapters", &mut files);
    collect(&DATA, "tests/data", &mut files);
    collect(&SNAPSHOTS, "snapshots/chapters", &mut files);
    let mut pictures = files.iter_mut().filter(|file| file.path == PICTURE);
    let picture = pictures.next().expect("the tests compare pictures");
    *picture = file(PICTURE, include_str!("workbook/picture.rs.in"));
    files
}

/// Code that makes the tests modules of the crate, those of all chapters or of one, each item
/// under `attribute`.
pub fn tests_inside(attribute: &str, chapter: Option<&str>) -> String {
    let files = checked_files();
    let main = files.iter().find(|f| f.path == "tests/chapters/main.rs");
    let main = &main.expect("the program carries the tests").text;
    let named = main.lines().filter_map(|line| line.strip_prefix("mod "));
    let named = named.filter_map(|line| line.strip_suffix(';'));
    let (chapters, shared): (Vec<_>, Vec<_>) =
        named.partition(|name| CHAPTERS.contains(name));
    let chapters = chapters
        .into_iter()
        .filter(|name| chapter.is_none_or(|chapter| *name == chapter));
    let modules = shared.iter().copied().chain(chapters);
    let modules: String = modules.map(|m| format!("    pub mod {m};\n")).collect();
    format!(
        "{attribute}\n#[allow(warnings)]\nextern crate self as fully_connected;\n\
         {attribute}\n#[allow(warnings)]\nuse {TESTS_MODULE}::{{{}}};\n\
         {attribute}\n#[allow(warnings)]\n#[path = \"../tests/chapters\"]\n\
         pub mod {TESTS_MODULE} {{\n{modules}}}\n",
        shared.join(", ")
    )
}

fn file(path: &str, text: &str) -> File {
    File {
        path: path.to_owned(),
        // Whichever way the lines end where this program was built.
        text: text.replace("\r\n", "\n"),
    }
}

fn collect(dir: &'static Dir, prefix: &str, files: &mut Vec<File>) {
    for entry in dir.files() {
        let text = entry.contents_utf8().expect("the tests' files are text");
        let name = entry.path().to_str().expect("with names in UTF-8");
        let name = name.replace('\\', "/");
        files.push(file(&format!("{prefix}/{name}"), text));
    }
    for inner in dir.dirs() {
        collect(inner, prefix, files);
    }
}
