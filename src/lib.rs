//! # Fully Connected
//!
//! *Build a neural network by hand, on [`ndarray`], and check every number in it.*
//!
//! This crate is a book whose chapters are modules. Each chapter explains one step in
//! prose and mathematics, works an example that fits in the head, gives the code, and shows
//! it at work in examples that run. Nine of them, in order, take you from a single weighted
//! sum to a network that learns fifty images by heart, and six more to one that recognizes
//! images it has never seen. They re-create the assignment "FullyConnectedNets" of Stanford's
//! course CS231n, in Rust.
//!
//! | | chapter | you write | the question |
//! |---|---|---|---|
//! | 1 | [`affine`] | forward, backward | How does a list of numbers become scores? |
//! | 2 | [`relu`] | forward, backward | What is the least we can put between two layers? |
//! | 3 | [`softmax`] | the loss and its gradient | How wrong are the scores, in one number? |
//! | 4 | [`init`] | layer sizes, the draws | What values do weights start with? |
//! | 5 | [`forward`] | the loop over layers | How do layers become a network? |
//! | 6 | [`backward`] | the loop in reverse | How does each weight learn its share? |
//! | 7 | [`regularization`] | penalty and gradient | Of many networks that fit, which? |
//! | 8 | [`gradient_check`] | numeric gradient, relative error | How do we know it is right? |
//! | 9 | [`overfit`] | a step, the accuracy, the loop | Does it learn? |
//! | 10 | [`optim`] | momentum, RMSProp, Adam | Is downhill the best way down? |
//! | 11 | [`batch_norm`] | training and test pass, the gradients twice | Must the scale of a layer depend on all layers before it? |
//! | 12 | [`layer_norm`] | forward, backward | What if an example is to be normalized by itself? |
//! | 13 | [`dropout`] | the mask, forward, backward | What if no unit can be relied on? |
//! | 14 | [`deep`] | the two loops again | Where do normalization and dropout go? |
//! | 15 | [`good_model`] | the schedule, the best epoch, the loop | How well does it do on images that it has never seen? |
//!
//! Start with [chapter 1](affine). You need to know how to multiply two matrices, the
//! derivatives of x², eˣ and ln x, and, in chapters 4 and 8, what a standard deviation and a
//! Taylor series are; everything else is explained where it is needed. Mathematics is written
//! as TeX between dollar signs, which reads well enough as it stands.
//!
//! # The network at a glance
//!
//! ```
//! use fully_connected::{FullyConnectedNet, Options, overfit, synthetic};
//!
//! let images = synthetic::images(50, 0);
//! let x = images.centered::<f64>(&images.mean());
//! let options = Options {
//!     weight_scale: 2e-2,
//!     ..Options::new((3, 32, 32), &[100, 100], 10)
//! };
//! let mut net = FullyConnectedNet::new(options)?;
//!
//! // How wrong is it, and which way is better? One step that way.
//! let (loss, grads) = net.loss(&x, &images.labels)?;
//! overfit::sgd_step(net.parameters_mut(), &grads, 1e-2);
//! let (after, _) = net.loss(&x, &images.labels)?;
//! println!("loss {loss:.3}, after one step {after:.3}");
//! // loss 3.158, after one step 1.776
//! # assert_eq!(format!("{loss:.3} {after:.3}"), "3.158 1.776");
//! # Ok::<(), fully_connected::Error>(())
//! ```
//!
//! # How to do the exercises
//!
//! In each chapter, the lines that are yours to write are between two comments,
//! `// exercise: affine::forward` and `// end: affine::forward`. `cargo run -- new DIR`
//! makes a *workbook*, a crate of your own in which those regions say `todo!()`. Write
//! them from the mathematics, and run the commands at the end of the chapter: they
//! compare your numbers with ones that were computed apart from this crate.
//!
//! # Appendices
//!
//! What the chapters rest on: [`parameters`] and their names, [`options`], [`scalar`]
//! for `f32` and `f64`, [`error`](mod@error), the random numbers of NumPy ([`numpy`]),
//! [`images`], real ([`cifar10`]) and made up ([`synthetic`] and [`shapes`]), the
//! [`checker`] of gradients, the batches and history of [`training`], the [`plan`] of a
//! careful one, and the [`signs`] in its record.

#![forbid(unsafe_code)]

// The chapters, in reading order.
pub mod affine;
pub mod relu;
pub mod softmax;
pub mod init;
pub mod forward;
pub mod backward;
pub mod regularization;
pub mod gradient_check;
pub mod overfit;
pub mod optim;
pub mod batch_norm;
pub mod layer_norm;
pub mod dropout;
pub mod deep;
pub mod good_model;

// The appendices.
pub mod checker;
pub mod cifar10;
pub mod error;
pub mod images;
pub mod numpy;
pub mod options;
pub mod parameters;
pub mod passes;
pub mod plan;
pub mod scalar;
pub mod shapes;
pub mod signs;
pub mod synthetic;
pub mod training;

pub use error::Error;
pub use init::FullyConnectedNet;
pub use options::{Normalization, Options};
pub use parameters::{Gradients, Layer, Moments, Norm, Parameters};
pub use scalar::Scalar;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod archive;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod careful;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod drawing;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod experiments;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod fifty;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod folder;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod literate;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod saved;

#[cfg(feature = "book")]
#[doc(hidden)]
pub mod figures;
