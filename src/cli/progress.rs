//! A progress bar, on standard error and only where that is a terminal.

use fully_connected::overfit::History;
use indicatif::{ProgressBar, ProgressStyle};

/// A bar that fills as the epochs go by, and is gone when it is dropped.
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar for so many epochs.
    pub fn new(epochs: usize) -> Progress {
        let bar = ProgressBar::new(epochs as u64);
        let style = "  {bar:30.cyan} epoch {pos}/{len}  {msg}";
        let style = ProgressStyle::with_template(style).expect("the template is valid");
        bar.set_style(style.progress_chars("━╸─"));
        Progress(bar)
    }

    /// Shows where training is after an epoch.
    pub fn show(&self, history: &History) {
        if let (Some(loss), Some(accuracy)) =
            (history.losses.last(), history.accuracies.last())
        {
            let percent = 100.0 * accuracy;
            self.0
                .set_message(format!("loss {loss:.4}, accuracy {percent:.0} %"));
        }
        self.0.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
