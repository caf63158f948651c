//! Spans of time.

use super::numbers::count;

/// A time in seconds as `30.1 s`, `12 min 05 s` or `3 h 20 min`.
pub fn duration(seconds: f64) -> String {
    if seconds < 99.95 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round() as u64;
    if whole < 3600 {
        format!("{} min {:02} s", whole / 60, whole % 60)
    } else {
        format!("{} h {:02} min", whole / 3600, whole % 3600 / 60)
    }
}

/// A time in seconds for narrow columns: `8.1 s`, `2:05`, `3:20:00`; `-` for what is no time.
pub fn clock(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "-".into();
    }
    // The sum of no numbers is -0.0; adding zero removes the sign.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_sensible_digits() {
        assert_eq!(duration(30.06), "30.1 s");
        assert_eq!(duration(99.96), "1 min 40 s");
        assert_eq!(duration(725.0), "12 min 05 s");
        assert_eq!(duration(12_000.0), "3 h 20 min");
    }

    #[test]
    fn clock_times_are_short() {
        assert_eq!(clock(8.06), "8.1 s");
        assert_eq!(clock(59.96), "1:00");
        assert_eq!(clock(12_000.0), "3:20:00");
        assert_eq!(clock(f64::NAN), "-");
        assert!(clock(1e300).len() <= 8);
    }
}
