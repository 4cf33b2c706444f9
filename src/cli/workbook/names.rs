//! Names of exercises and chapters as a student may type them, and the nearest right name.

use crate::cli::failure::Failure;
use fully_connected::literate::manifest::{self, CHAPTERS, EXERCISES, Exercise};

/// The exercises that a name means: one, or a chapter's.
pub fn exercises(name: &str) -> Result<Vec<&'static Exercise>, Failure> {
    if let Some(exercise) = manifest::exercise(name) {
        return Ok(vec![exercise]);
    }
    let of_chapter: Vec<_> = EXERCISES.iter().filter(|e| e.chapter() == name).collect();
    if of_chapter.is_empty() {
        return Err(unknown(name));
    }
    Ok(of_chapter)
}

/// The likeness from which on a name may be a slip of the fingers.
const ALIKE: f64 = 0.75;

fn unknown(name: &str) -> Failure {
    let exercises = EXERCISES.iter().map(|exercise| exercise.name);
    let nearest = exercises
        .chain(CHAPTERS.iter().copied())
        .map(|known| (likeness(name, known), known))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let nearest = match nearest {
        Some((likeness, nearest)) if likeness >= ALIKE => {
            format!("; the nearest is `{nearest}`")
        }
        _ => String::new(),
    };
    Failure::Unusable(format!(
        "there is no exercise or chapter `{name}`{nearest}. `fully-connected list` names all"
    ))
}

/// The likeness of two names, from 0 to 1; a file's ending does not count, and a function's
/// name may stand alone.
fn likeness(typed: &str, known: &str) -> f64 {
    let typed = typed.trim_end_matches(".rs").to_lowercase();
    let typed = typed.trim_start_matches("src/");
    let whole = strsim::jaro_winkler(typed, known);
    let function = known.split_once("::").map_or(0.0, |(_, function)| {
        // Just below the whole name, so that a chapter's own name wins.
        0.99 * strsim::jaro_winkler(typed, function)
    });
    whole.max(function)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_name_is_answered_with_the_nearest() {
        let cases = [
            ("afine", "affine"),
            ("affine::foward", "affine::forward"),
            ("src/softmax.rs", "softmax"),
            ("softmax::los", "softmax::loss"),
            ("sgd", "overfit::sgd_step"),
            ("momentum", "optim::momentum"),
            ("relative_error", "gradient_check::relative_error"),
            ("Regularisation", "regularization"),
        ];
        for (typed, nearest) in cases {
            let error = exercises(typed).unwrap_err().to_string();
            assert!(error.contains(&format!("`{nearest}`.")), "{typed}: {error}");
        }
        for typed in ["nonsense", "x", "velocity"] {
            let error = exercises(typed).unwrap_err().to_string();
            assert!(!error.contains("nearest"), "{typed}: {error}");
        }
    }

    #[test]
    fn a_chapter_means_its_exercises() {
        let names = |name| exercises(name).unwrap().into_iter().map(|e| e.name);
        assert!(names("relu").eq(["relu::forward", "relu::backward"]));
        assert!(names("relu::forward").eq(["relu::forward"]));
    }
}
