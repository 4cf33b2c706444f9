//! Appendix: made-up images that can be learned.
//!
//! The images of [`synthetic`](crate::synthetic) show nothing: a network can memorize them,
//! and there is nothing more to learn. These show one of ten [`SHAPES`], and their label
//! says which. What a network learns from some of them holds for others, and so one can
//! ask what no set of fifty random textures can answer: how does it do on images that it
//! has never seen?
//!
//! They have the format of CIFAR-10: 3 channels of 32 by 32 pixels, and ten classes.
//!
//! # How an image is made
//!
//! Each image draws its own size, place and slight tilt of the shape, the width of its
//! strokes, a background colour that changes steadily in some direction, and the shape's colour:
//! brighter than the background in four images of five, darker in the fifth. In
//! the end every pixel gets noise, and is rounded and cut off at 0 and 255. All the
//! ranges are in the code below.
//!
//! # How hard they are
//!
//! Shares of 1000 images that were not trained on, after training on 2000:
//!
//! | | held-out accuracy |
//! |---|---|
//! | a guess | 10 % |
//! | the class whose mean image is nearest | 17 % |
//! | a linear classifier: softmax of one affine layer | 35 % |
//! | a network of two layers, 100 hidden units | 75 % |
//!
//! (`images(2000, 0)`, tested on `images(1000, 1_000_000)`, both minus the mean image of the
//! first; `f32`, batches of 100. Linear: weight scale 1e-3, rate 1e-5, 20 epochs; two
//! layers: weight scale 1e-2, rate 1e-3, 30 epochs; seed 0, no penalty.) A linear
//! classifier compares an image with ten templates, and no template fits a shape that moves
//! about and is bright here and dark there. Hidden units can look for parts of it.

use crate::images::Images;
use ndarray::{Array3, Array4};
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};

/// The ten classes, in the order of their labels.
pub const SHAPES: [&str; 10] = [
    "disc", "ring", "square", "frame", "triangle", "diamond", "plus", "cross", "rows",
    "columns",
];

/// ChaCha has many streams for one seed. Weights are drawn from stream 0, the images of
/// [`synthetic`](crate::synthetic) from stream 1.
const STREAM: u64 = 2;
/// The middle of the image, in pixels.
const MIDDLE: f64 = 15.5;
/// The share of shapes that are darker than their background.
const DARK: f64 = 0.2;
/// The standard deviation of the noise on each pixel.
const NOISE: f64 = 20.0;

/// Makes `n` images of 32 by 32 pixels, `(n, 3, 32, 32)`, brightness from 0 to 255, and
/// their labels, which count the [`SHAPES`] from 0.
///
/// The generator is ChaCha8, seeded with `seed`: the same seed gives the same images, and
/// a larger `n` the same ones and more. Every ten images in a row show each shape once, in
/// random order, so the classes are balanced. For images to test on, take another seed.
///
/// ```
/// use fully_connected::shapes::{self, SHAPES};
///
/// let images = shapes::images(50, 0);
/// assert_eq!(images.pixels.dim(), (50, 3, 32, 32));
/// let rings = images.labels.iter().filter(|&&label| SHAPES[label] == "ring").count();
/// assert_eq!(rings, 5);
/// ```
pub fn images(n: usize, seed: u64) -> Images {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(STREAM);
    let mut order: [usize; 10] = std::array::from_fn(|label| label);
    let mut labels = Vec::with_capacity(n);
    let mut pixels = Array4::zeros((n, 3, 32, 32));
    for (i, mut image) in pixels.outer_iter_mut().enumerate() {
        if i % 10 == 0 {
            order.shuffle(&mut generator);
        }
        let label = order[i % 10];
        image.assign(&draw(label, &mut generator));
        labels.push(label);
    }
    Images { pixels, labels }
}

/// Draws one image, `(3, 32, 32)`.
fn draw(label: usize, generator: &mut ChaCha8Rng) -> Array3<u8> {
    let mut between = |low: f64, high: f64| generator.random_range(low..high);
    let (x, y) = (MIDDLE + between(-2.0, 2.0), MIDDLE + between(-2.0, 2.0));
    let (size, stroke) = (between(7.0, 10.5), between(2.5, 4.0));
    let (sin, cos) = between(-0.2, 0.2).sin_cos();
    let ground = [(); 3].map(|()| between(60.0, 190.0));
    let slope = (between(-2.0, 2.0), between(-2.0, 2.0));
    let sign = if between(0.0, 1.0) < DARK { -1.0 } else { 1.0 };
    let contrast = sign * between(40.0, 100.0);
    let colour = [(); 3].map(|()| contrast + between(-30.0, 30.0));

    Array3::from_shape_fn((3, 32, 32), |(channel, row, column)| {
        let (row, column) = (row as f64, column as f64);
        let (u, v) = (column - x, row - y);
        let (u, v) = (cos * u + sin * v, cos * v - sin * u);
        // A pixel that the edge crosses is covered in part.
        let cover = (depth(label, size, stroke, (u, v)) + 0.5).clamp(0.0, 1.0);
        let ground =
            ground[channel] + slope.0 * (column - MIDDLE) + slope.1 * (row - MIDDLE);
        let noise: f64 = StandardNormal.sample(generator);
        let pixel = ground + cover * colour[channel] + NOISE * noise;
        pixel.round().clamp(0.0, 255.0) as u8
    })
}

/// How many pixels deep inside the shape a point lies; negative outside.
///
/// The point is seen from the middle of the shape, to the right and down. `size` is about
/// half the shape's width, `stroke` the width of its lines.
fn depth(label: usize, size: f64, stroke: f64, point: (f64, f64)) -> f64 {
    let (half, side) = (stroke / 2.0, 0.85 * size);
    let disc = |(u, v): (f64, f64), radius: f64| radius - u.hypot(v);
    let square = |(u, v): (f64, f64), side: f64| side - u.abs().max(v.abs());
    let plus = |(u, v): (f64, f64)| {
        let bar = |u: f64, v: f64| (size - u.abs()).min(half - v.abs());
        bar(u, v).max(bar(v, u))
    };
    let bars = |(u, v): (f64, f64)| {
        let nearest = (v / side).round().clamp(-1.0, 1.0) * 0.75 * side;
        (side - u.abs()).min(0.22 * side - (v - nearest).abs())
    };
    let (u, v) = point;
    let turned = ((u + v) / 2_f64.sqrt(), (u - v) / 2_f64.sqrt());
    let outline = |depth: f64| half - (depth - half).abs();
    match SHAPES[label] {
        "disc" => disc(point, size),
        "ring" => outline(disc(point, size)),
        "square" => square(point, side),
        "frame" => outline(square(point, side)),
        "triangle" => 0.55 * size - v.max(0.75_f64.sqrt() * u.abs() - v / 2.0),
        "diamond" => square(turned, 0.75 * size),
        "plus" => plus(point),
        "cross" => plus(turned),
        "rows" => bars(point),
        _ => bars((v, u)),
    }
}
