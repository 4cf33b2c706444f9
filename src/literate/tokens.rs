//! Code without its layout: what is left if spaces, comments and commas before a closing
//! bracket are taken out.

/// The tokens of Rust source, as rough as a comparison needs them: words, literals, and
/// signs one by one.
pub fn tokens(source: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = length(rest, first);
        let (token, after) = rest.split_at(length);
        rest = after;
        if first.is_whitespace() || token.starts_with("//") || token.starts_with("/*") {
            continue;
        }
        if matches!(first, ')' | ']' | '}') && found.last() == Some(&",") {
            found.pop();
        }
        found.push(token);
    }
    found
}

/// The length of the token, space or comment at the beginning of `text`.
fn length(text: &str, first: char) -> usize {
    let until = |is_end: &dyn Fn(char) -> bool| text.find(is_end).unwrap_or(text.len());
    let is_in_word = |c: char| c.is_alphanumeric() || c == '_';
    if text.starts_with("//") {
        until(&|c| c == '\n')
    } else if text.starts_with("/*") {
        block_comment(text)
    } else if first == '"' {
        quoted(text, 1)
    } else if text.starts_with("b\"") || text.starts_with("c\"") {
        quoted(text, 2)
    } else if let Some(length) = raw_string(text) {
        length
    } else if let Some(length) = character(text) {
        length
    } else if is_in_word(first) {
        until(&|c| !is_in_word(c))
    } else {
        first.len_utf8()
    }
}

/// A comment, which may have others inside.
fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    for (at, _) in text.char_indices() {
        if text[at..].starts_with("/*") {
            depth += 1;
        } else if text[..at].ends_with("*/") && at > 3 {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    text.len()
}

/// A string whose contents begin at `start`.
fn quoted(text: &str, start: usize) -> usize {
    let mut escaped = false;
    for (at, c) in text[start..].char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == '"' {
            return start + at + 1;
        }
    }
    text.len()
}

fn raw_string(text: &str) -> Option<usize> {
    let inner = text.strip_prefix(['b', 'c']).unwrap_or(text);
    let inner = inner.strip_prefix('r')?;
    let hashes = inner.len() - inner.trim_start_matches('#').len();
    let contents = inner[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = contents
        .find(&end)
        .map_or(contents.len(), |at| at + end.len());
    Some(text.len() - contents.len() + length)
}

/// A character in quotes; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('\'')?;
    let first = inner.chars().next()?;
    if first == '\\' {
        return inner.get(2..)?.find('\'').map(|at| at + 4);
    }
    let after = 1 + first.len_utf8();
    text[after..].starts_with('\'').then_some(after + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_and_comments_make_no_difference() {
        let tight =
            "let x=f(a,b'c',\"d // e\");/* 1 /* 2 */ 3 */g::<'s>([r#\"\"/*\"#])";
        let loose = "let  x = f( // one\n    a,\n    b'c',\n    \"d // e\",\n);\n\
                     g::< 's >([r#\"\"/*\"#,])\n";
        assert_eq!(tokens(tight), tokens(loose));
        assert_eq!(tokens("'a' '\\'' 'b x"), ["'a'", "'\\''", "'", "b", "x"]);
        assert_eq!(tokens("/**/a /* open"), ["a"]);
    }

    #[test]
    fn everything_else_does() {
        let plain = tokens("f(a, b) + \"c d\"");
        for other in ["f(a, b) - \"c d\"", "f(a, b) + \"c  d\"", "f(ab) + \"c d\""] {
            assert_ne!(tokens(other), plain, "{other}");
        }
    }
}
