//! Numbers as they stand in narrow columns.

/// A count in at most six characters: `975`, `12.4k`, `857.7k`, `1.2M`.
pub fn count(number: u64) -> String {
    let mut value = number as f64;
    for unit in ["", "k", "M", "G", "T"] {
        if value < 999.95 {
            return if unit.is_empty() {
                number.to_string()
            } else {
                format!("{value:.1}{unit}")
            };
        }
        value /= 1000.0;
    }
    format!("{value:.0}P")
}

/// A time as `8.1 s`, `2:05` or `3:20:00`.
pub fn time(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "-".into();
    }
    // The sum of no seconds is minus zero.
    let seconds = seconds + 0.0;
    if seconds < 59.95 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round() as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole % 3600 / 60, whole % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        1..=999 => format!("{hours}:{minutes:02}:{seconds:02}"),
        _ => format!("{} d", count(hours / 24)),
    }
}

/// A rate or a step size without needless digits: `0.001`, `0.00042`, `3e-6`.
pub fn plain(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    if !(1e-5..1e6).contains(&size) {
        return format!("{value:.1e}");
    }
    // Three significant digits, without the zeros at their end.
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
    fn counts_and_times_are_short() {
        assert_eq!(count(975), "975");
        assert_eq!(count(857_738), "857.7k");
        assert_eq!(count(999_960), "1.0M");
        assert!(count(u64::MAX).len() <= 6);
        assert_eq!(time(8.06), "8.1 s");
        assert_eq!(time(59.96), "1:00");
        assert_eq!(time(12_000.0), "3:20:00");
        assert_eq!(time(f64::NAN), "-");
        assert!(time(1e300).len() <= 8);
    }

    #[test]
    fn rates_have_no_needless_digits() {
        assert_eq!(plain(0.001), "0.001");
        assert_eq!(plain(0.000_423_4), "0.000423");
        assert_eq!(plain(1.0), "1");
        assert_eq!(plain(100.0), "100");
        assert_eq!(plain(3e-7), "3.0e-7");
        assert_eq!(plain(0.0), "0");
    }
}
