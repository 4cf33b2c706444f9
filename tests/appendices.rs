//! The appendices: what `numpy`, `images`, `cifar10`, `shapes` and `synthetic` promise.

mod numpy {
    use fully_connected::numpy::RandomState;

    // NumPy 2.4.6 on x86-64 Linux printed every number of this module.

    #[test]
    fn words_are_those_of_numpy() {
        // np.random.RandomState(seed).randint(0, 2**32, size=2, dtype=np.uint32)
        for (seed, words) in [
            (0, [2357136044, 2546248239]),
            (1, [1791095845, 4282876139]),
            (42, [1608637542, 3421126067]),
            (231, [3356491351, 2600961200]),
            (u32::MAX, [419326371, 479346978]),
        ] {
            let mut random = RandomState::new(seed);
            assert_eq!([random.next_u32(), random.next_u32()], words, "seed {seed}");
        }
    }

    #[test]
    fn uniforms_are_those_of_numpy_to_the_bit() {
        // np.random.RandomState(231).random_sample(4)
        let mut random = RandomState::new(231);
        let samples = [(); 4].map(|()| random.random_sample());
        assert_eq!(
            samples,
            [
                0.78149404082882,
                0.5842091160855433,
                0.426710070189125,
                0.3153446949154163
            ]
        );
    }

    #[test]
    fn integers_are_those_of_numpy() {
        assert_eq!(
            RandomState::new(231).randints(10, 10),
            [7, 0, 4, 9, 6, 2, 7, 4, 1, 2]
        );
        assert_eq!(
            RandomState::new(231).choice(50, 25),
            [
                23, 48, 20, 9, 11, 6, 2, 30, 20, 42, 49, 18, 34, 34, 33, 35, 17, 44,
                27, 1, 33, 25, 28, 34, 47
            ]
        );
        assert_eq!(
            RandomState::new(42).randints(1000, 8),
            [102, 435, 860, 270, 106, 71, 700, 20]
        );
    }

    #[test]
    fn one_possible_integer_draws_nothing() {
        // r = RandomState(7); r.randint(1, size=3), r.randint(1000)
        let mut random = RandomState::new(7);
        assert_eq!(random.randints(1, 3), [0, 0, 0]);
        assert_eq!(random.randint(1000), 175);
    }

    #[test]
    fn the_greatest_range_of_integers_is_that_of_the_words() {
        // np.random.RandomState(7).randint(2**32, size=2)
        if let Ok(high) = usize::try_from(1_u64 << 32) {
            assert_eq!(
                RandomState::new(7).randints(high, 2),
                [327741615, 976413892]
            );
        }
    }

    #[test]
    fn normals_are_those_of_numpy_to_a_few_last_places() {
        // np.random.RandomState(231).randn(1000003), indices 0 to 4, 999999, 1000002
        let normals = RandomState::new(231).randn_array(1_000_003);
        for (i, expected) in [
            (0, 0.41794341085522313),
            (1, 1.3971002787857785),
            (2, -1.7859043087115503),
            (3, -0.7088277337845966),
            (4, -0.0747253160682306),
            (999_999, 0.2549119305484033),
            (1_000_002, -0.6386071566544032),
        ] {
            let error = (normals[i] - expected) / expected;
            assert!(error.abs() < 1e-15, "index {i}: {} {expected}", normals[i]);
        }
    }

    #[test]
    fn the_second_normal_of_a_pair_survives_integers_and_uniforms() {
        let mut random = RandomState::new(231);
        let first = random.randn();
        random.choice(50, 25);
        random.random_sample();
        let second = random.randn();
        let pair = RandomState::new(231).randn_array(2);
        assert_eq!([first, second], [pair[0], pair[1]]);
    }

    #[test]
    fn arrays_are_filled_row_by_row() {
        let rows = RandomState::new(3).normal_array(5.0, 2.0, (2, 3));
        let mut random = RandomState::new(3);
        for number in rows {
            assert_eq!(number, random.normal(5.0, 2.0));
        }
    }

