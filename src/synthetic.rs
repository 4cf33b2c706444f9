//! Appendix: made-up images with the statistics of photographs.
//!
//! [`overfit`](crate::overfit) needs fifty images and should not begin with a download.
//! All it asks of the network is to memorize them, so they need not show anything. They
//! need the *statistics* of CIFAR-10's photographs, so that the weight scales and learning
//! rates that work there work here.
//!
//! # How an image is made
//!
//! We begin with noise: `3·32·32` independent standard normals. In a photograph a pixel
//! resembles the pixel beside it, so we walk along each row, from left to right, and
//! replace every number by a mixture of its neighbour, already replaced, and itself:
//!
//! ```math
//! z_j \leftarrow \rho\,z_{j-1} + \sqrt{1-\rho^2}\,z_j, \qquad \rho = 0.92
//! ```
//!
//! The squares of the two weights add up to 1, so each number stays a standard normal. Two
//! pixels $`k`$ steps apart now have the correlation $`\rho^k`$: 0.92 for
//! neighbours, 0.26 across half the image. We do the same down each column, and a third
//! time from red to green to blue, because a bright red mostly comes with a bright green.
//! Last, $`z`$ becomes the pixel $`120 + 66\,z`$, rounded, and cut off at 0
//! and 255.
//!
//! This is a *Gauss–Markov field*, a classical model of a photograph: the one on which the
//! cosine transform inside JPEG was first measured (N. Ahmed, T. Natarajan and K. R. Rao,
//! *Discrete cosine transform*, IEEE Transactions on Computers, 1974).
//!
//! # How alike they are
//!
//! | | first 50 of CIFAR-10 | first 4000 | ours, 4000 |
//! |---|---|---|---|
//! | mean pixel | 117.6 | 120.5 | 120.5 |
//! | standard deviation | 64.0 | 64.3 | 62.9 |
//! | … in sets of fifty, minus the set's mean image | 62.4 | 62.9 | 62.2 |
//! | … of the images' own means | 30.2 | 31.6 | 29.7 |
//! | … within one image, on average | 54.2 | 54.2 | 55.0 |
//! | … within one image, least to greatest | 19 to 92 | 14 to 103 | 37 to 85 |
//! | correlation of neighbours, across / down | 0.93 / 0.92 | 0.93 / 0.92 | 0.92 / 0.92 |
//! | … 4 pixels apart | 0.71 / 0.61 | 0.70 / 0.62 | 0.71 / 0.71 |
//! | … 16 pixels apart | 0.44 / 0.22 | 0.43 / 0.20 | 0.26 / 0.27 |
//! | correlation of red with green / blue | 0.82 / 0.73 | 0.91 / 0.78 | 0.92 / 0.84 |
//! | pixels at 0 or 255 | 0.7 % | 1.2 % | 5.6 % |
//!
//! (Training images in CIFAR-10's own order; ours are `images(4000, 0)`.) What ours lack is
//! all that makes a photograph one: edges, objects, a sky that is above, flat images beside
//! vivid ones. And the labels say nothing about the pixels, so that a network can memorize
//! these images but never *learn* from them: on a second set its accuracy is chance.
//!
//! # How they train
//!
//! Networks of 100 units a hidden layer in `f64`, 20 epochs, batches of 25, the set's own
//! mean image subtracted. How many reach 100 % training accuracy, and by which epoch half
//! of them have:
//!
//! | layers, weight scale, rate | first 50 of CIFAR-10 | ours |
//! |---|---|---|
//! | 3, 2e-2, 1e-2 | 200 of 200, epoch 9 | 200 of 200, epoch 8 |
//! | 5, 1e-1, 1e-3 | 200 of 200, epoch 10 | 199 of 200, epoch 9 |
//! | 5, 1e-3, 1e-1 | 0 of 60 | 0 of 60 |
//!
//! (Photographs: seeds 0 to 199 for network and batches. Ours: the sets of seeds 0 to 19,
//! each with networks of the seeds 2000 to 2009. The constants were chosen with the same
//! sets but other networks. Last row: 60 seeds on one set.) The two good settings are not
//! far from where training fails, with our images as with photographs: of a hundred more
//! five-layer networks on the photographs, minus the mean of 4000 images, one stopped at
//! 98 %.

use crate::images::Images;
use ndarray::{Array3, Array4, Axis};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;
use rand_distr::{Distribution, StandardNormal};

/// How many images of each class there are among fifty: as among the first fifty training
/// images of CIFAR-10 (4 airplanes, 6 automobiles, …). The largest class has 8, so a
/// network that always names it is right 16 % of the time.
pub const LABEL_COUNTS: [usize; 10] = [4, 6, 8, 8, 5, 2, 5, 5, 1, 6];

/// Correlation of neighbouring pixels, and of red with green and green with blue.
const NEIGHBOURS: f64 = 0.92;
/// The mean pixel, before the cut at 0 and 255.
const MEAN: f64 = 120.0;
/// The pixels' standard deviation before the cut; about 63 after it.
const STD: f64 = 66.0;
/// ChaCha has many streams for one seed. Weights are drawn from stream 0: with the same
/// seed *and* stream, the first layer would be made of the images' own noise.
const STREAM: u64 = 1;

/// Makes `n` images of 32 by 32 pixels, `(n, 3, 32, 32)`, and their labels.
///
/// The generator is ChaCha8, seeded with `seed`: the same seed gives the same images, and
/// a larger `n` the same ones and more. Fifty images have exactly the [`LABEL_COUNTS`], in
/// random order; beyond fifty the labels repeat.
///
/// ```
/// use fully_connected::synthetic;
///
/// let images = synthetic::images(50, 0);
/// assert_eq!(images.pixels.dim(), (50, 3, 32, 32));
/// let cats = images.labels.iter().filter(|&&label| label == 3).count();
/// assert_eq!(cats, 8);
///
/// let x = images.centered::<f64>(&images.mean());       // what the network trains on
/// assert!((60.0..70.0).contains(&x.std(0.0)));          // not divided by 255
/// ```
pub fn images(n: usize, seed: u64) -> Images {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(STREAM);

    let classes = LABEL_COUNTS.iter().enumerate();
    let mut labels: Vec<usize> = classes
        .flat_map(|(label, &count)| vec![label; count])
        .collect();
    labels.shuffle(&mut generator);

    let mut pixels = Array4::zeros((n, 3, 32, 32));
    for mut pixels in pixels.outer_iter_mut() {
        pixels.assign(&image(&mut generator));
    }
    Images {
        pixels,
        labels: labels.into_iter().cycle().take(n).collect(),
    }
}

/// One image, `(3, 32, 32)`.
fn image(generator: &mut ChaCha8Rng) -> Array3<u8> {
    let mut z: Array3<f64> =
        Array3::from_shape_simple_fn((3, 32, 32), || StandardNormal.sample(generator));
    let fresh = (1.0 - NEIGHBOURS * NEIGHBOURS).sqrt();
    for axis in [2, 1, 0] {
        z.accumulate_axis_inplace(Axis(axis), |&before, here| {
            *here = NEIGHBOURS * before + fresh * *here;
        });
    }
    z.mapv(|z| (MEAN + STD * z).round().clamp(0.0, 255.0) as u8)
}
