//! The book's figures: the committed files are what the code gives, and each of them is
//! fit to stand in a page.

use fully_connected::drawing::palette;
use fully_connected::fifty::Images;
use fully_connected::figures::map::{self, Cell, DATA, LAYERS, RATES, SCALES, SEEDS};
use fully_connected::figures::{
    FIGURES, Figure, TOUCH, batch_norm_scale, careful, good_model, held_out, penalty,
    ravine, update_rules,
};
use fully_connected::optim::{Adam, RmsProp, Rule};
use roxmltree::{Document, Node};
use std::fs;
use std::path::{Path, PathBuf};

fn book(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("book")
        .join(path)
}

fn committed(figure: &Figure) -> String {
    read(&book(&format!("src/figures/{}.svg", figure.name)))
}

fn committed_touch(figure: &Figure) -> String {
    read(&book(&format!("touch/{}.html", figure.name)))
}

fn read(path: &Path) -> String {
    let problem = |error| panic!("cannot read {}: {error}", path.display());
    fs::read_to_string(path).unwrap_or_else(problem)
}

fn figure(name: &str) -> &'static Figure {
    let found = FIGURES.iter().find(|figure| figure.name == name);
    found.expect("a figure of that name")
}

/// The first line in which two texts differ, for a message of bearable length.
fn difference(committed: &str, drawn: &str) -> Option<String> {
    if committed == drawn {
        return None;
    }
    let mut lines = committed.lines().zip(drawn.lines()).enumerate();
    let line = lines.find(|(_, (committed, drawn))| committed != drawn);
    Some(match line {
        Some((i, (committed, drawn))) => {
            format!(
                "line {}:\n  committed {committed}\n  drawn     {drawn}",
                i + 1
            )
        }
        None => "one of them has more lines".to_owned(),
    })
}

#[test]
fn committed_figures_are_what_the_code_gives() {
    let figures = FIGURES.iter().map(|figure| (figure, committed(figure)));
    let touch = TOUCH.iter().map(|figure| (figure, committed_touch(figure)));
    for (figure, committed) in figures.chain(touch) {
        if let Some(difference) = difference(&committed, &(figure.draw)()) {
            panic!(
                "{} is not what the code gives; `cargo run --features book -- figures` \
                 draws it again\n{difference}",
                figure.name
            );
        }
    }
}

#[test]
fn the_stylesheet_is_what_the_code_gives() {
    let css = fs::read_to_string(book("theme/figures.css")).unwrap();
    assert_eq!(difference(&css, &palette::css()), None);
}

#[test]
fn no_figure_is_left_over() {
    for (folder, figures, ending) in
        [("src/figures", FIGURES, "svg"), ("touch", TOUCH, "html")]
    {
        let mut files: Vec<_> = fs::read_dir(book(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let named = figures.iter().map(|f| format!("{}.{ending}", f.name));
        let mut names: Vec<_> = named.collect();
        files.sort();
        names.sort();
        assert_eq!(files, names);
    }
}

/// What keeps a figure out of a page, one sentence each.
fn faults(name: &str, text: &str) -> Vec<String> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => return vec![format!("is no XML: {error}")],
    };
    let mut faults = svg_faults(document.root_element());
    let nodes = document.root_element().descendants();
    faults.extend(nodes.flat_map(|node| node_faults(name, node)));
    let lines_end = text
        .lines()
        .next()
        .is_some_and(|line| line.ends_with("\">"));
    if text.lines().any(|line| line.trim().is_empty()) || !lines_end {
        faults.push("is not one block of HTML in Markdown".to_owned());
    }
    let nodes = document.root_element().descendants();
    let pictures = nodes.filter_map(|node| node.attribute("href"));
    let pictures: usize = pictures.map(str::len).sum();
    if text.len() - pictures >= 60_000 {
        faults.push("is larger than 60 kB".to_owned());
    }
    if pictures >= 80_000 {
        faults.push("has a picture larger than 80 kB".to_owned());
    }
    faults
}

