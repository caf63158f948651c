"""@@title@@

Written by fmnist-tui @@version@@; needs torch, numpy and safetensors. The weights are in a file of their own:

    python @@file@@ --weights model.safetensors --images t10k-images-idx3-ubyte --labels t10k-labels-idx1-ubyte
    python @@file@@ --train FOLDER --save new.safetensors

The first line prints the accuracy on IDX files, plain or .gz; without --labels, the class of every image.
The second trains as the spec says on the four IDX files of a folder. Random numbers are PyTorch's, so a run is
not the same bit for bit.
"""

import argparse
import copy
import gzip
import json
import math
import struct
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn
from torch.nn.functional import affine_grid, cross_entropy, grid_sample

CLASSES = @@classes@@
# Mean and standard deviation of pixels from 0 to 1; None: those of the training images.
NORMALIZATION = @@normalization@@

EPOCHS = @@epochs@@
BATCH_SIZE = @@batch_size@@
LEARNING_RATE = @@learning_rate@@
WARMUP_EPOCHS = @@warmup_epochs@@
LABEL_SMOOTHING = @@label_smoothing@@
GRADIENT_CLIP = @@gradient_clip@@  # 0: none
EMA_DECAY = @@ema_decay@@  # what is validated and saved is a running average of the weights; 0: the weights
FROZEN_LAYERS = @@frozen_layers@@
HOLD_OUT = @@hold_out@@  # training images that validate, at most a quarter; 0: the test images validate
PATIENCE, MIN_GAIN, RESTORE_BEST = @@early_stopping@@  # a patience of 0 never ends a run early
BF16 = @@bf16@@
SEED = @@seed@@
AUGMENTATION = @@augmentation@@
# The whole spec, so that fmnist-tui opens what is saved here.
SPEC = @@spec@@


class Add(nn.Module):
    """The end of a residual stack of `span` layers: adds what went into them."""

    def __init__(self, span):
        super().__init__()
        self.span = span

    def forward(self, x, skip):
        return x + skip


class AddProjected(nn.Conv2d):
    """The same where the shapes differ: what went in passes a 1×1 convolution."""

    def __init__(self, span, in_channels, out_channels, stride):
        super().__init__(in_channels, out_channels, 1, stride)
        self.span = span

    def forward(self, x, skip):
        return x + super().forward(skip)


class Network(nn.Sequential):
    """Layer i is module i, as in the spec: `@@input@@` and any number of images in, scores out."""

    def __init__(self):
        super().__init__(
@@layers@@
        )

    def forward(self, x):
        inputs = []
        for layer in self:
            inputs.append(x)
            x = layer(x, inputs[-1 - layer.span]) if hasattr(layer, "span") else layer(x)
        return x


def load(path):
    """The network with the weights of a safetensors file, in evaluation mode, and its normalisation."""
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata() or {}
        state = {name: file.get_tensor(name) for name in file.keys()}
    network = Network()
    network.load_state_dict(state)
    normalization = NORMALIZATION
    if "normalization" in metadata:
        numbers = json.loads(metadata["normalization"])
        normalization = numbers["mean"], numbers["std"]
    if normalization is None:
        raise SystemExit(f"{path} does not say its normalisation; set NORMALIZATION in this file")
    return network.eval(), normalization


def normalized(images, normalization):
    """Pixels from 0 to 255, `[batch, channels, height, width]`, as the network takes them."""
    mean, std = normalization
    return (images.float() / 255 - mean) / std


@torch.inference_mode()
def predict(network, images, normalization):
    """The scores (logits) of every image, `[images, classes]`."""
    network.eval()
    return torch.cat([network(normalized(batch, normalization)) for batch in images.split(500)])


@@files@@


def read_images(path):
    """The images of an IDX file, `[images, channels, height, width]`."""
    return torch.from_numpy(read_pixels(path)).permute(0, 3, 1, 2).contiguous()


def read_folder(folder, part):
    """The images and labels called `train` or `t10k` in a folder."""
    labels = read_idx(find_idx(folder, part, "labels"))
    return read_images(find_idx(folder, part, "images")), torch.from_numpy(labels).long()


@@definitions@@def optimizer(parameters, lr):
    return @@optimizer@@


@@rate_functions@@


def initialize(network):
    for layer in network:
        weight = getattr(layer, "weight", None)
        if weight is not None and weight.dim() > 1:
            with torch.no_grad():
                @@initializer@@
            nn.init.zeros_(layer.bias)


def moved(images, angle, right, down, mode):
    """The images turned by `angle` (radians, counterclockwise) and moved by pixels; black comes in."""
    height, width = images.shape[2:]
    sin, cos = angle.sin(), angle.cos()
    rows = [
        torch.stack([cos, -sin * height / width, -2 * right / width], 1),
        torch.stack([sin * width / height, cos, -2 * down / height], 1),
    ]
    grid = affine_grid(torch.stack(rows, 1), list(images.shape), align_corners=False)
    return grid_sample(images, grid, mode=mode, align_corners=False)


