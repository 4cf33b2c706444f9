//! `learn`, and `overfit`, `sanity`, `train` and `predict` in a workbook: whose network it is,
//! and what happens if the student's does not come to an end.

use crate::kit::{Run, Workbook, cases, program};
use fully_connected::literate::manifest::{CHAPTERS, END_OF_PART_I};
#[cfg(unix)]
use std::process::{Command, Stdio};

const FORWARD: &str = "let out = x.dot(w) + b;";
const OWN: &str = "Your own network  built from ";
const PROGRAMS: &str = "The program's own network, not yours  ";

/// Whether the region of that name is in Part I.
fn is_of_part_i(region: &str) -> bool {
    let at = |name: &str| CHAPTERS.iter().position(|&chapter| chapter == name);
    let (chapter, _) = region.split_once("::").unwrap();
    at(chapter) <= at(END_OF_PART_I)
}

#[test]
fn while_an_exercise_is_open_it_says_which() {
    let book = Workbook::new("learn, open");
    book.run(&["learn"]).ended(1).says(
        "✗ your network cannot learn yet: affine::forward is open, and 15 more\n",
    );
    book.run(&["overfit"])
        .ended(0)
        .says(&format!("{PROGRAMS}affine::forward is open, and 13 more"))
        .says("All 50 images were right at epoch 8");
    book.fill(|name| name != "overfit::train" && name != "gradient_check::helpers");
    book.run(&["learn", "--layers", "5"])
        .ended(1)
        .says("overfit::train is open\n");
    book.run(&["overfit"])
        .ended(0)
        .says(&format!("{PROGRAMS}overfit::train is open\n"));
    book.fill(|name| name != "softmax::loss" && name != "overfit::accuracy");
    book.run(&["sanity"])
        .ended(0)
        .says(&format!("{PROGRAMS}softmax::loss is open\n"))
        .says("2.300479089768");

    book.fill(|name| name != "batch_norm::moments" && name != "good_model::rate");
    let normalized = ["--normalization", "batchnorm"];
    book.run(&[&["sanity"], &normalized[..]].concat())
        .ended(0)
        .says(&format!("{PROGRAMS}batch_norm::moments is open\n"))
        .says("2.261195510134");
    book.run(&[&TRAINING[..], &normalized].concat())
        .ended(0)
        .says(&format!(
            "{PROGRAMS}batch_norm::moments is open, and 1 more\n"
        ));
    // Layer normalization needs no batch normalization.
    book.run(&[&TRAINING[..], &["--normalization", "layernorm"]].concat())
        .ended(0)
        .says(&format!("{PROGRAMS}good_model::rate is open\n"));
}

/// A training that is soon done.
const TRAINING: [&str; 7] = [
    "train", "--shapes", "--hidden", "8", "--epochs", "1", "--alone",
];