/// The same for a drawing alone.
fn svg_faults(root: Node) -> Vec<String> {
    let mut faults = Vec::new();
    let mut demand = |holds: bool, fault: &str| {
        if !holds {
            faults.push(fault.to_owned());
        }
    };
    let is = |name, value| root.attribute(name) == Some(value);
    demand(
        root.tag_name().name() == "svg" && is("class", "fig") && is("role", "img"),
        "does not begin with <svg class=\"fig\" role=\"img\">",
    );
    demand(
        root.attribute("width").is_none() && root.attribute("height").is_none(),
        "has a fixed size",
    );
    let labels = root.attribute("aria-labelledby").unwrap_or_default();
    for (tag, least) in [("title", 10), ("desc", 80)] {
        let mut children = root.children();
        let child = children.find(|child| child.has_tag_name((SVG, tag)));
        let words = child.and_then(|child| child.text()).unwrap_or_default();
        demand(
            words.len() >= least,
            &format!("has no {tag}, or a short one: {words:?}"),
        );
        let id = child.and_then(|child| child.attribute("id")).unwrap_or("-");
        let named = labels.split(' ').any(|label| label == id);
        demand(named, &format!("is not labelled by its {tag}"));
    }
    faults
}

const SVG: &str = "http://www.w3.org/2000/svg";

fn node_faults(name: &str, node: Node) -> Vec<String> {
    let mut faults = Vec::new();
    let tag = node.tag_name().name();
    if ["script", "use", "a", "foreignObject"].contains(&tag) {
        faults.push(format!("has a <{tag}>"));
    }
    if tag == "style" {
        let rules = node.text().unwrap_or_default();
        // A rule for anything but svg:root would hold for the whole page.
        let before_braces = rules.split('{').rev().skip(1);
        let selectors =
            before_braces.map(|text| text.rsplit('}').next().unwrap_or(text));
        for selector in selectors {
            if selector != "svg:root" && !selector.starts_with("@media") {
                faults.push(format!("has a rule for {selector:?}"));
            }
        }
    }
    for attribute in node.attributes() {
        let (key, value) = (attribute.name(), attribute.value());
        match key {
            "id" if !value.starts_with(&format!("{name}-")) => {
                faults.push(format!("has the id {value:?}"));
            }
            "href" if tag == "image" && value.starts_with("data:image/png;base64,") => {
            }
            "href" | "style" => faults.push(format!("has {key}={value:?}")),
            "fill" | "stroke" => {
                let variable = value.starts_with("var(--fig-") && value.ends_with(')');
                if !variable && value != "none" {
                    faults.push(format!("has the fixed colour {key}={value:?}"));
                }
            }
            key if key.starts_with("on") => faults.push(format!("has {key}={value:?}")),
            _ => (),
        }
    }
    faults
}

#[test]
fn figures_can_stand_in_a_page() {
    for figure in FIGURES {
        let faults = faults(figure.name, &committed(figure));
        assert!(faults.is_empty(), "{}: {faults:#?}", figure.name);
    }
}

/// What a figure is operated with: a hidden block whose drawing is as fit as a still one, with
/// controls that have names, and data that is no program.
#[test]
fn what_figures_are_operated_with_can_stand_in_a_page() {
    for figure in TOUCH {
        let html = committed_touch(figure);
        let still = FIGURES.iter().any(|still| still.name == figure.name);
        assert!(still, "{} has no still picture", figure.name);
        assert!(html.lines().all(|line| !line.trim().is_empty()));
        assert!(
            html.len() < 100_000,
            "{}: {} bytes",
            figure.name,
            html.len()
        );
        let document = Document::parse(&html).expect("HTML that is XML too");
        let root = document.root_element();
        assert_eq!(root.attribute("class"), Some("touch"));
        assert!(
            root.attribute("hidden").is_some()
                && root.attribute("aria-label").is_some()
        );
        let of = |tag| {
            root.descendants()
                .filter(move |n| n.tag_name().name() == tag)
        };
        let drawing = of("svg").next().expect("a drawing");
        let mut faults = svg_faults(drawing);
        let name = format!("{}-touch", figure.name);
        faults.extend(
            drawing
                .descendants()
                .flat_map(|node| node_faults(&name, node)),
        );
        assert_eq!(faults, [""; 0], "{}", figure.name);
        let ids: Vec<_> = of("label")
            .filter_map(|label| label.attribute("for"))
            .collect();
        for input in of("input") {
            let labelled = input.attribute("id").is_some_and(|id| ids.contains(&id));
            let inside = input.ancestors().any(|n| n.has_tag_name("label"));
            assert!(
                labelled || inside,
                "{}: {input:?} has no label",
                figure.name
            );
        }
        assert!(of("button").all(|button| button.attribute("type") == Some("button")));
        assert!(
            of("script").all(|data| data.attribute("type") == Some("application/json"))
        );
        assert!(of("output").any(|says| says.attribute("class") == Some("says")));
    }
}

