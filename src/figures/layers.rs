//! Chapter 5: a network of three layers and its stack of caches. The layers are those of a
//! network of the crate, and the caches those of its forward pass.

use crate::drawing::palette::{BLUE, Colour, GREEN, INK, MUTED, SURFACE, ramp};
use crate::drawing::shapes::{Anchor, arrow, plain, rectangle, text};
use crate::drawing::svg::{Element, Svg};
use crate::forward::LayerCache;
use crate::{FullyConnectedNet, Options};
use ndarray::Array2;

/// The middle of the column of layers, and their size.
const MIDDLE: f64 = 178.0;
const LAYER: (f64, f64) = (148.0, 46.0);
/// The left edge of the stack.
const STACK: f64 = 316.0;
const STACK_WIDTH: f64 = 162.0;
/// The first layer is at the bottom.
const BOTTOM: f64 = 302.0;
const STEP: f64 = 112.0;

/// A layer as the figures show it.
struct Shown {
    operations: &'static str,
    remembers: String,
    out: String,
    out_shape: String,
}

/// The crate's network at work, layer by layer.
fn layers() -> Vec<Shown> {
    let net = FullyConnectedNet::<f64>::new(Options::new(4, &[3, 5], 2));
    let net = net.expect("good options");
    let (_scores, caches) = net.forward(Array2::zeros((6, 4)));
    let number = |i: usize| ["₀", "₁", "₂", "₃"][i];
    let shown = |(i, cache): (usize, &LayerCache<'_, f64>)| {
        let before = match i {
            0 => "x".to_owned(),
            i => format!("h{}", number(i)),
        };
        match cache {
            LayerCache::Hidden(_) => Shown {
                operations: "affine, ReLU",
                remembers: format!("{before}, sums{}", number(i + 1)),
                out: format!("h{}", number(i + 1)),
                out_shape: format!("(N, H{})", number(i + 1)),
            },
            LayerCache::Last(_) => Shown {
                operations: "affine",
                remembers: before,
                out: "scores".to_owned(),
                out_shape: "(N, C)".to_owned(),
            },
        }
    };
    caches.iter().enumerate().map(shown).collect()
}

/// The forward pass.
pub fn forward() -> String {
    let mut svg = Svg::new(
        "network-graph",
        400.0,
        "The forward pass of a three-layer network",
        "The batch x enters at the bottom. Layer 1 and layer 2, affine and ReLU each, and \
         layer 3, affine alone, stand on top of each other; scores come out at the top. \
         Each layer gets its W and b from the left and puts a cache on a stack at the \
         right, so that the cache of the last layer lies on top.",
    );
    let layers = layers();
    stack(&mut svg, &layers);
    for (i, layer) in layers.iter().enumerate() {
        let y = BOTTOM - i as f64 * STEP;
        boxed(&mut svg, y, i, layer, BLUE);
        let (left, right) = (MIDDLE - LAYER.0 / 2.0, MIDDLE + LAYER.0 / 2.0);
        let parameters = format!("W{0} b{0}", i + 1);
        svg.add(text(0.0, y + 6.0, Anchor::Start, INK, &parameters));
        svg.add(arrow((62.0, y), (left - 3.0, y), MUTED));
        svg.add(arrow((right + 3.0, y), (STACK - 4.0, y), GREEN));
        let top = y - LAYER.1 / 2.0;
        let end = if i + 1 == layers.len() {
            12.0
        } else {
            top - STEP + LAYER.1
        };
        svg.add(arrow((MIDDLE, top - 3.0), (MIDDLE, end + 4.0), BLUE));
        let label = if i + 1 == layers.len() {
            top - 14.0
        } else {
            top - 26.0
        };
        value(&mut svg, label, &layer.out, &layer.out_shape, BLUE);
    }
    let y = BOTTOM + LAYER.1 / 2.0;
    svg.add(arrow((MIDDLE, y + 42.0), (MIDDLE, y + 4.0), BLUE));
    value(&mut svg, y + 34.0, "x", "(N, D)", BLUE);
    svg.finish()
}

fn boxed(svg: &mut Svg, y: f64, i: usize, layer: &Shown, colour: Colour) {
    let corner = (MIDDLE - LAYER.0 / 2.0, y - LAYER.1 / 2.0);
    svg.add(rectangle(corner, LAYER, SURFACE, Some(colour)));
    let name = format!("layer {}", i + 1);
    svg.add(bold(plain(MIDDLE, y - 4.0, Anchor::Middle, INK, &name)));
    svg.add(plain(
        MIDDLE,
        y + 16.0,
        Anchor::Middle,
        INK,
        layer.operations,
    ));
}

fn bold(element: Element) -> Element {
    element.set("font-weight", "600")
}

/// A value beside the arrow that carries it.
fn value(svg: &mut Svg, y: f64, name: &str, shape: &str, colour: Colour) {
    svg.add(text(MIDDLE + 12.0, y, Anchor::Start, colour, name));
    svg.add(text(MIDDLE - 12.0, y, Anchor::End, MUTED, shape));
}

/// The caches, each at the height of its layer, and the frame around them.
fn stack(svg: &mut Svg, layers: &[Shown]) {
    let count = layers.len();
    let top = BOTTOM - (count - 1) as f64 * STEP - LAYER.1 / 2.0;
    let bottom = BOTTOM + LAYER.1 / 2.0;
    let frame = (STACK_WIDTH, bottom - top + 16.0);
    svg.add(rectangle((STACK, top - 8.0), frame, ramp(0), Some(GREEN)));
    svg.add(text(
        STACK + STACK_WIDTH,
        top - 18.0,
        Anchor::End,
        GREEN,
        "caches: a stack",
    ));
    for (i, layer) in layers.iter().enumerate() {
        let y = BOTTOM - i as f64 * STEP;
        let corner = (STACK + 8.0, y - LAYER.1 / 2.0);
        let size = (STACK_WIDTH - 16.0, LAYER.1);
        svg.add(rectangle(corner, size, SURFACE, Some(GREEN)));
        let (x, name) = (STACK + STACK_WIDTH / 2.0, format!("cache {}", i + 1));
        svg.add(bold(plain(x, y - 4.0, Anchor::Middle, INK, &name)));
        svg.add(plain(x, y + 16.0, Anchor::Middle, INK, &layer.remembers));
    }
}
