//! Chapter 9: four points that no line separates, and what a small network makes of the
//! plane between them.

use crate::drawing::palette::{Colour, INK, MAGENTA, MUTED, ORANGE, SURFACE, ramp};
use crate::drawing::shapes::{Anchor, dot, heading, rectangle, text};
use crate::drawing::svg::{Element, Svg, along, thinned};
use crate::overfit::{Training, train};
use crate::{FullyConnectedNet, Options};
use contour::ContourBuilder;
use ndarray::{Array2, array};

/// The plane that is drawn reaches from −`REACH` to `REACH`.
const REACH: f64 = 1.8;
/// Points of the grid on each side.
const POINTS: usize = 91;
/// The probabilities of class 1 that pass from one shade to the next.
const LEVELS: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];
const SIDE: f64 = 228.0;

fn points() -> (Array2<f64>, [usize; 4]) {
    let x = array![[1., 1.], [-1., -1.], [1., -1.], [-1., 1.]];
    (x, [0, 0, 1, 1])
}

/// The network of the chapter's example, fresh and trained.
pub fn nets() -> [FullyConnectedNet<f64>; 2] {
    let options = Options {
        weight_scale: 1.,
        ..Options::new(2, &[16], 2)
    };
    let fresh = FullyConnectedNet::<f64>::new(options).expect("good options");
    let training = Training {
        epochs: 100,
        batch: 4,
        learning_rate: 0.3,
        seed: 0,
    };
    let mut trained = fresh.clone();
    let (x, y) = points();
    train(&mut trained, &x, &y, &training, |_| ()).expect("it does not diverge");
    [fresh, trained]
}

/// The probability of class 1 at every point of the grid, row by row from below.
fn probabilities(net: &FullyConnectedNet<f64>) -> Vec<f64> {
    let step = 2.0 * REACH / (POINTS - 1) as f64;
    let at = |i: usize| step * i as f64 - REACH;
    let x = Array2::from_shape_fn((POINTS * POINTS, 2), |(i, axis)| match axis {
        0 => at(i % POINTS),
        _ => at(i / POINTS),
    });
    let scores = net.scores(x);
    let rows = scores.rows().into_iter();
    rows.map(|s| 1.0 / (1.0 + (s[0] - s[1]).exp())).collect()
}

/// The figure.
pub fn draw() -> String {
    let mut svg = Svg::new(
        "crosswise",
        300.0,
        "The plane as a network sees it, before training and after",
        "Two squares of the plane, each with four points at the corners of a smaller \
         square: class 0 at the upper right and the lower left, class 1 at the other two. \
         The shade says how likely the network finds class 1. Before training the shades \
         have nothing to do with the points. After training two strong corners hold the \
         points of class 1 and a pale band in between holds those of class 0; all borders \
         are made of straight pieces.",
    );
    let [fresh, trained] = nets();
    panel(&mut svg, 0.0, "before training", &fresh);
    panel(&mut svg, 480.0 - SIDE, "after 100 steps", &trained);
    let y = 288.0;
    svg.add(dot((8.0, y - 6.0), 7.0, ORANGE));
    svg.add(text(22.0, y, Anchor::Start, MUTED, "class 0"));
    svg.add(square((260.0, y - 6.0)));
    svg.add(text(274.0, y, Anchor::Start, MUTED, "class 1"));
    svg.finish()
}

fn square((x, y): (f64, f64)) -> Element {
    rectangle((x - 7.0, y - 7.0), (14.0, 14.0), MAGENTA, Some(SURFACE))
}

fn panel(svg: &mut Svg, left: f64, words: &str, net: &FullyConnectedNet<f64>) {
    let top = 34.0;
    svg.add(heading(left, 20.0, INK, words));
    let place = |x: f64, y: f64| {
        let share = |value: f64| (value + REACH) / (2.0 * REACH);
        (left + SIDE * share(x), top + SIDE * (1.0 - share(y)))
    };
    let values = probabilities(net);
    let contours = ContourBuilder::new(POINTS, POINTS, true).contours(&values, &LEVELS);
    let contours = contours.expect("as many values as the grid has points");
    // A value of the grid is in the middle of a cell of 1 by 1.
    let step = 2.0 * REACH / (POINTS - 1) as f64;
    let number = |x: f64| (step * (x - 0.5) - REACH).clamp(-REACH, REACH);
    for (contour, shade) in contours.iter().zip(1..) {
        let polygons = contour.geometry().0.iter();
        let rings =
            polygons.flat_map(|p| [p.exterior()].into_iter().chain(p.interiors()));
        let d: String = rings
            .map(|ring| {
                let places: Vec<_> = ring
                    .coords()
                    .map(|c| place(number(c.x), number(c.y)))
                    .collect();
                format!("{}Z", along(thinned(&places, 0.25)))
            })
            .collect();
        svg.add(area(&d, ramp(shade)));
    }
    let frame = rectangle((left, top), (SIDE, SIDE), SURFACE, Some(MUTED));
    svg.add(frame.set("fill-opacity", 0.0));
    let (x, y) = points();
    for (point, class) in x.rows().into_iter().zip(y) {
        let at = place(point[0], point[1]);
        svg.add(match class {
            0 => dot(at, 7.0, ORANGE)
                .set("stroke", SURFACE)
                .set("stroke-width", 1.5),
            _ => square(at),
        });
    }
}

fn area(d: &str, colour: Colour) -> Element {
    Element::new("path")
        .set("d", d)
        .set("fill", colour)
        .set("fill-rule", "evenodd")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trained_network_has_all_four_points_right() {
        let (x, y) = points();
        let [fresh, trained] = nets();
        assert!(fresh.accuracy(&x, &y).unwrap() < 1.0);
        assert_eq!(trained.accuracy(&x, &y).unwrap(), 1.0);
    }
}
