//! The tokens of Rust code, as far as somebody needs them who does not trust it: what is
//! outside comments and strings, and whether anything is left open.

/// A token: a word, or a character of punctuation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// The text; a raw identifier's without its `r#`. For a string, a character or a
    /// lifetime it is empty.
    pub text: &'a str,
    /// All of it, as it stands there.
    pub source: &'a str,
    /// The line, counted from 0.
    pub line: usize,
}

/// The tokens of a piece of code that stands where a token may begin.
///
/// # Errors
///
/// The line, counted from 0, and what is left open there: a comment, a string, a character or
/// a bracket; or a bracket that closes what was opened before the piece.
pub fn tokens(code: &str) -> Result<Vec<Token<'_>>, Open> {
    read(code, &mut |_| {})
}

/// The line and the words of what is left open.
pub type Open = (usize, &'static str);

/// A piece of code whose documentation is made ordinary comments, each as long as before:
/// examples in documentation are run.
///
/// # Errors
///
/// As [`tokens`].
pub fn without_documentation(code: &str) -> Result<String, Open> {
    let mut plain = code.to_owned();
    read(code, &mut |start| {
        let comment = &code[start..];
        let is_documentation = ["///", "//!", "/**", "/*!"]
            .iter()
            .any(|opening| comment.starts_with(opening));
        if is_documentation && !comment.starts_with("/**/") {
            plain.replace_range(start + 2..start + 3, " ");
        }
    })?;
    Ok(plain)
}

/// Reads the tokens; `on_comment` hears where each comment begins.
fn read<'a>(
    code: &'a str,
    on_comment: &mut dyn FnMut(usize),
) -> Result<Vec<Token<'a>>, Open> {
    let mut reader = Reader { code, at: 0 };
    let mut tokens = Vec::new();
    let mut open: Vec<(char, usize)> = Vec::new();
    loop {
        let start = reader.at;
        let line = |at: usize| code[..at].matches('\n').count();
        let Some(first) = reader.peek(0) else { break };
        let problem = |what| (line(start), what);
        let text = match first {
            _ if reader.starts("//") => {
                on_comment(start);
                reader.at = code[start..].find('\n').map_or(code.len(), |n| start + n);
                continue;
            }
            _ if reader.starts("/*") => {
                on_comment(start);
                reader.comment().ok_or(problem("a comment has no end"))?;
                continue;
            }
            _ if first.is_whitespace() => {
                reader.at += first.len_utf8();
                continue;
            }
            '"' => {
                reader.string().ok_or(problem("a string has no end"))?;
                ""
            }
            '\'' => {
                reader.quote().ok_or(problem("a character has no end"))?;
                ""
            }
            _ if is_word(first) => {
                let word = reader.word();
                match (word, reader.peek(0)) {
                    ("b" | "c", Some('"')) => {
                        reader.string().ok_or(problem("a string has no end"))?;
                        ""
                    }
                    ("b", Some('\'')) => {
                        reader.quote().ok_or(problem("a character has no end"))?;
                        ""
                    }
                    ("r" | "br" | "cr", Some('"' | '#')) => match reader.raw() {
                        Raw::String => "",
                        Raw::Word(word) => word,
                        Raw::Open => return Err(problem("a string has no end")),
                        Raw::None => word,
                    },
                    _ => word,
                }
            }
            _ => {
                reader.at += first.len_utf8();
                match first {
                    '(' | '[' | '{' => open.push((first, start)),
                    ')' | ']' | '}' => {
                        let opening = match first {
                            ')' => '(',
                            ']' => '[',
                            _ => '{',
                        };
                        if open.pop().map(|(opened, _)| opened) != Some(opening) {
                            let what = "a bracket closes what was not opened here";
                            return Err(problem(what));
                        }
                    }
                    _ => {}
                }
                &code[start..reader.at]
            }
        };
        tokens.push(Token {
            text,
            source: &code[start..reader.at],
            line: line(start),
        });
    }
    match open.pop() {
        Some((_, at)) => {
            let line = code[..at].matches('\n').count();
            Err((line, "a bracket is not closed"))
        }
        None => Ok(tokens),
    }
}

/// Whether two pieces of code are the same but for spaces, comments, and commas before a closing
/// bracket. What cannot be read is the same only if every character is.
pub fn are_alike(one: &str, other: &str) -> bool {
    let (Ok(first), Ok(second)) = (tokens(one), tokens(other)) else {
        return one == other;
    };
    let plain = |tokens: Vec<Token>| -> Vec<String> {
        let mut plain: Vec<String> = Vec::new();
        for token in tokens {
            if matches!(token.text, ")" | "]" | "}")
                && plain.last().is_some_and(|t| t == ",")
            {
                plain.pop();
            }
            plain.push(token.source.to_owned());
        }
        plain
    };
    plain(first) == plain(second)
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric() || !c.is_ascii()
}

struct Reader<'a> {
    code: &'a str,
    at: usize,
}

