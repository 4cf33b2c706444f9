//! Vetting: the regions of a chapter from a folder that is not trusted.
//!
//! Only the regions count. What stands in one must be whole, so that it cannot end the
//! function that it is in, and must not have the compiler read a file or the environment. Its
//! documentation becomes ordinary comments: an example in it would be compiled and run, and
//! nobody looks into a comment.

use super::manifest::EXERCISES;
use super::markers::{Region, sound_regions};
use super::problem::Problem;
use super::tangle::{is_known, solve, stub};
use super::tokens::{Token, tokens, without_documentation};
use std::collections::BTreeMap;

/// What the compiler itself obeys, and what a region may therefore not name: a macro of this
/// name could be called by any other, so the name alone is refused.
const REFUSED: [(&str, &str); 9] = [
    ("include", "`include!` reads a file"),
    ("include_str", "`include_str!` reads a file"),
    ("include_bytes", "`include_bytes!` reads a file"),
    ("env", "`env!` and `std::env` read the environment"),
    ("option_env", "`option_env!` reads the environment"),
    ("asm", "`asm!` can read a file"),
    ("global_asm", "`global_asm!` can read a file"),
    ("naked_asm", "`naked_asm!` can read a file"),
    ("extern", "`extern` links other code"),
];

/// What the mathematics does without. It is allowed, and a person may want to look at it.
const UNUSUAL: [&str; 8] = [
    "unsafe",
    "process",
    "fs",
    "thread",
    "static",
    "macro_rules",
    "Drop",
    "catch_unwind",
];

/// The regions of a chapter, vetted.
#[derive(Debug, Default)]
pub struct Vetted {
    /// This program's chapter with those regions in it, and its own stubs for all others.
    pub text: String,
    /// What is refused. Then nothing of the chapter may be compiled.
    pub refused: Vec<Problem>,
    /// The exercises whose regions could not be told apart and are therefore not in the text.
    pub lost: Vec<(String, Problem)>,
    /// Words that an exercise does without.
    pub unusual: Vec<Problem>,
}

/// Vets the regions of `theirs`, the chapter in `file`, and puts them into `ours`, the chapter
/// as this program carries it.
pub fn vet(chapter: &str, file: &str, theirs: &str, ours: &str) -> Vetted {
    let mut vetted = Vetted::default();
    let (regions, damage) = sound_regions(theirs, is_known);
    let problem = |line, what: String| Problem {
        file: file.to_owned(),
        line,
        what,
    };
    for damage in damage {
        let what = problem(damage.line, damage.what);
        let exercises = damage.exercises.into_iter();
        vetted
            .lost
            .extend(exercises.map(|name| (name, what.clone())));
    }

    let mut theirs_by_name: BTreeMap<&str, Vec<&Region>> = BTreeMap::new();
    for region in &regions {
        let regions = theirs_by_name.entry(&region.exercise).or_default();
        regions.push(region);
    }
    let counted = |name: &str| {
        let exercise = EXERCISES.iter().find(|e| e.name == name);
        match exercise {
            Some(exercise) if exercise.chapter() == chapter => exercise.stubs.len(),
            Some(_) => 0,
            None => usize::from(name == format!("{chapter}::helpers")),
        }
    };
    let mut donor = String::new();
    for (name, regions) in &theirs_by_name {
        if vetted.lost.iter().any(|(lost, _)| lost == name) {
            continue;
        }
        let count = counted(name);
        if regions.len() != count {
            let what = format!(
                "{} regions of `{name}` where there should be {count}",
                regions.len()
            );
            let what = problem(regions[0].line, what);
            vetted.lost.push(((*name).to_owned(), what));
            continue;
        }
        for region in regions {
            let body = &theirs[region.body.clone()];
            // The body begins in the line below the marker's.
            let at = |line: usize| region.line + 1 + line;
            match tokens(body) {
                Err((line, what)) => {
                    let what = format!("in `{name}`, {what}");
                    vetted.refused.push(problem(at(line), what));
                }
                Ok(tokens) => {
                    for (line, what) in refused(&tokens) {
                        let what = format!("in `{name}`, {what}");
                        vetted.refused.push(problem(at(line), what));
                    }
                    for token in tokens.iter().filter(|t| UNUSUAL.contains(&t.text)) {
                        let what = format!("`{name}` uses `{}`", token.text);
                        vetted.unusual.push(problem(at(token.line), what));
                    }
                }
            }
            let body = without_documentation(body).unwrap_or_default();
            donor += &format!("// exercise: {name}\n{body}// end: {name}\n");
        }
    }
    // Where theirs has no region that counts, the stub stands.
    let stubbed =
        stub(file, ours).expect("the markers that the program carries are sound");
    let (all, _) = sound_regions(&stubbed, is_known);
    for region in &all {
        let marker = format!("// exercise: {}\n", region.exercise);
        if !donor.contains(&marker) {
            let of_it = all.iter().filter(|other| other.exercise == region.exercise);
            for region in of_it {
                let body = &stubbed[region.body.clone()];
                donor += &format!("{marker}{body}// end: {}\n", region.exercise);
            }
        }
    }
    match solve(file, &stubbed, &donor) {
        Ok(text) => vetted.text = text,
        Err(error) => vetted.refused.push(error),
    }
    vetted
}

