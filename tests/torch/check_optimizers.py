"""Trains with the optimisers of exported PyTorch programs and compares the weights with the fixtures' after three steps.

    python3 -m venv env && env/bin/pip install torch numpy safetensors
    env/bin/python tests/torch/check_optimizers.py PROGRAM

PROGRAM is the built fmnist-tui. Exits with 1 when a weight differs by more than 1e-5.
"""

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from safetensors import safe_open
from torch.nn.functional import cross_entropy

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


def exported(program, metadata, place):
    """The module of the program that is exported for a fixture's network and optimiser."""
    spec = {
        "name": "fixture",
        "normalization": "Scale",
        "input": json.loads(metadata["input"]),
        "layers": json.loads(metadata["layers"]),
        "optimizer": json.loads(metadata["optimizer"]),
        "learning_rate": float(metadata["learning_rate"]),
        "batch_size": 8,
        "epochs": 1,
    }
    path = Path(place) / "spec.json"
    path.write_text(json.dumps(spec))
    subprocess.run([program, "export", "--spec", path, "--python", path.with_suffix(".py")], check=True, stdout=subprocess.DEVNULL)
    found = importlib.util.spec_from_file_location("exported", path.with_suffix(".py"))
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def check(program, fixture):
    with safe_open(fixture, framework="pt") as file, tempfile.TemporaryDirectory() as place:
        metadata = file.metadata()
        module = exported(program, metadata, place)
        net = module.Network()
        names = [name for name in net.state_dict() if not name.endswith("num_batches_tracked")]
        net.load_state_dict({name: file.get_tensor(f"param.{name}") for name in names}, strict=False)
        net.double().train()
        steps = module.optimizer(list(net.parameters()), float(metadata["learning_rate"]))
        x, labels = file.get_tensor("input").double(), file.get_tensor("labels").long()
        clip = float(metadata.get("gradient_clip", 0))
        for _ in range(3):
            steps.zero_grad()
            smoothing = float(metadata.get("label_smoothing", 0))
            cross_entropy(net(x), labels, label_smoothing=smoothing).backward()
            if clip:
                torch.nn.utils.clip_grad_norm_(net.parameters(), clip)
            steps.step()
        state = net.state_dict()
        return max(float((state[name] - file.get_tensor(f"step3.{name}")).abs().max()) for name in names)


def main():
    wrong = False
    for fixture in sorted(FIXTURES.glob("optimizer_*.safetensors")):
        difference = check(sys.argv[1], fixture)
        wrong |= difference > 1e-5
        print(f"{fixture.stem}: largest difference of a weight after three steps: {difference:.1e}")
    sys.exit(wrong)


if __name__ == "__main__":
    main()
