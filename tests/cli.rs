//! The runner, as a shell sees it: what it prints, where, and its exit code.

use fully_connected::synthetic;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn runner(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fully-connected"));
    command.args(arguments);
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command
}

struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn run(arguments: &[&str]) -> Run {
    finish(&mut runner(arguments))
}

fn finish(command: &mut Command) -> Run {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the runner starts");
    Run {
        code: status.code(),
        stdout: String::from_utf8(stdout).expect("UTF-8 on standard output"),
        stderr: String::from_utf8(stderr).expect("UTF-8 on standard error"),
    }
}

impl Run {
    /// It came to its end with this code, and has nothing to complain about.
    fn ended(&self, code: i32) -> &Run {
        assert_eq!(self.stderr, "", "{}", self.stdout);
        assert_eq!(self.code, Some(code), "{}", self.stdout);
        self
    }

    /// It refused: nothing on standard output, one line on standard error.
    fn refused(&self, message: &str) {
        assert_eq!(self.stderr, format!("error: {message}\n"));
        assert_eq!(self.stdout, "");
        assert_eq!(self.code, Some(2));
    }

    fn shows(&self, text: &str) -> &Run {
        assert!(
            self.stdout.contains(text),
            "no {text:?} in\n{}",
            self.stdout
        );
        self
    }

    fn count(&self, text: &str) -> usize {
        self.stdout.matches(text).count()
    }
}

/// Synthetic images in CIFAR-10's binary layout.
fn batch_of(n: usize, folder: &Path) -> PathBuf {
    let images = synthetic::images(n, 1);
    let mut bytes = Vec::new();
    for (image, &label) in images.pixels.outer_iter().zip(&images.labels) {
        bytes.push(label as u8);
        bytes.extend(image.iter());
    }
    let path = folder.join(format!("batch_of_{n}.bin"));
    fs::write(&path, bytes).unwrap();
    path
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a temporary folder with a UTF-8 name")
}

#[test]
fn without_a_command_shows_the_whole_assignment() {
    let demo = run(&[]);
    demo.ended(0)
        .shows("2.300479089768  ✓ 2.3026 ± 0.0225 = ln 10\n")
        .shows("7.052114776533  ✓ 7.0126 ± 1.07   = ln 10 + ½·3.14·0.05²·1200\n")
        .shows("W2         20 × 30")
        .shows("Learning by heart, 3 layers")
        .shows("Learning by heart, 5 layers")
        .shows("✓ Everything works")
        .shows("cargo doc --open");
    assert_eq!(demo.count("✓ they agree"), 6);
    assert_eq!(demo.count("✓ All 50 images were right at epoch"), 2);
    assert_eq!(demo.count("✗"), 0);
}

#[test]
fn prints_the_same_in_every_run() {
    assert_eq!(run(&["overfit"]).stdout, run(&["overfit"]).stdout);
}

#[test]
fn keeps_to_80_columns() {
    let small = ["--weight-scale", "1e-3", "--rate", "1e-1"];
    let small = [&["overfit", "--layers", "5"], &small[..]].concat();
    let all: [&[&str]; 5] = [
        &[],
        &["--help"],
        &["help", "sanity"],
        &["help", "overfit"],
        &small,
    ];
    for arguments in all {
        let shown = finish(runner(arguments).env("COLUMNS", "80"));
        for line in shown.stdout.lines() {
            assert!(line.chars().count() <= 80, "{arguments:?}: {line}");
        }
    }
}

#[test]
fn sanity_checks_both_networks_of_the_notebook() {
    let sanity = run(&["sanity"]);
    sanity
        .ended(0)
        .shows("2.300479089768")
        .shows("7.052114776533")
        .shows("The gradients at reg 0 ")
        .shows("The gradients at reg 3.14 ");
    assert_eq!(sanity.count("✓ they agree"), 12);
}

#[test]
fn sanity_builds_the_network_that_is_asked_for() {
    let options = ["--hidden", "4,3", "--input", "2,3", "--classes", "5"];
    let more = ["--examples", "6", "--reg", "1", "--weight-scale", "0.2"];
    let sanity = run(&[&["sanity", "--seed", "1"], &options[..], &more[..]].concat());
    sanity
        .ended(0)
        .shows("network 6-4-3-5, weight scale 0.2, N = 6")
        .shows("= ln 5 + ½·1·0.2²·51\n")
        .shows("W1         6 × 4 ")
        .shows("b3         5 ");
    assert_eq!(sanity.count("✓ they agree"), 6);

    let linear = run(&["sanity", "--hidden", "none"]);
    linear.ended(0).shows("network 15-10,");
}

