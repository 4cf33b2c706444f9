//! Tests and how they ended, read from what libtest printed.

use super::Run;
use std::collections::BTreeMap;

/// How each test of a workbook ended: `None` for passed, else what it printed.
pub type Results = BTreeMap<String, Option<String>>;

/// The results in what libtest printed. Doctests of one item are told apart by a number.
pub fn results(run: &Run) -> Results {
    let stdout = &run.stdout;
    let mut lines: Vec<(&str, usize, bool)> = Vec::new();
    for line in stdout.lines() {
        let Some(rest) = line.strip_prefix("test ") else {
            continue;
        };
        let Some((name, verdict)) = rest.rsplit_once(" ... ") else {
            continue;
        };
        let at_line = name.split_once(" (line ").and_then(|(_, rest)| {
            let digits = rest.split(')').next()?;
            digits.parse().ok()
        });
        lines.push((name, at_line.unwrap_or(0), verdict == "ok"));
    }
    lines.sort_by_key(|(name, line, _)| (name.split(" (line").next(), *line));
    assert!(!lines.is_empty(), "{stdout}\n{}", run.stderr);

    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut results = Results::new();
    for (name, _, passed) in lines {
        let printed = || {
            let head = format!("---- {name} stdout ----");
            let (_, after) = stdout.split_once(&head).unwrap_or(("", ""));
            after.split("\n---- ").next().unwrap_or("").to_owned()
        };
        let printed = if passed { None } else { Some(printed()) };
        let short = match name.split_once(" (line ") {
            Some((item, _)) => {
                let item = item.split_once(" - ").map_or(item, |(_, item)| item);
                let count = seen.entry(item.to_owned()).or_default();
                *count += 1;
                format!("{item} #{count}")
            }
            None => name.to_owned(),
        };
        results.insert(short, printed);
    }
    results
}
