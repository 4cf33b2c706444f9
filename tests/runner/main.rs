//! The runner inside a workbook: the real program, on whatever a student may do.
//!
//! What compiles a workbook is slow and ignored by default:
//! `cargo test --test runner -- --ignored`.

mod book;

mod commands;

mod check;

mod watch;
