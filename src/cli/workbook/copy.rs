//! The crate that a check builds: the student's `src`, and everything else as the program
//! carries it.
//!
//! It stands in the workbook's `target` folder, so nothing of the student's is touched,
//! and no change to a test, a snapshot or `Cargo.toml` can make a check pass.
//!
//! The tests are modules of the student's crate here, under `#[cfg(test)]`: so a save is
//! compiled once, and not first the crate and then a program of tests. The watcher's copy
//! has a second crate besides, [`generics`], that is compiled when the copy is new.

use super::older;
use super::place::Workbook;
use super::sources::files_below;
use crate::cli::failure::Failure;
use fully_connected::literate::doctests::rewritten;
use fully_connected::literate::generics;
use fully_connected::literate::report;
use fully_connected::literate::workbook::{self, tests_inside};
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
    /// `learn`
    Learn,
    /// `check --from`: code that is not trusted, and runs within [`limits`](super::limits).
    Submission,
}

/// The part of the tests and of the examples in the documentation that is built.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// All of them.
    Whole,
    /// The tests and examples of a chapter.
    Chapter(&'a str),
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
    pub package: String,
    /// What it is for.
    pub purpose: Purpose,
}

impl Copy {
    /// The copy of a workbook for a purpose.
    pub fn of(workbook: &Workbook, purpose: Purpose) -> Copy {
        let base = workbook.root.join("target").join("fully-connected");
        let target = match env::var_os("CARGO_TARGET_DIR") {
            // The folder that it stands in was made for it.
            _ if purpose == Purpose::Submission => {
                workbook.root.with_file_name("target")
            }
            Some(dir) if !dir.is_empty() => {
                workbook.root.join(dir).join("fully-connected")
            }
            _ => base.join("target"),
        };
        let name = match purpose {
            Purpose::Check => "check",
            Purpose::Watch => "watch",
            Purpose::Learn => "learn",
            Purpose::Submission => "submission",
        };
        let dir = base.join(name);
        let hash = crc32fast::hash(dir.to_string_lossy().as_bytes());
        let package = format!("workbook-{name}-{hash:08x}");
        Copy {
            dir,
            target,
            package,
            purpose,
        }
    }

    /// Makes the copy agree with the workbook's `src` and with what the program carries.
    /// Files that agree already keep their times, so that cargo builds nothing anew.
    pub fn refresh(&self, workbook: &Workbook, part: Part) -> Result<(), Failure> {
        let mut wanted = BTreeSet::new();
        let mut files = workbook::checked_files();
        if self.purpose == Purpose::Learn {
            files = workbook::learn();
            for file in &mut files {
                // Where a target folder is shared, examples of one name take each other's place.
                let folder = format!("examples/{}/", self.package);
                file.path = file.path.replacen("examples/learn/", &folder, 1);
            }
        }
        for file in files {
            self.put(&file.path, file.text.as_bytes())?;
            wanted.insert(file.path);
        }
        for (path, text) in self.made(part) {
            self.put(&path, text.as_bytes())?;
            wanted.insert(path);
        }
        let view = older::view(workbook).unwrap_or_default().texts;
        let mut paths = files_below(&workbook.root, "src");
        paths.retain(|path| !view.contains_key(path));
        paths.extend(view.keys().cloned());
        for path in paths {
            let bytes = match view.get(&path) {
                Some(text) => Ok(text.clone().into()),
                None => fs::read(workbook.root.join(&path)),
            };
            let bytes = match bytes {
                Ok(bytes) => bytes,
                // It went between the listing and now; the compiler will miss it.
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                Err(e) => {
                    return Err(Failure::Unusable(format!("cannot read {path}: {e}")));
                }
            };
            match String::from_utf8(bytes) {
                Ok(text) if path.ends_with(".rs") => {
                    let begins = |line| report::begins(&format!("{path}:{line}"));
                    let mut text =
                        rewritten(&text, |_| part.has_examples_of(&path), begins);
                    if path == "src/lib.rs" {
                        text = self.with_tests(&text, part);
                    }
                    self.put(&path, text.as_bytes())?;
                }
                Ok(text) => self.put(&path, text.as_bytes())?,
                Err(e) => self.put(&path, e.as_bytes())?,
            }
            wanted.insert(path);
        }
        for folder in ["src", "tests", "snapshots", "examples", generics::FOLDER] {
            for path in files_below(&self.dir, folder) {
                if !wanted.contains(&path) {
                    let path = self.dir.join(path);
                    fs::remove_file(&path).map_err(|e| Failure::Write(path, e))?;
                }
            }
        }
        Ok(())
    }

