//! Saved networks: what is written is read again, and whatever is wrong in a file is said.

use fully_connected::saved::{Saved, to_bytes};
use fully_connected::{
    Error, FullyConnectedNet, Normalization, Options, Scalar, shapes,
};
use ndarray::{Array2, Array3};
use proptest::prelude::*;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::process::Command;

mod fuzz;

/// A network in which nothing has its first value.
fn trained<T: Scalar>(options: Options) -> FullyConnectedNet<T> {
    let mut generator = ChaCha8Rng::seed_from_u64(options.seed);
    let mut net = FullyConnectedNet::<T>::new(options).unwrap();
    for name in net.parameters().names() {
        let mut array = net.parameters_mut().get_mut(&name).unwrap();
        array.mapv_inplace(|_| T::of(generator.random_range(-2.0..2.0)));
    }
    for moments in net.running_mut() {
        let mut draw = |_| T::of(generator.random_range(0.0..4.0));
        moments.mean.mapv_inplace(&mut draw);
        moments.var.mapv_inplace(&mut draw);
    }
    net
}

fn mean(input: &[usize]) -> Array3<f64> {
    let shape = (input[0], input[1], input[2]);
    Array3::from_shape_fn(shape, |(c, y, x)| 100.1 + (7 * c + 3 * y + x) as f64)
}

/// 2·2·3 inputs, hidden layers of 4 and 5, 3 classes.
fn options(normalization: Normalization) -> Options {
    Options {
        reg: 0.1 + 0.2,
        weight_scale: 1e-3,
        normalization,
        dropout_keep_ratio: 0.7,
        seed: u64::MAX,
        ..Options::new((2, 2, 3), &[4, 5], 3)
    }
}

fn saved(normalization: Normalization) -> Vec<u8> {
    let options = options(normalization);
    to_bytes(&trained::<f32>(options.clone()), &mean(&options.input))
}

/// A file, taken apart so that one thing in it can be made wrong.
struct Parts {
    tensors: BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)>,
    metadata: HashMap<String, String>,
}

impl Parts {
    fn of(bytes: &[u8]) -> Parts {
        let (_, header) = SafeTensors::read_metadata(bytes).unwrap();
        let file = SafeTensors::deserialize(bytes).unwrap();
        let tensors = file.iter().map(|(name, tensor)| {
            let (shape, data) = (tensor.shape().to_vec(), tensor.data().to_vec());
            (name.to_owned(), (tensor.dtype(), shape, data))
        });
        Parts {
            tensors: tensors.collect(),
            metadata: header.metadata().clone().unwrap(),
        }
    }

    fn put(self) -> Vec<u8> {
        let views = self.tensors.iter().map(|(name, (dtype, shape, data))| {
            (name, TensorView::new(*dtype, shape.clone(), data).unwrap())
        });
        safetensors::serialize(views, Some(self.metadata)).unwrap()
    }

    fn options(&self) -> Value {
        serde_json::from_str(&self.metadata["options"]).unwrap()
    }
}

/// Why a file is refused in which something is wrong.
fn refusal(wrong: impl FnOnce(&mut Parts)) -> String {
    let mut parts = Parts::of(&saved(Normalization::BatchNorm));
    wrong(&mut parts);
    Saved::<f32>::from_bytes(&parts.put()).unwrap_err()
}

/// Why a file is refused whose options say something else, or nothing if that is null.
fn refused_option(name: &str, value: Value) -> String {
    refusal(|parts| {
        let mut options = parts.options();
        match value {
            Value::Null => drop(options.as_object_mut().unwrap().remove(name)),
            value => options[name] = value,
        }
        parts
            .metadata
            .insert("options".to_owned(), options.to_string());
    })
}

