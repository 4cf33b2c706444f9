//! Chapter 6: the worked network, up and down, with its stack of caches; step by step where it
//! can be touched, also with the wrong cache and without ReLU's mask. Every number is computed
//! by the crate's layers.

use super::controls::{Controls, array, string};
use crate::affine::Grads;
use crate::drawing::palette::{BLUE, Colour, GREEN, INK, MUTED, ORANGE, SURFACE, ramp};
use crate::drawing::shapes::{Anchor, arrow, number_text, plain, rectangle, text};
use crate::drawing::svg::{Element, Svg};
use crate::forward::LayerCache;
use crate::{FullyConnectedNet, Options, affine, relu};
use ndarray::{Array2, ArrayRef1, Ix2, array as numbers};

/// The network of the chapter's example.
fn net() -> FullyConnectedNet<f64> {
    let options = Options::new(2, &[2], 2);
    let mut net = FullyConnectedNet::new(options).expect("good options");
    let parameters = net.parameters_mut();
    for (name, w) in [
        ("W1", numbers![[1., -1.], [1., 1.]]),
        ("W2", numbers![[1., 2.], [5., 3.]]),
    ] {
        parameters.set(name, &w).expect("its shape");
    }
    for (name, b) in [("b1", numbers![0., -2.]), ("b2", numbers![0., -1.])] {
        parameters.set(name, &b).expect("its shape");
    }
    net
}

/// The numbers of a walk up and down.
#[derive(Debug, PartialEq)]
pub struct Walk {
    /// The batch of one example.
    pub x: Array2<f64>,
    /// Before the ReLU of layer 1.
    pub sums: Array2<f64>,
    /// After it.
    pub h: Array2<f64>,
    /// After layer 2.
    pub scores: Array2<f64>,
    /// The gradient that the loss is taken to send down.
    pub dscores: Array2<f64>,
    /// The gradients of layer 2; its `dx` is `dh`.
    pub second: Grads<f64, Ix2>,
    /// The gradients of layer 1; its `db` is `dsums` too, for there is one example.
    pub first: Grads<f64, Ix2>,
}

/// Goes up, and down again with the caches in the `wrong` order, or with the caches of layers
/// that have no ReLU to mask.
pub fn walk(wrong: bool, mask: bool) -> Walk {
    let net = net();
    let [one, two] = net.parameters().layers() else {
        panic!("the example has two layers");
    };
    let x = numbers![[1., 2.]];
    let (sums, first) = affine::forward(x.clone(), &one.w, &one.b);
    let (h, _) = relu::forward(&sums);
    let (scores, second) = affine::forward(h.clone(), &two.w, &two.b);
    let mut caches = match mask {
        true => net.forward(x.clone()).1,
        false => vec![LayerCache::Last(first), LayerCache::Last(second)],
    };
    if wrong {
        caches.reverse();
    }
    let dscores = numbers![[1., -1.]];
    let mut pop = || caches.pop().expect("one for each layer");
    let second = pop().backward(&dscores, &two.w);
    let first = pop().backward(&second.dx, &one.w);
    Walk {
        x,
        sums,
        h,
        scores,
        dscores,
        second,
        first,
    }
}

/// The steps of a walk: none, two layers up, the loss, layer 2, ReLU, layer 1.
pub const STEPS: usize = 6;

