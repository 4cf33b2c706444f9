//! Appendix: CIFAR-10, read from its binary files.
//!
//! [CIFAR-10](https://www.cs.toronto.edu/~kriz/cifar.html) is 60,000 colour photographs
//! of 32 by 32 pixels in ten classes (A. Krizhevsky, *Learning multiple layers of features
//! from tiny images*, 2009). Its "binary version" is six files (`data_batch_1.bin` to
//! `data_batch_5.bin`, `test_batch.bin`) of 10,000 *records* each, one after the other
//! without a header:
//!
//! ```text
//!  1 byte    1024 bytes    1024 bytes    1024 bytes
//! ┌───────┬─────────────┬─────────────┬─────────────┐
//! │ label │ red         │ green       │ blue        │   3073 bytes a record
//! └───────┴─────────────┴─────────────┴─────────────┘
//!  0 to 9   32 rows of 32 pixels, from the top
//! ```
//!
//! Nothing in such a file says that it is one. The reader checks what can be checked, the
//! length and the labels, and an [`Error`] names the file, the record and the byte. A
//! record is handed out whole or not at all.
//!
//! [`read_sets`] reads all images, for training and for a test, and [`read_first`] the first
//! few. [`open`] goes through one file record by record, and [`Records`] does so with
//! anything that can be read.

use crate::Error;
use crate::images::{Images, MeanImage};
use ndarray::{Array3, Array4};
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::iter::FusedIterator;
use std::path::{Path, PathBuf};

/// The length of a record: a label and `3·32·32` pixels.
pub const RECORD_BYTES: usize = 1 + 3 * 32 * 32;

/// The files with the training images, 10,000 in each.
pub const TRAINING_FILES: [&str; 5] = [
    "data_batch_1.bin",
    "data_batch_2.bin",
    "data_batch_3.bin",
    "data_batch_4.bin",
    "data_batch_5.bin",
];

/// The file with the 10,000 test images.
pub const TEST_FILE: &str = "test_batch.bin";

/// The folder in which the files are distributed.
pub const FOLDER: &str = "cifar-10-batches-bin";

/// The ten classes; a label is an index into them.
pub const CLASSES: [&str; 10] = [
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
];

/// One image and its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The class, from 0 to 9.
    pub label: usize,
    /// The pixels from 0 to 255, `(3, 32, 32)`: channels red, green, blue, and rows from
    /// the top.
    pub pixels: Array3<u8>,
}

/// Reads records one after the other, holding one at a time.
///
/// The first error ends the iteration; the records before it are good.
///
/// ```
/// use fully_connected::cifar10::{RECORD_BYTES, Records};
///
/// let mut bytes = vec![0; 2 * RECORD_BYTES];
/// bytes[0] = 6;                                 // the first record's label: frog
/// bytes[1] = 59;                                // its red pixel, top left
/// bytes[RECORD_BYTES] = 10;                     // the second record's label: none
///
/// let mut records = Records::new(bytes.as_slice(), "two.bin");
/// let frog = records.next().unwrap()?;
/// assert_eq!(frog.label, 6);
/// assert_eq!(frog.pixels[[0, 0, 0]], 59);
/// assert_eq!(
///     records.next().unwrap().unwrap_err().to_string(),
///     "two.bin: record 1, byte 3073: a label must be 0 to 9; it is 10",
/// );
/// assert!(records.next().is_none());
/// # Ok::<(), fully_connected::Error>(())
/// ```
#[derive(Debug)]
pub struct Records<R> {
    reader: R,
    path: PathBuf,
    /// How many records have been handed out.
    record: u64,
    bytes: Vec<u8>,
    ended: bool,
}

impl<R: Read> Records<R> {
    /// The records in `reader`, which errors call `name`.
    ///
    /// A file wants a [`BufReader`] around it, as [`open`] does it.
    pub fn new(reader: R, name: impl Into<PathBuf>) -> Records<R> {
        Records {
            reader,
            path: name.into(),
            record: 0,
            bytes: Vec::with_capacity(RECORD_BYTES),
            ended: false,
        }
    }

    /// All records that are left, as images.
    ///
    /// # Errors
    ///
    /// The first error that the iteration meets.
    pub fn images(self) -> Result<Images, Error> {
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        for record in self {
            let record = record?;
            let bytes = record.pixels.as_slice().expect("pixels lie in order");
            pixels.extend_from_slice(bytes);
            labels.push(record.label);
        }
        Ok(images(pixels, labels))
    }

