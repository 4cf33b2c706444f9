//! The tests that teach, proved: each mistake of the catalogue is caught and named, and
//! each correct solution is accepted. The workbook has nothing of this, only the
//! fingerprints that are made here. How to add a mistake: see `catalogue.rs`.

mod catalogue;
mod findings;
mod mutants;
mod mutation;
mod written;
mod wrong;

mod affine;
mod relu;
mod softmax;
mod init;
mod forward;
mod backward;
mod regularization;
mod gradient_check;
mod overfit;
mod optim;
mod batch_norm;
mod layer_norm;
mod dropout;
mod deep;
mod good_model;

#[path = "../kit/mod.rs"]
mod kit;

// The probes, as the chapters' tests have them.
#[allow(dead_code, reason = "the chapters' tests use all of it")]
#[path = "../chapters/support.rs"]
mod support;
#[allow(dead_code, reason = "the chapters' tests use all of it")]
#[path = "../chapters/teach/mod.rs"]
mod teach;
#[path = "../chapters/probes/mod.rs"]
mod probes;

use catalogue::{Chapter, Edit, VARIANT, choosing, edited};
use fully_connected::literate::manifest::{self, EXERCISES, Exercise};
use fully_connected::literate::report::{self, REPORT, Told};
use fully_connected::literate::workbook::source;
use kit::{Results, Workbook, finish};
use probes::{fingerprints, probes};
use std::collections::BTreeSet;
use std::env::consts::EXE_SUFFIX;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use std::{env, fs};
use teach::fingerprint::{Block, Fingerprints, agree};
use teach::probe::Probe;
use wrong::Wrong;

macro_rules! chapters {
    ($($name:ident)*) => {
        [$(Chapter {
            name: stringify!($name),
            mistakes: $name::MISTAKES,
            correct: $name::CORRECT,
        }),*]
    };
}

/// The chapters in their order.
const CHAPTERS: &[Chapter] = &chapters!(
    affine relu softmax init forward backward regularization gradient_check overfit
    optim batch_norm layer_norm dropout deep good_model
);

/// Whether the entry is wanted: `ONLY` may name some, by the beginning of `CHAPTER/ID`.
fn wanted(chapter: &str, id: &str) -> bool {
    let only = env::var("ONLY").unwrap_or_default();
    format!("{chapter}/{id}").starts_with(&only)
}

/// What the reference gives on the probes of a chapter.
fn expected(chapter: &str) -> Vec<Block> {
    let of_chapter = probes()
        .iter()
        .filter(|p| p.exercise.split("::").next() == Some(chapter));
    let blocks = of_chapter.map(|probing| {
        let mut probe = Probe::default();
        (probing.run)(&mut probe);
        let outputs = probe.outputs.into_iter();
        Block {
            exercise: probing.exercise.to_owned(),
            outputs: outputs.map(|output| (output.name, output.value)).collect(),
            ..Block::default()
        }
    });
    blocks.collect()
}

/// Puts an edited chapter into the workbook while `f` runs.
fn with_edit<R>(
    book: &Workbook,
    exercise: &str,
    edits: &[Edit],
    f: impl FnOnce() -> R,
) -> R {
    let chapter = exercise.split("::").next().unwrap();
    let path = format!("src/{chapter}.rs");
    let reference = source(chapter);
    book.write(&path, &edited(chapter, reference, exercise, edits));
    let result = f();
    book.write(&path, reference);
    result
}

/// The failing tests in the order in which a student meets them: those of the exercise, and
/// if none of these fails, those of all.
fn failing(book: &Workbook, exercise: &str) -> Vec<(&'static str, String)> {
    let own = manifest::exercise(exercise).expect("a known one").tests();
    let of = |tests: &[&'static str], mut results: Results| -> Vec<_> {
        let tests = tests.iter().filter_map(|&name| {
            let result = results.remove(name);
            let result = result.unwrap_or_else(|| panic!("there is no test {name}"));
            result.map(|printed| (name, printed))
        });
        tests.collect()
    };
    let failing = of(&own, book.test_only(&own));
    if !failing.is_empty() {
        return failing;
    }
    let all: Vec<_> = EXERCISES.iter().flat_map(Exercise::tests).collect();
    of(&all, book.test())
}

