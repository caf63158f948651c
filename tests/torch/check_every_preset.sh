#!/usr/bin/env bash
# Trains every preset and every network of made_sets.py for an epoch on some images, and compares what goes out with the
# app: ONNX Runtime, the PyTorch program and the Keras program, on all test images. Prints a line for each, then the
# largest difference of all.
#
#     tests/torch/check_every_preset.sh PROGRAM DATA_DIR PYTHON [IMAGES [NAME...]]
#
# PROGRAM is the built fmnist-tui; PYTHON has torch, numpy, safetensors, onnx, onnxruntime and keras. NAMEs choose among
# the networks.
set -euo pipefail
program="$(realpath "$1")" data="$(realpath "$2")" python="$3" images="${4:-2000}"
shift $(($# < 4 ? $# : 4))
here="$(realpath "$(dirname "$0")")"
place="$(mktemp -d)"
trap 'rm -r "$place"' EXIT
cd "$place"
export KERAS_BACKEND="${KERAS_BACKEND:-torch}"
"$python" "$here/made_sets.py" .

failed=0
check() { # NAME DATA OPTION WHICH
    "$program" train "$3" "$4" --epochs 1 --limit "$images" --data "$2" --out "$1" > /dev/null
    model="$1/best.safetensors"
    "$program" eval "$model" --data "$2" --predictions predictions > /dev/null
    "$program" export "$model" --onnx model.onnx > /dev/null
    "$program" export "$model" --python torch_program.py > /dev/null
    "$program" export "$model" --keras keras_program.py > /dev/null
    for how in "onnx check_onnx.py $model model.onnx $2 predictions" \
        "torch check_python.py torch_program.py $model $2 predictions" \
        "keras check_python.py keras_program.py $model $2 predictions"; do
        read -r library script rest <<< "$how"
        # shellcheck disable=SC2086
        result="$("$python" "$here/$script" $rest 2>&1)" || { failed=1; echo "FAILED:"; }
        echo "$1, $library: $(grep -E "differ|Error" <<< "$result" | paste -sd ';')" | tee -a results
    done
}
chosen() { # NAME
    [ ${#names[@]} -eq 0 ] || [[ " ${names[*]} " == *" $1 "* ]]
}
names=("$@")
for preset in $("$program" presets | awk 'NR > 1 {print $1}'); do
    if chosen "$preset"; then check "$preset" "$data" --preset "$preset"; fi
done
for spec in *.json; do
    name="${spec%.json}"
    chosen "$name" || continue
    of_network="$data"
    if [ -d "$name-data" ]; then
        of_network="$name-set"
        "$program" data import "$name-data" --to "$of_network" > /dev/null 2>&1
    fi
    check "$name" "$of_network" --spec "$spec"
done
echo "the largest: $(grep -oE "[0-9.]+e-[0-9]+ in" results | sort -g | tail -1 | cut -d' ' -f1), $(grep -c , results) comparisons"
exit "$failed"
