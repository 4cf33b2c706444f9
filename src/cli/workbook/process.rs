//! Running another program: with an end to its time and its output, and with all that it
//! started.

use crate::cli::failure::Failure;
use process_wrap::std::{ChildWrapper, CommandWrap};
use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

/// How often a running program is looked at when it says nothing.
const TICK: Duration = Duration::from_millis(20);
/// How long output may keep coming from what a program left behind.
const GRACE: Duration = Duration::from_millis(300);
/// The most that a program may print. A chapter's failing tests print some kilobytes.
const MOST_OUTPUT: usize = 4 << 20;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Makes Ctrl-C and a request to terminate end the program's work in good order, instead
/// of the program.
pub fn catch_signals() {
    // It fails where a handler is set already: then that one does the same.
    let _ = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst));
}

/// Whether Ctrl-C was pressed, or a request to terminate came.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Calls off work that goes on in another thread.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Calls it off.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// An error if it was called off.
    pub fn check(&self) -> Result<(), Failure> {
        if self.0.load(Ordering::SeqCst) || interrupted() {
            return Err(Failure::Interrupted);
        }
        Ok(())
    }
}

/// How much time a program has.
#[derive(Debug, Clone, Copy)]
pub enum Time {
    /// As much as it needs.
    Endless,
    /// So much for each test: from one line of its output that starts with `running ` or
    /// `test ` to the next. Until the first such line, rustdoc compiles.
    EachTest(Duration),
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself.
    Exited(ExitStatus),
    /// It took too long.
    TimedOut,
    /// It printed too much.
    Flooded,
}

/// What a program did.
#[derive(Debug)]
pub struct Ran {
    /// How it ended.
    pub end: End,
    /// Its standard output; its standard error too, if they were merged.
    pub out: String,
    /// Its standard error, unless they were merged.
    pub err: String,
}

/// Where a program's two outputs go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pipes {
    /// Into one, in the order in which they were written.
    Merged,
    /// Each into its own.
    Apart,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Out,
    Err,
}

type Chunk = (Source, Vec<u8>);

/// Runs a program to its end, or until it is called off. `on_err` sees each line of its
/// standard error as it comes.
pub fn run(
    mut command: Command,
    pipes: Pipes,
    time: Time,
    cancel: &Cancel,
    on_err: &mut dyn FnMut(&str),
) -> Result<Ran, Failure> {
    cancel.check()?;
    let name = command.get_program().to_string_lossy().into_owned();
    let (sender, chunks) = mpsc::sync_channel(16);
    let mut child =
        start(&mut command, pipes, sender).map_err(|e| cannot(&name, &e))?;
    let ended = attend(&mut *child, &chunks, time, cancel, on_err);
    if !matches!(
        ended,
        Ok(Ran {
            end: End::Exited(_),
            ..
        })
    ) {
        // The whole group: a test program and whatever it has started. It may be gone.
        let _ = child.kill();
    }
    ended
}

fn cannot(name: &str, error: &io::Error) -> Failure {
    let problem = match error.kind() {
        io::ErrorKind::NotFound if name == "cargo" => {
            "cannot find cargo: it is not on the PATH. It comes with Rust, from \
             https://rustup.rs; a new terminal may be needed after that"
                .to_owned()
        }
        _ => format!("cannot run {name}: {error}"),
    };
    Failure::Unusable(problem)
}

fn start(
    command: &mut Command,
    pipes: Pipes,
    sender: SyncSender<Chunk>,
) -> io::Result<Box<dyn ChildWrapper>> {
    let (out, out_end) = io::pipe()?;
    command.stdin(Stdio::null());
    if pipes == Pipes::Merged {
        command.stderr(out_end.try_clone()?);
    } else {
        let (err, err_end) = io::pipe()?;
        command.stderr(err_end);
        forward(Source::Err, err, sender.clone());
    }
    command.stdout(out_end);
    // The command holds our ends of the pipes; they must close for the reading to end.
    let command = std::mem::replace(command, Command::new(""));
    let mut command = CommandWrap::from(command);
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::std::JobObject);
    let child = command.spawn()?;
    drop(command);
    forward(Source::Out, out, sender);
    Ok(child)
}

/// Sends what comes out of a pipe. A full channel holds the writer up, so that output
/// without end fills no memory.
fn forward(
    source: Source,
    mut pipe: impl Read + Send + 'static,
    to: SyncSender<Chunk>,
) {
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(n @ 1..) = pipe.read(&mut buffer) {
            if to.send((source, buffer[..n].to_owned())).is_err() {
                return;
            }
        }
    });
}

