//! The chapters' tests: one module a chapter, under the chapter's name.
//!
//! `cargo test --test chapters softmax` runs those of one chapter.

mod support;

mod affine;
mod relu;
mod softmax;

mod init;

mod forward;

mod backward;

mod regularization;

mod gradient_check;

mod overfit;
