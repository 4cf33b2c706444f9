//! The example `learn` in a copy of the workbook: the experiments, made with the student's
//! crate.

use super::cargo::{self, Built, build};
use super::copy::{Copy, Part, Purpose, with_plain_places};
use super::lock::Lock;
use super::place::Workbook;
use super::process::{self, Cancel, End, Limits, MOST_OUTPUT, Pipes, Ran};
use super::snapshot::Snapshot;
use super::sources::Sources;
use crate::cli::failure::Failure;
use fully_connected::Error;
use fully_connected::careful::Train;
use fully_connected::experiments::{Experiment, INPUTS, Seen};
use fully_connected::literate::libtest;
use fully_connected::literate::report::waits_for;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

/// The time between two looks at what the program reports.
const TICK: Duration = Duration::from_millis(15);

/// The program, built of the student's crate.
#[derive(Debug)]
pub struct Example {
    program: PathBuf,
    sources: Sources,
}

/// The end of a report.
enum Last {
    /// All was seen.
    Done,
    /// The program said why not.
    Failed(Failure),
    /// It panicked.
    Panicked { message: String, place: String },
}

impl Example {
    /// Builds it. `progress` hears what cargo is doing.
    pub fn build(
        workbook: &Workbook,
        snapshot: Snapshot,
        cancel: &Cancel,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Example, Failure> {
        let mut wait = || progress("waiting for another `learn` in this workbook");
        let _alone = Lock::of("learn", workbook, cancel, &mut wait)?;
        let copy = Copy::of(workbook, Purpose::Learn);
        copy.refresh(workbook, Part::Whole)?;
        let sources = snapshot.sources;
        match build(&copy, cancel, progress)? {
            Built::Program(program) => Ok(Example { program, sources }),
            Built::Errors(errors) => {
                let errors: Vec<_> =
                    errors.into_iter().map(|e| sources.told_error(e)).collect();
                let errors = errors.join("\n\n");
                Err(Failure::Stopped(format!(
                    "your crate does not compile:\n\n{errors}"
                )))
            }
        }
    }

    /// Makes an experiment. `say` hears what it sees, as it goes, and `look` is called all the
    /// while. `time` is how long it may see nothing, for a small network.
    pub fn run(
        &self,
        experiment: &Experiment,
        time: Duration,
        cancel: &Cancel,
        say: &mut dyn FnMut(Seen),
        look: &mut dyn FnMut(),
    ) -> Result<(), Failure> {
        let report = tempfile::NamedTempFile::new()
            .map_err(|e| Failure::Write(std::env::temp_dir(), e))?;
        let mut command = Command::new(&self.program);
        command.arg("--report").arg(report.path());
        command.args(experiment.words());
        cargo::quiet(&mut command);
        let mut reader = Reader::open(report.path())?;
        let time = time * size(experiment);
        let limits = Limits::Told {
            report: report.path(),
            each: time,
            before: time,
        };
        let mut last = None;
        let ran = thread::scope(|scope| {
            let running = scope.spawn(|| {
                process::run(command, Pipes::Merged, limits, cancel, &mut |_| {})
            });
            while !running.is_finished() {
                thread::sleep(TICK);
                look();
                if let Err(failure) = reader.read(say, &mut last) {
                    cancel.cancel();
                    return Err(failure);
                }
            }
            running.join().expect("running a program does not panic")
        })?;
        reader.read(say, &mut last)?;
        self.judge(&ran, last)
    }

    fn judge(&self, ran: &Ran, last: Option<Last>) -> Result<(), Failure> {
        let printed = with_plain_places(&ran.out);
        let said = match (ran.end, last) {
            (End::Exited(status), Some(Last::Done)) if status.success() => {
                return Ok(());
            }
            (End::Exited(status), Some(Last::Failed(failure))) if status.success() => {
                return Err(failure);
            }
            (End::TimedOut(time), _) => format!(
                "nothing came from your network for {} s, and it was stopped. Is there a \
                 loop without end?",
                time.as_secs()
            ),
            (End::Flooded, _) => format!(
                "your network printed more than {MOST_OUTPUT} MiB and was stopped"
            ),
            (End::Exited(_), Some(Last::Panicked { message, place })) => {
                match waits_for(&message) {
                    Some(exercise) => format!("{exercise} is open"),
                    None => {
                        let message = libtest::harmless(&message);
                        format!("your network panicked: {message}\n    at {place}")
                    }
                }
            }
            (End::Exited(_), _) if printed.contains("overflowed its stack") => {
                "the stack overflowed. Does a function call itself without end?"
                    .to_owned()
            }
            (End::Exited(status), _) => {
                format!("your network ended before its end: {status}")
            }
        };
        let mut told = self.sources.told(said);
        let lines = libtest::said(&printed);
        if !lines.is_empty() {
            told += "\n  your code printed:";
            for line in lines {
                told += &format!("\n    {line}");
            }
        }
        Err(Failure::Stopped(told))
    }
}

/// How many times a small network's time an experiment may take before it sees more: a
/// gradient check sees nothing before it is through with a network, which takes the square of
/// its parameters.
fn size(experiment: &Experiment) -> u32 {
    let (work, small) = match experiment {
        Experiment::Sanity(it) => {
            let input: usize = it.input.iter().product();
            let weights = weights(input, &it.hidden, it.classes) as f64;
            (weights * weights * it.examples as f64, 1e8)
        }
        Experiment::Overfit(it) => {
            let hidden = vec![it.hidden; it.layers - 1];
            (
                weights(INPUTS, &hidden, 10) as f64 * it.batch.max(50) as f64,
                1e8,
            )
        }
        // At the beginning thousands of images are read and asked about.
        Experiment::Train(Train { network, .. }, _)
        | Experiment::Scores(network, _) => {
            (weights(INPUTS, &network.hidden, 10) as f64 * 1e4, 1e8)
        }
    };
    1 + (work / small).min(1e4) as u32
}

fn weights(input: usize, hidden: &[usize], classes: usize) -> usize {
    let ends = [&[input], hidden, &[classes]].concat();
    ends.windows(2).map(|pair| pair[0] * pair[1]).sum()
}

/// Reads a report while it grows.
struct Reader {
    file: File,
    rest: String,
}

impl Reader {
    fn open(path: &Path) -> Result<Reader, Failure> {
        let file = File::open(path).map_err(|e| Failure::Write(path.to_owned(), e))?;
        Ok(Reader {
            file,
            rest: String::new(),
        })
    }