    #[test]
    #[should_panic = "RandomState::randint: high must be 1 to 2³²; it is 0"]
    fn refuses_an_integer_below_zero() {
        RandomState::new(0).randint(0);
    }

    #[test]
    #[should_panic = "RandomState::choice: n must be at least 1 to choose 25 from; it is 0"]
    fn refuses_a_choice_among_nothing() {
        RandomState::new(0).choice(0, 25);
    }

    #[test]
    fn chooses_nothing_among_nothing() {
        assert_eq!(RandomState::new(0).choice(0, 0), [0_usize; 0]);
    }

    #[test]
    #[should_panic = "RandomState::normal: scale must be 0 or greater; it is NaN"]
    fn refuses_a_scale_that_is_no_number() {
        RandomState::new(0).normal(0.0, f64::NAN);
    }

    #[test]
    #[should_panic = "RandomState::normal: scale must be 0 or greater; it is -1"]
    fn refuses_a_negative_scale() {
        RandomState::new(0).normal_array(0.0, -1.0, 3);
    }
}

mod images {
    use fully_connected::images::{Images, MeanImage, Split};
    use fully_connected::{Error, shapes};
    use ndarray::{Array2, Array3, Array4, s};

    fn two() -> Images {
        let pixels = Array4::from_shape_fn((2, 3, 2, 2), |(n, c, i, j)| {
            (n * 100 + c * 10 + i * 2 + j) as u8
        });
        let labels = vec![0, 1];
        Images { pixels, labels }
    }

    #[test]
    fn centering_on_the_sets_own_mean_leaves_a_mean_of_zero() {
        let images = two();
        let x = images.centered::<f64>(&images.mean());
        assert_eq!(
            x.sum_axis(ndarray::Axis(0)),
            Array3::<f64>::zeros((3, 2, 2))
        );
        assert_eq!(x[[1, 2, 1, 1]], 50.0); // 123 − (23 + 123)/2; nothing divides by 255
        let x = images.centered::<f32>(&images.mean());
        assert_eq!(x[[0, 0, 0, 0]], -50.0);
    }

    #[test]
    #[should_panic = "mean must have the shape of one image, [3, 2, 2]; it is [1, 2, 2]"]
    fn refuses_to_spread_a_mean_of_another_shape() {
        two().centered::<f64>(&Array3::zeros((1, 2, 2)));
    }

    #[test]
    #[should_panic = "the image must have the shape [3, 2, 2]; it is [1, 2, 2]"]
    fn refuses_an_image_of_another_size() {
        MeanImage::new(3, 2, 2).add(&Array3::zeros((1, 2, 2)));
    }

    #[test]
    fn a_batch_is_gathered_from_the_images_that_are_named() {
        let images = two();
        let mean = Array3::from_elem((3, 2, 2), 0.5);
        let (mut x, mut y) = (Array2::<f64>::zeros((0, 0)), vec![9; 9]);
        for numbers in [&[1, 0, 1][..], &[0], &[], &[1, 1]] {
            images.gather(numbers, &mean, &mut x, &mut y);
            assert_eq!(x.dim(), (numbers.len(), 12));
            assert_eq!(y, numbers); // the labels are the numbers
            for (row, &number) in x.rows().into_iter().zip(numbers) {
                let centered = images.centered::<f64>(&mean);
                let image = centered.slice(s![number, .., .., ..]).flatten().to_owned();
                assert_eq!(row, image);
            }
        }
        // An array of the right size is used again.
        let before = x.as_ptr();
        images.gather(&[0, 1], &mean, &mut x, &mut y);
        assert_eq!(x.as_ptr(), before);
        // Pixels in another order in memory, and a batch that lies in columns.
        let turned = images.pixels.t().as_standard_layout().into_owned();
        let turned = Images {
            pixels: turned.reversed_axes(),
            ..images.clone()
        };
        assert!(!turned.pixels.is_standard_layout());
        let mut columns = Array2::<f64>::zeros((12, 2)).reversed_axes();
        turned.gather(&[0, 1], &mean, &mut columns, &mut y);
        assert_eq!(columns, x);
        let mut x = Array2::<f32>::zeros((0, 0));
        let third = Array3::from_elem((3, 2, 2), 1.0 / 3.0);
        images.gather(&[1], &third, &mut x, &mut y);
        assert_eq!(x[[0, 0]], 100.0 - 1.0 / 3.0_f32);
    }

