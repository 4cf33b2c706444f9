//! The mutants of all regions, compiled many to a program, against the tests. One that passes
//! its exercise's is in `survivors.txt`, with the reason why it is no mistake.

use crate::catalogue::{Edit, VARIANT, choosing};
use crate::kit::{Built, Workbook};
use crate::mutants::{Mutant, mutants};
use crate::wanted;
use fully_connected::literate::manifest::{self, CHAPTERS, EXERCISES, Exercise};
use fully_connected::literate::tangle::bodies;
use fully_connected::literate::workbook::{TESTS_MODULE, source};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A mutant that has not ended by then, nor in ten times what the reference takes, has a loop
/// without end.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where the shell can, the address space in KiB of a program under test: a mutant that fills
/// memory without end aborts.
const LIMITED: &str = r#"ulimit -v 4000000 2>/dev/null; exec "$0" "$@""#;

/// A mutant that passes and is no mistake.
struct Survivor {
    exercise: String,
    old: String,
    new: String,
    why: String,
}

/// The entries of `survivors.txt`. A line `EXERCISE` begins a part. Lines as they were (`-`) are
/// said once above all that mutants made of them (`+`), and why that is right (`=`) once below
/// all mutants of which it is true.
fn survivors() -> Vec<Survivor> {
    let mut survivors: Vec<Survivor> = Vec::new();
    let (mut exercise, mut old) = ("", "");
    for line in include_str!("survivors.txt").lines() {
        match line.split_at_checked(2).unwrap_or((line, "")) {
            ("" | "# ", _) => {}
            ("- ", lines) => old = lines,
            ("+ ", lines) => survivors.push(Survivor {
                exercise: exercise.to_owned(),
                old: old.to_owned(),
                new: lines.to_owned(),
                why: String::new(),
            }),
            ("= ", why) => {
                let group = survivors.iter_mut().rev();
                let group = group.take_while(|survivor| survivor.why.is_empty());
                group.for_each(|survivor| why.clone_into(&mut survivor.why));
            }
            _ => exercise = line,
        }
    }
    survivors
}

/// The mutants of a chapter's regions, as far as they are wanted.
fn of_chapter(chapter: &str) -> Vec<Mutant> {
    let bodies = bodies(chapter, source(chapter)).expect("sound markers");
    let exercises = EXERCISES.iter().filter(|e| e.chapter() == chapter);
    let of_exercise = |exercise: &'static Exercise| {
        let regions = 0..exercise.stubs.len();
        let bodies = &bodies;
        regions.flat_map(move |region| {
            let body = &bodies[&(exercise.name.to_owned(), region)];
            mutants(exercise.name, region, body)
        })
    };
    exercises.flat_map(of_exercise).collect()
}

/// Every entry is a mutant still, is there once, and has a reason.
#[test]
fn the_survivors_are_mutants_with_a_reason() {
    let mutants: Vec<_> = CHAPTERS.iter().flat_map(|c| of_chapter(c)).collect();
    let mut seen = BTreeSet::new();
    for Survivor {
        exercise,
        old,
        new,
        why,
    } in survivors()
    {
        let known = mutants.iter().any(|mutant| {
            (mutant.exercise, &mutant.old, &mutant.new) == (&*exercise, &old, &new)
        });
        assert!(known, "{exercise} has no mutant\n- {old}\n+ {new}");
        assert!(why.ends_with('.'), "a reason for\n- {old}\n+ {new}");
        assert!(
            seen.insert((exercise, old.clone(), new.clone())),
            "twice: {old} {new}"
        );
    }
    assert!(mutants.len() > 1000, "{} mutants", mutants.len());
}

/// Puts those mutants that compile into the workbook, and builds its tests. Returns them by
/// their numbers, and the program.
fn build(book: &Workbook, chapter: &str, mutants: &[Mutant]) -> (Vec<usize>, PathBuf) {
    let edits: Vec<_> = mutants
        .iter()
        .map(|mutant| {
            [Edit::Body(
                mutant.region,
                mutant.body.trim_end().to_owned().leak(),
            )]
        })
        .collect();
    let ids: Vec<_> = (0..mutants.len()).map(|i| i.to_string()).collect();
    let mut left: BTreeSet<usize> = (0..mutants.len()).collect();
    loop {
        let entries = left.iter();
        let entries = entries.map(|&i| (&*ids[i], mutants[i].exercise, &edits[i][..]));
        let text = choosing(chapter, source(chapter), entries);
        let path = format!("src/{chapter}.rs");
        book.write(&path, &text);
        let built = book.cargo(&["test", "--lib", "--no-run", "--message-format=json"]);
        let messages = built.stdout.lines();
        let messages = messages
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let mut wrong: BTreeSet<usize> = BTreeSet::new();
        for message in messages {
            if built.code == Some(0) {
                if let Some(program) = message["executable"].as_str() {
                    return (left.into_iter().collect(), program.into());
                }
                continue;
            }
            let message = &message["message"];
            let spans = message["spans"].as_array().map_or(&[][..], Vec::as_slice);
            if message["level"] != "error" || spans.is_empty() {
                continue;
            }
            // A variable outside the arms may be borrowed in them.
            let arms = |primary: bool| -> Vec<usize> {
                let own = spans.iter().filter(|span| span["is_primary"] == primary);
                let lines = own.filter_map(|span| span["line_start"].as_u64());
                lines
                    .filter_map(|line| arm_at(&text, line as usize))
                    .collect()
            };
            let arms = [arms(true), arms(false)];
            let arms = if arms[0].is_empty() {
                &arms[1]
            } else {
                &arms[0]
            };
            assert!(!arms.is_empty(), "{}", message["rendered"]);
            wrong.extend(arms);
        }
        assert!(!wrong.is_empty(), "{}", built.stderr);
        left.retain(|i| !wrong.contains(i));
    }
}

