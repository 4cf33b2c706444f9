//! The manifest: chapters, exercises and tests, each read from the one place that tells it.
//!
//! The chapters are the modules that `lib.rs` lists first, the appendices those that it
//! lists after them. A chapter's exercises stand beside it, in `src/CHAPTER.toml`. Which
//! exercise a test belongs to is said by the test's first line,
//! `let _test = teach("affine::forward");`; one that begins with `given()` is a test of what
//! is given, and passes in an untouched workbook. The examples of an exercise are its chapter's.

use super::carried;
use serde::Deserialize;
use std::sync::LazyLock;

/// One exercise.
#[derive(Debug)]
pub struct Exercise {
    /// `chapter::function`, as the markers name it.
    pub name: &'static str,
    /// What the student does, in a few words.
    pub title: &'static str,
    /// The same for each region, in the file's order, where there are several.
    pub parts: Vec<&'static str>,
    /// What stands in the workbook in place of each region, in the same order. The
    /// message of `todo!` begins with the exercise's name, says what to write, and names
    /// the shapes that arrived.
    pub stubs: Vec<&'static str>,
    /// From a question to an outline with shapes.
    pub hints: [&'static str; 3],
}

/// A test of `tests/chapters`.
#[derive(Debug)]
pub struct Test {
    /// `chapter::test`, as libtest names it.
    pub name: &'static str,
    /// The exercise that it tests; `None` for what is given.
    pub exercise: Option<&'static str>,
}

/// The chapters, in reading order.
pub static CHAPTERS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| modules("// The chapters, in reading order."));

/// The appendices: the modules that the chapters stand on, given whole.
pub static APPENDICES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| modules("// The appendices."));

/// Every exercise, in the order in which they are done.
pub static EXERCISES: LazyLock<Vec<Exercise>> = LazyLock::new(|| {
    let files = CHAPTERS.iter().filter_map(|chapter| {
        let file = format!("{chapter}.toml");
        Some((carried::source_file(&file)?, file))
    });
    files
        .flat_map(|(text, file)| {
            read_exercises(text).unwrap_or_else(|e| panic!("src/{file}: {e}"))
        })
        .collect()
});

/// Every test of the chapters, in the files' order.
pub static TESTS: LazyLock<Vec<Test>> = LazyLock::new(|| {
    let of_chapter =
        |chapter: &&'static str| tests(chapter, carried::tests_of(chapter));
    CHAPTERS.iter().flat_map(of_chapter).collect()
});

impl Exercise {
    /// The chapter, which is the module and the file.
    pub fn chapter(&self) -> &'static str {
        let (chapter, _) = self.name.split_once("::").expect("chapter::function");
        chapter
    }

    /// The names of its tests.
    pub fn tests(&self) -> Vec<&'static str> {
        tests_of(Some(self.name))
    }
}

/// The names of the tests of what is given.
pub fn given_tests() -> Vec<&'static str> {
    tests_of(None)
}

fn tests_of(exercise: Option<&str>) -> Vec<&'static str> {
    let tests = TESTS.iter().filter(|test| test.exercise == exercise);
    tests.map(|test| test.name).collect()
}

/// The last chapter of Part I, with which the network learns for the first time.
pub const END_OF_PART_I: &str = "overfit";

/// The exercises of the chapters up to `last`, but those of the chapters `without`.
pub fn exercises_up_to(
    last: &str,
    without: &[&str],
) -> impl Iterator<Item = &'static Exercise> {
    let end = CHAPTERS.iter().position(|&chapter| chapter == last);
    let chapters = &CHAPTERS[..=end.expect("a chapter")];
    EXERCISES.iter().filter(move |exercise| {
        let chapter = exercise.chapter();
        chapters.contains(&chapter) && !without.contains(&chapter)
    })
}

/// The exercise of that name.
pub fn exercise(name: &str) -> Option<&'static Exercise> {
    EXERCISES.iter().find(|exercise| exercise.name == name)
}

/// Whether that is the name of a chapter's region for functions of the student's own.
pub fn is_helpers(name: &str) -> bool {
    name.strip_suffix("::helpers")
        .is_some_and(|chapter| CHAPTERS.contains(&chapter))
}

