//! Keys that are played, and what is kept of what they show.

use super::svg::Frame;
use super::terminal::Terminal;
use std::error::Error;
use std::path::Path;
use std::time::Duration;
use vt100::Screen;

/// A part of a play.
#[derive(Clone, Copy)]
pub enum Step {
    /// Press these keys.
    Press(&'static str),
    /// Wait for a text on the screen.
    Wait(&'static str),
    /// Keep the screen as a picture: its name, its title, and a sentence about it.
    Picture(&'static str, &'static str, &'static str),
    /// Keep the screen as a part of a moving picture: what is said below it, and for how many seconds it is seen.
    Show(&'static str, f64),
    /// Keep the screen several times while something happens, half a second apart.
    Watch(&'static str, usize),
}

/// A picture of a screen.
pub struct Picture {
    /// What its file is called.
    pub name: &'static str,
    /// What it shows.
    pub title: &'static str,
    /// A sentence about it.
    pub about: &'static str,
    /// The screen.
    pub screen: Screen,
}

/// What a play leaves.
#[derive(Default)]
pub struct Played {
    /// Pictures of screens.
    pub pictures: Vec<Picture>,
    /// Parts of a moving picture.
    pub frames: Vec<Frame>,
}

/// Between two parts while something happens.
const BETWEEN: Duration = Duration::from_millis(500);
/// A screen on which something moves is taken as it is after so long.
const PATIENCE: Duration = Duration::from_secs(2);

/// Plays the steps to the program in a terminal of so many columns and rows.
///
/// # Errors
/// When the program does not start, or a text does not appear.
pub fn play(
    program: &Path,
    home: &Path,
    size: (u16, u16),
    steps: &[Step],
) -> Result<Played, Box<dyn Error>> {
    let mut terminal = Terminal::start(program, home, size)?;
    let mut played = Played::default();
    for step in steps {
        match *step {
            Step::Press(keys) => {
                terminal.press(keys)?;
                // What the keys do is seen before the next ones are pressed.
                terminal.settled(PATIENCE);
            }
            Step::Wait(text) => terminal.wait_for(text)?,
            Step::Picture(name, title, about) => played.pictures.push(Picture {
                name,
                title,
                about,
                screen: terminal.settled(PATIENCE),
            }),
            Step::Show(caption, seconds) => played.frames.push(Frame {
                screen: terminal.settled(PATIENCE),
                caption: caption.to_owned(),
                seconds,
            }),
            Step::Watch(caption, count) => {
                for _ in 0..count {
                    std::thread::sleep(BETWEEN);
                    played.frames.push(Frame {
                        screen: terminal.screen(),
                        caption: caption.to_owned(),
                        seconds: BETWEEN.as_secs_f64(),
                    });
                }
            }
        }
    }
    Ok(played)
}