/// Breaks a figure in each way that [`faults`] knows.
#[test]
fn faults_are_found() {
    let good = committed(figure("affine-graph"));
    for (from, to, fault) in [
        ("</svg>", "", "is no XML"),
        ("class=\"fig\"", "", "does not begin with"),
        ("viewBox", "width=\"480\" viewBox", "has a fixed size"),
        ("</desc>", "</desc>\n\n", "is not one block of HTML"),
        (
            "<title id=\"affine-graph-title\">",
            "<title id=\"title\">",
            "labelled by its title",
        ),
        (
            "<title id=\"affine-graph-title\">",
            "<title id=\"title\">",
            "the id \"title\"",
        ),
        ("An affine layer as a graph", "", "has no title"),
        ("svg:root{", "line{", "a rule for \"line\""),
        ("</svg>", "<script>1</script></svg>", "has a <script>"),
        (
            "fill=\"var(--fig-1, #0a5fa3)\"",
            "fill=\"#0a5fa3\"",
            "fixed colour",
        ),
        (
            "</svg>",
            "<image href=\"https://example.org/x.png\"/></svg>",
            "has href",
        ),
        (
            "</svg>",
            "<g href=\"https://example.org\"/></svg>",
            "has href",
        ),
        ("</svg>", "<g onclick=\"1\"/></svg>", "has onclick"),
    ] {
        let broken = good.replacen(from, to, 1);
        assert_ne!(broken, good, "{from} is not in the figure");
        let faults = faults("affine-graph", &broken);
        let found = faults.iter().any(|found| found.contains(fault));
        assert!(found, "{from} → {to}: {faults:?}");
    }
}

#[test]
fn the_map_has_every_cell_once_and_its_counts_are_counts() {
    let cells = map::parse(DATA).unwrap();
    let settings = LAYERS
        .into_iter()
        .flat_map(|layers| SCALES.map(|scale| (layers, scale)))
        .flat_map(|(layers, scale)| RATES.map(|rate| (layers, scale, rate)));
    let of = |cell: &Cell| (cell.layers, cell.weight_scale, cell.rate);
    assert!(settings.eq(cells.iter().map(of)));
    for cell in &cells {
        assert!(cell.learned.max(cell.diverged) <= SEEDS, "{cell}");
    }
}

#[test]
fn a_line_of_the_map_that_is_no_cell_is_named() {
    let curves = " Kkkkkkkk-_.".repeat(10);
    let good = format!("3 0.1 0.01 10 0{curves}\n");
    assert_eq!(map::parse(&good).unwrap()[0].curves[9], "Kkkkkkkk-_.");
    let error = map::parse(&format!("# header\n{good}3 0.1 much 10 0\n")).unwrap_err();
    let expected = "line 3: expected `layers weight-scale rate learned diverged` and ten \
                    curves, found \"3 0.1 much 10 0\"";
    assert_eq!(error, expected);
    for (from, to) in [
        (" Kk", " +k"),
        (" Kk", " K"),
        (".", ". Kkkkkkkk-_."),
        ("\n", " 5\n"),
    ] {
        assert!(
            map::parse(&good.replacen(from, to, 1)).is_err(),
            "{from} → {to}"
        );
    }
}

