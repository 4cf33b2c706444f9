//! Weave and tangle: what makes other views of a chapter's source.
//!
//! A chapter is one `.rs` file. [`markers`] finds the regions that the student writes;
//! [`tangle`] replaces them by stubs, and puts solutions back; [`manifest`] names every
//! exercise once; [`workbook`] is the crate that a student gets.

pub mod manifest;
pub mod markers;
pub mod tangle;
pub mod workbook;
