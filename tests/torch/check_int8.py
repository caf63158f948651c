"""Runs a model exported in 8-bit whole numbers in ONNX Runtime and compares its predictions with the app's.

    fmnist-tui export MODEL --onnx INT8.onnx --int8 --predictions FILE
    python3 -m venv env && env/bin/pip install numpy onnx onnxruntime torch safetensors
    env/bin/python tests/torch/check_int8.py INT8.onnx DATA_DIR FILE [--allow SHARE]

FILE has one predicted class index per line, in the order of the images. The model runs twice: as ONNX Runtime makes it fast,
in whole numbers, and node by node as it stands in the file. Exits with 1 when the shares of predictions that differ are
larger than --allow.
"""

import argparse
import collections
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from compare_predictions import read_idx, read_images


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("onnx", type=Path, help="the model, exported with --int8")
    parser.add_argument("data", type=Path, help="folder with the t10k IDX files, plain or .gz")
    parser.add_argument("predictions", type=Path, help="one predicted class index per line")
    parser.add_argument("--allow", type=float, default=0.005, metavar="SHARE", help="differences to accept")
    arguments = parser.parse_args()

    exported = onnx.load(arguments.onnx)
    onnx.checker.check_model(exported, full_check=True)
    about = json.loads({entry.key: entry.value for entry in exported.metadata_props}["int8"])
    labels = read_idx(arguments.data, "t10k-labels-idx1-ubyte")
    theirs = np.loadtxt(arguments.predictions, dtype=np.int64, ndmin=1)
    pixels = read_images(arguments.data, "t10k").astype(np.float32)

    wrong = False
    print(f"the app: accuracy {(theirs == labels).mean():.2%}, in f32 {about['accuracy_in_f32']:.2%}")
    levels = onnxruntime.GraphOptimizationLevel
    for how, level in (("in whole numbers", levels.ORT_ENABLE_ALL), ("node by node", levels.ORT_DISABLE_ALL)):
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = level
        with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
            options.optimized_model_filepath = file.name
            options.log_severity_level = 3
            session = onnxruntime.InferenceSession(arguments.onnx, options)
            nodes = collections.Counter(node.op_type for node in onnx.load(file.name).graph.node)
        batches = np.array_split(pixels, max(1, len(pixels) // 500))
        found = np.concatenate([session.run(["logits"], {"pixels": batch})[0] for batch in batches]).argmax(1)
        differing = int((found != theirs).sum())
        wrong |= differing > arguments.allow * len(theirs)
        print(f"{how}: accuracy {(found == labels).mean():.2%}, {differing} of {len(theirs)} predictions differ")
        if level == levels.ORT_ENABLE_ALL:
            print("its nodes: " + ", ".join(f"{count} {name}" for name, count in sorted(nodes.items())))
    sys.exit(wrong)


if __name__ == "__main__":
    main()
