//! The figures that can be touched, operated in a browser: what they show is what the crate
//! computes, by mouse, keys and fingers, and without a script the still picture is there.
//!
//! Needs `chromium`, or another name for it in the variable `CHROMIUM`:
//! `cargo test --features book --test touch -- --ignored`

use fully_connected::fifty::Images;
use fully_connected::figures::activation_histograms::{CHOICES, DEPTHS};
use fully_connected::figures::backward_walk::walk;
use fully_connected::figures::map::{self, DATA, LAYERS, RATES, SCALES, STOPPED};
use fully_connected::figures::runs::Run;
use fully_connected::figures::step_size_v::{exp, steps};
use fully_connected::figures::{loss_surface, softmax_growing_score};
use fully_connected::overfit::layer_stds;
use fully_connected::{Scalar, softmax};
use ndarray::Array2;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

mod browser;
use browser::Browser;

/// The settings that are tried of each figure whose formulas run in the page.
const SETTINGS: usize = 20;

/// Our scripts, all together, in bytes.
const LARGEST: u64 = 20_000;

fn theme() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("book/theme")
}

#[test]
fn the_scripts_are_small() {
    let files = fs::read_dir(theme()).unwrap().map(|entry| entry.unwrap());
    let scripts =
        files.filter(|file| file.path().extension().is_some_and(|e| e == "js"));
    let size: u64 = scripts.map(|script| script.metadata().unwrap().len()).sum();
    assert!((10_000..LARGEST).contains(&size), "{size} bytes");
}

/// A book without API documentation, its folder's address, and its page with a figure.
struct Book {
    folder: TempDir,
}

impl Book {
    fn build() -> Book {
        let folder = tempfile::tempdir().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_fully-connected"))
            .args(["book", "--no-api", "--out"])
            .arg(folder.path())
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        Book { folder }
    }

    /// The first page with the figure, wherever the prose has it.
    fn address(&self, figure: &str) -> String {
        let needle = format!("id=\"figure-{figure}\"");
        let pages = fs::read_dir(self.folder.path()).unwrap();
        let mut pages: Vec<PathBuf> = pages.map(|page| page.unwrap().path()).collect();
        pages.sort();
        let page = pages.iter().find(|page| {
            page.extension().is_some_and(|ending| ending == "html")
                && fs::read_to_string(page).unwrap().contains(&needle)
        });
        let page = page.unwrap_or_else(|| panic!("no page has the figure {figure}"));
        format!("file://{}", page.display())
    }

    fn script(&self) -> PathBuf {
        let theme = fs::read_dir(self.folder.path().join("theme")).unwrap();
        let mut files = theme.map(|file| file.unwrap().path());
        let is_ours = |file: &PathBuf| {
            let name = file.file_name().unwrap().to_string_lossy();
            name.starts_with("touch") && name.ends_with(".js")
        };
        files.find(is_ours).expect("the book has our script")
    }
}

/// A figure open in the browser.
struct Operated<'a> {
    browser: &'a mut Browser,
    figure: &'static str,
}

