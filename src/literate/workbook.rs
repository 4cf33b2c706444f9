//! The files of a workbook: the crate that a student owns.
//!
//! A workbook holds the chapters with stubs, the appendices, the chapters' tests with
//! their data, and the chapters' snapshots, all but the stubs byte for byte as they are
//! here. Its `Cargo.toml`, `Cargo.lock` and `lib.rs` are made for it. All of it is carried
//! inside this program.

use super::manifest::CHAPTERS;
use super::tangle;
use include_dir::{Dir, include_dir};

static SOURCES: Dir = include_dir!("$CARGO_MANIFEST_DIR/src");
static TESTS: Dir = include_dir!("$CARGO_MANIFEST_DIR/tests/chapters");
static DATA: Dir = include_dir!("$CARGO_MANIFEST_DIR/tests/data");
static SNAPSHOTS: Dir = include_dir!("$CARGO_MANIFEST_DIR/snapshots/chapters");

/// The appendices: the modules that the chapters stand on, given whole.
pub const APPENDICES: [&str; 10] = [
    "checker",
    "cifar10",
    "error",
    "images",
    "numpy",
    "options",
    "parameters",
    "scalar",
    "synthetic",
    "training",
];

/// The file that says what made a workbook and how far it has come.
pub const STATE: &str = ".fully-connected.json";

/// The version of this program, which the workbooks that it makes bear.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A file of a workbook: its path, with `/`, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Relative to the workbook.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// The source of a chapter or an appendix, with its solutions.
pub fn source(module: &str) -> &'static str {
    SOURCES
        .get_file(format!("{module}.rs"))
        .and_then(|file| file.contents_utf8())
        .unwrap_or_else(|| panic!("the program carries src/{module}.rs"))
}

/// The chapter with stubs, as a new workbook has it.
pub fn stubbed(chapter: &str) -> String {
    tangle::stub(&format!("src/{chapter}.rs"), source(chapter))
        .expect("the markers that the program carries are sound")
}

/// Every file of a new workbook.
pub fn files() -> Vec<File> {
    let mut files = vec![
        file("Cargo.toml", include_str!("workbook/Cargo.toml.in")),
        file("Cargo.lock", include_str!("workbook/Cargo.lock")),
        file("README.md", include_str!("workbook/README.md")),
        file("rustfmt.toml", include_str!("../../rustfmt.toml")),
        file(".gitignore", "/target\n*.snap.new\n"),
        file(".config/insta.yaml", include_str!("workbook/insta.yaml")),
        file(STATE, &format!("{{\n  \"version\": \"{VERSION}\"\n}}\n")),
        file("src/lib.rs", include_str!("workbook/lib.rs.in")),
    ];
    for chapter in CHAPTERS {
        files.push(file(&format!("src/{chapter}.rs"), &stubbed(chapter)));
    }
    for appendix in APPENDICES {
        files.push(file(&format!("src/{appendix}.rs"), source(appendix)));
    }
    files.extend(checked_files());
    files
}

/// The files that a check trusts, and therefore brings itself: tests, data, snapshots.
pub fn checked_files() -> Vec<File> {
    let mut files = Vec::new();
    collect(&TESTS, "tests/chapters", &mut files);
    collect(&DATA, "tests/data", &mut files);
    collect(&SNAPSHOTS, "snapshots/chapters", &mut files);
    files
}

fn file(path: &str, text: &str) -> File {
    File {
        path: path.to_owned(),
        text: text.to_owned(),
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
