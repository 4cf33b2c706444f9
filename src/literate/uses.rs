//! The `use` items at the top level of a file: a student may add some.

use std::ops::Range;

/// The items `use …;` among some lines that begin in the first column, as ranges of
/// indices: an item may take several lines.
pub fn items(lines: &[(usize, &str)]) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut at = 0;
    while let Some((_, line)) = lines.get(at) {
        let is_use = ["use ", "pub use ", "pub(crate) use "]
            .iter()
            .any(|start| line.starts_with(start));
        let end = lines[at..].iter().position(|(_, line)| line.contains(';'));
        match end {
            Some(length) if is_use => {
                items.push(at..at + length + 1);
                at += length + 1;
            }
            _ => at += 1,
        }
    }
    items
}

/// The paths that an item imports, one each: `use a::{b, c as d};` imports `a::b` and
/// `a::c as d`.
pub fn paths(item: &str) -> Vec<String> {
    let item = item.split_once("use ").map_or(item, |(_, rest)| rest);
    let tree = item.split(';').next().unwrap_or(item);
    let words: Vec<&str> = tree.split_whitespace().collect();
    let mut found = Vec::new();
    leaves("", &words.join(" "), &mut found);
    found
}

/// The name by which an imported path is known; a `*` brings names that nobody can tell.
pub fn name(path: &str) -> Option<&str> {
    let name = match path.rsplit_once(" as ") {
        Some((_, name)) => name,
        None => path.rsplit("::").next().unwrap_or(path),
    };
    (name != "*" && name != "_").then_some(name)
}

fn leaves(prefix: &str, tree: &str, found: &mut Vec<String>) {
    let tree = tree.trim();
    let Some((before, rest)) = tree.split_once('{') else {
        let path = format!("{prefix}{tree}");
        match path.strip_suffix("::self") {
            Some(module) => found.push(module.to_owned()),
            None if tree.is_empty() => {}
            None => found.push(path),
        }
        return;
    };
    let prefix = format!("{prefix}{}", before.trim());
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    let (mut depth, mut start) = (0, 0);
    for (at, letter) in inner.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                leaves(&prefix, &inner[start..at], found);
                start = at + 1;
            }
            _ => {}
        }
    }
    leaves(&prefix, &inner[start..], found);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_may_take_several_lines_and_begins_in_the_first_column() {
        let text = "use a;\nfn f() {\n    use b;\n}\npub use c::{\n    d,\n};\n";
        let lines: Vec<_> = (1..).zip(text.lines()).collect();
        assert_eq!(items(&lines), [0..1, 4..7]);
    }

    #[test]
    fn each_path_of_an_item_is_found_with_its_name() {
        let item = "pub use a::{self, b::{C, d as e}, f::*}; // why";
        let found = paths(item);
        assert_eq!(found, ["a", "a::b::C", "a::b::d as e", "a::f::*"]);
        let names: Vec<_> = found.iter().map(|path| name(path)).collect();
        assert_eq!(names, [Some("a"), Some("C"), Some("e"), None]);
        assert_eq!(paths("use x::y;"), ["x::y"]);
    }
}
