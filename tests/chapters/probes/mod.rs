//! The probes: each exercise's functions on small fixed inputs.
//!
//! The inputs are made so that mistakes show and can be told apart: of the sizes that
//! something could be divided by, no two are equal or one apart, N = 5, so that a missing
//! or doubled 1/N is no other factor, biases are not 0; beside them a square case, where
//! every product fits. After these come NaN, zeros, huge numbers where a mistake needs
//! them. A probe takes a millisecond or so.

mod affine;
mod relu;
mod softmax;
mod init;
mod forward;
mod backward;
mod regularization;
mod gradient_check;
mod overfit;
mod optim;
mod batch_norm;
mod layer_norm;
mod dropout;
mod deep;
mod good_model;

use crate::teach::Probing;
use crate::teach::fingerprint::Fingerprints;
use crate::teach::probe::Probes;
use std::sync::LazyLock;

struct Chapter {
    name: &'static str,
    probes: Probes,
    fingerprints: &'static str,
}

macro_rules! chapters {
    ($($name:ident)*) => {
        [$(Chapter {
            name: stringify!($name),
            probes: $name::PROBES,
            fingerprints: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/data/mistakes/",
                stringify!($name),
                ".txt"
            )),
        }),*]
    };
}

/// The chapters in their order.
const CHAPTERS: &[Chapter] = &chapters!(
    affine relu softmax init forward backward regularization gradient_check overfit
    optim batch_norm layer_norm dropout deep good_model
);

/// The probes in the order of the exercises.
pub fn probes() -> &'static [Probing] {
    static PROBES: LazyLock<Vec<Probing>> = LazyLock::new(|| {
        let probes = CHAPTERS.iter().flat_map(|chapter| chapter.probes);
        probes
            .map(|&(exercise, run)| Probing::new(exercise, run))
            .collect()
    });
    &PROBES
}

/// What is expected of a chapter, and what each mistake in it would have given.
pub fn fingerprints(chapter: &str) -> Fingerprints {
    let chapter = CHAPTERS.iter().find(|known| known.name == chapter);
    Fingerprints::parse(chapter.map_or("", |chapter| chapter.fingerprints))
}
