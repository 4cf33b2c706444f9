//! The crate that a check builds: the student's `src`, and everything else as the program
//! carries it.
//!
//! It stands in the workbook's `target` folder, so nothing of the student's is touched,
//! and no change to a test, a snapshot or `Cargo.toml` can make a check pass.
//!
//! The tests are modules of the student's crate here, under `#[cfg(test)]`: so a save is
//! compiled once, and not first the crate and then a program of tests. The watcher's copy
//! has a second crate besides, [`generics`], that is compiled when the copy is new.

use super::files::{self, sources_below};
use super::older;
use super::place::Workbook;
use crate::cli::failure::Failure;
use fully_connected::literate::doctests::rewritten;
use fully_connected::literate::generics;
use fully_connected::literate::report;
use fully_connected::literate::workbook::{self, tests_inside};
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The file by which a folder is known as a copy, and may be cleared.
const MARK: &str = ".fully-connected-copy";
const MARKED: &str =
    "This folder is made anew at every check; nothing in it is kept.\n";

/// The line in `lib.rs` by which the compiler, and so cargo, depends on the description.
const DESCRIBED: &str = "const _: &str = env!(\"CARGO_PKG_DESCRIPTION\");\n";

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

/// The folder below `target` that is the program's own, made if need be.
///
/// Whoever finds a link there, or further in, could have a check write to what is behind
/// it, or delete it: so a link is refused. `target` itself may be one, as on a
/// small disk, but not into the workbook.
pub fn working_folder(workbook: &Workbook) -> Result<PathBuf, Failure> {
    let target = workbook.root.join("target");
    let real = |path: &Path| fs::canonicalize(path).ok();
    let is_inside = real(&workbook.root)
        .zip(real(&target))
        .is_some_and(|(root, target)| target.starts_with(root));
    if target.is_symlink() && is_inside {
        return Err(refuse_link(&target));
    }
    let folder = target.join("fully-connected");
    fs::create_dir_all(&folder).map_err(|e| Failure::Write(folder.clone(), e))?;
    refuse_unless_folder(&folder)?;
    Ok(folder)
}

fn refuse_unless_folder(path: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(path) {
        Ok(kind) if kind.is_symlink() => Err(refuse_link(path)),
        Ok(kind) if !kind.is_dir() => Err(Failure::Unusable(format!(
            "{} is no folder, and the program builds there: remove it",
            path.display()
        ))),
        _ => Ok(()),
    }
}

