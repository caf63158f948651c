//! The keys that work on every screen.

use super::binding::{Binding, Context, on};
use super::key::{BACK_TAB, ESC, F1, Key, TAB, char, ctrl};
use crate::tui::action::Action;
use crate::tui::overlays::{EXPLANATION, FETCH, HELP, LESSONS};
use crate::tui::screens::SCREENS;
use std::sync::LazyLock;

const EVERYWHERE: Context = Context::GLOBAL;

#[rustfmt::skip]
const BEFORE_THE_DIGITS: &[Binding<Action>] = &[
    on(EVERYWHERE, &[char('t')], Action::StartTraining, "train", "train the network of the Design screen"),
    on(EVERYWHERE, &[char('s')], Action::SaveModel, "save", "save the trained model (last or best)"),
    on(EVERYWHERE, &[char('L')], Action::LoadModel, "load", "load a saved model"),
    on(EVERYWHERE, &[char('D')], Action::ShowFetch, "", "fetch Fashion-MNIST over the network").opens(FETCH),
    on(EVERYWHERE, &[char('H')], Action::Learn, "", "lessons: learn by doing; in a lesson, leave it").opens(LESSONS),
    on(EVERYWHERE, &[char('i'), F1], Action::Explain, "explain", "explain what the cursor is on, with today's numbers; search all topics").pinned().opens(EXPLANATION),
    on(EVERYWHERE, &[char('?')], Action::Help, "help", "all keys of this screen").pinned().opens(HELP),
    on(EVERYWHERE, &[char(':'), ctrl('p')], Action::FindAction, "find", "find any action by its name, and do it"),
    on(EVERYWHERE, &[char('q'), ctrl('c')], Action::Quit, "quit", "leave").pinned(),
    on(EVERYWHERE, &[TAB], Action::NextScreen, "", "the next screen"),
    on(EVERYWHERE, &[BACK_TAB], Action::PreviousScreen, "", "the screen before"),
];

#[rustfmt::skip]
const AFTER_THE_DIGITS: &[Binding<Action>] = &[
    on(EVERYWHERE, &[char('<')], Action::EarlierEpoch, "earlier", "back in time: all screens as they were an epoch before"),
    on(EVERYWHERE, &[char('>')], Action::LaterEpoch, "", "an epoch on; past the last one it is now again"),
    on(EVERYWHERE, &[char('Z')], Action::ShowAlone, "", "in a large terminal: this screen alone, or all four side by side"),
    on(EVERYWHERE, &[char('T')], Action::NextTheme, "", "the next colour theme"),
    on(EVERYWHERE, &[ESC], Action::Dismiss, "", "dismiss an error, close what is open, return to now, or leave a lesson"),
];

/// The keys of the first nine tabs.
#[rustfmt::skip]
const DIGITS: [Key; 9] = [
    char('1'), char('2'), char('3'), char('4'), char('5'), char('6'), char('7'), char('8'), char('9'),
];

static GLOBAL: LazyLock<Vec<Binding<Action>>> = LazyLock::new(|| {
    let digits = DIGITS.chunks(1).zip(SCREENS).enumerate();
    let digits = digits
        .map(|(index, (key, tab))| on(EVERYWHERE, key, Action::Go(index), "", tab.title))
        .collect();
    [
        BEFORE_THE_DIGITS.to_vec(),
        digits,
        AFTER_THE_DIGITS.to_vec(),
    ]
    .concat()
});

/// The rows of [`Context::GLOBAL`], among them a digit for each tab.
pub fn global() -> &'static [Binding<Action>] {
    &GLOBAL
}
