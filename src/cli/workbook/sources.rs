//! The student's chapters: which regions are written, and what else was changed.

use super::place::Workbook;
use fully_connected::literate::manifest::{APPENDICES, CHAPTERS, EXERCISES, Exercise};
use fully_connected::literate::problem::Problem;
use fully_connected::literate::tangle;
use fully_connected::literate::workbook;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The chapters of a workbook as the student has them, by name; `Err` says why one cannot be read.
#[derive(Debug)]
pub struct Sources {
    texts: BTreeMap<&'static str, Result<String, String>>,
}

impl Sources {
    /// Reads the chapters and the appendices.
    pub fn read(workbook: &Workbook) -> Sources {
        let read = |name: &&'static str| {
            let file = Workbook::chapter_file(name);
            let text = fs::read_to_string(workbook.root.join(&file));
            let text = text.map_err(|e| match e.kind() {
                std::io::ErrorKind::NotFound => format!("{file} is not there"),
                _ => format!("cannot read {file}: {e}"),
            });
            (*name, text)
        };
        let texts = CHAPTERS.iter().chain(APPENDICES.iter()).map(read).collect();
        Sources { texts }
    }

    /// Chapters with these texts.
    #[cfg(test)]
    pub fn of(text: impl Fn(&'static str) -> String) -> Sources {
        let names = CHAPTERS.iter().chain(APPENDICES.iter());
        let texts = names.map(|name| (*name, Ok(text(name)))).collect();
        Sources { texts }
    }

    /// The text of a chapter.
    pub fn text(&self, chapter: &str) -> Result<&str, String> {
        self.texts[chapter]
            .as_deref()
            .map_err(|problem| problem.clone())
    }

    /// The number of the exercise's regions that are still the stub; `Err` says why nobody
    /// can tell.
    pub fn stubs_left(&self, exercise: &Exercise) -> Result<usize, String> {
        let (mine, stubs) = self.regions_beside(exercise, &stubbed(exercise))?;
        let same = mine.iter().zip(&stubs).filter(|(mine, stub)| mine == stub);
        Ok(same.count())
    }

    /// Whether every region of the exercise is still the stub.
    pub fn is_untouched(&self, exercise: &Exercise) -> bool {
        self.stubs_left(exercise) == Ok(exercise.stubs.len())
    }

    /// Whether the exercise is the solution, letter for letter.
    pub fn is_the_solution(&self, exercise: &Exercise) -> bool {
        let solution = workbook::source(exercise.chapter());
        let both = self.regions_beside(exercise, solution);
        both.is_ok_and(|(mine, solution)| mine == solution)
    }

    /// The regions of the exercise here and in `other`.
    pub fn regions_beside(
        &self,
        exercise: &Exercise,
        other: &str,
    ) -> Result<(Vec<String>, Vec<String>), String> {
        let file = Workbook::chapter_file(exercise.chapter());
        let of = |text: &str| -> Result<Vec<String>, Problem> {
            let mut bodies = tangle::bodies(&file, text)?;
            let region = |nth| bodies.remove(&(exercise.name.to_owned(), nth));
            Ok((0..exercise.stubs.len()).map_while(region).collect())
        };
        let mine = of(self.text(exercise.chapter())?).map_err(|e| e.to_string())?;
        let other = of(other).expect("the markers that the program carries are sound");
        let missing = other.len() - mine.len();
        if missing > 0 {
            let (are, their) = if missing == 1 {
                ("is", "its")
            } else {
                ("are", "their")
            };
            return Err(format!(
                "{file}: {missing} of the {} regions of `{}` {are} missing, with {their} \
                 comments `// exercise:` and `// end:`",
                other.len(),
                exercise.name,
            ));
        }
        Ok((mine, other))
    }

    /// The fingerprint of what an exercise's result depends on: its chapter without the
    /// regions of others.
    pub fn fingerprint(&self, exercise: &Exercise) -> String {
        let helpers = format!("{}::helpers", exercise.chapter());
        let kept = |name: &str| name == exercise.name || name == helpers;
        let text = self.text(exercise.chapter()).unwrap_or_default();
        let part = tangle::skeleton("", text, kept).unwrap_or_else(|_| text.to_owned());
        format!("{:08x}", crc32fast::hash(part.as_bytes()))
    }

    /// The line of the first marker of the exercise, counted from 1.
    pub fn line(&self, exercise: &Exercise) -> Option<usize> {
        let marker = format!("// exercise: {}", exercise.name);
        let text = self.text(exercise.chapter()).ok()?;
        let found = text.lines().position(|line| line.trim() == marker)?;
        Some(found + 1)
    }

    /// The changes outside the regions, and the damage to markers: one line for each file.
    pub fn given_code_changed(&self, workbook: &Workbook) -> Vec<String> {
        let mut changed = Vec::new();
        for (name, text) in &self.texts {
            let file = Workbook::chapter_file(name);
            let is_chapter = CHAPTERS.contains(name);
            match text {
                Err(problem) => changed.push(problem.clone()),
                Ok(text) if is_chapter => match first_given_line(&file, name, text) {
                    Ok(None) => {}
                    Ok(Some(line)) => changed.push(format!("{file}, line {line}")),
                    Err(error) => changed.push(error.to_string()),
                },
                Ok(text) => changed.extend(
                    first_difference(text, workbook::source(name))
                        .map(|line| format!("{file}, line {line}")),
                ),
            }
        }
        for exercise in EXERCISES.iter() {
            if let Err(problem) = self.regions_beside(exercise, &stubbed(exercise))
                && !changed.contains(&problem)
            {
                changed.push(problem);
            }
        }
        match fs::read_to_string(workbook.root.join("src/lib.rs")) {
            Err(_) => changed.push("src/lib.rs is not there".to_owned()),
            Ok(text) => changed.extend(
                first_difference(&text, &workbook::lib())
                    .map(|line| format!("src/lib.rs, line {line}")),
            ),
        }
        changed
    }
}

