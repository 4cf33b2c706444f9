//! A workbook in which something was planted, or where several programs are at work.

use crate::kit::{Workbook, finish, program};
use fully_connected::literate::manifest::EXERCISES;
use fully_connected::literate::workbook::{STATE, stubbed};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, SystemTime};

const COPY: &str = "target/fully-connected/check";

/// Every file outside `target`, with its contents. Links are not followed.
fn all(book: &Workbook) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![book.dir.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let (path, kind) = (entry.path(), entry.file_type().unwrap());
            if kind.is_dir() && path != book.path("target") {
                folders.push(path);
            } else if kind.is_file() && path != book.path(STATE) {
                let name = path.to_string_lossy().into_owned();
                found.push((name, fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// The program without cargo: it makes the copy, and comes no further.
fn check_without_cargo(book: &Workbook) -> crate::kit::Run {
    finish(program(&book.dir).arg("check").env("PATH", ""))
}

fn spawn(book: &Workbook, arguments: &[&str]) -> Child {
    let mut command = program(&book.dir);
    command
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().unwrap()
}

#[cfg(unix)]
#[test]
fn a_planted_link_has_nothing_written_and_nothing_deleted() {
    use std::os::unix::fs::symlink;
    for (link, to) in [
        (COPY, "../.."),
        ("target/fully-connected", ".."),
        ("target", "src"),
        ("target", "."),
        ("target/fully-connected/check/src", "../../../src"),
        (
            "target/fully-connected/check/src/affine.rs",
            "../../../../src/affine.rs",
        ),
        ("target/fully-connected/target", "../../src"),
        ("target/fully-connected/watch", "../../src"),
    ] {
        let book = Workbook::new("planted-link");
        book.write("notes.txt", "mine");
        book.write("src/mine.rs", "// mine");
        let before = all(&book);
        if link.starts_with(&format!("{COPY}/")) {
            check_without_cargo(&book)
                .ended(2)
                .says("cannot find cargo");
        }
        let path = book.path(link);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match fs::symlink_metadata(&path) {
            Ok(kind) if kind.is_dir() => fs::remove_dir_all(&path).unwrap(),
            Ok(_) => fs::remove_file(&path).unwrap(),
            Err(_) => {}
        }
        symlink(to, &path).unwrap();
        if link.ends_with("watch") {
            let mut watcher = spawn(&book, &["watch"]);
            thread::sleep(Duration::from_millis(500));
            watcher.kill().unwrap();
            watcher.wait().unwrap();
        } else {
            check_without_cargo(&book)
                .ended(2)
                .says(link)
                .says(&format!("is a link to {to}"));
        }
        assert!(all(&book) == before, "{link} -> {to}");
        // Nor do other commands write there.
        book.run(&["give", "relu::forward"]).ended(0);
        book.run(&["hint"]).ended(0);
        let names = |book: &Workbook| -> Vec<_> {
            let names = all(book).into_iter().map(|(name, _)| name);
            names.filter(|name| !name.contains(".backups")).collect()
        };
        let were: Vec<_> = before.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names(&book), were, "{link} -> {to}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_of_the_copy_that_has_another_name_is_not_written_through() {
    let book = Workbook::new("planted-name");
    check_without_cargo(&book).ended(2);
    for file in ["src/affine.rs", "src/lib.rs"] {
        let copied = book.path(COPY).join(file);
        fs::remove_file(&copied).unwrap();
        fs::hard_link(book.path(file), copied).unwrap();
    }
    let before = all(&book);
    check_without_cargo(&book)
        .ended(2)
        .says("cannot find cargo");
    assert!(all(&book) == before);
}

#[test]
fn a_folder_that_the_program_did_not_make_is_left_alone() {
    let book = Workbook::new("not-ours");
    book.write(&format!("{COPY}/src/mine.rs"), "mine");
    check_without_cargo(&book)
        .ended(2)
        .says("check was not made by this program");
    assert_eq!(book.read(&format!("{COPY}/src/mine.rs")), "mine");
    // The program of before left no mark, but a package of that name.
    let package = "[package]\nname = \"workbook-check-12345678\"\n";
    book.write(&format!("{COPY}/Cargo.toml"), package);
    check_without_cargo(&book)
        .ended(2)
        .says("cannot find cargo");
    assert!(!book.path(COPY).join("src/mine.rs").exists());
}

#[test]
fn what_is_planted_in_the_copy_is_taken_away() {
    let book = Workbook::new("planted");
    check_without_cargo(&book).ended(2);
    for file in [
        "check/.cargo/config.toml",
        "check/build.rs",
        "check/rust-toolchain.toml",
        "check/rust-toolchain",
        "check/src/bin/more.rs",
        "check/tests/more.rs",
        "check/benches/x.rs",
        "check/src/lib.rs/in-the-way",
        ".cargo/config.toml",
        "rust-toolchain.toml",
    ] {
        let file = format!("target/fully-connected/{file}");
        if let Some((there, _)) = file.split_once("/in-the-way") {
            fs::remove_file(book.path(there)).unwrap();
        }
        book.write(&file, "planted");
    }
    check_without_cargo(&book)
        .ended(2)
        .says("cannot find cargo");
    let left = book.files_ending("target/fully-connected", "");
    let planted = left
        .iter()
        .filter(|path| fs::read_to_string(path).is_ok_and(|text| text == "planted"));
    assert_eq!(
        planted.collect::<Vec<_>>(),
        Vec::<&std::path::PathBuf>::new()
    );
    assert!(!book.path(COPY).join(".cargo").exists());
}

#[cfg(unix)]
#[test]
fn what_stands_in_src_is_followed_or_named_and_never_waited_for() {
    use std::os::unix::fs::symlink;
    let book = Workbook::new("odd-sources");
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("mine.rs"), "// mine").unwrap();
    symlink(outside.path(), book.path("src/outside")).unwrap();
    symlink("..", book.path("src/up")).unwrap();
    symlink("/dev/zero", book.path("src/zero.rs")).unwrap();
    let fifo = book.path("src/fifo.rs");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    check_without_cargo(&book)
        .ended(2)
        .says("cannot find cargo");
    assert_eq!(book.read(&format!("{COPY}/src/outside/mine.rs")), "// mine");
    for none in ["src/up", "src/zero.rs", "src/fifo.rs"] {
        assert!(!book.path(COPY).join(none).exists(), "{none}");
    }
    // In the place of a chapter it is named.
    fs::rename(&fifo, book.path("src/relu.rs")).unwrap();
    book.run(&["list"])
        .ended(0)
        .says("src/relu.rs")
        .says("no ordinary file");
    book.run(&["give", "relu"])
        .ended(2)
        .says("no ordinary file");
    check_without_cargo(&book).ended(2);
    // A folder that does not belong there has an end.
    for n in 0..5_001 {
        fs::write(outside.path().join(format!("{n}.txt")), "").unwrap();
    }
    check_without_cargo(&book)
        .ended(2)
        .says("more than 5000 files")
        .says("src/outside/");
}

#[test]
fn of_two_watchers_the_second_is_refused_and_a_killed_one_leaves_no_lock() {
    let book = Workbook::new("two-watchers");
    let lock = book.path("target/fully-connected/watch.lock");
    let mut first = spawn(&book, &["watch"]);
    while !lock.exists() {
        thread::sleep(Duration::from_millis(20));
    }
    thread::sleep(Duration::from_millis(100));
    book.run(&["watch"])
        .ended(2)
        .says("is being watched already");
    first.kill().unwrap();
    first.wait().unwrap();
    let mut next = spawn(&book, &["watch"]);
    thread::sleep(Duration::from_millis(300));
    assert!(next.try_wait().unwrap().is_none(), "it ended");
    next.kill().unwrap();
    next.wait().unwrap();
}

#[test]
fn of_many_gives_at_once_each_is_recorded() {
    let book = Workbook::new("many-gives");
    let gives: Vec<_> = EXERCISES
        .iter()
        .map(|exercise| spawn(&book, &["give", exercise.name]))
        .collect();
    for mut give in gives {
        assert_eq!(give.wait().unwrap().code(), Some(0));
    }
    let count = EXERCISES.len();
    book.run(&["list"])
        .says(&format!("{count} of {count} done"));
    assert_eq!(book.run(&["list"]).stdout.matches('◆').count(), count);
}

#[test]
fn given_stays_given_whatever_the_layout() {
    let book = Workbook::new("layout");
    book.run(&["give", "relu::forward"]).ended(0);
    let given = book.read("src/relu.rs");
    let marker = "// exercise: relu::forward\n";
    let body = given.split(marker).nth(1).unwrap();
    let line = body.lines().next().unwrap();
    for (from, to) in [
        (line, format!("{line} ")),
        (line, format!("    // mine\n{line} // mine")),
        (line, line.replacen(' ', "  ", 4)),
        ("\n", "\r\n".to_owned()),
    ] {
        book.write("src/relu.rs", &given.replace(from, &to));
        book.run(&["list"]).says("◆ relu::forward");
    }
    let other = given.replacen(line, &format!("    let _mine = 1;\n{line}"), 1);
    book.write("src/relu.rs", &other);
    book.run(&["list"]).says("? relu::forward");
}

/// A save that comes while the program changes the file is not lost: it is in the file, or in
/// a backup, whole.
#[test]
fn a_save_during_give_or_reset_is_never_lost() {
    let book = Workbook::new("late-save");
    let file = book.path("src/relu.rs");
    let fresh = stubbed("relu");
    let with = |n: usize| {
        fresh.replacen(
            "// exercise: relu::backward",
            &format!("// save {n}\n    // exercise: relu::backward"),
            1,
        )
    };
    let holds = |text: &str, path: &Path| {
        fs::read_to_string(path).is_ok_and(|there| there.contains(text))
    };
    for n in 0..120 {
        fs::write(&file, &fresh).unwrap();
        let mut give = spawn(&book, &["give", "relu::forward"]);
        thread::sleep(Duration::from_micros(u64::try_from(n).unwrap() * 150));
        let saved = with(n);
        if n % 2 == 0 {
            fs::write(&file, saved).unwrap();
        } else {
            let beside = book.path("src/relu.rs.new");
            fs::write(&beside, saved).unwrap();
            fs::rename(beside, &file).unwrap();
        }
        let _ = give.wait();
        let mark = format!("// save {n}\n");
        let kept = book.path(".backups");
        let backups = kept.exists().then(|| book.files_ending(".backups", ".rs"));
        let mut backups = backups.unwrap_or_default().into_iter();
        assert!(
            holds(&mark, &file) || backups.any(|path| holds(&mark, &path)),
            "save {n} is lost"
        );
    }
}

#[cfg(unix)]
#[test]
fn links_and_modes_are_kept_and_unfinished_files_taken_away() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let book = Workbook::new("links-and-modes");
    let elsewhere = book.path("elsewhere.rs");
    fs::rename(book.path("src/relu.rs"), &elsewhere).unwrap();
    symlink("../elsewhere.rs", book.path("src/relu.rs")).unwrap();
    let private = fs::Permissions::from_mode(0o640);
    fs::set_permissions(&elsewhere, private.clone()).unwrap();
    fs::set_permissions(book.path(STATE), private).unwrap();
    for file in [".", "src", ".backups"] {
        book.write(
            &format!("{file}/.fully-connected-unfinished-abc123"),
            "half",
        );
    }
    for command in ["give", "reset"] {
        book.run(&[command, "relu"]).ended(0);
        assert!(book.path("src/relu.rs").is_symlink());
        let mode =
            |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&elsewhere), 0o640);
        assert_eq!(mode(&book.path(STATE)), 0o640);
    }
    for file in [".", "src", ".backups"] {
        let left = book.path(file).join(".fully-connected-unfinished-abc123");
        assert!(!left.exists());
    }
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn a_second_check_waits_and_says_so_and_both_are_right() {
    let book = Workbook::new("two-checks");
    book.fill(|name| name.starts_with("affine::"));
    let checks: Vec<_> = (0..2)
        .map(|_| {
            let mut check = program(&book.dir);
            check.args(["check", "affine"]);
            thread::spawn(move || finish(&mut check))
        })
        .collect();
    let runs: Vec<_> = checks.into_iter().map(|run| run.join().unwrap()).collect();
    let waited = runs
        .iter()
        .filter(|run| run.stderr.contains("waits for its end"));
    assert_eq!(waited.count(), 1);
    for run in &runs {
        run.ended(0).says("2 of 2 exercises done");
    }
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn a_build_dated_in_the_future_lets_nothing_pass() {
    let book = Workbook::new("future");
    book.fill(|name| name.starts_with("affine::"));
    book.run(&["check", "affine"]).ended(0);
    let future = SystemTime::now() + Duration::from_secs(10_000_000);
    // As it would be after the clock was set back.
    for folder in [
        crate::kit::target().join("fully-connected"),
        book.path("target"),
    ] {
        let mut folders = vec![folder];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                let name = path.to_string_lossy().into_owned();
                if path.is_dir() {
                    folders.push(path);
                } else if name.contains("workbook-check") || name.contains(COPY) {
                    let file = fs::File::options().write(true).open(path).unwrap();
                    file.set_modified(future).unwrap();
                }
            }
        }
    }
    book.edit("src/affine.rs", "x.dot(w) + b;", "x.dot(w) - b;");
    book.run(&["check", "affine"])
        .ended(1)
        .says("✗ affine::forward");
    book.edit("src/affine.rs", "x.dot(w) - b;", "x.dot(w) + b;");
    book.run(&["check", "affine"]).ended(0);
}

#[test]
fn after_a_killed_new_there_can_be_a_workbook_in_the_same_folder() {
    let whole = Workbook::new("whole");
    let folder = tempfile::tempdir().unwrap();
    // What was made when it was killed, in part moved to its place.
    let left = folder.path().join(".workbook-aBc123/workbook/src");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("relu.rs"), "half").unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    for file in ["src/relu.rs", "src/affine.rs", "Cargo.toml"] {
        fs::copy(whole.path(file), folder.path().join(file)).unwrap();
    }
    let new = |name: &str, dir: &Path| finish(program(dir).args(["new", name]));
    // Not if a letter of it is somebody's.
    let relu = folder.path().join("src/relu.rs");
    fs::write(&relu, "mine").unwrap();
    new(".", folder.path()).ended(2).says("exists already");
    assert_eq!(fs::read_to_string(&relu).unwrap(), "mine");
    fs::copy(whole.path("src/relu.rs"), &relu).unwrap();
    let mine = folder.path().join("mine");
    fs::create_dir(&mine).unwrap();
    new(".", folder.path()).ended(2).says("exists already");
    fs::remove_dir(mine).unwrap();

    let name = folder.path().file_name().unwrap().to_str().unwrap();
    new(name, folder.path().parent().unwrap()).ended(0);
    let names = |dir: &Path| -> Vec<_> {
        let mut names: Vec<_> = fs::read_dir(dir).unwrap().collect();
        names.sort_by_key(|entry| entry.as_ref().unwrap().file_name());
        names
            .into_iter()
            .map(|entry| entry.unwrap().file_name())
            .collect()
    };
    assert_eq!(names(folder.path()), names(&whole.dir));
    assert_eq!(names(&folder.path().join("src")), names(&whole.path("src")));
    new(".", folder.path()).ended(2).says("exists already");
}
