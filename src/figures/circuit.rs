//! Chapter 6: numbers small enough for the head, with their values on the way up and their
//! slopes on the way back. The values of the network are those that the crate computes.

use crate::drawing::palette::{
    BLUE, Colour, GREEN, GRID, INK, MUTED, ORANGE, SURFACE, ramp,
};
use crate::drawing::shapes::{
    Anchor, arrow, arrow_along, dot, line, number_text, path, plain, rectangle, text,
};
use crate::drawing::svg::{Svg, TEXT};
use crate::forward::LayerCache;
use crate::{FullyConnectedNet, Options, affine, relu};
use ndarray::{Array2, array};

/// Half of a box, across and down.
const HALF: (f64, f64) = (38.0, 18.0);

/// A box around words, centred.
fn boxed(svg: &mut Svg, (x, y): (f64, f64), frame: Colour, words: &str) {
    let corner = (x - HALF.0, y - HALF.1);
    let size = (2.0 * HALF.0, 2.0 * HALF.1);
    svg.add(rectangle(corner, size, SURFACE, Some(frame)));
    svg.add(plain(x, y + TEXT * 0.36, Anchor::Middle, INK, words));
}

fn equals(name: &str, value: f64) -> String {
    format!("{name} = {}", number_text(value))
}

/// The chain of three steps.
pub fn chain() -> String {
    let x = 2.0;
    let u = 3.0 * x;
    let v = u - 4.0;
    let l = v * v;
    let (slope_u, slope_v, slope_l) = (3.0, 1.0, 2.0 * v);
    let dv = slope_l;
    let du = dv * slope_v;
    let dx = du * slope_u;

    let mut svg = Svg::new(
        "slope-chain",
        216.0,
        "A chain of three steps, there and back",
        format!(
            "Above, from left to right: x = {x}, times 3 is u = {u}, minus 4 is v = {v}, \
             squared is L = {l}. Below, from right to left: dL = 1, times 2v = {slope_l} is \
             dv = {dv}, times 1 is du = {du}, times 3 is dx = {dx}. A line leads from v down \
             to the 2v."
        ),
    );
    let column = |i: usize| 38.5 + 134.0 * i as f64;
    let (up, down) = (60.0, 160.0);
    let values = [("x", x), ("u", u), ("v", v), ("L", l)];
    let slopes = [("dx", dx), ("du", du), ("dv", dv), ("dL", 1.0)];
    let steps = ["3·x", "u − 4", "v²"];
    let factors = ["× 3".to_owned(), "× 1".to_owned(), format!("× {slope_l}")];
    svg.add(text(0.0, 20.0, Anchor::Start, BLUE, "values"));
    svg.add(text(0.0, 210.0, Anchor::Start, ORANGE, "slopes"));
    for i in 0..3 {
        let (from, to) = (column(i) + HALF.0, column(i + 1) - HALF.0);
        let middle = (from + to) / 2.0;
        svg.add(arrow((from + 3.0, up), (to - 3.0, up), BLUE));
        svg.add(text(middle, up - 12.0, Anchor::Middle, BLUE, steps[i]));
        svg.add(arrow((to - 3.0, down), (from + 3.0, down), ORANGE));
        svg.add(text(
            middle,
            down + 25.0,
            Anchor::Middle,
            ORANGE,
            &factors[i],
        ));
    }
    // The last step's slope is made of v.
    let (v_at, factor_at) = (column(2), (column(2) + column(3)) / 2.0);
    let bend = [
        (v_at, up + HALF.1 + 3.0),
        (v_at, up + 50.0),
        (factor_at, up + 50.0),
        (factor_at, down - 5.0),
    ];
    svg.add(arrow_along(&bend, GREEN));
    svg.add(text(factor_at - 8.0, up + 41.0, Anchor::End, GREEN, "2v"));
    for (i, ((name, value), (slope_name, slope))) in
        values.into_iter().zip(slopes).enumerate()
    {
        boxed(&mut svg, (column(i), up), BLUE, &equals(name, value));
        boxed(
            &mut svg,
            (column(i), down),
            ORANGE,
            &equals(slope_name, slope),
        );
    }
    svg.finish()
}

