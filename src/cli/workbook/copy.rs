//! The crate that a check builds: the student's `src`, and everything else as the program
//! carries it.
//!
//! It stands in the workbook's `target` folder, so nothing of the student's is touched,
//! and no change to a test, a snapshot or `Cargo.toml` can make a check pass.

use super::place::Workbook;
use super::sources::files_below;
use crate::cli::failure::Failure;
use fully_connected::literate::doctests::silenced;
use fully_connected::literate::manifest::CHAPTERS;
use fully_connected::literate::workbook;
use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io;
use std::path::PathBuf;

/// What a copy is for. Each purpose has its own, so that `check` and `watch` can run at
/// the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// `check`
    Check,
    /// `watch`
    Watch,
}

/// Which examples in the documentation are left in, as tests.
#[derive(Debug, Clone, Copy)]
pub enum Examples<'a> {
    /// All of them.
    All,
    /// The examples of a chapter.
    Of(&'a str),
}

/// The crate that a check builds.
#[derive(Debug, Clone)]
pub struct Copy {
    /// Its folder.
    pub dir: PathBuf,
    /// Where cargo builds it.
    pub target: PathBuf,
    /// The package's name. Cargo tells what it has built apart by that, and not by the
    /// folder; a target folder may be shared by several workbooks.
    package: String,
}

/// The test program with the tests of every chapter.
pub const ALL_CHAPTERS: &str = "chapters";

impl Copy {
    /// The copy of a workbook for a purpose.
    pub fn of(workbook: &Workbook, purpose: Purpose) -> Copy {
        let base = workbook.root.join("target").join("fully-connected");
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(dir) if !dir.is_empty() => {
                workbook.root.join(dir).join("fully-connected")
            }
            _ => base.join("target"),
        };
        let name = match purpose {
            Purpose::Check => "check",
            Purpose::Watch => "watch",
        };
        let dir = base.join(name);
        let hash = crc32fast::hash(dir.to_string_lossy().as_bytes());
        let package = format!("workbook-{name}-{hash:08x}");
        Copy {
            dir,
            target,
            package,
        }
    }

    /// Makes the copy agree with the workbook's `src` and with what the program carries.
    /// Files that agree already keep their times, so that cargo builds nothing anew.
    pub fn refresh(
        &self,
        workbook: &Workbook,
        examples: Examples,
    ) -> Result<(), Failure> {
        let mut wanted = BTreeSet::new();
        for file in workbook::checked_files() {
            self.put(&file.path, file.text.as_bytes())?;
            wanted.insert(file.path);
        }
        for (path, text) in settings(&self.package) {
            self.put(&path, text.as_bytes())?;
            wanted.insert(path);
        }
        for path in files_below(&workbook.root, "src") {
            let bytes = match fs::read(workbook.root.join(&path)) {
                Ok(bytes) => bytes,
                // It went between the listing and now; the compiler will miss it.
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                Err(e) => {
                    return Err(Failure::Unusable(format!("cannot read {path}: {e}")));
                }
            };
            match String::from_utf8(bytes) {
                Ok(text) if path.ends_with(".rs") => {
                    let text = silenced(&text, |_| examples.keep(&path));
                    self.put(&path, text.as_bytes())?;
                }
                Ok(text) => self.put(&path, text.as_bytes())?,
                Err(e) => self.put(&path, e.as_bytes())?,
            }
            wanted.insert(path);
        }
        for folder in ["src", "tests", "snapshots"] {
            for path in files_below(&self.dir, folder) {
                if !wanted.contains(&path) {
                    let path = self.dir.join(path);
                    fs::remove_file(&path).map_err(|e| Failure::Write(path, e))?;
                }
            }
        }
        Ok(())
    }

    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        let path = self.dir.join(path);
        if fs::read(&path).is_ok_and(|there| there == bytes) {
            return Ok(());
        }
        let folder = path.parent().expect("a file is in a folder");
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, bytes))
            .map_err(|e| Failure::Write(path, e))
    }
}

impl Examples<'_> {
    fn keep(self, path: &str) -> bool {
        match self {
            Examples::All => true,
            Examples::Of(chapter) => path == Workbook::chapter_file(chapter),
        }
    }
}

/// The test program with the tests of a chapter alone, which compiles in half the time.
pub fn program_of_chapter(chapter: &str) -> String {
    format!("only_{chapter}")
}

