//! # Fully Connected

pub mod affine;
pub mod relu;
pub mod softmax;

pub mod init;

pub mod forward;

pub mod backward;

pub mod regularization;

pub mod gradient_check;

pub mod overfit;

pub mod cifar10;
pub mod error;
pub mod images;
pub mod numpy;
pub mod parameters;
pub mod scalar;
pub mod synthetic;

pub use error::Error;
pub use init::{FullyConnectedNet, Normalization, Options};
pub use parameters::{Gradients, Layer, Parameters};
pub use scalar::Scalar;
