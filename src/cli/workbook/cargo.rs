//! Building the copy of a workbook with cargo.

use super::copy::{Copy, Purpose, with_plain_places};
use super::limits;
use super::process::{self, Cancel, End, Limits, MOST_OUTPUT, Pipes};
use crate::cli::failure::Failure;
use fully_connected::literate::report::REPORT;
use serde_json::Value;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The time for which cargo may be silent. The first build is the longest, and on a slow
/// machine a single package takes a minute.
const BUILD: Duration = Duration::from_secs(600);

/// The result of a build.
#[derive(Debug)]
pub enum Built {
    /// The program that was built.
    Program(PathBuf),
    /// The compiler's errors, as cargo prints them; those in the student's files first.
    Errors(Vec<String>),
}

/// Builds the copy's program: `learn`, or the tests, and beside these the crate that examples
/// use, so that these need not wait for it. `progress` hears what cargo is doing.
pub fn build(
    copy: &Copy,
    cancel: &Cancel,
    progress: &mut dyn FnMut(&str),
) -> Result<Built, Failure> {
    let mut command = cargo("build", copy);
    match copy.purpose {
        Purpose::Learn => {
            command.args(["--release", "--example", &copy.package]);
        }
        Purpose::Check | Purpose::Watch | Purpose::Submission => {
            command.args(["--lib", "--tests"]);
        }
    }
    command.arg("--message-format=json-diagnostic-rendered-ansi");
    let on_err = &mut |line: &str| {
        let line = line.trim();
        let words = [
            "Compiling",
            "Downloading",
            "Downloaded",
            "Updating",
            "Blocking",
        ];
        let is_news = words.iter().any(|word| line.starts_with(word));
        if is_news && !line.starts_with("Compiling workbook-") {
            progress(line);
        }
    };
    let command = limits::of(copy, command);
    let limits = Limits::Build(BUILD);
    let ran = process::run(command, Pipes::Apart, limits, cancel, on_err)?;
    match ran.end {
        End::TimedOut(time) => {
            return Err(Failure::Unusable(format!(
                "cargo was stopped: it had said nothing for {} minutes. Is there code that \
                 the compiler itself has to run, a macro or a constant, without end?",
                time.as_secs() / 60
            )));
        }
        End::Flooded => {
            return Err(Failure::Unusable(format!(
                "cargo was stopped: the compiler printed more than {MOST_OUTPUT} MiB"
            )));
        }
        End::Exited(_) => {}
    }
    let messages = ran.out.lines().filter_map(|l| serde_json::from_str(l).ok());
    let messages: Vec<Value> = messages.collect();
    if matches!(ran.end, End::Exited(status) if status.success()) {
        let found = messages.iter().find_map(|m| m["executable"].as_str());
        return found
            .map(|program| Built::Program(program.into()))
            .ok_or_else(|| Failure::Unusable("cargo built no program".to_owned()));
    }
    let mut errors: Vec<(bool, String)> = messages.iter().filter_map(error).collect();
    if errors.is_empty() {
        // Not the student's code: no network, a lock, a disk that is full.
        let said = ran.err.trim();
        return Err(Failure::Unusable(format!("cargo cannot build:\n{said}")));
    }
    errors.sort_by_key(|(is_the_students, _)| !is_the_students);
    // The same code is in both.
    let mut seen = HashSet::new();
    errors.retain(|(_, text)| seen.insert(text.clone()));
    Ok(Built::Errors(
        errors.into_iter().map(|(_, text)| text).collect(),
    ))
}

/// Runs the examples whose names contain one of `filters`, all if there are none.
pub fn examples(
    copy: &Copy,
    filters: &[String],
    report: &Path,
    time: Duration,
    cancel: &Cancel,
) -> Result<process::Ran, Failure> {
    let mut command = cargo("test", copy);
    command.args(["--doc", "--color=never", "--"]).args(filters);
    command.env(REPORT, report);
    let limits = Limits::Told {
        report,
        each: time,
        before: BUILD,
    };
    let command = limits::of(copy, command);
    process::run(command, Pipes::Apart, limits, cancel, &mut |_| {})
}

/// A command of cargo's in the copy, undisturbed by what the student's terminal has set.
fn cargo(name: &str, copy: &Copy) -> Command {
    let mut command = Command::new("cargo");
    command.args([name, "--locked", "--target-dir"]);
    command.arg(&copy.target).current_dir(&copy.dir);
    quiet(&mut command);
    command
}

/// Takes out of a program's environment what changes tests and their output: backtraces
/// cost seconds where many tests say `todo!`.
pub fn quiet(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let disturbs = ["RUST_TEST_", "CLICOLOR", "CARGO_TERM_"];
        let disturbs = disturbs.iter().any(|prefix| text.starts_with(prefix));
        let is_one_of = ["RUST_BACKTRACE", "RUST_LIB_BACKTRACE"].contains(&&*text);
        if disturbs || is_one_of {
            command.env_remove(name);
        }
    }
    command.env("NO_COLOR", "1");
}

/// The names of `ndarray` that people miss first. The compiler has no advice for some of them,
/// and for others it names something else of that name.
const NAMES: [&str; 10] = [
    "Axis",
    "Zip",
    "s",
    "azip",
    "array",
    "concatenate",
    "stack",
    "Array",
    "Array1",
    "Array2",
];

/// What to write where the compiler cannot find a name, if it is one of ndarray's.
fn missing_import(message: &str) -> Option<String> {
    if !message.contains("cannot find") && !message.contains("undeclared") {
        return None;
    }
    let name = message.split('`').nth(1)?;
    NAMES.contains(&name).then(|| {
        format!(
            "  `use ndarray::{name};` brings it, in the first line of your region or in the \
             chapter's last region, for functions of your own"
        )
    })
}

/// An error of the compiler, and whether it is in the student's code.
fn error(message: &Value) -> Option<(bool, String)> {
    let message = &message["message"];
    let spans = message["spans"].as_array()?;
    if message["level"] != "error" || spans.is_empty() {
        return None;
    }
    let in_src = |span: &Value| {
        let file = span["file_name"].as_str().unwrap_or("");
        with_plain_places(file)
            .replace('\\', "/")
            .starts_with("src/")
    };
    let mut text = with_plain_places(message["rendered"].as_str()?.trim_end());
    if let Some(import) = missing_import(message["message"].as_str()?) {
        text += &format!("\n{import}");
    }
    Some((spans.iter().any(in_src), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_ndarrays_that_is_missing_is_told_where_to_come_from() {
        for (message, name) in [
            ("cannot find value `Axis` in this scope", "Axis"),
            ("failed to resolve: use of undeclared type `Zip`", "Zip"),
            ("cannot find macro `s` in this scope", "s"),
        ] {
            let told = missing_import(message).expect(message);
            assert!(told.contains(&format!("`use ndarray::{name};`")), "{told}");
        }
        assert_eq!(
            missing_import("cannot find value `mine` in this scope"),
            None
        );
        assert_eq!(missing_import("mismatched types: `Axis`"), None);
    }
}