/// Cells far from any border, where a last bit that differs between machines does not
/// decide whether a network learns: the notes' values, the exchanged ones, and one of
/// those that diverge.
#[test]
fn sampled_cells_of_the_map_are_computed_again() {
    let images = Images::synthetic();
    let cells = map::parse(DATA).unwrap();
    for (layers, scale, rate, learned) in [
        (3, 2e-2, 1e-2, 10),
        (5, 1e-1, 1e-3, 10),
        (5, 1e-3, 1e-1, 0),
        (5, 1e-1, 1e-2, 0),
    ] {
        let wanted = |cell: &&Cell| {
            (cell.layers, cell.weight_scale, cell.rate) == (layers, scale, rate)
        };
        let committed = cells.iter().find(wanted).unwrap();
        let mut again = Cell::compute(layers, scale, rate, &images);
        // Where training diverges a last bit grows to anything.
        if committed.diverged == 0 {
            assert_same_curves(&again.curves, &committed.curves);
        }
        again.curves.clone_from(&committed.curves);
        assert_eq!(again, *committed);
        assert_eq!(committed.learned, learned, "{committed}");
    }
}

/// Curves may differ by one of their 64 levels, where a last bit decides between two.
fn assert_same_curves(again: &[String], committed: &[String]) {
    let level = |letter: u8| match map::LETTERS.iter().position(|&l| l == letter) {
        Some(level) => level as i32,
        None => -100,
    };
    assert_eq!(again.len(), committed.len());
    for (again, committed) in again.iter().zip(committed) {
        let mut pairs = again.bytes().zip(committed.bytes());
        let near = |(a, b): (u8, u8)| (level(a) - level(b)).abs() <= 1;
        assert!(pairs.all(near), "{again} is not {committed}");
    }
}

/// What chapter 4 says of the map: which scale learns, and that the other learns at no rate.
#[test]
fn the_map_shows_what_chapter_4_says_of_it() {
    let cells = map::parse(DATA).unwrap();
    let five = |scale| {
        let wanted = move |c: &&Cell| (c.layers, c.weight_scale) == (5, scale);
        cells.iter().filter(wanted).map(|cell| cell.learned)
    };
    assert_eq!(five(1e-1).max(), Some(SEEDS));
    assert_eq!((five(1e-3).count(), five(1e-3).sum::<u64>()), (14, 0));
}

#[test]
fn the_held_out_file_has_every_network_once() {
    let outcomes = held_out::parse(held_out::DATA).unwrap();
    let settings = (0..held_out::SEEDS)
        .flat_map(|seed| held_out::SCALES.map(|scale| (scale, seed)))
        .flat_map(|(scale, seed)| held_out::REGS.map(|reg| (scale, reg, seed)));
    let of = |o: &held_out::Outcome| (o.weight_scale, o.reg, o.seed);
    assert!(settings.eq(outcomes.iter().map(of)));
    let error = held_out::parse("0.01 0 0 500").unwrap_err();
    assert!(error.starts_with("line 1: expected"), "{error}");
}

#[test]
fn the_held_out_accuracies_are_those_of_chapter_7() {
    let outcomes = held_out::parse(held_out::DATA).unwrap();
    let percent = |share, at| {
        let (low, middle, high) = held_out::range(&outcomes, at, share);
        [low, middle, high].map(|share| (100.0 * share).round())
    };
    assert_eq!(percent(held_out::training, (1e-2, 0.0)), [100., 100., 100.]);
    assert_eq!(percent(held_out::held_out, (1e-2, 0.0)), [45., 45., 47.]);
    assert_eq!(percent(held_out::training, (1e-2, 10.0)), [89., 89., 90.]);
    assert_eq!(percent(held_out::held_out, (1e-2, 10.0)), [55., 58., 60.]);
    assert_eq!(percent(held_out::held_out, (1e-2, 100.0)), [10., 10., 10.]);
    assert_eq!(percent(held_out::held_out, (1e-3, 0.0)), [60., 62., 64.]);
    // The penalty adds nothing to small weights, and the two collapse together at 30.
    let [.., best] = percent(held_out::held_out, (1e-3, 0.3));
    assert!(best <= 64.0);
    assert!(percent(held_out::training, (1e-2, 30.0))[1] < 50.0);
    assert!(percent(held_out::held_out, (1e-2, 30.0))[1] < 35.0);
}

