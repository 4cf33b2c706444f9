//! Chapter 3: what one growing score does to the probabilities; and three scores to move, with
//! the arithmetic in `f64` or `f32`, with the shift or without.

use super::controls::Controls;
use crate::drawing::chart::{Panel, Scale, ticks};
use crate::drawing::palette::{BLUE, Colour, GREEN, GRID, INK, MUTED, ORANGE};
use crate::drawing::shapes::{Anchor, dot, heading, line, text};
use crate::drawing::svg::{Element, Svg};
use crate::{Scalar, softmax};
use ndarray::{Array2, array};

/// The scores of the other two classes, as in the chapter's example.
fn others() -> [f64; 2] {
    [0.0, f64::ln(2.0)]
}

/// The probabilities when the third score is `s`: the gradient of one example's loss,
/// with the 1 put back.
fn probabilities<T: Scalar>(s: f64) -> Array2<T> {
    let [first, second] = others();
    let scores = array![[T::of(first), T::of(second), T::of(s)]];
    let (_loss, mut dscores) = softmax::loss(&scores, &[0]).expect("a label below 3");
    dscores[[0, 0]] += T::one();
    dscores
}

/// The figure.
pub fn draw() -> String {
    let mut svg = Svg::new(
        "softmax-growing-score",
        326.0,
        "Softmax as one score grows",
        "Three classes with the scores 0, ln 2 and s. As s grows from −4 to 8, the \
         probability of the third class rises in an S from almost 0 to almost 1, and the \
         other two fall, always one twice the other. At s = ln 5 they are 1/8, 1/4 and 5/8.",
    );
    curves(&mut svg);
    svg.finish()
}

const COLOURS: [Colour; 3] = [GREEN, ORANGE, BLUE];

/// The label of the example that is computed in the page.
pub const RIGHT: usize = 1;

/// Three scores to move. The formulas run in the page; a test compares them with the crate's.
pub fn touch() -> String {
    let mut svg = Svg::new(
        "softmax-growing-score-touch",
        234.0,
        "Three scores, their exponentials, probabilities and gradient",
        "A row for each of three classes: the exponential of its score, its probability as a \
         number and as a bar, and its entry of dscores. Below, the loss. The sentence under \
         the controls says the numbers.",
    );
    let head = |x, anchor, words| text(x, 20.0, anchor, MUTED, words);
    svg.add(head(196.0, Anchor::End, "exp(s)").set("class", "exp"));
    svg.add(head(212.0, Anchor::Start, "probability p"));
    svg.add(head(478.0, Anchor::End, "dscores"));
    for (class, colour) in COLOURS.into_iter().enumerate() {
        const NAMES: [[&str; 3]; 3] =
            [["e0", "p0", "d0"], ["e1", "p1", "d1"], ["e2", "p2", "d2"]];
        const BARS: [&str; 3] = ["b0", "b1", "b2"];
        let y = 60.0 + 46.0 * class as f64;
        let [exp, probability, gradient] = NAMES[class];
        let name = match class {
            RIGHT => format!("class {class} ✓"),
            _ => format!("class {class}"),
        };
        let number = |x, anchor, colour, class| {
            text(x, y, anchor, colour, "").set("class", class)
        };
        svg.add(text(0.0, y, Anchor::Start, colour, &name));
        svg.add(number(196.0, Anchor::End, INK, exp));
        let bar = |width: f64, colour: Colour| {
            let bar = Element::new("rect").set("x", 212.0).set("y", y + 7.0);
            let bar = bar.set("width", width).set("height", 10.0);
            bar.set("fill", colour)
        };
        svg.add(bar(170.0, GRID));
        svg.add(bar(0.0, colour).set("class", BARS[class]));
        svg.add(number(212.0, Anchor::Start, colour, probability));
        svg.add(number(478.0, Anchor::End, INK, gradient));
    }
    let loss = Element::new("tspan").set("class", "loss");
    svg.add(heading(0.0, 220.0, INK, "loss = −ln p of class 1 = ").child(loss));

    let [first, second] = others();
    let scores = [first, second, f64::ln(5.0)];
    let mut controls =
        Controls::new("softmax-growing-score", "softmax", "Three scores to move")
            .drawing(svg);
    for (class, score) in scores.into_iter().enumerate() {
        let name = ["s0", "s1", "s2"][class];
        let label = format!("score {class}");
        controls = controls.slider(name, &label, [-4.0, 8.0], "any", score);
    }
    controls
        .row()
        .button("add", "add 100 to all")
        .button("twice", "times 2")
        .switch("single", "single precision")
        .switch("naive", "without the shift")
        .button("reset", "as at first")
        .end()
        .says()
        .finish()
}

fn curves(svg: &mut Svg) {
    let panel = Panel {
        x: Scale::linear((-4.0, 8.0), (38.0, 466.0)),
        y: Scale::linear((0.0, 1.0), (270.0, 40.0)),
    };
    panel.title(svg, "probability");
    panel.y_axis(svg, &ticks(&[0.0, 0.5, 1.0]));
    panel.x_axis(
        svg,
        &ticks(&[-4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0]),
        "s, the third score",
    );

    let example = f64::ln(5.0);
    let x = panel.x.at(example);
    svg.add(line((x, panel.y.at(0.0)), (x, panel.y.at(1.0)), MUTED, 1.0));
    let at_example = probabilities::<f64>(example);
    let names = [
        (GREEN, "score 0", (-3.9, 0.22)),
        (ORANGE, "score ln 2", (-3.9, 0.7)),
        (BLUE, "score s", (3.7, 0.8)),
    ];
    for (class, (colour, name, place)) in names.into_iter().enumerate() {
        let points = (0..=96).map(|i| -4.0 + f64::from(i) / 8.0);
        let points = points.map(|s| (s, probabilities::<f64>(s)[[0, class]]));
        svg.add(panel.line(points, colour));
        svg.add(dot(
            panel.at((example, at_example[[0, class]])),
            5.0,
            colour,
        ));
        let (x, y) = panel.at(place);
        svg.add(text(x, y, Anchor::Start, colour, name));
        let fraction = ["1/8", "1/4", "5/8"][class];
        let (x, y) = panel.at((example, at_example[[0, class]]));
        svg.add(match class {
            0 => text(x - 8.0, y + 21.0, Anchor::End, colour, fraction),
            1 => text(x + 9.0, y - 5.0, Anchor::Start, colour, fraction),
            _ => text(x - 10.0, y - 3.0, Anchor::End, colour, fraction),
        });
    }
    let top = panel.y.at(1.0);
    svg.add(text(x, top - 8.0, Anchor::Middle, MUTED, "s = ln 5"));
}
