//! Trained networks in files, in the format [safetensors].
//!
//! A file holds the parameters under the course's names (`W1`, `b1`, and with normalization
//! `gamma1`, `beta1`), with batch normalization the running averages too (`running_mean1`,
//! `running_var1`), and the mean image that the training subtracted (`mean_image`, in `f64`
//! and in the shape of an example). Its metadata are `format_version`, which is 1, and
//! `options`, in JSON. That is all that is needed to use the network, in this program or in
//! another that reads the format.
//!
//! [safetensors]: https://huggingface.co/docs/safetensors

use crate::options::Normalization;
use crate::{Error, FullyConnectedNet, Options, Scalar};
use ndarray::{ArrayD, ArrayRef, ArrayViewD, ArrayViewMutD, Dimension, IxDyn};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde_json::{Map, Value, json};
use std::any::type_name;
use std::fs;
use std::io;
use std::path::Path;

/// The version of the format that this program writes, and the only one that it reads.
const VERSION: &str = "1";
const MEAN_IMAGE: &str = "mean_image";
/// The greatest length of a file. A network of 3072-100-10 in `f32` has 1.3 MB.
const MOST_BYTES: u64 = 1 << 30;

/// A trained network, and what must be subtracted from the images that it sees.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved<T> {
    /// The network, with its running averages.
    pub net: FullyConnectedNet<T>,
    /// The mean image, in the shape of an example, from 0 to 255.
    pub mean: ArrayD<f64>,
}

/// The bytes of a file with this network and the mean image that its training subtracted.
/// The same network gives the same bytes.
///
/// # Panics
///
/// If the mean image has not as many numbers as an example.
pub fn to_bytes<T: Scalar, D: Dimension>(
    net: &FullyConnectedNet<T>,
    mean: &ArrayRef<f64, D>,
) -> Vec<u8> {
    let options = net.options();
    assert!(
        mean.len() == options.inputs(),
        "saved::to_bytes: the mean image must have as many numbers as an example, {}; it \
         has {}",
        options.inputs(),
        mean.len(),
    );
    let dtype = dtype::<T>();
    // The crate's own writer has the metadata in another order each time.
    let mut header = Map::new();
    let options_text = options_to_json(options, dtype).to_string();
    header.insert(
        "__metadata__".to_owned(),
        json!({ "format_version": VERSION, "options": options_text }),
    );
    let mut data = Vec::new();
    let mut enter = |name: String, dtype, shape: &[usize], from: usize, to: usize| {
        let offsets = [from, to];
        let entry = json!({ "dtype": dtype, "shape": shape, "data_offsets": offsets });
        header.insert(name, entry);
    };
    // The numbers of 8 bytes come first, so that those of 4 do not move them out of step.
    mean.iter().for_each(|x| data.extend(x.to_le_bytes()));
    enter(
        MEAN_IMAGE.to_owned(),
        Dtype::F64,
        &options.input,
        0,
        data.len(),
    );
    for (name, array) in arrays(net) {
        let begin = data.len();
        for x in &array {
            match dtype {
                Dtype::F32 => data.extend((x.as_f64() as f32).to_le_bytes()),
                _ => data.extend(x.as_f64().to_le_bytes()),
            }
        }
        enter(name, dtype, array.shape(), begin, data.len());
    }
    let mut header = Value::Object(header).to_string().into_bytes();
    header.resize(header.len().next_multiple_of(8), b' ');
    let length = header.len() as u64;
    [&length.to_le_bytes()[..], &header, &data].concat()
}

