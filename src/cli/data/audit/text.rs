//! An audit in words.

use super::args::Args;
use super::audited::Audited;
use crate::cli::output::data_line;
use crate::insight::audit::{Balance, Findings, Part, Reason, reason};
use crate::stats::Accuracy;
use crate::text::table::Table;
use crate::text::{cut_marked, escape_controls, first, grouped, quoted, wrap};

/// Columns of a terminal.
const WIDTH: usize = 80;
/// Longest name of a class in a sentence.
const NAME: usize = 24;

/// A kind of findings: what it is called, and whether a reason is of it.
type Kind = (&'static str, fn(&Reason) -> bool);

const KINDS: &[Kind] = &[
    ("label likely wrong", |reason| {
        matches!(reason, Reason::Label(_))
    }),
    ("nearly an image of the other split", |reason| {
        matches!(reason, Reason::Across(_))
    }),
    ("nearly an image before it", |reason| {
        matches!(reason, Reason::Repeats(_))
    }),
    ("all pixels the same", |reason| {
        matches!(reason, Reason::Constant)
    }),
    ("background of a negative", |reason| {
        matches!(reason, Reason::Inverted)
    }),
];

/// What was found, how much of it, the worst examples, and what to do next.
pub fn text(args: &Args, audited: &Audited) -> String {
    let Audited {
        dataset,
        labels,
        findings,
        ..
    } = audited;
    let images = |part: Part| grouped(part.split(dataset).len() as u64);
    let data = format!(
        "Data: {}, {} training and {} validation images",
        data_line(dataset),
        images(Part::Training),
        images(Part::Validation)
    );
    let judged = match labels {
        Some(labels) => {
            let (accuracy, images) = labels.accuracy;
            format!(
                "Labels: judged by {}, {} folds, {} epoch{}; right on {} of unseen images",
                first(&escape_controls(&labels.network), NAME),
                labels.folds,
                labels.epochs,
                if labels.epochs == 1 { "" } else { "s" },
                Accuracy::of(accuracy, images)
            )
        }
        None => "Labels: not checked".to_owned(),
    };
    let mut text = String::new();
    for line in [data, judged].iter().flat_map(|text| wrap(text, WIDTH)) {
        text.push_str(&line);
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&counts(findings, labels.is_some()));
    text.push('\n');
    text.push_str(&balance(audited));
    for (name, is_of) in KINDS {
        text.push_str(&worst(args, audited, name, is_of));
    }
    text.push('\n');
    text.push_str(&next(args, findings));
    text
}

fn counts(findings: &Findings, with_labels: bool) -> String {
    let mut table = Table::new(&["suspicious", ">training", ">validation"]);
    let mut row = |name: String, is_of: &dyn Fn(&Reason) -> bool| {
        let count = |part| grouped(findings.those(part, is_of).len() as u64);
        table.row([name, count(Part::Training), count(Part::Validation)]);
    };
    let kinds = KINDS.iter().skip(usize::from(!with_labels));
    for (name, is_of) in kinds {
        row((*name).to_owned(), is_of);
        if findings
            .all
            .iter()
            .any(|it| is_of(&it.reason) && it.reason.twin().is_some())
        {
            let is_exact =
                |reason: &Reason| is_of(reason) && reason.twin().is_some_and(|twin| twin.is_exact);
            row("  of these the very same".to_owned(), &is_exact);
        }
    }
    let count = |part| grouped(findings.images(part).len() as u64);
    table.row([
        "images in all".to_owned(),
        count(Part::Training),
        count(Part::Validation),
    ]);
    table.text()
}

fn balance(audited: &Audited) -> String {
    let counts = &audited.checked.balance.training;
    let there = || counts.iter().copied().filter(|count| *count > 0);
    let (Some(least), Some(most)) = (there().min(), there().max()) else {
        return "Classes: none has images\n".into();
    };
    let mut text = match least == most {
        true => format!("Classes: {} training images each", grouped(most as u64)),
        false => format!(
            "Classes: {} to {} training images, the largest {:.1} times the smallest",
            grouped(least as u64),
            grouped(most as u64),
            Balance::ratio(counts)
        ),
    };
    let empty = Balance::empty(counts);
    if let [class, others @ ..] = &empty[..] {
        let name = first(&escape_controls(&audited.dataset.class_names[*class]), NAME).to_owned();
        let more = match others.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        text.push_str(&format!("\nWithout training images: {name}{more}"));
    }
    text.push('\n');
    text
}

/// The worst examples of a kind, in both splits.
fn worst(args: &Args, audited: &Audited, name: &str, is_of: &dyn Fn(&Reason) -> bool) -> String {
    let mut text = String::new();
    for part in Part::BOTH {
        let those = audited.findings.those(part, is_of);
        // Each pair across the splits is listed once, where it can be left out.
        let is_other_side = part == Part::Validation
            && those
                .iter()
                .all(|it| matches!(it.reason, Reason::Across(_)));
        if those.is_empty() || is_other_side || args.worst == 0 {
            continue;
        }
        text.push_str(&format!("\n{} images, {name}:\n", capital(part.name())));
        for finding in those.iter().take(args.worst) {
            let image = grouped(u64::from(finding.image));
            let line = format!("{image:>9}  {}", reason(finding, &audited.dataset));
            text.push_str(&cut_marked(&line, WIDTH, false));
            text.push('\n');
        }
    }
    text
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn next(args: &Args, findings: &Findings) -> String {
    if findings.images(Part::Training).is_empty() {
        return "Next: no training image is suspicious; there is nothing to leave out.\n".into();
    }
    let sentence = match &args.out {
        Some(path) => format!(
            "Next: look at the images (the app shows them: key A on the Data screen), remove the lines of those to \
             keep, and train without the others: fmnist-tui train --preset tiny --exclude {}",
            quoted(&path.display().to_string())
        ),
        None => "Next: the app shows these images (key A on the Data screen); --out FILE writes the list of the \
                 training images among them, and fmnist-tui train --exclude FILE trains without them."
            .to_owned(),
    };
    wrap(&sentence, WIDTH).join("\n") + "\n"
}
