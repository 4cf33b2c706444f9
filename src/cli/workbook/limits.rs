//! The limits under which code runs that is not trusted.
//!
//! The program starts itself once more, as `limited`: that sets the limits of its own process,
//! which whatever it becomes and starts inherits, and then becomes the program that it was told
//! to run. Only Linux has all of them; elsewhere the limits on time and output remain.

use super::copy::{Copy, Purpose};
use crate::cli::failure::Failure;
use crate::cli::outcome::Outcome;
use clap::Args;
use std::ffi::OsString;
use std::process::Command;

/// The command that sets the limits.
const NAME: &str = "limited";

/// Run a program within limits
#[derive(Debug, Args)]
pub struct Limited {
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

/// The command, within limits if the copy is of code that is not trusted.
pub fn of(copy: &Copy, command: Command) -> Command {
    match std::env::current_exe() {
        Ok(program) if copy.purpose == Purpose::Submission && is_possible() => {
            let mut limited = Command::new(program);
            limited.arg(NAME).arg("--").arg(command.get_program());
            limited.args(command.get_args());
            for (name, value) in command.get_envs() {
                match value {
                    Some(value) => limited.env(name, value),
                    None => limited.env_remove(name),
                };
            }
            if let Some(dir) = command.get_current_dir() {
                limited.current_dir(dir);
            }
            limited
        }
        _ => command,
    }
}

fn is_possible() -> bool {
    cfg!(target_os = "linux")
}

impl Limited {
    /// Sets the limits, and becomes the program.
    pub fn run(&self) -> Result<Outcome, Failure> {
        #[cfg(target_os = "linux")]
        {
            linux::set()?;
            let mut command = Command::new(&self.command[0]);
            command.args(&self.command[1..]);
            let error = std::os::unix::process::CommandExt::exec(&mut command);
            let program = self.command[0].to_string_lossy();
            Err(Failure::Unusable(format!("cannot run {program}: {error}")))
        }
        #[cfg(not(target_os = "linux"))]
        Err(Failure::Unusable(format!(
            "{:?} cannot be limited here",
            self.command
        )))
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use crate::cli::failure::Failure;
    use rustix::process::{Resource, Rlimit, getrlimit, getuid, setrlimit};
    use std::fs;
    use std::os::unix::fs::MetadataExt;

    /// Bytes of memory that a process may ask for. The compiler takes up to 2 GB.
    const MEMORY: u64 = 8 << 30;
    /// Seconds of processor time of a process. A workbook's build takes some ten, its tests
    /// together a few.
    const SECONDS: u64 = 300;
    /// Bytes of a file.
    const FILE: u64 = 1 << 30;
    /// Processes and threads beyond those that the user has. Cargo, compilers and tests take
    /// some twenty on a small machine, and more with each processor.
    const PROCESSES: u64 = 512;

    pub fn set() -> Result<(), Failure> {
        for (resource, most, name) in [
            (Resource::As, MEMORY, "memory"),
            (Resource::Cpu, SECONDS, "processor time"),
            (Resource::Fsize, FILE, "file size"),
            (Resource::Core, 0, "core files"),
            (Resource::Nproc, present() + PROCESSES, "processes"),
        ] {
            // A limit that holds already is not raised.
            let now = getrlimit(resource);
            let least = |limit: Option<u64>| Some(limit.unwrap_or(most).min(most));
            let limit = Rlimit {
                current: least(now.current),
                maximum: least(now.maximum),
            };
            setrlimit(resource, limit).map_err(|error| {
                Failure::Unusable(format!("cannot limit the {name}: {error}"))
            })?;
        }
        Ok(())
    }

    /// The number of the user's processes and threads, which is what the system counts.
    fn present() -> u64 {
        let mine = getuid().as_raw();
        let Ok(processes) = fs::read_dir("/proc") else {
            return 0;
        };
        let own = processes.flatten().filter(|process| {
            process
                .metadata()
                .is_ok_and(|process| process.uid() == mine)
        });
        let threads = own.map(|process| {
            fs::read_dir(process.path().join("task")).map_or(0, Iterator::count)
        });
        threads.sum::<usize>() as u64
    }
}
