use super::*;
use crate::nn::{Model, Optimizer, TensorData};
use crate::spec::{Layer, Spec, preset};
use crate::train::{DataIdentity, EpochMetrics, EpochSums};

fn metrics(epoch: usize, accuracy: f64) -> EpochMetrics {
    EpochMetrics {
        epoch,
        train_loss: 0.1 + 0.2,
        train_accuracy: 1.0 / 3.0,
        validation_loss: 0.7,
        validation_accuracy: accuracy,
        learning_rate: 1e-3,
        seconds: 1.25,
        images_per_second: 1234.5,
        train_eval_loss: None,
        train_eval_accuracy: None,
    }
}

fn data() -> DataIdentity {
    DataIdentity {
        name: "sample".into(),
        train_images: 200,
        validation_images: 100,
        checksum: 7,
    }
}

/// In the third epoch, after a best first one.
fn checkpoint() -> Checkpoint {
    let spec = preset("tiny").unwrap();
    let mut model = Model::new(&spec).unwrap();
    let best = model.network().state();
    let mut optimizer = Optimizer::new(spec.optimizer);
    let pixels = vec![0.5; 2 * 784];
    model
        .train_step(&pixels, &[3, 4], &mut optimizer, 0.01, 0)
        .unwrap();
    let mut progress = Progress::start(data());
    progress.epochs = vec![metrics(1, 0.9), metrics(2, 0.8)];
    progress.current = EpochSums {
        batches: 1,
        images: 64,
        loss: 0.1 + 0.7,
        correct: 5,
        seconds: 0.3,
        learning_rate: 1e-3,
    };
    progress.images = 464;
    progress.seconds = 2.8;
    Checkpoint {
        average: Vec::new(),
        optimizer: optimizer.state(model.network()),
        model: model.network().state(),
        spec,
        progress,
        best,
    }
}

fn change_spec(checkpoint: &mut Checkpoint, change: impl FnOnce(&mut Spec)) {
    checkpoint.spec = checkpoint.spec.clone().changed(change).unwrap();
}

fn sorted(mut tensors: Vec<TensorState>) -> Vec<TensorState> {
    tensors.sort_by(|a, b| a.name.cmp(&b.name));
    tensors
}

fn bytes(checkpoint: &Checkpoint) -> Vec<u8> {
    let (header, payload) = checkpoint_parts(checkpoint).unwrap();
    [header.as_bytes(), &payload].concat()
}

fn parse(bytes: &[u8]) -> Result<Checkpoint, String> {
    parse_checkpoint(bytes, Path::new("a.ckpt"))
}

#[test]
fn what_was_written_is_read_back_to_the_last_bit() {
    let written = checkpoint();
    let read = parse(&bytes(&written)).unwrap();
    assert_eq!(read.spec, written.spec);
    assert_eq!(read.progress, written.progress);
    assert_eq!(sorted(read.model), sorted(written.model));
    assert_eq!(sorted(read.best), sorted(written.best));
    assert_eq!(read.optimizer.steps, written.optimizer.steps);
    for (read, written) in read
        .optimizer
        .memories
        .into_iter()
        .zip(written.optimizer.memories)
    {
        assert_eq!(sorted(read), sorted(written));
    }
    let start = Checkpoint::start(preset("tiny").unwrap(), data());
    assert_eq!(parse(&bytes(&start)).unwrap(), start);
}

#[test]
fn every_damaged_byte_and_every_cut_is_noticed() {
    let bytes = bytes(&checkpoint());
    for at in (0..bytes.len()).step_by(997).chain(0..60) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        assert!(parse(&damaged).is_err(), "byte {at}");
        assert!(parse(&bytes[..at]).is_err(), "cut at {at}");
    }
    let error = parse(&bytes[..bytes.len() - 1]).unwrap_err();
    assert!(error.contains("checksum"), "{error}");
    assert!(parse(b"").unwrap_err().contains("cut short"));
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    type Change = fn(&mut Checkpoint);
    let changes: [(Change, &str); 7] = [
        (|c| c.progress.epochs[1].epoch = 5, "numbered"),
        (|c| c.progress.current.batches = 4, "batch"),
        (|c| change_spec(c, |spec| spec.epochs = 1), "epoch 2"),
        (|c| c.model.clear(), "number of steps"),
        (|c| c.best.clear(), "best epoch"),
        (|c| c.progress.data.train_images = 1, "no training images"),
        (
            |c| {
                c.model[0].data = TensorData::F32(vec![0.0]);
                c.model[0].shape = vec![1];
                let layer = Layer::Dense { units: 60_000 };
                change_spec(c, |spec| spec.layers.push(layer));
            },
            "more than the",
        ),
    ];
    for (change, expected) in changes {
        let mut changed = checkpoint();
        change(&mut changed);
        let error = parse(&bytes(&changed)).unwrap_err();
        assert!(error.contains(expected), "{error} should say {expected}");
    }
}
