"""The study's networks in the study's own engine, MXNet, on the same files, to put its figures beside ours.

    pip install "numpy<1.24" mxnet==1.9.1
    python results/mxnet_study.py FOLDER [--network basic-cnn-adam] [--epochs 50] [--seed 1] [--out metrics.jsonl]

FOLDER has the four gzipped IDX files. One JSON line an epoch: training accuracy while training (as the loop sees
it), validation accuracy and loss on the 10,000 test images. As in the study's notebook: pixels divided by 255, Xavier
with magnitude 2.24, weight decay 1e-6, batches of 128, SGD 0.1 or Adam 0.001.
"""

import argparse
import gzip
import json
import random
import time
from pathlib import Path

import mxnet as mx
import numpy as np
from mxnet import autograd, gluon
from mxnet.gluon import nn

NETWORKS = ("basic-cnn", "basic-cnn-adam", "bn", "bn-dropout")


def idx(path, offset):
    return np.frombuffer(gzip.open(path).read(), np.uint8, offset=offset)


def split(folder, stem):
    images = idx(folder / f"{stem}-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28)
    labels = idx(folder / f"{stem}-labels-idx1-ubyte.gz", 8)
    return mx.nd.array(images, dtype="float32") / 255, mx.nd.array(labels, dtype="float32")


def network(name):
    norm, drop = name.startswith("bn"), name == "bn-dropout"
    net = nn.HybridSequential()

    def then():
        if norm:
            net.add(nn.BatchNorm())
        net.add(nn.Activation("relu"))

    for padding in (1, 0):
        net.add(nn.Conv2D(64, 3, padding=padding))
        then()
        net.add(nn.MaxPool2D(2, 2))
        if drop:
            net.add(nn.Dropout(0.3))
    net.add(nn.Flatten())
    for units in (256, 64):
        net.add(nn.Dense(units))
        then()
        if drop:
            net.add(nn.Dropout(0.3))
    net.add(nn.Dense(10))
    return net


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--network", choices=NETWORKS, default="basic-cnn-adam")
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    mx.random.seed(args.seed)
    np.random.seed(args.seed)
    random.seed(args.seed)
    train_x, train_y = split(args.folder, "train")
    test_x, test_y = split(args.folder, "t10k")
    net = network(args.network)
    net.initialize(mx.init.Xavier(magnitude=2.24))
    net.hybridize()
    optimizer, rate = ("sgd", 0.1) if args.network == "basic-cnn" else ("adam", 0.001)
    trainer = gluon.Trainer(net.collect_params(), optimizer, {"learning_rate": rate, "wd": 1e-6})
    loss_of = gluon.loss.SoftmaxCrossEntropyLoss()
    for epoch in range(1, args.epochs + 1):
        start = time.time()
        order = np.random.permutation(len(train_y))
        right = 0
        for first in range(0, len(order), 128):
            batch = mx.nd.array(order[first : first + 128], dtype="int32")
            x, y = train_x.take(batch), train_y.take(batch)
            with autograd.record():
                scores = net(x)
                loss = loss_of(scores, y)
            loss.backward()
            trainer.step(len(y))
            right += int((scores.argmax(axis=1) == y).sum().asscalar())
        test_right, test_loss = 0, 0.0
        for first in range(0, len(test_y), 1000):
            x, y = test_x[first : first + 1000], test_y[first : first + 1000]
            scores = net(x)
            test_right += int((scores.argmax(axis=1) == y).sum().asscalar())
            test_loss += float(loss_of(scores, y).sum().asscalar())
        line = json.dumps(
            {
                "epoch": epoch,
                "train_accuracy": right / len(order),
                "validation_accuracy": test_right / len(test_y),
                "validation_loss": test_loss / len(test_y),
                "seconds": round(time.time() - start, 1),
            }
        )
        print(line, flush=True)
        if args.out:
            with args.out.open("a") as file:
                file.write(line + "\n")


if __name__ == "__main__":
    main()
