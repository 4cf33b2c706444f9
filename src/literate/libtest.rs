//! Reading what test programs print: for the eye, and for examples, whose results rustdoc
//! prints. What decides is what tests tell of themselves: [`report`](super::report).

use std::collections::BTreeMap;

/// The outcome of a test, as its program tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It failed, and this is what it printed.
    Failed(String),
}

/// What each test printed, from a program that ran its tests one after the other and held
/// nothing back (`--test-threads=1 --nocapture`): by the tests' names in the module `tests`, as
/// far as it can be told apart. It is for the eye, and decides nothing.
pub fn printed(output: &str, tests: &str) -> BTreeMap<String, String> {
    let mut parts = BTreeMap::new();
    let mut current: Option<&mut String> = None;
    for line in output.split_inclusive('\n') {
        if let Some((name, rest)) = started(line, tests) {
            current = Some(parts.entry(name.to_owned()).or_insert(rest.to_owned()));
        } else if line.starts_with("test result: ") || line == "failures:\n" {
            current = None;
        } else if let Some(text) = &mut current {
            text.push_str(line);
        }
    }
    for text in parts.values_mut() {
        let own = text.trim_end();
        let own = own
            .strip_suffix("ok")
            .or_else(|| own.strip_suffix("FAILED"));
        *text = own.unwrap_or(text).to_owned();
    }
    parts
}

/// The name in `test TESTS::NAME ... `, and what follows.
fn started<'a>(line: &'a str, tests: &str) -> Option<(&'a str, &'a str)> {
    let name = line.strip_prefix("test ")?.strip_prefix(tests)?;
    name.strip_prefix("::")?.split_once(" ... ")
}

/// An example in the documentation, as rustdoc names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The file and the line of its fence.
    pub at: (String, usize),
    /// Its outcome.
    pub outcome: Outcome,
}

/// A text of somebody else's with nothing in it that a terminal obeys: an escape would set its
/// title, or move its cursor, or write to its clipboard.
pub fn harmless(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' => c,
        '\u{1b}' => '␛',
        _ if c.is_control() => '\u{fffd}',
        _ => c,
    };
    text.chars().map(shown).collect()
}

/// The titles and outcomes of tests whose program held back what they print, as it does
/// unless it is told otherwise.
pub fn held_back(output: &str) -> impl Iterator<Item = (&str, Outcome)> {
    output.lines().filter_map(|line| {
        // What a test prints without ending its line may stand before it.
        let line = &line[line.rfind("test ")?..];
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

/// What the student's own code printed before a test failed: the first lines, each once, and
/// not more of a line than anybody reads.
pub fn said(printed: &str) -> Vec<String> {
    const MOST_LINES: usize = 8;
    const MOST_CHARS: usize = 200;
    let mut said: Vec<String> = Vec::new();
    let printed = harmless(printed);
    for line in printed.lines().take_while(|line| !is_panic(line)) {
        if said.len() == MOST_LINES {
            break;
        }
        let line = match line.char_indices().nth(MOST_CHARS) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line.to_owned(),
        };
        if !line.trim().is_empty() && !said.contains(&line) {
            said.push(line);
        }
    }
    said
}

fn is_panic(line: &str) -> bool {
    line.starts_with("thread '") && line.contains(" panicked at ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_each_test_printed_is_told_apart() {
        let output = "
running 3 tests
test all::a::f ... ok
test all::a::g ... half a line,
a line
test of a line
ok
test all::a::i ...
mine
mine

thread 'a::i' (7) panicked at tests/a.rs:1:2:
wrong
FAILED

failures:

failures:
    a::i

test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out
"
        .replace("i ...\n", "i ... \n");
        let parts = printed(&output, "all");
        assert_eq!(parts.len(), 3);
        assert_eq!(said(&parts["a::f"]), [""; 0]);
        assert_eq!(
            said(&parts["a::g"]),
            ["half a line,", "a line", "test of a line"]
        );
        assert_eq!(said(&parts["a::i"]), ["mine"]);
        assert_eq!(said("\u{1b}]0;mine\u{7}"), ["␛]0;mine\u{fffd}"]);
        let long = said(&"x".repeat(1000)).concat();
        assert!(long.chars().count() == 201 && long.ends_with('…'), "{long}");
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
        assert!(printed.contains("not yet implemented: affine::forward"));
        assert!(!printed.contains("failures"));
    }
}