/// The mutant that a line of [`choosing`]'s text belongs to.
fn arm_at(text: &str, line: usize) -> Option<usize> {
    let before: Vec<_> = text.lines().take(line).collect();
    let arm = before.iter().rev().find_map(|line| {
        let name = line.strip_prefix("        ")?.strip_suffix(" => {")?;
        (!name.starts_with(' ')).then_some(name)
    })?;
    arm.trim_matches('"').parse().ok()
}

/// Whether all tests of that exercise pass, `None` if they do not end.
fn passes(
    dir: &Path,
    program: &Path,
    (exercise, id): (&str, &str),
    patience: Duration,
) -> Option<bool> {
    let tests = manifest::exercise(exercise).expect("a known one").tests();
    let names = tests.iter().map(|name| format!("{TESTS_MODULE}::{name}"));
    let mut command = if cfg!(unix) {
        let mut shell = Command::new("sh");
        shell.args(["-c", LIMITED]).arg(program);
        shell
    } else {
        Command::new(program)
    };
    let mut running = command
        .arg("--exact")
        .args(names)
        .current_dir(dir)
        .env(VARIANT, id)
        .env_remove("RUST_BACKTRACE")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the tests start");
    let printed = BufReader::new(running.stdout.take().expect("a pipe"));
    // The first that fails is enough.
    let failing = thread::spawn(move || {
        let mut lines = printed.lines().map_while(Result::ok);
        lines.any(|line| line.ends_with("... FAILED"))
    });
    let begun = Instant::now();
    while !failing.is_finished() && begun.elapsed() < patience {
        thread::sleep(Duration::from_millis(5));
    }
    let ended = failing.is_finished();
    if ended && !failing.join().expect("lines are read") {
        return Some(running.wait().expect("it ends").success());
    }
    running.kill().expect("it runs or has ended");
    running.wait().expect("it ends");
    ended.then_some(false)
}

#[cfg(unix)]
#[test]
fn the_tests_of_a_mutant_pass_or_fail_or_do_not_end() {
    use std::os::unix::fs::PermissionsExt;

    let dir = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (name, does, expected) in [
        ("passing", "echo 'test a ... ok'", Some(true)),
        ("aborting", "exit 101", Some(false)),
        (
            "failing",
            "echo 'test a ... FAILED'; while :; do :; done",
            Some(false),
        ),
        ("endless", "while :; do :; done", None),
    ] {
        let program = dir.join(format!("mutant-{name}"));
        fs::write(&program, format!("#!/bin/sh\n{does}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let mutant = ("affine::forward", "0");
        let patience = Duration::from_secs(3);
        assert_eq!(passes(dir, &program, mutant, patience), expected, "{name}");
    }
}

#[test]
#[ignore = "slow: runs each mutant"]
fn every_mutant_is_caught_or_no_mistake() {
    let book = Workbook::of_reference("mutants", Built::Again);
    let known = survivors();
    let (mut made, mut compiled, mut endless, mut passed) = (0, 0, 0, 0);
    let (mut new, mut stale) = (Vec::new(), Vec::new());
    let mut patience = BTreeMap::new();
    for chapter in CHAPTERS.iter() {
        let begun = Instant::now();
        let mut mutants = of_chapter(chapter);
        mutants.retain(|mutant| {
            let (chapter, function) = mutant.exercise.split_once("::").unwrap();
            wanted(chapter, function)
        });
        if mutants.is_empty() {
            continue;
        }
        let (compiling, program) = build(&book, chapter, &mutants);
        let (mut chapters_endless, mut chapters_passed) = (0, 0);
        for &i in &compiling {
            let Mutant {
                exercise,
                old,
                new: edited,
                ..
            } = &mutants[i];
            let listed = known.iter().any(|survivor| {
                (&*survivor.exercise, &survivor.old, &survivor.new)
                    == (exercise, old, edited)
            });
            let shown = format!("{exercise}\n- {old}\n+ {edited}\n");
            let patience = *patience.entry(*exercise).or_insert_with(|| {
                let begun = Instant::now();
                let reference = (*exercise, "the reference");
                let right = passes(&book.dir, &program, reference, Duration::MAX);
                assert_eq!(right, Some(true), "the reference fails in {exercise}");
                PATIENCE.max(10 * begun.elapsed())
            });
            let mutant = (*exercise, &*i.to_string());
            let passes = passes(&book.dir, &program, mutant, patience);
            chapters_endless += usize::from(passes.is_none());
            chapters_passed += usize::from(passes == Some(true));
            match (passes, listed) {
                (Some(true), false) => {
                    println!("PASSES {shown}");
                    new.push(shown);
                }
                (Some(true), true) | (_, false) => {}
                (_, true) => stale.push(shown),
            }
        }
        println!(
            "{chapter}: {} mutants, {} compile, {} caught ({chapters_endless} as endless), \
             {chapters_passed} pass, in {} s",
            mutants.len(),
            compiling.len(),
            compiling.len() - chapters_passed,
            begun.elapsed().as_secs()
        );
        made += mutants.len();
        compiled += compiling.len();
        endless += chapters_endless;
        passed += chapters_passed;
        book.write(&format!("src/{chapter}.rs"), source(chapter));
    }
    println!(
        "mutants: {made} made, {compiled} compile, {} caught ({endless} as endless), {passed} \
         pass",
        compiled - passed
    );
    assert!(compiled > 0, "ONLY names no exercise");
    assert!(stale.is_empty(), "caught by now:\n{}", stale.concat());
    assert!(new.is_empty(), "nothing notices:\n{}", new.concat());
}