impl<'a> Operated<'a> {
    fn open(
        browser: &'a mut Browser,
        book: &Book,
        figure: &'static str,
    ) -> Operated<'a> {
        browser.open(&book.address(figure), 1200);
        browser.wait(&format!(
            "document.querySelector('#figure-{figure}').classList.contains('live')"
        ));
        Operated { browser, figure }
    }

    fn selector(&self, within: &str) -> String {
        format!("#figure-{} .touch {within}", self.figure)
    }

    /// An expression about an element of the block, which it knows as `it`.
    fn at(&mut self, within: &str, expression: &str) -> Value {
        let selector = self.selector(within);
        self.browser.evaluate(&format!(
            "(it => {{ return {expression}; }})(document.querySelector('{selector}'))"
        ))
    }

    fn text(&mut self, within: &str) -> String {
        let text = self.at(within, "it.textContent");
        text.as_str().expect("text").to_owned()
    }

    fn number(&mut self, within: &str) -> f64 {
        number(&self.text(within))
    }

    /// Moves a slider as a hand does, and returns where it came to a stop.
    fn slide(&mut self, name: &str, to: f64) -> f64 {
        let moved = format!(
            "(it.value = {to}, it.dispatchEvent(new Event('input', {{ bubbles: true }})), \
             Number(it.value))"
        );
        let value = self.at(&format!("[name={name}]"), &moved);
        value.as_f64().expect("a number")
    }

    fn value(&mut self, name: &str) -> f64 {
        let value = self.at(&format!("[name={name}]"), "Number(it.value)");
        value.as_f64().expect("a number")
    }

    fn click(&mut self, within: &str) {
        self.at(within, "it.click()");
    }

    fn set(&mut self, name: &str, on: bool) {
        let name = format!("[name={name}]");
        if self.at(&name, "it.checked") != Value::Bool(on) {
            self.click(&name);
        }
    }

    /// The numbers of the sentence that is read out.
    fn said(&mut self) -> Vec<f64> {
        let said = self.text(".says");
        assert!(!said.is_empty(), "{} says nothing", self.figure);
        let words = said.split([' ', ',', ';']).map(|word| {
            let word = word.trim_matches(|c: char| ".:()".contains(c));
            number(word)
        });
        words.filter(|number| !number.is_nan()).collect()
    }
}

/// A number as the page writes it; NaN for what is none.
fn number(text: &str) -> f64 {
    let text = text.trim().replace('−', "-").replace('∞', "inf");
    text.parse().unwrap_or(f64::NAN)
}

/// Whether a number of the page is the crate's, to the digits that it shows.
fn same(shown: f64, computed: f64, least: f64) -> bool {
    shown == computed
        || shown.is_nan() && computed.is_nan()
        || (shown - computed).abs() <= least + 6e-3 * computed.abs()
}

/// Numbers from 0 to 1, the same on every run.
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn index(&mut self, count: usize) -> usize {
        (self.next() * count as f64) as usize
    }

    fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * self.next()
    }
}

/// Loss and gradient by the crate, or as they stand in the book.
fn expected<T: Scalar>(scores: [f64; 3], naive: bool) -> Vec<f64> {
    let right = softmax_growing_score::RIGHT;
    let scores = Array2::from_shape_fn((1, 3), |(_, i)| T::of(scores[i]));
    let (loss, dscores) = if naive {
        let exps = scores.mapv(T::exp);
        let mut p = &exps / exps.sum();
        let loss = -p[[0, right]].ln();
        p[[0, right]] -= T::one();
        (loss, p)
    } else {
        softmax::loss(&scores, &[right]).expect("a label below 3")
    };
    let mut all = vec![loss.as_f64()];
    all.extend(dscores.iter().map(|d| d.as_f64()));
    all
}

fn the_softmax(browser: &mut Browser, book: &Book) {
    let mut figure = Operated::open(browser, book, "softmax-growing-score");
    assert_eq!(figure.text(".loss"), "1.386");
    let mut draws = Draws(3);
    let (mut not_numbers, mut infinite) = (0, 0);
    for setting in 0..SETTINGS {
        figure.click("[name=reset]");
        for name in ["s0", "s1", "s2"] {
            figure.slide(name, draws.between(-4.0, 8.0));
        }
        // From scores near 1 to scores far beyond the largest that the naive form bears.
        for _ in 0..draws.index(9) {
            figure.click(["[name=add]", "[name=twice]"][setting % 2]);
        }
        let [single, naive] = [setting % 3 == 0, setting % 5 < 2];
        figure.set("single", single);
        figure.set("naive", naive);
        let scores = ["s0", "s1", "s2"].map(|name| figure.value(name));
        let (computed, least) = if single {
            (expected::<f32>(scores, naive), 2e-5)
        } else {
            (expected::<f64>(scores, naive), 1e-12)
        };
        let names = [".loss", ".d0", ".d1", ".d2"];
        let shown = names.map(|name| figure.number(name));
        for (shown, computed) in shown.into_iter().zip(&computed) {
            let what = format!("{scores:?}, single {single}, naive {naive}");
            assert!(
                same(shown, *computed, least),
                "{what}: {shown}, not {computed}"
            );
        }
        not_numbers += usize::from(computed[0].is_nan());
        infinite += usize::from(computed[0].is_infinite());
        assert_eq!(figure.text(".says").contains("NaN"), computed[0].is_nan());
    }
    assert!(not_numbers > 1 && not_numbers + infinite < SETTINGS / 2);

    // A key on a slider moves it, and turns no page.
    figure.click("[name=reset]");
    figure.at("[name=s2]", "it.focus()");
    let (before, address) = (
        figure.number(".p2"),
        figure.browser.evaluate("location.href"),
    );
    figure.browser.press("ArrowRight");
    assert!(figure.number(".p2") > before);
    assert_eq!(figure.browser.evaluate("location.href"), address);
}

