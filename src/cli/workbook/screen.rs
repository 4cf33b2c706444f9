//! The terminal while the watcher has it: raw keys and a page drawn in place. In the end,
//! whatever the end is, the terminal is as it was.

use crate::cli::failure::Failure;
use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};
use crossterm::terminal::{
    self, BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate,
    EnterAlternateScreen, LeaveAlternateScreen,
};
use crossterm::{cursor, execute, queue, style::Print};
use std::env;
use std::io::{self, IsTerminal, Write};
use std::panic;
use textwrap::core::display_width;

/// The terminal, taken over until it is dropped.
pub struct Screen {
    colours: bool,
    /// The rows that are drawn.
    rows: Vec<String>,
}

impl Screen {
    /// Whether keys can be read and a page drawn.
    pub fn is_there() -> bool {
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        !dumb && io::stdin().is_terminal() && io::stdout().is_terminal()
    }

    /// Takes the terminal over.
    pub fn take() -> Result<Screen, Failure> {
        terminal::enable_raw_mode()?;
        // A panic says what it has to say on the terminal as it was.
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            give_back();
            usual(info);
        }));
        let colours = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        let rows = Vec::new();
        let screen = Screen { colours, rows };
        execute!(io::stdout(), EnterAlternateScreen, cursor::Hide)?;
        Ok(screen)
    }

    /// The columns and rows of the terminal.
    pub fn size() -> (usize, usize) {
        let (columns, rows) = terminal::size().unwrap_or((80, 24));
        (usize::from(columns).max(20), usize::from(rows).max(6))
    }

    /// Forgets what is drawn, so that all of it is drawn anew, as after a change of size.
    pub fn forget(&mut self) {
        self.rows.clear();
    }

    /// Draws the rows, from the top; what was there before is gone.
    pub fn draw(&mut self, rows: Vec<String>) -> Result<(), Failure> {
        if rows == self.rows {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        queue!(out, BeginSynchronizedUpdate)?;
        for (y, row) in rows.iter().enumerate() {
            let y = u16::try_from(y).unwrap_or(u16::MAX);
            let plain;
            let row = if self.colours {
                row
            } else {
                plain = strip_str(row).to_string();
                &plain
            };
            queue!(
                out,
                cursor::MoveTo(0, y),
                Clear(ClearType::CurrentLine),
                Print(row)
            )?;
        }
        queue!(out, Clear(ClearType::FromCursorDown), EndSynchronizedUpdate)?;
        out.flush()?;
        self.rows = rows;
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Leaves the terminal as it was. If that fails, nothing more can be done.
fn give_back() {
    let _ = execute!(io::stdout(), LeaveAlternateScreen, cursor::Show);
    let _ = terminal::disable_raw_mode();
}

/// A line broken to fit a width; what hangs over is indented as the line is.
pub fn fitted(line: &str, width: usize) -> Vec<String> {
    let line = line.replace('\t', "    ");
    if display_width(&line) <= width {
        return vec![line];
    }
    let indent = &line[..line.len() - line.trim_start_matches(' ').len()];
    let indent = if indent.len() * 2 > width { "" } else { indent };
    let options = textwrap::Options::new(width).subsequent_indent(indent);
    let broken = textwrap::wrap(&line, options);
    broken.into_iter().map(|line| line.into_owned()).collect()
}

/// A line with something at its left and its right, cut if it does not fit.
pub fn spread(left: &str, right: &str, width: usize) -> String {
    let used = display_width(left) + display_width(right);
    if used + 1 > width {
        return fitted(left, width).swap_remove(0);
    }
    format!("{left}{}{right}", " ".repeat(width - used))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_to_the_width_and_keep_their_indent() {
        assert_eq!(fitted("short", 20), ["short"]);
        assert_eq!(fitted("  one two three", 9), ["  one two", "  three"]);
        let coloured = "\x1b[31mone two three\x1b[0m";
        assert_eq!(fitted(coloured, 13), [coloured]);
        for line in fitted(&"x".repeat(100), 30) {
            assert!(display_width(&line) <= 30);
        }
    }

    #[test]
    fn two_sides_share_a_line_if_there_is_room() {
        assert_eq!(spread("a", "b", 5), "a   b");
        assert_eq!(spread("aaaa", "b", 5), "aaaa");
    }
}
