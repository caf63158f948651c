//! Numbers as people read them.

/// `1234567` as `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

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
    fn digits_stand_in_threes() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(12), "12");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1104), "1,104");
        assert_eq!(grouped(857_738), "857,738");
        assert_eq!(grouped(1_000_000), "1,000,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }

    #[test]
    fn sizes_have_a_unit_and_one_digit_behind_the_point() {
        assert_eq!(shown_bytes(40), "40 B");
        assert_eq!(shown_bytes(200_704), "196.0 KiB");
        assert_eq!(shown_bytes(3 << 39), "1536.0 GiB");
    }
}