/// What is on the page at a step.
enum Part {
    /// Words at a place of their name; none where they are not yet known.
    Words(&'static str, String),
    /// What is there or not.
    There(&'static str, bool),
}

fn row(numbers: &ArrayRef1<f64>) -> String {
    let numbers: Vec<String> = numbers.iter().map(|&x| number_text(x)).collect();
    numbers.join(" ")
}

fn parts(wrong: bool, mask: bool, step: usize) -> Vec<Part> {
    let walk = walk(wrong, mask);
    let from = |first: usize, name, words: String| {
        Part::Words(name, if step >= first { words } else { String::new() })
    };
    // One example: each of these is one row.
    let named = |first, name, label: &str, numbers: &Array2<f64>| {
        from(first, name, format!("{label} = {}", row(&numbers.row(0))))
    };
    let dsums = format!("dsums = {}", row(&walk.first.db));
    // The cache that layer 2 takes is gone after it, the other one after layer 1's ReLU.
    let (of_first, of_second) = if wrong { (4, 5) } else { (5, 4) };
    vec![
        named(0, "x", "x", &walk.x),
        named(1, "sums", "sums", &walk.sums),
        named(1, "h", "h", &walk.h),
        named(2, "scores", "scores", &walk.scores),
        named(3, "dscores", "dscores", &walk.dscores),
        named(4, "dh", "dh", &walk.second.dx),
        from(5, "dsums", dsums),
        from(4, "dw2a", row(&walk.second.dw.row(0))),
        from(4, "dw2b", row(&walk.second.dw.row(1))),
        from(4, "db2", row(&walk.second.db)),
        from(6, "dw1a", row(&walk.first.dw.row(0))),
        from(6, "dw1b", row(&walk.first.dw.row(1))),
        from(6, "db1", row(&walk.first.db)),
        Part::There("cache1", (1..of_first).contains(&step)),
        Part::There("cache2", (2..of_second).contains(&step)),
        Part::There("up1", step >= 1),
        Part::There("up2", step >= 2),
        Part::There("down3", step >= 3),
        Part::There("down2", step >= 4),
        Part::There("down1", step >= 5),
        Part::There("at1", matches!(step, 1 | 6)),
        Part::There("atrelu", matches!(step, 1 | 5)),
        Part::There("at2", matches!(step, 2 | 4)),
        Part::Words("says", said(&walk, wrong, mask, step)),
    ]
}

/// A step in a sentence.
fn said(walk: &Walk, wrong: bool, mask: bool, step: usize) -> String {
    let [dw2, dw1] = [&walk.second.dw, &walk.first.dw]
        .map(|dw| format!("{} and {}", row(&dw.row(0)), row(&dw.row(1))));
    let [x, sums, h, scores, dscores, dh] = [
        &walk.x,
        &walk.sums,
        &walk.h,
        &walk.scores,
        &walk.dscores,
        &walk.second.dx,
    ]
    .map(|numbers| row(&numbers.row(0)));
    match step {
        0 => format!("x = {x} waits below layer 1. The stack is empty."),
        1 => format!(
            "Layer 1: the sums are {sums}; ReLU makes h = {h} of them. It pushes x and the sums."
        ),
        2 => format!(
            "Layer 2: the scores are {scores}. It pushes h. That was the forward pass."
        ),
        3 => format!(
            "The loss sends down dscores = {dscores}. Both caches are on the stack."
        ),
        4 => {
            let how = match (wrong, mask) {
                (false, _) => "Layer 2 pops its cache, h",
                (true, true) => {
                    "Layer 2 gets cache 1: x for h, and the mask of a ReLU that it does not have"
                }
                (true, false) => "Layer 2 gets cache 1, and takes x for h",
            };
            format!("{how}. The rows of dW2 are {dw2}; down goes dh = {dh}.")
        }
        5 => {
            let dsums = row(&walk.first.db);
            match (wrong, mask) {
                (false, true) => {
                    format!(
                        "ReLU pops cache 1. Where its sums are above 0, dh passes: dsums = {dsums}."
                    )
                }
                (true, true) => {
                    format!(
                        "Layer 1 gets cache 2, which has no sums: nothing is masked, dsums = {dsums}."
                    )
                }
                (_, false) => {
                    format!("Without the mask dh passes as it is: dsums = {dsums}.")
                }
            }
        }
        _ => {
            let with = if wrong {
                "h, which it takes for x"
            } else {
                "x"
            };
            let end = if wrong || !mask {
                "What is wrong is in another colour; nothing has panicked."
            } else {
                "Below is only the data: nobody asks for dx."
            };
            format!("Layer 1: with {with}, the rows of dW1 are {dw1}. {end}")
        }
    }
}

/// Where the column of layers is, and the stack.
const MIDDLE: f64 = 200.0;
const WIDE: f64 = 150.0;
const STACK: f64 = 350.0;
/// The middles of layer 2, of the ReLU and of the affine part of layer 1.
const SECOND: f64 = 124.0;
const RELU: f64 = 228.0;
const FIRST: f64 = 336.0;
const HIGH: f64 = 70.0;
/// The two lanes between layers: up, and down.
const UP: f64 = MIDDLE - 18.0;
const DOWN: f64 = MIDDLE + 18.0;

/// The drawing with every number in its place.
fn paint(svg: &mut Svg, parts: &[Part]) {
    let words = |name: &'static str| {
        let found = parts.iter().find_map(|part| match part {
            Part::Words(other, words) if *other == name => Some(words.as_str()),
            _ => None,
        });
        found.unwrap_or_default()
    };
    let shown = |name: &'static str, element: Element| {
        let hidden =
            |part: &Part| matches!(part, Part::There(other, false) if *other == name);
        let visibility = if parts.iter().any(hidden) {
            "hidden"
        } else {
            "visible"
        };
        element.set("class", name).set("visibility", visibility)
    };
    let group = |elements: Vec<Element>| {
        let group = Element::new("g");
        elements.into_iter().fold(group, Element::child)
    };
    let number = |name: &'static str, (x, y): (f64, f64), anchor, colour| {
        text(x, y, anchor, colour, words(name)).set("class", name)
    };

    // The layers.
    for (y, high, at, lines) in [
        (
            FIRST,
            HIGH,
            "at1",
            ["layer 1: affine", "W1 = 1 −1 / 1 1", "b1 = 0 −2"],
        ),
        (RELU, 36.0, "atrelu", ["", "layer 1: ReLU", ""]),
        (
            SECOND,
            HIGH,
            "at2",
            ["layer 2: affine", "W2 = 1 2 / 5 3", "b2 = 0 −1"],
        ),
    ] {
        let corner = (MIDDLE - WIDE / 2.0, y - high / 2.0);
        svg.add(rectangle(corner, (WIDE, high), SURFACE, Some(MUTED)));
        let frame = rectangle(corner, (WIDE, high), SURFACE, Some(INK));
        let frame = frame.set("stroke-width", 4.0).set("fill", "none");
        svg.add(shown(at, frame));
        for (line, words) in lines.into_iter().enumerate() {
            let baseline = y + 6.0 + 21.0 * (line as f64 - 1.0);
            let line = plain(MIDDLE, baseline, Anchor::Middle, INK, words);
            svg.add(if words.starts_with("layer") {
                line.set("font-weight", "600")
            } else {
                line
            });
        }
    }

    // The lanes.
    let lane = |x: f64, from: f64, to: f64, colour| arrow((x, from), (x, to), colour);
    let (first, relu, second) = (FIRST - HIGH / 2.0, RELU - 18.0, SECOND - HIGH / 2.0);
    svg.add(lane(
        UP,
        FIRST + HIGH / 2.0 + 38.0,
        FIRST + HIGH / 2.0 + 3.0,
        BLUE,
    ));
    svg.add(shown(
        "up1",
        group(vec![
            lane(UP, first - 3.0, RELU + 21.0, BLUE),
            lane(UP, relu - 3.0, SECOND + HIGH / 2.0 + 3.0, BLUE),
        ]),
    ));
    svg.add(shown("up2", lane(UP, second - 3.0, second - 42.0, BLUE)));
    svg.add(shown(
        "down3",
        lane(DOWN, second - 42.0, second - 3.0, ORANGE),
    ));
    svg.add(shown(
        "down2",
        lane(DOWN, SECOND + HIGH / 2.0 + 3.0, relu - 3.0, ORANGE),
    ));
    svg.add(shown("down1", lane(DOWN, RELU + 21.0, first - 3.0, ORANGE)));
    let (left, right) = (UP - 10.0, DOWN + 10.0);
    svg.add(number(
        "x",
        (left, FIRST + HIGH / 2.0 + 28.0),
        Anchor::End,
        BLUE,
    ));
    svg.add(number("sums", (left, first - 14.0), Anchor::End, BLUE));
    svg.add(number("h", (left, relu - 10.0), Anchor::End, BLUE));
    svg.add(number("scores", (left, second - 18.0), Anchor::End, BLUE));
    svg.add(number(
        "dscores",
        (right, second - 18.0),
        Anchor::Start,
        ORANGE,
    ));
    svg.add(number("dh", (right, relu - 10.0), Anchor::Start, ORANGE));
    svg.add(number(
        "dsums",
        (right, first - 14.0),
        Anchor::Start,
        ORANGE,
    ));

    // The gradients of the parameters, to the left.
    for (y, names, [dw, over, db]) in [
        (SECOND, ["dW2", "db2"], ["dw2a", "dw2b", "db2"]),
        (FIRST, ["dW1", "db1"], ["dw1a", "dw1b", "db1"]),
    ] {
        for (name, y) in [(names[0], y - 15.0), (names[1], y + 27.0)] {
            svg.add(text(0.0, y, Anchor::Start, MUTED, name));
        }
        for (name, y) in [(dw, y - 15.0), (over, y + 6.0), (db, y + 27.0)] {
            svg.add(number(name, (48.0, y), Anchor::Start, ORANGE));
        }
    }

    // The stack, to the right.
    let (top, wide) = (SECOND - HIGH / 2.0, 478.0 - STACK);
    svg.add(rectangle(
        (STACK, top - 8.0),
        (wide, FIRST + HIGH / 2.0 - top + 16.0),
        ramp(0),
        Some(GREEN),
    ));
    let under = FIRST + HIGH / 2.0 + 30.0;
    svg.add(text(478.0, under, Anchor::End, GREEN, "stack of caches"));
    for (name, title, y, kept) in [
        (
            "cache1",
            "cache 1",
            FIRST - 6.0,
            [words("x"), words("sums")],
        ),
        ("cache2", "cache 2", FIRST - 100.0, [words("h"), ""]),
    ] {
        let mut elements = vec![rectangle(
            (STACK + 7.0, y - 40.0),
            (wide - 14.0, 80.0),
            SURFACE,
            Some(GREEN),
        )];
        let line = |y, colour: Colour, words: &str| {
            plain(STACK + wide / 2.0, y, Anchor::Middle, colour, words)
        };
        elements.push(line(y - 16.0, INK, title).set("font-weight", "600"));
        for (i, kept) in kept.into_iter().enumerate() {
            elements.push(line(y + 6.0 + 22.0 * i as f64, BLUE, kept));
        }
        svg.add(shown(name, group(elements)));
    }
}

