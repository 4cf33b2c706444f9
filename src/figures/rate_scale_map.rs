//! Chapter 9: which weight scales and learning rates learn, for three layers and for five; and
//! chapter 14: for five layers with batch normalization.

use super::controls::{Controls, array};
use super::map::{Cell, DATA, LAYERS, LOSSES, NORMALIZED, RATES, SCALES, STEPS, parse};
use crate::drawing::chart::{Panel, Scale, powers, ticks};
use crate::drawing::palette::{BLUE, Colour, GRID, INK, MAGENTA, MUTED, SURFACE, ramp};
use crate::drawing::shapes::{
    Anchor, cross, heading, line, path, plain, rectangle, ring, text,
};
use crate::drawing::svg::{Element, Svg, TEXT};

const LEFT: f64 = 60.0;
const WIDE: f64 = 29.5;
const HIGH: f64 = 15.0;
const TOPS: [f64; 2] = [100.0, 510.0];

/// The colour of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nothing,
    Diverged,
    Learned(usize),
}

/// Learned by 1 to 3 of ten, 4 to 6, 7 to 9, all.
const LEVELS: [usize; 4] = [2, 4, 5, 7];

fn kind(cell: &Cell) -> Kind {
    match (cell.learned, cell.diverged) {
        (0, 0) => Kind::Nothing,
        (0, _) => Kind::Diverged,
        (learned, _) => Kind::Learned((learned as usize - 1) / 3),
    }
}

/// The figure.
pub fn draw() -> String {
    let cells = parse(DATA).expect("the map's data file is well formed");
    let all = |layers| {
        let cells = cells.iter().filter(|cell| cell.layers == layers);
        cells.filter(|cell| cell.learned == 10).count()
    };
    let mut svg = Svg::new(
        "rate-scale-map",
        890.0,
        "Which weight scales and learning rates learn fifty images",
        format!(
            "Two maps, learning rate from 1e-5 to 0.2 across and weight scale from 5e-4 to \
             1 upwards, both logarithmic. In each, a band where all of ten networks learn \
             runs from the lower right to the upper left: large scales need small rates. \
             It has {} cells for three layers and {} for five. Above and to the right of it \
             training diverges, below and to the left it stands still. With five layers no \
             scale below 0.03 learns at any rate, and the map's lower half is empty. The notes' \
             values for three layers, 0.02 and 0.01, and for five, 0.1 and 0.001, lie in \
             the band; 0.001 and 0.1, as printed, far below it.",
            all(3),
            all(5)
        ),
    );
    legend(&mut svg);
    for (layers, top) in LAYERS.into_iter().zip(TOPS) {
        let of_these = cells.iter().filter(|cell| cell.layers == layers);
        let title = format!("{layers} layers");
        map(&mut svg, top, &title, &of_these.collect::<Vec<_>>());
    }
    marks(&mut svg);
    svg.finish()
}

/// The five layers once more, without and with batch normalization.
pub fn draw_normalized() -> String {
    let [plain, normalized] = [DATA, NORMALIZED]
        .map(|data| parse(data).expect("the data file is well formed"));
    let plain: Vec<_> = plain.iter().filter(|cell| cell.layers == 5).collect();
    let normalized: Vec<_> = normalized.iter().collect();
    let [all, all_normalized] = [&plain, &normalized]
        .map(|cells| cells.iter().filter(|cell| cell.learned == 10).count());
    let mut svg = Svg::new(
        "rate-scale-map-batchnorm",
        890.0,
        "Which settings learn fifty images, without and with batch normalization",
        format!(
            "Two maps of a network of five layers, learning rate from 1e-5 to 0.2 across and \
             weight scale from 5e-4 to 1 upwards, both logarithmic. Above, without \
             normalization: a narrow, slanted band of {all} cells where all of ten networks \
             learn, and nothing below a scale of 0.03. Below, with batch normalization: \
             {all_normalized} cells, and none where any network diverges. The band stands upright: at a \
             rate of 0.2 every scale from 0.07 to 1 learns. Below a scale of 0.05 \
             fewer than ten do, along a line to the lower left."
        ),
    );
    legend(&mut svg);
    let titles = ["5 layers, plain", "5 layers, batch norm"];
    for ((top, title), cells) in TOPS.into_iter().zip(titles).zip([&plain, &normalized])
    {
        map(&mut svg, top, title, cells);
    }
    svg.finish()
}