    #[test]
    #[should_panic = "Images::gather: there is no image 2; there are 2"]
    fn refuses_to_gather_an_image_that_is_not_there() {
        let mut x = Array2::<f64>::zeros((0, 0));
        let mean = Array3::zeros((3, 2, 2));
        two().gather(&[0, 2], &mean, &mut x, &mut Vec::new());
    }

    #[test]
    #[should_panic = "mean must have the shape of one image, [3, 2, 2]; it is [3, 2, 1]"]
    fn refuses_to_gather_less_a_mean_of_another_shape() {
        let mut x = Array2::<f64>::zeros((0, 0));
        let mean = Array3::zeros((3, 2, 1));
        two().gather(&[0], &mean, &mut x, &mut Vec::new());
    }

    #[test]
    fn sets_are_joined_and_split_as_they_were() {
        let all = shapes::images(30, 1);
        for n in [0, 1, 15, 30] {
            let mut first = all.clone();
            let rest = first.split_off(n);
            assert_eq!((first.len(), rest.len()), (n, 30 - n));
            assert_eq!(rest.is_empty(), n == 30);
            assert_eq!(first.pixels, all.pixels.slice(s![..n, .., .., ..]));
            assert_eq!(rest.pixels, all.pixels.slice(s![n.., .., .., ..]));
            assert_eq!(first.labels, all.labels[..n]);
            assert_eq!(Images::join(vec![first, rest]), all);
        }
        // A part of an array, and one that lies in another order.
        for pixels in [
            all.pixels.clone().slice_move(s![2..30, .., .., ..]),
            all.pixels.clone().slice_move(s![..28, .., .., ..]),
            all.pixels.clone().slice_move(s![2..;-1, .., .., ..]),
        ] {
            let labels = all.labels[..28].to_vec();
            let mut first = Images {
                pixels: pixels.clone(),
                labels,
            };
            let rest = first.split_off(20);
            assert_eq!(first.pixels, pixels.slice(s![..20, .., .., ..]));
            assert_eq!(rest.pixels, pixels.slice(s![20.., .., .., ..]));
        }
        assert_eq!(Images::join(vec![]).pixels.dim(), (0, 3, 32, 32));
    }

    #[test]
    #[should_panic = "all images must be (3, 32, 32); some are (3, 2, 2)"]
    fn refuses_to_join_images_of_two_sizes() {
        Images::join(vec![shapes::images(1, 0), two()]);
    }

    #[test]
    fn the_last_images_are_kept_for_validation_and_out_of_the_mean() {
        let all = shapes::images(30, 1);
        let split = Split::new(all.clone(), 6, shapes::images(4, 2)).unwrap();
        assert_eq!(split.train.labels, all.labels[..24]);
        assert_eq!(split.validation.labels, all.labels[24..]);
        assert_eq!(split.test, shapes::images(4, 2));
        assert_eq!(split.mean, shapes::images(24, 1).mean());
        assert_ne!(split.mean, all.mean());
        for (images, validation) in [(30, 0), (30, 30), (30, 31), (0, 1)] {
            let refused = Split::new(shapes::images(images, 1), validation, two());
            let error = refused.unwrap_err();
            assert!(matches!(error, Error::Split { .. }), "{error}");
            assert_eq!(
                error.to_string(),
                format!(
                    "of {images} images, {validation} cannot be kept for validation; at \
                     least one must be kept and at least one left to train on"
                )
            );
        }
        let usual = [0, 4, 5, 100, 4999, 5000, 50_000].map(Split::usual);
        assert_eq!(usual, [0, 0, 1, 20, 999, 1000, 1000]);
    }

