//! Trainable dfdx tensors whose rank is known at run time.

use super::NnError;
use dfdx::prelude::*;

/// Gradients of one backward pass, or any other value kept per parameter.
pub type GradientStore = Gradients<f32, Cpu>;

/// A tensor of these values.
///
/// dfdx keeps the memory of a dropped tensor for the next of its size. Memory that it did not get
/// from there itself, it would keep as well: more with every step.
///
/// # Errors
/// When memory runs out.
pub fn tensor_of<S: Shape>(
    device: &Cpu,
    values: &[f32],
    shape: S,
) -> Result<Tensor<S, f32, Cpu>, NnError> {
    let mut tensor = device.try_zeros_like(&shape)?;
    tensor.copy_from(values);
    Ok(tensor)
}

/// A trainable tensor: the value and its name in the saved model.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Name in the equal `torch.nn.Sequential`, e.g. `0.weight`.
    pub name: String,
    /// The values.
    pub tensor: ParameterTensor,
}

/// The ranks that parameters have.
#[derive(Clone, Debug)]
pub enum ParameterTensor {
    /// A bias, a scale or a shift: `[channels]`.
    Vector(Tensor<(usize,), f32, Cpu>),
    /// A dense weight: `[out, in]`.
    Matrix(Tensor<(usize, usize), f32, Cpu>),
    /// A convolution's kernels: `[out_channels, in_channels, kernel_size, kernel_size]`.
    Kernels(Tensor<(usize, usize, usize, usize), f32, Cpu>),
}

/// Runs the same code on the tensor inside, whatever its rank.
macro_rules! with_tensor {
    ($parameter:expr, $tensor:ident => $body:expr) => {
        match $parameter {
            $crate::nn::parameter::ParameterTensor::Vector($tensor) => $body,
            $crate::nn::parameter::ParameterTensor::Matrix($tensor) => $body,
            $crate::nn::parameter::ParameterTensor::Kernels($tensor) => $body,
        }
    };
}
pub(crate) use with_tensor;

impl ParameterTensor {
    /// A tensor of 1, 2 or 4 dimensions from its values, row after row.
    ///
    /// # Errors
    /// When the number of values is not the product of the dimensions.
    pub fn new(device: &Cpu, shape: &[usize], values: Vec<f32>) -> Result<Self, NnError> {
        Ok(match *shape {
            [a] => Self::Vector(device.try_tensor_from_vec(values, (a,))?),
            [a, b] => Self::Matrix(device.try_tensor_from_vec(values, (a, b))?),
            [a, b, c, d] => Self::Kernels(device.try_tensor_from_vec(values, (a, b, c, d))?),
            _ => {
                return Err(NnError::Size {
                    what: "dimensions of a parameter (1, 2 or 4)",
                    expected: 4,
                    found: shape.len(),
                });
            }
        })
    }

    /// The dimensions.
    pub fn shape(&self) -> Vec<usize> {
        match self {
            Self::Vector(tensor) => vec![tensor.shape().0],
            Self::Matrix(tensor) => vec![tensor.shape().0, tensor.shape().1],
            Self::Kernels(tensor) => {
                let (a, b, c, d) = *tensor.shape();
                vec![a, b, c, d]
            }
        }
    }

    /// Number of values.
    pub fn elements(&self) -> usize {
        with_tensor!(self, tensor => tensor.shape().num_elements())
    }

    /// Copies the values out.
    pub fn copy_into(&self, values: &mut [f32]) {
        with_tensor!(self, tensor => tensor.copy_into(values));
    }

    /// A copy of the values.
    pub fn to_vec(&self) -> Vec<f32> {
        let mut values = vec![0.0; self.elements()];
        self.copy_into(&mut values);
        values
    }

    /// Replaces the values.
    pub fn copy_from(&mut self, values: &[f32]) {
        with_tensor!(self, tensor => tensor.copy_from(values));
    }

    /// What `store` keeps for this parameter, zeros where it has nothing yet.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn entry<'a>(
        &self,
        store: &'a mut GradientStore,
    ) -> Result<&'a mut <Cpu as Storage<f32>>::Vec, CpuError> {
        with_tensor!(self, tensor => store.get_or_alloc_mut(tensor))
    }
}
