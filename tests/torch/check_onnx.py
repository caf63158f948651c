"""Runs an exported model in ONNX Runtime and compares it with PyTorch and with the app.

    fmnist-tui export MODEL.safetensors --onnx MODEL.onnx
    fmnist-tui eval MODEL.safetensors --predictions FILE
    python3 -m venv env && env/bin/pip install torch numpy safetensors onnx onnxruntime
    env/bin/python tests/torch/check_onnx.py MODEL.safetensors MODEL.onnx DATA_DIR [FILE]

FILE has one predicted class index per line, in the order of the images. Exits with 1 when a
probability differs from PyTorch's by more than 1e-5, or a prediction from FILE.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from compare_predictions import network, normalized, read_images


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", type=Path, help="model saved by the app (.safetensors)")
    parser.add_argument("onnx", type=Path, help="the same, exported")
    parser.add_argument("data", type=Path, help="folder with the t10k IDX files, plain or .gz")
    parser.add_argument("predictions", type=Path, nargs="?", help="one predicted class index per line")
    arguments = parser.parse_args()

    images = read_images(arguments.data, "t10k")
    exported = onnx.load(arguments.onnx)
    onnx.checker.check_model(exported, full_check=True)
    metadata = {entry.key: entry.value for entry in exported.metadata_props}
    session = onnxruntime.InferenceSession(arguments.onnx)
    pixels = images.astype(np.float32)
    found = np.concatenate(
        [session.run(["probabilities"], {"pixels": batch})[0] for batch in np.array_split(pixels, 21)]
    )

    net, normalization = network(arguments.model)
    with torch.inference_mode():
        batches = normalized(pixels, normalization).split(500)
        expected = torch.cat([net(batch).softmax(1) for batch in batches]).numpy()

    difference = float(np.abs(found - expected).max())
    print(f"classes: {', '.join(json.loads(metadata['classes']))}")
    print(f"largest difference of a probability: {difference:.1e} in {len(images)} images")
    print(f"predictions that differ from PyTorch's: {int((found.argmax(1) != expected.argmax(1)).sum())}")
    wrong = difference > 1e-5
    if arguments.predictions:
        theirs = np.loadtxt(arguments.predictions, dtype=np.int64, ndmin=1)
        differing = int((found.argmax(1) != theirs).sum())
        print(f"predictions that differ from the file's: {differing}")
        wrong |= differing > 0
    sys.exit(wrong)


if __name__ == "__main__":
    main()
