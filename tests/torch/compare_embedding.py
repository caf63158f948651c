"""Computes the features of a saved model in PyTorch, and asks scikit-learn how far the app's map of them
may be trusted.

    fmnist-tui embed MODEL.safetensors --json > MAP.json
    python3 -m venv env && env/bin/pip install torch numpy safetensors scikit-learn
    env/bin/python tests/torch/compare_embedding.py MODEL.safetensors DATA_DIR MAP.json

Exits with 1 when the trustworthiness differs by more than --allow, or the predictions by more than three:
two programs that add in different orders may disagree where two distances, or two scores, are all but equal.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from compare_predictions import predict, read_images
from safetensors import safe_open
from safetensors.torch import load_file
from sequential import ProjectedSum, sequential
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", type=Path, help="model saved by the app (.safetensors)")
    parser.add_argument("data", type=Path, help="folder with the t10k IDX files, plain or .gz")
    parser.add_argument("map", type=Path, help="what embed --json printed")
    parser.add_argument("--allow", type=float, default=1e-4, metavar="X", help="difference to accept")
    parser.add_argument("--tsne", action="store_true", help="also measure scikit-learn's own t-SNE")
    arguments = parser.parse_args()

    found = json.loads(arguments.map.read_text())
    points = found["points"]
    indices = [point["index"] for point in points]
    images = read_images(arguments.data, "t10k")[indices]
    features = extract(arguments.model, images)
    places = np.array([(point["x"], point["y"]) for point in points])
    k = found["neighbors"]
    theirs = trustworthiness(features, places, n_neighbors=k)
    pca = PCA(n_components=2).fit(features)
    predictions = predict(arguments.model, images)
    differing = int((predictions != [point["predicted"] for point in points]).sum())

    print(f"features:                  {features.shape}, the map's {found['features']}")
    print(f"trustworthiness, sklearn:  {theirs:.6f} ({found['method']}, {k} neighbours)")
    print(f"trustworthiness, the map:  {found['trustworthiness']:.6f}")
    print(f"variance of two, sklearn:  {pca.explained_variance_ratio_.sum():.6f}")
    print(f"variance of two, the map:  {found['explained_variance']:.6f}")
    print(f"differing predictions:     {differing} of {len(points)}")
    of_pca = trustworthiness(features, pca.transform(features), n_neighbors=k)
    print(f"trustworthiness of PCA by sklearn:    {of_pca:.6f}")
    if arguments.tsne:
        tsne = TSNE(random_state=0, init="pca").fit_transform(features)
        of_tsne = trustworthiness(features, tsne, n_neighbors=k)
        print(f"trustworthiness of t-SNE by sklearn:  {of_tsne:.6f}")
    sys.exit(abs(theirs - found["trustworthiness"]) > arguments.allow or differing > 3)


def extract(model, images):
    """What goes into the model's last convolution or dense layer, `[images, features]`."""
    with safe_open(model, framework="pt") as file:
        metadata = file.metadata()
    spec = json.loads(metadata["spec"])
    normalization = json.loads(metadata["normalization"])
    net = sequential(spec["layers"], spec["input"])
    net.load_state_dict(load_file(model))
    net.eval()
    kinds = (torch.nn.Conv2d, torch.nn.Linear)
    layers = [layer for layer in net if isinstance(layer, kinds) and not isinstance(layer, ProjectedSum)]
    seen = []
    layers[-1].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].flatten(1)))
    pixels = torch.from_numpy(images).unsqueeze(1).float() / 255
    with torch.inference_mode():
        for batch in ((pixels - normalization["mean"]) / normalization["std"]).split(500):
            net(batch)
    return torch.cat(seen).numpy()


if __name__ == "__main__":
    main()
