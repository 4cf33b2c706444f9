//! Signs of progress, on standard error and only where that is a terminal.

use super::fitted::is_without_unicode;
use fully_connected::overfit::History;
use fully_connected::plan::Record;
use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

/// A bar that fills as the epochs go by, and is gone when it is dropped.
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar for so many epochs.
    pub fn new(epochs: usize) -> Progress {
        let bar = ProgressBar::new(epochs as u64);
        let style = "  {bar:30.cyan} epoch {pos}/{len}  {msg}";
        let style = ProgressStyle::with_template(style).expect("the template is valid");
        let is_plain = is_without_unicode();
        bar.set_style(style.progress_chars(if is_plain { "##-" } else { "━╸─" }));
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

/// A bar that fills with the steps of an epoch, and is gone when it is dropped.
pub struct Steps(ProgressBar);

impl Steps {
    /// An empty bar of so many characters.
    pub fn new(width: usize) -> Steps {
        let bar = ProgressBar::new(1);
        let template = format!("  {{bar:{width}.cyan}} {{pos}}/{{len}}  {{msg}}");
        let style = ProgressStyle::with_template(&template);
        let style = style.expect("the template is valid");
        let is_plain = is_without_unicode();
        bar.set_style(style.progress_chars(if is_plain { "##-" } else { "━╸─" }));
        Steps(bar)
    }

    /// Shows where training is after a step, and the time that is left.
    pub fn show(&self, record: &Record, left: Duration, loss: f64) {
        let steps = record.steps.max(1);
        let made = (record.losses.len().max(1) - 1) % steps + 1;
        let seconds = left.as_secs();
        self.0.set_length(steps as u64);
        self.0.set_position(made as u64);
        self.0.set_message(format!(
            "loss {loss:.3}, {}:{:02} left",
            seconds / 60,
            seconds % 60
        ));
    }

    /// Takes the bar away while something is written.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A line that says what goes on, and is gone when it is dropped.
pub struct Waiting(ProgressBar);

impl Waiting {
    /// A line that says nothing yet.
    pub fn new() -> Waiting {
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {msg}");
        bar.set_style(style.expect("the template is valid"));
        bar.enable_steady_tick(Duration::from_millis(100));
        Waiting(bar)
    }

    /// Shows what goes on.
    pub fn show(&self, what: &str) {
        self.0.set_message(what.to_owned());
    }

    /// Says something that stays.
    pub fn say(&self, words: &str) {
        self.0.suspend(|| eprintln!("{words}"));
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