impl<T: Scalar> Saved<T> {
    /// The network of a file.
    ///
    /// The numbers become those of `T`, rounded if the file's are finer.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the file cannot be read; [`Error::Saved`] if anything in it is not
    /// as it must be.
    pub fn load(path: &Path) -> Result<Saved<T>, Error> {
        let cannot_read = |source| Error::File {
            path: path.to_owned(),
            byte: 0,
            record: None,
            source,
        };
        let wrong = |problem| Error::Saved {
            path: path.to_owned(),
            problem,
        };
        let metadata = fs::metadata(path).map_err(cannot_read)?;
        if !metadata.is_file() {
            let problem = io::Error::other("it must be an ordinary file");
            return Err(cannot_read(problem));
        }
        if metadata.len() > MOST_BYTES {
            return Err(wrong(format!(
                "a saved network must have at most {MOST_BYTES} bytes; it has {}",
                metadata.len()
            )));
        }
        let bytes = fs::read(path).map_err(cannot_read)?;
        Saved::from_bytes(&bytes).map_err(wrong)
    }

    /// The network in the bytes of a file.
    ///
    /// # Errors
    ///
    /// What is wrong, in words.
    pub fn from_bytes(bytes: &[u8]) -> Result<Saved<T>, String> {
        let damaged = |error| {
            format!("it must be a whole file in the format safetensors; {error}")
        };
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let metadata = header.metadata().as_ref();
        let entry = |name: &str| {
            let missing = || {
                format!(
                    "its metadata must have `{name}`; it has none, so it was not saved \
                     by this program"
                )
            };
            metadata.and_then(|m| m.get(name)).ok_or_else(missing)
        };
        let version = entry("format_version")?;
        if version != VERSION {
            return Err(format!(
                "its `format_version` must be {VERSION}; it is {version:?}, of another \
                 version of this program"
            ));
        }
        let (options, dtype) = options_from_json(entry("options")?)?;
        let file = SafeTensors::deserialize(bytes).map_err(damaged)?;

        // No network is made before it is known that the file has all its numbers.
        let shapes = shapes(&options, bytes.len())?;
        let tensors = shapes.iter().map(|(name, shape)| {
            let dtype = if name == MEAN_IMAGE {
                Dtype::F64
            } else {
                dtype
            };
            tensor(&file, name, dtype, shape)
        });
        let tensors: Vec<TensorView> = tensors.collect::<Result<_, _>>()?;
        let mut names = file.names();
        names.sort_unstable();
        let known = |name: &&str| shapes.iter().any(|(known, _)| known == name);
        if let Some(extra) = names.into_iter().find(|name| !known(name)) {
            return Err(format!(
                "it must have no tensor but those that its options imply; it has {extra:?}"
            ));
        }

        let zeros = std::iter::repeat(0.0);
        let mut net = FullyConnectedNet::with_normals(options, zeros)
            .map_err(|error| format!("its `options`: {error}"))?;
        let mut mean = ArrayD::zeros(IxDyn(&net.options().input));
        for ((name, array), tensor) in arrays_mut(&mut net).into_iter().zip(&tensors) {
            fill(&name, array, tensor)?;
        }
        let of_mean = tensors.last().expect("the mean image is the last");
        fill(MEAN_IMAGE, mean.view_mut(), of_mean)?;
        for (i, moments) in (1..).zip(&net.running) {
            if let Some(var) = moments.var.iter().find(|var| **var < T::zero()) {
                return Err(format!(
                    "tensor `running_var{i}` must have no number below 0; it has {var}"
                ));
            }
        }
        Ok(Saved { net, mean })
    }
}

/// What is saved of a network, by name.
fn arrays<T: Scalar>(net: &FullyConnectedNet<T>) -> Vec<(String, ArrayViewD<'_, T>)> {
    let running = (1..).zip(&net.running).flat_map(|(i, moments)| {
        let [mean, var] = running_names(i);
        let (m, v) = (moments.mean.view(), moments.var.view());
        [(mean, m.into_dyn()), (var, v.into_dyn())]
    });
    net.parameters.iter().chain(running).collect()
}

/// The same, to be changed.
fn arrays_mut<T: Scalar>(
    net: &mut FullyConnectedNet<T>,
) -> Vec<(String, ArrayViewMutD<'_, T>)> {
    let running = (1..).zip(&mut net.running).flat_map(|(i, moments)| {
        let [mean, var] = running_names(i);
        let (m, v) = (moments.mean.view_mut(), moments.var.view_mut());
        [(mean, m.into_dyn()), (var, v.into_dyn())]
    });
    let names = net.parameters.names();
    let parameters = names.into_iter().zip(net.parameters.arrays_mut());
    parameters.chain(running).collect()
}

