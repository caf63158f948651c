"""Loads a saved model in PyTorch and compares its predictions on the test images with the app's.

    fmnist-tui eval MODEL.safetensors --predictions FILE
    python3 -m venv env && env/bin/pip install torch numpy safetensors
    env/bin/python tests/torch/compare_predictions.py MODEL.safetensors DATA_DIR FILE

FILE has one predicted class index per line, in the order of the images. Exits with 1 when more
than --allow predictions differ: two programs that add in different orders may disagree on an
image whose two best scores are all but equal.
"""

import argparse
import gzip
import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from sequential import sequential


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", type=Path, help="model saved by the app (.safetensors)")
    parser.add_argument("data", type=Path, help="folder with the t10k IDX files, plain or .gz")
    parser.add_argument("predictions", type=Path, help="one predicted class index per line")
    parser.add_argument("--allow", type=int, default=3, metavar="N", help="differences to accept")
    arguments = parser.parse_args()

    images = read_images(arguments.data, "t10k")
    labels = read_idx(arguments.data, "t10k-labels-idx1-ubyte")
    theirs = np.loadtxt(arguments.predictions, dtype=np.int64, ndmin=1)
    if not len(theirs) == len(images) == len(labels):
        sys.exit(f"{len(theirs)} predictions, {len(images)} images, {len(labels)} labels: must be equal")
    ours = predict(arguments.model, images)

    differing = int((ours != theirs).sum())
    print(f"accuracy of PyTorch:   {(ours == labels).mean():.2%}")
    print(f"accuracy of the file:  {(theirs == labels).mean():.2%}")
    print(f"differing predictions: {differing} of {len(images)}")
    sys.exit(differing > arguments.allow)


def predict(model, images):
    """The class that PyTorch gives each image."""
    net, normalization = network(model)
    batches = normalized(images, normalization).split(500)
    with torch.inference_mode():
        return torch.cat([net(batch).argmax(1) for batch in batches]).numpy()


def network(model):
    """The network of a model file in evaluation mode, and how its pixels are normalised."""
    with safe_open(model, framework="pt") as file:
        metadata = file.metadata()
    spec = json.loads(metadata["spec"])
    net = sequential(spec["layers"], spec["input"])
    net.load_state_dict(load_file(model))
    return net.eval(), json.loads(metadata["normalization"])


def normalized(pixels, normalization):
    """Pixels 0 to 255, `[batch, channels, height, width]`, as the network takes them."""
    pixels = torch.from_numpy(pixels).float() / 255
    return (pixels - normalization["mean"]) / normalization["std"]


def find_idx(folder, name):
    """The file, plain or gzipped; images with colours have four dimensions, and say so in their name."""
    stems = name, name.replace("-idx3-", "-idx4-")
    return next(file for stem in stems for file in (folder / stem, folder / f"{stem}.gz") if file.exists())


def read_images(folder, part):
    """The images called `train` or `t10k`, `[images, channels, height, width]`; files have the channels last, or none."""
    images = read_idx(folder, f"{part}-images-idx3-ubyte")
    images = images if images.ndim == 4 else images[..., None]
    return np.ascontiguousarray(images.transpose(0, 3, 1, 2))


def read_idx(folder, name):
    """An IDX file of bytes: 4 bytes of type and rank, a big-endian size per dimension, values."""
    file = find_idx(folder, name)
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    rank = data[3]
    shape = np.frombuffer(data, ">u4", rank, offset=4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape).copy()


if __name__ == "__main__":
    main()
