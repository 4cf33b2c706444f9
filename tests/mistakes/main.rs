//! The tests that teach, proved: each mistake of the catalogue is caught and named, and
//! each correct solution is accepted. The workbook has nothing of this, only the
//! fingerprints that are made here. How to add a mistake: see `catalogue.rs`.

mod catalogue;
mod findings;
mod mutants;
mod mutation;
mod variants;
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

use catalogue::{Chapter, Correct, Mistake, VARIANT, edited};
use fully_connected::literate::manifest::{self, EXERCISES};
use fully_connected::literate::workbook::source;
use kit::{Built, Tests};
use probes::{fingerprints, probes};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::time::Instant;
use std::{env, fs};
use teach::fingerprint::{Block, agree};
use teach::probe::Probe;
use tempfile::NamedTempFile;
use variants::{
    Variant, build, differing, each, failing, failing_of_all, told_by_failing,
};
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

/// What the reference gives on the probes of a chapter, in a file.
fn expected_file(chapter: &str) -> NamedTempFile {
    let mut text = String::new();
    for block in &expected(chapter) {
        written::write(block, &mut text);
    }
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

/// The mistakes that are wanted, with the names of their variants.
fn wanted_mistakes() -> Vec<(String, &'static Mistake)> {
    let of_chapter = |chapter: &'static Chapter| {
        let name = |mistake: &Mistake| format!("{}/{}", chapter.name, mistake.id);
        let mistakes = chapter.mistakes.iter();
        let mistakes = mistakes.filter(|mistake| wanted(chapter.name, mistake.id));
        mistakes.map(move |mistake| (name(mistake), mistake))
    };
    CHAPTERS.iter().flat_map(of_chapter).collect()
}

/// The correct solutions that are wanted, with the names of their variants.
fn wanted_correct() -> Vec<(String, &'static Chapter, &'static Correct)> {
    let of_chapter = |chapter: &'static Chapter| {
        let name = |correct: &Correct| format!("{}/{}", chapter.name, correct.id);
        let correct = chapter.correct.iter();
        let correct = correct.filter(|correct| wanted(chapter.name, correct.id));
        correct.map(move |correct| (name(correct), chapter, correct))
    };
    CHAPTERS.iter().flat_map(of_chapter).collect()
}

/// The mistake that the tests of a later chapter are tried on.
fn earlier_mistake() -> &'static Mistake {
    let mut mistakes = affine::MISTAKES.iter();
    mistakes.find(|mistake| mistake.id == "db-mean").unwrap()
}

