//! The API documentation, as a part of the book.

use fully_connected::literate::manifest::CHAPTERS;
use fully_connected::literate::weave::api::typeset;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// rustdoc's own pages link to an index of all crates, which it does not make for one.
const ENTRANCE: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
    <title>fully_connected</title>\n\
    <meta http-equiv=\"refresh\" content=\"0; url=fully_connected/index.html\">\n\
    <p><a href=\"fully_connected/index.html\">fully_connected</a></p>\n</html>\n";

/// A running `cargo doc`.
pub struct Documenting {
    child: Child,
    made: PathBuf,
}

/// Starts `cargo doc` for the crate at `root`.
///
/// It has a target folder of its own: what is in `target/doc` may be the documentation of
/// other crates as well, and need not be in the book.
pub fn start(root: &Path) -> io::Result<Documenting> {
    let target = root.join("target").join("book-api");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let child = Command::new(cargo)
        .current_dir(root)
        .args(["doc", "--quiet", "--locked", "--no-deps", "--lib"])
        .args(["--no-default-features", "--target-dir"])
        .arg(&target)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()?;
    Ok(Documenting {
        child,
        made: target.join("doc"),
    })
}

impl Documenting {
    /// Waits for it, and copies what it made to `to`, with formulas and with the way back
    /// to the chapters.
    ///
    /// # Errors
    ///
    /// A sentence about what went wrong.
    pub fn finish(mut self, to: &Path) -> Result<(), String> {
        let status = self.child.wait().map_err(|error| error.to_string())?;
        if !status.success() {
            return Err("cargo doc failed; what it says stands above".to_owned());
        }
        copy(&self.made, to, &mut Vec::new())?;
        fs::write(to.join("index.html"), ENTRANCE).map_err(|error| error.to_string())
    }
}

impl Drop for Documenting {
    /// Ends `cargo doc`: where the pages cannot be built, nobody waits for it.
    fn drop(&mut self) {
        // Both fail if it has ended, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Copies a folder. `path` is where we are in it.
fn copy(from: &Path, to: &Path, path: &mut Vec<String>) -> Result<(), String> {
    let failed = |error: io::Error| format!("{}: {error}", from.display());
    fs::create_dir_all(to).map_err(failed)?;
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let (from, to) = (entry.path(), to.join(&name));
        if name == ".lock" {
            continue;
        }
        path.push(name);
        if from.is_dir() {
            copy(&from, &to, path)?;
        } else if from.extension().is_some_and(|ending| ending == "html") {
            let html = fs::read_to_string(&from).map_err(failed)?;
            let html = page(&html, path)
                .map_err(|problem| format!("{}: {problem}", from.display()))?;
            fs::write(&to, html).map_err(failed)?;
        } else {
            fs::copy(&from, &to).map_err(failed)?;
        }
        path.pop();
    }
    Ok(())
}

/// One page, with formulas and the way back.
fn page(html: &str, path: &[String]) -> Result<String, String> {
    let html = typeset(html)?.unwrap_or_else(|| html.to_owned());
    let up = "../".repeat(path.len());
    let (address, name) = match path {
        [krate, module, _]
            if krate == "fully_connected" && CHAPTERS.contains(&module.as_str()) =>
        {
            (format!("{up}{module}.html"), "Read the chapter in the book")
        }
        _ => (format!("{up}index.html"), "To the book"),
    };
    let link = format!("<p class=\"to-the-book\"><a href=\"{address}\">{name}</a></p>");
    let content = "<section id=\"main-content\" class=\"content\"";
    let at = html.find(content);
    let at = at.and_then(|at| html[at..].find('>').map(|end| at + end + 1));
    Ok(match at {
        Some(at) => format!("{}{link}{}", &html[..at], &html[at..]),
        None => html,
    })
}
