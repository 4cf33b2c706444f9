//! The watcher's page, as lines: on its screen, or one after the other.

use super::examine::does_not_compile;
use super::job::{Note, Situation};
use super::judge::Verdict;
use super::screen::{fitted, spread};
use super::snapshot::Snapshot;
use super::standing::Standing;
use crate::cli::style::{BAD, BRIGHT, GOOD, HEADING, QUIET, styled, verdict};
use fully_connected::literate::manifest::{END_OF_PART_I, Exercise, exercises_up_to};
use std::time::Duration;
use textwrap::core::display_width;

const KEYS: [(&str, &str); 6] = [
    ("h", "hint"),
    ("l", "list"),
    ("c", "check all"),
    ("r", "run again"),
    ("↑↓", "scroll"),
    ("q", "quit"),
];

const ALL_DONE: &str = "every exercise is done";
const PART_I_DONE: &str = "That was the last of Part I. `fully-connected learn` shows your \
                           network at work.";

/// The page of the watcher.
#[derive(Debug, Default)]
pub struct Page {
    /// The signs of all exercises.
    signs: String,
    /// The count of those done.
    count: String,
    /// The exercise that it is about.
    exercise: Option<&'static Exercise>,
    /// The file and the line of that exercise.
    place: String,
    /// The line that says what goes on, or how it ended.
    status: String,
    /// A line for each exercise solved since the last save.
    solved: Vec<String>,
    /// The lines about the exercise.
    body: Vec<String>,
    /// A page that lies on top: a hint, the list, a check.
    over: Option<Vec<String>>,
    /// The number of the body's lines above the screen.
    scroll: usize,
}

