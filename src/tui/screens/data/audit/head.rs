//! Draws what is listed, and how far the audit is.

use super::view::AuditView;
use crate::insight::audit::Step;
use crate::stats::Accuracy;
use crate::text::{escape_controls, grouped};
use crate::tui::audit_state::AuditPhase;
use crate::tui::screens::data::list::color;
use crate::tui::shared::Shared;
use crate::tui::widgets::gauge;
use crate::tui::widgets::label::{cut, line, plain};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

pub fn draw(view: &AuditView, frame: &mut Frame<'_>, area: Rect, shared: &Shared) {
    let theme = shared.theme;
    let room = usize::from(area.width);
    let count = view.shown.len();
    let place = match count {
        0 => "0".to_owned(),
        count => format!(
            "{}/{}",
            grouped(view.position as u64 + 1),
            grouped(count as u64)
        ),
    };
    let title = format!("suspicious {} images: {}", view.kind.name(), view.wanted());
    let spans = vec![
        Span::styled(cut(&title, room, theme), color(view.kind, theme)),
        Span::styled(format!("  {place}"), theme.dim()),
    ];
    frame.render_widget(Line::from(spans), line(area, 0));
    let at = line(area, 1);
    match &shared.audit.phase {
        AuditPhase::Running(Some(step)) => {
            let (label, share) = match *step {
                Step::Comparing(share) => ("comparing images".to_owned(), share),
                Step::Training {
                    fold,
                    folds,
                    epoch,
                    epochs,
                    share,
                } => {
                    let epoch = epoch + 1;
                    (
                        format!("judging labels: fold {fold}/{folds}, epoch {epoch}/{epochs}"),
                        share,
                    )
                }
            };
            gauge::draw(
                frame,
                at,
                theme,
                &label,
                share,
                &format!("{:.0} %", 100.0 * share),
            );
        }
        phase => {
            let text = plain(&status(phase, shared), theme);
            frame.render_widget(Span::styled(cut(&text, room, theme), theme.dim()), at);
        }
    }
}

/// How the audit ended, or why it says nothing.
fn status(phase: &AuditPhase, shared: &Shared) -> String {
    match phase {
        AuditPhase::Idle => "A looks for suspicious images".into(),
        AuditPhase::Running(_) => "the audit begins".into(),
        AuditPhase::Stopping => "stopping".into(),
        AuditPhase::Stopped => "stopped; A begins anew".into(),
        AuditPhase::Failed => "the audit failed; A tries again".into(),
        AuditPhase::Done => match &shared.audit.labels {
            Some(labels) => {
                let (accuracy, images) = labels.accuracy;
                format!(
                    "labels judged by {}, {} folds: right on {} of unseen images",
                    escape_controls(&labels.network),
                    labels.folds,
                    Accuracy::of(accuracy, images)
                )
            }
            None if shared.audit.lacks_labels() => "labels were not judged; A does it".into(),
            None => "of a single class no label is wrong".into(),
        },
    }
}
