//! AdaDelta (Zeiler 2012): `s = ρ·s + (1-ρ)·g²; Δ = g·√(u + eps)/√(s + eps); u = ρ·u + (1-ρ)·Δ²;
//! w -= lr · Δ`.

pub fn update(
    values: &mut [f32],
    squares: &mut [f32],
    updates: &mut [f32],
    gradient: &[f32],
    learning_rate: f64,
    rho: f64,
    eps: f64,
) {
    let (learning_rate, rho, eps) = (learning_rate as f32, rho as f32, eps as f32);
    let state = squares.iter_mut().zip(updates);
    for ((value, (square, update)), g) in values.iter_mut().zip(state).zip(gradient) {
        *square = rho * *square + (1.0 - rho) * g * g;
        let delta = g * (*update + eps).sqrt() / (*square + eps).sqrt();
        *update = rho * *update + (1.0 - rho) * delta * delta;
        *value -= learning_rate * delta;
    }
}