/// Runs the command, and sends it Ctrl-C's signal as soon as it prints a line that begins so.
#[cfg(unix)]
fn interrupted_at(book: &Workbook, arguments: &[&str], begin: &str) -> Run {
    use std::io::{BufRead, BufReader, Read};
    let mut command = program(&book.dir);
    command
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (mut stdout, mut stderr) = (String::new(), String::new());
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if line.starts_with(begin) {
            let id = child.id().to_string();
            let kill = Command::new("kill").args(["-INT", &id]).status();
            assert!(kill.unwrap().success());
        }
        stdout += &format!("{line}\n");
    }
    let mut pipe = child.stderr.take().unwrap();
    pipe.read_to_string(&mut stderr).unwrap();
    Run {
        code: child.wait().unwrap().code(),
        stdout,
        stderr,
    }
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn a_solved_workbook_trains_and_predicts_as_the_program_does() {
    let outside = Workbook::new("train, outside");
    let book = Workbook::new("train, solved");
    book.fill(|_| true);
    let training = [
        "train", "--shapes", "--hidden", "8", "--epochs", "2", "--save",
    ];
    let ours = outside.dir.with_file_name("ours.safetensors");
    let yours = book.dir.with_file_name("yours.safetensors");
    let [ours, yours] = [&ours, &yours].map(|path| path.to_str().unwrap());
    for path in [ours, yours] {
        let _ = std::fs::remove_file(path);
    }

    let program = outside.run(&[&training[..], &[ours]].concat());
    program
        .ended(0)
        .says(&format!("{PROGRAMS}affine::forward is open"));
    let student = book.run(&[&training[..], &[yours]].concat());
    student.ended(0).says(OWN).says("Part I's network");
    let of = |path: &str| std::fs::read(path).unwrap();
    assert!(of(ours) == of(yours), "other networks");
    let accuracies = |run: &Run| -> Vec<String> {
        let lines = run.stdout.lines().filter(|line| line.contains(" % "));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(accuracies(&student), accuracies(&program));
    assert!(accuracies(&student).len() >= 3, "{}", student.stdout);

    let ask = ["predict", "--shapes", "--model", yours];
    let program = outside.run(&ask);
    let student = book.run(&ask);
    student.ended(0).says(OWN);
    let answers =
        |text: &str| text.split_once("\nA saved network").unwrap().1.to_owned();
    assert_eq!(answers(&student.stdout), answers(&program.stdout));

    #[cfg(unix)]
    for (book, whose) in [(&outside, PROGRAMS), (&book, OWN)] {
        let path = book.dir.with_file_name("stopped.safetensors");
        let _ = std::fs::remove_file(&path);
        let long = [&TRAINING[..4], &["--epochs", "100000", "--save"]].concat();
        let long = [&long[..], &[path.to_str().unwrap()]].concat();
        let stopped = interrupted_at(book, &long, "      1  ");
        stopped
            .ended(130)
            .says(whose)
            .says("Best after epoch ")
            .says("Of 1000 test images, ")
            .says("error: interrupted");
        book.run(&["predict", "--shapes", "--model", path.to_str().unwrap()])
            .ended(0);
    }

    // It goes on from there, and what is wrong is the student's own.
    let on = [
        "train", "--shapes", "--from", yours, "--epochs", "1", "--first", "3",
    ];
    book.run(&on).ended(0).says(OWN).says("    3  ");
    book.edit("src/good_model.rs", "rate * decay", "0.0 * rate * decay");
    book.run(&TRAINING)
        .ended(0)
        .says(OWN)
        .says("No epoch was better than the network as it came");
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn a_workbook_with_part_i_solved_learns_and_what_is_wrong_is_seen() {
    let book = Workbook::new("learn, solved");
    book.fill(is_of_part_i);
    let learned = book.run(&["learn"]);
    learned
        .ended(0)
        .says(OWN)
        .says("2.300479089768  ✓")
        .says("7.052114776533  ✓")
        .says("4.87 ┤")
        .says("✓ All 50 images were right at epoch 8; 100 % at the end")
        .says("✓ You have built a network that learns")
        .says("fully-connected learn --layers 5\n");
    assert_eq!(learned.stdout.matches("✓ they agree").count(), 6);
    assert_eq!(learned.stderr, "");

    book.run(&["learn", "--layers", "5"])
        .ended(1)
        .says(OWN)
        .says("weight scale 0.02, rate 0.01, ")
        .says("std of each layer before training: 69.5 → 9.96 → 1.47 → 0.221 → 0.0279")
        .says("✗ Not learned: 24 % at the end")
        .says_not("The loss before training");
    book.run(&["learn", "--layers", "5", "--weight-scale", "0.04"])
        .ended(0)
        .says("✓ All 50 images");
    book.run(&["learn", "--rate", "1"])
        .ended(1)
        .says("training has diverged");

    // A mistake of the student's own shows in the student's own numbers.
    book.edit(
        "src/softmax.rs",
        "let sum = row.sum();",
        "let sum = row.sum() + T::one();",
    );
    book.run(&["sanity", "--hidden", "8,8"])
        .ended(1)
        .says(OWN)
        .says("network 15-8-8-10")
        .says("✗ they differ");
    book.run(&["overfit", "--epochs", "1"])
        .ended(1)
        .says(OWN)
        .says("epochs 1, ");
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn a_network_that_does_not_come_to_an_end_is_stopped_in_clear_words() {
    let book = Workbook::new("learn, stopped");
    book.fill(|_| true);
    let chapter = book.read("src/affine.rs");
    let all = [
        (
            "println!(\"wait\"); if x.nrows() > 2 { panic!(\"too many\") }; \
             x.dot(w) + b",
            "your network panicked: too many\n    at src/affine.rs:",
        ),
        (
            "println!(\"wait\"); if x.nrows() > 2 { todo!(\"relu::forward: …\") }; \
             x.dot(w) + b",
            "relu::forward is open",
        ),
        (
            "println!(\"wait\"); while x.nrows() > 2 {} x.dot(w) + b",
            "nothing came from your network for ",
        ),
        (
            "while x.nrows() > 2 { println!(\"{}\", \"wait\".repeat(999)) } x.dot(w) + b",
            "your network printed more than 16 MiB",
        ),
        (
            "println!(\"wait\"); if x.nrows() > 2 { std::process::exit(0) } \
             x.dot(w) + b",
            "your network ended before its end: exit status: 0",
        ),
    ];
    let codes = cases(all.map(|(code, _)| code), "x.dot(w) + b");
    let forward = format!("let out = {codes};");
    book.write("src/affine.rs", &chapter.replacen(FORWARD, &forward, 1));
    for (case, (_, words)) in all.iter().enumerate() {
        let stopped = book.run_case(case, &["learn", "--timeout", "2"]);
        stopped
            .ended(1)
            .says(OWN)
            // What comes before it is there.
            .says("2.300479089768")
            .says("Learning by heart, 3 layers")
            .says(words);
        if !words.starts_with("nothing") {
            stopped.says("your code printed:").says("wait");
        }
    }
    book.write(
        "src/affine.rs",
        &chapter.replacen(FORWARD, "let out = x;", 1),
    );
    book.run(&["learn"])
        .ended(1)
        .says("your crate does not compile")
        .says("src/affine.rs:");
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn plain_cargo_shows_the_network_at_work_too() {
    let book = Workbook::in_turn("learn, by hand");
    book.fill(|_| true);
    let learn = ["run", "--release", "--example", "learn"];
    book.cargo(&learn)
        .ended(0)
        .says_not("warning")
        .says("loss 2.300479089768\n")
        .says("W1  analytic 2.780129, numeric 2.780129: Agrees")
        .says("epoch  8  loss 0.1033 ")
        .says(" 100 %\n");
    book.cargo(&[&learn[..], &["--", "--layers", "5"]].concat())
        .ended(0)
        .says("Learning by heart: 5 layers, weight scale 0.02, rate 0.01\n")
        .says(" 24 %\n");
    book.cargo(&[&learn[..], &["--", "--layer", "5"]].concat())
        .ended(1)
        .says("there is no option `--layer`");
}
