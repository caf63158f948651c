//! Max pooling against its definition, with ties and NaN.

use super::MaxPool2d;
use crate::nn::layers::window::Window;
use crate::nn::layers::{Op, Pass, Place, Saved, Scratch};
use crate::simd::available;
use crate::simd::testing::{bits, random};

const PLACE: Place = Place {
    pass: Pass::Evaluate,
    image: 0,
    parameters: &[],
};

/// Windows of `kernel_size` every `stride` pixels.
fn window(
    [height, width, channels]: [usize; 3],
    [kernel_size, stride, padding]: [usize; 3],
) -> Window {
    Window {
        channels,
        height,
        width,
        out_height: (height + 2 * padding - kernel_size) / stride + 1,
        out_width: (width + 2 * padding - kernel_size) / stride + 1,
        kernel_size,
        stride,
        padding,
    }
}

/// The largest values and the input's gradient by the definition: the first of equals wins, and the
/// last NaN before every number.
fn reference(window: Window, x: &[f32], dy: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let (mut y, mut dx) = (Vec::new(), vec![0.0; x.len()]);
    for (output, dy) in dy.iter().enumerate() {
        let (index, channel) = (output / window.channels, output % window.channels);
        let (image, index) = (index / window.out_area(), index % window.out_area());
        let (row, column) = (index / window.out_width, index % window.out_width);
        let mut best: Option<usize> = None;
        for place in 0..window.kernel_size * window.kernel_size {
            let row = (row * window.stride + place / window.kernel_size) as isize;
            let column = (column * window.stride + place % window.kernel_size) as isize;
            let (row, column) = (
                row - window.padding as isize,
                column - window.padding as isize,
            );
            if !(0..window.height as isize).contains(&row)
                || !(0..window.width as isize).contains(&column)
            {
                continue;
            }
            let pixel = (image * window.height + row as usize) * window.width + column as usize;
            let at = pixel * window.channels + channel;
            if best.is_none_or(|best| x[at].is_nan() || x[at] > x[best]) {
                best = Some(at);
            }
        }
        if let Some(best) = best {
            y.push(x[best]);
            dx[best] += dy;
        }
    }
    (y, dx)
}

fn check(window: Window, x: &[f32], what: &str) {
    let images = x.len() / (window.area() * window.channels);
    let dy = random(images * window.out_area() * window.channels, 2);
    let (expected_y, expected_dx) = reference(window, x, &dy);
    for arch in available() {
        let pool = MaxPool2d { window, arch };
        let (mut y, mut dx) = (vec![9.0; dy.len()], vec![9.0; x.len()]);
        let scratch = &mut Scratch::default();
        let mut notes = vec![9; images * pool.notes_len()];
        pool.forward(PLACE, x, &mut y, &mut notes, scratch);
        let saved = Saved {
            x: &[],
            y: &[],
            notes: &notes,
            dy: &dy,
        };
        pool.backward(PLACE, saved, Some(&mut dx), scratch, &mut []);
        assert_eq!(bits(&y), bits(&expected_y), "{arch:?} {what} {window:?}");
        assert_eq!(bits(&dx), bits(&expected_dx), "{arch:?} {what} {window:?}");
    }
}

/// Windows that lie apart, touch, overlap and reach into the padding; one, few and many channels.
fn windows() -> impl Iterator<Item = Window> {
    let kernels = [
        [1, 1, 0],
        [2, 2, 0],
        [2, 1, 1],
        [2, 3, 0],
        [3, 2, 1],
        [3, 3, 0],
        [5, 2, 2],
    ];
    let images = [[5, 7, 1], [6, 5, 3], [5, 5, 17]];
    kernels
        .into_iter()
        .flat_map(move |kernel| images.map(|image| window(image, kernel)))
}

#[test]
fn the_largest_value_of_each_window_gets_the_gradient() {
    for window in windows() {
        let x = random(2 * window.area() * window.channels, 1);
        check(window, &x, "random");
    }
}

#[test]
fn of_equal_values_the_first_wins() {
    for window in windows() {
        let x = random(2 * window.area() * window.channels, 1);
        let x: Vec<f32> = x.iter().map(|value| (2.0 * value).round()).collect();
        check(window, &x, "ties");
        check(window, &vec![-1.0; x.len()], "all equal");
    }
}

#[test]
fn nan_wins_and_gets_the_gradient() {
    for window in windows() {
        let mut x = random(2 * window.area() * window.channels, 1);
        for value in x.iter_mut().step_by(5) {
            *value = f32::NAN;
        }
        check(window, &x, "NaN");
    }
}

#[test]
fn minus_infinity_wins_over_padding() {
    for window in windows() {
        let len = window.area() * window.channels;
        check(window, &vec![f32::NEG_INFINITY; len], "-∞");
    }
}
