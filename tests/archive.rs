//! CIFAR-10 as it is distributed: small archives made here, right ones and hostile ones.

use fully_connected::archive::{self, Archive, Expected};
use fully_connected::cifar10::{
    FOLDER, RECORD_BYTES, Sets, TEST_FILE, TRAINING_FILES, read_sets,
};
use fully_connected::{Error, images::Split};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Instant;
use tar::{EntryType, Header};

mod fuzz;

/// Records with labels from 0 to 9 and pixels that differ from file to file.
fn batch(file: usize, records: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..records * RECORD_BYTES)
        .map(|i| (i * (file + 3) % 251) as u8)
        .collect();
    for (i, record) in bytes.chunks_mut(RECORD_BYTES).enumerate() {
        record[0] = ((file + i) % 10) as u8;
    }
    bytes
}

/// An entry of a tar file.
#[derive(Clone)]
struct Entry {
    name: String,
    kind: EntryType,
    link: &'static str,
    data: Vec<u8>,
    /// The size that its header claims, if it is another than that of the data.
    claims: Option<u64>,
}

impl Entry {
    fn file(name: &str, data: Vec<u8>) -> Entry {
        Entry {
            name: name.to_owned(),
            kind: EntryType::Regular,
            link: "",
            data,
            claims: None,
        }
    }

    fn of_kind(self, kind: EntryType) -> Entry {
        Entry { kind, ..self }
    }

    fn linking_to(self, link: &'static str) -> Entry {
        Entry { link, ..self }
    }

    fn claiming(self, size: u64) -> Entry {
        Entry {
            claims: Some(size),
            ..self
        }
    }
}

/// A name in the archive's folder.
fn inside(name: &str) -> String {
    format!("{FOLDER}/{name}")
}

/// The entries of a right archive, in the order of the one that is distributed. Its batches
/// have 1 to 3 records.
fn entries() -> Vec<Entry> {
    let records =
        |i: usize| Entry::file(&inside(TRAINING_FILES[i]), batch(i, 1 + i % 3));
    let text = |name: &str| Entry::file(&inside(name), b"some text\n".to_vec());
    vec![
        Entry::file(&inside(""), Vec::new()).of_kind(EntryType::Directory),
        records(0),
        text("batches.meta.txt"),
        records(2),
        records(3),
        Entry::file(&inside(TEST_FILE), batch(5, 2)),
        text("readme.html"),
        records(4),
        records(1),
    ]
}

