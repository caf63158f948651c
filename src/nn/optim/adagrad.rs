//! AdaGrad (Duchi, Hazan & Singer 2011): `s += g²; w -= lr · g / (√s + eps)`.

pub fn update(
    values: &mut [f32],
    squares: &mut [f32],
    gradient: &[f32],
    learning_rate: f64,
    eps: f64,
) {
    let (learning_rate, eps) = (learning_rate as f32, eps as f32);
    for ((value, square), g) in values.iter_mut().zip(squares).zip(gradient) {
        *square += g * g;
        *value -= learning_rate * g / (square.sqrt() + eps);
    }
}
