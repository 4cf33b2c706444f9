//! Appendix: how to build a network, and what the constructor refuses.

use crate::{Error, Moments, Norm, Scalar};
use ndarray::{Array1, Dimension, IntoDimension};
use std::any::type_name;
use std::fmt::{self, Debug};
use std::str::FromStr;

/// What stands between an affine layer and its ReLU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Normalization {
    /// Nothing.
    #[default]
    None,
    /// Batch normalization: each unit over the batch ([chapter 11](crate::batch_norm)).
    BatchNorm,
    /// Layer normalization: each example over the units ([chapter 12](crate::layer_norm)).
    LayerNorm,
}

/// What each is called on a command line and in a file.
const NORMALIZATIONS: [(Normalization, &str); 3] = [
    (Normalization::None, "none"),
    (Normalization::BatchNorm, "batchnorm"),
    (Normalization::LayerNorm, "layernorm"),
];

/// The word that stands for it: `none`, `batchnorm` or `layernorm`.
impl fmt::Display for Normalization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = NORMALIZATIONS.iter();
        let word = words.find(|(known, _)| known == self);
        f.write_str(word.expect("there is a word for each").1)
    }
}

impl FromStr for Normalization {
    type Err = Error;

    /// The normalization that a word stands for.
    fn from_str(word: &str) -> Result<Normalization, Error> {
        let mut words = NORMALIZATIONS.iter();
        let found = words.find(|(_, known)| *known == word);
        found.map(|(known, _)| *known).ok_or_else(|| Error::Option {
            name: "normalization",
            expected: "none, batchnorm or layernorm".to_owned(),
            got: format!("`{word}`"),
        })
    }
}

/// How to build a [`FullyConnectedNet`](crate::FullyConnectedNet).
///
/// Start from [`Options::new`] and change what you like:
///
/// ```
/// use fully_connected::Options;
///
/// let options = Options {
///     reg: 3.14,
///     weight_scale: 5e-2,
///     ..Options::new(15, &[20, 30], 10)
/// };
/// assert_eq!(options.inputs(), 15);
/// ```
///
/// The constructor checks each option and refuses by name:
///
/// ```
/// use fully_connected::{FullyConnectedNet, Options};
///
/// let options = Options { reg: -1.0, ..Options::new(15, &[20, 30], 10) };
/// let error = FullyConnectedNet::<f64>::new(options).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "option `reg` must be a finite number, 0 or greater; it is -1.0"
/// );
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The size of each hidden layer, at least 1; empty for a linear classifier.
    pub hidden: Vec<usize>,
    /// The shape of one example, `(d₁, …, dₖ)`, each at least 1.
    pub input: Vec<usize>,
    /// The number of classes, `C`, at least 1.
    pub classes: usize,
    /// The strength of the L2 penalty, 0 or greater. Default 0.
    pub reg: f64,
    /// The standard deviation of the initial weights, 0 or greater. Default 0.01.
    pub weight_scale: f64,
    /// What stands between an affine layer and its ReLU. Default: `None`.
    pub normalization: Normalization,
    /// The probability of *keeping* an activation, in (0, 1]: the larger, the weaker the
    /// [dropout](crate::dropout). Default: 1, which turns dropout off.
    pub dropout_keep_ratio: f64,
    /// The seed of the generators that draw the weights and, with dropout, the masks.
    /// Default 0.
    pub seed: u64,
}