/// Single precision adds in another order on another processor, so a few images may change
/// sides.
#[test]
fn sampled_networks_of_the_held_out_file_are_trained_again() {
    let outcomes = held_out::parse(held_out::DATA).unwrap();
    for (scale, reg, seed) in [(1e-2, 0.0, 0), (1e-3, 0.0, 1), (1e-2, 100.0, 2)] {
        let wanted = |o: &&held_out::Outcome| {
            (o.weight_scale, o.reg, o.seed) == (scale, reg, seed)
        };
        let committed = outcomes.iter().find(wanted).unwrap();
        let again = held_out::Outcome::compute(scale, reg, seed);
        assert!(again.training.abs_diff(committed.training) <= 5, "{again}");
        assert!(again.held_out.abs_diff(committed.held_out) <= 20, "{again}");
    }
}

/// The penalty of the figure counts both weights, w and -w.
#[test]
fn the_penalty_of_the_figure_is_that_of_its_caption() {
    let (_, penalty_at_3) = penalty::losses(0.1, 3.0);
    assert!((penalty_at_3 - 0.9).abs() < 1e-12);
    let lowest = *penalty::walk(0.1).last().unwrap();
    assert_eq!(format!("{lowest:.2}"), "1.06");
}

mod command {
    use std::fs;
    use std::path::Path;
    use std::process::{Command, Output};

    fn figures(book: &Path, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_fully-connected"))
            .args(["figures", "--book"])
            .arg(book)
            .args(arguments)
            .output()
            .unwrap()
    }

    /// A book's folders, and nothing in them.
    fn empty_book() -> tempfile::TempDir {
        let book = tempfile::tempdir().unwrap();
        fs::create_dir_all(book.path().join("src/figures")).unwrap();
        book
    }

    #[test]
    fn writes_a_figure_and_finds_it_unchanged() {
        let book = empty_book();
        assert!(figures(book.path(), &["relu-graph"]).status.success());
        let path = book.path().join("src/figures/relu-graph.svg");
        assert_eq!(
            fs::read_to_string(path).unwrap(),
            super::committed(super::figure("relu-graph"))
        );
        let check = figures(book.path(), &["--check", "relu-graph"]);
        assert!(check.status.success());
    }

    #[test]
    fn check_names_what_differs_and_writes_nothing() {
        let book = empty_book();
        let check = figures(book.path(), &["--check", "relu-graph"]);
        assert_eq!(check.status.code(), Some(1));
        let said = String::from_utf8(check.stdout).unwrap();
        assert!(said.starts_with('✗'), "{said}");
        assert!(
            said.contains("relu-graph.svg is not what the code gives"),
            "{said}"
        );
        let folder = book.path().join("src/figures");
        assert_eq!(fs::read_dir(folder).unwrap().count(), 0);
    }