/// The numbers are those of `tests/data/initial_losses.txt`, by NumPy.
#[test]
fn sanity_replays_the_notebooks_normalization_and_dropout() {
    for (norm, keep, losses, says) in [
        (
            "batchnorm",
            "1",
            ["2.261195510134", "6.996533220108"],
            "  a training pass with batch normalization\n",
        ),
        (
            "layernorm",
            "1",
            ["2.237831004147", "7.102137827252"],
            "  a training pass with layer normalization\n",
        ),
        (
            "none",
            "0.8",
            ["2.301210546904", "6.844625079195"],
            "  a training pass with dropout that keeps 0.8\n",
        ),
        (
            "batchnorm",
            "0.8",
            ["2.092465641165", "6.997234044022"],
            "  a training pass with batch normalization, dropout that keeps 0.8\n",
        ),
        (
            "layernorm",
            "0.8",
            ["2.310120396897", "6.964018073853"],
            "  a training pass with layer normalization, dropout that keeps 0.8\n",
        ),
    ] {
        let sanity = run(&["sanity", "--normalization", norm, "--keep-ratio", keep]);
        sanity
            .ended(0)
            .shows(says)
            .shows(&format!("{}  ✓", losses[0]))
            .shows(&format!("{}  ✓", losses[1]));
        let parameters = if norm == "none" { 6 } else { 10 };
        assert_eq!(sanity.count("✓ they agree"), 2 * parameters);
        if parameters == 10 {
            sanity.shows("  gamma2     30 ").shows("  beta2      30 ");
        }
    }
}

/// The examples in the help of a command: each line that begins with the program's name, up
/// to the remark beside it, and the line before it.
fn examples(command: &str) -> Vec<(String, Vec<String>)> {
    let help = run(&["help", command]).stdout;
    let lines: Vec<&str> = help.lines().map(str::trim).collect();
    let begin = format!("fully-connected {command}");
    (1..lines.len())
        .filter(|&i| lines[i].starts_with(&begin) && !lines[i].contains('['))
        .map(|i| {
            let line = lines[i].split("  ").next().expect("a first part");
            let words = line.split(' ').skip(1).map(str::to_owned).collect();
            (format!("{} {}", lines[i - 1], lines[i]), words)
        })
        .collect()
}

#[test]
fn every_example_of_every_help_does_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let data = batch_of(50, folder.path());
    fs::rename(data, folder.path().join("data_batch_1.bin")).unwrap();
    let help = run(&["help"]).stdout;
    let commands = help.lines().filter_map(|line| line.strip_prefix("  "));
    let commands = commands.filter_map(|line| line.split(' ').next());
    let commands = commands.filter(|word| word.chars().all(|c| c.is_ascii_lowercase()));
    let mut tried = 0;
    // `learn` needs a workbook: its own tests run its examples.
    for command in commands.filter(|command| !["", "learn"].contains(command)) {
        for (said, arguments) in examples(command) {
            // Nothing is downloaded for a test.
            if arguments
                .iter()
                .any(|word| word == "cifar-10-binary.tar.gz")
            {
                continue;
            }
            let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let ended = finish(runner(&words).current_dir(folder.path()));
            let code = i32::from(said.contains("nothing is learned"));
            assert_eq!(ended.code, Some(code), "{said}\n{}", ended.stdout);
            tried += 1;
        }
    }
    assert!(tried >= 7, "{tried} examples");
}

#[test]
fn no_network_of_the_helps_sizes_is_blamed() {
    for seed in 1..=40 {
        let seed = seed.to_string();
        let sanity = run(&["sanity", "--hidden", "8,8,8,8", "--seed", &seed]);
        assert_eq!(sanity.count("they differ"), 0, "{seed}\n{}", sanity.stdout);
    }
}

