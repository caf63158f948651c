"""Asks the app where a model looks, how a value comes about and what a kernel is good for, and computes the same
in PyTorch.

    python3 -m venv env && env/bin/pip install torch numpy safetensors
    env/bin/python tests/torch/compare_insight.py FMNIST_TUI MODEL.safetensors DATA_DIR [--images 3]

FMNIST_TUI is the program. Compared are, for the first images and every layer where there is something to compare:
the map of Grad-CAM (spread by `interpolate`), the change of probability under every square that occlusion covers,
the value that `work-out` adds up, and the accuracy with one channel silenced. Exits with 1 where one differs by more
than --tolerance in parts of the largest value of its map or layer, or where a count differs.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from compare_predictions import network, normalized, read_idx
from torch import nn
from torch.nn.functional import interpolate


class Program:
    def __init__(self, program, model, data):
        self.program, self.on = program, [str(model), "--data", str(data), "--json"]

    def __call__(self, command, *options):
        line = [self.program, command, *self.on, *map(str, options)]
        done = subprocess.run(line, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"FAILED: {' '.join(line)}\n{done.stderr}")
        return json.loads(done.stdout)


class Worst:
    def __init__(self):
        self.of = {}

    def add(self, what, found, expected, scale=None):
        found, expected = torch.as_tensor(found).double(), torch.as_tensor(expected).double()
        if found.shape != expected.shape:
            sys.exit(f"FAILED: {what}: {tuple(found.shape)} is not {tuple(expected.shape)}")
        scale = expected.abs().max() if scale is None else scale
        difference = ((found - expected).abs().max() / scale.clamp(min=1e-3)).item()
        self.of[what] = max(self.of.get(what, 0.0), difference)


def run(net, x, change=None, upto=None):
    """Outputs of all layers; `change` maps a layer's position to what is done to its output."""
    found, inputs = [], []
    for at, layer in enumerate(net):
        inputs.append(x)
        x = layer(x, inputs[-1 - layer.span]) if hasattr(layer, "span") else layer(x)
        if change and at in change:
            x = change[at](x)
        found.append(x)
    return found


def grad_cam(net, x, layer, label):
    kept = {}

    def keep(output):
        kept["maps"] = output.detach().requires_grad_()
        return kept["maps"]

    scores = run(net, x, {layer: keep})[-1]
    scores[0, label].backward()
    maps = kept["maps"]
    weights = maps.grad.mean((2, 3), keepdim=True)
    coarse = (weights * maps).sum(1, keepdim=True).relu().detach()
    return interpolate(coarse, x.shape[2:], mode="bilinear")[0, 0]


def silenced(channel):
    def silence(output):
        output = output.clone()
        output[:, channel] = 0
        return output

    return silence


def with_what_follows(net, layer):
    """A layer and the norms, activations and dropouts behind it: a muted kernel is silent through all of them."""
    end = layer + 1
    while end < len(net) and not hasattr(net[end], "span") and is_elementwise(net[end]):
        end += 1
    return range(layer, end)


def is_elementwise(module):
    kinds = (nn.BatchNorm2d, nn.ReLU, nn.LeakyReLU, nn.ELU, nn.GELU, nn.SiLU, nn.Tanh, nn.Sigmoid, nn.Dropout)
    return isinstance(module, kinds)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--images", type=int, default=3, metavar="N")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    arguments = parser.parse_args()
    ask = Program(arguments.program, arguments.model, arguments.data)
    net, normalization = network(arguments.model)
    pixels = read_idx(arguments.data, "t10k-images-idx3-ubyte")[:, None]
    labels = torch.from_numpy(read_idx(arguments.data, "t10k-labels-idx1-ubyte")).long()
    worst = Worst()

    for index in range(arguments.images):
        x = normalized(pixels[index : index + 1], normalization)
        with torch.no_grad():
            outputs = run(net, x)
        label = outputs[-1].argmax().item()
        for layer, output in enumerate(outputs):
            if output.dim() == 4 and output[0, 0].numel() > 1:
                # A skip connection past the layer has no part in it, here as there.
                if any(getattr(later, "span", 0) > at - layer - 1 > -1 for at, later in enumerate(net) if at > layer):
                    continue
                found = ask("look", "--index", index, "--method", "grad-cam", "--layer", layer + 1)
                expected = grad_cam(net, x, layer, label)
                worst.add("Grad-CAM", found["map"], expected.flatten())
            channel = (7 * index + layer) % output.shape[1]
            options = ["--index", index, "--layer", layer + 1, "--channel", channel]
            value = output[0, channel]
            if output.dim() == 4:
                row, column = value.shape[0] // 3, value.shape[1] // 2
                options += ["--at", f"{row},{column}"]
                value = value[row, column]
            found = ask("work-out", *options)
            worst.add("worked-out value", found["steps"][0]["value"], value, output.abs().max())

        found = ask("look", "--index", index)
        side, height, width = found["side"], found["height"], found["width"]
        before = outputs[-1].softmax(1)[0, label]
        grey = pixels[index].astype(int).sum() // pixels[index].size
        worst.add("probability", found["probability"], before)
        total, covers = torch.zeros(height, width), torch.zeros(height, width)
        covered, places = [], []
        for row in range(height - side + 1):
            for column in range(width - side + 1):
                image = pixels[index].copy()
                image[:, row : row + side, column : column + side] = grey
                covered.append(image)
                places.append((row, column))
        with torch.no_grad():
            changes = net(normalized(np.stack(covered), normalization)).softmax(1)[:, label] - before
        for (row, column), change in zip(places, changes):
            total[row : row + side, column : column + side] += change
            covers[row : row + side, column : column + side] += 1
        worst.add("occlusion", found["change"], (total / covers).flatten())

    everything = normalized(pixels, normalization).split(500)
    for layer, module in enumerate(net):
        if not isinstance(module, nn.Conv2d):
            continue
        found = ask("mute", "--layer", layer + 1, "--units", 0)
        with torch.no_grad():
            muted = dict.fromkeys(with_what_follows(net, layer), silenced(0))
            answers = [run(net, batch, muted)[-1].argmax(1) for batch in everything]
        right = int((torch.cat(answers) == labels).sum())
        if round(found["accuracy_after"] * len(labels)) != right:
            sys.exit(f"FAILED: layer {layer + 1} muted: {found['accuracy_after']} is not {right / len(labels)}")
        print(f"layer {layer + 1} without channel 0: {right / len(labels):.4f} in both")

    for what, difference in worst.of.items():
        print(f"{what}: largest difference {difference:.1e}")
    if max(worst.of.values()) > arguments.tolerance:
        sys.exit("FAILED: more than the tolerance")


if __name__ == "__main__":
    main()
