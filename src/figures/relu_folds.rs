//! Chapter 2: what a layer of ReLUs can draw, with one input and with two.

use crate::affine;
use crate::drawing::chart::{Panel, Scale, ticks};
use crate::drawing::palette::{BLUE, GREEN, INK, MUTED, ORANGE, SURFACE, ramp};
use crate::drawing::shapes::{Anchor, dot, heading, plain, region, text};
use crate::drawing::svg::Svg;
use crate::figures::affine_plane::part_where;
use crate::relu::affine_relu_forward;
use ndarray::{Array1, Array2, array};

/// A network with one hidden layer and one output.
#[derive(Debug, Clone)]
pub struct Small {
    w1: Array2<f64>,
    b1: Array1<f64>,
    w2: Array2<f64>,
    b2: f64,
}

impl Small {
    /// Its output for an input.
    pub fn out(&self, x: &[f64]) -> f64 {
        let x = Array2::from_shape_fn((1, x.len()), |(_, i)| x[i]);
        let (h, _) = affine_relu_forward(&x, &self.w1, &self.b1);
        let (out, _) = affine::forward(&h, &self.w2, &array![self.b2]);
        out[[0, 0]]
    }

    /// What each unit computes before its ReLU.
    fn sums(&self, x: &[f64]) -> Vec<f64> {
        let x = Array2::from_shape_fn((1, x.len()), |(_, i)| x[i]);
        affine::forward(&x, &self.w1, &self.b1)
            .0
            .into_iter()
            .collect()
    }
}

/// The tent of the chapter: three units that switch on at 0, 1 and 2.
pub fn tent() -> Small {
    Small {
        w1: array![[1., 1., 1.]],
        b1: array![0., -1., -2.],
        w2: array![[1.], [-2.], [1.]],
        b2: 0.0,
    }
}

/// The end of the stretch on which the curve is drawn.
const END: f64 = 2.0 * std::f64::consts::PI;

/// A network that joins points of the sine, from 0 to 2π, by `pieces` straight lines: a unit
/// for each piece, which switches on where it begins and brings the change of slope.
pub fn joined(pieces: usize) -> Small {
    let length = END / pieces as f64;
    let knot = |i: usize| length * i as f64;
    let slope = |i: usize| (knot(i + 1).sin() - knot(i).sin()) / length;
    let change = |i: usize| slope(i) - if i == 0 { 0.0 } else { slope(i - 1) };
    Small {
        w1: Array2::ones((1, pieces)),
        b1: (0..pieces).map(|i| -knot(i)).collect(),
        w2: Array2::from_shape_fn((pieces, 1), |(i, _)| change(i)),
        b2: 0.0,
    }
}

/// The largest distance between the sine and `pieces` straight lines.
pub fn gap(pieces: usize) -> f64 {
    let net = joined(pieces);
    let points = (0..=4000).map(|i| END * f64::from(i) / 4000.0);
    let gaps = points.map(|x| (net.out(&[x]) - x.sin()).abs());
    gaps.fold(0.0, f64::max)
}

/// A hill over the plane: 1 where all three units are off, and lower outside.
pub fn hill() -> Small {
    let directions = [90.0_f64, 210.0, 330.0].map(f64::to_radians);
    Small {
        w1: Array2::from_shape_fn((2, 3), |(i, j)| {
            let angle = directions[j];
            if i == 0 { angle.cos() } else { angle.sin() }
        }),
        b1: array![-0.5, -0.5, -0.5],
        w2: array![[-1.], [-1.], [-1.]],
        b2: 1.0,
    }
}

/// The figure of one input.
pub fn curves() -> String {
    let mut svg = Svg::new(
        "relu-tent",
        618.0,
        "What units with one input add up to",
        format!(
            "Above, three units over x from −1 to 3: the first rises from 0, the second, \
             times −2, falls from 1, the third rises from 2. Their sum is a tent: 0 up to \
             x = 0, rising to 1 at x = 1, falling to 0 at x = 2, and 0 from there. Below, a \
             sine wave and two networks that join points of it with straight lines: four \
             pieces miss it by {:.2} at most, eight by {:.2}.",
            gap(4),
            gap(8)
        ),
    );
    three_units(&mut svg);
    sine(&mut svg);
    svg.finish()
}

fn three_units(svg: &mut Svg) {
    let panel = Panel {
        x: Scale::linear((-1.0, 3.0), (38.0, 466.0)),
        y: Scale::linear((-2.0, 2.0), (250.0, 40.0)),
    };
    svg.add(heading(0.0, 20.0, INK, "three units and their sum"));
    panel.y_axis(svg, &ticks(&[-2.0, -1.0, 0.0, 1.0, 2.0]));
    panel.x_axis(svg, &ticks(&[-1.0, 0.0, 1.0, 2.0, 3.0]), "x");
    let tent = tent();
    let points: Vec<f64> = (-20..=60).map(|i| f64::from(i) / 20.0).collect();
    let places = [(1.7, 1.72), (1.75, -1.75), (2.62, 0.78)];
    let colours = [BLUE, ORANGE, GREEN];
    let words = ["max(0, x)", "−2·max(0, x − 1)", "max(0, x − 2)"];
    for unit in 0..3 {
        let alone = Small {
            w2: Array2::from_shape_fn((3, 1), |(i, _)| {
                if i == unit { tent.w2[[i, 0]] } else { 0.0 }
            }),
            ..tent.clone()
        };
        let line = points.iter().map(|&x| (x, alone.out(&[x])));
        let visible = line.filter(|(_, y)| y.abs() <= 2.0);
        svg.add(panel.line(visible, colours[unit]).set("stroke-width", 2.0));
        panel.label(svg, places[unit], Anchor::End, colours[unit], words[unit]);
    }
    let sum = points.iter().map(|&x| (x, tent.out(&[x])));
    svg.add(panel.line(sum, INK).set("stroke-width", 4.0));
}

