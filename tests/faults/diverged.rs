//! The loss is no longer a number.

use crate::pty::Screen;
use crate::{a_run_still_works, leave, train, variant};
use fmnist_tui::optim::Sgd;
use fmnist_tui::spec::{Layer, Optimizer};

#[test]
fn a_loss_that_is_no_number_ends_the_run_and_not_the_app() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::run(folder.path(), "exec $APP");
    screen.wait_for("ready to train on");
    let wild = variant("wild", |spec| {
        spec.layers
            .retain(|layer| !matches!(layer, Layer::BatchNorm { .. }));
        spec.optimizer = Optimizer::Sgd(Sgd {
            momentum: 0.9,
            nesterov: false,
            weight_decay: 0.0,
        });
        spec.learning_rate = 1000.0;
    });
    train(&mut screen, folder.path(), &wild);
    screen.wait_for("● diverged");
    screen.wait_for("training diverged: the loss is");
    screen.wait_for("lower the learning rate");
    screen.wait_for("Esc dismisses");
    screen.press("\u{1b}");
    screen.wait_until("no error", |screen| !screen.contains("Esc dismisses"));
    a_run_still_works(&mut screen, folder.path());
    leave(&mut screen);
}