fn the_histograms(browser: &mut Browser, book: &Book) {
    let images = Images::synthetic();
    let mut figure = Operated::open(browser, book, "activation-histograms");
    let mut draws = Draws(4);
    for _ in 0..SETTINGS {
        let scale = draws.index(CHOICES.len());
        let layers = DEPTHS.start() + draws.index(DEPTHS.count());
        figure.slide("scale", scale as f64);
        figure.slide("depth", layers as f64);
        let run = Run {
            layers,
            weight_scale: CHOICES[scale],
            rate: 0.0,
            weights: 0,
            batches: 0,
        };
        let net = run.net();
        let loss = net.loss_value(&images.x, &images.y).expect("fifty labels");
        let mut computed = vec![loss, CHOICES[scale] * f64::sqrt(50.0)];
        computed.extend(layer_stds(&net, &images.x));
        let said = figure.said();
        assert_eq!(said.len(), computed.len(), "{}", figure.text(".says"));
        for (said, computed) in said.into_iter().zip(computed) {
            // The gain is said to two digits, all else to three.
            let near = (said - computed).abs() <= 0.05 * computed.abs();
            assert!(
                near,
                "{layers} layers, {}: {said}, not {computed}",
                CHOICES[scale]
            );
        }
        let rows = (0..10).filter(|l| {
            let visible = figure.at(&format!(".l{l}"), "it.getAttribute('visibility')");
            visible == "visible"
        });
        assert_eq!(rows.count(), layers);
    }
}

fn the_walk(browser: &mut Browser, book: &Book) {
    let mut figure = Operated::open(browser, book, "backward-walk");
    let visible = |figure: &mut Operated, name: &str| {
        figure.at(name, "it.getAttribute('visibility')") == "visible"
    };
    // Both caches lie on the stack; the keys go up and down the walk.
    assert!(visible(&mut figure, ".cache1") && visible(&mut figure, ".cache2"));
    assert_eq!(figure.text(".dh"), "");
    figure.at("[name=step]", "it.focus()");
    figure.browser.press("ArrowRight");
    figure.browser.press("ArrowRight");
    assert_eq!(figure.text(".dh"), "dh = −1 2");
    assert!(visible(&mut figure, ".cache1") && !visible(&mut figure, ".cache2"));
    figure.browser.press("ArrowLeft");
    assert_eq!(figure.text(".dh"), "");
    for (wrong, unmasked) in
        [(false, false), (true, false), (false, true), (true, true)]
    {
        figure.set("wrong", wrong);
        figure.set("unmasked", unmasked);
        figure.slide("step", 3.0);
        for _ in 0..3 {
            figure.click("[name=next]");
        }
        let walk = walk(wrong, !unmasked);
        let rows = [
            (".dw2a", walk.second.dw.row(0)),
            (".dw2b", walk.second.dw.row(1)),
            (".db2", walk.second.db.view()),
            (".dw1a", walk.first.dw.row(0)),
            (".dw1b", walk.first.dw.row(1)),
            (".db1", walk.first.db.view()),
        ];
        for (name, row) in rows {
            let shown: Vec<f64> = figure.text(name).split(' ').map(number).collect();
            assert_eq!(shown, row.to_vec(), "{name}, {wrong}, {unmasked}");
        }
        let coloured = figure.at(".dw1a", "it.style.fill !== ''");
        assert_eq!(coloured, Value::Bool(wrong || unmasked));
        assert!(!visible(&mut figure, ".cache1") && !visible(&mut figure, ".cache2"));
    }
    figure.click("[name=back]");
    assert_eq!(figure.text(".dw1a"), "");
}

