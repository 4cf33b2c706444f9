//! Running another program within limits on its time and its output. It is ended together
//! with every program that it has started.

use crate::cli::failure::Failure;
use process_wrap::std::{ChildWrapper, CommandWrap};
use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

/// The time between two looks at a running program that says nothing.
const TICK: Duration = Duration::from_millis(20);
/// The time for which output may keep coming from what a program left behind.
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

/// The time that a program has.
#[derive(Debug, Clone, Copy)]
pub enum Time {
    /// No limit.
    Endless,
    /// This much for each part of its work, from the first that begins.
    EachPart(Duration, Begins),
}

/// Whether a part of the work begins in the output that has come since the last call, which
/// put into the number where the next call has to look.
pub type Begins = fn(&[u8], &mut usize) -> bool;

/// The end of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It ended by itself.
    Exited(ExitStatus),
    /// It took too long.
    TimedOut,
    /// It printed too much.
    Flooded,
}

/// The end and the output of a program.
#[derive(Debug)]
pub struct Ran {
    /// Its end.
    pub end: End,
    /// Its standard output; its standard error too, if they were merged.
    pub out: String,
    /// Its standard error, unless they were merged.
    pub err: String,
}

/// The pipes for a program's two outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pipes {
    /// One pipe, so that the two stay in the order in which they were written.
    Merged,
    /// A pipe for each.
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
        if let Time::EachPart(time, begins) = time
            && begins(&out, &mut scanned)
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
        let script = format!("(sleep 1; touch '{}') & echo; sleep 60", path.display());
        let begins: Begins = |out, scanned| {
            let new = out.len() > *scanned;
            *scanned = out.len();
            new
        };
        let ran = shell(&script, Time::EachPart(Duration::from_millis(100), begins));
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
