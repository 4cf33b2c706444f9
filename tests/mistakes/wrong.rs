//! Wrong solutions that are none of the catalogue's: what a machine makes of the reference by a
//! small edit, two of the catalogue's mistakes at once, and what people write. What the tests
//! say of each was read and judged, and is kept with its verdict: a finding is true, or it is
//! not given.
//!
//! # How to add one
//!
//! 1. Add an entry to `tests/mistakes/wrong/CHAPTER.toml`, without `finding` and `verdict`: the
//!    exercise and what makes the reference wrong, `edits`, `body` or `mistakes`.
//! 2. Have the finding written, alone or with all others of the chapter:
//!
//!    ```console
//!    $ WRONG=write ONLY=affine cargo test --test mistakes -- --ignored --nocapture all_wrong
//!    ```
//!
//! 3. Read it, and judge it: `true` if it names a mistake and all that it says is so, `silent`
//!    if it names none and shows the numbers, the panic or the test's own words.
//!    What is untrue does not stay: a case of the exercise's probe has to tell the two apart,
//!    or the mistake's `says` has to claim less.
//!
//! A finding that comes out otherwise when it is written anew loses its verdict.

use crate::catalogue::{Chapter, Edit};
use fully_connected::literate::report::Told;
use serde::Deserialize;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// A wrong solution and what is said of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrong {
    /// The exercise whose tests are run.
    pub exercise: String,
    /// Texts that stand once in the regions of the exercise, each with what replaces it.
    #[serde(default)]
    pub edits: Vec<[String; 2]>,
    /// What replaces the exercise's first region.
    pub body: Option<String>,
    /// Mistakes of the chapter's catalogue, made at once.
    #[serde(default)]
    pub mistakes: Vec<String>,
    /// What the first test that fails says of it: see [`finding`].
    #[serde(default)]
    pub finding: String,
    /// `true` or `silent`.
    #[serde(default)]
    pub verdict: String,
    /// Why the finding is true, where that takes a thought.
    pub why: Option<String>,
}

#[derive(Deserialize)]
struct File {
    wrong: Vec<Wrong>,
}

fn path(chapter: &str) -> PathBuf {
    let path = format!("tests/mistakes/wrong/{chapter}.toml");
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The wrong solutions of a chapter.
pub fn of_chapter(chapter: &str) -> Vec<Wrong> {
    let path = path(chapter);
    if !path.exists() {
        return Vec::new();
    }
    let text = fs::read_to_string(&path).expect("UTF-8");
    let file: Result<File, _> = toml::from_str(&text);
    file.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .wrong
}

impl Wrong {
    /// What turns the reference into it.
    pub fn edits(&self, chapter: &Chapter) -> &'static [Edit] {
        let mut edits = Vec::new();
        for [old, new] in &self.edits {
            edits.push(Edit::Swap(old.clone().leak(), new.clone().leak()));
        }
        if let Some(body) = &self.body {
            edits.push(Edit::Body(0, body.trim_end().to_owned().leak()));
        }
        for id in &self.mistakes {
            let mistake = chapter.mistakes.iter().find(|mistake| mistake.id == *id);
            let mistake =
                mistake.unwrap_or_else(|| panic!("{}: no {id:?}", chapter.name));
            edits.extend(mistake.edits.iter().map(|edit| match edit {
                Edit::Of(exercise, edit) => Edit::Of(exercise, edit),
                edit => Edit::Of(mistake.exercise, edit),
            }));
        }
        edits.leak()
    }

    /// Itself in a few words.
    pub fn describe(&self) -> String {
        let (edits, body) = (&self.edits, self.body.as_deref().unwrap_or(""));
        format!("{} {edits:?} {body}{:?}", self.exercise, self.mistakes)
    }
}

/// Whether a finding about a solution names a mistake of the chapter's catalogue.
pub fn is_named(chapter: &Chapter, finding: &str) -> bool {
    let mut mistakes = chapter.mistakes.iter();
    mistakes.any(|mistake| {
        let of_another = finding.strip_prefix(&format!("{}: ", mistake.exercise));
        of_another.unwrap_or(finding) == mistake.says
    })
}

/// Writes the wrong solutions of a chapter.
pub fn write(chapter: &str, all: &[Wrong]) {
    let mut text = String::new();
    for wrong in all {
        writeln!(text, "[[wrong]]\nexercise = {:?}", wrong.exercise).unwrap();
        if !wrong.mistakes.is_empty() {
            writeln!(text, "mistakes = {:?}", wrong.mistakes).unwrap();
        }
        if let Some(body) = &wrong.body {
            writeln!(text, "body = {}", quoted(body)).unwrap();
        }
        if !wrong.edits.is_empty() {
            let edits = wrong.edits.iter();
            let edits = edits
                .map(|[old, new]| format!("[{}, {}]", quoted(old), quoted(new)))
                .collect::<Vec<_>>();
            writeln!(text, "edits = [{}]", edits.join(", ")).unwrap();
        }
        writeln!(text, "finding = {}", quoted(&wrong.finding)).unwrap();
        writeln!(text, "verdict = {:?}", wrong.verdict).unwrap();
        if let Some(why) = &wrong.why {
            writeln!(text, "why = {}", quoted(why)).unwrap();
        }
        text.push('\n');
    }
    fs::write(path(chapter), text.trim_end().to_owned() + "\n").unwrap();
}

fn quoted(text: &str) -> String {
    if text.contains(['\n', '\'']) {
        format!("'''\n{text}'''")
    } else {
        format!("'{text}'")
    }
}

/// What stands for a finding where no probe tells the solution from a right one.
const NONE: &str = "no finding: what the test asserts is shown";

/// What a failing test of `exercise` told, in a line: the mistake it names, or without one
/// the numbers or the panic that it shows. Another exercise is said. The places of panics are left out: many solutions stand in one
/// program, on other lines than in the student's file.
pub fn finding(exercise: &str, told: &Told) -> String {
    let Some(finding) = &told.finding else {
        return NONE.to_owned();
    };
    let mut lines = finding.lines();
    let (of, mut line) = lines
        .next()
        .and_then(|l| l.split_once(": "))
        .expect("EXERCISE: …");
    if line.ends_with("no classical mistake fits") {
        line = lines.next().expect("the evidence").trim_start();
    }
    let line = line.rsplit_once(", at src/").map_or(line, |(line, _)| line);
    if of == exercise {
        line.to_owned()
    } else {
        format!("{of}: {line}")
    }
}
