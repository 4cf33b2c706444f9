//! `update`: a workbook of an older version, whatever was done to it.

use crate::kit::{Run, Workbook, finish, program};
use fully_connected::literate::made::{MADE, Made};
use fully_connected::literate::manifest::{CHAPTERS, EXERCISES};
use fully_connected::literate::package;
use fully_connected::literate::tangle;
use fully_connected::literate::workbook::{self, STATE, VERSION, source, stubbed};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

const MINE: &str =
    "    let mine = x.dot(w) + b;\n    (mine, Cache { rows: x, shape })\n";

/// A workbook that an older version made: it lacks a module, has a file that is there no
/// longer, and its given code begins otherwise.
fn older(name: &str) -> Workbook {
    let book = Workbook::new(name);
    let mut files = workbook::files();
    files.retain(|file| file.path != STATE);
    for file in &mut files {
        if file.path.starts_with("src/") {
            file.text = file.text.replacen("//! ", "//! Older.\n//! ", 1);
        }
        if file.path == "src/lib.rs" {
            file.text = file.text.replace("pub mod training;\n", "");
        }
    }
    files.retain(|file| file.path != "src/training.rs");
    fs::remove_file(book.path("src/training.rs")).unwrap();
    files.push(workbook::File {
        path: ".config/old.yaml".to_owned(),
        text: "old: true\n".to_owned(),
    });
    for file in &files {
        book.write(&file.path, &file.text);
    }
    book.write(MADE, &Made::of(&files).to_string());
    book.write(STATE, r#"{"version": "0.1.9", "given": ["relu::forward"], "hints": {"softmax::loss": 2}}"#);
    book
}

/// An older workbook with the first exercise written.
fn begun(name: &str) -> Workbook {
    let book = older(name);
    write_mine(&book);
    book
}

fn write_mine(book: &Workbook) {
    let text = book.read("src/affine.rs");
    let begin = "// exercise: affine::forward\n";
    let start = text.find(begin).unwrap() + begin.len();
    let end = start + text[start..].find("    // end: affine::forward").unwrap();
    book.write(
        "src/affine.rs",
        &[&text[..start], MINE, &text[end..]].concat(),
    );
}

/// The first chapter of this version with the first exercise written.
fn mine() -> String {
    let stubbed = stubbed("affine");
    let region =
        format!("// exercise: affine::forward\n{MINE}// end: affine::forward\n");
    tangle::transplant("", &stubbed, &region, |name| name == "affine::forward").unwrap()
}

/// Everything in the folder but the backups, with the file's path.
fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with(".backups") {
                    folders.push(path);
                }
            } else {
                let name = path.strip_prefix(dir).unwrap().to_string_lossy();
                found.push((name.replace('\\', "/"), fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// The folder that the program names.
fn backup(run: &Run) -> String {
    let mut lines = run.stdout.lines().map(str::trim);
    let found = lines.find(|line| line.starts_with(".backups/"));
    found.expect("it says where the old files are").to_owned()
}

#[test]
fn a_workbook_of_this_version_is_up_to_date() {
    let book = Workbook::new("update-none");
    book.edit("README.md", "# ", "# My ");
    let before = files(&book.dir);
    // An update was killed before it touched anything.
    book.write(".fully-connected.update/new/src/affine.rs", "new");
    for arguments in [&["update", "--dry-run"][..], &["update"]] {
        book.run(arguments).ended(0).says("is up to date");
    }
    assert!(files(&book.dir) == before);
}

#[test]
fn the_given_files_become_new_and_the_students_stay() {
    let book = begun("update");
    book.write("src/mine.rs", "// mine\n");
    book.write("examples/mine.rs", "// mine\n");
    let old = book.read("src/affine.rs");
    let run = book.run(&["update"]);
    run.ended(0)
        .says(&format!("version {VERSION} now; it was of 0.1.9"))
        .says("Your code stays in affine::forward\n")
        .says("1 file is gone")
        .says_not("Changed by you");

    for file in workbook::all_files() {
        let text = book.read_nameless(&file.path);
        match file.path.as_str() {
            "src/affine.rs" => assert_eq!(text, mine()),
            STATE => assert!(text.contains(VERSION) && text.contains("relu::forward")),
            _ => assert_eq!(text, file.text, "{}", file.path),
        }
    }
    assert_eq!(book.read("src/mine.rs"), "// mine\n");
    assert_eq!(book.read("examples/mine.rs"), "// mine\n");
    assert!(!book.path(".config").exists());
    assert!(!book.path(".fully-connected.update").exists());
    let backup = backup(&run);
    assert_eq!(book.read(&format!("{backup}/src/affine.rs")), old);
    assert_eq!(
        book.read(&format!("{backup}/.config/old.yaml")),
        "old: true\n"
    );
    book.run(&["hint", "softmax::loss"]).says("hint 3 of 3");
    book.run(&["update"]).ended(0).says("is up to date");
}

#[test]
fn a_dry_run_lists_what_would_change_and_changes_nothing() {
    let book = begun("update-dry");
    book.edit("README.md", "# ", "# My ");
    let before = files(&book.dir);
    book.run(&["update", "--dry-run"])
        .ended(0)
        .says("  ~ src/affine.rs\n")
        .says("  + src/training.rs\n")
        .says("  - .config/old.yaml\n")
        .says("README.md, line 1")
        .says_not("is of version 0.3.0 now")
        .says("nothing was changed");
    assert!(files(&book.dir) == before);
    assert!(!book.path(".backups").exists());
}

#[test]
fn edits_outside_the_regions_are_kept_and_named() {
    let book = begun("update-edits");
    let line = |file: &str, words: &str| {
        let text = book.read(file);
        let found = text.lines().position(|line| line.contains(words));
        format!("{file}, line {}", found.unwrap() + 1)
    };
    book.edit("src/relu.rs", "pub fn backward", "pub(crate) fn backward");
    book.edit("src/scalar.rs", "pub trait", "pub  trait");
    book.edit(
        "src/lib.rs",
        "pub mod affine;",
        "pub mod affine;\nmod mine;",
    );
    book.write("src/training.rs", "// mine\n");
    book.edit("Cargo.toml", "ndarray =", "rayon = \"1\"\nndarray =");
    book.edit("tests/chapters/relu.rs", "#[test]", "#[test]\n#[ignore]");
    book.edit("tests/data/relu_backward.txt", "1", "2");
    book.edit(".config/old.yaml", "true", "false");
    book.edit(
        "src/softmax.rs",
        "use ndarray::",
        "use std::{\n    cmp,\n    fmt as f,\n};\nuse ndarray::",
    );
    let import = line("src/softmax.rs", "use std::{");
    let expected = [
        line("src/relu.rs", "pub(crate) fn backward"),
        line("src/scalar.rs", "pub  trait"),
        line("src/lib.rs", "mod mine;"),
        line("Cargo.toml", "rayon"),
        line("tests/chapters/relu.rs", "#[ignore]"),
        "  tests/data/relu_backward.txt\n".to_owned(),
        "  .config/old.yaml\n".to_owned(),
        "make room for a new file:\n  src/training.rs\n".to_owned(),
        format!("{import}: use std::cmp;\n"),
        format!("{import}: use std::fmt as f;\n"),
    ];
    let before = files(&book.dir);
    let run = book.run(&["update"]);
    run.ended(0).says_not("src/affine.rs, line");
    for words in &expected {
        run.says(words);
    }
    let helpers = "softmax::helpers\nuse std::cmp;\nuse std::fmt as f;\n";
    assert!(book.read("src/softmax.rs").contains(helpers));
    assert_eq!(book.read("src/relu.rs"), stubbed("relu"));
    // Every file is where it was or in the backup, byte for byte.
    let backup = backup(&run);
    for (path, text) in before {
        let is_there = |path: &str| fs::read(book.path(path)).is_ok_and(|t| t == text);
        assert!(
            is_there(&path) || is_there(&format!("{backup}/{path}")),
            "{path}"
        );
    }
}

#[test]
fn from_damaged_markers_what_can_be_told_is_carried() {
    let book = begun("update-markers");
    book.edit("src/relu.rs", "    // end: relu::forward\n", "");
    book.edit(
        "src/softmax.rs",
        "    // exercise: softmax::loss\n",
        "    mine();\n",
    );
    book.edit("src/softmax.rs", "    // end: softmax::loss\n", "");
    fs::remove_file(book.path("src/init.rs")).unwrap();
    let relu = book.read("src/relu.rs");
    for command in ["list", "check"] {
        let run = book.run(&[command]);
        run.ended(2)
            .says("`fully-connected update`")
            .says("src/relu.rs:");
    }
    let run = book.run(&["update"]);
    run.ended(0)
        .says("Your code stays in affine::forward\n")
        .says("src/relu.rs:")
        .says("`relu::backward` begins inside")
        .says("the markers of `softmax::loss` are not there")
        .says("copy your code from that folder");
    assert_eq!(book.read("src/affine.rs"), mine());
    for chapter in ["relu", "softmax", "init"] {
        assert_eq!(book.read(&format!("src/{chapter}.rs")), stubbed(chapter));
    }
    assert_eq!(book.read(&format!("{}/src/relu.rs", backup(&run))), relu);
}

#[test]
fn lines_end_as_the_student_has_them() {
    let book = begun("update-crlf");
    for file in workbook::all_files() {
        if let Ok(text) = fs::read_to_string(book.path(&file.path)) {
            book.write(&file.path, &text.replace('\n', "\r\n"));
        }
    }
    book.run(&["update"])
        .ended(0)
        .says("Your code stays in affine::forward\n")
        .says_not("Changed by you");
    assert_eq!(book.read("src/affine.rs"), mine().replace('\n', "\r\n"));
    let scalar = source("scalar").replace('\n', "\r\n");
    assert_eq!(book.read("src/scalar.rs"), scalar);
}

#[test]
fn without_the_record_everything_written_is_carried_all_the_same() {
    let book = begun("update-record");
    for damaged in [Some("?"), None] {
        match damaged {
            Some(text) => book.write(MADE, text),
            None => fs::remove_file(book.path(MADE)).unwrap(),
        }
        book.run(&["update", "--dry-run"])
            .ended(0)
            .says("is missing or damaged")
            .says("affine::forward");
    }
    book.run(&["update"]).ended(0);
    assert!(book.read("src/affine.rs").contains(MINE));
}

#[test]
fn in_an_older_workbook_commands_work_and_say_so() {
    let book = begun("update-older");
    let note = format!(
        "this workbook is of version 0.1.9, the program of {VERSION}; `fully-connected \
         update` brings it up to date"
    );
    let text = book.read("src/affine.rs");
    let line = text
        .lines()
        .position(|line| line.contains("exercise: affine::forward"));
    let run = book.run(&["list"]);
    run.ended(0)
        .says(&format!(
            "not tested  src/affine.rs:{}\n",
            line.unwrap() + 1
        ))
        .says("○ affine::backward");
    assert_eq!(run.stderr, format!("note: {note}\n"));
    book.run(&["hint"]).ended(0).says(&note);
    for command in ["give", "reset"] {
        book.run(&[command, "affine"]).ended(2).says(&note);
    }
    assert_eq!(book.read("src/affine.rs"), text);
}

#[test]
fn a_newer_workbook_is_refused() {
    let book = Workbook::new("update-newer");
    book.write(STATE, "{\"version\": \"99.0.1\", \"new\": [1]}");
    let before = files(&book.dir);
    for command in ["list", "check", "watch", "hint", "update"] {
        book.run(&[command])
            .ended(2)
            .says("of version 99.0.1")
            .says(&format!("program of {VERSION}, which is older"))
            .says("cargo install");
    }
    book.write(STATE, "{\"version\": \"new\"}");
    book.run(&["update"]).ended(2).says("`new` is no version");
    book.write(STATE, "{\"version\": \"99.0.1\", \"new\": [1]}");
    assert!(files(&book.dir) == before);
}

#[test]
fn an_interrupted_update_is_noticed_and_finished() {
    let book = begun("update-interrupted");
    // A folder stands where a new file belongs, and cannot go: the journal is written, and
    // the exchange stops at it.
    book.write(".fully-connected.update/new/src/affine.rs", &mine());
    let journal = format!(
        r#"{{"from": "0.1.9", "to": "{VERSION}", "backup": ".backups/x",
        "put": [{{"path": "src/affine.rs", "of": 7}}], "remove": [], "report": ["told"]}}"#
    );
    // Without a journal nothing was touched, and nobody has to know.
    book.run(&["list"]).ended(0);
    book.run(&["update", "--dry-run"]).says("A dry run");
    book.write(".fully-connected.update/journal.json", &journal);
    for command in ["list", "check", "give"] {
        let arguments = [command, "affine"];
        let count = if command == "list" { 1 } else { 2 };
        book.run(&arguments[..count])
            .ended(2)
            .says("was interrupted. Nothing of yours is lost")
            .says("`fully-connected update`");
    }
    book.run(&["update", "--dry-run"])
        .ended(0)
        .says("was interrupted");
    let old = book.read("src/affine.rs");
    book.run(&["update"])
        .ended(0)
        .says("told\n")
        .says("was saved meanwhile");
    assert_eq!(book.read("src/affine.rs"), mine());
    assert_eq!(book.read(".backups/x/src/affine.rs"), old);
    assert!(!book.path(".fully-connected.update").exists());
}

#[cfg(unix)]
#[test]
fn links_are_not_written_through_and_modes_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let book = begun("update-links");
    let elsewhere = tempfile::tempdir().unwrap();
    let real = elsewhere.path().join("affine.rs");
    fs::rename(book.path("src/affine.rs"), &real).unwrap();
    symlink(&real, book.path("src/affine.rs")).unwrap();
    let old = fs::read(&real).unwrap();
    let mode = |file: &str| {
        let kind = fs::metadata(book.path(file)).unwrap();
        kind.permissions().mode() & 0o777
    };
    let closed = fs::Permissions::from_mode(0o440);
    fs::set_permissions(book.path("src/relu.rs"), closed).unwrap();

    // A link to a folder is not entered, and nothing is begun.
    let tests = elsewhere.path().join("tests");
    fs::rename(book.path("tests"), &tests).unwrap();
    symlink(&tests, book.path("tests")).unwrap();
    let before = files(&tests);
    let refused = book.run(&["update"]);
    refused
        .ended(2)
        .says("tests is no folder")
        .says("nothing was changed");
    assert!(
        !book.path(".fully-connected.update").exists()
            && !book.path(".backups").exists()
    );
    assert!(files(&tests) == before);
    fs::remove_file(book.path("tests")).unwrap();
    fs::rename(&tests, book.path("tests")).unwrap();

    book.run(&["update"])
        .ended(0)
        .says("src/affine.rs, a link; what it points to is as it was");
    assert_eq!(fs::read(&real).unwrap(), old);
    assert_eq!(book.read("src/affine.rs"), mine());
    assert_eq!(mode("src/relu.rs"), 0o440);
    let kind = fs::symlink_metadata(book.path("src/affine.rs")).unwrap();
    assert!(kind.is_file());
}

