"""Computes in PyTorch what `fmnist-tui inspect` says of a saved model's layers, and compares.

    fmnist-tui inspect MODEL.safetensors --data DATA_DIR --json > FILE
    python3 -m venv env && env/bin/pip install torch numpy safetensors
    env/bin/python tests/torch/compare_layers.py MODEL.safetensors DATA_DIR FILE

Compared for every layer: mean, standard deviation, least and largest value in evaluation and while
training (batch norm with the batch's statistics, in the same batches), the share of dead units, the norm of
the gradient of one batch's loss, the norm of the parameters, and the least, median and largest norm of a
kernel. Dropout draws other random numbers in the two programs: while training, layers from the first
dropout on are left out, and so are all gradients of a network with dropout.

A number differs by its distance in parts of the larger of itself and a hundredth of the layer's standard
deviation, or of the largest gradient: a mean that is all but zero has no digits of its own. Exits with 1
where one differs by more than --tolerance, or where a count differs.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from compare_predictions import read_idx
from safetensors import safe_open
from safetensors.torch import load_file
from sequential import sequential, variant


def outputs(net, images):
    """What comes out of every layer."""
    found = []
    hooks = [layer.register_forward_hook(lambda _m, _i, out: found.append(out.detach())) for layer in net]
    net(images)
    for hook in hooks:
        hook.remove()
    return found


def all_outputs(net, batches):
    """The same for several batches, as one tensor a layer."""
    return [torch.cat(parts) for parts in zip(*[outputs(net, batch) for batch in batches])]


class Worst:
    def __init__(self):
        self.of = {}

    def number(self, what, layer, found, expected, scale):
        difference = abs(found - expected) / max(abs(expected), scale, 1e-12)
        if difference > self.of.get(what, (0.0, 0))[0]:
            self.of[what] = (difference, layer)

    def count(self, what, layer, found, expected):
        if found != expected:
            sys.exit(f"FAILED: layer {layer}, {what}: {found} is not {expected}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", type=Path, help="model saved by the app (.safetensors)")
    parser.add_argument("data", type=Path, help="folder with the train IDX files, plain or .gz")
    parser.add_argument("inspected", type=Path, help="what `inspect --json` printed")
    parser.add_argument("--tolerance", type=float, default=1e-4, help="largest relative difference")
    arguments = parser.parse_args()

    with safe_open(arguments.model, framework="pt") as file:
        metadata = file.metadata()
    spec = json.loads(metadata["spec"])
    normalization = json.loads(metadata["normalization"])
    theirs = json.loads(arguments.inspected.read_text())
    count, size = theirs["images"], theirs["batch"]
    images = read_idx(arguments.data, "train-images-idx3-ubyte")[:count]
    labels = torch.from_numpy(read_idx(arguments.data, "train-labels-idx1-ubyte")[:count]).long()
    pixels = torch.from_numpy(images).unsqueeze(1).float() / 255
    pixels = (pixels - normalization["mean"]) / normalization["std"]

    # In double precision, so that what differs is the other program's rounding.
    state = {name: tensor.double() if tensor.is_floating_point() else tensor
             for name, tensor in load_file(arguments.model).items()}
    pixels = pixels.double()

    def fresh():
        net = sequential(spec["layers"], spec["input"]).double()
        net.load_state_dict(state)
        return net

    kinds = [variant(layer)[0] for layer in spec["layers"]]
    dropping = kinds.index("Dropout") if "Dropout" in kinds else len(kinds)
    with torch.no_grad():
        evaluation = all_outputs(fresh().eval(), pixels.split(size))
        whole = [batch for batch in pixels.split(size) if len(batch) == size]
        training = all_outputs(fresh().train(), whole)
    worst = Worst()
    for index, layer in enumerate(theirs["layers"]):
        for which, values in (("evaluation", evaluation), ("training", training)):
            if which == "training" and index >= dropping:
                continue
            found, values = layer[which], values[index]
            worst.count(f"{which} values", index + 1, found["count"], values.numel())
            worst.count(f"{which} bins", index + 1, sum(found["bins"]), values.numel())
            std = values.std(correction=0).item()
            worst.number(f"{which} mean", index + 1, found["mean"], values.mean().item(), std)
            worst.number(f"{which} std", index + 1, found["std"], std, 0.0)
            worst.number(f"{which} min", index + 1, found["min"], values.min().item(), std)
            worst.number(f"{which} max", index + 1, found["max"], values.max().item(), std)
        if layer["units"]:
            values = evaluation[index]
            active = (values != 0).transpose(0, 1).flatten(1).any(1)
            worst.count("units", index + 1, layer["units"]["all"], len(active))
            worst.count("dead units", index + 1, layer["units"]["dead"], int((~active).sum()))

    net = fresh().train()
    smoothing = spec.get("loss", {}).get("SoftmaxCrossEntropy", {}).get("label_smoothing", 0.0)
    loss = torch.nn.functional.cross_entropy(net(pixels[:size]), labels[:size], label_smoothing=smoothing)
    loss.backward()
    gradients = {}
    for index, (module, layer) in enumerate(zip(net, theirs["layers"])):
        parameters = list(module.parameters())
        worst.count("parameters", index + 1, bool(parameters), layer["parameters"] is not None)
        if not parameters:
            continue
        found = layer["parameters"]
        norm = torch.cat([one.detach().flatten() for one in parameters]).norm().item()
        worst.number("norm of the parameters", index + 1, found["norm"], norm, 0.0)
        gradients[index] = torch.cat([one.grad.flatten() for one in parameters]).norm().item()
        weight = parameters[0].detach()
        if weight.dim() > 1:
            norms = weight.flatten(1).norm(dim=1).numpy()
            for name, expected in (("min", norms.min()), ("median", np.median(norms)), ("max", norms.max())):
                worst.number(f"{name} norm of a kernel", index + 1, found["kernels"][name], float(expected), 0.0)
    if dropping == len(kinds):
        worst.number("loss", 0, theirs["loss"], loss.item(), 0.0)
        largest = max(gradients.values())
        for index, expected in gradients.items():
            found = theirs["layers"][index]["parameters"]["gradient"]
            worst.number("norm of the gradient", index + 1, found, expected, largest / 100)

    print(f"{len(kinds)} layers, {count} images in batches of {size}; the largest relative differences:")
    for what, (difference, layer) in sorted(worst.of.items()):
        print(f"  {what + ':':26} {difference:.1e} (layer {layer})")
    sys.exit(any(difference > arguments.tolerance for difference, _ in worst.of.values()))


if __name__ == "__main__":
    main()
