//! The workbook, proved: what a student gets compiles, fails where it should, and passes
//! once it is filled in.
//!
//! The proofs that compile workbooks are slow and ignored by default:
//! `cargo test --test workbook -- --ignored`.

use fully_connected::literate::manifest::{
    CHAPTERS, EXERCISES, Exercise, TESTS, exercise, given_tests,
};
use fully_connected::literate::tangle;
use fully_connected::literate::workbook::{self, source};
use std::fs;
use std::path::Path;
use std::process::Command;

mod kit;

use kit::{Results, Workbook, text};

/// Asserts that the tests of what is given and of the first `k` exercises pass, that every
/// other test that fails says which exercise it waits for, and that each open exercise
/// has one that waits.
#[track_caller]
fn assert_filled_up_to(k: usize, results: &Results) {
    let (done, open) = EXERCISES.split_at(k);
    let done = done.iter().flat_map(Exercise::tests);
    for name in done.chain(given_tests()) {
        if let Some(printed) = &results[name] {
            panic!("up to {k}: {name} fails: {printed}");
        }
    }
    for exercise in open {
        let tests = exercise.tests();
        let waiting = tests.iter().filter(|name| {
            let printed = results[**name].as_ref();
            printed.is_some_and(|printed| assert_waits(k, name, printed))
        });
        assert!(
            waiting.count() > 0,
            "up to {k}: no test waits for {}",
            exercise.name
        );
    }
    assert_eq!(results.len(), TESTS.len(), "a test that nobody knows");
}

/// Asserts that the examples of the chapters that are done pass, and that every other one
/// passes or waits.
#[track_caller]
fn assert_examples_up_to(k: usize, results: &Results) {
    let open = &EXERCISES[k..];
    for (name, printed) in results {
        let Some(printed) = printed else { continue };
        let (chapter, _) = name.split_once([':', ' ']).unwrap();
        let is_chapter = CHAPTERS.contains(&chapter);
        let done = is_chapter && open.iter().all(|e| e.chapter() != chapter);
        assert!(
            !done && !open.is_empty(),
            "up to {k}: {name} fails: {printed}"
        );
        assert_waits(k, name, printed);
    }
}

#[track_caller]
fn assert_waits(k: usize, name: &str, printed: &str) -> bool {
    let waits = EXERCISES[k..]
        .iter()
        .any(|e| printed.contains(&format!("not yet implemented: {}:", e.name)));
    assert!(
        waits,
        "up to {k}: {name} does not say what it waits for: {printed}"
    );
    waits
}

#[test]
fn a_workbook_is_written_whole_and_over_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let new = |dir: &Path| {
        Command::new(env!("CARGO_BIN_EXE_fully-connected"))
            .arg("new")
            .arg(dir)
            .output()
            .unwrap()
    };

    let dir = folder.path().join("a folder/für mich");
    assert!(new(&dir).status.success());
    for file in workbook::files() {
        let written = fs::read_to_string(dir.join(&file.path)).unwrap();
        assert_eq!(written, file.text, "{}", file.path);
    }
    let beside = fs::read_dir(dir.parent().unwrap()).unwrap();
    assert_eq!(beside.count(), 1, "something was left beside the workbook");

    fs::write(dir.join("src/affine.rs"), "mine").unwrap();
    let again = new(&dir);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("exists already and stays as it is"));
    assert_eq!(fs::read(dir.join("src/affine.rs")).unwrap(), b"mine");

    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    assert_eq!(new(&file).status.code(), Some(2));
    assert_eq!(fs::read(&file).unwrap(), b"mine");

    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    assert!(new(&empty).status.success());
    assert!(empty.join("src/affine.rs").exists());

    // The folder that one stands in cannot be replaced, and is filled.
    let here = folder.path().join("here");
    fs::create_dir(&here).unwrap();
    let made = Command::new(env!("CARGO_BIN_EXE_fully-connected"))
        .args(["new", "."])
        .current_dir(&here)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", text(&made.stderr));
    assert!(!text(&made.stdout).contains("cd "));
    for file in workbook::files() {
        let written = fs::read_to_string(here.join(&file.path)).unwrap();
        assert_eq!(written, file.text, "{}", file.path);
    }
    let left = fs::read_dir(&here).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with(".workbook-")
    });
    assert_eq!(left.count(), 0, "the folder where it was built is left");
}

#[test]
fn hints_and_solutions_are_not_in_the_workbook() {
    let files = workbook::files();
    for exercise in EXERCISES.iter() {
        let path = format!("src/{}.rs", exercise.chapter());
        let chapter = files.iter().find(|file| file.path == path).unwrap();
        for hint in exercise.hints {
            assert!(files.iter().all(|file| !file.text.contains(hint)));
        }
        let solutions = tangle::bodies(&path, source(exercise.chapter())).unwrap();
        for ((name, _), body) in solutions {
            assert!(body.is_empty() || !chapter.text.contains(&body), "{name}");
        }
    }
}

