//! Chapter 3: what one growing score does to the probabilities, and how far the naive
//! form goes.

use crate::drawing::chart::{Panel, Scale, powers, ticks};
use crate::drawing::palette::{BLUE, Colour, GREEN, INK, MUTED, ORANGE};
use crate::drawing::shapes::{Anchor, cross, dot, heading, line, text};
use crate::drawing::svg::{Svg, TEXT};
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

/// The third probability by the formula as it stands: exp over the sum of exps.
fn naive<T: Scalar>(s: f64) -> T {
    let [first, second] = others();
    let exps = [first, second, s].map(|s| T::of(s).exp());
    exps[2] / (exps[0] + exps[1] + exps[2])
}

/// The largest score, to a hundredth, that `works`, which 1 does and 1000 does not.
fn limit(works: impl Fn(f64) -> bool) -> f64 {
    let (mut good, mut bad) = (100, 100_000);
    while bad - good > 1 {
        let middle = (good + bad) / 2;
        if works(f64::from(middle) / 100.0) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    f64::from(good) / 100.0
}

/// Up to where the naive form gives a number, in `f32` and in `f64`.
pub fn limits() -> [f64; 2] {
    [
        limit(|s| naive::<f32>(s).is_finite()),
        limit(|s| naive::<f64>(s).is_finite()),
    ]
}

/// The figure.
pub fn draw() -> String {
    let [single, double] = limits();
    let mut svg = Svg::new(
        "softmax-growing-score",
        606.0,
        "Softmax as one score grows, and where the naive form ends",
        format!(
            "Above: three classes with the scores 0, ln 2 and s. As s grows from −4 to 8, \
             the probability of the third class rises in an S from almost 0 to almost 1, \
             and the other two fall, always one twice the other. At s = ln 5 they are 1/8, \
             1/4 and 5/8. Below: how large s may be. The naive form gives NaN beyond \
             {single} in f32 and beyond {double} in f64; the shifted form still works at \
             100000."
        ),
    );
    curves(&mut svg);
    reach(&mut svg, [single, double]);
    svg.finish()
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
        (GREEN, "score 0", (-3.9, 0.345)),
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

fn reach(svg: &mut Svg, [single, double]: [f64; 2]) {
    let panel = Panel {
        x: Scale::log((1.0, 1e5), (8.0, 458.0)),
        y: Scale::linear((0.0, 1.0), (548.0, 390.0)),
    };
    svg.add(heading(0.0, 372.0, INK, "how large s may be"));
    panel.x_axis(svg, &powers(0, 5, 1), "s");
    let works = |s: f64| {
        probabilities::<f32>(s).iter().all(|p| p.is_finite())
            && probabilities::<f64>(s).iter().all(|p| p.is_finite())
    };
    assert!(works(1e5), "the shifted form must work at 100000");
    let bars: [(&str, f64, Colour); 3] = [
        ("naive, f32: NaN beyond", single, ORANGE),
        ("naive, f64: NaN beyond", double, ORANGE),
        ("shifted, f32 and f64: no end", 1e5, BLUE),
    ];
    for (i, (name, end, colour)) in bars.into_iter().enumerate() {
        let y = 412.0 + 52.0 * i as f64;
        let (start, stop) = (panel.x.at(1.0), panel.x.at(end));
        svg.add(line((start, y), (stop, y), colour, 7.0));
        let label = if end < 1e5 {
            svg.add(cross((stop, y), 6.0, colour));
            format!("{name} {end}")
        } else {
            name.to_owned()
        };
        svg.add(text(start, y - TEXT * 0.6, Anchor::Start, colour, &label));
    }
}