/// The program with all that `fingerprints`, `named`, `later` and `sample` try.
fn catalogue() -> Tests {
    let variant = |(name, mistake): (String, &Mistake)| Variant {
        name,
        exercise: mistake.exercise.to_owned(),
        edits: mistake.edits,
    };
    let mut all: Vec<_> = wanted_mistakes().into_iter().map(variant).collect();
    all.extend(variants_of(&wrong_solutions(SAMPLE)));
    let earlier = ("affine/db-mean".to_owned(), earlier_mistake());
    if all.iter().all(|variant| variant.name != earlier.0) {
        all.push(variant(earlier));
    }
    build(&all, Built::Once)
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
    assert!(!wanted_mistakes().is_empty(), "ONLY names no mistake");
    let program = catalogue();
    let mut problems = Vec::new();
    for chapter in CHAPTERS {
        let text = fingerprints_of(&program, chapter, write, &mut problems);
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
    program: &Tests,
    chapter: &Chapter,
    write: bool,
    problems: &mut Vec<String>,
) -> String {
    let known = fingerprints(chapter.name);
    let mut text = format!(
        "# What the exercises of `{}` give on the probes of tests/chapters/probes, and what \
         known\n# mistakes give. Made by a program; how to read it: \
         tests/chapters/teach/fingerprint.rs.\n",
        chapter.name
    );
    for block in &expected(chapter.name) {
        written::write(block, &mut text);
    }
    let file = expected_file(chapter.name);
    let variant = |mistake: &Mistake| format!("{}/{}", chapter.name, mistake.id);
    let blocks = each(chapter.mistakes, |mistake| {
        wanted(chapter.name, mistake.id).then(|| {
            differing(program, mistake.exercise, &variant(mistake), file.path())
        })
    });
    for (mistake, block) in chapter.mistakes.iter().zip(blocks) {
        let old = known.mistakes.iter();
        let old = old
            .filter(|old| old.exercise == mistake.exercise)
            .find(|old| old.id == mistake.id);
        let name = variant(mistake);
        let mut block = match block {
            Some(Ok(block)) => block,
            Some(Err(problem)) => {
                problems.push(format!("{name}: {problem}"));
                continue;
            }
            None => {
                if let Some(old) = old {
                    written::write(old, &mut text);
                }
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
    text
}

#[test]
#[ignore = "slow: compiles all mistakes, and tries each"]
fn each_mistake_is_caught_and_named() {
    let mistakes = wanted_mistakes();
    assert!(!mistakes.is_empty(), "ONLY names no mistake");
    let program = catalogue();
    let all = each(&mistakes, |(name, mistake)| {
        failing(&program, mistake.exercise, &[(VARIANT, name)])
    });
    let (mut passed, mut unnamed) = (Vec::new(), Vec::new());
    for ((name, mistake), failing) in mistakes.iter().zip(all) {
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
    let tried = mistakes.len();
    let caught = tried - passed.len();
    let named = caught - unnamed.len();
    println!("mistakes: {tried} tried, {caught} caught, {named} named");
    assert!(passed.is_empty(), "not caught: {passed:?}");
    assert!(100 * named >= 95 * tried, "not named: {unnamed:?}");
}

/// A test of chapter 6 that fails because of chapter 1 says so.
#[test]
#[ignore = "slow: compiles a mistake"]
fn a_mistake_is_named_by_the_tests_of_later_chapters_too() {
    let mistake = earlier_mistake();
    let test = "backward::gradients_are_the_courses_of_the_two_layer_network";
    let results = catalogue().tests(&[test], &[(VARIANT, "affine/db-mean")]);
    let printed = results[test].as_ref().expect("the test fails");
    let named = format!("{}: {}", mistake.exercise, mistake.says);
    assert_eq!(first_line(printed), named);
}

#[test]
#[ignore = "slow: compiles all solutions, and tries each"]
fn each_correct_solution_is_accepted() {
    let solutions = wanted_correct();
    assert!(!solutions.is_empty(), "ONLY names no solution");
    let variants = solutions.iter().map(|(name, _, correct)| Variant {
        name: name.clone(),
        exercise: correct.exercise.to_owned(),
        edits: correct.edits,
    });
    let program = build(&variants.collect::<Vec<_>>(), Built::ToRun);
    let all = each(&solutions, |(name, chapter, correct)| {
        let failing = failing_of_all(&program, &[(VARIANT, name)]);
        let file = expected_file(chapter.name);
        let differing = differing(&program, correct.exercise, name, file.path());
        (failing, differing.unwrap().outputs)
    });
    let mut refused = Vec::new();
    for ((name, ..), (failing, differing)) in solutions.iter().zip(all) {
        if failing.is_empty() && differing.is_empty() {
            println!("{name}: accepted");
        } else {
            refused.push(format!("{name}: {failing:?}, {differing:?}"));
        }
    }
    println!(
        "correct solutions: {} tried, {} accepted",
        solutions.len(),
        solutions.len() - refused.len()
    );
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
            let verdict = if wrong::is_named(chapter, &wrong.finding) {
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
    try_wrong(SAMPLE);
}

/// The sample holds every so many-th.
const SAMPLE: usize = 12;

/// Every so many-th wrong solution, as far as they are wanted.
fn wrong_solutions(step: usize) -> Vec<(&'static Chapter, usize, Wrong)> {
    let of_chapter = |chapter: &'static Chapter| {
        let wrongs = wrong::of_chapter(chapter.name).into_iter().enumerate();
        wrongs.map(move |(i, wrong)| (chapter, i, wrong))
    };
    let all = CHAPTERS.iter().flat_map(of_chapter).step_by(step);
    all.filter(|(chapter, i, _)| wanted(chapter.name, &(i + 1).to_string()))
        .collect()
}

/// Their variants.
fn variants_of(wrongs: &[(&'static Chapter, usize, Wrong)]) -> Vec<Variant> {
    let variant = |(chapter, i, wrong): &(&Chapter, usize, Wrong)| Variant {
        name: format!("{}/{}", chapter.name, i + 1),
        exercise: wrong.exercise.clone(),
        edits: wrong.edits(chapter),
    };
    wrongs.iter().map(variant).collect()
}

/// Tries every so many-th wrong solution, or with `WRONG=write` writes down what is said of
/// those that are wanted.
fn try_wrong(step: usize) {
    let begun = Instant::now();
    let write = step == 1 && env::var("WRONG").is_ok_and(|wish| wish == "write");
    let wrongs = wrong_solutions(step);
    let tried = wrongs.len();
    if tried == 0 && step == SAMPLE && env::var_os("ONLY").is_some() {
        println!("no wrong solution of the sample is wanted");
        return;
    }
    assert!(tried > 0, "ONLY names no wrong solution");
    let variants = variants_of(&wrongs);
    let program = if step == SAMPLE {
        catalogue()
    } else {
        build(&variants, Built::Once)
    };
    let told = each(&variants, |variant| {
        told_by_failing(&program, &variant.exercise, &variant.name)
    });
    let (mut named, mut problems) = (0, Vec::new());
    let mut changed: Vec<(&Chapter, usize, String)> = Vec::new();
    for ((chapter, i, wrong), told) in wrongs.iter().zip(told) {
        let id = format!("{}/{}", chapter.name, i + 1);
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
        named += usize::from(wrong::is_named(chapter, &finding));
        if finding != wrong.finding {
            let old = &wrong.finding;
            problems.push(format!("{id}: was\n{old}\nis\n{finding}"));
            changed.push((chapter, *i, finding));
        }
    }
    if write {
        for chapter in CHAPTERS {
            let mut all = wrong::of_chapter(chapter.name);
            let changed = changed.iter().filter(|(of, ..)| of.name == chapter.name);
            for (_, i, finding) in changed {
                all[*i].finding.clone_from(finding);
                all[*i].verdict.clear();
            }
            if !all.is_empty() {
                wrong::write(chapter.name, &all);
            }
        }
    }
    let time = begun.elapsed().as_secs();
    let silent = tried - named;
    println!(
        "wrong solutions: {tried} tried in {time} s, {named} named, {silent} silent"
    );
    assert!(write || problems.is_empty(), "{}", problems.join("\n"));
}
