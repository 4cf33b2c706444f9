//! A million damaged CIFAR-10 files: the reader gives the right records, or the right
//! error, and never panics.

use fully_connected::Error;
use fully_connected::cifar10::{RECORD_BYTES, Records};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::io::{self, Read};
use std::path::Path;

mod fuzz;

const INPUTS: u32 = 1_000_000;

/// How a reader can end, told by a plain walk over the bytes.
#[derive(Debug, PartialEq)]
enum End {
    /// After this many good records.
    Whole { records: u64 },
    /// Not in the layout, at this record and byte.
    Cifar { record: u64, byte: u64 },
    /// The disk failed after this many bytes.
    Disk { byte: u64 },
}

/// What must come of `bytes`, if the disk fails at their end or does not.
fn expected(bytes: &[u8], disk_fails: bool) -> End {
    let mut record = 0;
    loop {
        let start = record * RECORD_BYTES;
        let rest = bytes.len() - start;
        let at = |byte: usize| (record as u64, byte as u64);
        if rest < RECORD_BYTES && disk_fails {
            let (_, byte) = at(bytes.len());
            return End::Disk { byte };
        }
        if rest == 0 && record > 0 {
            let records = record as u64;
            return End::Whole { records };
        }
        if rest < RECORD_BYTES {
            let (record, byte) = at(bytes.len());
            return End::Cifar { record, byte };
        }
        if bytes[start] > 9 {
            let (record, byte) = at(start);
            return End::Cifar { record, byte };
        }
        record += 1;
    }
}

/// What comes of them. Every record handed out must be the one in `bytes`.
fn actual(bytes: &[u8], reader: impl Read) -> End {
    let mut records = Records::new(reader, "fuzzed.bin");
    let mut good = 0;
    let end = loop {
        match records.next() {
            None => break End::Whole { records: good },
            Some(Ok(record)) => {
                let start = good as usize * RECORD_BYTES;
                assert_eq!(record.label, usize::from(bytes[start]));
                let pixels = record.pixels.as_slice().expect("pixels lie in order");
                assert_eq!(pixels, &bytes[start + 1..start + RECORD_BYTES]);
                good += 1;
            }
            Some(Err(error)) => {
                break match &error {
                    Error::Cifar {
                        path, record, byte, ..
                    } => {
                        assert_eq!(path, Path::new("fuzzed.bin"));
                        assert_eq!(*record, good);
                        let (record, byte) = (*record, *byte);
                        End::Cifar { record, byte }
                    }
                    Error::File { byte, .. } => End::Disk { byte: *byte },
                    other => panic!("{other}"),
                };
            }
        }
    };
    assert!(records.next().is_none(), "nothing comes after the end");
    end
}

/// Hands out bytes in pieces, is interrupted now and then, and may fail at the end.
struct Disk<'a> {
    bytes: &'a [u8],
    piece: usize,
    interrupted: bool,
    fails: bool,
}

impl Read for Disk<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted && self.piece < RECORD_BYTES {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if self.bytes.is_empty() && self.fails {
            return Err(io::Error::other("the disk failed"));
        }
        let n = self.piece.min(into.len());
        self.bytes.read(&mut into[..n])
    }
}

/// The length of the next file: mostly short, often near the end of a record.
fn length(generator: &mut ChaCha8Rng) -> usize {
    let records = match generator.random_range(0..100) {
        0..60 => 0,
        60..85 => 1,
        85..95 => 2,
        _ => 3,
    };
    let off = match generator.random_range(0..4) {
        0 => 0,
        1 => generator.random_range(-3..=3),
        2 => generator.random_range(-40..40),
        _ => generator.random_range(-3072..3073),
    };
    (records * RECORD_BYTES as i64 + off).max(0) as usize
}

#[test]
fn a_million_damaged_files_give_the_right_records_or_the_right_error() {
    let mut generator = fuzz::generator();

    let mut file: Vec<u8> = (0..4 * RECORD_BYTES).map(|i| (i % 251) as u8).collect();
    let mut ends = [0; 3];
    for _ in 0..INPUTS {
        for record in file.chunks_mut(RECORD_BYTES) {
            record[0] = generator.random_range(0..10);
        }
        let length = length(&mut generator);
        for _ in 0..generator.random_range(0..3) {
            // Any byte, and a label as often: the damage must be where it can be seen.
            let mut i = generator.random_range(0..file.len());
            if generator.random() {
                i -= i % RECORD_BYTES;
            }
            file[i] = generator.random();
        }
        let bytes = &file[..length];
        let fails = generator.random_range(0..8) == 0;
        let piece = match generator.random_range(0..8) {
            0 => generator.random_range(100..4000),
            _ => usize::MAX,
        };
        let disk = Disk {
            bytes,
            piece,
            interrupted: false,
            fails,
        };

        let end = actual(bytes, disk);
        assert_eq!(end, expected(bytes, fails), "{length} bytes");
        ends[match end {
            End::Whole { .. } => 0,
            End::Cifar { .. } => 1,
            End::Disk { .. } => 2,
        }] += 1;
    }
    println!("whole files, wrong files, failing disks: {ends:?}");
    assert!(ends.iter().all(|&count| count > INPUTS / 100), "{ends:?}");
}