impl Options {
    /// Options for examples of shape `input`, given as a number or a tuple, hidden layers
    /// of the sizes `hidden`, and `classes` classes; the rest at its default.
    ///
    /// ```
    /// # use fully_connected::Options;
    /// let flat = Options::new(3072, &[100, 100], 10);
    /// let image = Options::new((3, 32, 32), &[100, 100], 10);
    /// assert_eq!(flat.inputs(), image.inputs());
    /// ```
    pub fn new(input: impl IntoDimension, hidden: &[usize], classes: usize) -> Options {
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

    /// How many numbers an example has, `D = d₁·…·dₖ`.
    ///
    /// # Panics
    ///
    /// If the product is more than a `usize` holds; the constructor of the network refuses
    /// such options.
    pub fn inputs(&self) -> usize {
        product(&self.input).expect("the product of `input` fits a usize")
    }

    /// Refuses, by name, what is out of range for `T`.
    pub(crate) fn check<T: Scalar>(&self) -> Result<(), Error> {
        let positive = |sizes: &[usize]| sizes.iter().all(|&size| size > 0);
        let not_negative = |x: f64| x >= 0.0 && T::of(x).is_finite();

        if self.input.is_empty() || !positive(&self.input) {
            return refuse("input", "a shape of sizes of at least 1", &self.input);
        }
        if !positive(&self.hidden) {
            return refuse("hidden", "a list of sizes of at least 1", &self.hidden);
        }
        if self.classes == 0 {
            return refuse("classes", "at least 1", &self.classes);
        }
        let Some(inputs) = product(&self.input).filter(|&d| d <= LARGEST) else {
            return refuse("input", TOO_LARGE, &self.input);
        };
        let sizes = [&[inputs], &self.hidden[..], &[self.classes]].concat();
        for (i, pair) in sizes.windows(2).enumerate() {
            if product(pair).is_none_or(|weights| weights > LARGEST) {
                // The larger of the two is to blame.
                let at = if pair[0] > pair[1] { i } else { i + 1 };
                return match at {
                    0 => refuse("input", TOO_LARGE, &self.input),
                    at if at > self.hidden.len() => {
                        refuse("classes", TOO_LARGE, &self.classes)
                    }
                    _ => refuse("hidden", TOO_LARGE, &self.hidden),
                };
            }
        }
        if !not_negative(self.reg) {
            return refuse("reg", "a finite number, 0 or greater", &self.reg);
        }
        if !not_negative(self.weight_scale) {
            let range = "a finite number, 0 or greater";
            return refuse("weight_scale", range, &self.weight_scale);
        }
        let keep = self.dropout_keep_ratio;
        if !(keep > 0.0 && keep <= 1.0) {
            return refuse("dropout_keep_ratio", "in (0, 1]", &keep);
        }
        // What is kept is divided by it.
        if !T::of(1.0 / keep).is_finite() {
            let range =
                format!("large enough that 1 / it is finite in {}", type_name::<T>());
            return refuse("dropout_keep_ratio", &range, &keep);
        }
        Ok(())
    }

    /// The norms that a network begins with: for each hidden layer a `gamma` of ones and a
    /// `beta` of zeros, or none without normalization.
    pub(crate) fn norms<T: Scalar>(&self) -> Vec<Norm<T>> {
        let norm = |&units: &usize| Norm {
            gamma: Array1::ones(units),
            beta: Array1::zeros(units),
        };
        match self.normalization {
            Normalization::None => Vec::new(),
            Normalization::BatchNorm | Normalization::LayerNorm => {
                self.hidden.iter().map(norm).collect()
            }
        }
    }

    /// The running averages that a network begins with: zeros for each hidden layer with
    /// batch normalization.
    pub(crate) fn running<T: Scalar>(&self) -> Vec<Moments<T>> {
        match self.normalization {
            Normalization::BatchNorm => self
                .hidden
                .iter()
                .map(|&units| Moments::zeros(units))
                .collect(),
            Normalization::None | Normalization::LayerNorm => Vec::new(),
        }
    }
}

/// The most weights that one array can hold: its bytes must fit an `isize`.
const LARGEST: usize = isize::MAX as usize / size_of::<f64>();

const TOO_LARGE: &str = "sizes whose layers fit into the address space";

fn product(sizes: &[usize]) -> Option<usize> {
    sizes
        .iter()
        .try_fold(1_usize, |p, &size| p.checked_mul(size))
}

/// The error that names an option, its range and what came.
pub(crate) fn refuse(
    name: &'static str,
    expected: &str,
    got: &dyn Debug,
) -> Result<(), Error> {
    Err(Error::Option {
        name,
        expected: expected.to_owned(),
        got: format!("{got:?}"),
    })
}