/// The bytes of a tar file, up to its end.
fn tar_of(entries: &[Entry]) -> Vec<u8> {
    let mut tar = Vec::new();
    for entry in entries {
        let mut header = Header::new_gnu();
        header.as_mut_bytes()[..entry.name.len()]
            .copy_from_slice(entry.name.as_bytes());
        header.as_mut_bytes()[157..157 + entry.link.len()]
            .copy_from_slice(entry.link.as_bytes());
        header.set_entry_type(entry.kind);
        header.set_size(entry.claims.unwrap_or(entry.data.len() as u64));
        header.set_mode(0o644);
        header.set_cksum();
        tar.extend_from_slice(header.as_bytes());
        tar.extend_from_slice(&entry.data);
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.resize((tar.len() + 1024).next_multiple_of(10_240), 0);
    tar
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder =
        flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn archive_of(entries: &[Entry]) -> Vec<u8> {
    gzip(&tar_of(entries))
}

/// What comes of these bytes.
fn sets(bytes: &[u8]) -> Result<Sets, Error> {
    Archive(Path::new("c.tar.gz")).sets(bytes)
}

/// Why the archive of these entries is refused.
fn refusal(entries: &[Entry]) -> String {
    sets(&archive_of(entries)).unwrap_err().to_string()
}

/// The right entries, with the first file changed.
fn with_first(change: impl Fn(Entry) -> Entry) -> Vec<Entry> {
    let mut entries = entries();
    entries[1] = change(entries[1].clone());
    entries
}

/// The right entries, and one more after the third.
fn with_one_more(entry: Entry) -> Vec<Entry> {
    let mut entries = entries();
    entries.insert(3, entry);
    entries
}

fn expected(bytes: &[u8]) -> Expected {
    let digest = Sha256::digest(bytes);
    Expected {
        bytes: bytes.len() as u64,
        sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

#[test]
fn an_archive_holds_what_its_files_hold_in_whatever_order() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(FOLDER)).unwrap();
    for entry in entries().into_iter().skip(1) {
        fs::write(folder.path().join(entry.name), entry.data).unwrap();
    }
    let from_folder = read_sets(&[folder.path()]).unwrap();
    assert_eq!(from_folder.train.len(), 1 + 2 + 3 + 1 + 2);
    assert_eq!(from_folder.test.len(), 2);

    let mut entries = entries();
    for _ in 0..entries.len() {
        entries.rotate_left(1);
        assert_eq!(sets(&archive_of(&entries)).unwrap(), from_folder);
    }
    // The first record of each file, in the order of their numbers.
    let labels = &from_folder.train.labels;
    assert_eq!([0, 1, 3, 6, 7].map(|i| labels[i]), [0, 1, 2, 3, 4]);
    assert_eq!(from_folder.test.labels, [5, 6]);
    let split = Split::new(from_folder.train, 2, from_folder.test).unwrap();
    assert_eq!((split.train.len(), split.validation.len()), (7, 2));
}

#[test]
fn length_and_hash_are_checked_and_nothing_is_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.tar.gz");
    let bytes = archive_of(&entries());
    fs::write(&path, &bytes).unwrap();
    let expected = expected(&bytes);
    let read = |expected: Option<&Expected>| archive::read(&path, expected);
    assert_eq!(read(Some(&expected)).unwrap(), sets(&bytes).unwrap());
    assert_eq!(read(None).unwrap(), sets(&bytes).unwrap());

    let name = path.display();
    let longer = Expected {
        bytes: expected.bytes + 1,
        ..expected.clone()
    };
    assert_eq!(
        read(Some(&longer)).unwrap_err().to_string(),
        format!(
            "{name}: it must have {} bytes; it has {}. The download may not have come to \
             its end",
            longer.bytes, expected.bytes
        )
    );
    let other = Expected {
        sha256: "0".repeat(64),
        ..expected.clone()
    };
    assert_eq!(
        read(Some(&other)).unwrap_err().to_string(),
        format!(
            "{name}: its SHA-256 must be {}; it is {}. The file was damaged on its way, or \
             is another",
            other.sha256, expected.sha256
        )
    );
    // What a damaged file breaks first is not the reason why it is refused.
    for damaged in [20, bytes.len() / 2, bytes.len() - 5] {
        let mut bytes = bytes.clone();
        bytes[damaged] ^= 0x55;
        fs::write(&path, &bytes).unwrap();
        let error = read(Some(&expected)).unwrap_err().to_string();
        assert!(error.contains("its SHA-256 must be"), "{error}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_distributed_archive_is_named_by_length_and_hash() {
    let distributed = Expected::distributed();
    assert_eq!(distributed.bytes, 170_052_171);
    assert_eq!(distributed.sha256.len(), 64);
    assert!(distributed.sha256.starts_with("c4a38c50a1bc5f3a"));
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = archive::read(folder.path(), None).unwrap_err().to_string();
    assert!(error.ends_with("it must be an ordinary file"), "{error}");
    let missing = folder.path().join("c.tar.gz");
    assert!(matches!(
        archive::read(&missing, None).unwrap_err(),
        Error::File { record: None, .. }
    ));
    #[cfg(unix)]
    assert!(
        archive::read(Path::new("/dev/zero"), None)
            .unwrap_err()
            .to_string()
            .ends_with("it must be an ordinary file")
    );
}

#[test]
fn every_file_must_be_there_once() {
    for i in [1, 5, 8] {
        let mut entries = entries();
        let missing = entries.remove(i).name;
        assert_eq!(
            refusal(&entries),
            format!("c.tar.gz: {missing} must be in it, and is not")
        );
    }
    let mut twice = entries();
    twice.push(twice[1].clone());
    assert_eq!(
        refusal(&twice),
        "c.tar.gz: in it, \"cifar-10-batches-bin/data_batch_1.bin\": there must be one; it \
         comes again"
    );
    assert_eq!(
        refusal(&[]),
        "c.tar.gz: cifar-10-batches-bin/data_batch_1.bin must be in it, and is not"
    );
}

#[test]
fn no_other_name_is_accepted() {
    for name in [
        "data_batch_1.bin",
        "../data_batch_1.bin",
        "/etc/passwd",
        "cifar-10-batches-bin/../data_batch_1.bin",
        "cifar-10-batches-bin//data_batch_1.bin",
        "cifar-10-batches-bin/data_batch_6.bin",
        "cifar-10-batches-bin\\data_batch_1.bin",
        "cifar-10-batches-bin/",
        "C:\\data_batch_1.bin",
        "",
        "\u{1b}[31m",
    ] {
        let error = refusal(&with_one_more(Entry::file(name, batch(0, 1))));
        let (entry, problem) = match name {
            "cifar-10-batches-bin/" => ("it comes again".to_owned(), ""),
            name => (
                format!("c.tar.gz: in it, {name:?}: "),
                "nothing must be in the archive but CIFAR-10's files",
            ),
        };
        assert!(error.contains(&entry) && error.contains(problem), "{error}");
        assert!(!error.contains('\u{1b}'), "{error:?}");
    }
}

#[test]
fn links_devices_and_headers_that_change_others_are_refused() {
    let kinds = [
        (EntryType::Symlink, "a link"),
        (EntryType::Link, "a link"),
        (EntryType::Char, "a device or a pipe"),
        (EntryType::Block, "a device or a pipe"),
        (EntryType::Fifo, "a device or a pipe"),
        (EntryType::Directory, "a folder"),
        (EntryType::GNUSparse, "an entry of kind 'S'"),
        (EntryType::Continuous, "an entry of kind '7'"),
        (EntryType::new(b'?'), "an entry of kind '?'"),
    ];
    for (kind, words) in kinds {
        let entries = with_first(|first| first.of_kind(kind).linking_to("/etc/passwd"));
        assert_eq!(
            refusal(&entries),
            format!(
                "c.tar.gz: in it, \"cifar-10-batches-bin/data_batch_1.bin\": it must be a \
                 file; it is {words}"
            )
        );
    }
    let mut entries = entries();
    entries[0].kind = EntryType::Symlink;
    assert!(refusal(&entries).ends_with("it must be a folder; it is a link"));
    entries[0].kind = EntryType::Directory;
    entries[2].kind = EntryType::Symlink;
    assert!(refusal(&entries).ends_with("it must be a file; it is a link"));

    // Long names and extended headers speak of the next entry; nothing may.
    for kind in [b'L', b'K', b'x', b'g'] {
        let data = b"30 path=cifar-10-batches-bin/\n".to_vec();
        let more = Entry::file("././@LongLink", data).of_kind(EntryType::new(kind));
        let error = refusal(&with_one_more(more));
        assert!(error.contains("nothing must be in the archive"), "{error}");
    }
}

#[test]
fn sizes_are_limited() {
    let first = "c.tar.gz: in it, \"cifar-10-batches-bin/data_batch_1.bin\": ";
    for size in [30_730_001, 1 << 40, u64::MAX >> 1] {
        let error = refusal(&with_first(|first| first.claiming(size)));
        let problem = format!("it must have at most 30730000 bytes; it has {size}");
        assert_eq!(error, format!("{first}{problem}"));
    }
    let error = refusal(&with_first(|first| first.claiming(u64::MAX)));
    assert!(error.ends_with("size overflow"), "{error}");

    let mut entries = entries();
    entries[2].claims = Some((1 << 20) + 1);
    let error = refusal(&entries);
    assert!(error.ends_with("it must have at most 1048576 bytes; it has 1048577"));
    entries[2].claims = None;
    entries[0].claims = Some(1);
    assert!(refusal(&entries).ends_with("a folder must have 0 bytes; it has 1"));
}

#[test]
fn a_compression_bomb_ends_before_it_grows() {
    // A gigabyte of zeros in place of a batch, after the last file, and as a name.
    let bomb = || {
        let zeros = io::repeat(0).take(1 << 30);
        flate2::read::GzEncoder::new(zeros, flate2::Compression::fast())
    };
    let mut zeros = Vec::new();
    bomb().read_to_end(&mut zeros).unwrap();
    let start = Instant::now();
    // Zeros alone are an empty tar file that goes on.
    assert_eq!(
        sets(&zeros).unwrap_err().to_string(),
        "c.tar.gz: it goes on after the last file in it"
    );
    let long = Entry::file("././@LongLink", vec![b'a'; 1 << 24])
        .of_kind(EntryType::GNULongName);
    let error = refusal(&with_one_more(long));
    assert!(error.contains("nothing must be in the archive"), "{error}");
    let large = Entry::file(&inside(TRAINING_FILES[0]), vec![0; 10_001 * RECORD_BYTES]);
    let error = refusal(&[large]);
    assert!(error.contains("at most 30730000 bytes"), "{error}");
    println!("{:?}", start.elapsed());
}

#[test]
fn a_batch_must_be_whole_records_with_labels() {
    let refused = |change: &dyn Fn(&mut Vec<u8>)| {
        refusal(&with_first(|mut first| {
            change(&mut first.data);
            first
        }))
    };
    let name = "c.tar.gz/cifar-10-batches-bin/data_batch_1.bin";
    let name = name.replace('/', std::path::MAIN_SEPARATOR_STR);
    assert_eq!(
        refused(&|data| data.truncate(3000)),
        format!(
            "{name}: record 0, byte 3000: the file ends here, 3000 bytes into a record of \
             3073"
        )
    );
    assert_eq!(
        refused(&|data| data.clear()),
        format!(
            "{name}: record 0, byte 0: the file is empty; it must hold at least one record \
             of 3073 bytes"
        )
    );
    assert_eq!(
        refused(&|data| data[0] = 10),
        format!("{name}: record 0, byte 0: a label must be 0 to 9; it is 10")
    );
}

#[test]
fn an_archive_that_ends_early_or_goes_on_is_refused() {
    let whole = archive_of(&entries());
    for length in [
        0,
        1,
        9,
        10,
        11,
        whole.len() / 2,
        whole.len() - 9,
        whole.len() - 1,
    ] {
        let error = sets(&whole[..length]).unwrap_err().to_string();
        assert!(error.contains("c.tar.gz"), "{length}: {error}");
    }
    let tar = tar_of(&entries());
    for length in [100, 512, 600, 3000, 512 + 512 + RECORD_BYTES, 9000] {
        let error = sets(&gzip(&tar[..length])).unwrap_err().to_string();
        assert!(error.contains("c.tar.gz"), "{length}: {error}");
    }
    // At the end of a record, so that nothing but the length tells.
    let (folder, mut first) = (entries().remove(0), entries().remove(5));
    first.claims = Some(3 * RECORD_BYTES as u64);
    let cut = &tar_of(&[folder, first])[..512 + 512 + 2 * RECORD_BYTES];
    assert_eq!(
        sets(&gzip(cut)).unwrap_err().to_string(),
        "c.tar.gz: in it, \"cifar-10-batches-bin/test_batch.bin\": it must have 9219 \
         bytes; the archive ends after 6146"
    );

    for more in [&b"more"[..], &whole] {
        let error = sets(&[&whole, more].concat()).unwrap_err().to_string();
        assert_eq!(error, "c.tar.gz: it goes on after its end");
    }
    let error = sets(&gzip(&[&tar[..], b"more"].concat())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "c.tar.gz: it goes on after the last file in it"
    );
    for other in [
        &b"no archive"[..],
        &tar,
        &gzip(b"no tar"),
        &gzip(&[7; 2000]),
    ] {
        let error = sets(other).unwrap_err().to_string();
        assert!(
            error.starts_with("c.tar.gz: it is not a whole .tar.gz: "),
            "{error}"
        );
    }
}

#[test]
fn an_archive_without_padding_is_whole() {
    let mut tar = tar_of(&entries());
    let end = tar.iter().rposition(|&byte| byte > 0).unwrap() + 1;
    tar.truncate(end.next_multiple_of(512));
    assert_eq!(
        sets(&gzip(&tar)).unwrap(),
        sets(&archive_of(&entries())).unwrap()
    );
}

#[test]
fn damaged_archives_give_the_same_images_or_an_error() {
    let mut generator = fuzz::generator();
    let tar = tar_of(&entries());
    let whole = gzip(&tar);
    let right = sets(&whole).unwrap();
    let damage = |bytes: &mut Vec<u8>, generator: &mut ChaCha8Rng| {
        for _ in 0..generator.random_range(1..4) {
            if bytes.is_empty() {
                return;
            }
            let at = generator.random_range(0..bytes.len());
            match generator.random_range(0..6) {
                0 => bytes.truncate(at),
                1 => bytes[at] = 0,
                2 => drop(bytes.remove(at)),
                3 => bytes.insert(at, generator.random()),
                _ => bytes[at] = generator.random(),
            }
        }
    };
    let mut accepted = [0; 2];
    for _ in 0..2000 {
        // In what was compressed: the checksum tells whether it is the same.
        let mut bytes = whole.clone();
        damage(&mut bytes, &mut generator);
        if let Ok(sets) = sets(&bytes) {
            assert_eq!(sets, right);
            accepted[0] += 1;
        }
        // Before it was compressed, half of it in the headers.
        let mut bytes = tar.clone();
        if generator.random() {
            damage(&mut bytes, &mut generator);
        } else {
            let headers = (0..tar.len() / 512).map(|i| 512 * i);
            let named = headers.filter(|&at| tar[at..].starts_with(FOLDER.as_bytes()));
            let named: Vec<_> = named.collect();
            let at = named[generator.random_range(0..named.len())];
            let header = &mut bytes[at..at + 512];
            header[generator.random_range(0..512)] = generator.random();
            // So that the damage is found by what it says, not by the checksum.
            let mut sound = Header::new_gnu();
            sound.as_mut_bytes().copy_from_slice(header);
            sound.set_cksum();
            header.copy_from_slice(sound.as_bytes());
        }
        if let Ok(sets) = sets(&gzip(&bytes)) {
            // Pixels and labels alone can have changed.
            assert_eq!(sets.train.len(), right.train.len());
            assert_eq!(sets.test.len(), right.test.len());
            accepted[1] += 1;
        }
    }
    println!("accepted all the same: {accepted:?} of 2000 each");
}
