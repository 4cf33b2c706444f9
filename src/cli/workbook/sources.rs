//! The student's chapters: which regions are written, and what else was changed.

use super::files::{self, files_below, is_text};
use super::older::{self, View};
use super::place::Workbook;
use anstream::adapter::strip_str;
use fully_connected::literate::manifest::{APPENDICES, CHAPTERS, EXERCISES, Exercise};
use fully_connected::literate::markers::sound_regions;
use fully_connected::literate::package;
use fully_connected::literate::problem::Problem;
use fully_connected::literate::tangle::{self, is_known};
use fully_connected::literate::tokens::are_alike;
use fully_connected::literate::uses;
use fully_connected::literate::workbook;
use std::collections::BTreeMap;

/// The chapters of a workbook as the student has them, by name; `Err` says why one cannot be read.
#[derive(Debug)]
pub struct Sources {
    texts: BTreeMap<&'static str, Result<String, String>>,
    /// The view that these texts are of, if they are not the workbook's own.
    view: Option<View>,
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
            // Lines may end either way; everything here compares with `\n`.
            let text = files::read_text(&workbook.root.join(&file));
            let text = text.map(|text| text.replace("\r\n", "\n"));
            let text = text.map_err(|e| match e.kind() {
                std::io::ErrorKind::NotFound => format!("{file} is not there"),
                _ => format!("cannot read {file}: {e}"),
            });
            (*name, text)
        };
        let texts = CHAPTERS.iter().chain(APPENDICES.iter()).map(read).collect();
        Sources { texts, view }
    }

    /// Chapters with these texts.
    pub fn of(text: impl Fn(&'static str) -> String) -> Sources {
        let names = CHAPTERS.iter().chain(APPENDICES.iter());
        let texts = names.map(|name| (*name, Ok(text(name)))).collect();
        Sources { texts, view: None }
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
        let (mine, stubs) =
            self.regions_beside(exercise, &workbook::stubbed(exercise.chapter()))?;
        let same = mine.iter().zip(&stubs).filter(|(mine, stub)| mine == stub);
        Ok(same.count())
    }

    /// Whether the exercise is the solution, but for its layout and comments.
    pub fn is_the_solution(&self, exercise: &Exercise) -> bool {
        let solution = workbook::source(exercise.chapter());
        let both = self.regions_beside(exercise, solution);
        both.is_ok_and(|(mine, solution)| {
            mine.len() == solution.len()
                && mine.iter().zip(&solution).all(|(a, b)| are_alike(a, b))
        })
    }

    /// The regions of the exercise here and in `other`.
    pub fn regions_beside(
        &self,
        exercise: &Exercise,
        other: &str,
    ) -> Result<(Vec<String>, Vec<String>), String> {
        regions_beside(exercise, self.text(exercise.chapter())?, other)
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

    /// The message of a compiler or a panic, with the workbook's own lines.
    pub fn told(&self, text: String) -> String {
        match &self.view {
            Some(view) => view.told(&text),
            None => text,
        }
    }

    /// The line of the marker of the exercise's first open region, or if none is open, of its
    /// first; counted from 1.
    pub fn line(&self, exercise: &Exercise) -> Option<usize> {
        let marker = format!("// exercise: {}", exercise.name);
        let text = self.text(exercise.chapter()).ok()?;
        let stubs = workbook::stubbed(exercise.chapter());
        let open = regions_beside(exercise, text, &stubs).ok();
        let open = open.and_then(|(mine, stubs)| {
            mine.iter()
                .zip(&stubs)
                .position(|(mine, stub)| mine == stub)
        });
        let markers = text.lines().enumerate();
        let mut markers = markers.filter(|(_, line)| line.trim() == marker);
        let (found, _) = markers.nth(open.unwrap_or(0))?;
        let file = Workbook::chapter_file(exercise.chapter());
        match &self.view {
            Some(view) => view.line(&file, found + 1),
            None => Some(found + 1),
        }
    }

    /// An error of the compiler, headed by the exercise that it is in.
    pub fn told_error(&self, error: String) -> String {
        let exercise = self.exercise_at(&strip_str(&error).to_string());
        let told = self.told(error);
        match exercise {
            Some(exercise) => format!("In {exercise}:\n{told}"),
            None => told,
        }
    }

    /// The exercise at the first place in `src` that a plain text names.
    fn exercise_at(&self, text: &str) -> Option<String> {
        let (_, place) = text.split_once("--> src/")?;
        let mut parts = place.split([':', '\n']);
        let chapter = parts.next()?.strip_suffix(".rs")?;
        let line: usize = parts.next()?.parse().ok()?;
        let (regions, _) =
            sound_regions(self.texts.get(chapter)?.as_ref().ok()?, is_known);
        let text = self.text(chapter).ok()?;
        let region = regions.into_iter().find(|region| {
            let lines = text[region.body.clone()].lines().count();
            (region.line + 1..=region.line + lines).contains(&line)
        })?;
        Some(region.exercise)
    }

    /// The changes outside the regions, and the damage to markers: one line for each file.
    pub fn given_code_changed(&self, workbook: &Workbook) -> Vec<String> {
        let mut changed = Vec::new();
        if self.view.is_some() {
            // The difference between the versions, which is told elsewhere.
            return changed;
        }
        let lib = files::read_text(&workbook.root.join("src/lib.rs"));
        let lib = lib.map_err(|_| "src/lib.rs is not there".to_owned());
        let modules = self.texts.iter().map(|(name, text)| {
            let file = Workbook::chapter_file(name);
            (file, text, workbook::stubbed(name))
        });
        let lib = ("src/lib.rs".to_owned(), &lib, workbook::lib());
        for (file, text, original) in modules.chain([lib]) {
            let change = text
                .as_ref()
                .map(|text| first_change(&file, text, &original));
            match change {
                Err(problem) => changed.push(problem.clone()),
                Ok(Err(problem)) => changed.push(problem.to_string()),
                Ok(Ok(Some(line))) => changed.push(format!("{file}, line {line}")),
                Ok(Ok(None)) => {}
            }
        }
        for exercise in EXERCISES.iter() {
            if let Err(problem) = self.stubs_left(exercise)
                && !changed.contains(&problem)
            {
                changed.push(problem);
            }
        }
        changed
    }
}

/// The regions of the exercise in a chapter's text and in the sound text `other`.
pub fn regions_beside(
    exercise: &Exercise,
    mine: &str,
    other: &str,
) -> Result<(Vec<String>, Vec<String>), String> {
    let file = Workbook::chapter_file(exercise.chapter());
    let of = |text: &str| -> Result<Vec<String>, Problem> {
        let mut bodies = tangle::bodies(&file, text)?;
        let region = |nth| bodies.remove(&(exercise.name.to_owned(), nth));
        Ok((0..exercise.stubs.len()).map_while(region).collect())
    };
    let mine = of(mine).map_err(|e| e.to_string())?;
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

/// The number of the first line that is not as in `original`; regions may differ.
fn first_change(
    file: &str,
    mine: &str,
    original: &str,
) -> Result<Option<usize>, Problem> {
    let mine = tangle::given_lines(file, mine)?;
    let original = tangle::given_lines(file, original)?;
    let end = mine.last().map_or(1, |(number, _)| number + 1);
    let imports = uses::items(&mine);
    let line_at = |at: usize| mine.get(at).map(|(_, line)| *line);
    let mut at = 0;
    for (_, line) in &original {
        let before = at;
        // An import that the student added may stand above a region.
        while line_at(at).is_some_and(|mine| mine != *line)
            && let Some(import) = imports.iter().find(|import| import.start == at)
        {
            at = import.end;
            at += usize::from(line_at(at) == Some("") && !line.is_empty());
        }
        if line_at(at) != Some(*line) {
            // Where an import is missing, another stands in its place: it was changed.
            let at = if line.starts_with("use ") { before } else { at };
            return Ok(Some(mine.get(at).map_or(end, |(number, _)| *number)));
        }
        at += 1;
    }
    Ok(mine.get(at).map(|(number, _)| *number))
}

/// The tests, data, snapshots and settings of the workbook that are not as the program
/// carries them, with how they differ. A check does not use them.
pub fn not_counted(workbook: &Workbook) -> Vec<String> {
    if older::view(workbook).is_some() {
        // All of them are older, which is told elsewhere.
        return Vec::new();
    }
    let is_checked = |path: &str| {
        ["Cargo.toml", "Cargo.lock"].contains(&path)
            || path.starts_with("tests/")
            || path.starts_with("snapshots/")
    };
    let mut all = workbook::files();
    all.retain(|file| is_checked(&file.path));
    let mut found = Vec::new();
    for file in &all {
        match files::read(&workbook.root.join(&file.path)) {
            Err(_) => found.push(format!("{} (deleted)", file.path)),
            Ok(bytes) if !is_text(&package::plain(&file.path, &bytes), &file.text) => {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_change_has_its_line() {
        let first = |mine, original| first_change("", mine, original).unwrap();
        assert_eq!(first("a\nb\n", "a\nb\n"), None);
        assert_eq!(first("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first("a\n", "a\nc\n"), Some(2));
        assert_eq!(first("a\nc\n", "a\n"), Some(2));
        // A given import that was added to.
        let given = "use a;\nuse b::{c, d};\n\nfn f() {}\n";
        let more = given.replace("c, d", "c, d, e");
        assert_eq!(first(&more, given), Some(2));
    }

    #[test]
    fn a_change_outside_the_regions_is_found_and_one_inside_is_not() {
        let chapter = workbook::stubbed("relu");
        let first = |text: &str| first_change("", text, &chapter).unwrap();
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
        let first = |text: &str| first_change("", text, &chapter).unwrap();
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
            assert!(first(&text.replace("pub fn backward", "pub fn back")).is_some());
        }
        let other = chapter.replacen("use ndarray::", "use nothing::", 1);
        assert!(first(&other).is_some());
    }
}
