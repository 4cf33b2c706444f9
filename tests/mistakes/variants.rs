//! The variants of the chapters: mistakes, other right solutions, and wrong ones. All of them
//! stand in few programs, each built once; as many are tried at a time as there are
//! processors.

use crate::catalogue::{Edit, VARIANT, choosing};
use crate::kit::{Built, Results, Tests, Workbook, finish};
use crate::teach::fingerprint::{Block, Fingerprints};
use fully_connected::literate::manifest::{self, CHAPTERS, EXERCISES, Exercise};
use fully_connected::literate::report::{self, REPORT, Told};
use fully_connected::literate::workbook::source;
use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::{env, fs, thread};

/// What [`VARIANT`] picks.
pub struct Variant {
    /// Its name, `CHAPTER/ID`.
    pub name: String,
    pub exercise: String,
    pub edits: &'static [Edit],
}

impl Variant {
    fn chapter(&self) -> &str {
        self.name.split_once('/').expect("CHAPTER/ID").0
    }
}

/// The program of the tests with all these variants in it. Built once for all who want the
/// same ones. Who asks `ONLY` for some builds again and again.
pub fn build(variants: &[Variant], built: Built) -> Tests {
    let some = env::var_os("ONLY").is_some();
    let built = if some { Built::Again } else { built };
    static BUILT: Mutex<BTreeMap<String, Tests>> = Mutex::new(BTreeMap::new());

    let text = |chapter: &&str| {
        let own = variants.iter().filter(|v| v.chapter() == *chapter);
        let own = own.map(|v| (&*v.name, &*v.exercise, v.edits));
        choosing(chapter, source(chapter), own)
    };
    let texts: Vec<_> = CHAPTERS.iter().map(text).collect();
    let mut all = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let name = format!("variants-{}", all.len() + 1);
    let build = || {
        let book = Workbook::of_reference(&name, built);
        for (chapter, text) in CHAPTERS.iter().zip(&texts) {
            book.write(&format!("src/{chapter}.rs"), text);
        }
        book.write("print/main.rs", include_str!("print/main.rs"));
        book.write("print/written.rs", include_str!("written.rs"));
        let lib = book.read("src/lib.rs");
        let print = "#[cfg(test)]\n#[path = \"../print/main.rs\"]\nmod print;\n";
        book.write("src/lib.rs", &format!("{lib}{print}"));
        book.build_tests(&name)
    };
    all.entry(texts.concat()).or_insert_with(build).clone()
}

/// What `f` gives for each, in their order.
pub fn each<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(i) else {
                return done;
            };
            done.push((i, f(item)));
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut all: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let workers = workers.into_iter().map(|worker| worker.join());
        workers
            .flat_map(|done| done.unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    });
    all.sort_by_key(|(i, _)| *i);
    all.into_iter().map(|(_, result)| result).collect()
}

/// Those of the tests that fail, in the order in which they are named, and what they print.
fn of(tests: &[&'static str], mut results: Results) -> Vec<(&'static str, String)> {
    let tests = tests.iter().filter_map(|&name| {
        let result = results.remove(name);
        let result = result.unwrap_or_else(|| panic!("there is no test {name}"));
        result.map(|printed| (name, printed))
    });
    tests.collect()
}

/// All tests that fail, in the order in which a student meets them.
pub fn failing_of_all(
    program: &Tests,
    variables: &[(&str, &str)],
) -> Vec<(&'static str, String)> {
    let all: Vec<_> = EXERCISES.iter().flat_map(Exercise::tests).collect();
    of(&all, program.tests(&[], variables))
}

/// The failing tests in the order in which a student meets them: those of the exercise, and
/// if none of these fails, those of all.
pub fn failing(
    program: &Tests,
    exercise: &str,
    variables: &[(&str, &str)],
) -> Vec<(&'static str, String)> {
    let own = manifest::exercise(exercise).expect("a known one").tests();
    let failing = of(&own, program.tests(&own, variables));
    if failing.is_empty() {
        failing_of_all(program, variables)
    } else {
        failing
    }
}

/// What the failing tests told, in the same order.
pub fn told_by_failing(program: &Tests, exercise: &str, variant: &str) -> Vec<Told> {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().expect("a path in UTF-8");
    let failing = failing(program, exercise, &[(VARIANT, variant), (REPORT, path)]);
    let told = report::read(&fs::read_to_string(&file).unwrap());
    let of = |test: &str| {
        let mut told = told.iter();
        told.find(|told| told.name.ends_with(test)).cloned()
    };
    failing.iter().filter_map(|(test, _)| of(test)).collect()
}

/// What a variant gives on the probe of the exercise, as far as it is not `expected`, a file.
pub fn differing(
    program: &Tests,
    exercise: &str,
    variant: &str,
    expected: &Path,
) -> Result<Block, String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    let printed = finish(
        program
            .command()
            .args(["--exact", "--include-ignored", "print::what_differs"])
            .env("PRINT_EXERCISE", exercise)
            .env("PRINT_EXPECTED", expected)
            .env("PRINT_TO", file.path())
            .env(VARIANT, variant),
    );
    if printed.code != Some(0) {
        return Err(printed.stdout + &printed.stderr);
    }
    let text = fs::read_to_string(&file).unwrap();
    Ok(Fingerprints::parse(&text).expected.remove(0))
}
