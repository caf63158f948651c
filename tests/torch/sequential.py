"""Turns the layers of a spec into a torch.nn.Sequential, one module per layer.

Because layer i becomes module i, the tensors of a saved model carry the names that
`load_state_dict` expects: `0.weight`, `1.running_mean`, ...
"""

import torch
from torch import nn


def sequential(layers, input):
    """The network of `layers` (a spec's JSON list) for images of `input` (its JSON object)."""
    # A zero image goes through each new module, so that PyTorch itself infers the shapes.
    probe = torch.zeros(1, input["channels"], input["height"], input["width"])
    net = nn.Sequential()
    for layer in layers:
        module = build(*variant(layer), probe.shape)
        net.append(module)
        with torch.no_grad():
            probe = module.eval()(probe)
    return net.train()


def variant(value):
    """A Rust enum in JSON, `"Name"` or `{"Name": fields}`, as (name, fields)."""
    if isinstance(value, str):
        return value, {}
    ((name, fields),) = value.items()
    return name, fields


def build(kind, fields, shape):
    """The module of one layer whose input has `shape`, `[batch, channels, ...]`.

    Fields have PyTorch's names; a field left out has PyTorch's default, in both programs.
    """
    match kind:
        case "Conv2d":
            return nn.Conv2d(shape[1], **fields)
        case "MaxPool2d":
            return nn.MaxPool2d(**fields)
        case "AvgPool2d":
            return nn.AvgPool2d(**fields)
        case "GlobalAvgPool":
            return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        case "BatchNorm":
            batch_norm = nn.BatchNorm2d if len(shape) == 4 else nn.BatchNorm1d
            return batch_norm(shape[1], **fields)
        case "Activation":
            return activation(*variant(fields))
        case "Dropout":
            return nn.Dropout(**fields)
        case "Flatten":
            return nn.Flatten()
        case "Dense":
            return nn.Linear(shape[1], fields["units"])
    raise ValueError(f"no such layer: {kind}")


def activation(function, fields):
    match function:
        case "ReLU":
            return nn.ReLU()
        case "LeakyReLU":
            return nn.LeakyReLU(fields.get("slope", 0.01))
        case "ELU":
            return nn.ELU(**fields)
        case "GELU":
            return nn.GELU()
        case "SiLU":
            return nn.SiLU()
        case "Tanh":
            return nn.Tanh()
        case "Sigmoid":
            return nn.Sigmoid()
    raise ValueError(f"no such activation: {function}")
