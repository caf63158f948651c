//! The files of a run folder; checkpoints and the lock are named by the files that know them.

/// What is trained.
pub const SPEC_FILE: &str = "spec.json";
/// A line an epoch.
pub const METRICS_FILE: &str = "metrics.jsonl";
/// What is inside the layers, a line an epoch; not every one.
pub const LAYERS_FILE: &str = "layers.jsonl";
/// The model after the last epoch.
pub const MODEL_FILE: &str = "model.safetensors";
/// The model after the best epoch.
pub const BEST_FILE: &str = "best.safetensors";
/// What the model of the best epoch is, how good, and how it is used.
pub const CARD_FILE: &str = "model.md";
/// The scores of the test images, at the end of a run that held images out.
pub const TEST_FILE: &str = "test.json";
/// What the run began with, where that is not its spec alone.
pub const ORIGIN_FILE: &str = "origin.json";
/// The training images that were left out, a number a line; only where some were.
pub const EXCLUDED_FILE: &str = "excluded.txt";
/// What changed under way, a line a change; only where something did.
pub const STEERING_FILE: &str = "steering.jsonl";
/// What a person calls the run and noted of it; only where someone did.
pub const LABEL_FILE: &str = "label.json";
/// How a member of a sweep ended; other runs have no such file.
pub const OUTCOME_FILE: &str = "outcome.json";