/// `Cargo.toml` with a target for each test program, those programs' roots, and the rest
/// that a build needs.
fn settings(package: &str) -> Vec<(String, String)> {
    let files = workbook::files();
    let text = |path: &str| {
        let file = files.iter().find(|file| file.path == path);
        &file.expect("the program carries it").text
    };
    let renamed = |path| {
        let name = format!("name = \"{package}\"");
        text(path).replacen("name = \"workbook\"", &name, 1)
    };
    let mut manifest = renamed("Cargo.toml").replacen(
        "publish = false\n",
        "publish = false\nautotests = false\n",
        1,
    );
    let mut made = Vec::new();
    let mut add = |name: String, chapters: &[&'static str]| {
        let path = match chapters {
            [] => "tests/chapters/main.rs".to_owned(),
            _ => format!("tests/chapters/{name}.rs"),
        };
        manifest += &format!("\n[[test]]\nname = \"{name}\"\npath = \"{path}\"\n");
        if !chapters.is_empty() {
            let main = text("tests/chapters/main.rs");
            let needed = needed(chapters, |chapter| {
                text(&format!("tests/chapters/{chapter}.rs"))
            });
            made.push((path, root_of(main, &needed)));
        }
    };
    add(ALL_CHAPTERS.to_owned(), &[]);
    for chapter in CHAPTERS.iter() {
        add(program_of_chapter(chapter), &[chapter]);
    }
    made.push(("Cargo.toml".to_owned(), manifest));
    made.push(("Cargo.lock".to_owned(), renamed("Cargo.lock")));
    made
}

/// Those chapters, and those whose tests theirs borrow from.
fn needed<'a>(
    chapters: &[&'static str],
    text: impl Fn(&str) -> &'a String,
) -> Vec<&'static str> {
    let mut needed = chapters.to_vec();
    let mut at = 0;
    while let Some(chapter) = needed.get(at) {
        let text = text(chapter);
        for &other in CHAPTERS.iter() {
            let named = ["super", "crate"]
                .iter()
                .any(|root| text.contains(&format!("{root}::{other}::")));
            if named && !needed.contains(&other) {
                needed.push(other);
            }
        }
        at += 1;
    }
    needed
}

/// The root `main` of the tests, with the modules of those chapters only. What the
/// chapters share is then used in part.
fn root_of(main: &str, chapters: &[&str]) -> String {
    let is_wanted = |line: &&str| {
        let module = line.trim().strip_prefix("mod ");
        module
            .and_then(|module| module.strip_suffix(';'))
            .is_none_or(|module| {
                !CHAPTERS.contains(&module) || chapters.contains(&module)
            })
    };
    let lines: Vec<_> = main.lines().filter(is_wanted).collect();
    format!("#![allow(dead_code, unused)]\n{}\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_of_one_chapter_leaves_the_others_out() {
        let main = "//! Tests.\n\nmod support;\n\nmod affine;\nmod relu;\n";
        assert_eq!(
            root_of(main, &["relu"]),
            "#![allow(dead_code, unused)]\n//! Tests.\n\nmod support;\n\nmod relu;\n"
        );
    }

    #[test]
    fn a_chapter_brings_those_whose_tests_it_borrows_from() {
        let texts = [
            ("init", "use super::affine::f;".to_owned()),
            ("affine", "use crate::relu::g;".to_owned()),
            ("relu", "use crate::support;".to_owned()),
        ];
        let text = |name: &str| &texts.iter().find(|(n, _)| *n == name).unwrap().1;
        assert_eq!(needed(&["init"], text), ["init", "affine", "relu"]);
        assert_eq!(needed(&["relu"], text), ["relu"]);
    }

    #[test]
    fn the_settings_replace_what_they_must() {
        let settings = settings("workbook-mine");
        let (_, manifest) = settings.iter().find(|(p, _)| p == "Cargo.toml").unwrap();
        assert!(manifest.contains("name = \"workbook-mine\""));
        assert!(manifest.contains("\nautotests = false\n"));
        let (_, lock) = settings.iter().find(|(p, _)| p == "Cargo.lock").unwrap();
        assert!(lock.contains("name = \"workbook-mine\""));
        assert!(manifest.contains("name = \"only_affine\""));
    }
}