#[test]
fn what_rounding_drowns_is_told_with_numbers_and_what_to_try() {
    let sanity = run(&["sanity", "--hidden", "8,8,8,8", "--weight-scale", "1e-4"]);
    sanity
        .ended(1)
        .shows("✗ cannot tell\n")
        .shows("noise ")
        .shows("Try a larger --weight-scale");
    assert_eq!(sanity.count("they differ"), 0);
}

#[test]
fn a_check_that_fails_ends_with_code_1() {
    // With weights that overflow the scores there is no loss to predict.
    let sanity = run(&["sanity", "--weight-scale", "1e200"]);
    sanity.ended(1).shows("✗");
}

#[test]
fn overfit_learns_with_three_layers_and_with_five() {
    let three = run(&["overfit"]);
    three
        .ended(0)
        .shows("3072-100-100-10, 50 synthetic images")
        .shows("weight scale 0.02, rate 0.01, batch 25, epochs 20, seed 0")
        .shows("step 40\n")
        .shows("✓ All 50 images were right at epoch");
    let five = run(&["overfit", "--layers", "5", "--seed", "7"]);
    five.ended(0)
        .shows("weight scale 0.1, rate 0.001, batch 25, epochs 20, seed 7")
        .shows("✓ All 50 images were right at epoch");
}

#[test]
fn overfit_says_that_small_weights_shrink_the_signal() {
    let swapped = ["--layers", "5", "--weight-scale", "1e-3", "--rate", "1e-1"];
    let overfit = run(&[&["overfit"], &swapped[..]].concat());
    overfit
        .ended(1)
        .shows("✗ Not learned: 16 % at the end")
        .shows("Each layer shrank the signal");
}

#[test]
fn overfit_stops_when_training_diverges() {
    let overfit = run(&["overfit", "--rate", "1"]);
    assert_eq!(overfit.code, Some(1));
    assert!(
        overfit.stderr.starts_with("error: the loss is "),
        "{}",
        overfit.stderr
    );
    assert!(overfit.stderr.contains("training has diverged"));
    overfit.shows("weight scale 0.02, rate 1, ");
    assert_eq!(overfit.stderr.lines().count(), 1);
}

#[test]
fn overfit_reads_any_number_of_batches() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (batch_of(30, folder.path()), batch_of(40, folder.path()));
    let both = run(&["overfit", "--epochs", "1", "--data", text(&a), text(&b)]);
    both.shows("the first 50 of 70 images");
    let few = run(&["overfit", "--epochs", "1", "--data", text(&a)]);
    few.shows("the first 30 of 30 images");
}

#[test]
fn refuses_data_that_is_not_there_or_not_whole() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.bin");
    let run_on = |path: &Path| run(&["overfit", "--data", text(path)]);

    let refusal = run_on(&missing);
    let start = format!("error: cannot read {}: ", text(&missing));
    assert!(refusal.stderr.starts_with(&start), "{}", refusal.stderr);
    assert_eq!((refusal.code, refusal.stdout.as_str()), (Some(2), ""));

    run_on(folder.path()).refused(&format!(
        "cannot read {}: it is a directory; name the files in it",
        text(folder.path())
    ));

    let cut = batch_of(2, folder.path());
    fs::write(&cut, &fs::read(&cut).unwrap()[..4000]).unwrap();
    let refusal = run_on(&cut);
    let start = format!("error: {}: record 1, byte 4000: ", text(&cut));
    assert!(refusal.stderr.starts_with(&start), "{}", refusal.stderr);
    assert_eq!((refusal.code, refusal.stdout.as_str()), (Some(2), ""));
}

#[test]
fn writes_a_plot_and_replaces_none_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("loss.svg");
    let overfit = ["overfit", "--plot", text(&path)];

    let plotted = run(&overfit);
    plotted.ended(0).shows(&format!("Plot: {}\n", text(&path)));
    let svg = fs::read_to_string(&path).unwrap();
    assert!(svg.starts_with("<svg "), "{svg}");
    assert!(svg.trim_end().ends_with("</svg>"), "{svg}");
    assert!(svg.contains("training loss") && svg.contains("training accuracy"));

    fs::write(&path, "mine").unwrap();
    run(&overfit).refused(&format!(
        "{} exists already and stays as it is; choose another name, or add --force to \
         replace it",
        text(&path)
    ));
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");

    run(&[&overfit[..], &["--force"]].concat()).ended(0);
    assert_eq!(fs::read_to_string(&path).unwrap(), svg);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_run_that_fails_leaves_no_plot() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("loss.svg");
    let overfit = run(&["overfit", "--rate", "1", "--plot", text(&path)]);
    assert_eq!(overfit.code, Some(1));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);

    let nowhere = folder.path().join("no").join("loss.svg");
    run(&["overfit", "--plot", text(&nowhere)]).refused(&format!(
        "cannot write {}: there is no folder {}",
        text(&nowhere),
        text(&folder.path().join("no"))
    ));
}

