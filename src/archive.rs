//! CIFAR-10 from the archive as it is distributed, `cifar-10-binary.tar.gz`.
//!
//! The archive is read as a stream. Nothing in it becomes a file, and no name in it is used
//! but to compare: it holds the six files of [`crate::cifar10`], two small ones that are passed
//! over, and nothing else. What is read is what is hashed, in one pass; no image is given
//! out before the end of the archive has been reached and the hash is right.

use crate::Error;
use crate::cifar10::{FOLDER, RECORD_BYTES, Records, Sets, TEST_FILE, TRAINING_FILES};
use crate::images::Images;
use flate2::bufread::GzDecoder;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use tar::EntryType;

/// What an archive must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Its length in bytes.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

impl Expected {
    /// The archive that is distributed at <https://www.cs.toronto.edu/~kriz/cifar.html>.
    pub fn distributed() -> Expected {
        Expected {
            bytes: 170_052_171,
            sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"
                .to_owned(),
        }
    }
}

/// The files of the archive that are passed over.
const OTHERS: [&str; 2] = ["batches.meta.txt", "readme.html"];
/// The greatest length of those.
const MOST_OTHER_BYTES: u64 = 1 << 20;
/// The most records that a batch may have: those that CIFAR-10's have.
const MOST_RECORDS: u64 = 10_000;
/// The most bytes between the end of the last file and that of the archive. `tar` fills up to
/// a multiple of 10,240.
const MOST_PADDING: u64 = 1 << 20;

/// Reads all images of an archive.
///
/// Without an `expected` anything with the right files in it will do, short ones too.
///
/// # Errors
///
/// [`Error::Archive`] if it is not as `expected`, or holds anything but the files that it
/// must, each once and as a file, or is not whole, or goes on after its end;
/// [`Error::Cifar`] if a batch is not one; [`Error::File`] if the archive cannot be read.
/// There is no half a result.
pub fn read(path: &Path, expected: Option<&Expected>) -> Result<Sets, Error> {
    let cannot_open = |source| Error::File {
        path: path.to_owned(),
        byte: 0,
        record: None,
        source,
    };
    let metadata = fs::metadata(path).map_err(cannot_open)?;
    if !metadata.is_file() {
        // There may be no end to it, or no beginning.
        let problem = "it must be an ordinary file";
        return Err(cannot_open(io::Error::other(problem)));
    }
    if let Some(expected) = expected
        && expected.bytes != metadata.len()
    {
        let why = match metadata.len() < expected.bytes {
            true => "The download may not have come to its end",
            false => "It is another file",
        };
        return Err(Archive(path).wrong(format!(
            "it must have {} bytes; it has {}. {why}",
            expected.bytes,
            metadata.len()
        )));
    }
    let file = File::open(path).map_err(cannot_open)?;
    let Some(expected) = expected else {
        return Archive(path).sets(BufReader::new(file));
    };
    let mut hashed = Hashed {
        inner: file,
        sha256: Sha256::new(),
    };
    let sets = Archive(path).sets(BufReader::with_capacity(1 << 16, &mut hashed));
    // Whatever seems to be wrong with an archive, a wrong hash is the reason.
    let sha256 = hashed.finish().map_err(|source| Error::File {
        path: path.to_owned(),
        byte: metadata.len(),
        record: None,
        source,
    })?;
    if sha256 != expected.sha256 {
        return Err(Archive(path).wrong(format!(
            "its SHA-256 must be {}; it is {sha256}. The file was damaged on its way, or \
             is another",
            expected.sha256
        )));
    }
    sets
}

/// A reader that hashes what is read.
struct Hashed<R> {
    inner: R,
    sha256: Sha256,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        self.sha256.update(&into[..n]);
        Ok(n)
    }
}

impl<R: Read> Hashed<R> {
    /// The hash of all there is, in hexadecimal.
    fn finish(mut self) -> io::Result<String> {
        let mut bytes = vec![0; 1 << 16];
        loop {
            match self.read(&mut bytes) {
                Ok(0) => break,
                Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                    return Err(error);
                }
                _ => {}
            }
        }
        let digest = self.sha256.finalize();
        Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// An archive, by the name that errors give it.
#[derive(Clone, Copy)]
pub struct Archive<'a>(pub &'a Path);

