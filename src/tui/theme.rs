//! Colours with meaning, for the terminals there are.

use ratatui::style::{Color, Modifier, Style};

/// A set of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Palette {
    /// Light on dark.
    #[default]
    Dark,
    /// Dark on light.
    Light,
    /// Light on dark, safe for every kind of colour vision (Okabe & Ito 2008).
    ColorBlind,
}

/// How many colours the terminal has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// 16 million.
    #[default]
    True,
    /// 256.
    Indexed,
    /// The 16 that the terminal's user chose.
    Basic,
    /// None (`NO_COLOR`): letters, bold and reverse carry the meaning.
    None,
}

/// Colours and signs. Screens name a meaning, never a colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    /// The set of colours.
    pub palette: Palette,
    /// What the terminal can show.
    pub depth: Depth,
    /// Only characters of ASCII.
    pub ascii: bool,
}

type Rgb = (u8, u8, u8);

/// Classes that have a colour of their own.
pub const CLASS_COLORS: usize = 10;

/// The colours of a palette: `(true colour, one of the basic 16)`.
struct Colors {
    accent: (Rgb, Color),
    dim: (Rgb, Color),
    grid: (Rgb, Color),
    good: (Rgb, Color),
    bad: (Rgb, Color),
    warning: (Rgb, Color),
    training: (Rgb, Color),
    training_evaluated: (Rgb, Color),
    validation: (Rgb, Color),
    selection: (Rgb, Color),
}

impl Palette {
    fn colors(self) -> Colors {
        match self {
            Self::Dark => Colors {
                accent: ((122, 162, 247), Color::LightBlue),
                dim: ((110, 118, 145), Color::DarkGray),
                grid: ((48, 54, 72), Color::DarkGray),
                good: ((158, 206, 106), Color::LightGreen),
                bad: ((247, 118, 142), Color::LightRed),
                warning: ((224, 175, 104), Color::LightYellow),
                training: ((187, 154, 247), Color::LightMagenta),
                training_evaluated: ((135, 108, 184), Color::Magenta),
                validation: ((125, 207, 255), Color::LightCyan),
                selection: ((41, 52, 84), Color::Blue),
            },
            Self::Light => Colors {
                accent: ((30, 90, 190), Color::Blue),
                dim: ((125, 130, 140), Color::DarkGray),
                grid: ((222, 225, 230), Color::Gray),
                good: ((45, 125, 50), Color::Green),
                bad: ((195, 35, 50), Color::Red),
                warning: ((165, 105, 0), Color::Yellow),
                training: ((125, 60, 180), Color::Magenta),
                training_evaluated: ((175, 135, 215), Color::LightMagenta),
                validation: ((0, 120, 150), Color::Cyan),
                selection: ((205, 222, 250), Color::Gray),
            },
            Self::ColorBlind => Colors {
                accent: ((86, 180, 233), Color::LightBlue),
                dim: ((120, 124, 130), Color::DarkGray),
                grid: ((52, 55, 60), Color::DarkGray),
                good: ((86, 180, 233), Color::LightCyan),
                bad: ((230, 120, 40), Color::LightRed),
                warning: ((240, 228, 66), Color::LightYellow),
                training: ((230, 159, 0), Color::LightYellow),
                training_evaluated: ((165, 118, 20), Color::Yellow),
                validation: ((86, 180, 233), Color::LightCyan),
                selection: ((40, 56, 70), Color::Blue),
            },
        }
    }
}

impl Theme {
    /// The next palette.
    pub fn next(self) -> Self {
        Self {
            palette: match self.palette {
                Palette::Dark => Palette::Light,
                Palette::Light => Palette::ColorBlind,
                Palette::ColorBlind => Palette::Dark,
            },
            ..self
        }
    }

