//! Numbers and words as the runner writes them.

use fully_connected::drawing::chart::digits;
use fully_connected::literate::manifest::{CHAPTERS, in_words};

/// A number in about three digits.
pub fn short(x: f64) -> String {
    digits(x, 3)
}

/// A number as it was typed, more or less: all its digits, and never hundreds of zeros.
pub fn plain(x: f64) -> String {
    match x.abs() {
        size if size == 0.0 || (1e-6..1e9).contains(&size) => x.to_string(),
        _ => format!("{x:e}"),
    }
}

/// The number of chapters, in words.
pub fn chapters() -> String {
    in_words(CHAPTERS.len())
}

/// A sentence's first word with its capital.
pub fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

/// A list in one line: of a long one, the first and the last.
pub fn joined(items: &[impl ToString], between: &str) -> String {
    let mut items: Vec<String> = items.iter().map(ToString::to_string).collect();
    if items.len() > MOST_SHOWN {
        items.splice(MOST_SHOWN - 2..items.len() - 1, ["…".to_owned()]);
    }
    items.join(between)
}

/// The number of items that fit a line.
const MOST_SHOWN: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_ends_of_a_long_list() {
        assert_eq!(joined(&[1, 2, 3, 4, 5, 6, 7, 8], "-"), "1-2-3-4-5-6-7-8");
        assert_eq!(joined(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "-"), "1-2-3-4-5-6-…-9");
    }
}