#[test]
fn the_workbooks_lock_has_the_versions_of_this_crates() {
    let packages = |lock: &'static str| -> Vec<&str> {
        let blocks = lock.split("[[package]]").skip(1);
        blocks
            .map(|block| block.split("dependencies").next().unwrap().trim())
            .collect()
    };
    let own = packages(include_str!("../Cargo.lock"));
    let files = workbook::files();
    let lock = files
        .into_iter()
        .find(|file| file.path == "Cargo.lock")
        .unwrap();
    for package in packages(lock.text.leak()) {
        let known = package.contains("name = \"workbook\"") || own.contains(&package);
        assert!(known, "another version in the workbook: {package}");
    }
}

#[test]
fn the_stubs_are_what_the_snapshots_show() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/stubs");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for chapter in CHAPTERS.iter() {
        let stubbed = workbook::stubbed(chapter);
        settings.bind(|| insta::assert_snapshot!(*chapter, stubbed));
    }
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn an_untouched_workbook_compiles_without_a_warning() {
    let book = Workbook::new("untouched");
    let build = book.cargo(&["test", "--no-run"]);
    let said = text(&build.stderr);
    assert!(build.status.success(), "{said}");
    assert!(!said.contains("warning"), "{said}");
}

/// An exercise with two regions, the first one filled: what is asked of the whole waits.
#[test]
#[ignore = "slow: compiles a workbook"]
fn half_of_an_exercise_is_not_called_wrong() {
    let book = Workbook::new("half");
    book.fill(|name| name.starts_with("affine::"));
    let path = book.dir.join("src/affine.rs");
    let filled = fs::read_to_string(&path).unwrap();
    let stub = exercise("affine::backward").unwrap().stubs[1];
    let begin = "// exercise: affine::backward\n";
    let second = filled.rfind(begin).unwrap() + begin.len();
    let end = second + filled[second..].find("// end:").unwrap();
    let half = format!("{}{stub}\n{}", &filled[..second], &filled[end..]);
    fs::write(&path, half).unwrap();

    let results = book.test();
    let whole = &results["affine::backward_gives_the_courses_gradients"];
    let printed = whole.as_ref().expect("dx is missing");
    assert!(printed.contains("not yet implemented: affine::backward: dx"));
    assert!(!printed.contains("differs"), "{printed}");
}

#[test]
#[ignore = "slow: compiles a workbook again and again"]
fn filled_up_to_any_exercise_a_workbook_passes_just_that_far() {
    let book = Workbook::new("filled");
    for k in 0..=EXERCISES.len() {
        let done: Vec<_> = EXERCISES[..k].iter().map(|e| e.name).collect();
        book.fill(|name| done.contains(&name));
        assert_filled_up_to(k, &book.test());
        assert_examples_up_to(k, &book.doctest());
    }
}

#[test]
fn a_workbook_with_all_solutions_is_the_source() {
    let book = Workbook::new("solved");
    book.fill(|_| true);
    for chapter in CHAPTERS.iter() {
        let path = format!("src/{chapter}.rs");
        let filled = fs::read_to_string(book.dir.join(&path)).unwrap();
        assert_eq!(filled, source(chapter), "{path}");
    }
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn a_picture_that_differs_fails_and_is_not_replaced_whatever_insta_is_told() {
    let book = Workbook::new("picture");
    book.fill(|_| true);
    let path = book.dir.join("snapshots/chapters/layer_stds.snap");
    let other = fs::read_to_string(&path).unwrap().replace('3', "4");
    fs::write(&path, &other).unwrap();

    for update in ["always", "new", "unseen", "force"] {
        let told = [
            ("INSTA_UPDATE", update),
            ("INSTA_FORCE_PASS", "1"),
            ("CI", ""),
        ];
        let arguments = ["test", "--test", "chapters", "overfit"];
        let output = book.cargo_told(&arguments, &told);
        let said = text(&output.stdout);
        assert!(!output.status.success(), "{update}: {said}");
        assert!(said.contains("layer_stds.snap: line "), "{update}: {said}");
        assert!(!said.contains("insta"), "{update}: {said}");
        assert_eq!(fs::read_to_string(&path).unwrap(), other, "{update}");
        let beside = fs::read_dir(path.parent().unwrap()).unwrap();
        assert!(beside.map(|file| file.unwrap().path()).all(|file| {
            file.extension()
                .is_some_and(|extension| extension == "snap")
        }));
    }
}
