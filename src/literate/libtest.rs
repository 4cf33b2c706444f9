//! Reading what test programs print.

use super::manifest;
use std::collections::BTreeMap;

/// The outcome of a test, as its program tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It failed, and this is what it printed.
    Failed(String),
    /// It had begun and printed this when the program ended.
    Unfinished(String),
}

/// The outcomes of a program that ran its tests one after the other and held nothing back
/// (`--test-threads=1 --nocapture`), by the tests' names in the module `tests`.
pub fn one_by_one(
    output: &str,
    tests: &str,
    names: &[&str],
) -> BTreeMap<String, Outcome> {
    let mut parts: Vec<(&str, String)> = Vec::new();
    for line in output.split_inclusive('\n') {
        match started(line, tests, names) {
            Some((name, rest)) => parts.push((name, rest.to_owned())),
            None => {
                if let Some((_, text)) = parts.last_mut() {
                    *text += line;
                }
            }
        }
    }
    let outcome = |(name, text): (&str, String)| (name.to_owned(), finished(&text));
    parts.into_iter().map(outcome).collect()
}

/// The name in `test TESTS::NAME ... `, and what follows.
fn started<'a>(
    line: &'a str,
    tests: &str,
    names: &[&str],
) -> Option<(&'a str, &'a str)> {
    let name = line.strip_prefix("test ")?.strip_prefix(tests)?;
    let (name, rest) = name.strip_prefix("::")?.split_once(" ... ")?;
    let name = name.split(" - ").next().unwrap_or(name);
    names.contains(&name).then_some((name, rest))
}

/// The outcome in one test's output, which ends with `ok` or `FAILED`; after the last test
/// comes the summary.
fn finished(text: &str) -> Outcome {
    let mut text = text;
    if let Some(at) = text.rfind("\ntest result: ") {
        text = &text[..at];
        // What failed is listed twice, first with what was held back: nothing.
        for _ in 0..2 {
            text = text.rfind("\nfailures:\n").map_or(text, |at| &text[..=at]);
        }
    }
    let text = text.trim_end();
    // What a test prints without ending its line stands before the verdict.
    if let Some(printed) = text.strip_suffix("FAILED") {
        return Outcome::Failed(printed.to_owned());
    }
    if text.ends_with("ok") {
        return Outcome::Passed;
    }
    Outcome::Unfinished(text.to_owned())
}

/// Whether a test begins in the output that has come since the last call. Until the first
/// line that starts with `running `, rustdoc compiles. `scanned` is where the last line looked
/// at begins.
pub fn test_begins(out: &[u8], scanned: &mut usize) -> bool {
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

/// An example in the documentation, as rustdoc names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The file and the line of its fence.
    pub at: (String, usize),
    /// Its outcome.
    pub outcome: Outcome,
}

/// The titles and outcomes of tests whose program held back what they print, as it does
/// unless it is told otherwise.
pub fn held_back(output: &str) -> impl Iterator<Item = (&str, Outcome)> {
    output.lines().filter_map(|line| {
        let (title, verdict) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
        let outcome = match verdict {
            "ok" => Outcome::Passed,
            _ => Outcome::Failed(captured(output, title)),
        };
        Some((title, outcome))
    })
}

/// The outcomes of examples, from what rustdoc printed.
pub fn examples(output: &str) -> Vec<Example> {
    let examples = held_back(output).filter_map(|(title, outcome)| {
        let (file, line) = example(title)?;
        let at = (file.replace('\\', "/"), line);
        Some(Example { at, outcome })
    });
    examples.collect()
}

/// File and line of `src/affine.rs - affine::Cache (line 9) - compile fail`.
fn example(title: &str) -> Option<(&str, usize)> {
    let (file, rest) = title.split_once(" - ")?;
    let (_, rest) = rest.split_once(" (line ")?;
    let line = rest.split(')').next()?.parse().ok()?;
    Some((file, line))
}

