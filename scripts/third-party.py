#!/usr/bin/env python3
"""Writes THIRD-PARTY and sbom.cdx.json: what the program is made of, for a target.

    scripts/third-party.py TARGET DIR

THIRD-PARTY has the licence and the licence's text of every crate that is built into it; crates with the same text share it.
The SBOM is CycloneDX 1.5 in JSON, with the checksums of Cargo.lock. Both are the same for the same Cargo.lock. Needs
the sources that `cargo fetch` gets.
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAMES = ("LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE")


def cargo(*arguments):
    """What cargo prints."""
    command = ["cargo", *arguments, "--locked"]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def built(target):
    """Name and version of all that is built into the program; the metadata lists optional crates too."""
    tree = cargo("tree", "-e", "normal", "--prefix", "none", "--format", "{p}", "--target", target)
    return {(name, version.removeprefix("v")) for name, version, *_ in map(str.split, tree.splitlines())}


def linked(metadata, built):
    """The packages that are built into the program, and on which of them each depends."""
    packages = {package["id"]: package for package in metadata["packages"]}

    def is_built(one):
        return (packages[one]["name"], packages[one]["version"]) in built

    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    needs, waiting = {}, [root]
    while waiting:
        package = waiting.pop()
        if package in needs:
            continue
        normal = [
            dependency["pkg"]
            for dependency in nodes[package]["deps"]
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]) and is_built(dependency["pkg"])
        ]
        needs[package] = sorted(set(normal))
        waiting += normal
    found = sorted((packages[one]["name"], packages[one]["version"], one) for one in needs)
    return packages, root, [one for _, _, one in found], needs


def texts(package):
    """The texts of the licences in a package's folder."""
    folder = pathlib.Path(package["manifest_path"]).parent
    files = {path for path in folder.iterdir() if path.is_file() and path.name.upper().startswith(NAMES)}
    if package["license_file"]:
        files.add(folder / package["license_file"])
    return [path.read_text(errors="replace").strip() for path in sorted(files)]


def spdx(package):
    """The licence as an expression; crates of old separate names by a stroke."""
    licence = package["license"] or "see its text"
    return licence.replace(" / ", "/").replace("/", " OR ")


def third_party(packages, crates):
    """The text of THIRD-PARTY."""
    of_text, without = {}, []
    lines = ["fmnist-tui contains the crates below. Each is under the licence beside it; the texts follow.", ""]
    for one in crates:
        package = packages[one]
        name = f"{package['name']} {package['version']}"
        lines.append(f"{name:<40} {spdx(package)}")
        found = texts(package)
        for text in found:
            of_text.setdefault(text, []).append(name)
        if not found:
            without.append(name)
    if without:
        lines += ["", "These come without a text of their own; the expression beside their name is all they say:"]
        lines += [f"  {name}" for name in without]
    for path in sorted((ROOT / "licenses").iterdir()):
        of_text.setdefault(path.read_text().strip(), []).append(f"licenses/{path.name}")
    for text, names in of_text.items():
        lines += ["", "-" * 100, ", ".join(names), "-" * 100, "", text]
    return "\n".join(lines) + "\n"


def sbom(packages, root, crates, needs):
    """The bill of materials."""
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    checksums = {(one["name"], one["version"]): one.get("checksum") for one in lock["package"]}

    def reference(one):
        return f"pkg:cargo/{packages[one]['name']}@{packages[one]['version']}"

    def component(one, kind):
        package = packages[one]
        entry = {
            "type": kind,
            "bom-ref": reference(one),
            "name": package["name"],
            "version": package["version"],
            "purl": reference(one),
        }
        if package["description"]:
            entry["description"] = " ".join(package["description"].split())
        if package["license"]:
            entry["licenses"] = [{"expression": spdx(package)}]
        if checksum := checksums.get((package["name"], package["version"])):
            entry["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        if package["repository"]:
            entry["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
        return entry

    others = [one for one in crates if one != root]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": component(root, "application")},
        "components": [component(one, "library") for one in others],
        "dependencies": [
            {"ref": reference(one), "dependsOn": [reference(other) for other in needs[one]]} for one in crates
        ],
    }


def main():
    target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    metadata = json.loads(cargo("metadata", "--format-version", "1", "--filter-platform", target))
    packages, root, crates, needs = linked(metadata, built(target))
    folder.mkdir(parents=True, exist_ok=True)
    others = [one for one in crates if one != root]
    (folder / "THIRD-PARTY").write_text(third_party(packages, others))
    bill = sbom(packages, root, crates, needs)
    (folder / "sbom.cdx.json").write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n")
    digest = hashlib.sha256((ROOT / "Cargo.lock").read_bytes()).hexdigest()
    print(f"{len(others)} crates for {target}, of the Cargo.lock {digest[:12]}")


if __name__ == "__main__":
    main()
