//! Numbers as they are written where only their size matters.

/// A number in about three digits.
pub fn short(x: f64) -> String {
    match x.abs() {
        100_000.0.. => format!("{x:.1e}"),
        100.0.. => format!("{x:.0}"),
        10.0.. => format!("{x:.1}"),
        1.0.. => format!("{x:.2}"),
        0.1.. => format!("{x:.3}"),
        0.001.. => format!("{x:.4}"),
        0.0 => "0".to_owned(),
        _ => format!("{x:.1e}"),
    }
}

/// A list in one line: of a long one, the first and the last.
pub fn joined(items: &[impl ToString], between: &str) -> String {
    let mut items: Vec<String> = items.iter().map(ToString::to_string).collect();
    if items.len() > MOST_SHOWN {
        items.splice(MOST_SHOWN - 2..items.len() - 1, ["…".to_owned()]);
    }
    items.join(between)
}

/// The most numbers that fit a line.
const MOST_SHOWN: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_ends_of_a_long_list() {
        assert_eq!(joined(&[1, 2, 3, 4, 5, 6, 7, 8], "-"), "1-2-3-4-5-6-7-8");
        assert_eq!(joined(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "-"), "1-2-3-4-5-6-…-9");
    }

    #[test]
    fn writes_numbers_in_three_digits() {
        let numbers = [
            1e172, 1234.0, 64.13, 2.504, 0.123456, 0.0123456, 1.5e-4, 0.0,
        ];
        let texts = [
            "1.0e172", "1234", "64.1", "2.50", "0.123", "0.0123", "1.5e-4", "0",
        ];
        assert_eq!(numbers.map(short), texts);
    }
}
