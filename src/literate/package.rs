//! The name of a workbook's package.
//!
//! Two packages of the same name and version are one to cargo where they are built in one
//! target folder, wherever their own folders are: it would run what it has built of the one
//! for the other. So each workbook gets a name of its own. What is carried and recorded of
//! its files has the plain name.

use std::borrow::Cow;
use std::ops::Range;

const PLAIN: &str = "workbook";
const BEFORE: &str = "name = \"";

/// A name that is made of `seed`.
pub fn name(seed: &str) -> String {
    format!("{PLAIN}-{:08x}", crc32fast::hash(seed.as_bytes()))
}

/// The text of a workbook's file at `path`, in which the package has that name.
pub fn named(path: &str, text: &str, name: &str) -> String {
    match place(path, text) {
        Some(at) => format!("{}{name}{}", &text[..at.start], &text[at.end..]),
        None => text.to_owned(),
    }
}

/// The same with the plain name.
pub fn plain<'a>(path: &str, bytes: &'a [u8]) -> Cow<'a, [u8]> {
    match str::from_utf8(bytes) {
        Ok(text) if place(path, text).is_some() => {
            named(path, text, PLAIN).into_bytes().into()
        }
        _ => bytes.into(),
    }
}

/// The workbook's own name in its `Cargo.toml`, if it has got one.
pub fn own(manifest: &str) -> Option<&str> {
    let name = &manifest[place("Cargo.toml", manifest)?];
    (name != PLAIN).then_some(name)
}

/// The place of the name, if it is one of ours.
fn place(path: &str, text: &str) -> Option<Range<usize>> {
    if !["Cargo.toml", "Cargo.lock"].contains(&path) {
        return None;
    }
    let start = text.find(&format!("{BEFORE}{PLAIN}"))? + BEFORE.len();
    let end = start + text[start..].find('"')?;
    let digits = text[start..end].strip_prefix(PLAIN)?;
    let is_digits = |digits: &str| {
        digits.len() == 8 && digits.chars().all(|c| c.is_ascii_hexdigit())
    };
    let is_ours = digits.is_empty() || digits.strip_prefix('-').is_some_and(is_digits);
    is_ours.then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::literate::workbook;

    #[test]
    fn a_name_is_put_into_both_files_and_taken_out_again() {
        let name = name("a folder");
        for file in workbook::files() {
            let named = named(&file.path, &file.text, &name);
            let has_name = ["Cargo.toml", "Cargo.lock"].contains(&&*file.path);
            assert_eq!(named != file.text, has_name, "{}", file.path);
            assert_eq!(named.contains(&name), has_name, "{}", file.path);
            assert_eq!(plain(&file.path, named.as_bytes()), file.text.as_bytes());
            if file.path == "Cargo.toml" {
                assert_eq!(own(&named), Some(&*name));
                assert_eq!(own(&file.text), None);
            }
        }
    }

    #[test]
    fn a_name_that_a_student_gave_is_not_ours() {
        for name in ["mine", "workbooks", "workbook-of-mine", "workbook-0000000g"] {
            let text = format!("[package]\nname = \"{name}\"\n");
            assert_eq!(plain("Cargo.toml", text.as_bytes()), text.as_bytes());
            assert_eq!(own(&text), None);
        }
    }
}
