//! The picker of presets and spec files.

use super::table::Table;
use super::training;
use crate::data::Dataset;
use crate::spec::{PRESETS, Preset, Spec};
use crate::text::{escape_controls, wrap};
use crate::tui::theme::Theme;
use crate::tui::widgets::filter::Filter;
use crate::tui::widgets::filter_list::{below, draw_filter, draw_matches};
use crate::tui::widgets::label::{cut_marked, plain};
use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;
use std::path::{Path, PathBuf};

/// The open picker.
#[derive(Debug)]
pub struct Picker {
    /// What is typed.
    pub filter: Filter,
    entries: Vec<Entry>,
    /// Whether the files of the working directory are in the list.
    listed: bool,
}

/// A preset or a file.
#[derive(Debug)]
struct Entry {
    name: String,
    about: String,
    spec: Result<(Spec, Table), String>,
}

impl Picker {
    /// A picker with the presets, made to fit the data where that is there; files follow.
    pub fn new(dataset: Option<&Dataset>) -> Self {
        let presets = PRESETS.iter().map(|preset| {
            let spec = fitted_preset(preset, dataset);
            Entry::new(preset.name.to_owned(), preset.about.to_owned(), spec)
        });
        let mut picker = Self {
            filter: Filter::default(),
            entries: presets.collect(),
            listed: false,
        };
        picker.narrow();
        picker
    }

    /// Adds the spec files; what is chosen stays chosen.
    pub fn list(&mut self, files: Vec<(PathBuf, Result<Spec, String>)>) {
        if self.listed {
            return;
        }
        self.listed = true;
        let chosen = self.filter.item();
        self.entries.extend(files.into_iter().map(|(path, spec)| {
            let name = escape_controls(&path.display().to_string());
            Entry::new(name, "spec file".to_owned(), spec)
        }));
        self.narrow();
        let still = |item: &usize| Some(*item) == chosen;
        self.filter.chosen = self.filter.matches.iter().position(still).unwrap_or(0);
    }

    /// Takes a key of the filter.
    pub fn type_key(&mut self, key: KeyEvent) {
        if self.filter.type_key(key) {
            self.narrow();
        }
    }

    /// Takes a pasted text.
    pub fn paste(&mut self, text: &str) {
        self.filter.text.paste(text);
        self.narrow();
    }

    /// Matches the entries again.
    pub fn narrow(&mut self) {
        self.filter
            .narrow(self.entries.iter().map(|entry| &*entry.name));
    }

    fn chosen(&self) -> Option<&Entry> {
        self.entries.get(self.filter.item()?)
    }

    /// The chosen spec, or why there is none to open.
    ///
    /// # Errors
    /// When nothing matches or the file is no valid spec.
    pub fn spec(&self) -> Result<Spec, String> {
        let entry = self.chosen().ok_or("nothing is called that")?;
        match &entry.spec {
            Ok((spec, _)) => Ok(spec.clone()),
            Err(error) => Err(format!("cannot open it: {error}")),
        }
    }

    /// Columns of the list.
    pub fn list_width(area: Rect) -> u16 {
        if area.width < 44 {
            area.width
        } else {
            (area.width / 3).clamp(20, 32)
        }
    }

    /// Draws the list and what is in the chosen entry.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        draw_filter(frame, area, &self.filter.text, "open", theme);
        let rest = below(area);
        let [list, _, preview] = Layout::horizontal([
            Constraint::Length(Self::list_width(area)),
            Constraint::Length(1),
            Constraint::Min(0),
        ])
        .areas(rest);
        let list = list.intersection(frame.area());
        let none = "nothing is called that";
        draw_matches(frame, list, &self.filter, none, theme, |item| {
            let entry = self.entries.get(item)?;
            Some((entry.name.clone(), entry.spec.is_ok()))
        });
        if let Some(entry) = self.chosen() {
            entry.draw(frame, preview.intersection(frame.area()), theme);
        }
    }
}

/// A preset, made to fit the data where that is there; or what is wrong with it.
///
/// # Errors
/// When its layers do not fit the images.
pub fn fitted_preset(preset: &Preset, dataset: Option<&Dataset>) -> Result<Spec, String> {
    let spec = Spec::parse(preset.json, Path::new(preset.name));
    let spec = spec.map_err(|error| error.to_string())?;
    let fitted = match dataset {
        Some(dataset) => spec.adapted(dataset.input(), dataset.classes(), &dataset.name),
        None => Ok(spec),
    };
    let fitted = fitted.map_err(|problem| format!("it does not fit the images: {problem}"))?;
    Ok(fitted.into_spec())
}

impl Entry {
    fn new(name: String, about: String, spec: Result<Spec, String>) -> Self {
        Self {
            name,
            about,
            spec: spec.map(|spec| {
                let table = Table::of_spec(&spec);
                (spec, table)
            }),
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
        if area.is_empty() {
            return;
        }
        let (spec, table) = match &self.spec {
            Ok((spec, table)) => (spec, table),
            Err(error) => {
                let text = wrap(&escape_controls(error), usize::from(area.width));
                let lines: Vec<Line<'_>> = text.into_iter().map(Line::from).collect();
                frame.render_widget(Paragraph::new(lines).style(theme.bad()), area);
                return;
            }
        };
        let width = usize::from(area.width);
        let abouts = wrap(&plain(&self.about, theme), width);
        let [about, header, rows, totals, training] = Layout::vertical([
            Constraint::Length(abouts.len() as u16),
            Constraint::Length(1),
            Constraint::Min(1),
            Constraint::Length(1),
            Constraint::Length(1),
        ])
        .areas(area);
        let abouts: Vec<Line<'_>> = abouts.into_iter().map(Line::from).collect();
        frame.render_widget(Paragraph::new(abouts).style(theme.accent()), about);
        Table::draw_header(frame, header, theme);
        table.draw(frame, rows, None, theme);
        table.draw_totals(frame, totals, &[], theme);
        let text = format!("     {}", training::first_line(spec, theme));
        let text = cut_marked(&text, width, theme);
        frame.render_widget(Line::styled(text, theme.dim()), training);
    }
}
