//! `check --json` and `check --from`: what a grader uses.

use crate::kit::{Workbook, program};
use serde_json::Value;
use std::fs;

/// Whether a value is as the schema says, as far as our schema needs it.
fn assert_fits(schema: &Value, root: &Value, value: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.strip_prefix("#/$defs/").expect("a definition");
        return assert_fits(&root["$defs"][name], root, value, at);
    }
    if let Some(values) = schema["enum"].as_array() {
        assert!(values.contains(value), "{at}: {value}");
        return;
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.clone(),
        kind => vec![kind.clone()],
    };
    assert!(
        kinds.iter().any(|k| k == kind),
        "{at} is {kind}, not {kinds:?}"
    );
    match value {
        Value::Array(items) => {
            for item in items {
                assert_fits(&schema["items"], root, item, &format!("{at}[]"));
            }
        }
        Value::Object(fields) => {
            assert_eq!(schema["additionalProperties"], false, "{at}");
            for name in schema["required"].as_array().unwrap() {
                assert!(fields.contains_key(name.as_str().unwrap()), "{at}.{name}");
            }
            for (name, field) in fields {
                let schema = &schema["properties"][name];
                assert!(schema.is_object(), "{at}.{name} is not in the schema");
                assert_fits(schema, root, field, &format!("{at}.{name}"));
            }
        }
        _ => {}
    }
}

fn document(book: &Workbook) -> Value {
    let document: Value = serde_json::from_str(&book.read("result.json")).unwrap();
    let schema = include_str!("../../docs/check.schema.json");
    let schema = serde_json::from_str(schema).unwrap();
    assert_fits(&schema, &schema, &document, "document");
    document
}

fn standing(document: &Value, exercise: &str) -> String {
    let mut exercises = document["exercises"].as_array().unwrap().iter();
    let found = exercises.find(|e| e["name"] == exercise).unwrap();
    found["standing"].as_str().unwrap().to_owned()
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn a_check_writes_a_document_for_machines() {
    let book = Workbook::new("document");
    book.fill(|exercise| exercise.starts_with("affine::"));
    book.edit(
        "src/affine.rs",
        "let out = x.dot(w) + b;",
        "let out = x.dot(w);",
    );
    let check = ["check", "affine", "--json", "result.json"];
    book.run(&check).ended(1);
    let wrong = document(&book);
    assert_eq!(standing(&wrong, "affine::forward"), "wrong");
    let finding = wrong["exercises"][0]["wrong"]["finding"].as_str().unwrap();
    assert!(finding.starts_with("affine::forward: "), "{finding}");
    assert_eq!(wrong["done"], false);

    // A result is replaced, and nothing else.
    book.fill(|exercise| exercise.starts_with("affine::"));
    book.run(&check).ended(0);
    let done = document(&book);
    assert_eq!(done["done"], true);
    assert_eq!(standing(&done, "affine::backward"), "solved");
    book.write("mine.json", "{}");
    book.run(&["check", "affine", "--json", "mine.json"])
        .ended(2)
        .says("holds no result of a check");
    assert_eq!(book.read("mine.json"), "{}");

    book.edit("src/affine.rs", "let out =", "let out: u8 =");
    book.run(&check).ended(1);
    let broken = document(&book);
    assert_eq!(standing(&broken, "affine::forward"), "untested");
    assert!(
        broken["errors"][0]
            .as_str()
            .unwrap()
            .contains("src/affine.rs")
    );
}

#[test]
#[ignore = "slow: compiles a workbook"]
fn of_a_folder_that_is_not_trusted_only_the_regions_count() {
    let book = Workbook::new("submission");
    book.fill(|exercise| {
        exercise.starts_with("relu::") || exercise.starts_with("affine::")
    });
    // All that is not a region would make everything pass, or nothing compile.
    book.write(
        ".cargo/config.toml",
        "[build]\nrustc-wrapper = \"no-such-wrapper\"\n",
    );
    book.write(
        "rust-toolchain.toml",
        "[toolchain]\nchannel = \"no-such-channel\"\n",
    );
    book.write("Cargo.toml", "no manifest");
    book.write("src/lib.rs", "compile_error!(\"mine\");");
    book.write("build.rs", "fn main() { panic!() }");
    book.edit(
        "src/relu.rs",
        "pub fn forward",
        "/* changed */ pub fn forward",
    );
    let before = book.files_ending("", "");
    let folder = book.dir.to_str().unwrap();
    let outside = book.dir.parent().unwrap();
    let target = outside.join("submissions");
    let check = |more: &[&str]| {
        let mut command = program(outside);
        command.env_remove("CARGO_TARGET_DIR");
        command.args(["check", "relu", "--from", folder, "--target"]);
        crate::kit::finish(command.arg(&target).args(more))
    };
    let json = book.path("result.json");
    check(&["--json", json.to_str().unwrap()])
        .ended(0)
        .says("✓ relu::forward")
        .says("2 of 2 exercises done")
        .says("Changed outside the exercises:");
    let told = document(&book);
    assert_eq!(told["untrusted"], true);
    fs::remove_file(&json).unwrap();

    let relu = book.read("src/relu.rs");
    let region = "// exercise: relu::forward\n";
    for (code, words) in [
        (
            "let _ = include_str!(\"/etc/passwd\");",
            "`include_str!` reads a file",
        ),
        ("let _ = std::env::var(\"HOME\");", "`std::env` read"),
        ("#[path = \"x.rs\"] mod x {}", "`#[path]`"),
        ("} fn other() {", "a bracket closes what was not opened"),
    ] {
        let with = relu.replacen(region, &format!("{region}{code}\n"), 1);
        book.write("src/relu.rs", &with);
        check(&[])
            .ended(1)
            .says("refused: src/relu.rs:")
            .says(words);
    }
    // Without end, and with more memory than there is.
    for (code, words) in [
        ("loop { std::hint::spin_loop() }", "did not end within 2 s"),
        (
            "let _ = vec![1_u8; 1 << 35];",
            "memory allocation of 34359738368 bytes failed",
        ),
    ] {
        let with = relu.replacen(region, &format!("{region}{code}\n"), 1);
        book.write("src/relu.rs", &with);
        let run = check(&["--timeout", "2"]);
        run.ended(1).says("✗ relu::forward");
        if cfg!(target_os = "linux") {
            run.says(words);
        }
    }
    book.write("src/relu.rs", &relu);
    assert_eq!(
        book.files_ending("", ""),
        before,
        "nothing of theirs was touched"
    );
}
