//! Chapter 9: the whole loss surface of two networks that are a chain of single units.
//!
//! A slice through the surface of a large network, along two random directions, shows a
//! bowl, whatever the network, and training leaves it at the first step. These networks are
//! so small that two numbers say everything. Each hidden layer is one unit with the weight
//! `a`, and the last layer has the weights `−c` and `c`. Hidden weights that start equal
//! get equal gradients and stay equal, and the last two stay opposite, so the path of
//! training lies *on* the surface that is drawn, and not only near it. (The biases are held
//! at 0.)
//!
//! The data are four times the input 1, labelled 1, 1, 1, 0: the best that can be done is
//! a probability of 3/4, on a curved valley `2·c·a^(L−1) = ln 3`.

use super::controls::Controls;
use crate::drawing::chart::{Panel, Scale, ticks};
use crate::drawing::palette::{Colour, INK, MAGENTA, MUTED, ORANGE, SURFACE, ramp};
use crate::drawing::shapes::{Anchor, dot, rectangle, text};
use crate::drawing::svg::{Element, Svg, along, thinned};
use crate::overfit::sgd_step;
use crate::{FullyConnectedNet, Options};
use contour::ContourBuilder;
use ndarray::{Array1, Array2, array};

/// The range of `a` and of `c`.
const FROM: f64 = -0.5;
const TO: f64 = 2.0;
/// Points of the grid on each side.
const POINTS: usize = 101;
/// The losses that pass from one shade to the next; the least loss is 0.562.
const LEVELS: [f64; 7] = [0.58, 0.62, 0.685, 0.71, 0.8, 1.2, 2.4];

/// The learning rate of every path of the still figure.
pub const RATE: f64 = 0.5;
/// The steps of a path.
pub const STEPS: usize = 40;
/// A small, a middling and a large start, `a = c`.
const STARTS: [(f64, &str); 3] = [(0.2, "small"), (0.8, "middling"), (1.7, "large")];

fn net(layers: usize, a: f64, c: f64) -> FullyConnectedNet<f64> {
    let options = Options::new(1, &vec![1; layers - 1], 2);
    let mut net = FullyConnectedNet::new(options).expect("good options");
    let parameters = net.parameters_mut();
    for i in 1..layers {
        let name = format!("W{i}");
        parameters.set(&name, &array![[a]]).expect("its shape");
    }
    let name = format!("W{layers}");
    parameters.set(&name, &array![[-c, c]]).expect("its shape");
    net
}

fn data() -> (Array2<f64>, [usize; 4]) {
    (Array2::ones((4, 1)), [1, 1, 1, 0])
}

/// The loss of the network with these weights.
pub fn loss(layers: usize, a: f64, c: f64) -> f64 {
    let (x, y) = data();
    let loss = net(layers, a, c).loss_value(&x, &y);
    loss.expect("four labels below 2")
}

/// The places `(a, c)` of a training, from the start on.
pub fn walk(layers: usize, start: (f64, f64), rate: f64) -> Vec<(f64, f64)> {
    let (x, y) = data();
    let mut net = net(layers, start.0, start.1);
    let mut places = vec![start];
    for _ in 0..STEPS {
        let (_, mut grads) = net.loss(&x, &y).expect("four labels below 2");
        for i in 1..=layers {
            let zeros = Array1::zeros(grads.layers()[i - 1].b.len());
            grads.set(&format!("b{i}"), &zeros).expect("its shape");
        }
        sgd_step(net.parameters_mut(), &grads, rate);
        let layers = net.parameters().layers();
        places.push((layers[0].w[[0, 0]], layers[layers.len() - 1].w[[0, 1]]));
    }
    places
}

/// The figure.
pub fn draw() -> String {
    let mut svg = Svg::new(
        "loss-surface",
        914.0,
        "The loss surface of a chain of two layers and of five",
        "Two maps of the loss over the hidden weight a, across, and the last weight c, \
         upwards, each with paths of 40 training steps from a small, a middling and a large \
         start. Two layers: a curved valley, and all three paths reach it. Five layers: \
         around the origin a wide plain, where the path from the small start hardly moves; \
         a narrow valley, which the middling one reaches; and beyond it a steep slope, from \
         which the first step of the large start leads over the valley to the side a < 0, \
         where the units are off and nothing moves any more.",
    );
    legend(&mut svg);
    for (layers, top) in [(2, 82.0), (5, 522.0)] {
        map(&mut svg, layers, top);
    }
    svg.finish()
}

/// The shades from the least loss to the largest.
fn legend(svg: &mut Svg) {
    svg.add(text(44.0, 20.0, Anchor::Start, INK, "loss 0.56"));
    for shade in 0..=LEVELS.len() {
        let colour = if shade == 0 { SURFACE } else { ramp(shade) };
        let corner = (136.0 + 26.0 * shade as f64, 6.0);
        svg.add(rectangle(corner, (26.0, 16.0), colour, Some(MUTED)).set("rx", 0.0));
    }
    svg.add(text(352.0, 20.0, Anchor::Start, INK, "2.4 and more"));
}

