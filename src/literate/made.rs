//! The record of a workbook's files: enough to tell later what the student has changed.
//!
//! A workbook carries this record in a file of its own. It holds no text, only checksums: of
//! each file, of each line that is given, of each stub. A given line's is three digits, so
//! that an edit can be located; whether there is one the file's checksum says.

use super::carried::{File, STATE};
use super::markers::sound_regions;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// The file of a workbook that holds the record.
pub const MADE: &str = ".fully-connected.made";

const HEAD: &str = "# The files as `fully-connected` made them. `update` tells by it what you have changed.";

/// The record of a workbook's files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Made {
    files: BTreeMap<String, MadeFile>,
}

/// The record of one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MadeFile {
    /// The checksum of the whole text.
    whole: u32,
    /// The checksum of each line outside the regions; none for a file of numbers.
    lines: Vec<u16>,
    /// The checksum of each region's body, in the file's order, with its exercise.
    regions: Vec<(String, u32)>,
}

impl Made {
    /// The record of a new workbook's files. The state file changes by itself.
    pub fn of(files: &[File]) -> Made {
        let files = files.iter().filter(|file| file.path != STATE);
        let of =
            |file: &File| (file.path.clone(), MadeFile::of(&file.path, &file.text));
        Made {
            files: files.map(of).collect(),
        }
    }

    /// The record of workbooks that were made before they had one.
    pub fn of_version(version: &str) -> Option<Made> {
        match version {
            "0.1.0" => Made::read(include_str!("workbook/0.1.0.made")),
            _ => None,
        }
    }

    /// The record in a text, if it is one.
    pub fn read(text: &str) -> Option<Made> {
        let mut files: BTreeMap<String, MadeFile> = BTreeMap::new();
        let mut path = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            match (line.starts_with(' '), words.next()?, words.next()) {
                (false, new, Some(whole)) => {
                    let whole = u32::from_str_radix(whole, 16).ok()?;
                    let file = MadeFile {
                        whole,
                        ..MadeFile::default()
                    };
                    path = new.to_owned();
                    files.insert(path.clone(), file);
                }
                (true, exercise, Some(sum)) => {
                    let sum = u32::from_str_radix(sum, 16).ok()?;
                    let regions = &mut files.get_mut(&path)?.regions;
                    regions.push((exercise.to_owned(), sum));
                }
                (true, digits, None) if digits.is_ascii() => {
                    let lines = digits.as_bytes().chunks(3).map(|digits| {
                        let digits = str::from_utf8(digits).ok()?;
                        u16::from_str_radix(digits, 16).ok()
                    });
                    let lines: Option<Vec<u16>> = lines.collect();
                    files.get_mut(&path)?.lines.extend(lines?);
                }
                _ => return None,
            }
        }
        (!files.is_empty()).then_some(Made { files })
    }

    /// The record of the file at `path`.
    pub fn file(&self, path: &str) -> Option<&MadeFile> {
        self.files.get(path)
    }

    /// The paths of all files.
    pub fn paths(&self) -> impl Iterator<Item = &String> {
        self.files.keys()
    }
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}")?;
        for (path, file) in &self.files {
            writeln!(f, "{path} {:08x}", file.whole)?;
            for lines in file.lines.chunks(30) {
                let digits: String = lines.iter().map(|l| format!("{l:03x}")).collect();
                writeln!(f, " {digits}")?;
            }
            for (exercise, sum) in &file.regions {
                writeln!(f, " {exercise} {sum:08x}")?;
            }
        }
        Ok(())
    }
}

impl MadeFile {
    fn of(path: &str, text: &str) -> MadeFile {
        let is_code = [".rs", ".toml", ".md", ".gitignore"]
            .iter()
            .any(|ending| path.ends_with(ending));
        let (regions, _) = sound_regions(text, |_| true);
        let bodies: Vec<_> = regions.iter().map(|region| region.body.clone()).collect();
        let lines = if is_code {
            lines_outside(text, &bodies)
        } else {
            Vec::new()
        };
        let regions = regions.into_iter();
        MadeFile {
            whole: sum(text.as_bytes()),
            lines: lines.iter().map(|(_, line)| short_sum(line)).collect(),
            regions: regions
                .map(|region| (region.exercise, sum(text[region.body].as_bytes())))
                .collect(),
        }
    }

