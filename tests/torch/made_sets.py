"""Made data and networks for `check_every_preset.sh`: what the presets and Fashion-MNIST do not have.

    python tests/torch/made_sets.py FOLDER

writes FOLDER/NAME-data, the source of an import, and FOLDER/NAME.json, a spec for it, for every network of NETWORKS that
has data of its own; of the others the spec alone. The data are made, not photographed: a class is a shape in a colour of
its own on a coloured ground, both with noise. `colour` has the files and the sizes of CIFAR-10.
"""

import json
import sys
from pathlib import Path

import numpy as np


def conv(out_channels, kernel_size=3, stride=1, padding=1):
    return {
        "Conv2d": dict(out_channels=out_channels, kernel_size=kernel_size, stride=stride, padding=padding)
    }


def depthwise(kernel_size=3, stride=1, padding=1):
    return {"DepthwiseConv2d": dict(kernel_size=kernel_size, stride=stride, padding=padding)}


def pool(kind, kernel_size, stride, padding=0):
    return {f"{kind}Pool2d": dict(kernel_size=kernel_size, stride=stride, padding=padding)}


def residual(span):
    return {"Residual": dict(span=span)}


def dense(units):
    return {"Dense": dict(units=units)}


NORM, FLAT, MEANS, DROPOUT = {"BatchNorm": {}}, "Flatten", "GlobalAvgPool", {"Dropout": dict(p=0.2)}
ACTIVATIONS = {
    "relu": "ReLU",
    "leaky-relu": {"LeakyReLU": dict(slope=0.1)},
    "elu": {"ELU": dict(alpha=0.7)},
    "gelu": "GELU",
    "silu": "SiLU",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
}


def act(name="relu"):
    return {"Activation": ACTIVATIONS[name]}


def every_activation():
    """All of them in one network, each behind another kind of layer."""
    layers = []
    for index, name in enumerate(ACTIVATIONS):
        layers += [[conv(8), depthwise()][index % 2], NORM, act(name)]
    return [*layers, pool("Max", 2, 2), FLAT, dense(16), act("tanh"), dense(10)]


def behind_everything(name):
    """One activation behind every kind of layer, with skip connections and odd windows."""
    return [
        *(conv(6), NORM, act(name), depthwise(), act(name), residual(2), pool("Max", 3, 2, 1)),
        *(conv(12, 3, 2, 1), act(name), residual(2), pool("Avg", 3, 2, 1), FLAT),
        *(dense(16), NORM, act(name), DROPOUT, dense(10)),
    ]


# A network for each name; the second entry is the shape of its images and its number of classes, where they are made.
NETWORKS = {f"behind-{name}": (behind_everything(name), None) for name in ACTIVATIONS} | {
    "every-activation": (every_activation(), None),
    "residual-stack": (
        [
            *(conv(8), NORM, act(), conv(8), NORM, residual(4), act()),
            *(conv(16, 3, 2, 1), NORM, act(), conv(16), NORM, residual(5), act()),
            *(conv(24, 3, 3, 1), NORM, residual(2), residual(9), MEANS, dense(10)),
        ],
        None,
    ),
    "depthwise-stack": (
        [
            *(conv(8, 3, 2, 1), NORM, act(), depthwise(), NORM, act(), conv(16, 1, 1, 0), NORM, act()),
            *(depthwise(5, 3, 2), NORM, act(), conv(24, 1, 1, 0), NORM, act(), depthwise(2, 2, 0), MEANS, dense(10)),
        ],
        None,
    ),
    "max-pools": (
        [conv(8), act(), pool("Max", 3, 1, 1), conv(8), pool("Max", 3, 3), act(), pool("Max", 5, 2, 2), FLAT, dense(10)],
        None,
    ),
    "average-pools": (
        [conv(8), act(), pool("Avg", 3, 1, 1), conv(8), pool("Avg", 3, 3), act(), pool("Avg", 5, 2, 2), FLAT, dense(10)],
        None,
    ),
    "pools-with-gaps": (
        [conv(8, 5, 3, 2), act(), pool("Max", 1, 2), conv(8, 1, 1, 0), act(), pool("Avg", 2, 3), MEANS, dense(10)],
        None,
    ),
    "linear": ([FLAT, dense(10)], None),
    "colour": (
        [
            *(conv(16), NORM, act(), conv(16), NORM, act(), residual(3), pool("Max", 2, 2)),
            *(conv(32), NORM, act(), depthwise(), NORM, act(), residual(3), pool("Avg", 2, 2), FLAT, dense(10)),
        ],
        ((3, 32, 32), 10),
    ),
    "largest": (
        [conv(8, 5, 2, 2), NORM, act(), pool("Max", 3, 2, 1), conv(8), NORM, act(), pool("Avg", 2, 2), FLAT, dense(3)],
        ((3, 64, 64), 3),
    ),
    "small": ([conv(4), NORM, act(), pool("Max", 3, 2, 1), FLAT, dense(2)], ((1, 5, 7), 2)),
    "one-pixel": ([conv(4, 1, 1, 0), act("tanh"), FLAT, dense(2)], ((1, 1, 1), 2)),
}


