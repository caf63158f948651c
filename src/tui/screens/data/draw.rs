//! Draws the screen from its parts.

use super::geometry::Geometry;
use super::state::Data;
use super::{empty, examples, head, list, words};
use crate::tui::shared::Shared;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::{Paragraph, Wrap};

pub fn draw(screen: &Data, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
    let area = area.intersection(frame.area());
    let Some(facts) = &screen.facts else {
        empty::draw(frame, area, shared);
        return;
    };
    let place = Geometry::of(area, facts, screen.class);
    head::draw(frame, place.facts, facts, shared);
    if let Some(text) = words::imbalance(facts) {
        let text = Paragraph::new(text).style(shared.theme.warning());
        frame.render_widget(text.wrap(Wrap { trim: true }), place.sentence);
    }
    list::draw(frame, &place, facts, (screen.class, screen.kind), shared);
    examples::draw(screen, frame, place.examples, facts, shared);
}
