//! The examples in a source's documentation: finding them, leaving some out, and putting
//! something before them.

/// A block between fences in documentation that rustdoc would test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The line of the opening fence, counted from 1, by which rustdoc names it.
    pub line: usize,
    /// The lines between the fences, and what the fence says.
    pub text: String,
}

/// The examples of `source`, in order.
pub fn examples(source: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    walk(source, |example, _| examples.push(example));
    examples
}

/// `source` with the examples that `kept` refuses turned into plain text, and before the first
/// line of each other one what `before` gives for its line. No line moves.
pub fn rewritten(
    source: &str,
    kept: impl Fn(&Example) -> bool,
    before: impl Fn(usize) -> String,
) -> String {
    let mut lines: Vec<String> = source.lines().map(str::to_owned).collect();
    walk(source, |example, fence| {
        let at = example.line - 1;
        if !kept(&example) {
            let end = lines[at].find(fence).expect("the fence is there");
            lines[at].replace_range(end.., &format!("{fence}text"));
        } else if example.can_tell() {
            let first = &mut lines[at + 1];
            let start = first.find(['/']).map_or(0, |at| at + 3);
            let hidden = format!(" # {}", before(example.line));
            // What rustdoc hides it hides up to the end of the line.
            let text = first.split_off(start);
            let text = text.strip_prefix(" # ").unwrap_or(&text);
            first.push_str(&hidden);
            first.push_str(text.trim_start());
        }
    });
    let mut text = lines.join("\n");
    if source.ends_with('\n') {
        text.push('\n');
    }
    text
}

impl Example {
    /// Whether it can tell of itself: it is compiled, run, and expected to end well, its first
    /// line may stand after another statement, and it brings no `main` of its own.
    pub fn can_tell(&self) -> bool {
        let mut lines = self.text.lines();
        let info = lines.next().unwrap_or("");
        let first = lines.next().unwrap_or("").trim_start_matches("# ").trim();
        let runs = !["no_run", "compile_fail", "should_panic"]
            .iter()
            .any(|word| info.contains(word));
        runs && !first.starts_with("#!") && !self.text.contains("fn main(")
    }
}

/// Calls `found` with each example and its fence.
fn walk<'a>(source: &'a str, mut found: impl FnMut(Example, &'a str)) {
    let mut open: Option<(&str, bool, Example)> = None;
    for (number, line) in source.lines().enumerate() {
        let Some(doc) = documentation(line) else {
            open = None;
            continue;
        };
        match &mut open {
            None => {
                let ticks = doc.len() - doc.trim_start_matches('`').len();
                if ticks < 3 {
                    continue;
                }
                let (fence, info) = doc.split_at(ticks);
                let example = Example {
                    line: number + 1,
                    text: format!("{info}\n"),
                };
                open = Some((fence, is_tested(info), example));
            }
            Some((fence, tested, example)) => {
                if doc == *fence {
                    if *tested {
                        found(example.clone(), fence);
                    }
                    open = None;
                } else {
                    example.text += doc;
                    example.text.push('\n');
                }
            }
        }
    }
}

/// The text of a line of documentation.
fn documentation(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let text = line
        .strip_prefix("///")
        .or_else(|| line.strip_prefix("//!"))?;
    Some(text.strip_prefix(' ').unwrap_or(text).trim_end())
}

/// Whether rustdoc tests a block with this text after its fence.
fn is_tested(info: &str) -> bool {
    let known = ["rust", "should_panic", "no_run", "compile_fail"];
    info.split([',', ' '])
        .filter(|word| !word.is_empty())
        .all(|word| {
            let error_code = word.len() == 5 && word.starts_with('E');
            known.contains(&word) || error_code || word.starts_with("edition")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
//! ```text
//! no example
//! ```
//!
//! ```
//! one();
//! ```

/// ```compile_fail,E0382
/// two();
/// ```
fn f() {
    /// ````math
    /// ```
    /// ````
}
";

    #[test]
    fn finds_what_rustdoc_tests_and_where() {
        let found = examples(SOURCE);
        let lines: Vec<_> = found.iter().map(|e| e.line).collect();
        assert_eq!(lines, [5, 9]);
        assert_eq!(found[0].text, "\none();\n");
    }

    #[test]
    fn silences_without_moving_a_line() {
        let before = |line| format!("at({line}); ");
        let told = SOURCE.replace("one();", "# at(5); one();");
        let quiet = rewritten(SOURCE, |example| example.line == 5, before);
        assert_eq!(quiet, told.replace("```compile_fail,E0382", "```text"));
        assert_eq!(rewritten(SOURCE, |_| true, before), told);
        assert!(examples(&rewritten(SOURCE, |_| false, before)).is_empty());
    }
}
