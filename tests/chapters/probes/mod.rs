//! The probes: each exercise's functions on small fixed inputs.
//!
//! The inputs are made so that mistakes show and can be told apart: no two sizes are
//! equal, N = 5, so that a missing or doubled 1/N is no other factor, biases are not 0;
//! beside them a square case, where every product fits, and NaN, zeros, huge numbers
//! where a mistake needs them. A probe takes a millisecond or so.

mod affine;

mod relu;

mod softmax;

mod init;

mod forward;

mod backward;

mod regularization;

mod gradient_check;

mod overfit;

use crate::teach::Probing;
use crate::teach::fingerprint::Fingerprints;

/// The probes in the order of the exercises.
pub static PROBES: [Probing; 16] = [
    Probing::new("affine::forward", affine::forward),
    Probing::new("affine::backward", affine::backward),
    Probing::new("relu::forward", relu::forward),
    Probing::new("relu::backward", relu::backward),
    Probing::new("softmax::loss", softmax::loss),
    Probing::new("init::layer_sizes", init::sizes),
    Probing::new("init::draw_layer", init::draw),
    Probing::new("forward::forward", forward::forward),
    Probing::new("backward::backward", backward::backward),
    Probing::new("regularization::penalty", regularization::penalty),
    Probing::new(
        "regularization::add_penalty_gradient",
        regularization::add_penalty_gradient,
    ),
    Probing::new(
        "gradient_check::numeric_gradient",
        gradient_check::numeric_gradient,
    ),
    Probing::new(
        "gradient_check::relative_error",
        gradient_check::relative_error,
    ),
    Probing::new("overfit::sgd_step", overfit::sgd_step),
    Probing::new("overfit::accuracy", overfit::accuracy),
    Probing::new("overfit::train", overfit::train),
];

/// What is expected of a chapter, and what each mistake in it would have given.
pub fn fingerprints(chapter: &str) -> Fingerprints {
    Fingerprints::parse(match chapter {
        "affine" => include_str!("../../data/mistakes/affine.txt"),
        "relu" => include_str!("../../data/mistakes/relu.txt"),
        "softmax" => include_str!("../../data/mistakes/softmax.txt"),
        "init" => include_str!("../../data/mistakes/init.txt"),
        "forward" => include_str!("../../data/mistakes/forward.txt"),
        "backward" => include_str!("../../data/mistakes/backward.txt"),
        "regularization" => include_str!("../../data/mistakes/regularization.txt"),
        "gradient_check" => include_str!("../../data/mistakes/gradient_check.txt"),
        "overfit" => include_str!("../../data/mistakes/overfit.txt"),
        _ => "",
    })
}
