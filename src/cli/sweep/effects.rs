//! What mattered in a sweep, as text.

use crate::insight::Effects;
use crate::text::table::Table;

/// A row a value, below the settings in the order of how much they move the accuracy. None where nothing can be
/// compared.
pub fn text(effects: &Effects) -> Option<String> {
    let compared = effects.settings.iter().filter(|it| it.levels.len() > 1);
    let mut table = Table::new(&["setting", "value", ">runs", ">accuracy", ">Δ points", ""]);
    let mut rows = 0;
    for setting in compared {
        for (index, level) in setting.levels.iter().enumerate() {
            let word = match index {
                0 => setting.matters().word(),
                _ => "",
            };
            let points = level.difference.map(|it| it.points());
            table.row(vec![
                setting.key.clone(),
                level.value.clone(),
                level.accuracy.count.to_string(),
                level.accuracy.to_string(),
                points.unwrap_or_else(|| "-".into()),
                word.into(),
            ]);
            rows += 1;
        }
    }
    let runs = effects.runs;
    (rows > 0).then(|| {
        format!(
            "\nWhat mattered, by {runs} runs\nΔ: {}\n{}",
            effects.meaning(),
            table.text()
        )
    })
}