/// What the failing tests told, in the same order.
fn told_by_failing(book: &mut Workbook, exercise: &str) -> Vec<Told> {
    let file = book.dir.join("report");
    fs::write(&file, "").unwrap();
    book.variables.insert(REPORT, file.display().to_string());
    let failing = failing(book, exercise);
    book.variables.remove(REPORT);
    let told = report::read(&fs::read_to_string(&file).unwrap());
    let of = |test: &str| {
        let mut told = told.iter();
        told.find(|told| told.name.ends_with(test)).cloned()
    };
    failing.iter().filter_map(|(test, _)| of(test)).collect()
}

fn first_line(printed: &str) -> &str {
    printed
        .trim_start_matches('\n')
        .lines()
        .next()
        .unwrap_or("")
}

#[test]
fn the_probes_are_those_of_the_exercises_in_their_order() {
    let probes: Vec<_> = probes().iter().map(|probing| probing.exercise).collect();
    let exercises: Vec<_> = EXERCISES.iter().map(|exercise| exercise.name).collect();
    assert_eq!(probes, exercises);
}

#[test]
fn the_catalogue_has_the_chapters_in_their_order() {
    let names: Vec<_> = CHAPTERS.iter().map(|chapter| chapter.name).collect();
    assert_eq!(names, *manifest::CHAPTERS);
}

#[test]
fn each_entry_is_an_edit_of_an_exercise_and_says_one_line() {
    for chapter in CHAPTERS {
        let reference = source(chapter.name);
        let mut ids = BTreeSet::new();
        let mistakes = chapter.mistakes.iter();
        let mistakes = mistakes.map(|m| (m.id, m.exercise, m.edits));
        let correct = chapter.correct.iter();
        let correct = correct.map(|c| (c.id, c.exercise, c.edits));
        for (id, exercise, edits) in mistakes.chain(correct) {
            assert!(ids.insert(id), "{}/{id} is there twice", chapter.name);
            let known = manifest::exercise(exercise);
            let known = known.unwrap_or_else(|| panic!("there is no {exercise}"));
            assert_eq!(known.chapter(), chapter.name, "{id}");
            let edited = edited(chapter.name, reference, exercise, edits);
            assert_ne!(edited, reference, "{}/{id} edits nothing", chapter.name);
        }
        for mistake in chapter.mistakes {
            let says = mistake.says;
            let one_line = !says.contains('\n') && says == says.trim();
            assert!(one_line && says.ends_with(['.', '?']), "{}", mistake.id);
        }
    }
}

/// Quick, and part of the ordinary tests: the probes have not changed, nor the messages.
#[test]
fn the_data_are_of_these_probes_and_of_this_catalogue() {
    for chapter in CHAPTERS {
        let name = chapter.name;
        let known = fingerprints(name);
        let expected = expected(name);
        let stale = format!(
            "run FINGERPRINTS=write ONLY={name} cargo test --test mistakes -- --ignored \
             fingerprints"
        );
        for (own, known) in expected.iter().zip(&known.expected) {
            let names = |block: &Block| -> Vec<String> {
                block.outputs.iter().map(|(name, _)| name.clone()).collect()
            };
            assert_eq!(names(own), names(known), "{}: {stale}", own.exercise);
            for ((name, own), (_, known)) in own.outputs.iter().zip(&known.outputs) {
                assert!(agree(known, own, 1e-7), "{name} differs: {stale}");
            }
        }
        let blocks = known.expected.iter().map(|block| &block.exercise);
        assert!(
            blocks.eq(expected.iter().map(|block| &block.exercise)),
            "{stale}"
        );
        let mistakes = chapter.mistakes;
        assert_eq!(known.mistakes.len(), mistakes.len(), "of {name}: {stale}");
        for (known, own) in known.mistakes.iter().zip(mistakes) {
            let known = (
                known.exercise.as_str(),
                known.id.as_str(),
                known.says.as_str(),
            );
            assert_eq!(known, (own.exercise, own.id, own.says), "{stale}");
        }
    }
}