#[test]
fn refuses_wrong_options_by_name() {
    for (arguments, name) in [
        (["--colour", "red"], "'--colour'"),
        (["teach", "now"], "'teach'"),
        (["overfit", "--batch=0"], "'--batch <N>'"),
        (["overfit", "--rate=nan"], "'--rate <RATE>'"),
        (["overfit", "--weight-scale=0"], "'--weight-scale <STD>'"),
        (["overfit", "--plot=a.png"], "must end in .svg"),
        (["overfit", "--force"], "--plot <FILE.svg>"),
        (["sanity", "--hidden=20,0"], "'--hidden <SIZES>'"),
        (["sanity", "--reg=-1"], "'--reg <REGS>'"),
        (["sanity", "--keep-ratio=0"], "'--keep-ratio <P>'"),
        (["sanity", "--keep-ratio=1.5"], "'--keep-ratio <P>'"),
        (
            ["sanity", "--normalization=group"],
            "'--normalization <NORM>'",
        ),
        (["sanity", "--input=none"], "`input`"),
    ] {
        let Run {
            code,
            stdout,
            stderr,
        } = run(&arguments);
        assert!(stderr.starts_with("error: "), "{stderr}");
        assert!(stderr.contains(name), "{stderr}");
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
    }
}

#[test]
fn refuses_networks_that_would_take_all_memory_or_all_day() {
    run(&["overfit", "--hidden", "100000"]).refused(
        "a network 3072-100000-100000-10 with 25 examples needs 10313277050 numbers; \
         the runner stops at 50000000",
    );
    run(&["sanity", "--hidden", "400,400"]).refused(
        "a network 15-400-400-10 with 2 examples needs 171650 numbers; the gradient \
         check stops at 100000",
    );
}

#[test]
fn help_names_every_option_with_its_default() {
    let help = run(&["--help"]);
    help.ended(0)
        .shows("sanity")
        .shows("overfit")
        .shows("Exit codes");
    let sanity = run(&["sanity", "--help"]);
    for text in [
        "--hidden", "20,30", "--input", "15", "--reg", "0,3.14", "231",
    ] {
        sanity.ended(0).shows(text);
    }
    let overfit = run(&["overfit", "--help"]);
    for text in [
        "--layers",
        "0.02 for 3",
        "0.01 for 3",
        "--data",
        "--plot",
        "--force",
    ] {
        overfit.ended(0).shows(text);
    }
}

#[test]
fn colours_are_for_terminals_and_no_color_is_respected() {
    let escape = '\u{1b}';
    assert!(!run(&[]).stdout.contains(escape));
    // Forced, they are there: so the line before means something.
    let forced = finish(runner(&["sanity"]).env("CLICOLOR_FORCE", "1"));
    assert!(forced.stdout.contains(escape));
    let both = [("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")];
    let refused = finish(runner(&["sanity"]).envs(both));
    assert!(!refused.stdout.contains(escape));
}

#[test]
fn ends_quietly_when_the_reader_has_enough() {
    let mut head = runner(&[])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut reader = BufReader::new(head.stdout.take().unwrap());
    reader.read_line(&mut line).unwrap();
    assert!(line.starts_with("Fully Connected"), "{line}");
    drop(reader);
    let Output { status, stderr, .. } = head.wait_with_output().unwrap();
    assert_eq!((status.code(), stderr), (Some(0), Vec::new()));
}

#[cfg(target_os = "linux")]
#[test]
fn says_when_the_output_cannot_be_written() {
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let child = runner(&["sanity"])
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let Output { status, stderr, .. } = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    let start = "error: cannot write to standard output: ";
    assert!(stderr.starts_with(start), "{stderr}");
    assert_eq!(status.code(), Some(2));
}

