//! `figures`: the book's figures, drawn anew or compared with what is there.

use crate::cli::failure::Failure;
use crate::cli::new_file::NewFile;
use crate::cli::outcome::Outcome;
use crate::cli::style::verdict;
use clap::Args;
use clap::builder::PossibleValuesParser;
use fully_connected::Normalization;
use fully_connected::drawing::palette;
use fully_connected::figures::{
    FIGURES, TOUCH, batch_norm_scale, careful, good_model, held_out, map, update_rules,
};
use indicatif::ProgressBar;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

/// Draw the book's figures
///
/// Each figure runs what it shows. Some are drawn from data files, because their trainings
/// take long: the rate-scale maps, the accuracies on held-out images, those with a
/// normalization or dropout, the update rules of chapter 10, and the training of chapter 15.
#[derive(Debug, Args)]
pub struct Figures {
    /// The figures to draw [default: all, and their stylesheet]
    #[arg(value_name = "NAME", value_parser = names())]
    names: Vec<String>,

    /// Write nothing; exit with 1 if a file is not what the code gives
    #[arg(long)]
    check: bool,

    /// Train the networks of the rate-scale map again (minutes) and write its data file
    #[arg(long, conflicts_with_all = ["names", "check"])]
    map: bool,

    /// Train the networks of the map with batch normalization again (minutes) and write its
    /// data file
    #[arg(long, conflicts_with_all = ["names", "check", "map"])]
    map_batchnorm: bool,

    /// Train the networks of the figure `held-out` again (minutes) and write its data file
    #[arg(long, conflicts_with_all = ["names", "check", "map", "map_batchnorm"])]
    held_out: bool,

    /// Train the networks of chapters 12 and 13 again (minutes) and write their data file
    #[arg(long, conflicts_with_all = ["names", "check", "map", "map_batchnorm", "held_out"])]
    careful: bool,

    /// Train the networks of the figure `batch-norm-scale` again (a minute) and write its data
    /// file
    #[arg(long, conflicts_with_all = ["names", "check", "map", "map_batchnorm", "held_out", "careful"])]
    batch_norm_scale: bool,

    /// Train the network of chapter 15 again (half a minute) and write its data file
    #[arg(long, conflicts_with_all = [
        "names", "check", "map", "map_batchnorm", "held_out", "careful", "batch_norm_scale",
    ])]
    good_model: bool,

    /// Train the networks of chapter 10 again (a minute) and write their data file; some train on
    /// photographs, from data_batch_1.bin and test_batch.bin of CIFAR-10 in this folder
    #[arg(long, value_name = "FOLDER", conflicts_with_all = [
        "names", "check", "map", "map_batchnorm", "held_out", "careful", "batch_norm_scale",
        "good_model",
    ])]
    update_rules: Option<PathBuf>,

    /// The book's folder
    #[arg(long, value_name = "DIR", default_value = "book")]
    book: PathBuf,
}

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(FIGURES.iter().map(|figure| figure.name))
}

/// A file of the book that is made, and how to know one: it begins like this.
struct Made {
    path: PathBuf,
    text: String,
    begins: &'static str,
}

impl Figures {
    /// Draws, compares, or trains.
    pub fn run(&self, out: &mut impl Write) -> Result<Outcome, Failure> {
        let trains = self.map
            || self.map_batchnorm
            || self.held_out
            || self.careful
            || self.batch_norm_scale
            || self.good_model
            || self.update_rules.is_some();
        if trains {
            let file = self.data()?;
            file.write()?;
            writeln!(out, "{}", verdict(true, file.path.display()))?;
            writeln!(
                out,
                "Run `figures` again, to draw the figure from the new data."
            )?;
            return Ok(Outcome::Done);
        }
        let mut outcome = Outcome::Done;
        for file in self.files() {
            let same = fs::read_to_string(&file.path).is_ok_and(|old| old == file.text);
            let path = file.path.display();
            if self.check {
                let but = if same {
                    ""
                } else {
                    " is not what the code gives"
                };
                writeln!(out, "{}", verdict(same, format_args!("{path}{but}")))?;
                outcome = outcome.and(Outcome::done_if(same));
            } else if !same {
                file.write()?;
                writeln!(out, "{}", verdict(true, path))?;
            }
        }
        Ok(outcome)
    }

    /// The files, one made after the other.
    fn files(&self) -> impl Iterator<Item = Made> {
        let wanted =
            |name: &str| self.names.is_empty() || self.names.iter().any(|n| n == name);
        let figures = FIGURES.iter().filter(move |figure| wanted(figure.name));
        let figures = figures.map(|figure| Made {
            path: self.book.join(format!("src/figures/{}.svg", figure.name)),
            text: (figure.draw)(),
            begins: "<svg class=\"fig\"",
        });
        let touched = TOUCH.iter().filter(move |figure| wanted(figure.name));
        let touched = touched.map(|figure| Made {
            path: self.book.join(format!("touch/{}.html", figure.name)),
            text: (figure.draw)(),
            begins: "<div class=\"touch\"",
        });
        let style = self.names.is_empty().then(|| Made {
            path: self.book.join("theme/figures.css"),
            text: palette::css(),
            begins: "/* The figures' colours. Made by",
        });
        style.into_iter().chain(figures).chain(touched)
    }

    /// The data file of the option that was given.
    fn data(&self) -> Result<Made, Failure> {
        let bar = ProgressBar::new(0);
        let done = |done, of| {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        };
        let (name, text, begins) = if self.map {
            let begins = "# Which weight scales";
            let text = map::compute(Normalization::None, done);
            ("rate-scale-map.txt", text, begins)
        } else if self.map_batchnorm {
            let begins = "# Which weight scales";
            let text = map::compute(Normalization::BatchNorm, done);
            ("rate-scale-map-batchnorm.txt", text, begins)
        } else if self.careful {
            let begins = "# What do a normalization";
            ("careful.txt", careful::compute(done), begins)
        } else if self.good_model {
            let begins = "# How does a careful training";
            ("good-model.txt", good_model::compute(done), begins)
        } else if let Some(folder) = &self.update_rules {
            let begins = "# How do the four";
            let text = update_rules::compute(folder, done)?;
            ("update-rules.txt", text, begins)
        } else if self.batch_norm_scale {
            let begins = "# How much does the scale";
            let text = batch_norm_scale::compute(done);
            ("batch-norm-scale.txt", text, begins)
        } else {
            let begins = "# How many shapes";
            ("held-out.txt", held_out::compute(done), begins)
        };
        bar.finish_and_clear();
        Ok(Made {
            path: self.book.join("data").join(name),
            text,
            begins,
        })
    }
}

impl Made {
    /// Replaces what an earlier run wrote, and nothing else.
    fn write(&self) -> Result<(), Failure> {
        let ours = match fs::read_to_string(&self.path) {
            Ok(old) => old.starts_with(self.begins),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        };
        if !ours {
            let problem = "it is there already, and not a file that this command made";
            let error = io::Error::new(io::ErrorKind::AlreadyExists, problem);
            return Err(Failure::Write(self.path.clone(), error));
        }
        NewFile::at(&self.path, true)?.write(&self.text)?;
        Ok(())
    }
}
