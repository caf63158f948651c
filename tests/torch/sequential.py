"""Turns the layers of a spec into a torch.nn.Sequential, one module per layer.

Because layer i becomes module i, the tensors of a saved model carry the names that
`load_state_dict` expects: `0.weight`, `1.running_mean`, ...
"""

import torch
from torch import nn


class Stack(nn.Sequential):
    """Layers one after the other; a residual layer also gets what went into its stack."""

    def forward(self, x):
        inputs = []
        for layer in self:
            inputs.append(x)
            if isinstance(layer, (Sum, ProjectedSum)):
                x = layer(x, inputs[-1 - layer.span])
            else:
                x = layer(x)
        return x


class Sum(nn.Module):
    """The end of a residual stack whose input has the shape of its output."""

    def __init__(self, span):
        super().__init__()
        self.span = span

    def forward(self, x, skip):
        return x + skip


class ProjectedSum(nn.Conv2d):
    """The same where the shapes differ: the input goes through a 1×1 convolution."""

    def __init__(self, span, source, shape):
        stride = next(
            stride
            for stride in range(1, max(source[2:]) + 1)
            if all((a - 1) // stride + 1 == b for a, b in zip(source[2:], shape[2:]))
        )
        super().__init__(source[1], shape[1], 1, stride)
        self.span = span

    def forward(self, x, skip):
        return x + super().forward(skip)


def sequential(layers, input):
    """The network of `layers` (a spec's JSON list) for images of `input` (its JSON object)."""
    # A zero image goes through the modules so far, so that PyTorch itself infers the shapes.
    shapes = [torch.Size((1, input["channels"], input["height"], input["width"]))]
    net = Stack()
    for layer in layers:
        net.append(build(*variant(layer), shapes))
        with torch.no_grad():
            shapes.append(net.eval()(torch.zeros(shapes[0])).shape)
    return net.train()


def variant(value):
    """A Rust enum in JSON, `"Name"` or `{"Name": fields}`, as (name, fields)."""
    if isinstance(value, str):
        return value, {}
    ((name, fields),) = value.items()
    return name, fields


def build(kind, fields, shapes):
    """The module of one layer; `shapes` are those of all inputs so far, `[batch, channels, ...]`.

    Fields have PyTorch's names; a field left out has PyTorch's default, in both programs.
    """
    shape = shapes[-1]
    match kind:
        case "Conv2d":
            return nn.Conv2d(shape[1], **fields)
        case "DepthwiseConv2d":
            return nn.Conv2d(shape[1], shape[1], groups=shape[1], **fields)
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
        case "Residual":
            span = fields["span"]
            source = shapes[-1 - span]
            return Sum(span) if source == shape else ProjectedSum(span, source, shape)
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