/// The output of a failing test that libtest held back.
fn captured(output: &str, title: &str) -> String {
    let head = format!("---- {title} stdout ----\n");
    let after = output.split_once(&head).map_or("", |(_, after)| after);
    let end = after
        .find("\n---- ")
        .or_else(|| after.find("\nfailures:\n"));
    after[..end.unwrap_or(after.len())].to_owned()
}

/// The mistake that a failing test names: a line that begins with an exercise's name, and the
/// indented lines below it. It comes before the panic. If the mistake is that the student's
/// own code panics, the place is added.
pub fn finding(printed: &str) -> Option<String> {
    let mut lines = printed.lines();
    let mut before = "";
    let first = loop {
        let line = lines.next()?;
        if names_an_exercise(line) && !is_panic(before) {
            break line;
        }
        before = line;
    };
    let evidence = lines.take_while(|line| line.starts_with(' '));
    let all: Vec<_> = std::iter::once(first).chain(evidence).collect();
    let mut all = all.join("\n");
    if all.contains("it panics")
        && let Some((place, _)) = panic(printed).filter(|(at, _)| at.starts_with("src"))
    {
        all += &format!("\n  at {place}");
    }
    Some(all)
}

/// The lines that the student's own code printed before the finding: the first ones, each
/// once.
pub fn said_before(printed: &str) -> Vec<&str> {
    const MOST: usize = 8;
    let mut said: Vec<&str> = Vec::new();
    for line in printed.lines().take_while(|line| !names_an_exercise(line)) {
        if !line.trim().is_empty() && !said.contains(&line) && said.len() < MOST {
            said.push(line);
        }
    }
    said
}

fn names_an_exercise(line: &str) -> bool {
    line.split_once(": ")
        .is_some_and(|(name, _)| manifest::exercise(name).is_some())
}

fn is_panic(line: &str) -> bool {
    line.starts_with("thread '") && line.contains(" panicked at ")
}

/// The last panic's place and message, without advice on backtraces.
pub fn panic(printed: &str) -> Option<(String, String)> {
    let lines: Vec<&str> = printed.lines().collect();
    let at = lines.iter().rposition(|line| is_panic(line))?;
    let (_, place) = lines[at].split_once(" panicked at ")?;
    let is_advice = |line: &&&str| line.starts_with("note: run with `RUST_BACKTRACE");
    let message = lines[at + 1..].iter().take_while(|line| !is_advice(line));
    let message: Vec<_> = message.copied().collect();
    let message = message.join("\n").trim_end().to_owned();
    Some((place.trim_end_matches(':').to_owned(), message))
}