fn running_names(i: usize) -> [String; 2] {
    [format!("running_mean{i}"), format!("running_var{i}")]
}

/// The names and shapes that a network of these options has, and the mean image. They must
/// fit into a file of that length.
fn shapes(
    options: &Options,
    length: usize,
) -> Result<Vec<(String, Vec<usize>)>, String> {
    let sizes = [&options.input[..], &options.hidden, &[options.classes]].concat();
    let inputs = options.input.iter().try_fold(1_usize, |product, &size| {
        product.checked_mul(size).filter(|&product| product > 0)
    });
    let too_large = sizes.iter().any(|&size| size > length);
    let Some(inputs) = inputs.filter(|&inputs| inputs <= length && !too_large) else {
        return Err(format!(
            "its `options` must be those of a network that fits into {length} bytes; they \
             are `input` {:?}, `hidden` {:?}, `classes` {}",
            options.input, options.hidden, options.classes
        ));
    };
    let sizes = [&[inputs], &options.hidden[..], &[options.classes]].concat();
    let mut shapes = Vec::new();
    for (i, pair) in (1..).zip(sizes.windows(2)) {
        shapes.push((format!("W{i}"), vec![pair[0], pair[1]]));
        shapes.push((format!("b{i}"), vec![pair[1]]));
        if options.normalization != Normalization::None && i < sizes.len() - 1 {
            shapes.push((format!("gamma{i}"), vec![pair[1]]));
            shapes.push((format!("beta{i}"), vec![pair[1]]));
        }
    }
    if options.normalization == Normalization::BatchNorm {
        for (i, &units) in (1..).zip(&options.hidden) {
            shapes.extend(running_names(i).map(|name| (name, vec![units])));
        }
    }
    shapes.push((MEAN_IMAGE.to_owned(), options.input.clone()));
    Ok(shapes)
}

/// The tensor of that name, which must be so.
fn tensor<'a>(
    file: &SafeTensors<'a>,
    name: &str,
    dtype: Dtype,
    shape: &[usize],
) -> Result<TensorView<'a>, String> {
    let found = file.tensor(name).map_err(|_| {
        format!(
            "it must have a tensor `{name}`, as its options imply; it has none, but {}",
            some_of(file.names())
        )
    })?;
    if found.shape() != shape {
        return Err(format!(
            "tensor `{name}` must have the shape {shape:?}, as its options imply; it has \
             {:?}",
            found.shape()
        ));
    }
    if found.dtype() != dtype {
        return Err(format!(
            "tensor `{name}` must have numbers of the kind {dtype:?}, as its options \
             imply; it has {:?}",
            found.dtype()
        ));
    }
    Ok(found)
}

/// A few names, in order.
fn some_of(mut names: Vec<&str>) -> String {
    names.sort_unstable();
    let more = if names.len() > 8 { ", …" } else { "" };
    names.truncate(8);
    let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    format!("{}{more}", names.join(", "))
}

/// Copies a tensor's numbers, which must be finite.
fn fill<T: Scalar>(
    name: &str,
    mut array: ArrayViewMutD<'_, T>,
    tensor: &TensorView,
) -> Result<(), String> {
    let size = tensor.dtype().bitsize() / 8;
    let numbers = tensor.data().chunks_exact(size).map(from_le_bytes);
    for (i, (into, number)) in array.iter_mut().zip(numbers).enumerate() {
        *into = T::of(number);
        if !into.is_finite() {
            return Err(format!(
                "tensor `{name}` must have numbers that are finite in {}; number {i} of \
                 it is {number:?}",
                type_name::<T>()
            ));
        }
    }
    Ok(())
}