    #[test]
    #[should_panic = "MeanImage::get: no image has been added"]
    fn refuses_a_mean_of_nothing() {
        MeanImage::new(3, 2, 2).get();
    }
}

mod cifar10 {
    use fully_connected::cifar10::{self, RECORD_BYTES, Records};
    use fully_connected::{Error, images::Images};
    use std::io::{self, Read};
    use std::path::{Path, PathBuf};

    /// A record with this label, every pixel of it this bright.
    fn record(label: u8, pixel: u8) -> Vec<u8> {
        let mut record = vec![pixel; RECORD_BYTES];
        record[0] = label;
        record
    }

    /// Writes a file for one test; each test has names of its own.
    fn file(name: &str, bytes: &[u8]) -> PathBuf {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The whole sentence of the error, without the directory of the file.
    fn refusal(path: &Path) -> String {
        let error = cifar10::read_first(&[path], 50).unwrap_err().to_string();
        let directory = path.parent().unwrap().join("");
        error.replace(directory.to_str().unwrap(), "")
    }

    #[test]
    fn pixels_come_as_channel_row_column() {
        let mut bytes = record(9, 0);
        bytes[1] = 1; // red, top left
        bytes[1 + 1] = 2; // red, beside it
        bytes[1 + 32] = 3; // red, below it
        bytes[1 + 2 * 1024 + 1023] = 4; // blue, bottom right
        let record = Records::new(&bytes[..], "one").next().unwrap().unwrap();
        assert_eq!(record.label, 9);
        assert_eq!(record.pixels[[0, 0, 0]], 1);
        assert_eq!(record.pixels[[0, 0, 1]], 2);
        assert_eq!(record.pixels[[0, 1, 0]], 3);
        assert_eq!(record.pixels[[2, 31, 31]], 4);
        assert_eq!(record.pixels.map(|&pixel| u32::from(pixel)).sum(), 10);
    }

    #[test]
    fn keeps_the_first_images_and_takes_the_mean_over_all_files() {
        let one = file("mean-one.bin", &[record(1, 10), record(2, 20)].concat());
        let two = file("mean-two.bin", &record(3, 90));
        let first = cifar10::read_first(&[&one, &two], 2).unwrap();
        assert_eq!(first.read, 3);
        assert_eq!(first.images.labels, [1, 2]);
        assert_eq!(first.images.pixels.dim(), (2, 3, 32, 32));
        assert!(first.mean.iter().all(|&mean| mean == 40.0)); // (10 + 20 + 90)/3
        let x = first.images.centered::<f64>(&first.mean);
        assert_eq!((x[[0, 2, 31, 31]], x[[1, 0, 0, 0]]), (-30.0, -20.0));
    }

    #[test]
    fn keeps_all_images_if_there_are_fewer() {
        let one = file("fewer.bin", &record(1, 10));
        let first = cifar10::read_first(&[one], usize::MAX).unwrap();
        let Images { pixels, labels } = first.images;
        assert_eq!((pixels.len(), labels), (3072, vec![1]));
    }

    #[test]
    fn refuses_a_missing_file() {
        let missing = Path::new(env!("CARGO_TARGET_TMPDIR")).join("missing.bin");
        let refusal = refusal(&missing);
        assert!(
            refusal.starts_with("cannot read missing.bin: "),
            "{refusal}"
        );
    }

    #[test]
    fn refuses_a_directory() {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("directory");
        std::fs::create_dir_all(&directory).unwrap();
        assert_eq!(
            refusal(&directory),
            "cannot read directory: it is a directory; name the files in it"
        );
    }

    #[test]
    fn refuses_an_empty_file() {
        assert_eq!(
            refusal(&file("empty.bin", &[])),
            "empty.bin: record 0, byte 0: the file is empty; it must hold at least one \
             record of 3073 bytes"
        );
    }

    #[test]
    fn refuses_a_truncated_file_before_its_first_record() {
        let path = file("truncated.bin", &[record(0, 0), vec![0; 100]].concat());
        let refusal = "truncated.bin: record 1, byte 3173: the file ends here, 100 bytes \
                       into a record of 3073";
        assert_eq!(self::refusal(&path), refusal);
        assert!(cifar10::open(&path).is_err());
    }

    #[test]
    fn refuses_a_truncated_second_file_before_reading_the_first() {
        let bad_label = file("bad-label-first.bin", &record(17, 0));
        let truncated = file("truncated-second.bin", &[0; 5]);
        let error = cifar10::read_first(&[&bad_label, &truncated], 50).unwrap_err();
        assert!(
            error.to_string().contains("truncated-second.bin"),
            "{error}"
        );
    }

    #[test]
    fn refuses_a_label_above_nine() {
        let path = file("label.bin", &[record(9, 0), record(10, 0)].concat());
        assert_eq!(
            refusal(&path),
            "label.bin: record 1, byte 3073: a label must be 0 to 9; it is 10"
        );
    }

    /// A new folder with these files in it, one record each, whose labels count from 0.
    fn folder<'a>(name: &str, files: impl IntoIterator<Item = &'a str>) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        for (label, name) in (0..).zip(files) {
            std::fs::write(folder.join(name), record(label, label)).unwrap();
        }
        folder
    }

    fn all_files() -> impl Iterator<Item = &'static str> {
        cifar10::TRAINING_FILES
            .into_iter()
            .chain([cifar10::TEST_FILE])
    }

    #[test]
    fn reads_the_six_files_of_a_folder_or_of_the_folder_in_it() {
        let inner = folder("outer", []).join(cifar10::FOLDER);
        let whole = folder("whole", all_files());
        std::fs::write(whole.join("batches.meta.txt"), "airplane").unwrap();
        std::fs::rename(&whole, &inner).unwrap();
        for path in [inner.parent().unwrap(), &inner] {
            let sets = cifar10::read_sets(&[path]).unwrap();
            assert_eq!(sets.train.labels, [0, 1, 2, 3, 4]);
            assert_eq!(sets.test.labels, [5]);
            assert_eq!(sets.train.pixels[[4, 2, 31, 31]], 4);
            assert_eq!(sets.train.pixels.dim(), (5, 3, 32, 32));
        }
    }

    #[test]
    fn reads_the_files_that_are_named_and_knows_the_test_by_its_name() {
        let folder = folder("named", all_files());
        let of = |names: &[&str]| {
            let paths: Vec<_> = names.iter().map(|name| folder.join(name)).collect();
            let sets = cifar10::read_sets(&paths).unwrap();
            (sets.train.labels, sets.test.labels)
        };
        assert_eq!(of(&["data_batch_2.bin"]), (vec![1], vec![]));
        assert_eq!(
            of(&["data_batch_4.bin", "test_batch.bin", "data_batch_1.bin"]),
            (vec![3, 0], vec![5])
        );
        assert_eq!(of(&["test_batch.bin"]), (vec![], vec![5]));
        let one = folder.join("data_batch_1.bin");
        let again = folder.join(".").join("data_batch_1.bin");
        for twice in [&again, &folder] {
            let error = cifar10::read_sets(&[&one, twice]).unwrap_err().to_string();
            assert!(error.contains("it is named twice"), "{error}");
        }
        assert!(matches!(
            cifar10::read_sets::<&Path>(&[]),
            Err(Error::NoFile)
        ));
    }

    #[test]
    fn refuses_a_folder_without_all_six_files() {
        let refusal = |folder: &Path| {
            let error = cifar10::read_sets(&[folder]).unwrap_err().to_string();
            let directory = folder.parent().unwrap().join("");
            error
                .replace(directory.to_str().unwrap(), "")
                .replace('\\', "/")
        };
        for missing in all_files() {
            let folder = folder("five", all_files().filter(|name| *name != missing));
            assert_eq!(
                refusal(&folder),
                format!(
                    "cannot read five/{missing}: it is missing; the folder must hold all \
                     six files. To read fewer, name them one by one"
                )
            );
        }
        assert_eq!(
            refusal(&folder("nothing", ["data_batch_1"])),
            "cannot read nothing: there are no binary batches of CIFAR-10 in this folder: \
             data_batch_1.bin to data_batch_5.bin and test_batch.bin"
        );
    }

    #[test]
    fn refuses_a_wrong_file_of_a_folder_before_reading_the_first() {
        let folder = folder("damaged", all_files());
        std::fs::write(folder.join("data_batch_1.bin"), record(17, 0)).unwrap();
        std::fs::write(folder.join("test_batch.bin"), [0; 5]).unwrap();
        let error = cifar10::read_sets(&[folder]).unwrap_err().to_string();
        assert!(
            error.contains("test_batch.bin: record 0, byte 5"),
            "{error}"
        );
    }

    #[test]
    fn refuses_no_file() {
        let error = cifar10::read_first::<PathBuf>(&[], 50).unwrap_err();
        assert!(matches!(error, Error::NoFile));
        assert_eq!(error.to_string(), "there is no file to read images from");
    }

    #[test]
    fn a_disk_that_fails_is_named_with_the_byte_and_the_record() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is on fire"))
            }
        }
        let good = record(0, 0);
        let reader = good.as_slice().chain(&[0; 27][..]).chain(Broken);
        let mut records = Records::new(reader, "disk.bin");
        assert!(records.next().unwrap().is_ok());
        assert_eq!(
            records.next().unwrap().unwrap_err().to_string(),
            "cannot read disk.bin beyond byte 3100 (record 1): the disk is on fire"
        );
        assert!(records.next().is_none());
    }
}

