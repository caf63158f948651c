//! Numbers as people read them.

use indicatif::HumanCount;

/// `1234567` as `1,234,567`.
pub fn grouped(number: u64) -> String {
    HumanCount(number).to_string()
}

/// A number of bytes, e.g. `196.0 KiB`.
pub fn shown_bytes(number: u64) -> String {
    match scaled(number, 1024.0, ["B", "KiB", "MiB", "GiB"]) {
        (_, "B") => format!("{number} B"),
        (value, unit) => format!("{value:.1} {unit}"),
    }
}

/// `857738` as `857.7 k`: four digits, a point and a unit of thousands.
pub fn short(number: u64) -> String {
    match scaled(number, 1000.0, ["", "k", "M", "G", "T"]) {
        (_, "") => number.to_string(),
        (value, unit) => format!("{value:.1} {unit}"),
    }
}

/// A count for narrow columns, in at most six cells: `975`, `12.4k`, `857.7k`, `1.2M`.
pub fn count(number: u64) -> String {
    match scaled(number, 1000.0, ["", "k", "M", "G", "T", "P"]) {
        (_, "") => number.to_string(),
        (value, "P") => format!("{value:.0}P"),
        (value, unit) => format!("{value:.1}{unit}"),
    }
}

/// `number` in the first of the units, each `base` times the one before, in which it rounds to less
/// than `base` with one decimal; in the last unit if there is none.
fn scaled<const N: usize>(number: u64, base: f64, units: [&'static str; N]) -> (f64, &'static str) {
    let mut value = number as f64;
    let mut best = "";
    for (index, unit) in units.into_iter().enumerate() {
        best = unit;
        if index > 0 {
            value /= base;
        }
        if value < base - 0.05 {
            break;
        }
    }
    (value, best)
}

/// A rate with two digits, as `--lr` takes it: `0.0032`, `1.3e-5`. A range test is no more precise than that.
pub fn two_digits(value: f64) -> String {
    let short = format!("{value:.1e}");
    match short.parse::<f64>() {
        Ok(rounded) if rounded >= 1e-4 => rounded.to_string(),
        Ok(rounded) => format!("{rounded:e}"),
        Err(_) => short,
    }
}

/// A rate or a step size with at most three significant digits: `0.001`, `0.00042`, `3.0e-6`.
pub fn short_decimal(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    if !(1e-5..1e6).contains(&size) {
        return format!("{value:.1e}");
    }
    let decimals = (2 - size.log10().floor() as i32).max(0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
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
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn sizes_have_a_unit_and_one_decimal() {
        assert_eq!(shown_bytes(40), "40 B");
        assert_eq!(shown_bytes(1023), "1023 B");
        assert_eq!(shown_bytes(1024), "1.0 KiB");
        assert_eq!(shown_bytes(200_704), "196.0 KiB");
        assert_eq!(shown_bytes((1 << 20) - 1), "1.0 MiB");
        assert_eq!(shown_bytes(3 << 39), "1536.0 GiB");
    }

    #[test]
    fn numbers_are_scaled() {
        assert_eq!(short(999), "999");
        assert_eq!(short(1000), "1.0 k");
        assert_eq!(short(999_949), "999.9 k");
        assert_eq!(short(999_950), "1.0 M");
        assert_eq!(short(999_960), "1.0 M");
        assert_eq!(short(857_738), "857.7 k");
        assert_eq!(short(u64::MAX), "18446744.1 T");
    }

    #[test]
    fn counts_are_short() {
        assert_eq!(count(975), "975");
        assert_eq!(count(857_738), "857.7k");
        assert_eq!(count(999_960), "1.0M");
        assert!(count(u64::MAX).len() <= 6);
    }

    #[test]
    fn rates_have_no_needless_digits() {
        assert_eq!(short_decimal(0.001), "0.001");
        assert_eq!(short_decimal(0.000_423_4), "0.000423");
        assert_eq!(short_decimal(1.0), "1");
        assert_eq!(short_decimal(100.0), "100");
        assert_eq!(short_decimal(3e-7), "3.0e-7");
        assert_eq!(short_decimal(0.0), "0");
    }

    #[test]
    fn rates_have_two_digits() {
        for (value, shown) in [
            (0.003_162, "0.0032"),
            (0.000_1, "0.0001"),
            (0.000_012_59, "1.3e-5"),
            (1e-6, "1e-6"),
            (0.1, "0.1"),
            (1.26, "1.3"),
        ] {
            assert_eq!(two_digits(value), shown);
        }
    }
}