    /// The next record, or nothing at the end.
    fn read(&mut self) -> Result<Option<Record>, Error> {
        self.bytes.clear();
        let mut record = self.reader.by_ref().take(RECORD_BYTES as u64);
        let read = record.read_to_end(&mut self.bytes);
        let start = self.record * RECORD_BYTES as u64;
        let end = start + self.bytes.len() as u64;
        read.map_err(|source| Error::File {
            path: self.path.clone(),
            byte: end,
            record: Some(self.record),
            source,
        })?;
        if self.bytes.is_empty() && self.record > 0 {
            return Ok(None);
        }
        if self.bytes.len() < RECORD_BYTES {
            return Err(ends_early(&self.path, end));
        }
        let label = usize::from(self.bytes[0]);
        if label >= CLASSES.len() {
            return Err(Error::Cifar {
                path: self.path.clone(),
                record: self.record,
                byte: start,
                problem: format!("a label must be 0 to 9; it is {label}"),
            });
        }
        let pixels = Array3::from_shape_vec((3, 32, 32), self.bytes[1..].to_vec())
            .expect("a record holds 3·32·32 pixels");
        self.record += 1;
        Ok(Some(Record { label, pixels }))
    }
}

impl<R: Read> Iterator for Records<R> {
    type Item = Result<Record, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.read().transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl<R: Read> FusedIterator for Records<R> {}

/// Opens a file to read its records one after the other.
///
/// # Errors
///
/// [`Error::File`] if it is missing, no ordinary file (a directory, a pipe, a device), or not
/// ours to read; [`Error::Cifar`] if its length is 0 or no multiple of 3073: a truncated
/// file is refused before its first record; or if it holds more than a million records.
///
/// ```no_run
/// for record in fully_connected::cifar10::open("data_batch_1.bin")? {
///     println!("{}", record?.label);
/// }
/// # Ok::<(), fully_connected::Error>(())
/// ```
pub fn open(path: impl AsRef<Path>) -> Result<Records<BufReader<File>>, Error> {
    let path = path.as_ref();
    check(path)?;
    let file = File::open(path).map_err(|source| cannot_open(path, source))?;
    Ok(Records::new(BufReader::new(file), path))
}

/// The first images of some files, and the mean of all images in them.
#[derive(Debug, Clone, PartialEq)]
pub struct First {
    /// The first images, in the order of the files.
    pub images: Images,
    /// The mean image over all files, `(3, 32, 32)`, from 0 to 255.
    pub mean: Array3<f64>,
    /// How many images the files hold.
    pub read: u64,
}

/// Keeps the first `n` images of the files, and takes the mean image over all of them.
///
/// The files are read one after the other and no more than `n` images are held in memory.
/// Like [`Iterator::take`], it keeps them all if there are fewer than `n`.
///
/// # Errors
///
/// As [`open`], for each file before the first is read; [`Error::Cifar`] for a label above
/// 9; [`Error::NoFile`] if `paths` is empty. There is no half a result.
///
/// ```no_run
/// use fully_connected::cifar10;
///
/// let data = cifar10::read_first(&["data_batch_1.bin", "data_batch_2.bin"], 50)?;
/// let x = data.images.centered::<f64>(&data.mean);      // (50, 3, 32, 32)
/// let y = &data.images.labels;
/// println!("{} of {} images", y.len(), data.read);      // 50 of 20000 images
/// # Ok::<(), fully_connected::Error>(())
/// ```
pub fn read_first<P: AsRef<Path>>(paths: &[P], n: usize) -> Result<First, Error> {
    if paths.is_empty() {
        return Err(Error::NoFile);
    }
    for path in paths {
        check(path.as_ref())?;
    }
    let mut mean = MeanImage::new(3, 32, 32);
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for path in paths {
        for record in open(path)? {
            let record = record?;
            mean.add(&record.pixels);
            if labels.len() < n {
                pixels.extend(&record.pixels);
                labels.push(record.label);
            }
        }
    }
    Ok(First {
        images: images(pixels, labels),
        mean: mean.get(),
        read: mean.count(),
    })
}

/// The images for training and those for a test.
#[derive(Debug, Clone, PartialEq)]
pub struct Sets {
    /// The images of the training files, in the order of the files.
    pub train: Images,
    /// The images of `test_batch.bin`; none if it was not among the files.
    pub test: Images,
}

/// Reads all images of a folder, or of some files.
///
/// A folder stands for the six files in it, or in the folder `cifar-10-batches-bin` in it;
/// none may be missing. Of files that are named one by one, any number will do: one that is
/// called `test_batch.bin` has test images, every other one training images. All images are
/// held in memory, as bytes.
///
/// # Errors
///
/// As [`open`], for each file before the first is read, and [`Error::File`] for one that is
/// named twice; [`Error::Cifar`] for a label above 9; [`Error::NoFile`] if `paths` is empty.
/// There is no half a result.
///
/// ```no_run
/// use fully_connected::cifar10;
/// use fully_connected::images::Split;
///
/// let sets = cifar10::read_sets(&["cifar-10-batches-bin"])?;
/// let split = Split::new(sets.train, 1000, sets.test)?;
/// println!("{} images to train on", split.train.len());     // 49000 images to train on
/// # Ok::<(), fully_connected::Error>(())
/// ```
pub fn read_sets<P: AsRef<Path>>(paths: &[P]) -> Result<Sets, Error> {
    if paths.is_empty() {
        return Err(Error::NoFile);
    }
    let mut files = Vec::new();
    for path in paths {
        let path = path.as_ref();
        if path.is_dir() {
            files.extend(files_in(path)?);
        } else {
            files.push(path.to_owned());
        }
    }
    let mut seen = Vec::new();
    for file in &files {
        check(file)?;
        let place = fs::canonicalize(file).map_err(|e| cannot_open(file, e))?;
        if seen.contains(&place) {
            let problem = "it is named twice; images to train on would be among those \
                           to choose by";
            return Err(cannot_open(file, io::Error::other(problem)));
        }
        seen.push(place);
    }
    let (mut train, mut test) = (Vec::new(), Vec::new());
    for file in &files {
        let is_test = file.file_name().is_some_and(|name| name == TEST_FILE);
        let set = if is_test { &mut test } else { &mut train };
        set.push(open(file)?.images()?);
    }
    Ok(Sets {
        train: Images::join(train),
        test: Images::join(test),
    })
}

/// The six files of a folder.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let names = || TRAINING_FILES.into_iter().chain([TEST_FILE]);
    let has_some = |folder: &Path| names().any(|name| folder.join(name).exists());
    let inner = folder.join(FOLDER);
    let holding = [folder, &inner].into_iter().find(|folder| has_some(folder));
    let Some(holding) = holding else {
        let problem = format!(
            "there are no binary batches of CIFAR-10 in this folder: \
             {} to {} and {TEST_FILE}",
            TRAINING_FILES[0], TRAINING_FILES[4]
        );
        let source = io::Error::new(io::ErrorKind::NotFound, problem);
        return Err(cannot_open(folder, source));
    };
    let files = names().map(|name| holding.join(name));
    files
        .map(|file| match file.exists() {
            true => Ok(file),
            false => {
                let problem = "it is missing; the folder must hold all six files. To read \
                               fewer, name them one by one";
                let source = io::Error::new(io::ErrorKind::NotFound, problem);
                Err(cannot_open(&file, source))
            }
        })
        .collect()
}

