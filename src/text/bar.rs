//! Bars made of characters.

/// A horizontal bar of `share` (0 to 1) of `cells`, in eighths of a cell; in whole cells in ASCII.
pub fn bar(share: f64, cells: usize, ascii: bool) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let share = if share.is_finite() {
        share.clamp(0.0, 1.0)
    } else {
        0.0
    };
    if ascii {
        return "#".repeat((share * cells as f64).round() as usize);
    }
    let eighths = (share * cells as f64 * 8.0).round() as usize;
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_end_at_their_share() {
        assert_eq!(bar(0.5, 4, false), "██");
        assert_eq!(bar(0.3125, 4, false), "█▎");
        assert_eq!(bar(f64::NAN, 4, false), "");
        assert_eq!(bar(7.0, 2, false), "██");
        assert_eq!(bar(0.6, 4, true), "##");
    }
}
