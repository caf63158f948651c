//! The operators in C, and how a node calls its own.

use super::shapes::{Dimensions, Windows};
use crate::nn::onnx::{OnnxAttribute, OnnxNode};

/// The definition of an operator's function; `None` where it needs none.
pub fn definition(operator: &str) -> Option<&'static str> {
    Some(match operator {
        "Conv" => CONV,
        "MaxPool" => MAX_POOL,
        "AveragePool" => AVERAGE_POOL,
        "GlobalAveragePool" => GLOBAL_AVERAGE_POOL,
        "BatchNormalization" => BATCH_NORMALIZATION,
        "Gemm" => GEMM,
        "Softmax" => SOFTMAX,
        _ => return None,
    })
}

/// The statement that computes `node`. `arguments` are its inputs in C, the single numbers among them as
/// numbers, and `y` is its output; `x` are the dimensions of its first input, `out` those of its output.
///
/// # Errors
/// An operator that is not known, by its name.
pub fn statement(
    node: &OnnxNode,
    arguments: &[String],
    y: &str,
    [x, out]: [&Dimensions; 2],
) -> Result<String, String> {
    let given = arguments.join(", ");
    let first = arguments.first().map_or("", String::as_str);
    let elements: usize = out.iter().product();
    let each = |formula: String| {
        Ok(format!(
            "for (int i = 0; i < {elements}; i++) {y}[i] = {formula};"
        ))
    };
    let value = format!("{first}[i]");
    let number = |wanted: &str| {
        let found = node.attributes.iter().find(|(name, _)| *name == wanted);
        match found {
            Some((_, OnnxAttribute::Float(value))) => literal(*value),
            _ => literal(0.0),
        }
    };
    let image = |sizes: &Dimensions| {
        let side = |index: usize| sizes.get(index).copied().unwrap_or(1);
        (side(0), side(1), side(2))
    };
    let (channels, height, width) = image(x);
    match node.operator {
        "Conv" | "MaxPool" | "AveragePool" => {
            let Windows {
                kernel,
                stride,
                padding,
                groups,
            } = Windows::of(node);
            let (out_channels, out_height, out_width) = image(out);
            let name = function_name(node.operator);
            let sizes = match node.operator {
                "Conv" => format!(
                    "{channels}, {height}, {width}, {out_channels}, {out_height}, {out_width}, {kernel}, {stride}, {padding}, {groups}"
                ),
                _ => format!(
                    "{channels}, {height}, {width}, {out_height}, {out_width}, {kernel}, {stride}, {padding}"
                ),
            };
            Ok(format!("{name}({given}, {y}, {sizes});"))
        }
        "GlobalAveragePool" => Ok(format!(
            "global_average_pool({given}, {y}, {channels}, {});",
            height * width
        )),
        "BatchNormalization" => Ok(format!(
            "batch_normalization({given}, {y}, {channels}, {}, {});",
            height * width,
            number("epsilon")
        )),
        "Gemm" => {
            let inputs: usize = x.iter().product();
            Ok(format!("gemm({given}, {y}, {inputs}, {elements});"))
        }
        "Softmax" => Ok(format!("softmax({given}, {y}, {elements});")),
        // In C an image is flat already.
        "Flatten" if first == y => Ok(String::new()),
        "Flatten" => each(value),
        "Relu" => each(format!("{value} > 0.0f ? {value} : 0.0f")),
        "LeakyRelu" => each(format!(
            "{value} > 0.0f ? {value} : {} * {value}",
            number("alpha")
        )),
        "Elu" => each(format!(
            "{value} > 0.0f ? {value} : {} * expm1f({value})",
            number("alpha")
        )),
        "Tanh" => each(format!("tanhf({value})")),
        "Sigmoid" => each(format!("1.0f / (1.0f + expf(-{value}))")),
        "Erf" => each(format!("erff({value})")),
        "Add" | "Sub" | "Mul" | "Div" => {
            let sign = match node.operator {
                "Add" => '+',
                "Sub" => '-',
                "Mul" => '*',
                _ => '/',
            };
            let second = arguments.get(1).map_or("", String::as_str);
            // A single number stands there as it is.
            let second = match second.starts_with(char::is_alphabetic) {
                true => format!("{second}[i]"),
                false => second.to_owned(),
            };
            each(format!("{value} {sign} {second}"))
        }
        operator => Err(format!("{operator} cannot be written in C")),
    }
}

/// `value` as C reads it back to the same bits, in brackets where it is negative.
pub fn literal(value: f32) -> String {
    let number = plain_literal(value);
    match number.starts_with('-') {
        true => format!("({number})"),
        false => number,
    }
}

/// The same for a list, where no brackets are needed.
pub fn plain_literal(value: f32) -> String {
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.is_nan() {
        return "NAN".into();
    }
    if value.is_infinite() {
        return format!("{sign}INFINITY");
    }
    let text = format!("{value:e}f");
    match text.contains('.') {
        true => text,
        false => text.replacen('e', ".0e", 1),
    }
}

