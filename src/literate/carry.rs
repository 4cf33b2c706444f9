//! Carrying a student's code from one version of a chapter into another.

use super::made::{MadeFile, lines_outside};
use super::markers::{Region, sound_regions};
use super::{manifest, uses};
use std::collections::BTreeMap;
use std::ops::Range;

/// A chapter of the new version with the student's code in it, and what was not carried.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Carried {
    /// The text.
    pub text: String,
    /// The exercises, and helpers, with the student's code in at least one region.
    pub exercises: Vec<String>,
    /// The `use` items that went into the helpers, with the line of each in the old text:
    /// those that the student added, and those that the student's code needs.
    pub uses: Vec<(usize, String)>,
    /// The edits outside the regions, as lines of the old text, from 1. They are in the
    /// old text only. An empty range stands where lines were taken out.
    pub edits: Vec<Range<usize>>,
    /// The reasons why a region was not carried, each with a line of the old text.
    pub lost: Vec<(usize, String)>,
}

/// The chapter `stubbed` with the code that a student wrote in `old`, an older version of
/// it, of which `made` is the record.
///
/// A region that is still the old stub becomes the new one. Where markers are damaged, the
/// regions that can be told are carried. Without a record nobody can tell what was edited
/// outside the regions.
pub fn carry(old: &str, made: Option<&MadeFile>, stubbed: &str) -> Carried {
    let ends_with_cr = old.lines().next().is_some() && first_line_has_cr(old);
    let stubbed = if ends_with_cr {
        stubbed.replace('\n', "\r\n")
    } else {
        stubbed.to_owned()
    };
    let (regions, damage) = sound_regions(old, |_| true);
    let (wanted, _) = sound_regions(&stubbed, |_| true);
    let mut carried = Carried::default();

    let mut bodies: BTreeMap<(&str, usize), &str> = BTreeMap::new();
    for (region, nth) in numbered(&regions) {
        let name = region.exercise.as_str();
        let body = &old[region.body.clone()];
        if made.is_some_and(|made| made.is_stub(name, nth, body)) {
            continue;
        }
        let count = wanted.iter().filter(|w| w.exercise == name).count();
        let is_unsure = damage.iter().any(|d| d.exercises.iter().any(|e| e == name));
        if count > 1 && is_unsure {
            let problem = format!("which region of `{name}` this is cannot be told");
            carried.lost.push((region.line, problem));
        } else if nth >= count {
            let problem = if count == 0 {
                format!("`{name}` is no exercise of this version")
            } else {
                format!("`{name}` has {count} regions, and this is one more")
            };
            carried.lost.push((region.line, problem));
        } else {
            bodies.insert((name, nth), body);
            if !carried.exercises.iter().any(|known| known == name) {
                carried.exercises.push(name.to_owned());
            }
        }
    }
    let damage = damage.into_iter();
    carried
        .lost
        .extend(damage.map(|damage| (damage.line, damage.what)));
    carried.lost.extend(missing(made, &regions, old, &carried));
    carried.lost.sort();

    let bodies_of: Vec<_> = regions.iter().map(|region| region.body.clone()).collect();
    let lines = lines_outside(old, &bodies_of);
    let mut added = Vec::new();
    for edit in made.map_or(Vec::new(), |made| made.edits(&lines)) {
        let inserted = &lines[edit.clone()];
        let items = uses::items(inserted);
        let mut rest = edit.start;
        for item in items {
            let item = edit.start + item.start..edit.start + item.end;
            if rest < item.start {
                push_edit(&mut carried.edits, &lines, rest..item.start);
            }
            added.push((lines[item.start].0, joined(&lines[item.clone()])));
            rest = item.end;
        }
        if rest < edit.end || edit.is_empty() {
            push_edit(&mut carried.edits, &lines, rest..edit.end);
        }
    }
    // An import of the older chapter that the new one lacks, and the student's code needs.
    for item in uses::items(&lines) {
        let number = lines[item.start].0;
        for path in uses::paths(&joined(&lines[item])) {
            let name = uses::name(&path);
            let is_needed = |body: &&str| name.is_some_and(|name| has_word(body, name));
            if bodies.values().any(is_needed) {
                added.push((number, format!("use {path};")));
            }
        }
    }
    let uses = new_uses(&added, &stubbed, &wanted);
    carried.text = with_bodies(&stubbed, &wanted, &bodies, &uses);
    carried.uses = uses;
    carried
}

fn joined(lines: &[(usize, &str)]) -> String {
    let text: Vec<_> = lines.iter().map(|(_, line)| *line).collect();
    text.join(" ")
}

fn has_word(text: &str, word: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.any(|found| found == word)
}

fn first_line_has_cr(text: &str) -> bool {
    text.split_inclusive('\n')
        .next()
        .is_some_and(|line| line.ends_with("\r\n"))
}

