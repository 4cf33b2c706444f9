//! The plot of a training: loss and accuracy as an SVG, drawn as the book's figures are.

use crate::cli::curve::FLOOR;
use crate::cli::numbers::short;
use fully_connected::drawing::chart::{Panel, Scale, counts, powers};
use fully_connected::drawing::palette::{BLUE, Colour, GREEN, MUTED, ORANGE, SURFACE};
use fully_connected::drawing::shapes::{Anchor, dot, rectangle, text};
use fully_connected::drawing::svg::{Svg, WIDTH};
use fully_connected::overfit::History;
use fully_connected::plan::{Epoch, Record};

const HEIGHT: f64 = 690.0;

/// Greater losses are drawn here: the power of ten above them must be finite.
const CEILING: f64 = 1e300;

/// Draws the loss at each step over the accuracy after each epoch, below two lines that say
/// what was trained, and how.
pub fn svg(history: &History, network: &str, training: &str) -> String {
    let mut svg = empty(describe(history), network, training);
    loss(&mut svg, &history.losses);
    let curves = [("training", &history.accuracies[..], ORANGE)];
    accuracy(&mut svg, "training accuracy, in percent", 1, &curves[..]);
    svg.alone()
}

/// Draws the loss at each step over both accuracies after each epoch, as [`svg`] does.
pub fn trained(record: &Record, network: &str, training: &str) -> String {
    let seen = |of: fn(&Epoch) -> f64| record.epochs.iter().map(of).collect::<Vec<_>>();
    let (train, validation) = (seen(|e| e.training), seen(|e| e.validation));
    let words = format!(
        "Two panels. Above, the loss of each batch on a logarithmic axis: {}. Below, after \
         each epoch, the share of training images that are right: {}; and of validation \
         images: {}.",
        first_and_last(&record.losses),
        first_and_last(&train),
        first_and_last(&validation)
    );
    let mut svg = empty(words, network, training);
    // The loss of a training that diverged may end in no number.
    let finite = record
        .losses
        .iter()
        .copied()
        .filter(|loss| loss.is_finite());
    let losses: Vec<f64> = finite.collect();
    if !losses.is_empty() {
        loss(&mut svg, &losses);
    }
    if let Some(first) = record.epochs.first() {
        let curves = [
            ("training", &train[..], ORANGE),
            ("validation", &validation[..], GREEN),
        ];
        accuracy(&mut svg, "accuracy, in percent", first.number, &curves);
        for (i, (name, _, colour)) in curves.into_iter().enumerate() {
            svg.add(text(
                330.0 + 75.0 * i as f64,
                436.0,
                Anchor::Start,
                colour,
                name,
            ));
        }
    }
    svg.alone()
}

/// A drawing with the two lines that say what was trained, and how.
fn empty(words: String, network: &str, training: &str) -> Svg {
    let title = "Loss and accuracy in training";
    let mut svg = Svg::new("training", HEIGHT, title, words);
    svg.add(rectangle((0.0, 0.0), (WIDTH, HEIGHT), SURFACE, None));
    for (y, words) in [(22.0, network), (42.0, training)] {
        // However long the line, it stays within the drawing.
        let size = (840.0 / words.chars().count() as f64).min(15.0);
        let line = text(0.0, y, Anchor::Start, MUTED, words);
        svg.add(line.set("font-size", size));
    }
    svg
}

/// The drawing in words.
fn describe(history: &History) -> String {
    format!(
        "Two panels. Above, the loss of each batch on a logarithmic axis: {}. Below, the \
         share of all images that are right after each epoch: {}.",
        first_and_last(&history.losses),
        first_and_last(&history.accuracies)
    )
}

fn first_and_last(values: &[f64]) -> String {
    match values {
        [] => "nothing".to_owned(),
        [only] => short(*only),
        [first, .., last] => format!("from {} to {}", short(*first), short(*last)),
    }
}

