//! What became of a test or an example, told to the program that runs it.
//!
//! The program names a file in the environment; what is told is added to it, a record at a
//! time. So what a student's code prints, and how the whole run ends, decide nothing: what
//! has not told that it passed has not passed. Without such a file nothing is told.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::panic::Location;
use std::thread;
#[cfg(unix)]
use std::{sync::Once, time::Duration};

/// The variable that names the file.
const REPORT: &str = "FULLY_CONNECTED_REPORT";
/// The most panics of a test that are told. One that catches its own may have many.
const MOST_PANICS: u32 = 8;

thread_local! {
    static FILE: RefCell<Option<File>> = const { RefCell::new(None) };
    static NAME: RefCell<String> = const { RefCell::new(String::new()) };
    static PANICS: Cell<u32> = const { Cell::new(0) };
}

/// A test or an example that runs on this thread. It must live to the end of the function:
/// where it is dropped without a panic, the test has passed.
#[must_use = "what is dropped has passed"]
pub struct Running(());

impl Drop for Running {
    fn drop(&mut self) {
        let failed = thread::panicking();
        tell(if failed { "failed" } else { "passed" }, "");
        FILE.set(None);
    }
}

/// Tells that this has begun.
pub fn begin(name: &str) -> Running {
    let path = std::env::var_os(REPORT).filter(|path| !path.is_empty());
    let file = path.and_then(|path| OpenOptions::new().append(true).open(path).ok());
    if file.is_some() {
        end_with_the_parent();
    }
    FILE.set(file);
    NAME.set(name.to_owned());
    PANICS.set(0);
    tell("begun", "");
    Running(())
}

/// Ends this program when the one that runs it is gone, killed perhaps: a loop without end
/// would go on for ever.
fn end_with_the_parent() {
    #[cfg(unix)]
    {
        use std::os::unix::process::parent_id;
        static WATCH: Once = Once::new();
        WATCH.call_once(|| {
            let parent = parent_id();
            thread::spawn(move || {
                while parent_id() == parent {
                    thread::sleep(Duration::from_millis(500));
                }
                std::process::exit(1);
            });
        });
    }
}

/// Tells of a panic on this thread.
pub fn panicked(message: &str, place: Option<&Location<'_>>) {
    let count = PANICS.get();
    PANICS.set(count.saturating_add(1));
    if count < MOST_PANICS {
        let place = place.map(Location::to_string).unwrap_or_default();
        tell("panicked", &format!("{place}\n{message}"));
    }
}

/// Adds a record: `KIND`, the name and a text, between characters that no text holds.
pub fn tell(kind: &str, text: &str) {
    FILE.with_borrow_mut(|file| {
        if let Some(file) = file {
            let name = NAME.with_borrow(String::clone);
            let text = text.replace(['\u{1e}', '\u{1f}'], " ");
            let record = format!("{kind}\u{1f}{name}\u{1f}{text}\u{1e}");
            // In one write, since several may add to the file at the same time.
            let _ = file.write_all(record.as_bytes());
        }
    });
}

/// What a panic says.
pub fn message(panic: &(dyn Any + Send)) -> &str {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    owned
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a message")
}

/// An example in the documentation, which is a program of its own: its panics are told too.
#[allow(dead_code, reason = "the crate that a check builds calls it")]
pub fn example(name: &str) -> Running {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        panicked(message(info.payload()), info.location());
        usual(info);
    }));
    begin(name)
}
