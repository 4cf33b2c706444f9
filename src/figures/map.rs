//! The data of the figures `rate-scale-map` and `rate-scale-map-batchnorm`: which weight scales and learning rates learn, and
//! how the loss of each training went.
//!
//! Some thousands of trainings take minutes, so their outcomes are two text files,
//! `book/data/rate-scale-map.txt` and, with batch normalization,
//! `book/data/rate-scale-map-batchnorm.txt`. The figures are drawn from them; a test
//! computes some cells of the first again.

use super::runs::{Outcome, Run};
use crate::fifty::Images;
use crate::{FullyConnectedNet, Normalization, Options};
use ndarray::{Array1, Array2, ArrayRef2, Axis, stack};
use std::fmt;
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The file as it was when the crate was compiled.
pub const DATA: &str = include_str!("../../book/data/rate-scale-map.txt");

/// The file of the five-layer network with batch normalization.
pub const NORMALIZED: &str =
    include_str!("../../book/data/rate-scale-map-batchnorm.txt");

/// The two networks.
pub const LAYERS: [usize; 2] = [3, 5];

/// The number of networks that a cell stands for.
pub const SEEDS: u64 = 10;

/// The learning rates, a column each: three a decade.
pub const RATES: [f64; 14] = [
    1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 1e-1, 2e-1,
];

/// The weight scales, a row each: six a decade.
pub const SCALES: [f64; 21] = [
    5e-4, 7e-4, 1e-3, 1.5e-3, 2e-3, 3e-3, 5e-3, 7e-3, 1e-2, 1.5e-2, 2e-2, 3e-2, 5e-2,
    7e-2, 1e-1, 1.5e-1, 2e-1, 3e-1, 5e-1, 7e-1, 1.0,
];

/// The steps whose losses the file keeps: every fourth, and the last.
pub const STEPS: [usize; 11] = [1, 5, 9, 13, 17, 21, 25, 29, 33, 37, 40];

/// The letters that losses are kept as, the least loss first.
pub const LETTERS: &[u8; 64] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

/// The losses of the first letter and of the last; between them lie equal ratios.
pub const LOSSES: [f64; 2] = [1e-5, 1e5];

/// The letter in place of a loss that was never computed, because training had stopped.
pub const STOPPED: char = '.';

/// A loss as a letter: the nearest of 64 between 1e-5 and 1e5, neighbours 1.44 times apart.
fn letter(loss: f64) -> char {
    let [least, most] = LOSSES.map(f64::log10);
    let last = LETTERS.len() - 1;
    let place = (loss.log10() - least) / (most - least) * last as f64;
    LETTERS[place.round().clamp(0.0, last as f64) as usize].into()
}

/// The losses of a training at [`STEPS`], a letter each.
fn curve(losses: &[f64]) -> String {
    let at = |&step: &usize| losses.get(step - 1).map_or(STOPPED, |&loss| letter(loss));
    STEPS.iter().map(at).collect()
}

/// The results of the ten networks of one setting.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The number of affine layers.
    pub layers: usize,
    /// The standard deviation of the initial weights.
    pub weight_scale: f64,
    /// The learning rate.
    pub rate: f64,
    /// The number of networks that had all fifty right after some epoch.
    pub learned: u64,
    /// The number of networks that ended with a loss or a score that is not finite.
    pub diverged: u64,
    /// The losses of each network at [`STEPS`], as [`LETTERS`].
    pub curves: Vec<String>,
}

impl Cell {
    /// Trains the ten networks. Network `seed` has weights of that seed, and its batches
    /// are drawn with `seed + 1000`.
    pub fn compute(
        layers: usize,
        weight_scale: f64,
        rate: f64,
        images: &Images,
    ) -> Cell {
        Cell::with(layers, weight_scale, rate, |run| run.train(images))
    }

    fn with(
        layers: usize,
        weight_scale: f64,
        rate: f64,
        train: impl Fn(Run) -> Outcome,
    ) -> Cell {
        let mut cell = Cell {
            layers,
            weight_scale,
            rate,
            learned: 0,
            diverged: 0,
            curves: Vec::new(),
        };
        for seed in 0..SEEDS {
            let run = Run {
                layers,
                weight_scale,
                rate,
                weights: seed,
                batches: seed + 1000,
            };
            let outcome = train(run);
            let learned = outcome.history.epoch_of_full_accuracy().is_some();
            cell.learned += u64::from(learned);
            cell.diverged += u64::from(outcome.diverged);
            cell.curves.push(curve(&outcome.history.losses));
        }
        cell
    }
}