fn attend(
    child: &mut dyn ChildWrapper,
    chunks: &mpsc::Receiver<Chunk>,
    time: Time,
    cancel: &Cancel,
    on_err: &mut dyn FnMut(&str),
) -> Result<Ran, Failure> {
    let mut deadline = None;
    let mut scanned = 0;
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut reported = 0;
    let mut exited: Option<(ExitStatus, Instant)> = None;
    let mut silent = false;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let end = loop {
        cancel.check()?;
        match chunks.recv_timeout(TICK) {
            Ok((Source::Out, bytes)) => out.extend(bytes),
            Ok((Source::Err, bytes)) => err.extend(bytes),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                silent = true;
                thread::sleep(Duration::from_millis(1));
            }
        }
        while let Some(length) = err[reported..].iter().position(|b| *b == b'\n') {
            let line = &err[reported..reported + length];
            on_err(&String::from_utf8_lossy(line));
            reported += length + 1;
        }
        if let Time::EachTest(time) = time
            && test_begins(&out, &mut scanned)
        {
            deadline = Some(Instant::now() + time);
        }
        if exited.is_none() {
            let status = child.try_wait().map_err(|e| cannot("a test", &e))?;
            exited = status.map(|status| (status, Instant::now()));
        }
        if let Some((status, at)) = exited
            && (silent || at.elapsed() > GRACE)
        {
            break End::Exited(status);
        }
        if out.len() + err.len() > MOST_OUTPUT {
            break End::Flooded;
        }
        if deadline.is_some_and(|deadline| Instant::now() > deadline) {
            break End::TimedOut;
        }
    };
    Ok(Ran {
        end,
        out: text(out),
        err: text(err),
    })
}

/// Whether a test begins in what has come since the last call. `scanned` is where the last
/// line looked at begins.
fn test_begins(out: &[u8], scanned: &mut usize) -> bool {
    let begins = |line: &[u8]| {
        [&b"running "[..], b"test "]
            .iter()
            .any(|w| line.starts_with(w))
    };
    let mut found = false;
    while let Some(length) = out[*scanned..].iter().position(|b| *b == b'\n') {
        found |= begins(&out[*scanned..]);
        *scanned += length + 1;
    }
    // A test's name stands in a line without an end as long as the test runs.
    let last = &out[*scanned..];
    if begins(last) && last.ends_with(b" ... ") {
        found = true;
        *scanned = out.len();
    }
    found
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, time: Time) -> Result<Ran, Failure> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        run(command, Pipes::Apart, time, &Cancel::default(), &mut |_| {})
    }

    #[test]
    fn what_a_program_prints_is_kept_apart_or_together() {
        let ran = shell("echo a; echo b >&2; exit 3", Time::Endless).unwrap();
        assert_eq!((ran.out.as_str(), ran.err.as_str()), ("a\n", "b\n"));
        assert!(matches!(ran.end, End::Exited(status) if status.code() == Some(3)));

        let mut command = Command::new("sh");
        command.args(["-c", "echo a; echo b >&2; echo c"]);
        let cancel = Cancel::default();
        let ran =
            run(command, Pipes::Merged, Time::Endless, &cancel, &mut |_| {}).unwrap();
        assert_eq!(ran.out, "a\nb\nc\n");
    }

    #[test]
    fn a_program_without_end_is_ended_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("still here");
        let script = format!(
            "(sleep 1; touch '{}') & echo; printf 'test x ... '; sleep 60",
            path.display()
        );
        let ran = shell(&script, Time::EachTest(Duration::from_millis(100)));
        let ran = ran.unwrap();
        assert_eq!(ran.end, End::TimedOut);
        thread::sleep(Duration::from_millis(1500));
        assert!(!path.exists(), "its child lived on");
    }

    #[test]
    fn output_without_end_is_ended() {
        let ran = shell("yes", Time::Endless).unwrap();
        assert_eq!(ran.end, End::Flooded);
        assert!(ran.out.len() < 2 * MOST_OUTPUT);
    }

    #[test]
    fn a_program_that_is_called_off_ends() {
        let cancel = Cancel::default();
        let other = cancel.clone();
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(50));
            other.cancel();
        });
        let mut command = Command::new("sleep");
        command.arg("60");
        let ran = run(command, Pipes::Apart, Time::Endless, &cancel, &mut |_| {});
        assert!(matches!(ran, Err(Failure::Interrupted)));
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let command = Command::new("no-such-program");
        let cancel = Cancel::default();
        let ran = run(command, Pipes::Apart, Time::Endless, &cancel, &mut |_| {});
        assert!(ran.unwrap_err().to_string().contains("no-such-program"));
    }
}