    /// The palette's name.
    pub fn name(self) -> &'static str {
        match self.palette {
            Palette::Dark => "dark",
            Palette::Light => "light",
            Palette::ColorBlind => "colour-blind safe",
        }
    }

    fn pick(self, (rgb, basic): (Rgb, Color)) -> Option<Color> {
        match self.depth {
            Depth::Basic => Some(basic),
            _ => self.rgb(rgb),
        }
    }

    /// The terminal's nearest colour to any given one; none without colours.
    pub fn rgb(self, (r, g, b): Rgb) -> Option<Color> {
        match self.depth {
            Depth::True => Some(Color::Rgb(r, g, b)),
            Depth::Indexed => Some(Color::Indexed(indexed((r, g, b)))),
            Depth::Basic => Some(basic_grey((r, g, b))),
            Depth::None => None,
        }
    }

    fn foreground(self, color: (Rgb, Color)) -> Style {
        self.pick(color)
            .map_or(Style::new(), |color| Style::new().fg(color))
    }

    /// Text and background of all that no other style has: a light palette brings its paper, as the terminal's own
    /// background may be dark. None for the terminal's own.
    pub fn paper(self) -> Option<(Color, Color)> {
        let ink = self.pick(((30, 32, 40), Color::Black))?;
        let paper = self.pick(((250, 250, 250), Color::White))?;
        (self.palette == Palette::Light).then_some((ink, paper))
    }

    /// Ordinary text.
    pub fn text(self) -> Style {
        Style::new()
    }

    /// What matters less: labels, units, borders of what has no focus.
    pub fn dim(self) -> Style {
        match self.depth {
            Depth::None => Style::new().add_modifier(Modifier::DIM),
            _ => self.foreground(self.palette.colors().dim),
        }
    }

    /// Lines behind curves: fainter than what is dim, where there are colours for it.
    pub fn grid(self) -> Style {
        match self.depth {
            Depth::None | Depth::Basic => self.dim(),
            _ => self.foreground(self.palette.colors().grid),
        }
    }

    /// Where the focus is, titles, keys.
    pub fn accent(self) -> Style {
        self.foreground(self.palette.colors().accent)
            .add_modifier(Modifier::BOLD)
    }

    /// Right, best.
    pub fn good(self) -> Style {
        self.foreground(self.palette.colors().good)
    }

    /// Wrong, errors.
    pub fn bad(self) -> Style {
        match self.depth {
            Depth::None => Style::new().add_modifier(Modifier::BOLD),
            _ => self.foreground(self.palette.colors().bad),
        }
    }

    /// Notices.
    pub fn warning(self) -> Style {
        self.foreground(self.palette.colors().warning)
    }

    /// The training series.
    pub fn training(self) -> Style {
        self.foreground(self.palette.colors().training)
    }

    /// The series of training images evaluated as validation images are.
    pub fn training_evaluated(self) -> Style {
        self.foreground(self.palette.colors().training_evaluated)
    }

    /// The validation series.
    pub fn validation(self) -> Style {
        self.foreground(self.palette.colors().validation)
    }

    /// The chosen row or cell.
    pub fn selected(self) -> Style {
        match self.depth {
            Depth::None | Depth::Basic => Style::new().add_modifier(Modifier::REVERSED),
            _ => self
                .pick(self.palette.colors().selection)
                .map_or(Style::new(), |color| Style::new().bg(color)),
        }
    }

    /// A colour for the `index`-th of several runs laid over each other.
    pub fn series(self, index: usize) -> Style {
        const SERIES: [(Rgb, Color); 6] = [
            ((230, 159, 0), Color::Yellow),
            ((0, 158, 115), Color::Green),
            ((204, 121, 167), Color::Magenta),
            ((213, 94, 0), Color::Red),
            ((0, 114, 178), Color::Blue),
            ((150, 150, 150), Color::Gray),
        ];
        self.foreground(SERIES[index % SERIES.len()])
    }

    /// A colour for the images of a class, none of them that of mistakes; they come again after
    /// [`CLASS_COLORS`] classes.
    pub fn class(self, index: usize) -> Style {
        const CLASSES: [(Rgb, Color); CLASS_COLORS] = [
            ((92, 155, 255), Color::LightBlue),
            ((242, 142, 43), Color::Yellow),
            ((89, 190, 90), Color::Green),
            ((70, 205, 205), Color::Cyan),
            ((240, 215, 80), Color::LightYellow),
            ((190, 120, 225), Color::Magenta),
            ((176, 128, 88), Color::Blue),
            ((205, 208, 216), Color::Gray),
            ((170, 235, 150), Color::LightGreen),
            ((130, 125, 190), Color::LightMagenta),
        ];
        let ((r, g, b), basic) = CLASSES[index % CLASS_COLORS];
        // On paper they are darker.
        let darker = |level: u8| (u16::from(level) * 5 / 8) as u8;
        let rgb = match self.palette {
            Palette::Light => (darker(r), darker(g), darker(b)),
            Palette::Dark | Palette::ColorBlind => (r, g, b),
        };
        self.foreground((rgb, basic))
    }

    /// Background and text of a heat map's cell, `share` from 0 to 1. `right` cells (the diagonal)
    /// have a colour of their own.
    pub fn heat(self, share: f64, right: bool) -> Style {
        let colors = self.palette.colors();
        let (target, _) = if right { colors.good } else { colors.bad };
        let base = match self.palette {
            Palette::Light => (250, 250, 250),
            Palette::Dark | Palette::ColorBlind => (24, 25, 33),
        };
        // The square root lifts small shares, which are the interesting ones, out of the background.
        let share = share.clamp(0.0, 1.0).sqrt();
        let mix =
            |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * share) as u8;
        let background = (
            mix(base.0, target.0),
            mix(base.1, target.1),
            mix(base.2, target.2),
        );
        match self.depth {
            Depth::True | Depth::Indexed => {
                let luma = 0.299 * f64::from(background.0)
                    + 0.587 * f64::from(background.1)
                    + 0.114 * f64::from(background.2);
                let text = if luma > 120.0 {
                    (10, 10, 14)
                } else {
                    (225, 228, 240)
                };
                let mut style = Style::new();
                if let Some(color) = self.rgb(background) {
                    style = style.bg(color);
                }
                if let Some(color) = self.rgb(text) {
                    style = style.fg(color);
                }
                style
            }
            Depth::Basic if share > 0.3 => {
                self.foreground(if right { colors.good } else { colors.bad })
            }
            Depth::None if right || share > 0.5 => Style::new().add_modifier(Modifier::BOLD),
            Depth::Basic | Depth::None => self.dim(),
        }
    }

    /// The lines of boxes.
    pub fn borders(self) -> ratatui::symbols::border::Set<'static> {
        if self.ascii {
            ratatui::symbols::border::Set {
                top_left: "+",
                top_right: "+",
                bottom_left: "+",
                bottom_right: "+",
                vertical_left: "|",
                vertical_right: "|",
                horizontal_top: "-",
                horizontal_bottom: "-",
            }
        } else {
            ratatui::symbols::border::ROUNDED
        }
    }

    /// One of two signs: the second where only ASCII can be shown.
    pub fn sign<'a>(self, unicode: &'a str, ascii: &'a str) -> &'a str {
        if self.ascii { ascii } else { unicode }
    }

    /// The colour of a pixel of a grey image.
    pub fn grey(self, level: u8) -> Option<Color> {
        self.rgb((level, level, level))
    }
}