#[cfg(not(feature = "book"))]
#[test]
fn without_its_feature_the_book_says_what_to_type() {
    run(&["book", "--open"]).refused(
        "this program was built without the book; in a clone of the repository: \
         cargo run --features book -- book --open",
    );
}

/// A folder of this name with 60 images to train on and 20 to report on.
fn small_data(name: &str) -> (PathBuf, String, String) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("test")).unwrap();
    let train = batch_of(60, &folder);
    let test = batch_of(20, &folder.join("test"));
    let named = folder.join("test_batch.bin");
    fs::rename(test, &named).unwrap();
    let (train, named) = (text(&train).to_owned(), text(&named).to_owned());
    (folder, train, named)
}

/// `train` with a small network and two epochs.
fn small_training(train: &str, test: &str, more: &[&str]) -> Run {
    let usual = [
        "train", "--data", train, test, "--hidden", "8,6", "--epochs", "2", "--batch",
        "10",
    ];
    run(&[&usual[..], more].concat())
}

#[test]
fn train_without_data_says_how_to_get_it() {
    let told = run(&["train"]);
    assert_eq!(told.code, Some(2));
    assert_eq!(told.stdout, "");
    assert_eq!(told.stderr.lines().count(), 3, "{}", told.stderr);
    assert!(told.stderr.contains("curl -O https://"), "{}", told.stderr);
    assert!(told.stderr.contains("--shapes"), "{}", told.stderr);
}

#[test]
fn train_saves_what_predict_reads_and_from_goes_on_with() {
    let (folder, train, test) = small_data("train-saves");
    let path = |name: &str| text(&folder.join(name)).to_owned();
    let (model, plot, weights) = (path("m.safetensors"), path("p.svg"), path("w.png"));
    let files = ["--save", &model, "--plot", &plot, "--weights", &weights];
    let trained = small_training(&train, &test, &files);
    trained
        .ended(0)
        .shows("network")
        .shows("Of 20 test images, ");
    let drawn = fs::read_to_string(&plot).unwrap();
    assert!(
        drawn.contains(">3072-8-6-10, batchnorm, keep ratio 0.9, reg 0<"),
        "{drawn}"
    );
    assert!(fs::read(&weights).unwrap().starts_with(b"\x89PNG"));

    // The same digits again, and the same file.
    let bytes = fs::read(&model).unwrap();
    let forced = [&files[..], &["--force"]].concat();
    small_training(&train, &test, &forced).ended(0);
    assert_eq!(fs::read(&model).unwrap(), bytes);

    // An existing file is not replaced unasked, and is said before any training.
    let refused = small_training(&train, &test, &["--save", &model]);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""));
    assert!(
        refused.stderr.contains("m.safetensors"),
        "{}",
        refused.stderr
    );
    assert_eq!(fs::read(&model).unwrap(), bytes);

    // The same accuracy on the same images, and the table.
    let line = |run: &Run| {
        let found = run
            .stdout
            .lines()
            .find(|line| line.contains("Of 20 test images, "));
        let (_, share) = found.expect("the accuracy").split_once("images, ").unwrap();
        share.split(' ').next().unwrap().to_owned()
    };
    let share = line(&trained);
    let predicted = run(&["predict", "--model", &model, "--data", &test]);
    predicted
        .ended(0)
        .shows(&format!("{share} %"))
        .shows("What is taken for what");

    let next = path("next.safetensors");
    let on = [
        "train", "--data", &train, &test, "--from", &model, "--epochs", "1",
    ];
    let on = [&on[..], &["--batch", "10", "--save", &next]].concat();
    run(&on).ended(0);
    assert!(Path::new(&next).is_file());

    // A file that is no model is refused by name, and so is one that is cut off.
    for (name, bytes) in [
        ("no.safetensors", &b"no model"[..]),
        ("cut.safetensors", &bytes[..90]),
    ] {
        let file = path(name);
        fs::write(&file, bytes).unwrap();
        let refused = run(&["predict", "--model", &file, "--data", &test]);
        assert_eq!(refused.code, Some(2), "{}", refused.stderr);
        assert!(refused.stderr.contains(name), "{}", refused.stderr);
    }
}

