//! Values of options: which are accepted, and the answers to wrong ones.

use crate::cli::failure::Failure;
use crate::cli::numbers::joined;
use fully_connected::Normalization;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A list of sizes, `20,30`; `none` is the empty list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sizes(pub Vec<usize>);

impl FromStr for Sizes {
    type Err = String;

    fn from_str(text: &str) -> Result<Sizes, String> {
        if text == "none" {
            return Ok(Sizes(Vec::new()));
        }
        text.split(',')
            .map(count)
            .collect::<Result<_, _>>()
            .map(Sizes)
    }
}

/// Sizes with dashes between them, as networks are written: `15-20-30-10`.
impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", joined(&self.0, "-"))
    }
}

/// A whole number from 1 to a million. More than that is a slip of the hand.
pub fn count(text: &str) -> Result<usize, String> {
    match text.trim().parse() {
        Ok(n @ 1..=1_000_000) => Ok(n),
        _ => Err(format!("`{text}` is not a whole number from 1 to 1000000")),
    }
}

/// A finite number greater than 0.
pub fn positive(text: &str) -> Result<f64, String> {
    match text.trim().parse() {
        Ok(x) if x > 0.0 && f64::is_finite(x) => Ok(x),
        _ => Err("it must be a finite number greater than 0".to_owned()),
    }
}

/// The number, if it is finite in `f32` too, as which a network computes with it.
pub fn in_f32(x: f64) -> Result<f64, String> {
    if (x as f32).is_finite() {
        return Ok(x);
    }
    Err(format!(
        "it must be finite in f32, so at most {:.1e}",
        f32::MAX
    ))
}

/// A finite number, 0 or greater.
pub fn not_negative(text: &str) -> Result<f64, String> {
    match text.trim().parse() {
        Ok(x) if x >= 0.0 && f64::is_finite(x) => Ok(x),
        _ => Err(format!("`{text}` is not a finite number of at least 0")),
    }
}

/// A share above 0, and at most 1.
pub fn share(text: &str) -> Result<f64, String> {
    match text.trim().parse() {
        Ok(x) if x > 0.0 && x <= 1.0 => Ok(x),
        _ => Err(format!("`{text}` is not a number above 0 and at most 1")),
    }
}

/// The word for a normalization.
pub fn normalization(text: &str) -> Result<Normalization, String> {
    let problem = |_| format!("`{text}` is not none, batchnorm or layernorm");
    text.trim().parse().map_err(problem)
}

/// The name of a file that ends in `.svg`.
pub fn svg_path(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match path.extension() {
        Some(extension) if extension.eq_ignore_ascii_case("svg") => Ok(path),
        _ => Err("the plot is an SVG; its name must end in .svg".to_owned()),
    }
}

/// The name of a file that ends in `.png`.
pub fn png_path(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match path.extension() {
        Some(extension) if extension.eq_ignore_ascii_case("png") => Ok(path),
        _ => Err("the picture is a PNG; its name must end in .png".to_owned()),
    }
}

/// Refuses a network of more than `limit` numbers: its parameters, and the batch of
/// `examples` that goes through it.
pub fn check_size(
    sizes: &Sizes,
    examples: usize,
    limit: u128,
    why: &str,
) -> Result<(), Failure> {
    let wide = |n: &usize| *n as u128;
    let weights = |pair: &[usize]| wide(&pair[0]).saturating_mul(wide(&pair[1]));
    let sum = |total: u128, n: u128| total.saturating_add(n);
    let parameters = sizes.0.windows(2).map(weights).fold(0, sum);
    let activations = sizes.0.iter().map(wide).fold(0, sum);
    let total = sum(parameters, activations.saturating_mul(wide(&examples)));
    if total > limit {
        return Err(Failure::TooLarge(format!(
            "a network {sizes} with {examples} examples needs {total} numbers; {why} \
             stops at {limit}"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sizes_and_none() {
        assert_eq!("20, 30".parse(), Ok(Sizes(vec![20, 30])));
        assert_eq!("none".parse(), Ok(Sizes(vec![])));
    }

    #[test]
    fn refuses_sizes_that_are_no_counts() {
        for wrong in ["", "20,", "0", "-1", "1.5", "20;30", "99999999999999999999"] {
            let refusal = wrong.parse::<Sizes>().unwrap_err();
            assert!(
                refusal.contains("whole number from 1 to 1000000"),
                "{refusal}"
            );
        }
    }

    #[test]
    fn refuses_numbers_that_are_not_finite() {
        for wrong in ["nan", "inf", "-1", "", "1e999"] {
            assert!(positive(wrong).is_err(), "{wrong}");
            assert!(not_negative(wrong).is_err(), "{wrong}");
        }
        assert!(positive("0").is_err());
        assert_eq!(not_negative("0"), Ok(0.0));
    }

    #[test]
    fn counts_what_a_network_needs() {
        // 2·3 + 3·4 weights, and 2 + 3 + 4 activations for each of 2 examples.
        let sizes = Sizes(vec![2, 3, 4]);
        assert!(check_size(&sizes, 2, 36, "this test").is_ok());
        let refusal = check_size(&sizes, 2, 35, "this test").unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "a network 2-3-4 with 2 examples needs 36 numbers; this test stops at 35"
        );
        let huge = Sizes(vec![usize::MAX; 9]);
        assert!(check_size(&huge, usize::MAX, u128::MAX - 1, "this test").is_err());
    }
}
