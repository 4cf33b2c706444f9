//! What needs no compiler.

use crate::kit::{Workbook, finish, program};
use fully_connected::literate::manifest::{EXERCISES, exercise};
use fully_connected::literate::tangle;
use fully_connected::literate::workbook::{STATE, source, stubbed};
use std::fs;

const COMMANDS: [&[&str]; 8] = [
    &["check"],
    &["watch"],
    &["list"],
    &["hint"],
    &["solution", "softmax"],
    &["give", "softmax"],
    &["reset", "softmax"],
    &["update"],
];

fn done(count: usize) -> String {
    format!("{count} of {} done", EXERCISES.len())
}

#[test]
fn outside_a_workbook_every_command_says_so() {
    let folder = tempfile::tempdir().unwrap();
    for command in COMMANDS {
        let run = finish(program(folder.path()).args(command));
        run.ended(2)
            .says("there is no workbook here")
            .says("fully-connected new DIR");
        assert_eq!(run.stdout, "");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_workbook_is_found_from_any_folder_inside_it() {
    let book = Workbook::new("found");
    for folder in ["src", "tests/chapters", "snapshots"] {
        let run = finish(program(&book.path(folder)).arg("list"));
        run.ended(0).says("→ ○ affine::forward");
    }
}

#[test]
fn a_wrong_name_is_answered_with_the_nearest_right_one() {
    let book = Workbook::new("names");
    for command in ["check", "hint", "solution", "give", "reset"] {
        let run = book.run(&[command, "afine::forwrad"]);
        run.ended(2)
            .says("there is no exercise or chapter `afine::forwrad`")
            .says("the nearest is `affine::forward`");
    }
}

#[test]
fn a_damaged_state_file_is_named_with_the_remedy() {
    let book = Workbook::new("state");
    book.write(STATE, "{\"version\": ");
    let said = book.run(&["list"]);
    said.ended(2).says(STATE).says("{\"version\": \"");
    let remedy = said.stderr.split('`').nth(1).unwrap().to_owned();
    book.write(STATE, &remedy);
    book.run(&["list"]).ended(0);
}

#[test]
fn hints_go_one_level_further_at_each_call() {
    let book = Workbook::new("hints");
    let hints = exercise("affine::forward").unwrap().hints;
    let word = |level: usize| hints[level].split_whitespace().next().unwrap();
    for level in [0, 1, 2, 2] {
        let run = book.run(&["hint"]);
        run.ended(0)
            .says(&format!("affine::forward  hint {} of 3", level + 1))
            .says(word(level));
    }
    book.run(&["hint", "affine::forward", "--level", "1"])
        .ended(0)
        .says("hint 1 of 3");
    book.run(&["hint", "affine::forward"]).says("hint 3 of 3");
    book.run(&["hint", "softmax"])
        .says("softmax::loss  hint 1 of 3");
    book.run(&["hint", "softmax", "--level", "4"]).ended(2);
}

#[test]
fn give_and_reset_keep_what_was_there_and_overwrite_no_backup() {
    let book = Workbook::new("backups");
    book.edit("src/relu.rs", "let _ = zero;", "let mine = zero;");
    let mine = book.read("src/relu.rs");

    let given = book.run(&["give", "relu::forward"]);
    given
        .ended(0)
        .says("relu::forward is given")
        .says(".backups/relu-");
    let backup = given.stdout.lines().nth(1).unwrap().trim().to_owned();
    assert_eq!(book.read(&backup), mine);
    let with_solution = book.read("src/relu.rs");
    assert!(!with_solution.contains("let mine"));
    assert!(with_solution.contains("todo!(\n        \"relu::backward"));
    book.run(&["list"])
        .says("◆ relu::forward                        given")
        .says(&done(1));

    book.run(&["reset", "relu::forward"])
        .ended(0)
        .says(".backups/relu-");
    book.run(&["give", "relu::forward"]).ended(0);
    book.run(&["reset", "relu::forward"]).ended(0);
    assert!(
        book.read("src/relu.rs") == stubbed("relu"),
        "src/relu.rs was changed"
    );
    book.run(&["list"]).says(&done(0));
    assert_eq!(book.files_ending(".backups", ".rs").len(), 4);
    assert_eq!(book.read(&backup), mine);

    book.run(&["reset", "relu::forward"])
        .says("Nothing to change");
    assert_eq!(book.files_ending(".backups", ".rs").len(), 4);
}

#[test]
fn a_chapters_name_gives_and_resets_all_of_it() {
    let book = Workbook::new("chapter");
    book.run(&["give", "affine"])
        .ended(0)
        .says("affine::backward is given");
    let solved = tangle::solve("", &stubbed("affine"), source("affine")).unwrap();
    assert!(
        book.read("src/affine.rs")
            .starts_with(solved.split("::helpers").next().unwrap())
    );
    book.run(&["list"]).says(&done(2)).says("→ ○ relu::forward");
    book.run(&["reset", "affine"]).ended(0);
    assert!(
        book.read("src/affine.rs") == stubbed("affine"),
        "src/affine.rs was changed"
    );
}

#[test]
fn of_half_an_exercise_the_open_half_is_shown() {
    let book = Workbook::new("half");
    book.run(&["give", "affine::backward"]).ended(0);
    let given = book.read("src/affine.rs");
    let marker = "// exercise: affine::backward";
    // The first of its regions is written, the second is the stub.
    let (first, second) = given.rsplit_once(marker).unwrap();
    let stubs = stubbed("affine");
    let (_, stub) = stubs.rsplit_once(marker).unwrap();
    assert_ne!(second, stub);
    book.write("src/affine.rs", &format!("{first}{marker}{stub}"));
    let line = first.lines().count();
    book.run(&["list"]).says(&format!(
        "○ affine::backward                     open  src/affine.rs:{line}"
    ));
}

#[test]
fn a_chapter_with_other_line_ends_is_read_and_written_in_them() {
    let book = Workbook::new("crlf");
    for file in book.files_ending("src", ".rs") {
        let text = fs::read_to_string(&file).unwrap();
        fs::write(file, text.replace('\n', "\r\n")).unwrap();
    }
    let count = EXERCISES.len();
    let list = book.run(&["list"]);
    assert_eq!(list.stdout.matches('○').count(), count, "{}", list.stdout);
    let is_crlf =
        |text: &str| text.matches('\n').count() == text.matches("\r\n").count();
    for command in [
        ["give", "relu::forward"],
        ["reset", "relu::forward"],
        ["give", "relu"],
    ] {
        book.run(&command).ended(0);
        assert!(is_crlf(&book.read("src/relu.rs")), "{command:?}");
    }
    book.run(&["list"]).says("◆ relu::forward").says(&done(2));
    book.run(&["solution", "relu::forward"])
        .ended(0)
        .says("letter for letter");
    book.run(&["reset", "relu"]).ended(0);
    assert!(book.read("src/relu.rs") == stubbed("relu").replace('\n', "\r\n"));
}

#[test]
fn damaged_markers_are_named_and_a_chapter_can_be_had_again() {
    let book = Workbook::new("markers");
    book.edit("src/affine.rs", "    // end: affine::forward\n", "");
    let damaged = book.read("src/affine.rs");
    book.run(&["give", "affine::backward"])
        .ended(2)
        .says("src/affine.rs:")
        .says("affine::forward")
        .says("reset affine");
    assert!(
        book.read("src/affine.rs") == damaged,
        "src/affine.rs was changed"
    );
    book.run(&["list"])
        .ended(0)
        .says("! affine::forward")
        .says("Put back the one")
        .says("reset CHAPTER");

    book.run(&["reset", "affine"]).ended(0);
    assert!(
        book.read("src/affine.rs") == stubbed("affine"),
        "src/affine.rs was changed"
    );

    // Both markers gone.
    book.edit("src/relu.rs", "    // exercise: relu::forward\n", "");
    book.edit("src/relu.rs", "    // end: relu::forward\n", "");
    book.run(&["give", "relu"]).ended(2).says("is missing");
    book.run(&["list"]).ended(0).says("! relu::forward");
}

#[test]
fn a_deleted_chapter_can_be_had_again() {
    let book = Workbook::new("deleted");
    fs::remove_file(book.path("src/init.rs")).unwrap();
    book.run(&["list"])
        .ended(0)
        .says("src/init.rs is not there");
    book.run(&["give", "init"])
        .ended(2)
        .says("src/init.rs is not there");
    book.run(&["hint", "init"])
        .ended(0)
        .says("init::layer_sizes");
    book.run(&["reset", "init"]).ended(0);
    assert!(
        book.read("src/init.rs") == stubbed("init"),
        "src/init.rs was changed"
    );
}

#[test]
fn a_solution_waits_until_yours_passes_or_is_forced() {
    let book = Workbook::new("solution");
    let refused = book.run(&["solution", "softmax"]);
    refused.ended(1).says("is not solved yet").says("--force");
    refused.says_not("row.mapv_inplace");
    let shown = book.run(&["solution", "softmax", "--force"]);
    shown
        .ended(0)
        .says("-     let _ = n;")
        .says("+         row /= sum;");
    book.run(&["give", "softmax"]).ended(0);
    book.run(&["solution", "softmax::loss"])
        .ended(0)
        .says("letter for letter");
    // What was written and not tested yet.
    book.fill(|name| name == "affine::forward");
    book.run(&["solution", "affine::forward"])
        .ended(1)
        .says("affine::forward has not been tested as it stands")
        .says("check affine::forward");
    // A chapter means its exercises, as it does for `give`.
    book.run(&["solution", "relu"])
        .ended(1)
        .says("relu::forward is not solved yet");
    book.run(&["solution", "relu", "--force"])
        .ended(0)
        .says("relu::forward  - yours")
        .says("relu::backward  - yours");
}

#[test]
fn without_cargo_on_the_path_it_says_what_is_missing() {
    let book = Workbook::new("cargo");
    for command in ["check", "check affine"] {
        let mut program = program(&book.dir);
        program.args(command.split(' ')).env("PATH", "");
        let run = finish(&mut program);
        run.ended(2)
            .says("cannot find cargo")
            .says("https://rustup.rs");
    }
}

#[cfg(unix)]
#[test]
fn with_standard_input_closed_it_works_all_the_same() {
    let book = Workbook::new("closed");
    let mut shell = std::process::Command::new("sh");
    let program = env!("CARGO_BIN_EXE_fully-connected");
    shell.args(["-c", &format!("exec '{program}' list <&-")]);
    finish(shell.current_dir(&book.dir))
        .ended(0)
        .says("→ ○ affine::forward");
}

/// A user who may not write says so by name, and what is there stays. Root may write
/// anywhere, so for root the program runs as nobody.
#[cfg(unix)]
#[test]
fn a_folder_that_may_only_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    use std::process::{Command, Stdio};

    // Where everybody can get to: a home folder may be closed to others.
    let folder = tempfile::tempdir().unwrap();
    let mode = |path: &std::path::Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(folder.path(), 0o755);
    let dir = folder.path().join("book");
    finish(program(folder.path()).arg("new").arg(&dir)).ended(0);
    let copy = folder.path().join("program");
    fs::copy(env!("CARGO_BIN_EXE_fully-connected"), &copy).unwrap();
    mode(&copy, 0o755);
    let mut folders = vec![dir.clone()];
    while let Some(next) = folders.pop() {
        let inside = fs::read_dir(&next)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        folders.extend(inside.filter(|path| path.is_dir()));
        mode(&next, 0o555);
    }

    let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let as_reader = |command: &[&str]| {
        let mut reader = if root {
            let mut other = Command::new("setpriv");
            other
                .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
                .arg(&copy);
            other
        } else {
            Command::new(&copy)
        };
        reader.args(command).current_dir(&dir).stdin(Stdio::null());
        reader
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUST_BACKTRACE");
        finish(&mut reader)
    };
    as_reader(&["list"]).ended(0).says("→ ○ affine::forward");
    for command in [&["check"][..], &["give", "affine"], &["reset", "affine"]] {
        let run = as_reader(command);
        if command[0] == "reset" {
            // The chapter is as it was made: there is nothing to write but the record.
            run.ended(2).says(STATE);
            continue;
        }
        run.ended(2).says("cannot write").says("ermission denied");
    }
    as_reader(&["hint"])
        .ended(2)
        .says(STATE)
        .says("ermission denied");
    let affine = fs::read_to_string(dir.join("src/affine.rs")).unwrap();
    assert!(affine == stubbed("affine"), "src/affine.rs was changed");
    fs::write(dir.join(STATE), "{\"version\": \"0.1.0\"}").unwrap();
    as_reader(&["update"])
        .ended(2)
        .says("cannot write")
        .says("ermission denied");
    let affine = fs::read_to_string(dir.join("src/affine.rs")).unwrap();
    assert!(affine == stubbed("affine"), "src/affine.rs was changed");
    // So that the folder can be removed.
    mode(&dir, 0o755);
    for path in ["src", "tests", "tests/chapters", "tests/data", "snapshots"] {
        mode(&dir.join(path), 0o755);
    }
    mode(&dir.join("snapshots/chapters"), 0o755);
}

#[test]
fn help_names_the_exit_codes() {
    let folder = tempfile::tempdir().unwrap();
    let help = finish(program(folder.path()).arg("--help"));
    help.ended(0)
        .says("Exit codes")
        .says("not yet")
        .says("wrong usage")
        .says("130");
}
