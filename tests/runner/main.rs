//! The runner inside a workbook: the real program, on whatever a student may do.
//!
//! What compiles a workbook is slow and ignored by default:
//! `cargo test --test runner -- --ignored`.

#[path = "../kit/mod.rs"]
mod kit;

mod commands;
mod hostile;
mod check;
mod learn;
mod submission;
mod update;
mod watch;
