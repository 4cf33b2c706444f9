//! Fingerprints, written down and compared. The chapters' tests only read them.

use crate::teach::fingerprint::{Block, agree};
use crate::teach::probe::Value;
use std::fmt::Write;

/// Whether both have the same outputs.
pub fn same(one: &Block, other: &Block) -> bool {
    let agree = |(name, value): &(String, Value)| {
        other.get(name).is_some_and(|own| agree(value, own, 1e-7))
    };
    one.outputs.len() == other.outputs.len()
        && one.outputs.iter().all(agree)
        && one.varies == other.varies
}

/// Writes a block so that `Fingerprints::parse` reads it.
pub fn write(block: &Block, out: &mut String) {
    if block.id.is_empty() {
        writeln!(out, "\nexpected {}", block.exercise).unwrap();
    } else {
        writeln!(out, "\nmistake {} {}", block.exercise, block.id).unwrap();
        writeln!(out, "says {}", block.says).unwrap();
        if !block.varies.is_empty() {
            writeln!(out, "varies {}", block.varies.join(" ")).unwrap();
        }
    }
    for (name, value) in &block.outputs {
        match value {
            Value::Text(text) => writeln!(out, "{name} = {text}").unwrap(),
            Value::Numbers { shape, numbers } => {
                out.push_str(name);
                for size in shape {
                    write!(out, " {size}").unwrap();
                }
                out.push('\n');
                write_numbers(out, shape.last().copied().unwrap_or(1), numbers);
            }
        }
    }
}

fn write_numbers(out: &mut String, columns: usize, numbers: &[f64]) {
    for row in numbers.chunks(columns.clamp(1, 8)) {
        let words: Vec<_> = row.iter().map(|&n| digits(n)).collect();
        writeln!(out, "{}", words.join(" ")).unwrap();
    }
}

/// Nine significant digits, or fewer where they are the number.
fn digits(x: f64) -> String {
    let rounded: f64 = format!("{x:.8e}").parse().expect("a number was written");
    let (plain, with_exponent) = (format!("{rounded}"), format!("{rounded:e}"));
    if with_exponent.len() < plain.len() {
        with_exponent
    } else {
        plain
    }
}