enum Raw<'a> {
    /// A raw string, read to its end.
    String,
    /// A raw identifier.
    Word(&'a str),
    /// A raw string without end.
    Open,
    /// Neither.
    None,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.code[self.at..]
    }

    fn peek(&self, nth: usize) -> Option<char> {
        self.rest().chars().nth(nth)
    }

    fn starts(&self, with: &str) -> bool {
        self.rest().starts_with(with)
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// A comment between `/*` and `*/`, which may hold others.
    fn comment(&mut self) -> Option<()> {
        let mut depth = 0;
        loop {
            if self.starts("/*") {
                depth += 1;
                self.at += 2;
            } else if self.starts("*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return Some(());
                }
            } else {
                self.at += self.peek(0)?.len_utf8();
            }
        }
    }

    /// A string from one `"` to the next that no backslash stands before.
    fn string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            let c = self.peek(0)?;
            self.at += c.len_utf8();
            match c {
                '"' => return Some(()),
                '\\' => self.at += self.peek(0)?.len_utf8(),
                _ => {}
            }
        }
    }

    /// A character, or a lifetime, from `'`.
    fn quote(&mut self) -> Option<()> {
        self.at += 1;
        let first = self.peek(0)?;
        if first == '\\' {
            self.at += 1;
            self.at += self.peek(0)?.len_utf8();
            let rest = self.rest();
            let end = rest.find(['\'', '\n'])?;
            self.at += end + 1;
            return rest[end..].starts_with('\'').then_some(());
        }
        if self.peek(1) == Some('\'') {
            self.at += first.len_utf8() + 1;
            return Some(());
        }
        is_word(first).then(|| {
            self.word();
        })
    }

    /// What follows an `r`.
    fn raw(&mut self) -> Raw<'a> {
        let rest = self.rest();
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        if rest[hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let inner = &rest[hashes + 1..];
            return match inner.find(&end) {
                Some(length) => {
                    self.at += hashes + 1 + length + end.len();
                    Raw::String
                }
                None => Raw::Open,
            };
        }
        if hashes == 1 && rest[1..].starts_with(is_word) {
            self.at += 1;
            return Raw::Word(self.word());
        }
        Raw::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(code: &str) -> Vec<&str> {
        let tokens = tokens(code).unwrap();
        tokens.iter().map(|token| token.text).collect()
    }

    #[test]
    fn what_stands_in_comments_and_strings_is_no_token() {
        assert_eq!(words("a // b {\n/* c /* d */ } */ e"), ["a", "e"]);
        assert_eq!(
            words(r#"a("b\"{", 'c', '{', '\'', b'}')"#).concat(),
            "a(,,,,)"
        );
        assert_eq!(
            words(r###"r"}" br#"" }"# cr##""#"## x"###),
            ["", "", "", "x"]
        );
        assert_eq!(words("r#include!(\"x\")"), ["include", "!", "(", "", ")"]);
        assert_eq!(words("&'a T, 'b'").concat(), "&T,");
        assert_eq!(words("'\\u{7d}' 1.5e-3").concat(), "1.5e-3");
        assert_eq!(words("ñ+ß"), ["ñ", "+", "ß"]);
        assert_eq!(tokens("a\n\n  b").unwrap()[1].line, 2);
    }

    #[test]
    fn documentation_becomes_a_comment_of_the_same_length() {
        for (code, plain) in [
            ("/// a\n//! b\nf //// c", "//  a\n//  b\nf // / c"),
            ("/** a */ /*! /** b */ */", "/*  a */ /*  /** b */ */"),
            ("/**/ // /// x", "/**/ // /// x"),
            ("\"/// a\" r#\"//! b\"#", "\"/// a\" r#\"//! b\"#"),
        ] {
            assert_eq!(without_documentation(code).as_deref(), Ok(plain));
        }
        assert!(without_documentation("/** a").is_err());
    }

    #[test]
    fn what_is_left_open_is_named_with_its_line() {
        for (code, line, what) in [
            ("a\n}", 1, "a bracket closes what was not opened here"),
            ("{ ( }", 0, "a bracket closes what was not opened here"),
            ("\n{ (a)", 1, "a bracket is not closed"),
            ("a\n/* /* */", 1, "a comment has no end"),
            ("\n\"a\\\"", 1, "a string has no end"),
            ("r#\"a\"", 0, "a string has no end"),
            ("'", 0, "a character has no end"),
            ("'\\a\n'", 0, "a character has no end"),
        ] {
            assert_eq!(tokens(code), Err((line, what)), "{code}");
        }
    }

    #[test]
    fn layout_and_comments_make_no_difference_and_everything_else_does() {
        let tight =
            "let x=f(a,b'c',\"d // e\");/* 1 /* 2 */ 3 */g::<'s>([r#\"\"/*\"#])";
        let loose = "let  x = f( // one\n    a,\n    b'c',\n    \"d // e\",\n);\n\
                     g::< 's >([r#\"\"/*\"#,])\n";
        assert!(are_alike(tight, loose));
        for other in ["f(a, b) - \"c d\"", "f(a, b) + \"c  d\"", "f(ab) + \"c d\""] {
            assert!(!are_alike("f(a, b) + \"c d\"", other), "{other}");
        }
    }

    #[test]
    fn every_source_of_this_crate_is_read_to_its_end() {
        for chapter in crate::literate::manifest::CHAPTERS.iter() {
            let text = crate::literate::carried::source(chapter);
            assert!(tokens(text).is_ok(), "{chapter}");
        }
    }
}
