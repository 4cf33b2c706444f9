//! The tests teach: what a failing test prints first.
//!
//! A test begins with `let _test = teach("affine::backward");`, which says the exercise that it
//! belongs to, and lives to its end; one of given code, with `given()`. Should it fail, be it by an assertion or by a panic in the chapter's own code, then the probes
//! of the exercises up to that one are run. They call the student's functions on small
//! fixed inputs; what comes out is compared with what each classical mistake would have
//! given, and the first mistake that explains all that differs is printed before anything
//! else:
//!
//! ```text
//! affine::backward: db is 1/5 of what it should be, and N = 5. …
//!   db[0]: expected 1.25, yours 0.25 (yours ÷ expected = 0.2)
//!   for x (5, 7, 2), w (14, 9), b (9,), dout (5, 9)
//! ```
//!
//! A test that passes says nothing, and so does one that waits for a `todo!`. What decides
//! when the program runs the tests is not what they print: see [`report`].

pub mod fingerprint;
pub mod probe;
pub mod report;

use crate::probes::{fingerprints, probes};
use probe::{Probe, is_todo};
use report::{Running, message};
use std::cell::{Cell, RefCell};
use std::panic;
use std::sync::{Once, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

/// A probe that has not come back by then never will.
const PATIENCE: Duration = Duration::from_secs(10);

thread_local! {
    /// The exercise of the test that runs on this thread.
    static EXERCISE: Cell<Option<&'static str>> = const { Cell::new(None) };
    /// Whether a panic on this thread is expected, and nothing to speak of.
    static QUIET: Cell<bool> = const { Cell::new(false) };
    /// The place of the last such panic, `FILE:LINE`.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The place of the last panic on this thread that was not printed, `FILE:LINE`.
pub fn last_place() -> String {
    PLACE.with_borrow(String::clone)
}

/// One exercise's probe, and what it found once it was run.
pub struct Probing {
    pub exercise: &'static str,
    pub run: fn(&mut Probe),
    found: OnceLock<Option<String>>,
}

impl Probing {
    pub fn new(exercise: &'static str, run: fn(&mut Probe)) -> Probing {
        Probing {
            exercise,
            run,
            found: OnceLock::new(),
        }
    }

    fn finding(&'static self) -> Option<&'static str> {
        let found = self.found.get_or_init(|| {
            let (send, receive) = mpsc::channel();
            // A panic while another one is reported would end the whole program; on a
            // thread of its own it ends that thread.
            let diagnose = move || {
                QUIET.set(true);
                let mut probe = Probe::default();
                (self.run)(&mut probe);
                let chapter = self.exercise.split("::").next().unwrap_or("");
                let known = fingerprints(chapter);
                let found = fingerprint::finding(&known, self.exercise, &probe);
                // Nobody listens any more after PATIENCE.
                let _ = send.send(found);
            };
            thread::Builder::new().spawn(diagnose).ok()?;
            match receive.recv_timeout(PATIENCE) {
                Ok(found) => found,
                Err(mpsc::RecvTimeoutError::Timeout) => Some(format!(
                    "{}: does not come back within {} s from a small input; is there a \
                     loop without an end?\n",
                    self.exercise,
                    PATIENCE.as_secs()
                )),
                Err(mpsc::RecvTimeoutError::Disconnected) => None,
            }
        });
        found.as_deref()
    }
}

/// Begins a test of this exercise. Should it fail, then what is wrong with the exercise, or
/// with one before it, is printed first.
pub fn teach(exercise: &'static str) -> Running {
    begin(Some(exercise))
}

/// Begins a test of what is given.
pub fn given() -> Running {
    begin(None)
}

fn begin(exercise: Option<&'static str>) -> Running {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let place = info.location();
            if QUIET.get() {
                let place = place.map(|at| format!("{}:{}", at.file(), at.line()));
                PLACE.set(place.unwrap_or_default());
                return;
            }
            let said = message(info.payload());
            report::panicked(said, place);
            if let Some(exercise) = EXERCISE.get()
                && !is_todo(said)
                && let Some(finding) = first_finding(exercise)
            {
                report::tell("finding", finding);
                eprint!("{finding}");
            }
            usual(info);
        }));
    });
    EXERCISE.set(exercise);
    // libtest runs each test on a thread of the test's name.
    report::begin(thread::current().name().unwrap_or_default())
}

/// The first finding among the exercises up to `last`, in their order.
fn first_finding(last: &str) -> Option<&'static str> {
    let probes = probes();
    let end = probes.iter().position(|probing| probing.exercise == last)?;
    probes[..=end].iter().find_map(Probing::finding)
}

/// Runs `f`, whose panic is expected and not printed, and returns what it says. A
/// `todo!` is never expected.
pub fn expected_panic<R>(f: impl FnOnce() -> R) -> Option<String> {
    let before = QUIET.replace(true);
    let result = panic::catch_unwind(panic::AssertUnwindSafe(f));
    QUIET.set(before);
    let said = message(&*result.err()?).to_owned();
    assert!(!is_todo(&said), "{said}");
    Some(said)
}
