//! Reading what tests and examples tell of themselves, beside what they print: see
//! `tests/chapters/teach/report.rs`, which writes it.

use super::manifest;

/// The variable that names the file for what is told.
pub const REPORT: &str = "FULLY_CONNECTED_REPORT";

/// The module of the copy's crate that tells of the examples.
pub const MODULE: &str = "report_of_examples";

/// What a test or an example has told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Its name.
    pub name: String,
    /// Whether it passed; nothing if it has not told its end.
    pub passed: Option<bool>,
    /// The place and the message of its last panic.
    pub panic: Option<(String, String)>,
    /// The exercise whose stub that panic is.
    pub waits: Option<&'static str>,
    /// The mistake that it named.
    pub finding: Option<String>,
}

/// What was told, test by test, in the order in which they began. A record that was cut off
/// is none.
pub fn read(text: &str) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    for record in text.split_inclusive('\u{1e}') {
        let Some(record) = record.strip_suffix('\u{1e}') else {
            break;
        };
        let mut parts = record.splitn(3, '\u{1f}');
        let (Some(kind), Some(name), Some(text)) =
            (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let at = all.iter().position(|told| told.name == name);
        let at = at.unwrap_or_else(|| {
            all.push(Told {
                name: name.to_owned(),
                ..Told::default()
            });
            all.len() - 1
        });
        let told = &mut all[at];
        match kind {
            "passed" => told.passed = Some(true),
            "failed" => told.passed = Some(false),
            "finding" => told.finding = Some(text.trim_end().to_owned()),
            "panicked" => {
                let (place, message) = text.split_once('\n').unwrap_or(("", text));
                told.panic = Some((place.to_owned(), message.trim_end().to_owned()));
                told.waits = waits_for(message);
            }
            _ => {}
        }
    }
    all
}

/// The exercise whose stub panics with this message.
pub fn waits_for(message: &str) -> Option<&'static str> {
    let (_, rest) = message.split_once("not yet implemented: ")?;
    let (name, _) = rest.split_once(": ")?;
    manifest::exercise(name).map(|exercise| exercise.name)
}

/// The code that makes the teller a module of the crate.
pub fn module() -> String {
    format!(
        "#[doc(hidden)]\n#[allow(warnings)]\n#[path = \"../tests/chapters/teach/report.rs\"]\n\
         pub mod {MODULE};\n"
    )
}

/// What is put before an example's first line, so that it tells of itself.
pub fn begins(name: &str) -> String {
    format!("let _example = fully_connected::{MODULE}::example({name:?}); ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: &str, name: &str, text: &str) -> String {
        format!("{kind}\u{1f}{name}\u{1f}{text}\u{1e}")
    }

    #[test]
    fn each_test_has_what_it_told_and_no_other() {
        let text = record("begun", "a::f", "")
            + &record("panicked", "a::f", "src/a.rs:1:2\nno\nmore")
            + &record("finding", "a::f", "affine::forward: b is missing.\n  so\n")
            + &record("begun", "a::g", "")
            + &record("failed", "a::f", "")
            + &record("passed", "a::g", "")
            + &record("begun", "a::h", "")
            + "passed\u{1f}a::h\u{1f}";
        let told = read(&text);
        assert_eq!(told.len(), 3);
        assert_eq!(told[0].passed, Some(false));
        let panic = ("src/a.rs:1:2".to_owned(), "no\nmore".to_owned());
        assert_eq!(told[0].panic.as_ref(), Some(&panic));
        let finding = "affine::forward: b is missing.\n  so";
        assert_eq!(told[0].finding.as_deref(), Some(finding));
        assert_eq!(told[1].passed, Some(true));
        assert_eq!(told[2].passed, None, "what is cut off is not told");
    }

    #[test]
    fn a_stub_that_was_reached_excuses_no_later_panic() {
        let stub = "src/a.rs:1:2\nnot yet implemented: relu::forward: out";
        let waits = |text: &str| read(text)[0].waits;
        let reached = record("panicked", "a::f", stub);
        assert_eq!(waits(&reached), Some("relu::forward"));
        let later = reached + &record("panicked", "a::f", "src/a.rs:3:4\n3 is not 4");
        assert_eq!(waits(&later), None);
    }

    #[test]
    fn only_stubs_of_exercises_are_waited_for() {
        assert_eq!(waits_for("not yet implemented: mine"), None);
        assert_eq!(waits_for("not yet implemented"), None);
        assert_eq!(waits_for("not yet implemented: mine: yours"), None);
        let caught = "\"not yet implemented: relu::forward: …\" does not say [\"x\"]";
        assert_eq!(waits_for(caught), Some("relu::forward"));
    }
}
