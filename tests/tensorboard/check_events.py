"""Reads exported runs with TensorBoard itself and compares them with their metrics.jsonl.

    fmnist-tui export RUN... --tensorboard LOGDIR [--images]     (or: train --tensorboard LOGDIR)
    python3 -m venv env && env/bin/pip install tensorboard
    env/bin/python tests/tensorboard/check_events.py LOGDIR RUN...

Every RUN is a run folder; TensorBoard knows it by the folder's name. For each, TensorBoard's own reader
must find the scalars, one value an epoch, equal to the metrics in single precision, the histograms of
layers.jsonl with as many values, and images that are whole PNG files of the size they claim. Then `tensorboard --logdir` is started and its HTTP endpoint
must answer with the same numbers. Exits with 1 at the first difference.
"""

import argparse
import json
import os
import socket
import struct
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import zlib
from pathlib import Path

from tensorboard.backend.event_processing import event_accumulator

TAGS = {
    "accuracy/train": "train_accuracy",
    "accuracy/train_eval": "train_eval_accuracy",
    "loss/train_eval": "train_eval_loss",
    "accuracy/validation": "validation_accuracy",
    "loss/train": "train_loss",
    "loss/validation": "validation_loss",
    "learning_rate": "learning_rate",
    "images_per_second": "images_per_second",
}


def single(value):
    """The value in single precision."""
    return struct.unpack("f", struct.pack("f", value))[0]


def metrics_of(run):
    lines = (run / "metrics.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def layers_of(run):
    file = run / "layers.jsonl"
    lines = file.read_text().splitlines() if file.exists() else []
    return [json.loads(line) for line in lines]


def expect(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def check_png(event, what):
    """The image is a PNG of the claimed size whose data unpack to as many bytes as it needs."""
    data = event.encoded_image_string
    expect(data[:8] == b"\x89PNG\r\n\x1a\n", f"{what} is no PNG")
    width, height, depth, color = struct.unpack(">IIBB", data[16:26])
    expect((width, height) == (event.width, event.height), f"{what}: size")
    expect((depth, color) == (8, 2), f"{what}: eight bits of red, green and blue")
    packed, at = b"", 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        packed += data[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    expect(len(zlib.decompress(packed)) == height * (3 * width + 1), f"{what}: pixels")


def check_files(logdir, run):
    name = run.resolve().name
    reader = event_accumulator.EventAccumulator(
        str(logdir / name), size_guidance={"scalars": 0, "images": 0, "histograms": 0}
    )
    reader.Reload()
    tags = reader.Tags()
    expect(sorted(tags["scalars"]) == sorted(TAGS), f"{name}: {tags['scalars']}")
    metrics = metrics_of(run)
    for tag, key in TAGS.items():
        found = [(event.step, event.value) for event in reader.Scalars(tag)]
        expected = [(epoch["epoch"], single(epoch[key])) for epoch in metrics]
        expect(found == expected, f"{name} {tag}: {found} is not {expected}")
        times = [event.wall_time for event in reader.Scalars(tag)]
        expect(times == sorted(times), f"{name} {tag}: times")
    looks = layers_of(run)
    expected = {
        f"layer_{index:02}/{which}": [(look["epoch"], look["layers"][index - 1][which]) for look in looks]
        for look in looks[:1]
        for index in range(1, len(look["layers"]) + 1)
        for which in ("training", "evaluation")
    }
    expect(sorted(tags["histograms"]) == sorted(expected), f"{name}: {tags['histograms']}")
    for tag, looks_of_tag in expected.items():
        events = reader.Histograms(tag)
        expect([event.step for event in events] == [epoch for epoch, _ in looks_of_tag], f"{name} {tag}: steps")
        for event, (_, values) in zip(events, looks_of_tag):
            found = event.histogram_value
            expect(found.num == values["count"] == sum(found.bucket), f"{name} {tag}: counts")
            expect((found.min, found.max) == (values["min"], values["max"]), f"{name} {tag}: range")
            limits = list(found.bucket_limit)
            expect(limits == sorted(limits) and limits[-1] >= found.max, f"{name} {tag}: limits")
    for tag in tags["images"]:
        for event in reader.Images(tag):
            check_png(event, f"{name} {tag}")
    print(f"{name}: {len(metrics)} epochs, {len(expected)} histograms, images {tags['images']}: equal")


def check_server(logdir, runs):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = os.path.join(os.path.dirname(sys.executable), "tensorboard")
    command = [program, "--logdir", str(logdir), "--port", str(port), "--host", "127.0.0.1"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}/data"

    def ask(path):
        with urllib.request.urlopen(base + path, timeout=10) as answer:
            return json.load(answer)

    try:
        names = {run.resolve().name for run in runs}
        deadline = time.time() + 90
        while True:
            try:
                if names <= set(ask("/plugin/scalars/tags")):
                    break
            except OSError:
                pass
            expect(time.time() < deadline, "the server does not know the runs after 90 s")
            time.sleep(1)
        for run in runs:
            name, metrics = run.resolve().name, metrics_of(run)
            for tag, key in TAGS.items():
                query = urllib.parse.urlencode({"run": name, "tag": tag})
                found = [(row[1], row[2]) for row in ask(f"/plugin/scalars/scalars?{query}")]
                expected = [(epoch["epoch"], single(epoch[key])) for epoch in metrics]
                expect(found == expected, f"server, {name} {tag}: {found}")
        print(f"tensorboard --logdir {logdir}: the same over HTTP for {sorted(names)}")
    finally:
        server.terminate()
        server.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("logdir", type=Path, help="folder given to --tensorboard")
    parser.add_argument("runs", type=Path, nargs="+", help="run folders")
    args = parser.parse_args()
    for run in args.runs:
        check_files(args.logdir, run)
    check_server(args.logdir, args.runs)


if __name__ == "__main__":
    main()