/// Compares the fingerprints with those that are written down, or with
/// `FINGERPRINTS=write` writes them down.
#[test]
#[ignore = "slow: compiles each mistake"]
fn the_fingerprints_are_those_of_the_mistakes() {
    let write = env::var("FINGERPRINTS").is_ok_and(|wish| wish == "write");
    let mut book = Workbook::of_reference("mistakes");
    add_printer(&book);
    let mut problems = Vec::new();
    let named = |chapter: &Chapter| {
        let mut mistakes = chapter.mistakes.iter();
        mistakes.any(|mistake| wanted(chapter.name, mistake.id))
    };
    assert!(CHAPTERS.iter().any(named), "ONLY names no mistake");
    for chapter in CHAPTERS {
        let text = fingerprints_of(&mut book, chapter, write, &mut problems);
        let path = format!("tests/data/mistakes/{}.txt", chapter.name);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        if write {
            fs::write(path, text).unwrap();
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The chapter's file of fingerprints; where it is not to be written, each is compared.
fn fingerprints_of(
    book: &mut Workbook,
    chapter: &Chapter,
    write: bool,
    problems: &mut Vec<String>,
) -> String {
    let known = fingerprints(chapter.name);
    let expected = expected(chapter.name);
    let mut text = format!(
        "# What the exercises of `{}` give on the probes of tests/chapters/probes, and what \
         known\n# mistakes give. Made by a program; how to read it: \
         tests/chapters/teach/fingerprint.rs.\n",
        chapter.name
    );
    for block in &expected {
        written::write(block, &mut text);
    }
    let file = book.dir.join("expected.txt");
    fs::write(&file, &text).unwrap();

    put_mistakes(book, chapter);
    for mistake in chapter.mistakes {
        let old = known.mistakes.iter();
        let old = old
            .filter(|old| old.exercise == mistake.exercise)
            .find(|old| old.id == mistake.id);
        if !wanted(chapter.name, mistake.id) {
            if let Some(old) = old {
                written::write(old, &mut text);
            }
            continue;
        }
        let name = format!("{}/{}", chapter.name, mistake.id);
        book.variables.insert(VARIANT, mistake.id.to_owned());
        let printed = print_differing(book, mistake.exercise, &file);
        let mut block = match printed {
            Ok(block) => block,
            Err(problem) => {
                problems.push(format!("{name}: {problem}"));
                continue;
            }
        };
        block.id = mistake.id.to_owned();
        block.says = mistake.says.to_owned();
        if !mistake.sees.is_empty() {
            let seen = |(name, _): &(String, _)| mistake.sees.contains(&name.as_str());
            let (tell, vary): (Vec<_>, Vec<_>) =
                block.outputs.into_iter().partition(seen);
            block.outputs = tell;
            block.varies = vary.into_iter().map(|(name, _)| name).collect();
        }
        if block.outputs.is_empty() {
            problems.push(format!("{name}: no probe shows it"));
        }
        if !write && !old.is_some_and(|old| written::same(old, &block)) {
            problems.push(format!("{name}: the fingerprint written down is stale"));
        }
        written::write(&block, &mut text);
    }
    book.variables.remove(VARIANT);
    book.write(&format!("src/{}.rs", chapter.name), source(chapter.name));
    text
}

/// Puts those of a chapter's mistakes that are wanted into the workbook, for [`VARIANT`] to
/// pick from.
fn put_mistakes(book: &Workbook, chapter: &Chapter) {
    let name = chapter.name;
    let mistakes = chapter.mistakes.iter().filter(|m| wanted(name, m.id));
    let mistakes = mistakes.map(|m| (m.id, m.exercise, m.edits));
    let text = choosing(name, source(name), mistakes);
    book.write(&format!("src/{name}.rs"), &text);
}

/// Puts the program that prints what differs into the workbook.
fn add_printer(book: &Workbook) {
    let main = include_str!("print/main.rs");
    book.write("examples/print/main.rs", main);
    let written = include_str!("written.rs");
    book.write("examples/print/written.rs", written);
}

/// Builds and runs that program.
fn print_differing(
    book: &Workbook,
    exercise: &str,
    expected: &Path,
) -> Result<Block, String> {
    let built = book.cargo(&["build", "--example", "print"]);
    if built.code != Some(0) {
        return Err(built.stderr);
    }
    let program = kit::target().join(format!("debug/examples/print{EXE_SUFFIX}"));
    let printed = finish(
        Command::new(program)
            .arg(exercise)
            .arg(expected)
            .envs(&book.variables),
    );
    if printed.code != Some(0) {
        return Err(printed.stderr);
    }
    Ok(Fingerprints::parse(&printed.stdout).expected.remove(0))
}

#[test]
#[ignore = "slow: compiles each mistake"]
fn each_mistake_is_caught_and_named() {
    let mut book = Workbook::of_reference("mistakes");
    let (mut tried, mut passed, mut unnamed) = (0, Vec::new(), Vec::new());
    for chapter in CHAPTERS {
        put_mistakes(&book, chapter);
        book.build_tests();
        let mistakes = chapter.mistakes.iter();
        for mistake in mistakes.filter(|m| wanted(chapter.name, m.id)) {
            tried += 1;
            let name = format!("{}/{}", chapter.name, mistake.id);
            let exercise = mistake.exercise;
            book.variables.insert(VARIANT, mistake.id.to_owned());
            let failing = failing(&book, exercise);
            let Some((test, printed)) = failing.first() else {
                println!("{name}: PASSES");
                passed.push(name);
                continue;
            };
            let named = format!("{}: {}", mistake.exercise, mistake.says);
            if first_line(printed) == named {
                let also = failing.iter().filter(|(_, p)| first_line(p) == named);
                println!("{name}: {test}, {} of {}", also.count(), failing.len());
            } else {
                println!("{name}: NOT NAMED by {test}, which says:\n{printed}");
                unnamed.push(name);
            }
        }
        book.write(&format!("src/{}.rs", chapter.name), source(chapter.name));
    }
    let caught = tried - passed.len();
    let named = caught - unnamed.len();
    println!("mistakes: {tried} tried, {caught} caught, {named} named");
    assert!(tried > 0, "ONLY names no mistake");
    assert!(passed.is_empty(), "not caught: {passed:?}");
    assert!(100 * named >= 95 * tried, "not named: {unnamed:?}");
}

/// A test of chapter 6 that fails because of chapter 1 says so.
#[test]
#[ignore = "slow: compiles a mistake"]
fn a_mistake_is_named_by_the_tests_of_later_chapters_too() {
    let book = Workbook::of_reference("mistakes");
    let mut mistakes = affine::MISTAKES.iter();
    let mistake = mistakes.find(|m| m.id == "db-mean").unwrap();
    let test = "backward::gradients_are_the_courses_of_the_two_layer_network";
    let results = with_edit(&book, mistake.exercise, mistake.edits, || {
        book.test_only(&[test])
    });
    let printed = results[test].as_ref().expect("the test fails");
    let named = format!("{}: {}", mistake.exercise, mistake.says);
    assert_eq!(first_line(printed), named);
}

#[test]
#[ignore = "slow: compiles each solution"]
fn each_correct_solution_is_accepted() {
    let mut book = Workbook::of_reference("mistakes");
    add_printer(&book);
    let file = book.dir.join("expected.txt");
    let (mut tried, mut refused) = (0, Vec::new());
    for chapter in CHAPTERS {
        let mut expected_text = String::new();
        for block in expected(chapter.name) {
            written::write(&block, &mut expected_text);
        }
        fs::write(&file, expected_text).unwrap();
        let correct = chapter.correct.iter();
        let correct: Vec<_> = correct.filter(|c| wanted(chapter.name, c.id)).collect();
        let path = format!("src/{}.rs", chapter.name);
        let reference = source(chapter.name);
        let entries = correct.iter().map(|c| (c.id, c.exercise, c.edits));
        book.write(&path, &choosing(chapter.name, reference, entries));
        book.build_tests();
        for correct in correct {
            let name = format!("{}/{}", chapter.name, correct.id);
            book.variables.insert(VARIANT, correct.id.to_owned());
            tried += 1;
            let failing = failing(&book, correct.exercise);
            let differing = print_differing(&book, correct.exercise, &file);
            let differing = differing.unwrap().outputs;
            if failing.is_empty() && differing.is_empty() {
                println!("{name}: accepted");
            } else {
                refused.push(format!("{name}: {failing:?}, {differing:?}"));
            }
        }
        book.variables.remove(VARIANT);
        book.write(&path, reference);
    }
    println!(
        "correct solutions: {tried} tried, {} accepted",
        tried - refused.len()
    );
    assert!(tried > 0, "ONLY names no solution");
    assert!(refused.is_empty(), "refused:\n{}", refused.join("\n"));
}

/// The wrong solutions have verdicts, and each verdict is one that may stay.
#[test]
fn each_finding_about_a_wrong_solution_was_judged() {
    let (mut named, mut silent) = (0, 0);
    for chapter in CHAPTERS {
        for wrong in wrong::of_chapter(chapter.name) {
            let reference = source(chapter.name);
            let edits = wrong.edits(chapter);
            let edited = edited(chapter.name, reference, &wrong.exercise, edits);
            assert_ne!(edited, reference, "{} edits nothing", wrong.describe());
            let verdict = if wrong.is_named(chapter) {
                named += 1;
                "true"
            } else {
                silent += 1;
                "silent"
            };
            let (what, finding) = (wrong.describe(), &wrong.finding);
            assert!(!finding.is_empty(), "{what} has no finding");
            assert_eq!(wrong.verdict, verdict, "{what}: {finding}");
        }
    }
    println!("wrong solutions: {named} named truly, {silent} not named");
    assert!(named + silent >= 300, "{}", named + silent);
}

#[test]
#[ignore = "slow: compiles the wrong solutions, and tries each"]
fn all_wrong_solutions_get_the_findings_that_were_judged() {
    try_wrong(1);
}

#[test]
#[ignore = "slow: compiles some wrong solutions, and tries each"]
fn a_sample_of_the_wrong_solutions_gets_the_findings_that_were_judged() {
    try_wrong(12);
}

/// Tries every so many-th wrong solution, or with `WRONG=write` writes down what is said of
/// those that are wanted. All stand in one program, which is built once.
fn try_wrong(step: usize) {
    let begun = Instant::now();
    let write = step == 1 && env::var("WRONG").is_ok_and(|wish| wish == "write");
    let mut all: Vec<(&Chapter, Vec<Wrong>)> = Vec::new();
    for chapter in CHAPTERS {
        all.push((chapter, wrong::of_chapter(chapter.name)));
    }
    let mut book = Workbook::of_reference("mistakes");
    let mut ids = BTreeSet::new();
    let id = |chapter: &Chapter, i: usize| format!("{}/{}", chapter.name, i + 1);
    let mut at = 0;
    for (chapter, wrongs) in &all {
        let name = chapter.name;
        let mut entries = Vec::new();
        for (i, wrong) in wrongs.iter().enumerate() {
            if at % step == 0 && wanted(name, &(i + 1).to_string()) {
                let id = id(chapter, i);
                ids.insert(id.clone());
                entries.push((&*id.leak(), &*wrong.exercise, wrong.edits(chapter)));
            }
            at += 1;
        }
        let text = choosing(name, source(name), entries.into_iter());
        book.write(&format!("src/{name}.rs"), &text);
    }
    assert!(!ids.is_empty(), "ONLY names no wrong solution");
    book.build_tests();
    let (mut named, mut problems) = (0, Vec::new());
    for (chapter, wrongs) in &mut all {
        for (i, wrong) in wrongs.iter_mut().enumerate() {
            let id = id(chapter, i);
            if !ids.contains(&id) {
                continue;
            }
            book.variables.insert(VARIANT, id.clone());
            let told = told_by_failing(&mut book, &wrong.exercise);
            let Some(first) = told.first() else {
                problems.push(format!("{id}: {} passes", wrong.describe()));
                continue;
            };
            let finding = wrong::finding(&wrong.exercise, first);
            println!("{id}: {}: {finding}", first.name);
            for other in told.iter().filter(|told| told.finding.is_some()) {
                let also = wrong::finding(&wrong.exercise, other);
                if also != finding {
                    problems.push(format!("{id}: {} says {also}", other.name));
                }
            }
            if finding != wrong.finding {
                let old = &wrong.finding;
                problems.push(format!("{id}: was\n{old}\nis\n{finding}"));
                wrong.finding = finding;
                wrong.verdict.clear();
            }
            named += usize::from(wrong.is_named(chapter));
        }
        if write && !wrongs.is_empty() {
            wrong::write(chapter.name, wrongs);
        }
    }
    let (tried, time) = (ids.len(), begun.elapsed().as_secs());
    let silent = tried - named;
    println!(
        "wrong solutions: {tried} tried in {time} s, {named} named, {silent} silent"
    );
    assert!(write || problems.is_empty(), "{}", problems.join("\n"));
}
