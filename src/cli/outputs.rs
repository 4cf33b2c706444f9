//! The files that `train` makes: checked before it begins, and written whatever fails besides.

use crate::cli::failure::Failure;
use crate::cli::new_file::{NewFile, rescue};
use fully_connected::cifar10::{FOLDER, TEST_FILE, TRAINING_FILES};
use std::fs;
use std::path::{Path, PathBuf};

/// The files that are wanted.
#[derive(Debug)]
pub struct Outputs {
    /// The network.
    pub save: Option<NewFile>,
    /// The plot of the training.
    pub plot: Option<NewFile>,
    /// The picture of the weights.
    pub weights: Option<NewFile>,
}

impl Outputs {
    /// Checks that the files can be made, are different ones, and lie on none that is read:
    /// neither on the images of `data` nor, but for the network itself, on that of `from`.
    pub fn check(
        self,
        data: &[PathBuf],
        from: Option<&Path>,
    ) -> Result<Outputs, Failure> {
        let taken: Vec<PathBuf> = data.iter().flat_map(|path| read_of(path)).collect();
        let from = from.and_then(|path| fs::canonicalize(path).ok());
        let all = [&self.save, &self.plot, &self.weights];
        let places = all.map(|file| file.as_ref().map(NewFile::place));
        for (i, place) in places.iter().enumerate() {
            let Some(place) = place else { continue };
            let refused =
                |what| Err(Failure::Unusable(format!("{} {what}", place.display())));
            if places[..i].iter().flatten().any(|other| other == place) {
                return refused("is named for two files");
            }
            if taken.contains(place) {
                return refused("holds images to train on and stays as it is");
            }
            if i > 0 && from.as_ref() == Some(place) {
                return refused("holds the network to go on from and stays as it is");
            }
        }
        let probed = |file: Option<NewFile>| file.map(NewFile::probe).transpose();
        Ok(Outputs {
            save: probed(self.save)?,
            plot: probed(self.plot)?,
            weights: probed(self.weights)?,
        })
    }
}

/// The files that `--data` reads where it names this path.
fn read_of(path: &Path) -> Vec<PathBuf> {
    let names = || TRAINING_FILES.into_iter().chain([TEST_FILE]);
    let inside = [path.to_owned(), path.join(FOLDER)];
    let files = inside
        .iter()
        .flat_map(|at| names().map(|name| at.join(name)));
    let files = files.chain([path.to_owned()]);
    files
        .filter_map(|file| fs::canonicalize(file).ok())
        .collect()
}

/// What came of the files: a line for each, and the first failure.
#[derive(Debug, Default)]
pub struct Made {
    /// What to tell.
    pub lines: Vec<String>,
    /// What failed first.
    pub failure: Option<Failure>,
}

impl Made {
    /// Writes a file, if it is wanted.
    pub fn write(
        &mut self,
        what: &str,
        file: Option<NewFile>,
        bytes: impl FnOnce() -> Vec<u8>,
    ) {
        let Some(file) = file else { return };
        match file.write_bytes(&bytes()) {
            Ok(path) => self.lines.push(format!("{what}: {}", path.display())),
            Err(failure) => self.failed(failure),
        }
    }

    /// Writes a file that took long to make: where its name cannot be had, under another one.
    pub fn write_or_rescue(&mut self, what: &str, file: Option<NewFile>, bytes: &[u8]) {
        let Some(file) = file else { return };
        let place = file.place();
        match file.write_bytes(bytes) {
            Ok(path) => self.lines.push(format!("{what}: {}", path.display())),
            Err(failure) => {
                if let Some(path) = rescue(&place, bytes) {
                    let line = format!("{what} under another name: {}", path.display());
                    self.lines.push(line);
                }
                self.failed(failure);
            }
        }
    }

    fn failed(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_that_fails_keeps_no_other_from_being_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let file = |name: &str| Some(NewFile::at(&path(name), false).unwrap());
        let (net, plot) = (file("net"), file("plot"));
        fs::write(path("net"), "mine").unwrap();
        let mut made = Made::default();
        made.write_or_rescue("Saved", net, b"net");
        made.write("Plot", plot, || b"plot".to_vec());
        assert!(matches!(made.failure, Some(Failure::Exists(_))));
        let [saved, plotted] = &made.lines[..] else {
            panic!("{:?}", made.lines)
        };
        let (_, rescued) = saved.split_once("under another name: ").unwrap();
        assert_eq!(fs::read(rescued).unwrap(), b"net");
        assert!(plotted.starts_with("Plot: "), "{plotted}");
        assert_eq!(fs::read(path("plot")).unwrap(), b"plot");
        assert_eq!(fs::read(path("net")).unwrap(), b"mine");
    }
}