/// Bytes and labels of records, as images.
fn images(pixels: Vec<u8>, labels: Vec<usize>) -> Images {
    let pixels = Array4::from_shape_vec((labels.len(), 3, 32, 32), pixels)
        .expect("each record holds 3·32·32 pixels");
    Images { pixels, labels }
}

/// The most records that a file may hold. CIFAR-10 has 60,000 in all.
const MOST_RECORDS: u64 = 1_000_000;

/// Refuses what cannot be a file of whole records, as far as one can tell from outside.
fn check(path: &Path) -> Result<(), Error> {
    let metadata = fs::metadata(path).map_err(|source| cannot_open(path, source))?;
    if metadata.is_dir() {
        let source = io::Error::new(
            io::ErrorKind::IsADirectory,
            "it is a directory; name the files in it",
        );
        return Err(cannot_open(path, source));
    }
    if !metadata.is_file() {
        // There may be no end to it, or no beginning.
        let problem = "it must be an ordinary file; it is a pipe or a device";
        return Err(cannot_open(path, io::Error::other(problem)));
    }
    let bytes = metadata.len();
    if bytes > MOST_RECORDS * RECORD_BYTES as u64 {
        return Err(Error::Cifar {
            path: path.to_owned(),
            record: MOST_RECORDS,
            byte: MOST_RECORDS * RECORD_BYTES as u64,
            problem: format!(
                "the file must hold at most {MOST_RECORDS} records of {RECORD_BYTES} \
                 bytes; it has {bytes} bytes"
            ),
        });
    }
    if !is_whole(bytes) {
        return Err(ends_early(path, bytes));
    }
    Ok(())
}

fn is_whole(bytes: u64) -> bool {
    bytes > 0 && bytes.is_multiple_of(RECORD_BYTES as u64)
}

fn cannot_open(path: &Path, source: io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        byte: 0,
        record: None,
        source,
    }
}

/// The error for a file that ends after `bytes` bytes, inside a record or before the first.
fn ends_early(path: &Path, bytes: u64) -> Error {
    let record_bytes = RECORD_BYTES as u64;
    let problem = match bytes {
        0 => format!(
            "the file is empty; it must hold at least one record of {record_bytes} bytes"
        ),
        _ => format!(
            "the file ends here, {} bytes into a record of {record_bytes}",
            bytes % record_bytes
        ),
    };
    Error::Cifar {
        path: path.to_owned(),
        record: bytes / record_bytes,
        byte: bytes,
        problem,
    }
}