/// The figure: the whole walk.
pub fn draw() -> String {
    let mut svg = Svg::new(
        "backward-walk",
        412.0,
        "The worked network, up and down",
        "Three boxes on top of each other: the affine part of layer 1, its ReLU, and layer 2. \
         Upwards go x = 1 2, the sums 3 −1, h = 3 0 and the scores 3 5. Downwards go dscores \
         = 1 −1, dh = −1 2 and, because ReLU lets only the first pass, dsums = −1 0. At the \
         left the gradients: dW2 has the rows 3 −3 and 0 0, dW1 the rows −1 0 and −2 0. At \
         the right the stack, cache 2 with h on cache 1 with x and the sums.",
    );
    let mut all = parts(false, true, STEPS);
    // Everything at once: the caches too, and no layer in front of the others.
    for part in &mut all {
        if let Part::There(name, there) = part {
            *there = !name.starts_with("at");
        }
    }
    paint(&mut svg, &all);
    svg.finish()
}

/// The same, step by step.
pub fn touch() -> String {
    let mut svg = Svg::new(
        "backward-walk-touch",
        412.0,
        "The worked network, step by step",
        "Three boxes on top of each other, the numbers that go up and down between them, the \
         gradients at the left and the stack of caches at the right. The sentence under the \
         controls says each step.",
    );
    // The caches' contents do not change: they are drawn as they are at the end.
    paint(&mut svg, &parts(false, true, STEPS));
    let names = parts(false, true, 0);
    let names = array(names.iter().map(|part| match part {
        Part::Words(name, _) | Part::There(name, _) => string(name),
    }));
    let frame = |part: &Part| match part {
        Part::Words(_, words) => string(words),
        Part::There(_, there) => there.to_string(),
    };
    let variants = [(false, true), (true, true), (false, false), (true, false)];
    let walks = array(variants.map(|(wrong, mask)| {
        array((0..=STEPS).map(|step| array(parts(wrong, mask, step).iter().map(frame))))
    }));
    Controls::new("backward-walk", "walk", "A walk to go step by step")
        .drawing(svg)
        .row()
        .button("back", "◀ back")
        .button("next", "step ▶")
        .switch("wrong", "the wrong cache")
        .switch("unmasked", "without the mask")
        .end()
        .slider("step", "step", [0.0, STEPS as f64], 1, 2.0)
        .says()
        .data(&format!("{{\"names\":{names},\"walks\":{walks}}}"))
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_chapter() {
        let right = walk(false, true);
        assert_eq!(right.sums, numbers![[3., -1.]]);
        assert_eq!(right.h, numbers![[3., 0.]]);
        assert_eq!(right.scores, numbers![[3., 5.]]);
        assert_eq!(right.second.dx, numbers![[-1., 2.]]);
        assert_eq!(right.second.dw, numbers![[3., -3.], [0., 0.]]);
        assert_eq!(right.first.db, numbers![-1., 0.]);
        assert_eq!(right.first.dw, numbers![[-1., 0.], [-2., 0.]]);
    }

    #[test]
    fn each_slip_changes_the_gradient_of_the_first_layer() {
        let unmasked = walk(false, false);
        assert_eq!(unmasked.first.dw, numbers![[-1., 2.], [-2., 4.]]);
        let wrong = walk(true, true);
        assert_eq!(wrong.second.dw, numbers![[1., 0.], [2., 0.]]);
        assert_eq!(wrong.first.dw, numbers![[3., 15.], [0., 0.]]);
        let both = walk(true, false);
        assert_eq!(both.first.dw, numbers![[-3., 6.], [0., 0.]]);
    }

    #[test]
    fn the_walk_is_the_crates_own_backward_pass() {
        for wrong in [false, true] {
            let net = net();
            let (_, mut caches) = net.forward(numbers![[1., 2.]]);
            if wrong {
                caches.reverse();
            }
            let grads = net.backward(numbers![[1., -1.]], caches);
            let walk = walk(wrong, true);
            assert_eq!(grads.layers()[0].w, walk.first.dw);
            assert_eq!(grads.layers()[1].w, walk.second.dw);
        }
    }
}