fn loss(svg: &mut Svg, losses: &[f64]) {
    let drawn: Vec<f64> = losses.iter().map(|l| l.clamp(FLOOR, CEILING)).collect();
    let (low, high) = decades(&drawn);
    let power = |exponent: i32| 10_f64.powi(exponent);
    let panel = Panel {
        x: Scale::linear((0.0, losses.len() as f64), (64.0, 466.0)),
        y: Scale::log((power(low), power(high)), (340.0, 90.0)),
    };
    let cut = losses.iter().any(|&loss| loss < FLOOR);
    let remark = if cut { " (0.001 and up)" } else { "" };
    panel.title(svg, &format!("training loss{remark}"));
    panel.y_axis(svg, &powers(low, high, (high - low) as usize / 10 + 1));
    panel.x_axis(svg, &counts(losses.len()), "step");
    line(svg, &panel, 1, &drawn, BLUE);
}

/// The accuracies after the epochs, of which the first has this number.
fn accuracy(
    svg: &mut Svg,
    title: &str,
    first: usize,
    curves: &[(&str, &[f64], Colour)],
) {
    let epochs = curves
        .iter()
        .map(|(_, values, _)| values.len())
        .max()
        .unwrap_or(0);
    let panel = Panel {
        x: Scale::linear(
            ((first - 1) as f64, (first - 1 + epochs) as f64),
            (64.0, 466.0),
        ),
        y: Scale::linear((0.0, 1.0), (630.0, 450.0)),
    };
    panel.title(svg, title);
    let percent = [0.0, 0.5, 1.0].map(|share| (share, format!("{}", 100.0 * share)));
    panel.y_axis(svg, &percent);
    panel.x_axis(svg, &numbered(first, epochs), "epoch");
    for (_, values, colour) in curves {
        line(svg, &panel, first, values, *colour);
    }
}

/// The labels of an axis of epochs that goes on from the one before the `first`.
fn numbered(first: usize, epochs: usize) -> Vec<(f64, String)> {
    let before = first - 1;
    let label = |(at, _): (f64, String)| {
        let number = before as f64 + at;
        (number, number.to_string())
    };
    counts(epochs).into_iter().map(label).collect()
}

/// Joins the values of steps or epochs, of which the first has this number. Each has a dot
/// while they are few, so that a single one shows as well.
fn line(svg: &mut Svg, panel: &Panel, first: usize, values: &[f64], colour: Colour) {
    let points = || (first..).map(|i| i as f64).zip(values.iter().copied());
    svg.add(panel.line(points(), colour));
    if values.len() <= 100 {
        points().for_each(|point| svg.add(dot(panel.at(point), 3.0, colour)));
    }
}

/// The exponents of the powers of ten below and above the losses.
fn decades(losses: &[f64]) -> (i32, i32) {
    let exponents = || losses.iter().map(|loss| loss.log10());
    let low = exponents().fold(f64::INFINITY, f64::min).floor() as i32;
    let high = exponents().fold(f64::NEG_INFINITY, f64::max).ceil() as i32;
    (low, high.max(low + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(losses: Vec<f64>) -> String {
        let accuracies = vec![0.5; losses.len()];
        svg(&History { losses, accuracies }, "any", "")
    }

    #[test]
    fn draws_losses_of_any_size() {
        for losses in [vec![2.3], vec![0.0; 3], vec![1e172, 2.3], vec![f64::MAX; 2]] {
            let svg = drawn(losses);
            assert!(svg.trim_end().ends_with("</svg>"), "{svg}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }

    #[test]
    fn the_axis_goes_from_a_power_of_ten_to_another() {
        assert_eq!(decades(&[0.0123, 230.0]), (-2, 3));
        assert_eq!(decades(&[1.0]), (0, 1));
    }

    #[test]
    fn a_viewer_without_variables_shows_the_light_colours() {
        let svg = drawn(vec![2.3, 0.1]);
        assert!(!svg.contains("var("), "{svg}");
        let [light, dark] = ["#545b63", "#9aa5b1"];
        assert!(svg.contains(&format!("fill=\"{light}\"")));
        assert!(svg.contains(&format!("[fill=\"{light}\"]{{fill:{dark}}}")));
    }
}
