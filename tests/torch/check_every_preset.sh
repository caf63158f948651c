#!/usr/bin/env bash
# Trains every preset for an epoch on some images, and a network with every other kind of layer, and compares what
# goes out with the app: ONNX Runtime, the PyTorch program and the Keras program, on all test images.
#
#     tests/torch/check_every_preset.sh PROGRAM DATA_DIR PYTHON [IMAGES]
#
# PROGRAM is the built fmnist-tui; PYTHON has torch, numpy, safetensors, onnx, onnxruntime and keras.
set -euo pipefail
program="$(realpath "$1")" data="$(realpath "$2")" python="$3" images="${4:-2000}"
here="$(realpath "$(dirname "$0")")"
place="$(mktemp -d)"
trap 'rm -r "$place"' EXIT
cd "$place"
export KERAS_BACKEND="${KERAS_BACKEND:-torch}"

network() { # NAME ACTIVATION
    cat > "$1.json" <<SPEC
{"name": "$1", "normalization": "Scale", "optimizer": {"Adam": {}}, "learning_rate": 0.002, "batch_size": 64, "epochs": 1,
"layers": [{"Conv2d": {"out_channels": 6, "kernel_size": 3, "padding": 1}}, {"BatchNorm": {}}, {"Activation": $2},
{"DepthwiseConv2d": {"kernel_size": 3, "padding": 1}}, {"Activation": $2}, {"Residual": {"span": 2}},
{"MaxPool2d": {"kernel_size": 3, "stride": 2, "padding": 1}},
{"Conv2d": {"out_channels": 12, "kernel_size": 3, "stride": 2, "padding": 1}}, {"Activation": $2},
{"Residual": {"span": 2}}, {"AvgPool2d": {"kernel_size": 3, "stride": 2, "padding": 1}}, "Flatten",
{"Dense": {"units": 16}}, {"BatchNorm": {}}, {"Activation": $2}, {"Dropout": {"p": 0.2}}, {"Dense": {"units": 10}}]}
SPEC
}
network relu '"ReLU"'
network leaky-relu-too '{"LeakyReLU": {"slope": 0.1}}'
network elu '{"ELU": {"alpha": 0.7}}'
network gelu '"GELU"'
network silu '"SiLU"'
network tanh '"Tanh"'
network sigmoid '"Sigmoid"'

failed=0
check() { # NAME OPTION WHICH
    "$program" train "$2" "$3" --epochs 1 --limit "$images" --data "$data" --out "$1" > /dev/null
    model="$1/best.safetensors"
    "$program" eval "$model" --data "$data" --predictions predictions > /dev/null
    "$program" export "$model" --onnx model.onnx > /dev/null
    "$program" export "$model" --python torch_program.py > /dev/null
    "$program" export "$model" --keras keras_program.py > /dev/null
    for how in "onnx check_onnx.py $model model.onnx $data predictions" \
        "torch check_python.py torch_program.py $model $data predictions" \
        "keras check_python.py keras_program.py $model $data predictions"; do
        read -r library script rest <<< "$how"
        # shellcheck disable=SC2086
        result="$("$python" "$here/$script" $rest 2>&1)" || { failed=1; echo "FAILED:"; }
        echo "$1, $library: $(grep -E "differ|Error" <<< "$result" | paste -sd ';')"
    done
}
for preset in $("$program" presets | awk 'NR > 1 {print $1}'); do
    check "$preset" --preset "$preset"
done
for spec in *.json; do
    check "${spec%.json}" --spec "$spec"
done
exit "$failed"
