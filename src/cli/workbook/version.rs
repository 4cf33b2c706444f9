//! The version of a workbook beside the program's.

use crate::cli::failure::Failure;
use fully_connected::literate::workbook::VERSION;
use std::cmp::Ordering;

/// How a version stands to the program's, if it is one.
pub fn beside_ours(version: &str) -> Option<Ordering> {
    Some(numbers(version)?.cmp(&numbers(VERSION)?))
}

/// Major, minor and patch number. What a pre-release adds does not count.
pub fn numbers(version: &str) -> Option<[u64; 3]> {
    let plain = version.split(['-', '+']).next()?;
    let numbers: Result<Vec<u64>, _> = plain.split('.').map(str::parse).collect();
    numbers.ok()?.try_into().ok()
}

/// Refuses a workbook of a newer version.
pub fn refuse_newer(version: &str) -> Result<(), Failure> {
    if beside_ours(version) != Some(Ordering::Greater) {
        return Ok(());
    }
    Err(Failure::Unusable(format!(
        "this workbook is of version {version} and this program of {VERSION}, which is \
         older and would take away what is new. Install version {version} or a newer one: \
         `git pull` and `cargo install --path .` in the clone"
    )))
}

/// The difference in one line, if a workbook of that version is older than the program.
pub fn difference(version: &str) -> Option<String> {
    let is_older = beside_ours(version) == Some(Ordering::Less);
    is_older.then(|| {
        format!(
            "this workbook is of version {version}, the program of {VERSION}; \
             `fully-connected update` brings it up to date"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_their_numbers() {
        assert_eq!(beside_ours(VERSION), Some(Ordering::Equal));
        assert_eq!(beside_ours("0.1.0"), Some(Ordering::Less));
        assert_eq!(beside_ours("0.0.99"), Some(Ordering::Less));
        assert_eq!(beside_ours("99.0.0"), Some(Ordering::Greater));
        assert!(numbers("0.10.0") > numbers("0.9.12"));
        assert_eq!(numbers("1.2.3-beta.1"), Some([1, 2, 3]));
        for no_version in ["", "1", "1.2", "1.2.3.4", "1.x.2"] {
            assert_eq!(beside_ours(no_version), None);
        }
    }
}
