"""@@title@@

Written by fmnist-tui @@version@@; needs keras 3 with a backend (torch, jax or tensorflow), numpy and safetensors.
The weights are in a file of their own:

    python @@file@@ --weights model.safetensors --images t10k-images-idx3-ubyte --labels t10k-labels-idx1-ubyte
    python @@file@@ --train FOLDER --save new.keras

The first line prints the accuracy on IDX files, plain or .gz; without --labels, the class of every image.
The second trains on the four IDX files of a folder.@@differences@@
"""

import argparse
import gzip
import json
import math
import struct
from pathlib import Path

import keras
import numpy as np
from keras import layers, ops
from safetensors import safe_open

CLASSES = @@classes@@
# Mean and standard deviation of pixels from 0 to 1; None: those of the training images.
NORMALIZATION = @@normalization@@

EPOCHS = @@epochs@@
BATCH_SIZE = @@batch_size@@
LEARNING_RATE = @@learning_rate@@
WARMUP_EPOCHS = @@warmup_epochs@@
LABEL_SMOOTHING = @@label_smoothing@@
HOLD_OUT = @@hold_out@@  # training images that validate, at most a quarter; 0: the test images validate
SEED = @@seed@@
AUGMENTATION = @@augmentation@@


def initializer():
    return @@initializer@@


def network():
    """The network: `[batch, height, width, channels]`, normalised, in; scores out. Layer i is called layer_i."""
    x = pixels = keras.Input(@@input@@)
@@layers@@
    return keras.Model(pixels, x)


def load(path):
    """The network with the weights of a safetensors file, and its normalisation."""
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata() or {}
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    model = network()
    for layer in model.layers:
        if layer.weights and layer.name.startswith("layer_"):
            index = layer.name.removeprefix("layer_")
            of_layer = {name.split(".")[1]: value for name, value in tensors.items() if name.split(".")[0] == index}
            layer.set_weights(converted(layer, of_layer))
    normalization = NORMALIZATION
    if "normalization" in metadata:
        numbers = json.loads(metadata["normalization"])
        normalization = numbers["mean"], numbers["std"]
    if normalization is None:
        raise SystemExit(f"{path} does not say its normalisation; set NORMALIZATION in this file")
    return model, normalization


def converted(layer, tensors):
    """PyTorch's tensors of a layer in the order and the layouts of Keras."""
    if isinstance(layer, layers.BatchNormalization):
        return [tensors[name] for name in ("weight", "bias", "running_mean", "running_var")]
    weight = tensors["weight"]
    if isinstance(layer, layers.DepthwiseConv2D):
        weight = weight.transpose(2, 3, 0, 1)  # [channels, 1, height, width] to [height, width, channels, 1]
    elif isinstance(layer, layers.Conv2D):
        weight = weight.transpose(2, 3, 1, 0)  # [out, in, height, width] to [height, width, in, out]
    else:
        weight = weight.T  # [out, in] to [in, out]; Permute before Flatten keeps PyTorch's order of the inputs
    return [weight, tensors["bias"]]


def normalized(images, normalization):
    """Pixels from 0 to 255 as the network takes them."""
    mean, std = normalization
    return (images.astype(np.float32) / np.float32(255) - np.float32(mean)) / np.float32(std)


def predict(model, images, normalization):
    """The scores (logits) of every image, `[images, classes]`."""
    return model.predict(normalized(images, normalization), batch_size=500, verbose=0)


@@files@@


def read_images(path):
    """The images of an IDX file, `[images, height, width, channels]`."""
    return read_pixels(path)


def read_folder(folder, part):
    """The images and labels called `train` or `t10k` in a folder."""
    return read_images(find_idx(folder, part, "images")), read_idx(find_idx(folder, part, "labels"))


def with_l2(kind, decay):
    """An optimiser to whose gradients an L2 penalty is added first; Keras's own weight decay is another."""

    class WithL2(kind):
        def apply(self, grads, trainable_variables=None):
            variables = trainable_variables or self._trainable_variables
            pairs = zip(grads, variables)
            grads = [grad + decay * ops.cast(ops.convert_to_tensor(value), grad.dtype) for grad, value in pairs]
            return super().apply(grads, trainable_variables)

    return WithL2 if decay else kind


def optimizer(lr):
    return @@optimizer@@


@@rate_functions@@


class Rate(keras.callbacks.Callback):
    """Sets the learning rate before every batch."""

    def __init__(self, batches):
        super().__init__()
        self.batches, self.step, self.losses = batches, 0, []

    def on_train_batch_begin(self, batch, logs=None):
        self.model.optimizer.learning_rate = learning_rate((self.step + 0.5) / self.batches, self.losses)
        self.step += 1

    def on_epoch_end(self, epoch, logs=None):
        self.losses.append(logs["val_loss"])


class Batches(keras.utils.PyDataset):
    """Shuffled batches, changed at random where Keras's layers can do it."""

    def __init__(self, images, labels, normalization):
        super().__init__()
        self.images, self.labels, self.normalization = images, labels, normalization
        self.random = np.random.default_rng(SEED)
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.images) / BATCH_SIZE)

    def on_epoch_end(self):
        self.order = self.random.permutation(len(self.images))

    def __getitem__(self, index):
        batch = self.order[index * BATCH_SIZE : (index + 1) * BATCH_SIZE]
        return normalized(self.augmented(self.images[batch].copy()), self.normalization), self.labels[batch]

    def augmented(self, images):
        count, random = len(images), self.random
        if most := AUGMENTATION["shift"]:
            height, width = images.shape[1:3]
            padded = np.pad(images, [(0, 0), (most, most), (most, most), (0, 0)])
            for image, source in zip(images, padded):
                top, left = random.integers(0, 2 * most + 1, 2)
                image[:] = source[top : top + height, left : left + width]
        if AUGMENTATION["horizontal_flip"]:
            chosen = random.random(count) < AUGMENTATION["horizontal_flip"]
            images[chosen] = images[chosen][:, :, ::-1]
        if AUGMENTATION["vertical_flip"]:
            chosen = random.random(count) < AUGMENTATION["vertical_flip"]
            images[chosen] = images[chosen][:, ::-1]
        return images


def train(folder, path, epochs=EPOCHS, limit=None):
    """Trains on the IDX files of a folder and writes the model to `path`."""
    keras.utils.set_random_seed(SEED)
    (images, labels), (test_images, test_labels) = read_folder(folder, "train"), read_folder(folder, "t10k")
    normalization = NORMALIZATION
    if normalization is None:
        pixels = images / 255
        normalization = float(pixels.mean()), float(pixels.std())
    one_hot = np.eye(len(CLASSES), dtype=np.float32)
    images, labels = images[:limit], one_hot[labels[:limit]]
    validation = test_images, one_hot[test_labels]
    held_out = min(HOLD_OUT, len(images) // 4)
    if held_out:
        order = np.random.default_rng(SEED).permutation(len(images))
        validation = images[order[:held_out]], labels[order[:held_out]]
        images, labels = images[order[held_out:]], labels[order[held_out:]]
    model = network()
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=LABEL_SMOOTHING)
    model.compile(optimizer(LEARNING_RATE), loss, metrics=["accuracy"])
    batches = Batches(images, labels, normalization)
    validation = normalized(validation[0], normalization), validation[1]
    model.fit(batches, epochs=epochs, validation_data=validation, callbacks=[Rate(len(batches))], verbose=2)
    found = predict(model, test_images, normalization).argmax(1)
    print(f"accuracy on the test images: {(found == test_labels).mean():.2%}")
    if path:
        model.save(path)


@@main@@
