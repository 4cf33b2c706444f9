//! Weave: the chapters' sources as the pages of a book.
pub mod math;
pub mod problem;
pub mod source;
