#!/usr/bin/env bash
# Fuzzes every target for SECONDS (600 unless told), one after the other: fuzz/run.sh [SECONDS] [TARGET...]
# Needs cargo-fuzz. dfdx does not build on a nightly toolchain, so the stable one is told to take the
# sanitizer's options.
set -euo pipefail
cd "$(dirname "$0")"
seconds="${1:-600}"
shift || true
if [ $# -eq 0 ]; then
    set -- idx gzip spec model state_dict metadata picture checkpoint metrics history layers exclusions lesson config csv npy cifar zip
fi
for target in "$@"; do
    echo "== $target"
    RUSTC_BOOTSTRAP=1 cargo fuzz run "$target" -- -max_total_time="$seconds" -max_len=8192 \
        -rss_limit_mb=1024 -malloc_limit_mb=512 -timeout=10 -print_final_stats=1
done
