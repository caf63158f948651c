//! Sizes in memory as people read them.

/// A number of bytes, e.g. `196.0 KiB`.
pub fn shown_bytes(number: u64) -> String {
    let mut value = number as f64;
    for unit in ["B", "KiB", "MiB"] {
        if value < 1023.95 {
            return if unit == "B" {
                format!("{number} B")
            } else {
                format!("{value:.1} {unit}")
            };
        }
        value /= 1024.0;
    }
    format!("{value:.1} GiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_a_unit_and_one_digit_behind_the_point() {
        assert_eq!(shown_bytes(40), "40 B");
        assert_eq!(shown_bytes(200_704), "196.0 KiB");
        assert_eq!(shown_bytes(3 << 39), "1536.0 GiB");
    }
}
