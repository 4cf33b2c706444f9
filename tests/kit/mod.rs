//! A workbook in a test: made, filled in, built; the program run in it.

#![allow(dead_code, reason = "each test binary uses its part")]

use fully_connected::literate::generics;
use fully_connected::literate::libtest::{self, Outcome};
use fully_connected::literate::manifest::CHAPTERS;
use fully_connected::literate::package;
use fully_connected::literate::tangle;
use fully_connected::literate::workbook::{self, TESTS_MODULE, source, tests_inside};
use std::collections::{BTreeMap, BTreeSet};
use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The endings of a workbook's tests by their titles: `None` for passed, else the output.
pub type Results = BTreeMap<String, Option<String>>;

/// A program that has ended.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// The results in what libtest printed.
fn results(run: &Run) -> Results {
    let result = |(title, outcome): (&str, Outcome)| {
        let printed = match outcome {
            Outcome::Passed => None,
            Outcome::Failed(printed) => Some(printed),
        };
        (title.to_owned(), printed)
    };
    let results: Results = libtest::held_back(&run.stdout).map(result).collect();
    assert!(!results.is_empty(), "{}\n{}", run.stdout, run.stderr);
    results
}

/// The program in a folder, with none of the terminal's settings, and where all tests
/// build, so that the dependencies are built once.
pub fn program(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fully-connected"));
    command.current_dir(dir).stdin(Stdio::null());
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RUSTFLAGS"] {
        command.env_remove(variable);
    }
    command.env("CARGO_TARGET_DIR", target());
    command
}

/// Runs a program to its end.
pub fn finish(command: &mut Command) -> Run {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the program starts");
    Run {
        code: status.code(),
        stdout: String::from_utf8(stdout).expect("UTF-8 on standard output"),
        stderr: String::from_utf8(stderr).expect("UTF-8 on standard error"),
    }
}

impl Run {
    #[track_caller]
    pub fn ended(&self, code: i32) -> &Run {
        let said = format!("{}\n{}", self.stdout, self.stderr);
        assert_eq!(self.code, Some(code), "{said}");
        self
    }

    /// It says so, on either stream.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Run {
        let said = format!("{}\n{}", self.stdout, self.stderr);
        assert!(said.contains(words), "no {words:?} in\n{said}");
        self
    }

    #[track_caller]
    pub fn says_not(&self, words: &str) -> &Run {
        let said = format!("{}\n{}", self.stdout, self.stderr);
        assert!(!said.contains(words), "{words:?} in\n{said}");
        self
    }
}

/// The variable that picks one of [`cases`].
pub const CASE: &str = "CASE";

/// An expression that is one of these, whichever [`CASE`] says, or the last.
pub fn cases<'a>(codes: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let arms = codes.into_iter().enumerate();
    let arms: String = arms
        .map(|(case, code)| format!("\"{case}\" => {{ {code} }}\n"))
        .collect();
    format!(
        "match &*std::env::var({CASE:?}).unwrap_or_default() {{\n{arms}_ => {{ {last} }}\n}}"
    )
}

/// A workbook on disk.
pub struct Workbook {
    pub dir: PathBuf,
    /// What cargo is told about the profile, if anything.
    profile: &'static [(&'static str, &'static str)],
    turn: Option<Rc<MutexGuard<'static, ()>>>,
}

/// What a workbook with all solutions is built for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Built {
    /// To be built again after each edit, as the watcher builds: generic code stands in a
    /// crate of its own, which takes a fraction of the time.
    Again,
    /// To be built once, quickly, for runs of a few tests.
    Once,
    /// To be built once, and to run all tests many times: optimized a little.
    ToRun,
}

impl Built {
    /// What cargo is told about the profile.
    fn profile(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Built::Again => &[
                ("CARGO_PROFILE_DEV_OPT_LEVEL", "0"),
                ("CARGO_PROFILE_DEV_DEBUG", "0"),
            ],
            Built::Once | Built::ToRun => {
                &[("CARGO_PROFILE_DEV_DEBUG", "0"), ("CARGO_INCREMENTAL", "0")]
            }
        }
    }

    /// The end of the manifest.
    fn packages(self) -> &'static str {
        match self {
            Built::Again => "",
            Built::Once => "\n[profile.dev.package.ndarray]\nopt-level = 3\n",
            Built::ToRun => {
                "\n[profile.dev.package.ndarray]\nopt-level = 3\n\n\
                 [profile.dev.package.workbook]\nopt-level = 1\n"
            }
        }
    }
}

