//! The catalogue of mistakes: what students write, and what the tests should say to it.
//!
//! # How to add a mistake
//!
//! 1. Add an entry to `MISTAKES` in `tests/mistakes/CHAPTER.rs`: an `id` that no other entry of
//!    the chapter has, the exercise, the edits that turn the reference into the mistake,
//!    and what the test should say. The message begins with the evidence, in the student's
//!    terms ("db is 1/5 of what it should be, and N = 5."), goes on with the cause, fits on
//!    one line, and gives no solution away. The numbers in it are those of the probe.
//! 2. See to it that a case of the exercise's probe, in `tests/chapters/probes/CHAPTER.rs`,
//!    comes out otherwise than in the reference and than with every other mistake.
//! 3. Write the fingerprints, into `tests/data/mistakes/CHAPTER.txt`, and see whether the
//!    mistake is caught and named. `ONLY` picks entries, by the beginning of `CHAPTER/ID`:
//!
//!    ```console
//!    $ FINGERPRINTS=write ONLY=affine/bias cargo test --test mistakes -- --ignored fingerprints
//!    $ ONLY=affine/bias cargo test --test mistakes -- --ignored --nocapture named
//!    ```
//!
//! A correct solution that is not the reference is an entry of `CORRECT`, without a message.
//!
//! Of two mistakes that fit the same outputs, the first in the file is named: let the
//! special one stand before the general one.

use fully_connected::literate::tangle::bodies;
use std::collections::BTreeMap;

/// A mistake in an exercise.
pub struct Mistake {
    /// Its name in the chapter.
    pub id: &'static str,
    /// The exercise that it is a mistake in.
    pub exercise: &'static str,
    /// What turns the reference into the mistake.
    pub edits: &'static [Edit],
    /// The outputs that tell it, `case.output`; none stands for all that differ. For a
    /// mistake whose other outputs are not always the same: these may differ in any way, or
    /// not, and nothing else may.
    pub sees: &'static [&'static str],
    /// What the student reads, after the exercise's name.
    pub says: &'static str,
}

/// A correct solution that is not the reference.
pub struct Correct {
    /// Its name in the chapter.
    pub id: &'static str,
    /// The exercise that it solves.
    pub exercise: &'static str,
    /// What turns the reference into it.
    pub edits: &'static [Edit],
}

/// A change to the regions of an exercise.
pub enum Edit {
    /// Replaces a text that stands exactly once in the regions of the exercise.
    Swap(&'static str, &'static str),
    /// Replaces the whole region of that number, counted from 0.
    Body(usize, &'static str),
    /// Puts functions into the chapter's region for the student's own.
    Helpers(&'static str),
    /// Changes another exercise of the chapter too: one mistake made twice.
    Of(&'static str, &'static Edit),
}

/// The entries of a chapter.
pub struct Chapter {
    pub name: &'static str,
    pub mistakes: &'static [Mistake],
    pub correct: &'static [Correct],
}

/// The chapter's source with the edits made.
pub fn edited(chapter: &str, source: &str, exercise: &str, edits: &[Edit]) -> String {
    let mut source = source.to_owned();
    for edit in edits {
        match edit {
            Edit::Of(other, edit) => make(&mut source, chapter, other, edit),
            edit => make(&mut source, chapter, exercise, edit),
        }
    }
    source
}

fn make(source: &mut String, chapter: &str, exercise: &str, edit: &Edit) {
    let regions = bodies(chapter, source).expect("sound markers");
    let (exercise, nth, new) = match edit {
        Edit::Swap(old, new) => {
            let mut found = regions
                .iter()
                .filter(|((name, _), body)| name == exercise && body.contains(old));
            let ((_, nth), body) = found
                .next()
                .unwrap_or_else(|| panic!("{exercise} has no {old:?}"));
            assert!(
                found.next().is_none() && body.matches(old).count() == 1,
                "{exercise} has {old:?} more than once"
            );
            (exercise.to_owned(), *nth, body.replacen(old, new, 1))
        }
        Edit::Body(nth, new) => (exercise.to_owned(), *nth, format!("{new}\n")),
        Edit::Helpers(new) => (format!("{chapter}::helpers"), 0, format!("{new}\n")),
        Edit::Of(..) => {
            panic!("{exercise}: one edit of another exercise, not two deep")
        }
    };
    put(source, chapter, &(exercise, nth), &new);
}

/// Gives a region another body.
fn put(source: &mut String, chapter: &str, key: &(String, usize), new: &str) {
    let regions = bodies(chapter, source).expect("sound markers");
    let old = regions.get(key);
    let old = old.unwrap_or_else(|| panic!("there is no region {key:?}"));
    let begin = format!("// exercise: {}\n", key.0);
    let (at, _) = source.match_indices(&begin).nth(key.1).expect("its marker");
    let start = at + begin.len();
    assert_eq!(source[start..start + old.len()], *old);
    source.replace_range(start..start + old.len(), new);
}

/// The variable that picks one of the variants when the program runs.
pub const VARIANT: &str = "VARIANT";

/// The chapter's source with many variants in it, of which [`VARIANT`] picks one by its name
/// when the program runs: they are compiled together, once. Each entry has a name that no
/// other of the program has, and the exercise that it edits.
pub fn choosing<'a>(
    chapter: &str,
    source: &str,
    entries: impl Iterator<Item = (&'a str, &'a str, &'a [Edit])>,
) -> String {
    let reference = bodies(chapter, source).expect("sound markers");
    let helpers = (format!("{chapter}::helpers"), 0);
    let mut arms: BTreeMap<_, String> = BTreeMap::new();
    for (name, exercise, edits) in entries {
        let edited = edited(chapter, source, exercise, edits);
        let edited = bodies(chapter, &edited).expect("sound markers");
        for (key, body) in edited.iter().filter(|(key, _)| **key != helpers) {
            if reference[key] != *body {
                let helpers = &edited[&helpers];
                let arm =
                    format!("        {name:?} => {{\n{helpers}{body}        }}\n");
                arms.entry(key.clone()).or_default().push_str(&arm);
            }
        }
    }
    let mut source = source.to_owned();
    for (key, arms) in arms {
        let body = &reference[&key];
        let chosen = format!(
            "    let variant = std::env::var({VARIANT:?}).unwrap_or_default();\n    \
             match &*variant {{\n{arms}        _ => {{\n{body}        }}\n    }}\n"
        );
        put(&mut source, chapter, &key, &chosen);
    }
    source
}