fn sine(svg: &mut Svg) {
    let panel = Panel {
        x: Scale::linear((0.0, END), (38.0, 466.0)),
        y: Scale::linear((-1.1, 1.1), (560.0, 360.0)),
    };
    svg.add(heading(0.0, 338.0, INK, "a curve, by 4 pieces and by 8"));
    panel.y_axis(svg, &ticks(&[-1.0, 0.0, 1.0]));
    panel.x_axis(svg, &ticks(&[0.0, 2.0, 4.0, 6.0]), "x");
    let points: Vec<f64> = (0..=320).map(|i| END * f64::from(i) / 320.0).collect();
    let curve = points.iter().map(|&x| (x, x.sin()));
    svg.add(
        panel
            .line(curve, MUTED)
            .set("stroke-width", 5.0)
            .set("stroke-opacity", "0.45"),
    );
    for (pieces, colour) in [(4, ORANGE), (8, BLUE)] {
        let net = joined(pieces);
        let line = points.iter().map(|&x| (x, net.out(&[x])));
        svg.add(panel.line(line, colour));
        for i in 0..=pieces {
            let x = END * i as f64 / pieces as f64;
            svg.add(dot(panel.at((x, net.out(&[x]))), 3.5, colour));
        }
    }
    panel.label(svg, (0.62, 0.24), Anchor::Start, ORANGE, "4 pieces");
    panel.label(svg, (2.55, 0.78), Anchor::Start, BLUE, "8 pieces");
}

/// The figure of two inputs.
pub fn plane() -> String {
    let mut svg = Svg::new(
        "relu-plane",
        474.0,
        "Three units over the plane of two inputs",
        "A map of the output over the plane. Three dashed lines, the folds, cross and cut \
         it into seven pieces: a triangle in the middle, where all units are off and the \
         output is 1, three pieces beside it where one unit is on, and three at its corners \
         where two are. The lines of equal output are closed, with a bend at each fold; \
         inside the one of 0 the output is positive.",
    );
    let (from, to) = (-2.4, 2.4);
    let panel = Panel {
        x: Scale::linear((from, to), (56.0, 456.0)),
        y: Scale::linear((from, to), (416.0, 16.0)),
    };
    let hill = hill();
    let square = [(from, from), (to, from), (to, to), (from, to)];
    let levels = [f64::NEG_INFINITY, -1.0, -0.5, 0.0, 0.5, 0.999];
    let mut shores: Vec<Vec<(f64, f64)>> = Vec::new();
    for (shade, level) in levels.into_iter().enumerate() {
        for on in 0..8 {
            let mut piece = square.to_vec();
            for unit in 0..3 {
                let sign = if on & (1 << unit) == 0 { -1.0 } else { 1.0 };
                piece = part_where(&piece, |(a, b)| sign * hill.sums(&[a, b])[unit]);
            }
            if level.is_finite() {
                piece = part_where(&piece, |(a, b)| hill.out(&[a, b]) - level);
            }
            if level == 0.0 {
                let shore = |p: &&(f64, f64)| hill.out(&[p.0, p.1]).abs() < 1e-9;
                shores.push(piece.iter().filter(shore).copied().collect());
            }
            if piece.len() > 2 {
                let places = piece.into_iter().map(|p| panel.at(p));
                // With a rim of its own colour, or the page would show between two pieces.
                let area = region(places, ramp(shade)).set("stroke", ramp(shade));
                svg.add(area.set("stroke-width", 0.7));
            }
        }
    }
    for shore in shores {
        svg.add(panel.line(shore, INK));
    }
    for unit in 0..3 {
        let off = part_where(&square, |(a, b)| -hill.sums(&[a, b])[unit]);
        let at_fold = |p: &(f64, f64)| hill.sums(&[p.0, p.1])[unit].abs() < 1e-9;
        let ends: Vec<_> = off.into_iter().filter(at_fold).collect();
        let fold = panel.line(ends, ORANGE);
        svg.add(fold.set("stroke-dasharray", "7 5"));
    }
    for (place, colour, words) in
        [((0.0, -0.06), SURFACE, "1"), ((0.0, 1.22), INK, "above 0")]
    {
        let (x, y) = panel.at(place);
        svg.add(plain(x, y, Anchor::Middle, colour, words));
    }
    panel.label(&mut svg, (0.0, 1.62), Anchor::Middle, INK, "0");
    panel.x_axis(&mut svg, &ticks(&[-2.0, 0.0, 2.0]), "x₁ →");
    for (value, label) in ticks(&[-2.0, 0.0, 2.0]) {
        let y = panel.y.at(value) + 6.0;
        svg.add(text(48.0, y, Anchor::End, MUTED, &label));
    }
    svg.add(text(48.0, 38.0, Anchor::End, INK, "↑"));
    svg.add(text(48.0, 20.0, Anchor::End, INK, "x₂"));
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of the chapter's caption.
    #[test]
    fn twice_the_pieces_leave_a_quarter_of_the_error() {
        let gaps = [4, 8, 16].map(|pieces| format!("{:.2}", gap(pieces)));
        assert_eq!(gaps, ["0.21", "0.07", "0.02"]);
        assert!((gap(64) / gap(32) - 0.25).abs() < 0.01);
    }

    #[test]
    fn the_hill_is_flat_where_all_units_are_off_and_an_island() {
        let hill = hill();
        assert_eq!(hill.out(&[0.0, 0.0]), 1.0);
        for angle in 0..360 {
            let (y, x) = f64::from(angle).to_radians().sin_cos();
            assert!(hill.out(&[2.2 * x, 2.2 * y]) < 0.0, "{angle}°");
        }
    }
}
