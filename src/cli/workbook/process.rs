//! Running another program within limits on its time and its output. It is ended together
//! with every program that it has started.

use crate::cli::failure::Failure;
use process_wrap::std::{ChildWrapper, CommandWrap};
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

/// The time between two looks at a running program that says nothing.
const TICK: Duration = Duration::from_millis(20);
/// The time after which a part that says nothing is looked at for what it left behind.
#[cfg(target_os = "linux")]
const LEFT_BEHIND: Duration = Duration::from_secs(1);
/// The time for which output may keep coming from what a program left behind.
const GRACE: Duration = Duration::from_millis(300);
/// The most that a program may print in a part of its work, in MiB.
pub const MOST_OUTPUT: usize = 16;
/// The output of a part that is kept, in bytes; what follows is counted only.
const KEPT: usize = 1 << 20;

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
pub struct Cancel {
    is_called_off: Arc<AtomicBool>,
    /// Whether Ctrl-C leaves the work going.
    is_patient: bool,
}

impl Cancel {
    /// Work that ends in good order after Ctrl-C, and goes on until it is called off.
    pub fn patient() -> Cancel {
        Cancel {
            is_patient: true,
            ..Cancel::default()
        }
    }

    /// Calls it off.
    pub fn cancel(&self) {
        self.is_called_off.store(true, Ordering::SeqCst);
    }

    /// An error if it was called off.
    pub fn check(&self) -> Result<(), Failure> {
        let is_interrupted = !self.is_patient && interrupted();
        if self.is_called_off.load(Ordering::SeqCst) || is_interrupted {
            return Err(Failure::Interrupted);
        }
        Ok(())
    }
}

/// The limits on a program.
#[derive(Debug, Clone, Copy)]
pub enum Limits<'a> {
    /// On cargo: the time from one line of its standard error to the next.
    Build(Duration),
    /// On tests and examples, which tell of themselves in a file: the time for each, from the
    /// first that begins; and the time until then.
    Told {
        /// The file.
        report: &'a Path,
        /// The time for each.
        each: Duration,
        /// The time until the first begins.
        before: Duration,
    },
}

/// The end of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It ended by itself.
    Exited(ExitStatus),
    /// It took longer than this.
    TimedOut(Duration),
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
    limits: Limits,
    cancel: &Cancel,
    on_err: &mut dyn FnMut(&str),
) -> Result<Ran, Failure> {
    cancel.check()?;
    let name = command.get_program().to_string_lossy().into_owned();
    let (sender, chunks) = mpsc::sync_channel(16);
    let mut child =
        start(&mut command, pipes, sender).map_err(|e| cannot(&name, &e))?;
    let ended = attend(&mut *child, &chunks, limits, cancel, on_err);
    // The whole group: a test program and whatever it has started, which may have stayed
    // behind. Most often nothing is left.
    let _ = child.kill();
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
    limits: Limits,
    cancel: &Cancel,
    on_err: &mut dyn FnMut(&str),
) -> Result<Ran, Failure> {
    let started = Instant::now();
    let mut clock = Clock {
        limits,
        told: 0,
        since: started,
    };
    let mut printed = Printed::default();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut reported = 0;
    let mut exited: Option<(ExitStatus, Instant)> = None;
    let mut silent = false;
    #[cfg(target_os = "linux")]
    let mut looked = started;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let end = loop {
        cancel.check()?;
        match chunks.recv_timeout(TICK) {
            Ok((Source::Out, bytes)) => printed.keep(&bytes, &mut out, limits),
            Ok((Source::Err, bytes)) => printed.keep(&bytes, &mut err, limits),
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
            if let Limits::Build(_) = limits {
                clock.since = Instant::now();
            }
        }
        if exited.is_none() {
            let status = child.try_wait().map_err(|e| cannot("a test", &e))?;
            exited = status.map(|status| (status, Instant::now()));
        }
        #[cfg(target_os = "linux")]
        if exited.is_none() && clock.may_wait_for_what_is_left(&mut looked) {
            end_what_is_left_behind(child.id());
        }
        if clock.next_part() {
            printed = Printed::default();
        }
        if let Some((status, at)) = exited
            && (silent || at.elapsed() > GRACE)
        {
            break End::Exited(status);
        }
        if printed.in_all > MOST_OUTPUT << 20 {
            break End::Flooded;
        }
        if let Some(time) = clock.is_over() {
            break End::TimedOut(time);
        }
    };
    Ok(Ran {
        end,
        out: text(out),
        err: text(err),
    })
}

/// Ends what a program of that group has started and left behind. It may hold a pipe open at
/// whose other end a program waits, as rustdoc does for an example's.
#[cfg(target_os = "linux")]
fn end_what_is_left_behind(group: u32) {
    use rustix::process::{Pid, Signal, kill_process};
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let id = entry.file_name().to_str().and_then(|id| id.parse().ok());
        let Some((id, (parent, _))) = id
            .and_then(|id: u32| Some((id, parent_and_group(id)?)))
            .filter(|(id, (_, own))| *own == group && *id != group)
        else {
            continue;
        };
        let is_left = parent_and_group(parent).is_some_and(|(_, own)| own != group);
        if let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw)
            && is_left
        {
            // It may have ended by itself.
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

/// The parent of a process, and its group.
#[cfg(target_os = "linux")]
fn parent_and_group(id: u32) -> Option<(u32, u32)> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name, in parentheses, may hold anything.
    let mut words = text.rsplit_once(") ")?.1.split(' ').skip(1);
    Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}

/// The time of the part of its work that a program is at.
struct Clock<'a> {
    limits: Limits<'a>,
    /// The length of the file in which the parts tell of themselves.
    told: u64,
    /// The beginning of the part.
    since: Instant,
}