fn dtype<T: Scalar>() -> Dtype {
    match size_of::<T>() {
        4 => Dtype::F32,
        _ => Dtype::F64,
    }
}

/// A number of 4 or of 8 bytes.
fn from_le_bytes(bytes: &[u8]) -> f64 {
    match (<[u8; 4]>::try_from(bytes), <[u8; 8]>::try_from(bytes)) {
        (Ok(four), _) => f64::from(f32::from_le_bytes(four)),
        (_, Ok(eight)) => f64::from_le_bytes(eight),
        _ => f64::NAN,
    }
}

const DTYPES: [(Dtype, &str); 2] = [(Dtype::F32, "f32"), (Dtype::F64, "f64")];

/// The word that stands for `what`.
fn word<K: PartialEq>(words: &[(K, &'static str)], what: &K) -> &'static str {
    let found = words.iter().find(|(known, _)| known == what);
    found.expect("there is a word for each").1
}

fn options_to_json(options: &Options, dtype: Dtype) -> Value {
    let Options {
        hidden,
        input,
        classes,
        reg,
        weight_scale,
        normalization,
        dropout_keep_ratio,
        seed,
    } = options;
    json!({
        "input": input,
        "hidden": hidden,
        "classes": classes,
        "reg": reg,
        "weight_scale": weight_scale,
        "normalization": normalization.to_string(),
        "dropout_keep_ratio": dropout_keep_ratio,
        "seed": seed,
        "dtype": word(&DTYPES, &dtype),
    })
}

fn options_from_json(text: &str) -> Result<(Options, Dtype), String> {
    let wrong =
        |problem| format!("its `options` must be a JSON object; they are {problem}");
    let value: Value = serde_json::from_str(text)
        .map_err(|error| wrong(format!("no JSON: {error}")))?;
    let Value::Object(mut fields) = value else {
        return Err(wrong("other JSON".to_owned()));
    };
    let options = Options {
        input: field(&mut fields, "input", "a list of sizes", sizes)?,
        hidden: field(&mut fields, "hidden", "a list of sizes", sizes)?,
        classes: field(&mut fields, "classes", "a size", size)?,
        reg: field(&mut fields, "reg", "a number", Value::as_f64)?,
        weight_scale: field(&mut fields, "weight_scale", "a number", Value::as_f64)?,
        normalization: field(
            &mut fields,
            "normalization",
            "none, batchnorm or layernorm",
            |value| value.as_str()?.parse().ok(),
        )?,
        dropout_keep_ratio: field(
            &mut fields,
            "dropout_keep_ratio",
            "a number",
            Value::as_f64,
        )?,
        seed: field(
            &mut fields,
            "seed",
            "a whole number of at most 64 bits",
            Value::as_u64,
        )?,
    };
    let dtype = field(&mut fields, "dtype", "f32 or f64", |value| {
        of_word(&DTYPES, value)
    })?;
    match fields.keys().next() {
        None => Ok((options, dtype)),
        Some(unknown) => Err(format!(
            "its `options` must be those of this program; it has {unknown:?}, of another \
             version"
        )),
    }
}

/// Takes a field out of the options.
fn field<F>(
    fields: &mut Map<String, Value>,
    name: &str,
    expected: &str,
    read: impl FnOnce(&Value) -> Option<F>,
) -> Result<F, String> {
    let Some(value) = fields.remove(name) else {
        return Err(format!(
            "its `options` must have `{name}`, {expected}; it is missing"
        ));
    };
    read(&value).ok_or_else(|| {
        format!("its `options`: `{name}` must be {expected}; it is {value}")
    })
}

fn size(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|size| size.try_into().ok())
}

fn sizes(value: &Value) -> Option<Vec<usize>> {
    value.as_array()?.iter().map(size).collect()
}

fn of_word<K: Copy>(words: &[(K, &'static str)], value: &Value) -> Option<K> {
    let text = value.as_str()?;
    words
        .iter()
        .find(|(_, word)| *word == text)
        .map(|&(k, _)| k)
}
