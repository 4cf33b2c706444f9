//! Each function of a chapter is shown at work.

use std::fs;
use std::path::Path;

/// The public functions of a file that have no example in their documentation.
fn without_example(source: &str) -> Vec<&str> {
    let mut missing = Vec::new();
    let mut has_example = false;
    for line in source.lines().map(str::trim_start) {
        if let Some(text) = line.strip_prefix("///") {
            has_example |= text.trim_start().starts_with("```");
        } else if let Some(function) = line.strip_prefix("pub fn ") {
            if !has_example {
                missing.push(function);
            }
            has_example = false;
        } else if !line.starts_with("#[") {
            has_example = false;
        }
    }
    missing
}

#[test]
fn every_function_of_a_chapter_has_an_example() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let contents = fs::read_to_string(source.join("lib.rs")).unwrap();
    let chapters = contents.split("// The chapters").nth(1).expect("chapters");
    let chapters = chapters
        .split("// The appendices")
        .next()
        .expect("a first part");
    let names = chapters
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod "));
    let mut missing = Vec::new();
    for name in names.map(|line| line.trim_end_matches(';')) {
        let chapter =
            fs::read_to_string(source.join(name).with_extension("rs")).unwrap();
        let without = without_example(&chapter).into_iter();
        missing.extend(without.map(|function| format!("{name}: {function}")));
    }
    assert!(missing.is_empty(), "without an example: {missing:#?}");
}

#[test]
fn a_function_without_an_example_is_noticed() {
    let source =
        "/// Two.\n///\n/// ```\n/// ```\npub fn two() {}\n\n/// One.\npub fn one() {}";
    assert_eq!(without_example(source), ["one() {}"]);
}