mod shapes {
    use fully_connected::images::Images;
    use fully_connected::overfit::{Training, train};
    use fully_connected::shapes::{self, SHAPES};
    use fully_connected::{FullyConnectedNet, Options};
    use ndarray::Axis;

    #[test]
    fn the_same_seed_gives_the_same_images_and_a_larger_number_more() {
        let (few, many) = (shapes::images(13, 0), shapes::images(40, 0));
        assert_eq!(few, shapes::images(13, 0));
        assert_eq!(few.labels, many.labels[..13]);
        let first = many.pixels.slice(ndarray::s![..13, .., .., ..]);
        assert_eq!(few.pixels, first);
        assert_ne!(few.pixels, shapes::images(13, 1).pixels);
        assert!(shapes::images(0, 0).labels.is_empty());
    }

    #[test]
    fn every_ten_images_in_a_row_show_each_shape_once() {
        for ten in shapes::images(200, 3).labels.chunks(10) {
            let mut ten = ten.to_vec();
            ten.sort_unstable();
            assert!(ten.into_iter().eq(0..SHAPES.len()));
        }
    }

    #[test]
    fn pixels_use_the_range_and_are_seldom_cut_off() {
        let pixels = shapes::images(100, 0).pixels.mapv(f64::from);
        assert!((100.0..160.0).contains(&pixels.mean().unwrap()));
        assert!((40.0..70.0).contains(&pixels.std(0.0)));
        let cut = pixels.iter().filter(|&&p| p == 0.0 || p == 255.0).count();
        assert!((cut as f64) < 0.05 * pixels.len() as f64, "{cut}");
    }

