//! The workbook, proved: what a student gets compiles, fails where it should, and passes
//! once it is filled in.
//!
//! The proofs that compile workbooks are slow and ignored by default:
//! `cargo test --test workbook -- --ignored`.

use fully_connected::literate::manifest::{
    CHAPTERS, EXERCISES, Exercise, TESTS, exercise, given_tests,
};
use fully_connected::literate::package;
use fully_connected::literate::tangle;
use fully_connected::literate::workbook::{self, source};
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

mod kit;

use kit::{CASE, Results, Workbook, finish, program};

/// Asserts that the tests of what is given and of the first `k` exercises pass, that every
/// other test that fails says which exercise it waits for, and that each open exercise
/// has one that waits.
#[track_caller]
fn assert_filled_up_to(k: usize, results: &Results) {
    let run: BTreeSet<_> = results.keys().map(String::as_str).collect();
    let known = TESTS.iter().map(|test| test.name).collect();
    let differing: Vec<_> = run.symmetric_difference(&known).collect();
    assert!(differing.is_empty(), "not run or not known: {differing:?}");
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
}

/// Asserts that the examples of the chapters that are done pass, and that every other one
/// passes or waits.
#[track_caller]
fn assert_examples_up_to(k: usize, results: &Results) {
    let open = &EXERCISES[k..];
    for (name, printed) in results {
        let Some(printed) = printed else { continue };
        let file = name.strip_prefix("src/").unwrap();
        let (chapter, _) = file.split_once(".rs").unwrap();
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

#[track_caller]
fn assert_written(dir: &Path) {
    for file in workbook::files() {
        let written = fs::read(dir.join(&file.path)).unwrap();
        let plain = package::plain(&file.path, &written);
        assert_eq!(str::from_utf8(&plain), Ok(&*file.text), "{}", file.path);
        let is_named = plain != written;
        assert_eq!(
            is_named,
            ["Cargo.toml", "Cargo.lock"].contains(&&*file.path)
        );
    }
}

#[test]
fn a_workbook_is_written_whole_and_over_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let new = |dir: &Path| finish(program(folder.path()).arg("new").arg(dir));

    let dir = folder.path().join("a folder/für mich");
    new(&dir).ended(0);
    assert_written(&dir);
    let beside = fs::read_dir(dir.parent().unwrap()).unwrap();
    assert_eq!(beside.count(), 1, "something was left beside the workbook");

    fs::write(dir.join("src/affine.rs"), "mine").unwrap();
    let again = new(&dir);
    again.ended(2);
    assert!(again.stderr.contains("exists already and stays as it is"));
    assert_eq!(fs::read(dir.join("src/affine.rs")).unwrap(), b"mine");

    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    new(&file).ended(2);
    assert_eq!(fs::read(&file).unwrap(), b"mine");

    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    new(&empty).ended(0);
    assert!(empty.join("src/affine.rs").exists());

    // The folder that one stands in cannot be replaced, and is filled.
    let here = folder.path().join("here");
    fs::create_dir(&here).unwrap();
    let made = finish(program(&here).args(["new", "."]));
    made.ended(0);
    assert!(!made.stdout.contains("cd "));
    assert_written(&here);
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
    let own = include_str!("../Cargo.lock").replace("\r\n", "\n");
    let own = packages(own.leak());
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
    let book = Workbook::in_turn("untouched");
    let build = book.cargo(&["test", "--no-run"]);
    build.ended(0).says_not("warning");
}

/// An exercise with two regions, the first one filled: what is asked of the whole waits.
#[test]
#[ignore = "slow: compiles a workbook"]
fn half_of_an_exercise_is_not_called_wrong() {
    let book = Workbook::in_turn("half");
    book.fill(|name| name.starts_with("affine::"));
    let filled = book.read("src/affine.rs");
    let stub = exercise("affine::backward").unwrap().stubs[1];
    let begin = "// exercise: affine::backward\n";
    let second = filled.rfind(begin).unwrap() + begin.len();
    let end = second + filled[second..].find("// end:").unwrap();
    let half = format!("{}{stub}\n{}", &filled[..second], &filled[end..]);
    book.write("src/affine.rs", &half);

    let results = book.test();
    let whole = &results["affine::backward_gives_the_courses_gradients"];
    let printed = whole.as_ref().expect("dx is missing");
    assert!(printed.contains("not yet implemented: affine::backward: dx"));
    assert!(!printed.contains("differs"), "{printed}");
}

#[test]
#[ignore = "slow: compiles a workbook again and again"]
fn filled_up_to_any_exercise_a_workbook_passes_just_that_far() {
    let book = Workbook::in_turn("filled");
    let all = EXERCISES.len();
    let real = [0, all / 2, all];
    for k in real {
        let done: Vec<_> = EXERCISES[..k].iter().map(|e| e.name).collect();
        book.fill(|name| done.contains(&name));
        assert_filled_up_to(k, &book.test());
        assert_examples_up_to(k, &book.doctest());
    }
    // Every function is compiled by now with its stub and with its solution. For all other `k`
    // one build holds both, and is told at each run how far it is filled.
    for chapter in CHAPTERS.iter() {
        book.write(&format!("src/{chapter}.rs"), &filled_as_told(chapter));
    }
    // The examples are compiled at each run, so they are run where a chapter ends; on request
    // everywhere.
    let everywhere = std::env::var_os("EVERY_EXERCISE").is_some();
    let is_end = |k: usize| {
        k == all || EXERCISES[k].chapter() != EXERCISES[k.max(1) - 1].chapter()
    };
    for k in (0..=all).filter(|k| !real.contains(k)) {
        assert_filled_up_to(k, &book.test_case(k));
        if everywhere || is_end(k) {
            assert_examples_up_to(k, &book.doctest_case(k));
        }
    }
}

/// A chapter whose regions are both stub and solution: of the first exercises, as many as
/// [`CASE`] says, the solution.
fn filled_as_told(chapter: &str) -> String {
    let stubbed = workbook::stubbed(chapter);
    // In order: the parts of an exercise are told apart by it alone.
    let stubs: BTreeMap<_, _> = tangle::bodies(chapter, &stubbed)
        .unwrap()
        .into_iter()
        .collect();
    let solutions = tangle::bodies(chapter, source(chapter)).unwrap();
    let place = |name: &str| EXERCISES.iter().position(|e| e.name == name);
    let mut regions = String::new();
    for ((name, nth), stub) in &stubs {
        let Some(place) = place(name) else { continue };
        let solution = &solutions[&(name.clone(), *nth)];
        regions += &format!(
            "// exercise: {name}\n\
             if std::env::var({CASE:?}).unwrap().parse::<usize>().unwrap() > {place} {{\n\
             {solution}}} else {{\n{stub}}}\n// end: {name}\n"
        );
    }
    let is_exercise = |name: &str| place(name).is_some();
    tangle::transplant(chapter, &stubbed, &regions, is_exercise).unwrap()
}

/// The right one and the wrong one are built in one folder, and no file changes in between.
#[test]
#[ignore = "slow: compiles two workbooks"]
fn in_one_target_folder_no_workbook_is_taken_for_another() {
    let turn = Workbook::in_turn("turn");
    let right = turn.beside("right, in one folder");
    let wrong = turn.beside("wrong, in one folder");
    right.fill(|_| true);
    for _ in 0..2 {
        let test = ["test", "--test", "chapters", "affine::"];
        right.cargo(&test).ended(0).says_not(" 0 passed");
        wrong.cargo(&test).ended(101).says("not yet implemented");
    }
    let names = [&right, &wrong].map(|book| {
        let manifest = book.read("Cargo.toml");
        package::own(&manifest).expect("it has a name").to_owned()
    });
    for (book, name) in [&right, &wrong].into_iter().zip(&names) {
        // Their names are new each time, and would fill the folder.
        book.cargo(&["clean", "--package", name]).ended(0);
    }
}

#[test]
fn a_workbook_with_all_solutions_is_the_source() {
    let book = Workbook::new("solved");
    book.fill(|_| true);
    for chapter in CHAPTERS.iter() {
        let path = format!("src/{chapter}.rs");
        assert_eq!(book.read(&path), source(chapter), "{path}");
    }
}

/// The regions of workbooks that were finished with an earlier version. What a student has
/// written cannot be replaced, so every name in them stays, and no test refuses them.
const FROZEN: [(&str, &str); 1] = [("0.2.0", include_str!("frozen/0.2.0.txt"))];

#[test]
#[ignore = "slow: compiles a workbook"]
fn a_workbook_that_was_finished_with_an_earlier_version_passes() {
    let book = Workbook::in_turn("frozen");
    for (version, regions) in FROZEN {
        let frozen = tangle::bodies("", regions).unwrap();
        let is_frozen = |name: &str| frozen.contains_key(&(name.to_owned(), 0));
        for chapter in CHAPTERS.iter() {
            let stubbed = workbook::stubbed(chapter);
            let text = tangle::transplant(chapter, &stubbed, regions, is_frozen);
            book.write(&format!("src/{chapter}.rs"), &text.unwrap());
        }
        let open = EXERCISES.iter().position(|e| !is_frozen(e.name));
        println!("version {version}");
        let k = open.unwrap_or(EXERCISES.len());
        assert_filled_up_to(k, &book.test());
        assert_examples_up_to(k, &book.doctest());
    }
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn a_picture_that_differs_fails_and_nothing_is_written() {
    let book = Workbook::in_turn("picture");
    book.fill(|_| true);
    let picture = "snapshots/chapters/layer_stds.snap";
    let other = book.read(picture).replace('3', "4");
    book.write(picture, &other);
    let before = book.files_ending("", "");

    book.cargo(&["test", "--test", "chapters", "overfit"])
        .ended(101)
        .says("layer_stds.snap: line ");

    assert_eq!(book.read(picture), other);
    assert_eq!(book.files_ending("", ""), before);
}
