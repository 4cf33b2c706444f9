//! The files that this program carries inside it, and a workbook's form of a file.

use include_dir::{Dir, include_dir};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

pub(super) static SOURCES: Dir = include_dir!("$CARGO_MANIFEST_DIR/src");
pub(super) static TESTS: Dir = include_dir!("$CARGO_MANIFEST_DIR/tests/chapters");
pub(super) static DATA: Dir = include_dir!("$CARGO_MANIFEST_DIR/tests/data");
pub(super) static SNAPSHOTS: Dir =
    include_dir!("$CARGO_MANIFEST_DIR/snapshots/chapters");

/// The file that says what made a workbook and how far it has come.
pub const STATE: &str = ".fully-connected.json";

/// A file of a workbook: its path, with `/`, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Relative to the workbook.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// A file below `src`, as it is here.
pub(super) fn source_file(path: &str) -> Option<&'static str> {
    Some(with_plain_ends(SOURCES.get_file(path)?.contents_utf8()?))
}

/// The tests of a chapter.
pub(super) fn tests_of(chapter: &str) -> &'static str {
    TESTS
        .get_file(format!("{chapter}.rs"))
        .and_then(|file| file.contents_utf8())
        .map(with_plain_ends)
        .unwrap_or_else(|| panic!("the program carries tests/chapters/{chapter}.rs"))
}

/// The source of a chapter or an appendix, with its solutions.
pub fn source(module: &str) -> &'static str {
    source_file(&format!("{module}.rs"))
        .unwrap_or_else(|| panic!("the program carries src/{module}.rs"))
}

/// The text with lines that end with `\n` alone, wherever this program was built: a checkout
/// may have them otherwise.
fn with_plain_ends(text: &'static str) -> &'static str {
    static MADE: LazyLock<Mutex<HashMap<&str, &str>>> = LazyLock::new(Mutex::default);
    if !text.contains('\r') {
        return text;
    }
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry(text)
        .or_insert_with(|| Box::leak(text.replace("\r\n", "\n").into_boxed_str()))
}