/// Workbooks share the folder where cargo builds them. There they are one package, so that it
/// does not grow with each run, and a package's files are new if they were written after the
/// last build: one at a time, from its making on. What the program builds is apart.
static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    // Another test's failure does not concern this one.
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The folder where all workbooks are built.
pub fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("workbook-target")
}

impl Workbook {
    fn at(name: &str) -> Workbook {
        let books = Path::new(env!("CARGO_TARGET_TMPDIR")).join("workbooks");
        fs::create_dir_all(&books).unwrap();
        Workbook {
            dir: books.join(name),
            profile: &[],
            turn: None,
        }
    }

    /// A new workbook in the tests' own folder for temporary files, for the program.
    pub fn new(name: &str) -> Workbook {
        let book = Workbook::at(name);
        if book.dir.exists() {
            fs::remove_dir_all(&book.dir).unwrap();
        }
        let books = book.dir.parent().unwrap();
        finish(program(books).arg("new").arg(&book.dir)).ended(0);
        book
    }

    /// A new workbook for cargo.
    pub fn in_turn(name: &str) -> Workbook {
        let turn = Some(Rc::new(turn()));
        let book = Workbook {
            turn,
            ..Workbook::new(name)
        };
        for file in workbook::files() {
            if ["Cargo.toml", "Cargo.lock"].contains(&&*file.path) {
                book.write(&file.path, &file.text);
            }
        }
        book
    }

    /// A new workbook for cargo, as it was made, which has its turn together with this one.
    pub fn beside(&self, name: &str) -> Workbook {
        Workbook {
            turn: self.turn.clone(),
            ..Workbook::new(name)
        }
    }

    /// A workbook with all solutions, for cargo, the tests inside the crate.
    pub fn of_reference(name: &str, built: Built) -> Workbook {
        let book = Workbook {
            profile: built.profile(),
            turn: Some(Rc::new(turn())),
            ..Workbook::at(name)
        };
        for folder in ["src", "tests", "snapshots", "examples"] {
            let _ = fs::remove_dir_all(book.path(folder));
        }
        let files = workbook::files();
        let again = built == Built::Again;
        if again {
            for (path, text) in generics::files(&files) {
                book.write(&path, &text);
            }
        }
        for file in files {
            let text = match file.path.as_str() {
                "Cargo.toml" if again => generics::depended_on(&file.text),
                "Cargo.toml" => file.text + built.packages(),
                "Cargo.lock" if again => generics::locked(&file.text),
                "src/lib.rs" => {
                    let tests = tests_inside("#[cfg(test)]", None);
                    let linked = if again { generics::LINKED } else { "" };
                    format!("{}\n{linked}{tests}", file.text)
                }
                _ => file.text,
            };
            book.write(&file.path, &text);
        }
        book.fill(|_| true);
        book
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.dir.join(file)
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    /// A file's text, but for the workbook's own name.
    pub fn read_nameless(&self, file: &str) -> String {
        let text = self.read(file);
        String::from_utf8(package::plain(file, text.as_bytes()).into()).unwrap()
    }

    /// Writes a file, in a new folder if need be.
    pub fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The files in `folder` and below whose names end so.
    pub fn files_ending(&self, folder: &str, ending: &str) -> BTreeSet<PathBuf> {
        let mut found = BTreeSet::new();
        let mut folders = vec![self.path(folder)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.to_string_lossy().ends_with(ending) {
                    found.insert(path);
                }
            }
        }
        found
    }