#[test]
fn a_file_has_the_courses_names_and_what_is_needed_to_use_them() {
    let names = |normalization| {
        let parts = Parts::of(&saved(normalization));
        parts.tensors.into_keys().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(Normalization::None), "W1 W2 W3 b1 b2 b3 mean_image");
    assert_eq!(
        names(Normalization::LayerNorm),
        "W1 W2 W3 b1 b2 b3 beta1 beta2 gamma1 gamma2 mean_image"
    );
    assert_eq!(
        names(Normalization::BatchNorm),
        "W1 W2 W3 b1 b2 b3 beta1 beta2 gamma1 gamma2 mean_image running_mean1 \
         running_mean2 running_var1 running_var2"
    );
    let parts = Parts::of(&saved(Normalization::BatchNorm));
    assert_eq!(parts.metadata["format_version"], "1");
    assert_eq!(
        parts.options(),
        json!({
            "input": [2, 2, 3],
            "hidden": [4, 5],
            "classes": 3,
            "reg": 0.1 + 0.2,
            "weight_scale": 1e-3,
            "normalization": "batchnorm",
            "dropout_keep_ratio": 0.7,
            "seed": u64::MAX,
            "dtype": "f32",
        })
    );
    let (dtype, shape, data) = &parts.tensors["W2"];
    assert_eq!((*dtype, &shape[..]), (Dtype::F32, &[4, 5][..]));
    let net = trained::<f32>(options(Normalization::BatchNorm));
    let w = net.parameters().get("W2").unwrap();
    assert_eq!(data[4..8], w[[0, 1]].to_le_bytes());
    let (dtype, shape, _) = &parts.tensors["mean_image"];
    assert_eq!((*dtype, &shape[..]), (Dtype::F64, &[2, 2, 3][..]));
}

#[test]
fn weights_that_lie_in_another_order_are_saved_in_theirs() {
    let mut net = trained::<f64>(options(Normalization::None));
    let mean = mean(&[2, 2, 3]);
    let rows = to_bytes(&net, &mean);
    let w = net.parameters().get("W1").unwrap().to_owned();
    let columns = w.clone().reversed_axes().as_standard_layout().into_owned();
    let columns = columns.reversed_axes();
    assert!(!columns.is_standard_layout());
    net.parameters_mut().set("W1", &columns).unwrap();
    assert!(to_bytes(&net, &mean) == rows);
    let flat = mean.clone().into_shape_with_order(12).unwrap();
    assert!(to_bytes(&net, &flat) == rows);
}

#[test]
fn numbers_become_those_of_the_type_that_is_asked_for() {
    let options = options(Normalization::BatchNorm);
    let fine = trained::<f64>(options.clone());
    let coarse = trained::<f32>(options.clone());
    let mean = mean(&options.input);
    let read = Saved::<f32>::from_bytes(&to_bytes(&fine, &mean)).unwrap();
    assert_eq!(read.net, coarse);
    let read = Saved::<f64>::from_bytes(&to_bytes(&coarse, &mean)).unwrap();
    let w =
        |net: &FullyConnectedNet<f64>| net.parameters().get("W1").unwrap().to_owned();
    assert_eq!(
        w(&read.net),
        coarse.parameters().get("W1").unwrap().mapv(f64::from)
    );
    let mut huge = fine;
    huge.parameters_mut().get_mut("b2").unwrap()[3] = 1e300;
    assert_eq!(
        Saved::<f32>::from_bytes(&to_bytes(&huge, &mean)).unwrap_err(),
        "tensor `b2` must have numbers that are finite in f32; number 3 of it is 1e300"
    );
}

