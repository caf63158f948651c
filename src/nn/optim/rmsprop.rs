//! RMSprop (Tieleman & Hinton 2012): `s = α·s + (1-α)·g²; v = momentum·v + g/(√s + eps);
//! w -= lr · v`. dfdx's own adds eps inside the root.

#[allow(clippy::too_many_arguments)]
pub fn update(
    values: &mut [f32],
    squares: &mut [f32],
    velocities: &mut [f32],
    gradient: &[f32],
    learning_rate: f64,
    alpha: f64,
    eps: f64,
    momentum: f64,
) {
    let (learning_rate, alpha, eps) = (learning_rate as f32, alpha as f32, eps as f32);
    let momentum = momentum as f32;
    let state = squares.iter_mut().zip(velocities);
    for ((value, (square, velocity)), g) in values.iter_mut().zip(state).zip(gradient) {
        *square = alpha * *square + (1.0 - alpha) * g * g;
        *velocity = momentum * *velocity + g / (square.sqrt() + eps);
        *value -= learning_rate * *velocity;
    }
}
