//! A workbook in a test: made, filled in, built, run.

#![allow(dead_code, reason = "each test binary uses its part")]

use fully_connected::literate::manifest::CHAPTERS;
use fully_connected::literate::tangle;
use fully_connected::literate::workbook::{self, source};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A workbook on disk, and the folder where all of them are built.
pub struct Workbook {
    pub dir: PathBuf,
    /// What cargo is told about the profile, if anything.
    profile: &'static [(&'static str, &'static str)],
    _turn: MutexGuard<'static, ()>,
}

/// How each test of a workbook ended: `None` for passed, else what it printed.
pub type Results = BTreeMap<String, Option<String>>;

/// Workbooks share the folder where they are built, and to cargo they are one package: one
/// at a time.
static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    // Another test's failure does not concern this one.
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Workbook {
    /// A new workbook in the tests' own folder for temporary files.
    pub fn new(name: &str) -> Workbook {
        let _turn = turn();
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if dir.exists() {
            fs::remove_dir_all(&dir).unwrap();
        }
        let made = Command::new(env!("CARGO_BIN_EXE_fully-connected"))
            .arg("new")
            .arg(&dir)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", text(&made.stderr));
        Workbook {
            dir,
            profile: &[],
            _turn,
        }
    }

    /// A workbook with all solutions, its files as they are in the repository right now.
    /// It is built without optimization: after an edit that takes an eighth of the time.
    pub fn of_reference(name: &str) -> Workbook {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let book = Workbook {
            dir,
            profile: &[
                ("CARGO_PROFILE_DEV_OPT_LEVEL", "0"),
                ("CARGO_PROFILE_DEV_DEBUG", "0"),
            ],
            _turn: turn(),
        };
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for folder in ["src", "tests", "snapshots", "examples"] {
            let _ = fs::remove_dir_all(book.dir.join(folder));
        }
        for file in workbook::files() {
            book.write(&file.path, &file.text);
        }
        for chapter in CHAPTERS.iter() {
            let path = format!("src/{chapter}.rs");
            book.write(&path, &fs::read_to_string(root.join(&path)).unwrap());
        }
        for folder in ["tests/chapters", "tests/data", "snapshots/chapters"] {
            book.copy(root, Path::new(folder));
        }
        book
    }

    fn copy(&self, root: &Path, folder: &Path) {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = folder.join(entry.unwrap().file_name());
            if root.join(&path).is_dir() {
                self.copy(root, &path);
            } else {
                let text = fs::read_to_string(root.join(&path)).unwrap();
                self.write(path.to_str().unwrap(), &text);
            }
        }
    }

    /// Writes a file of the workbook.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Puts the solutions in, of the exercises that `wanted` names.
    pub fn fill(&self, wanted: impl Fn(&str) -> bool) {
        for chapter in CHAPTERS.iter() {
            let path = self.dir.join(format!("src/{chapter}.rs"));
            let stubbed = workbook::stubbed(chapter);
            let filled =
                tangle::transplant(chapter, &stubbed, source(chapter), &wanted);
            fs::write(path, filled.unwrap()).unwrap();
        }
    }

    /// Runs cargo in the workbook; all workbooks are built in one folder.
    pub fn cargo(&self, arguments: &[&str]) -> Output {
        self.cargo_told(arguments, &[])
    }

    /// Runs cargo in the workbook, with environment variables.
    pub fn cargo_told(&self, arguments: &[&str], told: &[(&str, &str)]) -> Output {
        Command::new(env!("CARGO"))
            .args(["--locked", "--offline"])
            .args(arguments)
            .current_dir(&self.dir)
            .env("CARGO_TARGET_DIR", target())
            .envs(self.profile.iter().copied())
            .envs(told.iter().copied())
            .env_remove("RUST_BACKTRACE")
            .env_remove("RUSTFLAGS")
            .env_remove("RUSTDOCFLAGS")
            .output()
            .unwrap()
    }

    /// Runs the chapters' tests.
    pub fn test(&self) -> Results {
        results(&self.cargo(&["test", "--no-fail-fast", "--test", "chapters"]))
    }

    /// Runs those of the chapters' tests.
    pub fn test_only(&self, names: &[&str]) -> Results {
        let arguments = [
            "test",
            "--no-fail-fast",
            "--test",
            "chapters",
            "--",
            "--exact",
        ];
        results(&self.cargo(&[&arguments, names].concat()))
    }

    /// Runs the doctests; their names lose the line, which differs from the source's.
    pub fn doctest(&self) -> Results {
        results(&self.cargo(&["test", "--no-fail-fast", "--doc"]))
    }
}

/// The folder where all workbooks are built.
pub fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("workbook-target")
}

/// What a program printed.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The results in what libtest printed. Doctests of one item are told apart by a number.
pub fn results(output: &Output) -> Results {
    let stdout = text(&output.stdout);
    let mut lines: Vec<(&str, usize, bool)> = Vec::new();
    for line in stdout.lines() {
        let Some(rest) = line.strip_prefix("test ") else {
            continue;
        };
        let Some((name, verdict)) = rest.rsplit_once(" ... ") else {
            continue;
        };
        let at_line = name.split_once(" (line ").and_then(|(_, rest)| {
            let digits = rest.split(')').next()?;
            digits.parse().ok()
        });
        lines.push((name, at_line.unwrap_or(0), verdict == "ok"));
    }
    lines.sort_by_key(|(name, line, _)| (name.split(" (line").next(), *line));
    assert!(!lines.is_empty(), "{stdout}\n{}", text(&output.stderr));

    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut results = Results::new();
    for (name, _, passed) in lines {
        let printed = || {
            let head = format!("---- {name} stdout ----");
            let (_, after) = stdout.split_once(&head).unwrap_or(("", ""));
            after.split("\n---- ").next().unwrap_or("").to_owned()
        };
        let printed = if passed { None } else { Some(printed()) };
        let short = match name.split_once(" (line ") {
            Some((item, _)) => {
                let item = item.split_once(" - ").map_or(item, |(_, item)| item);
                let count = seen.entry(item.to_owned()).or_default();
                *count += 1;
                format!("{item} #{count}")
            }
            None => name.to_owned(),
        };
        results.insert(short, printed);
    }
    results
}
