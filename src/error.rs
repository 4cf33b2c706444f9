//! Appendix: what can be wrong with what comes from outside.

use std::fmt;
use std::path::PathBuf;

/// Everything that can be wrong with what comes from outside.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// An option is out of its range, or names something that is not built yet.
    Option {
        /// The option, as the field of [`Options`](crate::Options) is called.
        name: &'static str,
        /// What it must be.
        expected: String,
        /// What it was.
        got: String,
    },
    /// The number of labels is not the number of examples.
    LabelCount {
        /// How many labels came.
        labels: usize,
        /// How many examples came.
        examples: usize,
    },
    /// A label names a class that does not exist.
    Label {
        /// Which example, from 0.
        index: usize,
        /// Its label.
        label: usize,
        /// How many classes there are.
        classes: usize,
    },
    /// The mean loss of no examples is not defined.
    EmptyBatch,
    /// No parameter has this name.
    UnknownParameter {
        /// The name.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// A parameter was set to an array of another shape.
    ParameterShape {
        /// The parameter.
        name: String,
        /// Its shape.
        expected: Vec<usize>,
        /// The shape that came.
        got: Vec<usize>,
    },
    /// The loss stopped being finite during training.
    Diverged {
        /// At which step, from 1: at its own loss, or in the scores that it left.
        step: usize,
        /// The loss there: NaN or infinite.
        loss: f64,
    },
    /// There is no file to read images from.
    NoFile,
    /// A file of images could not be opened, or not be read to its end.
    File {
        /// The file.
        path: PathBuf,
        /// How many bytes had been read: 0 if the file could not be opened.
        byte: u64,
        /// The record that was being read, from 0; none if the file could not be opened.
        record: Option<u64>,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is not in [CIFAR-10's binary layout](crate::cifar10).
    Cifar {
        /// The file.
        path: PathBuf,
        /// The record that is wrong, from 0.
        record: u64,
        /// The byte of the file that is wrong, from 0: the record's label, or the first
        /// byte that is missing.
        byte: u64,
        /// What was expected there, and what came.
        problem: String,
    },
    /// An archive is not CIFAR-10's, or not whole.
    Archive {
        /// The archive.
        path: PathBuf,
        /// The file in it that is wrong; none if it is the archive itself.
        entry: Option<String>,
        /// What was expected, and what came.
        problem: String,
    },
    /// A set of images cannot be divided so.
    Split {
        /// How many images there are.
        images: usize,
        /// How many of them are to be kept for validation.
        validation: usize,
    },
    /// A file does not hold a saved network, or not a whole one.
    Saved {
        /// The file.
        path: PathBuf,
        /// What was expected, and what came.
        problem: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Option {
                name,
                expected,
                got,
            } => {
                write!(f, "option `{name}` must be {expected}; it is {got}")
            }
            Error::LabelCount { labels, examples } => write!(
                f,
                "there must be one label for each example; there are {labels} labels \
                 for {examples} examples"
            ),
            Error::Label {
                index,
                label,
                classes,
            } => write!(
                f,
                "y[{index}] is {label}; with {classes} classes a label must be below \
                 {classes}"
            ),
            Error::EmptyBatch => {
                write!(
                    f,
                    "the batch is empty; a mean loss needs at least one example"
                )
            }
            Error::UnknownParameter { name, known } => write!(
                f,
                "there is no parameter `{name}`; this network has {}",
                known.join(", ")
            ),
            Error::ParameterShape {
                name,
                expected,
                got,
            } => {
                write!(
                    f,
                    "parameter `{name}` has shape {expected:?}; the new value has {got:?}"
                )
            }
            Error::Diverged { step, loss } => write!(
                f,
                "the loss is {loss} at step {step}: training has diverged. The usual \
                 cause is a learning rate that is too large for these inputs and \
                 weights; try a tenth of it, or a smaller weight scale"
            ),
            Error::NoFile => write!(f, "there is no file to read images from"),
            Error::File {
                path,
                record: None,
                source,
                ..
            } => write!(f, "cannot read {}: {source}", path.display()),
            Error::File {
                path,
                byte,
                record: Some(record),
                source,
            } => write!(
                f,
                "cannot read {} beyond byte {byte} (record {record}): {source}",
                path.display(),
            ),
            Error::Cifar {
                path,
                record,
                byte,
                problem,
            } => write!(
                f,
                "{}: record {record}, byte {byte}: {problem}",
                path.display()
            ),
            Error::Archive {
                path,
                entry: None,
                problem,
            }
            | Error::Saved { path, problem } => {
                write!(f, "{}: {problem}", path.display())
            }
            Error::Archive {
                path,
                entry: Some(entry),
                problem,
            } => write!(f, "{}: in it, {entry}: {problem}", path.display()),
            Error::Split { images, validation } => write!(
                f,
                "of {images} images, {validation} cannot be kept for validation; at \
                 least one must be kept and at least one left to train on"
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::File { source, .. } => Some(source),
            _ => None,
        }
    }
}
