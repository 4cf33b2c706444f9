//! `watch`, without a terminal: whatever a save brings, it goes on.

use crate::kit::{Workbook, program};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// More than any build takes, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(300);

const FORWARD: &str = "let out = x.dot(w) + b;";

/// The watcher at work, without a terminal.
struct Watcher {
    child: Child,
    lines: Receiver<String>,
    seen: String,
}

impl Watcher {
    /// Waits for a line that says so.
    #[track_caller]
    fn shows(&mut self, words: &str) {
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
    fn ends(&mut self) -> Option<i32> {
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

/// Starts the watcher.
fn watch(book: &Workbook, arguments: &[&str]) -> Watcher {
    let mut command = program(&book.dir);
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

#[test]
#[ignore = "slow: compiles a workbook"]
fn it_goes_from_exercise_to_exercise_whatever_a_save_brings() {
    let book = Workbook::new("watched");
    let file = "src/affine.rs";
    let mut watcher = watch(&book, &["watch", "--timeout", "2"]);
    watcher.shows("→ affine::forward");

    // Right in the end; by way of everything else.
    book.fill(|name| name == "affine::forward");
    let solved = book.read(file);
    let with = |code: &str| solved.replacen(FORWARD, &format!("{code} {FORWARD}"), 1);
    let wrong = solved.replacen("= x.dot(w) + b;", "= x.dot(w) - b;", 1);
    book.write(file, &wrong);
    watcher.shows("src/affine.rs was saved");
    watcher.shows("✗ wrong");
    watcher.shows("affine::forward_gives_the_courses_numbers");

    book.write(file, &with("loop {}"));
    watcher.shows("did not end within 2 s");

    // Long lines, so that the limit on what is printed is reached before that on time.
    let flood = "while b.len() > 0 { println!(\"{}\", \"for ever\".repeat(1 << 13)); }";
    book.write(file, &with(flood));
    watcher.shows("printed more than 16 MiB");

    book.write(file, &with("panic!(\"mine\");"));
    watcher.shows("mine");

    book.write(
        file,
        &with("fn deep(n: u64) -> u64 { deep(n + 1) + 1 } deep(0);"),
    );
    watcher.shows("the stack overflowed");

    book.write(file, &with("let = ;"));
    watcher.shows("it does not compile");

    fs::remove_file(book.path(file)).unwrap();
    watcher.shows("src/affine.rs was saved");
    watcher.shows("error[E0583]");

    book.write("Cargo.toml", "[broken");
    // As many editors save: written beside, then renamed.
    book.write("src/affine.rs.new", &solved);
    fs::rename(book.path("src/affine.rs.new"), book.path(file)).unwrap();
    watcher.shows("affine::forward: its tests pass");
    watcher.shows("✓ affine::forward is solved");
    watcher.shows("→ affine::backward");

    // A name that nobody expects, and back.
    fs::rename(book.path(file), book.path("src/afine.rs")).unwrap();
    watcher.shows("error[E0583]");
    fs::rename(book.path("src/afine.rs"), book.path(file)).unwrap();
    watcher.shows("→ affine::backward");

    // The two seconds were for the loop. The tests of all chapters have the time that a student
    // gives them.
    drop(watcher);
    let mut watcher = watch(&book, &["watch"]);
    watcher.shows("→ affine::backward");
    book.fill(|_| true);
    watcher.shows("✓ every exercise is done; now your network learns …");
    watcher.shows("✓ All 50 images were right at epoch 8; 100 % at the end");
    watcher.shows("fully-connected learn --layers 5");
    watcher.shows("✓ every exercise is done");
    assert_eq!(watcher.ends(), Some(0));
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn it_goes_on_when_src_is_moved_replaced_or_made_again() {
    let book = Workbook::new("moved");
    let mut watcher = watch(&book, &["watch"]);
    watcher.shows("→ affine::forward");
    let (src, away) = (book.path("src"), book.path("s2"));
    let save = |watcher: &mut Watcher, n: usize| {
        book.edit(
            "src/relu.rs",
            "// exercise",
            &format!("// {n}\n    // exercise"),
        );
        watcher.shows("src/relu.rs was saved");
        watcher.shows("→ affine::forward");
    };
    fs::rename(&src, &away).unwrap();
    watcher.shows("src was saved");
    thread::sleep(Duration::from_secs(1));
    fs::rename(&away, &src).unwrap();
    watcher.shows("→ affine::forward");
    save(&mut watcher, 1);

    // Another folder in its place, as a checkout makes it.
    let copy = |from: &std::path::Path, to: &std::path::Path| {
        fs::create_dir(to).unwrap();
        for file in fs::read_dir(from).unwrap().flatten() {
            fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    };
    copy(&src, &away);
    fs::remove_dir_all(&src).unwrap();
    watcher.shows("was saved");
    thread::sleep(Duration::from_secs(1));
    copy(&away, &src);
    watcher.shows("→ affine::forward");
    save(&mut watcher, 2);
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn a_wrong_exercise_that_was_right_comes_first_again() {
    let book = Workbook::new("again");
    book.fill(|name| name.starts_with("affine::"));
    let mut watcher = watch(&book, &[]);
    watcher.shows("✓ affine::forward is solved");
    watcher.shows("✓ affine::backward is solved");
    watcher.shows("→ relu::forward");
    book.edit("src/affine.rs", "= x.dot(w) + b;", "= x.dot(w);");
    watcher.shows("affine::forward: ✗ wrong");
}

/// The loop ends with the watcher, and so does what it has started.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "slow: compiles a workbook"]
fn a_request_to_end_ends_the_students_loop_too() {
    let book = Workbook::new("ended");
    book.fill(|name| name == "affine::forward");
    book.edit("src/affine.rs", FORWARD, &format!("loop {{}} {FORWARD}"));
    let mut watcher = watch(&book, &["watch", "--timeout", "600"]);
    watcher.shows("Watching");
    let mark = book.dir.to_string_lossy().into_owned();
    let running = || {
        let processes = fs::read_dir("/proc").unwrap().flatten();
        let test_programs = processes.filter(|process| {
            let link = |name| fs::read_link(process.path().join(name)).ok();
            let (cwd, exe) = (link("cwd"), link("exe"));
            let is_test = |exe: &std::path::Path| {
                exe.to_string_lossy().contains("/deps/fully_connected")
            };
            cwd.is_some_and(|cwd| cwd.to_string_lossy().starts_with(&mark))
                && exe.is_some_and(|exe| is_test(&exe))
        });
        test_programs.count()
    };
    let patience = Instant::now();
    while running() == 0 {
        assert!(patience.elapsed().as_secs() < 300, "the tests do not start");
        thread::sleep(Duration::from_millis(50));
    }
    let id = watcher.child.id().to_string();
    let kill = Command::new("kill").args(["-INT", &id]).status();
    assert!(kill.unwrap().success());
    assert_eq!(watcher.ends(), Some(130));
    assert_eq!(running(), 0);
}