#[test]
fn every_option_is_read_by_name() {
    for (name, value, expected) in [
        ("input", json!("3072"), "a list of sizes; it is \"3072\""),
        (
            "input",
            json!([2, -2, 3]),
            "a list of sizes; it is [2,-2,3]",
        ),
        ("hidden", json!([4, 5.5]), "a list of sizes; it is [4,5.5]"),
        ("hidden", json!(4), "a list of sizes; it is 4"),
        ("classes", json!(-3), "a size; it is -3"),
        ("reg", json!("none"), "a number; it is \"none\""),
        ("weight_scale", json!([]), "a number; it is []"),
        (
            "normalization",
            json!("groupnorm"),
            "none, batchnorm or layernorm; it is \"groupnorm\"",
        ),
        ("dropout_keep_ratio", json!(true), "a number; it is true"),
        (
            "seed",
            json!(-1),
            "a whole number of at most 64 bits; it is -1",
        ),
        ("dtype", json!("f16"), "f32 or f64; it is \"f16\""),
    ] {
        assert_eq!(
            refused_option(name, value),
            format!("its `options`: `{name}` must be {expected}")
        );
        let error = refused_option(name, Value::Null);
        let begins = format!("its `options` must have `{name}`, ");
        assert!(error.starts_with(&begins), "{error}");
    }
    // What the constructor refuses.
    for (name, value, got) in [
        (
            "reg",
            json!(-1),
            "a finite number, 0 or greater; it is -1.0",
        ),
        (
            "weight_scale",
            json!(1e60),
            "a finite number, 0 or greater; it is 1e60",
        ),
        ("dropout_keep_ratio", json!(0.0), "in (0, 1]; it is 0.0"),
    ] {
        assert_eq!(
            refused_option(name, value),
            format!("its `options`: option `{name}` must be {got}")
        );
    }
    assert_eq!(
        refused_option("momentum", json!(0.9)),
        "its `options` must be those of this program; it has \"momentum\", of another \
         version"
    );
    for (text, words) in [("{", "no JSON: "), ("[]", "other JSON")] {
        let error = refusal(|parts| {
            parts.metadata.insert("options".to_owned(), text.to_owned());
        });
        assert!(
            error.starts_with("its `options` must be a JSON object; they are "),
            "{error}"
        );
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn every_tensor_has_the_shape_that_the_options_imply() {
    assert_eq!(
        refusal(|parts| drop(parts.tensors.remove("gamma2"))),
        "it must have a tensor `gamma2`, as its options imply; it has none, but \"W1\", \
         \"W2\", \"W3\", \"b1\", \"b2\", \"b3\", \"beta1\", \"beta2\", …"
    );
    for name in Parts::of(&saved(Normalization::BatchNorm))
        .tensors
        .into_keys()
    {
        let missing = format!("it must have a tensor `{name}`, as its options imply");
        let error = refusal(|parts| drop(parts.tensors.remove(&name)));
        assert!(error.starts_with(&missing), "{error}");
        let shape = format!("tensor `{name}` must have the shape ");
        let error = refusal(|parts| parts.tensors.get_mut(&name).unwrap().1.push(1));
        assert!(error.starts_with(&shape), "{error}");
        // As many bytes, but of other numbers.
        let kind = format!("tensor `{name}` must have numbers of the kind ");
        let error = refusal(|parts| {
            let (dtype, _, _) = parts.tensors.get_mut(&name).unwrap();
            *dtype = match dtype {
                Dtype::F64 => Dtype::I64,
                _ => Dtype::I32,
            };
        });
        assert!(error.starts_with(&kind), "{error}");
        for number in [f64::NAN, f64::INFINITY] {
            let error = refusal(|parts| {
                let (dtype, _, data) = parts.tensors.get_mut(&name).unwrap();
                match dtype {
                    Dtype::F64 => data[8..16].copy_from_slice(&number.to_le_bytes()),
                    _ => data[4..8].copy_from_slice(&(number as f32).to_le_bytes()),
                }
            });
            let of = if name == "mean_image" { "f64" } else { "f32" };
            let problem = format!(
                "tensor `{name}` must have numbers that are finite in {of}; number 1 of it \
                 is {number:?}"
            );
            assert_eq!(error, problem);
        }
    }
    assert_eq!(
        refusal(|parts| {
            let more = parts.tensors["W1"].clone();
            parts.tensors.insert("W4".to_owned(), more);
        }),
        "it must have no tensor but those that its options imply; it has \"W4\""
    );
    assert_eq!(
        refusal(|parts| {
            let (_, _, data) = parts.tensors.get_mut("running_var2").unwrap();
            data[..4].copy_from_slice(&(-0.5_f32).to_le_bytes());
        }),
        "tensor `running_var2` must have no number below 0; it has -0.5"
    );
    assert_eq!(
        refused_option("hidden", json!([4, 6])),
        "tensor `W2` must have the shape [4, 6], as its options imply; it has [4, 5]"
    );
    assert_eq!(
        refused_option("normalization", json!("layernorm")),
        "it must have no tensor but those that its options imply; it has \"running_mean1\""
    );
    assert_eq!(
        refused_option("dtype", json!("f64")),
        "tensor `W1` must have numbers of the kind F64, as its options imply; it has F32"
    );
}

#[test]
fn options_of_a_huge_network_take_no_memory() {
    let huge = 1_u64 << 40;
    for (name, value) in [
        ("hidden", json!([huge, huge])),
        ("hidden", json!(vec![huge; 1000])),
        ("classes", json!(huge)),
        ("input", json!([huge, huge, huge])),
        ("input", json!([0])),
        ("input", json!([1000, 1000, 1000])),
    ] {
        let error = refused_option(name, value);
        assert!(
            error.starts_with(
                "its `options` must be those of a network that fits into "
            ),
            "{error}"
        );
    }
    for value in [json!([0, 5]), json!([])] {
        let error = refused_option("hidden", value);
        assert!(error.contains("as its options imply"), "{error}");
    }
}

#[test]
fn another_version_or_another_program_is_named() {
    assert_eq!(
        refusal(|parts| {
            let metadata = &mut parts.metadata;
            metadata.insert("format_version".to_owned(), "2".to_owned());
        }),
        "its `format_version` must be 1; it is \"2\", of another version of this program"
    );
    for name in ["format_version", "options"] {
        assert_eq!(
            refusal(|parts| drop(parts.metadata.remove(name))),
            format!(
                "its metadata must have `{name}`; it has none, so it was not saved by this \
                 program"
            )
        );
    }
    for other in [
        &b""[..],
        b"short",
        b"PK\x03\x04 something that is a zip file",
    ] {
        let error = Saved::<f32>::from_bytes(other).unwrap_err();
        assert!(
            error.starts_with("it must be a whole file in the format safetensors; "),
            "{error}"
        );
    }
}

#[test]
fn a_file_is_named_in_its_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.safetensors");
    let bytes = saved(Normalization::BatchNorm);
    fs::write(&path, &bytes).unwrap();
    let read = Saved::<f32>::load(&path).unwrap();
    assert_eq!(read.net, trained(options(Normalization::BatchNorm)));
    assert_eq!(read.mean, mean(&[2, 2, 3]).into_dyn());
    fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    assert_eq!(
        Saved::<f32>::load(&path).unwrap_err().to_string(),
        format!(
            "{}: it must be a whole file in the format safetensors; incomplete metadata, \
             file not fully covered",
            path.display()
        )
    );
    for no_file in [folder.path().to_owned(), folder.path().join("none")] {
        let error = Saved::<f32>::load(&no_file).unwrap_err();
        assert!(matches!(error, Error::File { .. }), "{error}");
    }
    // A file with a hole of two gigabytes.
    let file = fs::File::create(&path).unwrap();
    file.set_len(1 << 31).unwrap();
    let error = Saved::<f32>::load(&path).unwrap_err().to_string();
    assert!(error.ends_with("it has 2147483648"), "{error}");
}

/// NumPy, which reads the file with the package that everyone uses.
#[test]
#[ignore = "needs Python with NumPy and safetensors, and the repository's scripts"]
fn numpy_gets_the_same_scores() {
    let folder = tempfile::tempdir().unwrap();
    let (model, batch) = (folder.path().join("net"), folder.path().join("batch.bin"));
    let mut generator = ChaCha8Rng::seed_from_u64(0);
    let images = shapes::images(200, 0);
    let mut records = Vec::new();
    for (image, &label) in images.pixels.outer_iter().zip(&images.labels) {
        records.push(label as u8);
        records.extend(&image);
    }
    fs::write(&batch, records).unwrap();
    let mean = images.mean();
    let (mut x, mut y) = (Array2::<f32>::zeros((0, 0)), Vec::new());
    let numbers: Vec<usize> = (0..200).collect();
    images.gather(&numbers, &mean, &mut x, &mut y);

    for normalization in [
        Normalization::None,
        Normalization::BatchNorm,
        Normalization::LayerNorm,
    ] {
        let options = Options {
            normalization,
            weight_scale: 0.02,
            ..Options::new((3, 32, 32), &[40, 30], 10)
        };
        let mut net = FullyConnectedNet::<f32>::new(options).unwrap();
        let names = net.parameters().names();
        for name in names.iter().filter(|name| !name.starts_with('W')) {
            let mut array = net.parameters_mut().get_mut(name).unwrap();
            array.mapv_inplace(|_| generator.random_range(-2.0..2.0));
        }
        for moments in net.running_mut() {
            moments
                .mean
                .mapv_inplace(|_| generator.random_range(-9.0..9.0));
            moments
                .var
                .mapv_inplace(|_| generator.random_range(9.0..900.0));
        }
        fs::write(&model, to_bytes(&net, &mean)).unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/numpy-scores");
        let output = Command::new("python3")
            .args([Path::new(script), &model, &batch])
            .output()
            .expect("there is a Python");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let printed = String::from_utf8(output.stdout).unwrap();
        let theirs: Vec<f64> = printed
            .split_whitespace()
            .map(|number| number.parse().unwrap())
            .collect();
        let ours = net.scores(&x);
        assert_eq!(theirs.len(), ours.len());
        let largest = theirs
            .iter()
            .fold(0.0_f64, |most, score| most.max(score.abs()));
        let differences = theirs.iter().zip(&ours);
        let difference = differences
            .map(|(theirs, ours)| (theirs - f64::from(*ours)).abs())
            .fold(0.0, f64::max);
        println!("{normalization:?}: {difference:.1e} of {largest:.3}");
        assert!(difference.is_finite() && largest > 0.1);
        assert!(difference < 1e-5 * largest, "{difference} of {largest}");
    }
}

fn any_options() -> impl Strategy<Value = Options> {
    let normalization = prop_oneof![
        Just(Normalization::None),
        Just(Normalization::BatchNorm),
        Just(Normalization::LayerNorm)
    ];
    let hidden = proptest::collection::vec(1_usize..5, 0..4);
    let numbers = (0.0..1e6_f64, 0.0..1.0_f64, 0.01..=1.0_f64);
    let input = (1_usize..3, 1_usize..4, 1_usize..4);
    (
        input,
        hidden,
        1_usize..5,
        normalization,
        numbers,
        any::<u64>(),
    )
        .prop_map(
            |(input, hidden, classes, normalization, (reg, scale, keep), seed)| {
                Options {
                    reg,
                    weight_scale: scale,
                    normalization,
                    dropout_keep_ratio: keep,
                    seed,
                    ..Options::new(input, &hidden, classes)
                }
            },
        )
}

fn comes_back<T: Scalar>(options: &Options) {
    let net = trained::<T>(options.clone());
    let mean = mean(&options.input);
    let bytes = to_bytes(&net, &mean);
    assert!(bytes == to_bytes(&net, &mean));
    let read = Saved::<T>::from_bytes(&bytes).unwrap();
    assert_eq!(read.net, net);
    assert_eq!(read.mean, mean.into_dyn());
    // Equal networks have equal scores; these are finite, so that equal says something.
    let x = Array2::from_elem((2, options.inputs()), T::one());
    let scores = read.net.scores(&x);
    assert!(scores.iter().all(|score| score.is_finite()));
    assert_eq!(scores, net.scores(&x));
}

proptest! {
    #![proptest_config(fuzz::cases())]

    #[test]
    fn every_network_comes_back_to_the_last_bit(options in any_options()) {
        comes_back::<f32>(&options);
        comes_back::<f64>(&options);
    }

    #[test]
    fn damaged_files_are_refused_or_differ_in_a_number(
        damages in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4), 1..4),
    ) {
        let mut bytes = saved(Normalization::BatchNorm);
        for (at, byte, how) in damages {
            // Half of the damage is in the header.
            let end = if byte % 2 == 0 { bytes.len() } else { bytes.len().min(1200) };
            if end == 0 {
                break;
            }
            let at = at.index(end);
            match how {
                0 => bytes.truncate(at),
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, byte),
                _ => bytes[at] = byte,
            }
        }
        if let Ok(read) = Saved::<f32>::from_bytes(&bytes) {
            prop_assert!(read.net.parameters().iter().all(|(_, a)| a.iter().all(|x| x.is_finite())));
        }
    }
}