fn legend(svg: &mut Svg) {
    svg.add(text(0.0, 20.0, Anchor::Start, INK, "of ten networks learn"));
    let labels = ["1–3", "4–6", "7–9", "all"];
    for (i, (label, level)) in labels.into_iter().zip(LEVELS).enumerate() {
        let x = 206.0 + 70.0 * i as f64;
        svg.add(cell_path(&[(x, 6.0, 18.0)], ramp(level), 18.0));
        svg.add(text(x + 23.0, 20.0, Anchor::Start, MUTED, label));
    }
    svg.add(cell_path(&[(206.0, 34.0, 18.0)], GRID, 18.0));
    svg.add(text(
        229.0,
        48.0,
        Anchor::Start,
        MUTED,
        "none; some diverge",
    ));
}

/// The middle of a setting's cell.
fn place(top: f64, weight_scale: f64, rate: f64) -> (f64, f64) {
    let column = RATES.iter().position(|&r| r == rate);
    let row = SCALES.iter().rev().position(|&s| s == weight_scale);
    let (column, row) = column.zip(row).expect("a setting of the map");
    (
        LEFT + (column as f64 + 0.5) * WIDE,
        top + (row as f64 + 0.5) * HIGH,
    )
}

fn map(svg: &mut Svg, top: f64, title: &str, cells: &[&Cell]) {
    svg.add(heading(0.0, top - 14.0, INK, title));
    for area in areas(top, cells) {
        svg.add(area);
    }
    frame(svg, top);
}

/// The cells of a map, a path for each colour.
fn areas(top: f64, cells: &[&Cell]) -> Vec<Element> {
    let mut areas = Vec::new();
    let kinds = LEVELS
        .iter()
        .enumerate()
        .map(|(i, &l)| (Kind::Learned(i), ramp(l)));
    for (wanted, colour) in [(Kind::Diverged, GRID)].into_iter().chain(kinds) {
        let mut runs: Vec<(f64, f64, f64)> = Vec::new();
        for cell in cells.iter().filter(|cell| kind(cell) == wanted) {
            let (x, y) = place(top, cell.weight_scale, cell.rate);
            let (x, y) = (x - WIDE / 2.0, y - HIGH / 2.0);
            match runs.last_mut() {
                // Cells come row by row, so a neighbour is the one before.
                Some(run) if run.1 == y && (run.0 + run.2 - x).abs() < 1e-6 => {
                    run.2 += WIDE
                }
                _ => runs.push((x, y, WIDE)),
            }
        }
        areas.push(cell_path(&runs, colour, HIGH));
    }
    areas
}

/// The border of a map, and its axes.
fn frame(svg: &mut Svg, top: f64) {
    let size = (RATES.len() as f64 * WIDE, SCALES.len() as f64 * HIGH);
    let frame = Element::new("rect").set("x", LEFT).set("y", top);
    let frame = frame.set("width", size.0).set("height", size.1);
    svg.add(
        frame
            .set("fill", "none")
            .set("stroke", MUTED)
            .set("stroke-width", 1.5),
    );

    for scale in [1e-3, 1e-2, 1e-1, 1.0] {
        let (_, y) = place(top, scale, RATES[0]);
        let label = scale.to_string();
        svg.add(text(
            LEFT - 8.0,
            y + TEXT * 0.36,
            Anchor::End,
            MUTED,
            &label,
        ));
    }
    let bottom = top + size.1;
    for (rate, label) in [
        (1e-5, "1e-5"),
        (1e-4, "1e-4"),
        (1e-3, "0.001"),
        (1e-2, "0.01"),
        (1e-1, "0.1"),
    ] {
        let (x, _) = place(top, 1.0, rate);
        svg.add(text(x, bottom + 21.0, Anchor::Middle, MUTED, label));
    }
    let right = LEFT + size.0;
    svg.add(text(
        right,
        bottom + 45.0,
        Anchor::End,
        INK,
        "learning rate",
    ));
    svg.add(text(right, top - 14.0, Anchor::End, INK, "↑ weight scale"));
}

/// The top of the one map that can be touched, and the height of both.
const TOP: f64 = 92.0;
const TALL: f64 = HIGH * SCALES.len() as f64;

