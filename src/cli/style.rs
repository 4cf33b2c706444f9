//! The look of the screen: a few styles, a few shapes of line.

use anstyle::{AnsiColor, Style};
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

/// The style of headings.
pub const HEADING: Style = Style::new().bold();
/// The style of good news.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// The style of bad news.
pub const BAD: Style = AnsiColor::Red.on_default();
/// The style of the word before an error.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// The style of column heads and remarks.
pub const QUIET: Style = Style::new().dimmed();
/// The style of curves, and of commands to type.
pub const BRIGHT: Style = AnsiColor::Cyan.on_default();

/// `text` in a style.
pub fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A tick or a cross, and what it says.
pub fn verdict(good: bool, text: impl Display) -> String {
    if good {
        styled(GOOD, format_args!("✓ {text}"))
    } else {
        styled(BAD, format_args!("✗ {text}"))
    }
}

/// An empty line, a heading, and a remark beside it.
pub fn heading(out: &mut impl Write, title: &str, remark: &str) -> io::Result<()> {
    writeln!(out)?;
    write!(out, "{}", styled(HEADING, title))?;
    if !remark.is_empty() {
        write!(out, "  {}", styled(QUIET, remark))?;
    }
    writeln!(out)
}

/// The columns of the terminal, if there is one.
pub fn terminal_width() -> Option<usize> {
    let is_there = io::stdout().is_terminal();
    let size = is_there.then(crossterm::terminal::size)?;
    // A terminal that does not know its size says 0.
    let (columns, _) = size.ok().filter(|(columns, _)| *columns > 0)?;
    Some(usize::from(columns.max(20)))
}

/// The columns to write for: the terminal's, or 80.
pub fn width() -> usize {
    terminal_width().unwrap_or(80)
}

/// What is written, a line at a time.
pub struct Lines<F: FnMut(&str)> {
    line: F,
    rest: Vec<u8>,
}

impl<F: FnMut(&str)> Lines<F> {
    /// Hands each line to `line`.
    pub fn new(line: F) -> Lines<F> {
        Lines {
            line,
            rest: Vec::new(),
        }
    }
}

impl<F: FnMut(&str)> Write for Lines<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest.extend(bytes);
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            (self.line)(&String::from_utf8_lossy(&line[..end]));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