    /// `Cargo.toml` and `Cargo.lock`, and for the watcher the crate of generics.
    /// A chapter has a package of its own, so that going from one to the next and back
    /// makes nothing anew.
    fn made(&self, part: Part) -> Vec<(String, String)> {
        let files = workbook::files();
        let text = |path: &str| {
            let file = files.iter().find(|file| file.path == path);
            file.expect("the program carries it").text.as_str()
        };
        let mut manifest = text("Cargo.toml").replacen(
            "publish = false\n",
            "publish = false\nautotests = false\n",
            1,
        );
        let mut lock = text("Cargo.lock").to_owned();
        let mut made = Vec::new();
        if self.purpose == Purpose::Watch {
            made = generics::files(&files);
            manifest = generics::depended_on(&manifest);
            lock = generics::locked(&lock);
        }
        let name = match part {
            Part::Whole => format!("name = \"{}\"", self.package),
            Part::Chapter(chapter) => format!("name = \"{}-{chapter}\"", self.package),
        };
        for (path, text) in [("Cargo.toml", manifest), ("Cargo.lock", lock)] {
            let text = text.replacen("name = \"workbook\"", &name, 1);
            made.push((path.to_owned(), text));
        }
        made
    }

    /// The student's `lib.rs`, with what is added below it; no line of the student's moves.
    fn with_tests(&self, lib: &str, part: Part) -> String {
        let linked = match self.purpose {
            Purpose::Check | Purpose::Submission => "",
            Purpose::Watch => generics::LINKED,
            Purpose::Learn => return lib.to_owned(),
        };
        // The tests use a macro that allows itself what a student may well forbid.
        let lib = lib.replace("#![forbid(unsafe_code)]", "#![deny(unsafe_code)]");
        let tests = tests_inside("#[cfg(test)]", part.chapter());
        // Warnings are cargo's to show; and where somebody has made them errors, they would
        // be the copy's.
        let lib = format!("#![allow(warnings)]{lib}");
        format!("{lib}\n{linked}{}{tests}", report::module())
    }

    /// A new file in which tests or examples tell of themselves.
    pub fn new_report(&self) -> Result<PathBuf, Failure> {
        let path = self.dir.join("report");
        fs::write(&path, "").map_err(|e| Failure::Write(path.clone(), e))?;
        Ok(path)
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

impl Part<'_> {
    fn has_examples_of(self, path: &str) -> bool {
        match self {
            Part::Whole => true,
            Part::Chapter(chapter) => path == Workbook::chapter_file(chapter),
        }
    }

    fn chapter(&self) -> Option<&str> {
        match self {
            Part::Whole => None,
            Part::Chapter(chapter) => Some(chapter),
        }
    }
}

/// What the compiler or a test says, with the tests' places as they are in a workbook.
pub fn with_plain_places(text: &str) -> String {
    text.replace("src/../tests/", "tests/")
        .replace("src\\../tests/", "tests/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use fully_connected::literate::manifest::CHAPTERS;

    fn copy(purpose: Purpose) -> Copy {
        Copy {
            dir: PathBuf::new(),
            target: PathBuf::new(),
            package: "workbook-mine".to_owned(),
            purpose,
        }
    }

    #[test]
    fn the_tests_of_one_chapter_leave_the_others_out() {
        let lib = copy(Purpose::Check).with_tests("// mine", Part::Chapter("relu"));
        assert!(lib.starts_with("#![allow(warnings)]// mine\n"));
        assert!(
            lib.contains("    pub mod relu;\n") && lib.contains("pub mod support;")
        );
        assert!(!lib.contains("pub mod affine;"));
        let lib = copy(Purpose::Check).with_tests("// mine", Part::Whole);
        for chapter in CHAPTERS.iter() {
            assert!(lib.contains(&format!("    pub mod {chapter};\n")));
        }
    }

    #[test]
    fn the_settings_replace_what_they_must() {
        for purpose in [Purpose::Check, Purpose::Watch] {
            let made = copy(purpose).made(Part::Whole);
            let text = |path| &made.iter().find(|(p, _)| p == path).unwrap().1;
            let manifest = text("Cargo.toml");
            assert!(manifest.contains("name = \"workbook-mine\""));
            assert!(manifest.contains("\nautotests = false\n"));
            assert!(text("Cargo.lock").contains("name = \"workbook-mine\""));
            let has_generics = manifest.contains("generics = { path");
            assert_eq!(has_generics, purpose == Purpose::Watch);
        }
    }
}