    /// The share of the held-out images of which `name` says the label.
    fn share(held_out: &Images, name: impl Fn(usize) -> usize) -> f64 {
        let right = |&(i, &label): &(usize, &usize)| name(i) == label;
        let labels = held_out.labels.iter().enumerate();
        labels.filter(right).count() as f64 / held_out.labels.len() as f64
    }

    #[test]
    fn they_are_as_hard_as_the_appendix_says() {
        let (images, held_out) =
            (shapes::images(2000, 0), shapes::images(1000, 1_000_000));
        let mean = images.mean();
        let x = images.centered::<f32>(&mean);
        let test = held_out.centered::<f32>(&mean);

        let class_means = [(); SHAPES.len()];
        let class_means = class_means.iter().enumerate().map(|(class, ())| {
            let of_class = |i: &usize| images.labels[*i] == class;
            let rows: Vec<_> = (0..images.labels.len()).filter(of_class).collect();
            x.select(Axis(0), &rows).mean_axis(Axis(0)).unwrap()
        });
        let class_means: Vec<_> = class_means.collect();
        let nearest = share(&held_out, |i| {
            let distance = |class: &usize| {
                let difference = &test.index_axis(Axis(0), i) - &class_means[*class];
                difference.mapv(|d| d * d).sum()
            };
            let nearer = |a: &usize, b: &usize| distance(a).total_cmp(&distance(b));
            (0..SHAPES.len()).min_by(nearer).unwrap()
        });
        assert_eq!(format!("{nearest:.2}"), "0.17");

        let trained = |hidden: &[usize], weight_scale, learning_rate, epochs| {
            let options = Options {
                weight_scale,
                ..Options::new((3, 32, 32), hidden, 10)
            };
            let mut net = FullyConnectedNet::<f32>::new(options).unwrap();
            let training = Training {
                epochs,
                batch: 100,
                learning_rate,
                seed: 0,
            };
            train(&mut net, &x, &images.labels, &training, |_| ()).unwrap();
            net.accuracy(&test, &held_out.labels).unwrap()
        };
        let linear = trained(&[], 1e-3, 1e-5, 20);
        assert!((linear - 0.35).abs() < 0.03, "{linear}");
        let two_layers = trained(&[100], 1e-2, 1e-3, 30);
        assert!((two_layers - 0.75).abs() < 0.03, "{two_layers}");
    }
}