    /// Whether that is what was made, whichever way its lines end.
    pub fn is(&self, bytes: &[u8]) -> bool {
        sum(bytes) == self.whole
    }

    /// Whether edits of it can be located.
    pub fn has_lines(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Whether that is the stub of the exercise's region with that number, from 0.
    pub fn is_stub(&self, exercise: &str, nth: usize, body: &str) -> bool {
        let mut regions = self.regions.iter().filter(|(name, _)| name == exercise);
        regions
            .nth(nth)
            .is_some_and(|(_, made)| *made == sum(body.as_bytes()))
    }

    /// The exercises of which it has regions, each as often as it has some.
    pub fn exercises(&self) -> impl Iterator<Item = &str> {
        self.regions.iter().map(|(name, _)| name.as_str())
    }

    /// The edits of lines outside the regions: ranges of indices of `lines`, empty where
    /// lines were taken out.
    pub fn edits(&self, lines: &[(usize, &str)]) -> Vec<Range<usize>> {
        let mine: Vec<u16> = lines.iter().map(|(_, line)| short_sum(line)).collect();
        let ops = capture_diff_slices(Algorithm::Myers, &self.lines, &mine);
        let edits = ops.iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
        edits.map(DiffOp::new_range).collect()
    }
}

/// The lines of `text` that do not begin in one of `bodies`, with their numbers from 1,
/// without white space at their ends.
pub fn lines_outside<'a>(
    text: &'a str,
    bodies: &[Range<usize>],
) -> Vec<(usize, &'a str)> {
    let mut at = 0;
    let mut lines = Vec::new();
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if !bodies.iter().any(|body| body.contains(&at)) {
            lines.push((number + 1, line.trim_end()));
        }
        at += line.len();
    }
    lines
}

fn short_sum(line: &str) -> u16 {
    u16::try_from(crc32fast::hash(line.as_bytes()) & 0xfff).expect("three digits")
}

/// The checksum of a text whose lines end with `\n` alone.
fn sum(bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => {
                hasher.update(line);
                hasher.update(b"\n");
            }
            None => hasher.update(line),
        }
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::literate::workbook;

    const CHAPTER: &str = "use a;\n\nfn f() {\n    // exercise: x::f\n    todo!()\n    \
                           // end: x::f\n}\n";

    fn made() -> MadeFile {
        MadeFile::of("src/x.rs", CHAPTER)
    }

    #[test]
    fn a_record_survives_being_written_and_read() {
        let made = Made::of(&workbook::files());
        assert_eq!(Made::read(&made.to_string()), Some(made.clone()));
        let crlf = made.to_string().replace('\n', "\r\n");
        assert_eq!(Made::read(&crlf), Some(made));
        let first = Made::of_version("0.1.0").unwrap();
        assert_eq!(Made::read(&first.to_string()), Some(first));
        for damaged in ["", "a", "a xyz", " 123", "a 00000000\n zz"] {
            assert_eq!(Made::read(damaged), None, "{damaged}");
        }
    }

    #[test]
    fn what_was_made_is_known_again_whichever_way_its_lines_end() {
        assert!(made().is(CHAPTER.as_bytes()));
        assert!(made().is(CHAPTER.replace('\n', "\r\n").as_bytes()));
        assert!(!made().is(CHAPTER.replace("todo", "done").as_bytes()));
        assert!(made().is_stub("x::f", 0, "    todo!()\r\n"));
        assert!(!made().is_stub("x::f", 0, "    1\n"));
        assert!(!made().is_stub("x::f", 1, "    todo!()\n"));
    }

    #[test]
    fn edits_outside_the_regions_are_located() {
        let lines = |text: &'static str| -> Vec<(usize, &'static str)> {
            (1..).zip(text.lines()).collect()
        };
        let all = "use a;\n\nfn f() {\n    // exercise: x::f\n    // end: x::f\n}\n";
        assert!(made().edits(&lines(all)).is_empty());
        let added = "use a;\nuse b;\nuse c;\n\nfn f() {\n    // exercise: x::f\n    \
                     // end: x::f\n}\n";
        assert_eq!(made().edits(&lines(added)), [Range { start: 1, end: 3 }]);
        let removed = "use a;\n\n    // exercise: x::f\n    // end: x::f\n}\n";
        assert_eq!(made().edits(&lines(removed)), [Range { start: 2, end: 2 }]);
    }
}