impl Page {
    /// The exercise that the page is about.
    pub fn exercise(&self) -> Option<&'static Exercise> {
        self.exercise
    }

    /// Shows how far the workbook has come.
    pub fn look(&mut self, snapshot: &Snapshot) {
        let standings = snapshot.all();
        let mut chapter = "";
        let mut signs = String::new();
        for (exercise, standing) in &standings {
            if !chapter.is_empty() && exercise.chapter() != chapter {
                signs.push(' ');
            }
            chapter = exercise.chapter();
            let (style, sign, _) = standing.shown();
            signs += &styled(style, sign);
        }
        let done = standings.iter().filter(|(_, standing)| standing.is_done());
        let done = done.count();
        self.signs = signs;
        self.count = format!("{done} of {} done", standings.len());
        if let Some(exercise) = self.exercise {
            self.place = match snapshot.sources.line(exercise) {
                Some(line) => format!("src/{}.rs:{line}", exercise.chapter()),
                None => format!("src/{}.rs", exercise.chapter()),
            };
        }
    }

    /// Shows that a file was saved. Returns the lines to print without a screen, as the
    /// functions below do.
    pub fn saved(&mut self, what: &str) -> Vec<String> {
        self.solved.clear();
        self.over = None;
        self.scroll = 0;
        self.status = styled(BRIGHT, format_args!("{what}, building …"));
        vec![self.status.clone()]
    }

    /// Shows news of the work.
    pub fn note(&mut self, note: Note) -> Vec<String> {
        match note {
            Note::At(exercise) => {
                if self.exercise.map(|e| e.name) != Some(exercise.name) {
                    self.exercise = Some(exercise);
                    self.body.clear();
                    self.status = styled(BRIGHT, "building …");
                }
                Vec::new()
            }
            Note::Building(what) => {
                // Cargo's own words begin with a capital.
                let status = match what.chars().next() {
                    Some(first) if first.is_uppercase() => format!("building … {what}"),
                    _ => format!("{what} …"),
                };
                self.status = styled(BRIGHT, status);
                Vec::new()
            }
            Note::TestsPass(exercise, took) => {
                self.body.clear();
                let text = format!("its tests pass ({})", seconds(took));
                self.status = format!("{}, now the examples …", styled(GOOD, text));
                vec![format!("{}: {}", exercise.name, self.status)]
            }
            Note::Solved(exercise, took) => {
                let text = format!(
                    "{} is solved: {} tests pass, no example fails \
                     ({})",
                    exercise.name,
                    exercise.tests().len(),
                    seconds(took)
                );
                let mut lines = vec![verdict(true, text)];
                let last = exercises_up_to(END_OF_PART_I, &[]).last();
                if last.is_some_and(|last| last.name == exercise.name) {
                    lines.push(format!("  {}", styled(BRIGHT, PART_I_DONE)));
                }
                self.solved.extend_from_slice(&lines);
                lines
            }
            Note::Learning => {
                self.exercise = None;
                self.place.clear();
                self.body.clear();
                self.solved.drain(..self.solved.len().saturating_sub(1));
                self.status = verdict(true, ALL_DONE);
                self.status += &styled(BRIGHT, "; now your network learns …");
                vec![self.status.clone()]
            }
            Note::Learned(line) => {
                self.body.push(line.clone());
                // The end is what one waits for.
                self.scroll = usize::MAX;
                vec![line]
            }
        }
    }

    /// Shows the end of the work.
    pub fn ended(&mut self, situation: Situation) -> Vec<String> {
        self.over = None;
        if !matches!(situation, Situation::AllDone(None)) {
            self.scroll = 0;
        }
        match situation {
            Situation::AllDone(failure) => {
                // What the network did has been told.
                let said = self.body.len();
                self.status = verdict(true, ALL_DONE);
                if let Some(failure) = failure {
                    let what = format!("your network was not seen at work: {failure}");
                    self.body.extend(what.lines().map(str::to_owned));
                }
                let status = std::iter::once(&self.status);
                return status.chain(&self.body[said..]).cloned().collect();
            }
            Situation::Errors(errors) => {
                self.status =
                    styled(BAD, format_args!("✗ {}", does_not_compile(errors.len())));
                self.body = errors
                    .iter()
                    .flat_map(|error| error.lines().chain([""]))
                    .map(str::to_owned)
                    .collect();
            }
            Situation::NotDone(verdict, took) => return self.not_done(&verdict, took),
            Situation::Report(report) => {
                self.status = if report.is_done() {
                    verdict(true, "checked")
                } else {
                    "checked".to_owned()
                };
                self.over = Some(report.lines());
                return report.lines();
            }
        }
        self.lines()
    }

    fn not_done(&mut self, verdict: &Verdict, took: Duration) -> Vec<String> {
        let name = verdict.exercise.name;
        let (style, sign, words) = verdict.standing.shown();
        self.status = styled(style, format_args!("{sign} {words}"));
        self.body = match (&verdict.wrong, &verdict.standing) {
            (Some(wrong), _) => {
                let text = format_args!("{sign} {words} ({})", seconds(took));
                self.status = styled(style, text);
                wrong.lines()
            }
            (_, Standing::Waiting(other)) => vec![format!(
                "Its tests reach {other}, which is not done. That one comes first."
            )],
            _ => vec![
                format!("Write it in {} and save the file.", self.place),
                "Where you are stuck, `h` shows a hint: a question first.".to_owned(),
            ],
        };
        if verdict.standing == Standing::Open {
            return vec![
                format!("→ {}: {}", styled(HEADING, name), verdict.exercise.title),
                format!("  {}", self.body[0]),
            ];
        }
        let mut lines = vec![format!("{name}: {}", self.status)];
        lines.extend(self.body.iter().map(|line| format!("  {line}")));
        lines
    }

    /// Shows that the work could not be done.
    pub fn failed(&mut self, problem: &str) -> Vec<String> {
        self.scroll = 0;
        self.status = styled(BAD, "✗ this cannot be tested");
        self.body = problem.lines().map(str::to_owned).collect();
        self.lines()
    }

    fn lines(&self) -> Vec<String> {
        let status = std::iter::once(&self.status);
        status.chain(&self.body).cloned().collect()
    }

    /// Lays a page on top; without lines, takes it away.
    pub fn lay_over(&mut self, lines: Option<Vec<String>>) {
        self.over = lines;
        self.scroll = 0;
    }

    /// Moves the body by so many lines.
    pub fn scroll(&mut self, by: isize) {
        self.scroll = self.scroll.saturating_add_signed(by);
    }

    /// The first row: the name, and how far the student is, with as much of it as fits.
    fn head(&self, name: &str, width: usize) -> String {
        let name = styled(HEADING, name);
        let all = format!("{}  {}", self.signs, self.count);
        let room = width.saturating_sub(display_width(&name) + 1);
        let right = if display_width(&all) <= room {
            &all
        } else {
            &self.count
        };
        spread(&name, right, width)
    }

    /// The rows of a screen of that size.
    pub fn rows(&mut self, width: usize, height: usize, name: &str) -> Vec<String> {
        let mut rows = vec![self.head(name, width), styled(QUIET, "─".repeat(width))];
        rows.extend(self.solved.iter().flat_map(|line| fitted(line, width)));
        if let (Some(exercise), None) = (self.exercise, &self.over) {
            let title = styled(HEADING, format_args!("→ {}", exercise.name));
            let left = format!("{title}  {}", exercise.title);
            rows.push(spread(&left, &styled(QUIET, &self.place), width));
        }
        if self.over.is_none() {
            rows.push(fitted(&format!("  {}", self.status), width).swap_remove(0));
        }
        rows.push(String::new());

        let body = self.over.as_ref().unwrap_or(&self.body);
        let body: Vec<_> = body
            .iter()
            .flat_map(|line| fitted(&format!("  {line}"), width))
            .collect();
        let room = height.saturating_sub(rows.len() + 2).max(1);
        self.scroll = self.scroll.min(body.len().saturating_sub(room));
        let shown = body.iter().skip(self.scroll).take(room).cloned();
        rows.extend(shown);
        rows.truncate(height - 2);
        rows.resize(height - 2, String::new());

        let below = body.len().saturating_sub(self.scroll + room);
        let more = match (self.scroll, below) {
            (0, 0) => String::new(),
            (above, below) => format!(" {above} lines above, {below} below "),
        };
        let length = more.chars().count();
        let (more, rule) = match width.checked_sub(length) {
            Some(left) => (more, "─".repeat(left)),
            None => (String::new(), "─".repeat(width)),
        };
        rows.push(styled(QUIET, format_args!("{more}{rule}")));
        rows.push(keys(width, self.over.is_some()));
        rows
    }
}

