//! The fetch of the real data: a bar per file. It goes on when this is closed.

use super::popup::popup;
use crate::text::escape_controls;
use crate::tui::action::Action;
use crate::tui::fetch_state::{FetchPhase, FetchState, FetchedFile};
use crate::tui::keys::{Binding, Context, ENTER, ESC, char, on};
use crate::tui::shared::Shared;
use crate::tui::theme::Theme;
use crate::tui::widgets::label::plain;
use crate::tui::widgets::{gauge, numbers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};

/// Where keys go while the fetch is shown.
pub const CONTEXT: Context = Context::without_global_keys("Fetching data");

/// The keys of the fetch.
#[rustfmt::skip]
pub const KEYS: &[Binding<Action>] = &[
    on(CONTEXT, &[ENTER], Action::StartFetch, "fetch", "fetch what is missing"),
    on(CONTEXT, &[char('x')], Action::StopFetch, "stop", "stop; the next fetch goes on from there"),
    on(CONTEXT, &[ESC, char('D')], Action::Dismiss, "close", "close; the fetch goes on"),
];

/// Columns of a bar.
const BAR: usize = 18;

/// Draws the state of the fetch.
pub fn draw(frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
    let (fetch, theme) = (&shared.fetch, shared.theme);
    let inner = popup(frame, area, (74, 13), "Fetch Fashion-MNIST", shared);
    let mut lines: Vec<Line<'_>> = fetch.files.iter().map(|file| row(file, theme)).collect();
    lines.push(Line::from(""));
    lines.push(Line::from(summary(fetch)));
    let trouble = plain(&escape_controls(&fetch.trouble), theme);
    lines.push(Line::styled(trouble, theme.warning()));
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), inner);
    let hint = match fetch.phase {
        FetchPhase::Running => "x stop   Esc close, it goes on",
        FetchPhase::Stopping => "Esc close",
        _ => "Enter fetch   Esc close",
    };
    let last = Rect {
        y: inner.bottom().saturating_sub(1),
        height: inner.height.min(1),
        ..inner
    };
    frame.render_widget(Line::styled(hint, theme.accent()), last);
}

fn row(file: &FetchedFile, theme: Theme) -> Line<'static> {
    let all = numbers::count(file.file.bytes);
    let text = if file.done {
        format!("{all:>6}B, checked")
    } else {
        format!("{:>6}B of {all}B", numbers::count(file.bytes))
    };
    let share = file.bytes as f64 / file.file.bytes.max(1) as f64;
    gauge::line(theme, &format!("{:<26}", file.file.name), share, BAR, &text)
}

fn summary(fetch: &FetchState) -> String {
    let (there, all) = fetch.bytes();
    let all = numbers::count(all);
    match fetch.phase {
        FetchPhase::Idle => {
            format!("The real data: 60,000 + 10,000 images, {all}B, into your data folder.")
        }
        FetchPhase::Running => {
            let percent = format!("{:.0} % of {all}B", fetch.share() * 100.0);
            match fetch.seconds_left() {
                Some(seconds) => format!(
                    "{percent}   {}B/s   {} left",
                    numbers::count(fetch.bytes_per_second as u64),
                    numbers::time(seconds)
                ),
                None => percent,
            }
        }
        FetchPhase::Stopping => "Stopping.".into(),
        FetchPhase::Stopped => format!(
            "Stopped at {}B of {all}B; the next fetch goes on from there.",
            numbers::count(there)
        ),
        FetchPhase::Done => "All four files are there and checked.".into(),
        FetchPhase::Failed => "Failed; the line at the bottom says why.".into(),
    }
}