    /// Reads what is new, and says whether there was anything.
    fn read(
        &mut self,
        say: &mut dyn FnMut(Seen),
        last: &mut Option<Last>,
    ) -> Result<bool, Failure> {
        let mut bytes = Vec::new();
        self.file.read_to_end(&mut bytes)?;
        self.rest += &String::from_utf8_lossy(&bytes);
        while let Some((line, rest)) = self.rest.split_once('\n') {
            match line.parse() {
                Ok(seen) => say(seen),
                // A panic is the last word.
                Err(()) if matches!(last, Some(Last::Panicked { .. })) => {}
                Err(()) => *last = ending(line),
            }
            self.rest = rest.to_owned();
        }
        Ok(!bytes.is_empty())
    }
}

fn ending(line: &str) -> Option<Last> {
    if line == "done" {
        return Some(Last::Done);
    }
    let (word, rest) = line.split_once(' ')?;
    let failure = match (word, rest.split_once(' ')) {
        ("panicked", Some((place, message))) => {
            return Some(Last::Panicked {
                message: message.to_owned(),
                place: place.to_owned(),
            });
        }
        ("diverged", Some((step, loss))) => Failure::Library(Error::Diverged {
            step: step.parse().ok()?,
            loss: loss.parse().ok()?,
        }),
        ("refused", _) => Failure::Unusable(rest.to_owned()),
        _ => return None,
    };
    Some(Last::Failed(failure))
}
