//! Output that suits the terminal: lines no longer than it is wide and, where it does not
//! show Unicode, in ASCII.

use super::style::terminal_width;
use std::env;
use std::io::{self, IsTerminal, Write};
use textwrap::{Options, WordSplitter, core::display_width};

/// What is written, suited to the terminal.
pub struct Fitted<W> {
    out: W,
    /// The terminal's columns; none where lines stay as they are.
    width: Option<usize>,
    is_ascii: bool,
    line: Vec<u8>,
}

impl<W: Write> Fitted<W> {
    /// Suits lines to the terminal, if standard output is one.
    pub fn lines(out: W) -> Fitted<W> {
        Fitted {
            out,
            width: terminal_width(),
            is_ascii: io::stdout().is_terminal() && is_without_unicode(),
            line: Vec::new(),
        }
    }

    /// The same for a screen, which is laid out already.
    pub fn screen(out: W) -> Fitted<W> {
        Fitted {
            width: None,
            ..Fitted::lines(out)
        }
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        match str::from_utf8(bytes) {
            Ok(text) if self.is_ascii => self.out.write_all(in_ascii(text).as_bytes()),
            _ => self.out.write_all(bytes),
        }
    }

    fn put_line(&mut self, width: usize) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        match str::from_utf8(&line) {
            Ok(text) if display_width(text.trim_end()) > width => {
                self.put(wrapped(text, width).as_bytes())
            }
            _ => self.put(&line),
        }
    }
}

impl<W: Write> Write for Fitted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(width) = self.width else {
            self.put(bytes)?;
            return Ok(bytes.len());
        };
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend(part);
            if part.ends_with(b"\n") {
                self.put_line(width)?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.line);
        self.put(&rest)?;
        self.out.flush()
    }
}

/// A line in several; below one that is indented, the others are a little further.
fn wrapped(line: &str, width: usize) -> String {
    let indent = match line.len() - line.trim_start_matches(' ').len() {
        0 => 0,
        spaces => (spaces + 2).min(width / 2),
    };
    let indent = " ".repeat(indent);
    let options = Options::new(width)
        .subsequent_indent(&indent)
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false);
    textwrap::wrap(line.trim_end_matches('\n'), options).join("\n") + "\n"
}

/// Whether the locale says that the terminal shows another encoding than UTF-8.
pub fn is_without_unicode() -> bool {
    let value = |name| env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(value);
    cfg!(unix) && locale.is_some_and(|locale| is_of_another_encoding(&locale))
}

fn is_of_another_encoding(locale: &str) -> bool {
    !locale.to_lowercase().replace('-', "").contains("utf8")
}

/// What is nearest among the letters that every terminal shows.
fn in_ascii(text: &str) -> String {
    let mut plain = String::new();
    for letter in text.chars() {
        plain.push_str(match letter {
            '✓' => "+",
            '✗' | '×' => "x",
            '○' => "o",
            '◆' => "#",
            '…' => "...",
            '→' => "->",
            '·' => "*",
            '½' => "1/2",
            '²' => "^2",
            '±' => "+-",
            'Σ' => "sum ",
            '‖' | '┤' | '│' | '├' => "|",
            '└' => "+",
            '–' | '—' | '−' | '─' => "-",
            '\u{2800}' => " ",
            // The dots of a curve.
            '\u{2801}'..='\u{28ff}' => "*",
            _ if letter.is_ascii() => {
                plain.push(letter);
                continue;
            }
            _ => "?",
        });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(width: Option<usize>, is_ascii: bool, text: &str) -> String {
        let mut fitted = Fitted {
            out: Vec::new(),
            width,
            is_ascii,
            line: Vec::new(),
        };
        // In pieces, as formatting writes.
        for piece in text.split_inclusive(' ') {
            fitted.write_all(piece.as_bytes()).unwrap();
        }
        fitted.flush().unwrap();
        String::from_utf8(fitted.out).unwrap()
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let text =
            "one two three four\n  \u{1b}[1m✓ five\u{1b}[0m six   seven eight\nend";
        let narrow = written(Some(14), false, text);
        let expected = "one two three\nfour\n  \u{1b}[1m✓ five\u{1b}[0m six\n    \
                        seven\n    eight\nend";
        assert_eq!(narrow, expected);
        assert!(narrow.lines().all(|line| display_width(line) <= 14));
        assert_eq!(written(Some(40), false, text), text);
        assert_eq!(written(None, false, text), text);
    }

    #[test]
    fn what_a_terminal_does_not_show_is_written_otherwise() {
        let text = "  ✓ 2.3026 ± 0.0225, 15 × 20, ½·3.14·ΣW²: ┤⠤⠊ └ …\u{2800}é\n";
        let plain = "  + 2.3026 +- 0.0225, 15 x 20, 1/2*3.14*sum W^2: |** + ... ?\n";
        assert_eq!(written(Some(80), true, text), plain);
        assert_eq!(written(None, true, text), plain);
    }

    #[test]
    fn a_locale_says_its_encoding() {
        for locale in ["C", "POSIX", "de_DE", "en_US.ISO-8859-1"] {
            assert!(is_of_another_encoding(locale), "{locale}");
        }
        for locale in ["C.UTF-8", "en_US.utf8", "de_DE.UTF-8@euro"] {
            assert!(!is_of_another_encoding(locale), "{locale}");
        }
    }
}
