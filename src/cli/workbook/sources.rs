//! The student's chapters: what is written, what is still to be, what else was changed.

use super::older::{self, View};
use super::place::{State, Workbook};
use fully_connected::literate::manifest::{APPENDICES, CHAPTERS, EXERCISES, Exercise};
use fully_connected::literate::problem::Problem;
use fully_connected::literate::tangle;
use fully_connected::literate::uses;
use fully_connected::literate::workbook;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The chapters of a workbook as they stand, by name; `Err` says why one cannot be read.
#[derive(Debug)]
pub struct Sources {
    texts: BTreeMap<&'static str, Result<String, String>>,
    /// Where these texts are not the workbook's own.
    view: Option<View>,
}

/// How far an exercise has been written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// Every region is still the stub.
    Not,
    /// Some are.
    Partly,
    /// None is.
    Fully,
    /// Nobody can tell, and why.
    Unknown(String),
}

impl Sources {
    /// Reads the chapters and the appendices.
    pub fn read(workbook: &Workbook) -> Sources {
        let view = older::view(workbook);
        let read = |name: &&'static str| {
            let file = Workbook::chapter_file(name);
            if let Some(text) = view.as_ref().and_then(|view| view.texts.get(&file)) {
                return (*name, Ok(text.clone()));
            }
            let text = fs::read_to_string(workbook.root.join(&file));
            let text = text.map_err(|e| match e.kind() {
                std::io::ErrorKind::NotFound => format!("{file} is not there"),
                _ => format!("cannot read {file}: {e}"),
            });
            (*name, text)
        };
        let texts = CHAPTERS.iter().chain(APPENDICES.iter()).map(read).collect();
        Sources { texts, view }
    }

    /// The text of a chapter.
    pub fn text(&self, chapter: &str) -> Result<&str, String> {
        self.texts[chapter]
            .as_deref()
            .map_err(|problem| problem.clone())
    }

    /// How far the exercise has been written.
    pub fn written(&self, exercise: &Exercise) -> Written {
        let (mine, stubs) = match self.regions_beside(exercise, &stubbed(exercise)) {
            Ok(both) => both,
            Err(problem) => return Written::Unknown(problem),
        };
        let same = mine.iter().zip(&stubs).filter(|(mine, stub)| mine == stub);
        match same.count() {
            0 => Written::Fully,
            n if n == stubs.len() => Written::Not,
            _ => Written::Partly,
        }
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
        if mine.len() < other.len() {
            return Err(format!(
                "{file}: {} of the {} regions of `{}` {} missing, with {} comments \
                 `// exercise:` and `// end:`",
                other.len() - mine.len(),
                other.len(),
                exercise.name,
                if other.len() - mine.len() == 1 {
                    "is"
                } else {
                    "are"
                },
                if other.len() - mine.len() == 1 {
                    "its"
                } else {
                    "their"
                },
            ));
        }
        Ok((mine, other))
    }

    /// What the outcome of an exercise hangs on: its chapter without the others' regions.
    pub fn fingerprint(&self, exercise: &Exercise) -> String {
        let helpers = format!("{}::helpers", exercise.chapter());
        let kept = |name: &str| name == exercise.name || name == helpers;
        let text = self.text(exercise.chapter()).unwrap_or_default();
        let part = tangle::skeleton("", text, kept).unwrap_or_else(|_| text.to_owned());
        format!("{:08x}", crc32fast::hash(part.as_bytes()))
    }

    /// What a compiler or a panic says, with the workbook's own lines.
    pub fn told(&self, text: String) -> String {
        match &self.view {
            Some(view) => view.told(&text),
            None => text,
        }
    }

    /// The line of the first marker of the exercise, counted from 1.
    pub fn line(&self, exercise: &Exercise) -> Option<usize> {
        let marker = format!("// exercise: {}", exercise.name);
        let text = self.text(exercise.chapter()).ok()?;
        let found = text.lines().position(|line| line.trim() == marker)?;
        let file = Workbook::chapter_file(exercise.chapter());
        match &self.view {
            Some(view) => view.line(&file, found + 1),
            None => Some(found + 1),
        }
    }

    /// Whether an exercise was given and is still as it was given.
    pub fn is_given(&self, exercise: &Exercise, state: &State) -> bool {
        state.given.iter().any(|name| name == exercise.name)
            && self.is_the_solution(exercise)
    }

    /// What was changed outside the regions, and what is wrong with the markers: one line
    /// for each file.
    pub fn given_code_changed(&self, workbook: &Workbook) -> Vec<String> {
        let mut changed = Vec::new();
        if self.view.is_some() {
            // The difference of the versions, which is told elsewhere.
            return changed;
        }
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
        let lib = carried("src/lib.rs");
        match fs::read_to_string(workbook.root.join("src/lib.rs")) {
            Err(_) => changed.push("src/lib.rs is not there".to_owned()),
            Ok(text) => changed.extend(
                first_difference(&text, &lib)
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
    let imports = uses::items(&mine);
    let mut at = 0;
    for (_, line) in &given {
        // An import that the student added may stand above a region.
        while mine.get(at).is_some_and(|(_, mine)| mine != line)
            && let Some(import) = imports.iter().find(|import| import.start == at)
        {
            at = import.end;
            let blank =
                |at: usize| mine.get(at).is_some_and(|(_, line)| line.is_empty());
            at += usize::from(blank(at) && !line.is_empty());
        }
        match mine.get(at) {
            Some((_, mine)) if mine == line => at += 1,
            Some((number, _)) => return Ok(Some(*number)),
            None => return Ok(Some(end)),
        }
    }
    Ok(mine.get(at).map(|(number, _)| *number))
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

/// A file as the program carries it.
fn carried(path: &str) -> String {
    let mut files = workbook::files().into_iter();
    let file = files.find(|file| file.path == path);
    file.expect("the program carries it").text
}

/// The tests, data, snapshots and settings of the workbook that are not as the program
/// carries them, with how they differ. A check does not use them.
pub fn not_counted(workbook: &Workbook) -> Vec<String> {
    if older::view(workbook).is_some() {
        // All of them are older, which is told elsewhere.
        return Vec::new();
    }
    let checked = workbook::checked_files();
    let settings = ["Cargo.toml", "Cargo.lock"];
    let all = workbook::files().into_iter();
    let all: Vec<_> = all
        .filter(|file| settings.contains(&file.path.as_str()))
        .chain(checked)
        .collect();
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

    #[test]
    fn an_added_import_is_no_change_of_what_is_given() {
        let chapter = workbook::stubbed("relu");
        let first = |text: &str| first_given_line("src/relu.rs", "relu", text).unwrap();
        for (above, added) in [
            (
                "use ndarray::",
                "use std::cmp;\nuse std::{\n    fmt,\n};\n\n",
            ),
            ("pub fn backward", "use std::cmp;\n"),
        ] {
            let text = chapter.replacen(above, &format!("{added}{above}"), 1);
            assert_ne!(text, chapter);
            assert_eq!(first(&text), None, "{above}");
            let changed = text.replace("pub fn backward", "pub fn back");
            assert!(first(&changed).is_some());
        }
        let removed = chapter.replacen("use ndarray::", "use nothing::", 1);
        assert!(first(&removed).is_some());
    }
}
