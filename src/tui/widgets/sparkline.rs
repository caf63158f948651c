//! A line of small bars.

use crate::text::ticks;
use crate::tui::theme::Theme;

/// `values` as bars in `width` columns, from their smallest to their largest. They are the first of
/// `total`: what is still to come stays empty. Where several fall into a column, it shows their mean.
pub fn bars(values: &[f64], total: usize, width: usize, theme: Theme) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    const ASCII: [char; 8] = ['_', '.', ':', '-', '=', '+', '*', '#'];
    let signs = if theme.ascii { ASCII } else { BARS };
    let total = total.max(values.len()).max(1);
    let means: Vec<Option<f64>> = (0..width)
        .map(|column| {
            let first = column * total / width;
            let last = ((column + 1) * total / width).max(first + 1);
            let bin = values.get(first..last.min(values.len()))?;
            let drawn = bin.iter().copied().filter(|value| value.is_finite());
            let (sum, count) = drawn.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
            (count > 0).then(|| sum / f64::from(count))
        })
        .collect();
    let Some((low, high)) = ticks::range(means.iter().flatten().copied()) else {
        return String::new();
    };
    means
        .into_iter()
        .map(|mean| match mean {
            Some(_) if high <= low => signs[3],
            Some(mean) => {
                let share = ((mean - low) / (high - low)).clamp(0.0, 1.0);
                signs[((share * 8.0) as usize).min(7)]
            }
            None => ' ',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_fill_the_share_that_is_done() {
        let theme = Theme::default();
        assert_eq!(bars(&[0.0, 1.0], 4, 8, theme), "▁▁██    ");
        assert_eq!(bars(&[0.0, 0.0, 8.0, 8.0], 4, 2, theme), "▁█");
        assert_eq!(bars(&[0.5], 1, 3, theme), "▄▄▄");
        assert_eq!(bars(&[], 9, 3, theme), "");
        assert_eq!(bars(&[f64::NAN], 1, 3, theme), "");
        assert_eq!(bars(&[1.0], 1, 0, theme), "");
    }
}
