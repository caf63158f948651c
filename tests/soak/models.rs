//! What a model took, it gives back.

use crate::memory::Memory;
use fmnist_tui::nn::{Model, Optimizer};
use fmnist_tui::spec::preset;

#[test]
fn models_that_are_dropped_leave_no_memory_behind() {
    let spec = preset("tiny").unwrap();
    let (pixels, labels) = (vec![0.5; 64 * 28 * 28], vec![3; 64]);
    let mut memory = Memory::default();
    for _ in 0..120 {
        let mut model = Model::new(&spec).unwrap();
        let mut optimizer = Optimizer::new(spec.optimizer);
        for step in 0..2 {
            model
                .train_step(&pixels, &labels, &mut optimizer, 0.001, step)
                .unwrap();
        }
        drop((model, optimizer));
        memory.sample(std::process::id());
    }
    // The other tests of this program take some too, but not as much as all these models.
    assert!(memory.growth() < 0.25, "{}", memory.summary());
}