/// The program is killed at many moments. Whatever was done by then, the next update leaves
/// a workbook of this version with all that the student wrote.
#[test]
#[ignore = "slow: updates a workbook again and again"]
fn killed_at_any_moment_an_update_loses_nothing() {
    let template = begun("update-killed");
    template.write("src/mine.rs", "// mine\n");
    template.edit("README.md", "# ", "# My ");
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("book");
    let make = || {
        let _ = fs::remove_dir_all(&dir);
        for (path, bytes) in files(&template.dir) {
            let path = dir.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    };
    make();
    let start = Instant::now();
    finish(program(&dir).arg("update")).ended(0);
    let whole = start.elapsed();

    let (mut untouched, mut half) = (0, 0);
    for i in 0..60 {
        make();
        let mut child = program(&dir)
            .arg("update")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // Most often towards the end, where files change places.
        thread::sleep(whole.mul_f64((f64::from(i) / 50.0).sqrt()));
        let _ = child.kill();
        child.wait().unwrap();
        let state = fs::read_to_string(dir.join(STATE)).unwrap();
        if state.contains("0.1.9") {
            if dir.join(".fully-connected.update/journal.json").exists() {
                half += 1;
            } else {
                untouched += 1;
            }
        }

        finish(program(&dir).arg("update")).ended(0);
        let read = |path: &str| fs::read_to_string(dir.join(path)).unwrap();
        assert_eq!(read("src/affine.rs"), mine(), "{i}");
        assert_eq!(read("src/mine.rs"), "// mine\n", "{i}");
        for file in workbook::all_files() {
            if !["src/affine.rs", STATE].contains(&file.path.as_str()) {
                let text = read(&file.path);
                let text = package::plain(&file.path, text.as_bytes());
                assert!(*text == *file.text.as_bytes(), "{i}: {}", file.path);
            }
        }
        assert!(read(STATE).contains(VERSION), "{i}");
        // Nothing is left but a folder that the next update would take away.
        let kept = fs::read_dir(dir.join(".backups")).unwrap();
        let readme = |folder: &Path| fs::read_to_string(folder.join("README.md"));
        let readmes = kept.filter_map(|entry| readme(&entry.unwrap().path()).ok());
        let readmes: Vec<_> = readmes.collect();
        assert_eq!(readmes, [template.read("README.md")], "{i}");
    }
    println!("{untouched} were undone, {half} finished");
    assert!(whole > Duration::ZERO && untouched > 0);
}

/// The regions of a workbook that version 0.1.0 made, with chapters 1 to 6 finished.
const FIRST: &str = include_str!("../frozen/0.1.0.txt");

#[test]
#[ignore = "slow: compiles a workbook"]
fn a_workbook_of_version_0_1_0_passes_as_far_as_it_was_written() {
    let book = Workbook::new("update-first");
    let regions = tangle::bodies("", FIRST).unwrap();
    for chapter in CHAPTERS.iter() {
        let file = format!("src/{chapter}.rs");
        let text = tangle::transplant(&file, &stubbed(chapter), FIRST, |name| {
            regions.contains_key(&(name.to_owned(), 0))
        });
        book.write(&file, &text.unwrap());
    }
    fs::remove_file(book.path(MADE)).unwrap();
    book.write(STATE, "{\"version\": \"0.1.0\", \"results\": {}}");
    let written = ["affine", "relu", "softmax", "init", "forward", "backward"];
    let exercises = EXERCISES.iter().filter(|e| written.contains(&e.chapter()));
    let done = format!(
        "{} of {} exercises done",
        exercises.count(),
        EXERCISES.len()
    );

    // Before the update, after it, and with the form that it names changed by hand.
    let old = "Gradients { layers: grads }";
    book.run(&["check"])
        .ended(1)
        .says("missing field `norms`")
        .says("of version 0.1.0");
    book.run(&["update"])
        .ended(0)
        .says("`Gradients { layers: grads }` does not compile any more")
        .says("`Gradients::from(grads)`")
        .says_not("record_loss");
    assert!(book.read("src/backward.rs").contains(old));
    book.edit("src/backward.rs", old, "Gradients::from(grads)");
    // The stubs of the other chapters are this version's.
    assert_eq!(book.read("src/overfit.rs"), stubbed("overfit"));
    book.run(&["check"])
        .ended(1)
        .says(&done)
        .says_not("of version 0.1.0");
}
