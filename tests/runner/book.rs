//! A workbook on disk and the program run in it.

use fully_connected::literate::manifest::CHAPTERS;
use fully_connected::literate::tangle;
use fully_connected::literate::workbook::{self, source};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// More than any build takes, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(300);

pub struct Book {
    pub dir: PathBuf,
}

pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// The program in a folder, with none of the terminal's settings, and where all tests
/// build, so that the dependencies are built once.
pub fn program(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fully-connected"));
    command.current_dir(dir).stdin(Stdio::null());
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RUSTFLAGS"] {
        command.env_remove(variable);
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("runner-target");
    command.env("CARGO_TARGET_DIR", target);
    command
}

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

impl Book {
    /// A new workbook in a folder of the tests.
    pub fn new(name: &str) -> Book {
        let books = Path::new(env!("CARGO_TARGET_TMPDIR")).join("runner-books");
        fs::create_dir_all(&books).unwrap();
        let dir = books.join(name);
        if dir.exists() {
            fs::remove_dir_all(&dir).unwrap();
        }
        finish(program(&books).arg("new").arg(&dir)).ended(0);
        Book { dir }
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        finish(program(&self.dir).args(arguments))
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.dir.join(file)
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    pub fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).unwrap();
    }

    /// Puts `to` in the place of `from`, which is there.
    #[track_caller]
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "no {from:?} in {file}");
        self.write(file, &text.replacen(from, to, 1));
    }

    /// Writes the solutions of those exercises, and the stubs of all others.
    pub fn fill(&self, wanted: impl Fn(&str) -> bool) {
        for chapter in CHAPTERS.iter() {
            let stubbed = workbook::stubbed(chapter);
            let filled =
                tangle::transplant(chapter, &stubbed, source(chapter), &wanted);
            self.write(&format!("src/{chapter}.rs"), &filled.unwrap());
        }
    }

    /// The files in `folder` and below whose names end so.
    pub fn files_ending(&self, folder: &str, ending: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.path(folder)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.to_string_lossy().ends_with(ending) {
                    found.push(path);
                }
            }
        }
        found
    }

    /// Starts the watcher.
    pub fn watch(&self, arguments: &[&str]) -> Watcher {
        let mut command = program(&self.dir);
        command.args(arguments).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Watcher {
            child,
            lines,
            seen: String::new(),
        }
    }
}

/// The watcher at work, without a terminal.
pub struct Watcher {
    pub child: Child,
    lines: Receiver<String>,
    seen: String,
}

impl Watcher {
    /// Waits for a line that says so.
    #[track_caller]
    pub fn shows(&mut self, words: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    self.seen += &format!("{line}\n");
                    if line.contains(words) {
                        return;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    panic!("no {words:?} in\n{}", self.seen)
                }
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("it ended without {words:?}:\n{}", self.seen)
                }
            }
        }
    }

    /// Waits for its end.
    pub fn ends(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // In good order, so that what it has started ends too.
        #[cfg(unix)]
        {
            let id = self.child.id().to_string();
            let _ = Command::new("kill").args(["-TERM", &id]).status();
            let end = Instant::now() + Duration::from_secs(10);
            while Instant::now() < end {
                if !matches!(self.child.try_wait(), Ok(None)) {
                    return;
                }
                thread::sleep(Duration::from_millis(20));
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
