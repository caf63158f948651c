//! One module per screen: its state, its keys, `update` and `draw`.

pub mod confusion;
pub mod design;
pub mod runs;
pub mod samples;
pub mod train;

/// The screens, in the order of their tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    /// The stack of layers.
    #[default]
    Design,
    /// The curves.
    Train,
    /// The confusion matrix.
    Confusion,
    /// The sample viewer.
    Samples,
    /// Earlier runs.
    Runs,
}

impl Screen {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Design,
        Self::Train,
        Self::Confusion,
        Self::Samples,
        Self::Runs,
    ];

    /// The tab's name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Design => "Design",
            Self::Train => "Train",
            Self::Confusion => "Confusion",
            Self::Samples => "Samples",
            Self::Runs => "Runs",
        }
    }

    /// The screen `steps` tabs further, around the end.
    pub fn step(self, steps: usize) -> Self {
        let position = Self::ALL.iter().position(|screen| *screen == self);
        Self::ALL[(position.unwrap_or(0) + steps) % Self::ALL.len()]
    }
}
