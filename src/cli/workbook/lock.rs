//! Locks, so that two programs at work in one workbook do not disturb each other. The
//! system lets go of a lock when its program ends, however it ends.

use super::copy::working_folder;
use super::place::Workbook;
use super::process::Cancel;
use crate::cli::failure::Failure;
use fs4::TryLockError;
use std::fs::{File, OpenOptions};
use std::thread;
use std::time::Duration;

/// The time between two looks at a lock that another program holds.
const PAUSE: Duration = Duration::from_millis(50);

/// A lock, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// The lock of the watcher; `None` if a watcher has it.
    pub fn of_watcher(workbook: &Workbook) -> Result<Option<Lock>, Failure> {
        take_if_free(open(workbook, "watch.lock")?)
    }

    /// The lock of a `check` or a `learn`, which waits until no other one has it. `wait` hears
    /// it if so.
    pub fn of(
        command: &str,
        workbook: &Workbook,
        cancel: &Cancel,
        wait: &mut dyn FnMut(),
    ) -> Result<Lock, Failure> {
        let mut told = false;
        loop {
            cancel.check()?;
            if let Some(lock) =
                take_if_free(open(workbook, &format!("{command}.lock"))?)?
            {
                return Ok(lock);
            }
            if !told {
                wait();
                told = true;
            }
            thread::sleep(PAUSE);
        }
    }

    /// The lock of whoever changes the workbook's files, which is never held for long. Where
    /// it cannot be had, as in a folder that may only be read, there is `None`, and the
    /// change itself says what is wrong.
    pub fn of_files(workbook: &Workbook) -> Option<Lock> {
        let file = open(workbook, "files.lock").ok()?;
        fs4::FileExt::lock(&file).ok()?;
        Some(Lock { _file: file })
    }
}

fn open(workbook: &Workbook, name: &str) -> Result<File, Failure> {
    let path = working_folder(workbook)?.join(name);
    let mut options = OpenOptions::new();
    // Nothing is ever written into it.
    options.write(true).create(true).truncate(false);
    options
        .open(&path)
        .map_err(|error| Failure::Write(path, error))
}

/// A file system without locks locks nothing out.
fn take_if_free(file: File) -> Result<Option<Lock>, Failure> {
    match fs4::FileExt::try_lock(&file) {
        Err(TryLockError::WouldBlock) => Ok(None),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(Lock { _file: file })),
    }
}
