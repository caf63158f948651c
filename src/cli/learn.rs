//! `fmnist-tui learn`.

use super::app;
use super::errors::Usage;
use super::output::{print, print_json};
use crate::explain::lesson::{Lesson, lessons};
use crate::text::escape_controls;
use crate::text::table::Table;
use crate::tui::screens::titles;
use color_eyre::eyre::Result;
use serde::Serialize;
use std::path::Path;

/// Options of `learn`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A lesson, as `--list` names it, or the file of a teacher's own [default: the app opens with the list]
    lesson: Option<String>,
    /// List the lessons
    #[arg(long, conflicts_with_all = ["lesson", "check"])]
    list: bool,
    /// Only read the lesson and say what is wrong with it
    #[arg(long, requires = "lesson")]
    check: bool,
    /// With --list or --check: print one JSON object instead of text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    app: app::Args,
}

/// Opens the app with a lesson, or lists what there is.
pub fn run(args: &Args) -> Result<()> {
    if args.list {
        let lessons = lessons(&titles());
        return match args.json {
            true => print_json(&List {
                lessons: lessons.iter().map(Row::of).collect(),
            }),
            false => print(&table(&lessons)),
        };
    }
    let lesson = args.lesson.as_deref().map(find).transpose()?;
    match (lesson, args.check) {
        (Some(lesson), true) if args.json => print_json(&Row::of(&lesson)),
        (Some(lesson), true) => print(&format!(
            "{}: {} steps, {} claims, nothing wrong\n",
            escape_controls(&lesson.title),
            lesson.steps.len(),
            lesson.claims()
        )),
        _ if args.json => Err(Usage("--json is for --list and --check".into()).into()),
        (lesson, _) => app::run_with(&args.app, Some(lesson)),
    }
}

/// The lesson of this name, or in this file.
fn find(name: &str) -> Result<Lesson> {
    let titles = titles();
    let shipped = lessons(&titles);
    if let Some(lesson) = shipped.iter().find(|lesson| lesson.name == name) {
        return Ok(lesson.clone());
    }
    let path = Path::new(name);
    // What looks like a name is one that was misspelt, not a file that is missing.
    let is_name = path.extension().is_none() && !name.contains('/');
    if is_name && !path.exists() {
        let names: Vec<&str> = shipped.iter().map(|lesson| lesson.name.as_str()).collect();
        let name = escape_controls(name);
        let problem = format!(
            "there is no lesson {name:?}; there are {}",
            names.join(", ")
        );
        return Err(Usage(problem).into());
    }
    Ok(Lesson::read(path, &titles)?)
}

fn table(lessons: &[Lesson]) -> String {
    let mut table = Table::new(&["lesson", ">minutes", "about"]);
    for lesson in lessons {
        table.row([
            lesson.name.clone(),
            lesson.minutes.to_string(),
            lesson.about.clone(),
        ]);
    }
    table.text()
}

/// The object that `--list --json` prints.
#[derive(Serialize)]
struct List<'a> {
    lessons: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    lesson: &'a str,
    title: &'a str,
    about: &'a str,
    minutes: u32,
    images: Option<usize>,
    steps: usize,
    claims: usize,
}

impl<'a> Row<'a> {
    fn of(lesson: &'a Lesson) -> Self {
        Self {
            lesson: &lesson.name,
            title: &lesson.title,
            about: &lesson.about,
            minutes: lesson.minutes,
            images: lesson.images,
            steps: lesson.steps.len(),
            claims: lesson.claims(),
        }
    }
}