#[test]
fn the_number_of_threads_changes_no_digit() {
    let (folder, train, test) = small_data("train-threads");
    let models = ["1", "2", "4"].map(|threads| {
        let model = text(&folder.join(threads)).to_owned();
        // Large enough for the products to be divided.
        let more = ["--hidden", "300,200", "--batch", "50"];
        let options = [&more[..], &["--threads", threads, "--save", &model]].concat();
        let usual = ["train", "--data", &train, &test, "--epochs", "2", "--alone"];
        let on = if threads == "1" {
            "; 1 thread\n".to_owned()
        } else {
            format!("; {threads} threads\n")
        };
        run(&[&usual[..], &options].concat()).ended(0).shows(&on);
        fs::read(model).unwrap()
    });
    assert!(models[0] == models[1] && models[0] == models[2]);
}

#[test]
fn train_compares_with_part_ones_network_unless_alone() {
    let (_folder, train, test) = small_data("train-compares");
    small_training(&train, &test, &[])
        .ended(0)
        .shows("Part I's network, trained for as long, has ")
        .shows("3072-100-100-10, weight scale 0.02, sgd, rate 0.01, decay 0.9)\n");
    let alone = small_training(&train, &test, &["--alone"]);
    assert!(!alone.ended(0).stdout.contains("Part I's"));
}

#[test]
fn train_stops_where_it_diverges_and_keeps_the_best() {
    let (folder, train, test) = small_data("train-diverges");
    let model = text(&folder.join("m.safetensors")).to_owned();
    let wild = ["--rule", "sgd", "--rate", "1e30", "--normalization", "none"];
    let stopped =
        small_training(&train, &test, &[&wild[..], &["--save", &model]].concat());
    assert_eq!(stopped.code, Some(1), "{}", stopped.stderr);
    assert!(stopped.stderr.contains("diverged"), "{}", stopped.stderr);
    run(&["predict", "--model", &model, "--data", &test]).ended(0);
}

#[test]
fn train_saves_though_nobody_reads() {
    let (folder, train, _) = small_data("train-unread");
    let model = text(&folder.join("m.safetensors")).to_owned();
    let mut child = runner(&[
        "train", "--data", &train, "--hidden", "8", "--batch", "10", "--epochs",
        "5000", "--save", &model,
    ])
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("epoch    loss") {
        line.clear();
        assert!(reader.read_line(&mut line).unwrap() > 0, "it has ended");
    }
    drop(reader);
    let Output { status, stderr, .. } = child.wait_with_output().unwrap();
    assert_eq!(status.code(), Some(130));
    assert_eq!(String::from_utf8(stderr).unwrap(), "error: interrupted\n");
    run(&["predict", "--model", &model, "--data", &train]).ended(0);
}

#[test]
fn train_writes_over_nothing_that_it_reads_and_no_file_twice() {
    let (folder, train, test) = small_data("train-over");
    let path = |name: &str| text(&folder.join(name)).to_owned();
    let model = path("m.safetensors");
    small_training(&train, &test, &["--save", &model]).ended(0);
    let bytes = [&train, &test, &model].map(|file| fs::read(file).unwrap());
    let dotted = path("./p.png");
    let before = fs::read_dir(&folder).unwrap().count();
    for (options, words) in [
        (&["--save", &train][..], "holds images to train on"),
        (&["--save", &test], "holds images to train on"),
        (
            &["--save", &path("p.png"), "--weights", &dotted],
            "is named for two files",
        ),
        (&["--save", &path("new/")], "its name ends in a slash"),
        (&["--save", &path("x").repeat(40)], "cannot write"),
        (&["--weights", &path("w.svg")], "must end in .png"),
        (&["--plot", &path("p.png")], "must end in .svg"),
    ] {
        let refused = small_training(&train, &test, &[options, &["--force"]].concat());
        assert_eq!(
            (refused.code, &*refused.stdout),
            (Some(2), ""),
            "{options:?}"
        );
        assert!(refused.stderr.contains(words), "{}", refused.stderr);
    }
    // A name that the network to go on from happens to have.
    let pretender = path("m.png");
    fs::rename(&model, &pretender).unwrap();
    let on = ["train", "--data", &train, "--from", &pretender, "--force"];
    let refused = run(&[&on[..], &["--weights", &pretender]].concat());
    assert_eq!(refused.code, Some(2), "{}", refused.stdout);
    assert!(
        refused.stderr.contains("holds the network to go on from"),
        "{}",
        refused.stderr
    );
    let after = [&train, &test, &pretender].map(|file| fs::read(file).unwrap());
    assert!(after == bytes);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), before);
}