/// The text as the lines of `like` end.
pub fn with_line_ends_of(like: &str, text: &str) -> String {
    if first_line_has_cr(like) {
        text.replace('\n', "\r\n")
    } else {
        text.to_owned()
    }
}

/// The exercises whose regions were made and are not there, if no other damage says so.
fn missing(
    made: Option<&MadeFile>,
    regions: &[Region],
    old: &str,
    carried: &Carried,
) -> Vec<(usize, String)> {
    let mut missing: Vec<(usize, String)> = Vec::new();
    let Some(made) = made else { return missing };
    let last = old.lines().count().max(1);
    for name in made.exercises() {
        let was = made.exercises().filter(|other| *other == name).count();
        let is = regions
            .iter()
            .filter(|region| region.exercise == name)
            .count();
        let quoted = format!("`{name}`");
        let is_told = carried.lost.iter().any(|(_, told)| told.contains(&quoted))
            || missing.iter().any(|(_, told)| told.contains(&quoted));
        if is < was && !is_told {
            missing.push((last, format!("the markers of {quoted} are not there")));
        }
    }
    missing
}

/// Adds the lines with these indices as an edit, unless they are all blank.
fn push_edit(
    edits: &mut Vec<Range<usize>>,
    lines: &[(usize, &str)],
    edit: Range<usize>,
) {
    let number = |index: usize| match lines.get(index) {
        Some((number, _)) => *number,
        None => lines.last().map_or(1, |(number, _)| number + 1),
    };
    if edit.is_empty() {
        edits.push(number(edit.start)..number(edit.start));
    } else if lines[edit.clone()].iter().any(|(_, line)| !line.is_empty()) {
        edits.push(number(edit.start)..number(edit.end - 1) + 1);
    }
}

/// The paths of the added items that the chapter does not import by itself.
fn new_uses(
    added: &[(usize, String)],
    stubbed: &str,
    wanted: &[Region],
) -> Vec<(usize, String)> {
    let bodies: Vec<_> = wanted.iter().map(|region| region.body.clone()).collect();
    let given = lines_outside(stubbed, &bodies);
    let mut known = Vec::new();
    for item in uses::items(&given) {
        known.extend(uses::paths(&joined(&given[item])));
    }
    let mut new = Vec::new();
    for (line, item) in added {
        for path in uses::paths(item) {
            let name = uses::name(&path).map(str::to_owned);
            let is_known = known.iter().any(|other| {
                *other == path || name.is_some() && uses::name(other) == name.as_deref()
            });
            if !is_known {
                new.push((*line, format!("use {path};")));
                known.push(path);
            }
        }
    }
    new
}

fn with_bodies(
    stubbed: &str,
    wanted: &[Region],
    bodies: &BTreeMap<(&str, usize), &str>,
    uses: &[(usize, String)],
) -> String {
    let end = if first_line_has_cr(stubbed) {
        "\r\n"
    } else {
        "\n"
    };
    let mut text = String::new();
    let mut at = 0;
    for (region, nth) in numbered(wanted) {
        let given = &stubbed[region.body.clone()];
        let body = bodies.get(&(region.exercise.as_str(), nth));
        text += &stubbed[at..region.body.start];
        if manifest::is_helpers(&region.exercise) {
            let mine = body.copied().unwrap_or(given);
            let new = uses
                .iter()
                .filter(|(_, item)| !mine.contains(item.as_str()));
            text.extend(new.map(|(_, item)| format!("{item}{end}")));
        }
        text += body.unwrap_or(&given);
        at = region.body.end;
    }
    text += &stubbed[at..];
    text
}