    #[test]
    fn replaces_an_older_figure_and_no_other_file() {
        let book = empty_book();
        let path = book.path().join("src/figures/relu-graph.svg");
        fs::write(&path, "<svg class=\"fig\" older>").unwrap();
        assert!(figures(book.path(), &["relu-graph"]).status.success());
        fs::write(&path, "a drawing of my own").unwrap();
        let refused = figures(book.path(), &["relu-graph"]);
        assert_eq!(refused.status.code(), Some(2));
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(
            said.contains("relu-graph.svg: it is there already, and not a file"),
            "{said}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "a drawing of my own");
    }
}

/// What chapters 12 and 13 say of their figures.
#[test]
fn the_careful_accuracies_are_those_of_chapters_12_and_13() {
    use fully_connected::Normalization::{BatchNorm, LayerNorm, None};
    let last = |norm, keep, batch| {
        let (training, validation) = *careful::mean(norm, keep, batch).last().unwrap();
        [training, validation].map(|share: f64| (100.0 * share).round())
    };
    let of = |norm| careful::BATCHES.map(|batch| last(norm, 1.0, batch)[1]);
    assert_eq!(of(BatchNorm), [10., 25., 40., 46.]);
    assert_eq!(of(LayerNorm), [18., 29., 36., 43.]);
    let with = careful::KEEPS.map(|keep| last(None, keep, 100));
    assert_eq!(with, [[100., 43.], [100., 50.], [98., 53.]]);
    for setting in careful::Setting::all() {
        assert_eq!(setting.known().len(), setting.epochs(), "{setting:?}");
    }
}

/// The first epoch of a run of each kind, computed again: last bits differ between machines,
/// so a few of the 500 images may.
#[test]
fn the_careful_runs_begin_as_the_file_says() {
    for setting in careful::Setting::all() {
        if setting.seed == 0 && setting.batch >= 50 {
            let (training, validation) = setting.train(1)[0];
            let (known, of_others) = setting.known()[0];
            assert!((training - known).abs() < 0.02, "{setting:?}: {training}");
            assert!(
                (validation - of_others).abs() < 0.02,
                "{setting:?}: {validation}"
            );
        }
    }
}

#[test]
fn the_ravine_is_crossed_in_as_many_steps_as_chapter_10_says() {
    let steps = ravine::rules().map(|(rule, rate, _)| {
        let losses: Vec<_> = ravine::walk(rule, rate, 300)
            .into_iter()
            .map(ravine::loss)
            .collect();
        assert!(losses.iter().all(|loss| loss.is_finite()));
        losses.iter().rposition(|&loss| loss >= 0.01).unwrap() + 1
    });
    assert_eq!(steps, [217, 89, 113, 76]);
    let too_long = ravine::walk(Rule::Sgd, 0.021, 100);
    assert!((ravine::loss(too_long[100]) / 9.5e9 - 1.0).abs() < 0.01);
    let short = ravine::walk(Rule::Adam(Adam::default()), 0.1, 300);
    let last = short
        .into_iter()
        .map(ravine::loss)
        .rposition(|loss| loss >= 0.01);
    assert_eq!(last, Some(175));
    let restless = ravine::walk(Rule::RmsProp(RmsProp::default()), 0.1, 350);
    assert!(ravine::loss(restless[300]) < 1e-20 && ravine::loss(restless[350]) > 1.0);
}

/// What chapter 10 says of the two figures with images.
#[test]
fn the_update_rules_train_as_chapter_10_says() {
    use update_rules::{EPOCHS, Run, SEEDS, known, mean, rules};
    let ends = |images| {
        rules().map(|(name, ..)| {
            let runs = known(images, name);
            assert_eq!(runs.len(), SEEDS as usize);
            let last = |of: fn(&Run) -> &[f64]| {
                (100.0 * mean(&runs, of)[EPOCHS - 1]).round() as u32
            };
            (last(|run| &run.training), last(|run| &run.others))
        })
    };
    assert_eq!(
        ends("shapes").map(|(_, others)| others),
        [30, 74, 78, 67, 86]
    );
    let both = [(38, 31), (49, 34), (53, 36), (54, 35), (58, 37)];
    assert_eq!(ends("cifar10"), both);
    let drops = |name| {
        let losses = mean(&known("cifar10", name), |run| &run.losses);
        [4, 8, 12, 16].map(|i| losses[i - 1] - losses[i])
    };
    let sharp = drops("adam").into_iter().filter(|&drop| drop > 0.1);
    assert_eq!(sharp.count(), 4);
}

/// The runs of seed 0 on made-up images, computed again. A last bit that differs between
/// machines may grow in 200 steps: what must agree is the beginning, and the order at the end.
#[test]
fn the_update_rules_train_made_up_images_as_the_file_says() {
    use update_rules::{EPOCHS, Run, Sets, known, rules};
    let sets = Sets::made_up();
    let others = rules().map(|(name, rule, rate)| {
        let run = Run::compute(&sets, (rule, rate), 0);
        assert!(run.losses.iter().all(|loss| loss.is_finite()), "{name}");
        let known = &known("shapes", name)[0];
        assert!((run.losses[0] - known.losses[0]).abs() < 0.01, "{name}");
        let last = (run.others[EPOCHS - 1], known.others[EPOCHS - 1]);
        assert!((last.0 - last.1).abs() < 0.15, "{name}: {last:?}");
        last.0
    });
    let [plain, tenfold, momentum, rmsprop, adam] = others;
    assert!(
        momentum > plain + 0.3 && tenfold > plain + 0.25,
        "{others:?}"
    );
    assert!(adam > momentum && adam > rmsprop, "{others:?}");
}

/// What chapter 11 says of its figure.
#[test]
fn the_scale_decides_less_with_batch_normalization() {
    use batch_norm_scale::{NORMS, SCALES, SEEDS, known, range};
    let outcomes = known();
    assert_eq!(outcomes.len(), NORMS.len() * SCALES.len() * SEEDS as usize);
    let percent = |at, of| {
        let (least, mean, _) = range(&outcomes, at, of);
        [least, mean].map(|share| (100.0 * share).round())
    };
    for scale in SCALES {
        let [least, _] = percent((true, scale), |o| o.training);
        assert!(least >= 41.0, "{scale}: {least}");
        if scale <= 1e-3 {
            assert_eq!(percent((false, scale), |o| o.training), [10., 10.]);
            assert_eq!(percent((false, scale), |o| o.others), [10., 10.]);
        }
    }
    let others = [false, true].map(|norm| percent((norm, 3e-2), |o| o.others)[1]);
    assert_eq!(others, [48., 50.]);
}

/// A run without and one with, computed again: last bits differ between machines, and ten
/// epochs make a few images of them.
#[test]
fn the_runs_of_the_scale_are_as_the_file_says() {
    for (norm, scale) in batch_norm_scale::NORMS.into_iter().zip([1e-3, 3e-2]) {
        let again = batch_norm_scale::Outcome::compute(norm, scale, 0);
        let same = |o: &batch_norm_scale::Outcome| {
            (o.normalized, o.scale, o.seed) == (again.normalized, scale, 0)
        };
        let known = batch_norm_scale::known().into_iter().find(same);
        let known = known.expect("a line for each");
        assert!((known.training - again.training).abs() <= 15.0, "{again:?}");
        assert!((known.others - again.others).abs() <= 25.0, "{again:?}");
    }
}

/// What chapter 15 says of its figure.
#[test]
fn the_careful_training_is_that_of_chapter_15() {
    let known = good_model::known();
    assert_eq!(known.len(), good_model::EPOCHS);
    let at = |number: usize| {
        let epoch = known[number - 1];
        assert_eq!(epoch.number, number as f64);
        let percent = |share: f64| format!("{:.1}", 100.0 * share);
        (percent(epoch.training), percent(epoch.validation))
    };
    let of =
        |training: &str, validation: &str| (training.to_owned(), validation.to_owned());
    assert_eq!(at(8), of("76.4", "68.4"));
    assert_eq!(at(29), of("99.8", "87.4"));
    assert_eq!(at(30), of("100.0", "86.8"));
    assert_eq!((known[0].loss, known[29].loss), (2.292, 0.368));
    let best = good_model::best(&known);
    assert_eq!((best.number, best.validation), (28.0, 0.874));
}

/// Its first epoch, computed again: last bits differ between machines, so a few of the 500
/// images may.
#[test]
fn the_careful_training_begins_as_the_file_says() {
    let [first] = good_model::train(1).try_into().unwrap();
    let known = good_model::known()[0];
    assert!((first.loss - known.loss).abs() < 0.01, "{}", first.loss);
    let training = first.training;
    assert!((training - known.training).abs() < 0.02, "{training}");
    let validation = first.validation;
    assert!((validation - known.validation).abs() < 0.02, "{validation}");
}
