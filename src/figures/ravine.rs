//! Chapter 10: the paths of the four update rules through a ravine.

use crate::drawing::chart::{Panel, Scale, ticks};
use crate::drawing::palette::{BLUE, Colour, GREEN, INK, MAGENTA, MUTED, ORANGE};
use crate::drawing::shapes::{Anchor, cross, dot, path};
use crate::drawing::svg::Svg;
use crate::optim::{self, Adam, RmsProp, Rule};
use ndarray::array;
use std::f64::consts::TAU;

/// The rules with their rates and what the figure calls them.
pub fn rules() -> [(Rule<f64>, f64, &'static str); 4] {
    [
        (Rule::Sgd, 0.019, "plain descent"),
        (Rule::Momentum(0.9), 0.005, "momentum"),
        (Rule::RmsProp(RmsProp::default()), 0.08, "RMSProp"),
        (Rule::Adam(Adam::default()), 0.3, "Adam"),
    ]
}

/// How many steps are drawn.
pub const STEPS: usize = 40;

/// How much steeper the ravine is across than along.
const STEEP: f64 = 100.0;

/// The loss, whose lowest place is at (0, 0).
pub fn loss((x, y): (f64, f64)) -> f64 {
    (x * x + STEEP * y * y) / 2.0
}

/// The start, (−9, 1), and the places after each of so many steps.
pub fn walk(rule: Rule<f64>, rate: f64, steps: usize) -> Vec<(f64, f64)> {
    let mut w = array![-9.0, 1.0];
    let (mut m, mut v) = (array![0.0, 0.0], array![0.0, 0.0]);
    let mut places = vec![(w[0], w[1])];
    for t in 1..=steps as u64 {
        let dw = array![w[0], STEEP * w[1]];
        match rule {
            Rule::Sgd => w.scaled_add(-rate, &dw),
            Rule::Momentum(share) => optim::momentum(&mut w, &dw, &mut v, rate, share),
            Rule::RmsProp(rule) => optim::rmsprop(&mut w, &dw, &mut v, rate, rule),
            Rule::Adam(rule) => optim::adam(&mut w, &dw, &mut m, &mut v, t, rate, rule),
        }
        places.push((w[0], w[1]));
    }
    places
}

/// The figure.
pub fn draw() -> String {
    let mut svg = Svg::new(
        "ravine",
        892.0,
        "Four update rules in a ravine",
        "Four times the same ravine, lines of equal loss that are ellipses ten times as \
         long as wide, with forty steps from the upper left. Plain descent jumps from wall \
         to wall and creeps along the floor. Momentum swings across too, but gathers speed \
         along the floor and comes close to the lowest place. RMSProp is on the floor after \
         three steps and follows it in ever shorter ones. Adam sets out along the \
         diagonal, swings across the floor in wide waves, and arrives.",
    );
    let colours = [BLUE, ORANGE, GREEN, MAGENTA];
    for (i, (rule, colour)) in rules().into_iter().zip(colours).enumerate() {
        panel(&mut svg, 36.0 + 218.0 * i as f64, rule, colour);
    }
    svg.finish()
}

fn panel(
    svg: &mut Svg,
    top: f64,
    (rule, rate, name): (Rule<f64>, f64, &str),
    colour: Colour,
) {
    let panel = Panel {
        x: Scale::linear((-10.5, 6.5), (38.0, 466.0)),
        y: Scale::linear((-1.3, 1.3), (top + 144.0, top)),
    };
    panel.title(svg, &format!("{name}, rate {rate}"));
    panel.y_axis(svg, &ticks(&[-1.0, 0.0, 1.0]));
    panel.x_axis(svg, &ticks(&[-9.0, -6.0, -3.0, 0.0, 3.0, 6.0]), "");
    for level in [2.0_f64, 8.0, 18.0] {
        let (a, b) = ((2.0 * level).sqrt(), (2.0 * level / STEEP).sqrt());
        let ellipse = (0..=72).map(|i| {
            let angle = TAU * f64::from(i) / 72.0;
            panel.at((a * angle.cos(), b * angle.sin()))
        });
        svg.add(path(ellipse, MUTED, 1.0));
    }
    let places = walk(rule, rate, STEPS);
    svg.add(panel.line(places.iter().copied(), colour));
    for &place in &places[1..] {
        svg.add(dot(panel.at(place), 3.0, colour));
    }
    svg.add(cross(panel.at((0.0, 0.0)), 5.0, INK));
    svg.add(dot(panel.at(places[0]), 6.0, INK));
    let (x, y) = places[0];
    panel.label(svg, (x + 0.5, y - 0.1), Anchor::Start, INK, "start");
}
