//! Reasons why a network did not learn, as far as its numbers tell.

use crate::cli::numbers::short;
use fully_connected::overfit::History;

/// Scores that differ by less than this say nothing about an image.
const SILENT: f64 = 1e-3;
/// Scores that differ by less than this say little about an image.
const FAINT: f64 = 0.1;

/// The likeliest reason, in a line or two, and what to try.
///
/// `stds` are the standard deviations of each layer's sums before training.
pub fn reason(stds: &[f64], history: &History) -> String {
    let first = history.losses.first().copied().unwrap_or_default();
    let last = history.losses.last().copied().unwrap_or_default();
    let most = history.losses.iter().copied().fold(first, f64::max);
    let scores = stds.last().copied().unwrap_or_default();
    if scores < SILENT {
        format!(
            "Each layer shrank the signal: before training the scores differed by about\n  \
             {} only. Try a larger --weight-scale.",
            short(scores)
        )
    } else if most > 2.0 * first {
        format!(
            "The loss rose from {} to {}: the steps were too long. Try a smaller --rate\n  \
             or --weight-scale.",
            short(first),
            short(most)
        )
    } else if scores < FAINT {
        format!(
            "The loss went from {} to {}, and before training the scores differed by\n  \
             about {} only: the layers shrank the signal. Try a larger --weight-scale.",
            short(first),
            short(last),
            short(scores)
        )
    } else if last > 0.9 * first {
        "The loss hardly moved. Try a larger --rate, or more --epochs.".to_owned()
    } else {
        format!(
            "The loss fell from {} to {}. Try more --epochs, or a larger --rate.",
            short(first),
            short(last)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason_for(scores: f64, losses: &[f64]) -> String {
        let history = History {
            losses: losses.to_vec(),
            ..History::default()
        };
        reason(&[60.0, scores], &history)
    }

    #[test]
    fn tells_a_signal_that_died_from_steps_that_were_too_long_or_too_short() {
        let silent = reason_for(8e-9, &[2.3, 2.3]);
        assert!(silent.contains("about\n  8.0e-9"), "{silent}");
        assert!(silent.contains("a larger --weight-scale"), "{silent}");

        let faint = reason_for(0.0279, &[2.3, 2.2]);
        assert!(faint.contains("about 0.0279 only"), "{faint}");
        assert!(faint.contains("a larger --weight-scale"), "{faint}");

        let long = reason_for(1.0, &[3.0, 15_000.0, 2.3]);
        assert!(long.contains("from 3.00 to 15000"), "{long}");
        assert!(long.contains("a smaller --rate"), "{long}");

        let short = reason_for(1.0, &[2.4, 2.3]);
        assert!(short.contains("hardly moved"), "{short}");

        let soon = reason_for(1.0, &[3.0, 1.0]);
        assert!(soon.contains("more --epochs"), "{soon}");
    }
}