fn the_step(browser: &mut Browser, book: &Book) {
    let mut figure = Operated::open(browser, book, "step-size-v");
    let steps = steps();
    figure.at("[name=h]", "it.focus()");
    for (i, h) in steps.iter().rev().enumerate() {
        if i > 0 {
            figure.browser.press("ArrowRight");
        }
        assert_eq!(figure.number("[name=h] + output"), *h);
        for (sign, names) in
            [(1.0, [".plus0", ".plus1"]), (-1.0, [".minus0", ".minus1"])]
        {
            let shown = names.map(|name| figure.text(name)).concat();
            assert_eq!(shown, format!("{:.16}", exp(1.0 + sign * h)), "h = {h}");
        }
        let slope = (exp(1.0 + h) - exp(1.0 - h)) / (2.0 * h);
        let said = figure.said();
        assert!(
            said.iter().any(|said| (said - slope).abs() < 1e-11),
            "{said:?}, {slope}"
        );
    }
    assert_eq!(figure.text(".plus0"), "2.71828182845");
}

fn the_map(browser: &mut Browser, book: &Book) {
    let cells = map::parse(DATA).unwrap();
    let mut figure = Operated::open(browser, book, "rate-scale-map");
    let mut draws = Draws(5);
    for setting in 0..SETTINGS {
        let [layers, scale, rate] =
            [LAYERS.len(), SCALES.len(), RATES.len()].map(|count| draws.index(count));
        figure.click(&format!("[value=\"{}\"]", LAYERS[layers]));
        if setting % 2 == 0 {
            // A finger in the middle of the cell.
            let across = (rate as f64 + 0.5) / RATES.len() as f64;
            let down = 1.0 - (scale as f64 + 0.5) / SCALES.len() as f64;
            let pad = figure.selector(".pad");
            figure.browser.touch(&pad, across, down);
        } else {
            figure.slide("x", rate as f64);
            figure.slide("y", scale as f64);
        }
        let cell = &cells[(layers * SCALES.len() + scale) * RATES.len() + rate];
        let said = figure.said();
        assert_eq!(
            said[..3],
            [LAYERS[layers] as f64, SCALES[scale], RATES[rate]]
        );
        // "of ten networks 9 learn all fifty images, 0 diverge"
        assert_eq!(
            said[3..5],
            [cell.learned as f64, cell.diverged as f64],
            "{cell}"
        );
        let path = figure.at(".runs", "it.getAttribute('d')");
        let path = path.as_str().expect("a path");
        let points = path.matches(['M', 'L']).count();
        let letters = cell.curves.concat();
        assert_eq!(
            points,
            letters.chars().filter(|&l| l != STOPPED).count(),
            "{cell}"
        );
    }
}

/// What the page says of the surface at a setting, and what the crate does, where they differ.
fn surface_differences(browser: &mut Browser, book: &Book) -> Vec<String> {
    let mut figure = Operated::open(browser, book, "loss-surface");
    let mut draws = Draws(6);
    let mut differences = Vec::new();
    for _ in 0..SETTINGS {
        let layers = [2, 5][draws.index(2)];
        figure.click(&format!("[value=\"{layers}\"]"));
        let start = ["x", "y"].map(|name| figure.slide(name, draws.between(-0.5, 2.0)));
        let rate = 10_f64.powf(figure.slide("rate", draws.between(-2.0, 1.0)));
        let steps = figure.slide("steps", draws.between(0.0, 40.0));
        let path = loss_surface::walk(layers, (start[0], start[1]), rate);
        let (a, c) = path[steps as usize];
        let computed = [steps, a, c, loss_surface::loss(layers, a, c)];
        let said = figure.said();
        let differ = said.len() != 4
            || said
                .iter()
                .zip(computed)
                .any(|(&said, computed)| !same(said, computed, 1e-9));
        if differ {
            differences.push(format!(
                "{layers} layers from {start:?}, rate {rate}: {said:?}, not {computed:?}"
            ));
        }
    }
    differences
}

