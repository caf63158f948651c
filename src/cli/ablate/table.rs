//! The ladder as text: a line a part, its interval drawn around 0.

use crate::cli::sweep::{Counts, bad_members};
use crate::insight::{Ablation, Rung};
use crate::stats::{Accuracy, Spread};
use crate::sweep::{Standing, Sweep};
use crate::text::table::Table;
use crate::text::{Scale, cut, escape_controls};

/// Cells of the drawing.
const CELLS: usize = 19;
/// Cells of a part's name.
const NAME: usize = 25;

/// The ladder with everything a reader must know of it.
pub fn text(sweep: &Sweep, standings: &[Standing], ablation: &Ablation) -> String {
    let name = escape_controls(&sweep.plan.spec.name);
    let mut text = format!(
        "What each part of {name} brings\nΔ: {}\n",
        Ablation::MEANING
    );
    text.push_str(&format!("{}\n", ablation.exactness()));
    text.push_str(&whole(ablation));
    text.push_str(&rungs(ablation));
    text.push_str(
        "helps, harms: the interval does not hold 0; open: it does, or there is none yet\n",
    );
    text.push_str(&bad_members(sweep, standings));
    text.extend(Counts::of(standings).missing_line());
    text
}

fn whole(ablation: &Ablation) -> String {
    let accuracy = match ablation.whole {
        None => "not trained yet".to_owned(),
        Some(Spread { mean, count: 1, .. }) => {
            format!(
                "{} %, one seed",
                Accuracy::of(mean, ablation.images).percent()
            )
        }
        Some(spread) => format!(
            "{} %, {} seeds, {}",
            spread.percent(),
            spread.count,
            Spread::MEANING
        ),
    };
    format!("Whole network: {accuracy}\n\n")
}

fn rungs(ablation: &Ablation) -> String {
    let scale = Scale::of(&ablation.intervals());
    let mut table = Table::new(&["left out", ">Δ points", &scale.edges(CELLS), "", "seeds"]);
    for rung in &ablation.rungs {
        table.row(row(rung, ablation.seeds, scale));
    }
    table.text()
}

fn row(rung: &Rung, seeds: usize, scale: Scale) -> [String; 5] {
    let (points, drawing) = match rung.difference {
        None => ("-".to_owned(), String::new()),
        Some(found) => {
            let half = found.half_width.map(|half| 100.0 * half);
            (
                found.points(),
                scale.draw(100.0 * found.mean, half, CELLS, false),
            )
        }
    };
    let verdict = rung.verdict().word().to_owned();
    let seeds = rung.seeds_in_words(seeds);
    [
        cut(&rung.name, NAME, false),
        points,
        drawing,
        verdict,
        seeds,
    ]
}
