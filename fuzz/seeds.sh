#!/usr/bin/env bash
# Good files for the fuzzer to begin with: builds the program and lets it make what it can.
set -euo pipefail
cd "$(dirname "$0")"
cargo build --release --manifest-path ../Cargo.toml
program="$PWD/../target/release/fmnist-tui"
for target in idx gzip spec model state_dict picture metrics checkpoint history layers exclusions lesson config csv npy cifar zip; do mkdir -p "corpus/$target"; done

# Two images of 3×4, and three labels.
printf '\0\0\10\3\0\0\0\2\0\0\0\3\0\0\0\4aaaabbbbccccddddeeeeffff' > corpus/idx/images
printf '\0\0\10\1\0\0\0\3\0\1\2' > corpus/idx/labels
for kind in images labels; do
    gzip -nc "corpus/idx/$kind" > "corpus/idx/$kind.gz"
    # The target puts the first three bytes in front itself.
    tail -c +4 "corpus/idx/$kind.gz" > "corpus/gzip/$kind"
done

printf 'label,p1,p2,p3\n3,0,255,7\n"a, b",1,0.5,3\n' > corpus/csv/table
# An array of two bytes, behind the magic and the version that the target puts in front itself.
header="{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2), }"
printf "\\$(printf '%03o' ${#header})\0%sab" "$header" > corpus/npy/bytes
printf '\0\0\14\2\0\0\0\1\0\0\0\2aaaabbbb' > corpus/npy/idx
printf '\3\1' > corpus/cifar/record
# An empty archive, and one with an empty file called a.
printf 'PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' > corpus/zip/empty
base64 -d > corpus/zip/one <<'ZIP'
UEsDBBQAAAAAAAAAIQAAAAAAAAAAAAAAAAABAAAAYVBLAQIUAxQAAAAAAAAAIQAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAACAAQAAAABhUEsFBgAA
AAABAAEALwAAAB8AAAAAAA==
ZIP

cp ../presets/*.json corpus/spec/
printf '# a list\n7\n\n12  # a copy of 7\r\n' > corpus/exclusions/list
"$program" config --print > corpus/config/default
"$program" config --print | sed 's/^#\([a-z]\)/\1/' > corpus/config/all
cp ../texts/lessons/*.txt corpus/lesson/

# A run of a network so small that its files are mostly structure.
run="$(mktemp -d)"
trap 'rm -r "$run"' EXIT
cat > "$run/small.json" <<'SPEC'
{"name":"small","layers":[{"Conv2d":{"out_channels":2,"kernel_size":3}},{"BatchNorm":{}},
"GlobalAvgPool",{"Dense":{"units":10}}],"optimizer":{"Adam":{}},"learning_rate":0.01,"batch_size":32,
"epochs":2,"dataset":"sample"}
SPEC
env -u FMNIST_DATA "$program" train --spec "$run/small.json" --limit 64 --out "$run/run" > /dev/null
cp "$run/small.json" corpus/spec/
cp "$run/run/best.safetensors" corpus/model/
# The same without its metadata, and under names of another program.
python3 - "$run/run/best.safetensors" corpus/state_dict <<'PYTHON'
import json, pathlib, struct, sys
data, place = pathlib.Path(sys.argv[1]).read_bytes(), pathlib.Path(sys.argv[2])
size = struct.unpack_from("<Q", data)[0]
header = json.loads(data[8 : 8 + size])
header.pop("__metadata__")
names = {"0": "module.conv1", "1": "module.bn1", "3": "module.fc1"}
renamed = {names[key.split(".")[0]] + "." + key.split(".")[1]: value for key, value in header.items()}
for name, entries in (("own", header), ("renamed", renamed)):
    text = json.dumps(entries).encode()
    (place / name).write_bytes(struct.pack("<Q", len(text)) + text + data[8 + size :])
PYTHON
cp "$run/run/metrics.jsonl" corpus/metrics/
cp "$run/run/history.bin" corpus/history/
cp "$run/run/layers.jsonl" corpus/layers/
# The target makes the line with the checksum itself.
for checkpoint in "$run"/run/checkpoint*; do
    [ -e "$checkpoint" ] && tail -n +2 "$checkpoint" > "corpus/checkpoint/$(basename "$checkpoint")"
done

# 28×28 grey pixels.
base64 -d > corpus/picture/grey.png <<'PNG'
iVBORw0KGgoAAAANSUhEUgAAABwAAAAcCAAAAABXZoBIAAAAXUlEQVR42mNgAAFdEBEFItpBxBYQ8ZABAlRARCCIqAMRq0HEDaic
NIjwABGlIGIRiDgPlRMCEfYgIgdEzAQRx0DEZwYGThBtBiKSQcQEELEXRLyCah510KiDBp2DAA0XSdXD3xP1AAAAAElFTkSuQmCC
PNG
# 6×4 pixels in colour.
base64 -d > corpus/picture/colour.jpg <<'PICTURE'
/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5a
YVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAAR
CAAEAAYDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAb/xAAeEAAABgIDAAAAAAAAAAAAAAAAAgMEERMBQRIiI//EABQBAQAAAAAA
AAAAAAAAAAAAAAH/xAAVEQEBAAAAAAAAAAAAAAAAAAAAAf/aAAwDAQACEQMRAD8Avkm1Ttw4vXPfx8znkicYjrjU7AADRH//2Q==
PICTURE
base64 -d > corpus/picture/colour.webp <<'PICTURE'
UklGRiIAAABXRUJQVlA4TBYAAAAvBcAAAA9wJvi7wF8Nfv7jAcMQ0f8w
PICTURE
base64 -d > corpus/picture/colour.gif <<'PICTURE'
R0lGODdhBgAEAIEAAPDw8B48WgAAAAAAACwAAAAABgAEAAAIDgABCBwoMEAAggYJEgwIADs=
PICTURE
base64 -d > corpus/picture/colour.bmp <<'PICTURE'
Qk2GAAAAAAAAADYAAAAoAAAABgAAAAQAAAABABgAAAAAAFAAAADEDgAAxA4AAAAAAAAAAAAA8PDw8PDw8PDw8PDw8PDw8PDwAADw8PDw8PBa
PB5aPB7w8PDw8PAAAPDw8PDw8Fo8Hlo8HvDw8PDw8AAA8PDw8PDw8PDw8PDw8PDw8PDwAAA=
PICTURE
base64 -d > corpus/picture/colour.tiff <<'PICTURE'
SUkqACAAAACAPCBQOCQWDQMPDwtQktQeCwyGQ6JQeAgKAAABAwABAAAABgAAAAEBAwABAAAABAAAAAIBAwADAAAAngAAAAMBAwABAAAABQAA
AAYBAwABAAAAAgAAABEBBAABAAAACAAAABUBAwABAAAAAwAAABYBAwABAAAABAAAABcBBAABAAAAGAAAABwBAwABAAAAAQAAAAAAAAAIAAgA
CAA=
PICTURE