fn numbered(regions: &[Region]) -> impl Iterator<Item = (&Region, usize)> {
    regions.iter().enumerate().map(|(i, region)| {
        let before = &regions[..i];
        let nth = before
            .iter()
            .filter(|r| r.exercise == region.exercise)
            .count();
        (region, nth)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::literate::carried::File;
    use crate::literate::made::Made;

    const OLD: &str = "\
use ndarray::Array1;

/// Given.
pub fn forward() {
    check();
    // exercise: relu::forward
    todo!(\"relu::forward: old words\")
    // end: relu::forward
}

fn backward() {
    // exercise: relu::backward
    todo!()
    // end: relu::backward
}

// exercise: relu::helpers
// Yours.
// end: relu::helpers
";

    fn new() -> String {
        let new =
            OLD.replace("Given.", "Given, and said better.\n/// With an example.");
        new.replace("old words", "new words")
            .replace("use ndarray::Array1;", "use ndarray::{Array1, Array2};")
    }

    /// Carries an old chapter with some edits.
    fn carried(edits: &[(&str, &str)]) -> Carried {
        let file = File {
            path: "src/relu.rs".to_owned(),
            text: OLD.to_owned(),
        };
        let made = Made::of(&[file]);
        let mut mine = OLD.to_owned();
        for (from, to) in edits {
            assert!(mine.contains(from), "{from}");
            mine = mine.replacen(from, to, 1);
        }
        carry(&mine, made.file("src/relu.rs"), &new())
    }

    const STUB: &str = "    todo!(\"relu::forward: old words\")\n";

    #[test]
    fn an_untouched_chapter_becomes_the_new_one() {
        let expected = Carried {
            text: new(),
            ..Carried::default()
        };
        assert_eq!(carried(&[]), expected);
    }

    #[test]
    fn what_was_written_is_carried_and_the_rest_is_new() {
        let mine =
            carried(&[(STUB, "    mine()\n"), ("// Yours.\n", "fn mine() {}\n")]);
        assert_eq!(mine.exercises, ["relu::forward", "relu::helpers"]);
        let expected = new()
            .replace("    todo!(\"relu::forward: new words\")\n", "    mine()\n")
            .replace("// Yours.\n", "fn mine() {}\n");
        assert_eq!(mine.text, expected);
        assert_eq!((mine.edits, mine.lost, mine.uses), Default::default());
    }

    #[test]
    fn added_imports_go_into_the_helpers_but_for_those_that_are_there() {
        let added =
            "use ndarray::{Array1, Array2, Zip as Z};\nuse std::{\n    fmt,\n};";
        let mine = carried(&[("use ndarray::Array1;", added)]);
        let uses = [(1, "use ndarray::Zip as Z;"), (2, "use std::fmt;")];
        assert_eq!(mine.uses, uses.map(|(line, item)| (line, item.to_owned())));
        let helpers = "helpers\nuse ndarray::Zip as Z;\nuse std::fmt;\n// Yours.\n";
        assert!(mine.text.contains(helpers), "{}", mine.text);
        assert!(mine.edits.is_empty(), "{:?}", mine.edits);
    }

    #[test]
    fn an_import_that_the_new_chapter_lacks_is_brought_where_the_code_needs_it() {
        let new =
            new().replace("use ndarray::{Array1, Array2};", "use ndarray::Array2;");
        let old = |body: &str| OLD.replace(STUB, body);
        for made in [true, false] {
            let file = File {
                path: "src/relu.rs".to_owned(),
                text: OLD.to_owned(),
            };
            let record = Made::of(&[file]);
            let record = record.file("src/relu.rs").filter(|_| made);
            let needed = carry(&old("    Array1::zeros(2)\n"), record, &new).uses;
            assert_eq!(needed, [(1, "use ndarray::Array1;".to_owned())]);
            assert_eq!(carry(&old("    MyArray1\n"), record, &new).uses, []);
        }
    }

    #[test]
    fn edits_outside_the_regions_are_located_and_not_carried() {
        let mine = carried(&[
            ("    check();\n", ""),
            (STUB, "    1\n    2\n"),
            ("fn backward", "fn mine() {}\n\nfn backward"),
        ]);
        assert_eq!(mine.edits, [5..5, 11..13]);
        assert!(!mine.text.contains("fn mine"));
        assert!(mine.text.contains("    1\n    2\n"));
    }

    #[test]
    fn beside_damaged_markers_the_sound_regions_are_carried() {
        let mine = carried(&[
            (STUB, "    mine()\n"),
            ("    // end: relu::forward\n", ""),
            ("    todo!()\n", "    mine_too()\n"),
        ]);
        assert_eq!(mine.exercises, ["relu::backward"]);
        assert_eq!(mine.lost.len(), 1);
        let (line, what) = &mine.lost[0];
        assert_eq!(*line, 11);
        assert!(
            what.contains("`relu::forward`, which began at line 6"),
            "{what}"
        );
        assert!(mine.text.contains("todo!(\"relu::forward: new words"));
        assert!(mine.text.contains("    mine_too()\n"));

        let mine = carried(&[
            ("    // exercise: relu::backward\n", ""),
            ("    // end: relu::backward\n", ""),
        ]);
        let what = "the markers of `relu::backward` are not there";
        assert_eq!(mine.lost, [(17, what.to_owned())]);
    }

    #[test]
    fn lines_end_as_they_did() {
        let crlf = |text: &str| text.replace('\n', "\r\n");
        let file = File {
            path: "src/relu.rs".to_owned(),
            text: OLD.to_owned(),
        };
        let made = Made::of(&[file]);
        let made = made.file("src/relu.rs");
        assert_eq!(carry(&crlf(OLD), made, &new()).text, crlf(&new()));
        let mine = crlf(&OLD.replace(STUB, "    mine()\n"));
        assert!(
            carry(&mine, made, &new())
                .text
                .contains("\r\n    mine()\r\n")
        );
    }

    #[test]
    fn without_a_record_every_region_is_carried_as_it_stands() {
        let mine = carry(&OLD.replace("    check();\n", ""), None, &new());
        assert!(mine.text.contains("old words"));
        assert_eq!((mine.edits, mine.lost), Default::default());
        assert_eq!(mine.exercises.len(), 3);
    }
}