    /// Puts `to` in the place of `from`, which is there.
    #[track_caller]
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "no {from:?} in {file}");
        self.write(file, &text.replacen(from, to, 1));
    }

    /// Writes the solutions of the exercises that `wanted` names, and the stubs of all
    /// others.
    pub fn fill(&self, wanted: impl Fn(&str) -> bool) {
        for chapter in CHAPTERS.iter() {
            let stubbed = workbook::stubbed(chapter);
            let filled =
                tangle::transplant(chapter, &stubbed, source(chapter), &wanted);
            self.write(&format!("src/{chapter}.rs"), &filled.unwrap());
        }
    }

    /// Runs the program in the workbook, whose code reads in [`CASE`] what to do: it is built
    /// once for all cases.
    pub fn run_case(&self, case: usize, arguments: &[&str]) -> Run {
        finish(
            program(&self.dir)
                .args(arguments)
                .env(CASE, case.to_string()),
        )
    }

    /// Runs the program in the workbook.
    pub fn run(&self, arguments: &[&str]) -> Run {
        finish(program(&self.dir).args(arguments))
    }

    /// Runs cargo in the workbook, whose turn it is.
    pub fn cargo(&self, arguments: &[&str]) -> Run {
        finish(&mut self.cargo_command(arguments))
    }

    fn cargo_command(&self, arguments: &[&str]) -> Command {
        assert!(self.turn.is_some(), "cargo builds one workbook at a time");
        let mut command = Command::new(env!("CARGO"));
        command
            .args(["--locked", "--offline"])
            .args(arguments)
            .current_dir(&self.dir)
            .env("CARGO_TARGET_DIR", target())
            .envs(self.profile.iter().copied());
        for variable in ["RUST_BACKTRACE", "RUSTFLAGS", "RUSTDOCFLAGS"] {
            command.env_remove(variable);
        }
        command
    }

    /// Builds the tests of a workbook [with all solutions](Self::of_reference) once, for many
    /// runs without cargo. The program is kept by that name: another build does not change it.
    pub fn build_tests(&self, name: &str) -> Tests {
        let run = self.cargo(&["test", "--lib", "--no-run"]);
        run.ended(0);
        let path = run.stderr.trim_end().strip_suffix(')');
        let path = path.and_then(|text| text.rsplit_once('('));
        let (_, path) = path.expect("`Executable … (PATH)` in cargo's last line");
        let kept = target().join(format!("{name}{EXE_SUFFIX}"));
        fs::copy(path, &kept).unwrap();
        Tests {
            dir: self.dir.clone(),
            program: kept,
        }
    }

    /// Runs the chapters' tests.
    pub fn test(&self) -> Results {
        self.test_case(usize::MAX)
    }

    /// Runs the chapters' tests, where [`CASE`] is read.
    pub fn test_case(&self, case: usize) -> Results {
        let mut command = self.cargo_command(&["test", "--test", "chapters"]);
        results(&finish(command.env(CASE, case.to_string())))
    }

    /// Runs the doctests.
    pub fn doctest(&self) -> Results {
        self.doctest_case(usize::MAX)
    }

    /// Runs the doctests, where [`CASE`] is read.
    pub fn doctest_case(&self, case: usize) -> Results {
        let mut command = self.cargo_command(&["test", "--no-fail-fast", "--doc"]);
        results(&finish(command.env(CASE, case.to_string())))
    }
}

/// A program of the chapters' tests inside the crate, which several threads may run.
#[derive(Clone)]
pub struct Tests {
    dir: PathBuf,
    program: PathBuf,
}

impl Tests {
    /// The program in the workbook's folder.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .current_dir(&self.dir)
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null());
        command
    }

    /// Runs those of the chapters' tests, or if none is named, all.
    pub fn tests(&self, names: &[&str], variables: &[(&str, &str)]) -> Results {
        let inside = format!("{TESTS_MODULE}::");
        let mut command = self.command();
        command
            .arg("--exact")
            .args(names.iter().map(|name| format!("{inside}{name}")))
            .envs(variables.iter().copied());
        let results = results(&finish(&mut command)).into_iter();
        results
            .map(|(title, printed)| {
                let name = title.strip_prefix(&inside).unwrap_or(&title);
                (name.to_owned(), printed)
            })
            .collect()
    }
}