/// One number that is used twice.
pub fn fan_out() -> String {
    let x = 2.0;
    let (a, b) = (x + 1.0, 4.0 * x);
    let l = a * b;
    let (da, db) = (b, a);
    let (through_a, through_b) = (da * 1.0, db * 4.0);
    let dx = through_a + through_b;

    let mut svg = Svg::new(
        "slope-fan-out",
        268.0,
        "A number that is used twice",
        format!(
            "x = {x} leads to a = x + 1 = {a} above and to b = 4x = {b} below, and both lead \
             to their product L = {l}. On the way back a receives the slope {da} and b the \
             slope {db}. Through a comes {through_a}, through b {through_b}, and at x they \
             add up to {dx}."
        ),
    );
    let (left, middle, right) = (42.0, 240.0, 438.0);
    let (high, low, centre) = (60.0, 190.0, 125.0);
    for (y, step, back) in [(high, "+ 1", "× 1"), (low, "× 4", "× 4")] {
        let towards = |from: f64, to: f64, share: f64| from + (to - from) * share;
        let out = (left + HALF.0 + 4.0, towards(centre, y, 0.2));
        let into = (middle - HALF.0 - 4.0, y);
        svg.add(arrow(out, into, BLUE));
        let outside = if y == high { -12.0 } else { 24.0 };
        let height = y + if y == high { 2.0 } else { 12.0 };
        svg.add(text(130.0, height, Anchor::End, BLUE, step));
        svg.add(text(144.0, height, Anchor::Start, ORANGE, back));
        let out = (middle + HALF.0 + 4.0, y);
        let into = (right - HALF.0 - 4.0, towards(centre, y, 0.2));
        svg.add(arrow(out, into, BLUE));
        let factor = if y == high { b } else { a };
        let back = format!("× {factor}");
        let at = towards(out.0, into.0, 0.5);
        let height = towards(out.1, into.1, 0.5) + outside;
        svg.add(text(at + 4.0, height, Anchor::Start, ORANGE, &back));
    }
    boxed(&mut svg, (left, centre), BLUE, &equals("x", x));
    boxed(&mut svg, (middle, high), BLUE, &equals("a", a));
    boxed(&mut svg, (middle, low), BLUE, &equals("b", b));
    boxed(&mut svg, (right, centre), BLUE, &equals("L", l));
    let below = HALF.1 + 22.0;
    let mut slope = |x: f64, y: f64, anchor: Anchor, words: &str| {
        svg.add(text(x, y + below, anchor, ORANGE, words));
    };
    slope(middle, high, Anchor::Middle, &equals("da", da));
    slope(middle, low, Anchor::Middle, &equals("db", db));
    slope(right, centre, Anchor::Middle, "dL = 1");
    let sum = format!("dx = {through_a} + {through_b} = {dx}");
    svg.add(text(0.0, low + below + 30.0, Anchor::Start, ORANGE, &sum));
    svg.finish()
}

/// The worked example, computed by the crate.
struct Example {
    net: FullyConnectedNet<f64>,
    sums: Array2<f64>,
    h: Array2<f64>,
    scores: Array2<f64>,
    dscores: Array2<f64>,
    dh: Array2<f64>,
    dw1: Array2<f64>,
}

fn example() -> Example {
    let mut net = FullyConnectedNet::new(Options::new(2, &[2], 2)).expect("options");
    let parameters = net.parameters_mut();
    let mut set = |name, values: Array2<f64>| {
        parameters.set(name, &values).expect("its shape");
    };
    set("W1", array![[1., -1.], [1., 1.]]);
    set("W2", array![[1., 2.], [5., 3.]]);
    parameters.set("b1", &array![0., -2.]).expect("its shape");
    parameters.set("b2", &array![0., -1.]).expect("its shape");

    let x = array![[1., 2.]];
    let dscores = array![[1., -1.]];
    let layers = net.parameters().layers();
    let (sums, _) = affine::forward(&x, &layers[0].w, &layers[0].b);
    let (h, _) = relu::forward(&sums);
    let (scores, mut caches) = net.forward(&x);
    let last: LayerCache<'_, f64> = caches.pop().expect("a cache for each layer");
    let dh = last.backward(&dscores, &layers[1].w).dx;
    let (_, caches) = net.forward(&x);
    let dw1 = net.backward(dscores.clone(), caches).layers()[0].w.clone();
    Example {
        net,
        sums,
        h,
        scores,
        dscores,
        dh,
        dw1,
    }
}