/// A start to put down, and a rate and a number of steps to choose. The formulas run in the
/// page; a test compares them with the crate's.
pub fn touch() -> String {
    let mut svg = Svg::new(
        "loss-surface-touch",
        470.0,
        "A path over the loss surface, from a start to choose",
        "A map of the loss over the hidden weight a, across, and the last weight c, upwards, \
         with the path of training from the start. The sentence under the controls says where \
         it ends.",
    );
    legend(&mut svg);
    let panel = panel(82.0);
    for (layers, class) in [(2, "layers2"), (5, "layers5")] {
        let group = Element::new("g").set("class", class);
        svg.add(
            ground(&panel, layers)
                .into_iter()
                .fold(group, Element::child),
        );
    }
    axes(&mut svg, &panel);
    svg.add(
        Element::new("clipPath")
            .set("id", "loss-surface-touch-map")
            .child(
                Element::new("rect")
                    .set("x", 44.0)
                    .set("y", 82.0)
                    .set("width", 422.0)
                    .set("height", 334.0),
            ),
    );
    let line = |class, width| {
        let line = crate::drawing::shapes::path([], ORANGE, width).set("class", class);
        line.set("stroke-linecap", "round")
    };
    svg.add(
        Element::new("g")
            .set("clip-path", "url(#loss-surface-touch-map)")
            .child(line("walk", 2.5))
            .child(line("dots", 7.0)),
    );
    svg.add(dot((0.0, 0.0), 7.0, MAGENTA).set("class", "start"));
    let pad = rectangle((44.0, 82.0), (422.0, 334.0), SURFACE, None);
    svg.add(pad.set("fill-opacity", 0.0).set("class", "pad"));
    let [from, to] = [FROM, TO];
    Controls::new("loss-surface", "surface", "A start to put down")
        .drawing(svg)
        .choice("layers", "layers", &[2, 5], 5)
        .slider("x", "start a", [from, to], 0.01, 0.9)
        .slider("y", "start c", [from, to], 0.01, -0.3)
        .slider("rate", "learning rate", [-2.0, 1.0], 0.05, -0.3)
        .slider("steps", "steps", [0.0, STEPS as f64], 1, STEPS as f64)
        .row()
        .button("watch", "watch ▶")
        .end()
        .says()
        .data(&format!(
            "{{\"x\":[44,466],\"y\":[416,82],\"from\":{from},\"to\":{to}}}"
        ))
        .finish()
}

fn panel(top: f64) -> Panel {
    Panel {
        x: Scale::linear((FROM, TO), (44.0, 466.0)),
        y: Scale::linear((FROM, TO), (top + 334.0, top)),
    }
}

/// The map's areas, each over those before it.
fn ground(panel: &Panel, layers: usize) -> Vec<Element> {
    let shades = levels(layers).into_iter().zip(1..);
    shades
        .map(|(level, shade)| area(panel, &level, ramp(shade)))
        .collect()
}

fn axes(svg: &mut Svg, panel: &Panel) {
    let top = panel.y.at(TO);
    svg.add(text(466.0, top - 14.0, Anchor::End, INK, "↑ last weight c"));
    let marks = ticks(&[0.0, 1.0, 2.0]);
    for (value, label) in &marks {
        let y = panel.y.at(*value) + 6.0;
        svg.add(text(36.0, y, Anchor::End, MUTED, label));
    }
    panel.x_axis(svg, &marks, "hidden weight a");
    let (x, y) = panel.at((-0.46, 1.8));
    svg.add(text(x, y, Anchor::Start, INK, "a < 0: off"));
}

fn map(svg: &mut Svg, layers: usize, top: f64) {
    let panel = panel(top);
    for area in ground(&panel, layers) {
        svg.add(area);
    }
    panel.title(svg, &format!("{layers} layers"));
    axes(svg, &panel);
    for (start, _) in STARTS {
        path(svg, &panel, &walk(layers, (start, start), RATE));
    }
    for (start, name) in STARTS {
        let (x, y) = panel.at((start, start));
        let beside = if name == "small" { 25.0 } else { -12.0 };
        svg.add(text(x, y + beside, Anchor::Middle, MAGENTA, name));
    }
    let places = match layers {
        2 => vec![((1.62, 0.32), "valley")],
        _ => vec![
            ((1.15, 0.52), "valley"),
            ((0.55, -0.3), "plain"),
            ((1.7, 1.2), "steep"),
        ],
    };
    for (place, words) in places {
        panel.label(svg, place, Anchor::Middle, INK, words);
    }
}

/// Rings, in units of `a` and `c`.
type Rings = Vec<Vec<(f64, f64)>>;

/// For each level the borders of where the loss is above it.
fn levels(layers: usize) -> Vec<Rings> {
    let step = (TO - FROM) / (POINTS - 1) as f64;
    let at = |i: usize| FROM + step * i as f64;
    let values: Vec<f64> = (0..POINTS * POINTS)
        .map(|i| loss(layers, at(i % POINTS), at(i / POINTS)))
        .collect();
    // A value of the grid stands in the middle of a cell of 1 by 1.
    let place = |x: f64| (FROM + step * (x - 0.5)).clamp(FROM, TO);
    let contours = ContourBuilder::new(POINTS, POINTS, true).contours(&values, &LEVELS);
    let contours = contours.expect("as many values as the grid has points");
    contours
        .iter()
        .map(|contour| {
            let polygons = contour.geometry().0.iter();
            let rings =
                polygons.flat_map(|p| [p.exterior()].into_iter().chain(p.interiors()));
            rings
                .map(|ring| ring.coords().map(|c| (place(c.x), place(c.y))).collect())
                .collect()
        })
        .collect()
}

fn area(panel: &Panel, rings: &Rings, colour: Colour) -> Element {
    let d: String = rings
        .iter()
        .map(|ring| {
            let places: Vec<_> = ring.iter().map(|&p| panel.at(p)).collect();
            format!("{}Z", along(thinned(&places, 0.25)))
        })
        .collect();
    Element::new("path")
        .set("d", d.as_str())
        .set("fill", colour)
        .set("fill-rule", "evenodd")
}

fn path(svg: &mut Svg, panel: &Panel, places: &[(f64, f64)]) {
    svg.add(panel.line(places.iter().copied(), ORANGE));
    for &place in &places[1..] {
        svg.add(dot(panel.at(place), 3.0, ORANGE));
    }
    svg.add(dot(panel.at(places[0]), 6.0, MAGENTA));
}