fn refuse_link(path: &Path) -> Failure {
    let to = fs::read_link(path).unwrap_or_default();
    Failure::Unusable(format!(
        "{} is a link to {}. The program writes there, and takes away what is not its own: \
         remove the link, and there will be a folder",
        path.display(),
        to.display()
    ))
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
        let mut wanted: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
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
            wanted.insert(file.path.into(), file.text.into());
        }
        let view = older::view(workbook).unwrap_or_default().texts;
        let mut paths = sources_below(&workbook.root)?;
        paths.retain(|path| !view.contains_key(path));
        paths.extend(view.keys().cloned());
        for path in paths {
            let bytes = match view.get(&path) {
                Some(text) => Ok(text.clone().into()),
                None => files::read(&workbook.root.join(&path)),
            };
            let bytes = match bytes {
                Ok(bytes) => bytes,
                // It went between the listing and now; the compiler will miss it.
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                Err(e) => {
                    return Err(Failure::Unusable(format!("cannot read {path}: {e}")));
                }
            };
            let bytes = match String::from_utf8(bytes) {
                Ok(text) if path.ends_with(".rs") => {
                    let begins = |line| report::begins(&format!("{path}:{line}"));
                    let mut text =
                        rewritten(&text, |_| part.has_examples_of(&path), begins);
                    if path == "src/lib.rs" {
                        text = self.with_tests(&text, part);
                    }
                    text.into()
                }
                Ok(text) => text.into(),
                Err(e) => e.into_bytes(),
            };
            wanted.insert(path.into(), bytes);
        }
        let mut hasher = DefaultHasher::new();
        wanted.hash(&mut hasher);
        for (path, text) in self.made(part, hasher.finish()) {
            wanted.insert(path.into(), text.into());
        }
        wanted.insert(MARK.into(), MARKED.into());
        self.clear(workbook, &wanted)?;
        for (path, bytes) in &wanted {
            self.put(path, bytes)?;
        }
        Ok(())
    }

    /// Takes away what does not belong into the copy: settings of cargo's, a build script, a
    /// file that `src` no longer has. Only a folder that bears the mark is touched.
    fn clear(
        &self,
        workbook: &Workbook,
        wanted: &BTreeMap<PathBuf, Vec<u8>>,
    ) -> Result<(), Failure> {
        let folder = working_folder(workbook)?;
        refuse_unless_folder(&folder.join("target"))?;
        // Cargo reads them from there too.
        for name in [".cargo", "rust-toolchain", "rust-toolchain.toml"] {
            remove(&folder.join(name))?;
        }
        refuse_unless_folder(&self.dir)?;
        let Ok(mut entries) = fs::read_dir(&self.dir) else {
            return Ok(());
        };
        if entries.next().is_some() && !self.is_ours() {
            return Err(Failure::Unusable(format!(
                "{} was not made by this program, which would take away what is in it: \
                 move it away",
                self.dir.display()
            )));
        }
        let mut folders = vec![PathBuf::new()];
        while let Some(inner) = folders.pop() {
            let entries = fs::read_dir(self.dir.join(&inner));
            for entry in entries.into_iter().flatten().flatten() {
                let path = inner.join(entry.file_name());
                let kind = entry.file_type();
                let kind = kind.map_err(|e| Failure::Write(entry.path(), e))?;
                let is_above = || wanted.keys().any(|file| file.starts_with(&path));
                if kind.is_symlink() {
                    return Err(refuse_link(&entry.path()));
                } else if kind.is_dir() && !wanted.contains_key(&path) && is_above() {
                    folders.push(path);
                } else if !(kind.is_file() && wanted.contains_key(&path)) {
                    remove(&entry.path())?;
                }
            }
        }
        Ok(())
    }

    /// Whether the folder bears the mark. The program did not always leave one, but always
    /// a package with such a name.
    fn is_ours(&self) -> bool {
        let read = |name| files::read_text(&self.dir.join(name)).unwrap_or_default();
        let package = self.package.rsplit_once('-').map_or("", |(name, _)| name);
        read(MARK) == MARKED || read("Cargo.toml").contains(&format!("\"{package}-"))
    }

    /// `Cargo.toml` and `Cargo.lock`, and for the watcher the crate of generics.
    /// A chapter has a package of its own, so that going from one to the next and back
    /// makes nothing anew.
    ///
    /// Cargo tells by the times of files whether to build, and a clock may be set back. The
    /// description holds a checksum of all sources, and the code uses the description.
    fn made(&self, part: Part, sources: u64) -> Vec<(String, String)> {
        let files = workbook::files();
        let text = |path: &str| {
            let file = files.iter().find(|file| file.path == path);
            file.expect("the program carries it").text.as_str()
        };
        let mut manifest = replaced(
            text("Cargo.toml"),
            "publish = false\n",
            &format!(
                "publish = false\nautotests = false\ndescription = \"{sources:016x}\"\n"
            ),
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
            let text = replaced(&text, "name = \"workbook\"", &name);
            made.push((path.to_owned(), text));
        }
        made
    }

    /// The student's `lib.rs`, with what is added below it; no line of the student's moves.
    fn with_tests(&self, lib: &str, part: Part) -> String {
        let linked = match self.purpose {
            Purpose::Check | Purpose::Submission => "",
            Purpose::Watch => generics::LINKED,
            Purpose::Learn => return format!("{lib}\n{DESCRIBED}"),
        };
        // The tests use a macro that allows itself what a student may well forbid.
        let lib = lib.replace("#![forbid(unsafe_code)]", "#![deny(unsafe_code)]");
        let tests = tests_inside("#[cfg(test)]", part.chapter());
        // Warnings are cargo's to show; and where somebody has made them errors, they would
        // be the copy's.
        let lib = format!("#![allow(warnings)]{lib}");
        format!("{lib}\n{linked}{DESCRIBED}{}{tests}", report::module())
    }

    /// A new file in which tests or examples tell of themselves.
    pub fn new_report(&self) -> Result<PathBuf, Failure> {
        let path = self.dir.join("report");
        fs::write(&path, "").map_err(|e| Failure::Write(path.clone(), e))?;
        Ok(path)
    }

    fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        let path = self.dir.join(path);
        // What is dated ahead would be built at every check.
        let is_ahead = fs::metadata(&path)
            .and_then(|there| there.modified())
            .is_ok_and(|time| time > SystemTime::now());
        if !is_ahead && fs::read(&path).is_ok_and(|there| there == bytes) {
            return Ok(());
        }
        let folder = path.parent().expect("a file is in a folder");
        // A new file, and not new contents: it may have other names, which are not ours.
        remove(&path)?;
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, bytes))
            .map_err(|e| Failure::Write(path, e))
    }
}

/// Takes away a file, a link itself, or a folder with all that is in it, if it is there.
fn remove(path: &Path) -> Result<(), Failure> {
    let removed = match fs::symlink_metadata(path) {
        Ok(kind) if kind.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    };
    removed.map_err(|e| Failure::Write(path.to_owned(), e))
}

/// The text with `to` in the place of `from`, which is there.
fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "no {from:?} in {text}");
    text.replacen(from, to, 1)
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
            let made = copy(purpose).made(Part::Whole, 7);
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