/// The chapter of the exercise as a new workbook has it.
fn stubbed(exercise: &Exercise) -> String {
    workbook::stubbed(exercise.chapter())
}

fn first_given_line(
    file: &str,
    chapter: &str,
    text: &str,
) -> Result<Option<usize>, Problem> {
    let mine = tangle::given_lines(file, text)?;
    let stubbed = workbook::stubbed(chapter);
    let given = tangle::given_lines(file, &stubbed)?;
    let end = mine.last().map_or(1, |(number, _)| number + 1);
    for (i, (_, line)) in given.iter().enumerate() {
        match mine.get(i) {
            Some((_, mine)) if mine == line => {}
            Some((number, _)) => return Ok(Some(*number)),
            None => return Ok(Some(end)),
        }
    }
    Ok(mine.get(given.len()).map(|(number, _)| *number))
}

/// The first line, from 1, where two texts differ.
fn first_difference(mine: &str, other: &str) -> Option<usize> {
    let (mut a, mut b) = (mine.lines(), other.lines());
    for line in 1.. {
        match (a.next(), b.next()) {
            (None, None) => break,
            (a, b) if a == b => {}
            _ => return Some(line),
        }
    }
    None
}

/// The tests, data, snapshots and settings of the workbook that are not as the program
/// carries them, with how they differ. A check does not use them.
pub fn not_counted(workbook: &Workbook) -> Vec<String> {
    let is_checked = |path: &str| {
        ["Cargo.toml", "Cargo.lock"].contains(&path)
            || path.starts_with("tests/")
            || path.starts_with("snapshots/")
    };
    let mut all = workbook::files();
    all.retain(|file| is_checked(&file.path));
    let mut found = Vec::new();
    for file in &all {
        match fs::read(workbook.root.join(&file.path)) {
            Err(_) => found.push(format!("{} (deleted)", file.path)),
            Ok(bytes) if bytes != file.text.as_bytes() => {
                found.push(format!("{} (changed)", file.path));
            }
            Ok(_) => {}
        }
    }
    for folder in ["tests", "snapshots"] {
        for path in files_below(&workbook.root, folder) {
            if !all.iter().any(|file| file.path == path) {
                found.push(format!("{path} (added)"));
            }
        }
    }
    found
}

/// The files below `folder`, relative to `root`, with `/`, in order. Links are not followed.
pub fn files_below(root: &Path, folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(root.join(folder)) else {
        return found;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let path = format!("{folder}/{}", name.to_string_lossy());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.extend(files_below(root, &path)),
            _ => found.push(path),
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_has_its_line() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nc\n"), Some(2));
    }

    #[test]
    fn a_change_outside_the_regions_is_found_and_one_inside_is_not() {
        let chapter = workbook::stubbed("relu");
        let first = |text: &str| first_given_line("src/relu.rs", "relu", text).unwrap();
        assert_eq!(first(&chapter), None);
        let inside = chapter.replace("let _ = zero;", "// 1\n// 2\nlet _ = zero;");
        assert_eq!(first(&inside), None);
        let outside = inside.replace("pub fn backward", "pub fn back");
        let line = outside
            .lines()
            .position(|l| l.contains("pub fn back<"))
            .unwrap();
        assert_eq!(first(&outside), Some(line + 1));
        assert!(first(&format!("{chapter}// more\n")).is_some());
    }
}