/// A small number in words, such as `nine`.
pub fn in_words(n: usize) -> String {
    const WORDS: [&str; 21] = [
        "no",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    WORDS
        .get(n)
        .map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

/// The modules that `lib.rs` declares right below that comment.
fn modules(comment: &str) -> Vec<&'static str> {
    let lib = carried::source_file("lib.rs").expect("the program carries lib.rs");
    let below = lib.lines().skip_while(|line| *line != comment).skip(1);
    let modules =
        below.map_while(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    modules.collect()
}

/// The exercises in a chapter's file of them.
fn read_exercises(text: &str) -> Result<Vec<Exercise>, toml::de::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        exercise: Vec<Told>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Told {
        name: String,
        title: String,
        #[serde(default)]
        parts: Vec<String>,
        stubs: Vec<String>,
        hints: [String; 3],
    }
    // They are read once and needed to the end.
    let kept = |text: String| -> &'static str { text.leak().trim_end() };
    let kept_all = |texts: Vec<String>| texts.into_iter().map(kept).collect();
    let file: File = toml::from_str(text)?;
    let exercises = file.exercise.into_iter().map(|told| Exercise {
        name: kept(told.name),
        title: kept(told.title),
        parts: kept_all(told.parts),
        stubs: kept_all(told.stubs),
        hints: told.hints.map(kept),
    });
    Ok(exercises.collect())
}

/// The tests in the text of a chapter's tests.
fn tests(chapter: &str, text: &'static str) -> Vec<Test> {
    let mut tests = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while lines.any(|line| line == "#[test]") {
        let name =
            lines.find_map(|line| line.strip_prefix("fn ")?.strip_suffix("() {"));
        let first = lines.clone().next().unwrap_or("");
        let exercise = first
            .strip_prefix("let _test = teach(\"")
            .and_then(|rest| rest.strip_suffix("\");"));
        assert!(
            exercise.is_some() || first == "let _test = given();",
            "{chapter}: a test begins with teach or given, not with {first}"
        );
        let name = name.expect("a test is a function without arguments");
        tests.push(Test {
            name: format!("{chapter}::{name}").leak(),
            exercise,
        });
    }
    tests
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_chapters_and_the_appendices_are_those_of_lib_rs() {
        assert_eq!(CHAPTERS.first(), Some(&"affine"));
        assert!(CHAPTERS.contains(&"overfit") && !CHAPTERS.contains(&"scalar"));
        assert!(APPENDICES.contains(&"scalar") && !APPENDICES.contains(&"affine"));
    }

    #[test]
    fn a_test_belongs_to_the_exercise_that_its_first_line_names() {
        let text = "#[test]\nfn a() {\n    let _test = teach(\"x::f\");\n    b();\n}\n\n\
                    #[test]\n#[ignore]\nfn b() {\n    let _test = given();\n}\nfn d() {\n}\n";
        let found = super::tests("x", text);
        let found: Vec<_> = found.iter().map(|t| (t.name, t.exercise)).collect();
        assert_eq!(found, [("x::a", Some("x::f")), ("x::b", None)]);
    }

    #[test]
    fn each_test_teaches_an_exercise_of_its_own_chapter() {
        let mut names = BTreeSet::new();
        for test in TESTS.iter() {
            assert!(names.insert(test.name), "{} is there twice", test.name);
            let Some(name) = test.exercise else { continue };
            let exercise = exercise(name);
            let exercise = exercise
                .unwrap_or_else(|| panic!("{}: no src/*.toml has {name}", test.name));
            let (chapter, _) = test.name.split_once("::").unwrap();
            assert_eq!(exercise.chapter(), chapter, "{}", test.name);
        }
        for exercise in EXERCISES.iter() {
            assert!(
                !exercise.tests().is_empty(),
                "{} has no test",
                exercise.name
            );
        }
    }

    #[test]
    fn small_numbers_are_words() {
        assert_eq!([0, 9, 20, 21].map(in_words), ["no", "nine", "twenty", "21"]);
    }

    #[test]
    fn a_fault_in_a_file_of_exercises_is_named() {
        let text = "[[exercise]]\nname = 'x::f'\ntitel = 't'\n";
        let error = read_exercises(text).unwrap_err().to_string();
        assert!(error.contains("unknown field `titel`"), "{error}");
    }
}
