//! Chapter 7: what the penalty does to the simplest network there is.
//!
//! One input, two classes, no hidden layer: the scores of an input `x` are `−wx` and `wx`.
//! The data are 1 of class 1 and −1 of class 0. Any positive `w` gets both right, and the
//! larger it is, the smaller the data loss: there is no best one. (A histogram of trained
//! weights at several `reg` shows that they are smaller, and not why.)

use crate::drawing::chart::{Panel, Scale, ticks};
use crate::drawing::palette::{BLUE, GREEN, INK, MUTED, ORANGE};
use crate::drawing::shapes::{Anchor, dot, line, text};
use crate::drawing::svg::Svg;
use crate::overfit::sgd_step;
use crate::regularization::penalty;
use crate::{FullyConnectedNet, Options};
use ndarray::{Array2, array};

const STEPS: usize = 400;
const RATE: f64 = 0.5;

fn net(reg: f64, w: f64) -> FullyConnectedNet<f64> {
    let options = Options {
        reg,
        ..Options::new(1, &[], 2)
    };
    let mut net = FullyConnectedNet::new(options).expect("good options");
    let weights = array![[-w, w]];
    net.parameters_mut().set("W1", &weights).expect("its shape");
    net
}

fn data() -> (Array2<f64>, [usize; 2]) {
    (array![[1.], [-1.]], [1, 0])
}

/// The data loss and the penalty of the network with weight `w`.
pub fn losses(reg: f64, w: f64) -> (f64, f64) {
    let (x, y) = data();
    let net = net(reg, w);
    let (data_loss, _) = net.data_loss(&x, &y).expect("two labels below 2");
    (data_loss, penalty(net.parameters(), reg))
}

/// The weight before training and after each step.
pub fn walk(reg: f64) -> Vec<f64> {
    let (x, y) = data();
    let mut net = net(reg, 0.0);
    let mut weights = vec![0.0];
    for _ in 0..STEPS {
        let (_, grads) = net.loss(&x, &y).expect("two labels below 2");
        sgd_step(net.parameters_mut(), &grads, RATE);
        weights.push(net.parameters().layers()[0].w[[0, 1]]);
    }
    weights
}

/// The figure.
pub fn draw() -> String {
    let mut svg = Svg::new(
        "penalty",
        650.0,
        "What the penalty does",
        "Above, for the two weights w and -w: the data loss falls for ever as w grows, the \
         penalty 0.1 times w squared rises as a parabola, and their sum has a lowest point \
         near w = 1.06. Below, w over 400 steps of training at the rate 0.5: without a \
         penalty it grows on and on, with reg = 0.01 and 0.1 it settles at the lowest point \
         of its sum.",
    );
    let end = |reg| walk(reg)[STEPS];
    bowl(&mut svg, end(0.1));
    training(&mut svg);
    svg.finish()
}

fn bowl(svg: &mut Svg, lowest: f64) {
    let panel = Panel {
        x: Scale::linear((0.0, 3.0), (38.0, 456.0)),
        y: Scale::linear((0.0, 0.9), (250.0, 40.0)),
    };
    panel.title(svg, "loss");
    panel.y_axis(svg, &ticks(&[0.0, 0.3, 0.6, 0.9]));
    panel.x_axis(svg, &ticks(&[0.0, 1.0, 2.0, 3.0]), "w");
    let points: Vec<_> = (0..=60).map(|i| f64::from(i) / 20.0).collect();
    let curve = |value: &dyn Fn(f64) -> f64| {
        points.iter().map(|&w| (w, value(w))).collect::<Vec<_>>()
    };
    let (data, penalty) = (|w| losses(0.1, w).0, |w| losses(0.1, w).1);
    let sum = |w| data(w) + penalty(w);
    svg.add(panel.line(curve(&data), BLUE));
    svg.add(panel.line(curve(&penalty), ORANGE));
    svg.add(panel.line(curve(&sum), INK).set("stroke-width", 4.0));
    let (x, y) = panel.at((lowest, sum(lowest)));
    svg.add(
        line((x, y), (x, panel.y.at(0.0)), MUTED, 1.0).set("stroke-dasharray", "5 4"),
    );
    svg.add(dot((x, y), 6.0, INK));
    panel.label(svg, (1.1, 0.36), Anchor::Middle, INK, "data loss + penalty");
    panel.label(svg, (3.0, 0.05), Anchor::End, BLUE, "data loss");
    panel.label(svg, (2.3, 0.4), Anchor::Start, ORANGE, "penalty,");
    panel.label(svg, (2.3, 0.31), Anchor::Start, ORANGE, "0.1·w²");
}

fn training(svg: &mut Svg) {
    let panel = Panel {
        x: Scale::linear((0.0, STEPS as f64), (38.0, 456.0)),
        y: Scale::linear((0.0, 4.0), (590.0, 360.0)),
    };
    panel.title(svg, "w, as training goes on");
    panel.y_axis(svg, &ticks(&[0.0, 1.0, 2.0, 3.0, 4.0]));
    panel.x_axis(svg, &ticks(&[0.0, 100.0, 200.0, 300.0, 400.0]), "step");
    let lines = [
        (0.0, BLUE, "no penalty", -14.0),
        (0.01, GREEN, "reg = 0.01", -10.0),
        (0.1, ORANGE, "reg = 0.1", -10.0),
    ];
    for (reg, colour, words, above) in lines {
        let weights = walk(reg);
        let points = weights
            .iter()
            .enumerate()
            .map(|(step, &w)| (step as f64, w));
        svg.add(panel.line(points, colour));
        let (x, y) = panel.at((STEPS as f64, weights[STEPS]));
        svg.add(text(x, y + above, Anchor::End, colour, words));
    }
}
