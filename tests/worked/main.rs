//! Each chapter's worked example carries its weight: leave out any one of its steps, and
//! the result changes.

mod affine;
mod relu;
#[cfg(feature = "cli")]
mod slips;
mod softmax;
mod init;
mod forward;
mod backward;
mod batch_norm;
mod regularization;
mod gradient_check;
mod overfit;
mod optim;
mod layer_norm;
mod dropout;
mod deep;
mod good_model;
