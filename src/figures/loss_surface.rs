//! Chapter 9: the whole loss surface of two networks with a chain of single units.
//!
//! A slice through the surface of a large network, along two random directions, shows a
//! bowl, whatever the network; training leaves it at the first step. These networks are so
//! small that two numbers say everything. Each hidden layer is one unit with weight `a`,
//! and the last layer has the weights `−c` and `c`. Hidden weights that start equal get
//! equal gradients and stay equal, and the last two stay opposite, so the path of training
//! lies *on* the surface that is drawn, and not only near it. (The biases are held at 0.)
//!
//! The data are four times the input 1, labelled 1, 1, 1, 0: the best that can be done is
//! a probability of 3/4, on a curved valley `2·c·a^(L−1) = ln 3`.

use super::chart::{Panel, Scale, ticks};
use super::palette::{Colour, INK, MAGENTA, MUTED, ORANGE, ramp};
use super::shapes::{Anchor, dot, text};
use super::svg::{Element, Svg, along};
use crate::overfit::sgd_step;
use crate::{FullyConnectedNet, Options};
use contour::ContourBuilder;
use ndarray::{Array1, Array2, array};

/// What `a` and `c` range over.
const FROM: f64 = -0.5;
const TO: f64 = 2.0;
/// Points of the grid on each side.
const GRID: usize = 101;
/// Where the loss passes from one shade to the next; the least loss is 0.562.
const LEVELS: [f64; 7] = [0.58, 0.62, 0.685, 0.71, 0.8, 1.2, 2.4];

/// The learning rate of every path, and its steps.
const RATE: f64 = 0.4;
const STEPS: usize = 60;
/// Small, middling and large starts, `a = c`.
const STARTS: [f64; 3] = [0.3, 0.8, 1.7];

fn net(layers: usize, a: f64, c: f64) -> FullyConnectedNet<f64> {
    let options = Options::new(1, &vec![1; layers - 1], 2);
    let mut net = FullyConnectedNet::new(options).expect("good options");
    let parameters = net.parameters_mut();
    for i in 1..layers {
        let name = format!("W{i}");
        parameters
            .set(&name, &array![[a]])
            .expect("its name and shape");
    }
    let name = format!("W{layers}");
    parameters
        .set(&name, &array![[-c, c]])
        .expect("its name and shape");
    net
}

fn data() -> (Array2<f64>, [usize; 4]) {
    (Array2::ones((4, 1)), [1, 1, 1, 0])
}

/// The loss of the network with these weights.
pub fn loss(layers: usize, a: f64, c: f64) -> f64 {
    let (x, y) = data();
    net(layers, a, c)
        .loss_value(&x, &y)
        .expect("four labels below 2")
}

/// The places `(a, c)` of a training.
pub fn walk(layers: usize, start: f64) -> Vec<(f64, f64)> {
    let (x, y) = data();
    let mut net = net(layers, start, start);
    let mut places = vec![(start, start)];
    for _ in 0..STEPS {
        let (_, mut grads) = net.loss(&x, &y).expect("four labels below 2");
        for i in 1..=layers {
            let name = format!("b{i}");
            let len = grads.layers()[i - 1].b.len();
            grads
                .set(&name, &Array1::zeros(len))
                .expect("its name and shape");
        }
        sgd_step(net.parameters_mut(), &grads, RATE);
        let layers = net.parameters().layers();
        places.push((layers[0].w[[0, 0]], layers[layers.len() - 1].w[[0, 1]]));
    }
    places
}

/// The figure.
pub fn draw() -> String {
    let mut svg = Svg::new(
        "loss-surface",
        880.0,
        "The loss surface of a chain of two layers and of five",
        "Two maps of the loss over the hidden weight a and the last weight c, with \
         paths of training from a small, a middling and a large start. Two layers: a \
         curved valley, and all three paths reach it. Five layers: around the origin a \
         wide plain where the path from the small start hardly moves, a narrow valley \
         that the middle one reaches, and beyond it a steep wall; from the large start \
         one step leads over the valley to the side a < 0, where the unit is off and \
         nothing moves any more.",
    );
    for (layers, top) in [(2, 46.0), (5, 486.0)] {
        map(&mut svg, layers, top);
    }
    svg.finish()
}

fn map(svg: &mut Svg, layers: usize, top: f64) {
    let panel = Panel {
        x: Scale::linear((FROM, TO), (48.0, 466.0)),
        y: Scale::linear((FROM, TO), (top + 330.0, top)),
    };
    for (level, colour) in levels(layers).into_iter().zip(1..) {
        svg.add(area(&panel, &level, ramp(colour)));
    }
    panel.title(svg, &format!("{layers} layers"));
    let marks = ticks(&[0.0, 1.0, 2.0]);
    for (value, label) in &marks {
        let y = panel.y.at(*value) + 6.0;
        svg.add(text(40.0, y, Anchor::End, MUTED, label));
    }
    svg.add(text(40.0, panel.y.at(1.5) + 6.0, Anchor::End, INK, "c"));
    panel.x_axis(svg, &marks, "hidden weight a");
    for start in STARTS {
        path(svg, &panel, &walk(layers, start));
    }
}

type Polygons = Vec<Vec<(f64, f64)>>;

/// For each level the rings around where the loss is above it, in units of a and c.
fn levels(layers: usize) -> Vec<Polygons> {
    let step = (TO - FROM) / (GRID - 1) as f64;
    let values: Vec<f64> = (0..GRID * GRID)
        .map(|i| {
            let (row, column) = (i / GRID, i % GRID);
            loss(
                layers,
                FROM + step * column as f64,
                FROM + step * row as f64,
            )
        })
        .collect();
    // A value of the grid stands in the middle of a cell of 1 by 1.
    let place = |x: f64| (FROM + step * (x - 0.5)).clamp(FROM, TO);
    let contours = ContourBuilder::new(GRID, GRID, true).contours(&values, &LEVELS);
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

fn area(panel: &Panel, polygons: &Polygons, colour: Colour) -> Element {
    let ring = |ring: &Vec<(f64, f64)>| {
        format!("{}Z", along(ring.iter().map(|&p| panel.at(p))))
    };
    let d: String = polygons.iter().map(ring).collect();
    Element::new("path")
        .set("d", d.as_str())
        .set("fill", colour)
        .set("fill-rule", "evenodd")
}

fn path(svg: &mut Svg, panel: &Panel, places: &[(f64, f64)]) {
    let range = FROM..=TO;
    let inside = |&(a, c): &(f64, f64)| range.contains(&a) && range.contains(&c);
    let places: Vec<_> = places.iter().copied().take_while(|p| inside(p)).collect();
    svg.add(
        panel
            .line(places.iter().copied(), ORANGE)
            .set("stroke-width", 2.0),
    );
    for &place in &places {
        svg.add(dot(panel.at(place), 2.5, ORANGE));
    }
    svg.add(dot(panel.at(places[0]), 6.0, MAGENTA));
}
