//! Chapter 1: the worked example on one drawing, values forward and gradients backward.

use crate::affine;
use crate::drawing::palette::{BLUE, INK, MUTED, ORANGE, SURFACE};
use crate::drawing::shapes::{Anchor, CELL, arrow, dot, numbers, plain, text};
use crate::drawing::svg::{Svg, TEXT};
use crate::figures::affine_plane::layer;
use ndarray::{Array2, Axis, array};

/// A value, and below it its gradient.
struct Card {
    name: &'static str,
    value: Array2<f64>,
    gradient: Array2<f64>,
    formula: &'static str,
}

impl Card {
    fn draw(&self, svg: &mut Svg, (x, y): (f64, f64)) {
        svg.add(text(x, y - 8.0, Anchor::Start, INK, self.name));
        numbers(svg, (x, y), self.value.view(), BLUE);
        let below = y + self.height();
        numbers(svg, (x, below), self.gradient.view(), ORANGE);
        let baseline = below + self.height() + 20.0;
        svg.add(text(x, baseline, Anchor::Start, ORANGE, self.formula));
    }

    fn height(&self) -> f64 {
        self.value.nrows() as f64 * CELL
    }
}

/// The height of the line from the product to the result.
const LINE: f64 = 160.0;
const PRODUCT: (f64, f64) = (168.0, LINE);
const SUM: (f64, f64) = (340.0, LINE);

/// The figure.
pub fn draw() -> String {
    let x = array![[1., 2.]];
    let dout = array![[1., -3., 2.]];
    let (w, b) = layer();
    let (out, cache) = affine::forward(&x, &w, &b);
    let grads = affine::backward(&dout, cache, &w);
    let product = &out - &b;

    let mut svg = Svg::new(
        "affine-graph",
        374.0,
        "An affine layer as a graph",
        "The input x, 1 2, and the weights w meet in a product, 1 2 11; the bias b is \
         added; the result is out, 11 22 41. Below each value is its gradient. Backwards, \
         dout, 1 −3 2, comes in at out. The sum hands it on unchanged, to b and to the \
         product. The product makes dx, 7 5, and dw, with the rows 1 −3 2 and 2 −6 4.",
    );
    svg.add(text(132.0, 18.0, Anchor::Start, BLUE, "forward: values →"));
    svg.add(text(
        132.0,
        42.0,
        Anchor::Start,
        ORANGE,
        "← backward: gradients",
    ));

    // From the values of x and w to the product, and from there to their gradients.
    svg.add(arrow((66.0, 75.0), (155.0, 147.0), BLUE));
    svg.add(arrow((150.0, 156.0), (66.0, 105.0), ORANGE));
    svg.add(arrow((96.0, 222.0), (150.0, 168.0), BLUE));
    svg.add(arrow((157.0, 175.0), (96.0, 282.0), ORANGE));
    both_ways(&mut svg, (PRODUCT.0 + 19.0, LINE), (211.0, LINE));
    both_ways(&mut svg, (305.0, LINE), (SUM.0 - 19.0, LINE));
    both_ways(&mut svg, (SUM.0 + 19.0, LINE), (386.0, LINE));
    both_ways(&mut svg, (SUM.0, 226.0), (SUM.0, LINE + 19.0));
    node(&mut svg, PRODUCT, "·");
    node(&mut svg, SUM, "+");

    let cards = [
        (
            (2.0, 60.0),
            Card {
                name: "x",
                value: x,
                gradient: grads.dx,
                formula: "dx = dout·wᵀ",
            },
        ),
        (
            (2.0, 192.0),
            Card {
                name: "w",
                value: w,
                gradient: grads.dw,
                formula: "dw = xᵀ·dout",
            },
        ),
        (
            (213.0, LINE - CELL),
            Card {
                name: "x·w",
                value: product,
                gradient: dout.clone(),
                formula: "dout",
            },
        ),
        (
            (SUM.0 - 1.5 * CELL, 254.0),
            Card {
                name: "b",
                value: b.insert_axis(Axis(0)),
                gradient: grads.db.insert_axis(Axis(0)),
                formula: "db = Σ dout",
            },
        ),
        (
            (388.0, LINE - CELL),
            Card {
                name: "out",
                value: out,
                gradient: dout,
                formula: "dout",
            },
        ),
    ];
    for (place, card) in cards {
        card.draw(&mut svg, place);
    }
    svg.finish()
}

/// A forward arrow, and beside it a backward one.
fn both_ways(svg: &mut Svg, from: (f64, f64), to: (f64, f64)) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    let (ux, uy) = (dx / length, dy / length);
    let aside = |(x, y): (f64, f64), by: f64| (x - by * uy, y + by * ux);
    svg.add(arrow(aside(from, -6.0), aside(to, -6.0), BLUE));
    svg.add(arrow(aside(to, 6.0), aside(from, 6.0), ORANGE));
}

fn node(svg: &mut Svg, centre: (f64, f64), sign: &str) {
    let circle = dot(centre, 17.0, SURFACE)
        .set("stroke", MUTED)
        .set("stroke-width", 2.0);
    svg.add(circle);
    let baseline = centre.1 + TEXT * 0.4;
    svg.add(
        plain(centre.0, baseline, Anchor::Middle, INK, sign).set("font-size", 24.0),
    );
}
