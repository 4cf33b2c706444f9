//! The chapters' tests: one module a chapter, under the chapter's name.
//!
//! `cargo test --test chapters softmax::` runs those of one chapter. What a failing test
//! says first is `teach`'s.

#![allow(clippy::approx_constant, reason = "3.14 is the course's reg, not π")]

mod picture;
mod probes;
mod support;
mod teach;

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