/// A cell to point at, and the losses of its ten trainings.
pub fn touch() -> String {
    let cells = parse(DATA).expect("the map's data file is well formed");
    let mut svg = Svg::new(
        "rate-scale-map-touch",
        694.0,
        "A map of settings, and the ten trainings of one of them",
        "Above, the map: learning rate across, weight scale upwards, a frame around the \
         chosen cell. Below, the losses of its ten trainings over 40 steps. The sentence \
         under the controls says the setting and how many learned.",
    );
    legend(&mut svg);
    for (layers, class) in [(3, "layers3"), (5, "layers5")] {
        let of_these = cells.iter().filter(|cell| cell.layers == layers);
        let group = Element::new("g").set("class", class);
        let areas = areas(TOP, &of_these.collect::<Vec<_>>());
        svg.add(areas.into_iter().fold(group, Element::child));
    }
    frame(&mut svg, TOP);
    let cell = |width, colour| {
        let cell = rectangle((0.0, 0.0), (WIDE, HIGH), SURFACE, Some(colour));
        cell.set("fill", "none").set("stroke-width", width)
    };
    let here = Element::new("g").set("class", "here");
    svg.add(here.child(cell(7.0, SURFACE)).child(cell(3.0, MAGENTA)));
    let pad = rectangle((LEFT, TOP), (WIDE * 14.0, TALL), SURFACE, None);
    svg.add(pad.set("fill-opacity", 0.0).set("class", "pad"));

    let panel = Panel {
        x: Scale::linear((1.0, 40.0), (LEFT, 466.0)),
        y: Scale::log((LOSSES[0], LOSSES[1]), (640.0, 496.0)),
    };
    panel.title(&mut svg, "loss of its ten trainings");
    panel.y_axis(&mut svg, &powers(-4, 4, 2));
    panel.x_axis(&mut svg, &ticks(&[1.0, 10.0, 20.0, 30.0, 40.0]), "step");
    svg.add(path([], BLUE, 1.5).set("class", "runs"));

    let count = |count: u64| char::from_digit(count as u32, 16).expect("at most ten");
    let coded: String = cells
        .iter()
        .map(|cell| {
            let curves = cell.curves.concat();
            format!("{}{}{curves}", count(cell.learned), count(cell.diverged))
        })
        .collect();
    let [columns, rows] = [RATES.len(), SCALES.len()].map(|count| (count - 1) as f64);
    let steps = STEPS.map(|step| format!("{:.1}", panel.x.at(step as f64)));
    Controls::new("rate-scale-map", "map", "A setting to point at")
        .drawing(svg)
        .choice("layers", "layers", &LAYERS, 5)
        .slider("x", "learning rate", [0.0, columns], 1, 6.0)
        .slider("y", "weight scale", [0.0, rows], 1, 14.0)
        .says()
        .data(&format!(
            "{{\"x\":[{LEFT},{WIDE}],\"y\":[{TOP},{HIGH}],\"steps\":{},\"losses\":[640,496],\
             \"rates\":{},\"scales\":{},\"cells\":\"{coded}\"}}",
            array(steps),
            array(RATES),
            array(SCALES)
        ))
        .finish()
}

/// Cells in one colour, each `(left, top, width)`.
fn cell_path(runs: &[(f64, f64, f64)], colour: Colour, high: f64) -> Element {
    let d: String = runs
        .iter()
        .map(|&(x, y, width)| {
            use crate::drawing::svg::round;
            format!(
                "M{} {}h{}v{}h-{2}z",
                round(x),
                round(y),
                round(width),
                round(high)
            )
        })
        .collect();
    Element::new("path")
        .set("d", d.as_str())
        .set("fill", colour)
}

/// The settings that the book speaks of, and what the empty parts mean.
fn marks(svg: &mut Svg) {
    let [three, five] = TOPS;
    for (top, scale, rate, below) in
        [(three, 2e-2, 1e-2, 74.0), (five, 1e-1, 1e-3, 66.0)]
    {
        let (x, y) = place(top, scale, rate);
        svg.add(line((x, y + 8.0), (x, y + below - 16.0), INK, 1.5));
        svg.add(ring((x, y), 7.0, INK));
        let words = format!("scale {scale}, rate {rate}");
        svg.add(text(x + 26.0, y + below, Anchor::End, INK, &words));
    }
    let (x, y) = place(five, 1e-3, 1e-1);
    svg.add(cross((x, y), 7.0, MAGENTA));
    let words = "as printed: 0.001, 0.1";
    svg.add(text(x - 14.0, y + 6.0, Anchor::End, MAGENTA, words));

    let (x, y) = place(three, 1e-3, 1e-4);
    label(svg, (x + 30.0, y), MUTED, "too small: too slow");
    for (top, scale) in [(three, 2e-1), (five, 5e-1)] {
        let (x, y) = place(top, scale, 2e-2);
        svg.add(plain(x, y, Anchor::Middle, INK, "too large"));
    }
}

fn label(svg: &mut Svg, (x, y): (f64, f64), colour: Colour, words: &str) {
    svg.add(text(x, y, Anchor::Middle, colour, words));
}