fn the_surface(browser: &mut Browser, book: &Book) {
    assert_eq!(surface_differences(browser, book), [""; 0]);
    let mut figure = Operated::open(browser, book, "loss-surface");
    let pad = figure.selector(".pad");
    figure.browser.touch(&pad, 0.8, 0.3);
    for (name, value) in [("x", 1.5), ("y", 1.25)] {
        let there = (figure.value(name) - value).abs() < 0.02;
        assert!(there, "the finger put {name} to {}", figure.value(name));
    }
    // The path is walked anew, step by step.
    figure.at("[name=watch]", "it.focus()");
    figure.browser.press(" ");
    assert!(figure.value("steps") < 40.0);
    let says = figure.selector(".says");
    figure.browser.wait(&format!(
        "document.querySelector('{says}').textContent.startsWith('After 40 steps')"
    ));
}

/// The still picture is on paper, and on a screen that runs no script.
fn the_still_picture(browser: &mut Browser, book: &Book) {
    let figure = Operated::open(browser, book, "loss-surface");
    let still =
        "document.querySelector('#figure-loss-surface > .drawing').offsetHeight > 0";
    let touch =
        "document.querySelector('#figure-loss-surface > .touch').offsetHeight > 0";
    let seen =
        |browser: &mut Browser| [still, touch].map(|e| browser.evaluate(e) == true);
    assert_eq!(seen(figure.browser), [false, true]);
    let media = |media: &str| serde_json::json!({ "media": media });
    browser.ask("Emulation.setEmulatedMedia", media("print"));
    assert_eq!(seen(browser), [true, false]);
    browser.ask("Emulation.setEmulatedMedia", media(""));
    let disabled = |value: bool| serde_json::json!({ "value": value });
    browser.ask("Emulation.setScriptExecutionDisabled", disabled(true));
    browser.open(&book.address("loss-surface"), 380);
    assert_eq!(seen(browser), [true, false]);
    browser.ask("Emulation.setScriptExecutionDisabled", disabled(false));
}

#[test]
#[ignore = "needs chromium"]
fn figures_show_what_the_crate_computes_however_they_are_operated() {
    let book = Book::build();
    let mut browser = Browser::start();
    the_softmax(&mut browser, &book);
    the_histograms(&mut browser, &book);
    the_walk(&mut browser, &book);
    the_step(&mut browser, &book);
    the_map(&mut browser, &book);
    the_surface(&mut browser, &book);
    the_still_picture(&mut browser, &book);
    assert_eq!(browser.complaints(), [""; 0]);

    // And all of this is seen when it goes wrong: here three of four is two of three.
    let script = fs::read_to_string(book.script()).unwrap();
    let wrong = script.replace("- 3 / 4;", "- 2 / 3;") + "\nnothing();\n";
    assert_ne!(wrong.len(), script.len());
    fs::write(book.script(), wrong).unwrap();
    assert!(surface_differences(&mut browser, &book).len() > SETTINGS / 2);
    assert!(browser.complaints()[0].contains("nothing is not defined"));
}

#[test]
fn numbers_of_the_page_are_read_as_numbers() {
    assert_eq!(number("−1.5e-7"), -1.5e-7);
    assert_eq!(number("∞"), f64::INFINITY);
    assert!(number("NaN").is_nan() && number("of").is_nan());
    assert!(same(0.125, 0.1251, 0.0) && !same(0.125, 0.127, 0.0));
}
