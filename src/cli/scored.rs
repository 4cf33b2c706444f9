//! What a network says of images: how many are right, which classes it confuses, and where
//! it is surest and wrong.

use crate::cli::failure::Failure;
use crate::cli::style::{QUIET, heading, styled, width};
use fully_connected::experiments::CLASSES;
use ndarray::ArrayRef2;
use std::io::{self, Write};

/// As many mistakes are shown.
const SHOWN: usize = 5;

/// An image that was taken for another class.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Mistake {
    image: usize,
    label: usize,
    guess: usize,
    /// The probability that the network gave its guess.
    sure: f64,
}

/// The answers of a network to labelled images.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Of each class (row), how many were taken for each (column).
    confusion: [[usize; CLASSES]; CLASSES],
    /// The surest mistakes, the surest first.
    surest: Vec<Mistake>,
}

impl Scored {
    /// What these scores, `(N, C)`, say of images with these labels.
    pub fn of(scores: &ArrayRef2<f32>, labels: &[usize]) -> Result<Scored, Failure> {
        let mut confusion = [[0; CLASSES]; CLASSES];
        let mut mistakes = Vec::new();
        for (image, (row, &label)) in scores.rows().into_iter().zip(labels).enumerate()
        {
            let row: Vec<f64> = row.iter().map(|&s| f64::from(s)).collect();
            let Some((guess, sure)) = surest(&row) else {
                return Err(Failure::Stopped(format!(
                    "the scores of image {image} are not finite; this network has \
                     nothing to say"
                )));
            };
            confusion[label][guess] += 1;
            if guess != label {
                mistakes.push(Mistake {
                    image,
                    label,
                    guess,
                    sure,
                });
            }
        }
        mistakes.sort_by(|a, b| b.sure.total_cmp(&a.sure));
        mistakes.truncate(SHOWN);
        Ok(Scored {
            confusion,
            surest: mistakes,
        })
    }

    /// The share that is right, from 0 to 1.
    pub fn accuracy(&self) -> f64 {
        let right: usize = (0..CLASSES).map(|class| self.confusion[class][class]).sum();
        let all: usize = self.confusion.iter().flatten().sum();
        right as f64 / all as f64
    }

    /// The accuracy of always naming the class that has most images, from 0 to 1.
    pub fn guessing(&self) -> f64 {
        let sums = || self.confusion.iter().map(|row| row.iter().sum::<usize>());
        sums().max().unwrap_or(0) as f64 / sums().sum::<usize>() as f64
    }

    /// How many there are, and how many are right.
    pub fn summary(&self, which: &str) -> String {
        let all: usize = self.confusion.iter().flatten().sum();
        format!(
            "Of {all} {which}, {:.1} % are right; always naming the commonest class would \
             have {:.1} %",
            100.0 * self.accuracy(),
            100.0 * self.guessing()
        )
    }

    /// The table of what was taken for what, in percent of each class.
    pub fn table(
        &self,
        names: &[&str; CLASSES],
        out: &mut impl Write,
    ) -> io::Result<()> {
        // Without a column to spare, the numbers stand closer and the names are cut.
        let is_narrow = width() < 60;
        let (cell, name) = if is_narrow { (3, 5) } else { (5, 10) };
        heading(out, "What is taken for what", "in percent of each class")?;
        let heads: String = (0..CLASSES).map(|c| format!("{c:>cell$}")).collect();
        writeln!(out, "  {:name$}  {}", "", styled(QUIET, heads))?;
        for (class, row) in self.confusion.iter().enumerate() {
            let all: usize = row.iter().sum();
            let cells = row.iter().map(|&n| {
                let share = match all {
                    0 => "-".to_owned(),
                    _ => format!("{:.0}", 100.0 * n as f64 / all as f64),
                };
                // So that 100 does not run into its neighbours.
                let share = if is_narrow && share == "0" {
                    "·"
                } else {
                    &share
                };
                format!("{share:>cell$}")
            });
            let label: String = names[class].chars().take(name).collect();
            writeln!(out, "  {label:name$} {class}{}", cells.collect::<String>())?;
        }
        Ok(())
    }

    /// The surest mistakes, a line for each.
    pub fn mistakes(
        &self,
        names: &[&str; CLASSES],
        out: &mut impl Write,
    ) -> io::Result<()> {
        if self.surest.is_empty() {
            return Ok(());
        }
        heading(out, "The surest mistakes", "images counted from 0")?;
        for mistake in &self.surest {
            writeln!(
                out,
                "  image {}: {}, taken for {} ({:.1} %)",
                mistake.image,
                names[mistake.label],
                names[mistake.guess],
                100.0 * mistake.sure
            )?;
        }
        Ok(())
    }
}

/// The class with the greatest score, the first of equals, and its probability; nothing if a
/// score is not finite.
fn surest(scores: &[f64]) -> Option<(usize, f64)> {
    if !scores.iter().all(|score| score.is_finite()) {
        return None;
    }
    let mut best = 0;
    for (class, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = class;
        }
    }
    let sum: f64 = scores.iter().map(|s| (s - scores[best]).exp()).sum();
    Some((best, 1.0 / sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equal_scores_is_the_guess() {
        assert_eq!(surest(&[1.0, 3.0, 3.0]).map(|(class, _)| class), Some(1));
        assert_eq!(surest(&[0.0, 0.0]), Some((0, 0.5)));
        assert_eq!(surest(&[0.0, f64::NAN]), None);
    }

    #[test]
    fn the_accuracy_is_the_diagonal() {
        let mut confusion = [[0; CLASSES]; CLASSES];
        confusion[0] = [3, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        confusion[1] = [0, 4, 0, 0, 0, 0, 0, 0, 0, 2];
        let scored = Scored {
            confusion,
            surest: Vec::new(),
        };
        assert_eq!(scored.accuracy(), 0.7);
        assert_eq!(scored.guessing(), 0.6);
    }
}
