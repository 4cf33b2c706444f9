//! `--data`: CIFAR-10 as it lies on the disk, in any of its three forms.

use crate::cli::failure::Failure;
use fully_connected::archive::{self, Expected};
use fully_connected::cifar10::{self, Sets};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

const ADDRESS: &str = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz";

/// What to do without the data, in three lines: what to download, how, and in the meantime
/// `meanwhile`.
pub fn how_to_get(meanwhile: &str) -> String {
    format!(
        "This needs CIFAR-10 in its binary version (170 MB), which the program does not \
         download. To fetch it:\n    \
         curl -O {ADDRESS}\n\
         then add --data cifar-10-binary.tar.gz, as it is. Meanwhile: {meanwhile}"
    )
}

/// Reads all images of what `--data` names: a folder, batch files, or the archive, which must
/// be the one that is distributed unless it is to be taken `unchecked`.
pub fn read(paths: &[PathBuf], unchecked: bool) -> Result<Sets, Failure> {
    read_as(paths, (!unchecked).then(Expected::distributed).as_ref())
}

fn read_as(paths: &[PathBuf], expected: Option<&Expected>) -> Result<Sets, Failure> {
    let archives = paths.iter().filter(|path| is_compressed(path)).count();
    match paths {
        [path] if archives == 1 => Ok(archive::read(path, expected)?),
        _ if archives > 0 => Err(Failure::Unusable(
            "--data takes an archive alone, or a folder, or files that are batches"
                .to_owned(),
        )),
        _ => match paths.iter().find(|path| is_tar(path)) {
            Some(tar) => Err(Failure::Unusable(format!(
                "{} is not compressed any more; some browsers do that. Unpack it and name \
                 the folder",
                tar.display()
            ))),
            None => Ok(cifar10::read_sets(paths)?),
        },
    }
}

/// Whether a file begins as gzip does. No batch begins so: its first byte is a label.
fn is_compressed(path: &Path) -> bool {
    let mut first = [0; 2];
    path.is_file()
        && File::open(path).is_ok_and(|mut file| file.read_exact(&mut first).is_ok())
        && first == [0x1f, 0x8b]
}

fn is_tar(path: &Path) -> bool {
    path.is_file() && path.extension().is_some_and(|extension| extension == "tar")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn an_archive_is_known_by_how_it_begins() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let refusal = |paths: &[PathBuf], unchecked| {
            read(paths, unchecked).unwrap_err().to_string()
        };
        fs::write(path("any"), [0x1f, 0x8b, 8, 0]).unwrap();
        fs::write(path("c.tar.gz"), vec![0; 3073]).unwrap();
        fs::write(path("c.tar"), vec![0; 5]).unwrap();

        let checked = refusal(&[path("any")], false);
        assert!(checked.contains("it must have 170052171 bytes; it has 4"));
        let unchecked = refusal(&[path("any")], true);
        assert!(
            unchecked.contains("it is not a whole .tar.gz"),
            "{unchecked}"
        );
        assert!(
            refusal(&[path("c.tar.gz"), path("any")], true)
                .starts_with("--data takes an archive alone")
        );
        assert!(refusal(&[path("c.tar")], false).ends_with(
            "is not compressed any more; some browsers do that. Unpack it \
                            and name the folder"
        ));
        let sets = read(&[path("c.tar.gz")], false).unwrap();
        assert_eq!((sets.train.len(), sets.test.len()), (1, 0));
        let missing = refusal(&[path("missing")], false);
        assert!(missing.starts_with("cannot read "), "{missing}");
    }

    #[test]
    fn three_lines_tell_how_to_get_the_data() {
        let told = how_to_get("train on the shapes");
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(
            lines[1],
            "    curl -O https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
        );
        assert!(lines[2].ends_with("train on the shapes"));
    }
}