mod synthetic {
    use fully_connected::synthetic::{self, LABEL_COUNTS};
    use ndarray::{Array4, Axis, s};

    /// The correlation of two arrays of pixels.
    fn correlation(a: ndarray::ArrayView4<f64>, b: ndarray::ArrayView4<f64>) -> f64 {
        let (da, db) = (&a - a.mean().unwrap(), &b - b.mean().unwrap());
        (&da * &db).mean().unwrap() / (a.std(0.0) * b.std(0.0))
    }

    fn pixels(n: usize) -> Array4<f64> {
        synthetic::images(n, 1).pixels.mapv(f64::from)
    }

    #[test]
    fn labels_have_the_counts_of_cifar10() {
        for seed in 0..5 {
            let mut counts = [0; 10];
            for label in synthetic::images(50, seed).labels {
                counts[label] += 1;
            }
            assert_eq!(counts, LABEL_COUNTS);
        }
        assert_eq!(LABEL_COUNTS.iter().sum::<usize>(), 50);
        assert_eq!(LABEL_COUNTS.iter().max(), Some(&8));
    }

    #[test]
    fn statistics_are_near_those_of_cifar10() {
        let x = pixels(400);
        assert!((117.0..124.0).contains(&x.mean().unwrap()));
        assert!((62.0..66.0).contains(&x.std(0.0)));
        let across =
            correlation(x.slice(s![.., .., .., 1..]), x.slice(s![.., .., .., ..-1]));
        let down =
            correlation(x.slice(s![.., .., 1.., ..]), x.slice(s![.., .., ..-1, ..]));
        let channels =
            correlation(x.slice(s![.., 1.., .., ..]), x.slice(s![.., ..-1, .., ..]));
        for neighbours in [across, down, channels] {
            assert!((0.90..0.94).contains(&neighbours), "{neighbours}");
        }
        let means = x.map_axis(Axis(3), |row| row.mean().unwrap());
        let means = means
            .mean_axis(Axis(2))
            .unwrap()
            .mean_axis(Axis(1))
            .unwrap();
        assert!((27.0..33.0).contains(&means.std(0.0)), "{}", means.std(0.0));
    }