/// The keys, as many as fit; the last, by which one gets out, always.
fn keys(width: usize, over: bool) -> String {
    let length = |(key, what): (&str, &str)| key.chars().count() + what.len() + 4;
    let shown =
        |(key, what): (&str, &str)| format!(" {} {what}  ", styled(BRIGHT, key));
    let back = over.then_some(("Esc", "back"));
    let (last, others) = KEYS.split_last().expect("there are keys");
    let mut line = String::new();
    let mut used = length(*last);
    for key in back.into_iter().chain(others.iter().copied()) {
        if used + length(key) > width {
            break;
        }
        used += length(key);
        line += &shown(key);
    }
    line + &shown(*last)
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use anstream::adapter::strip_str;

    #[test]
    fn the_head_shows_the_signs_where_they_fit_and_else_the_count() {
        let page = Page {
            signs: "✓○ ○".to_owned(),
            count: "1 of 3 done".to_owned(),
            ..Page::default()
        };
        let head = |width| strip_str(&page.head("mine", width)).to_string();
        assert_eq!(head(24), "mine   ✓○ ○  1 of 3 done");
        assert_eq!(head(20), "mine     1 of 3 done");
        assert_eq!(head(10), "mine");
    }

    #[test]
    fn a_page_fills_the_screen_and_no_more_at_any_size() {
        let mut page = Page::default();
        page.failed(&"a long line of many words, or so it seems to me\n".repeat(40));
        for (width, height) in [(20, 6), (80, 24), (120, 40), (500, 200)] {
            page.scroll(7);
            let rows = page.rows(width, height, "my-network");
            assert_eq!(rows.len(), height);
            for row in &rows {
                assert!(display_width(row) <= width, "{width}: {row:?}");
            }
        }
    }

    #[test]
    fn the_way_out_is_named_at_any_width() {
        for (width, over) in [(20, false), (20, true), (40, false), (60, true)] {
            let line = strip_str(&keys(width, over)).to_string();
            assert!(line.contains(" q quit"), "{width}: {line}");
            assert!(display_width(&line) <= width, "{width}: {line}");
        }
    }

    #[test]
    fn a_word_is_not_said_twice() {
        let mut page = Page::default();
        let mut status = |what: &str| {
            page.note(Note::Building(what.to_owned()));
            strip_str(&page.status).to_string()
        };
        assert_eq!(status("building"), "building …");
        assert_eq!(status("Compiling rand"), "building … Compiling rand");
        assert_eq!(status("running the tests"), "running the tests …");
    }

    #[test]
    fn scrolling_stops_at_both_ends() {
        let mut page = Page::default();
        let lines: Vec<_> = (0..50).map(|n| format!("line {n}")).collect();
        page.failed(&lines.join("\n"));
        let text =
            |page: &mut Page| strip_str(&page.rows(80, 24, "x").join("\n")).to_string();
        assert!(text(&mut page).contains("line 0\n"));
        page.scroll(1000);
        assert!(text(&mut page).contains("line 49\n"));
        page.scroll(-1000);
        assert!(text(&mut page).contains("line 0\n"));
    }
}