impl Clock<'_> {
    /// Whether a new part has begun since the last call.
    fn next_part(&mut self) -> bool {
        let Limits::Told { report, .. } = self.limits else {
            return false;
        };
        let told = fs::metadata(report).map_or(0, |file| file.len());
        let is_new = told > self.told;
        if is_new {
            self.told = told;
            self.since = Instant::now();
        }
        is_new
    }

    /// Whether a test or an example is silent, and was so when we `looked` last.
    #[cfg(target_os = "linux")]
    fn may_wait_for_what_is_left(&self, looked: &mut Instant) -> bool {
        let Limits::Told { each, .. } = self.limits else {
            return false;
        };
        let time = LEFT_BEHIND.min(each / 2);
        let is_due =
            self.told > 0 && self.since.elapsed() > time && looked.elapsed() > time;
        if is_due {
            *looked = Instant::now();
        }
        is_due
    }

    /// The time that the part has, if it has taken longer.
    fn is_over(&self) -> Option<Duration> {
        let time = match self.limits {
            Limits::Build(time) => time,
            Limits::Told { before, .. } if self.told == 0 => before,
            Limits::Told { each, .. } => each,
        };
        (self.since.elapsed() > time).then_some(time)
    }
}

/// The output of a part of a program's work.
#[derive(Default)]
struct Printed {
    /// All that came, in bytes.
    in_all: usize,
}

impl Printed {
    fn keep(&mut self, bytes: &[u8], kept: &mut Vec<u8>, limits: Limits) {
        let room = match limits {
            Limits::Build(_) => bytes.len(),
            Limits::Told { .. } => KEPT.saturating_sub(self.in_all),
        };
        kept.extend(&bytes[..room.min(bytes.len())]);
        self.in_all += bytes.len();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const LONG: Limits = Limits::Build(Duration::from_secs(60));

    fn shell(script: &str, limits: Limits) -> Result<Ran, Failure> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let cancel = Cancel::default();
        run(command, Pipes::Apart, limits, &cancel, &mut |_| {})
    }

    #[test]
    fn what_a_program_prints_is_kept_apart_or_together() {
        let ran = shell("echo a; echo b >&2; exit 3", LONG).unwrap();
        assert_eq!((ran.out.as_str(), ran.err.as_str()), ("a\n", "b\n"));
        assert!(matches!(ran.end, End::Exited(status) if status.code() == Some(3)));

        let mut command = Command::new("sh");
        command.args(["-c", "echo a; echo b >&2; echo c"]);
        let cancel = Cancel::default();
        let ran = run(command, Pipes::Merged, LONG, &cancel, &mut |_| {}).unwrap();
        assert_eq!(ran.out, "a\nb\nc\n");
    }

    /// Runs a script that tells of itself in `$R`, with half a second for each part.
    fn telling(script: &str) -> Ran {
        let folder = tempfile::tempdir().unwrap();
        let report = folder.path().join("report");
        let script = format!("R='{}'; {script}", report.display());
        let limits = Limits::Told {
            report: &report,
            each: Duration::from_millis(500),
            before: Duration::from_secs(20),
        };
        shell(&script, limits).unwrap()
    }

    #[test]
    fn a_part_that_takes_too_long_is_ended_and_what_it_prints_gives_it_no_more_time() {
        let time = Duration::from_millis(500);
        let prints =
            "while true; do echo running 1 test; echo test a ...; sleep 0.1; done";
        let ran = telling(&format!("echo begun > $R; {prints}"));
        assert_eq!(ran.end, End::TimedOut(time));
        // Three parts, each of which is short enough.
        let part = "echo begun >> $R; sleep 0.3; ";
        let ran = telling(&part.repeat(3));
        assert!(matches!(ran.end, End::Exited(_)), "{:?}", ran.end);
    }

    #[test]
    fn each_part_may_print_up_to_the_limit() {
        let prints = "echo begun >> $R; sleep 0.1; head -c 9000000 /dev/zero; ";
        let ran = telling(&prints.repeat(3));
        assert!(matches!(ran.end, End::Exited(_)), "{:?}", ran.end);
        assert!(ran.out.len() <= 3 * KEPT, "{}", ran.out.len());
        let ran = telling(&format!("{prints}{}", &prints[20..]));
        assert_eq!(ran.end, End::Flooded);
    }

    #[test]
    fn whatever_a_program_has_started_is_ended_with_it() {
        for end in ["sleep 60", "exit 0"] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("still here");
            let script = format!("(sleep 1; touch '{}') & {end}", path.display());
            let ran = shell(&script, Limits::Build(Duration::from_millis(600)));
            let exits = end == "exit 0";
            assert_eq!(matches!(ran.unwrap().end, End::Exited(_)), exits);
            thread::sleep(Duration::from_millis(1500));
            assert!(!path.exists(), "its child lived on");
        }
    }

    /// As rustdoc waits for all that an example prints, though the example has ended.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_left_behind_holds_nobody_up() {
        let ran = telling("echo begun > $R; (sleep 60 & exit 0) | cat; echo after");
        assert!(matches!(ran.end, End::Exited(_)), "{:?}", ran.end);
        assert_eq!(ran.out, "after\n");
    }

    #[test]
    fn output_without_end_is_ended() {
        let ran = shell("yes", LONG).unwrap();
        assert_eq!(ran.end, End::Flooded);
        assert!(ran.out.len() < 2 * (MOST_OUTPUT << 20));
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
        let ran = run(command, Pipes::Apart, LONG, &cancel, &mut |_| {});
        assert!(matches!(ran, Err(Failure::Interrupted)));
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let command = Command::new("no-such-program");
        let ran = run(command, Pipes::Apart, LONG, &Cancel::default(), &mut |_| {});
        assert!(ran.unwrap_err().to_string().contains("no-such-program"));
    }
}
