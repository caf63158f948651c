//! What to do where a layer of a state dict does not fit.

use super::group::Kind;

/// What may be the reason that a tensor has the shape `found` where the spec asks for `own`, and what to do.
pub fn advice(kind: Kind, own: &[usize], found: &[usize]) -> String {
    match (kind, own, found) {
        (Kind::Convolution, [out, channels, ..], [_, _, c, o]) if (out, channels) == (o, c) => {
            "it is in TensorFlow's order; PyTorch's is [out, in, height, width]".into()
        }
        (Kind::Convolution, [out, channels, ..], [o, c, height, width])
            if (out, channels) == (o, c) && height == width =>
        {
            format!("give the layer a kernel_size of {height}")
        }
        (Kind::Convolution, [_, own @ ..], [out, found @ ..]) if own == found => {
            format!("give the layer {out} out_channels")
        }
        (Kind::Convolution, [_, channels, ..], [_, c, ..]) if channels != c => format!(
            "{channels} channels come into the layer where the file's takes {c}: change the layers before it"
        ),
        (Kind::Dense, [units, inputs], [i, u]) if (units, inputs) == (u, i) => {
            "it is transposed; PyTorch's order is [out, in]".into()
        }
        (Kind::Dense, [_, inputs], [units, i]) if inputs == i => {
            format!("give the layer {units} units")
        }
        (Kind::Dense, [_, inputs], [_, i]) => format!(
            "{inputs} values come into the layer where the file's takes {i}: a padding, a stride or a pooling \
             before it differs"
        ),
        _ => "change the spec to the network that the file is of".into(),
    }
}