/// The worked example as a graph, and the two paths of one weight.
pub fn network() -> String {
    let Example {
        net,
        sums,
        h,
        scores,
        dscores,
        dh,
        dw1,
    } = example();
    let mut svg = Svg::new(
        "network-paths",
        330.0,
        "The worked example as a graph",
        format!(
            "Inputs x1 = 1 and x2 = 2 at the left, hidden units h1 = {} and h2 = {}, scores \
             s1 = {} and s2 = {}, and the loss L = s1 − s2 at the right. Each arrow between \
             two layers carries a weight. Slopes of the loss stand below: {} and {} at the \
             scores, {} at h1. At h2 the slope is {}, but the unit's sum is {}, so it is off \
             and the slope stops there. The weight from x2 to h1 is drawn in green, and from \
             h1 two orange paths lead to the loss, through s1 and s2.",
            h[[0, 0]],
            h[[0, 1]],
            scores[[0, 0]],
            scores[[0, 1]],
            dscores[[0, 0]],
            dscores[[0, 1]],
            dh[[0, 0]],
            dh[[0, 1]],
            sums[[0, 1]],
        ),
    );
    let (columns, rows) = ([38.5, 176.0, 314.0], [56.0, 206.0]);
    let loss = (441.5, 131.0);
    let layers = net.parameters().layers();
    for layer in 0..2 {
        for from in 0..2 {
            for to in 0..2 {
                let weight = layers[layer].w[[from, to]];
                let colour = match (layer, from, to) {
                    (0, 1, 0) => GREEN,
                    (1, 0, _) => ORANGE,
                    _ => GRID,
                };
                let start = (columns[layer] + HALF.0 + 2.0, rows[from]);
                let end = (columns[layer + 1] - HALF.0 - 3.0, rows[to]);
                svg.add(arrow(start, end, colour));
                let at = |share: f64| {
                    (
                        start.0 + (end.0 - start.0) * share,
                        start.1 + (end.1 - start.1) * share + TEXT * 0.36,
                    )
                };
                let (x, y) = at(if from == to { 0.45 } else { 0.27 });
                let ink = if colour == GRID { MUTED } else { colour };
                svg.add(text(x, y, Anchor::Middle, ink, &number_text(weight)));
            }
        }
    }
    for (row, sign) in [(0, "+"), (1, "−")] {
        let start = (columns[2] + HALF.0 + 2.0, rows[row]);
        let way = if row == 0 { -1.0 } else { 1.0 };
        let end = (loss.0 - 12.0, loss.1 + way * (HALF.1 + 4.0));
        svg.add(arrow(start, end, ORANGE));
        let (x, y) = ((start.0 + end.0) / 2.0 + 14.0, (start.1 + end.1) / 2.0);
        svg.add(text(x, y + 6.0 + way * 8.0, Anchor::Middle, ORANGE, sign));
    }
    let units = [
        ("x₁", 1.0),
        ("x₂", 2.0),
        ("h₁", h[[0, 0]]),
        ("h₂", h[[0, 1]]),
        ("s₁", scores[[0, 0]]),
        ("s₂", scores[[0, 1]]),
    ];
    for (i, (name, value)) in units.into_iter().enumerate() {
        let is_off = i == 3;
        let frame = if is_off { MUTED } else { BLUE };
        let place = (columns[i / 2], rows[i % 2]);
        boxed(&mut svg, place, frame, &equals(name, value));
    }
    let total = scores[[0, 0]] - scores[[0, 1]];
    boxed(&mut svg, loss, BLUE, &equals("L", total));

    let below = |row: usize| rows[row] + HALF.1 + 22.0;
    let mut slope = |x: f64, y: f64, words: &str| {
        svg.add(text(x, y, Anchor::Middle, ORANGE, words));
    };
    let above = rows[0] - HALF.1 - 9.0;
    slope(columns[2], above, &equals("ds₁", dscores[[0, 0]]));
    slope(columns[2], below(1), &equals("ds₂", dscores[[0, 1]]));
    slope(columns[1], above, &equals("dh₁", dh[[0, 0]]));
    let off = equals("dh₂", dh[[0, 1]]) + ", stopped";
    slope(columns[1], below(1), &off);
    svg.add(text(
        0.0,
        278.0,
        Anchor::Start,
        MUTED,
        "sum of h₂: −1, so it is off",
    ));
    let sum = format!(
        "green weight: 2·1·1 + 2·2·(−1) = {}",
        number_text(dw1[[1, 0]])
    );
    svg.add(text(0.0, 312.0, Anchor::Start, GREEN, &sum));
    svg.finish()
}