fn function_name(operator: &str) -> &'static str {
    match operator {
        "Conv" => "conv",
        "MaxPool" => "max_pool",
        _ => "average_pool",
    }
}

const CONV: &str = "\
/* x[channels][height][width] to y[out_channels][out_height][out_width];
   weight[out_channels][channels / groups][kernel][kernel], bias[out_channels] */
static void conv(const float *x, const float *weight, const float *bias, float *y,
                 int channels, int height, int width, int out_channels, int out_height, int out_width,
                 int kernel, int stride, int padding, int groups) {
    int in = channels / groups, out = out_channels / groups;
    for (int o = 0; o < out_channels; o++)
        for (int row = 0; row < out_height; row++)
            for (int column = 0; column < out_width; column++) {
                float sum = bias[o];
                for (int c = 0; c < in; c++) {
                    const float *image = x + (o / out * in + c) * height * width;
                    const float *w = weight + (o * in + c) * kernel * kernel;
                    for (int i = 0; i < kernel; i++) {
                        int r = row * stride + i - padding;
                        if (r < 0 || r >= height) continue;
                        for (int j = 0; j < kernel; j++) {
                            int k = column * stride + j - padding;
                            if (k < 0 || k >= width) continue;
                            sum += w[i * kernel + j] * image[r * width + k];
                        }
                    }
                }
                y[(o * out_height + row) * out_width + column] = sum;
            }
}
";

const MAX_POOL: &str = "\
/* The largest value of each window; what is outside the image never wins. */
static void max_pool(const float *x, float *y, int channels, int height, int width,
                     int out_height, int out_width, int kernel, int stride, int padding) {
    for (int c = 0; c < channels; c++)
        for (int row = 0; row < out_height; row++)
            for (int column = 0; column < out_width; column++) {
                float largest = -INFINITY;
                for (int i = 0; i < kernel; i++) {
                    int r = row * stride + i - padding;
                    if (r < 0 || r >= height) continue;
                    for (int j = 0; j < kernel; j++) {
                        int k = column * stride + j - padding;
                        if (k < 0 || k >= width) continue;
                        float value = x[(c * height + r) * width + k];
                        if (value > largest) largest = value;
                    }
                }
                y[(c * out_height + row) * out_width + column] = largest;
            }
}
";

const AVERAGE_POOL: &str = "\
/* The mean of each window; what is outside the image counts as zeros. */
static void average_pool(const float *x, float *y, int channels, int height, int width,
                         int out_height, int out_width, int kernel, int stride, int padding) {
    for (int c = 0; c < channels; c++)
        for (int row = 0; row < out_height; row++)
            for (int column = 0; column < out_width; column++) {
                float sum = 0.0f;
                for (int i = 0; i < kernel; i++) {
                    int r = row * stride + i - padding;
                    if (r < 0 || r >= height) continue;
                    for (int j = 0; j < kernel; j++) {
                        int k = column * stride + j - padding;
                        if (k < 0 || k >= width) continue;
                        sum += x[(c * height + r) * width + k];
                    }
                }
                y[(c * out_height + row) * out_width + column] = sum / (float)(kernel * kernel);
            }
}
";

const GLOBAL_AVERAGE_POOL: &str = "\
/* The mean of each channel. */
static void global_average_pool(const float *x, float *y, int channels, int area) {
    for (int c = 0; c < channels; c++) {
        float sum = 0.0f;
        for (int i = 0; i < area; i++) sum += x[c * area + i];
        y[c] = sum / (float)area;
    }
}
";

const BATCH_NORMALIZATION: &str = "\
/* weight * (x - mean) / sqrt(variance + epsilon) + bias, channel by channel */
static void batch_normalization(const float *x, const float *weight, const float *bias,
                                const float *mean, const float *variance, float *y,
                                int channels, int area, float epsilon) {
    for (int c = 0; c < channels; c++) {
        float scale = weight[c] / sqrtf(variance[c] + epsilon);
        float shift = bias[c] - mean[c] * scale;
        for (int i = 0; i < area; i++) y[c * area + i] = x[c * area + i] * scale + shift;
    }
}
";

const GEMM: &str = "\
/* y = weight x + bias; weight[units][inputs] */
static void gemm(const float *x, const float *weight, const float *bias, float *y,
                 int inputs, int units) {
    for (int u = 0; u < units; u++) {
        float sum = bias[u];
        for (int i = 0; i < inputs; i++) sum += weight[u * inputs + i] * x[i];
        y[u] = sum;
    }
}
";

const SOFTMAX: &str = "\
static void softmax(const float *x, float *y, int classes) {
    float largest = x[0], sum = 0.0f;
    for (int i = 1; i < classes; i++)
        if (x[i] > largest) largest = x[i];
    for (int i = 0; i < classes; i++) sum += expf(x[i] - largest);
    for (int i = 0; i < classes; i++) y[i] = expf(x[i] - largest) / sum;
}
";