/// The nearest of the 256 colours: the 6×6×6 cube or the 24 greys.
fn indexed((r, g, b): Rgb) -> u8 {
    let mean = (u16::from(r) + u16::from(g) + u16::from(b)) / 3;
    let (grey, grey_level) = match mean {
        0..=4 => (16, 0),
        247..=u16::MAX => (231, 255),
        level => {
            let step = ((level - 3) / 10).min(23) as u8;
            (232 + step, 8 + 10 * step)
        }
    };
    if r.max(g).max(b) - r.min(g).min(b) < 10 {
        return grey;
    }
    let step = |value: u8| match value {
        0..=47 => 0,
        48..=114 => 1,
        value => (value - 35) / 40,
    };
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    let cube = [step(r), step(g), step(b)];
    let distance = |other: [u8; 3]| -> u32 {
        let pairs = [r, g, b].into_iter().zip(other);
        pairs
            .map(|(one, other)| u32::from(one.abs_diff(other)).pow(2))
            .sum()
    };
    // Dark shades are nearer to a grey than to the cube, which has nothing between 0 and 95.
    if distance([grey_level; 3]) < distance(cube.map(level)) {
        grey
    } else {
        16 + 36 * cube[0] + 6 * cube[1] + cube[2]
    }
}

/// The nearest of the four greys that 16 colours have.
fn basic_grey((r, g, b): Rgb) -> Color {
    match (u16::from(r) + u16::from(g) + u16::from(b)) / 3 {
        0..=51 => Color::Black,
        52..=136 => Color::DarkGray,
        137..=212 => Color::Gray,
        _ => Color::White,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_nothing_is_coloured() {
        let theme = Theme {
            depth: Depth::None,
            ..Theme::default()
        };
        let styles = [
            theme.dim(),
            theme.accent(),
            theme.good(),
            theme.bad(),
            theme.warning(),
            theme.training(),
            theme.validation(),
            theme.selected(),
            theme.series(3),
            theme.class(3),
            theme.heat(0.7, false),
        ];
        for style in styles {
            assert_eq!((style.fg, style.bg), (None, None));
        }
        assert_eq!(theme.grey(90), None);
    }

    #[test]
    fn greys_map_onto_256_colours_in_order() {
        let levels: Vec<u8> = (0..=255)
            .map(|level| indexed((level, level, level)))
            .collect();
        let inner = &levels[5..247];
        assert!(inner.is_sorted(), "{inner:?}");
        assert_eq!((levels[0], levels[255]), (16, 231));
        assert_eq!(indexed((255, 0, 0)), 196);
    }
}