/// How many paths lead from all units of the first layer to the loss, and how many arrows
/// there are, for layers of `units` each.
pub fn paths_and_arrows(layers: u32, units: u64) -> (u64, u64) {
    let between = u64::from(layers - 1) * units * units;
    (units.pow(layers), between + units)
}

/// Paths counted one by one, against one sweep.
pub fn paths() -> String {
    let (paths, arrows) = paths_and_arrows(3, 3);
    let mut svg = Svg::new(
        "paths-and-sweep",
        316.0,
        "Paths to the loss, and one sweep back",
        format!(
            "Three layers of three units each, every unit joined to every unit of the next \
             layer, and the last three to the loss. From each unit of the first layer 9 \
             paths lead to the loss, of the second 3, of the third 1: {paths} from the first \
             layer together. One of them is drawn in orange. A sweep from the right uses 3, \
             9 and 9 arrows, {arrows} in all, each once."
        ),
    );
    let columns = [150.0, 250.0, 350.0, 450.0];
    let rows = [40.0, 110.0, 180.0];
    let loss = (columns[3], rows[1]);
    for column in 0..3 {
        for from in rows {
            let ends = if column == 2 {
                vec![rows[1]]
            } else {
                rows.to_vec()
            };
            for to in ends {
                let (start, end) = ((columns[column], from), (columns[column + 1], to));
                svg.add(line(start, end, ramp(3), 1.5));
            }
        }
    }
    let one = [
        (columns[0], rows[2]),
        (columns[1], rows[0]),
        (columns[2], rows[2]),
        loss,
    ];
    svg.add(path(one, ORANGE, 4.0));
    for x in &columns[..3] {
        for y in rows {
            svg.add(dot((*x, y), 11.0, BLUE));
        }
    }
    svg.add(dot(loss, 15.0, INK));
    svg.add(plain(loss.0, loss.1 + 6.0, Anchor::Middle, SURFACE, "L"));
    svg.add(text(0.0, 236.0, Anchor::Start, ORANGE, "paths from"));
    svg.add(text(0.0, 256.0, Anchor::Start, ORANGE, "each unit"));
    for (x, count) in columns.iter().zip(["9", "3", "1"]) {
        svg.add(text(*x, 246.0, Anchor::Middle, ORANGE, count));
    }
    svg.add(text(0.0, 290.0, Anchor::Start, BLUE, "arrows of"));
    svg.add(text(0.0, 310.0, Anchor::Start, BLUE, "one sweep"));
    for (pair, count) in columns.windows(2).zip(["9", "9", "3"]) {
        let middle = (pair[0] + pair[1]) / 2.0;
        svg.add(text(middle, 300.0, Anchor::Middle, BLUE, count));
    }
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paths_and_arrows_are_those_that_the_caption_counts() {
        assert_eq!(paths_and_arrows(3, 3), (27, 21));
    }

    #[test]
    fn the_example_is_the_chapters() {
        let example = example();
        assert_eq!(example.scores, array![[3., 5.]]);
        assert_eq!(example.dh, array![[-1., 2.]]);
        assert_eq!(example.dw1, array![[-1., 0.], [-2., 0.]]);
    }
}