#[cfg(unix)]
#[test]
fn train_says_before_it_begins_that_a_file_cannot_be_made() {
    let (_folder, train, test) = small_data("train-before");
    // Nobody may make a file there, not even root.
    let refused = small_training(&train, &test, &["--save", "/proc/m.safetensors"]);
    assert_eq!((refused.code, &*refused.stdout), (Some(2), ""));
    assert!(
        refused
            .stderr
            .starts_with("error: cannot write /proc/m.safetensors: "),
        "{}",
        refused.stderr
    );
    let refused = small_training(&train, &test, &["--save", "/dev/null", "--force"]);
    assert_eq!((refused.code, &*refused.stdout), (Some(2), ""));
    assert!(
        refused.stderr.contains("not a regular file"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_network_without_finite_scores_is_neither_saved_nor_asked() {
    let (folder, train, test) = small_data("train-hopeless");
    let model = folder.join("m.safetensors");
    let wild = ["--weight-scale", "1e30", "--normalization", "none"];
    let more = [&wild[..], &["--save", text(&model)]].concat();
    let stopped = small_training(&train, &test, &more);
    assert_eq!(stopped.code, Some(1), "{}", stopped.stdout);
    assert!(stopped.stderr.contains("at step 1: training has diverged"));
    stopped.shows("whose scores are not finite: there is nothing to save");
    assert!(!stopped.stdout.contains("test images are right"));
    assert!(!model.exists());
}

#[test]
fn a_loss_that_was_finite_is_not_called_nan() {
    let (_folder, train, test) = small_data("train-scores");
    let stopped = run(&[
        "train",
        "--data",
        &train,
        &test,
        "--hidden",
        "8",
        "--batch",
        "48",
        "--rule",
        "sgd",
        "--rate",
        "1e20",
        "--normalization",
        "none",
    ]);
    assert_eq!(stopped.code, Some(1), "{}", stopped.stdout);
    assert!(
        stopped
            .stderr
            .starts_with("error: the scores after step 1 are not finite: training has"),
        "{}",
        stopped.stderr
    );
}

#[test]
fn too_few_images_are_counted() {
    let (folder, _, test) = small_data("train-few");
    let none = run(&["train", "--data", &test]);
    none.refused(&format!(
        "{test}: at least 5 images to train on are needed, a fifth of which is kept for \
         validation; there are none: all 20 are test images"
    ));
    let four = batch_of(4, &folder.join("test"));
    let four = text(&four);
    run(&["train", "--data", four]).refused(&format!(
        "{four}: at least 5 images to train on are needed, a fifth of which is kept for \
         validation; there are 4"
    ));
}

#[test]
fn train_refuses_wrong_options_by_name() {
    let (_folder, train, test) = small_data("train-refuses");
    for (option, value) in [
        ("--keep-ratio", "0"),
        ("--keep-ratio", "1.5"),
        ("--rate", "nan"),
        ("--rate", "-1"),
        ("--decay", "0"),
        ("--batch", "0"),
        ("--epochs", "x"),
        ("--normalization", "other"),
        ("--rule", "other"),
        ("--weight-scale", "x"),
        ("--reg", "-1"),
        ("--threads", "5"),
        ("--first", "0"),
        ("--first", "3"),
        ("--reg", "1e39"),
        ("--rate", "1e39"),
        ("--weight-scale", "1e39"),
    ] {
        let refused = small_training(&train, &test, &[option, value]);
        assert_eq!(
            (refused.code, refused.stdout.as_str()),
            (Some(2), ""),
            "{option}"
        );
        assert!(
            refused.stderr.contains(option),
            "{option}: {}",
            refused.stderr
        );
    }
    let missing = run(&["train", "--data", "no-such-folder"]);
    assert_eq!(missing.code, Some(2));
    assert!(
        missing.stderr.contains("no-such-folder"),
        "{}",
        missing.stderr
    );
}
