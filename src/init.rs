//! # Initialization
use crate::{Error, Layer, Parameters, Scalar};
use ndarray::{Array1, Array2, IntoDimension};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// What stands between an affine layer and its ReLU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Normalization {
    /// Nothing.
    #[default]
    None,
    /// Batch normalization (Part II).
    BatchNorm,
    /// Layer normalization (Part II).
    LayerNorm,
}

/// How to build a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The size of each hidden layer; empty for a linear classifier.
    pub hidden: Vec<usize>,
    /// The shape of one example, `(d₁, …, dₖ)`.
    pub input: Vec<usize>,
    /// The number of classes, `C`.
    pub classes: usize,
    /// Strength of the L2 penalty.
    pub reg: f64,
    /// Standard deviation of the initial weights.
    pub weight_scale: f64,
    /// What stands between an affine layer and its ReLU.
    pub normalization: Normalization,
    /// The probability of keeping an activation; 1 turns dropout off.
    pub dropout_keep_ratio: f64,
    /// The seed of the generator that draws the weights.
    pub seed: u64,
}

impl Options {
    pub fn new(input: impl IntoDimension, hidden: &[usize], classes: usize) -> Options {
        use ndarray::Dimension;
        Options {
            hidden: hidden.to_vec(),
            input: input.into_dimension().slice().to_vec(),
            classes,
            reg: 0.0,
            weight_scale: 1e-2,
            normalization: Normalization::None,
            dropout_keep_ratio: 1.0,
            seed: 0,
        }
    }

    fn check(&self) -> Result<(), Error> {
        let refuse = |name, expected: &str, got: &dyn std::fmt::Debug| {
            let (expected, got) = (expected.to_owned(), format!("{got:?}"));
            Err(Error::Option {
                name,
                expected,
                got,
            })
        };
        if self.hidden.contains(&0) {
            return refuse("hidden", "a list of sizes of at least 1", &self.hidden);
        }
        if self.input.is_empty() || self.input.contains(&0) {
            return refuse("input", "a shape of sizes of at least 1", &self.input);
        }
        if self.classes == 0 {
            return refuse("classes", "at least 1", &self.classes);
        }
        if !(self.reg >= 0.0 && self.reg.is_finite()) {
            return refuse("reg", "a finite number, 0 or greater", &self.reg);
        }
        if !(self.weight_scale >= 0.0 && self.weight_scale.is_finite()) {
            return refuse(
                "weight_scale",
                "a finite number, 0 or greater",
                &self.weight_scale,
            );
        }
        if self.normalization != Normalization::None {
            return refuse(
                "normalization",
                "None until Part II is built",
                &self.normalization,
            );
        }
        if !(self.dropout_keep_ratio > 0.0 && self.dropout_keep_ratio <= 1.0) {
            return refuse("dropout_keep_ratio", "in (0, 1]", &self.dropout_keep_ratio);
        }
        if self.dropout_keep_ratio < 1.0 {
            return refuse(
                "dropout_keep_ratio",
                "1 (off) until Part II is built",
                &self.dropout_keep_ratio,
            );
        }
        Ok(())
    }
}

/// A fully-connected network.
#[derive(Debug, Clone, PartialEq)]
pub struct FullyConnectedNet<T> {
    pub(crate) options: Options,
    pub(crate) parameters: Parameters<T>,
}

impl<T: Scalar> FullyConnectedNet<T> {
    pub fn new(options: Options) -> Result<Self, Error> {
        let normals = standard_normals(options.seed);
        FullyConnectedNet::with_normals(options, normals)
    }

    pub fn with_normals(
        options: Options,
        mut normals: impl Iterator<Item = f64>,
    ) -> Result<Self, Error> {
        options.check()?;
        let input = options.input.iter().product();
        let layers = layer_sizes(input, &options.hidden, options.classes)
            .into_iter()
            .map(|size| draw_layer(size, options.weight_scale, &mut normals))
            .collect();
        Ok(FullyConnectedNet {
            options,
            parameters: Parameters { layers },
        })
    }

    /// How the network was built.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The parameters, to be read.
    pub fn parameters(&self) -> &Parameters<T> {
        &self.parameters
    }

    /// The parameters, to be changed.
    pub fn parameters_mut(&mut self) -> &mut Parameters<T> {
        &mut self.parameters
    }
}

pub fn standard_normals(seed: u64) -> impl Iterator<Item = f64> {
    StandardNormal.sample_iter(ChaCha8Rng::seed_from_u64(seed))
}

pub fn layer_sizes(
    input: usize,
    hidden: &[usize],
    classes: usize,
) -> Vec<(usize, usize)> {
    // exercise: init::layer_sizes
    let fan_ins = std::iter::once(input).chain(hidden.iter().copied());
    let fan_outs = hidden.iter().copied().chain([classes]);
    fan_ins.zip(fan_outs).collect()
    // end: init::layer_sizes
}

pub fn draw_layer<T: Scalar>(
    (fan_in, fan_out): (usize, usize),
    weight_scale: f64,
    normals: &mut impl Iterator<Item = f64>,
) -> Layer<T> {
    let mut normal = || {
        normals
            .next()
            .expect("init::draw_layer: the source of normals ended")
    };
    // exercise: init::draw_layer
    let w = Array2::from_shape_simple_fn((fan_in, fan_out), || {
        T::of(weight_scale * normal())
    });
    let b = Array1::zeros(fan_out);
    Layer { w, b }
    // end: init::draw_layer
}