/// A line of the file.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cell {
            layers,
            weight_scale,
            rate,
            learned,
            diverged,
            curves,
        } = self;
        write!(f, "{layers} {weight_scale} {rate} {learned} {diverged}")?;
        curves.iter().try_for_each(|curve| write!(f, " {curve}"))
    }
}

/// The cells of a file.
///
/// # Errors
///
/// The line that is not a cell, and what a cell looks like.
pub fn parse(text: &str) -> Result<Vec<Cell>, String> {
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| !line.starts_with('#') && !line.is_empty())
        .map(|(i, line)| {
            cell(line).ok_or_else(|| {
                format!("line {}: expected {COLUMNS}, found {line:?}", i + 1)
            })
        })
        .collect()
}

const COLUMNS: &str = "`layers weight-scale rate learned diverged` and ten curves";

fn cell(line: &str) -> Option<Cell> {
    let mut words = line.split(' ');
    let cell = Cell {
        layers: words.next()?.parse().ok()?,
        weight_scale: words.next()?.parse().ok()?,
        rate: words.next()?.parse().ok()?,
        learned: words.next()?.parse().ok()?,
        diverged: words.next()?.parse().ok()?,
        curves: words.map(str::to_owned).collect(),
    };
    let known = |letter: char| letter == STOPPED || LETTERS.contains(&(letter as u8));
    let is_curve =
        |curve: &String| curve.len() == STEPS.len() && curve.chars().all(known);
    let all = cell.curves.len() == SEEDS as usize && cell.curves.iter().all(is_curve);
    all.then_some(cell)
}

/// The fifty images and the fresh networks in the coordinates of the space that the images span.
///
/// A gradient of `W1` is a sum of images. What of the weights lies outside that space meets no
/// image, gets no gradient and never changes. So a network with 49 inputs (the images add up
/// to 0) computes what the one with 3072 does, but for rounding, in a twentieth of the time.
/// The tests train some cells with all pixels.
struct Small {
    x: Array2<f64>,
    y: Vec<usize>,
    /// For each of [`LAYERS`] the networks of all seeds, at weight scale 1.
    nets: [Vec<FullyConnectedNet<f64>>; 2],
}

impl Small {
    fn new(normalization: Normalization) -> Small {
        let images = Images::synthetic();
        let x = images
            .x
            .to_shape((images.y.len(), 3072))
            .expect("a row an image");
        let basis = basis(&x);
        let net = |layers, weights| {
            let run = Run {
                layers,
                weight_scale: 1.0,
                rate: 0.0,
                weights,
                batches: 0,
            };
            let large = run.net();
            let options = Options {
                normalization,
                ..Options::new(basis.nrows(), &vec![100; layers - 1], 10)
            };
            let mut small = FullyConnectedNet::new(options).expect("good options");
            for (i, layer) in large.parameters().layers().iter().enumerate() {
                let w = match i {
                    0 => basis.dot(&layer.w),
                    _ => layer.w.clone(),
                };
                let name = format!("W{}", i + 1);
                small.parameters_mut().set(&name, &w).expect("its shape");
            }
            small
        };
        Small {
            x: x.dot(&basis.t()),
            y: images.y,
            nets: LAYERS
                .map(|layers| (0..SEEDS).map(|seed| net(layers, seed)).collect()),
        }
    }

    fn train(&self, run: Run) -> Outcome {
        let of_depth = &self.nets[usize::from(run.layers == LAYERS[1])];
        let mut net = of_depth[run.weights as usize].clone();
        // Biases are 0, and gamma and beta have no scale.
        for i in 1..=run.layers {
            let name = format!("W{i}");
            let parameter = net.parameters_mut().get_mut(&name);
            let mut parameter = parameter.expect("its own name");
            parameter.map_inplace(|w| *w *= run.weight_scale);
        }
        run.train_net(net, &self.x, &self.y)
    }
}

