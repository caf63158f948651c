"""Runs an exported PyTorch or Keras program and compares it with the app.

    fmnist-tui export MODEL.safetensors --python NET.py          (or --keras NET.py)
    fmnist-tui eval MODEL.safetensors --predictions FILE
    python3 -m venv env && env/bin/pip install torch numpy safetensors      (and keras)
    env/bin/python tests/torch/check_python.py NET.py MODEL.safetensors DATA_DIR FILE

FILE has one predicted class index per line, in the order of the images. Exits with 1 when a probability differs from
PyTorch's by more than 1e-5, or a prediction from FILE. Keras's backend is torch unless KERAS_BACKEND names another.
"""

import argparse
import importlib.util
import os
import sys
from pathlib import Path

import numpy as np
import torch
from compare_predictions import find_idx, network, normalized, read_images

os.environ.setdefault("KERAS_BACKEND", "torch")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", type=Path, help="the exported program (.py)")
    parser.add_argument("model", type=Path, help="model saved by the app (.safetensors)")
    parser.add_argument("data", type=Path, help="folder with the t10k IDX files, plain or .gz")
    parser.add_argument("predictions", type=Path, help="one predicted class index per line")
    arguments = parser.parse_args()

    spec = importlib.util.spec_from_file_location("program", arguments.program)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    images = program.read_images(find_idx(arguments.data, "t10k-images-idx3-ubyte"))
    net, normalization = program.load(arguments.model)
    scores = torch.as_tensor(np.asarray(program.predict(net, images, normalization)))
    found = scores.softmax(1).numpy()

    net, normalization = network(arguments.model)
    pixels = read_images(arguments.data, "t10k")
    with torch.inference_mode():
        batches = normalized(pixels, normalization).split(500)
        expected = torch.cat([net(batch).softmax(1) for batch in batches]).numpy()

    theirs = np.loadtxt(arguments.predictions, dtype=np.int64, ndmin=1)
    difference = float(np.abs(found - expected).max())
    differing = int((found.argmax(1) != theirs).sum())
    print(f"largest difference of a probability: {difference:.1e} in {len(pixels)} images")
    print(f"predictions that differ from the file's: {differing}")
    sys.exit(difference > 1e-5 or differing > 0)


if __name__ == "__main__":
    main()
