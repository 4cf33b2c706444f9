//! `check`, on a workbook in any state.

#[cfg(unix)]
use crate::kit::finish;
use crate::kit::{Workbook, cases};
use fully_connected::literate::manifest::{EXERCISES, exercise};
use std::fs;
#[cfg(unix)]
use std::process::Command;

const FORWARD: &str = "let out = x.dot(w) + b;";

/// A workbook with the first chapter written and the exercises after it open.
fn affine(name: &str) -> Workbook {
    let book = Workbook::new(name);
    book.fill(|exercise| exercise.starts_with("affine::"));
    book
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn a_workbook_is_done_when_everything_passes_and_not_before() {
    // A folder's name may be anything.
    let book = Workbook::new("Mein Büchlein № 1");
    let new = book.run(&["check"]);
    let count = EXERCISES.len();
    new.ended(1).says(&format!(
        "0 of {count} exercises done; next is affine::forward"
    ));
    assert_eq!(new.stdout.matches(" open\n").count(), count);

    book.fill(|_| true);
    let done = book.run(&["check"]);
    done.ended(0)
        .says(&format!("✓ {count} of {count} exercises done"))
        .says_not("did not pass");
    book.run(&["list"])
        .says(&format!("{count} of {count} done"));

    // What was found holds only for what was tested.
    book.edit(
        "src/softmax.rs",
        "let sum = row.sum();",
        "let sum = row.sum() + T::one();",
    );
    book.run(&["list"])
        .says("→ ? softmax::loss")
        .says(&format!("{} of {count} done", count - 1));
    let softmax = exercise("softmax::loss").unwrap().tests().len();
    let wrong = book.run(&["check", "softmax"]);
    wrong
        .ended(1)
        .says("✗ softmax::loss")
        .says(&format!("of {softmax} did not pass"));
    book.run(&["list"]).says("→ ✗ softmax::loss");
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn blocked_is_not_wrong() {
    let book = Workbook::new("blocked");
    book.fill(|name| name == "relu::forward" || name == "relu::backward");
    book.run(&["check", "relu"])
        .ended(1)
        .says("… relu::forward                        waiting for affine::forward")
        .says("waiting for affine::")
        .says_not("did not pass");
    book.run(&["list"]).says("waiting for affine::forward");
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn what_an_earlier_mistake_explains_waits_for_that_exercise() {
    let book = Workbook::new("explained");
    book.fill(|_| true);
    book.edit(
        "src/relu.rs",
        "if x <= zero { zero } else { dout }",
        "if dout <= zero { zero } else { dout }",
    );
    let all = book.run(&["check"]);
    all.ended(1)
        .says("✗ relu::backward                       wrong")
        .says("… backward::backward                   waiting for relu::backward")
        .says("… overfit::train                       waiting for relu::backward")
        .says("next is relu::backward")
        .says_not("what is given");
    assert_eq!(all.stdout.matches(" wrong\n").count(), 1, "{}", all.stdout);
    book.run(&["list"])
        .says("… overfit::train                       waiting for relu::backward");
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn tests_of_the_workbook_that_were_changed_do_not_count() {
    let book = affine("changed");
    book.edit("src/affine.rs", FORWARD, "let out = x.dot(w) - b;");
    // All that could hide it.
    book.write("tests/chapters/affine.rs", "");
    fs::remove_file(book.path("tests/data/affine_forward.txt")).unwrap();
    book.write("tests/chapters/mine.rs", "#[test] fn mine() {}");
    book.write("snapshots/chapters/mine.snap", "");
    book.edit(
        "Cargo.toml",
        "[lib]",
        "[[test]]\nname = \"x\"\ntest = false\n\n[lib]",
    );
    let before = book.read("tests/chapters/affine.rs");

    book.run(&["check", "affine"])
        .ended(1)
        .says("✗ affine::forward")
        .says("affine::forward_gives_the_courses_numbers")
        .says("Cargo.toml (changed)")
        .says("tests/chapters/affine.rs (changed)")
        .says("tests/data/affine_forward.txt (deleted)")
        .says("tests/chapters/mine.rs (added)")
        .says("snapshots/chapters/mine.snap (added)")
        .says_not("relu.rs");
    assert_eq!(book.read("tests/chapters/affine.rs"), before);

    // And what is right is right, whatever they say.
    book.edit("src/affine.rs", "x.dot(w) - b", "x.dot(w) + b");
    book.write("tests/chapters/affine.rs", "compile_error!(\"no\");");
    book.run(&["check", "affine"])
        .ended(0)
        .says("affine.rs (changed)");
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn a_broken_manifest_does_not_stop_a_check() {
    let book = affine("manifest");
    book.write("Cargo.toml", "[package\nname =");
    book.run(&["check", "affine"])
        .ended(0)
        .says("Cargo.toml (changed)");
    fs::remove_file(book.path("Cargo.toml")).unwrap();
    book.run(&["check", "affine"])
        .ended(0)
        .says("Cargo.toml (deleted)");
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn examples_that_were_changed_or_deleted_do_not_count() {
    let book = affine("examples");
    book.edit(
        "src/affine.rs",
        "assert_eq!(grads.db, array![1., -3., 2.]);",
        "",
    );
    book.run(&["check", "affine"])
        .ended(1)
        .says("✗ affine::backward")
        .says("✗ affine::forward")
        .says("the example at src/affine.rs:")
        .says("does not count: it was changed or deleted")
        .says("src/affine.rs, line ");

    book.run(&["reset", "affine"]).ended(0);
    book.run(&["give", "affine"]).ended(0);
    let text = book.read("src/affine.rs");
    let start = text.find("/// ```\n/// # use fully_connected::affine;\n/// # use ndarray::{array, Array1}");
    let start = start.expect("the example of param_grads");
    let end = start + text[start + 5..].find("/// ```\n").unwrap() + 5 + 8;
    book.write(
        "src/affine.rs",
        &format!("{}{}", &text[..start], &text[end..]),
    );
    book.run(&["check", "affine"])
        .ended(1)
        .says("the example at src/affine.rs:")
        .says("does not count: it was changed or deleted");
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn code_that_does_not_end_or_falls_over_is_called_by_its_name() {
    let book = affine("endings");
    // What it prints gives it no more time.
    let prints = "println!(\"test accuracy ... \\nrunning 1 test\"); \
                  std::thread::sleep(std::time::Duration::from_millis(100));";
    let prints = format!("while b.len() > 0 {{ {prints} }}");
    let all: [(&str, &[&str]); 8] = [
        (
            "if b.len() > 0 { loop { std::hint::spin_loop() } }",
            &[
                "✗ affine::forward",
                "did not end within 2 s and was stopped",
                "a loop without end",
            ],
        ),
        (&prints, &["did not end within 2 s and was stopped"]),
        (
            "let line = \"x\".repeat(1 << 16); while b.len() > 0 { println!(\"{line}\"); }",
            &[
                "printed more than 16 MiB and was stopped",
                "not: without end",
            ],
        ),
        (
            "fn deep(n: u64) -> u64 { std::hint::black_box(deep(n + 1) + 1) }\n    deep(0);",
            &["the stack overflowed"],
        ),
        (
            "panic!(\"mine, in the middle\");",
            &[
                "mine, in the middle",
                "at src/affine.rs:",
                "not: RUST_BACKTRACE",
            ],
        ),
        (
            "println!(\"ok\"); std::process::exit(0);",
            &["The test program ended within affine::"],
        ),
        ("std::process::abort();", &["ended within affine::"]),
        (
            "println!(\"seen by me\"); assert!(w.is_empty());",
            &["seen by me", "assertion failed: w.is_empty()"],
        ),
    ];
    let codes = cases(all.map(|(code, _)| code), "");
    book.edit("src/affine.rs", FORWARD, &format!("{codes}\n    {FORWARD}"));
    let check = |case| book.run_case(case, &["check", "affine", "--timeout", "2"]);
    for (case, (_, words)) in all.iter().enumerate() {
        let run = check(case);
        run.ended(1);
        for words in *words {
            match words.strip_prefix("not: ") {
                Some(words) => run.says_not(words),
                None => run.says(words),
            };
        }
    }
    check(all.len()).ended(0);
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn what_a_student_prints_changes_no_verdict_and_hides_no_finding() {
    let book = affine("printing");
    let words = "for stream in [\"ok\", \"FAILED\", \"failures:\", \"test result: 3\", \
        \"affine::forward: b is not added.\", \"not yet implemented: relu::forward: x\", \
        \"thread 'x' panicked at src/a.rs:1:1:\"] { println!(\"{stream}\"); eprint!(\"\\n{stream}\"); }";
    let sum = "x.dot(w) + b";
    let codes = [
        format!("{words} {sum}"),
        format!("print!(\"{{}}\", \"much \".repeat(20_000)); {sum}"),
        format!(
            "static ONCE: std::sync::Once = std::sync::Once::new(); \
             ONCE.call_once(|| {{ std::thread::spawn(|| loop {{ println!(\"behind\"); \
             std::thread::sleep(std::time::Duration::from_millis(1)) }}); }}); {sum}"
        ),
        format!("if x.iter().any(|x| x.is_nan()) {{ std::process::exit(0) }} {sum}"),
        format!("{words} let b = &b.mapv(|_| T::zero()); {sum}"),
    ];
    let codes = cases(codes.iter().map(String::as_str), sum);
    book.edit("src/affine.rs", FORWARD, &format!("let out = {codes};"));
    let check = |case| book.run_case(case, &["check", "affine"]);
    check(0).ended(0).says("2 of 2 exercises done");
    check(1).ended(0);
    check(2).ended(0);
    check(3).ended(1).says("✗ affine::forward");
    // The mistake is still named, and not what was printed.
    check(4)
        .ended(1)
        .says("affine::forward: ")
        .says("your code printed:")
        .says_not("waiting for relu");
}

#[cfg(unix)]
#[test]
#[ignore = "slow: compiles a workbook"]
fn what_a_student_starts_is_ended_with_the_check() {
    let book = affine("left-behind");
    let code = "std::process::Command::new(\"sleep\").arg(\"61.25\")\
        .stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();";
    book.edit("src/affine.rs", FORWARD, &format!("{code}\n    {FORWARD}"));
    book.run(&["check", "affine"]).ended(0);
    let left = finish(Command::new("pgrep").args(["-f", "sleep 61.25"]));
    assert_eq!(left.stdout, "");
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn a_crash_in_one_exercise_leaves_the_others_tested() {
    let book = Workbook::new("crash");
    book.fill(|name| name.starts_with("affine::") || name.starts_with("softmax::"));
    let code = format!("if w.len() > 0 {{ std::process::abort() }} {FORWARD}");
    book.edit("src/affine.rs", FORWARD, &code);
    book.run(&["check"])
        .ended(1)
        .says("✗ affine::forward")
        .says("✓ softmax::loss");
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn what_does_not_compile_is_shown_as_cargo_prints_it() {
    let book = affine("errors");
    book.edit("src/affine.rs", FORWARD, "let out = x.dot(w) + ;");
    book.run(&["check"])
        .ended(1)
        .says("✗ it does not compile")
        .says("error: expected expression, found `;`")
        .says("--> src/affine.rs:")
        .says_not("could not compile");

    // Each error is headed by its exercise, and all are counted.
    book.fill(|_| true);
    book.edit("src/affine.rs", FORWARD, "let out: u8 = x.dot(w) + b;");
    book.edit(
        "src/relu.rs",
        "    // end: relu::backward",
        "    .sum_axis(Axis(0))\n    // end: relu::backward",
    );
    book.run(&["check"])
        .ended(1)
        .says("it does not compile: ")
        .says(" errors\n")
        .says("In affine::forward:\nerror[E0308]")
        .says("In relu::backward:\nerror[E0425]")
        .says("`use ndarray::Axis;` brings it, in the first line of your region");
    book.fill(|exercise| exercise.starts_with("affine::"));

    // The student's file comes before a test that cannot be compiled any more.
    book.run(&["reset", "affine"]).ended(0);
    book.edit("src/affine.rs", "pub fn param_grads<", "fn param_grads<");
    let run = book.run(&["check", "affine"]);
    run.ended(1)
        .says("error[E0603]")
        .says("src/affine.rs, line ");

    fs::remove_file(book.path("src/affine.rs")).unwrap();
    let run = book.run(&["check", "affine"]);
    run.ended(1)
        .says("error[E0583]")
        .says("src/affine.rs is not there");
    assert!(run.stdout.find("E0583").unwrap() < run.stdout.find("not there").unwrap());
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn damaged_markers_are_told_and_the_tests_decide() {
    let book = affine("marks");
    book.edit("src/affine.rs", "    // end: affine::forward\n", "");
    book.run(&["check", "affine"])
        .ended(0)
        .says("Changed outside the exercises:")
        .says("src/affine.rs:")
        .says("affine::forward");
    book.run(&["list"]).says("✓ affine::forward");
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn given_code_that_was_changed_is_named() {
    let book = affine("given");
    book.edit(
        "src/options.rs",
        "pub struct Options",
        "// mine\npub struct Options",
    );
    book.edit("src/lib.rs", "pub mod affine;", "pub mod affine; // mine");
    let line = |file: &str| {
        let text = book.read(file);
        let at = text
            .lines()
            .position(|line| line.contains("// mine"))
            .unwrap();
        format!("{file}, line {}", at + 1)
    };
    book.run(&["check", "affine"])
        .ended(0)
        .says(&line("src/options.rs"))
        .says(&line("src/lib.rs"));
}
