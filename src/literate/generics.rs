//! The crate of generics in the watcher's copy.
//!
//! A save costs what its test program costs to generate, and most of that is ndarray's
//! and the standard library's generic code, made anew because the student's crate uses
//! it. Where nothing is optimized, rustc takes such code from a crate below if it is
//! there. So there is one: the untouched workbook, which holds no solutions, with the
//! tests as ordinary functions, and ndarray's operations. It is compiled once.

use super::workbook::{File, tests_inside};

/// The crate's folder in the copy.
pub const FOLDER: &str = "generics";

/// The line in the student's `lib.rs` that links it.
pub const LINKED: &str = "extern crate generics as _;\n";

/// The crate's files, from those of a new workbook.
pub fn files(workbook: &[File]) -> Vec<(String, String)> {
    let mut made = Vec::new();
    for File { path, text } in workbook {
        let text = match path.as_str() {
            "src/lib.rs" => {
                let tests = tests_inside("", None);
                format!("{text}\n{tests}pub mod operations;\n")
            }
            path if path.starts_with("src/") => text.clone(),
            path if !path.starts_with("tests/") => continue,
            path if path.ends_with(".rs") => as_functions(text),
            _ => text.clone(),
        };
        made.push((format!("{FOLDER}/{path}"), text));
    }
    let operations = include_str!("workbook/operations.rs.in").replace("\r\n", "\n");
    made.push((format!("{FOLDER}/src/operations.rs"), operations));
    let manifest = workbook.iter().find(|file| file.path == "Cargo.toml");
    let manifest = manifest_of(&manifest.expect("a workbook has one").text);
    made.push((format!("{FOLDER}/Cargo.toml"), manifest));
    made
}

/// A source whose tests are functions that anyone may call, so that they are compiled.
fn as_functions(source: &str) -> String {
    let lines = source.lines().filter(|line| *line != "#[test]");
    let lines = lines.map(|line| match line.strip_prefix("fn ") {
        Some(_) => format!("pub {line}\n"),
        None => format!("{line}\n"),
    });
    lines.collect()
}

fn manifest_of(workbook: &str) -> String {
    let begin = workbook.find("[dependencies]");
    let end = workbook.find("[profile");
    let (begin, end) = begin.zip(end).expect("a workbook's manifest has both");
    let dependencies = workbook[begin..end].replace("[dev-dependencies]\n", "");
    format!(
        "[package]\nname = \"generics\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         autotests = false\n\n{dependencies}"
    )
}

/// A workbook's `Cargo.toml`, with the crate among its dependencies.
pub fn depended_on(manifest: &str) -> String {
    let with = format!("[dependencies]\ngenerics = {{ path = \"{FOLDER}\" }}\n");
    manifest.replacen("[dependencies]\n", &with, 1)
}

/// A workbook's `Cargo.lock`, with the crate in it. It depends on what the workbook does.
pub fn locked(lock: &str) -> String {
    let mut packages: Vec<_> =
        lock.trim_end().split("\n\n").map(str::to_owned).collect();
    let own = packages
        .iter_mut()
        .find(|p| p.contains("name = \"workbook\""));
    let own = own.expect("the lock file knows the workbook");
    let crate_of_generics = own
        .replace("name = \"workbook\"", "name = \"generics\"")
        .replace("version = \"0.1.0\"", "version = \"0.0.0\"");
    let at = own.find(" \"ndarray\"").expect("a workbook needs ndarray");
    own.insert_str(at, " \"generics\",\n");
    // In the order of names, after the head.
    let name = |package: &String| package.lines().nth(1).map(str::to_owned);
    let place = packages[1..]
        .iter()
        .position(|package| name(package) > name(&crate_of_generics));
    packages.insert(place.map_or(packages.len(), |at| at + 1), crate_of_generics);
    packages.join("\n\n") + "\n"
}
