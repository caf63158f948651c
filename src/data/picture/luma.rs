//! Colours as grey.

/// How bright a colour is, in its own unit (ITU-R BT.601).
pub(super) fn luma([red, green, blue]: [f32; 3]) -> f32 {
    (299.0 * red + 587.0 * green + 114.0 * blue) / 1000.0
}