/// The exercises whose stub the test has reached.
pub fn waits_for(printed: &str) -> Vec<&'static str> {
    const STUB: &str = "not yet implemented: ";
    let mut names: Vec<&str> = Vec::new();
    for (at, _) in printed.match_indices(STUB) {
        let rest = &printed[at + STUB.len()..];
        let reached = manifest::EXERCISES.iter().find(|exercise| {
            rest.strip_prefix(exercise.name)
                .is_some_and(|rest| rest.starts_with(':'))
        });
        names.extend(reached.map(|exercise| exercise.name));
    }
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["a::f", "a::g", "a::h", "a::i"];

    #[test]
    fn reads_tests_that_ran_one_by_one() {
        let output = "
running 4 tests
test all::a::f ... ok
test all::a::g ... half a line,
a line
test of a line
ok
test all::a::h ... no newlineok
test all::a::i - should panic ... 
thread 'a::i' (7) panicked at tests/a.rs:1:2:
wrong
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
FAILED

failures:

failures:
    a::i

test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out
";
        let outcomes = one_by_one(output, "all", &NAMES);
        assert_eq!(outcomes.len(), 4);
        for name in ["a::f", "a::g", "a::h"] {
            assert_eq!(outcomes[name], Outcome::Passed, "{name}");
        }
        let Outcome::Failed(printed) = &outcomes["a::i"] else {
            panic!("{outcomes:?}");
        };
        let (place, message) = panic(printed).unwrap();
        assert_eq!(place, "tests/a.rs:1:2");
        assert_eq!(message, "wrong");
    }

    #[test]
    fn a_program_that_ends_early_leaves_a_test_unfinished_and_others_out() {
        let output =
            "test all::a::f ... ok\ntest all::a::g ... \nthread 'a::g' has overflowed";
        let outcomes = one_by_one(output, "all", &NAMES);
        assert_eq!(outcomes["a::f"], Outcome::Passed);
        let text = "\nthread 'a::g' has overflowed".to_owned();
        assert_eq!(outcomes["a::g"], Outcome::Unfinished(text));
        assert_eq!(outcomes.len(), 2);
    }

    #[test]
    fn a_test_begins_where_its_name_stands_once() {
        let mut scanned = 0;
        let mut begins = |out: &str| test_begins(out.as_bytes(), &mut scanned);
        assert!(!begins("compiling\n"));
        assert!(begins("compiling\nrunning 1 test\n"));
        assert!(begins("compiling\nrunning 1 test\ntest a::f ... "));
        assert!(!begins("compiling\nrunning 1 test\ntest a::f ... mine\n"));
    }

    #[test]
    fn reads_examples() {
        let output = "
running 2 tests
test src/a.rs - a::C (line 40) ... ok
test src/a.rs - a::N<T>::new (line 7) ... FAILED

failures:

---- src/a.rs - a::N<T>::new (line 7) stdout ----
Test executable failed (exit status: 101).

stderr:

thread 'main' (7) panicked at src/a.rs:7:1:
not yet implemented: affine::forward: out = x·w + b

failures:
    src/a.rs - a::N<T>::new (line 7)

running 1 test
test src/a.rs - a::C (line 9) - compile fail ... ok
";
        let found = examples(output);
        let lines: Vec<_> = found.iter().map(|e| e.at.1).collect();
        assert_eq!(lines, [40, 7, 9]);
        let Outcome::Failed(printed) = &found[1].outcome else {
            panic!("{found:?}");
        };
        assert_eq!(waits_for(printed), ["affine::forward"]);
        assert!(!printed.contains("failures"));
    }

    #[test]
    fn a_finding_comes_before_the_panic() {
        let printed = "\
affine::backward: db is 1/5 of what it should be, and N = 5.
    db[0]: expected 5, yours 1

thread 'affine::b' (7) panicked at tests/chapters/affine.rs:1:2:
db[0] is 1e0";
        assert_eq!(
            finding(printed).unwrap(),
            "affine::backward: db is 1/5 of what it should be, and N = 5.\n    db[0]: \
             expected 5, yours 1"
        );
        let own = "affine::forward: differs\n  it panics: mine\n\n\
                   thread 'a' (7) panicked at src/affine.rs:1:2:\nmine";
        assert_eq!(
            finding(own).unwrap(),
            "affine::forward: differs\n  it panics: mine\n  at src/affine.rs:1:2"
        );
        let refusal = "\nthread 'a' (7) panicked at src/affine.rs:1:2:\n\
                       affine::forward: w must have 3 rows";
        assert_eq!(finding(refusal), None);
        assert_eq!(finding("nothing: here"), None);
        assert_eq!(
            said_before("\nmine\nmine\naffine::forward: differs"),
            ["mine"]
        );
        assert!(said_before(printed).is_empty());
    }

    #[test]
    fn only_stubs_of_exercises_are_waited_for() {
        assert!(waits_for("not yet implemented: mine").is_empty());
        assert!(waits_for("not yet implemented").is_empty());
        let caught = "\"not yet implemented: relu::forward: …\" does not say [\"x\"]";
        assert_eq!(waits_for(caught), ["relu::forward"]);
    }
}
