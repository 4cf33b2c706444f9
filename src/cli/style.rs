//! The look of the screen: a few styles, a few shapes of line.

use anstyle::{AnsiColor, Style};
use std::fmt::Display;
use std::io::{self, Write};

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