/// Orthonormal rows that span the rows of `x`: Gram and Schmidt's way, each row twice, so that
/// rounding leaves nothing.
fn basis(x: &ArrayRef2<f64>) -> Array2<f64> {
    let mut basis: Vec<Array1<f64>> = Vec::new();
    for row in x.rows() {
        let mut rest = row.to_owned();
        for _ in 0..2 {
            for known in &basis {
                let along = known.dot(&rest);
                rest.scaled_add(-along, known);
            }
        }
        let length = rest.dot(&rest).sqrt();
        if length > 1e-8 * row.dot(&row).sqrt() {
            basis.push(rest / length);
        }
    }
    let rows: Vec<_> = basis.iter().map(|row| row.view()).collect();
    stack(Axis(0), &rows).expect("rows of one length")
}

/// Trains every network of a map, on all processors, and returns the file's new text.
/// The map with normalization is of five layers alone.
/// `done` is called after each cell with how many are finished, and of how many.
pub fn compute(
    normalization: Normalization,
    done: impl Fn(usize, usize) + Sync,
) -> String {
    let small = Small::new(normalization);
    let is_plain = normalization == Normalization::None;
    let layers = if is_plain { &LAYERS[..] } else { &LAYERS[1..] };
    let header = if is_plain { HEADER } else { HEADER_NORMALIZED };
    let settings: Vec<(usize, f64, f64)> = layers
        .iter()
        .copied()
        .flat_map(|layers| SCALES.map(|scale| (layers, scale)))
        .flat_map(|(layers, scale)| RATES.map(|rate| (layers, scale, rate)))
        .collect();
    let (next, finished) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let cells = Mutex::new(Vec::new());
    let work = || {
        while let Some(&(layers, scale, rate)) =
            settings.get(next.fetch_add(1, Ordering::Relaxed))
        {
            let cell = Cell::with(layers, scale, rate, |run| small.train(run));
            cells.lock().expect("no thread panicked").push(cell);
            done(finished.fetch_add(1, Ordering::Relaxed) + 1, settings.len());
        }
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let mut cells = cells.into_inner().expect("no thread panicked");
    let place = |cell: &Cell| {
        let setting = (cell.layers, cell.weight_scale, cell.rate);
        settings.iter().position(|&s| s == setting)
    };
    cells.sort_by_key(place);
    let lines: String = cells.iter().map(|cell| format!("{cell}\n")).collect();
    format!("{header}{lines}")
}

/// The head of the file, which says what it holds.
const HEADER: &str = "\
# Which weight scales and learning rates learn fifty images by heart?
#
# For each setting ten networks (3072 inputs, hidden layers of 100, 10 classes; f64) train on
# synthetic::images(50, 0) less their mean image: 20 epochs, batches of 25, no penalty.
# Network k draws its weights with seed k and its batches with seed 1000 + k, k = 0 to 9.
# (They train in the coordinates of the space that the images span, with the same result.)
# `learned` counts those that had all fifty right after some epoch, `diverged` those that
# ended with a loss or a score that is not finite.
#
# Then a word for each network: the loss of its batch at the steps 1, 5, 9, …, 37 and 40, a
# letter each. 0-9, A-Z, a-z, - and _ are 64 losses from 1e-5 to 1e5, each 1.44 times the one
# before; a point says that training had stopped.
#
# Made by: cargo run --release --features book -- figures --map
#
# layers weight-scale rate learned diverged curves
";

/// The head of the other file.
const HEADER_NORMALIZED: &str = "\
# Which weight scales and learning rates learn with batch normalization?
#
# The five-layer networks of rate-scale-map.txt once more, with the same weights and batches, and
# with batch normalization in front of each ReLU. A training pass normalizes by the moments of
# its batch of 25; whether all fifty images are right is asked of the test pass, which takes the
# running averages. Columns and letters are those of rate-scale-map.txt.
#
# Made by: cargo run --release --features book -- figures --map-batchnorm
#
# layers weight-scale rate learned diverged curves
";

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(layers: usize) -> Vec<Cell> {
        let cells = parse(DATA).unwrap().into_iter();
        cells.filter(|cell| cell.layers == layers).collect()
    }

    /// The settings `(scale, rate)` at which all ten networks learn.
    fn all_learn(layers: usize) -> Vec<(f64, f64)> {
        let cells = cells(layers).into_iter();
        let all = cells.filter(|cell| cell.learned == SEEDS);
        all.map(|cell| (cell.weight_scale, cell.rate)).collect()
    }

    /// The slope of the line of least squares through `(x, y)`.
    fn slope(points: &[(f64, f64)]) -> f64 {
        let n = points.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
        let (x, y) = (mean(|p| p.0), mean(|p| p.1));
        let products = points.iter().map(|p| (p.0 - x) * (p.1 - y));
        let squares = points.iter().map(|p| (p.0 - x).powi(2));
        products.sum::<f64>() / squares.sum::<f64>()
    }

    fn one_decimal(x: f64) -> String {
        format!("{x:.1}")
    }

    /// The essay on depth: how many decades of rate a decade of scale costs, by three fits.
    #[test]
    fn the_band_leans_as_the_essay_says() {
        let mut fits = Vec::new();
        for layers in LAYERS {
            let points: Vec<_> = all_learn(layers)
                .into_iter()
                .map(|(scale, rate)| (scale.log10(), rate.log10()))
                .collect();
            let means: Vec<_> = SCALES
                .into_iter()
                .filter_map(|scale| {
                    let rates = points.iter().filter(|p| p.0 == scale.log10());
                    let rates: Vec<f64> = rates.map(|p| p.1).collect();
                    let mean = rates.iter().sum::<f64>() / rates.len() as f64;
                    (!rates.is_empty()).then_some((scale.log10(), mean))
                })
                .collect();
            let turned: Vec<_> = points.iter().map(|&(x, y)| (y, x)).collect();
            let of = [slope(&means), slope(&points), 1.0 / slope(&turned)];
            fits.push(of.map(|slope| one_decimal(-slope)));
        }
        assert_eq!(fits, [["1.1", "1.1", "1.3"], ["2.9", "3.0", "3.5"]]);
    }

    #[test]
    fn the_band_begins_where_the_essay_says() {
        let smallest = |layers| {
            let scales = all_learn(layers).into_iter().map(|(scale, _)| scale);
            scales.fold(f64::INFINITY, f64::min)
        };
        assert_eq!((smallest(3), smallest(5)), (0.015, 0.05));
        let gain = |scale: f64| scale * f64::sqrt(50.0);
        assert_eq!(format!("{:.0}", gain(0.015).powi(-2)), "89");
        assert_eq!(format!("{:.0}", gain(0.05).powi(-4)), "64");
    }

    /// The largest and the smallest of some numbers, and their ratio.
    fn range(numbers: impl Iterator<Item = f64>) -> (f64, f64, f64) {
        let ends = (f64::INFINITY, 0.0_f64);
        let (low, high) = numbers.fold(ends, |(l, h), x| (l.min(x), h.max(x)));
        (low, high, high / low)
    }

    #[test]
    fn at_the_best_rate_the_band_is_as_wide_as_the_essay_says() {
        for (layers, low, high, factor) in
            [(3, 0.05, 0.3, "6.0"), (5, 0.07, 0.15, "2.1")]
        {
            let at = |rate: f64| {
                let settings = all_learn(layers).into_iter();
                range(settings.filter(|s| s.1 == rate).map(|s| s.0))
            };
            let (from, to, ratio) = at(5e-4);
            assert_eq!((from, to, one_decimal(ratio).as_str()), (low, high, factor));
            assert!(RATES.into_iter().all(|rate| at(rate).2 <= ratio + 1e-9));
        }
    }

    #[test]
    fn the_scales_with_a_tenfold_range_of_rates_are_the_essays() {
        let patient = |layers| -> Vec<f64> {
            let at = |scale: f64| {
                let settings = all_learn(layers).into_iter();
                range(settings.filter(|s| s.0 == scale).map(|s| s.1)).2
            };
            let is_patient = |scale: &f64| at(*scale) > 9.9;
            SCALES.into_iter().filter(is_patient).collect()
        };
        assert_eq!(patient(3), [0.0; 0]);
        assert_eq!(patient(5), [0.05, 0.07, 0.1, 0.2]);
    }

    #[test]
    fn at_a_scale_of_0_02_so_many_learn() {
        let learned = |layers| -> u64 {
            let cells = cells(layers).into_iter();
            let cells = cells.filter(|cell| cell.weight_scale == 2e-2);
            cells.map(|cell| cell.learned).sum()
        };
        assert_eq!((learned(3), learned(5)), (39, 0));
    }
}