    #[test]
    fn a_seed_gives_the_same_images_and_another_seed_others() {
        assert_eq!(synthetic::images(3, 7), synthetic::images(3, 7));
        assert_ne!(
            synthetic::images(3, 7).pixels,
            synthetic::images(3, 8).pixels
        );
    }

    #[test]
    fn a_larger_set_begins_with_the_smaller() {
        let (few, many) = (synthetic::images(2, 0), synthetic::images(60, 0));
        assert_eq!(few.pixels, many.pixels.slice(s![..2, .., .., ..]));
        assert_eq!(few.labels, many.labels[..2]);
        assert_eq!(many.labels[..10], many.labels[50..]);
    }

    #[test]
    fn pixels_are_pinned() {
        // images(1, 0), first written by this crate: a change here changes every figure of
        // the overfit chapter.
        let images = synthetic::images(1, 0);
        assert_eq!(images.labels, [0]);
        assert_eq!(
            images.pixels.slice(s![0, 0, 0, ..6]).to_vec(),
            [146, 70, 94, 101, 67, 93]
        );
    }
}

mod limits {
    use fully_connected::overfit::{Training, train};
    use fully_connected::{FullyConnectedNet, Options, cifar10};

    #[test]
    fn an_option_that_is_too_large_is_named_and_no_other() {
        let huge = 1 << 62;
        let cases = [
            ("classes", Options::new(15, &[20], huge)),
            ("classes", Options::new(15, &[], huge)),
            ("hidden", Options::new(15, &[20, huge], 10)),
            ("hidden", Options::new(15, &[huge], 10)),
            ("input", Options::new(huge / 4, &[20], 10)),
        ];
        for (name, options) in cases {
            let error = FullyConnectedNet::<f64>::new(options).unwrap_err();
            let begin = format!("option `{name}` must be");
            assert!(error.to_string().starts_with(&begin), "{error}");
        }
        let mut net = FullyConnectedNet::<f64>::new(Options::new(2, &[], 2)).unwrap();
        let training = Training {
            epochs: 1,
            batch: usize::MAX,
            learning_rate: 0.1,
            seed: 0,
        };
        let x = ndarray::Array2::zeros((1, 2));
        let error = train(&mut net, &x, &[0], &training, |_| {}).unwrap_err();
        let says = format!(
            "option `batch` must be at most 1000000; it is {}",
            usize::MAX
        );
        assert_eq!(error.to_string(), says);
    }

    #[cfg(unix)]
    #[test]
    fn what_has_no_end_is_refused_before_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo.bin");
        let made = std::process::Command::new("mkfifo").arg(&fifo).status();
        assert!(made.unwrap().success());
        for path in [std::path::Path::new("/dev/zero"), &fifo] {
            let error = cifar10::read_first(&[path], 1).unwrap_err().to_string();
            let says = "it must be an ordinary file; it is a pipe or a device";
            assert_eq!(error, format!("cannot read {}: {says}", path.display()));
        }
        let large = folder.path().join("large.bin");
        let file = std::fs::File::create(&large).unwrap();
        file.set_len(3073 * 2_000_000).unwrap();
        let error = cifar10::open(&large).unwrap_err().to_string();
        assert!(error.contains("large.bin"), "{error}");
        assert!(
            error.contains("at most 1000000 records")
                && error.contains("6146000000 bytes"),
            "{error}"
        );
    }
}
