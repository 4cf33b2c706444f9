//! Weave and tangle: what makes other views of a chapter's source.
//!
//! A chapter is one `.rs` file. [`markers`] finds the regions that the student writes;
//! [`tangle`] replaces them by stubs, and puts solutions back; [`manifest`] names every
//! exercise once; [`workbook`] is the crate that a student gets. [`doctests`] finds the
//! examples in a source; [`report`] reads what tests tell of themselves, and [`libtest`] what
//! they print. [`carry`] brings a
//! student's code into a later version of a chapter; [`made`] tells it what the student
//! changed, and [`uses`] what they import. With the feature `book`, `weave` makes pages.
//! [`generics`] is a crate that makes a save's build short. [`vet`] looks at regions that
//! nobody trusts, as [`tokens`], which also tell whether two pieces of code differ by their
//! layout alone. [`package`] names a workbook's package.

pub mod carried;
pub mod carry;
pub mod doctests;
pub mod generics;
pub mod libtest;
pub mod made;
pub mod manifest;
pub mod markers;
pub mod package;
pub mod problem;
pub mod report;
pub mod tangle;
pub mod tokens;
pub mod uses;
pub mod vet;
#[cfg(feature = "book")]
pub mod weave;
pub mod workbook;