impl Archive<'_> {
    /// Reads all images from the bytes of an archive, to the last byte of them.
    ///
    /// # Errors
    ///
    /// As [`read`], but for the checks of length and hash.
    pub fn sets(self, bytes: impl BufRead) -> Result<Sets, Error> {
        let mut tar = tar::Archive::new(GzDecoder::new(bytes));
        let mut batches = self.batches(&mut tar)?;
        self.check_end(tar.into_inner())?;

        let mut take = |name: &str| {
            let missing =
                || self.wrong(format!("{FOLDER}/{name} must be in it, and is not"));
            batches.remove(name).ok_or_else(missing)
        };
        let train = TRAINING_FILES.into_iter().map(&mut take);
        let train: Vec<Images> = train.collect::<Result<_, _>>()?;
        Ok(Sets {
            test: take(TEST_FILE)?,
            train: Images::join(train),
        })
    }

    /// The batches by their names, in whatever order they come.
    fn batches(
        self,
        tar: &mut tar::Archive<impl Read>,
    ) -> Result<BTreeMap<&'static str, Images>, Error> {
        let not_whole = |error: io::Error| {
            self.wrong(format!("it is not a whole .tar.gz: {error}"))
        };
        let mut seen = Vec::new();
        let mut batches = BTreeMap::new();
        // Raw: no entry may change the name or the size of another, and none is read into
        // memory to do so.
        for entry in tar.entries().map_err(not_whole)?.raw(true) {
            let entry = entry.map_err(not_whole)?;
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let wrong = |problem: String| Error::Archive {
                path: self.0.to_owned(),
                entry: Some(format!("{name:?}")),
                problem,
            };
            if seen.contains(&name) {
                return Err(wrong("there must be one; it comes again".to_owned()));
            }
            let kind = entry.header().entry_type();
            let size = entry.size();
            let inner = name.strip_prefix(FOLDER).and_then(|n| n.strip_prefix('/'));
            let batch = inner.and_then(|inner| {
                let names = || TRAINING_FILES.into_iter().chain([TEST_FILE]);
                names().find(|&name| name == inner)
            });
            match (inner, batch) {
                (_, Some(batch)) => {
                    if kind != EntryType::Regular {
                        return Err(wrong(must_be("a file", kind)));
                    }
                    let most = MOST_RECORDS * RECORD_BYTES as u64;
                    if size > most {
                        return Err(wrong(format!(
                            "it must have at most {most} bytes; it has {size}"
                        )));
                    }
                    let path = self.0.join(FOLDER).join(batch);
                    let images = Records::new(entry, &path).images()?;
                    let read = (images.len() * RECORD_BYTES) as u64;
                    if read != size {
                        return Err(wrong(format!(
                            "it must have {size} bytes; the archive ends after {read}"
                        )));
                    }
                    batches.insert(batch, images);
                }
                (Some(""), _) => {
                    if kind != EntryType::Directory {
                        return Err(wrong(must_be("a folder", kind)));
                    }
                    if size > 0 {
                        return Err(wrong(format!(
                            "a folder must have 0 bytes; it has {size}"
                        )));
                    }
                }
                (Some(other), _) if OTHERS.contains(&other) => {
                    if kind != EntryType::Regular {
                        return Err(wrong(must_be("a file", kind)));
                    }
                    if size > MOST_OTHER_BYTES {
                        return Err(wrong(format!(
                            "it must have at most {MOST_OTHER_BYTES} bytes; it has {size}"
                        )));
                    }
                }
                _ => {
                    return Err(wrong(format!(
                        "nothing must be in the archive but CIFAR-10's files, \
                         {FOLDER}/{}, …",
                        TRAINING_FILES[0]
                    )));
                }
            }
            seen.push(name);
        }
        Ok(batches)
    }

    /// Reads on to the end of the archive, where nothing but zeros may be.
    fn check_end(self, mut gz: GzDecoder<impl BufRead>) -> Result<(), Error> {
        let mut padding = Vec::new();
        let mut rest = gz.by_ref().take(MOST_PADDING + 1);
        rest.read_to_end(&mut padding).map_err(|error| {
            self.wrong(format!("it is not a whole .tar.gz: {error}"))
        })?;
        if padding.len() as u64 > MOST_PADDING || padding.iter().any(|&byte| byte > 0) {
            return Err(self.wrong("it goes on after the last file in it".to_owned()));
        }
        let mut rest = gz.into_inner();
        let ended = rest.fill_buf().map(<[u8]>::is_empty);
        match ended {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.wrong("it goes on after its end".to_owned())),
            Err(error) => {
                Err(self.wrong(format!("it cannot be read to its end: {error}")))
            }
        }
    }

    fn wrong(self, problem: String) -> Error {
        Error::Archive {
            path: self.0.to_owned(),
            entry: None,
            problem,
        }
    }
}

/// That an entry is of another kind.
fn must_be(what: &str, kind: EntryType) -> String {
    format!("it must be {what}; it is {}", kind_in_words(kind))
}

fn kind_in_words(kind: EntryType) -> String {
    match kind {
        EntryType::Regular => "a file".to_owned(),
        EntryType::Directory => "a folder".to_owned(),
        EntryType::Symlink | EntryType::Link => "a link".to_owned(),
        EntryType::Char | EntryType::Block | EntryType::Fifo => {
            "a device or a pipe".to_owned()
        }
        other => format!("an entry of kind {:?}", char::from(other.as_byte())),
    }
}
