//! Chapter 1: the affine layer as a graph, with its example's numbers, there and back.

use crate::affine;
use crate::drawing::palette::{BLUE, INK, MUTED, ORANGE, SURFACE};
use crate::drawing::shapes::{Anchor, CELL, arrow, dot, numbers, plain, text};
use crate::drawing::svg::{Svg, TEXT};
use ndarray::{Array2, Axis, array};

/// A value and its gradient, side by side.
struct Card {
    name: &'static str,
    shape: &'static str,
    value: Array2<f64>,
    formula: &'static str,
    gradient: Array2<f64>,
}

/// The places where the gradients of the inputs stand, and where the arrows leave.
const GRADIENTS: f64 = 3.0 * CELL + 12.0;
const ARROWS: f64 = GRADIENTS + 3.0 * CELL + 10.0;

/// The figure.
pub fn draw() -> String {
    let x = array![[1., 2.]];
    let w = array![[1., 0., 3.], [0., 1., 4.]];
    let b = array![10., 20., 30.];
    let dout = array![[1., 0., 2.]];
    let (out, cache) = affine::forward(&x, &w, &b);
    let grads = affine::backward(&dout, cache, &w);

    let mut svg = Svg::new(
        "affine-graph",
        390.0,
        "An affine layer as a graph",
        "The input x, 1 2, and the weights w meet in a product; the bias b is added; the \
         result is out, 11 22 41. Backwards, dout, 1 0 2, comes in at out. The sum hands it \
         on unchanged to b, where it is db, and to the product, which makes dx, 7 8, and \
         dw, with the rows 1 0 2 and 2 0 4. Each gradient has the shape of its value.",
    );
    svg.add(text(0.0, 20.0, Anchor::Start, BLUE, "forward: values"));
    svg.add(text(
        GRADIENTS + 50.0,
        20.0,
        Anchor::Start,
        ORANGE,
        "backward: gradients",
    ));

    let product = (262.0, 170.0);
    let sum = (330.0, 265.0);
    let inputs = [
        Card {
            name: "x",
            shape: "(1, 2)",
            value: x,
            formula: "dx = dout·wᵀ",
            gradient: grads.dx,
        },
        Card {
            name: "w",
            shape: "(2, 3)",
            value: w,
            formula: "dw = xᵀ·dout",
            gradient: grads.dw,
        },
        Card {
            name: "b",
            shape: "(3)",
            value: b.insert_axis(Axis(0)),
            formula: "db = Σ dout",
            gradient: grads.db.insert_axis(Axis(0)),
        },
    ];
    let places = [(84.0, product), (204.0, product), (350.0, sum)];
    for (card, (y, node)) in inputs.into_iter().zip(places) {
        let middle = y + card.value.nrows() as f64 * CELL / 2.0;
        pair(&mut svg, (ARROWS, middle), node, 0.0, 18.0);
        draw_card(&mut svg, (0.0, y), (GRADIENTS, y), card);
    }
    pair(&mut svg, product, sum, 18.0, 18.0);
    pair(&mut svg, sum, (386.0, sum.1), 20.0, 0.0);
    svg.add(text(314.0, 212.0, Anchor::Start, ORANGE, "dout"));
    node(&mut svg, product, "·");
    node(&mut svg, sum, "+");
    let result = Card {
        name: "out",
        shape: "(1, 3)",
        value: out,
        formula: "dout",
        gradient: dout,
    };
    let left = 480.0 - 3.0 * CELL - 2.0;
    draw_card(&mut svg, (left, 212.0), (left, 292.0), result);
    svg.finish()
}

fn draw_card(svg: &mut Svg, value: (f64, f64), gradient: (f64, f64), card: Card) {
    let (x, y) = value;
    svg.add(text(x, y - 9.0, Anchor::Start, INK, card.name));
    let after_name = x + 8.0 + 11.0 * card.name.len() as f64;
    svg.add(text(after_name, y - 9.0, Anchor::Start, MUTED, card.shape));
    numbers(svg, (x + 1.0, y), card.value.view(), BLUE);
    let (x, y) = gradient;
    svg.add(text(x, y - 9.0, Anchor::Start, ORANGE, card.formula));
    numbers(svg, (x, y), card.gradient.view(), ORANGE);
}

/// A forward arrow, and beside it a backward one, between two points, each so far from
/// its point.
fn pair(svg: &mut Svg, from: (f64, f64), to: (f64, f64), after: f64, before: f64) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).sqrt();
    let (ux, uy) = (dx / length, dy / length);
    let beside = |(x, y): (f64, f64), along: f64, aside: f64| {
        (x + along * ux - aside * uy, y + along * uy + aside * ux)
    };
    let ends = |aside| (beside(from, after, aside), beside(to, -before, aside));
    let (start, end) = ends(-6.0);
    svg.add(arrow(start, end, BLUE));
    let (start, end) = ends(6.0);
    svg.add(arrow(end, start, ORANGE));
}

fn node(svg: &mut Svg, centre: (f64, f64), sign: &str) {
    let circle = dot(centre, 17.0, SURFACE)
        .set("stroke", INK)
        .set("stroke-width", 2.0);
    svg.add(circle);
    let baseline = centre.1 + TEXT * 0.4;
    svg.add(
        plain(centre.0, baseline, Anchor::Middle, INK, sign).set("font-size", 24.0),
    );
}