def augment(images, mean_level):
    """Training images, pixels from 0 to 255, changed at random as the spec says."""
    chosen, count = AUGMENTATION, len(images)
    zero = torch.zeros(count)
    images = images.float()

    def symmetric(most):
        return (2 * torch.rand(count) - 1) * most

    def shape(values):
        return values.reshape(-1, 1, 1, 1)

    if chosen["rotation"]:
        angle = torch.deg2rad(symmetric(chosen["rotation"]))
        images = moved(images, angle, zero, zero, "bilinear")
    if chosen["shift"]:
        most = chosen["shift"]
        right, down = torch.randint(-most, most + 1, (2, count)).float()
        images = moved(images, zero, right, down, "nearest")
    if chosen["horizontal_flip"]:
        images = torch.where(shape(torch.rand(count)) < chosen["horizontal_flip"], images.flip(3), images)
    if chosen["vertical_flip"]:
        images = torch.where(shape(torch.rand(count)) < chosen["vertical_flip"], images.flip(2), images)
    if chosen["contrast"]:
        mean = images.mean((1, 2, 3), keepdim=True)
        images = ((images - mean) * (1 + shape(symmetric(chosen["contrast"]))) + mean).clamp(0, 255)
    if chosen["brightness"]:
        images = (images * (1 + shape(symmetric(chosen["brightness"])))).clamp(0, 255)
    if chosen["erasing"]:
        height, width = images.shape[2:]
        for image in images:
            if torch.rand(()) < chosen["erasing"]:
                area = (0.02 + torch.rand(()) * (chosen["erasing_area"] - 0.02)) * height * width
                ratio = (symmetric(1)[0] * math.log(1 / 0.3)).exp()
                rows, columns = round(float((area * ratio).sqrt())), round(float((area / ratio).sqrt()))
                if 0 < rows <= height and 0 < columns <= width:
                    top = int(torch.randint(height - rows + 1, ()))
                    left = int(torch.randint(width - columns + 1, ()))
                    image[:, top : top + rows, left : left + columns] = mean_level
    return images


def train(folder, path, epochs=EPOCHS, limit=None):
    """Trains on the IDX files of a folder and writes the model to `path`."""
    torch.manual_seed(SEED)
    (images, labels), (test_images, test_labels) = read_folder(folder, "train"), read_folder(folder, "t10k")
    normalization = NORMALIZATION
    if normalization is None:
        pixels = images.double() / 255
        normalization = float(pixels.mean()), float(pixels.std(correction=0))
    images, labels = images[:limit], labels[:limit]
    validation = test_images, test_labels
    held_out = min(HOLD_OUT, len(images) // 4)
    if held_out:
        order = torch.randperm(len(images))
        validation = images[order[:held_out]], labels[order[:held_out]]
        images, labels = images[order[held_out:]], labels[order[held_out:]]

    network = Network()
    initialize(network)
    for layer in list(network)[:FROZEN_LAYERS]:
        layer.requires_grad_(False)
    average = copy.deepcopy(network)
    steps = optimizer([one for one in network.parameters() if one.requires_grad], LEARNING_RATE)
    batches = math.ceil(len(images) / BATCH_SIZE) - (BATCH_SIZE > 1 and len(images) % BATCH_SIZE == 1)
    losses, step, best, best_state, waited = [], 0, -math.inf, None, 0
    for epoch in range(1, epochs + 1):
        network.train()
        for layer in list(network)[:FROZEN_LAYERS]:
            layer.eval()
        for batch in torch.randperm(len(images)).split(BATCH_SIZE)[:batches]:
            for group in steps.param_groups:
                group["lr"] = learning_rate((step + 0.5) / batches, losses)
            pixels = normalized(augment(images[batch], 255 * normalization[0]), normalization)
            with torch.autocast("cpu", torch.bfloat16, enabled=BF16):
                if AUGMENTATION["mixup"]:
                    alpha = AUGMENTATION["mixup"]
                    share = float(torch.distributions.Beta(alpha, alpha).sample())
                    other = torch.randperm(len(batch))
                    scores = network(share * pixels + (1 - share) * pixels[other]).float()
                    loss = share * cross_entropy(scores, labels[batch], label_smoothing=LABEL_SMOOTHING)
                    loss += (1 - share) * cross_entropy(
                        scores, labels[batch][other], label_smoothing=LABEL_SMOOTHING
                    )
                else:
                    scores = network(pixels).float()
                    loss = cross_entropy(scores, labels[batch], label_smoothing=LABEL_SMOOTHING)
            steps.zero_grad()
            loss.backward()
            if GRADIENT_CLIP:
                nn.utils.clip_grad_norm_(network.parameters(), GRADIENT_CLIP)
            steps.step()
            with torch.no_grad():
                decay = min(EMA_DECAY, (1 + step) / (10 + step))
                states = zip(average.state_dict().values(), network.state_dict().values())
                for kept, now in states:
                    follows = decay > 0 and kept.is_floating_point()
                    kept.copy_(kept + (1 - decay) * (now - kept) if follows else now)
            step += 1
        scores = predict(average, validation[0], normalization)
        losses.append(float(cross_entropy(scores, validation[1])))
        accuracy = float((scores.argmax(1) == validation[1]).double().mean())
        print(f"epoch {epoch:3}  validation loss {losses[-1]:.4f}  accuracy {accuracy:.2%}", flush=True)
        if accuracy > best + MIN_GAIN:
            best, best_state, waited = accuracy, copy.deepcopy(average.state_dict()), 0
        else:
            waited += 1
        if PATIENCE and waited >= PATIENCE:
            break
    if RESTORE_BEST:
        average.load_state_dict(best_state)
    accuracy = float((predict(average, test_images, normalization).argmax(1) == test_labels).double().mean())
    print(f"accuracy on the test images: {accuracy:.2%}")
    if path:
        mean, std = normalization
        metadata = {
            "spec": SPEC,
            "dataset": json.loads(SPEC)["dataset"],
            "classes": json.dumps(CLASSES),
            "normalization": json.dumps({"mean": mean, "std": std}),
            "metrics": "null",
        }
        save_file({name: value.contiguous() for name, value in average.state_dict().items()}, path, metadata)


@@main@@