def spec(name, layers, shape):
    channels, height, width = shape
    return {
        "name": name,
        "dataset": f"{name}-set" if NETWORKS[name][1] else "fashion-mnist",
        "input": dict(channels=channels, height=height, width=width),
        "normalization": "Standardize" if channels > 1 else "Scale",
        "optimizer": {"Adam": {}},
        "learning_rate": 0.002,
        "batch_size": 64,
        "epochs": 1,
        "layers": layers,
    }


def images(random, shape, classes, count):
    """Pictures `[count, channels, height, width]` and their classes."""
    channels, height, width = shape
    labels = np.arange(count) % classes
    rows, columns = np.mgrid[0:height, 0:width] + 0.5
    pictures = np.empty((count, *shape), np.float32)
    for picture, label in zip(pictures, labels):
        middle = np.array([height, width]) * random.uniform(0.35, 0.65, 2)
        size = min(height, width) * random.uniform(0.2, 0.35)
        down, right = np.abs(rows - middle[0]) / size, np.abs(columns - middle[1]) / size
        shapes = [
            np.maximum(down, right) < 0.9,  # a square
            np.hypot(down, right) < 1,  # a disc
            down + right < 1.2,  # a diamond
            (np.minimum(down, right) < 0.3) & (np.maximum(down, right) < 1),  # a cross
            (np.hypot(down, right) < 1) & (np.hypot(down, right) > 0.6),  # a ring
        ]
        inside = shapes[label % 5]
        # Two halves of the circle of hues: classes of the same shape differ in colour alone, or in brightness.
        hue = random.uniform(0, 0.5) + 0.5 * (label // 5 % 2)
        paint = 0.5 + 0.4 * np.cos(2 * np.pi * (hue + np.arange(channels) / 3)) if channels == 3 else [0.9]
        ground = random.uniform(0.1, 0.4, channels)
        if height * width == 1:
            inside = np.full((1, 1), label % 2 == 1)
        picture[:] = np.where(inside, np.reshape(paint, (-1, 1, 1)), ground[:, None, None])
    pictures += random.normal(0, 0.06, pictures.shape)
    return (pictures.clip(0, 1) * 255).round().astype(np.uint8), labels.astype(np.uint8)


def write_cifar(folder, random, counts=(10_000, 2_000)):
    """The binary version of CIFAR-10: five files to train on and one to test with."""
    folder.mkdir()
    parts = [(f"data_batch_{number}.bin", counts[0] // 5) for number in range(1, 6)] + [("test_batch.bin", counts[1])]
    for name, count in parts:
        pictures, labels = images(random, (3, 32, 32), 10, count)
        records = np.concatenate([labels[:, None], pictures.reshape(count, -1)], axis=1)
        (folder / name).write_bytes(records.tobytes())
    names = [f"{colour} {shape}" for colour in ("warm", "cold") for shape in ("square", "disc", "diamond", "cross", "ring")]
    (folder / "batches.meta.txt").write_text("\n".join(names) + "\n")


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(21)
    for name, (layers, data) in NETWORKS.items():
        shape, classes = data or ((1, 28, 28), 10)
        (folder / f"{name}.json").write_text(json.dumps(spec(name, layers, shape)))
        if name == "colour":
            write_cifar(folder / f"{name}-data", random)
        elif data:
            arrays = {}
            for part, count in (("train", 600), ("test", 300)):
                pictures, labels = images(random, shape, classes, count)
                pictures = pictures.transpose(0, 2, 3, 1) if shape[0] > 1 else pictures[:, 0]
                arrays |= {f"x_{part}": pictures, f"y_{part}": labels}
            place = folder / f"{name}-data"
            place.mkdir()
            np.savez(place / f"{name}-set.npz", **arrays)


if __name__ == "__main__":
    main()