/// What is refused among the tokens of a region, with the lines, counted from 0.
fn refused(tokens: &[Token]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let has_macros = tokens
        .iter()
        .any(|t| ["macro_rules", "macro"].contains(&t.text));
    let mut attribute = None;
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        let next = |n: usize| tokens.get(at + n).map_or("", |token| token.text);
        match token.text {
            "[" | "(" | "{" => depth += 1,
            "]" | ")" | "}" => {
                depth -= 1;
                if attribute == Some(depth) {
                    attribute = None;
                }
            }
            _ => {}
        }
        if token.text == "#"
            && (next(1) == "[" || (next(1) == "!" && next(2) == "["))
            && attribute.is_none()
        {
            attribute = Some(depth);
        }
        let known = REFUSED.iter().find(|(word, _)| *word == token.text);
        if let Some((_, why)) = known {
            found.push((token.line, (*why).to_owned()));
        }
        let is_path = token.text == "path" && (attribute.is_some() || has_macros);
        let is_doc = token.text == "doc" && (attribute.is_some() || has_macros);
        if is_doc {
            let what = "`#[doc]` can hold an example, which would be run";
            found.push((token.line, what.to_owned()));
        }
        let is_file = token.text == "mod" && (has_macros || next(2) != "{");
        if is_path || is_file {
            let what = "`#[path]` and `mod` of a file have one read";
            found.push((token.line, what.to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::literate::carried::source;
    use crate::literate::manifest::CHAPTERS;
    use crate::literate::workbook::stubbed;

    fn relu(theirs: &str) -> Vetted {
        vet("relu", "src/relu.rs", theirs, source("relu"))
    }

    /// The chapter with these lines in the region of its first exercise.
    fn with(body: &str) -> Vetted {
        let head = "// given\n// exercise: relu::forward\n";
        relu(&format!("{head}{body}\n// end: relu::forward\n"))
    }

    #[test]
    fn a_solution_is_carried_over_whole_and_nothing_else_is() {
        for chapter in CHAPTERS.iter() {
            let (file, source) = (format!("src/{chapter}.rs"), source(chapter));
            let theirs = format!("pub fn more() {{}}\n{source}");
            let vetted = vet(chapter, &file, &theirs, source);
            assert_eq!(vetted.text, source);
            assert!(vetted.refused.is_empty(), "{:?}", vetted.refused);
            assert!(vetted.unusual.is_empty(), "{:?}", vetted.unusual);
            let nothing = vet(chapter, &file, "", source);
            assert_eq!(nothing.text, stubbed(chapter));
        }
    }

    #[test]
    fn what_reads_a_file_or_closes_the_function_is_refused_by_name_and_line() {
        for (body, what) in [
            ("include!(\"x\")", "`include!` reads a file"),
            ("1 + r#include /**/ ! {\"x\"}", "`include!`"),
            ("core::include_str!(\"/etc/passwd\");", "`include_str!`"),
            ("use std::include_bytes as f; f!(\"x\")", "`include_bytes!`"),
            ("concat!(\"a\", env!(\"HOME\"))", "`env!`"),
            ("use core::env as e;", "`env!`"),
            ("std::option_env!(\"A\")", "`option_env!`"),
            ("#[path = \"/etc/passwd\"] mod x { }", "`#[path]`"),
            ("#[cfg_attr(all(), path = \"x\")] mod x;", "`#[path]`"),
            ("macro_rules! m {} m!(path, mod)", "`#[path]`"),
            ("mod x;", "`mod` of a file"),
            ("#[doc = \"```\"] fn f() {}", "`#[doc]`"),
            ("macro_rules! m {} m!(doc)", "`#[doc]`"),
            ("core::arch::global_asm!(\".incbin\")", "`global_asm!`"),
            ("extern \"C\" { fn f(); }", "`extern`"),
            ("} fn more() {", "a bracket closes"),
            (
                "} impl Drop for X { fn drop(&mut self) {}",
                "a bracket closes",
            ),
            ("/*", "a comment has no end"),
            ("\"", "a string has no end"),
        ] {
            let vetted = with(&format!("// one\n{body}"));
            let refused: Vec<_> =
                vetted.refused.iter().map(ToString::to_string).collect();
            let first = refused.first().unwrap_or_else(|| panic!("{body}"));
            assert!(first.contains(what), "{first}");
            let place = "src/relu.rs:4: in `relu::forward`, ";
            assert!(first.starts_with(place), "{first}");
        }
    }

    #[test]
    fn what_only_looks_like_it_is_not() {
        for body in [
            "// include!(\"x\") }\n\"env!\"; r#\"include_str!(\"}\")\"#",
            "let included = 1; let path = included; path",
            "mod tests { }",
            "#[inline] fn f() {} f()",
            "let c = '}'; let l: &'static str = \"\";",
        ] {
            let vetted = with(body);
            assert!(vetted.refused.is_empty(), "{body}: {:?}", vetted.refused);
            assert!(vetted.text.contains(body), "{body}");
        }
        let looked_at = with("std::process::exit(0)").unusual;
        let what = "src/relu.rs:3: `relu::forward` uses `process`";
        assert_eq!(looked_at[0].to_string(), what);
    }

    #[test]
    fn an_example_in_a_region_is_a_comment() {
        let vetted = with("/// ```\n/// include!(\"x\");\n/// ```\nfn f() {}");
        assert!(vetted.refused.is_empty(), "{:?}", vetted.refused);
        let plain = "//  ```\n//  include!(\"x\");\n//  ```\nfn f() {}";
        assert!(vetted.text.contains(plain), "{}", vetted.text);
    }

    #[test]
    fn a_region_that_cannot_be_told_is_left_out() {
        let twice = "// exercise: relu::forward\n1\n// end: relu::forward\n";
        for (theirs, what) in [
            (
                twice.repeat(2),
                "2 regions of `relu::forward` where there should be 1",
            ),
            (
                "// exercise: relu::forward\n1\n".to_owned(),
                "exercise `relu::forward` has no end",
            ),
            (
                "// exercise: softmax::loss\n1\n// end: softmax::loss\n".to_owned(),
                "1 regions of `softmax::loss` where there should be 0",
            ),
            (
                "// exercise: mine\n1\n// end: mine\n".to_owned(),
                "there is no exercise `mine`",
            ),
        ] {
            let vetted = relu(&theirs);
            assert!(vetted.lost[0].1.what.contains(what), "{:?}", vetted.lost);
            assert_eq!(vetted.text, stubbed("relu"));
        }
        // A marker inside a comment ends the region, and another end is one too many.
        let vetted = with("/*\n// end: relu::forward\n*/ mine");
        assert_eq!(vetted.lost[0].0, "relu::forward");
        assert_eq!(vetted.text, stubbed("relu"));
    }
}
