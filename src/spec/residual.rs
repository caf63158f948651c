//! The skip connection of a residual layer.

use super::Shape;

/// How the input of a residual stack is brought to the shape of its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// The shapes are the same: as it is.
    Identity,
    /// A 1×1 convolution with a bias.
    Projection {
        /// Step between the pixels it sees, in pixels.
        stride: usize,
    },
}

impl Skip {
    /// The skip connection from the image `source` to the image `output`.
    ///
    /// # Errors
    /// What is wrong when there is none.
    pub fn between(source: Shape, output: Shape) -> Result<Self, String> {
        if source == output {
            return Ok(Self::Identity);
        }
        let (Some((height, width)), Some((out_height, out_width))) = (size(source), size(output))
        else {
            return Err(format!(
                "it cannot add its input of {source} to {output} values that are flat; move it \
                 before the Flatten, GlobalAvgPool or Dense layer"
            ));
        };
        let reaches = |stride: usize, size: usize, out: usize| (size - 1) / stride + 1 == out;
        (1..=height.max(width))
            .find(|stride| {
                reaches(*stride, height, out_height) && reaches(*stride, width, out_width)
            })
            .map(|stride| Self::Projection { stride })
            .ok_or_else(|| {
                format!(
                    "what goes past its layers is {height}×{width} and no stride makes it the \
                     {out_height}×{out_width} that come out of them; change their stride or padding"
                )
            })
    }
}

/// Rows and columns of an image.
fn size(shape: Shape) -> Option<(usize, usize)> {
    match shape {
        Shape::Image { height, width, .. } => Some((height, width)),
        Shape::Flat { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(channels: usize, height: usize, width: usize) -> Shape {
        Shape::Image {
            channels,
            height,
            width,
        }
    }

    #[test]
    fn the_smallest_stride_that_leads_to_the_output_is_taken() {
        let skip = |source, output| Skip::between(source, output).unwrap();
        let from = image(8, 14, 14);
        assert_eq!(skip(from, image(8, 14, 14)), Skip::Identity);
        let projection = |stride| Skip::Projection { stride };
        assert_eq!(skip(from, image(9, 14, 14)), projection(1));
        assert_eq!(skip(from, image(8, 7, 7)), projection(2));
        // Pooling rounds down where a 1×1 convolution with stride 2 sees one pixel more.
        assert_eq!(skip(image(4, 7, 7), image(4, 3, 3)), projection(3));
        assert_eq!(skip(from, image(8, 1, 1)), projection(14));
    }

    #[test]
    fn what_cannot_be_reached_is_said_with_both_sizes() {
        let error = Skip::between(image(1, 14, 14), image(1, 16, 16)).unwrap_err();
        assert!(
            error.contains("14×14") && error.contains("16×16"),
            "{error}"
        );
        assert!(Skip::between(image(1, 9, 5), image(1, 3, 5)).is_err());
        let flat = Shape::Flat { features: 10 };
        let error = Skip::between(image(1, 9, 5), flat).unwrap_err();
        assert!(error.contains("before the Flatten"), "{error}");
    }
}
